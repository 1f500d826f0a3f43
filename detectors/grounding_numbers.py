"""Quantities of a reply whose value stands nowhere in its context.

A quantity stands there if the context has its value: in another format, as another unit of the same measure, more exactly (a reply may round to two digits, or to
what `about`, `nearly`, `over` leave room for), as a share for a percentage, as the number of rows of a list or table, or as what the reply itself works
out where it says so: a sum, difference, product, quotient, change in per cent or mean of quantities next to it.

What it cannot see: a right number with the wrong thing; numbers of one digit in words, ordinals in words, `half`, `double`; a wrong unit where the
context has that number without one; a wrong number that happens to be a rounding, a count or a sum.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from detectors.grounding_units import FRACTIONS, LOOSE, MEASURES, ORDINALS, PART, UNITS, VALUES_OF_WORDS
from detectors.grounding_values import Date, Quantity, durations, plain, quantities, read_digits

_RUN = re.compile(r"\d+")
_ROW = re.compile(r"^[ \t]*(?:[-+*\u2022]|\d{1,3}[.)]|\|)[ \t]?[^\n]*$", re.MULTILINE)
_NUMBERED = re.compile(r"(?:^|\n)[ \t>*_#|]*\(?\d{1,3}[.):](?=[ \t*_]|\Z)")
_LABELLED = re.compile(r"\b(?:step|option|point|part|item|note|tip|reason|question|answer|example|scenario|approach|method|idea) ?#?\s?\Z", re.IGNORECASE)
_WORKS_OUT = re.compile(
    r"\d (?:of|out of|von|sur|su|de) (?:the |its |all )?\d|total|\bsum|combined|together|altogether|overall|in all\b|differ|increas|decreas|growth|grew|rose|rise|fell|fall|drop|gap|\bmore\b|\bless\b|\bfewer|higher|lower|\bup\b|\bdown\b|average|mean\b|\bper\b|ratio|times\b|\bleft\b|remain|minus|plus\b|\bnet\b|"
    r"change|[=+\u00d7\u00f7]| - | x |sav(?:e|ing)|longer|shorter|later|earlier|older|younger|ahead|behind|margin|declin|gain|loss|lost|worth|cost|share|proportion|each|apart|surplus|deficit|shortfall|reduc|add(?:s|ed|ing)?\b|bring|comes? to|amount|\bi\.e|that is\b|which is\b|equals|last(?:s|ed)\b|half|double|twice|third|quarter|insgesamt|zusammen|gesamt|summe|differenz|au total|ensemble|en tout|sum[ae]\b|totale|\bjunto",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(\[*-])|\n+")
_WORD = re.compile(r"[a-z]+")
_COUNT = r"(\d{1,7}(?:,\d{3})*|" + "|".join(VALUES_OF_WORDS) + ")"
_RATIO = re.compile(rf"\b{_COUNT} (?:in|out of|of|of every|in every) (?:the |every )?{_COUNT}\b")
_ONE = re.compile(r"\b(?:(half|quarter of|three quarters of) )?(?:an?|one) (hour|day|week|month|year|minute|decade|kilo|litre|mile|dozen)\b|\b(fortnight)\b")
_FACTORS = (("half", Decimal("0.5")), ("third", 1 / Decimal(3)), ("quarter", Decimal("0.25")), ("double", Decimal(2)), ("twice", Decimal(2)), ("triple", Decimal(3)))
_CONSTANTS = tuple(map(Decimal, (12, 60, 7, 24, 52, 365, 1000)))  # months, minutes, days, hours, weeks, days of a year, thousandths
_RATES = (" per ", "/", "annual", "year", "month", "week", "daily", "hour", "minute", " each ")
_BESIDE = re.compile(r"\s?[*/x\u00f7]\s?[$\u20ac\u00a3]?\d")  # an expression goes on
_OPERANDS = 8  # on either side of what may have been worked out
_WORKED_OUT = 1000  # quantities of a reply that may be sums: no reply of people has more that the context lacks
_ROWS = 40  # above a total
_SMALLEST_SPELLED = 11  # in words, without a unit
_CONVERTED = Decimal("0.006")  # what rounding a conversion may change
_MONTH = Decimal(30 * 86400)  # seconds, more or less
_ROUGHLY = Decimal("0.1")


@dataclass(slots=True)
class Values:
    """What a context says in quantities."""

    units: dict[Decimal, set[str]] = field(default_factory=dict)  # value -> the units that it stands with
    measures: dict[str, list[Decimal]] = field(default_factory=dict)  # dimension -> in its base
    dates: set[Date] = field(default_factory=set)
    minutes: set[int] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    shares: list[Decimal] = field(default_factory=list)  # `a third`, `1 in 10`
    ordered: list[Decimal] = field(default_factory=list)

    def add(self, folded: str) -> None:
        found = quantities(folded)
        for quantity in (*found, *durations(found, folded)):
            self._take(quantity)
        for word in _WORD.findall(folded.lower()):
            if word in LOOSE:
                self.units.setdefault(LOOSE[word], set()).add("")
            if word in FRACTIONS:
                self.shares.append(FRACTIONS[word])
            if word in ORDINALS:
                self.units.setdefault(ORDINALS[word], set()).add("th")
            self.words.add(word)
        for ratio in _RATIO.finditer(folded.lower()):
            of, whole = _said(ratio[1]), _said(ratio[2])
            if whole:
                self.shares.append(of / whole)
        for one in _ONE.finditer(folded.lower()):
            self._take(Quantity("number", *one.span(), values=(PART[one[1] or ""] * (14 if one[3] else 1),), unit="day" if one[3] else UNITS.get(one[2], "")))
        self.runs.update(run.lstrip("0") or "0" for run in _RUN.findall(folded))
        self.written.update(plain(each) for each in re.findall(r"[A-Za-z0-9][A-Za-z0-9./_:-]{0,60}", folded) if any(char.isdigit() for char in each))

    def count(self, folded: str) -> None:
        """The rows of a text's lists and tables."""
        rows = sum(1 for _ in _ROW.finditer(folded))
        for count in (rows, rows - 1, rows - 2):  # a table has a head and a line below it
            if count > 1:
                self.units.setdefault(Decimal(count), set()).add("")

    def close(self) -> None:
        """After the last `add`."""
        self.ordered = sorted(self.units)
        self.shares.sort()
        for found in self.measures.values():
            found.sort()

    def _take(self, quantity: Quantity) -> None:
        for year, month, day in quantity.dates:
            self.dates.update(((year, month, day), (0, month, day), (year, month, 0), (0, month, 0), (year, 0, 0)))
            for part in (year, day):
                self.units.setdefault(Decimal(part), set()).add("")
        self.minutes.update(quantity.minutes)
        for minute in quantity.minutes:
            self.units.setdefault(Decimal(minute // 60), set()).add("")
        if quantity.written:
            self.written.add(quantity.written)
        for value in quantity.values:
            value = value.normalize()
            self.units.setdefault(value, set()).add(quantity.unit)
            if quantity.unit in MEASURES:
                dimension, factor = MEASURES[quantity.unit]
                self.measures.setdefault(dimension, []).append(value * factor)

    def has(self, quantity: Quantity) -> bool:
        if quantity.kind == "date":
            return (all if quantity.both else any)(self._dated(each) for each in quantity.dates)
        if quantity.kind == "time":
            return (all if quantity.both else any)(minute in self.minutes for minute in quantity.minutes)
        if quantity.kind == "id":
            return self._identified(quantity.written)
        return any(self._valued(value.normalize(), quantity) for value in quantity.values)

    def _dated(self, date: Date) -> bool:
        year, month, day = date
        return date in self.dates or (year > 0 and (0, month, day) in self.dates and Decimal(year) in self.units and not self._year_said(month, day))

    def _year_said(self, month: int, day: int) -> bool:
        return any(each[1:] == (month, day) and each[0] for each in self.dates) if len(self.dates) < 400 else True

    def _identified(self, written: str) -> bool:
        if written in self.written:
            return True
        if written.isdigit() and len(written) >= 8:
            return written in self.runs or any(_same_phone(written, each) for each in self.written if each.isdigit() and len(each) >= 8)
        if "." in written:
            return plain(written) in self.written
        letters, runs = re.findall(r"[a-z]+", written), _RUN.findall(written)
        return all((run.lstrip("0") or "0") in self.runs for run in runs) and all(each in self.words or each in ("p", "v", "q", "fy") for each in letters)

    def _valued(self, value: Decimal, quantity: Quantity) -> bool:
        units = self.units.get(value)
        if units is not None and (quantity.unit in ("", "th") or "" in units or quantity.unit in units) and (value > 3 or units != {"th"} or quantity.unit == "th"):
            return True
        if quantity.unit == "%" and "" in self.units.get((value / 100).normalize(), ()):
            return True
        if quantity.unit == "%" and _within(self.shares, (value - quantity.step / 2) / 100, (value + quantity.step / 2) / 100):
            return True
        if quantity.unit == "" and abs(value) <= 1 and value and "%" in self.units.get((value * 100).normalize(), ()):
            return True
        if value == value.to_integral_value() and 1000 <= value <= 2200 and (int(value), 0, 0) in self.dates:
            return True
        if quantity.step == 1 and value % 10 == 0 and 1500 <= value <= 2100 and any((int(value) + year, 0, 0) in self.dates or Decimal(int(value) + year) in self.units for year in range(10)) and quantity.unit == "":
            return True  # the 1990s
        return self._converted(value, quantity) or self._rounded(value, quantity)

    def _of_heat(self, value: Decimal, quantity: Quantity) -> bool:
        if quantity.unit == "fahrenheit":
            celsius = (value - 32) * 5 / 9
            return _within(self.measures.get("heat", ()), celsius - 1, celsius + 1)
        fahrenheit = value * 9 / 5 + 32
        return _within(self.measures.get("fahrenheit", ()), fahrenheit - 1, fahrenheit + 1)

    def _converted(self, value: Decimal, quantity: Quantity) -> bool:
        if quantity.unit not in MEASURES:
            return False
        if quantity.unit in ("celsius", "fahrenheit") and self._of_heat(value, quantity):
            return True
        dimension, factor = MEASURES[quantity.unit]
        base = value * factor
        room = max(abs(base) * _CONVERTED, quantity.step * factor / 2)
        if _within(self.measures.get(dimension, ()), base - room, base + room):
            return True
        if dimension == "months":  # said in days
            seconds = base * _MONTH
            return _within(self.measures.get("time", ()), seconds * Decimal("0.98") - _MONTH / 12, seconds * Decimal("1.02") + _MONTH / 12)
        return dimension == "time" and base >= _MONTH and _within(self.measures.get("months", ()), (base * Decimal("0.98") - _MONTH / 12) / _MONTH, (base * Decimal("1.02") + _MONTH / 12) / _MONTH)

    def _rounded(self, value: Decimal, quantity: Quantity) -> bool:
        if value != quantity.values[0].normalize():
            return False  # another reading of it
        digits = len(value.as_tuple().digits)
        exponent = max(int(value.as_tuple().exponent), int(quantity.step.normalize().as_tuple().exponent))
        if quantity.about:
            zeros = Decimal(1).scaleb(max(0, exponent)) if quantity.step >= 1 else quantity.step
            room = min(zeros, abs(value) * _ROUGHLY) if zeros != 1 else quantity.step / 2
            low, high = value if quantity.about == "over" else value - room, value if quantity.about == "under" else value + room
            return any(True for _ in self._between(low, high, quantity.unit, exponent))
        if digits < 2 and quantity.times == 1:
            return False
        low, high = value - quantity.step / 2, value + quantity.step / 2
        if quantity.times == 1 and quantity.step >= 1:  # 12 for 12.4, never 1200 for 1234
            return any(each != each.to_integral_value() for each in self._between(low, high, quantity.unit, exponent))
        return any(True for _ in self._between(low, high, quantity.unit, exponent))

    def _between(self, low: Decimal, high: Decimal, unit: str, least: int) -> Iterator[Decimal]:
        at = bisect_left(self.ordered, low)
        for each in self.ordered[at : at + 50]:
            if each > high:
                return
            units = self.units[each]
            if int(each.as_tuple().exponent) >= least:  # not more exact than what is said to be its rounding
                continue
            if "" in units or unit in units:
                yield each


def _said(count: str) -> Decimal:
    return VALUES_OF_WORDS[count] if count in VALUES_OF_WORDS else Decimal(count.replace(",", ""))


def _same_phone(one: str, other: str) -> bool:
    """Whether one is the other without the code of its country, or with 00 for +."""
    longer, shorter = sorted((one.lstrip("0"), other.lstrip("0")), key=len, reverse=True)
    return longer.endswith(shorter) and len(longer) - len(shorter) <= 3 and len(shorter) >= 7


def _within(found: Sequence[Decimal], low: Decimal, high: Decimal) -> bool:
    at = bisect_left(found, low)
    return at < len(found) and found[at] <= high


def learn(texts: Sequence[str]) -> Values:
    """What folded texts say in quantities."""
    values = Values()
    values.add("\n\n".join(texts))
    for text in texts:
        values.count(text)
    values.close()
    return values


def unsupported(folded: str, known: Values) -> Iterator[tuple[int, int, float]]:
    """Spans of the folded reply whose quantity the context does not have, and how sure each is."""
    found = [each for each in quantities(folded) if not _is_label(folded, each)]
    joined = durations(found, folded)
    parts = {start for each in joined for start in (each.start, *(part.start for part in found if part.end == each.end))} if joined else set()
    found = sorted([*(each for each in found if each.start not in parts), *joined], key=lambda each: each.start)
    missing = [index for index, each in enumerate(found) if not _is_loose(each) and not known.has(each)]
    if not missing:
        return
    sums = _Sums(folded, found, frozenset(missing))
    for number, index in enumerate(missing):
        if number >= _WORKED_OUT or not sums.work_out(index):
            yield found[index].start, found[index].end, 0.9 if found[index].kind != "id" else 0.8


def _is_loose(quantity: Quantity) -> bool:
    """Whether it says too little to be wrong: `one of the two`."""
    if not quantity.spelled:
        return False
    if quantity.unit or quantity.times > 1:
        return quantity.values[0] <= 1 or quantity.unit == "second"
    return quantity.values[0] < _SMALLEST_SPELLED


def _is_label(folded: str, quantity: Quantity) -> bool:
    """Whether it numbers a line, a step or a figure of the reply itself."""
    if quantity.kind != "number" or quantity.unit or quantity.end - quantity.start > 3:
        return False
    line = folded.rfind("\n", max(0, quantity.start - 12), quantity.start)
    start = line if line >= 0 else 0 if quantity.start <= 12 else quantity.start
    return _NUMBERED.fullmatch(folded, start, quantity.end + 1) is not None or _LABELLED.search(folded, max(0, quantity.start - 12), quantity.start) is not None


class _Sums:
    """What the reply works out from the quantities next to it."""

    def __init__(self, folded: str, found: Sequence[Quantity], missing: frozenset[int]) -> None:
        self._folded, self._found, self._missing = folded, found, missing
        self._starts = [0, *(match.end() for match in _SENTENCE.finditer(folded))]
        self._worked: set[int] = set()
        self._lines = [match.start() for match in re.finditer("\n", folded)]
        self._rows = sum(1 for _ in _ROW.finditer(folded))
        self._window = (-1, -1)
        self._text, self._shown, self._says = "", [Decimal(0)], False

    def work_out(self, index: int) -> bool:
        """Whether this one is a count, sum or the like. Asked in order."""
        quantity = self._found[index]
        if quantity.kind not in ("number", "percent"):
            return False
        sentence = bisect_right(self._starts, quantity.start) - 1
        start = self._starts[max(0, sentence - 1)]
        end = self._starts[sentence + 1] if sentence + 1 < len(self._starts) else len(self._folded)
        if (quantity.values[0] in _CONSTANTS or (quantity.values[0] <= 10 and quantity.step == 1)) and (_BESIDE.match(self._folded, quantity.end) or re.search(r"\d\s?[*/x\u00f7]\s?\Z", self._folded[max(0, quantity.start - 5) : quantity.start])):
            return True
        counts = quantity.unit == "" and quantity.values[0] in (self._rows, self._rows - 1, self._rows - 2) and self._rows > 1
        if (start, end) != self._window:
            self._window, self._text = (start, end), self._folded[start : min(end, start + 2000)]
            self._says, self._shown = _WORKS_OUT.search(self._text) is not None, list(_shown(self._text))
        lasts = quantity.kind == "percent" or quantity.unit in ("year", "decade", "day", "week")
        if counts or ((self._says or lasts) and self._from_near(index, start, end)) or self._column(index):
            self._worked.add(index)
            return True
        return False

    def _from_near(self, index: int, start: int, end: int) -> bool:
        quantity = self._found[index]
        operands: list[Decimal] = []
        for other in (*range(index - 1, max(-1, index - 1 - _OPERANDS), -1), *range(index + 1, min(len(self._found), index + 1 + _OPERANDS))):
            each = self._found[other]
            fits = quantity.kind == "percent" or each.unit in ("", "%", quantity.unit) or quantity.unit == ""
            if fits and start <= each.start < end and each.values and (other not in self._missing or other in self._worked):
                operands.append(each.values[0])
        shown = list(self._shown)
        if quantity.unit in MEASURES and MEASURES[quantity.unit][0] in ("time", "months"):
            near = (self._found[other] for other in range(max(0, index - _OPERANDS), min(len(self._found), index + _OPERANDS)) if other not in self._missing)
            dates = [date for each in near if start <= each.start < end for date in each.dates]
            operands += [Decimal(date[0]) for date in dates if date[0]]
            days = [Decimal(_day(date)) for date in dates if date[1] and date[2]]
            week = 7 if quantity.unit == "week" else 1
            shown += [abs(one - other) / week + more for one in days for other in days for more in (0, 1) if quantity.unit in ("day", "week")]
        made = chain(shown, _made_of(operands, self._text, percent=quantity.kind == "percent", exact=not quantity.about))
        return any(_near(value, quantity, each) for each in made for value in quantity.values)

    def _column(self, index: int) -> bool:
        """Whether it is the sum of what stands in the lines above, at the same place of each or as its last number."""
        quantity = self._found[index]
        line = bisect_right(self._lines, quantity.start)
        rows = self._rows_above(index, line)
        if len(rows) < 2:
            return False
        place = 0
        while index - place - 1 >= 0 and bisect_right(self._lines, self._found[index - place - 1].start) == line:
            place += 1
        for pick in (place, -1, 0):
            values = [row[pick] for row in rows if len(row) > pick >= -len(row)]
            total = sum(values, Decimal(0))
            if any(_near(value, quantity, total) or _near(value, quantity, total / max(1, len(values))) for value in quantity.values):
                return True
        return False

    def _rows_above(self, index: int, line: int) -> list[list[Decimal]]:
        rows: dict[int, list[Decimal]] = {}
        for other in range(index - 1, max(-1, index - 1 - 4 * _ROWS), -1):
            each = self._found[other]
            at = bisect_right(self._lines, each.start)
            if at < line - _ROWS:
                break
            if at < line and each.values and (other not in self._missing or other in self._worked):
                rows.setdefault(at, []).insert(0, each.values[0])
        return list(rows.values())


_SHOWN = re.compile(r"(?<![\w.,])[$\u20ac\u00a3]?\d[\d.,]{0,20}(?: ?(?:%|[A-Za-z]{1,8})(?= ))?(?: ?[-+*/x\u00f7] ?[$\u20ac\u00a3]?\d[\d.,]{0,20}(?: ?(?:%|[A-Za-z]{1,8})(?= ))?){1,12}")
_TERM = re.compile(r"([-+*/x\u00f7])? ?[$\u20ac\u00a3]?(\d[\d.,]*)")


def _shown(text: str) -> Iterator[Decimal]:
    """What the expressions that are written out come to: `2 x 37 + 11`."""
    for shown in _SHOWN.finditer(text):
        total, product = Decimal(0), Decimal(1)
        for sign, digits in _TERM.findall(shown[0]):
            value = read_digits(digits.rstrip(".,"))[0][0]
            if sign in ("*", "x"):
                product *= value
            elif sign in ("/", "\u00f7"):
                product = product / value if value else product
            else:
                total, product = total + (product if total or sign else Decimal(0)), -value if sign == "-" else value
        yield total + product


def _made_of(operands: Sequence[Decimal], text: str, *, percent: bool, exact: bool) -> Iterator[Decimal]:
    """What quantities next to each other may have been worked into, by what the text says of it."""
    low = text.lower()
    shares = percent or "%" in low or "per cent" in low or "percent" in low
    if len(operands) > 2:
        yield sum(operands, Decimal(0))
    averages = any(each in low for each in ("average", "mean", "midpoint", "middle", "median"))
    if averages:
        yield sum(operands, Decimal(0)) / max(1, len(operands))
    for word, factor in _FACTORS:
        if word in low:
            yield from (one * factor for one in operands)
    divides = shares or any(each in low for each in (" per ", "each", "ratio", "times", "/", "share", "proportion", "fold"))
    multiplies = any(each in low for each in (" x ", "*", "times", " per ", "each", "/"))
    if exact and any(each in low for each in _RATES):
        yield from (made for one in operands for constant in _CONSTANTS for made in (one * constant, one / constant) if made == made.to_integral_value())
    for at, one in enumerate(operands):
        for other in operands[at + 1 :]:
            yield one + other
            yield abs(one - other)
            if averages:
                yield (one + other) / 2
            if multiplies:
                yield one * other
            if shares:
                yield one * other / 100
            if divides and one and other:
                for over, under in ((one, other), (other, one)):
                    yield over / under
                    if percent:
                        yield over / under * 100
                        yield abs(over - under) / under * 100


def _day(date: Date) -> int:
    year, month, day = date
    try:
        return datetime.date(year or 2001, month, day).toordinal()
    except ValueError:
        return 0


def _near(value: Decimal, quantity: Quantity, made: Decimal) -> bool:
    rounds = quantity.step < 1 or quantity.times > 1 or quantity.kind == "percent"
    room = abs(value) * _ROUGHLY / 2 if quantity.about else quantity.step / 2 if rounds else Decimal(0)
    return abs(value - made) <= room
