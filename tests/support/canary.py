"""Secrets that sing: one of each sort, unlike anything else on the machine, and how to hear a piece of one in a heap of bytes.

    flock = Flock(seed=5)
    key = flock.hatch("caller key", "sk-")             a new canary; the beginning is nobody's secret
    flock.heard(path.read_bytes())                     names of those of which twelve characters or more are in there

Heard are a secret's pieces of PIECE characters as they are, in capitals, in base64 at any of three offsets (both alphabets), in hexadecimal, and of the whole as URLs, JSON and HTML
spell it. Not heard: what is compressed or encrypted, which is the point of some places, so the text that goes in there is looked at elsewhere.
"""

from __future__ import annotations

import base64
import html
import json
import random
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import numpy as np

PIECE = 12  # characters: a shorter one is nobody's key, and may stand anywhere by chance
_LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789"  # whatever changes letters to small ones changes nothing
_AT_A_TIME = 1 << 22


class Flock:
    """Canaries of one run. names: of all."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._pieces: dict[bytes, str] = {}
        self._table = np.zeros(1 << 24, dtype=bool)
        self.names: list[str] = []

    def hatch(self, name: str, beginning: str = "", *, odd: str = "", size: int = 32) -> str:
        """A new one. odd: characters that encodings change, to be in its middle."""
        drawn = "".join(self._random.choices(_LETTERS, k=size))
        secret = drawn[: size // 2] + odd + drawn[size // 2 :]
        self.adopt(name, secret)
        return beginning + secret

    def adopt(self, name: str, secret: str) -> None:
        """One that somebody else has made. Raises ValueError if it is too short to be told from chance."""
        if len(secret) < PIECE:
            raise ValueError(f"{name}: {len(secret)} characters are too few")
        self.names.append(name)
        for piece in _pieces(secret):
            self._pieces[piece] = name
            self._table[piece[0] | piece[1] << 8 | piece[2] << 16] = True

    def heard(self, data: bytes | str) -> list[str]:
        """Names of the canaries of which a piece is in there."""
        whole = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        found: set[str] = set()
        for start in range(0, len(whole), _AT_A_TIME):
            part = whole[start : start + _AT_A_TIME + PIECE]
            if len(part) < PIECE:
                break
            each = np.frombuffer(part, dtype=np.uint8).astype(np.uint32)
            maybe = np.flatnonzero(self._table[each[:-2] | each[1:-1] << 8 | each[2:] << 16])
            found.update(name for at in maybe.tolist() if (name := self._pieces.get(part[at : at + PIECE])) is not None)
        return sorted(found)


def _pieces(secret: str) -> Iterator[bytes]:
    """What to look for, each of PIECE bytes."""
    raw = secret.encode()
    for spelled in {secret, secret.upper(), json.dumps(secret)[1:-1], quote(secret, safe=""), quote_plus(secret), html.escape(secret)}:
        yield from _windows(spelled.encode())
    yield from _windows(raw.hex().encode())
    yield from _windows(raw.hex().upper().encode())
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)[4 if offset else 0 : -4]  # without what depends on its neighbours
        yield from _windows(coded)
        yield from _windows(coded.translate(bytes.maketrans(b"+/", b"-_")))


def _windows(data: bytes) -> Iterator[bytes]:
    for at in range(len(data) - PIECE + 1):
        yield data[at : at + PIECE]
