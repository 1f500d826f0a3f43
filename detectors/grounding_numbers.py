"""Quantities of a reply whose value stands nowhere in its context.

A quantity stands there if the context has its value: in another format, as another unit of the same measure, more exactly (a reply may round to two digits, or to
what `about`, `nearly`, `over` leave room for), as a share for a percentage, as the number of rows of a list or table, or as what the reply itself works
out where it says so: a sum, difference, product, quotient, change in per cent or mean of quantities next to it.

What it cannot see: a right number with the wrong thing, unless it stands between the very words of another one that the reply leaves out; most numbers of one digit in words, ordinals in words, `half`, `double`; a wrong unit where the
context has that number without one; a wrong number that happens to be a rounding, a count or a sum; days of the week. How sure the rest is: grounding_weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice, pairwise

from detectors.grounding_derived import Derived
from detectors.grounding_reach import Number
from detectors.grounding_sums import Sums, equations, said_twice, shown
from detectors.grounding_told import Told
from detectors.grounding_units import FOREIGN, FRACTIONS, KEYS, LOOSE, MEASURES, ORDINALS, PART, UNITS, VALUES_OF_WORDS
from detectors.grounding_values import Date, Quantity, durations, plain, quantities
from detectors.grounding_weights import Evidence, doubt

_SHORT_DATE = re.compile(r"([0-9](?<![\w.,/-].)(?:(?<=0)[1-9]|(?<=[12])\d|(?<=3)[01]|(?<!0)))\.(0?[1-9]|1[0-2])\.(?!\d)")
_YEARS = re.compile(r"([12](?<![\w.,-].)(?:(?<=1)[5-9]|(?<=2)0))(\d\d)\s?[-/]\s?(\d\d)(?![\w-]|[.,]\d)")  # 1990-98
_SLASHED = re.compile(r"\d(?<![\w./-].)\d/\d\d(?![\w/-]|\.\d)")  # 02/11, of a statement: a day and a month, or a month and a day
_LETTERED = re.compile(r"\d(?:(?<=[A-Za-z].)\d{1,11}(?![\d.,]\d)|(?<![\d.,].)\d{1,11}(?=[A-Za-z]))")
_CELLS = re.compile(r"\d(?<![\d.].)\d*(?:\.\d+)?(?:,\d+(?:\.\d+)?)+(?![\d])")
_RECORD = re.compile(r"^(?:[^,\n]{0,60},(?! )){3,}[^,\n]{0,60}$", re.MULTILINE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_HOURS = re.compile(r"(\d(?<![\w.,].)(?:(?<=[01])\d|(?<=2)[0-4])?)h([0-5]\d)?(?!\w)")  # 22h30
_CRON = re.compile(r"\d(?<![\w*/,-].)(?:(?<=[0-5])\d)? (?:1?\d|2[0-3]) (?:\* \*|\* \d{1,2}|\d{1,2} \*) [\d*A-Z]")
_KEYED = re.compile(r"_([A-Za-z0-9]{1,8})\"?\s?[:=]\s?\"?-?(\d{1,15}(?:\.\d{1,9})?)(?![\w.])")
_COMMA = re.compile(r",(?<=[^\d\s],)(?=\d)")
_GROUPED = re.compile(r"\d+,\d{1,2}|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_RUN = re.compile(r"\d+")
_PHONE = 7  # digits, at least
_ROW = re.compile(r"^[ \t]*(?:[-+*\u2022]|\d{1,3}[.)]|\|)[ \t]?[^\n]*$", re.MULTILINE)
_NUMBERED = re.compile(r"(?:^|\n)[ \t>*_#|]*\(?\d{1,3}[.):](?=[ \t*_]|\Z)")
_LABELLED = re.compile(r"\b(?:step|option|point|part|item|note|tip|reason|question|answer|example|scenario|approach|method|idea) ?#?\s?\Z", re.IGNORECASE)
_WRITTEN = re.compile(r"[A-Za-z0-9](?<![A-Za-z0-9].)(?:(?<=\d)|(?=[A-Za-z./_:-]{0,59}+\d))[A-Za-z0-9./_:-]{0,60}")
_WORD = re.compile(r"[a-z]+")
_COUNT = r"(\d{1,7}(?:,\d{3})*|" + "|".join(VALUES_OF_WORDS) + ")"
_OF = re.compile(rf"[io](?<!\w.)(?:(?<=i)n|(?<=o)ut of|(?<=o)f|(?<=o)f every|(?<=i)n every) (?:the |every )?{_COUNT}\b")
_PART = re.compile(rf"\b{_COUNT} \Z")
_ONE = re.compile(r"[hqtaof](?<!\w.)(?:((?<=h)alf|(?<=q)uarter of|(?<=t)hree quarters of)[ -](?:an? |one )?(hour|day|week|month|year|minute|decade|kilo|litre|mile|dozen)\b|(?:(?<=a)n?|(?<=o)ne) (hour|day|week|month|year|minute|decade|kilo|litre|mile|dozen)\b|((?<=f)ortnight)\b)")
_UNITS_OF_ONE = frozenset("hour day week month year minute decade kilo litre mile dozen fortnight".split())  # noqa: SIM905  in _ONE
_RATIO = re.compile(r"([1-9](?<![\d:.,].)):([1-9])(?![\d:])")
_RATIOS = 4
_WORKED_OUT = 1000  # quantities of a reply that may be sums: no reply of people has more that the context lacks
_PASSES, _ASKED = 3, 100  # over what is left, if it is no more than that
SURE, LIKELY, DOUBTFUL, PLAIN = 0.9, 0.6, 0.35, 0.1  # scores of what is not weighed: nothing comes to it; it is more of a thing than there is; it may follow; it does, as far as one can see
_WRONG = 0.5
_OF_A_DATE = "#"  # in the place of a unit: a year, a day or an hour, which is no number of anything else
_FOLLOWS = 0.4  # what scores less is thought to be right, and others may be worked out from it
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
    dated: set[tuple[int, int]] = field(default_factory=set)  # month and day of those with a year
    minutes: set[int] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)  # of `written`, when first asked for
    clocks: set[str] = field(default_factory=set)  # with seconds, as they are written
    written: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)  # of `written`, without leading zeros
    local: set[str] = field(default_factory=set)  # the same, without the code of a country
    runs: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    shares: list[Decimal] = field(default_factory=list)  # `a third`, `1 in 10`
    ordered: list[Decimal] = field(default_factory=list)
    lettered: set[Decimal] = field(default_factory=set)  # of what is written with letters: 512 of `512Mi`
    told: Told = field(default_factory=Told)  # all of it, in order

    def add(self, folded: str) -> None:
        if len(_RECORD.findall(folded)) > 1:  # lines of CSV
            folded = _RECORD.sub(_record, folded)
        folded = _COMMA.sub(", ", _CELLS.sub(_apart, folded))
        found = quantities(folded)
        self.told.keyed = '":' in folded
        for quantity in (*found, *durations(found, folded)):
            self._learn(quantity, folded)
        self.minutes.update(int(hour) * 60 + int(minute or 0) for hour, minute in _HOURS.findall(folded))
        for schedule in _CRON.finditer(folded) if "*" in folded else ():
            minute, hour, *_ = schedule[0].split()
            self.minutes.add(int(hour) * 60 + int(minute))
        for keyed in _KEYED.finditer(folded):
            if unit := KEYS.get(keyed[1].lower()):
                number = Quantity("number", keyed.start(2), keyed.end(2), values=(Decimal(keyed[2]),), unit=unit)
                self._learn(number, folded)
        for worked_out in islice(shown(folded), _WORKED_OUT):  # 20 * 1024 * 1024
            if worked_out > 0:
                self._learn(Quantity("number", 0, 0, values=(worked_out,)), "")
        for ratio in islice(_RATIO.finditer(folded), _RATIOS):  # randomised 2:1
            parts = {int(ratio[1]), int(ratio[2])}
            self.told.numbers += [Number(100 * each / (int(ratio[1]) + int(ratio[2])), "%") for each in parts]
        low = folded.lower()
        spoken = _WORD.findall(low)
        words = set(spoken)
        self.words |= words
        for word in words & FOREIGN.keys():
            self.units.setdefault(FOREIGN[word], set()).add("")
        for first, second in pairwise(spoken) if words & FOREIGN.keys() else ():
            if first in FOREIGN and second in FOREIGN:  # dix-huit
                self.units.setdefault(FOREIGN[first] + FOREIGN[second], set()).add("")
            elif first in FOREIGN and second in UNITS:  # vier Wochen
                self._learn(Quantity("number", 0, 0, values=(FOREIGN[first],), unit=UNITS[second]), "")
        for word in words & LOOSE.keys():
            self.units.setdefault(LOOSE[word], set()).add("")
        self.shares += [FRACTIONS[word] for word in words & FRACTIONS.keys()]
        for word in words & ORDINALS.keys():
            self.units.setdefault(ORDINALS[word], set()).add("th")
        for total in _OF.finditer(low):
            part = _PART.search(low, max(0, total.start() - 16), total.start())
            if part and (whole := _said(total[1])):
                self.shares.append(_said(part[1]) / whole)
        for one in _ONE.finditer(low) if words & _UNITS_OF_ONE else ():
            self._learn(Quantity("number", *one.span(), values=(PART[one[0][0] + one[1] if one[1] else ""] * (14 if one[4] else 1),), unit="day" if one[4] else UNITS.get(one[2] or one[3], "")), low)
        self.dates.update((0, int(match[2]), int(match[1])) for match in _SHORT_DATE.finditer(folded))
        self.dates.update((int(first + last), 0, 0) for first, since, last in _YEARS.findall(folded) if last > since)
        slashed = ((int(written[:2]), int(written[3:])) for written in _SLASHED.findall(folded))
        self.dates.update((0, month, day) for first, last in slashed for month, day in ((first, last), (last, first)) if 1 <= month <= 12 and 1 <= day <= 31)
        self.lettered.update(Decimal(run) for run in _LETTERED.findall(folded))
        self.runs.update(run.lstrip("0") or "0" for run in _RUN.findall(folded))
        self.written.update(map(plain, _WRITTEN.findall(folded)))

    def count(self, folded: str) -> None:
        """The rows of a text's lists and tables."""
        rows = sum(1 for _ in _ROW.finditer(folded))
        for count in (rows, rows - 1, rows - 2):  # a table has a head and a line below it
            if count > 1:
                self.units.setdefault(Decimal(count), set()).add("")

    def close(self) -> None:
        """After the last `add`."""
        self.ordered = sorted(self.units)
        self.dated = {(month, day) for year, month, day in self.dates if year}
        bare = {each.lstrip("0") for each in self.written if each.isdigit() and len(each) >= 8}
        self.phones = {each for each in bare if len(each) >= _PHONE}
        self.local = {part for each in bare for part in _without_code(each)}
        self.told.words = self.words
        self.shares.sort()
        for found in self.measures.values():
            found.sort()

    def _learn(self, quantity: Quantity, folded: str) -> None:
        self._take(quantity)
        self.told.add(quantity, folded)

    def _take(self, quantity: Quantity) -> None:
        for year, month, day in quantity.dates:
            self.dates.update(((year, month, day), (0, month, day), (year, month, 0), (0, month, 0), (year, 0, 0)))
            for part in (year, day):
                self.units.setdefault(Decimal(part), set()).add(_OF_A_DATE)
        self.minutes.update(quantity.minutes)
        if quantity.kind == "time" and quantity.written:
            self.clocks.add(quantity.written)
        for minute in quantity.minutes:
            self.units.setdefault(Decimal(minute // 60), set()).add(_OF_A_DATE)
        if quantity.written and quantity.kind == "id":
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
        if quantity.kind == "time" and quantity.written and self.clocks:
            return quantity.written in self.clocks
        if quantity.kind == "time":
            return (all if quantity.both else any)(minute in self.minutes for minute in quantity.minutes)
        if quantity.kind == "id":
            return self._identified(quantity.written)
        return any(self._valued(value.normalize(), quantity) for value in quantity.values)

    def _dated(self, date: Date) -> bool:
        year, month, day = date
        if not day and ((year, 0, 0) in self.dates or Decimal(year) in self.units) and Decimal(year // 100 * 100 + month) in self.units:
            return True  # 1902-03: two years
        return date in self.dates or (year > 0 and (0, month, day) in self.dates and Decimal(year) in self.units and not self._year_said(month, day))

    def _year_said(self, month: int, day: int) -> bool:
        return (month, day) in self.dated

    def _identified(self, written: str) -> bool:
        if written in self.written:
            return True
        if written.isdigit() and len(written) >= 8:
            return written in self.runs or self._called(written)
        if "." in written:
            return plain(written) in self.written
        if re.fullmatch(r"fy\d\d", written):
            return any(f"{century}{written[2:]}" in self.runs for century in (19, 20))
        if not self.shapes:
            self.shapes.update(map(_shape, self.written))
        if len(_RUN.sub("", written)) < len(written) - 1 and _shape(written) in self.shapes:
            return False  # VL-07, where there are VL-01 and VL-02
        letters, runs = re.findall(r"[a-z]+", written), _RUN.findall(written)
        return all((run.lstrip("0") or "0") in self.runs for run in runs) and all(each in self.words or each in ("p", "v", "q", "fy") for each in letters)

    def _called(self, written: str) -> bool:
        """Whether a telephone stands here, perhaps without the code of its country, or with it, or with 00 for +."""
        bare = written.lstrip("0")
        return bare in self.phones or bare in self.local or not self.phones.isdisjoint(_without_code(bare))

    def _valued(self, value: Decimal, quantity: Quantity) -> bool:
        units = self.units.get(value)
        if units is not None and (quantity.unit in ("", "th") or "" in units or quantity.unit in units) and (value > 3 or units != {"th"} or quantity.unit == "th"):
            return True
        if quantity.unit == "" and value in self.lettered:
            return True
        if quantity.unit == "%" and "" in self.units.get((value / 100).normalize(), ()):
            return True
        if quantity.unit == "%" and _within(self.shares, (value - quantity.step / 2) / 100, (value + quantity.step / 2) / 100):
            return True
        if quantity.unit == "" and abs(value) <= 1 and value and "%" in self.units.get((value * 100).normalize(), ()):
            return True
        if value == value.to_integral_value() and 1000 <= value <= 2200 and (int(value), 0, 0) in self.dates:
            return True
        if quantity.step == 1 and value % 10 == 0 and quantity.end - quantity.start == 5 and 1500 <= value <= 2100 and any((int(value) + year, 0, 0) in self.dates or Decimal(int(value) + year) in self.units for year in range(10)) and quantity.unit == "":
            return True  # the 1990s
        return self._converted(value, quantity) or self._rounded(value, quantity)

    def _of_heat(self, value: Decimal, quantity: Quantity) -> bool:
        """Signs are left out, so each may be below zero."""
        below, above = (-value, value)
        if quantity.unit == "fahrenheit":
            told, made = "heat", [abs((each - 32) * 5 / 9) for each in (below, above)]
        else:
            told, made = "fahrenheit", [abs(each * 9 / 5 + 32) for each in (below, above)]
        return any(_within(self.measures.get(told, ()), each - 1, each + 1) for each in made)

    def _converted(self, value: Decimal, quantity: Quantity) -> bool:
        if quantity.unit not in MEASURES:
            return False
        if quantity.unit in ("celsius", "fahrenheit") and self._of_heat(value, quantity):
            return True
        dimension, factor = MEASURES[quantity.unit]
        base = value * factor
        room = abs(base) * (_CONVERTED if value < 100 else _CONVERTED / 2)
        if value == quantity.values[0].normalize():  # of another reading the step is not known
            room = max(room, quantity.step * factor / 2)
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
            room = min(zeros, abs(value) * (_ROUGHLY if digits > 1 else _ROUGHLY * 3)) if zeros != 1 else quantity.step / 2
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


def _record(match: re.Match[str]) -> str:
    """A line of CSV with its cells apart; `Sales | 48,310 | 52,940 | 57,180` is none, but thousands in a table of another kind."""
    line = match[0]
    return line if " " in line and len(_THOUSANDS.findall(line)) == line.count(",") else line.replace(",", ", ")


def _apart(match: re.Match[str]) -> str:
    """The cells of a line of CSV, or of a list, where they are no thousands of one number."""
    return match[0] if _GROUPED.fullmatch(match[0]) else match[0].replace(",", ", ")


def _shape(written: str) -> str:
    """The same of identifiers that differ in their digits alone."""
    return re.sub(r"\d", "0", written)


def _said(count: str) -> Decimal:
    return VALUES_OF_WORDS[count] if count in VALUES_OF_WORDS else Decimal(count.replace(",", ""))


def _without_code(digits: str) -> list[str]:
    """What a telephone may be without the code of its country."""
    return [digits[size:] for size in (1, 2, 3) if len(digits) - size >= _PHONE]


def _within(found: Sequence[Decimal], low: Decimal, high: Decimal) -> bool:
    at = bisect_left(found, low)
    return at < len(found) and found[at] <= high


def learn(texts: Sequence[str], names: Sequence[str] = ()) -> Values:
    """What folded texts say in quantities. names: of the sources, whose numbers may be said but nothing is worked out from."""
    values = Values()
    values.add("\n".join(names))
    values.told = Told()
    values.add("\n\n".join(texts))
    for text in texts:
        values.count(text)
    values.close()
    return values


def unsupported(folded: str, known: Values) -> Iterator[tuple[int, int, float]]:
    """Spans of the folded reply whose quantity the context does not have, and how sure each is."""
    for quantity, _, worked, score in judged(folded, known):
        if not worked or score >= _WRONG:
            yield quantity.start, quantity.end, score


def judged(folded: str, known: Values) -> list[tuple[Quantity, Evidence | None, bool, float]]:
    """Those that the context does not have, in order: why, where it is a number that was weighed; whether it seems to be worked out from those beside it, which is no finding then unless it is wrong; how sure."""
    found = _joined([each for each in quantities(folded) if not _is_label(folded, each)], folded)
    lacking = [index for index, each in enumerate(found) if not known.has(each)]
    missing = [index for index in lacking if not _is_loose(found[index])]
    derived = Derived(known.told, found, folded)
    wanting = frozenset(lacking)
    misplaced = [index for index, each in enumerate(found[:_ASKED]) if index not in wanting and each.kind in ("number", "percent") and derived.misplaced(each)]
    if not lacking:
        return [(found[index], None, False, LIKELY) for index in misplaced]
    too_many = [index for index in lacking[:_WORKED_OUT] if _is_loose(found[index]) and (derived.exceeds(found[index]) or derived.instead(found[index]))]
    if not missing:
        return [(found[index], None, False, LIKELY) for index in sorted((*too_many, *misplaced))]
    sums = Sums(folded, found, frozenset(missing))
    worked = {index for number, index in enumerate(missing) if number < _WORKED_OUT and ((sums.written(index) or not derived.looks_wrong(found[index])) and sums.work_out(index))}
    left = [index for index in missing if index not in worked or (found[index].kind in ("number", "percent") and not sums.written(index))]
    asked = [index for index in left if not sums.contradicts(index)]
    if len(asked) > _ASKED:
        left = [index for index in left if index not in worked]
        asked = []
    weighed = _weighed(folded, found, frozenset(missing) - worked, asked, derived, worked) if asked else {}
    given_up = (None, 0.8), (None, SURE)
    told = [(index, (None, LIKELY)) for index in (*too_many, *misplaced)] + [(index, weighed.get(index, given_up[found[index].kind != "id"])) for index in left]
    return [(found[index], evidence, index in worked, score) for index, (evidence, score) in sorted(told)]


def _weighed(folded: str, found: Sequence[Quantity], left: frozenset[int], asked: Sequence[int], derived: Derived, worked: Collection[int]) -> dict[int, tuple[Evidence | None, float]]:
    """Those asked, by their index: asked again if they seem wrong, as one may be worked out from another that comes later."""
    weighed: dict[int, tuple[Evidence | None, float]] = {}
    derived.take(each for index, each in enumerate(found[:_WORKED_OUT]) if index not in left)
    written = {index: holds for start, end, holds in equations(folded) for index in asked if start <= found[index].start < end}
    fits = {found[index].values for index, holds in written.items() if holds}  # a wrong number would have been in the way
    for _ in range(_PASSES):
        before = [index for index in asked if index not in weighed or weighed[index][1] >= _FOLLOWS]
        for index in before:
            agrees = said_twice(folded, found, index, left)
            if written.get(index) is False or agrees is False:
                weighed[index] = None, SURE
            elif agrees or (found[index].values and found[index].values in fits):
                weighed[index] = None, PLAIN
            else:
                weighed[index] = _weigh(found[index], derived, worked=index in worked)
        right = [found[index] for index in before if weighed[index][1] < _FOLLOWS]
        if not right:
            break
        derived.take(right)
    return weighed


def _weigh(quantity: Quantity, derived: Derived, *, worked: bool) -> tuple[Evidence | None, float]:
    if quantity.kind not in ("number", "percent"):
        return None, DOUBTFUL if derived.follows(quantity) else 0.8 if quantity.kind == "id" else SURE
    if derived.plainly_right(quantity):
        return None, PLAIN
    evidence = derived.evidence(quantity, worked=worked)
    score = doubt(evidence)
    return evidence, LIKELY if score < LIKELY and derived.instead(quantity, evidence) else score


def _joined(found: list[Quantity], folded: str) -> list[Quantity]:
    """With durations of several parts in the place of the parts."""
    joined = durations(found, folded)
    if not joined:
        return found
    ends = [each.end for each in joined]
    whole = [each for each in found if (over := bisect_left(ends, each.end)) == len(joined) or joined[over].start > each.start]
    return sorted([*whole, *joined], key=lambda each: each.start)


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
