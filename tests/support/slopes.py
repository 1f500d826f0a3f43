"""Whether something grows: a slope that a few wild samples cannot bend, and how sure it is.

    slope([(0.0, 101.2), (30.0, 101.3), ...])            per hour, of samples at seconds
    held(pid)                                            what a process has now

Theil-Sen: the median of the slopes of all pairs; its interval by Kendall's rank statistic (Sen 1968), which asks nothing of the noise but that samples are
independent. Neighbouring samples of a process are not, so they are gathered into blocks first (`blocks`), of which the medians count.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

HOUR_S = 3600.0
_Z = 1.96  # of 95 %
Point = tuple[float, float]  # seconds, value


@dataclass(frozen=True, slots=True)
class Slope:
    """Per hour, in the values' unit. low, high: of the 95 % interval, infinite where there are too few points for one. level: the values' median."""

    value: float
    low: float
    high: float
    level: float
    points: int

    def verdict(self, allowed: float) -> str:
        """grows: by more than `allowed` an hour, for sure.  flat: the interval ends below that, or holds standing still and its middle is below.  unsure: neither, or too wide to tell."""
        if self.low > allowed:
            return "grows"
        return "flat" if self.high <= allowed or (self.low <= 0.0 and self.value <= allowed) else "unsure"


def blocks(points: Iterable[Point], seconds: float, of: Callable[[list[float]], float] = median) -> list[Point]:
    """Times and values over so many seconds each, the values' median. of: min for what comes and goes with the work, such as files, where the floor is what must not rise."""
    held: dict[int, list[Point]] = {}
    for at, value in points:
        held.setdefault(int(at // seconds), []).append((at, value))
    return [(median(at for at, _ in each), of([value for _, value in each])) for each in held.values()]


def slope(points: Sequence[Point]) -> Slope:
    """Theil-Sen with Sen's interval. Raises ValueError with fewer than two moments."""
    found = sorted((b[1] - a[1]) / (b[0] - a[0]) * HOUR_S for a, b in combinations(points, 2) if b[0] != a[0])
    if not found:
        raise ValueError("a slope needs two moments")
    n = len(points)
    spread = _Z * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    first, last = int((len(found) - spread) / 2), int((len(found) + spread) / 2)
    low = found[first - 1] if first >= 1 else -math.inf
    high = found[last] if last < len(found) else math.inf
    return Slope(median(found), low, high, median(value for _, value in points), n)


@dataclass(frozen=True, slots=True)
class Held:
    """What a process has. rss, anonymous: MB of 10^6 bytes, the latter without files that are mapped."""

    rss: float
    anonymous: float
    fds: int
    threads: int


def held(pid: int) -> Held | None:
    """None: it has gone, or is none of ours."""
    try:
        said = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        return Held(_mb(said["VmRSS"]), _mb(said["RssAnon"]), len(os.listdir(f"/proc/{pid}/fd")), int(said["Threads"]))
    except (OSError, KeyError, ValueError):
        return None


def _mb(words: str) -> float:
    return int(words.split()[0]) * 1024 / 1e6


def children(pid: int) -> list[int]:
    """Pids of a process's children, and theirs."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += [int(child), *children(int(child))]
    except OSError:
        pass
    return found
