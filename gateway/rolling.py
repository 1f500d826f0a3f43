"""A rolling restart: new processes beside the old ones, then in their place, under the gate's own sockets. What asks for it, and when not, is gateway/reload.py."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from gateway import log, reload
from gateway.child import Child
from gateway.config import Settings
from gateway.errors import ConfigError

if TYPE_CHECKING:
    from gateway.supervisor import Supervisor

END_S = 15.0  # for a process without exchanges to end


class Rolling:
    """Of one supervisor. asked: set to have it done now, whether the file has changed or not."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._of = supervisor
        self.asked = asyncio.Event()
        self.reloads = reload.Reloads()
        self._farewells: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Look after the file until the gate stops."""
        watched = reload.Watched(self._of.source)
        while not self._of.stopping.is_set():
            await self._look()
            forced = self.asked.is_set()
            self.asked.clear()
            if self._of.stopping.is_set() or not (watched.changed() or forced):
                continue
            try:
                await self._take(forced)
            except ConfigError as e:
                reload.refuse(self.reloads, e.problems)
            except OSError as e:
                reload.refuse(self.reloads, [f"{e.filename or self._of.run_dir}: {e.strerror}"])
            self._of.publish()

    async def _look(self) -> None:
        """Wait until it is time to look: soon, or because somebody asked, or because all is over."""
        waits = [asyncio.create_task(event.wait()) for event in (self.asked, self._of.stopping)]
        await asyncio.wait(waits, timeout=reload.LOOK_S, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()

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
        new_pool = [pool(named)] if settings.needs_pool and renews else []
        new = of.workers([*named, "--when-ready"])
        asides = [(_slot(child), reload.set_aside(of.run_dir, _slot(child))) for child in old]
        of.coming = [*new_pool, *new]
        for child in of.coming:
            child.last = True  # until they are the gate's: one that ends meanwhile has failed
            of.keep(child)
        if problem := await self._come_up(new):
            await of.end(of.coming, END_S)
            of.coming = []
            for slot, aside in asides:
                reload.put_back(of.run_dir, slot, aside)
            if new_pool and old_pool is not None:
                _renew(old_pool)  # the name of its socket went with the one that ended
            return problem
        os.replace(candidate, of.config)
        of.settings = settings
        for child in (*new_pool, *new):
            child.last, child.arguments = False, ["--config", str(of.config), *(word for word in child.arguments[2:] if word != "--when-ready")]
        old_pools = [old_pool] if old_pool is not None and (new_pool or not settings.needs_pool) else []
        kept = [child for child in of.children if child not in old and child not in old_pools]
        of.children = [*(child for child in kept if child.name == "store"), *new_pool, *(child for child in kept if child.name == "detectors"), *new, *(child for child in kept if child.name in ("recorder", "console"))]
        for child in (*old, *old_pools):
            child.last, child.state = True, "leaving"
        of.leaving += [*old, *old_pools]
        of.coming = []
        for child in old:
            child.signal(signal.SIGHUP)
        for child in of.children:
            if child.name in ("recorder", "console"):
                _renew(child)
        self._farewells.add(farewell := asyncio.create_task(self._see_off(old, old_pools, [aside for _, aside in asides if aside is not None])))
        farewell.add_done_callback(self._farewells.discard)
        return ""

    async def _come_up(self, new: list[Child]) -> str:
        """Wait until all new workers are ready. Returns why they are not."""
        watches = [child.watch for child in self._of.coming if child.watch is not None]
        return await reload.ready(self._of.run_dir, {_slot(child): child for child in new}, lambda: self._of.stopping.is_set() or any(watch.done() for watch in watches))

    async def _see_off(self, old: list[Child], old_pools: list[Child], pages: list[Path]) -> None:
        """Wait for old workers to end, for as long as exchanges may take; then nobody needs their pool."""
        of = self._of
        await asyncio.wait({child.watch for child in old if child.watch is not None}, timeout=of.settings.server.drain_s + END_S)
        if not of.stopping.is_set():
            await of.end([*old, *old_pools], END_S)
            of.leaving = [child for child in of.leaving if child not in old and child not in old_pools]
        for page in pages:
            page.unlink(missing_ok=True)
        of.publish()


def pool(arguments: list[str]) -> Child:
    """The detector pool, to be started."""
    return Child("detectors", "gateway.detection.main", arguments, niceness=0)


def write(path: Path, data: bytes) -> None:
    """Whole or not at all, for the owner alone. Raises OSError."""
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
    os.replace(fresh, path)


def _renew(child: Child) -> None:
    child.renewing = True
    child.signal(signal.SIGTERM)


def _slot(child: Child) -> str:
    return child.name.removeprefix("worker-")
