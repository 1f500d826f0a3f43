"""Providers that send too much of one thing, or too little at a time: what it costs the gate, and whoever else is served."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from functools import partial

import pytest

from gateway.dialects.sse import UsageFrameFilter
from tests.support.enriched import rows
from tests.support.growth import assert_linear
from tests.support.proxy import Upstream, gate, ok, post, provider, replying, upstream
from tests.support.raw import RawClient
from tests.support.stalls import Apart, assert_calm
from tests.support.unhurried import unhurried

CHAT = "/v1/chat/completions"
MASKS = "guardrails:\n  - {name: s, detector: secrets, on: reply, action: mask}\n"
PIECE = b"x" * (1 << 18)
DRIPS = 500


def rss() -> int:
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.covers("U12")
@pytest.mark.parametrize("guarded", [False, True], ids=["plain", "guarded"])
async def test_a_line_of_64_mb_is_never_held(tmp_path, guarded):
    """Without a rule it is passed on as it comes, byte for byte; under one it ends at the guard's bound in an error, because half a line cannot be judged. Memory knows nothing of its length either way."""
    sent = peak = 0

    async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent, peak
        await up.read_request(reader)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n')
        for _ in range(256):
            writer.write(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
            await writer.drain()
            sent += len(PIECE)
            peak = max(peak, rss())
        writer.write(b"2\r\n\n\n\r\n0\r\n\r\n")
        await writer.drain()

    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=MASKS if guarded else "") as g, RawClient(g.port, limit=1 << 16) as client:
        before = rss()
        client.send(post(CHAT, b'{"model":"m","stream":true}'))
        got, last = 0, b""
        while piece := await asyncio.wait_for(client.reader.read(1 << 18), 60):
            got, last = got + len(piece), (last + piece)[-4096:]
        ((_, _, closed, _),) = g.exchanges()
        assert closed is not None
        if guarded:
            assert b"reply_unreadable" in last and sent < 256 * len(PIECE) and got < len(PIECE) and closed.error_code == "reply_unreadable"
        else:
            assert got > 256 * len(PIECE) and last.endswith(b"\n\n\r\n0\r\n\r\n") and closed.reply_bytes == 256 * len(PIECE) + 8
        assert peak - before < 48 << 20


@pytest.fixture
def many_files() -> Iterator[None]:
    """Room for the sockets of all sides, which here are one process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 16_384)) if hard != resource.RLIM_INFINITY else 16_384, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.covers("U16")
def test_five_hundred_drips_end_at_their_time_and_hold_up_nobody(tmp_path, many_files):
    """A provider that sends a byte now and then resets every clock but the one for the whole: that ends each, as a timeout. Meanwhile others are served, and no turn of the loop grows with their number."""
    dripping, answers = 0, list[bytes]()

    async def drips(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal dripping
        await up.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n:\r\n")
        dripping += 1
        while True:
            await asyncio.sleep(0.4)  # the drip
            writer.write(b"1\r\na\r\n")
            await writer.drain()

    async def dripped(port: int) -> bytes:
        async with RawClient(port) as client:
            client.send(post("/slow/v1/chat/completions", b"{}"))
            return await client.rest()

    async def main(port: int) -> list[bytes]:
        waiting = [asyncio.create_task(dripped(port)) for _ in range(DRIPS)]
        async with asyncio.timeout(60):
            while dripping < DRIPS and not all(task.done() for task in waiting):
                await asyncio.sleep(0.02)  # nobody calls
            apart.stalls.clear()
            served = 0
            async with RawClient(port) as client:
                while served < 20 or not any(task.done() for task in waiting):
                    client.send(post("/well/v1/chat/completions", b"{}", close=False))
                    reply = await client.reply()
                    assert reply is not None and (reply.status, reply.body) == (200, b"{}")
                    served += 1
                    await asyncio.sleep(0.01)  # the pace of a caller that is well
            return await asyncio.gather(*waiting)

    with Apart(lambda: upstream(drips)) as slow, Apart(lambda: upstream(replying(ok(b"{}")))) as well:
        lines = provider(slow.value.port, name="slow", more="timeouts: {first_byte_s: 30, idle_s: 30, total_s: 4}") + provider(well.value.port, name="well")
        with unhurried() as patient, Apart(lambda: gate(tmp_path, lines, more=patient)) as apart:

            def scene() -> None:
                nonlocal answers, dripping
                dripping = 0
                answers = asyncio.run(main(apart.value.port))

            assert_calm(apart, scene, bar_s=0.5)
            codes = {row.error_code for row in rows(apart.value.worker, tmp_path) if row.provider == "slow"}
    assert dripping == len(answers) == DRIPS and codes == {"provider_timeout"}
    assert not any(answer.endswith(b"\r\n0\r\n\r\n") for answer in answers)


@pytest.mark.covers("U12")
def test_a_long_line_costs_its_length_however_small_its_pieces():
    """What is held of an event must not be copied for each piece of it: a provider that sends 16 MB of one line in kilobytes had cost a hundred seconds of a worker."""

    def pushes(pieces: int) -> None:
        whole = UsageFrameFilter()
        out = len(whole.push(b"data: ")) + sum(len(whole.push(b"x" * 1024)) for _ in range(pieces)) + len(whole.finish())
        assert out == 6 + pieces * 1024

    assert_linear(lambda pieces: partial(pushes, pieces), 8000)
