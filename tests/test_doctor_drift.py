"""What doctor says of drift, asked of a real store: the last look at each app, the next one, and what keeps an app from being looked at."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detectors.drift.looks import LEAST, YEAR
from gateway.commands import doctor_drift
from gateway.commands.doctor_config import Look
from gateway.config import parse
from gateway.store.client import Store
from gateway.store.migrate import migrate
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer, free_port
from tests.support.drift_runs import run, stored, untested
from tests.support.exchanges import exchange

PROVIDERS = "providers: {o: {dialect: openai, base_url: 'https://api.example'}}\ndata_dir: .\n"
HOUR = dt.timedelta(hours=1)
NOW = dt.datetime.now(dt.UTC)
UP_S = 30 * 86400.0
QUIET = ("quiet", "late", "alarm", "few", "broken", "resumed", "untouched")


def traffic(app: str, env: str, ago: dt.timedelta) -> Any:
    return exchange(id=uuid.uuid4(), app=app, env=env, started_at=NOW - ago)


EXCHANGES = [
    *(traffic(app, "dev", 300 * HOUR) for app in QUIET),
    *(traffic(app, "prod", HOUR / 30) for app in (*QUIET, "bare")),
    *(traffic(app, "prod", 9 * HOUR) for app in ("late", "untouched")),
    traffic("few", "prod", 9 * HOUR),
]
LEFT_OUT = ("3 of 15 exchanges were left out: 3 embeddings.", "Nothing was compared: the window has 12 rows, fewer than 100 (drift.min_rows).")
RUNS = [
    run(app="quiet", started_at=NOW - HOUR / 2, report=untested(), alarm=False, alarm_alpha=0.0),
    run(app="quiet", started_at=NOW - 0.25 * HOUR, alarm=False, alarm_alpha=0.0),
    run(app="quiet", started_at=NOW - 5 * HOUR, alarm=False),
    run(app="late", started_at=NOW - 10 * HOUR, alarm=False),
    run(app="alarm", started_at=NOW - 2 * HOUR),
    run(app="alarm", started_at=NOW - 1 * HOUR, alarm=False, alarm_alpha=0.0),
    run(app="few", started_at=NOW - HOUR, report=untested(notes=LEFT_OUT), alarm=False, alarm_alpha=0.0),
    run(app="broken", started_at=NOW - 2 * HOUR, report=untested(), alarm=False, alarm_alpha=0.0, model=""),
    run(app="broken", started_at=NOW - HOUR, report=untested(), alarm=False, alarm_alpha=0.0, model=""),
    run(app="resumed", started_at=NOW - 100 * HOUR, alarm=False),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    async def fill(server: ClickHouseServer) -> None:
        await migrate(server.target, retention_days=3650)
        writer = Store(server.target)
        await writer.insert([encode(each) for each in EXCHANGES], token="doctor")
        await stored(writer, RUNS)
        made = b'{"app":"few","name":"golden","version":1,"source":"file","created_at":"2026-01-01 00:00:00","changed_at":"2026-01-01 00:00:00","rows":3,"of_rows":3,"gone":%s}'
        await writer.insert_rows("drift_baselines", [made % b"false", made.replace(b"golden", b"removed") % b"true"], token="named")
        await writer.close()

    with ClickHouseServer(tmp_path_factory.mktemp("doctor")) as running:
        asyncio.run(fill(running))
        yield running


def look(server: ClickHouseServer, tmp_path: Path, drift: str = "{}", uptime_s: float | None = UP_S) -> Look:
    return doctor_drift.watched(parse(f"{PROVIDERS}store: {{url: '{server.url}'}}\ndrift: {drift}\n", base=tmp_path), uptime_s=uptime_s)


def advice(found: Look, app: str) -> list[tuple[str, str]]:
    return [(each.severity, each.what) for each in found.advice if each.where == f"drift of {app}"]


def of(found: Look, app: str) -> dict[str, Any]:
    (line,) = [line for line in found.seen["apps"] if line["app"] == app]
    return dict(line)


def test_an_app_that_is_well_is_a_line_and_no_advice(server: ClickHouseServer, tmp_path: Path):
    """When it was looked at, with what result, and when it will be again: the look that may alarm comes when enough of the budget is saved."""
    found = look(server, tmp_path, "{every: 1h, yearly_false_alarms: 0.1}")
    line = of(found, "quiet")
    last = (NOW - 0.25 * HOUR).timestamp()
    assert (line["last_at"], line["next_run_at"]) == (pytest.approx(last, abs=1), pytest.approx(last + 3600, abs=1))
    assert (line["tested"], line["why"], line["alarm"], line["failures"]) == (True, "", False, 0)
    assert line["next_look_at"] == pytest.approx((NOW - 5 * HOUR).timestamp() + LEAST * YEAR / 0.1, abs=1)
    assert advice(found, "quiet") == []
    (said,) = [text for text in doctor_drift.report(found.seen) if text.startswith("  quiet ")]
    assert f"last run {NOW - 0.25 * HOUR:%Y-%m-%d %H:%M}Z, tested; no alarm; next run from" in said


def test_an_alarm_stands_until_the_next_look_that_may_alarm(server: ClickHouseServer, tmp_path: Path):
    """An hour later a run without a part of the budget found nothing to say, and the alarm is as true as it was."""
    found = look(server, tmp_path)
    assert of(found, "alarm")["alarm"] is True
    ((severity, what),) = advice(found, "alarm")
    assert severity == "warning" and "an alarm" in what
    assert any(text.startswith("  alarm ") and "; ALARM;" in text for text in doctor_drift.report(found.seen))


def test_a_budget_that_is_spent_is_said(server: ClickHouseServer, tmp_path: Path):
    """Who lowers the yearly rate has spent more than it allows: nothing can alarm for months, which must not be found out when something should have."""
    assert of(look(server, tmp_path, "{yearly_false_alarms: 0.0005}"), "quiet")["next_look_at"] is not None  # what is left is enough for one look
    ((severity, what),) = advice(look(server, tmp_path, "{yearly_false_alarms: 0.0001}"), "quiet")
    assert (severity, what) == ("note", "no look may alarm: those of the last year have had more than there is now of drift.yearly_false_alarms")
    assert "none while this year's budget is spent" in " ".join(doctor_drift.report(look(server, tmp_path, "{yearly_false_alarms: 0.0001}").seen))


def test_what_was_not_tested_says_why_and_a_failure_is_more(server: ClickHouseServer, tmp_path: Path):
    """Too few rows is a fact to know; a run that broke is something to act on, and how often is counted."""
    found = look(server, tmp_path)
    assert advice(found, "few") == [("note", "its last run tested nothing: Nothing was compared: the window has 12 rows, fewer than 100 (drift.min_rows)")]  # and not what else was noted
    ((severity, what),) = advice(found, "broken")
    assert (severity, what.partition(":")[0], of(found, "broken")["failures"]) == ("warning", "its last run came to nothing", 2)
    assert any("2 runs of the last 7 days failed" in text for text in doctor_drift.report(found.seen))


def test_runs_that_do_not_come_are_a_warning(server: ClickHouseServer, tmp_path: Path):
    """A machine too busy for runs of the lowest priority looks like one without drift. Of what waits: since there was traffic, a baseline and a gate."""
    late = {each.where for each in look(server, tmp_path).advice if each.what.startswith("nothing was run")}
    assert late == {"drift of late", "drift of untouched"}  # nobody used `resumed` until a moment ago, and `bare` has nothing to compare with
    ((severity, what),) = advice(look(server, tmp_path), "late")
    assert (severity, what) == ("warning", "nothing was run for 9 h, though it has traffic and drift.every is 60 min")
    assert advice(look(server, tmp_path, uptime_s=2 * 3600.0), "late") == advice(look(server, tmp_path, uptime_s=None), "late") == []
    assert advice(look(server, tmp_path, "{every: 4h}"), "late") == []


def test_an_app_that_is_never_run_says_why(server: ClickHouseServer, tmp_path: Path):
    """Nothing in dev: the schedule passes it over, and only here is that said."""
    found = look(server, tmp_path)
    assert (of(found, "bare")["last_at"], [severity for severity, _ in advice(found, "bare")]) == (None, ["note"])
    assert "  bare         never run: nothing to compare with" in doctor_drift.report(found.seen)
    assert of(found, "untouched")["why"] == "its first run is still to come"


def missing(found: Look) -> dict[str, str]:
    return {each.where: each.what.partition(":")[0] for each in found.advice if each.where.endswith("baseline")}


def test_a_baseline_that_is_not_stored_is_a_warning(server: ClickHouseServer, tmp_path: Path):
    """A slip of the pen in a name, or a baseline that was removed, ends all looks in silence. An app's own holds for it alone."""
    assert missing(look(server, tmp_path)) == {}
    assert missing(look(server, tmp_path, "{enabled: false, apps: {few: {enabled: true, baseline: golden}}}")) == {}
    assert missing(look(server, tmp_path, "{enabled: false, apps: {few: {enabled: true, baseline: removed}}}")) == {"drift.apps.few.baseline": 'there is no stored baseline "removed" for few'}
    newer = "{enabled: false, apps: {few: {enabled: true, baseline: {name: golden, version: 2}}}}"
    assert missing(look(server, tmp_path, newer)) == {"drift.apps.few.baseline": 'there is no stored baseline "golden@2" for few'}
    everywhere = missing(look(server, tmp_path, "{baseline: golden}"))["drift.baseline"]
    assert everywhere == 'there is no stored baseline "golden" for alarm, bare, broken, late, quiet and others'
    assert missing(look(server, tmp_path, "{env: nowhere, apps: {few: {enabled: false}}, baseline: gone}"))["drift.baseline"].startswith('there is no stored baseline "gone"')


def test_a_store_that_cannot_say_is_no_traceback(server: ClickHouseServer, tmp_path: Path):
    """One that is down is told of by the look at the store; tables that are not there are told here; what is switched off is not asked."""
    down = parse(f"{PROVIDERS}store: {{url: 'http://u:p@127.0.0.1:{free_port()}/tidegate'}}\n", base=tmp_path)
    assert (doctor_drift.watched(down).seen, doctor_drift.watched(down).advice) == ({"enabled": True, "reachable": False}, [])
    bare = parse(f"{PROVIDERS}store: {{url: '{server.url.rpartition('/')[0]}/default'}}\n", base=tmp_path)
    assert [(each.severity, each.act) for each in doctor_drift.watched(bare).advice] == [("error", "tidegate migrate")]
    off = look(server, tmp_path, "{enabled: false}")
    assert (off.seen, off.advice, doctor_drift.report(off.seen)) == ({"enabled": False}, [], ["drift      not enabled"])
