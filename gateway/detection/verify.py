"""Whether a detector's answer is one. A detector may be anybody's code, so nothing it says is taken as it is.

Rules of this file: pure; a wrong answer raises Garbage as a whole, because half an answer would pass for "nothing else was found" (law 5).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from detectors.base import Finding

MAX_FINDINGS = 100_000  # in one answer; a detector that finds more finds nothing in particular


class Garbage(ValueError):
    """The answer cannot be used. The message says which rule it breaks and holds nothing of it."""


def checked(answer: object, lengths: Sequence[int], *, detector: str, kinds: frozenset[str], max_span: int | None) -> list[list[Finding]]:
    """The findings of an answer, in order of start.

    answer: for each text a list of [kind, start, end, score], or of mappings with these keys.  lengths: of the texts, in code points.
    Raises Garbage.
    """
    if not isinstance(answer, list) or len(answer) != len(lengths):
        raise Garbage("not one list for each text")
    if sum(len(each) if isinstance(each, list) else 0 for each in answer) > MAX_FINDINGS:
        raise Garbage("too many findings")
    return [_checked(rows, length, detector, kinds, max_span) for rows, length in zip(answer, lengths, strict=True)]


def _checked(rows: object, length: int, detector: str, kinds: frozenset[str], max_span: int | None) -> list[Finding]:
    if not isinstance(rows, list):
        raise Garbage("not a list of findings")
    found = []
    for row in rows:
        kind, start, end, score = _fields(row)
        if not isinstance(kind, str) or kind not in kinds:
            raise Garbage("a kind that is not declared")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
            raise Garbage("a span outside the text")
        if max_span is not None and end - start > max_span:
            raise Garbage("a span longer than max_span")
        if type(score) not in (int, float) or not math.isfinite(score) or not 0 <= score <= 1:
            raise Garbage("a score that is not between 0 and 1")
        found.append(Finding(detector, kind, start, end, float(score)))
    found.sort(key=lambda f: (f.start, f.end))
    return found


def _fields(row: object) -> tuple[object, object, object, float]:
    if isinstance(row, dict):
        row = [row.get("kind"), row.get("start"), row.get("end"), row.get("score")]
    if not isinstance(row, list) or len(row) != 4:
        raise Garbage("a finding is not kind, start, end, score")
    return row[0], row[1], row[2], row[3]
