"""Spans derived from exchanges, as a real OTLP receiver sees them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway.exchange import Finding, Outcome, Phase
from tests.support.otlp import Receiver
from tests.support.spans import ID, PARENT, PROTOCOLS, SPAN, START, TRACE, begun, chat, sent


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_span_is_the_exchange_in_the_conventions_words(receiver: Receiver, protocol: str) -> None:
    """Any OpenTelemetry backend must find tokens, models and times where the GenAI conventions put them, under the caller's trace."""
    one = chat(
        trace_id=TRACE, span_id=SPAN, parent_span_id=PARENT, response_model="claude-sonnet-4-5-20250929", is_stream=True, time_to_first_chunk_s=0.25,
        status=200, finish_reason="end_turn", input_tokens=100, output_tokens=20, cache_read_tokens=60, cache_write_tokens=30, reasoning_tokens=5,
        usage_source="provider", cost_usd=Decimal("0.125"), overhead_s=0.0005, session_id="s-1", app="shop", env="prod", verdict="not_checked",
        prompt_name="refund", prompt_version="3", attempts=1,
    )  # fmt: skip
    (got,) = sent(receiver, one, protocol=protocol, places={"main": ("api.anthropic.com", 443)})
    assert (got.name, got.span.kind, got.ids, got.by) == ("chat claude-sonnet-4-5", got.span.SPAN_KIND_CLIENT, (TRACE, SPAN, PARENT), protocol)
    assert (got.span.start_time_unix_nano, got.span.end_time_unix_nano, got.span.status.code) == (START, START + 1_500_000_000, 0)
    assert got.attributes == {
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
        "gen_ai.prompt.name": "refund",
        "gen_ai.prompt.version": "3",
        "http.response.status_code": 200,
        "server.address": "api.anthropic.com",
        "server.port": 443,
        "tidegate.exchange.id": str(ID),
        "tidegate.provider": "main",
        "tidegate.app": "shop",
        "tidegate.env": "prod",
        "tidegate.attempts": 1,
        "tidegate.usage_source": "provider",
        "tidegate.cost_usd": 0.125,
        "tidegate.overhead_s": 0.0005,
        "tidegate.verdict": "not_checked",
    }
    assert (got.resource["service.name"], got.resource["service.version"], got.scope) == ("my-gate", "1.2.3", "tidegate")


def test_what_had_a_time_of_its_own_is_a_child_span(receiver: Receiver) -> None:
    """A slow call is explained by its parts: which attempt, which guard, and how each ended."""
    phases = (
        Phase("guard_request", 0.001, 0.0505, "masked", spent_s=0.0505),
        Phase("attempt", 0.06, 0.2, "policy_blocked", "policy_blocked", 200),
        Phase("guard_reply", 0.1, 0.15, "blocked", spent_s=0.004),
        Phase("attempt", 0.27, 1.0, "provider_overloaded", "http_529", 529),
        Phase("guard_reply", 1.26, 0.001, "error", spent_s=0.001),
    )
    findings = (Finding("pii", "EMAIL_ADDRESS", "request", "mask", 0.9, 2), Finding("pii", "CREDIT_CARD", "reply", "retry", 1.0, 1))
    one = chat(trace_id=TRACE, span_id=SPAN, method="POST", phases=phases, findings=findings, outcome=Outcome.PROVIDER_OVERLOADED, error_code="http_529")
    whole, *children = sent(receiver, one, places={"main": ("10.0.0.1", 8443)})
    assert whole.attributes["tidegate.guard.findings"] == ["request pii EMAIL_ADDRESS mask 2", "reply pii CREDIT_CARD retry 1"]
    assert len({child.ids[1] for child in (whole, *children)}) == 6 and all(child.ids[::2] == (TRACE, SPAN) for child in children)
    assert [(c.span.start_time_unix_nano - START, c.span.end_time_unix_nano - START) for c in children] == [
        (round(p.start_s * 1e9), round(p.start_s * 1e9) + round(p.duration_s * 1e9)) for p in phases
    ]
    assert [(c.name, c.span.kind, c.span.status.code, c.span.status.message) for c in children] == [
        ("guard request", 1, 0, ""), ("attempt main", 3, 2, "policy_blocked"), ("guard reply", 1, 0, ""), ("attempt main", 3, 2, "http_529"),
        ("guard reply", 1, 2, "a detector gave no answer"),
    ]  # fmt: skip
    at = {"http.request.method": "POST", "server.address": "10.0.0.1", "server.port": 8443, "tidegate.provider": "main"}
    assert [c.attributes for c in children] == [
        {"tidegate.guard.direction": "request", "tidegate.verdict": "masked", "tidegate.guard_s": 0.0505},
        {**at, "tidegate.attempt": 1, "http.response.status_code": 200, "error.type": "policy_blocked"},
        {"tidegate.guard.direction": "reply", "tidegate.verdict": "blocked", "tidegate.guard_s": 0.004},
        {**at, "tidegate.attempt": 2, "http.request.resend_count": 1, "http.response.status_code": 529, "error.type": "provider_overloaded"},
        {"tidegate.guard.direction": "reply", "tidegate.verdict": "error", "tidegate.guard_s": 0.001, "error.type": "detector"},
    ]


def test_each_attempt_names_the_provider_it_was_made_at(receiver: Receiver) -> None:
    """Who looks at a trace of a route sees which target failed, where that one is, and which one answered."""
    phases = (Phase("attempt", 0.0, 0.2, "provider_overloaded", "http_529", 529, provider="spare"), Phase("attempt", 0.3, 1.0, "ok", "", 200, provider="main"))
    whole, *children = sent(receiver, chat(phases=phases, route="tier-1"), places={"main": ("10.0.0.1", 8443), "spare": ("10.0.0.2", 443)})
    assert (whole.attributes["tidegate.route"], whole.attributes["tidegate.provider"], whole.attributes["server.address"]) == ("tier-1", "main", "10.0.0.1")
    assert [(c.name, c.attributes["tidegate.provider"], c.attributes["server.address"], c.attributes["tidegate.attempt"]) for c in children] == [
        ("attempt spare", "spare", "10.0.0.2", 1), ("attempt main", "main", "10.0.0.1", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_body", "reply_body", "expected"),
    [
        (
            '{"model":"m","max_completion_tokens":512,"temperature":0,"top_p":0.5,"seed":7,"n":2,"frequency_penalty":0.25,"presence_penalty":-1,"reasoning_effort":"low","response_format":{"type":"json_schema"}}',
            '{"id":"chatcmpl-1","choices":[]}',
            {"max_tokens": 512, "temperature": 0.0, "top_p": 0.5, "seed": 7, "choice.count": 2, "frequency_penalty": 0.25, "presence_penalty": -1.0, "reasoning.level": "low", "output": "json", "id": "chatcmpl-1"},
        ),
        ('{"max_tokens":64,"top_k":40,"n":1}', 'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1"}}\n\ndata: {', {"max_tokens": 64, "top_k": 40, "id": "msg_1"}),
        ('{"generationConfig":{"maxOutputTokens":9,"topP":1,"topK":3,"candidateCount":3,"responseMimeType":"application/json"}}', '{"responseId":"r-1"}',
         {"max_tokens": 9, "top_p": 1.0, "top_k": 3, "choice.count": 3, "output": "json", "id": "r-1"}),
        ('{"max_output_tokens":5,"reasoning":{"effort":"high"},"text":{"format":{"type":"text"}}}', 'data: {"type":"response.created","response":{"id":"resp_1"}}\n\n', {"max_tokens": 5, "reasoning.level": "high", "output": "text", "id": "resp_1"}),
        ('{"max_tokens":"64","temperature":NaN', "data: [DONE]\n\n", {}),
        ('{"max_tokens":true,"temperature":"canary","n":"canary","reasoning_effort":"canary","response_format":"canary","seed":99999999999999999999}', '{"id":7}', {}),
        ('["max_tokens"]', "id: 5", {}),
    ],
)  # fmt: skip
def test_what_was_asked_for_is_read_from_the_record(receiver: Receiver, request_body: str, reply_body: str, expected: dict[str, Any]) -> None:
    """Why one call costs ten times another is often in its settings; odd ones must neither fail the batch nor carry text."""
    (got,) = sent(receiver, chat(request_body=request_body, reply_body=reply_body))
    known = {"output": "gen_ai.output.type", "id": "gen_ai.response.id"}
    asked = {known.get(name, f"gen_ai.request.{name}"): value for name, value in expected.items()}
    assert {name: value for name, value in got.attributes.items() if name.startswith("gen_ai.")} == asked | {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.request.stream": False,
    }  # fmt: skip


def test_a_failed_exchange_names_whose_fault_it_was(receiver: Receiver) -> None:
    """error.type is the closed outcome, so one query tells a provider's failures from the gate's."""
    (got,) = sent(receiver, chat(outcome=Outcome.PROVIDER_TIMEOUT, error_code="provider_timeout_idle"))
    status = got.span.status
    assert (got.attributes["error.type"], status.code, status.message) == ("provider_timeout", status.STATUS_CODE_ERROR, "provider_timeout_idle")


def test_unknown_tokens_and_cost_are_absent_not_zero(receiver: Receiver) -> None:
    """Law 6 holds in every view."""
    (got,) = sent(receiver, chat())
    assert not [name for name in got.attributes if "usage" in name or "cost" in name]


def test_a_trace_that_the_caller_does_not_sample_is_not_exported(receiver: Receiver) -> None:
    """An app that samples one trace in a hundred pays its backend for one in a hundred; the record has all."""
    spans = begun(receiver)
    spans.observe(chat(trace_sampled=False, phases=(Phase("attempt", 0, 1, "ok"),)))
    spans.observe(chat(app="sampled"))
    spans.close(10)
    assert ([got.attributes["tidegate.app"] for got in receiver.spans], spans.exported, spans.dropped) == (["sampled"], 1, 0)


# ---------------------------------------------------------------------- odd values


@pytest.mark.parametrize(("trace", "span"), [("", ""), ("-" + "1" * 31, "+" + "1" * 15), ("0" * 32, "0" * 16), ("zz" * 16, "zz" * 8)])
def test_without_usable_ids_the_exchanges_own_id_is_used(receiver: Receiver, trace: str, span: str) -> None:
    """One odd traceparent must neither lose its span nor fail the batch it is in."""
    (got,) = sent(receiver, chat(trace_id=trace, span_id=span, parent_span_id=span))
    assert got.ids == (ID.hex, ID.bytes[8:].hex(), "")


def test_text_that_is_no_unicode_does_not_fail_its_batch(receiver: Receiver) -> None:
    """Protobuf refuses half surrogates; one hostile name would take 511 other spans with it."""
    odd = chat(
        request_model="a\ud800b", finish_reason="\udfff", session_id="s" * 100_000, method="\ud800", provider="\ud800", error_code="\ud800", outcome=Outcome.PROVIDER_ERROR,
        findings=(Finding("\ud800", "\ud800", "reply", "mask", 1.0, 1),), phases=(Phase("attempt", 0.0, 1.0, "provider_error", "\ud800", 500), Phase("guard_reply", 0.1, 0.1, "masked")),
    )  # fmt: skip
    got = sent(receiver, odd, chat(), content=True)
    assert [(s.name, len(s.attributes.get("gen_ai.conversation.id", ""))) for s in got] == [
        ("chat a?b", 1024), ("attempt ?", 0), ("guard reply", 0), ("chat claude-sonnet-4-5", 0),
    ]  # fmt: skip
