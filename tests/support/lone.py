"""A worker in a process of its own, without a supervisor, a recorder or a store: for what a limit of a process does to it, and what it holds.

    with LoneWorker(tmp_path, provider(port), server={"max_inflight": 4}, files=200) as worker:
        raw sockets to worker.port; worker.page(), worker.peak_bytes(), worker.log()
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from gateway import journal, vitals
from gateway.exchange import Closed, Opened
from gateway.journal_seal import journal_key
from gateway.listeners import listen

START_S = 60.0


class LoneWorker:
    """server: items of the server mapping. more: further YAML. before: Python that runs in the process before the worker does. files: how many it may have open."""

    def __init__(self, root: Path, providers: str, *, server: dict[str, Any] | None = None, more: str = "", before: str = "", files: int | None = None) -> None:
        self.root, self._files = root, files
        (root / "run").mkdir(parents=True, exist_ok=True)
        config = root / "tidegate.yaml"
        config.write_text(f"data_dir: {root}\nserver: {orjson.dumps({'workers': 1, **(server or {})}).decode()}\nproviders:\n{providers}\n{more}")
        self._listener = listen("127.0.0.1", 0)
        self.port = int(self._listener.getsockname()[1])
        program = f"{before}\nimport sys\nfrom gateway.proxy.worker import main\nsys.exit(main())"
        self._command = [sys.executable, "-c", program, "--config", str(config), "--slot", "0", "--fd", str(self._listener.fileno())]
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> LoneWorker:
        fd, files = self._listener.fileno(), self._files

        def limit() -> None:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # when whoever started it is gone
            if files is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        with open(self.root / "log.txt", "ab") as log:
            self.process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(fd,), preexec_fn=limit)
        deadline = time.monotonic() + START_S
        while not self.page().get("beat_at") or not self._listens():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)  # another process's page
        return self

    def __exit__(self, *exc: object) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.send_signal(signal.SIGTERM)  # at once
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._listener.close()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def page(self) -> dict[str, float]:
        """Its vitals; empty before there are any."""
        return vitals.read(self.root / "run" / "worker-0.vitals") or {}

    def log(self) -> str:
        return (self.root / "log.txt").read_text()[-8000:]

    def peak_bytes(self) -> int:
        """The most memory that it ever held."""
        assert self.process is not None
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found is not None
        return int(found[1]) * 1024

    def cpu_s(self) -> float:
        """Processor time that it has had, all of its threads."""
        assert self.process is not None
        return time.clock_gettime(~self.process.pid << 3 | 2)  # clock_getcpuclockid(3)

    def open_files(self) -> int:
        assert self.process is not None
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def segments(self) -> list[Path]:
        return [segment for stream in sorted((self.root / "journal").iterdir()) for segment in journal.segments(stream)]

    def exchanges(self) -> list[tuple[Opened, Closed]]:
        """What is in its journal and has ended."""
        key = journal_key(self.root)
        frames = [frame for segment in self.segments() for frame in journal.read(segment, key)]
        assert all(isinstance(frame, journal.Frame) for frame in frames)
        opened = {frame.id: frame.opened() for frame in frames if isinstance(frame, journal.Frame) and frame.kind is journal.Kind.OPEN}
        return [(opened[frame.id], frame.closed()) for frame in frames if isinstance(frame, journal.Frame) and frame.kind is journal.Kind.CLOSE]

    def outcomes(self) -> list[str]:
        return [closed.outcome for _, closed in self.exchanges()]
