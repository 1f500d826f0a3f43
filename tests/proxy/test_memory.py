"""What runs out: memory and open files, as far as one process can be asked about them. Floods of a worker in a process of its own: tests/chaos/test_overload.py."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest

from gateway import oom
from gateway.proxy import memory
from gateway.proxy.admission import Admission
from gateway.proxy.files import BUSY, Files
from gateway.proxy.memory import Ceiling, available
from gateway.proxy.turns import Turns
from gateway.vitals import Vitals
from tests.support.lone import LoneWorker
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"
MB = 1 << 20


def run(coroutine: Any) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 60))


@pytest.mark.covers("G2")
def test_the_nearer_the_ceiling_the_more_is_refused(tmp_path, monkeypatch):
    """A worker that is ended for want of memory takes a thousand streams with it; one that refuses in time takes none."""
    monkeypatch.setattr(memory.allocator, "give_back", lambda: None)

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            held = 10 * MB
            ceiling = Ceiling(100 * MB, g.worker.admission, g.worker.vitals, g.worker.server.save, held=lambda: held)
            g.worker.ceiling = ceiling

            async def ask() -> tuple[int, str | None]:
                reader, writer = await g.connect()
                writer.write(post(CHAT, b"{}", close=False))
                head = await reader.readuntil(b"\r\n\r\n")
                writer.close()
                status, headers, _ = split(head)
                return status, headers.get("connection")

            async def at(share: float) -> tuple[int, str | None]:
                nonlocal held
                held = int(share * 100 * MB)
                ceiling.look()
                return await ask()

            assert await at(0.5) == (200, None)
            assert await at(0.81) == (200, "close")
            assert await at(0.91) == (503, "close")
            assert await at(0.88) == (503, "close")  # not back and forth at the edge
            assert await at(0.84) == (200, "close")
            assert await at(0.7) == (200, None)
            assert g.worker.vitals.get("shed_memory") == 2
            assert (g.worker.vitals.get("rss_bytes"), g.worker.vitals.get("memory_limit_bytes")) == (70 * MB, 100 * MB)

    run(main())


@pytest.mark.covers("G2")
def test_the_largest_of_the_bodies_on_their_way_go_first(tmp_path, monkeypatch):
    """The fewest clients should pay for the most memory."""
    monkeypatch.setattr(memory.allocator, "give_back", lambda: None)
    monkeypatch.setattr("gateway.proxy.connection.LINGER_S", 0.1)

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            held = 10 * MB
            g.worker.ceiling = Ceiling(100 * MB, g.worker.admission, g.worker.vitals, g.worker.server.save, held=lambda: held)
            sizes = (1000, 200_000, 100_000)
            clients = [await g.connect() for _ in sizes]
            for (_, writer), size in zip(clients, sizes, strict=True):
                writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: {size + 2}\r\n\r\n".encode() + b" " * size)
            uploads = g.worker.admission.uploads
            while sorted(each.size for each in uploads._all) != sorted(sizes):
                await asyncio.sleep(0.005)  # sizes are counted, and nobody is called
            held = 96 * MB
            g.worker.ceiling.look()  # more than one body is asked for, so all that there are
            held = 10 * MB
            g.worker.ceiling.look()
            answers = [split(await reader.read())[0] for reader, _ in clients]
            assert answers == [503, 503, 503]
            clients = [await g.connect() for _ in sizes]
            for (_, writer), size in zip(clients, sizes, strict=True):
                writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: {size + 2}\r\n\r\n".encode() + b" " * size)
            while sorted(each.size for each in uploads._all) != sorted(sizes):
                await asyncio.sleep(0.005)  # as above
            uploads.refuse(150_000)
            assert split(await clients[1][0].read())[0] == 503
            for reader, writer in (clients[0], clients[2]):
                writer.write(b"{}")
                assert split(await reader.read())[0] == 200
            for _, writer in clients:
                writer.close()
            assert sorted(closed.outcome for _, _, closed, _ in g.exchanges() if closed) == ["gateway_overloaded"] * 4 + ["ok"] * 2

    run(main())


@pytest.mark.covers("G2")
def test_a_worker_that_holds_too_much_with_nothing_under_way_leaves(tmp_path, monkeypatch):
    """What the allocator never gives back is no reason to turn everybody away until somebody notices; its successor has all its memory to give."""
    monkeypatch.setattr(memory.allocator, "give_back", lambda: None)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        vitals, ends, held = Vitals(tmp_path / "page"), [], 10 * MB
        ceiling = Ceiling(100 * MB, Admission(loop, vitals, Turns(loop), room=4, queue=4, patience_s=1.0), vitals, lambda _: None, held=lambda: held, worn=lambda: ends.append(1))

        def looks(count: int, share: float) -> int:
            nonlocal held
            held = int(share * 100 * MB)
            for _ in range(count):
                ceiling.look()
            return len(ends)

        assert looks(100, 0.85) == 0  # new ones are let in
        vitals.set("inflight", 1)
        assert looks(100, 0.95) == 0  # they may be what holds it
        vitals.set("inflight", 0)
        assert looks(memory.WORN_BEATS - 1, 0.95) == 0
        assert looks(1, 0.8) == 0
        assert looks(memory.WORN_BEATS - 1, 0.95) == 0
        held = 0  # cannot be read
        ceiling.look()
        assert len(ends) == 1
        assert vitals.get("rss_bytes") == int(0.95 * 100 * MB)
        assert looks(100, 0.95) == 1

    run(main())


@pytest.mark.covers("G2")
def test_what_bodies_leave_free_is_given_back_now_and_then(tmp_path, monkeypatch):
    """A worker keeps room for the next piece of a body, for each page costs; and not for ever."""
    given: list[int] = []
    free = 0

    def give_back() -> None:
        nonlocal held
        given.append(1)
        held -= free

    monkeypatch.setattr(memory.allocator, "give_back", give_back)
    held = 50 * MB

    async def main() -> None:
        loop = asyncio.get_running_loop()
        vitals = Vitals(tmp_path / "page")
        ceiling = Ceiling(1000 * MB, Admission(loop, vitals, Turns(loop), room=4, queue=4, patience_s=1.0), vitals, lambda _: None, held=lambda: held)

        def looks(count: int, now: int) -> int:
            nonlocal held
            held = now
            for _ in range(count):
                ceiling.look()
            return len(given)

        assert looks(2 * memory.SPARE_BEATS, 50 * MB) == 0
        assert looks(1, 50 * MB + memory.SPARE_BYTES + 1) == 1
        assert looks(2 * memory.SPARE_BEATS - 1, 90 * MB) == 1, "it was in use the last time"
        assert looks(1, 90 * MB) == 2, "what was under way then may be free by now"
        assert looks(2 * memory.SPARE_BEATS, 51 * MB) == 2
        assert looks(100 * memory.SPARE_SELDOM * memory.SPARE_BEATS, 90 * MB) == 2 + 1 + 1 + 99, "seldom, while it gives nothing: after 4 times as long, after 8, then after 16 each"
        nonlocal free
        free = 35 * MB
        assert looks(memory.SPARE_SELDOM * memory.SPARE_BEATS, 90 * MB) == len(given)
        before = len(given)
        free = 0
        assert looks(memory.SPARE_BEATS, 90 * MB) == before + 1, "as often as before, once it gave something"

    run(main())


@pytest.mark.covers("G2", "G9")
def test_gigabytes_that_are_free_are_given_back_when_that_holds_nobody_up(tmp_path, monkeypatch):
    """glibc keeps its heap to itself meanwhile, for a tenth of a second and more: streams wait for that, who is turned away does not."""
    given: list[int] = []
    free = 2 * memory.QUICK_BYTES
    monkeypatch.setattr(memory.allocator, "give_back", lambda: given.append(1))
    monkeypatch.setattr(memory.allocator, "free", lambda: free)
    held = 50 * MB

    async def main() -> None:
        loop = asyncio.get_running_loop()
        vitals = Vitals(tmp_path / "page")
        ceiling = Ceiling(4000 * MB, Admission(loop, vitals, Turns(loop), room=4, queue=4, patience_s=1.0), vitals, lambda _: None, held=lambda: held)

        def looks(now: int, inflight: int) -> int:
            nonlocal held
            held = now
            vitals.set("inflight", inflight)
            before = len(given)
            for _ in range(2 * memory.SPARE_SELDOM * memory.SPARE_BEATS):
                ceiling.look()
            return len(given) - before

        assert looks(50 * MB, 0) == 0
        assert looks(3000 * MB, 1) == 0, "in the middle of a stream"
        assert looks(3400 * MB, 1) == 0, "also when memory is getting short"
        assert looks(3000 * MB, 0) > 0, "nothing is under way"
        nonlocal free
        free = memory.QUICK_BYTES
        assert looks(3000 * MB, 1) > 0, "it is not much: the rest is in use"
        free *= 8
        assert looks(3700 * MB, 1) > 0, "else new requests would be turned away for longer"

    run(main())


@pytest.mark.covers("G2", "G9")
def test_what_lies_free_is_not_added_up_at_each_beat(tmp_path, monkeypatch):
    """glibc looks at each piece for that, with the heap to itself: a million of them take tens of milliseconds."""
    asked: list[int] = []
    monkeypatch.setattr(memory.allocator, "give_back", lambda: None)
    monkeypatch.setattr(memory.allocator, "free", lambda: asked.append(1) or 2 * memory.QUICK_BYTES)
    held = 50 * MB

    async def main() -> None:
        nonlocal held
        loop = asyncio.get_running_loop()
        vitals = Vitals(tmp_path / "page")
        ceiling = Ceiling(4000 * MB, Admission(loop, vitals, Turns(loop), room=4, queue=4, patience_s=1.0), vitals, lambda _: None, held=lambda: held)
        vitals.set("inflight", 1)
        ceiling.look()
        held += memory.QUICK_BYTES
        for _ in range(2 * memory.SPARE_BEATS):
            ceiling.look()
        assert not asked, "there cannot be so much"
        held = 3000 * MB
        for _ in range(10 * memory.MUCH_LOOKS):
            ceiling.look()
        assert 1 <= len(asked) <= 10

    run(main())


GREEDY = """
from gateway.proxy import memory
memory.WORN_BEATS = 20
init = memory.Ceiling.__init__
def greedy(self, limit, *rest, **more):
    init(self, limit, *rest, **more)
    self._held = lambda: int(0.93 * self.limit)
memory.Ceiling.__init__ = greedy
"""


@pytest.mark.covers("G2")
def test_a_worn_worker_ends_in_good_order(tmp_path):
    """Its supervisor starts another at once, and connections that come meanwhile wait on the socket that it keeps."""
    with LoneWorker(tmp_path, provider(9), before=GREEDY) as worker:
        assert worker.process is not None
        assert worker.process.wait(60) == 0
        assert "memory_worn" in worker.log()
        assert "worker_drained" in worker.log()


@pytest.mark.covers("G2")
def test_between_two_looks_bodies_have_an_allowance(tmp_path):
    """A tenth of a second is enough for a fast client to send what the worker has not got."""

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            g.worker.ceiling.look = lambda: None  # type: ignore[method-assign]
            g.worker.admission.uploads.allowance = 300_000
            answer = asyncio.ensure_future(g.ask(post(CHAT, b" " * 2_000_000)))
            assert split(await answer)[0] == 503
            assert g.worker.vitals.get("shed_memory") == 1
            g.worker.admission.uploads.allowance = 3_000_000
            assert split(await g.ask(post(CHAT, b"{}" + b" " * 1_000_000)))[0] == 200

    run(main())


@pytest.mark.covers("G2")
@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"sys/fs/cgroup/memory.max": "max\n"}, None),
        ({"sys/fs/cgroup/memory.max": "50000000\n"}, 50_000_000),
        ({"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "50000000\n", "sys/fs/cgroup/a/memory.high": "45000000\n"}, 45_000_000),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "40000000\n", "sys/fs/cgroup/a/b/memory.max": "max\n"}, 40_000_000),
        ({"proc/self/cgroup": "9:memory:/docker/x\n0::/\n", "sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "30000000\n"}, 30_000_000),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, None),
    ],
)
def test_memory_that_there_is_is_the_control_groups(tmp_path, files, expected):
    """In a container the machine's memory is somebody else's: whoever counts on it is ended."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert available(tmp_path) == (expected or os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


@pytest.mark.covers("G11")
def test_a_connection_beyond_the_last_file_is_told_so_and_closed(tmp_path):
    """A client that waits for a connection nobody will ever look at waits for its whole timeout."""

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            g.worker.server.last_file = 5
            reader, _ = await g.connect()
            answer = await reader.read()
            assert re.sub(rb"Date: [^\r]+ GMT\r\n", b"%b", answer) == BUSY != answer
            status, headers, body = split(answer)
            assert (status, int(headers["content-length"])) == (503, len(body))
            assert g.worker.vitals.get("shed_files") == 1
            assert len(g.worker.server.connections) == 0
            g.worker.server.last_file = 1 << 30
            assert split(await g.ask(post(CHAT, b"{}")))[0] == 200

    run(main())


@pytest.mark.covers("G11")
def test_no_more_is_let_in_than_can_reach_a_provider(tmp_path):
    """A thousand idle clients that all ask at once would need a thousand files that are not there."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        admission = Admission(loop, Vitals(tmp_path / "page"), Turns(loop), room=4096, queue=10, patience_s=1.0)
        files = Files(1024, admission, [])
        files.look(0)
        own = 1024 - 64 - admission._room
        assert 0 < own < 500
        files.look(900 - own)
        assert admission._room == 60
        files.look(2000)
        assert admission._room == 1
        files.look(0)
        assert admission._room == 1024 - 64 - own

    run(main())


@pytest.mark.covers("G2")
def test_what_can_be_done_again_is_ended_before_what_relays():
    """When the kernel has to choose, a drift run is lost rather than the apps' streams."""
    order = [oom.WORKER, oom.RECORDER, oom.STORE, oom.CONSOLE, oom.DETECTORS, oom.DRIFT]
    assert order == sorted(set(order))
    own = int(Path("/proc/self/oom_score_adj").read_text())
    if (child := os.fork()) == 0:
        oom.stand_in_front(oom.DETECTORS)
        os._exit(int(Path("/proc/self/oom_score_adj").read_text()) != min(1000, own + oom.DETECTORS))
    assert os.waitpid(child, 0)[1] == 0
