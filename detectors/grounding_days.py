"""Dates of a reply that may follow from its context: some days, weeks or months from one of it, a day of the week that it names, the end of a month.

Rules of this file: pure; of the context DATES dates are reckoned with and four times as many compared, of the reply as many.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, combinations

from detectors.grounding_calendar import GERMAN_DAYS, WEEKDAYS, months_apart, ordinal, weekday_before
from detectors.grounding_cues import AFTER, DAY_NAME
from detectors.grounding_places import looks_like
from detectors.grounding_reach import Number, has
from detectors.grounding_told import DATES, Told
from detectors.grounding_units import MEASURES
from detectors.grounding_values import Date, Quantity

AGAIN = frozenset(("annual", "annually", "yearly", "every", "monthly", "anniversary", "hourly"))
_MONTH = 86400 * 30.44  # seconds
_LIVES = 60  # years between dates of one matter


class Days:
    """The dates of a context, those that the reply takes from it, and how long things last."""

    def __init__(self, told: Told, reply: Sequence[Quantity], folded: str, lasting: Sequence[Number]) -> None:
        """lasting: what a reply may reckon with, which grows as more of it is thought to be right."""
        self._told, self._folded, self._lasting = told, folded, lasting
        self._year = next((date[0] for date in told.dates if date[0]), 0)
        self._years = sorted(date[0] for date in told.dates if date[0])
        self._dates = list(dict.fromkeys(told.dates))[:DATES]
        self._dates_told = list(dict.fromkeys(told.dates[: 4 * DATES]))
        days = {date[1:] for date in told.dates}
        said_too = ((date, day) for each in reply for date in each.dates[:1] if date[2] and date[1:] in days and (day := weekday_before(folded, each)) is not None)
        self._anchors = _two(chain(told.anchors, said_too))
        self._said_days = {date[1:] for each in reply for date in each.dates}

    def take(self, dates: Iterable[Date]) -> None:
        """More of them: of the reply, thought to be right."""
        self._dates += [date for date in dates if len(self._dates) < 2 * DATES and date not in self._dates]
        for made in ("apart", "years_apart"):
            self.__dict__.pop(made, None)

    @cached_property
    def _all(self) -> set[Number]:
        return set(self._told.numbers)

    def _pairs(self) -> list[tuple[float, str]]:
        return [(each.value, each.unit) for each in self._lasting]

    @cached_property
    def _named(self) -> set[int]:
        """The days of the week that the context speaks of."""
        return {WEEKDAYS.index(each[:3]) for each in self._told.words if DAY_NAME.fullmatch(each)} | {at for at in range(7) if GERMAN_DAYS[at] in self._told.words}

    @cached_property
    def apart(self) -> list[int]:
        """Two of the dates, both with a year or both without."""
        days = [(ordinal(each), bool(each[0])) for each in self._dates if each[1]]
        return sorted({abs(one - other) for (one, first), (other, last) in combinations(days, 2) if first == last})

    @cached_property
    def years_apart(self) -> list[int]:
        """Two of the dates, in years."""
        return sorted({abs(one[0] - other[0]) for one, other in combinations(self._dates, 2) if one[0] and other[0]})

    def right(self, date: Date, quantity: Quantity | None = None) -> bool:
        year, month, day = date
        if year and self._years and not has(self._years, year, _LIVES):
            return False
        if not day:
            return self._of_month(date)
        days = {round(value * float(MEASURES[unit][1]) / 86400) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "time" and MEASURES[unit][1] >= 3600}
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "months"}
        for told in self._dates:
            if told == (0, month, 0) and self._weekday(date) in self._named:
                return True
            if not told[1] or not told[2] or (year and told[0] and abs(year - told[0]) > _LIVES):
                continue
            years = year or told[0] or 2001
            one, other = ordinal((years, month, day)), ordinal((told[0] or years, told[1], told[2]))
            gap = abs(one - other)
            if gap in days or gap - 1 in days or gap + 1 in days or (gap and gap <= 1):
                return True
            first, last = (told[0] or years, told[1], told[2]), (years, month, day)
            turn = abs(last[0] * 12 + month - first[0] * 12 - told[1])
            if any(months_apart(first, last, count) for count in months.intersection((turn - 1, turn, turn + 1))):
                return True
            if gap <= 10 and (self._weekday(date) in self._named or (quantity is not None and self._weekday_beside(date, quantity))):
                return True
        return day >= 28 and any(word in self._told.words for word in ("quarter", "month", "end")) and day == calendar.monthrange(year or 2001, month)[1]

    def wrong(self, date: Date, quantity: Quantity) -> bool:
        """Whether it looks like a day of the context that the reply leaves out, and no day of the week beside it says that it is right."""
        year, month, day = date
        for told in self._dates_told:
            like = told[1] == month and told[2] and day and told[2] != day and (not year or not told[0] or year == told[0]) and looks_like(f"{told[2]:02}", f"{day:02}")
            if like and (told[1], told[2]) not in self._said_days and not self._weekday_beside(date, quantity) and not (AFTER.search(self._folded, max(0, quantity.start - 24), quantity.start) and self._weekday(date) in self._named and told[1:] in self._told.anchored):
                return True
        return self._misplaced(date)

    def _misplaced(self, date: Date) -> bool:
        """Whether it is a day of the context that the reply leaves out but for the month, or for the year, which is no term of the context away."""
        year, month, day = date
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "months"}
        for told in self._dates_told if day else ():
            if told[2] != day or told[1:] in self._said_days - {date[1:]} or not AGAIN.isdisjoint(self._told.words):
                continue
            apart = abs((year - told[0]) * 12 + month - told[1]) if year and told[0] else abs(month - told[1])
            if apart and (month == told[1] or not (year and told[0]) or year == told[0]) and apart not in months:
                return not any(each == date or (not year and each[1:] == date[1:]) for each in self._dates_told)
        return False

    def is_term(self, date: Date) -> bool:
        """Whether it is some days, weeks or months of the context from a day that the reply says, too; to the day."""
        days = {value * float(MEASURES[unit][1]) / 86400 for value, unit in self._pairs() if unit in ("day", "week")}
        months = {round(value * float(MEASURES[unit][1])) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "months"}
        year = date[0] or self._year or 2001
        for each in self._dates:
            if each[1:] in self._said_days and each[2] and each[1:] != date[1:]:
                gap, apart = abs(ordinal((year, *date[1:])) - ordinal((each[0] or year, *each[1:]))), abs((each[0] or year) * 12 + each[1] - year * 12 - date[1])
                if gap in days or (each[2] == date[2] and apart in months):
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

    def _of_month(self, date: Date) -> bool:
        year, month, _ = date
        if not month:
            return False
        lasts = [round(value * float(MEASURES[unit][1]) / (1 if MEASURES[unit][0] == "months" else _MONTH)) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "months" or unit in ("week", "day")]
        months = {each for each in lasts if each} | {each - 1 for each in lasts if each > 1}  # the last month of a term
        for told in self._dates:
            gap = abs((year or told[0]) * 12 + month - told[0] * 12 - told[1])
            if told[1] and (gap in months or (gap == 0)):
                return True
        return any(name.lower() in self._told.words for name in (calendar.month_name[month], calendar.month_abbr[month])) and (not year or any(year in (each[0], each[0] - 1, each[0] + 1) for each in self._dates) or Number(float(year), "") in self._all)


def _two(anchors: Iterable[tuple[Date, int]]) -> list[tuple[Date, int]]:
    """The first and the first of another day: of every day, one of them is told that is not this day."""
    found: list[tuple[Date, int]] = []
    for date, day in anchors:
        if not found or date[1:] != found[0][0][1:]:
            found.append((date, day))
        if len(found) == 2:
            break
    return found
