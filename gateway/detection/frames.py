"""The wire of the pool: frames on the unix socket between gate and pool, and on the socket pair between pool and child.

    u32 length of the body | u32 id | u8 kind | body

    client > pool    JOB    f64 deadline (CLOCK_MONOTONIC, one clock for all processes of a machine), u16 + name of the detector, texts
                     DROP   give the job up; nothing is answered
                     STATE  asks for the pool's counters
    pool > client    FOUND  rows;  FAILED  u8 reason, detail;  STATE  JSON
    pool > child     SPEC   JSON, first and once;  TASK  texts
    child > pool     READY  JSON, once loaded;  UNLOADED  why not;  FOUND  rows;  RAISED  exception class;  GARBAGE

    texts            u32 count, then u32 + raw, u32 + before for each; UTF-8, in which lone surrogates pass: JSON can hold them
    rows             JSON, for each text a list of [kind, start, end, score]; in front, on the way to the client, u8 + what findings call their
                     detector: `pii` is several of the pool's. No bytes at all: nothing found in any

Nothing here trusts the other side: what does not parse raises ValueError.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path

import orjson

from detectors.base import Finding
from gateway.errors import TidegateError

HEAD = struct.Struct("<IIB")
_U32, _JOB = struct.Struct("<I"), struct.Struct("<dH")
MAX_FRAME = 1 << 30
_MAX_SUN_PATH = 107  # bytes of an AF_UNIX path
REASONS = ("timeout", "crashed", "failed", "garbage", "busy", "unavailable")

Texts = Sequence[tuple[str, str]]  # (raw, before)


class Kind(IntEnum):
    """See the module."""

    JOB = 1
    DROP = 2
    STATE = 3
    FOUND = 4
    FAILED = 5
    SPEC = 6
    TASK = 7
    READY = 8
    UNLOADED = 9
    RAISED = 10
    GARBAGE = 11


class DetectorFailed(TidegateError):
    """A detector gave no answer that can be used. What that means is the rule's word (on_error).

    reason: timeout (none in time), crashed (its process died), failed (it raised, or its webhook answered with an error), garbage (no list of findings),
    busy (the pool is full), unavailable (no pool, no such detector, or its circuit is open).  detail: an exception's class or a status, never text.
    """

    def __init__(self, detector: str, reason: str, detail: str = "") -> None:
        super().__init__(f'detector "{detector}": {reason}' + (f" ({detail})" if detail else ""))
        self.detector, self.reason, self.detail = detector, reason, detail


class Reader:
    """Frames from bytes as they come. admit(kind, id, length) is asked before a body is buffered; False: the body is skipped."""

    def __init__(self, *, limit: int = MAX_FRAME, admit: Callable[[int, int, int], bool] | None = None) -> None:
        self._limit, self._admit = limit, admit
        self._buffer = bytearray()
        self._skip = 0
        self._head: tuple[int, int, int] | None = None

    def feed(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """(kind, id, body) of each frame that is now whole. Raises ValueError if a frame is longer than the limit."""
        frames: list[tuple[int, int, bytes]] = []
        buffer = self._buffer
        buffer += data
        while True:
            if self._skip:
                gone = min(self._skip, len(buffer))
                del buffer[:gone]
                self._skip -= gone
            if self._head is None:
                if self._skip or len(buffer) < HEAD.size:
                    return frames
                length, id, kind = HEAD.unpack_from(buffer)
                del buffer[: HEAD.size]
                if self._admit is not None and not self._admit(kind, id, length):
                    self._skip = length
                    continue
                if length > self._limit:
                    raise ValueError(f"a frame of {length} bytes")
                self._head = (length, id, kind)
            length, id, kind = self._head
            if len(buffer) < length:
                return frames
            frames.append((kind, id, bytes(buffer[:length])))
            del buffer[:length]
            self._head = None


def frame(kind: Kind, id: int = 0, body: bytes = b"") -> bytes:
    return HEAD.pack(len(body), id, kind) + body


def pack_texts(texts: Texts) -> bytes:
    parts = [_U32.pack(len(texts))]
    for text in texts:
        for part in text:
            encoded = part.encode("utf-8", "surrogatepass")
            parts.append(_U32.pack(len(encoded)))
            parts.append(encoded)
    return b"".join(parts)


def unpack_texts(body: bytes, at: int = 0) -> list[tuple[str, str]]:
    """Raises ValueError if it is none."""
    try:
        count = _U32.unpack_from(body, at)[0]
        at += 4
        if count * 8 > len(body) - at:
            raise ValueError("fewer texts than said")
        parts: list[str] = []
        for _ in range(2 * count):
            end = at + 4 + _U32.unpack_from(body, at)[0]
            if end > len(body):
                raise ValueError("a text beyond the end")
            parts.append(body[at + 4 : end].decode("utf-8", "surrogatepass"))
            at = end
    except struct.error as e:
        raise ValueError("cut short") from e
    if at != len(body):
        raise ValueError("bytes after the texts")
    return list(zip(parts[::2], parts[1::2], strict=True))


def pack_job(id: int, detector: str, texts: Texts, deadline: float) -> bytes:
    """A whole JOB frame. deadline: time.monotonic()."""
    name = detector.encode()
    return frame(Kind.JOB, id, _JOB.pack(deadline, len(name)) + name + pack_texts(texts))


def unpack_job(body: bytes) -> tuple[str, list[tuple[str, str]], float]:
    """(detector, texts, deadline). Raises ValueError."""
    if len(body) < _JOB.size:
        raise ValueError("cut short")
    deadline, length = _JOB.unpack_from(body)
    at = _JOB.size + length
    return body[_JOB.size : at].decode(), unpack_texts(body, at), deadline


def pack_rows(found: Sequence[Sequence[Finding]]) -> bytes:
    """All findings are of one detector."""
    detector = next((f.detector for each in found for f in each), None)
    if detector is None:
        return b""
    name = detector.encode()[:255]
    return bytes((len(name),)) + name + orjson.dumps([[(f.kind, f.start, f.end, f.score) for f in each] for each in found])


def unpack_found(count: int, body: bytes) -> list[list[Finding]]:
    """What the pool answers, checked by it before (gateway/detection/verify.py). Raises ValueError."""
    if not body:
        return [[] for _ in range(count)]
    detector = body[1 : 1 + body[0]].decode("utf-8", "replace")
    rows = orjson.loads(body[1 + body[0] :])
    if len(rows) != count:
        raise ValueError("not one list for each text")
    return [[Finding(detector, kind, start, end, score) for kind, start, end, score in each] for each in rows]


def pack_failure(id: int, reason: str, detail: str) -> bytes:
    return frame(Kind.FAILED, id, bytes((REASONS.index(reason),)) + detail.encode("utf-8", "replace"))


def unpack_failure(detector: str, body: bytes) -> DetectorFailed:
    reason = REASONS[body[0]] if body and body[0] < len(REASONS) else "garbage"
    return DetectorFailed(detector, reason, body[1:].decode("utf-8", "replace"))


@contextlib.contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name for a unix socket's path that the kernel takes, however long the path is: Linux resolves an open directory's name in /proc."""
    if len(os.fsencode(path)) <= _MAX_SUN_PATH:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
