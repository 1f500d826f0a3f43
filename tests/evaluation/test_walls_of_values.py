"""The walls that detectors are measured with hold what they say, and cost what they hold (T14)."""

from __future__ import annotations

import pytest

from detectors.pii import KINDS, Options, Pii
from detectors.secrets import Secrets
from detectors.text import Text
from evaluation.guards.walls import PERSONAL, SECRETS, SEPARATORS, WRITTEN, Drawn, walls
from tests.support.growth import Work, assert_linear

ALL, KEYS = Pii(Options(kinds=KINDS)), Secrets()
MAKERS = PERSONAL | SECRETS
SHARED = ("tables",)  # whose values stand in many rows
LENGTH = 20_000


@pytest.mark.parametrize("label", [label for label in MAKERS if label not in SHARED])
def test_values_are_different_and_nearly_all_are_found(label):
    """Or a wall would be cheaper than it looks."""
    draw = Drawn(3)
    values = [MAKERS[label](draw) for _ in range(60)]
    text = Text(", ".join(values))
    spans = [(found.start, found.end) for found in (*ALL.find(text), *KEYS.find(text))]
    at = held = 0
    for value in values:
        held += any(start < at + len(value) and at < end for start, end in spans)
        at += len(value) + 2
    assert len(set(values)) > 50
    assert held >= 54


def test_every_kind_of_personal_data_has_a_wall():
    """Those that the recognisers know."""
    found = {each.kind for _, wall in walls(3000) for each in ALL.find(Text(wall))}
    assert found == KINDS


def looks(make, size: int, write=str) -> Work:
    draw, values, length = Drawn(size), list[str](), 0
    while length < size:
        values.append(make(draw))
        length += len(values[-1]) + 1
    text = write(" ".join(values) if write is not str else "\n".join(values))

    def work() -> None:
        looked_at = Text(text)
        for detector in (ALL, KEYS):
            detector.find(looked_at)
            detector.open_from(looked_at)

    return work


@pytest.mark.slow
@pytest.mark.parametrize("label", MAKERS)
@pytest.mark.covers("T14")
def test_cost_of_a_wall_of_values_is_linear(label):
    """Each finding costs something, and no more for those before it."""
    assert_linear(lambda size: looks(MAKERS[label], size), LENGTH)


def test_walls_are_of_the_length_that_was_asked_for():
    """As what is measured is told by the million characters."""
    for label, wall in walls(2000):
        assert 2000 - max(map(len, SEPARATORS.values())) <= len(wall) < 8000, label


@pytest.mark.slow
@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("label", ["pwd=", "streets, French", "telephones", "mail"])
@pytest.mark.covers("T14")
def test_cost_of_a_wall_that_is_read_in_several_views_is_linear(label, write):
    """Where a finding stands in the raw text is worked out without going through what stands before it."""
    assert_linear(lambda size: looks(MAKERS[label], size, WRITTEN[write]), LENGTH)
