"""A client's connection without a network: bytes go in as they are cut here, and what became of them is told.

    told = await served(cuts)            a connection that is given these pieces, one callback each
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gateway.errors import RelayError
from gateway.proxy.body import Misframed
from gateway.proxy.connection import ClientConnection
from gateway.proxy.request import Answer, Request
from gateway.proxy.server import Server
from gateway.proxy.turns import Turns


@dataclass(slots=True)
class Told:
    """requests: of each that was handed on, (method, target, headers, body; None: it broke).  refused: status and code of what was none.  ended: the connection was closed by us."""

    requests: list[tuple[str, str, tuple[tuple[bytes, bytes], ...], bytes | None]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    answers: int = 0
    ended: bool = False


class Wire(asyncio.Transport):
    """What a connection writes to. cut: closed, and what was written may be lost."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = self.cut = self.reads = False
        self.pauses = 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def write(self, data: Any) -> None:
        assert not self.closed, "written behind the end"
        self.written.append(bytes(data))

    def pause_reading(self) -> None:
        self.reads, self.pauses = False, self.pauses + 1

    def resume_reading(self) -> None:
        self.reads = True

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.cut = True


class Served:
    """A server whose handler takes every request whole and answers it."""

    def __init__(self, *, header_timeout_s: float = 10.0, keepalive_s: float = 75.0) -> None:
        self.told = Told()
        self.server = Server(self._handle, self._refuse, rest=Turns(asyncio.get_running_loop()).rest, header_timeout_s=header_timeout_s, keepalive_s=keepalive_s)
        self.held: asyncio.Event | None = None  # set: requests are answered only then

    def connect(self) -> tuple[ClientConnection, Wire]:
        connection, wire = self.server(), Wire()
        connection.connection_made(wire)
        return connection, wire

    async def _handle(self, request: Request) -> Answer:
        body: bytes | None = b""
        try:
            while piece := await request.payload.readany():
                assert body is not None
                body += piece
        except Misframed:
            body = None
        if self.held is not None:
            await self.held.wait()
        self.told.requests.append((request.method, request.target, tuple(request.read.raw), body))
        return Answer(b"answer", keep_alive=request.keep_alive and body is not None)

    def _refuse(self, request: Request, error: RelayError) -> Answer:
        self.told.refused.append((error.status, error.code))
        return Answer(b"refusal", keep_alive=False)


async def turns(count: int = 4) -> None:
    """Let what is ready run."""
    for _ in range(count):
        await asyncio.sleep(0)  # a turn of the loop


async def served(cuts: Iterable[bytes], by: Served | None = None) -> Told:
    """See the module. by: one that has served before."""
    serving = by or Served()
    serving.told = Told()
    connection, wire = serving.connect()
    for piece in cuts:
        if wire.closed:
            break
        connection.data_received(piece)
        await turns(3)
    while True:  # as long as it goes on by itself
        before = len(wire.written)
        await turns()
        if len(wire.written) == before:
            break
    told, told.ended, told.answers = serving.told, wire.closed, len(wire.written)
    connection.connection_lost(None)
    await turns(2)
    return told
