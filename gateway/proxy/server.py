"""aiohttp's server, hardened: deadlines for heads, no echo of what was sent, no version in any header, answers as bytes of ours.

aiohttp parses requests, keeps connections alive and orders pipelined requests. Replies do not go through its response classes: a handler
returns an `Answer`, which aiohttp asks to `prepare` and `write_eof` like any response, and which has written, or writes, its own bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import aiohttp.http_parser
from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.relay import Relay

# aiohttp falls back to a parser in pure Python, which alone had several request-smuggling flaws (FAILURES trap 10).
PARSER_IS_COMPILED = aiohttp.http_parser.HttpRequestParser.__module__.endswith("_http_parser")


class Request:
    """What aiohttp's connection hands to its handler, without the conveniences of aiohttp's own request classes.

    target: path and query exactly as sent. payload: the body's reader. `_finish`, `_cancel` and `_task` are what aiohttp's RequestHandler uses.
    """

    __slots__ = ("_task", "connection", "http11", "keep_alive", "method", "payload", "raw_headers", "target")

    def __init__(self, message: Any, payload: Any, connection: ClientConnection, writer: Any, task: Any) -> None:
        self.method: str = message.method
        self.target: str = message.path
        self.raw_headers: tuple[tuple[bytes, bytes], ...] = message.raw_headers if message.raw_headers else ()
        self.http11: bool = message.version.minor >= 1 and message.version.major == 1
        self.keep_alive: bool = not message.should_close
        self.payload: StreamReader = payload
        self.connection = connection
        self._task = task

    @property
    def transport(self) -> asyncio.Transport | None:
        return self.connection.transport

    def _finish(self) -> None:
        pass

    def _cancel(self, exc: BaseException) -> None:
        self.payload.set_exception(exc)


class Answer:
    """What a handler returns: bytes to write, or b"" if everything is written already."""

    __slots__ = ("data", "keep_alive", "status")

    def __init__(self, data: bytes, *, keep_alive: bool, status: int = 0) -> None:
        self.data, self.keep_alive, self.status = data, keep_alive, status

    async def prepare(self, request: Request) -> None:
        if self.data and request.transport is not None:
            request.transport.write(self.data)

    async def write_eof(self) -> None:
        pass


KEPT = Answer(b"", keep_alive=True)
ENDED = Answer(b"", keep_alive=False)


class ClientConnection(RequestHandler):
    """One client's connection. `relay` is the exchange that is writing to it, if any."""

    __slots__ = ("_head_timer", "_heads", "relay", "server")

    def __init__(self, server: Server, **kwargs: Any) -> None:
        super().__init__(cast(Any, server), **kwargs)
        self.server = server
        self.relay: Relay | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._heads = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._request_count != self._heads:
            self._heads = self._request_count
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
        elif self._head_timer is None and self._waiter is not None and not self._waiter.done():
            self._head_timer = self._loop.call_later(self.server.header_timeout_s, self._head_is_late)  # part of a head

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

    def handle_error(self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None) -> Any:
        """Called by aiohttp for a head it cannot parse (our handler does not raise). Its own page would repeat the offending line."""
        size = type(exc).__name__ == "LineTooLong"
        code, text = ("head_too_large", "the request line or a header is too long") if size else ("invalid_http", "the request is not well-formed HTTP/1.1")
        return self.server.refusal(request, RelayError(431 if size else 400, code, text, Outcome.CALLER_INVALID, source="caller"))


class Server(web.Server):
    """Makes a ClientConnection for each accepted connection."""

    def __init__(
        self,
        handler: Callable[[Request], Any],
        refusal: Callable[[Request, RelayError], Answer],
        *,
        header_timeout_s: float,
        keepalive_s: float,
    ) -> None:
        super().__init__(cast(Any, handler), request_factory=cast(Any, Request))
        self.refusal = refusal
        self.header_timeout_s = header_timeout_s
        self._options = {
            "keepalive_timeout": keepalive_s,
            "access_log": None,
            "auto_decompress": False,  # law 1: a body stays as it was sent
            "lingering_time": 2.0,
            "max_line_size": 16384,
            "max_field_size": 16384,
            "read_bufsize": 2**18,
        }
        self.opened = 0

    def __call__(self) -> ClientConnection:
        self.opened += 1
        return ClientConnection(self, loop=self._loop, **cast(Any, self._options))
