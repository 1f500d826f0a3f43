"""All journal streams of a data directory, read as they grow.

Reading is pulled: nothing is read ahead of what the recorder can take, so a backlog of any size costs no memory. Streams take turns, a
chunk each, so a stream with a long backlog does not keep the live ones waiting. Being idle costs two system calls a stream and poll.

What is deliberately absent: notification (inotify): a poll every 100 ms is cheaper than a wake-up per frame under load.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from gateway.errors import JournalError
from gateway.journal import has_ended
from gateway.record.stream import FrameCache, Item, Mark, OnDamage, Position, Stream

CACHE_BYTES = 32 << 20
PROBE_S = 0.5  # how often a silent stream's lock is tried
UNBORN_S = 60.0  # a stream without a segment for so long is one whose worker died while it was made


class Tail:
    """See the module. marks: by stream name, from the checkpoint. on_damage, key: see `Stream`."""

    def __init__(self, root: Path, marks: dict[str, Mark], on_damage: OnDamage, *, key: bytes, cache_bytes: int = CACHE_BYTES) -> None:
        """Raises JournalError if the key is not the one that what is left in the journal was sealed with."""
        self.root, self._key = root, key
        self.streams: dict[str, Stream] = {}
        self._marks, self._on_damage, self._cache = marks, on_damage, FrameCache(cache_bytes)
        self._turns: deque[Stream] = deque()
        self._probed: dict[str, float] = {}
        self.discover()
        locked = [path for stream in self.streams.values() if (path := stream.locked()) is not None]
        if locked:
            raise JournalError(
                f"{locked[0]}{f' and {len(locked) - 1} other streams' if locked[1:] else ''}: sealed with another key than this gate's and not yet stored; put the former "
                f"{root.parent / 'journal.key'} (or journal_key in the configuration) back until it is, or move {locked[0].parent} away to give these records up"
            )

    def discover(self) -> bool:
        """Find streams that are new since the last call. True if there are any."""
        known = len(self.streams)
        if not self.root.is_dir():
            return False
        for path in sorted(self.root.iterdir()):
            if path.name not in self.streams and path.is_dir():
                mark = self._marks.pop(path.name, None) or Mark()
                stream = Stream(path, mark, self._cache, self._on_damage, key=self._key)
                stream.ended = mark.at[0] > 0  # only an ended stream's mark gets that far
                self.streams[path.name] = stream
                self._turns.append(stream)
        return len(self.streams) > known

    def take(self) -> Item | None:
        """The next exchange that has ended, of those that are read."""
        for stream in self._turns:
            if stream.ready:
                return stream.ready.popleft()
        return None

    def read(self, *, eager: bool = False) -> bool:
        """Read a chunk of the first stream, in turn, that has one. False: there is nothing to read now. eager: try silent streams' locks each time."""
        for _ in range(len(self._turns)):
            stream = self._turns[0]
            self._turns.rotate(-1)
            if stream.read():
                return True
            if not stream.ended and not stream.finished and self._has_ended(stream, eager):
                stream.ended = True
                return True
        return False

    def _has_ended(self, stream: Stream, eager: bool) -> bool:
        """A stream without a segment may belong to a worker that has made the directory and is about to take its lock: it is left alone."""
        now = time.monotonic()
        if not eager and now - self._probed.get(stream.name, -PROBE_S) < PROBE_S:
            return False
        self._probed[stream.name] = now
        try:
            if not stream.begun and time.time() - stream.path.stat().st_mtime < UNBORN_S:
                return False
        except FileNotFoundError:
            return True
        return has_ended(stream.path)

    def remove(self, stream: Stream) -> None:
        """Delete what is left of a stream whose segments are deleted. Its mark must outlive its directory."""
        stream.close()
        (stream.path / "lock").unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            stream.path.rmdir()
        del self.streams[stream.name]
        self._turns.remove(stream)
        self._probed.pop(stream.name, None)

    def close(self) -> None:
        for stream in self.streams.values():
            stream.close()


class Again:
    """Items that were made once already, from what is left of their streams: of batches in the order in which they were made, each stream read once, front to back. The live streams go on undisturbed;
    no frames are kept."""

    def __init__(self, streams: Mapping[str, Stream], key: bytes) -> None:
        """streams: the live ones."""
        self._live, self._key = streams, key
        self._reading: dict[str, Stream] = {}
        self._upto: dict[str, Position] = {}

    async def items(self, spans: Mapping[str, tuple[Position, Position]]) -> list[Item]:
        """Of one batch. spans: by stream, the positions of the first and the last. Raises OSError."""
        found: list[Item] = []
        for name, (first, last) in spans.items():
            stream = self._at(name, first)
            if stream is None:
                continue
            self._upto[name] = last
            while True:
                while stream.ready and stream.ready[0].at <= last:
                    item = stream.ready.popleft()
                    if item.at >= first:
                        found.append(item)
                if stream.ready or stream.passed(last) or not stream.read():
                    break
                await asyncio.sleep(0)  # a read may be long: others first
        return found

    def close(self) -> None:
        """Begin anew at the next call: to be called after a segment was deleted, of which a stream that has not got there yet would miss frames."""
        for stream in self._reading.values():
            stream.close()
        self._reading.clear()

    def _at(self, name: str, first: Position) -> Stream | None:
        """The stream, read at most up to there."""
        live, stream = self._live.get(name), self._reading.get(name)
        if live is None:
            return None
        if stream is None or self._upto[name] >= first:
            if stream is not None:
                stream.close()
            stream = self._reading[name] = Stream(live.path, Mark(gone=live.gone), FrameCache(0), lambda *_: None, key=self._key)
        stream.ended = live.ended
        return stream
