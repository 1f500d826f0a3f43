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
_FLAT = tuple(name for name in COLUMNS if name not in _NESTED)
_flat = attrgetter(*_FLAT)
# Every column in its place, as it is where there are no findings and no phases.
_EMPTY: dict[str, Any] = {column: [] for name in COLUMNS for column in (_NESTED[name][0] if name in _NESTED else [name])}
_LIMITS = (
    dict.fromkeys(("status", "upstream_status", "attempts"), 2**16 - 1)
    | dict.fromkeys((name for name in COLUMNS if name.endswith("_tokens")), 2**32 - 1)
    | dict.fromkeys(("request_bytes", "reply_bytes"), 2**63 - 1)
)
_limited = attrgetter(*_LIMITS)
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
    row = _EMPTY.copy()
    row.update(zip(_FLAT, _flat(exchange), strict=True))
    for name, (columns, parts) in _NESTED.items():
        if each := getattr(exchange, name):
            row.update(zip(columns, zip(*map(parts, each), strict=True), strict=True))
    row["started_at"] = _time(exchange.started_at)
    row["cost_usd"] = _cost(exchange.cost_usd)
    for (name, limit), value in zip(_LIMITS.items(), _limited(exchange), strict=True):
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
