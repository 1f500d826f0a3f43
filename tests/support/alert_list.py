"""deploy/ALERTS.md: every alert with what proves it and what explains it. `python -m tests.support.alert_list` writes it; tests/alerts/test_alert_list.py holds it true."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from dashboards.alerts.objectives import Objectives
from dashboards.alerts.render import ALERTS, groups
from tests.support.runbooks import FOLDER, ROOT

FILE = ROOT / "deploy" / "ALERTS.md"
UNIT_TESTS = ROOT / "deploy" / "prometheus" / "tests"
END_TO_END = ROOT / "tests" / "alerts" / "test_end_to_end.py"
_HEAD = """# Alerts

Made by `python -m tests.support.alert_list`; what is changed here by hand is gone when it is made again. Severity: page, wake somebody; ticket, the next working day.
Unit test: with promtool, that it fires, does not, and resolves. End to end: a fault is injected into a running gate, real Prometheus and Alertmanager notify of it, it is lifted, and
that is notified of, too (tests/alerts/test_end_to_end.py); "held back" means that there it fires and is inhibited by the alert that explains it.

"""


def unit_tests() -> dict[str, list[str]]:
    """The files that test each alert, by its name."""
    found: dict[str, list[str]] = {}
    for path in sorted(UNIT_TESTS.glob("*.yaml")):
        tests = yaml.safe_load(path.read_text())["tests"]
        for name in sorted({case["alertname"] for test in tests for case in test.get("alert_rule_test", ())}):
            found.setdefault(name, []).append(path.name)
    return found


def end_to_end() -> dict[str, str]:
    """What happens to each alert in the end-to-end test, by its name: yes, or held back."""
    text = END_TO_END.read_text()
    held = dict.fromkeys(re.findall(r'await_held_back\("(\w+)"', text), "held back")
    return held | dict.fromkeys(re.findall(r'told\(scene, "(\w+)", "', text), "yes")


def listing() -> str:
    """The whole file."""
    units, ends = unit_tests(), end_to_end()
    lines = [_HEAD + f"{len(ALERTS)} alerts, {sum(end == 'yes' for end in ends.values())} of them fired and resolved end to end.\n"]
    for group in groups(Objectives(cost_per_day_usd=1.0)):
        lines += [f"## {group.name.capitalize()}\n", "| alert | severity | in one sentence | unit test | end to end | runbook |", "|---|---|---|---|---|---|"]
        for alert in group.alerts:
            tests = ", ".join(f"[{name}](prometheus/tests/{name})" for name in units.get(alert.name, ())) or "none"
            runbook = f"[runbook](runbooks/{alert.runbook})" if (FOLDER / alert.runbook).is_file() else "none"
            lines.append(f"| {alert.name} | {alert.severity} | {_spoken(alert.summary)} | {tests} | {ends.get(alert.name, 'no')} | {runbook} |")
        lines.append("")
    return "\n".join(lines)


def _spoken(summary: str) -> str:
    """A summary's template with a word in the place of each value."""
    text = re.sub(r"\{\{ with [^}]*\}\}(.*?)\{\{ else \}\}.*?\{\{ end \}\}", r"\1", summary)
    text = re.sub(r"\{\{ if [^}]*\}\}.*?\{\{ else \}\}(.*?)\{\{ end \}\}", r"\1", text)
    text = re.sub(r"\{\{ \$labels\.(\w+) \}\}|\{\{ \. \}\}", lambda found: f"*{found[1] or 'instance'}*", text)
    return re.sub(r"\{\{[^}]*\}\}", "*value*", text).replace("|", "\\|")


def main(file: Path = FILE) -> None:
    """Write it."""
    file.write_text(listing())


if __name__ == "__main__":
    main()
