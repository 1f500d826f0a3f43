"""The rollup against the rows that it sums up: what disagrees is mended, what agrees is left alone, and tokens are known to be known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import pytest

from gateway.errors import StoreUnavailable
from gateway.store import rollup
from gateway.store.client import Store
from gateway.store.rows import encode
from gateway.store.target import Target
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange

LONG_AGO = dt.datetime(2026, 3, 1, 12, 0, 5, tzinfo=dt.UTC)  # minutes of nobody else's
MINUTES = [int(LONG_AGO.timestamp()) // 60 * 60 + 60 * n for n in range(3)]


async def insert(store: Store, batch_id: str, rows: int = 6) -> None:
    """Rows over three minutes."""
    made = [dataclasses.replace(exchange(n, app="rollup", batch_id=batch_id), id=uuid.uuid4(), started_at=LONG_AGO + dt.timedelta(seconds=30 * n)) for n in range(rows)]
    await store.insert([encode(each) for each in made], token=batch_id)


async def by_day(store: Store) -> list[list[dict[str, object]]]:
    """What the views say of it, which is what the minutes say: their sums by day are made anew with them."""
    views = [f"SELECT * FROM tidegate.{view} WHERE app = 'rollup' ORDER BY ALL SETTINGS optimize_use_projections = " for view in ("cost_by_day", "latency_by_model")]
    said = [await store.query_json(f"{view}1") for view in views]
    assert said == [await store.query_json(f"{view}0") for view in views]
    return said


@pytest.mark.covers("S10")
async def test_minutes_that_disagree_are_summed_up_anew_and_no_others(clickhouse: ClickHouseServer) -> None:
    """A store that was killed between rows and rollup shows another spending than it has, for ever, in every dashboard."""
    store = Store(clickhouse.target)
    await insert(store, "rollup-1")
    latency = "SELECT finalizeAggregation(quantilesTDigestMergeState(0.5, 0.75, 0.9, 0.99)(duration_state)) AS q, sum(exchanges) AS n, sum(cost_usd) AS c"
    about = f"{latency} FROM tidegate.exchanges_1m WHERE minute >= toDateTime({MINUTES[0]}) AND minute <= toDateTime({MINUTES[-1]})"
    owed, days = await store.query_json(about), await by_day(store)
    assert await store.mend(MINUTES) == []
    await store.execute(f"DELETE FROM tidegate.exchanges_1m WHERE toUnixTimestamp(minute) = {MINUTES[1]}")  # the rollup lacks what it should have
    assert await store.mend(MINUTES) == [MINUTES[1]]
    assert await store.query_json(about) == owed
    await store.execute(f"INSERT INTO tidegate.exchanges_1m SELECT * FROM tidegate.exchanges_1m WHERE toUnixTimestamp(minute) = {MINUTES[2]} SETTINGS insert_deduplicate = 0")
    assert await rollup.differing(store, MINUTES) == [MINUTES[2]]  # and has it twice
    assert await store.mend(MINUTES) == [MINUTES[2]]
    assert await store.query_json(about) == owed
    await store.execute(f"DELETE FROM tidegate.exchanges_1m WHERE toUnixTimestamp(minute) = {MINUTES[1]}")  # the same once more: the same sums, not taken for a repetition
    assert await store.mend(MINUTES) == [MINUTES[1]]
    assert await store.query_json(about) == owed and await by_day(store) == days
    await store.close()


@pytest.mark.covers("S10")
async def test_a_minute_whose_rows_are_gone_keeps_its_figures(clickhouse: ClickHouseServer) -> None:
    """Rows beyond retention are dropped and their figures kept for years; a batch that comes late must not take them away."""
    store = Store(clickhouse.target)
    at = LONG_AGO - dt.timedelta(days=40)
    made = dataclasses.replace(exchange(1, app="rollup-gone", batch_id="rollup-gone"), id=uuid.uuid4(), started_at=at)
    await store.insert([encode(made)], token="rollup-gone")
    await store.execute(f"ALTER TABLE tidegate.exchanges DROP PARTITION '{at:%Y-%m-%d}'")
    assert await store.mend([int(at.timestamp()) // 60 * 60]) == []
    assert (await store.query_one("SELECT sum(exchanges) AS n FROM tidegate.exchanges_1m WHERE app = 'rollup-gone'"))["n"] == 1
    await store.close()


@pytest.mark.covers("S4")
async def test_half_an_answer_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that fails on its way ends in words, under a status that said 200; who takes them for rows ends with them."""
    store = Store(Target("127.0.0.1", 1, False, "nobody", ""))
    answer = b'{"id":"1"}\nCode: 241. DB::Exception: (total) memory limit exceeded'

    async def answered(*_: object, **__: object) -> bytes:
        return answer

    monkeypatch.setattr(store, "query_bytes", answered)
    with pytest.raises(StoreUnavailable, match="not a whole one"):
        await store.stored_ids("batch")
    assert await store.boot() is None
    answer = b""
    assert await store.boot() is None
    with pytest.raises(StoreUnavailable, match="0 rows"):
        await store.last_line("ledger")


@pytest.mark.covers("S3")
async def test_a_token_is_known_to_be_known_until_others_may_have_pushed_it_out(clickhouse: ClickHouseServer) -> None:
    """Too sure would double rows, too unsure would leave the rollup without them; only the table itself can say."""
    store = Store(clickhouse.target)
    assert await store.remembers("rollup-none") is None
    await insert(store, "rollup-known")
    assert await store.remembers("rollup-known") is True
    await store.execute("ALTER TABLE tidegate.exchanges MODIFY SETTING non_replicated_deduplication_window = 6")
    try:
        answers = []
        for n in range(4):
            answers.append(await store.remembers("rollup-known"))
            await insert(store, f"rollup-other-{n}", rows=1)
        assert answers == [True, True, True, False]
        await store.execute("OPTIMIZE TABLE tidegate.exchanges PARTITION '20260301' FINAL")  # a merged part begins where its first did
        assert await store.remembers("rollup-known") is False
    finally:
        await store.execute("ALTER TABLE tidegate.exchanges MODIFY SETTING non_replicated_deduplication_window = 1000")
    await store.close()


async def test_counts_are_by_batch_and_leave_out_what_is_not_there(clickhouse: ClickHouseServer) -> None:
    """A batch that the store has lost must look lost, and not like one that nobody asked about."""
    store = Store(clickhouse.target)
    await insert(store, "rollup-counted", rows=5)
    assert await store.counts(["rollup-counted", "rollup-none"], LONG_AGO.timestamp() - 1) == {"rollup-counted": 5}
    await store.close()
