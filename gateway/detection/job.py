"""One job: texts of one caller for one detector, worked on slice by slice.

A slice is what a process works on before others get their turn. Short texts share one. A long text is cut where sentences and lines end
(detectors.units), which is where a model's detector cuts it anyway, and each piece is given the text right before it; findings are moved back to where
they stand. A detector that judges whole texts, or is not ours, gets whole texts, one a slice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from detectors.base import CONTEXT, Finding
from detectors.units import LOOK_AHEAD, MAX_UNIT, units


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. text: its index in the job.  start: where the part begins in it, code points."""

    text: int
    start: int
    raw: str
    before: str


class Job:
    """Made when a job is read; `ended` is called once, with the findings or with (reason, detail)."""

    __slots__ = ("_at", "_text", "deadline", "ended", "found", "id", "over", "owner", "size", "texts")

    def __init__(
        self,
        owner: Hashable,
        id: int,
        texts: list[tuple[str, str]],
        size: int,
        deadline: float,
        ended: Callable[[Job, list[list[Finding]] | tuple[str, str]], None],
    ) -> None:
        """size: bytes that it holds of the budget.  deadline: time.monotonic()."""
        self.owner, self.id, self.texts, self.size, self.deadline, self.ended = owner, id, texts, size, deadline, ended
        self.found: list[list[Finding]] = [[] for _ in texts]
        self.over = False
        self._text = self._at = 0

    @property
    def done(self) -> bool:
        """Whether no slice is left."""
        return self._text >= len(self.texts)

    def end(self, outcome: list[list[Finding]] | tuple[str, str]) -> None:
        """Answer, once; later outcomes of the same job are dropped."""
        if not self.over:
            self.over = True
            self.texts = []
            self.ended(self, outcome)

    def slice(self, chars: int | None) -> list[Piece]:
        """The next slice, about `chars` code points long; None: one whole text."""
        pieces: list[Piece] = []
        room = chars
        while not self.done and (not pieces or (room is not None and room > 0)):
            raw, before = self.texts[self._text]
            start = self._at
            end = len(raw) if room is None or len(raw) - start <= room else _cut(raw, start, room)
            if pieces and room is not None and end - start > room:
                break
            context = before if not start else (before + raw[:start] if start < CONTEXT else raw[start - CONTEXT : start])[-CONTEXT:]
            pieces.append(Piece(self._text, start, raw[start:end] if start or end < len(raw) else raw, context))
            if room is not None:
                room -= end - start
            self._at = end
            if end >= len(raw):
                self._text, self._at = self._text + 1, 0
        return pieces

    def add(self, pieces: list[Piece], found: list[list[Finding]]) -> None:
        """What was found in a slice."""
        for piece, findings in zip(pieces, found, strict=True):
            if piece.start:
                findings = [Finding(f.detector, f.kind, f.start + piece.start, f.end + piece.start, f.score) for f in findings]
            self.found[piece.text] += findings


def _cut(raw: str, start: int, room: int) -> int:
    """The last end of a unit within `room` code points of `start`, or the first one beyond it. Looks at a window only: a long text is not walked for each slice."""
    window = raw[start : start + room + MAX_UNIT + LOOK_AHEAD]
    ends = [end for _, end in units(window)]
    if start + len(window) < len(raw):
        ends.pop()  # the window ends there, not the unit
    within = [end for end in ends if end <= room]
    return start + (within[-1] if within else ends[0])
