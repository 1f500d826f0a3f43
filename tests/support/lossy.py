"""A TCP proxy on loopback that does to bytes what networks do: delays, drips, slices, flips, cuts, resets, or swallows the answer alone.

    async with FaultyTcp(port, down=Wire(ends_at=700, how=RESET)) as wire: ...      connect to wire.port
    wire.down = Wire(slice=1)                                                       for connections from now on
    LossyProxy(port), .lose = 3                                                     the next three inserts are carried out, and nobody is told

Each direction of a connection has its own `Wire`. What it does depends on the bytes' offset in their direction alone, never on how they arrived, so a fault
is the same in every run.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import Self

FIN, RESET, SILENCE = "fin", "reset", "silence"


@dataclass(frozen=True, slots=True)
class Wire:
    """What happens to one direction.

    delay_s: before its first byte.  slice: bytes at most in one write; 0: any number.  drip_s: between two slices.  flip: offset of the byte whose lowest bit is
    turned; -1: none.  ends_at: bytes that get through; -1: all.  how: what follows them: FIN or RESET to both sides, or SILENCE (the rest is read and thrown away).
    """

    delay_s: float = 0.0
    slice: int = 0
    drip_s: float = 0.0
    flip: int = -1
    ends_at: int = -1
    how: str = FIN


class _Ended(Exception):
    """The wire is cut."""


class FaultyTcp:
    """Forwards to a port on loopback, as `up` (from the client) and `down` (to it) say when a connection is made. connections: so far."""

    def __init__(self, upstream_port: int, *, up: Wire = Wire(), down: Wire = Wire()) -> None:
        self.upstream_port, self.port = upstream_port, 0
        self.up, self.down = up, down
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._server.close()

    def asked(self, connection: _Pair, data: bytes) -> None:
        """The client has sent `data`, which goes on now."""

    def loses(self, connection: _Pair) -> bool:
        """Whether the answer that is about to go on is lost, and the client reset."""
        return False

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        except OSError:
            writer.close()
            return
        pair = _Pair(self, (reader, writer), upstream)
        tasks = [asyncio.create_task(pair.carry(self.up, asking=True)), asyncio.create_task(pair.carry(self.down, asking=False))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            pair.close()


class _Pair:
    """One connection: both its sides. inserting: its last request was an insert."""

    def __init__(self, proxy: FaultyTcp, client: tuple[asyncio.StreamReader, asyncio.StreamWriter], server: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self.proxy, self.client, self.server = proxy, client, server
        self.inserting = False

    async def carry(self, wire: Wire, *, asking: bool) -> None:
        """One direction, until it ends."""
        reader, writer = (self.client[0], self.server[1]) if asking else (self.server[0], self.client[1])
        at = 0
        with contextlib.suppress(OSError, _Ended):
            while data := await reader.read(1 << 16):
                if asking:
                    self.proxy.asked(self, data)
                elif self.proxy.loses(self):
                    self.reset()
                    return
                if wire.delay_s and not at:
                    await asyncio.sleep(wire.delay_s)
                await self._write(wire, writer, data, at)
                at += len(data)

    async def _write(self, wire: Wire, writer: asyncio.StreamWriter, data: bytes, at: int) -> None:
        if at <= wire.flip < at + len(data):
            turned = bytearray(data)
            turned[wire.flip - at] ^= 1
            data = bytes(turned)
        ends = 0 <= wire.ends_at <= at + len(data)
        going = data[: max(0, wire.ends_at - at)] if ends else data
        step = wire.slice or max(1, len(going))
        for begin in range(0, len(going), step):
            writer.write(going[begin : begin + step])
            await writer.drain()
            if wire.slice:
                await asyncio.sleep(wire.drip_s)
        if ends and wire.how == RESET:
            self.reset()
        if ends and wire.how != SILENCE:
            raise _Ended

    def reset(self) -> None:
        """RST to both sides."""
        for _, writer in (self.client, self.server):
            reset(writer)

    def close(self) -> None:
        self.server[1].close()
        self.client[1].close()


class LossyProxy(FaultyTcp):
    """Loses answers to a store's inserts: the server carries them out, and the client hears nothing but a reset. `lose`: how many are still to be; `lost`: how many were."""

    def __init__(self, upstream_port: int) -> None:
        super().__init__(upstream_port)
        self.lose = self.lost = 0

    def asked(self, connection: _Pair, data: bytes) -> None:
        if data.startswith(b"POST "):
            connection.inserting = b"INSERT" in data.split(b"\r\n", 1)[0]

    def loses(self, connection: _Pair) -> bool:
        if not connection.inserting or self.lose <= 0:
            return False
        self.lose -= 1
        self.lost += 1
        return True


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST instead of FIN."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
