"""How long a provider's replies take to begin, and so when its silence is worth asking another: a rolling window for each operation."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

WINDOW = 256  # replies
LEAST = 20  # of which there must be, before a quantile says anything
_EVERY = 16  # replies, after which a quantile is formed anew


@dataclass(frozen=True, slots=True)
class HedgeTerms:
    """See gateway.config_routes.Hedge."""

    quantile: float
    min_s: float


class Beginnings:
    """Seconds from the question to the reply's head, of one provider, by operation."""

    __slots__ = ("_cached", "_seen")

    def __init__(self) -> None:
        self._seen: dict[str, tuple[deque[float], list[int]]] = {}
        self._cached: dict[tuple[str, float], tuple[int, float]] = {}

    def add(self, operation: str, seconds: float) -> None:
        seen = self._seen.get(operation)
        if seen is None:
            seen = self._seen[operation] = (deque(maxlen=WINDOW), [0])
        seen[0].append(seconds)
        seen[1][0] += 1

    def quantile(self, operation: str, share: float) -> float | None:
        """Seconds within which this share of the replies began (nearest rank); None: too few have been seen."""
        seen = self._seen.get(operation)
        if seen is None or len(seen[0]) < LEAST:
            return None
        cached = self._cached.get((operation, share))
        if cached is not None and seen[1][0] - cached[0] < _EVERY:
            return cached[1]
        ordered = sorted(seen[0])
        value = ordered[min(len(ordered) - 1, int(share * len(ordered)))]
        self._cached[operation, share] = (seen[1][0], value)
        return value
