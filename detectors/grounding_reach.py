"""Which numbers can be worked out from others, and how easily a number comes out by chance.

A sum, difference, product or share that comes to a number of a reply says something only where few other numbers would have come out as well: of five figures
hardly any do, of two digits most. So each way to work out is asked from the simplest on, and the answer is a chance: how likely a number of that size and
precision, drawn at random, would have been reached by then.

Rules of this file: pure; cost is bounded by the number of operands that are handed in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from detectors.grounding_units import MEASURES

ANY = "*"  # the unit of a rate, or of a product of two units: not worked out here
_AROUND = 1.6  # numbers so many times smaller and larger are counted for how densely they lie
_CONSTANTS = (12.0, 60.0, 7.0, 24.0, 52.0, 365.0, 1000.0)


class Number(NamedTuple):
    """unit: canonical, "" for none."""

    value: float
    unit: str


class Reached:
    """Values by unit, each sorted, to be asked for many numbers."""

    def __init__(self, made: Iterable[tuple[float, str]]) -> None:
        sets: dict[str, set[float]] = {}
        for value, unit in made:
            if value > 0:
                sets.setdefault(unit, set()).add(float(f"{value:.9g}"))
        self._sets = {unit: sorted(values) for unit, values in sets.items()}

    def ask(self, value: float, unit: str, room: float) -> tuple[bool, float]:
        """Whether a number is reached within `room`, and the expected number of times that one like it would be."""
        hit, chance = False, 0.0
        for own, values in self._sets.items():
            factor = 1.0 if own == unit or own in ("", ANY) or not unit or unit == ANY else in_units(unit, own)
            if factor:
                hit = hit or has(values, value * factor, room * factor)
                chance += _chance(values, value * factor, room * factor)
        return hit, chance

    def two_steps(self, numbers: Sequence[Number], value: float, unit: str, room: float) -> tuple[bool, float]:
        """The same with another number added or taken away."""
        hit, chance = False, 0.0
        for number in numbers:
            if number.unit in (unit, "") or not unit:
                for other in (value - number.value, value + number.value):
                    if other > 0:
                        found, more = self.ask(other, unit, room)
                        hit, chance = hit or found, chance + more
        return hit, chance


def has(ordered: Sequence[float], value: float, room: float) -> bool:
    """Whether one of them lies within `room` of a value."""
    at = bisect_left(ordered, value - room)
    return at < len(ordered) and ordered[at] <= value + room


def _chance(ordered: Sequence[float], value: float, room: float) -> float:
    if value <= 0:
        return 0.0
    low, high = value / _AROUND, value * _AROUND
    return (bisect_left(ordered, high) - bisect_left(ordered, low)) * 2 * room / (high - low)


@cache
def in_units(unit: str, other: str) -> float:
    """What one of the one unit is in the other; 0 if they do not measure the same."""
    if unit == other:
        return 1.0
    if unit in MEASURES and other in MEASURES and MEASURES[unit][0] == MEASURES[other][0]:
        return float(MEASURES[unit][1] / MEASURES[other][1])
    return 0.0


def pairs(ones: Sequence[Number], others: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    """Each of the ones with each of the others, none with itself."""
    for one in ones:
        for other in others:
            if one is not other:
                yield one, other


def sums(found: Iterable[tuple[Number, Number]], *, means: bool = False) -> Iterator[tuple[float, str]]:
    """Sums and differences of like things, changes in per cent. means: and what lies in the middle."""
    for one, other in found:
        factor = 1.0 if one.unit == other.unit or not one.unit or not other.unit else in_units(other.unit, one.unit)
        if not factor:
            continue
        second = other.value * factor
        unit = one.unit or other.unit
        yield one.value + second, unit
        yield abs(one.value - second), unit
        if means:
            yield (one.value + second) / 2, unit
        if one.value and second and unit != "%":
            gap = abs(one.value - second) * 100
            yield from ((gap / one.value, "%"), (gap / second, "%"))


def products(found: Iterable[tuple[Number, Number]]) -> Iterator[tuple[float, str]]:
    """Products, quotients and shares."""
    for one, other in found:
        if not one.value or not other.value:
            continue
        for part, whole in ((one, other), (other, one)):
            if part.unit == "%":
                yield from ((whole.value * part.value / 100, whole.unit), (whole.value * (1 + part.value / 100), whole.unit), (whole.value * (1 - part.value / 100), whole.unit), (whole.value / (1 + part.value / 100), whole.unit))
            elif part.unit == whole.unit:
                yield from ((part.value / whole.value, ""), (part.value / whole.value * 100, "%"))
            else:
                factor = in_units(part.unit, whole.unit)
                yield (part.value * factor / whole.value, "") if factor else (part.value / whole.value, part.unit if not whole.unit else ANY)
        if "%" not in (one.unit, other.unit):
            unit = one.unit if not other.unit else other.unit if not one.unit else ANY
            product = one.value * other.value / (100 if "cent" in (one.unit, other.unit) else 1)
            yield product, unit if unit not in MEASURES and unit != "cent" else ANY
            if unit in MEASURES:
                yield product, unit


def multiples(numbers: Iterable[Number], factors: Collection[float]) -> Iterator[tuple[float, str]]:
    """By what a sentence says (`half`, `twice`), and by months, minutes, hours, weeks, days of a year."""
    for number in numbers:
        for factor in factors:
            yield number.value * factor, number.unit
        if number.unit == "%":
            yield 100 - number.value, "%"
            yield number.value / 100, ""
        else:
            for constant in _CONSTANTS:
                yield number.value * constant, ANY
                yield number.value / constant, ANY


def columns(values: Sequence[Number], strides: int, longest: int) -> Iterator[tuple[float, str]]:
    """Sums and means of three and more that stand at equal distances, as a column of a table does."""
    for stride in range(1, strides + 1):
        for start in range(len(values)):
            total, unit = values[start].value, values[start].unit
            for count in range(2, longest + 1):
                at = start + (count - 1) * stride
                if at >= len(values) or values[at].unit != unit:
                    break
                total += values[at].value
                if count > 2:
                    yield from ((total, unit), (total / count, unit))
