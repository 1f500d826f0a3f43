"""Texts that are repeated."""

import numpy as np
import pytest
from scipy.stats import power_divergence

from detectors.drift.repeated import LEAST, Repeated


def test_the_score_is_half_of_scipys_g_statistic_with_the_sign_of_the_change():
    """Of each text that occurs often enough, and of no other."""
    of = np.repeat([0, 1, 2], [40, LEAST, LEAST - 1])
    labels = np.zeros((len(of), 1), dtype=np.float32)
    labels[[*range(30), 40]] = 1
    share = labels.mean()
    scores = Repeated(of).scores(labels)[:, 0]
    expected = [power_divergence([count, whole - count], [whole * share, whole * (1 - share)], lambda_="log-likelihood").statistic / 2 for count, whole in ((30, 40), (1, LEAST))]
    assert np.abs(scores) == pytest.approx(expected, rel=1e-4) and scores[0] > 0 > scores[1]


def test_without_repeated_texts_there_is_nothing_to_say():
    """A statistic of zeros: no column is more extreme than another."""
    assert np.array_equal(Repeated(np.arange(9)).largest(np.ones((9, 3), dtype=np.float32)), np.zeros(3))
