"""The unit tests of the rules (deploy/prometheus/tests), run by promtool; and that there is one of each sort for each alert."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.alerts.render import ALERTS, text
from tests.support.narrowed import narrowed, split
from tests.support.prometheus import program
from tests.support.rule_files import FOLDER, OWN, rendered

FILES = sorted((FOLDER / "tests").glob("*.yaml"))
_SIZES = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def promtool(*args: str) -> None:
    """Run it; what it says is the failure."""
    ended = subprocess.run([program("promtool"), *args], capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def seconds(duration: str) -> int:
    return sum(int(count) * _SIZES[unit] for count, unit in re.findall(r"(\d+)([dhms])", duration))


@cache
def groups(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text())["tests"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rules_do_what_their_tests_say(path: Path, tmp_path: Path) -> None:
    """When they fire, when they nearly do, when they are over, and what is read then, by Prometheus' own engine."""
    promtool("test", "rules", *map(str, split(path, tmp_path)))


def test_an_alert_is_judged_with_all_that_it_depends_on() -> None:
    """Tests run with the rules that they ask about alone; one that looked at another alert, or at a series that was not recorded, would be judged without it."""
    groups = [
        {"name": "a", "rules": [{"record": "tidegate:a:b", "expr": "up"}, {"record": "tidegate:c:d", "expr": "tidegate:a:b"}, {"record": "tidegate:e:f", "expr": "1"}]},
        {"name": "b", "rules": [{"alert": "First", "expr": 'tidegate:c:d unless ALERTS{alertname="Second"}'}, {"alert": "Second", "expr": "1"}, {"alert": "Third", "expr": "1"}]},
        {"name": "c", "rules": [{"alert": "Fourth", "expr": "1"}]},
    ]
    assert narrowed(groups, ["First"]) == [{"name": "a", "rules": groups[0]["rules"][:2]}, {"name": "b", "rules": groups[1]["rules"][:2]}]
    for path in (FOLDER / "tidegate.rules.yaml", FOLDER / "tests" / "rules" / "own.yaml"):
        rules = {rule.get("alert") or rule["record"]: rule["expr"] for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]}
        named = {word for expr in rules.values() for word in re.findall(r'\btidegate:[\w:]+|\b(?:alertname=)"[^"]*"', expr)}
        assert {word.removeprefix("alertname=").strip('"') for word in named} <= rules.keys()
        assert not [expr for expr in rules.values() if re.search(r"alertname(=~|!~|!=)|\bALERTS(?!\{alertname=)|ALERTS_FOR_STATE", expr)]


def test_each_alert_is_seen_to_fire_to_hold_back_and_to_resolve() -> None:
    """An alert that was never seen to fire is a hope, one that never held back a nuisance, one that never resolved is soon ignored."""
    fires, resolves, holds_back = set(), set(), set()
    for path in FILES:
        for group in groups(path):
            by_alert = defaultdict(list)
            for case in sorted(group["alert_rule_test"], key=lambda case: seconds(case["eval_time"])):
                by_alert[case["alertname"]].append(bool(case["exp_alerts"]))
            for name, seen in by_alert.items():
                if any(seen):
                    fires.add(name)
                    if not seen[-1]:
                        resolves.add(name)
                elif "near miss" in group["name"] and group["input_series"]:
                    holds_back.add(name)
    names = {alert.name for alert in ALERTS}
    assert (names - fires, names - resolves, names - holds_back) == (set(), set(), set())
    assert fires | resolves | holds_back == names


def test_what_is_read_is_written_out_wherever_one_fires() -> None:
    """A summary that was never rendered may read `<no value>` at night."""
    said = [alert["exp_annotations"]["summary"] for path in FILES for group in groups(path) for case in group["alert_rule_test"] for alert in case["exp_alerts"]]
    assert len(said) > len(ALERTS)
    # The only braces are those of the app that is called so.
    assert [each for each in said if "no value" in each or not each.endswith(".") or "{{" in each.replace("{{ .Name }}", "") or "NaN" in each or "Inf" in each] == []


def test_no_two_groups_of_a_file_share_their_name() -> None:
    """promtool names a failure by it."""
    for path in FILES:
        names = [group["name"] for group in groups(path)]
        assert len(set(names)) == len(names), path.name


@pytest.mark.parametrize("path", rendered(), ids=lambda path: path.name)
def test_prometheus_reads_the_rules(path: Path) -> None:
    """As they lie there."""
    promtool("check", "rules", str(path))


@pytest.mark.parametrize("pace", [1.0, 60.0, 900.0])
def test_prometheus_reads_the_rules_at_any_pace(tmp_path: Path, pace: float) -> None:
    """Tests that run faults end to end render them sixty times as fast."""
    rules = tmp_path / "rules.yaml"
    rules.write_text(text(OWN, pace))
    promtool("check", "rules", str(rules))


def test_prometheus_reads_the_example_of_its_configuration() -> None:
    """With the rules file that it names."""
    promtool("check", "config", str(FOLDER / "prometheus.yml"))
