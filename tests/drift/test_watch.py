"""Model watch over real rows: names out of columns and bodies, calls held against calls, users' drift left to users."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import uuid
from typing import Any

import numpy as np
import pytest

from detectors.drift.base import Vectors
from detectors.drift.provider import LENGTH, PACE, Named, ProviderReport
from gateway.drift.watch import Periods, known_before, read, remember, settled, watched
from gateway.exchange import Exchange
from gateway.store.client import Store
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange

NOW = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PERIODS = Periods.ending(NOW, 86_400, 7 * 86_400)
TOPICS = ("refund", "parcel", "voucher")


async def embedded(texts: list[str]) -> Vectors:
    """A direction for each topic, and a little of a text's own."""
    rows = []
    for text in texts:
        own = np.random.default_rng(list(text.encode())).normal(size=16) * 0.05
        own[[topic in text for topic in TOPICS].index(True)] += 1.0
        rows.append(own / np.linalg.norm(own))
    return np.array(rows, dtype=np.float32)


def call(app: str, ago: dt.timedelta, question: str, tokens: int, *, temperature: float = 0.0, system: str = "Be kind.", fingerprint: str = "", **changes: Any) -> Exchange:
    """A call of an app's own provider, with its bodies."""
    model = changes.setdefault("response_model", "large-01")
    request = {"model": "large", "temperature": temperature, "messages": [{"role": "system", "content": system}, {"role": "user", "content": question}]}
    reply: dict[str, Any] = {"model": model, "choices": [{"index": 0, "message": {"role": "assistant", "content": "word " * 3}, "finish_reason": "stop"}]}
    if fingerprint:
        reply["system_fingerprint"] = fingerprint
    values: dict[str, Any] = dict(
        id=uuid.uuid4(), app=app, started_at=NOW - ago, provider=f"acme-{app}", request_model="large", session_id="", output_tokens=tokens, is_stream=False, upstream_s=tokens / 50,
        request_body=json.dumps(request), reply_body=json.dumps(reply), prompt_text=question, prompt_name="", prompt_version="",
    )  # fmt: skip
    return exchange(**{**values, **changes})


def traffic(app: str, shares: tuple[float, ...], count: int, at: float, span: float, *, longer: float = 1.0, seed: int = 0, **changes: Any) -> list[Exchange]:
    """Questions about topics, whose replies are as long as their topic's. at: days ago of the oldest; span: days."""
    rng = random.Random(f"{app} {seed}")
    rows = []
    for _ in range(count):
        topic = rng.choices(range(3), shares)[0]
        tokens = int(40 * 3**topic * rng.lognormvariate(0, 0.3) * longer)
        rows.append(call(app, DAY * (at - rng.random() * span), f"about my {TOPICS[topic]}, case {rng.randrange(10**6)}", tokens, **changes))
    return rows


SAME, MOVED = (0.6, 0.3, 0.1), (0.1, 0.3, 0.6)
STREAM = 'data: {{"choices":[{{"delta":{{"content":"{text}"}}}}],"system_fingerprint":"{name}","model":"large-01"}}\n\ndata: [DONE]\n\n'
ROWS = [
    *traffic("moved", SAME, 300, 8, 7),
    *traffic("moved", MOVED, 200, 1, 0.99, seed=1),
    *traffic("longer", SAME, 300, 8, 7),
    *traffic("longer", MOVED, 200, 1, 0.99, seed=1, longer=1.6),
    *traffic("hotter", SAME, 200, 8, 7),
    *traffic("hotter", SAME, 150, 1, 0.99, seed=1, longer=1.6, temperature=1.0),
    *(call("renamed", 3 * DAY, "my parcel", 50, fingerprint="fp_a") for _ in range(8)),
    *(call("renamed", 0.5 * DAY, "my parcel", 50, fingerprint="fp_a") for _ in range(6)),
    *(call("renamed", 0.5 * DAY, "my parcel", 50, fingerprint="fp_b", response_model="large-02") for _ in range(2)),
    *(call("renamed", 0.5 * DAY, "my parcel", 50, env="dev", response_model="large-dev") for _ in range(2)),
    call("streams", 3 * DAY, "my parcel", 50, is_stream=True, reply_body=STREAM.format(text="x", name="fp_s1")),
    call("streams", 0.5 * DAY, "my parcel", 50, is_stream=True, reply_body=STREAM.format(text='\\"system_fingerprint\\": \\"fp_quoted\\"', name="fp_s2")),
    call("others", 60 * DAY, "my parcel", 50, response_model="large-old", provider="acme-shared"),
    call("once", 0.5 * DAY, "my parcel", 50, response_model="large-old", provider="acme-shared"),
]


@pytest.fixture(scope="module")
def record(clickhouse: ClickHouseServer) -> ClickHouseServer:
    """The rows, and what is remembered of them."""

    async def fill() -> None:
        store = Store(clickhouse.target)
        await store.insert([encode(each) for each in ROWS], token=uuid.uuid4().hex)
        await store.execute(f"TRUNCATE TABLE `{store.target.database}`.drift_seen")  # what other files' tests have left: names are read from the newest on
        await remember(store, now=NOW)
        await store.close()

    asyncio.run(fill())
    return clickhouse


def report(record: ClickHouseServer, app: str, **changes: Any) -> ProviderReport:
    async def ask() -> ProviderReport:
        store = Store(record.target.reader())
        try:
            return await watched(store, app, PERIODS, embedded, **changes)
        finally:
            await store.close()

    return asyncio.run(ask())


def test_new_names_are_reported_with_their_shares(record: ClickHouseServer) -> None:
    """Of a rolling change the share says how far it is; what dev was answered with is not what prod was."""
    found = report(record, "renamed")
    assert [(event.named.what, event.named.value, event.calls, event.of) for event in found.events] == [("fingerprint", "fp_b", 2, 8), ("response_model", "large-02", 2, 8)]
    assert found.alarm


def test_a_fingerprint_is_read_out_of_a_stream_and_not_out_of_its_words(record: ClickHouseServer) -> None:
    """Most chat is streamed; and a model that talks about fingerprints has not changed."""
    assert [event.named.value for event in report(record, "streams").events] == ["fp_s2"]


def test_what_any_app_was_answered_with_before_is_not_new(record: ClickHouseServer) -> None:
    """An app that comes late is not told of a change that it brought."""
    assert report(record, "once").events == ()


def test_names_outlive_the_exchanges_and_remembering_again_changes_nothing(record: ClickHouseServer) -> None:
    """What retention has taken would otherwise be new again, with an alarm."""

    async def ask() -> tuple[frozenset[Named], frozenset[Named], frozenset[Named]]:
        store = Store(record.target)
        try:
            before = await known_before(store, PERIODS.since)
            await remember(store, now=NOW)
            again = await known_before(store, PERIODS.since)
            return before, again, await known_before(store, NOW - 50 * DAY)
        finally:
            await store.close()

    before, again, old = asyncio.run(ask())
    assert before == again >= {Named("acme-renamed", "large", "response_model", "large-01"), Named("acme-renamed", "large", "fingerprint", "fp_a")}
    assert Named("acme-shared", "large", "response_model", "large-old") in old and Named("acme-renamed", "large", "response_model", "large-01") not in old


def test_users_who_move_raise_no_alarm_and_a_provider_that_does_is_named(record: ClickHouseServer) -> None:
    """The same move of topics twice, once with replies that are longer for the same questions."""
    moved, longer = report(record, "moved"), report(record, "longer")
    assert moved.tested and not moved.alarm, moved.features
    (length,) = [feature for feature in longer.features if feature.feature == LENGTH]
    assert longer.alarm and length.significant and "on the same kinds of inputs" in length.effect
    assert longer.report.aspects[0].name == "provider" and (longer.rows_before, longer.rows_now) == (300, 200)


def test_an_apps_own_parameters_are_not_the_providers(record: ClickHouseServer) -> None:
    """Whoever turns up the temperature gets other replies; nothing can be said of the provider then, and that is said."""
    found = report(record, "hotter")
    assert {feature.feature for feature in found.features} <= {PACE} and not found.alarm and "no claim about replies" in found.notes[0]


def test_an_app_without_traffic_has_no_report(record: ClickHouseServer) -> None:
    """Nothing there is nothing found, with the reason."""
    found = report(record, "nobody")
    assert (found.tested, found.alarm, found.rows_now) == (False, False, 0) and "nothing was compared" in found.notes[0]


def stored(**changes: Any) -> dict[str, Any]:
    """A row as the store gives it."""
    one = call("read", DAY, "my parcel", 100)
    values = {name: getattr(one, name) for name in one.__slots__ if not name.startswith("findings")}
    kinds: dict[str, Any] = {"findings.kind": [], "findings.direction": [], "findings.count": [], "id": str(one.id), "started_at": one.started_at.isoformat()}
    return {**values, **kinds, "prompt_name": "", **changes}


def test_time_per_token_is_that_of_the_tokens_that_were_seen() -> None:
    """A stream without its wait and without its thoughts; a whole reply with all that the provider took; nothing where a figure is missing."""
    stream = dict(is_stream=True, duration_s=3.0, time_to_first_chunk_s=1.0, output_tokens=141, reasoning_tokens=40)
    assert read(stored(**stream)).call.seconds_per_token == pytest.approx(2.0 / 100)
    assert read(stored(is_stream=False, upstream_s=5.0, output_tokens=100)).call.seconds_per_token == pytest.approx(0.05)
    assert read(stored(**{**stream, "time_to_first_chunk_s": None})).call.seconds_per_token is None
    assert read(stored(is_stream=False, upstream_s=5.0, output_tokens=2)).call.seconds_per_token is None
    assert read(stored(is_stream=False, upstream_s=5.0, output_tokens=None)).call.seconds_per_token is None


def body(**changes: Any) -> str:
    return json.dumps({**json.loads(call("read", DAY, "my parcel", 100).request_body), **changes})


def test_a_date_in_the_instructions_is_not_another_prompt() -> None:
    """Most system prompts say what day it is; without care no call of today would have a counterpart yesterday."""

    def setting(system: str, **changes: Any) -> Any:
        messages = [{"role": "system", "content": system}, {"role": "user", "content": "my parcel"}]
        return settled([read(stored(request_body=body(messages=messages, **changes)))])[0][0].call.setting

    assert setting("Be kind. Today is Friday, 20 November 2026.") == setting("Be kind. Today is Monday, 2 March 2026.")
    assert setting("Be kind.") != setting("Be brief.")
    assert setting("Be kind.") != setting("Be kind.", max_tokens=10)
    assert setting("Be kind.") == setting("Be kind.", user="u-18", metadata={"trace": "1"})


def test_instructions_made_for_each_call_count_by_their_length() -> None:
    """A system prompt with the customer's name in it would leave nothing to compare."""
    reads = [read(stored(request_body=body(messages=[{"role": "system", "content": f"You talk to {name}, a customer."}, {"role": "user", "content": "hi"}]))) for name in ("Ann", "Bob", "Eve", "Zoe")]
    made, notes = settled(reads)
    assert len({each.call.setting for each in made}) == 1 and "differ from call to call" in notes[0]


@pytest.mark.parametrize("text", ["", "not json", "[1]", '{"messages": 5}', '{"messages": [null]}'])
def test_a_body_that_cannot_be_read_is_a_call_all_the_same(text: str) -> None:
    """The record has what it has."""
    found = read(stored(request_body=text, reply_body=text, prompt_text="my parcel"))
    assert found.call.output_tokens == 100 and found.call.input is not None
