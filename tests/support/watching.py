"""A client that notes exactly what it saw of each reply, and what the gate's rows must therefore say.

    async with Client(gate.base_url) as client:
        seen = await client.make(call)              never raises: what went wrong is in what was seen

`Load` makes calls at a steady rate from the outside (an open loop: a gate that is slow is not asked more slowly); `disagreements` compares
what was seen with the rows.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.support.gate import RunningGate
from tests.support.owed import DIALECTS, Call

COLUMNS = "id, session_id, outcome, error_code, status, provider, is_stream, input_tokens, output_tokens, prompt_text, request_body, reply_text, reply_body"
HUNG_S = 40.0


@dataclass(slots=True)
class Seen:
    """What came of one call. status 0: no head came.  whole: the HTTP body ended as HTTP says it must.  error: the exception's name.  Times: monotonic."""

    call: Call
    started: float
    status: int = 0
    request_id: str = ""
    body: bytes = b""
    whole: bool = False
    error: str = ""
    first: float = 0.0
    ended: float = 0.0

    @property
    def served(self) -> bool:
        """The whole reply that it is owed."""
        return self.whole and self.status == 200 and self.body == self.call.seen()

    @property
    def told(self) -> bool:
        """It has the whole reply: HTTP says so, or the dialect's own end has come (law 7; Gemini has none), whatever became of the socket then."""
        return self.whole or (self.call.streamed and self.call.dialect != "gemini" and self.body == self.call.seen())

    @property
    def seconds(self) -> float:
        return self.ended - self.started


class Client:
    """Keep-alive connections, no retries."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    async def __aenter__(self) -> Client:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=HUNG_S), auto_decompress=False)
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._session.close()

    async def make(self, call: Call, seen: Seen | None = None) -> Seen:
        """seen: to look at while the call lasts."""
        seen = seen or Seen(call, time.monotonic())
        try:
            async with self._session.post(self._base_url + call.path, data=call.body, headers=call.headers) as reply:
                seen.status = reply.status
                seen.request_id = reply.headers.get("x-tidegate-request-id", "")
                async for data in reply.content.iter_any():
                    seen.first = seen.first or time.monotonic()
                    seen.body += data
                seen.whole = True
        except (aiohttp.ClientError, OSError, TimeoutError) as e:
            seen.error = type(e).__name__
        seen.ended = time.monotonic()
        return seen

    async def status(self, path: str) -> int:
        """Of a GET; 0: no answer."""
        try:
            async with self._session.get(self._base_url + path) as reply:
                return reply.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0


def mixed(prefix: str, seed: int) -> Iterator[Call]:
    """Calls without end: the three dialects, whole and streamed, some done in a moment and some in a second or two."""
    chance = random.Random(seed)
    for number in itertools.count():
        dialect, streamed = DIALECTS[number % 3], chance.random() < 0.6
        asks = dialect == "openai" and streamed and chance.random() < 0.5
        yield Call(f"{prefix}-{number}", dialect, streamed, chance.randint(2, 20), chance.choice((0, 5, 20, 80)), asks)


class Load:
    """Calls at a steady rate, each a task. `seen` has every call that was begun."""

    def __init__(self, client: Client, calls: Iterable[Call], per_second: float) -> None:
        self.seen: list[Seen] = []
        self._client, self._calls, self._gap = client, iter(calls), 1 / per_second
        self._running: set[asyncio.Task[Seen]] = set()

    async def run(self, seconds: float) -> list[Seen]:
        """Begin calls for so long. Returns those begun; they may not have ended (see `rest`)."""
        begun: list[Seen] = []
        due = time.monotonic()
        until = due + seconds
        while due < until:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            begun.append(self._begin())
            due += self._gap
        return begun

    def _begin(self) -> Seen:
        seen = Seen(next(self._calls), time.monotonic())
        self.seen.append(seen)
        task = asyncio.create_task(self._client.make(seen.call, seen))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return seen

    async def rest(self) -> None:
        """Wait for the calls that are still under way."""
        while self._running:
            await asyncio.wait(self._running)


def rows_by_call(gate: RunningGate, prefix: str, *, part: int = 0, parts: int = 1) -> dict[str, list[dict[str, Any]]]:
    """The rows of the calls whose id begins so, by that id. Read from the store as users read it. part: only those whose number leaves it over, divided by `parts`."""
    found: dict[str, list[dict[str, Any]]] = {}
    those = f" AND toUInt32OrZero(splitByChar('-', session_id)[-1]) % {parts} = {part}" if parts > 1 else ""
    for row in gate.sql(f"SELECT {COLUMNS} FROM tidegate.exchanges WHERE startsWith(session_id, '{prefix}-'){those} ORDER BY id"):
        found.setdefault(row["session_id"], []).append(row)
    return found


def disagreements(seen: Iterable[Seen], rows: dict[str, list[dict[str, Any]]], received: Iterable[str]) -> list[str]:
    """What the rows say that was not so, one line each.

    Owed a row, exactly one: each call of which the client saw a head, or which reached the provider. A call that the gate refused before it was let
    in, or that found no gate, may have one or none.
    """
    at_provider = set(received)
    problems: list[str] = []
    for one in seen:
        found = rows.get(one.call.id, [])
        if len(found) > 1:
            problems.append(f"{one.call.id}: {len(found)} rows")
        elif not found:
            if one.status or one.call.id in at_provider:
                problems.append(f"{one.call.id}: no row; saw {one.status} {len(one.body)} bytes {one.error}")
        else:
            problems += [f"{one.call.id}: {problem}" for problem in _wrong(one, found[0])]
    return problems


def _wrong(seen: Seen, row: dict[str, Any]) -> list[str]:
    call, outcome = seen.call, row["outcome"]
    problems = []
    if seen.request_id and row["id"] != seen.request_id:
        problems.append(f"row {row['id']}, but the client was told {seen.request_id}")
    if row["request_body"].encode() != call.body and (row["request_body"] or outcome != "gateway_overloaded"):  # shed before its body was read
        problems.append(f"request_body {row['request_body'][:200]!r}")
    if outcome == "ok":
        tokens_in, tokens_out = call.tokens
        owed = {
            "status": 200, "provider": call.dialect, "is_stream": call.streamed, "reply_text": call.text, "reply_body": b"".join(call.sent()).decode(),
            "input_tokens": tokens_in, "output_tokens": tokens_out,
        }  # fmt: skip
        problems += [f"{name} is {row[name]!r}, not {value!r}" for name, value in owed.items() if row[name] != value]
    if seen.status and seen.status != 200:
        if row["status"] != seen.status or row["error_code"].encode() not in seen.body:
            problems.append(f"row says {row['status']} {row['error_code']}, the client saw {seen.status} {seen.body[:200]!r}")
    elif seen.told:
        if seen.body != call.seen():
            problems.append(f"the client was given {seen.body[-200:]!r}")
        if outcome != "ok":
            problems.append(f"{outcome}, but the reply was whole")
    elif outcome == "ok":
        # The record is closed before the end of the reply is given away: a gate killed between the two has recorded what nobody was told.
        if not call.seen().startswith(seen.body):
            problems.append(f"ok, but the client saw {seen.body[-200:]!r}")
    elif outcome not in ("gateway_crash", "gateway_shutdown"):
        problems.append(f"{outcome} {row['error_code']}, but the reply was cut by the gate ({seen.error})")
    elif not call.text.startswith(row["reply_text"]):
        problems.append(f"reply_text {row['reply_text']!r} is no beginning of {call.text!r}")
    return problems

