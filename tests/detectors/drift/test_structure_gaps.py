"""How far samples are apart: against scipy, and what makes the test exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from detectors.drift.structure import BINS, Table, covariates, gaps

N, W = 300, 90


def labels(count: int, n: int = N, window: int = W, seed: int = 0) -> np.ndarray:
    """The last `window` rows observed as the window's, and permutations of that."""
    observed = np.zeros(n, dtype=np.float32)
    observed[n - window :] = 1
    random = np.random.default_rng(seed)
    return np.stack([observed, *(random.permutation(observed) for _ in range(count - 1))], axis=1)


def test_a_distance_is_that_of_scipy():
    """The statistic is the Kolmogorov-Smirnov distance that everybody knows, ties and all, for each labelling."""
    random = np.random.default_rng(1)
    columns = [random.integers(0, 2, N), random.integers(0, BINS, N), random.poisson(2, N), np.where(np.arange(N) < 200, 0, random.integers(1, 9, N))]
    values = np.stack(columns, axis=1).astype(np.float64)
    marked = labels(7)
    found = gaps(Table(("a", "b", "c", "d"), values), marked)
    expected = [[ks_2samp(column[marked[:, j] == 0], column[marked[:, j] == 1]).statistic for j in range(7)] for column in values.T]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_of_many_values_a_distance_is_nearly_that_of_scipy():
    """Bins save time; what they cost is bounded by what lies between two of them, on either side."""
    random = np.random.default_rng(2)
    values = np.stack([random.normal(size=N), np.exp(3 * random.normal(size=N)), np.arange(N)], axis=1)
    values[-W:, 0] += 0.7
    marked = labels(5)
    found = gaps(Table(("a", "b", "c"), values), marked)
    expected = np.array([[ks_2samp(column[marked[:, j] == 0], column[marked[:, j] == 1]).statistic for j in range(5)] for column in values.T])
    assert (found <= expected + 1e-6).all()
    assert (expected - found).max() <= 1 / BINS * N / W + 1e-6


def test_rows_without_an_answer_are_left_out():
    """A share among JSON replies is not diluted by those that are no JSON, and the few answers that a labelling leaves to one side do not shout."""
    random = np.random.default_rng(3)
    column = random.integers(0, 5, N).astype(np.float64)
    column[random.random(N) < 0.8] = np.nan
    marked = labels(20)
    found = gaps(Table(("a",), column[:, None]), marked)[0]
    known = ~np.isnan(column)
    for j in range(20):
        before, after = column[known & (marked[:, j] == 0)], column[known & (marked[:, j] == 1)]
        expected = known.sum() * (W / N) * (1 - W / N)
        weight = np.sqrt(len(before) * len(after) / known.sum() / expected)
        assert found[j] == pytest.approx(ks_2samp(before, after).statistic * weight, abs=1e-6)


def test_a_side_without_answers_has_no_distance():
    """Nothing to compare is no difference."""
    column = np.full(N, np.nan)
    column[:50] = np.arange(50)
    assert gaps(Table(("a",), column[:, None]), labels(1))[0, 0] == 0


def test_labels_of_other_rows_are_refused():
    """A mix-up of samples must not give figures."""
    with pytest.raises(ValueError, match="labels of 3 rows"):
        gaps(Table(("a",), np.zeros((2, 1))), np.zeros((3, 1), dtype=np.float32))


@given(st.lists(st.tuples(st.sampled_from([np.nan, 0.0, 1.0, 2.5]), st.integers(0, 3)), min_size=4, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pairs, random):
    """Rows and labels permuted together give the same gaps: the ground on which a permutation test stands."""
    n = len(pairs)
    table = Table(("a", "b"), np.array([[value, float(other)] for value, other in pairs]))
    marked = labels(4, n, max(1, n // 3))
    order = list(range(n))
    random.shuffle(order)
    moved = Table(table.names, table.values[order])
    np.testing.assert_allclose(gaps(table, marked), gaps(moved, marked[order]), atol=1e-6)


def test_a_gap_depends_on_its_own_labelling_only():
    """Permutations are drawn in steps, until it is clear enough: a later step must not change what an earlier one saw."""
    random = np.random.default_rng(6)
    table = Table(("a", "b"), np.stack([random.normal(size=N), np.where(random.random(N) < 0.5, np.nan, 1.0 * (random.random(N) < 0.5))], axis=1))
    marked = labels(600)
    whole = gaps(table, marked)
    np.testing.assert_allclose(whole[:, :1], gaps(table, marked[:, :1]), atol=1e-6)
    np.testing.assert_allclose(whole[:, 400:], gaps(table, marked[:, 400:]), atol=1e-6)


def test_false_alarms_are_as_rare_as_said():
    """All features at once, samples without a difference: the rank of the observed largest gap is uniform."""
    random = np.random.default_rng(5)
    low = 0
    for _ in range(200):
        values = np.stack([random.normal(size=120), random.integers(0, 2, 120)], axis=1).astype(np.float64)
        values[random.random((120, 2)) < 0.2] = np.nan
        found = gaps(Table(("a", "b"), values), labels(40, 120, 30, seed=int(random.integers(1 << 30))))
        top = (found / found.std(axis=1, keepdims=True)).max(axis=0)
        low += (top >= top[0] - 1e-9).sum() <= 4  # p <= 0.1
    assert low <= 0.1 * 200 + 3 * np.sqrt(200 * 0.1 * 0.9)


def test_covariates_are_scaled_and_know_no_nan():
    """A linear model takes them as they are. Languages stay out: news in Spanish is news."""
    values = np.array([[1.0, np.nan, 5.0, 0.0], [2.0, 1.0, 5.0, 0.0], [2.0, 0.0, 5.0, 1.0], [9.0, 1.0, 5.0, 1.0]])
    found = covariates(Table(("a", "b", "same", "language: es"), values))
    assert found.shape == (4, 2)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-12)
    assert found[1, 0] == found[2, 0] < found[3, 0]
