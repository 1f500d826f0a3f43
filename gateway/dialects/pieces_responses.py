"""The growing texts of an OpenAI Responses stream, and the events that say them again whole.

Channels: output/0/content/1/text, /refusal, output/0/summary/0/text, output/2/arguments, /input, /code; audio/transcript; what another
`.delta` event brings grows under the event's name and its indices. Lane: the output item. What is prose is one chain over all parts and items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.dialects.base import Event
from gateway.dialects.lenient import index, obj, seq, word
from gateway.dialects.pieces import BARRIER, END, FREE, Echo, EventReader, Piece, Shape, Whole
from gateway.dialects.pieces_openai import read_tokens
from gateway.dialects.texts import escaped

_ENDS = frozenset(("response.completed", "response.incomplete", "response.failed", "error"))
# Event type without its last word, to the index of its part (and the part's list), the field that grows, and whether that is JSON.
_GROWING = {
    "response.output_text": ("content_index", "content", "text", False),
    "response.refusal": ("content_index", "content", "refusal", False),
    "response.reasoning_text": ("content_index", "content", "text", False),
    "response.reasoning_summary_text": ("summary_index", "summary", "text", False),
    "response.function_call_arguments": ("", "", "arguments", True),
    "response.mcp_call_arguments": ("", "", "arguments", True),
    "response.custom_tool_call_input": ("", "", "input", False),
    "response.code_interpreter_call_code": ("", "", "code", False),
}
_PARTS = {
    "response.content_part": ("content_index", "content"),
    "response.reasoning_summary_part": ("summary_index", "summary"),
}
_CHAINED = frozenset(("text", "refusal", "code"))
_CHAIN = "output"
_NUMBERS = ("content_index", "summary_index", "command_index")
_WHOLE_FIELDS = ("text", "refusal", "transcript", "arguments", "input", "code", "command")


class ResponseReader(EventReader):
    """Stateless: every event names its item and part."""

    retells = True

    def read(self, event: Event, value: Any) -> Shape:
        source = obj(value)
        kind = word(source.get("type")) or event.name
        if kind in _ENDS:
            return _snapshot(source)
        if isinstance(source.get("response"), dict):
            return BARRIER
        base, _, step = kind.rpartition(".")
        if source.get("error") and not base:
            return END
        at = index(source.get("output_index"))
        lane = "audio" if at is None and base.startswith("response.audio") else f"output/{at}"
        if at is None and lane != "audio":
            return FREE
        if base == "response.output_item":
            return _item_shape(lane, obj(source.get("item")), done=step == "done")
        if base in _PARTS:
            return _part_shape(lane, base, source, done=step == "done")
        if step == "delta":
            return _delta_shape(lane, base, source)
        if step == "done":
            return _done_shape(lane, base, source)
        return Shape(lanes=frozenset((lane,)))


def _channel(lane: str, base: str, source: dict[str, Any]) -> tuple[str, bool]:
    """The channel of a `.delta` or `.done` event, and whether its text is JSON."""
    if base in _GROWING:
        number, group, key, is_json = _GROWING[base]
        return (f"{lane}/{group}/{index(source.get(number)) or 0}/{key}" if number else f"{lane}/{key}"), is_json
    if base == "response.audio.transcript":
        return f"{lane}/transcript", False
    places = [str(place) for place in (index(source.get(number)) for number in _NUMBERS) if place is not None]
    return "/".join((lane, escaped(base.removeprefix("response.")), *places)), base.endswith("_arguments")


def _chain(channel: str) -> str:
    """What a reader of the reply takes for one text, as in the whole reply."""
    return _CHAIN if channel.rpartition("/")[2] in _CHAINED else ""


def _delta_shape(lane: str, base: str, source: dict[str, Any]) -> Shape:
    if base == "response.audio":  # base64 of sound
        return Shape(lanes=frozenset((lane,)))
    channel, is_json = _channel(lane, base, source)
    delta = source.get("delta")
    pieces = [Piece(channel, lane, "/delta", delta, is_json, _chain(channel))] if isinstance(delta, str) and delta else []
    for key, text in obj(delta).items():  # stdout and stderr of a shell call
        if word(text):
            pieces.append(Piece(f"{channel}/{escaped(key)}", lane, f"/delta/{escaped(key)}", text))
    echoes: list[Echo] = []
    if source.get("logprobs"):
        spelled, echoes = read_tokens("/logprobs", lane, source["logprobs"], [piece.text for piece in pieces])
        pieces += spelled
    return Shape(tuple(pieces), frozenset((lane,)), echoes=tuple(echoes))


def _done_shape(lane: str, base: str, source: dict[str, Any]) -> Shape:
    channel, is_json = _channel(lane, base, source)
    known = base in _GROWING
    keys = (_GROWING[base][2],) if known else _WHOLE_FIELDS
    wholes = tuple(Whole(f"/{key}", channel, is_json, _chain(channel)) for key in keys if word(source.get(key)))
    echoes = (Echo("/logprobs", lane),) if seq(source.get("logprobs")) else ()
    return Shape(lanes=frozenset((lane,)), closes=frozenset((channel if known else lane,)), wholes=wholes, echoes=echoes, seals=True)


def _part_shape(lane: str, base: str, source: dict[str, Any], *, done: bool) -> Shape:
    number, group = _PARTS[base]
    channel = f"{lane}/{group}/{index(source.get(number)) or 0}"
    wholes, echoes = _part("/part", lane, channel, source.get("part"))
    closes = frozenset(f"{channel}/{key}" for key in ("text", "refusal")) if done else frozenset()
    return Shape(lanes=frozenset((lane,)), closes=closes, wholes=tuple(wholes), echoes=tuple(echoes), seals=True)


def _item_shape(lane: str, item: dict[str, Any], *, done: bool) -> Shape:
    wholes, echoes = _item("/item", lane, item)
    lanes = frozenset((lane,))
    return Shape(lanes=lanes, closes=lanes if done else frozenset(), wholes=tuple(wholes), echoes=tuple(echoes), seals=True)


def _snapshot(source: dict[str, Any]) -> Shape:
    """The terminal event, which holds the whole response."""
    wholes: list[Whole] = []
    echoes: list[Echo] = []
    for number, item in enumerate(seq(obj(source.get("response")).get("output"))):
        found = _item(f"/response/output/{number}", f"output/{number}", obj(item))
        wholes += found[0]
        echoes += found[1]
    return Shape(barrier=True, ends=True, wholes=tuple(wholes), echoes=tuple(echoes))


def _item(place: str, lane: str, item: dict[str, Any]) -> tuple[list[Whole], list[Echo]]:
    wholes: list[Whole] = []
    echoes: list[Echo] = []
    for group in ("content", "summary"):
        for number, part in enumerate(seq(item.get(group))):
            found = _part(f"{place}/{group}/{number}", lane, f"{lane}/{group}/{number}", part)
            wholes += found[0]
            echoes += found[1]
    wholes += _fields(place, lane, item)
    return wholes, echoes


def _fields(place: str, lane: str, item: dict[str, Any]) -> Iterator[Whole]:
    for key in ("arguments", "input", "code"):
        if word(item.get(key)):
            yield Whole(f"{place}/{key}", f"{lane}/{key}", key == "arguments", _chain(key))


def _part(place: str, lane: str, channel: str, value: Any) -> tuple[list[Whole], list[Echo]]:
    part = obj(value)
    wholes = [Whole(f"{place}/{key}", f"{channel}/{key}", chain=_chain(key)) for key in ("text", "refusal", "transcript") if word(part.get(key))]
    return wholes, [Echo(f"{place}/logprobs", lane)] if seq(part.get("logprobs")) else []
