"""Spans derived from exchanges, as a real OTLP receiver sees them, and what becomes of them when it does not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import jsonschema_rs
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from gateway.config import parse
from gateway.errors import ConfigError
from gateway.exchange import Exchange, Finding, Outcome, Phase
from gateway.record.otlp_exporters import Collector, signal_url
from gateway.record.span_content import MAX_CONTENT_CHARS
from gateway.record.span_tree import SpanTree
from gateway.record.spans import BATCH, Spans
from gateway.record.telemetry import Telemetry, Terms
from tests.support.certificates import Authority
from tests.support.exchanges import exchange
from tests.support.otlp import Fault, Receiver, Told
from tests.support.recording import Bench, new_id, write

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
    "tuple[Phase, ...]": (),
    "uuid.UUID": ID,
    "dt.datetime": dt.datetime(2026, 11, 1, 12, 0, 0, 250_001, tzinfo=dt.UTC),
    "Outcome": Outcome.OK,
}
BLANK = {f.name: EMPTY[str(f.type)] for f in dataclasses.fields(Exchange)} | {"trace_sampled": True}
CHAT: dict[str, Any] = {"provider": "main", "dialect": "anthropic", "operation": "chat", "request_model": "claude-sonnet-4-5", "duration_s": 1.5}
TRACE, SPAN, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "b7ad6b7169203331"
START = int(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC).timestamp()) * 10**9 + 250_001_000
PROTOCOLS = ("http", "grpc")


def chat(**fields: Any) -> Exchange:
    return Exchange(**BLANK | CHAT | fields)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def begun(receiver: Receiver, protocol: str = "http", **tree: Any) -> Spans:
    return Spans(Collector(receiver.url(protocol), protocol).spans(), SpanTree("my-gate", "1.2.3", **tree))


def sent(receiver: Receiver, *exchanges: Exchange, protocol: str = "http", **tree: Any) -> list[Told]:
    spans = begun(receiver, protocol, **tree)
    for each in exchanges:
        spans.observe(each)
    spans.close(10)
    assert (spans.exported, spans.dropped) == (sum(1 + len(each.phases) for each in exchanges), 0)
    return receiver.spans


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


# ---------------------------------------------------------------------- content

CANARIES = {name: f"canary-{name}" for name in ("prompt_text", "reply_text", "request_body", "reply_body", "usage_raw", "user_id", "key_id", "endpoint")}
BODIES = {
    "endpoint": "/v1/chat/completions", "method": "POST", "dialect": "openai",
    "request_body": '{"stop":["canary"],"messages":[{"role":"user","content":"canary"}],"tools":[{"function":{"name":"canary"}}]}',
    "reply_body": '{"choices":[{"message":{"content":"canary"}}]}',
}  # fmt: skip


@pytest.mark.parametrize("secret", [CANARIES, BODIES])
def test_content_never_leaves_by_a_span(receiver: Receiver, secret: dict[str, str]) -> None:
    """A trace backend has other readers than the record; texts, bodies and users have no place in it unless somebody asked for them."""
    sent(receiver, chat(**secret, tags={"canary-tag": "canary-value"}))
    assert b"canary" not in receiver.raw and receiver.spans


PART: dict[str, Any] = {"oneOf": [
    {"properties": {"type": {"enum": ["text", "reasoning"]}, "content": {"type": "string"}}, "required": ["type", "content"], "additionalProperties": False},
    {"properties": {"type": {"const": "tool_call"}, "id": {"type": ["string", "null"]}, "name": {"type": "string"}, "arguments": {}}, "required": ["type", "name"], "additionalProperties": False},
    {"properties": {"type": {"const": "tool_call_response"}, "id": {"type": ["string", "null"]}, "response": {}}, "required": ["type", "response"], "additionalProperties": False},
]}  # fmt: skip
MESSAGE = {"type": "object", "properties": {"role": {"enum": ["system", "user", "assistant", "tool"]}, "parts": {"type": "array", "items": PART}}, "required": ["role", "parts"]}
SCHEMAS = {
    "gen_ai.input.messages": {"type": "array", "items": MESSAGE},
    "gen_ai.output.messages": {"type": "array", "items": MESSAGE | {"required": ["role", "parts", "finish_reason"]}},
    "gen_ai.system_instructions": {"type": "array", "items": PART},
}


def messages(receiver: Receiver, **fields: Any) -> tuple[Any, Any, Any]:
    """Instructions, what went in and what came out, None where there is none, each held against what the conventions' schema asks for."""
    (got,) = sent(receiver, chat(**{"method": "POST", **fields}), content=True)
    found = []
    for name, schema in SCHEMAS.items():
        text = got.attributes.get(name)
        found.append(None if text is None else json.loads(text))
        if text is not None:
            jsonschema_rs.validate(schema, found[-1])
    return found[2], found[0], found[1]


def text(content: str) -> dict[str, str]:
    return {"type": "text", "content": content}


def test_content_that_was_asked_for_is_in_the_conventions_shape(receiver: Receiver) -> None:
    """A backend that shows conversations reads roles, tool calls and their results from one schema, whatever the provider's is."""
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Rome"}'}}
    asked = {"messages": [
        {"role": "developer", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Weather"}, {"type": "text", "text": "in Rome?"}]},
        {"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    ], "tools": [{"type": "function", "function": {"name": "get_weather", "description": "The forecast"}}]}  # fmt: skip
    said = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Rain.", "reasoning_content": "So it rains."}}]}
    system, history, answers = messages(receiver, dialect="openai", endpoint="/v1/chat/completions", request_body=json.dumps(asked), reply_body=json.dumps(said))
    assert system is None
    assert history == [
        {"role": "system", "parts": [text("Be brief.")]},
        {"role": "user", "parts": [text("Weather"), text("in Rome?")]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": {"city": "Rome"}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": "rain"}]},
    ]
    assert answers == [{"role": "assistant", "parts": [{"type": "reasoning", "content": "So it rains."}, text("Rain.")], "finish_reason": "stop"}]


def test_other_dialects_and_streams_say_the_same(receiver: Receiver) -> None:
    """Law 2 for traces: that a reply was streamed, or came from another provider, changes nothing of what was said."""
    asked = {"system": "Be brief.", "messages": [
        {"role": "user", "content": "Weather?"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "tu_1", "name": "get_weather", "input": {"city": "Rome"}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "tu_1", "content": "rain"}]},
    ]}  # fmt: skip
    stream = "".join(f"event: {name}\ndata: {json.dumps({'type': name} | data)}\n\n" for name, data in (
        ("message_start", {"message": {"id": "m", "role": "assistant", "content": [], "usage": {"input_tokens": 3}}}),
        ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "Ra"}}), ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "in."}}),
        ("content_block_stop", {"index": 0}), ("message_delta", {"delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}), ("message_stop", {}),
    ))  # fmt: skip
    system, history, answers = messages(receiver, endpoint="/v1/messages", request_body=json.dumps(asked), reply_body=stream, finish_reason="end_turn")
    assert system == [text("Be brief.")]
    assert history == [
        {"role": "user", "parts": [text("Weather?")]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "tu_1", "name": "get_weather", "arguments": {"city": "Rome"}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "tu_1", "response": "rain"}]},
    ]
    assert answers == [{"role": "assistant", "parts": [text("Rain.")], "finish_reason": "end_turn"}]


def test_where_the_record_withheld_a_body_its_text_stands_in(receiver: Receiver) -> None:
    """Only what the record shows is shown; a body that was not stored is nowhere else to be had."""
    _, history, answers = messages(receiver, dialect="openai", endpoint="/v1/chat/completions", prompt_text="<EMAIL_ADDRESS> \ud800", reply_text="Fine.", body_note="request:withheld")
    assert history == [{"role": "user", "parts": [text("<EMAIL_ADDRESS> ?")]}]
    assert answers == [{"role": "assistant", "parts": [text("Fine.")], "finish_reason": "error"}]


def test_an_exchange_without_any_text_has_no_messages(receiver: Receiver) -> None:
    """`store.content: none`: there is nothing to tell, and nothing is told."""
    assert messages(receiver, body_note="request:withheld,reply:withheld") == (None, None, None)


def test_content_is_bounded_and_says_that_it_was_cut(receiver: Receiver) -> None:
    """A book in a prompt must not make a span that no backend takes; the end of a conversation is what its answer belongs to."""
    turns = [{"role": "user", "content": f"{n} " + "x" * 9_000} for n in range(12)]
    (got,) = sent(receiver, chat(dialect="openai", method="POST", endpoint="/v1/chat/completions", request_body=json.dumps({"messages": turns})), content=True)
    kept = json.loads(got.attributes["gen_ai.input.messages"])
    assert got.attributes["tidegate.content.truncated"] is True
    assert [message["parts"][0]["content"].split()[0] for message in kept] == ["8", "9", "10", "11"]
    assert sum(len(message["parts"][0]["content"]) for message in kept) == MAX_CONTENT_CHARS


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


# ---------------------------------------------------------------------- collectors in trouble


@pytest.mark.parametrize(
    ("protocol", "fault"),
    [
        ("http", Fault(status=400)), ("http", Fault(status=404, garbage=True)), ("http", Fault(status=307, headers=(("location", "/v1/elsewhere"),))),
        ("http", Fault(status=503)), ("http", Fault(status=429, headers=(("retry-after", "3600"),))), ("http", Fault(cut=True)),
        ("grpc", Fault(code=grpc.StatusCode.INVALID_ARGUMENT)), ("grpc", Fault(code=grpc.StatusCode.UNIMPLEMENTED)), ("grpc", Fault(code=grpc.StatusCode.UNAVAILABLE)),
    ],
)  # fmt: skip
def test_what_a_collector_does_not_take_is_counted_as_dropped(receiver: Receiver, protocol: str, fault: Fault) -> None:
    """A wrong endpoint must show in a number, not only in a log; and a redirect is not followed, for what is sent is not for others."""
    receiver.fault = fault
    spans = begun(receiver, protocol)
    spans.observe(chat(phases=(Phase("attempt", 0, 1, "ok"),)))
    receiver.await_asked()
    spans.close(0.1)  # ends the waits between tries
    spans._thread.join(20)
    assert (spans.exported, spans.dropped, receiver.spans) == (0, 2, [])
    assert not [asked for asked in receiver.asked if asked.startswith("GET") or "elsewhere" in asked]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_after_an_outage_spans_flow_again(receiver: Receiver, protocol: str) -> None:
    """A collector is upgraded while gates run; nobody restarts them for it."""
    receiver.fault = Fault(status=400, code=grpc.StatusCode.INTERNAL)
    spans = begun(receiver, protocol)
    spans.observe(chat(app="during"))
    receiver.await_asked()
    while not spans.dropped:  # the refusal is on its way back
        threading.Event().wait(0.005)
    receiver.fault = Fault()
    spans.observe(chat(app="after"))
    receiver.await_spans(1)
    spans.close(10)
    assert ([got.attributes["tidegate.app"] for got in receiver.spans], spans.exported, spans.dropped) == (["after"], 1, 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_collector_that_is_not_there_costs_nothing_but_its_spans(receiver: Receiver, protocol: str) -> None:
    """The endpoint of a machine that was taken away."""
    url = receiver.url(protocol)
    receiver.__exit__()
    spans = Spans(Collector(url, protocol).spans(), SpanTree("gate", "1"))
    spans.observe(chat())
    spans.close(0.05)
    spans._thread.join(20)
    assert (spans.exported, spans.dropped) == (0, 1)
    receiver.__enter__()  # for its end


def test_a_body_that_is_no_answer_changes_nothing(receiver: Receiver) -> None:
    """A proxy's page with status 200: the spans count as taken, for nobody said otherwise, and the thread lives."""
    receiver.fault = Fault(garbage=True)
    spans = begun(receiver)
    spans.observe(chat())
    receiver.await_asked()
    spans.close(10)
    assert (spans.exported, spans.dropped) == (1, 0)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("trusted", [True, False])
def test_certificates_of_collectors_are_verified(tmp_path: Path, protocol: str, trusted: bool) -> None:
    """Spans name customers' sessions: they go to no collector that cannot prove who it is."""
    authority, other = Authority("collectors"), Authority("somebody")
    (tmp_path / "ca.pem").write_bytes((authority if trusted else other).pem(ends_in=dt.timedelta(hours=1)))
    with Receiver(tls=(authority.server(tmp_path), tmp_path / "server.pem")) as receiver:
        spans = Spans(Collector(receiver.url(protocol), protocol, tmp_path / "ca.pem").spans(), SpanTree("gate", "1"))
        spans.observe(chat())
        if trusted:
            receiver.await_spans(1)
        spans.close(10 if trusted else 0.3)
        spans._thread.join(20)
        assert (spans.exported, spans.dropped, len(receiver.spans)) == ((1, 0, 1) if trusted else (0, 1, 0))


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
    spans = Spans(stuck, SpanTree("gate", "1"), max_queue=10)
    spans.observe(chat())
    assert stuck.entered.wait(10)
    for _ in range(25):
        spans.observe(chat(phases=(Phase("attempt", 0, 1, "ok"),)))
    assert spans.dropped == 2 * 15
    spans.close(deadline_s=0.05)
    assert (spans.dropped, stuck.closed, spans._thread.is_alive()) == (50, True, True)  # it did not wait for the collector
    spans.observe(chat())
    assert spans.dropped == 51
    stuck.release.set()
    spans._thread.join(10)
    assert (spans.exported, spans.dropped, spans._thread.is_alive()) == (1, 51, False)


def test_content_that_waits_is_bounded_too() -> None:
    """Thousands of long conversations behind a slow collector would be the recorder's memory."""
    stuck = Stuck()
    spans = Spans(stuck, SpanTree("gate", "1", content=True), max_chars=10_000)
    spans.observe(chat(prompt_text="x" * 4_000))
    assert stuck.entered.wait(10)
    for _ in range(5):
        spans.observe(chat(prompt_text="x" * 4_000))
    spans.observe(chat())
    assert spans.dropped == 4  # one is on its way, one waits, and what has no text has room
    stuck.release.set()
    spans.close(10)
    assert (spans.exported, spans.dropped, spans._chars) == (3, 4, 0)


def test_messages_stay_below_what_collectors_take(receiver: Receiver) -> None:
    """gRPC servers refuse more than 4 MB at once, and with it a whole batch."""
    many = [chat(prompt_text="x" * 30_000, reply_text="y" * 30_000) for _ in range(150)]  # 9 MB
    assert len(sent(receiver, *many, protocol="grpc", content=True)) == 150


def test_an_exporter_that_raises_does_not_end_the_thread() -> None:
    """Spans are the least important of the three views: their failures stay theirs."""

    class Raising(Stuck):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            if not self.entered.is_set():
                self.entered.set()
                raise RuntimeError("first batch")
            return SpanExportResult.SUCCESS

        def shutdown(self) -> None:
            raise RuntimeError("and at the end")

    raising = Raising()
    spans = Spans(raising, SpanTree("gate", "1"))
    spans.observe(chat())
    assert raising.entered.wait(10)
    spans.observe(chat())
    spans.close()
    assert (spans.exported, spans.dropped) == (1, 1)


def test_a_recorder_with_a_hanging_collector_stores_on(tmp_path: Path, receiver: Receiver) -> None:
    """Law 4, with the real recorder: two thousand exchanges are stored while the collector holds the first batch for ever; the end is not waited for either."""
    receiver.fault = Fault(hangs=True)
    bench = Bench(tmp_path)
    journal = bench.journal()
    for number in range(2000):
        write(journal, new_id(number))
    journal.shut()
    telemetry = Telemetry(Terms(receiver.http_url, names={}))
    telemetry.observers[0](chat())
    receiver.await_asked()
    bench.recorder._observers = tuple(telemetry.observers)
    bench.record()
    assert len(bench.store.rows) == 2000
    telemetry.close(0.05)
    assert receiver.spans == [] and telemetry._spans is not None and telemetry._spans.dropped == 2000


def test_without_the_extra_grpc_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that needs what is not installed must say what to install, where it is written and where it is used."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.grpc.trace_exporter", None)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.grpc.metric_exporter", None)
    for make in (Collector("http://127.0.0.1:1", "grpc").spans, Collector("http://127.0.0.1:1", "grpc").metrics):
        with pytest.raises(ConfigError, match=r'telemetry.protocol: grpc needs the extra "grpc", .*pip install "tidegate\[grpc\]"'):
            make()
    written = "providers:\n  a: {dialect: openai, base_url: 'https://api.example'}\ntelemetry: {otlp_endpoint: 'http://127.0.0.1:4317', protocol: grpc}\n"
    assert parse(written).telemetry.protocol == "grpc"
    monkeypatch.setattr("gateway.config_telemetry.has_grpc", lambda: False)
    with pytest.raises(ConfigError, match=r'telemetry\.protocol: grpc needs the extra "grpc", which is not installed'):
        parse(written)


def test_a_record_that_no_span_can_be_made_of_is_one_span_less(receiver: Receiver) -> None:
    """Observers run in the recorder's own loop: what they raise would end it."""
    spans = begun(receiver)
    spans.observe(chat(started_at=None))
    spans.observe(chat())
    spans.close(10)
    assert (spans.exported, spans.dropped) == (1, 1)


def test_a_full_queue_is_sent_at_close_in_batches(receiver: Receiver) -> None:
    """A short-lived demo must not lose the spans of its last second."""
    assert len(sent(receiver, *[chat()] * (BATCH * 2 + 3))) == BATCH * 2 + 3
    assert len(receiver.asked) >= 3
    assert (receiver.headers["content-type"], receiver.headers["content-encoding"]) == ("application/x-protobuf", "gzip")


def test_telemetry_that_cannot_begin_leaves_the_recorder_alone(tmp_path: Path) -> None:
    """A certificate file that somebody moved must not stop the record."""
    telemetry = Telemetry(Terms("https://127.0.0.1:1", ca_file=tmp_path / "gone.pem"))
    assert telemetry.observers == []
    telemetry.close()
    (counted,) = telemetry.collect()
    assert [(sample.labels, sample.value) for sample in counted.samples] == [({"result": "exported"}, 0), ({"result": "dropped"}, 0)]


@pytest.mark.parametrize("endpoint", ["http://c:4318", "http://c:4318/", "http://c:4318/v1/traces", "http://c:4318/v1/metrics"])
def test_all_spellings_of_an_endpoint_are_understood(endpoint: str) -> None:
    """OpenTelemetry's own settings come in several; a 404 for a missing suffix is everybody's first hour."""
    assert signal_url(endpoint, "/v1/traces") == "http://c:4318/v1/traces"
    assert signal_url(endpoint, "/v1/metrics") == "http://c:4318/v1/metrics"
    assert signal_url("http://c/otlp/v1/traces", "/v1/metrics") == "http://c/otlp/v1/metrics"


def test_whole_records_are_spans_too(receiver: Receiver) -> None:
    """The plausible exchange that other tests store: one span for it, one for its attempt."""
    assert [got.name for got in sent(receiver, exchange(1))] == ["chat gpt-4o-mini", "attempt openai"]
