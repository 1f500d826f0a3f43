"""Pairs of input and output: the same questions, other answers."""

import numpy as np

from detectors.drift.pairs import Pairs
from detectors.drift.permutations import Shuffle
from tests.detectors.drift import made_up_traffic as traffic

_ANSWER = dict(zip(traffic.TOPICS, (*list(traffic.TOPICS)[1:], "parcels"), strict=True))


def _pvalues(asked, answered, inside, seed=0):
    pairs = Pairs(traffic.vectors(asked), traffic.vectors(answered), list(zip(asked, answered, strict=True)))
    values = np.concatenate([pairs.values(labels) for labels in Shuffle(np.arange(len(inside)), inside, seed).blocks(200)], axis=1)
    return dict(zip(pairs.names, (values >= values[:, :1]).mean(axis=1), strict=True))


def _answers(topics, rng):
    return [traffic.texts([topic], 1, rng)[0] for topic in topics]


def test_other_answers_to_the_same_questions_are_seen():
    """Inputs are as before, outputs are as before, each for itself; only who gets which has changed."""
    rng = np.random.default_rng(0)
    topics = rng.choice(traffic.USUAL, 500)
    inside = np.arange(500) >= 350
    asked = _answers(topics, rng)
    given = np.where(inside & np.isin(topics, traffic.USUAL[:4]), [traffic.USUAL[(traffic.USUAL.index(t) + 1) % 4] if t in traffic.USUAL[:4] else t for t in topics], topics)
    found = _pvalues(asked, _answers(given, rng), inside)
    assert found["outputs of like inputs"] <= 0.01


def test_other_questions_with_their_usual_answers_are_not_this_ones_business():
    """More questions about visas bring more answers about visas: that is a topic."""
    rng = np.random.default_rng(1)
    inside = np.arange(500) >= 350
    topics = np.where(inside, rng.choice(traffic.USUAL[:5], 500), rng.choice(traffic.USUAL, 500))
    found = _pvalues(_answers(topics, rng), _answers([_ANSWER[topic] for topic in topics], rng), inside)
    assert min(found.values()) > 0.02


def test_answers_that_leave_the_question_are_seen():
    """Replies used to take up the words of the question and do so no more."""
    rng = np.random.default_rng(2)
    asked = traffic.texts(traffic.USUAL, 400, rng)
    inside = np.arange(400) >= 300
    answered = [traffic.texts(traffic.USUAL, 1, rng)[0] if late else f"yes {text}" for text, late in zip(asked, inside, strict=True)]
    assert _pvalues(asked, answered, inside)["likeness of output to input"] <= 0.01
