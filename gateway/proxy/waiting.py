"""Those who wait to be let in, and for how long: one timer for all who have the same patience, since they run out of it in the order in which they came.

A timer each costs more than all else that a wait does, and under a flood thousands wait.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.proxy.intake import Intake

GRAIN_S = 0.002  # by so much a wait may be too long


class Waiter:
    """Of one request. turn: "" if it is let in, why not, or "gone". patience_s: for which it waits at most."""

    __slots__ = ("intake", "patience_s", "turn")

    def __init__(self, intake: Intake, turn: asyncio.Future[str], patience_s: float) -> None:
        self.intake, self.turn, self.patience_s = intake, turn, patience_s

    def tell(self, what: str) -> None:
        """End the wait: "": let in, "gone": the client left; otherwise why it is sent away."""
        if not self.turn.done():
            self.turn.set_result(what)


class Patience:
    """Tells those whose patience is over: "wait"."""

    __slots__ = ("_loop", "_until")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._until: dict[float, OrderedDict[Waiter, float]] = {}  # by patience, of which there are few: until when each waits (the loop's clock). While anybody is in one, its timer runs

    def begin(self, waiter: Waiter) -> None:
        seconds = waiter.patience_s
        until = self._until.get(seconds)
        if until is None:
            until = self._until[seconds] = OrderedDict()
            self._loop.call_later(seconds, self._look, seconds)
        until[waiter] = self._loop.time() + seconds

    def end(self, waiter: Waiter) -> None:
        """It waits no longer."""
        until = self._until.get(waiter.patience_s)
        if until is not None:
            until.pop(waiter, None)

    def _look(self, seconds: float) -> None:
        until, now = self._until[seconds], self._loop.time()
        while until:
            waiter, over = next(iter(until.items()))
            if over > now:
                self._loop.call_later(max(over - now, GRAIN_S), self._look, seconds)
                return
            del until[waiter]
            waiter.tell("wait")
        del self._until[seconds]
