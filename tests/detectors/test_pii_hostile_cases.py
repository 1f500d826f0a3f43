"""Cards with a tail, telephones and numbers in pairs or next to other scripts, and counts that are no telephones; in streams too."""

from __future__ import annotations

import pytest

from detectors.base import CONTEXT, Finding
from detectors.pii import Pii
from detectors.text import Text

PII = Pii()


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in PII.find(Text(text))]


FOURS = "4111 1111 1111 1111"
TAILED = [
    (f"{FOURS} 12/26 123", [FOURS]),
    (f"card {FOURS} 123 12/26", [FOURS]),
    ("5555 5555 5555 4444 737", ["5555 5555 5555 4444"]),
    (f"Pay {FOURS} 100 EUR", [FOURS]),
    (f"Pay {FOURS} 100.50 EUR", [FOURS]),
    (f"{FOURS} 12-26", [FOURS]),
    ("4111-1111-1111-1111-123", ["4111-1111-1111-1111"]),
    (f"{FOURS} 4012 8888 8888 1881 5555 5555 5555 4444 123", [FOURS, "4012 8888 8888 1881", "5555 5555 5555 4444"]),
]


@pytest.mark.parametrize(("text", "numbers"), TAILED)
def test_a_card_before_a_code_a_month_or_an_amount(text, numbers):
    """What follows the four fours may belong to them or not; the sum tells, and the fours alone are tried too."""
    assert found(text) == [("CREDIT_CARD", number) for number in numbers]


def test_a_card_of_nineteen_digits_keeps_its_tail():
    """The longer reading stands where it fits."""
    assert found("It was 4652 9430 3462 3769 885.") == [("CREDIT_CARD", "4652 9430 3462 3769 885")]
    assert found("4111 1111 1111 1112 123") == []


@pytest.mark.parametrize(
    "text",
    [
        '{"text_tokens": 1234567}', '{"usage":{"text":1234567,"audio":0}}', "API calls: 1500000", "tool calls 1234567", "call_count=12345678", "call malloc(1048576)", "text[1000000]", "call 1000000 times",
        "The ring buffer is 8388608 bytes", "cells: 1048576", "desk 12345678", "calls per day: 2500000", "text-utils\nCopyright: 2000-2001 A", "cell 2000-2001", "call 1700000000", "api call 4155550132",
        "call_count: 415 555 0132", "max_text[415 555 0132]", "text(415 555 0132)",
    ],
)  # fmt: skip
def test_counts_and_arguments_are_no_telephones(text):
    """Words such as `text` and `calls` count things as often as they telephone."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call me at 7654321", "7654321"), ("Text us now on 0612345678", "0612345678"), ("Please call 4155550132", "4155550132"), ("my cell is 94727916", "94727916"), ('{"cell": "4155550132"}', "4155550132"),
        ("customerCell=4155550132", "4155550132"), ("customer_cell=4155550132", "4155550132"), ("cell_number: 415 555 0132", "415 555 0132"), ("call 9472 7916", "9472 7916"), ("cell_phone=4155550132", "4155550132"),
        ("tel: 2000-2001", "2000-2001"),
    ],
)  # fmt: skip
def test_the_same_words_where_they_are_meant(text, number):
    """A pronoun, an order, a key of as many digits as telephones have, or groups."""
    assert found(text) == [("PHONE_NUMBER", number)]


@pytest.mark.parametrize("text", ["Boston, MA 02110-1301 USA", "Hanover, NH, 03755-1234"])
def test_a_zip_code_after_its_state_is_no_telephone(text):
    """Five digits and four, with a zero in front, have the form of a number of a European town."""
    assert "PHONE_NUMBER" not in [kind for kind, _ in found(text)]


JOINED = [
    ("\u7535\u8bdd+8613800138000\u8c22\u8c22", ["+8613800138000"]),
    ("\u96fb\u8a71\u756a\u53f7\u306f+81 90-1234-5678\u3067\u3059", ["+81 90-1234-5678"]),
    ("\uc804\ud654\ub294 +82 10-1234-5678\ub85c \uc8fc\uc138\uc694", ["+82 10-1234-5678"]),
    ("\u0417\u0432\u043e\u043d\u0438\u0442\u0435 +7 912 345-67-89\u0438\u043b\u0438", ["+7 912 345-67-89"]),
    ("Call 415-555-0132/212-555-0144", ["415-555-0132", "212-555-0144"]),
    ("Call 415 555 0132/212 555 0144 or 415-555-0132/212-555-0144/310-555-0199", ["415 555 0132", "212 555 0144", "415-555-0132", "212-555-0144", "310-555-0199"]),
    ("Tel: 01 42 68 53 00/06 12 34 56 78", ["01 42 68 53 00", "06 12 34 56 78"]),
    ("020 7946 0958/020 7946 0959", ["020 7946 0958", "020 7946 0959"]),
    ("Tel 06 12 34 56 78 07 12 34 56 78", ["06 12 34 56 78", "07 12 34 56 78"]),
    ("or 0033612345678, thanks", ["0033612345678"]),
]


@pytest.mark.parametrize(("text", "numbers"), JOINED)
def test_telephones_next_to_each_other_and_to_other_scripts(text, numbers):
    """Each of them, whole; letters of a script without spaces follow at once."""
    assert found(text) == [("PHONE_NUMBER", number) for number in numbers]


@pytest.mark.parametrize("text", ["01 02 03 04 05 06 07 08 09 10", "0.0033612345678", "order 0033612345678", "0012345678901", "00004155550132", "415-555-0132/0133", "1415-555-0132/212-555-01449"])
def test_lists_and_padded_numbers_are_no_telephones(text):
    """Two zeros pad as often as they dial; a list of pairs can be cut into anything."""
    assert found(text) == []


def test_social_security_numbers_in_pairs():
    """One word names all that a slash joins."""
    assert found("SSN 219-09-9999/219-09-9998/219-09-9997") == [("US_SSN", f"219-09-999{n}") for n in (9, 8, 7)]
    assert found("ssn 219-09-9999/2") == found("ssn 219-09-9999/219-09-99981") == []


@pytest.mark.parametrize("text", [text for text, _ in TAILED + JOINED] + ["SSN 219-09-9999/219-09-9998", "01 42 68 53 00/06 12 34 56 7", "call me at 7654321", "customer_cell=4155550132"])
@pytest.mark.covers("T17")
def test_every_cut_of_them(text):
    """A stream decides the same wherever it is cut: what is let go of is settled, and the rest reads the same alone (I1 to I3)."""
    text = f"I note {text} and then {text} so 7"
    whole = PII.find(Text(text))
    for cut in range(len(text) + 1):
        held = Text(text[:cut])
        at = PII.open_from(held)
        settled = [each for each in whole if each.start < at]
        assert settled == [each for each in PII.find(held) if each.start < at]
        assert all(each.end <= at for each in settled)
        rest = PII.find(Text(text[at:], before=text[max(0, at - CONTEXT) : at]))
        assert [Finding(each.detector, each.kind, each.start + at, each.end + at, each.score) for each in rest] == whole[len(settled) :]
