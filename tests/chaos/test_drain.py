"""An order to stop while hundreds of streams are under way: a deploy in the middle of the day."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clickhouse import ClickHouseServer
from tests.support.gate import RunningGate
from tests.support.owed import DIALECTS, Call, Ower
from tests.support.tree import await_gone
from tests.support.watching import Client, Seen, disagreements, rows_by_call

PATIENCE_S = 120.0
STREAMS = 2000 if os.environ.get("TIDEGATE_CHAOS") == "long" else 500
PIECES, PACE_MS = 5, 2000  # long enough for all of them to have begun, on a busy machine too
STARTED_AT_A_TIME = 100


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """Does not end with the gate: its rows can be looked at when that has gone."""
    with ClickHouseServer(tmp_path_factory.mktemp("store")) as server:
        yield server


async def _cut_short(gate: RunningGate) -> tuple[list[Seen], int, list[int]]:
    """All streams from before the order to their ends; how many were under way at the order; what a balancer was told after it."""
    assert gate.process is not None
    async with Client(gate.base_url) as client, Client(gate.base_url) as balancer:
        seen = [Seen(Call(f"drain-{number}", DIALECTS[number % 3], True, PIECES, PACE_MS), time.monotonic()) for number in range(STREAMS)]
        tasks = []
        for start in range(0, STREAMS, STARTED_AT_A_TIME):
            tasks += [asyncio.create_task(client.make(one.call, one)) for one in seen[start : start + STARTED_AT_A_TIME]]
            async with asyncio.timeout(PATIENCE_S):
                while not all(one.first or one.ended for one in seen[start : start + STARTED_AT_A_TIME]):
                    await asyncio.sleep(0.02)  # callers note what they see, and call nobody
        said = [await balancer.status("/-/ready")]
        gate.process.terminate()
        under_way = sum(not one.ended for one in seen)
        while said[-1] == 200:
            said.append(await balancer.status("/-/ready"))
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
    return seen, under_way, said


@pytest.mark.slow
@pytest.mark.covers("G3")
def test_no_stream_that_ends_in_time_is_broken_by_an_order_to_stop(store: ClickHouseServer, tmp_path: Path) -> None:
    """Every stream that was under way ends as its provider ended it, to the byte; readiness says at once that it is over; each has its row; the exit code is 0."""
    with Ower() as provider, RunningGate(tmp_path, provider.providers, more=f"store: {{url: '{store.url}'}}", server="workers: 2, drain_s: 120") as gate:
        seen, under_way, said = asyncio.run(_cut_short(gate))
        assert gate.process is not None and gate.process.wait(PATIENCE_S) == 0
        assert under_way >= 0.8 * STREAMS and said[0] == 200 and said[-1] == 503
        broken = [(one.call.id, one.status, one.error, len(one.body)) for one in seen if not one.served]
        assert not broken, f"{len(broken)} of {len(seen)}: {broken[:10]}\n{gate.log.read_text()[-3000:]}"
        rows = rows_by_call(gate, "drain")
        assert disagreements(seen, rows, provider.received()) == []
        assert Counter(row["outcome"] for found in rows.values() for row in found) == {"ok": STREAMS}
    assert await_gone(tmp_path, 60.0) == {}
