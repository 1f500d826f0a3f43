"""One call as its three witnesses have it: a streamed, guarded, retried exchange through a whole gate, as its row, as the trace that a collector received, and as the requests
that the provider got. `pytest -s` prints the comparison.
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from gateway.demo.provider import Received
from tests.support.gate import RunningGate
from tests.support.otlp import Receiver, Told
from tests.support.simulated import simulated

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
MAIL, CARD = "alice.smith@example.com", "4111 1111 1111 1111"
RULES = """guardrails:
  - {name: mails, on: [request, reply], detector: pii, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}
  - {name: cards, on: reply, detector: pii, kinds: [CREDIT_CARD], action: retry, retries: 2, tier: patterns}
"""
ASKED = {
    "model": "gpt-4o-mini", "stream": True, "temperature": 0.25, "max_completion_tokens": 300, "seed": 7,
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": f"sim-echo-once I am {MAIL}, and my card is {CARD}."}],
}  # fmt: skip
HEADERS = {
    "content-type": "application/json", "authorization": "Bearer sk-simulated-0123456789", "traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "vendor=opaque",
    "x-tidegate-app": "shop", "x-tidegate-env": "prod", "x-tidegate-session": "s-1", "x-tidegate-prompt": "refund@3",
}  # fmt: skip


@dataclass(frozen=True)
class Witnessed:
    """What the three know of it. trace: spans as received, the exchange's own first, then by their starts."""

    row: dict[str, Any]
    trace: list[Told]
    received: list[Received]
    metrics: str
    by: str

    @property
    def text(self) -> str:
        """The trace as a table beside its row."""
        return "\n".join(lines(self))


@pytest.fixture(scope="module", params=["http", "grpc"])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Witnessed]:
    """One call through a gate of its own, by each protocol, and one more of a trace that its caller does not sample."""
    protocol = request.param
    with simulated() as provider, Receiver() as receiver:
        telemetry = f"telemetry: {{otlp_endpoint: '{receiver.url(protocol)}', protocol: {protocol}, content: true, service_name: shop-gate}}\n"
        line = f'  openai: {{dialect: openai, base_url: "{provider.url}", allow_private: true, prices_as: openai}}'
        with RunningGate(tmp_path_factory.mktemp("trace"), line, more=RULES + telemetry) as gate:
            said, id = ask(gate, HEADERS)
            assert CARD not in said and "[DONE]" in said
            unsampled = ask(gate, HEADERS | {"traceparent": f"00-{TRACE}-{PARENT}-00", "x-tidegate-app": "unsampled"})[1]
            row = gate.row(id)["exchange"]
            assert gate.row(unsampled)["exchange"]["trace_sampled"] is False
            spans = receiver.await_spans(1 + len(row["phases.name"]))
            gate.settle(at_least=2)
            metrics = gate.metrics_with(f'tidegate_spans_total{{result="exported"}} {len(spans)}.0')
            received = list(provider.received)[:2]
        receiver.await_(lambda: bool(receiver.metrics))  # at the latest with the gate's end
        assert all(span.by == protocol for span in receiver.spans)
        assert sum(point.count for point in receiver.points()["gen_ai.client.operation.duration"]) == 2
    assert not [span for span in receiver.spans if span.attributes.get("tidegate.app") == "unsampled"]
    own = [span for span in spans if span.ids[1] == row["span_id"]]
    rest = sorted((span for span in spans if span not in own), key=lambda span: (span.span.start_time_unix_nano, span.span.end_time_unix_nano))
    witnessed = Witnessed(row, [*own, *rest], received, metrics, protocol)
    print("", witnessed.text, "", sep="\n")
    yield witnessed


def ask(gate: RunningGate, headers: dict[str, str]) -> tuple[str, str]:
    """The stream as the app reads it, and the exchange's id."""
    asked = urllib.request.Request(f"{gate.base_url}/v1/chat/completions", json.dumps(ASKED).encode(), headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=60) as answer:
        return answer.read().decode(), answer.headers["x-tidegate-request-id"]


# ---------------------------------------------------------------------- the comparison


def started_ns(row: dict[str, Any]) -> int:
    moment = dt.datetime.fromisoformat(row["started_at"])
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) * 1000


def phases(row: dict[str, Any]) -> list[dict[str, Any]]:
    parts = ("name", "start_s", "duration_s", "result", "error_code", "upstream_status", "spent_s", "provider")
    return [dict(zip(parts, each, strict=True)) for each in zip(*(row[f"phases.{part}"] for part in parts), strict=True)]


def of_the_whole(row: dict[str, Any]) -> dict[str, Any]:
    """What the exchange's own span has to say, by the row alone. By attribute, or by field of the span."""
    return {
        "name": f"{row['operation']} {row['request_model']}",
        "trace": row["trace_id"],
        "span": row["span_id"],
        "parent": row["parent_span_id"],
        "start": started_ns(row),
        "seconds": pytest.approx(row["duration_s"], abs=1e-8),
        "status": 0 if row["outcome"] == "ok" else 2,
        "gen_ai.operation.name": row["operation"],
        "gen_ai.request.model": row["request_model"],
        "gen_ai.response.model": row["response_model"],
        "gen_ai.request.stream": row["is_stream"],
        "gen_ai.response.finish_reasons": [row["finish_reason"]],
        "gen_ai.response.time_to_first_chunk": row["time_to_first_chunk_s"],
        "gen_ai.response.id": json.loads(row["reply_body"].partition("data:")[2].partition("\n")[0])["id"],
        "gen_ai.usage.input_tokens": row["input_tokens"],
        "gen_ai.usage.output_tokens": row["output_tokens"],
        "gen_ai.conversation.id": row["session_id"],
        "gen_ai.prompt.name": row["prompt_name"],
        "gen_ai.prompt.version": row["prompt_version"],
        **{f"gen_ai.request.{name}": json.loads(row["request_body"])[key] for name, key in (("temperature", "temperature"), ("max_tokens", "max_completion_tokens"), ("seed", "seed"))},
        "http.response.status_code": row["status"],
        "tidegate.exchange.id": row["id"],
        "tidegate.provider": row["provider"],
        "tidegate.app": row["app"],
        "tidegate.env": row["env"],
        "tidegate.attempts": row["attempts"],
        "tidegate.cost_usd": float(Decimal(row["cost_usd"])),
        "tidegate.usage_source": row["usage_source"],
        "tidegate.overhead_s": row["overhead_s"],
        "tidegate.guard_s": row["guard_s"],
        "tidegate.verdict": row["verdict"],
    }


def of_a_phase(row: dict[str, Any], phase: dict[str, Any]) -> dict[str, Any]:
    """The same of one phase."""
    expected = {
        "trace": row["trace_id"],
        "parent": row["span_id"],
        "start": started_ns(row) + round(phase["start_s"] * 1e9),
        "seconds": pytest.approx(phase["duration_s"], abs=1e-8),
    }
    if phase["name"] == "attempt":
        failed = phase["result"] != "ok"
        return expected | {
            "name": f"attempt {phase['provider']}", "tidegate.provider": row["provider"], "status": 2 if failed else 0, "message": phase["error_code"], "error.type": phase["result"] if failed else None,
            "http.response.status_code": phase["upstream_status"],
        }  # fmt: skip
    return expected | {"name": phase["name"].replace("_", " "), "status": 0, "tidegate.verdict": phase["result"], "tidegate.guard_s": phase["spent_s"]}


def said(span: Told, name: str) -> Any:
    """A field of a span, or an attribute; None if it has none."""
    trace, own, parent = span.ids
    fields = {
        "name": span.name, "trace": trace, "span": own, "parent": parent, "start": span.span.start_time_unix_nano, "seconds": span.seconds,
        "status": span.span.status.code, "message": span.span.status.message,
    }  # fmt: skip
    return fields[name] if name in fields else span.attributes.get(name)


def compared(seen: Witnessed) -> list[tuple[Told, dict[str, Any]]]:
    """Each span with what its row says that it must be."""
    return list(zip(seen.trace, [of_the_whole(seen.row), *(of_a_phase(seen.row, phase) for phase in phases(seen.row))], strict=False))


def lines(seen: Witnessed) -> Iterator[str]:
    row, whole = seen.row, seen.trace[0]
    yield f"exchange {row['id']} as received by OTLP over {seen.by}: {len(seen.trace)} spans, row says {1 + len(row['phases.name'])}"
    for span in seen.trace:
        at = (span.span.start_time_unix_nano - whole.span.start_time_unix_nano) / 1e6
        about = {name.removeprefix("tidegate."): value for name, value in span.attributes.items() if name in ("tidegate.verdict", "http.response.status_code", "error.type", "tidegate.guard.findings")}
        yield f"  {'' if span is whole else '  '}{span.name:<18} {span.ids[1]} +{at:9.3f} ms {span.seconds * 1e3:9.3f} ms  {about}"
    yield f"  {'span':<18} {'field or attribute':<40} {'row':<42} received"
    for span, expected in compared(seen):
        for name, value in expected.items():
            shown = getattr(value, "expected", value)
            yield f"  {span.name:<18} {name:<40} {shown!s:<42} {said(span, name)!s:<42} {'same' if said(span, name) == value else 'DIFFERS'}"
    for request in seen.received:
        headers = {name.decode().lower(): value.decode() for name, value in request.headers}
        yield f"  provider received {request.method} {request.target} traceparent {headers['traceparent']} tracestate {headers['tracestate']}"


def test_the_trace_is_the_row_field_by_field(seen: Witnessed) -> None:
    """Row and trace are views of one record: who finds a span must find the same call in the store, and no figure may differ."""
    assert len(seen.trace) == 1 + len(seen.row["phases.name"]), seen.text
    for span, expected in compared(seen):
        assert {name: said(span, name) for name in expected} == expected, f"{span.name}\n{seen.text}"


def test_it_was_streamed_guarded_and_retried(seen: Witnessed) -> None:
    """The call that all of this is about: two attempts, the first one's reply refused, both directions masked or looked at."""
    told = [(phase["name"], phase["result"], phase["upstream_status"]) for phase in phases(seen.row)]
    assert told == [
        ("guard_request", "masked", None), ("attempt", "policy_blocked", 200), ("guard_reply", "blocked", None), ("attempt", "ok", 200), ("guard_reply", "passed", None),
    ], seen.text  # fmt: skip
    assert (seen.row["attempts"], seen.row["is_stream"], seen.row["verdict"], seen.row["outcome"]) == (2, True, "masked", "ok")


def test_phases_lie_within_their_exchange_and_attempts_follow_each_other(seen: Witnessed) -> None:
    """A child that begins before its parent is a broken clock on every screen."""
    whole, *children = seen.trace
    for child in children:
        assert whole.span.start_time_unix_nano <= child.span.start_time_unix_nano <= child.span.end_time_unix_nano <= whole.span.end_time_unix_nano, seen.text
    first, second = (child for child in children if child.name.startswith("attempt"))
    assert first.span.end_time_unix_nano <= second.span.start_time_unix_nano, seen.text
    assert sum(phase["spent_s"] or 0.0 for phase in phases(seen.row)) == pytest.approx(seen.row["guard_s"]), seen.text


def test_the_trace_goes_on_from_the_app_to_the_provider(seen: Witnessed) -> None:
    """One trace from the app's span over the gate's to the provider's own, in each attempt."""
    assert seen.trace[0].ids == (TRACE, seen.row["span_id"], PARENT)
    headers = [{name.decode().lower(): value.decode() for name, value in request.headers} for request in seen.received]
    assert [(each["traceparent"], each["tracestate"]) for each in headers] == [(f"00-{TRACE}-{seen.row['span_id']}-01", "vendor=opaque")] * 2, seen.text
    assert seen.trace[0].resource["service.name"] == "shop-gate"


def test_content_is_that_of_the_record(seen: Witnessed) -> None:
    """It was asked for (`telemetry.content: true`), and is what the store has: masked."""
    asked = json.loads(seen.trace[0].attributes["gen_ai.input.messages"])
    assert [(message["role"], message["parts"][0]["content"]) for message in asked] == [(m["role"], m["content"]) for m in json.loads(seen.row["request_body"])["messages"]]
    (answer,) = json.loads(seen.trace[0].attributes["gen_ai.output.messages"])
    assert answer == {"role": "assistant", "parts": [{"type": "text", "content": seen.row["reply_text"]}], "finish_reason": seen.row["finish_reason"]}
    everything = json.dumps([span.attributes for span in seen.trace])
    assert MAIL not in everything and CARD not in everything and CARD.replace(" ", "") not in everything


def test_what_was_told_and_tried_is_counted(seen: Witnessed) -> None:
    """The gate's own page knows of spans and attempts, those of the unsampled call among the latter."""
    for line in (
        f'tidegate_spans_total{{result="exported"}} {len(seen.trace)}.0',
        'tidegate_spans_total{result="dropped"} 0.0',
        'tidegate_attempts_total{provider="openai",result="policy_blocked"}',
        'tidegate_attempts_total{provider="openai",result="ok"} 2.0',
    ):
        assert line in seen.metrics, [each for each in seen.metrics.splitlines() if "spans" in each or "attempts" in each]
