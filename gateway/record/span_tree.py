"""An exchange as finished spans: one for the whole, and under it one for each of its phases, attempts at the provider and looks of guards.

Rules of this file: pure; times are the record's own, explicit. The whole has the ids that the data plane gave it, so it sits in the caller's trace, and is what the
provider was told in `traceparent`: spans of the provider's own side hang below it, beside the attempt. Ids of phases are computed from it, so that an exchange which
is told twice is the same spans.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.util.types import AttributeValue

from gateway.exchange import Exchange, Outcome, Phase
from gateway.record.phases import ATTEMPT, GUARD_REQUEST
from gateway.record.span_attributes import Place, attributes_of, safe
from gateway.record.span_content import content_of

_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15  # odd, so that no two phases of one span meet
_UNSET = Status(StatusCode.UNSET)


class SpanTree:
    """Makes the spans of exchanges. content: also the messages, from the record; for records that are redacted."""

    def __init__(self, service_name: str, version: str, *, places: Mapping[str, Place] | None = None, content: bool = False) -> None:
        """places: of providers, by their names in the configuration."""
        self.resource = Resource.create({"service.name": service_name, "service.version": version, "service.instance.id": str(uuid.uuid4())})
        self.scope = InstrumentationScope("tidegate", version)
        self._places, self._content = dict(places or {}), content

    def of(self, exchange: Exchange) -> list[ReadableSpan]:
        """The exchange's own span first, then its phases in the order of their starts. Without trace ids of its own it gets the exchange's id, which is as unique."""
        trace_id = _hex(exchange.trace_id, 32) or exchange.id.int
        span_id = _hex(exchange.span_id, 16) or (exchange.id.int & _MASK)
        parent_id = _hex(exchange.parent_span_id, 16)
        start = int(exchange.started_at.replace(microsecond=0).timestamp()) * 1_000_000_000 + exchange.started_at.microsecond * 1000
        attributes = attributes_of(exchange, self._places.get(exchange.provider))
        if self._content:
            attributes.update(content_of(exchange))
        failed = exchange.outcome is not Outcome.OK
        context = SpanContext(trace_id, span_id, is_remote=False, trace_flags=_SAMPLED)
        whole = ReadableSpan(
            name=safe(f"{exchange.operation} {exchange.request_model}".rstrip()),
            context=context,
            parent=SpanContext(trace_id, parent_id, is_remote=True, trace_flags=_SAMPLED) if parent_id else None,
            resource=self.resource,
            attributes=attributes,
            kind=SpanKind.CLIENT,
            status=Status(StatusCode.ERROR, safe(exchange.error_code) or exchange.outcome.value) if failed else _UNSET,
            start_time=start,
            end_time=start + round((exchange.duration_s or 0.0) * 1e9),
            instrumentation_scope=self.scope,
        )
        spans, attempt = [whole], 0
        for index, phase in enumerate(exchange.phases):
            attempt += phase.name == ATTEMPT
            told = self._attempt(exchange, phase, attempt) if phase.name == ATTEMPT else _guard(phase)
            name, kind, about, status = told
            at = start + round(phase.start_s * 1e9)
            spans.append(
                ReadableSpan(
                    name=name,
                    context=SpanContext(trace_id, (span_id ^ (_STEP * (index + 1) & _MASK)) or 1, is_remote=False, trace_flags=_SAMPLED),
                    parent=context,
                    resource=self.resource,
                    attributes=about,
                    kind=kind,
                    status=status,
                    start_time=at,
                    end_time=at + round(phase.duration_s * 1e9),
                    instrumentation_scope=self.scope,
                )
            )
        return spans

    def _attempt(self, exchange: Exchange, phase: Phase, number: int) -> tuple[str, SpanKind, dict[str, AttributeValue], Status]:
        provider = phase.provider or exchange.provider
        about: dict[str, AttributeValue] = {"http.request.method": safe(exchange.method), "tidegate.provider": safe(provider), "tidegate.attempt": number}
        place = self._places.get(provider)
        if place is not None:
            about["server.address"], about["server.port"] = place
        if phase.upstream_status is not None:
            about["http.response.status_code"] = phase.upstream_status
        if number > 1:
            about["http.request.resend_count"] = number - 1
        if phase.result == Outcome.OK:
            return f"attempt {safe(provider)}", SpanKind.CLIENT, about, _UNSET
        about["error.type"] = phase.result
        return f"attempt {safe(provider)}", SpanKind.CLIENT, about, Status(StatusCode.ERROR, safe(phase.error_code) or phase.result)


def _guard(phase: Phase) -> tuple[str, SpanKind, dict[str, AttributeValue], Status]:
    direction = "request" if phase.name == GUARD_REQUEST else "reply"
    about: dict[str, AttributeValue] = {"tidegate.guard.direction": direction, "tidegate.verdict": phase.result}
    if phase.spent_s is not None:
        about["tidegate.guard_s"] = phase.spent_s
    if phase.result != "error":
        return f"guard {direction}", SpanKind.INTERNAL, about, _UNSET
    about["error.type"] = "detector"
    return f"guard {direction}", SpanKind.INTERNAL, about, Status(StatusCode.ERROR, "a detector gave no answer")


def _hex(text: str, digits: int) -> int:
    """A W3C trace context id; 0, which is no id, for anything else."""
    try:
        return int.from_bytes(bytes.fromhex(text)) if len(text) == digits else 0
    except ValueError:
        return 0
