"""Quantities of a reply that may follow from its context: by a step or two of arithmetic, by the calendar, by the clock.

Asked only of what stands nowhere in the context. The fewer digits a number has, the more pairs of others come to it by chance: so what counts is how likely one like it would have come out (grounding_ways), and
whether it looks like one of the context that the reply leaves out (grounding_places); grounding_weights weighs the two. Dates, times and identifiers follow or do not.

Rules of this file: pure; cost is bounded by that of grounding_ways.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from detectors.grounding_aligned import UNKNOWN, Aligned
from detectors.grounding_cues import (
    AFTERWARDS,
    ARTICLE,
    CENTURY,
    CODE,
    CUE,
    FACTOR,
    FRACTION,
    MAKES,
    MEAN,
    OPENED,
    PACE,
    SECONDS,
    STANDARD,
    STOP,
    STRONG,
    SUPPOSED,
    ZONE,
)
from detectors.grounding_days import AGAIN, Days
from detectors.grounding_places import LIKE, LeftOut, Place, digits_of, looks_like
from detectors.grounding_plain import Plain
from detectors.grounding_reach import Number, has, in_units
from detectors.grounding_told import DATES, Told
from detectors.grounding_units import FOREIGN, MEASURES
from detectors.grounding_values import Quantity
from detectors.grounding_ways import Ways
from detectors.grounding_weights import Evidence

_LATE, _JUST = 90, 48  # minutes that a train may be late; code points between two times of one train
_FEW = 12  # things that a context counts
_SIZE, _BY_CHANCE = 5, 0.2  # times larger or smaller than one that it stands for; a number that comes out less often by chance was worked out
_TWICE = re.compile(r"\b(?:half|halve|twice|double|triple)\b", re.IGNORECASE)
_PACE = 1.0  # how likely by chance a pace may come out


class Derived:
    """What a reply's quantities may follow from: what the context says, and what the reply takes from it or supposes."""

    def __init__(self, told: Told, reply: Sequence[Quantity], folded: str) -> None:
        self._told, self._folded, self._reply = told, folded, reply
        self._plain_ways = Plain(told.written, reply, folded)
        self._said = said = {digits_of(value) for each in reply for value in each.values} | {str(date[0]) for each in reply for date in each.dates}
        self._left_out = LeftOut(told.written, said, keyed=told.keyed)
        self._aligned = Aligned(told.written, said, folded)
        self._ways = Ways(told.numbers, reply, folded, in_cents=told.keyed and not {"cent", "cents", "amount"}.isdisjoint(told.words))
        self._hours = {each.value for each in told.numbers if each.unit in ("", "hour", "minute", "m") and each.value < 25}
        self._all = set(told.numbers)
        self._days = Days(told, reply, folded, self._ways.operands)
        self._minutes = list(dict.fromkeys(told.minutes))[:DATES]
        self._times_at = sorted((each.start, minute) for each in reply for minute in each.minutes)
        self._times = {minute for _, minute in self._times_at}

    @cached_property
    def _minutes_told(self) -> set[int]:
        """What the context may mean by minutes: `10:38, +12`."""
        return {int(each.value) for each in self._told.numbers if each.value == int(each.value) and 0 < each.value < _LATE and each.unit in ("", "minute")}

    def _times_before(self, quantity: Quantity) -> set[int]:
        """Those that the reply says just before it."""
        return {minute for start, minute in self._times_at[max(0, bisect_left(self._times_at, (quantity.start, 0)) - 4) :] if quantity.start - _JUST < start < quantity.start}

    @cached_property
    def _counted(self) -> dict[tuple[str, str], set[str]]:
        """The digits of the context's numbers, by their unit and the word that follows."""
        found: dict[tuple[str, str], set[str]] = {}
        for digits, places in self._told.written.items():
            for place in places:
                found.setdefault((place.unit, place.follows), set()).add(digits)
        return found

    @cached_property
    def _gaps(self) -> list[int]:
        """Between two of the times, in minutes, a day's turn over."""
        return sorted({(one - other) % 1440 for one in self._minutes for other in self._minutes})

    def take(self, quantities: Iterable[Quantity]) -> None:
        """More operands: quantities of the reply that are thought to be right."""
        for each in quantities:
            self._days.take(each.dates)
            self._minutes += [minute for minute in each.minutes if len(self._minutes) < 2 * DATES and minute not in self._minutes]
            self._ways.take(each)
        self.__dict__.pop("_gaps", None)

    def follows(self, quantity: Quantity) -> bool:
        """Whether a date, time or identifier may be right all the same."""
        if quantity.kind == "date":
            if not any(day for _, _, day in quantity.dates) and not any(year for year, _, _ in quantity.dates):
                return True  # a month alone
            if any(self._days.wrong(each, quantity) and not self._days.is_term(each) for each in quantity.dates):
                return False
            if self._supposed(quantity, clause=True):
                return True
            return (all if quantity.both else any)(self._days.right(each, quantity) for each in quantity.dates)
        if quantity.kind == "time" and quantity.written and self._told.clocked and _cue(self._folded, quantity) < 3:
            return False  # 2:24:38 beside 2:24:18
        if quantity.kind == "time":
            return all(self._time(each, quantity) for each in quantity.minutes) if quantity.both else any(self._time(each, quantity) for each in quantity.minutes)
        return sum(map(str.isdigit, quantity.written)) < 2 and CODE.fullmatch(self._folded, quantity.start, quantity.end) is None

    def plainly_right(self, quantity: Quantity) -> bool:
        """Whether a number needs no other evidence."""
        if self._beside(quantity) or quantity.unit == "th":
            return True
        if clock := SECONDS.match(self._folded, quantity.start):  # 52:54 minutes
            return any(abs(each.value - int(clock[1]) * 60 - int(clock[2])) <= 1 for each in self._ways.operands)
        value, room = float(quantity.values[0]), float(quantity.step) / 2
        if self._rounded(value, quantity) or self._plain_ways.has(quantity) or self._lasts_like_the_one_before(value, quantity):
            return True
        return bool(self._ways.factor) and any(abs(each.value * factor * self._ways.factor - value) <= room for each in self._ways.operands if (factor := in_units(each.unit, quantity.unit)))

    def _lasts_like_the_one_before(self, value: float, quantity: Quantity) -> bool:
        before = max((each for each in self._reply if each.end <= quantity.start), key=lambda each: each.end, default=None)
        unit = self._plain_ways.carried(quantity, before)
        return bool(unit) and self._time_between(value, quantity._replace(unit=unit))

    def evidence(self, quantity: Quantity, *, worked: bool) -> Evidence:
        """What speaks for a number and against it. worked: as in Evidence."""
        value, likeness, cue = float(quantity.values[0]), self._left_out.wrong(quantity, self._folded), _cue(self._folded, quantity)
        ways = (*quantity.values[:2], quantity.values[0] / quantity.times) if quantity.times > 1 else quantity.values[:2]
        reached, chance, twice = min((self._ways.chance(float(each), quantity) for each in ways), key=lambda way: (not way[0], way[1]))
        return Evidence(
            reached, chance, likeness, cue, len(digits_of(quantity.values[0]).replace(".", "").strip("0")), self._excuse(value, quantity),
            worked, quantity.kind == "percent", quantity.about != "", quantity.unit != "", quantity.spelled, twice, self._aligned.of(quantity, self._ways.near(quantity)), self.exceeds(quantity), self._replaces(quantity),
        )  # fmt: skip

    def _excuse(self, value: float, quantity: Quantity) -> str:
        small = (value < 10 and value == int(value) and quantity.times == 1) or (quantity.spelled and value <= 10)
        if small and quantity.kind != "percent" and not (self._contradicts(quantity) or self.exceeds(quantity)):
            return "small"
        if self._again(value, quantity):
            return "again"
        if self._rounded(value, quantity):
            return "rounded"
        if self._time_between(value, quantity) or self._year_written_short(value, quantity) or self._years_between(value, quantity):
            return "between"
        return "supposed" if self._supposed(quantity) else ""

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
        start, follows = max(0, quantity.start - 80), Place(self._folded, quantity.start, quantity.end, "").follows
        if not (follows or quantity.unit) or CUE.search(self._folded, start, quantity.end + 40) is not None:
            return False
        same = self._counted.get((quantity.unit, follows))
        return same is not None and digits_of(quantity.values[0]) not in same

    def exceeds(self, quantity: Quantity) -> bool:
        """Whether it is more of a thing than the context counts, all its counts together: no part of them, then. The context counts few of it, and the reply says none of these counts."""
        follows = Place(self._folded, quantity.start, quantity.end, "").follows
        same = self._counted.get((quantity.unit, follows)) if follows and quantity.values and quantity.kind == "number" else None
        if not same or len(same) > 2 or not same.isdisjoint(self._said) or _cue(self._folded, quantity) == 3 or self._supposed(quantity):
            return False
        return 0 < sum(map(float, same)) < float(quantity.values[0]) <= _FEW

    def _replaces(self, quantity: Quantity) -> bool:
        """Whether it stands between the words of one that the reply leaves out, and is not worked out from that one in a step."""
        one = self._aligned.replaced(quantity)
        return one is not None and not self._ways.a_step(one, quantity)

    def instead(self, quantity: Quantity, evidence: Evidence | None = None) -> bool:
        """Whether it stands in the words of another number of the context, which the reply leaves out, and is not worked out from that one. evidence: of one that the context does not have; of others, the words on both
        sides must be the same."""
        value, near = float(quantity.values[0]), evidence.aligned if evidence else UNKNOWN
        if near.told[0] or near.joined[0] or (evidence and (evidence.cue == 3 or evidence.excuse not in ("", "small"))):
            return False
        other, both = self._aligned.instead_of(quantity)
        if not quantity.unit and 1900 <= other <= 2100:
            return False  # a year
        if not (both or evidence) or not other / _SIZE < value < other * _SIZE or value == other or (quantity.unit == "%" and value + other == 100):
            return False
        if (evidence is None or (evidence.reached and evidence.chance < _BY_CHANCE)) and (not both or _cue(self._folded, quantity) > 1):
            return False
        if any(FOREIGN[word] == other for word in FOREIGN.keys() & set(re.findall("[a-z]+", self._folded[max(0, quantity.start - 80) : quantity.end + 80].lower()))):
            return False  # `deux`, which is only read beside a unit
        said = self._ways.near(quantity)
        alike = {each.value for each in (*said, *self._ways.neighbours(Number(other, quantity.unit)), *self._aligned.near(quantity)) if each.unit == quantity.unit}
        counts = {each.value for each in said if not each.unit}
        times = max(value, other) / min(value, other)
        return not (times == 12 or times in counts or value - other in alike or other - value in alike or _TWICE.search(self._folded, max(0, quantity.start - 80), quantity.start) is not None)

    def misplaced(self, quantity: Quantity) -> bool:
        """Whether it stands in the context, digit by digit, but here in the words of another number of it."""
        return not quantity.about and digits_of(quantity.values[0]) in self._told.written and self._aligned.framed(quantity) and self.instead(quantity)

    def _again(self, value: float, quantity: Quantity) -> bool:
        """Whether it is a number of the context at another scale."""
        digits = digits_of(quantity.values[0]).replace(".", "").strip("0")
        plain = self._plain if len(digits) > 2 else []
        return bool(plain) and any(has(plain, value * scale, abs(value * scale) * 1e-6) for scale in (0.001, 0.01, 100.0, 1000.0, 1e6))

    def _rounded(self, value: float, quantity: Quantity, digits: int = 2) -> bool:
        """Whether it is one of the context, less exactly: `605,000` for 605,270. digits: that it has besides zeros, at least."""
        written = digits_of(quantity.values[0])
        zeros = len(written) - len(written.rstrip("0")) if "." not in written else 0
        return zeros > 1 and len(written) - zeros >= digits and has(self._plain, value, 10.0**zeros / 2)

    @property
    def _plain(self) -> list[float]:
        return sorted(each.value for each in self._ways.operands)

    def _years_between(self, value: float, quantity: Quantity) -> bool:
        years = sorted(each.value for each in self._ways.operands if 1000 <= each.value <= 2200 and not each.unit) if value <= 150 and quantity.unit in ("", "year") else []
        return any(has(years[at + 1 :], one + value, 1) for at, one in enumerate(years))

    def _supposed(self, quantity: Quantity, *, clause: bool = False) -> bool:
        """Whether the reply makes it up for an example or an offer. clause: what comes behind a comma follows from it, and is not made up."""
        start = max(0, quantity.start - 80)
        if SUPPOSED.search(self._folded, max(start, self._folded.rfind(", ", start, quantity.start)) if clause else start, quantity.start):
            return True
        stop = STOP.search(self._folded, quantity.end, quantity.end + 120)
        return (stop is not None and stop[0].startswith("?")) or ARTICLE.search(self._folded, max(0, quantity.start - 4), quantity.start) is not None

    def _year_written_short(self, value: float, quantity: Quantity) -> bool:
        """`68` of `1947-68`."""
        before = CENTURY.search(self._folded, max(0, quantity.start - 8), quantity.start)
        return before is not None and Number(int(before[1]) * 100 + value, "") in self._all

    def looks_wrong(self, quantity: Quantity) -> bool:
        """Whether it looks like a number of the context that is left out, and nothing says plainly that it was worked out."""
        return bool(quantity.values) and (len(digits_of(quantity.values[0])) > 2 or quantity.unit in MEASURES) and _cue(self._folded, quantity) < 3 and self._left_out.looks(quantity, self._folded).how == LIKE

    def _pairs(self) -> Iterator[tuple[float, str]]:
        return ((each.value, each.unit) for each in self._ways.operands)

    def _time_between(self, value: float, quantity: Quantity) -> bool:
        dimension, factor = MEASURES.get(quantity.unit, ("", 0))
        if dimension not in ("time", "months"):
            return False
        if dimension == "time":
            seconds, room = value * float(factor), float(factor) * (0.6 if quantity.about or factor >= 3600 else 0.01)
            if has(self._gaps, seconds / 60, room / 60):
                return True
        unit = float(factor) / 86400 if dimension == "time" else float(factor) * 30.44
        room = max(1.01, unit * (0.6 if unit > 1 else 0), value * unit * 0.01)
        return has(self._days.apart, value * unit, room) or (unit > 300 and has(self._days.years_apart, value * unit / 365.25, 366 / 365.25))

    def _time(self, minute: int, quantity: Quantity) -> bool:
        minute %= 1440
        if self._hour_wrong(minute, quantity):
            return False
        if self._clock(minute) or self._supposed(quantity) or "ratio" in self._folded[max(0, quantity.start - 24) : quantity.end + 12].lower():
            return True
        lasting = quantity.minutes[0] if ":" in self._folded[quantity.start : quantity.end] else 0
        if lasting and any(round(value) in (lasting, lasting * 60) or lasting in (round(value / 60),) for value, _ in self._pairs()):
            return True  # 52:54 is said of seconds, or of minutes
        if PACE.search(self._folded, max(0, quantity.start - 24), quantity.end + 8) and lasting and any(hit and chance < _PACE for hit, chance, _ in (self._ways.chance(float(each), quantity._replace(unit="")) for each in (lasting, lasting / 60))):
            return True
        if any((minute - each) % 1440 in self._minutes_told for each in self._times_before(quantity)):
            return True  # `the 10:38 leaves at 10:50`, by what the context says of it
        told = set(self._minutes)
        around = self._folded[max(0, quantity.start - 30) : quantity.end + 30]
        if ZONE.search(around) and any((minute - each) % 60 == 0 for each in told):
            return True
        lasts = {round(value * float(MEASURES[unit][1]) / 60) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "time"}
        said = {each % 720 for each in self._times}
        if any(each // 60 % 12 == minute // 60 % 12 and each % 720 not in said and looks_like(f"{each % 60:02}", f"{minute % 60:02}") for each in self._minutes) and _cue(self._folded, quantity) < 3:
            return False
        lasts |= {round(value) for value, unit in self._pairs() if value <= 600 and not unit}
        room = 5 if quantity.end and re.search(r"(?:about|around|roughly|approximately|~) ?\Z", self._folded[max(0, quantity.start - 15) : quantity.start]) else 0
        turns = {last % 1440 for last in lasts if last >= 10 or room}
        room += 10 if "around" in around else 0
        return any((way * (minute - each) + off) % 1440 in turns for each in told for way in (1, -1) for off in range(-room, room + 1))

    def _hour_wrong(self, minute: int, quantity: Quantity) -> bool:
        """Whether it is a time of the context that the reply leaves out but for the hour: 5:45 for 6:45, where nothing lasts an hour or comes every hour."""
        if not AGAIN.isdisjoint(self._told.words):
            return False
        lasts = {round(value * float(MEASURES[unit][1]) / 60) for value, unit in self._pairs() if MEASURES.get(unit, ("",))[0] == "time"}
        hours, said = [last for last in lasts if last and last % 60 == 0], {each % 720 for each in self._times}
        near = (each for each in self._minutes if each % 60 == minute % 60 != 0 and each % 720 not in said)
        return not ZONE.search(self._folded, max(0, quantity.start - 30), quantity.end + 30) and any(not any((minute - each) % last == 0 for last in hours) for each in near) and _cue(self._folded, quantity) < 3

    def _clock(self, minute: int) -> bool:
        """Whether the context has that hour without saying that it is one: `9-18`, `14.30`."""
        hour, rest = divmod(minute, 60)
        ways = {float(hour), float(hour % 12 or 12)} if not rest else {round(hour + rest / 100, 2), round((hour % 12 or 12) + rest / 100, 2)}
        if not rest and hour in (0, 12) and ("noon" in self._told.words or "midnight" in self._told.words):
            return True
        return not ways.isdisjoint(self._hours)

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
