"""National numbers that show by form and checksum what they are. Those that take a word to tell are in keyed.py.

Sources: SSA (numbers never given out), IRS, HMRC manual NIM39110, Interior Ministry of Spain, Agenzia delle Entrate, INSEE, Receita Federal,
AHV (EAN-13 over 756), DVV Finland, ICA Singapore.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from functools import lru_cache
from itertools import repeat
from operator import not_

from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.sums import bare, rests

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


def _powers(first: int, many: int) -> tuple[int, ...]:
    """Of ten, downwards."""
    return tuple(10 ** (first - n) for n in range(many))


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)  # of the letters; of the digits the first ten
_FISCAL_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", _ODD[:10] + _ODD, strict=True))
_FISCAL_EVEN = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (*range(10), *range(26)), strict=True))
_CORSICA = {**{str(digit): digit * 10**6 for digit in range(10)}, "A": -(10**6), "B": -2 * 10**6}  # 2A and 2B count as 19 and 18
_TENTH = "00987654321"  # by the rest: eleven minus it, and ten counts as none
_LETTER, _REST = "TRWAGMYFPDXBNJZSQVHLCKE", "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CPF_FIRST, _CPF_SECOND = rests(11, 10, 9, 8, 7, 6, 5, 4, 3, 2), rests(11, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
_INSEE = rests(97, *_powers(12, 6), _CORSICA, *_powers(5, 6), *_powers(1, 2))
_EAN = rests(10, *(1, 3) * 6, 1)
_NIF, _NIE = rests(23, *_powers(7, 8)), rests(23, {"Y": 10**7, "Z": 2 * 10**7}, *_powers(6, 7))
_HETU = rests(31, *_powers(8, 6), {}, *_powers(2, 3))
_FISCAL = rests(26, *(_FISCAL_ODD, _FISCAL_EVEN) * 7, _FISCAL_ODD)
_NRIC = rests(11, {"T": 4, "G": 4, "M": 3}, 2, 7, 6, 5, 4, 3, 2)
_SERIES = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}


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
    found: dict[str | None, tuple[list[int], list[str]]] = {}
    for match in forms.finditer(text, start):
        of = found.get(match.lastgroup)
        if of is None:
            found[match.lastgroup] = of = [], []
        of[0].append(match.start())
        of[1].append(match[0])
    for kind, (starts, shown) in found.items():
        assert kind is not None
        check = _CHECKS.get(kind)
        good: Iterable[bool] = check(shown) if check else repeat(True)
        score = 0.85 if check else 0.65
        names_other = around.names_other if kind in _LIKE_OTHERS else _nothing
        hits += [(at, at + len(number), kind, score) for at, number, fits in zip(starts, shown, good, strict=False) if fits and not names_other(at)]


def _nothing(_at: int) -> bool:
    return False


# What each checks of many numbers at once, which are of its form: whether they fit, in order.


def cpf(numbers: Sequence[str]) -> Iterable[bool]:
    """Brazil: two check digits, modulo 11. Dots and dashes do not count."""
    digits = bare(numbers, b".-")
    return [each[9] == _TENTH[first] and each[10] == _TENTH[second] and len(set(each)) > 1 for each, first, second in zip(digits, _CPF_FIRST(digits), _CPF_SECOND(digits), strict=True)]


def insee(numbers: Sequence[str]) -> Iterable[bool]:
    """France: 97 minus the rest by 97. Blanks do not count."""
    plain = [number.upper() for number in bare(numbers, b" ")]
    return [not rest and "01" <= number[13:] <= "97" and (number[5] == "2" or number[6] < "A") for number, rest in zip(plain, _INSEE(plain), strict=True)]


def ean13(numbers: Sequence[str]) -> Iterable[bool]:
    """The EAN-13 sum, of which the Swiss number is one. Dots do not count."""
    return map(not_, _EAN(bare(numbers, b".")))


def nif(numbers: Sequence[str]) -> Iterable[bool]:
    """Spain: a letter by the rest of 23. Dashes do not count."""
    plain = bare(numbers, b"-")
    return [number[8] == _LETTER[rest] for number, rest in zip(plain, _NIF(plain), strict=True)]


def nie(numbers: Sequence[str]) -> Iterable[bool]:
    """Spain, for foreigners: X, Y, Z in front count as 0, 1, 2. Dashes do not count."""
    plain = bare(numbers, b"-")
    return [number[8] == _LETTER[rest] for number, rest in zip(plain, _NIE(plain), strict=True)]


def hetu(numbers: Sequence[str]) -> Iterable[bool]:
    """Finland: a character by the rest of 31, over the digits on both sides of a sign."""
    return [number[10] == _REST[rest] for number, rest in zip(numbers, _HETU(numbers), strict=True)]


def fiscal(codes: Sequence[str]) -> Iterable[bool]:
    """Italy: the sum of odd and even places by 26."""
    large = [code.upper() for code in codes]
    return [ord(code[15]) == 65 + rest for code, rest in zip(large, _FISCAL(large), strict=True)]


def nric(numbers: Sequence[str]) -> Iterable[bool]:
    """Singapore: weights 2 7 6 5 4 3 2, an offset and a table by series."""
    return [number[8] == _SERIES[number[0]][rest] for number, rest in zip(numbers, _NRIC(numbers), strict=True)]


_CHECKS: dict[str, Callable[[Sequence[str]], Iterable[bool]]] = {
    "BR_CPF": cpf,
    "FR_INSEE": insee,
    "CH_AHV": ean13,
    "ES_NIF": nif,
    "ES_NIE": nie,
    "FI_PERSONAL_IDENTITY_CODE": hetu,
    "IT_FISCAL_CODE": fiscal,
    "SG_NRIC_FIN": nric,
}
