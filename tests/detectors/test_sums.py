"""Rests of weighted sums, of many numbers at once, and the checksums made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.recognisers import keyed, national_ids
from detectors.recognisers.cards import luhn
from detectors.recognisers.sums import bare, rests

WEIGHTS = st.integers(-3, 10**9) | st.dictionaries(st.sampled_from("0123456789ABX"), st.integers(-99, 99))
CASES = st.tuples(st.integers(2, 128), st.lists(WEIGHTS, min_size=1, max_size=20)).flatmap(
    lambda case: st.tuples(st.just(case), st.integers(len(case[1]), 22).flatmap(lambda n: st.lists(st.text("0123456789ABX-", min_size=n, max_size=n), max_size=9)))
)


@given(case=CASES)
def test_each_digit_counts_as_often_as_its_weight(case):
    """Each number by itself, whatever stands beside it; what follows the weights, a check digit, does not count, nor does a sign."""
    (modulus, weights), numbers = case
    counts = [weight if isinstance(weight, dict) else {str(digit): weight * digit for digit in range(10)} for weight in weights]
    assert list(rests(modulus, *weights)(numbers)) == [sum(count.get(char, 0) for count, char in zip(counts, number, strict=False)) % modulus for number in numbers]


def test_signs_are_left_out():
    """Of each number its own; none of none."""
    assert bare(["1-2 3", "45", "--"], b"- ") == ["123", "45", ""]
    assert bare([], b"-") == []


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (luhn, "4111111111111111"), (luhn, "378282246310005"), (luhn, "6304000000000000"), (luhn, "4000000000000000006"), (luhn, "046454286"), (national_ids.cpf, "52998224725"),
        (national_ids.ean13, "7569217076985"), (national_ids.nif, "12345678Z"), (national_ids.nie, "X1234567L"), (national_ids.nie, "Y1234567X"), (national_ids.hetu, "131052-308T"), (national_ids.nric, "S1234567D"),
        (national_ids.fiscal, "RSSMRA85T10A562S"), (national_ids.insee, "255081416802538"), (keyed.nhs, "9434765919"), (keyed.routing, "011000015"), (keyed.pesel, "44051401359"),
        (keyed.dea, "AB1234563"), (keyed.medicare, "2123456701"),
    ],
)  # fmt: skip
def test_one_wrong_digit_is_told(check, number):
    """The published number passes; with another last character of its sort that is not the same to the sum, none does."""
    assert list(check([number])) == [True]
    last = number[-1] if check is not keyed.medicare else number[8]
    at = 8 if check is keyed.medicare else len(number) - 1
    others = "0123456789" if last.isdigit() else "ABCDEFGHJKLMNPQRSTVWXYZ"
    wrong = [number[:at] + other + number[at + 1 :] for other in others if other != last]
    assert list(check([*wrong, number])) == [False] * len(wrong) + [True]


def test_one_digit_repeated_is_no_number():
    """Sixteen zeros have a good sum; nobody has that card."""
    assert luhn(["0" * 16, "4111111111111111"]) == [False, True]
    assert list(national_ids.cpf(["1" * 11, "52998224725"])) == [False, True]
