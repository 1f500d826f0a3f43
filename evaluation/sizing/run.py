"""What a million exchanges take: `python evaluation/sizing/run.py` sends typical ones through a whole gate and writes measured.json beside this file.

In each part a gate with its embedded ClickHouse relays `--exchanges` chat calls (texts.py: 2 KB asked, 1 KB answered, whole or streamed)
without rules, under one of `store.content`; then rows and bytes are read from `system.parts` after OPTIMIZE, the journal from its files (`hold_s` keeps them), processor time from the kernel's clocks of each process.
The rollup is filled with `--rollup` rows spread over a day, because its size goes with minutes and not with exchanges.

Not measured here: a cluster, replication, and anything over a network. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import platform
import random
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

import aiohttp  # noqa: E402
from aiohttp import web  # noqa: E402

from evaluation.sizing.texts import Prose, provider, request  # noqa: E402
from gateway.store.client import Store  # noqa: E402
from gateway.store.credentials import credentials  # noqa: E402
from gateway.store.migrate import migrate  # noqa: E402
from gateway.store.rows import encode  # noqa: E402
from gateway.store.target import Target  # noqa: E402
from tests.support.clickhouse import ClickHouseServer  # noqa: E402
from tests.support.exchanges import exchange  # noqa: E402
from tests.support.gate import RunningGate  # noqa: E402

MEASURED = HERE / "measured.json"
PARTS = tuple(f"{content}_{kind}" for content in ("redacted", "full", "none") for kind in ("whole", "streamed"))
WARM = 100  # calls before the clocks are read: what is loaded and built once is not an exchange's
CONNECTIONS = 32
BATCH = 1000


def _cpu_s(pid: int) -> float:
    """Processor time of a process and its threads so far."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9  # CPUCLOCK_SCHED, as clock_getcpuclockid composes it


async def _drive(base_url: str, count: int, prose: Prose, streamed: bool) -> dict[str, float]:
    """Send the calls, count the bytes both ways."""
    sizes = {"request": 0, "reply": 0}
    numbers = iter(range(count))

    async def connection(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            body = json.dumps(request(prose, number, streamed)).encode()
            headers = {"Content-Type": "application/json", "Authorization": "Bearer sk-sizing", "x-tidegate-app": f"app-{number % 4}", "x-tidegate-session": f"s-{number // 3}"}
            async with session.post(f"{base_url}/v1/chat/completions", data=body, headers=headers) as reply:
                assert reply.status == 200, await reply.text()
                sizes["request"] += len(body)
                sizes["reply"] += len(await reply.read())

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(connection(session) for _ in range(CONNECTIONS)))
    return {f"{kind}_bytes": size / count for kind, size in sizes.items()}


async def _parts(store: Store) -> dict[str, dict[str, int]]:
    """Rows and bytes of each table that holds any, merged."""
    for table in ("exchanges", "exchanges_1m"):
        await store.execute(f"OPTIMIZE TABLE tidegate.{table} FINAL", deadline_s=600.0)
    sql = (
        "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, sum(data_uncompressed_bytes) AS plain, sum(secondary_indices_compressed_bytes) AS filters "
        "FROM system.parts WHERE database = 'tidegate' AND active AND table IN ('exchanges', 'exchanges_1m') GROUP BY table"
    )
    return {row.pop("table"): {name: int(value) for name, value in row.items()} for row in await store.query_json(sql)}


def _through_a_gate(root: Path, part: str, count: int) -> dict[str, Any]:
    content, kind = part.split("_")
    streamed = kind == "streamed"

    async def measure() -> dict[str, Any]:
        prose = Prose(count)
        runner = web.AppRunner(provider(prose), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        more = f"store: {{content: {content}}}\nrecord: {{hold_s: 86400}}\ndrift: {{enabled: false}}\n"
        gate = RunningGate(root, f"  openai: {{dialect: openai, base_url: 'http://127.0.0.1:{port}', allow_private: true, prices_as: openai}}\n", more=more)
        await asyncio.to_thread(gate.start)

        def journal_bytes() -> int:
            return sum(path.stat().st_size for path in (gate.data_dir / "journal").rglob("*.seg"))

        try:
            await _drive(gate.base_url, WARM, prose, streamed)
            await asyncio.to_thread(gate.settle, at_least=WARM)
            journaled = journal_bytes()
            pids = gate.processes()
            before = {name: _cpu_s(pid) for name, pid in pids.items()}
            began = time.monotonic()
            sent = await _drive(gate.base_url, count, prose, streamed)
            took = time.monotonic() - began
            await asyncio.to_thread(gate.settle, at_least=WARM + count, within_s=900.0)
            cpu = {name: (_cpu_s(pid) - before[name]) / count * 1e6 for name, pid in pids.items()}
            journaled = journal_bytes() - journaled
            port = json.loads((gate.data_dir / "run/store.json").read_text())["port"]
            store = Store(Target.embedded(port, credentials(gate.data_dir)))
            parts = await _parts(store)
            await store.close()
        finally:
            await asyncio.to_thread(gate.__exit__)
            await runner.cleanup()
        assert parts["exchanges"]["rows"] == WARM + count, parts
        return {"exchanges": count, "seconds": took, **sent, "journal_bytes": journaled / count, "cpu_us": cpu, "exchanges_table": _each(parts["exchanges"], WARM + count)}

    return asyncio.run(measure())


def _rollup(root: Path, count: int) -> dict[str, Any]:
    """Rows of a day: four apps, two environments, four models."""

    async def fill(target: Target) -> dict[str, Any]:
        await migrate(target, retention_days=3650)
        store, rng = Store(target), random.Random(0)
        day = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
        for first in range(0, count, BATCH):
            batch = [
                encode(exchange(number, started_at=day + dt.timedelta(seconds=86400 * number / count), app=f"app-{rng.randrange(4)}", env=rng.choice(("prod", "prod", "prod", "dev")),
                    response_model=f"model-{rng.randrange(4)}", duration_s=rng.lognormvariate(0.3, 0.8), time_to_first_chunk_s=rng.lognormvariate(-1, 0.6),
                    overhead_s=rng.lognormvariate(-7, 0.5), cost_usd=Decimal(rng.randrange(100_000)).scaleb(-9), prompt_text="", reply_text="", request_body="", reply_body=""))
                for number in range(first, min(first + BATCH, count))
            ]
            await store.insert(batch, token=f"rollup-{first}")
        parts = await _parts(store)
        await store.close()
        return {"exchanges": count, "minutes": 1440, "combinations": 32, "exchanges_1m_table": _each(parts["exchanges_1m"], parts["exchanges_1m"]["rows"])}

    root.mkdir(parents=True)
    with ClickHouseServer(root) as server:
        return asyncio.run(fill(server.target))


def _each(table: dict[str, int], rows: int) -> dict[str, float]:
    return {"rows": table["rows"], "bytes_per_row": table["bytes"] / rows, "plain_bytes_per_row": table["plain"] / rows, "filter_bytes_per_row": table["filters"] / rows}


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure what exchanges take, write measured.json.")
    parser.add_argument("--exchanges", type=int, default=5_000, help="through the gate, in each part")
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "rollup"], default=[*PARTS, "rollup"], help="measure these and keep the rest of measured.json")
    parser.add_argument("--rollup", type=int, default=100_000, help="rows of the day that fills the rollup")
    parser.add_argument("--out", type=Path, default=MEASURED)
    args = parser.parse_args()
    found: dict[str, Any] = json.loads(args.out.read_text()) if args.out.exists() else {}
    machine = {"processors": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version()}
    with tempfile.TemporaryDirectory(prefix="tidegate-sizing-") as directory:
        for part in args.only:
            where, load = Path(directory) / part, os.getloadavg()[0]
            figures = _rollup(where, args.rollup) if part == "rollup" else _through_a_gate(where, part, args.exchanges)
            found[part] = {"made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "machine": {**machine, "load_before": load}, **figures}
            sys.stderr.write(f"{part}: {json.dumps(found[part])}\n")
            args.out.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
