"""The calendar, as far as a reply may reckon with it: days between dates, months apart, days of the week."""

from __future__ import annotations

import calendar
import datetime

from detectors.grounding_cues import WEEKDAY
from detectors.grounding_values import Date, Quantity

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GERMAN_DAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")


def ordinal(date: Date) -> int:
    """Days since the year 1; without a year, those of one that is not a leap year."""
    year, month, day = date
    try:
        return datetime.date(year or 2001, month, day or 1).toordinal()
    except ValueError:
        return datetime.date(year or 2001, month, 28).toordinal()


def weekday_before(folded: str, quantity: Quantity) -> int | None:
    """The day of the week that is written before a date, or just after it."""
    said = WEEKDAY.search(folded, max(0, quantity.start - 16), quantity.start)
    return WEEKDAYS.index(said[1].lower()) if said else None


def months_apart(one: Date, other: Date, count: int) -> bool:
    """Give or take a day."""
    for first, last in ((one, other), (other, one)):
        at = first[0] * 12 + first[1] - 1 + count
        if at // 12 > 9998 or at // 12 < 1:
            continue
        length = calendar.monthrange(at // 12, at % 12 + 1)[1]
        if abs(ordinal((at // 12, at % 12 + 1, min(first[2], length))) - ordinal(last)) <= 1:
            return True
    return False
