"""Payment cards: 12 to 19 digits, Luhn, an issuer's prefix; bare or grouped as printed.

Prefixes and lengths: ISO/IEC 7812 and the networks' public BIN tables (Mastercard 2221-2720 since 2017, Visa up to 19 digits, Maestro from 12,
JCB's 15-digit 2131 and 1800). The Luhn sum lets one in ten random numbers pass, so a number that fits no issuer needs a word that says card.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from detectors.recognisers import context
from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.islands import AFTER_FIRST
from detectors.recognisers.small import linear, sparse, stretches
from detectors.recognisers.sums import bare, rests

KIND = "CREDIT_CARD"
_S = r"[ ._\-]"
_SIGNS = b" ._-"
_LEFT = r"(?<![0-9A-Za-z][0-9])(?<![0-9][._\-][0-9])"  # of the first digit, which is read before: an expression that begins with a class is fast
_BARE = re.compile(rf"[1-6]{_LEFT}(?:(?<=[2-6])[0-9]{{11,18}}|(?<=1)800[0-9]{{8,15}})(?![0-9A-Za-z])(?![._\-][0-9])")
_GROUPED = re.compile(  # ahead of its first digit, so that the next card may begin within what is none
    rf"[1-6]{_LEFT}(?:(?<=[2-6])|(?=800))(?=("
    rf"(?:[0-9]{{3}}({_S})[0-9]{{4}}\2(?:[0-9]{{4}}\2(?:[0-9]{{4}}(?:\2[0-9]{{1,3}})?|[0-9]{{1,3}})|[0-9]{{5}})|(?<=3)[0-9]{{3}}({_S})[0-9]{{6}}\3[0-9]{{4,5}}"
    rf"|[0-9]{{5}}({_S})[0-9]{{13}})(?![0-9A-Za-z]|[._\-][0-9])))"
)
_ROW = re.compile(r"[0-9](?<![0-9A-Za-z][0-9])[0-9]{3}(?: [0-9]{4}(?![0-9A-Za-z])){5,}+")  # groups of four, more than a card has
# An island, and what it begins with if that can be a card: any grouping, for what a word calls one. Not what `cards` looks at: bare, or in fours.
_ISLAND = re.compile(
    rf"[0-9](?:(?<=[3-6])(?:(?<=[A-Za-z].)|(?!(?:[0-9]{{11,18}}+|[0-9]{{3}}({_S})[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{4}})(?![0-9A-Za-z]|{_S}[0-9])))(?=((?:{_S}?[0-9]){{11,18}}(?![0-9A-Za-z])))|)"
    rf"{AFTER_FIRST}"
)
TOLD = (  # necessary, in RE2 syntax
    r"[2-6][0-9]{11}|1800[0-9]{8}|[1-6][0-9]{3}[ ._\-](?:[0-9]{4}[ ._\-][0-9]{4}[ ._\-]?[0-9]|[0-9]{6}[ ._\-][0-9]{4})|[1-6][0-9]{5}[ ._\-][0-9]{13}"
)
ROWS = r"[0-9]{4}(?: [0-9]{4}){5}"
ODD = r"[0-9](?:[ ._\-]?[0-9]){11}"  # necessary for what a word calls a card
_ROW_BEGUN, _ROW_LIKELY = re.compile(r"[0-9](?<![0-9A-Za-z][0-9])[0-9]{3}(?: [0-9]{4}){5}"), linear(ROWS)
_BARE_LIKELY = linear("(?:^|[^0-9A-Za-z])(?:[2-6][0-9]{11,18}|1800[0-9]{8,15})(?:$|[^0-9A-Za-z])")
_GROUPED_LIKELY = linear(r"(?:^|[^0-9A-Za-z])[1-6](?:[0-9]{3}[ ._\-][0-9]{4}[ ._\-][0-9]{4}[ ._\-]?[0-9]|[0-9]{3}[ ._\-][0-9]{6}[ ._\-][0-9]{4}|[0-9]{5}[ ._\-][0-9]{13})")
_WIDE = 32  # code points: more than a card with what decides it
_UUID = re.compile(r"[0-9A-Fa-f]{4}[\-]\Z")


def cards(text: str, flat: bytes, start: int, rows: bool, named: bool, around: Around, hits: list[Hit]) -> None:
    """Add those that end after `start`. flat: the text as bytes.  rows: whether ROWS is in it.  named: whether a word that says card is."""
    alone = list(sparse(_BARE, _BARE_LIKELY, text, flat, max(0, start - 20), _WIDE))
    for match, fits in zip(alone, luhn([match[0] for match in alone]), strict=True):
        if fits:
            _bare(text, match.start(), match[0], named, around, hits)
    spans = list(_grouped(text, flat, max(0, start - 24), rows))
    numbers = bare([text[at:end] for at, end in spans], _SIGNS)
    done = 0
    for (at, end), digits, fits in zip(spans, numbers, luhn(numbers), strict=True):
        if fits and at >= done and ((issued := issuer(digits)) or (named and digits[0] != "1" and around.says(at, context.CARD))):
            hits.append((at, end, KIND, 0.8 if issued else 0.6))
            done = end


def called(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add what a word calls a card, in any grouping: what islands begin with that end after `start` and hold no other. hits: those of cards, so far."""
    known = sorted(hit[0] for hit in hits)
    spans = [(*island.span(), island.end(2)) for island in _ISLAND.finditer(text) if island[2] and island.end() > start]
    for (at, end, stop), fits in zip(spans, luhn(bare([text[at:stop] for at, _, stop in spans], _SIGNS)), strict=True):
        if fits and around.says(at, context.CARD) and bisect_left(known, at) == bisect_left(known, end):
            hits.append((at, stop, KIND, 0.6))


def _bare(text: str, at: int, digits: str, named: bool, around: Around, hits: list[Hit]) -> None:
    if _issuer(len(digits), digits[:4]):
        if (text[at - 1 : at] == "-" and _UUID.search(text, max(0, at - 5), at)) or (len(digits) == 13 and around.says(at, context.PHONE_NAMED, 2)):
            return
        if not around.names_other(at) or (named and around.says(at, context.CARD)):
            hits.append((at, at + len(digits), KIND, 0.7))
        elif len(digits) in (15, 16) and digits[0] in "345":  # called an order, and yet a card to anybody who reads it: a leak costs more than a false alarm
            hits.append((at, at + len(digits), KIND, 0.5))
    elif named and digits[0] != "1" and around.says(at, context.CARD):
        hits.append((at, at + len(digits), KIND, 0.6))


def _grouped(text: str, flat: bytes, start: int, rows: bool) -> Iterator[tuple[int, int]]:
    """What is grouped as cards are, in order. In long rows of fours a card could begin at every group: there only what fits the sum, and an issuer begins with it, or a word may call it one."""
    for row in _rows(text, flat, start) if rows else ():
        begin, groups, issued = row.start(), row[0].split(" "), _issued()
        yield from _groups(_GROUPED.finditer(text, start, begin))
        one = int.from_bytes(_LUHN_OF_FOUR(groups), "little")
        four = (one + (one >> 8) + (one >> 16) + (one >> 24)).to_bytes(len(groups) + 1, "little")  # a byte for each group, and those after it
        for n, (group, total) in enumerate(zip(groups[:-4], four, strict=False)):
            if not total % 10 and (group in issued or (n <= context.TOKENS and group[0] in "23456")):
                yield begin + 5 * n, begin + 5 * n + 19
        start = row.end() - 19  # what may have a shorter group at its end
    yield from _groups(sparse(_GROUPED, _GROUPED_LIKELY, text, flat, start, _WIDE))


def _rows(text: str, flat: bytes, start: int) -> Iterator[re.Match[str]]:
    """What _ROW.finditer(text, start) gives, looked for only near where one begins."""
    for first, stop in stretches(_ROW_LIKELY, flat, start, 1, _WIDE):
        at = max(first, start)
        while at < stop and (begun := _ROW_BEGUN.search(text, at, stop + _WIDE)) and begun.start() < stop:
            row = _ROW.match(text, begun.start())
            if row:
                yield row
            at = start = row.end() if row else begun.start() + 1


def _groups(matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Where a shorter group follows four fours, what all of them make and then the fours alone: the tail may be a security code, a month, an amount."""
    for match in matches:
        at, end = match.start(), match.end(1)
        yield at, end
        if end - at > 19 and match[2]:
            yield at, at + 19


def luhn(numbers: Sequence[str]) -> list[bool]:
    """Which of them fit ISO/IEC 7812-1 annex B; one digit repeated is no number. Of digits, at most 20."""
    filled = [number.zfill(20) for number in numbers]
    return [not rest and number.count(number[0]) < len(number) for number, rest in zip(numbers, _LUHN(filled), strict=True)]


@cache
def _issued() -> frozenset[str]:
    """What numbers of sixteen digits begin with, the first four."""
    return frozenset(four for n in range(2000, 7000) if issuer((four := str(n)) + 12 * "0"))


def issuer(digits: str) -> bool:
    """Whether a network issues numbers with this prefix and length."""
    return _issuer(len(digits), digits[:4])


@lru_cache(maxsize=8192)
def _issuer(n: int, four: str) -> bool:
    """The same of a length and what a number begins with."""
    two, three = four[:2], four[:3]
    match four[0]:
        case "4":
            return n in (13, 16, 19)
        case "5":
            return (n == 16 and "51" <= two <= "55") or (12 <= n <= 19 and four in _MAESTRO) or (n == 16 and three == "508")
        case "2":
            return (n == 16 and ("2221" <= four <= "2720" or "2200" <= four <= "2204")) or (n == 15 and four == "2131")
        case "3":
            return (n == 15 and two in ("34", "37")) or (n == 16 and "3528" <= four <= "3589") or (n in (14, 16) and (two in ("36", "38", "39") or "300" <= three <= "305"))
        case "6":
            if n == 16 and (four == "6011" or "644" <= three <= "659" or two == "60"):
                return True
            return (16 <= n <= 19 and two == "62") or (12 <= n <= 19 and four in _MAESTRO)
        case "1":
            return n == 15 and four == "1800"
    return False


_MAESTRO = frozenset("5018 5020 5038 5612 5893 6304 6390 6759 6761 6762 6763".split())  # noqa: SIM905
_TWICE = {str(digit): 2 * digit - 9 * (digit > 4) for digit in range(10)}
_LUHN, _LUHN_OF_FOUR = rests(10, *(_TWICE, 1) * 10), rests(10, *(_TWICE, 1) * 2)
