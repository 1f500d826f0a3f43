"""Whom the kernel ends first where memory runs out: what can be done again before what relays (law 4)."""

from __future__ import annotations

import contextlib
from pathlib import Path

WORKER, RECORDER, STORE, CONSOLE, DETECTORS, DRIFT = 0, 100, 200, 300, 600, 800  # added to what the gate itself was given; 1000 is the most there is
_MOST = 1000
_FILE = Path("/proc/self/oom_score_adj")


def stand_in_front(by: int) -> None:
    """Have this process, and those that it starts, ended sooner, by this much of what the kernel reckons with. Never later: that needs a right of its own."""
    with contextlib.suppress(OSError, ValueError):  # no such file elsewhere, and none to be written in some sandboxes
        _FILE.write_text(str(min(_MOST, int(_FILE.read_text()) + by)))
