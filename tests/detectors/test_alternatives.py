"""Many words as one expression."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from detectors.alternatives import any_of, starts_with

WORDS = st.lists(st.text("abc. +\u00e9", min_size=1, max_size=6), min_size=1, max_size=12)


@given(WORDS, st.text("abc. +\u00e9", max_size=30))
def test_reads_what_a_plain_list_of_alternatives_reads(words: list[str], text: str) -> None:
    """The longest word first, at every place: the tree only says it faster."""
    plain = re.compile("|".join(map(re.escape, sorted(set(words), key=len, reverse=True))))
    assert [match.span() for match in re.finditer(any_of(words), text)] == [match.span() for match in plain.finditer(text)]


@given(WORDS, st.text("abc. +\u00e9", max_size=12))
def test_gives_way_where_what_follows_needs_it(words: list[str], rest: str) -> None:
    """In a longer expression it finds the shorter word, too."""
    tail = re.escape(rest[:2])
    plain = re.compile("(?:" + "|".join(map(re.escape, sorted(set(words), key=len, reverse=True))) + ")" + tail)
    assert [match.span() for match in re.finditer(any_of(words) + tail, "".join(words) + rest)] == [match.span() for match in plain.finditer("".join(words) + rest)]


@given(st.lists(st.text("abcd", min_size=1, max_size=4), min_size=1, max_size=12), st.text("abcd .-", max_size=40))
def test_at_the_beginning_of_a_word_it_reads_the_same(words: list[str], text: str) -> None:
    """Any number of first letters, of which halves are left out at a time."""
    assert [match.span() for match in re.finditer(starts_with(words), text)] == [match.span() for match in re.finditer(rf"\b{any_of(words)}", text)]
