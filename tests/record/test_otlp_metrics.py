"""The conventions' own metrics, as a real OTLP receiver sees them."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import grpc
import pytest
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from gateway.exchange import Exchange, Outcome, Phase
from gateway.record.otlp_exporters import Collector
from gateway.record.otlp_metrics import DURATION_BUCKETS, MAX_GROUPS, OtlpMetrics
from tests.support.exchanges import exchange
from tests.support.otlp import Fault, Receiver, plain

NAMES = {"providers": ["openai"], "models": ["gpt-4o-mini", "gpt-4o-mini-2024-07-18"], "apps": ["checkout"], "envs": ["prod"]}
NEVER = 3600.0  # the export at the end is the only one


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def begun(exporter: MetricExporter, **options: Any) -> OtlpMetrics:
    return OtlpMetrics(exporter, Resource({"service.name": "gate"}), InstrumentationScope("tidegate", "1"), **{"names": NAMES, "every_s": NEVER, **options})


def told(receiver: Receiver, *exchanges: Exchange, protocol: str = "http", **options: Any) -> dict[str, list[tuple[dict[str, Any], Any]]]:
    """Points of each metric with their attributes, after these exchanges."""
    metrics = begun(Collector(receiver.url(protocol), protocol).metrics(), **options)
    for each in exchanges:
        metrics.observe(each)
    metrics.close(10)
    assert (metrics.exported, metrics.failed) == (1 if exchanges else 0, 0)
    return {name: [(plain(point.attributes), point) for point in points] for name, points in receiver.points().items()}


def test_the_providers_part_is_that_of_the_attempt_that_was_answered(receiver: Receiver) -> None:
    """A hedge that lost began later; its time says nothing of the provider that the exchange is counted under."""
    tried = (Phase("attempt", 0.125, 1.0, "ok", "", 200, provider="openai"), Phase("attempt", 0.25, 0.125, "caller_cancelled", provider="spare"))
    found = told(receiver, exchange(1, is_stream=True, time_to_first_chunk_s=0.375, phases=tried))
    sums = {name: [point.sum for _, point in points] for name, points in found.items() if name.startswith("gen_ai.server") and "per" not in name}
    assert sums == {"gen_ai.server.request.duration": [1.0], "gen_ai.server.time_to_first_token": [0.25]}


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_an_exchange_is_counted_under_the_conventions_names(receiver: Receiver, protocol: str) -> None:
    """A backend that knows gen_ai.* has its boards ready; every number is one of the row's."""
    one = exchange(1, phases=(Phase("attempt", 0.001, 0.125, "provider_unreachable"), Phase("attempt", 0.25, 0.9375, "ok", "", 200)), cost_usd=Decimal("0.25"))
    found = told(receiver, one, one, protocol=protocol, places={"openai": ("api.openai.com", 443)})
    about = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini", "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "server.address": "api.openai.com", "server.port": 443, "tidegate.provider": "openai", "tidegate.app": "checkout", "tidegate.env": "prod",
    }  # fmt: skip
    sums = {name: [(attributes, point.count, point.sum) for attributes, point in points] for name, points in found.items() if name != "tidegate.cost"}
    tokens = sums.pop("gen_ai.client.token.usage")
    assert sorted(tokens, key=lambda each: each[2]) == [({**about, "gen_ai.token.type": kind}, 2, total) for kind, total in (("output", 2 * 97), ("input", 2 * 812))]
    assert sums == {
        "gen_ai.client.operation.duration": [(about, 2, 2.5)],
        "gen_ai.client.operation.time_to_first_chunk": [(about, 2, 0.75)],
        "gen_ai.server.request.duration": [(about, 2, 1.875)],
        "gen_ai.server.time_to_first_token": [(about, 2, 0.25)],
        "gen_ai.server.time_per_output_token": [(about, 2, pytest.approx(2 * 0.875 / 96))],
        "tidegate.overhead.duration": [(about, 2, 0.004)],
    }
    ((attributes, cost),) = found["tidegate.cost"]
    assert (attributes, cost.as_double) == (about, 0.5)


def test_buckets_are_the_conventions_and_reach_ten_minutes(receiver: Receiver) -> None:
    """Reasoning models take minutes; a last bound of 82 s would put them all in one bucket. A value on a bound belongs to it."""
    found = told(receiver, exchange(1, duration_s=0.01), exchange(2, duration_s=599.0), exchange(3, duration_s=601.0))
    ((_, point),) = found["gen_ai.client.operation.duration"]
    assert tuple(point.explicit_bounds) == DURATION_BUCKETS and DURATION_BUCKETS[:14] == tuple(0.01 * 2**n for n in range(14)) and DURATION_BUCKETS[-1] == 600
    assert (point.bucket_counts[0], point.bucket_counts[-2], point.bucket_counts[-1], point.min, point.max) == (1, 1, 1, 0.01, 601.0)
    bounds = {name: tuple(points[0][1].explicit_bounds) for name, points in found.items() if hasattr(points[0][1], "explicit_bounds")}
    assert bounds["gen_ai.client.token.usage"] == tuple(4.0**n for n in range(14))
    assert bounds["gen_ai.server.time_to_first_token"][:4] == (0.001, 0.005, 0.01, 0.02) and bounds["gen_ai.server.time_per_output_token"][-1] == 2.5


def test_what_is_not_known_is_not_counted(receiver: Receiver) -> None:
    """Law 6: a call without usage is no call with 0 tokens, and what was never sent took no provider's time."""
    found = told(receiver, exchange(1, input_tokens=None, output_tokens=None, cost_usd=None, phases=(), is_stream=False, request_model="", response_model="", outcome=Outcome.POLICY_BLOCKED))
    assert set(found) == {"gen_ai.client.operation.duration", "tidegate.overhead.duration"}
    attributes = found["gen_ai.client.operation.duration"][0][0]
    assert attributes["error.type"] == "policy_blocked" and not {"gen_ai.request.model", "gen_ai.response.model"} & set(attributes)


def test_invented_names_make_a_constant_number_of_series(receiver: Receiver) -> None:
    """Law 9: what clients call models and apps is theirs, what a backend bills by the series is the operator's."""
    invented = [exchange(n, app=f"app-{n}", env=f"env-{n}", request_model=f"m-{n}\n", response_model=f"r-{n}", provider=f"p-{n}") for n in range(3000)]
    ((attributes, point),) = told(receiver, *invented)["gen_ai.client.operation.duration"]
    assert point.count == 3000 and {attributes[name] for name in ("gen_ai.request.model", "gen_ai.response.model", "tidegate.app", "tidegate.env", "tidegate.provider", "gen_ai.provider.name")} == {"other"}


def test_combinations_are_bounded(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty names of each are 125,000 combinations."""
    assert MAX_GROUPS == 2000
    monkeypatch.setattr("gateway.record.otlp_metrics.MAX_GROUPS", 3)
    names = NAMES | {"apps": [f"app-{n}" for n in range(20)]}
    points = told(receiver, *(exchange(n, app=f"app-{n}") for n in range(20)), names=names)["gen_ai.client.operation.duration"]
    assert {attributes["tidegate.app"]: point.count for attributes, point in points} == {"app-0": 1, "app-1": 1, "app-2": 1, "other": 17}


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_messages_stay_below_what_collectors_take(receiver: Receiver, protocol: str) -> None:
    """gRPC servers refuse more than 4 MB at once, and totals only grow: what is refused once would be refused for ever."""
    names = NAMES | {"apps": [f"application-{n}" for n in range(1500)]}
    stream: dict[str, Any] = {"is_stream": True, "time_to_first_chunk_s": 0.25, "phases": (Phase("attempt", 0.1, 0.9, "ok", "", 200),)}
    metrics = begun(Collector(receiver.url(protocol), protocol).metrics(), names=names)
    for n in range(1500):
        metrics.observe(exchange(n, app=f"application-{n}", **stream))
    metrics.close(60)
    assert (metrics.exported, metrics.failed) == (1, 0)
    assert max(message.ByteSize() for message in receiver.metrics) < 4 << 20 < sum(message.ByteSize() for message in receiver.metrics)
    apps = [
        plain(point.attributes)["tidegate.app"]
        for message in receiver.metrics for resource in message.resource_metrics for scope in resource.scope_metrics
        for metric in scope.metrics if metric.name == "gen_ai.client.operation.duration" for point in metric.histogram.data_points
    ]  # fmt: skip
    assert sorted(apps) == sorted(names["apps"])


def test_nothing_observed_is_nothing_sent(receiver: Receiver) -> None:
    """An idle gate is no traffic for a collector."""
    assert told(receiver) == {} and receiver.asked == []


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_what_a_collector_missed_the_next_export_tells(receiver: Receiver, protocol: str) -> None:
    """Totals are cumulative: an outage of the collector loses no exchange."""
    receiver.fault = Fault(status=400, code=grpc.StatusCode.INTERNAL)
    metrics = begun(Collector(receiver.url(protocol), protocol).metrics(), every_s=0.01)
    metrics.observe(exchange(1))
    receiver.await_asked(2)
    receiver.fault = Fault()
    receiver.await_(lambda: bool(receiver.metrics))
    metrics.observe(exchange(2))
    metrics.close(10)
    (point,) = receiver.points()["gen_ai.client.operation.duration"]
    assert point.count == 2 and metrics.failed >= 1 and metrics.exported >= 1
    assert point.time_unix_nano > point.start_time_unix_nano > dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp() * 1e9


class Stuck(MetricExporter):
    """A collector that does not answer until released, and then fails."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.release = threading.Event(), threading.Event()

    def export(self, metrics_data: Any, timeout_millis: float = 10_000, **kwargs: Any) -> MetricExportResult:
        self.entered.set()
        self.release.wait(60)
        raise RuntimeError("no answer")

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return True

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        raise RuntimeError("and at the end")


def test_a_stuck_collector_blocks_nobody() -> None:
    """Law 4: exchanges are counted while an export hangs, and the end keeps its deadline."""
    stuck = Stuck()
    metrics = begun(stuck, every_s=0.01)
    metrics.observe(exchange(1))
    assert stuck.entered.wait(60)
    metrics.observe(exchange(2))
    metrics.close(0.05)
    assert metrics._thread.is_alive()
    stuck.release.set()
    metrics._thread.join(60)
    assert not metrics._thread.is_alive() and metrics.failed >= 1 and metrics.exported == 0
