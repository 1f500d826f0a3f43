"""What `tidegate doctor` says of a changed configuration that the running gate did not take."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

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
