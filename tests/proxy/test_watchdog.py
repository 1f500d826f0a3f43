"""A loop that stands still: it is known where, nothing that it held is told, and a worker that stays like that is ended."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gateway import stall, stuck
from gateway.child import Child, no_cores
from gateway.config import parse
from gateway.stuck import Stuck
from gateway.supervisor import Supervisor
from gateway.vitals import Vitals
from tests.support.lone import LoneWorker
from tests.support.proxy import gate, ok, post, provider, replying, upstream

DUMP = """Timeout (0:00:00.250000)!
Thread 0x00007f2f1e4b6000 (most recent call first):
  File "/usr/lib/python3/threading.py", line 3 in wait
Thread 0x00007f2f20e1f740 (most recent call first):
  File "/a/b/gateway/proxy/guard.py", line 12 in request
  File "/a/b/gateway/proxy/ingress.py", line 80 in handle
"""


@pytest.mark.covers("G9")
def test_only_the_loops_own_stack_is_told():
    """Threads that sleep are no news; and a line of the log that holds a whole dump is one that nobody reads."""
    assert stall.where(DUMP, 0x7F2F20E1F740) == "guard.py:12 request < ingress.py:80 handle"
    assert stall.where(DUMP) == "guard.py:12 request < ingress.py:80 handle"  # the one that Python began with comes last
    assert stall.where(DUMP, 1) == ""
    assert stall.where("garbage \0 File") == ""
    assert stall.where(DUMP + '  File "/a/b/c.py", line 1 in f\n' * 50).count("<") == stall.FRAMES - 1


SLEEPY = """
import time
from gateway.proxy import ingress
handle = ingress.Ingress.handle
async def sleepy_handle(self, request):
    prompt = 'can' + 'ary-in-a-local'
    if b'x-stall' in dict(request.read.raw):
        time.sleep(1.0)
    return await handle(self, request)
ingress.Ingress.handle = sleepy_handle
"""


@pytest.mark.covers("G9")
def test_a_loop_that_stood_still_says_where(tmp_path):
    """Without this all that is known is that everything was late."""
    with LoneWorker(tmp_path, provider(9), before=SLEEPY) as worker:
        import socket

        deadline = time.monotonic() + 60
        while "sleepy_handle" not in worker.log():  # on a busy machine the loop was late before, and nothing more is said for ten seconds
            assert time.monotonic() < deadline, worker.log()
            with socket.create_connection(("127.0.0.1", worker.port), timeout=60) as client:
                client.sendall(post("/nowhere", b"{}", "x-stall: 1"))
                assert client.recv(100).startswith(b"HTTP/1.1 404")
            time.sleep(0.2)  # another process's log: the next beat writes it
        line = next(line for line in worker.log().splitlines() if "sleepy_handle" in line)
        assert " loop_stalled " in line
        assert "canary" not in worker.log()
        path = stall.path_of(tmp_path / "run", 0)
        assert path.stat().st_mode & 0o077 == 0
        while worker.page()["loop_lag_max_s"] < 0.5 or path.stat().st_size:
            assert time.monotonic() < deadline
            time.sleep(0.02)  # as above
    assert not path.exists()


def awaited(pid: int, state: bytes) -> None:
    """Until a process is in it."""
    for _ in range(2000):
        if stuck.doing(pid)[0] == state:
            return
        threading.Event().wait(0.01)  # whatever the clock says
    raise AssertionError(state)


class Beating:
    """A page that beats when told, of a process that does nothing."""

    def __init__(self, run: Path, name: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"], stdout=subprocess.PIPE, preexec_fn=no_cores)  # sleeps until it is killed
        assert self.process.stdout is not None and self.process.stdout.readline()
        awaited(self.process.pid, b"S")
        self.page = Vitals(run / f"{name}.vitals")
        self.page.set("pid", self.process.pid)
        self.page.set("beat_at", 1.0)
        self.child = Child(name, "none", [], fds=(0,), state="running", pid=self.process.pid)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.page.close()


@pytest.mark.covers("G9")
def test_a_worker_is_stuck_when_it_is_seen_to_be(tmp_path, monkeypatch):
    """To end a worker takes all its streams with it: not because a clock was set, the machine slept, or somebody debugs it."""
    now = 1000.0
    beating = Beating(tmp_path, "worker-0")
    monkeypatch.setattr(time, "monotonic", lambda: now)
    watched = Stuck(tmp_path)

    def looks(count: int, every: float = 1.0) -> list[Child]:
        nonlocal now
        found = []
        for _ in range(count):
            now += every
            found += watched.look([beating.child])
        return found

    try:
        assert looks(5) == []  # the first of them sees the beat, and five seconds after that are not over
        assert looks(1) == [beating.child]
        for beat in range(20):
            beating.page.set("beat_at", float(beat))  # whichever way clocks go
            assert looks(1) == []
        assert looks(10, every=3.0) == []  # we sleep ourselves
        looks(4)
        beating.process.send_signal(signal.SIGSTOP)
        awaited(beating.process.pid, b"T")
        assert looks(20) == []
        beating.process.send_signal(signal.SIGCONT)
        awaited(beating.process.pid, b"S")
        assert looks(4) == []
        beating.child.state = "draining"
        assert looks(20) == []
    finally:
        beating.end()


@pytest.mark.covers("G9")
def test_who_waits_for_a_disk_or_a_processor_is_not_ended(tmp_path, monkeypatch):
    """Where disks or processors are short all workers are late at once: to end them all would be the outage, and their successors would wait as well."""
    now, had, state = 1000.0, 0.0, b"D"
    beating = Beating(tmp_path, "worker-0")
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(stuck, "doing", lambda _pid: (state, had))
    watched = Stuck(tmp_path)

    def looks(count: int, has: float) -> list[Child]:
        nonlocal now, had
        found = []
        for _ in range(count):
            now, had = now + 1.0, had + has
            found += watched.look([beating.child])
        return found

    try:
        assert looks(30, 0.0) == []
        state = b"R"
        assert looks(20, 0.05) == []  # a twentieth of a processor: it may be healthy
        assert looks(12, 0.3) == [beating.child]  # it has been given what a loop needs, and has used it for something else
        looks(1, 0.0)
        state = b"S"
        assert looks(6, 0.0) == [beating.child]
    finally:
        beating.end()


STILL = """
import re, sys
from pathlib import Path
from gateway.proxy.watchdog import Watchdog
watchdog = Watchdog(Path(sys.argv[1]), 0)
def hopeless():
    re.match('(a+)+b', 'a' * 64)
print('here', flush=True)
hopeless()
"""


@pytest.mark.covers("G9")
def test_a_loop_that_never_gives_the_interpreter_back_says_where_when_it_is_ended(tmp_path):
    """An expression that takes for ever holds the interpreter's lock: no thread of Python's can look, and nobody would know which it was."""
    process = subprocess.Popen([sys.executable, "-c", STILL, str(tmp_path)], stdout=subprocess.PIPE, preexec_fn=no_cores)
    try:
        assert process.stdout is not None and process.stdout.readline() == b"here\n"
        deadline = time.monotonic() + 60
        while stuck.doing(process.pid)[1] < 0.3 and time.monotonic() < deadline:
            time.sleep(0.02)  # another process
        process.send_signal(signal.SIGABRT)
        assert process.wait(60) == -signal.SIGABRT
        assert "hopeless" in stall.taken(stall.path_of(tmp_path, 0))
    finally:
        process.kill()
        process.communicate()


CHURN = """
import sys, time
from pathlib import Path
from gateway.proxy import watchdog
watchdog.LATE_S = 0.001
dog = watchdog.Watchdog(Path(sys.argv[1]), 0)
def deep(n):
    return n and deep(n - 1) + sum(x for x in range(3))
until = time.process_time() + 2.0
while time.process_time() < until:
    dog.beat(0.0)
    late = time.perf_counter() + 0.008
    while time.perf_counter() < late:
        exec(compile('def g(x):\\n return deep(8)\\ng(1)', 'x', 'exec'), {'deep': deep})
dog.stop()
"""


@pytest.mark.covers("G9")
def test_to_look_at_a_loop_that_runs_does_it_no_harm(tmp_path):
    """Where processors are short a healthy loop is late all the time: a look at a stack that changes meanwhile must not end the process with all its streams."""
    with open(tmp_path / "log.txt", "wb") as log:
        assert subprocess.run([sys.executable, "-c", CHURN, str(tmp_path)], stderr=log, timeout=60, preexec_fn=no_cores, check=False).returncode == 0
    assert "loop_stalled" in (tmp_path / "log.txt").read_text()  # it did look


@pytest.mark.covers("G9")
async def test_a_beat_is_a_beat_whatever_goes_wrong_in_it(tmp_path, monkeypatch):
    """A worker that serves must not be taken for stuck because something small fails ten times a second; nor may its journal go unsynced."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        worker = g.worker

        def fails(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(worker.ingress, "tick", fails)
        synced = asyncio.Event()
        commit = worker.journal.commit
        monkeypatch.setattr(worker.journal, "commit", lambda *rest: synced.set() or commit(*rest))
        worker.vitals.set("beat_at", 0.0)
        beating = asyncio.create_task(worker._beat())
        try:
            await asyncio.wait_for(synced.wait(), 60)
            assert worker.vitals.get("beat_at") > 0.0
            assert not beating.done()
        finally:
            beating.cancel()


@pytest.mark.covers("G9")
async def test_a_stuck_worker_is_ended_with_a_word_why(tmp_path, monkeypatch, caplog):
    """Its connections wait for a successor, which only comes when it is gone."""
    monkeypatch.setattr(stuck, "LOOK_S", 0.02)
    monkeypatch.setattr(stuck, "SILENT_S", 0.1)
    monkeypatch.setattr(stuck, "LAST_WORD_S", 0.1)
    settings = parse(f"data_dir: {tmp_path}\nproviders:\n{provider(9)}")
    (tmp_path / "run").mkdir()
    (tmp_path / "tidegate.yaml").write_text("")
    supervisor = Supervisor(settings, tmp_path / "tidegate.yaml")
    beating = Beating(tmp_path / "run", "worker-0")
    stall.path_of(tmp_path / "run", 0).write_text(DUMP)
    supervisor.children = [beating.child]
    caplog.set_level("INFO", "tidegate")
    watching = asyncio.create_task(supervisor._watch())
    try:
        assert await asyncio.to_thread(beating.process.wait, 20) == -signal.SIGABRT
        while not (said := [record.getMessage() for record in caplog.records if record.getMessage().startswith("worker_stuck")]):
            await asyncio.sleep(0.01)  # it logs, and calls nobody
        said = said[0]
        assert "guard.py:12 request" in said
        assert stall.path_of(tmp_path / "run", 0).read_text() == ""  # and its successor does not tell it again
    finally:
        watching.cancel()
        beating.end()
