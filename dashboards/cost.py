"""What calls cost, who spends it, and what is not known: money is counted where its price is known, and what has none is shown beside, never as 0."""

from __future__ import annotations

from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.alerts.objectives import Objectives
from dashboards.board import Panel, Row, board
from dashboards.clickhouse import MODEL, Sql, exchanges, minutes
from dashboards.panels import DOLLARS, DOUBTFUL, EXCHANGE, GOOD, Column, Steps, above, figures, lines, rows
from dashboards.prometheus import chosen, query, rate

UID = "tidegate-cost"
_MONTH = "toDateTime(toStartOfMonth(now('UTC')), 'UTC')"
_NEXT = "toDateTime(addMonths(toStartOfMonth(now('UTC')), 1), 'UTC')"
_WEEK_AGO = "now('UTC') - INTERVAL 7 DAY"
_UNPRICED = "isNull(cost_usd) AND (input_tokens > 0 OR output_tokens > 0)"


def cost(objectives: Objectives) -> Dashboard:
    """The budget is the one for all apps, if there is one."""
    return board(
        UID,
        "Where the money goes: by app, model and day, what caches save, what the month will come to, and which calls have no known price.",
        [
            Row(5, [_month(), _caches(), _unknown()], (10, 7, 7)),
            Row(8, [_apps(), _week()]),
            Row(8, [_days(objectives), _tokens()]),
            Row(9, [_by_model(), _by_app()]),
            Row(8, [_unpriced(), _dearest()], (9, 15)),
        ],
        last="24h",
    )


def _month() -> Panel:
    return figures(
        "What will this month cost?",
        "So far, in UTC, and with the rest of the month at the pace of the last seven days (or since the first call, if that is younger); what has no price is in neither.",
        DOLLARS,
        Sql(f"""
            SELECT toFloat64(sumIf(ifNull(m.cost_usd, 0), m.minute >= {_MONTH})) AS `so far`,
                `so far` + toFloat64(sumIf(ifNull(m.cost_usd, 0), m.minute >= {_WEEK_AGO})) * dateDiff('second', now('UTC'), {_NEXT})
                    / greatest(dateDiff('second', greatest(min(m.minute), {_WEEK_AGO}), now('UTC')), 3600) AS `forecast`
            FROM tidegate.exchanges_1m AS m
            WHERE {minutes(f"m.minute >= least({_MONTH}, {_WEEK_AGO})", within=f"started_at >= least({_MONTH}, {_WEEK_AGO})")}
        """),
        decimals=2,
    )


def _caches() -> Panel:
    return figures(
        "How much input do caches save?",
        "The share of input tokens that providers read from their caches, at a tenth to a half of the price; if it falls, somebody changed the beginning of a prompt.",
        units.PercentUnit,
        Sql(f"""
            SELECT sum(m.cache_read_tokens) / sum(m.input_tokens) AS `read from cache`, sum(m.cache_write_tokens) / sum(m.input_tokens) AS `written to cache`
            FROM tidegate.exchanges_1m AS m
            WHERE {minutes()}
            HAVING sum(m.input_tokens) > 0
        """),
        decimals=1,
    )


def _unknown() -> Panel:
    return figures(
        "Is there a price for everything?",
        "Calls with tokens and without a known price: add the model to `prices` in the configuration, or every figure of this board is too small.",
        units.Short,
        Sql(f"""
            SELECT countIf({_UNPRICED}) AS `without a price`, countIf(isNull(input_tokens) AND isNull(output_tokens) AND outcome = 'ok') AS `without tokens`
            FROM tidegate.exchanges
            WHERE {exchanges()}
        """),
        steps_of={"without a price": Steps(GOOD, ((1, DOUBTFUL),))},
        decimals=0,
    )


def _apps() -> Panel:
    return lines(
        "Which app spends it?",
        "Dollars an hour, where the price is known; if one app stands out, its model and prompts are in the tables below.",
        DOLLARS,
        [query(f"3600 * sum by (app) ({rate('tidegate_cost_usd_total')})", "{{app}}")],
        stacked=True,
    )


def _week() -> Panel:
    spent = f"tidegate_cost_usd_total{chosen()}"
    return lines(
        "Is this hour like the same hour of last week?",
        "If it is a multiple, look for a new app, a dearer model, or a loop that asks again and again; the line of last week begins when there is a week to look back on.",
        DOLLARS,
        [query(f"sum(increase({spent}[1h]))", "last hour"), query(f"sum(increase({spent}[1h] offset 1w))", "a week before")],
    )


def _days(objectives: Objectives) -> Panel:
    budget, from_ = objectives.cost_per_day_usd, "toStartOfDay($__fromTime, 'UTC')"  # the first bar is a whole day, too
    return lines(
        "What did each day cost?",
        "The last thirty days, in UTC, whatever the board's range is; today's bar is not over yet.",
        DOLLARS,
        Sql(
            f"""
            SELECT toDateTime(m.day, 'UTC') AS time, if(m.app = '', 'unknown', m.app) AS app, toFloat64(sum(m.cost_usd)) AS cost
            FROM tidegate.cost_by_day AS m
            WHERE {minutes("m.day >= toDate($__fromTime, 'UTC') AND m.day <= toDate($__toTime, 'UTC')", within=f"started_at >= {from_} AND started_at <= $__toTime")}
            GROUP BY time, app ORDER BY time
            """,
            "timeseries",
        ),
        name="${__field.labels.app}",
        stacked=True,
        bars=True,
        last="30d",
        steps=above(budget) if budget is not None else None,
    )


def _tokens() -> Panel:
    return lines(
        "Where do the tokens go?",
        "Cached tokens are part of input and reasoning is part of output; if reasoning makes up most of output, ask whether the app needs that effort.",
        "short",
        [query(f"sum by (kind) ({rate('tidegate_tokens_total')})", "{{kind}} a second")],
    )


def _by_model() -> Panel:
    return rows(
        "Which model costs how much?",
        "Compare dollars for a thousand calls that cost something, not totals; no cost: calls that failed, and those whose model has no price.",
        Sql(f"""
            SELECT m.provider AS provider, m.model AS model, toFloat64(sum(m.cost_usd)) AS cost, sum(m.exchanges) AS calls,
                1000 * cost / nullIf(calls - `no cost`, 0) AS `per 1000 calls`,
                sum(m.input_tokens) AS `in`, sum(m.output_tokens) AS `out`, sum(m.cache_read_tokens) / nullIf(sum(m.input_tokens), 0) AS cached,
                sum(m.exchanges_without_cost) AS `no cost`
            FROM tidegate.exchanges_1m AS m
            WHERE {minutes()}
            GROUP BY provider, model ORDER BY cost DESC, calls DESC LIMIT 50
        """),
        [
            Column("cost", DOLLARS),
            Column("calls", units.Short),
            Column("per 1000 calls", DOLLARS),
            Column("in", units.Short),
            Column("out", units.Short),
            Column("cached", units.PercentUnit, decimals=1),
            Column("no cost", units.Short),
        ],
    )


def _by_app() -> Panel:
    before = "started_at >= $__fromTime - dateDiff('second', $__fromTime, $__toTime) AND started_at <= $__toTime"
    return rows(
        "Which app and prompt costs how much, and how much did it before?",
        "Before is the time of the same length that ended where the board's begins; a prompt that has grown dearer without more calls has grown longer.",
        Sql(f"""
            SELECT app, env, prompt_name AS prompt, toFloat64(sumIf(cost_usd, started_at >= $__fromTime)) AS cost, toFloat64(sumIf(cost_usd, started_at < $__fromTime)) AS before,
                countIf(started_at >= $__fromTime) AS calls, 1000 * cost / nullIf(countIf(started_at >= $__fromTime AND isNotNull(cost_usd)), 0) AS `per 1000 calls`, avgIf(input_tokens, started_at >= $__fromTime) AS `mean in`
            FROM tidegate.exchanges
            WHERE {exchanges(before)}
            GROUP BY app, env, prompt HAVING calls > 0 OR before > 0 ORDER BY cost DESC, calls DESC LIMIT 50
        """),
        [
            Column("app", link="/d/tidegate-overview?var-app=${__data.fields.app:percentencode}&${__url_time_range}"),
            Column("cost", DOLLARS),
            Column("before", DOLLARS),
            Column("calls", units.Short),
            Column("per 1000 calls", DOLLARS),
            Column("mean in", units.Short),
        ],
    )


def _unpriced() -> Panel:
    return rows(
        "Which models have no price?",
        "Each line is a model to add to `prices` in the configuration; its calls so far stay without a cost.",
        Sql(f"""
            SELECT provider, {MODEL} AS asked, response_model AS answered, count() AS calls, sum(input_tokens) AS `in`, sum(output_tokens) AS `out`,
                max(started_at) AS newest, toString(argMax(id, started_at)) AS id
            FROM tidegate.exchanges
            WHERE {exchanges()} AND {_UNPRICED}
            GROUP BY provider, asked, answered ORDER BY calls DESC LIMIT 50
        """),
        [Column("calls", units.Short), Column("in", units.Short), Column("out", units.Short), Column("newest", units.DateTimeFromNow), Column("id", link=EXCHANGE)],
        none="every model has a price",
    )


def _dearest() -> Panel:
    return rows(
        "Which exchanges were dearest?",
        "Open one to see what was sent: a dear call is most often a long conversation sent whole again, or a document that nobody needed.",
        Sql(f"""
            SELECT started_at AS time, toFloat64(cost_usd) AS cost, input_tokens AS `in`, cache_read_tokens AS cached, output_tokens AS `out`, reasoning_tokens AS reasoning,
                app, prompt_name AS prompt, user_id AS user, provider, {MODEL} AS model, toString(id) AS id
            FROM tidegate.exchanges
            WHERE {exchanges()} AND isNotNull(cost_usd)
            ORDER BY cost_usd DESC, started_at DESC LIMIT 50
        """),
        [Column("cost", DOLLARS), Column("in", units.Short), Column("cached", units.Short), Column("out", units.Short), Column("reasoning", units.Short), Column("id", link=EXCHANGE)],
    )
