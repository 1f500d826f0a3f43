"""One process of the tree: what it is started with, what has become of it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway import oom

WATCHER_NICENESS = 5  # of recorder, console and store: where processors are short, apps are served first (law 4), after a restart too
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process and its history. state: starting | running | waiting (for its restart) | draining | leaving (its successor serves already) | stopped."""

    name: str
    module: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    fds: tuple[int, ...] = ()
    listener: socket.socket | None = field(default=None, repr=False)  # of a worker
    log: Path | None = None  # where its stderr goes; None: to ours
    niceness: int | None = None  # None: as a worker or a watcher; the pool is waited for, and its processes are nicer than it by themselves
    oom: int = oom.WORKER  # how much sooner than a worker the kernel may end it for want of memory
    state: str = "starting"
    pid: int | None = None
    restarts: int = 0
    since: float = 0.0
    quick_ends: int = 0
    code: int | None = None  # of its last end
    last: bool = False  # it is not started again when it ends
    replaced: bool = False  # another has its place
    renewing: bool = False  # it was asked to end, to be started anew
    process: asyncio.subprocess.Process | None = None
    watch: asyncio.Task[None] | None = None

    async def start(self, environment: Mapping[str, str]) -> None:
        """Make the process. environment: added to ours. Raises OSError."""
        parent = os.getpid()
        niceness = self.niceness if self.niceness is not None else 0 if self.fds else WATCHER_NICENESS
        stderr = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if self.log else None
        try:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self.module,
                *self.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=stderr,
                env={**os.environ, **environment, **self.environment},
                pass_fds=self.fds,
                start_new_session=True,  # a terminal's Ctrl-C is for the supervisor, which stops the rest in order
                preexec_fn=lambda: _before_exec(parent, niceness=niceness, sooner=self.oom),
            )
        finally:
            if stderr is not None:
                os.close(stderr)
        self.pid, self.since, self.state = self.process.pid, time.monotonic(), "running"

    def signal(self, sign: signal.Signals) -> None:
        """Send it, if there is somebody to hear it."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sign)

    def told(self) -> dict[str, Any]:
        """Of supervisor.json."""
        since = time.time() - (time.monotonic() - self.since) if self.since else None
        return {"name": self.name, "pid": self.pid, "state": self.state, "restarts": self.restarts, "code": self.code, "since": since}


def no_cores() -> None:
    """Of this process and those that it starts no memory is written down when they crash: it holds every key. A limit of 1 byte, unlike 0, also keeps the kernel from piping it to a crash handler."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    size = 1 if most == resource.RLIM_INFINITY else min(1, most)
    resource.setrlimit(resource.RLIMIT_CORE, (size, size))


def _before_exec(parent: int, *, niceness: int, sooner: int) -> None:
    """In the child: SIGTERM when the supervisor dies, however it dies; and what relays goes before what watches."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)  # until it is another program it has the supervisor's handlers, which would take the signal for nothing: it would outlive the gate
    os.nice(niceness)
    oom.stand_in_front(sooner)
    with contextlib.suppress(OSError):  # where the kernel groups by session, niceness within the group is not enough; elsewhere there is no such file
        fd = os.open("/proc/self/autogroup", os.O_WRONLY)
        os.write(fd, b"%d" % niceness)
        os.close(fd)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the call
        os.kill(os.getpid(), signal.SIGTERM)
