"""Kill -9 anything of the tree, again and again under load, and hold the gate to its promise: what a client saw is on record, once, as it was.

Short form: a minute. TIDEGATE_CHAOS=long: ten. TIDEGATE_CHAOS_CALLS: until so many exchanges are owed a row, TIDEGATE_CHAOS_RATE calls a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway import cli
from tests.support.clickhouse import ROOT
from tests.support.gate import RunningGate
from tests.support.owed import Ower
from tests.support.rollup import counted_by_minute, rolled_up
from tests.support.tree import await_gone
from tests.support.watching import Client, Load, Seen, disagreements, mixed, rows_by_call

PER_SECOND = float(os.environ.get("TIDEGATE_CHAOS_RATE", "60"))
CALLS = int(os.environ.get("TIDEGATE_CHAOS_CALLS", "0"))
LOAD_S = CALLS / PER_SECOND if CALLS else 600.0 if os.environ.get("TIDEGATE_CHAOS") == "long" else 60.0
SLICE = 5_000  # calls whose rows are looked at together
EVERY_S = 2.0
SERVED_AGAIN_S = 5.0
SEED = 20261120
TARGETS = ("worker-0", "worker-1", "recorder", "store", "console", "worker-0", "worker-1", "recorder", "store", "detectors", "supervisor")
# A third of the calls is looked at by a detector in the pool, so that there is one to kill; a request that it does not answer for goes on unseen by it.
POOL = """detectors: {custom: {badges: {entry: "tests.support.faulty:find", kinds: [BADGE]}}}
guardrails: [{name: badges, detector: badges, on: request, action: flag, models: ["gpt-*"]}]
record: {hold_s: 60}
"""


@dataclass
class Killer:
    """kills: when (monotonic) and whom."""

    gate: RunningGate
    kills: list[tuple[float, str]] = field(default_factory=list)

    async def run(self, seconds: float) -> None:
        chance, until = random.Random(SEED), time.monotonic() + seconds
        for name in self._names(chance):
            await asyncio.sleep(EVERY_S * chance.uniform(0.7, 1.3))
            if time.monotonic() >= until:
                return
            self.kill(name)

    @staticmethod
    def _names(chance: random.Random) -> Iterator[str]:
        while True:
            yield from chance.sample(TARGETS, len(TARGETS))

    def kill(self, name: str) -> None:
        """A supervisor is started again at once, as a service manager would."""
        pid = self.gate.processes().get(name)
        if pid is None:  # between two lives
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.kills.append((time.monotonic(), name))
        if name == "supervisor":
            assert self.gate.process is not None
            self.gate.process.wait(60)
            self.gate.launch()


@pytest.mark.slow
@pytest.mark.covers("D4", "G1", "S8")
def test_what_a_client_saw_is_on_record_once_whoever_is_killed(tmp_path: Path) -> None:
    """A record that a crash can lose, double or change is no record: bills and audits stand on it."""
    python_path = {"PYTHONPATH": str(ROOT)}  # for the detector
    with Ower() as provider, RunningGate(tmp_path, provider.providers, more=POOL, server="workers: 2", environment=python_path) as gate:
        killer = Killer(gate)
        seen = asyncio.run(_under_load(gate, killer))
        received = set(provider.received())
        owed = {one.call.id for one in seen if one.status} | received
        records = gate.settle(at_least=len(owed), within_s=120 + LOAD_S)
        problems = _disagreements(gate, seen, received)
        _report(seen, killer, gate)

        assert Counter(name for _, name in killer.kills).keys() == set(TARGETS)
        assert not problems, "\n".join(problems)
        assert [one.call.id for one in seen if one.error == "TimeoutError"] == []
        assert _unserved_after(seen, killer.kills[-1][0] + SERVED_AGAIN_S) == []

        [counted] = gate.sql("SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(id)) AS ids FROM tidegate.exchanges")
        assert records == {"accepted": counted["rows"], "stored": counted["rows"], "quarantined": 0, "dropped": 0}
        assert counted["ids"] == counted["rows"]
        assert rolled_up(gate) == counted_by_minute(gate)
        assert cli.main(["verify", "--config", str(gate.config)]) == 0  # the ledger has every row, once, and no kill looks like somebody's doing
        assert gate.stop() == 0
        assert await_gone(tmp_path, 60.0) == {}


async def _under_load(gate: RunningGate, killer: Killer) -> list[Seen]:
    async with Client(gate.base_url) as client:
        load = Load(client, mixed("kill", SEED), PER_SECOND)
        killing = asyncio.create_task(killer.run(LOAD_S - SERVED_AGAIN_S - 3.0))
        await load.run(LOAD_S)
        await killing
        while sum(bool(one.status) for one in load.seen) < CALLS:  # some calls found nobody
            killing = asyncio.create_task(killer.run(20.0))
            await load.run(30.0)
            await killing
        await load.rest()
        return load.seen


def _disagreements(gate: RunningGate, seen: list[Seen], received: set[str]) -> list[str]:
    """A slice at a time: the bodies of all are more than one answer of the store should be."""
    problems: list[str] = []
    parts = -(-len(seen) // SLICE)
    for part in range(parts):
        rows = rows_by_call(gate, "kill", part=part, parts=parts)
        those = [one for one in seen if int(one.call.id.rpartition("-")[2]) % parts == part]
        problems += disagreements(those, rows, received)
    return problems


def _unserved_after(seen: list[Seen], moment: float) -> list[str]:
    return [f"{one.call.id}: {one.status} {one.error}" for one in seen if one.started >= moment and not one.served]


def _report(seen: list[Seen], killer: Killer, gate: RunningGate) -> None:
    outcomes = {row["outcome"]: row["n"] for row in gate.sql("SELECT outcome, toUInt32(count()) AS n FROM tidegate.exchanges GROUP BY ALL ORDER BY n DESC")}
    verdicts = {row["verdict"]: row["n"] for row in gate.sql("SELECT verdict, toUInt32(count()) AS n FROM tidegate.exchanges GROUP BY ALL ORDER BY n DESC")}
    served = [one for one in seen if one.served]
    served_after = []
    for moment, name in killer.kills:
        later = [one.ended - moment for one in served if one.started >= moment]
        served_after.append((min(later, default=float("inf")), name))
    slowest = max((one.first - one.started for one in served), default=0.0)
    print(f"\n{len(killer.kills)} kills: {dict(Counter(name for _, name in killer.kills))}")
    print(f"{len(seen)} calls, {sum(bool(one.status) for one in seen)} of them owed a row: {len(served)} served, {sum(bool(one.body) and not one.told for one in seen)} cut, "
          f"{sum(not one.status for one in seen)} without a head; longest wait for a first byte {slowest:.2f} s")  # fmt: skip
    print(f"rows: {outcomes}, {verdicts}; first reply after a kill: {max(served_after)}")
