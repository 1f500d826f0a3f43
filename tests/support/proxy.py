"""A data plane in the test's own event loop, and a provider that does exactly what a test says, byte by byte.

`Upstream` is a raw socket server: each connection is handed to a coroutine of the test. `Gate` is a worker's server without its process:
real Ingress, Journal, Pool; what it wrote to the journal is read back with `frames` and `exchanges`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway import journal
from gateway.config import Settings, parse
from gateway.exchange import Closed, Opened
from gateway.journal_seal import journal_key
from gateway.proxy.worker import Worker

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Upstream:
    """connections: how many were accepted. requests: raw bytes of each request read by `read_request`."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    closed_by_peer: asyncio.Event = field(default_factory=asyncio.Event)

    async def read_request(self, reader: asyncio.StreamReader) -> bytes:
        """One request, head and body (Content-Length only), b"" at the end of the connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        request = head + (await reader.readexactly(length) if length else b"")
        self.requests.append(request)
        return request


@contextlib.asynccontextmanager
async def upstream(
    script: Callable[[Upstream, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Upstream]:
    """Serve connections with `script`."""
    up = Upstream()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await script(up, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            up.closed_by_peer.set()
        except asyncio.CancelledError:
            return  # at the end of a test; a task that ends cancelled is one that asyncio's streams log with a traceback
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    up.port = server.sockets[0].getsockname()[1]
    try:
        yield up
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def replying(*replies: bytes, close: bool = False) -> Callable[[Upstream, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A script that answers each request with the next of `replies` (the last one again and again)."""

    async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await up.read_request(reader):
            writer.write(replies[min(len(up.requests), len(replies)) - 1])
            await writer.drain()
            if close:
                return
        up.closed_by_peer.set()

    return script


def ok(body: bytes, *, content_type: str = "application/json", extra: bytes = b"") -> bytes:
    """A whole 200 reply."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n%b" % (content_type.encode(), len(body), extra, body)


def chunked(*pieces: bytes, end: bool = True, content_type: str = "text/event-stream") -> bytes:
    """A reply in chunks; without `end` it lacks the last one."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n" % content_type.encode()
    return head + b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces if p) + (b"0\r\n\r\n" if end else b"")


@dataclass
class Gate:
    """port: where it listens. worker: everything inside."""

    worker: Worker
    port: int
    root: Path

    def frames(self) -> list[journal.Frame]:
        found: list[journal.Frame] = []
        for segment in journal.segments(self.worker.journal.directory):
            for item in journal.read(segment, journal_key(self.root)):
                assert isinstance(item, journal.Frame), item
                found.append(item)
        return found

    def exchanges(self) -> list[tuple[Opened, bytes, Closed | None, bytes]]:
        """What was recorded: (open, request body, close, reply body), in order of opening."""
        opened: dict[bytes, list[Any]] = {}
        for frame in self.frames():
            if frame.kind is journal.Kind.OPEN:
                opened[frame.id] = [frame.opened(), frame.body, None, b""]
            elif frame.kind is journal.Kind.REQUEST_PART:
                opened[frame.id][1] += frame.body
            elif frame.kind is journal.Kind.REPLY_PART:
                opened[frame.id][3] += frame.body
            else:
                assert opened[frame.id][2] is None, "two close frames"
                opened[frame.id][2] = frame.closed()
                opened[frame.id][3] += frame.body
        return [tuple(item) for item in opened.values()]  # type: ignore[misc]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, raw: bytes) -> bytes:
        """Send raw bytes on a new connection, read until the gate closes it. The request should say Connection: close."""
        reader, writer = await self.connect()
        writer.write(raw)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        return answer


@contextlib.asynccontextmanager
async def gate(root: Path, providers: str, *, more: str = "") -> AsyncIterator[Gate]:
    """A data plane. providers: YAML of the providers mapping's content, indented by two. more: further top-level YAML."""
    settings: Settings = parse(f"data_dir: {root}\nproviders:\n{providers}\n{more}")
    (root / "run").mkdir(parents=True, exist_ok=True)
    listener = socket.socket()
    worker = Worker(settings, 0, listener)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(worker.server, "127.0.0.1", 0)
    beating = asyncio.create_task(worker._beat())
    try:
        yield Gate(worker, server.sockets[0].getsockname()[1], root)
    finally:
        server.close()
        beating.cancel()
        await worker._cut_off()
        for pool in worker.pools:
            pool.close()
        if worker._syncing is not None:
            await asyncio.wait({worker._syncing})  # left to a loop that has ended, it would be logged in whichever test collects it
        worker.journal.shut()
        worker.vitals.close()
        listener.close()


def provider(port: int, *, name: str = "up", dialect: str = "openai", more: str = "") -> str:
    """YAML for one provider at a loopback port."""
    return f"  {name}: {{dialect: {dialect}, base_url: 'http://127.0.0.1:{port}', allow_private: true{', ' + more if more else ''}}}\n"


def post(path: str, body: bytes, *headers: str, close: bool = True, version: str = "1.1") -> bytes:
    """A raw POST request."""
    lines = [f"POST {path} HTTP/{version}", "Host: gate", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def split(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """(status, headers in lower case, body with its chunks joined)."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join(unchunk(body))
    return int(lines[0].split(" ")[1]), headers, body


def unchunk(body: bytes) -> list[bytes]:
    """The chunks of a chunked body, as far as it goes."""
    pieces = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        if not size:
            break
        n = int(size, 16)
        if n == 0:
            break
        pieces.append(rest[:n])
        body = rest[n + 2 :]
    return pieces
