"""Turns on the processor: how much new work one turn of the event loop takes on, so that what is under way (streams, refusals, heads) is never late for it.

A start (routing is done, guards and sending are not) and the next part of a long look at a body are work. In one turn of the loop as much of it
begins as fits in SLICE_S; the rest waits for turns that follow, parts and starts alternately. How many pieces fit is learned from how long the last ones took.

Whoever was refused and asks again at once, on the same connection, is heard again when there is time for it (`rest`), and while there is none when it was told to come again: most are refused
again, and thousands of them would leave nothing of the time to those that are served. So the more there are, the longer they are told to stay away (`rest_s`), up to a limit.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from time import perf_counter

SLICE_S = 0.005
MOST = 64  # pieces let go at once, however short they were
REST_S = (1.0, 5.0)  # what who is refused is told to wait, by chance: not all at once again;
LONGEST_S = 20.0  # more, up to this, where so many rest
HEARD = 1250  # that more of them a second would have to be heard again: each takes some 50 us, together a sixteenth of the time


class Turns:
    """Of one loop. starts: lets at most so many waiting starts begin, returns how many it let; of who keeps those that wait."""

    __slots__ = (
        "_at_once", "_began", "_call", "_due", "_heard_at", "_loop", "_order", "_over", "_parts", "_parts_first", "_rests", "_running", "_since", "_stamp", "starts", "waits",
    )  # fmt: skip

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._call, self._over, self._stamp = loop, loop.call_soon, self._turn, self._begins  # looked up once: a request passes here
        self._began = 0.0  # perf_counter when this turn's first start came; 0.0: there was none yet
        self._since = 0.0  # perf_counter when what was let go the last time began to run
        self._parts: deque[asyncio.Future[None]] = deque()
        self._rests: list[tuple[float, int, asyncio.Future[None]]] = []  # a heap: until when each was told to stay away (perf_counter)
        self._order = count()  # of those that were told the same
        self._heard_at = 0.0  # perf_counter of the last look at them, or when the first began to rest
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

    def rest_s(self) -> float:
        """What to tell one that is refused: seconds after which it is heard again."""
        least, most = REST_S
        return least + (min(LONGEST_S, max(most, 2 * len(self._rests) / HEARD)) - least) * random.random()

    def rest(self, most_s: float) -> asyncio.Future[None]:
        """To be awaited by whoever was refused, before it is heard again: in so many seconds at the latest, but for those that are due with it."""
        now, over = perf_counter(), self._loop.create_future()
        if not self._rests:
            self._heard_at = now
        heappush(self._rests, (now + most_s, next(self._order), over))
        self.wake()
        return over

    def _begins(self) -> None:
        """What is let go in this turn comes next."""
        self._since = perf_counter()

    def _turn(self) -> None:
        """What was let go in the turn before has just run, until it waits for something. What else there was in that turn (refusals, reads) is no measure of it: under a flood nothing would begin any more."""
        self._due, self._began = False, 0.0
        if not (self._parts or self.waits or self._running or self._rests):
            return
        now = perf_counter()
        if self._running:
            self._at_once = max(1, self._at_once // 2) if now - self._since > SLICE_S else min(MOST, self._at_once + 1)
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
        if begun or self._rests:
            self.wake()  # after what was let go

    def _hear(self, now: float, pressed: bool) -> None:
        """Let those be heard whose rest is over first. pressed: more wait for a start than may begin; then, and after a long turn, only those whose time has come."""
        rests, heard = self._rests, 0
        until = now if pressed or now - self._heard_at > SLICE_S else math.inf
        self._heard_at = now
        while rests and heard < MOST and rests[0][0] <= until:
            rest = heappop(rests)[2]
            if not rest.done():  # else its task was cancelled
                rest.set_result(None)
                heard += 1
