"""Street addresses in the forms that show as such on one line: a number and a street, in either order; post boxes; a state with its ZIP code.

Names of towns, regions and countries without any of this are the names tier's.
"""

from __future__ import annotations

import re

from detectors.recognisers.hits import Hit
from detectors.recognisers.small import linear

KIND = "LOCATION"
MAX = 140  # code points of an address on one line
_NAME = r"[A-Z0-9][A-Za-z0-9'.\-]{0,18}+"
_SMALL = r"de|du|des|la|le|les|del|della|delle|di|da|do|dos|das|van|der|den|von|am|zur|zum|the|of|y|e"
_SUFFIX = (
    "Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way|Highway|Hwy|Parkway|Pkwy|Crescent|Cres|Close|Grove"
    "|Row|Mews|Gardens|Gdns|Circle|Cir|Trail|Trl|Alley|Loop|Turnpike|Tpke|Plaza|Heights|Hts|Walk|Quay|Esplanade|Expressway|Crossing|Ridge|Hill|Park|Route|Rte|STREET|ROAD|AVENUE|LANE|DRIVE"
)
LEAD = "[Rr]ua|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Ll]argo|[Cc]alle|[Aa]venida|[Aa]vda\\.?|[Cc]arrer|[Pp]aseo|[Pp]laza|[Cc]amino|[Uu]l\\.|[Aa]l\\.|[Pp]raca|[Tt]ravessa|[Ee]strada|[Ss]trada|[Vv]icolo"
LEAD_FRENCH = "rue|avenue|av\\.?|boulevard|bd\\.?|place|chemin|allee|impasse|quai|route|cours|square|passage|faubourg"
JOINED = "strasse|str\\.|weg|platz|gasse|allee|damm|ufer|straat|laan|plein|gracht|kade|gatan|vagen|vej|gade|veien|gata|katu|tie|kuja|tee"
_UNIT = r"(?:,? (?:#|[Aa]pt\.?|[Aa]partment|[Ss]uite|[Ss]te\.?|[Uu]nit|[Ff]lat|[Ff]loor|[Rr]oom|[Bb]ldg\.?|[Uu]pper|APT|SUITE|UNIT|Box|No\.?) ?#?[0-9A-Za-z\-]{1,8})"
_STATES = "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|A[AEP]"
_ZIP = rf"(?:{_STATES}),? [0-9]{{5}}(?:-[0-9]{{4}})?(?![0-9A-Za-z])"
_TOWN = rf"(?:,? (?:{_NAME})){{0,3}}"
_FRENCH = "|".join(form for word in f"{LEAD_FRENCH}|bis|ter".split("|") for form in (word, word.capitalize(), word.upper()))
_FIRST = re.compile(  # the number first
    rf"(?!(?:19|20)[0-9]{{2}}(?:-[0-9]{{2,4}})?, )[0-9](?<![0-9A-Za-z$.\-#_=][0-9])[0-9]{{0,5}}+[A-Za-z]?(?:-[0-9]{{1,4}})?,? (?=(?:[0-9]{{1,5}}[A-Za-z]? )?(?:[A-Z]|(?:{_FRENCH}) ))(?:"
    rf"(?:{_NAME} ){{1,4}}(?:{_SUFFIX})(?![A-Za-z0-9])\.?(?: [NSEW]{{1,2}}(?![A-Za-z]))?{_UNIT}?(?:,?{_TOWN},? {_ZIP})?"
    rf"|(?:bis |ter )?(?:{_FRENCH}) (?:(?:{_SMALL}|{_NAME}|[dlDL]'{_NAME}) ){{0,4}}(?:[dlDL]')?{_NAME}(?:, [0-9]{{5}} {_NAME})?"
    rf"|(?:{_NAME} ){{1,5}}(?:[0-9]{{1,4}}[A-Za-z]?,? )?(?:Apt\.?|Suite|Ste\.?|Unit|Flat) [0-9A-Za-z]{{1,6}}"
    r")(?![0-9A-Za-z])"
)
_LAST = re.compile(rf"(?:{LEAD}) (?:(?:{_SMALL}|{_NAME}) ){{0,4}}?(?:[A-Z][A-Za-z'.\-]{{0,18}}+),? (?:n\. ?|no?\. ?)?(?=[0-9])")
_JOINED_LAST = re.compile(rf"[A-Z][A-Za-z\-]{{2,24}}?(?:{JOINED}) (?=[0-9])")
_NUMBER = re.compile(r"[0-9]{1,4}[A-Za-z]?(?:[\-/](?:[0-9]{1,4}[A-Za-z]?|[A-Za-z](?![A-Za-z])))?(?![0-9A-Za-z]|[.,:\-/][0-9])")
_BOX = re.compile(r"(?<![0-9A-Za-z])(?:P\.? ?O\.? ?Box|PSC|UNIT|Unit|CMR|Postfach) [0-9]{1,6}(?:,? [Bb][Oo][Xx] [0-9]{1,6})?(?![0-9A-Za-z])", re.IGNORECASE)
_CODE = re.compile(  # a British postcode; a state and its ZIP code (group 1), of Idaho only with the digits of its own, since ID is what everybody calls a number
    r"[A-Z](?=[A-Z]?[0-9]|[A-Z],? [0-9])(?<![0-9A-Za-z].)(?:(?<=[A-PR-UWYZ])(?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]|[0-9][A-HJKPS-UW]) [0-9][ABD-HJLNP-UW-Z]{2}(?![0-9A-Za-z])"
    rf"|(?:{'|'.join(f'(?<={states[0]}){states[1:]}' for states in _STATES.split('|'))})(?!(?<=ID) (?!83))( [0-9]{{5}}(?:-[0-9]{{4}})?)(?![0-9A-Za-z]))"
)
CODES = r"[A-Z][A-Z]? ?[0-9][0-9A-Z ]{2}"  # necessary for those, in RE2 syntax
# Necessary for what comes before the codes above, in RE2 syntax: one pass in linear time, for names before a suffix, which are many ways to fail.
_WORD = r"[A-Z0-9][A-Za-z0-9'.\-]*"
TOLD = (
    rf"[0-9][A-Za-z]?(?:-[0-9]+)?,? (?:(?:{_WORD} ){{1,6}}(?:(?:{_SUFFIX})\b|(?:Apt|Suite|Ste|Unit|Flat)\.? )|(?:bis |ter )?(?:{_FRENCH}) )"
    rf"|\b(?:{LEAD}) (?:(?:{_SMALL}|{_WORD}) ){{0,5}}[A-Z][A-Za-z'.\-]*,? (?:n\. ?|no?\. ?)?[0-9]|[A-Z][A-Za-z\-]+(?:{JOINED}) [0-9]"
    r"|\b(?i:P\.? ?O\.? ?Box|PSC|UNIT|CMR|Postfach) [0-9]"
)
_TOLD = linear(TOLD)
_FAR = 8  # code points beyond what is likely, in which the next may begin
_NUMBERS = re.compile("[0-9]+")


def streets(text: str, plain: bytes, start: int, hits: list[Hit]) -> None:
    """Add the addresses that start at or after `start`, and the post boxes. plain: the text, every character a byte."""
    likely, done = _TOLD.finditer(plain, max(0, start - 8)), 0
    while (told := next(likely, None)) is not None:
        begin, end = told.span()
        if begin < done:  # within the last one: what begins behind that may be hidden by it
            likely = _TOLD.finditer(plain, done)
        else:
            done = _from_number(text, begin, end, start, hits) if plain[begin] < 58 else _from_word(text, begin, start, hits)
            likely = _TOLD.finditer(plain, done) if done > end + _FAR else likely


def _from_number(text: str, begin: int, end: int, start: int, hits: list[Hit]) -> int:
    """The number first. Where it ends; 0 if it is none."""
    for number in _NUMBERS.finditer(text, max(0, begin - 6), end):
        match = _FIRST.match(text, number.start()) if number.start() >= start else None
        if match and match.end() - match.start() <= MAX:
            hits.append((match.start(), match.end(), KIND, 0.6))
            return match.end()
    return 0


def _from_word(text: str, begin: int, start: int, hits: list[Hit]) -> int:
    """The street first, or a box. Where it ends; 0 if it is none."""
    if begin < start or text[begin - 1 : begin].isalnum():
        return 0
    box = _BOX.match(text, begin)
    if box:
        hits.append((begin, box.end(), KIND, 0.6))
        return box.end()
    named = _LAST.match(text, begin) or _JOINED_LAST.match(text, begin)
    number = _NUMBER.match(text, named.end()) if named else None
    if number and number.end() - begin <= MAX:
        hits.append((begin, number.end(), KIND, 0.55))
        return number.end()
    return 0


def codes(text: str, start: int, hits: list[Hit]) -> None:
    """Add British postcodes, and states with their ZIP codes."""
    for match in _CODE.finditer(text, start):
        hits.append((match.start(), match.end(), KIND, 0.6 if match[1] else 0.55))
