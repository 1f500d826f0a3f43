"""Decoding: the text that is written as other text, one layer at a time.

Three readers, each of which gives (text, where it came from) or None:

  unescape   the whole text with its escapes replaced: %41, &#65; &#x41; &commat;, \\u0041 \\x41 \\101 \\n \\".
  unpack     what long runs of base64 (either alphabet, with or without padding) or hex (41424344, 41 42 43, 0x41 0x42) hold.
  reveal     what is spelled in characters that are not drawn: tags (U+E0020 to 7E) and variation selectors (a byte each).

What was unpacked or revealed is laid out one piece after the other with a GAP between, which no expression should cross. A piece
begins with the end of what stands before its run, for context; its digits and @ are blanked there, so that nothing is found in it alone.
A run may hold anything: of what is not valid UTF-8 the stretches of at least MIN_TEXT printable characters are read.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from detectors.later import later
from detectors.runs import ANY64 as ANY64
from detectors.runs import HEX, MIN_RUN, PRINTED, STRETCH, TEXT64, UTF64, Runs, held64, packed
from detectors.runs import LINE as LINE

GAP = "\0\n\0"
LEAD = 48  # characters of context before a piece

Span = tuple[int, int]

ESCAPE = later(
    rf"(%(?:[0-7]{HEX}(?:%[0-7]{HEX}){{0,31}}|[c-dC-D]{HEX}%[89abAB]{HEX}|[eE]{HEX}(?:%[89abAB]{HEX}){{2}}|[fF][0-7](?:%[89abAB]{HEX}){{3}}|[89a-fA-F]{HEX})"
    rf"|&(?:\#(?:[0-9]{{1,7}}+|[xX]{HEX}{{1,6}}+);?|[A-Za-z][A-Za-z0-9]{{1,31}}+;)"
    rf"|\\(?:(?:\\\\){{1,31}}\\|[\\nrt\"'/abfv]|u00[0-7]{HEX}(?:\\u00[0-7]{HEX}){{0,31}}|u[dD][89abAB]{HEX}{{2}}\\u[dD][c-fC-F]{HEX}{{2}}|u{HEX}{{4}}"
    rf"|x[0-7]{HEX}(?:\\x[0-7]{HEX}){{0,31}}|x[89a-fA-F]{HEX}|u\{{{HEX}{{1,6}}\}}|U{HEX}{{8}}|[0-3][0-7]{{2}}))"
)  # one group around it all, for split; escapes of one width in a row are one match
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@cache
def _entities() -> dict[str, str]:
    from html.entities import html5  # a large table, for those who meet an entity

    return html5


@lru_cache(maxsize=2048)
def _meaning(escape: str) -> str:
    kind = escape[0]
    if kind == "%":
        return bytes.fromhex(escape.replace("%", "")).decode("utf-8" if escape[1] < "8" or len(escape) > 3 else "latin-1", "replace")
    if kind == "&":
        body = escape[1:].removesuffix(";")
        if body[0] != "#":
            return _entities().get(escape[1:], escape)
        return _char(int(body[2:], 16) if body[1] in "xX" else int(body[1:]))
    form = escape[1]
    if form == "\\":
        return escape[::2]
    if form == "x":
        return bytes.fromhex(escape.replace("\\x", "")).decode("latin-1")
    if form == "u" and len(escape) > 6 and escape[2] != "{":
        digits = escape.replace("\\u", "")
        return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")
    if form in "uU":
        return _char(int(escape[2:].strip("{}"), 16))
    return _char(int(escape[1:], 8)) if form.isdigit() else _SHORT.get(form, form)


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

    def _of(self, index: int) -> Span:
        if not self._parts:
            self._parts, plain = _parts(self._source)
            self._from = array("l", accumulate(map(len, self._parts), initial=0))
            self._plain_ends = array("l", accumulate(map(len, plain)))
        number = bisect_right(self._plain_ends, index)
        begin, left, width = self._from[number], self._plain_ends[number] - index, len(self._parts[number])
        if number % 2 == 0:
            return begin + width - left, begin + width - left + 1
        size = self._plain_ends[number] - (self._plain_ends[number - 1])
        if size > 1 and self._source[begin] != "&":  # a run of escapes of one width
            step = width // size
            return begin + (size - left) * step, begin + (size - left + 1) * step
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


class Piece(NamedTuple):
    """A stretch of text out of one run, and how its bytes lie in the source."""

    text: str
    begin: int  # of its run in the source
    end: int  # of its run, padding included
    size: int  # bytes, or characters of what is no bytes
    byte: int = 0  # index of its first byte in the run
    num: int = 1  # num / per: source characters a byte
    per: int = 1
    width: int = 0  # of one byte where bytes stand apart
    last: bool = False  # it reaches the end of the run
    line: Span = (0, 0)  # characters of a line, and of what ends it, in a run that is wrapped

    def span(self, start: int, end: int) -> Span:
        """The source span of text [start, end), start < end."""
        first, stop = self.byte + self._bytes(start), self.byte + self._bytes(end)
        begin = self._place(first * self.num // self.per)
        if self.last and end == len(self.text):
            return begin, self.end
        if self.width:
            return begin, self.begin + (stop - 1) * self.num + self.width
        return begin, min(self.end, self._place((stop * self.num - 1) // self.per) + 1)

    def _bytes(self, index: int) -> int:
        return index if self.size == len(self.text) else len(self.text[:index].encode("utf-8", "surrogatepass"))

    def _place(self, char: int) -> int:
        line, ending = self.line
        return self.begin + char + (char // line * ending if line else 0)


class Pieces:
    """Where the characters of laid out pieces came from. starts: of each piece with its context, in the laid out text.  leads: characters of
    context.  missing_lead: how many of them the first piece lacks, too near to the start of the source."""

    __slots__ = ("_leads", "_pieces", "_starts", "missing_lead")

    def __init__(self, starts: list[int], leads: list[int], pieces: list[Piece]) -> None:
        self._starts, self._leads, self._pieces = starts, leads, pieces
        self.missing_lead = max(0, LEAD - pieces[0].begin)

    def span(self, start: int, end: int) -> Span:
        """The source span of text [start, end), start < end; a gap belongs to the piece before it."""
        return self._of(start)[0], self._of(end - 1)[1]

    def _of(self, index: int) -> Span:
        number = bisect_right(self._starts, index) - 1
        piece = self._pieces[number]
        inside = index - self._starts[number] - self._leads[number]
        if inside < 0:
            return piece.begin + inside, piece.begin + inside + 1
        if inside < len(piece.text):
            return piece.span(inside, inside + 1)
        return piece.end - 1, piece.end


_HEX = later(rf"{HEX}{{{MIN_RUN},}}")
_APART = later(
    rf"(?<![0-9a-zA-Z])(?:0[xX]{HEX}{{2}}(, |[ ,:-])0[xX]{HEX}{{2}}(?:\1(?:0[xX]){HEX}{{2}}){{6,}}|{HEX}{{2}}([ ,:-]){HEX}{{2}}(?:\2{HEX}{{2}}){{6,}})"
    r"(?![0-9a-zA-Z])"
)
BLANK = str.maketrans("0123456789@", "###########")
_BLANKED = later("[0-9@]")
_STANDARD = str.maketrans("-_", "+/")
_LINE_ENDS = frozenset(("\r\n", *("\n" + chr(code) for code in range(32, 127))))


def unpack(text: str) -> tuple[str, Pieces] | None:
    """What base64 and hex runs hold, in order; None if there is nothing."""
    if not packed(text):
        return None
    runs = Runs(text)
    pieces: list[Piece] = []
    done = 0
    for at, end in runs:
        if at < done:
            continue  # a line of the one before
        line = (0, 0)
        padded = end + 2 if text.startswith("==", end) else end + 1 if text.startswith("=", end) else end
        if not (end - at >= LINE and (end - at) % 4 == 0 and text[end : end + 2] in _LINE_ENDS):
            hexed = runs.hexed(at, end)
            if not hexed:
                begin, plain = at, runs.plain(at, end)
                if not plain and (told := TEXT64.search(text, at, end)):  # glued to a word, or with bytes that are no text
                    begin += (told.start() - at) % 4
                    plain = runs.plain(begin, end)
                if plain and end - at - len(plain) * 4 // 3 < MIN_RUN:
                    pieces.append(Piece(plain, begin, padded - ((end - begin) % 4 == 1), len(plain), 0, 4, 3, 0, True))
                    continue
            run = text[at:end]
        else:
            run, end, line = _unwrapped(text, runs, at, end)
            padded = end + 2 if text.startswith("==", end) else end + 1 if text.startswith("=", end) else end
            hexed = line[0] > 0 or runs.hexed(at, end)
        pieces += _of_run(run, at, padded, line, hexed=hexed)
        done = end
    if runs.apart:
        pieces += _of_bytes_apart(text)
        pieces.sort(key=lambda piece: piece.begin)
    return _laid_out(text, pieces) if pieces else None


def _unwrapped(text: str, runs: Runs, begin: int, end: int) -> tuple[str, int, Span]:
    """The run whose first line is text[begin:end], with all lines of that length and the shorter one that may end it, if that is whole groups
    of four: run, its end, and the characters of a line and of what ends it."""
    ending = 2 if text.startswith("\r\n", end) else 1
    size, sign = end - begin, text[end : end + ending]
    lines = [text[begin:end]]
    while text.startswith(sign, end):
        after = end + ending
        stop = runs.until(after, size + 1)
        padding = 2 if text.startswith("==", stop) else 1 if text.startswith("=", stop) else 0
        if not 0 < stop - after <= size or (stop - after + padding) % 4:
            break
        lines.append(text[after:stop])
        end = stop
        if stop - after < size:
            break
    return "".join(lines), end, (size, ending) if len(lines) > 1 else (0, 0)


def _of_run(run: str, begin: int, end: int, line: Span, *, hexed: bool) -> list[Piece]:
    """The pieces of one run. hexed: hex digits may be in it."""
    found = _hex(run, begin, line) if hexed else []
    if found and len(run) - 2 * sum(piece.size for piece in found) < MIN_RUN:
        return found
    told = TEXT64.search(run)
    if told is None and not UTF64.match(run):
        return found
    first = told.start() % 4 if told and not line[0] else 0
    pieces = _base64(run, begin, end, first, line)
    if len(pieces) == 1 and not found and len(run) - pieces[0].size * 4 // 3 < MIN_RUN:
        return pieces
    found += pieces
    if told and not line[0]:
        for offset in range(4):  # glued to a word or to another: its groups of four start elsewhere
            if offset != first:
                found += _base64(run, begin, end, offset, line)
    return _longest(found, begin, end - begin)


def _longest(pieces: list[Piece], begin: int, size: int) -> list[Piece]:
    """Of pieces that overlap, the longest: what was read in the wrong way is short."""
    if len(pieces) < 2:
        return pieces
    taken = bytearray(size)
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.size):
        first, stop = piece.span(0, len(piece.text))
        if not taken[first - begin] and not taken[stop - begin - 1]:
            taken[first - begin : stop - begin] = b"x" * (stop - first)
            kept.append(piece)
    return sorted(kept, key=lambda piece: piece.begin + piece.byte * piece.num // piece.per)


def _base64(run: str, begin: int, end: int, offset: int, line: Span) -> list[Piece]:
    held = held64(run[offset:] if offset else run)
    end -= (len(run) - offset) % 4 == 1
    return [Piece(text, begin + offset, end, size, byte, 4, 3, 0, byte + size == len(held), line) for text, byte, size in _readable(held)]


def _hex(run: str, begin: int, line: Span) -> list[Piece]:
    found: list[Piece] = []
    for match in _HEX.finditer(run):
        if line[0] and match.start():
            break
        digits = match[0]
        held = bytes.fromhex(digits[: len(digits) & ~1])
        first, chars = begin + match.start(), 2 * len(held)
        stop = first + chars + ((chars - 1) // line[0] * line[1] if line[0] else 0)
        found += (Piece(text, first, stop, size, byte, 2, line=line) for text, byte, size in _readable(held))
    return found


def _of_bytes_apart(text: str) -> Iterator[Piece]:
    for match in _APART.finditer(text):
        between, width = match[1] or match[2], 4 if match[1] else 2
        held = bytes.fromhex(match[0].replace(between, "").replace("0x", "").replace("0X", ""))
        for plain, byte, size in _readable(held):
            yield Piece(plain, match.start(), match.end(), size, byte, width + len(between), width=width, last=byte + size == len(held))


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


def _laid_out(text: str, pieces: list[Piece]) -> tuple[str, Pieces]:
    blank = text.translate(BLANK) if text.isascii() else ""  # fast for ASCII, slow for others
    parts: list[str] = []
    starts: list[int] = []
    leads: list[int] = []
    length = done = 0
    for piece in pieces:
        begin, end = piece[1], piece[2]
        starts.append(length)
        lead = 0
        if begin > done:
            lead = min(begin - done, LEAD)
            parts.append(blank[begin - lead : begin] if blank else _BLANKED.sub("#", text[begin - lead : begin]))
        leads.append(lead)
        parts += (piece[0], GAP)
        length += lead + len(piece[0]) + len(GAP)
        done = max(done, end)
    return "".join(parts), Pieces(starts, leads, pieces)


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
                held = run.translate(_SELECTORS).encode("latin-1")
                pieces += (Piece(text, begin, end, size, byte) for text, byte, size in _readable(held))
    return _laid_out(raw.encode("ascii", "replace").decode("ascii"), pieces) if pieces else None  # no digit of any kind in what leads
