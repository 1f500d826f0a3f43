"""Mutated inputs of every parser, a few of each; 10,000 with TIDEGATE_CHAOS=long or `make fuzz`."""

from __future__ import annotations

import os

import pytest

from gateway.dialects.json_walk import JsonWalk
from tests.chaos import fuzz

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
BAR_S = 0.05 if LONG else 0.25  # CI's processors differ; what grows without bound is beyond any factor


@pytest.mark.covers("U9", "U10", "U14", "C6", "C8", "D3", "G5", "T13")
@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_nothing_that_strangers_send_breaks_a_parser(record_property, target):
    """No traceback, no 5xx of the gate's own, no turn of its loop that others would notice, whatever the bytes are."""
    count = 10_000 if LONG else 60 if target in ("config", "frame") else 24
    result = fuzz.run(target, count, seed=1, bar_s=BAR_S)
    if LONG:
        record_property("said", result.line())
    assert (result.bad, result.count) == ([], count)


def test_a_fault_in_a_parser_would_be_seen(monkeypatch):
    """Of a search that finds nothing, only this says that it looks: a walk that recurses too deep is reported by its number."""

    def breaks(self, value=None):
        raise RecursionError("too deep")
        yield

    monkeypatch.setattr(JsonWalk, "steps", breaks)
    result = fuzz.run("json-openai", 8, seed=1)
    assert any("guard_failed" in line or "503" in line for line in result.bad), result.bad
