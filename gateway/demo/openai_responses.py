"""OpenAI's Responses API: POST /v1/responses, whole and as its typed events.

Events are numbered from 0 and end with `response.completed`, or `response.incomplete` when max_output_tokens cut the text. Built from the finished
response, so that what a stream adds up to is the response that it ends with. Deliberately absent: stored responses, built-in tools, background mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.demo import ask as asking
from gateway.demo.ask import Answer, Ask, Tool
from gateway.demo.openai_chat import cached, thinks
from gateway.demo.wire import EPOCH, BadCall, Call, Served, event, stream, texts_of, whole, whole_number


def read(body: dict[str, Any]) -> Ask:
    """A Responses request as an Ask. Raises BadCall if it has no model or no input."""
    model, given = body.get("model"), body.get("input")
    if not isinstance(model, str) or not isinstance(given, (str, list)) or not given:
        raise BadCall(400, "Missing required parameter: 'model' and 'input'.")
    texts = [body["instructions"]] if isinstance(body.get("instructions"), str) else []
    images: list[int] = []
    question = tool_result = ""
    for item in [{"role": "user", "content": given}] if isinstance(given, str) else given:
        if not isinstance(item, dict):
            raise BadCall(400, "Invalid type for 'input': expected objects.")
        mine = texts_of(item.get("content"))
        for key in ("arguments", "output"):
            mine += texts_of(item.get(key))
        for part in item["content"] if isinstance(item.get("content"), list) else ():
            if isinstance(part, dict) and part.get("type") == "input_image":
                images.append(len(part.get("image_url") or ""))
        texts += mine
        if item.get("role") == "user":
            question, tool_result = " ".join(mine), ""
        elif item.get("type") == "function_call_output":
            tool_result = " ".join(mine)
    form = (body.get("text") or {}).get("format") or {}
    tools = tuple(Tool(t["name"], t.get("parameters") or {}) for t in body.get("tools") or () if t.get("type") == "function")
    return Ask(
        model=model,
        texts=tuple(texts),
        question=question,
        tool_result=tool_result,
        tools=() if body.get("tool_choice") == "none" else tools,
        forced=body.get("tool_choice") == "required" or isinstance(body.get("tool_choice"), dict),
        parallel=body.get("parallel_tool_calls") is not False,
        max_tokens=whole_number(body.get("max_output_tokens")),
        schema={"json_object": {}, "json_schema": form.get("schema") or {}}.get(form.get("type", "")),
        images=tuple(images),
        thinks=thinks(model),
    )


def responses(call: Call) -> Served:
    """POST /v1/responses."""
    body = call.json()
    ask = read(body)
    answer, seed = asking.answers(ask)[0], ask.seed
    done = _response(body, ask, answer, seed)
    if body.get("stream") is not True:
        return whole(done, seed=seed, tokens=answer.output_tokens)
    events = [event({"type": kind, "sequence_number": n, **members}, kind) for n, (kind, members) in enumerate(_events(done))]
    return stream(events, seed=seed, tokens=answer.output_tokens)


def failed(call: Call, message: str) -> dict[str, Any]:
    """The response of a `response.failed` event."""
    body = call.json()
    ask = read(body)
    whole_one = _response(body, ask, asking.answers(ask)[0], ask.seed)
    return {**whole_one, "status": "failed", "completed_at": None, "error": {"code": "server_error", "message": message}, "output": [], "usage": None}


def _response(body: dict[str, Any], ask: Ask, answer: Answer, seed: int) -> dict[str, Any]:
    cut = answer.finish == "length"
    created = EPOCH + seed % 1_000_000
    return {
        "id": asking.identifier("resp_", seed, length=48),
        "object": "response",
        "created_at": created,
        "status": "incomplete" if cut else "completed",
        "background": False,
        "completed_at": None if cut else created + 2,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": ask.model,
        "output": _output(body, answer, seed, "incomplete" if cut else "completed"),
        "parallel_tool_calls": ask.parallel,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": {"effort": (body.get("reasoning") or {}).get("effort"), "summary": (body.get("reasoning") or {}).get("summary")},
        "service_tier": "default",
        "store": body.get("store") is not False,
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": [{"description": None, "strict": True, **t} for t in body.get("tools") or ()],
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": {
            "input_tokens": ask.input_tokens,
            "input_tokens_details": {"cached_tokens": cached(ask), "cache_write_tokens": 0},
            "output_tokens": answer.output_tokens,
            "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
            "total_tokens": ask.input_tokens + answer.output_tokens,
        },
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }


def _output(body: dict[str, Any], answer: Answer, seed: int, status: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if answer.reasoning:
        shown = (body.get("reasoning") or {}).get("summary") is not None
        summary = [{"type": "summary_text", "text": answer.reasoning}] if shown else []
        items.append({"id": asking.identifier("rs_", seed, length=48), "type": "reasoning", "summary": summary})
    for i, made in enumerate(answer.calls):
        items.append(
            {
                "id": asking.identifier("fc_", seed, i, length=48),
                "type": "function_call",
                "status": "completed",
                "arguments": made.arguments,
                "call_id": asking.identifier("call_", seed, i),
                "name": made.name,
            }
        )
    if answer.text or answer.refusal:
        text = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        refusal = {"type": "refusal", "refusal": answer.refusal}
        message = {"id": asking.identifier("msg_", seed, length=48), "type": "message", "status": status, "role": "assistant"}
        items.append({**message, "content": [refusal if answer.refusal else text]})
    return items


def _events(done: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(type, other members) of every event, in order, without sequence numbers."""
    begun = {**done, "status": "in_progress", "completed_at": None, "incomplete_details": None, "output": [], "usage": None}
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    for index, item in enumerate(done["output"]):
        place = {"item_id": item["id"], "output_index": index}
        blank: dict[str, Any] = {**item}
        if item["type"] == "reasoning":
            blank["summary"] = []
        elif item["type"] == "function_call":
            blank.update(status="in_progress", arguments="")
        else:
            blank.update(status="in_progress", content=[])
        yield "response.output_item.added", {"output_index": index, "item": blank}
        if item["type"] == "reasoning":
            yield from _summary(item, place)
        elif item["type"] == "function_call":
            for text in asking.fragments(item["arguments"]):
                yield "response.function_call_arguments.delta", {**place, "delta": text}
            yield "response.function_call_arguments.done", {**place, "arguments": item["arguments"]}
        else:
            yield from _content(item, place)
        yield "response.output_item.done", {"output_index": index, "item": item}
    yield f"response.{done['status']}", {"response": done}


def _summary(item: dict[str, Any], place: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for n, part in enumerate(item["summary"]):
        here = {**place, "summary_index": n}
        yield "response.reasoning_summary_part.added", {**here, "part": {"type": "summary_text", "text": ""}}
        for text in asking.fragments(part["text"]):
            yield "response.reasoning_summary_text.delta", {**here, "delta": text}
        yield "response.reasoning_summary_text.done", {**here, "text": part["text"]}
        yield "response.reasoning_summary_part.done", {**here, "part": part}


def _content(item: dict[str, Any], place: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for n, part in enumerate(item["content"]):
        here = {**place, "content_index": n}
        if part["type"] == "refusal":
            yield "response.content_part.added", {**here, "part": {"type": "refusal", "refusal": ""}}
            for text in asking.fragments(part["refusal"]):
                yield "response.refusal.delta", {**here, "delta": text}
            yield "response.refusal.done", {**here, "refusal": part["refusal"]}
        else:
            yield "response.content_part.added", {**here, "part": {**part, "text": ""}}
            for text in asking.fragments(part["text"]):
                yield "response.output_text.delta", {**here, "delta": text, "logprobs": []}
            yield "response.output_text.done", {**here, "text": part["text"], "logprobs": []}
        yield "response.content_part.done", {**here, "part": part}
