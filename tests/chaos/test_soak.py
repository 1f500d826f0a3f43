"""Nothing is left behind by exchanges that go wrong: objects, bytes and files of a worker stand still, whichever way they fail. The long form is `make soak` (tests/bench/soak.py)."""

from __future__ import annotations

import asyncio
import gc
import math
import os
import random
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.gate import free_port
from tests.support.proxy import Gate, Upstream, chunked, gate, ok, post, provider, upstream
from tests.support.slopes import blocks, slope

EACH = 12  # exchanges in a round: of whatever one leaves behind, a round leaves so many
ROUNDS = 3
MOST_ROUNDS = 12  # before something is called a leak
AT_A_TIME = 6
STRAY_BYTES = 600  # per exchange, of which buffers and caches are: a body that is left behind has PADDING
PADDING = "y" * 3000
KEY = "authorization: Bearer sk-simulated-" + "0123456789"
CARD = "4111 1111 1111 " + "1111"
PROVIDER_FAULTS = ("well", "500", "503", "redirect", "garbage", "cut", "broken-stream", "no-json", "nothing", "silent")
MORE = """retries: {per_request: 1, on: [overloaded]}
breaker: {failures: 3, open_s: 0.01, open_max_s: 0.02}
server: {max_body_bytes: 20000}
guardrails:
  - {name: cards, apps: [blocked], detector: pii, kinds: [CREDIT_CARD], on: request, action: block, tier: patterns}
  - {name: masked, apps: [masked], detector: pii, on: [request, reply], action: mask, tier: patterns}
"""


async def _provider(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while request := await up.read_request(reader):
        up.requests.clear()  # it is not this side that is looked at
        fault = next((each for each in PROVIDER_FAULTS if f"do-{each} ".encode() in request), "well")
        body = b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "' + PADDING.encode() + b'"}}]}'
        if fault in ("500", "503"):
            writer.write(ok(b'{"error": {"message": "no"}}').replace(b"200 OK", fault.encode() + b" No"))
        elif fault == "redirect":
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")
        elif fault == "garbage":
            writer.write(b"\x16\x03\x01 nothing of HTTP\r\n\r\n")
        elif fault == "cut":
            writer.write(ok(body)[:-40])
        elif fault == "broken-stream":
            writer.write(chunked(b'data: {"choices": [{"index": 0, "delta": {"content": "' + PADDING.encode() + b'"}}]}\n\n', b"data: {", end=False))
        elif fault == "silent":
            writer.write(chunked(b'data: {"choices": [{"index": 0, "delta": {"content": "a"}}]}\n\n', end=False))
            await writer.drain()
            await reader.read()  # until the gate gives it up
            return
        elif fault == "no-json":
            writer.write(ok(b"<html>" + body))
        elif fault == "well":
            writer.write(ok(body))
        await writer.drain()
        if fault in ("garbage", "cut", "broken-stream", "nothing"):
            return


def _asked(fault: str, *headers: str, path: str = "/up/v1/chat/completions") -> bytes:
    return post(path, b'{"model": "m", "messages": [{"role": "user", "content": "do-%b %b"}]}' % (fault.encode(), PADDING.encode()), KEY, *headers)


async def _leaves(g: Gate) -> None:
    """A client that goes in the middle of a stream."""
    reader, writer = await g.connect()
    writer.write(_asked("silent"))
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


Act = Callable[[Gate], Awaitable[object]]


def _sends(raw: bytes) -> Act:
    return lambda g: g.ask(raw)


ACTS: dict[str, Act] = {
    **{fault: _sends(_asked(fault)) for fault in PROVIDER_FAULTS if fault != "silent"},
    "masked": _sends(_asked(f"well my card is {CARD}", "x-tidegate-app: masked")),
    "blocked": _sends(_asked(f"well my card is {CARD}", "x-tidegate-app: blocked")),
    "masked broken stream": _sends(_asked("broken-stream", "x-tidegate-app: masked")),
    "guarded no json": _sends(_asked("no-json", "x-tidegate-app: masked")),
    "leaves": _leaves,
    "closed": _sends(_asked("well", path="/closed/v1/chat/completions")),
    "unknown": _sends(_asked("well", path="/nobody/x")),
    "large": _sends(post("/up/v1/chat/completions", b"z" * 30_000, KEY)),
    "not json": _sends(post("/up/v1/chat/completions", b'{"a": ' * 40, KEY, "x-tidegate-app: masked")),
    "wrong key": _sends(post("/up/v1/chat/completions", b"{}", "x-tidegate-key: tg-" + "a" * 40)),
    "smuggled": _sends(b"POST /up/v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"),
}


async def _grown(g: Gate, act: Act) -> tuple[int, int, int]:
    """Objects, bytes and files that every round left behind: the least of the rounds, because caches fill once and a leak never ceases."""
    found: list[tuple[int, ...]] = []
    before = (0, 0, 0)
    gc.freeze()  # what was there before is not looked at again and again
    for number in range(MOST_ROUNDS + 1):
        if number > ROUNDS and not _leaks(_least(found)):
            break
        for _ in range(0, EACH, AT_A_TIME):
            await asyncio.gather(*(act(g) for _ in range(AT_A_TIME)))
        async with asyncio.timeout(60):
            while g.worker.vitals.get("inflight") or g.worker.server.connections:
                await asyncio.sleep(0.01)  # a worker's page tells, and calls nobody
        gc.collect()
        now = (len(gc.get_objects()), tracemalloc.get_traced_memory()[0], len(os.listdir("/proc/self/fd")))
        found.append(tuple(after - earlier for after, earlier in zip(now, before, strict=True)))
        before = now
    return _least(found)


def _least(found: list[tuple[int, ...]]) -> tuple[int, int, int]:
    return tuple(min(each) for each in zip(*found[1:], strict=True))


def _leaks(grown: tuple[int, int, int]) -> bool:
    return grown[0] >= EACH or grown[1] >= EACH * STRAY_BYTES or grown[2] > 0


@pytest.mark.slow
@pytest.mark.covers("G17")
async def test_no_way_of_failing_leaves_anything_behind(tmp_path: Path) -> None:
    """A gate that leaks only when things fail dies in the night in which everything fails."""
    grown = {}
    async with upstream(_provider) as up, gate(tmp_path, provider(up.port) + provider(free_port(), name="closed"), more=MORE) as g:
        tracemalloc.start()
        try:
            for name, act in ACTS.items():
                grown[name] = await _grown(g, act)
        finally:
            tracemalloc.stop()
        assert len(g.exchanges()) >= (len(ACTS) - 1) * (ROUNDS + 1) * EACH
    leaks = {name: each for name, each in grown.items() if _leaks(each)}
    assert leaks == {}, f"objects, bytes, files in a round of {EACH}: {leaks}"


async def test_a_leak_would_be_seen(tmp_path: Path) -> None:
    """The measure itself: one object, one body, one file for each exchange."""
    kept: list[object] = []
    leaking: dict[str, Act] = {}

    def leaks(name: str, make: Callable[[], object]) -> None:
        async def act(g: Gate) -> None:
            kept.append(make())

        leaking[name] = act

    leaks("object", lambda: {"a": []})
    leaks("bytes", lambda: bytes(bytearray(3000)))
    leaks("file", lambda: os.open(tmp_path, os.O_RDONLY))
    async with upstream(_provider) as up, gate(tmp_path, provider(up.port)) as g:
        tracemalloc.start()
        found = {name: await _grown(g, act) for name, act in leaking.items()}
        tracemalloc.stop()
    for fd in kept:
        if isinstance(fd, int):
            os.close(fd)
    assert found["object"][0] >= EACH and found["bytes"][1] >= EACH * STRAY_BYTES and found["file"][2] >= EACH


def test_slopes_say_what_grows_and_what_does_not() -> None:
    """The long form's judge: noise and wild samples make nothing grow, a slow leak under them is seen."""
    chance = random.Random(5)

    def samples(per_hour: float) -> list[tuple[float, float]]:
        noisy = [(at, 80.0 + per_hour * at / 3600 + chance.gauss(0, 0.4)) for at in range(600, 1800, 5)]
        return [(at, value + (60.0 if chance.random() < 0.05 else 0.0)) for at, value in noisy]

    flat, growing = slope(blocks(samples(0.0), 30.0)), slope(blocks(samples(12.0), 30.0))
    assert flat.verdict(4.0) == "flat" and abs(flat.value) < 1.5 and flat.points == 40
    assert growing.verdict(4.0) == "grows" and growing.low < 12.0 < growing.high
    assert slope([(0.0, 1.0), (60.0, 2.0)]).low == -math.inf
