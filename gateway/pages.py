"""Pages of programs and libraries that were needed once, to start.

A library's file is read into memory page by page as it is touched, and with each page the sixteen around it. What loading alone has touched stays with the process: of ClickHouse two thirds of what it has of its program, of a
model's process half of all libraries. Letting go of them takes nothing from anybody: their content is the file's, and what is touched again comes back from the kernel's cache of it, in a microsecond or two for sixteen.

Rules of this file: only mappings of files in which nothing was ever written (no `w`, no page of the process's own, in memory or swapped out), so nothing can be lost; where there is no Linux, nothing is done; nothing here raises.
"""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

MAPPINGS = Path("/proc/self/smaps")  # a process that takes rights from itself must leave itself this one
_DONTNEED = 4  # MADV_DONTNEED of <sys/mman.h>
_SMALLEST = 256 << 10  # bytes in memory: of less it is not worth a call
_HEAD = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (r-[-x])p [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ (\d+) ")


def let_go() -> int:
    """Drop them. Returns how many bytes; some milliseconds."""
    try:
        advise, text = ctypes.CDLL(None).madvise, MAPPINGS.read_text(errors="replace")
    except (AttributeError, OSError):
        return 0
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    freed = 0
    for start, end, held in _untouched(text):
        if held >= _SMALLEST and advise(start, end - start, _DONTNEED) == 0:
            freed += held
    return freed


def _untouched(text: str) -> list[tuple[int, int, int]]:
    """(start, end, bytes in memory) of the mappings of files that hold nothing but the file."""
    found = []
    for part in re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", text):
        head = _HEAD.match(part)
        if head is not None and head[4] != "0" and _of(part, "Anonymous") == 0 and _of(part, "Swap") <= 0:
            found.append((int(head[1], 16), int(head[2], 16), _of(part, "Rss")))
    return found


def _of(part: str, name: str) -> int:
    match = re.search(rf"^{name}: +(\d+) kB$", part, re.MULTILINE)
    return int(match[1]) << 10 if match is not None else -1
