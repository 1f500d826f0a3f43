"""The OpenAI dialect: paths, keys and errors of `api.openai.com`, of Azure OpenAI and of the many servers that speak the same.

An endpoint is known by how its path ends, so that what a server puts before it (`/openai/v1`, `/openai/deployments/{model}`, `/api/v1`) does not hide it.
Source: OpenAI API reference; Azure OpenAI reference.
"""

from __future__ import annotations

import orjson

from gateway.dialects.base import Dialect, Operation, Route, status_in_stream
from gateway.dialects.endpoint import template
from gateway.dialects.model_lists import ModelList
from gateway.dialects.opaque import OPAQUE, openai_error, openai_type
from gateway.dialects.openai_chat import ChatCompletions
from gateway.dialects.openai_completions import Completions
from gateway.dialects.openai_embeddings import Embeddings
from gateway.dialects.openai_moderations import Moderations
from gateway.dialects.openai_responses import Responses, ResponseTokens

_RESPONSES = Responses()
_TAILS: dict[tuple[str, str], Operation] = {
    ("POST", "chat/completions"): ChatCompletions(),
    ("POST", "completions"): Completions(),
    ("POST", "responses"): _RESPONSES,
    ("POST", "responses/compact"): _RESPONSES,
    ("POST", "responses/input_tokens"): ResponseTokens(),
    ("POST", "embeddings"): Embeddings(),
    ("POST", "moderations"): Moderations(),
    ("GET", "models"): ModelList(),
}
_WORDS = frozenset(
    """v1 v2 v3 api openai deployments engines chat completions messages responses cancel compact input_items input_tokens embeddings moderations
    models files content uploads parts complete batches images generations edits variations audio speech transcriptions translations voices
    fine_tuning jobs events checkpoints permissions pause resume alpha graders run validate assistants threads runs steps submit_tool_outputs
    vector_stores file_batches search realtime sessions client_secrets transcription_sessions calls accept hangup refer reject containers
    conversations items evals output_items organization projects admin_api_keys invites users audit_logs usage costs videos remix chatkit skills
    versions rerank score tokenize detokenize classify pooling health""".split()  # noqa: SIM905  reads better than a hundred quotes
)


class OpenAI(Dialect):
    name = "openai"
    credential_headers = (b"authorization", b"api-key")  # the second is Azure's

    def route(self, method: str, path: str) -> Route:
        known = _KNOWN.get((method, path))
        if known is not None:
            return known
        parts = path.split("/")
        one, two = parts[-1], "/".join(parts[-2:])
        return _route(_TAILS.get((method, two)) or _TAILS.get((method, one)) or OPAQUE, path)

    def error(self, status: int, code: str, message: str, request_id: str) -> bytes:
        return orjson.dumps({"error": openai_error(openai_type(status), code, message, request_id)})

    def stream_error(self, operation: Operation, code: str, message: str, request_id: str) -> bytes:
        """Chat: an event with the error object. Responses: the `error` event, its fields at the top as documented, and once more as an object,
        which is what the SDK raises by."""
        error = openai_error(openai_type(status_in_stream(code)), code, message, request_id)
        if isinstance(operation, ChatCompletions | Completions):
            return b"data: " + orjson.dumps({"error": error}) + b"\n\n"
        if isinstance(operation, Responses):
            event = {"type": "error", "sequence_number": 0, "code": code, "message": error["message"], "param": None, "error": error}
            return b"event: error\ndata: " + orjson.dumps(event) + b"\n\n"
        return b""


def _route(operation: Operation, path: str) -> Route:
    """The route of a path; a deployment (Azure) or engine in it is the model."""
    endpoint = template(path, _WORDS)
    parts = path.split("/")
    for collection in ("deployments", "engines"):
        if collection in parts[:-2] and operation is not OPAQUE:
            at = parts.index(collection) + 1
            spelled = endpoint.split("/")
            spelled[at] = "{model}"
            return Route(operation, "/".join(spelled), parts[at])
    return Route(operation, endpoint)


# What nearly every request asks for, so that the data plane pays one look-up.
_KNOWN = {(method, f"/v1/{tail}"): _route(operation, f"/v1/{tail}") for (method, tail), operation in _TAILS.items()}
