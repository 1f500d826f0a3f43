"""Whole bodies made to be dear: a check gives others their turn, from its first step to its last."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from detectors.base import Finding
from detectors.text import Text
from gateway.dialects import DIALECTS
from gateway.dialects.leaves import Edit, Leaf, Walked
from gateway.dialects.walk import walk_request
from gateway.guard import whole
from gateway.guard.policy import Direction
from gateway.guard.seen import Seen
from gateway.guard.whole import PAUSE_EDITS, check
from tests.support.growth import Work, assert_linear
from tests.support.planting import MASKS, guarding

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
PLAIN: Any = SimpleNamespace(
    replace=lambda findings, text: [Edit(f.start, f.end, "<X>") for f in findings], open_from=lambda text: len(text.raw), find=lambda text: [], engines=(), direction=Direction.REPLY
)


def ruled(size: int, *, of: int = 1) -> tuple[int, dict[int, list[Edit]]]:
    """Rules applied to a chain of so many texts with so many findings each (0 or 1): pauses, edits."""
    leaves = [Leaf("", "", "", "a mail ")] * size
    found = [[Finding("pii", "EMAIL", 2, 6, 1.0)] * of for _ in leaves]
    edits: dict[int, list[Edit]] = {}
    pauses = sum(1 for _ in whole._rule(range(size), leaves, found, PLAIN, edits))
    return pauses, edits


def test_findings_in_a_long_conversation_cost_what_their_number_does():
    """The rest of a conversation is not copied for every edit in it."""
    assert_linear(lambda size: partial(ruled, size), 10_000)


def test_edits_of_a_long_conversation_are_made_in_turns():
    """Each in its own text, and others have a turn between."""
    pauses, edits = ruled(10 * PAUSE_EDITS)
    assert pauses >= ruled(10 * PAUSE_EDITS, of=0)[0] + 10
    assert edits == {index: [Edit(2, 6, "<X>")] for index in range(10 * PAUSE_EDITS)}


def test_an_edit_over_many_texts_is_named_once():
    """The placeholder goes where it begins; the rest of it is emptied."""
    leaves = [Leaf("", "", "", text) for text in ("ab", "", "cd", "ef")]
    scan: Any = SimpleNamespace(**{**vars(PLAIN), "replace": lambda findings, text: [Edit(1, 5, "<X>")]})
    edits: dict[int, list[Edit]] = {}
    list(whole._rule(range(4), leaves, [[] for _ in leaves], scan, edits))
    assert edits == {0: [Edit(1, 2, "<X>")], 2: [Edit(0, 2, "")], 3: [Edit(0, 1, "")]}


@pytest.mark.parametrize("seen", [None, Seen()])
def test_texts_are_made_as_they_are_looked_at(monkeypatch, seen):
    """A hundred thousand are not made, and given names, before the first pause."""
    made: list[str] = []

    class Counted(Text):
        def __init__(self, raw: str, before: str = "") -> None:
            made.append(raw)
            super().__init__(raw, before)

    monkeypatch.setattr(whole, "Text", Counted)
    parts = [f"some text {at} here, and there" for at in range(5000)]
    walked = walk_request("openai", CHAT, json.dumps({"model": "x", "messages": [{"role": "user", "content": parts}]}).encode(), "application/json")
    checking = check(walked, guarding(MASKS, Direction.REQUEST), seen)
    most = 0
    while True:
        before = len(made)
        try:
            next(checking)
        except StopIteration:
            break
        most = max(most, len(made) - before)
    assert len(made) >= 5000
    assert most < 1500


def test_texts_that_were_seen_before_are_passed_in_turns():
    """What costs nothing to look at still costs something to know."""
    walked = Walked(tuple(Leaf("", "", "", f"some text {at} here, and there") for at in range(4000)))
    seen = Seen()
    first, again = (sum(1 for _ in check(walked, guarding(MASKS, Direction.REQUEST), seen)) for _ in range(2))
    assert seen.hits >= 4000
    assert 8 <= again <= first


def test_findings_apart_are_replaced_in_turns():
    """Texts that are one to nobody, with an address each."""
    walked = Walked(tuple(Leaf("", "", "", f"u{at}@example.com") for at in range(3 * PAUSE_EDITS)))
    clean = Walked(tuple(Leaf("", "", "", f"no address {at}") for at in range(3 * PAUSE_EDITS)))
    pauses, without = (sum(1 for _ in check(body, guarding(MASKS, Direction.REQUEST))) for body in (walked, clean))
    assert pauses >= without + 3


def test_findings_of_one_long_text_are_replaced_in_turns():
    """A hundred thousand addresses are not named in one turn; the names and the counts are as if they were."""
    size = 5 * PAUSE_EDITS
    text = " ".join(f"u{at % 900}@example.com" for at in range(size))
    found = [Finding("pii", "EMAIL_ADDRESS", f.start, f.end, 0.9) for f in guarding(MASKS, Direction.REQUEST).find(Text(text)) if f.detector == "pii"]
    found += [Finding("pii", "URL", f.end - 11, f.end + 20, 0.8) for f in found[::700]]  # over the next one
    at_once, in_turns = guarding(MASKS, Direction.REQUEST), guarding(MASKS, Direction.REQUEST)
    whole_text = at_once.replace(sorted(found), text)
    steps = whole._replaced(in_turns, found, text)
    pauses = 0
    while True:
        try:
            next(steps)
            pauses += 1
        except StopIteration as end:
            edits = end.value
            break
    assert pauses >= 4
    assert edits == whole_text and len(edits) > 2000
    assert in_turns.tally.findings() == at_once.tally.findings()


def test_naming_what_was_found_costs_what_its_number_does():
    """Each value has a name of its own."""

    def work(size: int) -> Work:
        text = " ".join(f"u{at:06}@example.com" for at in range(size))
        found = [Finding("pii", "EMAIL_ADDRESS", 20 * at, 20 * at + 19, 0.9) for at in range(size)]
        return lambda: list(guarding(MASKS, Direction.REQUEST).replace(found, text))

    assert_linear(work, 10_000)
