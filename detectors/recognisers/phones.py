"""Telephone numbers: international, North American, with a trunk zero, with an area code in brackets; and any grouping that a word calls a phone.

A run of digits without `+`, separators or such a word is never a phone: order numbers, epochs and ISBNs are what that would find.
Which digits a country's numbers have is `numbering`'s. Numbers set aside for fiction (555-01xx) are found too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from detectors.recognisers import calling, context, numbering
from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.islands import AFTER_FIRST, MIN
from detectors.recognisers.phone_forms import DATED, END, KIND, LEFT, SEP, SIGNS, ZEROS, is_dated, of_a_century
from detectors.recognisers.phone_words import HAS_SIX, NAMES_AFTER, Words
from detectors.recognisers.small import linear, sparse, stretches
from detectors.recognisers.sums import bare

REGIONS = tuple("US GB FR DE ES IT AU CH AT BE NL SE DK FI NO IE PT PL CZ HU RO GR TR IN BR MX AR JP KR CN NZ ZA IL UA".split())  # noqa: SIM905
LEAST = 6  # digits
_COUNTED = r"\(?[1-9](?:[ ./()\-]{0,2}[0-9]){6,17}(?![0-9])"
_PLUS = re.compile(rf"\+(?<![0-9A-Za-z+].) ?{_COUNTED}")
_ZEROS = re.compile(rf"00(?<![0-9A-Za-z+]..)[ \-]?(?=[1-9][0-9]{{0,2}}{SEP}|(?<![.,_/:\-]00)[2-9][0-9]{{8,13}}(?![.,/:_\-]?[0-9A-Za-z_])){_COUNTED}")
_TWIN = r"/[2-9][0-9]{2}[ .\-][2-9][0-9]{2}[ .\-][0-9]{4}(?![0-9A-Za-z_])"  # one more, after a slash
_NORTH = re.compile(  # one of the groups is what separates
    rf"[0-9+(](?<![0-9A-Za-z].)(?=[ .\-]?[(0-9])(?:{LEFT}|(?<=[ .\-][0-9]{{4}}/[2-9]))(?:(?<=[2-9])[0-9]{{2}}([ ./\-])|(?<=\()[2-9][0-9]{{2}}\)[ \-]?|(?:(?<=1)|(?<=\+)1|(?<=0)01)[ .\-]?(?:\([2-9][0-9]{{2}}\)[ \-]?|[2-9][0-9]{{2}}([ ./\-])))"
    rf"[2-9][0-9]{{2}}[ .\-][0-9]{{4}}(?:(?={_TWIN})|{END})"
)
_TRUNK = re.compile(  # (1) in one that begins with a date
    rf"[0(]{LEFT}(?<![0-9] .)(?:(?<=0)(?=[1-9]({SEP})[01]?[0-9]\1(?:19|20)[0-9]{{2}}(?![0-9])|)[1-9][0-9]{{0,4}}|(?<=\()0[1-9][0-9]{{0,4}}\))(?:{SEP}{{1,2}}[0-9]{{2,8}}){{1,5}}{END}"
)
_AREA = re.compile(rf"\({LEFT}(?!(?:19|20)[0-9]{{2}}\))[0-9]{{2,4}}\) ?[0-9]{{3,5}}[ \-][0-9]{{3,4}}{END}")
TOLD = r"[2-9][0-9]{2}[ .\-][0-9]{4}|\+ ?\(?[1-9][0-9 ./()\-]|00[ \-]?[1-9][0-9]{0,2}[ ./\-]|(?:^|[^0-9A-Za-z])00[2-9][0-9]{8}|(?:^|[^0-9A-Za-z])0[1-9][0-9]{0,4}\)?[ ./\-]{1,2}[0-9]{2}|\([0-9]{2,4}\) ?[0-9]{3}"  # necessary for a form, in RE2 syntax
_ADDED = re.compile(r"\n(?:-\Z|(?:-(?! [^ ])|\+(?![0-9( ]|\Z)|\+  |@@)[^\n]{0,120}\n(?:[+-][^\n]{0,40}\n){0,4}\Z)")  # a line of a diff above
_ISLAND = re.compile(f"[0-9]{AFTER_FIRST}")
_WORDS = linear(f"{context.necessary(context.PHONE | context.NUMBER)}|(?i:{NAMES_AFTER})")  # necessary for what has no form
_NORTHERN = linear(  # necessary for `_NORTH`
    r"(?:^|[^0-9A-Za-z])(?:(?:\+?1|01)[ .\-]?)?(?:[2-9][0-9]{2}[ ./\-]|\([2-9][0-9]{2}\)[ \-]?)[2-9][0-9]{2}[ .\-][0-9]{4}(?:$|[^0-9A-Za-wyz_])"
)
_TRUNKED = linear(r"(?:^|[^0-9A-Za-z])\(?0[1-9][0-9]{0,4}\)?[ ./\-]{1,2}[0-9]{2}")  # necessary for `_TRUNK`
_NEAR = linear(f"{context.necessary(context.PHONE | context.NUMBER)}|(?i:{NAMES_AFTER})|{calling.MAY_BE}")
_SPARSE = 64  # code points for each form, or it costs less to look at all islands
_WIDE = 80  # code points: more than a form has with what decides it, or lies between an island and a word
_ENDED = re.compile(r"[^0-9A-Za-z ./()+_:\-]|[A-Za-z][ ./()+_:\-]|[ ./()+_:\-]{3}")  # what no island goes over, read backwards
_BACK = 192  # code points before a place in which that is looked for
_DIGIT = frozenset("0123456789")
_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWYZabcdefghijklmnopqrstuvwyz")  # without x, which begins an extension. Letters of other scripts may follow at once
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
_TWO = 17  # code points that two of them have, at least, and what is between them
_ANY_FORM, _EIGHT, _DATE = 1, 2, 4  # ways to write one, bits: as most are, of eight digits, as a date, too
_MAY_BE_DATED = re.compile(rf"0000{SEP}00?{SEP}0|0{SEP}00?{SEP}0000")  # of zeros
_DIGITS = re.compile("[0-9]+")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789\n"))


class Phones:
    """Built for some regions: whose national forms with a trunk zero are known. Numbers with a country code are known for all."""

    def __init__(self, regions: Sequence[str] = REGIONS) -> None:
        """regions: ISO 3166 codes. Raises ValueError for one that has no numbers."""
        if unknown := numbering.unknown(regions):
            raise ValueError(f"no telephone numbers are known for region {unknown[0]!r}; expected ISO 3166 codes such as US, GB, FR")
        self._national = numbering.national(tuple(regions))
        self._swedish = "SE" in regions
        own = () if tuple(regions) == REGIONS else tuple(region for region in regions if region in GROUPED)
        self._grouped = tuple((re.compile(GROUPED[region]), numbering.national((region,))) for region in own)

    def __call__(self, text: str, low: str, flat: bytes, begin: int, formed: bool, around: Around, hits: list[Hit]) -> None:
        """Add those that end after `begin`, of islands that hold nothing else. formed: whether TOLD is in it.  hits: those of numbers, so far.  low: the text in small letters.  flat: as bytes."""
        told, trunks = self._told(text, flat, max(0, begin - 64)) if formed else ([], [])
        worded = (bool(told) or HAS_SIX.search(flat) is not None) and (_WORDS.search(flat) is not None or calling.told(flat))
        if not told and not worded and not self._grouped:
            return
        begun = list(map(re.Match.start, told))
        islands = _ISLAND.finditer(low) if self._grouped else _islands(low, flat, begun, worded)
        starts = [*begun, len(text)]  # the last where no island is
        words = Words(text, low, around)
        others = sorted(hit[:2] for hit in hits)
        abroad = self._abroad(text, told, words, around)
        national = self._with_trunk(text, trunks, worded, words, around) if trunks else {}
        reached = seen = 0
        for island in islands:
            start, end = island.span()
            if end - start < MIN or end <= begin:
                continue
            while starts[reached] < start - 2:
                reached += 1
            stop = reached
            while starts[stop] < end:
                stop += 1
            hit: Hit | None = None
            if stop == reached:
                hit = (words.any(island) if self._grouped else words.find(island)) if worded else None
                if not hit and not self._grouped:
                    continue
            elif stop - reached == 1 and starts[reached] == start and end - start < _TWO and (one := told[reached]) in national:
                hit = national[one]  # no other form is in it
                if one.lastindex or not (hit or worded or self._grouped):
                    continue
            if others:
                while seen < len(others) and others[seen][0] < start:
                    seen += 1
                if end - start <= 24 and seen < len(others) and others[seen][0] < end:
                    continue
            if end - start == 10 and text[start + 5] == "-" and _PLUS_FOUR.match(text, start, end) and (_STATE.search(text, max(0, start - 5), start) or _ZIP.search(low, max(0, start - 24), start)):
                continue
            if hit:
                hits.append(hit)
                continue
            forms = told[reached:stop]
            if abroad and (known := [abroad[match] for match in forms if match in abroad and (match.re is _PLUS or match.start() == start)]):
                hits += known
            elif len(forms) == 1 and forms[0].re is _NORTH and forms[0].start() == start and forms[0].end() >= end and text[start - 1 : start] != "(":
                _north(forms[0], worded, words, around, hits)  # all of it: no other form is in it
            else:
                self._island(text, island, forms, national, worded, words, around, hits)

    def _told(self, text: str, flat: bytes, begin: int) -> tuple[list[re.Match[str]], list[re.Match[str]]]:
        """What has a form of its own, in order of start; and of these, what has a trunk zero."""
        told = list(sparse(_NORTH, _NORTHERN, text, flat, begin, _WIDE))
        many = len(told)
        if text.find("+", begin) >= 0:
            told += _PLUS.finditer(text, begin)
        if text.find("00", begin) >= 0:
            told += _ZEROS.finditer(text, begin)
        trunks = list(sparse(_TRUNK, _TRUNKED, text, flat, begin, _WIDE)) if text.find("0", begin) >= 0 else []
        told += trunks
        if text.find("(", begin) >= 0:
            told += _AREA.finditer(text, begin)
        if len(told) > many:
            told.sort(key=re.Match.start)
        return told, trunks

    def _island(self, text: str, island: re.Match[str], told: list[re.Match[str]], national: Mapping[re.Match[str], Hit | None], worded: bool, words: Words, around: Around, hits: list[Hit]) -> None:
        """Add what an island holds that no country's code begins, with the brackets before it and the extension after. told: its forms; without any, no word tells of it either."""
        start, end = island.span()
        if is_dated(text, start, end):
            return
        count = len(hits)
        for match in told:
            if match.re is _NORTH:
                _north(match, worded, words, around, hits)
        if len(hits) == count and told and end - start >= _TWO:
            self._joined(text, start, end, words, around, hits)
        if len(hits) == count and told:
            within = end - start  # a word may stand in it too: `2 3854tel 12 34 56`
            trunk = next((match for match in told if match.re is _TRUNK), None)
            hit = (national[trunk] if trunk else None) or _with_area(text, told, worded, words, around)
            if not hit and worded and (words.near(island) or around.says(end, context.PHONE | context.NUMBER, within, within)):
                hit = words.any(island)
            hits += (hit,) if hit else ()
        if len(hits) == count:
            self._as_grouped(text, start, end, around, hits)

    def _as_grouped(self, text: str, start: int, end: int, around: Around, hits: list[Hit]) -> None:
        """All of an island, if a region that was asked for groups its numbers so."""
        if not self._grouped or text[start - 1 : start] in _NOT_LEFT or around.names_other(start):
            return
        shown = text[start:end]
        digits = bare((shown,), SIGNS)[0]
        if any(form.fullmatch(shown) and numbers.fullmatch(digits) for form, numbers in self._grouped):
            hits.append((start, end, KIND, 0.5))

    def _abroad(self, text: str, told: Sequence[re.Match[str]], words: Words, around: Around) -> dict[re.Match[str], Hit]:
        """Those that begin with a country's code."""
        forms = [match for match in told if match.re is _PLUS or (match.re is _ZEROS and not _goes_on(text, match.start()))]
        found = zip(forms, [self._world(text, match, digits, words, around) for match, digits in zip(forms, bare([match[0] for match in forms], SIGNS), strict=True)], strict=True)
        return {match: hit for match, hit in found if hit is not None}

    def _world(self, text: str, match: re.Match[str], digits: str, words: Words, around: Around) -> Hit | None:
        """With its country code: the longest part that has a length its country knows. digits: of the match, and a zero in brackets."""
        shown, start = match[0], match.start()
        skip = 2 if shown[0] == "0" else 0
        country = numbering.country(digits[skip : skip + 3])
        if country is None:
            return None
        lengths, numbers = country
        n = len(digits) - skip
        if shown[1:].isdigit():
            if n not in lengths or (skip and around.names_other(start)) or _added(text, start):
                return None
            if not (numbering.lines(digits[2:5]) if skip else numbers).fullmatch(digits, skip) and not words.say(start, match.end()):
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

    def _joined(self, text: str, start: int, end: int, words: Words, around: Around, hits: list[Hit]) -> None:
        """Two and more with a trunk zero, joined by slashes, or by blanks if a word says telephone: all of the island, or none."""
        joints = list(_JOINTS.finditer(text, start, end)) if text[start] == "0" else []
        if not joints or around.names_other(start):
            return
        spans, begin, blank = [], start, False
        for joint in joints:
            if joint.start() - begin > _LONGEST:
                return
            if self._is_national(text[begin : joint.start()]):
                spans.append((begin, joint.start(), KIND, 0.55))
                begin = joint.end()
                if not blank and joint[1] == " ":
                    if not words.say(start, end):
                        return
                    blank = True
        if spans and self._is_national(text[begin:end]):
            hits += [*spans, (begin, end, KIND, 0.55)]

    def _with_trunk(self, text: str, trunks: Sequence[re.Match[str]], worded: bool, words: Words, around: Around) -> dict[re.Match[str], Hit | None]:
        """What those with a trunk zero are."""
        found: dict[re.Match[str], Hit | None] = dict.fromkeys(trunks)
        shown = [match[0] for match in trunks]
        ways = _ways(shown)
        for match, written, way, sure in zip(trunks, shown, ways, self._national_forms(shown, ways), strict=True):
            if not (sure or worded) or (way & _DATE and of_a_century(written) and DATED.search(written)):
                continue
            at, end = match.span()
            if end - at == 10 and written[5] == "-" and _PLUS_FOUR.fullmatch(written) and _STATE.search(text, max(0, at - 5), at):
                continue
            if (sure or words.say(at, end)) and not around.names_other(at):
                found[match] = at, end, KIND, 0.55
        return found

    def _national_forms(self, shown: Sequence[str], ways: Sequence[int]) -> list[bool]:
        """Whether the digits after the trunk zero are a number of one of the regions."""
        digits = "\n".join(shown).encode("ascii", "replace").translate(None, _NO_DIGITS).decode("ascii").split("\n")
        fits, swedish = self._national.fullmatch, self._swedish
        return [
            (fits(number, 1) or fits(number)) is not None if way & _ANY_FORM else way & _EIGHT > 0 and swedish and _SWEDISH.fullmatch(each) is not None and fits(number, 1) is not None
            for way, number, each in zip(ways, digits, shown, strict=True)
        ]

    def _is_national(self, shown: str) -> bool:
        return self._national_forms((shown,), (_way.__wrapped__(shown.translate(ZEROS)),))[0]  # of any length: not to be kept


def _ways(shown: Sequence[str]) -> list[int]:
    """In which ways numbers with a trunk zero are written, bits."""
    return list(map(_way, "\n".join(shown).translate(ZEROS).split("\n")))


@lru_cache(maxsize=4096)
def _way(shape: str) -> int:
    """shape: with zeros for its digits. A number is written in some groups of any size; what has too few digits, or too many, is a decimal fraction or a list is none."""
    groups = _DIGITS.findall(shape)
    many = sum(map(len, groups))
    date = _DATE if _MAY_BE_DATED.search(shape) else 0
    if shape == "00-00 00 00":
        return _EIGHT
    return date | (_ANY_FORM if 9 <= many <= 12 and not (len(groups) == 2 and "." in shape) and len(groups) <= 5 else 0)


def _with_area(text: str, told: Sequence[re.Match[str]], worded: bool, words: Words, around: Around) -> Hit | None:
    """The first with an area code in brackets."""
    match = next((each for each in told if each.re is _AREA), None)
    if match is None:
        return None
    shown, (at, end) = match[0], match.span()
    if (of_a_century(shown) and DATED.search(shown)) or around.names_other(at):
        return None
    sure = shown[3] != ")" or sum(map(str.isdigit, shown)) > 9  # (12) 345-6789 may be a sum
    return (at, end, KIND, 0.5) if sure or (worded and words.say(at, end)) else None


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


def _north(match: re.Match[str], worded: bool, words: Words, around: Around, hits: list[Hit]) -> None:
    """Three numbers in a row are a table as often as a telephone: only a word tells."""
    at, end = match.span()
    apart = (match[1] or match[2]) != " "
    if (apart or (worded and (words.say(at, end) or around.asked(at) > calling.NOTHING))) and not around.names_other(at):
        hits.append((at, end, KIND, 0.7))


def _added(text: str, at: int) -> bool:
    """Whether a line of a diff begins there, which has a + or a - before it."""
    if not at or text[at - 1] not in "\n-":
        return False
    before = text[max(0, at - 2) : at]
    return (before.endswith(("\n", "\n-")) or before == "-") and _ADDED.search("\n" + text[max(0, at - 160) : at]) is not None
