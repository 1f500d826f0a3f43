"""What grows in a stream of an endpoint that nobody knows: as in the protocol whose events its own look like.

Servers offer the known protocols at paths of their own, and a request may be taken for another dialect's; without this, a text in such a stream
would be looked at one event at a time, and what is split over two would not be found. Events that look like none are looked at alone.
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.base import Event
from gateway.dialects.lenient import obj, word
from gateway.dialects.pieces import FREE, EventReader, Shape
from gateway.dialects.pieces_anthropic import MessageReader
from gateway.dialects.pieces_gemini import CandidatesReader
from gateway.dialects.pieces_openai import ChoicesReader
from gateway.dialects.pieces_responses import ResponseReader


class GuessingReader(EventReader):
    """The first event that looks like something decides."""

    def __init__(self) -> None:
        self._reader: EventReader | None = None

    def read(self, event: Event, value: Any) -> Shape:
        if self._reader is None:
            self._reader = _reader_of(event, value)
        return FREE if self._reader is None else self._reader.read(event, value)


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
