"""Undo a body's Content-Encoding for the record: what was relayed as it came is stored as text.

Rules of this file: pure; never raises, whatever the bytes are; the work is bounded by what comes out, so a decompression bomb
costs no more than an honest body. What could be decoded is kept and marked incomplete: a cut gzip stream still tells most of
the story.

Known: identity, gzip, deflate (with and without its zlib wrapper), zstd, and up to three of them stacked. Deliberately absent: brotli,
which would be a dependency for replies that the gate asks to receive unencoded anyway. Sources: RFC 9110 section 8.4, RFC 8878.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_LAYERS = 3
MAX_RATIO = 100  # text compresses 3 to 20 times; base64 of zeros is somebody's attack
FREE_BYTES = 1 << 20  # up to here any ratio is fine: small and repetitive is common
_PIECE = 16 * 1024  # fed at a time, so that an error in the middle loses at most one piece of what came before it
_ZSTD_WINDOW_LOG = 23  # 8 MiB, what RFC 8878 asks decoders to support; more is memory taken by a header


@dataclass(frozen=True, slots=True)
class Decoded:
    """whole: False if the body was cut, damaged, or more than may be unpacked; `data` is then its beginning."""

    data: bytes
    whole: bool


class _Stream(Protocol):
    """What zlib's and zstd's decoders have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def decode(body: bytes, content_encoding: str, limit: int) -> Decoded | None:
    """Decode a body.

    content_encoding: the header's value, "" if there was none.  limit: bytes of output to keep at most.
    None: an encoding that is not known here, or more than MAX_LAYERS of them.
    """
    layers = [name for part in content_encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(layers) > MAX_LAYERS:
        return None
    data, whole = body, True
    for name in reversed(layers):  # the header lists them in the order in which they were applied
        open_stream = _opener(name, data)
        if open_stream is None:
            return None
        layer = _unpack(data, open_stream, min(limit, max(FREE_BYTES, MAX_RATIO * len(data))), members=name != "deflate")
        data, whole = layer.data, whole and layer.whole
    return Decoded(data, whole) if len(data) <= limit else Decoded(data[:limit], False)


def _opener(name: str, data: bytes) -> Callable[[], _Stream] | None:
    if name in ("gzip", "x-gzip"):
        return lambda: zlib.decompressobj(wbits=31)
    if name == "deflate":
        wrapped = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0  # RFC 1950's two check bytes
        return lambda: zlib.decompressobj(wbits=15 if wrapped else -15)
    if name == "zstd":
        return lambda: zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
    return None


def _unpack(data: bytes, open_stream: Callable[[], _Stream], most: int, *, members: bool) -> Decoded:
    """One layer. members: the format may be several compressed streams one after another."""
    out, at = bytearray(), 0
    while at < len(data):
        stream = open_stream()
        begun = at
        while at < len(data) and not stream.eof:
            piece = data[at : at + _PIECE]
            try:
                out += stream.decompress(piece, most - len(out) + 1)
            except (zlib.error, zstd.ZstdError):
                # Bytes after a complete stream that are no stream are padding, not damage.
                return Decoded(bytes(out), begun > 0 and at == begun)
            at += len(piece)
            if len(out) > most:
                return Decoded(bytes(out[:most]), False)
        if not stream.eof:
            return Decoded(bytes(out), False)
        if not members:
            break
        at -= len(stream.unused_data)
    return Decoded(bytes(out), bool(data))
