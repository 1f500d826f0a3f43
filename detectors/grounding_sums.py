"""What a reply works out from the quantities next to each other: sums, differences, products, shares, means, columns of a table."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import chain, product

from detectors.grounding_cues import BRACKET
from detectors.grounding_units import MEASURES
from detectors.grounding_values import Date, Quantity, read_digits

_WORKS_OUT = re.compile(
    r"\d (?:of|out of|von|sur|su|de) (?:the |its |all )?\d|total|\bsum|combined|together|altogether|overall|in all\b|differ|increas|decreas|growth|grew|rose|rise|fell|fall|drop|gap|\bmore\b|\bless\b|\bfewer|higher|lower|\bup\b|\bdown\b|average|mean\b|\bper\b|ratio|times\b|\bleft\b|remain|minus|plus\b|\bnet\b|"
    r"change|[=+\u00d7\u00f7]| - | x |sav(?:e|ing)|longer|shorter|later|earlier|older|younger|ahead|behind|margin|declin|gain|loss|lost|worth|cost|share|proportion|each|apart|surplus|deficit|shortfall|reduc|add(?:s|ed|ing)?\b|bring|comes? to|amount|\bi\.e|that is\b|which is\b|equals|last(?:s|ed)\b|half|double|twice|third|quarter|insgesamt|zusammen|gesamt|summe|differenz|au total|ensemble|en tout|sum[ae]\b|totale|\bjunto",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(\[*-])|\n+")
_FACTORS = (("half", Decimal("0.5")), ("third", 1 / Decimal(3)), ("quarter", Decimal("0.25")), ("double", Decimal(2)), ("twice", Decimal(2)), ("triple", Decimal(3)))
_CONSTANTS = tuple(map(Decimal, (12, 60, 7, 24, 52, 365, 1000)))  # months, minutes, days, hours, weeks, days of a year, thousandths
_RATES = (" per ", "/", "annual", "year", "month", "week", "daily", "hour", "minute", " each ")
_BESIDE = re.compile(r"\s?[*/x\u00f7]\s?[$\u20ac\u00a3]?\d")  # an expression goes on
_OPERANDS = 8  # on either side of what may have been worked out
_ROWS = 40  # above a total
_ROUGHLY = Decimal("0.1")
_EXACTLY, _NEARLY = 300, 50  # one in so many: how far two sides may differ
_SAME, _TWICE, _DEGREES = 0.01, 0.03, 2  # what is said twice is the same up to the first, and is not beyond the second
_BASE = 8  # digits of a number that is raised to a power
_ROW = re.compile(r"^[ \t]*(?:[-+*\u2022]|\d{1,3}[.)]|\|)[ \t]?[^\n]*$", re.MULTILINE)


class Sums:
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
            self._says, self._shown = _WORKS_OUT.search(self._text) is not None, sorted(shown(self._text))
        lasts = quantity.kind == "percent" or quantity.unit in ("year", "decade", "day", "week")
        if self._equals(index):
            self._worked.add(index)
            return True
        if counts or ((self._says or lasts) and self._from_near(index, start, end)) or self._column(index):
            self._worked.add(index)
            return True
        return False

    def contradicts(self, index: int) -> bool:
        """Whether an expression is written out before it, with a sign of equality, and comes to something else."""
        return self._equals(index) is False

    def written(self, index: int) -> bool:
        """Whether one is, and comes to it."""
        return self._equals(index) is True

    def _equals(self, index: int) -> bool | None:
        quantity = self._found[index]
        start = max(0, quantity.start - 80)
        written = _EQUALS.search(self._folded[start : quantity.start])
        made = next(iter(shown(written[1])), None) if written else None
        if not made and quantity.values and (after := _IN_BRACKETS.match(self._folded, quantity.end, quantity.end + 80)):
            made = next(iter(shown(after[1])), None)
            return True if made and any(_near(value, quantity, made) for value in quantity.values) else None
        if not made or not quantity.values or not written:
            return None
        powers = next(iter(shown(written[1], powers=True)), made)
        if powers != made and any(_near(value, quantity, powers) for value in quantity.values):
            return True
        return any(_near(value * by, quantity, made) or abs(value * by - made) <= made / 100 for value in quantity.values for by in (1, 60, 100, 1000, 1 / Decimal(60), 1 / Decimal(1000)))

    def _from_near(self, index: int, start: int, end: int) -> bool:
        quantity = self._found[index]
        operands: list[Decimal] = []
        for other in (*range(index - 1, max(-1, index - 1 - _OPERANDS), -1), *range(index + 1, min(len(self._found), index + 1 + _OPERANDS))):
            each = self._found[other]
            fits = quantity.kind == "percent" or each.unit in ("", "%", quantity.unit) or quantity.unit == ""
            if fits and start <= each.start < end and each.values and (other not in self._missing or other in self._worked):
                operands.append(each.values[0])
        if any(_within(self._shown, value, quantity) for value in quantity.values):
            return True
        shown: list[Decimal] = []
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
            values = [row[pick][0] for row in rows if len(row) > pick >= -len(row)]
            total = sum(values, Decimal(0))
            if any(_near(value, quantity, total) or _near(value, quantity, total / max(1, len(values))) for value in quantity.values):
                return True
        like = [of_unit[-1] for row in rows if (of_unit := [value for value, unit in row if unit == quantity.unit])]
        return len(like) > 1 and any(_near(value, quantity, sum(like, Decimal(0))) for value in quantity.values)

    def _rows_above(self, index: int, line: int) -> list[list[tuple[Decimal, str]]]:
        rows: dict[int, list[tuple[Decimal, str]]] = {}
        for other in range(index - 1, max(-1, index - 1 - 4 * _ROWS), -1):
            each = self._found[other]
            at = bisect_right(self._lines, each.start)
            if at < line - _ROWS:
                break
            if at < line and each.values and (other not in self._missing or other in self._worked):
                rows.setdefault(at, []).insert(0, (each.values[0], each.unit))
        return list(rows.values())


_SHOWN = re.compile(r"[$\u20ac\u00a3\d](?<![\w.,].)(?:(?<=\d)|\d)[\d.,]{0,20}(?: ?(?:%|(?!x )[A-Za-z]{1,8})(?= ))?(?: ?[-+*/x\u00f7] ?[$\u20ac\u00a3]?\d[\d.,]{0,20}(?: ?(?:%|(?!x )[A-Za-z]{1,8})(?= ))?){1,12}")
_EQUALS = re.compile(r"(?:^|[^\d)(\]%+*/x\u00f7.,-] ?)((?:[$\u20ac\u00a3]?\d[\d.,]{0,20} ?[-+*/x\u00f7] ?){1,6}[$\u20ac\u00a3]?\d[\d.,]{0,20}) ?= ?[$\u20ac\u00a3]?\Z")
_IN_BRACKETS = re.compile(r"[^\d\n(]{0,12}\((?:= ?)?([$\u20ac\u00a3]?\d[^()=]{2,60}?)\)")
_EQUATION = re.compile(r"\d(?<![\w.,].)[\d.,]{0,20}(?: ?(?:%|(?!x )[A-Za-z/]{1,8}[23]?)(?= ))?(?: [-+*/x\u00f7] [$\u20ac\u00a3]?\d[\d.,]{0,20}(?: ?(?:%|(?!x )[A-Za-z/]{1,8}[23]?)(?= ))?){1,6} = [$\u20ac\u00a3]?(\d[\d.,]{0,20})")
_EXPLAINED = re.compile(r"\d(?<![\w.,].)(?<!\d x .)(?<!\d by .)[\d.,]{0,20}[^\d\n(,;:]{0,24}\((?:= ?)?([$\u20ac\u00a3]?\d[\d.,]{0,20}(?: ?(?:(?!x )[A-Za-z/]{1,8}[23]?)(?= ))?(?: [-+*/x\u00f7] [$\u20ac\u00a3]?\d[\d.,]{0,20}(?: ?[A-Za-z/]{1,8}[23]?(?=[ )]))?){1,6})\)")  # 69.65 for the cloth (3.5 x 19.90)
_SCALES = (1, 12, 60, 100, 1000, 10**4, 10**6)  # units may change between the sides
_LEADING = re.compile(r"[\d.,]+")
_TERM = re.compile(r"([-+*/x\u00f7])? ?[$\u20ac\u00a3]?(\d[\d.,]*)")


def shown(text: str, *, powers: bool = False) -> Iterator[Decimal]:
    """What the expressions that are written out come to: `2 x 37 + 11`. powers: a 2 or 3 at the end of a term may be an exponent, which folding leaves no mark of."""
    for shown in _SHOWN.finditer(text):
        total, product = Decimal(0), Decimal(1)
        for sign, digits in _TERM.findall(shown[0]):
            value = read_digits(digits.rstrip(".,"))[0][0]
            if powers and digits[-1] in "23" and digits.isdigit() and 1 < len(digits) < _BASE:
                value = Decimal(int(digits[:-1]) ** int(digits[-1]))
            if sign in ("*", "x"):
                product *= value
            elif sign in ("/", "\u00f7"):
                product = product / value if value else product
            else:
                total, product = total + (product if total or sign else Decimal(0)), -value if sign == "-" else value
        yield total + product


def equations(text: str) -> list[tuple[int, int, bool]]:
    """Spans of those that are written out, and whether they hold, however their sides are rounded or of what units: `90 cm x 80 cm = 0.72 m2`."""
    found = []
    for match in _EQUATION.finditer(text):
        left = match[0].rpartition(" = ")[0]
        if "%" not in left:
            right = read_digits(match[1].rstrip(".,"))[0]
            made = [each for powers in (False, True) for each in shown(left, powers=powers) if each > 0]
            if made:
                found.append((*match.span(), any(_the_same(each, said) for each in made for said in right)))
    for match in _EXPLAINED.finditer(text):
        digits = _LEADING.match(match[0])
        made = [each for powers in (False, True) for each in shown(match[1], powers=powers) if each > 0]
        if made and digits:
            said = read_digits(digits[0].rstrip(".,"))[0]
            exactly, nearly = (any(_the_same(each, other, part) for each in made for other in said) for part in (_EXACTLY, _NEARLY))
            found += [(*match.span(), nearly)] if exactly or not nearly else []
    return found


def _the_same(made: Decimal, said: Decimal, part: int = _NEARLY) -> bool:
    return any(abs(made - said * by) <= max(made / part, Decimal(1) / 2 if by == 1 else Decimal(0)) or abs(made * by - said) <= said / part for by in _SCALES)


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
    return abs(value - made) <= _room(value, quantity)


def _within(ordered: Sequence[Decimal], value: Decimal, quantity: Quantity) -> bool:
    """Whether one of them is."""
    room = _room(value, quantity)
    at = bisect_left(ordered, value - room)
    return at < len(ordered) and ordered[at] <= value + room


def _room(value: Decimal, quantity: Quantity) -> Decimal:
    rounds = quantity.step < 1 or quantity.times > 1 or quantity.kind == "percent"
    return abs(value) * _ROUGHLY / 2 if quantity.about else quantity.step / 2 if rounds else Decimal(0)


def said_twice(folded: str, found: Sequence[Quantity], index: int, missing: Collection[int]) -> bool | None:
    """Whether what a reply says a second time in brackets agrees, if the other time it stands in the context: `80 months (five years)`, `35 C (77 F)` do not; None if it is not said twice."""
    told: list[bool] = []
    for first, other in ((index, index + 1), (index - 1, index - 1)):
        if first in range(len(found) - 1) and other not in missing and BRACKET.fullmatch(folded, found[first].end, found[first + 1].start) is not None and folded[found[first + 1].end : found[first + 1].end + 1] in (")", ",", ";"):
            agree = _agree(found[index], found[other])
            told += [] if agree is None else [agree]
    return all(told) if told else None


def _agree(one: Quantity, other: Quantity) -> bool | None:
    """Whether two measures of the same thing in other units are the same, however the first is rounded; None if they are of different things or if it is hard to say."""
    if one.unit == other.unit or one.unit not in MEASURES or other.unit not in MEASURES:
        return None
    (first, factor), (second, by) = MEASURES[one.unit], MEASURES[other.unit]
    if first != second and {first, second} not in ({"heat", "fahrenheit"}, {"time", "months"}):
        return None
    roughly = one.about != "" or other.about != "" or first != second
    months = [30.44 * 86400 if dimension == "months" and first != second else 1 for dimension in (first, second)]
    close = False
    for made, said in product((float(each * factor) * months[0] for each in one.values), [float(each * by) * months[1] for each in other.values]):
        if {first, second} == {"heat", "fahrenheit"}:
            celsius, fahrenheit = (made, said) if first == "heat" else (said, made)
            near = min(abs(abs(sign * celsius * 1.8 + 32) - fahrenheit) for sign in (1, -1)) <= _DEGREES
        else:
            steps = float(one.step * factor) * months[0] + (float(other.step * by) * months[1] if roughly else 0.0)
            room = steps / 2 if made == float(one.values[0] * factor) * months[0] else 0.0
            near = abs(made - said) <= (_TWICE * 2 if roughly else _SAME) * made + room
            close = close or abs(made - said) <= _TWICE * made + room
        if near:
            return True
    return None if close else False
