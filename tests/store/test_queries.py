"""What people read: pages, details, and the views, on a set small enough to count by hand."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from gateway.demo import show
from gateway.exchange import Exchange, Finding, Outcome
from gateway.store.client import Store
from gateway.store.queries import LIST_COLUMNS, Cursor, Filters, page
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import MOMENT, exchange, uuid7


def stored(server: ClickHouseServer, values: list[Exchange], token: str) -> None:
    async def run() -> None:
        store = Store(server.target)
        await store.insert([encode(value) for value in values], token=token)
        await store.close()

    asyncio.run(run())


def ids(values: list[Exchange]) -> list[str]:
    return [str(value.id) for value in values]


@pytest.fixture(scope="module")
def pages(clickhouse: ClickHouseServer) -> list[Exchange]:
    """Newest first: 30 exchanges on two days, of which every three share a moment."""
    moments = [MOMENT - dt.timedelta(hours=number // 3 * 2) for number in range(30)]
    values = [exchange(number, app="pages", id=uuid7(moment, 1000 - number), started_at=moment) for number, moment in enumerate(moments)]
    stored(clickhouse, values, "pages")
    return values


@pytest.mark.parametrize("limit", [1, 2, 7, 29, 30, 31])
async def test_pages_show_every_row_once(clickhouse: ClickHouseServer, pages: list[Exchange], limit: int) -> None:
    """Rows of the same microsecond at a page's edge are where offsets and times alone lose or repeat some."""
    reader = Store(clickhouse.target.reader())
    seen: list[str] = []
    cursor = None
    for _ in range(len(pages) + 1):
        got = await page(reader, Filters(app="pages"), cursor, limit)
        seen += [row["id"] for row in got.rows]
        if got.next is None:
            break
        cursor = Cursor.parse(str(got.next))
    await reader.close()
    assert sorted(seen) == sorted(ids(pages)) and len(seen) == len(set(seen))


async def test_pages_go_from_new_to_old(clickhouse: ClickHouseServer, pages: list[Exchange]) -> None:
    """The newest exchange is the one that somebody is looking for."""
    reader = Store(clickhouse.target.reader())
    got = await page(reader, Filters(app="pages"), None, 30)
    await reader.close()
    times = [row["started_at"] for row in got.rows]
    assert times == sorted(times, reverse=True)
    assert tuple(got.rows[0]) == LIST_COLUMNS


async def test_rows_that_arrive_meanwhile_do_not_move_the_page(clickhouse: ClickHouseServer) -> None:
    """Somebody leafs through a live system."""
    values = [exchange(number, app="live") for number in range(10)]
    store, reader = Store(clickhouse.target), Store(clickhouse.target.reader())
    await store.insert([encode(value) for value in values], token="live-1")
    first = await page(reader, Filters(app="live"), None, 5)
    await store.insert([encode(exchange(100 + number, app="live")) for number in range(5)], token="live-2")
    second = await page(reader, Filters(app="live"), first.next, 5)
    await store.close()
    await reader.close()
    assert [row["id"] for row in first.rows + second.rows] == ids(values)[::-1]
    assert second.next is None


FILTERED: list[tuple[dict[str, Any], set[int]]] = [
    ({}, {0, 1, 2, 3, 4}),
    ({"env": "dev"}, {1}),
    ({"provider": "anthropic"}, {2}),
    ({"outcome": "provider_timeout"}, {3}),
    ({"model": "asked"}, {4}),
    ({"model": "answered"}, {4}),
    ({"session_id": "s-9"}, {0}),
    ({"since": MOMENT + dt.timedelta(seconds=2)}, {2, 3, 4}),
    ({"until": MOMENT + dt.timedelta(seconds=2)}, {0, 1}),
    ({"since": MOMENT + dt.timedelta(seconds=1), "until": MOMENT + dt.timedelta(seconds=1, microseconds=1)}, {1}),
    ({"env": "' OR 1=1 --"}, set()),
]


@pytest.fixture(scope="module")
def filtered(clickhouse: ClickHouseServer) -> list[Exchange]:
    special = [
        {"session_id": "s-9"},
        {"env": "dev"},
        {"provider": "anthropic"},
        {"outcome": Outcome.PROVIDER_TIMEOUT},
        {"request_model": "asked", "response_model": "answered"},
    ]
    values = [exchange(number, app="filters", started_at=MOMENT + dt.timedelta(seconds=number), **changes) for number, changes in enumerate(special)]
    stored(clickhouse, values, "filters")
    return values


@pytest.mark.covers("T6")
@pytest.mark.parametrize(("filters", "expected"), FILTERED, ids=lambda value: "-".join(value) if isinstance(value, dict) else "")
async def test_filters_choose_what_they_say(clickhouse: ClickHouseServer, filtered: list[Exchange], filters: dict[str, Any], expected: set[int]) -> None:
    """Values are bound: a filter is never SQL."""
    reader = Store(clickhouse.target.reader())
    got = await page(reader, Filters(app="filters", **filters))
    await reader.close()
    assert {row["id"] for row in got.rows} == {str(filtered[number].id) for number in expected}


@pytest.mark.parametrize("text", ["", "x", "1.", "1.zz", ".0af7651916cd43dd8448eb211c80319c"])
def test_a_cursor_that_we_did_not_make_is_refused(text: str) -> None:
    """It comes from a URL."""
    with pytest.raises(ValueError):
        Cursor.parse(text)


@pytest.fixture(scope="module")
def known(clickhouse: ClickHouseServer) -> None:
    """Four ok, of which one has no cost and one no usage, and a failure; two input buckets; a model with nothing known but failures."""
    unknown = dict.fromkeys(("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens"))
    values = [
        exchange(0, app="views", duration_s=1.0, time_to_first_chunk_s=0.5, input_tokens=50, output_tokens=10, cost_usd=Decimal("0.1")),
        exchange(1, app="views", duration_s=2.0, time_to_first_chunk_s=None, input_tokens=99, output_tokens=20, cost_usd=Decimal("0.2")),
        exchange(2, app="views", duration_s=3.0, time_to_first_chunk_s=0.7, input_tokens=5000, output_tokens=600, cost_usd=None),
        exchange(3, app="views", duration_s=4.0, time_to_first_chunk_s=None, input_tokens=None, output_tokens=None, cost_usd=None),
        exchange(4, app="views", duration_s=900.0, outcome=Outcome.PROVIDER_TIMEOUT, input_tokens=7, output_tokens=None, cost_usd=Decimal("0.000000001")),
        exchange(5, app="views", request_model="local", response_model="", cost_usd=None, duration_s=5.0, cache_read_tokens=None),
        exchange(6, app="views", request_model="down", response_model="", outcome=Outcome.PROVIDER_TIMEOUT, time_to_first_chunk_s=None, cost_usd=None, **unknown),
    ]
    stored(clickhouse, values, "views")


async def view(server: ClickHouseServer, sql: str) -> list[dict[str, Any]]:
    reader = Store(server.target.reader())
    try:
        return await reader.query_json(sql)
    finally:
        await reader.close()


async def test_cost_by_day_counts_what_it_does_not_know(clickhouse: ClickHouseServer, known: None) -> None:
    """An unknown price or usage shown as 0 is how bills surprise (law 6)."""
    rows = await view(
        clickhouse,
        "SELECT day, model, exchanges AS n, exchanges_without_cost AS unpriced, cost_usd, input_tokens AS i, output_tokens AS o, cache_read_tokens AS cached, cache_write_tokens AS written,"
        " reasoning_tokens AS reasoned, exchanges_without_usage AS uncounted FROM tidegate.cost_by_day WHERE app = 'views' ORDER BY model",
    )
    for row in rows:
        row["cost_usd"] = None if row["cost_usd"] is None else Decimal(row["cost_usd"])
    day = "2026-11-20"
    assert rows == [
        dict(day=day, model="down", n=1, unpriced=1, cost_usd=None, i=None, o=None, cached=None, written=None, reasoned=None, uncounted=1),
        dict(day=day, model="gpt-4o-mini-2024-07-18", n=5, unpriced=2, cost_usd=Decimal("0.300000001"), i=5156, o=630, cached=5 * 512, written=None, reasoned=0, uncounted=1),
        dict(day=day, model="local", n=1, unpriced=1, cost_usd=None, i=812, o=97, cached=None, written=None, reasoned=0, uncounted=0),
    ]


async def test_latency_by_model_is_that_of_answers(clickhouse: ClickHouseServer, known: None) -> None:
    """A timeout of 900 s says nothing about how fast a model is; it is counted, not averaged in. A model that never answered has no latency, and "not a number" is not one (tested in the server: JSON would hide it)."""
    rows = await view(
        clickhouse,
        "SELECT model, exchanges AS n, exchanges_ok AS ok, duration_p50_s AS p50, duration_p99_s AS p99, time_to_first_chunk_p50_s AS first, toString(duration[1]) AS shown"
        " FROM tidegate.latency_by_model WHERE app = 'views' ORDER BY model",
    )
    assert rows == [
        dict(model="down", n=1, ok=0, p50=None, p99=None, first=None, shown=None),
        dict(model="gpt-4o-mini-2024-07-18", n=5, ok=4, p50=2, p99=4, first=0.5, shown="2"),
        dict(model="local", n=1, ok=1, p50=5, p99=5, first=0.375, shown="5"),
    ]


async def test_latency_by_tokens_names_buckets_by_their_lower_bound(clickhouse: ClickHouseServer, known: None) -> None:
    """Unknown counts are a bucket of their own, not the smallest; so is a time that nothing in a bucket has."""
    rows = await view(
        clickhouse,
        "SELECT input_tokens_from AS i, output_tokens_from AS o, exchanges AS n, duration_p50_s AS p50, duration_p99_s AS p99, toString(time_to_first_chunk_p50_s) AS first"
        " FROM tidegate.latency_by_tokens WHERE app = 'views' AND model != 'local' ORDER BY i NULLS LAST",
    )
    assert rows == [dict(i=0, o=0, n=2, p50=1, p99=2, first="0.5"), dict(i=4000, o=500, n=1, p50=3, p99=3, first="0.7"), dict(i=None, o=None, n=1, p50=4, p99=4, first=None)]


@pytest.mark.parametrize("name", ["BY_APP", "LATEST", "FOUND", "TOTALS"])
async def test_what_the_demo_asks_can_be_answered(clickhouse: ClickHouseServer, pages: list[Exchange], name: str) -> None:
    """The first command of the README ends with these."""
    asked = getattr(show, name)
    if name == "FOUND":
        found = (Finding("pii", "EMAIL_ADDRESS", "request", "mask", 0.85, 3), Finding("secrets", "KEY", "reply", "block", 1.0, 1))
        await asyncio.to_thread(stored, clickhouse, [exchange(7, app="found", findings=found)], "found")
    got = await view(clickhouse, asked.replace("FROM exchanges", "FROM tidegate.exchanges"))
    assert got
    if name == "FOUND":
        assert {(row["direction"], row["kind"]) for row in got} == {("request", "EMAIL_ADDRESS"), ("reply", "KEY")} and all(int(row["found"]) >= int(row["exchanges"]) for row in got)
