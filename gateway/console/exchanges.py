"""`/api/exchanges`: the record read back, a page at a time without bodies, or one exchange with them.

    GET /api/exchanges?app=&env=&provider=&model=&session_id=&outcome=&since=&until=&limit=&cursor=
        {"exchanges": [...newest first], "next": cursor or null}
    GET /api/exchanges/{id}
        {"exchange": {...}}

Every parameter is checked before the store hears of it; one that is unknown, repeated, empty or malformed is a 400 that names it, because a
filter that is silently ignored shows rows that were not asked for. The store is asked as its read-only user, with bound values.
A store that is down or slow is a 503 in time (checking.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.console import checking
from gateway.console.checking import answered, text, time, whole_number
from gateway.console.gate import Problem, answer
from gateway.exchange import Outcome
from gateway.store.queries import Cursor, Filters, Page

MAX_LIMIT = 200
_TEXTS = ("app", "env", "provider", "model", "session_id")
_KNOWN = (*_TEXTS, "outcome", "since", "until", "limit", "cursor")


@dataclass(frozen=True, slots=True)
class Question:
    """A checked list question. cursor: where the page before ended; None: from the newest."""

    filters: Filters
    limit: int
    cursor: Cursor | None


class Reader(Protocol):
    """What the pages need of the store. Both methods raise StoreError."""

    async def page(self, question: Question) -> Page:
        """Rows without bodies, newest first, and where the next page begins."""

    async def one(self, id: uuid.UUID) -> Mapping[str, Any] | None:
        """A row with its bodies; None if there is none."""


def listing(reader: Reader) -> Handler:
    """A page of exchanges."""

    async def handle(request: web.Request) -> web.StreamResponse:
        page = await answered(reader.page(read(request.query.items())))
        return answer({"exchanges": page.rows, "next": str(page.next) if page.next else None})

    return handle


def detail(reader: Reader) -> Handler:
    """One exchange, bodies included."""

    async def handle(request: web.Request) -> web.StreamResponse:
        row = await answered(reader.one(checking.identity(request, "an exchange")))
        if row is None:
            raise Problem(404, "not_found", "no exchange has this id; it may be too young (seconds) or past its retention")
        return answer({"exchange": row})

    return handle


def read(parameters: Iterable[tuple[str, str]]) -> Question:
    """Check a query's (name, value) pairs. Raises Problem (400) for the first that is wrong."""
    found = checking.parameters(parameters, _KNOWN, _checked)
    limit, cursor = found.pop("limit", 50), found.pop("cursor", None)
    filters = Filters(**found)
    if filters.since and filters.until and filters.since >= filters.until:
        raise Problem(400, "bad_parameter", "since: not before until")
    return Question(filters, limit, cursor)


def _checked(name: str, value: str) -> Any:
    if name == "limit":
        return whole_number(name, value, MAX_LIMIT)
    if name in ("since", "until"):
        return time(name, value)
    if name == "cursor":
        return _cursor(value)
    if name == "outcome" and value not in list(Outcome):
        raise Problem(400, "bad_parameter", f"outcome: expected one of {', '.join(Outcome)}")
    return text(name, value)


def _cursor(value: str) -> Cursor:
    try:
        if value.isascii() and len(value) <= 64:
            return Cursor.parse(value)
    except (ValueError, OverflowError):
        pass
    raise Problem(400, "bad_parameter", "cursor: not one that this console gave out; begin again without it")
