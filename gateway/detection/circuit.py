"""When a detector's processes keep dying: a pause before the next, and no jobs for it meanwhile (G8: no restart storm).

The first loss is replaced at once. Each further one in a row, without an answer in between, doubles the pause; after `deaths_to_open` of them the
circuit is open: jobs are answered "unavailable" at once until its time is over, then one more loss opens it again for twice as long.

Also here: texts that killed a process. An app that was answered with an error sends the same text again, and again; for a minute it gets the same answer
without costing another process. Known by a keyed hash, never kept.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable

PAUSE_FIRST_S, PAUSE_MAX_S = 0.1, 5.0
POISON_S, POISONS = 60.0, 256


class Circuit:
    """Of one detector."""

    def __init__(self, deaths_to_open: int, first_s: float, max_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._first_s, self._max_s, self._clock = deaths_to_open, first_s, max_s, clock
        self.deaths = 0  # in a row
        self._open_s = first_s
        self._until = 0.0

    @property
    def open(self) -> bool:
        return self._clock() < self._until

    def answered(self) -> None:
        """A process has done its work."""
        self.deaths, self._open_s, self._until = 0, self._first_s, 0.0

    def lost(self, *, hopeless: bool = False) -> float:
        """A process has died. hopeless: so will the next, as it could not load its detector. Returns seconds to wait before the next is started."""
        self.deaths = max(self.deaths + 1, self._limit if hopeless else 0)
        if self.deaths >= self._limit:
            self._until = self._clock() + self._open_s
            self._open_s = min(self._max_s, 2 * self._open_s)
        return min(PAUSE_MAX_S, PAUSE_FIRST_S * 2.0 ** min(16, self.deaths - 2)) if self.deaths > 1 else 0.0


class Poison:
    """Texts that a process died of."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._key = clock, os.urandom(32)
        self._known: OrderedDict[bytes, tuple[float, str]] = OrderedDict()

    def add(self, text: bytes, reason: str) -> None:
        self._known[self._name(text)] = (self._clock() + POISON_S, reason)
        while len(self._known) > POISONS:
            self._known.popitem(last=False)

    def reason(self, text: bytes) -> str:
        """What became of the process that had this text; "" if none died of it."""
        if not self._known:
            return ""
        name = self._name(text)
        until, reason = self._known.get(name, (0.0, ""))
        if reason and self._clock() >= until:
            del self._known[name]
            return ""
        return reason

    def _name(self, text: bytes) -> bytes:
        return hashlib.blake2b(text, key=self._key, digest_size=16).digest()
