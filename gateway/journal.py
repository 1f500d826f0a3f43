"""The journal: what the data plane promises to remember, as files that both planes share.

Layout.  `<data_dir>/journal/<stream>/` is one *stream*: the frames of one worker process, from its start to its end. It holds
`lock`, held with flock by the process as long as it lives, and the segments `00000001.seg`, `00000002.seg`, ... A stream
whose lock can be taken has ended: no frame will follow, and opens without a close are crashes.

Frames.  A segment is a sequence of frames, nothing else:

    magic "TGJ1" | version u8 | kind u8 | flags u16 | meta length u32 | body length u32 | exchange id 16 bytes
    | key id 8 bytes | salt 16 bytes | counter u64 | crc32 u32 | meta and body, sealed, and their tag 16 bytes

little endian; the CRC (zlib's CRC-32) covers everything but itself. meta is JSON (`Opened`, `Closed`), body is raw bytes; both can be read with the
installation's key alone (journal_seal.py). The CRC is over what is on disk, so that damage and a wrong key are not taken for one another. Version 1,
which is read and not written any more, has neither seal nor the fields that it needs. Kinds: OPEN (request), PART (more of a body too long for one frame), CLOSE (reply and timings). PARTs of a request follow its OPEN,
PARTs of a reply come before its CLOSE. All frames of one exchange are in one stream, in order; exchanges interleave.

Durability.  One `write` per frame (both frames of a refused request in one), before the bytes it stands for are promised: it survives kill -9 of the process. `normal` syncs in
the background every 100 ms, `strict` before the promise (`Journal.commit`): that is what survives a power cut. A sync that fails may have thrown away
what it was asked to write, and says so once; a second one of the same file would succeed over the hole. So that segment is never synced again, nothing that
was in it and not yet synced is ever promised, and what follows goes to a new one. Nor is an exchange that has frames on both sides: `commit` is told where its frames begin.

Damage.  A reader that meets a broken frame looks for the next magic with a right CRC and goes on; what it stepped over is
counted and reported, never silently. A torn tail of a stream that has ended is the same thing. A whole frame that the key does not open is
stepped over in the same way, as `Damage.locked`.

Deliberately absent: an index, compaction, reuse of files. Segments are sealed by size and age and deleted by the recorder.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO, NamedTuple
from zlib import crc32

import orjson

from gateway import held_json
from gateway.durable import sync_directory
from gateway.errors import JournalError
from gateway.exchange import BodyNote, Closed, Opened
from gateway.journal_seal import HEAD, MAGIC, SEALED, TAG_BYTES, Seal

PART_BYTES = 256 * 1024  # a longer body is cut into frames of this size, so that no write holds the event loop for long
MAX_META_BYTES = 1 << 20
MAX_OWED = 10_000
MAX_BODY_BYTES = 1 << 20
_PLAIN = 1  # the version before there were keys
_PLAIN_HEAD = struct.Struct("<4sBBHII16s")  # what every version begins with
_CRC = struct.Struct("<I")
HEAD_BYTES = HEAD.size + _CRC.size
_AROUND_BYTES = HEAD_BYTES + TAG_BYTES  # what a frame is longer than its meta and body
MAX_FRAME_BYTES = MAX_META_BYTES + MAX_BODY_BYTES + _AROUND_BYTES
SEGMENT = ".seg"


class Kind(IntEnum):
    OPEN = 1
    REQUEST_PART = 2
    REPLY_PART = 3
    CLOSE = 4


class Frame(NamedTuple):
    """One frame as read. start, end: its place in the segment, bytes. meta, body: still encoded."""

    kind: Kind
    id: bytes
    meta: bytes
    body: bytes
    start: int
    end: int

    def opened(self) -> Opened:
        return Opened(**orjson.loads(self.meta))

    def closed(self) -> Closed:
        return Closed(**orjson.loads(self.meta))


_Written = tuple[Kind, bytes, bytes | memoryview]  # kind, meta, body of a frame to be written
_make = tuple.__new__  # a NamedTuple's own constructor takes three times as long
_KINDS = (None, *Kind)  # by number; asking the class takes ten times as long
_OPEN, _CLOSE = Kind.OPEN, Kind.CLOSE  # and so does asking it by name


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no frame: a flipped bit, a torn write, a hole. locked: whole frames, which the key does not open at this place."""

    start: int
    end: int
    locked: bool = False


def encode(seal: Seal, kind: Kind, id: bytes, meta: bytes, body: bytes | memoryview, offset: int) -> tuple[bytes, bytes]:
    """One frame as the two buffers of a writev. id: 16 bytes. offset: where in its segment it will stand."""
    head, content = seal.close(kind, id, meta, body, offset)
    return head + crc32(content, crc32(head)).to_bytes(4, "little"), content


def decode(buffer: bytes | memoryview, base: int = 0, *, ended: bool, seal: Seal | None) -> Iterator[Frame | Damage]:
    """Read frames from the start of a buffer.

    base: the buffer's offset in its segment.  ended: nothing will be appended, so an incomplete tail is damage; otherwise it is
    left for the next call, which starts at the end of the last thing yielded.  seal: the segment's; None opens version 1 alone.
    """
    view = bytes(buffer)
    whole = memoryview(view)
    size, at, bad, locked = len(view), 0, -1, False
    while at < size:
        end = _frame_end(view, whole, at)
        if end > 0:
            frame = _frame(view, whole, at, end, base, seal)
            if bad >= 0 and (frame is not None or not locked):
                yield Damage(base + bad, base + at, locked)
                bad = -1
            if frame is not None:
                yield frame
            elif bad < 0:
                bad, locked = at, True
            at = end
            continue
        if bad >= 0 and locked:
            yield Damage(base + bad, base + at, True)
            bad, locked = -1, False
        if end == 0 and bad < 0 and not ended:
            break  # may still be growing
        if bad < 0:  # broken, or incomplete with nothing to follow
            bad, locked = at, False
        found = view.find(MAGIC, at + 1)
        if found < 0:
            at = size if ended else max(at + 1, size - len(MAGIC) + 1)
            break
        at = found
        if not ended and _frame_end(view, whole, found) == 0:
            break
    if bad >= 0:
        yield Damage(base + bad, base + at, locked)


def read(segment: Path, key: bytes) -> Iterator[Frame | Damage]:
    """All of a segment that will not grow. Raises OSError."""
    return decode(segment.read_bytes(), ended=True, seal=Seal(key, segment.parent.name, int(segment.stem)))


def _frame_end(view: bytes, whole: memoryview, at: int) -> int:
    """End of the frame at `at`; 0: cut off by the end of the buffer; -1: not a frame. whole: of `view`."""
    left = len(view) - at
    if left < _PLAIN_HEAD.size:
        return 0 if MAGIC.startswith(view[at : at + 4]) else -1
    magic, version, kind, _, meta_len, body_len, _ = _PLAIN_HEAD.unpack_from(view, at)
    if magic != MAGIC or version not in (_PLAIN, SEALED) or not 1 <= kind <= 4 or meta_len > MAX_META_BYTES or body_len > MAX_BODY_BYTES:
        return -1
    head = HEAD.size if version == SEALED else _PLAIN_HEAD.size
    end: int = at + head + _CRC.size + meta_len + body_len + (TAG_BYTES if version == SEALED else 0)
    if end > len(view):
        return 0
    (crc,) = _CRC.unpack_from(view, at + head)
    return end if crc32(whole[at + head + _CRC.size : end], crc32(whole[at : at + head])) == crc else -1


def _frame(view: bytes, whole: memoryview, at: int, end: int, base: int, seal: Seal | None) -> Frame | None:
    """The frame there, whose CRC is right; None if it cannot be opened."""
    _, version, kind, _, meta_len, _, id = _PLAIN_HEAD.unpack_from(view, at)
    if version == _PLAIN:
        content: bytes | None = view[at + _PLAIN_HEAD.size + _CRC.size : end]
    else:
        content = None if seal is None else seal.open(view[at : at + HEAD.size], whole[at + HEAD_BYTES : end], base + at)
    return None if content is None else _make(Frame, (_KINDS[kind], id, content[:meta_len], content[meta_len:], base + at, base + end))


class Journal:
    """The writer of one stream. One owner, one thread; never blocks on anything but the page cache.

    A frame that cannot be written whole (disk full, file limit) is undone; `open` then tries again without the body, and
    `lost` counts the open frames that found no room, also where there was some later, and the close frames that are not even owed. Nothing here raises on a full disk: the relay goes on.
    """

    def __init__(self, root: Path, name: str, *, segment_bytes: int = 64 << 20, segment_age_s: float = 30.0, key: bytes) -> None:
        """key: see `journal_seal.journal_key`. Raises JournalError."""
        self.directory = root / f"{name}-{time.time_ns():x}-{os.getpid():x}"
        self.segment_bytes, self.segment_age_s = segment_bytes, segment_age_s
        self.lost = 0  # frames that found no room
        self.bodies_lost = 0  # bodies left out so that the row could stay
        self.written = 0  # frames written
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)  # by itself: as a parent it would get the umask's mode
            self.directory.mkdir(mode=0o700)
            self._lock = take_lock(self.directory / "lock")
        except OSError as e:
            raise JournalError(f"{self.directory}: {e.strerror}; the journal needs a directory it can write to") from e
        if self._lock is None:
            raise JournalError(f"{self.directory}: owned by another process")
        self._key, self._number = key, 0
        self._fd, self._size = -1, 0
        self._seal: Seal
        self._owed: dict[bytes, tuple[_Written, ...]] = {}  # close frames without room, and open frames that had none before them
        self._unopened: dict[bytes, Opened] = {}  # of exchanges whose open frame found none: it is tried again with the close frame, which says nothing of who asked for what
        self._full: list[int] = []  # full segments, not yet synced
        self._new_file = False
        self._synced = 0  # frames known to survive a power cut
        self._condemned = -1  # frames written when a sync failed: of those, what was not synced before never will be
        self._stuck = False  # there was no room for another segment then
        self._rooted = False  # the stream's own directory is known to survive one, too
        self._sync: asyncio.Future[int] | None = None
        self._roll()

    # ------------------------------------------------------------------ frames

    def open(self, id: bytes, opened: Opened, body: bytes | memoryview) -> bool:
        """Write a request's frame. False: no room, the exchange is not on record."""
        if self._append(id, (_OPEN, orjson.dumps(opened.__dict__), body)) or self._write_less(_OPEN, id, opened, body):
            return True
        if len(self._unopened) < MAX_OWED:
            self._unopened[id] = opened
        self.lost += 1
        return False

    def part(self, kind: Kind, id: bytes, body: bytes | memoryview) -> bool:
        """Write more of a body: at most PART_BYTES."""
        if self._append(id, (kind, b"", body)):
            return True
        self.bodies_lost += 1
        return False

    def close(self, id: bytes, closed: Closed, body: bytes) -> bool:
        """Write a reply's frame. False: no room; it is owed, without its body, and `write_owed` tries again."""
        owed: tuple[_Written, ...] = ()
        if self._unopened and (opened := self._unopened.pop(id, None)) is not None:
            late = (_OPEN, held_json.dumps(opened.__dict__), b"")
            owed = () if self._append(id, late) else (late,)
        if not owed and (self._append(id, (_CLOSE, orjson.dumps(closed.__dict__), body)) or self._write_less(_CLOSE, id, closed, body)):
            return True
        if len(self._owed) >= MAX_OWED:
            self.lost += 1
            return False
        if body:
            closed.body_note = BodyNote.DISK.value
        self._owed[id] = (*owed, (_CLOSE, held_json.dumps(closed.__dict__), b""))
        return False

    def write_owed(self) -> None:
        """Write the frames that found no room, as far as there is room now: an exchange without its close frame would hold its segment for ever."""
        for id, frames in list(self._owed.items()):
            written = self._append(id, *frames)
            if written < len(frames):
                self._owed[id] = frames[written:]
                return
            del self._owed[id]

    def refuse(self, id: bytes, opened: Opened, request: bytes, closed: Closed, reply: bytes) -> None:
        """Write both frames of an exchange that goes no further than here, in one write if there is room for them."""
        written = self._append(id, (_OPEN, orjson.dumps(opened.__dict__), request), (_CLOSE, orjson.dumps(closed.__dict__), reply))
        if written < 1:
            self.open(id, opened, request)
        if written < 2:
            self.close(id, closed, reply)

    def _write_less(self, kind: Kind, id: bytes, meta: Opened | Closed, body: bytes | memoryview) -> bool:
        """A frame found no room: write it without its body, if it has one."""
        if body:
            meta.body_note = BodyNote.DISK.value
            if self._append(id, (kind, orjson.dumps(meta.__dict__), b"")):
                self.bodies_lost += 1
                return True
        return False

    def _append(self, id: bytes, *frames: _Written) -> int:
        """Write frames of one exchange, in one write. frames: kind, meta, body. Returns how many are there whole: of what found no room nothing stays, and a reader may have seen the others."""
        size = 0
        for _, meta, body in frames:
            size += len(meta) + len(body) + _AROUND_BYTES
        if self._size + size > self.segment_bytes and self._size:
            with contextlib.suppress(OSError):  # no descriptor, no room for a new file: the old one may still have some
                self._roll()
        at, seal = self._size, self._seal
        buffers: list[bytes] = []
        for kind, meta, body in frames:
            buffers += encode(seal, kind, id, meta, body, at)
            at += len(meta) + len(body) + _AROUND_BYTES
        try:
            wrote = os.writev(self._fd, buffers)
        except OSError:
            wrote = 0
        if wrote != size:
            return self._keep(frames, wrote)
        self._size = at
        self.written += len(frames)
        return len(frames)

    def _keep(self, frames: Sequence[_Written], wrote: int) -> int:
        """Of frames whose first `wrote` bytes are written, keep those that are whole. Returns how many."""
        whole = 0
        for _, meta, body in frames:
            size = len(meta) + len(body) + _AROUND_BYTES
            if size > wrote:
                break
            self._size += size
            wrote -= size
            whole += 1
        self.written += whole
        if wrote > 0:  # undo half a frame; if even that fails the reader steps over it
            try:
                os.ftruncate(self._fd, self._size)
            except OSError:
                self._size += wrote
        return whole

    # ------------------------------------------------------------------ segments

    def _roll(self) -> None:
        number = self._number + 1
        path = self.directory / f"{number:08d}{SEGMENT}"
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        if self._fd >= 0:
            self._full.append(self._fd)
        self._fd, self._number, self._size, self._born = fd, number, 0, time.monotonic()
        self._seal = Seal(self._key, self.directory.name, number)
        self._new_file = True

    def seal_if_old(self) -> None:
        """Begin a new segment when this one has been open for long, so that it can be deleted once stored."""
        if self._size and time.monotonic() - self._born > self.segment_age_s:
            try:
                self._roll()
            except OSError:
                self._born = time.monotonic()  # no room for a new file: the old one goes on

    # ------------------------------------------------------------------ durability

    async def commit(self, since: int | None = None) -> None:
        """Return when everything written before the call survives a power cut. Calls share one sync (group commit). Raises OSError.

        since: `written` before the first of the frames that this is about: they may be in a segment that was given up meanwhile; None: it is the last one.
        """
        upto = self.written
        if (upto - 1 if since is None else since) < self._condemned:
            raise OSError(errno.EIO, "its segment could not be synced")
        while self._synced < upto:
            if self._sync is None:
                self._sync = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(None, self._sync_files, self._take_unsynced()))
                self._sync.add_done_callback(self._sync_ended)
            sync = self._sync
            await asyncio.shield(sync)
            self._sync_ended(sync)  # one that is done is not waited for, and its callback may be yet to come: without this, the loop would never let it

    def _take_unsynced(self) -> tuple[int, list[int], int, bool]:
        if self._stuck:
            self._condemn()
            raise OSError(errno.EIO, "its segment could not be synced")
        current = os.dup(self._fd)  # first: it may fail, and then nothing is taken
        full, self._full = self._full, []
        new_file, self._new_file = self._new_file, False
        return self.written, full, current, new_file

    def _sync_files(self, work: tuple[int, list[int], int, bool]) -> int:
        upto, full, current, new_file = work
        problem: OSError | None = None
        for fd in (*full, current):
            try:
                os.fdatasync(fd)
            except OSError as e:
                problem = e
            finally:
                os.close(fd)
        if new_file:
            sync_directory(self.directory)
        if not self._rooted:
            sync_directory(self.directory.parent)
            sync_directory(self.directory.parent.parent)
            self._rooted = True
        if problem is not None:
            raise problem
        return upto

    def _sync_ended(self, sync: asyncio.Future[int]) -> None:
        if self._sync is sync:
            self._sync = None
            if not sync.cancelled() and sync.exception() is not None:
                self._condemn()
        if not sync.cancelled() and sync.exception() is None:
            self._synced = max(self._synced, sync.result())

    def _condemn(self) -> None:
        """Leave a segment whose sync has failed, whatever else was written to it meanwhile. All who wait for a sync have waited for this one."""
        if self._fd < 0:
            return  # shut meanwhile: a new segment would be nobody's
        failed = self._fd
        try:
            self._roll()
            self._full.remove(failed)
            os.close(failed)
            self._stuck = False
        except OSError:
            self._stuck = True
        if self.written > self._synced:
            self._condemned = self.written

    def shut(self) -> None:
        """Sync, close and give up the stream. The files stay for the recorder."""
        if self._fd >= 0:
            with contextlib.suppress(OSError):  # what a dying disk did not take is lost with or without an exception here
                self._sync_files((self.written, self._full, self._fd, True))
            self._fd, self._full = -1, []
        if self._lock:
            self._lock.close()
            self._lock = None


def take_lock(path: Path) -> IO[bytes] | None:
    """Take a lock file for as long as it stays open; None if somebody has it."""
    file = open(path, "ab")  # noqa: SIM115  the open file is the lock
    os.chmod(path, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def has_ended(stream: Path) -> bool:
    """True if no process owns the stream: no frame will follow."""
    try:
        lock = take_lock(stream / "lock")
    except FileNotFoundError:
        return True
    if lock is None:
        return False
    lock.close()
    return True


def segments(stream: Path) -> list[Path]:
    """The stream's segments, oldest first."""
    return sorted(stream.glob(f"*{SEGMENT}"))
