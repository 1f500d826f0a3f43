"""The pool as one more child of the gate's supervisor."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from detectors.base import Finding
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import DetectorFailed
from tests.detection.test_main import BADGES
from tests.support.gate import RunningGate

PROVIDERS = '  openai: {dialect: openai, base_url: "http://127.0.0.1:1", allow_private: true}'
MORE = """
store: {url: "http://nobody:nothing@127.0.0.1:1/none"}
guardrails:
  - {name: badges, detector: badges, on: request, action: mask}
detectors:
  custom:
    badges: {entry: "badges:find", kinds: [BADGE], max_span: 10, deadline_ms: 30000}
"""


def ask(gate: RunningGate) -> list[list[Finding]]:
    """A detector's answer, once it has one."""
    pool, end = BlockingPool(gate.data_dir / "run" / "detectors.sock"), time.monotonic() + 60
    try:
        while True:
            try:
                return pool.find("badges", [("badge 1234", "")], deadline_s=30)
            except DetectorFailed as e:
                assert e.reason == "unavailable" and time.monotonic() < end, gate.log.read_text()
                time.sleep(0.02)
    finally:
        pool.close()


@pytest.mark.slow
def test_a_killed_pool_comes_back_and_leaves_with_the_gate(tmp_path):
    """Detectors are there as long as the gate is, and no longer; a gate whose rules need none has no pool."""
    (tmp_path / "badges.py").write_text(BADGES)
    gate = RunningGate(tmp_path, PROVIDERS, more=MORE)
    gate.launch()
    try:
        gate.await_up(store=False)
        assert ask(gate) == [[Finding("badges", "BADGE", 6, 10, 0.9)]]
        pool = gate.processes()["detectors"]
        os.kill(pool, signal.SIGKILL)
        while gate.processes().get("detectors", pool) == pool:
            time.sleep(0.02)
        assert ask(gate) == [[Finding("badges", "BADGE", 6, 10, 0.9)]]
        last = gate.processes()["detectors"]
        children = Path(f"/proc/{last}/task/{last}/children").read_text().split()
        assert len(children) == 1
    finally:
        assert gate.stop() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in (last, *children))
