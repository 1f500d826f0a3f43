"""What the store has acknowledged and lost is given to it again, once, and nothing else is."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.journal import Journal
from gateway.record.held import SAME_S, Held, HeldBatch
from tests.support.recording import Bench, FakeStore, closed, new_id, opened, text_id, write

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
    async with asyncio.timeout(30):
        while bench.recorder.restorer.restored < 20:
            assert not running.done()
            bench.recorder.restorer._not_before = 0.0  # the pause of two seconds is not what this is about
            await asyncio.sleep(0)
    stop.set()
    await running
    assert bench.store.ids() == everyone(20)
    journal.shut()


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


