"""Structural features as a table, and how far two labelled parts of it are apart, for many labellings at once.

NaN means that a question does not arise in a row (the keys of what is no JSON, the finish reason where none was recorded). Such rows are left out of
that feature: its distributions are those of the rows that have an answer. Whether they have one is a feature of its own (`JSON`, `empty`), so a
shift from answer to none is seen there. A permutation moves the NaN with its row, so a test on these gaps stays exact.

Pure; numpy and scipy. Kolmogorov-Smirnov distances are exact for features of up to BINS distinct values and else taken at BINS - 1 of the values,
evenly spread over the pooled rows (at most 1 / BINS of them lie between two): too small by no more than that, and by the same rule in each labelling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detectors.drift.base import Labels

BINS = 64
_BLOCK = 256  # columns of labels at a time: 64 bins x 40 features x 256 of float32 are 2.6 MB


@dataclass(frozen=True)
class Table:
    """names: (f,) the features, closed words but for names of keys, tools and the like.  values: (n, f) float64, rows as they came; NaN: see above."""

    names: tuple[str, ...]
    values: NDArray[np.float64]

    def column(self, name: str) -> NDArray[np.float64]:
        """(n,); KeyError if there is no such feature."""
        if name not in self.names:
            raise KeyError(name)
        found: NDArray[np.float64] = self.values[:, self.names.index(name)]
        return found

    @cached_property
    def bins(self) -> Bins:
        """What `gaps` needs of it, worked out once: the same for each block of labels."""
        same, distinct = _merged([_binned(column) for column in self.values.T])
        sizes = [int(column.max(initial=-1)) + 1 for column in distinct]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.array(sizes, dtype=np.int64))])
        rows = np.concatenate([column[column >= 0].astype(np.int64) + start for column, start in zip(distinct, starts[:-1], strict=True)])
        columns = np.concatenate([np.flatnonzero(column >= 0) for column in distinct])
        held = csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(int(starts[-1]), len(self.values)))
        return Bins(same, held, starts, np.bincount(rows, minlength=int(starts[-1])).astype(np.float32))


class Bins(NamedTuple):
    """Which row is in which bin of which column; columns that are equal stand once. same: (f,) the column that a feature is.  held: sparse (bins of all columns, n) of 1.
    starts: (columns + 1,) where each one's bins begin.  counts: rows in each bin."""

    same: list[int]
    held: csr_array
    starts: NDArray[np.int64]
    counts: NDArray[np.float32]


def covariates(table: Table) -> NDArray[np.float64]:
    """The table for a model of which rows look like the window's, (n, g): each feature as its mid-rank, scaled to mean 0 and variance 1 over the pooled
    rows; NaN is 0, their mean. Left out: what is the same in all rows, and languages, since what is asked in another language is news by itself."""
    columns = []
    for name, column in zip(table.names, table.values.T, strict=True):
        known = ~np.isnan(column)
        if not known.any() or name.startswith("language: ") or name == "letters beyond ASCII":
            continue
        ranks = np.zeros(len(column))
        ranks[known] = _ranks(column[known])
        spread = float(ranks[known].std())
        if spread > 0:
            ranks[known] /= spread
            columns.append(ranks)
    return np.stack(columns, axis=1) if columns else np.empty((len(table.values), 0))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mid-ranks about 0."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    centred: NDArray[np.float64] = (middle - (len(values) + 1) / 2)[inverse]
    return centred


def gaps(table: Table, labels: Labels) -> NDArray[np.float32]:
    """How far the window's rows are from the baseline's, by feature and labelling, float32 (f, p).

    labels: (n, p), 1 where a row is the window's. ValueError if the rows are not those of the table.

    A gap is the Kolmogorov-Smirnov distance of the rows that have an answer, times the square root of what they weigh, m k / (m + k), by what is to
    be expected of a labelling of this size: 1, so the distance itself, where every row has one. Without that the few answers that a labelling may
    leave to one side would make its distances large. No rows of one side: 0. A gap follows from the table and its own labelling, so blocks of
    labellings may be asked one after another.
    """
    n, p = labels.shape
    if n != len(table.values):
        raise ValueError(f"labels of {n} rows for a table of {len(table.values)}")
    found = np.zeros((len(table.names), p), dtype=np.float32)
    if not table.names or n == 0:
        return found
    for start in range(0, p, _BLOCK):
        block = np.ascontiguousarray(labels[:, start : start + _BLOCK], dtype=np.float32)
        found[:, start : start + _BLOCK] = _distances(table.bins, block)[table.bins.same]
    return found


def _binned(column: NDArray[np.float64]) -> NDArray[np.int16]:
    """The bin of each row, rising with the value, from 0; -1: NaN."""
    found = np.full(len(column), -1, dtype=np.int16)
    known = ~np.isnan(column)
    values = column[known]
    distinct = np.unique(values)
    if len(distinct) > BINS:
        ordered = np.sort(values)
        distinct = np.unique(ordered[np.arange(BINS) * len(ordered) // BINS])
    found[known] = np.searchsorted(distinct, values, side="right") - 1
    return found


def _merged(bins: Sequence[NDArray[np.int16]]) -> tuple[list[int], list[NDArray[np.int16]]]:
    """Which of the distinct columns each is; and those."""
    places: dict[bytes, int] = {}
    distinct: list[NDArray[np.int16]] = []
    same = []
    for column in bins:
        key = column.tobytes()
        if key not in places:
            places[key] = len(distinct)
            distinct.append(column)
        same.append(places[key])
    return same, distinct


def _distances(bins: Bins, labels: Labels) -> NDArray[np.float32]:
    """Weighed Kolmogorov-Smirnov distances, (columns, p)."""
    window = bins.held @ labels  # (bins of all columns, p): counts, whole numbers far below 2**24
    share = labels.mean(axis=0)
    found = np.zeros((len(bins.starts) - 1, labels.shape[1]), dtype=np.float32)
    for index, (start, end) in enumerate(pairwise(bins.starts)):
        if start == end:
            continue
        below = np.cumsum(window[start:end], axis=0)
        below_both = np.cumsum(bins.counts[start:end])[:, None]
        m, both = below[-1], below_both[-1]
        k = both - m
        distance = np.abs(below / np.maximum(m, 1) - (below_both - below) / np.maximum(k, 1)).max(axis=0)
        expected = np.maximum(both * share * (1 - share), 1e-12)
        found[index] = np.where((m > 0) & (k > 0), distance * np.sqrt(m * k / both / expected), 0)
    return found
