"""One connection to a provider: HTTP/1.1 on plain asyncio protocols with llhttp's strict parser.

Why our own: aiohttp's ClientSession is most of a proxy's cost, and its pool hands bytes that arrived on an idle connection to
the next request. Here a connection that receives anything while idle is closed and counted, a reply is handed on in the
callback that read it (no task, no queue), and nothing is retried, redirected, decoded or taken from the environment.

One exchange at a time. The sink gets `received` once per read from the socket, in order; after `ended` or an error it gets nothing more.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

import httptools

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.long import Content, Part, parts
from gateway.proxy.veil import Veil

MAX_HEAD_BYTES = 64 * 1024
MAX_INFORMATIONAL = 32
Headers = list[tuple[bytes, bytes]]


class Sink(Protocol):
    """What an exchange is to its connection."""

    def received(self, head: tuple[int, Headers] | None, data: bytes, ended: bool) -> None:
        """head: status and headers, in the read that completed them. data: body bytes of this read, unframed."""

    def failed(self, error: RelayError) -> None:
        """The exchange is over without an end."""


class Connection(asyncio.Protocol):
    """Made by the pool. `send` starts an exchange; when it has ended well, `release` is called with the connection."""

    __slots__ = (
        "_bodiless",
        "_ended",
        "_flows",
        "_framed",
        "_full",
        "_head",
        "_head_bytes",
        "_headers",
        "_informational",
        "_keep",
        "_parser",
        "_pieces",
        "_refused",
        "_sink",
        "_status",
        "_unfit",
        "_unsent",
        "_veil",
        "_whole",
        "answered",
        "idle_since",
        "lost",
        "on_body",
        "owner",
        "transport",
        "used",
    )

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.transport: asyncio.Transport | None = None
        self.idle_since = 0.0
        self.used = 0
        self.lost = False
        self._sink: Sink | None = None
        self._unsent: list[Part] = []  # of a long body, the next one last
        self._full = False  # the provider does not take more for now
        self._pieces: list[bytes] = []  # body bytes of the read at hand, unframed
        self.on_body = self._pieces.append  # llhttp's callback: of a stream, called for each chunk
        self._parser = httptools.HttpResponseParser(self)

    # ------------------------------------------------------------------ what an exchange asks for

    def send(self, head: bytes, body: Content, sink: Sink, *, bodiless: bool) -> None:
        """Start an exchange. bodiless: the reply to a HEAD has no body whatever its headers say."""
        assert self.transport is not None
        assert self._sink is None
        self._sink, self._bodiless = sink, bodiless
        self._headers: Headers = []
        self._head: tuple[int, Headers] | None = None
        self._head_bytes = self._whole = self._informational = self._status = 0
        self._framed = self._ended = self._keep = self._unfit = False
        self._flows = False  # the head is handed on, and nothing need be looked for in what follows
        self.answered = False  # any byte of the reply has come
        self._refused = ""
        self._veil: Veil | None = None
        self.used += 1
        if len(body) < 65536:
            self.transport.write(head + body)  # type: ignore[operator]  # a Long is longer
        else:
            first, *rest = parts(body)
            self.transport.writelines((head, first))
            self._unsent = rest[::-1]
            self._soon()

    def _soon(self) -> None:
        if self._unsent:
            asyncio.get_running_loop().call_soon(self._send_on)

    def _send_on(self) -> None:
        """The next piece of a long body: one in a turn of the loop, as long as the provider takes them."""
        if self._unsent and not self._full and self.transport is not None and not self.transport.is_closing():
            self.transport.write(self._unsent.pop())
            self._soon()

    def hand(self, sink: Sink) -> None:
        """What comes from here on is somebody else's; nothing, if the exchange is over."""
        if self._sink is not None:
            self._sink = sink

    def abort(self) -> None:
        """Give the exchange up and drop the connection: the provider learns at once."""
        self._sink = None
        if self.transport is not None:
            self.transport.abort()

    def pause(self) -> None:
        if self.transport is not None and not self.lost:
            self.transport.pause_reading()

    def resume(self) -> None:
        if self.transport is not None and not self.lost:
            self.transport.resume_reading()

    # ------------------------------------------------------------------ llhttp's callbacks

    def on_message_begin(self) -> None:
        if self._ended:
            self._refused = "bytes after the end of the reply"

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._status:  # what comes after the head is a trailer, and nobody's
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._ended:  # here and below: what comes after the end is nobody's
            return
        status = self._parser.get_status_code()
        if status < 200:
            self._informational += 1
            self._headers = []
            if status == 101 or status < 100 or self._informational > MAX_INFORMATIONAL:
                self._refused = self._refused or ("an upgrade" if status == 101 else "a status that is none" if status < 100 else "too many informational replies")
            return
        self._status = status
        self._head = (status, self._headers)
        for name, value in self._headers:
            size = len(name)
            if (size == 14 or size == 17) and (low := name.lower()) in (b"content-length", b"transfer-encoding"):
                self._framed = True
                if low == b"transfer-encoding" and value.lower() != b"chunked":  # nobody said that another would be understood
                    self._refused, self._unfit = "a transfer encoding that was not asked for", True
        if status in (204, 304):
            self._framed = True

    def on_message_complete(self) -> None:
        if not self._status or self._ended:  # an informational reply, or one too many
            return
        self._ended, self._whole = True, len(self._pieces)
        self._keep = self._parser.should_keep_alive()  # only valid here: llhttp resets its flags afterwards

    # ------------------------------------------------------------------ asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self.owner.made()

    def data_received(self, data: bytes) -> None:
        sink = self._sink
        if sink is None:
            self.owner.poisoned(self)
            self._drop()
            return
        if not self.answered:
            self.answered = True
            if data.startswith((b"R", b"I")):  # llhttp takes RTSP and ICE for HTTP
                self._refused, self._unfit = "another protocol than HTTP", True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as e:
            self._refused = self._refused or f"not HTTP/1.1: {type(e).__name__}"
        pieces = self._pieces
        if self._flows and not (self._ended or self._refused):
            if pieces:
                body = pieces.pop() if len(pieces) == 1 else self._gathered()
                sink.received(None, body, False)
            return
        if self._head is not None or not self._status:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self._refused and (self._head is None or sum(len(name) + len(value) for name, value in self._headers) > MAX_HEAD_BYTES):
                self._refused, self._unfit = "a head of more than 64 KiB", True
        if self._refused and (self._unfit or not self._ended):
            self._fail(f"the provider sent {self._refused}", "provider_protocol", Outcome.PROVIDER_PROTOCOL)
            return
        head, self._head = self._head, None
        if self._ended and len(pieces) > self._whole:
            del pieces[self._whole :]  # what comes after the end is nobody's
        body = pieces.pop() if len(pieces) == 1 else self._gathered()
        if self._bodiless:
            body = b""
            if head is not None:
                self._ended, self._keep = True, False  # llhttp does not know it was a HEAD: the next reply would be misread
        if head is None and not body and not self._ended:
            return
        if head is not None and head[0] >= 400 and self.owner.key:
            self._veil = Veil(self.owner.key)
        if self._veil is not None:
            head, body = self._veil.push(head, body, self._ended)
        if not self._ended:
            self._flows = self._veil is None
            if head is not None or body:
                sink.received(head, body, False)
            return
        self._sink = None
        transport = self.transport
        if self._keep and not self._refused and transport is not None and not transport.is_closing() and not transport.get_write_buffer_size() and not self._unsent:
            self.owner.release(self)
        elif transport is not None:
            transport.abort()  # also where an early refusal left half a request unsent: it must not go on, nor go before the next
        sink.received(head, body, True)

    def _gathered(self) -> bytes:
        """The body bytes of the read at hand."""
        body = b"".join(self._pieces)
        self._pieces.clear()
        return body

    def eof_received(self) -> bool:
        return False  # close our side too

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._unsent.clear()
        self.owner.forget(self)
        sink = self._sink
        if sink is None:
            return
        self._sink = None
        if exc is None and self._status and not self._framed and not self._ended:
            head, body = self._veil.push(None, b"", True) if self._veil is not None else (None, b"")
            sink.received(head, body, True)  # a body without length ends with the connection
            return
        what = "closed the connection in the middle of its reply" if self._status else "closed the connection without a reply"
        sink.failed(_error(502, "provider_reset", f"the provider {what}", Outcome.PROVIDER_TRUNCATED if self._status else Outcome.PROVIDER_UNREACHABLE))

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._soon()

    # ------------------------------------------------------------------

    def _drop(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _fail(self, message: str, code: str, outcome: Outcome) -> None:
        sink, self._sink = self._sink, None
        if self.transport is not None:
            self.transport.abort()
        if sink is not None:
            sink.failed(_error(502, code, message, outcome))


class Owner(Protocol):
    """The pool, as a connection sees it. key: the gate's own for this provider, b"": callers bring theirs."""

    @property
    def key(self) -> bytes: ...

    def made(self) -> None: ...
    def release(self, connection: Connection) -> None: ...
    def forget(self, connection: Connection) -> None: ...
    def poisoned(self, connection: Connection) -> None: ...


def _error(status: int, code: str, message: str, outcome: Outcome) -> RelayError:
    return RelayError(status, code, message, outcome, source="provider", retry=True)
