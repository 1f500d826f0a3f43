"""The command `tidegate dashboards` beside a Grafana that enforces its documented API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import cli
from tests.support.grafana import Grafana
from tests.support.pushing import PASSWORD, Run


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    with Grafana() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in an empty directory: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    for name in ("GRAFANA_TOKEN", "GRAFANA_USER", "GRAFANA_PASSWORD", "TIDEGATE_READER_PASSWORD"):
        monkeypatch.delenv(name, raising=False)

    def once(*args: str) -> tuple[int, str, str]:
        code = cli.main(["dashboards", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return once


@pytest.fixture
def push(run: Run, grafana: Grafana, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`push` to that Grafana, as its admin, with the password of ClickHouse."""
    monkeypatch.setenv("GRAFANA_TOKEN", grafana.token)
    monkeypatch.setenv("TIDEGATE_READER_PASSWORD", PASSWORD)
    return lambda *args: run("push", "--grafana", grafana.url, *args)
