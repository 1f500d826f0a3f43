"""Take the store away under load and give it back: apps must not notice, and the record must be whole afterwards.

Short form: some seconds. TIDEGATE_CHAOS=long: a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.clickhouse import ClickHouseServer
from tests.support.gate import RunningGate
from tests.support.owed import DIALECTS, Call, Ower
from tests.support.rollup import counted_by_minute, rolled_up
from tests.support.watching import Client, Load, Seen, disagreements, mixed, rows_by_call

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
WARM_S, BEFORE_S, OUTAGE_S, AFTER_S = (5.0, 60.0, 60.0, 20.0) if LONG else (1.0, 4.0, 8.0, 1.5)
MAX_RATIO, TRIES = 1.5, 3  # what the outage does to apps it does each time; what the machine's other work does, it does not


@dataclass
class Outage:
    gate: RunningGate
    begin: Callable[[], object]
    end: Callable[[], object]


@contextlib.contextmanager
def _frozen(root: Path, provider: Ower) -> Iterator[Outage]:
    """The embedded store is stopped where it stands: connections are accepted by the kernel, nothing answers."""
    with RunningGate(root, provider.providers) as gate:
        store = gate.processes()["store"]
        try:
            yield Outage(gate, lambda: os.kill(store, signal.SIGSTOP), lambda: os.kill(store, signal.SIGCONT))
        finally:
            os.kill(store, signal.SIGCONT)


@contextlib.contextmanager
def _killed(root: Path, provider: Ower) -> Iterator[Outage]:
    """A server of the user's own is killed and nobody starts it again for a while: connections are refused."""
    (root / "elsewhere").mkdir()
    with ClickHouseServer(root / "elsewhere") as server:
        with RunningGate(root / "gate", provider.providers, more=f"store: {{url: '{server.url}'}}") as gate:
            yield Outage(gate, server.kill, server.start)


@pytest.mark.slow
@pytest.mark.covers("S1", "S2", "S3", "S10")
@pytest.mark.parametrize("away", [_frozen, _killed])
def test_apps_do_not_notice_that_the_store_is_away_and_nothing_is_missing_afterwards(
    away: Callable[[Path, Ower], contextlib.AbstractContextManager[Outage]], tmp_path: Path
) -> None:
    """A gate that passes its database's troubles on to the apps is worse than none."""
    with Ower() as provider, away(tmp_path, provider) as outage:
        every, ratio = asyncio.run(_phases(outage, provider))
        seen = [one for one in every if not one.call.id.startswith("direct")]
        records = outage.gate.settle(at_least=len(seen), within_s=120)

        assert [f"{one.call.id}: {one.status} {one.error}" for one in seen if not one.served] == []
        assert ratio <= MAX_RATIO
        problems = disagreements(seen, rows_by_call(outage.gate, "out"), provider.received())
        assert not problems, "\n".join(problems)
        assert records == {"accepted": len(seen), "stored": len(seen), "quarantined": 0, "dropped": 0}
        assert outage.gate.sql("SELECT toUInt32(count()) AS n FROM tidegate.exchanges") == [{"n": len(seen)}]
        assert rolled_up(outage.gate) == counted_by_minute(outage.gate)


async def _phases(outage: Outage, provider: Ower) -> tuple[list[Seen], float]:
    """All calls, and how many times as long they took during the outage; that nothing was stored meanwhile is what makes it an outage."""
    async with Client(outage.gate.base_url) as client, Client(provider.url) as direct:
        loads = [Load(client, _quick("out-q"), 50), Load(client, mixed("out-m", 1), 15), Load(direct, _quick("direct"), 15)]

        async def phase(seconds: float) -> list[Seen]:
            begun = await asyncio.gather(*(load.run(seconds) for load in loads))
            return [one for part in begun for one in part]

        every, ratio = await phase(WARM_S), float("inf")
        for _ in range(TRIES):
            found = {"before": await phase(BEFORE_S)}
            outage.begin()
            found["during"] = await phase(2.0)  # an answer that was under way has arrived by then
            stored = [(await asyncio.to_thread(outage.gate.records))["stored"]]
            found["during"] += await phase(OUTAGE_S - 2.0)
            stored.append((await asyncio.to_thread(outage.gate.records))["stored"])
            outage.end()  # in this thread: a store dies with the thread that started it
            found["after"] = await phase(AFTER_S)
            for load in loads:
                await load.rest()
            assert stored[0] == stored[1]
            every += [one for part in found.values() for one in part]
            ratio = _ratio(found)
            if ratio <= MAX_RATIO:
                break
    return every, ratio


def _quick(prefix: str) -> Iterator[Call]:
    """Unstreamed calls that the provider answers at once: what they take is the gate's time."""
    number = 0
    while True:
        yield Call(f"{prefix}-{number}", DIALECTS[number % 3], streamed=False)
        number += 1


def _ratio(phases: dict[str, list[Seen]]) -> float:
    """Of the median latency during the outage to that before, through the gate; divided by that past it, where the machine itself became slower."""
    median: dict[str, float] = {}
    print()
    for prefix in ("out-q", "direct"):
        for name, seen in phases.items():
            times = sorted(one.seconds * 1000 for one in seen if one.call.id.startswith(prefix))
            median[f"{prefix} {name}"] = statistics.median(times)
            print(f"{prefix} {name:8} {len(times):5} calls: p50 {statistics.median(times):.2f} ms, p99 {times[int(len(times) * 0.99)]:.2f} ms")
    ratios = [median[f"{prefix} during"] / median[f"{prefix} before"] for prefix in ("out-q", "direct")]
    print(f"median during / before: gate {ratios[0]:.3f}, direct {ratios[1]:.3f}")
    return ratios[0] / max(1.0, ratios[1])
