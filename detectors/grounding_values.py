"""The quantities of a text: numbers, amounts, percentages, dates, times, identifiers with digits; each with the values that it may mean.

Read is the folded text (detectors.folding). A quantity that can be read in two ways has both values: `1,200` is 1200 and 1.2, `3/4/2024` is in March and
in April. Signs are left out: a fall of 5 is -5.

Rules of this file: pure; linear: each pass goes through the text once, and blanks what it has read for those that follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from detectors.alternatives import any_of, starts_with
from detectors.grounding_units import CURRENCIES, FOREIGN, MEASURES, MULTIPLIERS, UNITS, VALUES_OF_WORDS

_ONE = Decimal(1)
MAX_DIGITS = 24  # a longer run is compared as it is written

Date = tuple[int, int, int]  # year, month, day; 0: not said


class Quantity(NamedTuple):
    """kind: number | percent | date | time | id.  start, end: of the folded text.  unit: canonical, "" for none.
    step: what the last written digit is worth.  times: the multiplier, as in `1.2 million`.  spelled: in words.  about: said to be no exact value: `about`, or that the
    exact one is `over` or `under`.  both: of a range, so that each of dates or minutes is said."""

    kind: str
    start: int
    end: int
    values: tuple[Decimal, ...] = ()
    dates: tuple[Date, ...] = ()
    minutes: tuple[int, ...] = ()
    written: str = ""
    unit: str = ""
    step: Decimal = Decimal(1)
    times: Decimal = Decimal(1)
    spelled: bool = False
    about: str = ""
    both: bool = False


_MONTH_NAMES = (
    "january jan januar janvier enero januari gennaio janeiro stycznia|february feb februar fevrier febrero februari febbraio fevereiro lutego|march mar marz maerz mars marzo maart marco marca"
    "|april apr avril abril aprile kwietnia|may mai mayo maggio maio maja mei maj|june jun juni juin junio giugno junho czerwca|july jul juli juillet julio luglio julho lipca"
    "|august aug aout agosto augusti augustus sierpnia|september sep sept septembre septiembre settembre setembro wrzesnia|october oct oktober okt octobre octubre ottobre outubro pazdziernika"
    "|november nov novembre noviembre novembro listopada|december dec dezember dez decembre diciembre dicembre dezembro grudnia"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), 1) for name in names.split()}
_MONTH = any_of(_MONTHS)
_DAY = r"(0?[1-9]|[12]\d|3[01])"
# Those that begin with a digit say so first and look back then, which is what lets a text be searched fast
_ISO = re.compile(rf"([12](?<![\w.-].)(?:(?<=1)[5-9]|(?<=2)[01])\d\d)([-/.])(0?[1-9]|1[0-2])\2{_DAY}(?:T(?=\d)|(?![\w-]))")
_YEAR_MONTH = re.compile(r"([12](?<![\w./-].)(?:(?<=1)9|(?<=2)[01])\d\d)[-/](0[1-9]|1[0-2])(?![\w-])")
_MONTH_DOT_YEAR = re.compile(r"([0-9](?<![\w.,/].)(?:(?<=0)[1-9]|(?<=1)[0-2]|(?<!0)))[./]((?:19|20|21)\d\d)(?![\w]|[.,/]\d)")
_NUMERIC = re.compile(r"(\d(?<![\w.,/-].)(?:(?<=[0-3])\d)?)([./-])([0-3]?\d)\2((?:1[5-9]|20|21)\d\d|\d\d)(?![\w-]|[./]\d)")
_LOGGED = re.compile(rf"\d(?<![\w./-].)\d/({_MONTH})/((?:19|20)\d\d)\b:?", re.IGNORECASE)  # 03/Feb/2025:22:14:07
_DAY_FIRST = re.compile(rf"(\d(?<![\w.,/].)(?:(?<=0)[1-9]|(?<=[12])\d|(?<=3)[01]|(?<!0)))(?:(?:st|nd|rd|th|\.)?\s?(?:-|to|and|or|bis|und|au|et|al|y|do|a|t/m|till|til|/)\s?{_DAY})?(?:st|nd|rd|th|\.|er)?[ -](?:of |de |day of )?({_MONTH})\b\.?(?:,? (?:de )?((?:1[5-9]|20|21)\d\d)\b|-(\d{{4}})\b)?", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"([A-Z](?<!\w.)[A-Za-z]{{2,11}})\b\.?[ ]{_DAY}(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)(?:\s?(?:-|to|and)\s?{_DAY}(?:st|nd|rd|th)?(?![\d:%]))?(?:,? ((?:1[5-9]|20|21)\d\d)\b)?")
_MONTH_YEAR = re.compile(r"([A-Z](?<!\w.)[A-Za-z]{2,11})\b\.?,? (?:of |de )?'?((?:1[5-9]|20|21)\d\d)\b")
_MONTH_ALONE = re.compile(r"[JFASOND](?<!\w.)(?:(?<=J)(?:anuary|une|uly)|(?<=F)ebruary|(?<=A)(?:pril|ugust)|(?<=S)eptember|(?<=O)ctober|(?<=N)ovember|(?<=D)ecember)\b")
_SHORT_MONTH = re.compile(r"M(?<!\w.)(?:arch|ay)\b")
_IN_MONTH = re.compile(r"\b(?:in|of|until|by|since|from|to|next|last|early|late|mid|end of|start of)[ -]\Z")
_HALF = r"(a\.m\.|p\.m\.|am|pm)(?![A-Za-z])"
_TIME = re.compile(rf"(\d(?<![\w.,:].)(?:(?<=[01])\d|(?<=2)[0-4])?)[:]([0-5]\d)(:[0-5]\d(?:\.\d+)?|\.\d{{1,3}}(?![\d.]))?(?:\s?{_HALF})?Z?(?!\w|:\d)", re.IGNORECASE)
_HOUR = re.compile(rf"(\d(?<![\w.,:].)(?:(?<=1)[0-2]|(?<=0)[1-9]|(?<!0)))(?:[:.]([0-5]\d))?(?:\s?(?:-|to|and)\s?(1[0-2]|0?[1-9])(?:[.:]([0-5]\d))?)?\s?{_HALF}", re.IGNORECASE)
_HALVES = re.compile(r"\d\s?[aApP]\.?[mM]")  # without one, there is no _HOUR
_QUARTER = re.compile(r"[qQ1-4fFsStT](?<!\w.)(?:(?<=[qQ])([1-4])|(?:(?<=([1-4])))[qQ]|(?:(?<=[fF])irst|(?<=[fF])ourth|(?<=[sS])econd|(?<=[tT])hird|(?<=1)st|(?<=2)nd|(?<=3)rd|(?<=4)th) quarter)\b")
_PHONE = re.compile(r"[+(0](?<![\w.,/-].)(?:(?<=[+0])\d|(?<=\()\d{1,5}\))[\d ()./-]{6,20}\d(?![\w-])")
_VERSION = re.compile(r"\d(?<![\w.,].)\d*(?:\.\d+){2,}(?![\w])")
_IN_TOKEN = 80  # word characters between its first sign and a digit
_TOKEN = re.compile(rf"[#@A-Za-z0-9](?<![^\W_].)(?:(?<=[#@])(?=[A-Za-z]*+\d|[A-Za-z]++[-_/.]\w{{0,{_IN_TOKEN}}}?\d)[A-Za-z0-9]|(?<=\d)|(?<=[A-Za-z])(?=[A-Za-z]*+(?:\d|[-_/.]\w{{0,{_IN_TOKEN}}}?\d)))[A-Za-z0-9]*(?:[-_/.:][A-Za-z0-9]+){{0,8}}")
_MIXED = re.compile(r"[A-Za-z]\d|\d[A-Za-z]")
_LETTERED = re.compile(r"[A-Za-z]{1,12}[-_/.:]\d")
_SIZES = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:x\d{1,5}(?:\.\d{1,3})?){1,3}(?:[a-z]{1,2})?|1/[24][A-Za-z.\d]*|R\d{1,9}(?:[.,]\d{1,3}(?:k|m|bn?)?|k|m|bn?)", re.IGNORECASE)
_SQUARED = re.compile(r"[A-Za-z][23]")
_SPAN = re.compile(r"\d{1,6}(?:\.\d+)?-\d{1,6}(?:\.\d+)?(?:[kKmMbB]|mm|cm|km|kg|mg|ml|h|g|W|kW|MW)?")
_PREFIXES = re.compile(r"(?:mid|pre|post|early|late|non|sub|multi|under|over|circa|ca|us|fy|sept?|roughly|around|about|to|and|from|through)[-/.:]", re.IGNORECASE)
_COUNTED = re.compile(r"\d[\d.,]*(?:st|nd|rd|th|s|er)?(?:[-/][A-Za-z]+)?", re.IGNORECASE)
_WITH_UNIT = re.compile(r"\d[\d.,]*(?:-?([A-Za-z]+))?(?:[-/][A-Za-z]+)*")
_CURRENCY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?=[\d.A-Z$\u20ac\u00a3\u00a5\u20b9])(?<![\d,])(?<![^.]\.)(?:(?P<currency>(?<![A-Za-z])(?:{_CURRENCY}))\s?)?"
    r"(?P<digits>\d{1,3}(?:,\d{2,3})+(?:\.\d+)?(?!,?\d)|\d{1,3}(?:'\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d])(?:[.,]\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\.?\d)|\d+(?:[.,]\d+)?|(?<!\.)\.\d+)"
)
_SUFFIX = re.compile(r"(?:[ -]?)(%|\u2030|[\u20ac\u00a3$](?!\d)|\u00b0 ?[CF]?|(?:sq|square|cubic|fl|nautical|light)[. -]\.?[a-z]+|degrees? (?:[CF]|[Cc]elsius|[Ff]ahrenheit)\b|\u03bc?[A-Za-z]+(?:\. ?|2|3)?(?:/[A-Za-z]+)?)")
_PER_CENT = re.compile(r"[ -]?(?:%|percent|per cent|pct\b|percentage points?|pp\b|p\.p\.|prozent|pour cent|por ciento|per cento|procent)", re.IGNORECASE)
_LEAD = r"\s?(?:the |a |of )?(?:USD|EUR|GBP|US\$|\$|\u20ac|\u00a3)?\s?\Z"
_ABOUT = re.compile(
    r"(?:(?P<over>over|more than|above|exceed(?:s|ed|ing)?|upwards of|north of|in excess of|plus de|m\u00e1s de|mas de|gut|>)|(?P<under>nearly|almost|close to|just shy of|less than|fewer than|under|below|knapp|fast|casi|presque|<)"
    r"|about|around|approximately|approx\.?|roughly|some|circa|ca\.?|c\.|an estimated|estimated|in the region of|on the order of|rund|etwa|ungef\u00e4hr|ungefahr|environ|pres de|unos|unas|alrededor de|~|\u2248)" + _LEAD,
    re.IGNORECASE,
)
_ABOUT_WORDS = frozenset("over than above exceed exceeds exceeded exceeding upwards north excess plus m\u00e1s mas gut nearly almost close just shy less fewer under below knapp fast casi presque about around approximately approx roughly some circa ca c an estimated estimated in on rund etwa ungef\u00e4hr ungefahr environ pres unos unas alrededor".split())  # noqa: SIM905
_ABOUT_SIGNS = frozenset("~<>\u2248")
_LETTERS = re.compile(r"[a-z\u00e1\u00e4]+")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_AND = re.compile(r",? (?:and |et |und |y |e |en )?|")
_COMMA_DECIMALS = re.compile(r"\d,\d{1,2}(?![\d,])")
_POINT_DECIMALS = re.compile(r"\d(?<![\d.].)\d{0,5}\.\d{1,2}(?![\d.])")
_BY = re.compile(r" ?(?:x|by|mal|par|por) ?")
_TO = re.compile(r" ?(?:-|to|and|or|bis|a|et|y|/) ?[$\u20ac\u00a3]?")
_VALUES = FOREIGN | VALUES_OF_WORDS
_SPELLED_WORD = any_of(_VALUES)
_SPELLED = re.compile(rf"{starts_with(_VALUES)}(?:[ -](?:and )?{_SPELLED_WORD})*\b")  # in lower case


class Reading:
    """A text that is read pass by pass. left: what no pass has read yet, at its place."""

    def __init__(self, folded: str) -> None:
        self.left = folded

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Quantity | None]) -> Iterator[Quantity]:
        """What the pattern matches and `read` makes something of; it is blanked."""
        pieces: list[str] = []
        at = 0
        for match in pattern.finditer(self.left):
            found = read(match)
            if found is not None:
                yield found
                pieces += (self.left[at : found.start], " " * (found.end - found.start - 1), "\x00")  # no number goes on over it
                at = found.end
        if pieces:
            self.left = "".join(pieces) + self.left[at:]


def quantities(folded: str) -> list[Quantity]:
    """Those of a text, by their start."""
    reading = Reading(folded)
    found: list[Quantity] = []
    for pattern, read in _PASSES:
        gate = _GATES.get(pattern)
        if gate is None or gate(folded):
            found += reading.take(pattern, read)
    found += _numbers(reading)
    reading.left = reading.left.replace("\u0130", "i").lower()  # the one letter that would be two
    found += reading.take(_SPELLED, _spelled(folded))
    found.sort(key=lambda each: each.start)
    if _COMMA_DECIMALS.search(folded) and not _POINT_DECIMALS.search(folded):
        found = [_grouped(each) for each in found]
    for index in range(len(found) - 2, -1, -1):
        found[index] = _of_size(found[index], found[index + 1], folded)
    for index in range(len(found) - 1):
        found[index] = _of_range(found[index], found[index + 1], folded)
    return found


def _grouped(quantity: Quantity) -> Quantity:
    """`3.200` as 3200 first, where numbers are written with a comma before their decimals."""
    if len(quantity.values) != 2 or quantity.times > 1 or quantity.values[0] >= quantity.values[1]:
        return quantity
    return quantity._replace(values=quantity.values[::-1], step=_ONE)


def _of_size(first: Quantity, last: Quantity, folded: str) -> Quantity:
    """`3.5` of `3.5 x 4.5 cm`."""
    if first.unit or first.kind != "number" or last.unit not in MEASURES or MEASURES[last.unit][0] != "length" or _BY.fullmatch(folded, first.end, last.start) is None:
        return first
    return first._replace(unit=last.unit)


def _of_range(first: Quantity, last: Quantity, folded: str) -> Quantity:
    """`10` of `10-15 %` and of `10 to 15 million`."""
    shared = last.unit not in ("", first.unit) or (last.times > 1 and first.times == 1)
    if not (shared and first.kind == "number" and last.kind in ("number", "percent") and last.start - first.end <= 6 and _TO.fullmatch(folded, first.end, last.start)):
        return first
    if first.values[0] >= last.values[0] / last.times:
        return first  # a range goes up
    if first.step == 1 and 1900 <= first.values[0] <= 2100 and last.times > 1 and first.times == 1 and folded[first.end : last.start].strip() == "and":
        return first  # `2023 and $4.2 million`
    values = tuple(dict.fromkeys((*(value * last.times for value in first.values), *first.values)))
    return first._replace(kind=last.kind, values=values, unit=first.unit or last.unit, times=last.times, step=first.step * last.times)


def durations(found: list[Quantity], folded: str) -> list[Quantity]:
    """`2 hours and 11 minutes`, `2 h 7 min 41 s` as one quantity, in the smallest unit."""
    made: list[Quantity] = []
    whole: Quantity | None = None  # what a further part may be joined to
    for first, last in pairwise(found):
        before = whole or first
        if before.unit == "hour" and last.start - before.end <= 1 and folded[last.end - 1] == "m" and (last.unit == "m" or last.times > 1):  # 1h 57m
            last = last._replace(unit="minute", values=last.values[-1:], times=_ONE, step=_ONE)
        elif before.unit == "hour" and not last.unit and last.kind == "number" and last.start - before.end == 1 and last.end - last.start == 2 and last.values[0] < 60:  # 3 h 40
            last = last._replace(unit="minute")
        if not (_measures_time(before) and _measures_time(last) and MEASURES[before.unit][0] == MEASURES[last.unit][0] and MEASURES[before.unit][1] > MEASURES[last.unit][1] and _AND.fullmatch(folded, before.end, last.start)):
            whole = None
            continue
        times = MEASURES[before.unit][1] / MEASURES[last.unit][1]
        if whole:
            made.pop()
        whole = last._replace(start=before.start, values=(before.values[0] * times + last.values[0],), step=_ONE)
        made.append(whole)
    return made


def _measures_time(quantity: Quantity) -> bool:
    return bool(quantity.values) and quantity.unit in MEASURES and MEASURES[quantity.unit][0] in ("time", "months")


def _dated(match: re.Match[str], *dates: Date) -> Quantity:
    return Quantity("date", match.start(), match.end(), dates=dates)


def _year(text: str | None) -> int:
    year = int(text or 0)
    return year + (2000 if year < 70 else 1900) if text and len(text) == 2 else year


def _numeric(match: re.Match[str]) -> Quantity | None:
    one, other, year = int(match[1]), int(match[3]), match[4]
    if len(year) == 2 and match[2] != "/":
        return None
    ways = tuple(dict.fromkeys((_year(year), month, day) for month, day in ((one, other), (other, one)) if 1 <= month <= 12 and 1 <= day <= 31))
    return _dated(match, *ways) if ways else None


def _day_first(match: re.Match[str]) -> Quantity | None:
    month = _MONTHS[match[3].lower()]
    year = _year(match[4] or match[5])
    if match[3].islower() and match[3].lower() in ("may", "mar", "march", "sep", "dec"):
        return None
    days = (match[2], match[1]) if match[2] else (match[1],)
    return _dated(match, *((year, month, int(day)) for day in days))._replace(both=True)


def _month_first(match: re.Match[str]) -> Quantity | None:
    if match[1].lower() not in _MONTHS:
        return None
    month, year = _MONTHS[match[1].lower()], _year(match[4])
    last = ((year, month, int(match[3])),) if match[3] else ()
    return _dated(match, (year, month, int(match[2])), *last)._replace(both=True)


def _short_month(match: re.Match[str]) -> Quantity | None:
    """`in May`: by itself it may be something else."""
    before = _IN_MONTH.search(match.string, max(0, match.start() - 12), match.start())
    return Quantity("date", before.start(), match.end(), dates=((0, _MONTHS[match[0].lower()], 0),)) if before else None


def _clock(hour: int, minute: int, half: str | None) -> tuple[int, ...]:
    at = hour * 60 + minute
    if half:
        return (at % 720 + (720 if half.lower().startswith("p") else 0),)
    return (at, at + 720) if hour <= 12 else (at,)


def _time(match: re.Match[str]) -> Quantity:
    return Quantity("time", match.start(), match.end(), minutes=_clock(int(match[1]), int(match[2]), match[4]), written=match[0].rstrip("Zz ").lower() if match[3] else "")


def _hour(match: re.Match[str]) -> Quantity:
    minutes = _clock(int(match[1]), int(match[2] or 0), match[5])
    if match[3]:
        minutes = _clock(int(match[3]), int(match[4] or 0), match[5]) + minutes
    return Quantity("time", match.start(), match.end(), minutes=minutes, both=match[3] is not None)


def _quarter(match: re.Match[str]) -> Quantity:
    words = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
    said = match[1] or match[2] or match[0].split()[0].lower()
    return _id(match, "q" + words.get(said, said[0]))


def _id(match: re.Match[str], written: str) -> Quantity:
    return Quantity("id", match.start(), match.end(), written=written)


def plain(written: str) -> str:
    """An identifier without what it may be written with or without."""
    return _PUNCTUATION.sub("", written.lower())


def _phone(match: re.Match[str]) -> Quantity | None:
    digits = re.sub(r"\D", "", match[0])
    sure = match[0][0] == "+" or re.fullmatch(r"0\d{2,4}(?: \d{3,4}){2,3}|0\d(?: \d\d){4}", match[0]) or not re.fullmatch(r"0\.\d+|[\d ]*", match[0])
    return _id(match, digits) if 8 <= len(digits) <= 15 and sure else None


def _version(match: re.Match[str]) -> Quantity | None:
    return None if all(len(part) == 3 for part in match[0].split(".")[1:]) else _id(match, match[0])


def _token(match: re.Match[str]) -> Quantity | None:
    token = match[0].lstrip("#@")
    if token in UNITS or _SIZES.fullmatch(token) or _SPAN.fullmatch(token):  # m2; 55x40x23; 1/2mv2; R4.1m; 730-760m
        return None
    unit = _WITH_UNIT.fullmatch(token)
    if unit and (unit[1] is None or unit[1] in MULTIPLIERS or unit[1] in UNITS or unit[1].lower() in ("st", "nd", "rd", "th", "s", "x", "er") or "-" + unit[1] in token):
        return None
    if _PREFIXES.match(token) and not _MIXED.search(token):
        return None
    if _SQUARED.fullmatch(token):
        return None
    return _id(match, plain(token)) if _MIXED.search(token) or _LETTERED.match(token) else None


_PASSES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None]], ...] = (
    (_ISO, lambda match: _dated(match, (int(match[1]), int(match[3]), int(match[4])))),
    (_NUMERIC, _numeric),
    (_LOGGED, lambda match: _dated(match, (int(match[2]), _MONTHS[match[1].lower()], int(match[0][:2]) or 1))),
    (_DAY_FIRST, _day_first),
    (_MONTH_YEAR, lambda match: None if match[1].lower() not in _MONTHS else _dated(match, (int(match[2]), _MONTHS[match[1].lower()], 0))),
    (_MONTH_FIRST, _month_first),
    (_YEAR_MONTH, lambda match: _dated(match, (int(match[1]), int(match[2]), 0))),
    (_MONTH_DOT_YEAR, lambda match: _dated(match, (int(match[2]), int(match[1]), 0))),
    (_MONTH_ALONE, lambda match: _dated(match, (0, _MONTHS[match[0].lower()], 0))),
    (_SHORT_MONTH, _short_month),
    (_TIME, _time),
    (_HOUR, _hour),
    (_QUARTER, _quarter),
    (_PHONE, _phone),
    (_VERSION, _version),
    (_TOKEN, _token),
)
# What a text must have for a pass to find anything in it
_GATES: dict[re.Pattern[str], Callable[[str], object]] = {
    _LOGGED: lambda folded: "/20" in folded or "/19" in folded,
    _HOUR: _HALVES.search,
}


def read_digits(digits: str) -> tuple[tuple[Decimal, ...], Decimal]:
    """What a number may mean, and what its last digit is worth."""
    if digits.isdigit():
        return (Decimal(digits),), _ONE
    bare = digits.replace("'", "").replace(" ", "")
    point = max(bare.rfind("."), bare.rfind(","))
    if point < 0:
        return (Decimal(bare),), Decimal(1)
    after = len(bare) - point - 1
    whole = re.sub(r"[.,]", "", bare)
    fraction = Decimal(re.sub(r"[.,]", "", bare[:point]) + "." + bare[point + 1 :])
    if len(re.findall(r"[.,]", bare)) > 1 and bare[point] in bare[:point]:
        return (Decimal(whole),), Decimal(1)  # 1,234,567
    if after == 3 and not bare.startswith("0") and point <= 3 and not ("," in bare[:point] or "." in bare[:point]):
        return ((Decimal(whole), fraction) if bare[point] == "," else (fraction, Decimal(whole))), Decimal(1) if bare[point] == "," else Decimal(1).scaleb(-after)
    return (fraction,), Decimal(1).scaleb(-after)


def _numbers(reading: Reading) -> Iterator[Quantity]:
    text = reading.left
    pieces: list[str] = []
    at = 0
    for match in _NUMBER.finditer(text):
        if match.start() < at:  # was read as a unit
            continue
        if len(match["digits"]) > MAX_DIGITS:
            found = Quantity("id", match.start("digits"), match.end(), written=plain(match["digits"]))
        else:
            found = _number(text, match)
        yield found
        pieces += (text[at : match.start()], " " * (found.end - match.start()))
        at = found.end
    reading.left = "".join(pieces) + text[at:]


def _number(text: str, match: re.Match[str]) -> Quantity:
    values, step = read_digits(match["digits"])
    end, unit, kind, scale = match.end(), CURRENCIES.get(match["currency"] or "", ""), "number", Decimal(1)
    if percent := _PER_CENT.match(text, end):
        kind, unit, end = "percent", "%", percent.end()
    else:
        follows = _SUFFIX.match(text, end)
        word = follows[1].rstrip(". ") if follows else ""
        times = MULTIPLIERS.get(word) or MULTIPLIERS.get(word.lower() if len(word) > 2 else "")
        if follows and times and (len(word) > 1 or follows.start(1) == end or word == "M"):
            both = word in ("m", "b") or (word == "M" and follows.start(1) != end)  # metres, bytes, a size
            values = (*(value * times for value in values), *(values if both else ()))
            step, scale, end = step * times, times, follows.end(1)
            follows = _SUFFIX.match(text, end)
            word = follows[1].rstrip(". ") if follows else ""
        known = UNITS.get(word) or UNITS.get(word.lower())
        if "/" in word and not known:  # 30 ct/kWh
            word = word.partition("/")[0]
            known = UNITS.get(word) if len(word) > 1 or word == "p" else None
        if follows and word == "s" and follows.start(1) == end:  # the 1990s
            known, end = None, end + 1
        if follows and word in ("st", "nd", "rd", "th") and follows.start(1) == end:
            known, unit, end = None, "th", end + 2
        if follows and known and not unit:
            unit, end = known, follows.start(1) + len(word)
    return Quantity(kind, match.start(), end, values=values, unit=unit, step=step, times=scale, about=_about(text, match.start(), end))


def _about(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 28) : start]
    said = _ABOUT.search(before) if not _ABOUT_WORDS.isdisjoint(_LETTERS.findall(before.lower())) or not _ABOUT_SIGNS.isdisjoint(before) else None
    if said:
        return "over" if said["over"] else "under" if said["under"] else "about"
    return "over" if text.startswith(("+", " or more"), end) else "about" if text.startswith((" or so", "-ish"), end) else ""


def _spelled(folded: str) -> Callable[[re.Match[str]], Quantity | None]:
    def read(match: re.Match[str]) -> Quantity | None:
        words = re.split(r"[ -](?:and )?", match[0])
        if words == ["and"] or len(words) > 20:
            return None
        start = match.start()
        while words[0] not in VALUES_OF_WORDS and not VALUES_OF_WORDS.keys().isdisjoint(words):  # `due six weeks after`
            start, words = match.end() - len(match[0].split(words[0], 1)[1].lstrip(" -")), words[1:]
        foreign = not VALUES_OF_WORDS.keys() >= set(words)
        value = _value(words)
        follows = _SUFFIX.match(folded, match.end())
        word = follows[1].rstrip(". ") if follows else ""
        percent = _PER_CENT.match(folded, match.end())
        unit = "%" if percent else UNITS.get(word) or UNITS.get(word.lower()) or "" if len(word) > 1 else ""
        if foreign and not unit:  # `once` and `elf` are numbers in `once meses` alone
            return None
        times = _VALUES[words[-1]] if _VALUES[words[-1]] >= 100 else Decimal(1)
        end = percent.end() if percent else follows.start(1) + len(word) if follows and unit else match.end()
        return Quantity("percent" if percent else "number", start, end, values=(value,), unit=unit, step=times, times=times, spelled=True, about=_about(folded, start, match.end()))

    return read


def _value(words: list[str]) -> Decimal:
    total = part = Decimal(0)
    for word in words:
        value = _VALUES[word]
        if value == 100:
            part = (part or Decimal(1)) * 100
        elif value >= 1000:
            total += (part or Decimal(1)) * value
            part = Decimal(0)
        else:
            part += value
    return total + part
