"""The public surface: names that users, their dashboards and their scripts hold on to. Dropping or renaming one is a breaking change."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from gateway import cli
from gateway.drift.report_json import as_json
from gateway.exchange import Exchange, Outcome
from gateway.record.metrics import Metrics
from tests.support.drift_reports import report

ROOT = Path(__file__).parent.parent

COLUMNS = """
id started_at app env key_id user_id session_id trace_id span_id prompt_name prompt_version tags provider dialect operation endpoint request_model response_model
is_stream status upstream_status outcome error_code finish_reason attempts duration_s time_to_first_chunk_s upstream_s connect_s overhead_s guard_s
input_tokens output_tokens cache_read_tokens cache_write_tokens reasoning_tokens usage_source cost_usd price_source request_bytes reply_bytes
prompt_text reply_text request_body reply_body findings verdict batch_id worker gateway_version phases trace_sampled route
""".split()

METRICS = """
tidegate_requests_total tidegate_request_duration_seconds tidegate_time_to_first_chunk_seconds tidegate_time_per_output_token_seconds tidegate_overhead_seconds
tidegate_tokens_total tidegate_cost_usd_total tidegate_records_total tidegate_journal_bytes tidegate_journal_oldest_age_seconds tidegate_ingest_lag_seconds
tidegate_store_up tidegate_build_info tidegate_guard_findings_total tidegate_guard_duration_seconds tidegate_guard_errors_total tidegate_errors_total tidegate_verdicts_total
tidegate_attempts_total
""".split()

WORKER_METRICS = """
tidegate_inflight_requests tidegate_loop_lag_seconds tidegate_breakers_open tidegate_breaker_fast_fails tidegate_retries tidegate_hedges tidegate_shed tidegate_queued_requests
tidegate_worker_memory_bytes tidegate_worker_memory_limit_bytes
""".split()


def test_columns():
    """Every query and dashboard names columns."""
    assert set(COLUMNS) <= {field.name for field in dataclasses.fields(Exchange)}


def test_outcomes_name_their_party():
    """An alert on whose fault it is is one regular expression."""
    assert all(re.fullmatch(r"ok|(caller|policy|provider|gateway)_[a-z_]+", outcome.value) for outcome in Outcome)


def test_metrics():
    """Every alert rule names metrics; `# TYPE` lines are there before the first request."""
    metrics = Metrics(version="0", providers=("p",), models=(), apps=(), envs=())
    exposed = re.findall(r"^# TYPE (\S+)", metrics.exposition().decode(), re.M)
    assert set(METRICS) <= set(exposed)
    source = (ROOT / "gateway/console/metrics.py").read_text()
    assert all(name in source for name in WORKER_METRICS)


@pytest.mark.parametrize("command", ["serve", "demo", "check", "doctor", "sql", "migrate", "export", "verify", "keys", "guard", "drift"])
def test_commands(command, capsys):
    """Each has a --help that exits 0."""
    assert cli.main([command, "--help"]) == 0
    assert command in capsys.readouterr().out


def test_wrong_use_exits_2():
    """Scripts tell "not so" (1) from "you called me wrongly" (2)."""
    assert cli.main(["no-such-command"]) == 2


def test_make_targets():
    """The README's commands, and those that outside checks call."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert {"demo", "serve", "test", "bench", "bench-short", "matrix", "chaos", "eval-guards"} <= targets


@pytest.mark.parametrize("view", ["latency_by_model", "latency_by_tokens", "cost_by_day", "exchanges_1m"])
def test_views(view):
    """Documented in README; their numbers are tested on the real server in tests/store."""
    schema = "".join(path.read_text() for path in (ROOT / "gateway/store/schema").glob("*.sql"))
    assert re.search(rf"\$database\.{view}\b", schema)


@pytest.mark.parametrize("action", [["compare"], ["run"], ["runs"], ["show"], ["baseline", "create"], ["baseline", "list"], ["baseline", "show"], ["baseline", "remove"], ["baseline", "suggest"]])
def test_drift_actions(action, capsys):
    """Pipelines call them; each has a --help with an example."""
    assert cli.main(["drift", *action, "--help"]) == 0
    assert "example: tidegate drift" in capsys.readouterr().out


def test_the_json_of_drift():
    """What `drift compare --json`, `drift run --json` and /api/drift have in common."""
    said = as_json(report())
    assert {"alarm", "alpha", "aspects", "topics", "structure"} <= said.keys()
    assert {"name", "pvalue", "significant"} <= said["aspects"][0].keys()
    assert {"keywords", "direction", "share_baseline", "share_window", "rows", "exemplars"} <= said["topics"][0].keys()
    assert {"feature", "pvalue", "effect"} <= said["structure"][0].keys()
