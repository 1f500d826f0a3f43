"""Both samples clustered together, without a look at who is who; then how the window is spread over the clusters."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from detectors.drift.base import Labels, Vectors
from detectors.drift.scan import log_likelihood_ratio, overall

_ITERATIONS = 15
_LEAST = 8  # rows of a cluster, on average, at the least


def clustered(vectors: Vectors, clusters: int, seed: int) -> NDArray[np.int32]:
    """(n,): the number of each row's cluster. Fewer clusters if there are fewer than 8 rows for each."""
    k = max(1, min(clusters, len(vectors) // _LEAST))
    if k == 1:
        return np.zeros(len(vectors), dtype=np.int32)
    begun = vectors[_scattered(vectors, k, seed)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct rows than clusters
        found = KMeans(k, init=begun, n_init=1, max_iter=_ITERATIONS, random_state=seed).fit_predict(vectors)
    return np.asarray(found, dtype=np.int32)


def _scattered(vectors: Vectors, k: int, seed: int) -> list[int]:
    """Rows to begin with, each drawn by its squared distance from those before (k-means++, Arthur and Vassilvitskii 2007; scikit-learn's own copies all rows for each of k)."""
    rng = np.random.default_rng([seed, 5])
    chosen = [int(rng.integers(len(vectors)))]
    far = np.full(len(vectors), np.inf)
    for _ in range(k - 1):
        far = np.minimum(far, np.maximum(2 - 2 * (vectors @ vectors[chosen[-1]]), 0))  # rows are of length 1
        reach = np.cumsum(far, dtype=np.float64)
        drawn = rng.random() * reach[-1]
        chosen.append(min(int(np.searchsorted(reach, drawn, side="right")), len(vectors) - 1))
    return chosen


class Spread:
    """members: (n,) cluster numbers from 0."""

    def __init__(self, members: NDArray[np.int32]) -> None:
        n = len(members)
        self.members = members
        self.clusters = int(members.max(initial=-1)) + 1
        self._of = csr_array((np.ones(n, dtype=np.float32), (members, np.arange(n))), shape=(self.clusters, n))

    def _counts(self, window: Labels, baseline: Labels) -> tuple[Labels, Labels, Labels]:
        """(clusters, p) each: nodes of the window, of either side (one that is on both counts twice), of the window if it were spread as the baseline."""
        inside, both = self._of @ window, self._of @ (window + baseline)
        return inside, both, both * overall(inside, both)

    def chi_square(self, window: Labels, baseline: Labels) -> NDArray[np.float64]:
        """(p,): Pearson's statistic of the table side by cluster."""
        inside, both, expected = self._counts(window, baseline)
        found: NDArray[np.float64] = np.sum((inside - expected) ** 2 * both / np.maximum(expected * (both - expected), 1e-6), axis=0, dtype=np.float64)
        return found

    def excess(self, window: Labels, baseline: Labels) -> NDArray[np.float32]:
        """(clusters, p): the signed log-likelihood ratio of the window's share in each cluster."""
        return log_likelihood_ratio(*self._counts(window, baseline))
