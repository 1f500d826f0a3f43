"""What the journal has promised, after the power went: at every instant, only that is left which was synced, and whatever else a disk may have kept of the rest."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.journal import PART_BYTES, Damage, Frame, Journal, Kind, read, segments
from gateway.proxy.kept import Kept
from tests.support.recording import KEY, Bench, closed, new_id, opened, text_id


@dataclass
class Disk:
    """Watches what is synced below a directory: of each file so many bytes, of each directory those entries. `fails`: which sync, counted from 1, is an EIO."""

    root: Path
    sizes: dict[Path, int] = field(default_factory=dict)
    entries: dict[Path, set[str]] = field(default_factory=dict)
    fails: int = 0
    asked: list[Path] = field(default_factory=list)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "fdatasync", self._sync)
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, fd: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{fd}"))
        if path.is_dir():
            self.entries[path] = set(os.listdir(path))
            return
        size = os.fstat(fd).st_size
        self.asked.append(path)
        if len(self.asked) == self.fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self.sizes[path] = size

    def left(self) -> dict[Path, int]:
        """Files that can be found after a power cut, and how much of each is certain."""
        found = {}
        for path in self.root.rglob("*.seg"):
            above = [path, *path.parents]
            chain = list(pairwise(above))[: len(path.relative_to(self.root).parts)]
            if all(child.name in self.entries.get(parent, ()) for child, parent in chain):
                found[path] = self.sizes.get(path, 0)
        return found


@dataclass
class Instant:
    """left: certain bytes by file.  all: bytes written by file.  promised: ids whose open, and whose close, was committed."""

    left: dict[Path, int]
    all: dict[Path, int]
    opened: set[bytes]
    closed: set[bytes]


async def _life(disk: Disk, exchanges: int) -> tuple[list[Instant], Path]:
    """A worker under `strict`, a few exchanges at a time, over several segments; looked at after every write and every promise."""
    journal = Journal(disk.root / "journal", "w", key=KEY, segment_bytes=4000)
    asked: set[bytes] = set()
    ended: set[bytes] = set()
    instants: list[Instant] = []

    def look() -> None:
        instants.append(Instant(disk.left(), {path: path.stat().st_size for path in segments(journal.directory)}, set(asked), set(ended)))

    async def one(n: int) -> None:
        id = new_id(n)
        journal.open(id, opened(id), b"question %d" % n)
        look()
        try:
            await journal.commit()
        except OSError:
            journal.close(id, closed(id, status=503), b"")
            return
        asked.add(id)
        look()
        journal.part(Kind.REPLY_PART, id, b"a part")
        journal.close(id, closed(id, body_parts=1), b" and its end")
        look()
        try:
            await journal.commit()
        except OSError:
            return
        ended.add(id)
        look()

    for start in range(0, exchanges, 3):
        await asyncio.gather(*(one(n) for n in range(start, start + 3)))
    journal.shut()
    return instants, journal.directory


def _after(instant: Instant, journal: Path, place: Path, chance: random.Random) -> Path:
    """The files as they may be found: what is certain, and behind it something, nothing, zeros or garbage."""
    shutil.rmtree(place, ignore_errors=True)
    stream = place / "journal" / journal.name
    for path, certain in instant.left.items():
        stream.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes()[: max(certain, instant.all.get(path, 0))]
        rest = whole[certain:]
        how = chance.randrange(4)
        tail = (b"", rest[: chance.randrange(len(rest) + 1)], bytes(len(rest)), chance.randbytes(len(rest)))[how]
        (stream / path.name).write_bytes(whole[:certain] + tail)
    return stream


@pytest.mark.covers("D5")
def test_what_strict_has_promised_is_on_disk_at_every_instant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The promise of `durability: strict`, and the only way to see whether it is kept: lose the power at every step, and read what is left."""
    disk = Disk(tmp_path / "data")
    disk.install(monkeypatch)
    instants, journal = asyncio.run(_life(disk, 30))
    chance = random.Random(5)
    assert len(instants) > 100 and len(instants[-1].closed) == 30 and len(segments(journal)) > 3
    for number, instant in enumerate(instants):
        stream = _after(instant, journal, tmp_path / "after", chance)
        frames = [piece for path in segments(stream) for piece in read(path, KEY) if isinstance(piece, Frame)]
        kinds = Counter((frame.id, frame.kind) for frame in frames)
        for id in instant.opened:
            assert kinds[id, Kind.OPEN] == 1, number
        for id in instant.closed:
            assert kinds[id, Kind.CLOSE] == kinds[id, Kind.REPLY_PART] == 1, number


@pytest.mark.covers("D5")
def test_a_recorder_makes_rows_of_what_a_power_cut_has_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise is kept when there is a row: every exchange that was answered is one, whole; what was only asked is one of a crash; nothing is there twice."""
    disk = Disk(tmp_path / "data")
    with monkeypatch.context() as patched:
        disk.install(patched)
        instants, journal = asyncio.run(_life(disk, 12))
    chance = random.Random(6)
    for number, instant in enumerate(instants[::4]):
        _after(instant, journal, tmp_path / "after", chance)
        bench = Bench(tmp_path / "after")
        bench.record()
        rows = {row["id"]: row for row in bench.store.rows}
        assert len(rows) == len(bench.store.rows), number
        for id in instant.closed:
            assert (rows[text_id(id)]["outcome"], rows[text_id(id)]["reply"]) == ("ok", "a part and its end"), number
        assert {text_id(id) for id in instant.opened} <= rows.keys(), number


@pytest.mark.covers("D6")
@pytest.mark.parametrize("fails", range(1, 12, 2))
def test_a_segment_whose_sync_failed_is_never_synced_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int) -> None:
    """Linux reports a lost write once. A second sync of the same file succeeds over the hole, and whoever believes it has promised a row that is not there."""
    disk = Disk(tmp_path / "data", fails=fails)
    disk.install(monkeypatch)
    instants, journal = asyncio.run(_life(disk, 30))
    failed = disk.asked[fails - 1]
    assert failed not in disk.asked[fails:]
    last = instants[-1]
    assert 27 <= len(last.closed) < 30  # who waited for that sync was told so; what came later was promised again
    certain = {path: disk.sizes.get(path, 0) for path in segments(journal)}
    stream = _after(Instant(certain, {}, set(), set()), journal, tmp_path / "after", random.Random(7))
    kinds = Counter((frame.id, frame.kind) for path in segments(stream) for frame in read(path, KEY) if isinstance(frame, Frame))
    assert all(kinds[id, Kind.OPEN] == kinds[id, Kind.CLOSE] == 1 for id in last.closed)
    assert not any(isinstance(piece, Damage) for path in segments(journal) for piece in read(path, KEY))  # without a power cut, everything is still read


@pytest.mark.covers("D6")
async def test_a_failed_sync_without_room_for_another_segment_promises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dying disk is often a full one: until there is a new file, nothing that is written can be promised, and all of it is still recorded."""
    disk = Disk(tmp_path, fails=1)
    disk.install(monkeypatch)
    journal = Journal(tmp_path / "journal", "w", key=KEY)
    journal.open(new_id(1), opened(new_id(1)), b"")

    def no_room() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(journal, "_roll", no_room)
        for n in (2, 3, 4):
            with pytest.raises(OSError):
                await journal.commit()
            journal.open(new_id(n), opened(new_id(n)), b"")
    with pytest.raises(OSError):
        await journal.commit()  # what was written meanwhile is in the old one
    journal.open(new_id(5), opened(new_id(5)), b"")
    await journal.commit()
    assert [path.name for path in disk.asked] == ["00000001.seg", "00000002.seg"]
    journal.shut()
    assert [piece.id for path in segments(journal.directory) for piece in read(path, KEY) if isinstance(piece, Frame)] == [new_id(n) for n in range(1, 6)]


@pytest.mark.covers("D6")
async def test_what_has_frames_on_both_sides_of_a_failed_sync_is_not_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long upload, or a long answer: half of it is in the segment that was given up, and the sync of its last frames says nothing about the first ones."""
    disk = Disk(tmp_path, fails=1)
    disk.install(monkeypatch)
    journal = Journal(tmp_path / "journal", "w", key=KEY)
    long, since = new_id(1), journal.written
    journal.open(long, opened(long, body_parts=1), b"the first part")
    kept = Kept(journal, new_id(2))
    kept.push(b"x" * PART_BYTES)
    with pytest.raises(OSError):
        await journal.commit()
    await journal.commit(journal.written)  # the worker's own, which asks for what comes: told once, not at every beat
    journal.part(Kind.REQUEST_PART, long, b"and the second")
    journal.close(new_id(2), closed(new_id(2), body_parts=1), kept.rest())
    for began in (since, kept.since):
        with pytest.raises(OSError):
            await journal.commit(began)
    other = Kept(journal, new_id(3))
    other.push(b"whole")
    journal.close(new_id(3), closed(new_id(3)), other.rest())
    await journal.commit(other.since)
    journal.shut()
