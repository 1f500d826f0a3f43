"""Which batches the store has acknowledged and the journal still holds: what can be given to a store again that has lost them (FAILURES S9).

An acknowledgement is the store's word, not its disk's: without `fsync_after_insert` a ClickHouse whose machine loses power has lost what the kernel had not
written yet, and so has one that is brought back from a snapshot. So stored segments are held for a while (`record.hold_s`), and here is noted which exchanges
were in which batch, how many rows of it which store took, and under which of its lives (`boot`, when it started). A store that was started since then is asked for
its counts; what it lacks is made anew from the journal (restore.py). Lines about another store than the configured one are left out: that one has the rows.

`<data_dir>/recorder/held.jsonl`: one line a batch, appended when the store has taken it and synced before the checkpoint that says so: a batch without a line is
still announced there. Written anew when most lines are about segments that are gone, and when all batches were found in a new life of the store. A line that a kill cut off is left out, and so is its batch in the file, but not in
the checkpoint.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Container, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from gateway.log import event
from gateway.record.batch import Batch
from gateway.record.stream import Position

SAME_S = 2  # two readings of when a server started differ by so much at most
_SPARE = 200  # lines about nothing that are not worth writing the file anew


@dataclass(slots=True)
class HeldBatch:
    """rows: that the store took.  spans: stream -> positions of the batch's first and last item there; what is between them is the batch's, too.

    since: when the first of its exchanges began, seconds since the epoch.  boot: of the store's life in which it had the rows for certain; 0: not known.
    store: which.  oldest: stream -> the first segment that has frames of the batch; when that goes, its rows cannot be made anew as they were.
    """

    id: str
    rows: int
    spans: dict[str, tuple[Position, Position]]
    since: float
    boot: int = 0
    store: str = ""
    oldest: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Held:
    """See the module. A file that cannot be written costs only what it is for: batches are known until the recorder ends, and lines wait for room."""

    path: Path
    synced: bool = True
    store: str = ""
    batches: dict[str, HeldBatch] = field(default_factory=dict)
    stale: bool = False  # the file knows less than this
    _lines: int = 0
    _unwritten: list[bytes] = field(default_factory=list)
    _failing: bool = False

    @classmethod
    def load(cls, path: Path, *, synced: bool = True, store: str = "") -> Held:
        held = cls(path, synced, store)
        if path.exists():
            with open(path, "rb") as file:
                for line in file:
                    held._lines += 1
                    try:
                        raw = orjson.loads(line)
                        spans = {name: (_position(first), _position(last)) for name, (first, last) in raw["spans"].items()}
                        batch = HeldBatch(raw["id"], raw["rows"], spans, raw["since"], raw["boot"], raw["store"], raw["oldest"])
                    except (ValueError, KeyError, TypeError):
                        continue
                    if batch.store == store:
                        held.batches[batch.id] = batch
        return held

    def note(self, batch: Batch, rows: int, boot: int) -> None:
        """The store has taken so many rows of a batch. On disk after the next `save`."""
        if not rows:
            return
        since = min([exchange.started_at for exchange in batch.exchanges]).timestamp() if batch.exchanges else 0.0
        spans = {stream.name: (items[0].at, items[-1].at) for stream, items in batch.items.items()}
        oldest = {stream.name: min([item.refs[0] if item.refs else item.at[1] for item in items]) for stream, items in batch.items.items()}
        self._put(HeldBatch(batch.id, rows, spans, since, boot, self.store, oldest))

    def confirm(self, batches: Iterable[HeldBatch], boot: int) -> None:
        """They are all there in this life of the store. On disk after a `save` with `stale`: what is deleted from the store later must not be missed after a restart."""
        for batch in batches:
            batch.boot = boot

    def suspects(self, boot: int) -> list[HeldBatch]:
        """Batches that were stored in another life of the store."""
        return [batch for batch in self.batches.values() if abs(batch.boot - boot) > SAME_S]

    def forget(self, stream: str, number: int) -> None:
        """A segment goes, and with it what could be made anew."""
        for id in [batch.id for batch in self.batches.values() if batch.oldest.get(stream, number + 1) <= number]:
            del self.batches[id]

    def keep(self, streams: Container[str]) -> None:
        """Forget batches of which no stream is left."""
        for id in [batch.id for batch in self.batches.values() if not any(name in streams for name in batch.spans)]:
            del self.batches[id]

    async def save(self) -> None:
        """Bring the file up to date."""
        lines = self._unwritten
        try:
            if self.stale or self._lines > 2 * len(self.batches) + _SPARE:
                await self._do(self._anew, b"".join(map(_line, self.batches.values())))
                self._lines = len(self.batches)
            elif lines:
                await self._do(self._append, b"".join(lines))
            self._unwritten, self.stale, self._failing = [], False, False
        except OSError as e:
            if not self._failing:  # tried again at every batch
                event("held_failed", level=logging.ERROR, path=self.path, error=e.strerror)
            self._failing = True

    def _put(self, batch: HeldBatch) -> None:
        self.batches[batch.id] = batch
        self._unwritten.append(_line(batch))
        self._lines += 1

    async def _do(self, write: Callable[[bytes], None], content: bytes) -> None:
        if self.synced:
            await asyncio.to_thread(write, content)
        else:
            write(content)

    def _append(self, content: bytes) -> None:
        with open(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "r+b", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            whole = b"\n" + content if size and os.pread(file.fileno(), 1, size - 1) != b"\n" else content  # a line that a kill cut off stays alone
            if file.write(whole) != len(whole):
                os.ftruncate(file.fileno(), size)
                raise OSError(28, os.strerror(28))
            if self.synced:
                os.fdatasync(file.fileno())

    def _anew(self, content: bytes) -> None:
        fresh = self.path.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            if self.synced:
                os.fdatasync(file.fileno())
        os.replace(fresh, self.path)


def _line(batch: HeldBatch) -> bytes:
    return orjson.dumps(asdict(batch)) + b"\n"


def _position(raw: list[int]) -> Position:
    phase, segment, offset = raw
    return phase, segment, offset
