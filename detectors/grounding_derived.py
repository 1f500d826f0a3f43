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
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, islice

from detectors.grounding_calendar import GERMAN_DAYS, WEEKDAYS, months_apart, ordinal, weekday_before
from detectors.grounding_cues import (
    AFTER,
    AFTERWARDS,
    AGAIN,
    ARTICLE,
    CENTURY,
    CUE,
    FACTOR,
    FRACTION,
    MAKES,
    MEAN,
    NEXT,
    OPENED,
    SECONDS,
    STANDARD,
    STOP,
    STRONG,
    SUPPOSED,
    ZONE,
)
from detectors.grounding_units import MEASURES
from detectors.grounding_values import Date, Quantity

DOUBTFUL = 0.35
MOST, UNUSED = 32, 500  # operands; numbers of the context that the reply leaves out
DATES = 40
_AROUND = 5  # operands on either side of one that the reply mentions
_TIMES = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 24.0, 30.0, 52.0, 60.0, 100.0, 365.0, 1000.0)
_STRIDES, _LONGEST = 8, 12  # of columns that are summed


@dataclass(slots=True)
class Told:
    """What a context says, in its order. numbers: value and unit.  dates, minutes: as in Quantity.  words: in lower case."""

    numbers: list[tuple[float, str]] = field(default_factory=list)
    written: dict[tuple[str, str, str], None] = field(default_factory=dict)  # the digits of each number, its unit, and the word that follows
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
        for value in quantity.values[:1]:
            self.numbers.append((float(value), quantity.unit))
            self.written[(_digits(value), quantity.unit, _follows(folded, quantity))] = None
        for year, _, day in quantity.dates:
            if year:
                self.written[(str(year), "", "")] = None
            self.numbers += [(float(each), "") for each in (year, day) if each]


def _follows(folded: str, quantity: Quantity) -> str:
    """The beginning of the next word, if it is no small one."""
    match = NEXT.match(folded, quantity.end)
    return match[1].lower() if match else ""


def _digits(value: Decimal) -> str:
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


class Derived:
    """The operands: what the context says, and what the reply takes from it or supposes."""

    def __init__(self, told: Told, reply: Sequence[Quantity], folded: str) -> None:
        self._told, self._folded = told, folded
        mentioned = {float(value) for each in reply for value in each.values}
        said = {_digits(value) for each in reply for value in each.values} | {str(date[0]) for each in reply for date in each.dates}
        self._unused = list(islice((each for each in told.written if each[0] not in said), UNUSED))
        self._hours = {value for value, unit in told.numbers if unit in ("", "hour", "minute", "m") and value < 25}
        self._year = next((date[0] for date in told.dates if date[0]), 0)
        self._all = set(told.numbers)
        self._operands = _chosen(told.numbers, mentioned)
        self._dates = list(dict.fromkeys(told.dates))[:DATES]
        self._minutes = list(dict.fromkeys(told.minutes))[:DATES]
        self._anchors = [*((date, day) for date, day in told.anchors), *((date, day) for each in reply for date in each.dates[:1] if date[2] and (day := weekday_before(folded, each)) is not None and date[1:] in {known[1:] for known in told.dates})]
        self._named = {at for at in range(7) if any(each.startswith(WEEKDAYS[at]) and len(each) <= 9 for each in told.words) or GERMAN_DAYS[at] in told.words}
        self._said_days = {date[1:] for each in reply for date in each.dates}
        self._shares_left = any(unit == "%" for _, unit, _ in self._unused)
        self._add: list[float] = []
        self._any: list[float] = []
        self._share: list[float] = []
        self._taken: list[tuple[float, str]] = []
        self._plain: list[float] = []
        self._columns: list[float] = []
        self._stale = True

    def take(self, quantities: Iterable[Quantity]) -> None:
        """More operands: quantities of the reply that are thought to be right."""
        for each in quantities:
            self._dates += [date for date in each.dates if len(self._dates) < 2 * DATES and date not in self._dates]
            self._minutes += [minute for minute in each.minutes if len(self._minutes) < 2 * DATES and minute not in self._minutes]
            for value in each.values[:1]:
                operand = (float(value), each.unit)
                if len(self._taken) < 100:
                    self._taken.append(operand)
                    self._stale = True
                if operand not in self._operands and len(self._operands) < MOST + 12 and value:
                    self._operands.append(operand)
                    self._stale = True

    def follows(self, quantity: Quantity) -> bool:
        """Whether it may be right all the same."""
        if quantity.kind == "date":
            if not any(day for _, _, day in quantity.dates) and not any(year for year, _, _ in quantity.dates):
                return True  # a month alone
            if self._supposed(quantity):
                return True
            if any(self._date_wrong(each, quantity) for each in quantity.dates):
                return False
            return (all if quantity.both else any)(self._date(each, quantity) for each in quantity.dates)
        if quantity.kind == "time":
            return all(self._time(each, quantity) for each in quantity.minutes) if quantity.both else any(self._time(each, quantity) for each in quantity.minutes)
        if quantity.kind == "id":
            return sum(map(str.isdigit, quantity.written)) < 2
        return self._number(float(quantity.values[0]), quantity)

    def _number(self, value: float, quantity: Quantity) -> bool:
        small = (abs(value / float(quantity.times)) < 10 and value == int(value) and quantity.times == 1) or (quantity.spelled and value <= 10)
        if _beside(self._folded, quantity) or quantity.unit == "th" or (small and not self._contradicts(quantity)):
            return True
        if clock := SECONDS.match(self._folded, quantity.start):  # 52:54 minutes
            return any(abs(each - int(clock[1]) * 60 - int(clock[2])) <= 1 for each, _ in self._operands)
        step = float(quantity.step)
        room = max(step / 2, abs(value) * 0.03 if quantity.about else 0.0) * 1.0001
        fine = step / 2 / max(abs(value), 1e-9)  # of two digits .005 to .05, of three .0005 to .005
        start, end = max(0, quantity.start - 80), quantity.end
        cue = CUE.search(self._folded, start, end + 40) is not None
        wrong = self._told_wrongly(quantity)
        self._tables()
        strong = _strongly(self._folded, quantity)
        if self._again(value, quantity):
            return True
        if wrong == 2:
            return strong and _has(self._add, value, step / 2)
        strong = strong or MAKES.search(self._folded, max(0, quantity.start - 50), quantity.start) is not None or AFTERWARDS.match(self._folded, end) is not None
        if "-" in self._folded[quantity.start : end] and ARTICLE.search(self._folded, max(0, quantity.start - 4), quantity.start):
            return True  # `a 28-kg suitcase`
        if not wrong and cue and OPENED.search(self._folded, max(0, quantity.start - 12), quantity.start):
            strong = True
        if (strong or not wrong) and (self._time_between(value, quantity) or self._year_written_short(value, quantity) or self._years_between(value, quantity)):
            return True
        if quantity.kind == "percent" and (cue or fine <= 0.006 or not self._shares_left) and _has(self._share, value, room):
            return True
        enough = strong or fine <= 0.0006 or (cue and fine <= 0.006)
        if enough and (_has(self._add, value, room) or ((strong or fine <= 0.006) and _has(self._any, value, min(room, abs(value) * 0.03)))):
            return True
        if wrong and fine > 0.0006:
            return False
        if fine <= 0.006 and (_has(self._columns, value, room) or any(_has(self._columns, value + other, step / 2) for other, _ in self._operands)):
            return True
        if fine <= 0.00006 and step < 1 and cue and any(_has(self._any, made, step / 2) for other, _ in self._operands for made in (value - other, value + other)):
            return True
        return (quantity.about != "" and AGAIN.search(self._folded, start, quantity.start) is not None) or self._supposed(quantity)

    def _contradicts(self, quantity: Quantity) -> bool:
        """Whether the context counts the same things, and to other numbers; and nothing says that this one was worked out."""
        start, follows = max(0, quantity.start - 80), _follows(self._folded, quantity)
        if not (follows or quantity.unit) or CUE.search(self._folded, start, quantity.end + 40) is not None:
            return False
        same = {digits for digits, unit, after in self._told.written if (unit, after) == (quantity.unit, follows)}
        return bool(same) and _digits(quantity.values[0]) not in same

    def _again(self, value: float, quantity: Quantity) -> bool:
        """Whether it is a number of the context at another scale or less exactly."""
        if any(_has(self._plain, value * scale, abs(value * scale) * 1e-6) for scale in (0.001, 0.01, 100.0, 1000.0, 1e6)):
            return True
        digits = _digits(quantity.values[0])
        zeros = len(digits) - len(digits.rstrip("0")) if "." not in digits else 0
        return zeros > 1 and len(digits) - zeros > 1 and _has(self._plain, value, 10.0**zeros / 2)

    def _years_between(self, value: float, quantity: Quantity) -> bool:
        years = [each for each, unit in self._operands if 1000 <= each <= 2200 and not unit] if value <= 150 and quantity.unit in ("", "year") else []
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
        return before is not None and (int(before[1]) * 100 + value, "") in self._all

    def _told_wrongly(self, quantity: Quantity) -> int:
        """Whether it looks like a number of the context that the reply leaves out: 2, or stands where one would: 1."""
        digits, word = _digits(quantity.values[0]), _follows(self._folded, quantity)
        whole, sure = len(digits.partition(".")[0]), len(digits) > 2 or self._told.keyed
        places = len(digits.partition(".")[2])
        found = 0
        for written, unit, follows in self._unused:
            if (unit == quantity.unit or (sure and not (unit and quantity.unit) and "%" not in (unit, quantity.unit))) and _looks_like(digits, _cut(written, places), about=quantity.about != ""):
                return 2
            like = len(written.partition(".")[0]) == whole and ("." in written) == ("." in digits)
            if like and unit == quantity.unit and ((unit in MEASURES) or (word and word == follows)):
                found = 1
        return found

    def _tables(self) -> None:
        if not self._stale:
            return
        self._stale = False
        add: list[float] = []
        more: list[float] = []
        share: list[float] = []
        averages = MEAN.search(self._folded) is not None
        for value, unit in self._operands:
            for times in _TIMES:  # not all: of two digits nearly any number would come out
                more += (value * times, value / times)
            more += (value * 2 / 3, value / 1.5, value * 1.5, value * 0.75)
            if unit in MEASURES or not unit:
                more += (value * 1.609344, value / 1.609344, value / 1609.344, value / 0.3048, value * 10.764, value * 2.2046, value / 2.54, value * 14.504, value * 3.6, value * 4.184)
            if unit == "%":
                share.append(100 - value)
            add += (value * 2, value / 2, value / 1000, value / 100, value * 60, value / 1e6, value / 1e9, value / 1e3)
        for (one, unit), (other, second) in combinations(self._operands, 2):
            if unit == second or not unit or not second:
                add += (one + other, abs(one - other))
                if averages:
                    add.append((one + other) / 2)
                if min(one, other) > 1000:
                    add += (abs(one - other) - 1, abs(one - other) + 1)  # ages
                if one and other:
                    share += (one / other * 100, other / one * 100, abs(one - other) / one * 100, abs(one - other) / other * 100)
            more.append(one * other)
            if one and other:
                more += (one / other, other / one)
            for part, whole in ((one, other), (other, one)):
                if 0 < part < 100:
                    more += (whole / part * 100, whole * part / 100, whole * (1 + part / 100), whole * (1 - part / 100), whole / (1 + part / 100))
        self._add, self._any, self._share = sorted(add), sorted(more), sorted([*share, *(value for value, unit in self._operands if unit == "%")])
        self._plain = sorted(value for value, _ in self._operands)
        totals: dict[str, float] = {}
        for value, unit in dict.fromkeys(self._told.numbers[:400]):
            totals[unit] = totals.get(unit, 0.0) + value
        self._columns = sorted([*_columns([value for value, _ in self._taken], 1), *_columns([value for value, _ in self._told.numbers[:400]]), *totals.values()])

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
        if self._clock(minute) or self._supposed(quantity):
            return True
        lasting = quantity.minutes[0] if ":" in self._folded[quantity.start : quantity.end] else 0
        if lasting and any(round(value) in (lasting, lasting * 60) or lasting in (round(value / 60),) for value, _ in self._operands):
            return True  # 52:54 is said of seconds, or of minutes
        told = set(self._minutes)
        around = self._folded[max(0, quantity.start - 30) : quantity.end + 30]
        if ZONE.search(around) and any((minute - each) % 60 == 0 for each in told):
            return True
        lasts = {round(value * float(MEASURES[unit][1]) / 60) for value, unit in self._operands if MEASURES.get(unit, ("",))[0] == "time"}
        lasts |= {round(value) for value, _ in self._operands if value <= 600}
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
        days = {round(value * float(MEASURES[unit][1]) / 86400) for value, unit in self._operands if MEASURES.get(unit, ("",))[0] == "time" and MEASURES[unit][1] >= 3600}
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._operands if MEASURES.get(unit, ("",))[0] == "months"}
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
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._operands if MEASURES.get(unit, ("",))[0] == "months"}
        for told in self._dates:
            gap = abs((year or told[0]) * 12 + month - told[0] * 12 - told[1])
            if told[1] and (gap in months or (gap == 0)):
                return True
        return any(name.lower() in self._told.words for name in (calendar.month_name[month], calendar.month_abbr[month])) and (not year or any(year in (each[0], each[0] - 1, each[0] + 1) for each in self._dates) or (float(year), "") in self._all)


def _chosen(numbers: Sequence[tuple[float, str]], mentioned: Collection[float]) -> list[tuple[float, str]]:
    """At most MOST of them: those near what the reply mentions, where there are more."""
    distinct = list(dict.fromkeys(each for each in numbers if each[0]))
    if len(distinct) <= MOST:
        return distinct
    near: dict[tuple[float, str], None] = {each: None for each in distinct if each[0] in mentioned}
    for reach in range(1, _AROUND + 1):
        for at, each in enumerate(numbers):
            if len(near) >= MOST:
                return list(near)[:MOST]
            if each[0] in mentioned:
                near.update((other, None) for place in (at - reach, at + reach) if 0 <= place < len(numbers) and (other := numbers[place])[0])
    return list(near)[:MOST]


def _columns(values: Sequence[float], strides: int = _STRIDES) -> list[float]:
    """Sums and means of numbers that stand at equal distances, as a column of a table does."""
    made: list[float] = []
    for stride in range(1, strides + 1):
        for start in range(len(values)):
            total = values[start]
            for count in range(2, _LONGEST + 1):
                at = start + (count - 1) * stride
                if at >= len(values):
                    break
                total += values[at]
                if count > 2:
                    made += (total, total / count)
    return made


def _has(ordered: Sequence[float], value: float, room: float) -> bool:
    at = bisect_left(ordered, value - room)
    return at < len(ordered) and ordered[at] <= value + room


def _beside(folded: str, quantity: Quantity) -> bool:
    """Whether what stands next to it makes it a part of something: a standard's number, seconds of a time, a fraction."""
    if quantity.values and quantity.values[0] in (100, 1000) and FACTOR.search(folded, max(0, quantity.start - 3), quantity.start):
        return True
    return STANDARD.search(folded, max(0, quantity.start - 12), quantity.start) is not None or FRACTION.match(folded, quantity.start) is not None


def _strongly(folded: str, quantity: Quantity) -> bool:
    start = max(0, quantity.start - 60)
    return STRONG.search(folded, start, quantity.start) is not None or MEAN.search(folded, start, quantity.start) is not None


def _cut(written: str, places: int) -> str:
    """With no more than so many decimals."""
    whole, _, fraction = written.partition(".")
    return f"{whole}.{fraction[:places]}" if fraction and 0 < places < len(fraction) else written


def _looks_like(one: str, other: str, *, about: bool = False) -> bool:
    """Whether a digit is another, or some are swapped; of long ones, two digits. about: then others may be near by right."""
    if len(one) != len(other) or len(one) < 2 or one.find(".") != other.find(".") or one == other:
        return False
    places = sum(first != second for first, second in zip(one, other, strict=True))
    if places == 1 or (places == 2 and sorted(one) == sorted(other)):
        return True
    return len(one) > 3 and one[0] == other[0] and (sorted(one) == sorted(other) or (places == 2 and len(one) > 4 and not about))
