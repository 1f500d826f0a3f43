"""Pieces: what was read out of runs of other characters, laid out as one text, and where each character of it stood."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from detectors.later import later

GAP = "\0\n\0"
LEAD = 48  # characters of context before a piece
BLANK = str.maketrans("0123456789@", "###########")
_BLANKED = later("[0-9@]")
_BLOCK = 256  # characters of which the bytes are counted at once

Span = tuple[int, int]


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

    def span(self, first: int, stop: int) -> Span:
        """The source span of its bytes [first, stop), first < stop."""
        last = self.last and stop == self.size
        first, stop = self.byte + first, self.byte + stop
        begin = self._place(first * self.num // self.per)
        if last:
            return begin, self.end
        if self.width:
            return begin, self.begin + (stop - 1) * self.num + self.width
        return begin, min(self.end, self._place((stop * self.num - 1) // self.per) + 1)

    def _place(self, char: int) -> int:
        line, ending = self.line
        return self.begin + char + (char // line * ending if line else 0)


class Pieces:
    """Where the characters of laid out pieces came from. parts: each piece with its context ahead of it.  leads: characters of context.  piece: each of them, by
    number.  missing_lead: how many of them the first piece lacks, too near to the start of the source."""

    __slots__ = ("_leads", "_parts", "_piece", "_starts", "_sums", "missing_lead")

    def __init__(self, parts: list[str], leads: list[int], piece: Callable[[int], Piece]) -> None:
        self._parts, self._leads, self._piece = parts, leads, piece
        self._starts: list[int] = []  # of each part in the laid out text, once that is asked
        self._sums: dict[int, list[int]] = {}  # by number: bytes before each block of a piece whose characters are several
        self.missing_lead = max(0, LEAD - piece(0).begin)

    def span(self, start: int, end: int) -> Span:
        """The source span of text [start, end), start < end; a gap belongs to the piece before it."""
        return self._of(start)[0], self._of(end - 1)[1]

    def spans(self, many: Sequence[Span]) -> list[Span]:
        """The same of many, nearly in order: most lie in one piece, and in that of the one before."""
        low, high, number, piece = 0, -1, -1, None
        at = passed = 0  # the last index that was asked for of a piece whose characters are several bytes, and how many stand before it
        found: list[Span] = []
        for start, end in many:
            if not (low <= start and end <= high):
                number = self._number(start)
                piece = self._piece(number)
                low = at = self._starts[number] + self._leads[number]
                high = low + len(piece.text)
                passed = 0
            if piece is None or not (low <= start and end <= high):
                found.append(self.span(start, end))
            elif piece.size == high - low:
                found.append(piece.span(start - low, end - low))
            else:
                first = passed + len(_in_bytes(piece.text[at - low : start - low])) if at <= start < at + _BLOCK else self._bytes(number, piece.text, start - low)
                at, passed = end, first + len(_in_bytes(piece.text[start - low : end - low]))
                found.append(piece.span(first, passed))
        return found

    def _number(self, index: int) -> int:
        """Of the piece that an index lies in."""
        if not self._starts:
            self._starts = list(accumulate([len(part) + len(GAP) for part in self._parts], initial=0))[:-1]
        return bisect_right(self._starts, index) - 1

    def _of(self, index: int) -> Span:
        number = self._number(index)
        piece = self._piece(number)
        inside = index - self._starts[number] - self._leads[number]
        if inside < 0:
            return piece.begin + inside, piece.begin + inside + 1
        size = len(piece.text)
        if inside < size:
            if piece.size == size:
                return piece.span(inside, inside + 1)
            return piece.span(self._bytes(number, piece.text, inside), self._bytes(number, piece.text, inside + 1))
        end = piece.span(piece.size - 1, piece.size)[1]  # not its run's, out of which more pieces may come
        return end - 1, end

    def _bytes(self, number: int, text: str, index: int) -> int:
        """How many bytes stand before an index of a piece's text."""
        sums = self._sums.get(number)
        if sums is None:
            sums = self._sums[number] = list(accumulate([len(_in_bytes(text[at : at + _BLOCK])) for at in range(0, len(text), _BLOCK)], initial=0))
        block = index // _BLOCK
        return sums[block] + len(_in_bytes(text[block * _BLOCK : index]))


def _in_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def laid_out(text: str, pieces: list[Piece]) -> tuple[str, Pieces]:
    """The pieces, at least one, in order of where they begin."""
    return laid(text, [piece.begin for piece in pieces], [piece.end for piece in pieces], [piece.text for piece in pieces], pieces.__getitem__)


def laid(text: str, begins: list[int], ends: list[int], plain: list[str], piece: Callable[[int], Piece]) -> tuple[str, Pieces]:
    """The same from columns, as there may be many: each text with a GAP behind it, and ahead of it what stands before it in the source."""
    blank = text.translate(BLANK) if text.isascii() else ""  # fast for ASCII, slow for others
    leads = [(begin - end if begin - end < LEAD else LEAD) if begin > end else 0 for begin, end in zip(begins, accumulate(ends, max, initial=0), strict=False)]
    if blank:
        parts = [blank[begin - lead : begin] + each for begin, lead, each in zip(begins, leads, plain, strict=True)]
    else:
        parts = [_BLANKED.sub("#", text[begin - lead : begin]) + each for begin, lead, each in zip(begins, leads, plain, strict=True)]
    return GAP.join(parts) + GAP, Pieces(parts, leads, piece)
