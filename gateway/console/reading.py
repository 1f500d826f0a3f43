"""The store as whoever only reads it finds it: where it is now, and the console's questions to it.

The embedded server's port is told to the gate's own children in TIDEGATE_STORE_PORT; anybody else finds it in <data_dir>/run/store.json,
which the running gate keeps. It is looked up for every question, so that a store that moved is found again.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gateway.console.exchanges import DEADLINE_S, Question
from gateway.errors import StoreUnavailable
from gateway.store import queries
from gateway.store.client import Store
from gateway.store.credentials import credentials
from gateway.store.target import Target


def find(data_dir: Path, url: str | None, cluster: str | None, port: int = 0) -> Target:
    """Where the store is. url None: embedded.  port: the embedded server's, if it is a fixed one.

    Raises StoreUnavailable if the embedded store is not running, ConfigError if the URL or the credentials are unusable.
    """
    if url is not None:
        return Target.from_url(url, cluster=cluster)
    return Target.embedded(_port(data_dir, port), credentials(data_dir))


def _port(data_dir: Path, fixed: int) -> int:
    told = os.environ.get("TIDEGATE_STORE_PORT", "")
    if told.isdigit():
        return int(told)
    file = data_dir / "run" / "store.json"
    try:
        return int(json.loads(file.read_text())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        if fixed:
            return fixed
        raise StoreUnavailable("the embedded store is not running; start the gate with: tidegate serve") from None


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

    async def close(self) -> None:
        """Close the connections."""
        store, self._open = self._open, None
        if store is not None:
            await store.close()

    async def _store(self) -> Store:
        target = self._find().reader()
        if self._open is None or self._open.target != target:
            await self.close()
            self._open = Store(target)
        return self._open
