"""Numbers and dates that only a word before them tells: `driver's license number is ...`, `SSN: ...`, `"dob": "..."`, `zip code 90210`.

Read from the word on: key phrase, a few connecting words and signs, value. A word is looked for as a plain string, its gate, which costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from detectors.recognisers import national_ids
from detectors.recognisers.cards import luhn
from detectors.recognisers.hits import Hit

REACH = 96  # code points from the start of a key to the start of its value
_LINKING = "number|numero|num|nummer|nr|no|code|card|id|is|was|are|the|a|of|my|his|her|their|on|in|for|as|it's|to|value|us|uk|here|and|following|last|digits"
_LINK = (
    rf"[\"'\]]?(?:[ \t]{{0,3}}(?:[:=#\-\"'\[>_]|\(?(?:{_LINKING})\b\.?\)?"
    r"|\(|n\xb0)){0,6}+[ \t]{0,3}\n?[ \t]{0,4}[\"'(\[#]?"
)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    rf"(?:[0-9]{{1,4}}[./\-][0-9]{{1,2}}[./\-][0-9]{{2,4}}|(?:[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ \-])?{_MONTH}\.?[ \-](?:[0-9]{{1,2}}(?:st|nd|rd|th)?,? ?)?(?:19|20)[0-9]{{2}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH})"
)
_MBI = "[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]"


@dataclass(frozen=True, slots=True)
class Key:
    """gates: what the phrase begins with, small letters.  phrase, value: expressions.  check: of the value without punctuation."""

    kind: str
    gates: tuple[str, ...]
    phrase: str
    value: str
    check: Callable[[str], bool] | None = None
    score: float = 0.75


def _mod11(weights: tuple[int, ...]) -> Callable[[str], bool]:
    return lambda digits: len(digits) == len(weights) and digits.isdigit() and sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0


def nhs(digits: str) -> bool:
    """NHS data dictionary: weights 10 to 2, 11 minus the rest; 11 is 0, 10 is never given."""
    return _mod11((10, 9, 8, 7, 6, 5, 4, 3, 2, 1))(digits)


def routing(digits: str) -> bool:
    """ABA: 3 7 1."""
    return len(digits) == 9 and sum(int(d) * w for d, w in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0


def dea(number: str) -> bool:
    """US Drug Enforcement Administration: the last digit of a weighted sum."""
    d = [int(digit) for digit in number[2:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def medicare(digits: str) -> bool:
    """Australia: eight weighted digits and their check."""
    return sum(int(d) * w for d, w in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9), strict=False)) % 10 == int(digits[8])


def pesel(digits: str) -> bool:
    """Poland."""
    return sum(int(d) * w for d, w in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), strict=True)) % 10 == 0


def _alike(digits: str) -> bool:
    return len(set(digits)) > 1


def _some_digits(value: str) -> bool:
    return sum(map(str.isdigit, value)) >= 4


KEYS = (
    Key("US_SSN", ("ssn", "social"), r"ssns?(?![a-z])|social[ _]?security", r"[0-9]{3}[ .\-]?[0-9]{2}[ .\-]?[0-9]{4}", _alike, 0.85),
    Key(
        "US_DRIVER_LICENSE",
        ("driv", "dl", "permis de conduire"),
        r"driv(?:er|ing|ers)'?s?'?[ _]?(?:licen[sc]e|permit|id)|(?<![a-z])dl(?=[ _]?(?:number|no|num|#|:|is))|permis de conduire",
        r"[A-Za-z]{0,3}[0-9][0-9A-Za-z]{0,16}(?:[ \-][0-9A-Za-z]{0,5}[0-9]){0,3}",
        _some_digits,
    ),
    Key("US_PASSPORT", ("passport", "passeport"), r"pass[e]?port", r"[A-Za-z]{0,2}[0-9]{6,9}[A-Za-z]{0,2}"),
    Key("UK_NHS", ("nhs",), r"(?<![a-z])nhs", r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{4}", nhs, 0.9),
    Key("US_ITIN", ("itin",), r"(?<![a-z])itin(?![a-z])", r"9[0-9]{2}[ \-]?[5-9][0-9][ \-]?[0-9]{4}"),
    Key("US_EIN", ("ein", "employer id"), r"(?<![a-z])ein(?![a-z])|employer id(?:entification)?", r"[0-9]{2}-?[0-9]{7}"),
    Key("ABA_ROUTING_NUMBER", ("routing", "aba", "rtn"), r"routing|(?<![a-z])(?:aba|rtn)(?![a-z])", r"[0-9]{9}|[0-9]{4}-[0-9]{4}-[0-9]", routing),
    Key(
        "US_BANK_NUMBER",
        ("bank", "checking", "saving", "acct", "account"),
        r"(?:bank|checking|savings?)[ _]?(?:account|acct)|acct(?![a-z])|account[ _](?:number|no\.?|#)",
        r"[0-9]{8,17}|[0-9]{2,6}(?:[ \-][0-9]{2,6}){2,4}",
        _alike,
        0.6,
    ),
    Key("US_MBI", ("medicare", "mbi"), r"medicare|(?<![a-z])mbi(?![a-z])", rf"[1-9]{_MBI}[0-9]-?{_MBI}[0-9]-?[AC-HJKMNP-RT-Y]{{2}}[0-9]{{2}}"),
    Key(
        "MEDICAL_RECORD",
        ("mrn", "medical record", "patient", "health insurance", "insurance", "member id"),
        r"(?<![a-z])mrn|medical record|patient[ _]?(?:id|number|no)(?![a-z])|health insurance|insurance (?:id|number|policy|member)|member id",
        r"[A-Za-z]{0,4}-?[0-9]{5,12}",
        None,
        0.65,
    ),
    Key("MEDICAL_LICENSE", ("dea",), r"(?<![a-z])dea(?![a-z])", r"[A-Za-z][A-Za-z9][0-9]{7}", dea),
    Key("AU_TFN", ("tfn", "tax file"), r"(?<![a-z])tfn|tax file", r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}", _mod11((1, 4, 3, 7, 5, 8, 6, 9, 10))),
    Key("AU_MEDICARE", ("medicare",), r"medicare", r"[2-6][0-9]{3}[ \-]?[0-9]{5}[ \-]?[0-9]", medicare),
    Key("CA_SIN", ("sin", "social insurance"), r"(?<![a-z])sin(?![a-z])|social insurance", r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}", luhn),
    Key("IN_AADHAAR", ("aadha", "uidai"), r"aadhaa?r|uidai", r"[2-9][0-9]{3}[ \-]?[0-9]{4}[ \-]?[0-9]{4}", None, 0.8),
    Key("IN_PAN", ("pan", "permanent account"), r"(?<![a-z])pan(?![a-z])|permanent account", r"[A-Za-z]{5}[0-9]{4}[A-Za-z]"),
    Key("PL_PESEL", ("pesel",), r"pesel", r"[0-9]{11}", pesel),
    Key("NL_BSN", ("bsn", "burgerservice"), r"(?<![a-z])bsn(?![a-z])|burgerservicenummer", r"[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{3}|[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3}", _mod11((9, 8, 7, 6, 5, 4, 3, 2, -1))),
    Key("SE_PERSONNUMMER", ("personn",), r"personn(?:umme)?r", r"(?:19|20)?[0-9]{6}[\-+]?[0-9]{4}", lambda digits: luhn(digits[-10:])),
    Key("DE_TAX_ID", ("steuer",), r"steuer(?:-?id|liche identifikations|nummer|-?identifikations)[a-z]{0,12}", r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}|[0-9]{2,3}/[0-9]{3}/[0-9]{4,5}"),
    Key("BR_CPF", ("cpf",), r"(?<![a-z])cpf(?![a-z])", r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}", national_ids.cpf, 0.9),
    Key("FR_INSEE", ("secu", "insee", "nir"), r"securite sociale|secu(?![a-z])|(?<![a-z])(?:insee|nir)(?![a-z])", r"[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9ABab] ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})?"),
    Key(
        "DATE_OF_BIRTH",
        ("birth", "dob", "d.o.b", "born", "naissance", "geburts", "nacimiento", "nascita"),
        r"birth[ _]?(?:date|day)?|(?<![a-z])(?:dob|d\.o\.b\.?)(?![a-z])|born(?![a-z])|naissance|geburts(?:datum|tag)|nacimiento|nascita",
        _DATE,
        None,
        0.7,
    ),
    Key(
        "LOCATION",
        ("zip", "post", "plz", "code postal", "codigo postal", "cep"),
        r"(?<![a-z])zip(?![a-z])(?:[ _]?code)?|zipcode|(?<![a-z])post(?:al)?[ _]?code|(?<![a-z])(?:plz|cep)(?![a-z])|code postal|codigo postal",
        r"[0-9]{3,6}(?:[ \-][0-9]{3,4})?|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{4} ?[A-Z]{2}",
        None,
        0.6,
    ),
)


def _small(expression: str) -> str:
    """The same for a text in small letters."""
    return re.sub(r"\[[^\]]*\]", lambda found: found[0].replace("A-Za-z", "a-z").lower(), expression)


KINDS = frozenset(key.kind for key in KEYS)
_COMPILED = tuple((key, re.compile(f"(?:{key.phrase}){_LINK}(?P<value>{_small(key.value)})(?![0-9a-z])(?![.,/\\-][0-9])")) for key in KEYS)
_PUNCTUATION = re.compile("[^0-9A-Za-z]+")
_DIGIT = re.compile("[0-9]")
_SPREAD = REACH + 24  # from a key to the first digit of its value
_STARTS = re.compile(r"\(\?<![^)]*\)|\(\?[=!](?:[^()]|\([^()]*\))*\)")  # what RE2 has not: looking around
# Necessary for a hit, over small letters: whether it is worth to look for each key.
TOLD = f"(?:{'|'.join(_STARTS.sub('', key.phrase) for key in KEYS)})(?:[ \\t\\n\"'\\]:=#\\-(\\[>_).?]|{_LINKING})*(?:[a-z]{{0,5}}-?[0-9]|{_MONTH})"


def keyed(text: str, low: str, start: int, wanted: frozenset[str], hits: list[Hit]) -> None:
    """Add values that start at or after `start`; their keys may stand before it. low: the text in small letters."""
    first = max(0, start - REACH)
    for key, pattern in _COMPILED:
        if key.kind not in wanted:
            continue
        for gate in key.gates:
            place, digit = low.find(gate, first), -1
            while place >= 0:
                if digit < place:
                    found = _DIGIT.search(low, place)
                    if found is None:
                        break
                    digit = found.start()
                if digit - place > _SPREAD:
                    place = low.find(gate, digit - _SPREAD)
                    continue
                match = pattern.match(low, place)
                if match:
                    at, end = match.span("value")
                    if at >= start and at - place <= REACH and (key.check is None or key.check(_PUNCTUATION.sub("", text[at:end]))):
                        hits.append((at, end, key.kind, key.score))
                place = low.find(gate, place + 1)
