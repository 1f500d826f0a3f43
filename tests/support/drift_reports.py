"""Reports of drift built by hand, for what shows them."""

from __future__ import annotations

from typing import Any

import numpy as np

from detectors.drift.base import Aspect, Feature, Report, Topic

CENTRE = np.zeros(4, dtype=np.float32)


def topic(**changed: Any) -> Topic:
    """A new topic of four rows in a hundred."""
    return Topic(
        **{
            "aspect": "topics", "keywords": ("refund", "money back", "order"), "direction": "new", "share_baseline": 0.0, "share_window": 0.11, "baseline_interval": (0.0, 0.002),
            "window_interval": (0.085, 0.14), "rows": (0, 2, 4, 6), "baseline_rows": (), "exemplars": ("I want my money back", "where is the refund"), "centre": CENTRE, "pvalue": 0.0004,
            **changed,
        }
    )  # fmt: skip


LENGTH = Feature("structure", "characters", 0.001, True, "median length 41 -> 88 characters", 0.42)
MARKDOWN = Feature("structure", "markdown", 0.6, False, "0.1 % -> 0.2 % have Markdown", 0.01)


def report(**changed: Any) -> Report:
    """One with drift in topics and structure."""
    return Report(
        **{
            "alarm": True, "alpha": 0.01, "pvalue": 0.0004, "tested": True, "aspects": (Aspect("topics", 0.0004, True), Aspect("structure", 0.003, True), Aspect("pairs", 0.63, False)),
            "topics": (topic(),), "structure": (LENGTH, MARKDOWN), "rows_baseline": 2000, "rows_window": 500, "notes": ("The baseline has no outputs.",), "permutations": 999, **changed,
        }
    )  # fmt: skip
