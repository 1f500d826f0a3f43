"""Exchanges of the record as samples: a window of production, or what it is compared with.

Rules of this file: exchanges are chosen first, by id and without their bodies; bodies are fetched a page at a time, each held only while its texts are
taken out, so that memory is bounded by the texts of the sample (gateway.drift.selecting.MAX_CHARS) and one page. Who is chosen depends on the ids alone: of more
exchanges than are wanted those with the smallest hash, so that a sample can be had again; and what the gate itself asks (canaries) is nobody's traffic. The store given should be a reader's. Raises StoreError.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detectors.drift.base import Row
from gateway.drift.canary_table import ENV, WORDING_TAG
from gateway.drift.selecting import COLUMNS, MAX_CHARS, OPERATIONS, Reads, row
from gateway.store.client import Store

DEADLINE_S = 55.0  # of one question; a reader's queries end after 60 s
MAX_ROWS = 20_000
MAX_BODY = 1 << 20  # bytes: of an exchange with a longer one the record's own text is taken
_PAGE, _PAGE_BYTES = 500, 16 << 20  # exchanges whose bodies are held at a time, and what these came to on the wire
_MANY = 0.1  # of a window's exchanges that are left out before a note says so
_UNKNOWN = 64 << 10  # bytes that are reckoned with where nobody knows
_TICK = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_BODIES = ("request_body", "reply_body")
_NO_CANARY = f"NOT (startsWith(session_id, '{ENV}-') AND mapContains(tags, '{WORDING_TAG}'))"  # of the gate itself; its key may give it the environment of users


@dataclass(frozen=True, slots=True)
class Source:
    """What a baseline is: a stored one (name, and version or the latest), or all exchanges that are what is said here. since is included, until is not."""

    name: str = ""
    version: int | None = None
    env: str = ""
    prompt_version: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def kind(self) -> str:
        """file: nothing is said, so it came from elsewhere."""
        named = ((self.tags, "tag"), (self.prompt_version, "prompt"), (self.since or self.until, "window"), (self.env, "env"))
        return next((kind for value, kind in named if value), "file")

    @property
    def label(self) -> str:
        """As people call it: "dev", "refunds", "tag suite=refunds since 2026-01-01"."""
        if self.name:
            return self.name
        said = [self.env, *(f"tag {key}={value}" for key, value in self.tags), f"prompt version {self.prompt_version}" if self.prompt_version else ""]
        said += [f"{word} {moment:%Y-%m-%d %H:%M}" for word, moment in (("since", self.since), ("until", self.until)) if moment is not None]
        return " ".join(word for word in said if word)

    def as_json(self) -> dict[str, Any]:
        """Of JSON's types; `of_json` reads it."""
        times = {name: moment.isoformat() for name, moment in (("since", self.since), ("until", self.until)) if moment is not None}
        words = {name: value for name, value in (("env", self.env), ("prompt_version", self.prompt_version)) if value}
        return {**words, **({"tag": dict(self.tags)} if self.tags else {}), **times}


@dataclass(frozen=True, slots=True)
class Sample:
    """One side. total: exchanges that it was drawn from.  since, until: of its rows, the moment after the last; None: it is not of the record.

    name, version: of the baseline ("" and 0 of a window).  notes: what a reader should know of it, in sentences.
    """

    rows: tuple[Row, ...]
    total: int
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    name: str = ""
    version: int = 0
    notes: tuple[str, ...] = ()

    @property
    def sessions(self) -> int:
        """Conversations; a row without one is its own."""
        return len({row.session for row in self.rows if row.session}) + sum(1 for row in self.rows if not row.session)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An exchange that is in a sample, without its bodies. bytes: which they had on the wire."""

    id: str
    started_at: dt.datetime
    session: str
    bytes: int = _UNKNOWN


async def window(
    store: Store, app: str, *, now: dt.datetime, prompt: str = "", env: str = "prod", rows: int = 2000, hours: float | None = None, reads: Reads | None = None
) -> Sample:
    """The last `rows` exchanges of an app (and a prompt's name, "": all); with hours those of the hours before now, drawn at random if there are more."""
    source = Source(env=env, since=now - dt.timedelta(hours=hours) if hours is not None else None, until=now)
    chosen, total = await choose(store, app, source, prompt=prompt, rows=rows, newest=hours is None)
    since = chosen[0].started_at if chosen and hours is None else source.since
    left = await _left_out(store, app, replace(source, since=since), prompt)
    sample = await fetched(store, app, chosen, total, reads or Reads())
    return replace(sample, notes=(left, *sample.notes)) if left else sample


async def baseline(store: Store, app: str, source: Source, *, prompt: str = "", env: str = "prod", rows: int = 2000, reads: Reads | None = None) -> Sample:
    """What a source that is not stored means now: at most `rows` of its exchanges. env: of the window; holds where the source names neither env nor tag.

    Of one that is stored gateway.drift.baselines knows.
    """
    if source.name:
        raise ValueError("a stored baseline is read by gateway.drift.baselines")
    chosen, total = await choose(store, app, replace(source, env=source.env or ("" if source.tags else env)), prompt=prompt, rows=rows)
    return replace(await fetched(store, app, chosen, total, reads or Reads()), name=source.label)


async def any_of(store: Store, app: str, env: str) -> bool:
    """Whether an app has any exchange of an environment, of whatever kind."""
    sql = f"SELECT 1 AS n FROM `{store.target.database}`.exchanges WHERE app = {{app:String}} AND env = {{env:String}} LIMIT 1"
    return bool(await store.query_json(sql, {"app": app, "env": env}, deadline_s=DEADLINE_S))


async def apps(store: Store, env: str, most: int = 100) -> list[str]:
    """The names of apps that have exchanges of an environment, by name."""
    sql = f"SELECT DISTINCT app FROM `{store.target.database}`.exchanges_1m WHERE env = {{env:String}} ORDER BY app LIMIT {{most:UInt32}}"
    return [row["app"] for row in await store.query_json(sql, {"env": env, "most": most}, deadline_s=DEADLINE_S)]


def apart(baseline: Sample, window: Sample) -> Sample:
    """The baseline without what is also in the window, whole conversations: an exchange cannot be on both sides, nor a session be permuted between them.

    Rows of a file are nobody's exchanges, whatever they call themselves: what was added to a dev set from production stays there.
    """
    if baseline.since is None:
        return baseline
    ids, sessions = {row.id for row in window.rows if row.id}, {row.session for row in window.rows if row.session}
    kept = tuple(row for row in baseline.rows if row.id not in ids and row.session not in sessions)
    left = len(baseline.rows) - len(kept)
    if not left:
        return baseline
    note = f"{left:,} of the baseline's {len(baseline.rows):,} rows are, or belong to a conversation that is, also in the window; they are left out."
    return replace(baseline, rows=kept, notes=(*baseline.notes, note))


async def choose(store: Store, app: str, source: Source, *, prompt: str = "", rows: int, newest: bool = False) -> tuple[list[Chosen], int]:
    """Exchanges that ended `ok` and answer in text, at most `rows`, by time; and how many there are. newest: the last ones, and not any. source: not a stored one."""
    rows = max(1, min(MAX_ROWS, rows))
    conditions, parameters = _conditions(app, source, prompt)
    order = "started_at DESC, id DESC" if newest else "cityHash64(id), id"
    table = f"`{store.target.database}`.exchanges"
    # The inner LIMIT lets the server keep no more than it gives; LIMIT BY alone would sort all there is in its memory. Rows that are stored twice are few.
    sql = (
        f"SELECT id, started_at, session_id, bytes FROM (SELECT toString(id) AS id, started_at, session_id, least(request_bytes, {MAX_BODY}) + least(ifNull(reply_bytes, 0), {MAX_BODY}) AS bytes "
        f"FROM {table} WHERE {conditions} ORDER BY {order} LIMIT 2 * {{rows:UInt32}}) ORDER BY {order} LIMIT 1 BY id LIMIT {{rows:UInt32}}"
    )
    answer = await store.query_json(sql, {**parameters, "rows": rows}, deadline_s=DEADLINE_S)
    found = [Chosen(each["id"], dt.datetime.fromisoformat(each["started_at"]), each["session_id"], each["bytes"]) for each in answer]
    total = len(found)
    if total == rows and not newest:
        counted = await store.query_json(f"SELECT count() AS n FROM {table} WHERE {conditions}", parameters, deadline_s=DEADLINE_S)
        total = int(counted[0]["n"])
    return sorted(found, key=lambda each: (each.started_at, each.id)), total


async def _left_out(store: Store, app: str, source: Source, prompt: str) -> str:
    """What of the exchanges of that time is no text of users, in a sentence; "" if that is less than _MANY of them: who sees 95 rows and sent 147 must not have to guess."""
    conditions, parameters = _conditions(app, source, prompt, every=True)
    sql = (
        f"SELECT multiIf(outcome != 'ok', 'that did not end well', operation IN {OPERATIONS}, '', operation = '', 'of no known kind', operation) AS what, count() AS n "
        f"FROM `{store.target.database}`.exchanges WHERE {conditions} GROUP BY what ORDER BY n DESC, what LIMIT 100"
    )
    counts = {row["what"]: int(row["n"]) for row in await store.query_json(sql, parameters, deadline_s=DEADLINE_S)}
    everything = sum(counts.values())
    left = everything - counts.pop("", 0)
    if left <= _MANY * everything:
        return ""
    return f"{left:,} of {everything:,} exchanges were left out: {', '.join(f'{n:,} {what}' for what, n in counts.items())}."


async def fetched(store: Store, app: str, chosen: Sequence[Chosen], total: int, reads: Reads) -> Sample:
    """The rows of exchanges, by time; those that are not stored any more are left out, which a note says. chosen: by time."""
    found: dict[str, Row] = {}
    for page in _pages(chosen):
        for stored in await _page(store, app, page):
            found[stored["id"]] = row(stored, reads)
    kept = [each for each in chosen if each.id in found]
    gone = len(chosen) - len(kept)
    notes = (f"{gone:,} of {len(chosen):,} exchanges are not stored any more; they are left out.",) if gone else ()
    since, until = (kept[0].started_at, kept[-1].started_at + _TICK) if kept else (None, None)
    return Sample(tuple(found[each.id] for each in kept), total, since, until, notes=notes)


def _pages(chosen: Sequence[Chosen]) -> Iterator[Sequence[Chosen]]:
    at = size = 0
    for number, each in enumerate(chosen):
        if number - at == _PAGE or (size and size + each.bytes > _PAGE_BYTES):
            yield chosen[at:number]
            at, size = number, 0
        size += each.bytes
    if at < len(chosen):
        yield chosen[at:]


async def _page(store: Store, app: str, page: Sequence[Chosen]) -> Iterable[Mapping[str, Any]]:
    columns = ", ".join(f"if(length(e.{name}) > {MAX_BODY}, '', e.{name}) AS {name}" if name in _BODIES else _text(name) for name in COLUMNS)
    sql = (
        f"SELECT {columns} FROM `{store.target.database}`.exchanges AS e WHERE e.app = {{app:String}} AND e.started_at >= {_at('since')} AND e.started_at <= {_at('until')} "
        "AND e.id IN {ids:Array(UUID)} LIMIT 1 BY e.id"
    )
    parameters = {"app": app, "since": _micros(page[0].started_at), "until": _micros(page[-1].started_at), "ids": [each.id for each in page]}
    return await store.query_json(sql, parameters, deadline_s=DEADLINE_S)


def _text(name: str) -> str:
    return f"leftUTF8(e.{name}, {MAX_CHARS + 1}) AS {name}" if name.endswith("_text") else f"toString(e.id) AS {name}" if name == "id" else f"e.{name}"


def _conditions(app: str, source: Source, prompt: str, *, every: bool = False) -> tuple[str, dict[str, Any]]:
    """every: also those that did not end `ok`, or do not answer in text."""
    texts = [] if every else ["outcome = 'ok'", f"operation IN ({', '.join(repr(name) for name in OPERATIONS)})"]
    conditions = ["app = {app:String}", *texts, _NO_CANARY]
    parameters: dict[str, Any] = {"app": app}
    for column, value in (("env", source.env), ("prompt_name", prompt), ("prompt_version", source.prompt_version)):
        if value:
            conditions.append(f"{column} = {{{column}:String}}")
            parameters[column] = value
    for number, (key, value) in enumerate(source.tags):
        conditions.append(f"tags[{{key{number}:String}}] = {{value{number}:String}}")
        parameters |= {f"key{number}": key, f"value{number}": value}
    for name, comparison, moment in (("since", ">=", source.since), ("until", "<", source.until)):
        if moment is not None:
            conditions.append(f"started_at {comparison} {_at(name)}")
            parameters[name] = _micros(moment)
    return " AND ".join(conditions), parameters


def _at(name: str) -> str:
    return f"fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')"


def _micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _TICK
