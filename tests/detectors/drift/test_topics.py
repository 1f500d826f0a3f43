"""What moved is found whole, once, on the right side, and called by its words."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from detectors.drift.topics import exemplars, found, wilson
from tests.detectors.drift.subjects import WORDS, world

USUAL = {"parcels": 120, "invoices": 120, "gardens": 120, "trains": 40}
WINDOW = {"parcels": 60, "invoices": 60, "gardens": 60, "trains": 20}


def test_a_new_subject_is_one_topic_with_its_rows_words_and_share():
    """The sentence that drift is for: so many of this week's prompts are about something the tests never saw."""
    made = world(USUAL, {**WINDOW, "violins": 20})
    (topic,) = found(made.evidence(), made.texts, aspect="topics")
    assert topic.direction == "new"
    assert list(topic.rows) == made.places("violins", window=True)
    assert topic.baseline_rows == ()
    assert set(topic.keywords) & set(WORDS["violins"]) and not set(topic.keywords) & {word for name in USUAL for word in WORDS[name]}
    assert topic.share_window == pytest.approx(20 / 220) and topic.window_interval[0] < 20 / 220 < topic.window_interval[1]
    assert len(set(topic.exemplars)) == 3 and all(made.subjects[made.texts.index(text)] == "violins" for text in topic.exemplars)
    assert topic.pvalue <= 0.02
    assert np.linalg.norm(topic.centre) == pytest.approx(1, abs=1e-5)


def test_two_new_subjects_are_two_topics():
    """They would be one if whatever is new were thrown together."""
    made = world(USUAL, {**WINDOW, "violins": 20, "glaciers": 16})
    topics = found(made.evidence(), made.texts, aspect="topics")
    assert len(topics) == 2
    for topic, subject in zip(topics, ("violins", "glaciers"), strict=True):
        assert set(made.places(subject, window=True)) <= set(topic.rows) and len(topic.rows) <= 20
        assert topic.keywords[0] in WORDS[subject]


def test_a_new_subject_beside_a_known_one_is_told_from_it():
    """Change of name beside name: rows of the known one must not swell what is new."""
    made = world(USUAL, {**WINDOW, "violins": 40}, near=[("parcels", "violins")], spread=0.05)
    topic = found(made.evidence(), made.texts, aspect="topics")[0]
    assert topic.direction == "new"
    assert topic.share_window == pytest.approx(40 / 240, abs=0.03)
    assert topic.keywords[0] in WORDS["violins"] or set(topic.keywords[0].split()) & set(WORDS["violins"])


def test_what_is_gone_shows_what_the_baseline_had():
    """Keywords and examples come from the side that has them."""
    made = world({**USUAL, "violins": 40}, WINDOW)
    (topic,) = found(made.evidence(), made.texts, aspect="topics")
    assert (topic.direction, topic.rows) == ("gone", ())
    assert list(topic.baseline_rows) == made.places("violins", window=False)
    assert all(made.subjects[made.texts.index(text)] == "violins" for text in topic.exemplars)


def test_a_subject_that_is_gone_beside_one_that_stays_has_its_whole_share():
    """Half of what went away would be another finding. The window is as large as the baseline: in a small one few rows could have been seen at all."""
    usual = {name: 4 * count for name, count in USUAL.items()}
    made = world({**usual, "violins": 160}, usual, near=[("parcels", "violins")], spread=0.05)
    topic = found(made.evidence(), made.texts, aspect="topics")[0]
    assert topic.direction == "gone" and set(topic.keywords) & set(WORDS["violins"])
    assert topic.share_baseline == pytest.approx(160 / 1760, abs=0.03)


def test_a_mix_that_shifted_grows_and_shrinks():
    """Known subjects in other proportions: nothing is new."""
    made = world({"parcels": 200, "invoices": 60, "gardens": 100}, {"parcels": 60, "invoices": 200, "gardens": 100})
    topics = found(made.evidence(), made.texts, aspect="topics")
    directions = {made.subjects[made.texts.index(topic.exemplars[0])]: topic.direction for topic in topics}
    assert directions == {"invoices": "grown", "parcels": "shrunk"}
    assert [abs(topic.share_window - topic.share_baseline) for topic in topics] == sorted((abs(topic.share_window - topic.share_baseline) for topic in topics), reverse=True)


def test_clusters_tell_of_a_shift_that_no_neighbourhood_shows():
    """A large subject that grows a little everywhere has no place denser than chance allows."""
    made = world({"parcels": 150, "invoices": 150}, {"parcels": 60, "invoices": 240}, spread=0.4)
    evidence = made.evidence()
    whole = dataclasses.replace(evidence, threshold=1e9, clusters=np.array([["parcels", "invoices"].index(name) for name in made.subjects], dtype=np.int32))
    moved = dataclasses.replace(whole, excess=np.array([-30.0, 30.0]), excess_threshold=8.0)
    assert {topic.direction for topic in found(moved, made.texts, aspect="topics")} == {"grown", "shrunk"}


@pytest.mark.parametrize("seed", range(5))
def test_without_a_change_there_is_no_topic(seed):
    """A topic that chance explains costs somebody a morning."""
    made = world(USUAL, WINDOW, seed=seed)
    evidence = made.evidence()
    strongest = np.abs(evidence.score).max()
    assert strongest > evidence.threshold or found(evidence, made.texts, aspect="topics") == []


def test_what_hits_leave_over_must_be_significant_by_itself():
    """Every row beside a new subject has a window-heavy neighbourhood; none of them is a topic."""
    made = world(USUAL, {**WINDOW, "violins": 30}, spread=0.2)
    topics = found(made.evidence(), made.texts, aspect="topics")
    assert len(topics) == 1
    assert len(set(topics[0].rows) & set(made.places("violins", window=True))) >= 25 and len(topics[0].rows) <= 32


def test_rows_that_say_the_same_are_all_counted():
    """A place of the evidence stands for every row that has its text; shares are of rows."""
    made = world(USUAL, {**WINDOW, "violins": 20})
    before = sum(USUAL.values())
    stands_for = [[place] if place < before else [2 * (place - before), 2 * (place - before) + 1] for place in range(len(made.texts))]
    (topic,) = found(made.evidence(), made.texts, aspect="topics", stands_for=stands_for)
    assert len(topic.rows) == 40
    assert topic.share_window == pytest.approx(40 / 440)


def test_the_same_evidence_gives_the_same_topics():
    """Two consoles, or a repetition, must not disagree."""
    made = world(USUAL, {**WINDOW, "violins": 20, "glaciers": 16})
    assert found(made.evidence(), made.texts, aspect="topics") == found(made.evidence(), made.texts, aspect="topics")


def test_lengths_that_differ_are_refused():
    """Texts of other rows would name a topic wrongly, and nobody would see it."""
    made = world(USUAL, WINDOW)
    with pytest.raises(ValueError, match="places of evidence"):
        found(made.evidence(), made.texts[1:], aspect="topics")


def test_rows_with_nothing_to_embed_are_in_no_topic():
    """Their vectors are zeros: alike to nothing, not to each other."""
    made = world(USUAL, {**WINDOW, "violins": 20})
    evidence = made.evidence()
    empty = np.zeros(len(made.texts), dtype=bool)
    empty[[0, 5, -1]] = True
    vectors = np.where(empty[:, None], 0, evidence.vectors).astype(np.float32)
    (topic,) = found(dataclasses.replace(evidence, vectors=vectors), made.texts, aspect="topics")
    assert list(topic.rows) == made.places("violins", window=True)[:-1]


def test_examples_are_the_most_central_and_differ():
    """Three times the same question in capitals is one example."""
    nearness = np.array([0.1, 0.9, 0.8, 0.7, 0.6], dtype=np.float32)
    assert exemplars(["far", "Where is it?", "where  is IT?", "in the box", "under it"], nearness) == ("Where is it?", "in the box", "under it")


@pytest.mark.parametrize(("count", "of", "low", "high"), [(0, 20, 0.0, 0.1611), (5, 20, 0.1119, 0.4687), (20, 20, 0.8389, 1.0)])
def test_intervals_are_wilsons(count, of, low, high):
    """Against published values; a share of nothing is anything."""
    assert wilson(count, of) == pytest.approx((low, high), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_examples_that_differ_in_a_number_alone_are_one():
    """Three times the same question for three orders would show one thing."""
    texts = ["Where is parcel A-17?", "where is parcel  B-18?", "My parcel was opened", "Where is parcel C-9?"]
    assert exemplars(texts, np.array([0.9, 0.8, 0.7, 0.6], dtype=np.float32)) == ("Where is parcel A-17?", "My parcel was opened")
