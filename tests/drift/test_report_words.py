"""Drift in a terminal: the verdict first, numbers that do not say more than they know, and nothing that a quoted text could do to the terminal."""

from __future__ import annotations

import pytest

from detectors.drift.base import Feature
from gateway.drift import words
from gateway.drift.report_text import Look, lines, plain
from tests.support.drift_reports import report, topic

WIDE = Look(width=100)


def test_the_first_line_is_the_verdict():
    """Who reads one line has read the answer, and how sure it is."""
    assert lines(report(), WIDE)[0].startswith("Drift: the window is not what was tested (p = .0004, alpha .01)")
    assert lines(report(alarm=False, pvalue=0.43, topics=(), structure=()), WIDE)[0].startswith("No drift found: 500 rows")
    assert lines(report(tested=False, alarm=False, notes=("The baseline has 7 rows; 50 are needed.",)), WIDE) == ["Not tested: The baseline has 7 rows; 50 are needed."]


def test_it_says_in_what_and_only_where_it_is_significant():
    """A window can be about the same and be written otherwise; the sentence must not claim more."""
    said = words.verdict(report())
    assert "what inputs are about and how inputs are built" in said and words.ASPECTS["pairs"] not in said


def test_what_moved_is_a_sentence_from_where_it_is_to_where_it_was():
    """New and grown start with the window, gone and shrunk with the baseline: what there is of it comes first."""
    assert words.moved(topic()) == "11 % of the window (8.5 to 14) is about refund, money back, order; 0 % of the baseline (0 to 0.2)."
    gone = topic(direction="gone", share_window=0.0, share_baseline=0.062, baseline_interval=(0.05, 0.074), window_interval=(0, 0.008))
    assert words.moved(gone) == "6.2 % of the baseline (5 to 7.4) was about refund, money back, order; 0 % of the window (0 to 0.8)."


def test_without_keywords_there_is_still_a_sentence():
    """Keywords can all have been masked."""
    assert "is about something that no word tells apart;" in words.moved(topic(keywords=()))


@pytest.mark.parametrize(("value", "said"), [(1.0, "1"), (0.43, ".43"), (0.05, ".05"), (0.0123, ".012"), (0.0004, ".0004"), (0.00001, "< .0001")])
def test_probabilities(value: float, said: str):
    """Short, and never zero: no number of permutations shows that."""
    assert words.probability(value) == said


@pytest.mark.parametrize(("value", "said"), [(0.0, "0 %"), (2e-17, "0 %"), (0.0004, "< 0.1 %"), (0.004, "0.4 %"), (0.02, "2 %"), (0.0996, "10 %"), (0.114, "11 %"), (1.0, "100 %")])
def test_shares(value: float, said: str):
    """A share that is not nothing is not said to be."""
    assert words.percent(value) == said


@pytest.mark.parametrize("width", [20, 44, 80, 200])
@pytest.mark.parametrize("blocks", [True, False])
def test_no_line_is_wider_than_the_terminal(width: int, blocks: bool):
    """A line that wraps by itself breaks the bars. 40 columns is the least that is kept to."""
    wide = report(topics=(topic(exemplars=("日本語のテキスト" * 40, "x" * 5_000, "e\u0301" * 300)), topic(direction="shrunk", keywords=("k" * 90,) * 5)))
    out = lines(wide, Look(width, blocks=blocks), every=True)
    narrow = [line for line in out if "p-value" not in line and not line.startswith("  wh")]
    assert max(_columns(line) for line in narrow) <= max(40, width)
    assert blocks or all(line.isascii() for line in narrow if "|" not in line and "e.g." not in line)


def _columns(line: str) -> int:
    return sum(2 if "\u3000" <= char <= "\u9fff" else 0 if char == "\u0301" else 1 for char in line)


def test_what_is_quoted_cannot_steer_the_terminal():
    """An exemplar is a stranger's text: no escape sequence, no new line, no direction mark of it gets through."""
    hostile = "\x1b]0;title\x07\x1b[31mred\r\nsecond line\u202egnp\x9b2J\x00"
    out = "\n".join(lines(report(topics=(topic(exemplars=(hostile,), keywords=("\x1b[1mk", "a\nb")),)), WIDE))
    assert "red second line" in out and not any(char in out for char in "\x1b\x07\r\x00\x9b\u202e")
    assert plain("", 10) == ""


def test_colour_is_only_the_verdicts():
    """And only where it was asked for: a file is no terminal."""
    plain_lines, coloured = lines(report(), WIDE), lines(report(), Look(100, colour=True))
    assert "\x1b" not in "".join(plain_lines)
    assert [line.startswith("\x1b[1;31m") for line in coloured].count(True) == 2 and coloured[2:] == plain_lines[2:]


def test_bars_are_to_one_scale_and_show_the_interval():
    """The longer bar is the larger share; the half-filled part is what is not certain; the rest up to the round number that is named is empty."""
    out = lines(report(), Look(100, blocks=False))
    window, baseline = (next(line for line in out if line.startswith(f"  {name} ")) for name in ("window  ", "baseline"))
    assert window.count("#") == round(40 * 0.085 / 0.25) and window.count("#") + window.count("=") == round(40 * 0.14 / 0.25) and window.count("-") == 40 - round(40 * 0.14 / 0.25)
    assert baseline.count("#") == 0 and baseline.count("=") == 0 and baseline.count("-") == 40
    assert "Bars: the full width is 25 %." in out


@pytest.mark.parametrize(("largest", "said"), [(0.003, "5 %"), (0.05, "5 %"), (0.07, "10 %"), (0.3, "50 %"), (0.51, "100 %"), (1.0, "100 %")])
def test_the_width_of_all_bars_is_one_round_number(largest: float, said: str):
    """7 % that fill half the width read as a half. The end of the interval counts, on whichever side and in whichever topic it is."""
    shown = report(topics=(topic(share_window=0.001, window_interval=(0, 0.002)), topic(direction="gone", share_baseline=largest / 2, baseline_interval=(0, largest), share_window=0.0, window_interval=(0, 0.001))))
    assert f"Bars: the full width is {said}." in lines(shown, WIDE)
    assert not any("full width" in line for line in lines(shown, Look(40))) and not any("full width" in line for line in lines(report(topics=()), WIDE))


@pytest.mark.parametrize(
    ("name", "effect", "said"),
    [
        ("words", "words spread otherwise (nine in ten up to 20 -> 20)", "words spread otherwise (p"),
        ("words", "words spread otherwise (nine in ten up to 20 -> 21)", "words spread otherwise (nine in ten up to 20 -> 21) (p"),
        ("typos", "typos 0 % -> 0 % of words", "typos spread otherwise (0 % of words on both sides) (p"),
        ("digits", "digits under 0.1 % -> under 0.1 % of characters", "digits spread otherwise (under 0.1 % of characters on both sides) (p"),
        ("characters", "median 41 -> 88 characters", "median 41 -> 88 characters (p"),
        ("starts with capital", "start with a capital 99 % -> 2 %", "start with a capital 99 % -> 2 % (p"),
        ("language: es", "Spanish 0 % -> 21 %", "Spanish 0 % -> 21 % (p"),
        ("JSON key: reply.tone", "new key reply.tone in 40 % of JSON", "new key reply.tone in 40 % of JSON (p"),
        ("cut off", "end in mid-sentence 1 % -> 12 %", "end in mid-sentence 1 % -> 12 % (cut off, p"),
    ],
)
def test_a_feature_says_a_difference_and_its_name_once(name: str, effect: str, said: str):
    """`words spread otherwise (... 20 -> 20) (words, p = .001)` is a line that says less the longer it is looked at."""
    out = " ".join(" ".join(lines(report(topics=(), structure=(Feature("structure", name, 0.001, True, effect, 0.2),)), Look(200))).split())
    assert f"Structure of inputs: {said} = .001)." in out


def test_features_that_are_not_significant_are_asked_for():
    """A list of everything tested buries what has changed."""
    assert not any("Markdown" in line for line in lines(report(), WIDE))
    assert any("Markdown" in line and "not significant" in line for line in lines(report(), WIDE, every=True))
