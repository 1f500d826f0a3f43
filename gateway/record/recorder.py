"""The recorder: from frames to rows, each exchange once, counted exactly (law 3).

One flow, in which nothing runs beside anything but the insert: collect exchanges into a batch, make its rows, wait for the batch before it, then
write one checkpoint that acknowledges that one and announces this one, and start its insert. So one batch is on its way while the next is
being made, memory is bounded by two batches, and at a kill at any instant the checkpoint knows everything but the fate of one announced batch,
which the store can tell (checkpoint.py, writer.py).

Between two batches, a store that was started anew is asked whether it still has what it acknowledged (restore.py), and its batches grow while it says that it has too many parts.

Conservation.  `accepted` grows when an exchange's first frame is read; from then on it is in exactly one place: open or unsettled in a `Stream`
(in the journal), stored, quarantined, or dropped for a reason. `Recorder.state` may be read between any two steps.

Deliberately absent: a queue, threads (but for syncing the checkpoint), reading ahead while the store is down: the journal is the queue.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.exchange import Exchange
from gateway.log import event
from gateway.record.batch import Batch, compose
from gateway.record.capture import Captured, capture, together
from gateway.record.checkpoint import Announced, Checkpoint, CheckpointFile
from gateway.record.held import Held
from gateway.record.metrics import RecorderState
from gateway.record.quarantine import Quarantine
from gateway.record.restore import Restorer
from gateway.record.stream import Item, Stream, Tally, few
from gateway.record.tail import Again, Tail
from gateway.record.writer import Writer, Written

SLICE_S = 0.005  # work between two turns of the event loop
KEEP_HOUSE_S = 0.5
MAX_PATIENCE = 16
SEEN_S = 10.0  # a store that was not seen for so long may have been started anew
SAVE_AGAIN_S = 1.0
LOST = "journal_damaged"
UNMADE = "row_not_made"  # of drops: see Recorder._made; only if the quarantine cannot be written


@dataclass(frozen=True, slots=True)
class Limits:
    """max_batch_bytes: of a batch's frames.  max_row_bytes: of its rows, which may be much longer where bodies were
    compressed; bodies are cut from there on.  hold_s: how long stored segments stay, and until the store is known to have what is in them.  max_held_bytes: of the whole journal; above it they do not.
    retention_s: how long the store keeps rows."""

    max_batch_rows: int = 2000
    max_batch_s: float = 0.5
    max_batch_bytes: int = 16 << 20
    max_row_bytes: int = 64 << 20
    hold_s: float = 600.0
    max_held_bytes: int = 1 << 30
    retention_s: float = float("inf")
    poll_s: float = 0.1
    flush_s: float = 10.0  # after the order to stop


class Recorder:
    """See the module. make: the records of captured exchanges and their rows, for a batch id and the bytes that are left for rows. observers: told of each exchange once its row is safe."""

    def __init__(
        self,
        journal: Path,
        *,
        key: bytes,
        checkpoints: CheckpointFile,
        quarantine: Quarantine,
        writer: Writer,
        make: Callable[[Sequence[Captured], str, int], list[tuple[Exchange, bytes]]],
        observers: Iterable[Callable[[Exchange], None]] = (),
        limits: Limits | None = None,
        store: str = "",
    ) -> None:
        """key: the journal's. store: which one it is: no other is given what this one had. Raises JournalError if the checkpoint cannot be read, or the key is another one than the journal's."""
        self._checkpoints, self._quarantine, self._writer = checkpoints, quarantine, writer
        self._make, self._observers, self._limits = make, tuple(observers), limits or Limits()
        known = checkpoints.load()
        self.totals, self._announced = known.totals, known.announced
        self._vanished = known.marks  # those whose directories exist are taken out by the tail
        self._tail = Tail(journal, known.marks, self._damage, key=key)
        self._held = Held.load(checkpoints.directory / "held.jsonl", synced=checkpoints.synced, store=store)
        self._held.keep(self._tail.streams)
        self.restorer = Restorer(self._held, Again(self._tail.streams, key), writer, self._prepare, retention_s=self._limits.retention_s)
        self.store_boot = 0  # when the store was started, as far as anybody has told; 0: not known
        self.store_seen: float | None = None  # when that was last found to be so, time.monotonic(); None: nobody looks
        self._flying: Batch | None = None
        self._insert: asyncio.Task[Written] | None = None
        self.caught_up = False  # from then on `state` is exact
        self._dirty = False
        self._stored_at: dict[tuple[str, int], float] = {}
        self._kept_house = 0.0
        self._stop = asyncio.Event()  # the one that `run` is given
        self._stop_by: float | None = None
        self._sliced = 0.0
        self._journal_bytes = 0
        self._began = self._lag = 0.0
        self._boot = 0
        self._patience = 1  # how many times a batch's limits are what they should be: fewer, larger batches for a store whose merges are behind

    # ------------------------------------------------------------------ the flow

    async def run(self, stop: asyncio.Event) -> None:
        """Record until `stop` is set; then what is in the journals is read and inserted, for at most `flush_s`."""
        self._stop = stop
        try:
            await self._catch_up()
            resumed = await self._resume()
            if resumed is not None:
                self._start(resumed)
            while items := await self._collect(stop):
                batch = compose(items)
                await self._prepare(batch)
                if not await self._land(stop) or not await self._restore(stop):
                    break
                self._flying, self._announced = batch, batch.announced  # from here on, for its age is told while there is no room to write it down
                await self._save()
                self._start(batch)
            if await self._land(stop):
                await self._restore(stop)
            await self._keep_house(now=True)
        finally:
            if self._insert is not None:
                self._insert.cancel()  # its batch stays announced
                await asyncio.wait({self._insert})
            self._tail.close()
            self.restorer.rewind()

    async def _catch_up(self) -> None:
        """Read up to the marks, to know what was open there."""
        for stream in list(self._tail.streams.values()):
            while not stream.crossed:
                stream.read()
                await self._breathe()
            self._count_lost(stream.lost)
        for mark in self._vanished.values():
            self._count_lost(mark.open)
        self.caught_up = True

    async def _resume(self) -> Batch | None:
        """The batch that was announced and not acknowledged, composed again."""
        announced = self._announced
        if announced is None:
            return None
        items: list[Item] = []
        for name, end in announced.ends.items():
            stream = self._tail.streams.get(name)
            if stream is None:
                continue
            stream.ended = stream.ended or end[0] > 0
            while not stream.passed(end) and stream.read():
                await self._breathe()
            while stream.ready and stream.ready[0].at <= end:
                items.append(stream.ready.popleft())
        if not items:
            event("batch_vanished", level=logging.ERROR, batch_id=announced.id, rows=announced.rows)
            self._announced = None
            return None
        batch = compose(items)
        if batch.id != announced.id:
            event("batch_changed", level=logging.ERROR, batch_id=announced.id, rows=announced.rows, rows_left=len(items))
            batch.id, batch.changed = announced.id, True
        batch.resumed = True
        await self._prepare(batch)
        event("batch_resumed", batch_id=batch.id, rows=len(batch.rows))
        return batch

    async def _collect(self, stop: asyncio.Event) -> list[Item]:
        """Wait for exchanges that have ended: as many as a batch may hold, or those that ended within `max_batch_s`. []: stop."""
        limits, size, since = self._limits, 0, 0.0
        items: list[Item] = []
        most, longest = limits.max_batch_rows * self._patience, limits.max_batch_s * self._patience
        while len(items) < most and size < limits.max_batch_bytes:
            item = self._tail.take()
            if item is not None:
                since = since if items else time.monotonic()
                items.append(item)
                size += item.size
                continue
            if self._tail.read(eager=stop.is_set()) or self._tail.discover():
                await self._breathe()
                continue
            if stop.is_set() or (items and time.monotonic() - since >= longest):
                break
            await self._keep_house()
            await self._restore(stop)
            await asyncio.sleep(limits.poll_s)
        return [] if self._is_late(stop) else items

    async def _prepare(self, batch: Batch) -> None:
        """Make the rows."""
        ends: list[float] = []
        room = self._limits.max_row_bytes
        for stream, items in batch.items.items():
            for some in few(items):
                captured = [capture(item.id, stream.name, stream.frames(item)) for item in some]
                for item in some:
                    item.frames = None
                for each in together(captured):
                    for exchange, row in self._made(each, batch, stream, room):
                        room = max(0, room - len(row))
                        batch.rows[str(exchange.id)] = row
                        batch.exchanges.append(exchange)
                        if exchange.duration_s is not None:
                            ends.append(exchange.started_at.timestamp() + exchange.duration_s)
                    if time.perf_counter() - self._sliced > SLICE_S:  # asked here, too: for a few rows a coroutine would cost more than the question
                        await self._breathe()
        batch.oldest_end = min(ends, default=0.0)

    def _made(self, captured: Sequence[Captured], batch: Batch, stream: Stream, room: int) -> list[tuple[Exchange, bytes]]:
        """What `make` makes. One over which even that stumbles goes into quarantine, sealed as it is in the journal: it would stop all others, at each start anew.

        Raises OSError, MemoryError: they say nothing of the exchange, and whoever starts the recorder again has it try again."""
        try:
            return self._make(captured, batch.id, room)
        except (OSError, MemoryError):
            raise
        except Exception as e:  # noqa: BLE001
            if len(captured) > 1:
                return [pair for one in captured for pair in self._made((one,), batch, stream, room)]
            event("row_not_made", level=logging.ERROR, id=captured[0].id, batch_id=batch.id, error=type(e).__name__)
        item = next(item for item in batch.items[stream] if item.id == captured[0].id.bytes)
        try:
            for segment, offset, data in stream.as_written(item):
                self._quarantine.keep_damage(stream.name, segment, offset, data)
            batch.kept += 1
        except OSError as e:
            batch.unmade += 1
            event("quarantine_failed", level=logging.ERROR, error=e.strerror)
        return []

    def _start(self, batch: Batch) -> None:
        self._flying, self._began, self._boot = batch, time.monotonic(), self.store_boot
        self._insert = asyncio.create_task(self._writer.write(batch))

    async def _land(self, stop: asyncio.Event) -> bool:
        """Wait until the batch on its way has arrived, if there is one. False: it has not, and it is time to stop."""
        while self._insert is not None:
            await asyncio.wait({self._insert}, timeout=KEEP_HOUSE_S if not stop.is_set() else 0.05)
            if not self._settle() and self._is_late(stop):
                return False
            await self._keep_house()
        return True

    async def _restore(self, stop: asyncio.Event) -> bool:
        """Give a store that was started anew what it has lost, between two batches. False: it is time to stop."""
        boot = self.store_boot
        if not boot or self._insert is not None or not self.restorer.is_due(boot):
            return True
        restoring = asyncio.create_task(self.restorer.run(boot))
        try:
            while not restoring.done():
                await asyncio.wait({restoring}, timeout=KEEP_HOUSE_S if not stop.is_set() else 0.05)
                if self._is_late(stop):
                    return False
            restoring.result()
            self._dirty = self._dirty or self._held.stale
            return True
        finally:
            restoring.cancel()
            await asyncio.wait({restoring})

    def _settle(self) -> bool:
        """Count a batch whose insert is over. False: it is not."""
        if self._insert is None or not self._insert.done():
            return False
        batch, written = self._flying, self._insert.result()
        assert batch is not None
        self._flying = self._insert = self._announced = None
        for stream, items in batch.items.items():
            self._count(stream.settle(items))
        self.totals.stored += written.stored
        boot = 0 if batch.resumed else self._boot  # of one that was announced before, the store may know nothing but the token
        self._held.note(batch, written.stored, boot)
        if boot != self.store_boot:
            self.restorer.doubt()
        self.totals.quarantined += written.quarantined + batch.kept
        for reason, rows in written.dropped.items():
            self.totals.drop(reason, rows)
        if batch.unmade:
            self.totals.drop(UNMADE, batch.unmade)
        self._patience = min(MAX_PATIENCE, self._patience * 2) if self._writer.crowded else max(1, self._patience // 2)
        self._dirty = True
        self._lag = max(0.0, time.time() - batch.oldest_end) if batch.oldest_end else 0.0
        for exchange in batch.exchanges:
            for observe in self._observers:
                try:
                    observe(exchange)
                except Exception as e:  # noqa: BLE001  its row is safe
                    event("observer_failed", level=logging.ERROR, error=type(e).__name__, id=exchange.id)
        size, took = sum(map(len, batch.rows.values())), time.monotonic() - self._began
        event("batch_inserted", rows=len(batch.rows), bytes=size, duration_s=took, lag_s=self._lag, batch_id=batch.id)
        return True

    # ------------------------------------------------------------------ the house

    async def _keep_house(self, *, now: bool = False) -> None:
        """What is due now and then: settle, find new streams, save, delete."""
        settled = self._settle()
        moment = time.monotonic()
        if not (settled or now or moment - self._kept_house >= KEEP_HOUSE_S):
            return
        self._kept_house = moment
        for stream in self._tail.streams.values():
            before = stream.settled
            self._count(stream.advance())
            self._dirty = self._dirty or stream.settled != before
        if self._dirty:
            await self._save()
        self._journal_bytes = sum(self._sizes())
        await self._delete(moment)

    async def _save(self) -> None:
        """Write down how far all is. Without that nothing may be inserted or deleted: where it cannot be written, wait until it can, and say so once. Raises OSError if it is time to stop."""
        self._dirty = untold = True
        while self._dirty:
            marks = {name: stream.mark() for name, stream in self._tail.streams.items()}
            try:
                await self._held.save()
                await self._checkpoints.save(Checkpoint(self.totals, marks, self._announced))
                self._dirty = False
            except OSError as e:
                if untold:
                    event("checkpoint_failed", level=logging.ERROR, directory=self._checkpoints.directory, error=e.strerror, again_every_s=SAVE_AGAIN_S)
                untold = False
                if self._is_late(self._stop):
                    raise
                await asyncio.sleep(SAVE_AGAIN_S)

    async def _delete(self, now: float) -> None:
        """Delete segments whose exchanges have all been stored for long enough; sooner if the journal has grown too large."""
        stored_at = self._stored_at
        candidates = [(stored_at.setdefault((stream.name, n), now), stream, n) for stream in self._tail.streams.values() for n in stream.deletable()]
        candidates.sort(key=lambda c: (c[0], c[1].name, c[2]))
        excess, held = self._journal_bytes - self._limits.max_held_bytes, self._needs_all(now)
        doomed: list[tuple[Stream, int]] = []
        for since, stream, number in candidates:
            if (now - since >= self._limits.hold_s and not held) or excess > 0:
                excess -= stream.sealed[number]
                doomed.append((stream, number))
        if doomed:
            for stream, number in doomed:
                stream.forget(number)
                self._held.forget(stream.name, number)
                del stored_at[stream.name, number]
            await self._save()
            for stream, number in doomed:
                stream.delete(number)
            self.restorer.rewind()
            event("segments_deleted", segments=len(doomed))
        for stream in [s for s in self._tail.streams.values() if s.is_empty]:
            self._tail.remove(stream)
            self._dirty = True

    def _needs_all(self, now: float) -> bool:
        """Whether the store may come back, or has, without what it acknowledged last: an outage may be longer than the time that segments are held."""
        if self.store_seen is None or not self._limits.hold_s:
            return False
        return now - self.store_seen > SEEN_S or not self.restorer.is_sound(self.store_boot)

    def _sizes(self) -> Iterable[int]:
        for stream in self._tail.streams.values():
            try:
                yield from (entry.stat().st_size for entry in stream.path.iterdir())
            except FileNotFoundError:
                continue

    # ------------------------------------------------------------------ counts

    @property
    def state(self) -> RecorderState:
        """What `/metrics` shows. Exact at any moment once the journals have been caught up with."""
        streams = self._tail.streams.values()
        flying = self._flying
        return RecorderState(
            accepted=self.totals.accepted + sum(s.unsettled_tally.accepted for s in streams),
            stored=self.totals.stored,
            quarantined=self.totals.quarantined,
            dropped=dict(self.totals.dropped),
            in_journal=sum(s.in_journal for s in streams),
            journal_bytes=self._journal_bytes,
            oldest_age_s=max(0.0, time.time() - flying.oldest_end) if flying and flying.oldest_end else 0.0,
            ingest_lag_s=self._lag,
            store_up=self._writer.up,
        )

    @property
    def damage(self) -> Tally:
        """Places and bytes of the journals that were stepped over, and frames that belong to nothing."""
        totals = self.totals
        counted = [s.unsettled_tally for s in self._tail.streams.values()]
        return Tally(
            0,
            totals.damaged + sum(t.damaged for t in counted),
            totals.damaged_bytes + sum(t.damaged_bytes for t in counted),
            totals.strays + sum(t.strays for t in counted),
        )

    @property
    def announced(self) -> Announced | None:
        """The batch on its way."""
        return self._announced

    def _count(self, tally: Tally) -> None:
        self.totals.accepted += tally.accepted
        self.totals.damaged += tally.damaged
        self.totals.damaged_bytes += tally.damaged_bytes
        self.totals.strays += tally.strays

    def _count_lost(self, lost: int) -> None:
        """Exchanges that were accepted and open at the checkpoint, and that the journal does not have any more."""
        if lost > 0:
            self.totals.drop(LOST, lost)
            self._dirty = True
            event("exchanges_lost", level=logging.ERROR, exchanges=lost, reason=LOST)

    def _damage(self, stream: str, segment: int, offset: int, data: bytes, locked: bool) -> None:
        name = "journal_locked_skipped" if locked else "journal_damage_skipped"  # the first: whole frames, sealed under another key or at another place
        event(name, level=logging.ERROR, stream=stream, segment=segment, offset=offset, bytes=len(data))
        try:
            self._quarantine.keep_damage(stream, segment, offset, data)
        except OSError as e:
            event("quarantine_failed", level=logging.ERROR, error=e.strerror)

    # ------------------------------------------------------------------ time

    def _is_late(self, stop: asyncio.Event) -> bool:
        """Whether the time to flush after the order to stop is over."""
        if not stop.is_set():
            return False
        if self._stop_by is None:
            self._stop_by = time.monotonic() + self._limits.flush_s
        return time.monotonic() > self._stop_by

    async def _breathe(self) -> None:
        """Let others have the event loop when this has had it for long enough."""
        now = time.perf_counter()
        if now - self._sliced > SLICE_S:
            await asyncio.sleep(0)
            self._sliced = time.perf_counter()
