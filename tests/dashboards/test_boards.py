"""The boards as they are checked in: what Grafana would stumble over, and what a reader at night would miss, without any engine.

Whether the queries return anything is for tests that run them. What series there are is asked of the processes that serve them, not of a list.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway import vitals
from gateway.console import metrics as console
from gateway.console.drift_series import Rounds, Series
from gateway.console.installation import Installation
from gateway.exchange import Finding, Outcome
from gateway.record.metrics import FAILED, Metrics
from gateway.record.telemetry import Telemetry, Terms
from gateway.workers import Worker
from tests.support.exchanges import exchange

pytest.importorskip("grafana_foundation_sdk", reason="boards are built with the extra dashboards")

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards import build, clickhouse
from dashboards.alerts.objectives import Objectives
from dashboards.board import BOARDS, Row, board

SCHEMA = Path(__file__).parents[2] / "gateway/store/schema"
OF_PROMETHEUS, OF_SCRAPES = {"up"}, {"instance", "job"}  # which it makes itself
MADE = build.boards()
PANELS = [pytest.param(uid, panel, id=f"{uid}: {panel['title']}") for uid, made in MADE.items() for panel in made["panels"]]
TARGETS = [pytest.param(uid, panel, target, id=f"{uid}: {panel['title']} {target['refId']}") for uid, made in MADE.items() for panel in made["panels"] for target in panel["targets"]]
PROMQL = [each for each in TARGETS if "expr" in each.values[2]]
SQL = [each for each in TARGETS if "rawSql" in each.values[2]]


def texts(value: Any) -> Iterator[str]:
    """Every string in a JSON value, wherever it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def test_what_is_checked_in_is_what_is_built():
    """Grafana is given the files; a board that was changed in one place only is two boards."""
    files = {file.stem: file.read_text(encoding="utf-8") for file in build.CHECKED_IN.glob("*.json")}
    assert files == {uid: build.spelled(made) for uid, made in MADE.items()}, "run: make dashboards"


def test_building_twice_makes_the_same(tmp_path):
    """Otherwise every build would be a change to review."""
    assert build.boards() == MADE
    assert [file.read_text(encoding="utf-8") for file in build.write(tmp_path)] == [build.spelled(made) for made in MADE.values()]


def test_there_are_five_boards_and_each_is_small():
    """What is on a board must be read at three in the morning."""
    assert list(MADE) == list(BOARDS)
    assert {uid: len(made["panels"]) for uid, made in MADE.items() if not 6 <= len(made["panels"]) <= 13} == {}


def test_without_the_extra_the_error_names_it(monkeypatch):
    """Whoever installed no more than a gate is told what is missing."""
    monkeypatch.setitem(sys.modules, "grafana_foundation_sdk.cog.encoder", None)
    with pytest.raises(ModuleNotFoundError, match='extra "dashboards"'):
        build.boards()


def test_objectives_move_the_thresholds():
    """A line in a panel that is not the promised one misleads."""
    made = build.boards(Objectives(latency_p90_s=7.5, cost_per_day_usd=40.0))
    found = {panel["title"]: panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps") for each in made.values() for panel in each["panels"]}
    assert found["How long do calls take?"][-1] == {"value": 7.5, "color": "red"}
    assert found["What did each day cost?"][-1] == {"value": 40.0, "color": "red"}


@pytest.mark.parametrize(("uid", "panel"), PANELS)
def test_panels_ask_and_say_what_to_do(uid, panel):
    """A title is the question that the panel answers, its description one sentence that helps when the answer is bad; numbers have a unit."""
    assert panel["title"].endswith("?") and len(panel["title"]) <= 70
    description = panel["description"]
    assert description.endswith(".") and ". " not in description and 40 <= len(description) <= 200
    assert panel["type"] in ("timeseries", "stat", "table")
    if panel["type"] != "table":
        assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert {target["datasource"]["type"] for target in panel["targets"]} == {panel["datasource"]["type"]}
    assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@pytest.mark.parametrize("made", [pytest.param(made, id=uid) for uid, made in MADE.items()])
def test_the_grid_has_no_overlaps(made):
    """Grafana moves panels that overlap to wherever it likes; ids that are not unique mix up their data."""
    panels = made["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    cells = [(panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y) for panel in panels for x in range(panel["gridPos"]["w"]) for y in range(panel["gridPos"]["h"])]
    assert len(cells) == len(set(cells)) and {x for x, _ in cells} == set(range(24))


def test_a_row_that_does_not_fit_is_refused():
    """A mistake in a width is found when it is made."""
    with pytest.raises(ValueError, match="1 panels with widths"):
        board("tidegate-cost", "", [Row(8, MADE["tidegate-cost"]["panels"][:1], (25,))])


@pytest.mark.parametrize("made", [pytest.param(made, id=uid) for uid, made in MADE.items()])
def test_every_variable_is_defined(made):
    """One that is not stays in the query as it stands, and matches nothing."""
    defined = {variable["name"] for variable in made["templating"]["list"]}
    assert defined == {"prometheus", "clickhouse", "app", "env", "provider", "model", "console"}
    used = {name for text in texts(made) for name in re.findall(r"\$\{?([A-Za-z]\w*)", text)}
    assert used <= defined
    seen = {variable["name"] for variable in made["templating"]["list"] if variable["type"] == "query" and variable["hide"] == 0}
    asked = {name for panel in made["panels"] for text in texts(panel) for name in re.findall(r"\$\{?(app|env|provider|model)\b", text)}
    assert asked == seen, "one that is chosen and not shown filters in secret; one that is shown and not asked for filters nothing"


@pytest.mark.parametrize("made", [pytest.param(made, id=uid) for uid, made in MADE.items()])
def test_links_lead_to_boards_that_exist(made):
    """Every board leads to every other, with what was chosen and the same time; a link in a table too leads to a board, or to the console."""
    to = {link["url"] for link in made["links"]}
    assert to == {f"/d/{uid}" for uid in MADE if uid != made["uid"]}
    assert all(link["keepTime"] and link["includeVars"] and "placement" not in link for link in made["links"])
    urls = [link["url"] for panel in made["panels"] for override in panel["fieldConfig"]["overrides"] for found in override["properties"] if found["id"] == "links" for link in found["value"]]
    for url in urls:
        assert re.fullmatch(r"\$\{console\}/api/(exchanges|drift)/\$\{__data\.fields\.(id|run)\}", url) or url.split("?")[0].removeprefix("/d/") in MADE


@pytest.mark.parametrize("made", [pytest.param(made, id=uid) for uid, made in MADE.items()])
def test_overrides_name_columns_that_the_query_has(made):
    """An override for a column that was renamed does nothing, and its link is gone."""
    for panel in made["panels"]:
        for override in panel["fieldConfig"]["overrides"]:
            matcher, name = override["matcher"]["id"], override["matcher"]["options"]
            if matcher == "byFrameRefID":
                assert name in {target["refId"] for target in panel["targets"]}
            elif panel["datasource"]["type"] == clickhouse.TYPE:
                assert re.search(rf"(\bAS `?|SELECT |, ){re.escape(name)}\b", panel["targets"][0]["rawSql"]), (panel["title"], name)
                fields = {field for found in override["properties"] if found["id"] == "links" for link in found["value"] for field in re.findall(r"__data\.fields\.(\w+)", link["url"])}
                assert fields <= {name}
            elif matcher == "byRegexp":
                assert any(name.strip("/") in target["legendFormat"] for target in panel["targets"])


@pytest.mark.parametrize("made", [pytest.param(made, id=uid) for uid, made in MADE.items()])
def test_the_sdk_reads_what_it_wrote(made):
    """Its models know every field that is there: nothing was spelled by hand that they would drop."""
    clickhouse.register()
    again = json.loads(JSONEncoder().encode(Dashboard.from_json(json.loads(json.dumps(made)))))
    assert build.mended(again) == made


def served(tmp_path: Path) -> str:
    """What `/metrics` says after an exchange of each sort, of a gate with all there is."""
    metrics = Metrics(version="1")
    metrics.registry.register(Telemetry(Terms("")))
    failed = Finding("names", "error", "request", FAILED, 0.0, 1)
    for made in (exchange(1, guard_s=0.01), exchange(2, cost_usd=None), exchange(3, outcome=Outcome.PROVIDER_ERROR, error_code="upstream_error", findings=(failed,))):
        metrics.observe(made)

    async def newest(since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> list[dict[str, Any]]:
        run = {"app": "shop", "at": now.timestamp(), "tested": True, "alarm": True, "novel_share": 0.1, "pvalue": 0.5, "names": ["topics"], "pvalues": [0.5], "in_a_row": 1}
        return [{**run, "provider": False}, {**run, "provider": True}]

    config = tmp_path / "tidegate.yaml"
    config.write_text("")
    installed = Installation(tmp_path, source=config, running=config, loads=lambda path: True, ca_files={}, pool=tmp_path / "none.sock", detectors=["names"])
    worker = Worker("w0", 0.0, {**dict.fromkeys((*vitals.FIELDS, *vitals.BREAKERS), 1.0), "pid": float(os.getpid())})
    drift = asyncio.run(Series(newest, rounds=Rounds(0, 1.0)).families())
    return (metrics.exposition() + console.exposition([worker], recorder_up=True, providers=["openai"], more=[*drift, *installed.families()])).decode()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    return served(tmp_path_factory.mktemp("served"))


@pytest.mark.parametrize(("uid", "panel", "target"), PROMQL)
def test_promql_names_series_that_are_served(uid, panel, target, page):
    """A series that nobody serves makes a panel that is blank for ever, and blank looks like well. Families that have no sample yet say at least of what type they are."""
    series = {name + end for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", page, re.M) for end in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))}
    named = names(target["expr"])
    assert named and named <= series | OF_PROMETHEUS
    assert target["instant"] != target["range"] and target["instant"] == (panel["type"] == "stat")
    assert not re.search(r"(rate|increase)\([^)]*\[(?!\$__rate_interval\]|1h\])", target["expr"])


@pytest.mark.parametrize(("uid", "panel", "target"), PROMQL)
def test_promql_names_labels_that_the_series_have(uid, panel, target, page):
    """A label that a series has not got chooses nothing, groups everything into one, and leaves a legend blank."""
    known = set(OF_SCRAPES)
    for name in names(target["expr"]):
        for labels in re.findall(rf"^{name}\{{(.*)\}} ", page, re.M):
            known |= set(re.findall(r'(\w+)="', labels))
    asked = set(re.findall(r'(\w+)(?:=|!=|=~|!~)"', target["expr"]))
    grouped = {label.strip() for labels in re.findall(r"\bby \(([^)]*)\)", target["expr"]) for label in labels.split(",")}
    legend = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
    assert target["legendFormat"] and asked | grouped <= known and legend <= grouped


def names(expression: str) -> set[str]:
    """The series of a PromQL expression."""
    return set(re.findall(r"\b(?:tidegate_\w+|up)\b(?=[{\[)\s]|$)", re.sub(r'"[^"]*"', '""', expression)))


@pytest.mark.parametrize(("uid", "panel", "target"), PROMQL)
def test_quantiles_are_of_summed_buckets(uid, panel, target):
    """The quantile of a sum is what people waited; a mean of quantiles is nothing."""
    if "_bucket" in target["expr"]:
        assert re.fullmatch(r"histogram_quantile\(0\.\d+, sum by \(le\) \(rate\(\w+_bucket\{.*\}\[\$__rate_interval\]\)\)\)", target["expr"])


@pytest.mark.parametrize(("uid", "panel", "target"), SQL)
def test_sql_reads_tables_that_exist_and_not_too_much_of_them(uid, panel, target):
    """Tables in full, for the source's default database may be another; a bound in time, for the record is long; a limit, for a browser is small."""
    sql = target["rawSql"]
    tables = set(re.findall(r"\b(?:FROM|JOIN)\s+(?!\()([\w.]+)", sql.replace("ARRAY JOIN", "ARRAY-").replace("FROM decodeURLComponent(", "")))
    known = {f"tidegate.{name}" for file in SCHEMA.glob("*.sql") for name in re.findall(r"EXISTS \$database\.(\w+)", file.read_text())}
    assert tables and tables <= known
    assert "$__timeFilter(" in sql or "$__fromTime" in sql or "now('UTC')" in sql
    if target["queryType"] == "timeseries":
        assert "AS time" in sql and sql.rstrip().endswith("ORDER BY time")
    elif panel["type"] == "table":
        assert re.search(r"LIMIT \d+$", sql.rstrip())


@pytest.mark.parametrize(("uid", "panel", "target"), SQL)
def test_sql_filters_nothing_while_all_is_chosen(uid, panel, target):
    """Label values are capped: a list of all of them leaves out every row whose name is one too many. The plugin finds a macro's arguments by brackets and commas alone."""
    sql = target["rawSql"]
    outside = sql
    for start in [found.start() for found in re.finditer(r"\$__conditionalAll\(", sql)]:
        depth, commas = 0, 0
        for place in itertools.count(start + len("$__conditionalAll")):
            depth += {"(": 1, ")": -1}.get(sql[place], 0)
            commas += sql[place] == "," and depth == 1
            if depth == 0:
                break
        macro = sql[start : place + 1]
        assert commas == 1
        name = re.search(r", \$(\w+)\)$", macro)
        assert name is not None and set(re.findall(r"\$\{(\w+):percentencode\}", macro)) == {name[1]}
        assert set(re.findall(r"\$\{\w+(:\w+)?\}", macro)) == {":percentencode"}, "a name with a backslash would go on as SQL"
        outside = outside.replace(macro, "")
    assert not re.search(r"\$\{?(app|env|provider|model)\b", outside)
    if uid not in ("tidegate-drift", "tidegate-itself"):
        assert all(f"${name})" in sql for name in ("app", "env", "provider", "model"))


@pytest.mark.parametrize(("uid", "panel", "target"), SQL)
def test_a_model_is_the_one_that_was_asked_for(uid, panel, target):
    """Prometheus' label is the name asked for; a filter on another would show nothing for what was chosen."""
    if "$model)" in target["rawSql"]:
        assert f"({clickhouse.MODEL} IN (arrayConcat(" in target["rawSql"]
