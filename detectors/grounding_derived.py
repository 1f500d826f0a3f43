"""Quantities of a reply that may follow from its context: by a step or two of arithmetic, by the calendar, by the clock.

Asked only of what stands nowhere in the context. A yes makes a finding doubtful (score DOUBTFUL, below what a rule takes by default), not a no. The
fewer digits a number has, the more pairs of others come to it by chance: so two digits need a sum, difference or share of like things, and a number
that looks like one of the context which the reply leaves out (a digit changed, two swapped) is taken for that one told wrongly, whatever else it may be.

Rules of this file: pure; cost is bounded: at most MOST operands are combined, those near what the reply mentions first.
"""

from __future__ import annotations

import calendar
import datetime
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain, combinations, islice

from detectors.grounding_calendar import GERMAN_DAYS, WEEKDAYS, months_apart, ordinal, weekday_before
from detectors.grounding_cues import (
    AFTER,
    AFTERWARDS,
    AGAIN,
    ARTICLE,
    CENTURY,
    CODE,
    CUE,
    FACTOR,
    FRACTION,
    MAKES,
    MEAN,
    NEXT,
    OPENED,
    SECONDS,
    SMALL,
    STANDARD,
    STOP,
    STRONG,
    SUPPOSED,
    TELLING,
    ZONE,
)
from detectors.grounding_reach import Number, Reached, columns, has, multiples, pairs, products, sums
from detectors.grounding_units import MEASURES
from detectors.grounding_values import Date, Quantity

DOUBTFUL = 0.35
MOST, UNUSED = 32, 500  # operands; numbers of the context that the reply leaves out
DATES = 40
_PLACES, _WORDS, _LIKE = 3, 60, 5.0  # of one number; code points around one; so many times smaller or larger it may be
_AROUND = 5  # operands on either side of one that the reply mentions
_STRIDES, _LONGEST = 8, 12  # of columns that are summed
_SAID, _BESIDE, _PAIRS, _SCALES, _SUMS = 16, 6, 160, 60, 60  # numbers that the reply mentions, and those beside one of it; neighbours of the context
_FAR = 160  # code points: what stands beside
# How likely by chance a way to work a number out may be: by whether it looks like one of the context that is left out, or stands in the place of one; and by how plainly the reply says that it was worked out
UNREACHED = 1e9
LIMITS = ((2.0, 3.0, 5.0, 5.0), (0.8, 0.8, 2.0, 1.2), (0.01, 0.015, 0.05, 0.12))
_ASKED, _VOTES, _RATES = 60, 3, 4
_FACTORS = frozenset((0.25, 0.333, 0.5, 0.75, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0))
_SAID_FACTORS = {"half": (0.5, 1.5), "third": (1 / 3, 2 / 3), "quarter": (0.25, 0.75), "fifth": (0.2, 0.8), "double": (2.0,), "twice": (2.0,), "triple": (3.0,), "halb": (0.5,), "doppelt": (2.0,), "moiti": (0.5,), "mitad": (0.5,)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands in a text."""

    folded: str
    start: int
    end: int
    unit: str

    def follows(self) -> str:
        """The beginning of the next word, if it is no small one."""
        match = NEXT.match(self.folded, self.end)
        return match[1].lower() if match else ""

    def words(self) -> set[str]:
        """The beginnings of the words around it, small ones left out, in its line."""
        line = self.folded.rfind("\n", max(0, self.start - _WORDS), self.start) + 1 or max(0, self.start - _WORDS)
        stop = self.folded.find("\n", self.end, self.end + _WORDS // 2)
        around = self.folded[line : self.start] + " " + self.folded[self.end : stop if stop >= 0 else self.end + _WORDS // 2]
        return {word[:5] for word in TELLING.findall(around.lower())} - SMALL


@dataclass(slots=True)
class Told:
    """What a context says, in its order. numbers: value and unit.  dates, minutes: as in Quantity.  words: in lower case."""

    numbers: list[Number] = field(default_factory=list)
    written: dict[str, list[Place]] = field(default_factory=dict)  # where each number stands, by its digits
    dates: list[Date] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    words: Collection[str] = ()
    anchors: list[tuple[Date, int]] = field(default_factory=list)  # a day and its day of the week
    keyed: bool = False  # a record: its numbers have no units
    anchored: set[tuple[int, int]] = field(default_factory=set)

    def add(self, quantity: Quantity, folded: str) -> None:
        if quantity.dates and len(self.anchors) < DATES and (day := weekday_before(folded, quantity)) is not None and quantity.dates[0][2]:
            self.anchors.append((quantity.dates[0], day))
            self.anchored.add(quantity.dates[0][1:])
        self.dates += quantity.dates
        self.minutes += quantity.minutes
        if quantity.kind == "time" and quantity.written:
            seconds = 0.0
            for part in re.findall(r"\d+(?:\.\d+)?", quantity.written):
                seconds = seconds * 60 + float(part)
            self.numbers.append(Number(seconds, "second"))
        for value in quantity.values[:2]:
            places = self.written.setdefault(_digits(value), [])
            if len(places) < _PLACES:
                places.append(Place(folded, quantity.start, quantity.end, quantity.unit))
        for value in quantity.values[:1]:
            self.numbers.append(Number(float(value), quantity.unit))
            if quantity.times > 1:  # `22.7 million (17.3)`
                self.numbers.append(Number(float(value / quantity.times), quantity.unit))
        for year, _, day in quantity.dates:
            if year:
                self.written.setdefault(str(year), [Place("", 0, 0, "")])
            self.numbers += [Number(float(each), "") for each in (year, day) if each]


def _digits(value: Decimal) -> str:
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


class Derived:
    """The operands: what the context says, and what the reply takes from it or supposes."""

    def __init__(self, told: Told, reply: Sequence[Quantity], folded: str) -> None:
        self._told, self._folded = told, folded
        mentioned = {float(value) for each in reply for value in each.values}
        said = {_digits(value) for each in reply for value in each.values} | {str(date[0]) for each in reply for date in each.dates}
        self._unused = [(digits, place) for digits, places in islice(((digits, places) for digits, places in told.written.items() if digits not in said), UNUSED) for place in places]
        self._hours = {each.value for each in told.numbers if each.unit in ("", "hour", "minute", "m") and each.value < 25}
        self._year = next((date[0] for date in told.dates if date[0]), 0)
        self._all = set(told.numbers)
        self._operands = _chosen(told.numbers, mentioned)
        if told.keyed and not {"cent", "cents", "amount"}.isdisjoint(told.words):
            self._operands += [Number(each.value / 100, "") for each in self._operands if not each.unit and each.value > 99]
        self._said = [each for each in self._operands if each.value in mentioned][:_SAID]
        self._mentioned, self._reply = mentioned, reply
        self._dates = list(dict.fromkeys(told.dates))[:DATES]
        self._minutes = list(dict.fromkeys(told.minutes))[:DATES]
        self._anchors = [*((date, day) for date, day in told.anchors), *((date, day) for each in reply for date in each.dates[:1] if date[2] and (day := weekday_before(folded, each)) is not None and date[1:] in {known[1:] for known in told.dates})]
        self._times = {minute for each in reply for minute in each.minutes}
        self._said_days = {date[1:] for each in reply for date in each.dates}
        self._taken: list[tuple[int, Number]] = []  # where in the reply, and what
        self._ways: list[Reached] = []
        self._means = MEAN.search(folded) is not None

    @cached_property
    def _named(self) -> set[int]:
        """The days of the week that the context speaks of."""
        return {at for at in range(7) if any(each.startswith(WEEKDAYS[at]) and len(each) <= 9 for each in self._told.words) or GERMAN_DAYS[at] in self._told.words}

    @cached_property
    def _around(self) -> list[tuple[Number, Number]]:
        return _around(self._told.numbers, self._mentioned)

    @cached_property
    def _factor(self) -> float:
        return self._shared_factor(self._reply)

    def take(self, quantities: Iterable[Quantity]) -> None:
        """More operands: quantities of the reply that are thought to be right."""
        for each in quantities:
            self._dates += [date for date in each.dates if len(self._dates) < 2 * DATES and date not in self._dates]
            self._minutes += [minute for minute in each.minutes if len(self._minutes) < 2 * DATES and minute not in self._minutes]
            for value in each.values[:1]:
                operand = Number(float(value), each.unit)
                if len(self._taken) < 100:
                    self._taken.append((each.start, operand))
                    self._ways = []
                if value and operand not in self._operands and len(self._operands) < MOST + 12:
                    self._operands.append(operand)
                if value and operand not in self._said and len(self._said) < _SAID + 12:
                    self._said.append(operand)
        self._taken.sort(key=lambda each: each[0])

    def follows(self, quantity: Quantity) -> bool:
        """Whether it may be right all the same."""
        if quantity.kind == "date":
            if not any(day for _, _, day in quantity.dates) and not any(year for year, _, _ in quantity.dates):
                return True  # a month alone
            if any(self._date_wrong(each, quantity) for each in quantity.dates):
                return False
            if self._supposed(quantity):
                return True
            return (all if quantity.both else any)(self._date(each, quantity) for each in quantity.dates)
        if quantity.kind == "time":
            return all(self._time(each, quantity) for each in quantity.minutes) if quantity.both else any(self._time(each, quantity) for each in quantity.minutes)
        if quantity.kind == "id":
            return sum(map(str.isdigit, quantity.written)) < 2 and CODE.fullmatch(self._folded, quantity.start, quantity.end) is None
        return self._number(float(quantity.values[0]), quantity)

    def _number(self, value: float, quantity: Quantity) -> bool:
        small = (abs(value / float(quantity.times)) < 10 and value == int(value) and quantity.times == 1) or (quantity.spelled and value <= 10)
        if self._beside(quantity) or quantity.unit == "th":
            return True
        if clock := SECONDS.match(self._folded, quantity.start):  # 52:54 minutes
            return any(abs(each.value - int(clock[1]) * 60 - int(clock[2])) <= 1 for each in self._operands)
        if self._factor and any(abs(each.value * self._factor - value / _scale(quantity, each)) <= float(quantity.step) / 2 / _scale(quantity, each) for each in self._operands if _scale(quantity, each)):
            return True
        wrong = self._told_wrongly(quantity)
        if small and quantity.kind != "percent" and not (self._contradicts(quantity) or (wrong and not _cue(self._folded, quantity))):
            return True
        if self._again(value, quantity):
            return True
        cue = _cue(self._folded, quantity)
        if wrong < 2 or cue == 3:
            if "-" in self._folded[quantity.start : quantity.end] and ARTICLE.search(self._folded, max(0, quantity.start - 4), quantity.start):
                return True  # `a 28-kg suitcase`
            if (cue > 1 or not wrong) and (self._time_between(value, quantity) or self._year_written_short(value, quantity) or self._years_between(value, quantity)):
                return True
        ways = (*quantity.values[:2], quantity.values[0] / quantity.times) if quantity.times > 1 else quantity.values[:2]
        if any(self.chance(float(each), quantity) <= LIMITS[wrong][cue] for each in ways):
            return True
        if wrong == 2:
            return False
        return (quantity.about != "" and AGAIN.search(self._folded, max(0, quantity.start - 80), quantity.start) is not None) or self._supposed(quantity)

    def chance(self, value: float, quantity: Quantity) -> float:
        """How likely a number like it would have been worked out by the simplest way that comes to it; 1 if none does."""
        step = float(quantity.step / quantity.times if value < float(quantity.times) else quantity.step)
        room = max(step / 2, abs(value) * 0.03 if quantity.about else 0.0) * 1.0001
        if quantity.unit == "year" or (not quantity.unit and 1000 <= value <= 2200 and quantity.step == 1):
            room += 1  # an age, or a year less an age
        near = self._near(quantity)
        beside = list(pairs(near, near))
        total = 0.0
        for way in chain((Reached(sums(beside, means=self._means)), Reached(chain(products(beside), multiples(near, _factors(self._folded, quantity))))), self._all_ways()):
            hit, more = way.ask(value, quantity.unit, room)
            total += more
            if hit:
                return total
            if total > LIMITS[0][3]:
                return UNREACHED
        for way in (self._ways[0], self._ways[1], self._ways[3]):
            hit, more = way.two_steps(self._operands, value, quantity.unit, room)
            total += more
            if hit:
                return total
        return UNREACHED

    def _shared_factor(self, reply: Sequence[Quantity]) -> float:
        """What several numbers of the context were all multiplied with, as a recipe for six is; 0 if nothing."""
        votes: dict[float, set[float]] = {}
        for quantity in reply[:_ASKED]:
            if quantity.values and quantity.unit:
                value = float(quantity.values[0])
                for unit, own in {(each.unit, each.value) for each in self._operands}:
                    if unit == quantity.unit and own != value and own and (factor := round(value / own, 3)) in _FACTORS:
                        votes.setdefault(factor, set()).add(own)
        most = max(votes.values(), key=len, default=set())
        return next((factor for factor, voters in votes.items() if voters is most and len(voters) >= _VOTES), 0.0)

    def _near(self, quantity: Quantity) -> list[Number]:
        """Numbers of the reply beside one, the nearest first."""
        at = bisect_left(self._taken, quantity.start, key=lambda each: each[0])
        beside = [each for each in self._taken[max(0, at - _BESIDE) : at + _BESIDE] if quantity.start - _FAR < each[0] < quantity.end + _FAR and each[0] != quantity.start]
        return list(dict.fromkeys(each[1] for each in sorted(beside, key=lambda each: abs(each[0] - quantity.start))))[:_BESIDE]

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
        return sums(combinations(self._operands, 2), means=self._means)

    def _columns(self) -> Iterator[tuple[float, str]]:
        told = self._told.numbers[:400]
        return chain(columns([each for _, each in self._taken], 1, _LONGEST), columns(told, _STRIDES, _LONGEST), _totals(told))

    def _products(self) -> Iterator[tuple[float, str]]:
        return chain(products(combinations(self._operands, 2)), multiples(self._operands, (0.5, 2.0)))

    def _scaled(self) -> Iterator[tuple[float, str]]:
        """Of another size: for 6 in place of 4, for 45 g in place of 100."""
        factors = {one.value / other.value for one in self._said for other in self._operands if one.unit == other.unit != "%" and one.value == int(one.value) and other.value == int(other.value) > 0}
        return ((each.value * factor, each.unit) for factor in list(factors)[:_SCALES] for each in self._operands)

    def _shares(self) -> Iterator[tuple[float, str]]:
        """Of sums, in sums; and products with so many per cent more or less."""
        rates = [each for each in self._operands if each.unit == "%"][:_RATES]
        yield from products((Number(value, unit), rate) for value, unit in products(combinations(self._said, 2)) for rate in rates)
        made = [Number(value, unit) for value, unit in chain(_totals(self._told.numbers[:400]), sums(combinations(self._said, 2)))][:_SUMS]
        yield from products((one, other) for one in made for other in self._operands if other.unit == one.unit)

    def _beside(self, quantity: Quantity) -> bool:
        """Whether what stands next to it makes it a part of something: a standard's number that the context does not speak of, seconds of a time, a fraction."""
        if quantity.values and quantity.values[0] in (100, 1000) and FACTOR.search(self._folded, max(0, quantity.start - 3), quantity.start):
            return True
        standard = STANDARD.search(self._folded, max(0, quantity.start - 12), quantity.start)
        if standard is not None:
            return not any(word in self._told.words for word in re.findall(r"[a-z]{3,}", standard[0].lower()))
        return FRACTION.match(self._folded, quantity.start) is not None

    def _contradicts(self, quantity: Quantity) -> bool:
        """Whether the context counts the same things, and to other numbers; and nothing says that this one was worked out."""
        start, follows = max(0, quantity.start - 80), Place(self._folded, quantity.start, quantity.end, "").follows()
        if not (follows or quantity.unit) or CUE.search(self._folded, start, quantity.end + 40) is not None:
            return False
        same = {digits for digits, places in self._told.written.items() for place in places if place.unit == quantity.unit and place.follows() == follows}
        return bool(same) and _digits(quantity.values[0]) not in same

    def _again(self, value: float, quantity: Quantity) -> bool:
        """Whether it is a number of the context at another scale or less exactly."""
        plain = sorted(each.value for each in self._operands)
        digits = _digits(quantity.values[0])
        if len(digits.replace(".", "").strip("0")) > 2 and any(has(plain, value * scale, abs(value * scale) * 1e-6) for scale in (0.001, 0.01, 100.0, 1000.0, 1e6)):
            return True
        zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
        return zeros > 1 and len(digits) - zeros > 1 and has(plain, value, 10.0**zeros / 2)

    def _years_between(self, value: float, quantity: Quantity) -> bool:
        years = [each.value for each in self._operands if 1000 <= each.value <= 2200 and not each.unit] if value <= 150 and quantity.unit in ("", "year") else []
        return any(abs(abs(one - other) - value) <= 1 for one, other in combinations(years, 2))

    def _supposed(self, quantity: Quantity) -> bool:
        """Whether the reply makes it up for an example or an offer."""
        if SUPPOSED.search(self._folded, max(0, quantity.start - 80), quantity.start):
            return True
        stop = STOP.search(self._folded, quantity.end, quantity.end + 120)
        return (stop is not None and stop[0].startswith("?")) or ARTICLE.search(self._folded, max(0, quantity.start - 4), quantity.start) is not None

    def _year_written_short(self, value: float, quantity: Quantity) -> bool:
        """`68` of `1947-68`."""
        before = CENTURY.search(self._folded, max(0, quantity.start - 8), quantity.start)
        return before is not None and Number(int(before[1]) * 100 + value, "") in self._all

    def looks_wrong(self, quantity: Quantity) -> bool:
        """Whether it looks like a number of the context that is left out, and nothing says plainly that it was worked out."""
        return bool(quantity.values) and (len(_digits(quantity.values[0])) > 2 or quantity.unit in MEASURES) and _cue(self._folded, quantity) < 3 and self._told_wrongly(quantity) == 2

    def _told_wrongly(self, quantity: Quantity) -> int:
        """Whether it looks like a number of the context that the reply leaves out: 2, or stands where one would: 1."""
        here = Place(self._folded, quantity.start, quantity.end, quantity.unit)
        digits, follows = _digits(quantity.values[0]), here.follows()
        telling = len(digits.replace(".", "").strip("0"))
        sure, value = telling > 2 or self._told.keyed, float(quantity.values[0])
        places, zeros = len(digits.partition(".")[2]), len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
        around: set[str] | None = None
        found = 0
        for written, place in self._unused:
            unit = place.unit
            if (unit == quantity.unit or ((sure or sorted(digits) == sorted(written)) and not (unit and quantity.unit) and "%" not in (unit, quantity.unit))) and _looks_like(digits, _cut(written, places), about=quantity.about != "" and not zeros):
                if telling > (2 if unit == quantity.unit else 3) or sorted(digits) == sorted(written):
                    return 2
                around = here.words() if around is None else around
                if (unit and unit == quantity.unit) or around & place.words() or (follows and place.follows() == follows):
                    return 2
                found = True
            if zeros and not 1900 <= float(written) <= 2100 and unit == quantity.unit and len(digits) - zeros > 1 and "." not in written and written not in digits and _looks_like(digits.rstrip("0"), _rounded(written, zeros).removesuffix("0" * zeros)):
                return 2
            if found or not (unit == quantity.unit or (not (unit and quantity.unit) and "%" not in (unit, quantity.unit))) or not value / _LIKE < float(written) < value * _LIKE:
                continue
            around = here.words() if around is None else around
            same = len(around & place.words()) if around else 0
            found = same > 1 or (unit == quantity.unit and ((same and unit != "") or (follows and place.follows() == follows)))
        return int(bool(found))

    def _pairs(self) -> Iterator[tuple[float, str]]:
        return ((each.value, each.unit) for each in self._operands)

    def _time_between(self, value: float, quantity: Quantity) -> bool:
        dimension, factor = MEASURES.get(quantity.unit, ("", 0))
        if dimension not in ("time", "months"):
            return False
        if dimension == "time":
            seconds, room = value * float(factor), float(factor) * (0.6 if quantity.about or factor >= 3600 else 0.01)
            if any(abs(gap * 60 - seconds) <= room for one in self._minutes for other in self._minutes for gap in ((one - other) % 1440,)):
                return True
        days = [(ordinal(each), each) for each in self._dates if each[1]]
        unit = float(factor) / 86400 if dimension == "time" else float(factor) * 30.44
        room = max(1.01, unit * (0.6 if unit > 1 else 0), value * unit * 0.01)
        whole = any(abs(abs(one - other) - value * unit) <= room for (one, first), (other, last) in combinations(days, 2) if bool(first[0]) == bool(last[0]))
        return whole or (unit > 300 and any(abs(abs(one[0] - other[0]) * 365.25 - value * unit) <= 366 for one, other in combinations(self._dates, 2) if one[0] and other[0]))

    def _time(self, minute: int, quantity: Quantity) -> bool:
        minute %= 1440
        if self._clock(minute) or self._supposed(quantity) or "ratio" in self._folded[max(0, quantity.start - 24) : quantity.end + 12].lower():
            return True
        lasting = quantity.minutes[0] if ":" in self._folded[quantity.start : quantity.end] else 0
        if lasting and any(round(value) in (lasting, lasting * 60) or lasting in (round(value / 60),) for value, _ in self._pairs()):
            return True  # 52:54 is said of seconds, or of minutes
        told = set(self._minutes)
        around = self._folded[max(0, quantity.start - 30) : quantity.end + 30]
        if ZONE.search(around) and any((minute - each) % 60 == 0 for each in told):
            return True
        lasts = {round(value * float(MEASURES[unit][1]) / 60) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "time"}
        said = {each % 720 for each in self._times}
        if any(each // 60 % 12 == minute // 60 % 12 and each % 720 not in said and _looks_like(f"{each % 60:02}", f"{minute % 60:02}") for each in self._minutes) and _cue(self._folded, quantity) < 3:
            return False
        lasts |= {round(value) for value, unit in self._pairs() if value <= 600 and not unit}
        room = 5 if quantity.end and re.search(r"(?:about|around|roughly|approximately|~) ?\Z", self._folded[max(0, quantity.start - 15) : quantity.start]) else 0
        return any(abs((minute - each - way * last + 720) % 1440 - 720) <= room + (10 if "around" in around else 0) for each in told for last in lasts for way in (1, -1) if last >= 10 or room)

    def _clock(self, minute: int) -> bool:
        """Whether the context has that hour without saying that it is one: `9-18`, `14.30`."""
        hour, rest = divmod(minute, 60)
        ways = {float(hour), float(hour % 12 or 12)} if not rest else {round(hour + rest / 100, 2), round((hour % 12 or 12) + rest / 100, 2)}
        if not rest and hour in (0, 12) and ("noon" in self._told.words or "midnight" in self._told.words):
            return True
        return not ways.isdisjoint(self._hours)

    def _date(self, date: Date, quantity: Quantity | None = None) -> bool:
        year, month, day = date
        if not day:
            return self._month(date)
        days = {round(value * float(MEASURES[unit][1]) / 86400) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "time" and MEASURES[unit][1] >= 3600}
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "months"}
        for told in self._dates:
            if told == (0, month, 0) and self._weekday(date) in self._named:
                return True
            if not told[1] or not told[2] or (year and told[0] and abs(year - told[0]) > 60):
                continue
            years = year or told[0] or 2001
            one, other = ordinal((years, month, day)), ordinal((told[0] or years, told[1], told[2]))
            gap = abs(one - other)
            if gap in days or gap - 1 in days or gap + 1 in days or (gap and gap <= 1):
                return True
            if months and any(months_apart((told[0] or years, told[1], told[2]), (years, month, day), count) for count in months):
                return True
            if gap <= 10 and (self._weekday(date) in self._named or (quantity is not None and self._weekday_beside(date, quantity))):
                return True
        return day >= 28 and any(word in self._told.words for word in ("quarter", "month", "end")) and day == calendar.monthrange(year or 2001, month)[1]

    def _date_wrong(self, date: Date, quantity: Quantity) -> bool:
        """Whether it looks like a day of the context that the reply leaves out, and no day of the week beside it says that it is right."""
        year, month, day = date
        for told in self._told.dates[: 4 * DATES]:
            like = told[1] == month and told[2] and day and told[2] != day and (not year or not told[0] or year == told[0]) and _looks_like(f"{told[2]:02}", f"{day:02}")
            if like and (told[1], told[2]) not in self._said_days and not self._weekday_beside(date, quantity) and not (AFTER.search(self._folded, max(0, quantity.start - 24), quantity.start) and self._weekday(date) in self._named and told[1:] in self._told.anchored):
                return True
        return False

    def _weekday(self, date: Date) -> int | None:
        """Of a day, as far as the year or another day of that month and the next is known."""
        year = date[0] or self._year
        if year:
            return datetime.date.fromordinal(ordinal((year, date[1], date[2]))).weekday()
        for other, weekday in self._anchors:
            if other[1:] != date[1:]:
                return (weekday + ordinal((2001, date[1], date[2])) - ordinal((2001, other[1], other[2]))) % 7
        return None

    def _weekday_beside(self, date: Date, quantity: Quantity) -> bool:
        """Whether the reply says its day of the week, and rightly."""
        said = weekday_before(self._folded, quantity)
        return said is not None and self._weekday(date) == said

    def _month(self, date: Date) -> bool:
        year, month, _ = date
        if not month:
            return False
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "months"}
        for told in self._dates:
            gap = abs((year or told[0]) * 12 + month - told[0] * 12 - told[1])
            if told[1] and (gap in months or (gap == 0)):
                return True
        return any(name.lower() in self._told.words for name in (calendar.month_name[month], calendar.month_abbr[month])) and (not year or any(year in (each[0], each[0] - 1, each[0] + 1) for each in self._dates) or Number(float(year), "") in self._all)


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


def _scale(quantity: Quantity, number: Number) -> float:
    """How much of a number's unit is one of the quantity's; 0 if they do not measure the same."""
    if quantity.unit == number.unit:
        return 1.0
    one, other = MEASURES.get(quantity.unit), MEASURES.get(number.unit)
    return float(other[1] / one[1]) if one and other and one[0] == other[0] else 0.0


def _totals(numbers: Sequence[Number]) -> Iterator[tuple[float, str]]:
    """Of all that has the same unit."""
    totals: dict[str, float] = {}
    for each in dict.fromkeys(numbers):
        totals[each.unit] = totals.get(each.unit, 0.0) + each.value
    return ((value, unit) for unit, value in totals.items())


def _factors(folded: str, quantity: Quantity) -> set[float]:
    around = folded[max(0, quantity.start - 80) : quantity.end + 40].lower()
    return {factor for word, factors in _SAID_FACTORS.items() if word in around for factor in factors}


def _cue(folded: str, quantity: Quantity) -> int:
    """How plainly the reply says that it worked a number out: 3 to 0."""
    start, end = quantity.start, quantity.end
    if _strongly(folded, quantity):
        return 3
    if MAKES.search(folded, max(0, start - 50), start) or AFTERWARDS.match(folded, end):
        return 2
    if not CUE.search(folded, max(0, start - 80), end + 40):
        return 0
    return 2 if OPENED.search(folded, max(0, start - 12), start) else 1


def _strongly(folded: str, quantity: Quantity) -> bool:
    start = max(0, quantity.start - 60)
    return STRONG.search(folded, start, quantity.start) is not None or MEAN.search(folded, start, quantity.start) is not None


def _cut(written: str, places: int) -> str:
    """With no more than so many decimals."""
    whole, _, fraction = written.partition(".")
    return f"{whole}.{fraction[:places]}" if fraction and 0 < places < len(fraction) else written


def _rounded(written: str, zeros: int) -> str:
    """To so many zeros."""
    return str(round(int(written), -zeros))


def _looks_like(one: str, other: str, *, about: bool = False) -> bool:
    """Whether a digit is another, or some are swapped; of long ones, two digits. about: then others may be near by right."""
    if len(one) != len(other) or len(one) < 2 or one.find(".") != other.find(".") or one == other:
        return False
    places = sum(first != second for first, second in zip(one, other, strict=True))
    if places == 1 or (places == 2 and sorted(one) == sorted(other)):
        return True
    return len(one) > 3 and one[0] == other[0] and (sorted(one) == sorted(other) or (places == 2 and len(one) > 4 and not about))
