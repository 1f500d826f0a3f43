"""Spans derived from exchanges, as a real OTLP/HTTP receiver sees them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import threading
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from gateway.exchange import Exchange, Outcome
from gateway.record.spans import BATCH, Spans, traces_url

ID = uuid.UUID("01942f3a-0000-7000-8000-0000000000ff")
EMPTY: dict[str, Any] = {
    "str": "",
    "int": 0,
    "bool": False,
    "int | None": None,
    "float | None": None,
    "decimal.Decimal | None": None,
    "dict[str, str]": {},
    "tuple[Finding, ...]": (),
    "uuid.UUID": ID,
    "dt.datetime": dt.datetime(2026, 11, 1, 12, 0, 0, 250_001, tzinfo=dt.UTC),
    "Outcome": Outcome.OK,
}
BLANK = {f.name: EMPTY[str(f.type)] for f in dataclasses.fields(Exchange)}
CHAT: dict[str, Any] = {"provider": "main", "dialect": "anthropic", "operation": "chat", "request_model": "claude-sonnet-4-5", "duration_s": 1.5}


def chat(**fields: Any) -> Exchange:
    return Exchange(**BLANK | CHAT | fields)


class Sink:
    """A collector: takes OTLP/HTTP protobuf, keeps what it understood, can be told to refuse."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.resources: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.raw = b""
        self.status = 200
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                body = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
                sink.paths.append(self.path)
                if sink.status == 200:
                    sink.raw += body
                    message = ExportTraceServiceRequest.FromString(body)
                    for group in message.resource_spans:
                        sink.resources.append(plain(group.resource.attributes))
                        sink.spans += [span for scope in group.scope_spans for span in scope.spans]
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(sink.status)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Tests print nothing of their own."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


def plain(attributes: Any) -> dict[str, Any]:
    def value(v: Any) -> Any:
        kind = v.WhichOneof("value")
        return [value(x) for x in v.array_value.values] if kind == "array_value" else getattr(v, kind)

    return {a.key: value(a.value) for a in attributes}


def sent(sink: Sink, *exchanges: Exchange) -> list[Any]:
    spans = Spans(sink.url, "my-gate", version="1.2.3")
    for exchange in exchanges:
        spans.observe(exchange)
    spans.close()
    assert (spans.exported, spans.dropped) == (len(exchanges), 0)
    return sink.spans


def test_a_span_is_the_exchange_in_the_conventions_words(sink: Sink) -> None:
    """Any OpenTelemetry backend must find tokens, models and times where the GenAI conventions put them, under the caller's trace."""
    trace, span, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "b7ad6b7169203331"
    (got,) = sent(
        sink,
        chat(
            trace_id=trace, span_id=span, parent_span_id=parent, response_model="claude-sonnet-4-5-20250929", is_stream=True, time_to_first_chunk_s=0.25,
            status=200, finish_reason="end_turn", input_tokens=100, output_tokens=20, cache_read_tokens=60, cache_write_tokens=30, reasoning_tokens=5,
            usage_source="provider", cost_usd=Decimal("0.125"), overhead_s=0.0005, session_id="s-1", app="shop", env="prod", verdict="not_checked",
        ),
    )  # fmt: skip
    start = int(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC).timestamp()) * 10**9 + 250_001_000
    assert (got.name, got.kind, got.trace_id.hex(), got.span_id.hex(), got.parent_span_id.hex()) == ("chat claude-sonnet-4-5", got.SPAN_KIND_CLIENT, trace, span, parent)
    assert (got.start_time_unix_nano, got.end_time_unix_nano, got.status.code) == (start, start + 1_500_000_000, 0)
    assert plain(got.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.request.stream": True,
        "gen_ai.response.model": "claude-sonnet-4-5-20250929",
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.response.time_to_first_chunk": 0.25,
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 60,
        "gen_ai.usage.cache_creation.input_tokens": 30,
        "gen_ai.usage.reasoning.output_tokens": 5,
        "gen_ai.conversation.id": "s-1",
        "http.response.status_code": 200,
        "tidegate.exchange.id": str(ID),
        "tidegate.provider": "main",
        "tidegate.app": "shop",
        "tidegate.env": "prod",
        "tidegate.usage_source": "provider",
        "tidegate.cost_usd": 0.125,
        "tidegate.overhead_s": 0.0005,
        "tidegate.verdict": "not_checked",
    }
    assert sink.paths == ["/v1/traces"]
    assert (sink.resources[0]["service.name"], sink.resources[0]["service.version"]) == ("my-gate", "1.2.3")


def test_a_failed_exchange_names_whose_fault_it_was(sink: Sink) -> None:
    """error.type is the closed outcome, so one query tells a provider's failures from the gate's."""
    (got,) = sent(sink, chat(outcome=Outcome.PROVIDER_TIMEOUT, error_code="provider_timeout_idle"))
    assert (plain(got.attributes)["error.type"], got.status.code, got.status.message) == ("provider_timeout", got.status.STATUS_CODE_ERROR, "provider_timeout_idle")


def test_unknown_tokens_and_cost_are_absent_not_zero(sink: Sink) -> None:
    """Law 6 holds in every view."""
    (got,) = sent(sink, chat())
    assert not [name for name in plain(got.attributes) if "usage" in name or "cost" in name]


def test_content_never_leaves_by_a_span(sink: Sink) -> None:
    """A trace backend has other readers than the record; texts, bodies and users have no place in it."""
    secret = {name: f"canary-{name}" for name in ("prompt_text", "reply_text", "request_body", "reply_body", "usage_raw", "user_id", "key_id", "endpoint")}
    sent(sink, chat(**secret, tags={"canary-tag": "canary-value"}))
    assert b"canary" not in sink.raw


@pytest.mark.parametrize(("trace", "span"), [("", ""), ("-" + "1" * 31, "+" + "1" * 15), ("0" * 32, "0" * 16), ("zz" * 16, "zz" * 8)])
def test_without_usable_ids_the_exchanges_own_id_is_used(sink: Sink, trace: str, span: str) -> None:
    """One odd traceparent must neither lose its span nor fail the batch it is in."""
    (got,) = sent(sink, chat(trace_id=trace, span_id=span, parent_span_id=span))
    assert (got.trace_id, got.span_id, got.parent_span_id) == (ID.bytes, ID.bytes[8:], b"")


def test_text_that_is_no_unicode_does_not_fail_its_batch(sink: Sink) -> None:
    """Protobuf refuses half surrogates; one hostile name would take 511 other spans with it."""
    got = sent(sink, chat(request_model="a\ud800b", finish_reason="\udfff", session_id="s" * 100_000), chat())
    assert [(s.name, len(plain(s.attributes).get("gen_ai.conversation.id", ""))) for s in got] == [("chat a?b", 1024), ("chat claude-sonnet-4-5", 0)]


def test_what_the_collector_refuses_is_counted_as_dropped(sink: Sink) -> None:
    """A wrong endpoint must show in a number, not only in a log."""
    sink.status = 400
    spans = Spans(sink.url, "gate", version="1")
    spans.observe(chat())
    spans.close()
    assert (spans.exported, spans.dropped) == (0, 1)


class Stuck(SpanExporter):
    """A collector that takes a batch and does not answer until released."""

    def __init__(self) -> None:
        self.entered, self.release, self.closed = threading.Event(), threading.Event(), False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.entered.set()
        self.release.wait(30)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self.closed = True


def test_a_stuck_collector_blocks_nobody_and_every_span_is_accounted_for() -> None:
    """Law 4: the recorder must go on at its own pace, with a bounded queue and a count of what was lost; closing keeps its deadline."""
    stuck = Stuck()
    spans = Spans("http://unused", "gate", version="1", max_queue=10, exporter=stuck)
    spans.observe(chat())
    assert stuck.entered.wait(10)
    for _ in range(25):
        spans.observe(chat())
    assert spans.dropped == 15
    spans.close(deadline_s=0.05)
    assert (spans.dropped, stuck.closed, spans._thread.is_alive()) == (25, True, True)  # it did not wait for the collector
    spans.observe(chat())
    assert spans.dropped == 26
    stuck.release.set()
    spans._thread.join(10)
    assert (spans.exported, spans.dropped, spans._thread.is_alive()) == (1, 26, False)


def test_an_exporter_that_raises_does_not_end_the_thread() -> None:
    """Spans are the least important of the three views: their failures stay theirs."""

    class Raising(Stuck):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            if not self.entered.is_set():
                self.entered.set()
                raise RuntimeError("first batch")
            return SpanExportResult.SUCCESS

    raising = Raising()
    spans = Spans("http://unused", "gate", version="1", exporter=raising)
    spans.observe(chat())
    assert raising.entered.wait(10)
    spans.observe(chat())
    spans.close()
    assert (spans.exported, spans.dropped) == (1, 1)


def test_a_full_queue_is_sent_at_close_in_batches(sink: Sink) -> None:
    """A short-lived demo must not lose the spans of its last second."""
    assert len(sent(sink, *[chat()] * (BATCH * 2 + 3))) == BATCH * 2 + 3
    assert len(sink.paths) >= 3


@pytest.mark.parametrize("endpoint", ["http://c:4318", "http://c:4318/", "http://c:4318/v1/traces"])
def test_both_spellings_of_an_endpoint_are_understood(endpoint: str) -> None:
    """OpenTelemetry's own settings come in both; a 404 for a missing suffix is everybody's first hour."""
    assert traces_url(endpoint) == "http://c:4318/v1/traces"
