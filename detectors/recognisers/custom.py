"""Patterns of the operator's own: RE2 syntax, run by RE2 alone, so that no pattern and no text can take more than linear time.

A match is at most `reach` characters long. A pattern that cannot match white space is decided at the end of the word; any other is held back
for as long as it may become.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import re2

from detectors.folding import fold
from detectors.recognisers import context
from detectors.recognisers.folded_pattern import folded_pattern
from detectors.recognisers.hits import Hit

MAX = 512  # code points of a match
MAX_PATTERN = 2000  # characters of an expression
_KIND = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CustomPattern:
    """kind: capitals, digits and underscores.  pattern: RE2 syntax, folded as texts are.  words: if one stands within five tokens before, the score is `raised`;
    one may be several, such as `order number`."""

    kind: str
    pattern: str
    score: float = 0.6
    words: tuple[str, ...] = ()
    raised: float = 0.9


class Custom:
    """A compiled pattern."""

    __slots__ = ("_expression", "_hints", "_of", "kind", "reach", "spaced")

    def __init__(self, of: CustomPattern) -> None:
        """Raises ValueError for a kind or a pattern that cannot be: what RE2 refuses, what matches the empty text."""
        if not _KIND.fullmatch(of.kind):
            raise ValueError(f"kind {of.kind!r}: expected capitals, digits and underscores, at most 40, such as EMPLOYEE_ID")
        self._of, self.kind = of, of.kind
        self._expression = compile_linear(of.pattern)
        if self._expression.fullmatch("") or self._expression.search(""):
            raise ValueError(f"pattern {of.pattern!r}: it matches the empty text; a pattern must match at least one character")
        pattern = folded_pattern(of.pattern)
        self.spaced = _may_match_space(pattern)
        self.reach = min(MAX, _width(pattern))
        self._hints = [_hint(fold(word)[0]) for word in of.words if word.strip()]

    def __call__(self, text: str, start: int, hits: list[Hit]) -> None:
        """Add those that start at or after `start`, the leftmost first, none over another."""
        for match in self._expression.finditer(text, start):
            at, end = match.span()
            if 0 < end - at <= self.reach:
                score = self._of.score
                if self._hints:
                    before = context.before(text, at)
                    said = f" {' '.join(context.words(before))} {before.lower()}"
                    score = self._of.raised if any(hint in said for hint in self._hints) else score
                hits.append((at, end, self.kind, score))


def _hint(word: str) -> str:
    """A hint as it stands in what is said before a match: several words in their order, `orderNumber` as `order number`; what is not of Latin letters as it is."""
    words = context.words(word)
    return f" {' '.join(words)} " if words and "".join(words) == re.sub(r"[\s_./#:-]", "", word).lower() else word.strip().lower()


class Linear:
    """An RE2 expression over any text. RE2 reads UTF-8, in which half a surrogate pair cannot be written: it sees U+FFFD there, at the same place."""

    __slots__ = ("_expression",)

    def __init__(self, expression: Any) -> None:
        self._expression = expression

    def search(self, text: str) -> Any:
        return self._expression.search(_sound(text))

    def fullmatch(self, text: str) -> Any:
        return self._expression.fullmatch(_sound(text))

    def finditer(self, text: str, start: int = 0) -> Any:
        return self._expression.finditer(_sound(text), start)


def _sound(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def compile_linear(pattern: str) -> Linear:
    """An RE2 expression over folded texts. Raises ValueError with RE2's reason if RE2 refuses it (look-around and back-references are not linear), or
    for what cannot be folded."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"pattern of {len(pattern)} characters: expected at most {MAX_PATTERN}")
    options = re2.Options()
    options.log_errors = False
    try:
        return Linear(re2.compile(folded_pattern(pattern), options=options))
    except re2.error as failed:
        reason = failed.args[0].decode() if failed.args and isinstance(failed.args[0], bytes) else str(failed)
        raise ValueError(f"pattern {pattern!r}: {reason}; patterns are RE2 syntax, without look-around and back-references") from None


def _may_match_space(pattern: str) -> bool:
    """Whether some match could hold white space; True when in doubt. What is certain: literals, classes that list what they match, \\d \\w \\S \\b."""
    plain = re.sub(r"\\[dwSbB.+*?()\[\]{}|/$^\\-]", "", pattern)
    return re.search(r"\s|\.|\[\^|\\|\(\?[^:P]|\[:", plain) is not None


def _width(pattern: str) -> int:
    """The longest match that the pattern can have; MAX if it has no limit or cannot be told."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `[[:alpha:]]` is said otherwise in Python, which is measured as more than it is, and not to be told to who runs a command
            return int(re._parser.parse(pattern).getwidth()[1])  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return MAX


def longest(patterns: Sequence[Custom]) -> int:
    """How far from the end of a text a match over several words may begin; 0 if there is none such."""
    return max((each.reach for each in patterns if each.spaced), default=0)
