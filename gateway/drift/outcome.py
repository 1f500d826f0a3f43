"""What a run leaves: rows of `drift_topics`, then its own row of `drift_runs`, which is what makes it a run. Stopped in between, there was none.

Rules of this file: texts and keywords come masked (gateway.drift.masking); the lines' bytes depend on the values alone, so that a repetition is the
same insert; ids of rows are kept where the rows are exchanges, and at most MAX_IDS of a topic.

Source of truth: gateway/store/schema/0003_drift.sql.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from detectors.drift.base import Report, Row, Topic
from gateway.drift.report_json import as_json

MAX_IDS = 500  # exchanges of one topic
_UINT32 = 2**32 - 1
Span = tuple[dt.datetime | None, dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Sampled:
    """Where one side came from. version: of a stored baseline, 0 where it is taken anew each time.  span: the first moment, and the one after the last."""

    name: str
    version: int = 0
    span: Span = (None, None)
    rows: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A topic with what it is over runs. label: one line of a chat model's, or "".  exchange_ids: of the window, or of the baseline where it shrank."""

    topic: Topic
    id: uuid.UUID
    first_seen: dt.datetime
    label: str = ""
    exchange_ids: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run, whole. alarm_alpha: what its look was allowed of the yearly budget, 0 if it took none; None: it was asked for, and has no part in it.

    alarm: of a scheduled run, by alarm_alpha; of one that was asked for, by the report's own alpha.  model: what made the vectors.  seconds: how long it took.
    """

    id: uuid.UUID
    started_at: dt.datetime
    app: str
    prompt: str
    kind: str
    report: Report
    baseline: Sampled
    window: Sampled
    alarm: bool
    alarm_alpha: float | None
    model: str = ""
    seconds: float = 0.0
    topics: tuple[Named, ...] = ()
    gateway_version: str = ""
    after: uuid.UUID | None = None  # the scheduled run that it follows

    @property
    def token(self) -> str:
        """What deduplicates the run's row. Two gates that looked at the same time from the same last look are one look: the second row is not taken.

        In the same hour, that is: were rows deleted, the last look is one that was followed before, and the store would take none after it any more.
        """
        hour = self.started_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H")
        what = [self.app, self.prompt, self.kind, *([str(self.id)] if self.alarm_alpha is None else [str(self.after), hour])]
        return "drift-" + hashlib.sha256(orjson.dumps(what)).hexdigest()


def run_line(run: Run) -> bytes:
    """The line of `drift_runs`, JSON without a newline."""
    report = run.report
    whole = {**as_json(report, every=True), "labels": [named.label for named in run.topics]}
    row: dict[str, Any] = {
        "id": run.id,
        "started_at": _time(run.started_at),
        "app": run.app,
        "prompt_name": run.prompt,
        "kind": run.kind,
        "baseline": run.baseline.name,
        "baseline_version": run.baseline.version,
        "baseline_from": _time(run.baseline.span[0]),
        "baseline_to": _time(run.baseline.span[1]),
        "window_from": _time(run.window.span[0]),
        "window_to": _time(run.window.span[1]),
        "rows_baseline": _count(run.baseline.rows),
        "rows_window": _count(run.window.rows),
        "sessions_baseline": _count(run.baseline.sessions),
        "sessions_window": _count(run.window.sessions),
        "tested": report.tested,
        "alarm": run.alarm,
        "alarm_alpha": run.alarm_alpha,
        "pvalue": float(report.pvalue) if report.tested else None,
        "alpha": report.alpha,
        "permutations": _count(report.permutations),
        **{f"aspects.{part}": [getattr(aspect, part) for aspect in report.aspects] for part in ("name", "pvalue", "significant")},
        **{f"features.{part}": [getattr(each, part) for each in report.structure] for part in ("aspect", "feature", "pvalue", "significant", "effect", "size")},
        "novel_share": float(report.novel_share) if report.tested else None,
        "notes": list(report.notes),
        "model": run.model,
        "seconds": run.seconds,
        "report": _line(whole).decode(),
        "gateway_version": run.gateway_version,
    }
    return _line(row)


def topic_lines(run: Run) -> list[bytes]:
    """The lines of `drift_topics`."""
    return [_line(_topic_row(run, named)) for named in run.topics]


def _topic_row(run: Run, named: Named) -> dict[str, Any]:
    topic = named.topic
    return {
        "run_id": run.id,
        "started_at": _time(run.started_at),
        "app": run.app,
        "prompt_name": run.prompt,
        "topic_id": named.id,
        "first_seen": _time(named.first_seen),
        "aspect": topic.aspect,
        "label": named.label,
        "keywords": list(topic.keywords),
        "direction": topic.direction,
        "share_baseline": float(topic.share_baseline),
        "share_baseline_low": float(topic.baseline_interval[0]),
        "share_baseline_high": float(topic.baseline_interval[1]),
        "share_window": float(topic.share_window),
        "share_window_low": float(topic.window_interval[0]),
        "share_window_high": float(topic.window_interval[1]),
        "rows_baseline": _count(len(topic.baseline_rows)),
        "rows_window": _count(len(topic.rows)),
        "pvalue": float(topic.pvalue),
        "exchange_ids": list(named.exchange_ids),
        "exemplars": list(topic.exemplars),
        "model": run.model,
        "centre": [float(each) for each in topic.centre],
    }


def exchange_ids(topic: Topic, baseline: Sequence[Row], window: Sequence[Row]) -> tuple[uuid.UUID, ...]:
    """The exchanges that a topic is made of: the window's, or the baseline's where it shrank or is gone. Rows of files have none."""
    side, at = (baseline, topic.baseline_rows) if topic.direction in ("shrunk", "gone") else (window, topic.rows)
    found = []
    for position in at[:MAX_IDS]:
        try:
            found.append(uuid.UUID(side[position].id))
        except ValueError:
            continue
    return tuple(found)


def _line(row: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY)
    except TypeError:  # half a character somewhere
        return orjson.dumps(_encodable(row), option=orjson.OPT_SERIALIZE_NUMPY)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(each) for key, each in value.items()}
    return [_encodable(each) for each in value] if isinstance(value, list) else value


def _time(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _count(number: int) -> int:
    return min(max(0, int(number)), _UINT32)
