"""Queries for Prometheus: the labels that variables choose, and quantiles over them. `$__rate_interval` is Grafana's own: at least four scrapes."""

from __future__ import annotations

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.models.common import DataSourceRef

TYPE = "prometheus"
SOURCE = DataSourceRef(type_val=TYPE, uid="${prometheus}")
JOB = 'job="tidegate"'
_LABELS = ("app", "env", "provider", "model")


def chosen(*labels: str, more: str = "") -> str:
    """A selector: of these labels what the variables say (default: all four), and more."""
    return "{" + ",".join((*(f'{name}=~"${name}"' for name in labels or _LABELS), *((more,) if more else ()))) + "}"


def rate(series: str, *labels: str, more: str = "") -> str:
    """Per second."""
    return f"rate({series}{chosen(*labels, more=more)}[$__rate_interval])"


def quantiles(histogram: str, *labels: str) -> list[prometheus.Dataquery]:
    """p50, p90 and p99 of a histogram over everything that is chosen: buckets are summed first, for quantiles of parts have no mean."""
    buckets = f"sum by (le) ({rate(f'{histogram}_bucket', *labels)})"
    return [query(f"histogram_quantile({share}, {buckets})", f"p{round(100 * share)}") for share in (0.5, 0.9, 0.99)]


def query(expression: str, legend: str) -> prometheus.Dataquery:
    """Over the board's time range. Its ref id is given by the panel."""
    return _query(expression, legend).range()


def latest(expression: str, legend: str) -> prometheus.Dataquery:
    """At the end of the board's time range."""
    return _query(expression, legend).instant()


def _query(expression: str, legend: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().datasource(SOURCE).expr(expression).legend_format(legend)
