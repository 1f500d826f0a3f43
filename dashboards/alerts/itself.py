"""Does the gate do its own work? Every result keeps `instance`: each gate is looked after by itself.

What is left when parts are away: with the gate down only `up` is; with the recorder down, the console's own series. Rules over what the recorder counts have no
result then, so they go out, and RecorderDown or TidegateDown stand in their place; those over records look an hour back and are there again when it is.
"""

from __future__ import annotations

from dashboards.alerts.objectives import Objectives
from dashboards.alerts.promql import HOUR, JOB, MINUTE, Terms, number
from dashboards.alerts.rule import BYTES, COUNT, SECONDS, SHARE, Alert, Group, Severity

BOARD = "tidegate-itself"
SPANS = 0.01  # share of all that were to be exported
SHED = 0.02  # share of all that wanted in: less is the tip of a burst, which the queue is there for
MEMORY = 0.85  # of a worker's share; the gate sheds from 0.9 on


def group(objectives: Objectives, terms: Terms) -> Group:
    """The group "itself"."""
    return Group("itself", (), (*_processes(terms), *_load(objectives, terms), *_record(objectives, terms), *_around(objectives, terms)))


def _processes(terms: Terms) -> list[Alert]:
    up = f'up{{job="{JOB}"}}'
    gate = "{{ with $labels.instance }}Tidegate at {{ . }}{{ else }}Tidegate{{ end }}"
    return [
        Alert("TidegateDown", "page", f"{up} == 0\nor absent({up})", terms.span(MINUTE), f"{gate} is down or cannot be asked: apps behind it may get no answers.", BOARD),
        Alert(
            "TidegateRecorderDown",
            "page",
            "tidegate_recorder_up == 0",
            terms.span(2 * MINUTE),
            "The recorder of {{ $labels.instance }} is down: apps are served and nothing is lost, but nothing is counted, so most other alerts are blind.",
            BOARD,
        ),
        Alert(
            "TidegateWorkerDown",
            "page",
            "tidegate_worker_up == 0",
            terms.span(MINUTE),
            "Worker {{ $labels.worker }} of {{ $labels.instance }} has given no sign of life for a minute: its share of the connections waits or is refused.",
            BOARD,
            ("worker",),
        ),
        Alert(
            "TidegateStoreDown",
            "page",
            "tidegate_store_up == 0",
            terms.span(5 * MINUTE),
            "The store of {{ $labels.instance }} takes nothing: apps are served, records gather in the journal until its disk is full, and nothing is counted.",
            BOARD,
        ),
    ]


def _load(objectives: Objectives, terms: Terms) -> list[Alert]:
    window = terms(5 * MINUTE)
    shed = f"sum by (job, instance) (increase(tidegate_shed_total[{window}]))"
    # A connection that is refused for want of files brought no request that could be counted.
    wanted = f'sum by (job, instance) (increase(tidegate_accepted_requests_total[{window}]))\n  + sum by (job, instance) (increase(tidegate_shed_total{{reason="files"}}[{window}]))'
    return [
        Alert(
            "TidegateShedding",
            "page",
            f"{shed} / (\n  {wanted}\n) > {SHED}\nand {shed} >= {number(objectives.least_calls / 4)}",
            terms.span(MINUTE),  # as soon as what it explains
            f"{{{{ $labels.instance }}}} has refused {SHARE} of the requests of the last five minutes with a 503, because it has more to do than it can carry.",
            BOARD,
        ),
        Alert(
            "TidegateMemoryHigh",
            "ticket",
            f"tidegate_worker_memory_bytes / tidegate_worker_memory_limit_bytes > {MEMORY}",
            terms.span(5 * MINUTE),
            f"Worker {{{{ $labels.worker }}}} of {{{{ $labels.instance }}}} uses {SHARE} of its share of the memory, and refuses requests at 90%.",
            BOARD,
            ("worker",),
        ),
    ]


def _record(objectives: Objectives, terms: Terms) -> list[Alert]:
    lag, five = number(objectives.ingest_lag_s), terms(5 * MINUTE)

    def since_an_hour(name: str, severity: Severity, state: str, summary: str) -> Alert:
        # Totals that survive restarts and of which there is a 0 from the start, so the least of the hour is what was there before the first one.
        total = f'sum by (job, instance) (tidegate_records_total{{state="{state}"}})'
        return Alert(name, severity, f"{total} - min_over_time(({total})[{terms(HOUR)}:{terms(15)}]) > 0", 0.0, summary, BOARD)

    lost = terms.grown("job, instance, worker", "tidegate_journal_lost_total", HOUR)
    return [
        # Of the journal's bytes those that are stored and only held are no worry: they go when there is too much. An old batch says that the rest waits.
        Alert(
            "TidegateJournalGrowing",
            "page",
            f"tidegate_journal_bytes > {number(objectives.journal_bytes)}\nand max_over_time(tidegate_journal_oldest_age_seconds[{five}]) > {lag}",
            terms.span(5 * MINUTE),
            f"The journal of {{{{ $labels.instance }}}} has grown to {BYTES} that wait for the store, and when its disk is full records are lost.",
            BOARD,
        ),
        # The lag is the last batch's and stands still without traffic, so it counts only while there are batches; the age is of the batch that waits.
        Alert(
            "TidegateIngestLag",
            "ticket",
            f"tidegate_journal_oldest_age_seconds > {lag}\n"
            f'or tidegate_ingest_lag_seconds > {lag} and on (job, instance) increase(tidegate_records_total{{state="stored"}}[{five}]) > 0',
            terms.span(5 * MINUTE),
            f"Records of {{{{ $labels.instance }}}} arrive in the store {SECONDS} late, and all figures with them.",
            BOARD,
        ),
        since_an_hour("TidegateRecordsDropped", "page", "dropped", f"{COUNT} records of {{{{ $labels.instance }}}} were lost in the last hour: the exchanges took place and are not on record."),
        since_an_hour(
            "TidegateRecordsQuarantined", "ticket", "quarantined", f"The store refused {COUNT} records of {{{{ $labels.instance }}}} in the last hour, which wait in the quarantine directory."
        ),
        Alert(
            "TidegateJournalLost",
            "page",
            f"{lost} > 0",
            0.0,
            f"Worker {{{{ $labels.worker }}}} of {{{{ $labels.instance }}}} could not write {COUNT} frames to its journal in the last hour: those exchanges are not wholly on record.",
            BOARD,
            ("worker",),
        ),
    ]


def _around(objectives: Objectives, terms: Terms) -> list[Alert]:
    spans = f"sum by (job, instance) (increase(tidegate_spans_total[{terms(15 * MINUTE)}]))"
    dropped = f'sum by (job, instance) (increase(tidegate_spans_total{{result="dropped"}}[{terms(15 * MINUTE)}]))'
    return [
        Alert(
            "TidegateDiskFilling",
            "page",
            f"tidegate_data_dir_free_bytes < {number(objectives.disk_free_bytes)}",
            terms.span(5 * MINUTE),
            f"The disk under data_dir of {{{{ $labels.instance }}}} has {BYTES} left, and when it is full records are lost.",
            BOARD,
        ),
        # Of the file on disk, so what is wrong with it shows before a start fails on it.
        Alert(
            "TidegateConfigInvalid",
            "ticket",
            "tidegate_config_valid == 0",
            terms.span(5 * MINUTE),
            "The configuration file of {{ $labels.instance }} would not load: the gate runs on what it read before, and would not start again.",
            BOARD,
        ),
        Alert(
            "TidegateConfigReloadFailed",
            "ticket",
            "tidegate_config_last_reload_successful == 0 unless on (job, instance) tidegate_config_valid == 0",  # that one has an alert of its own
            terms.span(5 * MINUTE),
            "The changed configuration of {{ $labels.instance }} was not taken although it would load: the gate goes on with the one it had.",
            BOARD,
        ),
        Alert(
            "TidegateSpansDropped",
            "ticket",
            f"{dropped} / {spans} > {SPANS}",
            terms.span(10 * MINUTE),
            f"{SHARE} of the spans of {{{{ $labels.instance }}}} do not arrive at the collector; the record itself has them all.",
            BOARD,
        ),
    ]
