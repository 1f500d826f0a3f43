"""A front before a ClickHouse server that answers as an ailing one does: with codes that a healthy server will not give, late, half, or not at all.

    async with Front(server.http_port) as front:                    connect to front.port
        front.faults = [Fault(code=252, times=2)]                   the next two inserts are refused with TOO_MANY_PARTS and not carried out
        front.faults = [Fault(LOST, chance=0.2)]                    a fifth of the inserts is carried out, and the client hears nothing but a reset

It speaks HTTP: one fault meets one request, whatever its connection carried before. `asked` has each request that matched a fault's `of`, for tests that ask
whether the same rows came again under the same name.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import socket
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlsplit

CODE, LOST, RESET, SILENCE, CUT = "code", "lost", "reset", "silence", "cut"
_NAMES = {164: "READONLY", 202: "TOO_MANY_SIMULTANEOUS_QUERIES", 241: "MEMORY_LIMIT_EXCEEDED", 242: "TABLE_IS_READ_ONLY", 243: "NOT_ENOUGH_SPACE", 252: "TOO_MANY_PARTS"}


@dataclass
class Fault:
    """what: CODE: an error's answer.  LOST: carried out, then a reset in the answer's place.  RESET: before the server hears of it.  SILENCE: not carried out, no
    answer until the client gives up.  CUT: carried out, and the answer breaks off inside its head.

    code, status: of CODE.  carried_out: of CODE: the server does it all the same (319, UNKNOWN_STATUS_OF_INSERT).  of: a pattern in the statement.
    times: how often at most; -1: always.  chance: of each that matches.  hit: how often so far.
    """

    what: str = CODE
    code: int = 0
    status: int = 500
    carried_out: bool = False
    of: str = r"(?i)^\s*INSERT"
    times: int = -1
    chance: float = 1.0
    hit: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a fault might have met. crc: of its body as it was sent."""

    statement: str
    token: str
    crc: int
    fault: str


@dataclass
class _Request:
    head: bytes
    body: bytes
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def statement(self) -> str:
        """Of an insert it is in the address; of a question in the body."""
        return self.parameters.get("query") or self.body[:4096].decode("utf-8", "replace")


class Front:
    """See the module. upstream_port may be changed: a server that was restored comes back elsewhere."""

    def __init__(self, upstream_port: int, *, seed: int = 7) -> None:
        self.upstream_port, self.port = upstream_port, 0
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self._chance = random.Random(seed)
        self._clients: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    def hits(self, what: str | None = None) -> int:
        """How often any fault of this sort has met a request."""
        return sum(fault.hit for fault in self.faults if what in (None, fault.what))

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._serve(reader, writer):
                    pass
        finally:
            self._clients.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request. False: the connection is over."""
        head = await reader.readuntil(b"\r\n\r\n")
        request = _Request(head, b"".join([part async for part in _body(reader, head)]))
        request.parameters = {name: values[0] for name, values in parse_qs(urlsplit(head.split(b" ", 2)[1].decode("latin-1")).query).items()}
        fault = self._fault(request)
        if fault is None:
            return await self._answer(request, writer)
        fault.hit += 1
        if fault.what == CODE:
            if fault.carried_out:
                await self._forward(request)
            text = f"Code: {fault.code}. DB::Exception: as a test has it. ({_NAMES.get(fault.code, 'SOME_NAME')}) (version 26.9)\n".encode()
            writer.write(
                b"HTTP/1.1 %d Faulty\r\nX-ClickHouse-Exception-Code: %d\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: %d\r\n\r\n%b"
                % (fault.status, fault.code, len(text), text)
            )
            await writer.drain()
            return True
        if fault.what == SILENCE:
            await reader.read(1)  # until the client has had enough
            return False
        if fault.what in (LOST, CUT):
            answer = await self._forward(request)
            if fault.what == CUT and answer:
                writer.write(answer[:20])
                await writer.drain()
                return False
        _reset(writer)
        return False

    def _fault(self, request: _Request) -> Fault | None:
        possible = [fault for fault in self.faults if re.search(fault.of, request.statement)]
        found = next((fault for fault in possible if fault.hit != fault.times and self._chance.random() < fault.chance), None)
        if possible:
            self.asked.append(Asked(request.statement, request.parameters.get("insert_deduplication_token", ""), zlib.crc32(_content(request)), found.what if found else ""))
        return found

    async def _answer(self, request: _Request, writer: asyncio.StreamWriter) -> bool:
        answer = await self._forward(request)
        if not answer:
            _reset(writer)  # as a server that is not there or dies is seen through a proxy
            return False
        writer.write(answer)
        await writer.drain()
        return True

    async def _forward(self, request: _Request) -> bytes:
        """The server's whole answer; b"": there was none."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream_port, limit=1 << 20)
        except OSError:
            return b""
        try:
            writer.write(request.head + request.body)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            return head + b"".join([part async for part in _body(reader, head)])
        except (OSError, asyncio.IncompleteReadError):
            return b""
        finally:
            writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> AsyncIterator[bytes]:
    """A message's body as it stands on the wire, chunks with their framing."""
    if re.search(rb"(?i)\r\ntransfer-encoding: *chunked\r\n", head):
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            yield line + await reader.readexactly(size + 2)
            if not size:
                return
    elif length := re.search(rb"(?i)\r\ncontent-length: *(\d+)\r\n", head):
        yield await reader.readexactly(int(length[1]))


def _content(request: _Request) -> bytes:
    """The body without the framing, which may differ where the content does not."""
    if not re.search(rb"(?i)\r\ntransfer-encoding: *chunked\r\n", request.head):
        return request.body
    content, rest = b"", request.body
    while rest:
        line, _, rest = rest.partition(b"\r\n")
        size = int(line.split(b";")[0], 16)
        content, rest = content + rest[:size], rest[size + 2 :]
    return content


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
