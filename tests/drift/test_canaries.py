"""Canaries through a whole gate: sent as any call, recorded as any call, and only a change is called one."""

from __future__ import annotations

import asyncio
import datetime as dt
import http.server
import itertools
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detectors.drift.base import Vectors
from detectors.drift.provider_canaries import WORDING
from gateway.drift.canaries import Sent, compared, own_address, send
from gateway.drift.canary_table import Canary, batch_of
from gateway.drift.provider_due import due_canaries
from gateway.drift.watch import Periods
from gateway.store.client import Store
from gateway.store.place import find
from gateway.store.rows import encode
from tests.support.clickhouse import ClickHouseServer
from tests.support.exchanges import exchange
from tests.support.gate import RunningGate, free_port
from tests.support.simulated import simulated

NOW = dt.datetime(2026, 11, 20, 12, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def canary(name: str = "refund", **changes: Any) -> Canary:
    values: dict[str, Any] = dict(provider="acme", dialect="openai", model="large", messages=(("user", "May I return shoes?"),), repeat=5, every_s=3600.0, key="sk-of-the-canary")
    return Canary(name, **{**values, **changes})


async def embedded(texts: list[str]) -> Vectors:
    """Equal texts alike, others not."""
    found = np.array([np.random.default_rng(list(text.encode())).normal(size=16) for text in texts], dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


# ------------------------------------------------------------------ a provider whose replies change in the middle


class Changing(http.server.BaseHTTPRequestHandler):
    """Answers with the next of `says`, round and round, as the model `model`."""

    says: Iterator[str] = itertools.cycle(("",))
    model = "large-01"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        kind = type(self)
        message = {"role": "assistant", "content": next(kind.says)}
        usage = {"prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16}
        body = json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": kind.model, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGate]:
    """A gate before a provider that changes (acme), and before the simulated one in three dialects."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Changing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with simulated() as provider:
        dialects = "\n".join(f"  sim-{dialect}: {{dialect: {dialect}, base_url: '{provider.url}', allow_private: true}}" for dialect in ("openai", "anthropic", "gemini"))
        providers = f"  acme: {{dialect: openai, base_url: 'http://127.0.0.1:{server.server_port}', allow_private: true}}\n{dialects}"
        with RunningGate(tmp_path_factory.mktemp("gate"), providers) as running:
            yield running
    server.shutdown()
    server.server_close()


def sent(gate: RunningGate, one: Canary) -> Sent:
    return asyncio.run(send(gate.base_url, one, dt.datetime.now(dt.UTC)))


def store_of(gate: RunningGate) -> Store:
    return Store(find(gate.data_dir, None, None).reader())


def test_a_changed_provider_is_told_from_one_that_never_says_the_same(gate: RunningGate) -> None:
    """The whole way, with a provider of three wordings: the same three an hour later are no change, three others are."""
    one = canary()
    start = dt.datetime.now(dt.UTC)
    Changing.says, Changing.model = itertools.cycle(("Yes.", "Yes, you may.", "Of course.")), "large-01"
    before = [sent(gate, one) for _ in range(6)]
    middle = dt.datetime.now(dt.UTC)
    same = [sent(gate, one) for _ in range(3)]
    changed_at = dt.datetime.now(dt.UTC)
    Changing.says, Changing.model = itertools.cycle(("No.", "No, never.", "Ask a lawyer.")), "large-02"
    other = [sent(gate, one) for _ in range(3)]
    assert {each.answered for each in (*before, *same, *other)} == {5}
    gate.settle(at_least=60)

    async def reports() -> Any:
        store = store_of(gate)
        try:
            unchanged = await compared(store, [one], Periods(start, middle, changed_at), embedded, alpha=0.02)
            changed = await compared(store, [one], Periods(start, changed_at, dt.datetime.now(dt.UTC)), embedded, alpha=0.02)
            reworded = await compared(store, [replace(one, temperature=None)], Periods(start, changed_at, dt.datetime.now(dt.UTC)), embedded, alpha=0.02)
        finally:
            await store.close()
        return unchanged, changed, reworded

    unchanged, changed, reworded = asyncio.run(reports())
    assert (unchanged.rows_before, unchanged.rows_now, unchanged.tested, unchanged.alarm) == (30, 15, True, False)
    wording = next(feature for feature in changed.features if feature.feature == WORDING)
    assert changed.alarm and wording.significant and "one of before and one of now in 0 %" in wording.effect
    assert [event.named.value for event in changed.events] == ["large-02"]
    assert (reworded.rows_before, reworded.rows_now, reworded.alarm) == (0, 0, False)  # another question was never asked


def test_a_canary_is_recorded_and_priced_as_what_it_is(gate: RunningGate) -> None:
    """It must be found in the bill, and not among the users' traffic; its key is nowhere."""
    one = canary("priced", app="watchers")
    Changing.says = itertools.cycle(("Fine.",))
    done = sent(gate, one)
    gate.settle()
    rows = gate.sql("SELECT app, env, tags, request_body, output_tokens FROM tidegate.exchanges WHERE tags['canary'] = 'priced'")
    assert len(rows) == one.repeat
    assert {(row["app"], row["env"], row["tags"]["canary_batch"], row["output_tokens"]) for row in rows} == {("watchers", "canary", done.batch, 7)}
    assert json.loads(rows[0]["request_body"])["temperature"] == 0 and one.key not in json.dumps(rows)


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "gemini"])
def test_every_dialect_is_asked_in_its_own_words(gate: RunningGate, dialect: str) -> None:
    """A canary in a dialect of which the provider understands nothing would watch its errors."""
    one = canary(f"in-{dialect}", provider=f"sim-{dialect}", dialect=dialect, messages=(("system", "Be short."), ("user", "Where is my parcel?")), repeat=2)
    assert sent(gate, one).answered == 2
    gate.settle()
    rows = gate.sql(f"SELECT outcome, request_model, prompt_text, reply_text FROM tidegate.exchanges WHERE tags['canary'] = 'in-{dialect}'")
    assert len(rows) == 2 and {(row["outcome"], row["request_model"]) for row in rows} == {("ok", "large")}
    assert "Be short." in rows[0]["prompt_text"] and rows[0]["reply_text"] == rows[1]["reply_text"] != ""


def test_a_gate_that_is_not_there_is_not_asked_again_and_again() -> None:
    """Two failures end a batch; nothing raises into the round that other apps wait for."""
    done = asyncio.run(send(f"http://127.0.0.1:{free_port()}", canary(repeat=10), NOW))
    assert (done.answered, done.failed) == (0, 2)


# ------------------------------------------------------------------ when


def asked_before(name: str, ago: dt.timedelta, number: int) -> bytes:
    return encode(exchange(number, id=uuid.uuid4(), started_at=NOW - ago, env="canary", provider="acme-due", request_model="large", session_id=f"canary-{name}", tags={"canary": name}))


@pytest.fixture(scope="module")
def record(clickhouse: ClickHouseServer) -> ClickHouseServer:
    """`late` was sent 70 minutes ago, `fresh` 10 minutes ago, `other-day` 30 hours ago; `never` never."""
    rows = [asked_before(name, ago, number) for name, ago in (("late", 70 * HOUR / 60), ("fresh", HOUR / 6), ("other-day", 30 * HOUR)) for number in range(5)]

    async def fill() -> None:
        store = Store(clickhouse.target)
        await store.insert(rows, token=uuid.uuid4().hex)
        await store.close()

    asyncio.run(fill())
    return clickhouse


@pytest.mark.parametrize(
    ("calls_per_day", "expected"), [(500, ["never", "other-day", "late"]), (20, ["never", "other-day"]), (19, ["never"]), (10, [])], ids=["enough", "two batches", "one", "none"]
)
def test_what_is_due_goes_out_as_far_as_the_days_calls_go(record: ClickHouseServer, calls_per_day: int, expected: list[str]) -> None:
    """Ten calls were made today: a cap that a restart forgot would be none. Who waits longest goes first."""

    async def ask() -> list[str]:
        store = Store(record.target.reader())
        try:
            every = {"other-day": 86_400.0}
            found = [canary(name, provider="acme-due", every_s=every.get(name, 3600.0)) for name in ("fresh", "late", "other-day", "never")]
            return [each.name for each in await due_canaries(store, found, NOW, calls_per_day=calls_per_day)]
        finally:
            await store.close()

    assert asyncio.run(ask()) == expected


# ------------------------------------------------------------------ how


def test_a_key_goes_where_its_kind_belongs() -> None:
    """A gateway key is the gate's business, a provider's key the provider's; neither shows in what is printed."""
    assert canary(key="tg-abc").headers("b")["x-tidegate-key"] == "tg-abc"
    assert canary().headers("b")["authorization"] == "Bearer sk-of-the-canary"
    assert canary(dialect="anthropic").headers("b")["x-api-key"] == "sk-of-the-canary"
    assert canary(dialect="gemini").headers("b")["x-goog-api-key"] == "sk-of-the-canary"
    assert "sk-of-the-canary" not in repr(canary())


def test_models_that_refuse_a_temperature_are_sent_none() -> None:
    """A canary that gets a 400 every six hours watches nothing."""
    assert "temperature" not in json.loads(canary(model="o3-mini").body) and "max_completion_tokens" in json.loads(canary(model="gpt-5-mini").body)
    assert "temperature" not in json.loads(canary(temperature=None).body) and json.loads(canary(temperature=0.5).body)["temperature"] == 0.5


def test_names_of_batches_sort_by_time_and_hold_no_digits() -> None:
    """Digits might be masked as somebody's number, and then no batch would be told from another."""
    names = [batch_of(NOW + dt.timedelta(milliseconds=each)) for each in (0, 1, 60_000, 10**9)]
    assert names == sorted(names) and len(set(names)) == 4 and all(name.isalpha() and name.isascii() for name in names)


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::", "http://[::1]:80"), ("localhost", "http://localhost:80")])
def test_the_gate_finds_itself_wherever_it_listens(host: str, url: str) -> None:
    """An address to listen on is not always one to connect to."""
    assert own_address(host, 80) == url
