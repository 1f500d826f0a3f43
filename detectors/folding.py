"""Folding: what looks the same is read the same. Full-width, bold, circled and Cyrillic letters become ASCII; what cannot be seen is gone.

Rule of this file: folding is one replacement per code point, whatever stands around it. So fold(a + b) == fold(a) + fold(b), a stream
cut anywhere folds as the whole does, and an ASCII text is its own folding. The price: no composition (`e` + accent is `e`, and so is
the composed letter), and marks that carry meaning in Hebrew, Arabic or Hindi are gone too. A detector for such a script reads `Text.raw`.

What a character is folded to is derived when it is first met: from its compatibility decomposition (NFKC/NFKD, UAX 15), its category and
name, and the look-alikes listed here. The idea of a skeleton is Unicode TR39's; its data is not used. At most MAX_GROWTH characters come of one.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain

MAX_GROWTH = 4
_BLOCK = 1024  # raw code points whose offsets are worked out at once, and only if asked for
_GLANCE = 8  # different characters: so many are looked for one by one
_FEW = 64  # so many different characters are replaced one after the other; more are faster in one pass over a table
_SAMPLE = 1024  # code points that are looked at first: most often they show all that there is to fold
_UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"

_LOOK = {  # what is drawn like an ASCII character in Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu, or among signs: code points in hex
    "A": "410 391 13aa 2c80 a4ee", "B": "412 392 13f4 2c82 a4d0", "C": "421 3f9 13df 2ca4 a4da", "D": "13a0 a4d3", "E": "415 395 13ac 2c88 a4f0",
    "F": "3dc a4dd", "G": "50c 13c0 a4d6", "H": "41d 397 13bb 2c8e a4e7", "I": "406 399 4c0 2c92 a4f2", "J": "408 37f 13ab a4d9",
    "K": "41a 39a 13e6 2c94 a4d7", "L": "53c 13de 2cd0 a4e1", "M": "41c 39c 3fa 13b7 2c98 a4df", "N": "39d 2c9a a4e0", "O": "41e 39f 555 2c9e a4f3",
    "P": "420 3a1 13e2 2ca2 a4d1", "Q": "51a", "R": "13a1 13d2 a4e3", "S": "405 54f 13da a4e2", "T": "422 3a4 13a2 2ca6 a4d4", "U": "54d a4f4",
    "V": "474 13d9 a4e6", "W": "51c 13b3 13d4 a4ea", "X": "425 3a7 2cac a4eb", "Y": "423 3a5 4ae 2ca8 a4ec", "Z": "396 13c3 a4dc",
    "a": "430 3b1 251", "b": "432 44c 13cf", "c": "441 3f2 2ca5", "d": "501 13e7", "e": "435 4bd 3b5 212e", "g": "261 581", "h": "43d 4bb 570",
    "i": "456 3b9 131", "j": "458 3f3 575", "k": "43a 3ba", "l": "4cf", "m": "43c", "n": "43f 3b7 578", "o": "43e 3bf 3c3 585 2c9f",
    "p": "440 3c1 3f1 2ca3", "q": "51b 566", "r": "433", "s": "455", "t": "442 3c4", "u": "57d 3c5", "v": "475 3bd", "w": "51d 461 3c9",
    "x": "445 3c7 d7", "y": "443 3b3 4af", "ss": "df", "ae": "e6", "AE": "c6", "oe": "153", "OE": "152",
    "-": "2212 2043 2d7 2796", ".": "b7 387 2027 2219 22c5 3002 30fb 6d4 701 702 a4f8", ",": "201a 3001 60c", ":": "2236 2d0 a789 589 5c3", ";": "61b",
    "/": "2044 2215 29f8 2571", "\\": "2216 29f5", '"': "201c 201d 201e 201f ab bb 2ba 3003", "'": "2018 2019 201b 2032 2035 b4 2b9 2bc 2c8 5f3",
    "<": "2039", ">": "203a", "~": "223c 2dc 2053", "!": "1c3", "*": "2217 204e 66d", "+": "2795", "=": "a78a", "#": "266f", "%": "66a",
    "|": "1c0 2223 2502", "?": "61f", " ": "2800 3164 ffa0", "\n": "85 2028 2029", "": "115f 1160",
}  # fmt: skip
# Where something to fold can be: not in ideographs, Hangul, emoji, or what is private. E0000: tags and the second variation selectors.
_RANGES = ((0x80, 0x3400), (0xA4D0, 0xAC00), (0xF900, 0x10000), (0x10000, 0x11000), (0x16A00, 0x1F200), (0x1FBF0, 0x1FBFA), (0xE0000, 0xE1000))


_EDGES = [edge for each in _RANGES for edge in each]
_SIGHT = {int(code, 16): plain for plain, codes in _LOOK.items() for code in codes.split()}


@cache
def _named() -> re.Pattern[str]:
    """What has no decomposition but a name that tells: `LATIN SMALL LETTER L WITH STROKE`, `NEGATIVE CIRCLED LATIN CAPITAL LETTER A`."""
    return re.compile(
        r"(?:NEGATIVE (?:CIRCLED|SQUARED) |CROSSED NEGATIVE SQUARED )?LATIN (CAPITAL|SMALL) LETTER ([A-Z])(?: WITH .*)?"
        r"|LATIN LETTER SMALL (CAPITAL) ([A-Z])|REGIONAL INDICATOR SYMBOL (LETTER) ([A-Z])"
    )


def _derived(char: str) -> str:
    known = _SIGHT.get(ord(char))
    if known is not None or char.isascii():
        return char if known is None else known
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cc") or char >= "\U000e0000":
        return ""
    if category in ("Zs", "Pd"):
        return " " if category == "Zs" else "-"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if category == "No" and unicodedata.numeric(char) in range(10, 21):
        return str(int(unicodedata.numeric(char)))  # circled 10 to 20
    apart = unicodedata.normalize("NFKD", char)
    if apart != char:
        plain = "".join(map(_derived, apart))
        if plain.isascii() and len(plain) <= MAX_GROWTH:
            return plain
        whole = unicodedata.normalize("NFKC", char)
        plain = char if whole == char else "".join(map(_derived, whole))
        return plain if len(plain) <= MAX_GROWTH else char
    if category in ("Lu", "Ll", "So", "Lo"):
        told = _named().fullmatch(unicodedata.name(char, ""))
        if told:
            letter = told[2] or told[4] or told[6]
            return letter.lower() if told[1] == "SMALL" or told[3] else letter
    return char


# What has been learned so far, by code point, of those in _RANGES: no more can come of any text. _SAME: those that are not folded.
_PLAIN: dict[int, str] = {}
_SAME: set[int] = set(range(128))


def _learn(codes: set[int]) -> None:
    for code in codes.difference(_PLAIN, _SAME):
        if bisect_right(_EDGES, code) % 2:
            char = chr(code)
            plain = _derived(char)
            if plain == char:
                _SAME.add(code)
            else:
                _PLAIN[code] = plain


class _Fold(Mapping[str, str]):
    """Character -> what it is read as, of all that are read as something else."""

    def __getitem__(self, char: str) -> str:
        if ord(char) not in _PLAIN:
            _learn({ord(char)})
        return _PLAIN[ord(char)]

    def __iter__(self) -> Iterator[str]:
        _learn(set(chain.from_iterable(range(*each) for each in _RANGES)))
        return map(chr, sorted(_PLAIN))

    def __len__(self) -> int:
        return sum(1 for _ in self)


FOLD: Mapping[str, str] = _Fold()


def _codes(text: str) -> memoryview:
    """The code points of a text: as integers they are gone through faster than as characters."""
    return memoryview(text.encode(_UTF32, "surrogatepass")).cast("I")


class Folding:
    """Where the characters of a folded text came from. Worked out block by block, and only where asked. hides: characters that can spell
    something while they are not seen have been removed."""

    __slots__ = ("_blocks", "_raw", "_size", "_sizes", "_starts", "hides")

    def __init__(self, raw: str, sizes: dict[int, int], *, hides: bool) -> None:
        self._raw, self._sizes, self.hides = raw, sizes, hides  # sizes: of what each code point became; 1 if not listed
        self._size = _Sizes(sizes)
        self._starts: list[int] = []
        self._blocks: dict[int, Sequence[int]] = {}

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span of folded text [start, end), start < end."""
        return self._at(start), self._at(end - 1) + 1

    def spans(self, many: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The same of many, nearly in order: most lie in one block, and in that of the one before."""
        low = high = at = 0
        ends: Sequence[int] = ()
        found: list[tuple[int, int]] = []
        for start, end in many:
            if not (low <= start and end <= high):
                number = self._number(start)
                low, high, at, ends = self._starts[number], self._starts[number + 1], number * _BLOCK, self._block(number)
                if end > high:
                    found.append(self.span(start, end))
                    continue
            if isinstance(ends, range):
                found.append((at + start - low, at + end - low))
            else:
                found.append((at + bisect_right(ends, start - low), at + bisect_right(ends, end - 1 - low) + 1))
        return found

    def _at(self, index: int) -> int:
        number = self._number(index)
        return number * _BLOCK + bisect_right(self._block(number), index - self._starts[number])

    def _number(self, index: int) -> int:
        """Of the block that a folded character came from."""
        if not self._starts:
            raw, blocks = self._raw, range(0, len(self._raw), _BLOCK)
            sizes = [_BLOCK if self._even(raw[at : at + _BLOCK]) else self._block(at // _BLOCK)[-1] for at in blocks]
            self._starts = [0, *accumulate(sizes)]
        return bisect_right(self._starts, index) - 1

    def _block(self, number: int) -> Sequence[int]:
        """Where what each raw code point of a block became ends, counted from its start."""
        ends = self._blocks.get(number)
        if ends is None:
            block = self._raw[number * _BLOCK : (number + 1) * _BLOCK]
            ends = self._blocks[number] = range(1, len(block) + 1) if self._even(block) else self._ends(block)
        return ends

    def _even(self, block: str) -> bool:
        """Whether it is seen at a glance that every character of it became one."""
        return block.isascii() or (len(self._sizes) <= _GLANCE and not any(map(block.__contains__, map(chr, self._sizes))))

    def _ends(self, block: str) -> list[int]:
        """Where what each raw code point became ends, counted from the start of the block."""
        size = self._size
        return list(accumulate(map(size.__getitem__, _codes(block))))


class _Sizes(dict[int, int]):
    """Of what each code point became: 1 where nothing else is said."""

    def __missing__(self, code: int) -> int:
        self[code] = 1
        return 1


def fold(raw: str) -> tuple[str, Folding | None]:
    """The folded text, and where it came from; None: every character stands where it stood."""
    if raw.isascii():
        return raw, None
    text, seen = _replaced(raw, raw[:_SAMPLE])
    if len(raw) > _SAMPLE and not text.isascii() and len(seen) <= _FEW:
        text, more = _replaced(text, text)
        seen |= more
    if not seen:
        return raw, None
    sizes = {code: len(plain) for code in seen if len(plain := _PLAIN[code]) != 1}
    if not sizes:
        return text, None
    return text, Folding(raw, sizes, hides=any(0xFE00 <= code <= 0xFE0F or code >= 0xE0000 for code in seen))


def _replaced(text: str, sample: str) -> tuple[str, set[int]]:
    """The text with what is to be folded in the sample folded everywhere, and what that was. What comes out is never folded again.
    Where that is more than a few characters, everything is folded, sample or not."""
    met = set(_codes(sample))
    _learn(met)
    seen = _PLAIN.keys() & met
    if len(seen) > _FEW:
        table = _Table()
        return text.translate(table), _PLAIN.keys() & table.keys()
    for code in seen:
        text = text.replace(chr(code), _PLAIN[code])
    return text, seen


class _Table(dict[int, int | str]):
    """For str.translate: learns what it is asked for."""

    def __missing__(self, code: int) -> int | str:
        if code not in _PLAIN and code not in _SAME and bisect_right(_EDGES, code) % 2:
            _learn({code})
        plain = self[code] = _PLAIN.get(code, code)
        return plain
