"""Street addresses in the forms that show as such on one line: a number and a street, in either order; post boxes; a state with its ZIP code.

Names of towns, regions and countries without any of this are the names tier's.
"""

from __future__ import annotations

import re
from string import ascii_letters

from detectors.recognisers.hits import Hit

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
_FIRST = re.compile(  # the number first
    rf"[0-9](?<![0-9A-Za-z$.\-#_=][0-9])[0-9]{{0,5}}+[A-Za-z]?(?:-[0-9]{{1,4}})?,? (?=(?:[0-9]{{1,5}}[A-Za-z]? )?(?:[A-Z]|(?i:{LEAD_FRENCH}|bis|ter) ))(?:"
    rf"(?:{_NAME} ){{1,4}}(?:{_SUFFIX})(?![A-Za-z0-9])\.?(?: [NSEW]{{1,2}}(?![A-Za-z]))?{_UNIT}?(?:,?{_TOWN},? {_ZIP})?"
    rf"|(?:bis |ter )?(?i:{LEAD_FRENCH}) (?:(?:{_SMALL}|{_NAME}|[dlDL]'{_NAME}) ){{0,4}}(?:[dlDL]')?{_NAME}(?:, [0-9]{{5}} {_NAME})?"
    rf"|(?:{_NAME} ){{1,5}}(?:[0-9]{{1,4}}[A-Za-z]?,? )?(?:Apt\.?|Suite|Ste\.?|Unit|Flat) [0-9A-Za-z]{{1,6}}"
    r")(?![0-9A-Za-z])"
)
_LAST = re.compile(rf"(?:{LEAD}) (?:(?:{_SMALL}|{_NAME}) ){{0,4}}?(?:[A-Z][A-Za-z'.\-]{{0,18}}+),? (?:n\. ?|no?\. ?)?(?=[0-9])")
_JOINED_LAST = re.compile(rf"[A-Z][A-Za-z\-]{{2,24}}?(?:{JOINED}) (?=[0-9])")
_LEADS = tuple(f"{word} " for word in "rua via viale piazza corso largo calle avenida avda avda. carrer paseo plaza camino ul. al. praca travessa estrada strada vicolo".split())  # noqa: SIM905
_JOINS = tuple(word.replace("\\", "") + " " for word in JOINED.split("|"))
_LETTERS = ascii_letters + "-"
_NUMBER = re.compile(r"[0-9]{1,4}[A-Za-z]?(?:[\-/][0-9]{1,4}[A-Za-z]?)?(?![0-9A-Za-z]|[.,:\-/][0-9])")
_BOX = re.compile(r"(?<![0-9A-Za-z])(?:P\.? ?O\.? ?Box|PSC|UNIT|Unit|CMR|Postfach) [0-9]{1,6}(?:,? [Bb][Oo][Xx] [0-9]{1,6})?(?![0-9A-Za-z])", re.IGNORECASE)
_STATE_ZIP = re.compile(rf"(?<![A-Za-z0-9])(?:[A-Z][A-Za-z.\-]{{1,18}} ?){{0,3}}, {_ZIP}|(?<![A-Za-z0-9])(?:[ADF]PO )?{_ZIP}")
_POSTCODE = re.compile(r"(?:GIR 0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]|[0-9][A-HJKPS-UW]) [0-9][ABD-HJLNP-UW-Z]{2})(?![0-9A-Za-z])")


def streets(text: str, low: str, start: int, hits: list[Hit]) -> None:
    """Add the addresses that start at or after `start`. low: the text in small letters."""
    for match in _FIRST.finditer(text, start):
        if match.end() - match.start() <= MAX:
            hits.append((match.start(), match.end(), KIND, 0.6))
    for words, form in ((_LEADS, _LAST), (_JOINS, _JOINED_LAST)):
        for word in words:
            place = low.find(word, start)
            while place >= 0:
                left = "" if form is _LAST else text[max(0, place - 26) : place]
                at = place - len(left) + len(left.rstrip(_LETTERS))
                named = form.match(text, at)
                number = _NUMBER.match(text, named.end()) if named and at >= start and not text[at - 1 : at].isalnum() else None
                if number and number.end() - at <= MAX:
                    hits.append((at, number.end(), KIND, 0.55))
                place = low.find(word, place + len(word))


def zipped(text: str, start: int, hits: list[Hit]) -> None:
    """Add the state and ZIP code that start at `start`."""
    match = _STATE_ZIP.match(text, start)
    if match:
        hits.append((start, match.end(), KIND, 0.6))


def postcode(text: str, start: int, hits: list[Hit]) -> None:
    """Add the British postcode that starts at `start`."""
    match = _POSTCODE.match(text, start)
    if match:
        hits.append((start, match.end(), KIND, 0.55))


def boxes(text: str, start: int, hits: list[Hit]) -> None:
    """Add post boxes."""
    if "ox " in text or "OX " in text or "PSC" in text or "ostfach" in text:
        hits.extend((match.start(), match.end(), KIND, 0.6) for match in _BOX.finditer(text, start))
