"""Postal addresses as they are written the world over: an anchor, and what stands around it.

An anchor is what only addresses have: a unit (`Apt. 117`), a box (`P.O. Box 12`), a house number with a street word (`24 Clarke Avenue`,
`Pagari tee 18`, `Rua Igreja 25`), a number in a place where an address was announced (`lives at 450 Vintervej`). From there the address goes on
over names, numbers and commas: town, region, postcode, country. A line that follows a line that ended in an address may go on with it.

Rules of this file: pure; linear in the line; looks at one line and at what stands before it, never at what comes after.
Deliberately absent: a list of all streets or towns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from detectors import gazetteer

MAX_TOKENS = 16  # of one line's part of an address
LINES_BACK = 4  # how far up an address may have begun

_UNITS = frozenset("apt apartment suite ste unit room rm floor flat bldg building box postbox postfach psc lot appt etage stiege".split())  # noqa: SIM905
_AFTER_NAME = """
street st road rd avenue ave boulevard blvd lane ln drive dr court ct place pl square sq terrace way highway hwy parkway pkwy crescent cres close grove row mews
gardens salai marg nagar sarani circle cir trail trl alley loop turnpike heights ridge crossing wharf quay esplanade promenade freeway expressway utca ut utja ter korut tee mnt namesti trida puiestee maantee
"""
_BEFORE_NAME = """
rua via viale vicolo piazza piazzetta piazzale corso strada largo calle c/ avenida avda av carrer paseo plaza camino rue avenue boulevard bd chemin allee impasse quai place cours
ul ulica aleja al os plac praca travessa estrada rodovia bulevardul calea jalan jl
"""
_AFTER = frozenset(_AFTER_NAME.split())
_BEFORE = frozenset(_BEFORE_NAME.split())
_PARTICLES = frozenset("de del della delle di da do dos das du des la le les los las el van der den von zu am im an the of of nad ob u pod y e i sur sous en aan op upon st".split())  # noqa: SIM905
_ENDINGS = (
    "strasse", "str", "gasse", "weg", "platz", "allee", "damm", "ufer", "straat", "laan", "plein", "gracht", "kade", "dijk", "singel", "gatan", "gata", "gate",
    "vagen", "grand", "vej", "gade", "stien", "veien", "vegen", "vanget", "katu", "tie", "kuja", "polku", "kaari", "strati", "vegur", "braut", "ulica",
)  # fmt: skip
_POSTCODE = re.compile(r"\d{3,6}|\d{4}[A-Z]{2}|\d{5}-\d{3,4}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]?|\d[A-Z]{2}|[A-Z]\d[A-Z]|\d[A-Z]\d|[A-Z]{1,2}-?\d{4,5}|[A-Z]{2}")
_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?(?:[-/](?:\d{1,4}[A-Za-z]?|[A-Za-z]))?")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)", re.IGNORECASE)  # of streets
_TOKEN = re.compile(r"\d[\w/-]*|[^\W\d_](?:\.[^\W\d_]){1,3}\.?|[^\W_][\w'\u2019/-]*|#|,|\S")
_LEAD = re.compile(r"[\s>?*|\"'-]*")
_CUE = re.compile(
    r"(?:(?<!mac )(?<!ip )(?<!memory )(?<!hardware )(?<!base )(?<!host )(?<!server )(?<!wallet )\baddress(?:es)?(?:\W+\w+){0,3}|\b(?:lives?|living|lived|resid(?:es|ing)|located|delivered?|shipp?(?:ed)?|send(?:ing)?(?:\W+\w+){0,5}|sent|mail(?:ed)?|return(?:ed)?|moved|taxi|meet(?:\W+\w+){0,2}|office(?:s are|\W+is)?"
    r"|(?:home|house|shop|hotel|restaurant|store|clinic|school|station|stop)(?:s are| is)?|arriv(?:e|es|ed|ing)|corner|side of)\W+(?:at|to|on|in|from|is)?)\W{0,4}\Z",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\b(?:at|to|on|in|from|near|of)\s\Z", re.IGNORECASE)
_NEW_LINE = re.compile(r"[\r\n][\s>?*|-]*\Z")
_DOTTED = re.compile(r"\d\.\Z")
_AND_ON = re.compile(r"\.\d+\.\d")
_DIGIT = re.compile(r"\d")
_WORTH = re.compile(r"\b(?:corner of|street|road|avenue|boulevard|lane|us[ns]?s|uscgc)\b", re.IGNORECASE)
_MILITARY = re.compile(r"(?:[AFD]PO)\s(?:A[AEP])\s\d{5}(?:-\d{4})?|(?:USNS|USS|USCGC|HMS)\s[A-Z][\w'-]+(?=\s*(?:$|[\n,]))", re.IGNORECASE)
_MONTHS = frozenset("Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec January February March April June July August September October November December".split())  # noqa: SIM905
_SMALL_WORDS = frozenset("a am and are as ask be but by call can could did do for get had has have he her here him his how i if in is it its me my new no not now of on or our please send she so that the their then there they this to up us was we were what when where who why will with would you your".split())  # noqa: SIM905
_CORNER = re.compile(r"\b(?:the )?corner of ", re.IGNORECASE)


class _Is(Enum):
    NUMBER = 1
    UNIT = 2
    NAME = 3  # capitalised
    STREET = 4  # a word that only streets end or begin with
    PARTICLE = 5
    COMMA = 6
    REGION = 7
    DOT = 8
    OTHER = 9


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    kind: _Is


_BEGINS = frozenset({_Is.NUMBER, _Is.UNIT, _Is.NAME, _Is.STREET, _Is.REGION})
_WORDS = (_Is.NAME, _Is.STREET, _Is.REGION)


def addresses(line: str, before: str) -> list[tuple[int, int]]:
    """Spans of addresses in one line (or sentence), apart from each other. before: what stands right before the line, other lines included."""
    if not _DIGIT.search(line) and not _WORTH.search(line) and not (_NEW_LINE.search(before[-20:]) and _DIGIT.search(before[-150:])):
        return []
    tokens = _tokens(line)
    spans = []
    at = _continued(line, tokens, before)
    if at:
        spans.append((_first(tokens, line), tokens[at - 1].end))
    while at < len(tokens):
        begins = tokens[at].kind in _BEGINS or tokens[at].text in ("the", "corner", "po", "p.o", "p.o.")
        anchor = _anchor(line, tokens, at, before) if begins else None
        if anchor is None:
            at += 1
            continue
        start, end = anchor
        end = _go_on(tokens, end)
        spans.append((tokens[start].start, tokens[end - 1].end))
        at = end
    return spans


def _tokens(line: str) -> list[_Token]:
    small = line.islower()  # where nothing is capitalised, capitals say nothing
    return [_Token(found.start(), found.end(), found[0], _kind(found[0], small)) for found in _TOKEN.finditer(line)]


def _kind(text: str, small: bool) -> _Is:
    if text == ",":
        return _Is.COMMA
    if text == ".":
        return _Is.DOT
    if _NUMBER.fullmatch(text) or (text[0].isdigit() and _POSTCODE.fullmatch(text)):
        return _Is.NUMBER
    if not text[0].isalpha():
        return _Is.UNIT if text == "#" else _Is.NAME if _ORDINAL.fullmatch(text) else _Is.OTHER
    word = gazetteer.plain(text.rstrip("."))
    if word in _UNITS:
        return _Is.UNIT
    if word in _AFTER or word in _BEFORE or _ended(word):
        return _Is.STREET
    if small and text not in _SMALL_WORDS and text.isalpha() and word not in _PARTICLES:
        return _Is.NAME
    if text in gazetteer.REGION_CODES:
        return _Is.REGION
    if word in _PARTICLES:
        return _Is.PARTICLE
    return _Is.NAME if text[0].isupper() else _Is.OTHER


def _anchor(line: str, tokens: list[_Token], at: int, before: str) -> tuple[int, int] | None:
    """Token span of an anchor that begins at `at`."""
    return _corner(line, tokens, at) or _military(line, tokens, at) or _box_or_unit(line, tokens, at, before) or _street(tokens, at, line, before)


def _military(line: str, tokens: list[_Token], at: int) -> tuple[int, int] | None:
    """Post of armed forces: `FPO AP 12345`, and the ship before it."""
    found = _MILITARY.match(line, tokens[at].start) if tokens[at].text[:1] in "aAdDfFuUhH" else None
    if found is None:
        return None
    return at, next((i for i in range(at, len(tokens)) if tokens[i].start >= found.end()), len(tokens))


def _corner(line: str, tokens: list[_Token], at: int) -> tuple[int, int] | None:
    found = _CORNER.match(line, tokens[at].start)
    if found is None:
        return None
    end, ands, words = at, 0, 0
    while end < len(tokens) and end < at + MAX_TOKENS:
        token = tokens[end]
        if token.start >= found.end():
            if token.text == "and":
                if ands:
                    break
                ands, words = 1, 0
            elif token.kind is _Is.COMMA or (token.kind is _Is.OTHER and (ands or not token.text.isalpha())):
                break
            elif token.kind is _Is.DOT:
                if not _abbreviated(tokens, end) and (end + 1 == len(tokens) or tokens[end + 1].text != "and"):
                    break
            else:
                words += token.kind in _WORDS
        end += 1
    return (at, end) if words and ands else None


def _box_or_unit(line: str, tokens: list[_Token], at: int, before: str) -> tuple[int, int] | None:
    """`Apt. 117`, `P.O. Box 12`, `PSC 9009, Box 9725`, and the street before the unit if it was not seen as one."""
    token = tokens[at]
    if token.text.lower().rstrip(".") in ("p.o", "po") and at + 2 < len(tokens) and tokens[at + 1].text.lower() == "box":
        return (at, at + 3) if tokens[at + 2].kind is _Is.NUMBER else None
    unit = _unit(tokens, at)
    if unit and token.text != "#":
        if token.text.islower() and token.text in ("unit", "box", "room", "lot", "building", "floor"):
            return None  # ordinary words, then
        if token.text in ("Room", "Floor", "Lot") and _go_on(tokens, unit) == unit and not _CUE.search((before[-80:] + line[: token.start])[-80:]):
            return None  # of some house
        return at, unit
    # number, some names, unit: 6750 Koskikatu 25 Apt. 864
    if token.kind is _Is.NUMBER:
        named = False
        for end in range(at + 1, min(at + 8, len(tokens))):
            named = named or tokens[end].kind in _WORDS
            if tokens[end].kind is _Is.UNIT and named and tokens[end].text != "#":
                unit = _unit(tokens, end)
                return (at, unit) if unit else None
            if tokens[end].kind not in (*_WORDS, _Is.NUMBER, _Is.PARTICLE, _Is.COMMA, _Is.DOT):
                return None
    return None


def _unit(tokens: list[_Token], at: int) -> int:
    """The end of `Apt. 117` if that begins at `at`, else 0."""
    if tokens[at].kind is not _Is.UNIT:
        return 0
    end = at + 1
    if end < len(tokens) and tokens[end].kind is _Is.DOT:
        end += 1
    return end + 1 if end < len(tokens) and tokens[end].kind is _Is.NUMBER and tokens[end].text.isascii() else 0


def _street(tokens: list[_Token], at: int, line: str, before: str) -> tuple[int, int] | None:
    """A street with its number, on either side."""
    if _DOTTED.search(line, max(0, tokens[at].start - 2), tokens[at].start) or any(_AND_ON.match(line, token.end) for token in tokens[at : at + 3] if token.kind is _Is.NUMBER):
        return None  # 10.0.0.1
    end, numbers, names, streets = at, 0, 0, 0
    trailing, small = False, line.islower()
    while end < len(tokens) and end - at < 8:
        token = tokens[end]
        if token.kind is _Is.NUMBER:
            if trailing:
                break
            numbers += 1
            if numbers > 2 and not names:
                return None  # a phone number
            trailing = names > 0
        elif trailing:
            break
        elif token.kind in _WORDS:
            if gazetteer.plain(token.text) in gazetteer.NOT_NAMES or (numbers and token.text in _MONTHS):
                return None
            names += 1
            streets += token.kind is _Is.STREET
            if token.kind is _Is.STREET and numbers and names > 1 and gazetteer.plain(token.text) in _AFTER and (small or token.text[0].isupper()):
                end += 1
                if end < len(tokens) and tokens[end].kind is _Is.DOT and _abbreviated(tokens, end):
                    end += 1
                if end < len(tokens) and tokens[end].kind is _Is.NUMBER and len(tokens[end].text) < 4:
                    end += 1
                break
        elif token.kind is _Is.DOT:
            if not _abbreviated(tokens, end):
                break
        elif token.kind is not _Is.PARTICLE or end == at:
            break
        end += 1
    while end > at and tokens[end - 1].kind in (_Is.PARTICLE, _Is.DOT) and not _abbreviated(tokens, end - 1):
        end -= 1
    if names > 1 and not numbers and tokens[end - 1].text in ("Street", "Road", "Avenue", "Boulevard", "Lane") and names < 5 and tokens[at].kind in _WORDS:
        return at, end
    if not numbers or not names or end == at:
        return None
    if small and streets == 1 and names > 1 and _begins_ordinary(tokens[at:end]):
        return None  # 3 close calls
    if streets and (tokens[at].kind is _Is.NUMBER or trailing) and (small or any(t.text[0].isupper() for t in tokens[at:end])):
        return (at, end) if names > 1 or _ended(gazetteer.plain(tokens[at].text)) or (numbers and _long_street(tokens[at:end])) else None
    head = (before[-80:] + line[: tokens[at].start])[-80:]
    if tokens[at].kind is _Is.NUMBER:
        if _CUE.search(head) or (trailing and _PREPOSITION.search(head)) or (numbers > 1 and not trailing and _PREPOSITION.search(head)):
            return at, end
        alone = not line[: tokens[at].start].strip(" >?*\t")
        if alone and end < len(tokens) and tokens[end].kind is _Is.COMMA and trailing:
            return at, end
        return (at, end) if alone and end == len(tokens) and trailing and names <= 3 else None
    return (at, end) if trailing and names <= 3 and _CUE.search(head) and len(tokens[end - 1].text) < 5 else None


def _begins_ordinary(tokens: list[_Token]) -> bool:
    """Whether the first word is one that streets only end with."""
    word = gazetteer.plain(next(token.text for token in tokens if token.kind in _WORDS))
    return word in _AFTER and word not in _BEFORE


def _ended(word: str) -> bool:
    """Whether it ends as the names of streets do in the languages that write them as one word. word: as from `plain`."""
    return word.endswith(_ENDINGS) and len(word) > 6


def _long_street(tokens: list[_Token]) -> bool:
    return any(_ended(gazetteer.plain(t.text)) for t in tokens)


def _abbreviated(tokens: list[_Token], dot: int) -> bool:
    """Whether the full stop belongs to a short word before it, as in `St.`, `ul.`, `u.`."""
    if dot == 0 or tokens[dot].kind is not _Is.DOT:
        return False
    word = tokens[dot - 1]
    return word.end == tokens[dot].start and word.text.isalpha() and (len(word.text) < 3 or word.text.endswith("str") or (word.kind in (_Is.STREET, _Is.UNIT) and len(word.text) < 6))


def _go_on(tokens: list[_Token], end: int) -> int:
    """How far an address goes on after its anchor: units, postcodes, regions, names after a comma or another part."""
    limit = min(len(tokens), end + MAX_TOKENS)
    while end < limit:
        at = end
        while at < limit and tokens[at].kind in (_Is.COMMA, _Is.DOT) and (tokens[at].kind is _Is.COMMA or _abbreviated(tokens, at)):
            at += 1
        segment = _segment(tokens, at, limit)
        if segment == at:
            break
        end = segment
    return end


def _segment(tokens: list[_Token], at: int, limit: int) -> int:
    """The end of one part of an address (unit, number, postcode, names) that begins at `at`; `at` if there is none."""
    if at >= limit:
        return at
    unit = _unit(tokens, at)
    if unit:
        return unit
    kind = tokens[at].kind
    if kind is _Is.NUMBER:
        return at + 1
    if kind is _Is.REGION:
        return at + 1
    end = at
    while end < limit and end - at < 5 and (tokens[end].kind in _WORDS or (tokens[end].kind is _Is.PARTICLE and end > at)):
        if tokens[end].kind in _WORDS and (gazetteer.plain(tokens[end].text) in gazetteer.NOT_NAMES):
            break
        end += 1
    while end > at and tokens[end - 1].kind is _Is.PARTICLE:
        end -= 1
    if end < len(tokens) and tokens[end].text in (":", "@", "="):
        return at  # a label
    if end > at and gazetteer.plain(tokens[at].text) in gazetteer.GIVEN and end - at < 4:
        return at  # a person
    return end


def _continued(line: str, tokens: list[_Token], before: str) -> int:
    """How many tokens of this line go on with an address that the lines before it left off; 0 if none."""
    if not tokens or not _NEW_LINE.search(before[-20:]):
        return 0
    skip = _skip(tokens, line)
    end = skip
    while end < len(tokens):
        at = end
        while at < len(tokens) and tokens[at].kind is _Is.COMMA:
            at += 1
        segment = _segment(tokens, at, len(tokens))
        if segment == at:
            break
        end = segment
    if end == skip:
        return 0
    whole = end >= len(tokens) or tokens[end].text in ".?!,;)"
    part = tokens[skip:end]
    known = any(t.kind in (_Is.NUMBER, _Is.REGION) for t in part) or gazetteer.plain(line[part[0].start : part[-1].end]) in gazetteer.PLACES
    return end if (whole or known) and len(part) <= 8 and _ended_in_address(before, LINES_BACK) else 0


def _skip(tokens: list[_Token], line: str) -> int:
    """Quote marks and the like at the start of a line."""
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    return next((i for i, token in enumerate(tokens) if token.start >= start), len(tokens))


def _first(tokens: list[_Token], line: str) -> int:
    return tokens[_skip(tokens, line)].start


def _ended_in_address(before: str, lines: int) -> bool:
    """Whether the last line that is not blank ends within an address. At most one blank line may be between."""
    head, _, last = before.rstrip("\r\n \t>?*|-").rpartition("\n")
    if lines == 0 or not last.strip() or before[len(head) + 1 + len(last) :].count("\n") > 2:
        return False
    above = head + "\n" if head else ""
    stop = len(last.rstrip(" \t\r,.>?"))
    return any(end >= stop for _, end in _cut_short(last, above, lines - 1))


def _cut_short(line: str, above: str, lines: int) -> list[tuple[int, int]]:
    """As `addresses`, looking at most `lines` further up."""
    tokens = _tokens(line[-300:])
    if not tokens:
        return []
    spans = addresses(line[-300:], "") if not lines or not above else addresses(line[-300:], _tail(above, lines))
    shift = max(0, len(line) - 300)
    return [(start + shift, end + shift) for start, end in spans]


def _tail(text: str, lines: int) -> str:
    """The last `lines` lines of it, so that looking back ends."""
    return "".join(text.splitlines(keepends=True)[-lines:])
