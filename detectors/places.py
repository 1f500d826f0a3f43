"""Places: addresses, postcodes that are announced, countries and large cities, and what stands where only a place can (`grew up in X`).

Rules of this file: pure; linear; looks at one line and at what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detectors import forms, gazetteer, records
from detectors.addresses import addresses
from detectors.people import FIRM, FIRM_END
from detectors.recognisers.small import linear, plain
from detectors.shape import is_prose
from detectors.things import is_no_place

ADDRESS, SURE, SAID, VISITED, KNOWN = 0.86, 0.86, 0.75, 0.65, 0.75  # scores

_CAPITAL = r"[A-Z\u00c0-\u00de\u0370-\u03ff\u0400-\u042f][\w'\u2019-]{1,30}"
_PLACE = rf"(?:{_CAPITAL})(?:(?:[ -](?:de|del|la|le|les|sur|am|im|an der|of|di|do|da|nad|pod|u|y|den|el|al|upon|on|st\.?|in|v|k))?[ -]{_CAPITAL}){{0,3}}"
_POSTCODE = re.compile(r"\b(?:zip|postal|post)[ -]?(?:code)?(?:\s(?:is|was|of))?\s{0,2}[:=#]?\s{0,2}([A-Z]{0,2}-?\d[A-Z\d]{1,5}(?:[ -][A-Z\d]{2,4})?)(?![\w-])", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:(?:grew|grown) up in|born in|raised in|native of|originally from|based in|resid(?:e|es|ing) in|liv(?:e|es|ed|ing)(?: alone| here| together)? in|see you in|(?:shop|school|clinic|hospital|warehouse|branch|plant|meeting|conference|wedding) in|(?:airport|us|contact|arriv(?:e|es|ed|ing)|opened) in|(?:stolen|lost|stuck|landed|hospitali[sz]ed|stationed|deployed) in|work(?:s|ed|ing)? from|commut(?:e|es|ing) (?:to|from)|mov(?:e|es|ed|ing) (?:here |back |over )?(?:to|from)|relocat(?:e|ed|ing) (?:to|from)"
    r"|travel(?:l?ed|l?ing|s)? (?:to|from|through|around)|trip to|flight (?:to|from)|fl(?:y|ew|ies|ying) (?:to|from|back to)|(?:returned|arriv(?:e|ed|es|ing)) (?:to|in|at)|vacation in|holidays? in|university of|city of|town of|village of|mayor of|capital of"
    r"|people of|citizens? of|country of|republic of|am from|i'?m in|(?:will|to) be in|drove to|driving to|on business in|store in|office in|hotel in|house in|apartment in|flat in)\s"
    rf"(?:the\s)?((?-i:{_PLACE}))",
    re.IGNORECASE,
)
_VISITED = re.compile(rf"\b(?:visit(?:ed|ing|s)?|been to|going to|go to|comes? from|stay(?:ed|ing)? in)\s(?:the\s)?((?-i:{_PLACE}))", re.IGNORECASE)
_KEYED = re.compile(rf"[\"']?\b(?:city|town|country|state|province|hometown|birthplace|place of birth|location|destination)[\"']?\s{{0,2}}(?:[:=]\s{{0,3}}[\"']?|>)((?-i:{_PLACE}))(?![\w(/.=-])", re.IGNORECASE)
# `moved from X to Y`: both
_ONWARDS = re.compile(rf"\b(?:(?:mov|relocat|travel|commut|transferr)\w{{1,4}}|flew|drove|went|d[e\u00e9]m[e\u00e9]nag\w{{1,5}}) (?:from|de |d['\u2019])\s?({_PLACE}) (?:to|[a\u00e0]) ({_PLACE})(?!['\u2019]s)")
_FRENCH = re.compile(
    r"\b(?i:habit(?:e|es|ons|ez|ent|ait)|vi[st]|vivons|vivez|r[e\u00e9]sid(?:e|ant|ons|ez)|demeure|n[e\u00e9]e?|d[e\u00e9]m[e\u00e9]nag\w{1,5}|domicili[e\u00e9]e?|install[e\u00e9]e?|situ[e\u00e9]e?|suivie?|hospitalis[e\u00e9]e?|op[e\u00e9]r[e\u00e9]e?|scolaris[e\u00e9]e?|emm[e\u00e9]nag\w{1,5}|mairie|ville|gare|mut[e\u00e9]e?)"
    rf" (?:[a\u00e0] (?:la |l['\u2019])?|de |d['\u2019]|au |aux |en |pr[e\u00e8]s de )({_PLACE})",
)
# Necessary for those around it, in linear time: a byte for each character, so that any but ASCII's is one sign
_FROM = linear(r"[a-z] (?:from|de|d.) ?[A-Z?]")
_FRENCH_VERB = linear(r"(?i)\b(?:habit|vi[stv]|r.sid|demeure|n.e? |d.m.nag|domicili|install|situ|suivi|hospitalis|op.r|scolaris|emm.nag|mairie|ville|gare|mut)")
_IN = linear(r" (?:in|to|from) [A-Z?]")
_WITHIN = re.compile(rf"\b(?:(?:i|I|we|they|who|still|now|lives?|lived|living)(?: alone| here| together)? (?:live |reside )?in|based in|born in|grew up in|raised in|resid(?:e|es|ing) in|moved to|comes? from|I'll be in|he's in|she's in|I'm in) ({_PLACE})")
_WORDS = re.compile(r"[^\W\d_][^\W\d_'\u2019.-]*(?:['\u2019-][^\W\d_]+)*\.?")
_LONGEST = 4  # words of a known place


def placed(line: str, before: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score). May overlap."""
    for start, end in addresses(line, before):
        yield start, end, ADDRESS
    yield from forms.places(line)
    for found in _POSTCODE.finditer(line):
        yield *found.span(1), ADDRESS
    said = plain(line)
    for found in _ONWARDS.finditer(line) if _FROM.search(said) is not None else ():
        yield from ((*found.span(group), SURE) for group in (1, 2) if _can_be(found[group]))
    for found in _FRENCH.finditer(line) if _FRENCH_VERB.search(said) is not None else ():
        if _can_be(found[1]):
            yield *found.span(1), SURE
    for found in _WITHIN.finditer(line) if _IN.search(said) is not None else ():
        if " " in found[1] and _can_be(found[1]) and not found[1].endswith(("'s", "\u2019s")):
            yield *found.span(1), SURE  # nobody lives in a person
    for sign, score in ((_SAID, SAID), (_KEYED, SAID), (_VISITED, VISITED)):
        for found in sign.finditer(line):
            words = [gazetteer.plain(word) for word in found[1].split()]
            if not (len(words) == 1 and words[0] in gazetteer.NOBODY) and not any(word in gazetteer.NOT_NAMES or word in gazetteer.PEOPLES for word in words) and words[0] not in gazetteer.GIVEN - gazetteer.PLACES and not (FIRM_END.search(found[1]) or FIRM.match(line, found.end(1))):
                yield found.start(1), found.end(1) - (2 if found[1].endswith(("'s", "\u2019s")) else 0), score
    yield from ((start, end, KNOWN) for start, end in records.places(line))
    if is_prose(line):
        yield from _known(line)


def _can_be(name: str) -> bool:
    """Whether a name may be one of a place: no word of it is an ordinary one, or says of whom."""
    return not any(word in gazetteer.NOT_NAMES or word in gazetteer.PEOPLES for word in map(gazetteer.plain, name.split())) and gazetteer.plain(name) not in gazetteer.NOBODY | gazetteer.ABROAD


def _known(line: str) -> Iterator[tuple[int, int, float]]:
    """Countries, states and large cities; in lower case countries alone, and only where nothing is capitalised."""
    words = [(w.start(), w.end(), w[0]) for w in _WORDS.finditer(line)]
    small = line.islower()
    at = 0
    while at < len(words):
        start, _, word = words[at]
        if not (word[0].isupper() or small) or not _STARTS & {gazetteer.plain(word), gazetteer.plain(word.rstrip("."))}:
            at += 1
            continue
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            end = words[at + count - 1][1]
            written = line[start:end].rstrip(".")
            name = gazetteer.plain(" ".join(written.split()))
            if (name in gazetteer.PLACES if not small else name in gazetteer.COUNTRIES or (name in gazetteer.CITIES and _INTO.search(line[max(0, start - 8) : start]))) and _alone(line, start, start + len(written)):
                if not (small and name in _ORDINARY) and name not in gazetteer.GIVEN and not is_no_place(line, start, start + len(written)):
                    size = len(written) - (2 if written.endswith(("'s", "\u2019s")) else 0)
                    yield start, start + size, KNOWN
                at += count - 1
                break
        at += 1


_INTO = re.compile(r"(?<![a-z])(?:in|to|from|near|at|and|or|between) \Z")  # before a city in small letters
_STARTS = frozenset(name.split()[0] for name in gazetteer.PLACES)
_ORDINARY = frozenset({"turkey", "chile", "guinea", "jersey", "china", "jordan", "chad", "georgia", "mali", "niger", "togo", "cuba", "wales", "oman"})


def _alone(line: str, start: int, end: int) -> bool:
    left, right = line[start - 1 : start] if start else " ", line[end : end + 1] or " "
    if left.isalnum() or left in "_@/\\#$=&%+~.-" or right.isalnum() or right in "_@/\\=(%+~":
        return False
    return not (right in ".:-" and line[end + 1 : end + 2].strip(" \"'\n\r)") != "")
