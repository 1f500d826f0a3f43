"""A custom detector that finds badge numbers, and fails in the way that a text orders. Runs sealed, in processes of the detector pool."""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable, Iterator

KIND = "BADGE"
MAX_SPAN = 40  # for a configuration that states one
_BADGE = re.compile(r"badge \d{4}")
_ORDER = re.compile(r"order-([a-z]+)")


def find(text: str) -> object:
    """Findings, or what the first order in the text asks for: `order-raise`, `order-hang`; any word of FAULTS."""
    order = _ORDER.search(text)
    return FAULTS[order[1]](text) if order is not None else [_finding(*hit.span()) for hit in _BADGE.finditer(text)]


def _finding(start: int, end: int, kind: str = KIND, score: float = 1.0) -> dict[str, object]:
    return {"kind": kind, "start": start, "end": end, "score": score}


def _raise(text: str) -> object:
    raise LookupError(text)


def _leave(text: str) -> object:
    raise SystemExit(0)


def _halfway(text: str) -> Iterator[object]:
    yield _finding(0, 1)
    raise ValueError(text)


def _hang(text: str) -> object:
    while True:
        pass


def _segfault(text: str) -> object:
    return ctypes.string_at(0)


def _exit(text: str) -> object:
    os._exit(0)


def _hoard(text: str) -> object:
    return bytearray(1 << 45)


RAISES: dict[str, Callable[[str], object]] = {"raise": _raise, "leave": _leave, "halfway": _halfway}
GARBAGE: dict[str, Callable[[str], object]] = {
    "nothing": lambda text: None,
    "words": lambda text: text,
    "loose": lambda text: [(KIND, 0, 1, 1.0)],
    "beyond": lambda text: [_finding(0, len(text) + 1)],
    "backwards": lambda text: [_finding(3, 1)],
    "stranger": lambda text: [_finding(0, 1, "OTHER")],
    "unlikely": lambda text: [_finding(0, 1, score=float("nan"))],
    "mixed": lambda text: [_finding(0, 1), None],
}
HANGS: dict[str, Callable[[str], object]] = {"hang": _hang}
DEATHS: dict[str, Callable[[str], object]] = {"segfault": _segfault, "exit": _exit, "hoard": _hoard}
FAULTS = RAISES | GARBAGE | HANGS | DEATHS
