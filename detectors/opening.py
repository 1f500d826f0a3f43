"""What is still open at the end of a text: where text to come may start a finding earlier than at its own first character.

A detector's `open_from` is the least of what applies to it:

  open_run(text)               the last, unfinished token. Every detector needs it: decoded views grow within a token only.
  open_spaced(text, pattern)   matches that go over single separators: `4111 1111 ..`, `+49 (0)30 123`, lines of a key.
  clear_of(text, spans, at)    ... and no finding lies across it.
  worth_it(text, at, most)     ... in steps.

Text decides where it ends, never how it was cut into chunks. What follows an index given here reads the same alone as within the
whole text, in every view: it is not inside an escape, and base64 continues there in the same phase.

A token longer than HELD is not held whole: its beginning is let go but for MAX_RUN, at a multiple of PHASE characters after the start of its base64 run,
between two escapes. What such a cut can miss: a finding of more than MAX_MATCH raw characters (of 3/4 MAX_RUN where folding removes most
of them), which detectors must not report at all; a second layer of base64 that starts within the first; a character whose UTF-8 or second
layer of escapes lies across the cut. A match in a token that long must be told from its own neighbourhood, not by counting from the
start of the token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from detectors.decoding import ANY64, LINE
from detectors.folding import FOLD
from detectors.text import Text

MAX_RUN = 4096  # raw code points of a token that are held once its beginning is let go
HELD = MAX_RUN + 1024  # and until then: what is let go is no less than this much, as whoever asks again looks at all that is held
PHASE = 48  # a whole number of base64 groups, of hex pairs, and of base64 groups in base64
MAX_MATCH = MAX_RUN - 2 * PHASE
REACH = 256  # folded characters that `open_spaced` looks back
_SLACK = MAX_RUN // 4  # raw code points, of which PHASE + UNIT folded ones are made, some of them from several
_STEPS = 8  # a step is no less than this part of what is held
_LITTLE = 512  # raw code points: of which nothing is held back longer than it must
_NEAR = 48  # most tokens are no longer
UNIT = 34  # characters of the longest escape

# Ideographs, kana, Hangul and the scripts of South-East Asia write no spaces, so there a token would be a paragraph: they delimit.
SPACELESS = (r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00016fe0-\U00018fff"
             r"\U0001b000-\U0001b2ff\U00020000-\U0003ffff")  # fmt: skip
_TOKEN = re.compile(rf"(?:[^\W{SPACELESS}]|[._%+\-@:/=&#;\\~$!*'?])*+")
_MARKS = bytes(97 if _TOKEN.fullmatch(chr(code)) else 32 for code in range(256))  # of ASCII
_FEW = 16  # different characters that end tokens
_ESCAPE = re.compile(
    r"%[0-9a-fA-F]{2}|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z0-9]{2,31});"
    r"|\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)",
    re.S,
)
HALF = re.compile(r"(?:%[0-9a-fA-F]?|&#?[A-Za-z0-9]{0,31}|\\(?:u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?|U[0-9a-fA-F]{0,7}|[0-7]{0,2}))\Z")
_NO_DIGITS = re.compile("[^0-9]+")
_PAIRS = re.compile(r",?[0-9a-fA-FxX]{0,4}( ,|[ ,:-])[0-9a-fA-F]{2}([xX]0|)(?:\1[0-9a-fA-F]{2}\2)*")  # 41 42 4, read backwards


def open_run(text: Text) -> int:
    """The start of the last token of the raw text if it goes to the very end; len(text.raw) if a delimiter ends the text.

    Token characters, as they are folded: letters of scripts that write spaces, digits, all that folding removes, and . _ % + - @ : / = & # ;
    \\ ~ $ ! * ' ?. Everything else delimits: white space, double quotes, brackets, commas, signs, emoji. Lines of wrapped base64 are one token,
    and so are bytes in hex with separators.
    """
    found: int | None = text.kept.get(open_run)
    if found is None:
        found = text.kept[open_run] = _open_run(text)  # every detector asks
    return found


def _open_run(text: Text) -> int:
    raw = text.raw
    start = _token_start(raw, len(raw))
    if len(raw) - start > HELD:
        return _cut(text, len(raw) - MAX_RUN)
    start = _wrapped_start(raw, start)
    view = text.folded
    backwards = view.text[-1 : -HELD - 1 : -1]
    pairs = _PAIRS.match(backwards)
    if pairs and pairs.end() > HELD - UNIT:
        pairs = _PAIRS.match(backwards, 0, MAX_RUN)
    if pairs and pairs[1] == " " and pairs[0].islower() and _NO_DIGITS.fullmatch(pairs[0]):
        return start  # `had be`: words; so few letters spell nothing that anybody looks for
    return min(start, _token_start(raw, view.origin(len(view.text) - pairs.end(), len(view.text))[0])) if pairs else start


def open_spaced(text: Text, pattern: re.Pattern[str], reach: int = REACH) -> int:
    """Where a match of `pattern` that touches the end of the text starts, in any view that holds the whole text; len(text.raw) if none does.

    pattern: an open tail: what a match can look like before it is complete, ending in `\\Z`, linear and with no unbounded part; searched in the
    last `reach` characters of the view, where the first match counts. An unfinished escape at the end is left out of what is searched.
    The start of the token that the match begins in is given, or if that is more than HELD before it, a place to cut at.
    """
    found = len(text.raw)
    for view in text.views:
        if not view.whole:
            continue
        tail = view.text[-UNIT:]
        half = HALF.search(view.text, max(0, len(view.text) - UNIT)) if "%" in tail or "&" in tail or "\\" in tail else None
        end = half.start() if half else len(view.text)
        match = pattern.search(view.text, max(0, end - reach), end)
        if match and match.start() < end:
            found = min(found, view.origin(match.start(), end)[0])
    return _safe_start(text, found) if found < len(text.raw) else found


def clear_of(text: Text, spans: Iterable[tuple[int, int]], at: int) -> int:
    """`at`, or the start of the token of the span of raw text that lies across it. spans: of findings, in any order."""
    for start, end in sorted(spans, reverse=True):
        if start < at < end:
            at = _safe_start(text, start)
    return at


def worth_it(text: Text, at: int, most: int) -> int:
    """`at`, or 0 where that lets little go of what is held, and all of it is no more than `most`: a stream that is let go in steps is looked at
    once a step. It is never wrong to hold more."""
    size = len(text.raw)
    return 0 if at * _STEPS < size <= most and size - at > _LITTLE else at


def _safe_start(text: Text, at: int) -> int:
    """Where the token that goes on at `at` starts, or if that is far, a place in it to cut at, a little before."""
    start = _token_start(text.raw, at)
    return start if at - start <= HELD else _cut(text, at - _SLACK)


def _token_start(raw: str, end: int) -> int:
    """Where the token that ends at `end` starts; more than HELD before it: somewhere there."""
    near = raw[max(0, end - _NEAR) : end]
    if near.isascii() and (match := _TOKEN.match(near[::-1])) and match.end() < len(near):
        return end - match.end()
    tail = raw[max(0, end - HELD - 1) : end]
    if tail.isascii():
        return end - len(tail) + tail.encode().translate(_MARKS).rfind(b" ") + 1
    ends = [char for char in set(tail) if not _in_token(char)]
    if len(ends) <= _FEW:
        return end - len(tail) + max(map(tail.rfind, ends), default=-1) + 1
    start = end
    for char in reversed(tail):
        if not _in_token(char):
            break
        start -= 1
    return start


@lru_cache(maxsize=8192)
def _in_token(char: str) -> bool:
    match = _TOKEN.fullmatch(FOLD.get(char, char))
    return match is not None


def _wrapped_start(raw: str, start: int) -> int:
    """The start of the lines of base64 that the token at `start` may continue."""
    floor, near = max(0, len(raw) - HELD), max(0, len(raw) - MAX_RUN)
    last = start  # of those near
    while start > floor and raw[start - 1] == "\n":
        line_end = start - 2 if raw[start - 2 : start - 1] == "\r" else start - 1
        first = raw.rfind("\n", floor, line_end) + 1
        if not first and floor:
            return last
        run = line_end - first - len(raw[first:line_end].encode("ascii", "replace").translate(ANY64).rstrip(b"a"))
        if run < LINE or run % 4:
            return start
        start = line_end - run
        if start > first:
            return _token_start(raw, start)
        last = start if start >= near else last
    return start if start > floor or not floor else last


def _cut(text: Text, at_least: int) -> int:
    """Where a very long token is cut: the first good place from `at_least`, less than _SLACK after it."""
    raw, view = text.raw, text.folded
    at, high = 0, len(view.text)
    while at < high:  # the first folded character that comes from there or later
        middle = (at + high) // 2
        if view.origin(middle, middle + 1)[0] < at_least:
            at = middle + 1
        else:
            high = middle
    marks = view.text.encode("ascii", "replace").translate(ANY64)
    start = marks.rfind(b" ", 0, at) + 1
    end = marks.find(b" ", at)
    at = min(start - (start - at) // PHASE * PHASE, end if end >= 0 else len(marks))
    slashes = at - len(view.text[:at].rstrip("\\"))
    begin = at - 1 if slashes % 2 else max(view.text.rfind(sign, max(0, at - UNIT), at) for sign in "%&\\")
    escape = _ESCAPE.match(view.text, begin) if begin >= 0 and (slashes % 2 or not slashes) else None
    at = max(at, escape.end()) if escape else at
    place = view.origin(at, at + 1)[0] if at < len(view.text) else len(raw)
    return place if place < at_least + _SLACK else at_least  # else what is around is removed by folding: anywhere will do
