"""A configuration whose store runs and holds some exchanges, for commands that read the record."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from gateway import cli
from gateway.exchange import Exchange
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer


@contextlib.contextmanager
def filled(directory: Path, text: str, exchanges: Sequence[Exchange]) -> Iterator[Path]:
    """The configuration's file, until the end of the block. text: what it says besides data_dir. The schema is made by the command itself."""
    file = directory / "tidegate.yaml"
    file.write_text(text + "data_dir: .\n")
    (directory / "run").mkdir(mode=0o700)

    async def fill(server: ClickHouseServer) -> None:
        store = Store(server.target)
        await store.insert([encode(each) for each in exchanges], token=directory.name)
        await store.close()

    with ClickHouseServer(directory) as server:
        (directory / "run/store.json").write_text(json.dumps({"port": server.http_port}))
        assert cli.main(["migrate", "--config", str(file)]) == 0
        asyncio.run(fill(server))
        yield file
