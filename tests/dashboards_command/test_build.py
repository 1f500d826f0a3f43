"""`tidegate dashboards build`: what it writes and what --check sees."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

from dashboards.build import CHECKED_IN
from gateway.commands.dashboards import packaged
from tests.support.grafana import Grafana
from tests.support.pushing import GROUPS, PROVIDERS, URLS, Run


def test_build_writes_what_is_checked_in(run: Run, tmp_path: Path) -> None:
    """Who builds for himself gets what the repository shows, as long as he promises no more and no less."""
    assert run("build", "--out", "made")[0] == 0
    made = tmp_path / "made"
    assert {p.name: p.read_text() for p in (made / "boards").iterdir()} == {p.name: p.read_text() for p in CHECKED_IN.glob("*.json")}
    rules = yaml.safe_load((made / "prometheus" / "tidegate.rules.yaml").read_text())
    assert sorted(group["name"] for group in rules["groups"]) == GROUPS


def test_the_repository_holds_what_would_be_built(run: Run) -> None:
    """Boards and rules that are checked in are those of the code beside them; `make dashboards` makes them so."""
    root = Path(__file__).parents[2]
    made = ("--boards", str(root / "dashboards/boards"), "--rules", str(root / "deploy/prometheus/tidegate.rules.yaml"))
    assert run("build", "--check", "--default-objectives", *made) == (0, "", "")


def test_check_names_each_file_that_differs(run: Run, tmp_path: Path) -> None:
    """CI says which file to make again, and nothing is written by a check."""
    assert run("build", "--out", "made", "--check")[0] == 1
    assert not (tmp_path / "made").exists()
    run("build", "--out", "made")
    assert run("build", "--out", "made", "--check") == (0, "", "")
    board, rules, other = tmp_path / "made/boards/tidegate-cost.json", tmp_path / "made/prometheus/tidegate.rules.yaml", tmp_path / "made/boards/old.json"
    board.write_text(board.read_text().replace("Cost", "Expense"))
    rules.unlink()
    other.write_text("{}")
    code, out, _ = run("build", "--out", "made", "--check")
    assert code == 1
    assert out.splitlines() == [
        "made/prometheus/tidegate.rules.yaml: is missing",
        "made/boards/tidegate-cost.json: differs",
        "made/boards/old.json: is none of the boards",
    ]


def test_boards_come_from_the_package_without_their_builder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is for those who push or change boards; a user of files needs none."""
    for name in [name for name in sys.modules if name.startswith(("grafana_foundation_sdk", "dashboards."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "grafana_foundation_sdk", None)
    monkeypatch.setitem(sys.modules, "grafana_foundation_sdk.cog.encoder", None)
    assert run("build", "--out", "made")[0] == 0
    assert json.loads((tmp_path / "made/boards/tidegate-overview.json").read_text()) == packaged()["tidegate-overview"]


def test_files_can_be_read_by_whoever_runs_prometheus(run: Run, tmp_path: Path) -> None:
    """A rules file of mode 0600 is one that Prometheus, a user of its own, does not load."""
    plain = tmp_path / "plain"
    plain.write_text("")
    run("build", "--out", "made")
    assert (tmp_path / "made/prometheus/tidegate.rules.yaml").stat().st_mode == plain.stat().st_mode


def test_rules_are_made_from_the_objectives_of_the_configuration(run: Run, tmp_path: Path, push: Run, grafana: Grafana) -> None:
    """What an operator promises is what he is woken for, in Prometheus and in Grafana; --default-objectives are what the repository shows."""
    (tmp_path / "tidegate.yaml").write_text(PROVIDERS + "objectives: {runbooks: 'https://wiki.example/x/', cost_per_day_usd: 5}\n")
    run("build", "--out", "made")
    text = (tmp_path / "made/prometheus/tidegate.rules.yaml").read_text()
    assert "https://wiki.example/x/TidegateDown.md" in text
    push(*URLS)
    assert grafana.rules["tidegate-Down"]["annotations"]["runbook_url"] == "https://wiki.example/x/TidegateDown.md"
    run("build", "--out", "made", "--default-objectives")
    assert "deploy/runbooks/TidegateDown.md" in (tmp_path / "made/prometheus/tidegate.rules.yaml").read_text()
    (tmp_path / "tidegate.yaml").write_text(PROVIDERS + "objectives: {availability: 3}\n")
    code, _, err = run("build", "--out", "made")
    assert code == 2
    assert "objectives.availability" in err
