"""What a walk over a body gives: every piece of text in it, where each stands, and how to rewrite some and nothing else.

The walk itself is `walk.py`; JSON is taken apart by `json_walk.py` by the tables `fields*.py`. Guards need only what is in this file.

Coverage (law 5, threat T16): every string of a body, unknown fields and unplain keys included, and every number of nine digits or more,
is in exactly one leaf, or is declared in a table as no text (a protocol word in its shape, an opaque blob, a picture, an echo). The walk counts
the strings that it meets against those that stand in the bytes; `scanned_chars == text_chars` is the same proof by characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gateway.errors import TidegateError


class Unreadable(TidegateError):
    """A body whose text cannot be had for certain. The message says where and holds no excerpt.

    code: invalid_json (also UTF-16, a BOM, a lone surrogate, a body that is no object), duplicate_key, json_too_complex.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Edit(NamedTuple):  # as a leaf
    """Replace text[start:end] of a leaf (code points of its decoded text) by `by`."""

    start: int
    end: int
    by: str


class Leaf(NamedTuple):
    """One piece of text in a body. A tuple, because a request has dozens and the data plane makes them.

    pointer: RFC 6901; inside a string that holds JSON or base64 it goes on after "#" (`/messages/1/tool_calls/0/function/arguments#/city`).
             A key that is a leaf has the pointer of its member and a "~", which no value's ends in. In a form it begins with the part's name,
             in JSON lines with the line's number.
    role: user | assistant | system | developer | tool | tool_definition | "" (unknown), or what a message calls itself.
    before: context for detectors: the key that names the value ("password: "), "" in prose fields (content, text, input...).
    text: decoded; a byte that is no UTF-8 is one U+FFFD.  A number is its literal.
    joins: it continues a leaf before it (parts of one message, adjacent messages, tokens): a secret may be split over both; see Walked.chains.
    """

    pointer: str
    role: str
    before: str
    text: str
    joins: bool = False


class Echo(NamedTuple):
    """A value that spells a text again in a way that cannot be edited (tokens and their bytes, alternatives).

    pointer: an array, object or string. It is blanked ([], {} or "") with the first edit of any leaf below `of`, its choice or part.
    """

    pointer: str
    of: str


class Walked:
    """A body taken apart. This base is a body without text.

    leaves: in the order of the body.
    unscannable: pointers of what no detector can read: image, audio, binary file, an URL or a provider's id of one, token numbers.
    chains: runs of leaves, by index, that a reader sees as one text; each leaf is in one at most.
    echoes: what `rewrite` blanks by itself, nothing to do for the caller.
    """

    __slots__ = ("chains", "echoes", "leaves", "unscannable")

    def __init__(
        self,
        leaves: tuple[Leaf, ...] = (),
        unscannable: tuple[str, ...] = (),
        chains: tuple[tuple[int, ...], ...] = (),
        echoes: tuple[Echo, ...] = (),
    ) -> None:
        self.leaves, self.unscannable, self.chains, self.echoes = leaves, unscannable, chains, echoes

    @property
    def text_chars(self) -> int:
        """Characters of text in the body, counted anew from its bytes, without what is declared as no text. Costs about what the walk did."""
        return self.scanned_chars

    @property
    def scanned_chars(self) -> int:
        """Characters of text handed out in leaves. Less than `text_chars`: the walk is broken."""
        return sum(len(leaf.text) for leaf in self.leaves)

    def prepare(self, edits: Mapping[int, tuple[Edit, ...]]) -> Iterator[None]:
        """Do in steps most of what `rewrite` of a large body, with the same edits, would do in one: for an event loop, which is given a turn at each pause."""
        yield from ()

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        """The body with edits applied, by index in `leaves`; the edits of one leaf in order and apart from each other.

        Every byte outside the edited literals stays (law 1), and those are written in ASCII if they were. An edited number becomes a string.
        No edits: the very bytes. Raises ValueError if edits overlap or lie outside their text.
        """
        if any(edits.values()):
            raise IndexError("no such leaf")
        return b""


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """A text with edits applied. Raises ValueError if they overlap, are out of order or outside the text."""
    out: list[str] = []
    at = 0
    for edit in edits:
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError("edits overlap or lie outside their text")
        out += (text[at : edit.start], edit.by)
        at = edit.end
    out.append(text[at:])
    return "".join(out)


def chained(runs: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    """The runs that are worth naming: those of two leaves or more."""
    return tuple(tuple(run) for run in runs if len(run) > 1)
