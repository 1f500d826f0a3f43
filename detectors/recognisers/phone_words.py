"""Telephones that have no form of their own, but a word that calls them so: `tel 12 34 56`, `7654321 (mobile)`.

What words tell of an island hangs on what stands near it, and there on where digits are, not on which. So what is alike is looked at once in a text;
of each island only what its digits are is asked anew.
"""

from __future__ import annotations

import re

from detectors.recognisers import calling, context
from detectors.recognisers.context import Around
from detectors.recognisers.hits import Hit
from detectors.recognisers.phone_forms import DATED, END, EXTENSION, KIND, LEFT, SIGNS, ZEROS, is_dated, of_a_century
from detectors.recognisers.small import linear
from detectors.recognisers.sums import bare

NAMES_AFTER = "office|fax|mobile|cell|home|work|desk|direct|phone|tel|celular|whatsapp"
# Of small letters: such a name; an island of digits alone, without brackets and extension.
_AFTER = re.compile(rf"(?=[ ,]?[ (\[]?-?[a-z#]){EXTENSION}[ ,]?[ (\[]?-?(?:{NAMES_AFTER})(?![a-z])")
_ALONE = re.compile(r"(?<!\()[0-9]{7,}+(?![a-z]|[ ./()+_:\-]{1,2}[0-9])(?=[^ xe#]| [^xe#])")
_IS_MINE = re.compile(r"(?: is|'s) (?:my|his|her|our|their) (?:new |old )?(?:number|cell|mobile|phone)(?![a-z])")  # after an island, of small letters
_ANY = re.compile(rf"[0-9(]{LEFT}(?:(?<=\()[0-9])?(?<=[0-9])(?:[ ./()\-]{{0,2}}[0-9]){{5,14}}{END}")
_SIX = re.compile(r"[0-9](?:[ ./()\-]{0,2}[0-9]){5}")  # necessary for `_ANY`
HAS_SIX = linear(_SIX.pattern)
_CLEAR = context.PHONE_NAMED | context.NUMBER
_SAID = context.PHONE | context.NUMBER
_BEFORE, _AFTERWARDS = context.REACH + 8, 32  # code points before and after an island: more than anything here looks at
_BEYOND = 24  # code points after an island: an extension, and the sign after it
_VERSION = re.compile(r"\.[0-9]\.")  # 16.0.62508.90923
_SPAN = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}-(?:19|20)[0-9]{2}(?![0-9])")  # of years
_MOST = 4096  # islands of which is kept what stands near them
_SURE = 4  # whatever the digits are; else what `calling` says of them

# Which digits make a telephone of what an island holds; where that begins and ends, counted from the island; whether it is digits alone; whether the island is no more; whether it may be a span of years.
Told = tuple[int, int, int, bool, bool, bool]
_NOTHING: Told = (calling.NOTHING, 0, 0, False, False, False)


class Words:
    """What the words of one text say of its numbers."""

    __slots__ = ("_around", "_low", "_masked", "_mine", "_text", "_told")

    def __init__(self, text: str, low: str, around: Around) -> None:
        self._text, self._low, self._around = text, low, around
        self._masked = ""  # once it is needed
        self._mine = (" is " in low or "'s " in low) and _IS_MINE.search(low) is not None  # anywhere
        self._told: dict[str, tuple[int, Told]] = {}

    def say(self, start: int, end: int) -> bool:
        """Whether a word before it, or the one after it, says telephone."""
        around = self._around
        return (
            around.says(start, context.PHONE)
            or _AFTER.match(self._low, end) is not None
            or (self._mine and _IS_MINE.match(self._low, end) is not None)
            or around.says_number(start)
            or around.asked(start) == calling.ANY
        )

    def find(self, island: re.Match[str]) -> Hit | None:
        """What an island holds that has no form, and that a word near its beginning calls a telephone."""
        start, end = island.span()
        self._masked = self._masked or self._text.translate(ZEROS)
        key = self._masked[start - _BEFORE : end + _AFTERWARDS] if start >= _BEFORE and end + _AFTERWARDS <= len(self._text) else ""
        known = self._told.get(key)
        if known is None:
            least = self._near(island) if _SIX.search(self._low, start, end) else calling.NOTHING
            told = self._any(start, end) if least else _NOTHING
            known = (_SURE if told[:3] == (least, 0, end - start) else least), told  # the same is asked of the same digits but once
            if key and len(self._told) < _MOST:
                self._told[key] = known
        least, told = known
        return self._hit(island, told) if told[0] and (least == _SURE or calling.fits(least, island[0])) else None

    def any(self, island: re.Match[str]) -> Hit | None:
        """The same if a word stands near what it holds."""
        told = self._any(*island.span())
        return self._hit(island, told) if told[0] else None

    def _hit(self, island: re.Match[str], told: Told) -> Hit | None:
        """If the digits are a telephone's, and no date is there."""
        level, first, last, alone, whole, span = told
        start, end = island.span()
        shown = self._text[start + first : start + last]
        if alone:
            found = level == _SURE or calling.fits(level, shown)
        elif ("." in shown and _VERSION.search(shown)) or (of_a_century(shown) and (DATED.search(shown) or (span and _SPAN.fullmatch(shown)))):
            found = False
        else:
            found = level == _SURE or calling.fits(level, bare((shown,), SIGNS)[0])
        return (start + first, start + last, KIND, 0.6) if found and ((alone and whole) or not is_dated(self._text, start, end)) else None

    def near(self, island: re.Match[str]) -> bool:
        """Whether a word may say telephone of an island that has no form. Of digits alone it takes a clear one."""
        least = self._near(island)
        return least == _SURE or calling.fits(least, island[0])

    def _near(self, island: re.Match[str]) -> int:
        """The same of whatever digits: which they must be."""
        start, end = island.span()
        around = self._around
        if self._mine and _IS_MINE.match(self._low, end):
            return _SURE
        if _ALONE.match(self._low, start):
            if end - start > 15:
                return calling.NOTHING
            return _SURE if around.says(start, _CLEAR, context.TOKENS + 1, context.REACH + 2) else around.asked(start)
        if _AFTER.match(self._low, end):
            return _SURE
        return _SURE if around.says(start, _SAID, context.TOKENS + 1, context.REACH + 2) or around.asked(start) > calling.NOTHING else calling.NOTHING

    def _any(self, start: int, end: int) -> Told:
        """In any grouping, if a word says so; without any, if it says so clearly."""
        text, around = self._text, self._around
        match = _ANY.search(text, max(0, start - 2), min(len(text), end + _BEYOND))
        if match is None or match.start() >= end or around.names_other(match.start()):
            return _NOTHING
        at, stop = match.span()
        alone = match[0].isdigit()
        if alone and stop - at < 7:
            return _NOTHING
        said = around.says(at, context.PHONE_NAMED) or around.says_number(at) or (self._mine and _IS_MINE.match(self._low, stop) is not None) if alone else self.say(at, stop)
        return _SURE if said else around.asked(at), at - start, stop - start, alone, (at, stop) == (start, end), not around.says(at, context.PHONE_NAMED, 1)
