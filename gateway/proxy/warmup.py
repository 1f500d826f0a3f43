"""Whether the detector pool has loaded what the rules need. Until then a worker is not ready: rules that fail closed would refuse everything.

Looked at from the worker's beat, until it is so once; a pool that dies later is what `on_error` is for.
"""

from __future__ import annotations

from collections.abc import Iterable

from detectors.base import Finding
from gateway.detection.client import DetectorFailed, PoolClient

_PATIENCE_S = 5.0


class Warmup:
    """names: of the engines in the pool; none, or no pool: ready."""

    def __init__(self, pool: PoolClient | None, names: Iterable[str]) -> None:
        self._pool = pool
        self._owed = set(names) if pool is not None else set()
        self._asked: set[str] = set()

    @property
    def ready(self) -> bool:
        return not self._owed

    def look(self) -> None:
        """Ask those that have not answered yet."""
        for name in self._owed - self._asked:
            self._asked.add(name)
            assert self._pool is not None
            self._pool.submit(name, [("", "")], deadline_s=_PATIENCE_S, done=lambda outcome, name=name: self._answered(name, outcome))  # type: ignore[misc]

    def _answered(self, name: str, outcome: list[list[Finding]] | DetectorFailed) -> None:
        self._asked.discard(name)
        if not isinstance(outcome, DetectorFailed):
            self._owed.discard(name)
