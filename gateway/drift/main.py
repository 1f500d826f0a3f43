"""Scheduled runs of drift: `python -m gateway.drift.main --config FILE [--app APP]`, started by the console when one is due, or by hand.

Composition root. One round: what is due, one app after the other, each in a forked process of its own, so that one that needs too much memory or time
costs itself alone; then the others still get their turn, and its row says why nothing was tested. One core, the lowest priority, never two rounds on one data directory at once
(`<data_dir>/run/drift.lock`). What a round was doing when it is killed is simply not there: rows are written when a run is over.

Exit codes: 0 all that was due is done; 1 a run failed, or the store cannot be asked; 2 the configuration is wrong; 3 another round is at work.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import datetime as dt
import logging
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway import log, oom
from gateway.drift import due
from gateway.drift.due import ROUND_S, RUN_S, Watched, Watching
from gateway.drift.past import SCHEDULED

if TYPE_CHECKING:
    from gateway.config import Settings
    from gateway.config_drift import Drift
    from gateway.drift.provider_due import Plan
    from gateway.drift.run import Terms, Tools
    from gateway.store.client import Store

OK, FAILED, MISCONFIGURED, BUSY = 0, 1, 2, 3
MEMORY_BYTES = 6 << 30  # of addresses, of which a run of the largest samples uses a part: what goes wrong ends here, before the machine has none left
_STORE, _MEMORY, _TOLD = 75, 76, 77  # exit codes of a run: the store cannot be asked; no memory left; it failed, and its row says why
_ENDS = {
    -signal.SIGALRM: f"it did not end within {RUN_S:g} s",
    _MEMORY: "it needed more memory than a run may have",
    _STORE: "the store, which is up, refused one of its questions or took too long",
}
_PR_SET_PDEATHSIG = 1
_ONE_CORE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def command(config: Path) -> list[str]:
    """What starts a round."""
    return [sys.executable, "-m", "gateway.drift.main", "--config", str(config)]


def watching(drift: Drift) -> Watching:
    """How each app is watched by the clock, of the configuration."""

    def of(app: str) -> Watched | None:
        said = drift.of(app)
        if not said.enabled:
            return None
        source = said.baseline
        return Watched(dt.timedelta(seconds=said.every), said.env, source.env or "", source.name or "", said.per_prompt)

    return of


def main(argv: list[str] | None = None) -> int:
    """Run one round. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gateway.drift.main", description="the runs of drift that are due")
    parser.add_argument("--config", type=Path, required=True, help="the gate's tidegate.yaml")
    parser.add_argument("--app", help="this app, due or not, and no other")
    parser.add_argument("--parent", type=int, help="the process with which this one ends")
    args = parser.parse_args(argv)
    log.configure("drift")
    if args.parent is not None:
        _end_with(args.parent)
    os.environ.update(dict.fromkeys(_ONE_CORE, "1"))
    from gateway.config import load  # late: what follows brings numpy, which reads the environment when it is loaded
    from gateway.errors import ConfigError, StoreError
    from gateway.journal import take_lock

    try:
        settings = load(args.config)
        _step_back(settings.drift.nice)
        run_dir = settings.data_dir / "run"
        run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = take_lock(run_dir / "drift.lock")
        if lock is None:
            log.event("drift_not_started", why="another round is at work")
            return BUSY
        with lock:
            return _round(settings, args.app)
    except ConfigError as e:
        log.event("drift_not_started", level=logging.ERROR, problem=e)
        return MISCONFIGURED
    except (StoreError, OSError) as e:
        log.event("drift_not_started", level=logging.WARNING, problem=e)
        return FAILED


def _round(settings: Settings, app: str | None) -> int:
    """Every run that is due. Raises StoreError, ConfigError."""
    began = time.monotonic()
    wanted = asyncio.run(_plan(settings, app))
    if wanted:
        from gateway.drift import run as _loaded  # noqa: F401  late, because it brings scikit-learn; but once for all runs
    log.event("drift_round_started", runs=len(wanted))
    code = made = 0
    for each, prompt, prompts in wanted:
        if time.monotonic() - began > ROUND_S:
            log.event("drift_round_cut_short", level=logging.WARNING, made=made, left=len(wanted) - made, hint="the rest comes first in the next round")
            break
        ended = _apart(partial(_one, settings, each, prompt, prompts))
        if ended == _STORE and not asyncio.run(_answers(settings)):
            return FAILED  # an app whose own questions are too much for the store must not come first again and again, and keep the others from their turn
        if ended == _TOLD:
            code = FAILED
        elif ended != OK:
            why = _ENDS.get(ended, f"it ended with code {ended}")
            log.event("drift_run_failed", level=logging.ERROR, app=each, prompt=prompt, why=why)
            asyncio.run(_note(settings, each, prompt, f"Nothing was tested: the run failed, {why}."))
            code = FAILED
        made += 1
    if app is None and (ended := _apart(partial(_providers, settings))) != OK:
        log.event("provider_watch_failed", level=logging.ERROR, why=_ENDS.get(ended, f"it ended with code {ended}"))
        code = FAILED
    log.event("drift_round_ended", runs=made, seconds=time.monotonic() - began)
    return code


# ------------------------------------------------------------------ the configuration, as values


def terms(settings: Settings, app: str, now: dt.datetime, *, prompts: int = 1) -> Terms:
    """How an app is compared. prompts: how many of its prompts are, each by itself, on one budget."""
    from gateway.drift.run import Terms
    from gateway.drift.samples import Source
    from gateway.drift.selecting import Reads

    said = settings.drift.of(app)
    return Terms(
        source=Source(**said.baseline.fields(now)),
        env=said.env,
        window=said.window,
        window_hours=said.window_hours,
        baseline_rows=said.baseline_rows,
        reads=Reads(**said.reads()),
        alpha=said.alpha,
        min_rows=said.min_rows,
        yearly=settings.drift.yearly_false_alarms,
        shares=prompts,
    )


@contextlib.asynccontextmanager
async def tools(settings: Settings, writer: Store) -> AsyncIterator[Tools]:
    """What a run works with, for as long as the block lasts. writer: where vectors are cached."""
    from gateway.drift.embeddings import Bundled, Embeddings, Endpoint, Remote
    from gateway.drift.labels import Provider
    from gateway.drift.masking import Masking
    from gateway.drift.run import Tools

    asked = settings.drift.endpoint(settings.providers)
    labeller = settings.drift.labeller(settings.providers)
    provider = Provider(labeller.url, labeller.model, labeller.key, labeller.deadline_s, labeller.allow_private, labeller.ca_file) if labeller else None
    embeddings = Embeddings(writer, Bundled() if asked is None else Remote(Endpoint(**{field.name: getattr(asked, field.name) for field in fields(Endpoint)})))
    try:
        yield Tools(embeddings, Masking(), provider)
    finally:
        await embeddings.close()


@contextlib.asynccontextmanager
async def stores(settings: Settings) -> AsyncIterator[tuple[Store, Store]]:
    """The store as its reader and as its writer. Raises ConfigError, and StoreUnavailable if an embedded one is not running."""
    from gateway.store.client import Store
    from gateway.store.place import find

    target = find(settings.data_dir, None if settings.store.embedded else settings.store.url, settings.store.cluster, settings.store.port)
    reader, writer = Store(target.reader()), Store(target)
    try:
        yield reader, writer
    finally:
        await reader.close()
        await writer.close()


def provider_plan(settings: Settings, base_url: str = "") -> Plan:
    """How providers are watched. base_url: where the gate is reached, of who sends canaries. Light: the console asks."""
    from gateway.drift.canary_table import Canary
    from gateway.drift.provider_due import Plan

    drift = settings.drift
    canaries = tuple(
        Canary(
            each.name,
            each.provider,
            settings.providers[each.provider].dialect,
            each.model,
            tuple((message.role, message.content) for message in each.messages) or (("user", each.prompt or ""),),
            each.repeat,
            each.every,
            each.app,
            each.max_tokens,
            each.temperature,
            each.key.get_secret_value() if each.key else "",
        )
        for each in (drift.canaries if settings.server.listen.port else ())  # at a port that nobody chose nobody finds it
    )
    return Plan(
        env=lambda app: drift.of(app).env if drift.of(app).enabled else None,
        enabled=drift.enabled and drift.watch.enabled,
        window_s=drift.watch.window,
        before_s=drift.watch.before,
        rows=drift.watch.rows,
        alpha=drift.alpha,
        yearly=drift.yearly_false_alarms,
        canaries=canaries if drift.enabled else (),
        calls_per_day=drift.canary_calls_per_day,
        base_url=base_url,
        sent=settings.data_dir / "run" / "canaries.json",
    )


# ------------------------------------------------------------------ one run


async def _plan(settings: Settings, app: str | None) -> list[tuple[str, str, int]]:
    """What to run: app, prompt, and how many prompts of the app there are; 0: each is to be compared by itself, and none has a name."""
    now, watched, days = dt.datetime.now(dt.UTC), watching(settings.drift), settings.store.retention_days
    async with stores(settings) as (reader, _):
        apps = [each.app for each in await due.due(reader, watched, days, now)] if app is None else [app]
        found = []
        for each in apps:
            how = watched(each) or Watched(dt.timedelta(0))
            names = await due.prompts(reader, how, each, days, now)
            found += [(each, name, len(names)) for name in names] or [(each, "", 0)]
        return found


async def _one(settings: Settings, app: str, prompt: str, prompts: int) -> int:
    """One run. Returns _TOLD if there could be none and its row says why. Raises StoreError."""
    from gateway.drift.run import run, untested
    from gateway.errors import EmbeddingError

    now = dt.datetime.now(dt.UTC)
    if not prompts:  # a row, or the app would be due at once again
        await _note(settings, app, prompt, "Nothing was compared: drift.per_prompt is on, and no exchange says which prompt it is of (x-tidegate-prompt).")
        return OK
    meant = terms(settings, app, now, prompts=prompts)
    async with stores(settings) as (reader, writer), tools(settings, writer) as made:
        try:
            ran = await run(reader, writer, meant, made, app=app, prompt=prompt, kind=SCHEDULED, now=now)
        except EmbeddingError as e:
            log.event("drift_run_failed", level=logging.ERROR, app=app, prompt=prompt, why=e)
            await untested(reader, writer, meant, f"Nothing was compared, for there are no vectors: {e}.", app=app, prompt=prompt)
            return _TOLD
    done = ran.run
    pvalue = done.report.pvalue if done.report.tested else None
    log.event("drift_run_ended", app=app, prompt=prompt, tested=done.report.tested, pvalue=pvalue, alarm=done.alarm, topics=len(done.topics), seconds=done.seconds)
    return OK


async def _providers(settings: Settings) -> int:
    """What is due of the model watch."""
    from gateway.drift.canaries import own_address
    from gateway.drift.provider_round import provider_round

    listen = settings.server.listen
    async with stores(settings) as (reader, writer), tools(settings, writer) as made:
        await provider_round(reader, writer, made.embeddings.of, provider_plan(settings, own_address(listen.host, listen.port)))
    return OK


async def _answers(settings: Settings) -> bool:
    """Whether the store is up."""
    async with stores(settings) as (reader, _):
        return await reader.ping()


async def _note(settings: Settings, app: str, prompt: str, why: str) -> None:
    from gateway.drift.run import untested

    async with stores(settings) as (reader, writer):
        await untested(reader, writer, terms(settings, app, dt.datetime.now(dt.UTC)), why, app=app, prompt=prompt)


# ------------------------------------------------------------------ processes


def _apart(what: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Do it in a process of its own, which ends by SIGALRM after RUN_S. Returns its exit code, negative for a signal."""
    parent, child = os.getpid(), os.fork()
    if child == 0:
        os._exit(_code_of(what, parent))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _code_of(what: Callable[[], Coroutine[Any, Any, int]], parent: int) -> int:
    """In the child: do it, within bounds. Never raises: nothing of the parent's may be done twice."""
    from gateway.errors import StoreError

    try:
        _end_with(parent)
        signal.setitimer(signal.ITIMER_REAL, RUN_S)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        return asyncio.run(what())
    except StoreError as e:
        log.event("drift_store_failed", level=logging.WARNING, problem=e)
        return _STORE
    except MemoryError:
        return _MEMORY
    except BaseException as e:  # noqa: BLE001  as above
        where = traceback.extract_tb(e.__traceback__)[-1]
        log.event("drift_run_broke", level=logging.ERROR, error=type(e).__name__, at=f"{where.filename}:{where.lineno}")  # not its words: they may quote a text
        return FAILED


def _end_with(parent: int) -> None:
    """End when that process ends, however it does."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os.kill(os.getpid(), signal.SIGKILL)


def _step_back(nice: int) -> None:
    """Behind everything else on this machine, as far as that."""
    os.nice(nice)
    oom.stand_in_front(oom.DRIFT - oom.CONSOLE)  # which started it
    if os.getsid(0) != os.getpid():  # the session is somebody's terminal
        return
    with contextlib.suppress(OSError):  # where the kernel groups by session, niceness within the group is not enough; elsewhere there is no such file
        fd = os.open("/proc/self/autogroup", os.O_WRONLY)
        try:
            os.write(fd, b"%d" % min(nice, 10))  # a tenth of what a worker has, where all want it; with 19 a busy machine would never let a run end
        finally:
            os.close(fd)


if __name__ == "__main__":
    sys.exit(main())
