"""What was found in texts that were looked at before. A conversation comes again with every turn: only what is new is looked at.

Holds findings (kinds and places) under a keyed digest of the text, never a text. One per process: engines do not change while it lives. What nobody has asked about for a
while goes, or what is seldom filled would fill for hours.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import blake2b

from detectors.base import Finding
from detectors.text import Text

MIN_CHARS = 16  # shorter texts are looked at faster than looked up
FINDINGS = 100  # of one text, unless told otherwise; of all together, five for each text that may be held: some 20 MB
FORGET_S = 300.0  # unused for so long, it goes within as long again
_MARK = ("", b"")  # what stands before it has not been asked for since it was put there


class Seen:
    """most: texts; the longest unused goes first.  each: findings of a text; one with more is not held.  now: a clock, in seconds; without one nothing grows old."""

    def __init__(self, most: int = 20_000, *, each: int = FINDINGS, now: Callable[[], float] = lambda: 0.0) -> None:
        self._most, self._each, self._now = most, each, now
        self._due = now() + FORGET_S
        self._found: OrderedDict[tuple[str, bytes], tuple[Finding, ...]] = OrderedDict()
        self._findings = 0  # in all of them
        self._keyed = blake2b(digest_size=16, key=os.urandom(16))  # nothing but its key yet: a copy is made in half the time
        self.hits = 0

    def name(self, text: Text) -> bytes:
        """What a text is known by; b"" if it is not worth remembering."""
        raw = text.raw
        if len(raw) < MIN_CHARS:
            return b""
        said = f"{len(text.before)}:{text.before}{raw}"  # with the length, so that no text can be spelled to be taken for another
        digest = self._keyed.copy()
        digest.update(said.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def get(self, engine: str, name: bytes) -> tuple[Finding, ...] | None:
        if not name:
            return None
        found = self._found.get((engine, name))
        if found is not None:
            self.hits += 1
            self._found.move_to_end((engine, name))
        return found

    def put(self, engine: str, name: bytes, findings: Sequence[Finding]) -> None:
        if not name or len(findings) > self._each or (engine, name) in self._found:
            return
        if self._now() >= self._due:
            self._forget()
        self._found[engine, name] = tuple(findings)
        self._findings += len(findings)
        while len(self._found) > self._most or self._findings > 5 * self._most:
            self._findings -= len(self._found.popitem(last=False)[1])

    def _forget(self) -> None:
        while _MARK in self._found:  # else all that is there has been asked for since
            self._findings -= len(self._found.popitem(last=False)[1])
        self._found[_MARK] = ()
        self._due = self._now() + FORGET_S
