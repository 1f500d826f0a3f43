"""Does production still look like what was tested? The series are read from the store, so they outlive a restart of the console; several gates on one store show the same.

With the store down what was read last stands, until the console is restarted.
"""

from __future__ import annotations

from dashboards.alerts.objectives import Objectives
from dashboards.alerts.promql import DAY, MINUTE, Terms, each, matchers, number
from dashboards.alerts.rule import COUNT, SHARE, Alert, Group

BOARD = "tidegate-drift"


def group(objectives: Objectives, terms: Terms) -> Group:
    """The group "drift"."""

    def novel(only: str, most: float) -> str:
        return f"max by (app) (tidegate_drift_novel_share{matchers(only)}) > {number(most)}"

    shares = each("app", objectives.novel_share, {app: own.novel_share for app, own in objectives.apps.items()}, novel)
    failures = "tidegate_drift_run_failures_total"
    return Group(
        "drift",
        (),
        (
            Alert(
                "TidegateDriftSignificant",
                "ticket",
                "max by (app) (tidegate_drift_alarms_in_a_row) >= 2",
                0.0,
                f"App {{{{ $labels.app }}}} is no longer used as it was tested: {COUNT} looks in a row have found drift.",
                BOARD,
                ("app",),
            ),
            Alert(
                "TidegateNovelShareHigh",
                "ticket",
                f"({shares})\nand on (app) max by (app) (tidegate_drift_tested) == 1",
                terms.span(90 * MINUTE),  # at least two runs at their usual distance of an hour
                f"{SHARE} of what app {{{{ $labels.app }}}} is asked is about topics that its baseline does not know or hardly knows.",
                BOARD,
                ("app",),
            ),
            Alert(
                "TidegateProviderDrift",
                "ticket",
                "max by (app) (tidegate_drift_provider_alarm) == 1",
                0.0,
                "A provider answers app {{ $labels.app }} otherwise than it did before: the model, or what stands in front of it, has changed.",
                BOARD,
                ("app",),
            ),
            Alert(
                "TidegateDriftRunsFailing",
                "ticket",
                f"increase({failures}[{terms(2 * DAY)}]) >= 2\nand increase({failures}[{terms(DAY)}]) > 0",
                terms.span(5 * MINUTE),
                f"{COUNT} rounds of drift runs did not end well in two days on {{{{ $labels.instance }}}}: what moves now stays unseen.",
                BOARD,
            ),
        ),
    )
