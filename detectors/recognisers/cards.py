"""Payment cards: 12 to 19 digits, Luhn, an issuer's prefix; bare or grouped as printed.

Prefixes and lengths: ISO/IEC 7812 and the networks' public BIN tables (Mastercard 2221-2720 since 2017, Visa up to 19 digits, Maestro from 12,
JCB's 15-digit 2131 and 1800). The Luhn sum lets one in ten random numbers pass, so a number that fits no issuer needs a word that says card.
"""

from __future__ import annotations

import re

from detectors.recognisers import context
from detectors.recognisers.hits import Hit

KIND = "CREDIT_CARD"
_S = r"[ ._\-]"
_SHAPE = re.compile(
    rf"(?<![0-9A-Za-z])(?<![0-9][._\-])(?=[2-6]|1800)(?="
    rf"([0-9]{{12,19}}(?![0-9A-Za-z])|"
    rf"(?:[0-9]{{4}}({_S})[0-9]{{4}}\2[0-9]{{4}}\2(?:[0-9]{{4}}(?:\2[0-9]{{1,3}})?|[0-9]{{1,3}})|3[0-9]{{3}}({_S})[0-9]{{6}}\3[0-9]{{4,5}}"
    rf"|[0-9]{{4}}({_S})[0-9]{{4}}\4[0-9]{{5}}|[0-9]{{6}}({_S})[0-9]{{13}})(?![0-9A-Za-z]))(?![._\-][0-9]))"
)
_ODD = re.compile(rf"[0-9](?:{_S}?[0-9]){{11,18}}(?![0-9A-Za-z])")  # any grouping, for what a word calls a card
_OTHER = re.compile("[^0-9]+")
_DOUBLED = str.maketrans("0123456789", "0246813579")
_UUID = re.compile(r"[0-9A-Fa-f]{4}[\-]\Z")


def cards(text: str, start: int, end: int, hits: list[Hit]) -> None:
    """Add what the island text[start:end] holds."""
    found = False
    done = start
    for match in _SHAPE.finditer(text, start, end):
        if match.start() < done:
            continue
        shown = match[1]
        digits = shown if shown.isdigit() else _OTHER.sub("", shown)
        if not luhn(digits):
            continue
        at, grouped = match.start(1), len(digits) < len(shown)
        if issuer(digits):
            if not grouped and _is_other(text, at):
                continue
            hits.append((at, match.end(1), KIND, 0.8 if grouped else 0.7))
            found, done = True, match.end(1)
        elif digits[0] in "23456" and _called(text, at):
            hits.append((at, match.end(1), KIND, 0.6))
            found, done = True, match.end(1)
    if not found and end - start > 12:
        odd = _ODD.match(text, start, end)
        if odd and _called(text, start) and luhn(digits := _OTHER.sub("", odd[0])) and digits[0] in "3456":
            hits.append((start, odd.end(), KIND, 0.6))


def _called(text: str, at: int) -> bool:
    return not context.CARD.isdisjoint(context.words(text, at))


def _is_other(text: str, at: int) -> bool:
    """Whether a bare number is the end of a UUID, or is called an order or a ticket, and not a card."""
    if _UUID.search(text, max(0, at - 5), at):
        return True
    return context.names_other(text, at) and not _called(text, at)


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
