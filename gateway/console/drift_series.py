"""The series of drift on `/metrics`: of each app its newest scheduled run, read from the store and remembered between scrapes.

    tidegate_drift_pvalue{app,aspect}   tidegate_drift_novel_share{app}   tidegate_drift_alarm{app}   tidegate_drift_alarms_in_a_row{app}
    tidegate_drift_tested{app}   tidegate_drift_provider_alarm{app}   tidegate_drift_last_run_timestamp_seconds{app}   tidegate_drift_run_failures_total   tidegate_drift_run_seconds

What somebody asked for (`tidegate drift run`) is in none of them: a look with other settings is no dot in a trend, and a gate that never looked by itself shows nothing.
What to alert on is the alarm: it is that of the newest look which had a part of the yearly budget, so it neither goes out between two
looks, which may be days apart, nor comes from a p-value that was read too often. alarms_in_a_row counts such looks back from the newest, as long as each was an alarm, of the prompt
that has most: 0 when the newest was none, 2 or more when a second look has borne the first one out. aspect "all" is the run's own p-value, corrected for every aspect. Of providers there are
a p-value (aspect "provider") and an alarm of their own, and no part in the others: what they change is no drift of users.

Where an app has several prompts (`drift.per_prompt`), and for the apps beyond the label's cap, which are "other", a series shows the worst of them.

A scrape asks the store at most every FRESH_S and waits for it at most DEADLINE_S; one question at a time. While the store is down the last known values
stand, and the timestamp says how old they are. An app without a run for `keep_s` has no series: what nobody looks at any more is not known to be well.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from gateway.errors import StoreError
from gateway.record.metrics import LabelCap

FRESH_S, DEADLINE_S, AGAIN_S = 5.0, 1.0, 20.0  # AGAIN_S: until a store that did not answer is asked again
ALL, PROVIDER = "all", "provider"
_ASPECTS = frozenset(("topics", "structure", "output_topics", "output_structure", "pairs"))


class Newest(Protocol):
    """Asks the store for what gateway.drift.past.newest gives. Raises StoreError."""

    def __call__(self, since: dt.datetime, now: dt.datetime, *, deadline_s: float) -> Awaitable[list[dict[str, Any]]]: ...


@dataclass(slots=True)
class Rounds:
    """What the schedule has done since the console started. seconds: how long the last round of runs took, None before the first.  failures: rounds that did not end well."""

    failures: int = 0
    seconds: float | None = None


@dataclass(slots=True)
class _App:
    """The worst of an app's newest runs."""

    at: float = 0.0
    tested: bool = False
    alarm: bool = False
    in_a_row: int = 0
    novel_share: float | None = None  # None: nothing was tested
    pvalues: dict[str, float] = field(default_factory=dict)
    provider_alarm: bool | None = None  # None: nobody looked

    def add(self, row: Mapping[str, Any]) -> None:
        if row.get("provider"):
            self.provider_alarm = bool(row["alarm"]) or bool(self.provider_alarm)
            if row["pvalue"] is not None:
                self.pvalues[PROVIDER] = min(float(row["pvalue"]), self.pvalues.get(PROVIDER, 1.0))
            return
        self.at = max(self.at, float(row["at"]))
        self.tested |= bool(row["tested"])
        self.alarm |= bool(row["alarm"])
        self.in_a_row = max(self.in_a_row, int(row["in_a_row"]))
        if row["novel_share"] is not None:
            self.novel_share = max(self.novel_share or 0.0, float(row["novel_share"]))
        found = {name: value for name, value in zip(row["names"], row["pvalues"], strict=True) if name in _ASPECTS}
        if row["pvalue"] is not None:
            found[ALL] = row["pvalue"]
        for name, value in found.items():
            self.pvalues[name] = min(float(value), self.pvalues.get(name, 1.0))


class Series:
    """Of one console. newest: asks the store.  apps: configured ones, which keep their label whatever comes.  keep_s: how long a run speaks for its app."""

    def __init__(self, newest: Newest, *, apps: Iterable[str] = (), keep_s: float = 86400.0, rounds: Rounds | None = None, clock: Callable[[], float] = time.time) -> None:
        self._newest, self._keep_s, self._clock, self.rounds = newest, keep_s, clock, rounds or Rounds()
        self._app = LabelCap(apps, often=1)
        self._rows: list[dict[str, Any]] = []
        self._next = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def families(self) -> list[Metric]:
        """The series as of now. Never raises, and never waits for longer than DEADLINE_S."""
        if self._asking is None and time.monotonic() >= self._next:
            self._asking = asyncio.create_task(self._refresh())
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=DEADLINE_S)
        return list(self._families())

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _refresh(self) -> None:
        pause = AGAIN_S
        try:
            now = dt.datetime.fromtimestamp(self._clock(), dt.UTC)
            self._rows = await self._newest(now - dt.timedelta(seconds=self._keep_s), now, deadline_s=DEADLINE_S)
            pause = FRESH_S
        except StoreError:
            pass  # tidegate_store_up says so; what is known stands
        finally:
            self._next, self._asking = time.monotonic() + pause, None

    def _families(self) -> Iterator[Metric]:
        apps: dict[str, _App] = {}
        since = self._clock() - self._keep_s
        for row in self._rows:
            if float(row["at"]) >= since:
                apps.setdefault(self._app(row["app"]), _App()).add(row)
        pvalue = GaugeMetricFamily("tidegate_drift_pvalue", "Of the newest scheduled run, corrected for all that it tested; aspect all: of the run.", labels=["app", "aspect"])
        novel = GaugeMetricFamily("tidegate_drift_novel_share", "Share of the window's inputs in topics that are new or have grown, 0 to 1.", labels=["app"])
        alarm = GaugeMetricFamily("tidegate_drift_alarm", "1 if the last look that had a part of the yearly budget found drift.", labels=["app"])
        in_a_row = GaugeMetricFamily("tidegate_drift_alarms_in_a_row", "How many of the newest such looks found drift without a break, 0 if the newest did not.", labels=["app"])
        provider = GaugeMetricFamily("tidegate_drift_provider_alarm", "1 if the last such look found that a provider has changed.", labels=["app"])
        tested = GaugeMetricFamily("tidegate_drift_tested", "0 if the newest scheduled run could not test anything; its notes say why.", labels=["app"])
        at = GaugeMetricFamily("tidegate_drift_last_run_timestamp_seconds", "When the newest scheduled run started, seconds since the epoch.", labels=["app"])
        for app, worst in apps.items():
            for name, value in worst.pvalues.items():
                pvalue.add_metric([app, name], value)
            if worst.novel_share is not None:
                novel.add_metric([app], worst.novel_share)
            if worst.provider_alarm is not None:
                provider.add_metric([app], worst.provider_alarm)
            if not worst.at:
                continue  # of such an app's users nothing is known
            alarm.add_metric([app], worst.alarm)
            in_a_row.add_metric([app], worst.in_a_row)
            tested.add_metric([app], worst.tested)
            at.add_metric([app], worst.at)
        yield from (pvalue, novel, alarm, in_a_row, provider, tested, at)
        yield CounterMetricFamily("tidegate_drift_run_failures", "Rounds of scheduled runs that did not end well.", value=self.rounds.failures)
        if self.rounds.seconds is not None:
            yield GaugeMetricFamily("tidegate_drift_run_seconds", "How long the last round of scheduled runs took.", value=self.rounds.seconds)
