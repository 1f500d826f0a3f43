"""A question's parameters, checked before the store hears of them, and the store's silence made an answer: what the /api/ pages share.

A parameter that is malformed is a 400 that names it and does not repeat it. A store that is down, slow or unwilling is a 503 within DEADLINE_S.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any, TypeVar

from aiohttp import web

from gateway import log
from gateway.console.gate import Problem
from gateway.errors import StoreError, StoreUnavailable

DEADLINE_S = 5.0
_T = TypeVar("_T")


async def answered(question: Awaitable[_T]) -> _T:
    """The store's answer. Raises Problem (503)."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await question
    except TimeoutError:
        why = f"the store did not answer within {DEADLINE_S:g} s"
    except StoreUnavailable:
        why = "the store cannot be reached"
    except StoreError as e:  # the question is ours, so the store's state is at fault: no schema yet, no rights
        log.event("store_question_refused", level=logging.WARNING, code=e.code)
        why = f"the store refused the question (ClickHouse code {e.code}); tidegate doctor may know why"
    raise Problem(503, "store_unavailable", f"{why}; records are safe in the journal meanwhile", {"Retry-After": "5"})


def parameters(given: Iterable[tuple[str, str]], known: Collection[str], checked: Callable[[str, str], Any]) -> dict[str, Any]:
    """A query's (name, value) pairs by name, each value as `checked` makes it. Raises Problem (400) for the first that is wrong."""
    found: dict[str, Any] = {}
    for name, value in given:
        if name not in known:
            raise Problem(400, "unknown_parameter", f"a parameter is unknown; known are {', '.join(known)}")
        if name in found:
            raise Problem(400, "bad_parameter", f"{name}: given twice")
        found[name] = checked(name, value)
    return found


def identity(request: web.Request, what: str) -> uuid.UUID:
    """The id in the path of a page of one thing, which takes no parameters. what: such as "a run". Raises Problem (400)."""
    if request.query_string:
        raise Problem(400, "unknown_parameter", f"{what} takes no parameters")
    try:
        return uuid.UUID(request.match_info["id"])
    except ValueError:
        raise Problem(400, "bad_id", f"expected {what}'s id, a UUID") from None


def whole_number(name: str, value: str, most: int) -> int:
    """1 to `most`, which has four digits at most. Raises Problem (400)."""
    if value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= most:
        return int(value)
    raise Problem(400, "bad_parameter", f"{name}: expected 1 to {most}")


def text(name: str, value: str) -> str:
    """Some printable characters. Raises Problem (400)."""
    if not 1 <= len(value) <= 512 or not value.isprintable():
        raise Problem(400, "bad_parameter", f"{name}: expected 1 to 512 printable characters")
    return value


def time(name: str, value: str) -> dt.datetime:
    """A moment, in UTC. Raises Problem (400)."""
    try:
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is not None and 1970 < moment.year < 2200:
            return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise Problem(400, "bad_parameter", f"{name}: expected a time with its offset, such as 2026-01-31T12:00:00Z (a + in a URL is written %2B)")
