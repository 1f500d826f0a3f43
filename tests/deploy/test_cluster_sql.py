"""`tidegate migrate --print`: the schema for whoever lets no gateway make tables, and the rendering of it that is checked in."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from gateway import cli
from gateway.store.client import Store
from gateway.store.migrate import migrate, migrations
from tests.support.clickhouse import ClickHouseServer

ROOT = Path(__file__).resolve().parents[2]


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert cli.main(["migrate", "--print", *options]) == 0
    return capsys.readouterr().out


def test_what_is_checked_in_is_what_would_be_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one source of the schema: gateway/store/schema. deploy/render writes the file anew."""
    monkeypatch.chdir(tmp_path)
    kept = (ROOT / "deploy/clickhouse/cluster.sql").read_text()
    assert re.sub(r"^--.*\n+", "", kept, flags=re.M) == printed(capsys, "--cluster", "tidegate"), "run deploy/render"
    statements = [each for each in kept.split(";\n") if each.strip()]
    made = [each for each in statements if "INSERT INTO" not in each]
    assert all("ON CLUSTER `tidegate`" in each for each in made)
    assert all("Replicated" in each or "Distributed(" in each or "VIEW" in each for each in made if "CREATE TABLE" in each)


def test_a_server_that_was_set_up_by_hand_has_nothing_left_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statement by statement on the real engine; then the gateway migrates, finds every version and every retention as it wants them, and tables as it would have made them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text("providers: {openai: {dialect: openai, base_url: 'https://api.openai.com'}}\nstore: {retention_days: 30}\n")
    statements = printed(capsys, "--config", "tidegate.yaml").rstrip().removesuffix(";").split(";\n\n")

    async def tables(server: ClickHouseServer) -> list[dict[str, str]]:
        store = Store(server.target)
        found = await store.query_json("SELECT name, create_table_query AS sql FROM system.tables WHERE database = 'tidegate' ORDER BY name")
        await store.close()
        return found

    async def by_hand(server: ClickHouseServer) -> list[dict[str, str]]:
        store = Store(server.target)
        for statement in statements:
            await store.execute(statement, deadline_s=60.0)
        await store.close()
        before = await tables(server)
        assert await migrate(server.target, retention_days=30) == []
        assert await tables(server) == before  # not even a TTL was changed
        return before

    async def by_itself(server: ClickHouseServer) -> list[dict[str, str]]:
        assert await migrate(server.target, retention_days=30) == [each.version for each in migrations()]
        return await tables(server)

    for name in ("hand", "itself"):
        (tmp_path / name).mkdir()
    with ClickHouseServer(tmp_path / "hand") as one, ClickHouseServer(tmp_path / "itself") as two:
        assert asyncio.run(by_hand(one)) == asyncio.run(by_itself(two))


@pytest.mark.parametrize(("options", "words"), [(["--cluster", "x"], "--print"), (["--print", "--cluster", "a b"], "plain name"), (["--print", "--database", "x;"], "plain name")])
def test_wrong_use_is_said(options: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is no name would stand in SQL; --cluster beside a real migration would be taken for done."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["migrate", *options]) == 2
    assert words in capsys.readouterr().err


def test_the_configuration_says_what_is_printed_unless_options_do(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Database, cluster and retention."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tidegate.yaml").write_text("providers: {openai: {dialect: openai, base_url: 'https://api.openai.com'}}\nstore: {url: 'http://u:p@h:8123/llm', cluster: east, retention_days: 7}\n")
    text = printed(capsys)
    assert "CREATE DATABASE IF NOT EXISTS `llm` ON CLUSTER `east`" in text and "INTERVAL 7 DAY" in text and "u:p" not in text
    assert "CREATE DATABASE IF NOT EXISTS `other` ON CLUSTER `west`" in printed(capsys, "--cluster", "west", "--database", "other")
