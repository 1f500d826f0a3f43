"""National numbers that show by form and checksum what they are. Those that take a word to tell are in keyed.py.

Sources: SSA (numbers never given out), IRS, HMRC manual NIM39110, Interior Ministry of Spain, Agenzia delle Entrate, INSEE, Receita Federal,
AHV (EAN-13 over 756), DVV Finland, ICA Singapore.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from functools import lru_cache

from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.sums import weighted

KINDS = frozenset("US_SSN US_ITIN UK_NINO ES_NIF ES_NIE IT_FISCAL_CODE FR_INSEE BR_CPF CH_AHV FI_PERSONAL_IDENTITY_CODE SG_NRIC_FIN IN_PAN".split())  # noqa: SIM905
_LEFT = r"(?<![0-9A-Za-z].)(?<![0-9][.\-/_].)"  # of the first character, which is read before: an expression that begins with a class is fast
_RIGHT = r"(?![0-9A-Za-z])(?![.\-/_][0-9])"
_FROM_DIGIT = {
    "US_SSN": r"(?<=(?!000|666|9)[0-9])[0-9]{2}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}",
    "US_ITIN": r"(?<=9)[0-9]{2}-(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])-[0-9]{4}",
    "BR_CPF": r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
    "CH_AHV": r"(?<=7)56\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}",
    "FR_INSEE": r"(?<=[1-478]) ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-5][0-9]) ?[0-9](?:[0-9]|[ABab]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
    "ES_NIF": r"[0-9]{7}-?[A-HJ-NP-TV-Z]",
    "FI_PERSONAL_IDENTITY_CODE": r"(?:(?<=0)[1-9]|(?<=[12])[0-9]|(?<=3)[01])(?:0[1-9]|1[0-2])[0-9]{2}[\-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]",
}
_FROM_LETTER = {
    "UK_NINO": r"(?<=[A-CEGHJ-PR-TW-Z])[A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
    "ES_NIE": r"(?<=[XYZ])-?[0-9]{7}-?[A-HJ-NP-TV-Z]",
    "IT_FISCAL_CODE": r"[A-Za-z]{5}[0-9]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9]{2}[A-Za-z][0-9]{3}[A-Za-z]",
    "SG_NRIC_FIN": r"(?<=[STFGM])[0-9]{7}[A-Z]",
    "IN_PAN": r"[A-Z]{2}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]",
}
# Necessary, in RE2 syntax.
DIGITAL = (
    r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3}\.[0-9]{3}-[0-9]{2}|756\.?[0-9]{4}|[0-9]{8}-?[A-Z]|[0-9]{6}[\-+A-Y][0-9]{3}"
    r"|[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9ABab] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"
)
LETTERED = r"[A-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]|[A-Z]-?[0-9]{7}-?[A-Z]|[A-Za-z]{6}[0-9]{2}[A-Za-z]|[A-Z][0-9]{4}[A-Z]"
_LIKE_OTHERS = frozenset(("US_SSN", "US_ITIN", "IN_PAN", "SG_NRIC_FIN"))
_NIF = "TRWAGMYFPDXBNJZSQVHLCKE"
_XYZ = {"X": "0", "Y": "1", "Z": "2"}
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)  # of the letters; of the digits the first ten
_FISCAL_ODD = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", bytes(_ODD[:10] + _ODD * 2))
_FISCAL_EVEN = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", bytes((*range(10), *range(26), *range(26))))
_SERIES = {"S": "JZIHGFEDCBA", "T": "GFEDCBAJZIH", "F": "XWUTRQPNMLK", "G": "RQPNMLKXWUT", "M": "TRQPNJLKXWU"}  # with what each series adds to the sum
_TENTH = "01234567890"  # ten counts as none
_NRIC, _CPF_FIRST, _CPF_SECOND = weighted(2, 7, 6, 5, 4, 3, 2), weighted(100, 90, 80, 70, 60, 50, 40, 30, 20), weighted(110, 100, 90, 80, 70, 60, 50, 40, 30, 20)


class National:
    """Built for some kinds: forms of no other are read."""

    __slots__ = ("_digital", "_lettered")

    def __init__(self, kinds: Set[str]) -> None:
        """kinds: of KINDS; others are nothing to it."""
        self._digital = _any_of(r"[0-9](?=[0-9]| [0-9]{2} )", tuple((kind, form) for kind, form in _FROM_DIGIT.items() if kind in kinds))
        self._lettered = _any_of(r"[A-Z](?=[A-Za-z]{0,5}[ \-]?[0-9])", tuple((kind, form) for kind, form in _FROM_LETTER.items() if kind in kinds))

    def digital(self, text: str, start: int, around: Around, hits: list[Hit]) -> None:
        """Add the numbers that begin with a digit, at or after `start`."""
        if self._digital is not None:
            _numbers(self._digital, text, start, around, hits)

    def lettered(self, text: str, start: int, around: Around, hits: list[Hit]) -> None:
        """Add the numbers that begin with a capital, at or after `start`."""
        if self._lettered is not None:
            _numbers(self._lettered, text, start, around, hits)


@lru_cache(maxsize=64)
def _any_of(first: str, forms: tuple[tuple[str, str], ...]) -> re.Pattern[str] | None:
    """One expression for all of them: they are told apart by what they begin with."""
    if len(forms) == 1:
        first = first[: first.index("(")]  # which spares it the forms
    return re.compile(f"{first}{_LEFT}(?:{'|'.join(f'(?P<{kind}>{form})' for kind, form in forms)}){_RIGHT}") if forms else None


def _numbers(forms: re.Pattern[str], text: str, start: int, around: Around, hits: list[Hit]) -> None:
    for match in forms.finditer(text, start):
        kind = match.lastgroup or ""
        check = _CHECKS.get(kind)
        if check is None:
            if kind not in _LIKE_OTHERS or not around.names_other(match.start()):
                hits.append((match.start(), match.end(), kind, 0.65))
        elif check(match[0]) and (kind not in _LIKE_OTHERS or not around.names_other(match.start())):
            hits.append((match.start(), match.end(), kind, 0.85))


def cpf(digits: str) -> bool:
    """Brazil: two check digits, modulo 11."""
    return _TENTH[_CPF_FIRST(digits) % 11] == digits[9] and _TENTH[_CPF_SECOND(digits) % 11] == digits[10] and len(set(digits)) > 1


def insee(number: str) -> bool:
    """France: 97 minus the rest by 97; Corsica's departments count as 19 and 18. Blanks do not count."""
    number = number.replace(" ", "")
    body = number[:13] if number.isdecimal() else number[:5] + {"2A": "19", "2B": "18"}.get(number[5:7].upper(), "-") + number[7:13]
    return body.isdecimal() and int(number[13:]) == 97 - int(body) % 97


def ean13(number: str) -> bool:
    """The EAN-13 sum, of which the Swiss number is one. Dots do not count."""
    digits = number.replace(".", "").encode()
    return (sum(digits[::2]) + 3 * sum(digits[1::2]) - 48 * 25) % 10 == 0


def nif(number: str) -> bool:
    """Spain: a letter by the rest of 23."""
    return _NIF[int(number[:8]) % 23] == number[-1]


def nie(number: str) -> bool:
    """Spain, for foreigners: X, Y, Z in front count as 0, 1, 2. Dashes do not count."""
    return _NIF[int(_XYZ[number[0]] + number.replace("-", "")[1:8]) % 23] == number[-1]


def hetu(number: str) -> bool:
    """Finland: a character by the rest of 31, over the digits on both sides of a sign."""
    return _HETU[int(number[:6] + number[7:10]) % 31] == number[10]


def fiscal(code: str) -> bool:
    """Italy: the sum of odd and even places by 26."""
    held = code.encode()
    return 65 + (sum(held[0:15:2].translate(_FISCAL_ODD)) + sum(held[1:15:2].translate(_FISCAL_EVEN))) % 26 == held[15] & 0xDF


def nric(number: str) -> bool:
    """Singapore: weights 2 7 6 5 4 3 2, an offset and a table by series."""
    return _SERIES[number[0]][_NRIC(number[1:8]) % 11] == number[8]


_CHECKS: dict[str, Callable[[str], bool]] = {
    "BR_CPF": lambda shown: cpf(shown.replace(".", "").replace("-", "")),
    "FR_INSEE": insee,
    "CH_AHV": ean13,
    "ES_NIF": nif,
    "ES_NIE": nie,
    "FI_PERSONAL_IDENTITY_CODE": hetu,
    "IT_FISCAL_CODE": fiscal,
    "SG_NRIC_FIN": nric,
}
