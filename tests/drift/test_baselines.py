"""Stored baselines: what went in comes out, versions grow, and what is removed is gone."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import io
from pathlib import Path

import numpy as np
import pytest

from detectors.drift.base import Row
from gateway.drift import baselines, lines
from gateway.drift.embeddings import Bundled, Embeddings
from gateway.drift.samples import Source
from gateway.drift.selecting import MAX_CHARS, Reads
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.topology import Topology
from tests.support.clickhouse import ClickHouseServer, pair
from tests.support.exchanges import MOMENT
from tests.support.sampled import asked, fill, reading, writing

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


async def test_rows_of_a_file_come_back_as_they_were(clickhouse: ClickHouseServer) -> None:
    """A dev set is uploaded once and compared with for months."""
    rows = [
        Row("Where is my parcel?", "On its way.", session="s", id="case-1", turns=3, roles=("system", "user", "user"), tools=("track",), finish_reason="stop", violations=0, input_tokens=9, output_tokens=3),
        Row("", None, id="2"),
        Row(None, 'NUL \0, "quotes", \u2028, \U0001f9ff', id="3"),
        Row("x" * (MAX_CHARS + 5), id="4"),
    ]
    async with writing(clickhouse) as writer, reading(clickhouse) as reader:
        made = await baselines.of_rows(writer, "upload", "dev-set", rows, now=NOW, file="dev.jsonl", description="by hand")
        assert (made.version, made.source, made.spec, made.rows, made.of_rows) == (1, "file", {"file": "dev.jsonl"}, 4, 4)
        assert await baselines.find(reader, "upload", "dev-set") == made
        found = await baselines.read(reader, "upload", "dev-set")
    assert list(found.rows[:3]) == rows[:3] and len(found.rows[3].input or "") == MAX_CHARS
    assert (found.name, found.version, found.total, found.since, found.notes) == ("dev-set", 1, 4, None, ())


async def test_jsonl_as_it_is_uploaded(clickhouse: ClickHouseServer) -> None:
    """The command's whole way, from bytes to rows; what the record masks is masked here too, or the two sides could not be compared."""
    file = io.BytesIO(b'{"text": "mail a@b.example"}\n\n{"input": "hello", "output": "hi", "session": 7, "id": "x"}\n')
    async with writing(clickhouse) as writer:
        await baselines.of_rows(writer, "", "jsonl", lines.rows(file), now=NOW, mask=lambda text: text.replace("a@b.example", "<EMAIL_ADDRESS_1>"))
        found = await baselines.read(writer, "any-app", "jsonl")
    assert found.rows == (Row("mail <EMAIL_ADDRESS_1>", id="1"), Row("hello", "hi", session="7", id="x"))


async def test_one_of_exchanges_keeps_ids_and_reads_them_as_it_is_asked(clickhouse: ClickHouseServer) -> None:
    """By id: what is compared can be changed later, and nothing outlives the record. What is gone from it is said."""
    await fill(clickhouse, "kept", [asked(number, "kept", env="dev", session_id=f"s{number % 2}") for number in range(6)])
    async with writing(clickhouse) as writer, reading(clickhouse) as reader:
        made = await baselines.of_exchanges(writer, "kept", "release-1", Source(env="dev"), now=NOW)
        await fill(clickhouse, "later", [asked(number, "kept", env="dev") for number in range(6, 9)])
        found = await baselines.read(reader, "kept", "release-1")
        assert [row.input for row in found.rows] == [f"question {number}" for number in range(6)] and found.sessions == 2
        whole = await baselines.read(reader, "kept", "release-1", reads=Reads("prompt"))
        assert whole.rows[0].input == "Be brief.\nquestion 0"
        assert (made.source, made.spec, made.rows, made.of_rows) == ("env", {"env": "dev"}, 6, 6)
        stored = await reader.query_json("SELECT count() AS n, countIf(input IS NULL AND output IS NULL) AS empty FROM tidegate.drift_samples WHERE app = 'kept'")
        assert stored == [{"n": 6, "empty": 6}]
        await writer.execute("ALTER TABLE tidegate.exchanges DELETE WHERE app = 'kept' AND session_id = 's1' SETTINGS mutations_sync = 1")
        left = await baselines.read(reader, "kept", "release-1")
    assert [row.input for row in left.rows] == ["question 0", "question 2", "question 4"]
    assert left.notes == ("3 of 6 exchanges are not stored any more; they are left out.",)


async def test_sources_with_a_prompt_a_tag_or_a_time(clickhouse: ClickHouseServer) -> None:
    """The version remembers what it was made of; a source without exchanges makes none."""
    await fill(clickhouse, "tagged", [asked(1, "tagged", tags={"suite": "a"}), asked(2, "tagged", tags={"suite": "b"}), asked(3, "tagged", tags={"suite": "b"}, prompt_name="greet")])
    async with writing(clickhouse) as writer:
        by_tag = await baselines.of_exchanges(writer, "tagged", "b", Source(tags=(("suite", "b"),)), now=NOW, prompt="greet")
        assert (by_tag.source, by_tag.spec, by_tag.rows) == ("tag", {"tag": {"suite": "b"}, "prompt": "greet"}, 1)
        by_time = await baselines.of_exchanges(writer, "tagged", "week", Source(since=MOMENT - dt.timedelta(days=1)), now=NOW)
        assert by_time.source == "window" and by_time.spec == {"env": "prod", "since": "2026-11-19T12:30:15.123456+00:00"} and by_time.rows == 3
        with pytest.raises(ValueError, match='no exchange of "tagged" is dev'):
            await baselines.of_exchanges(writer, "tagged", "none", Source(env="dev"), now=NOW)
        assert [each.name for each in await baselines.listed(writer, "tagged") if each.app] == ["b", "week"]


async def test_a_large_file_is_sampled_and_the_sample_is_the_same_every_time(clickhouse: ClickHouseServer) -> None:
    """N of the file's rows, in its order, with duplicates as they are: texts are never de-duplicated before a test."""
    rows = [Row(f"row {number // 2}", id=str(number)) for number in range(300)]
    async with writing(clickhouse) as writer:
        for name in ("one", "two"):
            made = await baselines.of_rows(writer, "large", name, rows, now=NOW, most=100)
            assert (made.rows, made.of_rows) == (100, 300)
        one, two = [await baselines.read(writer, "large", name) for name in ("one", "two")]
    ids = [int(row.id) for row in one.rows]
    assert one.rows == two.rows and ids == sorted(set(ids)) and len(ids) == 100 and max(ids) > 200 and min(ids) < 100
    assert len({row.input for row in one.rows}) < 100


async def test_versions_grow_and_the_latest_counts(clickhouse: ClickHouseServer) -> None:
    """Whoever refreshes a dev set keeps what it was before; a number is never given twice, not even after a removal."""
    async with writing(clickhouse) as writer:
        for version in (1, 2, 3):
            made = await baselines.of_rows(writer, "grow", "set", [Row(f"version {version}")], now=NOW + dt.timedelta(hours=version))
            assert made.version == version
        assert (await baselines.read(writer, "grow", "set")).rows[0].input == "version 3"
        assert (await baselines.read(writer, "grow", "set", 2)).rows[0].input == "version 2"
        assert [each.version for each in await baselines.listed(writer, "grow", every=True) if each.app] == [3, 2, 1]
        assert await baselines.remove(writer, "grow", "set", 3) == [3]
        assert (await baselines.read(writer, "grow", "set")).version == 2
        assert (await baselines.of_rows(writer, "grow", "set", [Row("again")], now=NOW)).version == 4
        assert await baselines.remove(writer, "grow", "set") == [4, 2, 1] and await baselines.remove(writer, "grow", "set") == []
        assert [each for each in await baselines.listed(writer, "grow", every=True) if each.app] == []


async def test_what_is_removed_is_deleted(clickhouse: ClickHouseServer) -> None:
    """Somebody's texts were in it: a tombstone over them would not do. Another's stay."""
    async with writing(clickhouse) as writer:
        for name in ("secret", "other"):
            await baselines.of_rows(writer, "delete", name, [Row("text")], now=NOW)
        await baselines.remove(writer, "delete", "secret")
        await writer.execute("OPTIMIZE TABLE tidegate.drift_samples FINAL")
        left = await writer.query_json("SELECT name FROM tidegate.drift_samples WHERE app = 'delete'")
        gone = await baselines.read(writer, "delete", "secret", 1)
    assert left == [{"name": "other"}] and gone.rows == ()
    assert gone.notes == ('There is no baseline version 1 of "secret" for the app "delete"; tidegate drift baseline list shows those there are.',)


@pytest.mark.parametrize("by", ["next", "removal"])
async def test_rows_of_one_that_was_cut_short_go_with_the_next(clickhouse: ClickHouseServer, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    """Whoever was killed in between left texts that no list shows and no removal would find. One that is being made now is left alone."""
    app, write, now = f"cut-{by}", baselines._write, dt.datetime.now(dt.UTC)

    async def killed(store: Store, baseline: baselines.Baseline, *, gone: bool, changed_at: dt.datetime, token: str) -> None:
        if not gone:
            raise KeyboardInterrupt
        await write(store, baseline, gone=gone, changed_at=changed_at, token=token)

    async def left() -> list[str]:
        await writer.execute("OPTIMIZE TABLE tidegate.drift_samples FINAL")
        return [str(row["input"]) for row in await writer.query_json("SELECT input FROM tidegate.drift_samples WHERE app = {app:String} ORDER BY version", {"app": app})]

    async with writing(clickhouse) as writer:
        monkeypatch.setattr(baselines, "_write", killed)
        for text, began in (("long ago", now - dt.timedelta(days=2)), ("just now", now)):
            with pytest.raises(KeyboardInterrupt):
                await baselines.of_rows(writer, app, "set", [Row(text)], now=began)
        monkeypatch.setattr(baselines, "_write", write)
        assert (await left(), await baselines.listed(writer, app)) == (["long ago", "just now"], [each for each in await baselines.listed(writer, app) if not each.app])
        if by == "next":
            assert (await baselines.of_rows(writer, app, "set", [Row("whole")], now=now)).version == 3
        else:
            assert await baselines.remove(writer, app, "set") == []
        assert await left() == ["just now", *(["whole"] if by == "next" else [])]


async def test_two_that_are_made_at_once_are_two_versions(clickhouse: ClickHouseServer) -> None:
    """Two jobs of a pipeline refresh the same set: neither may lose its rows to the other, nor be mixed with it."""
    async with writing(clickhouse) as writer:
        now = dt.datetime.now(dt.UTC)  # what was begun long ago would be taken for cut short
        work = [baselines.of_rows(writer, "race", "set", [Row(f"{who} {number}") for number in range(who + 1)], now=now + dt.timedelta(microseconds=who)) for who in range(4)]
        made = await asyncio.gather(*work)
        assert sorted(each.version for each in made) == [1, 2, 3, 4]
        for who, each in enumerate(made):
            assert [row.input for row in (await baselines.read(writer, "race", "set", each.version)).rows] == [f"{who} {number}" for number in range(who + 1)]


async def test_an_app_has_its_own_before_everybodys(clickhouse: ClickHouseServer) -> None:
    """A set for all apps, and one app that needs another."""
    async with writing(clickhouse) as writer:
        shared = await baselines.of_rows(writer, "", "shared", [Row("everybody's")], now=NOW)
        assert await baselines.find(writer, "one-app", "shared") == shared
        own = await baselines.of_rows(writer, "one-app", "shared", [Row("own")], now=NOW)
        assert await baselines.find(writer, "one-app", "shared") == own == dataclasses.replace(shared, app="one-app")
        assert await baselines.find(writer, "one-app", "nothing") is None
        assert {(each.app, each.name) for each in await baselines.listed(writer, "one-app")} >= {("", "shared"), ("one-app", "shared")}


@pytest.mark.slow
async def test_on_two_servers_what_one_wrote_the_other_reads(tmp_path: Path) -> None:
    """Through Distributed: a version that is claimed, filled and there is one version on either server, and so is a cached vector."""
    with pair(tmp_path / "a", tmp_path / "b", "east") as servers:
        for server in servers:
            await migrate(server.target, retention_days=3650, topology=Topology(cluster="east", replicated=False, on_cluster=False))
        async with writing(servers[0]) as first, writing(servers[1]) as second:
            for number in range(6):
                made = [await baselines.of_rows(store, f"app-{number}", "set", [Row(f"{number} {at}")], now=NOW + dt.timedelta(hours=at)) for at, store in enumerate((first, second))]
                assert [each.version for each in made] == [1, 2]
                assert await baselines.listed(first, f"app-{number}", every=True) == await baselines.listed(second, f"app-{number}", every=True) == made[::-1]
                assert (await baselines.read(first, f"app-{number}", "set")).rows[0].input == f"{number} 1"
            texts = [f"text {number}" for number in range(8)]
            one, other = Embeddings(first, Bundled()), Embeddings(second, Bundled())
            assert np.array_equal(await one.of(texts), await other.of(texts)) and (one.computed, other.computed, other.cached) == (8, 0, 8)
