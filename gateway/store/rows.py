"""An Exchange as one line of ClickHouse's JSONEachRow format.

Rules of this file: pure; a line holds every column in the order of the dataclass's fields; what ClickHouse would silently bend (an
integer too large for its column wraps round, decimals past the ninth place are cut) is refused or rounded here; the line's bytes depend on the
Exchange alone, so that the same batch is the same bytes at every attempt.

Source of truth: `Exchange` (gateway/exchange.py) and schema/0001_exchanges.sql, 0004_phases.sql, 0005_routes.sql, 0010_unanswered.sql; tests/store/test_schema.py holds the two equal.
"""

from __future__ import annotations

import datetime as dt
import decimal
from dataclasses import fields
from operator import attrgetter
from typing import Any

from gateway import held_json
from gateway.exchange import Exchange, Finding, Phase

COLUMNS = tuple(f.name for f in fields(Exchange))
FINDING_COLUMNS = tuple(f.name for f in fields(Finding))
PHASE_COLUMNS = tuple(f.name for f in fields(Phase))
_NESTED = {name: ([f"{name}.{part}" for part in parts], attrgetter(*parts)) for name, parts in (("findings", FINDING_COLUMNS), ("phases", PHASE_COLUMNS))}
_LIMITS = (
    dict.fromkeys(("status", "upstream_status", "attempts"), 2**16 - 1)
    | dict.fromkeys((name for name in COLUMNS if name.endswith("_tokens")), 2**32 - 1)
    | dict.fromkeys(("request_bytes", "reply_bytes"), 2**63 - 1)
)
_COST_STEP = decimal.Decimal("1e-9")
_COST_LIMIT = decimal.Decimal(10) ** 9
_EARLIEST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_TIME_CHARS = len("1900-01-01 00:00:00.000000")
_LATEST = dt.datetime(2299, 1, 1, tzinfo=dt.UTC)


def encode(exchange: Exchange) -> bytes:
    """The line, UTF-8 JSON without a newline at its end.

    started_at is written in UTC with microseconds, cost_usd as a decimal string of at most nine places (half to even), lone surrogates as
    U+FFFD, NaN as null. Raises ValueError naming the column if a value has no place in it.
    """
    row = {
        "id": exchange.id,
        "started_at": _time(exchange.started_at),
        "app": exchange.app,
        "env": exchange.env,
        "key_id": exchange.key_id,
        "user_id": exchange.user_id,
        "session_id": exchange.session_id,
        "trace_id": exchange.trace_id,
        "span_id": exchange.span_id,
        "parent_span_id": exchange.parent_span_id,
        "prompt_name": exchange.prompt_name,
        "prompt_version": exchange.prompt_version,
        "tags": exchange.tags,
        "provider": exchange.provider,
        "dialect": exchange.dialect,
        "operation": exchange.operation,
        "method": exchange.method,
        "endpoint": exchange.endpoint,
        "request_model": exchange.request_model,
        "response_model": exchange.response_model,
        "is_stream": exchange.is_stream,
        "status": exchange.status,
        "upstream_status": exchange.upstream_status,
        "outcome": exchange.outcome,
        "error_code": exchange.error_code,
        "finish_reason": exchange.finish_reason,
        "attempts": exchange.attempts,
        "duration_s": exchange.duration_s,
        "time_to_first_chunk_s": exchange.time_to_first_chunk_s,
        "upstream_s": exchange.upstream_s,
        "connect_s": exchange.connect_s,
        "overhead_s": exchange.overhead_s,
        "guard_s": exchange.guard_s,
        "input_tokens": exchange.input_tokens,
        "output_tokens": exchange.output_tokens,
        "cache_read_tokens": exchange.cache_read_tokens,
        "cache_write_tokens": exchange.cache_write_tokens,
        "cache_write_1h_tokens": exchange.cache_write_1h_tokens,
        "reasoning_tokens": exchange.reasoning_tokens,
        "input_audio_tokens": exchange.input_audio_tokens,
        "output_audio_tokens": exchange.output_audio_tokens,
        "usage_source": exchange.usage_source,
        "usage_note": exchange.usage_note,
        "usage_raw": exchange.usage_raw,
        "cost_usd": _cost(exchange.cost_usd),
        "price_source": exchange.price_source,
        "request_bytes": exchange.request_bytes,
        "reply_bytes": exchange.reply_bytes,
        "prompt_text": exchange.prompt_text,
        "reply_text": exchange.reply_text,
        "request_body": exchange.request_body,
        "reply_body": exchange.reply_body,
        "body_note": exchange.body_note,
        "findings.detector": [],
        "findings.kind": [],
        "findings.direction": [],
        "findings.action": [],
        "findings.score": [],
        "findings.count": [],
        "verdict": exchange.verdict,
        "batch_id": exchange.batch_id,
        "worker": exchange.worker,
        "gateway_version": exchange.gateway_version,
        "phases.name": [],
        "phases.start_s": [],
        "phases.duration_s": [],
        "phases.result": [],
        "phases.error_code": [],
        "phases.upstream_status": [],
        "phases.spent_s": [],
        "phases.provider": [],
        "trace_sampled": exchange.trace_sampled,
        "route": exchange.route,
    }
    for name, (columns, parts) in _NESTED.items():
        if each := getattr(exchange, name):
            row.update(zip(columns, zip(*map(parts, each), strict=True), strict=True))
    for name, limit in _LIMITS.items():
        value: Any = row[name]
        if value and not 0 < value <= limit:
            raise ValueError(f"{name}: {value} is outside 0 to {limit}")
    try:
        return held_json.dumps(row)
    except TypeError:  # orjson refuses strings that are not UTF-8 encodable; looking for them beforehand would cost every row
        return held_json.dumps(_encodable(row))


def _time(value: dt.datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("started_at: has no time zone")
    if not _EARLIEST <= value < _LATEST:
        raise ValueError("started_at: outside the years 1900 to 2298")
    in_utc = value if value.tzinfo is dt.UTC else value.astimezone(dt.UTC)
    return in_utc.isoformat(" ", "microseconds")[:_TIME_CHARS]


def _cost(value: decimal.Decimal | None) -> str | None:
    if value is None:
        return None
    if not value.is_finite() or not -_COST_LIMIT < value < _COST_LIMIT:
        raise ValueError("cost_usd: not a number below a thousand million")
    return format(value.quantize(_COST_STEP, rounding=decimal.ROUND_HALF_EVEN), "f")


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # pairs are joined, single halves replaced
    if isinstance(value, dict):
        return {_encodable(k): _encodable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_encodable(v) for v in value]
    return value
