"""Breakers: a provider that fails everybody is left alone for a while, and nobody's key closes the door for others."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from gateway import log, vitals
from gateway.proxy import breaker, tries
from gateway.proxy.breaker import FORGET_S, MAX_TROUBLES, ROW_S, Breakers, BreakerTerms
from gateway.proxy.budget import MOST, START, Budget
from tests.proxy.test_routes import TWO, asks, dead_port, held, keyed, two
from tests.support.asked_again import ASKS, CHAT, answers, fails, said, silent, tried, until
from tests.support.proxy import Gate, chunked, gate, post, provider, replying, split, upstream

ONCE = "retries: {per_request: 0}\n"
THREE = ONCE + "breaker: {failures: 3, open_s: 5, open_max_s: 20}\n"


class Clock:
    """time.monotonic, as a test wants it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The breakers' own time; everybody else's goes on."""
    found = Clock()
    monkeypatch.setattr(breaker, "time", found)
    monkeypatch.setattr(breaker.random, "uniform", lambda low, high: 1.0)
    monkeypatch.setattr(tries, "BACKOFF_S", 0.001)
    return found


class Moody:
    """A provider's script: answers with `status`, or waits for `gate` first."""

    def __init__(self) -> None:
        self.status = 503
        self.hold: asyncio.Event | None = None

    async def __call__(self, up, reader, writer):
        while await up.read_request(reader):
            if self.hold is not None:
                await self.hold.wait()
            writer.write(answers() if self.status == 200 else fails(self.status))
            await writer.drain()


async def shut_then_well(g: Gate, mood: Moody, clock: Clock) -> None:
    """Three failures shut the door; now a probe is due, and the provider is well and holds its answers back."""
    for _ in range(3):
        await g.ask(post(CHAT, ASKS))
    clock.now += 5.1
    mood.hold, mood.status = asyncio.Event(), 200


def code(answer: bytes) -> tuple[int, str]:
    """Status, and the gate's own error code, "" if it is a provider's answer."""
    status, headers, body = split(answer)
    own = "retry-after" in headers and headers.get("x-tidegate-error-source") == "provider" and "x-should-retry" in headers
    return status, json.loads(body)["error"]["code"] if own else ""


@pytest.mark.covers("U23")
async def test_a_flapping_provider_is_left_alone_and_tried_by_one(tmp_path: Path, clock: Clock) -> None:
    """Three failures in a row; then nobody waits for a fourth; then one looks whether it is back, and only if it is, all others."""
    mood, ask = Moody(), post(CHAT, ASKS)
    async with upstream(mood) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        page = g.worker.vitals

        def opened() -> float:
            found = vitals.read(tmp_path / "run" / "worker-0.vitals")
            assert found is not None
            return found["breakers_0"]

        assert [(await g.ask(ask))[9:12] for _ in range(3)] == [b"503"] * 3 and len(up.requests) == 3
        assert opened() == 1
        status, headers, body = split(await g.ask(ask))
        assert (status, json.loads(body)["error"]["code"], headers["retry-after"], headers["x-should-retry"]) == (503, "provider_breaker_open", "5", "true")
        assert len(up.requests) == 3 and page.get("breaker_fast_fails") == 1
        _, closed, phases = tried(g)
        assert (closed.outcome, closed.attempts, phases) == ("provider_unreachable", 0, [])

        clock.now += 5.1  # half-open: one probe, and everybody else is told to come again
        mood.hold = asyncio.Event()
        probe = asyncio.create_task(g.ask(ask))
        await until(lambda: len(up.requests) == 4)
        assert [code(await g.ask(ask)) for _ in range(3)] == [(503, "provider_breaker_open")] * 3 and len(up.requests) == 4
        mood.hold.set()
        assert code(await probe) == (503, "")
        assert code(await g.ask(ask)) == (503, "provider_breaker_open")
        clock.now += 9.9  # twice as long, for it failed again
        assert code(await g.ask(ask)) == (503, "provider_breaker_open")
        clock.now += 0.2
        mood.status = 200
        assert [code(await g.ask(ask))[0] for _ in range(3)] == [200] * 3
        assert opened() == 0 and not g.worker.breakers[0].troubles


@pytest.mark.covers("U23")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_what_is_one_callers_trouble_opens_nothing(tmp_path: Path, clock: Clock, status: int) -> None:
    """A bad key, a spent limit, a request that a provider chokes on: others have another one."""
    mood = Moody()
    mood.status = status
    async with upstream(mood) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        for _ in range(6):
            assert split(await g.ask(post(CHAT, ASKS, "Authorization: Bearer callers-own")))[0] == status
        assert len(up.requests) == 6


@pytest.mark.covers("U23")
async def test_one_callers_failures_are_not_anothers(tmp_path: Path, clock: Clock) -> None:
    """Breakers are kept by credential: the tenant whose own deployment is down does not take the others with it."""

    async def script(up, reader, writer):
        while request := await up.read_request(reader):
            writer.write(fails(503) if b"unlucky" in request else answers())
            await writer.drain()

    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        for _ in range(5):
            await g.ask(post(CHAT, ASKS, "Authorization: Bearer unlucky"))
        assert len(up.requests) == 3
        assert [split(await g.ask(post(CHAT, ASKS, "Authorization: Bearer lucky")))[0] for _ in range(3)] == [200] * 3


async def test_only_failures_in_a_row_count(tmp_path: Path, clock: Clock) -> None:
    """A provider that fails one in three is not down; retries are for that."""
    async with upstream(replying(*[fails(503), fails(503), answers()] * 5)) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        assert [split(await g.ask(post(CHAT, ASKS)))[0] for _ in range(15)] == [503, 503, 200] * 5


async def test_replies_that_break_off_count(tmp_path: Path, clock: Clock) -> None:
    """A head is not an answer: who never comes to an end is down."""
    cut = answers()[:-5]
    async with upstream(replying(cut, close=True)) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        for _ in range(3):
            assert (await g.ask(post(CHAT, ASKS))).startswith(b"HTTP/1.1 200")
            clock.now += ROW_S
        assert code(await g.ask(post(CHAT, ASKS))) == (503, "provider_breaker_open") and len(up.requests) == 3


@pytest.mark.covers("U23")
async def test_what_breaks_in_one_moment_is_one_event(tmp_path: Path, clock: Clock) -> None:
    """A path that is cut, or one app's fan-out to a model that hangs, ends many exchanges at once; the others who share the key are answered all the while."""
    seen = asyncio.Event()

    async def script(up, reader, writer):
        while request := await up.read_request(reader):
            if b"fan" in request:
                if sum(b"fan" in each for each in up.requests) == 5:
                    seen.set()
                await seen.wait()
                return
            writer.write(answers())
            await writer.drain()

    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        assert [split(answer)[0] for answer in await asyncio.gather(*(g.ask(post(CHAT, b'{"fan":1}')) for _ in range(5)))] == [502] * 5
        assert next(iter(g.worker.breakers[0].troubles.values())).failures == 5
        assert split(await g.ask(post(CHAT, ASKS)))[0] == 200 and not g.worker.breakers[0].troubles


async def test_a_reply_that_is_only_long_is_no_failure(tmp_path: Path) -> None:
    """timeouts.total_s ends what the provider was sending all the while."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(b"data: {}\n\n", end=False))
        while not reader.at_eof():
            writer.write(b"a\r\ndata: {}\n\n\r\n")
            await asyncio.sleep(0.02)  # the pace of the stream

    async with upstream(script) as up, gate(tmp_path, provider(up.port, more="timeouts: {total_s: 3}")) as g:
        assert b"total_s" in await g.ask(post(CHAT, b'{"stream":true}')) and not g.worker.breakers[0].troubles
    async with upstream(silent) as up, gate(tmp_path / "b", provider(up.port, more="timeouts: {total_s: 0.1}")) as g:
        assert b"total_s" in await g.ask(post(CHAT, ASKS)) and g.worker.breakers[0].troubles, "silence is a failure, whichever deadline ends it"


async def test_a_connection_that_was_closed_while_nobody_used_it_is_no_failure(tmp_path: Path) -> None:
    """A worker that stood still for a minute finds all of its kept ones closed: the provider is well. What was sent is not sent again, for it may have come."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(answers())
        await up.read_request(reader)

    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        assert [split(await g.ask(post(CHAT, ASKS)))[0] for _ in range(2)] == [200, 502]
        assert not g.worker.breakers[0].troubles and up.connections == 1


async def test_a_probe_that_takes_long_does_not_keep_the_door_shut(tmp_path: Path, clock: Clock) -> None:
    """It may be a question that is answered after minutes, to a provider that is well."""
    mood = Moody()
    async with upstream(mood) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        await shut_then_well(g, mood, clock)
        slow = asyncio.create_task(g.ask(post(CHAT, ASKS)))
        await until(lambda: len(up.requests) == 4)
        hold, mood.hold = mood.hold, None
        clock.now += 5.1
        assert [split(await g.ask(post(CHAT, ASKS)))[0] for _ in range(2)] == [200, 200]
        hold.set()
        assert split(await slow)[0] == 200


async def test_an_open_breaker_leads_to_the_next_target(tmp_path: Path, clock: Clock) -> None:
    """And once it is closed again the first one is first again."""
    mood = Moody()
    async with two(tmp_path, mood, replying(answers()), TWO + "breaker: {failures: 2}\n") as (g, one, other):
        assert [split(await g.ask(asks()))[0] for _ in range(5)] == [200] * 5
        assert (len(one.requests), len(other.requests)) == (2, 5)
        assert [tried(g, at)[0].provider for at in range(5)] == ["one", "one", "two", "two", "two"]
        mood.status = 200
        clock.now += 6
        assert split(await g.ask(asks()))[0] == 200 and len(one.requests) == 3


async def test_a_dead_provider_opens_its_breaker_and_is_no_longer_knocked_at(tmp_path: Path, clock: Clock) -> None:
    """Each knock may take connect_s; the first ten may learn that, not all."""
    async with upstream(replying(answers())) as up:
        async with gate(tmp_path, held(dead_port(), "one") + held(up.port, "two"), more=TWO + keyed(tmp_path)) as g:
            assert [split(await g.ask(asks()))[0] for _ in range(12)] == [200] * 12
            assert said(tried(g, 9)[2]) == [("one", "provider_unreachable", None), ("two", "ok", 200)]
            assert said(tried(g, 10)[2]) == [("two", "ok", 200)]


async def test_a_probe_whose_caller_leaves_is_not_the_last_one(tmp_path: Path, clock: Clock) -> None:
    """It proved nothing; if nobody else could try, the door would stay closed."""
    mood = Moody()
    async with upstream(mood) as up, gate(tmp_path, provider(up.port), more=THREE) as g:
        await shut_then_well(g, mood, clock)
        _, writer = await g.connect()
        writer.write(post(CHAT, ASKS))
        await until(lambda: len(up.requests) == 4)
        writer.close()
        await until(lambda: g.worker.vitals.get("inflight") == 0)
        mood.hold.set()
        assert split(await g.ask(post(CHAT, ASKS)))[0] == 200


@pytest.mark.covers("U23", "C1")
async def test_who_leaves_while_a_body_is_looked_through_takes_no_probe(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is being put into a long body when the caller leaves: what is taken for such an exchange nobody gives back, and the door would stay shut."""
    mood, looking, left = Moody(), asyncio.Event(), asyncio.Event()
    real = tries.body_for

    async def slow(*args, **kwargs):
        looking.set()
        await left.wait()
        return await real(*args, **kwargs)

    async with upstream(mood) as up, gate(tmp_path, held(up.port, "one"), more=THREE + "routes:\n  chat: {targets: [{provider: one, model: other}]}\n" + keyed(tmp_path, "one")) as g:
        for _ in range(3):
            await g.ask(asks())
        clock.now += 5.1
        mood.status = 200
        monkeypatch.setattr(tries, "body_for", slow)
        _, writer = await g.connect()
        writer.write(asks())
        await looking.wait()
        writer.transport.abort()
        await until(lambda: g.worker.vitals.get("inflight") == 0)
        left.set()
        monkeypatch.setattr(tries, "body_for", real)
        await asyncio.sleep(0)  # who was looking goes on
        assert split(await g.ask(asks()))[0] == 200
        assert len(up.requests) == 4


async def test_zero_failures_is_no_breaker(tmp_path: Path) -> None:
    """Whoever wants every request to reach the provider may have that."""
    async with upstream(replying(fails(503))) as up, gate(tmp_path, provider(up.port), more=ONCE + "breaker: {failures: 0}\n") as g:
        for _ in range(15):
            await g.ask(post(CHAT, ASKS))
        assert len(up.requests) == 15


def test_who_invents_credentials_fills_no_memory(clock: Clock) -> None:
    """Each wrong key is one more that could be remembered."""
    breakers = Breakers(BreakerTerms(failures=2), lambda _: None)
    for n in range(MAX_TROUBLES + 100):
        breakers.failed(b"%d" % n, probe=False)
    assert len(breakers.troubles) == MAX_TROUBLES


def test_what_is_long_past_is_forgotten(clock: Clock) -> None:
    """One caller that failed once and never came again must not cost every exchange of a day its look."""
    breakers = Breakers(BreakerTerms(failures=2, open_s=5), lambda _: None)
    breakers.failed(b"once", probe=False)
    breakers.cool(b"waits", 700)
    for _ in range(2):
        breakers.failed(b"down", probe=False)
    clock.now += FORGET_S + 1
    breakers.tell()
    assert set(breakers.troubles) == {b"waits", b"down"} and breakers.enter(b"down")
    clock.now += 200
    breakers.tell()
    assert not breakers.troubles


def test_an_answer_among_many_troubles_costs_no_look_at_all_of_them(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of thousands of credentials may be in a pause; only what opens or closes a breaker is counted anew."""
    told: list[Breakers] = []
    monkeypatch.setattr(Breakers, "tell", lambda self: told.append(self))
    breakers = Breakers(BreakerTerms(failures=1), lambda _: None)
    breakers.cool(b"a", 60)
    for _ in range(3):
        breakers.succeeded(b"a")
    assert not told
    breakers.failed(b"a", probe=False)
    breakers.succeeded(b"a")
    assert len(told) == 2


def test_open_breakers_are_told_when_they_open_and_when_their_time_is_over(clock: Clock) -> None:
    """A gauge that only events move would say "open" all night after the last request of a day."""
    told: list[int] = []
    breakers = Breakers(BreakerTerms(failures=1, open_s=5, open_max_s=12), told.append)
    breakers.failed(b"a", probe=False)
    breakers.failed(b"b", probe=False)
    breakers.failed(b"b", probe=False)  # asked before it opened
    assert told == [1, 2] and breakers.closed_for(b"b") == 5
    clock.now += 5.5
    breakers.tell()
    assert told == [1, 2, 0] and breakers.closed_for(b"a") == 0
    for pause in (10.0, 12.0, 12.0):  # twice as long, and never longer than open_max_s
        assert breakers.enter(b"a")
        breakers.failed(b"a", probe=True)
        assert breakers.closed_for(b"a") == pytest.approx(pause)
        clock.now += pause + 0.1
        breakers.tell()
    assert told == [1, 2, *[0, 1] * 3, 0]


def test_the_log_hears_of_a_provider_that_is_down_once(clock: Clock) -> None:
    """Not each time that one may try: a night of that would fill it. It ends with the last credential's answer, or when nobody has asked for long."""
    noted: list[bool] = []
    breakers = Breakers(BreakerTerms(failures=1, open_s=5), lambda _: None, noted.append)
    breakers.failed(b"a", probe=False)
    breakers.failed(b"b", probe=False)
    clock.now += 6
    breakers.tell()
    assert breakers.enter(b"a")
    breakers.failed(b"a", probe=True)
    breakers.succeeded(b"b")
    assert noted == [True]
    breakers.succeeded(b"a")
    assert noted == [True, False]
    breakers.failed(b"a", probe=False)
    clock.now += FORGET_S + 20
    breakers.tell()
    assert noted == [True, False, True, False]


async def test_the_log_names_the_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads it at night sees which one, and from when on."""
    logged: list[tuple[str, object]] = []
    monkeypatch.setattr(log, "event", lambda name, **fields: logged.append((name, fields.get("provider"))))
    async with upstream(replying(fails(503))) as up, gate(tmp_path, provider(up.port), more=ONCE + "breaker: {failures: 2}\n") as g:
        for _ in range(4):
            await g.ask(post(CHAT, ASKS))
    assert [each for each in logged if each[0].startswith("breaker")] == [("breaker_opened", "up")]


def test_a_budget_is_a_share_and_not_a_savings_bank() -> None:
    """A quiet week must not pay for a storm."""
    budget = Budget(0.1)
    assert sum(budget.spend() for _ in range(100)) == START
    for _ in range(95):
        budget.earn()
    assert sum(budget.spend() for _ in range(100)) == 9
    for _ in range(100_000):
        budget.earn()
    assert MOST <= sum(budget.spend() for _ in range(1000)) <= MOST + 1
    assert not Budget(0).spend()
