"""The command line: what each command prints, where, and with which exit code."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import gateway
from gateway import cli
from gateway.commands.doctor_config import weak_spots
from gateway.commands.doctor_live import alive
from gateway.commands.export import moment
from gateway.config import parse
from gateway.keys import KeyRing, pepper
from gateway.vitals import Vitals
from tests.support.clickhouse import ROOT
from tests.support.exchanges import exchange
from tests.support.filled import filled

PROVIDERS = "providers: {openai: {dialect: openai, base_url: 'https://api.example'}}\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tidegate.yaml"
    file.write_text(PROVIDERS + "data_dir: data\n")
    return file


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose store runs, migrated by the command itself, with four exchanges: two of them without a price."""
    now = dt.datetime.now(dt.UTC)
    rows = [
        exchange(i, id=uuid.UUID(int=i + 1), started_at=now - dt.timedelta(hours=30 * i), app=f"app{i % 2}", request_model="mine", response_model="", cost_usd=None if i in (0, 2) else Decimal(1))
        for i in range(4)
    ]
    with filled(tmp_path_factory.mktemp("cli"), PROVIDERS, rows) as file:
        yield file


class Bytes(io.TextIOWrapper):
    """A stdout whose bytes can be read back."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def taken(self) -> bytes:
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


def output(*arguments: str) -> tuple[int, bytes]:
    """Exit code and stdout of a command that streams."""
    out = Bytes()
    with contextlib.redirect_stdout(out):
        code = cli.main(list(arguments))
    return code, out.taken()


@pytest.mark.parametrize("command", [[], *([c.name] for c in cli.COMMANDS), ["keys", "add"], ["keys", "list"], ["keys", "revoke"]])
def test_help_is_everywhere_and_has_examples(command: list[str], capsys: pytest.CaptureFixture[str]):
    """Help is read at the worst moment; an example is what gets copied."""
    assert cli.main([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: tidegate")
    assert not command or "example" in text


@pytest.mark.parametrize("arguments", [[], ["nope"], ["keys"], ["sql"], ["sql", "SELECT 1", "--format", "A B"], ["export", "--since", "soon"], ["demo", "--seconds", "0"], ["sql", " "]])
def test_wrong_usage_is_2(arguments: list[str], config: Path, capsys: pytest.CaptureFixture[str]):
    """Scripts tell "you called me wrongly" from "it is not so"."""
    assert cli.main(arguments) == 2
    assert capsys.readouterr().out == ""


def test_the_module_is_the_command():
    """`python -m gateway` works where the script is not on the path."""
    done = subprocess.run([sys.executable, "-m", "gateway", "--version"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"tidegate {gateway.__version__}\n")


# ---------------------------------------------------------------------- check


def test_check_of_a_right_file(config: Path, capsys: pytest.CaptureFixture[str]):
    """The answer to "will it start" before it has to."""
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == "tidegate.yaml: ok: 1 providers (openai), 0 keys, store embedded\n"
    assert cli.main(["keys", "add", "one"]) == cli.main(["keys", "add", "two"]) == cli.main(["keys", "revoke", "two"]) == 0
    capsys.readouterr()
    assert cli.main(["check"]) == 0
    assert " 1 keys, " in capsys.readouterr().out  # of the file beside it, without those that are revoked


def test_check_names_every_problem(config: Path, capsys: pytest.CaptureFixture[str]):
    """One run, every problem, each on a line; a machine gets the same."""
    config.write_text(PROVIDERS + "sever: {}\nstore: {retention_days: 0}\n")
    expected = [
        'tidegate.yaml:2: sever: unknown key; did you mean "server"?',
        "tidegate.yaml:3: store.retention_days: 0 is out of bounds; expected a whole number, 1 to 3650",
    ]
    assert cli.main(["check"]) == 2
    assert capsys.readouterr().err.splitlines() == [f"tidegate: {line}" for line in expected]
    assert cli.main(["check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out) == {"ok": False, "problems": expected, "warnings": []}


def test_check_looks_into_the_files_that_are_named(config: Path, capsys: pytest.CaptureFixture[str]):
    """A configuration is no better than the certificates and keys it names."""
    config.write_text("providers: {o: {dialect: openai, base_url: 'https://h', ca_file: none.pem}}\nkeys_file: keys.yaml\n")
    config.with_name("keys.yaml").write_text(f"- {{id: a, digest: {'a' * 64}, providers: [gone], created_at: '2026-01-31T12:00:00+00:00'}}\n")
    assert cli.main(["check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"] == [
        f"providers.o.ca_file: {config.with_name('none.pem')} cannot be read as certificates; expected a PEM file that this user can read",
        'keys.yaml: key a: "gone" is not a configured provider',
    ]


# ---------------------------------------------------------------------- serve


def test_serve_writes_the_default_once(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The first start works without reading anything; the second must not undo what was edited."""
    served: list[Any] = []
    monkeypatch.setattr("gateway.supervisor.run", lambda settings, path, judge: served.append((list(settings.providers), path)) or 0)
    config.unlink()
    assert cli.main(["serve"]) == 0
    assert "a commented default was written" in capsys.readouterr().err
    config.write_text(PROVIDERS)
    assert cli.main(["serve"]) == 0
    assert (served, capsys.readouterr().err) == ([(["openai", "anthropic", "gemini"], config), (["openai"], config)], "")


def test_serve_does_not_invent_a_file_that_was_asked_for(config: Path, capsys: pytest.CaptureFixture[str]):
    """A typing error in --config must not start a gate with other providers."""
    assert cli.main(["serve", "--config", "tidgate.yaml"]) == 2
    assert capsys.readouterr().err == "tidegate: tidgate.yaml: No such file or directory; expected a configuration file there\n"
    assert not Path("tidgate.yaml").exists()


# ---------------------------------------------------------------------- keys


@pytest.mark.covers("T3")
def test_a_key_is_printed_once_and_works_until_it_is_revoked(config: Path, capsys: pytest.CaptureFixture[str]):
    """stdout holds the key alone, so that a script can take it; nothing else ever shows it."""
    assert cli.main(["keys", "add", "checkout-prod", "--app", "checkout", "--env", "prod", "--provider", "openai"]) == 0
    printed = capsys.readouterr()
    key = printed.out.strip()
    ring = KeyRing(pepper(config.parent / "data"), (), config.parent / "data/keys.yaml")
    identity = ring.find(key)
    assert identity and (identity.key_id, identity.app, identity.env, identity.providers) == ("checkout-prod", "checkout", "prod", ("openai",))
    assert key not in printed.err
    assert cli.main(["keys", "list", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["id"], row["state"], key in str(row)) == ("checkout-prod", "active", False)
    assert cli.main(["keys", "revoke", "checkout-prod"]) == 0
    assert (ring.refresh(), ring.find(key)) == (True, None)
    assert cli.main(["keys", "list"]) == 0
    assert "revoked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["add", "a b"], 1, "not a usable id"),
        (["add", "x", "--provider", "antropic"], 2, "expected one of openai"),
        (["add", "fixed"], 1, "taken by a key in the configuration"),
        (["revoke", "none"], 1, 'no key "none"'),
        (["revoke", "fixed"], 1, "take it out of keys there"),
    ],
)
def test_a_key_that_cannot_be_is_refused(config: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]):
    """The message says what to do; nothing is printed that could be taken for a key."""
    config.write_text(PROVIDERS + f"keys: [{{id: fixed, digest: {'a' * 64}}}]\n".replace("a" * 64, f"'{'a' * 64}'"))
    assert cli.main(["keys", *arguments]) == code
    printed = capsys.readouterr()
    assert (printed.out, words in printed.err) == ("", True)


# ---------------------------------------------------------------------- sql, export


def test_sql_streams_any_format(stored: Path):
    """What comes out is ClickHouse's own answer, byte for byte, for other programs to read."""
    assert output("sql", "--config", str(stored), "--format", "JSONEachRow", "SELECT app, count() AS n FROM exchanges GROUP BY app ORDER BY app") == (
        0,
        b'{"app":"app0","n":2}\n{"app":"app1","n":2}\n',
    )
    code, parquet = output("sql", "--config", str(stored), "SELECT 1 FORMAT Parquet")
    assert (code, parquet[:4], parquet[-4:]) == (0, b"PAR1", b"PAR1")
    assert output("sql", "--config", str(stored), "--format", "TSV", "SELECT sum(number) FROM numbers(10)") == (0, b"45\n")


@pytest.mark.covers("T6")
@pytest.mark.parametrize("query", ["INSERT INTO exchanges (app) VALUES ('x')", "DROP TABLE exchanges", "CREATE TABLE t (a Int8) ENGINE = Memory", "SET readonly = 0", "SELECT * FROM file('/etc/passwd', 'LineAsString')"])
def test_sql_cannot_write(stored: Path, query: str, capsys: pytest.CaptureFixture[str]):
    """A query pasted from a chat must not be able to destroy the record or read the machine."""
    assert cli.main(["sql", "--config", str(stored), query]) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.startswith("tidegate: Code: ")) == ("", True)


def test_an_error_in_the_middle_of_an_answer_is_an_error(stored: Path, capfd: pytest.CaptureFixture[str]):
    """ClickHouse has sent 200 and a million rows by then; a script must not take them for all."""
    code, out = output("sql", "--config", str(stored), "--format", "TSV", "SELECT throwIf(number = 900000) FROM numbers(1000000) SETTINGS max_block_size = 1000, max_threads = 1")
    assert (code, b"__exception__" in out, len(out) > 100_000) == (1, False, True)
    assert "tidegate: Code: 395." in capfd.readouterr().err


def test_sql_without_a_store_says_so(config: Path, capsys: pytest.CaptureFixture[str]):
    """The commonest error of all: the gate is not running."""
    assert cli.main(["sql", "SELECT 1"]) == 1
    assert capsys.readouterr().err == "tidegate: the embedded store is not running; start the gate with: tidegate serve\n"


def young_gate(run: Path, **store: Any) -> None:
    """A gate that has just been started."""
    processes = [{"name": name, "pid": os.getpid(), "state": "running", "restarts": 0, "since": time.time()} for name in ("store", "recorder")]
    processes[0] |= store
    (run / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "started_at": time.time(), "listen": "127.0.0.1:1", "admin": "127.0.0.1:2", "processes": processes}))


def test_a_store_that_is_starting_is_said_to_be(config: Path, capsys: pytest.CaptureFixture[str]):
    """Who asks in the first seconds of a gate is not told that something is broken, or that there is no gate."""
    run = config.parent / "data" / "run"
    run.mkdir(parents=True)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        for port in (None, closed.getsockname()[1]):  # before its port is written down, and while nobody listens there
            if port is not None:
                (run / "store.json").write_text(json.dumps({"port": port}))
            young_gate(run)
            for command in (["sql", "SELECT 1"], ["verify"]):
                assert cli.main(command) == 1
                (line,) = capsys.readouterr().err.splitlines()
                assert line.startswith("tidegate: the embedded store is starting (for ") and line.endswith(" s); ask again in a moment")
            code, found = doctor(config, capsys)
            said = {f["where"]: f["what"] for f in found["findings"] if f["severity"] == "error"}
            assert code == 1 and said.keys() == {"store", "recorder"} and all("starting" in what for what in said.values())
        for store in ({"since": time.time() - 600}, {"restarts": 1}):  # these are in trouble
            young_gate(run, **store)
            assert cli.main(["sql", "SELECT 1"]) == 1
            assert "did not answer" in capsys.readouterr().err


def test_a_store_that_has_started_is_asked_as_soon_as_its_tables_are_there(stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """It listens before the recorder has made the schema; then the gate's age is no reason to wait."""
    run = stored.parent / "run"
    young_gate(run)
    try:
        assert output("sql", "--config", str(stored), "--format", "TSV", "SELECT count() FROM exchanges") == (0, b"4\n")
        monkeypatch.setattr("gateway.store.migrate.migrations", lambda: (SimpleNamespace(version=9999),))
        assert cli.main(["sql", "--config", str(stored), "SELECT 1"]) == 1 and "is starting" in capsys.readouterr().err
    finally:
        (run / "supervisor.json").unlink()


def test_export_takes_exactly_what_was_asked_for(stored: Path, tmp_path: Path):
    """An export goes to an auditor: not a row more, not a row less, and no bodies when they were left out."""
    code, out = output("export", "--config", str(stored), "--since", "4d", "--until", "1h", "--app", "app0", "--without-bodies")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [uuid.UUID(row["id"]).int for row in rows], {"request_body", "prompt_text"} & set(rows[0])) == (0, [3], set())
    file = tmp_path / "all.parquet"
    assert cli.main(["export", "--config", str(stored), "--format", "parquet", "--output", str(file)]) == 0
    assert (file.read_bytes()[:4], [p.name for p in tmp_path.iterdir()]) == (b"PAR1", ["all.parquet"])


def test_a_failed_export_leaves_no_file(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Half an export under the right name would be taken for a whole one."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TIDEGATE_STORE_PORT", str(nobody.getsockname()[1]))
        assert cli.main(["export", "--output", "out.jsonl"]) == 1
    assert not list(tmp_path.glob("*out.jsonl*"))


def test_moments_are_utc_unless_they_say_otherwise():
    """An export that is off by the auditor's time zone is wrong."""
    assert [moment("2026-01-31"), moment("2026-01-31T12:00:00+02:00")] == [dt.datetime(2026, 1, 31, tzinfo=dt.UTC), dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)]


# ---------------------------------------------------------------------- doctor


@contextlib.contextmanager
def recorder(path: Path, state: dict[str, Any]) -> Iterator[None]:
    """Something that answers GET /state once, as the recorder does."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            with contextlib.suppress(OSError):
                peer, _ = server.accept()
                with peer:
                    peer.recv(4096)
                    body = json.dumps(state).encode()
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    path.unlink()


def doctor(config: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = cli.main(["doctor", "--config", str(config), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_doctor_of_a_gate_that_is_not_running(config: Path, capsys: pytest.CaptureFixture[str]):
    """It is named, with what to do, and not each of its parts again; no traceback."""
    code, found = doctor(config, capsys)
    assert (code, found["healthy"], [f["where"] for f in found["findings"] if f["severity"] == "error"]) == (1, False, ["gate"])
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().out.endswith("NOT healthy: see the errors above\n")


def test_doctor_of_a_data_dir_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A name that no file system takes is a finding, and no traceback."""
    file = tmp_path / "tidegate.yaml"
    file.write_text(f"providers: {{o: {{dialect: openai, base_url: 'https://api.example'}}}}\ndata_dir: {'x' * 300}\n")
    code, found = doctor(file, capsys)
    assert code == 1 and any(f["where"] == "data_dir" and "File name too long" in f["what"] for f in found["findings"])


def test_serve_refuses_certificates_that_no_worker_could_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """It would run, and its workers end as often as they are started; the operator is told at once, as by check."""
    file = tmp_path / "tidegate.yaml"
    file.write_text("providers: {o: {dialect: openai, base_url: 'https://api.example', ca_file: gone.pem}}\n")
    assert cli.main(["serve", "--config", str(file)]) == 2
    assert "providers.o.ca_file: " in capsys.readouterr().err


def test_doctor_in_words_is_short(stored: Path, capsys: pytest.CaptureFixture[str]):
    """What any gate has notes of must not hide what is wrong: errors and warnings stand apart with what to do, notes take a line each behind them."""
    run = stored.parent / "run"
    state = {"caught_up": True, "accepted": 12345, "stored": 12340, "quarantined": 0, "in_journal": 5, "oldest_age_s": 3.4, "ingest_lag_s": 3.57427978515625, "dropped": {"x": 0}}
    with recorder(run / "recorder.sock", state):
        assert cli.main(["doctor", "--config", str(stored)]) == 1
    out = capsys.readouterr().out
    assert "\nrecorder   12,345 accepted, 12,340 stored, 0 quarantined, 0 dropped; 5 in the journal, the oldest for 3 s\n" in out
    assert "\n\nerror: gate: not running" in out and "\n    start it: tidegate serve" in out
    notes = re.findall(r"\n\n((?:note: [^\n]+; [^\n]+\n)+)\nNOT healthy", out)
    assert len(notes) == 1 and notes[0].count("\n") == out.count("note: ") > 1


def test_doctor_of_a_gate_that_runs(stored: Path, capsys: pytest.CaptureFixture[str]):
    """Healthy means: everything that should run does. A model without a price is a warning, not an illness."""
    run = stored.parent / "run"
    process = {"name": "worker-0", "pid": os.getpid(), "state": "running", "restarts": 0, "since": time.time()}
    (run / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "started_at": time.time(), "listen": "127.0.0.1:1", "admin": "127.0.0.1:2", "processes": [process]}))
    page = Vitals(run / "worker-0.vitals")
    page.set("beat_at", time.time() + 1.0)
    page.close()
    with recorder(run / "recorder.sock", {"stored": 4, "oldest_age_s": 0.0, "dropped": {}}):
        code, found = doctor(stored, capsys)
    (run / "supervisor.json").unlink()
    assert (code, found["healthy"], found["store"]["rows"], found["record"]["recorder"]["stored"]) == (0, True, 4, 4)
    assert {f["what"] for f in found["findings"] if f["where"] == "prices"} == {"no price is known for openai/mine (1): that many exchanges of the last day have no cost"}


def test_a_dead_process_is_not_taken_for_a_living_one():
    """A process that ended and was not collected still has its number."""
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    zombie = alive(child.pid)
    child.wait()
    child.stdout.close()
    assert (alive(os.getpid()), zombie, alive(child.pid), alive(None)) == (True, False, False, False)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("server: {listen: '0.0.0.0:8080'}", "server.listen"),
        ("server: {admin: '0.0.0.0:8081', admin_token: short}", "server.admin_token"),
        ("server: {admin: '0.0.0.0:8081', admin_token: short}", "server.admin"),
        ("store: {url: 'http://u:p@db.example:8123'}", "store.url"),
        ("store: {url: 'https://db.example'}", "store.url"),
        ("store: {content: full}", "store.content"),
        ("durability: normal", "durability"),
        ("keys: [{id: k, digest: '" + "0" * 64 + "'}]", "keys.k"),
        ("providers: {o: {dialect: openai, base_url: 'http://llm.example'}}", "providers.o.base_url"),
        ("providers: {o: {dialect: openai, base_url: 'https://h', allow_private: true}}", "providers.o.allow_private"),
        ("providers: {o: {dialect: openai, base_url: 'https://h', key: x}}", "providers.o.key"),
        ("{}", "server.default_env"),
    ],
)
def test_a_weak_spot_is_found_and_goes_away(text: str, where: str, tmp_path: Path):
    """Each is something that works today and that somebody would regret; a sound configuration has none of them."""
    text = text if "providers" in text else PROVIDERS + ("" if text == "{}" else text)
    sound = PROVIDERS + "server: {default_env: prod}\ndurability: strict\nstore: {content: none}\n"
    assert where in {a.where for a in weak_spots(parse(text, base=tmp_path))}
    assert weak_spots(parse(sound, base=tmp_path)) == []


def test_files_that_others_can_read_are_named(tmp_path: Path):
    """The pepper and the store's passwords are worth what their modes are worth."""
    (tmp_path / ".tidegate").mkdir(mode=0o755)
    (tmp_path / ".tidegate/pepper").write_bytes(b"x" * 32)
    (tmp_path / ".tidegate/pepper").chmod(0o644)
    found = weak_spots(parse(PROVIDERS, base=tmp_path))
    assert [(a.where, a.act) for a in found if "mode" in a.what] == [(str(p), f"chmod {m} {p}") for p, m in ((tmp_path / ".tidegate", 700), (tmp_path / ".tidegate/pepper", 600))]
