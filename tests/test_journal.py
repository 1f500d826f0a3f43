"""The journal's own promises: what was written is read, what is broken costs only itself, and a full disk costs bodies before rows."""

from __future__ import annotations

import asyncio
import errno
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import journal
from gateway.errors import JournalError
from gateway.exchange import Opened
from gateway.journal import Damage, Frame, Journal, Kind, decode, encode, has_ended, read, segments
from gateway.journal_seal import Seal
from tests.support.recording import KEY, closed, new_id, opened

Piece = tuple[Kind, bytes, bytes, bytes]


def seal() -> Seal:
    """Of the segment that all tests here write."""
    return Seal(KEY, "w", 1)


def frame(kind: Kind, n: int, meta: bytes = b"{}", body: bytes = b"", *, at: int = 0) -> bytes:
    return b"".join(encode(seal(), kind, new_id(n), meta, body, at))


def plain_frame(kind: Kind, id: bytes, meta: bytes, body: bytes) -> bytes:
    """A frame of version 1, as gateways before the key wrote them."""
    head = struct.pack("<4sBBHII16s", b"TGJ1", 1, kind, 0, len(meta), len(body), id)
    return head + struct.pack("<I", zlib.crc32(head + meta + body)) + meta + body


def simple(pieces: list[Frame | Damage]) -> list[Piece | tuple[int, int]]:
    return [(p.kind, p.id, p.meta, p.body) if isinstance(p, Frame) else (p.start, p.end) for p in pieces]


def records(count: int) -> list[Piece]:
    return [(Kind.OPEN if n % 2 else Kind.CLOSE, new_id(n), b'{"n":%d}' % n, b"body %d TGJ1 " % n * (n % 4)) for n in range(count)]


def segment_of(pieces: list[Piece], *, sealed: bool = True) -> tuple[bytes, list[int]]:
    """The bytes of a segment, and where each frame ends."""
    data, ends, by = b"", [], seal()
    for piece in pieces:
        data += b"".join(encode(by, *piece, len(data))) if sealed else plain_frame(*piece)
        ends.append(len(data))
    return data, ends


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Kind), st.binary(min_size=16, max_size=16), st.binary(max_size=50), st.binary(max_size=300)), max_size=20), st.data())
def test_frames_are_read_as_they_were_written_however_the_file_grows(pieces: list[Piece], data: st.DataObject) -> None:
    """The recorder reads while the worker writes: a read may end anywhere, also inside a frame."""
    whole, _ = segment_of(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    found: list[Frame | Damage] = []
    at, by = 0, seal()
    for cut in [*cuts, len(whole)]:
        for piece in decode(whole[at:cut], at, ended=False, seal=by):
            found.append(piece)
            at = piece.end
    assert simple(found) == pieces


@pytest.mark.covers("D2")
@pytest.mark.parametrize("sealed", [True, False])
def test_a_torn_tail_costs_only_the_torn_frame(sealed: bool) -> None:
    """A kill in the middle of a write must not make what was promised before it unreadable."""
    pieces = records(12)
    whole, ends = segment_of(pieces, sealed=sealed)
    for cut in range(len(whole)):
        kept = sum(end <= cut for end in ends)
        start = ends[kept - 1] if kept else 0
        torn = [] if cut == start else [(start, cut)]
        assert simple(list(decode(whole[:cut], ended=True, seal=seal()))) == [*pieces[:kept], *torn], cut
        assert simple(list(decode(whole[:cut], ended=False, seal=seal()))) == pieces[:kept], cut


@pytest.mark.covers("D3")
@pytest.mark.parametrize("sealed", [True, False])
def test_a_flipped_byte_costs_only_the_frame_that_it_hits(sealed: bool) -> None:
    """One bad sector must not hide the rest of the day. Of 200 frames: tests/test_journal_mutilated.py."""
    pieces = records(12)
    whole, ends = segment_of(pieces, sealed=sealed)
    by = seal()
    for at in range(len(whole)):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        hit = next(n for n, end in enumerate(ends) if at < end)
        found = list(decode(bytes(broken), ended=True, seal=by))
        assert [p for p in simple(found) if len(p) == 4] == [*pieces[:hit], *pieces[hit + 1 :]], at
        start = ends[hit - 1] if hit else 0
        assert [(p.start, p.end) for p in found if isinstance(p, Damage)] == [(start, ends[hit])], at


@pytest.mark.covers("D3")
def test_a_page_of_zeros_is_stepped_over() -> None:
    """Some file systems give zeros for what had not been flushed."""
    before = frame(Kind.OPEN, 1, body=b"x" * 100)
    after = frame(Kind.CLOSE, 1, at=len(before) + 4096)
    found = list(decode(before + bytes(4096) + after, ended=True, seal=seal()))
    assert simple(found) == [(Kind.OPEN, new_id(1), b"{}", b"x" * 100), (len(before), len(before) + 4096), (Kind.CLOSE, new_id(1), b"{}", b"")]


def test_a_journal_on_disk_is_read_back(tmp_path: Path) -> None:
    """Writer and reader agree, across segments, and the meta survives whole."""
    j = Journal(tmp_path, "w", segment_bytes=2000, key=KEY)
    ids = [new_id(n) for n in range(8)]
    for id in ids:
        assert j.open(id, opened(id, tags={"k": "ü"}), b"question")
        assert j.part(Kind.REPLY_PART, id, b"some")
        assert j.close(id, closed(id, time_to_first_chunk_s=0.25), b"answer")
    j.shut()
    files = segments(j.directory)
    frames = [piece for path in files for piece in read(path, KEY) if isinstance(piece, Frame)]
    assert len(files) > 2 and all(path.stat().st_size <= 2000 and path.stat().st_mode & 0o777 == 0o600 for path in files)
    assert [f.id for f in frames] == [id for id in ids for _ in range(3)]
    assert frames[0].opened() == opened(ids[0], tags={"k": "ü"})
    assert frames[2].closed() == closed(ids[0], time_to_first_chunk_s=0.25)
    assert (j.written, j.lost, j.bodies_lost) == (24, 0, 0)


@pytest.mark.covers("D9")
def test_a_stream_has_one_owner_and_has_ended_when_it_has_none(tmp_path: Path) -> None:
    """Frames of two writers in one file would be garbage; and a crash is known by the lock that nobody holds."""
    j = Journal(tmp_path, "w", key=KEY)
    assert journal.take_lock(j.directory / "lock") is None
    assert has_ended(j.directory) is False
    j.shut()
    assert has_ended(j.directory) is True
    assert has_ended(tmp_path / "never") is True


@pytest.mark.covers("D7")
def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Running without a journal quietly would be the worst of all."""
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match=str(tmp_path / "file")):
        Journal(tmp_path / "file", "w", key=KEY)


_FULL = """
import resource, signal, sys
from pathlib import Path
from gateway.journal import Journal
from tests.support.recording import KEY, closed, new_id, opened
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal(Path(sys.argv[1]), "w", key=KEY)
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
wrote = [journal.open(new_id(n), opened(new_id(n)), b"x" * 3000) for n in range(3)]
wrote.append(journal.close(new_id(0), closed(new_id(0)), b"y" * 3000))
while journal.open(new_id(9), opened(new_id(9)), b""):
    pass
print(wrote, journal.bodies_lost, journal.lost)
"""


@pytest.mark.covers("D1")
def test_a_full_disk_costs_bodies_first_and_then_rows_counted(tmp_path: Path) -> None:
    """A file limit gives a short write and then an error, like a full disk: half a frame must not stay, the row must, and nothing raises."""
    done = subprocess.run([sys.executable, "-c", _FULL, str(tmp_path)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert done.stdout.strip() == "[True, True, True, True] 2 1"
    (path,) = segments(next(tmp_path.iterdir()))
    found = list(read(path, KEY))
    assert all(isinstance(piece, Frame) for piece in found)
    frames = [piece for piece in found if isinstance(piece, Frame)]
    assert [len(f.body) for f in frames[:4]] == [3000, 3000, 0, 0]
    assert (frames[2].opened().body_note, frames[3].closed().body_note) == ("dropped_disk", "dropped_disk")


def test_a_refused_request_has_both_frames_for_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a flood what is turned away must cost little, and is on record like anything else."""
    j = Journal(tmp_path, "w", key=KEY)
    j.open(new_id(1), opened(new_id(1)), b"before")
    writes: list[int] = []
    writev = os.writev

    def counted(fd: int, buffers: list[bytes]) -> int:
        writes.append(len(buffers))
        return writev(fd, buffers)

    monkeypatch.setattr(os, "writev", counted)
    j.refuse(new_id(2), opened(new_id(2)), b"asked", closed(new_id(2)), b"told")
    assert writes == [4]
    j.close(new_id(1), closed(new_id(1)), b"after")
    j.shut()
    (path,) = segments(j.directory)
    found = [piece for piece in read(path, KEY) if isinstance(piece, Frame)]
    assert [(f.kind, f.id, f.body) for f in found] == [
        (Kind.OPEN, new_id(1), b"before"),
        (Kind.OPEN, new_id(2), b"asked"),
        (Kind.CLOSE, new_id(2), b"told"),
        (Kind.CLOSE, new_id(1), b"after"),
    ]
    assert j.written == 4
    assert found[1].opened() == opened(new_id(2)) and found[2].closed() == closed(new_id(2))


@pytest.mark.covers("D1")
def test_a_refused_request_that_finds_no_room_for_both_frames_keeps_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the two frames is undone, and each is written as far as there is room: bodies go before rows."""
    j = Journal(tmp_path, "w", key=KEY)
    writev = os.writev

    def short(fd: int, buffers: list[bytes]) -> int:
        whole = b"".join(buffers)
        return os.write(fd, whole[:300]) if len(whole) > 2000 else writev(fd, buffers)

    monkeypatch.setattr(os, "writev", short)
    j.refuse(new_id(2), opened(new_id(2)), b"a" * 3000, closed(new_id(2)), b"told")
    j.shut()
    (path,) = segments(j.directory)
    found = list(read(path, KEY))
    assert all(isinstance(piece, Frame) for piece in found)
    assert [(f.kind, f.body) for f in found if isinstance(f, Frame)] == [(Kind.OPEN, b""), (Kind.CLOSE, b"told")]
    assert (j.bodies_lost, j.lost, j.written) == (1, 0, 2)


@pytest.mark.covers("D1")
@pytest.mark.parametrize("undone", [True, False])
def test_of_a_refused_request_the_frame_that_is_whole_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undone: bool) -> None:
    """A reader may have seen it already: taken back and written anew, shorter, it would leave the reader in the middle of the next; written anew behind it, the request would be there twice. undone: a half frame can be."""
    j = Journal(tmp_path, "w", key=KEY)
    writev, truncate, full = os.writev, os.ftruncate, True
    lengths: list[int] = []

    def short(fd: int, buffers: list[bytes]) -> int:
        whole = b"".join(buffers)
        return os.write(fd, whole[:-10]) if full and len(buffers) > 2 else writev(fd, buffers)

    def truncated(fd: int, length: int) -> None:
        if not undone:
            raise OSError(errno.EIO, "no")
        lengths.append(length)
        truncate(fd, length)

    monkeypatch.setattr(os, "writev", short)
    monkeypatch.setattr(os, "ftruncate", truncated)
    j.refuse(new_id(2), opened(new_id(2)), b"asked", closed(new_id(2)), b"told")
    full = False
    j.refuse(new_id(3), opened(new_id(3)), b"", closed(new_id(3)), b"")
    j.shut()
    (path,) = segments(j.directory)
    found = list(read(path, KEY))
    frames = [piece for piece in found if isinstance(piece, Frame)]
    assert [(f.kind, f.id, f.body) for f in frames[:2]] == [(Kind.OPEN, new_id(2), b"asked"), (Kind.CLOSE, new_id(2), b"told")]
    assert [f.id for f in frames[2:]] == [new_id(3)] * 2
    assert (lengths, len(found) - len(frames)) == ([frames[0].end], 0) if undone else ([], 1)
    assert (j.bodies_lost, j.lost, j.written) == (0, 0, 4)


@pytest.mark.covers("D5")
def test_a_commit_covers_what_was_written_before_it_and_commits_share_a_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`strict` promises that a power cut loses nothing that was answered; a sync for each of a thousand exchanges would be unaffordable."""
    j = Journal(tmp_path, "w", key=KEY)
    size_at_sync: list[int] = []
    sync = os.fdatasync

    def counted(fd: int) -> None:
        size_at_sync.append(os.fstat(fd).st_size)
        sync(fd)

    monkeypatch.setattr(os, "fdatasync", counted)

    async def one(n: int) -> int:
        j.open(new_id(n), opened(new_id(n)), b"")
        upto = j._size
        await j.commit()
        return upto

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(one(n) for n in range(50)))

    sizes = asyncio.run(all_of_them())
    assert max(sizes) <= max(size_at_sync)
    assert len(size_at_sync) <= 3
    j.shut()


def test_a_sync_that_fails_after_the_end_begins_no_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that leaves while a disk dies has given its stream up: nobody would close what was begun then, and asyncio would log that it failed."""
    j = Journal(tmp_path, "w", key=KEY)
    j.open(new_id(1), opened(new_id(1)), b"")

    async def between() -> list[dict[str, object]]:
        loop, troubles = asyncio.get_running_loop(), list[dict[str, object]]()
        loop.set_exception_handler(lambda _, context: troubles.append(context))
        sync: asyncio.Future[int] = loop.create_future()
        with monkeypatch.context() as patched:
            patched.setattr(loop, "run_in_executor", lambda *_: sync)
            committing = asyncio.ensure_future(j.commit())
            await asyncio.sleep(0)  # until it waits
        j.shut()
        sync.set_exception(OSError(errno.EIO, "Input/output error"))
        with pytest.raises(OSError, match="Input"):
            await committing
        await asyncio.sleep(0)  # for the callbacks
        return troubles

    assert asyncio.run(between()) == []
    assert len(segments(j.directory)) == 1


@pytest.mark.covers("D5")
def test_a_commit_between_the_end_of_a_sync_and_its_callback_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A future that is done is not waited for: whoever asks again and again for it keeps the loop from ever calling its callbacks."""
    j = Journal(tmp_path, "w", key=KEY)
    j.open(new_id(1), opened(new_id(1)), b"")
    asked = 0
    shield = asyncio.shield

    def counted(future: asyncio.Future[int]) -> asyncio.Future[int]:
        nonlocal asked
        asked += 1
        assert asked < 100, "it goes round and round"
        return shield(future)

    async def between() -> None:
        loop = asyncio.get_running_loop()
        sync: asyncio.Future[int] = loop.create_future()
        monkeypatch.setattr(loop, "run_in_executor", lambda *_: sync)
        monkeypatch.setattr(asyncio, "shield", counted)
        first = asyncio.create_task(j.commit())
        await asyncio.sleep(0)  # until it waits
        sync.set_result(j.written)
        late = j.commit()
        with pytest.raises(StopIteration):
            late.send(None)
        await first

    asyncio.run(between())
    assert asked == 2
    j.shut()


def test_a_new_segment_begins_when_the_old_one_is_old(tmp_path: Path) -> None:
    """A quiet gate's records must become deletable too; an empty segment is not worth a new one."""
    j = Journal(tmp_path, "w", segment_age_s=-1.0, key=KEY)
    j.seal_if_old()
    assert len(segments(j.directory)) == 1
    j.open(new_id(1), opened(new_id(1)), b"")
    j.seal_if_old()
    assert len(segments(j.directory)) == 2
    j.shut()


def test_the_opened_of_a_frame_is_what_was_written() -> None:
    """Defaults are part of the format: a reader must not need the writer's arguments."""
    minimal = Opened("ab", 1, "w", "p", "d", "o", "GET", "/x")
    (found,) = decode(frame(Kind.OPEN, 1, meta=orjson.dumps(minimal)), ended=True, seal=seal())
    assert isinstance(found, Frame) and found.opened() == minimal
