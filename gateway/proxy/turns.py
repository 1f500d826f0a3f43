"""Turns on the processor: how much new work one turn of the event loop takes on, so that what is under way (streams, refusals, heads) is never late for it.

A start (routing is done, guards and sending are not) and the next part of a long look at a body are work. In one turn of the loop as much of it
begins as fits in SLICE_S; the rest waits for turns that follow, parts and starts alternately. How many pieces fit is learned from how long the last ones took.

Whoever was refused and asks again at once, on the same connection, is heard again when there is time for it (`rest`), and while there is none in a small share of the time: most are refused
again, and thousands of them would leave nothing of it to those that are served.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter

SLICE_S = 0.005
MOST = 64  # pieces let go at once, however short they were
HEARD = 1 / 16  # of the time, for those that have rested, while more want to begin than may: ten thousand of them are heard in some eight seconds
HEARD_S = 50e-6  # what one of them takes, until that is known


class Turns:
    """Of one loop. starts: lets at most so many waiting starts begin, returns how many it let; of who keeps those that wait."""

    __slots__ = (
        "_at_once", "_began", "_call", "_due", "_each_s", "_heard_since", "_hearing", "_loop", "_over", "_owed_s", "_parts", "_parts_first", "_rests", "_rests_since", "_running", "_since", "_stamp",
        "starts", "waits",
    )  # fmt: skip

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._call, self._over, self._stamp = loop, loop.call_soon, self._turn, self._begins  # looked up once: a request passes here
        self._began = 0.0  # perf_counter when this turn's first start came; 0.0: there was none yet
        self._since = 0.0  # perf_counter when what was let go the last time began to run
        self._parts: deque[asyncio.Future[None]] = deque()
        self._rests: deque[asyncio.Future[None]] = deque()
        self._rests_since = 0.0  # perf_counter of the last look at them, or when the first began to rest
        self._owed_s, self._each_s = 0.0, HEARD_S  # time that is theirs by now; what one of them took lately
        self._hearing, self._heard_since = 0, 0.0  # so many were let go the last time, and began to run then (perf_counter)
        self._at_once, self._running = 1, False
        self._parts_first = self._due = False
        self.waits = False  # somebody waits for a start
        self.starts: Callable[[int], int] = lambda most: 0

    def take(self, now: float) -> bool:
        """Whether a start may go on in this turn. now: perf_counter."""
        if self._began:
            return now - self._began < SLICE_S and not self._parts
        self._began = now
        if not self._due:
            self._due = True
            self._call(self._over)
        return not self._parts

    def wake(self) -> None:
        """Somebody waits, and something has changed."""
        if not self._due:
            self._due = True
            self._call(self._over)

    def part(self) -> asyncio.Future[None]:
        """To be awaited between two parts of a long work: others go first, if it is their turn."""
        turn: asyncio.Future[None] = self._loop.create_future()
        self._parts.append(turn)
        self.wake()
        return turn

    def rest(self) -> asyncio.Future[None]:
        """To be awaited by whoever was refused, before it is heard again."""
        now, over = perf_counter(), self._loop.create_future()
        if not self._rests:
            self._rests_since = now
        self._rests.append(over)
        self.wake()
        return over

    def _begins(self) -> None:
        """What is let go in this turn comes next."""
        self._since = perf_counter()

    def _turn(self) -> None:
        """What was let go in the turn before has just run, until it waits for something. What else there was in that turn (refusals, reads) is no measure of it: under a flood nothing would begin any more."""
        self._due, self._began = False, 0.0
        if not (self._parts or self.waits or self._running or self._rests or self._hearing):
            return
        now = ended = perf_counter()
        if self._hearing:
            ended = self._heard_since
            self._account(now - ended)
        if self._running:
            self._at_once = max(1, self._at_once // 2) if ended - self._since > SLICE_S else min(MOST, self._at_once + 1)
        parts, room = self._parts, self._at_once
        self._call(self._stamp)
        self._parts_first = not self._parts_first
        begun = 0 if self._parts_first and parts and room == 1 else self.starts(room - min(len(parts), room // 2))
        while parts and begun < room:
            part = parts.popleft()
            if not part.done():  # else its task was cancelled
                part.set_result(None)
                begun += 1
        if begun < room and not parts:
            begun += self.starts(room - begun)
        self._running = begun > 0
        if self._rests:
            self._hear(now, begun >= room and self.waits)
        if begun:
            self._began = now
        if begun or self._rests or self._hearing:
            self.wake()  # after what was let go

    def _hear(self, now: float, pressed: bool) -> None:
        """Let those who rested longest be heard. pressed: more wait for a start than may begin; then, and after a long turn, no more than what is theirs of the time allows."""
        rests, passed = self._rests, now - self._rests_since
        self._rests_since = now
        many = MOST
        if pressed or passed > SLICE_S:
            self._owed_s = min(self._owed_s + HEARD * passed, SLICE_S)
            many = min(MOST, 1 + int(self._owed_s / self._each_s)) if self._owed_s > 0.0 else 0
        else:
            self._owed_s = 0.0
        if many:
            self._call(self._hears)  # behind what begins
        while rests and self._hearing < many:
            rest = rests.popleft()
            if not rest.done():  # else its task was cancelled
                rest.set_result(None)
                self._hearing += 1

    def _hears(self) -> None:
        """Those that were let go come next."""
        self._heard_since = perf_counter()

    def _account(self, spent_s: float) -> None:
        """What those took that were heard."""
        self._owed_s = max(self._owed_s - spent_s, -HEARD)  # paid back in a second at most: a machine that stood still is not their fault
        self._each_s += (spent_s / self._hearing - self._each_s) / 8
        self._hearing = 0
