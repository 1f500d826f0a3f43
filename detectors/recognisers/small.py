"""Ways to look at a whole text at once, in C.

Small letters: an expression that tells no cases is several times as fast over a text that has but one. Bytes: RE2 runs over them at once and in
linear time, whatever the expression; what it finds is looked at closer.
"""

from __future__ import annotations

from typing import Any

import re2

_SMALL = {code: code + 32 for code in range(65, 91)}


def lower(text: str) -> str:
    """ASCII capitals made small, so that every character stays where it is."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


def plain(text: str) -> bytes:
    """A byte for every character; those outside of ASCII are question marks."""
    return text.encode("ascii", "replace")


def linear(pattern: str) -> Any:
    """An RE2 expression over `plain`."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern.encode("ascii"), options=options)
