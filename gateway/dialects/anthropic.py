"""The Anthropic dialect: paths, keys and errors of `api.anthropic.com`, and of servers that put a prefix before `/v1`.

Source: Anthropic API reference, "Errors", "Versions".
"""

from __future__ import annotations

import orjson

from gateway.dialects.anthropic_messages import CountTokens, Messages
from gateway.dialects.base import Dialect, Operation, Route, status_in_stream
from gateway.dialects.endpoint import template
from gateway.dialects.model_lists import ModelList
from gateway.dialects.opaque import OPAQUE

_ROUTES: dict[tuple[str, str], Operation] = {
    ("POST", "/v1/messages"): Messages(),
    ("POST", "/v1/messages/count_tokens"): CountTokens(),
    ("GET", "/v1/models"): ModelList(),
}
_WORDS = frozenset(
    """v1 messages count_tokens models batches results cancel complete files content skills versions organizations api_keys workspaces members
    invites users usage_report cost_report anthropic api me""".split()  # noqa: SIM905  reads better than a column of quotes
)
_TYPES = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Anthropic(Dialect):
    name = "anthropic"
    credential_headers = (b"x-api-key", b"authorization")

    def route(self, method: str, path: str) -> Route:
        known = _KNOWN.get((method, path))
        if known is not None:
            return known
        at = path.rfind("/v1/")
        operation = _ROUTES.get((method, path[max(at, 0) :]), OPAQUE)
        return Route(operation, template(path, _WORDS))

    def authorise(self, key: str) -> tuple[bytes, bytes]:
        return b"x-api-key", key.encode()

    def error(self, status: int, code: str, message: str, request_id: str) -> bytes:
        return orjson.dumps(_error(_type(status), code, message, request_id))

    def stream_error(self, operation: Operation, code: str, message: str, request_id: str) -> bytes:
        if not isinstance(operation, Messages):
            return b""
        return b"event: error\ndata: " + orjson.dumps(_error(_type(status_in_stream(code)), code, message, request_id)) + b"\n\n"


def _type(status: int) -> str:
    return _TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")


def _error(kind: str, code: str, message: str, request_id: str) -> dict[str, object]:
    """The shape has no field for a code: the message begins with it."""
    text = message if message.startswith(code) else f"{code}: {message}"
    return {"type": "error", "error": {"type": kind, "message": text}, "request_id": request_id}


# What nearly every request asks for, so that the data plane pays one look-up.
_KNOWN = {(method, path): Route(operation, path) for (method, path), operation in _ROUTES.items()}
