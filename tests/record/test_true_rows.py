"""What rows say, against what the provider knows: traffic of every kind through a gate, and the recorder's own readers on what it wrote down."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.enriched import rows
from tests.support.proxy import chunked, gate, ok, post, provider, replying, unchunk, upstream

USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150, "prompt_tokens_details": {"cached_tokens": 40}, "completion_tokens_details": {"reasoning_tokens": 20}}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
CHAT = {"model": "gpt-4o-x", "choices": [{"index": 0, "message": {"role": "assistant", "tool_calls": [CALL]}, "finish_reason": "tool_calls"}], "usage": USAGE}
CHUNKS = [{"model": "gpt-4o-x", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]} for delta, end in (({"content": "he"}, None), ({"content": "y"}, None), ({}, "stop"))]
CHAT_EVENTS = [*CHUNKS, {"model": "gpt-4o-x", "choices": [], "usage": USAGE}, "[DONE]"]
AN_USAGE = {"input_tokens": 10, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 60, "output_tokens": 50}
MESSAGE = {"type": "message", "role": "assistant", "model": "claude-x", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}], "stop_reason": "tool_use", "usage": AN_USAGE}
MESSAGE_EVENTS: list[Any] = [
    {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None, "usage": AN_USAGE | {"output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "hey"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 50}},
    {"type": "message_stop"},
]
GE_USAGE = {"promptTokenCount": 100, "candidatesTokenCount": 30, "thoughtsTokenCount": 20, "totalTokenCount": 150, "cachedContentTokenCount": 40}
GEMINI = {"candidates": [{"content": {"role": "model", "parts": [{"text": "hey"}]}, "finishReason": "STOP"}], "usageMetadata": GE_USAGE, "modelVersion": "gemini-x"}
RESPONSE = {
    "id": "r", "object": "response", "status": "completed", "model": "gpt-4o-x", "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hey"}]}],
    "usage": {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 50, "output_tokens_details": {"reasoning_tokens": 20}},
}  # fmt: skip
RESPONSE_EVENTS: list[Any] = [
    {"type": "response.created", "response": RESPONSE | {"status": "in_progress", "output": [], "usage": None}},
    {"type": "response.output_text.delta", "item_id": "a", "output_index": 0, "content_index": 0, "delta": "hey"},
    {"type": "response.completed", "response": RESPONSE},
]
EMBEDDED = {"object": "list", "model": "text-embedding-3-small", "data": [{"index": 0, "embedding": [0.1]}]}
OAI, ANT, GEM = "openai /v1/chat/completions", "anthropic /v1/messages", "gemini /v1beta/models/gemini-x:generateContent"
ASKS = {
    "openai": {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi there"}]},
    "anthropic": {"model": "claude-x", "max_tokens": 9, "messages": [{"role": "user", "content": "hi there"}]},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": "hi there"}]}]},
}
FINE = {"outcome": "ok", "status": 200, "upstream_status": 200, "attempts": 1, "error_code": "", "usage_note": "", "body_note": ""}
BILLED = FINE | {"input_tokens": 100, "output_tokens": 50, "cache_read_tokens": 40, "reasoning_tokens": 20, "usage_source": "provider"}
AN_BILLED = FINE | {"input_tokens": 100, "output_tokens": 50, "cache_read_tokens": 60, "cache_write_tokens": 30, "usage_source": "provider"}
FREE = {"input_tokens": None, "output_tokens": None, "cost_usd": None, "usage_source": ""}


def j(value: object) -> bytes:
    return json.dumps(value).encode()


def events(values: list[Any], eol: bytes = b"\n") -> list[bytes]:
    kinds = [b"event: " + value["type"].encode() + eol if isinstance(value, dict) and "type" in value else b"" for value in values]
    return [kind + b"data: " + (value.encode() if isinstance(value, str) else j(value)) + eol + eol for kind, value in zip(kinds, values, strict=True)]


def fails(status: int, body: object, extra: bytes = b"") -> bytes:
    data = j(body)
    return b"HTTP/1.1 %d No\r\nContent-Type: application/json\r\n%bContent-Length: %d\r\n\r\n%b" % (status, extra, len(data), data)


STREAM = {"is_stream": True, "reply_text": "hey"}
CASES: dict[str, tuple[str, object, list[bytes], dict[str, object]]] = {
    "tool call": (OAI, {}, [ok(j(CHAT))], BILLED | {"finish_reason": "tool_calls", "response_model": "gpt-4o-x", "request_model": "gpt-4o", "is_stream": False, "prompt_text": "hi there"}),
    "stream": (OAI, {"stream": True}, [chunked(*events(CHAT_EVENTS))], BILLED | STREAM | {"finish_reason": "stop"}),
    "stream in CR": (OAI, {"stream": True}, [chunked(*events(CHAT_EVENTS, b"\r"))], BILLED | STREAM),
    "stream in CRLF": (OAI, {"stream": True}, [chunked(*events(CHAT_EVENTS, b"\r\n"))], BILLED | STREAM),
    "stream of known length": (OAI, {"stream": True}, [ok(b"".join(events(CHAT_EVENTS)), content_type="text/event-stream")], BILLED | STREAM),
    "early hints": (OAI, {}, [b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok(j(CHAT))], BILLED),
    "zero is not unknown": (OAI, {}, [ok(j(CHAT | {"usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}))], FINE | {"input_tokens": 0, "output_tokens": 0, "usage_source": "provider"}),
    "two choices without usage": (OAI, {"n": 2}, [ok(j({"choices": [{"index": n, "message": {"content": "one two three four"}, "finish_reason": "stop"} for n in (0, 1)]}))], FINE | {"output_tokens": 8, "usage_source": "estimated"}),
    "429 with Retry-After": (OAI, {}, [fails(429, {"error": {"code": "rate"}}, b"Retry-After: 0\r\n"), ok(j(CHAT))], BILLED | {"attempts": 2}),
    "429 without": (OAI, {}, [fails(429, {"error": {"code": "quota"}})], FREE | {"outcome": "provider_rate_limited", "status": 429, "attempts": 1, "error_code": "quota"}),
    "refused": (OAI, {}, [fails(400, {"error": {"code": "bad_x"}})], FREE | {"outcome": "caller_rejected", "status": 400, "upstream_status": 400, "error_code": "bad_x"}),
    "redirect": (OAI, {}, [b"HTTP/1.1 302 F\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n"], FREE | {"outcome": "provider_protocol", "status": 502, "upstream_status": 302}),
    "a page": (OAI, {}, [ok(b"<html>", content_type="text/html")], FREE | {"outcome": "provider_protocol", "error_code": "not_json", "status": 200}),
    "nothing": (OAI, {}, [ok(b"")], FREE | {"outcome": "provider_truncated", "status": 200}),
    "responses": ("openai /v1/responses", {"input": "hi"}, [ok(j(RESPONSE))], BILLED | {"reply_text": "hey"}),
    "responses stream": ("openai /v1/responses", {"input": "hi", "stream": True}, [chunked(*events(RESPONSE_EVENTS))], BILLED | STREAM),
    "embeddings": ("openai /v1/embeddings", {"input": "hi"}, [ok(j(EMBEDDED | {"usage": {"prompt_tokens": 7, "total_tokens": 7}}))], FINE | {"input_tokens": 7, "usage_source": "provider", "operation": "embeddings"}),
    "embeddings of tokens, without usage": ("openai /v1/embeddings", {"input": [1, 2, 3]}, [ok(j(EMBEDDED))], FINE | FREE),
    "sound": ("openai /v1/audio/speech", {"input": "hi"}, [ok(b"\0\1\2" * 100, content_type="audio/mpeg")], {"outcome": "ok", "reply_bytes": 300, "reply_body": "", "body_note": "reply:binary"}),
    "messages": (ANT, {}, [ok(j(MESSAGE))], AN_BILLED | {"finish_reason": "tool_use"}),
    "messages stream": (ANT, {"stream": True}, [chunked(*events(MESSAGE_EVENTS))], AN_BILLED | STREAM | {"finish_reason": "end_turn"}),
    "messages stream in CR": (ANT, {"stream": True}, [chunked(*events(MESSAGE_EVENTS, b"\r"))], AN_BILLED | STREAM),
    "compressed": (ANT, {}, [ok(gzip.compress(j(MESSAGE)), extra=b"Content-Encoding: gzip\r\n")], AN_BILLED),
    "compressed stream": (ANT, {"stream": True}, [chunked(gzip.compress(b"".join(events(MESSAGE_EVENTS)))).replace(b"Transfer", b"Content-Encoding: gzip\r\nTransfer", 1)], AN_BILLED | STREAM),
    "error in a stream": (ANT, {"stream": True}, [chunked(*events([*MESSAGE_EVENTS[:3], {"type": "error", "error": {"type": "overloaded_error"}}]))], {"outcome": "provider_error_event", "error_code": "overloaded_error", "status": 200, "input_tokens": 100}),
    "overloaded, then not": (ANT, {}, [fails(529, {"type": "error", "error": {"type": "overloaded_error"}}), ok(j(MESSAGE))], AN_BILLED | {"attempts": 2}),
    "overloaded": (ANT, {}, [fails(503, {"type": "error", "error": {"type": "api_error"}})], FREE | {"outcome": "provider_overloaded", "status": 503, "attempts": 2, "error_code": "api_error"}),
    "counting": ("anthropic /v1/messages/count_tokens", {}, [ok(j({"input_tokens": 14}))], FINE | {"cost_usd": None}),
    "gemini": (GEM, {}, [ok(j(GEMINI))], BILLED | {"finish_reason": "STOP", "request_model": "gemini-x", "reply_text": "hey"}),
    "gemini stream": (GEM.replace(":g", ":streamG") + "?alt=sse", {}, [chunked(*events([GEMINI]))], BILLED | STREAM),
    "gemini stream as a list": (GEM.replace(":g", ":streamG"), {}, [ok(b"[%b]" % j(GEMINI))], BILLED | STREAM),
    "head": ("openai HEAD /v1/models", None, [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 55\r\n\r\n"], FINE | FREE | {"method": "HEAD", "reply_body": ""}),
    "no content": ("openai DELETE /v1/files/file-1", None, [b"HTTP/1.1 204 No Content\r\n\r\n"], FREE | {"outcome": "ok", "status": 204, "upstream_status": 204}),
    "not modified": ("openai GET /v1/models", None, [b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"], FREE | {"outcome": "ok", "status": 304}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_a_row_says_what_the_provider_knows(tmp_path: Path, name: str) -> None:
    """Status, outcome, attempts, tokens and sizes; what nobody told is NULL and never 0."""
    asked, more, replies, true = CASES[name]
    dialect, *method, path = asked.split(" ")
    body = j(ASKS[dialect] | more) if isinstance(more, dict) else b""
    raw = post(path, body) if more is not None else f"{method[0]} {path} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n".encode()
    async with upstream(replying(*replies)) as up, gate(tmp_path, provider(up.port, dialect=dialect)) as g:
        head, _, given = (await g.ask(raw)).partition(b"\r\n\r\n")
        given = b"".join(unchunk(given)) if b"chunked" in head.lower() else given
        (row,) = rows(g.worker, g.root)
    true = true | {"request_bytes": len(body), "reply_bytes": len(given), "provider": "up", "dialect": dialect}
    assert {key: getattr(row, key) for key in true} == true
    assert row.duration_s is not None and row.duration_s >= (row.upstream_s or 0.0) and len(row.phases) == row.attempts
