"""A changed configuration under load: taken whole or not at all, and nobody is refused or cut off by it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.gate import RunningGate
from tests.support.owed import Ower
from tests.support.tree import await_gone
from tests.support.watching import Client, Load, disagreements, mixed, rows_by_call

PATIENCE_S = 120.0
ROLLS = 50 if os.environ.get("TIDEGATE_CHAOS") == "long" else 3
RATE = 40.0
PROVIDERS = '  openai: {dialect: openai, base_url: "http://127.0.0.1:1", allow_private: true}'
BLOCKS = 'guardrails:\n  - {name: cards, detector: pii, kinds: [CREDIT_CARD], on: request, action: block}\n'


def reloads(gate: RunningGate) -> dict[str, Any]:
    """What the supervisor says of them."""
    return json.loads((gate.data_dir / "run" / "supervisor.json").read_text())["reloads"]


async def until(true: Callable[[], bool], gate: RunningGate, what: str) -> None:
    """Wait for something that other processes bring about."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"never: {what}\n{gate.log.read_text()[-6000:]}"
        await asyncio.sleep(0.02)


async def rolled(gate: RunningGate) -> None:
    """One rolling restart, until new workers serve and recorder and console are back."""
    before, old = reloads(gate)["taken"], gate.processes()
    assert gate.process is not None
    gate.process.send_signal(signal.SIGHUP)
    await until(lambda: reloads(gate)["taken"] == before + 1, gate, "the configuration is taken")
    await until(lambda: all(gate.processes().get(name) not in (None, old[name]) for name in ("recorder", "console")), gate, "recorder and console are new")
    assert all(gate.processes()[name] != pid for name, pid in old.items() if name.startswith("worker"))


@pytest.mark.slow
@pytest.mark.covers("G4")
def test_rolling_restarts_under_load_refuse_nobody_and_break_nothing(tmp_path: Path) -> None:
    """Clients without retries, on connections kept alive: each is told to come again, none is closed on while it asks. Every call has its row, once."""

    async def scene(gate: RunningGate) -> Load:
        async with Client(gate.base_url) as client:
            load = Load(client, mixed("roll", 7), RATE)
            over = asyncio.Event()

            async def steadily() -> None:
                while not over.is_set():
                    await load.run(0.5)

            running = asyncio.create_task(steadily())
            for _ in range(ROLLS):
                await rolled(gate)
            over.set()
            await running
            await load.rest()
        return load

    with Ower() as provider, RunningGate(tmp_path, provider.providers, server="workers: 2") as gate:
        load = asyncio.run(scene(gate))
        broken = [(one.call.id, one.status, one.error) for one in load.seen if not one.served]
        assert broken == [], f"{len(broken)} of {len(load.seen)}: {broken[:10]}\n{gate.log.read_text()[-3000:]}"
        gate.settle(at_least=len(load.seen), within_s=PATIENCE_S)
        assert disagreements(load.seen, rows_by_call(gate, "roll"), provider.received()) == []
        asyncio.run(until(lambda: not json.loads((gate.data_dir / "run" / "supervisor.json").read_text())["leaving"], gate, "old workers have ended"))
        assert sorted(page.name for page in (gate.data_dir / "run").glob("*.vitals")) == ["worker-0.vitals", "worker-1.vitals"]
    assert await_gone(tmp_path, 30.0) == {}


@pytest.mark.slow
@pytest.mark.covers("G5")
def test_a_changed_file_is_taken_whole_and_a_wrong_one_changes_nothing(tmp_path: Path) -> None:
    """A new rule holds without a restart; a typing error does not take the rules away, and is said where on-call looks."""

    async def asked(gate: RunningGate) -> int:
        card = {"model": "m", "messages": [{"role": "user", "content": "my card is 4111 1111 1111 1111"}]}
        async with aiohttp.ClientSession() as session, session.post(f"{gate.base_url}/v1/chat/completions", json=card, headers={"authorization": "Bearer none"}) as answer:
            return answer.status

    async def scene(gate: RunningGate) -> None:
        first = gate.config.read_text()
        assert await asked(gate) == 502  # nobody listens at the provider
        gate.config.write_text(first + BLOCKS)
        await until(lambda: reloads(gate)["taken"] == 1, gate, "the rule is taken")
        assert await asked(gate) == 400
        workers = {name: pid for name, pid in gate.processes().items() if name.startswith("worker")}
        for number, (text, problem) in enumerate(
            (
                (first + BLOCKS.replace("action", "akshun"), "guardrails.cards.action: missing"),
                (first.replace("127.0.0.1:1", "127.0.0.1:2").replace("workers: 1", "workers: 2") + BLOCKS, "server.workers: changed, which needs a restart"),
                ("", "providers"),
            ),
            start=1,
        ):
            gate.config.write_text(text)
            await until(lambda number=number: reloads(gate)["refused"] == number, gate, "the file is refused")
            told = reloads(gate)
            assert told["ok"] is False and problem in told["problem"], told
            assert await asked(gate) == 400
            assert {name: pid for name, pid in gate.processes().items() if name.startswith("worker")} == workers
        await until(lambda: "tidegate_config_last_reload_successful 0.0" in gate.metrics() and "tidegate_config_valid 0.0" in gate.metrics(), gate, "the series say so")
        gate.config.write_text(first)
        await until(lambda: reloads(gate)["taken"] == 2, gate, "the old file is taken again")
        assert await asked(gate) == 502
        await until(lambda: "tidegate_config_last_reload_successful 1.0" in gate.metrics(), gate, "the series say so")

    with RunningGate(tmp_path, PROVIDERS) as gate:
        asyncio.run(scene(gate))


@pytest.mark.slow
@pytest.mark.covers("G5")
def test_workers_that_cannot_come_up_take_nobodys_place(tmp_path: Path) -> None:
    """What reading a file cannot tell (here something in the way of a worker's own file) is found out beside the running workers, which go on."""

    async def scene(gate: RunningGate) -> None:
        before = {name: pid for name, pid in gate.processes().items() if name.startswith("worker")}
        in_the_way = gate.data_dir / "run" / "worker-0.new"
        in_the_way.mkdir()
        assert gate.process is not None
        gate.process.send_signal(signal.SIGHUP)
        await until(lambda: reloads(gate)["refused"] == 1, gate, "the restart is given up")
        assert "ended under this configuration" in reloads(gate)["problem"]
        assert {name: pid for name, pid in gate.processes().items() if name.startswith("worker")} == before
        async with Client(gate.base_url) as client:
            assert await client.status("/-/ready") == 200
        await until(lambda: 'tidegate_worker_up{worker="0"} 1.0' in gate.metrics(), gate, "its page is its own again")
        in_the_way.rmdir()
        await rolled(gate)

    with RunningGate(tmp_path, PROVIDERS) as gate:
        asyncio.run(scene(gate))
