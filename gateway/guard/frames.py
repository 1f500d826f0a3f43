"""Events of a stream as bytes: where one ends, which of its lines hold nothing to look at, its data as JSON, and how it reads with other data.

`EVENTS` are server-sent events; `LINES` is JSON lines (application/x-ndjson, jsonl), in which every line is an event.

Field names are exact, as in the WHATWG HTML standard (9.2.6): `data2:` is no data. JSON that only strict readers refuse (lone surrogates, NaN, bare
control characters) is read all the same, because clients read it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Protocol

import orjson

from gateway.dialects.base import Event
from gateway.dialects.lenient import mended
from gateway.dialects.sse import parse_event

EVENT_END = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
DONE = "[DONE]"
STRADDLE = 3  # bytes of the end of an event that may have come before its last
BOM = b"\xef\xbb\xbf"
_PLAIN_NAMES = (b"event: content_block_", b"event: message_", b"event: ping", b"event: response.", b"event: error")  # of the protocols
_PLAIN_EVENT = re.compile(rb"event: ?[a-z_.]{1,64}")
MAX_VALUES = 1 << 16  # in one line
_AROUND = "\ufeff\x1e \t\r\n"
_VALUE_BEGINS = re.compile(r"[\ufeff\x1e \t\r\n]*[{\[]")
_VALUES = json.JSONDecoder(strict=False)
_LINES = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


class StreamUnreadable(ValueError):
    """A guard cannot say what this stream says. The message completes "it cannot be checked: ..."."""


class Framing(Protocol):
    """How a stream is cut into events."""

    def ends(self, data: bytes, looked: int) -> Iterator[int]:
        """Where each of the whole events in `data` ends, the first of which begins at 0 and does not end in the first `looked` bytes."""
        ...

    def parse(self, raw: bytes) -> Event | None:
        """One whole event; None if it says nothing. A byte order mark is no part of it: only the stream may begin with one."""
        ...

    def split(self, raw: bytes) -> list[bytes]:
        """The values that stand in what should be one event, each with its space; what is behind them comes last."""
        ...

    def odd_lines(self, raw: bytes) -> str:
        """What is in it beside its data, and must be looked at."""
        ...

    def with_data(self, raw: bytes, data: str) -> bytes:
        """The event with other data."""
        ...


class _Events:
    def ends(self, data: bytes, looked: int) -> Iterator[int]:
        at = max(0, looked - STRADDLE)
        if b"\r" in data:
            for found in EVENT_END.finditer(data, at):
                yield found.end()
            return
        while (at := data.find(b"\n\n", at) + 2) > 1:
            yield at

    def parse(self, raw: bytes) -> Event | None:
        return parse_event(b"\n" + raw if raw.startswith(BOM) else raw)  # there it is a part of a field's name

    def split(self, raw: bytes) -> list[bytes]:
        return [raw]

    def odd_lines(self, raw: bytes) -> str:
        return odd_lines(raw)

    def with_data(self, raw: bytes, data: str) -> bytes:
        return with_data(raw, data)


class _Lines:
    def ends(self, data: bytes, looked: int) -> Iterator[int]:
        at = looked
        while at := data.find(b"\n", at) + 1:
            yield at

    def parse(self, raw: bytes) -> Event | None:
        data = raw.decode("utf-8", "replace").strip(_AROUND)  # 1E: a record separator (RFC 7464)
        return Event("", data) if data else None

    def split(self, raw: bytes) -> list[bytes]:
        text = raw.decode("utf-8", "surrogateescape")
        if not _VALUE_BEGINS.match(text) or value_of(raw.decode("utf-8", "replace").strip(_AROUND)) is not None:
            return [raw]
        ends: list[int] = []
        try:
            while len(ends) <= MAX_VALUES and (match := _VALUE_BEGINS.match(text, ends[-1] if ends else 0)):
                ends.append(_VALUES.raw_decode(text, match.end() - 1)[1])
        except (ValueError, RecursionError):
            pass  # what follows is no whole value
        if not ends:
            return [raw]
        rest = text[ends[-1] :]
        if not rest.strip(_AROUND):  # the line's end goes with its last value
            ends[-1] = len(text)
        else:
            ends.append(len(text))
        return [text[start:end].encode("utf-8", "surrogateescape") for start, end in zip([0, *ends], ends, strict=False)]

    def odd_lines(self, raw: bytes) -> str:
        return ""

    def with_data(self, raw: bytes, data: str) -> bytes:
        start = len(raw) - len(raw.lstrip(b"\xef\xbb\xbf\x1e \t"))
        return raw[:start] + data.encode("utf-8", "replace") + raw[len(raw.rstrip(b"\r\n")) :]


EVENTS, LINES = _Events(), _Lines()


class Arriving:
    """What has come of an event that has not ended. A piece costs its own length, not that of what is held. size: bytes."""

    def __init__(self, framing: Framing) -> None:
        self._framing, self._begun = framing, False
        self.keep(b"")

    def keep(self, rest: bytes) -> None:
        """This is all that is held now."""
        self._held, self.size, self._last = [rest] if rest else [], len(rest), rest[-STRADDLE:]

    def rest(self) -> bytes:
        return b"".join(self._held)

    def add(self, data: bytes) -> bytes:
        """All that has come, if an event ends in it; else b"", and it is held."""
        seen = self._last + data
        if not self._held or next(self._framing.ends(seen, len(self._last)), 0):
            return b"".join((*self._held, data)) if self._held else data
        self._held.append(data)
        self.size, self._last = self.size + len(data), seen[-STRADDLE:]
        return b""

    def mark(self, data: bytes) -> bytes:
        """The byte order mark with which a stream of events may begin, and nothing else in it. data: all that has come."""
        if self._begun or (len(data) < len(BOM) and BOM.startswith(data)):
            return b""
        self._begun = True
        return BOM if self._framing is EVENTS and data.startswith(BOM) else b""


def odd_lines(raw: bytes) -> str:
    """What is beside the data and no event name of a known protocol: comments, ids, fields that nobody knows. "" if there is nothing."""
    odd = [line for line in raw.splitlines() if line and not is_data(line) and not (line.startswith(_PLAIN_NAMES) and _PLAIN_EVENT.fullmatch(line))]
    return b"\n".join(odd).decode("utf-8", "replace")


def without_odd_lines(raw: bytes) -> bytes:
    """The event without them: it does without an id or a comment."""
    lines = raw.splitlines(keepends=True)
    return b"".join(line for line in lines if is_data(line.rstrip(b"\r\n")) or _PLAIN_EVENT.fullmatch(line.strip()) or not line.strip())


def is_data(line: bytes) -> bool:
    return line == b"data" or line.startswith(b"data:")


def with_data(raw: bytes, data: str) -> bytes:
    """The event with other data: its other lines stay, line ends included."""
    out: list[str] = []
    written = False
    for match in _LINES.finditer(raw.decode("utf-8", "replace")):
        line, ending = match[1], match[2]
        if is_data(line.encode()):
            if not written:
                out += [f"data: {part}{ending or chr(10)}" for part in data.split("\n")]
                written = True
        else:
            out.append(line + ending)
    return "".join(out).encode()


def value_of(data: str) -> Any:
    """An object, an array or a string; None if the data is none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict | list | str) else None


def looks_like_json(data: str) -> bool:
    """It begins as an object or array does, and is not the word that ends a stream."""
    text = data.lstrip("\ufeff \t\r\n")
    return text.startswith(("{", "[")) and not text.startswith(DONE)


def is_whole(event: Event | None) -> bool:
    """Whether the last event of a stream was not cut off, as far as its data says."""
    return event is None or not looks_like_json(event.data) or value_of(event.data) is not None or leniently(event) is not None


def leniently(event: Event) -> Event | None:
    """The event with its JSON spelled as strict readers take it; None if even a lenient one does not. An object that says a key twice is not read."""
    try:
        value = json.loads(event.data.lstrip("\ufeff"), strict=False, parse_constant=lambda _: None, parse_float=_finite, object_pairs_hook=_unique)
        data = mended(json.dumps(value))
    except (ValueError, RecursionError):
        return None
    return Event(event.name, data)


def _finite(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
