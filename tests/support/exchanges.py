"""Exchanges for tests: a plausible one, and what to change about it."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from decimal import Decimal
from typing import Any

from gateway.exchange import Exchange, Finding, Outcome, Phase

MOMENT = dt.datetime(2026, 11, 20, 12, 30, 15, 123456, tzinfo=dt.UTC)


def uuid7(moment: dt.datetime, number: int) -> uuid.UUID:
    """A time-ordered id that is the same at every run."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | ((number >> 62 & 0xFFF) << 64) | (0b10 << 62) | (number & (1 << 62) - 1))


def exchange(number: int = 0, **changes: Any) -> Exchange:
    """The number-th exchange of a busy app; any field can be given another value."""
    started_at = changes.pop("started_at", MOMENT + dt.timedelta(milliseconds=10 * number))
    values: dict[str, Any] = dict(
        id=uuid7(started_at, number),
        started_at=started_at,
        app="checkout",
        env="prod",
        key_id="checkout-prod",
        user_id="u-17",
        session_id="s-4",
        trace_id="0af7651916cd43dd8448eb211c80319c",
        span_id="b7ad6b7169203331",
        parent_span_id="",
        prompt_name="refund",
        prompt_version="3",
        tags={"team": "payments"},
        provider="openai",
        dialect="openai",
        operation="chat",
        method="POST",
        endpoint="/v1/chat/completions",
        request_model="gpt-4o-mini",
        response_model="gpt-4o-mini-2024-07-18",
        is_stream=True,
        status=200,
        upstream_status=200,
        outcome=Outcome.OK,
        error_code="",
        finish_reason="stop",
        attempts=1,
        duration_s=1.25,
        time_to_first_chunk_s=0.375,
        upstream_s=1.248,
        connect_s=None,
        overhead_s=0.002,
        guard_s=None,
        input_tokens=812,
        output_tokens=97,
        cache_read_tokens=512,
        cache_write_tokens=None,
        cache_write_1h_tokens=None,
        reasoning_tokens=0,
        input_audio_tokens=None,
        output_audio_tokens=None,
        usage_source="provider",
        usage_note="",
        usage_raw='{"prompt_tokens":812}',
        cost_usd=Decimal("0.000141600"),
        price_source="genai-prices",
        request_bytes=2048,
        reply_bytes=1024,
        prompt_text="Where is my parcel?",
        reply_text="On its way.",
        request_body='{"model":"gpt-4o-mini"}',
        reply_body="data: [DONE]\n\n",
        body_note="",
        findings=(),
        verdict="not_checked",
        batch_id="batch-0",
        worker="w0",
        gateway_version="0.1.0",
        phases=(Phase("attempt", 0.002, 1.248, "ok", "", 200, provider="openai"),),
    )
    return Exchange(**{**values, **changes})


def odd_exchange(**changes: Any) -> Exchange:
    """Every field at its least ordinary: NULLs, nine decimal places, microseconds, text that formats trip over, a large body."""
    nothing = dict.fromkeys((
        "status", "attempts", "reply_bytes", "upstream_status", "duration_s", "time_to_first_chunk_s", "upstream_s", "connect_s", "overhead_s", "guard_s", "input_tokens", "output_tokens",
        "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens", "input_audio_tokens", "output_audio_tokens",
    ))  # fmt: skip
    text = 'NUL \0, "quotes", \\ \\N \t\r\n, \u2028, \U0001f9ff, e\u0301, \ufeff, \x1b[31m'
    values: dict[str, Any] = dict(
        nothing,
        cost_usd=Decimal("123456789.123456789"),
        tags={"": "empty", "key with = and ,": text},
        prompt_text=text,
        reply_body="x\0\u20ac" * (1 << 18),
        findings=(Finding("pii", "EMAIL_ADDRESS", "request", "mask", 0.85, 3), Finding("secrets", "KEY", "reply", "block", 1.0, 1)),
        phases=(Phase("guard_request", 0.001, 0.25, "masked", spent_s=0.25), Phase("attempt", 0.26, 1e-9, "provider_protocol", text, 599, provider=text), Phase("attempt", 1.5, 0.0, "ok")),
        trace_sampled=False,
        route="tier-1",
        outcome=Outcome.GATEWAY_CRASH,
        started_at=dt.datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    )
    return exchange(**{**values, **changes})


def numbered(count: int, **changes: Any) -> list[Exchange]:
    return [exchange(number, **changes) for number in itertools.islice(itertools.count(), count)]
