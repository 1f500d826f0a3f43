"""Inputs and outputs together: does what was asked before get another answer now? What is asked more often than before is the topics' business, not this one's:
whatever is compared is compared among neighbouring inputs, not across clusters, in which another mix would look like other answers.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detectors.drift.base import Labels, Vectors
from detectors.drift.permutations import Distinct
from detectors.drift.scan import nearest

_NEAR = 20  # inputs that are compared with each
_BINS = 64
_ROWS = 500  # at once


class Pairs:
    """inputs, outputs: (n, d), rows of length 1, none of zeros.  keys: (n,), equal where rows say the same."""

    names = ("outputs of like inputs", "likeness of output to input")

    def __init__(self, inputs: Vectors, outputs: Vectors, keys: Sequence[Hashable]) -> None:
        self._distinct = Distinct(keys)
        asked, answered = inputs[self._distinct.first], outputs[self._distinct.first]
        n = len(asked)
        near = nearest(asked, min(_NEAR + 1, n))
        self._edges = _edges(near[:, 1:], answered)
        self._means = csr_array((np.full(near.size, 1 / near.shape[1], dtype=np.float32), near.ravel(), np.arange(n + 1) * near.shape[1]), shape=(n, n))
        likeness = np.einsum("nd,nd->n", asked, answered)
        likeness = likeness - likeness[near].mean(axis=1)  # what like inputs have: questions of some topics are answered in their own words, others are not
        bins = (np.argsort(np.argsort(likeness, kind="stable"), kind="stable") * _BINS // n).astype(np.int64)
        self._likeness = csr_array((np.ones(n, dtype=np.float32), (bins, np.arange(n))), shape=(_BINS, n))

    def values(self, labels: Labels) -> NDArray[np.float64]:
        """(len(names), p), larger is more extreme."""
        window, baseline = self._distinct.presence(labels)
        rest = window - self._means @ window  # less what is the window's around it: another mix makes no difference
        alike = np.sum(rest * (self._edges @ rest), axis=0, dtype=np.float64)
        return np.stack([alike, self._gap(window, baseline)])

    def _gap(self, window: Labels, baseline: Labels) -> NDArray[np.float64]:
        """Kolmogorov and Smirnov's distance, squared, of the likenesses."""
        below = [np.cumsum(self._likeness @ side, axis=0) / np.maximum(side.sum(axis=0), 1) for side in (window, baseline)]
        found: NDArray[np.float64] = np.square(below[0] - below[1]).max(axis=0).astype(np.float64)
        return found


def _edges(near: NDArray[np.int32], answered: Vectors) -> csr_array:
    """(n, n): for each row and the inputs most like its own, how alike the outputs are, less the row's mean. Summed over pairs that are on one side, it is large
    if like inputs get outputs that are more alike within a side than across."""
    n, k = near.shape
    like = np.concatenate([np.einsum("nkd,nd->nk", answered[near[i : i + _ROWS]], answered[i : i + _ROWS]) for i in range(0, n, _ROWS)])
    like = (like - like.mean(axis=1, keepdims=True)).astype(np.float32)
    return csr_array((like.ravel(), near.ravel(), np.arange(n + 1) * k), shape=(n, n))
