"""How many exchanges the gate takes on at once, who is next when there is no room, and who is turned away.

A request comes here when it is known who asks (`Intake.key`: a gateway key, else the caller's own credential, else its address) and before its body
is read. While there is room and nobody waits it is let in at once. Otherwise it waits for a moment, and whoever has least under way is next.

Who would wait in vain is told at once (503 `gateway_overloaded`): because the queue is full, and then of who waits most; because those before it will take
longer than its patience; or because memory or files are short. When the press has lasted, patience is short, but for those who have less than their
share: a queue that stands all the time serves nobody sooner. Nothing that was let in is ever sent away again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.proxy.turns import REST_S, Turns
from gateway.proxy.uploads import Uploads
from gateway.proxy.waiting import Patience, Waiter
from gateway.vitals import INDEX, Vitals

if TYPE_CHECKING:
    from gateway.proxy.auth import Caller
    from gateway.proxy.intake import Intake

PRESSED_S = 0.2  # a press that lasts longer is no burst
PRESSED_WAIT_S = 0.01  # patience in it
HOPE = 0.5  # who will, as far as can be told, wait for a longer part of its patience than this is sent away at once
FADES = 0.8  # what was learnt of speed, from beat to beat
TURNS_FADE = 0.95  # the same of how fast turns come: in the first half second of a flood most of the processor goes into reading it
CALM = 0.9  # of the room: less than that in use or waited for
CALM_BEATS = 5  # at so many beats in a row ends the press: exchanges that began together end together
TURNS = 512  # at least so many may wait for their turn only, where there is room for them, and as many as get it before they might come again if they were refused (or in `queue_s`),
TURN_S = 10.0  # for so long: they are served as fast as the processor can, and only a full queue says that it cannot
BRIEF_S = 0.1  # places that are kept no longer than this, on average, come back before whoever waits for a turn has it,
BRIEF_OF = 8  # if of so many in a beat
KEPT_FREE = 8  # one part in so many of the room is for who has less than a fair share, or than as much
_WHY = {
    "queue": "the gate has more to do than it may take on, and too many requests wait already (server.max_inflight, server.max_queue)",
    "wait": "the gate has more to do than it may take on, and there was no room in time (server.max_inflight, server.queue_s)",
    "memory": "the gate has nearly used up the memory that it may have (server.memory_bytes)",
    "files": "the gate has nearly used up the open files that it may have",
}
_SHED = {reason: INDEX[f"shed_{reason}"] for reason in _WHY}
_OVERLOADED = Outcome.GATEWAY_OVERLOADED  # looked up once: the class is slow to ask
Key = str | bytes


class Admission:
    """Of one worker."""

    def __init__(self, loop: asyncio.AbstractEventLoop, vitals: Vitals, turns: Turns, *, room: int, queue: int, patience_s: float) -> None:
        """room: exchanges at once. queue: how many may wait, patience_s: for how long at most."""
        self._loop, self._vitals, self._turns = loop, vitals, turns
        self._room = self.usual = room
        self._most, self._patience_s = queue, patience_s
        self._late = Patience(loop)
        self._small = room // KEPT_FREE
        self._open = room - self._small  # in use, from which on the rest is kept free
        self._queues: dict[Key, OrderedDict[Waiter, None]] = {}  # thousands of one key may leave in any order
        self._ranks: dict[int, dict[Key, None]] = {}  # who waits, by how often
        self._top = 0  # how often who waits most does
        self._held: dict[Key, int] = {}  # places by who has them
        self._steps: dict[int, int] = {}  # of those who wait: how many have so many places, less how many would have them once all of theirs that wait are in
        self._both = 0  # callers that wait and have places, too
        self.queued = self.inflight = 0
        self._pressed_since = 0.0  # perf_counter; 0.0: there is room
        self._calm = 0  # beats in a row
        self._rate: float | None = None  # places given a second under press, if that has lasted
        self._given, self._looked_at = 0, perf_counter()
        self._turns_for, self._waited = room, False  # so many may wait for their turn: all that there is room for, until it is known how fast they get it. waited: some did at the last beat
        self._speed, self._spent = 0.0, thread_time()  # places given for a second of the processor, while nobody waited; this thread's processor time at the last beat
        self._inflight_then, self._brief, self._was_brief = 0, False, False  # then: at the last beat. brief: exchanges are so short that who waits for a turn will not wait for a place, by the last beat that could tell or the one before
        self._lately, self._lately_s = 0.0, 0.0  # places given under press, and in what time; older ones count for less
        self._shut = ""
        self.uploads = Uploads(lambda: self.shed("memory"))
        turns.starts = self._let_in

    # ------------------------------------------------------------------ the way in and out

    def enter(self, intake: Intake, caller: Caller) -> bool:
        """Whether it is in. False: it has to wait."""
        identity, _, affinity, _ = caller
        intake.key = identity.key_id if identity is not None else affinity or _address(intake)
        return self._take(intake, intake.started)

    def take(self, intake: Intake) -> bool:
        """As `enter`, of one whose body has come since: it goes on even where others are not let in."""
        if self._shut and self.inflight < self._room - self._small:
            self._place(intake)
            return True
        return self._take(intake, perf_counter())

    def _take(self, intake: Intake, now: float) -> bool:
        if self.queued or self.inflight >= self._open or not self._turns.take(now):
            return False
        self._place(intake)
        return True

    def _place(self, intake: Intake) -> None:
        key = intake.key
        self.inflight += 1
        self._given += 1
        places = self._held.get(key, 0)
        self._held[key] = places + 1
        if self.queued and key in self._queues:
            self._moves(key, places, places + 1)
        intake.placed = True

    def join(self, intake: Intake) -> Waiter | str:
        """Have one that is not in stand in line (`stand`), or why it is to be sent away at once (`shed`)."""
        now = perf_counter()
        key, again = intake.key, intake.uploaded
        if self._shut:
            return self._shut
        short = self.inflight + (0 if self._brief else self.queued) >= self._open  # of places, and not only of a turn: a slow machine is no press
        if short and not self._pressed_since:
            self._pressed_since = now
        full = self.queued >= (self._most if short else max(self._most, self._turns_for))
        longest = self._longest(key) if full else key
        if full and longest is None:  # before anything else is worked out: in a flood most come here
            return "queue"
        patience = self._patience(key, now, again) if short else TURN_S
        if short and self._rate is not None and not again and self._before(key, self._rate * patience * HOPE):
            return "queue"
        if full and longest is not None:  # its last is sent away for this one
            last = next(reversed(self._queues[longest]))
            self._forget(longest, last)
            last.tell("queue")
        waiter = Waiter(intake, self._loop.create_future(), patience)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = OrderedDict()
        queue[waiter] = None
        if again:
            queue.move_to_end(waiter, last=False)
        self._rank(key, len(queue) - 1, len(queue))
        self.queued += 1
        self._turns.waits = True
        self._turns.wake()
        return waiter

    async def wait(self, intake: Intake) -> None:
        """`join`, and `stand`. Raises RelayError also if it is sent away at once."""
        waiter = self.join(intake)
        if isinstance(waiter, str):
            raise self.shed(waiter)
        await self.stand(waiter)

    async def stand(self, waiter: Waiter) -> None:
        """Until it is in. Raises RelayError if it is sent away, ConnectionError if the client leaves."""
        intake = waiter.intake
        intake.request.waiter = waiter
        self._late.begin(waiter)
        try:
            told = await waiter.turn
        finally:
            self._late.end(waiter)
            intake.request.waiter = None
            if not intake.placed:
                self._forget(intake.key, waiter)
        if told == "gone":
            raise ConnectionResetError("the client left")
        if told:
            raise self.shed(told)

    def leave(self, intake: Intake) -> None:
        """Its place is free, if it had one."""
        if not intake.placed:
            return
        intake.placed = False
        self.inflight -= 1
        key = intake.key
        left = self._held[key] - 1
        if left:
            self._held[key] = left
        else:
            del self._held[key]
        if self.queued:
            if key in self._queues:
                self._moves(key, left + 1, left)
            self._turns.wake()

    # ------------------------------------------------------------------ what becomes of the room

    def shut(self, why: str) -> None:
        """Let nobody in any more, until `shut("")`. why: memory or files."""
        if why == self._shut:
            return
        self._shut = why
        self._resize()
        if why:
            for queue in list(self._queues.values()):
                for waiter in list(queue):
                    waiter.tell(why)
        else:
            self._turns.wake()

    def at_most(self, room: int) -> None:
        """No more than this at once, whatever was configured."""
        room = max(1, min(self.usual, room))
        if room != self._room:
            self._room = room
            self._resize()
            self._turns.wake()

    def _resize(self) -> None:
        self._small = self._room // KEPT_FREE
        self._open = 0 if self._shut else self._room - self._small

    def tick(self) -> None:
        """To be called ten times a second: learn how fast places are given, see whether the press is over."""
        now = perf_counter()
        took, given = now - self._looked_at, self._given
        spent, self._spent = self._spent, thread_time()
        self._calm = self._calm + 1 if self.inflight + self.queued < CALM * self._open else 0
        if self._calm >= CALM_BEATS:
            self._pressed_since, self._rate = 0.0, None
            self._lately = self._lately_s = 0.0
        elif self._pressed_since and self._pressed_since < self._looked_at:
            self._lately, self._lately_s = FADES * self._lately + given, FADES * self._lately_s + took
            self._rate = (self._lately + 1) / self._lately_s
        patience_s = max(self._patience_s, REST_S[1])
        if not self.queued:
            if given >= BRIEF_OF:
                speed = given / max(self._spent - spent, 1e-6)
                self._speed = FADES * self._speed + (1 - FADES) * speed if self._speed else speed
            self._turns_for = max(self._room, int(patience_s * self._speed)) if self._brief else self._room
        elif self._waited:
            self._turns_for = max(TURNS, int(TURNS_FADE * self._turns_for + (1 - TURNS_FADE) * patience_s * given / took))
        if given >= BRIEF_OF:
            brief = self.inflight * took < BRIEF_S * given and 2 * self.inflight < self._open and given > 2 * (self.inflight - self._inflight_then)
            self._brief, self._was_brief = brief or self._was_brief, brief  # the first beat of a flood begins more than it ends, however fast that is
        self._waited = self.queued > 0
        self._looked_at, self._given, self._inflight_then = now, 0, self.inflight
        self._vitals.set("queued", self.queued)

    # ------------------------------------------------------------------ who is next, and who is not

    def _let_in(self, most: int) -> int:
        """Give places to at most so many who wait. Returns how many there were."""
        given = 0
        while given < most and self.queued and self.inflight < self._room and not self._shut:
            key = self._next()
            if self.inflight >= self._open and self._places(key) >= max(self._small, self._room // (1 + len(self._held))):
                break
            waiter = next(iter(self._queues[key]))
            self._forget(key, waiter)
            if waiter.turn.done():
                continue
            if key in self._queues:
                self._queues[key] = self._queues.pop(key)  # behind the others
            self._place(waiter.intake)
            waiter.tell("")
            given += 1
        return given

    def _next(self) -> Key:
        """Who of those that wait has least under way; among equals, who was served longest ago."""
        held, found, least = self._held, None, 0
        for key in self._queues:
            places = held.get(key)
            if not places:
                return key
            if found is None or places < least:
                found, least = key, places
        assert found is not None
        return found

    def _places(self, key: Key) -> int:
        return self._held.get(key, 0)

    def _before(self, key: Key, most: float) -> bool:
        """Whether so many of those who wait, or more, are let in before a new one of this key: of each who waits those with which it has no more places than that one will."""
        own = self._queues.get(key)
        before = len(own) if own else 0
        level = self._held.get(key, 0) + before + 1
        return before >= most or sum((level - places) * many for places, many in self._steps.items() if places < level) >= most

    def _moves(self, key: Key, before: int, now: int) -> None:
        """One who waits has `now` places in the place of `before`."""
        waits = len(self._queues[key])
        self._both += (now > 0) - (before > 0)
        for places, more in ((before, -1), (before + waits, 1), (now, 1), (now + waits, -1)):
            self._step(places, more)

    def _step(self, places: int, more: int) -> None:
        many = self._steps.get(places, 0) + more
        if many:
            self._steps[places] = many
        else:
            del self._steps[places]

    def _patience(self, key: Key, now: float, again: bool) -> float:
        if again or now - self._pressed_since <= PRESSED_S:
            return self._patience_s
        own = self._queues.get(key)
        others = len(self._held) + len(self._queues) - self._both
        share = (self._places(key) + (len(own) if own else 0)) * (others + (key not in self._held and own is None))
        return self._patience_s if share < self.inflight + self.queued else min(PRESSED_WAIT_S, self._patience_s)

    def _longest(self, key: Key) -> Key | None:
        """Who waits most, if that is so much more than the one who asks that it would still be as much with one less; None: nobody."""
        own = self._queues.get(key)
        return next(iter(self._ranks[self._top])) if self._top > (len(own) if own else 0) + 1 else None

    def _rank(self, key: Key, before: int, now: int) -> None:
        """So many of its requests wait now; one more or one less than before."""
        ranks, places = self._ranks, self._places(key)
        self._both += places > 0 and (now > 0) - (before > 0)
        self._step(places + before, 1)
        self._step(places + now, -1)
        if before:
            del ranks[before][key]
            if not ranks[before]:
                del ranks[before]
        if now:
            ranks.setdefault(now, {})[key] = None
        if now > self._top or self._top not in ranks:
            self._top = now

    def _forget(self, key: Key, waiter: Waiter) -> None:
        queue = self._queues.get(key)
        if queue is None or waiter not in queue:
            return
        del queue[waiter]
        self._rank(key, len(queue) + 1, len(queue))
        self.queued -= 1
        if not queue:
            del self._queues[key]
            self._turns.waits = self.queued > 0

    def shed(self, reason: str) -> RelayError:
        """What a request gets that is sent away: it is counted. reason: queue, wait, memory or files."""
        self._vitals.cells[_SHED[reason]] += 1
        error = RelayError(503, "gateway_overloaded", _WHY[reason], _OVERLOADED, source="gateway", retry=False)
        error.after_s = self._turns.rest_s()
        return error


def _address(intake: Intake) -> Key:
    """Of who shows no credential."""
    transport = intake.request.transport
    peer = transport.get_extra_info("peername") if transport is not None else None
    return str(peer[0]) if isinstance(peer, tuple) else ""
