"""Weighted sums of digits, of which most checksums are made.

A wall of numbers that are none is what a check must be fast for: the sum of three digits is looked up, not worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


def weighted(*weights: int) -> Callable[[str], int]:
    """What adds up the digits of a string, each times its weight. At most twelve weights; digits beyond them do not count. Fewer: KeyError."""
    n = len(weights)
    one, two, three, four = (table(*(tuple(weight * digit for digit in range(10)) for weight in weights[at : at + 3])) for at in (0, 3, 6, 9))
    if n <= 3:
        return lambda digits: one[digits[:n]]
    if n <= 6:
        return lambda digits: one[digits[:3]] + two[digits[3:n]]
    if n <= 9:
        return lambda digits: one[digits[:3]] + two[digits[3:6]] + three[digits[6:n]]
    return lambda digits: one[digits[:3]] + two[digits[3:6]] + three[digits[6:9]] + four[digits[9:n]]


@cache
def table(*places: tuple[int, ...]) -> dict[str, int]:
    """The sums of all strings of as many digits. places: what each of the ten digits counts there."""
    shown, sums = [""], [0]
    for place in places:
        shown = [digits + digit for digits in shown for digit in "0123456789"]
        sums = [total + value for total in sums for value in place]
    return dict(zip(shown, sums, strict=True))
