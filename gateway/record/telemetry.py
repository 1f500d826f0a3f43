"""OpenTelemetry in the recorder: what is told of each exchange, and what is counted of the telling.

Rules of this file: nothing of it ever stops the recorder. Libraries for it are loaded only where something is sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector as Samples

from gateway.exchange import Exchange
from gateway.log import event

if TYPE_CHECKING:
    from gateway.record.otlp_metrics import OtlpMetrics
    from gateway.record.spans import Spans

CLOSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What is sent where. endpoint "": nothing.  content: also what was said; only to be True where the record is redacted.  places: host and port of providers, by name.

    names: the configured providers, models, apps and envs, which keep their series whatever comes (gateway.record.metrics).
    """

    endpoint: str
    protocol: str = "http"
    ca_file: Path | None = None
    service_name: str = "tidegate"
    version: str = ""
    metrics: bool = True
    content: bool = False
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Telemetry(Samples):
    """observers: to be told of each exchange. As a collector of samples it gives `tidegate_spans_total`, zeros where nothing is sent."""

    def __init__(self, terms: Terms) -> None:
        self._spans: Spans | None = None
        self._metrics: OtlpMetrics | None = None
        if terms.endpoint:
            try:
                self._begin(terms)
            except Exception as e:  # noqa: BLE001  the record matters more
                event("telemetry_unavailable", level=logging.ERROR, error=e)

    def _begin(self, terms: Terms) -> None:
        from gateway.record.otlp_exporters import Collector
        from gateway.record.otlp_metrics import OtlpMetrics
        from gateway.record.span_tree import SpanTree
        from gateway.record.spans import Spans

        collector = Collector(terms.endpoint, terms.protocol, terms.ca_file)
        tree = SpanTree(terms.service_name, terms.version, places=terms.places, content=terms.content)
        self._spans = Spans(collector.spans(), tree)
        if terms.metrics:
            self._metrics = OtlpMetrics(collector.metrics(), tree.resource, tree.scope, names=terms.names, places=terms.places)

    @property
    def observers(self) -> list[Callable[[Exchange], None]]:
        return [each.observe for each in (self._spans, self._metrics) if each is not None]

    def close(self, deadline_s: float = CLOSE_S) -> None:
        """Send what there is, for at most `deadline_s`."""
        end = time.monotonic() + deadline_s
        for each in (self._spans, self._metrics):
            if each is not None:
                each.close(max(0.0, end - time.monotonic()))

    def collect(self) -> Iterator[Metric]:
        counted = CounterMetricFamily("tidegate_spans", "OpenTelemetry spans by what became of them", labels=("result",))
        for result in ("exported", "dropped"):
            counted.add_metric((result,), getattr(self._spans, result, 0))
        yield counted
