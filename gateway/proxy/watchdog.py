"""Looks after the event loop from outside it: a loop that stands still cannot say so, and afterwards nobody knows why it did.

A thread of Python's waits for beats. If one is late it writes the loop's stack into a file; the beat that follows at last reads it and logs
`loop_stalled`. Only who has the interpreter's lock may look at a stack that lives: the C library's view from another thread (faulthandler's timer) ends the
process now and then, and most likely where processors are short. So a loop that never gives the lock back is not seen by the thread; who is about to
end it sends SIGABRT first, upon which its own thread writes its stack down. See gateway/stall.py for who tells of it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import sys
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
        faulthandler.enable(self._file, all_threads=False)
        self._thread = threading.get_ident()
        self._told_at, self._untold = float("-inf"), 0
        self._beat_at = time.monotonic()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, name="watchdog", daemon=True)
        with contextlib.suppress(RuntimeError):  # no more threads are allowed here: then nobody looks
            self._watch.start()

    def beat(self, lag: float) -> None:
        """A sign of life. lag: how late it is, seconds."""
        self._beat_at = time.monotonic()
        with contextlib.suppress(OSError):  # more hangs on a beat than its word
            if os.fstat(self._file.fileno()).st_size:
                self._tell(lag)

    def _look(self) -> None:
        """In the thread: one stack for each beat that is late."""
        seen = 0.0
        while not self._over.wait(max(LATE_S / 5, self._beat_at + LATE_S - time.monotonic())):
            beat = self._beat_at
            if beat != seen and time.monotonic() - beat > LATE_S:
                seen = beat
                with contextlib.suppress(OSError, ValueError, KeyError):
                    self._file.write(stall.spelled(self._thread, sys._current_frames()[self._thread]))

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
        self._over.set()
        if self._watch.is_alive():
            self._watch.join(1.0)
        faulthandler.disable()
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(self._file.fileno()), os.stat(self._path)):  # else it is a successor's
                self._path.unlink()
        self._file.close()
