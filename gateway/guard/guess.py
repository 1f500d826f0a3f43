"""What grows in a stream, also where its endpoint's protocol does not say: as in the protocol whose events its own look like, else place by place.

Servers offer the known protocols at paths of their own, and a request may be taken for another dialect's; without this, a text in such a stream
would be looked at one event at a time, and what is split over two would not be found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.dialects.base import Event, Operation
from gateway.dialects.lenient import obj, word
from gateway.dialects.pieces import FREE, Echo, EventReader, Piece, Shape, Whole
from gateway.dialects.pieces_anthropic import MessageReader
from gateway.dialects.pieces_gemini import CandidatesReader
from gateway.dialects.pieces_openai import ChoicesReader
from gateway.dialects.pieces_responses import ResponseReader
from gateway.dialects.pieces_unknown import UnknownReader

MAX_ELEMENTS = 4096  # of an array of events


class GuessingReader(EventReader):
    """known: the endpoint's own; None: the first event that looks like something decides. An event that it does not know is read place by place."""

    def __init__(self, known: EventReader | None = None) -> None:
        self._known = known
        self._unknown = UnknownReader(alone=known is None)
        self._spoken = False
        self.steady = self.retells = False
        self._settle()

    @property
    def knows(self) -> bool:
        """Whether the stream is of a known protocol, which says how a stream ends: an event of it has come."""
        return self._spoken

    def _settle(self) -> None:
        if self._known is not None:
            self.steady, self.retells = self._known.steady, self._known.retells

    def read(self, event: Event, value: Any) -> Shape:
        if isinstance(value, list) and 0 < len(value) <= MAX_ELEMENTS and all(isinstance(each, dict) for each in value):
            shapes = [_below(self._one(event, each), f"/{number}") for number, each in enumerate(value)]
            return shapes[0] if len(shapes) == 1 else _together(shapes)
        return self._one(event, value)

    def _one(self, event: Event, value: Any) -> Shape:
        if self._known is None:
            self._known = _reader_of(event, value)
            self._settle()
        shape = FREE if self._known is None else self._known.read(event, value)
        if not shape.free:
            self._spoken = True
            return shape
        shape = self._unknown.read(event, value)
        return replace(shape, barrier=True) if value is None and shape.pieces and self.knows else shape  # nobody knows where it belongs


def reader_of(operation: Operation) -> GuessingReader:
    """The reader of one stream of this endpoint."""
    reader = operation.reader()
    return GuessingReader(None if type(reader) is EventReader else reader)


def _reader_of(event: Event, value: Any) -> EventReader | None:
    source = obj(value)
    kind = word(source.get("type")) or event.name
    if isinstance(source.get("choices"), list):
        return ChoicesReader()
    if isinstance(source.get("candidates"), list):
        return CandidatesReader()
    if kind.startswith("response."):
        return ResponseReader()
    if kind == "message_start" or kind.startswith("content_block_"):
        return MessageReader()
    return None


def _below(shape: Shape, pointer: str) -> Shape:
    """The shape of an event that is an element of an array."""
    return replace(
        shape,
        pieces=tuple(replace(piece, pointer=pointer + piece.pointer) for piece in shape.pieces),
        wholes=tuple(replace(whole, pointer=pointer + whole.pointer) for whole in shape.wholes),
        echoes=tuple(replace(echo, pointer=pointer + echo.pointer) for echo in shape.echoes),
    )


def _together(shapes: list[Shape]) -> Shape:
    """The elements of an array as one event."""
    pieces: list[Piece] = []
    wholes: list[Whole] = []
    echoes: list[Echo] = []
    lanes: set[str] = set()
    closes: set[str] = set()
    for shape in shapes:
        pieces += shape.pieces
        wholes += shape.wholes
        echoes += shape.echoes
        lanes |= shape.lanes
        closes |= shape.closes
    return Shape(
        tuple(pieces),
        frozenset(lanes),
        frozenset(closes),
        barrier=any(shape.barrier for shape in shapes),
        ends=any(shape.ends for shape in shapes),
        free=all(shape.free for shape in shapes),
        wholes=tuple(wholes),
        echoes=tuple(echoes),
        seals=all(shape.seals for shape in shapes if shape.closes),
        unreadable="".join(shape.unreadable for shape in shapes)[:80],
    )
