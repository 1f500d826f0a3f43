"""Whether the gate itself is well: every record accounted for, nothing late, nothing lost, everybody alive, room left."""

from __future__ import annotations

from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.alerts.objectives import Objectives
from dashboards.board import Panel, Row, board
from dashboards.clickhouse import Sql
from dashboards.panels import BAD, DOUBTFUL, GOOD, PLAIN, Column, Steps, above, below, figures, lines, rows
from dashboards.prometheus import JOB, latest, query

UID = "tidegate-itself"
_RECORDS = "tidegate_records_total"
_LATE_S = 0.05  # of an event loop: what callers begin to notice
_WEEK_S = 7 * 86400


def itself(objectives: Objectives) -> Dashboard:
    """Thresholds are the objectives of the record."""
    return board(
        UID,
        "Whether the gate itself is well: every record accounted for, nothing late, nothing lost, everybody alive, room left.",
        [
            Row(6, [_up(), _conserved(), _room(objectives)], (10, 6, 8)),
            Row(8, [_records(), _lost(), _late(objectives)]),
            Row(8, [_journal(objectives), _loops(), _carried()]),
            Row(8, [_connections(), _refused(), _spans()]),
            Row(7, [_wrote()]),
        ],
        asks=(),
        last="3h",
    )


def _up() -> Panel:
    return figures(
        "Is everything up?",
        "The runbook of the part that is down says what stands still without it; apps notice only a gate or a worker that is missing.",
        units.NoUnit,
        [
            latest(f"min(up{{{JOB}}})", "gate"),
            latest("min by (instance, worker) (tidegate_worker_up)", "{{instance}} {{worker}}"),
            latest("min(tidegate_recorder_up)", "recorder"),
            latest("min(tidegate_store_up)", "store"),
            latest("min(tidegate_config_valid)", "configuration on disk"),
        ],
        words={"1": ("well", GOOD), "0": ("not well", BAD)},
    )


def _conserved() -> Panel:
    counted = f"sum({_RECORDS}{{state=~\"stored|quarantined|dropped\"}}) + sum(tidegate_records_in_journal)"
    return figures(
        "Is every record accounted for?",
        "Accepted is stored, in the journal, quarantined or dropped, at every instant; anything but 0 here for longer than a moment is a defect: report it.",
        units.NoUnit,
        [latest(f"sum({_RECORDS}{{state=\"accepted\"}}) - ({counted})", "unaccounted for")],
        steps=Steps(BAD, ((0, GOOD), (0.5, BAD))),
        decimals=0,
    )


def _room(objectives: Objectives) -> Panel:
    return figures(
        "What is about to run out?",
        "Room for the journal: free some or raise the volume; a certificate: renew the `ca_file`; a pending configuration is not the one that runs: see the log for why.",
        units.NoUnit,
        [
            latest("min(tidegate_data_dir_free_bytes)", "free for data"),
            latest("min(tidegate_certificate_expiry_timestamp_seconds) - time()", "first certificate expires in"),
            latest("max(tidegate_config_pending)", "configurations pending"),
        ],
        units_of={"free for data": units.BytesIEC, "first certificate expires in": units.Seconds},
        steps_of={
            "free for data": below(objectives.disk_free_bytes),
            "first certificate expires in": below(_WEEK_S),
            "configurations pending": Steps(GOOD, ((1, DOUBTFUL),)),
        },
    )


def _records() -> Panel:
    return lines(
        "What becomes of the records?",
        "Stored follows accepted within a second; where it falls behind, the journal grows and the store is the place to look.",
        units.EventsPerSecond,
        [query(f"sum by (state) (rate({_RECORDS}[$__rate_interval]))", "{{state}}")],
        colours={"accepted": "blue", "stored": GOOD, "quarantined": DOUBTFUL, "dropped": BAD},
    )


def _lost() -> Panel:
    return lines(
        "Is anything lost?",
        "Dropped and lost records found no room: see the journal and the disk; quarantined rows were refused by the store and wait in `quarantine/`.",
        units.Short,
        [
            query(f"sum by (state) (increase({_RECORDS}{{state=~\"quarantined|dropped\"}}[$__rate_interval]))", "{{state}}"),
            query("sum(increase(tidegate_journal_lost_total[$__rate_interval]))", "frames without room"),
            query("sum(increase(tidegate_journal_bodies_lost_total[$__rate_interval]))", "bodies left out"),
        ],
        steps=above(0.5),
    )


def _late(objectives: Objectives) -> Panel:
    return lines(
        "How late is the record?",
        "Above the line the store is slow or down: boards that ask ClickHouse show the past, and what has not come is safe in the journal.",
        units.Seconds,
        [query("max(tidegate_ingest_lag_seconds)", "from an exchange's end to its row"), query("max(tidegate_journal_oldest_age_seconds)", "oldest that is not stored")],
        steps=above(objectives.ingest_lag_s),
    )


def _journal(objectives: Objectives) -> Panel:
    return lines(
        "How full is the journal?",
        "It grows while the store does not take rows, and shrinks by itself afterwards; above the line, mend the store before the disk is full.",
        units.BytesIEC,
        [query("max by (instance) (tidegate_journal_bytes)", "{{instance}}: bytes"), query("max by (instance) (tidegate_records_in_journal)", "{{instance}}: records (right)")],
        right={"B": units.Short},
        steps=above(objectives.journal_bytes),
    )


def _loops() -> Panel:
    return lines(
        "Are the event loops late?",
        "A worker's loop that is late delays every call it carries: add workers, or look for a guard that takes long on large bodies.",
        units.Seconds,
        [query("max by (instance, worker) (max_over_time(tidegate_loop_lag_seconds[$__rate_interval]))", "{{instance}} {{worker}}")],
        steps=above(_LATE_S),
    )


def _carried() -> Panel:
    return lines(
        "What does each worker carry?",
        "Shares should be alike; one without calls is draining or stuck, one with most of them has clients that keep few connections.",
        units.RequestsPerSecond,
        [
            query("sum by (instance, worker) (rate(tidegate_accepted_requests_total[$__rate_interval]))", "{{instance}} {{worker}}: accepted"),
            query("sum by (instance, worker) (tidegate_client_connections)", "{{instance}} {{worker}}: clients' connections"),
        ],
        right={"B": units.Short},
    )


def _connections() -> Panel:
    return lines(
        "Are connections to providers kept?",
        "Reused should be most: if many are opened, the provider closes them early or the traffic is too thin; poisoned ones were closed for bytes nobody had asked for.",
        units.CountsPerSecond,
        [query("sum by (state) (rate(tidegate_upstream_connections_total[$__rate_interval]))", "{{state}}")],
        colours={"reused": GOOD, "opened": "blue", "poisoned": BAD},
    )


def _refused() -> Panel:
    return lines(
        "Does the gate refuse work?",
        "What is refused was too much: for its places (queue, wait), its memory or its files; find out which app asks for more than usual, or which provider has become slow.",
        units.CountsPerSecond,
        [
            query("sum by (reason) (rate(tidegate_shed_total[$__rate_interval]))", "refused: {{reason}}"),
            query("sum by (instance, worker) (tidegate_queued_requests)", "{{instance}} {{worker}}: waiting (right)"),
            query("max by (instance, worker) (tidegate_worker_memory_bytes / tidegate_worker_memory_limit_bytes)", "{{instance}} {{worker}}: memory (right)"),
        ],
        right={"B": units.Short, "C": units.PercentUnit},
    )


def _spans() -> Panel:
    return lines(
        "Do spans reach the collector?",
        "Dropped spans are gone, the records are not: look at the collector's own log, then at `telemetry` in the configuration.",
        units.EventsPerSecond,
        [query("sum by (result) (rate(tidegate_spans_total[$__rate_interval]))", "{{result}}")],
        colours={"exported": GOOD, "dropped": BAD},
    )


def _wrote() -> Panel:
    return rows(
        "Which workers and versions wrote the record?",
        "Two versions side by side are a roll-out that has not ended; calls that a crash cut off belong to the worker that died.",
        Sql("""
            SELECT gateway_version AS version, worker, count() AS calls, countIf(outcome = 'gateway_crash') AS crashed, countIf(startsWith(outcome, 'gateway_')) AS faults,
                min(started_at) AS first, max(started_at) AS newest
            FROM tidegate.exchanges
            WHERE $__timeFilter(started_at)
            GROUP BY version, worker ORDER BY newest DESC LIMIT 50
        """),
        [
            Column("calls", units.Short),
            Column("crashed", units.Short, steps=Steps(PLAIN, ((1, BAD),))),
            Column("faults", units.Short, steps=Steps(PLAIN, ((1, DOUBTFUL),))),
            Column("first", units.DateTimeFromNow),
            Column("newest", units.DateTimeFromNow),
        ],
    )
