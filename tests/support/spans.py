"""Spans sent to a real OTLP receiver, for the tests of them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from gateway.exchange import Exchange
from gateway.record.otlp_exporters import Collector
from gateway.record.span_tree import SpanTree
from gateway.record.spans import Spans
from tests.support.otlp import Receiver, Told
from tests.support.recording import BARE

ID = uuid.UUID("01942f3a-0000-7000-8000-0000000000ff")
CHAT: dict[str, Any] = {"provider": "main", "dialect": "anthropic", "operation": "chat", "request_model": "claude-sonnet-4-5", "duration_s": 1.5}
TRACE, SPAN, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "b7ad6b7169203331"
START = int(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC).timestamp()) * 10**9 + 250_001_000
PROTOCOLS = ("http", "grpc")


def chat(**fields: Any) -> Exchange:
    return replace(BARE, **{"id": ID, "started_at": dt.datetime(2026, 11, 1, 12, 0, 0, 250_001, tzinfo=dt.UTC)} | CHAT | fields)


def begun(receiver: Receiver, protocol: str = "http", **tree: Any) -> Spans:
    return Spans(Collector(receiver.url(protocol), protocol).spans(), SpanTree("my-gate", "1.2.3", **tree))


def sent(receiver: Receiver, *exchanges: Exchange, protocol: str = "http", **tree: Any) -> list[Told]:
    spans = begun(receiver, protocol, **tree)
    for each in exchanges:
        spans.observe(each)
    spans.close(10)
    assert (spans.exported, spans.dropped) == (sum(1 + len(each.phases) for each in exchanges), 0)
    return receiver.spans


