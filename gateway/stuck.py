"""Workers that have stopped beating: the supervisor ends them, because nobody else can, and starts them anew.

A beat that is old says little by itself: clocks are set, and a machine that was asleep for a minute makes every beat old at once. So it is counted how often in
a row the supervisor, itself awake all the time, has found the very same beat. A process that somebody has stopped on purpose (SIGSTOP, a debugger) is let be.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from gateway import vitals
from gateway.child import Child

LOOK_S = 1.0
SILENT_S = 5.0  # without a beat; workers beat ten times a second


class Stuck:
    """What one supervisor knows of its workers' beats."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._seen: dict[str, tuple[int, float, float]] = {}  # by name: pid, beat, time.monotonic() when that beat was first seen
        self._looked_at = float("-inf")

    def look(self, children: Iterable[Child]) -> list[Child]:
        """Workers that must be ended. To be called every LOOK_S."""
        now = time.monotonic()
        if now - self._looked_at > 2 * LOOK_S:
            self._seen.clear()  # we were not awake ourselves
        self._looked_at = now
        found = []
        for child in children:
            page = vitals.read(self._run / f"{child.name}.vitals") if child.fds and child.pid is not None and child.state == "running" else None
            if page is None or child.pid is None or page["pid"] != child.pid or not page["beat_at"] or stopped(child.pid):
                self._seen.pop(child.name, None)
                continue
            pid, beat, since = self._seen.get(child.name, (0, 0.0, now))
            if (pid, beat) != (child.pid, page["beat_at"]):
                self._seen[child.name] = child.pid, page["beat_at"], now
            elif now - since >= SILENT_S:
                found.append(child)
                del self._seen[child.name]
        return found


def stopped(pid: int) -> bool:
    """Whether somebody has stopped it (SIGSTOP), or traces it."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"T", b"t")
    except (OSError, IndexError):
        return False
