"""What a reply must be for the code behind it: assertions on the whole of it, as the operator has written them down.

A breach is a Finding like any other, of score 1. Where it is a part of the reply (a forbidden phrase, what is beyond a length) the finding is that part, else
the whole reply, so that masking takes away what may not be there. `Format.explain` says the same in Problems, which have a detail for people:
numbers, keywords and places, never words of the reply.

Rules of this file: pure; linear; the raw reply is judged, as that is what the code behind it gets. Phrases alone are looked for in the folded text
(detectors.folding), so that look-alikes and invisible characters hide none. A reply is judged when it is whole: nothing of it is decided before.

What it cannot see: whether what is said in the right form is right; phrases in other words; a phrase over the end of a line of a list or table;
in languages that write without spaces, whether a phrase is a part of a longer word; for languages see detectors.format_language.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import re2

from detectors import format_json, format_language
from detectors.base import Finding
from detectors.folding import fold
from detectors.recognisers.custom import MAX_PATTERN, Linear
from detectors.text import Text

NAME = "format"
KINDS = frozenset(("NOT_JSON", "SCHEMA", "PATTERN", "TOO_LONG", "TOO_SHORT", "LANGUAGE", "MISSING_PHRASE", "FORBIDDEN_PHRASE", "EMPTY"))
MAX_PHRASES, MAX_PHRASE = 200, 500  # of one list; code points of one
MAX_FOUND = 1000  # forbidden phrases, one by one; from there on the rest of the reply is one finding
_WORD = re.compile(r"\S+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_JOINED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"  # letters of scripts without spaces, or whose endings are joined to a word


@dataclass(frozen=True, slots=True)
class Assertions:
    """What holds of a reply. Nothing is asserted by default. All values are hashable, so that they can be part of a policy's version.

    json: parses.  fenced: may stand in a code fence (for json and schema).  schema: JSON Schema, a JSON text; implies json.  formats: its `format` asserts.
    pattern: RE2, found anywhere in the reply unless it is anchored (`^`, `$`; `(?s)`, `(?m)` and `(?i)` as usual).
    max_, min_: characters are code points; words are what white space parts; lines are counted without empty ones at either end; None: any.
    languages: ISO 639-1, of detectors.format_language.LANGUAGES; the reply is in one of them, or it cannot be told.
    contains, lacks: phrases, as whole words, in any case and with any white space.  not_empty: has a character that is seen.
    """

    json: bool = False
    fenced: bool = False
    schema: str = ""
    formats: bool = False
    pattern: str = ""
    max_chars: int | None = None
    min_chars: int | None = None
    max_words: int | None = None
    min_words: int | None = None
    max_lines: int | None = None
    min_lines: int | None = None
    languages: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    not_empty: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach. start, end: code points of the raw reply. detail: for people, and for the model that is asked again; holds no text of the reply."""

    kind: str
    start: int
    end: int
    detail: str


class Format:
    """The detector of some assertions. A Detector (detectors.base) whose texts are open as a whole until they end."""

    name = NAME
    kinds = KINDS
    max_span = sys.maxsize

    def __init__(self, assertions: Assertions) -> None:
        """Raises ValueError, naming the assertion, for what cannot be asserted."""
        self._of = assertions
        self._schema = format_json.Schema(assertions.schema, formats=assertions.formats) if assertions.schema else None
        self._pattern = _compiled(assertions.pattern) if assertions.pattern else None
        unknown = sorted(set(assertions.languages) - format_language.LANGUAGES)
        if unknown:
            raise ValueError(f"languages: {', '.join(unknown)}; expected some of {', '.join(sorted(format_language.LANGUAGES))}")
        self._languages = frozenset(assertions.languages)
        self._contains = [_phrase("contains", each) for each in _few("contains", assertions.contains)]
        self._lacks = [_phrase("lacks", each) for each in _few("lacks", assertions.lacks)]
        for unit in ("chars", "words", "lines"):
            least, most = getattr(assertions, f"min_{unit}") or 0, getattr(assertions, f"max_{unit}")
            if least < 0 or (most is not None and most < least):
                raise ValueError(f"max_{unit}: {most}, min_{unit}: {least}; expected 0 <= min <= max")

    def find(self, text: Text) -> list[Finding]:
        """See Detector; but a part that breaks one assertion lies within the whole that breaks another, and both are told: rules ask for kinds."""
        found = dict.fromkeys(Finding(NAME, each.kind, each.start, each.end, 1.0) for each in self.problems(text))
        return sorted(found, key=lambda each: (each.start, -each.end))

    def open_from(self, text: Text) -> int:
        """0: any character more may break or mend it."""
        return 0

    def explain(self, reply: str) -> list[Problem]:
        """All breaches, in the order of the assertions' fields."""
        return list(self.problems(Text(reply)))

    def problems(self, text: Text) -> Iterator[Problem]:
        """As `explain`, of a text that other detectors share."""
        raw = text.raw
        if self._of.not_empty and not text.folded.text.strip():
            yield Problem("EMPTY", 0, len(raw), "the reply is empty")
        if self._of.json or self._schema:
            yield from self._json(raw)
        if self._pattern and not self._pattern.search(raw):
            yield Problem("PATTERN", 0, len(raw), f"does not match {self._of.pattern}")
        yield from self._lengths(raw)
        if self._languages and (found := format_language.differs(raw, self._languages)):
            yield Problem("LANGUAGE", 0, len(raw), f"in {found}, expected {' or '.join(self._of.languages)}")
        if self._contains or self._lacks:
            yield from self._phrases(text)

    def _json(self, raw: str) -> Iterator[Problem]:
        parsed = format_json.parse(raw, fenced=self._of.fenced)
        if isinstance(parsed, format_json.Broken):
            yield Problem("NOT_JSON", 0, len(raw), parsed.detail if parsed.at is None else f"{parsed.detail}, at character {parsed.at}")
        elif self._schema and not self._schema.valid(parsed.value):
            for each in self._schema.violations(parsed.value, len(raw)):
                yield Problem("SCHEMA", 0, len(raw), f"{each.keyword or 'the schema'} at {each.pointer or 'the root'}")

    def _lengths(self, raw: str) -> Iterator[Problem]:
        of = self._of
        if of.max_chars is not None or of.min_chars is not None:
            yield from _length(raw, "characters", len(raw), of.min_chars, of.max_chars, of.max_chars or 0)
        if of.max_words is not None or of.min_words is not None:
            words = len(raw.split())
            over = of.max_words is not None and words > of.max_words
            yield from _length(raw, "words", words, of.min_words, of.max_words, _nth(_WORD, raw, 0, of.max_words or 0) if over else 0)
        if of.max_lines is not None or of.min_lines is not None:
            start = len(raw) - len(raw.lstrip())
            body = raw.strip()
            lines = len(_LINE.findall(body)) - (not body.endswith(("\r", "\n"))) if body else 0
            over = of.max_lines is not None and lines > of.max_lines
            yield from _length(raw, "lines", lines, of.min_lines, of.max_lines, _nth(_LINE, raw, start, of.max_lines or 0) if over else 0)

    def _phrases(self, text: Text) -> Iterator[Problem]:
        view = text.folded
        for asserted, phrase in zip(self._of.contains, self._contains, strict=True):
            if not phrase.search(view.text):
                yield Problem("MISSING_PHRASE", 0, len(text.raw), f"lacks {asserted!r}")
        spans: list[tuple[int, int, str]] = []
        cut = len(view.text)  # from here on not every one is looked for
        for asserted, phrase in zip(self._of.lacks, self._lacks, strict=True):
            found = [each.span() for each in islice(phrase.finditer(view.text), MAX_FOUND + 1)]
            if len(found) > MAX_FOUND:
                cut = min(cut, found[-1][0])
            spans += ((start, end, asserted) for start, end in found)
        spans.sort()
        if len(spans) > MAX_FOUND:
            cut = min(cut, spans[MAX_FOUND][0])
        at = 0
        for start, end, asserted in spans:
            if start == cut:
                yield Problem("FORBIDDEN_PHRASE", view.origin(start, end)[0], len(text.raw), f"has {asserted!r}, and more after it")
                return
            if start >= at:
                yield Problem("FORBIDDEN_PHRASE", *view.origin(start, end), f"has {asserted!r}")
                at = end


def _compiled(pattern: str) -> Linear:
    """As it is written, over the raw reply. Raises ValueError."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"pattern of {len(pattern)} characters: expected at most {MAX_PATTERN}")
    options = re2.Options()
    options.log_errors = False
    try:
        return Linear(re2.compile(pattern, options=options))
    except re2.error as failed:
        reason = failed.args[0].decode() if failed.args and isinstance(failed.args[0], bytes) else str(failed)
        raise ValueError(f"pattern {pattern!r}: {reason}; patterns are RE2 syntax, without look-around and back-references") from None


def _few(field: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    if len(phrases) > MAX_PHRASES:
        raise ValueError(f"{field}: {len(phrases)} phrases; expected at most {MAX_PHRASES}")
    return phrases


def _phrase(field: str, phrase: str) -> re.Pattern[str]:
    """Made of literals with white space between them, so no text takes it more than linear time. No letter or digit stands beside one of its own."""
    words = fold(phrase)[0].split()
    if not words or len(phrase) > MAX_PHRASE:
        raise ValueError(f"{field}: {phrase[:40]!r}; expected 1 to {MAX_PHRASE} characters that are seen")
    first, last = (f"[^\\W{_JOINED}]" if re.match(f"[^\\W{_JOINED}]", char) else "" for char in (words[0][0], words[-1][-1]))
    return re.compile((f"(?<!{first})" if first else "") + r"\s++".join(map(re.escape, words)) + (f"(?!{last})" if last else ""), re.IGNORECASE)


def _nth(pattern: re.Pattern[str], text: str, start: int, number: int) -> int:
    """Where the match after `number` of them begins."""
    for count, match in enumerate(pattern.finditer(text, start)):
        if count == number:
            return match.start()
    return len(text)


def _length(raw: str, unit: str, has: int, least: int | None, most: int | None, beyond: int) -> Iterator[Problem]:
    if most is not None and has > most:
        yield Problem("TOO_LONG", beyond, len(raw), f"{has} {unit}, expected at most {most}")
    if least is not None and has < least:
        yield Problem("TOO_SHORT", 0, len(raw), f"{has} {unit}, expected at least {least}")
