"""Whether the detector pool has loaded what the rules need. Until then a worker is not ready: rules that fail closed would refuse everything.

Looked at from the worker's beat, until it is so once; a pool that dies later is what `on_error` is for. So is a detector of the operator's own that has not
answered after OWN_WAIT_S: somebody else's service that is down keeps a gate from starting no longer than that.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable

from detectors.base import Finding
from gateway import log
from gateway.detection.client import DetectorFailed, PoolClient

OWN_WAIT_S = 30.0
_PATIENCE_S = 5.0
_PAUSE_FIRST_S, _PAUSE_MAX_S = 0.1, 5.0


class Warmup:
    """names: of the engines in the pool; none, or no pool: ready.  own: those of them that are the operator's, webhooks and entries.  clock: seconds."""

    def __init__(self, pool: PoolClient | None, names: Iterable[str], own: Collection[str] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool, self._clock = pool, clock
        self._owed = set(names) if pool is not None else set()
        self._own = frozenset(own)
        self._asked: set[str] = set()
        self._pauses: dict[str, tuple[float, float]] = {}  # by name: when to ask again, and how long the pause before it was
        self._began: float | None = None

    @property
    def ready(self) -> bool:
        return not self._owed

    @property
    def awaited(self) -> list[str]:
        """Who has not answered yet, in order."""
        return sorted(self._owed)

    def look(self) -> None:
        """Ask those that have not answered yet, unless they failed a moment ago."""
        now = self._clock()
        self._began = now if self._began is None else self._began
        if now - self._began >= OWN_WAIT_S and (late := self._owed & self._own):
            self._owed -= late
            log.event("detectors_not_waited_for", level=logging.WARNING, detectors=",".join(sorted(late)), waited_s=OWN_WAIT_S, hint="their rules fail as their on_error says, until they answer")
        for name in self._owed - self._asked:
            if now < self._pauses.get(name, (now, 0.0))[0]:
                continue
            self._asked.add(name)
            assert self._pool is not None
            self._pool.submit(name, [("", "")], deadline_s=_PATIENCE_S, done=lambda outcome, name=name: self._answered(name, outcome))  # type: ignore[misc]

    def _answered(self, name: str, outcome: list[list[Finding]] | DetectorFailed) -> None:
        self._asked.discard(name)
        if not isinstance(outcome, DetectorFailed):
            self._owed.discard(name)
            return
        pause = min(_PAUSE_MAX_S, max(_PAUSE_FIRST_S, 2 * self._pauses.get(name, (0.0, 0.0))[1]))
        self._pauses[name] = (self._clock() + pause, pause)
