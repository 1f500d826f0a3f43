"""OpenAI legacy completions: `POST /v1/completions`. A prompt may be a string, several, or token numbers, which are no text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.dialects import sayings
from gateway.dialects.base import Assembly, Event, Operation, Reply, ReplyError, Request
from gateway.dialects.lenient import index, load, obj, seq, storable, word
from gateway.dialects.openai_chat import DONE, PADDING
from gateway.dialects.openai_usage import read_usage
from gateway.dialects.pieces import EventReader
from gateway.dialects.pieces_openai import ChoicesReader
from gateway.dialects.provider_error import read_error
from gateway.dialects.texts import Texts

_BARE = frozenset(("index", "text", "logprobs", "finish_reason"))


class Completions(Operation):
    name = "text_completion"
    ends = DONE
    asks_usage = True
    parses = True
    bills = True
    noise = PADDING

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        texts.add_parts("user", "/prompt", source.get("prompt"), ())
        texts.add("user", "/suffix", source.get("suffix"))
        return Request(word(source.get("model")), source.get("stream") is True, texts.done())

    def assemble(self, events: Iterable[Event]) -> Assembly:
        top: dict[str, Any] = {}
        texts: dict[int, list[str]] = {}
        ends: dict[int, str] = {}
        usage: Any = None
        error: ReplyError | None = None
        done = False
        for event in events:
            if event.data.startswith("[DONE]"):
                done = True
                break
            try:
                chunk = obj(load(event.data))
            except ValueError:
                continue
            error = error or read_error(chunk)
            for key in ("id", "object", "created", "model", "system_fingerprint"):
                top[key] = top.get(key) or chunk.get(key)
            usage = chunk["usage"] if isinstance(chunk.get("usage"), dict) else usage
            for position, item in enumerate(seq(chunk.get("choices"))):
                choice = obj(item)
                given = index(choice.get("index"))
                at = position if given is None else given
                texts.setdefault(at, []).append(word(choice.get("text")))
                ends[at] = word(choice.get("finish_reason")) or ends.get(at, "")
        choices = [{"index": at, "text": "".join(texts[at]), "finish_reason": ends[at] or None} for at in sorted(texts)]
        return Assembly(top | {"choices": choices, "usage": usage}, complete=done and error is None, error=error)

    def grows(self, value: Any) -> str:
        source = obj(value)
        choices = seq(source.get("choices"))
        choice = obj(choices[0]) if len(choices) == 1 and not isinstance(source.get("usage"), dict) else {}
        plain = choice.keys() <= _BARE and not choice.get("logprobs") and not choice.get("finish_reason")
        return "/choices/0/text" if plain and isinstance(choice.get("text"), str) else ""

    def reader(self) -> EventReader:
        return ChoicesReader()

    def say(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.completion(text, model=model, request_id=request_id, created=created)

    def say_stream(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.completion_stream(text, model=model, request_id=request_id, created=created)

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        choices = [obj(item) for item in seq(source.get("choices"))]
        texts = Texts()
        for at, choice in enumerate(choices):
            texts.add("assistant", f"/choices/{at}/text", choice.get("text"))
        return Reply(
            model=word(source.get("model")),
            segments=texts.done(),
            finish_reason=word(choices[0].get("finish_reason")) if choices else "",
            usage=read_usage(source.get("usage")),
            usage_raw=storable(source.get("usage")),
            complete=isinstance(source.get("choices"), list),
        )
