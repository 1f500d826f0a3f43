"""The console's questions to the store, as the user who only reads. Where it is is looked up for every question, so that a store that moved is found again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gateway.console.checking import DEADLINE_S
from gateway.console.exchanges import Question
from gateway.drift import due, past, provider_due
from gateway.store import queries
from gateway.store.target import Target

if TYPE_CHECKING:
    from gateway.store.client import Store


class Readings:
    """The console's questions, asked as the read-only user. find: where the store is now."""

    def __init__(self, find: Callable[[], Target]) -> None:
        self._find = find
        self._open: Store | None = None

    async def page(self, question: Question) -> queries.Page:
        """A page of rows without bodies. Raises StoreError."""
        return await queries.page(await self._store(), question.filters, question.cursor, question.limit, deadline_s=DEADLINE_S)

    async def one(self, id: uuid.UUID) -> Mapping[str, Any] | None:
        """One row whole. Raises StoreError."""
        return await queries.one(await self._store(), id, deadline_s=DEADLINE_S)

    async def drift_runs(self, asked: past.Asked, *, topics: bool) -> list[dict[str, Any]]:
        """Runs of drift, newest first, with their topics if wanted. Raises StoreError."""
        store = await self._store()
        found = await past.runs(store, asked, deadline_s=DEADLINE_S)
        of = await past.topics_of(store, [run["id"] for run in found], deadline_s=DEADLINE_S) if topics else {}
        return [{**run, "topics": of.get(run["id"], [])} for run in found] if topics else found

    async def drift_run(self, id: uuid.UUID) -> Mapping[str, Any] | None:
        """One run of drift whole. Raises StoreError."""
        return await past.one(await self._store(), id, deadline_s=DEADLINE_S)

    async def drift_wanted(self, watching: due.Watching, plan: provider_due.Plan, days: int) -> bool:
        """Whether a run of drift is due, of users' or of providers'. days: how far back the record goes. Raises StoreError."""
        store, now = await self._store(), dt.datetime.now(dt.UTC)
        return await due.wanted(store, watching, days, now, deadline_s=DEADLINE_S) or await provider_due.wanted(store, plan, now)

    async def drift_newest(self, since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        """What series of drift are made of. Raises StoreError."""
        return await past.newest(await self._store(), since, now, deadline_s=deadline_s)

    async def close(self) -> None:
        """Close the connections."""
        store, self._open = self._open, None
        if store is not None:
            await store.close()

    async def _store(self) -> Store:
        from gateway.store.client import Store  # late: its driver takes a tenth of a second, and the admin port answers before it is asked for a row

        target = self._find().reader()
        if self._open is None or self._open.target != target:
            await self.close()
            self._open = Store(target)
        return self._open
