"""Migrations: killed anywhere, run twice, run by two, met by an older gateway."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import os
import uuid
from collections.abc import Iterator
from decimal import Decimal

import orjson
import pytest

from gateway.errors import StoreError, StoreRejected, StoreUnavailable
from gateway.store import migrate as module
from gateway.store.client import Store
from gateway.store.migrate import migrate, migrations, version
from gateway.store.rows import encode
from gateway.store.topology import Topology, render
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange

STATEMENTS = [statement for text in [module._HISTORY, *(m.sql for m in migrations())] for statement in render(text, Topology())]

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A server without a schema: these tests make and unmake it."""
    with ClickHouseServer(tmp_path_factory.mktemp("migrate")) as running:
        yield running


async def wipe(store: Store) -> None:
    await store.execute("CREATE DATABASE IF NOT EXISTS tidegate")
    for table in await store.query_json("SELECT name, engine LIKE '%View' AS view FROM system.tables WHERE database = 'tidegate' ORDER BY view DESC"):
        await store.execute(f"DROP {'VIEW' if table['view'] else 'TABLE'} tidegate.`{table['name']}` SYNC")


@pytest.fixture(scope="module")
def whole(server: ClickHouseServer) -> dict[str, str]:
    """What an undisturbed migration leaves behind."""

    async def run() -> dict[str, str]:
        store = Store(server.target)
        await wipe(store)
        await migrate(server.target, retention_days=90)
        made = await described(store)
        await store.close()
        return made

    return asyncio.run(run())


async def described(store: Store) -> dict[str, str]:
    rows = await store.query_json("SELECT name, create_table_query AS made FROM system.tables WHERE database = 'tidegate'")
    return {row["name"]: row["made"] for row in rows}


@pytest.mark.covers("S7")
@pytest.mark.parametrize("done", range(len(STATEMENTS) + 1) if LONG else sorted({*range(0, len(STATEMENTS), 4), len(STATEMENTS) - 1, len(STATEMENTS)}))
async def test_killed_after_any_statement_it_ends_the_same(server: ClickHouseServer, whole: dict[str, str], done: int) -> None:
    """An upgrade meets a reboot sooner or later. In short form after every fourth, and at the end."""
    store = Store(server.target)
    await wipe(store)
    for statement in STATEMENTS[:done]:
        await store.execute(statement)
    assert await migrate(server.target, retention_days=90) == [m.version for m in migrations()]
    assert await described(store) == whole
    await store.close()


@pytest.mark.covers("S7")
async def test_run_again_it_does_nothing(server: ClickHouseServer) -> None:
    """It runs at every start."""
    await migrate(server.target, retention_days=90)
    store = Store(server.target)
    before = await described(store), await store.query_json("SELECT * FROM tidegate.schema_migrations ORDER BY version")
    assert await migrate(server.target, retention_days=90) == []
    assert (await described(store), await store.query_json("SELECT * FROM tidegate.schema_migrations ORDER BY version")) == before
    await store.close()


@pytest.mark.covers("S7")
async def test_several_at_once_end_the_same(server: ClickHouseServer, whole: dict[str, str]) -> None:
    """Replicas of the gateway start together."""
    store = Store(server.target)
    await wipe(store)
    await asyncio.gather(*(migrate(server.target, retention_days=90) for _ in range(4)))
    assert await described(store) == whole
    assert await version(server.target) == migrations()[-1].version
    await store.close()


async def left_by(store: Store, last: int) -> list[int]:
    """A database as a version left it; returns those that came later."""
    await wipe(store)
    for text in [module._HISTORY, *(m.sql for m in migrations() if m.version <= last)]:
        for statement in render(text, Topology()):
            await store.execute(statement)
    await store.execute(f"INSERT INTO tidegate.schema_migrations (version, name) SELECT {last}, 'before'")
    return [m.version for m in migrations() if m.version > last]


@pytest.mark.covers("S7")
@pytest.mark.parametrize("code", [60, 218])
async def test_a_feed_that_another_gate_has_taken_off_for_a_moment_is_asked_again(server: ClickHouseServer, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Replicas upgrade together: which error one gets while the other puts the feed back depends on how far that is."""
    store, execute, refused = Store(server.target), Store.execute, list[str]()
    later = await left_by(store, 6)

    async def refusing(self: Store, sql: str, *of: object, **more: object) -> object:
        if "MODIFY QUERY" in sql and not refused:
            refused.append(sql)
            raise StoreUnavailable("a feed", code=code)
        return await execute(self, sql, *of, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "execute", refusing)
    assert await migrate(server.target, retention_days=90) == later
    assert refused and await described(store) == whole
    await store.close()


@pytest.mark.covers("S7")
async def test_what_another_gate_has_done_meanwhile_is_not_done_again(server: ClickHouseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other gate is inserting by then: taking its feed off once more would cost the rollup what it inserts in that moment."""
    store, create = Store(server.target), module._create_database
    later = await left_by(store, 6)

    async def late(own: Store, topology: Topology) -> None:
        monkeypatch.setattr(module, "_create_database", create)
        assert await migrate(server.target, retention_days=90) == later

    monkeypatch.setattr(module, "_create_database", late)
    assert await migrate(server.target, retention_days=90) == []
    assert (await store.query_one("SELECT count() AS n FROM tidegate.schema_migrations WHERE version = 7"))["n"] == 1
    await store.close()


@pytest.mark.covers("S7", "D4")
async def test_what_nobody_knows_of_a_crash_finds_its_place_in_a_table_of_before(server: ClickHouseServer) -> None:
    """Rows of before stay as they are; a gate of before, which shares the store while it is replaced, goes on inserting; and what a crash left open is NULL for who asks."""
    store = Store(server.target)
    later = await left_by(store, 9)
    before, old, crashed = exchange(1, status=0, attempts=0, reply_bytes=0), exchange(2), exchange(3, status=None, attempts=None, reply_bytes=None)
    await store.insert([encode(before)], token="before")
    assert await migrate(server.target, retention_days=90) == later
    await store.insert([encode(old), encode(crashed)], token="after")
    rows = await store.query_json("SELECT status, attempts, toInt32(reply_bytes) AS given FROM tidegate.exchanges ORDER BY id")
    assert [(row["status"], row["attempts"], row["given"]) for row in rows] == [(0, 0, 0), (old.status, old.attempts, old.reply_bytes), (None, None, None)]
    await store.close()


@pytest.mark.covers("S7")
async def test_a_newer_database_is_left_alone(server: ClickHouseServer) -> None:
    """After a downgrade the old gateway must not write rows that the new schema does not expect."""
    store = Store(server.target)
    await migrate(server.target, retention_days=90)
    await store.execute("INSERT INTO tidegate.schema_migrations (version, name) SELECT 9999, 'future'")
    before = await described(store)
    with pytest.raises(StoreError, match=f"has schema version 9999, this gateway knows up to {migrations()[-1].version}; upgrade the gateway"):
        await migrate(server.target, retention_days=1)
    assert await described(store) == before
    await wipe(store)
    assert await version(server.target) == 0
    await store.close()


async def test_retention_follows_the_configuration(server: ClickHouseServer) -> None:
    """A shorter retention is often a legal duty; the rollup keeps what names nobody."""
    store = Store(server.target)
    for days, rollup in ((90, 400), (7, 400), (3650, 3650)):
        await migrate(server.target, retention_days=days)
        tables = await described(store)
        assert f"TTL toDate(started_at) + toIntervalDay({days}), " in tables["exchanges"]
        assert f"TTL toDate(minute) + toIntervalDay({rollup}) " in tables["exchanges_1m"]
        assert f") TTL toDate(started_at) + toIntervalDay({rollup}) " in tables["drift_runs"]
        assert f") TTL toDate(started_at) + toIntervalDay({rollup}) " in tables["drift_topics"]
        assert f"TTL toDate(at) + toIntervalDay({min(days, 90)}) " in tables["drift_embeddings"]
    await store.close()


async def test_what_quotes_traffic_goes_with_the_exchanges_and_drifts_figures_stay(server: ClickHouseServer) -> None:
    """Exemplars are somebody's words; a p-value is nobody's, and the yearly budget of alarms is reckoned from them. Retention may be shortened later."""
    store = Store(server.target)
    await wipe(store)
    await migrate(server.target, retention_days=90)
    columns = "{id} AS {name}, now64(6) - toIntervalDay(number) AS started_at, 'shop' AS app"
    for table, name, more in (("drift_runs", "id", "'{}' AS report"), ("drift_topics", "run_id", "['Hello'] AS exemplars, [generateUUIDv4()] AS exchange_ids")):
        said = columns.format(id="generateUUIDv4()", name=name)
        names = ", ".join(part.rsplit(" ", 1)[1] for part in f"{said}, {more}".split(", ") if " AS " in part)
        await store.execute(f"INSERT INTO tidegate.{table} ({names}) SELECT {said}, {more} FROM (SELECT arrayJoin([0, 20, 500]) AS number)")
    await migrate(server.target, retention_days=7)
    for table in ("drift_runs", "drift_topics"):
        await store.execute(f"OPTIMIZE TABLE tidegate.{table} FINAL")
    runs = await store.query_json("SELECT report FROM tidegate.drift_runs ORDER BY started_at")
    topics = await store.query_json("SELECT exemplars, length(exchange_ids) AS ids FROM tidegate.drift_topics ORDER BY started_at")
    await store.close()
    assert runs == [{"report": ""}, {"report": "{}"}]
    assert topics == [{"exemplars": [], "ids": 0}, {"exemplars": ["Hello"], "ids": 1}]


async def test_rows_of_before_phases_read_as_having_none(server: ClickHouseServer) -> None:
    """An upgrade meets ninety days of rows; what nobody wrote down then is empty, and nothing of theirs is lost."""
    store = Store(server.target)
    later = await left_by(store, 3)
    await store.execute("INSERT INTO tidegate.exchanges (id, started_at, app) SELECT generateUUIDv4(), now64(6), 'before'")
    assert await migrate(server.target, retention_days=90) == later
    rows = await store.query_json("SELECT app, phases.name AS names, phases.upstream_status AS statuses, trace_sampled FROM tidegate.exchanges")
    assert rows == [{"app": "before", "names": [], "statuses": [], "trace_sampled": True}]
    await store.close()


async def test_gates_of_two_versions_share_a_store(server: ClickHouseServer) -> None:
    """While gates are replaced one by one, the older ones go on inserting rows that know of no provider for each attempt; such a row must be neither refused nor read as half a row."""
    store = Store(server.target)
    later = await left_by(store, 4)
    row = orjson.loads(encode(exchange(1)))
    older = {name: value for name, value in row.items() if name not in ("phases.provider", "route")}
    await store.insert([orjson.dumps(older)], token="before")
    assert await migrate(server.target, retention_days=3650) == later
    await store.insert([orjson.dumps(older | {"app": "meanwhile"})], token="meanwhile")
    await store.insert([orjson.dumps(row | {"app": "new", "phases.provider": ["openai"], "route": "chat"})], token="new")
    rows = await store.query_json("SELECT app, phases.name AS names, phases.provider AS providers, route FROM tidegate.exchanges ORDER BY app")
    assert [(row["names"], row["providers"], row["route"]) for row in rows] == [(["attempt"], [""], "")] * 2 + [(["attempt"], ["openai"], "chat")]
    await store.close()


async def test_sums_of_before_are_kept_and_those_of_unknown_figures_are_null_from_then_on(server: ClickHouseServer) -> None:
    """An upgrade meets a rollup in which what nobody knew is 0: no figure of it may change, and the view tells from the counts beside it what is known."""
    store = Store(server.target)
    later_versions = await left_by(store, 6)
    unknown = exchange(2, response_model="unknown", input_tokens=None, output_tokens=None, cache_read_tokens=None, reasoning_tokens=None, cost_usd=None)
    rows = [encode(exchange(1, response_model="known")), encode(unknown)]
    await store.insert(rows, token="before")
    assert await migrate(server.target, retention_days=3650) == later_versions
    sums = "SELECT toUInt32(sum(exchanges)) AS n, toUInt32(sum(input_tokens)) AS i, toUInt32(sum(cache_write_tokens)) AS w, toString(sum(cost_usd)) AS c FROM tidegate.exchanges_1m WHERE model = "
    known, without = [await store.query_one(f"{sums}'{model}'") for model in ("known", "unknown")]
    assert (known["n"], known["i"], known["w"], known["c"]) == (1, 812, 0, "0.0001416") and (without["n"], without["i"], without["c"]) == (1, 0, "0")
    await store.insert(rows, token="before")  # in flight when the gate was replaced, and sent again
    assert (await store.query_one("SELECT sum(exchanges) AS n FROM tidegate.exchanges_1m"))["n"] == 2
    await store.insert(rows, token="after")
    later = dataclasses.replace(unknown, id=uuid.uuid4(), started_at=unknown.started_at + dt.timedelta(minutes=1))
    await store.insert([encode(later)], token="later")
    latest = await store.query_one("SELECT input_tokens AS i, cost_usd AS c, cache_write_tokens AS w FROM tidegate.exchanges_1m ORDER BY minute DESC LIMIT 1")
    assert latest == {"i": None, "c": None, "w": None}
    once, twice = await store.query_json("SELECT model, exchanges, input_tokens AS i, cost_usd FROM tidegate.cost_by_day ORDER BY model")
    await store.close()
    assert (once["exchanges"], once["i"], twice["exchanges"], twice["i"], twice["cost_usd"]) == (2, 2 * 812, 3, None, None)


DAYS = "SELECT * FROM tidegate.cost_by_day ORDER BY ALL", "SELECT * FROM tidegate.latency_by_model ORDER BY ALL"


async def by_day(store: Store, *, projected: bool = True) -> list[list[dict[str, object]]]:
    """What the two views say; read from the minutes themselves unless projected."""
    return [await store.query_json(f"{view} SETTINGS optimize_use_projections = {int(projected)}") for view in DAYS]


async def test_sums_by_day_are_the_minutes_whichever_gate_inserted_them(server: ClickHouseServer) -> None:
    """An upgrade meets minutes that have no sums by day, and gates of before that go on inserting, repeating and mending: the views must say what they said, and nothing twice."""
    store = Store(server.target)
    later = await left_by(store, 7)
    made = [exchange(n, started_at=exchange().started_at + dt.timedelta(hours=7 * n), duration_s=n / 8, cost_usd=None if n % 3 else Decimal(n)) for n in range(40)]
    rows = [encode(each) for each in made]
    await store.insert(rows[:20], token="before")
    before = await by_day(store)
    assert await migrate(server.target, retention_days=3650) == later
    assert await by_day(store) == before == await by_day(store, projected=False)
    await store.insert(rows[:20], token="before")  # in flight when the gate was replaced, and sent again
    assert await by_day(store) == before
    for token in ("meanwhile", "meanwhile"):
        await store.insert(rows[20:], token=token)
    assert await store.mend([int(each.started_at.timestamp()) // 60 * 60 for each in made]) == []
    said = await by_day(store)
    assert sum(row["exchanges"] for row in said[0]) == sum(row["exchanges"] for row in said[1]) == 40  # type: ignore[misc]
    assert said == await by_day(store, projected=False)
    await store.execute("OPTIMIZE TABLE tidegate.exchanges_1m FINAL")  # as merges will
    assert await by_day(store) == said == await by_day(store, projected=False)
    for view in DAYS:
        assert "ReadFromMergeTree (by_day)" in str(await store.query_json(f"EXPLAIN {view}"))
    await store.close()


async def test_a_history_without_tables_is_named(server: ClickHouseServer) -> None:
    """A restore that forgot the tables would otherwise look migrated for ever."""
    store = Store(server.target)
    await migrate(server.target, retention_days=90)
    await store.execute("DROP TABLE tidegate.exchanges_1m")
    with pytest.raises(StoreRejected, match="tables are missing"):
        await migrate(server.target, retention_days=90)
    await wipe(store)
    await store.close()
