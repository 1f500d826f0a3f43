"""Entities from what a spaCy NER model has computed: its moves chosen for a batch of documents at once.

The model goes over a document from left to right and makes one move for each token: O (no entity), U (an entity by itself), B (one begins), I (it
goes on), L (it ends). Outside an entity a move depends on the token alone, so all tokens of a batch are scored in one multiplication. Inside
one it depends on where that began: there documents advance together, one token of each at a time. All of it is linear in the tokens.

Which moves there are, what they depend on and which may be made is spaCy's (pipeline/_parser_internals/ner.pyx, _state.pxd and ml/parser_model.pyx
of 3.8), and so is the outcome: a test holds it against spaCy's own. Its own loop takes the interpreter's lock 36 times for each token,
which was half of the model's cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

_Span = tuple[int, int, int]  # first token, last token, move that began it
_FEATURES = 3  # tokens that a score depends on: this one, the entity's first, the one before this one; -1: there is none


class Moves:
    """Of one NER component. Raises ValueError if its model is of a shape that is not known here."""

    def __init__(self, component: Any) -> None:
        self._model = component.model
        names = [component.moves.get_class_name(number) for number in range(component.moves.n_moves)]
        numbers = {name: number for number, name in enumerate(names)}
        if "O" not in numbers or self._model.get_ref("lower").get_dim("nF") != _FEATURES or self._model.attrs["unseen_classes"]:
            raise ValueError("an entity model of a shape that is not known here")
        self._labels = [name[2:] for name in names]  # a move without one is for entities that are there before, and there are none
        self._out = numbers["O"]
        self._begins = np.array([name.startswith("B-") and len(name) > 2 for name in names])
        self._inside = np.array([name != "O" and not (name[:2] in ("B-", "U-") and len(name) > 2) for name in names])  # never made outside an entity
        self._on = np.array([numbers.get(f"I-{label}", 0) for label in self._labels])  # by the move that began the entity
        self._last = np.array([numbers.get(f"L-{label}", 0) for label in self._labels])

    def find(self, docs: Sequence[Any]) -> list[list[tuple[int, int, str]]]:
        """(start, end, label) of the entities of each document, in characters, end exclusive."""
        ends = list(accumulate(map(len, docs)))
        if not ends or not ends[-1]:
            return [[] for _ in docs]
        found: list[list[tuple[int, int, str]]] = []
        base = 0
        for doc, end, spans in zip(docs, ends, self._spans(self._model.predict(docs), docs, ends), strict=True):
            found.append([(*_characters(doc, first - base, last - base), self._labels[move]) for first, last, move in spans])
            base = end
        return found

    def _spans(self, step: Any, docs: Sequence[Any], ends: list[int]) -> list[list[_Span]]:
        """For each document; tokens are counted over all documents here."""
        moves = self._outside(step, ends)
        waiting = self._waiting(docs, ends, np.flatnonzero(moves != self._out).tolist())
        found: list[list[_Span]] = [[] for _ in docs]
        opened: list[tuple[int, int, int]] = []  # (document, token that is next, first token)
        for which in range(len(docs)):
            self._advance(which, -1, moves, waiting, found, opened)
        while opened:
            scores = _scores(step, np.array([(at, first, at - 1) for _, at, first in opened], dtype="i"))
            began, rows = moves[[first for *_, first in opened]], np.arange(len(opened))
            further = (scores[rows, self._on[began]] >= scores[rows, self._last[began]]).tolist()
            before, opened = opened, []
            for (which, at, first), goes_on in zip(before, further, strict=True):
                if goes_on and at + 1 < ends[which]:
                    opened.append((which, at + 1, first))
                    continue
                found[which].append((first, at, int(moves[first])))
                self._advance(which, at, moves, waiting, found, opened)
        return found

    def _outside(self, step: Any, ends: list[int]) -> Any:
        """The best move at each token, if no entity is open there."""
        ids = np.full((ends[-1], _FEATURES), -1, dtype="i")
        ids[:, 0] = np.arange(ends[-1])
        scores = _scores(step, ids)
        scores[:, self._inside] = -np.inf
        last = np.array([end - 1 for end in ends if end])
        scores[last[:, None], np.flatnonzero(self._begins)] = -np.inf  # nothing goes on beyond the last token of a document
        return scores.argmax(axis=1)

    def _waiting(self, docs: Sequence[Any], ends: list[int], marked: list[int]) -> list[list[int]]:
        """Of each document the tokens at which an entity can begin, the next one last. White space begins none."""
        waiting: list[list[int]] = []
        marked.reverse()
        for doc, end in zip(docs, ends, strict=True):
            mine = []
            while marked and marked[-1] < end:
                token = marked.pop()
                if not doc[token - end].is_space:
                    mine.append(token)
            mine.reverse()
            waiting.append(mine)
        return waiting

    def _advance(self, which: int, after: int, moves: Any, waiting: list[list[int]], found: list[list[_Span]], opened: list[tuple[int, int, int]]) -> None:
        """Go on in a document, past entities of one token, to the next one that begins."""
        while waiting[which]:
            at = waiting[which].pop()
            if at <= after:
                continue
            if self._begins[moves[at]]:
                opened.append((which, at + 1, at))
                return
            found[which].append((at, at, int(moves[at])))

def _scores(step: Any, ids: Any) -> Any:
    """(rows, moves), for (rows, features) of token numbers."""
    hidden, _ = step.state2vec(ids, False)
    return step.vec2scores.predict(hidden)


def _characters(doc: Any, first: int, last: int) -> tuple[int, int]:
    return doc[first].idx, doc[last].idx + len(doc[last])
