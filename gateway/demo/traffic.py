"""Realistic traffic of two apps in dev and prod, sent by the official SDKs.

    python -m gateway.demo.traffic --base-url http://127.0.0.1:8080 --seconds 20

`shop-assistant` chats (OpenAI streamed and with a tool, Anthropic, moderation of what was said); `doc-search` embeds a question and answers it (Anthropic with
a cached handbook, Gemini, OpenAI's Responses). Calls start at random at `rate` a second on average, at most `concurrency` at a time. About one
in thirty goes wrong on purpose, by the simulated provider's markers, or is given up by its user. The SDKs do not retry here, so
what was sent is what the gate must have on record. What is asked is in prompts.py.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from gateway.demo.prompts import DOCS, HANDBOOK, SHOP, Topic, pick

try:
    import anthropic
    import httpx2
    import openai
    from google import genai
    from google.genai import types
except ModuleNotFoundError as e:
    raise ModuleNotFoundError(f'{e.name} is missing: the demo\'s traffic is sent by the official SDKs; install "tidegate[demo]"') from e

_EXPECTED = (openai.OpenAIError, anthropic.AnthropicError, genai.errors.APIError, httpx2.HTTPError)
_FAULTS = ("sim-429", "sim-500", "sim-529", "sim-400")
_STREAM_FAULTS = (*_FAULTS, "sim-error-event", "sim-cut")  # not for Gemini, whose SDK leaves an unfinished generator behind and complains about it
_LOOK_UP = {"type": "object", "properties": {"order_id": {"type": "string"}, "with_history": {"type": "boolean"}}, "required": ["order_id"]}
_SHOP_SYSTEM = "You are the assistant of a shop for clothes and household goods. Be brief and friendly. Never promise a date that you do not know."
_DOCS_SYSTEM = "Answer from the handbook below, and name the section. Say so if the handbook does not answer the question.\n\n" + HANDBOOK
_VERDICT = {"type": "object", "properties": {"answered": {"type": "boolean"}, "section": {"type": "string"}, "confidence": {"type": "number"}}}
_GRACE_S = 15.0  # for what is under way at the end
_PATIENCE_S = 0.2  # less than a stream takes at the provider's own speed


@dataclass
class TrafficReport:
    """What was sent, by kind of call, and what went wrong, by the SDK's error class. given_up: streams that their user left."""

    sent: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    given_up: int = 0
    seconds: float = 0.0

    @property
    def total(self) -> int:
        return sum(self.sent.values())


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of one user. headers: what the gate is told about it."""

    question: str
    headers: dict[str, str]
    gives_up: bool


class Clients:
    """The SDKs' clients of the gate, over one pool of connections."""

    def __init__(self, base_url: str, api_key: str, concurrency: int) -> None:
        limits = httpx2.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
        base = base_url.rstrip("/")
        self._http = httpx2.AsyncClient(timeout=60.0, limits=limits)
        self.openai = openai.AsyncOpenAI(api_key=api_key, base_url=f"{base}/v1", max_retries=0, http_client=self._http)
        self.anthropic = anthropic.AsyncAnthropic(api_key=api_key, base_url=base, max_retries=0, http_client=self._http)
        self.gemini = genai.Client(api_key=api_key, http_options=types.HttpOptions(base_url=base, httpx_async_client=self._http)).aio

    async def close(self) -> None:
        await self._http.aclose()


async def _read(stream: AsyncIterator[Any], turn: Turn) -> bool:
    """To the end, or to where the user loses patience (True): in the middle of a wait, so that every generator of the SDK is unwound."""
    try:
        async with asyncio.timeout(_PATIENCE_S if turn.gives_up else None):
            async for _ in stream:
                pass
    except TimeoutError:
        return True
    return False


async def _shop_chat(to: Clients, turn: Turn) -> bool:
    messages: Any = [{"role": "system", "content": _SHOP_SYSTEM}, {"role": "user", "content": turn.question}]
    async with await to.openai.chat.completions.create(model="gpt-4.1-mini", messages=messages, stream=True, extra_headers=turn.headers) as stream:
        return await _read(stream, turn)


async def _shop_tool(to: Clients, turn: Turn) -> bool:
    messages: Any = [{"role": "system", "content": _SHOP_SYSTEM}, {"role": "user", "content": turn.question}]
    tools: Any = [{"type": "function", "function": {"name": "look_up_order", "description": "State of an order", "parameters": _LOOK_UP}}]
    await to.openai.chat.completions.create(model="gpt-4o-mini", messages=messages, tools=tools, extra_headers=turn.headers)
    return False


async def _shop_message(to: Clients, turn: Turn) -> bool:
    await to.anthropic.messages.create(
        model="claude-haiku-4-5", max_tokens=500, system=_SHOP_SYSTEM, messages=[{"role": "user", "content": turn.question}], extra_headers=turn.headers
    )
    return False


async def _shop_moderation(to: Clients, turn: Turn) -> bool:
    await to.openai.moderations.create(model="omni-moderation-latest", input=turn.question, extra_headers=turn.headers)
    return False


async def _docs_embedding(to: Clients, turn: Turn) -> bool:
    await to.openai.embeddings.create(model="text-embedding-3-small", input=turn.question, dimensions=256, extra_headers=turn.headers)
    return False


async def _docs_message(to: Clients, turn: Turn) -> bool:
    system: Any = [{"type": "text", "text": _DOCS_SYSTEM, "cache_control": {"type": "ephemeral"}}]
    asked: Any = [{"role": "user", "content": turn.question}]
    async with await to.anthropic.messages.create(
        model="claude-sonnet-4-6", max_tokens=800, system=system, messages=asked, stream=True, extra_headers=turn.headers
    ) as stream:
        return await _read(stream, turn)


async def _docs_content(to: Clients, turn: Turn) -> bool:
    config = types.GenerateContentConfig(system_instruction=_DOCS_SYSTEM, http_options=types.HttpOptions(headers=turn.headers))
    async for _ in await to.gemini.models.generate_content_stream(model="gemini-2.5-flash", contents=turn.question, config=config):
        pass
    return False  # nobody gives up here: the SDK has no clean way to leave a stream


async def _docs_verdict(to: Clients, turn: Turn) -> bool:
    config = types.GenerateContentConfig(response_mime_type="application/json", response_json_schema=_VERDICT, http_options=types.HttpOptions(headers=turn.headers))
    await to.gemini.models.generate_content(model="gemini-2.5-flash", contents=turn.question, config=config)
    return False


async def _docs_response(to: Clients, turn: Turn) -> bool:
    async with await to.openai.responses.create(
        model="gpt-5-mini", instructions=_SHOP_SYSTEM, input=turn.question, reasoning={"effort": "low"}, stream=True, extra_headers=turn.headers
    ) as stream:
        return await _read(stream, turn)


Kind = Callable[[Clients, Turn], Awaitable[bool]]  # True: the user gave up


@dataclass(frozen=True, slots=True)
class App:
    """kinds: weight and call by name. with_tool: for topics that name an order."""

    name: str
    team: str
    prompt: str
    topics: tuple[Topic, ...]
    kinds: dict[str, tuple[int, Kind]]
    with_tool: tuple[str, Kind] | None = None


APPS = (
    App(
        "shop-assistant",
        "shop",
        "shop-answer@7",
        SHOP,
        {"chat-stream": (6, _shop_chat), "messages": (3, _shop_message), "moderation": (1, _shop_moderation)},
        ("chat-tools", _shop_tool),
    ),
    App(
        "doc-search",
        "knowledge",
        "handbook-answer@3",
        DOCS,
        {"embeddings": (4, _docs_embedding), "messages-stream": (3, _docs_message), "content-stream": (2, _docs_content), "content-json": (1, _docs_verdict), "responses-stream": (2, _docs_response)},
    ),
)


def _draw(rng: random.Random) -> tuple[str, Kind, Turn]:
    """What comes next: its kind, the call, the question."""
    app, env = rng.choice(APPS), rng.choices(("dev", "prod"), (2, 3))[0]
    topic = pick(app.topics, env, rng)
    if topic.tool and app.with_tool and rng.random() < 0.5:
        kind, call = app.with_tool
    else:
        kind = rng.choices(list(app.kinds), [weight for weight, _ in app.kinds.values()])[0]
        call = app.kinds[kind][1]
    question = topic.question(rng)
    if rng.random() < 0.03:
        broken = kind.endswith("-stream") and kind != "content-stream"
        question = f"{question} {rng.choice(_STREAM_FAULTS if broken else _FAULTS)}"
    user = rng.randrange(40)
    headers = {
        "x-tidegate-app": app.name,
        "x-tidegate-env": env,
        "x-tidegate-user": f"{'tester' if env == 'dev' else 'user'}-{user:02d}",
        "x-tidegate-session": f"s-{env}-{user:02d}-{rng.randrange(3)}",
        "x-tidegate-prompt": app.prompt,
        "x-tidegate-tags": f"team={app.team},channel={rng.choice(('web', 'mobile', 'api'))}",
    }
    return kind, call, Turn(question, headers, gives_up=rng.random() < 0.01)


async def run(
    base_url: str,
    seconds: float,
    *,
    rate: float = 30.0,
    concurrency: int = 64,
    seed: int = 1,
    api_key: str = "sk-demo",
    progress: Callable[[TrafficReport], None] | None = None,
) -> TrafficReport:
    """Send traffic for `seconds` to the gate at `base_url` ("http://host:port"), then wait for what is under way.

    rate: calls a second, on average.  progress: called after each call.  Errors of the SDKs are counted; any other is raised.
    """
    report, rng, free = TrafficReport(), random.Random(seed), asyncio.Semaphore(concurrency)
    clients = Clients(base_url, api_key, concurrency)
    started = time.monotonic()

    async def one(kind: str, call: Kind, turn: Turn) -> None:
        report.sent[kind] += 1
        try:
            gave_up = await call(clients, turn)
            report.given_up += gave_up
        except _EXPECTED as e:
            report.errors[type(e).__name__] += 1
        finally:
            free.release()
            if progress is not None:
                progress(report)

    due = started
    try:
        async with asyncio.timeout(seconds + _GRACE_S), asyncio.TaskGroup() as group:
            while (due := due + rng.expovariate(rate)) < started + seconds:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await free.acquire()
                group.create_task(one(*_draw(rng)))
                due = max(due, time.monotonic() - 1.0)  # a stall is not made up for by a burst
    finally:
        await clients.close()
    report.seconds = time.monotonic() - started
    return report


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.traffic", description="Traffic of two apps, by the official SDKs.")
    parser.add_argument("--base-url", default="http://127.0.0.1:8080")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=30.0, help="calls a second")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    report = asyncio.run(run(given.base_url, given.seconds, rate=given.rate, seed=given.seed))
    print(f"sent {report.total} calls in {report.seconds:.1f} s: {dict(report.sent)}")
    print(f"errors: {dict(report.errors)}; streams given up: {report.given_up}")


if __name__ == "__main__":
    main()
