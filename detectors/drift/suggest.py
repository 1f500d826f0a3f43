"""Which rows of the window would close the gap, if they were added to what is tested on: different ones from every topic that is new or has grown. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Row, Topic, Vectors

MOST = 50
SAME = 0.95  # cosine: above it, one text says what the other does
_EDGE = 10  # one row in so many, the least central, is not proposed: what is farthest from all others is often there by mistake


def suggest(window: Sequence[Row], vectors: Vectors, topics: Sequence[Topic], most: int = MOST) -> list[int]:
    """Positions in the window, from 0, of at most `most` rows: topic by topic, the largest excess first; in each the most central row, then what is least like those chosen.

    vectors: (len(window), d), of the inputs.  Every topic gets a share of `most` in proportion to its excess, and at least one row while there is room; fewer if
    its other rows say the same. Texts that are equal but for case and blanks, or whose cosine is above SAME, come once. Raises ValueError if the lengths differ.
    """
    if len(window) != len(vectors):
        raise ValueError(f"{len(window)} rows, {len(vectors)} vectors")
    wanted = [topic for topic in topics if topic.direction in ("new", "grown") and topic.rows]
    wanted.sort(key=lambda topic: (topic.share_baseline - topic.share_window, topic.rows))
    chosen: list[int] = []
    said: set[str] = set()
    for topic, share in zip(wanted, _shares([topic.share_window - topic.share_baseline for topic in wanted], most), strict=False):
        for row in _spread([row for row in topic.rows if _text(window[row])], vectors, tuple(chosen)):
            if share == 0:
                break
            text = _text(window[row])
            if text not in said:
                said.add(text)
                chosen.append(row)
                share -= 1
    return chosen


def _text(row: Row) -> str:
    return " ".join((row.input or row.output or "").casefold().split())


def _shares(excess: Sequence[float], most: int) -> list[int]:
    """`most` divided in proportion, by the largest remainders; at least 1 each as long as there is enough."""
    if not excess or most <= 0:
        return [0] * len(excess)
    least = [1 if number < most else 0 for number in range(len(excess))]
    left = most - sum(least)
    weights = np.maximum(np.array(excess, dtype=np.float64), 1e-9)
    exact = left * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    for place in np.argsort(whole - exact, kind="stable")[: left - int(whole.sum())]:
        whole[place] += 1
    return [int(one + more) for one, more in zip(least, whole, strict=True)]


def _spread(rows: Sequence[int], vectors: Vectors, chosen: Sequence[int]) -> Iterator[int]:
    """The most central row, then each time the one whose nearest chosen row is farthest, while that is no repetition."""
    if not rows:
        return
    central = vectors[np.asarray(rows)] @ vectors[np.asarray(rows)].mean(axis=0)
    rows = [rows[place] for place in np.sort(np.argsort(-central, kind="stable")[: len(rows) - len(rows) // _EDGE])]
    own = vectors[np.asarray(rows)]
    most_like: NDArray[np.float32] = (own @ vectors[np.asarray(chosen)].T).max(axis=1) if chosen else np.full(len(rows), -1, dtype=np.float32)
    place = int(np.argmax(np.where(most_like <= SAME, own @ own.mean(axis=0), -np.inf)))
    while most_like[place] <= SAME:
        yield rows[place]
        most_like = np.maximum(most_like, own @ own[place])
        most_like[place] = np.inf
        place = int(np.argmin(most_like))
