"""Units: how a text is cut for the model, and that a stream is cut as the whole is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from detectors.units import MAX_UNIT, open_from, units


def _pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in units(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("One. Two! Three? Four", ["One. ", "Two! ", "Three? ", "Four"]),
        ('He said "no." Then he left.', ['He said "no." ', "Then he left."]),
        ("Dr. Ruiz met J. K. Holm at St. Mary Rd. 5 in Apt. 7.", ["Dr. Ruiz met J. K. Holm at St. Mary Rd. 5 in Apt. 7."]),
        ("version 2.5 and e.g. this. so what", ["version 2.5 and e.g. this. so what"]),
        ("1. First\n2. Second\r\nThird\rFourth", ["1. First\n", "2. Second\r\n", "Third\r", "Fourth"]),
        ("??? Main Road\n> ... Oslo", ["??? Main Road\n", "> ... Oslo"]),
    ],
)
def test_a_unit_ends_where_a_sentence_or_a_line_does(text: str, pieces: list[str]) -> None:
    """Cut at a title, an initial or an abbreviation, a name would be two pieces and found in neither."""
    assert _pieces(text) == pieces


def test_a_long_unit_is_cut_at_white_space() -> None:
    """What is held back of a stream is bounded, sentence or not."""
    assert [len(piece) for piece in _pieces("word " * 500)] == [MAX_UNIT, MAX_UNIT, 500]
    assert [len(piece) for piece in _pieces("x" * 2100)] == [MAX_UNIT, MAX_UNIT, 100]


def _texts() -> Iterator[str]:
    draw = random.Random(3)
    for at in range(600):
        letters = ("aB.!? \n\r\"')\u3002 M1,", "abc .", "xY7")[at % 3]
        yield "".join(draw.choices(letters, k=draw.choice((5, 30, 80, 1100, 2300) if at % 10 == 0 else (5, 30, 80))))


def test_what_has_ended_stays_ended() -> None:
    """I1 to I3 for units: those before open_from are those of any longer text, less than a unit is open, and the rest needs nothing before it."""
    draw = random.Random(4)
    for text in _texts():
        whole = units(text)
        assert [start for start, _ in whole] == [0, *(end for _, end in whole)][: len(whole)]
        assert all(0 < end - start <= MAX_UNIT for start, end in whole)
        for cut in {draw.randint(0, len(text)) for _ in range(25)}:
            begun = text[:cut]
            opened = open_from(begun)
            assert cut - opened <= MAX_UNIT
            assert [unit for unit in units(begun) if unit[0] < opened] == [unit for unit in whole if unit[0] < opened]
            assert [(start + opened, end + opened) for start, end in units(text[opened:])] == [unit for unit in whole if unit[0] >= opened]


def test_marks_without_a_word_cost_no_more_than_words() -> None:
    """A text of full stops must not make the cutter start over at each of them: the count of steps is what is asserted, by way of the result."""
    assert sum(end - start for start, end in units(". " * 50_000)) == 100_000
