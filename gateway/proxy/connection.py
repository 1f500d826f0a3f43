"""One client's connection: requests in, one at a time; answers out, in order; deadlines for heads; nothing that was sent is echoed.

Bytes become a request in the callback that brings its head (gateway.proxy.heads); the connection's one task, which begins with its first request, answers it, and the next one's bytes wait unread until it has. A body
of a declared length is counted off here, one in chunks is read by gateway.proxy.chunks. A handler returns an `Answer`, whose bytes are written as they are, or which the relay
has written already. A client that closes its side has left.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.body import Body, Misframed
from gateway.proxy.chunks import Chunks
from gateway.proxy.files import BUSY
from gateway.proxy.headers import Read
from gateway.proxy.heads import HeadReader, Unfit
from gateway.proxy.reply_head import date_line
from gateway.proxy.request import Answer, Request

if TYPE_CHECKING:
    from gateway.proxy.relay import Relay
    from gateway.proxy.server import Server

LINGER_S = 2.0  # for the rest of a body that was refused
UNHEARD_BYTES = 1 << 18  # of the rest of a request that was not let in
AHEAD_BYTES = 1 << 16  # of further requests, from which on no more is read before the one at hand is answered
DROP_BYTES = 256  # of a body: a piece so small, with more to come, is no network's,
PORTION_BYTES = 4096  # and from then on so many are waited for
CLOSE_WAIT = 8  # in tcp_states.h
WRITE_STALL_S = 60.0  # for a client to take an answer before its next request is looked at, or before the connection is closed
LATE = b"HTTP/1.1 408 Request Timeout\r\n%bConnection: close\r\nContent-Length: 0\r\n\r\n"


class ClientConnection(asyncio.Protocol):
    """See the module. relay: who answers the request at hand, once it is handed over. request: being answered; None: it is idle, or reads a head."""

    __slots__ = (
        "_ahead", "_answer", "_body", "_chunks", "_cut_at", "_deaf", "_drained", "_held", "_idle_since", "_leaving", "_left", "_linger", "_loop", "_portion", "_problem", "_reader", "_rests", "_timed", "_unheard", "_waiter", "_writable",
        "relay", "request", "retiring", "server", "task", "transport",
    )  # fmt: skip

    def __init__(self, server: Server) -> None:
        self.server, self._loop = server, server.loop
        self.transport: asyncio.Transport | None = None
        self.task: asyncio.Task[None] | None = None
        self.relay: Relay | None = None
        self.request: Request | None = None
        self.retiring = server.saving  # the next answer says that the connection ends with it
        self._reader: HeadReader | None = None  # of a head that has begun
        self._timed = False  # its deadline runs
        self._problem: RelayError | None = None  # with the head of the request at hand
        self._body: Body | None = None  # of which more is to come:
        self._left = 0  # so many bytes,
        self._chunks: Chunks | None = None  # or these
        self._portion = 1  # so many bytes must be there before the kernel tells us
        self._ahead = bytearray()  # what has come behind the request at hand
        self._linger: asyncio.TimerHandle | None = None  # until it is cut after its last answer
        self._answer: Answer | None = None  # that a relay has given, and that leaves something to do
        self._waiter: asyncio.Future[None] | None = None  # the task waits for a request, or for a relay's answer
        self._drained: asyncio.Future[None] | None = None  # the task waits for the client to read
        self._writable, self._held = True, False  # the client reads; we do not
        self._leaving = self._deaf = self._rests = False
        self._unheard = 0  # bytes thrown away since it is deaf
        self._idle_since, self._cut_at = self._loop.time(), 0.0  # the loop's clock; cut_at: once it is being closed

    # ------------------------------------------------------------------ asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        client = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        kernels: socket.socket | None = transport.get_extra_info("socket")
        if kernels is not None and kernels.fileno() > self.server.last_file:
            self._deaf = True
            self.server.crowded()
            client.write(BUSY % date_line())
            client.close()
            return
        self.transport = client
        self.server.connections.add(self)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            self._unheard += len(data)
            if self._unheard > UNHEARD_BYTES:
                self.pause_reading()
        elif self._body is not None:
            self._more(self._body, data)
        elif self.request is not None:
            self._behind(data)
        else:
            self._read(data)

    def eof_received(self) -> bool:
        return False  # close our side too

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.connections.discard(self)
        self._in_time()
        if self._linger is not None:
            self._linger.cancel()
        self._deaf = True
        if self.relay is not None:
            self.relay.client_gone()
        self.transport = self._reader = self._chunks = self._body = None
        self._ahead.clear()
        if self.request is not None:
            self.request.client_gone()
            if self.task is not None:
                self.server.forsaken.add(self.task)
                self.task.add_done_callback(self.server.forsaken.discard)
        self._wake()
        self._is_taken()

    def pause_writing(self) -> None:
        self._writable = False
        if self.relay is not None:
            self.relay.pause()

    def resume_writing(self) -> None:
        self._is_taken()
        if self.relay is not None:
            self.relay.resume()

    def _is_taken(self) -> None:
        self._writable = True
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def pause_reading(self) -> None:
        """Take no more from the client for now."""
        if not self._held and self.transport is not None and not self.transport.is_closing():
            self._held = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self._held:
            self._held = False
            if self.transport is not None and not self.transport.is_closing():
                self.transport.resume_reading()

    # ------------------------------------------------------------------ what comes

    def _read(self, data: bytes) -> None:
        """A head, or a part of one."""
        reader = self._reader
        if reader is None:
            data = data.lstrip(b"\r\n")  # empty lines before a request are nothing
            if not data:
                return
            familiar = self.server.familiar.find(data)
            if familiar is not None:
                self._has_come(familiar[0], familiar[1])
                return
            reader = self._reader = HeadReader()
        try:
            request = reader.feed(data)
        except Unfit as unfit:
            self._problem = _problem(unfit)
            self._begin(Request("UNKNOWN", "/", Read(()), False, False, 0))
            return
        if request is None:
            if not self._timed:
                self._timed = True
                self.server.deadlines.begin(self)
            return
        self.server.familiar.learn(reader.whole, request)
        self._has_come(request, reader.behind)

    def _has_come(self, request: Request, behind: bytes) -> None:
        """A request, and what stands behind its head."""
        length = request.length
        if length is not None and len(behind) >= length:
            if length:
                request.payload = Body(None, behind[:length])
            self._begin(request)
            if len(behind) > length:
                self._behind(behind[length:])
            return
        body = self._body = request.payload = Body(self)
        if length is None:
            self._chunks = Chunks(body)
        else:
            self._left = length
        self._begin(request)
        if behind:
            self._more(body, behind)

    def _more(self, body: Body, data: bytes) -> None:
        """More of a body."""
        chunks = self._chunks
        if chunks is None:
            left = self._left
            self._left = left - len(data)
            body.feed(data if len(data) <= left else data[:left])
            ended, behind = self._left <= 0, data[left:]
            if self._portion > 1 or (len(data) < DROP_BYTES and not ended):
                self._in_portions(1 if ended else min(self._left, PORTION_BYTES))
        else:
            try:
                ended = chunks.feed(data)
            except Misframed as e:
                self._body = self._chunks = None
                body.set_exception(e)
                return
            behind = chunks.behind
            if chunks.trailers and self.request is not None:
                self.request.keep_alive = False  # what stands there may be another request's header to who is in front of us
        if ended:
            self._body = self._chunks = None
            body.end()
            if behind:
                self._behind(behind)

    def _in_portions(self, size: int) -> None:
        """From now on the kernel tells us of what has come only when it is so many bytes, or the end: whoever sends a body in drops does not wake us for each."""
        if size != self._portion and self.transport is not None:
            self._portion = size
            kernels: socket.socket | None = self.transport.get_extra_info("socket")
            if kernels is not None:
                kernels.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)

    def hear_all(self, then: Callable[[], None]) -> None:
        """Call `then` once what has come of the body by now is fed."""
        self._in_portions(1)
        self._loop.call_soon(self._loop.call_soon, then)  # between the two the loop reads what lies with the kernel

    def _behind(self, data: bytes) -> None:
        """Another request, or more of one, while one is at hand."""
        self._ahead += data
        if len(self._ahead) > AHEAD_BYTES:
            self.pause_reading()

    def _begin(self, request: Request) -> None:
        """A head is read."""
        self._reader, self.request = None, request
        request.connection = self
        if self.retiring:
            request.keep_alive = False
        self._in_time()
        if self.task is None:
            self.task = self._loop.create_task(self._serve())
        else:
            self._wake()

    def head_is_late(self) -> None:
        """To be called once, when the time for a head is over."""
        self._timed = False
        if self.transport is not None:
            self._deaf = True
            self.transport.write(LATE % date_line())
            self.transport.close()

    # ------------------------------------------------------------------ the connection's task

    async def _serve(self) -> None:
        """Answer the connection's requests, one after the other, until one says that it was the last."""
        try:
            while True:
                answer, self._answer = self._answer, None
                if answer is None:
                    if self.relay is None and not (self._writable or await self._taken()):
                        break
                    if self.relay is not None or self.request is None:
                        if self._deaf and self.relay is None:
                            break
                        self._idle_since = self._loop.time()
                        waiter = self._waiter = self._loop.create_future()
                        await waiter
                        continue
                    problem = self._problem
                    answer = await self.server.handle(self.request) if problem is None else self.server.refuse(self.request, problem)
                    if answer is None:
                        continue
                assert self.request is not None
                payload = self.request.payload
                if answer.data and self.transport is not None:
                    self.transport.write(answer.data)
                if not payload.is_eof() and self.transport is not None:
                    if answer.rest_s:
                        break
                    await self._read_off(payload)
                if answer.rest_s and answer.keep_alive and not self._leaving:
                    self.pause_reading()  # what it sends meanwhile is not ours to hold
                    self._rests = True
                    await self.server.rest(answer.rest_s)
                    self._rests = False
                    self.resume_reading()
                    if self._leaving:
                        await asyncio.sleep(0)
                        await asyncio.sleep(0)  # between the two the loop reads what lies with the kernel
                if not answer.keep_alive or (self._leaving and not self._ahead) or not payload.is_eof():
                    break
                if self._ahead:
                    await asyncio.sleep(0)  # others first: an answer need not have waited for anything
                self._next()
                if self._leaving:  # the last one said that another may follow, and it has come, or a part of it
                    self._close_if_idle()
        finally:
            self.task, request = None, self.request
            self._let_go()
            if self._ahead or self._problem is not None or not (request is None or request.payload.is_eof()):  # it may be sending still: closed now, it would see a reset in place of its answer
                self._dismiss()
            elif self.transport is not None and not self._deaf:
                self.transport.close()

    def answered(self, answer: Answer) -> None:
        """The relay has given the answer to the request at hand. The task is asked only if there is more to do than to wait for the next request, as it does already."""
        self.relay, request = None, self.request
        if self._waiter is None or self._ahead or self._deaf or self._leaving or self._held or not (answer.keep_alive and self._writable and request is not None and request.payload.is_eof()):
            self._answer = answer
            self._wake()
        else:
            self._idle_since = self._loop.time()
            self._let_go()

    def _next(self) -> None:
        """The request at hand is answered: see what has come behind it."""
        self._let_go()
        if self._ahead:
            ahead, self._ahead = self._ahead, bytearray()
            self._read(bytes(ahead))
        if self._held and len(self._ahead) <= AHEAD_BYTES:
            self.resume_reading()

    def _let_go(self) -> None:
        """Keep nothing of the request at hand."""
        request, self.request = self.request, None
        if request is not None:
            request.payload.forget()

    async def _taken(self) -> bool:
        """Wait until the client has taken its last answer: whoever does not read gets no further one. False: it did not, in time."""
        self._drained = self._loop.create_future()
        try:
            async with asyncio.timeout(WRITE_STALL_S):
                await self._drained
        except TimeoutError:
            if self.transport is not None:
                self.transport.abort()
            return False
        finally:
            self._drained = None
        return self.transport is not None

    def _dismiss(self) -> None:
        """The answer is written, and nothing more is wanted: let the client see it before the connection goes, but take no more of what it sends than it has on the way."""
        if self.transport is not None and not self._deaf:
            self._deaf = True
            self._linger = self._loop.call_later(LINGER_S, self.transport.abort)
            if self.transport.can_write_eof():
                self.transport.write_eof()

    async def _read_off(self, payload: Body) -> None:
        """Throw away the rest of a body that was refused, for a while: a client that is still sending would not see the answer."""
        try:
            async with asyncio.timeout(LINGER_S):
                while not payload.is_eof():
                    await payload.readany()
        except (TimeoutError, ConnectionError, Misframed, RelayError):  # RelayError: it was refused twice
            pass

    # ------------------------------------------------------------------ the worker

    def leave(self) -> None:
        """Take no further request: an idle connection is closed, a busy one after its answer. What is being sent is still read, and what has come by now."""
        if not self._leaving:
            self._leaving = True
            self.retire()
            self._loop.call_soon(self._loop.call_soon, self._close_if_idle)  # as in hear_all

    def _close_if_idle(self) -> None:
        if self.request is None and self._reader is None and not self._deaf and self.transport is not None:
            self.transport.close()

    def retire(self) -> None:
        """Have the client come again on another connection, without ever closing one on which it may be sending a request: the next answer says so."""
        self.retiring = True
        if self.request is not None:
            self.request.keep_alive = False
        if self.relay is not None:
            self.relay.retire()

    def sweep(self, keepalive_s: float) -> None:
        """To be called every second or so: close it if it has been idle for so long, or its client has left while it rests: nothing is read then that would tell. Cut it if the client does not let it be closed by taking what was written."""
        if self.transport is not None and self.transport.is_closing():
            now = self._loop.time()
            self._cut_at = self._cut_at or now + WRITE_STALL_S
            if now >= self._cut_at:
                self.transport.abort()
        elif self._rests and self.transport is not None and _is_left(self.transport):
            self.transport.close()
        elif self.idle_for() > keepalive_s:
            self.leave()

    def idle_for(self) -> float:
        """Seconds without a request, or a part of one; 0.0 while there is one."""
        return self._loop.time() - self._idle_since if self.request is None and self._reader is None and (self.task is None or self._waiter is not None) else 0.0

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _in_time(self) -> None:
        if self._timed:
            self._timed = False
            self.server.deadlines.end(self)


def _is_left(transport: asyncio.Transport) -> bool:
    """Whether the client has closed its side, as the kernel knows also where nothing is read. False where it does not tell."""
    kernels: socket.socket | None = transport.get_extra_info("socket")
    if kernels is None or not hasattr(socket, "TCP_INFO"):
        return False
    try:
        return kernels.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == CLOSE_WAIT
    except OSError:  # no TCP
        return False


def _problem(unfit: Unfit) -> RelayError:
    code, text = ("head_too_large", "the request line or a header is too long, or there are too many") if unfit.large else ("invalid_http", "the request is not well-formed HTTP/1.1")
    return RelayError(431 if unfit.large else 400, code, text, Outcome.CALLER_INVALID, source="caller")
