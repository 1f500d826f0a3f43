"""The pool's process as the supervisor starts it: from a configuration file."""

from __future__ import annotations

import subprocess
import sys
import time

from detectors.base import Finding
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import DetectorFailed
from tests.detection.serving import ROOT

CONFIG = """
providers:
  openai: {dialect: openai, base_url: "https://api.openai.com"}
data_dir: data
guardrails:
  - {name: badges, detector: badges, on: request, action: mask}
detectors:
  custom:
    badges: {entry: "badges:find", kinds: [BADGE], max_span: 10, deadline_ms: 30000}
"""
BADGES = r"""
import re

def find(text):
    for hit in re.finditer(r"badge (\d{4})", text):
        yield {"kind": "BADGE", "start": hit.start(1), "end": hit.end(1), "score": 0.9}
"""


def start(config) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "gateway.detection.main", "--config", str(config)], cwd=ROOT, stderr=subprocess.PIPE)


def test_a_detector_beside_the_configuration_is_found_and_sigterm_ends_it_well(tmp_path):
    """What a team writes in its tidegate.yaml works from there, wherever the gate was started."""
    (tmp_path / "tidegate.yaml").write_text(CONFIG)
    (tmp_path / "badges.py").write_text(BADGES)
    process, pool = start(tmp_path / "tidegate.yaml"), BlockingPool(tmp_path / "data" / "run" / "detectors.sock")
    try:
        end = time.monotonic() + 60
        while True:
            try:
                found = pool.find("badges", [("my badge 1234", "")], deadline_s=30)
                break
            except DetectorFailed as e:
                assert e.reason == "unavailable" and time.monotonic() < end and process.poll() is None
                time.sleep(0.02)
        assert found == [[Finding("badges", "BADGE", 9, 13, 0.9)]]
    finally:
        pool.close()
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert b"detectors_stopped" in said


def test_a_wrong_configuration_is_refused_with_its_reason(tmp_path):
    """Exit code 2, as everywhere."""
    (tmp_path / "tidegate.yaml").write_text("providers: {}\n")
    process = start(tmp_path / "tidegate.yaml")
    _, said = process.communicate(timeout=30)
    assert process.returncode == 2
    assert b"start_refused" in said
