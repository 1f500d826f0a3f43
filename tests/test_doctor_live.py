"""What `tidegate doctor` says of a changed configuration that the running gate did not take."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import main
from gateway.commands import doctor_live
from gateway.config import parse


@pytest.mark.parametrize(("ok", "said"), [(False, ["durability: changed, which needs a restart of the gate"]), (True, []), (None, [])])
def test_a_refused_reload_is_said(tmp_path: Path, ok: bool | None, said: list[str]) -> None:
    """The reason of the last refusal, until a file is taken; nothing after one that was taken, or without any."""
    settings = parse('providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}', name="tidegate.yaml", base=tmp_path)
    reloads: dict[str, Any] = {"taken": 0, "refused": 1, "ok": ok, "problem": "".join(said), "at": time.time()}
    (settings.data_dir / "run").mkdir(parents=True)
    (settings.data_dir / "run" / "supervisor.json").write_text(json.dumps({"pid": os.getpid(), "started_at": time.time(), "processes": [], "reloads": reloads}))
    found = [advice for advice in doctor_live.processes(settings).advice if advice.where == "configuration"]
    assert [advice.what.rpartition("what it had: ")[2] for advice in found] == said
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


def test_spans_that_are_lost_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector that is away hurts nobody, and so nobody would notice."""
    settings = parse('providers: {openai: {dialect: openai, base_url: "https://api.openai.com"}}', name="tidegate.yaml", base=tmp_path)
    told: dict[str, Any] = {"spans": {"exported": 5, "dropped": 0}}
    monkeypatch.setattr(doctor_live, "recorder_state", lambda _path: told)
    assert [advice for advice in doctor_live.recorded(settings).advice if advice.where == "telemetry"] == []
    told["spans"]["dropped"] = 4607
    (said,) = [advice for advice in doctor_live.recorded(settings).advice if advice.where == "telemetry"]
    assert said.severity == "warning" and "4607 spans never reached" in said.what
