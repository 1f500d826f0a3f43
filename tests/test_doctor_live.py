"""What `tidegate doctor` says of a changed configuration that the running gate did not take."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import time
import uuid
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import main
from gateway.commands import doctor_drift, doctor_live, stored
from gateway.config import load, parse
from gateway.exchange import Outcome
from gateway.vitals import Vitals
from tests.support.exchanges import exchange
from tests.support.filled import filled


@pytest.mark.parametrize(("ok", "said"), [(False, ["durability: changed, which needs a restart of the gate"]), (True, []), (None, [])])
def test_a_refused_reload_is_said(tmp_path: Path, ok: bool | None, said: list[str]) -> None:
    """The reason of the last refusal, until a file is taken; nothing after one that was taken, or without any."""
    settings = parse('providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}', name="tidegate.yaml", base=tmp_path)
    reloads: dict[str, Any] = {"taken": 0, "refused": 1, "ok": ok, "problem": "".join(said), "at": time.time()}
    (settings.data_dir / "run").mkdir(parents=True)
    (settings.data_dir / "run" / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "started_at": time.time(), "processes": [], "reloads": reloads}))
    found = [advice for advice in doctor_live.processes(settings).advice if advice.where == "configuration"]
    assert [advice.what.rpartition("the one before holds: ")[2] for advice in found] == said
    assert all(advice.severity == "error" for advice in found)


def test_with_a_broken_file_it_looks_at_what_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody broke the file at night: doctor says so, and still looks at the gate, with the configuration that it was started with."""
    right = f'data_dir: "{tmp_path / "kept"}"\nproviders: {{openai: {{dialect: openai, base_url: "https://api.openai.com"}}}}\n'
    (tmp_path / "kept" / "run").mkdir(parents=True)
    (tmp_path / "tidegate.yaml").write_text(right + "serve: {}\n")
    assert main(["doctor", "--config", str(tmp_path / "tidegate.yaml")]) == 2  # nothing has ever run there
    assert "serve" in capsys.readouterr().err
    (tmp_path / "kept" / "run" / "tidegate.yaml").write_text(right)
    assert main(["doctor", "--json", "--config", str(tmp_path / "tidegate.yaml")]) == 1
    found = {each["where"]: each["what"] for each in json.loads(capsys.readouterr().out)["findings"] if each["severity"] == "error"}
    assert "serve: unknown key" in found["configuration"] and "not running" in found["gate"]


def page(run: Path, name: str, **values: float) -> Vitals:
    """A worker that lives."""
    vitals = Vitals(run / f"worker-{name}.vitals")
    for field, value in {"pid": os.getpid(), "beat_at": time.time(), **values}.items():
        vitals.set(field, value)
    return vitals


def test_who_is_left_alone_and_what_was_refused_is_said(tmp_path: Path) -> None:
    """At night these are the first two questions: is it the provider, or is it us? A worker that is gone says nothing of now."""
    providers = ", ".join(f'{name}: {{dialect: openai, base_url: "https://{name}.example.com"}}' for name in ("openai", "azure"))
    settings = parse(f"providers: {{{providers}}}", name="tidegate.yaml", base=tmp_path)
    run = settings.data_dir / "run"
    run.mkdir(parents=True)
    (run / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "started_at": time.time(), "processes": []}))
    first, second = page(run, "0", shed_queue=7, shed_memory=2, queued=3, rss_bytes=9e8, memory_limit_bytes=1e9), page(run, "1", retries=1, retries_denied=5, rss_bytes=1e8, memory_limit_bytes=1e9)
    first.set_breakers(1, 2)
    gone = page(run, "2", beat_at=time.time() - 60, shed_files=1)
    gone.set_breakers(0, 1)
    look = doctor_live.processes(settings)
    for each in (first, second, gone):
        each.close()
    assert look.seen["breakers_open"] == {"azure": 2}
    said: dict[tuple[str, str], list[str]] = {}
    for advice in look.advice:
        said.setdefault((advice.severity, advice.where), []).append(advice.what)
    assert "breakers open: 2" in said["warning", "providers.azure"][0] and ("warning", "providers.openai") not in said
    shed, memory = said["warning", "worker-0"]
    assert shed.startswith("9 requests were refused since it started: the queue was full 7 times, memory was short 2 times; ") and "3 wait now" in shed
    assert "900 MB of the 1000 MB" in memory and ("warning", "worker-1") not in said
    assert "5 retries were denied, 1 made" in said["note", "worker-1"][0]
    assert not any("refused" in what for (_, where), all_of in said.items() if where == "worker-2" for what in all_of)


@pytest.mark.parametrize(
    ("free", "store", "severity"), [(3 << 30, "embedded", None), (1 << 30, "embedded", "warning"), (100 << 20, "embedded", "error"), (100 << 20, "http://store.example:8123/tidegate", "warning")]
)  # fmt: skip
def test_a_disk_that_fills_up_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, store: str, severity: str | None) -> None:
    """The embedded store takes no rows any more long before the disk is full: "is it up and fast enough" would send whoever looks astray."""
    settings = parse(f'providers: {{openai: {{dialect: openai, base_url: "https://api.openai.com"}}}}\nstore: {{url: "{store}"}}', name="tidegate.yaml", base=tmp_path)
    settings.data_dir.mkdir()
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((4096, 4096, 1 << 30, free // 4096, free // 4096, 0, 0, 0, 0, 255)))
    found = [advice for advice in doctor_live.recorded(settings, up=False).advice if advice.where == "data_dir"]
    assert [advice.severity for advice in found] == ([severity] if severity else [])
    assert all(("takes no more rows" in advice.what) == (severity == "error") and f"{free / 1e6:,.0f} MB" in advice.what for advice in found)


def test_the_limit_of_room_is_the_schemas() -> None:
    """Doctor explains what the store does: two figures would soon be two truths."""
    schema = (resources.files("gateway.store") / "schema" / "0001_exchanges.sql").read_text()
    assert f"min_free_disk_bytes_to_perform_insert = {doctor_live.LEAST_FREE}" in schema


def test_a_provider_that_mostly_fails_is_said(tmp_path: Path) -> None:
    """In the first minutes that is what doctor is asked for, and no breaker has opened by then: which provider, how it fails, where to look. What callers did wrong is none of its faults."""
    now = dt.datetime.now(dt.UTC)
    failed, refused = {"outcome": Outcome.PROVIDER_UNREACHABLE, "error_code": "provider_tls"}, {"outcome": Outcome.CALLER_REJECTED, "error_code": "invalid_api_key"}
    rows = [exchange(i, id=uuid.uuid4(), provider=name, started_at=now - ago, **how) for i, (name, ago, how) in enumerate(
        [("broken", dt.timedelta(minutes=1), failed), ("broken", dt.timedelta(minutes=2), {}), ("old", dt.timedelta(minutes=30), failed), ("theirs", dt.timedelta(0), refused)]
        + [("well", dt.timedelta(minutes=1), how) for how in (failed, {}, {})]
    )]  # fmt: skip
    with filled(tmp_path, 'providers: {broken: {dialect: openai, base_url: "https://api.example"}}\n', rows) as file:
        found = {advice.where: advice for advice in doctor_live.store(load(file)).advice if advice.where.startswith("providers.")}
    assert found.keys() == {"providers.broken"} and found["providers.broken"].severity == "warning"
    assert found["providers.broken"].what == "1 of its 2 exchanges of the last ten minutes failed, most of them with provider_tls"
    assert "providers.broken.ca_file" in found["providers.broken"].act


def test_a_gate_without_trouble_is_not_advised(tmp_path: Path) -> None:
    """Advice where nothing is wrong is soon read by nobody."""
    settings = parse('providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}', name="tidegate.yaml", base=tmp_path)
    (settings.data_dir / "run").mkdir(parents=True)
    (settings.data_dir / "run" / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "started_at": time.time(), "processes": []}))
    page(settings.data_dir / "run", "0", retries=3, retries_denied=1, rss_bytes=1e8, memory_limit_bytes=1e9, accepted=1000).close()
    look = doctor_live.processes(settings)
    assert (look.advice, look.seen["breakers_open"]) == ([], {})


def test_spans_that_are_lost_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector that is away hurts nobody, and so nobody would notice."""
    settings = parse('providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}', name="tidegate.yaml", base=tmp_path)
    told: dict[str, Any] = {"spans": {"exported": 5, "dropped": 0}}
    monkeypatch.setattr(doctor_live, "recorder_state", lambda _path: told)
    assert [advice for advice in doctor_live.recorded(settings).advice if advice.where == "telemetry"] == []
    told["spans"]["dropped"] = 4607
    (said,) = [advice for advice in doctor_live.recorded(settings).advice if advice.where == "telemetry"]
    assert said.severity == "warning" and "4607 spans never reached" in said.what


@pytest.mark.parametrize("written", [False, True])
def test_a_gate_that_does_not_run_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bool) -> None:
    """Its parts do not run either: to say so of each, and that they come back by themselves, would send people looking in the wrong place."""
    (tmp_path / ".tidegate" / "run").mkdir(parents=True)
    if written:
        gone = {"pid": 2**22 + 1, "started_at": time.time(), "processes": [{"name": "recorder", "pid": 2**22 + 2, "state": "running", "restarts": 0}]}
        (tmp_path / ".tidegate" / "run" / "supervisor.json").write_text(json.dumps(gone))
    rule = "guardrails: [{name: n, detector: pii, kinds: [PERSON], on: request, action: mask}]"
    (tmp_path / "tidegate.yaml").write_text(f'providers: {{openai: {{dialect: openai, base_url: "https://api.openai.com"}}}}\n{rule}\n')
    assert main(["doctor", "--json", "--config", str(tmp_path / "tidegate.yaml")]) == 1
    assert [each["where"] for each in json.loads(capsys.readouterr().out)["findings"] if each["severity"] == "error"] == ["gate"]
    settings = parse('providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}\nstore: {url: "http://127.0.0.1:9/tidegate"}', name="tidegate.yaml", base=tmp_path)
    assert [advice.act for advice in doctor_live.store(settings, up=False).advice] == ["bring the store back"]  # one of its own is somebody else's to start


def test_models_without_a_price_are_said_together() -> None:
    """One line of advice, with each model and how many of its exchanges have no cost."""
    rows = [{"provider": "vllm", "model": "own-7b", "exchanges": 12}, {"provider": "openai", "model": "gpt-next", "exchanges": 3}]
    (said,) = doctor_live._unpriced(rows)
    assert "vllm/own-7b (12), openai/gpt-next (3)" in said.what and '"vllm/own-7b"' in said.act
    assert list(doctor_live._unpriced([])) == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"lost": 2, "unwritten": 0, "problem": ""}, [("error", "2 lines found no place")]),
        ({"lost": 0, "unwritten": 3, "problem": "No space left on device"}, [("error", "3 lines cannot be written to data_dir: No space left on device")]),
        ({"lost": 0, "unwritten": 0, "unsent": 5, "problem": "table"}, [("warning", "the store does not take the ledger's lines; 5 wait")]),
        ({"lost": 0, "unwritten": 0, "problem": ""}, []),
        (None, []),
    ],
)
def test_a_ledger_that_cannot_be_kept_is_said(state: dict[str, Any] | None, said: list[tuple[str, str]]) -> None:
    """It holds nothing up, so nobody would notice until `verify` has to say that it cannot vouch for a week."""
    found = [(advice.severity, advice.what) for advice in doctor_live._ledger(state)]
    assert len(found) == len(said) and all(severity == s and w in what for (severity, what), (s, w) in zip(found, said, strict=True))


def test_a_store_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes connections and never answers, as one that was stopped: doctor is for this moment, and says so; the other commands would wait for ten minutes."""
    monkeypatch.setattr(stored, "SOON_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/tidegate"
        settings = parse(f'providers: {{openai: {{dialect: openai, base_url: "https://api.openai.com"}}}}\nstore: {{url: "{url}"}}', name="tidegate.yaml", base=tmp_path)
        look = doctor_live.store(settings)
        assert look.seen["reachable"] is False
        assert [(each.severity, each.where, "TimeoutError" in each.what) for each in look.advice] == [("error", "store", True)]
        assert doctor_drift.watched(settings).seen["reachable"] is False
