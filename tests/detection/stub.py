"""A detector as a model's would be: finds the words that are written in capitals, and does what texts tell it to."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time

from detectors.base import Finding
from detectors.text import Text


def _littered(mb: int) -> list[int]:
    """Take so much from the C library's heap in blocks of 100 KB and free all but the last, which keeps the heap as long as it was. Returns what is kept."""
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes, library.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
    blocks = [library.malloc(100_000) for _ in range(10 * mb)]
    for block in blocks:
        ctypes.memset(block, 1, 100_000)
    for block in blocks[:-1]:
        library.free(block)
    return blocks[-1:]


class Stub:
    """Orders: `loop`, `segfault`, `abort`, `raise`, `exit`, `hoard`, `sleep 0.5`, `garbage`; anything else is a text."""

    def __init__(self, *, load_s: float = 0.0, fails: bool = False, slow_s: float = 0.0, litter_mb: int = 0) -> None:
        self._slow_s = slow_s
        self._kept = _littered(litter_mb)
        time.sleep(load_s)
        if fails:
            raise OSError("no such model")

    def find_all(self, texts: list[Text]) -> list[list[Finding]]:
        time.sleep(self._slow_s)
        return [self._find(text.raw) for text in texts] if not texts[0].raw.startswith("garbage") else []

    def _find(self, raw: str) -> list[Finding]:
        order, _, rest = raw.partition(" ")
        if order == "loop":
            while True:
                pass
        if order == "segfault":
            ctypes.string_at(0)
        if order == "abort":
            os.kill(os.getpid(), signal.SIGABRT)
        if order == "raise":
            raise LookupError(raw)
        if order == "exit":
            raise SystemExit(0)
        if order == "hoard":
            hoard = [bytearray(1 << 20)]
            while True:
                hoard.append(bytearray(1 << 24))
        if order == "sleep":
            time.sleep(float(rest.split()[0]))
        return [Finding("stub", "WORD", hit.start(), hit.end(), 0.75) for hit in re.finditer(r"\b[A-Z]{2,}\b", raw)]
