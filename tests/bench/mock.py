"""The mock provider: OpenAI chat completions, whole or streamed, at a cost well below any proxy's.

    python tests/bench/mock.py --port 9001        prints {"port": N} once it listens; --port 0 takes a free one

POST anything        the chat completion, or, if the body says `"stream": true`, 64 content chunks, each an event and a send of its own,
                     `metadata.pace_ms` apart (0: as fast as they go), then the finish, the usage frame if it was asked for, `[DONE]`;
                     if it says `"say":"1 KB"`, a completion of that length
GET  anything        {"opened", "open", "requests", "aborted"}: connections made and open, requests answered, streams left before their end

Deliberately absent: checks of the request, pipelining, HTTP/1.0. It trusts its clients because a bench has no others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import asdict, dataclass
from typing import cast

import orjson
import traffic
import uvloop

KEEP_BYTES = 1 << 16  # a longer body is counted, not kept; it never asks for a stream
_JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_mock\r\nContent-Length: %d\r\n\r\n"
_SSE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nx-request-id: req_mock\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class Counts:
    """What the mock tells about itself."""

    opened: int = 0
    open: int = 0
    requests: int = 0
    aborted: int = 0


class Script:
    """The bytes of every kind of reply, framed once."""

    def __init__(self) -> None:
        self.whole, self.kilobyte = (_JSON_HEAD % len(body) + body for body in (traffic.reply_body(), traffic.reply_body(kilobyte=True)))
        self.content = {asked: self._content(asked) for asked in (False, True)}
        self.tail = {asked: tuple(_framed(event) for event in traffic.tail_events(asked)) for asked in (False, True)}

    @staticmethod
    def _content(asked: bool) -> tuple[bytes, bytes]:
        before, after = traffic.content_chunk(asked)
        return b"%x\r\n" % (len(before) + traffic.STAMP_CHARS + len(after)) + before, after + b"\r\n"


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self, script: Script, counts: Counts) -> None:
        self._script, self._counts = script, counts
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._missing = 0  # bytes of a long body that have not come yet
        self._reply: Stream | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._counts.opened += 1
        self._counts.open += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._counts.open -= 1
        if self._reply is not None and self._reply.stop():
            self._counts.aborted += 1

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
            if self._missing <= 0:
                self._missing = 0
                self._answer(b"")
            return
        self._buffer = buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            return
        head = buffer[:end].lower()
        at = head.find(b"\r\ncontent-length:")
        if at >= 0:
            total = end + int(head[at + 17 : head.index(b"\r\n", at + 17)])
            if total - end > KEEP_BYTES:
                self._buffer, self._missing = b"", max(0, total - len(buffer))
                if not self._missing:
                    self._answer(b"")
                return
            if len(buffer) < total:
                return
        elif b"\r\ntransfer-encoding:" in head and not buffer.endswith(b"\r\n" + traffic.LAST_CHUNK):
            return
        self._buffer = b""
        if head.startswith(b"get "):
            self._stats()
        else:
            self._answer(buffer[end:])

    def _answer(self, body: bytes) -> None:
        self._counts.requests += 1
        if b'"stream"' in body:
            asked = orjson.loads(body)
            if asked.get("stream"):
                usage = bool((asked.get("stream_options") or {}).get("include_usage"))
                pace_s = int(asked.get("metadata", {}).get("pace_ms", 0)) / 1000
                self._reply = Stream(self._transport, self._script, usage, pace_s, self._loop)
                return
        self._transport.write(self._script.kilobyte if traffic.SAY_KB in body else self._script.whole)

    def _stats(self) -> None:
        body = json.dumps(asdict(self._counts)).encode()
        self._transport.write(_JSON_HEAD % len(body) + body)


class Stream:
    """One streamed reply. Between two events control goes back to the loop, which flushes: no two share a send."""

    __slots__ = ("_after", "_before", "_due", "_loop", "_next", "_pace_s", "_sent", "_tail", "_transport")

    def __init__(self, transport: asyncio.Transport, script: Script, usage: bool, pace_s: float, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._pace_s, self._loop = transport, pace_s, loop
        self._before, self._after = script.content[usage]
        self._tail = script.tail[usage]
        self._sent = 0
        self._due = loop.time()
        transport.write(_SSE_HEAD)
        self._next: asyncio.Handle | None = loop.call_soon(self._send)

    def stop(self) -> bool:
        """Send no more. True if there was more to send."""
        if self._next is None:
            return False
        self._next.cancel()
        self._next = None
        return True

    def _send(self) -> None:
        sent = self._sent
        self._sent = sent + 1
        if sent < traffic.CHUNKS:
            self._transport.write(b"%s%s%s" % (self._before, traffic.stamp(time.monotonic_ns()), self._after))
            if self._pace_s and sent + 1 < traffic.CHUNKS:
                self._due += self._pace_s
                self._next = self._loop.call_at(self._due, self._send)
                return
        elif sent < traffic.CHUNKS + len(self._tail):
            self._transport.write(self._tail[sent - traffic.CHUNKS])
        else:
            self._transport.write(traffic.LAST_CHUNK)
            self._next = None
            return
        self._next = self._loop.call_soon(self._send)


def _framed(event: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(event), event)


async def serve(port: int) -> None:
    """Listen on loopback until killed."""
    script, counts = Script(), Counts()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(script, counts), "127.0.0.1", port, backlog=4096)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The bench's mock provider.")
    parser.add_argument("--port", type=int, default=0)
    uvloop.run(serve(parser.parse_args().port))
