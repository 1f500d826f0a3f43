"""Runs: long runs of base64 or hex digits in a text, and the text that they hold. Most hold none: identifiers, hashes, keys.

However many runs there are, they are laid side by side and decoded together, in each of the four ways in which a group of base64 can lie;
what can be printed, or is UTF-8, is then looked for in all of them at once. Only what was found costs more than its length.
"""

from __future__ import annotations

import binascii
import re
import string
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, pairwise
from operator import add

from detectors.later import later_bytes
from detectors.pieces import Piece, Span
from detectors.recognisers.small import linear

MIN_RUN = 16  # characters of base64 with its padding, hex digits: shorter ones hold nothing that a detector knows
MIN_TEXT = 8
LINE = 40  # characters of a line from which base64 that goes on in the next line is one run

ANY64 = bytes(97 if chr(code).isalnum() or chr(code) in "+/-_" else 32 for code in range(128)) + b" " * 128
PRINTED = bytes(112 if 32 <= code < 127 or code in b"\t\n\r" else 32 for code in range(256))
STRETCH = b"p" * MIN_TEXT
_MARK_HEX = bytes(104 if chr(code) in string.hexdigits else 32 for code in range(256))
_PADS = ANY64[:61] + b"=" + ANY64[62:]
_DIGITS, _ZEROS = (_PADS[:48] + digits + _PADS[58:] for digits in (b"0123456789", b"0" * 10))
_NUMBER = b" " + b"0" * MIN_RUN
_ALIKE = bytes.maketrans(b"0", b"a")
_SPARSE = 256  # characters, at least, for each such number: fewer are looked at like all else
_STANDARD = bytes.maketrans(b"-_", b"+/")
_RUN, _PAIRS = b"a" * MIN_RUN, b" ".join([b"aa"] * 8)
_WITHIN = _PAIRS[2:-2]  # as it begins and ends with what is rarer, it is looked for twice as fast
_RUNS = later_bytes(b"a{%d}(?:==|a=|aa++)" % (MIN_RUN - 2))
# Digits alone hold text in hex only where pairs of them are printed signs, and are no base64 of any: each group begins with a byte over 127, and few make UTF-8.
# Walls of numbers are many such runs, so of those of a few lengths only the rest is looked at.
_LENGTHS = range(MIN_RUN, MIN_RUN + 4)
_HOLDING = linear(f" (?:(?:[0-9][0-9])?{'[02-7][0-9]' * MIN_TEXT}|{'[0-7][4-7][0-9][0-9]' * (MIN_RUN // 4)})[0-9]*")
_PADDED, _PADDED_TWICE = _RUN[:-1] + b"=", _RUN[:-2] + b"=="
_HEX = later_bytes(b"h" * MIN_RUN + b"h*+")
_NEAR = b"p" * 6  # two groups of base64 in a row are text, and tell its phase
_SIGNS = (
    rb"(?:[\0-\x7f]++|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})++"
)
# Between two bytes that are in no UTF-8, from the first to the last but one: UTF-8 that is not ASCII. The last may be half a byte.
_UTF8 = later_bytes(rb"(?s)\xff(?=[\0-\x7f]*+[\xc2-\xf4])%s(?=.?\xff)" % _SIGNS)
_ALL_UTF8 = later_bytes(_SIGNS)  # necessary for what is decoded: an error takes longer to raise than most are to be told
_FILL = (b"////", b"///////", b"//////", b"/////")  # by the length of a run: to whole groups, and three bytes of ones
_PADDING = {b"==": 2, b"=": 1, **{bytes((61, code)): 1 for code in range(256) if code != 61}}
_LINE_ENDS = frozenset((b"\r\n", *(b"\n" + bytes((code,)) for code in range(32, 127))))

Run = tuple[int, int, int, int]  # where it begins and ends; characters of a line and of what ends it, in one that is wrapped
# Where it begins and ends side by side, bytes; number of the run, way, first byte in it; text. A way below zero: in hex, the stretch of digits with the number ~way
Found = tuple[int, int, int, int, int, int, str]


def packed(text: str) -> bool:
    """Whether there may be anything to unpack; false for nearly all short texts, and cheap."""
    dense = text.encode("ascii", "replace").translate(_PADS)
    return _RUN in dense or _PADDED in dense or _PADDED_TWICE in dense or (_WITHIN in dense and _PAIRS in dense) or "0x" in text or "0X" in text


def held(text: str, barren: set[bytes] | None = None) -> tuple[list[Found], Held] | None:
    """What runs of base64 and of hex digits hold, in order; None if that is nothing. barren: runs that hold nothing, which are passed over; those of this text are added."""
    marks = text.encode("ascii", "replace")
    runs = _runs(marks, marks.translate(ANY64), barren or set())
    if not runs:
        return None
    side = Held(marks, runs)
    found = side.hexed()
    for way in range(4):
        if not way or side.covered.count(0):
            found += side.in_way(way)
    if barren is not None:
        barren |= side.barren(found)
    found.sort()
    if any(left[1] > right[0] for left, right in pairwise(found)):
        found = _longest(found, len(side.signs))
    return (side.everywhere(found), side) if found else None


class Held:
    """Runs side by side, or of many that are alike one each. signs: all of them.  covered: 1 for one of which nothing is left to be read."""

    __slots__ = ("_lines", "_marks", "_places", "_runs", "_sizes", "_starts", "_stretches", "_which", "covered", "signs")

    def __init__(self, marks: bytes, runs: list[Run]) -> None:
        standard = marks.translate(_STANDARD)
        each = [standard[at:end] if not line else standard[at:end].translate(None, b"\r\n") for at, end, line, _ in runs]
        self._runs, self._lines, self._which = runs, runs, list[int]()
        if len(set(each)) * 2 < len(each):
            keys = [at if line else run for run, (at, _, line, _) in zip(each, runs, strict=True)]  # one that is wrapped is like no other
            last = dict(zip(keys, range(len(keys)), strict=True))
            number = {key: at for at, key in enumerate(last)}
            self._which = list(map(number.__getitem__, keys))  # of each run, which stands for it
            each, self._lines = [each[at] for at in last.values()], [runs[at] for at in last.values()]
        filled = [run + _FILL[len(run) & 3] for run in each]
        self.signs = b"////" + b"".join(filled)
        self._places = list(accumulate(map(len, filled), initial=4))[:-1]
        self._sizes = list(map(len, each))
        self._starts = [place // 4 * 3 for place in self._places]  # of the bytes of each, in whatever way it is read
        self._marks = marks
        self._stretches: list[Span] = []  # of hex digits that hold text: where it begins in its run, characters
        self.covered = bytearray(len(each))

    def hexed(self) -> list[Found]:
        """What hex digits hold; that covers the runs that are little else."""
        marks, sizes = self.signs.translate(_MARK_HEX), self._sizes
        if marks.count(b"h") == sum(sizes) and min(sizes) >= MIN_RUN:  # nothing else in any
            spans = list(zip(self._places, map(add, self._places, sizes), strict=True))
        else:
            spans = list(map(re.Match.span, _HEX.finditer(marks)))
        if not spans:
            return []
        digits = [self.signs[at : end - (end - at & 1)] for at, end in spans]
        decoded = binascii.unhexlify(b"ff" + b"ff".join(digits) + b"ffff")
        printed = decoded.translate(PRINTED)
        if STRETCH not in printed and not _UTF8.search(decoded):
            return []
        starts = list(accumulate([size // 2 + 1 for size in map(len, digits)], initial=1))[:-1]

        def length(number: int) -> int:
            return len(digits[number]) // 2

        covered = bytearray(len(spans))
        found = _in_utf8(decoded, starts, length, covered)
        found += _printed(decoded, printed, starts, length, covered, 0)
        taken = dict[int, int]()
        for each in found:
            taken[each[3]] = taken.get(each[3], 0) + each[2]
        of, many = dict[int, tuple[int, int]](), dict[int, int]()  # by number: its run, and its number among those that hold text
        for stretch, size in taken.items():
            at = spans[stretch][0]
            run = bisect_right(self._places, at) - 1
            inside = at - self._places[run]
            if inside and self._lines[run][2]:
                continue
            of[stretch] = run, ~len(self._stretches)
            self._stretches.append((inside, len(digits[stretch])))
            many[run] = many.get(run, 0) + 2 * size
        for run, size in many.items():
            self.covered[run] = self._sizes[run] - size < MIN_RUN
        return [
            (spans[stretch][0] + 2 * byte, spans[stretch][0] + 2 * (byte + size), size, *of[stretch], byte, text) for _, _, size, stretch, _, byte, text in found if stretch in of
        ]

    def in_way(self, way: int) -> list[Found]:
        """What base64 holds whose groups begin `way` characters after the run does; at its very beginning, 0, that may cover runs."""
        starts, sizes, covered = self._starts, self._sizes, self.covered
        decoded = binascii.a2b_base64(self.signs[way : way - 4] if way else self.signs)
        printed = decoded.translate(PRINTED)

        def length(number: int) -> int:
            return (sizes[number] - way) * 3 // 4

        if way:
            if _NEAR not in printed:
                return []
            return [each for each in _printed(decoded, printed, starts, length, covered, way) if not self._lines[each[3]][2]]
        found: list[Found] = []
        if printed.count(b"p") * 2 > len(printed):  # most runs that hold text hold nothing else
            find, shown = printed.find, decoded.decode("latin-1")
            found = [
                (place, place + size, size * 3 // 4, number, 0, 0, shown[start : start + size * 3 // 4])
                for number, (place, start, size) in enumerate(zip(self._places, starts, sizes, strict=True))
                if find(b" ", start, start + size * 3 // 4) < 0 and not covered[number]
            ]
            for each in found:
                covered[each[3]] = 1
        if len(found) < len(sizes):
            found += _in_utf8(decoded, starts, length, covered)
            parts = _printed(decoded, printed, starts, length, covered, 0)
            for each in parts:
                covered[each[3]] |= each[2] == length(each[3])
            found += parts
        return found

    def everywhere(self, found: list[Found]) -> list[Found]:
        """The same, of one run for all that are alike, for each of them."""
        if not self._which:
            return found
        held: list[list[Found]] = [[] for _ in self._lines]
        for each in found:
            held[each[3]].append(each)
        return [(begin, end, size, number, way, byte, text) for number, which in enumerate(self._which) for begin, end, size, _, way, byte, text in held[which]]

    def barren(self, found: list[Found]) -> set[bytes]:
        """The runs of one line in which nothing was found."""
        holding = {each[3] for each in found}
        return {self._marks[at:end] for number, (at, end, line, _) in enumerate(self._lines) if not line and number not in holding}

    def begins(self, found: list[Found]) -> list[int]:
        """Where the first character stands of what each was read from: of its run, but for what stands before the first group."""
        runs, stretches = self._runs, self._stretches
        return [runs[number][0] + (way if way >= 0 else stretches[~way][0]) for _, _, _, number, way, _, _ in found]

    def ends(self, found: list[Found]) -> list[int]:
        """Where that ends, padding included."""
        runs, padding, marks = self._runs, _PADDING.get, self._marks
        return [(end := runs[number][1]) + padding(marks[end : end + 2], 0) if way >= 0 else self._stretch(number, way)[1] for _, _, _, number, way, _, _ in found]

    def _stretch(self, number: int, way: int) -> Span:
        """Where a stretch of hex digits begins and ends in a run."""
        at, _, line, ending = self._runs[number]
        inside, size = self._stretches[~way]
        return at + inside, at + inside + size + ((size - 1) // line * ending if line else 0)

    def piece(self, found: Found) -> Piece:
        """The same as a piece of the text that the runs stand in."""
        _, _, size, number, way, byte, text = found
        at, end, line, ending = self._runs[number]
        if way < 0:
            return Piece(text, *self._stretch(number, way), size, byte, 2, line=(line, ending))
        left = self._size(number) - way
        end += _PADDING.get(self._marks[end : end + 2], 0)
        return Piece(text, at + way, end - (left % 4 == 1), size, byte, 4, 3, 0, byte + size == left * 3 // 4, (line, ending))

    def _size(self, number: int) -> int:
        return self._sizes[self._which[number] if self._which else number]


def _runs(marks: bytes, dense: bytes, barren: set[bytes]) -> list[Run]:
    """Those of a text but for those of one line that are known to hold nothing."""
    signs, numbers = marks.translate(_PADS), marks.translate(_ZEROS)
    holding: list[Span] = []
    if numbers.count(_NUMBER) * _SPARSE > len(numbers):
        for size in _LENGTHS:
            number, nothing = b" " + b"0" * size + b" ", b" " * (size + 2)
            if number in numbers:
                numbers = numbers.replace(number, nothing).replace(number, nothing)  # twice, as two beside each other have a blank in common
        signs = numbers.translate(_ALIKE)
        holding = [(at + 1, end) for at, end in ((match.start(), match.end()) for match in _HOLDING.finditer(marks.translate(_DIGITS))) if signs[at : end + 1].isspace() and end - at > MIN_RUN]
    spans = list(map(re.Match.span, _RUNS.finditer(signs)))
    if holding:
        spans = sorted(spans + holding)
    if _PADDED in signs or _PADDED_TWICE in signs:
        spans = [(at, end) if marks[end - 1] != 61 or end - at > MIN_RUN else (at, at + len(marks[at:end].rstrip(b"="))) for at, end in spans]
    if b"\n" not in marks:
        return [(at, end, 0, 0) for at, end in spans if marks[at:end] not in barren] if barren else [(at, end, 0, 0) for at, end in spans]
    runs: list[Run] = []
    done = 0
    for at, end in spans:
        if at >= done:  # else a line of the one before
            size, line = end - at, 0
            if size >= LINE and not size & 3 and marks[end : end + 2] in _LINE_ENDS:
                end, line = _wrapped(marks, dense, at, end)
            if line or marks[at:end] not in barren:
                runs.append((at, end, size if line else 0, line))
            done = end
    return runs


def _wrapped(marks: bytes, dense: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the run ends whose first line is [at, end), with all lines of that length and the shorter one that may end it, if that is whole groups
    of four; and how many characters end a line, 0 if there is only one."""
    ending, size, first = 2 if marks[end] == 13 else 1, end - at, end
    sign = marks[end : end + ending]
    while marks.startswith(sign, end):
        after = end + ending
        stop = dense.find(b" ", after, after + size + 1)
        stop = min(after + size + 1, len(marks)) if stop < 0 else stop
        if not 0 < stop - after <= size or (stop - after + _PADDING.get(marks[stop : stop + 2], 0)) % 4:
            break
        end = stop
        if stop - after < size:
            break
    return end, ending if end > first else 0


def _in_utf8(decoded: bytes, starts: list[int], length: Callable[[int], int], covered: bytearray) -> list[Found]:
    """Of the bytes that begin at `starts`, one of ones before each and after, what is UTF-8 as a whole, but not ASCII; and mark it as covered."""
    found: list[Found] = []
    for match in _UTF8.finditer(decoded):
        at = match.start() + 1
        number = bisect_right(starts, at) - 1
        if number >= 0 and starts[number] == at and not covered[number]:
            size = length(number)
            if match.end() >= at + size and (text := _utf8(decoded[at : at + size])):
                covered[number] = 1
                found.append((at * 4 // 3, -(-(at + size) * 4 // 3), size, number, 0, 0, text))
    return found


def _printed(decoded: bytes, printed: bytes, starts: list[int], length: Callable[[int], int], covered: bytearray, way: int) -> list[Found]:
    """What can be printed of the bytes that are not covered. Where they may begin within a run they may be UTF-8 as a whole: if some can be printed."""
    shown = decoded.decode("latin-1")
    found: list[Found] = []
    tried = -1
    number = start = stop = 0
    least, find = _NEAR if way else STRETCH, printed.find
    next_one = find(least)
    while next_one >= 0:
        begin, end = next_one, find(b" ", next_one)
        if end < 0:
            end = len(printed)
        next_one = find(least, end)
        if end > stop or begin < start:  # else in the same run as the one before
            number = bisect_right(starts, end - 1) - 1
            if number < 0 or covered[number]:
                continue
            start, stop = starts[number], starts[number] + length(number)
            if begin < start:
                begin = start
            if end > stop:
                end = stop
        if way > 0 and number != tried and end - begin >= 6:
            tried = number
            if end - begin < stop - start and _ALL_UTF8.fullmatch(decoded, start, stop) and (text := _utf8(decoded[start:stop])) and not text.isascii():
                found.append((start * 4 // 3 + way, -(-stop * 4 // 3) + way, stop - start, number, way, 0, text))
        if end - begin >= MIN_TEXT:
            found.append((begin * 4 // 3 + way, -(-end * 4 // 3) + way, end - begin, number, way, begin - start, shown[begin:end]))
    return found


def _utf8(decoded: bytes) -> str:
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        return ""


def _longest(found: list[Found], size: int) -> list[Found]:
    """Of pieces that overlap, the longest: what was read in the wrong way is short."""
    taken = bytearray(size)
    kept: list[Found] = []
    for each in sorted(found, key=lambda each: -each[2]):
        begin, end = each[0], each[1]
        if not taken[begin] and not taken[end - 1]:
            taken[begin:end] = b"x" * (end - begin)
            kept.append(each)
    return sorted(kept)
