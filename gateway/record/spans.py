"""OpenTelemetry spans derived from exchanges: one of the three views of the record, sent by OTLP/HTTP where an endpoint is configured.

Rules of this file: a span is the exchange as the GenAI semantic conventions name it, under the ids that the data plane gave it, so it
sits in the caller's trace; never content, a key or a header. Nothing here waits: a full queue drops and counts, and so does a collector
that refuses. The thread is the only one that talks to the collector.

Why not the SDK's BatchSpanProcessor: it tells nobody how much it dropped, and its end cannot be given a deadline. Deliberately absent: the
GenAI client metrics by OTLP, sampling (the caller's `sampled` flag is not in the record, so all are sent).
Source: https://github.com/open-telemetry/semantic-conventions-genai, as of 2026; attributes of our own begin with `tidegate.`
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.util.types import AttributeValue

from gateway.exchange import Exchange, Outcome

MAX_QUEUE = 4096  # spans; about 4 KB each
BATCH = 512
_EXPORT_TIMEOUT_S = 10.0
_MAX_CHARS = 1024
_PATH = "/v1/traces"
# What the conventions call a provider, by our configuration's usual names for it, then by dialect.
_PROVIDER_NAMES: Mapping[str, str] = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "groq": "groq",
    "mistral": "mistral_ai",
    "moonshot": "moonshot_ai",
    "perplexity": "perplexity",
    "vertex": "gcp.vertex_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
_DIALECT_NAMES: Mapping[str, str] = {"openai": "openai", "anthropic": "anthropic", "gemini": "gcp.gemini"}


class Spans:
    """Sends one span for each exchange. `dropped`: spans that never reached the collector; `exported`: those it took."""

    def __init__(self, endpoint: str, service_name: str, *, version: str, max_queue: int = MAX_QUEUE, exporter: SpanExporter | None = None) -> None:
        """endpoint: the collector's OTLP/HTTP base URL, with or without /v1/traces."""
        self.dropped = 0
        self.exported = 0
        self._exporter = exporter or OTLPSpanExporter(endpoint=traces_url(endpoint), timeout=_EXPORT_TIMEOUT_S)
        self._resource = Resource.create({"service.name": service_name, "service.version": version})
        self._scope = InstrumentationScope("tidegate", version)
        self._queue: queue.Queue[ReadableSpan | None] = queue.Queue(max_queue)
        self._counting = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="tidegate-spans", daemon=True)
        self._thread.start()

    def observe(self, exchange: Exchange) -> None:
        """Queue the exchange's span; drops and counts if there is no room or after `close`. Never blocks."""
        if self._closing:
            return self._count(dropped=1)
        try:
            self._queue.put_nowait(span_of(exchange, self._resource, self._scope))
        except queue.Full:
            self._count(dropped=1)

    def close(self, deadline_s: float = 5.0) -> None:
        """Send what is queued, for at most `deadline_s`; what is left then is dropped and counted."""
        end = time.monotonic() + deadline_s
        self._closing = True
        with contextlib.suppress(queue.Full):  # a thread with a full queue needs no waking
            self._queue.put_nowait(None)
        self._thread.join(max(0.0, end - time.monotonic()))
        left = self._take_all()
        self._exporter.shutdown()  # also ends the waits between attempts
        self._count(dropped=left)

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            batch = [first] if first is not None else []
            while len(batch) < BATCH:
                try:
                    span = self._queue.get_nowait()
                except queue.Empty:
                    break
                if span is not None:
                    batch.append(span)
            if batch:
                self._export(batch)
            if self._closing and self._queue.empty():
                return

    def _export(self, batch: list[ReadableSpan]) -> None:
        try:
            taken = self._exporter.export(batch) is SpanExportResult.SUCCESS
        except Exception:  # noqa: BLE001  whatever a collector or its client does must not end this thread; the spans are counted as lost
            taken = False
        self._count(exported=len(batch)) if taken else self._count(dropped=len(batch))

    def _take_all(self) -> int:
        taken = 0
        while True:
            try:
                taken += self._queue.get_nowait() is not None
            except queue.Empty:
                return taken

    def _count(self, *, exported: int = 0, dropped: int = 0) -> None:
        with self._counting:
            self.exported += exported
            self.dropped += dropped


def traces_url(endpoint: str) -> str:
    """Where spans go: an endpoint without the signal's path gets it, as the OTLP specification says of a base URL."""
    base = endpoint.rstrip("/")
    return base if urlsplit(base).path.endswith(_PATH) else base + _PATH


def span_of(exchange: Exchange, resource: Resource, scope: InstrumentationScope) -> ReadableSpan:
    """The exchange as a finished client span. Without trace ids of its own it gets the exchange's id, which is as unique."""
    trace_id = _hex(exchange.trace_id, 32) or exchange.id.int
    span_id = _hex(exchange.span_id, 16) or (exchange.id.int & (1 << 64) - 1)
    parent_id = _hex(exchange.parent_span_id, 16)
    sampled = TraceFlags(TraceFlags.SAMPLED)
    start = int(exchange.started_at.replace(microsecond=0).timestamp()) * 1_000_000_000 + exchange.started_at.microsecond * 1000
    failed = exchange.outcome is not Outcome.OK
    return ReadableSpan(
        name=_safe(f"{exchange.operation} {exchange.request_model}".rstrip()),
        context=SpanContext(trace_id, span_id, is_remote=False, trace_flags=sampled),
        parent=SpanContext(trace_id, parent_id, is_remote=True, trace_flags=sampled) if parent_id else None,
        resource=resource,
        attributes=attributes_of(exchange),
        kind=SpanKind.CLIENT,
        status=Status(StatusCode.ERROR, _safe(exchange.error_code) or exchange.outcome.value) if failed else Status(StatusCode.UNSET),
        start_time=start,
        end_time=start + round((exchange.duration_s or 0.0) * 1e9),
        instrumentation_scope=scope,
    )


def attributes_of(exchange: Exchange) -> dict[str, AttributeValue]:
    """The span's attributes; what is not known is left out."""
    known: dict[str, AttributeValue | None] = {
        "gen_ai.operation.name": exchange.operation,
        "gen_ai.provider.name": _PROVIDER_NAMES.get(exchange.provider) or _DIALECT_NAMES.get(exchange.dialect) or exchange.provider,
        "gen_ai.request.model": exchange.request_model or None,
        "gen_ai.request.stream": exchange.is_stream,
        "gen_ai.response.model": exchange.response_model or None,
        "gen_ai.response.finish_reasons": (_safe(exchange.finish_reason),) if exchange.finish_reason else None,
        "gen_ai.response.time_to_first_chunk": exchange.time_to_first_chunk_s if exchange.is_stream else None,
        "gen_ai.usage.input_tokens": exchange.input_tokens,
        "gen_ai.usage.output_tokens": exchange.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": exchange.cache_read_tokens,
        "gen_ai.usage.cache_creation.input_tokens": exchange.cache_write_tokens,
        "gen_ai.usage.reasoning.output_tokens": exchange.reasoning_tokens,
        "gen_ai.conversation.id": exchange.session_id or None,
        "gen_ai.prompt.name": exchange.prompt_name or None,
        "http.response.status_code": exchange.status or None,
        "error.type": None if exchange.outcome is Outcome.OK else exchange.outcome.value,
        "tidegate.exchange.id": str(exchange.id),
        "tidegate.provider": exchange.provider,
        "tidegate.app": exchange.app or None,
        "tidegate.env": exchange.env or None,
        "tidegate.usage_source": exchange.usage_source or None,
        "tidegate.cost_usd": None if exchange.cost_usd is None else float(exchange.cost_usd),
        "tidegate.overhead_s": exchange.overhead_s,
        "tidegate.guard_s": exchange.guard_s,
        "tidegate.verdict": exchange.verdict or None,
    }
    return {name: _safe(value) if isinstance(value, str) else value for name, value in known.items() if value is not None}


def _safe(text: str) -> str:
    """Text that a batch cannot fail on: half surrogates replaced, length bounded."""
    return text[:_MAX_CHARS].encode(errors="replace").decode()


def _hex(text: str, digits: int) -> int:
    """A W3C trace context id; 0, which is no id, for anything else."""
    try:
        return int.from_bytes(bytes.fromhex(text)) if len(text) == digits else 0
    except ValueError:
        return 0
