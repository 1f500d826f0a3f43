"""Samples out of a real store: who is in them, and that it is nobody else."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from detectors.drift.base import Row
from gateway.drift.canary_table import BATCH_TAG, NAME_TAG, WORDING_TAG, Canary
from gateway.drift.samples import MAX_BODY, Sample, Source, apart, baseline, choose, window
from gateway.drift.selecting import MAX_CHARS, Reads
from gateway.exchange import Outcome
from gateway.store.client import Store
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import MOMENT, exchange
from tests.support.sampled import asked, fill, reading, writing

NOW = MOMENT + dt.timedelta(hours=1)


def inputs(sample: Sample) -> list[str | None]:
    return [row.input for row in sample.rows]


async def test_a_window_is_the_last_exchanges_that_said_something(clickhouse: ClickHouseServer) -> None:
    """Refused calls, other environments, embeddings and what came after the run began are no production text."""
    others = [
        asked(20, "last", outcome=Outcome.PROVIDER_ERROR),
        asked(21, "last", env="dev"),
        asked(22, "last", operation="embeddings", endpoint="/v1/embeddings"),
        asked(23, "last", started_at=NOW + dt.timedelta(seconds=1)),
        asked(24, "last-of-another-app"),
    ]
    await fill(clickhouse, "last", [*(asked(number, "last") for number in range(10)), *others])
    async with reading(clickhouse) as reader:
        found = await window(reader, "last", now=NOW, rows=4)
        assert inputs(found) == [f"question {number}" for number in (6, 7, 8, 9)]
        assert [row.output for row in found.rows] == [f"answer {number}" for number in (6, 7, 8, 9)]
        assert (found.since, found.until) == (exchange(6).started_at, exchange(9).started_at + dt.timedelta(microseconds=1))
        assert found.rows[0].id == str(exchange(6).id) and found.rows[0].roles == ("system", "user") and found.rows[0].finish_reason == "stop"


async def test_what_is_left_out_of_a_window_is_counted_where_it_is_much(clickhouse: ClickHouseServer) -> None:
    """Who sent a hundred and reads that sixty were compared must not have to guess which, and why; a failed call now and then is not worth a word."""
    embedded = [asked(number, "partly", operation="embeddings", endpoint="/v1/embeddings") for number in range(100, 130)]
    failed = [asked(number, "partly", outcome=Outcome.PROVIDER_ERROR) for number in range(200, 210)]
    await fill(clickhouse, "partly", [*(asked(number, "partly") for number in range(60)), *embedded, *failed])
    await fill(clickhouse, "hardly", [*(asked(number, "hardly") for number in range(9)), asked(9, "hardly", outcome=Outcome.PROVIDER_ERROR)])
    await fill(clickhouse, "only", [asked(number, "only", operation="embeddings", endpoint="/v1/embeddings") for number in range(3)])
    async with reading(clickhouse) as reader:
        assert (await window(reader, "partly", now=NOW)).notes == ("40 of 100 exchanges were left out: 30 embeddings, 10 that did not end well.",)
        assert (await window(reader, "hardly", now=NOW, hours=2)).notes == ()
        assert (await window(reader, "only", now=NOW, hours=2)).notes == ("3 of 3 exchanges were left out: 3 embeddings.",)


async def test_canaries_are_nobody_s_traffic(clickhouse: ClickHouseServer) -> None:
    """Sent with a gateway key of `env: prod` they are recorded as production; the same prompt five times every few hours is not what users ask."""
    canary = Canary("capital", "acme", "openai", "m", (("user", "What is the capital of France?"),))
    tags = {NAME_TAG: canary.name, BATCH_TAG: "aaaa", WORDING_TAG: canary.wording}
    sent = [asked(40 + number, "birds", "What is the capital of France?", session_id=canary.session, tags=tags) for number in range(5)]
    users = [asked(1, "birds", session_id="canary-yellow", tags={}), asked(2, "birds", tags={WORDING_TAG: "as they like"})]
    await fill(clickhouse, "birds", [*users, *sent])
    async with reading(clickhouse) as reader:
        assert inputs(await window(reader, "birds", now=NOW)) == ["question 1", "question 2"]


async def test_a_sample_of_millions_takes_the_server_no_memory(clickhouse: ClickHouseServer) -> None:
    """A busy app's month of production: to sort all of it for two hundred rows would end at the reader's limit, and the run with it."""
    busy = (
        "INSERT INTO tidegate.exchanges (id, started_at, app, env, outcome, operation, session_id) "
        "SELECT generateUUIDv4(), toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + number, 'busy', 'prod', 'ok', 'chat', repeat(toString(number), 20) FROM numbers(300000)"
    )
    async with writing(clickhouse) as writer:
        await writer.execute(busy, deadline_s=60)

    class Small(Store):
        async def query_bytes(self, sql: str, *given: Any, **named: Any) -> bytes:
            return await super().query_bytes(f"{sql} SETTINGS max_memory_usage = 40000000, max_bytes_before_external_sort = 0, max_bytes_ratio_before_external_sort = 0", *given, **named)

    small = Small(clickhouse.target.reader())
    try:
        chosen, total = await choose(small, "busy", Source(env="prod"), rows=200)
    finally:
        await small.close()
    assert (len(chosen), total) == (200, 300_000)


async def test_of_the_hours_before_now_some_are_drawn_and_always_the_same(clickhouse: ClickHouseServer) -> None:
    """A busy day is more than anyone compares. Drawn by id: the same question gets the same sample, and time has no say in it."""
    old = [asked(100 + number, "hours", started_at=NOW - dt.timedelta(hours=30, seconds=number)) for number in range(20)]
    new = [asked(number, "hours", started_at=NOW - dt.timedelta(minutes=number + 1)) for number in range(200)]
    await fill(clickhouse, "hours", [*old, *new])
    async with reading(clickhouse) as reader:
        found = await window(reader, "hours", now=NOW, rows=50, hours=24)
        again = await window(reader, "hours", now=NOW, rows=50, hours=24)
        assert found == again and len(found.rows) == 50 and found.total == 200
        minutes = sorted(int((row.input or "").split()[1]) for row in found.rows)
        assert minutes[0] < 40 and minutes[-1] >= 160
        small = await window(reader, "hours", now=NOW, rows=1000, hours=24)
        assert (len(small.rows), small.total) == (200, 200)


async def test_baselines_by_environment_tag_prompt_version_and_time(clickhouse: ClickHouseServer) -> None:
    """All that a team may mean by "what we tested"."""
    await fill(
        clickhouse,
        "sources",
        [
            asked(1, "sources", env="dev", tags={}),
            asked(2, "sources", env="staging", tags={"suite": "refunds", "by": "ci"}),
            asked(3, "sources", env="prod", tags={}, prompt_version="7", prompt_name="greet"),
            asked(4, "sources", env="prod", tags={}, started_at=MOMENT - dt.timedelta(days=10)),
            asked(5, "sources", env="dev", tags={}, prompt_name="greet", prompt_version="7"),
        ],
    )
    cases = (
        (Source(env="dev"), [1, 5], "env"),
        (Source(tags=(("suite", "refunds"),)), [2], "tag"),
        (Source(tags=(("by", "ci"), ("suite", "refunds")), env="dev"), [], "tag"),
        (Source(prompt_version="7"), [3], "prompt"),
        (Source(prompt_version="7", env="dev"), [5], "prompt"),
        (Source(since=MOMENT - dt.timedelta(days=14), until=MOMENT - dt.timedelta(days=7)), [4], "window"),
    )
    async with reading(clickhouse) as reader:
        for source, expected, kind in cases:
            found = await baseline(reader, "sources", source)
            assert inputs(found) == [f"question {number}" for number in expected], source
            assert source.kind == kind and found.name == source.label != ""
        assert inputs(await baseline(reader, "sources", Source(env="dev"), prompt="greet")) == ["question 5"]


async def test_a_body_that_would_fill_memory_is_not_fetched(clickhouse: ClickHouseServer) -> None:
    """One conversation with a book in it must not be the end of a run; the record's own text of it is used, cut."""
    book = "word " * (MAX_BODY // 5 + 10)
    await fill(clickhouse, "book", [asked(1, "book", book, prompt_text=book[: 1 << 18]), asked(2, "book")])
    async with reading(clickhouse) as reader:
        found = await window(reader, "book", now=NOW)
        long, short = inputs(found)
        assert long is not None and len(long) == MAX_CHARS and long.startswith("word word")
        assert short == "question 2"


async def test_more_rows_than_a_page_come_whole_and_in_order(clickhouse: ClickHouseServer) -> None:
    """Bodies are fetched some at a time; none may be lost or twice where one page ends and the next begins, nor one that the store has twice."""
    many = [asked(number, "pages", started_at=MOMENT + dt.timedelta(seconds=number // 60), request_bytes=(2 << 20) * (number % 3)) for number in range(130)]
    await fill(clickhouse, "pages", many)
    await fill(clickhouse, "pages again", many[40:60])
    async with reading(clickhouse) as reader:
        found = await window(reader, "pages", now=NOW)
        assert [row.id for row in found.rows] == [str(each.id) for each in sorted(many, key=lambda each: (each.started_at, str(each.id)))]


async def test_an_app_with_nothing_gives_nothing(clickhouse: ClickHouseServer) -> None:
    """The first look of every new app."""
    async with reading(clickhouse) as reader:
        found = await baseline(reader, "nobody", Source(env="dev"), reads=Reads("pointer", "/x"))
        assert (found.rows, found.total, found.since, found.sessions) == ((), 0, None, 0)


def test_what_is_on_both_sides_is_left_out_of_the_baseline_with_its_conversation() -> None:
    """A baseline of last week's production overlaps with the last 2,000: rows against themselves are no evidence, and a session is on one side or no side."""
    window = Sample((Row("a", id="1", session="s"), Row("b", id="2")), 2)
    before = Sample((Row("x", id="9", session="s"), Row("b", id="2"), Row("y", id="8", session="t"), Row("z", id="7")), 4, since=NOW, notes=("first",))
    left = apart(before, window)
    assert [row.id for row in left.rows] == ["8", "7"]
    assert left.notes == ("first", "2 of the baseline's 4 rows are, or belong to a conversation that is, also in the window; they are left out.")
    assert apart(left, window) is left
    assert (before.sessions, window.sessions) == (4, 2)
    file = dataclasses.replace(before, since=None)
    assert apart(file, window) is file
