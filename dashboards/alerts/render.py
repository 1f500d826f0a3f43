"""The alert rules as Prometheus reads them (2.42 and newer), from objectives.

deploy/prometheus/tidegate.rules.yaml is what the default objectives give; `python -m dashboards.alerts.render` prints it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from typing import Any

import yaml

from dashboards.alerts import drift, guards, itself, money, service
from dashboards.alerts.objectives import Objectives
from dashboards.alerts.promql import MINUTE, Terms, duration
from dashboards.alerts.rule import Alert, Group

HEAD = """\
# Tidegate's alert rules for Prometheus 2.42 and newer. Made from `objectives:` of the configuration (dashboards/alerts/render.py); what is changed here by hand
# is gone when they are made again. The scrape job must be called "tidegate". Unit tests: deploy/prometheus/tests.
"""
# No gate that can count: the recorder counts an exchange when its row is safe, so without a recorder or without a store nothing is.
BLIND = "absent(tidegate_store_up == 1)"
_VALUE = re.compile(r"{{ \$value .*?}}")
_WHERE_KNOWN = r"{{ if lt $value 0.0 }}(not known now){{ else }}\g<0>{{ end }}"
_GROUPS = (service, money, guards, drift, itself)
# Seconds that an alert goes on when it is over: as long as the windows of what it explains, which would page by itself the moment that nothing holds it back any more
# (deploy/alertmanager); of records, as long as a recorder that was late for a scrape. Grafana's own rules have no such thing.
_KEPT_S = {
    "TidegateProviderDown": 5 * MINUTE,
    "TidegateProviderCertificate": 5 * MINUTE,
    "TidegateDetectorDown": 10 * MINUTE,
    "TidegateStoreDown": 10 * MINUTE,
    "TidegateRecorderDown": 10 * MINUTE,
    "TidegateShedding": 5 * MINUTE,
    "TidegateRecordsDropped": 5 * MINUTE,
    "TidegateRecordsQuarantined": 5 * MINUTE,
}


def groups(objectives: Objectives, *, pace: float = 1.0, recorded: bool = True) -> tuple[Group, ...]:
    """All rules, typed. pace: divides every duration.  recorded False: every alert stands alone, for who cannot evaluate recording rules."""
    terms = Terms(pace, recorded)
    return tuple(each.group(objectives, terms) for each in _GROUPS)


def rules(objectives: Objectives, pace: float = 1.0) -> list[dict[str, Any]]:
    """The groups of a rules file."""
    return [
        {
            "name": f"tidegate-{group.name}",
            "rules": [{"record": each.name, "expr": each.expr} for each in group.recordings] + [_alert(each, objectives, pace) for each in group.alerts],
        }
        for group in groups(objectives, pace=pace)
    ]


def _alert(alert: Alert, objectives: Objectives, pace: float) -> dict[str, Any]:
    return {
        "alert": alert.name,
        "expr": _held(alert) if alert.held else alert.expr,
        **({"for": duration(alert.for_s)} if alert.for_s else {}),
        **({"keep_firing_for": duration(_KEPT_S[alert.name] / pace)} if alert.name in _KEPT_S else {}),
        "labels": {"severity": alert.severity},
        "annotations": {"summary": _VALUE.sub(_WHERE_KNOWN, alert.summary) if alert.held else alert.summary, "runbook_url": runbook_url(alert, objectives), "board": alert.board},
    }


def _held(alert: Alert) -> str:
    """Its expression, or that it is firing and nothing is counted; the value is then below 0, which no real one is."""
    keys = ", ".join(alert.labels)
    return f'({alert.expr})\nor\n(-1 * max by ({keys}) (ALERTS{{alertname="{alert.name}",alertstate="firing"}}) and on () {BLIND})'


def runbook_url(alert: Alert, objectives: Objectives) -> str:
    """Where its runbook is read."""
    return objectives.runbooks + alert.runbook


def text(objectives: Objectives, pace: float = 1.0, *, only: Collection[str] = ()) -> str:
    """A whole rules file, in YAML. only: alerts by their names, and no recording rules; all, if none is named."""
    found = rules(objectives, pace)
    if only:
        found = [group | {"rules": kept} for group in found if (kept := [rule for rule in group["rules"] if rule.get("alert") in only])]
    return HEAD + yaml.dump({"groups": found}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1 << 20)


class _Dumper(yaml.SafeDumper):
    """Expressions of several lines as they are, for people read them."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(str, _Dumper.represent_str)

# Every alert there is, as it is with objectives that leave none out.
ALERTS: tuple[Alert, ...] = tuple(alert for group in groups(Objectives(cost_per_day_usd=1.0)) for alert in group.alerts)


if __name__ == "__main__":
    sys.stdout.write(text(Objectives()))
