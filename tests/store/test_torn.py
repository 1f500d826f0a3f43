"""A disk that was full while tables were made or altered: the server comes back, or says what stands in its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.test_embedded import ask, refusal
from tests.support.clickhouse import ClickHouseServer


def _made(tmp_path: Path, *statements: str) -> ClickHouseServer:
    server = ClickHouseServer(tmp_path).start()
    for sql in ("CREATE DATABASE IF NOT EXISTS tidegate", *statements):
        assert refusal(server.target, sql, statement=True) == 0
    assert server.stop() == 0
    return server


def _emptied(server: ClickHouseServer, table: str) -> Path:
    [path] = server.path.glob(f"**/store/*/*/{table}.sql")
    path.write_bytes(b"")
    return path


@pytest.mark.covers("S8")
def test_a_table_that_a_full_disk_left_without_words_is_made_again(tmp_path: Path) -> None:
    """Otherwise the store ends at every start, for ever, although the disk has room again."""
    making = "CREATE TABLE IF NOT EXISTS tidegate.half (a Int32) ENGINE = MergeTree ORDER BY a"
    server = _made(tmp_path, "CREATE TABLE tidegate.whole (a Int32) ENGINE = MergeTree ORDER BY a AS SELECT 7 AS a", making, "CREATE VIEW tidegate.seen AS SELECT a FROM tidegate.whole")
    _emptied(server, "half")
    _emptied(server, "seen")
    server.start()
    try:
        assert ask(server.target, "SELECT a FROM tidegate.whole") == "7"
        assert refusal(server.target, making, statement=True) == 0
        assert ask(server.target, "SELECT count() FROM tidegate.half") == "0"
    finally:
        server.stop()
    said = (tmp_path / "stderr.log").read_text()
    assert "half.sql was empty, as a full disk leaves it" in said and "seen.sql was empty" in said


@pytest.mark.covers("S8")
def test_rows_whose_description_is_gone_are_not_touched(tmp_path: Path) -> None:
    """A table made anew in their place would look like one that never held any: a person decides, and is told what about."""
    server = _made(tmp_path, "CREATE TABLE tidegate.held (a Int32) ENGINE = MergeTree ORDER BY a AS SELECT number AS a FROM numbers(9)")
    described = _emptied(server, "held")
    with pytest.raises(RuntimeError, match=r"held\.sql: empty, as a full disk leaves it, and rows lie in .*put it back from a copy, or remove it"):
        server.start()
    assert described.exists()
    described.unlink()
    server.start()
    assert ask(server.target, "SELECT count() FROM system.tables WHERE database = 'tidegate'") == "0"
    server.stop()
