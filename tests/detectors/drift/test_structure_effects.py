"""Differences in words, and which of them say the same."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import ks_2samp

from detectors.drift.base import Row
from detectors.drift.structure import Table, effect, leading, table


def share(of: float, n: int = 1000) -> np.ndarray:
    return (np.arange(n) < of * n).astype(np.float64)


@pytest.mark.parametrize(
    ("name", "before", "after", "words", "size"),
    [
        ("JSON kind: object", 0.98, 0.03, "JSON object 98 % -> 3 %", 0.95),
        ("JSON kind: list", 0.02, 0.97, "JSON list 2 % -> 97 %", 0.95),
        ("JSON key: total.tax", 0, 0.35, "new key total.tax in 35 % of JSON", 0.35),
        ("JSON key: total", 1, 0.4, "key total missing in 0 % -> 60 % of JSON", 0.6),
        ("JSON key: total", 1, 0, "key total gone, which was in 100 % of JSON", 1),
        ("JSON key: a", 0.2, 0.5, "key a in 20 % -> 50 % of JSON", 0.3),
        ("JSON type of total: string", 0, 1, "total is a string 0 % -> 100 %", 1),
        ("JSON type of a.b[]: null", 0.1, 0.2, "a.b[] is null 10 % -> 20 %", 0.1),
        ("language: es", 0.001, 0.11, "Spanish 0.1 % -> 11 %", 0.109),
        ("finish reason: length", 0.02, 0.125, "finish reason length 2 % -> 12 %", 0.105),
        ("refusal", 0.004, 0.3, "refusals 0.4 % -> 30 %", 0.296),
        ("tool: search", 0.5, 0.999, "tool search 50 % -> 99.9 %", 0.499),
        ("markdown: table", 0, 0.2, "Markdown table 0 % -> 20 %", 0.2),
    ],
)
def test_a_share_is_told_as_people_say_it(name: str, before: float, after: float, words: str, size: float):
    """A reader learns what, from how much, to how much; and never that all is what nearly all is."""
    told, apart = effect(name, share(before), share(after))
    assert told == words
    assert apart == pytest.approx(size)


def test_a_figure_is_told_by_its_median():
    """Lengths have long tails; where the middle stays, what moved is told."""
    random = np.random.default_rng(0)
    short, long = random.poisson(41, 500).astype(float), random.poisson(88, 500).astype(float)
    told, size = effect("characters", short, long)
    assert told == f"median {np.median(short):.0f} -> {np.median(long):.0f} characters"
    assert size == pytest.approx(ks_2samp(short, long).statistic)
    tail = np.where(np.arange(500) < 400, short, 10 * short)
    assert effect("characters", short, tail)[0].startswith("mean ")
    assert effect("turns", np.array([1.0, 1, 2]), np.array([1.0, 2, 2]))[0] == "median 1 -> 2 turns"


def test_a_share_of_letters_is_told_as_such():
    """Not "0.03 -> 1.0"."""
    assert effect("capitals", np.full(50, 0.03), np.ones(50)) == ("capitals 3 % -> 100 % of letters", 1.0)
    typos = np.zeros(50)
    typos[:5] = 0.5
    assert effect("typos", np.zeros(50), typos)[0] == "typos 0 % -> 5 % of words"


def test_rows_without_an_answer_do_not_count():
    """The key of JSON is compared among JSON; with nothing on one side there is nothing to say."""
    before = np.array([1.0, 1.0, np.nan, np.nan])
    assert effect("JSON key: a", before, np.array([np.nan, 0.0])) == ("key a gone, which was in 100 % of JSON", 1.0)
    assert effect("JSON key: a", before, np.array([np.nan, np.nan])) == ("JSON key: a: nothing to compare", 0.0)


def test_near_copies_are_told_once():
    """From an object to a list is one finding; that every key is gone stands behind it. What is of another sort stands by itself."""
    rows = [Row(json.dumps({"query": f"{'WHERE IS' if i % 2 else 'WHO IS'} {i}"})) for i in range(50)] + [Row(json.dumps([f"where is {i}"])) for i in range(50)]
    found = table(rows, "input")
    names = [name for name in found.names if name.startswith("JSON") or name == "capitals"]
    sizes = [1.0] * len(names)
    told = leading(found, names, sizes)
    assert [first for first, _ in told] == ["JSON kind: object", "capitals"]
    assert set(told[0][1]) == {"JSON kind: list", "JSON key: query", "JSON key: []"}


def test_what_is_alike_in_name_only_is_told_twice():
    """Two keys that come and go by themselves are two findings; the larger comes first."""
    random = np.random.default_rng(1)
    found = Table(("JSON key: a", "JSON key: b"), random.integers(0, 2, (200, 2)).astype(np.float64))
    assert leading(found, ["JSON key: a", "JSON key: b"], [0.2, 0.4]) == [("JSON key: b", []), ("JSON key: a", [])]


def test_typos_come_before_the_unknown_words_that_they_are():
    """What happened first, what follows behind it."""
    random = np.random.default_rng(2)
    found = Table(("unknown words", "typos", "language: not told"), random.random((50, 3)))
    assert leading(found, list(found.names), [0.9, 0.7, 0.8]) == [("typos", ["unknown words"]), ("language: not told", [])]
