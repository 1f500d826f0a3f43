"""Decoding: the text that is written as other text, one layer at a time.

Three readers, each of which gives (text, where it came from) or None:

  unescape   the whole text with its escapes replaced: %41, &#65; &#x41; &commat;, \\u0041 \\x41 \\101 \\n \\".
  unpack     what long runs of base64 (either alphabet, with or without padding) or hex (41424344, 41 42 43, 0x41 0x42) hold.
  reveal     what is spelled in characters that are not drawn: tags (U+E0020 to 7E) and variation selectors (a byte each).

What was unpacked or revealed is laid out one piece after the other (detectors.pieces) with a GAP between, which no expression should cross. A piece
begins with the end of what stands before its run, for context; its digits and @ are blanked there, so that nothing is found in it alone.
A run may hold anything: of what is not valid UTF-8 the stretches of at least MIN_TEXT printable characters are read.
"""

from __future__ import annotations

import re
import string
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, chain

from detectors.later import later, later_bytes
from detectors.pieces import Piece, Pieces, Span, laid, laid_out
from detectors.runs import ANY64 as ANY64
from detectors.runs import LINE as LINE
from detectors.runs import PRINTED, STRETCH, held, packed

HEX = "[0-9a-fA-F]"

_BYTE = rf"(?:[0-9abAB]{HEX}|[c-fC-F]{HEX}(?!%[89abAB]))"  # of a character of its own: the first of several in UTF-8 is followed by another
_UNIT = rf"u(?:[0-9a-cefA-CEF]{HEX}|[dD][0-7]){HEX}{{2}}"  # no half of a pair
_SIGN = r"[\\nrt\"'/abfv]"
ESCAPE = later(
    rf"(%(?:{_BYTE}(?:%{_BYTE}){{0,31}}+|[c-dC-D]{HEX}%[89abAB]{HEX}|[eE]{HEX}(?:%[89abAB]{HEX}){{2}}|[fF][0-7](?:%[89abAB]{HEX}){{3}}|[c-fC-F]{HEX})"
    rf"|&(?:\#(?:[0-9]{{1,7}}+(?:;(?:&\#[0-9]{{1,7}}+;){{0,31}}+)?|[xX]{HEX}{{1,6}}+(?:;(?:&\#[xX]{HEX}{{1,6}}+;){{0,31}}+)?)|[A-Za-z][A-Za-z0-9]{{1,31}}+;)"
    rf"|\\(?:{_SIGN}(?:\\{_SIGN}){{0,31}}+|{_UNIT}(?:\\{_UNIT}){{0,31}}+|u[dD][89abAB]{HEX}{{2}}\\u[dD][c-fC-F]{HEX}{{2}}|u[dD]{HEX}{{3}}"
    rf"|x{HEX}{{2}}(?:\\x{HEX}{{2}}){{0,31}}+|u\{{{HEX}{{1,6}}\}}|U{HEX}{{8}}|[0-3][0-7]{{2}}(?:\\[0-3][0-7]{{2}}){{0,31}}+))"
)  # one group around it all, for split; escapes of one form in a row are one match, and a character each
_SHORT = str.maketrans({"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"})


@cache
def _entities() -> dict[str, str]:
    from html.entities import html5  # a large table, for those who meet an entity

    return html5


def _meaning(escape: str) -> str:
    kind, form = escape[0], escape[1]
    if kind == "%":
        held = bytes.fromhex(escape.replace("%", ""))
        return held.decode("utf-8", "replace") if form in "cdefCDEF" and len(held) > 1 and held[1] & 0xC0 == 0x80 else held.decode("latin-1")
    if kind == "&":
        if form != "#":
            return _entities().get(escape[1:], escape)
        if escape[2] in "xX":
            return "".join([_char(int(code[1:], 16)) for code in escape[2:].removesuffix(";").split(";&#")])
        return "".join([_char(int(code)) for code in escape[2:].removesuffix(";").split(";&#")])
    if form == "x":
        return bytes.fromhex(escape.replace("\\x", "")).decode("latin-1")
    if form in "uU":
        if form == "U" or escape[2] == "{":
            return _char(int(escape[2:].strip("{}"), 16))
        return bytes.fromhex(escape.replace("\\u", "")).decode("utf-16-be", "surrogatepass")
    if form.isdigit():
        return "".join([_char(int(code, 8)) for code in escape[1:].split("\\")])
    return escape[1::2].translate(_SHORT)


def _char(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


class Escapes:
    """Where the characters of an unescaped text came from. Worked out when first asked."""

    __slots__ = ("_from", "_parts", "_plain_ends", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []  # text and escapes in turn
        self._from, self._plain_ends = array("l"), array("l")  # of each part: where it starts in the source, where it ends in the unescaped text

    def span(self, start: int, end: int) -> Span:
        """The source span of unescaped text [start, end), start < end."""
        return self._of(start)[0], self._of(end - 1)[1]

    def spans(self, many: Sequence[Span]) -> list[Span]:
        """The same of many, nearly in order: most begin and end between the same two escapes, or those of the one before."""
        begin = stop = by = 0
        found: list[Span] = []
        for start, end in many:
            if not (begin <= start and end <= stop):
                self._worked_out()
                number = bisect_right(self._plain_ends, start)
                stop = self._plain_ends[number]
                begin = self._plain_ends[number - 1] if number else 0
                by = self._from[number] - begin
                if number % 2 or end > stop:
                    found.append(self.span(start, end))
                    stop = 0
                    continue
            found.append((start + by, end + by))
        return found

    def _worked_out(self) -> None:
        if not self._parts:
            self._parts, plain = _parts(self._source)
            self._from = array("l", accumulate(map(len, self._parts), initial=0))
            self._plain_ends = array("l", accumulate(map(len, plain)))

    def _of(self, index: int) -> Span:
        self._worked_out()
        number = bisect_right(self._plain_ends, index)
        begin, left, width = self._from[number], self._plain_ends[number] - index, len(self._parts[number])
        size = self._plain_ends[number] - self._plain_ends[number - 1] if number % 2 else width
        if size == width:  # text; or `&Xyz;`, which means nothing
            return begin + width - left, begin + width - left + 1
        if size > 1:  # escapes of one form in a row
            part = self._parts[number]
            if part[0] != "&":
                step = width // size
                return begin + (size - left) * step, begin + (size - left + 1) * step
            if (codes := part.split("&"))[2:]:
                begin += sum(map(len, codes[: size - left + 1])) + size - left
                width = len(codes[size - left + 1]) + 1
        return begin, begin + width


def _parts(source: str) -> tuple[list[str], list[str]]:
    """Text and escapes in turn, and the same with what the escapes mean."""
    parts = ESCAPE.split(source)
    plain = parts.copy()
    escapes = parts[1::2]
    plain[1::2] = map({escape: _meaning(escape) for escape in set(escapes)}.__getitem__, escapes)  # most texts repeat a few
    return parts, plain


def unescape(text: str) -> tuple[str, Escapes] | None:
    """The text with every escape replaced by what it stands for; None if there is none."""
    if "%" not in text and "&" not in text and "\\" not in text:
        return None
    plain = "".join(_parts(text)[1])
    return None if plain == text else (plain, Escapes(text))


_APART = later(
    rf"(?<![0-9a-zA-Z])(?:0[xX]{HEX}{{2}}(, |[ ,:-])0[xX]{HEX}{{2}}(?:\1(?:0[xX]){HEX}{{2}}){{6,}}|{HEX}{{2}}([ ,:-]){HEX}{{2}}(?:\2{HEX}{{2}}){{6,}})"
    r"(?![0-9a-zA-Z])"
)
_MARK_APART = bytes(
    104 if chr(code) in string.hexdigits else 120 if code in b"xX" else code if code in b" ,:-" else 122 if code < 128 and chr(code).isalnum() else 46 for code in range(256)
)
_EIGHT = tuple(  # the sign between; what is within, which is quickly looked for as it begins and ends with that; all of it
    (sep, (first := sep.join([b"hh"] * 8))[2:-2], later_bytes(rb"%s(?<![hxz]%s)(?![hxz])(?:%shh(?![hxz]))*+" % (first, first, sep))) for sep in (b" ", b",", b":", b"-")
)
_EIGHT_WITH_X = later_bytes(rb"hxhh(?:, |[ ,:-])hxhh(?:(?:, |[ ,:-])hxhh){6,}+")


def unpack(text: str, barren: set[bytes] | None = None) -> tuple[str, Pieces] | None:
    """What base64 and hex runs hold, in order; None if there is nothing. barren: as `held` has it, for texts that have most of their runs in common."""
    if not packed(text):
        return None
    runs, apart = held(text, barren), _of_bytes_apart(text)
    if runs is None:
        return laid_out(text, apart) if apart else None
    found, side = runs
    if apart:
        return laid_out(text, sorted([*map(side.piece, found), *apart], key=lambda piece: piece.begin))
    return laid(text, side.begins(found), side.ends(found), [each[6] for each in found], lambda number: side.piece(found[number]))


def _of_bytes_apart(text: str) -> list[Piece]:
    marks = text.encode("ascii", "replace").translate(_MARK_APART)
    found: list[Piece] = []
    for near in (_spans_apart(marks), map(re.Match.span, _EIGHT_WITH_X.finditer(marks)) if b"x" in marks else ()):
        for start, stop in near:
            for match in _APART.finditer(text, start, stop + 1):
                between, width = match[1] or match[2], 4 if match[1] else 2
                these = bytes.fromhex(match[0].replace(between, "").replace("0x", "").replace("0X", ""))
                begin, end, step = match.start(), match.end(), width + len(between)
                found += (Piece(plain, begin, end, size, byte, step, 1, width, byte + size == len(these)) for plain, byte, size in _readable(these))
    found.sort(key=lambda piece: piece.begin)  # of two forms, one after the other
    return found


def _spans_apart(marks: bytes) -> Iterator[tuple[int, int]]:
    """Where eight pairs of hex digits or more stand apart, in order; those with a pair in common as one."""
    start = stop = 0
    for begin, end in sorted(map(re.Match.span, chain.from_iterable(eight.finditer(marks) for sep, within, eight in _EIGHT if sep in marks and within in marks))):
        if begin >= stop:
            if stop:
                yield start, stop
            start = begin
        stop = end
    if stop:
        yield start, stop


def _readable(held: bytes) -> Sequence[tuple[str, int, int]]:
    """The text in bytes, as (text, index of its first byte, bytes)."""
    printed = held.translate(PRINTED)
    if b" " not in printed:
        return ((held.decode("ascii"), 0, len(held)),)
    if not held.isascii():
        try:
            return ((held.decode("utf-8"), 0, len(held)),)
        except UnicodeDecodeError:
            pass
    found = []
    at = printed.find(STRETCH)
    while at >= 0:
        end = printed.find(b" ", at)
        end = len(held) if end < 0 else end
        found.append((held[at:end].decode("ascii"), at, end - at))
        at = printed.find(STRETCH, end)
    return found


_HIDDEN = later("[\ufe00-\ufe0f\U000e0020-\U000e01ef]{8,}")
_SPELL = later("[\U000e0020-\U000e007e]{8,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
_TAGS = {0xE0000 + code: code for code in range(32, 127)}
_SELECTORS = {**{0xFE00 + byte: byte for byte in range(16)}, **{0xE00F0 + byte: byte for byte in range(16, 256)}}


def reveal(raw: str) -> tuple[str, Pieces] | None:
    """What runs of tag characters or of variation selectors spell in the RAW text; None if there are none."""
    pieces: list[Piece] = []
    for unseen in _HIDDEN.finditer(raw):
        for match in _SPELL.finditer(raw, *unseen.span()):
            run, begin, end = match[0], match.start(), match.end()
            if "\U000e0020" <= run[0] <= "\U000e007e":
                pieces.append(Piece(run.translate(_TAGS), begin, end, len(run)))
            else:
                spelled = run.translate(_SELECTORS).encode("latin-1")
                pieces += (Piece(text, begin, end, size, byte) for text, byte, size in _readable(spelled))
    return laid_out(raw.encode("ascii", "replace").decode("ascii"), pieces) if pieces else None  # no digit of any kind in what leads
