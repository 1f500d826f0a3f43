"""Floods, against a worker in a process of its own: it keeps below its ceilings, what is in flight ends well, and it serves again when they are over.

The figures (goodput at four times the capacity, healthy clients beside 5,000 dripping sockets, a noisy neighbour) are measured by tests/bench/overload.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from typing import Any

import pytest

from tests.support.lone import LoneWorker
from tests.support.proxy import Upstream, chunked, ok, post, provider, split, unchunk, upstream

CHAT = "/v1/chat/completions"
MB = 1 << 20
LONG = os.environ.get("TIDEGATE_CHAOS") == "long"


def run(coroutine: Any) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 300))


async def ask(port: int, raw: bytes) -> bytes:
    """Everything that comes until the gate closes; b"" if it did so at once."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        return await asyncio.wait_for(reader.read(), 60)
    except ConnectionError:
        return b""
    finally:
        if writer is not None:
            writer.close()


async def until(so: Any, within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)  # a worker's page tells, and calls nobody


@pytest.mark.covers("G2")
def test_a_flood_of_bodies_stays_below_the_ceiling(tmp_path):
    """Forty clients that send eight megabytes each have more than the worker may hold; its streams must not pay for that with their lives."""
    clients, size, limit = (200, 32_000_000, 300 * MB) if LONG else (40, 8_000_000, 256 * MB)

    async def main() -> None:
        begun, flooded = asyncio.Event(), asyncio.Event()
        events = [b'data: {"n": %d}\n\n' % n for n in range(50)] + [b"data: [DONE]\n\n"]

        async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while request := await up.read_request(reader):
                up.requests.clear()  # they are large
                if b'"stream"' not in request[-200:]:
                    writer.write(ok(b"{}"))
                    continue
                whole = chunked(*events)
                writer.write(whole[:400])
                begun.set()
                await flooded.wait()
                writer.write(whole[400:])

        async def flood(port: int) -> int:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode())
                with contextlib.suppress(ConnectionError):
                    for _ in range(size // 64_000):
                        writer.write(b" " * 64_000)
                        await asyncio.wait_for(writer.drain(), 60)
                with contextlib.suppress(ConnectionError):
                    answer = await asyncio.wait_for(reader.read(), 60)
                    return split(answer)[0] if answer else 0
                answer = bytes(reader._buffer)  # what came before the connection was cut
                return split(answer)[0] if answer else 0
            finally:
                writer.close()

        async with upstream(script) as up:
            with LoneWorker(tmp_path, provider(up.port), server={"memory_bytes": limit}) as worker:
                stream = asyncio.ensure_future(ask(worker.port, post(CHAT, b'{"stream": true}')))
                await begun.wait()
                answers = await asyncio.gather(*(flood(worker.port) for _ in range(clients)))
                flooded.set()
                assert b"".join(unchunk((await stream).partition(b"\r\n\r\n")[2])) == b"".join(events)
                assert worker.page()["memory_limit_bytes"] == limit
                assert worker.peak_bytes() < limit
                assert set(answers) <= {200, 503, 0}
                assert worker.page()["shed_memory"] > 0
                await until(lambda: worker.page()["rss_bytes"] < 0.75 * limit)
                assert split(await ask(worker.port, post(CHAT, b"{}")))[0] == 200
                assert "gateway_error" not in worker.outcomes()

    run(main())


@pytest.mark.covers("G11")
def test_a_worker_without_files_still_journals_and_reaches_its_provider(tmp_path):
    """Clients can open more connections than a process may have files; what was let in must not starve for it."""

    async def main() -> None:
        async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await up.read_request(reader):
                writer.write(ok(b"{}"))

        async with upstream(script) as up:
            with LoneWorker(tmp_path, provider(up.port), server={"queue_s": 60}, more="record: {segment_bytes: 1048576}", files=220) as worker:
                clients = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", worker.port) for _ in range(400)))
                turned_away = [each for each in clients if each[0] is not None]
                reading = [asyncio.ensure_future(reader.read(1)) for reader, _ in turned_away]
                await until(lambda: sum(not each.done() for each in reading) <= 220 - 64)
                done, held = await asyncio.wait(reading, timeout=2.0)  # whether more than those are told
                assert len(done) == 400 - len(held)  # told at once, each of them
                assert worker.page()["shed_files"] > 0
                for task in held:
                    task.cancel()
                await asyncio.gather(*held, return_exceptions=True)
                kept = [client for client, task in zip(clients, [None] * len(clients), strict=True) if not client[0].at_eof() and client[0].exception() is None]
                body = b'{"x": "' + b"y" * 60_000 + b'"}'

                async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
                    try:
                        writer.write(post(CHAT, body))
                        return split(await asyncio.wait_for(reader.read(), 60))[0]
                    except (ConnectionError, ValueError, IndexError):
                        return 0

                statuses = await asyncio.gather(*(once(*client) for client in kept))
                served = statuses.count(200)
                assert served >= len(held)  # all of those that were held, at once, through the few files that are left
                assert worker.open_files() < 220
                assert len(worker.segments()) >= served * len(body) // MB  # new ones were begun meanwhile
                assert worker.outcomes().count("ok") == served
                assert worker.page()["journal_lost"] == 0
                for _, writer in clients:
                    writer.close()
                await until(lambda: worker.open_files() < 100)
                assert split(await ask(worker.port, post(CHAT, b"{}")))[0] == 200

    run(main())


@pytest.mark.covers("U16", "C4")
def test_those_who_drip_are_ended_and_cost_the_others_nothing(tmp_path):
    """A hundred providers and as many clients that send a byte now and then hold neither the loop nor anybody's place."""
    drips = 500 if LONG else 60

    async def main() -> None:
        over = asyncio.Event()

        async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while request := await up.read_request(reader):
                if b"drip" not in request:
                    writer.write(ok(b"{}"))
                    continue
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                while not over.is_set():
                    writer.write(b"3\r\n:\n\n\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.2)  # the pace of the stream

        async def slow_body(port: int) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n".encode())
            answer = asyncio.ensure_future(reader.readuntil(b"\r\n\r\n"))
            while not answer.done():
                writer.write(b" ")
                await asyncio.wait({answer}, timeout=0.2)
            writer.close()
            return await answer

        async with upstream(script) as up:
            timeouts = "timeouts: {total_s: 4}"
            with LoneWorker(tmp_path, provider(up.port, more=timeouts), server={"max_inflight": drips + 20, "body_timeout_s": 4}) as worker:
                slow = [asyncio.ensure_future(ask(worker.port, post(CHAT, b'{"stream": true, "m": "drip"}'))) for _ in range(drips)]
                slow += [asyncio.ensure_future(slow_body(worker.port)) for _ in range(drips)]
                await until(lambda: worker.page()["inflight"] >= 2 * drips or any(task.done() for task in slow))
                healthy = [split(await ask(worker.port, post(CHAT, b"{}")))[0] for _ in range(50)]
                assert healthy == [200] * 50
                answers = await asyncio.gather(*slow)
                assert {split(answer)[0] for answer in answers[drips:]} == {408}
                assert all(b"provider_timeout" in answer for answer in answers[:drips])
                over.set()
                outcomes = worker.outcomes()
                assert (outcomes.count("provider_timeout"), outcomes.count("caller_timeout")) == (drips, drips)

    run(main())
