"""International bank account numbers: a country of the SWIFT registry, its length and form, and ISO 7064 MOD 97-10."""

from __future__ import annotations

import re

from detectors.recognisers.hits import Hit

KIND = "IBAN_CODE"
# Country and the form of what follows its check digits: n digits, a capitals, c either; after the registry, release 99.
_FORMS = """
AD 8n12c AE 19n AL 8n16c AT 16n AZ 4a20c BA 16n BE 12n BG 4a6n8c BH 4a14c BR 23n1a1c BY 4c4n16c CH 5n12c CR 18n CY 8n16c CZ 20n DE 18n DK 14n DO 4c20n
EE 16n EG 25n ES 20n FI 14n FO 14n FR 10n11c2n GB 4a14n GE 2a16n GI 4a15c GL 14n GR 7n16c GT 24c HR 17n HU 24n IE 4a14n IL 19n IQ 4a15n IS 22n
IT 1a10n12c JO 4a4n18c KW 4a22c KZ 3n13c LB 4n20c LC 4a24c LI 5n12c LT 16n LU 3n13c LV 4a13c LY 21n MC 10n11c2n MD 20c ME 18n MK 3n10c2n MN 16n
MR 23n MT 4a5n18c MU 4a19n3a NI 4a20n NL 4a10n NO 11n OM 3n16c PK 4a16c PL 24n PS 4a21c PT 21n QA 4a21c RO 4a16c RS 18n RU 14n15c SA 2n18c SC 4a20n3a
SD 14n SE 20n SI 15n SK 20n SM 1a10n12c SO 19n ST 21n SV 4a20n TL 19n TN 20n TR 5n1n16c UA 6n19c VA 18n VG 4a16n XK 16n
"""
TOLD = r"[A-Za-z]{2}[0-9]{2}(?:[ \-]?[0-9A-Za-z]){11}"  # necessary, in RE2 syntax
_CLASSES = {"n": "[0-9]", "a": "[A-Za-z]", "c": "[0-9A-Za-z]"}
_DIGITS = {char: str(at) for at, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def _compiled() -> re.Pattern[str]:
    """One expression for all, by the first letter and then the second: what is none is passed over without a call."""
    words = _FORMS.split()
    by_letter: dict[str, list[str]] = {}
    for country, form in zip(words[::2], words[1::2], strict=True):
        account = "".join(f"(?:[ \\-]?{_CLASSES[what]}){{{n}}}" for n, what in re.findall("([0-9]+)([nac])", form))
        by_letter.setdefault(country[0], []).append(f"[{country[1]}{country[1].lower()}][0-9]{{2}}{account}")
    letters = "".join(by_letter)
    firsts = "|".join(f"(?<=[{some}{some.lower()}])(?:{'|'.join(_branch(letter, by_letter) for letter in some)})" for some in (letters[at : at + 5] for at in range(0, len(letters), 5)))
    return re.compile(f"[{letters}{letters.lower()}](?=[A-Za-z][0-9]{{2}})(?<![0-9A-Za-z].)(?:{firsts})(?![0-9A-Za-z])")


def _branch(letter: str, by_letter: dict[str, list[str]]) -> str:
    return f"(?<=[{letter}{letter.lower()}])(?:{'|'.join(by_letter[letter])})"


_ACCOUNT = _compiled()


def ibans(text: str, start: int, hits: list[Hit]) -> None:
    """Add the accounts that start at or after `start`."""
    for match in _ACCOUNT.finditer(text, start):
        shown = match[0].upper().replace(" ", "").replace("-", "")
        account = shown[4:]
        if not account.isdigit():
            account = "".join([_DIGITS[char] for char in account])
        if int(account + _DIGITS[shown[0]] + _DIGITS[shown[1]] + shown[2:4]) % 97 == 1:
            hits.append((match.start(), match.end(), KIND, 0.95))
