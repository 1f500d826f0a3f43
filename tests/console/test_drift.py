"""What runs of drift found, read back over the admin port and as series on /metrics, from a real ClickHouse server."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.console import drift_series
from gateway.console.app import Listener, application
from gateway.console.drift import read
from gateway.console.drift_series import Rounds, Series
from gateway.console.gate import Problem
from gateway.console.reading import Readings
from gateway.drift.outcome import Named
from gateway.drift.past import ASKED, SOME_IDS
from gateway.errors import StoreUnavailable
from gateway.store.client import Store
from gateway.store.credentials import Credentials
from gateway.store.migrate import migrate
from gateway.store.target import Target
from tests.support.clickhouse import ClickHouseServer, free_port
from tests.support.drift_runs import START, report, run, stored, topic, untested

SHOP = [run(n, report=report(pvalue=0.2, alarm=False, topics=())) if n < 2 else run(n) for n in range(3)]
DOCS = run(1, id=uuid.UUID(int=1), app="docs", report=untested(), alarm=False, alarm_alpha=0.0)
BY_HAND = run(4, app="shop", kind=ASKED, alarm_alpha=None, alarm=False, report=report(pvalue=0.03, alarm=False))
PROMPTS = [run(n, app="mail", prompt=name, alarm=name == "b", report=report(pvalue=p, alarm=name == "b", topics=(topic(rows=tuple(range(n))),))) for n, (name, p) in enumerate([("a", 0.5), ("b", 0.001)])]
PROVIDERS = run(4, app="answers", kind="provider", report=report(pvalue=0.9, alarm=False, topics=()), alarm=False)
NOW = (START + dt.timedelta(hours=5)).timestamp()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    async def fill(target: Target) -> None:
        await migrate(target, retention_days=3650)
        writer = Store(target)
        await stored(writer, [*SHOP, DOCS, BY_HAND, *PROMPTS, PROVIDERS])
        await writer.close()

    with ClickHouseServer(tmp_path_factory.mktemp("drift")) as server:
        asyncio.run(fill(server.target))
        yield server


@asynccontextmanager
async def console(target: Target, *, rounds: Rounds | None = None) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A console over this store, in which it is NOW."""
    readings = Readings(lambda: target)
    series = Series(readings.drift_newest, rounds=rounds, clock=lambda: NOW)
    listener = Listener(application(run=Path("/nonexistent"), host="127.0.0.1", token=None, reader=readings, series=series))
    port = await listener.open("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as session:
            yield session, f"http://127.0.0.1:{port}"
    finally:
        await listener.close()
        await series.close()
        await readings.close()


async def get(target: Target, *paths: str) -> list[tuple[int, Any]]:
    answers = []
    async with console(target) as (session, url):
        for path in paths:
            async with session.get(url + path) as answer:
                answers.append((answer.status, await answer.json()))
    return answers


def samples(page: str) -> dict[tuple[str, ...], float]:
    """Drift's samples by name and label values."""
    found = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.name.startswith("tidegate_drift"):
                found[sample.name.removeprefix("tidegate_drift_"), *sample.labels.values()] = sample.value
    return found


async def test_without_an_app_the_newest_of_each_is_shown(store: ClickHouseServer):
    """The page of a whole company begins with one line an app (and prompt), whatever its history."""
    [(status, body)] = await get(store.target, "/api/drift")
    assert status == 200
    assert [(run["app"], run["prompt_name"], run["id"]) for run in body["runs"]] == [
        ("shop", "", str(BY_HAND.id)), ("mail", "b", str(PROMPTS[1].id)), ("docs", "", str(DOCS.id)), ("mail", "a", str(PROMPTS[0].id)),
    ]  # fmt: skip
    assert all("topics" not in run for run in body["runs"])


async def test_an_app_s_runs_come_with_their_topics(store: ClickHouseServer):
    """A trend is shares of one topic over runs: they have to be in one answer."""
    [(status, body)] = await get(store.target, "/api/drift?app=shop&kind=scheduled&limit=2")
    assert status == 200
    assert [run["id"] for run in body["runs"]] == [str(SHOP[2].id), str(SHOP[1].id)]
    assert [len(run["topics"]) for run in body["runs"]] == [1, 0]
    first = body["runs"][0]
    assert {key: first[key] for key in ("kind", "baseline", "tested", "alarm", "alarm_alpha", "pvalue", "alpha", "rows_baseline", "rows_window", "sessions_window", "notes", "seconds", "model")} == {
        "kind": "scheduled", "baseline": "dev", "tested": True, "alarm": True, "alarm_alpha": 0.0002, "pvalue": 0.0005, "alpha": 0.01,
        "rows_baseline": 2000, "rows_window": 27, "sessions_window": 20, "notes": ["Conversations were thinned to one row."], "seconds": 1.5, "model": "bundled",
    }  # fmt: skip
    assert first["aspects"] == [{"name": "topics", "pvalue": 0.0005, "significant": True}, {"name": "structure", "pvalue": 0.4, "significant": False}]
    assert first["structure"][0]["effect"] == "median length 41 -> 44 characters"
    assert first["novel_share"] == pytest.approx(3 / 27)
    assert dt.datetime.fromisoformat(first["started_at"]) == SHOP[2].started_at
    [topic] = first["topics"]
    assert {key: topic[key] for key in ("id", "label", "keywords", "direction", "share_window", "window_interval", "exemplars", "exchange_ids", "rows_window")} == {
        "id": str(uuid.UUID(int=900)), "label": "refunds in Spanish", "keywords": ["reembolso", "pedido"], "direction": "new", "share_window": 0.11,
        "window_interval": [0.09, 0.13], "exemplars": ["¿Cuándo recibiré el reembolso?"], "exchange_ids": [str(uuid.UUID(int=7))], "rows_window": 3,
    }  # fmt: skip
    assert dt.datetime.fromisoformat(topic["first_seen"]) == START


async def test_a_list_names_some_of_a_topic_s_exchanges_and_a_run_all(store: ClickHouseServer):
    """Fifty runs of thirty topics of five hundred ids each would be a hundred megabytes in a process that has sixty."""
    ids = tuple(uuid.UUID(int=number) for number in range(1, 61))
    made = [run(n, id=uuid.UUID(int=700 + n), app="wide", topics=(Named(topic(), uuid.UUID(int=900), START, exchange_ids=ids),)) for n in range(2)]
    writer = Store(store.target)
    await stored(writer, made)
    await writer.close()
    (_, listed), (_, one) = await get(store.target, "/api/drift?app=wide", f"/api/drift/{made[0].id}")
    assert [each["topics"][0]["exchange_ids"] for each in listed["runs"]] == [[str(each) for each in ids[:SOME_IDS]]] * 2
    assert len(one["run"]["topics"][0]["exchange_ids"]) == 60


async def test_a_prompt_and_a_time_select(store: ClickHouseServer):
    """A filter that is ignored in silence shows runs that were not asked for."""
    answers = await get(
        store.target,
        "/api/drift?app=mail&prompt=b",
        "/api/drift?app=mail&prompt=",
        f"/api/drift?app=shop&since={SHOP[1].started_at.isoformat().replace('+', '%2B')}&until={SHOP[2].started_at.isoformat().replace('+', '%2B')}",
    )
    assert [[run["id"] for run in body["runs"]] for _, body in answers] == [[str(PROMPTS[1].id)], [], [str(SHOP[1].id)]]


async def test_what_providers_did_is_asked_for_by_its_kind(store: ClickHouseServer):
    """The model watch answers another question: its rows must not stand for users' drift, on the page or in a series."""
    (_, body), (_, users) = await get(store.target, "/api/drift?app=answers&kind=provider", "/api/drift?app=answers")
    assert ([run["id"] for run in body["runs"]], users["runs"]) == ([str(PROVIDERS.id)], [])


async def test_one_run_has_its_report_in_the_command_s_form(store: ClickHouseServer):
    """Who follows an alert wants rows, intervals and examples, and the same names as in `drift run --json`."""
    (status, body), (missing, _), (bad, _), (more, _) = await get(
        store.target, f"/api/drift/{SHOP[2].id}", f"/api/drift/{uuid.UUID(int=5)}", "/api/drift/shop", f"/api/drift/{SHOP[2].id}?full=1"
    )
    assert (status, missing, bad, more) == (200, 404, 400, 400)
    found = body["run"]
    assert found["report"]["topics"][0]["rows"] == [1, 4, 5]
    assert found["report"]["alarm"] is True
    assert found["topics"][0]["keywords"] == ["reembolso", "pedido"]
    assert "centre" not in found["topics"][0]


async def test_a_run_that_tested_nothing_says_so_and_has_no_p_value(store: ClickHouseServer):
    """A p-value of 1 would read as "all is well"."""
    [(_, body)] = await get(store.target, "/api/drift?app=docs")
    assert (body["runs"][0]["tested"], body["runs"][0]["pvalue"]) == (False, None)
    assert "fewer than 100" in body["runs"][0]["notes"][0] and body["runs"][0]["novel_share"] is None


async def test_topics_of_a_run_that_was_cut_short_are_nobody_s(store: ClickHouseServer):
    """The run's own row comes last: what was written before a kill must not show."""
    from gateway.drift.outcome import topic_lines

    half = run(2, app="half")
    writer = Store(store.target)
    try:
        await writer.insert_rows("drift_topics", topic_lines(half), token="half")
    finally:
        await writer.close()
    (_, listed), (status, _) = await get(store.target, "/api/drift?app=half", f"/api/drift/{half.id}")
    assert (listed["runs"], status) == ([], 404)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ([("ap", "x")], "app, prompt, kind, since, until, limit"),
        ([("app", "a"), ("app", "b")], "app: given twice"),
        ([("app", "")], "app: expected 1 to 512 printable characters"),
        ([("app", "a\x1b")], "app: expected"),
        ([("kind", "daily")], "kind: expected one of scheduled, asked, provider"),
        ([("limit", "0")], "limit: expected 1 to 200"),
        ([("limit", "201")], "limit: expected 1 to 200"),
        ([("app", "a"), ("limit", "51")], "limit: expected 1 to 50 with an app"),
        ([("since", "yesterday")], "since: expected a time"),
        ([("since", "2026-01-02T00:00:00Z"), ("until", "2026-01-01T00:00:00Z")], "since: not before until"),
    ],
)
def test_a_wrong_parameter_is_named(query: list[tuple[str, str]], problem: str):
    """Whoever mistypes a filter must not be shown everything."""
    with pytest.raises(Problem) as caught:
        read(query)
    assert (caught.value.status, problem in caught.value.message) == (400, True)


async def test_a_store_that_is_down_is_a_503_and_metrics_go_on():
    """Drift must never be the reason for a page that does not come (law 4)."""
    target = Target.embedded(free_port(), Credentials("w", "secret-w", "r", "secret-r"))
    async with console(target) as (session, url):
        async with session.get(f"{url}/api/drift") as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (503, "store_unavailable")
        async with session.get(f"{url}/metrics") as answer:
            assert answer.status == 200
            assert samples(await answer.text()) == {("run_failures_total",): 0.0}


async def test_the_newest_runs_are_series(store: ClickHouseServer):
    """What an alert is written against: names and labels that stand in the interface."""
    async with console(store.target, rounds=Rounds(failures=2, seconds=12.5)) as (session, url), session.get(f"{url}/metrics") as answer:
        found = samples(await answer.text())
    assert {key: found[key] for key in found if key[1:2] in ((), ("shop",), ("docs",))} == {
        ("pvalue", "shop", "all"): 0.0005,  # and none of these is of the run by hand, which is newer
        ("pvalue", "shop", "topics"): 0.0005,
        ("pvalue", "shop", "structure"): 0.4,
        ("novel_share", "shop"): pytest.approx(3 / 27),
        ("alarms_in_a_row", "shop"): 1.0,
        ("alarms_in_a_row", "docs"): 0.0,
        ("alarm", "shop"): 1.0,  # of the last look that had a part in the budget: a run by hand does not put it out
        ("tested", "shop"): 1.0,
        ("last_run_timestamp_seconds", "shop"): pytest.approx(SHOP[2].started_at.timestamp()),
        ("alarm", "docs"): 0.0,
        ("tested", "docs"): 0.0,
        ("last_run_timestamp_seconds", "docs"): pytest.approx(DOCS.started_at.timestamp()),
        ("run_failures_total",): 2.0,
        ("run_seconds",): 12.5,
    }


async def test_of_several_prompts_the_worst_is_the_app_s(store: ClickHouseServer):
    """Prompt names are the apps' own words, so they are no label; an alarm in one of them is an alarm."""
    async with console(store.target) as (session, url), session.get(f"{url}/metrics") as answer:
        found = samples(await answer.text())
    assert (found["alarm", "mail"], found["pvalue", "mail", "all"], found["novel_share", "mail"]) == (1.0, 0.001, pytest.approx(1 / 27))
    assert found["alarms_in_a_row", "mail"] == 1.0


def newest(app: str, *, at: float = NOW - 60, pvalue: float = 0.5) -> dict[str, Any]:
    return {"app": app, "prompt_name": "", "at": at, "tested": True, "novel_share": 0.1, "pvalue": pvalue, "names": ["topics", "invented"], "pvalues": [pvalue, pvalue], "alarm": pvalue < 0.01, "in_a_row": int(pvalue < 0.01)}


async def values(series: Series) -> dict[tuple[str, ...], float]:
    return {(s.name.removeprefix("tidegate_drift_"), *s.labels.values()): s.value for family in await series.families() for s in family.samples}


async def test_a_provider_that_changed_is_no_drift_of_users():
    """Who is woken must know whom to call: the prompt's owner or the provider."""

    async def asked(since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        about_provider = {**newest("shop", pvalue=0.0001), "provider": True, "names": ["provider"], "pvalues": [0.0001]}
        return [newest("shop"), about_provider, {**about_provider, "app": "canary"}]

    found = await values(Series(asked, clock=lambda: NOW))
    assert (found["alarm", "shop"], found["provider_alarm", "shop"]) == (0.0, 1.0)
    assert (found["pvalue", "shop", "all"], found["pvalue", "shop", "provider"]) == (0.5, 0.0001)
    assert found["provider_alarm", "canary"] == 1.0 and ("alarm", "canary") not in found


async def test_runs_by_hand_make_no_series(store: ClickHouseServer):
    """Somebody tries a prompt out, with an alpha of their own: nobody is to be woken for that, and a gate that never looked by itself does not seem to watch."""
    by_hand = dict(kind=ASKED, alarm=True, alarm_alpha=None)
    writer = Store(store.target)
    await stored(writer, [run(4, app="tried", **by_hand), run(3, app="shop", prompt="greet", **by_hand)])
    await writer.close()
    async with console(store.target) as (session, url), session.get(f"{url}/metrics") as answer:
        found = samples(await answer.text())
    assert not [key for key in found if "tried" in key]
    assert found["last_run_timestamp_seconds", "shop"] == pytest.approx(SHOP[2].started_at.timestamp())


async def test_scrapes_do_not_ask_the_store_each_time(monkeypatch: pytest.MonkeyPatch):
    """Three Prometheus servers and a curious person must not become four queries a second."""
    asked = 0

    async def count(since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return [newest("shop")]

    series = Series(count, clock=lambda: NOW)
    await asyncio.gather(*(series.families() for _ in range(20)))
    await series.families()
    assert asked == 1
    monkeypatch.setattr(drift_series.time, "monotonic", lambda: float("inf"))
    await series.families()
    assert asked == 2


async def test_what_was_known_stands_while_the_store_is_away_and_ends_with_its_time(monkeypatch: pytest.MonkeyPatch):
    """An alarm that goes out because the store went down would be a false all-clear; one that burns for ever a false alarm."""
    now, up = NOW, True

    async def asked(since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        if not up:
            raise StoreUnavailable("down")
        return [newest("shop", pvalue=0.001)]

    series = Series(asked, clock=lambda: now, keep_s=3600)
    await series.families()
    monkeypatch.setattr(drift_series.time, "monotonic", lambda: float("inf"))
    up, now = False, NOW + 3000
    assert (await values(series))["alarm", "shop"] == 1.0
    now = NOW + 3600
    assert ("alarm", "shop") not in await values(series)


async def test_a_store_that_hangs_does_not_hold_the_page(monkeypatch: pytest.MonkeyPatch):
    """A frozen store is when everybody looks at the metrics."""
    monkeypatch.setattr(drift_series, "DEADLINE_S", 0.05)
    hanging = asyncio.Event()

    async def asked(since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        await hanging.wait()
        return [newest("shop")]

    series = Series(asked, clock=lambda: NOW)
    async with asyncio.timeout(60):
        assert ("alarm", "shop") not in await values(series)
        hanging.set()
        while ("alarm", "shop") not in await values(series):
            pass


async def test_invented_apps_and_aspects_make_no_series():
    """Law 9: an app is a header that anybody can send."""

    async def asked(since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        return [*(newest(f"app-{n}", pvalue=0.5 - n / 1000) for n in range(300)), newest("kept", pvalue=0.2), newest("a\nb")]

    found = await values(Series(asked, apps=["kept"], clock=lambda: NOW))
    apps = {key[1] for key in found if key[0] == "pvalue"}
    assert (len(apps), {"kept", "other"} <= apps, {key[2] for key in found if key[0] == "pvalue"}) == (52, True, {"all", "topics"})
    assert found["pvalue", "other", "all"] == pytest.approx(0.5 - 299 / 1000)
