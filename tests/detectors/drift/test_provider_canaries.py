"""Canaries: what repetitions differ by is measured before a change is claimed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import energy_distance

from detectors.drift.provider_canaries import LENGTH, MEANING, WORDING, Replies, changed


def replies(name: str, batches: list[list[str]], now: int, *, seed: int = 0) -> Replies:
    """batches: texts, by time; the last `now` are of now. Equal texts have equal vectors, others are unrelated."""
    texts = [text for batch in batches for text in batch]
    found = {text: np.random.default_rng([seed, *text.encode()]).normal(size=16) for text in texts}
    vectors = np.array([found[text] / np.linalg.norm(found[text]) for text in texts], dtype=np.float32)
    which = [str(number) for number, batch in enumerate(batches) for _ in batch]
    in_now = np.array([int(each) >= len(batches) - now for each in which])
    return Replies(name, tuple(texts), tuple(len(text) for text in texts), tuple(which), in_now, vectors)


def test_a_reply_that_never_changes_and_then_does_is_found():
    """The clearest case, with the numbers that make it clear."""
    features, _, _ = changed([replies("refund", [["yes."] * 5] * 12 + [["no."] * 5] * 4, 4)], alpha=0.01)
    wording = next(feature for feature in features if feature.feature == WORDING)
    assert wording.significant
    assert wording.effect == "canary refund: two replies of before are the same in 100 % of cases, one of before and one of now in 0 %"


def test_a_model_that_never_says_the_same_twice_has_not_changed():
    """Without repetitions every reply would look like a change."""
    rng = np.random.default_rng(1)
    rejected = 0
    for seed in range(60):
        batches = [[f"wording {rng.integers(1000)} {'x' * rng.integers(5, 60)}" for _ in range(3)] for _ in range(10)]
        features, _, _ = changed([replies("refund", batches, 3, seed=seed)], alpha=0.05)
        rejected += any(feature.significant for feature in features)
    assert rejected <= 6  # 5 % of 60, and two standard errors


def test_what_differs_from_hour_to_hour_is_no_change():
    """Each batch has an answer of its own, as when a provider's machines differ: batches are rearranged, so the last ones are as odd as all the others."""
    features, notes, _ = changed([replies("refund", [[f"answer of hour {hour}"] * 5 for hour in range(12)], 3)], alpha=0.05)
    assert not any(feature.significant for feature in features) and notes == []


def test_all_ways_of_a_single_canary_are_counted():
    """The p-value is a count over the 20 ways to choose 3 of 6 batches, the observed way and its mirror image being the two furthest apart."""
    features, notes, looked_at = changed([replies("refund", [["a"], ["a"], ["a"], ["b"], ["b"], ["b"]], 3)], alpha=0.2)
    assert looked_at == 19 and [f.pvalue for f in features if f.feature == WORDING] == [pytest.approx(2 / 20)]
    assert notes == []


def test_too_few_repetitions_say_what_they_could_ever_show():
    """Two batches of two: even single replies have six ways, so nothing below 1/6 is to be had, and the report says so."""
    features, notes, _ = changed([replies("refund", [["a", "a"], ["b", "b"]], 1)], alpha=0.01)
    assert "the least p-value there can be is 0.17, more than 0.01" in notes[0]
    assert not any(feature.significant for feature in features)


def test_one_batch_against_one_takes_single_replies_and_says_what_that_means():
    """Seven replies and seven others are enough for a claim, of a kind."""
    features, notes, _ = changed([replies("refund", [["a"] * 7, ["b"] * 7], 1)], alpha=0.01)
    assert "what differs from one hour to the next counts as change" in notes[0]
    assert any(feature.significant for feature in features)


def test_small_changes_of_many_canaries_add_up():
    """Each canary by itself is doubtful; all of them leaning the same way are not."""
    rng = np.random.default_rng(2)

    def one(name: str) -> Replies:
        batches = [["x" * int(rng.normal(60 if hour < 9 else 80, 12)) for _ in range(3)] for hour in range(12)]
        return replies(name, batches, 3)

    features, _, _ = changed([one(f"c{number}") for number in range(8)], alpha=0.01)
    together = [feature for feature in features if feature.effect.startswith("all 8 canaries")]
    assert next(feature for feature in together if feature.feature == LENGTH).significant


def test_the_length_statistic_is_scipys_energy_distance():
    """Against a reference implementation: its order over all arrangements is that of scipy's energy distance of log lengths."""
    lengths = [30, 34, 39, 31, 50, 58]
    features, _, _ = changed([replies("refund", [["x" * each] for each in lengths], 2)], alpha=0.2)
    logs = np.log1p(lengths)
    of = [energy_distance(np.delete(logs, chosen), logs[list(chosen)]) for chosen in itertools.combinations(range(6), 2)]
    observed = energy_distance(logs[:4], logs[4:])
    least = np.mean([each >= observed - 1e-9 for each in of])
    ours = next(feature.pvalue for feature in features if feature.feature == LENGTH)
    assert least == pytest.approx(1 / 15) and least <= ours <= 3 * least  # corrected for three measures


def test_nothing_to_compare_is_said():
    """A canary that has just been configured has no before."""
    features, notes, _ = changed([replies("refund", [["a", "b"]], 1)], alpha=0.01)
    assert features == [] and "nothing to compare yet" in notes[0]
    assert changed([], alpha=0.01) == ([], [], 0)


def test_meaning_is_told_from_wording():
    """Other words of the same meaning are reported as other words."""
    base = replies("refund", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["g"], ["g"]], 3)
    alike = Replies(base.name, base.texts, (1,) * 9, base.batches, base.in_now, np.ones((9, 4), dtype=np.float32) / 2)
    features, _, _ = changed([alike], alpha=0.05)
    assert {feature.feature: feature.significant for feature in features} == {WORDING: True, MEANING: False, LENGTH: False}
