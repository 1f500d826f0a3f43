"""Is it the topics that moved, or only the looks of the texts? Truncated, misspelt or wrapped texts lie elsewhere for an embedding, and look like a new topic.

Matching rows by their structural features does not tell the two apart: a short slip that no feature counts still moves a vector. Words do. A new topic brings words of its
own: many of its texts have one that the window as a whole has more of than the baseline, and that the rest of the window seldom has. A change of looks brings none:
slips are all different, a cut text has fewer words, what a wrapper adds is all over the window. So, once structure is significant, topics are told that words bear out.

Each text is read twice, whole and without its last word, and a word must bear a topic out in both: a cut makes a new word of the last one, and in a text that is said twice the
last word stands before the last, too; read in one way only, the words that often come last would seem to have grown.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detectors.drift.base import Topic
from detectors.drift.keywords import terms
from detectors.drift.scan import log_likelihood_ratio

_COVERS, _TEXTS = 0.25, 3  # of the topic's texts: such a part, and so many, must have the word; one slip in four texts is no word of theirs
_LIFT = 3.0  # times more often than the rest of its sample
_SURE = 12.0  # nats by which the word has become more (less) frequent: by chance once in a hundred thousand words; of a topic of 25 rows a word of half of them has 20
_USUAL = 5  # texts of the baseline; words so frequent tell how much all words have become rarer


class Words:
    """texts: (n,) of both samples.  in_window: (n,)."""

    def __init__(self, texts: Sequence[str], in_window: NDArray[np.bool_]) -> None:
        numbers: dict[str, int] = {}
        whole = [_numbered(text, numbers) for text in texts]
        before = [_numbered(_without_last(text), numbers) for text in texts]
        self._in_window = in_window
        self._readings = [_Reading(held, max(len(numbers), 1), in_window) for held in (whole, before)]

    def bear_out(self, topic: Topic, members: NDArray[np.bool_]) -> bool:
        """members: (n,) the topic's rows, of both samples."""
        more = topic.direction in ("new", "grown")
        sample = self._in_window if more else ~self._in_window
        own, rest = members & sample, sample & ~members
        return bool(np.any(np.logical_and.reduce([reading.own_words(own, rest, 1 if more else -1) for reading in self._readings])))


class _Reading:
    """held: (n,) numbers of each text's words, below `words`."""

    def __init__(self, held: Sequence[Sequence[int]], words: int, in_window: NDArray[np.bool_]) -> None:
        starts = np.concatenate([[0], np.cumsum([len(each) for each in held])]).astype(np.int64)
        columns = np.array([number for each in held for number in each], dtype=np.int64)
        self._of = csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(held), words))
        self._gain = _gains(self._counts(in_window), self._counts(~in_window), int(in_window.sum()), int((~in_window).sum()))

    def _counts(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = rows.astype(np.float32) @ self._of
        return found

    def own_words(self, own: NDArray[np.bool_], rest: NDArray[np.bool_], sign: int) -> NDArray[np.bool_]:
        """(words,): which have become more frequent (sign -1: less), are many of the own rows' and seldom the rest's."""
        count = self._counts(own)
        inside, outside = count / max(int(own.sum()), 1), self._counts(rest) / max(int(rest.sum()), 1)
        found: NDArray[np.bool_] = (sign * self._gain >= _SURE) & (count >= _TEXTS) & (inside >= _COVERS) & (inside >= _LIFT * outside)
        return found


def _gains(window: NDArray[np.float32], baseline: NDArray[np.float32], rows_window: int, rows_baseline: int) -> NDArray[np.float32]:
    """Signed, (words,): how much more of the window's texts have a word than of the baseline's; losses beside what all usual words have lost."""
    share = rows_window / (rows_window + rows_baseline)
    usual = baseline >= _USUAL
    kept = (window[usual].sum() / rows_window) / max(baseline[usual].sum() / rows_baseline, 1e-9) if usual.any() else 1.0
    less = min(float(kept), 1.0) * share
    both = window + baseline
    more = log_likelihood_ratio(window, both, both * np.float32(share))
    lost = log_likelihood_ratio(window, both, both * np.float32(less / (less + 1 - share)))
    return np.where(more > 0, more, np.minimum(lost, 0))


def _numbered(text: str, numbers: dict[str, int]) -> list[int]:
    """Pairs of words are too many, and a wrapper makes new ones."""
    return [numbers.setdefault(term, len(numbers)) for term in sorted(terms(text)) if " " not in term]


def _without_last(text: str) -> str:
    return text.rpartition(" ")[0] or text
