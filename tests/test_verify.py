"""`tidegate verify` on a real ClickHouse: who may write the store cannot change, delete or add a row unseen, and neither the ledger."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway import cli
from gateway.commands import verified
from gateway.commands.verified import Report, Verification
from gateway.exchange import Exchange
from gateway.record.batch import Batch
from gateway.record.ledger import Ledger
from gateway.record.quarantine import Quarantine
from gateway.record.writer import Writer
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange, odd_exchange, uuid7
from tests.support.recording import KEY

NOW = dt.datetime.now(dt.UTC).replace(microsecond=654321) - dt.timedelta(hours=1)
DAYS = 30
TABLES = ("exchanges", "exchanges_1m", "ledger")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    with ClickHouseServer(tmp_path_factory.mktemp("verified")) as server:
        asyncio.run(migrate(server.target, retention_days=3650))
        yield server


class Kept:
    """A record with its ledger, over an empty store."""

    def __init__(self, server: ClickHouseServer, directory: Path) -> None:
        self.server, self.directory, self.made = server, directory, 0
        self.bad: set[str] = set()
        self._run(self._emptied)

    @property
    def files(self) -> list[Path]:
        return sorted((self.directory / "ledger").iterdir())

    def batch(self, count: int = 3, *, at: dt.datetime = NOW, **changes: object) -> list[Exchange]:
        """Record a batch; every second one has all that is odd."""
        moments = [at + dt.timedelta(milliseconds=self.made + number) for number in range(count)]
        self.made += count
        id = f"{self.made:032x}"
        def one(number: int) -> Exchange:
            terms = {"reply_body": "x\0\u20ac", "duration_s": 1 / (self.made + number + 3), "guard_s": 0 if number == 0 else None, **changes}
            return (odd_exchange if number % 2 else exchange)(started_at=moments[number], batch_id=id, **terms)

        made = [one(number) for number in range(count)]
        made = [replace(e, id=uuid7(e.started_at, 77 + self.made + number)) for number, e in enumerate(made)]
        self.write(made)
        return made

    def write(self, made: list[Exchange], *, key: bytes = KEY, days: int = DAYS, resumed: bool = False) -> None:
        """Record a batch as a recorder that has just been started."""

        async def go(store: Store) -> None:
            async def send(lines: list[bytes], token: str) -> None:
                await store.insert_rows("ledger", lines, token=token)

            ledger = Ledger(self.directory / "ledger", key=key, retention_days=days, send=send, last=store.last_line)
            writer = Writer(store, Quarantine(self.directory / "quarantine"), patience_s=0.0, settle_s=0.0, ledger=ledger)
            rows = {str(e.id): encode(e) if str(e.id) not in self.bad else b'{"id": "nonsense"}' for e in made}
            await writer.write(Batch(made[0].batch_id, {}, rows=rows, exchanges=made, resumed=resumed))
            await ledger.tend()
            assert not ledger.state["problem"] and not ledger.state["lost"]

        self._run(go)

    def sql(self, *statements: str) -> None:
        async def go(store: Store) -> None:
            for statement in statements:
                await store.execute(statement)

        self._run(go)

    def alter(self, what: str, *, table: str = "exchanges") -> None:
        """As the store's own user may."""
        self.sql(f"ALTER TABLE tidegate.{table} {what} SETTINGS mutations_sync = 2")

    def look(self, key: bytes = KEY, **terms: object) -> Report:
        head = terms.pop("head", None)
        return Verification(self.server.target, self.directory / "ledger", key, **terms).run(head=head)  # type: ignore[arg-type]

    async def _emptied(self, store: Store) -> None:
        for table in TABLES:
            await store.execute(f"TRUNCATE TABLE tidegate.{table}")

    def _run(self, what: Callable[[Store], Awaitable[None]]) -> None:
        async def go() -> None:
            store = Store(self.server.target)
            try:
                await what(store)
            finally:
                await store.close()

        asyncio.run(go())


@pytest.fixture
def kept(server: ClickHouseServer, tmp_path: Path) -> Kept:
    return Kept(server, tmp_path)


def told(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(fault.kind, fault.batch, fault.ids) for fault in report.faults]


@pytest.mark.covers("T23")
def test_an_untouched_record_is_clean(kept: Kept) -> None:
    """A check that cries wolf is switched off: NULLs, fractions, whole numbers in columns of fractions, NUL bytes and nine decimals must read back as they were sealed."""
    for count in (1, 5, 2):
        kept.batch(count)
    report = kept.look()
    assert (report.faults, report.rows, report.batches) == ([], 8, 3)
    assert [(ledger["lines"], ledger["file"], ledger["head"][:2]) for ledger in report.ledgers] == [(4, True, "3:")]


@pytest.mark.covers("T23")
def test_an_altered_a_deleted_and_an_added_row_are_named(kept: Kept) -> None:
    """The point of it: each of the three, by itself, names the row, and the untouched batches stay clean."""
    first, second, third = kept.batch(3), kept.batch(3), kept.batch(3)
    kept.alter(f"UPDATE reply_text = 'something else' WHERE id = '{first[1].id}'")
    assert told(kept.look()) == [("altered", first[0].batch_id, (str(first[1].id),))]
    kept.alter(f"DELETE WHERE id = '{second[0].id}'")
    assert set(told(kept.look())) == {("altered", first[0].batch_id, (str(first[1].id),)), ("missing", second[0].batch_id, (str(second[0].id),))}
    forged = exchange(9, started_at=NOW, id=uuid7(NOW, 4242), batch_id=third[0].batch_id)
    stranger = exchange(9, started_at=dt.datetime.now(dt.UTC), batch_id="e" * 32)
    kept.sql(*(f"INSERT INTO tidegate.exchanges FORMAT JSONEachRow {encode(e).decode()}" for e in (forged, stranger)))
    report = kept.look()
    assert set(told(report)) == {
        ("altered", first[0].batch_id, (str(first[1].id),)),
        ("missing", second[0].batch_id, (str(second[0].id),)),
        ("added", third[0].batch_id, (str(forged.id),)),
        ("added", "e" * 32, (str(stranger.id),)),
    }


CHANGES = ("cost_usd = 0", "outcome = 'caller_cancelled'", "duration_s = duration_s + 1e-9", "tags = map('a', 'b')", "prompt_text = ''", "verdict = 'passed'", "input_tokens = NULL", "`phases.result` = ['timeout']", "worker = ''")


def test_every_column_counts(kept: Kept) -> None:
    """A cost that is made smaller is as bad as a text that is changed: no column may be left out. What stands in the sorting key cannot be updated, so it is a new row there."""
    made = kept.batch(2 * len(CHANGES) + 2)
    ids = [str(e.id) for e in made[::2]]
    for id, change in zip(ids, CHANGES, strict=False):
        kept.alter(f"UPDATE {change} WHERE id = '{id}'")
    kept.sql(f"INSERT INTO tidegate.exchanges SELECT * REPLACE ('another' AS app) FROM tidegate.exchanges WHERE id = '{ids[-1]}'")
    kept.alter(f"DELETE WHERE id = '{ids[-1]}' AND app != 'another'")
    assert told(kept.look()) == [("altered", made[0].batch_id, tuple(sorted(ids)))]


def test_a_row_that_stands_there_twice_is_told(kept: Kept) -> None:
    """A cost that is counted twice is a changed record."""
    made = kept.batch(3)
    kept.sql(f"INSERT INTO tidegate.exchanges SELECT * FROM tidegate.exchanges WHERE id = '{made[2].id}'")
    assert told(kept.look()) == [("added", made[0].batch_id, (str(made[2].id),))]


def test_a_whole_batch_that_is_deleted_is_missing(kept: Kept) -> None:
    """Nothing of it is left in the store to raise a doubt; the last batch of all is under way until another follows."""
    gone, last = kept.batch(2), kept.batch(2)
    kept.alter(f"DELETE WHERE batch_id IN ('{gone[0].batch_id}', '{last[0].batch_id}')")
    report = kept.look()
    assert (told(report), report.under_way) == ([("missing", gone[0].batch_id, tuple(sorted(str(e.id) for e in gone)))], 1)
    kept.batch(1)
    assert [kind for kind, *_ in told(kept.look())] == ["missing", "missing"]


@pytest.mark.covers("T23")
def test_a_ledger_that_is_cut_edited_or_dropped_is_told_and_rows_are_judged_all_the_same(kept: Kept) -> None:
    """Files and table are each other's witness; whoever takes the seals from the store can hide which row it was, not that there is one."""
    kept.batch(2)
    middle = kept.batch(2)
    kept.batch(2)
    whole = kept.files[0].read_bytes()
    lines = whole.splitlines(keepends=True)

    kept.files[0].write_bytes(b"".join(lines[:-1]))
    assert [f.what for f in kept.look().faults if "not in the files" in f.what and "the first is 3" in f.what]
    kept.files[0].write_bytes(b"".join(lines[:2] + lines[3:]))
    assert {f.kind for f in kept.look().faults} == {"chain"}
    kept.files[0].write_bytes(whole.replace(b'"rows":2', b'"rows":1', 1))
    assert any("line 1 " in f.what and "changed" in f.what for f in kept.look().faults)
    kept.files[0].unlink()
    assert [f.kind for f in kept.look().faults] == ["ledger"]
    kept.directory.joinpath("ledger/00000001.jsonl").write_bytes(whole)
    assert kept.look().faults == []

    kept.alter("UPDATE line = replaceOne(line, '\"rows\":2', '\"rows\":1') WHERE seq = 2", table="ledger")
    assert [f.kind for f in kept.look().faults][-1:] == ["table"]
    kept.alter("UPDATE line = replaceOne(line, '\"rows\":1', '\"rows\":2'), seals = replaceRegexpOne(seals, '^.', 'B') WHERE seq = 2", table="ledger")
    assert any("seals of line 2" in f.what for f in kept.look().faults)
    kept.sql("TRUNCATE TABLE tidegate.ledger")
    assert kept.look().faults == []  # it may be on its way for a minute
    os.utime(kept.files[0], (0, 0))
    assert [f.kind for f in kept.look().faults] == ["table"]
    kept.alter(f"UPDATE reply_text = '' WHERE id = '{middle[0].id}'")
    assert [(f.kind, f.batch) for f in kept.look().faults] == [("table", ""), ("altered", middle[0].batch_id)]


def test_a_ledger_that_is_cut_everywhere_does_not_have_the_head_that_was_noted(kept: Kept) -> None:
    """Who may write files and store takes rows and lines away together; a line that was noted elsewhere is the witness."""
    kept.batch(2)
    made = kept.batch(2)
    seq, mac = kept.look().ledgers[0]["head"].split(":")
    assert kept.look(head=(int(seq), mac)).faults == []
    kept.files[0].write_bytes(b"".join(kept.files[0].read_bytes().splitlines(keepends=True)[:-1]))
    kept.alter(f"DELETE WHERE batch_id = '{made[0].batch_id}'")
    kept.alter("DELETE WHERE seq = 2", table="ledger")
    assert kept.look().faults == []
    assert [f.kind for f in kept.look(head=(int(seq), mac)).faults] == ["chain"]


def test_who_has_not_the_key_cannot_write_lines_that_hold(kept: Kept) -> None:
    """A forger who has seen the format makes a ledger of his own for the rows that he adds: it does not open. Another gate's must be named, and then only counts."""
    kept.batch(2)
    kept.write([exchange(5, started_at=dt.datetime.now(dt.UTC), batch_id="f" * 32)], key=b"\1" * 32)  # also begins a file here
    report = kept.look()
    theirs = next(ledger["ledger"] for ledger in report.ledgers if not ledger["opens"])
    assert {f.kind for f in report.faults} == {"ledger"} and all(theirs in f.what for f in report.faults)
    assert report.others == {theirs: 1}
    assert kept.look(others=[theirs]).faults == []


def test_rows_of_another_gate_whose_line_is_on_its_way_are_not_added(kept: Kept) -> None:
    """Its recorder sends lines to the table every few seconds, and here is no file of it. Who adds rows is found all the same: a minute later, and at once where no other gate is expected."""
    kept.batch(2)
    kept.write([exchange(5, started_at=dt.datetime.now(dt.UTC), batch_id="f" * 32)], key=b"\1" * 32)
    theirs = next(ledger["ledger"] for ledger in kept.look().ledgers if not ledger["opens"])
    for at, batch in ((dt.datetime.now(dt.UTC), "e" * 32), (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2), "b" * 32)):
        added = exchange(6, started_at=at, id=uuid7(at, 6), batch_id=batch)
        kept.sql(f"INSERT INTO tidegate.exchanges FORMAT JSONEachRow {encode(added).decode()}")
    report = kept.look(others=[theirs])
    assert (sorted((f.kind, f.batch) for f in report.faults), report.under_way) == ([("added", "b" * 32)], 1)
    assert sorted(f.batch for f in kept.look().faults if f.kind == "added") == ["b" * 32, "e" * 32]
    with patch.object(verified, "LATE_US", 0):  # a minute later
        assert sorted(f.batch for f in kept.look(others=[theirs]).faults) == ["b" * 32, "e" * 32]


def test_rows_of_before_and_beyond_retention_and_in_quarantine_are_not_missing(kept: Kept) -> None:
    """What is gone as it was said to go is no alarm."""
    old = exchange(1, started_at=NOW - dt.timedelta(days=2), id=uuid7(NOW - dt.timedelta(days=2), 1), batch_id="a" * 32)
    kept.sql(f"INSERT INTO tidegate.exchanges FORMAT JSONEachRow {encode(old).decode()}")
    expired = kept.batch(2, at=NOW - dt.timedelta(days=DAYS + 1))
    moments = [NOW - dt.timedelta(days=days) for days in (DAYS + 1, 1)]
    spanning = [exchange(n, started_at=at, id=uuid7(at, 50 + n), batch_id="c" * 32) for n, at in enumerate(moments)]
    kept.write(spanning)
    refused = exchange(3, started_at=NOW, id=uuid7(NOW, 99), batch_id="b" * 32)
    kept.bad = {str(refused.id)}
    kept.write([refused, exchange(4, started_at=NOW, id=uuid7(NOW, 98), batch_id="b" * 32)])
    kept.batch(1)
    assert kept.look().faults == []
    kept.sql(f"ALTER TABLE tidegate.exchanges DROP PARTITION '{expired[0].started_at:%Y-%m-%d}'")
    report = kept.look()
    assert (report.faults, report.expired, report.before, report.absent) == ([], 3, 1, 1)
    kept.alter(f"DELETE WHERE id = '{spanning[1].id}'")
    assert [kind for kind, *_ in told(kept.look())] == ["missing"]


def test_a_longer_retention_does_not_bring_back_what_had_gone(kept: Kept) -> None:
    """Rows that were beyond the retention of their time stay gone when it is raised, and nobody is to blame."""
    kept.batch(2, at=NOW - dt.timedelta(days=DAYS + 5))
    kept.write([exchange(7, started_at=NOW, id=uuid7(NOW, 7), batch_id="d" * 32)], days=DAYS * 4)
    kept.alter(f"DELETE WHERE started_at < now() - INTERVAL {DAYS} DAY")
    report = kept.look()
    assert (report.faults, report.expired, len(kept.files)) == ([], 2, 2)


def test_since_leaves_out_what_is_older(kept: Kept) -> None:
    """A daily look at the last day costs a day, not a year; what was altered before is not its matter."""
    old, new = kept.batch(2, at=NOW - dt.timedelta(days=5)), kept.batch(2)
    kept.batch(1)
    kept.alter(f"UPDATE app_note = '' WHERE id = '{old[0].id}'".replace("app_note", "usage_note = 'changed', body_note"))
    since = int((NOW - dt.timedelta(days=1)).timestamp() * 1e6)
    report = kept.look(since=since)
    assert (report.faults, report.rows) == ([], 3)
    kept.alter(f"DELETE WHERE id = '{new[0].id}'")
    assert told(kept.look(since=since)) == [("missing", new[0].batch_id, (str(new[0].id),))]


def test_the_command_says_it_in_words_and_json(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code for machines, names for people."""
    made = kept.batch(2)
    kept.batch(1)
    (kept.directory / "journal.key").write_bytes(KEY)
    config = kept.directory / "tidegate.yaml"
    config.write_text(f"data_dir: .\nstore: {{url: '{kept.server.url}'}}\nproviders: {{openai: {{dialect: openai, base_url: 'https://provider.test'}}}}\n")
    call = ["verify", "--config", str(config)]
    assert cli.main(call) == 0
    assert "clean" in capsys.readouterr().out
    kept.alter(f"DELETE WHERE id = '{made[0].id}'")
    assert cli.main([*call, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["clean"] and [(f["kind"], f["ids"]) for f in said["faults"]] == [("missing", [str(made[0].id)])]
    assert cli.main(call) == 1
    assert f"    {made[0].id}\n" in capsys.readouterr().out
    assert cli.main([*call, "--head", "12"]) == 2
    (kept.directory / "journal.key").unlink()
    assert cli.main(call) == 2
