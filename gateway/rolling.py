"""A rolling restart: new processes beside the old ones, then in their place, under the gate's own sockets. What asks for it, and when not, is gateway/reload.py."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gateway import log, oom, reload
from gateway.child import Child
from gateway.config import Settings
from gateway.detection.terms import SOCKET, following
from gateway.errors import ConfigError

if TYPE_CHECKING:
    from gateway.supervisor import Supervisor

END_S = 15.0  # for a process without exchanges to end
GENERATIONS = 4  # of old workers that may be leaving at a time


class Rolling:
    """Of one supervisor. asked: set to have it done now, whether the file has changed or not."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._of = supervisor
        self._watched = reload.Watched(supervisor.source)  # before it is copied: what comes after that is a change
        self.asked = asyncio.Event()
        self.reloads = reload.Reloads()
        self._farewells: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Look after the file until the gate stops."""
        while not self._of.stopping.is_set():
            await self._look()
            await self._room()
            forced = self.asked.is_set()
            self.asked.clear()
            if self._of.stopping.is_set() or not (self._watched.changed() or forced):
                continue
            try:
                await self._take(forced)
            except ConfigError as e:
                if not self._of.stopping.is_set():  # else it is not the file's fault
                    reload.refuse(self.reloads, e.problems)
            except OSError as e:
                reload.refuse(self.reloads, [f"{e.filename or self._of.run_dir}: {e.strerror}"])
            except Exception as e:  # noqa: BLE001  whatever is in the file: the next one must be looked at, too
                reload.refuse(self.reloads, [f"{self._of.source}: could not be looked at ({type(e).__name__})"])
            self._of.publish()

    async def _look(self) -> None:
        """Wait until it is time to look: soon, or because somebody asked, or because all is over."""
        waits = [asyncio.create_task(event.wait()) for event in (self.asked, self._of.stopping)]
        await asyncio.wait(waits, timeout=reload.LOOK_S, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()

    async def _room(self) -> None:
        """Wait until few enough are leaving: they need memory as long as their streams last, and a file that is changed all the time must not fill the machine."""
        stopping = asyncio.create_task(self._of.stopping.wait())
        if len(self._farewells) >= GENERATIONS:
            log.event("configuration_waits", leaving=len(self._farewells), hint="until the oldest workers that are leaving have ended")
        while len(self._farewells) >= GENERATIONS and not self._of.stopping.is_set():
            await asyncio.wait({*self._farewells, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()

    async def _take(self, forced: bool) -> None:
        """Take the file as it is now. Raises ConfigError, with which nothing has changed."""
        of = self._of
        text, settings = reload.candidate(of.source, of.settings, of.judge)
        candidate = of.run_dir / "tidegate.next.yaml"
        write(candidate, text.encode())
        if settings == of.settings and not forced:
            os.replace(candidate, of.config)  # comments, the order of things
            return self.reloads.note()
        log.event("configuration_changes", forced=forced)
        if problem := await self._roll(settings, candidate, forced):
            raise ConfigError([problem])
        self.reloads.note()
        log.event("configuration_taken", workers=sum(1 for child in of.children if child.fds))

    async def _roll(self, settings: Settings, candidate: Path, forced: bool) -> str:
        """Returns why nothing has changed, "" if all has."""
        of = self._of
        named = ["--config", str(candidate)]
        old = [child for child in of.children if child.fds]
        old_pool = next((child for child in of.children if child.name == "detectors"), None)
        renews = forced or settings.detection_terms != of.settings.detection_terms or old_pool is None
        new_pool = [pool([*named, "--next-pool"])] if settings.needs_pool and renews else []
        new = of.workers([*named, "--when-ready", *(["--next-pool"] if new_pool else [])])
        began, usual = time.monotonic(), of.run_dir / SOCKET
        following(usual).unlink(missing_ok=True)
        of.coming = [*new_pool, *new]
        for child in of.coming:
            child.last = True  # until they are the gate's: one that ends meanwhile has failed
            of.keep(child)
        problem = await self._come_up(new, following(usual) if new_pool else None)
        if problem:
            await of.end(of.coming, END_S)
            of.coming = []
            for left in (following(usual), *(reload.coming(of.run_dir, _slot(child)) for child in new)):
                left.unlink(missing_ok=True)
            return problem
        os.replace(candidate, of.config)
        of.settings, drain_s = settings, of.settings.server.drain_s
        for child in (*new_pool, *new):
            child.last, child.arguments = False, ["--config", str(of.config), *(word for word in child.arguments[2:] if word not in ("--when-ready", "--next-pool"))]
        pages = {_slot(child): reload.change_pages(of.run_dir, _slot(child)) for child in new}
        if new_pool:
            os.replace(following(usual), usual)  # who asks the old one still does
        old_pools = [old_pool] if old_pool is not None and (new_pool or not settings.needs_pool) else []
        kept = [child for child in of.children if child not in old and child not in old_pools]
        of.children = [*(child for child in kept if child.name == "store"), *new_pool, *(child for child in kept if child.name == "detectors"), *new, *(child for child in kept if child.name in ("recorder", "console"))]
        for child in (*old, *old_pools):
            child.last, child.state, child.replaced = True, "leaving", True
        of.leaving += [*old, *old_pools]
        of.coming = []
        for child in old:
            child.signal(signal.SIGHUP)
        for child in old_pools:
            if child.since > began:  # it ended meanwhile, has nobody's question, and may not listen yet: the name is its successor's
                child.signal(signal.SIGTERM)
        for child in of.children:
            if child.name in ("recorder", "console"):
                _renew(child)
        self._farewells.add(farewell := asyncio.create_task(self._see_off(old, old_pools, pages, drain_s)))
        farewell.add_done_callback(self._farewells.discard)
        return ""

    async def _come_up(self, new: list[Child], socket: Path | None) -> str:
        """Wait until all new workers are ready, and the new pool, if there is one, listens. Returns why they are not."""
        watches = [child.watch for child in self._of.coming if child.watch is not None]
        return await reload.ready(
            self._of.run_dir, {_slot(child): child for child in new}, socket, lambda: self._of.stopping.is_set() or any(watch.done() for watch in watches)
        )

    async def _see_off(self, old: list[Child], old_pools: list[Child], pages: Mapping[str, Path | None], drain_s: float) -> None:
        """Wait for old workers to end, for as long as exchanges may take; then nobody needs their pool. pages: of the old ones, by slot.  drain_s: theirs."""
        of = self._of
        left = time.monotonic() + drain_s + END_S
        watches = {child.watch: child for child in old if child.watch is not None}
        waiting = set(watches)
        while waiting and (time_left := left - time.monotonic()) > 0:
            ended, waiting = await asyncio.wait(waiting, timeout=time_left, return_when=asyncio.FIRST_COMPLETED)
            for watch in ended:
                _forget(pages.get(_slot(watches[watch])))
        if not of.stopping.is_set():
            await of.end([*old, *old_pools], END_S)
            of.leaving = [child for child in of.leaving if child not in old and child not in old_pools]
        for page in pages.values():
            _forget(page)
        of.publish()


def pool(arguments: list[str]) -> Child:
    """The detector pool, to be started."""
    return Child("detectors", "gateway.detection.main", arguments, niceness=0, oom=oom.DETECTORS)


def write(path: Path, data: bytes) -> None:
    """Whole or not at all, for the owner alone. Raises OSError."""
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
    os.replace(fresh, path)


def _renew(child: Child) -> None:
    if child.pid is not None and not child.renewing:  # else it is on its way already, and reads what holds when it is there
        child.renewing = True
        child.signal(signal.SIGTERM)


def _forget(page: Path | None) -> None:
    if page is not None:
        page.unlink(missing_ok=True)


def _slot(child: Child) -> str:
    return child.name.removeprefix("worker-")
