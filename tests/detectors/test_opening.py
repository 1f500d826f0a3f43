"""Where a text is still open: the ground on which masking a stream equals masking the whole (law 2)."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.base import CONTEXT
from detectors.opening import MAX_MATCH, MAX_RUN, PHASE, clear_of, open_run, open_spaced, worth_it
from detectors.text import Text
from tests.detectors.test_text import ANY_TEXT, HOSTILE
from tests.detectors.transforms import TRANSFORMS

Span = tuple[int, int]
CARD = re.compile(r"(?<![0-9])[0-9]{4}(?: ?[0-9]{4}){3}(?![0-9])")
OPEN_CARD = re.compile(r"(?<![0-9])[0-9]{1,4}(?: ?[0-9]{1,4}){0,3} ?\Z")
MAIL = re.compile(r"(?<![a-z0-9.])[a-z0-9.]{1,20}@[a-z]{1,20}\.com(?![a-z.])")


def findings(text: Text) -> list[Span]:
    """A small detector of cards and addresses, as the rules of detectors.opening ask of one."""
    spans: set[Span] = set()
    for view in text.views:
        shift = len(view.before)
        for pattern in (CARD, MAIL):
            for match in pattern.finditer(view.before + view.text):
                if match.start() >= shift:
                    spans.add(view.origin(match.start() - shift, match.end() - shift))
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [span for span in joined if span[1] - span[0] <= MAX_MATCH]


def open_from(text: Text) -> int:
    """What that detector says is open."""
    return clear_of(text, findings(text), min(open_run(text), open_spaced(text, OPEN_CARD)))


def streamed(chunks: list[str]) -> list[Span]:
    """The findings of a stream, held back and forgotten as `open_from` says."""
    found: list[Span] = []
    held, before, gone = "", "", 0
    for chunk in [*chunks, ""]:
        held += chunk
        text = Text(held, before)
        at = len(held) if chunk == "" else open_from(text)
        found += [(start + gone, end + gone) for start, end in findings(text) if start < at]
        before = (before + held[:at])[-CONTEXT:]
        gone, held = gone + at, held[at:]
    return found


SECRETS = ["4111 1111 1111 1111", "4111111111111111", "bob.b@example.com"]
DISGUISED = st.builds(lambda name, secret: TRANSFORMS[name](secret), st.sampled_from(sorted(TRANSFORMS)), st.sampled_from(SECRETS))
TEXTS = st.lists(st.one_of(DISGUISED, HOSTILE, st.sampled_from([" ", ", ", "\n", '"', "and ", "12 ", "\\", "%", "&", "=", "/", "\u200b"])), max_size=8).map("".join)


@pytest.mark.covers("T15")
@settings(max_examples=300)
@given(TEXTS, st.lists(st.integers(0, 400), max_size=6))
@example("4111%201111 11%31%31 1111 ", [13])
@example("a 4111 1111 1111 11%31%31", [20])
def test_a_stream_is_read_as_the_whole_is(raw: str, cuts: list[int]) -> None:
    """For every chunking the same findings at the same places."""
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    assert streamed([raw[a:b] for a, b in pairwise(edges) if a < b]) == findings(Text(raw))


@pytest.mark.covers("T15")
@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_disguised_secret_is_found_for_every_cut(name: str) -> None:
    """Not a chunk edge inside an escape, a base64 group or a cluster of marks hides it."""
    for secret in SECRETS:
        raw = f"so: ({TRANSFORMS[name](secret)}) ok"
        whole = findings(Text(raw))
        assert whole
        for cut in range(1, len(raw)):
            assert streamed([raw[:cut], raw[cut:]]) == whole, cut
        assert streamed(list(raw)) == whole


@pytest.mark.parametrize(
    ("raw", "open_at"),
    [
        ("", 0),
        ("hello ", 6),
        ("hello", 0),
        ("say hello", 4),
        ("say (hello", 5),
        ("say hello,", 10),
        ('{"key": "value"', 15),
        ('{"key": "va', 9),
        ("see https://example.com/a?b=c&d=%4", 4),
        ("x user@exam", 2),
        ("\u0437\u0430\u0439\u0434\u0438 \u0434\u043e\u043c", 6),
        ("\u4e2d\u6587\u4e2d\u6587", 4),
        ("\u4e2d\u6587abc", 2),
        ("a b\u200bc\u200b", 2),
        ("a \u2018b", 2),
        ("tada \U0001f389", 6),
        ("caf\u00e9", 0),
        ("pairs 41 42 4", 6),
        ("pairs 0x41, 0x4", 6),
        ("x " + "QUJD" * 16 + "\n", 2),
        ("x " + "QUJD" * 16 + "\nQU", 2),
        ("x " + "QUJD" * 16 + "\n\n", 68),
        ("a short line\nand", 13),
    ],
)
def test_a_token_is_open_until_a_delimiter(raw: str, open_at: int) -> None:
    """Ordinary words are released at once when a space or a comma follows."""
    assert open_run(Text(raw)) == open_at


def test_groups_of_digits_stay_open() -> None:
    """A card number is held from its first digit, also where its last group is still being unescaped."""
    for tail in ("4111 1111 11", "4111 1111 ", "4111%201111 11%3", "4111 1111 &#4", "4111 1111 \\u003"):
        assert open_spaced(Text("pay with " + tail), OPEN_CARD) == 9, tail
    assert open_spaced(Text("pay with 4111 1111 1111 1111, "), OPEN_CARD) == 30


def test_nothing_is_cut_across_a_finding() -> None:
    """A finding is released whole or not at all."""
    text = Text("to bob@example.com now")
    assert clear_of(text, [(3, 18)], 10) == 3
    assert clear_of(text, [(3, 18)], 18) == 18
    assert clear_of(text, [], 10) == 10


@given(st.one_of(ANY_TEXT, TEXTS))
def test_open_is_within_the_text(raw: str) -> None:
    """No text whatever breaks it."""
    text = Text(raw)
    assert 0 <= open_run(text) <= len(raw)
    assert 0 <= open_spaced(text, OPEN_CARD) <= len(raw)


@pytest.mark.parametrize("filler", ["a", "Ab1/", "%41", "&#65;", "\\u0041", "QUJD", "41", "a\u200b", "\u200b", "\\", "a.b-", "\uff14", "x%2541"])
def test_a_long_token_is_let_go_between_escapes(filler: str) -> None:
    """What is held is bounded; what is let go ends with a whole escape."""
    raw = "go " + filler * (3 * MAX_RUN // len(filler))
    for size in range(2 * MAX_RUN, 2 * MAX_RUN + 60, 5):
        at = open_run(Text(raw[:size]))
        assert (MAX_MATCH if filler.isascii() else MAX_RUN * 3 // 4) <= size - at <= MAX_RUN
        assert Text(raw[:size]).views[-1].text[:3] == "go " or at
        whole = [view.text for view in Text(raw[:size]).views if view.whole]
        parts = [[view.text for view in Text(part).views if view.whole] for part in (raw[:at], raw[at:size])]
        assert whole[:2] == ["".join(both) for both in zip(*parts, strict=False)][:2]


@pytest.mark.parametrize("filler", ["a", "4", "%41", "\\u0041", "\uff14", "4\u200b", "41 ", "QUJD" * 19 + "\n", "QUJD" * 10 + "\r\n"])
@pytest.mark.covers("T14")
def test_a_long_token_is_let_go_in_steps(filler: str) -> None:
    """Whoever reads a stream looks at all that is held whenever something was let go: twenty characters at a time would be two hundred looks at each."""
    raw, gone, released = (filler * 14_000)[:14_000], 0, []
    for end in range(20, len(raw), 20):
        at = open_run(Text(raw[gone:end]))
        if at:
            released.append(at)
            gone += at
    assert len(released) <= 16
    assert all(at >= MAX_RUN // 16 for at in released)


def test_little_is_not_let_go_of_much() -> None:
    """A step is an eighth of what is held, unless that is short or more than may be held."""
    text = Text("a" * 4000)
    assert [worth_it(text, at, 8000) for at in (0, 499, 500, 3900)] == [0, 0, 500, 3900]
    assert worth_it(text, 100, 3000) == 100
    assert worth_it(Text("a" * 400), 10, 8000) == 10


@pytest.mark.covers("T15")
def test_a_secret_in_a_very_long_token_is_found_in_a_stream() -> None:
    """Base64 of some kilobytes is read in phase after its beginning was let go."""
    draw = random.Random(3)
    for _ in range(2):
        held = " ".join("".join(draw.choices("abcdefgh", k=6)) for _ in range(1500))
        at = draw.randrange(len(held))
        held = held[:at] + " 4111 1111 1111 1111 bob.b@example.com " + held[at:]
        for name in ("base64", "base64 url, no padding", "hex", "percent", "HTML decimal", "\\u0041", "zero-width space", "tags", "base64 in lines", "zero-width in base64"):
            raw = "it is:\n" + TRANSFORMS[name](held) + "\nso"
            size = draw.randrange(200, 900)
            assert streamed([raw[start : start + size] for start in range(0, len(raw), size)]) == findings(Text(raw)) != [], name


def test_the_phase_fits_two_layers() -> None:
    """A cut falls between groups of base64, also of base64 in base64, and between pairs of hex digits in it."""
    assert PHASE % 16 == PHASE % 8 == PHASE % 3 == 0
