"""The growing texts of an Anthropic stream. Channels: content/2/text, /thinking, /partial_json; an unknown delta's strings under their own keys.

Lane: the content block. A text that stands in `content_block_start` is the first piece of its block. Signatures and encrypted content are no text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.dialects.base import Event
from gateway.dialects.lenient import index, obj, word
from gateway.dialects.pieces import BARRIER, END, FREE, EventReader, Piece, Shape
from gateway.dialects.pieces_unknown import strings
from gateway.dialects.texts import escaped

_KNOWN: dict[str, tuple[str, ...]] = {
    "text_delta": ("text",),
    "thinking_delta": ("thinking",),
    "input_json_delta": ("partial_json",),
    "signature_delta": (),
    "citations_delta": (),
}
_CHAIN = "content/text"
_STARTS = ("text", "thinking", "content")
_NO_TEXT = frozenset(("type", "signature", "data", "encrypted_content", "id", "name"))


class MessageReader(EventReader):
    """Every delta names its block. A block waits for the one before it, whose text may be held because the next one may continue it."""

    def __init__(self) -> None:
        self._last = ""  # lane of the block that began last
        self._texts: set[str] = set()  # lanes of text blocks

    def read(self, event: Event, value: Any) -> Shape:
        source = obj(value)
        kind = word(source.get("type")) or event.name
        if kind in ("message_start", "message_delta"):
            return BARRIER
        if kind in ("message_stop", "error"):
            return END
        at = index(source.get("index"))
        if at is None:
            return FREE
        lane = f"content/{at}"
        if kind == "content_block_delta":
            delta = obj(source.get("delta"))
            keys = _KNOWN.get(word(delta.get("type")))
            if keys is None:  # a delta that was invented later grows too
                keys = tuple(key for key in delta if key not in _NO_TEXT)
                return Shape((*_pieces(lane, "/delta", delta, keys), *_nested(lane, delta, keys)), frozenset((lane,)))
            return Shape(_pieces(lane, "/delta", delta, keys), frozenset((lane,)))
        if kind == "content_block_start":
            block = obj(source.get("content_block"))
            lanes = frozenset((lane, self._last or lane))
            self._last = lane
            if block.get("type") == "text":
                self._texts.add(lane)
            return Shape(_pieces(lane, "/content_block", block, _STARTS), lanes)
        if kind == "content_block_stop":
            return Shape(lanes=frozenset((lane,)), closes=frozenset((lane,)), seals=lane not in self._texts)
        return FREE


def _nested(lane: str, delta: dict[str, Any], keys: tuple[str, ...]) -> Iterator[Piece]:
    for key in keys:
        if isinstance(delta[key], dict | list):
            for pointer, name, _, text in strings(delta[key], f"/delta/{escaped(key)}", escaped(key)):
                yield Piece(f"{lane}/{name}", lane, pointer, text)


def _pieces(lane: str, place: str, source: dict[str, Any], keys: tuple[str, ...]) -> tuple[Piece, ...]:
    return tuple(
        Piece(f"{lane}/{escaped(key)}", lane, f"{place}/{escaped(key)}", source[key], key == "partial_json", _CHAIN if key == "text" else "")
        for key in keys
        if word(source.get(key))
    )
