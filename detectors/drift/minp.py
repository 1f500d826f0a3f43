"""One p-value out of many statistics, exact whatever their number and dependence: Westfall and Young's min-p, over the same permutations.

Each statistic is brought to one scale by its own permutations: -log of the share of columns that reach the value. A share cannot tell values beyond the
largest of p columns apart, and with a hundred statistics nearly every column is the largest in one of them; so beyond the upper tenth an exponential tail, fitted
to all columns alike, takes the share's place. The scale treats all columns alike, the observed one among them: the ranks that p-values are made of stay exact
however bad the fit.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

_BODY, _TAIL = 0.9, 0.98  # quantiles between which the tail's slope is taken


def surprise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(s, p) statistics, larger is more extreme, to (s, p): about -log of their p-values, rising with the value in each row."""
    columns = values.shape[1]
    ordered = np.sort(values, axis=1)
    found = np.empty(values.shape)
    for row, (each, line) in enumerate(zip(values, ordered, strict=True)):
        body, tail = line[int(_BODY * (columns - 1))], line[int(_TAIL * (columns - 1))]
        found[row] = -np.log((columns - np.searchsorted(line, each, side="left")) / columns)
        slope = (tail - body) / log((1 - _BODY) / (1 - _TAIL))
        if slope > 1e-9 * max(abs(tail), 1e-30):
            found[row] = np.where(each > body, -log(1 - _BODY) + (each - body) / slope, np.minimum(found[row], -log(1 - _BODY)))
    return found


def rank(value: NDArray[np.float64]) -> float:
    """(p,), larger is more extreme: the share of columns that reach column 0, itself among them."""
    return float(np.mean(value >= value[0]))


def step_down(surprises: NDArray[np.float64]) -> NDArray[np.float64]:
    """(s, p) on one scale to (s,): p-values of column 0, corrected for all s (Westfall and Young 1993, algorithm 2.8). The least of them is that of all together."""
    order = np.argsort(-surprises[:, 0], kind="stable")
    rivals = np.maximum.accumulate(surprises[order][::-1], axis=0)[::-1]
    raw = np.array([np.mean(rival >= surprises[row, 0]) for rival, row in zip(rivals, order, strict=True)])
    found = np.empty(len(surprises))
    found[order] = np.maximum.accumulate(raw) if len(raw) else raw
    return found
