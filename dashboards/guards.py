"""What guards decided and found, whom they stop, what they cost in time, and whether a detector fails."""

from __future__ import annotations

from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.alerts.objectives import Objectives
from dashboards.board import Panel, Row, board
from dashboards.clickhouse import MODEL, Sql, exchanges
from dashboards.panels import BAD, DOUBTFUL, EXCHANGE, GOOD, PLAIN, Column, above, figures, lines, rows
from dashboards.prometheus import latest, quantiles, query, rate

UID = "tidegate-guards"
VERDICTS = {"blocked": BAD, "error": DOUBTFUL, "masked": "purple", "flagged": "blue", "passed": GOOD, "not_checked": PLAIN}
_VERDICTS = "tidegate_verdicts_total"


def guards(objectives: Objectives) -> Dashboard:
    """The threshold of blocks is the objective for all apps."""
    return board(
        UID,
        "What the guards decide and find, whom they stop, how long they take, and whether any of them fails.",
        [
            Row(8, [_verdicts(), _blocked(objectives.blocked_share), _times()]),
            Row(7, [_failing(), _up()], (16, 8)),
            Row(9, [_findings(), _who()], (13, 11)),
            Row(9, [_stopped()]),
        ],
    )


def _verdicts() -> Panel:
    return lines(
        "What do the guards decide?",
        "Error is a guard that gave no answer, which is worse than a block: see below which detector; not checked is traffic that no rule looks at.",
        units.RequestsPerSecond,
        [query(f"sum by (verdict) ({rate(_VERDICTS, 'app', 'env')})", "{{verdict}}")],
        stacked=True,
        colours=VERDICTS,
    )


def _blocked(limit: float) -> Panel:
    blocked = rate(_VERDICTS, "app", "env", more='verdict="blocked"')
    total = f"sum by (app) ({rate(_VERDICTS, 'app', 'env')})"
    return lines(
        "Which app is stopped unusually often?",
        "Open some of the exchanges below: either somebody attacks the app, or a rule has begun to stop what it should let through, and then set it to flag.",
        units.PercentUnit,
        [query(f"(sum by (app) ({blocked}) or 0 * {total}) / {total}", "{{app}}")],
        steps=above(limit),
    )


def _times() -> Panel:
    return lines(
        "How long do the guards take?",
        "Patterns take well under a millisecond, language models tens of them; if it rises, the detector pool is short of processors or a judge was added.",
        units.Seconds,
        quantiles("tidegate_guard_duration_seconds"),
    )


def _failing() -> Panel:
    unchecked = rate(_VERDICTS, "app", "env", more='verdict="error"')
    return lines(
        "Does a detector give no answer?",
        "Rules that fail closed refuse calls for it (gateway_guard), others let them pass unchecked; look into the gate's log for the detector's name.",
        units.RequestsPerSecond,
        [
            query("sum by (detector) (rate(tidegate_guard_errors_total[$__rate_interval]))", "{{detector}}"),
            query(f"sum({unchecked}) or 0 * sum({rate(_VERDICTS, 'app', 'env')})", "exchanges with the verdict error"),
        ],
        steps=above(0.001),
    )


def _up() -> Panel:
    return figures(
        "Is every detector there?",
        "One that is down is being restarted; if it stays so, its model does not fit into memory or its service does not answer.",
        units.NoUnit,
        [latest("min by (detector) (tidegate_detector_up)", "{{detector}}")],
        words={"1": ("up", GOOD), "0": ("down", BAD)},
        none="no rule needs the detector pool",
    )


def _findings() -> Panel:
    return rows(
        "What is found, and what is done about it?",
        "A kind that is new or has multiplied is worth one look at its newest exchange before anything is changed.",
        Sql(f"""
            SELECT finding.2 AS kind, finding.1 AS detector, finding.3 AS direction, finding.4 AS action, sum(finding.5) AS found, count() AS exchanges, uniqExact(app) AS apps,
                max(started_at) AS newest, toString(argMax(id, started_at)) AS id
            FROM tidegate.exchanges
            ARRAY JOIN arrayZip(findings.detector, findings.kind, findings.direction, findings.action, findings.count) AS finding
            WHERE {exchanges()} AND finding.4 != 'error'
            GROUP BY kind, detector, direction, action ORDER BY found DESC LIMIT 100
        """),
        [Column("found", units.Short), Column("exchanges", units.Short), Column("newest", units.DateTimeFromNow), Column("id", link=EXCHANGE)],
        none="nothing was found",
    )


def _who() -> Panel:
    return rows(
        "Who runs into the guards?",
        "One user with most of the blocks is a matter for the app's owners; a whole app is one for whoever wrote the rule.",
        Sql(f"""
            SELECT app, env, user_id AS user, countIf(verdict = 'blocked') AS blocked, countIf(verdict = 'masked') AS masked, countIf(verdict = 'flagged') AS flagged,
                countIf(verdict = 'error') AS unanswered, count() AS calls
            FROM tidegate.exchanges
            WHERE {exchanges()}
            GROUP BY app, env, user HAVING blocked + masked + flagged + unanswered > 0
            ORDER BY blocked DESC, unanswered DESC, masked + flagged DESC LIMIT 50
        """),
        [Column(name, units.Short) for name in ("blocked", "masked", "flagged", "unanswered", "calls")],
        none="nobody",
    )


def _stopped() -> Panel:
    return rows(
        "Which exchanges were stopped, or not judged?",
        "Open one to see what was found and where; what was stopped wrongly is a case for the rule's allow list.",
        Sql(f"""
            SELECT started_at AS time, verdict, outcome, error_code AS code, arrayStringConcat(arrayDistinct(findings.kind), ' ') AS kinds,
                arrayStringConcat(arrayDistinct(findings.detector), ' ') AS detectors, app, user_id AS user, provider, {MODEL} AS model, guard_s AS guard, toString(id) AS id
            FROM tidegate.exchanges
            WHERE {exchanges()} AND verdict IN ('blocked', 'error')
            ORDER BY started_at DESC LIMIT 50
        """),
        [Column("guard", units.Seconds), Column("id", link=EXCHANGE)],
        none="none",
    )
