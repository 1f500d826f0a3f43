"""Runs: long runs of base64 or hex digits in a text, and the text that they hold. Most hold none: identifiers, hashes, keys.

However many runs there are, they are laid side by side and decoded together, in each of the four ways in which a group of base64 can lie;
what can be printed, or is UTF-8, is then looked for in all of them at once. Only what was found costs more than its length.
"""

from __future__ import annotations

import binascii
import string
from bisect import bisect_right
from itertools import accumulate, pairwise

from detectors.later import later_bytes
from detectors.pieces import Piece

MIN_RUN = 16  # characters of base64 with its padding, hex digits: shorter ones hold nothing that a detector knows
MIN_TEXT = 8
LINE = 40  # characters of a line from which base64 that goes on in the next line is one run

ANY64 = bytes(97 if chr(code).isalnum() or chr(code) in "+/-_" else 32 for code in range(128)) + b" " * 128
PRINTED = bytes(112 if 32 <= code < 127 or code in b"\t\n\r" else 32 for code in range(256))
STRETCH = b"p" * MIN_TEXT
_MARK_HEX = bytes(104 if chr(code) in string.hexdigits else 32 for code in range(256))
_PADS = ANY64[:61] + b"=" + ANY64[62:]
_STANDARD = bytes.maketrans(b"-_", b"+/")
_RUN, _PAIRS = b"a" * MIN_RUN, b" ".join([b"aa"] * 8)
_RUNS = later_bytes(b"a{%d}(?:==|a=|aa++)" % (MIN_RUN - 2))
_PADDED, _PADDED_TWICE = _RUN[:-1] + b"=", _RUN[:-2] + b"=="
_HEX = later_bytes(b"h" * MIN_RUN + b"h*+")
_TEXT = later_bytes(STRETCH + b"p*+")
_NEAR = b"p" * 6
_NEAR_TEXT = later_bytes(_NEAR + b"p*+")  # six: two groups of base64 in a row are text, and tell its phase
# Between two bytes that are in no UTF-8, from the first to the last but one: UTF-8 that is not ASCII. The last may be half a byte.
_UTF8 = later_bytes(
    rb"(?s)\xff(?=[\0-\x7f]*+[\xc2-\xf4])(?:[\0-\x7f]++|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})++(?=.?\xff)"
)
_FILL = (b"////", b"///////", b"//////", b"/////")  # by the length of a run: to whole groups, and three bytes of ones
_PADDING = {b"==": 2, b"=": 1, **{bytes((61, code)): 1 for code in range(256) if code != 61}}
_LINE_ENDS = frozenset((b"\r\n", *(b"\n" + bytes((code,)) for code in range(32, 127))))

Run = tuple[int, int, int, int]  # where it begins and ends; characters of a line and of what ends it, in one that is wrapped
Found = tuple[int, int, int, int, int, int, str]  # where it begins and ends side by side, bytes; number of the run, way, first byte in it; text
_IN_HEX = -1  # for a way: then the number is that of a stretch of hex digits


def packed(text: str) -> bool:
    """Whether there may be anything to unpack; false for nearly all short texts, and cheap."""
    dense = text.encode("ascii", "replace").translate(_PADS)
    return _RUN in dense or _PADDED in dense or _PADDED_TWICE in dense or _PAIRS in dense or "0x" in text or "0X" in text


def held(text: str) -> tuple[list[Found], Held] | None:
    """What runs of base64 and of hex digits hold, in order; None if that is nothing."""
    marks = text.encode("ascii", "replace")
    runs = _runs(marks, marks.translate(ANY64))
    if not runs:
        return None
    side = Held(marks, runs)
    found = side.hexed()
    for way in range(4):
        if not way or side.covered.count(1) < len(runs):
            found += side.in_way(way)
    found.sort()
    if any(left[1] > right[0] for left, right in pairwise(found)):
        found = _longest(found, len(side.signs))
    return (found, side) if found else None


class Held:
    """Runs side by side. signs: all of them.  covered: 1 for a run of which nothing is left to be read."""

    __slots__ = ("_hexes", "_marks", "_padded", "_places", "_runs", "_sizes", "_starts", "covered", "signs")

    def __init__(self, marks: bytes, runs: list[Run]) -> None:
        standard = marks.translate(_STANDARD)
        each = [standard[at:end] if not line else standard[at:end].translate(None, b"\r\n") for at, end, line, _ in runs]
        filled = [run + _FILL[len(run) & 3] for run in each]
        self._runs = runs
        self.signs = b"////" + b"".join(filled)
        self._places = list(accumulate(map(len, filled), initial=4))[:-1]
        self._sizes = list(map(len, each))
        self._starts = [place // 4 * 3 for place in self._places]  # of the bytes of each, in whatever way it is read
        self._marks, self._padded = marks, list[int]()
        self._hexes: dict[int, tuple[int, int, int]] = {}  # by number, of those that hold text: where each begins and ends, number of the run
        self.covered = bytearray(len(runs))

    def hexed(self) -> list[Found]:
        """What hex digits hold; that covers the runs that are little else."""
        spans = [match.span() for match in _HEX.finditer(self.signs.translate(_MARK_HEX))]
        if not spans:
            return []
        spans = [(at, end - (end - at) % 2) for at, end in spans]
        decoded = binascii.unhexlify(b"ff" + b"ff".join([self.signs[at:end] for at, end in spans]) + b"ffff")
        lengths = [(end - at) // 2 for at, end in spans]
        starts = list(accumulate([length + 1 for length in lengths], initial=1))[:-1]
        covered = bytearray(len(spans))
        found = _in_utf8(decoded, starts, lengths, covered)
        found += _printed(decoded, starts, lengths, covered, _IN_HEX)
        if not found:
            return []
        taken = dict[int, int]()
        for each in found:
            taken[each[3]] = taken.get(each[3], 0) + each[2]
        wrapped, digits = set[int](), dict[int, int]()
        for stretch, size in taken.items():
            at, end = spans[stretch]
            run = bisect_right(self._places, at) - 1
            begin, _, line, ending = self._runs[run]
            begin += at - self._places[run]
            self._hexes[stretch] = (begin, begin + end - at + ((end - at - 1) // line * ending if line else 0), run)
            if line and at > self._places[run]:
                wrapped.add(stretch)
            else:
                digits[run] = digits.get(run, 0) + 2 * size
        for run, many in digits.items():
            self.covered[run] = self._sizes[run] - many < MIN_RUN
        return [
            (spans[stretch][0] + 2 * byte, spans[stretch][0] + 2 * (byte + size), size, stretch, _IN_HEX, byte, text)
            for _, _, size, stretch, _, byte, text in found
            if stretch not in wrapped
        ]

    def in_way(self, way: int) -> list[Found]:
        """What base64 holds whose groups begin `way` characters after the run does; at its very beginning, 0, that may cover runs."""
        starts, sizes, covered = self._starts, self._sizes, self.covered
        decoded = binascii.a2b_base64(self.signs[way : way - 4] if way else self.signs)
        if way and _NEAR not in decoded.translate(PRINTED):
            return []
        lengths = [(size - way) * 3 // 4 for size in sizes]
        if way:
            return [each for each in _printed(decoded, starts, lengths, covered, way) if not self._runs[each[3]][2]]
        found: list[Found] = []
        printed = decoded.translate(PRINTED)
        if STRETCH in printed:  # most runs that hold text hold nothing else
            find, shown = printed.find, decoded.decode("latin-1")
            found = [
                (place, place + sizes[number], length, number, 0, 0, shown[start : start + length])
                for number, (place, start, length) in enumerate(zip(self._places, starts, lengths, strict=True))
                if find(b" ", start, start + length) < 0 and not covered[number]
            ]
            for each in found:
                covered[each[3]] = 1
        if len(found) < len(sizes):
            found += _in_utf8(decoded, starts, lengths, covered)
            found += _printed(decoded, starts, lengths, covered, 0)
        return found

    def begins(self, found: list[Found]) -> list[int]:
        """Where the first character stands of what each was read from: of its run, but for what stands before the first group."""
        runs, hexes = self._runs, self._hexes
        return [runs[number][0] + way if way >= 0 else hexes[number][0] for _, _, _, number, way, _, _ in found]

    def ends(self, found: list[Found]) -> list[int]:
        """Where that ends, padding included."""
        ends, hexes = self._ends(), self._hexes
        return [ends[number] if way >= 0 else hexes[number][1] for _, _, _, number, way, _, _ in found]

    def _ends(self) -> list[int]:
        if not self._padded:
            padding, marks = _PADDING.get, self._marks
            self._padded = [end + padding(marks[end : end + 2], 0) for _, end, _, _ in self._runs]
        return self._padded

    def piece(self, found: Found) -> Piece:
        """The same as a piece of the text that the runs stand in."""
        _, _, size, number, way, byte, text = found
        if way == _IN_HEX:
            begin, end, run = self._hexes[number]
            return Piece(text, begin, end, size, byte, 2, line=self._runs[run][2:])
        at, _, line, ending = self._runs[number]
        left = self._sizes[number] - way
        return Piece(text, at + way, self._ends()[number] - (left % 4 == 1), size, byte, 4, 3, 0, byte + size == left * 3 // 4, (line, ending))


def _runs(marks: bytes, dense: bytes) -> list[Run]:
    spans = [match.span() for match in _RUNS.finditer(marks.translate(_PADS))]
    if b"=" in marks:
        spans = [(at, end) if end - at > MIN_RUN else (at, at + len(marks[at:end].rstrip(b"="))) for at, end in spans]
    if b"\n" not in marks:
        return [(at, end, 0, 0) for at, end in spans]
    runs: list[Run] = []
    done = 0
    for at, end in spans:
        if at >= done:  # else a line of the one before
            size, line = end - at, 0
            if size >= LINE and not size & 3 and marks[end : end + 2] in _LINE_ENDS:
                end, line = _wrapped(marks, dense, at, end)
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


def _in_utf8(decoded: bytes, starts: list[int], lengths: list[int], covered: bytearray) -> list[Found]:
    """Of the bytes that begin at `starts`, one of ones before each and after, what is UTF-8 as a whole, but not ASCII; and mark it as covered."""
    found: list[Found] = []
    for match in _UTF8.finditer(decoded):
        at = match.start() + 1
        number = bisect_right(starts, at) - 1
        if number >= 0 and starts[number] == at and not covered[number]:
            length = lengths[number]
            if match.end() >= at + length and (text := _utf8(decoded[at : at + length])):
                covered[number] = 1
                found.append((at * 4 // 3, -(-(at + length) * 4 // 3), length, number, 0, 0, text))
    return found


def _printed(decoded: bytes, starts: list[int], lengths: list[int], covered: bytearray, way: int) -> list[Found]:
    """What can be printed of the bytes that are not covered. Where they may begin within a run they may be UTF-8 as a whole: if some can be printed."""
    shown = decoded.decode("latin-1")
    found: list[Found] = []
    tried = -1
    number = start = stop = 0
    for match in (_NEAR_TEXT if way > 0 else _TEXT).finditer(decoded.translate(PRINTED)):
        begin, end = match.span()
        if end > stop or begin < start:  # else in the same run as the one before
            number = bisect_right(starts, end - 1) - 1
            if number < 0 or covered[number]:
                continue
            start, stop = starts[number], starts[number] + lengths[number]
            if begin < start:
                begin = start
            if end > stop:
                end = stop
        if way > 0 and number != tried and end - begin >= 6:
            tried = number
            if end - begin < stop - start and (text := _utf8(decoded[start:stop])) and not text.isascii():
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
