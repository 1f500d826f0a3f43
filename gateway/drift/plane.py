"""Both samples in two dimensions, for the page's map: near each other means alike, as far as a plane can say that.

t-SNE (van der Maaten and Hinton 2008; scikit-learn's, Barnes-Hut) on the first principal components of the embeddings; seeded, so the same samples
give the same map. A picture to look at and no test: sizes of gaps and of groups in it mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Topic, Vectors

MOST = 1_000  # points that are placed and drawn
_OF_A_TOPIC = 25  # of each sample at least, if it has them: a topic of 1 % is to be seen
_COMPONENTS = 30
_STEPS = 300
_PERPLEXITY = 30.0
_FEW = 12  # points; below, t-SNE has no neighbours to keep


@dataclass(frozen=True, slots=True)
class Point:
    """x, y: 0 to 1.  row: its position in its sample.  topic: the index of the first topic that holds it, -1 for none."""

    x: float
    y: float
    in_window: bool
    row: int
    topic: int


def plane(baseline: Vectors, window: Vectors, topics: Sequence[Topic], *, most: int = MOST, seed: int = 0) -> tuple[Point, ...]:
    """Where rows stand. baseline, window: (n, d), (m, d); rows of zeros have no place.  topics: whose rows are kept when there are more than `most`.

    Cost: some 2 s of one core for 1,000 points of 384 dimensions.
    """
    of_baseline, of_window = (_topics_of(len(rows), [each.baseline_rows if not side else each.rows for each in topics]) for side, rows in enumerate((baseline, window)))
    pooled = np.concatenate((baseline, window)).astype(np.float32)
    topic = np.concatenate((of_baseline, of_window))
    in_window = np.arange(len(pooled)) >= len(baseline)
    drawn = _drawn(np.flatnonzero(np.any(pooled != 0, axis=1)), topic, in_window, most, np.random.default_rng(seed))
    if not len(drawn):
        return ()
    placed = _unit_square(_flat(pooled[drawn], seed))
    return tuple(
        Point(float(x), float(y), bool(in_window[at]), int(at - len(baseline) if in_window[at] else at), int(topic[at])) for (x, y), at in zip(placed, drawn, strict=True)
    )


def _topics_of(count: int, rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    found = np.full(count, -1, dtype=np.int64)
    for index in range(len(rows) - 1, -1, -1):
        found[list(rows[index])] = index
    return found


def _drawn(present: NDArray[np.int64], topic: NDArray[np.int64], in_window: NDArray[np.bool_], most: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Which of the rows are drawn: by chance, but some of every topic."""
    shuffled = random.permutation(present)
    if len(shuffled) <= most:
        return np.sort(shuffled)
    first = [group[:_OF_A_TOPIC] for index in range(int(topic.max()) + 1) for side in (False, True) if len(group := shuffled[(topic[shuffled] == index) & (in_window[shuffled] == side)])]
    kept = np.concatenate([*first, shuffled]) if first else shuffled
    return np.sort(np.array(list(dict.fromkeys(kept.tolist()))[:most], dtype=np.int64))


def _flat(vectors: Vectors, seed: int) -> NDArray[np.float64]:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # scikit-learn's own

    count = len(vectors)
    if count == 1 or np.allclose(vectors, vectors[0], atol=1e-6):
        return np.zeros((count, 2))
    components = min(_COMPONENTS, count - 1, vectors.shape[1])
    with threadpool_limits(1):  # several threads wait for each other longer than they work
        reduced = PCA(n_components=components, random_state=seed, svd_solver="randomized").fit_transform(vectors.astype(np.float64))
        if count < _FEW or components < 2:
            return np.column_stack((reduced[:, 0], reduced[:, 1] if components > 1 else np.zeros(count)))
        spread = reduced[:, :2] / max(float(np.std(reduced[:, 0])), 1e-12) * 1e-4
        kept = TSNE(n_components=2, init=spread.astype(np.float32), perplexity=min(_PERPLEXITY, (count - 1) / 3), max_iter=_STEPS, random_state=seed, n_jobs=1)
        placed: NDArray[np.float64] = kept.fit_transform(reduced.astype(np.float32)).astype(np.float64)
    return placed if np.isfinite(placed).all() else reduced[:, :2]


def _unit_square(placed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Into 0 to 1 on either axis, with the middle in the middle; one scale for both."""
    low, high = placed.min(axis=0), placed.max(axis=0)
    scale = float((high - low).max()) or 1.0
    found: NDArray[np.float64] = (placed - (low + high) / 2) / scale + 0.5
    return found
