"""What rows look like, whatever they are about: one figure per row and feature, and how it differs between two samples.

`table` makes the figures of all pooled rows at once; `gaps` (structure_table.py) compares them under many labellings; `effect` says one
difference in words and `leading` which of them say the same (structure_effects.py).

What is asked follows from the pooled rows and never from one sample: a key, a language, a role, a tool, a finish reason is a feature if at least
LEAST of them have it, and a word is known if enough of them do. So features do not depend on the labels, and a permutation test on them is exact.
A feature that is the same in all rows is left out: it cannot differ.

NaN: does not arise in this row (structure_table.py says what becomes of it).
  text that is None: everything but turns and roles (which say something of the prompt) is NaN
  empty text: everything but `empty`, lengths and what was recorded beside it
  JSON: what concerns sentences; where it is none: keys and types
  what was not recorded (no turns, roles, finish reason, violations): those features
`tokens` are those recorded if all rows with a text have them (outputs only: a prompt's include what surrounds the text), else estimated.

Pure: the same rows give the same table.  Some 0.25 ms per row of 1 KB, at most some 2 ms for one of any length that is no large JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Row, Side
from detectors.drift.refusals import refused
from detectors.drift.structure_effects import effect, leading
from detectors.drift.structure_json import shown
from detectors.drift.structure_table import BINS, Table, covariates, gaps
from detectors.drift.structure_text import HEAD, MARKDOWN, Looks, looks
from detectors.drift.structure_words import Unknown, bundled, unknown

__all__ = ["BINS", "LEAST", "Table", "covariates", "duplicates", "effect", "gaps", "leading", "table"]

LEAST = 0.01  # of the rows that could have it
MOST_KEYS, MOST_TYPES, MOST_VALUES = 40, 20, 20  # features of a sort: those that differ between most rows, ties by name
_LEAST_WORDS = 3  # before a share of them means anything
_KINDS = ("object", "list", "broken")

Column = tuple[str, NDArray[np.float64]]


def table(rows: Sequence[Row], side: Side) -> Table:
    """The features of one side of the pooled rows. Never raises on any text."""
    texts = [row.text(side) for row in rows]
    known: dict[str, Looks] = {}
    seen: list[Looks | None] = []
    for text in texts:
        if text is not None and text not in known:
            known[text] = looks(text)
        seen.append(None if text is None else known[text])
    columns = [*_lengths(rows, seen, side), *_json(seen), *_prose(seen), *_languages(seen), *_words(seen)]
    columns += _prompts(rows) if side == "input" else _replies(rows, seen, texts)
    kept = [(name, values) for name, values in columns if _varies(values)]
    values = np.stack([values for _, values in kept], axis=1) if kept else np.empty((len(rows), 0))
    return Table(tuple(name for name, _ in kept), values)


def duplicates(rows: Sequence[Row], side: Side) -> float:
    """The share of rows with a text that have it again among these, 0 to 1, whatever its case and blanks (of texts of ordinary length).

    To be told, never to be tested: a dev set, and a sample without duplicates, has none by design, and the larger of two samples has more of them by chance.
    """
    plain = [" ".join(text.split()).lower() if len(text) <= HEAD else text for row in rows if (text := row.text(side)) and not text.isspace()]
    counts = Counter(plain)
    return sum(count for count in counts.values() if count > 1) / len(plain) if plain else 0.0


def _varies(values: NDArray[np.float64]) -> bool:
    answers = values[~np.isnan(values)]
    return len(answers) > 1 and bool((answers != answers[0]).any())


def _column(name: str, values: Iterable[float | None]) -> Column:
    return name, np.array([nan if value is None else float(value) for value in values], dtype=np.float64)


def _each(name: str, seen: Sequence[Looks | None], of: Callable[[Looks], float | None]) -> Column:
    return _column(name, (None if each is None else of(each) for each in seen))


def _lengths(rows: Sequence[Row], seen: Sequence[Looks | None], side: Side) -> list[Column]:
    recorded = side == "output" and all(row.output_tokens is not None for row, each in zip(rows, seen, strict=True) if each)
    tokens = [None if each is None else row.output_tokens if recorded else each.tokens for row, each in zip(rows, seen, strict=True)]
    return [
        _each("empty", seen, lambda each: each.empty),
        _each("characters", seen, lambda each: each.characters),
        _column("tokens", tokens),
        _each("words", seen, lambda each: each.words),
        _each("lines", seen, lambda each: each.lines),
    ]


def _json(seen: Sequence[Looks | None]) -> list[Column]:
    shapes = [None if each is None or each.empty else each.shape for each in seen]
    found = [_column("JSON", (None if each is None else each.is_json for each in shapes))]
    found += [_column(f"JSON kind: {kind}", (None if each is None else each.kind == kind for each in shapes)) for kind in _KINDS]
    documents = [each.paths if each is not None and each.is_json else None for each in shapes]
    paths = _frequent([each for each in documents if each is not None], len(seen), MOST_KEYS)
    found += [_column(f"JSON key: {path}", (None if each is None else path in each for each in documents)) for path in paths]
    kinds = [{f"{path}: {each[path]}" for path in paths if path in each} for each in documents if each is not None]
    for named in _frequent(kinds, len(seen), MOST_TYPES, unless=_only_types(kinds)):
        path, _, kind = named.rpartition(": ")
        found.append(_column(f"JSON type of {named}", (None if each is None or path not in each else each[path] == kind for each in documents)))
    return found


def _only_types(kinds: Sequence[set[str]]) -> set[str]:
    """Those types that all values of their path have."""
    types = Counter(named.rpartition(": ")[0] for named in set().union(*kinds))
    return {named for named in set().union(*kinds) if types[named.rpartition(": ")[0]] == 1}


def _frequent(among: Sequence[Iterable[str]], rows: int, most: int, unless: set[str] | None = None) -> list[str]:
    """Names that at least LEAST of the rows have, and two. A key that nearly all have says as little as one that hardly any has."""
    counts = Counter(name for each in among for name in set(each) if not unless or name not in unless)
    often = [(-min(count, len(among) - count), name) for name, count in counts.items() if count >= max(2, LEAST * rows)]
    return [name for _, name in sorted(often)[:most]]


def _prose(seen: Sequence[Looks | None]) -> list[Column]:
    found = [
        _each("capitals", seen, lambda each: each.capitals),
        _each("starts with capital", seen, lambda each: each.starts_with_capital),
        _each("letters beyond ASCII", seen, lambda each: each.letters_beyond_ascii),
        _each("digits", seen, lambda each: each.digits),
        _each("punctuation", seen, lambda each: each.punctuation),
        _each("end mark", seen, lambda each: each.end_mark),
        _each("cut off", seen, lambda each: each.cut_off),
        _each("fragment", seen, lambda each: each.fragment),
        _each("repeats", seen, lambda each: each.repeats),
        _each("code", seen, lambda each: each.code),
        _each("link", seen, lambda each: each.link),
    ]
    marked = [None if each is None else each.marked for each in seen]
    found.append(_column("markdown", (None if each is None else bool(each) for each in marked)))
    return found + [_column(f"markdown: {name}", (None if each is None else name in each for each in marked)) for name in MARKDOWN]


def _languages(seen: Sequence[Looks | None]) -> list[Column]:
    told = [None if each is None else each.language for each in seen]
    found = [_column("language: not told", (None if each is None else each == "" for each in told))]
    sure = [each or None for each in told]
    names = _frequent([{each} for each in sure if each is not None], len(seen), MOST_VALUES)
    return found + [_column(f"language: {name}", (None if each is None else each == name for each in sure)) for name in names]


def _words(seen: Sequence[Looks | None]) -> list[Column]:
    told = Counter(each.language for each in seen if each is not None and each.language)
    english = told["en"] == max(told.values(), default=0)  # what most texts are in is what those are taken for that do not tell
    words: list[frozenset[str] | None] = []
    for each in seen:
        apt = each is not None and not each.code and (each.language == "en" or (english and not each.language))
        words.append(each.plain_words if apt and each is not None else None)
    found = unknown(words, bundled()) if any(words) else Unknown(frozenset(), frozenset())
    enough = [each if each and len(each) >= _LEAST_WORDS else None for each in words]
    names = {"typos": found.typos, "unknown words": found.typos | found.others}
    return [_column(name, (None if each is None else len(each & wrong) / len(each) for each in enough)) for name, wrong in names.items()]


def _prompts(rows: Sequence[Row]) -> list[Column]:
    found = [_column("turns", (row.turns for row in rows))]
    roles = [set(row.roles) if row.roles else None for row in rows]
    return found + _presence("role", roles)


def _replies(rows: Sequence[Row], seen: Sequence[Looks | None], texts: Sequence[str | None]) -> list[Column]:
    tools = [set(row.tools) if row.tools or row.turns is not None or row.finish_reason else None for row in rows]
    found = [_column("tools used", (None if each is None else bool(each) for each in tools)), *_presence("tool", tools)]
    found += _presence("finish reason", [{row.finish_reason} if row.finish_reason else None for row in rows])
    found.append(_column("refusal", (None if each is None or text is None or each.empty else refused(text) for each, text in zip(seen, texts, strict=True))))
    found.append(_column("violations", (row.violations for row in rows)))
    return found


def _presence(sort: str, values: Sequence[set[str] | None]) -> list[Column]:
    names = _frequent([each for each in values if each is not None], len(values), MOST_VALUES)
    return [_column(f"{sort}: {shown(name)}", (None if each is None else name in each for each in values)) for name in names]


