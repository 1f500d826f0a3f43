"""The neighbourhood scan: is there a place where the window's texts are denser, or thinner, than elsewhere?

Around every text, the k most similar ones, for several k: how many are the window's, how many the baseline's? The score is the binomial log-likelihood ratio of that
share against the share overall, with its sign, the best over k. The largest score finds one small new topic; the sums find several that are each too small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detectors.drift.base import Labels, Vectors

SIZES = (5, 7, 10, 14, 20, 40)  # of a neighbourhood, the text itself among them
_LITTLE = np.float32(1e-6)  # stands for no count where a logarithm is taken; times no count it is nothing
_ROWS = 1000  # similarities are made for so many rows at once


def nearest(vectors: Vectors, k: int) -> NDArray[np.int32]:
    """(n, k): the k most similar rows by cosine, the most similar first, the row itself at the very front. k <= n."""
    n = len(vectors)
    found = np.empty((n, k), dtype=np.int32)
    for start in range(0, n, _ROWS):
        near = vectors[start : start + _ROWS] @ vectors.T
        rows = np.arange(len(near))
        near[rows, start + rows] = np.inf
        chosen = np.argpartition(near, n - k, axis=1)[:, n - k :] if k < n else np.broadcast_to(np.arange(n), near.shape)
        order = np.argsort(-np.take_along_axis(near, chosen, axis=1), axis=1, kind="stable")
        found[start : start + _ROWS] = np.take_along_axis(chosen, order, axis=1)
    return found


def log_likelihood_ratio(window: NDArray[np.float32], both: NDArray[np.float32], expected: NDArray[np.float32]) -> NDArray[np.float32]:
    """Signed: how much better the share of `window` among `both` explains the counts than `expected` of `both` does, in nats; > 0 more window than expected.

    All shapes broadcast. 0 where there are none.
    """
    baseline = both - window
    rest = both - expected
    gain = window * np.log(np.maximum(window, _LITTLE) / np.maximum(expected, _LITTLE)) + baseline * np.log(np.maximum(baseline, _LITTLE) / np.maximum(rest, _LITTLE))
    found: NDArray[np.float32] = np.copysign(np.maximum(gain, 0), window - expected)
    return found


def overall(window: Labels, both: Labels) -> NDArray[np.float32]:
    """(p,): the share of the window in each column."""
    found: NDArray[np.float32] = window.sum(axis=0) / np.maximum(both.sum(axis=0), 1)
    return found


@dataclass(frozen=True, slots=True)
class Scores:
    """score, size: (m, p): the best signed score, and the size of the neighbourhood at which it was reached."""

    score: NDArray[np.float32]
    size: NDArray[np.int32]


class Scan:
    """neighbours: (m, k) as of `nearest`.  single: (m,) nodes that are one row: on one side, whatever the labels."""

    def __init__(self, neighbours: NDArray[np.int32], single: NDArray[np.bool_], sizes: tuple[int, ...] = SIZES) -> None:
        m, most = neighbours.shape
        self.sizes = tuple(sorted({min(size, most) for size in sizes}))
        plain = single[neighbours].all(axis=1)
        self._parts = [(np.flatnonzero(chosen), kind) for chosen, kind in ((plain, True), (~plain, False)) if chosen.any()]
        self._rings = [self._cut(neighbours[rows], m) for rows, _ in self._parts]
        self._m = m

    def _cut(self, neighbours: NDArray[np.int32], m: int) -> list[csr_array]:
        """One matrix (rows, m) for each size: those that it adds to the size before."""
        found = []
        for low, high in zip((0, *self.sizes[:-1]), self.sizes, strict=True):
            ones = np.ones(len(neighbours) * (high - low), dtype=np.float32)
            found.append(csr_array((ones, neighbours[:, low:high].ravel(), np.arange(len(neighbours) + 1) * (high - low)), shape=(len(neighbours), m)))
        return found

    def extremes(self, window: Labels, baseline: Labels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(m, p) twice: the largest score of each node in each column, and the least, negated; both at least 0. window, baseline: (m, p), as of `Distinct.presence`."""
        more, less = np.zeros_like(window), np.zeros_like(window)
        for rows, score, _ in self._by_size(window, baseline):
            if len(rows) == self._m:
                np.maximum(more, score, out=more)
                np.minimum(less, score, out=less)
            else:
                more[rows] = np.maximum(more[rows], score)
                less[rows] = np.minimum(less[rows], score)
        return more, np.negative(less, out=less)

    def scores(self, window: Labels, baseline: Labels) -> Scores:
        """The better of the two, with its size; for few columns."""
        best, reached = np.zeros_like(window), np.full(window.shape, self.sizes[0], dtype=np.int32)
        for rows, score, size in self._by_size(window, baseline):
            better = np.abs(score) > np.abs(best[rows])
            best[rows] = np.where(better, score, best[rows])
            reached[rows] = np.where(better, size, reached[rows])
        return Scores(best, reached)

    def _by_size(self, window: Labels, baseline: Labels) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32], int]]:
        there = window + baseline
        share = overall(window, there)
        for (rows, plain), rings in zip(self._parts, self._rings, strict=True):
            inside = np.zeros((len(rows), window.shape[1]), dtype=np.float32)
            both = np.zeros_like(inside[:1] if plain else inside)
            for ring, size in zip(rings, self.sizes, strict=True):
                inside += ring @ window
                if plain:
                    yield rows, _looked_up(inside, size, share), size
                else:
                    both += ring @ there
                    yield rows, log_likelihood_ratio(inside, both, both * share), size


def _looked_up(inside: NDArray[np.float32], size: int, share: NDArray[np.float32]) -> NDArray[np.float32]:
    """`log_likelihood_ratio` where every neighbourhood has `size` places: so few different counts that a table of them, for each column, spares most of the logarithms."""
    p = len(share)
    counts = np.arange(size + 1, dtype=np.float32)[:, None]
    table = log_likelihood_ratio(counts, np.full_like(counts, size), size * share)
    at = inside.astype(np.int32)
    at *= p
    at += np.arange(p, dtype=np.int32)
    return np.take(table.ravel(), at)
