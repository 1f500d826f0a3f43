"""What embeddings say: the statistics of one aspect, all of them functions of who is present where."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Evidence, Labels, Vectors
from detectors.drift.clustering import Spread, clustered
from detectors.drift.growing import Group
from detectors.drift.permutations import Distinct
from detectors.drift.repeated import Repeated
from detectors.drift.scan import SIZES, Scan, nearest

_COARSE, _FINE = 50, 150  # clusters: a shifted mix is best seen in few, a new topic in many
# Exponents of averaged likelihood ratios: near 1, few strong neighbourhoods count (several new topics, each too small for the largest score), near 0, many weak ones
# (a shifted mix). On CLINC150 these two see more than any single cluster statistic does.
_NARROW, _WIDE = 0.7, 0.3
_HIGHEST = 80.0  # of an exponent: e to the 89th is beyond float32, and equal infinities are ties


class Semantic:
    """vectors: (n, d), rows of length 1, none of zeros.  keys: (n,), equal where rows say the same."""

    names = ("neighbourhood", "neighbourhoods with more", "neighbourhoods with more or less", "clusters", "cluster with most excess", "mean", "repeated text")

    def __init__(self, vectors: Vectors, keys: Sequence[Hashable], seed: int) -> None:
        self.distinct = Distinct(keys)
        self.nodes = vectors[self.distinct.first]
        self.neighbours = nearest(self.nodes, min(max(SIZES), len(self.nodes)))
        self._scan = Scan(self.neighbours, self.distinct.single)
        self._coarse = Spread(clustered(self.nodes, _COARSE, seed))
        self.fine = Spread(clustered(self.nodes, _FINE, seed))
        self._flat = _flattened(self.nodes)
        self._repeated = Repeated(self.distinct.of)

    def values(self, labels: Labels) -> NDArray[np.float64]:
        """(len(names), p), larger is more extreme. labels: (n, p)."""
        window, baseline = self.distinct.presence(labels)
        more, less = self._scan.extremes(window, baseline)
        either = np.maximum(more, less)
        return np.stack(
            [
                either.max(axis=0).astype(np.float64),
                _averaged(more, _NARROW),
                _averaged(either, _WIDE),
                self._coarse.chi_square(window, baseline),
                np.abs(self.fine.excess(window, baseline)).max(axis=0).astype(np.float64),
                self._distance(window, baseline),
                self._repeated.largest(labels),
            ]
        )

    def _distance(self, window: Labels, baseline: Labels) -> NDArray[np.float64]:
        """The squared distance between the means."""
        gap = (window / np.maximum(window.sum(axis=0), 1) - baseline / np.maximum(baseline.sum(axis=0), 1)).T @ self._flat
        found: NDArray[np.float64] = np.einsum("pd,pd->p", gap, gap).astype(np.float64)
        return found

    def evidence(self, labels: Labels, nulls: NDArray[np.float64], level: float) -> Evidence:
        """Over distinct texts of each side, the baseline's first, in the order in which they occur.

        labels: (n, 1), the observed ones.  nulls: (7, p) as of `values`, over all columns.  level: of the thresholds.
        """
        window, baseline = self.distinct.presence(labels)
        there = [np.flatnonzero(baseline[:, 0] > 0), np.flatnonzero(window[:, 0] > 0)]
        node = np.concatenate(there)
        scores = self._scan.scores(window, baseline)
        excess = self.fine.excess(window, baseline)[:, 0]
        return Evidence(
            vectors=self.nodes[node],
            in_window=np.arange(len(node)) >= len(there[0]),
            neighbours=self._expanded(there),
            score=scores.score[node, 0].astype(np.float64),
            size=scores.size[node, 0],
            threshold=float(np.quantile(nulls[0], 1 - level, method="higher")),
            scan_null=nulls[0],
            clusters=self.fine.members[node],
            excess=excess.astype(np.float64),
            excess_threshold=float(np.quantile(nulls[4], 1 - level, method="higher")),
        )

    def repeated(self, labels: Labels, nulls: NDArray[np.float64], level: float) -> list[Group]:
        """Texts that are repeated so much more, or less, that the largest score of permutations seldom is as large: each as its places in the evidence. Arguments as of `evidence`."""
        window, baseline = self.distinct.presence(labels)
        node = np.concatenate([np.flatnonzero(baseline[:, 0] > 0), np.flatnonzero(window[:, 0] > 0)])
        null = nulls[6]
        scores = np.abs(self._repeated.scores(labels)[:, 0])
        beyond = scores > float(np.quantile(null, 1 - level, method="higher"))
        return [Group(np.flatnonzero(node == each), float(np.mean(null >= score))) for each, score in zip(self._repeated.nodes[beyond], scores[beyond], strict=True)]

    def stands_for(self, in_window: NDArray[np.bool_], places: NDArray[np.int64]) -> list[list[int]]:
        """For each row of the evidence, `places` (n,) of the rows that say the same on its side. in_window: (n,)."""
        held: dict[tuple[bool, int], list[int]] = {}
        for side, node, place in zip(in_window.tolist(), self.distinct.of.tolist(), places.tolist(), strict=True):
            held.setdefault((side, node), []).append(place)
        return [rows for _, rows in sorted(held.items())]

    def _expanded(self, there: list[NDArray[np.int64]]) -> NDArray[np.int32]:
        """Neighbours as places in the evidence, where a node that is on both sides has two."""
        at = np.full((len(self.nodes), 2), -1, dtype=np.int32)
        at[there[0], 0] = np.arange(len(there[0]))
        at[there[1], 1] = len(there[0]) + np.arange(len(there[1]))
        k = self.neighbours.shape[1]
        found = np.empty((len(there[0]) + len(there[1]), k), dtype=np.int32)
        for side, nodes in enumerate(there):
            near = at[self.neighbours[nodes]]  # (m, k, 2)
            near[:, 0] = near[:, 0, ::-1] if side else near[:, 0]  # itself first
            near = near.reshape(len(nodes), -1)
            order = np.argsort(near < 0, axis=1, kind="stable")[:, :k]
            found[at[nodes, side]] = np.take_along_axis(near, order, axis=1)
        return found


def _averaged(scores: NDArray[np.float32], exponent: float) -> NDArray[np.float64]:
    """(m, p) log-likelihood ratios, 0 or more, to (p,): the logarithm of the mean of the ratios, each to the power `exponent`."""
    beyond = exponent * float(scores.max(initial=0)) > _HIGHEST
    raised = np.exp(np.float32(exponent) * (scores.astype(np.float64) if beyond else scores))
    found: NDArray[np.float64] = np.log(raised.mean(axis=0, dtype=np.float64))
    return found


def _flattened(vectors: Vectors) -> Vectors:
    """Centred and turned to their principal axes, each divided by the fourth root of its variance: directions that always vary count for less."""
    centred = vectors - vectors.mean(axis=0)
    variance, axes = np.linalg.eigh(centred.T @ centred / max(len(vectors), 1))
    kept = variance > 1e-6 * max(float(variance[-1]), 1e-12)
    turned: Vectors = centred @ (axes[:, kept] / variance[kept] ** 0.25).astype(np.float32)
    return turned
