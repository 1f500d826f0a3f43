"""A client's connection over its life: what waits, what ends it, who is told. With bytes on a wire of ours (tests/support/wireless.py), so that each step is one callback."""

from __future__ import annotations

import asyncio
import gc
import re
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy import connection as module
from gateway.proxy import deadlines
from gateway.proxy.body import EMPTY, Body
from gateway.proxy.connection import AHEAD_BYTES, LATE, PORTION_BYTES
from gateway.proxy.request import Answer, Request
from tests.support.lone import LoneWorker
from tests.support.proxy import gate, ok, provider, replying, upstream
from tests.support.raw import RawClient
from tests.support.wireless import Served, turns

GET = b"GET /v1/x HTTP/1.1\r\nHost: g\r\n\r\n"
LONG = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\n\r\n"


def test_a_worker_knows_no_other_server():
    """There is one HTTP server in the data plane, and its memory and start are not spent on a second that nobody asks."""
    asked = "import sys, gateway.proxy.worker; print(sorted({name.partition('.')[0] for name in sys.modules} & {'aiohttp', 'yarl', 'multidict', 'http.server', 'uvicorn'}))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.covers("C11", "G2")
async def test_what_is_pipelined_is_bytes_until_its_turn_and_not_many_of_them():
    """However small the requests are that a client sends ahead, they cost their bytes, and from a bound on they stay with the client."""
    serving = Served()
    serving.held = asyncio.Event()
    connection, wire = serving.connect()
    sent = 0
    while not wire.pauses:
        connection.data_received(GET * 100)
        sent += 100
        assert sent < 10_000
        await turns()
    assert AHEAD_BYTES < sent * len(GET) <= AHEAD_BYTES + 101 * len(GET) and wire.written == [] and not wire.reads
    serving.held.set()
    while len(serving.told.requests) < sent:
        await turns()
    assert (wire.reads, len(wire.written)) == (True, sent)
    connection.data_received(GET)
    await turns()
    assert len(wire.written) == sent + 1


@pytest.mark.covers("C11", "T19")
async def test_who_pipelines_gets_one_answer_in_a_turn():
    """What is answered without a wait, as are probes and refusals, would otherwise hold up everybody else by the thousand."""
    serving = Served()
    connection, wire = serving.connect()
    await turns()
    connection.data_received(GET * 1000)
    for turn in range(50):
        assert len(wire.written) <= turn
        await turns(1)
    assert len(wire.written) > 10


@pytest.mark.covers("C4")
async def test_part_of_a_head_has_its_time_and_no_more():
    """Its time begins with its first byte, is not prolonged by those that follow, and is not taken from the head that comes next."""
    serving = Served(header_timeout_s=0.05)
    connection, wire = serving.connect()
    connection.data_received(GET[:9])
    connection.data_received(GET[9:])
    await turns()
    deadlines = serving.server.deadlines
    assert wire.written == [b"answer"] and deadlines._due.get(connection) is None
    connection.data_received(GET[:9])
    due = deadlines._due.get(connection)
    assert due is not None
    connection.data_received(GET[9:12])
    assert deadlines._due.get(connection) == due
    async with asyncio.timeout(10):
        while not wire.closed:
            await asyncio.sleep(0.005)  # nobody calls
    answer, late = wire.written
    dated = re.sub(rb"Date: [^\r]+ GMT\r\n", b"%b", late)
    assert answer == b"answer" and dated == LATE != late
    connection.data_received(GET[12:])  # too late
    await turns()
    assert len(wire.written) == 2


@pytest.mark.covers("C4")
async def test_many_heads_that_are_late_end_in_their_order_and_one_in_a_turn():
    """Thousands whose time is over at once are nobody's delay, and who has come in time is let be."""
    serving = Served(header_timeout_s=0.0)
    clients = [serving.connect() for _ in range(100)]
    for connection, _ in clients:
        connection.data_received(GET[:9])
    clients[50][0].data_received(GET[9:])
    clients[51][0].connection_lost(None)
    ended = [0]
    async with asyncio.timeout(10):
        while ended[-1] < 98:
            await turns(1)
            ended.append(sum(wire.closed for _, wire in clients))
            assert all(wire.closed for _, wire in clients[: min(ended[-1], 50)])
    assert max(after - before for before, after in pairwise(ended)) == 1
    assert clients[50][1].written == [b"answer"] and not clients[50][1].closed and clients[51][1].written == []


@pytest.mark.covers("C4", "G2")
async def test_more_heads_that_are_late_than_a_turn_ends_do_not_heap_up(monkeypatch):
    """A turn of the loop takes four connections: if one ended in each, whoever opens them would fill the table of files, however short the time for a head is."""
    monkeypatch.setattr(deadlines, "GRAIN_S", 0.0)
    monkeypatch.setattr(deadlines, "LATE_S", 1e-5)
    serving, clients = Served(header_timeout_s=0.0), []
    for _ in range(300):
        for _ in range(4):
            clients.append(serving.connect())
            clients[-1][0].data_received(GET[:9])
        await turns(1)
    assert sum(not wire.closed for _, wire in clients) < 300


class _Kernels:
    """The socket's end of a wire, as far as a connection sets it."""

    def __init__(self) -> None:
        self.portions: list[int] = []

    def fileno(self) -> int:
        return 7

    def setsockopt(self, level: int, option: int, value: int) -> None:
        assert (level, option) == (socket.SOL_SOCKET, socket.SO_RCVLOWAT)
        self.portions.append(value)


@pytest.mark.covers("C4", "G2")
async def test_whoever_sends_a_body_in_drops_is_heard_in_portions(monkeypatch):
    """The kernel is asked once for as much as there is to come, or for a portion; when the body is whole, for every byte again. Who sends whole pieces is never asked about."""
    serving, kernels = Served(), _Kernels()
    connection, wire = serving.connect()
    monkeypatch.setattr(wire, "get_extra_info", lambda name: kernels if name == "socket" else None)
    connection.data_received(LONG.replace(b"5", b"9000"))
    for size in (1, 1, 5000, 3998):
        connection.data_received(b"x" * size)
    assert kernels.portions == [PORTION_BYTES, 3998, 1] and PORTION_BYTES < 9000 - 2
    await turns()
    assert wire.written == [b"answer"]
    for piece in (LONG.replace(b"5", b"9000"), b"x" * 8990, b"x" * 10, LONG + b"hello"):
        connection.data_received(piece)
        await turns()
    assert len(kernels.portions) == 3 and wire.written == [b"answer"] * 3


@pytest.mark.covers("C1", "C4")
async def test_the_drops_of_a_body_come_whole_and_its_end_is_seen(tmp_path):
    """On a real socket: what waits with the kernel is there when the body is; a second request is heard as ever; a client that leaves in the middle is noticed."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        async with RawClient(g.port) as client:
            for _ in range(2):
                client.send(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 40\r\n\r\n")
                for _ in range(40):
                    client.send(b"y")
                    await asyncio.sleep(0.001)  # each a segment of its own
                reply = await client.reply()
                assert reply is not None and reply.status == 200
            assert [request.partition(b"\r\n\r\n")[2] for request in up.requests] == [b"y" * 40] * 2
            client.send(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 40\r\n\r\n")
            for _ in range(10):
                client.send(b"y")
                await asyncio.sleep(0.001)  # as above
            (connection,) = g.worker.server.connections
        async with asyncio.timeout(10):
            while connection in g.worker.server.connections:
                await asyncio.sleep(0.005)  # nobody calls


def test_the_kernel_looks_after_clients_that_are_gone(tmp_path):
    """A client whose machine was switched off is found out: the kernel asks, on each connection from its beginning."""
    with LoneWorker(tmp_path, provider(1)) as worker, socket.create_connection(("127.0.0.1", worker.port)) as client:
        client.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: g\r\n\r\n")
        assert client.recv(4096)
        ends = [f"{int.from_bytes(socket.inet_aton('127.0.0.1'), 'little'):08X}:{port:04X}" for port in (worker.port, client.getsockname()[1])]
        (timer,) = [fields[5] for line in Path("/proc/net/tcp").read_text().splitlines() if (fields := line.split())[1:3] == ends]
        assert timer.startswith("02:")  # proc(5): a keepalive timer


async def test_an_idle_connection_is_closed_in_time_and_no_other():
    """Who is being answered, or is sending, is not idle; who has never asked is."""
    serving = Served(keepalive_s=0.0)
    serving.held = asyncio.Event()
    (asks, busy), (sends, sending), (_, silent), (asked, done) = (serving.connect() for _ in range(4))
    await turns()
    asks.data_received(GET)
    sends.data_received(GET[:9])
    asked.data_received(GET[:-2])
    await asyncio.sleep(0.01)  # of being idle
    serving.server.tick()
    await turns()
    assert [wire.closed for wire in (busy, sending, silent, done)] == [False, False, True, False]
    serving.held.set()
    asked.data_received(GET[-2:])
    await turns()
    await asyncio.sleep(0.01)  # as above
    serving.server.tick()
    await turns()
    assert [wire.closed for wire in (busy, sending, done)] == [True, False, True] and len(serving.told.requests) == 2


@pytest.mark.covers("G3")
@pytest.mark.parametrize("begun", [GET[:9], LONG, LONG + b"he"])
async def test_who_is_sending_when_the_worker_leaves_is_answered(begun):
    """A request of which a byte is here is not a new one; behind it nothing is taken."""
    serving = Served()
    connection, wire = serving.connect()
    idle, quiet = serving.connect()
    await turns()
    connection.data_received(begun)
    await turns()
    for each in (connection, idle):
        each.leave()
    await turns()
    assert (wire.closed, quiet.closed) == (False, True)
    connection.data_received((GET if begun == GET[:9] else LONG + b"hello")[len(begun) :] + GET)
    await turns()
    assert (wire.written, wire.closed) == ([b"answer"], True)


@pytest.mark.covers("G2", "G3")
async def test_a_request_that_has_arrived_when_an_idle_connection_is_closed_is_answered(tmp_path):
    """It lies with the kernel and nobody has read it: its client would see a reset, and could not know whether it was served."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        client.send(GET)
        assert await client.reply() is not None
        client.send(GET)
        for connection in g.worker.server.connections:
            connection.leave()
        reply = await client.reply()
        assert reply is not None and (reply.status, reply.header("connection"), len(up.requests)) == (200, "close", 2)
        assert await client.rest() == b""


@pytest.mark.covers("C3", "C4")
@pytest.mark.parametrize("sent", [b"", GET[:9], b"GET  ", GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), None])
async def test_who_does_not_take_what_was_written_cannot_keep_the_connection(monkeypatch, sent):
    """A transport that is closed waits for its client to take what is left, for ever. Whoever closed it: the server, the deadline of a head, the last answer, the client's half."""
    serving = Served(keepalive_s=0.0, header_timeout_s=0.0)
    connection, wire = serving.connect()
    await turns()
    if sent is None:
        wire.closed = not connection.eof_received()
    elif sent:
        connection.data_received(sent)
    async with asyncio.timeout(10):
        while not wire.closed:
            await asyncio.sleep(0.001)  # nobody calls
            serving.server.tick()
    serving.server.tick()
    assert not wire.cut  # it has its time
    monkeypatch.setattr(connection, "_cut_at", 1e-9)
    serving.server.tick()
    assert wire.cut


@pytest.mark.covers("C5", "C11", "C12")
@pytest.mark.parametrize("sent", [GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), b"GET  ", b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n"])
async def test_who_is_still_sending_sees_its_last_answer_and_an_end(tmp_path, sent):
    """Closed with bytes unread, a connection is reset, and a reset can overtake the answer. So our half ends first."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        client.send(sent + GET * 50_000)
        reply = await client.reply()
        assert reply is not None and reply.header("connection") == "close" and await client.reader.read() == b""


async def test_an_empty_line_is_no_part_of_a_head():
    """Some send one behind a body. It is nothing: nobody is told that a request came too late, and the connection is idle."""
    serving = Served(header_timeout_s=0.0)
    connection, wire = serving.connect()
    for piece in (LONG + b"hello\r\n", b"\r", b"\n\r\n"):
        connection.data_received(piece)
        await turns()
        assert wire.written == [b"answer"] and serving.server.deadlines._due.get(connection) is None
    connection.data_received(b"\n" + GET)
    await turns()
    assert wire.written == [b"answer"] * 2
    connection.leave()
    await turns()
    assert wire.closed


@pytest.mark.covers("G2")
async def test_a_connection_that_retires_says_so_with_its_next_answer():
    """Whether the word comes before its head, while its body is read, or before the connection is made."""
    serving = Served()
    (first, one), (second, two) = serving.connect(), serving.connect()
    second.data_received(LONG)
    await turns()
    serving.server.save(True)
    third, three = serving.connect()
    first.data_received(GET)
    second.data_received(b"hello")
    third.data_received(GET)
    await turns()
    assert [(wire.written, wire.closed) for wire in (one, two, three)] == [([b"answer"], True)] * 3
    serving.server.save(False)
    fourth, four = serving.connect()
    fourth.data_received(GET)
    await turns()
    assert (four.written, four.closed) == ([b"answer"], False)


@pytest.mark.covers("G2")
async def test_a_probe_too_is_told_that_the_connection_ends(tmp_path):
    """Whoever asks for health on a connection that is kept would send the next probe into its end."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        for word in ("", "close"):
            client.send(b"GET /-/healthy HTTP/1.1\r\nHost: g\r\n\r\n")
            reply = await client.reply()
            assert reply is not None and (reply.status, reply.header("connection")) == (200, word)
            g.worker.server.save(True)
        assert await client.rest() == b""


@pytest.mark.covers("C5", "G2")
async def test_a_body_that_is_refused_twice_ends_quietly():
    """Too large, and for memory's sake: one answer, and nothing for the log."""
    serving = Served()

    async def handle(request: Request) -> Answer:
        request.payload.set_exception(RelayError(503, "gateway_overloaded", "", Outcome.GATEWAY_OVERLOADED, source="gateway"))
        return Answer(b"refusal", keep_alive=False)

    serving.server.handle = handle
    connection, wire = serving.connect()
    connection.data_received(LONG)
    task = connection.task
    assert task is not None
    await asyncio.wait([task], timeout=10)
    assert (task.exception(), wire.written, wire.closed) == (None, [b"refusal"], True)


@pytest.mark.covers("C3")
async def test_who_does_not_read_gets_no_further_answer(monkeypatch):
    """Its next request waits until it has taken the last answer; if it never does, the connection ends."""
    serving = Served()
    connection, wire = serving.connect()
    connection.pause_writing()
    connection.data_received(GET)
    await turns()
    assert wire.written == []
    connection.resume_writing()
    await turns()
    assert wire.written == [b"answer"]
    monkeypatch.setattr(module, "WRITE_STALL_S", 0.01)
    connection.pause_writing()
    connection.data_received(GET + GET)
    async with asyncio.timeout(10):
        while not wire.closed:
            await asyncio.sleep(0.005)  # nobody calls
    assert len(wire.written) == 1


@pytest.mark.covers("C1")
@pytest.mark.parametrize("begun", [b"", GET[:9], LONG, LONG + b"he", GET + GET])
async def test_nothing_is_left_of_a_client_that_is_gone(begun):
    """No task, no place among the connections; its handler, if it has one, is told and ends."""
    serving = Served()
    connection, _ = serving.connect()
    await turns()
    if begun:
        connection.data_received(begun)
    task = connection.task
    connection.connection_lost(None)
    assert (task is None) == (begun in (b"", GET[:9]))  # who has asked for nothing has none
    if task is not None:
        await asyncio.wait([task], timeout=10)
        assert task.done()
    assert (serving.server.connections, connection.request, serving.server.deadlines._due.get(connection)) == (set(), None, None)


@pytest.mark.covers("G3")
async def test_a_server_that_shuts_ends_all_that_is_left():
    """Idle ones, those at work and those that send."""
    serving = Served()
    serving.held = asyncio.Event()
    connections, wires = zip(*(serving.connect() for _ in range(3)), strict=True)
    await turns()
    connections[0].data_received(GET)
    connections[1].data_received(LONG)
    await turns()
    await serving.server.shut(10)
    assert all(wire.closed for wire in wires) and all(connection.task is None for connection in connections)


_POST, _PART = b"POST /v1/x HTTP/1.1\r\nHost: g\r\n", b"x" * 30_000
LEFT = {
    "refused, whole, and kept": b"POST /nothing HTTP/1.1\r\nHost: g\r\nContent-Length: 30000\r\n\r\n" + _PART,
    "refused": b"POST /nothing HTTP/1.1\r\nHost: g\r\nContent-Length: 90000\r\n\r\n" + _PART,
    "too large": _POST + b"Content-Length: 999999999999\r\n\r\n" + _PART,
    "cut": _POST + b"Content-Length: 90000\r\n\r\n" + _PART,
    "cut in a chunk": _POST + b"Transfer-Encoding: chunked\r\n\r\n10000\r\n" + _PART,
    "misframed": _POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nz\r\n" + _PART,
}


@pytest.mark.covers("C1", "G2")
@pytest.mark.parametrize("name", LEFT)
async def test_nothing_that_a_client_sent_outlives_its_request(tmp_path, name):
    """Not even until the next garbage collection: that counts objects, and a few of these hold megabytes."""

    def held() -> list[Body]:
        return [each for each in gc.get_objects() if isinstance(each, Body) and each is not EMPTY and (each._pieces or not name.endswith("kept"))]

    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        gc.collect()
        gc.disable()
        try:
            async with RawClient(g.port) as client:
                client.send(LEFT[name])
                if not name.startswith("cut"):
                    reply = await client.reply()
                    assert reply is not None and reply.status >= 400
                else:
                    while not held():
                        await asyncio.sleep(0.005)  # as below
                if not name.endswith("kept"):
                    await client.__aexit__()
                async with asyncio.timeout(10):
                    while held() or len(g.worker.server.connections) != name.endswith("kept"):
                        await asyncio.sleep(0.005)  # nobody calls
        finally:
            gc.enable()


async def test_thousands_are_looked_at_in_parts():
    """Of thousands that drip, a look at all is milliseconds for which everybody else waits."""
    serving = Served(keepalive_s=0.0)
    wires = [serving.connect()[1] for _ in range(1000)]
    await turns()
    await asyncio.sleep(0.01)  # of being idle
    closed = [0]
    while closed[-1] < len(wires):
        serving.server.tick()
        await turns()
        closed.append(sum(wire.closed for wire in wires))
    assert [after - before for before, after in pairwise(closed)] == [100] * 10
