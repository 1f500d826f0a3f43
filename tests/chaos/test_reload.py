"""A changed configuration under load: taken whole or not at all, and nobody is refused or cut off by it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway import workers
from gateway.commands import doctor_live
from gateway.config import load
from gateway.proxy.warmup import OWN_WAIT_S
from gateway.proxy.worker import Worker
from tests.support.gate import RunningGate
from tests.support.owed import Call, Ower
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
    assert await_gone(tmp_path, 60.0) == {}


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
        settings = load(gate.config)
        serving = {name: pid for name, pid in gate.processes().items() if name.startswith("worker")}
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
            assert [found.what for found in doctor_live.processes(settings).advice if found.where == "configuration" and problem in found.what]
            assert await asked(gate) == 400
            assert {name: pid for name, pid in gate.processes().items() if name.startswith("worker")} == serving
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
        in_the_way = gate.data_dir / "run" / "worker-0-coming.new"
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


SLOW = """import time
{broken}
time.sleep({seconds})

def look(text):
    return []
"""
OWN = """detectors: {{custom: {{slow: {{entry: "slow:look", kinds: [XX], deadline_ms: {deadline}}}}}}}
guardrails: [{{name: own, detector: slow, on: request, action: block, on_error: block}}]
store: {{url: "http://nobody:nothing@127.0.0.1:1/none"}}
retries: {{per_request: 0}}
breaker: {{failures: 0}}
"""


class Storeless(RunningGate):
    """What it records is not asked for."""

    def start(self) -> RunningGate:
        self.launch()
        self.await_up(store=False)
        return self


class Asking:
    """Calls one after the other for as long as the block lasts: each on a connection of its own, or all on few. answers: status codes; 0: none came."""

    def __init__(self, gate: RunningGate) -> None:
        self._url, self.answers, self._over = f"{gate.base_url}/v1/chat/completions", Counter[int](), asyncio.Event()

    async def __aenter__(self) -> Asking:
        self._task = asyncio.gather(self._ask(new=True), self._ask(new=False))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._over.set()
        await self._task

    async def _ask(self, *, new: bool) -> None:
        body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=new)) as session:
            while not self._over.is_set():
                try:
                    async with session.post(self._url, json=body, headers={"authorization": "Bearer none"}) as answer:
                        self.answers[answer.status] += 1
                        await answer.read()
                except aiohttp.ClientError:
                    self.answers[0] += 1
                await asyncio.sleep(0.02)


def own(tmp_path: Path, seconds: float, broken: str = "") -> None:
    (tmp_path / "slow.py").write_text(SLOW.format(seconds=seconds, broken=broken))


def the_run(gate: RunningGate) -> list[str]:
    return sorted(page.name for page in (gate.data_dir / "run").glob("*.vitals")) + sorted(each.name for each in (gate.data_dir / "run").glob("*.next.sock"))


@pytest.mark.slow
@pytest.mark.covers("G5")
def test_a_pool_that_is_not_taken_leaves_the_old_one_its_callers(tmp_path: Path) -> None:
    """A rule that fails closed is answered by the old pool all the time: while a new one loads, when it is given up, and after a later one was taken."""

    async def scene(gate: RunningGate) -> None:
        pool = gate.processes()["detectors"]
        ways = [gate.data_dir / "run" / name for name in ("worker-0-coming.new", "worker-0.new")]
        for way in ways:
            way.mkdir()
        text = gate.config.read_text()
        async with Asking(gate) as asking:
            gate.config.write_text(text.replace("deadline_ms: 5000", "deadline_ms: 6000"))
            await until(lambda: reloads(gate)["refused"] == 1, gate, "the file is refused")
            asked = asking.answers[502]
            await until(lambda: asking.answers[502] >= asked + 50 or set(asking.answers) != {502}, gate, "calls go on")
            assert gate.processes()["detectors"] == pool
            for way in ways:
                way.rmdir()
            gate.config.write_text(text.replace("deadline_ms: 5000", "deadline_ms: 7000"))
            await until(lambda: reloads(gate)["taken"] == 1, gate, "the file is taken")
            asked = asking.answers[502]
            await until(lambda: asking.answers[502] >= asked + 50 or set(asking.answers) != {502}, gate, "calls go on")
            assert gate.processes()["detectors"] != pool
        assert set(asking.answers) == {502}, (asking.answers, gate.log.read_text()[-3000:])  # nobody listens at the provider: every one was let through to it
        await until(lambda: the_run(gate) == ["worker-0.vitals"], gate, "nothing is left behind")

    own(tmp_path, 0.5)
    with Storeless(tmp_path, PROVIDERS, more=OWN.format(deadline=5000)) as gate:
        asyncio.run(scene(gate))


@pytest.mark.slow
@pytest.mark.covers("G4")
def test_a_worker_that_dies_while_its_successor_comes_up(tmp_path: Path) -> None:
    """It is started again as ever, on its own page, and the change is taken all the same; nothing of it stays behind."""

    async def scene(gate: RunningGate) -> None:
        own(tmp_path, 6.0)
        first = gate.processes()["worker-0"]
        gate.config.write_text(gate.config.read_text().replace("deadline_ms: 5000", "deadline_ms: 6000"))
        await until(lambda: "configuration_changes" in gate.log.read_text(), gate, "the change is begun")
        os.kill(first, signal.SIGKILL)
        await until(lambda: gate.processes().get("worker-0") not in (None, first), gate, "it is started again")
        second = gate.processes()["worker-0"]
        await until(lambda: reloads(gate)["taken"] + reloads(gate)["refused"] == 1, gate, "it is over")
        assert reloads(gate)["taken"] == 1, reloads(gate)
        assert gate.processes()["worker-0"] not in (first, second)
        await until(lambda: the_run(gate) == ["worker-0.vitals"], gate, "nothing is left behind")
        assert int(workers.look(gate.data_dir / "run")[0].page["pid"]) == gate.processes()["worker-0"]
        assert workers.look(gate.data_dir / "run")[0].state == "ready"

    own(tmp_path, 0.1)
    with Storeless(tmp_path, PROVIDERS, more=OWN.format(deadline=5000)) as gate:
        asyncio.run(scene(gate))


@pytest.mark.slow
@pytest.mark.covers("G5")
def test_an_order_to_stop_while_new_processes_come_up(tmp_path: Path) -> None:
    """They end, nothing is called refused, and an exchange under way ends with its rules and its pool."""

    async def scene(gate: RunningGate) -> tuple[int, str]:
        own(tmp_path, 60.0)
        call = Call("stop-1", "openai", streamed=True, pieces=30, pace_ms=100)
        async with aiohttp.ClientSession() as session, session.post(gate.base_url + call.path, data=call.body, headers=call.headers) as answer:
            gate.config.write_text(gate.config.read_text().replace("deadline_ms: 5000", "deadline_ms: 6000"))
            await until(lambda: "configuration_changes" in gate.log.read_text(), gate, "the change is begun")
            assert gate.process is not None
            gate.process.send_signal(signal.SIGTERM)
            return answer.status, (await answer.read()).decode()

    own(tmp_path, 0.1)
    with Ower() as provider, Storeless(tmp_path, provider.providers, more=OWN.format(deadline=5000).replace("on: request", "on: [request, reply]")) as gate:
        status, said = asyncio.run(scene(gate))
        assert gate.process is not None and gate.process.wait(60.0) == 0
        assert status == 200 and "[DONE]" in said and '"error"' not in said, said[-500:]
        assert "configuration_refused" not in gate.log.read_text()
    assert await_gone(tmp_path, 60.0) == {}


async def test_a_function_that_cannot_be_loaded_takes_nobodys_place(tmp_path: Path) -> None:
    """At a start it is waited for no longer than somebody else's service; in a changed configuration, which would refuse everything, until it is refused."""
    (tmp_path / "data/run").mkdir(parents=True)
    (tmp_path / "tidegate.yaml").write_text("data_dir: data\nproviders:\n" + PROVIDERS + "\n" + OWN.format(deadline=5000))
    settings = load(tmp_path / "tidegate.yaml")
    patient = []
    for coming in (False, True):
        with socket.socket() as listener:
            warmup = Worker(settings, 0, listener, coming=coming).warmup
        now = [0.0]
        warmup._clock = lambda now=now: now[0]
        warmup._asked.add("slow")  # no loop here to ask in
        warmup.look()
        now[0] = OWN_WAIT_S + 1
        warmup.look()
        patient.append(not warmup.ready)
    assert patient == [False, True]
