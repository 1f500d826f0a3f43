"""What tells tests that a cost grows with the size and no faster: it must see a square each time, and nothing where the machine was busy."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial

import pytest

from tests.support.growth import ROUNDS, TIMES, assert_linear, assert_within


def squared(size: int) -> int:
    return sum(1 for _ in range(size) for _ in range(size))


class Told:
    """Work that costs what it is told, by a clock of its own. disturbed: the runs of the whole, by number, that cost so much more."""

    def __init__(self, cost: Callable[[int], float], disturbed: dict[int, float] | None = None) -> None:
        self._cost, self._disturbed = cost, disturbed or {}
        self.now, self.wholes = 0.0, 0

    def make(self, size: int) -> Callable[[], None]:
        def work() -> None:
            self.now += self._cost(size)
            if size == 1000:
                self.now += self._disturbed.get(self.wholes, 0.0)
                self.wholes += 1

        return work

    def judge(self) -> None:
        assert_linear(self.make, 1000, clock=lambda: self.now)


def test_a_square_is_refused() -> None:
    """By the real clock: a loop in a loop is what every one of these tests is there to find."""
    with pytest.raises(AssertionError, match="times as much, expected less than 4 times"):
        assert_linear(lambda size: partial(squared, size), 1000)


def test_what_goes_through_once_passes() -> None:
    """By the real clock, at a size that takes milliseconds."""
    assert_linear(lambda size: partial(sum, range(size)), 500_000)


@pytest.mark.parametrize("cost", [lambda size: size**2, lambda size: size**2 + 100 * size, lambda size: size**1.8, lambda size: size**2 + 10_000])
def test_squares_with_something_beside_them_are_refused(cost: Callable[[int], float]) -> None:
    """A cost to begin with and a share that is linear hide a square only where it does not matter."""
    with pytest.raises(AssertionError):
        Told(cost).judge()


@pytest.mark.parametrize("cost", [lambda size: size, lambda size: size + 5000, lambda size: 1.0, lambda size: size * size.bit_length(), lambda size: 2.5 * size if size == 1000 else size])
def test_what_is_no_square_passes(cost: Callable[[int], float]) -> None:
    """Sorting is none, and neither is memory that is dearer where there is much of it."""
    told = Told(cost)
    told.judge()
    assert told.wholes == 1


def test_a_run_that_was_disturbed_is_run_again() -> None:
    """Somebody else's work on the same processor must not be called ours; one calm round of all is enough."""
    told = Told(float, {number: 20_000.0 for number in range(ROUNDS - 1)})
    told.judge()
    assert told.wholes == ROUNDS


def test_small_ones_that_were_disturbed_hide_nothing() -> None:
    """What makes one of the two measures of the other side dear would let a square pass."""
    cheap, now, runs = 1.0, 0.0, 0

    def other() -> None:
        nonlocal now, runs
        now, runs = now + cheap * (100 if runs % 2 else 1), runs + 1

    def one() -> None:
        nonlocal now
        now += TIMES * cheap

    with pytest.raises(AssertionError):
        assert_within(4.0, one, other, clock=lambda: now)


def test_the_collector_is_as_it_was() -> None:
    """Left standing still, it would fill the memory of every test that follows."""
    assert gc.isenabled()
    assert_within(4.0, lambda: gc.isenabled() and pytest.fail("it collects"), lambda: None)
    with pytest.raises(ZeroDivisionError):
        assert_within(4.0, lambda: 1 / 0, lambda: None)
    assert gc.isenabled()
