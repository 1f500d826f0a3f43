"""How far a command has come over stored exchanges, told on stderr; and Ctrl-C, which ends it with what it has by then.

At a terminal that is one line, written anew; elsewhere (a log, a pipe) a line now and then. Who has left stderr misses it, and costs nobody the result. A result must not begin with half an exchange, so the first Ctrl-C waits
for the one at work; the second does not.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import FrameType
from typing import Any, TypeVar

INTERRUPTED = 130  # the exit code that shells expect after Ctrl-C
LINE_S, LOG_S = 0.5, 15.0  # between two words, at a terminal and elsewhere
_GUESS_S = 5.0  # from then on what is left can be told
_CLEAR = "\r\x1b[K"
_STOPPING = b"\ntidegate: stopping after this exchange; Ctrl-C again: at once\n"

T = TypeVar("T")


class Progress:
    """A context in which Ctrl-C only sets `stopped`. total: how many exchanges there are."""

    def __init__(self, total: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self.total, self.stopped = total, False
        self._now = now
        self._terminal = sys.stderr.isatty()
        self._before: Any = None

    def __enter__(self) -> Progress:
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._terminal:
            _write(_CLEAR)

    def over(self, found: Iterable[T]) -> Iterator[T]:
        """The same, until it is stopped."""
        began = self._now()
        due = began + (LINE_S if self._terminal else LOG_S)
        for number, each in enumerate(found, 1):
            if self.stopped:
                return
            yield each
            now = self._now()
            if now >= due:
                due = now + (LINE_S if self._terminal else LOG_S)
                self._tell(number, now - began)
        self.stopped = False  # Ctrl-C at the last one: all was read

    def _tell(self, number: int, after_s: float) -> None:
        total = max(number, self.total)  # more may have come since they were counted
        left = f", some {_span(after_s / number * (total - number))} left" if after_s >= _GUESS_S and number < total else ""
        line = f"{number:,} of {total:,} exchanges in {_span(after_s)}{left}"
        _write(f"{_CLEAR}{line}" if self._terminal else f"tidegate: {line}\n")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True
        with suppress(OSError):
            os.write(2, _STOPPING)  # not print, which may be what was interrupted


def _write(said: str) -> None:
    with suppress(OSError):
        print(said, end="", file=sys.stderr, flush=True)


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
