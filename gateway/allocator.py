"""What an allocator does with memory that is free again.

A recorder makes and frees bodies and rows of any length, in waves: after an outage of the store its batches are hundreds of times as large as in calm. glibc as it comes keeps
what such a wave has left: each freed block that it had mapped by itself makes it map only larger ones from then on, up to 32 MB, so that bodies and rows come from a heap that only
shrinks at its end, and every thread has a heap of its own. So the limits are fixed, heaps are few, and what lies free inside of them is given back now and then. A detector's process takes half as much again
while it loads its model as it needs for it, and gives that back once. A worker's bodies come in pieces of a quarter of a megabyte (gateway/proxy/long.py), which it takes from a heap that keeps some room: what is mapped anew for each costs as much as all else
that is done with it.

Rules of this file: where there is no glibc, nothing is done; nothing here raises.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # M_... of malloc.h
MAP_BYTES = 128 << 10  # longer blocks are mapped, and unmapped when they are freed: what glibc begins with
TOP_BYTES = 1 << 20  # free at a heap's end, before it is given back
ARENAS = 2


def steady(map_bytes: int = MAP_BYTES, top_bytes: int = TOP_BYTES) -> bool:
    """To be called before there are threads. False: there is no glibc."""
    set_limit = _function("mallopt")
    return set_limit is not None and all([set_limit(_MMAP_THRESHOLD, map_bytes), set_limit(_TRIM_THRESHOLD, top_bytes), set_limit(_ARENA_MAX, ARENAS)])


def give_back() -> None:
    """Give whole pages that lie free between others back to the kernel. Some .13 ms for each MB; whoever asks for memory meanwhile, in whatever thread, waits for it."""
    trim = _function("malloc_trim")
    if trim is not None:
        trim(0)


def free() -> int:
    """Bytes that lie free in the heaps, those included that were given back: `give_back` has no more to do than this. 0 where that is not known. Microseconds; a millisecond for some 30,000 pieces that lie free between others: glibc looks at each."""
    tell = _function("mallinfo2")
    if tell is None:
        return 0
    tell.restype = _Info  # type: ignore[attr-defined]
    return int(tell().fordblks)  # type: ignore[attr-defined]


class _Info(ctypes.Structure):
    """struct mallinfo2 of malloc.h."""

    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]


def _function(name: str) -> Callable[..., int] | None:
    """One of glibc's own; None where there is another library, or none to ask."""
    try:
        return getattr(ctypes.CDLL(None), name)  # type: ignore[no-any-return]
    except (AttributeError, OSError):
        return None
