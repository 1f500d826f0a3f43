"""Runs of drift for tests: a plausible one, and what to change about it; and how they get into a store."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from detectors.drift.base import Aspect, Feature, Report, Topic
from gateway.drift.outcome import Named, Run, Sampled, run_line, topic_lines
from gateway.drift.past import SCHEDULED
from gateway.store.client import Store

START = dt.datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=dt.UTC)


def moments_ago(seconds: float) -> dt.datetime:
    """For processes, which have the real clock."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)


def topic(**changes: Any) -> Topic:
    centre = np.zeros(4, dtype=np.float32)
    centre[1] = 1.0
    made = Topic(
        "topics", ("reembolso", "pedido"), "new", 0.0, 0.11, (0.0, 0.002), (0.09, 0.13), rows=(1, 4, 5), baseline_rows=(), exemplars=("¿Cuándo recibiré el reembolso?",), centre=centre, pvalue=0.001,
    )  # fmt: skip
    return replace(made, **changes)


def report(**changes: Any) -> Report:
    made = Report(
        alarm=True,
        alpha=0.01,
        pvalue=0.0005,
        tested=True,
        aspects=(Aspect("topics", 0.0005, True), Aspect("structure", 0.4, False)),
        topics=(topic(),),
        structure=(Feature("structure", "length", 0.4, False, "median length 41 -> 44 characters", 0.05),),
        rows_baseline=2000,
        rows_window=27,
        notes=("Conversations were thinned to one row.",),
        permutations=999,
    )
    return replace(made, **changes)


def untested(**changes: Any) -> Report:
    few = {"notes": ("Nothing was tested: 12 rows are fewer than 100.",), **changes}
    return report(alarm=False, pvalue=1.0, tested=False, aspects=(), topics=(), structure=(), permutations=0, **few)


def run(number: int = 0, **changes: Any) -> Run:
    """The number-th hourly run of an app."""
    at = START + dt.timedelta(hours=number)
    found = changes.pop("report", report())
    named = tuple(Named(each, uuid.UUID(int=900 + i), START, "refunds in Spanish", (uuid.UUID(int=7),)) for i, each in enumerate(found.topics))
    made = Run(
        id=uuid.uuid4(),
        started_at=at,
        app="shop",
        prompt="",
        kind=SCHEDULED,
        report=found,
        baseline=Sampled("dev", 0, (START - dt.timedelta(days=9), START), 2000, 400),
        window=Sampled("prod", 0, (at - dt.timedelta(hours=1), at), 27, 20),
        alarm=found.alarm,
        alarm_alpha=0.0002,
        model="bundled",
        seconds=1.5,
        topics=named,
        gateway_version="1.0",
        after=uuid.uuid4(),
    )
    return replace(made, **changes)


async def stored(store: Store, runs: Iterable[Run]) -> None:
    """Put them there, as gateway.drift.run does."""
    for each in runs:
        if each.topics:
            await store.insert_rows("drift_topics", topic_lines(each), token=f"topics-{each.id}")
        await store.insert_rows("drift_runs", [run_line(each)], token=each.token)
