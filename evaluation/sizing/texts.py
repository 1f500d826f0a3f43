"""Texts of typical sizes that compress about as English does, and a provider that says them.

Words are drawn one by one from a chain over Python's own language reference (`pydoc_data`): every text is new, words follow each other as somebody
wrote them, and nothing longer than two words repeats. Such text is a little harder to compress than what people write, so figures err upwards.
"""

from __future__ import annotations

import functools
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pydoc_data.topics import topics

from aiohttp import web

PROMPT_CHARS, SYSTEM_CHARS, REPLY_CHARS = 1400, 400, 1000
MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini")
TOKEN_CHARS = 4.5  # of a streamed event


class Prose:
    """An endless supply."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        words = " ".join(topics.values()).split()
        self._after: dict[str, list[str]] = defaultdict(list)
        for word, following in itertools.pairwise(words):
            self._after[word].append(following)
        self._words = words

    def text(self, chars: int) -> str:
        """About so many characters; a third to three times as many, as lengths are in traffic."""
        chars = round(chars * self._random.triangular(0.3, 2.2, 0.5))
        word, said, size = self._random.choice(self._words), [], 0
        while size < chars:
            said.append(word)
            size += len(word) + 1
            word = self._random.choice(self._after.get(word) or self._words)
        return " ".join(said)


@functools.cache
def _system(app: int) -> str:
    return Prose(app).text(SYSTEM_CHARS)


def request(prose: Prose, number: int, stream: bool) -> dict[str, object]:
    """A chat call of some 2 KB; a stream is asked for with its usage. Four apps have a system prompt each."""
    messages = [{"role": "system", "content": _system(number % 4)}, {"role": "user", "content": prose.text(PROMPT_CHARS)}]
    body: dict[str, object] = {"model": MODELS[number // 2 % len(MODELS)], "messages": messages, "temperature": 0.2}
    return {**body, "stream": True, "stream_options": {"include_usage": True}} if stream else body


def provider(prose: Prose) -> web.Application:
    """Answers chat calls with some 1 KB, streamed a token at a time where that is asked for."""

    async def chat(asked: web.Request) -> web.StreamResponse:
        body = await asked.json()
        text, model = prose.text(REPLY_CHARS), body["model"] + "-2024-08-06"
        usage = {"prompt_tokens": 440, "completion_tokens": len(text) // 4, "total_tokens": 440 + len(text) // 4, "prompt_tokens_details": {"cached_tokens": 0}}
        head = {"id": f"chatcmpl-{random.randbytes(12).hex()}", "created": 1767225600, "model": model, "service_tier": "default", "system_fingerprint": "fp_50cad350e4"}
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": text, "refusal": None}, "logprobs": None, "finish_reason": "stop"}
            return web.json_response({**head, "object": "chat.completion", "choices": [choice], "usage": usage})
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await answer.prepare(asked)
        await answer.write(b"".join(_events(text, head, usage)))
        await answer.write_eof()
        return answer

    app = web.Application()
    app.router.add_post("/v1/chat/completions", chat)
    return app


def _events(text: str, head: dict[str, object], usage: dict[str, object]) -> Iterator[bytes]:
    def event(**more: object) -> bytes:
        return b"data: " + json.dumps({**head, "object": "chat.completion.chunk", **more}, separators=(",", ":")).encode() + b"\n\n"

    def choice(delta: dict[str, object], finish: str | None = None) -> list[dict[str, object]]:
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]

    yield event(choices=choice({"role": "assistant", "content": "", "refusal": None}), usage=None)
    at = 0.0
    while at < len(text):
        yield event(choices=choice({"content": text[round(at) : round(at + TOKEN_CHARS)]}), usage=None)
        at += TOKEN_CHARS
    yield event(choices=choice({}, "stop"), usage=None)
    yield event(choices=[], usage=usage)
    yield b"data: [DONE]\n\n"
