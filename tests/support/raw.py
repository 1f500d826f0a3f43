"""A client that sends bytes, not requests, and reads replies by rules of its own: what a gate's client may do, sensible or not.

    async with RawClient(port) as client:
        client.send(b"POST ...")                      anything, in any pieces
        reply = await client.reply()                  the next one; of several, in order
        client.reset(), client.shut()                 RST; half-close

It shares no line with the gate's parsers, so that a fault in these shows. A reply that is not what RFC 9112 allows raises NotHttp.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Self

from tests.support.lossy import reset

PATIENCE_S = 60.0
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d) [\t\x20-\x7e\x80-\xff]*")  # a provider's own 6xx to 9xx goes on as it came: a reader takes it for a 5xx (RFC 9110, 15)
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")


class NotHttp(Exception):
    """What came is no reply."""


@dataclass(slots=True)
class Reply:
    """headers: names in lower case, in order. whole: False if the connection ended inside it. informational: statuses that came before."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    whole: bool = True
    informational: tuple[int, ...] = ()

    def header(self, name: str) -> str:
        """Its one value; "" if absent. Raises NotHttp if it is there twice."""
        values = [value for key, value in self.headers if key == name]
        if len(values) > 1:
            raise NotHttp(f"{name} stands {len(values)} times")
        return values[0] if values else ""


class RawClient:
    """One connection to a port on loopback."""

    def __init__(self, port: int, *, limit: int = 1 << 26) -> None:
        self.port, self._limit = port, limit

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=self._limit)
        return self

    async def __aexit__(self, *raised: object) -> None:
        self.writer.close()

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def shut(self) -> None:
        """No more will be sent; what is to come is still read."""
        self.writer.write_eof()

    def reset(self) -> None:
        reset(self.writer)

    async def rest(self) -> bytes:
        """All that comes until the connection ends, however it does."""
        data = b""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while piece := await self.reader.read(1 << 20):
                    data += piece
        except ConnectionError:
            pass
        return data

    async def reply(self, *, head_only: bool = False) -> Reply | None:
        """The next reply; None if the connection has ended instead. head_only: it answers a HEAD."""
        async with asyncio.timeout(PATIENCE_S):
            return await _reply(self.reader, head_only)


async def _reply(reader: asyncio.StreamReader, head_only: bool) -> Reply | None:
    informational: list[int] = []
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as e:
            if e.partial:
                raise NotHttp(f"half a head: {e.partial[:80]!r}") from None
            return None
        except ConnectionError:
            return None
        reply = _head(head)
        if reply.status >= 200:
            break
        informational.append(reply.status)
    reply.informational = tuple(informational)
    if head_only or reply.status in (204, 304):
        return reply
    try:
        await _body(reader, reply)
    except asyncio.IncompleteReadError as e:
        reply.body += e.partial
        reply.whole = False
    except ConnectionError:
        reply.whole = False
    return reply


def _head(head: bytes) -> Reply:
    lines = head[:-4].split(b"\r\n")
    status = _STATUS.fullmatch(lines[0])
    if status is None:
        raise NotHttp(f"status line {lines[0][:80]!r}")
    reply = Reply(int(status[1]))
    for line in lines[1:]:
        found = _FIELD.fullmatch(line)
        if found is None:
            raise NotHttp(f"header line {line[:80]!r}")
        reply.headers.append((found[1].decode().lower(), found[2].decode("latin-1")))
    return reply


async def _body(reader: asyncio.StreamReader, reply: Reply) -> None:
    length, coding = reply.header("content-length"), reply.header("transfer-encoding")
    if coding and length:
        raise NotHttp("Content-Length beside Transfer-Encoding")
    if coding:
        if coding != "chunked":
            raise NotHttp(f"Transfer-Encoding: {coding}")
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line, 16)
            if not size:
                if await reader.readexactly(2) != b"\r\n":
                    raise NotHttp("trailers")
                return
            reply.body += await reader.readexactly(size)
            if await reader.readexactly(2) != b"\r\n":
                raise NotHttp("a chunk without its end")
    elif length:
        reply.body = await reader.readexactly(int(length))
    else:
        reply.body = await reader.read(-1)
