"""The process that makes scheduled runs: what ends it and how, what it leaves when it is killed, and that it keeps out of the way."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from gateway.demo.prompts import SHOP, pick
from gateway.drift import main, past
from gateway.drift.past import Asked
from gateway.journal import take_lock
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.clickhouse import ROOT, ClickHouseServer, free_port
from tests.support.drift_runs import moments_ago
from tests.support.exchanges import exchange

PATIENCE_S = 240.0  # it runs at the lowest priority, and the machine may be busy


def configured(directory: Path, url: str, drift: str = "{min_rows: 40}") -> Path:
    file = directory / "tidegate.yaml"
    file.write_text(f"providers: {{o: {{dialect: openai, base_url: 'https://h'}}}}\ndata_dir: data\nstore: {{url: '{url}'}}\ndrift: {drift}\n")
    return file


def command(config: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "gateway.drift.main", "--config", str(config), *arguments]


def ended(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(config, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)


def until(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # another process writes what is looked for: there is nothing to await
    return found


def runs(server: ClickHouseServer, app: str) -> list[dict[str, Any]]:
    async def ask() -> list[dict[str, Any]]:
        store = Store(server.target)
        found = await past.runs(store, Asked(app=app))
        await store.close()
        return found

    return asyncio.run(ask())


def filled(server: ClickHouseServer, app: str, count: int = 60, *, prompt: str = "refund") -> None:
    """Some questions in dev and in prod, lately."""

    async def fill() -> None:
        rng = random.Random(app)
        rows = []
        for env in ("dev", "prod"):
            for number in range(count):
                text = pick(SHOP, env, rng).question(rng)
                rows.append(
                    exchange(id=uuid.uuid4(), app=app, env=env, prompt_name=prompt, started_at=moments_ago(count - number), session_id="", prompt_text=text, reply_text="", request_body="", reply_body="")
                )
        store = Store(server.target)
        await store.insert([encode(row) for row in rows], token=app)
        await store.close()

    asyncio.run(fill())


def test_a_configuration_that_is_wrong_is_code_2(tmp_path: Path):
    """The console counts it as a failure, and the log says what is wrong with the file."""
    done = ended(configured(tmp_path, "embedded", "{evry: 1h}"))
    assert (done.returncode, "drift_not_started" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


@pytest.mark.parametrize("url", ["embedded", "down"])
def test_a_store_that_is_down_is_code_1_and_no_traceback(tmp_path: Path, url: str):
    """A lost store means no look: nothing is guessed, nothing is written, and the next try is the console's business."""
    done = ended(configured(tmp_path, f"http://u:p@127.0.0.1:{free_port()}/tidegate" if url == "down" else url))
    assert (done.returncode, "drift_not_started" in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr


@pytest.mark.parametrize(("up", "code", "tried", "noted"), [(True, main.FAILED, 3, ["large"]), (False, main.FAILED, 1, [])])
def test_an_app_that_is_too_much_for_the_store_does_not_keep_the_others_waiting(monkeypatch: pytest.MonkeyPatch, up: bool, code: int, tried: int, noted: list[str]):
    """Who has waited longest comes first: without a row of its failure it would be first in every round, and end it. A store that is down ends the round."""
    ends, notes = [main._STORE, main.OK, main.OK], list[str]()

    async def plan(*_: object) -> list[tuple[str, str, int]]:
        return [("large", "", 1), ("small", "", 1)]

    async def answers(_: object) -> bool:
        return up

    async def note(_: object, app: str, prompt: str, why: str) -> None:
        notes.append(app)

    left = iter(ends)
    for name, value in (("_plan", plan), ("_answers", answers), ("_note", note), ("_apart", lambda _: next(left))):
        monkeypatch.setattr(main, name, value)
    assert main._round(cast(Any, None), None) == code
    assert (3 - len(list(left)), notes) == (tried, noted)


def test_an_app_without_names_of_prompts_is_told_so_and_not_asked_again_at_once(clickhouse: ClickHouseServer, tmp_path: Path):
    """With per_prompt and nobody who names prompts, a round would be started every quarter of an hour to do nothing, and nobody would know why."""
    filled(clickhouse, "nameless", 3, prompt="")
    done = ended(configured(tmp_path, clickhouse.url, "{per_prompt: true}"), "--app", "nameless")
    (row,) = runs(clickhouse, "nameless")
    assert (done.returncode, row["tested"], row["prompt_name"]) == (0, False, "") and "per_prompt" in row["notes"][0]


def test_two_rounds_are_never_at_work_at_once(tmp_path: Path):
    """Somebody starts one by hand while the console's runs: each would take a core, and both would look from the same last look."""
    config = configured(tmp_path, "embedded")
    (tmp_path / "data" / "run").mkdir(parents=True)
    lock = take_lock(tmp_path / "data" / "run" / "drift.lock")
    assert lock is not None
    with lock:
        done = ended(config)
    assert (done.returncode, "another round is at work" in done.stderr) == (3, True)


def test_what_is_due_is_run_and_then_is_not_due(tmp_path: Path, clickhouse: ClickHouseServer):
    """The process from its command line to its rows, with the model that ships inside."""
    filled(clickhouse, "by-process")
    config = configured(tmp_path, clickhouse.url, "{enabled: false, apps: {by-process: {enabled: true, min_rows: 40}}}")
    first, second = ended(config), ended(config)
    assert (first.returncode, "drift_run_ended app=by-process" in first.stderr) == (0, True), first.stderr
    assert (second.returncode, "drift_round_started runs=0" in second.stderr) == (0, True), second.stderr
    [run] = runs(clickhouse, "by-process")
    assert (run["tested"], run["kind"], run["rows_window"], run["rows_baseline"]) == (True, "scheduled", 60, 60)
    assert run["model"].startswith("minilm")


class Endpoint:
    """Something at a port that takes requests and answers them with `answer`, or never."""

    def __init__(self, answer: bytes | None) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(PATIENCE_S)
        self._answer = answer
        self.kept: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1/embeddings"

    def asked(self) -> None:
        """Until somebody asks."""
        connection, _ = self._socket.accept()
        connection.settimeout(PATIENCE_S)
        assert connection.recv(100)
        if self._answer is not None:
            connection.sendall(self._answer)
        self.kept.append(connection)

    def close(self) -> None:
        for each in (*self.kept, self._socket):
            each.close()


@pytest.fixture
def hanging() -> Iterator[Endpoint]:
    endpoint = Endpoint(None)
    yield endpoint
    endpoint.close()


def of(app: str, endpoint: Endpoint) -> str:
    return f"{{enabled: false, apps: {{{app}: {{enabled: true, min_rows: 40}}}}, embeddings: {{url: '{endpoint.url}', model: m, allow_private: true}}}}"


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize("who", ["round", "run"])
def test_a_kill_in_the_middle_leaves_nothing_that_lies(tmp_path: Path, clickhouse: ClickHouseServer, hanging: Endpoint, who: str):
    """kill -9 while vectors are computed, of the round or of the run in it: no process is left, no lock, and no row that looks like a result."""
    app = f"killed-{who}"
    filled(clickhouse, app)
    config = configured(tmp_path, clickhouse.url, of(app, hanging))
    process = subprocess.Popen(command(config), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    hanging.asked()
    [inner] = children(process.pid)
    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in (process.pid, inner)] == [19, 19]
    if who == "round":
        process.kill()
        process.communicate(timeout=PATIENCE_S)
        until(lambda: not alive(inner))
        assert runs(clickhouse, app) == []
    else:
        os.kill(inner, signal.SIGKILL)
        _, said = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, "drift_run_failed" in said) == (1, True), said
        [run] = runs(clickhouse, app)
        assert (run["tested"], run["alarm"], run["pvalue"]) == (False, False, None)
        assert "the run failed" in run["notes"][0]
    lock = take_lock(tmp_path / "data" / "run" / "drift.lock")
    assert lock is not None
    lock.close()


def test_vectors_that_cannot_be_had_are_a_row_that_says_so(tmp_path: Path, clickhouse: ClickHouseServer):
    """A wrong key for the embeddings provider must be found on the page, not only in a log."""
    filled(clickhouse, "no-vectors")
    endpoint = Endpoint(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    config = configured(tmp_path, clickhouse.url, of("no-vectors", endpoint))
    process = subprocess.Popen(command(config), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    endpoint.asked()
    endpoint.close()
    _, said = process.communicate(timeout=PATIENCE_S)
    [run] = runs(clickhouse, "no-vectors")
    assert process.returncode == 1, said
    assert (run["tested"], run["kind"]) == (False, "scheduled")
    assert "no vectors" in run["notes"][0]


ENDS = """
import asyncio, json, sys
from gateway.drift import main
from gateway.errors import StoreUnavailable
main.RUN_S, main.MEMORY_BYTES = 0.3, 2 << 30

async def hangs():
    while True:
        pass

async def eats():
    return len(bytearray(3 << 30))

async def loses():
    raise StoreUnavailable("gone")

async def breaks():
    raise KeyError("somebody's text")

async def does():
    return 0

print(json.dumps([main._apart(each) for each in (hangs, eats, loses, breaks, does)]))
"""


def test_a_run_that_goes_wrong_costs_itself_alone():
    """One app with a million rows of nonsense must not keep the others from being looked at: too long, too large, broken, each has its end and its name."""
    done = subprocess.run([sys.executable, "-c", "from gateway import log; log.configure('drift')\n" + ENDS], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    assert json.loads(done.stdout) == [-signal.SIGALRM, 76, 75, 1, 0], done.stderr
    assert "somebody's text" not in done.stderr
