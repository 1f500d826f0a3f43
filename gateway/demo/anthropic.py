"""Anthropic as the simulated provider speaks it: messages whole and streamed, count_tokens, models.

Usage is Anthropic's: input_tokens leaves out what the cache gave or took. `cache_control` on a block ends a prefix: two of three questions find it in the
cache, the others write it, each part under the lifetime (5m, 1h) of the block that ends it. In a stream message_start knows the input, and
message_delta has the final figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from gateway.demo import ask as asking
from gateway.demo.ask import Answer, Ask, Tool, count
from gateway.demo.wire import BadCall, Call, Served, event, stream, texts_of, whole, whole_number

MODELS = {
    "claude-opus-4-8": "Claude Opus 4.8",
    "claude-sonnet-4-6": "Claude Sonnet 4.6",
    "claude-haiku-4-5": "Claude Haiku 4.5",
}
_TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error", 404: "not_found_error", 409: "conflict_error",
    413: "request_too_large", 429: "rate_limit_error", 504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip
_BLANK: dict[str, dict[str, Any]] = {"thinking": {"thinking": "", "signature": ""}, "text": {"text": ""}, "tool_use": {"input": {}}}
_STOP = {"stop": "end_turn", "length": "max_tokens", "tools": "tool_use", "refusal": "refusal"}


class Anthropic:
    """See the module's docstring."""

    def authorised(self, call: Call) -> bool:
        return bool(call.headers.get("x-api-key")) or len(call.headers.get("authorization", "")) > 7

    def serve(self, call: Call) -> Served:
        if call.method == "POST" and call.path == "/v1/messages":
            return _messages(call)
        if call.method == "POST" and call.path == "/v1/messages/count_tokens":
            return whole({"input_tokens": read(call.json()).input_tokens})
        if call.method == "GET" and call.path.startswith("/v1/models"):
            return _models(call)
        raise BadCall(404, "Not found")

    def error(self, status: int, message: str, kind: str = "") -> bytes:
        shown: dict[str, Any] = {"type": _TYPES.get(status, "api_error"), "message": message}
        if kind == "insufficient_quota":
            shown["details"] = {"error_code": "enforced_spend_limit_reached"}
        return orjson.dumps({"type": "error", "error": shown, "request_id": asking.identifier("req_", status)})

    def error_event(self, call: Call) -> bytes:
        return event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")

    def headers(self, seed: int, status: int) -> Iterator[tuple[str, str]]:
        yield "request-id", asking.identifier("req_", seed)
        yield "anthropic-organization-id", "00000000-0000-4000-8000-000000000000"
        yield "anthropic-ratelimit-requests-limit", "4000"
        yield "anthropic-ratelimit-requests-remaining", str(3_999 - seed % 2_000)
        yield "anthropic-ratelimit-requests-reset", "2026-01-01T00:00:00Z"


def read(body: dict[str, Any]) -> Ask:
    """A messages request as an Ask. Raises BadCall if it has no model or no messages."""
    model, messages = body.get("model"), body.get("messages")
    if not isinstance(model, str) or not isinstance(messages, list) or not messages:
        raise BadCall(400, "messages: Field required" if isinstance(model, str) else "model: Field required")
    texts = texts_of(body.get("system"))
    images: list[int] = []
    question = tool_result = ""
    for message in messages:
        content = message.get("content") if isinstance(message, dict) else None
        said, results = texts_of(content), []
        for block in content if isinstance(content, list) else ():
            kind = block.get("type") if isinstance(block, dict) else None
            if kind == "image":
                images.append(len((block.get("source") or {}).get("data") or ""))
            elif kind == "tool_result":
                results += texts_of(block.get("content"))
            elif kind == "tool_use":
                texts.append(orjson.dumps(block.get("input")).decode())
        texts += said + results
        if message.get("role") == "user":
            question, tool_result = " ".join(said), " ".join(results)
    choice = body.get("tool_choice") or {}
    form = (body.get("output_config") or {}).get("format") or {}
    tools = tuple(Tool(t["name"], t["input_schema"]) for t in body.get("tools") or () if "input_schema" in t)
    return Ask(
        model=model,
        texts=tuple(texts),
        question=question,
        tool_result=tool_result,
        tools=() if choice.get("type") == "none" else tools,
        forced=choice.get("type") in ("any", "tool"),
        parallel=not choice.get("disable_parallel_tool_use"),
        max_tokens=whole_number(body.get("max_tokens")),
        schema=form.get("schema") if form.get("type") == "json_schema" else None,
        images=tuple(images),
        thinks=(body.get("thinking") or {}).get("type") in ("enabled", "adaptive"),
    )


def _messages(call: Call) -> Served:
    body = call.json()
    ask = read(body)
    if ask.max_tokens is None:
        raise BadCall(400, "max_tokens: Field required")
    answer, seed = asking.answers(ask)[0], ask.seed
    message = {
        "model": ask.model,
        "id": asking.identifier("msg_", seed),
        "type": "message",
        "role": "assistant",
        "content": _content(answer, seed),
        "stop_reason": _STOP[answer.finish],
        "stop_sequence": None,
        "stop_details": {"type": "refusal", "category": "general_harms", "explanation": None} if answer.refusal else None,
        "usage": _usage(body, ask, answer),
    }
    if body.get("stream") is not True:
        return Served((orjson.dumps(message),), seed=seed, tokens=answer.output_tokens)
    return stream((event(data, data["type"]) for data in _events(message)), seed=seed, tokens=answer.output_tokens)


def _content(answer: Answer, seed: int) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if answer.reasoning:
        blocks.append({"type": "thinking", "thinking": answer.reasoning, "signature": asking.identifier("Eq", seed, length=60)})
    if answer.text or answer.refusal:
        blocks.append({"type": "text", "text": answer.text or answer.refusal})
    for i, made in enumerate(answer.calls):
        blocks.append({"type": "tool_use", "id": asking.identifier("toolu_", seed, i), "name": made.name, "input": orjson.loads(made.arguments)})
    return blocks


def _usage(body: dict[str, Any], ask: Ask, answer: Answer) -> dict[str, Any]:
    prefix = _prefixes(body)
    cut = sum(prefix.values())
    read_back = cut if ask.seed % 3 else 0
    written = {ttl: 0 if read_back else tokens for ttl, tokens in prefix.items()}
    return {
        "input_tokens": ask.input_tokens - cut,
        "cache_creation_input_tokens": sum(written.values()),
        "cache_read_input_tokens": read_back,
        "cache_creation": {"ephemeral_5m_input_tokens": written["5m"], "ephemeral_1h_input_tokens": written["1h"]},
        "output_tokens": answer.output_tokens,
        "output_tokens_details": {"thinking_tokens": answer.reasoning_tokens},
        "service_tier": "standard",
    }


def _prefixes(body: dict[str, Any]) -> dict[str, int]:
    """Tokens of the text blocks up to the last cache_control, by the lifetime of the block that ends each part."""
    found, open_tokens = {"5m": 0, "1h": 0}, 0
    for content in [body.get("system"), *(m.get("content") for m in body["messages"])]:
        for block in content if isinstance(content, list) else ():
            open_tokens += count(str(block.get("text") or ""))
            mark = block.get("cache_control")
            if mark:
                found["1h" if mark.get("ttl") == "1h" else "5m"] += open_tokens
                open_tokens = 0
    return found


def _events(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    used = message["usage"]
    begun = {k: v for k, v in used.items() if k != "output_tokens_details"}
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None, "stop_details": None, "usage": {**begun, "output_tokens": 1}}}
    for index, block in enumerate(message["content"]):
        yield {"type": "content_block_start", "index": index, "content_block": {**block, **_BLANK[block["type"]]}}
        if index == 0:
            yield {"type": "ping"}
        for delta in _deltas(block):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    end = {k: message[k] for k in ("stop_reason", "stop_sequence", "stop_details")}
    yield {"type": "message_delta", "delta": end, "usage": {k: v for k, v in used.items() if k not in ("cache_creation", "service_tier")}}
    yield {"type": "message_stop"}


def _deltas(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["type"] == "thinking":
        for text in asking.fragments(block["thinking"]):
            yield {"type": "thinking_delta", "thinking": text}
        yield {"type": "signature_delta", "signature": block["signature"]}
    elif block["type"] == "text":
        for text in asking.fragments(block["text"]):
            yield {"type": "text_delta", "text": text}
    else:
        yield {"type": "input_json_delta", "partial_json": ""}
        for text in asking.fragments(orjson.dumps(block["input"]).decode()):
            yield {"type": "input_json_delta", "partial_json": text}


def _models(call: Call) -> Served:
    cards = [{"type": "model", "id": k, "display_name": v, "created_at": "2025-10-01T00:00:00Z", "lifecycle": "active"} for k, v in MODELS.items()]
    wanted = call.path.removeprefix("/v1/models").strip("/")
    if not wanted:
        return whole({"data": cards, "has_more": False, "first_id": cards[0]["id"], "last_id": cards[-1]["id"]})
    for card in cards:
        if card["id"] == wanted:
            return whole(card)
    raise BadCall(404, f"model: {wanted}")
