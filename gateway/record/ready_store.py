"""The store as the writer sees it: one that makes its own schema before the first row.

The store may come up long after the recorder, or come back empty. So the schema is not made at start but whenever it is not known to be there;
until it is, every call is answered with StoreUnavailable, and rows wait in the journal. That holds for a schema that cannot be made, too (a
database newer than this gateway, a missing right): nothing about it is a row's fault.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence

from gateway.errors import StoreError, StoreUnavailable
from gateway.log import event
from gateway.record.writer import Store

_NOTHING_THERE = (60, 81)  # no such table, no such database


class ReadyStore:
    """See the module. migrate: makes or upgrades the schema and returns the versions that it applied."""

    def __init__(self, store: Store, migrate: Callable[[], Awaitable[list[int]]]) -> None:
        self._store, self._migrate, self._ready, self._one = store, migrate, False, asyncio.Lock()
        self._said = ""

    async def insert(self, rows: Sequence[bytes], *, token: str) -> None:
        await self.ensure()
        try:
            await self._store.insert(rows, token=token)
        except StoreUnavailable as e:
            self._ready = self._ready and e.code not in _NOTHING_THERE
            raise

    async def stored_ids(self, batch_id: str) -> set[str]:
        await self.ensure()
        return await self._store.stored_ids(batch_id)

    async def remembers(self, batch_id: str) -> bool | None:
        await self.ensure()
        return await self._store.remembers(batch_id)

    async def counts(self, batch_ids: Sequence[str], since: float) -> dict[str, int] | None:
        await self.ensure()
        return await self._store.counts(batch_ids, since)

    async def mend(self, minutes: Collection[int]) -> list[int] | None:
        await self.ensure()
        return await self._store.mend(minutes)

    async def ensure(self) -> None:
        """Make the schema if it is not known to be there. Raises StoreUnavailable."""
        async with self._one:
            if self._ready:
                return
            try:
                applied = await self._migrate()
            except StoreUnavailable:
                raise
            except StoreError as e:
                if str(e) != self._said:
                    self._said = str(e)
                    event("schema_refused", level=logging.ERROR, code=e.code, error=e)
                raise StoreUnavailable(str(e), e.code) from e
            self._ready, self._said = True, ""
            event("schema_ready", applied=",".join(map(str, applied)) or None)
