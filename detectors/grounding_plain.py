"""Results that a reader would take for right at once, because hardly another number would have come out the same way.

  - the total of all that the context counts or measures so: `28 mm` of `6 mm` and `22 mm`;
  - what is left of a percentage of the context, said of the rest, the others, elsewhere;
  - a rate of the context times a count of what it is the rate of: `36` for three nights at `12 per night`, `9 g` of `3 g three times daily`;
  - a year that the reply says, and so many years of the context later or earlier;
  - the same step from three numbers of the context, as of weights that are all raised by 2.5 kg, or the same multiple of three;
  - minutes and hours between two times, where the unit is said once for two of them: `it took 17 minutes, another 38 to`.

Rules of this file: pure; cost is bounded: of the context PLACES numbers are looked at, of a reply ASKED have a step in common with others, and what is not asked for is not made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice

from detectors.grounding_places import Place
from detectors.grounding_units import UNITS
from detectors.grounding_values import Quantity

PLACES, ASKED = 400, 40
_TERMS = 8  # of a total
_VOTES = 3  # numbers that have a step or a multiple in common
_RATES = 40
_PER = re.compile(r"(?: [a-z]+){0,2}?(?: (?:per|a|an|each|every)|,? ?/) ?(?:[a-z]+ (?:and|or) )?([a-z]+)|(?: i\.v\.| [a-z]{2,9}){0,1} (once|twice|three|four|five|six|[2-6]) times (?:daily|a day)")
_TIMES = {"once": 1.0, "twice": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0}
_STEM = 5
_CARRIED = re.compile(r"\b(?:another|and|then|plus|further) \Z")
_REST = re.compile(r"\b(?:rest|remain\w*|others?|elsewhere|the opposite|did not|didn't)\b", re.IGNORECASE)
_NO_NOUN = re.compile(r"(?: (?:more|further|until|till|before|after|later|to|for|from|when|and|or)\b|[.,;:)]|\Z)")


class Plain:
    """The numbers of a context, each place once, and the quantities of a reply."""

    def __init__(self, told: Mapping[str, Sequence[Place]], reply: Sequence[Quantity], folded: str) -> None:
        """told: by their digits."""
        self._told, self._reply, self._folded = told, reply, folded

    @cached_property
    def _places(self) -> list[tuple[float, Place]]:
        """What is read in two ways counts as the first."""
        stand: dict[int, tuple[float, Place]] = {}
        for digits, places in self._told.items():
            for place in places:
                if place.end:
                    stand.setdefault(place.start, (float(digits), place))
        return list(islice(stand.values(), PLACES))

    def has(self, quantity: Quantity) -> bool:
        """Whether it is one of them. Of a number or a percentage."""
        value, room = float(quantity.values[0]), float(quantity.step) / 2 * (quantity.step < 1 or quantity.about != "") + 1e-9
        if quantity.kind == "percent":
            return _REST.search(self._folded, max(0, quantity.start - 50), quantity.end + 40) is not None and any(place.unit == "%" and abs(100 - each - value) <= room for each, place in self._places)
        return self._total(quantity, value, room) or self._rated(quantity, value, room) or self._years_on(quantity, value) or self._stepped(quantity, value)

    @cached_property
    def _totals(self) -> set[tuple[str, str, float]]:
        """Unit, the word that follows where there is none, and what all come to."""
        groups: dict[tuple[str, str], list[float]] = {}
        for value, place in self._places:
            if place.unit not in ("", "%", "year") or (not place.unit and place.follows):
                groups.setdefault((place.unit, "" if place.unit else place.follows[:_STEM]), []).append(value)
        return {(*key, round(sum(values), 6)) for key, values in groups.items() if 2 <= len(values) <= _TERMS}

    def _total(self, quantity: Quantity, value: float, room: float) -> bool:
        follows = "" if quantity.unit else Place(self._folded, quantity.start, quantity.end, "").follows[:_STEM]
        return bool(quantity.unit or follows) and (quantity.unit, follows, round(value, 6)) in self._totals

    @cached_property
    def _counts(self) -> dict[str, set[float]]:
        """How many of each thing there are, by its unit or the beginning of its name."""
        counts: dict[str, set[float]] = {}
        for value, place in self._places:
            if key := place.unit or place.follows[:_STEM]:
                counts.setdefault(key, set()).add(value)
        for each in self._reply[:PLACES]:
            if each.values and (key := each.unit or Place(self._folded, each.start, each.end, "").follows[:_STEM]):
                counts.setdefault(key, set()).add(float(each.values[0]))
        return counts

    @cached_property
    def _products(self) -> dict[str, list[float]]:
        """Rates times counts, by their unit."""
        made: dict[str, list[float]] = {}
        rates = ((value, place, match) for value, place in self._places if place.unit not in ("", "%") and (match := _PER.match(place.folded, place.end)))
        for value, place, match in islice(rates, _RATES):
            counts = {_TIMES.get(match[2]) or float(match[2])} if match[2] else self._counts.get(UNITS.get(match[1], match[1][:_STEM]), set())
            made.setdefault(place.unit, []).extend(value * count for count in islice(counts, _TERMS) if count > 1)
        return made

    def _rated(self, quantity: Quantity, value: float, room: float) -> bool:
        return any(abs(each - value) <= room for each in self._products.get(quantity.unit, ()))

    def _years_on(self, quantity: Quantity, value: float) -> bool:
        if quantity.unit or not 1000 <= value <= 2200 or quantity.end - quantity.start != 4:
            return False
        lasts = {each for each, place in self._places if place.unit == "year"}
        said = {float(each.values[0]) for each in self._reply if each.values and each is not quantity and not each.unit and abs(each.start - quantity.start) < 40}
        return any(abs(value - each) in lasts for each in said if 1000 <= each <= 2200)

    @cached_property
    def _steps(self) -> dict[str, tuple[float, float]]:
        """By unit, what most numbers of the reply are more than one of the context, which is one of it itself, and what most are a multiple of; 0 for none."""
        own: dict[str, set[float]] = {}
        for value, place in self._places[:ASKED]:
            if place.unit not in ("", "%"):
                own.setdefault(place.unit, set()).add(value)
        asked: dict[str, set[float]] = {}
        for each in self._reply[:ASKED]:
            if each.values and each.unit in own and float(each.values[0]) not in own[each.unit]:
                asked.setdefault(each.unit, set()).add(float(each.values[0]))
        return {unit: _in_common(values, own[unit]) for unit, values in asked.items() if len(values) >= _VOTES and len(own[unit]) >= _VOTES}

    def _stepped(self, quantity: Quantity, value: float) -> bool:
        more, times = self._steps.get(quantity.unit, (0.0, 0.0))
        if not (more or times):
            return False
        values = [each for each, place in self._places if place.unit == quantity.unit]
        return any((more and abs(each + more - value) < 1e-6) or (times and abs(each * times - value) < 1e-6 * value) for each in values)

    def carried(self, quantity: Quantity, before: Quantity | None) -> str:
        """The unit of the one before it, if it is said for both; "" otherwise."""
        if before is None or quantity.unit or quantity.start - before.end > 60 or before.unit not in ("minute", "hour", "second", "day") or _CARRIED.search(self._folded, max(0, quantity.start - 12), quantity.start) is None:
            return ""
        return before.unit if _NO_NOUN.match(self._folded, quantity.end) and "." not in self._folded[before.end : quantity.start] else ""


def _in_common(asked: set[float], own: set[float]) -> tuple[float, float]:
    """What _VOTES of them, at least, are more than one of the context each, if the context has that number itself; and what as many are a multiple of."""
    steps = Counter(step for one in asked for step in {round(one - other, 6) for other in own} if step in own)
    multiples = Counter(ratio for one in asked for ratio in {float(f"{one / other:.6g}") for other in own if other})
    (more, votes), (times, others) = (max(each.items(), key=lambda item: item[1], default=(0.0, 0)) for each in (steps, multiples))
    return more if votes >= _VOTES else 0.0, times if others >= _VOTES else 0.0

