"""Telephone numbers: international, North American, with a trunk zero, with an area code in brackets; and any grouping that a word calls a phone.

A run of digits without `+`, separators or such a word is never a phone: order numbers, epochs and ISBNs are what that would find.
Country codes, lengths and national patterns come from the metadata of phonenumbers (Google's libphonenumber), turned into tables once;
its own matcher and parser cost 30 to 80 microseconds a candidate and are not used. Numbers set aside for fiction (555-01xx) are found too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from detectors.recognisers import context
from detectors.recognisers.hits import Hit

KIND = "PHONE_NUMBER"
REGIONS = tuple("US GB FR DE ES IT AU CH AT BE NL SE DK FI NO IE PT PL CZ HU RO GR TR IN BR MX AR JP KR CN NZ ZA IL UA".split())  # noqa: SIM905
_SEP = r"[ ./\-]"
_EXTENSION = r"(?: ?(?:x|ext\.?|extension|#) ?[0-9]{1,6}(?![0-9A-Za-z]))?"
_LEFT = r"(?<![0-9A-Za-z+.,$\u20ac\u00a3])(?<![0-9][_/:\-])"
_RIGHT = r"(?![0-9A-Za-z_])(?![.,/:\-][0-9])"
_WORLD = re.compile(rf"(?<![0-9A-Za-z+])(?:\+ ?|00[ \-]?(?=[1-9][0-9]{{0,2}}{_SEP}))\(?[1-9](?:[ ./()\-]{{0,2}}[0-9]){{6,17}}(?![0-9])")
_NORTH = re.compile(
    rf"{_LEFT}(?:(?:\+|00)?1[ .\-]?)?(?:\([2-9][0-9]{{2}}\)[ \-]?|[2-9][0-9]{{2}}([ ./\-]))[2-9][0-9]{{2}}[ .\-][0-9]{{4}}(?=x|{_RIGHT}){_EXTENSION}"
)
_TRUNK = re.compile(rf"{_LEFT}(?<![0-9] )(?:\(0[1-9][0-9]{{0,4}}\)|0[1-9][0-9]{{0,4}})(?:{_SEP}{{1,2}}[0-9]{{2,8}}){{1,5}}(?=x|{_RIGHT}){_EXTENSION}")
_AREA = re.compile(rf"{_LEFT}\((?!(?:19|20)[0-9]{{2}}\))[0-9]{{2,4}}\) ?[0-9]{{3,5}}[ \-][0-9]{{3,4}}(?=x|{_RIGHT}){_EXTENSION}")
_ANY = re.compile(rf"{_LEFT}\(?[0-9](?:[ ./()\-]{{0,2}}[0-9]){{5,14}}(?=x|{_RIGHT}){_EXTENSION}")
_DATED = re.compile(rf"(?:19|20)[0-9]{{2}}({_SEP})[01]?[0-9]\1[0-3]?[0-9]|[0-3]?[0-9]({_SEP})[01]?[0-9]\2(?:19|20)[0-9]{{2}}(?![0-9])")
_AFTER = re.compile(r"[ ,]?[ (\[]?[\-]?(?:office|fax|mobile|cell|home|work|desk|direct|phone|tel|celular|whatsapp)(?![a-z])", re.IGNORECASE)
_BEYOND = 24  # code points after an island: an extension, and the sign after it
_NOT_DIGITS = re.compile("[^0-9]+")
_RUN_ENDS = re.compile("[0-9](?![0-9])")


class Phones:
    """Built for some regions: whose national forms with a trunk zero are known. Numbers with a country code are known for all."""

    def __init__(self, regions: Sequence[str] = REGIONS) -> None:
        """regions: ISO 3166 codes. Raises ValueError for one that has no numbers."""
        if unknown := [region for region in regions if PhoneMetadata.metadata_for_region(region, None) is None]:
            raise ValueError(f"no telephone numbers are known for region {unknown[0]!r}; expected ISO 3166 codes such as US, GB, FR")
        self._national = _national(tuple(regions))

    def __call__(self, text: str, start: int, end: int, hits: list[Hit]) -> None:
        """Add what the island text[start:end] holds, with the brackets or the + before it and the extension after."""
        first = start - 2 if start > 1 else 0
        bare = text[start:end].isdigit()
        plus = text.find("+", first, end) >= 0 or text.startswith("00", start)
        if bare and not plus and not text.startswith((" ", "-"), end) and text[first:start].find("(") < 0:
            if 7 <= end - start <= 15:
                self._any(text, first, start, end, hits)
            return
        count = len(hits)
        if plus:
            for match in _WORLD.finditer(text, first, end):
                self._world(text, match, hits)
            if len(hits) > count:
                return
        shown = _DATED.match(text, start, end)
        if shown and end - start < 28:
            return
        for match in _NORTH.finditer(text, first, min(len(text), end + _BEYOND)):
            if match.start() < end:
                self._north(text, match, hits)
        if len(hits) == count:
            self._rest(text, first, start, end, hits)
        if len(hits) == count:
            self._any(text, first, start, end, hits)

    def _world(self, text: str, match: re.Match[str], hits: list[Hit]) -> None:
        """With its country code: the longest part that has a length its country knows."""
        shown = match[0]
        digits = _NOT_DIGITS.sub("", shown)
        skip = 2 if digits.startswith("00") else 0
        country = next((known for size in (1, 2, 3) if (known := _country(digits[skip : skip + size])) is not None), None)
        if country is None:
            return
        lengths, numbers = country
        if shown[1:].isdigit() and not numbers.fullmatch(digits) and not self._called(text, match.start(), match.end()):
            return  # a sum, a line that was added
        trunk = shown.find("(0)") >= 0
        for last in reversed([found.end() for found in _RUN_ENDS.finditer(shown)]):
            n = sum(map(str.isdigit, shown[:last])) - skip - trunk
            if n in lengths:
                end = match.start() + last
                if not (text[end : end + 1].isalnum() and text[end] not in "xX"):
                    hits.append((match.start(), end, KIND, 0.75))
                return

    def _north(self, text: str, match: re.Match[str], hits: list[Hit]) -> None:
        if context.names_other(text, match.start()):
            return
        spaced = match[1] == " "  # three numbers in a row are a table as often as a telephone
        if spaced and not self._called(text, match.start(), match.end()):
            return
        hits.append((match.start(), match.end(), KIND, 0.7))

    def _rest(self, text: str, first: int, start: int, end: int, hits: list[Hit]) -> None:
        """With a trunk zero, or with an area code in brackets."""
        for lead, pattern, score in (("0", _TRUNK, 0.55), ("(", _AREA, 0.5)):
            if text.find(lead, first, end) < 0:
                continue
            match = pattern.search(text, first, min(len(text), end + _BEYOND))
            if match is None or match.start() >= end or _DATED.search(match[0]):
                continue
            sure = self._national_form(match[0]) if lead == "0" else match[0][3] != ")" or sum(map(str.isdigit, match[0])) > 9  # (12) 345-6789 may be a sum
            if not sure and not self._called(text, match.start(), match.end()):
                continue
            if not context.names_other(text, match.start()):
                hits.append((match.start(), match.end(), KIND, score))
                return

    def _any(self, text: str, first: int, start: int, end: int, hits: list[Hit]) -> None:
        """In any grouping, if a word says so; without any, if it says so clearly."""
        match = _ANY.search(text, first, min(len(text), end + _BEYOND))
        if match is None or match.start() >= end:
            return
        if match[0].isdigit():
            called = len(match[0]) >= 7 and (
                not context.PHONE_NAMED.isdisjoint(context.words(text, match.start())) or context.says_number(text, match.start())
            )
        else:
            called = self._called(text, match.start(), match.end())
        if called and not _DATED.search(match[0]) and not context.names_other(text, match.start()):
            hits.append((match.start(), match.end(), KIND, 0.6))

    def _national_form(self, shown: str) -> bool:
        """Whether the digits after the trunk zero are a number of one of the regions, written in more than one group of any size."""
        digits = _NOT_DIGITS.sub("", shown)
        groups = _NOT_DIGITS.split(shown.strip("()"))
        if not 9 <= len(digits) <= 12 or (len(groups) == 2 and "." in shown) or len(groups) > 5:
            return False  # too short, too long, a decimal fraction, a list
        return self._national.fullmatch(digits[1:]) is not None or self._national.fullmatch(digits) is not None

    @staticmethod
    def _called(text: str, start: int, end: int) -> bool:
        """Whether a word before it, or the one after it, says telephone."""
        return not context.PHONE.isdisjoint(context.words(text, start)) or _AFTER.match(text, end) is not None or context.says_number(text, start)


@cache
def _country(code: str) -> tuple[frozenset[int], re.Pattern[str]] | None:
    """Of numbers with this country code, the code counted: how many digits they have, and which they may be. None if there is no such code."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code else None
    if not regions:
        return None
    shared = regions[0] == "001"  # a code of no country: satellites, freephone
    known = PhoneMetadata.metadata_for_nongeo_region(int(code), None) if shared else PhoneMetadata.metadata_for_region(regions[0], None)
    if known is None or known.general_desc is None:
        return None
    lengths = frozenset(len(code) + n for n in known.general_desc.possible_length if n >= 6)
    return lengths, re.compile(f"{code}(?:{known.general_desc.national_number_pattern})")


@lru_cache(maxsize=8)
def _national(regions: tuple[str, ...]) -> re.Pattern[str]:
    """The national significant numbers of ordinary lines and mobiles."""
    patterns = []
    for region in regions:
        known = PhoneMetadata.metadata_for_region(region, None)
        for line in (known.fixed_line, known.mobile) if known else ():
            if line is not None and line.national_number_pattern:
                patterns.append(f"(?:{line.national_number_pattern})")
    return re.compile("|".join(dict.fromkeys(patterns)) or "(?!)")
