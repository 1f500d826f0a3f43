"""Gemini as the simulated provider speaks it: generateContent, streamGenerateContent (as events with alt=sse, else as one JSON array), embeddings, countTokens, models.

Models named gemini-2.5 and later think: those tokens are apart from the candidates' (thoughtsTokenCount) and add to the total. Embeddings come without usage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from gateway.demo import ask as asking
from gateway.demo.ask import Answer, Ask, Tool
from gateway.demo.openai_chat import cached
from gateway.demo.openai_media import vector
from gateway.demo.wire import JSON, BadCall, Call, Served, stream, texts_of, whole, whole_number

MODELS = ("gemini-2.0-flash", "gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.5-flash", "gemini-embedding-001")
_STATUS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ABORTED", 429: "RESOURCE_EXHAUSTED", 499: "CANCELLED",
    500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip
_FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "tools": "STOP", "refusal": "SAFETY"}


class Gemini:
    """See the module's docstring."""

    def authorised(self, call: Call) -> bool:
        return bool(call.headers.get("x-goog-api-key") or call.query.get("key")) or len(call.headers.get("authorization", "")) > 7

    def serve(self, call: Call) -> Served:
        rest = call.path.partition("/")[2].partition("/")[2]
        model, colon, verb = rest.removeprefix("models/").partition(":")
        if call.method == "GET" and rest.startswith("models") and not colon:
            return _models(model if rest.startswith("models/") else "")
        if call.method == "POST" and rest.startswith("models/"):
            if verb in ("generateContent", "streamGenerateContent"):
                return _generate(call, model, streamed=verb == "streamGenerateContent")
            if verb == "embedContent":
                return whole({"embedding": _embedding(call.json())})
            if verb == "batchEmbedContents":
                return whole({"embeddings": [_embedding(one) for one in call.json().get("requests") or ()]})
            if verb == "countTokens":
                return _count(call, model)
        raise BadCall(404, f"Requested entity was not found: {call.path}")

    def error(self, status: int, message: str, kind: str = "") -> bytes:
        shown: dict[str, Any] = {"code": status, "message": message, "status": _STATUS.get(status, "INTERNAL" if status > 499 else "FAILED_PRECONDITION")}
        return orjson.dumps({"error": shown}, option=orjson.OPT_INDENT_2) + b"\n"

    def error_event(self, call: Call) -> bytes:
        shown = orjson.dumps({"error": {"code": 503, "message": "The model is overloaded. Please try again later.", "status": "UNAVAILABLE"}})
        return b"data: " + shown + b"\r\n\r\n" if call.query.get("alt") == "sse" else b",\r\n" + shown + b"]"

    def headers(self, seed: int, status: int) -> Iterator[tuple[str, str]]:
        yield "server-timing", f"gfet4t7; dur={80 + seed % 700}"
        yield "vary", "Origin, X-Origin, Referer"
        yield "x-content-type-options", "nosniff"


def read(body: dict[str, Any], model: str) -> Ask:
    """A generateContent request as an Ask. Raises BadCall if it has no contents."""
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        raise BadCall(400, "* GenerateContentRequest.contents: contents is not specified")
    texts = texts_of((body.get("systemInstruction") or {}).get("parts"))
    images: list[int] = []
    question = tool_result = ""
    for turn in contents:
        parts = turn.get("parts") or []
        said, results = texts_of(parts), []
        for part in parts:
            if "inlineData" in part:
                images.append(len(part["inlineData"].get("data") or ""))
            for key in ("functionCall", "functionResponse"):
                if key in part:
                    spelled = orjson.dumps(part[key].get("response") or part[key].get("args") or {}).decode()
                    texts.append(spelled)
                    results += [spelled] if key == "functionResponse" else []
        texts += said
        if turn.get("role", "user") in ("user", "function", "tool"):
            question, tool_result = " ".join(said), " ".join(results)
    config = body.get("generationConfig") or {}
    declared = [d for t in body.get("tools") or () for d in t.get("functionDeclarations") or ()]
    mode = ((body.get("toolConfig") or {}).get("functionCallingConfig") or {}).get("mode")
    wants_json = config.get("responseMimeType") == "application/json"
    thinking = config.get("thinkingConfig") or {}
    return Ask(
        model=model,
        texts=tuple(texts),
        question=question,
        tool_result=tool_result,
        tools=() if mode == "NONE" else tuple(Tool(d["name"], _schema(d)) for d in declared),
        forced=mode == "ANY",
        choices=whole_number(config.get("candidateCount")) or 1,
        max_tokens=whole_number(config.get("maxOutputTokens")),
        schema=(config.get("responseSchema") or config.get("responseJsonSchema") or {}) if wants_json else None,
        images=tuple(images),
        thinks=model >= "gemini-2.5" and _either(thinking, "thinkingBudget", "thinking_budget") != 0,
    )


def _schema(declared: dict[str, Any]) -> dict[str, Any]:
    """Of a function's arguments."""
    return {"type": "object", **(declared.get("parameters") or _either(declared, "parametersJsonSchema", "parameters_json_schema") or {})}


def _either(members: dict[str, Any], camel: str, snake: str) -> Any:
    """The API takes both spellings, and its Python SDK mixes them."""
    return members.get(camel, members.get(snake))


def _generate(call: Call, model: str, *, streamed: bool) -> Served:
    body = call.json()
    ask = read(body, model)
    answers, seed = asking.answers(ask), ask.seed
    thinking = (body.get("generationConfig") or {}).get("thinkingConfig") or {}
    shown = bool(_either(thinking, "includeThoughts", "include_thoughts"))
    tail = {"modelVersion": model, "responseId": asking.identifier("", seed, length=22)}
    tokens = sum(a.output_tokens for a in answers)
    if not streamed:
        candidates = [_candidate(list(_parts(a, seed, shown)), i, _FINISH[a.finish]) for i, a in enumerate(answers)]
        return whole({"candidates": candidates, "usageMetadata": _usage(ask, answers), **tail}, seed=seed, tokens=tokens)
    frames = [{"candidates": [c], "usageMetadata": u, **tail} for c, u in _chunks(ask, answers, seed, shown)]
    if call.query.get("alt") == "sse":
        return stream((b"data: " + orjson.dumps(f) + b"\r\n\r\n" for f in frames), seed=seed, tokens=tokens, content_type="text/event-stream")
    pieces = [(b"[" if i == 0 else b",\r\n") + orjson.dumps(f, option=orjson.OPT_INDENT_2) for i, f in enumerate(frames)]
    return stream([*pieces, b"\n]"], seed=seed, tokens=tokens, content_type=JSON + "; charset=UTF-8")


def _candidate(parts: list[dict[str, Any]], index: int, finish: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {"content": {"parts": parts, "role": "model"}} if parts else {"content": {"role": "model"}}
    if finish:
        made["finishReason"] = finish
    return {**made, "index": index}


def _parts(answer: Answer, seed: int, shown: bool) -> Iterator[dict[str, Any]]:
    if answer.reasoning and shown:
        yield {"text": answer.reasoning, "thought": True}
    if answer.text:
        yield {"text": answer.text}
    for i, made in enumerate(answer.calls):
        yield {"functionCall": {"id": asking.identifier("", seed, i, length=8), "name": made.name, "args": orjson.loads(made.arguments)}}


def _chunks(ask: Ask, answers: tuple[Answer, ...], seed: int, shown: bool) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Candidates with the usage so far: the prompt's from the start, the candidates' with the last."""
    partial = {k: v for k, v in _usage(ask, answers).items() if k not in ("candidatesTokenCount", "candidatesTokensDetails")}
    partial["totalTokenCount"] = partial["promptTokenCount"] + partial.get("thoughtsTokenCount", 0)
    for index, answer in enumerate(answers):
        for part in _parts(answer, seed, shown):
            if "text" not in part:
                yield _candidate([part], index, None), partial
                continue
            pieces = asking.fragments(part["text"])
            for n in range(0, len(pieces), 4):  # Gemini streams lines rather than words
                yield _candidate([{**part, "text": "".join(pieces[n : n + 4])}], index, None), partial
        last = index == len(answers) - 1
        yield _candidate([{"text": ""}] if answer.text else [], index, _FINISH[answer.finish]), _usage(ask, answers) if last else partial


def _usage(ask: Ask, answers: tuple[Answer, ...]) -> dict[str, Any]:
    prompt, thoughts = ask.input_tokens, sum(a.reasoning_tokens for a in answers)
    candidates = sum(a.output_tokens for a in answers) - thoughts
    details = [{"modality": "TEXT", "tokenCount": prompt - ask.image_tokens}]
    if ask.images:
        details.append({"modality": "IMAGE", "tokenCount": ask.image_tokens})
    used: dict[str, Any] = {"promptTokenCount": prompt, "candidatesTokenCount": candidates, "totalTokenCount": prompt + candidates + thoughts, "promptTokensDetails": details}
    used["candidatesTokensDetails"] = [{"modality": "TEXT", "tokenCount": candidates}]
    if cached(ask):
        used |= {"cachedContentTokenCount": cached(ask), "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": cached(ask)}]}
    if thoughts:
        used["thoughtsTokenCount"] = thoughts
    return used


def _embedding(body: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(texts_of((body.get("content") or {}).get("parts")))
    if not text:
        raise BadCall(400, "* EmbedContentRequest.content: contents is not specified")
    return {"values": vector(text, whole_number(body.get("outputDimensionality")) or 768)}


def _count(call: Call, model: str) -> Served:
    body = call.json()
    ask = read(body.get("generateContentRequest") or body, model)
    return whole({"totalTokens": ask.input_tokens, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": ask.input_tokens}]})


def _models(wanted: str) -> Served:
    verbs = ["generateContent", "countTokens"]
    cards = [{"name": f"models/{m}", "version": "001", "displayName": m, "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536, "supportedGenerationMethods": verbs} for m in MODELS]
    if not wanted:
        return whole({"models": cards})
    for card in cards:
        if card["name"] == f"models/{wanted}":
            return whole(card)
    raise BadCall(404, f"models/{wanted} is not found for API version v1beta.")
