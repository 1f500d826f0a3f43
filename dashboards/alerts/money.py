"""Does it cost what it should? All environments count here, dev and the gate's own canaries too: they are paid for like any other.

Cost is known where a price is; where none is, PriceUnknown says so, and neither the spike nor the budget sees those calls.
A day is the last 24 hours and not the calendar's, so that midnight settles nothing.
"""

from __future__ import annotations

from dashboards.alerts.objectives import Objectives
from dashboards.alerts.promql import DAY, HOUR, MINUTE, Terms, each, matchers, number
from dashboards.alerts.rule import COUNT, DOLLARS, SHARE, Alert, Group

BOARD = "tidegate-cost"
AT_ONCE = 0.25  # of a day's budget in one hour: six times as fast as it allows


def group(objectives: Objectives, terms: Terms) -> Group:
    """The group "money". Without any cost_per_day_usd there is no CostBudgetBurn in it."""
    return Group("money", (), (_spike(objectives, terms), *_budget(objectives, terms), _unpriced(terms)))


def _spent(terms: Terms, span: float, only: str = "", ago: float = 0.0) -> str:
    offset = f" offset {terms(ago)}" if ago else ""
    return f"sum by (app) (increase(tidegate_cost_usd_total{matchers(only)}[{terms(span)}]{offset}))"


def _spike(objectives: Objectives, terms: Terms) -> Alert:
    # No series of the app a week ago: nothing to compare with, no result. One that stood still: it cost nothing, and any more is a spike.
    now = _spent(terms, HOUR)
    return Alert(
        "TidegateCostSpike",
        "ticket",
        f"{now} > {number(objectives.cost_spike)} * {_spent(terms, HOUR, ago=7 * DAY)}\nand {now} > {number(objectives.cost_spike_usd)}",
        terms.span(5 * MINUTE),
        f"App {{{{ $labels.app }}}} has cost {DOLLARS} in the last hour, more than {objectives.cost_spike:g} times what the same hour of last week did.",
        BOARD,
        ("app",),
        held=True,
    )


def _budget(objectives: Objectives, terms: Terms) -> tuple[Alert, ...]:
    """Over the budget and not slowing down; or so fast that it will be. Resolves when the last hour is one that the budget could bear."""

    def expr(only: str, budget: float) -> str:
        day, hour, usd = _spent(terms, DAY, only), _spent(terms, HOUR, only), number(budget)
        return f"{day} / {usd} > 1 and {hour} > {usd} / 24\nor\n{day} / {usd} and {hour} > {AT_ONCE} * {usd}"

    found = each("app", objectives.cost_per_day_usd, {app: own.cost_per_day_usd for app, own in objectives.apps.items()}, expr)
    if not found:
        return ()
    summary = f"App {{{{ $labels.app }}}} has spent {SHARE} of a day's budget in the last 24 hours, and in the last hour faster than the budget allows."
    return (Alert("TidegateCostBudgetBurn", "page", found, terms.span(5 * MINUTE), summary, BOARD, ("app",), held=True),)


def _unpriced(terms: Terms) -> Alert:
    labels = ("provider", "model")
    grown = terms.grown("provider, model", "tidegate_unpriced_requests_total", HOUR, since_known=False)
    return Alert(
        "TidegatePriceUnknown",
        "ticket",
        f"{grown} > 0",
        0.0,
        f"{COUNT} exchanges with {{{{ $labels.model }}}} of provider {{{{ $labels.provider }}}} have no price in the last hour, and are in no figure of cost.",
        BOARD,
        labels,
        held=True,
    )
