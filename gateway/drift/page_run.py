"""The page of a run over the record: its map by the cached vectors, its trend by the runs before it."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.drift import page, page_trend, past
from gateway.drift.embeddings import Embeddings
from gateway.drift.page_trend import Past
from gateway.drift.run import Ran
from gateway.store.client import Store


async def of_run(ran: Ran, reader: Store, embeddings: Embeddings, *, every: bool = False) -> str:
    """The page. embeddings: those of the run, so that no vector is computed anew.  every: also features that are not significant. Raises StoreError, EmbeddingError."""
    run = ran.run
    before = await past.runs(reader, past.Asked(app=run.app, prompt=run.prompt, limit=page_trend.MOST))
    before = [each for each in before if each["id"] != str(run.id) and each["tested"]]
    topics = await past.topics_of(reader, [each["id"] for each in before])
    runs = [*(_past(each, topics.get(each["id"], []), [named.id for named in run.topics]) for each in before)]
    if run.report.tested:
        shares = tuple((place, named.topic.share_window) for place, named in enumerate(run.topics))
        runs.append(Past(run.started_at, run.report.pvalue, run.alarm, run.report.novel_share, shares))
    sides = [await embeddings.of([row.input or "" for row in sample.rows]) for sample in (ran.baseline, ran.window)] if run.report.tested else []
    names = (f"{run.baseline.name}{f', version {run.baseline.version}' if run.baseline.version else ''}", f"{run.app} {run.window.name}{_span(run.window.span)}")
    facts = [f"Made {run.started_at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC in {run.seconds:.1f} s{f', for the prompt {run.prompt}' if run.prompt else ''}."]
    labels = {place: named.label for place, named in enumerate(run.topics) if named.label}
    sides = sides if all(side.shape[1] for side in sides) else []
    return await asyncio.to_thread(page.compared, run.report, *sides, names=names, past=runs, facts=facts, labels=labels, every=every)


def _past(row: Mapping[str, Any], topics: Sequence[Mapping[str, Any]], ids: Sequence[uuid.UUID]) -> Past:
    known = {topic["id"]: float(topic["share_window"]) for topic in topics}
    shares = tuple((place, known[str(id)]) for place, id in enumerate(ids) if str(id) in known)
    return Past(dt.datetime.fromisoformat(row["started_at"]), row["pvalue"], bool(row["alarm"]), float(row["novel_share"]), shares)


def _span(span: tuple[dt.datetime | None, dt.datetime | None]) -> str:
    begin, end = span
    if begin is None or end is None:
        return ""
    return f", {begin.astimezone(dt.UTC):%Y-%m-%d %H:%M} to {end.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
