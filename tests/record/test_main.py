"""The recorder's process: one owner, a page about itself, an orderly end."""

from __future__ import annotations

import asyncio
import gc
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from gateway import config
from gateway.commands.doctor_live import recorder_state
from gateway.console import metrics as console_metrics
from gateway.detection.blocking import BlockingPool
from gateway.errors import ConfigError, StartError, StoreUnavailable
from gateway.journal import Frame, Journal, Kind
from gateway.journal_seal import journal_key
from gateway.record.capture import capture
from gateway.record.checkpoint import CheckpointFile
from gateway.record.main import PING_S, _enricher, _watch, owner_lock, store_target
from gateway.store.client import Store
from tests.support.clickhouse import ClickHouseServer
from tests.support.recording import closed, new_id, opened, write

MAIL = "anna.muster" + "@" + "example.org"

CONFIG = """
providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}
store: {url: "http://nobody@127.0.0.1:9/db"}
data_dir: data
"""
ROOT = Path(__file__).parents[2]


class _Page(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("recorder", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def get(path: Path, target: str) -> bytes:
    page = _Page(path)
    page.request("GET", target)
    answer = page.getresponse()
    body = answer.read()
    page.close()
    assert answer.status == 200, body
    return body


def eventually(process: subprocess.Popen[bytes], condition: Callable[[], object]) -> None:
    """Ask until it is so, while the process lives."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if condition():
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.05)
    pytest.fail(f"did not happen; exit code {process.poll()}")


@pytest.mark.covers("S1")
def test_the_process_starts_without_a_store_tells_about_itself_and_stops_in_order(tmp_path: Path) -> None:
    """The journal grows, the page answers, and nothing is lost, with the store down from beginning to end."""
    (tmp_path / "tidegate.yaml").write_text(CONFIG)
    journal = Journal(tmp_path / "data" / "journal", "w", key=journal_key(tmp_path / "data"))
    for n in range(3):
        write(journal, new_id(n))
    page = tmp_path / "data" / "run" / "recorder.sock"
    with subprocess.Popen([sys.executable, "-m", "gateway.record.main", "--config", str(tmp_path / "tidegate.yaml")], cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            eventually(process, lambda: json.loads(get(page, "/state"))["in_journal"] == 3)
            assert page.stat().st_mode & 0o777 == 0o600
            assert b'tidegate_records_total{reason="",state="accepted"} 3.0' in get(page, "/metrics")
            assert b"tidegate_store_up 0.0" in get(page, "/metrics")
            process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            log = ""
            while "recorder_stopping" not in log:
                log += process.stderr.readline().decode() or pytest.fail(log)
            process.send_signal(signal.SIGTERM)  # the second means: do not wait for the store
            assert process.wait(60) == 0
            log += process.stderr.read().decode()
        finally:
            process.kill()
    assert "INFO recorder recorder_started" in log and "recorder_stopped accepted=3 stored=0 in_journal=3" in log
    assert "Traceback" not in log
    journal.shut()


@pytest.mark.covers("T23")
def test_whoever_stops_a_recorder_finds_the_lines_of_its_last_batch_in_the_table(tmp_path: Path) -> None:
    """Lines go to the table every few seconds; those of the last few have nobody after them who would send their seals."""
    with ClickHouseServer(tmp_path) as server:
        (tmp_path / "tidegate.yaml").write_text(CONFIG.replace("http://nobody@127.0.0.1:9/db", server.url))
        journal = Journal(tmp_path / "data" / "journal", "w", key=journal_key(tmp_path / "data"))
        write(journal, new_id(0))
        page = tmp_path / "data" / "run" / "recorder.sock"
        with subprocess.Popen([sys.executable, "-m", "gateway.record.main", "--config", str(tmp_path / "tidegate.yaml")], cwd=ROOT) as process:
            try:
                eventually(process, lambda: json.loads(get(page, "/state"))["stored"] == 1)
                write(journal, new_id(1))
                process.terminate()
                assert process.wait(60) == 0
            finally:
                process.kill()
        journal.shut()
        assert asyncio.run(_lines_with_seals(server)) == [{"lines": 2, "exchanges": 2}]


async def _lines_with_seals(server: ClickHouseServer) -> list[dict[str, object]]:
    store = Store(server.target)
    try:
        return await store.query_json("SELECT countIf(seals != '') AS lines, (SELECT count() FROM exchanges) AS exchanges FROM ledger")
    finally:
        await store.close()


@pytest.mark.covers("D1")
def test_without_room_for_the_first_checkpoint_it_says_so_once_and_goes_on_when_there_is_some(tmp_path: Path) -> None:
    """A disk that is full at the start: the process stays, tells about itself, and neither fills the log nor has to be started again and again."""
    (tmp_path / "tidegate.yaml").write_text(CONFIG)
    journal = Journal(tmp_path / "data" / "journal", "worker-0", key=journal_key(tmp_path / "data", None))
    write(journal, new_id(1))
    journal.shut()
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    with open(tmp_path / "log", "wb") as log:
        command = [sys.executable, "-c", "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))\nfrom gateway.record.main import main\nmain()"]
        process = subprocess.Popen([*command, "--config", str(tmp_path / "tidegate.yaml")], stderr=log, cwd=ROOT)
    try:
        eventually(process, lambda: b"checkpoint_failed" in (tmp_path / "log").read_bytes())
        state = orjson.loads(get(tmp_path / "data" / "run" / "recorder.sock", "/state"))
        assert (state["accepted"], state["in_journal"], state["oldest_age_s"] > 0) == (1, 1, True)
        checkpoints = tmp_path / "data" / "recorder"
        assert [path.stat().st_size for path in checkpoints.glob("checkpoint.*")] == [0]
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        eventually(process, lambda: any(path.stat().st_size for path in checkpoints.glob("checkpoint.*")))
        eventually(process, lambda: CheckpointFile(checkpoints).load().announced)
        assert process.poll() is None
        said = (tmp_path / "log").read_text()
        assert said.count("checkpoint_failed") == 1 and "Traceback" not in said
    finally:
        process.kill()
        process.wait()


@pytest.mark.covers("D1")
def test_a_data_directory_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    """Whoever starts it tries again; a traceback each time would bury the reason."""
    (tmp_path / "tidegate.yaml").write_text(CONFIG)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "recorder").write_text("in the way")
    ended = subprocess.run([sys.executable, "-m", "gateway.record.main", "--config", str(tmp_path / "tidegate.yaml")], stderr=subprocess.PIPE, cwd=ROOT, timeout=60)
    (line,) = ended.stderr.decode().splitlines()
    assert ended.returncode == 1 and "recorder_ended" in line and "recorder" in line and "File exists" in line


async def test_the_page_is_reached_however_long_its_path_is(tmp_path: Path) -> None:
    """The kernel takes 107 bytes of a socket's path; a data directory deep in a tree must not cost doctor and /metrics their news."""
    folder = tmp_path / ("d" * 60) / ("e" * 60)
    folder.mkdir(parents=True)
    (folder / "tidegate.yaml").write_text(CONFIG)
    page = folder / "data" / "run" / "recorder.sock"
    with subprocess.Popen([sys.executable, "-m", "gateway.record.main", "--config", str(folder / "tidegate.yaml")], cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            eventually(process, lambda: recorder_state(page))
            assert b"tidegate_store_up 0.0" in (await console_metrics._recorded(page) or b"")
            assert page.stat().st_mode & 0o777 == 0o600
        finally:
            process.kill()


async def test_a_store_that_is_coming_is_looked_for_soon_and_one_that_stays_away_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded store starts beside the recorder and takes longer: a look every two seconds would leave the gate without one for as long as it takes to start."""
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 9:
            raise asyncio.CancelledError

    async def boot() -> int:
        return 1

    async def ensure() -> None:
        if len(paused) not in (6, 7):
            raise StoreUnavailable("not there")

    async def tend() -> None:
        pass

    recorder = SimpleNamespace(store_seen=0.0, store_boot=0.0, announced=None)
    monkeypatch.setattr("gateway.record.main.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await _watch(SimpleNamespace(boot=boot), SimpleNamespace(ensure=ensure), SimpleNamespace(up=False), recorder, SimpleNamespace(tend=tend))  # type: ignore[arg-type]
    assert paused == [0.1, 0.2, 0.4, 0.8, 1.6, PING_S, PING_S, PING_S, PING_S]


async def test_whoever_looks_after_the_store_goes_on_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one task that knows whether the store is up, and nobody would miss it."""
    turns, tended = 0, 0

    async def sleep(_: float) -> None:
        nonlocal turns
        turns += 1
        if turns == 4:
            raise asyncio.CancelledError

    async def boot() -> int:
        if turns == 1:
            raise KeyError("boot")
        return 1

    async def ensure() -> None:
        pass

    async def tend() -> None:
        nonlocal tended
        tended += 1
        if turns == 0:
            raise ValueError("a line")

    recorder, writer = SimpleNamespace(store_seen=0.0, store_boot=0.0, announced=None), SimpleNamespace(up=False)
    monkeypatch.setattr("gateway.record.main.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await _watch(SimpleNamespace(boot=boot), SimpleNamespace(ensure=ensure), writer, recorder, SimpleNamespace(tend=tend))  # type: ignore[arg-type]
    assert (turns, tended, writer.up) == (4, 3, True)


def test_a_recorder_that_ends_over_something_unforeseen_says_where_and_nothing_of_what(tmp_path: Path) -> None:
    """The supervisor starts it again; a traceback could quote what was said."""
    config_file = tmp_path / "tidegate.yaml"
    config_file.write_text(f"data_dir: {tmp_path}\nproviders:\n  up: {{dialect: openai, base_url: 'https://api.example'}}\nstore: {{url: 'http://a:b@127.0.0.1:1/none'}}\n")
    program = "import sys\nfrom gateway.record import main\nasync def fails(*_): raise KeyError('what was said')\nmain._run = fails\nsys.exit(main.main(sys.argv[1:]))"
    ended = subprocess.run([sys.executable, "-c", program, "--config", str(config_file)], stderr=subprocess.PIPE, text=True, timeout=60)
    assert ended.returncode == 1 and "recorder_ended error=KeyError where=" in ended.stderr
    assert "what was said" not in ended.stderr and "Traceback" not in ended.stderr


@pytest.mark.covers("G17")
async def test_what_hangs_in_circles_does_not_wait_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that failed holds its spans and its message in one; what was under way when the young were looked at stayed for an hour."""

    class Circle:
        itself: Circle

    async def boot() -> int:
        return 1

    async def done() -> None:
        pass

    async def sleep(_: float) -> None:
        raise asyncio.CancelledError

    circle = Circle()
    circle.itself, gone = circle, weakref.ref(circle)
    gc.collect()
    del circle
    gc.collect(1)
    assert gone() is not None, "it is old, and those are looked at after two and a half million allocations"
    monkeypatch.setattr("gateway.record.main.asyncio.sleep", sleep)
    monkeypatch.setattr("gateway.record.main.GIVE_BACK_S", 0.0)
    recorder = SimpleNamespace(store_seen=0.0, store_boot=0.0, announced=None)
    with pytest.raises(asyncio.CancelledError):
        await _watch(SimpleNamespace(boot=boot), SimpleNamespace(ensure=done), SimpleNamespace(up=False), recorder, SimpleNamespace(tend=done))  # type: ignore[arg-type]
    assert gone() is None


@pytest.mark.covers("D9")
def test_a_second_recorder_is_refused(tmp_path: Path) -> None:
    """Two would store every row twice."""
    with owner_lock(tmp_path, 0.0), pytest.raises(StartError, match="another recorder"):
        owner_lock(tmp_path, 0.0)
    owner_lock(tmp_path, 0.0).close()


def test_the_embedded_stores_port_comes_from_the_supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a free one, different at every start."""
    settings = config.parse(f"providers: {{a: {{dialect: openai, base_url: 'http://x'}}}}\ndata_dir: {tmp_path}")
    monkeypatch.delenv("TIDEGATE_STORE_PORT", raising=False)
    with pytest.raises(ConfigError, match="TIDEGATE_STORE_PORT"):
        store_target(settings)
    monkeypatch.setitem(os.environ, "TIDEGATE_STORE_PORT", "1234")
    assert store_target(settings).place == "127.0.0.1:1234"


@pytest.mark.parametrize(("content", "kept"), [("", "My mail is <EMAIL_ADDRESS>, Anna"), ("store: {content: full}", f"My mail is {MAIL}, Anna"), ("store: {content: none}", "")])
def test_what_is_stored_is_redacted_unless_the_configuration_says_otherwise(content: str, kept: str) -> None:
    """The default protects whoever has not thought about it (issue: `redacted` becomes the default)."""
    settings = config.parse(f"providers: {{a: {{dialect: openai, base_url: 'https://example.org'}}}}\n{content}")
    body = b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "My mail is %b, Anna"}]}' % MAIL.encode()
    frames = [Frame(Kind.OPEN, new_id(1), orjson.dumps(opened(new_id(1))), body, 0, 0), Frame(Kind.CLOSE, new_id(1), orjson.dumps(closed(new_id(1))), b"", 0, 0)]
    row = _enricher(settings, BlockingPool(Path("nowhere.sock"))).exchange(capture(new_id(1), "w", frames), "batch")
    assert (row.prompt_text, MAIL in row.request_body) == (kept, "full" in content)
    assert row.request_model == "gpt-4o" and row.verdict == "not_checked"
    assert [(f.kind, f.direction, f.action) for f in row.findings] == ([("EMAIL_ADDRESS", "log", "mask")] if not content else [])


@pytest.mark.parametrize("content", ["full", "redacted", "none"])
def test_a_credential_is_no_name_whatever_is_stored(content: str) -> None:
    """Names are labels of metrics, attributes of spans and lines of doctor: a key that a provider says in the place of a code or a model stands in none (laws 8 and 9)."""
    settings = config.parse(f"providers: {{a: {{dialect: openai, base_url: 'https://example.org'}}}}\nstore: {{content: {content}}}")
    key = "sk-" + "ant-" + "api03-" + "Zq7Wm2Xv9Lk4Rt8Yp3Nc6Bd1Hf5Gj0Ks" * 3 + "-AbCdEfAA"
    refused = orjson.dumps({"error": {"message": "no", "code": key, "type": key}})
    answered = orjson.dumps({"model": key, "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
    for body, status in ((refused, 401), (answered, 200)):
        open_ = opened(new_id(1), user_id=key, tags={"of": key})
        close = closed(new_id(1), status=status, upstream_status=status)
        frames = [Frame(Kind.OPEN, new_id(1), orjson.dumps(open_), b"{}", 0, 0), Frame(Kind.CLOSE, new_id(1), orjson.dumps(close), body, 0, 0)]
        row = _enricher(settings, BlockingPool(Path("nowhere.sock"))).exchange(capture(new_id(1), "w", frames), "batch")
        names = f"{row.error_code} {row.response_model} {row.user_id} {row.tags} {row.finish_reason}"
        assert key not in names and (key in row.reply_body) == (content == "full")
