"""Replies that the gate makes itself, in the shape a client of the dialect expects of a model: for a rule whose answer is a sentence, not an error.

They end as a model ends that has said all it wanted (stop, end_turn, STOP, completed). The words for a refusal (content_filter, refusal, SAFETY)
would be truer, but the SDKs' helpers raise on some of them, and then the configured sentence is never shown; who must tell such a reply from
a model's reads the gate's headers. A caller that asked for JSON (response_format) gets the sentence all the same.
Usage is there and zero: clients add it up without asking whether it is there.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

_NOT_ID = re.compile(r"[^0-9A-Za-z]+")
_CHAT_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_ANTHROPIC_USAGE = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
_GEMINI_USAGE = {"promptTokenCount": 0, "candidatesTokenCount": 0, "totalTokenCount": 0}
_RESPONSE_USAGE = {
    "input_tokens": 0,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 0,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 0,
}
_DONE = b"data: [DONE]\n\n"


def chat(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """A `chat.completion`."""
    spoken: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": spoken, "logprobs": None, "finish_reason": "stop"}
    return orjson.dumps(_top("chatcmpl", "chat.completion", model, request_id, created) | {"choices": [choice], "usage": _CHAT_USAGE})


def chat_stream(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """Its chunks. The usage stands in the chunk that ends the choice: one of its own, without choices, is only for clients that asked for it."""
    top = _top("chatcmpl", "chat.completion.chunk", model, request_id, created)

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        return top | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]}

    chunks = (chunk({"role": "assistant", "content": "", "refusal": None}), chunk({"content": text}), chunk({}, "stop") | {"usage": _CHAT_USAGE})
    return b"".join(map(_unnamed, chunks)) + _DONE


def completion(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """A `text_completion`."""
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}
    return orjson.dumps(_top("cmpl", "text_completion", model, request_id, created) | {"choices": [choice], "usage": _CHAT_USAGE})


def completion_stream(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """Its chunks."""
    top = _top("cmpl", "text_completion", model, request_id, created)
    first = top | {"choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": None}]}
    last = top | {"choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}], "usage": _CHAT_USAGE}
    return _unnamed(first) + _unnamed(last) + _DONE


def response(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """A `response`."""
    return orjson.dumps(_response(text, model, request_id, created))


def response_stream(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """Its events, every one that the SDK's accumulator wants to see."""
    done = _response(text, model, request_id, created)
    begun = done | {"status": "in_progress", "output": [], "usage": None}
    item = done["output"][0]
    part = item["content"][0]
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    events: list[tuple[str, dict[str, Any]]] = [
        ("response.created", {"response": begun}),
        ("response.in_progress", {"response": begun}),
        ("response.output_item.added", {"output_index": 0, "item": item | {"status": "in_progress", "content": []}}),
        ("response.content_part.added", place | {"part": part | {"text": ""}}),
        ("response.output_text.delta", place | {"delta": text, "logprobs": []}),
        ("response.output_text.done", place | {"text": text, "logprobs": []}),
        ("response.content_part.done", place | {"part": part}),
        ("response.output_item.done", {"output_index": 0, "item": item}),
        ("response.completed", {"response": done}),
    ]
    return b"".join(_named({"type": kind, "sequence_number": number} | fields) for number, (kind, fields) in enumerate(events))


def message(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """An Anthropic `message`; it says no time."""
    del created
    block = {"type": "text", "text": text}
    return orjson.dumps(_message(model, request_id) | {"content": [block], "stop_reason": "end_turn"})


def message_stream(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """Its events."""
    del created
    events: tuple[dict[str, Any], ...] = (
        {"type": "message_start", "message": _message(model, request_id)},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 0}},
        {"type": "message_stop"},
    )
    return b"".join(map(_named, events))


def content(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """A Gemini GenerateContentResponse; it says no time."""
    del created
    return orjson.dumps(_content(text, model, request_id))


def content_stream(text: str, *, model: str, request_id: str, created: int) -> bytes:
    """The same as its stream's only event (`alt=sse`). A stream that is a JSON array is `[`, the whole reply, `]`."""
    del created
    return b"data: " + orjson.dumps(_content(text, model, request_id)) + b"\r\n\r\n"


def _top(prefix: str, kind: str, model: str, request_id: str, created: int) -> dict[str, Any]:
    return {"id": f"{prefix}-{_plain(request_id)}", "object": kind, "created": created, "model": model}


def _response(text: str, model: str, request_id: str, created: int) -> dict[str, Any]:
    plain = _plain(request_id)
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return {
        "id": f"resp_{plain}",
        "object": "response",
        "created_at": created,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "model": model,
        "output": [{"id": f"msg_{plain}", "type": "message", "status": "completed", "role": "assistant", "content": [part]}],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": False,
        "temperature": None,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "truncation": "disabled",
        "usage": _RESPONSE_USAGE,
        "metadata": {},
    }


def _message(model: str, request_id: str) -> dict[str, Any]:
    """As `message_start` has it."""
    fixed: dict[str, Any] = {"type": "message", "role": "assistant", "model": model, "content": [], "stop_reason": None, "stop_sequence": None}
    return {"id": f"msg_{_plain(request_id)}"} | fixed | {"usage": _ANTHROPIC_USAGE}


def _content(text: str, model: str, request_id: str) -> dict[str, Any]:
    candidate = {"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": "STOP", "index": 0}
    return {"candidates": [candidate], "usageMetadata": _GEMINI_USAGE, "modelVersion": model, "responseId": _plain(request_id)}


def _plain(request_id: str) -> str:
    """An id as the providers' ids look: letters and digits."""
    return _NOT_ID.sub("", request_id)


def _unnamed(value: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"


def _named(value: dict[str, Any]) -> bytes:
    kind: str = value["type"]
    return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(value) + b"\n\n"
