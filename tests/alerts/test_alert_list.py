"""The list of alerts is what the rules, the tests and the runbooks are."""

from __future__ import annotations

import re

from dashboards.alerts.render import ALERTS
from tests.support.alert_list import FILE, end_to_end, listing, unit_tests


def test_the_file_is_what_it_is_made_of():
    """A list that is not true is worse than none. To make it anew: python -m tests.support.alert_list."""
    assert FILE.read_text() == listing()


def test_no_alert_is_without_runbook_or_unit_test():
    """What was never seen to fire may never fire, and what is not explained wakes somebody in vain."""
    rows = [line for line in FILE.read_text().splitlines() if line.startswith("| Tidegate")]
    assert len(rows) == len(ALERTS) and [row for row in rows if "| none |" in row] == []
    assert {alert.name for alert in ALERTS} <= unit_tests().keys()


def test_most_pages_are_proven_end_to_end():
    """At least eight alerts by real faults, and of what wakes people all but what a test cannot cause."""
    ends = end_to_end()
    assert sum(end == "yes" for end in ends.values()) >= 20
    assert {alert.name for alert in ALERTS if alert.severity == "page"} - ends.keys() == {"TidegateDiskFilling"}


def test_no_template_is_left_in_it():
    """It is read by people."""
    assert re.findall(r"\{\{|\}\}|\$labels|\$value", FILE.read_text()) == []
