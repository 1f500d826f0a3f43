"""What the simulated provider's dialects share: a call that came in, what is served for it, and how JSON and events are spelled.

A `Speaker` is one provider's wire format, sans-IO: it turns a `Call` into `Served`. How fast that is sent, and whether it is spoilt on the way,
is the server's business (provider.py, faults.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

JSON = "application/json"
SSE = "text/event-stream; charset=utf-8"
EPOCH = 1_760_000_000  # replies say that they were made about then: a clock would make two equal calls differ


@dataclass(frozen=True, slots=True)
class Call:
    """A request. path: without query, decoded.  query: last value wins.  headers: lower-case names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises BadCall if it is not one."""
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError as e:
            raise BadCall(400, "We could not parse the JSON body of your request.") from e
        if not isinstance(value, dict):
            raise BadCall(400, "The JSON body of your request is not an object.")
        return value


@dataclass(frozen=True, slots=True)
class Served:
    """A reply. pieces: a stream has many, a whole reply one.  seed: what its delays are drawn from.  tokens: generated, for the delays."""

    pieces: tuple[bytes, ...]
    content_type: str = JSON
    seed: int = 0
    tokens: int = 0
    streamed: bool = False


class BadCall(Exception):
    """The provider refuses the call; its dialect spells the error."""

    def __init__(self, status: int, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


class Speaker(Protocol):
    """One provider's wire format."""

    def authorised(self, call: Call) -> bool:
        """Is there any credential where this dialect has one?"""

    def serve(self, call: Call) -> Served:
        """Answer. Raises BadCall; 404 if there is no such endpoint."""

    def error(self, status: int, message: str, kind: str = "") -> bytes:
        """An error body. kind: the provider's own type or code; "" takes the usual one of the status."""

    def error_event(self, call: Call) -> bytes:
        """An error as it comes in the middle of a stream that `call` asked for."""

    def headers(self, seed: int, status: int) -> Iterable[tuple[str, str]]:
        """What this provider adds to every reply."""


def event(data: Any, name: str = "") -> bytes:
    """One server-sent event; data is spelled as compact JSON."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + orjson.dumps(data) + b"\n\n"


def whole(value: Any, *, seed: int = 0, tokens: int = 0) -> Served:
    """An unstreamed JSON reply, indented as the providers do."""
    return Served((orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n",), JSON, seed, tokens)


def stream(pieces: Iterable[bytes], *, seed: int, tokens: int, content_type: str = SSE) -> Served:
    """A streamed reply."""
    return Served(tuple(pieces), content_type, seed, tokens, streamed=True)


def texts_of(content: Any, key: str = "text") -> list[str]:
    """The texts in a message's content: a string, or a list of parts that have a `key`."""
    if isinstance(content, str):
        return [content]
    if isinstance(content, list):
        return [str(part[key]) for part in content if isinstance(part, dict) and isinstance(part.get(key), str)]
    return []


def whole_number(value: Any) -> int | None:
    """An integer of at least 1, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
