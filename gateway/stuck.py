"""Workers that have stopped beating: the supervisor ends them, because nobody else can, and starts them anew.

A beat that is old says little by itself: clocks are set, and a machine that was asleep for a minute makes every beat old at once. So it is counted how often in
a row the supervisor, itself awake all the time, has found the very same beat. Let be is who is not to blame: a process that somebody has stopped on
purpose (SIGSTOP, a debugger), one that the kernel has waiting for a disk, where its successor would wait as well, and one that would run if it were given a processor.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from gateway import vitals
from gateway.child import Child

LOOK_S = 1.0
SILENT_S = 5.0  # without a beat; workers beat ten times a second
BUSY = 0.5  # of that time: what it must have had of a processor, if it runs
LAST_WORD_S = 1.0  # to write down where it stands
_EXCUSED = (b"T", b"t", b"D", b"")  # stopped, traced, waiting for a disk; gone
_TICKS = os.sysconf("SC_CLK_TCK")


class Stuck:
    """What one supervisor knows of its workers' beats."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._seen: dict[str, tuple[int, float, float, float]] = {}  # by name: pid, beat; time.monotonic() and its processor time when that beat was first seen
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
            if page is None or child.pid is None or page["pid"] != child.pid or not page["beat_at"]:
                self._seen.pop(child.name, None)
                continue
            state, had = doing(child.pid)
            pid, beat, since, before = self._seen.get(child.name, (0, 0.0, now, had))
            if state in _EXCUSED:
                self._seen.pop(child.name, None)
            elif (pid, beat) != (child.pid, page["beat_at"]):
                self._seen[child.name] = child.pid, page["beat_at"], now, had
            elif now - since >= SILENT_S and (state != b"R" or had - before >= BUSY * SILENT_S):
                found.append(child)
                del self._seen[child.name]
        return found


def doing(pid: int) -> tuple[bytes, float]:
    """What the kernel says of a process: the letter of its state (proc(5); b"": there is none) and the seconds of processor time that it has had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return fields[0], (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, IndexError, ValueError):
        return b"", 0.0
