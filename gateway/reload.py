"""A changed configuration taken over while the gate runs: whole, or not at all.

    file changed (looked at every LOOK_S, and taken once it has stood still for one look), or SIGHUP
      read and judged ──wrong──> nothing changes, and it is said
      new workers on the same listening sockets, beside the old, until every one of them is ready ──not so──> they end, nothing has changed
      old workers retire: exchanges under way end, kept-alive connections are told by their next answer to come again
      recorder and console start anew, and so did the detector pool, if what it runs has changed

New workers take connections from the moment they are ready, old ones until they are told to retire, and the sockets are the supervisor's: nobody is refused.
What a process of this run cannot change its mind about (`FIXED`) makes a file be refused until the gate is started again. SIGHUP does the same with a file that
has not changed: a rolling restart, which also reads again what the configuration names (certificates, detectors of the operator's own).
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway import log, workers
from gateway.child import Child
from gateway.config import Settings, parse, text_of
from gateway.errors import ConfigError

LOOK_S = 1.0
READY_S = 120.0  # for new workers: a language model may have to be loaded first
FIXED = ("data_dir", "durability", "journal_key", "server.listen", "server.admin", "server.workers", "store.url", "store.port", "store.cluster", "store.memory_bytes")
_DOING = {"waiting": "waits for detectors that rules need"}
_Stamp = tuple[int, int, int] | None


@dataclass(slots=True)
class Reloads:
    """What became of them. ok: of the last one; None: there was none.  problem: why it was not taken, "" if it was.  at: seconds since the epoch."""

    taken: int = 0
    refused: int = 0
    ok: bool | None = None
    problem: str = ""
    at: float = 0.0

    def told(self) -> dict[str, Any]:
        """Of supervisor.json."""
        return {"taken": self.taken, "refused": self.refused, "ok": self.ok, "problem": self.problem, "at": self.at}

    def note(self, problem: str = "") -> None:
        """One more. problem "": it was taken."""
        self.ok, self.problem, self.at = not problem, problem, time.time()
        if problem:
            self.refused += 1
        else:
            self.taken += 1


class Watched:
    """A file that somebody edits: whether it has changed and been left alone since."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._seen = _stamp(path)

    def changed(self) -> bool:
        """Once for each change: true at the second look in a row that finds the file the same and not as it was known."""
        found = _stamp(self._path)
        still, self._seen = found == self._seen, found
        if found == self._known or not still:
            return False
        self._known = found
        return True


def candidate(source: Path, running: Settings, judge: Callable[[Settings], list[str]]) -> tuple[str, Settings]:
    """The file's text and what it says. Raises ConfigError if it is wrong, or cannot hold without a start of the whole gate."""
    text = text_of(source)
    settings = parse(text, name=source.name, base=source.parent)
    problems = [*judge(settings), *(f"{name}: changed, which needs a restart of the gate" for name in differing(running, settings))]
    if problems:
        raise ConfigError(problems)
    return text, settings


def differing(old: Settings, new: Settings) -> Iterator[str]:
    """The settings among FIXED that are not the same."""
    for name in FIXED:
        before: Any = old
        after: Any = new
        for part in name.split("."):
            before, after = getattr(before, part), getattr(after, part)
        if before != after:
            yield name


async def ready(run: Path, new: dict[str, Child], socket: Path | None, given_up: Callable[[], bool]) -> str:
    """Wait until every worker is ready. new: by slot.  socket: of a new pool, which has to be there, too.  given_up: whether that will not come about.  Returns why it did not, "" if it did."""
    deadline = time.monotonic() + READY_S
    while True:
        found = {slot: workers.look_at(coming(run, slot)) for slot in new}
        states = {slot: one.state if one is not None and child.pid is not None and one.page["pid"] == child.pid else "starting" for (slot, child), one in zip(new.items(), found.values(), strict=True)}
        if all(state == "ready" for state in states.values()) and (socket is None or _stamp(socket) is not None):
            return ""
        if given_up():
            return "a new process ended under this configuration; its own lines in the log say why"
        if time.monotonic() >= deadline:
            late = ", ".join(f"worker-{slot} {_DOING.get(state, state)}" for slot, state in states.items() if state != "ready")
            return f"new workers were not ready within {READY_S:g} s: {late}"
        await asyncio.sleep(0.05)  # pages of other processes: there is nothing to await


def coming(run: Path, slot: str) -> Path:
    """The page of a worker that is to take another's place."""
    return run / f"worker-{slot}{workers.COMING}.vitals"


def change_pages(run: Path, slot: str) -> Path | None:
    """Give the page of a worker that will leave another name, and its own to its successor's. Returns where the old one is now; None: it had none."""
    page = run / f"worker-{slot}.vitals"
    aside = next(path for number in itertools.count(1) if not (path := run / f"worker-{slot}-leaving-{number}.vitals").exists())
    had = page.exists()
    if had:
        os.rename(page, aside)
    os.replace(coming(run, slot), page)
    return aside if had else None


def refuse(reloads: Reloads, problems: list[str]) -> None:
    """Say that a configuration was not taken."""
    said = "; ".join(problems[:5])  # what needs a restart is said nowhere else: tidegate check finds nothing wrong with it
    reloads.note(said)
    log.event("configuration_refused", level=logging.WARNING, problem=said, problems=len(problems), hint="the gate goes on with what it has")


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
