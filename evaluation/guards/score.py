"""Entity-level scores: what was found against what is there.

The rules, which are those the published reference figures were taken by:

  - spans of one type that follow each other with nothing but white space and punctuation between them (at most GAP characters) are
    one span, in the truth and in what was found: an address that was cut into pieces is one address;
  - a found span is right if it overlaps a true one of its type with an intersection over union of at least OVERLAP; each true span
    is matched at most once, best overlap first;
  - the headline leaves out types that are not asked for (IGNORED in kinds.py), on both sides.

Rules of this file: pure; spans are (start, end, type), half-open, in code points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

OVERLAP = 0.5
GAP = 3

Span = tuple[int, int, str]


@dataclass(slots=True)
class Count:
    """right, spurious, missed: spans."""

    right: int = 0
    spurious: int = 0
    missed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.spurious + other.spurious, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """1.0 where nothing was found: nothing was wrong."""
        found = self.right + self.spurious
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """1.0 where nothing was there."""
        there = self.right + self.missed
        return self.right / there if there else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = 2 * self.right + self.spurious + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(slots=True)
class Tally:
    """Counts by type over many texts; characters of true spans, and how many of them some finding (of any type) covers."""

    by_type: dict[str, Count] = field(default_factory=dict)
    characters: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    rows: int = 0

    def add(self, text: str, true: Sequence[Span], found: Sequence[Span]) -> tuple[list[Span], list[Span]]:
        """Count one text. Returns the missed and the spurious spans."""
        mask = bytearray(len(text))
        for start, end, _ in found:
            mask[start:end] = b"\x01" * (end - start)
        for start, end, kind in true:
            self.characters[kind] += end - start
            self.covered[kind] += sum(mask[start:end])
        true, found = merged(text, true), merged(text, found)
        pairs = sorted(((_iou(t, f), t, f) for t in true for f in found if t[2] == f[2]), reverse=True)
        seen: set[tuple[str, Span]] = set()
        for overlap, t, f in pairs:
            if overlap >= OVERLAP and ("t", t) not in seen and ("f", f) not in seen:
                seen |= {("t", t), ("f", f)}
                self._count(t[2]).right += 1
        missed = [t for t in true if ("t", t) not in seen]
        spurious = [f for f in found if ("f", f) not in seen]
        for t in missed:
            self._count(t[2]).missed += 1
        for f in spurious:
            self._count(f[2]).spurious += 1
        self.rows += 1
        return missed, spurious

    def total(self, kinds: Iterable[str]) -> Count:
        """The sum over some types."""
        return sum((self.by_type[k] for k in kinds if k in self.by_type), Count())

    def _count(self, kind: str) -> Count:
        return self.by_type.setdefault(kind, Count())


def merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join neighbours of one type."""
    result: list[Span] = []
    last: dict[str, int] = {}
    for start, end, kind in sorted(set(spans)):
        at = last.get(kind)
        if at is not None and start <= result[at][1] + GAP and not any(c.isalnum() for c in text[result[at][1] : start]):
            result[at] = (result[at][0], max(end, result[at][1]), kind)
        else:
            last[kind] = len(result)
            result.append((start, end, kind))
    return result


def _iou(one: Span, other: Span) -> float:
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both / (max(one[1], other[1]) - min(one[0], other[0])) if both > 0 else 0.0
