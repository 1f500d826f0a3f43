"""The routes and inhibitions that are shipped, read by Alertmanager's own tool. That inhibitions hold is proven in test_end_to_end.py."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from dashboards.alerts.render import ALERTS
from tests.support.clickhouse import ROOT
from tests.support.prometheus import program

CONFIG = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
READ = yaml.safe_load(CONFIG.read_text())
SEVERITIES = {alert.name: alert.severity for alert in ALERTS}
RECEIVERS = {"page": "pager", "ticket": "tickets"}
_MATCHER = re.compile(r'(\w+) (=~|!=|=) "([^"]*)"')


def amtool(*arguments: str) -> str:
    """What it says, without a configuration of the user's own. Fails the test if it finds fault."""
    done = subprocess.run([program("amtool"), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def chosen(matchers: list[str]) -> set[str]:
    """The alerts that the matchers of an inhibition select."""
    found = set()
    for name, severity in SEVERITIES.items():
        labels = {"alertname": name, "severity": severity}
        parsed = [_MATCHER.fullmatch(matcher) for matcher in matchers]
        assert all(parsed), matchers
        if all(_holds(labels[each[1]], each[2], each[3]) for each in parsed if each):
            found.add(name)
    return found


def _holds(value: str, operator: str, wanted: str) -> bool:
    same = re.fullmatch(wanted, value) is not None if operator == "=~" else value == wanted
    return same != (operator == "!=")


def test_alertmanager_reads_it():
    """A file that does not load is found out when somebody is not woken."""
    assert "SUCCESS" in amtool("check-config", str(CONFIG))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_each_alert_goes_where_its_severity_says(alert):
    """Pages wake somebody, tickets do not, and there is no third kind."""
    labels = [f"{label}=x" for label in alert.labels]
    found = amtool("config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={RECEIVERS[alert.severity]}", f"alertname={alert.name}", f"severity={alert.severity}", *labels)
    assert found.split() == [RECEIVERS[alert.severity]]


def test_what_has_no_severity_is_not_lost():
    """A rule of somebody's own that forgot the label reaches somebody, and wakes nobody."""
    assert amtool("config", "routes", "test", f"--config.file={CONFIG}", "alertname=Other").split() == ["tickets"]


def test_a_provider_is_one_page_and_its_apps_stand_in_it():
    """Thirty apps of one provider that fails must not ring thirty times; two providers are two pages."""
    page = next(route for route in READ["route"]["routes"] if route["receiver"] == "pager")
    assert "app" not in page["group_by"] and {"alertname", "provider"} <= set(page["group_by"])


def test_inhibitions_are_of_alerts_and_labels_that_exist():
    """One that names an alert wrongly holds back nothing, and nobody notices."""
    kept = {alert.name: {*alert.labels, "instance", "job"} for alert in ALERTS}
    for rule in READ["inhibit_rules"]:
        sources, targets = chosen(rule["source_matchers"]), chosen(rule["target_matchers"])
        named = {name for matcher in (*rule["source_matchers"], *rule["target_matchers"]) for name in re.findall(r"Tidegate[A-Za-z]+\b(?!\.)", matcher)}
        assert named <= set(SEVERITIES), rule
        assert sources and targets and not sources & targets, rule
        for label in rule.get("equal", ()):
            assert all(label in kept[name] for name in sources) and (label == "instance" or all(label in kept[name] for name in targets)), (label, rule)


def test_a_ticket_holds_back_no_page():
    """What waits until the morning must not silence what cannot."""
    for rule in READ["inhibit_rules"]:
        if any(SEVERITIES[name] == "page" for name in chosen(rule["target_matchers"])):
            assert {SEVERITIES[name] for name in chosen(rule["source_matchers"])} == {"page"}, rule


def test_no_inhibition_goes_round_in_circles():
    """Two alerts that hold each other back tell nobody at all."""
    holds: dict[str, set[str]] = {}
    for rule in READ["inhibit_rules"]:
        for source in chosen(rule["source_matchers"]):
            holds.setdefault(source, set()).update(chosen(rule["target_matchers"]))
    for name in holds:
        reached, waiting = set(), [name]
        while waiting:
            for target in holds.get(waiting.pop(), ()):
                assert target != name, name
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)


def test_there_is_an_example_of_each_kind_and_no_secret():
    """Who has PagerDuty, Slack, mail or a webhook finds where it goes; keys are files beside it, which are not in the repository."""
    assert {kind for receiver in READ["receivers"] for kind in receiver} == {"name", "pagerduty_configs", "slack_configs", "email_configs", "webhook_configs"}
    files = re.findall(r"(\w+_file): (\S+)", CONFIG.read_text())
    assert {key for key, _ in files} == {"smtp_auth_password_file", "slack_api_url_file", "routing_key_file", "credentials_file"}
    assert all(path.startswith("secrets/") and not (CONFIG.parent / path).exists() for _, path in files)
    assert re.findall(r"^\s*(?:routing_key|service_key|api_url|auth_password|smtp_auth_password|credentials|password):", CONFIG.read_text(), re.M) == []


def test_what_a_receiver_says_has_the_summary_and_the_runbook(tmp_path: Path):
    """The words of the page are the alert's own, put together by Alertmanager's own templates."""
    data = tmp_path / "data.json"
    alert = '{"status": "firing", "labels": {"alertname": "TidegateDown"}, "annotations": {"summary": "It is down.", "runbook_url": "runbooks/TidegateDown.md", "board": "tidegate-itself"}}'
    data.write_text(f'{{"receiver": "x", "status": "firing", "alerts": [{alert}], "commonLabels": {{"alertname": "TidegateDown"}}, "groupLabels": {{}}, "commonAnnotations": {{}}, "externalURL": ""}}')
    (tmp_path / "none.tmpl").write_text("")
    pager = next(receiver for receiver in READ["receivers"] if receiver["name"] == "pager")
    duty, slack = pager["pagerduty_configs"][0], pager["slack_configs"][0]

    def said(template: str) -> str:
        return amtool("template", "render", f"--template.glob={tmp_path}/*.tmpl", f"--template.text={template}", f"--template.data={data}").strip()

    assert said(duty["description"]) == "TidegateDown: It is down."
    assert said(duty["details"]["runbook"]) == "runbooks/TidegateDown.md" and said(duty["details"]["board"]) == "tidegate-itself"
    assert "It is down." in said(slack["text"]) and "runbooks/TidegateDown.md" in said(slack["text"])
    assert said(slack["title"]) == "FIRING TidegateDown"
