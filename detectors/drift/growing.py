"""The places where something moved, as groups of rows: scan hits grown to all that belongs to them, then clusters that no hit explains.

From the strongest hit on: its neighbourhood's centre; then the rows most similar to that centre, as many as make the likelihood ratio of the
window's share greatest; again from their centre, until it stands still. Two things are wrong with such a ball now and then, and mended: it holds two topics
that have little to do with each other (it is halved, and each half grown again, without what is nearer to the other), or a known topic beside a new one
(parts in which the share is far below the best part's are let go). What is as alike as one topic's halves are, and moved alike, is put together, and rows that stand in the
middle of a group join it.
Rows taken are taken: what is left of other hits must be significant without them, so that nothing is reported twice, and nothing that chance explains.
Pure; deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Evidence, Vectors
from detectors.drift.scan import SIZES

LEAST = 3  # places of a group
_STEPS = 4  # of growth, at most
_APART = 0.55  # similarity between two halves by that within them: at and below, they are two topics (intents of CLINC150: pure >= .67, mixed <= .43)
_UNEVEN = 8.0  # nats by which the parts' own shares explain a group better than one share does, before parts are let go
_NEAREST = 10  # neighbours that decide where a row belongs that no ball holds; half of them must agree
_SPLITS, _PART = 2, 6  # how often a group is halved to look for such parts; places of the least of them

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """places: of the evidence.  pvalue: of the hit or cluster that it was grown from, corrected over all that was scanned."""

    places: Places
    pvalue: float


class Growth:
    """sign: 1 looks for what the window has more of, -1 for what it has less of."""

    def __init__(self, evidence: Evidence, sign: int) -> None:
        self.evidence, self.sign = evidence, sign
        self.more = evidence.in_window if sign > 0 else ~evidence.in_window
        self.share = float(self.more.mean()) if len(self.more) else 0.0
        self.free = np.linalg.norm(evidence.vectors, axis=1) > 0.5

    def groups(self, most: int) -> list[Group]:
        """Up to about `most` groups, no place in two of them, the strongest hit's first."""
        if not 0 < self.share < 1:
            return []
        grown = [*self._from_hits(most)]
        return self._joined(self._merged([*grown, *self._from_clusters(most - len(grown))]))

    def _from_hits(self, most: int) -> Iterator[Group]:
        hits = np.flatnonzero(self.sign * self.evidence.score > self.evidence.threshold)
        count = 0
        for seed in hits[np.argsort(-np.abs(self.evidence.score[hits]), kind="stable")]:
            near = self.evidence.neighbours[seed].astype(np.int64)
            near = near[self.free[near]]
            score, size = max(((self._score(near[:k]), k) for k in SIZES if k <= len(near)), default=(0.0, 0))
            if count >= most or not self.free[seed] or score <= self.evidence.threshold:
                continue
            self.free[seed] = False
            pvalue = (1 + np.count_nonzero(self.evidence.scan_null >= score)) / (1 + len(self.evidence.scan_null))
            for group in self._parted(self._grown(near[:size])):
                kept = self._sharpened(group[self.free[group] | (group == seed)])
                if len(kept) >= LEAST and self._score(kept) > self.evidence.threshold:
                    self.free[kept] = False
                    count += 1
                    yield Group(kept, float(pvalue))

    def _from_clusters(self, most: int) -> Iterator[Group]:
        excess = self.sign * self.evidence.excess
        order = np.argsort(-excess, kind="stable")
        for cluster in order[excess[order] > self.evidence.excess_threshold][: max(most, 0)]:
            group = np.flatnonzero((self.evidence.clusters == cluster) & self.free)
            if len(group) >= LEAST and self._score(group) > self.evidence.excess_threshold:
                self.free[group] = False
                yield Group(group, 1 / (1 + len(self.evidence.scan_null)))

    def _merged(self, groups: list[Group]) -> list[Group]:
        """Groups as alike as one topic's halves are, and moved alike, are one."""
        vectors = self.evidence.vectors
        merged = list(groups)
        while len(merged) > 1:
            pairs = [(one, other) for at, one in enumerate(merged) for other in merged[at + 1 :] if self._alike(one.places, other.places)]
            likeness = [_likeness(vectors[one.places], vectors[other.places]) for one, other in pairs]
            if not pairs or max(likeness) <= _APART:
                break
            one, other = pairs[int(np.argmax(likeness))]
            at = next(place for place, group in enumerate(merged) if group is one)
            merged[at] = Group(np.concatenate([one.places, other.places]), min(one.pvalue, other.pvalue))
            merged = [group for group in merged if group is not other]
        return merged

    def _joined(self, groups: list[Group]) -> list[Group]:
        """With the rows that no group holds and that stand in the middle of one: topics are not round."""
        owner = np.full(len(self.more), -1, dtype=np.int64)
        for number, group in enumerate(groups):
            owner[group.places] = number
        around = owner[self.evidence.neighbours[:, 1 : _NEAREST + 1]]
        taken = np.linalg.norm(self.evidence.vectors, axis=1) <= 0.5
        for number in range(len(groups)):
            inside = np.count_nonzero(around == number, axis=1) * 2 >= max(around.shape[1], 1)
            owner[inside & (owner < 0) & ~taken] = number
        return [Group(np.flatnonzero(owner == number), group.pvalue) for number, group in enumerate(groups)]

    def _alike(self, one: Places, other: Places) -> bool:
        """Whether two shares of `more` are alike, as far as their numbers tell."""
        sizes = np.array([len(one), len(other)], dtype=np.int64)
        counts = np.array([np.count_nonzero(self.more[one]), np.count_nonzero(self.more[other])], dtype=np.int64)
        whole = float(counts.sum() / sizes.sum())
        return whole == 1 or float(np.abs(_ratios(counts, sizes, whole)).sum()) < _UNEVEN

    def _score(self, places: Places) -> float:
        """The log-likelihood ratio of the share of `more` among some places; < 0 if it is less than everywhere."""
        if not len(places):
            return 0.0
        return float(_ratios(np.array([np.count_nonzero(self.more[places])], dtype=np.int64), np.array([len(places)], dtype=np.int64), self.share)[0])

    def _grown(self, places: Places, rival: Vectors | None = None) -> Places:
        """rival: (d,), a centre that takes what is nearer to it."""
        free = np.flatnonzero(self.free)
        towards_rival = None if rival is None else self.evidence.vectors[free] @ rival
        for _ in range(_STEPS):
            showing = places[self.more[places]]
            near = self.evidence.vectors[free] @ centre(self.evidence.vectors[showing if len(showing) else places])
            own = np.arange(len(free)) if towards_rival is None else np.flatnonzero(near > towards_rival)
            if len(own) < LEAST:
                break
            order = free[own][np.argsort(-near[own], kind="stable")]
            ratios = _ratios(np.cumsum(self.more[order], dtype=np.int64), np.arange(1, len(order) + 1), self.share)
            ratios[: LEAST - 1] = -np.inf
            found = order[: int(np.argmax(ratios)) + 1]
            if np.array_equal(np.sort(found), np.sort(places)):
                break
            places = found
        return places

    def _parted(self, group: Places) -> list[Places]:
        """The group, or, if it is two that have little to do with each other, those, each grown anew."""
        vectors = self.evidence.vectors
        halves = _halved(vectors, group)
        if min(map(len, halves)) < LEAST or _likeness(vectors[halves[0]], vectors[halves[1]]) > _APART:
            return [group]
        centres = [centre(vectors[half]) for half in halves]
        first, second = (self._grown(half, rival) for half, rival in zip(halves, centres[::-1], strict=True))
        return [first, np.setdiff1d(second, first)]

    def _sharpened(self, group: Places) -> Places:
        """Without the parts whose share is nearer to everybody's than to the best part's, if parts differ by more than chance."""
        for _ in range(_STEPS):
            parts = self._pieces(group, _SPLITS)
            sizes = np.array([len(part) for part in parts], dtype=np.int64)
            counts = np.array([np.count_nonzero(self.more[part]) for part in parts], dtype=np.int64)
            whole = counts.sum() / max(sizes.sum(), 1)
            if len(parts) < 2 or not 0 < whole < 1 or np.abs(_ratios(counts, sizes, float(whole))).sum() < _UNEVEN:
                break
            shares = (counts + 0.5) / (sizes + 1)
            kept = shares >= (self.share + shares.max()) / 2
            if kept.all():
                break
            group = np.concatenate([part for part, keep in zip(parts, kept, strict=True) if keep])
        return group

    def _pieces(self, group: Places, splits: int) -> list[Places]:
        if splits == 0 or len(group) < 2 * _PART:
            return [group]
        halves = _halved(self.evidence.vectors, group)
        return [group] if min(map(len, halves)) < LEAST else [piece for half in halves for piece in self._pieces(half, splits - 1)]


def centre(vectors: Vectors) -> Vectors:
    """(n, d) to (d,): the mean direction, length 1; zeros if there is none."""
    mean = vectors.sum(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 1e-9 else np.zeros_like(mean), dtype=np.float32)


def _ratios(counts: NDArray[np.int64], of: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """Signed log-likelihood ratios of `counts` among `of` against `share`, which is neither 0 nor 1."""
    rest = of - counts
    gain = counts * np.log(np.maximum(counts, 1) / (of * share)) + rest * np.log(np.maximum(rest, 1) / (of * (1 - share)))
    found: NDArray[np.float64] = np.where(counts > of * share, gain, -gain)
    return found


def _halved(vectors: Vectors, group: Places) -> tuple[Places, Places]:
    """Two parts by two means, begun at either side of the principal axis; the second is empty if all are alike."""
    own = vectors[group]
    centred = own - own.mean(axis=0)
    axis = centred[int(np.argmax(np.einsum("nd,nd->n", centred, centred)))]
    for _ in range(20):
        turned = centred.T @ (centred @ axis)
        length = float(np.linalg.norm(turned))
        if length < 1e-9:
            return group, group[:0]
        axis = turned / length
    one: NDArray[np.bool_] = centred @ axis > 0
    for _ in range(20):
        if one.all() or not one.any():
            break
        again = own @ (centre(own[one]) - centre(own[~one])) > 0
        if np.array_equal(again, one):
            break
        one = again
    return group[one], group[~one]


def _likeness(one: Vectors, other: Vectors) -> float:
    """Mean similarity between two parts by mean similarity within them."""
    sums = [part.sum(axis=0, dtype=np.float64) for part in (one, other)]
    pairs = sum(len(part) * (len(part) - 1) for part in (one, other))
    within = sum(float(total @ total) - len(part) for total, part in zip(sums, (one, other), strict=True)) / max(pairs, 1)
    return float(sums[0] @ sums[1]) / (len(one) * len(other)) / within if within > 1e-9 else 1.0
