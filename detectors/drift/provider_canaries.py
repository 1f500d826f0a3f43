"""Canaries: the same prompts, asked again and again. Do the replies of now differ from those of before by more than replies of one time differ from one another?

A model that samples, or whose arithmetic depends on what else is in its batch, never says the same twice; so what repetitions of one time differ by is measured first. Replies have
a distance (worded otherwise or not; of their meaning, by embeddings; of their lengths), and the statistic is by how much two of different periods are further apart than
two of one (the energy distance), against all, or enough, ways to say which were of now. What is rearranged are batches, replies asked at one time: so what differs from one hour
to the next is no change. Where there are too few batches for that to ever be significant, it is the single replies, which a note says.

Source: Szekely and Rizzo 2004 (energy statistics); Besag and Clifford 1989 (exact p-values from draws).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Feature, Vectors
from detectors.drift.provider import ASPECT
from detectors.drift.provider_effects import percent
from detectors.drift.provider_matching import westfall_young

WORDING, MEANING, LENGTH = "canary_wording", "canary_meaning", "canary_length"
MEASURES = (WORDING, MEANING, LENGTH)
ENUMERATED = 20_000  # ways to rearrange one canary's batches: up to that all of them are looked at
DRAWS = 4_999

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Replies:
    """A canary's. batches: (n,) which reply was asked with which; in_now: (n,), equal within a batch; vectors: (n, d) of the texts, zeros for an empty one."""

    name: str
    texts: tuple[str, ...]
    lengths: tuple[int, ...]
    batches: tuple[str, ...]
    in_now: Bools
    vectors: Vectors


def changed(canaries: Sequence[Replies], *, alpha: float, seed: int = 0) -> tuple[list[Feature], list[str], int]:
    """Features (three of each canary that can be compared, and of all of them together), notes, and the number of arrangements looked at."""
    notes: list[str] = []
    asked: list[_Canary] = []
    for each in canaries:
        if each.in_now.sum() < 1 or (~each.in_now).sum() < 2:
            notes.append(f"canary {each.name}: {int((~each.in_now).sum())} replies before and {int(each.in_now.sum())} now: nothing to compare yet")
            continue
        canary = _Canary(each, alpha)
        asked.append(canary)
        if canary.note:
            notes.append(canary.note)
    if not asked:
        return [], notes, 0
    rng = np.random.default_rng(seed)
    alone = len(asked) == 1 and asked[0].ways <= ENUMERATED
    columns = [canary.statistics(canary.all_ways() if alone else canary.draws(DRAWS, rng)) for canary in asked]
    if len(asked) > 1:
        scaled = [part / np.where(part.std(axis=0) > 0, part.std(axis=0), 1.0) for part in columns]
        columns.append(np.sum(scaled, axis=0))
    table = np.hstack(columns)
    pvalues = westfall_young(table).reshape(len(columns), len(MEASURES))
    features = []
    for number, corrected in enumerate(pvalues):
        for measure, pvalue in zip(MEASURES, corrected, strict=True):
            said = [canary.words(measure) for canary in asked]
            words, size = said[number] if number < len(said) else (f"all {len(said)} canaries, taken as one", float(np.mean([size for _, size in said])))
            features.append(Feature(ASPECT, measure, float(pvalue), bool(pvalue <= alpha), words, size))
    return features, notes, len(table) - 1


class _Canary:
    """One, with its distances. ways: to say which units are of now."""

    def __init__(self, replies: Replies, alpha: float) -> None:
        self._replies = replies
        by_batch = np.unique(np.asarray(replies.batches), return_inverse=True)[1]
        single = np.arange(len(replies.texts))
        least = 1 / _ways(by_batch, replies.in_now)
        self._units, self.note = by_batch, ""
        if least > alpha:
            self._units = single
            least = 1 / _ways(single, replies.in_now)
            self.note = f"canary {replies.name}: too few batches to rearrange, so single replies are: what differs from one hour to the next counts as change"
            if least > alpha:
                self.note += f"; even so the least p-value there can be is {least:.2g}, more than {alpha:g}"
        _, first = np.unique(self._units, return_index=True)
        self._observed = replies.in_now[first]
        self.ways = _ways(self._units, replies.in_now)
        self._distances = _distances(replies)

    def all_ways(self) -> Bools:
        """(ways, units), the observed one first."""
        count, now = len(self._observed), int(self._observed.sum())
        found = np.zeros((self.ways, count), dtype=bool)
        for number, chosen in enumerate(itertools.combinations(range(count), now)):
            found[number, list(chosen)] = True
        at = int(np.flatnonzero((found == self._observed).all(axis=1))[0])
        found[[0, at]] = found[[at, 0]]
        return found

    def draws(self, count: int, rng: np.random.Generator) -> Bools:
        """(1 + count, units), the observed one first."""
        drawn = rng.permuted(np.broadcast_to(self._observed, (count, len(self._observed))), axis=1)
        return np.vstack([self._observed[None, :], drawn])

    def statistics(self, arrangements: Bools) -> Floats:
        """(arrangements, measures): how much further apart replies of different periods are than those of one."""
        now = arrangements[:, self._units].astype(np.float64)
        before = 1 - now
        here, there = now.sum(axis=1), before.sum(axis=1)
        found = []
        for distances in self._distances.values():
            towards_now = now @ distances
            between = (towards_now * before).sum(axis=1) / (here * there)
            inside_now = (towards_now * now).sum(axis=1) / here**2
            inside_before = ((before @ distances) * before).sum(axis=1) / there**2
            found.append(2 * between - inside_now - inside_before)
        return np.stack(found, axis=1)

    def words(self, measure: str) -> tuple[str, float]:
        """What was found, beside what repetitions of one period differ by; and its size, 0 to 1."""
        replies, distances = self._replies, self._distances[measure]
        now, before = replies.in_now, ~replies.in_now
        other = ~np.eye(len(now), dtype=bool)
        inside = distances[np.ix_(before, before)][other[np.ix_(before, before)]].mean()
        between = distances[np.ix_(before, now)].mean()
        who = f"canary {replies.name}"
        if measure == WORDING:
            words = f"{who}: two replies of before are the same in {percent(1 - inside)} of cases, one of before and one of now in {percent(1 - between)}"
        elif measure == MEANING:
            words = f"{who}: two replies of before have a similarity of {1 - inside:.2f}, one of before and one of now {1 - between:.2f}"
        else:
            lengths = np.asarray(replies.lengths)
            words = f"{who}: median reply {np.median(lengths[before]):.0f} -> {np.median(lengths[now]):.0f} tokens"
        return words, float(min(1.0, max(0.0, between - inside)))


def _ways(units: NDArray[np.int64], in_now: Bools) -> int:
    _, first = np.unique(units, return_index=True)
    return math.comb(len(first), int(in_now[first].sum()))


def _distances(replies: Replies) -> dict[str, Floats]:
    _, texts = np.unique(np.asarray([" ".join(text.split()) for text in replies.texts]), return_inverse=True)
    lengths = np.log1p(np.asarray(replies.lengths, dtype=np.float64))
    vectors = replies.vectors.astype(np.float64)
    meaning = np.clip(1 - vectors @ vectors.T, 0, 2)
    meaning[texts[:, None] == texts[None, :]] = 0.0
    return {WORDING: (texts[:, None] != texts[None, :]).astype(np.float64), MEANING: meaning, LENGTH: np.abs(lengths[:, None] - lengths[None, :])}
