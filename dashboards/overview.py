"""The first board to look at: how much traffic, what fails and whose fault it is, how long calls take, what the gate adds, how busy it is."""

from __future__ import annotations

from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.alerts.objectives import Objectives
from dashboards.board import Panel, Row, board
from dashboards.clickhouse import MODEL, Sql, exchanges, minutes, quantile
from dashboards.panels import BAD, EXCHANGE, Column, above, lines, rows
from dashboards.prometheus import chosen, quantiles, query, rate

UID = "tidegate-overview"
PARTIES = {"caller": "blue", "policy": "purple", "provider": "orange", "gateway": BAD}  # what an outcome's name begins with; `ok` is nobody's fault
_REQUESTS = "tidegate_requests_total"


def overview(objectives: Objectives) -> Dashboard:
    """Thresholds are the objectives for all; those of a single provider or app are the alerts' business."""
    return board(
        UID,
        "What happens now, for whoever was woken: traffic, errors by whose fault they are, latency, and the gate's own share of it.",
        [
            Row(8, _errors(1 - objectives.availability)),
            Row(8, _times(objectives)),
            Row(8, [_workers(), _attempts(), _models(objectives)], (6, 7, 11)),
            Row(9, [_codes()]),
            Row(9, [_failed(), _slowest()]),
        ],
    )


def _errors(failing: float) -> list[Panel]:
    total = f"sum({rate(_REQUESTS)})"

    def share(party: str) -> str:
        failed = rate(_REQUESTS, "app", "env", "provider", "model", more=f'outcome=~"{party}_.*"')
        return f"(sum({failed}) or 0 * {total}) / {total}"

    by_provider = rate(_REQUESTS, "app", "env", "provider", "model", more='outcome=~"provider_.*"')
    all_of_them = f"sum by (provider) ({rate(_REQUESTS)})"
    return [
        lines(
            "How much traffic is there, and whose?",
            "If an app is missing or has doubled, ask its owners first: the gate invents no traffic and refuses none in silence.",
            units.RequestsPerSecond,
            [query(f"sum by (app) ({rate(_REQUESTS)})", "{{app}}")],
            stacked=True,
        ),
        lines(
            "Whose fault are the errors?",
            "Provider: see the next panel and the provider's status page; gateway: open the board Tidegate itself; caller: tell the app's owners; policy: open the board Guards.",
            units.PercentUnit,
            [query(share(party), party) for party in PARTIES],
            steps=above(failing),
            colours=PARTIES,
        ),
        lines(
            "Which provider fails?",
            "Above the line its error budget burns: look at the codes below, and move apps to another provider or model if the provider's status page agrees.",
            units.PercentUnit,
            [query(f"(sum by (provider) ({by_provider}) or 0 * {all_of_them}) / {all_of_them}", "{{provider}}")],
            steps=above(failing),
        ),
    ]


def _times(objectives: Objectives) -> list[Panel]:
    return [
        lines(
            "How long do calls take?",
            "If p90 is above the line, find the model in the table below; a longer answer takes longer, so look at the time for each token before blaming anybody.",
            units.Seconds,
            quantiles("tidegate_request_duration_seconds"),
            steps=above(objectives.latency_p90_s),
        ),
        lines(
            "How long until a stream's first chunk?",
            "If this rises and the whole duration does not, the provider queues or prompts have grown; if the gate's own share rises with it, look at the guards.",
            units.Seconds,
            quantiles("tidegate_time_to_first_chunk_seconds"),
            steps=above(objectives.first_chunk_p90_s),
        ),
        lines(
            "How long does each token take?",
            "Of whole streams, after their first chunk: if this rises, the provider has become slower; if only whole calls are slower, answers are longer.",
            units.Seconds,
            quantiles("tidegate_time_per_output_token_seconds"),
        ),
        lines(
            "How much does the gate add?",
            "Milliseconds are right without guards; if it rises, compare it with the guards' time (board Guards) and the event loops' lag (board Tidegate itself).",
            units.Seconds,
            quantiles("tidegate_overhead_seconds"),
        ),
    ]


def _workers() -> Panel:
    return lines(
        "How busy are the workers?",
        "If the loop's lag (right) rises with calls in flight (left), add workers or machines; if calls pile up and the lag does not, the provider is slow.",
        units.NoUnit,
        [
            query("sum by (instance, worker) (tidegate_inflight_requests)", "{{instance}} {{worker}}: in flight"),
            query("max by (instance, worker) (tidegate_loop_lag_seconds)", "{{instance}} {{worker}}: loop lag"),
        ],
        right={"B": units.Seconds},
    )


def _attempts() -> Panel:
    # The other counts are the gate's, over all providers.
    failed = rate("tidegate_attempts_total", "provider", more='result!="ok"')
    return lines(
        "Which attempts fail, and what is done about it?",
        "A provider with open breakers is left alone until it answers again: see its status page, and what its apps get meanwhile; denied retries mean that too much fails to try it all again.",
        units.CountsPerSecond,
        [
            query(f"sum by (provider) ({failed})", "{{provider}}: failed"),
            query("sum by (result) (rate(tidegate_retries_total[$__rate_interval]))", "retries {{result}}"),
            query("sum by (result) (rate(tidegate_hedges_total[$__rate_interval]))", "hedges {{result}}"),
            query("sum(rate(tidegate_breaker_fast_fails_total[$__rate_interval]))", "refused, breakers open"),
            query(f"sum by (provider) (tidegate_breakers_open{chosen('provider')})", "{{provider}}: breakers open (right)"),
        ],
        right={"E": units.Short},
    )


def _models(objectives: Objectives) -> Panel:
    return rows(
        "Which model is slow, or fails?",
        "Times are those of calls that ended well; what is red in faults, the provider's share of all calls, is what to take to the provider, or to leave.",
        Sql(f"""
            SELECT m.provider AS provider, m.model AS model, sum(m.exchanges) AS calls,
                sumIf(m.exchanges, startsWith(m.outcome, 'provider_')) / calls AS faults,
                {quantile("duration", 50)} AS p50, {quantile("duration", 90)} AS p90, {quantile("duration", 99)} AS p99,
                {quantile("time_to_first_chunk", 90)} AS `first chunk p90`, {quantile("overhead", 90)} AS `gate p90`
            FROM tidegate.exchanges_1m AS m
            WHERE {minutes()}
            GROUP BY provider, model ORDER BY calls DESC LIMIT 50
        """),
        [
            Column("calls", units.Short),
            Column("faults", units.PercentUnit, steps=above(1 - objectives.availability), decimals=2),
            Column("p50", units.Seconds),
            Column("p90", units.Seconds, steps=above(objectives.latency_p90_s)),
            Column("p99", units.Seconds),
            Column("first chunk p90", units.Seconds, steps=above(objectives.first_chunk_p90_s)),
            Column("gate p90", units.Seconds),
        ],
    )


def _codes() -> Panel:
    return rows(
        "Which errors, from whom, to whom?",
        "Start with the first line, open its newest exchange and read what the provider or the gate answered; every code is explained where the gate's errors are.",
        Sql(f"""
            SELECT outcome, error_code AS code, provider, {MODEL} AS model, app, env, count() AS calls, uniqExact(key_id) AS keys,
                max(started_at) AS newest, toString(argMax(id, started_at)) AS id
            FROM tidegate.exchanges
            WHERE {exchanges()} AND outcome != 'ok'
            GROUP BY outcome, code, provider, model, app, env ORDER BY calls DESC LIMIT 50
        """),
        [Column("calls", units.Short), Column("newest", units.DateTimeFromNow), Column("id", link=EXCHANGE)],
    )


def _failed() -> Panel:
    return rows(
        "Which exchanges failed last?",
        "Open one to see what was sent and what came back; the same user or session in every line is one caller's trouble, not everybody's.",
        Sql(f"""
            SELECT started_at AS time, outcome, error_code AS code, status, app, provider, {MODEL} AS model, user_id AS user, duration_s AS duration, toString(id) AS id
            FROM tidegate.exchanges
            WHERE {exchanges()} AND outcome != 'ok'
            ORDER BY started_at DESC LIMIT 50
        """),
        [Column("duration", units.Seconds), Column("id", link=EXCHANGE)],
    )


def _slowest() -> Panel:
    return rows(
        "Which exchanges were slowest?",
        "Many output tokens explain a long call; a long wait for the first chunk with few input tokens does not, and is the provider's.",
        Sql(f"""
            SELECT started_at AS time, duration_s AS duration, time_to_first_chunk_s AS `first chunk`, overhead_s AS gate, input_tokens AS `in`, output_tokens AS `out`,
                outcome, app, provider, {MODEL} AS model, toString(id) AS id
            FROM tidegate.exchanges
            WHERE {exchanges()} AND isNotNull(duration_s)
            ORDER BY duration_s DESC LIMIT 50
        """),
        [Column("duration", units.Seconds), Column("first chunk", units.Seconds), Column("gate", units.Seconds), Column("id", link=EXCHANGE)],
    )
