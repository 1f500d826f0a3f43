"""What measures of several detectors have in common: a share, and the processor time of one text."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from detectors.text import Text


def rate(outcomes: Sequence[bool]) -> float:
    """The share that is so, from 0 to 1; 0 of none."""
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else 0.0


def cost(judge: Callable[[Text], Any], ordinary: str, hostile: dict[str, str]) -> dict[str, float]:
    """Processor milliseconds, the least of several runs: ordinary text of 1 KB, and 1 MB made of each hostile piece."""
    found = {"ordinary, 1 KB": _least(judge, ordinary[:1024], 20)}
    for name, piece in hostile.items():
        found[f"hostile, 1 MB: {name}"] = _least(judge, piece * (1_000_000 // len(piece)), 1)
    return found


def _least(judge: Callable[[Text], Any], text: str, runs: int) -> float:
    least = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        judge(Text(text))
        least = min(least, time.process_time() - begun)
    return round(1000 * least, 2)
