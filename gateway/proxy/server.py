"""aiohttp's server, hardened: deadlines for heads, no echo of what was sent, no version in any header, answers as bytes of ours.

aiohttp parses requests, reads bodies with backpressure, bounds pipelining and keeps connections alive. Replies do not go through its response classes:
a handler returns an `Answer`, whose bytes are written as they are, or which the relay has written already. aiohttp is pinned to one minor version
because of the private names used here; tests/proxy is what an upgrade has to pass.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp.http_parser
from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import ERROR, RequestHandler, RequestPayloadError, _ErrInfo

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.admission import Waiter
from gateway.proxy.files import BUSY
from gateway.proxy.relay import Relay

# aiohttp falls back to a parser in pure Python, which alone had several request-smuggling flaws (FAILURES trap 10).
PARSER_IS_COMPILED = aiohttp.http_parser.HttpRequestParser.__module__.endswith("_http_parser")

LINGER_S = 2.0  # for the rest of a body that was refused
UNHEARD_BYTES = 1 << 18  # of the rest of a request that was not let in
PLAIN_END = b"\r\n0\r\n\r\n"  # of a chunked request without trailers
WRITE_STALL_S = 60.0  # for a client to take an answer before its next request is looked at


class Request:
    """A request's head as sent, without the conveniences of aiohttp's own request classes.

    target: path and query exactly as sent. payload: the body's reader. `_cancel` is what aiohttp calls when the client leaves.
    """

    __slots__ = ("connection", "http11", "keep_alive", "may_stay", "method", "payload", "raw_headers", "target", "waiter")

    def __init__(self, message: Any, payload: StreamReader, connection: ClientConnection) -> None:
        self.method: str = message.method
        self.target: str = message.path
        self.raw_headers: tuple[tuple[bytes, bytes], ...] = message.raw_headers if message.raw_headers else ()
        self.http11: bool = message.version.minor >= 1 and message.version.major == 1
        stays = not message.should_close and not connection._upgraded and not connection.retiring
        # aiohttp's parser gives the last trailer of a chunked request to the next one on the connection, which may be somebody else's: behind trailers there is none.
        self.keep_alive: bool = stays and (not message.chunked or connection.plain is payload)
        self.may_stay: bool = stays
        self.payload = payload
        self.connection = connection
        self.waiter: Waiter | None = None  # while it waits to be let in

    @property
    def transport(self) -> asyncio.Transport | None:
        return self.connection.transport

    def _cancel(self, exc: BaseException) -> None:
        self.payload.set_exception(exc)
        if self.waiter is not None:
            self.waiter.tell("gone")


class Answer:
    """What a handler returns: bytes to write, or b"" if everything is written already. curt: what is still to come of the request is not read off."""

    __slots__ = ("curt", "data", "keep_alive", "status")

    def __init__(self, data: bytes, *, keep_alive: bool, status: int = 0, curt: bool = False) -> None:
        self.data, self.keep_alive, self.status, self.curt = data, keep_alive, status, curt


KEPT = Answer(b"", keep_alive=True)
ENDED = Answer(b"", keep_alive=False)


class ClientConnection(RequestHandler):
    """One client's connection. `relay` is the exchange that is writing to it, if any."""

    __slots__ = ("_chunks", "_deaf", "_head_timer", "_heads", "_idle_since", "_leaving", "_tail", "_unheard", "plain", "relay", "retiring", "server")

    def __init__(self, server: Server, **kwargs: Any) -> None:
        super().__init__(cast(Any, server), **kwargs)
        self.server = server
        self.relay: Relay | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._heads = 0
        self._leaving = self._deaf = False
        self._unheard = 0  # bytes thrown away since it is deaf
        self._chunks: StreamReader | None = None  # a chunked body that is on its way, alone on the connection
        self._tail = b""  # what came last, while there is one
        self.plain: StreamReader | None = None  # the last one that ended without trailers, and with nothing behind it
        self._idle_since = 0.0  # the loop's clock
        self.retiring = server.saving  # the next answer says that the connection ends with it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        kernels = transport.get_extra_info("socket")
        if kernels is not None and kernels.fileno() > self.server.last_file:
            self._force_close = True
            self.server.crowded()
            cast(asyncio.Transport, transport).write(BUSY)
            transport.close()
            return
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            self._unheard += len(data)
            if self._unheard > UNHEARD_BYTES and self.transport is not None:
                self.transport.pause_reading()
            return
        super().data_received(data)
        if self._request_count != self._heads:
            message, payload = self._messages[-1]
            alone = self._request_count == self._heads + 1 and len(self._messages) == 1
            self._chunks, self._tail = payload if alone and not isinstance(message, _ErrInfo) and message.chunked else None, b""
            self._heads = self._request_count
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
            if self._current_request is not None and self._messages and isinstance(self._messages[-1][0], _ErrInfo):
                broken = cast(Any, self._current_request).payload  # its framing broke: aiohttp tells the next request, not the one that waits
                if not broken.is_eof():
                    broken.set_exception(RequestPayloadError("the body is not framed as its head says"))
        elif self._head_timer is None and self._waiter is not None and not self._waiter.done():
            self._head_timer = self._loop.call_later(self.server.header_timeout_s, self._head_is_late)  # part of a head
        if self._chunks is not None:
            self._look_behind(data)

    def _look_behind(self, data: bytes) -> None:
        """More of a chunked body came. If it has come to a plain end, the connection can carry another request."""
        self._tail = (self._tail + data[-len(PLAIN_END) :])[-len(PLAIN_END) :]
        if self._chunks is None or not self._chunks.is_eof():
            return
        payload, self._chunks = self._chunks, None
        if self._tail == PLAIN_END and not self._buffer_paused:
            self.plain = payload
            request = cast(Any, self._current_request)
            if request is not None and request.payload is payload:
                request.keep_alive = request.may_stay and not self.retiring

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self.transport is not None and self._waiter is not None and not self._waiter.done():
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            self.force_close()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        relay, self.relay = self.relay, None
        if relay is not None:
            relay.client_gone()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.relay is not None:
            self.relay.pause()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.relay is not None:
            self.relay.resume()

    async def start(self) -> None:
        """Answer the connection's requests, one after the other, until one says that it was the last.

        In the place of aiohttp's own loop, which makes a task, a writer and a response for each request; a relay needs none of them. What
        aiohttp's other methods look at (`_waiter`, `_current_request`, `_request_in_progress`) is kept as they expect it.
        """
        while not self._force_close:
            if self._paused and not await self._taken():
                return
            if not self._messages and not await self._another():
                return
            message, payload = self._messages.popleft()
            if self._parser is not None:
                self._parser.message_consumed()
            if self._buffer_paused and len(self._messages) <= self._msg_queue_resume_size:
                self._resume_reading_if_drained()
            self._request_in_progress = True
            try:
                answer = await self._answer(message, payload)
                if not payload.is_eof() and not self._force_close:
                    if answer.curt:
                        return self._dismiss(payload)
                    await self._read_off(payload)
            except asyncio.CancelledError:
                self.force_close()
                raise
            finally:
                self._current_request = None
                self._request_in_progress = False
                if self._handler_waiter is not None:
                    self._handler_waiter.set_result(None)
            if not answer.keep_alive or self._close or self._leaving or self._upgraded or not payload.is_eof():
                break
            self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
            if self._keepalive_handle is None:
                self._keepalive_handle = self._loop.call_at(self._next_keepalive_close_time, self._process_keepalive)
        if not self._force_close:
            self._task_handler = None
            if self.transport is not None:
                self.transport.close()

    def leave(self) -> None:
        """Take no further request: an idle connection is closed, a busy one after its answer. Unlike aiohttp's `close`, what is being sent is still read."""
        self._leaving = True
        if self._waiter is not None:
            self._waiter.cancel()

    def retire(self) -> None:
        """Have the client come again on another connection, without ever closing one on which it may be sending a request: the next answer says so."""
        self.retiring = True
        if self.relay is not None:
            self.relay.retire()

    def idle_for(self) -> float:
        """Seconds without a request, or a part of one; 0.0 while there is one."""
        waits = self._waiter is not None and not self._waiter.done() and self._head_timer is None
        return self._loop.time() - self._idle_since if waits else 0.0

    async def _taken(self) -> bool:
        """Wait until the client has taken its last answer: whoever does not read gets no further one. False: it did not, in time."""
        try:
            async with asyncio.timeout(WRITE_STALL_S):
                await self._drain_helper()
        except (TimeoutError, ConnectionError):
            if self.transport is not None:
                self.transport.abort()
            return False
        return True

    async def _another(self) -> bool:
        """Wait for a request. False: none will come, the connection is being closed."""
        self._waiter = self._loop.create_future()
        self._idle_since = self._loop.time()
        try:
            await self._waiter
        except asyncio.CancelledError:  # by close() or force_close(), or by who cancels the whole task
            self._task_handler = None
            if self.transport is not None:
                self.transport.close()
            return False
        finally:
            self._waiter = None
        return True

    async def _answer(self, message: Any, payload: StreamReader) -> Answer:
        if isinstance(message, _ErrInfo):
            answer = self._refused(message, payload)
        else:
            request = Request(message, payload, self)
            self._current_request = cast(Any, request)
            answer = await self.server.handle(request)
        if answer.data and self.transport is not None:
            self.transport.write(answer.data)
        return answer

    def _dismiss(self, payload: StreamReader) -> None:
        """The answer is written, and nothing more is wanted: let the client see it before the connection goes, but take no more of what it sends than it has on the way."""
        self._task_handler = None
        payload._buffer.clear()
        if self.transport is not None:
            self._deaf = True
            if self.transport.can_write_eof():
                self.transport.write_eof()
            self._head_timer = self._loop.call_later(LINGER_S, self.transport.abort)

    def _refused(self, problem: _ErrInfo, payload: StreamReader) -> Answer:
        """The answer to what aiohttp could not parse. Its own page would repeat the offending line, keys included."""
        size = type(problem.exc).__name__ == "LineTooLong" or "Too many headers" in str(problem.exc)
        code, text = ("head_too_large", "the request line or a header is too long, or there are too many") if size else ("invalid_http", "the request is not well-formed HTTP/1.1")
        error = RelayError(431 if size else 400, code, text, Outcome.CALLER_INVALID, source="caller")
        return self.server.refuse(Request(ERROR, payload, self), error)

    async def _read_off(self, payload: StreamReader) -> None:
        """Throw away the rest of a body that was refused, for a while: a client that is still sending would not see the answer."""
        try:
            async with asyncio.timeout(LINGER_S):
                while not payload.is_eof():
                    await payload.readany()
        except (TimeoutError, ConnectionError, RequestPayloadError):
            pass


class Server(web.Server):
    """Makes a ClientConnection for each accepted connection."""

    def __init__(
        self,
        handle: Callable[[Request], Awaitable[Answer]],
        refuse: Callable[[Request, RelayError], Answer],
        *,
        header_timeout_s: float,
        keepalive_s: float,
    ) -> None:
        super().__init__(cast(Any, handle))
        self.handle, self.refuse = handle, refuse
        self.header_timeout_s = header_timeout_s
        self._options = {
            "keepalive_timeout": keepalive_s,
            "access_log": None,
            "auto_decompress": False,  # law 1: a body stays as it was sent
            "max_line_size": 16384,
            "max_field_size": 16384,
            "read_bufsize": 2**18,
        }
        self.opened = 0
        self.last_file = 1 << 30  # the highest number that a client's connection may have: see gateway/proxy/files.py
        self.crowded: Callable[[], None] = lambda: None  # called for each that has a higher one, and is turned away
        self.saving = False

    def save(self, saving: bool) -> None:
        """Have connections end with their next answer, those that are made later too; or not any more."""
        self.saving = saving
        for connection in self.connections if saving else ():
            cast(ClientConnection, connection).retire()

    def __call__(self) -> ClientConnection:
        self.opened += 1
        return ClientConnection(self, loop=self._loop, **cast(Any, self._options))
