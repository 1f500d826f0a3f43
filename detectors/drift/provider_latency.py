"""Time per output token, before and now: at the same hours, and with calls of one hour taken for what they are, one observation.

What makes a provider slow, load, lasts: calls that follow one another are slow together, and whoever permutes single calls finds a change every day. So calls are
averaged in blocks of the clock, of the shortest length at which a block says little about the next (AUTOCORRELATION), what it still says is put into the
statistic's scale, and blocks are permuted within the same hours of the day, weekends apart. Where that leaves too few blocks, nothing is claimed.

A week is too short to see how slowly load changes, so whole days are a second witness: now, as one day more, must stand out of the days before as well (Student's t, days
for observations). The larger of the two p-values counts.

A reply's length is part of its time per token where the wait for the first is in it, so each call is compared with those of its length: streamed or not, in
BINS of tokens.

Source: Romano and Tirlea 2022 (permutation of dependent series needs a studentised statistic); Lahiri 2003 (blocks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from detectors.drift.permutations import Shuffle

HOUR_S = 3600.0
LENGTHS = (1, 2, 3, 4, 6, 8, 12)  # hours of a block, tried in this order
AUTOCORRELATION = 0.2
LEAST_NOW, LEAST_BEFORE = 4, 8  # blocks
LEAST_DAYS = 4  # before
LEAST_CALLS = 3  # of an hour that counts
BINS = 20
_LAGS = 12

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """values: (n,) mean log seconds per token, hours of the day not taken out.  strata: (n,) same hours of the day.  hours: of a block.  scale: of the statistic.

    days: the p-value of now as one day more, or as some.
    """

    values: Floats
    in_now: Bools
    strata: Ints
    hours: int
    scale: float
    days: float = 1.0

    def statistics(self, count: int, seed: int) -> Floats:
        """(count,), the first observed: how far now is from before, in units of its own noise."""
        inside = self.values - _stratum_means(self.values, self.strata)
        shuffle = Shuffle(np.arange(len(inside)), self.in_now, seed, self.strata)
        sums = np.concatenate([np.abs(inside @ labels) for labels in shuffle.blocks(count)])
        sums[0] /= self.scale
        as_many = int(self.days * count)
        if as_many:
            sums[0] = min(sums[0], -np.partition(-sums[1:], as_many - 1)[as_many - 1])  # so that at least that many permutations reach it
        return np.asarray(sums, dtype=np.float64)

    @property
    def ratio(self) -> float:
        """Seconds per token now, by those before at the same hours: geometric mean."""
        inside = self.values - _stratum_means(self.values, self.strata)
        sizes, here = np.bincount(self.strata), np.bincount(self.strata, weights=self.in_now)
        weight = float((here * (sizes - here) / np.maximum(sizes, 1)).sum())
        return float(np.exp(inside[self.in_now].sum() / weight)) if weight else 1.0


def blocks(at: Sequence[float], seconds_per_token: Sequence[float], tokens: Sequence[int], streamed: Sequence[bool], in_now: Bools) -> Blocks | str:
    """The blocks of one model's calls, or why there are not enough. (n,) all; at: seconds since the epoch."""
    level = _at_equal_length(np.log(np.asarray(seconds_per_token, dtype=np.float64)), np.asarray(tokens), np.asarray(streamed, dtype=bool))
    hour = np.floor(np.asarray(at, dtype=np.float64) / HOUR_S).astype(np.int64)
    hours, place, calls = np.unique(hour, return_inverse=True, return_counts=True)
    share = np.bincount(place, weights=in_now) / calls
    usable = (calls >= LEAST_CALLS) & ((share == 0) | (share == 1))  # the hour in which now begins is of both
    means = np.bincount(place, weights=level) / calls
    hours, means, sides = hours[usable], means[usable], share[usable] == 1
    if sides.sum() < LEAST_NOW or (~sides).sum() < LEAST_BEFORE:
        return f"{int(sides.sum())} hours now and {int((~sides).sum())} before have {LEAST_CALLS} calls and more; {LEAST_NOW} and {LEAST_BEFORE} are needed"
    days = _days(hours, means, sides)
    if days is None:
        return f"the calls before are of fewer than {LEAST_DAYS} days at these hours"
    reason = ""
    for length in LENGTHS:
        made = _made(hours, means, sides, length)
        now, before = int(made.in_now.sum()), int((~made.in_now).sum())
        if now < LEAST_NOW or before < LEAST_BEFORE:
            reason = f"in blocks of {length} h, {now} now and {before} before can be compared; {LEAST_NOW} and {LEAST_BEFORE} are needed"
            break
        if made.scale > 0:
            return replace(made, days=days)
    return f"it changes too slowly by itself to be told from chance in so short a time ({reason})"


def _made(hours: Ints, means: Floats, sides: Bools, length: int) -> Blocks:
    """Blocks of a length; scale 0: one still says too much about the next."""
    key = (hours // length) * 2 + sides
    blocks_, place, counts = np.unique(key, return_inverse=True, return_counts=True)
    values = np.bincount(place, weights=means) / counts
    index, in_now = blocks_ // 2, blocks_ % 2 == 1
    part = index % (24 // length)
    weekend = (index * length // 24 + 3) % 7 >= 5  # the epoch was a Thursday
    strata = _common(part * 2 + weekend, part, in_now)
    kept = strata >= 0
    values, in_now, index, strata = values[kept], in_now[kept], index[kept], np.unique(strata[kept], return_inverse=True)[1].astype(np.int64)
    scale = 0.0
    if len(values) >= LEAST_NOW + LEAST_BEFORE:
        correlations = _autocorrelations(values, in_now, index, strata)
        if correlations[0] <= AUTOCORRELATION:
            positive = correlations[: int(np.argmax(correlations <= 0))] if (correlations <= 0).any() else correlations
            scale = float(np.sqrt(1 + 2 * positive.sum()))
    return Blocks(values, in_now, strata, length, scale)


def _days(hours: Ints, means: Floats, sides: Bools) -> float | None:
    """The p-value of now's days among those before, counted from now's first hour, at the hours of the day that now has; None: too few."""
    first = int(hours[sides].min())
    day, hour = (hours - first) // 24, (hours - first) % 24
    kept = np.isin(hour, hour[sides])
    level = means - _stratum_means(means, hour)
    names, place = np.unique(day[kept], return_inverse=True)
    each = np.bincount(place, weights=level[kept]) / np.bincount(place)
    now, before = each[names >= 0], each[names < 0]
    if len(before) < LEAST_DAYS:
        return None
    free = len(before) + len(now) - 2
    spread = float(np.sqrt((((now - now.mean()) ** 2).sum() + ((before - before.mean()) ** 2).sum()) / free * (1 / len(now) + 1 / len(before))))
    return 2 * float(student.sf(abs(now.mean() - before.mean()) / spread, free)) if spread > 0 else 0.0


def _common(fine: Ints, coarse: Ints, in_now: Bools) -> Ints:
    """A stratum of each block: the fine one where both sides have it; else the coarse one; -1 where only one side has that."""
    strata = np.full(len(fine), -1, dtype=np.int64)
    for offset, keys in ((0, fine), (1000, coarse)):
        for key in np.unique(keys[strata < 0]):
            members = np.flatnonzero((keys == key) & (strata < 0))
            if in_now[members].any() and not in_now[members].all():
                strata[members] = offset + key
    return strata


def _autocorrelations(values: Floats, in_now: Bools, index: Ints, strata: Ints) -> Floats:
    """Of successive blocks, lags 1 on, what hours of the day and the two periods' levels explain taken out, the noise of its own estimate added."""
    level = values.copy()
    before = ~in_now
    total, count = np.bincount(strata, weights=level * before), np.bincount(strata, weights=before)
    level -= (total / np.maximum(count, 1))[strata]
    for side in (in_now, before):
        level[side] -= level[side].mean()
    at = dict(zip(zip(index.tolist(), in_now.tolist(), strict=True), level, strict=True))
    spread = float((level**2).mean()) or 1.0
    found = []
    for lag in range(1, min(_LAGS, len(values) // 4) + 1):
        products = [value * at[later] for (when, side), value in at.items() if (later := (when + lag, side)) in at]
        found.append(float(np.mean(products)) / spread if len(products) >= LEAST_NOW else 0.0)
    return np.asarray(found) + 1 / len(values)  # such estimates are low by about so much


def _at_equal_length(level: Floats, tokens: NDArray[np.int64], streamed: Bools) -> Floats:
    """level less its mean among calls of about as many tokens."""
    cell = np.zeros(len(level), dtype=np.int64)
    for number, kind in enumerate((streamed, ~streamed)):
        if kind.any():
            edges = np.unique(np.quantile(tokens[kind], np.linspace(0, 1, BINS + 1)[1:-1]))
            cell[kind] = number * (BINS + 1) + np.searchsorted(edges, tokens[kind], side="right")
    return level - _stratum_means(level, cell)


def _stratum_means(values: Floats, strata: Ints) -> Floats:
    sizes = np.bincount(strata)
    return np.asarray((np.bincount(strata, weights=values) / np.maximum(sizes, 1))[strata], dtype=np.float64)
