"""Applying rules to texts: the engines that look, and the rewriting that follows. One Scan serves one direction of one exchange.

`Scan` is what a rewriter needs to know of its texts: where they are open, what is found in them, what replaces it. `Guarding` is the
rules' own; `Restoring` turns pseudonyms back. Both work on whole texts and on growing ones alike, which is why a stream equals the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from detectors.base import Finding
from detectors.text import Text
from gateway.dialects.leaves import Edit
from gateway.guard.engines import Engine, Engines, Unanswered
from gateway.guard.judge import GUARD, UNSCANNABLE, Tally, judge
from gateway.guard.placeholders import MAX_CHARS, Placeholders
from gateway.guard.policy import Action, Direction, Policy, Rule


class Scan(Protocol):
    """See the module."""

    @property
    def remote(self) -> Sequence[Engine]:
        """Engines with spans whose findings come from the pool."""
        ...

    def open_from(self, text: Text) -> int: ...

    def find(self, text: Text) -> list[Finding]:
        """What the local engines find."""
        ...

    def replace(self, findings: Iterable[Finding], raw: str) -> list[Edit]:
        """What becomes of final findings; offsets are those of `raw`."""
        ...

    def acts_on(self, finding: Finding) -> bool:
        """Whether a text with this in it does not pass as it is."""
        ...

    def unanswered(self, engine: Engine, answer: Unanswered) -> None:
        """The pool has no answer."""
        ...

    def again(self, telling: str) -> Scan:
        """The same for texts that have been told before: what is found in them is not counted twice. telling: see Tally."""
        ...


class Guarding:
    """The rules of one direction at work. `blocked_by`: the first rule that blocks. `failed`: a rule that fails closed and whose detector gave no answer."""

    def __init__(self, rules: Sequence[Rule], engines: Engines, direction: Direction, tally: Tally, placeholders: Placeholders) -> None:
        self.rules, self.direction, self.tally, self._placeholders = rules, direction, tally, placeholders
        self.engines, self._local, self.remote, self._opens, self.judges, self.reply_judges = engines.lineup(rules)
        self.blocked_by: Rule | None = None
        self.failed: Rule | None = None
        self.why = ""  # in a word of the gate's own
        self.unseen = False  # it was blocked because of something that no detector can read
        tally.checked = tally.checked or bool(rules)

    @property
    def stopped(self) -> bool:
        """Nothing more may pass."""
        return self.blocked_by is not None or self.failed is not None

    @property
    def edits(self) -> bool:
        """Whether a rule may change a text."""
        return any(rule.enforce and rule.action in (Action.MASK, Action.PSEUDONYMISE) for rule in self.rules)

    @property
    def strict(self) -> bool:
        """Whether something that cannot be checked must not pass."""
        return any(rule.enforce and rule.fail_closed for rule in self.rules)

    def open_from(self, text: Text) -> int:
        return min((opens(text) for opens in self._opens), default=len(text.raw))

    def find(self, text: Text) -> list[Finding]:
        found: list[Finding] = []
        for detector in self._local:
            found += detector.find(text)
        return found

    def again(self, telling: str) -> Scan:
        return _Retelling(self, telling)

    def acts_on(self, finding: Finding) -> bool:
        return any(rule.enforce and rule.action is not Action.FLAG and rule.wants(finding) for rule in self.rules)

    def replace(self, findings: Iterable[Finding], raw: str, telling: str = "") -> list[Edit]:
        ruling = judge(findings, self.rules, self.direction, self.tally, telling)
        if ruling.blocked_by is not None:
            self.block(ruling.blocked_by)
        if self.direction is Direction.REQUEST:
            name = self._placeholders.request
            return [Edit(start, end, name(kind, raw[start:end], reversible=reversible)) for start, end, kind, reversible in ruling.regions]
        again = self._placeholders.reply
        return [Edit(start, end, again(kind, raw[start:end])) for start, end, kind, _ in ruling.regions]

    def block(self, rule: Rule) -> None:
        if self.blocked_by is None:
            self.blocked_by = rule
            self.tally.blocked = True

    def unanswered(self, engine: Engine, answer: Unanswered) -> None:
        """A detector gave no answer: each rule that needed it fails in its own way."""
        self.tally.fail(engine.detector)
        for rule in self.rules:
            wanted = rule.detector == engine.detector and not rule.local_only and (not rule.kinds or bool(rule.kinds & engine.kinds))
            if wanted and rule.enforce and rule.fail_closed and self.failed is None:
                self.failed, self.why = rule, answer.reason

    def unscannable(self, count: int, policy: Policy) -> None:
        """Something no detector can read is on its way."""
        enforcing = next((rule for rule in self.rules if rule.enforce), None)
        blocks = policy.unscannable_blocks and enforcing is not None
        for _ in range(count):
            self.tally.add(Finding(GUARD, UNSCANNABLE, 0, 0, 1.0), self.direction, Action.BLOCK.value if blocks else Action.FLAG.value)
        if blocks and enforcing is not None and count:
            self.unseen = True
            self.block(enforcing)

    def unreadable(self) -> None:
        """The text cannot be had at all: encoded, malformed, too long. The same as a detector that gives no answer."""
        self.tally.fail(GUARD)
        if self.failed is None:
            self.failed = next((rule for rule in self.rules if rule.enforce and rule.fail_closed), None)


class _Retelling:
    """A Guarding that counts apart."""

    __slots__ = ("_scan", "_telling", "acts_on", "find", "open_from", "remote", "unanswered")

    def __init__(self, scan: Guarding, telling: str) -> None:
        self._scan, self._telling = scan, telling
        self.remote, self.open_from, self.find, self.unanswered, self.acts_on = scan.remote, scan.open_from, scan.find, scan.unanswered, scan.acts_on

    def again(self, telling: str) -> Scan:
        return _Retelling(self._scan, telling)

    def replace(self, findings: Iterable[Finding], raw: str) -> list[Edit]:
        return self._scan.replace(findings, raw, self._telling)


class Restoring:
    """Turns the pseudonyms of one exchange back into what they stand for."""

    remote: Sequence[Engine] = ()

    def __init__(self, values: dict[str, str]) -> None:
        """values: pseudonym -> value."""
        self._values = values

    def open_from(self, text: Text) -> int:
        raw = text.raw
        at = raw.rfind("<", max(0, len(raw) - MAX_CHARS))
        if at < 0 or ">" in raw[at:]:
            return len(raw)
        tail = raw[at:]
        return at if any(pseudonym.startswith(tail) for pseudonym in self._values) else len(raw)

    def find(self, text: Text) -> list[Finding]:
        raw, found = text.raw, []
        at = raw.find("<")
        while at >= 0:
            end = raw.find(">", at, at + MAX_CHARS) + 1
            if end and raw[at:end] in self._values:
                found.append(Finding("", "", at, end, 1.0))
            at = raw.find("<", max(end, at + 1) if end and raw[at:end] in self._values else at + 1)
        return found

    def acts_on(self, finding: Finding) -> bool:
        return True

    def unanswered(self, engine: Engine, answer: Unanswered) -> None:
        """Never asked."""

    def again(self, telling: str) -> Scan:
        return self

    def replace(self, findings: Iterable[Finding], raw: str) -> list[Edit]:
        return [Edit(f.start, f.end, self._values[raw[f.start : f.end]]) for f in findings]


