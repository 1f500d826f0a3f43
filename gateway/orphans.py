"""What process 1 owes the others: who loses its parent becomes its child, and stays in the process table when it ends, until it is waited for.

In a container the supervisor is process 1. If the detector pool or the console is killed, what they had started is left to us. The supervisor's own children are
waited for by asyncio, at once; so only what is found ended at two looks, LOOK_S apart, is taken, and never a child of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

LOOK_S = 1.0


class Orphans:
    """Waits for adopted processes, in the running event loop. Does nothing anywhere but in process 1. own: the pids that somebody else waits for."""

    def __init__(self, own: Callable[[], set[int]]) -> None:
        self._own = own
        self._task: asyncio.Task[None] | None = None

    def watch(self) -> None:
        """Begin."""
        if os.getpid() == 1:
            asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._ended)

    def _ended(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._take())

    async def _take(self) -> None:
        seen: set[int] = set()
        while True:
            ended = _ended_children() - self._own()
            for pid in ended & seen:
                _forget(pid)
            seen = ended - seen
            await asyncio.sleep(LOOK_S)  # what is gone at the second look was somebody's own
            if not seen and not _ended_children() - self._own():
                return


def _forget(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _ended_children() -> set[int]:
    """Children of this process that have ended and were not waited for."""
    found, parent = set(), str(os.getpid())
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, above = stat.read_text().rpartition(")")[2].split()[:2]
            if state == "Z" and above == parent:
                found.add(int(stat.parent.name))
    return found
