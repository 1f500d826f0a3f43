"""OpenAI as the simulated provider speaks it: which endpoint answers what, errors, headers. The bodies are in openai_chat, openai_responses and openai_media."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from gateway.demo import openai_chat, openai_media, openai_responses
from gateway.demo.ask import identifier
from gateway.demo.wire import BadCall, Call, Served, event

_POSTS = {
    "/v1/chat/completions": openai_chat.chat,
    "/v1/completions": openai_chat.completions,
    "/v1/responses": openai_responses.responses,
    "/v1/embeddings": openai_media.embeddings,
    "/v1/moderations": openai_media.moderations,
    "/v1/images/generations": openai_media.images,
    "/v1/audio/speech": openai_media.speech,
    "/v1/audio/transcriptions": openai_media.transcription,
    "/v1/batches": openai_media.batches,
}
_TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 403: "invalid_request_error", 404: "invalid_request_error", 413: "invalid_request_error"}
_TYPES |= {422: "invalid_request_error", 429: "requests"}
_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}


class OpenAI:
    """See the module's docstring."""

    def __init__(self) -> None:
        self._files = openai_media.Files()

    def authorised(self, call: Call) -> bool:
        return call.headers.get("authorization", "").startswith("Bearer ") and len(call.headers["authorization"]) > 7

    def serve(self, call: Call) -> Served:
        if call.path.startswith("/v1/files"):
            return self._files.serve(call)
        if call.path.startswith("/v1/models") and call.method == "GET":
            return openai_media.models(call)
        if call.method == "POST" and call.path in _POSTS:
            return _POSTS[call.path](call)
        raise BadCall(404, f"Invalid URL ({call.method} {call.path})")

    def error(self, status: int, message: str, kind: str = "") -> bytes:
        shown = {"message": message, "type": _TYPES.get(status, "server_error"), "param": None, "code": kind or _CODES.get(status)}
        if kind == "insufficient_quota":
            shown["type"] = kind
        return orjson.dumps({"error": shown}, option=orjson.OPT_INDENT_2) + b"\n"

    def error_event(self, call: Call) -> bytes:
        message = "The server had an error while processing your request. Sorry about that!"
        if call.path != "/v1/responses":
            return event({"error": {"message": message, "type": "server_error", "param": None, "code": None}})
        failed = openai_responses.failed(call, message)
        return event({"type": "response.failed", "sequence_number": 9_999, "response": failed}, "response.failed")

    def headers(self, seed: int, status: int) -> Iterator[tuple[str, str]]:
        yield "x-request-id", identifier("req_", seed, length=32)
        yield "openai-version", "2020-10-01"
        yield "openai-organization", "org-simulated"
        yield "openai-processing-ms", str(50 + seed % 900)
        yield "x-ratelimit-limit-requests", "10000"
        yield "x-ratelimit-remaining-requests", str(9_999 - seed % 5_000)
        yield "x-ratelimit-reset-requests", "6ms"
        yield "set-cookie", f"__cf_bm={identifier('', seed)}; path=/; HttpOnly"  # a provider behind a CDN sets it; the gate must drop it
