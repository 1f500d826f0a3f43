"""Give a store again what it has acknowledged and lost (FAILURES S9): compare its counts of the held batches, make the rest anew from the journal, insert it.

Asked when the store was started since a batch was stored: a power cut, a snapshot put back, an empty disk. Rows made anew are those that were, but for what has changed since in prices
and detectors; they carry the id of the batch that they were in, and tokens of their own, because the store may remember tokens of rows that it has lost.

Not given again: what the store has had for longer than the journal is held; rows beyond retention; rows that are missing beside others of their batch and
day, which somebody has deleted; anything to a store of more than one server, which has its own copies, or to another store than the one that had it. Somebody who deletes a whole
batch and restarts the store within `record.hold_s` gets it back.

In turns of a second, between two live batches: what comes must not wait for what was, for that is what would be lost next. Until it is done no segment is deleted but for room.

Counters stay as they are: an exchange that was stored is stored. `rows_restored` in the log, and `/state`, say what happened.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from gateway.errors import StoreError
from gateway.log import event
from gateway.record.batch import Batch, compose
from gateway.record.held import Held, HeldBatch
from gateway.record.tail import Again
from gateway.record.writer import Writer

AT_ONCE = 200  # batches whose counts are asked for in one question
AGAIN_S = 2.0
TURN_S = 1.0
DAY_S = 86_400


class Restorer:
    """See the module. restored: rows that the store was given again.  missing: those that it had, and was not given."""

    def __init__(self, held: Held, again: Again, writer: Writer, prepare: Callable[[Batch], Awaitable[None]], *, retention_s: float, clock: Callable[[], float] = time.time) -> None:
        """prepare: makes a batch's rows."""
        self._held, self._again, self._writer, self._prepare = held, again, writer, prepare
        self._retention_s, self._clock = retention_s, clock
        self.restored = self.missing = 0
        self._sound, self._not_before = 0, 0.0

    def is_due(self, boot: int) -> bool:
        """Whether there is something to ask a store that was started then."""
        return boot != self._sound and time.monotonic() >= self._not_before

    def is_sound(self, boot: int) -> bool:
        """Whether everything is known to be there in that life of the store."""
        return boot == self._sound

    def rewind(self) -> None:
        """A segment is deleted."""
        self._again.close()

    def doubt(self) -> None:
        """A batch was stored in a life of the store that may be over."""
        self._sound = 0

    async def run(self, boot: int) -> None:
        """Compare, and make good, for a turn. What is left, and what fails, is for the next one. Safe to cancel at any await."""
        suspects, until = self._held.suspects(boot), time.monotonic() + TURN_S
        for start in range(0, len(suspects), AT_ONCE):
            some = suspects[start : start + AT_ONCE]
            try:
                counts = await self._writer.counts([batch.id for batch in some], min(batch.since for batch in some))
            except StoreError:
                self._not_before = time.monotonic() + AGAIN_S
                return
            for batch in some:
                if counts is not None and counts.get(batch.id, 0) < batch.rows:
                    try:
                        await self._give(batch, counts.get(batch.id, 0), boot)
                    except Exception as e:  # noqa: BLE001  one that cannot be given again must not keep the live ones waiting, at each start anew
                        self.missing += batch.rows - counts.get(batch.id, 0)
                        event("batch_not_restored", level=logging.ERROR, batch_id=batch.id, error=type(e).__name__)
                self._held.confirm([batch], boot)
                if time.monotonic() >= until and batch is not suspects[-1]:
                    return
        self._again.close()
        self._sound, self._held.stale = boot, self._held.stale or bool(suspects)

    async def _give(self, held: HeldBatch, present: int, boot: int) -> None:
        try:
            items = await self._again.items(held.spans)
        except OSError as e:  # a bad disk: what else is held may be read
            event("held_unreadable", level=logging.ERROR, batch_id=held.id, error=e.strerror)
            items = []
        batch = compose(items)
        batch.id, batch.again = held.id, str(boot)
        await self._prepare(batch)
        oldest = self._clock() - self._retention_s
        expired = {str(exchange.id) for exchange in batch.exchanges if exchange.started_at.timestamp() // DAY_S * DAY_S <= oldest}  # the store drops whole days
        batch.exchanges = [exchange for exchange in batch.exchanges if str(exchange.id) not in expired]
        batch.rows = {id: row for id, row in batch.rows.items() if id not in expired}
        written = await self._writer.again(batch, held.rows)
        if written is not None:
            self.restored += written.stored
            event("rows_restored", level=logging.WARNING, batch_id=held.id, rows=written.stored, quarantined=written.quarantined or None)
            present += written.stored + written.quarantined
        missing = held.rows - len(expired) - present
        if missing > 0:  # deleted by somebody, or not in the journal any more
            self.missing += missing
            event("rows_missing", level=logging.WARNING, batch_id=held.id, rows=missing)
