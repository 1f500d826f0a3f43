"""Events that are known by the bytes around their one fragment: nearly all of a stream are, and reading the fragment is then all there is to do.

A frame is kept only of an event whose other strings were found clean, and only as long as the reader of the stream would say the same of it. What is
between its two ends is a literal of JSON, so the same JSON stands around it, and the fragment in the same place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import orjson

from gateway.dialects.fields import NOISE_SHAPE
from gateway.dialects.pieces import Shape

MAX_FRAMES = 8  # kept at a time: choices and tool calls may take turns
_MARK = "\x7fmark\x7f"
# What differs in every event of some servers and says nothing. Short and plain, or it is looked at like anything else.
_SHAPE = NOISE_SHAPE.encode()
_NOISE = re.compile(rb'"(?:sequence_number":\s*[0-9]{1,8}|obfuscation":\s*"%b")(?=[,}])' % _SHAPE)
_COUNTING = re.compile(
    rb'":(?<!\\":)\s*[0-9]{1,8}(?=[,}])|"obfuscation":(?<=[{,]"obfuscation":)"%b"' % _SHAPE
)


@dataclass(slots=True)
class Known:
    """An event that was recognised. shape: with one piece, whose text is that of another event.  leaf: of its walk.  text: the fragment."""

    shape: Shape
    leaf: int
    text: str


@dataclass(slots=True)
class _Frame:
    before: bytes
    after: bytes
    shape: Shape
    leaf: int


class Recognised:
    """The frames of one stream."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._noisy = False  # one of them has something in it that differs from event to event

    def clear(self) -> None:
        self._frames.clear()
        self._noisy = False

    def find(self, raw: bytes) -> Known | None:
        """The event, if it differs from an earlier one in its fragment alone."""
        if not self._frames:
            return None
        quiet = _quiet(raw) if self._noisy else raw
        for frame in self._frames:
            before, after = frame.before, frame.after
            if quiet.startswith(before) and quiet.endswith(after) and len(quiet) > len(before) + len(after):
                literal = quiet[len(before) : len(quiet) - len(after)]
                try:
                    text = orjson.loads(b'"%b"' % literal)
                except orjson.JSONDecodeError:
                    continue
                return Known(frame.shape, frame.leaf, text)
        return None

    def keep(self, raw: bytes, shape: Shape, leaf: int) -> None:
        """Know this event again, if it is clear where in it its fragment stands. shape: with one piece."""
        piece = shape.pieces[0]
        quiet, literal = _quiet(raw), orjson.dumps(piece.text)
        if quiet.count(literal) != 1 or quiet.count(b"data:") != 1:
            return
        at = quiet.index(literal) + 1
        before, after = quiet[:at], quiet[at + len(literal) - 2 :]
        marked = before[before.index(b"data:") + 5 :] + orjson.dumps(_MARK)[1:-1] + after
        try:
            value = orjson.loads(marked)
        except orjson.JSONDecodeError:
            return
        if _at(value, piece.pointer) != _MARK:
            return
        self._noisy = self._noisy or quiet is not raw
        if len(self._frames) >= MAX_FRAMES:
            del self._frames[0]
        self._frames.append(_Frame(before, after, replace(shape, pieces=(replace(piece, text=""),)), leaf))


def outline(raw: bytes, shape: Shape) -> bytes | None:
    """The event without its one fragment, and without what counts up from event to event; None if there is more to look at.

    Many events of a stream differ in nothing else. An event whose outline was found clean is the same JSON around another fragment: the literal
    that is cut out stands once, and what is left parses to the same state before it, so it stands in the same place.
    """
    if len(shape.pieces) != 1 or shape.wholes or shape.echoes:
        return None
    literal = orjson.dumps(shape.pieces[0].text)
    if raw.count(literal) != 1:
        return None
    before, _, after = raw.partition(literal)
    return _COUNTING.sub(b'":0', before + b"\0" + after)


def _quiet(raw: bytes) -> bytes:
    return _NOISE.sub(b'"":0', raw) if b'"sequence_number"' in raw or b'"obfuscation"' in raw else raw


def _at(value: object, pointer: str) -> object:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]  # type: ignore[index]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value
