"""Names that are there for a thing, and people who must not be taken for one."""

from __future__ import annotations

import pytest

from detectors.things import is_no_place, is_nobody


def _span(line: str, name: str) -> tuple[int, int]:
    at = line.index(name)
    return at, at + len(name)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("The Kalman filter converges.", "Kalman"),
        ("Parkinson's disease is studied.", "Parkinson"),
        ("Moore's law held.", "Moore's"),
        ("Use the Bessel correlation.", "Bessel"),
        ("The Stanley Cup final", "Stanley"),
        ("Mark the ticket as done.", "Mark"),
        ("Bill me monthly.", "Bill"),
        ("Grant access to the bucket.", "Grant"),
        ("Done. Chase the invoice.", "Chase"),
        ("She works at Ostrow, Quill and Benning now.", "Ostrow"),
    ],
)
def test_things_are_nobody(line: str, name: str) -> None:
    """A placeholder in an order, a theorem or a firm's name breaks the text and hides nobody."""
    assert is_nobody(line, *_span(line, name))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Mark lives in Leeds.", "Mark"),
        ("Bill said so.", "Bill"),
        ("Grace fell down the stairs.", "Grace"),
        ("I gave it to Mark the other day.", "Mark"),
        ("Please repair Maria Orsini laptop.", "Maria Orsini"),
        ("Anna's disease got worse.", "Anna"),
        ("The Garcia claim was settled.", "Garcia"),
        ("The Novak family moved.", "Novak"),
        ("Signed by Ostrow, Quill and Benning.", "Quill"),
        ("He works at Anna, Ben and Quill.", "Ben"),
        ("Did Maria phone you?", "Maria"),
    ],
)
def test_people_are_not_taken_for_things(line: str, name: str) -> None:
    """What is wrongly taken for a thing reaches the provider: the rules must not eat people."""
    assert not is_nobody(line, *_span(line, name))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Lisbon 3-1 Oslo", "Lisbon"),
        ("Lisbon 3-1 Oslo", "Oslo"),
        ("Denver won 98-102, Lima lost 0-5", "Denver"),
        ("Denver won 98-102, Lima lost 0-5", "Lima"),
        ("Perth beat Warsaw 2-0.", "Warsaw"),
        ("Real Madrid drew.", "Madrid"),
        ("The Chicago Bulls won.", "Chicago"),
        ("The Kyoto Protocol applies.", "Kyoto"),
        ("The Georgia font", "Georgia"),
        ("The Canyon wren is small.", "Canyon"),
    ],
)
def test_teams_and_treaties_are_no_places(line: str, name: str) -> None:
    """Score tables and treaties tell where nobody lives."""
    assert is_no_place(line, *_span(line, name))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("I moved from Lisbon to Oslo.", "Lisbon"),
        ("The flight to Denver 18-20 May is full.", "Denver"),
        ("Paris 18:30 from gate 4", "Paris"),
        ("He lives in Austin, Texas.", "Austin"),
        ("The Svendborg office is closed.", "Svendborg"),
        ("Denver 80202-1234", "Denver"),
        ("Oslo, Bergen and Turku", "Bergen"),
    ],
)
def test_where_people_are_stays_a_place(line: str, name: str) -> None:
    """Dates, times and postcodes beside a place are no score."""
    assert not is_no_place(line, *_span(line, name))


@pytest.mark.parametrize(("text", "name"), [("A cup of Earl Grey please", "Earl Grey"), ("Earl Grey tea", "Earl Grey"), ("a Granny Smith pie", "Granny Smith")])
def test_goods_that_are_called_like_people_are_nobody(text: str, name: str):
    """Whatever stands behind them."""
    assert is_nobody(text, *_span(text, name))
