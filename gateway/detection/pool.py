"""The pool: callers on one side, detectors on the other, a budget between them.

A caller is a connection to the unix socket: a worker, the recorder, doctor. What it sends is bounded before it is read; each of its jobs has a deadline
and is answered once: findings, or a reason. A caller that leaves takes its jobs along.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import orjson

from detectors.base import Finding
from gateway import log
from gateway.detection import frames
from gateway.detection.admission import Budget
from gateway.detection.circuit import Circuit
from gateway.detection.crew import Crew, Spec
from gateway.detection.failures import Failures
from gateway.detection.frames import Kind
from gateway.detection.job import Job
from gateway.detection.terms import Custom, Endpoint, Model, PoolTerms

if TYPE_CHECKING:
    from gateway.detection.moderation import ModerationEndpoint

MAX_UNREAD = 32 << 20  # bytes of answers that a caller has not taken; then it is dropped
_CUSTOM_PATIENCE_S = 0.1
_DROPPED = "dropped by its caller"


class Engine(Protocol):
    """What finds: a Crew or a Webhook."""

    counts: Counter[str]
    settled: asyncio.Event

    @property
    def ready(self) -> bool: ...
    def start(self) -> None: ...
    async def stop(self) -> None: ...
    def submit(self, job: Job) -> None: ...
    def state(self) -> dict[str, object]: ...


class Pool:
    """Made for one run."""

    def __init__(self, terms: PoolTerms) -> None:
        self.terms = terms
        self.budget = Budget(terms.budget_bytes, terms.share_bytes or terms.budget_bytes // 2)
        self.engines: dict[str, Engine] = {}
        self.limits: dict[str, float] = {}  # seconds that a job may take, where the detector itself says so
        self.outcomes: dict[str, Counter[str]] = {}
        self.failures: dict[str, Failures] = {}
        self.callers: set[Caller] = set()
        self._started_at = time.time()
        crews = {model.name: self._crew(_of_model(model, terms.slice_chars)) for model in terms.models}
        for endpoint in terms.endpoints:
            name = endpoint.service.name
            service = _service(endpoint, crews.pop(name, None))
            self._add(name, service)
            service.failures = self.failures[name]
        for name, crew in crews.items():
            self._add(name, crew)
        for custom in terms.customs:
            self._add(custom.name, _webhook(custom) if custom.webhook else self._crew(_of_custom(custom)))
            self.limits[custom.name] = custom.deadline_s

    def _add(self, name: str, engine: Engine) -> None:
        self.engines[name], self.outcomes[name], self.failures[name] = engine, Counter(), Failures(name)

    def _crew(self, spec: Spec) -> Crew:
        return Crew(spec, Circuit(self.terms.deaths_to_open, self.terms.open_first_s, self.terms.open_max_s))

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop. Raises OSError if the socket cannot be made."""
        server = await asyncio.get_running_loop().create_unix_server(lambda: Caller(self), sock=_listen(self.terms.socket))
        for engine in self.engines.values():
            engine.start()
        log.event("detectors_started", detectors=",".join(self.engines))
        settled = asyncio.create_task(self._settled())
        try:
            await stop.wait()
        finally:
            settled.cancel()
            server.close()
            for caller in list(self.callers):
                caller.drop()
            await asyncio.gather(*(engine.stop() for engine in self.engines.values()), settled, return_exceptions=True)
        log.event("detectors_stopped")

    async def _settled(self) -> None:
        for engine in self.engines.values():
            await engine.settled.wait()
        log.event("detectors_loaded", ready=self.ready, level=logging.INFO if self.ready else logging.ERROR)

    @property
    def ready(self) -> bool:
        """Whether every detector is there to be asked."""
        return all(engine.ready for engine in self.engines.values())

    def state(self) -> dict[str, object]:
        """For doctor and /metrics: see gateway.detection.blocking."""
        detectors = {name: {**engine.state(), "jobs": dict(self.outcomes[name]), "failed": self.failures[name].state()} for name, engine in self.engines.items()}
        waiting = sum(len(caller.jobs) for caller in self.callers)
        return {"ready": self.ready, "started_at": self._started_at, "budget_bytes": self.budget.total, "used_bytes": self.budget.used, "jobs": waiting, "detectors": detectors}


class Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.jobs: dict[int, tuple[Job, asyncio.TimerHandle]] = {}
        self._reader = frames.Reader(limit=pool.budget.total, admit=self._admit)
        self._reserved = 0  # bytes of frames that are admitted and not heard
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._pool.callers.add(self)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, id, body in self._reader.feed(data):
                self._hear(kind, id, body)
        except (ValueError, UnicodeDecodeError) as e:
            log.event("caller_dropped", level=logging.WARNING, error=e if isinstance(e, ValueError) and not isinstance(e, UnicodeDecodeError) else "not UTF-8")
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._pool.callers.discard(self)
        self._transport = None
        for job, timer in list(self.jobs.values()):
            timer.cancel()
            job.end(("unavailable", _DROPPED))
        if self._reserved:
            self._pool.budget.give_back(self, self._reserved)
            self._reserved = 0

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # ------------------------------------------------------------------ jobs

    def _admit(self, kind: int, id: int, length: int) -> bool:
        if kind != Kind.JOB:
            return True
        if not self._pool.budget.take(self, length):
            self._write(frames.pack_failure(id, "busy", ""))
            return False
        self._reserved += length
        return True

    def _hear(self, kind: int, id: int, body: bytes) -> None:
        if kind == Kind.JOB:
            self._reserved -= len(body)
            self._begin(id, body)
        elif kind == Kind.DROP:
            if id in self.jobs:
                self.jobs[id][0].end(("unavailable", _DROPPED))
        elif kind == Kind.STATE:
            self._write(frames.frame(Kind.STATE, id, orjson.dumps(self._pool.state())))
        else:
            raise ValueError(f"a frame of kind {kind}")

    def _begin(self, id: int, body: bytes) -> None:
        pool, now = self._pool, time.monotonic()
        try:
            name, texts, deadline = frames.unpack_job(body)
            if id in self.jobs or not deadline < float("inf"):
                raise ValueError("an id twice, or no deadline")
        except ValueError:
            pool.budget.give_back(self, len(body))
            raise
        deadline = min(deadline, now + pool.limits.get(name, deadline))
        job = Job(self, id, texts, len(body), deadline, lambda job, outcome: self._ended(name, job, outcome))
        self.jobs[id] = (job, asyncio.get_running_loop().call_later(max(0.0, deadline - now), job.end, ("timeout", "")))
        engine = pool.engines.get(name)
        if engine is None:
            job.end(("unavailable", "no such detector"))
        else:
            engine.submit(job)

    def _ended(self, name: str, job: Job, outcome: list[list[Finding]] | tuple[str, str]) -> None:
        _, timer = self.jobs.pop(job.id)
        timer.cancel()
        self._pool.budget.give_back(self, job.size)
        if name in self._pool.outcomes:
            self._pool.outcomes[name][outcome[0] if isinstance(outcome, tuple) else "found"] += 1
            if isinstance(outcome, tuple) and outcome[1] != _DROPPED and self._pool.engines[name].settled.is_set():  # while it loads, waiting in vain is no failure
                self._pool.failures[name].note(*outcome)
        if isinstance(outcome, tuple):
            self._write(frames.pack_failure(job.id, *outcome))
        else:
            self._write(frames.frame(Kind.FOUND, job.id, frames.pack_rows(outcome)))

    def _write(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(data)
        if transport.get_write_buffer_size() > MAX_UNREAD:
            log.event("caller_dropped", level=logging.WARNING, error="it does not read its answers")
            self.drop()


def _of_model(model: Model, slice_chars: int) -> Spec:
    cut = slice_chars if model.max_span is not None else None
    limit = model.slice_limit_s
    return Spec(model.name, model.factory, model.kinds, model.options, None, model.max_span, model.children, model.memory_bytes, cut, limit, limit)


def _of_custom(custom: Custom) -> Spec:
    patience = min(_CUSTOM_PATIENCE_S, custom.deadline_s)
    return Spec(custom.name, custom.entry, custom.kinds, None, custom.path, custom.max_span, custom.children, custom.memory_bytes, None, patience, custom.deadline_s)


def _service(endpoint: Endpoint, second: Crew | None) -> ModerationEndpoint:
    from gateway.detection.moderation import ModerationEndpoint  # late, as below: both bring an HTTP client, which no model needs

    return ModerationEndpoint(endpoint, second)


def _webhook(custom: Custom) -> Engine:
    from gateway.detection.webhook import Webhook

    return Webhook(custom)


def _listen(path: Path) -> socket.socket:
    """A socket that only the owner can open, in the place of what a predecessor left there, who may live and still answers whom it knows."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with frames.reachable(fresh) as name:
        listener.bind(name)
    fresh.chmod(0o600)
    listener.listen(128)
    os.replace(fresh, path)
    listener.setblocking(False)
    return listener
