"""Texts that are full of values: past so many they are one finding after the other that nobody has looked into (detectors.dense). Nothing gets out by that."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.base import CONTEXT, Finding
from detectors.dense import KIND, Bounded
from detectors.pii import Pii
from detectors.secrets import Secrets
from detectors.text import Text
from evaluation.guards.walls import PERSONAL, SECRETS, Drawn, wall
from tests.detectors.made_up_secrets import Drawn as Keys


class FewPii(Pii):
    """So few, and stretches so short, that a text of some thousand characters has all there is."""

    most, max_span, spare = 8000, 2400, 700

    def __init__(self) -> None:
        super().__init__()
        self.zone = 512


class FewSecrets(Secrets):
    most, max_span, zone = 12_000, 2400, 512


FEW: tuple[Bounded, ...] = (FewPii(), FewSecrets())
ALL: tuple[Bounded, ...] = (Pii(), Secrets())
PROSE = "The committee met on Tuesday and asked why the wording was unclear. "
SORTS = [(label, make) for label, make in (PERSONAL | SECRETS).items() if label not in ("tables", "private keys")]  # which go on for longer than these stretches


def moved(found: list[Finding], by: int) -> list[Finding]:
    return [f._replace(start=f.start + by, end=f.end + by) for f in found]


@st.composite
def walled(draw: st.DrawFn) -> str:
    """Walls of some values, and prose between them."""
    rng, parts = Drawn(draw(st.integers(0, 10**6))), []
    for _ in range(draw(st.integers(1, 3))):
        make, separator = draw(st.sampled_from(SORTS))[1], draw(st.sampled_from((" ", "\n", ", ", '","')))
        parts += [separator.join(make(rng) for _ in range(draw(st.integers(5, 160)))), " ", PROSE * draw(st.integers(0, 12))]
    return "".join(parts)


def check(detector: Bounded, text: str, cut: int) -> None:
    """I1 to I3 for one text and one cut, with what is owed there taken along."""
    a, whole = Text(text[:cut]), detector.find(Text(text))
    at = detector.open_from(a)
    assert 0 <= cut - at <= Secrets.max_span
    part = detector.find(a)
    first = [f for f in whole if f.start < at]
    assert [f for f in part if f.start < at] == first
    assert [f for f in detector.settled(a) if f.start < at] == first
    assert all(f.end <= at for f in first)
    rest = Text(text[at:], text[max(0, at - CONTEXT) : at], {detector.name: detector.owed(a, part, at)})
    assert moved(detector.find(rest), at) == whole[len(first) :]


@settings(max_examples=60, deadline=None)
@given(text=walled(), part=st.floats(0, 1))
@pytest.mark.parametrize("detector", FEW, ids=lambda each: each.name)
@pytest.mark.covers("T14", "T17")
def test_what_is_settled_stays_so_in_a_text_full_of_values(detector, text, part):
    """So a stream is masked as its whole text is, wherever it is cut."""
    check(detector, text, round(part * len(text)))


@settings(max_examples=40, deadline=None)
@given(text=walled())
@pytest.mark.parametrize("detector", FEW, ids=lambda each: each.name)
@pytest.mark.covers("T14")
def test_every_value_is_told_or_lies_in_a_stretch(detector, text):
    """Nobody gets a value out by putting many others before it."""
    found = detector.find(Text(text))
    every = detector.find(Text(text, owed=None))
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))
    assert all(f.end - f.start <= detector.max_span for f in found)
    covered = bytearray(len(text))
    for f in found:
        covered[f.start : f.end] = b"x" * (f.end - f.start)
    for f in every:
        assert covered.count(b"x", f.start, f.end) == f.end - f.start, text[f.start : f.end]


@pytest.mark.parametrize("detector", ALL, ids=lambda each: each.name)
def test_an_ordinary_text_has_no_stretch(detector):
    """However long: a line of a log has an address and a key, and a table of customers some thousand telephones."""
    rng = Drawn(4)
    lines = [f"2026-03-01T10:22:31 INFO gateway request of {PERSONAL['addresses of machines'](rng)} took {rng.randint(2, 900)} ms, status 200, by the usual route to the backend\n" for _ in range(9000)]
    table = [f"{n},customer {n},Main office,{PERSONAL['telephones'](rng)},open,2026-03-01\n" for n in range(3000)]
    for text in ("".join(lines)[:900_000], "".join(table)):
        assert KIND not in {f.kind for f in detector.find(Text(text))}


@pytest.mark.parametrize(("detector", "label"), [(ALL[0], "telephones"), (ALL[1], "pwd=")])
@pytest.mark.covers("T14")
def test_after_so_many_a_wall_is_stretches_and_what_follows_is_told_again(detector, label):
    """The question at its end, and a value in it."""
    text = wall(label, 400_000) + " " + PROSE * 800 + "mail jo@example.com, password=hunter2secret then go"
    found = detector.find(Text(text))
    stretches = [f for f in found if f.kind == KIND]
    assert 5 < len(stretches) < 40
    assert len(found) < 4500
    last = stretches[-1]
    assert last.end < 400_000 + detector.max_span
    assert [text[f.start : f.end] for f in found if f.start > last.end + 4000] == [{"pii": "jo@example.com", "secrets": "hunter2secret"}[detector.name]]


@pytest.mark.parametrize("shift", range(0, 9000, 450))
@pytest.mark.covers("T14")
def test_a_private_key_and_a_table_behind_a_wall_leave_nothing_behind_a_stretch(shift):
    """Both go on for longer than the end of a stretch shows."""
    keys = Keys(2)
    pem, rng = keys.pem("PRIVATE KEY", 40), Drawn(3)
    rows = [f"user{n},{rng.of('abcdefghkmnpqrstuvwxyz23456789', 9)}7x" for n in range(300)]
    wide = wall("pwd=", 62_000 + shift)
    for tail, parts in ((pem, pem.split("\n")[1:-1]), ("user,password\n" + "\n".join(rows) + "\n", [row.partition(",")[2] for row in rows])):
        text = wide + "\n" + tail + "\n" + PROSE * 500
        left, done = [], 0
        for f in ALL[1].find(Text(text)):
            left.append(text[done : f.start])
            done = f.end
        said = "".join([*left, text[done:]])
        assert not [part for part in parts if part in said]


def test_the_end_of_a_text_is_told_apart():
    """Where nothing goes on for long: what is asked about a table stands behind it."""
    asked = "Which of these customers did not answer, and may I write to jo@example.com?"
    text = wall("telephones", 150_000) + "\n" + asked
    found = ALL[0].find(Text(text))
    assert any(f.kind == KIND for f in found)
    assert found[-1].kind == "EMAIL_ADDRESS"
    assert all(f.end <= text.index(asked) or f.kind == "EMAIL_ADDRESS" for f in found)


def test_values_that_are_told_are_those_of_the_whole_text():
    """Up to the first stretch nothing is different, and a text that has none is what it was."""
    rng = random.Random(5)
    for detector in ALL:
        text = wall("all sorts" if detector.name == "pii" else "all sorts of secrets", 120_000)
        found, every = detector.find(Text(text)), detector.find(Text(text, owed=None))
        first = next((f.start for f in found if f.kind == KIND), len(text))
        assert [f for f in found if f.start < first] == [f for f in every if f.start < first]
        some = text[: rng.randint(20_000, 30_000)]
        assert detector.find(Text(some)) == detector.find(Text(some, owed=None))
