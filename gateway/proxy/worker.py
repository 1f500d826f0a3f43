"""One proxy worker: the composition root of the data plane, and its life from start to drained.

    python -m gateway.proxy.worker --config FILE --slot N --fd FD [--when-ready [--next-pool]]

The listening socket comes open from the supervisor, which keeps it: if this process is killed, waiting connections wait for its
successor. SIGTERM: not ready at once, a moment later no new connections, exchanges under way end by themselves within
`server.drain_s`, the journal is synced, exit 0. A second SIGTERM ends the wait. SIGHUP: its successor serves on the same socket already, so it takes no
new connections, still answers on those it has, with the word that they end, and leaves when none is left (see gateway/rolling.py).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from gateway import allocator, config, log
from gateway.detection.client import PoolClient
from gateway.detection.terms import following
from gateway.dialects import DIALECTS
from gateway.errors import ConfigError, JournalError
from gateway.guard.engines import Engines
from gateway.guard.policy import Direction, Rule
from gateway.journal import Journal
from gateway.journal_seal import journal_key
from gateway.keys import Identity, KeyRing, pepper
from gateway.proxy.admission import Admission
from gateway.proxy.breaker import Breakers, BreakerTerms
from gateway.proxy.files import Files, allowed
from gateway.proxy.guard import Guard, GuardTerms
from gateway.proxy.hedge import Beginnings
from gateway.proxy.ingress import Ingress, Terms, shutting_down
from gateway.proxy.memory import AUTO, MAP_BYTES, TOP_BYTES, Ceiling, available
from gateway.proxy.pool import Origin, Pool
from gateway.proxy.route import Limits, Provider, Routes
from gateway.proxy.server import Server
from gateway.proxy.turns import Turns
from gateway.proxy.waking import wake_soon
from gateway.proxy.warmup import Warmup
from gateway.proxy.watchdog import Watchdog
from gateway.proxy.ways import routes_of
from gateway.vitals import Vitals
from gateway.workers import COMING

BEAT_S = 0.1
CUT_OFF_S = 1.0  # for the last words of what is cut off
SHUT_S = 2.0  # for what is not even sent yet
IDLE_S = 30.0  # without a request, after which a connection of a retiring worker is closed: most clients give one up sooner by themselves
UNWRITTEN_S = 60.0  # between two lines that say that the journal has no room
NOTICE_S = 0.5  # between "not ready" and closing the door: what a load balancer needs to look


class Worker:
    """Everything one worker has, built once."""

    def __init__(self, settings: config.Settings, slot: int, listener: socket.socket, *, coming: bool = False, next_pool: bool = False) -> None:
        """coming: to take the place of one that serves.  next_pool: the detector pool to be asked is one that is coming, too."""
        self.settings, self.slot, self._listener = settings, slot, listener
        self._coming, self._next_pool = coming, next_pool
        name = f"w{slot}"
        self.vitals = Vitals(settings.data_dir / "run" / f"worker-{slot}{COMING if coming else ''}.vitals")
        self.vitals.set("pid", os.getpid())  # before anything that can fail: a page whose process is gone is one that died
        key = journal_key(settings.data_dir, settings.journal_key.get_secret_value() if settings.journal_key else None)
        self.journal = Journal(settings.data_dir / "journal", name, segment_bytes=settings.record.segment_bytes, key=key)
        secret = settings.key_pepper.get_secret_value() if settings.key_pepper else None
        fixed = [(key.digest, Identity(key.id, key.app, key.env, key.providers)) for key in settings.keys]
        self.keys = KeyRing(pepper(settings.data_dir, secret), fixed, settings.effective_keys_file)
        self.pools: list[Pool] = []
        server = settings.server
        terms = Terms(name, server.default_app, server.default_env, server.max_body_bytes, server.body_timeout_s, settings.durability == "strict", settings.store.content == "none")
        loop, among = asyncio.get_running_loop(), server.worker_count
        turns, guard = Turns(loop), self._guard()
        guard.turn = turns.part
        self.admission = Admission(loop, self.vitals, turns, room=-(-server.max_inflight // among), queue=-(-server.max_queue // among), patience_s=server.queue_s)
        self.ingress = Ingress(terms, self._routes(), self.keys, self.journal, self.vitals, DIALECTS["openai"], guard, self.admission)
        self.ingress.awaited = lambda: self.warmup.awaited
        self.server = Server(self.ingress.handle, self.ingress.refused, rest=turns.rest, header_timeout_s=server.header_timeout_s, keepalive_s=server.keepalive_s)
        memory = int(AUTO * available()) if server.memory_bytes == "auto" else server.memory_bytes
        self.ceiling = Ceiling(memory // among, self.admission, self.vitals, self.server.save, worn=self._worn)
        self.files = Files(resource.getrlimit(resource.RLIMIT_NOFILE)[0], self.admission, self.pools)
        self.server.last_file, self.server.crowded = self.files.last, partial(self.vitals.add, "shed_files")
        self.watchdog: Watchdog | None = None  # of a process of its own
        self._syncing: asyncio.Future[None] | None = None
        self._hurry = asyncio.Event()  # a second SIGTERM
        self._leave = asyncio.Event()
        self._unwritten, self._unwritten_told_at = 0, -UNWRITTEN_S  # frames and bodies for which the journal had no room, as they were told, and when (perf_counter)
        self._retire = asyncio.Event()  # SIGHUP

    def _guard(self) -> Guard:
        settings = self.settings
        guard = settings.guard
        terms = GuardTerms(guard.request_deadline_ms / 1000, guard.window_deadline_ms / 1000, guard.window_chars, guard.overlap_chars, guard.max_reply_bytes)
        usual = settings.detection_terms.socket
        self.pool = PoolClient(following(usual) if self._next_pool else usual) if settings.needs_pool else None
        relayed = [rule for rule in settings.policy.rules if Direction.LOG not in rule.on]
        engines = settings.engines if relayed else Engines({})  # without rules nothing is looked at, and no recogniser is loaded

        def asked(rules: Iterable[Rule]) -> set[str]:
            return {engine.asked for engine in engines.of(rules) if engine.local is None}

        names = asked(rule for rule in relayed if rule.fail_closed and rule.enforce)  # others let pass what is not checked, now as ever
        theirs = {*settings.detectors.custom, *(endpoint.service.name for endpoint in settings.detection_terms.endpoints)}
        if self._coming:  # what is checked now is checked until then; and a function that cannot be loaded takes nobody's place
            theirs -= {name for name, custom in settings.detectors.custom.items() if custom.entry} & names
            names, theirs = asked(relayed), theirs | (asked(relayed) - names)
        self.warmup = Warmup(self.pool, names, theirs)
        return Guard(settings.policy, engines, self.pool, terms)

    def _routes(self) -> Routes:
        providers: dict[str, Provider] = {}
        hedged = {target.provider for route in self.settings.routes.values() if route.hedge is not None for target in route.targets}
        for name, provider in self.settings.providers.items():
            url, timeouts = urlsplit(provider.base_url), provider.timeouts
            secure = url.scheme == "https"
            origin = Origin(
                name,
                secure,
                url.hostname or "",
                url.port or (443 if secure else 80),
                url.path.rstrip("/"),
                provider.allow_private,
                timeouts.connect_s,
                provider.keepalive_s,
                provider.ca_file,
            )
            key = provider.key.get_secret_value() if provider.key else None
            pool = Pool(origin, self.vitals, (key or "").encode())
            self.pools.append(pool)
            limits = Limits(timeouts.first_byte_s, timeouts.idle_s, timeouts.total_s, drain=provider.on_disconnect == "drain")
            breakers = Breakers(BreakerTerms(**self.settings.breaker.model_dump()), partial(self.vitals.set_breakers, len(providers)), partial(_left_alone, name))
            providers[name] = Provider(name, DIALECTS[provider.dialect], pool, key, limits, provider.ask_usage, breakers, Beginnings() if name in hedged else None)
        self.breakers = [provider.breakers for provider in providers.values()]
        return routes_of(self.settings, providers)

    # ------------------------------------------------------------------ life

    async def run(self) -> None:
        """Until asked to leave. One that is coming takes no connection before what rules need is there; somebody else serves until then."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._asked_to_leave)
        loop.add_signal_handler(signal.SIGHUP, self._retire.set)
        self.vitals.set("started_at", time.time())
        if self._coming:
            await self._warm()
            if self.pool is not None:
                self.pool.path = self.settings.detection_terms.socket  # its name from the moment that we are taken; the connection stays
        else:
            self._sign_of_life()
        self.watchdog = Watchdog(self.settings.data_dir / "run", self.slot)
        await self.server.listen(self._listener)
        beating = asyncio.create_task(self._beat())
        gc.collect()
        gc.freeze()  # what lives from here on is short-lived: look at it, not at the modules
        gc.set_threshold(50_000, 50, 100)
        self.watchdog.beat(0.0)
        log.event("worker_started", slot=self.slot, providers=len(self.settings.providers))
        if self.keys.problem:
            self._tell_keys()
        await _first_of(self._leave, self._retire)
        deadline = 0.0
        if not self._leave.is_set():
            self.server.deafen()
            deadline = time.monotonic() + self.settings.server.drain_s
            await self._see_clients_off(deadline)
        self.ingress.draining = True
        self.ingress.desk.end_waits()
        self.vitals.set("draining", 1)
        if not self._retire.is_set():
            await self._or_hurry(NOTICE_S)
            self.server.deafen()
        deadline = deadline or time.monotonic() + self.settings.server.drain_s
        while (self.server.connections or self.vitals.get("inflight")) and time.monotonic() < deadline and not self._hurry.is_set():
            for connection in list(self.server.connections):
                connection.leave()
            await self._or_hurry(0.05)
        cut = int(self.vitals.get("inflight"))
        await self._cut_off()
        beating.cancel()
        self.watchdog.stop()
        for pool in self.pools:
            pool.close()
        self.journal.shut()
        log.event("worker_drained", slot=self.slot, cut=cut)

    async def _warm(self) -> None:
        while not self.warmup.ready and not self._leave.is_set():
            self._sign_of_life()
            self.warmup.look()
            await asyncio.sleep(BEAT_S)  # the beat, which has not begun yet: a sign of life is due anyhow
        self._sign_of_life()

    async def _see_clients_off(self, deadline: float) -> None:
        """Until no client is left, or we are asked to leave now, or the time for exchanges is over."""
        self.vitals.set("draining", 1)
        log.event("worker_retires", slot=self.slot, connections=len(self.server.connections))
        while self.server.connections and time.monotonic() < deadline and not self._leave.is_set():
            for client in list(self.server.connections):
                if not client.retiring:
                    client.retire()
                elif client.idle_for() > IDLE_S:
                    client.leave()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_S):
                    await self._leave.wait()

    async def _cut_off(self) -> None:
        """End what is still open: each exchange gets its close frame, its client an error event in a stream that is then cut, or a 503."""
        await self._refuse_open()
        await self.server.shut(SHUT_S)
        await self._refuse_open()  # those whose request came to disk (durability: strict) while others were waited for

    async def _refuse_open(self) -> None:
        relays = self.ingress.live | {connection.relay for connection in self.server.connections if connection.relay is not None}
        for relay in relays:
            relay.refuse(shutting_down())
        commits = [relay.out.committing for relay in relays if relay.out.committing is not None]
        if commits:
            await asyncio.wait(commits, timeout=CUT_OFF_S)

    def _worn(self) -> None:
        self._leave.set()  # whoever started us starts another

    def _asked_to_leave(self) -> None:
        if self._leave.is_set():
            self._hurry.set()
        self._leave.set()

    async def _or_hurry(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            pass

    async def _beat(self) -> None:
        """Every 100 ms: a sign of life, the journal's sync, and see `_upkeep`."""
        count = 0
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT_S)
            count += 1
            self._sign_of_life()  # whatever becomes of the rest: the loop turns, and whoever is taken for stuck is ended
            for step in (self._sync, partial(self._upkeep, count, max(0.0, time.monotonic() - before - BEAT_S))):
                try:
                    step()
                except Exception as e:  # noqa: BLE001  deadlines and syncs of all exchanges hang on this task: it must not end
                    log.event("upkeep_failed", level=logging.ERROR, error=type(e).__name__)

    def _tell_keys(self) -> None:
        """The keys file was read anew, or could not be."""
        if self.keys.problem:
            log.event("keys_refused", level=logging.ERROR, reason=self.keys.problem, keys=len(self.keys), hint="the keys of before hold until it can be read")
        else:
            log.event("keys_taken", keys=len(self.keys))

    def _sign_of_life(self) -> None:
        self.vitals.set("waiting", 0 if self.warmup.ready else 1)
        self.vitals.set("beat_at", time.time())

    def _sync(self) -> None:
        self.journal.write_owed()
        if self._syncing is None or self._syncing.done():
            if self._syncing is not None and not self._syncing.cancelled() and (problem := self._syncing.exception()) is not None:
                log.event("journal_sync_failed", level=logging.WARNING, error=type(problem).__name__)
            self._syncing = asyncio.ensure_future(self.journal.commit(self.journal.written))  # what could not be synced is told once

    def _tell_unwritten(self, now: float) -> None:
        if now - self._unwritten_told_at >= UNWRITTEN_S:
            frames, bodies = self.journal.lost, self.journal.bodies_lost
            log.event("journal_no_room", level=logging.ERROR, frames_lost=frames, bodies_lost=bodies, hint="apps are served, and these exchanges are on record without their bodies, once there is room, or not at all: make room on the disk of data_dir")
            self._unwritten, self._unwritten_told_at = frames + bodies, now

    def _upkeep(self, count: int, lag: float) -> None:
        """Deadlines, vitals; now and then keys, pools."""
        if self.watchdog is not None:
            self.watchdog.beat(lag)
        self.ingress.tick()
        self.admission.tick()
        self.server.tick()
        self.ceiling.look()
        self.files.look(len(self.server.connections))
        vitals = self.vitals
        vitals.set("loop_lag_s", lag)
        vitals.set("loop_lag_max_s", max(lag, vitals.get("loop_lag_max_s")))
        vitals.set("connections", len(self.server.connections))
        vitals.set("connections_total", self.server.opened)
        vitals.set("journal_lost", self.journal.lost)
        vitals.set("journal_bodies_lost", self.journal.bodies_lost)
        if self.journal.lost + self.journal.bodies_lost > self._unwritten:
            self._tell_unwritten(time.perf_counter())
        if count % 5 == 0:
            if self.keys.refresh():
                self._tell_keys()
            self.journal.seal_if_old()
        if not self.warmup.ready:
            self.warmup.look()
        if count % 10 == 0:
            for pool in self.pools:
                pool.sweep()
            for breakers in self.breakers:
                breakers.tell()


def _left_alone(provider: str, alone: bool) -> None:
    """What a breaker did, in the log: without it a night in which nothing was answered leaves no line there."""
    if alone:
        log.event("breaker_opened", level=logging.WARNING, provider=provider, hint="its last calls have all failed: it is left alone but for one now and then; the rows' error_code says how they failed")
    else:
        log.event("breaker_closed", provider=provider)


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in waits:
        each.cancel()


async def serve(settings: config.Settings, slot: int, listener: socket.socket, *, coming: bool = False, next_pool: bool = False) -> None:
    """Run one worker until it is asked to leave."""
    await Worker(settings, slot, listener, coming=coming, next_pool=next_pool).run()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gateway.proxy.worker", description="One proxy worker; started by `tidegate serve`.")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--slot", type=int, required=True)
    parser.add_argument("--fd", type=int, required=True, help="the listening socket")
    parser.add_argument("--when-ready", action="store_true", help="take the place of one that serves: connections only when the rules' detectors are there")
    parser.add_argument("--next-pool", action="store_true", help="ask the detector pool that is to take the place of the one that runs")
    args = parser.parse_args()
    log.configure(f"worker-{args.slot}")
    try:
        settings = config.load(args.config)
        allocator.steady(MAP_BYTES, TOP_BYTES)
        allowed()
        wake_soon()
        listener = socket.socket(fileno=args.fd)
        listener.setblocking(False)
        uvloop.run(serve(settings, args.slot, listener, coming=args.when_ready, next_pool=args.next_pool))
    except (ConfigError, JournalError) as e:
        log.event("worker_refused", level=logging.ERROR, reason=str(e))
        return 2 if isinstance(e, ConfigError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
