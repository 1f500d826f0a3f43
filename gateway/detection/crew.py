"""The processes of one detector: started, given slices, killed when they hang, replaced when they are gone.

A process has one slice at a time. Two clocks run: the job's deadline, after which its caller is answered "timeout" whatever the process does; and
the slice's. A process is killed when its job is past its deadline and the slice has had `patience_s`, or when the slice has had `limit_s`. So a huge
job that runs out of time between slices costs nobody a process with a loaded model, and a process that hangs is gone in time.

Nothing that a process says is believed: its answers are checked here (gateway/detection/verify.py), anything else it says is its end.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import orjson

from gateway import log
from gateway.detection import frames
from gateway.detection.admission import Turns
from gateway.detection.circuit import Circuit, Poison
from gateway.detection.frames import Kind
from gateway.detection.job import Job, Piece
from gateway.detection.verify import Garbage, checked

LOAD_S = 120.0  # to load a model; a process that takes longer hangs
MAX_ANSWER = 8 << 20  # bytes
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{0,59}")
# All that a detector's process finds in its environment. One thread: the pool counts processors by counting processes.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Spec:
    """One detector that needs processes, whatever its sort (gateway/detection/terms.py says more).

    options: of a factory; None: entry is a function.  slice_chars None: texts are given whole.  patience_s, limit_s: see the module.
    """

    name: str
    entry: str
    kinds: frozenset[str]
    options: Mapping[str, object] | None
    path: Path | None
    max_span: int | None
    children: int
    memory_bytes: int
    slice_chars: int | None
    patience_s: float
    limit_s: float


class Crew:
    """Of one detector. start and stop are for its pool; `submit` never waits."""

    def __init__(self, spec: Spec, circuit: Circuit) -> None:
        self.spec, self.circuit = spec, circuit
        self.counts: Counter[str] = Counter()  # slices, restarts, kills
        self._turns: Turns[Job] = Turns()
        self._poison = Poison()
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._keepers: list[asyncio.Task[None]] = []
        self._loading = spec.children
        self._label = spec.name  # what findings call their detector; a model's own name for itself: `names` finds what rules call `pii`
        self.why = ""  # the last process was lost; "" once one has loaded since
        self.settled = asyncio.Event()  # every process has loaded its detector, or failed to, once

    def start(self) -> None:
        self._keepers = [asyncio.create_task(self._keep_up()) for _ in range(self.spec.children)]

    async def stop(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        for child in self._children:
            child.kill()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    @property
    def ready(self) -> bool:
        return any(child.loaded for child in self._children)

    def submit(self, job: Job) -> None:
        """Work on a job when it is its turn."""
        if self.circuit.open:
            job.end(("unavailable", "its processes keep ending"))
        elif job.done:
            job.end(job.found)
        else:
            self._turns.add(job)
            self._work()

    def state(self) -> dict[str, object]:
        loaded = sum(child.loaded for child in self._children)
        return {"ready": self.ready, "processes": self.spec.children, "loaded": loaded, "circuit_open": self.circuit.open, "why": self.why, **self.counts}

    # ------------------------------------------------------------------ work

    def _work(self) -> None:
        while self._idle:
            job = self._turns.take()
            if job is None:
                return
            pieces = job.slice(self.spec.slice_chars)
            body = frames.pack_texts([(piece.raw, piece.before) for piece in pieces])
            if reason := self._poison.reason(body):
                job.end((reason, ""))
                continue
            self.counts["slices"] += 1
            self._idle.pop().begin(job, pieces, body)

    def loaded(self, child: Child, unsealed: list[str], name: object) -> None:
        """A process is ready to work. name: of a model's detector, as it says."""
        if self.spec.options is not None and isinstance(name, str) and _NAME.fullmatch(name.encode("utf-8", "replace")):
            self._label = name
        for missing in unsealed:
            log.event("detector_not_sealed", level=logging.WARNING, detector=self.spec.name, missing=missing)
        self.why = ""
        self._idle.append(child)
        self._settle()
        self._work()

    def answered(self, child: Child, job: Job, pieces: list[Piece], kind: int, body: bytes) -> None:
        """A process has done its slice, one way or another."""
        self.circuit.answered()
        if kind == Kind.FOUND:
            self._found(job, pieces, body)
        elif kind == Kind.RAISED:
            job.end(("failed", body.decode() if _NAME.fullmatch(body) else ""))
        else:
            job.end(("garbage", "not made of plain values"))
        self._idle.append(child)
        self._work()

    def _found(self, job: Job, pieces: list[Piece], body: bytes) -> None:
        spec = self.spec
        try:
            answer = orjson.loads(body)
            found = checked(answer, [len(piece.raw) for piece in pieces], detector=self._label, kinds=spec.kinds, max_span=spec.max_span)
        except (Garbage, orjson.JSONDecodeError) as e:
            job.end(("garbage", str(e) if isinstance(e, Garbage) else "not JSON"))
            return
        if job.over:
            return
        job.add(pieces, found)
        if job.done:
            job.end(job.found)
        else:
            self._turns.again(job)

    # ------------------------------------------------------------------ processes

    async def _keep_up(self) -> None:
        while True:
            child = Child(self)
            self._children.add(child)
            try:
                await child.live()
            except OSError as e:
                child.why = f"not started: {e.strerror}"
            except Exception as e:  # noqa: BLE001  whatever it was, the next process must come
                child.why = f"not started: {type(e).__name__}"
            finally:
                self._children.discard(child)
                if child in self._idle:
                    self._idle.remove(child)
            pause = self._lost(child)
            self.counts["restarts"] += 1
            await asyncio.sleep(pause)

    def _lost(self, child: Child) -> float:
        reason = "timeout" if child.overdue else "crashed"
        pause = self.circuit.lost(hopeless=not child.loaded)
        why = child.why or (f"{reason}, exit code {child.code}" if child.loaded else f"it ended while it was being loaded, exit code {child.code}")
        self.why = why if child.loaded else f"cannot be loaded: {why}"
        level = logging.WARNING if child.loaded else logging.ERROR
        log.event("detector_lost", level=level, detector=self.spec.name, code=child.code, why=why, in_a_row=self.circuit.deaths, restart_in_s=pause)
        if child.work is not None:
            job, _, body = child.work
            if child.overdue or child.code != -signal.SIGKILL:  # else somebody else killed it, and the text may be asked about again
                self._poison.add(body, reason)
            job.end((reason, ""))
        if self.circuit.open and not any(other.loaded for other in self._children):
            for job in self._turns.clear():
                job.end(("unavailable", ""))
        if not child.loaded:
            self._settle()
        return pause

    def _settle(self) -> None:
        self._loading -= 1
        if self._loading <= 0:
            self.settled.set()


class Child(asyncio.Protocol):
    """One process, from its start to its end."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self.loaded = self.overdue = False
        self.why = ""  # what it said when it could not load its detector, or why there was no process
        self.code: int | None = None
        self.work: tuple[Job, list[Piece], bytes] | None = None
        self._id = 0
        self._reader = frames.Reader(limit=MAX_ANSWER)
        self._transport: asyncio.Transport | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._gone = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    async def live(self) -> None:
        """Start, and return when it is over. Raises OSError if it cannot be started."""
        spec, loop = self._crew.spec, asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        try:
            fd = theirs.fileno()
            arguments = ["-m", "gateway.detection.child", "--fd", str(fd), "--parent", str(os.getpid())]
            kept = {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}  # where an interpreter finds itself
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={**_ENVIRONMENT, **kept},
                pass_fds=(fd,),
                start_new_session=True,
            )
            theirs.close()
            ours.setblocking(False)
            await loop.create_unix_connection(lambda: self, sock=ours)
            path = [*([str(spec.path)] if spec.path else []), *(p for p in sys.path if p)]
            options = dict(spec.options) if spec.options is not None else None
            told = {"entry": spec.entry, "options": options, "path": path, "memory_bytes": spec.memory_bytes}
            self._write(frames.frame(Kind.SPEC, 0, orjson.dumps(told)))
            self._timer = loop.call_later(LOAD_S, self._late)
            await self._gone.wait()
        finally:
            theirs.close()
            if self._transport is None:
                ours.close()
            else:
                self._transport.abort()
            self._stop_timer()
            self.kill()
            if self._process is not None:
                self.code = await asyncio.shield(self._process.wait())

    def begin(self, job: Job, pieces: list[Piece], body: bytes) -> None:
        """Work on a slice."""
        spec, now = self._crew.spec, time.monotonic()
        self._id = (self._id + 1) & 0xFFFFFFFF
        self.work = (job, pieces, body)
        kill_at = min(now + spec.limit_s, max(job.deadline, now + spec.patience_s))
        self._timer = asyncio.get_running_loop().call_later(kill_at - now, self._late)
        self._write(frames.frame(Kind.TASK, self._id, body))

    def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def _late(self) -> None:
        """It hangs. The rest follows from its end, which the kernel tells."""
        self.overdue = True
        self._crew.counts["kills"] += 1
        self.kill()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ------------------------------------------------------------------ asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, id, body in self._reader.feed(data):
                self._hear(kind, id, body)
        except (ValueError, TypeError, LookupError):  # it does not speak our language, so it is not our program any more
            self.kill()

    def _hear(self, kind: int, id: int, body: bytes) -> None:
        if self.overdue:
            return
        if kind == Kind.READY and not self.loaded:
            self._stop_timer()
            self.loaded = True
            said = orjson.loads(body)
            self._crew.loaded(self, list(said["unsealed"]), said["detector"])
        elif kind == Kind.UNLOADED and not self.loaded:
            self.why = body.decode("utf-8", "replace")[:300]
        elif kind in (Kind.FOUND, Kind.RAISED, Kind.GARBAGE) and self.work is not None and id == self._id:
            self._stop_timer()
            (job, pieces, _), self.work = self.work, None
            self._crew.answered(self, job, pieces, kind, body)
        else:
            raise ValueError("an answer to no question")

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()
