"""What is proposed for the tests closes the gap, and nothing is proposed twice."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from detectors.drift.base import Row
from detectors.drift.suggest import SAME, suggest
from detectors.drift.topics import found
from tests.detectors.drift.subjects import World, world

USUAL = {"parcels": 120, "invoices": 120, "gardens": 120, "trains": 40}
WINDOW = {"parcels": 60, "invoices": 60, "gardens": 60, "trains": 20}


def window_of(made: World):
    rows = [Row(text) for text, inside in zip(made.texts, made.in_window, strict=True) if inside]
    return rows, made.vectors[made.in_window], found(made.evidence(), made.texts, aspect="topics")


def test_every_new_topic_has_its_part():
    """A small topic is a gap as well as a large one."""
    made = world(USUAL, {**WINDOW, "violins": 30, "glaciers": 15})
    rows, vectors, topics = window_of(made)
    chosen = suggest(rows, vectors, topics, 9)
    about = [made.subjects[sum(USUAL.values()) + place] for place in chosen]
    assert len(chosen) == len(set(chosen)) == 9
    assert about.count("violins") > about.count("glaciers") >= 2
    assert about.count("violins") + about.count("glaciers") == 9


def test_adding_them_to_the_tests_lowers_the_evidence():
    """What the command is for: after the next run the topic is less of a surprise."""
    made = world(USUAL, {**WINDOW, "violins": 30})
    rows, vectors, topics = window_of(made)
    chosen = suggest(rows, vectors, topics, 10)
    before = int((~made.in_window).sum())
    order = [*range(before), *(before + place for place in chosen), *range(before, len(made.texts))]
    after = World([made.texts[i] for i in order], [made.subjects[i] for i in order], made.vectors[order], np.arange(len(order)) >= before + len(chosen))
    assert after.evidence().score.max() < 0.7 * made.evidence().score.max()


def test_they_differ_more_than_rows_by_chance():
    """Ten ways to ask the same would test one."""
    made = world(USUAL, {**WINDOW, "violins": 60}, spread=0.2)
    rows, vectors, topics = window_of(made)
    chosen = suggest(rows, vectors, topics, 6)

    def closest(places):
        alike = vectors[places] @ vectors[places].T - 2 * np.eye(len(places))
        return alike.max()

    by_chance = [closest(np.random.default_rng(seed).choice(made.places("violins", window=True), 6, replace=False)) for seed in range(50)]
    assert closest(chosen) < np.quantile(by_chance, 0.1)


def test_what_says_the_same_comes_once():
    """Equal but for case and blanks, or in meaning; also where two topics share it."""
    made = world(USUAL, {**WINDOW, "violins": 20})
    rows, vectors, topics = window_of(made)
    places = made.places("violins", window=True)
    for place in places[1:10]:
        rows[place] = dataclasses.replace(rows[place], input=f"  {rows[places[0]].input.upper()} ")
    vectors = vectors.copy()
    vectors[places[12:]] = vectors[places[11]]
    chosen = suggest(rows, vectors, [*topics, *topics], 50)
    assert len({" ".join(rows[place].input.lower().split()) for place in chosen}) == len(chosen)
    alike = vectors[chosen] @ vectors[chosen].T - 2 * np.eye(len(chosen))
    assert alike.max() <= SAME
    assert len(chosen) <= 4


@pytest.mark.parametrize("most", [0, 1, 3, 1000])
def test_it_is_never_longer_than_asked(most):
    """The bound holds with more topics than rows wanted, too."""
    made = world(USUAL, {**WINDOW, "violins": 20, "glaciers": 20})
    rows, vectors, topics = window_of(made)
    chosen = suggest(rows, vectors, topics, most)
    assert len(chosen) <= min(most, 40) and (most == 0 or chosen)


def test_what_shrank_needs_no_tests():
    """The tests have it; production does not."""
    made = world({**USUAL, "violins": 40}, WINDOW)
    assert suggest(*window_of(made), 10) == []


def test_rows_without_a_text_are_not_proposed():
    """There is nothing to add."""
    made = world(USUAL, {**WINDOW, "violins": 20})
    rows, vectors, topics = window_of(made)
    empty = [dataclasses.replace(row, input=None if number % 2 else "") for number, row in enumerate(rows)]
    assert suggest(empty, vectors, topics, 10) == []


def test_lengths_that_differ_are_refused():
    """Vectors of other rows would choose others."""
    with pytest.raises(ValueError, match="vectors"):
        suggest([Row("one")], np.zeros((2, 3), dtype=np.float32), [])
