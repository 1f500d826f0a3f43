"""Looks after the event loop from outside it: a loop that stands still cannot say so, and afterwards nobody knows why it did.

Every beat winds the clock of a thread of the C library's (faulthandler, which needs no lock of the interpreter). If it runs down, the stacks go into a
file; the beat that follows at last reads it and logs `loop_stalled`. See gateway/stall.py for who tells if there is no such beat.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import threading
import time
from pathlib import Path

from gateway import log, stall

LATE_S = 0.25  # since the last beat; they come every 0.1 s
QUIET_S = 10.0  # after a line in the log, before the next


class Watchdog:
    """Of the thread that makes it. One in a process."""

    def __init__(self, run: Path, slot: int) -> None:
        self._path = stall.path_of(run, slot)
        if before := stall.taken(self._path):
            log.event("loop_stalled", level=logging.WARNING, where=before, ended="with the worker before this one")
        self._path.unlink(missing_ok=True)  # a worker that is leaving still writes into its own
        self._file = open(self._path, "w+b", buffering=0)  # noqa: SIM115  as long as the process
        os.chmod(self._path, 0o600)
        self._thread = threading.get_ident()
        self._told_at, self._untold = float("-inf"), 0

    def beat(self, lag: float) -> None:
        """A sign of life. lag: how late it is, seconds."""
        if os.fstat(self._file.fileno()).st_size:
            self._tell(lag)
        faulthandler.dump_traceback_later(LATE_S, file=self._file)

    def _tell(self, lag: float) -> None:
        self._file.seek(0)
        text = self._file.read(1 << 16).decode("utf-8", "replace")
        self._file.truncate(0)
        self._file.seek(0)
        now = time.monotonic()
        if now - self._told_at < QUIET_S:
            self._untold += 1
            return
        log.event("loop_stalled", level=logging.WARNING, lag_s=lag, where=stall.where(text, self._thread), since_last_line=self._untold)
        self._told_at, self._untold = now, 0

    def stop(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(self._file.fileno()), os.stat(self._path)):  # else it is a successor's
                self._path.unlink()
        self._file.close()
