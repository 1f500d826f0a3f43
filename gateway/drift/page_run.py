"""The page of a run over the record: its map by the cached vectors, its trend by the runs before it. That of a stored run has no map: which rows it read is not kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from detectors.drift.base import Report
from gateway.drift import page, page_trend, past, words
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


async def of_stored(row: Mapping[str, Any], report: Report, reader: Store, *, every: bool = False) -> str:
    """The page of an earlier run, as it was then. row: of `past.one`, with its report; report: that (report_json.report).  every: as above. Raises StoreError."""
    before = await past.runs(reader, past.Asked(app=row["app"], prompt=row["prompt_name"], until=_moment(row["started_at"]), limit=page_trend.MOST))
    before = [each for each in before if each["tested"]]
    topics = await past.topics_of(reader, [each["id"] for each in before])
    known = {(topic["aspect"], topic["direction"], *topic["keywords"]): uuid.UUID(topic["id"]) for topic in row["topics"]}  # the report has no ids
    ids = [known.get((topic.aspect, topic.direction, *topic.keywords), uuid.UUID(int=0)) for topic in report.topics]
    runs = [_past(each, topics.get(each["id"], []), ids) for each in before]
    if row["tested"]:
        runs.append(_past(row, row["topics"], ids))
    version = f", version {row['baseline_version']}" if row["baseline_version"] else ""
    names = (f"{row['baseline']}{version}", f"{row['app']}{_span((_moment(row['window_from']), _moment(row['window_to'])))}")
    labels = {place: label for place, label in enumerate(row["report"].get("labels", ())) if label}
    return await asyncio.to_thread(page.page, report, names=names, past=runs, facts=facts(row), labels=labels, every=every)


def facts(row: Mapping[str, Any]) -> list[str]:
    """Of a stored run: when it was made, and what part it had in alarms."""
    prompt = f", for the prompt {row['prompt_name']}" if row["prompt_name"] else ""
    made = f"Made {_moment(row['started_at']):%Y-%m-%d %H:%M} UTC in {row['seconds']:.1f} s{prompt}; run {row['id']}."
    if row["kind"] == past.ASKED:
        return [made, "It was asked for, and has no part in alarms over time."]
    if not row["tested"]:
        return [made]
    if not row["alarm_alpha"]:
        return [made, "It was made between two looks that may alarm, and could not."]
    return [made, f"It could alarm at {words.p_is(row['alarm_alpha'])} or below, of the yearly budget, and did{'' if row['alarm'] else ' not'}."]


def _past(row: Mapping[str, Any], topics: Sequence[Mapping[str, Any]], ids: Sequence[uuid.UUID]) -> Past:
    known = {topic["id"]: float(topic["share_window"]) for topic in topics}
    shares = tuple((place, known[str(id)]) for place, id in enumerate(ids) if str(id) in known)
    return Past(dt.datetime.fromisoformat(row["started_at"]), row["pvalue"], bool(row["alarm"]), float(row["novel_share"]), shares)


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def _span(span: tuple[dt.datetime | None, dt.datetime | None]) -> str:
    begin, end = span
    if begin is None or end is None:
        return ""
    return f", {begin.astimezone(dt.UTC):%Y-%m-%d %H:%M} to {end.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
