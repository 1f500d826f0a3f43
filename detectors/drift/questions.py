"""What is asked of two samples: each aspect as statistics over the rows that can answer it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detectors.drift.base import Labels, Row, Side, Vectors
from detectors.drift.pairs import Pairs
from detectors.drift.semantic import Semantic
from detectors.drift.structure import Table, gaps, table
from detectors.drift.structure_json import shape

LEAST_ROWS, LEAST_UNITS = 30, 20
_LEAST_DISTINCT = 20  # texts, in both samples together, under which nothing can be said of topics
_DIGIT, _BLANK = re.compile(r"\d+"), re.compile(r"\s+")
_SELDOM = 0.1  # of one sample's rows have an output, and more of the other's: then inputs go first
_LONGEST_KEY = 4000  # characters; texts that are equal so far are taken as equal

Embed = Callable[[list[str]], Vectors]


class Statistics(Protocol):
    """names: of the statistics.  values: (n, p) labels to (len(names), p), larger is more extreme."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def values(self, labels: Labels) -> NDArray[np.float64]: ...


class Structure:
    """The gaps of structural features, squared: so their tails are those of the other statistics."""

    def __init__(self, features: Table) -> None:
        self.table = features

    @property
    def names(self) -> tuple[str, ...]:
        return self.table.names

    def values(self, labels: Labels) -> NDArray[np.float64]:
        return np.square(gaps(self.table, labels)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Question:
    """name: of the aspect.  rows: places in the pooled sample, rising; the statistics' rows.  texts: of those rows; empty for pairs."""

    name: str
    rows: NDArray[np.int64]
    statistics: Statistics
    texts: tuple[str, ...] = ()


def same(text: str) -> str:
    """What is equal for equal texts: NFKC, no case, blanks as one, every number as 0."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST_KEY]).casefold()
    return _DIGIT.sub("0", _BLANK.sub(" ", plain)).strip()


def spoken(text: str) -> str:
    """What a text is about: of JSON the sentences among its values. An embedding of the whole would be that of its wrapper, and another wrapper would hide a new topic."""
    if text.lstrip()[:1] not in ("{", "[", "`"):
        return text
    return "\n".join(string for string in shape(text).strings if " " in string.strip()) or text


class Asked:
    """Makes the questions. rows: pooled, the baseline's first.  in_window, units: (n,), as in permutations.py.  embed: texts to unit vectors, once for each distinct text."""

    def __init__(self, rows: Sequence[Row], in_window: NDArray[np.bool_], units: NDArray[np.int64], embed: Embed, seed: int) -> None:
        self._rows, self._in_window, self._units, self._embed, self._seed = rows, in_window, units, embed, seed
        self.notes: list[str] = []
        self._sides: list[Side] = []

    def all(self) -> list[Question]:
        """Every question that the samples can answer; `notes` says of the others why not."""
        found = []
        vectors: dict[Side, Vectors] = {}
        sides: tuple[tuple[Side, str], ...] = (("input", ""), ("output", "output_"))
        for side, prefix in sides:
            there = self._has(side)
            if there.any() and self._enough(there, f"{side}s") and not (vectors and self._seldom(there, side)):
                self._sides.append(side)
                at = np.flatnonzero(there)
                looks = table([self._rows[int(i)] for i in at], side)
                if looks.names:
                    found.append(Question(f"{prefix}structure", at, Structure(looks)))
                vectors[side] = self._vectors(side)
                found += self._topics(side, f"{prefix}topics", vectors[side])
        if len(vectors) == 2:
            found += self._pairs(vectors["input"], vectors["output"])
        return found

    def recorded(self) -> NDArray[np.int64]:
        """(n,) strata, after `all`: what rows have (an input, an output) is how they were recorded, not what is asked. Of sides that are not asked about it does not matter:
        a baseline of inputs alone could else not be permuted with traffic that has outputs."""
        found = np.zeros(len(self._rows), dtype=np.int64)
        for side in self._sides:
            found = 2 * found + self._has(side)
        return found

    def _has(self, side: Side) -> NDArray[np.bool_]:
        return np.array([row.text(side) is not None for row in self._rows], dtype=np.bool_)

    def _seldom(self, there: NDArray[np.bool_], side: Side) -> bool:
        """Whether so few rows of one sample have it that permuting within those that do would leave the inputs next to nothing to permute."""
        shares = sorted(float(there[sample].mean()) for sample in (~self._in_window, self._in_window))
        if seldom := shares[0] < _SELDOM <= shares[1]:
            self.notes.append(f"{side.capitalize()}s were not compared: only {100 * shares[0]:.1f} % of one sample's rows have one.")
        return seldom

    def _topics(self, side: Side, name: str, vectors: Vectors) -> list[Question]:
        there = np.any(vectors != 0, axis=1)
        if not self._enough(there, f"{side}s with a text"):
            return []
        at = np.flatnonzero(there)
        rows = [self._rows[int(i)] for i in at]
        texts = [row.text(side) or "" for row in rows]
        # An answer is what is said to a question: the same refusal to a hundred questions is a hundred refusals.
        keys = [(same(text), same(row.input or "") if side == "output" else "") for row, text in zip(rows, texts, strict=True)]
        if len({key[0] for key in keys}) < _LEAST_DISTINCT:
            self.notes.append(f"The topics of {side}s were not compared: there are fewer than {_LEAST_DISTINCT} distinct texts.")
            return []
        return [Question(name, at, Semantic(vectors[at], keys, self._seed), tuple(texts))]

    def _pairs(self, inputs: Vectors, outputs: Vectors) -> list[Question]:
        there = np.any(inputs != 0, axis=1) & np.any(outputs != 0, axis=1)
        if not self._enough(there, "pairs of input and output"):
            return []
        at = np.flatnonzero(there)
        keys = [(same(self._rows[int(i)].input or ""), same(self._rows[int(i)].output or "")) for i in at]
        if len(set(keys)) < _LEAST_DISTINCT:
            return []
        return [Question("pairs", at, Pairs(inputs[at], outputs[at], keys))]

    def _enough(self, there: NDArray[np.bool_], what: str) -> bool:
        said = too_small(there, self._in_window, self._units)
        if said:
            self.notes.append(f"{what[0].upper()}{what[1:]} were not compared: {said}.")
        return not said

    def _vectors(self, side: Side) -> Vectors:
        """(n, d), zeros where there is nothing to embed."""
        numbers: dict[str, int] = {}
        said = {text: spoken(text) for row in self._rows if (text := row.text(side))}
        places = [numbers.setdefault(said[text], len(numbers)) if (text := row.text(side)) and text.strip() else -1 for row in self._rows]
        made = np.asarray(self._embed(list(numbers)), dtype=np.float32) if numbers else np.zeros((0, 1), dtype=np.float32)
        if made.ndim != 2 or len(made) != len(numbers):
            raise ValueError(f"vectors of shape {made.shape} for {len(numbers)} texts")
        if not np.isfinite(made).all():
            raise ValueError("vectors with values that are no numbers")
        made = made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
        found: Vectors = np.concatenate([made, np.zeros((1, made.shape[1]), dtype=np.float32)]).astype(np.float32)[places]
        return found


def too_small(there: NDArray[np.bool_], in_window: NDArray[np.bool_], units: NDArray[np.int64]) -> str:
    """Why rows that are `there` are too few, in words; "" if they are not.

    Fewer than 20 independent units on each side could not reach small p-values in anything but the grossest change, and of fewer than 30 rows a share is known to no
    better than some 15 points.
    """
    for name, side in (("the baseline", ~in_window), ("the window", in_window)):
        rows = int((there & side).sum())
        if rows < LEAST_ROWS:
            return f"{name} has {rows} of them, and at least {LEAST_ROWS} are needed on each side"
        of = len(np.unique(units[there & side]))
        if of < LEAST_UNITS:
            return f"those of {name} come from {of} conversation{'s' * (of != 1)}, and at least {LEAST_UNITS} are needed on each side"
    return ""
