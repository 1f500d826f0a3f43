"""What earlier runs left in `drift_runs` and `drift_topics`, read back: for the console's pages, for what is due, for alarms over time, for topics' identity.

A run's own row is written last (gateway/drift/outcome.py), so topics without it are of a run that was cut short: nothing here shows them. Light to
import: the console asks these.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from detectors.drift.looks import YEAR
from gateway.store.target import DEADLINE_S

if TYPE_CHECKING:
    from gateway.store.client import Store

SCHEDULED, ASKED = "scheduled", "asked"  # kinds of runs: by the clock, with a part in the yearly budget; or because somebody wanted to know
MAX_RUNS = 200
SOME_IDS = 20  # exchanges of a topic, where it is one run's of several
IN_A_ROW = 100  # looks back, at most, for how many of the newest were alarms
REMEMBERED = 500  # topics of one app and prompt that a new one may be the same as
_DAYS_REMEMBERED = 120
AHEAD = dt.timedelta(minutes=10)  # by so much another gate's clock may differ; what lies further ahead was written by a clock that was wrong
_ASPECTS = ("name", "pvalue", "significant")
_FEATURES = ("aspect", "feature", "pvalue", "significant", "effect", "size")
_RUN = (
    "id", "started_at", "app", "prompt_name", "kind", "baseline", "baseline_version", "baseline_from", "baseline_to", "window_from", "window_to",
    "rows_baseline", "rows_window", "sessions_baseline", "sessions_window", "tested", "alarm", "alarm_alpha", "pvalue", "alpha", "permutations",
    *(f"aspects.{part}" for part in _ASPECTS), *(f"features.{part}" for part in _FEATURES),
    "novel_share", "notes", "model", "seconds", "gateway_version",
)  # fmt: skip
_TOPIC = (
    "run_id", "topic_id", "first_seen", "aspect", "label", "keywords", "direction", "share_baseline", "share_baseline_low", "share_baseline_high",
    "share_window", "share_window_low", "share_window_high", "rows_baseline", "rows_window", "pvalue", "exchange_ids", "exemplars",
)  # fmt: skip
_RUN_COLUMNS = ", ".join(f"`{name}`" for name in _RUN)
_SIDES = ("baseline", "window")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which runs are wanted; None: any, of kinds those of users' drift. since is included, until is not.  latest: of each app and prompt only the newest."""

    app: str | None = None
    prompt: str | None = None
    kind: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    limit: int = 50
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """An app's scheduled runs of one prompt ("": all). last: the newest, which the next one follows.

    looked_at: when the newest look was taken that had a part of the yearly budget; None: none was.  spent: what such looks were allowed within the last year.
    """

    last: uuid.UUID
    last_at: dt.datetime
    looked_at: dt.datetime | None
    spent: float


@dataclass(frozen=True, slots=True)
class Remembered:
    """A topic of earlier runs, as it was last seen. centre: of length 1, in the space of the model that was asked for."""

    id: uuid.UUID
    aspect: str
    first_seen: dt.datetime
    label: str
    keywords: tuple[str, ...]
    centre: tuple[float, ...]


async def runs(store: Store, asked: Asked, *, deadline_s: float = DEADLINE_S) -> list[dict[str, Any]]:
    """Runs, newest first, without topics and reports; `aspects` and `structure` as lists of objects. Raises StoreError."""
    where, bound = _conditions(asked)
    newest = "LIMIT 1 BY app, prompt_name " if asked.latest else ""
    sql = f"SELECT {_RUN_COLUMNS} FROM {_table(store, 'drift_runs')} {where}ORDER BY started_at DESC, id DESC {newest}LIMIT {{limit:UInt32}}"
    return [_run(row) for row in await store.query_json(sql, {**bound, "limit": max(1, min(MAX_RUNS, asked.limit))}, deadline_s=deadline_s)]


async def one(store: Store, id: uuid.UUID, *, deadline_s: float = DEADLINE_S) -> dict[str, Any] | None:
    """A run with its topics and its whole report (None where its retention is over); None: there is no such run. Raises StoreError."""
    sql = f"SELECT {_RUN_COLUMNS}, report FROM {_table(store, 'drift_runs')} WHERE id = {{id:UUID}} LIMIT 1"
    rows = await store.query_json(sql, {"id": str(id)}, deadline_s=deadline_s)
    if not rows:
        return None
    report = rows[0].pop("report")
    found = _run(rows[0])
    topics = await topics_of(store, [found["id"]], deadline_s=deadline_s)
    return {**found, "topics": topics.get(found["id"], []), "report": orjson.loads(report) if report else None}


async def begins(store: Store, text: str, *, deadline_s: float = DEADLINE_S) -> list[uuid.UUID]:
    """Runs whose id begins so, two at most. Raises StoreError."""
    sql = f"SELECT DISTINCT id FROM {_table(store, 'drift_runs')} WHERE startsWith(toString(id), {{text:String}}) LIMIT 2"
    return [uuid.UUID(row["id"]) for row in await store.query_json(sql, {"text": text.lower()}, deadline_s=deadline_s)]


async def topics_of(store: Store, ids: Sequence[str], *, deadline_s: float = DEADLINE_S) -> dict[str, list[dict[str, Any]]]:
    """The topics of runs, by the run's id, largest in the window first; of several runs each with its first SOME_IDS exchanges. Raises StoreError."""
    columns = ", ".join(f"arraySlice(drift_topics.{name}, 1, {SOME_IDS}) AS {name}" if name == "exchange_ids" and len(ids) > 1 else name for name in _TOPIC)
    sql = f"SELECT {columns} FROM {_table(store, 'drift_topics')} WHERE run_id IN {{ids:Array(UUID)}} ORDER BY share_window DESC, topic_id LIMIT 1 BY run_id, topic_id, aspect"
    found: dict[str, list[dict[str, Any]]] = {}
    if ids:
        for row in await store.query_json(sql, {"ids": list(ids)}, deadline_s=deadline_s):
            found.setdefault(row.pop("run_id"), []).append(_topic(row))
    return found


async def looked(store: Store, app: str, now: dt.datetime, *, deadline_s: float = DEADLINE_S) -> dict[str, Looked]:
    """What an app's scheduled runs have done so far, by prompt; those that are later than now by more than AHEAD are none. Raises StoreError: an alarm must not be decided without it."""
    sql = (
        "SELECT prompt_name, argMax(id, started_at) AS last, max(started_at) AS last_at, "
        "maxOrNullIf(started_at, alarm_alpha > 0) AS looked_at, sumIf(alarm_alpha, started_at > fromUnixTimestamp64Micro({since:Int64}, 'UTC')) AS spent "
        f"FROM {_table(store, 'drift_runs')} WHERE app = {{app:String}} AND kind = 'scheduled' "
        "AND started_at <= fromUnixTimestamp64Micro({until:Int64}, 'UTC') GROUP BY prompt_name"
    )
    rows = await store.query_json(sql, {"app": app, "since": _micros(now - dt.timedelta(seconds=YEAR)), "until": _micros(now + AHEAD)}, deadline_s=deadline_s)
    return {
        row["prompt_name"]: Looked(
            uuid.UUID(row["last"]),
            dt.datetime.fromisoformat(row["last_at"]),
            dt.datetime.fromisoformat(row["looked_at"]) if row["looked_at"] else None,
            float(row["spent"] or 0.0),
        )
        for row in rows
    }


async def remembered(store: Store, app: str, prompt: str, model: str, now: dt.datetime, *, deadline_s: float = DEADLINE_S) -> list[Remembered]:
    """Topics that earlier runs named, each as it was last seen, at most REMEMBERED. model: whose vectors can be compared with ours. Raises StoreError."""
    runs_of = f"SELECT id FROM {_table(store, 'drift_runs')} WHERE app = {{app:String}} AND prompt_name = {{prompt:String}}"
    sql = (
        "SELECT topic_id, aspect, min(first_seen) AS first, argMax(label, started_at) AS label, argMax(keywords, started_at) AS keywords, argMax(centre, started_at) AS centre "
        f"FROM {_table(store, 'drift_topics')} WHERE app = {{app:String}} AND prompt_name = {{prompt:String}} AND model = {{model:String}} "
        f"AND started_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC') AND run_id GLOBAL IN ({runs_of}) "
        f"GROUP BY topic_id, aspect ORDER BY max(started_at) DESC, topic_id LIMIT {REMEMBERED}"
    )
    since = _micros(now - dt.timedelta(days=_DAYS_REMEMBERED))
    rows = await store.query_json(sql, {"app": app, "prompt": prompt, "model": model, "since": since}, deadline_s=deadline_s)
    return [
        Remembered(uuid.UUID(row["topic_id"]), row["aspect"], dt.datetime.fromisoformat(row["first"]), row["label"], tuple(row["keywords"]), tuple(row["centre"]))
        for row in rows
    ]


async def newest(store: Store, since: dt.datetime, now: dt.datetime, *, deadline_s: float = DEADLINE_S) -> list[dict[str, Any]]:
    """For series: of each app and prompt with a run by the clock since then the newest; looks at providers apart. What somebody asked for is not in it. Raises StoreError.

    Rows: app, prompt_name, provider (whether it is about providers), at (seconds since the epoch), tested, pvalue, novel_share (both None where nothing was tested), names and pvalues
    of aspects. alarm: of the newest look that had a part of the budget, however long ago within a year, or that needed none, while the app is tested at all; else of the newest run.
    in_a_row: how many of those looks, from the newest back, were alarms without a break, at most IN_A_ROW. Runs that are later than now by more than AHEAD are none.
    """
    grouped = "GROUP BY app, prompt_name, provider ORDER BY app, prompt_name, provider LIMIT 5000"
    until = "started_at <= fromUnixTimestamp64Micro({until:Int64}, 'UTC')"
    recent = f"{_table(store, 'drift_runs')} WHERE kind IN ('scheduled', 'provider') AND started_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC') AND {until}"
    sql = (
        "SELECT app, prompt_name, kind = 'provider' AS provider, max(toFloat64(started_at)) AS at, argMax(tested, started_at) AS tested, "
        "argMax(tuple(novel_share), started_at).1 AS novel_share, argMax(tuple(pvalue), started_at).1 AS pvalue, argMax(`aspects.name`, started_at) AS names, argMax(`aspects.pvalue`, started_at) AS pvalues, "
        "argMax(alarm, started_at) AS alarm, countIf(drift_runs.tested) > 0 AS looks_on "
        f"FROM {recent} {grouped}"
    )
    moments = {"since": _micros(since), "until": _micros(now + AHEAD)}
    rows = await store.query_json(sql, moments, deadline_s=deadline_s)
    last = (
        f"SELECT app, prompt_name, kind = 'provider' AS provider, groupArraySorted({IN_A_ROW})((-toUnixTimestamp64Micro(started_at), NOT drift_runs.alarm)) AS newest_first, "
        "newest_first[1].2 = 0 AS alarm, arrayFirstIndex(look -> look.2 = 1, newest_first) AS calm, if(calm = 0, length(newest_first), calm - 1) AS in_a_row "
        f"FROM {_table(store, 'drift_runs')} WHERE (alarm_alpha > 0 OR (kind = 'provider' AND drift_runs.alarm)) AND started_at >= fromUnixTimestamp64Micro({{year:Int64}}, 'UTC') AND {until} "
        f"AND (app, prompt_name) GLOBAL IN (SELECT app, prompt_name FROM {recent}) {grouped}"
    )
    year = _micros(since - dt.timedelta(seconds=YEAR))
    looks = await store.query_json(last, {**moments, "year": year}, deadline_s=deadline_s) if any(row["looks_on"] for row in rows) else []
    found = {(row["app"], row["prompt_name"], row["provider"]): row for row in looks}
    for row in rows:
        look = found.get((row["app"], row["prompt_name"], row["provider"])) if row.pop("looks_on") else None
        if look is not None:
            row["alarm"] = bool(look["alarm"])
        row["in_a_row"] = int(look["in_a_row"]) if look is not None else 0
    return rows


def _run(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in row.items() if "." not in name}
    found["aspects"] = _rows(row, "aspects", _ASPECTS)
    found["structure"] = _rows(row, "features", _FEATURES)
    return found


def _rows(row: Mapping[str, Any], nested: str, parts: Iterable[str]) -> list[dict[str, Any]]:
    names = tuple(parts)
    return [dict(zip(names, values, strict=True)) for values in zip(*(row[f"{nested}.{name}"] for name in names), strict=True)]


def _topic(row: dict[str, Any]) -> dict[str, Any]:
    found = {"id": row.pop("topic_id"), **row}
    for side in _SIDES:
        found[f"{side}_interval"] = [found.pop(f"share_{side}_low"), found.pop(f"share_{side}_high")]
    return found


def _conditions(asked: Asked) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = [] if asked.kind is not None else [f"kind IN ('{SCHEDULED}', '{ASKED}')"]
    bound: dict[str, Any] = {}
    for column, value in (("app", asked.app), ("prompt_name", asked.prompt), ("kind", asked.kind)):
        if value is not None:
            conditions.append(f"{column} = {{{column}:String}}")
            bound[column] = value
    for name, comparison, moment in (("since", ">=", asked.since), ("until", "<", asked.until)):
        if moment is not None:
            conditions.append(f"started_at {comparison} fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')")
            bound[name] = str(_micros(moment))
    return f"WHERE {' AND '.join(conditions)} ", bound


def _table(store: Store, name: str) -> str:
    return f"`{store.target.database}`.{name}"


def _micros(moment: dt.datetime) -> int:
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
