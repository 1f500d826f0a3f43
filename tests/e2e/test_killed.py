"""A worker killed in the middle of a stream: the row says what nobody can know."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest

from gateway.demo.provider import Provider
from tests.support.gate import RunningGate


def test_what_a_killed_worker_had_given_out_is_not_called_nothing(provider: Provider, tmp_path: Path) -> None:
    """The app has read some of it, the journal has no part of it yet: NULL, not 0."""
    asked = {"model": "gpt-4o-mini", "stream": True, "messages": [{"role": "user", "content": "sim-slow sim-echo " + "one word after the other, " * 40}]}
    with RunningGate(tmp_path, f'  openai: {{dialect: openai, base_url: "{provider.url}", allow_private: true}}') as gate:
        with httpx.stream("POST", f"{gate.base_url}/v1/chat/completions", json=asked, headers={"authorization": "Bearer k"}, timeout=60, trust_env=False) as answer:
            pieces = answer.iter_raw()
            assert answer.status_code == 200 and next(pieces)
            os.kill(gate.processes()["worker-0"], signal.SIGKILL)
            with pytest.raises(httpx.TransportError):  # it is dead before we leave
                for _ in pieces:
                    pass
        gate.row(answer.headers["x-tidegate-request-id"])
        (row,) = gate.sql("SELECT outcome, status, attempts, reply_bytes, cost_usd FROM exchanges")
    assert row == {"outcome": "gateway_crash", "status": None, "attempts": None, "reply_bytes": None, "cost_usd": None}
