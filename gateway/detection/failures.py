"""Why a detector gave no answer, for the log and for doctor: the reason and its detail, never a text.

A detector that fails fails often, so a reason is logged when it is new, and again every LOG_AGAIN_S with how often it came meanwhile.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Callable

from gateway import log

RECENT_S = 600.0  # what counts as of late
LOG_AGAIN_S = 10.0
_KEPT = 10_000


class Failures:
    """Of one detector."""

    def __init__(self, detector: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._detector, self._clock = detector, clock
        self._at: deque[float] = deque(maxlen=_KEPT)
        self._last = ("", "")
        self._logged: dict[tuple[str, str], float] = {}
        self._unlogged: Counter[tuple[str, str]] = Counter()

    def note(self, reason: str, detail: str) -> None:
        """A job had no answer. reason: one of frames.REASONS.  detail: a class of exceptions, a status, a rule that an answer broke."""
        now, what = self._clock(), (reason, detail)
        self._at.append(now)
        self._last = what
        self._unlogged[what] += 1
        if now - self._logged.get(what, -LOG_AGAIN_S) >= LOG_AGAIN_S:
            self._logged[what] = now
            log.event("detector_failed", level=logging.WARNING, detector=self._detector, reason=reason, detail=detail or None, times=self._unlogged.pop(what))

    def state(self) -> dict[str, object]:
        """{"count", "reason", "detail", "age_s"} of the last RECENT_S; {} if there was none."""
        now = self._clock()
        while self._at and now - self._at[0] > RECENT_S:
            self._at.popleft()
        if not self._at:
            return {}
        return {"count": len(self._at), "reason": self._last[0], "detail": self._last[1], "age_s": round(now - self._at[-1], 1)}
