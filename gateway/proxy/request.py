"""A request as its handler sees it, and what the handler returns."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gateway.proxy.body import EMPTY, Body
from gateway.proxy.headers import Read

if TYPE_CHECKING:
    from gateway.proxy.connection import ClientConnection
    from gateway.proxy.waiting import Waiter


class Request:
    """target: path and query exactly as sent. read: its headers. length: of the body in bytes; None: it comes in chunks. payload: the body's reader."""

    __slots__ = ("connection", "http11", "keep_alive", "length", "method", "payload", "read", "target", "waiter")

    connection: ClientConnection  # given by who reads it, as is payload

    def __init__(self, method: str, target: str, read: Read, http11: bool, keep_alive: bool, length: int | None) -> None:
        self.method, self.target, self.read = method, target, read
        self.http11, self.keep_alive, self.length = http11, keep_alive, length
        self.payload: Body = EMPTY
        self.waiter: Waiter | None = None  # while it waits to be let in

    @property
    def transport(self) -> asyncio.Transport | None:
        return self.connection.transport

    def body_is_late(self) -> None:
        """The time for its body is over. What has come by now is still heard."""
        self.connection.hear_all(self._is_late)

    def _is_late(self) -> None:
        self.payload.set_exception(TimeoutError())

    def client_gone(self) -> None:
        """Nobody waits for an answer any more."""
        self.payload.set_exception(ConnectionResetError("the client left"))
        if self.waiter is not None:
            self.waiter.tell("gone")


class Answer:
    """What a handler returns: bytes to write, or b"" if everything is written already. rest_s: it was turned away: what is still to come of the request is not read off, and whoever sent it rests for so long at most before it is heard again. 0.0: it was not."""

    __slots__ = ("data", "keep_alive", "rest_s", "status")

    def __init__(self, data: bytes, keep_alive: bool, status: int = 0, rest_s: float = 0.0) -> None:
        self.data, self.keep_alive, self.status, self.rest_s = data, keep_alive, status, rest_s


KEPT = Answer(b"", keep_alive=True)
ENDED = Answer(b"", keep_alive=False)
