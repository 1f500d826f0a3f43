"""The table and the Exchange are one thing said twice: held equal here, and values go through whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.exchange import Exchange, Finding, Outcome, Phase
from gateway.store import queries
from gateway.store.client import Store
from gateway.store.rows import COLUMNS, FINDING_COLUMNS, PHASE_COLUMNS, encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange, numbered, odd_exchange


def expected(value: Exchange) -> dict[str, Any]:
    """What a reader must get for an Exchange."""
    row: dict[str, Any] = {}
    for name in COLUMNS:
        if name == "findings":
            row |= {f"findings.{part}": [getattr(finding, part) for finding in value.findings] for part in FINDING_COLUMNS}
        elif name == "phases":
            row |= {f"phases.{part}": [getattr(phase, part) for phase in value.phases] for part in PHASE_COLUMNS}
        else:
            row[name] = getattr(value, name)
    row["id"] = str(value.id)
    row["started_at"] = value.started_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    row["outcome"] = value.outcome.value
    return row


async def test_columns_are_the_fields_of_exchange_in_their_order(clickhouse: ClickHouseServer) -> None:
    """Everything users look at is a view of the Exchange; a column that drifts is a field nobody stores."""
    store = Store(clickhouse.target)
    rows = await store.query_json("SELECT name FROM system.columns WHERE database = 'tidegate' AND table = 'exchanges' ORDER BY position")
    await store.close()
    fields: list[str] = []
    nested = {"findings": Finding, "phases": Phase}
    for field in dataclasses.fields(Exchange):
        fields += [f"{field.name}.{f.name}" for f in dataclasses.fields(nested[field.name])] if field.name in nested else [field.name]
    assert [row["name"] for row in rows] == fields


async def test_whole_values_come_back_as_they_went_in(clickhouse: ClickHouseServer) -> None:
    """NULLs stay NULL, nine decimals and microseconds stay exact, and no character of a body is bent."""
    plain, odd = exchange(70_001, app="whole-plain"), odd_exchange(app="whole-odd")
    store, reader = Store(clickhouse.target), Store(clickhouse.target.reader())
    await store.insert([encode(plain), encode(odd)], token="whole-values")
    back = [await queries.one(reader, value.id) for value in (plain, odd)]
    await store.close()
    await reader.close()
    for row in back:
        row["cost_usd"] = Decimal(row["cost_usd"])
    assert back == [expected(plain), expected(odd)]


async def test_an_unknown_id_is_none(clickhouse: ClickHouseServer) -> None:
    """A link to an exchange that retention removed is not an error of the server."""
    reader = Store(clickhouse.target.reader())
    assert await queries.one(reader, uuid.UUID(int=1)) is None
    await reader.close()


def test_a_line_is_one_line_and_the_same_bytes_every_time() -> None:
    """The token of a batch is bound to its bytes."""
    line = encode(odd_exchange())
    assert b"\n" not in line
    assert line == encode(odd_exchange())


@given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=30))
@settings(deadline=None)
def test_any_text_is_encodable_and_only_lone_surrogates_change(text: str) -> None:
    """A client may send anything JSON can spell, half a surrogate pair among it; one row must not stop the journal."""
    written = orjson.loads(encode(exchange(prompt_text=text, tags={text: text})))["prompt_text"]
    assert written == text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert written == text


@pytest.mark.covers("U22")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("input_tokens", 2**32),
        ("output_tokens", -1),
        ("status", 65536),
        ("reply_bytes", -1),
        ("cost_usd", Decimal("1e9")),
        ("cost_usd", Decimal("NaN")),
        ("started_at", dt.datetime(2026, 1, 1)),
        ("started_at", dt.datetime(1850, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_what_has_no_place_in_its_column_is_refused_by_name(name: str, value: Any) -> None:
    """ClickHouse would wrap 2**32 tokens round to 0 without a word."""
    with pytest.raises(ValueError, match=name):
        encode(dataclasses.replace(exchange(), **{name: value}))


def test_costs_are_rounded_to_the_column_half_to_even() -> None:
    """Cut decimals would add up to less than was spent."""
    costs = [Decimal("0.0000000015"), Decimal("0.0000000025"), Decimal("1E-7"), Decimal("-0.5")]
    written = [orjson.loads(encode(exchange(cost_usd=cost)))["cost_usd"] for cost in costs]
    assert written == ["0.000000002", "0.000000002", "0.000000100", "-0.500000000"]


async def test_every_outcome_is_storable(clickhouse: ClickHouseServer) -> None:
    """The set is closed in code; the column must not be narrower."""
    store = Store(clickhouse.target)
    values = [dataclasses.replace(value, outcome=outcome) for value, outcome in zip(numbered(len(Outcome), app="outcomes"), Outcome, strict=True)]
    await store.insert([encode(value) for value in values], token="outcomes")
    rows = await store.query_json("SELECT outcome FROM tidegate.exchanges WHERE app = 'outcomes' ORDER BY started_at")
    await store.close()
    assert [row["outcome"] for row in rows] == [outcome.value for outcome in Outcome]
