"""Numbers and dates that only a word before them tells: `driver's license number is ...`, `SSN: ...`, `"dob": "..."`, `zip code 90210`.

Read from the word on: key phrase, a few connecting words and signs, value. A text is asked once which of the words it holds; none of the others costs anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_

from detectors.later import later
from detectors.recognisers import national_ids
from detectors.recognisers.cards import luhn
from detectors.recognisers.hits import Hit
from detectors.recognisers.small import Among
from detectors.recognisers.sums import bare, rests

REACH = 96  # code points from the start of a key to the start of its value
_LINKING = (
    "number|numero|numer|num|nummer|nr|no|code|card|id|is|was|are|the|a|of|my|his|her|their|on|in|for|as|it's|to|value|us|uk|here|and|following|last|digits|file"
    "|est|es|e|ist|lautet|jest|ar|er|le|el|il|am|den|do|da|de|del|della|du|des|der|van|von|titular|cliente"
)
_LINK = (
    rf"[\"'\]]?(?:[ \t]{{0,3}}(?:\([a-z/.,\- ]{{2,20}}\)|[:=#\-\"'\[{{>_]|\(?(?:{_LINKING})\b\.?\)?"
    r"|\(|n\xb0)){0,6}+[ \t]{0,3}+\n?+[ \t]{0,4}+[\"'(\[#]?+"
)
# English, French, German, Spanish, Italian, Portuguese, Dutch, Polish and Nordic, without accents
_NAMED = (  # which are nothing else behind a number
    "jan(?:uar[iy]?|vier|v|eiro)?|jae?nner|feb(?:ruar[iy]?|rero|braio)?|fev(?:rier|r|ereiro)?|mar(?:ch|s|z[oe]?|co|ca|ts|zec)?|maart|mrt|maerz|apr(?:ile?)?|avr(?:il)?|abr(?:il)?|ma[iy]o?|maja?|mag(?:gio)?|mei"
    "|june?|juni(?:o|ho)?|juin|giu(?:gno)?|jul(?:y|io?|ho)?|juil(?:let)?|lug(?:lio)?|aug(?:ust(?:us|i)?)?|aout|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:tembre|iembre|embro)|oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?|outubro"
    "|nov(?:ember|embre|iembre|embro)?|dec(?:ember|embre)?|de[zs](?:ember|embro)?|dic(?:iembre|embre)?|ene(?:ro)?|gennaio|stycz(?:nia|en)|lut(?:ego|y)|kwie(?:tnia|cien)|czerw(?:ca|iec)|lip(?:ca|iec)|sier(?:pnia|pien)|wrze(?:snia|sien)"
    "|pazd(?:ziernika?)?|list(?:opada?)|grud(?:nia|zien)"
)
MONTH = f"(?:{_NAMED}|set|out|gen|lut|lip)"
_YEAR = r"\.?,?[ \-](?:del? )?(?:[0-9]{1,2}(?:st|nd|rd|th)?,? ?)?(?:19|20)[0-9]{2}"
_COMPACT = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|[0-3][0-9][0-3][0-9](?:19|20)[0-9]{2}"
_TIME = r"(?:t[0-9]{2}:[0-9]{2}[0-9:.]{0,13}(?:z|[+\-][0-9]{2}:?[0-9]{2})?)?"
_DATE = (
    rf"(?:{_COMPACT}|[0-9]{{1,4}}[./\-] ?[0-9]{{1,2}}[./\-] ?[0-9]{{2,4}}{_TIME}|[0-9]{{1,2}}(?:st|nd|rd|th|er|\.|o)?(?: of| de)?(?:[ \-]{MONTH}(?:{_YEAR}|[ \-]'?[0-9]{{2}})| ?{MONTH}(?:19|20)[0-9]{{2}}| ?(?:{_NAMED})(?![a-z]))"
    rf"|{MONTH}{_YEAR})"
)
_TOWN = r"[a-z][a-z'.\-]{1,20}(?: [a-z'.\-]{1,20}){0,2},?"
_MBI = "[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]"


Check = Callable[[Sequence[str]], Iterable[bool]]


@dataclass(frozen=True, slots=True)
class Key:
    """phrase, value: expressions.  check: of the values without punctuation.

    Every alternative of a phrase begins with two letters at least, a group of such, or `(?<![a-z])` and either: that is looked for as it stands.
    """

    kind: str
    phrase: str
    value: str
    check: Check | None = None
    score: float = 0.75


def _divisible(modulus: int, *weights: int) -> Check:
    """By the modulus must the sum be."""
    of = rests(modulus, *weights)
    return lambda numbers: map(not_, of(numbers))


nhs = _divisible(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)  # NHS data dictionary: 11 minus the rest; 11 is 0, 10 is never given
routing = _divisible(10, 3, 7, 1, 3, 7, 1, 3, 7, 1)  # ABA
pesel = _divisible(10, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)  # Poland
dea = _divisible(10, 0, 0, 1, 2, 1, 2, 1, 2, -1)  # US Drug Enforcement Administration
medicare = _divisible(10, 1, 3, 7, 9, 1, 3, 7, 9, -1)  # Australia: eight weighted digits and their check


def tax_id(numbers: Sequence[str]) -> Iterable[bool]:
    """Germany: ISO 7064, modulo 11 and 10."""
    return [len(number) == 11 and _mod_11_10(number) == 1 for number in numbers]


def _mod_11_10(digits: str) -> int:
    rest = 10
    for digit in digits[:-1]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(digits[-1])) % 10


def _alike(numbers: Sequence[str]) -> Iterable[bool]:
    return [len(set(digits)) > 1 for digits in numbers]


def _some_digits(values: Sequence[str]) -> Iterable[bool]:
    return [len(digits) > 3 for digits in bare(values, _LETTERS)]


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PUNCTUATION = bytes(code for code in range(128) if not chr(code).isalnum() and code != 10)

KEYS = (
    Key("US_SSN", r"ssns?(?![a-z])|social[ _]?security|social(?= (?:is|was|number|no|#))|tax(?:payer)?[ _]?id(?:entification)?(?![a-z])", r"[0-9]{3}[ .\-]?[0-9]{2}[ .\-]?[0-9]{4}", _alike, 0.85),
    Key(
        "US_DRIVER_LICENSE",
        r"driv(?:er|ing|ers)'?s?'?[ _]?(?:licen[sc]e|permit|id)|(?<![a-z])(?:dl|cdl)(?=[ _]?(?:number|no|num|#|:|is))|(?<![a-z])dln(?![a-z])|permis de conduire"
        r"|fuhrerschein(?:nummer)?|patente di guida|(?:carnet|licencia|permiso) de conducir|rijbewijs(?:nummer)?|prawo jazdy|carta de conducao",
        r"[A-Za-z9]{5}[0-9]{6}[0-9A-Za-z]{5}|(?:[A-Za-z]{2}[ \-])?(?=[A-Za-z]{0,3}[0-9](?:[A-Za-z]{0,16}(?:[ \-][A-Za-z]{0,5})?[0-9]){3})[A-Za-z]{0,3}[0-9][0-9A-Za-z]{0,16}(?:[ \-][0-9A-Za-z]{0,5}[0-9]){0,4}",
        _some_digits,
    ),
    Key(
        "US_PASSPORT",
        r"passe?port|passaport[eo]|pasaporte?|paspoort(?:nummer)?|paszportu?|reise-?pass(?:nummer)?|pass-?(?:nummer|nr)",
        r"[A-Za-z]{0,3}[0-9]{6,9}[A-Za-z]{0,2}|[0-9]{2}[A-Za-z]{2}[0-9]{5}|(?=(?:[A-Za-z]{0,5}[0-9]){4})[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?",
    ),
    Key("UK_NHS", r"(?<![a-z])nhs", r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{4}", nhs, 0.9),
    Key("US_ITIN", r"(?<![a-z])itin(?![a-z])", r"9[0-9]{2}[ \-]?[5-9][0-9][ \-]?[0-9]{4}"),
    Key("US_EIN", r"(?<![a-z])ein(?![a-z])|(?:employer|tax)[ _]?id(?:entification)?", r"[0-9]{2}-?[0-9]{7}"),
    Key("ABA_ROUTING_NUMBER", r"routing|(?<![a-z])(?:aba|rtn)(?![a-z])", r"[0-9]{9}|[0-9]{4}-[0-9]{4}-[0-9]", routing),
    Key(
        "US_BANK_NUMBER",
        r"(?:bank|checking|savings?)[ _]?(?:account|acct)|acct(?![a-z]|_[0-9])|account[ _]?(?:number|no(?![a-z])|#)|(?<![a-z])a/c(?: ?(?:number|no|#))?(?![a-z])|kontonummer|konto-?nr|rekeningnummer|numero de (?:cuenta|compte)"
        r"|sort code[ :]{1,2}[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[,;]?(?: and)? acc(?:oun)?t",
        r"[0-9]{8,17}|[0-9]{2,6}(?:[ \-][0-9]{2,6}){2,4}",
        _alike,
        0.6,
    ),
    Key("US_MBI", r"medicare|(?<![a-z])mbi(?![a-z])", rf"[1-9]{_MBI}[0-9]-?{_MBI}[0-9]-?[AC-HJKMNP-RT-Y]{{2}}[0-9]{{2}}"),
    Key(
        "MEDICAL_RECORD",
        r"(?<![a-z])mrn|medical[ _]?record|patient[ _]?(?:id|number|no)(?![a-z])|health[ _]?insurance|insurance[ _]?(?:id|number|policy|member)|member id",
        r"[A-Za-z]{0,4}-?[0-9]{5,12}",
        None,
        0.65,
    ),
    Key("MEDICAL_LICENSE", r"(?<![a-z])dea(?![a-z])", r"[A-Za-z][A-Za-z9][0-9]{7}", dea),
    Key("AU_TFN", r"(?<![a-z])tfn|tax[ _]?file", r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}", _divisible(11, 1, 4, 3, 7, 5, 8, 6, 9, 10)),
    Key("AU_MEDICARE", r"medicare", r"[2-6][0-9]{3}[ \-]?[0-9]{5}[ \-]?[0-9]", medicare),
    Key("CA_SIN", r"(?<![a-z])sin(?![a-z])|social[ _]?insurance", r"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}", luhn),
    Key("IN_AADHAAR", r"aadhaa?r|uidai", r"[2-9][0-9]{3}[ \-]?[0-9]{4}[ \-]?[0-9]{4}", None, 0.8),
    Key("IN_PAN", r"(?<![a-z])pan(?![a-z])|permanent[ _]?account", r"[A-Za-z]{5}[0-9]{4}[A-Za-z]"),
    Key("PL_PESEL", r"pesel", r"[0-9]{11}", pesel),
    Key("NL_BSN", r"(?<![a-z])bsn(?![a-z])|burgerservicenummer", r"[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{3}|[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3}", _divisible(11, 9, 8, 7, 6, 5, 4, 3, 2, -1)),
    Key("SE_PERSONNUMMER", r"personn(?:umme)?r", r"(?:19|20)?[0-9]{6}[\-+]?[0-9]{4}", lambda numbers: luhn([digits[-10:] for digits in numbers])),
    Key("DE_TAX_ID", r"steuer(?:-?id|liche identifikations|nummer|-?identifikations)[a-z]{0,12}", r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}|[0-9]{2,3}/[0-9]{3}/[0-9]{4,5}"),
    Key("DE_TAX_ID", r"(?<![a-z])id-?nr\.?(?![a-z])|(?<![a-z])identifikationsnummer|tax[ _]?id(?![a-z])", r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}", tax_id),
    Key("IT_FISCAL_CODE", r"codice[ _]?fiscale|(?<![a-z])cf(?![a-z])", r"[A-Za-z]{6}[0-9]{2}[A-Za-z][0-9]{2}[A-Za-z][0-9]{3}[A-Za-z]", national_ids.fiscal, 0.85),
    Key("UK_NINO", r"national[ _]?insurance|(?<![a-z])nino?(?= ?(?:is|no|num|:|#))|(?<![a-z])ni(?=[ _](?:no|num))", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"),
    Key("BR_CPF", r"(?<![a-z])cpf(?![a-z])", r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}", national_ids.cpf, 0.9),
    Key("FR_INSEE", r"securite sociale|secu(?![a-z])|(?<![a-z])(?:insee|nir)(?![a-z])", r"[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9ABab] ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})?"),
    Key(
        "DATE_OF_BIRTH",
        rf"birth[ _\-]?(?:date|day)?|(?<![a-z])bday(?![a-z])|(?<![a-z])(?:dob|d\.o\.b\.?)(?:/age)?(?![a-z])|born(?![a-z])(?: (?:in|at) {_TOWN} on(?![a-z]))?|naissance|geburts(?:datum|tag)|nacimiento|nascita"
        rf"|nascimento|(?<![a-z])nascid[ao] (?:em(?: {_TOWN})? )?(?:a|em)(?![a-z])|(?<![a-z])naci(?:d[ao]|o)(?: en {_TOWN})? el(?![a-z])|(?<![a-z])nat[ao](?: a {_TOWN})? il(?![a-z])|(?<![a-z])nee?(?: a {_TOWN})? le(?![a-z])"
        rf"|geboren(?: (?:in|te) {_TOWN} (?:am|op)(?![a-z]))?|(?<![a-z])geb\.|geboortedatum|data urodzenia|urodzon[aye]|(?<![a-z])fod(?:t|d|elsedatum|selsdato)(?![a-z])|syntymaaika|syntynyt|dogum tarihi",
        _DATE,
        None,
        0.7,
    ),
    Key(
        "LOCATION",
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
_NOT_AFTER, _NOT_BEFORE = "(?<![a-z])", "(?![a-z])"
_OPTIONS = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|[^|]")


def _alternatives(phrase: str) -> Iterator[tuple[str, str]]:
    """Each alternative of a phrase: what is necessary for it, in RE2 syntax, and an expression that begins with letters, so that all else is passed over in C."""
    for alternative in re.findall(rf"(?:{_OPTIONS.pattern})+", phrase):
        bounded = alternative.startswith(_NOT_AFTER)
        rest = alternative.removeprefix(_NOT_AFTER)
        group = re.match(r"\(\?:((?:[^()]|\([^()]*\))*)\)", rest)
        for begins in group[1].split("|") if group else ("",):
            expression = begins + rest[group.end() :] if group else rest
            letters = re.match(r"(?:[a-z/]|\\\.)+(?![?*{])", expression)
            assert letters is not None and len(letters[0]) > 1, expression
            after = expression[letters.end() :]
            necessary = f"{'(?:^|[^a-z])' if bounded else ''}{letters[0]}{'(?:[^a-z]|$)' if after.startswith(_NOT_BEFORE) else ''}"
            yield necessary, f"{letters[0]}(?<![a-z]{letters[0]}){after}" if bounded else expression


_LISTED = re.compile(rf"/({KEYS[0].value})(?![0-9A-Za-z])(?![.,\-][0-9])")  # of social security numbers, which come in pairs


def _compiled() -> Iterator[tuple[Key, str, re.Pattern[str]]]:
    for key in KEYS:
        one_more = f"(?={_small(_LISTED.pattern)})|" if key is KEYS[0] else ""
        value = f"(?=({_small(key.value)})(?!_?[0-9a-z])(?:{one_more}(?![.,/\\-][0-9])))"
        for necessary, expression in _alternatives(key.phrase):
            yield key, necessary, later(f"{expression}{_LINK}{value}")  # a text has few of these words, and compiling them all takes 50 ms


_COMPILED = tuple(_compiled())
_AMONG = Among(necessary for _, necessary, _ in _COMPILED)
_STARTS = re.compile(r"\(\?<![^)]*\)|\(\?[=!](?:[^()]|\([^()]*\))*\)")  # what RE2 has not: looking around
# Necessary for a hit, over small letters: whether it is worth to look for each key.
TOLD = f"(?:{'|'.join(_STARTS.sub('', key.phrase) for key in KEYS)})(?:[ \\t\\n\"'\\]:=#\\-(\\[{{>_).,/?]|{_LINKING}|n\\?|\\([a-z/., -]+\\))*(?:[a-z]{{0,6}}-?[0-9]|[a-z]{{2}}[ -][a-z]{{0,3}}[0-9]|{MONTH})"


def keyed(text: str, low: str, flat: bytes, start: int, wanted: frozenset[str], hits: list[Hit]) -> None:
    """Add values that start at or after `start`; their keys may stand before it. low: the text in small letters.  flat: as bytes."""
    first = max(0, start - REACH)
    for key, _, pattern in map(_COMPILED.__getitem__, _AMONG(flat)):
        if key.kind not in wanted:
            continue
        found = [(at, end, begin) for match in pattern.finditer(low, first) if (at := match.start(1)) >= start and at - (begin := match.start()) <= REACH and (end := match.end(1))]
        if key.check:
            found = list(compress(found, key.check(bare([text[at:end] for at, end, _ in found], _PUNCTUATION))))
        hits += [(at, end, key.kind, key.score) for at, end, _ in found]
        for _, end, begin in found if key is KEYS[0] and "/" in text else ():
            if text.startswith("/", end):
                _listed(text, begin, end, hits)


def _listed(text: str, begin: int, end: int, hits: list[Hit]) -> None:
    """Add more of them after slashes. begin: of the key.  end: of the first."""
    while (more := _LISTED.match(text, end)) and more.start(1) - begin <= REACH:
        end = more.end()
        if all(_alike(bare([more[1]], _PUNCTUATION))):
            hits.append((*more.span(1), KEYS[0].kind, KEYS[0].score))
