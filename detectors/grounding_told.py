"""What a context says in quantities, in its order: what a reply's may be worked out from."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from detectors.grounding_calendar import weekday_before
from detectors.grounding_places import Place, digits_of
from detectors.grounding_reach import Number
from detectors.grounding_values import Date, Quantity

DATES = 40
_PLACES = 3  # of one number


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
    clocked: bool = False  # it has times with seconds

    def add(self, quantity: Quantity, folded: str) -> None:
        if quantity.dates and len(self.anchors) < DATES and (day := weekday_before(folded, quantity)) is not None and quantity.dates[0][2]:
            self.anchors.append((quantity.dates[0], day))
            self.anchored.add(quantity.dates[0][1:])
        self.dates += quantity.dates
        self.minutes += quantity.minutes
        if quantity.kind == "time" and quantity.written:
            self.clocked, seconds = True, 0.0
            for part in re.findall(r"\d+(?:\.\d+)?", quantity.written):
                seconds = seconds * 60 + float(part)
            self.numbers.append(Number(seconds, "second"))
        for value in quantity.values[:2]:
            places = self.written.setdefault(digits_of(value), [])
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
