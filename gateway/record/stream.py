"""One journal stream as the recorder reads it: which exchanges are open, which have ended, and what may be deleted.

A stream is read once, front to back, in chunks; what is kept of an open exchange is where its frames lie, not the frames, so a
million open exchanges fit in memory. An exchange is *accepted* when its first readable frame is met, and becomes an `Item` when its CLOSE
is, or when the stream has ended without one (a crash). Items wait in `ready`, in the stream's order; what is done with them is
told to `settle`, in the same order.

Positions are triples (phase, segment, offset) that only grow: phase 0 are the CLOSE frames, by their end; phase 1 the exchanges without
one, by the start of their first frame; END is behind everything. A position P means: all items up to P are settled, i.e. stored,
quarantined or dropped, and all first frames up to P have been counted as accepted. After a restart the retained segments are read again from
the start; up to P nothing is counted and no item is made, which rebuilds exactly what was open at P.

A segment is deleted when it is sealed, P is beyond it and no unsettled exchange has a frame in it. That may leave an older segment behind
(one slow exchange holds it), whose other exchanges would then look open after a restart: their ids are kept as `gone`, in the checkpoint.

Frames that no exchange can own (a second CLOSE, a part after it) are strays: counted, never a second row.
"""

from __future__ import annotations

import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gateway.journal import MAX_FRAME_BYTES, SEGMENT, Damage, Frame, Kind, decode
from gateway.journal_seal import Seal, key_id, sealed_by

Position = tuple[int, int, int]
START: Position = (0, 0, 0)
END: Position = (2, 0, 0)
WINDOW_BYTES = 96 << 10  # a longer one would be mapped by itself (gateway.allocator), and a fresh page costs more than what is read into it
MAX_WINDOW_BYTES = MAX_FRAME_BYTES  # no frame is longer
OnDamage = Callable[[str, int, int, bytes, bool], None]
RECENT = 4096  # ids of closed exchanges that are remembered, to know strays
_make = tuple.__new__  # a NamedTuple's own constructor takes three times as long
FEW, FEW_BYTES = 16, 256 << 10  # exchanges whose rows are made together, and their frames: more gain nothing
_FRAME_OVERHEAD = 300  # bytes of a Frame beside its meta and body


class Tally(NamedTuple):
    """What has been counted on the way through a stream, or the difference of two such counts."""

    accepted: int = 0
    damaged: int = 0  # places where bytes were no frame
    damaged_bytes: int = 0
    strays: int = 0

    def minus(self, other: Tally) -> Tally:
        return Tally(self.accepted - other.accepted, self.damaged - other.damaged, self.damaged_bytes - other.damaged_bytes, self.strays - other.strays)


@dataclass(slots=True)
class Mark:
    """What a checkpoint knows of a stream. at: the settled position. open: exchanges open there. gone: segment -> ids, see the module."""

    at: Position = START
    open: int = 0
    gone: dict[int, set[bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class Item:
    """An exchange that has ended. refs: its frames' places, (segment, start, end) one after the other. frames: them, if still in memory."""

    stream: Stream
    id: bytes
    at: Position
    refs: tuple[int, ...]
    frames: list[Frame] | None
    tally: Tally  # of the stream, at this position
    open: int  # of the stream, after this position
    mark: int  # CRC of the CLOSE's meta, 0 without one

    @property
    def size(self) -> int:
        """Bytes of its frames."""
        return sum(self.refs[2::3]) - sum(self.refs[1::3])


class FrameCache:
    """Frames of exchanges that are still open, so that most need not be read twice. Oldest out first; all of an exchange or nothing."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit, self._size = limit_bytes, 0
        self._frames: dict[bytes, list[Frame]] = {}

    def add(self, frame: Frame, *, first: bool) -> None:
        if first:
            self._frames[frame.id] = [frame]
        elif (known := self._frames.get(frame.id)) is not None:
            known.append(frame)
        else:
            return
        self._size += len(frame.meta) + len(frame.body) + _FRAME_OVERHEAD
        while self._size > self._limit and self._frames:
            self.pop(next(iter(self._frames)))

    def pop(self, id: bytes) -> list[Frame] | None:
        frames = self._frames.pop(id, None)
        if frames is not None:
            self._size -= sum(len(f.meta) + len(f.body) + _FRAME_OVERHEAD for f in frames)
        return frames


class Stream:
    """See the module. on_damage is given (stream name, segment, offset, bytes, whether they are whole but locked) of what was stepped over, once."""

    def __init__(self, path: Path, mark: Mark, cache: FrameCache, on_damage: OnDamage, *, key: bytes) -> None:
        """key: the journal's."""
        self.path, self.name = path, path.name
        self._key, self._seal = key, Seal(key, path.name, 0)
        self.ended = False  # set by the owner when no process holds the stream's lock; it is then read to its end
        self.finished = False  # everything is read, and what was left open has become items
        self.crossed = False  # the mark is behind us: from here on things are counted
        self.lost = 0  # exchanges that were open at the mark and whose frames cannot be read any more
        self.ready: deque[Item] = deque()
        self.unsettled = 0  # items made and not settled
        self.settled, self.settled_open = mark.at, mark.open
        self.gone = {number: set(ids) for number, ids in mark.gone.items() if self.segment(number).exists()}
        self._mark, self._cache, self._on_damage = mark, cache, on_damage
        self._pending: dict[bytes, tuple[int, ...]] = {}
        self._recent: dict[bytes, None] = {}
        self._accepted = self._damaged = self._damaged_bytes = self._strays = 0
        self._settled_tally = Tally()
        self._damage_end = (0, 0)
        self._number, self._offset, self._fd = 0, 0, -1
        self._held: dict[int, int] = {}  # segment -> frames of unsettled exchanges in it
        self._closed_in: dict[int, list[tuple[int, bytes]]] = {}  # segment -> (older segment, id) of exchanges closed in it
        self.sealed: dict[int, int] = {}  # segments that are read to their end and still there -> bytes

    # ------------------------------------------------------------------ counts

    @property
    def begun(self) -> bool:
        """A segment has been met, so the stream's writer has had its lock."""
        return self._number > 0

    @property
    def in_journal(self) -> int:
        """Exchanges accepted here and not settled."""
        return len(self._pending) + self.unsettled

    @property
    def tally(self) -> Tally:
        return _make(Tally, (self._accepted, self._damaged, self._damaged_bytes, self._strays))

    @property
    def unsettled_tally(self) -> Tally:
        """What was counted beyond the settled position."""
        return self.tally.minus(self._settled_tally)

    # ------------------------------------------------------------------ reading

    def read(self) -> bool:
        """Read one chunk, append to `ready`. False: nothing there now."""
        if self.finished:
            return False
        if self._fd < 0 and not self._enter(self._later()):
            if self.ended:
                self._finish()
                return True
            self._cross()
            return False
        if self._consume(final=False):
            return True
        later = self._later()  # looked up before the last read of this segment: a writer never goes back to an older one
        if later is None and not self.ended:
            self._cross()
            return False
        while self._consume(final=True):
            pass
        self.sealed[self._number] = self._offset
        self._leave()
        if not self._enter(later) and self.ended:
            self._finish()
        return True

    def passed(self, position: Position) -> bool:
        """Whether every item up to the position has been made."""
        return self.finished or (position[0] == 0 and (0, self._number, self._offset) >= position)

    def _later(self) -> int | None:
        try:
            numbers = [int(name[: -len(SEGMENT)]) for name in os.listdir(self.path) if name.endswith(SEGMENT) and name[: -len(SEGMENT)].isdigit()]
        except FileNotFoundError:
            return None
        return min((n for n in numbers if n > self._number), default=None)

    def segment(self, number: int) -> Path:
        return self.path / f"{number:08d}{SEGMENT}"

    def _enter(self, number: int | None) -> bool:
        if number is None:
            return False
        self._number, self._offset = number, 0
        self._fd = os.open(self.segment(number), os.O_RDONLY | os.O_CLOEXEC)
        self._seal = Seal(self._key, self.name, number)
        return True

    def _leave(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    close = _leave

    def _consume(self, *, final: bool) -> bool:
        """Decode what lies at the offset. final: the segment will not grow. False: not one frame more."""
        base, number = self._offset, self._number
        broken = self._damage_end == (number, base)  # and may be for long: what is stepped over is told, and kept, a window at a time
        for window in (MAX_WINDOW_BYTES,) if broken else (WINDOW_BYTES, MAX_WINDOW_BYTES):
            data = os.pread(self._fd, window, base)
            if not data:
                return False
            whole = final and base + len(data) >= os.fstat(self._fd).st_size
            for piece in decode(data, base, ended=whole, seal=self._seal):
                self._offset = piece.end
                if isinstance(piece, Damage):
                    self._step_over(number, piece, data[piece.start - base : piece.end - base])
                elif piece.kind is Kind.CLOSE:
                    self._close(number, piece)
                else:
                    self._open(number, piece)
            if self._offset > base:
                return True
            if len(data) < window:
                break
        return False

    def _is_old(self, number: int, end: int) -> bool:
        if (0, number, end) <= self._mark.at:
            return True
        if not self.crossed:
            self._cross()
        return False

    def _cross(self) -> None:
        """The mark is reached. What was open there and is not found any more was destroyed since (a power cut, a bad disk)."""
        if not self.crossed and self._mark.at[0] == 0:
            self.crossed = True
            self.lost = self._mark.open - len(self._pending)
            self.settled_open = len(self._pending)

    def _open(self, number: int, frame: Frame) -> None:
        """An OPEN or a PART."""
        key, old = frame.id, self._is_old(number, frame.end)
        refs = self._pending.get(key)
        if refs is None:
            if key in self._recent or key in self.gone.get(number, ()):
                self._strays += not old
                return
            self._accepted += not old
            refs = ()
        self._pending[key] = (*refs, number, frame.start, frame.end)
        self._held[number] = self._held.get(number, 0) + 1
        self._cache.add(frame, first=not refs)

    def _close(self, number: int, frame: Frame) -> None:
        key, old = frame.id, self._is_old(number, frame.end)
        refs, frames = self._pending.pop(key, None), self._cache.pop(key)
        known = key in self._recent
        self._recent[key] = None
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        if refs is None and (old or known):
            self._strays += not old
            return
        if refs is None:  # its OPEN could not be written, or read: the row says what the CLOSE knows
            self._accepted += 1
            refs, frames = (), []
        elif refs[0] != number:
            self._closed_in.setdefault(number, []).extend((n, key) for n in {*refs[::3]} - {number})
        if old:
            self._release(refs)
            return
        self._held[number] = self._held.get(number, 0) + 1
        if frames is not None:
            frames.append(frame)
        refs = (*refs, number, frame.start, frame.end)
        self._make(Item(self, key, (0, number, frame.end), refs, frames, self.tally, len(self._pending), zlib.crc32(frame.meta)))

    def _finish(self) -> None:
        """The stream has ended: what is still open is a crash."""
        self._cross()
        left = []
        for key, refs in self._pending.items():
            at = (1, refs[0], refs[1])
            if at <= self._mark.at:
                self._release(refs)
            else:
                left.append((key, at, refs))
        if not self.crossed:
            self.crossed, self.lost = True, self._mark.open - len(left)
            self.settled_open = len(left)
        self._pending = {}
        for n, (key, at, refs) in enumerate(left, 1):
            self._make(Item(self, key, at, refs, self._cache.pop(key), self.tally, len(left) - n, 0))
        self.finished = True

    def _make(self, item: Item) -> None:
        self.unsettled += 1
        self.ready.append(item)

    def _step_over(self, number: int, damage: Damage, data: bytes) -> None:
        goes_on, self._damage_end = self._damage_end == (number, damage.start), (number, damage.end)
        if self._is_old(number, damage.end):
            return
        self._damaged += not goes_on
        self._damaged_bytes += damage.end - damage.start
        self._on_damage(self.name, number, damage.start, data, damage.locked)

    def frames(self, item: Item) -> list[Frame]:
        """An item's frames in order, read again if need be. Those that cannot be read any more are left out."""
        if item.frames is not None:
            return item.frames
        return [frame for frame in self._reread(item.refs) if frame.id == item.id]

    def as_written(self, item: Item) -> Iterator[tuple[int, int, bytes]]:
        """An item's frames as they are in the journal: segment, offset and bytes of each that is there. Raises OSError."""
        for segment, start, end in zip(item.refs[::3], item.refs[1::3], item.refs[2::3], strict=True):
            with suppress(FileNotFoundError), open(self.segment(segment), "rb") as file:
                yield segment, start, os.pread(file.fileno(), end - start, start)

    def _reread(self, refs: tuple[int, ...]) -> Iterator[Frame]:
        number, fd = 0, -1
        seal: Seal | None = None
        try:
            for segment, start, end in zip(refs[::3], refs[1::3], refs[2::3], strict=True):
                if segment != number:
                    if fd >= 0:
                        os.close(fd)
                    number, fd = segment, os.open(self.segment(segment), os.O_RDONLY | os.O_CLOEXEC)
                    seal = Seal(self._key, self.name, segment)
                for piece in decode(os.pread(fd, end - start, start), start, ended=True, seal=seal):
                    if isinstance(piece, Frame):
                        yield piece
        except FileNotFoundError:
            return  # somebody emptied the directory by hand
        finally:
            if fd >= 0:
                os.close(fd)

    def locked(self) -> Path | None:
        """A segment with something left to settle that was sealed under another key; None: the key is right, or not needed any more."""
        phase, number, offset = self.settled
        if phase > 1:
            return None
        for path in sorted(self.path.glob(f"*{SEGMENT}")):
            left = phase == 1 or self.settled_open > 0 or int(path.stem) > number or (int(path.stem) == number and path.stat().st_size > offset)
            if left and sealed_by(path) not in (None, key_id(self._key)):
                return path
        return None

    # ------------------------------------------------------------------ settling

    def settle(self, items: list[Item]) -> Tally:
        """The next items of this stream, in order, are stored, quarantined or dropped. Returns what was counted up to there."""
        for item in items:
            self._release(item.refs)
        self.unsettled -= len(items)
        last = items[-1]
        return self._move(last.at, last.open, last.tally)

    def advance(self) -> Tally:
        """Move the settled position to where reading is, if nothing is in between. Returns what was counted on the way."""
        if self.unsettled or not self.crossed:
            return Tally()
        here = END if self.finished else (0, self._number, self._offset)
        return self._move(max(here, self.settled), len(self._pending), self.tally)

    def _move(self, at: Position, still_open: int, tally: Tally) -> Tally:
        counted = tally.minus(self._settled_tally)
        self.settled, self.settled_open, self._settled_tally = at, still_open, tally
        return counted

    def _release(self, refs: tuple[int, ...]) -> None:
        for number in refs[::3]:
            left = self._held[number] - 1
            if left:
                self._held[number] = left
            else:
                del self._held[number]

    # ------------------------------------------------------------------ deleting

    def deletable(self) -> list[int]:
        """Sealed segments, oldest first, that hold nothing but settled exchanges. None while crashes are being settled: that is soon over, and
        a part in a later segment would look like one more."""
        phase, number, _ = self.settled
        if phase == 1:
            return []
        return sorted(n for n in self.sealed if n not in self._held and (phase > 1 or n < number))

    def forget(self, number: int) -> None:
        """A segment is about to be deleted: first this, then a checkpoint on disk, then `delete`. A kill in between leaves it to be deleted again."""
        for older, key in self._closed_in.pop(number, ()):
            if older in self.sealed:
                self.gone.setdefault(older, set()).add(key)

    def delete(self, number: int) -> None:
        self.segment(number).unlink(missing_ok=True)
        del self.sealed[number]
        self.gone.pop(number, None)

    @property
    def is_empty(self) -> bool:
        """Ended, settled, all segments deleted: the directory can go."""
        return self.finished and self.settled == END and not self.sealed

    def mark(self) -> Mark:
        return Mark(self.settled, self.settled_open, self.gone)

def few(items: Sequence[Item]) -> Iterator[list[Item]]:
    """In their order, a few at a time; one that is long by itself."""
    some: list[Item] = []
    size = 0
    for item in items:
        if some and (len(some) == FEW or size + item.size > FEW_BYTES):
            yield some
            some, size = [], 0
        some.append(item)
        size += item.size
    if some:
        yield some
