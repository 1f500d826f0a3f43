"""The load generator: closed loops over kept-alive connections, every reply checked to be whole.

    echo '{"port": 9001, "connections": 64, "requests": 3000}' | python tests/bench/load.py

Reads jobs from stdin, one JSON object a line (the fields of `Job`), and answers each with one JSON line (the fields of `Result`). It stays alive
between jobs, so a section does not pay for an interpreter's start. Durations are microseconds.

Rules of this file: a reply that is not 200, not the mock's byte for byte (whole), or lacks a chunk, the end, or has a usage frame nobody asked for
(streamed), is a failure and ends its connection's part; so does a connection that closes before its job is done.
"""

from __future__ import annotations

import asyncio
import collections
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import traffic
import uvloop


@dataclass(frozen=True)
class Job:
    """requests: in all; 0 with seconds: as many as fit.  gap_ms: from one request's start to the next on a connection; 0: at once.
    spread_ms: over which the connections' first requests are spread.  image_bytes, kilobyte: see traffic.request_body."""

    port: int
    connections: int = 1
    requests: int = 0
    seconds: float = 0.0
    stream: bool = False
    pace_ms: int = 0
    ask_usage: bool = False
    image_bytes: int = 0
    kilobyte: bool = False
    gap_ms: float = 0.0
    spread_ms: float = 0.0
    key: str = "sk-bench"
    timeout_s: float = 120.0


@dataclass
class Result:
    """latency, first (to the first byte of a streamed body), delay (of each chunk, from the mock's send to our receive): p50, p90, p99, max, n."""

    requests: int
    failures: int
    reasons: dict[str, int]
    seconds: float
    latency_us: dict[str, float]
    first_us: dict[str, float]
    delay_us: dict[str, float]


@dataclass
class Run:
    """What the connections of one job share."""

    job: Job
    request: bytes
    reply: bytes
    ends_at: float
    left: int
    done: asyncio.Future[None]
    active: int = 0
    latencies: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    reasons: collections.Counter[str] = field(default_factory=collections.Counter)

    def take(self) -> bool:
        """True if there is one more request to make."""
        if self.job.seconds and time.monotonic() >= self.ends_at:
            return False
        if self.job.requests:
            self.left -= 1
            return self.left >= 0
        return True

    def finished(self) -> None:
        self.active -= 1
        if self.active == 0 and not self.done.done():
            self.done.set_result(None)


class Caller(asyncio.Protocol):
    """One connection: send, wait for the whole reply, check it, again. `_received` is the kind's own."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._ended = self._waiting = False
        self._started = self._due = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def begin(self) -> None:
        """Make the first request. Called once, when all connections stand."""
        self._due = time.monotonic_ns()
        self._next()

    def _next(self) -> None:
        if self._run.take():
            now = time.monotonic_ns()
            # One that is late because the one before it was slow counts from when it should have begun.
            self._started = min(now, self._due) if self._run.job.gap_ms and now - self._due > 2_000_000 else now
            self._waiting = True
            self._reset()
            self._transport.write(self._run.request)
        else:
            self._end()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._transport.close()
            self._run.finished()

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        if not self._waiting:
            self._fail("bytes that nobody asked for")
            return
        try:
            complete = self._received(data, now)
        except ValueError as e:
            self._fail(str(e))
            return
        if complete:
            self._waiting = False
            self._run.latencies.append(now - self._started)
            gap_ns = int(self._run.job.gap_ms * 1e6)
            if gap_ns:
                self._due += gap_ns
                wait = self._due - now
                if wait > 0:
                    self._loop.call_later(wait / 1e9, self._next)
                    return
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended:
            self._fail("connection closed " + ("before the end of a reply" if self._waiting else "between two requests"))

    def _fail(self, reason: str) -> None:
        self._run.reasons[reason] += 1
        self._end()

    def _reset(self) -> None:
        raise NotImplementedError

    def _received(self, data: bytes, now: int) -> bool:
        """True when the reply is whole. Raises ValueError with what is wrong with it."""
        raise NotImplementedError


class Whole(Caller):
    """Replies that come in one piece."""

    def _reset(self) -> None:
        self._buffer = b""

    def _received(self, data: bytes, now: int) -> bool:
        self._buffer = buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            return False
        if buffer[9:12] != b"200":
            raise ValueError(f"status {buffer[9:12].decode(errors='replace')}")
        if len(buffer) - end < len(self._run.reply):
            return False
        if buffer[end:] != self._run.reply:
            raise ValueError("a reply that is not the provider's")
        return True


class Streamed(Caller):
    """Replies that come as server-sent events in chunked encoding."""

    def _reset(self) -> None:
        self._parts: list[bytes] = []
        self._tail = b""
        self._body_begun = False

    def _received(self, data: bytes, now: int) -> bool:
        self._parts.append(data)
        if not self._body_begun:
            head = data if len(self._parts) == 1 else b"".join(self._parts)
            if head[9:12] != b"200":
                raise ValueError(f"status {head[9:12].decode(errors='replace')}")
            end = head.find(b"\r\n\r\n")
            if end < 0 or len(head) == end + 4:
                return False
            self._body_begun = True
            self._run.firsts.append(now - self._started)
        at = data.rfind(traffic.STAMP_MARK)
        if at >= 0:
            at += len(traffic.STAMP_MARK)
            stamp = data[at : at + traffic.STAMP_CHARS]
            if len(stamp) == traffic.STAMP_CHARS:  # cut in two: this one goes untimed
                self._run.delays.append(now - traffic.stamped(stamp))
        self._tail = (self._tail + data)[-7:] if len(data) < 7 else data[-7:]
        if self._tail != b"\r\n" + traffic.LAST_CHUNK:
            return False
        self._check(_dechunked(b"".join(self._parts)))
        return True

    def _check(self, body: bytes) -> None:
        if (chunks := body.count(traffic.STAMP_MARK)) != traffic.CHUNKS:
            raise ValueError(f"a stream of {chunks} chunks instead of {traffic.CHUNKS}")
        if not body.endswith(traffic.DONE):
            raise ValueError("a stream without its end")
        if (usage := body.count(traffic.USAGE_MARK)) != int(self._run.job.ask_usage):
            raise ValueError(f"a stream with {usage} usage frames")


def _dechunked(reply: bytes) -> bytes:
    """The body of a chunked reply. Raises ValueError if its framing is broken."""
    at = reply.index(b"\r\n\r\n") + 4
    body: list[bytes] = []
    while True:
        end = reply.index(b"\r\n", at)
        size = int(reply[at:end], 16)
        if size == 0:
            return b"".join(body)
        body.append(reply[end + 2 : end + 2 + size])
        if reply[end + 2 + size : end + 4 + size] != b"\r\n":
            raise ValueError("a chunk that is not as long as it says")
        at = end + 4 + size


def summary(samples: list[int]) -> dict[str, float]:
    """Percentiles (nearest rank) in microseconds of samples in nanoseconds; n alone where there are none."""
    if not samples:
        return {"n": 0}
    ordered = sorted(samples)
    last = len(ordered) - 1
    return {name: ordered[min(last, int(share * len(ordered)))] / 1e3 for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))} | {"n": len(ordered)}


async def perform(job: Job) -> Result:
    """Do one job."""
    loop = asyncio.get_running_loop()
    body = traffic.request_body(stream=job.stream, pace_ms=job.pace_ms, ask_usage=job.ask_usage, image_bytes=job.image_bytes, kilobyte=job.kilobyte)
    head = f"POST {traffic.PATH} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\nAuthorization: Bearer {job.key}\r\nUser-Agent: tidegate-bench\r\nAccept: */*\r\n"
    request = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    run = Run(job, request, traffic.reply_body(kilobyte=job.kilobyte), 0.0, job.requests, loop.create_future())
    made: list[Caller] = []
    for _ in range(job.connections):
        connected: tuple[Any, Caller] = await loop.create_connection(lambda: (Streamed if job.stream else Whole)(run), "127.0.0.1", job.port)
        made.append(connected[1])
    run.active = len(made)
    began = time.monotonic()
    run.ends_at = began + job.seconds
    for place, caller in enumerate(made):
        loop.call_later(job.spread_ms / 1000 * place / len(made), caller.begin)
    try:
        async with asyncio.timeout(job.timeout_s):
            await run.done
    except TimeoutError:
        run.reasons[f"no whole reply within {job.timeout_s:g} s"] += run.active
    return Result(
        len(run.latencies),
        run.reasons.total(),
        dict(run.reasons),
        time.monotonic() - began,
        summary(run.latencies),
        summary(run.firsts),
        summary(run.delays),
    )


def _give_up(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An error in a callback is one of this file's own: no figure may come out of it."""
    loop.default_exception_handler(context)
    os._exit(1)


async def main() -> None:
    """Jobs in, results out, until stdin ends."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_give_up)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            result = asdict(await perform(Job(**json.loads(line))))
        except OSError as e:
            result = asdict(Result(0, 1, {f"no connection: {e.strerror}": 1}, 0.0, {}, {}, {}))
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
