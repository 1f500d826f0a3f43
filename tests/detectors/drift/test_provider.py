"""Model watch: what providers change is told from what users change, and from chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import permutation_test

from detectors.drift.base import Vectors
from detectors.drift.provider import FINISH, LENGTH, PACE, REFUSALS, Call, Named, compare, news
from detectors.drift.provider_latency import blocks
from detectors.drift.provider_matching import matched, westfall_young

HOUR = 3600.0


def call(number: int, **changes: Any) -> Call:
    values: dict[str, Any] = dict(provider="acme", request_model="large", at=0.0, input=f"question {number}", size=40, output_tokens=100, refused=False, finish_reason="stop")
    return Call(**{**values, **changes})


def asked(seed: int, count: int, topics: list[float], *, longer: float = 1.0, session: str = "") -> tuple[list[Call], Vectors]:
    """Calls about topics, each with a length of its own (topic t: 50 * 3**t tokens) and a direction of its own. topics: their shares."""
    rng = np.random.default_rng(seed)
    which = rng.choice(len(topics), size=count, p=topics)
    vectors = 0.15 * rng.normal(size=(count, 24)) / np.sqrt(24)
    vectors[np.arange(count), which] += 1.0
    tokens = 50 * 3.0**which * np.exp(rng.normal(0, 0.4, count)) * longer
    calls = [call(0, input=(seed, at), output_tokens=int(each), session=session and f"{session}{at // 4}") for at, each in enumerate(tokens)]
    return calls, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def both(before: tuple[list[Call], Vectors], now: tuple[list[Call], Vectors]) -> tuple[list[Call], list[Call], Vectors]:
    return before[0], now[0], np.vstack([before[1], now[1]])


def test_a_new_model_behind_the_old_name_is_certain_and_said_with_its_share():
    """One reply is proof: there is nothing to test. In a rolling change both answer for a while."""
    known = {Named("acme", "large", "response_model", "large-01"), Named("acme", "large", "fingerprint", "fp_a")}
    seen = [(Named("acme", "large", "response_model", "large-01"), 90), (Named("acme", "large", "response_model", "large-02"), 30)]
    report = compare([call(1)], [call(2)], known=known, sightings=[*seen, (Named("acme", "large", "fingerprint", "fp_a"), 120)])
    assert [(event.named.value, event.calls, event.of, event.others) for event in report.events] == [("large-02", 30, 120, ("large-01",))]
    assert report.alarm and report.aspect.pvalue == 0.0
    assert "large-02 was never seen before, now in 25 % of replies (30 of 120); the others still large-01" in report.report.structure[0].effect


def test_a_model_that_is_used_for_the_first_time_is_no_drift():
    """Whoever changes the requested model himself is not told that the provider did."""
    events, notes = news({Named("acme", "small", "response_model", "small-01")}, [(Named("acme", "large", "response_model", "large-01"), 5)])
    assert events == [] and "first time" in notes[0]


def test_a_new_fingerprint_is_reported_and_is_no_alarm_by_itself():
    """Some providers change it with every machine; an alarm a week for that would be turned off."""
    report = compare([], [], known={Named("acme", "large", "fingerprint", "fp_a")}, sightings=[(Named("acme", "large", "fingerprint", "fp_b"), 3)])
    assert [feature.feature for feature in report.everything] == ["fingerprint"] and not report.alarm


def test_longer_replies_to_the_same_prompts_are_found_without_any_vectors():
    """Apps with fixed prompts need no embedding to be watched."""
    rng = np.random.default_rng(5)
    base = rng.integers(50, 500, 100)
    before = [call(at % 100, output_tokens=int(base[at % 100] + rng.integers(0, 20))) for at in range(300)]
    now = [call(at, output_tokens=int(base[at] / 2 + rng.integers(0, 20))) for at in range(100)]
    report = compare(before, now)
    (length,) = [feature for feature in report.features if feature.feature == LENGTH]
    assert length.significant and "same input" in length.effect and report.alarm
    told = [int(word) for word in length.effect.split("median reply ")[1].replace("->", " ").split()[:2]]
    assert 1.6 < told[0] / told[1] < 2.4


def test_users_who_ask_for_longer_things_are_no_providers_drift():
    """The topic decides the length here, and the topics have moved: whoever compares the periods as they are cries wolf."""
    before, now = asked(1, 900, [0.7, 0.2, 0.1]), asked(2, 400, [0.1, 0.2, 0.7])
    medians = [np.median([each.output_tokens or 0 for each in side[0]]) for side in (before, now)]
    assert medians[1] > 4 * medians[0]
    report = compare(*both(before, now), alpha=0.05)
    assert report.tested and not report.alarm, report.features


def test_a_change_is_found_under_users_who_move():
    """Both sides change at once, as they do; only the provider's part is reported, at about its size."""
    report = compare(*both(asked(1, 900, [0.7, 0.2, 0.1]), asked(2, 400, [0.1, 0.2, 0.7], longer=1.5)))
    assert report.alarm and [feature.feature for feature in report.features if feature.significant] == [LENGTH]


def test_a_topic_without_a_counterpart_is_left_out_and_said():
    """New questions have no earlier answers to be compared with: no claim, however different their replies are."""
    before, now = asked(1, 300, [1.0, 0.0, 0.0]), asked(2, 300, [0.0, 0.0, 1.0])
    report = compare(*both(before, now))
    assert not report.tested and not report.alarm and "no claim about replies" in report.notes[0]


def test_a_changed_prompt_is_not_held_against_the_provider():
    """Other parameters or instructions are another question, even for the same words of the user."""
    before = [call(at, setting="v1") for at in range(100)]
    now = [call(at, setting="v2", output_tokens=20) for at in range(100)]
    assert not compare(before, now).tested


def test_refusals_and_ends_are_told_apart():
    """Who reads the alarm must know what to look at."""
    before = [call(at % 150, refused=at % 100 == 0, output_tokens=90 + at % 20) for at in range(600)]
    refusing = compare(before, [call(at, refused=at % 8 == 0, output_tokens=90 + at % 20) for at in range(150)])
    cutting = compare(before, [call(at, refused=at % 100 == 0, finish_reason="length" if at % 8 == 0 else "stop", output_tokens=90 + at % 20) for at in range(150)])
    assert [f.feature for f in refusing.features if f.significant] == [REFUSALS]
    assert [f.feature for f in cutting.features if f.significant] == [FINISH]
    assert 'finish reason "length" 0 % -> 13 %' in " ".join(f.effect for f in cutting.features)


def test_conversations_do_not_count_as_many_witnesses():
    """Fifty rows of one session that all have its length are one observation; taken for fifty they would prove anything."""
    rng = np.random.default_rng(0)
    rejected = 0
    for _ in range(40):
        calls: list[Call] = []
        for session in range(80):
            length = int(rng.integers(50, 500))
            calls += [call(at, session=f"s{session}", output_tokens=length) for at in range(10)]
        rejected += compare(calls[:600], calls[600:], alpha=0.05).alarm
    assert rejected <= 6  # 5 % of 40, and two standard errors


def test_exact_matching_permutes_as_scipy_does():
    """The p-value of a stratified permutation, against scipy's of the same statistic within one stratum."""
    before, now = [130, 140, 150, 120, 135, 125] * 6, [140, 150, 99, 160, 120, 131] * 6

    def apart(x: Any, y: Any, axis: int) -> Any:
        return np.abs(np.log1p(x).mean(axis=axis) - np.log1p(y).mean(axis=axis))

    report = compare([call(0, output_tokens=each) for each in before], [call(0, output_tokens=each) for each in now], alpha=0.05, most=999)
    reference = permutation_test((np.array(before), np.array(now)), apart, n_resamples=9999, vectorized=True, alternative="greater", rng=np.random.default_rng(0)).pvalue
    ours = next(feature.pvalue for feature in report.features if feature.feature == LENGTH)
    assert ours == pytest.approx(float(reference), abs=0.04)


def test_pairs_are_of_either_period_and_used_once():
    """A call that had two partners would count twice."""
    before, now = asked(1, 60, [0.5, 0.5]), asked(2, 40, [0.5, 0.5])
    calls, vectors = [*before[0], *now[0]], np.vstack([before[1], now[1]])
    in_now = np.arange(100) >= 60
    matching = matched([c.setting for c in calls], [c.input for c in calls], [c.size for c in calls], vectors, in_now)
    assert len(set(matching.rows.tolist())) == len(matching.rows) > 20
    for stratum in np.unique(matching.stratum):
        assert sorted(matching.in_now[matching.stratum == stratum]) == [False, True]


def test_long_and_short_inputs_are_no_pair():
    """An embedding sees what a text is about, not how much of it there is."""
    vectors = np.ones((2, 4), dtype=np.float32) / 2
    assert not len(matched(["", ""], ["a", "b"], [100, 900], vectors, np.array([False, True])).rows)
    assert len(matched(["", ""], ["a", "b"], [100, 140], vectors, np.array([False, True])).rows) == 2


def test_westfall_young_costs_nothing_for_what_always_moves_together():
    """Two names for one figure are one test; two unrelated figures are two."""
    rng = np.random.default_rng(3)
    one = np.abs(rng.normal(size=(2000, 1)))
    one[0] = np.sort(one[1:, 0])[-20]
    alone = westfall_young(one)[0]
    assert westfall_young(np.hstack([one, one * 7]))[0] == pytest.approx(alone)
    assert westfall_young(np.hstack([one, np.abs(rng.normal(size=(2000, 1)))]))[0] > 1.5 * alone


def paces(seed: int, *, slower: float = 1.0, days: int = 8, calls: int = 6, load: Any = None) -> tuple[list[Call], list[Call]]:
    """Days of calls with a daily course, the last day of now."""
    rng = np.random.default_rng(seed)
    course = np.zeros(days * 24) if load is None else load(rng, days * 24)
    sides: tuple[list[Call], list[Call]] = [], []
    for hour in range(days * 24):
        late = hour >= (days - 1) * 24
        for _ in range(calls):
            seconds = 0.02 * np.exp(0.3 * np.sin(hour / 24 * 2 * np.pi) + course[hour] + rng.normal(0, 0.2)) * (slower if late else 1.0)
            sides[late].append(call(0, at=1_760_000_400.0 + hour * HOUR + rng.random() * HOUR, seconds_per_token=float(seconds), output_tokens=int(rng.integers(50, 200)), input=None))
    return sides


def test_a_slower_model_is_found_at_the_same_hours():
    """Thirty per cent slower all day long, with its size in words."""
    report = compare(*paces(1, slower=1.3))
    (feature,) = report.features
    assert feature.feature == PACE and feature.significant
    assert abs(int(feature.effect.split("+")[1].split(" %")[0]) - 30) <= 4


def test_a_busy_afternoon_is_no_slower_model():
    """Now is the slow half of a day: against the whole days before it would look slow, against the same hours it does not."""
    before, now = paces(2)
    slow = [each for each in now if np.sin((each.at - 1_760_000_400.0) / HOUR / 24 * 2 * np.pi) > 0]
    report = compare(before, slow, alpha=0.05)
    assert len(slow) > 50 and not report.alarm


def test_load_that_lasts_for_hours_raises_no_alarm_every_other_day():
    """Autocorrelated load, as it is: permuting calls finds a change in half of all days, permuting blocks does not."""

    def lasting(rng: np.random.Generator, hours: int) -> Any:
        out = np.zeros(hours)
        for hour in range(1, hours):
            out[hour] = 0.8 * out[hour - 1] + 0.1 * rng.normal()
        return out

    reports = [compare(*paces(seed, load=lasting), alpha=0.05) for seed in range(60)]
    assert sum(report.alarm for report in reports) <= 6  # 5 % of 60, and two standard errors


def test_too_few_hours_are_no_claim():
    """Three hours of traffic say nothing about a provider's speed; the report says how many would."""
    before, now = paces(4)
    made = blocks(
        [each.at for each in (*before, *now[:18])], [each.seconds_per_token or 1 for each in (*before, *now[:18])], [100] * (len(before) + 18),
        [True] * (len(before) + 18), np.arange(len(before) + 18) >= len(before),
    )  # fmt: skip
    assert isinstance(made, str) and "3 hours now" in made


def test_hostile_calls_end_without_a_claim():
    """Nothing known, nothing there, nothing varied: no exception, no finding."""
    bare = Call("acme", "large", 0.0)
    for before, now in (([], []), ([bare] * 50, []), ([bare] * 50, [bare] * 50), ([call(0)] * 50, [call(0)] * 50), ([call(0, session="s")] * 90, [call(0, session="s")] * 90)):
        report = compare(before, now, np.zeros((len(before) + len(now), 3), dtype=np.float32))
        assert not report.alarm and report.notes and report.report.structure == ()


def test_the_same_calls_give_the_same_report():
    """A report that changes when it is made again convinces nobody."""
    sides = both(asked(1, 200, [0.5, 0.5]), asked(2, 100, [0.5, 0.5]))
    assert compare(*sides, seed=7) == compare(*sides, seed=7)
