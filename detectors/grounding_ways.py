"""Ways to work a number of a reply out from others: what stands beside it, what the reply mentions, what the context has; from the simplest on.

Rules of this file: pure; cost is bounded: at most MOST operands are combined, those near what the reply mentions first, and each way is made when it is first asked for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations, islice

from detectors.grounding_cues import MEAN
from detectors.grounding_reach import Number, Reached, columns, has, in_units, multiples, pairs, products, sums
from detectors.grounding_values import Quantity

MOST = 32  # operands
MOST_LIKELY = 5.0  # beyond that, nothing is said by a number that comes out
_AROUND = 5  # operands on either side of one that the reply mentions
_STRIDES, _LONGEST, _TOLD = 8, 12, 400  # of columns that are summed; numbers of the context for that
_SAID, _BESIDE, _PAIRS, _SCALES, _SUMS, _RATES = 16, 6, 160, 60, 60, 4  # numbers that the reply mentions, and those beside one of it; neighbours of the context; factors, sums and percentages
_NEAREST = 3  # of those beside it
_AT = 2  # places of one number in the context
_FAR = 160  # code points: what stands beside
_ASKED, _VOTES = 60, 3  # quantities that may have a factor in common, and how many must
_FACTORS = (0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0)
_SAID_FACTORS = {"half": (0.5, 1.5), "third": (1 / 3, 2 / 3), "quarter": (0.25, 0.75), "fifth": (0.2, 0.8), "double": (2.0,), "twice": (2.0,), "triple": (3.0,), "halb": (0.5,), "doppelt": (2.0,), "moiti": (0.5,), "mitad": (0.5,)}


class Ways:
    """The operands: what the context says, and what the reply takes from it."""

    def __init__(self, told: Sequence[Number], reply: Sequence[Quantity], folded: str, *, in_cents: bool) -> None:
        """told: of the context, in its order.  reply: its quantities.  in_cents: amounts may be told in hundredths."""
        self._told, self._reply, self._folded = told, reply, folded
        self._mentioned = {float(value) for each in reply for value in each.values}
        self.operands = _chosen(told, self._mentioned)
        if in_cents:
            self.operands += [Number(each.value / 100, "") for each in self.operands if not each.unit and each.value > 99]
        self._said = [each for each in self.operands if each.value in self._mentioned][:_SAID]
        self._taken: list[tuple[int, Number]] = []  # where in the reply, and what
        self._ways: list[Reached] = []
        self._means = MEAN.search(folded) is not None

    @cached_property
    def _around(self) -> list[tuple[Number, Number]]:
        return _around(self._told, self._mentioned)

    def take(self, quantity: Quantity) -> None:
        """One more: a quantity of the reply that is thought to be right."""
        for value in quantity.values[:1]:
            operand = Number(float(value), quantity.unit)
            if len(self._taken) < 100:
                insort(self._taken, (quantity.start, operand), key=lambda each: each[0])
                self._ways = []
            if value and operand not in self.operands and len(self.operands) < MOST + 12:
                self.operands.append(operand)
            if value and operand not in self._said and len(self._said) < _SAID + 12:
                self._said.append(operand)

    def chance(self, value: float, quantity: Quantity) -> tuple[bool, float, bool]:
        """Whether a way comes to it, and how often by chance a number like it would have been worked out by the ways up to the simplest that does, or by all that were tried; and whether only two steps come to it."""
        step = float(quantity.step / quantity.times if value < float(quantity.times) else quantity.step)
        room = max(step / 2, abs(value) * 0.03 if quantity.about else 0.0) * 1.0001
        if quantity.unit == "year" or (not quantity.unit and 1000 <= value <= 2200 and quantity.step == 1):
            room += 1  # an age, or a year less an age
        near = self.near(quantity)
        beside = list(pairs(near, near))
        nearest = list(combinations(near[:_NEAREST], 2))
        total = 0.0
        for way in chain((Reached(chain(sums(nearest, means=self._means), products(nearest))), Reached(sums(beside, means=self._means)), Reached(sums(self._next_to(near))), Reached(chain(products(beside), multiples(near, _factors(self._folded, quantity))))), self._all_ways()):
            hit, more = way.ask(value, quantity.unit, room)
            total += more
            if hit or total > MOST_LIKELY:
                return hit, total, False
        for way in (self._ways[0], self._ways[1], self._ways[3]):
            hit, more = way.two_steps(self.operands, value, quantity.unit, room)
            total += more
            if hit:
                return True, total, True
        return False, total, False

    def a_step(self, one: Number, quantity: Quantity) -> bool:
        """Whether a number comes out of that one and another."""
        value, both = float(quantity.values[0]), [(one, other) for other in dict.fromkeys((*self.operands, *self.near(quantity))) if other != one]
        room = max(float(quantity.step) / 2, abs(value) * 0.03 if quantity.about else 0.0) * 1.0001
        return Reached(chain(sums(both, means=True), products(both), multiples((one,), _FACTORS))).ask(value, quantity.unit, room)[0]

    def near(self, quantity: Quantity) -> list[Number]:
        """Numbers of the reply beside one, the nearest first."""
        at = bisect_left(self._taken, quantity.start, key=lambda each: each[0])
        beside = [each for each in self._taken[max(0, at - _BESIDE) : at + _BESIDE] if quantity.start - _FAR < each[0] < quantity.end + _FAR and each[0] != quantity.start]
        return list(dict.fromkeys(each[1] for each in sorted(beside, key=lambda each: abs(each[0] - quantity.start))))[:_BESIDE]

    def _next_to(self, numbers: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
        """Each with what stands just before and after it in the context, as a value does beside that of the year before."""
        for number in numbers:
            for at in self._places.get(number.value, ()):
                yield from ((number, self._told[other]) for other in (at - 2, at - 1, at + 1, at + 2) if 0 <= other < len(self._told) and self._told[other].value)

    def neighbours(self, number: Number) -> list[Number]:
        """What stands just before and after it in the context."""
        return [other for _, other in self._next_to((number,))]

    @cached_property
    def _places(self) -> dict[float, list[int]]:
        found: dict[float, list[int]] = {}
        for at, each in enumerate(self._told):
            places = found.setdefault(each.value, [])
            if len(places) < _AT:
                places.append(at)
        return found

    def _all_ways(self) -> Iterator[Reached]:
        """Ways to work out, from the simplest on, but for those from what stands beside a number; each made when it is asked for."""
        made = [self._neighbours, self._products_said, self._sums, self._columns, self._products, self._scaled, self._shares]
        for at, make in enumerate(made):
            if at >= len(self._ways):
                self._ways.append(Reached(make()))
            yield self._ways[at]

    def _neighbours(self) -> Iterator[tuple[float, str]]:
        return sums(chain(combinations(self._said, 2), self._around), means=self._means)

    def _products_said(self) -> Iterator[tuple[float, str]]:
        return chain(products(chain(combinations(self._said, 2), self._around)), multiples(self._said, ()))

    def _sums(self) -> Iterator[tuple[float, str]]:
        return sums(combinations(self.operands, 2), means=self._means)

    def _columns(self) -> Iterator[tuple[float, str]]:
        told = self._told[:_TOLD]
        return chain(columns([each for _, each in self._taken], 1, _LONGEST), columns(told, _STRIDES, _LONGEST), _totals(told))

    def _products(self) -> Iterator[tuple[float, str]]:
        return chain(products(combinations(self.operands, 2)), multiples(self.operands, (0.5, 2.0)))

    def _scaled(self) -> Iterator[tuple[float, str]]:
        """Of another size: for 6 in place of 4, for 45 g in place of 100."""
        return ((each.value * factor, each.unit) for factor in islice(self._ratios(), _SCALES) for each in self.operands)

    def _shares(self) -> Iterator[tuple[float, str]]:
        """Of sums, in sums; and products with so many per cent more or less."""
        rates = [each for each in self.operands if each.unit == "%"][:_RATES]
        yield from products((Number(value, unit), rate) for value, unit in products(combinations(self._said, 2)) for rate in rates)
        made = [Number(value, unit) for value, unit in chain(_totals(self._told[:_TOLD]), sums(combinations(self._said, 2)))][:_SUMS]
        yield from products((one, other) for one in made for other in self.operands if other.unit == one.unit)

    @cached_property
    def factor(self) -> float:
        """What several numbers of the context were all multiplied with, as a recipe for six is, or what 45 g of 100 have; 0 if nothing."""
        known = {(each.value, each.unit) for each in self.operands}
        asked = [each for each in self._reply[:_ASKED] if each.values and each.unit and (float(each.values[0]), each.unit) not in known]
        if len(asked) < _VOTES:
            return 0.0
        own: dict[str, list[float]] = {}
        for each in self.operands:
            own.setdefault(each.unit, []).append(each.value)
        own = {unit: sorted(set(values)) for unit, values in own.items()}
        votes = {factor: self._votes(factor, asked, own) for factor in dict.fromkeys((*_FACTORS, *islice(self._ratios(), _SCALES)))}
        most = max(votes, key=votes.__getitem__)
        return most if votes[most] >= _VOTES else 0.0

    def _votes(self, factor: float, asked: Sequence[Quantity], own: Mapping[str, Sequence[float]]) -> int:
        """How many of those asked are such a multiple of one of the context, to more than a digit."""
        found: set[tuple[str, float]] = set()
        for each in asked:
            value, room = float(each.values[0]), float(each.step) / 2
            for unit, values in own.items():
                same = in_units(unit, each.unit) * factor
                if same and room < value / 8 and has(values, value / same, room / same):
                    found.add((each.unit, value))
        return len(found)

    def _ratios(self) -> Iterator[float]:
        """Of what the reply mentions to other numbers of the same unit."""
        yield from dict.fromkeys(one.value / other.value for one in self._said for other in self.operands if one.unit == other.unit != "%" and one.value == int(one.value) != other.value == int(other.value) > 0)

def _chosen(numbers: Sequence[Number], mentioned: Collection[float]) -> list[Number]:
    """At most MOST of them: those near what the reply mentions, where there are more."""
    distinct = list(dict.fromkeys(each for each in numbers if each.value))
    if len(distinct) <= MOST:
        return distinct
    near: dict[Number, None] = {each: None for each in distinct if each.value in mentioned}
    for reach in range(1, _AROUND + 1):
        for at, each in enumerate(numbers):
            if len(near) >= MOST:
                return list(near)[:MOST]
            if each.value in mentioned:
                near.update((other, None) for place in (at - reach, at + reach) if 0 <= place < len(numbers) and (other := numbers[place]).value)
    return list(near)[:MOST]


def _around(numbers: Sequence[Number], mentioned: Collection[float]) -> list[tuple[Number, Number]]:
    """What the reply mentions with what stands beside it in the context, and neighbours of each other there."""
    found: dict[tuple[Number, Number], None] = {}
    for at, each in enumerate(numbers):
        for other in numbers[at + 1 : at + 1 + _AROUND]:
            if len(found) < _PAIRS and (each.value in mentioned or other.value in mentioned or len(numbers) <= MOST):
                found[each, other] = None
    return list(found)


def _totals(numbers: Sequence[Number]) -> Iterator[tuple[float, str]]:
    """Of all that has the same unit."""
    totals: dict[str, float] = {}
    for each in dict.fromkeys(numbers):
        totals[each.unit] = totals.get(each.unit, 0.0) + each.value
    return ((value, unit) for unit, value in totals.items())


def _factors(folded: str, quantity: Quantity) -> set[float]:
    around = folded[max(0, quantity.start - 80) : quantity.end + 40].lower()
    return {factor for word, factors in _SAID_FACTORS.items() if word in around for factor in factors}
