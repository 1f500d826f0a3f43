"""Words before a match: read block by block, and told the same wherever a block ends."""

from __future__ import annotations

import pytest

from detectors.recognisers import context
from detectors.recognisers.context import Around
from detectors.recognisers.small import Among, lower, plain

SHIFTS = range(480, 530)  # a block ends among them


def around(text: str) -> Around:
    return Around(text, lower(text), plain(text))


@pytest.mark.parametrize("named", ["phone: ", "Phone: ", "PHONE: ", "myPhone: ", "XMLphone ", "my_phone=", "a phone or a b ", "rechnungsnummerPhone "])
def test_a_word_is_read_wherever_a_block_ends(named):
    """In it, across its end or right after it, and whatever fills what is before."""
    for shift in SHIFTS:
        for filling in ("x ", ".", "4 "):
            before = (filling * shift)[:shift] + " " + named
            assert around(before + "1234567").says(len(before), context.PHONE), (shift, filling)


@pytest.mark.parametrize("named", ["phonebook_x telling ", "Xphone ", "APHONE ", "phone a b c d e f ", "phone" + " " * 70])
def test_what_is_no_word_is_read_nowhere(named):
    """Part of another word, six tokens back, too far away."""
    for shift in SHIFTS:
        before = "." * shift + " " + named
        assert not around(before + "1234567").says(len(before), context.PHONE, context.TOKENS), shift


def test_the_nearest_word_that_names_something_else():
    """Of the two tokens before the number, not of a third."""
    text = "order no 1 and 2"
    of = around(text)
    assert of.names_other(text.index("1"))
    assert not of.names_other(text.index("2"))
    assert not around("no word 1").names_other(8)


def test_which_expressions_a_text_holds():
    """In the order they were given, without regard to case; none is an answer too."""
    among = Among(["born", "(?:^|[^a-z])sin(?:[^a-z]|$)", "zip"])
    assert among(b"ZIP, and born") == [0, 2]
    assert among(b"single") == []
    assert among(b"SIN") == [1]
    assert among(b"") == []
