"""What tables and figures say of a record whose every figure is known, in a real ClickHouse: with All chosen, with names chosen, and over time.

A panel that shows a wrong number is worse than a blank one, and no engine complains of it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gateway.exchange import Exchange, Finding, Outcome
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from tests.support import drift_runs
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange
from tests.support.panels import ALL, CLICKHOUSE, Board, Chosen, Engines, Reader, Span, ask

BOARDS = {file.stem: Board.load(file) for file in (Path(__file__).parents[2] / "dashboards/boards").glob("*.json")}
NOW = dt.datetime.now(dt.UTC)
HOUR = Span(NOW.timestamp() - 3600, NOW.timestamp() + 1)
VARIABLES = ("app", "env", "provider", "model")
HOSTILE = ("\\' OR 1=1 -- ", "o'brien, \\ & $__timeFilter(x) {co}%41?", "a,b")  # apps name themselves


def recorded() -> list[Exchange]:
    """In the last hour: 40 of gpt-4o-mini by `shop` (4 failed by the provider, 2 blocked), 10 of a model without a price by nobody's app; before it, 5 more of `shop`."""

    def at(minutes: float) -> dt.datetime:
        return NOW - dt.timedelta(minutes=minutes)

    made = [exchange(i, app="shop", started_at=at(i + 1), duration_s=1.0 + i, cost_usd=Decimal("0.01"), input_tokens=100, cache_read_tokens=25, output_tokens=10) for i in range(34)]
    made += [exchange(50 + i, app="shop", started_at=at(i + 1), outcome=Outcome.PROVIDER_TIMEOUT, error_code="upstream_timeout", status=504, duration_s=99.0, cost_usd=None, **_nothing()) for i in range(4)]
    found = (Finding("pii", "email", "request", "block", 0.9, 3), Finding("secrets", "api_key", "request", "block", 1.0, 1))
    made += [
        exchange(60 + i, app="shop", started_at=at(i + 1), outcome=Outcome.POLICY_BLOCKED, verdict="blocked", findings=found, duration_s=0.001, cost_usd=None, **_nothing()) for i in range(2)
    ]
    made += [
        exchange(70 + i, app="", user_id="", provider="local", request_model="home-grown", response_model="", started_at=at(i + 1), duration_s=5.0, cost_usd=None, input_tokens=7, cache_read_tokens=None)
        for i in range(10)
    ]
    made += [exchange(110 + i, app=name, provider="own", request_model="m", response_model="m", started_at=at(63), cost_usd=None, **_nothing_read()) for i, name in enumerate(HOSTILE)]
    made += [exchange(90 + i, app="shop", started_at=at(61 + i), duration_s=1000.0, cost_usd=Decimal("0.5")) for i in range(5)]
    return made


def _nothing() -> dict[str, Any]:
    return {"input_tokens": None, "output_tokens": None, "cache_read_tokens": None, "response_model": ""}


def _nothing_read() -> dict[str, Any]:
    return {"input_tokens": None, "output_tokens": None, "cache_read_tokens": None}


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Iterator[Reader]:
    async def fill(server: ClickHouseServer) -> None:
        await migrate(server.target, retention_days=90)
        store = Store(server.target)
        await store.insert([encode(each) for each in recorded()], token="recorded")
        first, last = (drift_runs.run(0, started_at=NOW - dt.timedelta(minutes=minutes)) for minutes in (30, 5))
        looks = [first, replace(last, topics=tuple(replace(each, label="") for each in last.topics))]
        cut_short = drift_runs.run(0, started_at=NOW - dt.timedelta(minutes=2))
        await drift_runs.stored(store, looks)
        await store.insert_rows("drift_topics", drift_runs.topic_lines(replace(cut_short, topics=tuple(replace(each, label="of no run") for each in cut_short.topics))), token="cut short")
        await store.close()

    with ClickHouseServer(tmp_path_factory.mktemp("store")) as server:
        asyncio.run(fill(server))
        yield Reader(server.target)


def answer(reader: Reader, uid: str, title: str, span: Span = HOUR, **values: str) -> list[dict[str, Any]]:
    """A panel's rows by column. values: what is chosen in a variable; All elsewhere."""
    (target,) = [target for target in BOARDS[uid].targets if target.panel == title]
    chosen = {name: Chosen((values.get(name, "nobody"),), (values[name],) if name in values else ALL, ".*") for name in VARIABLES}
    answered = ask(target, Engines(None, reader), span, chosen)  # type: ignore[arg-type]
    return [dict(zip((name for name, _ in answered.columns), row, strict=True)) for row in answered.data]


def test_times_are_of_calls_that_ended_well_and_faults_are_the_provider_s(reader):
    """A time-out's 99 s and a refusal's millisecond are in no quantile; what policy stopped is no fault of the provider's."""
    found = {row["model"]: row for row in answer(reader, "tidegate-overview", "Which model is slow, or fails?")}
    asked, answered = found["gpt-4o-mini"], found["gpt-4o-mini-2024-07-18"]
    assert answered["calls"] == 34 and answered["faults"] == 0
    assert answered["p50"] == pytest.approx(17.5, abs=1) and answered["p99"] == pytest.approx(34, abs=1)
    assert asked["calls"] == 6 and asked["faults"] == pytest.approx(4 / 6) and asked["p50"] is None
    assert found["home-grown"]["first chunk p90"] == pytest.approx(0.375)


def test_a_model_that_is_chosen_is_found_under_the_name_that_answered(reader):
    """The label says gpt-4o-mini, the rollup gpt-4o-mini-2024-07-18."""
    rows = answer(reader, "tidegate-overview", "Which model is slow, or fails?", model="gpt-4o-mini")
    assert {row["model"] for row in rows} == {"gpt-4o-mini", "gpt-4o-mini-2024-07-18"} and sum(row["calls"] for row in rows) == 40


def test_rows_without_a_name_are_chosen_as_unknown_and_all_leaves_nothing_out(reader):
    """A label cannot be empty; the rows behind `unknown` must still be found, and those of no label at all by All."""
    of = "Which model costs how much?"
    assert [row["calls"] for row in answer(reader, "tidegate-cost", of, app="unknown")] == [10]
    assert sum(row["calls"] for row in answer(reader, "tidegate-cost", of)) == 50
    assert answer(reader, "tidegate-cost", of, app="other") == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_somebody_made_up_is_a_name_and_no_sql(reader, name):
    """It is chosen by whoever looks at the board, and what it says must not become part of the question."""
    hours = replace(HOUR, start=HOUR.start - 7200)
    for uid, title in (("tidegate-cost", "Which model costs how much?"), ("tidegate-overview", "Which exchanges were slowest?")):
        rows = answer(reader, uid, title, hours, app=name)
        assert [(row["provider"], row["model"]) for row in rows] == [("own", "m")]


def test_the_rollup_and_the_record_agree_on_what_was_spent(reader):
    """Two panels side by side, from two tables."""
    by_model = {row["model"]: row for row in answer(reader, "tidegate-cost", "Which model costs how much?")}
    by_app = {row["app"]: row for row in answer(reader, "tidegate-cost", "Which app and prompt costs how much, and how much did it before?")}
    priced = by_model["gpt-4o-mini-2024-07-18"]
    assert priced["cost"] == by_app["shop"]["cost"] == pytest.approx(0.34)
    assert priced["per 1000 calls"] == pytest.approx(10.0) and priced["cached"] == pytest.approx(0.25)
    assert by_model["home-grown"]["no cost"] == 10 and by_model["home-grown"]["per 1000 calls"] is None
    assert by_app["shop"]["before"] == pytest.approx(2.5) and by_app["shop"]["calls"] == 40
    assert by_app["shop"]["per 1000 calls"] == pytest.approx(10.0), "calls that failed cost nothing, and make the others no cheaper"


def test_what_has_no_price_is_counted_and_not_taken_for_nothing(reader):
    """Calls that failed before any token came need no price; those with tokens do."""
    assert answer(reader, "tidegate-cost", "Is there a price for everything?") == [{"without a price": 10, "without tokens": 0}]
    (row,) = answer(reader, "tidegate-cost", "Which models have no price?")
    assert (row["asked"], row["calls"], row["in"]) == ("home-grown", 10, 70)


def test_the_month_s_forecast_goes_on_at_the_pace_so_far(reader):
    """Hours after the start of an installation, and weeks after."""
    (row,) = answer(reader, "tidegate-cost", "What will this month cost?")
    spent = 0.34 + 5 * 0.5
    start = NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    asked = dt.datetime.now(dt.UTC)  # the rows are as old as this file's first line
    rest_s = ((start + dt.timedelta(days=32)).replace(day=1) - asked).total_seconds()
    if start < NOW - dt.timedelta(hours=2):
        assert row["so far"] == pytest.approx(spent)
    assert row["forecast"] == pytest.approx(row["so far"] + spent * rest_s / (66 * 60 + (asked - NOW).total_seconds()), rel=0.05)


def test_dear_and_slow_exchanges_are_in_order_and_can_be_opened(reader):
    """The first line is what somebody opens."""
    (first, *_), slow = answer(reader, "tidegate-cost", "Which exchanges were dearest?"), answer(reader, "tidegate-overview", "Which exchanges were slowest?")
    assert first["cost"] == pytest.approx(0.01) and len(first["id"]) == 36
    assert [row["duration"] for row in slow] == sorted((row["duration"] for row in slow), reverse=True) and slow[0]["duration"] == 99


def test_findings_are_counted_by_kind_and_not_by_exchange(reader):
    """Three addresses in one text are three; and they are one exchange."""
    found = {row["kind"]: row for row in answer(reader, "tidegate-guards", "What is found, and what is done about it?")}
    assert {kind: (row["detector"], row["action"], row["found"], row["exchanges"]) for kind, row in found.items()} == {
        "email": ("pii", "block", 6, 2), "api_key": ("secrets", "block", 2, 2),
    }  # fmt: skip
    (who,) = answer(reader, "tidegate-guards", "Who runs into the guards?")
    assert (who["app"], who["blocked"], who["calls"]) == ("shop", 2, 40)


def test_a_topic_is_shown_once_as_it_was_last_seen_and_only_of_whole_runs(reader):
    """Topics are written before their run; those of a look that was cut short are nobody's."""
    (topic,) = answer(reader, "tidegate-drift", "Which topics moved, and what do they look like?")
    looks = answer(reader, "tidegate-drift", "What did the last looks say?")
    assert topic["topic"] == "reembolso pedido", "one that nobody has named yet goes by its words"
    assert topic["share"] == pytest.approx(0.11)
    assert len(looks) == 2 and topic["run"] == looks[0]["run"]
    assert answer(reader, "tidegate-drift", "What did the last looks say?", app="another") == []


def test_every_query_answers_when_there_is_nothing_yet(reader):
    """On the first day, and in a range from before it, nothing may break."""
    before = Span(HOUR.start - 86400 * 400, HOUR.start - 86400 * 399)
    for uid, board in BOARDS.items():
        for target in board.targets:
            if target.engine == CLICKHOUSE:
                answer(reader, uid, target.panel, before)
