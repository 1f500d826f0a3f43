"""The machine's clock is set while exchanges are under way: an NTP step, a virtual machine that was asleep, somebody's `date`."""

from __future__ import annotations

import time

import pytest

from gateway.exchange import Outcome
from gateway.journal_seal import journal_key
from gateway.record.enrich import AHEAD_S, Enricher
from tests.record.test_enrich import OneCent, Words
from tests.support.proxy import chunked, gate, post, provider, upstream
from tests.support.recording import Bench

CHAT = "/v1/chat/completions"
EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
DONE = b"data: [DONE]\n\n"
DAY_S = 86_400


@pytest.mark.covers("D8")
@pytest.mark.parametrize("jump_s", [-DAY_S, DAY_S, -1.5, 40 * DAY_S])
async def test_a_clock_that_is_set_costs_no_row_and_makes_no_time_negative(tmp_path, monkeypatch, jump_s):
    """Durations come from a clock that nobody can set; ids stay different although their time repeats itself; and no row gets a day on which it would be deleted or never found."""
    real, real_ns, jumped = time.time, time.time_ns, 0.0
    monkeypatch.setattr(time, "time", lambda: real() + jumped)
    monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(jumped * 1e9))
    asked = 0

    async def script(up, reader, writer):
        nonlocal asked, jumped
        while True:
            await up.read_request(reader)
            asked += 1
            jumped = jump_s * (asked % 2)  # forth with the first, back with the second
            writer.write(chunked(EVENT, DONE))
            await writer.drain()

    began = time.monotonic()
    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        for _ in range(4):
            assert DONE in await g.ask(post(CHAT, b'{"model":"m","stream":true,"stream_options":{"include_usage":true}}'))
        found = g.exchanges()
        took = time.monotonic() - began
        assert asked == len({opened.id for opened, *_ in found}) == 4
        for _, _, closed, _ in found:
            assert closed is not None and closed.outcome == Outcome.OK
            assert 0 < closed.time_to_first_chunk_s <= closed.duration_s <= took
            assert 0 <= closed.overhead_s <= closed.duration_s
        starts = [opened.started_at_ns for opened, *_ in found]
        assert abs((starts[1] - starts[0]) / 1e9 - jump_s) < took
    enricher = Enricher(counter=Words(), prices=OneCent(), prices_as={}, max_body_bytes=1000, keep_content=True)

    def make(captured, batch_id, room):
        exchange = enricher.exchange(captured, batch_id, room)
        return exchange, b'{"id":"%b","batch_id":"%b"}' % (str(exchange.id).encode(), batch_id.encode())

    monkeypatch.setattr("tests.support.recording.make_row", make)
    monkeypatch.setattr("tests.support.recording.KEY", journal_key(tmp_path))
    bench = Bench(tmp_path, hold_s=60.0)
    await bench.drain()
    assert len(bench.store.ids()) == len(bench.observed) == 4
    ahead = [opened.id for opened, *_ in found if opened.started_at_ns > (time.time() + AHEAD_S) * 1e9]
    assert len(ahead) == (2 if jump_s > AHEAD_S else 0)
    for exchange in bench.observed:
        assert exchange.started_at.timestamp() <= time.time() + AHEAD_S
        assert (exchange.usage_note == "clock of the worker was wrong") == (exchange.id.hex in ahead)
