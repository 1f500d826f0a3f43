"""Names and places in rows and records, which no model reads."""

from __future__ import annotations

import pytest

from detectors import records


def _people(line: str, before: str = "") -> list[str]:
    return sorted({line[start:end] for start, end, _ in records.people(line, before)})


@pytest.mark.parametrize(
    ("line", "before", "found"),
    [
        ("Xhevahire Quniq,xq@example.org,Oslo", "", ["Xhevahire Quniq"]),
        ("17;Oswin Thrale;Lima;+351 912 345 678", "", ["Oswin Thrale"]),
        ("| Oswin Thrale | Lima | ot@example.org |", "", ["Oswin Thrale"]),
        ("Oswin Thrale\t0171 2345678\tLima", "", ["Oswin Thrale"]),
        ("To: Oswin Thrale <ot@example.org>", "", ["Oswin Thrale"]),
        ("Signed-off-by: Oswin Thrale <ot@example.org>", "", ["Oswin Thrale"]),
        ("VALUES ('Oswin Thrale', 'ot@example.org', 4);", "", ["Oswin Thrale"]),
        ('"name": "Oswin Thrale",', '{"customer": {\n  ', ["Oswin Thrale"]),
        ('user = User(name="Oswin Thrale", city="Lima")', "", ["Oswin Thrale"]),
        ("  name: Oswin Thrale", "patient:\n", ["Oswin Thrale"]),
        ("<customer><name>Oswin Thrale</name>", "", ["Oswin Thrale"]),
        ('{"name": "Oswin Thrale", "email": null}', "", ["Oswin Thrale"]),
        ("FN:Oswin Thrale", "BEGIN:VCARD\n", ["Oswin Thrale"]),
        ("17,Lena,Thrale,lt@example.org", "", ["Lena", "Thrale"]),
        ('"Thrale","Lena","lt@example.org"', "", ["Lena", "Thrale"]),
        ("VALUES ('Lena', 'Thrale', '219-09-9999')", "", ["Lena", "Thrale"]),
        ("plan=gold;name=Lena Thrale", "", ["Lena Thrale"]),
        ('"name":[{"family":"Thrale","given":["Oswin"]}]', "", ["Oswin", "Thrale"]),
        ("guest: {first: Oswin, last: Thrale}", "", ["Oswin", "Thrale"]),
        ("ATTENDEE;CN=Lena Thrale:mailto:lt@example.org", "", ["Lena Thrale"]),
        ("saved name=Lena Thrale city=Lima ok", "", ["Lena Thrale"]),  # logfmt: the next word is a key
        ("ts=17 user_name=Lena Thrale plan=gold", "", ["Lena Thrale"]),
    ],
)
def test_the_name_of_somebody_in_a_record(line: str, before: str, found: list[str]) -> None:
    """Tables and tool results are where most personal data in traffic are."""
    assert _people(line, before) == found


@pytest.mark.parametrize(
    ("line", "before"),
    [
        ("1,Oak Table,129.90,4", "id,name,price,qty\n"),
        ('{"name": "Oak Table", "qty": 3}', ""),
        ('"name": "Oak Table",', '{"product": {\n'),
        ("Support Team <help@example.org>", ""),
        ("| Starter Plan | 12 | help@example.org |", ""),
        ("In Oslo Anna met Ben, who wrote to ot@example.org, and left.", ""),
        ("name: nightly-build", "user:\n"),
        ("job name=Nightly Build status=ok", ""),
        ("name=Lena=Thrale", ""),
        ("class User(name=Base):", ""),
        ("Lima,help@example.org,4", ""),
        ("17,Blue,Table,help@example.org", ""),
        ('{"first": "Next", "last": "Page"}', ""),
    ],
)
def test_goods_and_roles_are_nobody(line: str, before: str) -> None:
    """A key called `name` names mostly things."""
    assert _people(line, before) == []


def test_known_places_in_a_row_about_somebody() -> None:
    """A city by itself in a cell is where somebody is; in a row about goods it is not looked for."""
    line = "Oswin Thrale;Lima;ot@example.org"
    assert [line[start:end] for start, end in records.places(line)] == ["Lima"]
    assert list(records.places("Oak Table;Lima;4")) == []


def test_a_row_of_delimiters_ends() -> None:
    """Many cells, many mailboxes: linear, and no more than the line."""
    line = ("a@b.co," * 200)[:1000]
    assert _people(line) == []
