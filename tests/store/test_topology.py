"""What a cluster gets: the statements word for word, that the real server can parse them, and two servers that share the rows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.commands.verified import Verification
from gateway.record.batch import Batch
from gateway.record.ledger import Ledger
from gateway.store import migrate as module
from gateway.store.client import Store
from gateway.store.migrate import migrate, migrations
from gateway.store.queries import Filters, page
from gateway.store.rows import encode
from gateway.store.topology import Topology, render
from tests.support.clickhouse import ClickHouseServer, pair
from tests.support.exchanges import numbered
from tests.support.recording import KEY

MIGRATION = """
-- a comment; with a semicolon
CREATE TABLE IF NOT EXISTS $database.exchanges$local $on_cluster
(a Int32)
ENGINE = $exchanges_engine
SETTINGS $deduplication;

-- why it is there
-- only: cluster
CREATE TABLE $database.exchanges $on_cluster AS $database.exchanges$local ENGINE = Distributed('$cluster', $database, 'exchanges$local', cityHash64(id));
"""
CLUSTER = Topology(cluster="east")


def test_one_server() -> None:
    """The form that everybody starts with."""
    assert render(MIGRATION, Topology()) == [
        "CREATE TABLE IF NOT EXISTS `tidegate`.exchanges\n(a Int32)\nENGINE = MergeTree\nSETTINGS non_replicated_deduplication_window = 1000"
    ]


def test_a_cluster() -> None:
    """Every server must get the same tables, and every replica its own place in the keeper."""
    assert render(MIGRATION, CLUSTER) == [
        "CREATE TABLE IF NOT EXISTS `tidegate`.exchanges_local ON CLUSTER `east`\n(a Int32)\n"
        "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/tidegate/exchanges_local', '{replica}')\n"
        "SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800",
        "CREATE TABLE `tidegate`.exchanges ON CLUSTER `east` AS `tidegate`.exchanges_local "
        "ENGINE = Distributed('east', `tidegate`, 'exchanges_local', cityHash64(id))",
    ]


def test_a_cluster_set_up_server_by_server() -> None:
    """What the two-server test below runs on, because the embedded server has neither a DDL queue nor replication."""
    rendered = render(MIGRATION, Topology(cluster="east", replicated=False, on_cluster=False))
    assert rendered[0] == "CREATE TABLE IF NOT EXISTS `tidegate`.exchanges_local\n(a Int32)\nENGINE = MergeTree\nSETTINGS non_replicated_deduplication_window = 1000"


@pytest.mark.parametrize("name", ["a b", "x'; DROP", "1st", ""])
def test_names_are_plain(name: str) -> None:
    """They stand in SQL as they are."""
    with pytest.raises(ValueError, match="is not a plain name"):
        Topology(cluster=name)


@pytest.mark.parametrize("topology", [Topology(), CLUSTER], ids=["one server", "cluster"])
async def test_the_real_parser_takes_every_statement(clickhouse: ClickHouseServer, topology: Topology) -> None:
    """Replication cannot run here; a typing error in its DDL would first be seen on somebody's cluster."""
    store = Store(clickhouse.target)
    for text in [module._HISTORY, *(migration.sql for migration in migrations())]:
        for statement in render(text, topology):
            assert ("ON CLUSTER `east`" in statement) is bool(topology.cluster)
            parsed = await store.query_json("SELECT formatQuery({sql:String}) AS sql", {"sql": statement})
            assert parsed[0]["sql"].startswith(("CREATE", "ALTER TABLE", "ATTACH TABLE", "DETACH TABLE"))
    await store.close()


@pytest.mark.slow
@pytest.mark.covers("S3", "S10")
async def test_two_servers_share_the_rows_and_each_row_is_once(tmp_path: Path) -> None:
    """Through Distributed: rows spread over both shards, the token reaches them, the rollup and the views see all."""
    with pair(tmp_path / "a", tmp_path / "b", "east") as servers:
        topology = Topology(cluster="east", replicated=False, on_cluster=False)
        for server in servers:
            assert await migrate(server.target, retention_days=3650, topology=topology) == [m.version for m in migrations()]
            assert await migrate(server.target, retention_days=30, topology=topology) == []
        first, second = (Store(server.target) for server in servers)
        rows = [encode(value) for value in numbered(200)]
        await first.insert(rows, token="one")
        await first.insert(rows, token="one")
        await second.insert(rows, token="one")
        local = [(await store.query_json("SELECT count() AS n FROM tidegate.exchanges_local"))[0]["n"] for store in (first, second)]
        assert sum(local) == 200 and min(local) > 50
        for store in (first, second):
            assert await store.query_json("SELECT count() AS n, uniqExact(id) AS u FROM tidegate.exchanges") == [{"n": 200, "u": 200}]
            assert await store.query_json("SELECT sum(exchanges) AS n, sum(input_tokens) AS t FROM tidegate.exchanges_1m") == [{"n": 200, "t": 200 * 812}]
            assert await store.query_json("SELECT sum(exchanges) AS n FROM tidegate.cost_by_day") == [{"n": 200}]
            assert await store.query_json("SELECT sum(exchanges) AS n FROM tidegate.latency_by_tokens") == [{"n": 200}]
            assert len(await store.stored_ids("batch-0")) == 200
            assert len((await page(store, Filters(app="checkout"), None, 150)).rows) == 150
        await _verified(tmp_path, first, second)
        for store in (first, second):
            await store.close()


async def _verified(directory: Path, first: Store, second: Store) -> None:
    """The ledger's lines and seals go through its own Distributed table, and a row that one shard alone has changed is named."""

    async def send(lines: list[bytes], token: str) -> None:
        await second.insert_rows("ledger", lines, token=token)

    made = numbered(200)
    ledger = Ledger(directory / "ledger", key=KEY, retention_days=3650, send=send, last=second.last_line, synced=False)
    await ledger.enter(Batch("batch-0", {}, rows={str(e.id): encode(e) for e in made}, exchanges=made))
    await ledger.tend()
    look = await asyncio.to_thread(Verification(first.target, directory / "ledger", KEY).run)
    assert (look.faults, look.rows, look.ledgers[0]["lines"]) == ([], 200, 2)
    await first.execute("ALTER TABLE tidegate.exchanges_local UPDATE reply_text = 'changed' WHERE 1 SETTINGS mutations_sync = 2")
    told = await asyncio.to_thread(Verification(second.target, directory / "ledger", KEY).run)
    ids = {row["id"] for row in await first.query_json("SELECT id FROM tidegate.exchanges_local")}
    assert [(fault.kind, set(fault.ids)) for fault in told.faults] == [("altered", ids)]
