"""The dialect of providers whose bodies the gate does not read, and the base operation of every endpoint that a dialect does not know.

Everything is relayed and recorded: bytes, times, status. Errors made by the gate have OpenAI's shape, the one most clients can show.
"""

from __future__ import annotations

import orjson

from gateway.dialects.base import Dialect, Operation, Route
from gateway.dialects.endpoint import template

OPAQUE = Operation()
_WORDS = frozenset(("v1", "v1beta", "v2", "v3", "api"))


def openai_type(status: int) -> str:
    """The error type that goes with a status, in OpenAI's words."""
    if status >= 500:
        return "server_error"
    return {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(status, "invalid_request_error")


def openai_error(kind: str, code: str, message: str, request_id: str) -> dict[str, object]:
    """The object under `error`. OpenAI has no field for a request id and puts it into the message."""
    return {"message": f"{message} (request {request_id})" if request_id else message, "type": kind, "param": None, "code": code}


class Opaque(Dialect):
    name = "opaque"
    credential_headers = (b"authorization", b"x-api-key", b"api-key")

    def route(self, method: str, path: str) -> Route:
        return Route(OPAQUE, template(path, _WORDS))

    def error(self, status: int, code: str, message: str, request_id: str) -> bytes:
        return orjson.dumps({"error": openai_error(openai_type(status), code, message, request_id)})

    def stream_error(self, operation: Operation, code: str, message: str, request_id: str) -> bytes:
        return b""
