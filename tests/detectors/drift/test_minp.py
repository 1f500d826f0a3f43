"""One p-value out of many: exact by enumeration, whatever the statistics."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import rankdata

from detectors.drift.minp import step_down, surprise


def _every_labelling(n, k):
    return np.array([[row in chosen for row in range(n)] for chosen in map(set, combinations(range(n), k))], dtype=float).T


@pytest.mark.parametrize("seed", range(4))
def test_no_level_is_exceeded_when_every_labelling_is_enumerated(seed):
    """All C(9, 3) labellings are equally likely: each is once the observed one. P(p <= a) <= a must hold for each a, exactly."""
    rng = np.random.default_rng(seed)
    labels = _every_labelling(9, 3)
    values = rng.standard_t(2, size=(5, 9)) @ labels
    values = np.vstack([np.abs(values), np.exp(values[:2]), rng.integers(0, 2, size=(1, 9)) @ labels])
    columns = labels.shape[1]
    pvalues = np.array([step_down(surprise(np.roll(values, -column, axis=1))).min() for column in range(columns)])
    for a in np.arange(1, columns + 1) / columns:
        assert (pvalues <= a + 1e-12).mean() <= a + 1e-12


def test_the_family_of_one_statistic_has_its_plain_p_value():
    """Nothing is corrected where nothing is to be corrected."""
    values = np.random.default_rng(1).normal(size=(1, 500))
    assert step_down(surprise(values))[0] == np.mean(values[0] >= values[0, 0])


def test_corrected_p_values_are_those_of_the_largest_rival():
    """Against the definition, step by step, on statistics that are on one scale already."""
    values = np.random.default_rng(2).normal(size=(4, 400))
    values[2, 0] = 3.5
    found = step_down(values)
    left, before = list(range(4)), 0.0
    for row in np.argsort(-values[:, 0]):
        p = np.mean([max(values[r, c] for r in left) >= values[row, 0] for c in range(400)])
        before = max(before, p)
        assert found[row] == pytest.approx(before)
        left.remove(row)


def test_surprise_rises_with_the_value_and_is_near_minus_log_p():
    """A scale that turned over would make a strong finding weak."""
    values = np.random.default_rng(3).exponential(size=(1, 2000))
    found = surprise(values)[0]
    assert (np.diff(found[np.argsort(values[0])]) >= 0).all()
    share = 1 - (rankdata(values[0]) - 1) / 2000
    middle = share > 0.01
    assert np.abs(found[middle] + np.log(share[middle])).max() < 0.5


def test_a_hundred_statistics_do_not_hide_a_huge_one():
    """In a plain min-p nearly every column is the largest in one of a hundred statistics, and nothing could be below 0.05."""
    values = np.random.default_rng(4).exponential(size=(100, 1000))
    values[17, 0] = 40.0
    found = step_down(surprise(values))
    assert found[17] == 1 / 1000 and found.argmin() == 17


def test_statistics_without_spread_are_never_surprising():
    """A feature that is the same in all labellings says nothing."""
    found = surprise(np.ones((2, 50)))
    assert (found == 0).all() and (step_down(found) == 1).all()
