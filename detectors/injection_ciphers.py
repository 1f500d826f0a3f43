"""What a text says when it is read another way: spelled apart, digits for letters, turned by 13, backwards, letters as numbers, Morse, letters mixed up, blanks left out.

Rules of this file: a reading counts only where it is an attack by the rules of detectors.injection_rules, so ordinary codes say nothing; each is linear in the text and is
tried only where something of its kind stands. `readings` gives hits of the kind HIDDEN_TEXT, on the text that it was handed (folded), and what they say, for the
statistical judgement: the letters of a cipher themselves would speak against an attack. base64, hex and escapes are views (detectors.text).
"""

from __future__ import annotations

from codecs import encode
from collections.abc import Iterator
from typing import NamedTuple

from detectors.injection_rules import EXFILTRATION, HIDDEN_TEXT, INSTRUCTION_OVERRIDE, ROLE_PLAY, RULES, Hit, lowered, phrases
from detectors.later import later

ATTACK = frozenset((INSTRUCTION_OVERRIDE, ROLE_PLAY, EXFILTRATION))
LOUD = 0.5  # a phrase worth so much is an attack by itself
CODE = -8  # the number of these hits' rule
_AROUND = 160  # characters of a reading on either side of what was found there
_MOST = 64  # stretches of one sort that are read

_SPACED = later(r"(?<![^\W_])(?:[a-z][ .\-_*|/]{1,3}){7,200}[a-z](?![^\W_])")
_GAPS = later(r"[ .\-_*|/]+")
_LONG = later(r"(?<![a-z])[a-z]{20,400}")
_SQUEEZED = later(
    r"(?:ignore|disregard|forget|bypass|override|reveal|show|repeat|print|tellme|without).{0,24}?(?:instruction|prompt|rules|guideline|restriction|directive|polic|filter|secret|password|youweretold|saidbefore|limits|onlyme)"
)
_LEET = later(r"[a-z][013457@$!|][a-z]|[a-z][34@$][ a-z]|[ ][13457@$!][a-z]{2}")
_PLAIN = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l", "9": "g", "8": "b", "+": "t"})
_ELL = _PLAIN | {ord("1"): "l", ord("!"): "l"}
_TURNED_BY_13 = ("vtaber", "qvfertneq", "sbetrg", "vafgehpgvba", "cebzcg", "erirny", "olcnff")
_BACKWARDS = ("erongi", "drager", "tegrof", "snoitcurtsni", "tpmorp", "laever", "ssapyb")
_NUMBERS = later(r"(?<![\w.,])(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[ ,;]{1,2}){11,400}(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])(?![\w.])")
_NUMBER_BY_NUMBER = later(r"\d[ ,;]{1,2}\d\d{1,2}[ ,;]{1,2}\d")
_NUMBER = later(r"\d{2,3}")
_BITS = later(r"(?<!\w)(?:0[01]{7}[ ,]{0,2}){12,400}(?!\w)")
_BYTE = later(r"0[01]{7}")
_MORSE = later(r"(?<![\w.\-])(?:[.\-]{1,5}[ /|]{1,3}){12,400}[.\-]{1,5}(?![\w.\-])")
_LETTERS = {
    ".-": "a", "-...": "b", "-.-.": "c", "-..": "d", ".": "e", "..-.": "f", "--.": "g", "....": "h", "..": "i", ".---": "j", "-.-": "k", ".-..": "l", "--": "m",
    "-.": "n", "---": "o", ".--.": "p", "--.-": "q", ".-.": "r", "...": "s", "-": "t", "..-": "u", "...-": "v", ".--": "w", "-..-": "x", "-.--": "y", "--..": "z",
}  # fmt: skip
_MIXABLE = [
    "ignore", "previous", "instructions", "instruction", "disregard", "forget", "reveal", "system", "prompt", "rules", "bypass", "override", "guidelines",
    "restrictions", "everything", "above", "earlier", "print", "repeat", "hidden", "secret", "password", "safety", "filters", "without",
]  # fmt: skip
_MIXED = {(word[0], "".join(sorted(word[1:-1])), word[-1]): word for word in _MIXABLE}
# A word with the same ends, as long, and of the same letters: whether each is there as often is asked then.
_WORD = later(r"(?<![^\W_])(?:" + "|".join(f"{word[0]}[{word[1:-1]}]{{{len(word) - 2}}}{word[-1]}" for word in sorted(_MIXABLE)) + r")(?![^\W_])")


class Reading(NamedTuple):
    """A hit on the text as it stands, and the stretch as it reads."""

    hit: Hit
    said: str


def readings(text: str) -> list[Reading]:
    """All of them. text: folded."""
    low = lowered(text)
    return [*_apart(low), *_digits(low), *_turned(low), *_numbered(low), *_mixed_up(low)]


def _apart(low: str) -> Iterator[Reading]:
    """Spelled apart, or with no blanks at all."""
    for m in _SPACED.finditer(low):
        said = _GAPS.sub("", m.group())
        if _SQUEEZED.search(said):
            words = " ".join(_GAPS.sub("", word) for word in m.group().split("   "))
            yield Reading(Hit(HIDDEN_TEXT, m.start(), m.end(), 0.85, CODE), words)
    for m in _LONG.finditer(low):
        if _SQUEEZED.search(m.group()):
            yield Reading(Hit(HIDDEN_TEXT, m.start(), m.end(), 0.6, CODE), m.group())


def _digits(low: str) -> Iterator[Reading]:
    if not _LEET.search(low):
        return
    for table in (_PLAIN, _ELL):
        plain = low.translate(table)
        for hit in _loud(plain):
            written = low[hit.start : hit.end]
            if sum(c in "013457@$|9" for c in written) >= 2 and written != plain[hit.start : hit.end]:
                yield Reading(hit._replace(kind=HIDDEN_TEXT, weight=0.8, rule=CODE), _said(plain, hit))


def _turned(low: str) -> Iterator[Reading]:
    """By 13 letters, or backwards."""
    if any(word in low for word in _TURNED_BY_13):
        plain = encode(low, "rot13")
        for hit in _loud(plain):
            yield Reading(hit._replace(kind=HIDDEN_TEXT, weight=0.85, rule=CODE), _said(plain, hit))
    if any(word in low for word in _BACKWARDS):
        plain = low[::-1]
        for hit in _loud(plain):
            yield Reading(Hit(HIDDEN_TEXT, len(low) - hit.end, len(low) - hit.start, 0.85, CODE), _said(plain, hit))


def _numbered(low: str) -> Iterator[Reading]:
    """Letters as decimal or binary numbers, or in Morse; each looked for only where there is enough of its signs."""
    for there, pattern, read in (
        (_NUMBER_BY_NUMBER.search(low) is not None, _NUMBERS, _of_numbers),
        (low.count("0") + low.count("1") >= 96, _BITS, _of_bits),
        (low.count(" .") + low.count(" -") >= 8, _MORSE, _of_morse),
    ):
        if not there:
            continue
        for number, m in enumerate(pattern.finditer(low)):
            if number >= _MOST:
                break
            plain = read(m.group())
            if any(True for _ in _loud(plain)):
                yield Reading(Hit(HIDDEN_TEXT, m.start(), m.end(), 0.85, CODE), plain)


def _of_numbers(stretch: str) -> str:
    return "".join(chr(int(m.group())) for m in _NUMBER.finditer(stretch)).lower()


def _of_bits(stretch: str) -> str:
    return "".join(chr(int(m.group(), 2)) for m in _BYTE.finditer(stretch)).lower()


def _of_morse(stretch: str) -> str:
    return " ".join("".join(_LETTERS.get(sign, "") for sign in word.split()) for word in stretch.replace("|", "/").split("/"))


def _mixed_up(low: str) -> Iterator[Reading]:
    """Words whose inner letters changed places: two and more of those that attacks are made of."""
    parts, last, moved = [], 0, 0
    for m in _WORD.finditer(low):
        word = m.group()
        meant = _MIXED.get((word[0], "".join(sorted(word[1:-1])), word[-1]))
        if meant is not None and meant != word:
            parts += [low[last : m.start()], meant]
            last, moved = m.end(), moved + 1
    if moved < 2:
        return
    plain = "".join([*parts, low[last:]])  # as long as before: only places changed
    for hit in _loud(plain):
        if low[hit.start : hit.end] != plain[hit.start : hit.end]:
            yield Reading(hit._replace(kind=HIDDEN_TEXT, weight=0.8, rule=CODE), _said(plain, hit))


def _loud(text: str) -> Iterator[Hit]:
    return (hit for hit in phrases(text, material=False, only=ATTACK).found if hit.weight >= LOUD and hit.rule < len(RULES))


def _said(text: str, hit: Hit) -> str:
    return text[max(0, hit.start - _AROUND) : hit.end + _AROUND]
