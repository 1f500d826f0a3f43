"""`durability: strict`: nothing is promised that is not on disk. And what happens where there is no room."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import threading

import pytest

from gateway.exchange import Outcome
from gateway.journal import Kind
from gateway.record.capture import capture
from tests.support.proxy import chunked, gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"
STRICT = "durability: strict"
EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
DONE = b"data: [DONE]\n\n"


@pytest.fixture
def disk(monkeypatch):
    """A disk whose syncs wait for permission: `disk.release()` lets one through, `disk.asked` counts them."""

    class Disk:
        def __init__(self):
            self.asked, self.error, self._permits = 0, None, threading.Semaphore(0)

        def release(self, n=1):
            self._permits.release(n)

        def sync(self, fd):
            if threading.current_thread() is threading.main_thread():
                return  # the journal being shut, at the end of a test
            self.asked += 1
            assert self._permits.acquire(timeout=60)
            if self.error:
                raise OSError(self.error, os.strerror(self.error))

    disk = Disk()
    monkeypatch.setattr("gateway.journal.os.fdatasync", disk.sync)
    yield disk
    disk.release(100)


async def _until(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.covers("D5")
@pytest.mark.parametrize("reply", [ok(b'{"whole":1}'), chunked(EVENT, DONE)])
async def test_provider_and_client_wait_for_the_disk(tmp_path, disk, reply):
    """The request is on disk before the provider hears of it, the reply before the client is given its end."""
    async with upstream(replying(reply)) as up, gate(tmp_path, provider(up.port), more=STRICT) as g:
        asking = asyncio.create_task(g.ask(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}')))
        await _until(lambda: disk.asked == 1)
        assert up.connections == 0
        disk.release()
        await _until(lambda: disk.asked == 2)
        assert len(up.requests) == 1 and not asking.done()
        assert g.exchanges()[0][2] is not None
        disk.release()
        status, _, body = split(await asking)
        assert (status, body) == (200, b'{"whole":1}' if reply.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: application/json") else EVENT + DONE)


@pytest.mark.covers("D5", "D6")
async def test_a_disk_that_fails_before_the_provider_is_asked_is_a_503(tmp_path, disk):
    """Under strict a call that cannot be put on record is not made: it would be billed and forgotten."""
    disk.error = errno.EIO
    disk.release(50)
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=STRICT) as g:
        status, headers, body = split(await g.ask(post(CHAT, b"{}")))
        assert (status, json.loads(body)["error"]["code"], headers["x-tidegate-error-source"]) == (503, "record_unavailable", "gateway")
        assert headers["x-should-retry"] == "true" and up.connections == 0


@pytest.mark.covers("D5", "D6")
async def test_a_disk_that_fails_before_the_end_is_given_cuts_the_reply(tmp_path, disk):
    """A promise that cannot be kept is not made: the client sees a cut connection, never a complete reply without a record."""
    disk.release()
    async with upstream(replying(ok(b'{"whole":1}'))) as up, gate(tmp_path, provider(up.port), more=STRICT) as g:
        asking = asyncio.create_task(g.ask(post(CHAT, b"{}")))
        await _until(lambda: disk.asked == 2)
        disk.error = errno.EIO
        disk.release(50)
        try:
            answer = await asking
        except ConnectionError:
            answer = b""
        assert b'{"whole":1}' not in answer


@pytest.mark.covers("D5", "G3")
async def test_what_comes_to_disk_during_the_last_cut_off_has_its_close_frame(tmp_path, disk):
    """While the others' last words go to disk, a request comes to it, too, and is sent on: it is cut off as they were, and nobody is left to notice later."""

    async def silent(up, reader, writer):
        while await up.read_request(reader):
            pass

    async with upstream(silent) as up, gate(tmp_path, provider(up.port, more="on_disconnect: drain"), more=STRICT) as g:
        first = asyncio.create_task(g.ask(post(CHAT, b"{}")))
        await _until(lambda: disk.asked == 1)
        disk.release()
        await _until(lambda: len(up.requests) == 1)
        g.worker.ingress.draining = True
        second = asyncio.create_task(g.ask(post(CHAT, b"{}")))
        await _until(lambda: disk.asked == 2)  # its open frame waits for the disk
        leaving = asyncio.create_task(g.worker._cut_off())
        disk.release()
        await _until(lambda: len(up.requests) == 2)
        disk.release(100)
        await leaving
        assert [closed and closed.outcome for _, _, closed, _ in g.exchanges()] == ["gateway_shutdown", "gateway_shutdown"]
        for asked in (first, second):
            await asyncio.wait([asked])


@pytest.mark.covers("D1")
async def test_without_room_bodies_go_first_and_the_relay_goes_on(tmp_path, monkeypatch):
    """A full journal costs bodies, then rows, and counts both; apps notice nothing (law 4)."""
    real, room = os.writev, 10**9

    def writev(fd, buffers):
        if sum(map(len, buffers)) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, buffers)

    monkeypatch.setattr("gateway.journal.os.writev", writev)
    async with upstream(replying(ok(b'{"x":"' + b"y" * 5000 + b'"}'))) as up, gate(tmp_path, provider(up.port)) as g:
        room = 2000
        assert split(await g.ask(post(CHAT, b'{"x":"' + b"z" * 5000 + b'"}')))[0] == 200
        ((opened, request, closed, reply),) = g.exchanges()
        assert (opened.body_note, request, closed.body_note, reply) == ("dropped_disk", b"", "dropped_disk", b"")
        assert (closed.outcome, g.worker.journal.bodies_lost, g.worker.journal.lost) == (Outcome.OK, 2, 0)
        room = 0
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
        assert (len(g.exchanges()), g.worker.journal.lost) == (1, 1)
        room = 10**9  # both frames were owed: without the close frame an open one would hold a segment for ever, and without the open frame nobody knows who asked for what
        await _until(lambda: len(g.frames()) == 4)
        late = capture(g.frames()[-1].id, "s", g.frames()[2:])
        assert late.opened is not None and late.closed is not None
        assert (late.opened.endpoint, late.request_note, late.closed.outcome, late.reply_note) == (CHAT, "dropped_disk", Outcome.OK, "dropped_disk")


@pytest.mark.covers("D1")
async def test_a_row_whose_open_frame_found_no_room_still_says_who_asked(tmp_path, monkeypatch):
    """An owner who looks up what happened while the disk was full must see it under the app, with its end: what is known when there is room again is written then."""
    real, full = os.writev, False

    def writev(fd, buffers):
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, buffers)

    async def script(up, reader, writer):
        nonlocal full
        await up.read_request(reader)
        full = False  # between its two frames
        writer.write(ok(b"{}"))

    monkeypatch.setattr("gateway.journal.os.writev", writev)
    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        full = True
        assert split(await g.ask(post(CHAT, b"{}", "x-tidegate-app: shop")))[0] == 200
        ((opened, request, closed, reply),) = g.exchanges()
        assert closed is not None
        assert (opened.app, opened.endpoint, opened.body_note, request, closed.status, reply) == ("shop", CHAT, "dropped_disk", b"", 200, b"{}")


@pytest.mark.covers("D1", "D5")
async def test_strict_gives_no_end_that_is_not_on_record(tmp_path, monkeypatch):
    """Where the close frame finds no room, the client sees a cut connection and not a reply without a row."""
    real = os.writev

    def writev(fd, buffers):
        if buffers[0][5] == Kind.CLOSE:  # after the magic and the version
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, buffers)

    monkeypatch.setattr("gateway.journal.os.writev", writev)
    async with upstream(replying(ok(b'{"whole":1}'))) as up, gate(tmp_path, provider(up.port), more=STRICT) as g:
        try:
            answer = await g.ask(post(CHAT, b"{}"))
        except ConnectionError:
            answer = b""
        assert b"whole" not in answer and len(up.requests) == 1


async def test_half_a_frame_is_undone(tmp_path, monkeypatch):
    """A write cut short by the disk must not leave half a frame in front of the next whole one."""
    real, cut = os.writev, True

    def writev(fd, buffers):
        if cut:
            return os.write(fd, b"".join(buffers)[:50])
        return real(fd, buffers)

    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        monkeypatch.setattr("gateway.journal.os.writev", writev)
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
        cut = False
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
        assert [closed.outcome for _, _, closed, _ in g.exchanges()] == ["ok"]


@pytest.mark.covers("D5", "G3")
async def test_whose_client_left_before_the_disk_had_the_request_has_its_close_frame_when_the_worker_stops(tmp_path, disk):
    """No connection is left to tell of it, and it waits for no provider: an open frame alone would be read as a crash."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=STRICT) as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, b"{}"))
        await _until(lambda: disk.asked == 1)
        writer.transport.abort()
        await _until(lambda: not g.worker.server.connections)
        await g.worker._cut_off()
        disk.release(100)
        assert [closed and (closed.outcome, closed.status) for _, _, closed, _ in g.exchanges()] == [("gateway_shutdown", 0)]
        assert not up.requests and not g.worker.server.forsaken
