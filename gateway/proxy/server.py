"""The clients' connections of one worker: who makes them, how long they may be idle, when they end."""

from __future__ import annotations

import asyncio
import math
import socket
from collections.abc import Awaitable, Callable

from gateway.errors import RelayError
from gateway.proxy.connection import ClientConnection
from gateway.proxy.deadlines import Deadlines
from gateway.proxy.familiar import Familiar
from gateway.proxy.request import Answer, Request

FORGET_BEATS = 600  # after which heads that were read are read anew: a minute or so
SWEEP_BEATS = 10  # in which all connections are looked at once
LEAST_SWEPT = 64  # in one
ACCEPTS = 4  # connections that a turn of the loop takes at most; uvloop takes one for each file that listens, which in turns that are full of work would be two hundred a second
BACKLOG = 4096


class Server:
    """Makes a ClientConnection for each connection that is accepted."""

    def __init__(
        self,
        handle: Callable[[Request], Awaitable[Answer | None]],
        refuse: Callable[[Request, RelayError], Answer],
        *,
        rest: Callable[[float], Awaitable[None]],
        header_timeout_s: float,
        keepalive_s: float,
    ) -> None:
        """handle: answers a request; None: a relay does (`ClientConnection.answered`).  refuse: makes the answer to what is none.  rest: awaited before whoever was turned away is heard again, with the seconds that it was told."""
        self.loop = asyncio.get_running_loop()
        self.handle, self.refuse, self.rest = handle, refuse, rest
        self._keepalive_s = keepalive_s
        self.deadlines = Deadlines(self.loop, header_timeout_s)
        self.familiar = Familiar()
        self.connections: set[ClientConnection] = set()
        self.forsaken: set[asyncio.Task[None]] = set()  # of connections that were lost with a request at hand
        self.opened = self._beats = 0
        self.last_file = 1 << 30  # the highest number that a client's connection may have: see gateway/proxy/files.py
        self.crowded: Callable[[], None] = lambda: None  # called for each that has a higher one, and is turned away
        self.saving = False
        self._listening: list[asyncio.Server] = []
        self._unswept: list[ClientConnection] = []  # in this round
        self._part = 0

    def __call__(self) -> ClientConnection:
        self.opened += 1
        return ClientConnection(self)

    async def listen(self, listener: socket.socket) -> None:
        """Take connections from a socket that listens, until `deafen`, which closes it."""
        for file in (listener, *(listener.dup() for _ in range(ACCEPTS - 1))):
            self._listening.append(await self.loop.create_server(self, sock=file, backlog=BACKLOG))

    def deafen(self) -> None:
        """Take no more connections here; those that have been made stay."""
        for listening in self._listening:
            listening.close()

    def tick(self) -> None:
        """Close what has been idle for too long, cut what does not let itself be closed. To be called with every beat, which looks at a part of them: a timer each costs more, and
        a look at thousands at once is late for everybody else."""
        if not self._unswept:
            self._unswept = list(self.connections)
            self._part = max(LEAST_SWEPT, math.ceil(len(self._unswept) / SWEEP_BEATS))
        for connection in self._unswept[-self._part :]:
            connection.sweep(self._keepalive_s)
        del self._unswept[-self._part :]
        self._beats += 1
        if self._beats % FORGET_BEATS == 0:
            self.familiar.forget()

    def save(self, saving: bool) -> None:
        """Have connections end with their next answer, those that are made later too; or not any more."""
        self.saving = saving
        for connection in self.connections if saving else ():
            connection.retire()

    async def shut(self, patience_s: float) -> None:
        """End what is still being answered, and close every connection."""
        tasks = [*self.forsaken, *(connection.task for connection in self.connections if connection.task is not None)]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience_s)
        for connection in list(self.connections):
            if connection.transport is not None:
                connection.transport.close()
