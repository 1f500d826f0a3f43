"""The explorer's questions: a page of exchanges, and one of them whole.

Rules of this file: values are bound; a list never selects bodies or texts; pages are by key, not by offset, so that a page costs the same at
the end as at the beginning, and rows that arrive meanwhile neither repeat nor hide others. The store given should be a reader's.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from gateway.exchange import Exchange
from gateway.store.target import DEADLINE_S

if TYPE_CHECKING:
    from gateway.store.client import Store

MAX_PAGE = 1000
_HEAVY = {"prompt_text", "reply_text", "request_body", "reply_body", "usage_raw", "findings", "phases", "tags"}
LIST_COLUMNS = tuple(f.name for f in fields(Exchange) if f.name not in _HEAVY)


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; None: anything. since is included, until is not; model matches the requested or the answering one."""

    app: str | None = None
    env: str | None = None
    provider: str | None = None
    model: str | None = None
    outcome: str | None = None
    session_id: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page; the next page begins after it. As text in a URL: `str` and `parse`."""

    started_at: dt.datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{_micros(self.started_at)}.{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError if the text was not made by `str`."""
        micros, _, name = text.partition(".")
        return cls(dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(micros)), uuid.UUID(hex=name))


@dataclass(frozen=True, slots=True)
class Page:
    """rows: newest first, by column name (LIST_COLUMNS).  next: where the next page begins; None: this was the last."""

    rows: list[dict[str, Any]]
    next: Cursor | None


async def page(store: Store, filters: Filters, cursor: Cursor | None = None, limit: int = 50, *, deadline_s: float = DEADLINE_S) -> Page:
    """At most `limit` (1 to MAX_PAGE) exchanges, newest first by (started_at, id)."""
    limit = max(1, min(MAX_PAGE, limit))
    parameters: dict[str, Any] = {"limit": limit + 1}
    conditions = []
    for name in ("app", "env", "provider", "outcome", "session_id"):
        value = getattr(filters, name)
        if value is not None:
            conditions.append(f"{name} = {{{name}:String}}")
            parameters[name] = value
    if filters.model is not None:
        conditions.append("(request_model = {model:String} OR response_model = {model:String})")
        parameters["model"] = filters.model
    for name, comparison in (("since", ">="), ("until", "<")):
        moment = getattr(filters, name)
        if moment is not None:
            conditions.append(f"started_at {comparison} fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')")
            parameters[name] = _micros(moment)
    if cursor is not None:
        moment_sql = "fromUnixTimestamp64Micro({at:Int64}, 'UTC')"
        conditions.append(f"started_at <= {moment_sql} AND (started_at < {moment_sql} OR id < {{last:UUID}})")  # the first part prunes partitions
        parameters |= {"at": _micros(cursor.started_at), "last": str(cursor.id)}
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    columns = ", ".join(LIST_COLUMNS)
    sql = f"SELECT {columns} FROM `{store.target.database}`.exchanges {where}ORDER BY started_at DESC, id DESC LIMIT {{limit:UInt32}}"
    rows = await store.query_json(sql, parameters, deadline_s=deadline_s)
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], Cursor(dt.datetime.fromisoformat(last["started_at"]), uuid.UUID(last["id"])))


async def one(store: Store, id: uuid.UUID, *, deadline_s: float = DEADLINE_S) -> dict[str, Any] | None:
    """An exchange with everything that is stored of it; findings and phases as `findings.<field>`, `phases.<field>` arrays. None: there is no such exchange."""
    sql = f"SELECT * FROM `{store.target.database}`.exchanges WHERE id = {{id:UUID}} LIMIT 1"
    rows = await store.query_json(sql, {"id": str(id)}, deadline_s=deadline_s)
    return rows[0] if rows else None


def _micros(moment: dt.datetime) -> int:
    """Since the epoch. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
