"""What a run costs: processor seconds on one core, and memory."""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from typing import Any

import numpy as np

from detectors.drift.base import Row
from detectors.drift.compare import compare
from evaluation.drift.cases import Case, episode
from evaluation.drift.corpus import Corpus


def measure(corpus: Corpus, seed: int = 0, runs: int = 3) -> dict[str, Any]:
    """2,000 rows against 2,000, vectors at hand: the least of several runs. With drift, topics are named, too."""
    found: dict[str, Any] = {}
    for name, share in (("no change", 0.0), ("a new topic at 5 %", 0.05)):
        drawn = episode(corpus, Case(name, "new" if share else "null", window=2000, topics=1, share=share), np.random.default_rng([seed, 5000]))
        corpus.vectors([row.input or "" for row in (*drawn.baseline, *drawn.window)])
        found[f"seconds: inputs, {name}"] = _least(corpus, drawn.baseline, drawn.window, runs, 0.01)
        if share:
            found["seconds: inputs, a new topic at 5 %, at the level of a daily look (4,999 permutations)"] = _least(corpus, drawn.baseline, drawn.window, 1, 0.00027)
            both = [[replace(row, output=other.input) for row, other in zip(rows, rows[1:] + rows[:1], strict=True)] for rows in (drawn.baseline, drawn.window)]
            found["seconds: inputs, outputs and pairs, a new topic at 5 %"] = _least(corpus, both[0], both[1], 1, 0.01)
    found["resident_mb_at_most"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _least(corpus: Corpus, baseline: list[Row], window: list[Row], runs: int, alpha: float) -> float:
    least = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        compare(baseline, window, corpus.vectors, alpha=alpha)
        least = min(least, time.process_time() - begun)
    return round(least, 2)
