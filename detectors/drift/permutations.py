"""Who counts as the window's: what was observed, and what could as well have been observed if nothing had changed.

Exchangeable are conversations, not rows: all rows of a session move together, and a row without a session moves by itself. Sessions move within their
stratum only (`strata`), so that what is known to differ and is not in question, such as which rows have an output, stays as it is in every permutation.

Equal texts are not taken out beforehand: the larger sample would lose more of its rows, and the two would no longer be exchangeable. Instead every text counts
once on each side on which it occurs, and that is counted anew under every permutation (`Distinct`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import ks_2samp

from detectors.drift.base import Labels

BLOCK = 500  # columns at once: with 4,000 rows, 8 MB a matrix
_UNEQUAL = 0.001  # so seldom are samples thinned whose sessions are in truth alike


def unit_numbers(sessions: Sequence[str], in_window: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(n,), from 0: equal for rows of one session on one side; a row whose session is "" has a number of its own."""
    seen: dict[Hashable, int] = {}
    keys = ((bool(side), session) if session else row for row, (session, side) in enumerate(zip(sessions, in_window, strict=True)))
    return np.fromiter((seen.setdefault(key, len(seen)) for key in keys), dtype=np.int64, count=len(sessions))


def sizes_differ(units: NDArray[np.int64], in_window: NDArray[np.bool_]) -> bool:
    """Whether sessions are longer on one side: then rows of long sessions would be the window's (or the baseline's) more often than by chance, whatever they say."""
    if not len(units):
        return False
    sizes = np.bincount(units)
    sides = np.zeros(len(sizes), dtype=bool)
    sides[units] = in_window
    if sizes.max() == 1 or sides.all() or not sides.any():
        return False
    return bool(ks_2samp(sizes[sides], sizes[~sides], method="asymp").pvalue < _UNEQUAL)


def thinned(units: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """One row of each unit, drawn at random: positions, rising."""
    order = rng.permutation(len(units))
    _, first = np.unique(units[order], return_index=True)
    return np.sort(order[first])


class Shuffle:
    """Labels, block by block; the same columns whatever the blocks' width.

    units: (n,) from 0, as of `unit_numbers`.  in_window: (n,), equal within a unit.  strata: (n,) int, that of a unit is its first row's; None: one.
    """

    def __init__(self, units: NDArray[np.int64], in_window: NDArray[np.bool_], seed: int, strata: NDArray[np.int64] | None = None) -> None:
        self._units = units
        _, first = np.unique(units, return_index=True)
        self._observed = in_window[first].astype(np.float32)
        of_unit = np.zeros(len(first), dtype=np.int64) if strata is None else strata[first]
        self._strata = [np.flatnonzero(of_unit == stratum) for stratum in np.unique(of_unit)]
        self._generators = [np.random.default_rng([seed, number]) for number in range(len(self._strata))]
        self._drawn = 0

    def blocks(self, columns: int, block: int = BLOCK) -> Iterator[Labels]:
        """The next `columns` columns, (n, up to `block`) at a time. The very first column is what was observed."""
        while columns > 0:
            width = min(block, columns)
            yield self._next(width)
            columns -= width

    def _next(self, width: int) -> Labels:
        units = np.empty((width, len(self._observed)), dtype=np.float32)
        start = 0 if self._drawn else 1
        units[:start] = self._observed
        for rng, members in zip(self._generators, self._strata, strict=True):
            units[start:, members] = rng.permuted(np.broadcast_to(self._observed[members], (width - start, len(members))), axis=1)
        self._drawn += width
        return np.ascontiguousarray(units.T)[self._units]


class Distinct:
    """Rows by what they say: equal rows are one node. of: (n,) the row's node, numbered as they first occur.  first: (m,) a node's first row."""

    def __init__(self, keys: Sequence[Hashable]) -> None:
        numbers: dict[Hashable, int] = {}
        self.of = np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), dtype=np.int64, count=len(keys))
        _, self.first = np.unique(self.of, return_index=True)
        self._sizes = np.bincount(self.of).astype(np.float32)[:, None]
        ones = np.ones(len(keys), dtype=np.float32)
        self._rows = csr_array((ones, (self.of, np.arange(len(keys)))), shape=(len(numbers), len(keys)))

    def __len__(self) -> int:
        return len(self.first)

    @property
    def single(self) -> NDArray[np.bool_]:
        """(m,): nodes of one row."""
        found: NDArray[np.bool_] = self._sizes[:, 0] == 1
        return found

    def presence(self, labels: Labels) -> tuple[Labels, Labels]:
        """(m, p) twice: 1 where a node occurs in the window, 1 where it occurs in the baseline."""
        if len(self.first) == labels.shape[0]:
            return labels, 1 - labels
        counts = self._rows @ labels
        return (counts > 0).astype(np.float32), (counts < self._sizes).astype(np.float32)
