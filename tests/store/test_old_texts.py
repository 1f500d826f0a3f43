"""Texts whose day is over are compressed once more, by the server itself: what that may not change, and that it happens."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from evaluation.sizing.texts import Prose
from gateway.exchange import Exchange
from gateway.store import migrate as module
from gateway.store.client import Store
from gateway.store.migrate import migrate, migrations
from gateway.store.rows import encode
from gateway.store.topology import Topology, render
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange

ROWS = "SELECT count() AS n, groupBitXor(cityHash64(*)) AS content FROM tidegate.exchanges"
PARTS = "SELECT partition AS day, count() AS parts, groupUniqArray(default_compression_codec) AS codecs, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND table = 'exchanges' GROUP BY day ORDER BY day"
NOW = dt.datetime.now(dt.UTC)
OLD, YOUNG = str((NOW - dt.timedelta(days=5)).date()), str(NOW.date())
Parts = dict[str, tuple[int, list[str], int]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A server whose schema these tests make and unmake."""
    with ClickHouseServer(tmp_path_factory.mktemp("old"), arguments=["--grant", "SYSTEM MERGES ON tidegate.*"]) as running:
        yield running


async def before(server: ClickHouseServer) -> Store:
    """An empty store as the version before left it."""
    asked = Store(server.target)
    await asked.execute("CREATE DATABASE IF NOT EXISTS tidegate")
    for table in await asked.query_json("SELECT name, engine LIKE '%View' AS view FROM system.tables WHERE database = 'tidegate' ORDER BY view DESC"):
        await asked.execute(f"DROP {'VIEW' if table['view'] else 'TABLE'} tidegate.`{table['name']}` SYNC")
    for text in [module._HISTORY, *(m.sql for m in migrations() if m.version <= 10)]:
        for statement in render(text, Topology()):
            await asked.execute(statement)
    await asked.execute("INSERT INTO tidegate.schema_migrations (version, name) SELECT 10, 'before'")
    return asked


def said(numbers: range, days: int) -> list[bytes]:
    """Rows with a kilobyte or two of prose in each text, of so many days ago."""
    prose = Prose(numbers.start)

    def made(number: int) -> Exchange:
        asked, answered = prose.text(2000), prose.text(1000)
        texts = {"prompt_text": asked, "request_body": f'{{"content": "{asked}"}}', "reply_text": answered, "reply_body": f'{{"content": "{answered}"}}'}
        return exchange(number, started_at=NOW - dt.timedelta(days=days), **texts)

    return [encode(made(number)) for number in numbers]


async def parts(store: Store) -> Parts:
    """By day: how many, their codecs, bytes."""
    return {row["day"]: (row["parts"], row["codecs"], row["bytes"]) for row in await store.query_json(PARTS)}


async def until(store: Store, happens: Callable[[Parts], bool]) -> Parts:
    """Wait for what the server does by itself; the parts as they are then."""
    async with asyncio.timeout(60):
        while not happens(found := await parts(store)):
            await asyncio.sleep(0.02)  # another process's work
    return found


async def test_texts_of_before_are_compressed_once_more_by_the_server_itself(server: ClickHouseServer) -> None:
    """An upgrade meets ninety days of texts; nobody runs OPTIMIZE. What is young stays as cheap as it came, nothing that is read changes, and a batch sent again is known."""
    store = await before(server)
    for number in range(3):
        await store.insert(said(range(number * 200, number * 200 + 200), 5), token=f"old {number}")
    await store.insert(said(range(600, 800), 0), token="young")
    came, rows, sums = await parts(store), await store.query_one(ROWS), await store.query_json("SELECT * FROM tidegate.cost_by_day")
    await store.execute("ALTER TABLE tidegate.exchanges MODIFY SETTING merge_with_recompression_ttl_timeout = 0")  # four hours between two looks at a day
    assert await migrate(server.target, retention_days=90) == [m.version for m in migrations() if m.version > 10]
    after = await until(store, lambda found: found[OLD][1] == ["ZSTD(7)"])
    assert after[OLD][2] < 0.9 * came[OLD][2]
    assert after[YOUNG][1] == ["ZSTD(3)"]
    await store.insert(said(range(0, 200), 5), token="old 0")  # in flight when the gate was replaced, and sent again
    assert await store.query_one(ROWS) == rows
    assert await store.query_json("SELECT * FROM tidegate.cost_by_day") == sums
    await store.close()


async def test_rows_that_come_late_cost_no_more_to_insert_and_follow_their_day(server: ClickHouseServer) -> None:
    """A journal that waited for its store: who inserts does not pay for compressing twice, and no merge takes back what was done."""
    store = await before(server)
    await migrate(server.target, retention_days=90)
    await store.execute("SYSTEM STOP MERGES tidegate.exchanges")
    for number in range(2):
        await store.insert(said(range(number * 100, number * 100 + 100), 5), token=f"late {number}")
    assert (await parts(store))[OLD][:2] == (2, ["ZSTD(3)"])
    await store.execute("SYSTEM START MERGES tidegate.exchanges")
    await store.execute("OPTIMIZE TABLE tidegate.exchanges FINAL")
    assert (await parts(store))[OLD][:2] == (1, ["ZSTD(7)"])
    await store.insert(said(range(200, 300), 5), token="later still")
    await store.execute("OPTIMIZE TABLE tidegate.exchanges FINAL")
    assert (await parts(store))[OLD][:2] == (1, ["ZSTD(7)"])
    await store.close()


async def test_retention_still_drops_what_is_over_and_keeps_the_clause(server: ClickHouseServer) -> None:
    """Both are one clause of the table: a change of one must not lose the other. A gate of before knows of retention alone; the next start puts the rest back."""
    store = await before(server)
    await migrate(server.target, retention_days=90)
    for days in (80, 5, 0):
        await store.insert(said(range(days, days + 20), days), token=f"{days}")
    await store.execute("ALTER TABLE tidegate.exchanges MODIFY TTL toDate(started_at) + INTERVAL 90 DAY")
    made = "SELECT create_table_query AS made FROM system.tables WHERE database = 'tidegate' AND name = 'exchanges'"
    assert "RECOMPRESS" not in (await store.query_one(made))["made"]
    for kept in (90, 7):
        assert await migrate(server.target, retention_days=kept) == []
        assert f" TTL toDate(started_at) + toIntervalDay({kept}), toDate(started_at) + toIntervalDay(2) RECOMPRESS CODEC(ZSTD(7)) " in (await store.query_one(made))["made"]
    await until(store, lambda found: set(found) == {OLD, YOUNG})
    assert (await store.query_one("SELECT count() AS n FROM tidegate.exchanges"))["n"] == 40
    await store.close()
