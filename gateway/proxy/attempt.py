"""One question to one provider, and what becomes of it in time; and the questions of one exchange in their course.

Times are perf_counter; 0.0: not yet.
"""

from __future__ import annotations

from time import perf_counter

from gateway.exchange import Outcome
from gateway.proxy.route import Provider
from gateway.proxy.upstream import Connection


class Attempt:
    """connect_s: None: no connection had to be made. reused: one was there. strips: a usage frame was asked for, and is to be taken out again.

    probe: it is a half-open breaker's, which is owed what becomes of it. target: its place among the route's.
    """

    __slots__ = ("connect_s", "connecting_at", "connection", "credential", "ended", "last_at", "probe", "provider", "reused", "sent_at", "status", "strips", "target")

    def __init__(self, provider: Provider, credential: bytes, target: int = 0) -> None:
        self.provider, self.credential, self.target = provider, credential, target
        self.connection: Connection | None = None
        self.connect_s: float | None = None
        self.connecting_at = self.sent_at = self.last_at = 0.0
        self.status = 0  # the provider's; 0: no head has come
        self.ended = self.probe = self.reused = self.strips = False

    @property
    def began(self) -> float:
        return self.connecting_at or self.sent_at - (self.connect_s or 0.0)

    def stale(self, code: str) -> bool:
        """Whether all that is known is that a kept-alive connection turned out closed: nobody's failure."""
        return self.reused and not self.status and code == "provider_reset"

    def connecting(self) -> None:
        """A new connection is being made."""
        self.connecting_at = perf_counter()

    def sent(self, connection: Connection) -> None:
        """The request is being handed to this connection."""
        self.connection = connection
        now = self.sent_at = self.last_at = perf_counter()
        if self.connecting_at:
            self.connect_s, self.connecting_at = now - self.connecting_at, 0.0

    def drop(self) -> None:
        """Nothing more of it is wanted: the provider learns at once."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.abort()

    def pause(self) -> None:
        """Take no more of the reply for now."""
        if self.connection is not None:
            self.connection.pause()

    def resume(self) -> None:
        """Take it up again: its time begins anew."""
        self.last_at = perf_counter()
        if self.connection is not None:
            self.connection.resume()

    def times(self, started: float, now: float, *, waited: bool) -> tuple[float | None, float | None]:
        """asked_s and upstream_s as Closed has them. waited: it was waited for until now."""
        if self.connecting_at:
            self.connect_s = now - self.connecting_at  # and it was given up
            return self.connecting_at - started, None
        if not self.sent_at:
            return None, None
        return self.sent_at - started - (self.connect_s or 0.0), (now if waited else self.last_at) - self.sent_at

    def phase(self, started: float, result: str, code: str, now: float) -> list[object]:
        """As Closed.phases has it. started: when the exchange began. now: until when it was waited for."""
        return ["attempt", self.began - started, now - self.began, result, code, self.status or None, None, self.provider.name]


class Course:
    """The attempts of one exchange but the one that is waited for. phases: as Closed has them."""

    __slots__ = ("_asked_at", "_back_at", "_started", "phases")

    def __init__(self, started: float) -> None:
        """started: when the exchange began."""
        self._started = started
        self._asked_at = self._back_at = 0.0  # when the first was asked; and since when one would have been asked that was gone back to
        self.phases: list[list[object]] | None = None

    def tell(self, attempt: Attempt, result: str, code: str) -> list[object]:
        """An attempt is over, and another is waited for. Returns its phase."""
        phase = attempt.phase(self._started, result, code, perf_counter())
        if attempt.began:
            self._asked_at = min(self._asked_at or attempt.began, attempt.began)
            self.phases = [*(self.phases or ()), phase]
        return phase

    def go_back(self, attempt: Attempt, phase: list[object]) -> None:
        """What was told of an attempt is not all: it is the one."""
        self.phases = [each for each in self.phases or () if each is not phase]
        self._back_at = perf_counter() - (attempt.connect_s or 0.0) - (attempt.last_at - attempt.sent_at)

    def before(self, attempt: Attempt) -> float:
        """Seconds that went to others than this one, and to waiting between them."""
        return max(0.0, (self._back_at or attempt.began or perf_counter()) - self._asked_at) if self._asked_at else 0.0


ALONE = Course(0.0)  # of an exchange that asks once: nobody writes on it


def result_of(status: int) -> str:
    """The outcome that an attempt with this answer has by itself, as the record has it."""
    if status == 429:
        return Outcome.PROVIDER_RATE_LIMITED.value
    if status in (503, 529):
        return Outcome.PROVIDER_OVERLOADED.value
    return (Outcome.PROVIDER_ERROR if status >= 500 else Outcome.CALLER_REJECTED if status >= 400 else Outcome.PROVIDER_PROTOCOL).value
