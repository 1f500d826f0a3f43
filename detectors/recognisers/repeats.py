"""Walls: stretches of a text that repeat one unit over and over, `1 rue 1 rue 1 rue ..`. Most texts that are made to be slow are little else.

What is found in a wall repeats as the wall does, since what a recogniser finds at a place depends on what is near. So most of a wall is left out of
the text that is scanned, a whole number of its cycles, and what was found in one cycle stands for those left out. A cycle is many units: what is found
may go over several of them. Whether the cycle before the seam holds what the one before it holds is looked at; if not, the text is scanned as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from detectors.recognisers.hits import Hit

_LEAST = 4096  # code points: a shorter text is not looked at
_UNIT = 128  # code points of a unit, at most
_STRIDE = 1024  # one look at a text in so many code points
_NEAR, _FAR = 640, 2304  # code points on either side of what is left out: more than any hit has with what decides it, in walls with white space, and in others
_CYCLE = 480  # code points of a cycle, at most, as long as it has as many units as the last of _MANY
_MANY, _MORE = (360, 240, 120, 60, 24, 12), (420,)  # units of a cycle: numbers that many others divide; and where what is found does not repeat in these


class Seam(NamedTuple):
    """at: where something was left out of the shorter text.  cycle, left_out: code points; the second is a multiple of the first."""

    at: int
    cycle: int
    left_out: int


class Shortened:
    """text: what is left of it."""

    __slots__ = ("_lost", "_places", "_seams", "text")

    def __init__(self, text: str, seams: Sequence[Seam]) -> None:
        self.text, self._seams = text, seams
        self._places = [seam.at for seam in seams]
        self._lost = [0]
        for seam in seams:
            self._lost.append(self._lost[-1] + seam.left_out)

    def steady(self, hits: Sequence[Hit]) -> bool:
        """Whether what was found in the shorter text repeats before each seam."""
        return all(_between(hits, at - 2 * cycle, at - cycle, cycle) == _between(hits, at - cycle, at, 0) for at, cycle, _ in self._seams)

    def spread(self, hits: Sequence[Hit]) -> list[Hit]:
        """The same for the whole text, from what is steady; in order, if that is."""
        whole = [(start + by, end + by, kind, score) for some, times in self.parts(hits) for by in times for start, end, kind, score in some]
        if len(self._places) > 1:
            whole.sort()
        return whole

    def parts(self, hits: Sequence[Hit]) -> Iterator[tuple[list[Hit], Sequence[int]]]:
        """The same in parts: some of the hits, and how much further on each of them stands in the whole text, as often as it does."""
        done = 0
        for (at, cycle, left_out), lost in zip(self._seams, self._lost, strict=False):
            yield [hit for hit in hits if done <= hit[0] < at], (lost,)
            yield [hit for hit in hits if at - cycle <= hit[0] < at], range(lost + cycle, lost + left_out + 1, cycle)
            done = at
        yield [hit for hit in hits if hit[0] >= done], (self._lost[-1],)


def found_in(text: str, scan: Callable[[str], list[Hit]]) -> tuple[list[Hit], Shortened | None]:
    """What `scan` finds in a text; or in less of it, and that."""
    for many in (_MANY, _MORE) if len(text) >= _LEAST else ():
        shorter = _shortened(text, many)
        if shorter is None:
            break
        hits = scan(shorter.text)
        if shorter.steady(hits):
            return hits, shorter
    return scan(text), None


def _shortened(text: str, units: Sequence[int]) -> Shortened | None:
    """The text without most of its walls; None if it has none worth that. units: of a cycle, the most first."""
    seams: list[Seam] = []
    parts: list[str] = []
    done = kept = 0
    at = _STRIDE // 2
    while at + _LEAST // 2 < len(text):
        again = text.find(text[at : at + _UNIT], at + 1, at + 2 * _UNIT)
        if again < 0:
            at += _STRIDE
            continue
        unit = again - at
        end = _end(text, at, unit)
        begin = _begin(text, max(done, at - _STRIDE), at, unit)
        cycle = unit * next((many for many in units if many * unit <= _CYCLE), units[-1])
        margin = _NEAR if any(map(str.isspace, text[at:again])) else _FAR
        seam = begin + margin + 2 * cycle
        left_out = (end - margin - seam) // cycle * cycle
        if left_out > seam - begin:
            parts.append(text[done:seam])
            kept += seam - done
            seams.append(Seam(kept, cycle, left_out))
            done = seam + left_out
        at = max(end, at + _STRIDE)
    if not seams:
        return None
    return Shortened("".join([*parts, text[done:]]), seams)


def _end(text: str, at: int, unit: int) -> int:
    """Where the wall ends that stands at `at`."""
    step = 4 * _UNIT
    while (size := len(text) - at - unit) > 0 and text[at : at + step] == text[at + unit : at + unit + step] and size > step:
        at += step
        step *= 2
    low, high = 0, min(step, len(text) - at - unit)
    while low < high:
        middle = (low + high + 1) // 2
        if text[at : at + middle] == text[at + unit : at + unit + middle]:
            low = middle
        else:
            high = middle - 1
    return at + unit + low


def _begin(text: str, low: int, at: int, unit: int) -> int:
    """Where it begins, at `low` or later."""
    while low < at:
        middle = (low + at) // 2
        if text[middle:at] == text[middle + unit : at + unit]:
            at = middle
        else:
            low = middle + 1
    return at


def _between(hits: Sequence[Hit], start: int, stop: int, by: int) -> list[Hit]:
    return sorted((hit[0] + by, hit[1] + by, hit[2], hit[3]) for hit in hits if start <= hit[0] < stop)
