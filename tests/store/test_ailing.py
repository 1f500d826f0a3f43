"""A store that is ill in ways that a healthy server will not show: every code of its state, a password that was changed, merges that are behind."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import logging
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.errors import StoreUnavailable
from gateway.record.batch import Batch
from gateway.record.quarantine import Quarantine
from gateway.record.writer import Writer, Written
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from gateway.store.target import Target
from tests.support.chfront import CUT, LOST, RESET, SILENCE, Fault, Front
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import numbered

STATES = (164, 202, 241, 242, 243, 252, 999, 123456)
UNKNOWN = (252, 319)  # answers to inserts that were carried out


def batch(name: str, rows: int = 5, *, resumed: bool = False) -> Batch:
    made = [dataclasses.replace(each, started_at=dt.datetime.now(dt.UTC)) for each in numbered(rows, app=name, batch_id=name)]
    return Batch(name, {}, resumed=resumed, rows={str(each.id): encode(each) for each in made}, exchanges=made)


class Waiting:
    """The writer's pauses, which take no time here. until: called at each."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.longer = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) >= 8:
            self.longer.set()
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def writing(target: Target, directory: Path) -> AsyncIterator[tuple[Writer, Waiting]]:
    store, waiting = Store(target), Waiting()
    try:
        yield Writer(store, Quarantine(directory), sleep=waiting, settle_s=0.0), waiting
    finally:
        await store.close()


async def counted(server: ClickHouseServer, name: str) -> tuple[int, int]:
    """Rows and what the rollup says of them."""
    store = Store(server.target)
    [rows] = await store.query_json("SELECT count() AS n FROM tidegate.exchanges WHERE app = {app:String}", {"app": name})
    [rollup] = await store.query_json("SELECT sum(exchanges) AS n FROM tidegate.exchanges_1m WHERE app = {app:String}", {"app": name})
    await store.close()
    return rows["n"], rollup["n"]


@pytest.mark.covers("S4")
@pytest.mark.parametrize("carried_out", [False, True])
async def test_rows_outwait_every_state_of_the_server(clickhouse: ClickHouseServer, tmp_path: Path, carried_out: bool) -> None:
    """Read as poison, one of these codes would put every good row of an outage aside; and the answer may be about an insert that went in all the same."""
    async with Front(clickhouse.http_port) as front, writing(dataclasses.replace(clickhouse.target, port=front.port), tmp_path) as (writer, waiting):
        for code in UNKNOWN if carried_out else STATES:
            name = f"state-{code}-{carried_out}"
            front.faults, front.asked = [Fault(code=code, times=2, carried_out=carried_out)], []
            waiting.pauses.clear()
            assert await writer.write(batch(name)) == Written(stored=5), code
            assert (writer.up, writer.crowded, len(waiting.pauses)) == (True, code == 252, 2), code
            assert len({(asked.token, asked.crc) for asked in front.asked}) == 1 and len(front.asked) == 3, code  # the same bytes under the same name
            assert await counted(clickhouse, name) == (5, 5), code
    assert not list(tmp_path.iterdir())


@pytest.mark.covers("S2", "S3", "S4")
@pytest.mark.parametrize("fault", [LOST, RESET, CUT])
async def test_rows_outwait_every_way_not_to_answer(clickhouse: ClickHouseServer, tmp_path: Path, fault: str) -> None:
    """A connection can end at any place, before the server heard of the insert or after it was done with it."""
    async with Front(clickhouse.http_port) as front, writing(dataclasses.replace(clickhouse.target, port=front.port), tmp_path) as (writer, _):
        front.faults = [Fault(fault, times=2), Fault(fault, of="stored|batch_id = ", times=2)]
        assert await writer.write(batch(f"silent-{fault}")) == Written(stored=5)
        assert front.hits() == 4
        assert await counted(clickhouse, f"silent-{fault}") == (5, 5)


@pytest.mark.covers("S2")
async def test_a_store_that_says_nothing_ends_at_the_deadline(clickhouse: ClickHouseServer) -> None:
    """Accepted, read, never answered: the recorder must not wait for ever."""
    async with Front(clickhouse.http_port) as front:
        front.faults = [Fault(SILENCE)]
        store = Store(dataclasses.replace(clickhouse.target, port=front.port))
        with pytest.raises(StoreUnavailable, match="no answer within"):
            await store.insert([encode(each) for each in numbered(2)], token="silence", deadline_s=0.5)
        await store.close()


@pytest.mark.covers("S4")
async def test_a_table_with_too_many_parts_is_given_time_by_a_real_server(clickhouse: ClickHouseServer, tmp_path: Path) -> None:
    """The code that a busy ClickHouse really gives, from ClickHouse itself: rows wait until merges have caught up."""
    admin = Store(clickhouse.target)
    assert await admin.ping()
    async with writing(clickhouse.target, tmp_path) as (writer, waiting):
        assert await writer.write(batch("parts-before")) == Written(stored=5)
        await admin.execute("ALTER TABLE tidegate.exchanges MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1")
        try:
            inserting = asyncio.create_task(writer.write(batch("parts")))
            await asyncio.wait_for(waiting.longer.wait(), 30)
            assert not inserting.done() and writer.crowded
        finally:
            await admin.execute("ALTER TABLE tidegate.exchanges RESET SETTING parts_to_delay_insert, parts_to_throw_insert")
        assert await inserting == Written(stored=5)
    await admin.close()
    assert await counted(clickhouse, "parts") == (5, 5)


@pytest.mark.covers("S5")
async def test_a_column_that_is_dropped_at_run_time_holds_rows_up_and_costs_none(clickhouse: ClickHouseServer, tmp_path: Path) -> None:
    """A migration gone wrong gives every row the code of a bad one. None of them is: they wait until somebody has put the column back."""
    admin = Store(clickhouse.target)
    async with writing(clickhouse.target, tmp_path) as (writer, waiting):
        await admin.execute("ALTER TABLE tidegate.exchanges DROP COLUMN parent_span_id")
        try:
            inserting = asyncio.create_task(writer.write(batch("dropped")))
            await asyncio.wait_for(waiting.longer.wait(), 30)
            assert not inserting.done()
        finally:
            await admin.execute("ALTER TABLE tidegate.exchanges ADD COLUMN parent_span_id String CODEC(ZSTD(1)) AFTER span_id")
        assert await inserting == Written(stored=5)
    await admin.close()
    assert await counted(clickhouse, "dropped") == (5, 5)
    assert not (tmp_path / "rows.jsonl").exists()


@pytest.mark.slow
@pytest.mark.covers("S6", "T2")
async def test_a_password_that_was_rotated_holds_rows_up_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Rotation is routine: until the gate has the new password its rows wait, without knocking all the time (an account may be locked for that) and without telling the old one."""
    (tmp_path / "store").mkdir()
    server = ClickHouseServer(tmp_path / "store")
    with server, caplog.at_level(logging.INFO):
        await migrate(server.target, retention_days=3650)
        before = server.target
        async with writing(before, tmp_path / "quarantine") as (writer, waiting):
            assert await writer.write(batch("first")) == Written(stored=5)
            server.kill()
            server.credentials = dataclasses.replace(server.credentials, writer_password=secrets.token_urlsafe(24))
            server.start()
            held = asyncio.create_task(writer.write(batch("second")))
            await asyncio.wait_for(waiting.longer.wait(), 30)
            assert not held.done() and writer.up is False
            assert all(later >= 0.9 * earlier for earlier, later in zip(waiting.pauses[::2], waiting.pauses[2::2], strict=False)) and waiting.pauses[7] >= 6.0
            held.cancel()
            await asyncio.wait({held})
        assert "code=516" in caplog.text and before.password not in caplog.text and server.target.password not in caplog.text
        async with writing(server.target, tmp_path / "quarantine") as (writer, _):  # the configuration was changed: a new recorder resumes what was announced
            assert await writer.write(batch("second", resumed=True)) == Written(stored=5)
        assert [await counted(server, name) for name in ("first", "second")] == [(5, 5), (5, 5)]
    assert not list((tmp_path / "quarantine").iterdir())
