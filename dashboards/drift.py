"""Whether what people ask has moved, what exactly, and whether a provider's model is still the one that it was.

Prometheus has what scheduled looks found, the store every look and its topics. An alarm is not a p-value below a line: looks spend a yearly budget, so no line is drawn.
"""

from __future__ import annotations

from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.alerts.objectives import Objectives
from dashboards.board import Panel, Row, board
from dashboards.clickhouse import Sql, app, exchanges
from dashboards.panels import BAD, DOUBTFUL, EXCHANGE, GOOD, RUN, Column, Steps, above, figures, lines, rows
from dashboards.prometheus import chosen, latest, query

UID = "tidegate-drift"
_APP = chosen("app")
_USERS = "kind != 'provider'"
_RUNS = f"$__timeFilter(started_at) AND {app()}"
_P = units.NoUnit


def drift(objectives: Objectives) -> Dashboard:
    """The threshold of the novel share is the objective for all apps."""
    return board(
        UID,
        "Whether what users ask has moved, which topics and which structure, and whether the providers' models are still what they were.",
        [
            Row(6, [_alarms(), _looked()], (14, 10)),
            Row(8, [_pvalues(), _novel(objectives.novel_share)]),
            Row(10, [_topics()]),
            Row(9, [_structure(), _looks()]),
            Row(8, [_providers(), _names()]),
        ],
        asks=("app",),
        last="7d",
    )


def _alarms() -> Panel:
    return figures(
        "Has an app's traffic drifted?",
        "If so, read the topics below: tell the app's owners, and take a new baseline once the change is wanted (`tidegate drift baseline`).",
        units.NoUnit,
        [
            latest(f"max by (app) (tidegate_drift_alarm{_APP})", "{{app}}: users"),
            latest(f"max by (app) (tidegate_drift_provider_alarm{_APP})", "{{app}}: provider"),
        ],
        words={"0": ("as before", GOOD), "1": ("drift", BAD)},
        none="no scheduled look yet: set `drift.every`",
    )


def _looked() -> Panel:
    return figures(
        "Do the looks take place?",
        "If the last one is older than `drift.every`, the console's log says which rounds failed; two alarms in a row are no accident, so read the topics.",
        units.Seconds,
        [
            latest(f"time() - max by (app) (tidegate_drift_last_run_timestamp_seconds{_APP})", "{{app}}: since the last"),
            latest(f"max by (app) (tidegate_drift_alarms_in_a_row{_APP})", "{{app}}: alarms in a row"),
            latest("sum(tidegate_drift_run_failures_total)", "failed rounds"),
            latest("max(tidegate_drift_run_seconds)", "last round took"),
        ],
        units_of={"/alarms in a row/": units.NoUnit, "failed rounds": units.NoUnit},
        steps_of={"/alarms in a row/": Steps(GOOD, ((1, DOUBTFUL), (2, BAD))), "failed rounds": Steps(GOOD, ((1, DOUBTFUL),))},
    )


def _pvalues() -> Panel:
    return lines(
        "How surprising is what we see?",
        "The p-value of each aspect, corrected for all that were tested: lower is more surprising; compare days, and leave alarms to the panel above.",
        _P,
        [query(f"min by (app, aspect) (tidegate_drift_pvalue{_APP})", "{{app}}: {{aspect}}")],
        logarithmic=True,
    )


def _novel(limit: float) -> Panel:
    return lines(
        "How much of what is asked is new?",
        "The share of inputs in topics that the baseline has not, or has less of; above the line, see which ones and whether the prompt is made for them.",
        units.PercentUnit,
        [query(f"max by (app) (tidegate_drift_novel_share{_APP})", "{{app}}")],
        steps=above(limit),
    )


def _topics() -> Panel:
    return rows(
        "Which topics moved, and what do they look like?",
        "Each as it was last seen: read the example (masked), open its exchange, and decide whether the app should answer this.",
        Sql(f"""
            SELECT t.started_at AS time, t.app AS app, t.prompt_name AS prompt, if(t.label != '', t.label, arrayStringConcat(t.keywords, ' ')) AS topic, t.direction AS direction, t.share_baseline AS before, t.share_window AS share,
                t.pvalue AS `p-value`, t.first_seen AS `first seen`, arrayElement(t.exemplars, 1) AS example,
                if(empty(t.exchange_ids), '', toString(arrayElement(t.exchange_ids, 1))) AS id, toString(t.run_id) AS run
            FROM tidegate.drift_topics AS t
            WHERE $__timeFilter(t.started_at) AND {app("t.app")} AND t.run_id GLOBAL IN (SELECT id FROM tidegate.drift_runs WHERE {_RUNS} AND {_USERS})
            ORDER BY t.started_at DESC, abs(t.share_window - t.share_baseline) DESC LIMIT 1 BY app, prompt, t.topic_id, t.aspect LIMIT 50
        """),
        [
            Column("before", units.PercentUnit, decimals=1),
            Column("share", units.PercentUnit, decimals=1),
            Column("first seen", units.DateTimeFromNow),
            Column("example", width=480),
            Column("id", link=EXCHANGE),
            Column("run", link=RUN),
        ],
        none="no topic moved",
    )


def _structure() -> Panel:
    return rows(
        "What changed in the form of what is asked?",
        "Lengths, languages, scripts, formats: a change here without a topic is most often a client or a prompt template that was changed.",
        Sql(f"""
            SELECT started_at AS time, app, prompt_name AS prompt, one.1 AS aspect, one.2 AS feature, one.5 AS effect, one.3 AS `p-value`,
                if(one.4, 'yes', 'no') AS significant, toString(id) AS run
            FROM tidegate.drift_runs
            ARRAY JOIN arrayZip(features.aspect, features.feature, features.pvalue, features.significant, features.effect) AS one
            WHERE {_RUNS} AND {_USERS}
            ORDER BY one.4 DESC, started_at DESC, `p-value` LIMIT 1 BY app, prompt, aspect, feature LIMIT 50
        """),
        [Column("effect", width=320), Column("run", link=RUN)],
        none="no look has tested it",
    )


def _looks() -> Panel:
    return rows(
        "What did the last looks say?",
        "Open one for its whole report; notes say what was not tested, and why.",
        Sql(f"""
            SELECT started_at AS time, app, prompt_name AS prompt, kind, if(alarm, 'alarm', if(tested, 'as before', 'not tested')) AS finding, pvalue AS `p-value`,
                novel_share AS `novel`, rows_baseline AS baseline, rows_window AS window, arrayStringConcat(notes, ' ') AS notes, seconds AS took, toString(id) AS run
            FROM tidegate.drift_runs
            WHERE {_RUNS} AND {_USERS}
            ORDER BY started_at DESC LIMIT 50
        """),
        [
            Column("novel", units.PercentUnit, decimals=1),
            Column("baseline", units.Short),
            Column("window", units.Short),
            Column("notes", width=320),
            Column("took", units.Seconds),
            Column("run", link=RUN),
        ],
        none="no look yet",
    )


def _providers() -> Panel:
    return rows(
        "Is a provider's model still the one it was?",
        "Calls with the same input, before and now: if they differ, compare answers in the report and pin the model's version if the provider lets you.",
        Sql(f"""
            SELECT started_at AS time, app, if(prompt_name = 'canaries', 'canaries', 'traffic') AS compared, if(alarm, 'alarm', if(tested, 'as before', 'not tested')) AS finding, pvalue AS `p-value`,
                arrayStringConcat(arrayFilter((effect, significant) -> significant, features.effect, features.significant), '; ') AS changed,
                rows_baseline AS before, rows_window AS now, arrayStringConcat(notes, ' ') AS notes, toString(id) AS run
            FROM tidegate.drift_runs
            WHERE {_RUNS} AND kind = 'provider'
            ORDER BY started_at DESC LIMIT 50
        """),
        [Column("changed", width=240), Column("notes", width=240), Column("run", link=RUN)],
        none="no look at providers yet",
    )


def _names() -> Panel:
    return rows(
        "What do models call themselves, and since when?",
        "A new name under an old one is a new model: test what depends on it; it is as old as the model watch remembers, or else as the board's range.",
        Sql(f"""
            SELECT concat(provider, ' ', asked) AS `asked of`, name, min(first) AS since, max(last) AS `last seen`, sum(n) AS calls
            FROM (
                SELECT provider, request_model AS asked, response_model AS name, min(started_at) AS first, max(started_at) AS last, count() AS n
                FROM tidegate.exchanges
                WHERE {exchanges(variables=("app",))} AND response_model != ''
                GROUP BY provider, asked, name
                UNION ALL
                SELECT provider, request_model AS asked, value AS name, first_seen AS first, last_seen AS last, 0 AS n
                FROM tidegate.drift_seen
                WHERE what = 'response_model'
            )
            GROUP BY `asked of`, name HAVING calls > 0 ORDER BY since DESC LIMIT 50
        """),
        [Column("since", units.DateTimeFromNow), Column("last seen", units.DateTimeFromNow), Column("calls", units.Short)],
    )
