"""OpenAI chat completions and completions, whole and streamed.

`stream_options.include_usage` as OpenAI has it: asked for, every chunk carries `usage: null` and a last one has `choices: []` and the usage;
not asked for, no chunk has the member.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.demo import ask as asking
from gateway.demo.ask import Answer, Ask, Tool
from gateway.demo.wire import EPOCH, BadCall, Call, Served, event, stream, texts_of, whole, whole_number

DONE = b"data: [DONE]\n\n"
_FINISH = {"stop": "stop", "length": "length", "tools": "tool_calls", "refusal": "stop"}


def thinks(model: str) -> bool:
    """Do models of this name reason?"""
    return model.startswith(("o1", "o3", "o4", "gpt-5"))


def read(body: dict[str, Any]) -> Ask:
    """A chat completion request as an Ask. Raises BadCall if it has no model or no messages."""
    model, messages = body.get("model"), body.get("messages")
    if not isinstance(model, str) or not isinstance(messages, list) or not messages:
        raise BadCall(400, "Missing required parameter: 'model' and 'messages'.")
    texts: list[str] = []
    images: list[int] = []
    question = tool_result = ""
    for message in messages:
        if not isinstance(message, dict):
            raise BadCall(400, "Invalid type for 'messages': expected objects.")
        mine = texts_of(message.get("content"))
        texts += mine
        for part in message["content"] if isinstance(message.get("content"), list) else ():
            if isinstance(part, dict) and part.get("type") == "image_url":
                images.append(len(part["image_url"].get("url", "")))
        texts += [c["function"]["arguments"] for c in message.get("tool_calls") or () if "function" in c]
        if message.get("role") == "user":
            question, tool_result = " ".join(mine), ""
        elif message.get("role") == "tool":
            tool_result = " ".join(mine)
    form = body.get("response_format") or {}
    schema = {"json_object": {}, "json_schema": (form.get("json_schema") or {}).get("schema") or {}}.get(form.get("type", ""))
    tools = tuple(Tool(t["function"]["name"], t["function"].get("parameters") or {}) for t in body.get("tools") or () if t.get("type") == "function")
    return Ask(
        model=model,
        texts=tuple(texts),
        question=question,
        tool_result=tool_result,
        tools=() if body.get("tool_choice") == "none" else tools,
        forced=body.get("tool_choice") == "required" or isinstance(body.get("tool_choice"), dict),
        parallel=body.get("parallel_tool_calls") is not False,
        choices=whole_number(body.get("n")) or 1,
        max_tokens=whole_number(body.get("max_completion_tokens")) or whole_number(body.get("max_tokens")),
        schema=schema,
        images=tuple(images),
        thinks=thinks(model),
    )


def usage(ask: Ask, answers: tuple[Answer, ...]) -> dict[str, Any]:
    """Prompts of 1,024 tokens and more are mostly found in the cache, in steps of 128."""
    prompt, completion = ask.input_tokens, sum(a.output_tokens for a in answers)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached(ask), "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": sum(a.reasoning_tokens for a in answers),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def cached(ask: Ask) -> int:
    """Input tokens that came from the cache, for OpenAI and Gemini."""
    tokens = ask.input_tokens
    return (tokens - 1) // 128 * 128 if tokens >= 1024 and ask.seed % 4 else 0


def chat(call: Call) -> Served:
    """POST /v1/chat/completions."""
    body = call.json()
    ask = read(body)
    answers = asking.answers(ask)
    seed, used = ask.seed, usage(ask, answers)
    base = {"id": asking.identifier("chatcmpl-", seed, length=29), "created": EPOCH + seed % 1_000_000, "model": ask.model}
    tail = {"service_tier": "default", "system_fingerprint": asking.identifier("fp_", seed % 3, length=10)}
    if body.get("stream") is not True:
        choices = [{"index": i, "message": _message(a, seed, i), "logprobs": None, "finish_reason": _FINISH[a.finish]} for i, a in enumerate(answers)]
        value = {"id": base["id"], "object": "chat.completion", **base, "choices": choices, "usage": used, **tail}
        return whole(value, seed=seed, tokens=used["completion_tokens"])
    asked = (body.get("stream_options") or {}).get("include_usage") is True
    head = {"id": base["id"], "object": "chat.completion.chunk", **base, **tail}
    foot: dict[str, Any] = {"usage": None} if asked else {}
    pieces = [event({**head, "choices": [c], **foot}) for c in _chunks(answers, seed)]
    if asked:
        pieces.append(event({**head, "choices": [], "usage": used}))
    return stream([*pieces, DONE], seed=seed, tokens=used["completion_tokens"])


def _message(answer: Answer, seed: int, index: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None, "refusal": answer.refusal or None, "annotations": []}
    if answer.calls:
        message["tool_calls"] = [
            {"id": asking.identifier("call_", seed, index, i), "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for i, c in enumerate(answer.calls)
        ]
    return message


def _chunks(answers: tuple[Answer, ...], seed: int) -> Iterator[dict[str, Any]]:
    """The choices of all chunks; several answers are interleaved, as a provider's batch makes them."""
    tracks = [list(_deltas(a, seed, i)) for i, a in enumerate(answers)]
    for step in range(max(len(t) for t in tracks)):
        for index, track in enumerate(tracks):
            if step < len(track):
                last = step == len(track) - 1
                yield {"index": index, "delta": track[step], "logprobs": None, "finish_reason": _FINISH[answers[index].finish] if last else None}


def _deltas(answer: Answer, seed: int, index: int) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": None if answer.calls else "", "refusal": None}
    for text in asking.fragments(answer.text):
        yield {"content": text}
    for text in asking.fragments(answer.refusal):
        yield {"refusal": text}
    for i, call in enumerate(answer.calls):
        yield {"tool_calls": [{"index": i, "id": asking.identifier("call_", seed, index, i), "type": "function", "function": {"name": call.name, "arguments": ""}}]}
        for text in asking.fragments(call.arguments):
            yield {"tool_calls": [{"index": i, "function": {"arguments": text}}]}
    yield {}


def completions(call: Call) -> Served:
    """POST /v1/completions."""
    body = call.json()
    model, prompt = body.get("model"), body.get("prompt")
    if not isinstance(model, str) or not isinstance(prompt, (str, list)):
        raise BadCall(400, "Missing required parameter: 'model' and 'prompt'.")
    texts = (prompt,) if isinstance(prompt, str) else tuple(str(p) for p in prompt)
    ask = Ask(model, texts, " ".join(texts), choices=whole_number(body.get("n")) or 1, max_tokens=whole_number(body.get("max_tokens")) or 16)
    answers, seed = asking.answers(ask), ask.seed
    full = usage(ask, answers)
    used = {k: full[k] for k in ("prompt_tokens", "completion_tokens", "total_tokens")}
    base = {"id": asking.identifier("cmpl-", seed), "object": "text_completion", "created": EPOCH + seed % 1_000_000, "model": model}
    if body.get("stream") is not True:
        choices = [{"text": a.text, "index": i, "logprobs": None, "finish_reason": _FINISH[a.finish]} for i, a in enumerate(answers)]
        return whole({**base, "choices": choices, "usage": used}, seed=seed, tokens=used["completion_tokens"])
    asked = (body.get("stream_options") or {}).get("include_usage") is True
    foot: dict[str, Any] = {"usage": None} if asked else {}
    pieces = []
    for i, answer in enumerate(answers):
        for text in asking.fragments(answer.text):
            pieces.append(event({**base, "choices": [{"text": text, "index": i, "logprobs": None, "finish_reason": None}], **foot}))
        pieces.append(event({**base, "choices": [{"text": "", "index": i, "logprobs": None, "finish_reason": _FINISH[answer.finish]}], **foot}))
    if asked:
        pieces.append(event({**base, "choices": [], "usage": used}))
    return stream([*pieces, DONE], seed=seed, tokens=used["completion_tokens"])
