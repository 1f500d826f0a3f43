"""One text, again and again: a bot, a button, a job that asks the same every minute.

For neighbourhoods and clusters equal texts are one, so that a busy prompt does not stand for a topic. That it has become busy (or silent) is asked here, of each text that occurs
often enough: how many of its rows are the window's. Rows are counted, and move by conversations under permutation: one user who repeats himself is one witness.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from detectors.drift.base import Labels
from detectors.drift.scan import log_likelihood_ratio

LEAST = 5  # rows of a text in both samples


class Repeated:
    """of: (n,) the node of each row, as of permutations.Distinct.  nodes: those that occur at least LEAST times."""

    def __init__(self, of: NDArray[np.int64]) -> None:
        sizes = np.bincount(of)
        self.nodes = np.flatnonzero(sizes >= LEAST)
        self._both = sizes[self.nodes].astype(np.float32)[:, None]
        rows = np.flatnonzero(np.isin(of, self.nodes))
        ones = np.ones(len(rows), dtype=np.float32)
        self._rows = csr_matrix((ones, (np.searchsorted(self.nodes, of[rows]), rows)), shape=(len(self.nodes), len(of)))

    def scores(self, labels: Labels) -> NDArray[np.float32]:
        """(nodes, p): the signed log-likelihood ratio of the window's share in the rows of each text, in nats. labels: (n, p)."""
        share = labels.mean(axis=0, dtype=np.float64).astype(np.float32)
        return log_likelihood_ratio(self._rows @ labels, self._both, self._both * share)

    def largest(self, labels: Labels) -> NDArray[np.float64]:
        """(p,): the largest score, whatever its sign; 0 without such texts."""
        if not len(self.nodes):
            return np.zeros(labels.shape[1])
        found: NDArray[np.float64] = np.abs(self.scores(labels)).max(axis=0).astype(np.float64)
        return found
