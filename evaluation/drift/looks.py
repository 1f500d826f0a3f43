"""Half a year of daily checks against one baseline, without drift: how often is there any alarm?

The baseline stays, the windows are fresh each day. So that many half-years can be had, samples are small (240 rows, 60 each day), only the topics' statistics are computed, and
permutations come in three stages instead of two; the rule is the same.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Vectors
from detectors.drift.looks import YEARLY, Budget
from detectors.drift.minp import step_down, surprise
from detectors.drift.permutations import Shuffle
from detectors.drift.semantic import Semantic
from evaluation.drift.corpus import Corpus, Traffic

DAYS, _BASELINE, _WINDOW = 180, 240, 60
_DAY = 86_400.0
_STAGES = ((99, 0.1), (999, 0.02), (4999, 0.0))
_POOL = 3000  # sentences of one world


def measure(corpus: Corpus, seed: int = 0, runs: int = 100) -> dict[str, Any]:
    """The share of half-years with any alarm: by the rule, by the rule at ten times the rate (which shows more), and if each day were tested at 1 %."""
    budget = Budget()
    level = budget.level(_DAY)
    assert level is not None
    days = np.stack([_half_year(corpus, seed + run) for run in range(runs)])
    allowed = YEARLY * DAYS / 365.25
    return {
        "half_years": runs,
        "days": DAYS,
        "yearly_rate": YEARLY,
        "level_of_a_day": round(level, 6),
        "any_alarm": _any(days, level),
        "allowed": round(allowed, 4),
        "most": round(allowed + 2 * sqrt(allowed * (1 - allowed) / runs), 4),
        "any_alarm_at_ten_times_the_rate": _any(days, 10 * level),
        "allowed_at_ten_times_the_rate": round(10 * allowed, 4),
        "any_alarm_if_each_day_were_tested_at_1_percent": _any(days, 0.01),
        "days_at_1_percent": round(float((days <= 0.01).mean()), 5),
    }


def _any(days: NDArray[np.float64], level: float) -> float:
    return round(float((days <= level).any(axis=1).mean()), 4)


def _half_year(corpus: Corpus, seed: int) -> NDArray[np.float64]:
    """(DAYS,) p-values."""
    rng = np.random.default_rng([seed, 4000])
    rows = Traffic(corpus, rng, most=_POOL).rows(_POOL)
    vectors = _narrowed(corpus.vectors([row.input or "" for row in rows]))
    inside = np.arange(_BASELINE + _WINDOW) >= _BASELINE
    found = []
    for day in range(DAYS):
        window = _BASELINE + rng.choice(_POOL - _BASELINE, _WINDOW, replace=False)
        chosen = np.concatenate([np.arange(_BASELINE), window])
        found.append(_pvalue(Semantic(vectors[chosen], [rows[i].input for i in chosen], seed), inside, 1000 * seed + day))
    return np.array(found)


def _narrowed(vectors: Vectors) -> Vectors:
    """To the 48 directions in which they vary most, length 1 again: small samples have no need of more, and 18,000 looks are to be had."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    found = vectors @ axes[:, -48:]
    narrow: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return narrow


def _pvalue(semantic: Semantic, inside: NDArray[np.bool_], seed: int) -> float:
    shuffle = Shuffle(np.arange(len(inside)), inside, seed)
    held: list[NDArray[np.float64]] = []
    done, pvalue = 0, 1.0
    for stage, bound in _STAGES:
        held += [semantic.values(labels) for labels in shuffle.blocks(stage + 1 - done)]
        done = stage + 1
        pvalue = float(step_down(surprise(np.concatenate(held, axis=1))).min())
        if pvalue > bound:
            break
    return pvalue
