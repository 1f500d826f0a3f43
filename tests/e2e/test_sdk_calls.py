"""Every call of the official SDKs, directly and through the gate: equal objects, the same request upstream, and one row that says what happened."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import genai_prices
import pytest

from tests.e2e.conftest import HEADERS, MODES, Pair
from tests.support.sdk import BY_ID, FAILING, GOOD, HELLO, KEY, Case

Pairs = dict[tuple[str, str], Pair]
Rows = dict[str, dict[str, Any]]
_ID = {"ids": lambda c: c.id}
_PRICED_AS = {"openai": "openai", "anthropic": "anthropic", "gemini": "google"}
_OUTCOMES = {429: "provider_rate_limited", 500: "provider_error", 503: "provider_overloaded", 529: "provider_overloaded"}
_TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens")
_UNCOUNTED = ("moderations", "models", "model", "image", "speech", "transcription", "file", "files", "batch", "count-tokens", "anthropic-models", "gemini-count", "gemini-models", "gemini-model")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", [*GOOD, *FAILING], **_ID)
def test_an_app_sees_what_it_sees_without_the_gate(pairs: Pairs, case: Case, mode: str) -> None:
    """The promise to every app that changes its base URL: the same objects, the same exceptions with the same words."""
    pair = pairs[mode, case.id]
    assert (type(pair.direct.error).__name__, str(pair.direct.error)) == (type(pair.gated.error).__name__, str(pair.gated.error))
    assert type(pair.gated.error).__name__ == (case.error or "NoneType")
    assert pair.gated.items == pair.direct.items
    assert bool(pair.gated.items) == (not case.error)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", [*GOOD, *FAILING], **_ID)
def test_the_provider_gets_the_apps_own_request(pairs: Pairs, case: Case, mode: str) -> None:
    """Law 1: not a byte of the body changes, but for the usage that is asked for; our headers stay here, the app's key goes on."""
    direct, gated = pairs[mode, case.id].received
    assert (gated.method, gated.target) == (direct.method, direct.target)
    if _asks_for_usage(case):
        assert json.loads(gated.body) == {**json.loads(direct.body), "stream_options": {"include_usage": True}}
    elif b"multipart/" not in _headers(gated.headers).get(b"content-type", b""):
        assert gated.body == direct.body
    ours, theirs = _headers(gated.headers), _headers(direct.headers)
    assert not [name for name in ours if name.startswith(b"x-tidegate")]
    assert KEY.encode() in ours[b"x-goog-api-key" if case.dialect == "gemini" else b"authorization"]
    # content-type: the boundary of a form; cookie: the provider's, which the gate keeps from the app
    changed = {b"host", b"accept-encoding", b"content-length", b"content-type", b"connection", b"traceparent", b"cookie"}
    assert {k: v for k, v in ours.items() if k not in changed} == {k: v for k, v in theirs.items() if k not in changed}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", GOOD, **_ID)
def test_a_good_call_has_a_row_that_says_so(pairs: Pairs, rows: Rows, case: Case, mode: str) -> None:
    """Tokens and cost are worked out here from the SDK's object and the public prices, a stream's from the same call made whole."""
    row = rows[pairs[mode, case.id].gated.request_id]
    whole = pairs[mode, case.whole or case.id].direct.items[0]
    expected = {**_known(case), "status": 200, "upstream_status": 200, "outcome": "ok", "error_code": "", "is_stream": bool(case.whole)}
    if case.id == "embed-content":
        expected |= {"usage_source": "estimated", "input_tokens": 4, "output_tokens": None}  # Gemini's embeddings come without usage
    elif case.id in _UNCOUNTED:
        expected |= {"usage_source": "", "cost_usd": None, **dict.fromkeys(_TOKENS)}
    else:
        tokens = _tokens(case, whole)
        expected |= {**tokens, "usage_source": "provider", "cost_usd": _cost(case, tokens)}
    assert {name: row[name] for name in expected} == expected
    assert [text for text in _asked(case) if text not in row["prompt_text"]] == []
    assert [text for text in _said(case, whole) if text not in row["reply_text"]] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", FAILING, **_ID)
def test_a_refused_call_has_a_row_that_says_whose_fault_it_was(pairs: Pairs, rows: Rows, case: Case, mode: str) -> None:
    """A call that failed cost nothing that is known: NULL, never 0 (law 6)."""
    row = rows[pairs[mode, case.id].gated.request_id]
    expected = {**_known(case), "status": case.status, "upstream_status": case.status, "outcome": _OUTCOMES.get(case.status, "caller_rejected")}
    expected |= {"cost_usd": None, "usage_source": "", "reply_text": "", **dict.fromkeys(_TOKENS)}
    assert {name: row[name] for name in expected} == expected
    assert row["error_code"]


def test_every_call_has_exactly_one_row(pairs: Pairs, rows: Rows) -> None:
    """Conservation (law 3), at rest."""
    ids = [pair.gated.request_id for pair in pairs.values()]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(rows)


def test_no_row_has_a_key_in_it(rows: Rows) -> None:
    """Law 8: the record has no place for a credential."""
    assert [id for id, row in rows.items() if KEY in json.dumps(row)] == []


@pytest.mark.covers("U21")
def test_a_providers_cookies_stay_with_the_gate(pairs: Pairs) -> None:
    """One app's cookie in another's jar, or the provider's in the app's, is state that nobody asked for."""
    pair = pairs["sync", "chat"]
    assert pair.direct.headers is not None and pair.gated.headers is not None
    assert ("set-cookie" in pair.direct.headers, "set-cookie" in pair.gated.headers) == (True, False)
    assert not [p for p in pairs.values() if b"cookie" in _headers(p.received[1].headers)]


def test_times_add_up(rows: Rows) -> None:
    """A duration that is less than its parts would make every latency panel a lie."""
    good = [row for row in rows.values() if row["outcome"] == "ok"]
    assert [r["id"] for r in good if r["upstream_s"] + r["overhead_s"] > r["duration_s"] + 1e-6] == []
    assert [r["id"] for r in good if r["is_stream"] and not 0 < r["time_to_first_chunk_s"] <= r["duration_s"]] == []
    assert [r["id"] for r in good if min(r["duration_s"], r["upstream_s"], r["overhead_s"]) <= 0] == []


def _known(case: Case) -> dict[str, Any]:
    """What the request alone determines."""
    model = case.arguments.get("model", "") if case.id not in ("model", "gemini-model") else ""
    labels = {"app": "e2e", "env": "dev", "user_id": "u-1", "session_id": "s-1", "prompt_name": "hello", "prompt_version": "2", "tags": {"suite": "sdk", "run": "1"}}
    known = {**labels, "provider": case.dialect, "dialect": case.dialect, "attempts": 1, "key_id": "", "body_note": ""}
    if case.id in ("image", "speech", "transcription", "file", "files", "batch", "model", "gemini-model"):  # opaque: relayed, not read
        return {**{k: v for k, v in known.items() if k != "body_note"}, "operation": "other"}
    return {**known, "request_model": model}


def _tokens(case: Case, whole: Any) -> dict[str, int | None]:
    """The record's convention, from the SDK's: input includes cached, output includes reasoning."""
    if case.dialect == "gemini":
        used = whole.usage_metadata
        output = used.candidates_token_count + (used.thoughts_token_count or 0)
        figures = (used.prompt_token_count, output, used.cached_content_token_count, None, None, used.thoughts_token_count)
    elif case.dialect == "anthropic":
        used = whole.usage
        read, written = used.cache_read_input_tokens, used.cache_creation_input_tokens
        hour = used.cache_creation.ephemeral_1h_input_tokens
        figures = (used.input_tokens + read + written, used.output_tokens, read, written, hour, used.output_tokens_details.thinking_tokens)
    elif case.method == "responses.create":
        used = whole.usage
        details = used.input_tokens_details
        figures = (used.input_tokens, used.output_tokens, details.cached_tokens, details.cache_write_tokens, None, used.output_tokens_details.reasoning_tokens)
    else:
        used = whole.usage
        before, after = getattr(used, "prompt_tokens_details", None), getattr(used, "completion_tokens_details", None)
        figures = (used.prompt_tokens, used.total_tokens - used.prompt_tokens, before and before.cached_tokens, None, None, after and after.reasoning_tokens)
    return dict(zip(_TOKENS, figures, strict=True))


def _cost(case: Case, tokens: dict[str, int | None]) -> str:
    """By genai-prices' own arithmetic, as the column prints it."""
    hour = tokens["cache_write_1h_tokens"] or 0
    usage = genai_prices.Usage(
        input_tokens=tokens["input_tokens"],
        output_tokens=tokens["output_tokens"],
        cache_read_tokens=tokens["cache_read_tokens"] or 0,
        cache_write_tokens=tokens["cache_write_tokens"] or 0,
        **({"cache_write_1h_tokens": hour} if hour else {}),
    )
    price = genai_prices.calc_price(usage, model_ref=case.arguments["model"], provider_id=_PRICED_AS[case.dialect]).total_price
    return _number(price)


def _number(value: Decimal) -> str:
    """Nine places, without the zeros at the end."""
    return f"{value.quantize(Decimal('0.000000001'), ROUND_HALF_EVEN).normalize():f}"


def _asked(case: Case) -> list[str]:
    """Texts of the request that the record must have."""
    if case.id in _UNCOUNTED:
        return []
    if case.id.startswith(("embed", "completions")):
        given = case.arguments.get("input") or case.arguments.get("contents") or case.arguments["prompt"]
        return [given] if isinstance(given, str) else given
    flat = json.dumps([case.arguments.get(k) for k in ("messages", "input", "contents", "system")], default=str, ensure_ascii=False)
    marks = (HELLO, "Lisbon and Rome", "4 degrees, snow ❄", "What is this?", "days to return shoes", "hack into a till", "Read it", "Compare the two", "Clause 89", "lamp after")
    return [mark for mark in marks if mark in flat]


def _said(case: Case, whole: Any) -> list[str]:
    """Texts of the reply that the record must have: prose, refusals, tools' arguments."""
    if case.id in _UNCOUNTED or case.id.startswith("embed"):
        return []
    if case.dialect == "gemini":
        parts = whole.candidates[0].content.parts
        return [p.text for p in parts if p.text and not p.thought] + [p.function_call.args["city"] for p in parts if p.function_call]
    if case.dialect == "anthropic":
        return [b.text for b in whole.content if b.type == "text"] + [b.input["city"] for b in whole.content if b.type == "tool_use"]
    if case.method == "completions.create":
        return [whole.choices[0].text]
    if case.method == "responses.create":
        calls = [item.arguments for item in whole.output if item.type == "function_call"]
        refusals = [part.refusal for item in whole.output if item.type == "message" for part in item.content if part.type == "refusal"]
        return [whole.output_text, *calls, *refusals]
    messages = [choice.message for choice in whole.choices]
    return [m.content or m.refusal or "" for m in messages] + [c.function.arguments for m in messages for c in m.tool_calls or ()]


def _asks_for_usage(case: Case) -> bool:
    """Does the gate add stream_options to this call?"""
    streams = case.dialect == "openai" and case.arguments.get("stream") and case.method != "responses.create"
    return bool(streams) and "stream_options" not in case.arguments


def _headers(raw: tuple[tuple[bytes, bytes], ...]) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in raw}


def test_the_table_is_whole() -> None:
    """A case that no longer exists, or labels that are not sent, would make the tests above vacuous."""
    assert set(_UNCOUNTED) < set(BY_ID)
    assert len(HEADERS) == 6
