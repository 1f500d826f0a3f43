"""How a worker asks the pool: one connection, no task and no thread for a job.

    client = PoolClient(run / "detectors.sock")
    found = await client.find("names", [(text, before)], deadline_s=0.3)            raises DetectorFailed
    cancel = client.submit("names", [(text, before)], deadline_s=0.3, done=...)     for who has no coroutine to wait in

Every job ends: with findings, with the pool's reason, or by a clock of our own shortly after its deadline, so that a pool that hangs is a "timeout". A
pool that is gone is "unavailable", at once: what was asked is not asked again, since its time is running. Connecting to a unix socket
takes no time, so it is done when there is something to ask; after a failure not more often than RETRY_S.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detectors.base import Finding
from gateway.detection import frames
from gateway.detection.frames import DetectorFailed, Kind, Texts

__all__ = ["Cancel", "DetectorFailed", "Done", "PoolClient"]

GRACE_S = 0.05  # what the pool has after a deadline to say so itself
RETRY_S = 0.05
_READ = 1 << 18

Done = Callable[[list[list[Finding]] | DetectorFailed], None]
Cancel = Callable[[], None]


@dataclass(slots=True)
class _Pending:
    detector: str
    count: int
    done: Done
    timer: asyncio.TimerHandle


class PoolClient:
    """Of one event loop. Nothing is opened until it is used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ids = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._socket: socket.socket | None = None
        self._reader = frames.Reader()
        self._unsent = bytearray()
        self._not_before = 0.0

    async def find(self, detector: str, texts: Texts, *, deadline_s: float) -> list[list[Finding]]:
        """Findings for each text of (raw, before), in its order. Raises DetectorFailed. Cancelled: the pool drops the job."""
        future: asyncio.Future[list[list[Finding]]] = asyncio.get_running_loop().create_future()

        def done(outcome: list[list[Finding]] | DetectorFailed) -> None:
            if future.done():
                return
            if isinstance(outcome, DetectorFailed):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        cancel = self.submit(detector, texts, deadline_s=deadline_s, done=done)
        try:
            return await future
        except asyncio.CancelledError:
            cancel()
            raise

    def submit(self, detector: str, texts: Texts, *, deadline_s: float, done: Done) -> Cancel:
        """Ask, and be called with the outcome once, from the event loop, never before this returns. Cancelled jobs are not called back.

        deadline_s: seconds from now.
        """
        loop = asyncio.get_running_loop()
        id = next(self._ids) & 0xFFFFFFFF
        wait_s = deadline_s + GRACE_S
        if not self._connect(loop):
            failed = DetectorFailed(detector, "unavailable", "no pool")
            handle = loop.call_soon(done, failed)
            return handle.cancel
        self._pending[id] = _Pending(detector, len(texts), done, loop.call_later(wait_s, self._late, id))
        self._send(loop, frames.pack_job(id, detector, texts, time.monotonic() + deadline_s))
        return lambda: self._cancel(id)

    def close(self) -> None:
        """Give everything up; jobs under way end as unavailable."""
        self._disconnect()

    # ------------------------------------------------------------------

    def _cancel(self, id: int) -> None:
        pending = self._pending.pop(id, None)
        if pending is not None:
            pending.timer.cancel()
            if self._socket is not None:
                self._send(asyncio.get_running_loop(), frames.frame(Kind.DROP, id))

    def _late(self, id: int) -> None:
        pending = self._pending.pop(id, None)
        if pending is not None:
            self._send(asyncio.get_running_loop(), frames.frame(Kind.DROP, id))
            pending.done(DetectorFailed(pending.detector, "timeout", "no word from the pool"))

    def _end(self, id: int, outcome: list[list[Finding]] | DetectorFailed) -> None:
        pending = self._pending.pop(id, None)
        if pending is not None:
            pending.timer.cancel()
            pending.done(outcome)

    # ------------------------------------------------------------------ the connection

    def _connect(self, loop: asyncio.AbstractEventLoop) -> bool:
        if self._socket is not None:
            return True
        if loop.time() < self._not_before:
            return False
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            with frames.reachable(self.path) as name:
                connection.connect(name)
        except OSError:  # also EAGAIN: a pool that takes no connections
            connection.close()
            self._not_before = loop.time() + RETRY_S
            return False
        self._socket, self._reader = connection, frames.Reader()
        loop.add_reader(connection, self._readable, loop)
        return True

    def _disconnect(self) -> None:
        connection, self._socket = self._socket, None
        if connection is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(connection)
        loop.remove_writer(connection)
        connection.close()
        self._unsent.clear()
        for id, pending in self._pending.items():
            loop.call_soon(self._end, id, DetectorFailed(pending.detector, "unavailable", "the pool has gone"))

    def _send(self, loop: asyncio.AbstractEventLoop, data: bytes) -> None:
        connection = self._socket
        if connection is None:
            return
        if not self._unsent:
            try:
                sent = connection.send(data)
            except (BlockingIOError, InterruptedError):
                sent = 0
            except OSError:
                self._disconnect()
                return
            if sent == len(data):
                return
            data = data[sent:]
            loop.add_writer(connection, self._writable, loop)
        self._unsent += data

    def _writable(self, loop: asyncio.AbstractEventLoop) -> None:
        connection = self._socket
        if connection is None:
            return
        try:
            with memoryview(self._unsent) as unsent:
                sent = connection.send(unsent[: 1 << 20])
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._disconnect()
            return
        del self._unsent[:sent]
        if not self._unsent:
            loop.remove_writer(connection)

    def _readable(self, loop: asyncio.AbstractEventLoop) -> None:
        connection = self._socket
        if connection is None:
            return
        try:
            data = connection.recv(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._disconnect()
            return
        try:
            received = self._reader.feed(data)
        except ValueError:
            self._disconnect()
            return
        for kind, id, body in received:
            pending = self._pending.get(id)
            if pending is not None:
                self._end(id, outcome(pending.detector, pending.count, kind, body))


def outcome(detector: str, count: int, kind: int, body: bytes) -> list[list[Finding]] | DetectorFailed:
    """What a frame of the pool says about a job."""
    if kind == Kind.FAILED:
        return frames.unpack_failure(detector, body)
    try:
        if kind == Kind.FOUND:
            return frames.unpack_found(count, body)
    except (ValueError, TypeError):
        pass
    return DetectorFailed(detector, "garbage", "the pool's answer")
