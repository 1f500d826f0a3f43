"""What was found in texts that were looked at before. A conversation comes again with every turn: only what is new is looked at.

Holds findings (kinds and places) under a keyed digest of the text, never a text. One per process: engines do not change while it lives.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from hashlib import blake2b

from detectors.base import Finding
from detectors.text import Text

MIN_CHARS = 64  # shorter texts are looked at faster than looked up


class Seen:
    """most: texts; the longest unused goes first."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._found: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()
        self._key = os.urandom(16)
        self.hits = 0

    def get(self, engine: str, text: Text) -> tuple[Finding, ...] | None:
        if len(text.raw) < MIN_CHARS:
            return None
        key = self._digest(engine, text)
        found = self._found.get(key)
        if found is not None:
            self.hits += 1
            self._found.move_to_end(key)
        return found

    def put(self, engine: str, text: Text, findings: list[Finding]) -> None:
        if len(text.raw) < MIN_CHARS or len(findings) > 100:
            return
        self._found[self._digest(engine, text)] = tuple(findings)
        if len(self._found) > self._most:
            self._found.popitem(last=False)

    def _digest(self, engine: str, text: Text) -> bytes:
        digest = blake2b(text.raw.encode("utf-8", "surrogatepass"), digest_size=16, key=self._key)
        digest.update(f"\0{engine}\0{text.before}".encode("utf-8", "surrogatepass"))
        return digest.digest()
