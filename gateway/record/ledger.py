"""The recorder's ledger: what it stores is written down under a key before it is stored, so that nobody changes or deletes it unseen (FAILURES T23).

`<data_dir>/ledger/00000001.jsonl`, ...: lines as in ledger_lines.py, appended and on disk before the batch's insert begins; the same lines, with the seals of each
row, in the store's table `ledger`, a few seconds later. `tidegate verify` holds both against the rows.

Once, whatever dies.  A line precedes its insert, so after a kill the batch that was announced may have one already: it is entered again only if its rows came out
otherwise when they were made anew (prices changed, a detector was away), and then both lines hold. A line that a kill cut off is cut away at the next start. Lines
that the table lacks after a kill, those of its last seconds, are sent again without seals.

The watcher never hurts the watched.  All work is in a thread beside the recorder's loop; a ledger that cannot be written costs nothing but itself: lines wait in memory, are
counted (`unwritten`), told by doctor, and written when that works again, up to WAITING of them. What waits for the table (`unsent`) is in the files: of more than WAITING_BYTES the seals are
given up, and the lines read from there.

Files are never changed. Those all of whose rows are beyond retention are deleted, oldest first. Deliberately absent: a seal against who has the journal's key.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import itertools
import logging
import os
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from gateway import held_json
from gateway.durable import sync_directory
from gateway.errors import StoreError
from gateway.log import event
from gateway.record import ledger_lines as lines
from gateway.record.batch import Batch

PART_BYTES = 8 << 20
WAITING = 10_000  # lines kept in memory at most
WAITING_BYTES = 16 << 20  # of seals that wait for a file, and of lines with theirs that wait for the table
SEND = 500  # lines in one insert at most
AGAIN_S, AGAIN_MAX_S = 10.0, 60.0  # between two tries at a table that refused
HEAL = 5000  # lines read from the files at once
_DAY_US = 86_400_000_000

Send = Callable[[list[bytes], str], Awaitable[None]]  # rows of the table `ledger` and their token; raises StoreError
Last = Callable[[str], Awaitable[int]]  # the highest seq that the table has of a ledger, -1: none; raises StoreError


class Ledger:
    """See the module. Nothing here raises but CancelledError. synced False: survives kill -9, not a power cut (for tests)."""

    def __init__(self, directory: Path, *, key: bytes, retention_days: int, send: Send | None = None, last: Last | None = None, synced: bool = True) -> None:
        """key: the journal's."""
        self._directory, self._key, self._days, self._send, self._last, self._synced = directory, key, retention_days, send, last, synced
        self._keys: lines.Keys | None = None  # None: not opened
        self._seq, self._mac = -1, ""  # of the last line
        self._part = 0  # the file in use
        self._size = 0
        self._fresh = False  # no line yet under these keys
        self._retention: list[list[int]] = []
        self._began = 0
        self._tail: list[Mapping[str, Any]] = []  # lines about the batch that was entered last
        self._unwritten: deque[tuple[dict[str, Any], bytes]] = deque()  # what a line says, and its packed seals
        self._unsent: deque[bytes] = deque()
        self._made: deque[bytes] = deque()  # as the thread leaves them
        self._healed = send is None
        self._again, self._pause = 0.0, AGAIN_S
        self._failing = ""
        self._refused = False  # by the table
        self._unwritten_bytes = self._unsent_bytes = 0
        self._working = asyncio.Lock()
        self.entered = 0  # batches, since the start
        self.lost = 0  # lines that found no place, not even in memory

    @property
    def state(self) -> dict[str, Any]:
        """For the recorder's page. seq: of the last line, -1: none.  unwritten, unsent: lines that wait.  problem: why, or ""."""
        return {"seq": self._seq, "head": self._mac, "entered": self.entered, "unwritten": len(self._unwritten), "unsent": len(self._unsent) + len(self._made), "lost": self.lost, "problem": self._failing or ("table" if self._refused else "")}

    async def enter(self, batch: Batch) -> None:
        """Write down a batch's rows. Called before they are inserted."""
        await self._do(self._enter, batch)
        self._take()

    async def leave_out(self, batch: Batch, ids: Iterable[str]) -> None:
        """Write down which rows of a batch are in quarantine, or dropped."""
        await self._do(self._leave_out, batch, sorted(ids))
        self._take()

    async def tend(self) -> None:
        """Give the table what it lacks, unless it has just refused. To be called every few seconds, and at the end: an insert costs the store as much for one line as for many, and no batch waits for it. Use in one task."""
        if self._send is None:
            return
        if self._keys is None and lines.parts(self._directory):
            await self._do(self._open)
        if self._keys is None or time.monotonic() < self._again:
            return
        self._take()
        try:
            while self._unsent or not self._healed:
                if not self._healed:
                    await self._heal()
                sent = [self._unsent[at] for at in range(min(SEND, len(self._unsent)))]
                if sent:
                    await self._give(sent)
                for row in sent:
                    if self._unsent and self._unsent[0] is row:  # else it was given up meanwhile
                        self._unsent_bytes -= len(self._unsent.popleft())
        except Exception as e:  # noqa: BLE001  whatever it is, the record goes on
            self._again, self._pause = time.monotonic() + self._pause, min(AGAIN_MAX_S, 2 * self._pause)
            if not self._refused:
                event("ledger_not_sent", level=logging.WARNING, code=getattr(e, "code", None), error=e if isinstance(e, StoreError) else type(e).__name__, lines=len(self._unsent))
            self._refused = True
            return
        self._refused, self._pause = False, AGAIN_S

    async def _do(self, work: Callable[..., None], *of: Any) -> None:
        try:
            if self._synced:
                async with self._working:
                    await asyncio.to_thread(work, *of)
            else:
                work(*of)
        except Exception as e:  # noqa: BLE001  whatever it is, the record goes on
            self.lost += 1
            self._failed(e)

    # ------------------------------------------------------------------ lines

    def _enter(self, batch: Batch) -> None:
        self._open()
        assert self._keys is not None
        exchanges = dict(zip(batch.rows, batch.exchanges, strict=True)) if len(batch.rows) == len(batch.exchanges) else {str(e.id): e for e in batch.exchanges}
        packed = lines.pack([(id, self._keys.seal(lines.as_stored(e, batch.rows[id]))) for id, e in exchanges.items()])
        digest = lines.digest(packed)
        if not any(of["kind"] == "rows" and of["batch"] == batch.id and of["digest"] == digest for of in self._tail):
            moments = [e.started_at for e in exchanges.values()]
            said = {"kind": "rows", "batch": batch.id, "rows": len(exchanges), "first": _us(min(moments)), "last": _us(max(moments)), "form": lines.FORM, "digest": digest}
            self._await_writing(said, packed)
            self.entered += 1
        self._write()

    def _leave_out(self, batch: Batch, absent: list[str]) -> None:
        if not any(of["kind"] == "absent" and of["batch"] == batch.id and of["ids"] == absent for of in self._tail):
            self._await_writing({"kind": "absent", "batch": batch.id, "ids": absent}, b"")
        self._write()

    def _await_writing(self, said: dict[str, Any], packed: bytes) -> None:
        if self._unwritten_bytes + len(packed) > WAITING_BYTES and self._unwritten:
            packed = b""
        self._unwritten.append((said, packed))
        self._unwritten_bytes += len(packed)
        if len(self._unwritten) > WAITING:
            self._unwritten_bytes -= len(self._unwritten.popleft()[1])
            self.lost += 1

    def _write(self) -> None:
        """Append what waits, all or nothing."""
        if self._keys is None or not self._unwritten:
            return
        written, rows, tail = [], [], self._tail
        try:
            if self._fresh or self._size > PART_BYTES or self._retention[-1][1] != self._days:
                self._begin()
            seq, mac = self._seq, self._mac
            for said, packed in self._unwritten:
                seq += 1
                content = {"seq": seq, **said, "prev": mac}
                line, mac = self._keys.close(content)
                written.append(line + b"\n")
                rows.append(self._row(line, content, packed))
                tail = [*tail, content] if tail and tail[-1].get("batch") == said["batch"] else [content]
            self._append(b"".join(written))
        except OSError as e:
            self._failed(e)
            return
        self._hold(rows)
        self._seq, self._mac, self._tail, self._failing = seq, mac, tail, ""
        self._unwritten.clear()
        self._unwritten_bytes = 0

    def _append(self, content: bytes) -> None:
        """On disk when this returns, or as if it had never been tried."""
        fd = os.open(self._path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(fd).st_size
            if size > self._size:
                os.ftruncate(fd, self._size)  # what a write that failed has left
            self._size = min(size, self._size)
            if os.write(fd, content) != len(content):
                raise OSError(28, "no room for the ledger")
            if self._synced:
                os.fdatasync(fd)
            self._size += len(content)
        except OSError:
            os.ftruncate(fd, self._size)
            raise
        finally:
            os.close(fd)

    def _row(self, line: bytes, content: Mapping[str, Any], packed: bytes) -> bytes:
        """The line as a row of the table."""
        assert self._keys is not None
        now = time.time_ns() // 1000
        at = {"first_at": _text(content.get("first", now)), "last_at": _text(content.get("last", now))}
        return held_json.dumps({"ledger": self._keys.ledger, "seq": content["seq"], **at, "line": line.decode(), "seals": lines.to_text(packed)})

    def _path(self) -> Path:
        return self._directory / f"{self._part:08d}.jsonl"

    # ------------------------------------------------------------------ files

    def _open(self) -> None:
        """Find where the chain ends, or begin one. Raises OSError, ValueError."""
        if self._keys is not None:
            return
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        present = lines.parts(self._directory)
        while present and not _mend(present[-1]):
            present[-1].unlink()  # not one whole line: its beginning was cut off
            present.pop()
        self._part = int(present[-1].stem) if present else 0
        if present and self._resume(present):
            return
        self._keys, self._seq, self._mac, self._began = lines.Keys(self._key, secrets.token_hex(8)), -1, "", time.time_ns() // 1000
        self._fresh = True

    def _resume(self, present: list[Path]) -> bool:
        """Go on behind the last line of the last file. False: it is not this key's."""
        head, end, tail, number = _ends(present[-1])
        if head is None or end is None or head.kind != "part":
            return False
        keys = lines.Keys(self._key, str(head.content["ledger"]))
        if not keys.opens(end.raw) or not keys.opens(head.raw):
            event("ledger_begun_anew", level=logging.ERROR, reason="the last file was written under another key, or changed", file=present[-1])
            return False
        self._keys, self._seq, self._mac, self._size = keys, end.seq, end.mac, present[-1].stat().st_size
        self._retention, self._began = [list(of) for of in head.content["retention"]], int(head.content["began"])
        if number == 1 and len(present) > 1:  # killed when the file had just been begun
            tail = _ends(present[-2])[2]
        self._tail = tail
        return True

    def _begin(self) -> None:
        """A new file, which goes on with the chain. Raises OSError."""
        assert self._keys is not None
        now = time.time_ns() // 1000
        retention = self._retention if self._retention and self._retention[-1][1] == self._days else [*self._retention, [now, self._days]]
        content = {"seq": self._seq + 1, "kind": "part", "ledger": self._keys.ledger, "began": self._began, "at": now, "retention": retention, "prev": self._mac}
        line, mac = self._keys.close(content)
        before = self._part, self._size
        self._part, self._size = self._part + 1, 0
        try:
            self._append(line + b"\n")
            if self._synced:
                sync_directory(self._directory)
        except OSError:
            self._part, self._size = before
            raise
        self._hold([self._row(line, content, b"")])
        self._seq, self._mac, self._retention, self._fresh = self._seq + 1, mac, retention, False
        self._expire()

    def _expire(self) -> None:
        """Delete files all of whose rows are beyond retention; the one in use stays."""
        before = time.time_ns() // 1000 - (self._days + 2) * _DAY_US
        for path in lines.parts(self._directory)[:-1]:
            if path.stat().st_mtime_ns // 1000 >= before or any(line.content.get("last", 0) >= before for line in _lines(path)):
                return
            path.unlink()
            event("ledger_expired", file=path)

    # ------------------------------------------------------------------ the table

    def _hold(self, rows: Iterable[bytes]) -> None:
        if self._send is not None:
            self._made.extend(rows)

    def _take(self) -> None:
        while self._made:
            self._unsent.append(self._made.popleft())
            self._unsent_bytes += len(self._unsent[-1])
        while self._unsent_bytes > WAITING_BYTES and len(self._unsent) > 1:
            self._unsent_bytes -= len(self._unsent.popleft())
            self._healed = False

    async def _give(self, rows: list[bytes]) -> None:
        assert self._send is not None
        await self._send(rows, f"ledger-{hashlib.sha256(b''.join(rows)).hexdigest()[:32]}")

    async def _heal(self) -> None:
        """Lines of the files that the table lacks, without their seals: after the start, and when some were given up. Raises StoreError."""
        assert self._keys is not None and self._last is not None
        known = await self._last(self._keys.ledger)
        while True:
            self._take()
            before = orjson.loads(self._unsent[0])["seq"] if self._unsent else self._seq + 1
            rows = await asyncio.to_thread(self._lacking, known, before) if self._synced else self._lacking(known, before)
            if not rows:
                break
            await self._give(rows)
            known = int(orjson.loads(rows[-1])["seq"])
        self._healed = True

    def _lacking(self, known: int, before: int) -> list[bytes]:
        """The next lines behind `known`, from the files."""
        assert self._keys is not None
        parts: list[Path] = []
        for path in reversed(lines.parts(self._directory)):
            head = next(_lines(path), None)
            if head is None or head.content.get("ledger") != self._keys.ledger:
                break
            parts.insert(0, path)
            if head.seq <= known + 1:
                break
        missing = (line for path in parts for line in _lines(path) if known < line.seq < before)
        return [self._row(line.raw, line.content, b"") for line in itertools.islice(missing, HEAL)]

    def _failed(self, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        if self._failing != reason:
            self._failing = reason
            event("ledger_not_written", level=logging.ERROR, directory=self._directory, error=reason, lines=len(self._unwritten))


def _mend(path: Path) -> bool:
    """Cut away what stands behind the last newline. False: there is no whole line."""
    with open(path, "r+b") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            event("ledger_line_torn", level=logging.WARNING, file=path, bytes=len(content) - whole)
            if whole:
                file.truncate(whole)
    return whole > 0


def _lines(path: Path) -> Iterator[lines.Line]:
    """The whole lines of a file; none if it cannot be read."""
    try:
        for raw, _ in lines.read(path):
            if (line := lines.parse(raw)) is not None:
                yield line
    except OSError:
        return


def _ends(path: Path) -> tuple[lines.Line | None, lines.Line | None, list[Mapping[str, Any]], int]:
    """The first line and the last, what those about the last one's batch say, and how many there are."""
    head = end = None
    tail: list[Mapping[str, Any]] = []
    number = 0
    for end in _lines(path):
        head, number = head or end, number + 1
        about = end.content.get("batch")
        tail = [] if about is None else [*tail, end.content] if tail and tail[-1]["batch"] == about else [end.content]
    return head, end, tail, number


def _us(moment: dt.datetime) -> int:
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def _text(us: int) -> str:
    return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=us)).isoformat(sep=" ", timespec="microseconds")
