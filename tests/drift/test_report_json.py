"""The JSON of a report: names that scripts hold on to."""

from __future__ import annotations

import json

from gateway.drift import page, report_json
from gateway.drift.report_json import as_json
from tests.support.drift_reports import report, topic


def test_the_members_that_scripts_read():
    """These names are documented; more may come."""
    said = json.loads(json.dumps(as_json(report()), allow_nan=False))
    assert said.keys() >= {"alarm", "alpha", "aspects", "topics", "structure", "pvalue", "tested", "rows_baseline", "rows_window", "notes", "novel_share"}
    assert said["aspects"][0] == {"name": "topics", "pvalue": 0.0004, "significant": True}
    assert said["topics"][0].keys() >= {"keywords", "direction", "share_baseline", "share_window", "rows", "exemplars"}
    assert (said["topics"][0]["rows"], said["topics"][0]["size"], said["topics"][0]["share_window"]) == ([0, 2, 4, 6], 4, 0.11)
    assert said["structure"][0].keys() >= {"feature", "pvalue", "effect"}


def test_structure_is_what_has_changed():
    """Unless all that was tested is asked for."""
    assert [each["feature"] for each in as_json(report())["structure"]] == ["characters"]  # type: ignore[attr-defined]
    assert [each["significant"] for each in as_json(report(), every=True)["structure"]] == [True, False]  # type: ignore[attr-defined]


def test_novel_share_counts_a_row_once():
    """Two topics may hold it."""
    both = report(topics=(topic(), topic(rows=(4, 6, 8), direction="grown"), topic(rows=(9,), direction="shrunk")), rows_window=10)
    assert as_json(both)["novel_share"] == 0.5


def test_what_is_read_back_shows_as_what_was_written():
    """A stored run is shown again months later: the same sentences, bars and verdict."""
    made = report(topics=(topic(), topic(rows=(), baseline_rows=(3, 5), direction="gone")))
    read = report_json.report(json.loads(json.dumps(as_json(made, every=True))))
    assert as_json(read, every=True) == as_json(made, every=True)
    assert page.page(read, every=True) == page.page(made, every=True)
    untested = report(tested=False, alarm=False, aspects=(), topics=(), structure=())
    assert report_json.report(as_json(untested, every=True)) == untested
