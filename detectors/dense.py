"""Texts that are full of values: past so many, what follows is no longer told apart, but taken for one finding, a stretch at a time.

A finding costs microseconds, and a text of a million characters can hold sixty thousand. Who reads it, or its masked copy, gains nothing by the last of them.
So a text runs up a debt: each finding costs code points, by its kind, and each code point that passes pays one back. While a text owes more than MOST, the
next `max_span` code points are one finding of the kind DENSE, whatever they hold, in which nobody has looked: it stands for any kind that the detector knows,
so whoever wants one of them must want it (gateway.guard.judge). After it values are told apart again, as many as it has paid for, and where the text has
become an ordinary one that is all of them. The end of a text, too, where a detector has nothing that goes on for long.

Nothing gets past a stretch unseen: what begins before it is over within it, as no finding is longer; what is open at its end begins behind it; and what may be
open for longer than its end shows (`goes_on`: a key in PEM, a table) has another stretch follow.

The debt at a place hangs on what stands before it and on nothing else, so a stretch is a finding like any, for which I1 to I3 of detectors.base hold:
who goes through a text piece by piece takes the debt along (`Bounded.owed` at the cut, `Text.owed` of the next piece).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from detectors import opening
from detectors.base import CONTEXT, Finding
from detectors.text import Text

KIND = "DENSE"
MOST = 5_000_000  # code points that a text may owe
WINDOW = 16_384  # code points that are looked at in one go
_LEAST_WINDOW = 1024
_NEAR = 16  # code points from one finding to the next, in a wall


class _Told(NamedTuple):
    """What became of a text. debts: what it owes at the end of each finding, if that was asked.  settled: no index after it is.

    last, at: what was looked at last, and where it begins; None: nothing was from there on, where a stretch begins that is not over.
    """

    findings: Sequence[Finding]
    debts: Sequence[int]
    settled: int
    last: Text | None
    at: int


@runtime_checkable
class Owing(Protocol):
    """A detector that looks at no more than it must, or whoever stands for it."""

    name: str

    def owed(self, text: Text, findings: Iterable[Finding], cut: int) -> int: ...

    def settled(self, text: Text) -> list[Finding]: ...


class Bounded(ABC):
    """A detector that looks at no more than it must. Its own `find` and `open_from` are `find_all` and `open_in`, of texts of any length."""

    name: str
    max_span: int  # code points, also of a stretch
    prices: ClassVar[Mapping[str, int]] = {}  # code points, by kind: about what it costs, 8 ns each
    price = 800  # of the other kinds
    zone = 512  # code points before the end of a stretch that tell what is open there: all that may be, but for what `goes_on`
    spare = 0  # code points at the end of a text that are always told apart: more than anything that it finds, or none
    most = MOST

    @property
    def _dearest(self) -> int:
        return max(self.price, *self.prices.values(), 0)

    @abstractmethod
    def find_all(self, text: Text) -> list[Finding]:
        """Every finding, however many."""

    @abstractmethod
    def open_in(self, text: Text) -> int:
        """`open_from` where every finding is told."""

    def goes_on(self, text: Text) -> bool:
        """Whether something may begin in this text that is open for longer than its last `zone` code points show."""
        return False

    def find(self, text: Text) -> list[Finding]:
        """Findings in order, none over another. Never raises on any text."""
        told = self._told(text)
        return [*told.findings, *(self._at_the_end(text, told.at) if told.last is None else ())]

    def settled(self, text: Text) -> list[Finding]:
        """Those that start before `open_from`, and some others."""
        return list(self._told(text).findings)

    def open_from(self, text: Text) -> int:
        """The first index that text to come may still turn into a finding or a longer one."""
        told = self._told(text)
        return told.settled if told.last is None else min(told.settled, told.at + self.open_in(told.last))

    def owed(self, text: Text, findings: Iterable[Finding], cut: int) -> int:
        """What the text owes at `cut`, for what goes on there. findings: of the text, those of others among them.  cut: in none of them, and settled."""
        debt, done = (text.owed or {}).get(self.name, 0), 0
        for number, f in enumerate(f for f in findings if f.detector == self.name):
            if f.start >= cut:
                break
            debt = self._told(text).debts[number] if f.kind == KIND else max(0, debt - (f.end - done)) + self.prices.get(f.kind, self.price)
            done = f.end
        return debt if done == cut else max(0, debt - (cut - done))

    def _told(self, text: Text) -> _Told:
        told: _Told | None = text.kept.get(self)
        if told is None:
            told = text.kept[self] = self._tell(text)  # open_from asks, and then whoever asked that
        return told

    def _tell(self, text: Text) -> _Told:
        debt = 0 if text.owed is None else text.owed.get(self.name, 0)
        if text.owed is None or (len(text.raw) <= WINDOW and debt <= self.most):
            found = self.find_all(text)
            if text.owed is None or debt + len(found) * self._dearest <= self.most:
                return _Told(found, (), len(text.raw), text, 0)
        return self._by_stretches(text, debt)

    def _by_stretches(self, text: Text, debt: int) -> _Told:
        raw, found, debts = text.raw, list[Finding](), list[int]()
        at, grown, settled = 0, 0, len(text.raw)
        while True:
            left = len(raw) - at
            if debt > self.most and left < self.max_span:
                return _Told(found, debts, min(settled, at), None, at)
            if debt > self.most:
                stretch = Text(raw[at : at + self.max_span], _before(text, at))
                end = at + self._end(stretch)
                if not self.goes_on(stretch):
                    debt = max(0, debt - (end - at))
                found.append(Finding(self.name, KIND, at, end, 1.0))
                debts.append(debt)
                at, grown = end, 0
                continue
            size = grown + min(WINDOW, max(_LEAST_WINDOW, _NEAR * (self.most - debt) // self._dearest))
            window = text if not at and size >= left else Text(raw[at : at + size], _before(text, at))
            findings, ends = self.find_all(window), size >= left
            until = left if ends else self.open_in(window)
            if until < size // 2 and not ends:
                grown += size  # more is open than decided
                continue
            done = at
            for f in findings:
                if f.start >= until:
                    break
                f = _moved(f, at)
                debt = max(0, debt - (f.end - done)) + self.prices.get(f.kind, self.price)
                done = f.end
                found.append(f)
                debts.append(debt)
                if debt > self.most:
                    break
            if debt > self.most:
                if ends and (opens := at + self.open_in(window)) < done:
                    settled = min(settled, opens)
                at, grown = done, 0
            elif ends:
                return _Told(found, debts, settled, window, at)
            else:
                debt = max(0, debt - (at + until - done))
                at, grown = at + until, 0

    def _at_the_end(self, text: Text, at: int) -> Iterator[Finding]:
        """The last stretch, which is not over, and what is told apart after it."""
        raw, end = text.raw, len(text.raw)
        if self.spare:
            last = Text(raw[at : end - self.spare], _before(text, at)) if end - at > self.spare + self.zone else None
            end = at if last is None else at + self._end(last)
        if end > at:
            yield Finding(self.name, KIND, at, end, 1.0)
        if end < len(raw):
            yield from (_moved(f, end) for f in self.find_all(Text(raw[end:], _before(text, end))))

    def _end(self, stretch: Text) -> int:
        """Where it is cut: before what is open at its end."""
        at = opening.apart(stretch, max(0, len(stretch.raw) - self.zone))
        return at + self.open_in(Text(stretch.raw[at:], _before(stretch, at)))


def owed(detectors: Iterable[object], text: Text, findings: Iterable[Finding], cut: int) -> Mapping[str, int]:
    """What a text owes at `cut`, by detector: see Bounded.owed. findings: each detector's in order."""
    debts = {each.name: each.owed(text, findings, cut) for each in detectors if isinstance(each, Owing)} if findings or text.owed else {}
    return {name: debt for name, debt in debts.items() if debt}


def _before(text: Text, at: int) -> str:
    """What stands before that place, for context."""
    return text.raw[at - CONTEXT : at] if at >= CONTEXT else (text.before + text.raw[:at])[-CONTEXT:]


def _moved(f: Finding, by: int) -> Finding:
    return Finding(f.detector, f.kind, f.start + by, f.end + by, f.score) if by else f
