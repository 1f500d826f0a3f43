"""Every text of a recorded stream, its fragments joined, without rewriting anything: for a look at whether there is anything to rewrite.

Nearly every recorded stream is clean, and the guard's stream machinery, which must know what may be released when, costs a hundred times what
one fragment's text does. Here an event that differs from an earlier one in its fragment alone is recognised by the bytes around it, and only
the others are taken apart. Which texts there are and where they go on is what the dialect's reader says, as on the wire.

Pure; raises Unreadable where an event's text cannot be had for certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from gateway.dialects.alike import around, run
from gateway.dialects.base import Operation
from gateway.dialects.fields import NOISE_SHAPE
from gateway.dialects.fields_events import EVENT
from gateway.dialects.json_walk import walk_value
from gateway.dialects.leaves import Leaf, Unreadable, Walked
from gateway.dialects.pieces import Piece
from gateway.dialects.sse import event_of, lines_of
from gateway.guard.frames import leniently, looks_like_json, value_of
from gateway.guard.guess import reader_of

SHORT = 16  # characters; a name that is no longer is no credential
MAX_FRAMES = 8  # kept at a time: choices and tool calls may take turns
_AROUND = " \t\x1e"  # of a line of JSON; 1E: a record separator (RFC 7464)
# What differs in every event of some servers and says nothing. Of the shape of noise, or it is looked at like anything else. Within a line, so that events stay apart.
_SEQUENCE = '"sequence_number"', re.compile(r'"sequence_number":[ \t]*[0-9]{1,8}(?=[,}])')
_PADDING = '"obfuscation"', re.compile(rf'"obfuscation":[ \t]*"(?:{NOISE_SHAPE})?"(?=[,}}])')
_SILENCE = '"":0'
_LOUD = re.compile(rf'"obfuscation":[ \t]*"[A-Za-z0-9]{{{SHORT + 1}}}')


@dataclass(slots=True)
class _Channel:
    parts: list[str] = field(default_factory=list)
    is_json: bool = False


class _Frame(NamedTuple):
    """What stands before and after a fragment, without what differs in every event."""

    before: str
    after: str
    channel: _Channel


class StreamTexts:
    """Of one body. in_lines: every line of it is an event, and JSON."""

    def __init__(self, operation: Operation, body: bytes, *, in_lines: bool = False) -> None:
        self._reader = reader_of(operation)
        self._channels: dict[str, _Channel] = {}
        self._said: list[_Channel] = []
        self._whole: dict[str, list[int]] = {}  # by channel: what was said under its name, also after it seemed to have ended; places in `_said`
        self._chains: dict[str, list[_Channel]] = {}  # what a reader may take for one text
        self._apart: dict[tuple[str, str], None] = {}  # texts of one event: (context, text)
        self._frames: list[_Frame] = []
        self._spelled: list[str] = []  # see `spelled`
        text = lines_of(body)
        quiet = _quiet(text)
        if in_lines:
            for line, still in zip(text.split("\n"), quiet.split("\n"), strict=True):
                if line := line.strip(_AROUND):
                    self._next(f"data: {line}", f"data: {still.strip(_AROUND)}")
            return
        loud = quiet is not text and _LOUD.search(text) is not None
        at = here = 0  # in the one and the other
        while at < len(quiet):
            still, block = _block(quiet, at), _block(text, here)
            at, here = at + len(still) + 2, here + len(block) + 2
            frame = self._next(block, still) if block else None
            if frame is None:
                continue
            parts, at = run(quiet, at, frame.before, frame.after)
            frame.channel.parts += [orjson.loads(f'"{part}"') if "\\" in part else part for part in parts]
            if not loud:
                self._spelled += [f'"{part}"' for part in parts if len(part) > SHORT]
            if quiet is text:
                here = at
                continue
            for _ in parts:
                end = text.index("\n\n", here) + 2
                if loud:
                    self._spelled.append(text[here:end])
                here = end

    def _next(self, block: str, still: str) -> _Frame | None:
        """Read an event; how others like it are known. still: without what differs in every event."""
        self._spelled.append(block)
        return self._recognise(still) or self._take(block, still)

    @property
    def spelled(self) -> bytes:
        """The body's own characters, but of events that are alike in all but a fragment no more than these, and only those that are longer than SHORT: where
        a string of the body that is longer stands, without all that is said again and again."""
        return "\n".join(self._spelled).encode()

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Its texts, each once."""
        return self.walked.leaves

    @property
    def walked(self) -> Walked:
        """Its texts; those that one channel said are also one, as whoever puts the stream together makes them one."""
        whole = ["".join(channel.parts) for channel in self._said]
        known = set(whole)
        for chain in self._chains.values():
            joined = "".join(part for channel in chain for part in channel.parts)
            if joined not in known:
                whole.append(joined)
        found = [Leaf("", "", before, text) for before, text in self._apart if text not in known]
        at: list[int] = []  # of what was said: its leaf
        for number, text in enumerate(whole):
            at.append(len(found))
            found += _inside(text) if number < len(self._said) and self._said[number].is_json else [Leaf("", "", "", text)]
        chains: list[tuple[int, ...]] = []
        for numbers in self._whole.values():
            if len(numbers) < 2:
                continue
            if not self._said[numbers[0]].is_json:
                chains.append(tuple(at[number] for number in numbers))
            elif any(value_of(whole[number]) is None for number in numbers):  # else each is arguments by itself
                found += _inside("".join(whole[number] for number in numbers))
        return Walked(tuple(found), chains=tuple(chains))

    def _recognise(self, block: str) -> _Frame | None:
        """The known one that the block is, with another fragment; it has then been taken."""
        for frame in self._frames:
            before, after = frame.before, frame.after
            if block.startswith(before) and block.endswith(after) and len(block) >= len(before) + len(after):
                literal = block[len(before) : len(block) - len(after)]
                if '"' in literal or "\\" in literal:
                    try:
                        literal = orjson.loads(f'"{literal}"')
                    except orjson.JSONDecodeError:
                        continue
                frame.channel.parts.append(literal)
                return frame
        return None

    def _take(self, block: str, still: str) -> _Frame | None:
        """Take an event apart."""
        aside = "\n".join([line for line in block.split("\n") if not line.startswith(("data:", "event:"))])
        if aside:
            self._apart["", aside] = None
        event = event_of(block)
        if event is None:
            return None
        if event.name:
            self._apart["", event.name] = None
        value = value_of(event.data)
        strict = value is not None
        if value is None and looks_like_json(event.data):  # clients read it all the same, and so does what the row's text is read with
            event = leniently(event) or event
            value = value_of(event.data)
        if value is None:
            self._apart["", event.data] = None
            self._frames.clear()
        shape = self._reader.read(event, value)
        if shape.unreadable:
            raise Unreadable("invalid_json", shape.unreadable)
        if value is None:
            for piece in shape.pieces:
                self._grow(piece)
            return None
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
        if shape.ends or shape.closes:
            for key in [key for key in self._channels if shape.ends or any(key == name or key.startswith(f"{name}/") for name in shape.closes)]:
                del self._channels[key]  # what comes later under this name is a new text
        if fresh or shape.closes or shape.ends or len(shape.pieces) != 1:
            self._frames.clear()  # the reader's state may have changed, and with it whose the next fragment is
        if len(pieces) == len(shape.pieces) == 1 and self._reader.steady and strict and not (shape.closes or shape.ends or shape.wholes or shape.echoes):
            return self._remember(still, shape.pieces[0])
        return None

    def _grow(self, piece: Piece) -> bool:
        """The next fragment; whether it begins a text."""
        channel = self._channels.get(piece.channel)
        fresh = channel is None
        if channel is None:
            channel = self._channels[piece.channel] = _Channel(is_json=piece.is_json)
            self._whole.setdefault(piece.channel, []).append(len(self._said))
            self._said.append(channel)
            if piece.chain:
                self._chains.setdefault(piece.chain, []).append(channel)
        channel.parts.append(piece.text)
        return fresh

    def _remember(self, still: str, piece: Piece) -> _Frame | None:
        """Know this event again, if it is clear where in it the fragment stands."""
        sides = around(still, piece.pointer, piece.text)
        if sides is None:
            return None
        if len(self._frames) >= MAX_FRAMES:
            del self._frames[0]
        self._frames.append(_Frame(*sides, self._channels[piece.channel]))
        return self._frames[-1]


def _block(text: str, at: int) -> str:
    """The lines of the event there."""
    end = text.find("\n\n", at)
    return text[at : end if end >= 0 else len(text)]


def _quiet(text: str) -> str:
    for sign, noise in (_SEQUENCE, _PADDING):
        if sign in text:
            text = noise.sub(_SILENCE, text)
    return text


def _inside(text: str) -> list[Leaf]:
    """The texts in what should be JSON; all of it, if it is none that can be read for certain."""
    try:
        return list(walk_value(text.encode("utf-8", "surrogatepass")).leaves)
    except Unreadable:
        return [Leaf("", "", "", text)]

