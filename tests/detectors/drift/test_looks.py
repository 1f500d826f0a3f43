"""The budget of a year: what looks may spend, in sum."""

import pytest

from detectors.drift.looks import LEAST, YEAR, YEARLY, Budget

DAY, HOUR = 86_400.0, 3_600.0


@pytest.mark.parametrize("every", [60.0, HOUR, 7 * HOUR, DAY, 30 * DAY, YEAR])
@pytest.mark.parametrize("yearly", [0.01, 0.1, 1.0])
def test_a_year_of_looks_spends_no_more_than_the_year(every, yearly):
    """The union bound is the whole promise: the sum of the levels, however often is asked."""
    budget = Budget(yearly)
    spent, last = 0.0, 0.0
    for asked in range(1, min(int(YEAR / every), 20_000) + 1):
        level = budget.level(asked * every - last)
        if level is not None:
            spent, last = spent + level, asked * every
    assert spent <= yearly * (1 + 1e-9)
    if every <= DAY and yearly == 0.1:
        assert spent > 0.0


def test_a_look_is_due_when_its_level_can_be_reached():
    """Before that no p-value could be small enough, and the look would be for nothing."""
    budget = Budget()
    assert budget.level(budget.wait * 0.99) is None
    assert budget.level(budget.wait) == pytest.approx(LEAST)
    assert budget.level(DAY) == pytest.approx(YEARLY * DAY / YEAR)


def test_a_long_silence_does_not_make_a_careless_look():
    """What was saved over a year is not spent at once."""
    assert Budget(1.0, most=0.01).level(YEAR) == 0.01


def test_the_first_look_need_not_wait():
    """A new baseline is looked at on its first day."""
    assert Budget().level(None) == LEAST


@pytest.mark.parametrize(("yearly", "most"), [(0.0, 0.01), (1.5, 0.01), (0.1, 1.0), (0.1, LEAST / 2)])
def test_a_budget_out_of_range_is_refused(yearly, most):
    """A rate of nothing or of more than certainty is a slip of the configuration."""
    with pytest.raises(ValueError, match="must be"):
        Budget(yearly, most)
