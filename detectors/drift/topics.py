"""What moved, as topics: groups of rows (detectors.drift.growing) with a name, a direction, shares and examples. Pure; deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Direction, Evidence, Topic
from detectors.drift.growing import Group, Growth, centre
from detectors.drift.keywords import Terms

MOST = 20  # topics of one aspect
_FAR, _EDGE = 0.1, 0.2  # shares of the core, and of all rows, that are at most so much of the other sample's: "new", or "gone"
_EXEMPLARS = 3
_Z = 1.959964  # of a 95 % interval


def found(evidence: Evidence, texts: Sequence[str], *, aspect: str, stands_for: Sequence[Sequence[int]] | None = None, repeated: Sequence[Group] = (), most: int = MOST) -> list[Topic]:
    """Topics of one aspect, the largest move first.

    texts: of the evidence's places, as they stand in the samples.  stands_for: the rows of its own sample, from 0, that each place of the evidence
    stands for; None: one each, in order.  repeated: texts that have moved by themselves; those in no other topic are topics.  Raises ValueError if the lengths differ.
    """
    n = len(evidence.in_window)
    if stands_for is None:
        before = int(n - evidence.in_window.sum())
        stands_for = [(place if place < before else place - before,) for place in range(n)]
    if not n == len(texts) == len(stands_for):
        raise ValueError(f"{n} places of evidence, {len(texts)} texts, rows for {len(stands_for)}")
    grown = [*Growth(evidence, 1).groups(most), *Growth(evidence, -1).groups(most)]
    covered = {place for group in grown for place in group.places.tolist()}
    grown += [group for group in repeated if covered.isdisjoint(group.places.tolist())]
    if not grown:
        return []
    terms = Terms(texts)
    counted = _Counted(evidence, stands_for)
    topics = [_described(evidence, texts, counted, terms, aspect, group) for group in grown]
    topics.sort(key=lambda topic: (-abs(topic.share_window - topic.share_baseline), topic.keywords, topic.rows))
    return topics[:most]


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, spread = count / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def exemplars(texts: Sequence[str], nearness: NDArray[np.float32], most: int = _EXEMPLARS) -> tuple[str, ...]:
    """The texts nearest the centre, distinct but for case, blanks and words with digits (numbers of orders, dates); fewer if there are no more."""
    chosen: dict[str, str] = {}
    for place in np.argsort(-nearness, kind="stable"):
        text = texts[int(place)]
        chosen.setdefault(" ".join(word for word in text.casefold().split() if not any(map(str.isdigit, word))), text)
        if len(chosen) == most:
            break
    return tuple(chosen.values())


class _Counted:
    """Places by side, and the rows that they stand for. whole: rows of the baseline, of the window, in all."""

    def __init__(self, evidence: Evidence, stands_for: Sequence[Sequence[int]]) -> None:
        self._inside, self._stands_for = evidence.in_window, stands_for
        sizes = np.array([len(rows) for rows in stands_for], dtype=np.int64)
        self.whole = (int(sizes[~self._inside].sum()), int(sizes[self._inside].sum()))

    def rows(self, places: NDArray[np.int64]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The baseline's, the window's, rising."""
        sides = (places[~self._inside[places]], places[self._inside[places]])
        before, after = (tuple(sorted(row for place in side for row in self._stands_for[place])) for side in sides)
        return before, after

    def shares(self, places: NDArray[np.int64]) -> tuple[float, float]:
        """Of the baseline, of the window, 0 to 1."""
        before, after = (len(rows) / whole if whole else 0.0 for rows, whole in zip(self.rows(places), self.whole, strict=True))
        return before, after


def _described(evidence: Evidence, texts: Sequence[str], counted: _Counted, terms: Terms, aspect: str, group: Group) -> Topic:
    before, after = counted.rows(group.places)
    shares = counted.shares(group.places)
    more = evidence.in_window[group.places] == (shares[1] >= shares[0])
    showing = group.places[more]
    middle = centre(evidence.vectors[showing])
    near = evidence.vectors[group.places] @ middle
    core = group.places[near >= np.median(near[more])]  # rows of a known topic nearby are at the edge of a new one, those of a topic that grew all over it
    return Topic(
        aspect=aspect,
        keywords=terms.keywords(showing.tolist()),
        direction=_direction(shares, counted.shares(core)),
        share_baseline=shares[0],
        share_window=shares[1],
        baseline_interval=wilson(len(before), counted.whole[0]),
        window_interval=wilson(len(after), counted.whole[1]),
        rows=after,
        baseline_rows=before,
        exemplars=exemplars([texts[place] for place in showing], near[more]),
        centre=middle,
        pvalue=group.pvalue,
    )


def _direction(shares: tuple[float, float], core: tuple[float, float]) -> Direction:
    """shares, core: of the baseline, of the window; core: of the half that is nearest the centre."""
    more = int(shares[1] >= shares[0])
    fresh = core[1 - more] <= _FAR * core[more] and shares[1 - more] <= _EDGE * shares[more]
    if more:
        return "new" if fresh else "grown"
    return "gone" if fresh else "shrunk"
