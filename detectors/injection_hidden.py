"""What is there and is not seen, or is seen as something else: invisible characters, borrowed letters, hidden markup. Ciphers: detectors.injection_ciphers.

Rules of this file: each function gives hits of the kind HIDDEN_TEXT on the text that it was handed, linear in it. What characters alone prove (tags,
runs of selectors, letters of two scripts in one word) counts for itself; what needs a reading (a comment, a style that hides) counts
only where that reading is an attack by the rules of detectors.injection_rules. Persian and Indic joiners, emoji sequences, flags, Greek letters at
the ends of scientific names, right-to-left marks and soft hyphens are ordinary text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from detectors.folding import fold
from detectors.injection_ciphers import ATTACK, LOUD
from detectors.injection_rules import ADDRESSES_MODEL, HIDDEN_TEXT, NEAR, TRIES, Hit, lowered, phrases
from detectors.later import later

_HIDDEN_ATTACK = ATTACK | {ADDRESSES_MODEL}
_ZERO, _RUN, _BIDI, _TAGS, _SELECTORS, _MIXED, _MARKUP = range(-1, -8, -1)  # rule numbers, apart from those of phrases

_INVISIBLE = "\u200b-\u200f\u2060-\u2064\ufeff\u180e\u034f"
_BETWEEN = later(rf"(?<=[A-Za-z])[{_INVISIBLE}]+(?=[A-Za-z])")
_LONG_RUN = later(r"[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{4,}")
_TURNED = later("[\u202d\u202e][^\u202c\n]{0,400}")
_TAGGED = later("[\U000e0020-\U000e007e]{2,}")
_SELECTED = later("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_WORD = later("[A-Za-z\u0370-\u03ff\u0400-\u052f]{4,40}")
_STYLE = later(r"(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}(?:0|1px)|opacity\s{0,3}:\s{0,3}0(?![.\d])|color\s{0,3}:\s{0,3}(?:white|transparent|#fff)|aria-hidden=.true|(?<![\w-])hidden(?==|>|\s[^>]{0,80}>)|text-indent\s{0,3}:\s{0,3}-\d{3})")


def characters(raw: str) -> list[Hit]:
    """What the characters of a raw text prove."""
    if raw.isascii():
        return []
    found = [Hit(HIDDEN_TEXT, m.start(), m.end(), 0.75, _RUN) for m in _LONG_RUN.finditer(raw)]
    apart = [m.span() for m in _BETWEEN.finditer(raw)]
    for index in range(0, len(apart) - 2):  # three and more near each other
        if apart[index + 2][1] - apart[index][0] <= NEAR // 4:
            found.append(Hit(HIDDEN_TEXT, apart[index][0] - 1, apart[index + 2][1] + 1, 0.6, _ZERO))
    found += [Hit(HIDDEN_TEXT, m.start(), m.end(), 0.6, _BIDI) for m in _TURNED.finditer(raw)]
    for m in _TAGGED.finditer(raw):
        flag = raw[m.start() - 1 : m.start()] == "\U0001f3f4" and m.end() - m.start() <= 6 and raw[m.end() : m.end() + 1] == "\U000e007f"
        if not flag:
            found.append(Hit(HIDDEN_TEXT, m.start(), m.end(), 0.95, _TAGS))
    found += [Hit(HIDDEN_TEXT, m.start(), m.end(), 0.9, _SELECTORS) for m in _SELECTED.finditer(raw)]
    mixed = [m.span() for m in _WORD.finditer(raw) if _borrows(m.group())]
    weight = 0.4 if len(mixed) == 1 else 0.6 if len(mixed) < 4 else 0.75
    found += [Hit(HIDDEN_TEXT, start, end, weight, _MIXED) for start, end in mixed]
    return found


def _borrows(word: str) -> bool:
    """Whether a word has letters of another script that look like Latin ones."""
    if word.isascii() or sum(map(str.isascii, word)) < 2 or not fold(word)[0].isascii():
        return False
    return any("\u0400" <= c <= "\u052f" for c in word) or any(not c.isascii() for c in word.strip("\u0391\u0392\u0393\u0394\u03b1\u03b2\u03b3\u03b4\u03ba\u03bb\u03bc\u03c3"))


def disguised(raw: str) -> bool:
    """Whether a stretch of a raw text that reads as an English phrase is written in other letters, or with what is not seen in between."""
    return not raw.isascii() and any(not c.isascii() and (unicodedata.category(c) in ("Cf", "Mn") or (c.isalnum() and not unicodedata.name(c, "").startswith("LATIN"))) for c in raw)


def markup(text: str) -> list[Hit]:
    """Comments and hidden elements that hold an attack, or address the model. text: folded."""
    found = []
    for start, end in _hidden(lowered(text)):
        inner = phrases(text[start:end], material=True, only=_HIDDEN_ATTACK).found
        best = max((hit.weight for hit in inner), default=0.0)
        if best >= LOUD or sum(hit.weight for hit in inner) >= 2 * LOUD:
            found.append(Hit(HIDDEN_TEXT, start, end, 0.85, _MARKUP))
    return found


def _hidden(low: str) -> Iterator[tuple[int, int]]:
    for opening, closing in (("<!--", "-->"), ("[//]: #", "\n"), ("[comment]: #", "\n")):
        at = low.find(opening)
        for _ in range(TRIES):
            if at < 0:
                break
            end = low.find(closing, at)
            if end < 0:
                end = len(low)
            yield at, min(end + len(closing), at + 4000, len(low))
            at = low.find(opening, end)
    at = 0
    for _ in range(TRIES):
        style = _STYLE.search(low, at)
        if style is None:
            return
        at = min(style.end() + 600, len(low))
        yield style.start(), at
