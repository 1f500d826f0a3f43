"""Topics keep their identity over runs: the same centre, as far as samples allow, is the same topic.

Intents of CLINC150, two disjoint samples of each: with 10 rows, .95 of all centres have a cosine of at least .80 with their own other sample (20 rows: .99;
40: 1.00; 5: .67), while .05 (.13; .16; .03) have one so high with the nearest other intent. One to one, the most alike first, that hardly matters: every
topic above the threshold was matched to itself. A topic that was away for some runs is still known. Pure.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from detectors.drift.base import Topic

SAME = 0.8  # cosine of two centres


class Known(Protocol):
    """A topic of an earlier run. centre: of any length but 0, of the same model. The same id may come several times, once per run: then their mean counts."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def aspect(self) -> str: ...
    @property
    def first_seen(self) -> dt.datetime: ...
    @property
    def centre(self) -> Sequence[float] | NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """known: it was seen in an earlier run."""

    id: uuid.UUID
    first_seen: dt.datetime
    known: bool


def identified(topics: Sequence[Topic], known: Sequence[Known], *, run: uuid.UUID, now: dt.datetime) -> list[Identity]:
    """Who each topic is, in order; no two of an aspect are the same.

    run: of these topics; new ids are made from it and the topic's place in the list, so that a repetition gives the same ones.  now: first seen, of a new one.
    What has another number of coordinates, or another aspect, is never the same.
    """
    found = [Identity(uuid.uuid5(run, f"{topic.aspect} {rank}"), now, False) for rank, topic in enumerate(topics)]
    for aspect in sorted({topic.aspect for topic in topics}):
        places = [place for place, topic in enumerate(topics) if topic.aspect == aspect]
        for size in sorted({len(topics[place].centre) for place in places}):
            ours = [place for place in places if len(topics[place].centre) == size]
            theirs = _together([one for one in known if one.aspect == aspect and len(one.centre) == size])
            for at, other in _pairs(np.stack([topics[place].centre for place in ours]), theirs):
                found[ours[at]] = Identity(other.id, other.first_seen, True)
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    id: uuid.UUID
    first_seen: dt.datetime
    centre: NDArray[np.float64]


def _together(known: Sequence[Known]) -> list[_Past]:
    by_id: dict[uuid.UUID, list[Known]] = {}
    for one in known:
        by_id.setdefault(one.id, []).append(one)
    return [_Past(some[0].id, min(one.first_seen for one in some), np.mean([_unit(np.asarray(one.centre, dtype=np.float64)) for one in some], axis=0)) for some in by_id.values()]


def _pairs(centres: NDArray[np.float32], past: Sequence[_Past]) -> list[tuple[int, _Past]]:
    if not past:
        return []
    alike = np.stack([_unit(centre) for centre in centres.astype(np.float64)]) @ np.stack([_unit(one.centre) for one in past]).T
    rows, columns = linear_sum_assignment(np.where(alike >= SAME, alike, 0.0), maximize=True)
    return [(int(row), past[column]) for row, column in zip(rows, columns, strict=True) if alike[row, column] >= SAME]


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.zeros_like(vector)
