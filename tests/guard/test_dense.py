"""Texts that are full of values, under rules: a stretch in which nobody has looked stands for whatever a rule looks for, and a stream says what the whole says."""

from __future__ import annotations

import random

import pytest

from detectors.base import Finding
from detectors.dense import KIND, Bounded
from evaluation.guards.walls import wall
from gateway.dialects.leaves import Leaf, Walked, edited
from gateway.guard.engines import Engines
from gateway.guard.judge import Tally, judge
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.runs import TextRun
from gateway.guard.scan import Guarding
from gateway.guard.whole import check
from gateway.record.known import KnownEngines
from tests.support.planting import BLOCKS, BOTH, ENGINES, MASKS, guarding, rules, run

PROSE = "The committee met on Tuesday and asked why the wording was unclear. "
TEXTS = {
    "telephones": wall("telephones", 70_000) + " " + PROSE * 300 + "Write to jo@example.com. " + wall("telephones", 9000),
    "secrets": wall("pwd=", 60_000) + "\n" + PROSE * 100 + "password=hunter2secret\n" + wall("JWT", 30_000),
    "both": wall("all sorts", 40_000) + "\n" + wall("all sorts of secrets", 60_000) + "\n" + PROSE * 60 + "Write to jo@example.com.",
}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few values that not every text of a test must be a million characters long."""
    monkeypatch.setattr(Bounded, "most", 400_000)


def whole(text: str, rules=MASKS) -> tuple[str, Tally, bool]:
    """What is left of a text, what was counted, and whether it was blocked."""
    scan = guarding(rules, Direction.REPLY)
    edits = run(check(Walked((Leaf("", "", "", text),)), scan))
    return edited(text, edits.get(0, ())), scan.tally, scan.stopped


def streamed(text: str, sizes) -> tuple[str, Tally, int]:
    """The same in chunks; and the most that was held back."""
    scan, at, held = guarding(MASKS, Direction.REPLY), 0, 0
    growing = TextRun(scan, lambda ask, take: pytest.fail("nobody is asked"))
    while at < len(text):
        size = next(sizes)
        growing.feed(text[at : at + size])
        growing.advance()
        at += size
        held = max(held, growing.total - growing.decided)
    growing.end()
    growing.advance()
    assert growing.decided == len(text)
    return edited(text, growing.replacements), scan.tally, held


@pytest.mark.parametrize("label", TEXTS)
@pytest.mark.parametrize("most", [40, 3000, 50_000])
@pytest.mark.covers("T14", "T17")
def test_a_stream_full_of_values_says_what_the_whole_says(label, most):
    """However it is cut: what a text owes goes along with it."""
    rng = random.Random(most)
    text = TEXTS[label]
    said, tally, stopped = whole(text)
    assert not stopped
    assert f"<{KIND}>" in said
    assert "hunter2secret" not in said
    assert "jo@example.com" not in said
    again, counted, held = streamed(text, iter(lambda: rng.randint(1, most), 0))
    assert again == said
    assert counted.findings() == tally.findings() or set(counted.findings()) == set(tally.findings())
    assert held < 60_000 + most  # two stretches that hang together, and an eighth


def test_a_text_that_blocks_is_blocked_by_a_stretch():
    """A rule that wants one kind alone, in a wall of another: it may be in there."""
    keys = Rule("keys", "secrets", BOTH, Action.BLOCK, kinds=frozenset({"PRIVATE_KEY"}))
    assert whole(TEXTS["secrets"][:50_000], (keys,))[2]
    assert not whole(TEXTS["secrets"][:1000], (keys,))[2]
    assert whole(TEXTS["telephones"], BLOCKS)[2]


def test_no_rule_keeps_a_stretch_from_those_behind_it():
    """Or a wall of what is only flagged would carry out what is not."""
    flags, masks = Rule("flags", "pii", BOTH, Action.FLAG), Rule("cards", "pii", BOTH, Action.MASK, kinds=frozenset({"CREDIT_CARD"}))
    blocks = Rule("ssn", "pii", BOTH, Action.BLOCK, kinds=frozenset({"US_SSN"}))
    tally = Tally()
    ruling = judge([Finding("pii", KIND, 5, 900, 1.0)], (flags, masks, blocks), Direction.REQUEST, tally)
    assert [(region.start, region.end, region.kind) for region in ruling.regions] == [(5, 900, KIND)]
    assert ruling.blocked_by is blocks
    assert {key[3] for key in tally.counts} == {"flag", "mask", "block"}


def test_a_stretch_is_not_turned_back():
    """A reply that names its placeholder would get thousands of values."""
    pseudonyms = Rule("names", "pii", BOTH, Action.PSEUDONYMISE)
    assert not judge([Finding("pii", KIND, 5, 900, 1.0)], (pseudonyms,), Direction.REQUEST, Tally()).regions[0].reversible


def test_a_text_beside_one_that_is_full_is_left_alone():
    """What is counted is one text's: the next message of a conversation is told as if it stood alone."""
    scan = guarding(MASKS, Direction.REQUEST)
    texts = (TEXTS["telephones"][:70_000], "Call +1 415-555-2671 or write to jo@example.com.")
    edits = run(check(Walked(tuple(Leaf("", "", "", text) for text in texts), chains=((0, 1),)), scan))
    assert any(KIND in edit.by for edit in edits[0])
    said = edited(texts[1], edits[1])
    assert said.startswith("Call <PHONE_NUMBER_")
    assert " or write to <EMAIL_ADDRESS_" in said


def test_the_record_masks_as_much_though_it_remembers_what_it_was_told():
    """Its engines know a piece of text by what stands before it: what is owed there is a part of that."""
    knowing = KnownEngines(ENGINES)
    logs = rules(on=frozenset({Direction.LOG}))
    text = TEXTS["both"]

    def masked(engines: Engines) -> str:
        scan = Guarding(logs, engines, Direction.LOG, Tally(), Placeholders())
        return edited(text, run(check(Walked((Leaf("", "", "", text),)), scan))[0])

    said = masked(ENGINES)
    assert said.count(f"<{KIND}>") > 2
    assert masked(knowing) == said
    assert masked(knowing) == said
