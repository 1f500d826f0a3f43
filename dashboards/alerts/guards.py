"""Do the guards look, and what do they do to apps? Findings themselves are no alert: they are what guards are for."""

from __future__ import annotations

from dashboards.alerts.objectives import Objectives
from dashboards.alerts.promql import MINUTE, Terms, each, loud, matchers, number
from dashboards.alerts.rule import COUNT, SHARE, Alert, Group

BOARD = "tidegate-guards"
FEWEST, SUFFERING = 5, 0.05  # failures of a detector; share of some app's guarded exchanges that were not looked at as a rule wants

_FAILED, _CHECKED, _BLOCKED = 'verdict="error"', 'verdict!="not_checked"', 'verdict="blocked"'


def group(objectives: Objectives, terms: Terms) -> Group:
    """The group "guards"."""
    envs = loud(objectives.quiet_envs)
    return Group(
        "guards",
        (),
        (
            _failing(terms, envs),
            _blocking(objectives, terms, envs),
            Alert(
                "TidegateDetectorDown",
                "page",
                "tidegate_detector_up == 0",
                terms.span(2 * MINUTE),  # models take their time to load; before GuardFailing, which it explains
                "Detector {{ $labels.detector }} of {{ $labels.instance }} is not running: rules that need it refuse what they should look at, or let it pass.",
                BOARD,
                ("detector",),
            ),
        ),
    )


def _verdicts(terms: Terms, only: str, envs: str, minutes: int) -> str:
    return f"sum by (app) (increase(tidegate_verdicts_total{matchers(envs, only)}[{terms(minutes * MINUTE)}]))"


def _failing(terms: Terms, envs: str) -> Alert:
    # A detector that misses a deadline now and then is no reason to wake anybody; that some app is left without its guard is.
    failures = f"sum by (detector) (increase(tidegate_guard_errors_total[{terms(10 * MINUTE)}]))"
    suffering = f"{_verdicts(terms, _FAILED, envs, 10)} / {_verdicts(terms, _CHECKED, envs, 10)}"
    return Alert(
        "TidegateGuardFailing",
        "page",
        f"{failures} >= {FEWEST}\nand on () max({suffering}) > {SUFFERING}",
        terms.span(3.5 * MINUTE),  # before a dead detector has burnt an app's budget fast (GatewayBudgetBurnFast), which it explains
        f"Detector {{{{ $labels.detector }}}} gave no answer {COUNT} times in ten minutes: what it should look at is refused, or passes unseen.",
        BOARD,
        ("detector",),
        held=True,
    )


def _blocking(objectives: Objectives, terms: Terms, envs: str) -> Alert:

    def expr(only: str, most: float) -> str:
        all = _verdicts(terms, "", envs, 30)
        return f"{_verdicts(terms, ','.join(filter(None, (_BLOCKED, only))), envs, 30)} / {all} > {number(most)}\nand {all} >= {objectives.least_calls}"

    return Alert(
        "TidegateGuardBlockingHigh",
        "ticket",
        each("app", objectives.blocked_share, {app: own.blocked_share for app, own in objectives.apps.items()}, expr),
        terms.span(10 * MINUTE),
        f"Guards block {SHARE} of the exchanges of app {{{{ $labels.app }}}}: an attack, a rule that is too strict, or an app that has changed.",
        BOARD,
        ("app",),
        held=True,
    )
