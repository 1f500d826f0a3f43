"""Keys that a provider repeats in an error: "Incorrect API key provided: ...", a proxy's page with the request's headers, and the like.

The gate's own key (providers.NAME.key) reaches no caller: in an error reply, head and body, each character of it becomes "*", so that nothing else changes, its length included. A
caller's own key reaches that caller, for replies are relayed as they are; in the record's copy it is starred, too (`Kept.hides`). Looked at are replies with status 400 and up,
compressed ones (gzip, deflate) unpacked if they say a key, and no longer than MAX_BYTES; for the record also streams without a terminal event, which may have ended in an error. Deliberately absent: replies that are a success, which nobody has seen to repeat a key
and which would cost every stream a search; keys spelled otherwise than they were sent.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

Head = tuple[int, list[tuple[bytes, bytes]]]
LEAST = 12  # bytes: what is shorter ("none", "EMPTY") protects nothing, and would be starred wherever it stands
MAX_BYTES = 1 << 20
_ENCODED = (b"gzip", b"x-gzip", b"deflate")


def keys_in(credential: bytes) -> tuple[bytes, ...]:
    """The keys in what tells callers apart (`auth.Caller.affinity`): header values, a line each, or a query."""
    found = []
    for line in credential.split(b"\n"):
        named = [value for name, _, value in (pair.partition(b"=") for pair in line.split(b"&")) if name == b"key"]
        found += named or [line.rpartition(b" ")[2]]
    return tuple(key for key in found if len(key) >= LEAST)


def starred(data: bytes, keys: Iterable[bytes]) -> bytes:
    for key in keys:
        if key in data:
            data = data.replace(key, b"*" * len(key))
    return data


class Veil:
    """Over one error reply of a provider whose key is the gate's."""

    __slots__ = ("_head", "_key", "_packed", "_rest")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._rest = b""  # what may be the key's beginning; of a compressed reply all
        self._head: Head | None = None  # of a compressed reply, until it has ended
        self._packed = False

    def push(self, head: Head | None, data: bytes, ended: bool) -> tuple[Head | None, bytes]:
        """What a sink may be given of what it would be given."""
        if head is not None:
            head = (head[0], [(name, starred(value, (self._key,))) for name, value in head[1]])
            self._packed = any(name.lower() == b"content-encoding" and value.lower() in _ENCODED for name, value in head[1])
            if self._packed:
                self._head, head = head, None
        data = self._rest + data
        if self._head is not None:
            if not ended and len(data) <= MAX_BYTES:
                self._rest = data
                return None, b""
            head, self._head, self._rest = self._head, None, b""
            plain = unpacked(data) if ended else None
            if plain is not None and self._key in plain:
                headers = [(name, value) for name, value in head[1] if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")]
                data = starred(plain, (self._key,))
                head = (head[0], [*headers, (b"content-length", b"%d" % len(data))])
            return head, data
        if self._packed:
            return head, data
        data = starred(data, (self._key,))
        keep = 0 if ended else next((size for size in range(min(len(self._key) - 1, len(data)), 0, -1) if data.endswith(self._key[:size])), 0)
        self._rest, data = data[len(data) - keep :], data[: len(data) - keep]
        return head, data


def unpacked(data: bytes) -> bytes | None:
    """What gzip or deflate holds, as far as it goes; None: neither, or too long."""
    for bits in (47, -15):  # gzip or zlib by their beginnings; bare deflate
        try:
            engine = zlib.decompressobj(bits)
            plain = engine.decompress(data, MAX_BYTES)
        except zlib.error:
            continue
        return None if engine.unconsumed_tail else plain
    return None
