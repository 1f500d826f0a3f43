"""Gather the pieces of text in a body as segments: who says it, where it stands, what it says.

Every dialect uses this one collector, so none of them forgets a place that the others look at (LESSONS 18). Empty text is no segment.
Binary content (base64 data, URLs of images and files) is not text and is left out; names of files are text that the model sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.dialects.lenient import compact, obj, seq, word
from gateway.exchange import Segment

MAX_ROLE_CHARS = 32
TOOL_DEFINITION = "tool_definition"  # the role of what a request says about the tools it offers
REASONING = "reasoning"  # of thoughts that stand where answers do
_make = tuple.__new__  # a NamedTuple's own constructor takes twice as long


def role_of(value: Any, otherwise: str) -> str:
    """A role as the body names it, cut to a sane length."""
    return word(value)[:MAX_ROLE_CHARS] or otherwise


def escaped(key: str) -> str:
    """A key as a reference token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


class Texts:
    """The segments of one body, in the order they are added."""

    def __init__(self) -> None:
        self._found: list[Segment] = []

    def add(self, role: str, pointer: str, value: Any) -> None:
        """A piece of text; anything but a string is no text."""
        if isinstance(value, str) and value:
            self._found.append(_make(Segment, (role, pointer, value)))

    def add_json(self, role: str, pointer: str, value: Any) -> None:
        """Text that may also be given as a JSON value: arguments of a tool, a structured result."""
        if isinstance(value, str):
            self.add(role, pointer, value)
        elif isinstance(value, dict | list) and value:
            self.add(role, pointer, compact(value))

    def add_fields(self, role: str, pointer: str, value: Any, keys: Iterable[str]) -> None:
        """The named string members of an object."""
        source = obj(value)
        for key in keys:
            self.add(role, f"{pointer}/{key}", source.get(key))

    def add_parts(self, role: str, pointer: str, value: Any, keys: tuple[str, ...]) -> None:
        """Content that is a string, or an array of strings and of parts that carry their text in one of `keys`."""
        if isinstance(value, str):
            self.add(role, pointer, value)
            return
        for at, part in enumerate(seq(value)):
            if isinstance(part, str):
                self.add(role, f"{pointer}/{at}", part)
            else:
                self.add_fields(role, f"{pointer}/{at}", part, keys)

    def done(self) -> tuple[Segment, ...]:
        return tuple(self._found)
