"""Baselines with a name, kept in the store: each version once, the latest counts.

One made of exchanges keeps their ids, so it means what the record still holds of them: texts are deleted when their exchanges are, and a baseline that
shrank says so. One made of a file keeps the texts, until it is removed.

Rules of this file: a version's number is claimed before its rows are written, and the version is there only after them; a claim that was taken in the same moment
is another's. Whoever was killed in between leaves rows of a version that is not there: the next one who makes or removes a baseline of that name deletes them, a day
after the claim, when nobody can be writing them any more. What is removed leaves its number behind, so that no two baselines ever have the same name and version. An app of "" is every app's.
Raises StoreError.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from detectors.drift.base import Row
from gateway.drift.samples import Chosen, Sample, Source, choose, fetched
from gateway.drift.selecting import Reads, capped
from gateway.errors import StoreError
from gateway.store.client import Store
from gateway.store.topology import Topology

MOST = 5000  # rows of a baseline, if nothing else is said
DEADLINE_S = 55.0
_INSERT_BYTES = 8 << 20
_TICK = dt.timedelta(microseconds=1)
_CUT_SHORT = dt.timedelta(days=1)  # after its claim, a version that is not there never will be, however far two gates' clocks are apart
_FACTS = ("id", "turns", "roles", "tools", "finish_reason", "violations", "input_tokens", "output_tokens")
_LISTS = ("roles", "tools")


@dataclass(frozen=True, slots=True)
class Baseline:
    """One version. source: env, window, tag, prompt or file; spec: what it was made of, of JSON's types.  rows: of of_rows that there were to choose from."""

    app: str
    name: str
    version: int
    source: str
    spec: dict[str, Any]
    description: str
    created_at: dt.datetime
    rows: int
    of_rows: int


class Taken(ValueError):
    """Others are making baselines of this name all the time."""


async def of_exchanges(
    store: Store, app: str, name: str, source: Source, *, now: dt.datetime, prompt: str = "", env: str = "prod", description: str = "", most: int = MOST
) -> Baseline:
    """Store a version made of exchanges. store: a writer's.  source: not a stored one; env holds where it names neither env nor tag.

    Raises ValueError: there are no such exchanges, or no app is named.
    """
    if not app or source.name:
        raise ValueError("exchanges belong to an app, and are named by what they are")
    meant = replace(source, env=source.env or ("" if source.tags else env))
    chosen, total = await choose(store, app, meant, prompt=prompt, rows=most)
    if not chosen:
        raise ValueError(f'no exchange of "{app}" is {meant.label or "in the record"}')
    spec = {**meant.as_json(), **({"prompt": prompt} if prompt else {})}
    claimed = await _claim(store, Baseline(app, name, 0, source.kind if source.kind != "file" else "env", spec, description, now, len(chosen), total))
    rows = ({"exchange_id": each.id, "started_at": _written(each.started_at), "session": each.session} for each in chosen)
    return await _filled(store, claimed, rows)


async def of_rows(
    store: Store, app: str, name: str, rows: Sequence[Row], *, now: dt.datetime, file: str = "", description: str = "", most: int = MOST, mask: Callable[[str], str] | None = None
) -> Baseline:
    """Store a version made of rows of a file (gateway.drift.lines). store: a writer's.  file: its name.  most: of more rows, those with the smallest hash are taken.

    mask: what the record does to texts, where it does something: else masked traffic would be compared with texts that are not. Raises ValueError: no rows.
    """
    if not rows:
        raise ValueError("there are no rows")
    taken = sorted(sorted(range(len(rows)), key=lambda at: hashlib.sha256(f"{at}".encode()).digest())[:most])
    claimed = await _claim(store, Baseline(app, name, 0, "file", {"file": file} if file else {}, description, now, len(taken), len(rows)))
    return await _filled(store, claimed, (_line(rows[at], mask) for at in taken))


async def listed(store: Store, app: str | None = None, *, every: bool = False) -> list[Baseline]:
    """By app and name, the latest version first. app None: of all apps; else also those that are every app's.  every: all versions, not the latest alone."""
    condition = "" if app is None else "AND app IN ({app:String}, '') "
    sql = f"SELECT * FROM {_table(store, 'drift_baselines')} FINAL WHERE NOT gone {condition}ORDER BY app, name, version DESC {'' if every else 'LIMIT 1 BY app, name'}"
    return [_read(row) for row in await store.query_json(sql, {} if app is None else {"app": app}, deadline_s=DEADLINE_S)]


async def find(store: Store, app: str, name: str, version: int | None = None) -> Baseline | None:
    """An app's baseline of a name, or else every app's. version None: the latest."""
    condition = "" if version is None else "AND version = {version:UInt32} "
    sql = (
        f"SELECT * FROM {_table(store, 'drift_baselines')} FINAL WHERE app IN ({{app:String}}, '') AND name = {{name:String}} AND NOT gone "
        f"{condition}ORDER BY app DESC, version DESC LIMIT 1"
    )
    rows = await store.query_json(sql, {"app": app, "name": name, **({} if version is None else {"version": version})}, deadline_s=DEADLINE_S)
    return _read(rows[0]) if rows else None


async def read(store: Store, app: str, name: str, version: int | None = None, *, reads: Reads | None = None) -> Sample:
    """The rows of an app's baseline, or of every app's of that name. One that is not there is an empty sample with a note that says so."""
    known = await find(store, app, name, version)
    if known is None:
        what = f'"{name}"' if version is None else f'version {version} of "{name}"'
        return Sample((), 0, name=name, version=version or 0, notes=(f'There is no baseline {what} for the app "{app}"; tidegate drift baseline list shows those there are.',))
    sql = f"SELECT * FROM {_table(store, 'drift_samples')} WHERE app = {{app:String}} AND name = {{name:String}} AND version = {{version:UInt32}} ORDER BY position"
    rows = await store.query_json(sql, {"app": known.app, "name": name, "version": known.version}, deadline_s=DEADLINE_S)
    of_record = [row for row in rows if row["exchange_id"] is not None]
    sample = await fetched(store, known.app, [_chosen(row) for row in of_record], known.of_rows, reads or Reads())
    texts = tuple(_row(row) for row in rows if row["exchange_id"] is None)
    return replace(sample, rows=sample.rows + texts, name=name, version=known.version)


async def remove(store: Store, app: str, name: str, version: int | None = None) -> list[int]:
    """Take back a version, or all of them, and delete its rows. Returns the versions. store: a writer's."""
    going = [each for each in await listed(store, app, every=True) if (each.app, each.name) == (app, name) and version in (None, each.version)]
    for each in going:
        await _write(store, each, gone=True, changed_at=dt.datetime.now(dt.UTC), token=f"drift-baseline-gone-{each.app}-{each.name}-{each.version}")
    if going:
        await _delete(store, app, name, [each.version for each in going])
    await _sweep(store, app, name)
    return [each.version for each in going]


# ------------------------------------------------------------------ writing


async def _claim(store: Store, wanted: Baseline) -> Baseline:
    """The same with a number that is nobody else's. Raises Taken."""
    parameters = {"app": wanted.app, "name": wanted.name}
    condition = f"FROM {_table(store, 'drift_baselines')} FINAL WHERE app = {{app:String}} AND name = {{name:String}}"
    for _ in range(5):
        newest = await store.query_json(f"SELECT max(version) AS version {condition}", parameters, deadline_s=DEADLINE_S)
        claimed = replace(wanted, version=int(newest[0]["version"]) + 1)
        await _write(store, claimed, gone=True, changed_at=wanted.created_at, token=f"drift-baseline-claim-{wanted.app}-{wanted.name}-{claimed.version}")
        sql = f"SELECT created_at {condition} AND version = {{version:UInt32}}"
        holder = await store.query_json(sql, {**parameters, "version": claimed.version}, deadline_s=DEADLINE_S)
        if holder and dt.datetime.fromisoformat(holder[0]["created_at"]) == wanted.created_at:
            return claimed
    raise Taken(f'baselines "{wanted.name}" are being made by others; try again')


async def _filled(store: Store, claimed: Baseline, rows: Iterable[dict[str, Any]]) -> Baseline:
    waiting: list[bytes] = []
    size = 0

    async def send(first: int) -> None:
        token = f"drift-samples-{claimed.app}-{claimed.name}-{claimed.version}-{first}"
        await store.insert_rows("drift_samples", waiting, token=token, deadline_s=DEADLINE_S)

    position = 0
    for position, row in enumerate(rows, 1):
        line = orjson.dumps({"app": claimed.app, "name": claimed.name, "version": claimed.version, "position": position - 1, **row})
        waiting.append(line)
        size += len(line)
        if size > _INSERT_BYTES:
            await send(position)
            waiting, size = [], 0
    if waiting:
        await send(position)
    now = max(dt.datetime.now(dt.UTC), claimed.created_at + _TICK)
    await _write(store, claimed, gone=False, changed_at=now, token=f"drift-baseline-{claimed.app}-{claimed.name}-{claimed.version}")
    await _sweep(store, claimed.app, claimed.name)
    return claimed


async def _write(store: Store, baseline: Baseline, *, gone: bool, changed_at: dt.datetime, token: str) -> None:
    values = {name: getattr(baseline, name) for name in ("app", "name", "version", "source", "description", "rows", "of_rows")}
    times = {"created_at": _written(baseline.created_at), "changed_at": _written(changed_at)}
    await store.insert_rows("drift_baselines", [orjson.dumps({**values, **times, "spec": orjson.dumps(baseline.spec).decode(), "gone": gone})], token=token)


async def _delete(store: Store, app: str, name: str, versions: Sequence[int]) -> None:
    topology = Topology(database=store.target.database, cluster=store.target.cluster)
    sql = (
        f"ALTER TABLE {_table(store, 'drift_samples')}{topology.local} {topology.clause} DELETE WHERE app = {{app:String}} AND name = {{name:String}} "
        "AND version IN {versions:Array(UInt32)}"
    )
    await store.execute(sql, {"app": app, "name": name, "versions": list(versions)}, deadline_s=DEADLINE_S)


async def _sweep(store: Store, app: str, name: str) -> None:
    """Delete rows of versions whose making was cut short. What was made or removed just now stands, whatever comes of this: the next one tries again."""
    sql = (
        f"SELECT DISTINCT version FROM {_table(store, 'drift_samples')} WHERE app = {{app:String}} AND name = {{name:String}} AND version GLOBAL IN "
        f"(SELECT version FROM {_table(store, 'drift_baselines')} FINAL WHERE app = {{app:String}} AND name = {{name:String}} AND gone AND changed_at < {{before:DateTime64(6, 'UTC')}})"
    )
    before = _written(dt.datetime.now(dt.UTC) - _CUT_SHORT)
    with contextlib.suppress(StoreError):
        rows = await store.query_json(sql, {"app": app, "name": name, "before": before}, deadline_s=DEADLINE_S)
        if rows:
            await _delete(store, app, name, [row["version"] for row in rows])


def _line(row: Row, mask: Callable[[str], str] | None) -> dict[str, Any]:
    def kept(text: str | None) -> str | None:
        return None if text is None else capped(mask(text) if mask is not None else text)

    facts = {name: value for name in _FACTS if (value := getattr(row, name)) not in (None, "", ())}
    return {"input": kept(row.input), "output": kept(row.output), "session": row.session, "facts": orjson.dumps(facts).decode()}


# ------------------------------------------------------------------ reading


def _read(row: dict[str, Any]) -> Baseline:
    created_at, spec = dt.datetime.fromisoformat(row["created_at"]), orjson.loads(row["spec"] or "{}")
    return Baseline(row["app"], row["name"], row["version"], row["source"], spec, row["description"], created_at, row["rows"], row["of_rows"])


def _chosen(row: dict[str, Any]) -> Chosen:
    return Chosen(row["exchange_id"], dt.datetime.fromisoformat(row["started_at"]), row["session"])


def _row(row: dict[str, Any]) -> Row:
    facts: dict[str, Any] = {name: tuple(value) if name in _LISTS else value for name, value in orjson.loads(row["facts"] or "{}").items() if name in _FACTS}
    return Row(row["input"], row["output"], session=row["session"], **facts)


def _table(store: Store, name: str) -> str:
    return f"`{store.target.database}`.{name}"


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
