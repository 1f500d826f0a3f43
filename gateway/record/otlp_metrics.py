"""The conventions' own metrics of exchanges, sent by OTLP where an endpoint is configured: for backends that know `gen_ai.*` names and scrape nothing.

Rules of this file: values of attributes come from closed sets or pass through a LabelCap, as for Prometheus (gateway/record/metrics.py), and combinations are bounded; totals are
cumulative, so that what a collector misses the next export tells it. Nothing here waits and nothing raises: one thread talks to the collector.

`gen_ai.client.*` is the exchange as the app had it; `gen_ai.server.*` the provider's part, from the start of the attempt that was answered. Cost and the gate's own share, for which the conventions
have no name, are `tidegate.cost` and `tidegate.overhead.duration`. Buckets: the conventions', with longer ones up to the ten minutes that reasoning models take.
Why not the SDK's MeterProvider: it takes some 8 µs for each value, and there are up to nine in an exchange. Deliberately absent: time_per_output_chunk, which nobody
measures; the per-token-kind counters of the conventions' next version.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExporter,
    MetricExportResult,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)  # fmt: skip
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from gateway.exchange import Exchange, Outcome
from gateway.log import event
from gateway.record.metrics import DURATION_BUCKETS, MAX_GROUPS, OTHER, OVERHEAD_BUCKETS, UNKNOWN, LabelCap
from gateway.record.phases import answering, made_anew
from gateway.record.span_attributes import Place, provider_name

EXPORT_EVERY_S = 30.0
TOKEN_BUCKETS = tuple(4**power for power in range(14))
FIRST_TOKEN_BUCKETS = (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60, 120, 300, 600)
PER_TOKEN_BUCKETS = (0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5)
_HISTOGRAMS: Mapping[str, tuple[str, str, tuple[float, ...]]] = {  # name: unit, description, bounds
    "gen_ai.client.operation.duration": ("s", "From the request's head to the reply's end", DURATION_BUCKETS),
    "gen_ai.client.operation.time_to_first_chunk": ("s", "From the request's head to the first byte of a streamed body", DURATION_BUCKETS),
    "gen_ai.client.token.usage": ("{token}", "Input tokens with cached ones, output tokens with reasoning", TOKEN_BUCKETS),
    "gen_ai.server.request.duration": ("s", "The provider's part: the attempt that was answered, to its last byte", DURATION_BUCKETS),
    "gen_ai.server.time_to_first_token": ("s", "From that attempt's start to the first byte of a streamed body", FIRST_TOKEN_BUCKETS),
    "gen_ai.server.time_per_output_token": ("s", "Of a whole streamed reply, after its first chunk", PER_TOKEN_BUCKETS),
    "tidegate.overhead.duration": ("s", "Time that was not waiting for the provider", OVERHEAD_BUCKETS),
}
_DURATION, _FIRST_CHUNK, _TOKENS, _SERVED, _FIRST_TOKEN, _PER_TOKEN, _OVERHEAD = _HISTOGRAMS
_Key = tuple[str, str, str, str, str, str, str, str]  # provider, its conventional name, operation, model, answering model, app, env, error


class _Counts:
    """One histogram of one combination of attributes."""

    __slots__ = ("bounds", "buckets", "greatest", "least", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.buckets = [0] * (len(bounds) + 1)
        self.total, self.least, self.greatest = 0.0, float("inf"), float("-inf")

    def add(self, value: float) -> None:
        self.buckets[bisect_left(self.bounds, value)] += 1
        self.total += value
        if value < self.least:
            self.least = value
        if value > self.greatest:
            self.greatest = value


@dataclass(slots=True)
class _Group:
    """What is counted under one key. tokens: by input and output."""

    counts: dict[str, _Counts] = field(default_factory=dict)
    tokens: dict[str, _Counts] = field(default_factory=dict)
    cost: float | None = None

    def add(self, name: str, value: float) -> None:
        counts = self.counts.get(name)
        if counts is None:
            counts = self.counts[name] = _Counts(_HISTOGRAMS[name][2])
        counts.add(value)

    def add_tokens(self, kind: str, count: int) -> None:
        counts = self.tokens.get(kind)
        if counts is None:
            counts = self.tokens[kind] = _Counts(TOKEN_BUCKETS)
        counts.add(count)


class OtlpMetrics:
    """See the module. One thread observes; another, its own, exports."""

    def __init__(
        self,
        exporter: MetricExporter,
        resource: Resource,
        scope: InstrumentationScope,
        *,
        names: Mapping[str, Sequence[str]] | None = None,
        places: Mapping[str, Place] | None = None,
        every_s: float = EXPORT_EVERY_S,
    ) -> None:
        """names: configured providers, models, apps and envs, as for gateway.record.metrics.Metrics; places: where providers are, by name. exported, failed: exports that were taken, and that were not."""
        self.exported = self.failed = 0
        self._exporter, self._resource, self._scope = exporter, resource, scope
        known = names or {}
        self._provider, self._model = (LabelCap(known.get(name, ())) for name in ("providers", "models"))
        self._app, self._env = LabelCap(known.get("apps", ())), LabelCap(known.get("envs", ()), room=10)
        self._operation = LabelCap(room=50, often=1)
        self._places, self._every_s = dict(places or {}), every_s
        self._groups: dict[_Key, _Group] = {}
        self._lock = threading.Lock()
        self._began = time.time_ns()
        self._stop = threading.Event()
        self._well = True
        self._thread = threading.Thread(target=self._run, name="tidegate-otlp-metrics", daemon=True)
        self._thread.start()

    def observe(self, exchange: Exchange) -> None:
        """Count one exchange."""
        with self._lock:
            self._count(self._group(exchange), exchange)

    def close(self, deadline_s: float = 5.0) -> None:
        """One last export, for at most `deadline_s`."""
        end = time.monotonic() + deadline_s
        self._stop.set()
        self._thread.join(max(0.0, end - time.monotonic()))
        with contextlib.suppress(Exception):  # as for spans
            self._exporter.shutdown()

    # ------------------------------------------------------------------ counting

    def _group(self, exchange: Exchange) -> _Group:
        provider = self._provider(exchange.provider)
        called = provider_name(exchange.provider, exchange.dialect) if provider == exchange.provider else provider
        error = "" if exchange.outcome is Outcome.OK else exchange.outcome.value
        model, answering = self._model(exchange.request_model), self._model(exchange.response_model)
        app, env, operation = self._app(exchange.app), self._env(exchange.env), self._operation(exchange.operation)
        key = (provider, called, operation, model, answering, app, env, error)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MAX_GROUPS:
                key = (provider, called, operation, OTHER, OTHER, OTHER, env, error)
            group = self._groups.setdefault(key, _Group())
        return group

    def _count(self, group: _Group, exchange: Exchange) -> None:
        duration, first = exchange.duration_s, exchange.time_to_first_chunk_s
        if duration is not None:
            group.add(_DURATION, duration)
        if exchange.overhead_s is not None:
            group.add(_OVERHEAD, exchange.overhead_s)
        if exchange.input_tokens is not None:
            group.add_tokens("input", exchange.input_tokens)
        if exchange.output_tokens is not None:
            group.add_tokens("output", exchange.output_tokens)
        if exchange.cost_usd is not None:
            group.cost = (group.cost or 0.0) + float(exchange.cost_usd)
        attempt = answering(exchange)
        if attempt is not None:
            group.add(_SERVED, attempt.duration_s)
        if first is None or not exchange.is_stream:
            return
        group.add(_FIRST_CHUNK, first)
        if attempt is not None:
            group.add(_FIRST_TOKEN, max(0.0, first - attempt.start_s))
        if exchange.outcome is Outcome.OK and duration is not None and exchange.output_tokens is not None and exchange.output_tokens > 1 and not made_anew(exchange):
            group.add(_PER_TOKEN, max(0.0, duration - first) / (exchange.output_tokens - 1))

    # ------------------------------------------------------------------ exporting

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            self._export()
        self._export()

    def _export(self) -> None:
        problem = ""
        try:
            told = self.told()
            if told is None:
                return
            taken = self._exporter.export(told) is MetricExportResult.SUCCESS
        except Exception as e:  # noqa: BLE001  as for spans: the next export has everything
            taken, problem = False, type(e).__name__
        self.exported, self.failed = self.exported + taken, self.failed + (not taken)
        if taken is not self._well:
            self._well = taken
            event("otlp_metrics_flow" if taken else "otlp_metrics_refused", level=logging.INFO if taken else logging.WARNING, failed=self.failed, error=problem or None)

    def told(self) -> MetricsData | None:
        """Everything counted so far; None: nothing was."""
        now = time.time_ns()
        points: dict[str, list[HistogramDataPoint]] = {name: [] for name in _HISTOGRAMS}
        costs: list[NumberDataPoint] = []
        for key, group in list(self._groups.items()):
            about = self._attributes(key)
            with self._lock:  # for one group at a time: the recorder is not to wait for all
                for name, counts in group.counts.items():
                    points[name].append(self._point(about, counts, now))
                for kind, counts in group.tokens.items():
                    points[_TOKENS].append(self._point(about | {"gen_ai.token.type": kind}, counts, now))
                if group.cost is not None:
                    costs.append(NumberDataPoint(about, self._began, now, group.cost))
        told = [
            Metric(name, text, unit, Histogram(points[name], AggregationTemporality.CUMULATIVE)) for name, (unit, text, _) in _HISTOGRAMS.items() if points[name]
        ]
        if costs:
            told.append(Metric("tidegate.cost", "US dollars, where the price is known", "{USD}", Sum(costs, AggregationTemporality.CUMULATIVE, is_monotonic=True)))
        return MetricsData([ResourceMetrics(self._resource, [ScopeMetrics(self._scope, told, "")], "")]) if told else None

    def _attributes(self, key: _Key) -> dict[str, str | int]:
        provider, called, operation, model, answering, app, env, error = key
        about: dict[str, str | int] = {
            "gen_ai.operation.name": operation, "gen_ai.provider.name": called, "tidegate.provider": provider, "tidegate.app": app, "tidegate.env": env,
        }  # fmt: skip
        for name, value in (("gen_ai.request.model", model), ("gen_ai.response.model", answering)):
            if value != UNKNOWN:
                about[name] = value
        place = self._places.get(provider)
        if place is not None:
            about["server.address"], about["server.port"] = place
        if error:
            about["error.type"] = error
        return about

    def _point(self, about: Mapping[str, str | int], counts: _Counts, now: int) -> HistogramDataPoint:
        count = sum(counts.buckets)
        return HistogramDataPoint(dict(about), self._began, now, count, counts.total, tuple(counts.buckets), counts.bounds, counts.least, counts.greatest)
