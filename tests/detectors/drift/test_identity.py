"""A topic is the same one tomorrow, so that there is a trend line."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import numpy as np

from detectors.drift.base import Topic
from detectors.drift.identity import identified

RUN, NOW = uuid.UUID(int=7), dt.datetime(2026, 5, 2, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Seen:
    id: uuid.UUID
    centre: tuple[float, ...]
    aspect: str = "topics"
    first_seen: dt.datetime = LONG_AGO


def topic(*centre: float, aspect: str = "topics") -> Topic:
    unit = np.array(centre, dtype=np.float32) / np.linalg.norm(centre)
    return Topic(aspect, ("word",), "new", 0.0, 0.1, (0.0, 0.01), (0.05, 0.2), (1, 2, 3), (), ("text",), unit)


def who(topics, known):
    return identified(topics, known, run=RUN, now=NOW)


def test_what_is_near_enough_is_known():
    """Another sample of the same users has almost the same centre, and was first seen when it was."""
    (one,) = who([topic(1, 0.2, 0)], [Seen(uuid.UUID(int=1), (1, 0, 0))])
    assert (one.id, one.first_seen, one.known) == (uuid.UUID(int=1), LONG_AGO, True)


def test_what_is_too_far_is_new():
    """Neighbouring topics of one domain must not inherit each other's past."""
    (one,) = who([topic(1, 1, 0)], [Seen(uuid.UUID(int=1), (1, 0, 0))])
    assert (one.first_seen, one.known) == (NOW, False) and one.id != uuid.UUID(int=1)


def test_two_topics_are_never_the_same_one():
    """The nearer one is it; the other is new."""
    near, nearer = who([topic(1, 0.3, 0), topic(1, 0.05, 0)], [Seen(uuid.UUID(int=1), (1, 0, 0))])
    assert nearer.id == uuid.UUID(int=1) and not near.known


def test_one_to_one_is_best_for_all():
    """The first one does not take what only the second can be."""
    first, second = who([topic(1, 0.3, 0), topic(1, -0.3, 0)], [Seen(uuid.UUID(int=1), (1, 0, 0)), Seen(uuid.UUID(int=2), (1, 0.6, 0))])
    assert (first.id, second.id) == (uuid.UUID(int=2), uuid.UUID(int=1))


def test_a_topic_that_was_away_comes_back_as_itself():
    """Known is what any earlier run had, not only the last one; of several centres the mean counts, and the earliest date."""
    earlier = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    past = [Seen(uuid.UUID(int=1), (1, 0.8, 0)), Seen(uuid.UUID(int=1), (1, -0.8, 0), first_seen=earlier), Seen(uuid.UUID(int=2), (0, 0, 1))]
    (one,) = who([topic(1, 0, 0)], past)
    assert (one.id, one.first_seen) == (uuid.UUID(int=1), earlier)


def test_aspects_and_models_do_not_mix():
    """Inputs about refunds are not outputs about refunds; a vector of another model means nothing here."""
    known = [Seen(uuid.UUID(int=1), (1, 0, 0), aspect="output_topics"), Seen(uuid.UUID(int=2), (1, 0, 0, 0))]
    assert [one.known for one in who([topic(1, 0, 0)], known)] == [False]


def test_a_repetition_gives_the_same_ids_and_no_two_are_equal():
    """A run that is written twice is one run."""
    topics = [topic(1, 0, 0), topic(0, 1, 0), topic(0, 1, 0, aspect="pairs")]
    assert who(topics, []) == who(topics, [])
    assert len({one.id for one in who(topics, [])}) == 3
    assert {one.id for one in who(topics, [])}.isdisjoint(one.id for one in identified(topics, [], run=uuid.UUID(int=8), now=NOW))


def test_a_topic_without_a_direction_is_new():
    """Texts that cancel out have a centre of zeros, which is like nothing."""
    empty = Topic("topics", (), "new", 0.0, 0.1, (0.0, 0.01), (0.05, 0.2), (1,), (), (), np.zeros(3, dtype=np.float32))
    assert [one.known for one in who([empty], [Seen(uuid.UUID(int=1), (1, 0, 0)), Seen(uuid.UUID(int=2), (0, 0, 0))])] == [False]
