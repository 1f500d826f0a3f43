"""The record read back over the admin port, from a real ClickHouse server."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from gateway.console.app import Listener, application
from gateway.console.exchanges import read
from gateway.console.gate import Problem
from gateway.console.reading import Readings
from gateway.exchange import Exchange, Outcome
from gateway.store.client import Store
from gateway.store.credentials import Credentials
from gateway.store.migrate import migrate
from gateway.store.queries import LIST_COLUMNS
from gateway.store.rows import COLUMNS, encode
from gateway.store.target import Target
from tests.support.clickhouse import ClickHouseServer, free_port
from tests.support.exchanges import exchange

START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def rows() -> list[Exchange]:
    """Seven, two of them at the same instant: a page may end between those two."""
    return [
        exchange(
            i,
            id=uuid.UUID(int=i + 1),
            started_at=START + dt.timedelta(minutes=i // 2),
            app="checkout" if i % 2 else "search",
            env="prod" if i < 4 else "dev",
            outcome=Outcome.OK if i else Outcome.PROVIDER_TIMEOUT,
        )
        for i in range(7)
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    async def fill(target: Target) -> None:
        await migrate(target, retention_days=3650)
        writer = Store(target)
        await writer.insert([encode(row) for row in rows()], token="console")
        await writer.close()

    with ClickHouseServer(tmp_path_factory.mktemp("console")) as server:
        asyncio.run(fill(server.target))
        yield server


async def get(target: Target, *paths: str) -> list[tuple[int, Any]]:
    """Ask a console over this store."""
    readings = Readings(lambda: target)
    listener = Listener(application(run=Path("/nonexistent"), host="127.0.0.1", token=None, reader=readings))
    port = await listener.open("127.0.0.1", 0)
    answers = []
    try:
        async with aiohttp.ClientSession() as session:
            for path in paths:
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    answers.append((answer.status, await answer.json()))
    finally:
        await listener.close()
        await readings.close()
    return answers


async def test_pages_follow_each_other_without_gap_or_repeat(store: ClickHouseServer):
    """Somebody who scrolls through a week must see every exchange once, newest first, also those of one instant."""
    seen: list[str] = []
    cursor: str | None = ""
    sizes = []
    while cursor is not None:
        [(status, page)] = await get(store.target, f"/api/exchanges?limit=3{'&cursor=' + cursor if cursor else ''}")
        assert status == 200
        sizes.append(len(page["exchanges"]))
        seen += [row["id"] for row in page["exchanges"]]
        cursor = page["next"]
    assert (seen, sizes) == ([str(uuid.UUID(int=i)) for i in range(7, 0, -1)], [3, 3, 1])


async def test_a_list_has_no_bodies_and_a_detail_has_all(store: ClickHouseServer):
    """Bodies in a list made other consoles hang at seven thousand rows; without them in the detail nobody can debug."""
    wanted = rows()[3]
    (_, page), (status, detail) = await get(store.target, "/api/exchanges?limit=1", f"/api/exchanges/{wanted.id}")
    assert set(page["exchanges"][0]) == set(LIST_COLUMNS)
    assert not {"request_body", "reply_body", "prompt_text", "reply_text"} & set(LIST_COLUMNS)
    assert status == 200
    assert set(COLUMNS) - {"findings", "phases"} <= set(detail["exchange"])
    assert {k: detail["exchange"][k] for k in ("id", "app", "request_body", "reply_body", "prompt_text", "reply_text", "cost_usd")} == {
        "id": str(wanted.id),
        "app": wanted.app,
        "request_body": wanted.request_body,
        "reply_body": wanted.reply_body,
        "prompt_text": wanted.prompt_text,
        "reply_text": wanted.reply_text,
        "cost_usd": "0.0001416",
    }


@pytest.mark.covers("T6")
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"app": "checkout"}, [6, 4, 2]),
        ({"env": "dev"}, [7, 6, 5]),
        ({"app": "checkout", "env": "dev"}, [6]),
        ({"outcome": "provider_timeout"}, [1]),
        ({"since": "2026-11-01T12:02:00Z"}, [7, 6, 5]),
        ({"until": "2026-11-01T13:01:00+01:00"}, [2, 1]),
        ({"provider": "nobody"}, []),
        ({"app": "checkout' OR 1=1 --"}, []),
        ({"model": "{x:String}"}, []),
        ({"app": "' UNION ALL SELECT file('/etc/passwd') --"}, []),
    ],
)
async def test_a_filter_shows_exactly_its_rows(store: ClickHouseServer, parameters: dict[str, str], expected: list[int]):
    """A filter is data, whatever is written in it."""
    [(status, page)] = await get(store.target, "/api/exchanges?" + urlencode(parameters))
    assert (status, [uuid.UUID(row["id"]).int for row in page["exchanges"]]) == (200, expected)


async def test_what_is_not_there_is_a_404(store: ClickHouseServer):
    """A reader must be able to tell "gone" from "broken"."""
    answers = await get(store.target, f"/api/exchanges/{uuid.UUID(int=99)}", "/api/exchanges/not-an-id", f"/api/exchanges/{uuid.UUID(int=1)}?full=1")
    assert [(status, body["error"]["code"]) for status, body in answers] == [(404, "not_found"), (400, "bad_id"), (400, "unknown_parameter")]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ([("ap", "x")], "unknown: app, env, provider, model, session_id, outcome, since, until, limit, cursor"),
        ([("app", "a"), ("app", "b")], "app: given twice"),
        ([("app", "")], "app: expected 1 to 512 printable characters"),
        ([("app", "a\x00")], "app: expected 1 to 512 printable characters"),
        ([("env", "x" * 513)], "env: expected 1 to 512 printable characters"),
        ([("outcome", "OK")], "outcome: expected one of"),
        ([("limit", "0")], "limit: expected 1 to 200"),
        ([("limit", "201")], "limit: expected 1 to 200"),
        ([("limit", "-1")], "limit: expected 1 to 200"),
        ([("limit", "٣")], "limit: expected 1 to 200"),
        ([("since", "yesterday")], "since: expected a time with its offset"),
        ([("since", "2026-01-01T00:00:00")], "since: expected a time with its offset"),
        ([("until", "0001-01-01T00:00:00Z")], "until: expected a time with its offset"),
        ([("since", "2026-01-02T00:00:00Z"), ("until", "2026-01-01T00:00:00Z")], "since: not before until"),
        ([("cursor", "x")], "cursor: not one that this console gave out"),
        ([("cursor", "9" * 60 + ".0")], "cursor: not one that this console gave out"),
        ([("cursor", "1.zz")], "cursor: not one that this console gave out"),
    ],
)
def test_a_wrong_parameter_is_named(query: list[tuple[str, str]], problem: str):
    """A filter that is ignored in silence shows rows that were not asked for."""
    with pytest.raises(Problem) as caught:
        read(query)
    assert caught.value.status == 400
    assert problem.removeprefix("unknown: ") in caught.value.message


async def test_a_store_that_is_down_is_a_503(tmp_path: Path):
    """The console says what is wrong in the place of hanging; the records are in the journal meanwhile."""
    target = Target.embedded(free_port(), Credentials("w", "secret-w", "r", "secret-r"))
    answers = await get(target, "/api/exchanges", f"/api/exchanges/{uuid.UUID(int=1)}")
    assert [(status, body["error"]["code"]) for status, body in answers] == [(503, "store_unavailable")] * 2
    assert "secret" not in repr(answers)


async def test_a_store_that_hangs_is_a_503_in_time(store: ClickHouseServer, monkeypatch: pytest.MonkeyPatch):
    """A frozen server accepts connections and never answers: only our own deadline ends that."""
    monkeypatch.setattr("gateway.console.checking.DEADLINE_S", 0.3)
    store.freeze()
    try:
        [(status, body)] = await asyncio.wait_for(get(store.target, "/api/exchanges"), 60)
    finally:
        store.thaw()
    assert (status, body["error"]["code"]) == (503, "store_unavailable")
