"""A batch: exchanges that are inserted together, and the name that they have for ever.

The id is a hash over which frames they were made from, so the same frames give the same id, whoever composes the batch again and whatever
the rows look like by then. It is a column of every row and the insert's deduplication token (trap 8 of FAILURES: a token must never meet
other rows).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gateway.exchange import Exchange
from gateway.record.checkpoint import Announced
from gateway.record.stream import Item, Stream

_ITEM = struct.Struct("<16sBIQI")


@dataclass(slots=True)
class Batch:
    """items: by stream, each stream's in order.  rows, exchanges: one each, once prepared.

    resumed: announced before a restart, so some rows may be stored already.  changed: it lost frames since it was announced, so its id is not
    bound to its rows any more.  present: ids of rows known to be stored.  unsure: they are, but the rollup may lack them.
    kept: exchanges of which no row could be made, and whose frames are in quarantine.  unmade: those that found no room there.
    again: what makes the tokens of rows that are given once more others than those before; "": they are not.
    """

    id: str
    items: dict[Stream, list[Item]]
    resumed: bool = False
    changed: bool = False
    present: set[str] = field(default_factory=set)
    unsure: bool = False
    kept: int = 0
    unmade: int = 0
    again: str = ""
    oldest_end: float = 0.0  # when the exchange that ended first did, seconds since the epoch; 0: not known
    rows: dict[str, bytes] = field(default_factory=dict)  # exchange id (UUID text) -> JSON line
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def announced(self) -> Announced:
        return Announced(self.id, {stream.name: items[-1].at for stream, items in self.items.items()}, sum(map(len, self.items.values())))


def compose(items: Iterable[Item]) -> Batch:
    """A batch of items, each stream's in its order."""
    by_stream: dict[Stream, list[Item]] = {}
    for item in items:
        by_stream.setdefault(item.stream, []).append(item)
    ordered = dict(sorted(by_stream.items(), key=lambda pair: pair[0].name))
    digest = hashlib.sha256()
    for stream, its in ordered.items():
        digest.update(stream.name.encode() + b"\0")
        for item in its:
            digest.update(_ITEM.pack(item.id, *item.at, item.mark))
    return Batch(digest.hexdigest()[:32], ordered)


def token(batch: Batch, ids: Sequence[str]) -> str:
    """The deduplication token of some of a batch's rows: the batch's id for all of them, else bound to which they are."""
    if len(ids) == len(batch.rows) and not batch.changed and not batch.again:
        return batch.id
    return f"{batch.id}-{hashlib.sha256(' '.join([*([batch.again] if batch.again else []), *ids]).encode()).hexdigest()[:16]}"
