"""Texts made to be slow: the cost of every recogniser grows with the length of the text and no faster (T14)."""

from __future__ import annotations

import pytest

from detectors.pii import Options, Pii
from detectors.recognisers.custom import CustomPattern
from detectors.text import Text
from tests.support.growth import Work, assert_linear

UNITS = (
    "www.", "a.", "a.b-", "a.b-@", "@", "a@", "a@a.", "a@b.co ", "john.doe@example.com ", "http://", "http://a@", "http://a.b/", "www.a.com/", ".com", "1.", "1.1.1.1 ", "203.0.113.9 ",
    ":", "a:", "1:", "a::b ", "1-", "1 ", "12 ", "1234 ", "1234-", "1234567890", "4242 ", "4111111111111111 ", "4111-1111-1111-1111 ", "415-555-2671 ", "+", "+1", "+1 (415) 555-2671 ", "(", "(0",
    "01 42 ", "call 4155552671 ", "card 1 2 3 4 5 6 7 8 9 1 2 3 4 5 ", "GB82 ", "GB82WEST", "GB82 WEST 1234 5698 7654 32 ", "219-09-9999 ", "ssn ", "ssn: ", "born on ", "zip code ", "driver's license number is ",
    "12 Main ", "12 Main St ", "1 A ", "1 rue de ", "Calle ", "Calle Mayor 1 ", "Hauptstrasse ", "A1 ", "a1", "0x", "1A1z", "bc1q", "IL 62704 ", "AB 12 34 56 C ", "P.O. Box 1 ", " ", "\n", "0 ", "2024-01-01 10:10:10 ", "x",
    "card 1 2 3 ", "ssn 1 ", "dob 1 ", "dl is 1 ", "12.com ", "12.de ", "office 1234567 ", "1234567 office ", "415 555 2671 ", "order 415-555-2671 ", "+999 999 999 999 ", "1800 ", "visa 4111 1111 1111 1112 ",
    "1999 1999 1999 1999 card ", "card 12 34 56 78 90 12 34 ", "version 1.2.3.4 ", "S1234567A ", "529.982.247-24 ", "RSSMRA85T10A562T ", "order ABCPD1234E ", "nhs 1234567890 ", "DE89 3704 0044 0532 0130 01 ",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ", "git@a.bc:", "1 rue ", "fe80::1 ", "\nx +4930123456\n", "\n+4930123456",
)  # fmt: skip
LENGTH = 64_000


def looks(pii: Pii, unit: str, size: int) -> Work:
    """To find in and to say what is open of a text of `unit` over and over, with its views."""
    text = (unit * (size // len(unit) + 1))[:size]

    def work() -> None:
        looked_at = Text(text)
        pii.find(looked_at)
        pii.open_from(looked_at)

    return work


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.covers("T14")
def test_cost_is_linear(unit):
    """A text over and over the same is what a pattern that looks at everything again is slowest with."""
    pii = Pii()
    assert_linear(lambda size: looks(pii, unit, size), LENGTH)


@pytest.mark.covers("T14")
def test_patterns_of_the_operator_run_in_linear_time():
    """The expression that takes a backtracking engine years."""
    pii = Pii(Options(custom=(CustomPattern("SLOW", r"(a+)+b"),)))
    assert_linear(lambda size: looks(pii, "a", size), LENGTH)
