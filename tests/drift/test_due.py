"""Which apps are to be compared now, asked of a real ClickHouse server."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator
from typing import cast

import pytest

from gateway.drift.due import Due, Watched, due, prompts, wanted
from gateway.drift.past import ASKED
from gateway.exchange import Exchange
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.drift_runs import run, stored
from tests.support.exchanges import exchange

NOW = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def traffic(app: str, env: str, ago: dt.timedelta, **changes: object) -> Exchange:
    return exchange(id=uuid.uuid4(), app=app, env=env, started_at=NOW - ago, **{"prompt_name": "", **changes})


EXCHANGES = [
    *(traffic(app, "prod", MINUTE) for app in ("never", "lately", "long-ago", "by-hand", "no-dev", "off", "named", "prompts", "ahead", "abreast")),
    *(traffic(app, "dev", 20 * HOUR) for app in ("never", "lately", "long-ago", "by-hand", "idle", "only-dev", "off", "prompts")),
    traffic("idle", "prod", 30 * HOUR),
    traffic("forgotten", "prod", dt.timedelta(days=100)),
    *(traffic("prompts", "prod", 2 * HOUR, prompt_name=name) for name in ("b", "b", "b", "a", "a", "c", "")),
    traffic("prompts", "prod", dt.timedelta(days=100), prompt_name="old"),
    traffic("prompts", "dev", HOUR, prompt_name="d"),
]
RUNS = [
    run(app="lately", started_at=NOW - 0.5 * HOUR),
    run(app="lately", started_at=NOW - 9 * HOUR),
    run(app="long-ago", started_at=NOW - 1.5 * HOUR),
    run(app="ahead", started_at=NOW - 2 * HOUR),
    run(app="ahead", started_at=NOW + 900 * HOUR),
    run(app="abreast", started_at=NOW + MINUTE),
    run(app="idle", started_at=NOW - 25 * HOUR),
    run(app="by-hand", started_at=NOW - 0.5 * HOUR, kind=ASKED, alarm_alpha=None),
    run(app="prompts", prompt="a", started_at=NOW - 3 * HOUR),
    run(app="prompts", prompt="b", started_at=NOW - 5 * HOUR),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    async def fill(server: ClickHouseServer) -> None:
        await migrate(server.target, retention_days=3650)
        writer = Store(server.target)
        await writer.insert([encode(each) for each in EXCHANGES], token="due")
        await stored(writer, RUNS)
        baseline = b'{"app":"named","name":"refunds","version":1,"source":"file","created_at":"2026-11-01 00:00:00","changed_at":"2026-11-01 00:00:00","rows":3,"of_rows":3,"gone":%s}'
        await writer.insert_rows("drift_baselines", [baseline % b"false", baseline.replace(b"refunds", b"removed") % b"true"], token="named")
        await writer.close()

    with ClickHouseServer(tmp_path_factory.mktemp("due")) as server:
        asyncio.run(fill(server))
        yield server


def watching(app: str) -> Watched | None:
    return None if app == "off" else Watched(HOUR, per_prompt=app == "prompts")


async def test_who_has_waited_for_long_enough_is_due_longest_first(server: ClickHouseServer):
    """An app that is starved by busier ones is not watched at all; one without new traffic has nothing new to say."""
    store = Store(server.target.reader())
    found = await due(store, watching, 90, NOW)
    await store.close()
    assert found == [
        Due("by-hand", True), Due("named", False), Due("never", True), Due("no-dev", False),
        Due("prompts", True, NOW - 3 * HOUR), Due("ahead", False, NOW - 2 * HOUR), Due("long-ago", True, NOW - 1.5 * HOUR),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "comparable"), [("refunds", True), ("removed", False), ("missing", False)])
async def test_a_stored_baseline_counts_where_it_is(server: ClickHouseServer, name: str, comparable: bool):
    """Nothing is started for an app whose baseline nobody has made, or somebody has removed."""
    store = Store(server.target.reader())
    found = await due(store, lambda app: Watched(HOUR, baseline_env="", baseline_name=name) if app == "named" else None, 90, NOW)
    asked = await wanted(store, lambda app: Watched(HOUR, baseline_env="", baseline_name=name) if app == "named" else None, 90, NOW)
    await store.close()
    assert (found, asked) == ([Due("named", comparable)], comparable)


async def test_an_app_can_have_its_own_hours_and_environment(server: ClickHouseServer):
    """A batch job that is compared once a day is not due because the others are."""
    store = Store(server.target.reader())
    own = {"long-ago": Watched(2 * HOUR), "only-dev": Watched(HOUR, env="dev"), "lately": Watched(MINUTE * 20)}
    found = await due(store, own.get, 90, NOW)
    await store.close()
    assert [each.app for each in found] == ["only-dev", "lately"]


async def test_nothing_is_due_where_nothing_is_comparable(server: ClickHouseServer):
    """A gate whose apps have no dev traffic must not load the statistics every hour to say so."""
    store = Store(server.target.reader())
    assert not await wanted(store, lambda app: Watched(HOUR) if app in ("no-dev", "named", "lately") else None, 90, NOW)
    assert await wanted(store, lambda app: Watched(HOUR) if app in ("no-dev", "never") else None, 90, NOW)
    await store.close()


async def test_prompts_are_compared_one_by_one_where_wanted(server: ClickHouseServer):
    """Two prompts with opposite shifts look unchanged together; and a round that is cut short must go on where it stopped."""
    store = Store(server.target.reader())
    assert await prompts(store, Watched(HOUR), "prompts", 90, NOW) == ("",)
    assert await prompts(store, Watched(HOUR, per_prompt=True), "prompts", 90, NOW) == ("c", "b", "a")
    await store.close()


async def test_thousands_of_apps_do_not_hold_the_console(monkeypatch: pytest.MonkeyPatch):
    """Apps are what clients say; the console asks every minute, in the loop that serves its pages: the work may grow with their number, not with its square."""
    compared = 0

    class Name(str):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    def name(number: int) -> Name:
        return Name(f"app-{number}")

    async def last(*_: object) -> dict[tuple[str, str], dt.datetime]:
        return {(name(number), ""): NOW - 2 * HOUR for number in range(300)}

    async def lately(*_: object) -> dict[str, dict[str, dt.datetime]]:
        return {name(number): {"dev": NOW, "prod": NOW} for number in range(300)}

    async def none(*_: object) -> set[tuple[str, str]]:
        return set()

    for what, by in (("_last", last), ("_traffic", lately), ("_named", none)):
        monkeypatch.setattr(f"gateway.drift.due.{what}", by)
    found = await due(cast(Store, None), lambda app: Watched(HOUR), 90, NOW)
    assert len(found) == 200 and compared < 30_000
