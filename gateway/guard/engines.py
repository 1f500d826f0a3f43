"""What runs for a detector's name: here in the process, or in the detector pool; over growing texts, or over whole ones.

`pii` is two engines: patterns, which run where the text is, and names, whose model lives in the pool and which only runs for rules that want
a kind of its own. Everything that must wait for the pool is an `Ask`: this package does no I/O, so whoever drives it sends the question
and brings the answer, or `Unanswered` if there is none in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from detectors.base import Detector, Finding
from gateway.guard.policy import Rule

if TYPE_CHECKING:
    from detectors.text import Text

LINEUPS = 512  # that are kept: a policy has as many at most


class Reads(Enum):
    """What an engine that judges whole texts is given."""

    TEXTS = "each text of a body by itself"
    SPOKEN = "what is said, by source: gateway.guard.spoken"
    REPLY = "the answers of a reply, when it is over: gateway.guard.whole_reply"


@dataclass(frozen=True, slots=True)
class Engine:
    """name: what the pool knows it by.  detector: what its findings and the rules call it.  local: the detector itself, None if it runs in the pool.

    open_from: see detectors.base; None: it judges whole texts, in a stream one window after the other, and holds nothing back.  reads: which, then.
    pool: what the pool knows it by, if it has several of the kind.  before: of the texts of a reply that it judges, for the pool: which of them this is.
    compares: `before` is what was asked, see gateway.guard.whole_reply.
    """

    name: str
    detector: str
    kinds: frozenset[str]
    local: Detector | None = None
    open_from: Callable[[Text], int] | None = None
    reads: Reads = Reads.TEXTS
    pool: str = ""
    before: str = ""
    compares: bool = False

    @property
    def asked(self) -> str:
        """Whom the pool asks."""
        return self.pool or self.name


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The detector did not say: timeout, crashed, failed, garbage, busy, unavailable. For a rule that fails closed this blocks (law 5)."""

    reason: str


Answer = list[list[Finding]] | Unanswered


@dataclass(eq=False, slots=True)
class Ask:
    """A question to the pool."""

    engine: Engine
    texts: tuple[Text, ...]


@dataclass(eq=False, slots=True)
class Work:
    """What takes longer than a turn of the loop may: whoever drives this has `do` done beside it, and says [] when it is, or Unanswered if it raised."""

    do: Callable[[], None]


class Lineup(NamedTuple):
    """The engines of some rules.  local, remote: those that tell spans, here and in the pool; opens: what they say is open.  judges: who is given what is said, as it is said; reply_judges: when it is over."""

    engines: tuple[Engine, ...]
    local: tuple[Detector, ...]
    remote: tuple[Engine, ...]
    opens: tuple[Callable[[Text], int], ...]
    judges: tuple[Engine, ...]
    reply_judges: tuple[Engine, ...]


class Engines:
    """All of them, by the detector's name that rules use."""

    def __init__(self, by_detector: Mapping[str, tuple[Engine, ...]]) -> None:
        self._by_detector = dict(by_detector)
        self._lineups: dict[tuple[int, ...], tuple[tuple[Rule, ...], Lineup]] = {}  # with the rules, so that no other gets the id of one

    def lineup(self, rules: Iterable[Rule]) -> Lineup:
        """What these rules need, by what it is asked."""
        rules = tuple(rules)
        key = tuple(map(id, rules))
        known = self._lineups.get(key)
        if known is None:
            if len(self._lineups) >= LINEUPS:
                self._lineups.clear()
            engines = self.of(rules)
            spans = [engine for engine in engines if engine.open_from is not None]
            lineup = Lineup(
                engines,
                tuple(engine.local for engine in spans if engine.local is not None),
                tuple(engine for engine in spans if engine.local is None),
                tuple(engine.open_from for engine in spans if engine.open_from is not None),
                tuple(engine for engine in engines if engine.open_from is None and engine.reads is not Reads.REPLY),
                tuple(engine for engine in engines if engine.reads is Reads.REPLY),
            )
            known = self._lineups[key] = rules, lineup
        return known[1]

    def of(self, rules: Iterable[Rule]) -> tuple[Engine, ...]:
        """What these rules need, each once. An engine none of whose kinds is wanted does not run."""
        found: dict[str, Engine] = {}
        for rule in rules:
            for engine in self._by_detector[rule.detector]:
                if (not rule.kinds or rule.kinds & engine.kinds) and not (rule.local_only and engine.local is None):
                    found[engine.name] = engine
        return tuple(found.values())

    @property
    def names(self) -> frozenset[str]:
        """The detectors that rules may name."""
        return frozenset(self._by_detector)

    def kinds(self, detector: str) -> frozenset[str]:
        """All that a detector may find."""
        return frozenset().union(*(engine.kinds for engine in self._by_detector[detector]))
