"""Whose turn it is, how texts are cut, when a circuit opens: the pool's own arithmetic, without processes."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.base import CONTEXT, Finding
from detectors.units import units
from gateway.detection.admission import Budget, Turns
from gateway.detection.circuit import POISON_S, Circuit, Poison
from gateway.detection.job import Job


def job(owner: str, id: int, *texts: str) -> Job:
    return Job(owner, id, [(text, "") for text in texts], 1, time.monotonic() + 60, lambda job, outcome: None)


def test_a_new_job_goes_before_those_that_have_begun():
    """A small job waits for one slice, not for a large job's rest."""
    turns: Turns[Job] = Turns()
    large, small = job("a", 1, "x"), job("a", 2, "x")
    turns.add(large)
    assert turns.take() is large
    turns.again(large)
    turns.add(small)
    assert [turns.take(), turns.take(), turns.take()] == [small, large, None]


def test_small_jobs_cannot_starve_a_large_one():
    """Every fourth turn is for what has begun."""
    turns: Turns[Job] = Turns()
    large = job("a", 0, "x")
    turns.again(large)
    order = []
    for n in range(1, 13):
        turns.add(job("a", n, "x"))
    while (turn := turns.take()) is not None:
        order.append(turn.id)
        if turn is large:
            turns.again(large)
        if len(order) == 12:
            break
    assert order.count(0) == 3


@pytest.mark.parametrize("owners", [("a", "a"), ("huge", "small")])
def test_a_huge_prompt_and_a_stream_of_small_ones_both_get_through(owners):
    """One hundred kilobytes take fifty turns of a process. What comes meanwhile waits for two of them at most, and they end all the same."""
    turns: Turns[Job] = Turns()
    huge = job(owners[0], 0, "One more sentence. " * 5300)
    turns.add(huge)
    asked: dict[int, int] = {}  # small job -> the turn at which it came
    waits, slices, now = [], 0, 0
    while not huge.done:
        now += 1
        if now % 2:
            asked[now] = now
            turns.add(job(owners[1], now, "small"))
        turn = turns.take()
        assert turn is not None
        turn.slice(2048)
        if turn is huge:
            slices += 1
            if not huge.done:
                turns.again(huge)
        else:
            waits.append(now - asked[turn.id])
    assert slices == 50 and now <= 4 * slices
    assert len(waits) >= 25 and max(waits) <= 2


def test_connections_take_turns():
    """A worker that sends much gets no more than one that sends little; the recorder's backlog does not hold exchanges up."""
    turns: Turns[Job] = Turns()
    for n in range(4):
        turns.add(job("many", n, "x"))
    turns.add(job("few", 10, "x"))
    turns.add(job("some", 20, "x"))
    turns.add(job("some", 21, "x"))
    assert [turn.id for _ in range(7) if (turn := turns.take())] == [0, 10, 20, 1, 21, 2, 3]


def test_what_is_over_gets_no_turn():
    """A job whose caller has left, or been told, is not worked on."""
    turns: Turns[Job] = Turns()
    jobs = [job("a", n, "x") for n in range(3)]
    for each in jobs:
        turns.add(each)
    jobs[0].end(("timeout", ""))
    assert turns.clear() == jobs[1:]
    assert turns.take() is None


def test_the_budget_is_kept_in_total_and_for_each():
    """What is given back is there again."""
    budget = Budget(100, 60)
    assert [budget.take("a", 60), budget.take("a", 1), budget.take("b", 41), budget.take("b", 40), budget.take("c", 1)] == [True, False, False, True, False]
    budget.give_back("a", 60)
    assert [budget.take("c", 61), budget.take("c", 60)] == [False, True]


WORDS = st.lists(st.sampled_from(["word", "Mr. ", ". ", "\n", "\r\n", "! ", "1", " ", "\u3002", "x" * 300, "\ud800", "A"]), max_size=60)


@given(texts=st.lists(WORDS.map("".join), max_size=5), chars=st.integers(1, 3000))
def test_slices_are_the_text_cut_where_units_end(texts, chars):
    """A model must see the same sentences in a slice as in the whole text, and findings must come back to where they stand."""
    outcome: list[object] = []
    whole = Job("a", 1, [(text, "before") for text in texts], 1, 0.0, lambda job, found: outcome.append(found))
    seen: list[list[str]] = [[] for _ in texts]
    while not whole.done:
        pieces = whole.slice(chars)
        assert pieces
        for piece in pieces:
            text = texts[piece.text]
            assert piece.start in {start for start, _ in units(text)} | {0}
            assert piece.before == ("before" + text[: piece.start])[-CONTEXT:]
            assert text.startswith(piece.raw, piece.start)
            seen[piece.text].append(piece.raw)
        whole.add(pieces, [[Finding("d", "A", at, at + 1, 1.0) for at, char in enumerate(piece.raw) if char == "A"] for piece in pieces])
    whole.end(whole.found)
    assert ["".join(each) for each in seen] == texts
    assert outcome == [[[Finding("d", "A", at, at + 1, 1.0) for at, char in enumerate(text) if char == "A"] for text in texts]]


def test_whole_texts_are_given_one_by_one():
    """A detector that judges a whole text never sees half of one."""
    whole = job("a", 1, "x" * 100_000, "", "y")
    slices = []
    while not whole.done:
        slices.append([piece.raw for piece in whole.slice(None)])
    assert slices == [["x" * 100_000], [""], ["y"]]


def test_a_circuit_opens_for_longer_each_time_and_closes_with_an_answer():
    """No restart storm, and no lock-out after the trouble is over."""
    now = [100.0]
    circuit = Circuit(3, 1.0, 3.0, lambda: now[0])
    assert [circuit.lost(), circuit.lost()] == [0.0, 0.1]
    assert not circuit.open
    opened = []
    for _ in range(4):
        circuit.lost()
        start = now[0]
        while circuit.open:
            now[0] += 0.25
        opened.append(now[0] - start)
    assert opened == [1.0, 2.0, 3.0, 3.0]
    circuit.answered()
    assert circuit.lost() == 0.0
    assert not circuit.open
    pauses = [circuit.lost() for _ in range(30)]
    assert all(a <= b for a, b in pairwise(pauses)) and pauses[-1] == 5.0


def test_a_detector_that_cannot_load_opens_its_circuit_at_once():
    """There is nobody to wait for."""
    circuit = Circuit(3, 1.0, 30.0)
    assert circuit.lost(hopeless=True) > 0
    assert circuit.open


def test_a_poisonous_text_is_forgotten_after_a_while():
    """A process may have died of something else: the text gets another try."""
    now = [100.0]
    poison = Poison(lambda: now[0])
    poison.add(b"text", "crashed")
    assert [poison.reason(b"text"), poison.reason(b"other")] == ["crashed", ""]
    now[0] += POISON_S
    assert poison.reason(b"text") == ""
