"""The embedded store's passwords."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.store.credentials import credentials


def test_they_are_made_once_whoever_comes_first(tmp_path: Path) -> None:
    """Supervisor, recorder and console may all ask at the first start; different answers would lock one of them out."""
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: credentials(tmp_path), range(16)))
    assert made == {credentials(tmp_path)}
    assert [path.name for path in (tmp_path / "clickhouse").iterdir()] == ["credentials.json"]


@pytest.mark.covers("T24")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whoever reads it reads every prompt."""
    credentials(tmp_path)
    path = tmp_path / "clickhouse" / "credentials.json"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


@pytest.mark.covers("T2")
def test_they_do_not_show_in_repr(tmp_path: Path) -> None:
    """A traceback or a log line prints what repr says."""
    made = credentials(tmp_path)
    assert repr(made) == "Credentials(writer_user='tidegate', reader_user='tidegate_reader')"
    assert len({made.writer_password, made.reader_password}) == 2 and min(len(made.writer_password), len(made.reader_password)) >= 32


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """Guessing new passwords would lock out the server that runs with the old ones."""
    credentials(tmp_path)
    (tmp_path / "clickhouse" / "credentials.json").write_text("{")
    with pytest.raises(ConfigError, match=r"credentials\.json: not what was written there"):
        credentials(tmp_path)
