"""A pool in a process of its own, as the supervisor starts one, but with terms of the test's: `python -m tests.detection.serving FILE`."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from gateway.detection.blocking import BlockingPool
from gateway.detection.frames import DetectorFailed
from gateway.detection.main import serve
from gateway.detection.terms import SOCKET, Custom, Model, PoolTerms

ROOT = Path(__file__).parent.parent.parent
KINDS = frozenset({"WORD", "DENIED", "ESCAPED"})
STUB = Model("names", "tests.detection.stub:Stub", KINDS, max_span=40, slice_limit_s=5.0)


class RunningPool:
    """See `running`. Its words are kept in `said`."""

    def __init__(self, terms: PoolTerms, folder: Path) -> None:
        self.terms, self.path = terms, terms.socket
        self.said = folder / "pool.log"
        self._file = folder / "terms.pickle"
        self._file.write_bytes(pickle.dumps(terms))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with open(self.said, "ab") as said:
            environment = {**os.environ, "TEST_SECRET": "in the environment of the pool", "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
            self.process = subprocess.Popen([sys.executable, "-m", "tests.detection.serving", str(self._file)], cwd=ROOT, stderr=said, env=environment)

    def wait(self, *, ready: bool = True) -> dict:
        """Until it answers, and is ready."""
        until = time.monotonic() + 60
        pool = BlockingPool(self.path)
        try:
            while time.monotonic() < until:
                with contextlib.suppress(DetectorFailed):
                    state = pool.state()
                    if state["ready"] or not ready:
                        return state
                assert self.process is not None and self.process.poll() is None, self.said.read_text()
                time.sleep(0.02)
        finally:
            pool.close()
        raise AssertionError(self.said.read_text())

    def state(self) -> dict:
        pool = BlockingPool(self.path)
        try:
            return pool.state(deadline_s=10)
        finally:
            pool.close()

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        assert self.process is not None
        self.process.send_signal(sign)
        self.process.wait(60)

    def children(self) -> list[int]:
        """Process ids of its detectors."""
        assert self.process is not None
        return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]


@contextlib.contextmanager
def running(folder: Path, *models: Model, customs: tuple[Custom, ...] = (), ready: bool = True, **terms: object) -> Iterator[RunningPool]:
    """A pool with these detectors, until the end of the block."""
    pool = RunningPool(PoolTerms(folder / "run" / SOCKET, models, customs, **terms), folder)  # type: ignore[arg-type]
    pool.start()
    try:
        pool.wait(ready=ready)
        yield pool
    finally:
        if pool.process is not None and pool.process.poll() is None:
            pool.process.terminate()
            try:
                pool.process.wait(60)
            except subprocess.TimeoutExpired:
                pool.process.kill()
                raise


if __name__ == "__main__":
    sys.exit(serve(pickle.loads(Path(sys.argv[1]).read_bytes())))
