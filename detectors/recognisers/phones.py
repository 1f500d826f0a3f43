"""Telephone numbers: international, North American, with a trunk zero, with an area code in brackets; and any grouping that a word calls a phone.

A run of digits without `+`, separators or such a word is never a phone: order numbers, epochs and ISBNs are what that would find.
Country codes, lengths and national patterns come from the metadata of phonenumbers (Google's libphonenumber), turned into tables once;
its own matcher and parser cost 30 to 80 microseconds a candidate and are not used. Numbers set aside for fiction (555-01xx) are found too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from detectors.recognisers import calling, context
from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.islands import AFTER_FIRST, MIN
from detectors.recognisers.small import linear, sparse, stretches
from detectors.recognisers.sums import bare

KIND = "PHONE_NUMBER"
REGIONS = tuple("US GB FR DE ES IT AU CH AT BE NL SE DK FI NO IE PT PL CZ HU RO GR TR IN BR MX AR JP KR CN NZ ZA IL UA".split())  # noqa: SIM905
LEAST = 6  # digits
_SEP = r"[ ./\-]"
_EXTENSION = r"(?: ?(?:x|ext\.?|extension|#) ?[0-9]{1,6}(?![0-9A-Za-z]))?"
# Of the first character, which is read before: an expression that begins with a class or a sign is fast.
_LEFT = r"(?<![0-9A-Za-z+.$\u20ac\u00a3].)(?<![0-9][,_/:\-].)"
_RIGHT = r"(?![0-9A-Za-z_])(?![.,/:\-][0-9])"
_END = rf"(?=x|{_RIGHT}){_EXTENSION}"
_COUNTED = r"\(?[1-9](?:[ ./()\-]{0,2}[0-9]){6,17}(?![0-9])"
_PLUS = re.compile(rf"\+(?<![0-9A-Za-z+].) ?{_COUNTED}")
_ZEROS = re.compile(rf"00(?<![0-9A-Za-z+]..)[ \-]?(?=[1-9][0-9]{{0,2}}{_SEP}|(?<![.,_/:\-]00)[2-9][0-9]{{8,13}}(?![.,/:_\-]?[0-9A-Za-z_])){_COUNTED}")
_TWIN = r"/[2-9][0-9]{2}[ .\-][2-9][0-9]{2}[ .\-][0-9]{4}(?![0-9A-Za-z_])"  # one more, after a slash
_NORTH = re.compile(  # one of the groups is what separates
    rf"[0-9+(](?<![0-9A-Za-z].)(?=[ .\-]?[(0-9])(?:{_LEFT}|(?<=[ .\-][0-9]{{4}}/[2-9]))(?:(?<=[2-9])[0-9]{{2}}([ ./\-])|(?<=\()[2-9][0-9]{{2}}\)[ \-]?|(?:(?<=1)|(?<=\+)1|(?<=0)01)[ .\-]?(?:\([2-9][0-9]{{2}}\)[ \-]?|[2-9][0-9]{{2}}([ ./\-])))"
    rf"[2-9][0-9]{{2}}[ .\-][0-9]{{4}}(?:(?={_TWIN})|{_END})"
)
_TRUNK = re.compile(rf"[0(]{_LEFT}(?<![0-9] .)(?:(?<=0)[1-9][0-9]{{0,4}}|(?<=\()0[1-9][0-9]{{0,4}}\))(?:{_SEP}{{1,2}}[0-9]{{2,8}}){{1,5}}{_END}")
_AREA = re.compile(rf"\({_LEFT}(?!(?:19|20)[0-9]{{2}}\))[0-9]{{2,4}}\) ?[0-9]{{3,5}}[ \-][0-9]{{3,4}}{_END}")
_ANY = re.compile(rf"[0-9(]{_LEFT}(?:(?<=\()[0-9])?(?<=[0-9])(?:[ ./()\-]{{0,2}}[0-9]){{5,14}}{_END}")
_DATED = re.compile(rf"(?:19|20)[0-9]{{2}}({_SEP})[01]?[0-9]\1[0-3]?[0-9]|[0-3]?[0-9]({_SEP})[01]?[0-9]\2(?:19|20)[0-9]{{2}}(?![0-9])")
TOLD = r"[2-9][0-9]{2}[ .\-][0-9]{4}|\+ ?\(?[1-9][0-9 ./()\-]|00[ \-]?[1-9][0-9]{0,2}[ ./\-]|(?:^|[^0-9A-Za-z])00[2-9][0-9]{8}|(?:^|[^0-9A-Za-z])0[1-9][0-9]{0,4}\)?[ ./\-]{1,2}[0-9]{2}|\([0-9]{2,4}\) ?[0-9]{3}"  # necessary for a form, in RE2 syntax
_ADDED = re.compile(r"\n(?:-\Z|(?:-(?! [^ ])|\+(?![0-9( ]|\Z)|\+  |@@)[^\n]{0,120}\n(?:[+-][^\n]{0,40}\n){0,4}\Z)")  # a line of a diff above
_NAMES_AFTER = "office|fax|mobile|cell|home|work|desk|direct|phone|tel|celular|whatsapp"
_NAMED_AFTER = rf"(?=[ ,]?[ (\[]?-?[a-z#]){_EXTENSION}[ ,]?[ (\[]?-?(?:{_NAMES_AFTER})(?![a-z])"  # of small letters
_AFTER = re.compile(_NAMED_AFTER)
# Of small letters: an island of digits alone, without brackets and extension (1); one that a name stands after (2); any other.
_ISLAND = re.compile(
    rf"[0-9](?:(?=[0-9]{{6}})((?<!\(.)[0-9]*+(?![a-z]|[ ./()+_:\-]{{1,2}}[0-9])(?=[^ xe#]| [^xe#]))|{AFTER_FIRST}(?=({_NAMED_AFTER})|))"
)
_CLEAR = context.PHONE_NAMED | context.NUMBER
_WORDS = linear(f"{context.necessary(context.PHONE | context.NUMBER)}|(?i:{_NAMES_AFTER})")  # necessary for what has no form
_NORTHERN = linear(  # necessary for `_NORTH`
    r"(?:^|[^0-9A-Za-z])(?:(?:\+?1|01)[ .\-]?)?(?:[2-9][0-9]{2}[ ./\-]|\([2-9][0-9]{2}\)[ \-]?)[2-9][0-9]{2}[ .\-][0-9]{4}(?:$|[^0-9A-Za-wyz_])"
)
_TRUNKED = linear(r"(?:^|[^0-9A-Za-z])\(?0[1-9][0-9]{0,4}\)?[ ./\-]{1,2}[0-9]{2}")  # necessary for `_TRUNK`
_NEAR = linear(f"{context.necessary(context.PHONE | context.NUMBER)}|(?i:{_NAMES_AFTER})|{calling.MAY_BE}")
_SPARSE = 64  # code points for each form, or it costs less to look at all islands
_WIDE = 80  # code points: more than a form has with what decides it, or lies between an island and a word
_ENDED = re.compile(r"[^0-9A-Za-z ./()+_:\-]|[A-Za-z][ ./()+_:\-]|[ ./()+_:\-]{3}")  # what no island goes over, read backwards
_BACK = 192  # code points before a place in which that is looked for
_BEYOND = 24  # code points after an island: an extension, and the sign after it
_SIGNS = b"+ ./()-"
_DIGIT = frozenset("0123456789")
_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWYZabcdefghijklmnopqrstuvwyz")  # without x, which begins an extension. Letters of other scripts may follow at once
_SPAN = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}-(?:19|20)[0-9]{2}(?![0-9])")  # of years
_STATE = re.compile(r"(?<![A-Za-z])[A-Z]{2},? \Z")
_PLUS_FOUR = re.compile("[0-9]{5}-[0-9]{4}")  # a ZIP code
_ZIP = re.compile(r"(?:(?<![a-z])zip|post(?:al)?[ _]?code|zip[ _]?code)[\s:=#\"'(]{0,4}(?:is )?\Z")  # of small letters
_SWEDISH = re.compile(r"0[1-9][0-9]?-(?:3[2-9]|[4-9][0-9]) [0-9]{2} [0-9]{2}")  # a number of eight digits, and no date
# How countries without a trunk zero group theirs: rows of numbers as often, so it takes an operator who says whose are to be expected.
GROUPED = {
    "CZ": r"[67][0-9]{2} [0-9]{3} [0-9]{3}",
    "DK": r"[2-9][0-9](?: [0-9]{2}){3}",
    "ES": r"[67][0-9]{2} [0-9]{3} [0-9]{3}|[6-9][0-9]{2}(?: [0-9]{2}){3}",
    "IN": r"[6-9][0-9]{4} [0-9]{5}",
    "NO": r"[49][0-9]{2} [0-9]{2} [0-9]{3}|[2-7][0-9](?: [0-9]{2}){3}",
    "PL": r"[4-8][0-9]{2}([ \-])[0-9]{3}\1[0-9]{3}|[1-9][0-9] [0-9]{3} [0-9]{2} [0-9]{2}",
    "PT": r"[29][0-9]{2} [0-9]{3} [0-9]{3}",
    "SG": r"[3689][0-9]{3} [0-9]{4}",
}
_NOT_LEFT = tuple(".$\u20ac\u00a3,/-+(")
_BETWEEN = frozenset(" ./()+_:-")
_JOINTS = re.compile("([ /])(?=0)")
_LONGEST = 24  # code points of a national form, with a separator after every digit or two
_WITH_AREA = ((_TRUNK, 0.55), (_AREA, 0.5))
_DIGITS = re.compile("[0-9]+")


class Phones:
    """Built for some regions: whose national forms with a trunk zero are known. Numbers with a country code are known for all."""

    def __init__(self, regions: Sequence[str] = REGIONS) -> None:
        """regions: ISO 3166 codes. Raises ValueError for one that has no numbers."""
        if unknown := [region for region in regions if PhoneMetadata.metadata_for_region(region, None) is None]:
            raise ValueError(f"no telephone numbers are known for region {unknown[0]!r}; expected ISO 3166 codes such as US, GB, FR")
        self._national = _national(tuple(regions))
        self._swedish = "SE" in regions
        own = () if tuple(regions) == REGIONS else tuple(region for region in regions if region in GROUPED)
        self._grouped = tuple((re.compile(GROUPED[region]), _national((region,))) for region in own)

    def __call__(self, text: str, low: str, flat: bytes, begin: int, formed: bool, around: Around, hits: list[Hit]) -> None:
        """Add those that end after `begin`, of islands that hold nothing else. formed: whether TOLD is in it.  hits: those of numbers, so far.  low: the text in small letters.  flat: as bytes."""
        told = self._told(text, flat, max(0, begin - 64)) if formed else []
        worded = _WORDS.search(flat) is not None or calling.told(flat)
        if not told and not worded and not self._grouped:
            return
        starts = [match.start() for match in told]
        many = len(told)
        others = sorted(hit[:2] for hit in hits)
        abroad = self._abroad(text, low, told, around)
        reached = seen = 0
        for island in _ISLAND.finditer(low) if self._grouped else _islands(low, flat, starts, worded):
            start, end = island.span()
            if end - start < MIN or end <= begin:
                continue
            stop = reached
            if reached < many:
                first = start - 2 if start > 1 else 0
                while reached < many and starts[reached] < first:
                    reached += 1
                stop = reached
                while stop < many and starts[stop] < end:
                    stop += 1
            if stop == reached and not self._grouped and not (worded and _worded(island, around)):
                continue
            while seen < len(others) and others[seen][0] < start:
                seen += 1
            if end - start <= 24 and seen < len(others) and others[seen][0] < end:
                continue
            if end - start == 10 and _PLUS_FOUR.match(text, start, end) and (_STATE.search(text, max(0, start - 5), start) or _ZIP.search(low, max(0, start - 24), start)):
                continue
            forms = told[reached:stop]
            if abroad and (known := [abroad[match] for match in forms if match in abroad and (match.re is _PLUS or match.start() == start)]):
                hits += known
            elif len(forms) == 1 and forms[0].re is _NORTH and forms[0].start() == start and forms[0].end() >= end and text[start - 1 : start] != "(":
                _north(low, forms[0], worded, around, hits)  # all of it: no other form is in it
            else:
                self._island(text, low, island, forms, worded, around, hits)

    def _told(self, text: str, flat: bytes, begin: int) -> list[re.Match[str]]:
        """What has a form of its own, in order of start."""
        told = list(sparse(_NORTH, _NORTHERN, text, flat, begin, _WIDE))
        many = len(told)
        if text.find("+", begin) >= 0:
            told += _PLUS.finditer(text, begin)
        if text.find("00", begin) >= 0:
            told += _ZEROS.finditer(text, begin)
        if text.find("0", begin) >= 0:
            told += sparse(_TRUNK, _TRUNKED, text, flat, begin, _WIDE)
        if text.find("(", begin) >= 0:
            told += _AREA.finditer(text, begin)
        if len(told) > many:
            told.sort(key=re.Match.start)
        return told

    def _island(self, text: str, low: str, island: re.Match[str], told: list[re.Match[str]], worded: bool, around: Around, hits: list[Hit]) -> None:
        """Add what an island holds that no country's code begins, with the brackets before it and the extension after."""
        start, end = island.span()
        if end - start < 28 and _of_a_century(text[start:end]) and _DATED.match(text, start, end):
            return
        count = len(hits)
        first = start - 2 if start > 1 else 0
        if not told:
            _any(text, low, first, end, around, hits)
            if len(hits) == count:
                self._as_grouped(text, start, end, around, hits)
            return
        for match in told:
            if match.re is _NORTH:
                _north(low, match, worded, around, hits)
        if len(hits) == count:
            self._joined(text, low, start, end, around, hits)
        if len(hits) == count:
            self._rest(text, low, told, worded, around, hits)
        within = end - start  # a word may stand in it too: `2 3854tel 12 34 56`
        if len(hits) == count and worded and (_worded(island, around) or around.says(end, context.PHONE | context.NUMBER, within, within)):
            _any(text, low, first, end, around, hits)
        if len(hits) == count:
            self._as_grouped(text, start, end, around, hits)

    def _as_grouped(self, text: str, start: int, end: int, around: Around, hits: list[Hit]) -> None:
        """All of an island, if a region that was asked for groups its numbers so."""
        if not self._grouped or text[start - 1 : start] in _NOT_LEFT or around.names_other(start):
            return
        shown = text[start:end]
        digits = bare((shown,), _SIGNS)[0]
        if any(form.fullmatch(shown) and numbers.fullmatch(digits) for form, numbers in self._grouped):
            hits.append((start, end, KIND, 0.5))

    def _abroad(self, text: str, low: str, told: Sequence[re.Match[str]], around: Around) -> dict[re.Match[str], Hit]:
        """Those that begin with a country's code."""
        forms = [match for match in told if match.re is _PLUS or (match.re is _ZEROS and not _goes_on(text, match.start()))]
        found = zip(forms, [self._world(text, low, match, digits, around) for match, digits in zip(forms, bare([match[0] for match in forms], _SIGNS), strict=True)], strict=True)
        return {match: hit for match, hit in found if hit is not None}

    def _world(self, text: str, low: str, match: re.Match[str], digits: str, around: Around) -> Hit | None:
        """With its country code: the longest part that has a length its country knows. digits: of the match, and a zero in brackets."""
        shown, start = match[0], match.start()
        skip = 2 if shown[0] == "0" else 0
        country = _of(digits[skip : skip + 3])
        if country is None:
            return None
        lengths, numbers = country
        n = len(digits) - skip
        if shown[1:].isdigit():
            if n not in lengths or (skip and around.names_other(start)) or _added(text, start):
                return None
            if not (_lines(digits[2:5]) if skip else numbers).fullmatch(digits, skip) and not _called(low, start, match.end(), around):
                return None  # a sum
        elif "(0)" in shown:
            n -= 1
        if n in lengths:
            last = len(shown)
            return (start, start + last, KIND, 0.75) if text[start + last : start + last + 1] not in _ALPHANUMERIC else None
        for first, last in reversed([group.span() for group in _DIGITS.finditer(shown)]):
            if n in lengths:
                return (start, start + last, KIND, 0.75) if text[start + last : start + last + 1] not in _ALPHANUMERIC else None
            n -= last - first
        return None

    def _joined(self, text: str, low: str, start: int, end: int, around: Around, hits: list[Hit]) -> None:
        """Two and more with a trunk zero, joined by slashes, or by blanks if a word says telephone: all of the island, or none."""
        joints = list(_JOINTS.finditer(text, start, end)) if text[start] == "0" else []
        if not joints or around.names_other(start):
            return
        spans, begin, blank = [], start, False
        for joint in joints:
            if joint.start() - begin > _LONGEST:
                return
            if self._national_form(text[begin : joint.start()]):
                spans.append((begin, joint.start(), KIND, 0.55))
                begin = joint.end()
                if not blank and joint[1] == " ":
                    if not _called(low, start, end, around):
                        return
                    blank = True
        if spans and self._national_form(text[begin:end]):
            hits += [*spans, (begin, end, KIND, 0.55)]

    def _rest(self, text: str, low: str, told: list[re.Match[str]], worded: bool, around: Around, hits: list[Hit]) -> None:
        """With a trunk zero, or with an area code in brackets."""
        for pattern, score in _WITH_AREA:
            match = next((each for each in told if each.re is pattern), None)
            if match is None or (_of_a_century(shown := match[0]) and _DATED.search(shown)):
                continue
            if _PLUS_FOUR.fullmatch(shown) and _STATE.search(text, max(0, match.start() - 5), match.start()):
                continue
            sure = self._national_form(shown) if pattern is _TRUNK else shown[3] != ")" or sum(map(str.isdigit, shown)) > 9  # (12) 345-6789 may be a sum
            if not sure and not (worded and _called(low, match.start(), match.end(), around)):
                continue
            if not around.names_other(match.start()):
                hits.append((match.start(), match.end(), KIND, score))
                return

    def _national_form(self, shown: str) -> bool:
        """Whether the digits after the trunk zero are a number of one of the regions, written in more than one group of any size."""
        groups = _DIGITS.findall(shown)
        digits = "".join(groups)
        if len(digits) == 8 and self._swedish and _SWEDISH.fullmatch(shown):
            return self._national.fullmatch(digits[1:]) is not None
        if not 9 <= len(digits) <= 12 or (len(groups) == 2 and "." in shown) or len(groups) > 5:
            return False  # too short, too long, a decimal fraction, a list
        return self._national.fullmatch(digits[1:]) is not None or self._national.fullmatch(digits) is not None


def _goes_on(text: str, at: int) -> bool:
    """Whether an island goes on at `at`, so that none begins there."""
    return at > 1 and text[at - 1] in _BETWEEN and text[at - 2] in _DIGIT


def _islands(low: str, flat: bytes, starts: list[int], worded: bool) -> Iterator[re.Match[str]]:
    """Those that hold what begins at one of `starts` or right before it, and those that a word may be near; some others too. In order."""
    if len(starts) * _SPARSE > len(low):
        yield from _ISLAND.finditer(low)
        return
    places = [(start, start + 3) for start in starts]
    if worded:
        places = sorted([*places, *stretches(_NEAR, flat, 0, _WIDE, _WIDE)])
    done = 0  # no island goes over it
    for first, stop in places:
        if stop <= done:
            continue
        if first > done:
            ended = _ENDED.search(low[max(done, first - _BACK) : first][::-1])
            done = first - ended.start() if ended else done
        for island in _ISLAND.finditer(low, done):
            done = island.start()
            if done >= stop:
                break
            yield island
            done = island.end()
        else:
            return


def _north(low: str, match: re.Match[str], worded: bool, around: Around, hits: list[Hit]) -> None:
    """Three numbers in a row are a table as often as a telephone: only a word tells."""
    at, end = match.span()
    apart = (match[1] or match[2]) != " "
    if (apart or worded) and not around.names_other(at) and (apart or _called(low, at, end, around) or around.asked(at) > calling.NOTHING):
        hits.append((at, end, KIND, 0.7))


def _any(text: str, low: str, first: int, end: int, around: Around, hits: list[Hit]) -> None:
    """In any grouping, if a word says so; without any, if it says so clearly."""
    match = _ANY.search(text, first, min(len(text), end + _BEYOND))
    if match is None or match.start() >= end:
        return
    shown, at = match[0], match.start()
    if around.names_other(at):
        return
    if shown.isdigit():
        called = len(shown) >= 7 and (around.says(at, context.PHONE_NAMED) or around.says_number(at) or calling.fits(around.asked(at), shown))
    else:
        called = (_called(low, at, match.end(), around) or calling.fits(around.asked(at), bare((shown,), _SIGNS)[0])) and not (_of_a_century(shown) and (_DATED.search(shown) or (_SPAN.fullmatch(shown) and not around.says(at, context.PHONE_NAMED, 1))))
    if called:
        hits.append((at, match.end(), KIND, 0.6))


def _of_a_century(shown: str) -> bool:
    """Whether a date or a span of years may be in it."""
    return "19" in shown or "20" in shown


def _worded(island: re.Match[str], around: Around) -> bool:
    """Whether a word may say telephone of an island that has no form. Of digits alone it takes a clear one."""
    start = island.start()
    if island.lastindex == 2:
        return True
    if island.lastindex == 1:
        return island.end() - start <= 15 and (around.says(start, _CLEAR, context.TOKENS + 1, context.REACH + 2) or calling.fits(around.asked(start), island[0]))
    return around.says(start, context.PHONE | context.NUMBER, context.TOKENS + 1, context.REACH + 2) or around.asked(start) > calling.NOTHING


def _added(text: str, at: int) -> bool:
    """Whether a line of a diff begins there, which has a + or a - before it."""
    if not at or text[at - 1] not in "\n-":
        return False
    before = text[max(0, at - 2) : at]
    return (before.endswith(("\n", "\n-")) or before == "-") and _ADDED.search("\n" + text[max(0, at - 160) : at]) is not None


def _called(low: str, start: int, end: int, around: Around) -> bool:
    """Whether a word before it, or the one after it, says telephone."""
    return around.says(start, context.PHONE) or _AFTER.match(low, end) is not None or around.says_number(start) or around.asked(start) == calling.ANY


@lru_cache(maxsize=2048)
def _of(digits: str) -> tuple[frozenset[int], re.Pattern[str]] | None:
    """The country whose code these three digits begin with."""
    return next((known for size in (1, 2, 3) if (known := _country(digits[:size])) is not None), None)


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
    if not lengths:
        return None  # a few islands have numbers of five digits only
    return lengths, re.compile(f"{code}(?:{known.general_desc.national_number_pattern})")


@cache
def _lines(digits: str) -> re.Pattern[str]:
    """What lines and mobiles have whose country code these three digits begin with, the code counted."""
    code = next((digits[:size] for size in (1, 2, 3) if int(digits[:size]) in COUNTRY_CODE_TO_REGION_CODE), "")
    return re.compile(f"{code}(?:{_national(COUNTRY_CODE_TO_REGION_CODE[int(code)]).pattern})" if code else "(?!)")


@lru_cache(maxsize=64)
def _national(regions: tuple[str, ...]) -> re.Pattern[str]:
    """The national significant numbers of ordinary lines and mobiles."""
    patterns = []
    for region in regions:
        known = PhoneMetadata.metadata_for_region(region, None)
        for line in (known.fixed_line, known.mobile) if known else ():
            if line is not None and line.national_number_pattern:
                patterns.append(f"(?:{line.national_number_pattern})")
    return re.compile("|".join(dict.fromkeys(patterns)) or "(?!)")
