"""What kind of writing a line is: prose that a language model can read, or code, a log, a table; and prose made readable for it.

Pure and linear.
"""

from __future__ import annotations

import re

from detectors import gazetteer
from detectors.people import STOP

_SIGN = re.compile(r"[{}<>=;_/\\|$@`~^%*+\[\]]")
_SPACED = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHOUTED = re.compile(r"(?<![\w'-])[A-Z][A-Z'\u2019-]{3,30}(?![\w-])")
_SMALL = re.compile(r"(?<![\w@./-])[a-z][a-z'-]{2,30}(?![\w@/-])")
_CAPITALISED = re.compile(r"(?<![^\W\d_])[^\W\d_a-z][^\W\d_]*(?:['\u2019][^\W\d_]+)?")
_NOTHING = STOP | gazetteer.NOBODY | {"i'm", "i'll", "i've", "i'd", "don't", "it's", "that's", "what's", "let's", "can't", "we're", "you're"}
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no model takes it
_STATEMENT = re.compile(
    r"\s*(?:from \S+ import |import \w|el(?:se )?if\b|else:|def \w|class \w+[(:{]|return\b.*[()_]|(?:if|for|while|with|except|try)\b.*:\s*$|raise \w|assert |#include|(?:public|private|protected|static|export|const|let|var|func|fn) \w"
    r"|SELECT |INSERT |UPDATE |CREATE |ALTER |at [\w.$]+\()"
)
_MOST_SIGNS = 0.06  # of the characters that are not white space


def is_prose(line: str) -> bool:
    """Whether the model should be asked about this line. False for code, records and what has no word."""
    if _STATEMENT.match(line):
        return False
    letters = sum(map(len, _LETTERS.findall(line)))
    if letters < 2:
        return False
    dense = sum(map(len, _SPACED.findall(line)))
    return len(_SIGN.findall(line)) <= max(1, _MOST_SIGNS * dense) and letters >= 0.45 * dense


def may_name(line: str) -> bool:
    """Whether a readable line has a capitalised word that may be a name: if not, the model need not be asked."""
    return any(gazetteer.plain(word) not in _NOTHING for word in _CAPITALISED.findall(line))


def readable(line: str) -> str:
    """The line with capitals as they are in prose, of the same length: SHOUTED words in it are lowered, known names in small letters raised."""
    line = _SURROGATE.sub("?", line)
    if line.islower():
        return _SMALL.sub(_raised, line)
    if sum(map(str.islower, line)) < 8:
        return line
    return _SHOUTED.sub(_lowered, line)


def _lowered(found: re.Match[str]) -> str:
    return found[0].title() if "'" not in found[0] else found[0].capitalize()


def _raised(found: re.Match[str]) -> str:
    word = gazetteer.plain(found[0])
    return found[0].capitalize() if word in gazetteer.GIVEN_SMALL or word in gazetteer.COUNTRIES or word in gazetteer.CITIES or word in gazetteer.PEOPLES else found[0]
