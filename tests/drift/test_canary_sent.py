"""What a gate remembers of its canaries while the record cannot tell."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from detectors.drift.base import Vectors
from gateway.drift.canary_sent import Batch, note, sent
from gateway.drift.canary_table import Canary
from gateway.drift.provider_due import Plan, due_canaries
from gateway.drift.provider_round import provider_round
from gateway.store.client import Store
from tests.support.clickhouse import ClickHouseServer, free_port

NOW = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


async def embedded(texts: list[str]) -> Vectors:
    return np.ones((len(texts), 4), dtype=np.float32) / 2


def canary(name: str) -> Canary:
    return Canary(name, "acme", "openai", "large", (("user", "May I return shoes?"),), repeat=5, every_s=3600.0)


def test_a_record_that_is_late_does_not_make_canaries_be_sent_again_and_again(clickhouse: ClickHouseServer, tmp_path: Path) -> None:
    """The recorder is down and the store is not: what was sent a quarter of an hour ago is not on record, and each round would pay for it anew, whatever a day's calls are."""
    plan = Plan(env=lambda app: None, enabled=False, canaries=(canary("late-1"), canary("late-2")), calls_per_day=5, base_url=f"http://127.0.0.1:{free_port()}", sent=tmp_path / "canaries.json")

    async def rounds() -> list[list[str]]:
        reader, writer = Store(clickhouse.target.reader()), Store(clickhouse.target)
        try:
            return [[each.canary for each in (await provider_round(reader, writer, embedded, plan, now=NOW + minutes * MINUTE))[0]] for minutes in (0, 15, 120, 24 * 60 + 1)]
        finally:
            await reader.close()
            await writer.close()

    assert asyncio.run(rounds()) == [["late-1"], [], [], ["late-2"]]


@pytest.mark.parametrize("damaged", [b"", b"\xff{", b"[[1]]", b'{"a": 1}', b"7"])
def test_a_damaged_file_says_nothing_and_is_written_anew(clickhouse: ClickHouseServer, tmp_path: Path, damaged: bytes) -> None:
    """A full disk or a hand must not end the watch."""
    file = tmp_path / "canaries.json"
    file.write_bytes(damaged)
    assert sent(file, NOW) == []
    batches = [Batch("refund", NOW + number * MINUTE, 5) for number in range(2)]
    for each in batches:
        note(file, each)
    assert sent(file, NOW + 2 * MINUTE) == batches and sent(file, NOW) == batches[:1]

    async def due() -> list[str]:
        store = Store(clickhouse.target.reader())
        try:
            return [each.name for each in await due_canaries(store, [canary("refund"), canary("other")], NOW + 2 * MINUTE, calls_per_day=100, sent=file)]
        finally:
            await store.close()

    assert asyncio.run(due()) == ["other"]
