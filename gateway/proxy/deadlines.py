"""When a head that has begun must be whole: one timer for all heads, since each has as long as the others.

Where thousands drip, one runs out of time every few milliseconds. A timer each would wake the loop for each; all that are due in one turn would be late for everybody else. So
those that end near one another are one wake-up, and end one in a turn of the loop. Where more come in a turn than that, they grow late, and for each LATE_S one more ends in a turn: in
full turns of the loop it would else be whoever sends them that says how many there are.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.proxy.connection import ClientConnection

GRAIN_S = 0.02  # by so much a deadline may be late
LATE_S = 0.25


class Deadlines:
    """Of one server's heads."""

    __slots__ = ("_armed", "_due", "_loop", "_seconds")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        """seconds: that a head may take."""
        self._loop, self._seconds, self._armed = loop, seconds, False
        self._due: OrderedDict[ClientConnection, float] = OrderedDict()  # the loop's clock; the first is the next

    def begin(self, connection: ClientConnection) -> None:
        self._due[connection] = self._loop.time() + self._seconds
        if not self._armed:
            self._arm(self._seconds)

    def end(self, connection: ClientConnection) -> None:
        """Its head is whole, or it is gone."""
        self._due.pop(connection, None)

    def _arm(self, seconds: float) -> None:
        self._armed = True
        self._loop.call_later(max(seconds, GRAIN_S), self._look)

    def _look(self) -> None:
        self._armed = False
        connection = next(iter(self._due), None)
        if connection is None:
            return
        now = self._loop.time()
        late = now - self._due[connection]
        if late < 0:
            self._arm(-late)
            return
        self._armed = True
        self._loop.call_soon(self._look)
        for connection, due in list(islice(self._due.items(), 1 + int(late / LATE_S))):
            if due <= now:
                del self._due[connection]
                connection.head_is_late()
