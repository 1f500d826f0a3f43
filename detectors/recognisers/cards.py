"""Payment cards: 12 to 19 digits, Luhn, an issuer's prefix; bare or grouped as printed.

Prefixes and lengths: ISO/IEC 7812 and the networks' public BIN tables (Mastercard 2221-2720 since 2017, Visa up to 19 digits, Maestro from 12,
JCB's 15-digit 2131 and 1800). The Luhn sum lets one in ten random numbers pass, so a number that fits no issuer needs a word that says card.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from detectors.recognisers import context
from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.islands import islands

KIND = "CREDIT_CARD"
_S = r"[ ._\-]"
_LEFT = r"(?<![0-9A-Za-z][0-9])(?<![0-9][._\-][0-9])"  # of the first digit, which is read before: an expression that begins with a class is fast
_BARE = re.compile(rf"[1-6]{_LEFT}(?:(?<=[2-6])[0-9]{{11,18}}|(?<=1)800[0-9]{{8,15}})(?![0-9A-Za-z])(?![._\-][0-9])")
_GROUPED = re.compile(  # ahead of its first digit, so that the next card may begin within what is none
    rf"[1-6]{_LEFT}(?=("
    rf"(?:[0-9]{{3}}({_S})[0-9]{{4}}\2(?:[0-9]{{4}}\2(?:[0-9]{{4}}(?:\2[0-9]{{1,3}})?|[0-9]{{1,3}})|[0-9]{{5}})|(?<=3)[0-9]{{3}}({_S})[0-9]{{6}}\3[0-9]{{4,5}}"
    rf"|[0-9]{{5}}({_S})[0-9]{{13}})(?![0-9A-Za-z]))(?![._\-][0-9]))"
)
_ROW = re.compile(r"[0-9](?<![0-9A-Za-z][0-9])[0-9]{3}(?: [0-9]{4}(?![0-9A-Za-z])){5,}+")  # groups of four, more than a card has
_ODD = re.compile(rf"[0-9](?:{_S}?[0-9]){{11,18}}(?![0-9A-Za-z])")  # any grouping, for what a word calls a card
TOLD = r"[0-9]{12}|[0-9]{4}[ ._\-][0-9]{4}[0-9 ._\-]|[0-9]{6}[ ._\-][0-9]{13}"  # necessary, in RE2 syntax
ODD = r"[0-9](?:[ ._\-]?[0-9]){11}"  # necessary for what a word calls a card
_OTHER = re.compile("[^0-9]+")
_DOUBLED = str.maketrans("0123456789", "0246813579")
_UUID = re.compile(r"[0-9A-Fa-f]{4}[\-]\Z")


def cards(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add those that end after `start`."""
    for match in _BARE.finditer(text, max(0, start - 20)):
        digits = match[0]
        if luhn(digits):
            _bare(text, match.start(), digits, around, hits)
    done = 0
    for at, end in _grouped(text, max(0, start - 24)):
        if at < done:
            continue
        digits = _OTHER.sub("", text[at:end])
        if luhn(digits) and digits.startswith(("2", "3", "4", "5", "6", "1800")):
            if issuer(digits):
                hits.append((at, end, KIND, 0.8))
                done = end
            elif digits[0] != "1" and around.says(at, context.CARD):
                hits.append((at, end, KIND, 0.6))
                done = end


def called(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add what a word calls a card, in any grouping: what islands begin with that end after `start` and hold no other. hits: those of cards, so far."""
    known = sorted(hit[0] for hit in hits)
    for island in islands(text, 0):
        at, end = island.span()
        if end - at > 12 and end > start and around.says(at, context.CARD):
            odd = _ODD.match(text, at, end)
            if odd and bisect_left(known, at) == bisect_left(known, end) and luhn(digits := _OTHER.sub("", odd[0])) and digits[0] in "3456":
                hits.append((at, odd.end(), KIND, 0.6))


def _bare(text: str, at: int, digits: str, around: Around, hits: list[Hit]) -> None:
    if issuer(digits):
        if _UUID.search(text, max(0, at - 5), at):
            return
        if not around.names_other(at) or around.says(at, context.CARD):
            hits.append((at, at + len(digits), KIND, 0.7))
        elif len(digits) in (15, 16) and digits[0] in "345":  # called an order, and yet a card to anybody who reads it: a leak costs more than a false alarm
            hits.append((at, at + len(digits), KIND, 0.5))
    elif digits[0] != "1" and around.says(at, context.CARD):
        hits.append((at, at + len(digits), KIND, 0.6))


def _grouped(text: str, start: int) -> Iterator[tuple[int, int]]:
    """What is grouped as cards are, in order. Within long rows of fours only what fits the sum: there a card could begin at every group."""
    for row in _ROW.finditer(text, start):
        begin, groups = row.start(), row[0].split(" ")
        for match in _GROUPED.finditer(text, start, begin):
            yield match.start(), match.end(1)
        sums = list(accumulate(map(_SUMS.__getitem__, groups), initial=0))
        for n in [n for n, (low, high) in enumerate(zip(sums, sums[4:-1], strict=False)) if not (high - low) % 10]:
            yield begin + 5 * n, begin + 5 * n + 19
        start = row.end() - 19  # what may have a shorter group at its end
    for match in _GROUPED.finditer(text, start):
        yield match.start(), match.end(1)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B; one digit repeated is no number."""
    odd, even = digits[-1::-2], digits[-2::-2].translate(_DOUBLED)
    return (sum((odd + even).encode()) - 48 * len(digits)) % 10 == 0 and digits.count(digits[0]) < len(digits)


def issuer(digits: str) -> bool:
    """Whether a network issues numbers with this prefix and length."""
    n, two, three, four = len(digits), digits[:2], digits[:3], digits[:4]
    match digits[0]:
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
_SUMS = {f"{n:04}": sum(map(int, f"{n:04}"[1::2] + f"{n:04}"[::2].translate(_DOUBLED))) for n in range(10_000)}
