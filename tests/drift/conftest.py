"""One real server for the tests of drift; each test keeps to an app of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from gateway.store.migrate import migrate
from tests.support.clickhouse import ClickHouseServer


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A migrated server."""
    with ClickHouseServer(tmp_path_factory.mktemp("clickhouse")) as server:
        asyncio.run(migrate(server.target, retention_days=3650))
        yield server
