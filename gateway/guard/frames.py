"""Events of a stream as bytes: where one ends, which of its lines hold nothing to look at, its data as JSON, and how it reads with other data.

Field names are exact, as in the WHATWG HTML standard (9.2.6): `data2:` is no data. JSON that only strict readers refuse (lone surrogates, NaN, bare
control characters) is read all the same, because clients read it.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import orjson

from gateway.dialects.base import Event
from gateway.dialects.lenient import mended

EVENT_END = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
DONE = "[DONE]"
_BOM = b"\xef\xbb\xbf"
_PLAIN_NAMES = (b"event: content_block_", b"event: message_", b"event: ping", b"event: response.", b"event: error")  # of the protocols
_PLAIN_EVENT = re.compile(rb"event: ?[a-z_.]{1,64}")
_LINES = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


def odd_lines(raw: bytes) -> str:
    """What is beside the data and no event name of a known protocol: comments, ids, fields that nobody knows. "" if there is nothing."""
    odd = [line for line in raw.splitlines() if line and not is_data(line) and not (line.startswith(_PLAIN_NAMES) and _PLAIN_EVENT.fullmatch(line))]
    return b"\n".join(odd).decode("utf-8", "replace")


def without_odd_lines(raw: bytes) -> bytes:
    """The event without them: it does without an id or a comment."""
    lines = raw.splitlines(keepends=True)
    return b"".join(line for line in lines if is_data(line.rstrip(b"\r\n")) or _PLAIN_EVENT.fullmatch(line.strip()) or not line.strip())


def is_data(line: bytes) -> bool:
    line = line.removeprefix(_BOM)
    return line == b"data" or line.startswith(b"data:")


def with_data(raw: bytes, data: str) -> bytes:
    """The event with other data: its other lines stay, line ends included."""
    out: list[str] = []
    written = False
    for match in _LINES.finditer(raw.decode("utf-8", "replace")):
        line, ending = match[1], match[2]
        if is_data(line.encode()):
            if not written:
                mark = "\ufeff" if line.startswith("\ufeff") else ""
                out += [f"{mark}data: {part}{ending or chr(10)}" for part in data.split("\n")]
                written = True
        else:
            out.append(line + ending)
    return "".join(out).encode()


def value_of(data: str) -> Any:
    """An object or array; None if the data is none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict | list) else None


def looks_like_json(data: str) -> bool:
    """It begins as an object or array does, and is not the word that ends a stream."""
    text = data.lstrip("\ufeff \t\r\n")
    return text.startswith(("{", "[")) and not text.startswith(DONE)


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
