"""`/api/drift`: what runs found, the newest of every app, or those of one app with their topics, or one run whole.

    GET /api/drift?app=&prompt=&kind=&since=&until=&limit=
        {"runs": [...newest first]}      without app: the newest of each app and prompt, without topics; with app: the last `limit` runs (50 at most) with theirs,
                                         of whose exchange_ids the first 20
        kind: scheduled, asked, or provider (the model watch); without it the first two
    GET /api/drift/{id}
        {"run": {..., "topics": [...], "report": {...} or null}}

A run's `aspects` and `structure`, and the report, have the names that `tidegate drift run --json` has; `pvalue` and `novel_share` are null and `notes` say why where nothing was tested;
`alarm_alpha` is what the look was allowed of the yearly budget (0: it took none; null: somebody asked for the run). Parameters, errors and the
store's user are as in exchanges.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.console import checking
from gateway.console.checking import answered, text, time, whole_number
from gateway.console.gate import Problem, answer
from gateway.drift.past import ASKED, MAX_RUNS, SCHEDULED, Asked
from gateway.drift.provider_due import PROVIDER

_KNOWN = ("app", "prompt", "kind", "since", "until", "limit")
KINDS = (SCHEDULED, ASKED, PROVIDER)
FEW, FEW_AT_MOST = 20, 50  # runs, where topics come with them: one may have thirty with three texts each, all held by this process


class Reader(Protocol):
    """What the pages need of the store. Both methods raise StoreError."""

    async def drift_runs(self, asked: Asked, *, topics: bool) -> list[dict[str, Any]]:
        """Runs, newest first; topics: with theirs."""

    async def drift_run(self, id: uuid.UUID) -> Mapping[str, Any] | None:
        """A run with its topics and its report; None if there is none."""


def listing(reader: Reader) -> Handler:
    """Runs."""

    async def handle(request: web.Request) -> web.StreamResponse:
        asked = read(request.query.items())
        return answer({"runs": await answered(reader.drift_runs(asked, topics=asked.app is not None))})

    return handle


def detail(reader: Reader) -> Handler:
    """One run, topics included."""

    async def handle(request: web.Request) -> web.StreamResponse:
        run = await answered(reader.drift_run(checking.identity(request, "a run")))
        if run is None:
            raise Problem(404, "not_found", "no run has this id")
        return answer({"run": run})

    return handle


def read(parameters: Iterable[tuple[str, str]]) -> Asked:
    """Check a query's (name, value) pairs. Raises Problem (400) for the first that is wrong."""
    found = checking.parameters(parameters, _KNOWN, _checked)
    asked = Asked(**{"limit": FEW if "app" in found else MAX_RUNS, **found}, latest="app" not in found)
    if asked.app is not None and asked.limit > FEW_AT_MOST:
        raise Problem(400, "bad_parameter", f"limit: expected 1 to {FEW_AT_MOST} with an app, for its runs come with their topics; page with until")
    if asked.since and asked.until and asked.since >= asked.until:
        raise Problem(400, "bad_parameter", "since: not before until")
    return asked


def _checked(name: str, value: str) -> Any:
    if name == "limit":
        return whole_number(name, value, MAX_RUNS)
    if name in ("since", "until"):
        return time(name, value)
    if name == "kind" and value not in KINDS:
        raise Problem(400, "bad_parameter", f"kind: expected one of {', '.join(KINDS)}")
    return value if name == "prompt" and not value else text(name, value)  # the prompt without a name, or all of them together
