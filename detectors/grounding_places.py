"""Where numbers stand, and which number of a context one of a reply may be told wrongly for.

A number that looks like one which the context has and the reply leaves out (a digit is another, two are swapped) is most often that one told wrongly. So is, less surely,
one that stands where the other would: near the same words, with the same unit. Two digits look like so many others that the words or the unit must be the same, too.

What it cannot see: a number put for another one that it does not look like, in a sentence of other words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from detectors.grounding_cues import NEXT, SMALL, TELLING
from detectors.grounding_values import Quantity

_CUT, _ROUNDED, _SCALED = "cut", "rounded", "scaled"  # how numbers are compared
UNUSED, NEAREST = 500, 20  # numbers of the context that the reply leaves out; of those, in whose place one may stand, on either side of its value
_WORDS, _LIKE = 60, 5.0  # code points around one; so many times smaller or larger it may be
IN_PLACE, LIKE = 1, 2  # how a number may be a wrong one


class Place:
    """Where a number stands in a text."""

    def __init__(self, folded: str, start: int, end: int, unit: str) -> None:
        self.folded, self.start, self.end, self.unit = folded, start, end, unit

    @cached_property
    def follows(self) -> str:
        """The beginning of the next word, if it is no small one."""
        match = NEXT.match(self.folded, self.end)
        return match[1].lower() if match else ""

    def alike(self, other: Place) -> int:
        """How many of the words around are the same; one that follows counts for two more."""
        return len(self.words & other.words) + 2 * (self.follows != "" and other.follows == self.follows)

    @cached_property
    def words(self) -> set[str]:
        """The beginnings of the words around it, small ones left out, in its line."""
        line = self.folded.rfind("\n", max(0, self.start - _WORDS), self.start) + 1 or max(0, self.start - _WORDS)
        stop = self.folded.find("\n", self.end, self.end + _WORDS // 2)
        around = self.folded[line : self.start] + " " + self.folded[self.end : stop if stop >= 0 else self.end + _WORDS // 2]
        return {word[:5] for word in TELLING.findall(around.lower())} - SMALL


class _Unused(Place):
    """A number that a reply leaves out, and what is asked of it again and again."""

    def __init__(self, written: str, place: Place) -> None:
        super().__init__(place.folded, place.start, place.end, place.unit)
        self.written, self.value, self.sorted = written, float(written), sorted(written)


class Likeness(NamedTuple):
    """How a number may be one of the context told wrongly. how: LIKE, IN_PLACE or 0.  chance: the expected number of those left out that one of its shape, drawn at random, would look like.
    words: around it that stand around that one, too.  swapped: it has the same digits; IN_PLACE: as many.  unit: it has the same unit."""

    how: int = 0
    chance: float = 0.0
    words: int = 0
    swapped: bool = False
    unit: bool = False


NOTHING = Likeness()


class LeftOut:
    """The numbers of a context that a reply leaves out."""

    def __init__(self, told: Mapping[str, Sequence[Place]], said: Iterable[str], *, keyed: bool) -> None:
        """told: by their digits.  said: the digits of those of the reply.  keyed: the context is a record, where numbers have no units."""
        known = frozenset(said)
        self._unused = [_Unused(digits, place) for digits, places in islice(((digits, places) for digits, places in told.items() if digits not in known), UNUSED) for place in places]
        self._ordered = sorted(self._unused, key=lambda each: each.value)
        self._keyed = keyed
        self._looks: dict[int, Likeness] = {}
        self._places: dict[int, Likeness] = {}
        self._marked: dict[tuple[str, int], dict[str, list[_Unused]]] = {}
        self._shapes: dict[tuple[str, int], Counter[tuple[str, str]]] = {}

    def looks(self, quantity: Quantity, folded: str) -> Likeness:
        """Whether a number of the reply looks like one of them."""
        if quantity.start not in self._looks:
            found = self._as_written(quantity, folded)
            self._looks[quantity.start] = found if quantity.times == 1 else max((found, *self._at_a_scale(quantity, folded)), key=_evidence)
        return self._looks[quantity.start]

    def wrong(self, quantity: Quantity, folded: str) -> Likeness:
        """Whether it looks like one of them, or stands where one would."""
        looks = self.looks(quantity, folded)
        if looks.how == LIKE:
            return looks
        if quantity.start not in self._places:
            self._places[quantity.start] = self._in_place(quantity, folded, looks.how == IN_PLACE)
        return self._places[quantity.start]

    def _as_written(self, quantity: Quantity, folded: str) -> Likeness:
        """IN_PLACE: of so few digits that the words would have to be the same, too."""
        unit, digits = quantity.unit, digits_of(quantity.values[0])
        stem, places = digits.rstrip("0"), len(digits.partition(".")[2])
        zeros = len(digits) - len(stem) if "." not in digits else 0
        near, best = self._near(digits, (_CUT, places)), NOTHING
        if not near and not zeros:
            return best
        here, telling, ordered = Place(folded, quantity.start, quantity.end, quantity.unit), len(digits.replace(".", "").strip("0")), sorted(digits)
        for each in near:
            if zeros and "." not in each.written and _rounded(each.written, zeros) == digits:
                continue  # said less exactly
            same_unit, swapped = each.unit == unit, ordered == each.sorted
            if not (same_unit or (_fits(each.unit, unit) and (telling > 2 or self._keyed or swapped))) or not looks_like(digits, _cut(each.written, places), about=quantity.about != "" and not zeros):
                continue
            words = here.alike(each)
            sure = telling > (2 if same_unit else 3) or swapped or (each.unit and same_unit) or words
            best = max(best, Likeness(LIKE if sure else IN_PLACE, self._expected(digits, (_CUT, places), unit), words, swapped, unit != "" and same_unit), key=_evidence)
        for each in self._near(stem, (_ROUNDED, zeros)) if zeros and len(stem) > 1 else ():
            if each.unit == unit and not 1900 <= each.value <= 2100 and each.written not in digits and looks_like(stem, _stem(each.written, zeros)):
                best = max(best, Likeness(LIKE, self._expected(stem, (_ROUNDED, zeros), unit), here.alike(each), False, unit != ""), key=_evidence)
        return best

    def _at_a_scale(self, quantity: Quantity, folded: str) -> Iterator[Likeness]:
        """`51.78 million` for 57,180 thousand."""
        here, digits = Place(folded, quantity.start, quantity.end, quantity.unit), _telling(digits_of(quantity.values[0] / quantity.times))
        for each in self._near(digits, (_SCALED, 0)) if len(digits) > 2 else ():
            if not each.unit and looks_like(digits, _telling(each.written)):
                yield Likeness(LIKE, self._expected(digits, (_SCALED, 0), ""), here.alike(each), sorted(digits) == sorted(_telling(each.written)), False)

    def _in_place(self, quantity: Quantity, folded: str, looks: bool) -> Likeness:
        """looks: it looks like one of them, but of few digits."""
        here, unit, value, shape = Place(folded, quantity.start, quantity.end, quantity.unit), quantity.unit, float(quantity.values[0]), _shape(digits_of(quantity.values[0]))
        best = Likeness(IN_PLACE if looks else 0)
        for each in self._of_size(value):
            same_unit = each.unit == unit
            if (same_unit or _fits(each.unit, unit)) and value / _LIKE < each.value < value * _LIKE:
                words = here.alike(each)
                stands = looks or words > 1 or (same_unit and unit and words)
                best = max(best, Likeness(IN_PLACE if stands else 0, 0.0, words, _shape(each.written) == shape, unit != "" and same_unit), key=_evidence)
        return best

    def _of_size(self, value: float) -> list[_Unused]:
        """Those nearest in value, not more than NEAREST on either side."""
        at = bisect_left(self._ordered, value, key=lambda each: each.value)
        return self._ordered[max(0, at - NEAREST) : at + NEAREST]

    def _near(self, digits: str, way: tuple[str, int]) -> list[_Unused]:
        """All that may look like it when they are cut to so many decimals, or rounded to so many zeros, or are at another scale."""
        if way not in self._marked:
            marked, shapes = self._marked.setdefault(way, {}), self._shapes.setdefault(way, Counter())
            for each in self._unused:
                if way[0] != _ROUNDED or "." not in each.written:
                    own = _cut(each.written, way[1]) if way[0] == _CUT else _stem(each.written, way[1]) if way[0] == _ROUNDED else _telling(each.written)
                    shapes[_shape(own), each.unit] += 1
                    for mark in _marks(own):
                        marked.setdefault(mark, []).append(each)
        return list(chain.from_iterable(self._marked[way].get(mark, ()) for mark in _marks(digits)))

    def _expected(self, digits: str, way: tuple[str, int], unit: str) -> float:
        """How many of them a number of that shape looks like by chance."""
        count = len(digits.replace(".", ""))
        many = sum(number for (shape, own), number in self._shapes[way].items() if shape == _shape(digits) and (own == unit or _fits(own, unit)))
        return many * (9 * count + count * (count - 1) / 2) / (9 * 10.0 ** (count - 1))


def _evidence(likeness: Likeness) -> tuple[int, int, bool]:
    return likeness.how, likeness.words + likeness.unit, likeness.swapped


def _fits(unit: str, other: str) -> bool:
    """Whether a number of the one unit may be told with the other: one has none."""
    return not (unit and other) and "%" not in (unit, other)


def _shape(digits: str) -> str:
    return f"{len(digits)} {digits.find('.')}"


def _telling(written: str) -> str:
    """Its digits without point and zeros at either end."""
    return written.replace(".", "").strip("0")


def digits_of(value: Decimal) -> str:
    """As it is written without multiplier, unit and zeros behind the point."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _cut(written: str, places: int) -> str:
    """With no more than so many decimals."""
    whole, _, fraction = written.partition(".")
    return f"{whole}.{fraction[:places]}" if fraction and 0 < places < len(fraction) else written


def _stem(written: str, zeros: int) -> str:
    """Rounded to so many zeros, and without them."""
    return _rounded(written, zeros).removesuffix("0" * zeros)


def _marks(digits: str) -> set[str]:
    """Two numbers that look alike have one in common: the digits in order of size, or as they stand but for one, of long ones for two."""
    holes = {digits[:at] + "?" + digits[at + 1 :] for at in range(len(digits))}
    if len(digits) > 4:
        holes |= {f"{digits[:one]}?{digits[one + 1 : two]}?{digits[two + 1 :]}" for two in range(2, len(digits)) for one in range(1, two)}
    return {"".join(sorted(digits))} | holes


def _rounded(written: str, zeros: int) -> str:
    """To so many zeros."""
    return str(round(int(written), -zeros))


def looks_like(one: str, other: str, *, about: bool = False) -> bool:
    """Whether a digit is another, or some are swapped; of long ones, two digits. about: then others may be near by right."""
    if len(one) != len(other) or len(one) < 2 or one.find(".") != other.find(".") or one == other:
        return False
    places = sum(first != second for first, second in zip(one, other, strict=True))
    if places == 1 or (places == 2 and sorted(one) == sorted(other)):
        return True
    return len(one) > 3 and one[0] == other[0] and (sorted(one) == sorted(other) or (places == 2 and len(one) > 4 and not about))
