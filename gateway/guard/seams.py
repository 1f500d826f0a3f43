"""What stands across the seam of two texts that a reader sees as one, in a whole body and in a stream alike."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from detectors.base import Finding

TRAILING = " \t\r\n\"',>|#*`\\"
PLAIN_CHARS = 3  # of a neighbour's text: fewer say nothing


def crosses(f: Finding, seams: Sequence[int]) -> bool:
    """Whether it begins before a seam and ends behind it. seams: in order."""
    after = bisect_right(seams, f.start)
    return after < len(seams) and seams[after] < f.end


def only_goes_on(f: Finding, joined: str, seams: Sequence[int], known: Sequence[Finding]) -> bool:
    """Whether it is what was found in one text, and a plain word or a few characters of its neighbour's: `bob@example.com` before `thanks` is no longer address.

    known: near it. A rest that looks like a part of something (long, with digits or capitals) is taken for one.
    """
    same = [k for k in known if k.detector == f.detector and k.kind == f.kind and k.start < f.end and f.start < k.end]
    if not same:
        return False
    bounds = [f.start, *seams[bisect_right(seams, f.start) : bisect_left(seams, f.end)], f.end]
    rest = [joined[a:b] for a, b in pairwise(bounds) if not any(k.start < b and a < k.end for k in same)]
    return all(len(word := part.strip(TRAILING + ".!?;:()")) <= PLAIN_CHARS or (word.isalpha() and word[1:] == word[1:].lower()) for part in rest)
