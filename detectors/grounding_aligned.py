"""Which numbers of a context stand near the words that a number of a reply stands near, and what they come to by what its sentence says.

The nearer the words are and the rarer in the context, the more they tell. Two things are made of it. A number of the same unit near the same words that the reply leaves out is most likely what the reply should
have said. And a number that is worked out is worked out from some of those, or from one of them and one beside it in the reply, in the way that the sentence names (`less`, `together`, `per`): so few others would
come out by chance that it tells more than all sums of all numbers.

Rules of this file: pure; linear in both texts: of a word of the context OFTEN places count, of numbers PLACES; a number is compared with those within REACH words of these.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations, islice
from typing import NamedTuple

from detectors.grounding_cues import DIFFERS, MEAN, MULTIPLIED, SHARED, SMALL, TOGETHER
from detectors.grounding_places import Place, digits_of
from detectors.grounding_reach import ANY, Number, Reached, in_units
from detectors.grounding_values import Quantity

OFTEN, PLACES, REACH = 40, 2000, 9
_AFTER = 12  # words after a number that may be about it
_FADES = 4  # words: so far away, one counts half
_NEAREST = 0.3  # what operands have in common with it, at least
_RUN = 3  # words that may be parts of one number
_OPERANDS, _BESIDE = 5, 4  # of the context, and of the reply
_BEFORE, _BEHIND = 200, 80  # code points of its sentence
_PART = re.compile(r"[a-z]{3,}|\d[\d.,]*\d|\d|[.!?;](?=\s)|\n")
_KEY = re.compile(r"[:=] ?\Z")
_STOP = re.compile(r"[.!?;](?=\s)|\n")
_SMALL = SMALL | frozenset("the and for are but not you all any can had her was one our out has his how its who did yes she him per two may get".split())  # noqa: SIM905
SUM, DIFFERENCE, QUOTIENT, PRODUCT, MIDDLE = "sdqpm"
_WAYS = ((SUM, TOGETHER), (DIFFERENCE, DIFFERS), (QUOTIENT, SHARED), (PRODUCT, MULTIPLIED), (MIDDLE, MEAN))


class Alignment(NamedTuple):
    """What stands near the same words. left: how much the nearest of the same unit that the reply leaves out has in common with it, 0 and more.  shape: it has as many digits.  many: of that unit that are left out.
    beside: numbers near it in the reply that are thought to be right.  told, joined: whether it can be worked out from numbers near the same words, and from those and the ones beside it; and the
    expected number of times that one like it would be."""

    left: float = 0.0
    shape: bool = False
    many: int = 0
    beside: int = 0
    told: tuple[bool, float] = (False, 0.0)
    joined: tuple[bool, float] = (False, 0.0)


UNKNOWN = Alignment()


class _Words:
    """The words and numbers of a text in order, by the sentence that they stand in."""

    def __init__(self, folded: str) -> None:
        starts: list[int] = []
        sentences: list[int] = []
        stems: list[str] = []
        sentence, begins, stands, stems_on = 0, starts.append, sentences.append, stems.append  # looked up once: this is the dearest loop here
        for part in _PART.finditer(folded.lower()):
            written = part[0]
            if written >= "a":
                stem = written[:5]
                if stem in _SMALL:
                    continue
            elif written[0].isdigit():
                stem = "#" + written.replace(",", "").rstrip(".")
            else:
                sentence += 1
                continue
            begins(part.start())
            stands(sentence)
            stems_on(stem)
        self.starts, self.sentences, self.stems = starts, sentences, stems

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The first word from `start` on, and the first from `end` on."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def beside(self, start: int, end: int) -> tuple[str, str]:
        """The words just before and just behind a number, in its sentence; "" for none, or for a number."""
        first, last = self.span(start, end)
        before = self.stems[first - 1] if 0 < first < len(self.stems) and self.sentences[first - 1] == self.sentences[first] else ""
        after = self.stems[last] if first < last < len(self.stems) and self.sentences[last] == self.sentences[first] else ""
        return "" if before.startswith("#") else before, "" if after.startswith("#") else after

    def around(self, start: int, end: int) -> dict[str, float]:
        """The words near a number in its sentence, and how near they are: 1 and less."""
        first, last = self.span(start, end)
        here = self.sentences[first] if first < last else None
        found: dict[str, float] = {}
        for at in (*range(first - 1, max(-1, first - 1 - REACH), -1), *range(last, min(len(self.stems), last + _AFTER))):
            if here is None or self.sentences[at] == here:
                stem = self.stems[at]
                found[stem] = max(found.get(stem, 0.0), _near(first - at if at < first else at - last + 1))
        return found


def _near(words: int) -> float:
    return 1 / (1 + words / _FADES)


class Aligned:
    """The numbers of a context, by the words near them."""

    def __init__(self, told: Mapping[str, Sequence[Place]], said: Collection[str], reply: str) -> None:
        """told: by their digits.  said: the digits of those of the reply."""
        self._reply, self._said, self._told = reply, said, told
        self._near: dict[int, list[tuple[float, str, Place]]] = {}

    @cached_property
    def _words(self) -> _Words:
        return _Words(self._reply)

    @cached_property
    def _context(self) -> _Words:
        return _Words(self._places[0][1].folded)

    @cached_property
    def _places(self) -> list[tuple[str, Place]]:
        stand = ((digits, place) for digits, places in self._told.items() for place in places if place.end)
        return sorted(islice(stand, PLACES), key=lambda each: each[1].start)

    @cached_property
    def _many(self) -> dict[str, int]:
        many: dict[str, int] = {}
        for digits, place in self._places:
            if digits not in self._said:
                many[place.unit] = many.get(place.unit, 0) + 1
        return many

    @cached_property
    def _index(self) -> tuple[dict[str, list[tuple[int, int]]], dict[str, int], list[tuple[int, int, int]]]:
        """Where each word of the reply stands in the context, and its sentence; how often; and of each place its first word, the one behind it, and its sentence."""
        words = self._context
        asked, stand, count = frozenset(self._words.stems), dict[str, list[tuple[int, int]]](), dict[str, int]()
        for at, stem in [(at, stem) for at, stem in enumerate(words.stems) if stem in asked]:
            count[stem] = count.get(stem, 0) + 1
            if count[stem] <= OFTEN:
                stand.setdefault(stem, []).append((at, words.sentences[at]))
        spans = [(*words.span(place.start, place.end),) for _, place in self._places]
        return stand, count, [(first, last, words.sentences[min(first, len(words.sentences) - 1)] if words.sentences else 0) for first, last in spans]

    def _by_nearness(self, quantity: Quantity) -> list[tuple[float, str, Place]]:
        """What its words have in common with those of each number of the context that has any of them, most first."""
        if quantity.start not in self._near:
            common: dict[int, dict[str, float]] = {}
            stand, count, spans = self._index if self._places else ({}, {}, [])
            firsts = [first for first, _, _ in spans]
            for stem, near in self._words.around(quantity.start, quantity.end).items():
                for at, sentence in stand.get(stem, ()):
                    for number in range(bisect_left(firsts, at - _AFTER - 1), bisect_right(firsts, at + REACH)):
                        first, last, own = spans[number]
                        if own == sentence and not first <= at < last:
                            words = first - at if at < first else at - last + 1
                            if words <= (REACH if at < first else _AFTER):
                                shared = common.setdefault(number, {})
                                shared[stem] = max(shared.get(stem, 0.0), min(near, _near(words)))
            found = [(sum(near / (1 + math.log(count[stem])) for stem, near in shared.items()), *self._places[number]) for number, shared in common.items()]
            self._near[quantity.start] = sorted(found, key=lambda each: -each[0])
        return self._near[quantity.start]

    def replaced(self, quantity: Quantity) -> Number | None:
        """A number of the context that the reply leaves out and that has the same word just before it, or just behind: `answers in 9 languages` for `answers in twelve languages`."""
        before, after = self._words.beside(quantity.start, quantity.end)
        for _, digits, place in self._by_nearness(quantity) if before or after else ():
            if digits not in self._said and (place.unit == quantity.unit or not (place.unit and quantity.unit)):
                one, other = self._context.beside(place.start, place.end)
                if (before and one == before) or (after and other == after):
                    return Number(float(digits), place.unit)
        return None

    def instead_of(self, quantity: Quantity) -> tuple[float, bool]:
        """The number of the context whose words are nearest, if the reply leaves it out, it has the same unit and the same word just before or behind it (behind it, of one without a unit), and whether both are the
        same; (0, False) if there is none, or if what the number itself stands for in the context is nearer."""
        before, after = self._words.beside(quantity.start, quantity.end)
        own, nearest = digits_of(quantity.values[0]), 0.0
        for common, digits, place in self._by_nearness(quantity) if before or after else ():
            if common < nearest or digits == own:
                break
            if digits in self._said or place.unit != quantity.unit:
                continue
            nearest = common
            one, other = self._context.beside(place.start, place.end)
            keyed = after != "" and one == after and _KEY.search(place.folded, max(0, place.start - 4), place.start) is not None  # `replicas: 3`
            leads, follows = before != "" and one == before, keyed or (after != "" and other == after)
            if follows or (leads and place.unit):
                return float(digits), keyed or (leads and follows)
        return 0.0, False

    def framed(self, quantity: Quantity) -> bool:
        """Whether the words just before it and just behind it stand just before and behind a number of the context, and it itself stands in no sentence or row there with the first of them."""
        before, after = self._words.beside(quantity.start, quantity.end)
        if not (before and after and self._places):
            return False
        stand, stems, own = self._index[0].get(before, ()), self._context.stems, digits_of(quantity.values[0])
        if self._index[1].get(before, 0) > OFTEN or len(self._places) == PLACES:
            return False  # it may stand where nobody has looked
        if not any(after in stems[at + 2 : at + 2 + _RUN] for at, _ in stand):
            return False
        rows = {sentence for _, sentence in stand}
        return all(sentence not in rows for (digits, _), (_, _, sentence) in zip(self._places, self._index[2], strict=True) if digits == own)

    def near(self, quantity: Quantity) -> list[Number]:
        """The numbers of the context whose words are nearest."""
        return [Number(float(digits), place.unit) for _, digits, place in self._by_nearness(quantity)[:_OPERANDS]]

    def of(self, quantity: Quantity, beside: Sequence[Number]) -> Alignment:
        """beside: numbers of the reply near it, the nearest first."""
        near = self._by_nearness(quantity)
        left, digits = next(((common, written) for common, written, place in near if place.unit == quantity.unit and written not in self._said), (0.0, ""))
        ways = self._named(quantity)
        places = [(float(written), place) for common, written, place in near if common > _NEAREST and float(written)]
        operands = list(dict.fromkeys(Number(value, place.unit) for value, place in places))[:_OPERANDS]
        joined = ((one, other) for one in beside[:_BESIDE] for other in operands if one != other and one.value)
        return Alignment(
            left, len(digits) == len(digits_of(quantity.values[0])), self._many.get(quantity.unit, 0), len(beside),
            _asked(quantity, chain(_worked_out(combinations(operands, 2), ways, quantity), self._of_all(quantity, places[:_OPERANDS], ways))),
            _asked(quantity, _worked_out(joined, ways, quantity)),
        )  # fmt: skip

    @cached_property
    def _alike(self) -> dict[tuple[str, str], list[str]]:
        """The digits of what is counted or measured alike, by the unit and the word that follows."""
        alike: dict[tuple[str, str], list[str]] = {}
        for digits, place in self._places:
            alike.setdefault((place.unit, place.follows), []).append(digits)
        return alike

    def _totals(self, place: Place) -> Iterator[tuple[float, int]]:
        """Of all that are like one, and how many; said twice, they may count once."""
        alike = self._alike.get((place.unit, place.follows), ()) if place.unit or place.follows else ()
        for of in (alike, dict.fromkeys(alike)) if len(alike) > 2 else ():
            yield sum(map(float, of)), len(of)

    def _of_all(self, quantity: Quantity, places: Iterable[tuple[float, Place]], ways: frozenset[str]) -> Iterator[tuple[float, str]]:
        """What all that are like it come to; per cent, the part that one is of all that are like that."""
        if quantity.kind == "percent":
            yield from ((value * 100 / total, "%") for value, place in places for total, _ in self._totals(place))
            return
        for total, count in self._totals(Place(self._reply, quantity.start, quantity.end, quantity.unit)) if ways & {SUM, MIDDLE} else ():
            yield from ((total, quantity.unit), (total / count, quantity.unit))

    def _named(self, quantity: Quantity) -> frozenset[str]:
        """The ways to work out that its sentence names."""
        start, end = max(0, quantity.start - _BEFORE), quantity.end + _BEHIND
        for stop in _STOP.finditer(self._reply, start, quantity.start):
            start = stop.end()
        stop_after = _STOP.search(self._reply, quantity.end, end)
        sentence = f"{self._reply[start : quantity.start]} {self._reply[quantity.end : stop_after.start() if stop_after else end]}"
        return frozenset(way for way, named in _WAYS if named.search(sentence))


def _asked(quantity: Quantity, made: Iterable[tuple[float, str]]) -> tuple[bool, float]:
    value = float(quantity.values[0])
    room = max(float(quantity.step) / 2, abs(value) * 0.03 if quantity.about else 0.0) * 1.0001
    return Reached(made).ask(value, quantity.unit, room)


def _worked_out(pairs: Iterable[tuple[Number, Number]], ways: frozenset[str], quantity: Quantity) -> Iterator[tuple[float, str]]:
    return (each for one, other in pairs for each in (_shares(one, other, ways) if quantity.kind == "percent" else _made(one, other, ways)))


def _shares(one: Number, other: Number, ways: frozenset[str]) -> Iterator[tuple[float, str]]:
    """Per cent: of two alike the part that one is of the other, and what it changes to it; of two percentages what is between them, or both."""
    if one.unit != other.unit:
        return
    if one.unit == "%":
        if DIFFERENCE in ways:
            yield abs(one.value - other.value), "%"
        if SUM in ways:
            yield one.value + other.value, "%"
        return
    less, more = sorted((one.value, other.value))
    if DIFFERENCE in ways:
        yield from (((more - less) * 100 / less, "%"), ((more - less) * 100 / more, "%"), (more * 100 / less, "%"))
    yield less * 100 / more, "%"


def _made(one: Number, other: Number, ways: frozenset[str]) -> Iterator[tuple[float, str]]:
    factor = 1.0 if one.unit == other.unit or not one.unit or not other.unit else in_units(other.unit, one.unit)
    unit, second = one.unit or other.unit, other.value * factor
    if factor:
        yield from ((value, unit) for way, value in ((SUM, one.value + second), (DIFFERENCE, abs(one.value - second)), (MIDDLE, (one.value + second) / 2)) if way in ways)
    if PRODUCT in ways:
        rate, whole = (one, other) if one.unit == "%" else (other, one)
        if rate.unit == "%" != whole.unit:
            part = whole.value * rate.value / 100
            yield part, whole.unit
            if DIFFERENCE in ways:
                yield whole.value - part, whole.unit
            if SUM in ways or DIFFERENCE in ways:
                yield whole.value + part, whole.unit
        elif not one.unit or one.unit != other.unit:
            yield one.value * other.value, ANY if one.unit and other.unit else unit
    if QUOTIENT in ways:
        yield one.value / other.value, one.unit if one.unit != other.unit else ""
        yield other.value / one.value, other.unit if one.unit != other.unit else ""
