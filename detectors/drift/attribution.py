"""Is it the topics that moved, or only the looks of the texts? Truncated, misspelt or wrapped texts lie elsewhere for an embedding, and look like a new topic.

Matching rows by their structural features does not tell the two apart: a short slip that no feature counts still moves a vector. Words do. A new topic brings words of its
own: many of its texts have one that the window as a whole has more of than the baseline, and that the rest of the window seldom has. A change of looks brings none:
slips are all different, a cut text has fewer words, what a wrapper adds is all over the window. So, once structure is significant, topics are told that words bear out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detectors.drift.base import Topic
from detectors.drift.keywords import terms
from detectors.drift.scan import log_likelihood_ratio

_COVERS = 0.25  # of the topic's texts: as many must have the word
_LIFT = 3.0  # times more often than the rest of its sample
_SURE = 12.0  # nats by which the word has become more (less) frequent: by chance once in a hundred thousand words; of a topic of 25 rows a word of half of them has 20
_USUAL = 5  # texts of the baseline; words so frequent tell how much all words have become rarer


class Words:
    """texts: (n,) of both samples.  in_window: (n,)."""

    def __init__(self, texts: Sequence[str], in_window: NDArray[np.bool_]) -> None:
        numbers: dict[str, int] = {}
        held = [[numbers.setdefault(term, len(numbers)) for term in sorted(terms(_whole(text))) if " " not in term] for text in texts]  # pairs of words are too many, and a wrapper makes new ones
        starts = np.concatenate([[0], np.cumsum([len(each) for each in held])]).astype(np.int64)
        columns = np.array([number for each in held for number in each], dtype=np.int64)
        self._in_window = in_window
        self._of = csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(texts), max(len(numbers), 1)))
        self._window, self._baseline = self._counts(in_window), self._counts(~in_window)
        self._gain = self._gains()

    def _counts(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = rows.astype(np.float32) @ self._of
        return found

    def _gains(self) -> NDArray[np.float32]:
        """Signed, (words,): how much more of the window's texts have a word than of the baseline's; losses beside what all usual words have lost."""
        share = float(self._in_window.mean())
        usual = self._baseline >= _USUAL
        kept = (self._window[usual].sum() / self._in_window.sum()) / max(self._baseline[usual].sum() / (~self._in_window).sum(), 1e-9) if usual.any() else 1.0
        less = min(float(kept), 1.0) * share
        both = self._window + self._baseline
        more = log_likelihood_ratio(self._window, both, both * np.float32(share))
        lost = log_likelihood_ratio(self._window, both, both * np.float32(less / (less + 1 - share)))
        return np.where(more > 0, more, np.minimum(lost, 0))

    def bear_out(self, topic: Topic, members: NDArray[np.bool_]) -> bool:
        """members: (n,) the topic's rows, of both samples."""
        more = topic.direction in ("new", "grown")
        sample = self._in_window if more else ~self._in_window
        own = members & sample
        rest = sample & ~members
        if not own.any():
            return False
        inside = self._counts(own) / own.sum()
        outside = self._counts(rest) / max(int(rest.sum()), 1)
        moved = self._gain >= _SURE if more else self._gain <= -_SURE
        return bool(np.any(moved & (inside >= _COVERS) & (inside >= _LIFT * outside)))


def _whole(text: str) -> str:
    """Without the last word, which may be the beginning of one."""
    return text.rpartition(" ")[0] or text
