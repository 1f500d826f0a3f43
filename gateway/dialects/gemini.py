"""The Gemini dialect: paths, keys and errors of the Gemini API, and the same methods under Vertex AI's longer paths.

The model and the method stand in the last segment, `models/{model}:{method}`. Its OpenAI-compatible paths (`/v1beta/openai/...`) are opaque
here: configure a provider of dialect openai for them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

import orjson

from gateway.dialects.base import Dialect, Operation, Route, status_in_stream
from gateway.dialects.endpoint import template
from gateway.dialects.gemini_content import CountTokens, GenerateContent, StreamGenerateContent
from gateway.dialects.gemini_embeddings import EmbedContent
from gateway.dialects.model_lists import ModelList
from gateway.dialects.opaque import OPAQUE

_METHODS: dict[str, Operation] = {
    "generateContent": GenerateContent(),
    "streamGenerateContent": StreamGenerateContent(),
    "countTokens": CountTokens(),
    "embedContent": EmbedContent(),
    "batchEmbedContents": EmbedContent(),
    # known by name only: they stay in the endpoint's template
    "batchGenerateContent": OPAQUE,
    "asyncBatchEmbedContent": OPAQUE,
    "predict": OPAQUE,
    "predictLongRunning": OPAQUE,
    "generateAnswer": OPAQUE,
    "bidiGenerateContent": OPAQUE,
}
_MODELS = ModelList()
_MODEL_PATH = re.compile(r"^(.*)/(models|tunedModels|endpoints)/([^/]+)$")
_WORDS = frozenset(
    """v1 v1beta v1alpha v1beta1 models tunedModels endpoints files cachedContents batches operations corpora documents chunks permissions
    upload download projects locations publishers google openai chat completions embeddings interactions fileSearchStores auth_tokens""".split()  # noqa: SIM905  reads better than a column of quotes
)
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Gemini(Dialect):
    name = "gemini"
    credential_headers = (b"x-goog-api-key", b"authorization")
    key_query = "key"

    def route(self, method: str, path: str) -> Route:
        found = _MODEL_PATH.match(path) if method == "POST" else None
        if found:
            prefix, collection, last = found.groups()
            model, colon, verb = unquote(last).rpartition(":")
            if colon and verb in _METHODS:
                endpoint = f"{template(prefix, _WORDS)}/{collection}/{{model}}:{verb}"
                return Route(_METHODS[verb], endpoint, model if collection == "models" else f"{collection}/{model}")
        listed = method == "GET" and path.endswith("/models")
        return Route(_MODELS if listed else OPAQUE, template(path, _WORDS))

    def authorise(self, key: str) -> tuple[bytes, bytes]:
        return b"x-goog-api-key", key.encode()

    def error(self, status: int, code: str, message: str, request_id: str) -> bytes:
        return orjson.dumps(_error(status, code, message, request_id))

    def stream_error(self, operation: Operation, code: str, message: str, request_id: str) -> bytes:
        """In a stream of server-sent events; a stream that is a JSON array has no room for an event, and is cut instead.

        The reference has no such event, but providers send one, and the SDK raises ClientError or ServerError by its code if its data
        begins with `{"error":`."""
        if not isinstance(operation, StreamGenerateContent):
            return b""
        return b"data: " + orjson.dumps(_error(status_in_stream(code), code, message, request_id)) + b"\n\n"


def _error(status: int, code: str, message: str, request_id: str) -> dict[str, object]:
    """google.rpc.Status as JSON; our code is the ErrorInfo's reason."""
    otherwise = "INTERNAL" if status >= 500 else "FAILED_PRECONDITION"
    details = [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code, "domain": "tidegate"},
        {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": request_id},
    ]
    return {"error": {"code": status, "message": message, "status": _STATUS.get(status, otherwise), "details": details}}
