"""Which numbers come out of others, and how likely by chance."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from detectors.grounding_reach import Number, Reached, columns, multiples, pairs, products, sums


def test_sums_are_of_like_things_and_minutes_are_like_hours():
    """2 hours and 35 minutes are 155 minutes; 3 kg and 5 EUR are nothing."""
    made = Reached(sums(combinations([Number(2, "hour"), Number(35, "minute")], 2)))
    assert made.ask(155, "minute", 0.5)[0]
    assert Reached(sums(combinations([Number(3, "kg"), Number(5, "EUR")], 2))).ask(8, "", 0.5) == (False, 0.0)


@pytest.mark.parametrize(("value", "unit"), [(36.0, "EUR"), (14.04, "EUR"), (9.96, "EUR"), (25.0, "%"), (4.0, "")])
def test_products_and_shares(value: float, unit: str):
    """3 x 12 EUR; 17 % more and less than 12 EUR; 3 EUR of 12 EUR."""
    numbers = [Number(12, "EUR"), Number(3, ""), Number(17, "%"), Number(3, "EUR")]
    assert Reached(products(combinations(numbers, 2))).ask(value, unit, 0.005)[0]


def test_cents_become_what_they_are_hundredths_of():
    """3,200 kWh at 31.45 cents are 1,006.40."""
    assert Reached(products([(Number(3200, "kwh"), Number(31.45, "cent"))])).ask(1006.4, "EUR", 0.005)[0]


def test_the_chance_is_how_often_numbers_like_it_come_out():
    """Of numbers drawn at random, about as many are reached as is said of each."""
    r = Random(1)
    numbers = [Number(float(r.randint(10, 999)), "") for _ in range(12)]
    made = Reached(sums(combinations(numbers, 2)))
    drawn = [float(r.randint(200, 900)) for _ in range(2000)]
    told = [made.ask(value, "", 0.5) for value in drawn]
    reached, expected = sum(hit for hit, _ in told), sum(min(1.0, chance) for _, chance in told)
    assert 0.6 * expected < reached < 1.4 * expected


def test_many_digits_say_more_than_two():
    """Next to no other number of five digits comes out of ten others; most of two digits do."""
    r = Random(2)
    small = [Number(float(r.randint(10, 60)), "") for _ in range(20)]
    large = [Number(float(r.randint(10_000, 60_000)), "") for _ in range(20)]
    assert Reached(sums(combinations(small, 2))).ask(50, "", 0.5)[1] > 10 * Reached(sums(combinations(large, 2))).ask(50_000, "", 0.5)[1]


def test_columns_are_summed_with_what_stands_between_them():
    """Every second number of three rows, and their mean."""
    made = Reached(columns([Number(float(value), "") for value in (1, 10, 2, 20, 3, 30)], 2, 6))
    assert all(made.ask(value, "", 0.01)[0] for value in (6.0, 60.0, 20.0))


def test_nothing_is_paired_with_itself_and_a_constant_is_no_guess():
    """12 months of a rent; not the rent and itself."""
    rent = Number(780, "EUR")
    assert list(pairs([rent], [rent])) == []
    assert Reached(multiples([rent], ())).ask(9360, "EUR", 0.5)[0]


def test_two_steps_add_another_number():
    """12 x 24.90 and 49 once."""
    made = Reached(multiples([Number(24.9, "EUR")], ()))
    assert made.two_steps([Number(49, "EUR")], 347.8, "EUR", 0.005)[0]
