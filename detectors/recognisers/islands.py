"""Where the numbers are: the scans of a text that the recognisers of numbers share, so that prose and short numbers cost next to nothing.

An island is the longest run that begins with a digit and goes on with letters and digits, and over one or two separators wherever a digit
follows; seven characters or more. A seam is a digit right after a letter, as in the numbers that begin with letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Of folded text: dashes and spaces of all kinds are these.
_ISLAND = re.compile(r"[0-9](?:[0-9A-Za-z]|[ ./()+_:\-]{1,2}(?=[0-9])){6,}+")
_SEAM = re.compile(r"[0-9](?:(?<=[A-Za-z][0-9])(?:[0-9A-Z]? [0-9][A-Z]{2}(?![0-9A-Za-z])|[0-9][ \-]?[0-9A-Za-z]{2,4}[ \-]?[0-9A-Za-z]{2}|[02-9ac-hj-np-zA-Z]{11})|(?<=[A-Z]{2} [0-9])[0-9][ 0-9]?[0-9])")


def islands(text: str, start: int) -> Iterator[re.Match[str]]:
    """In order, from `start` on."""
    return _ISLAND.finditer(text, start)


def seams(text: str, start: int) -> Iterator[re.Match[str]]:
    """Digits after a letter, or after two capitals and a space, with enough behind them to be worth a look."""
    return _SEAM.finditer(text, start)
