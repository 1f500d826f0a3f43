"""Decoding of recorded bodies."""

from __future__ import annotations

import gzip
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.record.bodies import FREE_BYTES, Decoded, decode

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b'{"text": "' + b"the quick brown fox " * 500 + b'"}'
LIMIT = 8 << 20


def raw_deflate(data: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(data) + coder.flush()


ENCODERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstd.compress, "identity": bytes, "": bytes}


@pytest.mark.parametrize("name", ENCODERS)
def test_every_known_encoding_gives_the_text_back(name: str) -> None:
    """A body that stays compressed in the record cannot be searched, counted or priced."""
    assert decode(ENCODERS[name](TEXT), name, LIMIT) == Decoded(TEXT, True)


def test_deflate_without_its_wrapper_is_understood() -> None:
    """Some servers send what RFC 9110 calls wrong and every browser accepts."""
    assert decode(raw_deflate(TEXT), "deflate", LIMIT) == Decoded(TEXT, True)


def test_stacked_encodings_are_undone_from_the_outside() -> None:
    """The header lists encodings in the order of their application."""
    assert decode(zstd.compress(gzip.compress(TEXT)), "gzip, ZSTD", LIMIT) == Decoded(TEXT, True)


def test_several_members_are_one_body_and_padding_is_no_damage() -> None:
    """A streaming server may flush each chunk as its own gzip member; some pad the last."""
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", LIMIT) == Decoded(b"one two", True)
    assert decode(gzip.compress(b"one") + b"\0" * 8, "gzip", LIMIT) == Decoded(b"one", True)
    assert decode(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", LIMIT) == Decoded(b"one two", True)


@pytest.mark.parametrize("name", ["br", "aes128gcm", "gzip, br", "gzip, gzip, gzip, gzip"])
def test_unknown_encodings_are_told_apart_from_damage(name: str) -> None:
    """None means: keep no body and say why; it must not look like an empty body."""
    assert decode(gzip.compress(TEXT), name, LIMIT) is None


@pytest.mark.covers("U13")
@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd"])
def test_a_cut_body_keeps_its_beginning_and_is_not_called_whole(name: str) -> None:
    """A truncated reply must not be recorded as complete, and what did arrive is worth reading."""
    noise = b"".join(zlib.crc32(i.to_bytes(4, "big")).to_bytes(4, "big").hex().encode() for i in range(60_000))
    packed = ENCODERS[name](noise)
    cut = decode(packed[: len(packed) * 9 // 10], name, LIMIT)
    assert cut is not None
    assert (cut.whole, noise.startswith(cut.data), len(cut.data) > len(noise) // 2) == (False, True, True)


@pytest.mark.covers("U13")
@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd"])
def test_a_bomb_is_cut_at_the_ratio_and_at_the_limit(name: str) -> None:
    """A few kilobytes must not become gigabytes in the recorder."""
    bomb = ENCODERS[name](bytes(64 << 20))
    by_ratio = max(FREE_BYTES, 100 * len(bomb))
    assert decode(bomb, name, 1 << 30) == Decoded(bytes(by_ratio), False)
    assert decode(bomb, name, 1000) == Decoded(bytes(1000), False)


def test_identity_is_held_to_the_limit_too() -> None:
    """The limit is what the store keeps, however the body came."""
    assert decode(b"12345", "", 3) == Decoded(b"123", False)


@settings(deadline=None, max_examples=200)
@given(body=st.binary(max_size=400), name=st.sampled_from(["gzip", "deflate", "zstd", "gzip, zstd", "deflate, gzip", "", "br"]), limit=st.integers(0, 500))
def test_no_bytes_make_it_raise_or_exceed_the_limit(body: bytes, name: str, limit: int) -> None:
    """A recorder that dies of a body dies again when it reads the journal again."""
    decoded = decode(body, name, limit)
    assert decoded is None or len(decoded.data) <= limit


@settings(deadline=None, max_examples=100)
@given(data=st.binary(max_size=5000), name=st.sampled_from(["gzip", "deflate", "zstd"]), at=st.integers(0, 10_000))
def test_wherever_a_body_is_cut_what_is_kept_is_its_beginning(data: bytes, name: str, at: int) -> None:
    """Invented bytes in a record would be worse than missing ones."""
    packed = ENCODERS[name](data)
    decoded = decode(packed[:at], name, LIMIT)
    assert decoded is not None
    assert data.startswith(decoded.data)
    assert decoded.whole == (at >= len(packed))
