"""The recorder's promises: each exchange one row, counted exactly, whatever dies and whenever."""

from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.exchange import Exchange
from gateway.journal import Frame, Journal, Kind, decode
from gateway.journal_seal import Seal
from gateway.record.capture import Captured, together
from gateway.record.quarantine import Quarantine
from gateway.record.recorder import UNMADE
from gateway.record.stream import Stream
from tests.support.recording import Bench, FakeStore, closed, make_row, new_id, opened, text_id, write


def conserved(bench: Bench) -> None:
    state = bench.recorder.state
    assert state.accepted == state.stored + state.quarantined + sum(state.dropped.values()) + state.in_journal, state


def test_each_exchange_becomes_one_row_with_its_bodies(tmp_path: Path) -> None:
    """The main job: what the worker wrote down is in the store, joined."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    ids = [new_id(n) for n in range(5)]
    for id in ids:
        assert journal.open(id, opened(id, body_parts=1), b"request ")
        assert journal.part(Kind.REQUEST_PART, id, b"goes on")
    for id in reversed(ids):
        assert journal.part(Kind.REPLY_PART, id, b"reply ")
        assert journal.close(id, closed(id, body_parts=1), b"ends")
    journal.shut()
    bench.record()
    batch = bench.store.rows[0]["batch_id"]
    assert bench.store.rows == [
        {"id": text_id(id), "batch_id": batch, "outcome": "ok", "request": "request goes on", "reply": "reply ends"} for id in reversed(ids)
    ]
    assert [text_id(e.id.bytes) for e in bench.observed] == [text_id(id) for id in reversed(ids)]
    assert (bench.recorder.state.accepted, bench.recorder.state.stored, bench.recorder.state.in_journal) == (5, 5, 0)


@pytest.mark.covers("D4")
def test_an_open_exchange_of_a_dead_worker_becomes_a_crash_row(tmp_path: Path) -> None:
    """A call that never got an answer may still have been billed: it must be on record, with what had arrived."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    one, two = new_id(1), new_id(2)
    journal.open(one, opened(one), b"asked")
    journal.part(Kind.REPLY_PART, one, b"begun")
    write(journal, two)
    bench.record()
    assert [row["outcome"] for row in bench.store.rows] == ["ok"]  # the worker lives: it may still close the other
    assert bench.recorder.state.in_journal == 1
    journal.shut()
    bench.restart()
    bench.record()
    rows = {row["id"]: (row["outcome"], row["request"], row["reply"]) for row in bench.store.rows}
    assert rows == {text_id(two): ("ok", "{}", "{}"), text_id(one): ("gateway_crash", "asked", "begun")}
    conserved(bench)


def test_a_close_without_its_open_is_a_row_all_the_same(tmp_path: Path) -> None:
    """When the disk was too full for the OPEN, half a record is better than none."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    journal.close(new_id(1), closed(new_id(1)), b"answer")
    journal.close(new_id(1), closed(new_id(1)), b"answer again")
    journal.shut()
    bench.record()
    assert [(row["id"], row["request"], row["reply"]) for row in bench.store.rows] == [(text_id(new_id(1)), "", "answer")]
    assert (bench.recorder.state.accepted, bench.recorder.damage.strays) == (1, 1)


@pytest.mark.parametrize(("bad", "full"), [({1}, False), ({0, 1, 2, 3}, False), ({1}, True)])
def test_an_exchange_of_which_no_row_can_be_made_goes_into_quarantine_and_the_others_are_recorded(tmp_path: Path, bad: set[int], full: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the readers stumble over, twice: the recorder would end there, and at each start after it, and record nothing more. Its frames stay readable for whoever mends that."""
    bench, ids = Bench(tmp_path), [new_id(n) for n in range(4)]

    def make(captured: Captured, batch_id: str, room: int) -> tuple[Exchange, bytes]:
        if ids.index(captured.id.bytes) in bad:
            raise RuntimeError(captured.request_body)
        return make_row(captured, batch_id, room)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    bench.make = make
    bench.restart()
    journal = bench.journal()
    for id in ids:
        write(journal, id, b"asked", b"answered")
    with monkeypatch.context() as disk:
        if full:
            disk.setattr(Quarantine, "keep_damage", no_room)
        bench.record()
    assert [row["id"] for row in bench.store.rows] == [text_id(id) for n, id in enumerate(ids) if n not in bad]
    counts = (0, {UNMADE: len(bad)}) if full else (len(bad), {})
    assert (bench.recorder.state.quarantined, bench.recorder.state.dropped) == counts
    conserved(bench)
    kept = [
        frame
        for file in sorted((tmp_path / "quarantine").glob("*.bin"), key=lambda file: int(file.stem.rsplit("-", 1)[1]))
        for name, segment, offset in [file.stem.rsplit("-", 2)]
        for frame in decode(file.read_bytes(), int(offset), ended=True, seal=Seal(bench.key, name, int(segment)))
        if isinstance(frame, Frame)
    ]
    assert [(frame.id, frame.body) for frame in kept] == ([] if full else [(ids[n], body) for n in sorted(bad) for body in (b"asked", b"answered")])
    write(journal, new_id(9))
    bench.make = make_row
    bench.restart()
    journal.shut()
    bench.record()
    assert bench.store.rows[-1]["id"] == text_id(new_id(9)) and (bench.recorder.state.quarantined, bench.recorder.state.dropped) == counts, "settled is settled"
    conserved(bench)


@pytest.mark.parametrize("problem", [OSError(24, "Too many open files"), MemoryError()])
def test_a_machine_that_is_short_of_something_makes_no_exchange_unreadable(tmp_path: Path, problem: Exception) -> None:
    """Else all that came in such a minute would lie in quarantine. The recorder ends, and the next one has all of it."""
    bench = Bench(tmp_path)

    def make(captured: Captured, batch_id: str, room: int) -> tuple[Exchange, bytes]:
        raise problem

    bench.make = make
    bench.restart()
    journal = bench.journal()
    for n in range(3):
        write(journal, new_id(n))
    journal.shut()
    with pytest.raises(type(problem)):
        bench.record()
    assert not list((tmp_path / "quarantine").glob("*.bin"))
    bench.make = make_row
    bench.restart()
    bench.record()
    assert len(bench.store.rows) == 3 and bench.recorder.state.quarantined == 0
    conserved(bench)


def test_who_fails_on_being_told_of_a_row_stops_nothing(tmp_path: Path) -> None:
    """Its row is safe, and those who are told after it are told."""
    bench = Bench(tmp_path)

    def fails(_exchange: Exchange) -> None:
        raise RuntimeError("no")

    bench.recorder._observers = (fails, *bench.recorder._observers)
    journal = bench.journal()
    for n in range(3):
        write(journal, new_id(n))
    journal.shut()
    bench.record()
    assert len(bench.store.rows) == len(bench.observed) == 3
    conserved(bench)


@pytest.mark.covers("T13")
def test_rows_made_after_a_compressed_one_know_what_it_left_of_their_batchs_room(tmp_path: Path) -> None:
    """Rows are made a few at a time; what a compressed body becomes is known once its row is there, and a batch of such bodies would be as many times longer than it may."""
    bench, rooms, spent = Bench(tmp_path, max_row_bytes=10_000), list[int](), list[int]()

    def make(captured: Captured, batch_id: str, room: int) -> tuple[Exchange, bytes]:
        rooms.append(room)
        exchange, row = make_row(captured._replace(request_body=b"a" * (room // 4)), batch_id, room)
        spent.append(len(row))
        return exchange, row

    bench.make = make
    bench.restart()
    journal = bench.journal()
    for n in range(16):
        assert journal.open(new_id(n), opened(new_id(n), content_encoding="gzip"), b"?") and journal.close(new_id(n), closed(new_id(n)), b"")
    journal.shut()
    bench.record()
    assert len(bench.store.inserts) == 1 and rooms == [max(0, 10_000 - sum(spent[:at])) for at in range(16)]


def test_a_compressed_one_comes_by_itself_and_all_come_in_their_order() -> None:
    """What is read at the same time is as long as its frames say."""
    plain, packed, reply = (Captured(UUID(int=n), "s", opened(new_id(n)), closed(new_id(n)), b"", b"", "", "") for n in range(3))
    packed = packed._replace(opened=opened(new_id(1), content_encoding="gzip"), closed=None)
    reply = reply._replace(opened=None, closed=closed(new_id(2), content_encoding="br"))
    assert [list(some) for some in together([plain, plain, packed, reply, plain])] == [[plain, plain], [packed], [reply], [plain]]
    assert [list(some) for some in together([packed])] == [[packed]] and [*together([])] == []


@pytest.mark.covers("S3", "D4")
@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_no_crash_and_no_fault_loses_doubles_or_miscounts_an_exchange(seed: int) -> None:
    """Law 3, and the promise that a kill at any instant costs nothing: the recorder is thrown away at random awaits, the store fails before and after
    it commits and refuses rows, workers die with exchanges open; at every step the books balance, at the end each exchange is in one place."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_storm(random.Random(seed), Path(directory)))


async def _storm(chance: random.Random, directory: Path) -> None:
    bad = {text_id(new_id(n)) for n in chance.sample(range(200), 8)}
    store = FakeStore()
    store.refuses = lambda row: row["id"] in bad
    store.fate = lambda: chance.choices(("ok", "down", "lost"), (6, 2, 2))[0]
    bench = Bench(directory, store, max_batch_rows=chance.choice((1, 3, 20)), hold_s=chance.choice((0.0, 60.0)))
    bench.dies = lambda: chance.random() < 0.02
    world = _World(chance, bench)

    delete = Stream.delete

    def delete_and_die(stream: Stream, number: int) -> None:
        delete(stream, number)
        if bench.dies():
            raise asyncio.CancelledError

    with patch.object(Stream, "delete", delete_and_die):
        for _ in range(12):
            bench.restart()
            for _ in range(chance.randrange(6)):
                world.act()
            await _run_for(chance, bench, world)
    store.fate, bench.dies = lambda: "ok", lambda: False
    world.end()
    for _ in range(2):  # the second has nothing left to do
        bench.restart()
        await bench.drain()
        conserved(bench)
    state = bench.recorder.state
    everyone = {text_id(id) for id in world.ids}
    assert store.ids() == {id: 1 for id in everyone - bad}
    assert sorted(set(bench.quarantined())) == sorted(bench.quarantined()) == sorted(everyone & bad)
    assert (state.accepted, state.stored, state.quarantined, state.dropped, state.in_journal) == (len(everyone), len(everyone - bad), len(everyone & bad), {}, 0)
    outcomes = {row["id"]: row["outcome"] for row in store.rows}
    assert {id for id, outcome in outcomes.items() if outcome == "gateway_crash"} == {text_id(id) for id in world.crashed} - bad


class _World:
    """Workers that write and die."""

    def __init__(self, chance: random.Random, bench: Bench) -> None:
        self.chance, self.bench = chance, bench
        self.ids: list[bytes] = []
        self.crashed: set[bytes] = set()
        self.journals: list[tuple[Journal, list[bytes]]] = []

    def act(self) -> None:
        if not self.journals or (self.chance.random() < 0.1 and len(self.journals) < 3):
            self.journals.append((self.bench.journal(f"worker-{len(self.ids)}", segment_bytes=1500), []))
        journal, still_open = self.chance.choice(self.journals)
        what = self.chance.random()
        if what < 0.05:
            self.crashed.update(still_open)
            journal.shut()
            self.journals.remove((journal, still_open))
        elif what < 0.5:
            id = new_id(len(self.ids))
            self.ids.append(id)
            still_open.append(id)
            journal.open(id, opened(id), b"request")
        elif still_open:
            id = self.chance.choice(still_open)
            if what < 0.6:
                journal.part(Kind.REPLY_PART, id, b"part")
            else:
                still_open.remove(id)
                journal.close(id, closed(id), b"reply")

    def end(self) -> None:
        for journal, still_open in self.journals:
            self.crashed.update(still_open)
            journal.shut()


async def _run_for(chance: random.Random, bench: Bench, world: _World) -> None:
    """Let the recorder take some steps, then kill it where it stands."""
    stop = asyncio.Event()
    running = asyncio.create_task(bench.recorder.run(stop))
    if chance.random() < 0.2:
        stop.set()
    for _ in range(chance.randrange(60)):
        if chance.random() < 0.5:
            world.act()
        await asyncio.sleep(0)
        if running.done():
            break
        if bench.recorder.caught_up:
            conserved(bench)
    running.cancel()
    await asyncio.wait({running})
    if not running.cancelled() and running.exception() is not None:
        raise running.exception()  # type: ignore[misc]
