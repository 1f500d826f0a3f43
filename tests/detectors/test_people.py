"""Signs before names: one pass says which of them a line can have, and never fewer than it has."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import people

SAID = (
    "my full name is", "their names:", "Please call me", "Mr.", "Mrs", "Dr. ", "Se\u00f1ora ", "Dear", "Hello,", "mother", "fianc\u00e9e called", "This is", "I\u2019m", "it's", "Thanks", "Congrats, ", "tell", "remind", "who is", "spoke with",
    "call", "Attn.", "surname:", "goes by the name of", "Customer name:", "From :", "emergency contact:", '"first_name": "', "<last-name>", "written by", "author=\"", "cc:", "Bcc ", '\u201d said', "', asked", "Kind regards,\n", "Best\n> ",
    "Bo", "Li", "Anna-Lena", "\u00c9mile", "from here", "speaking", "on Monday", "to go", "instead", "\u00a0", "\u2003", "\x1f", "\n", ",", "!", ".", "'s", "\u017fir", "\u212aid", "mi\u017f\u017f", "12", "@", "?",
)  # fmt: skip
LINES = st.lists(st.sampled_from(SAID), min_size=1, max_size=8).flatmap(lambda words: st.sampled_from((" ", "", "\u00a0", "  ")).map(lambda gap: gap.join(words)))


@settings(max_examples=400, deadline=None)
@given(line=LINES)
def test_a_sign_that_stands_in_a_line_is_asked_for(line):
    """Whatever characters are around it, and those that are an s, a k or an i where no case counts."""
    asked = people.signs(line)
    assert [number for number, (sign, _, _) in enumerate(people._SIGNS) if sign.search(line) and number not in asked] == []


@pytest.mark.parametrize("line", ["The figures of the third quarter were better than the board had expected.", "for (int i = 0; i < 10; i++) { total += rows[i]; }", "12.50 EUR, 3 pcs"])
def test_a_line_without_a_sign_costs_one_pass(line):
    """None of a score of expressions is tried."""
    assert list(people.signs(line)) == []
    assert list(people.signed(line, "")) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Full name: Rose May", "Rose May"),
        ("Name: April Young", "April Young"),
        ("Name: June Carter, 44", "June Carter"),
        ("Name: Ruby Jones", "Ruby Jones"),
        ("Customer name: August Wilson", "August Wilson"),
        ("my name is April May", "April May"),
        ("Guest: George Best", "George Best"),
        ("Patient: Sally Field", "Sally Field"),
        ("Dear June,", "June"),
    ],
)
def test_who_is_called_like_a_month_or_a_thing_is_a_person_after_a_sign(text: str, name: str):
    """A form, a greeting or a sentence says that a name follows."""
    assert name in {text[start:end] for start, end, _ in people.signed(text, "")}


@pytest.mark.parametrize("text", ["From: April 3 to May 9", "From: March Madness", "Name: Landing Page", "Owner: Ruby Gem", "From: June\nTo: August", "Author: May 2024", "Name: April release", "Name: June Release"])
def test_a_month_or_a_thing_after_a_sign_is_nobody(text: str):
    """A date, a page, a release."""
    assert not [text[start:end] for start, end, _ in people.signed(text, "")]
