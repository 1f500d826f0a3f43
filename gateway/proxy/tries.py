"""Whom one exchange asks, and whether it asks again: the one place where that is decided.

A relay tells what becomes of each attempt (`heard`: a head has come; `failed`: nothing will) and goes on only if it is told that nobody else is asked. Asked again
is only while nothing was relayed, and only what is safe to repeat: what the provider certainly did not get; and, of what it got and answered with a failure, idempotent
methods and requests for inference. What may have been received and was not answered (`timeout`, `reset`) is repeated where the terms say so and not otherwise. A 429
without Retry-After is never repeated at the same target: it says that a limit is spent, not that a moment is bad.

What asking again costs. Each time counts against the exchange's own number and takes 1 from the budget, with three exceptions: a kept-alive connection that turns
out closed (idempotent methods only; counts nowhere), a rule's own action `retry` (it has a number of its own), and a next target after one that could not be
connected to (nobody is asked twice, so it takes nothing from the budget). The last answer that a provider gave is kept until a better one comes (`Spare`): if none does, the
caller gets it byte for byte.
"""

from __future__ import annotations

import asyncio
import random
from time import perf_counter

from gateway.errors import RelayError
from gateway.journal import PART_BYTES
from gateway.keys import KeyRing
from gateway.proxy.aims import Aim, Aims
from gateway.proxy.asked_model import body_for
from gateway.proxy.attempt import Attempt, result_of
from gateway.proxy.auth import Caller, identify, keyless
from gateway.proxy.hedge import HedgeTerms
from gateway.proxy.intake import Intake
from gateway.proxy.long import Content
from gateway.proxy.patience import callers_patience, declined, pause_asked
from gateway.proxy.race import Race
from gateway.proxy.relay import Relay
from gateway.proxy.repeatable import DOWN, FAILURES, IDEMPOTENT, LASTING, harmless, kind_of_answer, kind_of_failure
from gateway.proxy.route import Destination
from gateway.proxy.spare import Spare
from gateway.proxy.trouble import broken, closed_door, redirected, report
from gateway.proxy.upstream import Connection, Headers
from gateway.vitals import Vitals

BACKOFF_S = 0.1  # before the same target is asked a second time: once to twice that by chance, and twice as long each time after
MAX_BACKOFF_S = 2.0
LONG_WAIT_S = 0.5  # a worker that leaves waits for nothing longer
_make = tuple.__new__  # a NamedTuple's own constructor takes three times as long


class Desk:
    """What the exchanges of a worker share here."""

    def __init__(self, loop: asyncio.AbstractEventLoop, keys: KeyRing, vitals: Vitals) -> None:
        self.loop, self.keys, self.vitals = loop, keys, vitals
        self.waiting: set[Tries] = set()
        self.leaving = False

    def end_waits(self) -> None:
        """The worker leaves: who waits for a provider's better moment gets the answer that there is."""
        self.leaving = True
        for tries in list(self.waiting):
            tries.stop_waiting()


class Tries:
    """One exchange's. attempt: the one that the relay is on. relay: set by who makes it, before `ask`. bodiless: the reply has no body, whatever its headers say."""

    __slots__ = ("_aim", "_body", "_destination", "_error", "_final", "_found", "_fresh", "_intake", "_left", "_race", "_spare", "_task", "_waited_s", "_way", "attempt", "bodiless", "desk", "judged", "relay")

    def __init__(self, desk: Desk, intake: Intake, destination: Destination) -> None:
        self.desk, self._intake, self._destination, self._way = desk, intake, destination, destination.way
        self._found: Aims | None = None  # made when there is more than one to choose from, or something to consider
        self._left = self._way.again  # attempts that may still be made
        self._aim: Aim  # of `attempt`
        self._waited_s = 0.0
        self._error: RelayError | None = None  # what became of the last attempt, if it was no answer
        self.judged = 1  # replies that rules with action retry have seen, with the one that is waited for
        self.bodiless = intake.request.method == "HEAD"
        self._spare: Spare | None = None
        self._race: Race | None = None
        self._task: asyncio.Task[None] | None = None
        self._fresh = self._final = False  # the next attempt takes no connection that was open before; what comes now is relayed, whatever it is
        self._body: Content = b""
        self.attempt: Attempt
        self.relay: Relay

    # ------------------------------------------------------------------ asking

    def first(self) -> tuple[Destination, Caller]:
        """Whom to ask first. Raises RelayError (401, 403) if the caller may ask none of the targets."""
        destination = self._destination
        if destination.way.plain and not destination.provider.breakers.troubles:
            caller = identify(self._intake.read, destination.provider, destination.query, self.desk.keys)
            self._aim = _make(Aim, (destination.way.targets[0], destination, caller))
            identity, _, affinity, _ = caller
            self.attempt = Attempt(destination.provider, affinity)
            if identity is not None:
                self._intake.known(destination, caller)
            return destination, caller
        aims = self._aims
        chosen = aims.choose()
        if chosen is None:
            chosen = next((index for index in aims.order if aims.at(index) is not None), None)  # no door is open; it will say so when it is asked
            if chosen is None:
                assert aims.refusal is not None
                raise aims.refusal
        aim = self._take(chosen)
        self._intake.known(aim.destination, aim.caller)
        return aim.destination, aim.caller

    @property
    def _aims(self) -> Aims:
        if self._found is None:
            self._found = Aims(self.desk.keys, self._intake, self._destination)
        return self._found

    def mask(self, target: tuple[str, str]) -> tuple[Destination, Caller]:
        """Path and query are to be sent as a guard has made them."""
        self._aims.mask(target)
        aim = self._take(self.attempt.target)
        return aim.destination, aim.caller

    def _take(self, index: int) -> Aim:
        aim = self._aims.at(index)
        assert aim is not None
        self._aim, self.attempt = aim, Attempt(aim.target.provider, aim.caller.affinity, index)
        return aim

    def ready(self, body: Content) -> bool:
        """Whether there is anybody to `ask`; if not, the caller has been told. body: as a guard left it."""
        self._body = body
        way, attempt = self._way, self.attempt
        way.budget.earn()
        if attempt.provider.breakers.troubles and attempt.provider.breakers.closed_for(attempt.credential):
            chosen = self._aims.choose()
            if chosen is None:
                self.desk.vitals.add("breaker_fast_fails")
                self.relay.refuse(closed_door(attempt.provider.name, self._aims.opens_in()))
                return False
            self._take(chosen)
            self.relay.begin(self.attempt)
        return True

    def _hedge(self, terms: HedgeTerms) -> None:
        attempt = self.attempt
        if self._race is not None or self._task is not None or attempt.provider.beginnings is None or not self._harmless():
            return
        usual = attempt.provider.beginnings.quantile(self._destination.meaning.operation.name, terms.quantile)
        if usual is not None:
            self._race = Race(self.desk.loop, self, max(terms.min_s, usual))

    async def ask(self) -> None:
        """Send to the target that `attempt` is for. What goes wrong is the relay's answer."""
        attempt, relay = self.attempt, self.relay
        try:
            connection, head, body = await self.reach(attempt, self._aim)
            if connection is not None:
                relay.sent(connection)
                connection.send(head, body, relay, bodiless=self.bodiless)
                if self._way.hedge is not None:
                    self._hedge(self._way.hedge)
        except RelayError as error:
            relay.failed(error)
        except Exception as e:  # noqa: BLE001  as in Ingress.handle: this exchange is owed an answer
            relay.refuse(broken(e))

    async def reach(self, attempt: Attempt, aim: Aim) -> tuple[Connection | None, bytes, Content]:
        """A connection for an attempt, and head and body of what to send on it; None: the exchange is over already. Raises RelayError."""
        target, destination, caller = aim
        operation, provider, relay = destination.meaning.operation, target.provider, self.relay
        body = self._body
        size = len(body)
        if target.model or (operation.asks_usage and provider.ask_usage and (size > PART_BYTES or body.find(b'"stream"') >= 0)):  # type: ignore[union-attr]  # not `in`, which takes bytes for a number first; and a Long is longer
            body, attempt.strips = await body_for(target, operation, body, encoded=bool(self._intake.opened.content_encoding))
            size = len(body)
            if relay.closed:  # the client left meanwhile; what is taken from here on nobody would give back
                return None, b"", b""
        head = self._intake.upstream_head(destination, caller, size)
        pool, credential, breakers = provider.pool, attempt.credential, provider.breakers
        if breakers.troubles:
            attempt.probe = breakers.enter(credential)
        connection = None if self._fresh else pool.take(credential)
        if connection is not None:
            attempt.reused = True
        else:
            self._fresh = False
            attempt.connecting()
            connection = await pool.connect(credential)
        if relay.closed:  # as above
            connection.owner.release(connection)
            return None, head, body
        return connection, head, body

    # ------------------------------------------------------------------ what the relay tells

    def heard(self, head: tuple[int, Headers], data: bytes, ended: bool) -> bool:
        """A reply has begun. True: it is put by, and somebody else is asked, or has been."""
        attempt, race = self.attempt, self._race
        if self._final or (head[0] < 400 and race is None and not attempt.probe and attempt.provider.beginnings is None):  # nearly always
            return False
        if not self.is_trouble(attempt, head):
            if attempt.provider.beginnings is not None and head[0] < 400:
                attempt.provider.beginnings.add(self._destination.meaning.operation.name, attempt.last_at - attempt.sent_at)
            if race is not None:
                race.stop()
            return False
        status, headers = head
        if race is not None:
            if race.rival is not None:
                self.put_by(Spare(attempt, head, data, ended), result_of(status))
                race.promote()
                return True
            race.stop()
        pause = pause_asked(headers)
        same = None if declined(headers) or (status == 429 and pause is None) else self._backoff() if pause is None else pause
        chosen = self._again(kind_of_answer(status), same, sent=True)
        if chosen is None:
            return False
        self.put_by(Spare(attempt, head, data, ended), result_of(status))
        self._launch(chosen)
        return True

    def unfit(self, status: int) -> RelayError | None:
        """What the caller is told in the place of an answer with this status; None: it may have that."""
        if status in (301, 302, 303, 307, 308):
            return redirected(self.attempt.provider.name, status)
        aim = self._aims.at(self.attempt.target) if status in (401, 403) else None
        return None if aim is None else keyless(status, aim.target.provider, aim.caller)

    def failed(self, error: RelayError, *, begun: bool, silent: bool = True) -> bool:
        """The attempt is over without an end. begun: some of it was relayed. silent: not only for being long. True: somebody else is asked, or an earlier answer is relayed in its place."""
        relay = self.relay  # which is gone from here once it is over
        try:
            return self._failed(error, begun, silent)
        except Exception as e:  # noqa: BLE001  nobody above waits for it; the client does
            relay.refuse(broken(e))
            return True

    def _failed(self, error: RelayError, begun: bool, silent: bool) -> bool:
        attempt, code, race = self.attempt, error.code, self._race
        if attempt.stale(code) and self._intake.request.method in IDEMPOTENT and (race is None or race.rival is None):
            self.settle()  # who is asked again is alone: two would have one relay
            self._fresh = True
            self.put_by(None, error.outcome.value, code)
            self._launch(attempt.target)
            return True
        if silent:
            self.count_failure(attempt, error)
        if begun or self._final or self.relay.closed:
            return False
        if race is not None:
            if race.rival is not None and not attempt.status:
                self.put_by(None, error.outcome.value, code)
                race.promote()
                return True
            race.stop()
        sent = bool(attempt.sent_at)
        kind = kind_of_failure(code, sent=sent)
        if kind and not attempt.status:
            chosen = self._again(kind, None if code in LASTING else self._backoff(), sent=sent)
            if chosen is not None:
                self._fresh, self._error = sent, error
                self.put_by(None, error.outcome.value, code)
                self._launch(chosen)
                return True
        spare = self._spare
        if spare is None or spare.lost:
            return False
        self.put_by(None, error.outcome.value, code)
        self._play(spare)
        return True

    def once_more(self, error: RelayError) -> None:
        """A rule wants another reply of the same target. error: what it says about this one."""
        self.judged += 1
        self.attempt.drop()
        self.put_by(None, error.outcome.value, error.code)
        self._launch(self.attempt.target)

    def settle(self) -> None:
        """What has become of the exchange is about to be written down. Raises nothing: it must be, whatever becomes of a rival."""
        if self._race is not None:
            try:
                self._race.stop()
            except Exception as e:  # noqa: BLE001
                report("settling_failed", e)

    def over(self) -> None:
        """The exchange has ended, or is given up: nothing of it is left behind."""
        attempt, breakers = self.attempt, self.attempt.provider.breakers
        if breakers.troubles:
            if attempt.ended and 0 < attempt.status < 500 and attempt.status not in (401, 403, 429):
                breakers.succeeded(attempt.credential)
            elif attempt.probe:
                breakers.left(attempt.credential)
        if self._task is not None:
            self._task.cancel()
            self.desk.waiting.discard(self)
        if self._race is not None:
            self._race.stop()
        if self._spare is not None:
            self._spare.drop()
        del self.relay  # which has this: nothing should wait for the collector

    def stop_waiting(self) -> None:
        """Nobody is asked again: the answer that there is, is given."""
        self.desk.waiting.discard(self)
        if self._spare is not None and not self._spare.lost and self._task is not None and not self.relay.closed:
            self._task.cancel()
            self._play(self._spare)

    # ------------------------------------------------------------------ trouble

    def is_trouble(self, attempt: Attempt, head: tuple[int, Headers]) -> bool:
        """Whether an answer is one that another attempt may better; what it says of its provider is counted."""
        status, breakers = head[0], attempt.provider.breakers
        if status in DOWN:
            breakers.failed(attempt.credential, probe=attempt.probe)
            attempt.probe = False
        elif attempt.probe and status < 500:
            breakers.succeeded(attempt.credential)
            attempt.probe = False
        if status == 429 and (pause := pause_asked(head[1])):
            breakers.cool(attempt.credential, pause)
        return bool(kind_of_answer(status))

    def count_failure(self, attempt: Attempt, error: RelayError) -> None:
        """An attempt came to nothing."""
        if error.code in FAILURES and not attempt.stale(error.code):
            attempt.provider.breakers.failed(attempt.credential, probe=attempt.probe, broke=bool(attempt.sent_at))
            attempt.probe = False

    def _harmless(self) -> bool:
        return harmless(self._intake.request.method, self._destination.meaning.operation, self._body)

    # ------------------------------------------------------------------ again

    def _again(self, kind: str, same_s: float | None, *, sent: bool) -> int | None:
        """Whom to ask now that `attempt` was in vain, paid for; None: nobody. same_s: seconds until this target may be asked again, None: never."""
        way, attempt = self._way, self.attempt
        self._aims.failed(attempt.target, same_s)
        if self._left <= 0 or kind not in way.on or self.relay.out.gone or (sent and not self._harmless()):
            return None
        left_s = self._time_left()
        patience_s = min(way.patience_s - self._waited_s, left_s)
        chosen = self._aims.choose(min(patience_s, LONG_WAIT_S) if self.desk.leaving else patience_s) if left_s > 0 else None
        if chosen is None:
            return None
        if (sent or chosen == attempt.target) and not way.budget.spend():
            self.desk.vitals.add("retries_denied")
            return None
        self.desk.vitals.add("retries")
        self._left -= 1
        return chosen

    def _time_left(self) -> float:
        """Seconds that are left of the exchange's time, or of what its caller says that it waits for."""
        theirs, longest = callers_patience(self._intake.read.forward), self.attempt.provider.limits.total_s
        return (longest if theirs is None else min(theirs, longest)) - (perf_counter() - self._intake.started)

    def _backoff(self) -> float:
        doubled = 1 << min(8, self._aims.asked(self.attempt.target))
        return min(MAX_BACKOFF_S, BACKOFF_S * doubled * random.uniform(1.0, 2.0))

    def put_by(self, spare: Spare | None, result: str, code: str = "") -> None:
        """The attempt is not what the caller gets, or not yet."""
        attempt = self.attempt
        if attempt.probe:
            attempt.provider.breakers.left(attempt.credential)
            attempt.probe = False
        phase = self.relay.put_by(result, code)
        if spare is not None:
            self._keep(spare, phase)

    def _keep(self, spare: Spare, phase: list[object]) -> None:
        if self._spare is not None:
            self._spare.drop()
        self._spare, spare.phase = spare, phase

    def _play(self, spare: Spare) -> None:
        self._spare, self._final, self.attempt = None, True, spare.attempt
        self.relay.play(spare)

    def _launch(self, index: int) -> None:
        wait = self._aims.wait(index)
        self._waited_s += wait
        self._task = self.desk.loop.create_task(self._later(index, wait))
        if wait > LONG_WAIT_S:
            self.desk.waiting.add(self)

    async def _later(self, index: int, wait: float) -> None:
        if wait:
            await asyncio.sleep(wait)  # the pause that the provider asked for, or a short one; ended with the exchange
            self.desk.waiting.discard(self)
        relay = self.relay
        if relay.closed:  # the client left, and its record is on its way to the disk
            return
        try:
            aim = self._take(index)
            shut_s = aim.target.provider.breakers.closed_for(aim.caller.affinity)
            if not shut_s:
                relay.begin(self.attempt)
                await self.ask()
            elif self._spare is not None and not self._spare.lost:  # others have failed there meanwhile
                self._play(self._spare)
            else:
                relay.refuse(self._error or closed_door(aim.target.provider.name, shut_s))
        except Exception as e:  # noqa: BLE001  as in failed
            relay.refuse(broken(e))

    # ------------------------------------------------------------------ a race's

    def rival(self) -> tuple[Attempt, Aim] | None:
        """An attempt at another target than the one that is being asked; None: there is nobody, or nothing left to spend."""
        index = self._aims.choose(but=self.attempt.target)
        aim = None if index is None else self._aims.at(index)
        if index is None or aim is None or self.attempt.status or self.relay.out.gone:
            return None
        if not self._way.budget.spend():
            self.desk.vitals.add("retries_denied")
            return None
        self.desk.vitals.add("hedges")
        return Attempt(aim.target.provider, aim.caller.affinity, index), aim

    def beaten(self, rival: Attempt, result: str, code: str = "", spare: Spare | None = None) -> None:
        """A rival is out of the race."""
        if rival.probe:
            rival.provider.breakers.left(rival.credential)
        self._aims.failed(rival.target, None)
        phase = self.relay.tell(rival, result, code)
        if spare is not None:
            self._keep(spare, phase)
