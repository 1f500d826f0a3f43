"""Inserts: once and whole, whatever happens to the answer; and errors that say whose fault it was without quoting a row."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import time
from pathlib import Path

import orjson
import pytest

from gateway.errors import StoreError, StoreRejected, StoreUnavailable
from gateway.store.client import Store
from gateway.store.codes import REJECTED, UNAVAILABLE, failure
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from gateway.store.target import Target
from tests.support.clickhouse import ClickHouseServer, free_port
from tests.support.exchanges import MOMENT, exchange, numbered
from tests.support.lossy import LossyProxy

SECRET = "4111-1111-1111-1111"


async def totals(store: Store, app: str) -> tuple[int | None, ...]:
    """Rows and tokens, in the raw table and in the rollup."""
    raw = await store.query_json("SELECT count() AS n, sum(input_tokens) AS t FROM tidegate.exchanges WHERE app = {app:String}", {"app": app})
    rollup = await store.query_json("SELECT sum(exchanges) AS n, sum(input_tokens) AS t FROM tidegate.exchanges_1m WHERE app = {app:String}", {"app": app})
    return raw[0]["n"], raw[0]["t"], rollup[0]["n"], rollup[0]["t"]


@pytest.mark.covers("S3", "S10")
async def test_the_same_batch_twice_is_stored_once_raw_and_rolled_up(clickhouse: ClickHouseServer) -> None:
    """A retry after a lost answer is the normal case, not the exception; double rows are double money."""
    store = Store(clickhouse.target)
    rows = [encode(value) for value in numbered(100, app="twice")]
    for _ in range(3):
        await store.insert(rows, token="twice")
    assert await totals(store, "twice") == (100, 81200, 100, 81200)
    await store.insert(rows, token="another")
    assert await totals(store, "twice") == (200, 162400, 200, 162400)
    await store.close()


@pytest.mark.covers("S3")
async def test_a_batch_across_days_is_still_once(clickhouse: ClickHouseServer) -> None:
    """A backlog of three days is one batch and three partitions; each must remember the token, in the rollup too."""
    store = Store(clickhouse.target)
    rows = [encode(exchange(number, app="days", started_at=MOMENT - dt.timedelta(days=number % 102))) for number in range(204)]
    for _ in range(2):
        await store.insert(rows, token="days")
    assert await totals(store, "days") == (204, 204 * 812, 204, 204 * 812)
    await store.close()


@pytest.mark.covers("S3", "S10")
async def test_equal_rows_in_different_batches_both_count(clickhouse: ClickHouseServer) -> None:
    """Deduplication goes by token; two batches whose rollup rows happen to be equal are two batches."""
    store = Store(clickhouse.target)
    first = [encode(exchange(1, app="equal"))]
    second = [encode(dataclasses.replace(exchange(1, app="equal"), id=exchange(2).id))]
    await store.insert(first, token="equal-1")
    await store.insert(second, token="equal-2")
    assert await totals(store, "equal") == (2, 1624, 2, 1624)
    await store.close()


@pytest.mark.covers("S3")
async def test_a_large_batch_is_one_block(clickhouse: ClickHouseServer) -> None:
    """The server cuts a body into blocks by size; half a batch under a token would be half a batch for ever."""
    store = Store(clickhouse.target)
    body = "x" * 15_000
    rows = [encode(exchange(number, app="block", request_body=f"{number}{body}", batch_id="block")) for number in range(2000)]
    await store.insert(rows, token="block")
    parts = await store.query_json("SELECT uniqExact(_part) AS parts, count() AS n FROM tidegate.exchanges WHERE app = 'block'")
    await store.insert(rows, token="block")
    assert parts == [{"parts": 1, "n": 2000}]
    assert (await totals(store, "block"))[0] == 2000
    await store.close()


@pytest.mark.covers("S3")
async def test_a_lost_answer_is_unavailable_and_the_retry_harmless(clickhouse: ClickHouseServer) -> None:
    """The insert was carried out and nobody heard it."""
    async with LossyProxy(clickhouse.http_port) as proxy:
        store = Store(dataclasses.replace(clickhouse.target, port=proxy.port))
        rows = [encode(value) for value in numbered(10, app="lost", batch_id="lost-batch")]
        proxy.lose = 2
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await store.insert(rows, token="lost")
        await store.insert(rows, token="lost")
        assert proxy.lost == 2
        assert await totals(store, "lost") == (10, 8120, 10, 8120)
        assert await store.stored_ids("lost-batch") == {str(value.id) for value in numbered(10)}
        assert await store.stored_ids("never-sent") == set()
        await store.close()


@pytest.mark.covers("S1", "S3", "S8")
async def test_a_server_that_is_killed_and_comes_back_keeps_its_word(tmp_path: Path) -> None:
    """One Store lives through the server's death; the token is remembered on disk."""
    with ClickHouseServer(tmp_path) as server:
        await migrate(server.target, retention_days=3650)
        store = Store(server.target)
        rows = [encode(value) for value in numbered(50, app="killed")]
        await store.insert(rows, token="killed")
        server.kill()
        with pytest.raises(StoreUnavailable):
            await store.insert(rows, token="killed")
        assert await store.ping() is False
        server.start()
        await store.insert(rows, token="killed")
        assert await totals(store, "killed") == (50, 40600, 50, 40600)
        await store.close()


@pytest.mark.covers("S1")
async def test_a_connection_that_the_server_has_given_up_meanwhile_is_not_used_again(clickhouse: ClickHouseServer) -> None:
    """Whose loop stood still (a run of drift computes) has not been told that its connection was closed: its one insert must not be what finds out."""
    store = Store(clickhouse.target)
    await store.ping()
    time.sleep(3.2)  # the server's patience is 3 s, and the loop must not see the end of it
    await store.insert([encode(value) for value in numbered(50, app="idle")], token="idle")
    assert await totals(store, "idle") == (50, 40600, 50, 40600)
    await store.close()


@pytest.mark.covers("S2")
async def test_a_frozen_server_ends_at_the_deadline(clickhouse: ClickHouseServer) -> None:
    """It accepts and never answers: without a deadline the recorder would hang with it. Before connecting and after."""
    store, fresh = Store(clickhouse.target), Store(clickhouse.target)
    assert await store.ping()
    rows = [encode(value) for value in numbered(10, app="frozen")]
    clickhouse.freeze()
    try:
        async with asyncio.timeout(60):
            for some in (store, fresh):
                with pytest.raises(StoreUnavailable, match=r"no answer within 0\.2 s"):
                    await some.insert(rows, token="frozen", deadline_s=0.2)
                with pytest.raises(StoreUnavailable, match=r"no answer within 0\.2 s"):
                    await some.query_json("SELECT 1", deadline_s=0.2)
                assert await some.ping(deadline_s=0.2) is False
    finally:
        clickhouse.thaw()
    await store.insert(rows, token="frozen")
    assert await totals(store, "frozen") == (10, 8120, 10, 8120)
    await store.close()
    await fresh.close()


async def refused(store: Store, lines: list[bytes]) -> StoreError:
    with pytest.raises(StoreError) as raised:
        await store.insert(lines, token=f"refused-{hash(tuple(lines))}")
    return raised.value


@pytest.mark.covers("S5", "T2")
@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"no_such_column": SECRET}, {117, 16}),
        ({"input_tokens": SECRET}, {26, 27, 72}),
        ({"id": SECRET}, {6, 376, 26, 27, 38, 41}),
        ({"started_at": SECRET}, {6, 27, 41}),
        ({"tags": SECRET}, {26, 27, 130}),
        ({"findings.kind": [SECRET]}, {117, 190}),
        ({"app": None}, {27, 53, 117, 349}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_a_bad_row_is_rejected_whole_batch_and_never_quoted(clickhouse: ClickHouseServer, change: dict[str, object], codes: set[int]) -> None:
    """The recorder looks for the bad row among the rest; the message goes to logs, where no prompt may go."""
    store = Store(clickhouse.target)
    bad = orjson.dumps(orjson.loads(encode(exchange(2, app="bad"))) | change)
    error = await refused(store, [encode(exchange(1, app="bad")), bad])
    assert isinstance(error, StoreRejected), error
    assert error.code in codes
    assert SECRET not in repr(error) and SECRET not in str(error.__cause__)
    assert await totals(store, "bad") == (0, None, 0, None)
    await store.close()


@pytest.mark.covers("S5")
async def test_a_line_that_is_not_json_is_rejected(clickhouse: ClickHouseServer) -> None:
    """A torn line must end in quarantine, not in a loop."""
    store = Store(clickhouse.target)
    for line in (b'{"app": "x"', b"nonsense " + SECRET.encode()):
        error = await refused(store, [line])
        assert isinstance(error, StoreRejected) and SECRET not in str(error), error
    await store.close()


@pytest.mark.covers("S6", "T2")
async def test_a_wrong_password_waits_and_does_not_show(clickhouse: ClickHouseServer) -> None:
    """Rotated credentials are an operator's matter: rows wait, and the password stays out of the log."""
    store = Store(dataclasses.replace(clickhouse.target, password=SECRET))
    with pytest.raises(StoreUnavailable) as raised:
        await store.insert([encode(exchange())], token="t")
    assert (raised.value.code, str(raised.value)) == (516, f"connection to {clickhouse.target.place}: not now, code 516 AUTHENTICATION_FAILED")
    assert SECRET not in repr(store.target)
    await store.close()


@pytest.mark.covers("S1")
async def test_nobody_listening_says_where_and_why() -> None:
    """The first thing an operator reads when the store is down."""
    port = free_port()
    store = Store(Target("127.0.0.1", port, False, "u", "p"))
    with pytest.raises(StoreUnavailable, match=rf"^connection to 127\.0\.0\.1:{port}: cannot be reached \(Connection refused\)$"):
        await store.insert([encode(exchange())], token="t")
    await store.close()


async def test_before_the_migration_rows_wait(tmp_path: Path) -> None:
    """The recorder may be up before the schema; its rows are not at fault."""
    with ClickHouseServer(tmp_path) as server:
        store = Store(server.target)
        with pytest.raises(StoreUnavailable) as raised:
            await store.insert([encode(exchange())], token="t")
        assert raised.value.code in (60, 81)
        await store.close()


async def test_the_environments_proxies_are_not_asked(clickhouse: ClickHouseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's proxy must not get the record, nor stand in the way to loopback."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    store = Store(clickhouse.target)
    assert await store.ping()
    await store.close()


async def test_one_store_asks_many_things_at_a_time(clickhouse: ClickHouseServer) -> None:
    """Recorder, console and dashboards share two users; a session or a limit of one would make them wait or fail."""
    for target in (clickhouse.target, clickhouse.target.reader()):
        store = Store(target)
        assert await asyncio.gather(*(store.query_json("SELECT sleep(0.2) AS s, {n:UInt8} AS n", {"n": n}) for n in range(6))) == [[{"s": 0, "n": n}] for n in range(6)]
        await store.close()


async def test_values_are_bound_or_refused(clickhouse: ClickHouseServer) -> None:
    """A parameter without a place would fall back to pasting text into SQL."""
    store = Store(clickhouse.target.reader())
    evil = "x' OR 1=1 -- \\ \t \n {y:String} %s \u00e9"
    assert await store.query_json("SELECT {v:String} AS v", {"v": evil}) == [{"v": evil}]
    with pytest.raises(ValueError, match="without a place in the SQL: v"):
        await store.query_json("SELECT %(v)s", {"v": evil})
    await store.close()


@pytest.mark.covers("S4")
@pytest.mark.parametrize("code", [164, 202, 209, 210, 241, 242, 243, 252, 319, 497, 516, 999, 60, 81, 123456])
def test_the_state_of_a_server_is_never_a_rows_fault(code: int) -> None:
    """One of these read as poison would put every good row of an outage into quarantine."""
    assert type(failure(code, "insert")) is StoreUnavailable


@pytest.mark.covers("S4", "S5")
async def test_the_names_of_the_codes_are_clickhouses_own(clickhouse: ClickHouseServer) -> None:
    """A number read wrongly would turn a full disk into a bad row."""
    store = Store(clickhouse.target)
    known = {**REJECTED, **UNAVAILABLE}
    numbers = [(code, name) for code, name in known.items()]
    rows = await store.query_json(
        "SELECT code, errorCodeToName(code) AS name FROM (SELECT arrayJoin({codes:Array(Int32)}) AS code)", {"codes": [code for code, _ in numbers]}
    )
    await store.close()
    assert {row["code"]: row["name"] for row in rows} == known
    assert not set(REJECTED) & set(UNAVAILABLE)


async def test_any_table_of_the_schema_takes_rows_once_and_whole(clickhouse: ClickHouseServer) -> None:
    """Drift's tables are written as the record is; a driver that comes back after a lost answer must not count a look twice."""
    store = Store(clickhouse.target)
    rows = [orjson.dumps({"run_id": str(exchange(number).id), "started_at": "2026-01-31 12:00:00.000001", "app": "any-table", "keywords": ["a", "b"]}) for number in range(3)]
    for _ in range(2):
        await store.insert_rows("drift_topics", rows, token="any-table")
    found = await store.query_json("SELECT count() AS n, any(keywords) AS keywords FROM tidegate.drift_topics WHERE app = 'any-table'")
    assert found == [{"n": 3, "keywords": ["a", "b"]}]
    with pytest.raises(StoreRejected):
        await store.insert_rows("drift_topics", [orjson.dumps({"app": "any-table", "no_such_column": SECRET})], token="other")
    with pytest.raises(ValueError, match="is not the name of a table"):
        await store.insert_rows("drift_topics; DROP TABLE exchanges", rows, token="x")
    await store.close()
