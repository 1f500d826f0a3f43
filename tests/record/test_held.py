"""What the store has acknowledged and lost is given to it again, once, and nothing else is."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import random
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.exchange import Exchange
from gateway.journal import Journal
from gateway.record import restore
from gateway.record.batch import Batch
from gateway.record.capture import Captured
from gateway.record.held import SAME_S, Held, HeldBatch
from gateway.record.stream import Stream
from tests.support.recording import BARE, Bench, FakeStore, closed, new_id, opened, text_id, write

BOOT = 1_790_000_000


def filled(directory: Path, exchanges: int, *, batch: int = 5, **limits: object) -> tuple[Bench, Journal]:
    """A recorder whose store, in its first life, has so many rows, in batches of so many."""
    bench = Bench(directory, max_batch_rows=batch, hold_s=60.0, **limits)
    bench.recorder.store_boot = BOOT
    journal = bench.journal(segment_bytes=4000)
    for n in range(exchanges):
        write(journal, new_id(n), request=b"question %d" % n)
    bench.record()
    assert len(bench.store.rows) == exchanges
    return bench, journal


def again(bench: Bench, *, boot: int = BOOT + 100) -> Counter[str]:
    """The store is in another life, and the recorder too."""
    bench.restart().store_boot = boot
    bench.record()
    return bench.store.ids()


def everyone(exchanges: int) -> dict[str, int]:
    return {text_id(new_id(n)): 1 for n in range(exchanges)}


@pytest.mark.covers("S9")
def test_acknowledged_rows_that_a_store_lost_are_given_to_it_again(tmp_path: Path) -> None:
    """An acknowledgement is a word, not a disk: after its power cut the database lacks the last seconds, and nobody would ever ask for them."""
    bench, journal = filled(tmp_path, 40)
    before = {row["id"]: row for row in bench.store.rows}
    lost = {row["batch_id"] for row in bench.store.rows[20:]}
    bench.store.rows = [row for row in bench.store.rows if row["batch_id"] not in lost]  # their tokens stay: what remembers them is another file
    assert again(bench) == everyone(40)
    assert {row["id"]: row for row in bench.store.rows} == before
    assert (bench.recorder.restorer.restored, bench.recorder.restorer.missing) == (20, 0)
    state = bench.recorder.state
    assert (state.accepted, state.stored, state.in_journal) == (40, 40, 0)  # once stored is stored: a counter of money spent does not count it twice
    assert len(bench.store.mended) == len(lost)
    journal.shut()


@pytest.mark.covers("S9")
def test_crashes_and_exchanges_over_many_segments_are_given_again_too(tmp_path: Path) -> None:
    """What has no close frame, and what began long before its batch, is as lost as the rest."""
    bench = Bench(tmp_path, max_batch_rows=4, hold_s=60.0)
    bench.recorder.store_boot = BOOT
    journal = bench.journal(segment_bytes=3000)
    long, crashed = new_id(500), new_id(501)
    journal.open(long, opened(long), b"begun early")
    for n in range(30):
        write(journal, new_id(n))
    journal.open(crashed, opened(crashed), b"never answered")
    journal.close(long, closed(long), b"ended late")
    journal.shut()
    bench.record()
    before = sorted(bench.store.rows, key=str)
    bench.store.rows = []
    assert again(bench) == {id: 1 for id in [*everyone(30), text_id(long), text_id(crashed)]}
    assert sorted(bench.store.rows, key=str) == before


@pytest.mark.covers("S9")
def test_a_store_that_has_lost_nothing_is_given_nothing(tmp_path: Path) -> None:
    """Every restart of a healthy database would double the last ten minutes."""
    bench, journal = filled(tmp_path, 20)
    inserts = len(bench.store.inserts)
    assert again(bench, boot=BOOT + SAME_S) == everyone(20) == again(bench) == again(bench)
    assert len(bench.store.inserts) == inserts
    journal.shut()


def test_what_was_deleted_from_a_batch_stays_deleted(tmp_path: Path) -> None:
    """Somebody's wish to be forgotten must outlive a restart of the database: a store loses whole parts, never single rows."""
    bench, journal = filled(tmp_path, 20)
    gone = bench.store.rows.pop(7)["id"]
    assert again(bench) == {id: 1 for id in everyone(20) if id != gone}
    assert (bench.recorder.restorer.restored, bench.recorder.restorer.missing) == (0, 1)
    journal.shut()


def test_rows_in_quarantine_are_not_offered_again(tmp_path: Path) -> None:
    """The store refused them; it would again."""
    bad = text_id(new_id(3))
    store = FakeStore()
    store.refuses = lambda row: row["id"] == bad
    bench = Bench(tmp_path, store, max_batch_rows=5, hold_s=60.0)
    bench.recorder.store_boot = BOOT
    journal = bench.journal()
    for n in range(10):
        write(journal, new_id(n))
    bench.record()
    store.rows = []
    assert again(bench) == {id: 1 for id in everyone(10) if id != bad}
    assert bench.quarantined() == [bad] and bench.recorder.restorer.missing == 0
    journal.shut()


def test_a_store_of_many_servers_is_left_to_its_replicas(tmp_path: Path) -> None:
    """One that lags behind would be given what the others have."""
    bench, journal = filled(tmp_path, 10)

    async def cannot_say(*_: object) -> None:
        return None

    bench.store.counts = cannot_say  # type: ignore[assignment]
    bench.store.rows = []
    assert again(bench) == {}
    journal.shut()


async def test_a_store_that_comes_back_under_a_running_recorder_is_asked(tmp_path: Path) -> None:
    """The database is restarted far more often than the gate; and one that fails while it is asked is asked again."""
    bench, journal = await asyncio.to_thread(filled, tmp_path, 20)
    bench.restart().store_boot = BOOT
    stop = asyncio.Event()
    running = asyncio.create_task(bench.recorder.run(stop))
    bench.store.rows = []
    chance = random.Random(9)
    bench.store.fate = lambda: chance.choices(("ok", "down", "lost"), (2, 1, 1))[0]
    bench.recorder.store_boot = BOOT + 100
    async with asyncio.timeout(60):
        while bench.recorder.restorer.restored < 20:
            assert not running.done()
            bench.recorder.restorer._not_before = 0.0  # the pause of two seconds is not what this is about
            await asyncio.sleep(0)
    stop.set()
    await running
    assert bench.store.ids() == everyone(20)
    journal.shut()


@pytest.mark.covers("S9")
def test_an_empty_store_is_filled_from_one_look_through_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes are more than a thousand batches. Read anew for each, and with a second's pause at each, they would take longer than they are held."""
    bench, journal = filled(tmp_path, 200)
    bench.store.rows = []
    asked, read = [0], [0]
    stored_ids, more = bench.store.stored_ids, Stream.read

    async def ids(batch_id: str) -> set[str]:
        asked[0] += 1
        return await stored_ids(batch_id)

    def reading(stream: Stream) -> bool:
        read[0] += 1
        return more(stream)

    bench.store.stored_ids = ids  # type: ignore[method-assign]
    bench.restart().store_boot = BOOT + 100
    bench.record()
    journal.shut()
    assert bench.recorder.restorer.restored == 200
    assert asked[0] <= 41  # once a batch; the first one twice, for an insert of a predecessor that may be under way
    bench.store.rows = []
    monkeypatch.setattr(Stream, "read", reading)
    bench.restart().store_boot = BOOT + 200
    bench.record()
    everything = read[0]
    read[0] = 0
    bench.restart().store_boot = BOOT + 200
    bench.record()
    assert bench.store.ids() == everyone(200) and everything < 4 * read[0]  # the second has read once, to know what was open


@pytest.mark.covers("S9")
def test_what_comes_is_stored_between_what_is_given_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours may be held. Were all of them given first, the newest rows would wait for the oldest."""
    monkeypatch.setattr(restore, "TURN_S", 0.0)
    bench, journal = filled(tmp_path, 40)
    bench.store.rows = []
    for n in range(40, 60):
        write(journal, new_id(n))
    assert len(again(bench)) < 60  # told to stop, it does not stay for what was
    monkeypatch.undo()
    assert again(bench) == everyone(60)
    order = [int(row["id"][-4:], 16) >= 40 for row in bench.store.rows]
    assert order.index(True) < 30  # some that are new before the last that are old
    journal.shut()


@pytest.mark.covers("S9")
def test_segments_outlast_an_outage_that_is_longer_than_they_are_held(tmp_path: Path) -> None:
    """A machine that has lost its power is seldom back within ten minutes; what its store has lost with it must still be there then."""
    bench, journal = filled(tmp_path, 60)
    journal.shut()
    later = time.monotonic() + 1000
    bench.restart().store_seen = float("-inf")  # it does not answer
    bench.record()
    before = len(list(tmp_path.glob("journal/*/*.seg")))
    asyncio.run(bench.recorder._delete(later))
    assert len(list(tmp_path.glob("journal/*/*.seg"))) == before > 1
    bench.store.rows = []
    recorder = bench.restart()
    recorder.store_boot, recorder.store_seen = BOOT + 1000, later
    asyncio.run(recorder._delete(later))  # it does again, and nobody has asked yet what it has
    bench.record()
    assert bench.store.ids() == everyone(60)
    asyncio.run(recorder._delete(later))
    assert not list(tmp_path.glob("journal/*/*.seg"))


@pytest.mark.covers("S9")
def test_another_store_is_not_given_what_the_first_one_has(tmp_path: Path) -> None:
    """Who moves to another server copies the rows; the last ten minutes would be there twice, or in a store that they were never meant for."""
    bench, journal = filled(tmp_path, 10)
    bench.store.rows = []
    bench.place = "other:8123/tidegate"
    assert again(bench) == {}
    journal.shut()


def test_what_was_deleted_after_a_restart_of_the_store_is_not_given_again_at_one_of_the_gate(tmp_path: Path) -> None:
    """It was found to be there in this life of the store: what is gone since, somebody has deleted."""
    bench, journal = filled(tmp_path, 10)
    assert again(bench) == everyone(10)
    bench.store.rows = []
    assert again(bench) == {}
    assert bench.recorder.restorer.restored == 0
    journal.shut()


def test_rows_that_retention_has_just_taken_are_not_given_again(tmp_path: Path) -> None:
    """The store drops a day as a whole, at midnight, also of what is ten minutes old: given again it would come and go, and its figures stay twice."""
    bench = Bench(tmp_path, max_batch_rows=5, hold_s=60.0, retention_s=86_400.0)
    midnight = dt.datetime(2026, 9, 22, tzinfo=dt.UTC)
    inner = bench.make

    def late(captured: Captured, batch_id: str, room: int) -> tuple[Exchange, bytes]:
        made, row = inner(captured, batch_id, room)
        return replace(made, started_at=midnight + dt.timedelta(seconds=captured.id.bytes[-1] - 3)), row

    bench.make = late
    bench.restart().store_boot = BOOT
    journal = bench.journal()
    for n in range(10):
        write(journal, new_id(n))
    bench.record()
    bench.store.rows = []
    bench.restart().store_boot = BOOT + 100
    bench.recorder.restorer._clock = lambda: midnight.timestamp() + 300
    bench.record()
    assert bench.store.ids() == {text_id(new_id(n)): 1 for n in range(3, 10)}
    assert bench.recorder.restorer.missing == 0
    journal.shut()


async def test_what_was_deleted_stays_deleted_although_the_journal_has_less_than_the_store(tmp_path: Path) -> None:
    """Rows beyond retention, or a lost segment, make a batch shorter; that says nothing about who is missing in it."""
    bench = Bench(tmp_path)
    rows = {text_id(new_id(n)): b'{"id":"%b","batch_id":"b"}' % text_id(new_id(n)).encode() for n in range(3)}
    exchanges = [replace(BARE, id=uuid.UUID(id)) for id in rows]
    bench.store.rows = [{"id": text_id(new_id(0)), "batch_id": "b"}]
    held = Batch("b", {}, again="1", rows=rows, exchanges=exchanges)
    assert await bench.recorder.restorer._writer.again(held, 4) is None
    assert len(bench.store.rows) == 1


def test_a_batch_goes_with_the_first_segment_that_it_needs(tmp_path: Path) -> None:
    """A row that is made anew without the frame in which its request was would say less than the one that was lost, under the same id."""
    bench = Bench(tmp_path, max_batch_rows=50, hold_s=60.0)
    bench.recorder.store_boot = BOOT
    journal = bench.journal(segment_bytes=3000)
    long = new_id(500)
    journal.open(long, opened(long), b"begun early")
    for n in range(10):
        write(journal, new_id(n))
    journal.close(long, closed(long), b"ended late")
    journal.shut()
    bench.record()
    (batch,) = bench.recorder._held.batches.values()
    assert batch.oldest[journal.directory.name] == 1 < batch.spans[journal.directory.name][0][1] + 1
    bench.recorder._held.forget(journal.directory.name, 1)
    assert not bench.recorder._held.batches


def test_a_file_that_cannot_be_written_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A full disk for an hour is one line, not one for each batch."""
    held = Held(tmp_path / "none" / "held.jsonl", synced=False)
    with caplog.at_level(logging.INFO):
        for n in range(5):
            held._put(HeldBatch(str(n), 1, {}, 0.0))
            asyncio.run(held.save())
    assert caplog.text.count("held_failed") == 1
    (tmp_path / "none").mkdir()
    asyncio.run(held.save())
    assert len(Held.load(held.path).batches) == 5


def test_segments_that_are_gone_take_their_batches_with_them(tmp_path: Path) -> None:
    """The file must not grow for ever, and what cannot be made anew must not be promised."""
    bench = Bench(tmp_path, max_batch_rows=2, hold_s=0.0)
    bench.recorder.store_boot = BOOT
    journal = bench.journal(segment_bytes=3000)
    for n in range(600):
        write(journal, new_id(n))
    journal.shut()
    bench.record()
    bench.restart()
    bench.record()
    path = tmp_path / "recorder" / "held.jsonl"
    assert bench.recorder._held.batches == {} and path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes().splitlines()) <= 300


def test_a_line_that_a_kill_cut_off_costs_nothing_but_itself(tmp_path: Path) -> None:
    """The file is written at every batch, and a recorder can die at any."""
    bench, journal = filled(tmp_path, 20)
    journal.shut()
    path = tmp_path / "recorder" / "held.jsonl"
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut in range(len(whole) - len(lines[-1]), len(whole)):
        path.write_bytes(whole[:cut])
        held = Held.load(path, synced=False)
        assert len(held.batches) == len(lines) - (cut < len(whole) - 1), cut
    held.batches["new"] = HeldBatch("new", 1, {"w": ((0, 1, 2), (1, 1, 2))}, 5.0, 6)
    path.write_bytes(whole[:-9])
    held._put(held.batches["new"])
    asyncio.run(held.save())
    assert Held.load(path).batches.keys() == {"new", *list(bench.recorder._held.batches)[:-1]}
    assert Held.load(path).batches["new"] == held.batches["new"]


@pytest.mark.covers("S9")
@settings(deadline=None, max_examples=300 if os.environ.get("TIDEGATE_CHAOS") == "long" else 10)
@given(seed=st.integers(0, 2**32))
def test_no_mixture_of_losses_crashes_and_faults_loses_or_doubles_a_row(seed: int) -> None:
    """A power cut seldom comes alone: the store loses whole batches when it starts anew, answers are lost, the recorder dies at any await."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_power_cuts(random.Random(seed), Path(directory)))


async def _power_cuts(chance: random.Random, directory: Path) -> None:
    store = FakeStore()
    store.fate = lambda: chance.choices(("ok", "down", "lost"), (7, 2, 1))[0]
    bench = Bench(directory, store, max_batch_rows=chance.choice((1, 3, 20)), hold_s=60.0)
    bench.dies = lambda: chance.random() < 0.02
    journal = bench.journal(segment_bytes=2000)
    boot = written = 0
    for _ in range(12):
        if chance.random() < 0.5:
            boot = boot + 100 if boot else BOOT
            some = {row["batch_id"] for row in store.rows}
            lost = set(chance.sample(sorted(some), chance.randrange(len(some) + 1)))
            store.rows = [row for row in store.rows if row["batch_id"] not in lost]
        for _ in range(chance.randrange(8)):
            write(journal, new_id(written))
            written += 1
        bench.restart().store_boot = boot
        running = asyncio.create_task(bench.recorder.run(asyncio.Event()))
        for _ in range(chance.randrange(80)):
            bench.recorder.restorer._not_before = 0.0
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait({running})
        if not running.cancelled() and running.exception() is not None:
            raise running.exception()  # type: ignore[misc]
    store.fate, bench.dies = lambda: "ok", lambda: False
    journal.shut()
    for _ in range(2):
        bench.restart().store_boot = boot + 100 if boot else BOOT
        await bench.drain()
    assert store.ids() == everyone(written)
    state = bench.recorder.state
    assert (state.accepted, state.stored, state.in_journal) == (written, written, 0)


