"""The supervisor when a worker cannot come up: nobody waits on the port for ever, and each place that is asked says why."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from gateway import cli, stuck, supervisor
from gateway.config import load
from gateway.supervisor import Supervisor
from tests.support.gate import RunningGate

ROOT = Path(__file__).parent.parent
PROVIDERS = '  openai: {dialect: openai, base_url: "http://127.0.0.1:1", allow_private: true}'
NO_STORE = 'store: {url: "http://nobody:nothing@127.0.0.1:1/none"}\n'
BOUND_S = 60.0


def connects(port: int) -> bool:
    """Whether somebody would take the connection, now or later."""
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


def ready(url: str) -> tuple[int, dict]:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/-/ready", timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as e:
        return e.code, json.load(e)


def until(condition, gate: RunningGate) -> None:
    end = time.monotonic() + BOUND_S
    while not condition():
        assert time.monotonic() < end, gate.log.read_text()[-3000:]
        time.sleep(0.02)  # another process changes this: nothing here could be awaited


@pytest.mark.slow
def test_a_worker_that_cannot_come_up_leaves_nobody_waiting(tmp_path, capsys):
    """Its key is damaged while the gate runs, so each successor ends at once: the port refuses, admin and doctor say so; mended, it serves again."""
    with _started(tmp_path) as gate:
        key = gate.data_dir / "journal.key"
        right = key.read_bytes()
        key.write_bytes(b"short")
        os.kill(gate.processes()["worker-0"], signal.SIGKILL)
        until(lambda: not connects(gate.port), gate)
        until(lambda: "died" in ready(gate.admin_url)[1].get("why", ""), gate)
        status, said = ready(gate.admin_url)
        assert status == 503 and said["workers"][0]["beat_age_s"] is None, said
        cli.main(["doctor", "--config", str(gate.config), "--json"])
        errors = [(found["where"], found["what"]) for found in json.loads(capsys.readouterr().out)["findings"] if found["severity"] == "error"]
        assert any(where == "keys and files" and "journal.key" in what and "5 bytes" in what for where, what in errors), errors
        assert any(where == "worker-0" for where, _ in errors), errors
        key.write_bytes(right)
        until(lambda: gate.get(f"{gate.base_url}/-/ready") is not None, gate)
        assert ready(gate.admin_url)[0] == 200


def _started(folder) -> RunningGate:
    class Storeless(RunningGate):
        def start(self) -> RunningGate:
            self.launch()
            self.await_up(store=False)
            until(lambda: connects(self.admin_port), self)  # the console comes up beside the workers
            return self

    return Storeless(folder, PROVIDERS, more=NO_STORE)


def test_a_gate_without_its_key_does_not_start(tmp_path, monkeypatch, capsys):
    """Said once, by the command that was typed, and not by workers that end again and again."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text(f"server: {{listen: '127.0.0.1:0', admin: '127.0.0.1:0'}}\nproviders:\n{PROVIDERS}\n{NO_STORE}")
    (tmp_path / ".tidegate").mkdir()
    (tmp_path / ".tidegate/journal.key").write_bytes(b"short")
    assert cli.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert "journal.key: 5 bytes long, expected 32" in said and "Traceback" not in said


@pytest.mark.parametrize("setting", ["listen", "admin"])
@pytest.mark.parametrize("host", ["nosuch.invalid", "x" * 70 + ".invalid"])
def test_a_name_that_does_not_resolve_is_said_of_its_setting(tmp_path, monkeypatch, capsys, setting: str, host: str):
    """And not of data_dir. The second one is too long for any name."""
    monkeypatch.chdir(tmp_path)
    server = {"listen": "127.0.0.1:0", "admin": "127.0.0.1:0", setting: f"{host}:8081"}
    token = "admin_token: a-token-that-is-long-enough"
    (tmp_path / "tidegate.yaml").write_text(f"server: {{listen: '{server['listen']}', admin: '{server['admin']}', {token}}}\nproviders:\n{PROVIDERS}\n{NO_STORE}")
    assert cli.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert f"{host}:8081: " in said and f"(server.{setting})" in said and "data_dir" not in said and "Traceback" not in said


async def test_workers_are_started_before_what_they_do_not_wait_for(tmp_path, monkeypatch):
    """Apps wait for a worker's first answer, and it needs none of the others for it: behind store, recorder and console it would come up last."""
    started: list[str] = []
    monkeypatch.setattr(Supervisor, "keep", lambda _self, child: started.append(child.name))
    gate = RunningGate(tmp_path, PROVIDERS, server="workers: 2")
    gate_supervisor = Supervisor(load(gate.config), gate.config)
    gate_supervisor.prepare()
    gate_supervisor.stop()
    assert await gate_supervisor.run() == 0
    assert started == ["worker-0", "worker-1", "store", "recorder", "console"]


@pytest.mark.covers("D1")
async def test_what_found_no_room_is_told_when_there_is_some(tmp_path, monkeypatch):
    """Otherwise doctor calls a recorder dead that has long been started anew, until some process ends again."""
    gate = RunningGate(tmp_path, PROVIDERS)
    gate_supervisor = Supervisor(load(gate.config), gate.config)
    gate_supervisor.prepare()
    told = gate_supervisor.run_dir / "supervisor.json"
    full = [2]

    def written(path, state):
        if full[0]:
            full[0] -= 1
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, state)
        done.set()

    done = asyncio.Event()
    write = supervisor._write_json
    monkeypatch.setattr(supervisor, "_write_json", written)
    monkeypatch.setattr(stuck, "LOOK_S", 0.01)
    gate_supervisor.publish()
    assert not told.exists()
    watching = asyncio.create_task(gate_supervisor._watch())
    await asyncio.wait_for(done.wait(), BOUND_S)
    watching.cancel()
    assert (full, json.loads(told.read_text())["pid"]) == ([0], os.getpid())


async def test_a_process_that_cannot_be_started_for_whatever_reason_is_tried_again(tmp_path, monkeypatch, capsys):
    """Nobody else would, and the gate would go on without it."""
    gate = RunningGate(tmp_path, PROVIDERS)
    gate_supervisor = Supervisor(load(gate.config), gate.config)
    gate_supervisor.prepare()
    tries: list[str] = []

    async def start(child):
        tries.append(child.name)
        if len(tries) > 1:
            gate_supervisor.stopping.set()
        raise (ValueError("embedded null byte") if len(tries) == 1 else OSError(errno.EAGAIN, "Resource temporarily unavailable"))

    monkeypatch.setattr(gate_supervisor, "_start", start)
    monkeypatch.setattr(supervisor, "BACKOFF_MAX_S", 0.001)
    gate_supervisor.keep(gate_supervisor.children[-1])
    await asyncio.wait_for(gate_supervisor.children[-1].watch, BOUND_S)
    assert tries == ["console", "console"]


async def test_the_watch_over_workers_goes_on_whatever_happens(tmp_path, monkeypatch):
    """A worker that stands still afterwards is ended by it or by nobody."""
    gate = RunningGate(tmp_path, PROVIDERS)
    gate_supervisor = Supervisor(load(gate.config), gate.config)
    gate_supervisor.prepare()
    looks, again = 0, asyncio.Event()

    def look(_self, _children):
        nonlocal looks
        looks += 1
        if looks == 1:
            raise KeyError("a page of another version")
        again.set()
        return []

    monkeypatch.setattr(stuck.Stuck, "look", look)
    monkeypatch.setattr(stuck, "LOOK_S", 0.01)
    watching = asyncio.create_task(gate_supervisor._watch())
    await asyncio.wait_for(again.wait(), BOUND_S)
    watching.cancel()


BETWEEN = """
import os, signal, sys
from gateway import child, oom
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: None)  # as the supervisor has them
pid = os.fork()
if not pid:
    child._before_exec(int(sys.argv[1]) or os.getppid(), niceness=0, sooner=oom.WORKER)
    if not int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGTERM)  # as the kernel does when the supervisor ends now
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@pytest.mark.covers("G1")
@pytest.mark.parametrize("ended", ["before", "just after"])
def test_a_process_whose_supervisor_ends_while_it_is_made_ends(ended: str) -> None:
    """Until it runs its own program it has the supervisor's handlers: a signal that those take is lost, and it would serve for ever with nobody to look after it."""
    parent = str(2**22 + 1) if ended == "before" else "0"
    done = subprocess.run([sys.executable, "-c", BETWEEN, parent], capture_output=True, text=True, cwd=ROOT, check=True)
    assert int(done.stdout) == -signal.SIGTERM
