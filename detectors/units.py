"""Cut a text into the pieces that are looked at one by one: sentences and lines.

A model sees a unit and nothing else. So what it finds in a unit never depends on what comes after it, and a stream that is cut into the
same units as the whole text gets the same findings (I1, I3 of detectors.base).

Rules of this file: pure; linear; whether there is a cut at a place is decided by the text since the last cut and at most LOOK_AHEAD
characters after the place. Units are half-open spans that cover the text without gaps; none is longer than MAX_UNIT.

Deliberately absent: a sentence model. A cut too few costs nothing here, a cut in the middle of a name costs the name.
"""

from __future__ import annotations

import re

MAX_UNIT = 1000  # code points
LOOK_AHEAD = 1  # code points after a cut that decide it

# A line end; or a sentence end with the space after it. Quotes and brackets may close after the full stop.
_END = re.compile(r"\n|\r\n?|[.!?\u2026][\"'\u2019\u201d)\]]{0,3}[ \t\u00a0]|[\u3002\uff01\uff1f]")
# Words before a full stop that ends no sentence. A single letter is an initial, digits are a list number.
_ABBREVIATED = """
    mr mrs ms mx dr prof rev fr sr jr st hon gen col maj capt cpt cmdr lt sgt adm gov sen rep pres messrs mme mlle mgr dipl ing
    apt ste rm bldg fl nr num ave blvd rd ln hwy pkwy sq mt ft po pl ct dept div tel fax ph ext attn corp inc ltd co llc bros str
    vs cf al etc eg ie approx ca jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    vol pp ed eds fig sec ch ul os bd av avda viz
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_WORD = re.compile(r"[^\W_]")
_WORD_BEFORE = re.compile(r"([^\W_]+)\.\Z")


def units(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the units of `text`, in order. The last one may be open: see open_from."""
    spans, start = [], 0
    while start < len(text):
        end = _cut(text, start) or len(text)
        spans.append((start, end))
        start = end
    return spans


def open_from(text: str) -> int:
    """Where the unit starts that text to come may still make longer; len(text) if the last unit is closed for good."""
    start = 0
    while start < len(text):
        end = _cut(text, start)
        if end is None:
            return start
        start = end
    return start


def _cut(text: str, start: int) -> int | None:
    """The end of the unit that starts at `start`; None if the text ends before that is decided."""
    limit = start + MAX_UNIT
    looked, worded = start, False  # how far a word was looked for, and whether one was found: a unit of marks alone does not end
    for found in _END.finditer(text, start, min(len(text), limit)):
        at, end = found.start(), found.end()
        mark = text[at]
        if mark == "\r" and end - at == 1:
            if end == len(text) and end < limit:
                return None  # a line feed may follow, and belongs to this end
            if end < limit and text[end] == "\n":
                return end + 1  # the search window ended between them
            return end
        if mark in "\r\n" or mark in "\u3002\uff01\uff1f":
            return end
        if end >= len(text):
            return None if end < limit else end
        worded, looked = worded or _WORD.search(text, looked, at) is not None, at
        if not worded or text[end].islower() or (mark == "." and not _ends(text, start, at, text[end])):
            continue
        return end
    if len(text) < limit:
        return None
    space = _last_space(text, start + MAX_UNIT // 2, limit)
    return limit if space is None else space


def _ends(text: str, start: int, at: int, following: str) -> bool:
    """Whether the full stop at `at` ends a sentence rather than an abbreviation, an initial or a list number."""
    word = _WORD_BEFORE.search(text, max(start, at - 12), at + 1)
    if word is None:
        return True
    before = word[1]
    if before.lower() == "no":
        return not following.isdigit()
    return len(before) > 1 and not before.lower().endswith("str") and before.lower() not in _ABBREVIATIONS and not (before.isdigit() and word.start() == start)


def _last_space(text: str, start: int, end: int) -> int | None:
    """Right after the last whitespace of the span."""
    for at in range(end, start, -1):
        if text[at - 1].isspace():
            return at
    return None
