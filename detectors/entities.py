"""Which of the model's entities hold up. It calls programs people, order numbers dates and half an address an organisation.

Rules of this file: pure; every entity is judged by itself and by the characters right around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detectors import gazetteer
from detectors.people import FIRM, FIRM_END, INSTITUTIONS
from detectors.things import is_no_place, is_nobody

_KINDS = {"PERSON": "PERSON", "PER": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION", "ORG": "ORGANIZATION", "NORP": "NRP", "DATE": "DATE_TIME", "TIME": "DATE_TIME"}
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    rf"\b\d{{4}}-\d{{1,2}}-\d{{1,2}}|\b\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})\b|\b{_MONTHS}\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}:\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{{1,2}}\s?[ap]\.?m\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?)?\b|\b\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})\b|\b\d{{1,2}}[.-]\d{{1,2}}[.-](?:19|20)\d\d\b"
    rf"|\b{_MONTHS}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d\d)?\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS}\.?(?:,?\s(?:19|20)\d\d)?\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:(?<=\bin\s)|(?<=since\s))(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\b(?:born|birth|birthday|birthdate|d\.?o\.?b)\b[^.\n]{0,40}\Z", re.IGNORECASE)
_CONTRACTED = re.compile(r"[\s,.]*(?:I|We|You|They|He|She|It|That|There|Here|This|Who|What|Name)['\u2019](?:m|re|s|ve|ll|d)(?![A-Za-z])\s*", re.IGNORECASE)
_TITLE = re.compile(r"\A(?:(?:i'm|i am|i\u2019m|mr|mrs|ms|miss|dr|prof|sir|madam|dear|hi|hello|hey|thanks|regards|sincerely|reach|tell|ask|contact|call|e-?mail|text|ring|remind|invite|meet|inform|notify|customer|patient|agent|manager|user|employee)\b\.?,?\s+)+", re.IGNORECASE)
_SPLIT = re.compile(r"[:\"\u201c\u201d()\n\r\t|>]+|\s-+\s|,\s")
_NAME = re.compile(r"(?:[^\W\d_]['\u2019])?[^\W\d_][^\W\d_]*(?:['\u2019-][^\W\d_]+)*\.?(?:\s(?:[^\W\d_]['\u2019])?[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?){0,5}")
_CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
_CAMEL_NAME = re.compile(r"\b(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz|O)[A-Z]")
_LETTER_DIGIT = re.compile(r"[^\W\d_]\d")
_IN = re.compile(r"(?:^|\s)in \Z", re.IGNORECASE)  # nobody is in a person
_TO = re.compile(r"(?:^|\s)(?:in|to|from|near|at|of|via|around|outside|leaving|visiting|hope) \Z", re.IGNORECASE)
_TOWNS_BEGIN = frozenset("port lake north south east west new fort mount mt san santa santo saint sainte st ste el los las bad upper lower great little".split())  # noqa: SIM905
_TOWNS_END = frozenset("ville city town township beach springs falls heights valley bay harbor harbour creek hills grove island county village port bridge park point shores junction crossing flats".split())  # noqa: SIM905
_TOWN_ENDINGS = ("ville", "town", "shire", "burgh", "borough", "furt", "stad", "stadt", "mouth", "chester", "haven", "port", "side", "view", "bury", "berg", "land", "fort", "dorf", "hausen", "hafen", "heim", "mauer", "wick", "abad", "pur", "puram", "nagar")
_INSIDE = re.compile(r"[^\W\d_][._/\\:(\[][^\W\d_]{2}")  # as in window.location
_SMALL = re.compile(r"\s(?!(?:de|del|della|der|den|di|da|do|dos|das|du|la|le|van|von|zu|el|al|bin|ibn|ter|ten|st|mac|mc|san|y|e|af|av|of)\b)[a-z][^\W\d_]*(?=\s|\Z)")  # after a capitalised word it belongs to no name
_STREETISH = re.compile(r"\b(?:street|road|avenue|lane|boulevard|apt|suite)\b", re.IGNORECASE)
PERSON, PLACE, WEAK = 0.7, 0.7, 0.4  # scores


def held_up(text: str, entities: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, kind, score) of the model's (start, end, label) that may stand."""
    for start, end, label in entities:
        kind = _KINDS.get(label)
        if kind == "PERSON":
            yield from _people(text, start, end)
        elif kind == "LOCATION":
            yield from _place(text, start, end)
        elif kind == "DATE_TIME":
            if _DATE.search(text, start, end):
                yield start, end, kind, 0.85 if _BORN.search(text[max(0, start - 60) : start]) else WEAK
        elif kind == "NRP":
            if any(gazetteer.plain(word) in gazetteer.PEOPLES for word in re.split(r"[\s-]", text[start:end])) or text[start:end].istitle():
                yield start, end, kind, WEAK
        elif kind == "ORGANIZATION":
            yield from _organisation(text, start, end)


def dates(text: str) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, kind, score) of dates by how they are written, the model unasked."""
    for found in _WRITTEN.finditer(text):
        yield *found.span(), "DATE_TIME", 0.85 if _BORN.search(text[max(0, found.start() - 60) : found.start()]) else WEAK


def _people(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, float]]:
    """A PERSON of the model, cut where a name ends."""
    at = start
    for piece in [*_SPLIT.finditer(text, start, end), None]:
        stop = piece.start() if piece else end
        yield from _person(text, at, stop)
        at = piece.end() if piece else end


def _person(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, float]]:
    words = text[start:end]
    verb = _CONTRACTED.match(words)  # the model takes "I'm Ann" for a name
    start += verb.end() if verb else 0
    words = text[start:end]
    title = _TITLE.match(words)
    start += title.end() if title else 0
    words = text[start:end]
    start += len(words) - len(words.lstrip(" .,;'\u2019!?-*#&"))
    words = text[start:end].rstrip(" .,;'\u2019!?-*#&")
    for possessive in ("'s", "\u2019s"):
        words = words.removesuffix(possessive)
    cut = _SMALL.search(words) if words[:1].isupper() else None
    if cut:
        words = words[: cut.start()]
    end = start + len(words)
    if len(words) < 2 or not _NAME.fullmatch(words) or not _apart(text, start, end) or _STREETISH.search(words):
        return
    folded = [gazetteer.plain(word.rstrip(".")) for word in words.split()]
    while folded and folded[0] in gazetteer.ABROAD:  # `Cordialement Ann`
        rest = words.partition(" ")[2].lstrip()
        start, words, folded = end - len(rest), rest, folded[1:]
    if not folded or (len(folded) == 2 and folded[1] in gazetteer.ABROAD and words.partition(" ")[0].isupper()):  # `DHL Sendung`
        return
    whole = " ".join(folded)
    if whole in gazetteer.PLACES and folded[0] not in gazetteer.GIVEN:
        if not is_no_place(text, start, end):
            yield start, end, "LOCATION", PLACE
        return
    if whole in gazetteer.PEOPLES:
        yield start, end, "NRP", WEAK
        return
    if any(word in gazetteer.NOBODY or word in INSTITUTIONS for word in folded) or (_CAMEL.search(words) and not _CAMEL_NAME.search(words)) or FIRM.match(text, end) or FIRM_END.search(words) or is_nobody(text, start, end):
        return
    if (_IN.search(text[max(0, start - 4) : start]) and folded[0] not in gazetteer.GIVEN) or _is_town(text, start, folded):
        yield start, end, "LOCATION", PLACE
        return
    if words.isupper() and not any(word in gazetteer.GIVEN for word in folded):
        return  # an abbreviation, a heading
    if words.islower() and folded[0] not in gazetteer.GIVEN:
        return
    yield start, end, "PERSON", PERSON


def _is_town(text: str, start: int, folded: list[str]) -> bool:
    """Whether it is called as towns are: `Port Example`, `Example Springs`, `to Exampleville`."""
    if len(folded) > 1:
        return (folded[0] in _TOWNS_BEGIN and len(folded) < 5) or (folded[-1] in _TOWNS_END and _TO.search(text[max(0, start - 12) : start]) is not None)
    return folded[0] not in gazetteer.GIVEN and folded[0].endswith(_TOWN_ENDINGS) and _TO.search(text[max(0, start - 12) : start]) is not None


def _place(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, float]]:
    words = text[start:end].rstrip(" .,;:'!?-*#&\n\r\t")
    for possessive in ("'s", "\u2019s"):
        words = words.removesuffix(possessive)
    stripped = words.lstrip(" .,;:'!?-*#&@>\n\r\t")
    start += len(words) - len(stripped)
    end = start + len(stripped)
    folded = [gazetteer.plain(word.strip(".,")) for word in stripped.split()]
    letters = sum(map(str.isalpha, stripped))
    if letters < 2 or ("(" in stripped) != (")" in stripped) or _INSIDE.search(stripped) or stripped.islower() or letters < 0.6 * len(stripped.replace(" ", "")) or not _apart(text, start, end):
        return
    if any(word in gazetteer.NOT_NAMES for word in folded) or folded[0] in gazetteer.ABROAD or (_CAMEL.search(stripped) and not _CAMEL_NAME.search(stripped)):
        return
    if " ".join(folded) in gazetteer.PEOPLES:
        yield start, end, "NRP", WEAK
    elif len(folded) == 1 and folded[0] in gazetteer.GIVEN and folded[0] not in gazetteer.PLACES:
        yield start, end, "PERSON", PERSON
    elif stripped.isupper() and len(stripped) < 6 and " ".join(folded) not in gazetteer.PLACES:
        return  # an abbreviation
    elif _LETTER_DIGIT.search(stripped) or FIRM_END.search(stripped) or is_no_place(text, start, end):
        return
    else:
        yield start, end, "LOCATION", PLACE


def _organisation(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, float]]:
    words = text[start:end].strip()
    folded = gazetteer.plain(words)
    if folded in gazetteer.PLACES:
        if not is_no_place(text, start, end):
            yield start, end, "LOCATION", PLACE
    elif folded in gazetteer.GIVEN:
        yield start, end, "PERSON", PERSON
    elif not _apart(text, start, end) or (folded in gazetteer.NOT_NAMES) or sum(map(str.isalpha, words)) < 0.7 * len(words):
        return
    else:
        yield start, end, "ORGANIZATION", WEAK


def _apart(text: str, start: int, end: int) -> bool:
    """Whether it is not a piece of an identifier, a path, an address or a number."""
    left, right = text[start - 1 : start] if start else " ", text[end : end + 1] or " "
    if left.isalnum() or left in "_@/\\#$=&%+~.`" or right.isalnum() or right in "_@/\\=(%+~`":
        return False
    return not (right in ".:-" and text[end + 1 : end + 2].strip(" \"'\n\r)\u201d") != "")
