"""An order to stop, at a whole worker: who is sending a head, and who has not read his answer yet, is seen off first."""

from __future__ import annotations

import asyncio
import signal
import socket

import pytest

from tests.support.lone import LoneWorker
from tests.support.proxy import chunked, ok, post, provider, replying, split, upstream

ANSWER = ok(b'{"a":"' + b"x" * 8_000_000 + b'"}')  # more than lies with two kernels


async def _rest(client: socket.socket) -> bytes:
    loop, found = asyncio.get_running_loop(), b""
    async with asyncio.timeout(60):
        while piece := await loop.sock_recv(client, 1 << 20):
            found += piece
    return found


@pytest.mark.covers("G3")
@pytest.mark.parametrize("close", [True, False])
async def test_who_is_still_reading_or_sending_when_the_worker_stops_is_seen_off(tmp_path, close):
    """Of one the answer is written, but not yet taken; of the other half a head is here. Neither counts as an exchange under way; the worker ends behind both."""
    loop = asyncio.get_running_loop()
    async with upstream(replying(ANSWER)) as up:
        with LoneWorker(tmp_path, provider(up.port)) as worker, socket.socket() as reads, socket.socket() as sends, socket.socket() as idle:
            assert worker.process is not None
            reads.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            for client, sent in ((reads, post("/v1/x", b"{}", close=close)), (sends, b"GET /-/healthy HTTP/1.1\r\nHos"), (idle, b"")):
                client.setblocking(False)
                await loop.sock_connect(client, ("127.0.0.1", worker.port))
                await loop.sock_sendall(client, sent)
            found = b""
            async with asyncio.timeout(60):
                while not up.requests or worker.page()["inflight"]:
                    found += await loop.sock_recv(reads, 1 << 14)
            worker.process.send_signal(signal.SIGTERM)
            assert await _rest(idle) == b""  # it leaves
            await loop.sock_sendall(sends, b"t: g\r\n\r\n")
            assert split(await _rest(sends))[0] == 200
            assert len(split(found + await _rest(reads))[2]) == len(split(ANSWER)[2])
            assert await asyncio.to_thread(worker.process.wait, 60) == 0


@pytest.mark.covers("G3")
async def test_what_is_read_on_for_the_bill_when_the_worker_stops_has_its_row(tmp_path):
    """`on_disconnect: drain`, and the client has left before the order came: no connection is left to tell of the exchange, and the time for it is cut short."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(b"data: {}\n\n", end=False))
        await reader.read()

    async with upstream(script) as up:
        with LoneWorker(tmp_path, provider(up.port, more="on_disconnect: drain"), server={"drain_s": 60}) as worker:
            assert worker.process is not None
            with socket.socket() as client:
                client.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(client, ("127.0.0.1", worker.port))
                await loop.sock_sendall(client, post("/v1/chat/completions", b'{"stream":true}'))
                assert await loop.sock_recv(client, 4096)
            async with asyncio.timeout(60):
                while worker.page()["connections"]:
                    await asyncio.sleep(0.02)  # another process's page
                worker.process.send_signal(signal.SIGTERM)
                while not worker.page()["draining"]:
                    await asyncio.sleep(0.02)  # as above
            worker.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(worker.process.wait, 60) == 0
        assert worker.outcomes() == ["gateway_shutdown"]


SLOW_GUARD = """
import asyncio, os
from gateway.proxy import worker
from gateway.proxy.guard import Guard
from gateway.proxy.warmup import Warmup

async def answer(self, ask, deadline_s):
    while not os.path.exists({!r}):
        await asyncio.sleep(0.01)
    return [[] for _ in ask.texts]

Guard.answer, Warmup.ready, worker.NOTICE_S = answer, property(lambda self: True), 0.0
"""
WATCHED = "detectors: {custom: {mine: {kinds: [MINE], webhook: 'http://127.0.0.1:9/', allow_private: true}}}\nguardrails: [{name: one, detector: mine, on: [request], action: flag}]"


@pytest.mark.covers("G3")
async def test_whose_client_left_while_a_guard_looked_has_its_row_when_the_worker_stops(tmp_path):
    """Neither a connection nor a provider is waited for then: the worker would be gone before there was anything on record of an exchange that it had counted."""
    done = tmp_path / "done"
    with LoneWorker(tmp_path, provider(1), more=WATCHED, before=SLOW_GUARD.format(str(done))) as worker:
        assert worker.process is not None
        with socket.create_connection(("127.0.0.1", worker.port)) as client:
            client.sendall(post("/v1/chat/completions", b'{"messages":[{"role":"user","content":"hello there"}]}'))
            async with asyncio.timeout(60):
                while not worker.page()["inflight"]:
                    await asyncio.sleep(0.02)  # another process's page
        async with asyncio.timeout(60):
            while worker.page()["connections"]:
                await asyncio.sleep(0.02)  # as above
        worker.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            while not worker.page()["draining"] and worker.process.poll() is None:
                await asyncio.sleep(0.02)  # as above
        done.touch()
        assert await asyncio.to_thread(worker.process.wait, 60) == 0
        assert worker.outcomes() == ["caller_cancelled"]
