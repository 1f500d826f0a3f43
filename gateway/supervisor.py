"""The process tree: one parent that starts, watches and restarts the rest, and has no request logic of its own.

    supervisor
    ├─ worker-0 ... worker-N   gateway.proxy.worker      each with its own listening socket on the one port
    ├─ recorder                gateway.record.main
    ├─ console                 gateway.console.main
    ├─ detectors               gateway.detection.main    where a rule needs a model or a custom detector
    └─ store                   gateway.store.embedded    where store.url is embedded

Sockets.  The supervisor binds one SO_REUSEPORT socket for each worker and keeps it open: the kernel spreads connections over them, and when a
worker is killed its waiting connections wait for the successor instead of being refused. A worker that ends by itself again and again will not come:
from REFUSE_AFTER ends on, its socket refuses connections (siblings get them, if there are any) until a successor listens.

Restarts.  At once the first time, then with a growing pause up to BACKOFF_MAX_S; a process that has lived for STEADY_S starts afresh. If the
supervisor itself is killed, its children get SIGTERM from the kernel and leave in good order; whoever starts the gate again finds
locks that are given up a moment later.

A changed configuration.  Taken over whole by new workers beside the old ones, or refused: gateway/reload.py and gateway/rolling.py. SIGHUP: the same with a file that
has not changed.

Stopping.  SIGTERM or SIGINT: workers drain; then the recorder stores what the journal holds; then console, detectors and store. A second one: now.

`<data_dir>/run/supervisor.json` tells `tidegate doctor` what runs. `<data_dir>/run/tidegate.yaml` is the configuration that holds (before
its environment variables are filled in): children read that, so a file edited meanwhile cannot keep one from coming back.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway import __version__, listeners, log, oom, rolling, stall, stuck
from gateway.child import Child, no_cores
from gateway.config import BASE_VARIABLE, SOURCE_VARIABLE, Listener, Settings
from gateway.errors import ConfigError, JournalError, StartError
from gateway.journal import take_lock
from gateway.journal_seal import journal_key
from gateway.keys import pepper
from gateway.orphans import Orphans
from gateway.store.credentials import credentials
from gateway.store.embedded import READER_PASSWORD, WRITER_PASSWORD

BACKOFF_FIRST_S, BACKOFF_MAX_S, STEADY_S = 0.1, 5.0, 10.0
RECORDER_STOP_S, OTHER_STOP_S = 20.0, 15.0
REFUSE_AFTER = 3  # quick ends in a row


class Supervisor:
    """Made for one run."""

    def __init__(self, settings: Settings, config_path: Path, judge: Callable[[Settings], list[str]] = lambda _settings: []) -> None:
        """judge: problems of a configuration that is right in itself, asked before a changed one is taken."""
        self.settings = settings
        self.judge = judge
        self.run_dir = settings.data_dir / "run"
        self.config = self.run_dir / "tidegate.yaml"
        self.source = config_path
        self.stopping = asyncio.Event()
        self._now = asyncio.Event()
        self._listeners: list[socket.socket] = []
        self._claim: socket.socket | None = None
        self._started_at = time.time()
        self._unpublished = False  # the last state found no room
        self.address = settings.server.listen
        self.children: list[Child] = []
        self.coming: list[Child] = []  # what is to take their place, if it comes up
        self.leaving: list[Child] = []  # workers and a pool whose successors serve already
        self._rolling = rolling.Rolling(self)
        self._orphans = Orphans(lambda: {child.pid for child in self._all if child.pid is not None})

    # ------------------------------------------------------------------ start

    def prepare(self) -> None:
        """Directories, sockets, the list of children. Raises StartError if an address is taken, or a key that every worker needs is not to be had."""
        no_cores()
        data_dir, server = self.settings.data_dir, self.settings.server
        for directory in (self.run_dir, data_dir / "journal", data_dir / "recorder", data_dir / "quarantine"):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._need_keys()
        for page in self.run_dir.glob("worker-*.vitals"):
            page.unlink()
        shutil.copyfile(self.source, self.config)
        os.chmod(self.config, 0o600)
        port = server.listen.port
        for _ in range(server.worker_count):
            try:
                listener = listeners.listen(server.listen.host, port)
            except (OSError, UnicodeError) as e:
                raise StartError(f"{server.listen.host}:{port}: {listeners.why(e)} (server.listen)") from e
            port = listener.getsockname()[1]
            self._listeners.append(listener)
        self.address = Listener(host=server.listen.host, port=port)
        self._claim = listeners.claim(self.address)
        if not self._predecessor_is_leaving():
            listeners.probe(server.admin, "server.admin")
            if self.settings.store.embedded and self.settings.store.port:
                listeners.probe(Listener(host="127.0.0.1", port=self.settings.store.port), "store.port")
        base = ["--config", str(self.config)]
        store: dict[str, str] = {}
        if self.settings.store.embedded:
            store_port = self.settings.store.port or listeners.free_port()
            store = {"TIDEGATE_STORE_PORT": str(store_port)}
            secret = credentials(data_dir)
            passwords = {WRITER_PASSWORD: secret.writer_password, READER_PASSWORD: secret.reader_password}
            arguments = ["--path", str(data_dir / "clickhouse" / "server"), "--http-port", str(store_port), "--memory", str(self.settings.store.memory_bytes)]
            self.children.append(Child("store", "gateway.store.embedded", arguments, passwords, log=data_dir / "clickhouse" / "stderr.log", oom=oom.STORE))
            _write_json(self.run_dir / "store.json", {"port": store_port})
        if self.settings.needs_pool:
            self.children.append(rolling.pool(base))
        self.children += self.workers(base)
        self.children.append(Child("recorder", "gateway.record.main", base, store, oom=oom.RECORDER))
        self.children.append(Child("console", "gateway.console.main", base, store, oom=oom.CONSOLE))

    def workers(self, arguments: list[str]) -> list[Child]:
        fds = {str(slot): listener for slot, listener in enumerate(self._listeners)}
        return [
            Child(f"worker-{slot}", "gateway.proxy.worker", [*arguments, "--slot", slot, "--fd", str(listener.fileno())], fds=(listener.fileno(),), listener=listener)
            for slot, listener in fds.items()
        ]

    def _need_keys(self) -> None:
        """Said now, and not by workers that end as often as they are started."""
        settings = self.settings
        sealed, hashed = settings.journal_key, settings.key_pepper
        try:
            journal_key(settings.data_dir, sealed.get_secret_value() if sealed else None)
            pepper(settings.data_dir, hashed.get_secret_value() if hashed else None)
        except (JournalError, ConfigError) as e:
            raise StartError(str(e)) from e

    def _predecessor_is_leaving(self) -> bool:
        """Whether processes of a killed supervisor on this data_dir still run: they hold their ports for a moment, and our own will wait for them."""
        try:
            known = json.loads((self.run_dir / "supervisor.json").read_text())["processes"]
            return any(process["pid"] and Path(f"/proc/{process['pid']}").exists() for process in known)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    async def run(self, ready: Callable[[Supervisor], None] | None = None) -> int:
        """Start everything, keep it up until asked to stop, stop it in order. Returns the exit code."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.stop if sys.stdin is not None and sys.stdin.isatty() else self._rolling.asked.set)  # a terminal that is closed means it otherwise
        self._orphans.watch()
        for child in sorted(self.children, key=lambda child: not child.fds):  # workers first: they are waited for, and wait for none of the others
            self.keep(child)
        reloading = asyncio.create_task(self._rolling.run())
        watching = asyncio.create_task(self._watch())
        log.event("gate_started", version=__version__, listen=f"{self.address.host}:{self.address.port}", workers=len(self._listeners), pid=os.getpid())
        if ready is not None:
            ready(self)
        await self.stopping.wait()
        watching.cancel()
        await asyncio.wait({reloading})
        log.event("gate_stopping", drain_s=self.settings.server.drain_s, hint="exchanges under way may end; a second signal stops at once")
        workers = [child for child in self._all if child.fds]
        for listener in self._listeners:
            listener.close()  # the workers' copies follow in a moment; then new connections are refused, and not left waiting
        for child in workers:
            child.state = "draining"
        self.publish()
        await self.end(workers, self.settings.server.drain_s + OTHER_STOP_S)
        await self.end([c for c in self.children if c.name == "recorder"], RECORDER_STOP_S)
        await self.end([c for c in self._all if c.name in ("console", "detectors", "store")], OTHER_STOP_S)
        self.publish()
        log.event("gate_stopped")
        return 0

    def stop(self) -> None:
        """Stop in order; called again: now."""
        if self.stopping.is_set():
            self._now.set()
            for child in self._all:
                if child.fds:  # workers stop waiting for their exchanges; the recorder still comes after them, or their last words would wait in the journal
                    child.signal(signal.SIGTERM)
        self.stopping.set()

    @property
    def _all(self) -> list[Child]:
        return [*self.children, *self.coming, *self.leaving]

    # ------------------------------------------------------------------ one child

    def keep(self, child: Child) -> None:
        """Start it, and whenever it has ended, again."""
        child.watch = asyncio.create_task(self._keep_up(child))

    async def _keep_up(self, child: Child) -> None:
        while not self.stopping.is_set():
            try:
                await self._start(child)
            except Exception as e:  # noqa: BLE001  whatever it was: nobody else starts it again
                log.event("process_not_started", level=logging.ERROR, name=child.name, error=getattr(e, "strerror", None) or type(e).__name__, retry_in_s=BACKOFF_MAX_S)
                await self._pause(BACKOFF_MAX_S)
                if child.replaced:
                    break
                continue
            assert child.process is not None
            if self.stopping.is_set() or child.replaced:  # the order to stop came while it was being made: it has no other way to hear of it
                child.signal(signal.SIGTERM)
            code = await child.process.wait()
            lived = time.monotonic() - child.since
            child.pid = None
            if self.stopping.is_set() or child.last:
                if not self.stopping.is_set() and child.state != "leaving":
                    log.event("process_ended", level=logging.WARNING, name=child.name, code=code, lived_s=lived)
                break
            if child.renewing:
                child.renewing = False
                continue
            child.quick_ends = 0 if lived >= STEADY_S else child.quick_ends + 1
            pause = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** (child.quick_ends - 2)) if child.quick_ends > 1 else 0.0
            child.state, child.restarts, child.code = "waiting", child.restarts + 1, code
            if child.listener is not None and child.quick_ends >= REFUSE_AFTER and code != -signal.SIGKILL:
                self._refuse(child)
            log.event("process_ended", level=logging.WARNING, name=child.name, code=code, lived_s=lived, restart_in_s=pause)
            self.publish()
            if pause:
                await self._pause(pause)
            if child.replaced:  # meanwhile
                break
        child.state = "stopped"

    async def _watch(self) -> None:
        """End workers whose loops stand still: their connections wait for a successor, and would wait for ever."""
        beats = stuck.Stuck(self.run_dir)
        while True:
            await asyncio.sleep(stuck.LOOK_S)
            try:
                silent: list[Child] = []
                with contextlib.suppress(OSError):  # a page that cannot be read today is read the next time
                    silent = beats.look(self.children)
                for child in silent:
                    await self._end_stuck(child)
                if self._unpublished:
                    self.publish()
            except Exception as e:  # noqa: BLE001  a worker that stands still is ended here or nowhere: this task must not end
                log.event("watch_failed", level=logging.ERROR, error=type(e).__name__)

    async def _end_stuck(self, child: Child) -> None:
        """It may say where it stands (SIGABRT), which ends it, too; if it cannot even do that, it is killed."""
        pid, process = child.pid, child.process  # another may have its place when the word is said
        child.signal(signal.SIGABRT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(stuck.LAST_WORD_S):
                await (process.wait() if process is not None else asyncio.Event().wait())
        where = stall.taken(stall.path_of(self.run_dir, child.name.removeprefix("worker-")))
        log.event("worker_stuck", level=logging.ERROR, name=child.name, silent_s=stuck.SILENT_S, where=where)
        if child.pid == pid and (process is None or process.returncode is None):
            child.signal(signal.SIGKILL)

    def _refuse(self, child: Child) -> None:
        """Let nobody wait for a worker that may never come. Its successor listens on the same socket, which opens it again."""
        assert child.listener is not None
        with contextlib.suppress(OSError):  # it has not listened since the last time
            child.listener.shutdown(socket.SHUT_RDWR)
            log.event("connections_refused", level=logging.ERROR, name=child.name, ends_in_a_row=child.quick_ends, hint="it ends as often as it is started; its own lines say why")

    async def _pause(self, seconds: float) -> None:
        """Wait, unless it is time to stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()

    async def _start(self, child: Child) -> None:
        await child.start({BASE_VARIABLE: str(self.source.parent), SOURCE_VARIABLE: str(self.source)})
        self.publish()

    async def end(self, children: list[Child], within_s: float) -> None:
        """SIGTERM, and after `within_s` (or a second signal to us) SIGKILL."""
        for child in children:
            child.signal(signal.SIGTERM)
        watches = {child.watch for child in children if child.watch is not None}
        hurry = asyncio.create_task(self._now.wait())
        deadline = time.monotonic() + within_s
        while watches and time.monotonic() < deadline:
            done, _ = await asyncio.wait({*watches, hurry}, timeout=deadline - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)
            watches -= done
            if hurry in done:
                hurry = asyncio.create_task(asyncio.Event().wait())  # heard: what is left of the time is short
                deadline = min(deadline, time.monotonic() + 5.0)
        hurry.cancel()
        for child in children:
            if child.watch in watches:
                log.event("process_killed", level=logging.WARNING, name=child.name, within_s=within_s)
                child.signal(signal.SIGKILL)
        if watches:
            await asyncio.wait(watches)

    # ------------------------------------------------------------------ what doctor reads

    def publish(self) -> None:
        server = self.settings.server
        state: dict[str, Any] = {
            "pid": os.getpid(),
            "version": __version__,
            "started_at": self._started_at,
            "listen": f"{self.address.host}:{self.address.port}",
            "admin": f"{server.admin.host}:{server.admin.port}",
            "config": str(self.source),
            "reloads": self._rolling.reloads.told(),
            "processes": [child.told() for child in self.children],
            "leaving": [child.told() for child in self.leaving],
        }
        try:
            _write_json(self.run_dir / "supervisor.json", state)
            self._unpublished = False
        except OSError as e:  # a full disk costs doctor its news until there is room again, not a process its restart
            if not self._unpublished:
                log.event("state_not_written", level=logging.WARNING, error=e.strerror)
            self._unpublished = True


def run(settings: Settings, config_path: Path, ready: Callable[[Supervisor], None] | None = None, judge: Callable[[Settings], list[str]] = lambda _settings: []) -> int:
    """Run the gate until it is told to stop. ready: called once everything is started.  judge: see Supervisor. Returns the exit code. Raises StartError."""
    log.configure("supervisor")
    data_dir = settings.data_dir
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = take_lock(data_dir / "lock")
    except OSError as e:
        raise StartError(f"{data_dir}: {e.strerror}; data_dir must be a directory that this user can write to") from e
    if lock is None:
        raise StartError(f"{data_dir} is in use by another running gate; stop it, or give this one its own data_dir")
    _watch_without_threads()
    try:
        return asyncio.run(_run(settings, config_path, ready, judge))
    finally:
        lock.close()


async def _run(settings: Settings, config_path: Path, ready: Callable[[Supervisor], None] | None, judge: Callable[[Settings], list[str]]) -> int:
    supervisor = Supervisor(settings, config_path, judge)
    try:
        supervisor.prepare()
    except OSError as e:
        raise StartError(f"{e.filename or settings.data_dir}: {e.strerror}; data_dir must be a directory that this user can write to") from e
    return await supervisor.run(ready)


def _watch_without_threads() -> None:
    """Children are waited for by file descriptors, as asyncio does from Python 3.12 on; 3.11 starts a thread for each.

    If a process with threads is killed, the kernel hands its children from one dying thread to the next and may send them `_before_exec`'s SIGTERM each
    time: a worker would take the second one for an order to leave at once, and cut its streams.
    """
    if sys.version_info < (3, 12):
        with contextlib.suppress(OSError):  # a kernel or a sandbox without pidfd: threads, then
            os.close(os.pidfd_open(os.getpid()))
            asyncio.set_child_watcher(asyncio.PidfdChildWatcher())


def _write_json(path: Path, value: dict[str, Any]) -> None:
    rolling.write(path, json.dumps(value).encode())
