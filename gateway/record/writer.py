"""Bring a batch into the store: every row once, and none lost, whatever the store does.

What an answer means, and what is done about it:

    none, or "not now"      the same rows with the same token again, after a pause that doubles up to 30 s. Before that the store is asked which of them it has: it
                            may have taken them without being heard, and may have forgotten the token since (it remembers a number of them, and others write, too).
    the statement is wrong  (a column or the table is not what we know): no row's fault. Waits like the above, loudly: somebody must migrate.
    the rows are refused    the batch is halved, breadth first, until the rows at fault stand alone; these go to the quarantine file.
                            If not one row of the batch is accepted, it is more likely the table that changed than every row that is bad, and both
                            give the same code. So nothing is quarantined yet: the batch is tried again for `patience_s` and then
                            quarantined after all, for a batch that can never go in must not hold up the rest for ever. Rows in quarantine are
                            whole and can be inserted by hand.

Tokens.  All rows of a batch: its id. Some of them (halves, or what is missing after a restart): bound to which they are. After a restart
a server may still be busy with the insert of its dead predecessor, so an answer that rows are missing is asked for again after `settle_s`.

Rows that are there are not all of it: a server that was killed in the middle of an insert has the rows and may lack what its views make of them (the
rollup, FAILURES S10). Sending the same rows with the same token again makes up for that, and doubles nothing as long as the token is known and the
batch never went in under other ones. So that is what is done where both are certain; where they are not, the rollup is compared with the rows and mended.

Deliberately absent: parallel inserts (order is what makes a checkpoint simple), and dropping: only a full disk, where not even the quarantine
file can grow, drops rows, counted.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from gateway.errors import StoreError, StoreRejected, StoreUnavailable
from gateway.log import event
from gateway.record.batch import Batch, token
from gateway.record.ledger import Ledger
from gateway.record.quarantine import Quarantine

FIRST_PAUSE_S = 0.1
MAX_PAUSE_S = 30.0
FORGETS_S = 3000.0  # where a store cannot say whether it has forgotten a token, it may have by then (FAILURES S3)
MENDS = 5  # how often it is tried
TOO_MANY_PARTS = 252
SUSPECT = 64  # refusals without one acceptance that make the whole batch suspect
# Of what a statement names: columns, functions, formats, settings, parameters. JSON lines cannot cause these.
STATEMENT = frozenset((7, 8, 10, 16, 20, 42, 43, 46, 47, 50, 62, 73, 452, 456, 457))


class Store(Protocol):
    """gateway.store.client.Store."""

    async def insert(self, rows: Sequence[bytes], *, token: str) -> None: ...
    async def stored_ids(self, batch_id: str) -> set[str]: ...
    async def remembers(self, batch_id: str) -> bool | None: ...
    async def counts(self, batch_ids: Sequence[str], since: float) -> dict[str, int] | None: ...
    async def mend(self, minutes: Collection[int]) -> list[int] | None: ...


@dataclass(slots=True)
class Written:
    """What became of a batch's rows; sums up to their number."""

    stored: int = 0
    quarantined: int = 0
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Sifted:
    """What halving found: how many rows went in, and which did not."""

    accepted: int = 0
    refused: dict[str, StoreRejected] = field(default_factory=dict)


class Writer:
    """See the module. One batch at a time. `up`: the store took the last rows it was given."""

    def __init__(
        self,
        store: Store,
        quarantine: Quarantine,
        *,
        patience_s: float = 300.0,
        settle_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        ledger: Ledger | None = None,
    ) -> None:
        self._store, self._quarantine, self._ledger = store, quarantine, ledger
        self._patience_s, self._settle_s, self._clock, self._sleep = patience_s, settle_s, clock, sleep
        self.up = False
        self.failures = 0  # since the last success
        self._code: int | None = None  # of the last failure that was told
        self.crowded = False  # the store could not keep up with so many inserts, at the last batch
        self._alone = False  # an insert of a dead predecessor is over by now

    async def write(self, batch: Batch) -> Written:
        """Return when every row is stored, quarantined or dropped. Waits as long as it takes; safe to cancel at any await."""
        written = Written()
        self.crowded = False
        ids = list(batch.rows)
        left_out: set[str] = set()
        if self._ledger is not None:
            await self._ledger.enter(batch)
        if batch.resumed:
            batch.present |= await self._present_at_last(batch)
            quarantined = batch.rows.keys() & self._quarantine.ids(batch.id) - batch.present
            if batch.present and not quarantined and await self._may_repeat(batch):
                await self._send(replace(batch, present=set()), ids)  # a refusal changes nothing about what is there
                batch.present |= await self._present_at_last(batch)
            ids = [id for id in ids if id not in batch.present and id not in quarantined]
            left_out |= quarantined
            written.quarantined = len(quarantined)
            written.stored = len(batch.rows) - len(ids) - written.quarantined
        if ids:
            refused = await self._insert(batch, ids)
            written.stored += len(ids) - len(refused)
            if refused:
                self._keep(batch, refused, written)
                left_out |= refused.keys()
        if left_out and self._ledger is not None:
            await self._ledger.leave_out(batch, left_out)
        if batch.unsure or batch.resumed:
            await self._mend(batch)
        return written

    async def again(self, batch: Batch, held: int) -> Written | None:
        """Give the store those rows of a batch that it has had and has lost. held: how many it had. None: there are none. Of a day of which it still has some, what
        is missing was deleted on purpose: a store loses whole parts, and a batch is one in each day.

        batch.again must be set: the store may remember tokens of rows that it has lost.
        """
        present = await self._present_at_last(batch, settled=self._alone)
        self._alone = True
        quarantined = self._quarantine.ids(batch.id)
        days = {str(exchange.id): exchange.started_at.date() for exchange in batch.exchanges}
        kept = {days[id] for id in present} if not quarantined and len(batch.rows) <= held else set()
        ids = [id for id in batch.rows if id not in present and id not in quarantined and days[id] not in kept]
        if not ids:
            return None
        batch.present, written = present, Written()
        if self._ledger is not None:
            await self._ledger.enter(batch)  # made anew they may read otherwise
        refused = await self._insert(batch, ids)
        written.stored = len(ids) - len(refused)
        if refused:
            self._keep(batch, refused, written)
            if self._ledger is not None:
                await self._ledger.leave_out(batch, refused)
        await self._mend(batch)
        return written

    async def counts(self, batch_ids: Sequence[str], since: float) -> dict[str, int] | None:
        """See gateway.store.client. Raises StoreError."""
        return await self._store.counts(batch_ids, since)

    async def _may_repeat(self, batch: Batch) -> bool:
        """Whether the store is certain to know a batch's rows by its token. Where it cannot say so: a batch was announced after its exchanges began, so these tell how
        long ago at most."""
        if batch.changed or self._quarantine.is_parted(batch.id):
            return False
        try:
            remembers = await self._store.remembers(batch.id)
        except StoreError:
            return False
        if remembers is None:
            began = min((exchange.started_at.timestamp() for exchange in batch.exchanges), default=0.0)
            return time.time() - began < FORGETS_S
        return remembers

    async def _mend(self, batch: Batch) -> None:
        """Hold the rollup of a batch's minutes against its rows. What cannot be done in MENDS tries is left: rows matter more."""
        minutes = {int(exchange.started_at.timestamp()) // 60 * 60 for exchange in batch.exchanges}
        pauses = _Pauses()
        for _ in range(MENDS if minutes else 0):
            try:
                await self._store.mend(minutes)
                return
            except StoreError as e:
                self._failed("rollup_unmended", e, minutes=len(minutes))
                await self._sleep(pauses.next())

    async def _insert(self, batch: Batch, ids: list[str]) -> dict[str, StoreRejected]:
        """Insert rows; returns those that the store refuses."""
        until, pauses = self._clock() + self._patience_s, _Pauses()
        while True:
            error = await self._send(batch, ids)
            if error is None:
                return {}
            patient = self._clock() < until
            sifted = await self._sift(batch, ids, error, SUSPECT if patient else len(ids) * 2)
            if sifted.accepted:  # it may have been mended while the halves were tried: each has one more chance
                return {id: last for id in sifted.refused if (last := await self._send(batch, [id])) is not None}
            if not patient:
                return sifted.refused
            self._failed("batch_refused", error, rows=len(ids), batch_id=batch.id, held_for_s=until - self._clock())
            await self._sleep(pauses.next())

    async def _sift(self, batch: Batch, ids: list[str], error: StoreRejected, limit: int) -> _Sifted:
        """Halve what was refused until the rows at fault stand alone, or `limit` parts were refused and none accepted."""
        sifted, refusals = _Sifted(), 0
        waiting = deque([(ids, error)])
        while waiting:
            part, error = waiting.popleft()
            if len(part) == 1:
                sifted.refused[part[0]] = error
                continue
            middle = len(part) // 2
            for half in (part[:middle], part[middle:]):
                refusal = await self._send(batch, half)
                if refusal is None:
                    sifted.accepted += len(half)
                else:
                    refusals += 1
                    waiting.append((half, refusal))
            if refusals >= limit and not sifted.accepted:
                break
        return sifted

    async def _send(self, batch: Batch, ids: list[str]) -> StoreRejected | None:
        """Insert some rows with their token, again and again until the store takes or refuses them."""
        first, pauses, tried = self._clock(), _Pauses(), False
        while True:
            try:
                if tried:
                    await self._look(batch, first)
                ids = [id for id in ids if id not in batch.present]
                if ids:
                    name = token(batch, ids)
                    if name != batch.id:
                        self._quarantine.note_parted(batch.id)
                    tried = True
                    await self._store.insert([batch.rows[id] for id in ids], token=name)
            except StoreRejected as e:
                if e.code not in STATEMENT:
                    self.up = True
                    return e
                self._failed("statement_refused", e, level=logging.ERROR)
            except StoreUnavailable as e:
                self.crowded = self.crowded or e.code == TOO_MANY_PARTS
                self._failed("store_unavailable", e)
            except OSError as e:
                event("quarantine_failed", level=logging.ERROR, error=e.strerror)
            else:
                self._succeeded()
                return None
            await self._sleep(pauses.next())

    async def _look(self, batch: Batch, first: float) -> None:
        """After a try without an answer: what the store has taken, if it may have forgotten by which token. first: when it was tried first."""
        present = (await self._store.stored_ids(batch.id)) & batch.rows.keys() - batch.present
        if not present:
            return
        remembers = await self._store.remembers(batch.id)
        if remembers is None:
            remembers = self._clock() - first <= FORGETS_S
        if not remembers:
            batch.present |= present
            batch.unsure = True

    async def _present_at_last(self, batch: Batch, *, settled: bool = False) -> set[str]:
        """Which rows of a resumed batch the store has: all, or two answers in a row that are the same. settled: one will do."""
        before: set[str] | None = None
        pauses = _Pauses()
        while True:
            try:
                present = (await self._store.stored_ids(batch.id)) & batch.rows.keys()
            except StoreError as e:
                self._failed("store_unavailable", e)
                await self._sleep(pauses.next())
                continue
            if settled or len(present) == len(batch.rows) or present == before:
                return present
            before = present
            await self._sleep(self._settle_s)

    def _keep(self, batch: Batch, refused: dict[str, StoreRejected], written: Written) -> None:
        codes = ",".join(sorted({str(error.code) for error in refused.values()}))
        try:
            self._quarantine.keep_rows(batch.id, [(id, batch.rows[id], error) for id, error in refused.items()])
        except OSError as e:
            written.dropped["quarantine_disk"] = len(refused)
            event("rows_dropped", level=logging.ERROR, rows=len(refused), codes=codes, reason=e.strerror)
            return
        written.quarantined += len(refused)
        event("rows_quarantined", level=logging.ERROR, rows=len(refused), codes=codes, file=self._quarantine.rows_file)

    def _failed(self, name: str, error: StoreError, *, level: int = logging.WARNING, **fields: object) -> None:
        self.up = False
        self.failures += 1
        if self.failures == 1 or self.failures % 10 == 0 or error.code != self._code:  # an outage of a day is not ten thousand lines
            self._code = error.code
            event(name, level=level, code=error.code, failures=self.failures, error=error, **fields)

    def _succeeded(self) -> None:
        if not self.up and self.failures:
            event("store_recovered", failures=self.failures)
        self.up, self.failures = True, 0


class _Pauses:
    """Doubling, up to MAX_PAUSE_S, each between half of it and all: many recorders must not come back at the same instant."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE_S

    def next(self) -> float:
        pause, self._next = self._next, min(MAX_PAUSE_S, self._next * 2)
        return pause * random.uniform(0.5, 1.0)
