"""A gate's life from `tidegate serve` to its last process: refused starts, orderly ends, children that die and come back, a full disk."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.clickhouse import ClickHouseServer
from tests.support.gate import RunningGate
from tests.support.owed import DIALECTS, Call, Ower
from tests.support.tree import alive, await_gone
from tests.support.watching import Client, Seen, disagreements, rows_by_call

PATIENCE_S = 120.0


async def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something that must come about; how long it may take is no part of any promise."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"never: {what}"
        await asyncio.sleep(0.02)


def long_calls(prefix: str, *, pieces: int, pace_ms: int) -> list[Call]:
    return [Call(f"{prefix}-{dialect}-{streamed:d}", dialect, streamed, pieces, pace_ms) for dialect in DIALECTS for streamed in (True, False)]


@contextlib.asynccontextmanager
async def under_way(client: Client, provider: Ower, calls: list[Call]) -> AsyncIterator[list[Seen]]:
    """Calls that have reached the provider, of which the streamed ones have begun to be answered. They have ended after the block."""
    seen = [Seen(call, time.monotonic()) for call in calls]
    tasks = [asyncio.create_task(client.make(one.call, one)) for one in seen]
    await until(lambda: all(one.first or not one.call.streamed for one in seen), "every stream has begun")
    await until(lambda: {call.id for call in calls} <= set(provider.received()), "every call is at the provider")
    yield seen
    await asyncio.gather(*tasks)


def signalled(gate: RunningGate, sign: signal.Signals) -> None:
    assert gate.process is not None
    gate.process.send_signal(sign)


async def ended(gate: RunningGate) -> int:
    assert gate.process is not None
    return await asyncio.to_thread(gate.process.wait, PATIENCE_S)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A server that does not end with the gate, so that one can look at once what has become of the rows."""
    with ClickHouseServer(tmp_path_factory.mktemp("store")) as server:
        yield server


# ---------------------------------------------------------------------- the end


@pytest.mark.slow
def test_sigterm_lets_every_reply_end_and_its_row_is_there_after_the_next_start(tmp_path: Path) -> None:
    """A deploy must cost no app a reply, and no bill a row."""

    async def scene(gate: RunningGate, provider: Ower) -> list[Seen]:
        async with Client(gate.base_url) as client, Client(gate.base_url) as balancer:
            async with under_way(client, provider, long_calls("drain", pieces=20, pace_ms=80)) as seen:
                assert await balancer.status("/-/ready") == 200
                signalled(gate, signal.SIGTERM)
                answers = [200]
                while answers[-1] == 200:
                    answers.append(await balancer.status("/-/ready"))
                assert answers[-1] == 503  # said, before the door is closed
                assert not any(one.ended for one in seen)
        assert await ended(gate) == 0
        return seen

    with Ower() as provider, RunningGate(tmp_path, provider.providers) as gate:
        seen = asyncio.run(scene(gate, provider))
        assert [one.call.id for one in seen if not one.served] == []
        assert await_gone(tmp_path, PATIENCE_S) == {}
        gate.start()
        assert gate.settle(at_least=len(seen)) == {"accepted": len(seen), "stored": len(seen), "quarantined": 0, "dropped": 0}
        rows = rows_by_call(gate, "drain")
        assert disagreements(seen, rows, provider.received()) == []
        assert {row["outcome"] for found in rows.values() for row in found} == {"ok"}


@pytest.mark.slow
@pytest.mark.parametrize(("drain_s", "signals"), [(1, 1), (300, 2)], ids=["drain time over", "second signal"])
def test_what_is_cut_off_at_the_end_is_told_to_the_client_and_recorded_as_the_gates_own_doing(
    drain_s: int, signals: int, store: ClickHouseServer, tmp_path: Path
) -> None:
    """An app that was cut off must be able to tell that it was, by whom, and that it may try again."""

    async def scene(gate: RunningGate, provider: Ower) -> list[Seen]:
        async with Client(gate.base_url) as client, Client(gate.base_url) as balancer:
            async with under_way(client, provider, long_calls(f"cut{signals}", pieces=300, pace_ms=100)) as seen:
                signalled(gate, signal.SIGTERM)
                for _ in range(signals - 1):
                    while await balancer.status("/-/ready") == 200:
                        pass
                    signalled(gate, signal.SIGTERM)
                assert await ended(gate) == 0
        return seen

    with Ower() as provider, RunningGate(tmp_path, provider.providers, more=f"store: {{url: '{store.url}'}}", server=f"workers: 1, drain_s: {drain_s}") as gate:
        seen = asyncio.run(scene(gate, provider))
        for one in seen:
            assert b"gateway_shutdown" in one.body, one
            assert (one.status, one.whole) == ((200, False) if one.call.streamed else (503, True)), one
        if signals > 1:  # the recorder was told to leave at once, too
            gate.start()
            gate.settle(at_least=len(seen))
        rows = rows_by_call(gate, f"cut{signals}")
        assert disagreements(seen, rows, provider.received()) == []
        assert {row["outcome"] for found in rows.values() for row in found} == {"gateway_shutdown"}


@pytest.mark.slow
@pytest.mark.covers("D4")
def test_streams_outlive_the_supervisor_and_nothing_outlives_them(tmp_path: Path) -> None:
    """If the supervisor is killed, apps must not lose their replies; and processes that nobody watches must not stay."""

    async def scene(gate: RunningGate, provider: Ower) -> list[Seen]:
        async with Client(gate.base_url) as client:
            async with under_way(client, provider, long_calls("orphan", pieces=20, pace_ms=80)) as seen:
                signalled(gate, signal.SIGKILL)
                await ended(gate)
        return seen

    with Ower() as provider, RunningGate(tmp_path, provider.providers, server="workers: 2") as gate:
        assert len(alive(tmp_path)) == 6
        seen = asyncio.run(scene(gate, provider))
        assert [one.call.id for one in seen if not one.served] == []
        assert await_gone(tmp_path, PATIENCE_S) == {}
        gate.start()
        gate.settle(at_least=len(seen))
        rows = rows_by_call(gate, "orphan")
        assert disagreements(seen, rows, provider.received()) == []
        assert {row["outcome"] for found in rows.values() for row in found} == {"ok"}


# ---------------------------------------------------------------------- children


@pytest.mark.slow
@pytest.mark.covers("G1", "D9")
def test_every_child_comes_back_and_a_second_gate_on_the_same_place_is_turned_away(tmp_path: Path) -> None:
    """A crash in any process must heal by itself; a second gate must get near neither the records of the first nor its requests."""
    with Ower() as provider, RunningGate(tmp_path, provider.providers) as gate:
        first = gate.processes()
        second = serve(gate.config)
        assert (second.returncode, "in use by another running gate" in second.stderr) == (1, True), second.stderr
        third = serve(written(tmp_path / "other", server={"listen": f"127.0.0.1:{gate.port}"}))
        assert (third.returncode, f"127.0.0.1:{gate.port}" in third.stderr, "server.listen" in third.stderr) == (1, True, True), third.stderr
        assert gate.processes() == first
        for name, pid in first.items():
            if name != "supervisor":
                os.kill(pid, signal.SIGKILL)
        asyncio.run(until(lambda: len(gate.processes()) == 5 and len({*first.values(), *gate.processes().values()}) == 9, "four new processes"))
        gate.await_up()
        seen = asyncio.run(call_once(gate, Call("back-1", "openai", streamed=True)))
        gate.settle()
        assert disagreements([seen], rows_by_call(gate, "back"), provider.received()) == []
        assert gate.stop() == 0


@pytest.mark.slow
def test_a_recorder_that_cannot_start_is_tried_ever_more_rarely_and_apps_do_not_notice(tmp_path: Path) -> None:
    """A crash loop must not eat the machine that serves the apps; what they did meanwhile must be on record when it is mended."""
    checkpoints = [tmp_path / "data" / "recorder" / name for name in ("checkpoint.a", "checkpoint.b")]
    checkpoints[0].parent.mkdir(parents=True)
    for checkpoint in checkpoints:
        checkpoint.write_text("not a checkpoint")
    with Ower() as provider:
        gate = RunningGate(tmp_path, provider.providers)
        gate.launch()
        try:
            gate.await_up(store=False)
            asyncio.run(until(lambda: 0.4 in pauses(gate, "recorder"), "the recorder has ended again and again"))
            assert [pause for pause in pauses(gate, "recorder") if pause][:3] == [0.1, 0.2, 0.4]  # the first time at once; on a busy machine a start may last so long that it counts as steady
            seen = asyncio.run(call_once(gate, Call("loop-1", "anthropic", streamed=False)))
            assert seen.served
            for checkpoint in checkpoints:
                checkpoint.unlink()
            gate.await_up()
            gate.settle()
            assert disagreements([seen], rows_by_call(gate, "loop"), provider.received()) == []
        finally:
            gate.stop()


async def call_once(gate: RunningGate, call: Call) -> Seen:
    async with Client(gate.base_url) as client:
        return await client.make(call)


def pauses(gate: RunningGate, name: str) -> list[float]:
    """How long the supervisor has waited before each restart, from its log."""
    return [float(found) for found in re.findall(rf"process_ended name={name} .*restart_in_s=([0-9.]+)", gate.log.read_text())]


# ---------------------------------------------------------------------- refused starts


def serve(config: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gateway", "serve", "--config", str(config)], capture_output=True, text=True, timeout=PATIENCE_S)


def written(tmp_path: Path, **changes: Any) -> Path:
    tmp_path.mkdir(exist_ok=True)
    config = tmp_path / "tidegate.yaml"
    providers = {"openai": {"dialect": "openai", "base_url": "http://127.0.0.1:9", "allow_private": True}}
    config.write_text(json.dumps({"providers": providers, "data_dir": "data", **changes}))
    return config


def test_a_wrong_configuration_is_refused_by_the_path_of_what_is_wrong(tmp_path: Path) -> None:
    """Exit code 2 tells a service manager that starting it again is of no use."""
    done = serve(written(tmp_path, server={"lisen": "127.0.0.1:0"}))
    assert (done.returncode, "server.lisen" in done.stderr, alive(tmp_path)) == (2, True, {}), done.stderr


def test_an_address_that_somebody_has_is_refused_by_the_setting_that_names_it(tmp_path: Path) -> None:
    """The person who starts it must learn which of its addresses to change."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = serve(written(tmp_path, server={"listen": address}))
    assert done.returncode == 1
    assert address in done.stderr and "server.listen" in done.stderr, done.stderr
    assert alive(tmp_path) == {}


@pytest.mark.covers("D7")
def test_a_data_dir_that_is_none_is_refused_by_its_path(tmp_path: Path) -> None:
    """A gate that ran without a place for its records would promise what it cannot keep."""
    (tmp_path / "data").write_text("")
    done = serve(written(tmp_path))
    assert (done.returncode, str(tmp_path / "data") in done.stderr, alive(tmp_path)) == (1, True, {}), done.stderr


@pytest.mark.covers("D7")
@pytest.mark.parametrize("inside", ["journal", "run", "recorder", "quarantine"])
def test_a_place_inside_data_dir_that_cannot_be_had_is_refused_by_its_path(inside: str, tmp_path: Path) -> None:
    """Half a data_dir is none."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / inside).write_text("")
    done = serve(written(tmp_path))
    assert (done.returncode, str(tmp_path / "data" / inside) in done.stderr, alive(tmp_path)) == (1, True, {}), done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------------- no room


@pytest.mark.slow
@pytest.mark.covers("D1")
def test_a_journal_without_room_is_counted_and_the_relay_goes_on(tmp_path: Path) -> None:
    """A full disk is the operator's trouble, not the apps': what found no room waits in memory for it, without its bodies, and that there was none is counted."""
    with Ower() as provider, RunningGate(tmp_path, provider.providers) as gate:
        seen = asyncio.run(filled(gate))
        assert [one.call.id for one in seen if not one.served] == []
        gate.settle(at_least=2 * ROUND)
        rows = rows_by_call(gate, "full")
        around = [one for one in seen if not one.call.id.startswith("full-during")]
        assert disagreements(around, rows, [one.call.id for one in around]) == []
        assert [one.call.id for one in seen if one.call.id not in rows] == []
        assert lost_frames(gate) >= ROUND
        assert " worker-0 journal_no_room " in gate.log.read_text()
        assert max(map(len, rows.values())) == 1


@pytest.mark.slow
@pytest.mark.covers("D1")
def test_strict_durability_refuses_what_it_has_no_room_to_record(tmp_path: Path) -> None:
    """Who asked for no answer without a record must not be given one."""
    with Ower() as provider, RunningGate(tmp_path, provider.providers, more="durability: strict") as gate:
        seen = asyncio.run(filled(gate))
        cut = [one for one in seen if not one.served and one.status in (0, 200)]  # whose request still had room, and whose end had none: where the room ends is chance
        refused = [one for one in seen if not one.served and one not in cut]
        assert len(cut) <= 1 and all(not one.body or one.call.streamed for one in cut)  # of a stream, what came before its end
        assert {(one.status, b"record_unavailable" in one.body) for one in refused} == {(503, True)}
        assert {one.call.id for one in seen} - {one.call.id for one in refused} == set(provider.received())
        gate.settle(at_least=len(seen) - len(refused) - len(cut))
        rows = rows_by_call(gate, "full")
        assert [one.call.id for one in seen if one.served and len(rows.get(one.call.id, [])) != 1] == []


ROUND = 20


async def filled(gate: RunningGate) -> list[Seen]:
    """Calls before, during and after a time in which the worker's files cannot grow beyond what a few exchanges need."""
    worker = gate.processes()["worker-0"]
    seen: list[Seen] = []
    async with Client(gate.base_url) as client:

        async def some(when: str, count: int) -> None:
            for number in range(count):
                seen.append(await client.make(Call(f"full-{when}-{number}", DIALECTS[number % 3], number % 2 == 0)))

        await some("before", ROUND)
        size = max(segment.stat().st_size for segment in (gate.data_dir / "journal").glob("*/*.seg"))
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))
        await some("during", 2 * ROUND)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await some("after", ROUND)
    return seen


def lost_frames(gate: RunningGate) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in gate.metrics().splitlines() if line.startswith("tidegate_journal_lost_total{"))
