"""What rules make of findings: the spans to rewrite, the rule that blocks, and the count of it all for the record.

Pure. A span is rewritten as a whole: overlapping findings become one region, so that no part of the weaker one is left standing. The
region takes the kind of its strongest finding (score, then length, then kind).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple

from detectors.base import Finding
from gateway import exchange
from gateway.guard.policy import Action, Direction, Rule

UNSCANNABLE = "unscannable"  # the kind of what no detector can read
GUARD = "guard"  # the detector named by such a finding


class Region(NamedTuple):  # as a finding: a text may have a hundred thousand
    """A span of a text that is to be replaced. reversible: by a pseudonym that the app never sees."""

    start: int
    end: int
    kind: str
    reversible: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be done about one text. regions: in order, apart from each other. blocked_by: the first rule that blocks (or asks for a retry)."""

    regions: tuple[Region, ...] = ()
    blocked_by: Rule | None = None


CLEAN = Ruling()
Counts = dict[tuple[str, str, str, str], tuple[float, int]]  # detector, kind, direction, action -> the best score, how many


@dataclass(slots=True)
class Tally:
    """What the guard did in one exchange, for its row. failed: detectors that gave no answer where a rule needed one.

    again: the same counts for texts that a stream tells once more, by the telling; a finding counts as often as the fullest telling has it (law 2).
    """

    counts: Counts = field(default_factory=dict)
    again: dict[str, Counts] = field(default_factory=dict)
    checked: bool = False
    blocked: bool = False
    failed: dict[str, int] = field(default_factory=dict)

    def add(self, finding: Finding, direction: Direction, action: str, telling: str = "", many: int = 1) -> None:
        """action: what was done; `observe` under a rule that only watches.  telling: see `again`.  many: findings that are alike but for their places."""
        counts = self.again.setdefault(telling, {}) if telling else self.counts
        key = (finding.detector, finding.kind, direction.value, action)
        score, count = counts.get(key, (0.0, 0))
        counts[key] = (max(score, finding.score), count + many)

    def fail(self, detector: str) -> None:
        self.failed[detector] = self.failed.get(detector, 0) + 1

    def findings(self) -> tuple[exchange.Finding, ...]:
        """For the row."""
        counts = dict(self.counts)
        for told in self.again.values():
            for key, (score, count) in told.items():
                known = counts.get(key, (0.0, 0))
                counts[key] = (max(known[0], score), max(known[1], count))
        return tuple(exchange.Finding(*key, score, count) for key, (score, count) in counts.items())

    @property
    def verdict(self) -> str:
        """passed | flagged | masked | blocked | error | not_checked. Never "passed" for what was not looked at (law 5). What is on: log is no part of it."""
        return self.judged(Direction.REQUEST, Direction.REPLY)

    def judged(self, *directions: Direction) -> str:
        """The verdict on some directions."""
        actions = {key[3] for counts in (self.counts, *self.again.values()) for key in counts if key[2] in directions}
        if self.blocked:
            return "blocked"
        if self.failed:
            return "error"
        if actions & {Action.MASK.value, Action.PSEUDONYMISE.value}:
            return "masked"
        if actions:
            return "flagged"
        return "passed" if self.checked else "not_checked"


def judge(findings: Iterable[Finding], rules: Sequence[Rule], direction: Direction, tally: Tally, telling: str = "") -> Ruling:
    """Apply rules to the findings of one text. Each finding falls to the first enforcing rule that wants it; observing rules only count.

    So do rules on: log that flag: counting a finding must not keep it in the record.
    """
    alike: dict[tuple[str, str, float], list[Finding]] = {}  # a rule asks for nothing else
    for finding in findings:
        sort = finding[0], finding[1], finding[4]
        if sort in alike:
            alike[sort].append(finding)
        else:
            alike[sort] = [finding]
    masked: list[tuple[Finding, bool]] = []
    blocked_by: Rule | None = None
    for some in alike.values():
        rule = _ruled(some, rules, direction, tally, telling)
        if rule is None:
            continue
        if rule.action in (Action.MASK, Action.PSEUDONYMISE):
            masked += zip(some, repeat(rule.action is Action.PSEUDONYMISE))
        elif rule.action in (Action.BLOCK, Action.RETRY) and blocked_by is None:
            blocked_by = rule
    if not masked and blocked_by is None:
        return CLEAN
    return Ruling(regions(masked), blocked_by)


def _ruled(some: Sequence[Finding], rules: Sequence[Rule], direction: Direction, tally: Tally, telling: str) -> Rule | None:
    """Count findings that are alike; the rule that they fall to, if one enforces anything."""
    for rule in rules:
        if not rule.wants(some[0]):
            continue
        tally.add(some[0], direction, rule.action.value if rule.enforce else "observe", telling, len(some))
        if rule.enforce and not (rule.action is Action.FLAG and direction is Direction.LOG):
            return rule
    return None


def regions(masked: Iterable[tuple[Finding, bool]]) -> tuple[Region, ...]:
    """Join overlapping findings."""
    found: list[Region] = []
    strongest: tuple[float, int, str] = (0.0, 0, "")
    reach = 0  # where the last one ends
    for (_, kind, start, end, score), reversible in sorted(masked, key=_place):
        rank = score, end - start, kind
        if start < reach:
            last = found[-1]
            strongest, reach = max(strongest, rank), max(reach, end)
            found[-1] = Region(last.start, reach, strongest[2], last.reversible and reversible)
        else:
            strongest, reach = rank, end
            found.append(Region(start, end, kind, reversible))
    return tuple(found)


def _place(each: tuple[Finding, bool]) -> tuple[int, int]:
    return each[0][2], -each[0][3]
