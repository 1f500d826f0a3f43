"""The same inputs before and now: which calls of two periods may be held against one another, and how often what was seen would be seen if they were.

Users move on, and what they ask decides what they get; a provider's drift is only what has changed for inputs that have not. So calls are put in strata, and
labels are permuted within strata alone:

1. The same call: equal setting (prompt, parameters, system text) and equal input.
2. For what is left, pairs: the nearest input of the other period by cosine, of the same setting and of a similar length, each call at most once, greedily from the
   most similar down to CALIPER, and no further from it than its neighbours of its own period are: a new topic has no counterpart, however near the next one is.

Near is not equal, so what is compared of pairs is not an output's figure but its distance from those of its nearest inputs of either period (`residual`). The
neighbours are found without a look at the labels, so the permutation stays exact whatever they are worth; they only take out what the topic explains.

Source: Rubin 1973 (matched pairs with regression adjustment); van Elteren 1960 (weights of strata); Westfall and Young 1993 (min-p, step-down).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Vectors

CALIPER = 0.75  # cosine: paraphrases have it, the next topic seldom
NEIGHBOURS = 6  # of the residual
LONGER = 1.5  # times the other's characters an input of a pair may have, and as much over SLACK
SLACK = 40  # characters
_OWN = 5  # neighbours of its own period within which a call's counterpart must be
_CANDIDATES = 20  # of each call, for its pair
_BLOCK = 1000

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matching:
    """rows: positions that are compared, in strata.  stratum: of each, from 0.  in_now: of each.  paired: of each, whether its stratum is a pair of similar inputs."""

    rows: Ints
    stratum: Ints
    in_now: Bools
    paired: Bools

    @property
    def weights(self) -> Floats:
        """(rows,): what a row counts in a figure of its side, so that both sides have the same inputs; of either side they sum up to `effective`."""
        sizes, here = np.bincount(self.stratum), np.bincount(self.stratum, weights=self.in_now)
        share = np.divide(here * (sizes - here), sizes, out=np.zeros(len(sizes)), where=sizes > 0)
        own = np.where(self.in_now, here[self.stratum], (sizes - here)[self.stratum])
        return np.asarray(2 * share[self.stratum] / own, dtype=np.float64)

    @property
    def effective(self) -> float:
        """How many pairs it is worth."""
        return float(self.weights[self.in_now].sum())


def matched(settings: Sequence[Hashable], inputs: Sequence[Hashable | None], sizes: Sequence[int], vectors: Vectors | None, in_now: Bools) -> Matching:
    """Strata of calls, each of them of one session's alone. (n,) all; inputs: equal where the texts are, None: not known.  sizes: characters.  vectors: (n, d)."""
    same: dict[Hashable, list[int]] = defaultdict(list)
    rest = []
    for row, (setting, text) in enumerate(zip(settings, inputs, strict=True)):
        if text is not None:
            same[setting, text].append(row)
    strata = []
    for members in same.values():
        here = in_now[members]
        if here.any() and not here.all():
            strata.append(members)
        else:
            rest += members
    exact = len(strata)
    if vectors is not None:
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for row in sorted(rest):
            if vectors[row].any():
                groups[settings[row]].append(row)
        length = np.asarray(sizes, dtype=np.float64)
        for members in groups.values():
            strata += _pairs(np.asarray(members), vectors, length, in_now)
    rows = np.asarray([row for members in strata for row in members], dtype=np.int64)
    stratum = np.asarray([number for number, members in enumerate(strata) for _ in members], dtype=np.int64)
    return Matching(rows, stratum, in_now[rows] if len(rows) else np.zeros(0, dtype=bool), stratum >= exact)


def _pairs(members: Ints, vectors: Vectors, length: Floats, in_now: Bools) -> list[list[int]]:
    here, there = members[in_now[members]], members[~in_now[members]]
    if not len(here) or not len(there):
        return []
    count = min(_CANDIDATES, len(there))
    reach = {int(row): least for own, other in ((here, there), (there, here)) for row, least in zip(own, _reach(own, len(other), vectors), strict=True)}
    found: list[tuple[float, int, int]] = []
    for start in range(0, len(here), _BLOCK):
        block = here[start : start + _BLOCK]
        similar = vectors[block] @ vectors[there].T
        a, b = length[block][:, None], length[there][None, :]
        similar[np.maximum(a, b) > LONGER * np.minimum(a, b) + SLACK] = -1.0
        best = np.argpartition(-similar, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(similar, best, axis=1)
        for i, j in zip(*np.nonzero(near >= CALIPER), strict=True):
            one, other, similarity = int(block[i]), int(there[best[i, j]]), float(near[i, j])
            if similarity >= reach[one] and similarity >= reach[other]:
                found.append((-similarity, one, other))
    found.sort()
    used: set[int] = set()
    pairs = []
    for _, one, other in found:
        if one not in used and other not in used:
            used |= {one, other}
            pairs.append([one, other])
    return pairs


def _reach(own: Ints, others: int, vectors: Vectors) -> Floats:
    """(own,): similarity to the _OWN-th neighbour of the same period, or the one that is as far where the other period has fewer calls."""
    rank = min(len(own) - 1, round(_OWN * max(1.0, len(own) / others)))
    least = np.full(len(own), -1.0)
    if rank < _OWN:
        return least  # so few that there is no neighbourhood
    for start in range(0, len(own), _BLOCK):
        similar = vectors[own[start : start + _BLOCK]] @ vectors[own].T
        least[start : start + _BLOCK] = -np.partition(-similar, rank, axis=1)[:, rank]  # the row itself comes first
    return least - 1e-6


def residuals(figures: Floats, vectors: Vectors, rows: Ints, among: Ints) -> Floats:
    """(rows, f): the figures of rows, less the mean of their nearest inputs' `among` all (itself not one of them). NaN figures count as not there."""
    left = np.empty((len(rows), figures.shape[1]))
    count = min(NEIGHBOURS, len(among) - 1)
    if count < 1:
        return figures[rows]
    known = ~np.isnan(figures[among])
    filled = np.where(known, figures[among], 0.0)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        similar = vectors[block] @ vectors[among].T
        similar[block[:, None] == among[None, :]] = -2.0
        near = np.argpartition(-similar, count - 1, axis=1)[:, :count]
        total, seen = filled[near].sum(axis=1), known[near].sum(axis=1)
        left[start : start + len(block)] = figures[block] - np.divide(total, seen, out=np.zeros_like(total), where=seen > 0)
    return left


def centred(figures: Floats, stratum: Ints) -> Floats:
    """(n, f): figures less their stratum's mean; what is not known (NaN) is as its stratum's mean, and says nothing."""
    known = ~np.isnan(figures)
    groups = int(stratum.max()) + 1 if len(stratum) else 0
    out = np.zeros_like(figures)
    for column in range(figures.shape[1]):
        here = known[:, column]
        value = np.where(here, figures[:, column], 0.0)
        total, seen = np.bincount(stratum, weights=value, minlength=groups), np.bincount(stratum, weights=here, minlength=groups)
        mean = np.divide(total, seen, out=np.zeros(groups), where=seen > 0)
        out[here, column] = value[here] - mean[stratum[here]]
    return out


def westfall_young(statistics: Floats) -> Floats:
    """(f,): p-values corrected for all columns at once, step-down. statistics: (1 + permutations, f), the first row observed, large: far from nothing.

    Columns may be of permutations of different calls, as long as each row is one draw. Ties count against a finding.
    """
    draws, columns = statistics.shape
    raw = np.empty_like(statistics)
    for column in range(columns):
        ordered = np.sort(statistics[:, column])
        raw[:, column] = (draws - np.searchsorted(ordered, statistics[:, column] * (1 - 1e-12), side="left")) / draws
    order = np.argsort(raw[0], kind="stable")
    adjusted = np.empty(columns)
    reached = 0.0
    for position, column in enumerate(order):
        least = raw[:, order[position:]].min(axis=1)
        reached = max(reached, float((least <= raw[0, column] * (1 + 1e-12)).mean()))
        adjusted[column] = reached
    return adjusted
