"""Every text of a recorded stream, its fragments joined, without rewriting anything: for a look at whether there is anything to rewrite.

Nearly every recorded stream is clean, and the guard's stream machinery, which must know what may be released when, costs a hundred times what
one fragment's text does. Here an event that differs from an earlier one in its fragment alone is recognised by the bytes around it, and only
the others are taken apart. Which texts there are and where they go on is what the dialect's reader says, as on the wire.

Pure; raises Unreadable where an event's text cannot be had for certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.dialects.base import Operation
from gateway.dialects.fields_events import EVENT
from gateway.dialects.json_walk import walk_value
from gateway.dialects.leaves import Leaf, Unreadable
from gateway.dialects.pieces import Piece
from gateway.dialects.sse import parse_event
from gateway.guard.guess import reader_of

MAX_FRAMES = 8  # kept at a time: choices and tool calls may take turns
_MARK = "\x7fmark\x7f"
# What differs in every event of some servers and says nothing. Short and plain, or it is looked at like anything else.
_NOISE = re.compile(r'"(?:sequence_number":\s*[0-9]{1,8}|obfuscation":\s*"[A-Za-z0-9]{0,32}")(?=[,}])')


@dataclass(slots=True)
class _Channel:
    parts: list[str] = field(default_factory=list)
    is_json: bool = False


class StreamTexts:
    """Of one body. leaves: its texts, each once."""

    def __init__(self, operation: Operation, body: bytes) -> None:
        self._reader = reader_of(operation)
        self._channels: dict[str, _Channel] = {}
        self._said: list[_Channel] = []
        self._chains: dict[str, list[_Channel]] = {}  # what a reader may take for one text
        self._apart: dict[tuple[str, str], None] = {}  # texts of one event: (context, text)
        self._frames: list[tuple[str, str, _Channel]] = []  # what stands before and after a fragment
        text = body.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        for block in text.split("\n\n"):
            if block and not self._recognise(block):
                self._take(block)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        whole = ["".join(channel.parts) for channel in self._said]
        known = set(whole)
        for chain in self._chains.values():
            joined = "".join(part for channel in chain for part in channel.parts)
            if joined not in known:
                whole.append(joined)
        found = [Leaf("", "", before, text) for before, text in self._apart if text not in known]
        for number, text in enumerate(whole):
            found += _inside(text) if number < len(self._said) and self._said[number].is_json else [Leaf("", "", "", text)]
        return tuple(found)

    def _recognise(self, block: str) -> bool:
        """Whether the block is a known one with another fragment; it has then been taken."""
        block = _quiet(block)
        for before, after, channel in self._frames:
            if block.startswith(before) and block.endswith(after) and len(block) >= len(before) + len(after):
                literal = block[len(before) : len(block) - len(after)]
                if '"' in literal or "\\" in literal:
                    try:
                        literal = orjson.loads(f'"{literal}"')
                    except orjson.JSONDecodeError:
                        continue
                channel.parts.append(literal)
                return True
        return False

    def _take(self, block: str) -> None:
        """Take an event apart."""
        aside = "\n".join(line for line in block.split("\n") if not line.startswith(("data:", "event:")))
        if aside:
            self._apart["", aside] = None
        event = parse_event(f"{block}\n\n".encode("utf-8", "replace"))
        if event is None:
            return
        if event.name:
            self._apart["", event.name] = None
        try:
            value = orjson.loads(event.data)
        except orjson.JSONDecodeError:
            value = None
        if not isinstance(value, dict | list | str):
            self._apart["", event.data] = None
            self._frames.clear()
            value = None
        shape = self._reader.read(event, value)
        if value is None:
            for piece in shape.pieces:
                self._grow(piece)
            return
        leaves = walk_value(event.data.encode("utf-8", "surrogatepass"), EVENT, value=value).leaves
        at = {leaf.pointer: index for index, leaf in enumerate(leaves)}  # a key that is a leaf comes before its member, which has the same pointer
        pieces = [piece for piece in shape.pieces if piece.pointer in at]  # else its field is declared as no text, and it has that shape
        named = {at[piece.pointer] for piece in pieces if not piece.apart}
        whole_chains: dict[str, list[str]] = {}
        repeats = {whole.pointer for whole in shape.wholes}
        echoes = tuple(f"{echo.pointer}/" for echo in shape.echoes)
        for index, leaf in enumerate(leaves):
            if index not in named and not (echoes and f"{leaf.pointer}/".startswith(echoes)):
                self._apart["" if leaf.pointer in repeats else leaf.before, leaf.text] = None
        for whole in shape.wholes:
            if whole.chain and whole.pointer in at:
                whole_chains.setdefault(whole.chain, []).append(leaves[at[whole.pointer]].text)
        for texts in whole_chains.values():
            self._apart["", "".join(texts)] = None
        fresh = any([self._grow(piece) for piece in pieces])
        closed = [key for key in self._channels if shape.ends or any(key == name or key.startswith(f"{name}/") for name in shape.closes)]
        for key in closed:
            del self._channels[key]  # what comes later under this name is a new text
        if fresh or shape.closes or shape.ends or len(shape.pieces) != 1:
            self._frames.clear()  # the reader's state may have changed, and with it whose the next fragment is
        if len(pieces) == len(shape.pieces) == 1 and self._reader.steady and not (shape.closes or shape.ends or shape.wholes or shape.echoes):
            self._remember(_quiet(block), shape.pieces[0].pointer, shape.pieces[0].text, self._channels[shape.pieces[0].channel])

    def _grow(self, piece: Piece) -> bool:
        """The next fragment; whether it begins a text."""
        channel = self._channels.get(piece.channel)
        fresh = channel is None
        if channel is None:
            channel = self._channels[piece.channel] = _Channel(is_json=piece.is_json)
            self._said.append(channel)
            if piece.chain:
                self._chains.setdefault(piece.chain, []).append(channel)
        channel.parts.append(piece.text)
        return fresh

    def _remember(self, block: str, pointer: str, text: str, channel: _Channel) -> None:
        """Know this event again, if it is clear where in it the fragment stands."""
        literal = orjson.dumps(text).decode()
        if block.count(literal) != 1 or block.count("data:") != 1:
            return
        at = block.index(literal) + 1
        before, after = block[:at], block[at + len(literal) - 2 :]
        start = before.index("data:") + 5
        if _at(orjson.loads(f"{before[start:]}{orjson.dumps(_MARK).decode()[1:-1]}{after}"), pointer) != _MARK:
            return
        if len(self._frames) >= MAX_FRAMES:
            del self._frames[0]
        self._frames.append((before, after, channel))


def _quiet(block: str) -> str:
    return _NOISE.sub('"":0', block) if '"sequence_number"' in block or '"obfuscation"' in block else block


def _inside(text: str) -> list[Leaf]:
    """The texts in what should be JSON; all of it, if it is none that can be read for certain."""
    try:
        return list(walk_value(text.encode("utf-8", "surrogatepass")).leaves)
    except Unreadable:
        return [Leaf("", "", "", text)]


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value
