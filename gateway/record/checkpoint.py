"""What the recorder must still know after kill -9: how far each stream is settled, what it has counted, and what it was inserting.

One write both acknowledges a batch and announces the next: after a restart the announced one is composed again from the same frames, with the
same id, and only those of its rows are inserted that the store does not have.

Why the totals are exact at any instant of a kill: every total belongs to the settled positions in the same write. What is beyond them is
counted again from the frames, and what is before them is never counted again (stream.py). Between an insert and the next write the announced
batch says that its rows may be there.

On disk: `<data_dir>/recorder/checkpoint.a` and `.b`, written in turns, in place; each begins with a line "TGC1 <sequence> <length> <crc32>" and goes on
with JSON. The newest whole one holds; a write that a kill cut off leaves the other. In place, because a full disk must not stop the
recorder from noting what is stored: only then may it delete segments, which makes room.

`synced` writes reach the disk before the insert they announce and before a segment is deleted, so a power cut finds no older state than
the store has rows. Two files that cannot be read are an error: starting from nothing would insert all that is retained a second time.
"""

from __future__ import annotations

import asyncio
import errno
import os
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from gateway.durable import sync_directory
from gateway.errors import JournalError
from gateway.record.stream import Mark, Position

VERSION = 1
_SLOTS = ("checkpoint.a", "checkpoint.b")
_ROOM_BYTES = 64 * 1024  # taken at once, so that later writes need none


@dataclass(slots=True)
class Totals:
    """Exchanges since the data directory was made, and what else was met on the way. Law 3: accepted = stored + quarantined + dropped + in journal."""

    accepted: int = 0
    stored: int = 0
    quarantined: int = 0
    dropped: dict[str, int] = field(default_factory=dict)  # by reason
    damaged: int = 0
    damaged_bytes: int = 0
    strays: int = 0

    def drop(self, reason: str, count: int) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + count


@dataclass(frozen=True, slots=True)
class Announced:
    """A batch that may have been inserted. ends: stream name -> position of its last item."""

    id: str
    ends: dict[str, Position]
    rows: int


@dataclass(slots=True)
class Checkpoint:
    """The content of the file."""

    totals: Totals = field(default_factory=Totals)
    marks: dict[str, Mark] = field(default_factory=dict)
    announced: Announced | None = None


class CheckpointFile:
    """Reads and writes both files. synced False: survives kill -9, not a power cut (for tests, which write thousands)."""

    def __init__(self, directory: Path, *, synced: bool = True) -> None:
        self.directory, self.synced, self._sequence = directory, synced, 0
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def load(self) -> Checkpoint:
        """The newest. Raises JournalError if there are files and none can be read."""
        known: list[tuple[int, Checkpoint]] = []
        unreadable = 0
        for slot in _SLOTS:
            try:
                known.append(_unpacked((self.directory / slot).read_bytes()))
            except FileNotFoundError:
                continue
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                unreadable += 1
        if not known:
            if unreadable < len(_SLOTS):  # nothing, or the very first write was cut off: nothing was inserted yet
                return Checkpoint()
            raise JournalError(
                f"{self.directory}: neither checkpoint.a nor checkpoint.b is a readable checkpoint of version {VERSION}; restore them from a copy, or move "
                "them away to record everything in the journal again, also what is stored already"
            )
        self._sequence, newest = max(known, key=lambda entry: entry[0])
        return newest

    async def save(self, checkpoint: Checkpoint) -> None:
        """Write the next one. Raises OSError."""
        sequence = self._sequence + 1  # of one that fails the next has the place: the other file is the one that holds
        content = orjson.dumps(_encoded(checkpoint))
        whole = b"TGC1 %d %d %d\n%b" % (sequence, len(content), zlib.crc32(content), content)
        path = self.directory / _SLOTS[sequence % 2]
        if self.synced:
            await asyncio.to_thread(_write, path, whole, True)
        else:
            _write(path, whole, False)
        self._sequence = sequence


def _write(path: Path, content: bytes, synced: bool) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fresh = os.fstat(fd).st_size < _ROOM_BYTES  # or there was no room then
        if fresh:
            os.posix_fallocate(fd, 0, _ROOM_BYTES)
        if os.pwrite(fd, content, 0) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if synced:
            os.fdatasync(fd)
            if fresh:
                sync_directory(path.parent)
    finally:
        os.close(fd)


def _unpacked(raw: bytes) -> tuple[int, Checkpoint]:
    head, _, rest = raw.partition(b"\n")
    magic, sequence, length, crc = head.split(b" ")
    content = rest[: int(length)]
    if magic != b"TGC1" or zlib.crc32(content) != int(crc) or len(content) != int(length):
        raise ValueError("not a whole checkpoint")
    return int(sequence), _decoded(orjson.loads(content))


def _encoded(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "version": VERSION,
        "totals": asdict(checkpoint.totals),
        "streams": {
            name: {"at": mark.at, "open": mark.open, "gone": {str(n): sorted(id.hex() for id in ids) for n, ids in mark.gone.items()}} for name, mark in checkpoint.marks.items()
        },
        "batch": asdict(checkpoint.announced) if checkpoint.announced else None,
    }


def _decoded(raw: dict[str, Any]) -> Checkpoint:
    if raw["version"] != VERSION:
        raise ValueError(raw["version"])
    batch = raw["batch"]
    return Checkpoint(
        Totals(**raw["totals"]),
        {
            name: Mark(_position(mark["at"]), mark["open"], {int(n): {bytes.fromhex(id) for id in ids} for n, ids in mark["gone"].items()})
            for name, mark in raw["streams"].items()
        },
        Announced(batch["id"], {name: _position(at) for name, at in batch["ends"].items()}, batch["rows"]) if batch else None,
    )


def _position(raw: list[int]) -> Position:
    phase, segment, offset = raw
    return phase, segment, offset
