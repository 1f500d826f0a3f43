"""What the journal holds of one exchange: its frames, put together.

Rules of this file: pure; whatever is missing or unreadable is left empty and noted, never an error: the row says what is known.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, fields
from typing import Any, NamedTuple, TypeVar

import orjson

from gateway.exchange import BodyNote, Closed, Opened
from gateway.journal import Frame, Kind

_Meta = TypeVar("_Meta", Opened, Closed)
_make = tuple.__new__  # a NamedTuple's own constructor takes three times as long
_KINDS = (Opened, Closed)
_EMPTY = {kind: {f.name: f.default_factory() for f in fields(kind) if f.default_factory is not MISSING} for kind in _KINDS}  # nobody changes what is read, so they are shared
_NEEDED = {kind: frozenset(f.name for f in fields(kind) if f.default is f.default_factory is MISSING) for kind in _KINDS}


class Captured(NamedTuple):
    """One exchange as the data plane wrote it down. opened, closed: None if that frame is missing. Bodies are as relayed, encoded.

    stream: the journal stream's name.  request_note, reply_note: why a body is not whole, "" if it is.
    """

    id: uuid.UUID
    stream: str
    opened: Opened | None
    closed: Closed | None
    request_body: bytes
    reply_body: bytes
    request_note: str
    reply_note: str


def capture(id: bytes, stream: str, frames: Iterable[Frame]) -> Captured:
    """Put an exchange's frames together. They come in the order in which they were written."""
    opened: Opened | None = None
    closed: Closed | None = None
    request: list[bytes] = []
    reply: list[bytes] = []
    parts: list[bytes] = []  # of the reply
    request_parts = 0
    for frame in frames:
        if frame.kind is Kind.OPEN:
            opened = _read(Opened, frame.meta)
            request.append(frame.body)
        elif frame.kind is Kind.CLOSE:
            closed = _read(Closed, frame.meta)
            reply.append(frame.body)
        elif frame.kind is Kind.REQUEST_PART:
            request_parts += 1
            request.append(frame.body)
        else:
            parts.append(frame.body)
    request_note = _note(opened, request_parts)
    reply_note = ""
    if closed is not None:  # a reply without its CLOSE is as long as it is; how many parts there should be is not known
        reply_note = _note(closed, len(parts))
        if len(parts) > closed.body_parts:  # the first are of a reply in whose place the caller got another
            parts = parts[len(parts) - closed.body_parts :]
    if parts:
        reply[:0] = parts
    return _make(Captured, (uuid.UUID(bytes=id), stream, opened, closed, b"".join(request), b"".join(reply), request_note, reply_note))


def together(captured: Sequence[Captured]) -> Iterator[Sequence[Captured]]:
    """In their order, those that may be read at the same time. One that is compressed comes by itself: nobody knows how long it is, or what it leaves of its batch's room."""
    start = 0
    for at, one in enumerate(captured):
        if (one.opened and one.opened.content_encoding) or (one.closed and one.closed.content_encoding):
            if start < at:
                yield captured[start:at]
            yield captured[at : at + 1]
            start = at + 1
    if start < len(captured):
        yield captured[start:]


def _note(meta: Opened | Closed | None, parts: int) -> str:
    if meta is None:
        return BodyNote.UNREADABLE.value
    if meta.body_note:
        return meta.body_note
    return BodyNote.DISK.value if parts < meta.body_parts else ""


def _read(kind: type[_Meta], meta: bytes) -> _Meta | None:
    """The meta of a frame; fields that a newer version added are nobody's. None if it is not what this version knows (CRC right, writer odd)."""
    try:
        raw: dict[str, Any] = orjson.loads(meta)
        return kind.of({**_EMPTY[kind], **raw}) if raw.keys() >= _NEEDED[kind] else None
    except (ValueError, TypeError, AttributeError):
        return None
