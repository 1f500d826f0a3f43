"""The per-minute rollup beside what it must say, from the rows themselves."""

from __future__ import annotations

from typing import Any

from tests.support.gate import RunningGate


def rolled_up(gate: RunningGate) -> list[dict[str, Any]]:
    sums = "toUInt32(sum(exchanges)) AS n, toUInt32(sum(input_tokens)) AS tokens_in, toUInt32(sum(output_tokens)) AS tokens_out"
    return gate.sql(f"SELECT minute, outcome, model, {sums} FROM tidegate.exchanges_1m GROUP BY ALL ORDER BY ALL")


def counted_by_minute(gate: RunningGate) -> list[dict[str, Any]]:
    model = "if(response_model != '', response_model, request_model) AS model"
    sums = "toUInt32(count()) AS n, toUInt32(sum(input_tokens)) AS tokens_in, toUInt32(sum(output_tokens)) AS tokens_out"
    return gate.sql(f"SELECT toStartOfMinute(started_at) AS minute, outcome, {model}, {sums} FROM tidegate.exchanges GROUP BY ALL ORDER BY ALL")
