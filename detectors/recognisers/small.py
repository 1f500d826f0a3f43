"""Ways to look at a whole text at once, in C.

Small letters: an expression that tells no cases is several times as fast over a text that has but one. Bytes: RE2 runs over them at once and in
linear time, whatever the expression; what it finds is looked at closer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import re2

_BLOCK = 512
SHORT = 2048  # of a shorter text it is not worth to ask by parts
_SMALL = {code: code + 32 for code in range(65, 91)}


def lower(text: str) -> str:
    """ASCII capitals made small, so that every character stays where it is. What others become is left open."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_SMALL)  # one letter becomes two, a dotted capital I; `translate` takes twenty times as long


def plain(text: str) -> bytes:
    """A byte for every character; those outside of ASCII are question marks."""
    return text.encode("ascii", "replace")


def linear(pattern: str) -> Any:
    """An RE2 expression over `plain`."""
    return re2.compile(pattern.encode("ascii"), options=_options())


def holding(pattern: str) -> Callable[[bytes], bool]:
    """Whether an RE2 expression is in a text, as bytes: for many short texts, as it takes a third of the time of a search, which says where."""
    one = re2.Set.SearchSet(_options())
    one.Add(pattern.encode("ascii"))
    one.Add(b"")  # is in any text: without it RE2 gave up, and the text may hold it
    one.Compile()
    match = one.Match
    return lambda plain: len(match(plain) or ()) != 1


def stretches(expression: Any, flat: bytes, start: int, before: int, after: int) -> Iterator[tuple[int, int]]:
    """Where an expression is found in a text from `start` on: blocks, and those beside each other as one. Each is looked at with so much before it and after it."""
    search = expression.search
    if search(flat, max(0, start - before)) is None:
        return
    if len(flat) - start < SHORT:
        yield start, len(flat)
        return
    begin = -1
    for at in range(start, len(flat), _BLOCK):
        if search(flat[max(0, at - before) : at + _BLOCK + after]) is not None:
            begin = at if begin < 0 else begin
        elif begin >= 0:
            yield begin, at
            begin = -1
    if begin >= 0:
        yield begin, len(flat)


def sparse(expression: re.Pattern[str], likely: Any, text: str, flat: bytes, start: int, wide: int) -> Iterator[re.Match[str]]:
    """What expression.finditer(text, start) gives, looked for only near what is likely to be one. likely: necessary for it, from the character before it on.
    wide: code points: more than it has with what decides it.  flat: the text as bytes."""
    done = start
    for first, stop in stretches(likely, flat, start, 1, wide):
        if stop == len(flat):
            yield from expression.finditer(text, max(first, done))
            return
        for match in expression.finditer(text, max(first, done), stop + wide):
            if match.start() >= stop:
                break
            yield match
            done = match.end()


class Among:
    """Expressions of which a text is asked at once which it holds."""

    __slots__ = ("_many", "_set")

    def __init__(self, expressions: Iterable[str]) -> None:
        """expressions: in RE2 syntax, without capitals."""
        every = tuple(expressions)
        self._many = len(every)
        self._set = re2.Set.SearchSet(_options())
        for expression in (*every, ""):  # nothing is in any text: without it RE2 gave up
            self._set.Add(expression.encode("ascii"))
        self._set.Compile()

    def __call__(self, plain: bytes) -> Sequence[int]:
        """Which of them are in it, by their place in the list and in that order, without regard to case; all of them if RE2 gave up."""
        held = self._set.Match(plain.lower())
        return sorted(held)[:-1] if held else range(self._many)


def _options() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return options
