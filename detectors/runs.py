"""Runs: where a text has long runs of base64 or hex digits, and which of them can hold text. Most cannot: identifiers, hashes, keys.

All runs are decoded at once, as if the whole text were one, in each of the ways in which a group of base64 or a pair of hex digits can
lie; a run is looked at for itself only if bytes that can be printed, or UTF-8, came of it.
"""

from __future__ import annotations

import binascii
import string
from collections.abc import Callable, Iterator

from detectors.later import later, later_bytes

MIN_RUN = 16  # characters of base64, hex digits: shorter ones hold nothing that a detector knows
MIN_TEXT = 8
LINE = 40  # characters of a line from which base64 that goes on in the next line is one run

HEX = "[0-9a-fA-F]"
_ANY = "[A-Za-z0-9+/_-]"
ANY64 = bytes(97 if chr(code).isalnum() or chr(code) in "+/-_" else 32 for code in range(128)) + b" " * 128
PRINTED = bytes(112 if 32 <= code < 127 or code in b"\t\n\r" else 32 for code in range(256))
STRETCH = b"p" * MIN_TEXT
_ANYHEX = bytes(104 if chr(code) in string.hexdigits else 120 if code in b"xX" else 32 if code in b" ,:-" else 46 for code in range(256))
_FLAT64 = bytes(43 if code == 45 else 47 if code in b"/_" else code if ANY64[code] == 97 else 65 for code in range(256))
_FLATHEX = bytes(code if chr(code) in string.hexdigits else 48 for code in range(256))
_ONLY64 = bytes(code if ANY64[code] == 97 else 32 for code in range(256))
_ONLYHEX = bytes(code if chr(code) in string.hexdigits else 32 for code in range(256))
_KINDS = b"a" * 128 + b"c" * 64 + b"l" * 64  # in UTF-8: ASCII, what continues a character, what begins one
_RUN, _DIGITS, _PAIRS = b"a" * MIN_RUN, b"h" * MIN_RUN, b" ".join([b"aa"] * 8)
_STANDARD = str.maketrans("-_", "+/")


def _sixtets(allowed: Callable[[int], bool]) -> str:
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits
    signs = ("+\\-" if allowed(62) else "") + ("/_" if allowed(63) else "")
    return "[" + "".join(char for value, char in enumerate(letters) if allowed(value)) + signs + "]"


# Two groups of base64 that hold six printable characters: in what order bits fall, RFC 4648 section 4. Its place tells the phase of a run.
_GROUP = (
    _sixtets(lambda v: 8 <= v < 32 or v in (2, 3))
    + _sixtets(lambda v: v & 15 in (0, 2, 3, 4, 5, 6, 7))
    + _sixtets(lambda v: not v & 2)
    + _sixtets(lambda v: True)
)
TEXT64 = later(f"(?:{_GROUP}){{2}}")
# A first group that holds the start of text in UTF-8: its first, second or third byte is the first of several.
_BEGINS = "|".join(
    (
        _sixtets(lambda v: 48 <= v < 62) + _sixtets(lambda v: v & 12 == 8),
        _sixtets(lambda v: v < 32) + _sixtets(lambda v: v & 12 == 12) + _sixtets(lambda v: v & 3 == 2),
        _sixtets(lambda v: v < 32) + _sixtets(lambda v: v & 8 == 0) + _sixtets(lambda v: v & 3 == 3),
    )
)
UTF64 = later(_BEGINS)
_BEGUN64 = later_bytes(rf" (?={_BEGINS})(?={_ANY}{{{MIN_RUN}}})".encode())
# A run of hex digits that holds UTF-8 and not ASCII alone
_UTFHEX = later_bytes(
    rf" (?={HEX}{{{MIN_RUN}}})(?:[0-7]{HEX})*+(?=[c-fC-F])(?:[0-7]{HEX}|[cdCD]{HEX}[89abAB]{HEX}|[eE]{HEX}(?:[89abAB]{HEX}){{2}}|[fF][0-7](?:[89abAB]{HEX}){{3}})++{HEX}?(?!{HEX})".encode()
)
_LINE_END = later(rf"\n(?<={_ANY}{{{LINE}}}\n)(?=[ -~])|\r\n(?<={_ANY}{{{LINE}}}\r\n)")


def packed(text: str) -> bool:
    """Whether there may be anything to unpack; false for nearly all short texts, and cheap."""
    dense = text.encode("ascii", "replace").translate(ANY64)
    return _RUN in dense or _PAIRS in dense or "0x" in text or "0X" in text


class Runs:
    """The runs of a text. apart: bytes in hex that stand apart (41 42 43) may be in it."""

    __slots__ = ("_dense", "_hold", "_kinds", "_marks", "_printed", "_sparse", "_text", "_ways", "apart")

    def __init__(self, text: str) -> None:
        self._text = text
        self._marks = text.encode("ascii", "replace")
        self._dense = self._marks.translate(ANY64)
        self._sparse = b""
        self._hold: bytearray | None = None
        self.apart = False
        if _RUN in self._dense:
            self._sparse = self._marks.translate(_ANYHEX)
            self._hold = self._holding()
        elif _PAIRS in self._dense or b"0x" in self._marks or b"0X" in self._marks:
            self._sparse = self._marks.translate(_ANYHEX)
        self.apart = b"hxhh" in self._sparse or b"hh hh hh hh" in self._sparse

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Where the runs are that can hold text, in order."""
        if self._hold is None:
            return
        hit, find, dense, hold = self._hold.find(1), self._dense.find, self._dense, self._hold
        while hit >= 0:
            at, end = dense.rfind(b" ", 0, hit + 1) + 1, find(b" ", hit)
            end = len(dense) if end < 0 else end
            if end - at >= MIN_RUN:
                yield at, end
            hit = hold.find(1, max(end, hit + 1))

    def hexed(self, begin: int, end: int) -> bool:
        """Whether hex digits may be in a run."""
        return self._sparse.find(_DIGITS, begin, end) >= 0

    def plain(self, begin: int, end: int) -> str:
        """What a run of base64 holds if that is printable ASCII from its first byte to its last; otherwise empty."""
        way, first, size = begin % 4, begin // 4 * 3, (end - begin) * 3 // 4
        return "" if self._printed[way].find(b" ", first, first + size) >= 0 else self._ways[way][first : first + size].decode("ascii")

    def until(self, begin: int, most: int) -> int:
        """Where the run that begins there ends, but at most so many characters on."""
        end = self._dense.find(b" ", begin, begin + most)
        return min(begin + most, len(self._text)) if end < 0 else end

    def _holding(self) -> bytearray:
        """1 at some place of every run that can hold text."""
        text, marks = self._text, self._marks
        hold = bytearray(len(marks))
        flat = marks.translate(_FLAT64) + b"AAAAAAA"
        self._ways = [binascii.a2b_base64(flat[shift : shift + (len(flat) - shift & ~3)]) for shift in range(4)]
        self._printed = [held.translate(PRINTED) for held in self._ways]
        self._kinds = [held.translate(_KINDS) for held in self._ways]
        for shift, printed in enumerate(self._printed):
            _mark(hold, printed, shift, 4, 3)
        if _DIGITS in self._sparse:
            flat = marks.translate(_FLATHEX) + b"00"
            for shift in range(2):
                _mark(hold, binascii.unhexlify(flat[shift : shift + (len(flat) - shift & ~1)]).translate(PRINTED), shift, 2, 1)
            for match in _UTFHEX.finditer(b" " + marks.translate(_ONLYHEX)):
                hold[match.start()] = 1
        for match in _BEGUN64.finditer(b" " + marks.translate(_ONLY64)):
            at = match.start()
            if not hold[at] and self._in_utf8(at, self.until(at, len(text))):
                hold[at] = 1
        self._mark_told(hold)
        if b"\n" in marks:
            for ended in _LINE_END.finditer(text):
                hold[ended.start() - 1] = 1
        return hold

    def _mark_told(self, hold: bytearray) -> None:
        """Mark the runs, not yet marked, in which TEXT64 finds something and that are UTF-8 as a whole."""
        text, search = self._text, TEXT64.search
        told = search(text, max(hold.find(0), 0))
        while told:
            place = told.start()
            end = hold.find(0, place) if hold[place] else self.until(place, len(text))
            if end < 0:
                return
            if not hold[place]:
                at = self._dense.rfind(b" ", 0, place + 1) + 1
                if end - at >= MIN_RUN and hold.find(1, at, end) < 0:
                    hold[at] = self._in_utf8(at, end) or self._in_utf8(at + 1, end) or self._in_utf8(at + 2, end) or self._in_utf8(at + 3, end)
            told = search(text, end)

    def _in_utf8(self, begin: int, end: int) -> bool:
        """Whether base64 that begins there holds nothing but UTF-8."""
        way, first, size = begin % 4, begin // 4 * 3, (end - begin) * 3 // 4
        kinds = self._kinds[way][first : first + size]
        if b"ac" in kinds or b"la" in kinds or b"ll" in kinds or kinds[:1] == b"c":
            return False  # most end here, before an exception
        try:
            self._ways[way][first : first + size].decode()
        except UnicodeDecodeError:
            return False
        return True


def _mark(hold: bytearray, printed: bytes, shift: int, num: int, per: int) -> None:
    """Mark where bytes that can be printed stand in a row."""
    first = printed.find(STRETCH)
    while first >= 0:
        stop = printed.find(b" ", first)
        stop = len(printed) if stop < 0 else stop
        begin, end = shift + first * num // per, min(shift + stop * num // per, len(hold))
        hold[begin:end] = b"\1" * (end - begin)
        first = printed.find(STRETCH, stop)


def held64(core: str) -> bytes:
    """The bytes in base64 of either alphabet; a character that is too many is left out."""
    if "-" in core or "_" in core:
        core = core.translate(_STANDARD)
    odd = len(core) % 4
    return binascii.a2b_base64(core if not odd else core[:-1] if odd == 1 else core + "=" * (4 - odd))
