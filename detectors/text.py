"""A text as detectors see it: raw, and the views derived from it.

views[0] is the folded text (detectors.folding): the raw text itself where there is nothing to fold. Then, as far as there is anything to
decode (detectors.decoding): `hidden`, what invisible characters spell; `unescaped`, the whole text with its escapes replaced; `unpacked`,
what base64 and hex hold. Each of these is folded and decoded once more (DEPTH layers in all). Most texts have one view.

A detector runs its expressions over `view.text` of every view and reports `view.origin(match.start(), match.end())`; the same span found
in two views is one finding. Decoded text may hold anything, lone surrogates and control characters too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from detectors.decoding import reveal, unescape, unpack
from detectors.folding import fold
from detectors.pieces import BLANK, Pieces
from detectors.runs import packed

DEPTH = 2
BEFORE = 256  # code points of context that a view keeps
_MAX_GROWTH, _FLOOR = 4, 4096  # decoded views together: at most so many times the text, plus a floor


class Offsets(Protocol):
    """Where the text that one layer gave came from in the text that it was given."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of [start, end), start < end."""
        ...

    def spans(self, many: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """The same of many, none of them empty."""
        ...


@dataclass(slots=True)
class View:  # not frozen: that would triple the cost of making one, and every short text makes one. Nothing writes to it.
    """One way to read (a part of) the raw text. name: raw | folded | hidden | unescaped | unpacked; layers joined by `+`, the outer first.

    before: what stands right before `text`, folded; for context only.  whole: every character of the raw text is in it (raw, folded,
    unescaped), so that its end is the end of the raw text.
    """

    name: str
    text: str
    before: str = ""
    whole: bool = True
    layers: tuple[Offsets, ...] = field(default=(), repr=False, compare=False)  # the one nearest to the raw text last

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the raw text that `text[start:end]` was derived from (the smallest that covers it). An empty span has an empty origin."""
        if not self.layers:
            return start, end
        if start >= end:
            at = self.origin(start, start + 1)[0] if start < len(self.text) else self.origin(start - 1, start)[1] if start else 0
            return at, at
        for layer in self.layers:
            start, end = layer.span(start, end)
        return start, end

    def origins(self, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """The same of many, none of them empty: a text that is full of values has to ask often."""
        for layer in self.layers:
            spans = layer.spans(spans)
        return spans


class Text:
    """raw: what is looked at.  before: what stands right before it, for context only (the last CONTEXT characters, a JSON key `card: `)."""

    def __init__(self, raw: str, before: str = "") -> None:
        self.raw, self.before = raw, before
        self.kept: dict[object, Any] = {}  # by detector: what it has worked out of this text and will be asked for again
        self._folded: View | None = None
        self._views: tuple[View, ...] | None = None
        self._hides = False  # known once it is folded

    @property
    def folded(self) -> View:
        """views[0], without the cost of looking for the others."""
        if self._folded is None:
            before = self.before[-BEFORE:]
            if before and not before.isascii():
                before = fold(before)[0][-BEFORE:]
            if self.raw.isascii():
                self._folded = View("raw", self.raw, before)
            else:
                text, offsets = fold(self.raw)
                self._hides = offsets is not None and offsets.hides
                self._folded = View("raw" if text is self.raw else "folded", text, before, layers=(offsets,) if offsets else ())
        return self._folded

    @property
    def views(self) -> tuple[View, ...]:
        """The folded view, then the decoded ones: those of one layer before those of two."""
        if self._views is None:
            folded = self.folded
            coded = self._hides or "%" in folded.text or "&" in folded.text or "\\" in folded.text or packed(folded.text)
            self._views = tuple(self._derived(folded)) if coded else (folded,)
        return self._views

    def _derived(self, folded: View) -> list[View]:
        views, level = [folded], [folded]
        room = _MAX_GROWTH * max(len(self.raw), len(folded.text)) + _FLOOR
        barren: set[bytes] = set()
        for depth in range(DEPTH):
            level = [derived for view in level for derived in _decoded(view, barren)]
            if depth == 0 and self._hides:
                level = [*self._hidden(), *level]
            for view in level:
                room -= len(view.text)
                if room < 0:
                    return views
                views.append(view)
            if not level:
                break
        return views

    def _hidden(self) -> Iterator[View]:
        found = reveal(self.raw)
        if found:
            yield _unpacked("hidden", *found, View("raw", self.raw, self.folded.before))


def _decoded(view: View, barren: set[bytes]) -> Iterator[View]:
    """What one more layer of decoding makes of a view. barren: runs of other views of the text that hold nothing."""
    prefix = f"{view.name}+" if view.layers and view.name != "folded" else ""
    plain = unescape(view.text)
    if plain:
        yield _folded(prefix + "unescaped", *plain, view, view.before)
    held = unpack(view.text, barren if plain or barren else None)
    if held:
        yield _unpacked(prefix + "unpacked", *held, view)


def _unpacked(name: str, text: str, pieces: Pieces, view: View) -> View:
    context = view.before[-pieces.missing_lead :].translate(BLANK) if pieces.missing_lead else ""
    return _folded(name, text, pieces, view, context, whole=False)


def _folded(name: str, text: str, offsets: Offsets, view: View, before: str, *, whole: bool = True) -> View:
    plain, folding = fold(text)
    layers = (folding, offsets, *view.layers) if folding else (offsets, *view.layers)
    return View(name, plain, before, whole and view.whole, layers)
