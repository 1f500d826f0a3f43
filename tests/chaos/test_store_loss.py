"""A store whose answers get lost, that is killed, that forgets tokens, and that loses what it has acknowledged: every row once all the same, and in the rollup once.

Short form: some dozens of batches. TIDEGATE_CHAOS=long: 10,000 (TIDEGATE_CHAOS_BATCHES: so many). The recorder, the writer and the store's client are the gate's own, the
server is real; between them a front loses a fifth of the answers to inserts.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import itertools
import os
import random
import shutil
import signal
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.errors import StoreError
from gateway.exchange import Exchange
from gateway.journal import Journal
from gateway.record.capture import Captured
from gateway.record.checkpoint import CheckpointFile
from gateway.record.held import SAME_S
from gateway.record.quarantine import Quarantine
from gateway.record.recorder import Limits, Recorder
from gateway.record.writer import Writer
from gateway.store import rollup
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from tests.support.chfront import LOST, Fault, Front
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange
from tests.support.recording import KEY, each, new_id, write

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
BATCHES = int(os.environ.get("TIDEGATE_CHAOS_BATCHES", "10000" if LONG else "40"))
ROWS = 3  # of a batch
WINDOW = 4  # tokens that the tables remember
RESTART_EVERY = max(15, BATCHES // 50)  # batches, of the store; the recorder's are twice as far apart
SEED = 20261122
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


def make(captured: Captured, batch_id: str, room: int) -> tuple[Exchange, bytes]:
    """A row of today with tokens and cost. All begin within an hour, so that batches share minutes."""
    number = int.from_bytes(captured.id.bytes[-4:], "big")
    made = dataclasses.replace(exchange(number, app="loss", batch_id=batch_id), id=captured.id, started_at=NOW - dt.timedelta(seconds=number % 3600))
    return made, encode(made)


class Rig:
    """A server, a front before it, a neighbour that pushes tokens out, and recorders one after the other on one directory."""

    def __init__(self, directory: Path, server: ClickHouseServer, front: Front | None) -> None:
        self.directory, self.server, self.front = directory, server, front
        self.chance = random.Random(SEED)
        self.direct = Store(server.target)
        self.batches = self.pushed = self.kills = self.deaths = self.restored = 0
        self._numbers = itertools.count()

    async def pause(self, seconds: float) -> None:
        """The writer waits before it tries again. Often enough others write so much meanwhile that its token is forgotten."""
        if self.chance.random() < 0.5:
            with contextlib.suppress(StoreError):
                for _ in range(WINDOW + 1):
                    number = next(self._numbers)
                    other = exchange(number, app="neighbour", started_at=NOW - dt.timedelta(days=2))
                    await self.direct.insert([encode(dataclasses.replace(other, id=uuid.uuid4()))], token=f"neighbour-{number}")
                self.pushed += 1
        await asyncio.sleep(min(seconds, 0.2))

    @contextlib.asynccontextmanager
    async def recorder(self) -> AsyncIterator[Recorder]:
        """One that records while the block lasts, and is then killed where it stands."""
        quarantine = Quarantine(self.directory / "quarantine")
        store = Store(dataclasses.replace(self.server.target, port=self.front.port if self.front else self.server.http_port))
        recorder = Recorder(
            self.directory / "journal",
            key=KEY,
            checkpoints=CheckpointFile(self.directory / "recorder", synced=False),
            quarantine=quarantine,
            writer=Writer(store, quarantine, sleep=self.pause, settle_s=0.05),
            make=each(make),
            limits=Limits(max_batch_rows=ROWS, max_batch_s=0.0, poll_s=0.02, hold_s=30.0),
        )
        running = asyncio.create_task(recorder.run(asyncio.Event()))
        watching = asyncio.create_task(self._watch(recorder))
        try:
            yield recorder
            assert not running.done(), running.exception()
        finally:
            self.restored += recorder.restorer.restored
            for task in (running, watching):
                task.cancel()
            await asyncio.gather(running, watching, return_exceptions=True)
            await store.close()

    async def _watch(self, recorder: Recorder) -> None:
        """As the recorder's process does."""
        while True:
            recorder.store_boot = await self.direct.boot() or recorder.store_boot
            await asyncio.sleep(0.5)  # its pace

    async def kill_store(self) -> None:
        """At any moment, by somebody else or by a fault of its own, and it is away for a moment."""
        await asyncio.sleep(self.chance.uniform(0.0, 0.3))  # killed at any moment
        if self.kills % 2:
            assert self.server.process is not None
            self.server.process.send_signal(signal.SIGSEGV)
            with contextlib.suppress(TimeoutError):  # it writes down what it was doing, which may take long
                async with asyncio.timeout(2.0):
                    while self.server.process.poll() is None:
                        await asyncio.sleep(0.02)  # another process
        self.server.kill()
        self.kills += 1
        await asyncio.sleep(self.chance.uniform(0.0, 0.5))  # away for any time
        self.server.start()  # in this thread: it dies with the one that started it


@pytest.mark.slow
@pytest.mark.covers("S3", "S8", "S10")
def test_lost_answers_killed_stores_and_forgotten_tokens_neither_double_nor_lose(tmp_path: Path) -> None:
    """Rows are money. A retry that is not sure doubles it, one that is too sure loses it, and the rollup is what people look at."""
    asyncio.run(asyncio.wait_for(_storm(tmp_path, BATCHES), 120 + 2 * BATCHES))


async def _storm(directory: Path, batches: int) -> None:
    exchanges = batches * ROWS
    journal = Journal(directory / "journal", "worker-0", segment_bytes=1 << 20, key=KEY)
    for n in range(exchanges):
        write(journal, new_id(n))
    (directory / "store").mkdir()
    with ClickHouseServer(directory / "store") as server:
        await migrate(server.target, retention_days=3650)
        async with Front(server.http_port, seed=SEED) as front:
            rig = Rig(directory, server, front)
            for table in ("exchanges", "exchanges_1m"):
                await rig.direct.execute(f"ALTER TABLE tidegate.{table} MODIFY SETTING non_replicated_deduplication_window = {WINDOW}")
            front.faults = [Fault(LOST, chance=0.2)]
            began, stored, life = time.monotonic(), 0, 0
            while stored < exchanges:
                life += 1
                async with rig.recorder() as recorder:
                    until = min(exchanges, stored + RESTART_EVERY * ROWS)
                    while recorder.state.stored < until:
                        await asyncio.sleep(0.01)  # the recorder counts, and calls nobody
                    if until < exchanges:
                        await rig.kill_store()
                    if life % 2 or until == exchanges:  # the same recorder sees the store come back, and then dies, too
                        until = min(exchanges, until + 5 * ROWS)
                        while recorder.state.stored < until:
                            await asyncio.sleep(0.01)  # as above
                    stored = recorder.state.stored
            journal.shut()
            front.faults[0].chance = 0.0
            async with rig.recorder() as recorder:  # the last word: what was on its way is counted once
                while recorder.state.stored < exchanges or recorder.announced is not None:
                    await asyncio.sleep(0.05)  # as above
                state = recorder.state
            await _told(rig, exchanges, time.monotonic() - began, life)
            assert (state.accepted, state.stored, state.quarantined, state.dropped, state.in_journal) == (exchanges, exchanges, 0, {}, 0)
            await rig.direct.close()


@pytest.mark.slow
@pytest.mark.covers("S9", "S10")
@pytest.mark.parametrize("lose", ["parts", "snapshot"] if LONG else ["parts"])
def test_a_store_that_lost_what_it_had_acknowledged_is_given_it_again(tmp_path: Path, lose: str) -> None:
    """A power cut, or a backup put back: the store's word was given and the rows are gone, with the memory of their tokens or without, with what the rollup made of them
    or without. While the journal holds them, nobody has to notice."""
    asyncio.run(asyncio.wait_for(_power_cut(tmp_path, lose), 120))


async def _power_cut(directory: Path, lose: str) -> None:
    journal = Journal(directory / "journal", "worker-0", key=KEY)
    (directory / "store").mkdir()
    with ClickHouseServer(directory / "store") as server:
        await migrate(server.target, retention_days=3650)
        rig = Rig(directory, server, None)
        async with rig.recorder() as recorder:
            for half in (0, 1):
                for n in range(30 * half, 30 * half + 30):
                    write(journal, new_id(n))
                while recorder.state.stored < 30 * half + 30:
                    await asyncio.sleep(0.01)  # as above
                if half == 0 and lose == "snapshot":
                    server.kill()
                    shutil.copytree(server.path / "data", directory / "snapshot", symlinks=True)
                    server.start()
            await asyncio.sleep(max(0.0, recorder.store_boot + SAME_S + 2 - time.time()))  # lives of the store are told apart by when they began
            server.kill()
            if lose == "snapshot":
                shutil.rmtree(server.path / "data")
                shutil.move(directory / "snapshot", server.path / "data")
            for part in server.path.glob("data/store/*/*/20??????_*_*_*") if lose == "parts" else ():
                shutil.rmtree(part)  # of exchanges, which has a partition a day; the rollup, which has one a month, keeps what it has
            server.start()
            [left] = await rig.direct.query_json("SELECT count() AS n FROM tidegate.exchanges WHERE app = 'loss'")
            owed = 60 - left["n"]
            assert owed >= 30
            while recorder.restorer.restored < owed:
                await asyncio.sleep(0.05)  # as above
            assert (recorder.state.accepted, recorder.state.stored, recorder.restorer.missing) == (60, 60, 0)
        journal.shut()
        [found] = await rig.direct.query_json("SELECT count() AS n, uniqExact(id) AS ids FROM tidegate.exchanges WHERE app = 'loss'")
        assert found == {"n": 60, "ids": 60}
        minutes = {int((NOW - dt.timedelta(seconds=n)).timestamp()) // 60 * 60 for n in range(60)}
        while await rollup.differing(rig.direct, minutes):
            await asyncio.sleep(0.05)  # the store's own merges
        await rig.direct.close()


async def _told(rig: Rig, exchanges: int, took: float, lives: int) -> None:
    counts = "toUInt32(count()) AS n, toUInt32(uniqExact(id)) AS ids, toUInt32(uniqExact(batch_id)) AS batches"
    [found] = await rig.direct.query_json(f"SELECT {counts} FROM tidegate.exchanges WHERE app = 'loss'")
    assert rig.front is not None
    summed = await rig.direct.query_json("SELECT toUInt32(sum(exchanges)) AS n, toUInt64(sum(input_tokens)) AS t FROM tidegate.exchanges_1m WHERE app = 'loss'")
    owed = await rig.direct.query_json("SELECT toUInt32(count()) AS n, toUInt64(sum(input_tokens)) AS t FROM tidegate.exchanges WHERE app = 'loss'")
    minutes = {int((NOW - dt.timedelta(seconds=n % 3600)).timestamp()) // 60 * 60 for n in range(exchanges)}
    lost = rig.front.hits(LOST)
    inserts = sum(asked.token != "" for asked in rig.front.asked)
    print(f"\n{found['batches']} batches of {ROWS}, {inserts} inserts, {lost} answers lost, {rig.kills} kills of the store, {lives} recorders, {rig.pushed} times tokens pushed out, {took:.0f} s")
    print(f"rows lost: {exchanges - found['ids']}, doubled: {found['n'] - found['ids']}; rollup off by {summed[0]['n'] - found['n']}; given again: {rig.restored}")
    assert lost > 0 and rig.pushed > 0 and rig.kills > 0
    assert (found["n"], found["ids"]) == (exchanges, exchanges)
    assert summed == owed
    assert await rollup.differing(rig.direct, minutes) == []
