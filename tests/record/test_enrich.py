"""From captured bytes to the record: outcome, texts, tokens, times, and what happens to odd ones."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import DIALECTS
from gateway.exchange import Closed, Exchange, Opened, Outcome, Segment, Usage
from gateway.journal import Frame, Kind
from gateway.record.capture import Captured, capture
from gateway.record.enrich import Enricher, storable
from gateway.record.pricing import Price
from gateway.store.rows import encode
from tests.support.recording import STARTED_NS, closed, new_id, opened

ID = new_id(7)
ASKED = {"model": "gpt-4o", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Tide?"}]}
ANSWERED = {
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Low."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
}
WORD = b'data: {"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Lo"},"finish_reason":null}]}\n\n'
STOP = b'data: {"choices":[{"index":0,"delta":{"content":"w."},"finish_reason":"stop"}]}\n\n'
USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}\n\n'
DONE = b"data: [DONE]\n\n"
ERROR = b'data: {"error":{"type":"server_error","code":"Engine Overloaded!","message":"busy"}}\n\n'


class Words:
    """Counts a word as a token."""

    def estimate(self, request: Sequence[Segment], reply: Sequence[Segment] | None, model: str, *, chat: bool = True) -> Usage:
        words = [sum(len(s.text.split()) for s in segments) if segments is not None else None for segments in (request, reply)]
        return Usage(input_tokens=words[0], output_tokens=words[1])


class OneCent:
    """Prices every token the same."""

    def cost(self, *, provider: str, prices_as: str | None, request_model: str, response_model: str, usage: Usage | None, at: dt.datetime) -> Price:
        if usage is None or usage.input_tokens is None:
            return Price(None)
        return Price(Decimal("0.01") * (usage.input_tokens + (usage.output_tokens or 0)), f"{prices_as} {at:%Y}")


def enricher(**changes: Any) -> Enricher:
    options: dict[str, Any] = {"prices_as": {"openai": "openai"}, "max_body_bytes": 1000, "keep_content": True, "now_ns": lambda: STARTED_NS}
    return Enricher(counter=Words(), prices=OneCent(), **(options | changes))


def captured(request: Any = ASKED, reply: Any = ANSWERED, *, open_: Opened | None = None, close: Closed | None = None, **notes: str) -> Captured:
    bodies = [body if isinstance(body, bytes) else orjson.dumps(body) for body in (request, reply)]
    whole = capture(ID, "w-1-2", [_frame(Kind.OPEN, open_ or opened(ID), bodies[0]), _frame(Kind.CLOSE, close or closed(ID), bodies[1])])
    return whole._replace(**notes)  # type: ignore[arg-type]


def _frame(kind: Kind, meta: Opened | Closed, body: bytes) -> Frame:
    return Frame(kind, ID, orjson.dumps(meta), body, 0, 0)


def record(*args: Any, **kwargs: Any) -> Exchange:
    return enricher().exchange(captured(*args, **kwargs), "batch")


def streamed(*events: bytes, **close: Any) -> Exchange:
    return record(reply=b"".join(events), close=closed(ID, content_type="text/event-stream", **close))


def test_a_plain_call_is_recorded_whole() -> None:
    """Every column of the main job."""
    meta = opened(ID, app="shop", env="prod", tags={"a": "b"}, trace_id="t", span_id="s", request_bytes=120, version="1.0")
    got = record(open_=meta, close=closed(ID, duration_s=0.5, upstream_s=0.4, connect_s=0.05, overhead_s=0.0004, reply_bytes=200))
    assert got == Exchange(
        id=got.id, started_at=dt.datetime(2026, 9, 21, 14, 13, 20, tzinfo=dt.UTC), app="shop", env="prod", key_id="", user_id="", session_id="", trace_id="t",
        span_id="s", parent_span_id="", prompt_name="", prompt_version="", tags={"a": "b"}, provider="openai", dialect="openai", operation="chat", method="POST",
        endpoint="/v1/chat/completions", request_model="gpt-4o", response_model="gpt-4o-2024-08-06", is_stream=False, status=200, upstream_status=200,
        outcome=Outcome.OK, error_code="", finish_reason="stop", attempts=1, duration_s=0.5, time_to_first_chunk_s=None, upstream_s=0.4, connect_s=0.05,
        overhead_s=0.0004, guard_s=None, input_tokens=12, output_tokens=3, cache_read_tokens=None, cache_write_tokens=None, cache_write_1h_tokens=None,
        reasoning_tokens=None, input_audio_tokens=None, output_audio_tokens=None, usage_source="provider", usage_note="",
        usage_raw='{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}', cost_usd=Decimal("0.15"), price_source="openai 2026", request_bytes=120,
        reply_bytes=200, prompt_text="Be brief.\nTide?", reply_text="Low.", request_body=orjson.dumps(ASKED).decode(), reply_body=orjson.dumps(ANSWERED).decode(),
        body_note="", findings=(), verdict="not_checked", batch_id="batch", worker="worker-0", gateway_version="1.0",
    )  # fmt: skip
    assert got.id.bytes == ID


def test_a_streamed_call_gives_the_same_record() -> None:
    """Law 2: `stream: true` never changes what is counted."""
    got = streamed(WORD, STOP, USAGE, DONE)
    assert (got.outcome, got.reply_text, got.finish_reason, got.input_tokens, got.output_tokens, got.usage_source, got.is_stream) == (
        Outcome.OK, "Low.", "stop", 12, 3, "provider", True)  # fmt: skip


@pytest.mark.covers("U4", "U5", "U7", "U8", "U9", "U20", "C2")
@pytest.mark.parametrize(
    ("got", "outcome", "code"),
    [
        (lambda: streamed(WORD, STOP), Outcome.PROVIDER_TRUNCATED, "no_terminal_event"),
        (lambda: streamed(), Outcome.PROVIDER_TRUNCATED, "no_terminal_event"),
        (lambda: record(reply=b'{"choices": [{"mess'), Outcome.PROVIDER_TRUNCATED, "no_terminal_event"),
        (lambda: record(reply=b"\xef\xbb\xbf [{"), Outcome.PROVIDER_TRUNCATED, "no_terminal_event"),
        (lambda: record(reply=b"dat", close=closed(ID, content_type="text/plain")), Outcome.PROVIDER_TRUNCATED, "no_terminal_event"),
        (lambda: record(reply=b"<html>Sign in</html>", close=closed(ID, content_type="text/html")), Outcome.PROVIDER_PROTOCOL, "not_json"),
        (lambda: record(reply=b"\n upstream is down", close=closed(ID, content_type="text/plain")), Outcome.PROVIDER_PROTOCOL, "not_json"),
        (lambda: streamed(WORD, ERROR), Outcome.PROVIDER_ERROR_EVENT, "engine_overloaded"),
        (lambda: record(reply={"error": {"message": "Network connection lost."}}), Outcome.PROVIDER_ERROR_EVENT, "error_event"),
        (lambda: streamed(WORD, outcome="caller_cancelled", error_code="client_left"), Outcome.CALLER_CANCELLED, "client_left"),
        (lambda: streamed(WORD, STOP, USAGE, DONE, outcome="caller_cancelled", error_code="client_left"), Outcome.OK, ""),
        (lambda: streamed(WORD, outcome="provider_timeout", error_code="provider_timeout"), Outcome.PROVIDER_TIMEOUT, "provider_timeout"),
        (lambda: record(reply=b"", close=closed(ID, outcome="caller_cancelled", upstream_status=None, status=0)), Outcome.CALLER_CANCELLED, ""),
        (lambda: record(close=closed(ID, outcome="a word of tomorrow")), Outcome.GATEWAY_ERROR, ""),
    ],
)
def test_success_is_a_terminal_event(got: Any, outcome: Outcome, code: str) -> None:
    """Law 7, and whose fault it was (LESSONS 14 and 21): neither a closed socket nor a 200 says that a reply is whole."""
    assert (got().outcome, got().error_code) == (outcome, code)


@pytest.mark.parametrize(
    ("status", "body", "outcome", "code"),
    [
        (400, {"error": {"type": "invalid_request_error", "code": "context_length_exceeded"}}, Outcome.CALLER_REJECTED, "context_length_exceeded"),
        (401, {"error": {"type": "authentication_error"}}, Outcome.CALLER_REJECTED, "authentication_error"),
        (404, b"nothing here", Outcome.CALLER_REJECTED, "http_404"),
        (429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}, Outcome.PROVIDER_RATE_LIMITED, "resource_exhausted"),
        (500, b"", Outcome.PROVIDER_ERROR, "http_500"),
        (503, {"error": {"message": "x"}}, Outcome.PROVIDER_OVERLOADED, "http_503"),
        (529, {"error": {"type": "overloaded_error"}}, Outcome.PROVIDER_OVERLOADED, "overloaded_error"),
        (502, b"\xff\xfe", Outcome.PROVIDER_ERROR, "http_502"),
    ],
)
def test_a_refusal_is_named_by_status_and_code_and_costs_nothing(status: int, body: Any, outcome: Outcome, code: str) -> None:
    """Alerts group by these words, and a refused call must not look like one that used tokens (law 6)."""
    got = record(reply=body, close=closed(ID, status=status, upstream_status=status))
    assert (got.outcome, got.error_code, got.input_tokens, got.usage_source, got.cost_usd) == (outcome, code, None, "", None)


@pytest.mark.covers("U22")
def test_usage_is_estimated_only_where_the_provider_worked_and_did_not_say() -> None:
    """Law 6 and LESSON 11: never a guess in silence, never a zero for unknown."""
    silent = record(reply={k: v for k, v in ANSWERED.items() if k != "usage"})
    assert (silent.input_tokens, silent.output_tokens, silent.usage_source) == (3, 1, "estimated")
    cut = streamed(WORD, outcome="caller_cancelled")
    assert (cut.input_tokens, cut.output_tokens, cut.usage_source) == (3, 1, "estimated")
    half = orjson.dumps({k: v for k, v in ANSWERED.items() if k != "usage"}).partition(b'Low')
    cut = record(reply=b"".join(half[:2]))
    assert (cut.outcome, cut.reply_text, cut.response_model) == (Outcome.PROVIDER_TRUNCATED, "Low", ANSWERED["model"])
    assert (cut.input_tokens, cut.output_tokens, cut.usage_source) == (3, 1, "estimated")  # streamed or not
    unanswered = record(reply=b"{}", close=closed(ID, outcome="provider_timeout", upstream_status=None, status=504))
    assert (unanswered.input_tokens, unanswered.usage_source, unanswered.cost_usd) == (None, "", None)
    opaque = record(open_=opened(ID, endpoint="/v1/files", operation="other"))
    assert (opaque.input_tokens, opaque.usage_source, opaque.prompt_text) == (None, "", "")


@pytest.mark.covers("D4")
def test_a_stream_cut_before_the_provider_summed_up_is_not_billed_as_if_it_had_said_nothing() -> None:
    """Anthropic's first event says one output token, Gemini's early frames say none: placeholders, which a cut must not turn into the bill."""
    begun = (
        b'event: message_start\ndata: {"type":"message_start","message":{"model":"claude","content":[],"usage":{"input_tokens":12,"output_tokens":1}}}\n\n'
        b'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n'
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Low and falling until six"}}\n\n'
    )
    anthropic = opened(ID, provider="anthropic", dialect="anthropic", endpoint="/v1/messages")
    got = record(reply=begun, open_=anthropic, close=closed(ID, content_type="text/event-stream"))
    assert (got.input_tokens, got.output_tokens, got.usage_source, got.usage_note) == (12, 5, "estimated", "output_tokens estimated")
    assert got.outcome is Outcome.PROVIDER_TRUNCATED


@pytest.mark.covers("U20")
@pytest.mark.parametrize("body", [b"<html>gone</html>", b"", {"error": {"message": "no"}}, ERROR])
def test_what_is_not_an_answer_is_not_estimated(body: Any) -> None:
    """A page, nothing at all or a bare error behind a 200 is no completion: charging a guess for it would be an invention."""
    got = record(reply=body)
    assert (got.input_tokens, got.output_tokens, got.cost_usd, got.usage_source) == (None, None, None, "")


def test_a_crash_is_recorded_with_what_had_arrived() -> None:
    """The provider may bill what nobody received."""
    frames = [_frame(Kind.OPEN, opened(ID), orjson.dumps(ASKED)), Frame(Kind.REPLY_PART, ID, b"", WORD, 0, 0)]
    got = enricher().exchange(capture(ID, "w", frames), "batch")
    assert (got.outcome, got.status, got.attempts, got.duration_s, got.reply_text, got.reply_bytes) == (Outcome.GATEWAY_CRASH, None, None, None, "Lo", len(WORD))
    assert (got.input_tokens, got.output_tokens, got.usage_source) == (3, 1, "estimated")
    bare = enricher().exchange(capture(ID, "w", frames[:1]), "batch")
    assert (bare.outcome, bare.reply_bytes, bare.output_tokens, bare.cost_usd) == (Outcome.GATEWAY_CRASH, None, None, None)  # what was relayed by then nobody knows, and 0 would be a claim


def test_a_close_alone_is_recorded_with_what_it_knows() -> None:
    """When was it? The id itself tells. Was it a success? Only who knows what was asked for could say, so the row does not; how it failed it says, if it did."""
    got = enricher().exchange(capture(ID, "w-1-2", [_frame(Kind.CLOSE, closed(ID), b"{}")]), "batch")
    assert (got.started_at, got.provider, got.worker, got.body_note, got.outcome, got.error_code, got.status) == (
        dt.datetime(2026, 9, 21, 14, 13, 20, tzinfo=dt.UTC), "", "w-1-2", "request:unreadable", Outcome.GATEWAY_ERROR, "record_damaged", 200)  # fmt: skip
    for close, outcome in ((closed(ID, outcome="provider_timeout", status=504, upstream_status=None), "provider_timeout"), (closed(ID, status=429, upstream_status=429), "provider_rate_limited")):
        assert enricher().exchange(capture(ID, "w-1-2", [_frame(Kind.CLOSE, close, b"{}")]), "batch").outcome == outcome


@pytest.mark.covers("D11")
def test_a_frame_of_a_newer_version_is_read_for_what_is_known() -> None:
    """A rolled-back gateway must not lose the backlog."""
    meta = orjson.dumps(orjson.loads(orjson.dumps(opened(ID))) | {"invented_later": 1})
    got = capture(ID, "w", [Frame(Kind.OPEN, ID, meta, b"", 0, 0), Frame(Kind.CLOSE, ID, b"[1]", b"", 0, 0)])
    assert (got.opened, got.closed) == (opened(ID), None)


def test_bodies_are_kept_as_text_and_say_why_they_are_not_whole() -> None:
    """A row must fit, be UTF-8, and never pretend."""
    long = {"model": "m", "messages": [{"role": "user", "content": "ü" * 600}]}
    got = record(request=long)
    assert (len(got.request_body.encode()), got.request_body.endswith("ü"), got.body_note) == (999, True, "request:truncated")
    assert record(reply=b"\x00\x01PNG").body_note == "reply:binary"
    assert record(reply=gzip.compress(orjson.dumps(ANSWERED)), close=closed(ID, content_encoding="gzip")).reply_text == "Low."
    cut = record(reply=gzip.compress(orjson.dumps(ANSWERED))[:-12], close=closed(ID, content_encoding="gzip"))
    assert (cut.outcome, cut.body_note) == (Outcome.PROVIDER_TRUNCATED, "reply:truncated")
    unknown = record(reply=b"xx", close=closed(ID, content_encoding="br"))
    assert (unknown.outcome, unknown.body_note, unknown.reply_body) == (Outcome.OK, "reply:unreadable", "")
    lost = record(reply=b"", reply_note="dropped_disk")
    assert (lost.outcome, lost.body_note) == (Outcome.OK, "reply:dropped_disk")
    missing = record(open_=opened(ID, body_parts=2))
    assert missing.body_note == "request:dropped_disk"


def test_without_content_no_text_is_kept_but_everything_is_counted() -> None:
    """`store.content: none` is a promise about what is on disk."""
    full, none = record(), enricher(keep_content=False).exchange(captured(), "batch")
    assert none == replace(full, prompt_text="", reply_text="", request_body="", reply_body="")
    chatty = captured(reply={**ANSWERED, "usage": {**ANSWERED["usage"], "said": "my words"}})
    full, none = (enricher(keep_content=kept).exchange(chatty, "batch") for kept in (True, False))
    assert (none.input_tokens, none.output_tokens, none.usage_raw) == (12, 3, "") and "my words" in full.usage_raw


@pytest.mark.covers("T24", "U22")
def test_hollow_bodies_give_figures_and_say_what_cannot_be_known() -> None:
    """Under `store.content: none` the journal has no text: what the provider said is recorded, nothing is guessed, and the row says why (law 6)."""
    hollow = {"request_note": "withheld", "reply_note": "withheld"}
    told = record({"model": "gpt-4o", "messages": [{}]}, {**ANSWERED, "choices": [{"index": 0, "finish_reason": "stop", "message": {}}]}, **hollow)
    assert (told.request_model, told.response_model, told.finish_reason, told.outcome) == ("gpt-4o", "gpt-4o-2024-08-06", "stop", Outcome.OK)
    assert (told.input_tokens, told.output_tokens, told.usage_source, told.usage_note, told.cost_usd) == (12, 3, "provider", "", Decimal("0.15"))
    assert (told.prompt_text, told.reply_text, told.request_body, told.reply_body, told.body_note) == ("", "", "", "", "request:withheld,reply:withheld")
    silent = record({"model": "gpt-4o"}, {"choices": [{"finish_reason": "stop", "message": {}}]}, **hollow)
    assert (silent.input_tokens, silent.output_tokens, silent.usage_source, silent.cost_usd, silent.usage_note) == (None, None, "", None, "not estimated: content withheld")
    dropped = record(b"", b"", **hollow)
    assert (dropped.outcome, dropped.input_tokens, dropped.usage_note, dropped.body_note) == (Outcome.OK, None, "not estimated: content withheld", "request:withheld,reply:withheld")
    cut = record({"model": "gpt-4o"}, WORD, close=closed(ID, content_type="text/event-stream"), **hollow)
    assert (cut.outcome, cut.output_tokens) == (Outcome.PROVIDER_TRUNCATED, None)  # the terminal event is still looked for


FOUND = [["secrets", "API_KEY", "request", "mask", 1.0, 2]]


@pytest.mark.parametrize(
    ("open_", "close", "findings", "verdict", "guard_s"),
    [
        ({}, {}, [], "not_checked", None),
        ({"findings": FOUND, "verdict": "masked", "guard_s": 0.001}, {}, FOUND, "masked", 0.001),  # a worker that did not get to it
        ({"findings": FOUND, "verdict": "masked", "guard_s": 0.001}, {"findings": [*FOUND, ["pii", "PERSON", "reply", "flag", 0.5, 1]], "verdict": "masked", "guard_s": 0.003},
         [*FOUND, ["pii", "PERSON", "reply", "flag", 0.5, 1]], "masked", 0.003),
        ({"verdict": "passed", "guard_errors": {"pii": 1}}, {"verdict": "error", "guard_errors": {"pii": 3, "own": 1}},
         [["pii", "error", "request", "error", 0.0, 1], ["pii", "error", "reply", "error", 0.0, 2], ["own", "error", "reply", "error", 0.0, 1]], "error", None),
        ({"verdict": "flagged", "findings": [["x"], None, ["a", "b", "c", "d", "high", 1], ["a", "b", "c", "d", 1.0, -1]], "guard_s": -5.0}, {}, [], "flagged", 0.0),
    ],
)  # fmt: skip
def test_what_the_guard_did_is_in_the_row(open_: Any, close: Any, findings: Any, verdict: str, guard_s: float | None) -> None:
    """Of the whole exchange if its CLOSE says, else of its request; what is no finding is left out."""
    got = record(open_=opened(ID, **open_), close=closed(ID, **close))
    assert ([[f.detector, f.kind, f.direction, f.action, f.score, f.count] for f in got.findings], got.verdict, got.guard_s) == (findings, verdict, guard_s)
    assert orjson.loads(encode(got))["findings.detector"] == [each[0] for each in findings]


@pytest.mark.covers("G8")
def test_a_crash_keeps_what_the_request_guard_had_done() -> None:
    """The last thing known of an exchange whose worker died must not be forgotten because its CLOSE is missing."""
    meta = opened(ID, findings=FOUND, verdict="masked", guard_s=0.002)
    got = enricher().exchange(capture(ID, "w", [_frame(Kind.OPEN, meta, orjson.dumps(ASKED))]), "batch")
    assert (got.outcome, got.verdict, got.guard_s, [f.kind for f in got.findings]) == (Outcome.GATEWAY_CRASH, "masked", 0.002, ["API_KEY"])


def test_the_provider_is_the_one_that_answered_and_its_prices_hold() -> None:
    """A route's second target may cost ten times as much; the row of the exchange says whom to pay, and by which route it came."""
    failed = ["attempt", 0.1, 0.1, "provider_overloaded", "http_529", 529, None, "openai"]
    close = closed(ID, provider="spare", attempts=2, asked_s=0.25, upstream_s=0.2, phases=[failed])
    got = enricher(prices_as={"openai": "openai", "spare": "azure"}).exchange(captured(open_=opened(ID, route="tier-1"), close=close), "batch")
    assert (got.provider, got.route, got.attempts, got.price_source) == ("spare", "tier-1", 2, "azure 2026")
    assert [(phase.provider, phase.result) for phase in got.phases] == [("openai", "provider_overloaded"), ("spare", "ok")]


def test_what_the_gate_shed_is_its_own_doing() -> None:
    """An answer of 503 that no provider gave must not be counted against one."""
    got = record(b"", b"{}", close=closed(ID, status=503, upstream_status=None, outcome="gateway_overloaded", error_code="gateway_overloaded", attempts=0))
    assert (got.outcome, got.error_code, got.phases, got.cost_usd, got.attempts) == (Outcome.GATEWAY_OVERLOADED, "gateway_overloaded", (), None, 0)


@pytest.mark.parametrize("outcome", [Outcome.POLICY_BLOCKED, Outcome.GATEWAY_GUARD])
def test_what_a_guard_refused_says_so(outcome: Outcome) -> None:
    """Whose decision it was, the rule's or a failure's, is the outcome."""
    got = record(reply=b'{"error": {}}', close=closed(ID, outcome=outcome.value, error_code="guard_unavailable", upstream_status=None, status=503, verdict="error"))
    assert (got.outcome, got.error_code, got.verdict, got.input_tokens) == (outcome, "guard_unavailable", "error", None)


@pytest.mark.covers("D8")
@pytest.mark.parametrize("ns", [0, -5, STARTED_NS + 2 * 86_400 * 10**9, 2**63])
def test_a_broken_clock_neither_hides_nor_ages_a_row(ns: int) -> None:
    """A row in the wrong year is dropped by the TTL at once, or never; a negative latency ruins every average."""
    got = record(open_=opened(ID, started_at_ns=ns), close=closed(ID, duration_s=-3.0, overhead_s=float("nan")))
    assert (got.started_at.year, got.usage_note, got.duration_s, got.overhead_s) == (2026, "clock of the worker was wrong", 0.0, None)


def test_a_reader_that_stumbles_costs_the_bodies_not_the_row() -> None:
    """One odd body must not stop the record of everybody else's."""

    class Broken(Words):
        def estimate(self, request: Sequence[Segment], reply: Sequence[Segment] | None, model: str, *, chat: bool = True) -> Usage:
            if request:
                raise RuntimeError("odd")
            return Usage()

    broken = Enricher(counter=Broken(), prices=OneCent(), prices_as={}, max_body_bytes=1000, keep_content=True, now_ns=lambda: STARTED_NS)
    got = broken.exchange(captured(reply={"choices": []}), "batch")
    assert (got.status, got.request_body, got.body_note, got.usage_source) == (200, "", "request:unreadable,reply:unreadable", "")


def test_exchanges_made_together_are_those_made_one_by_one() -> None:
    """They take each step in turn: neither order nor an odd one among them shows in another's row."""
    chunks = b"".join(b"data: " + orjson.dumps({"choices": [{"delta": {"content": word}}]}) + b"\n\n" for word in ("It ", "came ", "broken."))
    some = [
        captured(),
        captured(reply=chunks, close=closed(ID, content_type="text/event-stream")),
        captured(gzip.compress(orjson.dumps(ASKED)), open_=opened(ID, content_encoding="gzip")),
        captured(reply={"choices": []}),  # the reader below stumbles over it
        captured(reply=b'{"error": {"code": "slow_down"}}', close=closed(ID, status=429, upstream_status=429)),
        captured(b"", b"")._replace(opened=None),
        captured(b"", b"")._replace(closed=None),
    ]

    class Stumbles(Words):
        def estimate(self, request: Sequence[Segment], reply: Sequence[Segment] | None, model: str, *, chat: bool = True) -> Usage:
            if request and not reply:
                raise RuntimeError("odd")
            return super().estimate(request, reply, model, chat=chat)

    def one() -> Enricher:
        return Enricher(counter=Stumbles(), prices=OneCent(), prices_as={}, max_body_bytes=1000, keep_content=True, now_ns=lambda: STARTED_NS)

    together = one().exchanges(some, "b", 1 << 20)
    assert together == [one().exchange(each, "b", 1 << 20) for each in some]
    assert [each.body_note for each in together].count("request:unreadable,reply:unreadable") == 1
    assert one().exchanges([], "b") == []


def test_those_made_together_share_their_batchs_room() -> None:
    """Each takes what it holds of it, so that the last of a few bodies that are long is cut, and not the first."""
    long = orjson.dumps(ASKED | {"user": "a" * 40_000})
    many = enricher(max_body_bytes=1 << 20).exchanges([captured(long)] * 6, "b", 200_000)
    assert [len(each.request_body) for each in many] == sorted((len(each.request_body) for each in many), reverse=True)
    assert many[0].request_body == long.decode() and "request:truncated" in many[-1].body_note


def test_a_figure_without_a_place_in_its_column_costs_the_figures_not_the_row() -> None:
    """ClickHouse would wrap it round in silence."""
    exchange, row = storable(replace(record(), input_tokens=2**40), encode)
    assert (exchange.input_tokens, exchange.output_tokens, exchange.cost_usd, exchange.usage_source) == (None, None, None, "")
    assert exchange.usage_note.startswith("not storable: input_tokens") and orjson.loads(row)["input_tokens"] is None


def test_an_endpoints_template_routes_like_the_path_it_was_made_from() -> None:
    """The journal holds the template only; the recorder must read the body as the operation that the worker saw."""
    paths = {
        "openai": ["/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/openai/deployments/my-gpt/chat/completions", "/v1/responses/input_tokens"],
        "anthropic": ["/v1/messages", "/v1/messages/count_tokens"],
        "gemini": ["/v1beta/models/gemini-2.0-flash:generateContent", "/v1beta/models/x:streamGenerateContent", "/v1beta/models/x:batchEmbedContents"],
    }
    for dialect, all_of_them in paths.items():
        for path in all_of_them:
            route = DIALECTS[dialect].route("POST", path)
            assert route.operation.parses and DIALECTS[dialect].route("POST", route.endpoint).operation is route.operation, path


@settings(deadline=None, max_examples=150)
@given(
    request=st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(lambda v: orjson.dumps(v) if _dumps(v) else b""),
    reply=st.binary(max_size=200) | st.lists(st.sampled_from([WORD, STOP, USAGE, DONE, ERROR, b"data: {\n\n", b"\xff"])).map(b"".join),
    dialect=st.sampled_from(["openai", "anthropic", "gemini", "opaque", "?"]),
    status=st.sampled_from([None, 0, 200, 204, 404, 500]),
)
def test_any_bytes_become_a_row(request: bytes, reply: bytes, dialect: str, status: int | None) -> None:
    """The record plane reads what strangers wrote."""
    endpoint = {"anthropic": "/v1/messages", "gemini": "/v1beta/models/{model}:generateContent"}.get(dialect, "/v1/chat/completions")
    got = record(request, reply, open_=opened(ID, dialect=dialect, endpoint=endpoint), close=closed(ID, upstream_status=status))
    assert orjson.loads(encode(got))["id"] == str(got.id)


def _dumps(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.covers("T13")
def test_a_batch_of_bombs_is_cut_to_its_room() -> None:
    """A kilobyte of gzip may be megabytes of text: a thousand such rows in one insert would exceed what the store can take, for ever."""
    bomb = gzip.compress(b'{"model":"gpt-4o","messages":[{"role":"user","content":"' + b"a " * 2_000_000 + b'"}]}')
    packed = captured(bomb, open_=opened(ID, content_encoding="gzip"))
    roomy = enricher(max_body_bytes=8 << 20)
    assert len(encode(roomy.exchange(packed, "b", 64 << 20))) > 1_000_000
    tight = roomy.exchange(packed, "b", 0)
    assert len(encode(tight)) < 100_000
    assert "request:truncated" in tight.body_note
