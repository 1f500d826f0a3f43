"""The recorder's process: `python -m gateway.record.main --config FILE`. Builds everything in the record plane, starts it, closes it.

One recorder a data directory (`<data_dir>/recorder/lock`); a second one waits for the first to go and then leaves with exit code 1. SIGTERM: what is in
the journals is stored, for at most ten seconds; what is not then waits for the next start. A second SIGTERM: now. Either way exit code 0.

`<data_dir>/run/recorder.sock`, for the owner alone: GET /metrics (Prometheus' text format) and GET /state (JSON).
The embedded store's port comes in TIDEGATE_STORE_PORT, its passwords from the file beside it; server mode takes both from `store.url`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import orjson
import uvloop
from aiohttp import web

from gateway import __version__, allocator, config, log
from gateway.config import Settings
from gateway.detection.blocking import BlockingPool
from gateway.detection.frames import reachable
from gateway.errors import ConfigError, JournalError, StartError, StoreUnavailable
from gateway.exchange import Exchange
from gateway.guard.policy import detectors_of
from gateway.journal import take_lock
from gateway.journal_seal import journal_key
from gateway.record.capture import Captured
from gateway.record.checkpoint import CheckpointFile
from gateway.record.draft import without_content
from gateway.record.enrich import Enricher, storable
from gateway.record.held import SAME_S
from gateway.record.ledger import Ledger
from gateway.record.metrics import Metrics
from gateway.record.pricing import PriceBook, PriceOverride, provider_of_host
from gateway.record.quarantine import Quarantine
from gateway.record.ready_store import ReadyStore
from gateway.record.recorder import Limits, Recorder
from gateway.record.redaction import NAMING, Redactor, asking
from gateway.record.telemetry import Telemetry, Terms
from gateway.record.tokens import TokenCounter
from gateway.record.writer import Writer
from gateway.store.client import Store
from gateway.store.credentials import credentials
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from gateway.store.target import Target

LOCK_WAIT_S = 20.0  # longer than a predecessor may take to flush and to send its last spans
PING_S = 2.0
PING_FIRST_S = 0.1  # while the store does not answer, which at the start it does not; then twice as long each time, up to PING_S
GIVE_BACK_S = 30.0
LEDGER_DEADLINE_S = 5.0  # less patience than exchanges get
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    log.configure("recorder")
    allocator.steady()
    os.umask(0o077)
    try:
        settings = config.load(arguments.config)
        target = store_target(settings)
        lock = owner_lock(settings.data_dir / "recorder", LOCK_WAIT_S)
        key = journal_key(settings.data_dir, settings.journal_key.get_secret_value() if settings.journal_key else None)
    except ConfigError as e:
        log.event("start_refused", level=logging.ERROR, error=e)
        return 2
    except (StartError, JournalError) as e:
        log.event("start_refused", level=logging.ERROR, error=e)
        return 1
    except OSError as e:
        return _without(e)
    with lock:
        try:
            uvloop.run(_run(settings, target, key))
        except JournalError as e:
            log.event("start_refused", level=logging.ERROR, error=e)
            return 1
        except OSError as e:
            return _without(e)
        except Exception as e:  # noqa: BLE001  whoever starts us tries again; what it was stands in the log as all else does, without values
            log.event("recorder_ended", level=logging.ERROR, error=type(e).__name__, where=_where(e))
            return 1
    return 0


def _where(problem: Exception) -> str:
    """The file and line that raised it."""
    *_, last = traceback.extract_tb(problem.__traceback__)
    return f"{os.path.basename(last.filename)}:{last.lineno}"


def _without(problem: OSError) -> int:
    """The end of a recorder whose disk does not let it work: whoever starts us tries again."""
    log.event("recorder_ended", level=logging.ERROR, path=problem.filename, error=problem.strerror or problem)
    return 1


async def _run(settings: Settings, target: Target, key: bytes) -> None:
    data_dir = settings.data_dir
    metrics = _metrics(settings)
    telemetry = Telemetry(_telemetry(settings))
    metrics.registry.register(telemetry)
    store = Store(target)
    ready = ReadyStore(store, lambda: migrate(target, retention_days=settings.store.retention_days, gateway_version=__version__))
    quarantine = Quarantine(data_dir / "quarantine")

    async def keep_lines(lines: list[bytes], token: str) -> None:
        await ready.ensure()
        await store.insert_rows("ledger", lines, token=token, deadline_s=LEDGER_DEADLINE_S)

    ledger = Ledger(data_dir / "ledger", key=key, retention_days=settings.store.retention_days, send=keep_lines, last=partial(store.last_line, deadline_s=LEDGER_DEADLINE_S))
    writer = Writer(ready, quarantine, ledger=ledger)
    pool = BlockingPool(data_dir / "run" / "detectors.sock")
    make = maker(_enricher(settings, pool), content=bool(settings.telemetry.otlp_endpoint))
    recorder = Recorder(
        data_dir / "journal",
        key=key,
        checkpoints=CheckpointFile(data_dir / "recorder"),
        quarantine=quarantine,
        writer=writer,
        make=make,
        observers=(metrics.observe, *telemetry.observers),
        limits=Limits(max_batch_rows=settings.record.max_batch_rows, max_batch_s=settings.record.max_batch_s, hold_s=settings.record.hold_s, retention_s=settings.store.retention_days * 86400.0),
        store="embedded" if settings.store.embedded else f"{target.place}/{target.database}",
    )
    page = await _serve(data_dir / "run" / "recorder.sock", recorder, metrics, ledger)
    watch = asyncio.create_task(_watch(store, ready, writer, recorder, ledger))
    gc.freeze()  # as in a worker: what lives from here on is short-lived
    gc.set_threshold(50_000, 50, 100)
    log.event("recorder_started", pid=os.getpid(), version=__version__, store=target.place)
    try:
        await _until_told(recorder)
        if writer.up:
            await ledger.tend()
    finally:
        watch.cancel()
        await asyncio.wait({watch})
        await page.cleanup()
        await store.close()
        pool.close()
        await asyncio.to_thread(telemetry.close)
    log.event("recorder_stopped", **{name: count for name, count in asdict(recorder.state).items() if name in ("accepted", "stored", "in_journal")})


async def _until_told(recorder: Recorder) -> None:
    stop = asyncio.Event()
    running = asyncio.ensure_future(recorder.run(stop))

    def told() -> None:
        log.event("recorder_stopping", at_once=stop.is_set())
        if stop.is_set():
            running.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told)
    try:
        await running
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


async def _watch(store: Store, ready: ReadyStore, writer: Writer, recorder: Recorder, ledger: Ledger) -> None:
    """Make the schema before there is traffic, and know whether the store is up when there is none."""
    recorder.store_seen = float("-inf")
    pause, given_back = PING_FIRST_S / 2, time.monotonic()
    while True:
        try:
            await ready.ensure()
            boot = await store.boot()
        except StoreUnavailable:
            boot = None
        except Exception as e:  # noqa: BLE001  nobody else looks whether the store is up, and the ledger's lines wait for this task: it must not end
            log.event("watch_failed", level=logging.ERROR, error=type(e).__name__, where=_where(e))
            boot = None
        up = boot is not None
        if boot is not None and abs(boot - recorder.store_boot) > SAME_S:
            recorder.store_boot = boot
        if boot is not None:
            recorder.store_seen = time.monotonic()
        if recorder.announced is None:  # else the writer knows better
            writer.up = up
        if up:
            try:
                await ledger.tend()
            except Exception as e:  # noqa: BLE001  nor may that
                log.event("watch_failed", level=logging.ERROR, error=type(e).__name__, where=_where(e))
        pause = PING_S if up else min(PING_S, 2 * pause)
        if time.monotonic() - given_back >= GIVE_BACK_S:
            tidy()
            given_back = time.monotonic()
        await asyncio.sleep(pause)  # a store that comes up tells nobody


def tidy() -> None:
    """Let go of what hangs in circles, and give the room back. An export that failed is one, with the spans and the message that were in it: what is there when the young are looked at
    would otherwise stay until they have been fifty times, which takes an hour. Some 20 ms."""
    gc.collect()
    allocator.give_back()


async def _serve(path: Path, recorder: Recorder, metrics: Metrics, ledger: Ledger) -> web.AppRunner:
    """The page about the recorder, on a socket that only the owner can open."""

    async def show_metrics(_request: web.Request) -> web.Response:
        if not recorder.caught_up:
            return web.Response(status=503, text="reading the journal\n")
        metrics.update(recorder.state)
        return web.Response(body=metrics.exposition(), headers={"Content-Type": _TEXT})

    async def show_state(_request: web.Request) -> web.Response:
        _, damaged, damaged_bytes, strays = recorder.damage
        state = {"caught_up": recorder.caught_up, **asdict(recorder.state), "damaged": damaged, "damaged_bytes": damaged_bytes, "strays": strays, "ledger": ledger.state, "restored": recorder.restorer.restored, "missing": recorder.restorer.missing}
        state["spans"] = {result: int(metrics.registry.get_sample_value("tidegate_spans_total", {"result": result}) or 0) for result in ("exported", "dropped")}
        return web.Response(body=orjson.dumps(state), content_type="application/json")

    app = web.Application()
    app.add_routes([web.get("/metrics", show_metrics), web.get("/state", show_state)])
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.SockSite(runner, _private_socket(path)).start()
    except OSError as e:  # the record matters more than the page about it
        log.event("page_unavailable", path=path, error=e)
    return runner


def _private_socket(path: Path) -> socket.socket:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with reachable(path) as name:
        listener.bind(name)
    path.chmod(0o600)
    return listener


def maker(enricher: Enricher, *, content: bool) -> Callable[[Sequence[Captured], str, int], list[tuple[Exchange, bytes]]]:
    """What makes rows, some at a time, a step for all before the next. content: who is told of an exchange afterwards is told what was said, too; else that is not held until its row is safe, as two
    batches of it are much."""

    def make(captured: Sequence[Captured], batch_id: str, room: int) -> list[tuple[Exchange, bytes]]:
        made = [storable(exchange, encode) for exchange in enricher.exchanges(captured, batch_id, room)]
        return made if content else [(without_content(exchange), row) for exchange, row in made]

    return make


def _enricher(settings: Settings, pool: BlockingPool) -> Enricher:
    overrides = {name: PriceOverride(**price.model_dump()) for name, price in settings.prices.items()}
    prices_as: dict[str, str | None] = {}
    for name, provider in settings.providers.items():
        url = urlsplit(provider.base_url)
        prices_as[name] = provider.prices_as or provider_of_host(url.hostname or "", url.path)
    redactor = naming = None
    if settings.store.content != "redacted":  # what things are called is told in metrics and spans, too
        naming = Redactor(NAMING, settings.engines)
    else:
        redactor = Redactor(settings.policy, settings.engines, ask=asking(pool, settings.guard.request_deadline_ms / 1000))
    return Enricher(
        counter=TokenCounter(),
        prices=PriceBook(overrides),
        prices_as=prices_as,
        max_body_bytes=settings.record.max_body_bytes,
        keep_content=settings.store.content != "none",
        redactor=redactor,
        naming=naming,
    )


def _names(settings: Settings) -> dict[str, list[str]]:
    """The values of labels that have series of their own from the start."""
    apps = {key.app for key in settings.keys if key.app} | {settings.server.default_app} | set(settings.objectives.apps)
    envs = {key.env for key in settings.keys if key.env} | {settings.server.default_env}
    models = {name.rsplit("/", 1)[-1] for name in settings.prices}
    return {"providers": sorted(settings.providers), "models": sorted(models), "apps": sorted(apps), "envs": sorted(envs)}


def _metrics(settings: Settings) -> Metrics:
    return Metrics(version=__version__, detectors=detectors_of(settings.policy.rules), **_names(settings))


def _telemetry(settings: Settings) -> Terms:
    asked = settings.telemetry
    places = {}
    for name, provider in settings.providers.items():
        url = urlsplit(provider.base_url)
        places[name] = (url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
    return Terms(
        endpoint=asked.otlp_endpoint or "",
        protocol=asked.protocol,
        ca_file=asked.ca_file,
        service_name=asked.service_name,
        version=__version__,
        metrics=asked.metrics,
        content=asked.content and settings.store.content == "redacted",
        places=places,
        names=_names(settings),
    )


def store_target(settings: Settings) -> Target:
    """Where rows go. Raises ConfigError."""
    if not settings.store.embedded:
        return Target.from_url(settings.store.url, cluster=settings.store.cluster)
    port = os.environ.get("TIDEGATE_STORE_PORT", "")
    if not port.isdigit():
        port = str(settings.store.port)
    if port == "0":
        raise ConfigError(["TIDEGATE_STORE_PORT: not set, and store.port is 0; expected the embedded store's port"])
    return Target.embedded(int(port), credentials(settings.data_dir))


def owner_lock(directory: Path, wait_s: float) -> IO[bytes]:
    """The right to record for a data directory, for as long as the file is open. Raises StartError if another recorder keeps it (FAILURES D9)."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + wait_s
    while True:
        lock = take_lock(directory / "lock")
        if lock is not None:
            return lock
        if time.monotonic() >= until:
            raise StartError(f"{directory}: another recorder is at work there; waited {wait_s:g} s. One data directory, one gate")
        time.sleep(0.1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway.record.main", description="the recorder of a gate")
    parser.add_argument("--config", type=Path, required=True, help="the gate's tidegate.yaml")
    return parser


if __name__ == "__main__":
    sys.exit(main())
