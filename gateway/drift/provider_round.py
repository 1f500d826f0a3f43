"""One round of the model watch: canaries that are due are sent, names are remembered, and every app that is due has its providers looked at.

Each look is a row of `drift_runs` of the kind `provider`, with one aspect of that name, so that it is never taken for users' drift; canaries have rows of their own, under
their app and the prompt name CANARIES. Looks go on every day, and whether one may alarm is decided as for users' drift: out of a yearly budget, saved up by
the time since the last that did (detectors/drift/looks.py); the budget is its own, and an app's canaries share it. A model that was never seen before alarms whatever has been saved, for that is certain.

A look that fails is a row that says so, and the others go on. Raises StoreError when the store cannot be asked or written to; what was sent or written by then stays.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from detectors.drift.provider import ProviderReport
from gateway import __version__, log
from gateway.drift.canaries import Sent, compared, send
from gateway.drift.canary_sent import Batch, note
from gateway.drift.canary_table import ENV, Canary
from gateway.drift.outcome import Run, Sampled, run_line
from gateway.drift.past import AHEAD
from gateway.drift.provider_due import PROVIDER, Plan, due_apps, due_canaries
from gateway.drift.watch import DEADLINE_S, Embed, Periods, remember, watched
from gateway.errors import StoreError
from gateway.store.client import Store

CANARIES = "canaries"  # as a prompt's name: the row is about them
YEAR = dt.timedelta(days=365)
LEAST = 3 / 10_000  # of a look that may alarm: what permutations resolve, twice over
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class _Before:
    """Earlier looks at an app's providers of one sort, by its traffic or by its canaries. spent: by looks of either sort within the last year; sorts: how many there were."""

    last: uuid.UUID
    last_at: dt.datetime
    saving_since: dt.datetime
    spent: float
    sorts: int


async def provider_round(reader: Store, writer: Store, embed: Embed, plan: Plan, *, now: dt.datetime | None = None) -> tuple[list[Sent], list[Run]]:
    """Everything that is due. embed: vectors of texts, cached (Embeddings.of). Returns what was sent and what was written."""
    now = now or dt.datetime.now(dt.UTC)
    sent = []
    for canary in await due_canaries(reader, plan.canaries, now, calls_per_day=plan.calls_per_day, sent=plan.sent):
        note(plan.sent, Batch(canary.name, now, canary.repeat))
        sent.append(await send(plan.base_url, canary, now))
    apps = await due_apps(reader, plan, now)
    if apps or plan.canaries:
        await remember(writer, now=now)
    periods = Periods.ending(now, plan.window_s, plan.before_s)
    runs = []
    for app in apps:
        began = time.monotonic()
        report = await _tried(watched(reader, app, periods, embed, env=plan.env(app) or "", rows=plan.rows, alpha=plan.alpha), app, plan)
        runs.append(await _written(reader, writer, report, plan, periods, app, "", plan.env(app) or "", began))
    by_app: dict[str, list[Canary]] = defaultdict(list)
    for canary in plan.canaries:
        by_app[canary.app].append(canary)
    for app, canaries in by_app.items():
        looked = await _before(reader, app, CANARIES, now)
        if looked is not None and now - looked.last_at < plan.every * 0.95:
            continue
        began = time.monotonic()
        report = await _tried(compared(reader, canaries, periods, embed, alpha=plan.alpha), app, plan)
        if report.rows_now or report.notes:
            runs.append(await _written(reader, writer, report, plan, periods, app, CANARIES, ENV, began))
    return sent, runs


async def _written(reader: Store, writer: Store, report: ProviderReport, plan: Plan, periods: Periods, app: str, prompt: str, env: str, began: float) -> Run:
    now = periods.until
    looked = await _before(reader, app, prompt, now)
    allowed = _allowed(looked, plan.yearly, now)
    made = Run(
        id=uuid.uuid4(),
        started_at=now,
        app=app,
        prompt=prompt,
        kind=PROVIDER,
        report=report.report,
        baseline=Sampled("before", 0, (periods.before_from, periods.since), report.rows_before),
        window=Sampled(env, 0, (periods.since, periods.until), report.rows_now),
        alarm=report.renamed or (report.tested and report.pvalue <= allowed),
        alarm_alpha=allowed if report.tested else 0.0,
        seconds=time.monotonic() - began,
        gateway_version=__version__,
        after=looked.last if looked is not None else None,
    )
    await writer.insert_rows("drift_runs", [run_line(made)], token=made.token)
    log.event("provider_watched", app=app, prompt=prompt, tested=report.tested, pvalue=report.pvalue if report.tested else None, alarm=made.alarm, new=_names(report), seconds=made.seconds)
    return made


async def _tried(look: Awaitable[ProviderReport], app: str, plan: Plan) -> ProviderReport:
    """The report, or one that says that there is none: an app whose rows are more than we can bear must not come first again and again."""
    try:
        return await look
    except StoreError:
        raise
    except Exception as e:  # noqa: BLE001  as above
        log.event("provider_look_failed", level=logging.ERROR, app=app, error=type(e).__name__)
        return ProviderReport(plan.alpha, notes=(f"Nothing was tested: the look failed ({type(e).__name__}).",))


def _names(report: ProviderReport) -> Sequence[str]:
    return [event.named.value for event in report.events]


def _allowed(looked: _Before | None, yearly: float, now: dt.datetime) -> float:
    """What this look may spend; 0: it may not alarm by chance."""
    if looked is None:
        return 0.0
    allowed = min(yearly / max(1, looked.sorts) * ((now - looked.saving_since) / YEAR), yearly - looked.spent)
    return allowed if allowed >= LEAST else 0.0


async def _before(store: Store, app: str, prompt: str, now: dt.datetime) -> _Before | None:
    sql = (
        "SELECT argMaxIf(id, started_at, own) AS last, maxIf(started_at, own) AS last_at, "
        "if(countIf(own AND alarm_alpha > 0) > 0, maxIf(started_at, own AND alarm_alpha > 0), minIf(started_at, own)) AS since, "
        "sumIf(ifNull(alarm_alpha, 0), started_at > fromUnixTimestamp64Micro({year:Int64}, 'UTC')) AS spent, "
        "uniqExactIf(prompt_name, started_at > fromUnixTimestamp64Micro({year:Int64}, 'UTC')) AS sorts, countIf(prompt_name = {prompt:String} AS own) AS n "
        f"FROM `{store.target.database}`.drift_runs WHERE app = {{app:String}} AND kind = '{PROVIDER}' AND started_at <= fromUnixTimestamp64Micro({{until:Int64}}, 'UTC')"
    )
    year, until = ((moment - _EPOCH) // dt.timedelta(microseconds=1) for moment in (now - YEAR, now + AHEAD))
    (row,) = await store.query_json(sql, {"app": app, "prompt": prompt, "year": year, "until": until}, deadline_s=DEADLINE_S)
    if not row["n"]:
        return None
    return _Before(uuid.UUID(row["last"]), dt.datetime.fromisoformat(row["last_at"]), dt.datetime.fromisoformat(row["since"]), float(row["spent"]), int(row["sorts"]))
