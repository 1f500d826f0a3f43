"""The alert rules as Grafana's own: what its provisioning API takes, a rule group at a time.

PromQL that fires for each of its results becomes three steps, as where Grafana itself imports rules of Prometheus: A asks Prometheus for the results of
this moment; B makes 1 of each, for a result may be 0 (`up == 0`) or no number at all and fires nevertheless; C, the condition, is B above 0.

    no data     OK: an expression that finds nothing is the good case, and what has to notice that everything is gone (TidegateDown) says so with absent()
    error       Error: Prometheus cannot be asked, so nobody would notice anything. Grafana makes of it one alert, DatasourceError, for each rule; its
                notifications are grouped by that name as it comes, so it is one page
    gone        a result that is missing once is resolved, as in Prometheus; Grafana before 12 waits for two evaluations

Rules here stand alone (promql.Terms with recorded=False): Grafana evaluates neither Prometheus' recording rules nor has it the series ALERTS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.alerts.promql import duration
from dashboards.alerts.rule import Alert, Group

INTERVAL_S = 60  # between evaluations; Grafana takes multiples of 10
LOOKS_BACK_S = 600  # what A declares; a query of one moment reads its end alone
EXPRESSION = "__expr__"
_METRIC = re.compile(r"\btidegate_\w+")
_VALUE = re.compile(r"\$value\b")


Boards = Mapping[str, Mapping[str, Any]]


def groups_of(groups: Sequence[Group], *, datasource: str, folder: str, runbooks: str, boards: Boards | None = None) -> list[dict[str, Any]]:
    """Rule groups as PUT .../folder/<folder>/rule-groups/<title> takes them.

    groups: without recording rules.  datasource: uid of Prometheus.  folder: uid.  runbooks: what a runbook's file name is appended to.
    boards: JSON by uid, to link each alert to the panel that shows it. Raises ValueError for a group that records.
    """
    if recording := [group.name for group in groups if group.recordings]:
        raise ValueError(f"Grafana does not evaluate recording rules: {', '.join(recording)}")
    return [
        {
            "title": f"tidegate-{group.name}",
            "folderUid": folder,
            "interval": INTERVAL_S,
            "rules": [_rule(alert, group, datasource, folder, runbooks, (boards or {}).get(alert.board)) for alert in group.alerts],
        }
        for group in groups
    ]


def _rule(alert: Alert, group: Group, datasource: str, folder: str, runbooks: str, board: Mapping[str, Any] | None) -> dict[str, Any]:
    shown = panel(board, alert.expr) if board else None
    # Grafana wants both or neither of its own two
    link = {"__dashboardUid__": alert.board, "__panelId__": str(shown)} if shown is not None else {}
    return {
        "uid": f"tidegate-{alert.name.removeprefix('Tidegate')}",
        "orgID": 1,  # of the schema's required ones; Grafana puts in its caller's organisation
        "folderUID": folder,
        "ruleGroup": f"tidegate-{group.name}",
        "title": alert.name,
        "condition": "C",
        "data": _queries(alert.expr, datasource),
        "noDataState": "OK",
        "execErrState": "Error",
        "for": duration(alert.for_s) if alert.for_s else "0s",
        "missingSeriesEvalsToResolve": 1,
        "labels": {"severity": alert.severity},
        "annotations": {"summary": in_grafana(alert.summary), "runbook_url": runbooks + alert.runbook, "board": alert.board, **link},
        "isPaused": False,
    }


def in_grafana(template: str) -> str:
    """A template of Prometheus in Grafana's words: there $value is a text about all three steps, and the number that was found is A's."""
    return _VALUE.sub("$values.A.Value", template)


def panel(board: Mapping[str, Any], expr: str) -> int | None:
    """The id of the panel that asks for most of the metrics in `expr`, the first of equals; None if none asks for any."""
    wanted = set(_METRIC.findall(expr))
    best, most = None, 0
    for one in board.get("panels", []):
        asked = {name for target in one.get("targets", []) for name in _METRIC.findall(target.get("expr", ""))}
        if len(asked & wanted) > most:
            best, most = one["id"], len(asked & wanted)
    return best


def _queries(expr: str, datasource: str) -> list[dict[str, Any]]:
    ours = {"type": EXPRESSION, "uid": EXPRESSION}
    # intervalMs and maxDataPoints are what Grafana adds where they are missing
    common = {"intervalMs": 1000, "maxDataPoints": 43200, "hide": False}
    asks = {"datasource": {"type": "prometheus", "uid": datasource}, "expr": expr, "instant": True, "range": False, "editorMode": "code"}
    models: list[tuple[str, str, int, dict[str, Any]]] = [
        ("A", datasource, LOOKS_BACK_S, asks),
        ("B", EXPRESSION, 0, {"datasource": ours, "type": "math", "expression": "is_number($A) || is_nan($A) || is_inf($A)"}),
        ("C", EXPRESSION, 0, {"datasource": ours, "type": "threshold", "expression": "B", "conditions": [{"evaluator": {"type": "gt", "params": [0]}}]}),
    ]
    return [
        {"refId": ref, "queryType": "", "datasourceUid": uid, "relativeTimeRange": {"from": back, "to": 0}, "model": {"refId": ref, **model, **common}}
        for ref, uid, back, model in models
    ]
