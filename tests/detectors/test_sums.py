"""Sums of digits, looked up by threes, and the checksums made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.recognisers import keyed, national_ids
from detectors.recognisers.cards import luhn
from detectors.recognisers.sums import weighted

CASES = st.integers(1, 12).flatmap(lambda n: st.tuples(st.lists(st.integers(-3, 120), min_size=n, max_size=n), st.text("0123456789", min_size=n, max_size=n + 2)))


@given(case=CASES)
def test_each_digit_counts_as_often_as_its_weight(case):
    """For as many digits as there are weights; what follows them, a check digit, does not count."""
    weights, digits = case
    assert weighted(*weights)(digits) == sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))


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
    assert check(number)
    last = number[-1] if check is not keyed.medicare else number[8]
    at = 8 if check is keyed.medicare else len(number) - 1
    others = "0123456789" if last.isdigit() else "ABCDEFGHJKLMNPQRSTVWXYZ"
    assert not any(check(number[:at] + other + number[at + 1 :]) for other in others if other != last)


def test_one_digit_repeated_is_no_number():
    """Sixteen zeros have a good sum; nobody has that card."""
    assert not luhn("0" * 16)
    assert not national_ids.cpf("1" * 11)
