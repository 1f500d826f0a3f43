"""The alert rules as Grafana's own: their shape against Grafana's published schema, their meaning against the rules of Prometheus."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import alerting, expr, prometheus

from dashboards.alerts.grafana import groups_of, in_grafana, panel
from dashboards.alerts.objectives import Objectives
from dashboards.alerts.render import ALERTS, groups, rules
from dashboards.alerts.rule import Alert, Group
from gateway.commands.dashboards import packaged

ALL = Objectives(cost_per_day_usd=5.0, runbooks="https://wiki.example/")  # a promise without which one alert is left out
MADE = groups_of(groups(ALL, recorded=False), datasource="prom", folder="tidegate", runbooks=ALL.runbooks, boards=packaged())
RULES: list[dict[str, Any]] = [rule for group in MADE for rule in group["rules"]]


def round_trip(kind: Any, value: Any) -> Any:
    """What is left of a JSON value that Grafana's own model has read and written."""
    return json.loads(JSONEncoder().encode(kind.from_json(value)))


def test_every_alert_of_prometheus_is_one_of_grafana() -> None:
    """Whoever chooses Grafana is woken for the same things."""
    assert [rule["title"] for rule in RULES] == [alert.name for alert in ALERTS]
    theirs = {rule["alert"]: rule for group in rules(ALL) for rule in group["rules"] if "alert" in rule}
    for rule in RULES:
        assert rule["labels"] == theirs[rule["title"]]["labels"]
        assert rule["annotations"]["runbook_url"] == theirs[rule["title"]]["annotations"]["runbook_url"]
        assert rule["for"] == theirs[rule["title"]].get("for", "0s")


def test_rules_are_what_grafanas_schema_knows() -> None:
    """A field that its models do not know would be dropped in silence."""
    for group in MADE:
        assert round_trip(alerting.RuleGroup, group).keys() == group.keys()
        for rule in group["rules"]:
            assert round_trip(alerting.Rule, rule) == rule
            for query, kind in zip(rule["data"], (prometheus.Dataquery, expr.TypeMath, expr.TypeThreshold), strict=True):
                assert round_trip(kind, query["model"]) == query["model"]


def test_names_are_taken_once_and_fit() -> None:
    """Grafana: a uid of at most 40 letters, digits, - and _; a title once in a folder."""
    for names in ([rule["uid"] for rule in RULES], [rule["title"] for rule in RULES]):
        assert len(set(names)) == len(names)
    assert [uid for uid in (rule["uid"] for rule in RULES) if not re.fullmatch(r"tidegate-[a-zA-Z0-9_-]{1,31}", uid)] == []


def test_nothing_found_is_well_and_no_answer_is_an_error() -> None:
    """An expression of Prometheus that finds nothing is the good case; a Prometheus that cannot be asked is not."""
    assert {(rule["noDataState"], rule["execErrState"], rule["isPaused"]) for rule in RULES} == {("OK", "Error", False)}


def test_a_result_fires_whatever_its_value() -> None:
    """`up == 0` finds a zero: a threshold on the value itself would sleep through it."""
    for rule in RULES:
        asked, one, condition = (query["model"] for query in rule["data"])
        assert (asked["instant"], asked["range"]) == (True, False)
        assert one["expression"] == "is_number($A) || is_nan($A) || is_inf($A)"
        assert (condition["expression"], condition["conditions"][0]["evaluator"]) == ("B", {"type": "gt", "params": [0]})
        assert rule["condition"] == condition["refId"] == "C"


def test_no_rule_needs_what_only_prometheus_has() -> None:
    """Recording rules and the series ALERTS are Prometheus' own: an expression over them finds nothing, for ever."""
    recorded = {rule["record"] for group in rules(ALL) for rule in group["rules"] if "record" in rule}
    assert recorded
    for rule in RULES:
        text = rule["data"][0]["model"]["expr"]
        assert not re.search(r"\bALERTS\b", text), rule["title"]
        assert not [name for name in recorded if name in text], rule["title"]
    with pytest.raises(ValueError, match="recording rules: service"):
        groups_of(groups(ALL), datasource="p", folder="f", runbooks="")


def test_every_expression_is_promql(tmp_path: Path) -> None:
    """The ones that stand alone are not those that Prometheus' unit tests run: its own parser reads them here."""
    if not (promtool := shutil.which("promtool")):
        pytest.skip("promtool is not installed")
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "x", "rules": [{"alert": r["title"], "expr": r["data"][0]["model"]["expr"]} for r in RULES]}]}))
    done = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_summaries_speak_of_the_number_that_was_found() -> None:
    """In Grafana $value is a text about all three steps; nobody is woken with that."""
    assert in_grafana("{{ $value | humanize }} of {{ $values.B.Value }} and {{ $value }}") == "{{ $values.A.Value | humanize }} of {{ $values.B.Value }} and {{ $values.A.Value }}"
    for rule in RULES:
        assert not re.search(r"\$value\b", rule["annotations"]["summary"])
        # what Grafana's templates know of Prometheus'
        called = set(re.findall(r"\|\s*(\w+)", rule["annotations"]["summary"]))
        assert called <= {"humanize", "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp", "printf"}, rule["title"]
        assert "{{ query" not in rule["annotations"]["summary"]


def test_alerts_lead_to_the_panel_that_shows_them() -> None:
    """From a page to the picture in one click; Grafana takes both of its annotations or none."""
    boards = packaged()
    linked = 0
    for rule in RULES:
        notes = rule["annotations"]
        assert ("__dashboardUid__" in notes) == ("__panelId__" in notes)
        if "__panelId__" in notes:
            linked += 1
            asked = [t.get("expr", "") for p in boards[notes["__dashboardUid__"]]["panels"] if str(p["id"]) == notes["__panelId__"] for t in p["targets"]]
            metrics = set(re.findall(r"\btidegate_\w+", rule["data"][0]["model"]["expr"]))
            assert any(metric in text for metric in metrics for text in asked), rule["title"]
    assert linked > len(RULES) / 2


def test_a_panel_is_found_by_what_it_asks() -> None:
    """The one that shows most of it, the first of equals; none rather than a wrong one."""
    board = {"panels": [{"id": 1, "targets": [{"expr": "tidegate_a"}]}, {"id": 2, "targets": [{"expr": "tidegate_a / tidegate_b"}]}, {"id": 3, "targets": [{"rawSql": "tidegate_c"}]}]}
    assert [panel(board, text) for text in ("rate(tidegate_a[5m])", "tidegate_a + tidegate_b", "tidegate_c", "up")] == [1, 2, None, None]


def test_an_alert_without_delay_and_without_board_is_a_rule_as_well() -> None:
    """Nothing is left out because something is empty."""
    made = groups_of([Group("x", (), (Alert("TidegateX", "page", "up == 0", 0, "Down.", "tidegate-none"),))], datasource="p", folder="f", runbooks="r/")
    rule = made[0]["rules"][0]
    assert (rule["for"], rule["annotations"]) == ("0s", {"summary": "Down.", "runbook_url": "r/TidegateX.md", "board": "tidegate-none"})
