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
_GOES_ON = "a block in it goes on after its end"
_STARTS = ("text", "thinking", "content")
_NO_TEXT = frozenset(("type", "signature", "data", "encrypted_content", "id", "name"))


class MessageReader(EventReader):
    """Every delta names its block. A block waits for the one before it, whose text may be held because the next one may continue it."""

    def __init__(self) -> None:
        self._last = ""  # lane of the block that began last
        self._texts: set[str] = set()  # lanes of text blocks
        self._inputs: set[str] = set()  # lanes of which JSON has come
        self._sealed: set[str] = set()  # of these: stopped. Clients add what comes later to it all the same, though the text was taken for whole

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
            if word(delta.get("partial_json")):
                if lane in self._sealed:
                    return Shape(_pieces(lane, "/delta", delta, ("partial_json",)), frozenset((lane,)), unreadable=_GOES_ON)
                self._inputs.add(lane)
            keys = _KNOWN.get(word(delta.get("type")))
            if keys is None:  # a delta that was invented later grows too
                keys = tuple(key for key in delta if key not in _NO_TEXT)
                return Shape((*_pieces(lane, "/delta", delta, keys), *_nested(lane, delta, keys)), frozenset((lane,)))
            pieces = _pieces(lane, "/delta", delta, keys)
            if keys and len(delta) > len(keys) + 1:  # what was added later grows beside what is known
                more = tuple(key for key in delta if key not in keys and key not in _NO_TEXT)
                pieces = (*pieces, *_pieces(lane, "/delta", delta, more), *_nested(lane, delta, more))
            return Shape(pieces, frozenset((lane,)))
        if kind == "content_block_start":
            block = obj(source.get("content_block"))
            lanes = frozenset((lane, self._last or lane))
            self._last = lane
            if block.get("type") == "text":
                self._texts.add(lane)
            return Shape(_pieces(lane, "/content_block", block, _STARTS), lanes)
        if kind == "content_block_stop":
            if lane in self._inputs:
                self._sealed.add(lane)
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
