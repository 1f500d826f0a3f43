"""The Dockerfile carried out step by step without an engine, and what it makes run as a container runs it: by number, on a read-only root, as process 1.

What this cannot show, for there is no Docker here: that the base image can be had, and the engine's own part (layers, networks, its seccomp profile).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.clickhouse import ClickHouseServer, free_port
from tests.support.dockerfile import Build, Root, can, exec_form, sent

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
USER = 10001
TOKEN = "t" * 40
WAIT_S = 120.0
# Needs the detector pool, which takes rights away from itself; the deadline is not what is looked at here.
NAMES = "guardrails: [{name: names, detector: pii, on: request, action: mask}]\nguard: {request_deadline_ms: 30000}\n"


def await_(what: Callable[[], Any], why: Callable[[], str] = lambda: "") -> Any:
    """Until it is true."""
    deadline = time.monotonic() + WAIT_S
    while not (found := what()):
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """The image's root by the Dockerfile's own lines, the lock's packages lent by the environment that runs this (tests/support/dockerfile.py)."""
    if why := can():
        pytest.skip(why)
    scratch = tmp_path_factory.mktemp("image")
    scratch.chmod(0o755)
    for parent in scratch.parents[:2]:  # pytest's own are nobody's but root's, and the gate is not root
        parent.chmod(0o755)
    made = Build(DOCKERFILE, ROOT, scratch)
    made.run()
    yield made
    shutil.rmtree(scratch, ignore_errors=True)


class Upstream:
    """A provider whose streams stay open until they are let go."""

    def __init__(self) -> None:
        self.let_go, self.streaming = threading.Event(), threading.Event()
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                whole = {"id": "c", "object": "chat.completion", "created": 1, "model": asked["model"], "choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}]}
                self.send_response(200)
                if not asked.get("stream"):
                    body = json.dumps(whole).encode()
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    return
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": asked["model"], "choices": [{"index": 0, "delta": {"content": "word "}, "finish_reason": None}]}
                self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
                self.wfile.flush()
                upstream.streaming.set()
                upstream.let_go.wait(WAIT_S)
                self.wfile.write(b"data: [DONE]\n\n")

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Container:
    """The image, started as an engine would."""

    def __init__(self, build: Build, root: Root, scratch: Path, configuration: str, secrets: dict[str, str], environment: dict[str, str]) -> None:
        self.environment = {**build.environment, **environment}
        self.log, self.data = scratch / "log.txt", root.path / "var/lib/tidegate"
        (root.path / "etc/tidegate/tidegate.yaml").write_text(configuration)
        (root.path / "run/secrets").mkdir(exist_ok=True)
        os.chown(self.data, 0, USER)  # as Kubernetes gives a volume to a group (fsGroup)
        self.data.chmod(0o2775)
        for name, value in secrets.items():
            (root.path / "run/secrets" / name).write_text(value + "\n")
            (root.path / "run/secrets" / name).chmod(0o444)
            self.environment[f"TIDEGATE_{name.upper()}_FILE"] = f"/run/secrets/{name}"
        last = build.stages[-1]
        command = root.command(exec_form(last.last("ENTRYPOINT")) + exec_form(last.last("CMD")), self.environment, cwd=build.cwd, user=USER, volumes={"/var/lib/tidegate": self.data}, sealed=True)
        with open(self.log, "wb") as log:
            self.engine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def init(self) -> int:
        """Process 1, by the number it has outside."""
        return int(await_(lambda: Path(f"/proc/{self.engine.pid}/task/{self.engine.pid}/children").read_text().split() or None)[0])

    def execute(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Another process in it, as its user."""
        inside = ["nsenter", f"--target={self.init()}", "--mount", "--pid", "--root", "--wd=/", "setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        return subprocess.run([*inside, "env", "-i", *(f"{key}={value}" for key, value in self.environment.items()), *command], capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def running(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Container, Upstream, str, str, ClickHouseServer]]:
    """The gate with compose's own configuration, its addresses replaced, against a real ClickHouse; healthy."""
    scratch = tmp_path_factory.mktemp("container")
    upstream, port, admin = Upstream(), free_port(), free_port()
    with ClickHouseServer(scratch) as store:
        text = (ROOT / "deploy/compose/tidegate.yaml").read_text()
        for old, new in (
            ("0.0.0.0:8080", f"127.0.0.1:{port}"), ("0.0.0.0:8081", f"127.0.0.1:{admin}"), ("@clickhouse:8123", f"@127.0.0.1:{store.http_port}"),
            ('{dialect: openai, base_url: "https://api.openai.com"}', f'{{dialect: openai, base_url: "http://127.0.0.1:{upstream.port}", allow_private: true}}'), ("workers: 2", "workers: 1"),
        ):  # fmt: skip
            assert old in text
            text = text.replace(old, new)
        secrets = {"admin_token": TOKEN, "journal_key": "j" * 40, "key_pepper": "p" * 40, "clickhouse_password": quote(store.credentials.writer_password, safe="")}
        container = Container(build, list(build.roots.values())[-1], scratch, text + NAMES, secrets, {"TIDEGATE_PROBE": f"http://127.0.0.1:{admin}/-/ready"})
        try:
            probe = exec_form(build.stages[-1].last("HEALTHCHECK"))
            await_(lambda: container.engine.poll() is not None or container.execute(probe).returncode == 0, container.log.read_text)
            assert container.engine.poll() is None, container.log.read_text()
            yield container, upstream, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{admin}", store
        finally:
            upstream.let_go.set()
            if container.engine.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(container.init(), signal.SIGKILL)
                container.engine.wait()
            upstream.server.shutdown()


def ask(url: str, body: dict[str, Any] | None = None) -> tuple[int, bytes, str]:
    """Status, body and the exchange's id."""
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=WAIT_S) as answer:
            return answer.status, answer.read(), answer.headers.get("x-tidegate-request-id", "")
    except urllib.error.HTTPError as e:
        return e.code, e.read(), ""


def test_nothing_but_sources_is_sent_to_the_builder() -> None:
    """A .env, a record or a key beside the sources must not end up in a layer."""
    names = sent(ROOT, (ROOT / ".dockerignore").read_text())
    assert {"pyproject.toml", "lock/runtime.txt", "gateway/cli.py", "gateway/store/schema/0001_exchanges.sql"} <= names
    assert {Path(name).parts[0] for name in names} <= {"LICENSE", "README.md", "pyproject.toml", "lock", "gateway", "detectors", "dashboards"}
    assert not [name for name in names if name.endswith(".pyc") or "__pycache__" in name or Path(name).name.startswith(".")]


@pytest.mark.parametrize(("store", "brought"), [("server", False), ("embedded", True)])
def test_the_lock_is_kept_whole_but_for_the_embedded_store(store: str, brought: bool) -> None:
    """The Dockerfile's own awk: a hash that is left at the wrong package would stop the build, one package too few the gate."""
    program = re.search(r"awk -v store=\S+ '([^']+)'", DOCKERFILE.read_text())
    assert program
    lock = (ROOT / "lock/runtime.txt").read_text()
    kept = subprocess.run(["awk", "-v", f"store={store}", program[1]], input=lock, capture_output=True, text=True, check=True).stdout
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.M)
    assert kept == "".join(entry for entry in entries if brought or not entry.startswith("chdb-core=="))
    assert ("chdb-core==" in kept) is brought


@pytest.mark.slow
def test_the_linter_has_nothing_to_say() -> None:
    """Every rule of hadolint, none ignored."""
    program = shutil.which("hadolint") or shutil.which("hadolint", path=str(ROOT / ".venv/bin"))
    if program is None:
        pytest.skip("needs hadolint")
    done = subprocess.run([program, "--failure-threshold", "style", str(DOCKERFILE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "hadolint ignore" not in DOCKERFILE.read_text()


@pytest.mark.slow
def test_what_is_in_the_image(build: Build) -> None:
    """Only what serves: no installer, no store engine, no tests; and nothing that the gate's user could change."""
    packages = next((list(build.roots.values())[-1].path / "opt/tidegate/lib").glob("python3*/site-packages"))
    names = {path.name.lower() for path in packages.iterdir()}
    assert {"gateway", "detectors", "aiohttp"} <= names
    assert not names & {"pip", "setuptools", "chdb", "tests", "pytest"}
    assert (packages / "gateway/default.yaml").exists() and list((packages / "gateway/store/schema").glob("*.sql")) and (packages / "detectors/weights").exists()
    loose = [path for path in packages.rglob("*") if not path.is_symlink() and (path.stat().st_uid == USER or path.stat().st_mode & 0o022)]
    assert loose == []
    final = build.stages[-1]
    assert (final.last("USER"), final.last("STOPSIGNAL"), final.last("VOLUME")) == (f"{USER}:{USER}", "SIGTERM", "/var/lib/tidegate")
    assert not [value for key, value in final.steps if key in ("ENV", "LABEL", "ARG") and any(word in value.lower() for word in ("token=", "password=", "key=", "secret="))]


@pytest.mark.slow
def test_a_call_is_relayed_and_recorded_without_rights(running: tuple[Container, Upstream, str, str, ClickHouseServer]) -> None:
    """The hardening that compose and the chart ask for is of no use if the gate cannot live with it."""
    container, _, base, admin, _ = running
    status, body, name = ask(f"{base}/v1/chat/completions", {"model": "m", "messages": [{"role": "user", "content": "Please call Angela Merkel."}]})
    assert (status, json.loads(body)["choices"][0]["message"]["content"]) == (200, "hello")
    row = json.loads(await_(lambda: (found := ask(f"{admin}/api/exchanges/{name}"))[0] == 200 and found[1], container.log.read_text))
    assert row["exchange"]["verdict"] == "masked"  # the pool has seen the name: its own sealing works in here, too
    status_of = dict(line.split(":\t", 1) for line in Path(f"/proc/{container.init()}/status").read_text().splitlines() if ":\t" in line)
    assert status_of["Uid"].split() == [str(USER)] * 4
    assert (int(status_of["CapEff"], 16), int(status_of["CapBnd"], 16), status_of["NoNewPrivs"]) == (0, 0, "1")
    assert json.loads((container.data / "run/supervisor.json").read_text())["pid"] == 1
    written = container.execute(["sh", "-c", "for place in / /etc/tidegate /opt/tidegate /usr /run/secrets; do touch $place/x && echo $place; done; :"])
    assert (written.stdout, written.stderr.count("Read-only file system")) == ("", 5)
    log = container.log.read_text()
    assert " ERROR " not in log and "Read-only" not in log and TOKEN not in log


@pytest.mark.slow
def test_process_1_takes_in_what_has_lost_its_parent(running: tuple[Container, Upstream, str, str, ClickHouseServer]) -> None:
    """A detector pool that is killed leaves its processes to the supervisor: never waited for, they fill the table of processes."""
    container = running[0]
    orphan = container.execute(["sh", "-c", "sleep 0.2 >/dev/null 2>&1 & echo $!"]).stdout.strip()
    assert orphan.isdigit()
    await_(lambda: container.execute(["test", "-e", f"/proc/{orphan}"]).returncode != 0, lambda: f"process {orphan} was never waited for")


@pytest.mark.slow
def test_an_order_to_stop_drains_and_loses_nothing(running: tuple[Container, Upstream, str, str, ClickHouseServer]) -> None:
    """`docker stop` in the middle of a stream: it goes on to its end, its row is stored, the exit code is 0. The last test: nothing runs after it."""
    container, upstream, base, _, store = running
    found: list[tuple[int, bytes, str]] = []
    caller = threading.Thread(target=lambda: found.append(ask(f"{base}/v1/chat/completions", {"model": "m", "stream": True, "messages": [{"role": "user", "content": "hello"}]})))
    caller.start()
    assert upstream.streaming.wait(WAIT_S)
    os.kill(container.init(), signal.SIGTERM)

    def refused() -> bool:
        try:
            ask(f"{base}/-/ready")
        except OSError:
            return True
        return False

    await_(refused, container.log.read_text)
    assert container.engine.poll() is None
    upstream.let_go.set()
    caller.join(WAIT_S)
    assert container.engine.wait(WAIT_S) == 0, container.log.read_text()
    assert found[0][0] == 200 and b"[DONE]" in found[0][1]
    from gateway.store.client import Store

    async def stored() -> int:
        client = Store(store.target)
        rows = await client.query_json("SELECT count() AS n FROM tidegate.exchanges WHERE id = {id:UUID} AND outcome = 'ok'", {"id": found[0][2]})
        await client.close()
        return int(rows[0]["n"])

    import asyncio

    assert asyncio.run(stored()) == 1
