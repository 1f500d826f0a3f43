"""A round of the model watch: rows of their own kind, alarms out of a budget, nothing twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detectors.drift.base import Vectors
from gateway.drift.canary_table import BATCH_TAG, NAME_TAG, WORDING_TAG, Canary, batch_of
from gateway.drift.provider_due import Plan, due_apps, due_canaries, wanted
from gateway.drift.provider_round import provider_round
from gateway.exchange import Exchange
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.drift_runs import report, run, stored
from tests.support.exchanges import exchange

NOW = dt.datetime(2026, 10, 20, 12, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
APPS = ("round-same", "round-renamed", "round-shorter")
PLAN = Plan(env=lambda app: "prod" if app in APPS else None)


async def embedded(texts: list[str]) -> Vectors:
    """All alike: these tests ask the same question again and again."""
    return np.ones((len(texts), 4), dtype=np.float32) / 2


def call(app: str, ago: dt.timedelta, tokens: int, model: str = "large-01", **changes: Any) -> Exchange:
    same: dict[str, Any] = dict(provider=f"acme-{app}", request_model="large", session_id="", prompt_text="May I return shoes?", request_body="", is_stream=False, upstream_s=None)
    return exchange(id=uuid.uuid4(), app=app, started_at=NOW - ago, output_tokens=tokens, response_model=model, **{**same, **changes})


def rows() -> list[Exchange]:
    found = []
    for app in APPS:
        for day in range(-4, 9):  # days ago: the rounds of the days to come find traffic too
            late = day <= 1
            found += [call(app, DAY * day - dt.timedelta(minutes=each), (40 if late and app == "round-shorter" else 100) + each % 7, "large-02" if late and app == "round-renamed" else "large-01") for each in range(1, 41)]
    return found


@pytest.fixture(scope="module")
def record(clickhouse: ClickHouseServer) -> ClickHouseServer:
    async def fill() -> None:
        store = Store(clickhouse.target)
        await store.insert([encode(each) for each in rows()], token=uuid.uuid4().hex)
        await store.close()

    asyncio.run(fill())
    return clickhouse


def test_rounds_write_rows_of_their_own_kind_and_alarm_when_they_may(record: ClickHouseServer) -> None:
    """A renamed model alarms at once. Shorter replies are a finding at once and an alarm when enough of the year's budget has been saved; no change never is one."""

    async def rounds() -> tuple[list[dict[str, Any]], list[Any]]:
        reader, writer = Store(record.target.reader()), Store(record.target)
        plan = replace(PLAN, before_s=604_800.0)
        try:
            asked = [await wanted(reader, plan, NOW)]
            for day in range(4):
                await provider_round(reader, writer, embedded, plan, now=NOW + day * DAY)
                asked.append(sorted(await due_apps(reader, plan, NOW + day * DAY + DAY / 2)))
            sql = "SELECT app, kind, alarm, alarm_alpha, tested, `aspects.name` AS aspects, `features.feature` AS features FROM tidegate.drift_runs WHERE app LIKE 'round-%' ORDER BY app, started_at"
            return await reader.query_json(sql), asked
        finally:
            await reader.close()
            await writer.close()

    found, asked = asyncio.run(rounds())
    of = {app: [row for row in found if row["app"] == app] for app in APPS}
    assert asked == [True, [], [], [], []]
    assert {len(each) for each in of.values()} == {4} and {row["kind"] for row in found} == {"provider"}
    assert [row["alarm"] for row in of["round-same"]] == [False] * 4 and all(row["tested"] for row in of["round-same"])
    assert of["round-renamed"][0]["alarm"], of["round-renamed"]
    assert "response_model" in of["round-renamed"][0]["features"] and not of["round-renamed"][3]["alarm"]
    shorter = of["round-shorter"]
    assert [row["alarm"] for row in shorter] == [bool(row["alarm_alpha"]) for row in shorter] == [False, False, False, True]
    assert shorter[0]["aspects"] == ["provider"] and "output_length" in shorter[0]["features"]


def test_an_app_s_canaries_have_no_second_budget(record: ClickHouseServer) -> None:
    """The rate of a year is said to be the app's: looks at its traffic and at its canaries together must not be allowed more."""

    async def looks() -> list[dict[str, Any]]:
        reader, writer = Store(record.target.reader()), Store(record.target)
        canary = Canary("capital", "acme-round-both", "openai", "large", (("user", "What is the capital of France?"),), app="round-both")
        tags = {NAME_TAG: canary.name, WORDING_TAG: canary.wording}
        found = []
        for day in range(-6, 9):
            found += [call("round-both", DAY * day - dt.timedelta(minutes=each), 100 + each % 7) for each in range(1, 41)]
            asked = {**tags, BATCH_TAG: batch_of(NOW - DAY * day)}
            found += [call("round-both", DAY * day - dt.timedelta(seconds=each), 9 + each % 3, env="canary", session_id=canary.session, tags=asked) for each in range(1, 6)]
        await writer.insert([encode(each) for each in found], token=uuid.uuid4().hex)
        plan = Plan(env=lambda app: "prod" if app == "round-both" else None, yearly=0.5, canaries=(replace(canary, every_s=1e9),), calls_per_day=1)
        try:
            for day in range(6):
                await provider_round(reader, writer, embedded, plan, now=NOW + day * DAY)
            return await reader.query_json("SELECT prompt_name, alarm_alpha FROM tidegate.drift_runs WHERE app = 'round-both' ORDER BY started_at")
        finally:
            await reader.close()
            await writer.close()

    found = asyncio.run(looks())
    spent = {sort: sum(row["alarm_alpha"] or 0 for row in found if row["prompt_name"] == sort) for sort in ("", "canaries")}
    assert min(spent.values()) > 0 and sum(spent.values()) <= 0.5 * 6 / 365, spent


def test_what_is_dated_later_than_now_puts_nothing_off(record: ClickHouseServer) -> None:
    """A clock that was a year ahead for an hour: until it is that year no provider would be looked at, no canary sent, nothing saved for an alarm."""
    canary = Canary("clock", "acme-round-ahead", "openai", "large", (("user", "What is the capital of France?"),), app="round-ahead")

    async def looks() -> tuple[list[str], list[Canary], list[dict[str, Any]]]:
        reader, writer = Store(record.target.reader()), Store(record.target)
        plan = Plan(env=lambda app: "prod" if app == "round-ahead" else None)
        traffic = [call("round-ahead", DAY * day - dt.timedelta(minutes=each), 100 + each % 7) for day in range(3) for each in range(1, 41)]
        sent = call("round-ahead", -400 * DAY, 9, env="canary", session_id=canary.session, tags={NAME_TAG: canary.name, WORDING_TAG: canary.wording, BATCH_TAG: batch_of(NOW)})
        try:
            await writer.insert([encode(each) for each in (*traffic, sent)], token=uuid.uuid4().hex)
            await stored(writer, [run(app="round-ahead", kind="provider", started_at=NOW + 400 * DAY, alarm=False, alarm_alpha=0.05, report=report(topics=()))])
            due = await due_apps(reader, plan, NOW), await due_canaries(reader, (canary,), NOW, calls_per_day=10)
            await provider_round(reader, writer, embedded, plan, now=NOW - DAY)
            await provider_round(reader, writer, embedded, plan, now=NOW)
            rows = await reader.query_json("SELECT started_at, alarm_alpha, tested FROM tidegate.drift_runs WHERE app = 'round-ahead' AND started_at < '2027-01-01' ORDER BY started_at")
            return *due, rows
        finally:
            await reader.close()
            await writer.close()

    apps, canaries, rows = asyncio.run(looks())
    assert (apps, [each.name for each in canaries]) == (["round-ahead"], ["clock"])
    assert len(rows) == 2  # and the second one follows the first, not the one that is to come


def test_apps_that_nobody_watches_are_left_alone(record: ClickHouseServer) -> None:
    """`drift.watch.enabled: false`, and an app whose drift is switched off."""

    async def ask() -> tuple[list[str], list[str]]:
        store = Store(record.target.reader())
        try:
            return await due_apps(store, replace(PLAN, enabled=False), NOW), await due_apps(store, replace(PLAN, env=lambda app: None), NOW)
        finally:
            await store.close()

    assert asyncio.run(ask()) == ([], [])
