"""National numbers that show by form and checksum what they are. Those that take a word to tell are in keyed.py.

Sources: SSA (numbers never given out), IRS, HMRC manual NIM39110, Interior Ministry of Spain, Agenzia delle Entrate, INSEE, Receita Federal,
AHV (EAN-13 over 756), DVV Finland, ICA Singapore.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit

KINDS = frozenset("US_SSN US_ITIN UK_NINO ES_NIF ES_NIE IT_FISCAL_CODE FR_INSEE BR_CPF CH_AHV FI_PERSONAL_IDENTITY_CODE SG_NRIC_FIN IN_PAN".split())  # noqa: SIM905
_LEFT = r"(?<![0-9A-Za-z].)(?<![0-9][.\-/_].)"  # of the first character, which is read before: an expression that begins with a class is fast
_RIGHT = r"(?![0-9A-Za-z])(?![.\-/_][0-9])"
_DIGITAL = re.compile(
    rf"[0-9](?=[0-9]| [0-9]{{2}} ){_LEFT}(?:(?P<US_SSN>(?<=(?!000|666|9)[0-9])[0-9]{{2}}-(?!00)[0-9]{{2}}-(?!0000)[0-9]{{4}})|(?P<US_ITIN>(?<=9)[0-9]{{2}}-(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])-[0-9]{{4}})"
    r"|(?P<BR_CPF>[0-9]{2}\.[0-9]{3}\.[0-9]{3}-[0-9]{2})|(?P<CH_AHV>(?<=7)56\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2})"
    r"|(?P<FR_INSEE>(?<=[1-478]) ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-5][0-9]) ?[0-9](?:[0-9]|[ABab]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2})"
    r"|(?P<ES_NIF>[0-9]{7}-?[A-HJ-NP-TV-Z])|(?P<FI_PERSONAL_IDENTITY_CODE>(?:(?<=0)[1-9]|(?<=[12])[0-9]|(?<=3)[01])(?:0[1-9]|1[0-2])[0-9]{2}[\-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]))"
    rf"{_RIGHT}"
)
_LETTERED = re.compile(
    rf"[A-Z](?=[A-Za-z]{{0,5}}[ \-]?[0-9]){_LEFT}(?:(?P<UK_NINO>(?<=[A-CEGHJ-PR-TW-Z])[A-CEGHJ-NPR-TW-Z] ?[0-9]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[A-D])|(?P<ES_NIE>(?<=[XYZ])-?[0-9]{{7}}-?[A-HJ-NP-TV-Z])"
    r"|(?P<IT_FISCAL_CODE>[A-Za-z]{5}[0-9]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9]{2}[A-Za-z][0-9]{3}[A-Za-z])|(?P<SG_NRIC_FIN>(?<=[STFGM])[0-9]{7}[A-Z])"
    rf"|(?P<IN_PAN>[A-Z]{{2}}[ABCFGHLJPT][A-Z][0-9]{{4}}[A-Z])){_RIGHT}"
)
# Necessary, in RE2 syntax.
DIGITAL = (
    r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3}\.[0-9]{3}-[0-9]{2}|756\.?[0-9]{4}|[0-9]{8}-?[A-Z]|[0-9]{6}[\-+A-Y][0-9]{3}"
    r"|[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9ABab] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"
)
LETTERED = r"[A-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]|[A-Z]-?[0-9]{7}-?[A-Z]|[A-Za-z]{6}[0-9]{2}[A-Za-z]|[A-Z][0-9]{4}[A-Z]"
_LIKE_OTHERS = frozenset(("US_SSN", "US_ITIN", "IN_PAN", "SG_NRIC_FIN"))
_NIF = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ODD_FISCAL = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True))  # fmt: skip
_PUNCTUATION = re.compile("[^0-9A-Za-z]+")


def digital(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add the numbers that begin with a digit, at or after `start`."""
    for match in _DIGITAL.finditer(text, start):
        _add(match, around, hits)


def lettered(text: str, start: int, around: Around, hits: list[Hit]) -> None:
    """Add the numbers that begin with a capital, at or after `start`."""
    for match in _LETTERED.finditer(text, start):
        _add(match, around, hits)


def _add(match: re.Match[str], around: Around, hits: list[Hit]) -> None:
    kind = match.lastgroup or ""
    check = _CHECKS.get(kind)
    if check and not check(_PUNCTUATION.sub("", match[0]).upper()):
        return
    if kind in _LIKE_OTHERS and around.names_other(match.start()):
        return
    hits.append((match.start(), match.end(), kind, 0.85 if check else 0.65))


def cpf(digits: str) -> bool:
    """Brazil: two check digits, modulo 11."""
    if len(set(digits)) == 1:
        return False
    for n in (9, 10):
        rest = sum(int(digit) * (n + 1 - at) for at, digit in enumerate(digits[:n])) * 10 % 11 % 10
        if rest != int(digits[n]):
            return False
    return True


def insee(number: str) -> bool:
    """France: 97 minus the rest by 97; Corsica's departments count as 19 and 18."""
    body = number[:13].replace("2A", "19", 1) if number[5:7] == "2A" else number[:13].replace("2B", "18", 1) if number[5:7] == "2B" else number[:13]
    return body.isdigit() and int(number[13:]) == 97 - int(body) % 97


def ean13(digits: str) -> bool:
    """The EAN-13 sum, of which the Swiss number is one."""
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0


def nif(number: str) -> bool:
    """Spain: a letter by the rest of 23; X, Y, Z in front count as 0, 1, 2."""
    digits = number[:-1].replace("X", "0", 1).replace("Y", "1", 1).replace("Z", "2", 1)
    return digits.isdigit() and _NIF[int(digits) % 23] == number[-1]


def hetu(number: str) -> bool:
    """Finland: a character by the rest of 31 (the sign between the parts is gone, or is a letter)."""
    digits = number[:6] + number[-4:-1]
    return digits.isdigit() and _HETU[int(digits) % 31] == number[-1]


def fiscal(code: str) -> bool:
    """Italy: the sum of odd and even places by 26."""
    odd = sum(_ODD_FISCAL[char] for char in code[0:15:2])
    even = sum(int(char) if char.isdigit() else ord(char) - 65 for char in code[1:15:2])
    return chr(65 + (odd + even) % 26) == code[15]


def nric(number: str) -> bool:
    """Singapore: weights 2 7 6 5 4 3 2, an offset by series."""
    series = number[0]
    total = sum(int(digit) * weight for digit, weight in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True)) + {"T": 4, "G": 4, "M": 3}.get(series, 0)
    table = "JZIHGFEDCBA" if series in "ST" else "XWUTRQPNMLK" if series in "FG" else "KLJNPQRTUWX"
    return number[8] == (table[total % 11] if series != "M" else table[10 - total % 11])


_CHECKS: dict[str, Callable[[str], bool]] = {
    "BR_CPF": cpf,
    "FR_INSEE": insee,
    "CH_AHV": ean13,
    "ES_NIF": nif,
    "ES_NIE": nif,
    "FI_PERSONAL_IDENTITY_CODE": hetu,
    "IT_FISCAL_CODE": fiscal,
    "SG_NRIC_FIN": nric,
}
