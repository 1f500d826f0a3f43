"""Walls of one thing over and over, and texts drawn at random: what is passed over for speed is never what would have been found (T14)."""

from __future__ import annotations

import random
from functools import partial

import pytest

from detectors.decoding import unpack
from detectors.pii import KINDS, Options, Pii
from detectors.recognisers import phone_words, phones
from detectors.recognisers.hits import Hit, resolve
from detectors.recognisers.repeats import found_in
from detectors.text import Text

PII = Pii(Options(kinds=KINDS))
UNITS = (
    "1 rue ", "Apt. 1 ", "PO Box 1 ", "a@b.co ", "aa.com ", "fe80::1 ", "4111 1111 1111 1111 ", "4111111111111111,", "378282246310005 ", "+4930123456\n", "call 4155552671 ", "tel 12 34 56 ", "06 12 34 56 78 ",
    "ssn: 219-09-9998 ", "219-09-9999/", "12 Main St ", "1.1.", "1.2.3.4 ", "http://a.b/", "4", "4 ", "1999 ", "DE89370400440532013000 ", "415-555-2671/", "x 7 ", "(04) 1 ", "card 1 2 3 ", "secret word ",
)  # fmt: skip


def plain_hits(text: str) -> list[Hit]:
    return sorted(PII._scan(text, 0))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.covers("T14")
def test_a_wall_holds_what_it_holds_scanned_in_full(unit):
    """Whatever stands before it and after it, wherever in the unit it is cut, and for two of them."""
    draw = random.Random(unit)
    for head, tail in (("", ""), ("card ", " 4012888888881881"), ("Call me at 415 555", "2671 or at"), ("ssn\n", "@example.com, born 12/03/1984")):
        wall = (unit * 3000)[draw.randrange(len(unit)) : draw.randrange(6000, 9000)]
        for text in (head + wall + tail, head + wall + tail + (draw.choice(UNITS) * 5000)[: draw.randrange(100, 9000)] + tail):
            hits, shorter = found_in(text, partial(PII._scan, begin=0))
            assert sorted(hits if shorter is None else shorter.spread(hits)) == plain_hits(text)
            if len(Text(text).views) == 1:
                assert [(each.start, each.end, each.kind, each.score) for each in PII.find(Text(text))] == resolve(plain_hits(text))


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != "http://a.b/"])  # a site of many units, which repeats after many more
def test_most_of_a_wall_is_not_scanned(unit):
    """Or its cost would be that of all that it holds."""
    scanned = []

    def scan(text: str) -> list[Hit]:
        scanned.append(len(text))
        return PII._scan(text, 0)

    found_in(unit * (200_000 // len(unit)), scan)
    assert sum(scanned) < 20_000


def test_what_does_not_repeat_is_scanned_in_full():
    """A scan that counts from the beginning of the text finds in a wall what no cycle of it shows."""

    def scan(text: str) -> list[Hit]:
        return [(at, at + 1, "X", 0.5) for at in range(0, len(text), 997)]

    text = "ab " * 10_000
    hits, shorter = found_in(text, scan)
    assert shorter is None and hits == scan(text)


def test_text_that_does_not_repeat_is_scanned_once_as_it_is():
    """Nor is a text with a short wall in it."""
    draw = random.Random(1)
    for text in ("".join(draw.choices("abcd 1234", k=50_000)), "x" * 3000 + "".join(draw.choices("abcd 1234", k=9000))):
        seen: list[str] = []
        found_in(text, lambda scanned, seen=seen: seen.append(scanned) or [])
        assert seen == [text]


def drawn(draw: random.Random) -> str:
    """Signs at random, with telephones and the words for them here and there."""
    signs = draw.choice(["0123456789 .-()+/:_", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789     ", "0123456789   ", "abc019 -./,"])
    planted = ("tel", "call me at ", " 415-555-2671 ", "+49 30 123456", "(415) 555-2671", " fax 7654321 ", "020 7946 0958", "reach me on ", "1234567 office", "\n", "7654321 (mobile)", " x12 ", "212 555 0144/310 555 0199")
    parts = []
    for _ in range(draw.randrange(1, 30)):
        parts += ["".join(draw.choices(signs, k=draw.randrange(400))), draw.choice(planted)]
    return "".join(parts)


def test_telephones_in_drawn_text_are_those_of_all_islands(monkeypatch):
    """Islands are looked for near words and forms alone; looked for everywhere, they hold the same."""
    one = Pii(Options(kinds=frozenset({phones.KIND})))
    draw = random.Random(2)
    texts = [drawn(draw) for _ in range(300)]
    near = [one.find(Text(text)) for text in texts]
    monkeypatch.setattr(phones, "_islands", lambda low, flat, starts, worded: phones._ISLAND.finditer(low))
    assert sum(map(len, near)) > 500
    assert near == [one.find(Text(text)) for text in texts]


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [("reach me on ", "415 5552671", ""), ("Please call ", "4155550132", ""), ("my cell is ", "94727916", ""), ("", "12 34 56 78", " office"), ("tel ", "12 34 56 78", ""), ("contact me directly at ", "4155550132", "")],
)
def test_a_word_is_near_wherever_the_number_stands(before, number, after):
    """Words are read block by block; none is lost between two."""
    for lead in range(430, 530):
        text = f"{'x, ' * (lead // 3)}{'.' * (lead % 3)}\n{before}{number}{after}"
        assert [text[each.start : each.end] for each in PII.find(Text(text)) if each.kind == phones.KIND] == [number], lead


def test_hits_that_hang_together_are_told_apart_as_said():
    """The strongest stands, then the strongest of those that it leaves alone: kind, length, score, place."""
    draw = random.Random(3)
    ranks = {"URL": 90, "CREDIT_CARD": 80, "US_SSN": 65, "PHONE_NUMBER": 40, "MINE": 100}
    for _ in range(300):
        hits = [(at, at + draw.randrange(1, 12), draw.choice(list(ranks)), draw.choice([0.6, 0.7])) for at in (draw.randrange(60) for _ in range(draw.randrange(1, 25)))]
        standing: list[Hit] = []
        for hit in sorted(sorted(hits), key=lambda hit: (-ranks[hit[2]], hit[0] - hit[1], -hit[3], hit[0])):
            if all(hit[1] <= other[0] or other[1] <= hit[0] for other in standing):
                standing.append(hit)
        assert resolve(hits, frozenset(("MINE",))) == sorted(standing)


RUNS = ["c2VjcmV0IHdvcmRzIGhlcmU=", "73656372657420776f7264732068657265", "c2VjcmV0IHdvcmRzIGjDqXJl", "x73656372657420776f7264732068657265g", "DE89370400440532013000", "4111111111111111", "xc2VjcmV0IHdvcmRzIGhlcmU"]


@pytest.mark.parametrize("run", RUNS)
def test_runs_that_are_alike_are_each_read_where_they_stand(run):
    """One of them is decoded for all; what it holds, and where that stands, is as if each were the only one."""
    between, many = " . ", 7
    alone, several = unpack(run + between), unpack((run + between) * many)
    if alone is None:
        assert several is None
        return
    assert several is not None
    held = alone[0].split("\0\n\0")[0]
    step = len(run + between)
    at = -1
    for number in range(many):
        at = several[0].index(held, at + 1)
        for inside in (0, len(held) // 2, len(held) - 1):
            start, end = alone[1].span(inside, inside + 1)
            assert several[1].span(at + inside, at + inside + 1) == (start + number * step, end + number * step)


def test_runs_alike_beside_lines_of_a_long_one():
    """A run that is wrapped is like no other, though its signs are."""
    line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2"
    text = f"{line}\n{line}\n\n" + f"{line}{line} " * 5
    found = unpack(text)
    assert found is not None
    places = [found[1].span(at, at + 3) for at in range(len(found[0])) if found[0].startswith("ABC", at)]
    assert [text[start : start + 4] for start, _ in places] == ["QUJD"] * len(places) and len(places) == len({start for start, _ in places}) >= 11


@pytest.mark.parametrize("text", ["%2541 ", "\\u0041 ", "a %20b &amp; "])
def test_runs_that_hold_nothing_are_passed_over_in_the_next_view_alone(text, monkeypatch):
    """Every view is what it is if each of its runs is read anew, and comes from where it does."""
    draw = random.Random(6)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    drawn = ["".join(draw.choices(letters, k=draw.randrange(14, 40))) for _ in range(60)]
    raw = text + " ".join(draw.choice([*RUNS, *drawn]) + draw.choice(["", " ", "=", "%3D", "%20", "\n"]) for _ in range(120))
    seen = [(view.name, view.text, [view.origin(at, at + 1) for at in range(0, len(view.text), 7)]) for view in Text(raw).views]
    monkeypatch.setattr("detectors.text.unpack", lambda text, _: unpack(text))
    assert len(seen) > 2
    assert seen == [(view.name, view.text, [view.origin(at, at + 1) for at in range(0, len(view.text), 7)]) for view in Text(raw).views]


def test_what_has_no_six_digits_near_each_other_is_no_telephone():
    """What a word may call one holds them, whatever stands between."""
    draw = random.Random(7)
    for _ in range(20_000):
        text = "".join(draw.choice("0123456789  .-()/+x ,a") for _ in range(draw.randrange(8, 40)))
        match = phone_words._ANY.search(text)
        assert match is None or phone_words._SIX.search(text, max(0, match.start()))
