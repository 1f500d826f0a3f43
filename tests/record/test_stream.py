"""Streams on disk: what the recorder reads, what it deletes, and what it can still tell after a restart."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from gateway.journal import Journal, Kind, segments
from gateway.record.stream import END, START, FrameCache, Mark, Stream
from gateway.record.tail import Tail
from tests.support.recording import KEY, Bench, closed, new_id, opened, text_id, write


def stream_of(journal: Journal, mark: Mark | None = None, *, cache_bytes: int = 1 << 20) -> Stream:
    return Stream(journal.directory, mark or Mark(), FrameCache(cache_bytes), lambda *_: None, key=KEY)


def read_all(stream: Stream) -> list[bytes]:
    while stream.read():
        pass
    return [item.id for item in stream.ready]


def test_an_open_exchange_keeps_its_segments_and_the_others_go(tmp_path: Path) -> None:
    """A slow stream must not keep hours of journal on disk, nor lose its own beginning."""
    bench = Bench(tmp_path, hold_s=0.0)
    journal = bench.journal(segment_bytes=2000)
    slow = new_id(1000)
    journal.open(slow, opened(slow), b"slow question")
    for n in range(40):
        write(journal, new_id(n))
    bench.record()
    kept = segments(journal.directory)
    assert kept[0].name == "00000001.seg" and len(kept) <= 3
    bench.restart()
    bench.record()  # closed ones whose CLOSE is deleted must not look open again
    assert bench.recorder.state.in_journal == 1
    journal.close(slow, closed(slow), b"slow answer")
    journal.shut()
    bench.restart()
    bench.record()
    rows = [row for row in bench.store.rows if row["id"] == text_id(slow)]
    assert [(row["request"], row["reply"], row["outcome"]) for row in rows] == [("slow question", "slow answer", "ok")]
    assert bench.store.ids() == {text_id(id): 1 for id in [slow, *map(new_id, range(40))]}


def test_an_ended_stream_that_is_stored_leaves_nothing_behind(tmp_path: Path) -> None:
    """Workers come and go for years."""
    bench = Bench(tmp_path, hold_s=0.0)
    journal = bench.journal()
    write(journal, new_id(1))
    journal.open(new_id(2), opened(new_id(2)), b"")
    journal.shut()
    for _ in range(2):
        bench.record()
        bench.restart()
    assert list((tmp_path / "journal").iterdir()) == []
    assert bench.recorder.totals.stored == 2


@pytest.mark.covers("S9")
def test_stored_segments_stay_for_the_hold_time_unless_the_journal_grows_too_large(tmp_path: Path) -> None:
    """A store that loses its last seconds in a power cut can be given them again; but not at the price of a full disk."""
    held, crowded = Bench(tmp_path / "a", hold_s=60.0), Bench(tmp_path / "b", hold_s=60.0, max_held_bytes=4000)
    for bench in (held, crowded):
        journal = bench.journal(segment_bytes=2000)
        for n in range(40):
            write(journal, new_id(n))
        bench.record()
        journal.shut()
    sizes = [sum(path.stat().st_size for path in (bench.directory / "journal").glob("*/*.seg")) for bench in (held, crowded)]
    assert sizes[0] > 20_000 and sizes[1] <= 4000 + 2000


@pytest.mark.covers("D10")
def test_a_backlog_is_read_without_holding_its_bodies(tmp_path: Path) -> None:
    """After a day's outage the recorder must not need a day's memory: of an open exchange only the place of its frames is kept."""
    journal = Journal(tmp_path, "w", key=KEY)
    ids = [new_id(n) for n in range(300)]
    for id in ids:
        journal.open(id, opened(id), b"x" * 20_000)
    for id in ids:
        journal.close(id, closed(id), b"y")
    cache = FrameCache(100_000)
    stream = Stream(journal.directory, Mark(), cache, lambda *_: None, key=KEY)
    while not stream.ready:
        assert stream.read()
    assert cache._size <= 100_000
    read_all(stream)
    assert [item.id for item in stream.ready] == ids
    assert sum(item.frames is None for item in stream.ready) >= 290
    assert all([f.body[:1] for f in stream.frames(item)] == [b"x", b"y"] for item in stream.ready)
    journal.shut()


@pytest.mark.covers("D2", "D3")
def test_damage_costs_its_exchange_is_counted_and_kept_for_a_look(tmp_path: Path) -> None:
    """Bytes that are stepped over in silence are bytes that nobody will ever ask about."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    places = []
    for n in range(10):
        places.append(segments(journal.directory)[0].stat().st_size)
        write(journal, new_id(n), request=b"question")
    (segment,) = segments(journal.directory)
    journal.shut()
    with open(segment, "r+b") as file:
        file.seek(places[4] + 100)  # inside the fifth OPEN
        file.write(b"\xff")
        file.seek(0, os.SEEK_END)
        file.write(b"TGJ1 torn")
    end = segment.stat().st_size
    bench.record()
    assert bench.store.ids() == {text_id(new_id(n)): 1 for n in range(10)}
    assert [row["request"] for row in bench.store.rows] == ["question"] * 4 + [""] + ["question"] * 5
    kept = {path.name: path.stat().st_size for path in (tmp_path / "quarantine").glob("*.bin")}
    name = f"{journal.directory.name}-00000001"
    torn, broken = f"{name}-{end - 9}.bin", f"{name}-{places[4]}.bin"
    assert set(kept) == {torn, broken} and kept[torn] == 9
    assert tuple(bench.recorder.damage) == (0, 2, sum(kept.values()), 0)
    bench.restart()
    bench.record()
    assert tuple(bench.recorder.damage) == (0, 2, sum(kept.values()), 0)


def test_what_a_power_cut_took_from_the_journal_is_counted_as_dropped(tmp_path: Path) -> None:
    """Law 3 must hold for the exchanges whose frames are gone, too: accepted, and then lost for a reason."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    write(journal, new_id(1))
    journal.open(new_id(2), opened(new_id(2)), b"")
    bench.record()
    assert bench.recorder.state.in_journal == 1
    journal.shut()
    (segment,) = segments(journal.directory)
    os.truncate(segment, segment.stat().st_size - 1)
    bench.restart()
    bench.record()
    state = bench.recorder.state
    assert (state.accepted, state.stored, state.dropped, state.in_journal) == (2, 1, {"journal_damaged": 1}, 0)


def test_a_stream_is_read_while_it_grows_and_rolls(tmp_path: Path) -> None:
    """The recorder follows the worker's pen, over the end of a segment too."""
    journal = Journal(tmp_path, "w", segment_bytes=1200, key=KEY)
    stream = stream_of(journal)
    assert read_all(stream) == []
    for n in range(10):
        journal.open(new_id(n), opened(new_id(n)), b"")
        assert read_all(stream) == [new_id(m) for m in range(n)]
        journal.close(new_id(n), closed(new_id(n)), b"")
        assert read_all(stream) == [new_id(m) for m in range(n + 1)]
    assert stream.settled == START and stream.in_journal == 10
    journal.shut()
    stream.ended = True
    read_all(stream)
    stream.settle(list(stream.ready))
    stream.advance()
    assert (stream.settled, stream.in_journal, stream.finished) == (END, 0, True)


def test_a_part_after_the_close_is_a_stray_and_never_a_second_row(tmp_path: Path) -> None:
    """Whatever a worker writes, an exchange has one row."""
    journal = Journal(tmp_path, "w", key=KEY)
    stream = stream_of(journal)
    write(journal, new_id(1))
    journal.part(Kind.REPLY_PART, new_id(1), b"late")
    journal.shut()
    stream.ended = True
    assert read_all(stream) == [new_id(1)]
    assert (stream.tally.accepted, stream.tally.strays) == (1, 1)


def test_a_stream_that_is_just_being_made_is_not_taken_for_a_dead_one(tmp_path: Path) -> None:
    """Trying the lock between a worker's mkdir and its flock would make the worker fail to start."""
    young, old = tmp_path / "w-1", tmp_path / "w-2"
    young.mkdir()
    old.mkdir()
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    tail = Tail(tmp_path, {}, lambda *_: None, key=KEY)
    while tail.read(eager=True):
        pass
    assert {name: stream.finished for name, stream in tail.streams.items()} == {"w-1": False, "w-2": True}
    assert not (young / "lock").exists()


def test_streams_take_turns(tmp_path: Path) -> None:
    """The backlog of a dead worker must not keep the live one's rows waiting."""
    for name in ("a", "b"):
        journal = Journal(tmp_path, name, key=KEY)
        for n in range(60):
            id = new_id(n + 1000 * (name == "b"))
            write(journal, id, request=b"x" * 100_000)
        journal.shut()
    tail = Tail(tmp_path, {}, lambda *_: None, key=KEY)
    assert tail.read() and tail.read()
    assert all(0 < len(stream.ready) < 60 for stream in tail.streams.values())
    tail.close()


def test_the_recorder_stops_within_its_time_and_goes_on_where_it_was(tmp_path: Path) -> None:
    """SIGTERM while the store is down must not hang; the batch on its way is announced and is not inserted twice."""
    bench = Bench(tmp_path, flush_s=0.0)
    journal = bench.journal()
    write(journal, new_id(1))
    bench.store.fate = lambda: "lost"

    async def scenario() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(bench.recorder.run(stop))
        while not bench.store.rows:
            await asyncio.sleep(0)
        stop.set()
        await running

    asyncio.run(scenario())
    assert bench.recorder.announced is not None and bench.recorder.state.stored == 0
    bench.store.fate = lambda: "ok"
    bench.restart()
    bench.record()
    journal.shut()
    assert bench.store.ids() == {text_id(new_id(1)): 1}
    assert bench.recorder.state.stored == 1


def test_a_segment_under_another_key_is_told_in_few_pieces(tmp_path: Path) -> None:
    """Each piece is a file and an error in the log: a backlog of gigabytes whose key was lost must not be a hundred thousand of them."""
    journal = Journal(tmp_path, "w", key=KEY)
    for n in range(1200):
        write(journal, new_id(n), os.urandom(3000))
    journal.shut()
    pieces: list[int] = []
    stream = Stream(journal.directory, Mark(), FrameCache(1 << 20), lambda name, segment, offset, data, locked: pieces.append(len(data)), key=b"x" * len(KEY))
    stream.ended = True
    assert read_all(stream) == [] and sum(pieces) == sum(path.stat().st_size for path in segments(journal.directory)) > 4_000_000
    assert len(pieces) < 6
