"""The statistics on embeddings, against reference implementations, and what they point at."""

import numpy as np
import pytest
from scipy.stats import binom, chi2_contingency
from sklearn.metrics.pairwise import linear_kernel
from sklearn.neighbors import NearestNeighbors

from detectors.drift.clustering import Spread, clustered
from detectors.drift.permutations import Shuffle
from detectors.drift.scan import Scan, log_likelihood_ratio, nearest
from detectors.drift.semantic import Semantic, _averaged
from tests.detectors.drift import made_up_traffic as traffic


def _points(n, seed=0, d=16):
    found = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _labels(n, share, columns, seed=0):
    return next(Shuffle(np.arange(n), np.arange(n) >= n * (1 - share), seed).blocks(columns))


@pytest.mark.parametrize(("n", "k"), [(50, 5), (50, 50), (1500, 40)])
def test_neighbours_are_those_of_scikit_learn(n, k):
    """Made in blocks of rows and by partition; the result must be the plain one."""
    points = _points(n)
    expected = NearestNeighbors(n_neighbors=k, metric="cosine").fit(points).kneighbors(points, return_distance=False)
    assert np.array_equal(nearest(points, k), expected)


def test_a_row_is_its_own_nearest_even_among_copies():
    """Of equal vectors any could come first; then a text would not be in its own neighbourhood."""
    points = np.repeat(_points(3), 20, axis=0)
    assert nearest(points, 5)[:, 0].tolist() == list(range(60))


def test_the_likelihood_ratio_is_that_of_the_binomial():
    """Against scipy: log of the likelihood at the observed share, less that at the expected one."""
    for count, of, share in [(0, 10, 0.2), (10, 10, 0.2), (7, 10, 0.2), (1, 20, 0.5), (4, 20, 0.2)]:
        found = float(log_likelihood_ratio(*(np.array([each], dtype=np.float32) for each in (count, of, of * share)))[0])
        wanted = binom.logpmf(count, of, count / of) - binom.logpmf(count, of, share)
        assert abs(found) == pytest.approx(wanted, abs=2e-5)
        assert found * (count - of * share) >= 0


def test_the_table_of_scores_is_the_formula():
    """Without equal texts scores are looked up, with them they are computed: neither may change what a node scores."""
    points = _points(120)
    near, labels = nearest(points, 40), _labels(120, 0.3, 30)
    quick = Scan(near, np.ones(120, dtype=bool)).extremes(labels, 1 - labels)
    slow = Scan(near, np.zeros(120, dtype=bool)).extremes(labels, 1 - labels)
    some = Scan(near, np.arange(120) > 3).extremes(labels, 1 - labels)
    for one, two, three in zip(quick, slow, some, strict=True):
        assert np.allclose(one, two, atol=1e-4) and np.allclose(one, three, atol=1e-4)
    scores = Scan(near, np.ones(120, dtype=bool)).scores(labels, 1 - labels)
    assert np.allclose(np.maximum(scores.score, 0), np.where(quick[0] >= quick[1], quick[0], 0), atol=1e-4)


def test_scores_count_neighbours_as_one_would_by_hand():
    """The best over the sizes, each counted in a loop."""
    points = _points(80)
    near, labels = nearest(points, 40), _labels(80, 0.25, 3)
    scan = Scan(near, np.ones(80, dtype=bool), (5, 20, 40))
    found = scan.scores(labels, 1 - labels)
    for row in (0, 17, 79):
        for column in range(3):
            share = labels[:, column].mean()
            each = [(float(log_likelihood_ratio(np.float32(c := labels[near[row, :k], column].sum()), np.float32(k), np.float32(k * share))), k, c) for k in (5, 20, 40)]
            best = max(each, key=lambda one: abs(one[0]))
            assert found.score[row, column] == pytest.approx(best[0], abs=1e-4) and found.size[row, column] == best[1]


def test_the_table_of_sides_and_clusters_has_pearsons_statistic():
    """Against scipy, for observed and permuted labels."""
    members, labels = clustered(_points(400), 10, 0), _labels(400, 0.3, 4)
    found = Spread(members).chi_square(labels, 1 - labels)
    for column in range(4):
        table = np.array([[((members == c) & (labels[:, column] == side)).sum() for c in range(members.max() + 1)] for side in (0, 1)])
        assert found[column] == pytest.approx(chi2_contingency(table, correction=False).statistic, rel=1e-4)


def test_clusters_find_what_lies_apart():
    """Eight heaps are eight clusters, whatever the seed."""
    heaps = np.repeat(_points(8, seed=5), 40, axis=0) + 0.05 * _points(320, seed=6)
    heaps /= np.linalg.norm(heaps, axis=1, keepdims=True)
    members = clustered(heaps.astype(np.float32), 8, 1)
    assert sum(len(set(members[start : start + 40].tolist())) == 1 for start in range(0, 320, 40)) >= 6
    assert len(clustered(heaps[:5], 50, 0)) == 5 and clustered(np.repeat(heaps[:1], 60, axis=0), 5, 0).max() < 5


def test_the_distance_of_means_is_the_kernel_two_sample_statistic():
    """The biased estimate of MMD (Gretton et al. 2012) with a linear kernel on the flattened vectors."""
    points = _points(200)
    semantic = Semantic(points, list(range(200)), 0)
    labels = _labels(200, 0.4, 5)
    found = semantic.values(labels)[semantic.names.index("mean")]
    kernel = linear_kernel(semantic._flat)
    for column in range(5):
        inside = labels[:, column] > 0
        wanted = kernel[np.ix_(inside, inside)].mean() + kernel[np.ix_(~inside, ~inside)].mean() - 2 * kernel[np.ix_(inside, ~inside)].mean()
        assert found[column] == pytest.approx(wanted, rel=1e-2)


def test_equal_texts_are_one_place():
    """A client that repeats one question five hundred times is no new topic of five hundred questions."""
    rng = np.random.default_rng(0)
    made = traffic.texts(traffic.USUAL, 300, rng)
    made[200:] = made[200:250] + [made[200]] * 50
    semantic = Semantic(traffic.vectors(made), made, 0)
    labels = np.concatenate([(np.arange(300) >= 200).astype(np.float32)[:, None], _labels(300, 1 / 3, 199)], axis=1)
    values = semantic.values(labels)
    assert len(semantic.distinct) == 250
    assert (values[0] >= values[0, 0]).mean() > 0.02


def _planted(seed=0):
    rng = np.random.default_rng(seed)
    made = traffic.texts(traffic.USUAL, 400, rng) + traffic.texts(traffic.USUAL, 88, rng) + traffic.texts(["visas"], 12, rng)
    inside = np.arange(500) >= 400
    semantic = Semantic(traffic.vectors(made), made, 0)
    values = semantic.values(np.concatenate([inside.astype(np.float32)[:, None], _labels(500, 0.2, 199)], axis=1))
    return made, inside, semantic, values


def test_the_evidence_points_at_the_new_topic():
    """The rows that were put in, and no others, score beyond chance."""
    _, inside, semantic, values = _planted()
    found = semantic.evidence(inside.astype(np.float32)[:, None], values, 0.05)
    over = np.flatnonzero(found.score > found.threshold)
    assert set(over.tolist()) <= set(range(488, 500)) and len(over) >= 6
    assert found.scan_null.max() >= found.threshold and found.in_window.sum() == 100
    assert set(np.unique(found.size).tolist()) <= {5, 7, 10, 14, 20, 40}


def test_evidence_tells_which_rows_each_place_stands_for():
    """Topics are told in rows of the samples as they came, equal ones included; a text on both sides has a place on each."""
    made = ["a b c", "d e f", "a b c", "g h i", "a b c", "d e f", "j k l"] * 8
    made = [f"{text} {place // 7}" if place >= 7 else text for place, text in enumerate(made)]
    inside = np.arange(len(made)) % 7 >= 4
    semantic = Semantic(traffic.vectors(made), made, 0)
    found = semantic.evidence(inside.astype(np.float32)[:, None], np.ones((6, 10)), 0.05)
    rows = semantic.stands_for(inside, np.arange(len(made)))
    assert len(rows) == len(found.in_window) == len(found.vectors)
    assert sorted(place for each in rows for place in each) == list(range(len(made)))
    for place, each in enumerate(rows):
        assert {bool(inside[row]) for row in each} == {bool(found.in_window[place])} and len({made[row] for row in each}) == 1
        near = found.neighbours[place]
        assert near[0] == place and len(set(near.tolist())) == len(near) and near.min() >= 0


def test_scores_of_a_tiny_window_do_not_overflow():
    """Forty of sixty rows in one place, beside thousands elsewhere: 140 nats, of which e to the power of 0.7 times that is beyond float32."""
    scores = np.array([[140.0, 150.0], [0.0, 0.0]], dtype=np.float32)
    found = _averaged(scores, 0.7)
    assert np.isfinite(found).all() and found == pytest.approx([98 - np.log(2), 105 - np.log(2)], abs=0.01)
