"""Hedging: a second target is asked when the first is silent for longer than it usually is; whoever answers first is relayed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.proxy.hedge import LEAST, WINDOW, Beginnings
from tests.proxy.test_routes import OWN, asks, dead_port, held, keyed, two
from tests.support.asked_again import answers, closing, fails, said, silent, tried, until
from tests.support.enriched import rows
from tests.support.proxy import Gate, chunked, gate, replying, split, upstream

HEDGED = "routes:\n  chat: {targets: [one, two], hedge: {quantile: 0.9, min_s: 0.05}}\n"


def usually(g: Gate, seconds: float = 0.001, operation: str = "chat") -> None:
    """The first target's replies have begun within so many seconds until now."""
    known = g.worker.ingress._routes._ways["one"].targets[0].provider.beginnings
    assert known is not None
    for _ in range(LEAST):
        known.add(operation, seconds)


class Slow:
    """A script that answers when it is told to."""

    def __init__(self, *replies: bytes) -> None:
        self.replies, self.go = replies, asyncio.Event()

    async def __call__(self, up, reader, writer):
        try:
            while await up.read_request(reader):
                await self.go.wait()
                for reply in self.replies:
                    writer.write(reply)
                    await writer.drain()
            up.closed_by_peer.set()
        except asyncio.CancelledError:
            up.closed_by_peer.set()
            raise


async def test_who_is_silent_for_long_is_overtaken(tmp_path: Path) -> None:
    """The caller gets the second's answer, the first is dropped at once, and the record has both."""
    async with two(tmp_path, silent, replying(answers("second")), HEDGED) as (g, one, _other):
        usually(g)
        status, _, body = split(await g.ask(asks()))
        assert status == 200 and b"second" in body
        await asyncio.wait_for(one.closed_by_peer.wait(), 60)
        opened, closed, phases = tried(g)
        assert (opened.provider, closed.provider, closed.attempts, closed.outcome) == ("one", "two", 2, "ok")
        assert said(phases) == [("one", "caller_cancelled", None), ("two", "ok", 200)] and phases[0].error_code == "hedge_lost"
        assert phases[1].start_s - phases[0].start_s >= 0.05
        assert (g.worker.vitals.get("hedges"), g.worker.vitals.get("hedges_won"), g.worker.vitals.get("retries")) == (1, 1, 0)


async def test_who_answers_after_all_is_relayed_and_the_second_dropped(tmp_path: Path) -> None:
    """A hedge that loses costs the budget, not the caller."""
    first = Slow(answers("first"))
    async with two(tmp_path, first, silent, HEDGED) as (g, _one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: other.requests)
        first.go.set()
        assert b"first" in await asking
        await asyncio.wait_for(other.closed_by_peer.wait(), 60)
        _, closed, phases = tried(g)
        assert (closed.provider, closed.attempts) == ("", 2) and said(phases) == [("one", "ok", 200), ("two", "caller_cancelled", None)]
        assert g.worker.vitals.get("hedges_won") == 0


async def test_the_winners_stream_goes_on_piece_by_piece_with_nothing_between(tmp_path: Path) -> None:
    """After it has won, the second's connection writes to the relay itself, as a first one's does."""
    pieces = [b'data: {"choices":[{"index":0,"delta":{"content":"%d"}}]}\n\n' % n for n in range(3)]
    more = asyncio.Event()

    async def second(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(pieces[0], end=False))
        await more.wait()
        writer.write(chunked(*pieces[1:], b"data: [DONE]\n\n").partition(b"\r\n\r\n")[2])
        await reader.read()

    async with two(tmp_path, silent, second, HEDGED) as (g, _one, _other):
        usually(g)
        reader, writer = await g.connect()
        writer.write(asks(b'{"stream":true,"stream_options":{"include_usage":true}}'))
        assert pieces[0] in await asyncio.wait_for(reader.readuntil(pieces[0]), 60)
        (relay,) = g.worker.ingress.live
        assert relay._attempt.connection is not None and relay._attempt.connection._sink is relay
        more.set()
        rest = await reader.read()
        assert rest.index(pieces[1]) < rest.index(pieces[2]) < rest.index(b"[DONE]")
        writer.close()


@pytest.mark.parametrize("wins", [True, False])
async def test_the_row_says_that_its_figures_are_without_who_lost(tmp_path: Path, wins: bool) -> None:
    """The provider of an attempt that had no answer may bill it, and nobody says how much: a cost beside which nothing stood would be taken for all of it."""
    first = Slow(answers("first"))
    async with two(tmp_path, silent if wins else first, replying(answers("second")) if wins else silent, HEDGED) as (g, _one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: other.requests)
        first.go.set()
        await asking
        (row,) = rows(g.worker, g.root)
        assert (row.outcome, row.attempts, row.usage_source) == ("ok", 2, "estimated") and row.usage_note.startswith("without 1 attempt that had no answer")


async def test_an_attempt_that_failed_with_an_answer_is_not_missed_in_the_figures(tmp_path: Path) -> None:
    """A provider that says 503 bills nothing."""
    async with two(tmp_path, replying(fails(503)), replying(answers()), HEDGED) as (g, _one, _other):
        await g.ask(asks())
        (row,) = rows(g.worker, g.root)
        assert (row.outcome, row.attempts) == ("ok", 2) and "no answer" not in row.usage_note


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failure_does_not_win(tmp_path: Path, status: int) -> None:
    """A second that is overloaded answers first, and is no answer."""
    first = Slow(answers("first"))
    async with two(tmp_path, first, replying(fails(status)), HEDGED) as (g, _one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: g.worker.ingress.live and next(iter(g.worker.ingress.live)).tries._spare)
        first.go.set()
        assert b"first" in await asking
        assert said(tried(g)[2])[0] == ("one", "ok", 200) and len(other.requests) == 1


@pytest.mark.parametrize(("status", "result"), [(302, "provider_protocol"), (400, "caller_rejected"), (401, "caller_rejected"), (404, "caller_rejected"), (504, "provider_error")])
async def test_what_is_wrong_at_the_second_alone_does_not_win(tmp_path: Path, status: int, result: str) -> None:
    """A key that has expired there, a model that it does not know: quick answers, to somebody whose first target was only slow."""
    first = Slow(answers("first"))
    async with two(tmp_path, first, replying(fails(status)), HEDGED) as (g, _one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: other.requests and next(iter(g.worker.ingress.live)).tries._race.rival is None)  # type: ignore[union-attr]
        first.go.set()
        assert b"first" in await asking
        assert said(tried(g)[2]) == [("one", "ok", 200), ("two", result, status)] and g.worker.vitals.get("hedges_won") == 0


async def test_a_stale_connection_of_the_first_leaves_the_second_alone(tmp_path: Path) -> None:
    """Were the first asked anew beside it, two connections would write one reply."""
    go, second = asyncio.Event(), Slow(answers("second"))

    async def first(up, reader, writer):
        await up.read_request(reader)
        writer.write(answers("first"))
        await up.read_request(reader)
        await go.wait()

    async with two(tmp_path, first, second, HEDGED) as (g, one, other):
        get = b"GET /chat/v1/models HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer %b\r\nConnection: close\r\n\r\n" % OWN.encode()
        assert b"first" in await g.ask(get)
        routes = g.worker.ingress._routes
        usually(g, operation=routes.find("GET", "/chat/v1/models", {}, google_key=False).meaning.operation.name)
        asking = asyncio.create_task(g.ask(get))
        await until(lambda: other.requests)
        go.set()
        await until(lambda: next(iter(g.worker.ingress.live))._attempt.provider.name == "two")
        second.go.set()
        assert b"second" in await asking
        assert (len(one.requests), one.connections, len(other.requests)) == (2, 1, 1) and not g.worker.breakers[0].troubles


@pytest.mark.parametrize("first", [replying(fails(503)), closing])
async def test_the_second_goes_on_when_the_first_fails(tmp_path: Path, first) -> None:  # type: ignore[no-untyped-def]
    """It is there already: nobody else needs to be asked, and nothing more is paid."""
    second, begun = Slow(answers("second")), asyncio.Event()

    async def waits(up, reader, writer):
        await begun.wait()
        await first(up, reader, writer)

    async with two(tmp_path, waits, second, HEDGED) as (g, _one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: other.requests)
        begun.set()
        await until(lambda: next(iter(g.worker.ingress.live))._attempt.provider.name == "two")
        second.go.set()
        assert b"second" in await asking
        _, closed, phases = tried(g)
        assert (closed.provider, closed.attempts, phases[1].result) == ("two", 2, "ok") and g.worker.vitals.get("retries") == 0


async def test_if_both_fail_the_caller_sees_an_answer(tmp_path: Path) -> None:
    """The first said something before the second broke off: that is what there is."""
    begun = asyncio.Event()

    async def first(up, reader, writer):
        await up.read_request(reader)
        await begun.wait()
        writer.write(fails(503, b'{"said":"one"}'))
        await reader.read()

    async def second(up, reader, writer):
        await up.read_request(reader)
        begun.set()
        await until(lambda: next(iter(g.worker.ingress.live))._attempt.provider.name == "two")

    async with two(tmp_path, first, second, HEDGED + "retries: {per_request: 0}\n") as (g, one, other):
        usually(g)
        status, _, body = split(await g.ask(asks()))
        assert (status, body) == (503, b'{"said":"one"}') and len(one.requests) == len(other.requests) == 1


async def test_a_second_that_cannot_be_reached_changes_nothing(tmp_path: Path) -> None:
    """The first is still at work."""
    first = Slow(answers("first"))
    async with upstream(first) as up, gate(tmp_path, held(up.port, "one") + held(dead_port(), "two"), more=HEDGED + keyed(tmp_path)) as g:
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: g.worker.breakers[1].troubles)
        first.go.set()
        assert b"first" in await asking
        assert sorted(said(tried(g)[2])) == [("one", "ok", 200), ("two", "provider_unreachable", None)]


@pytest.mark.parametrize(("body", "path"), [(b"{}", "/v1/files"), (b'{"background":true}', "/v1/responses")])
async def test_what_must_not_be_done_twice_is_not_hedged(tmp_path: Path, body: bytes, path: str) -> None:
    """Two answers to one question are one too many where each does something."""
    first = Slow(answers())
    async with two(tmp_path, first, replying(answers()), HEDGED) as (g, one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks(body, path="/chat" + path)))
        await until(lambda: one.requests)
        (tries_,) = (relay.tries for relay in g.worker.ingress.live)
        assert tries_._race is None
        first.go.set()
        await asking
        assert not other.requests


async def test_a_hedge_is_paid_from_the_budget(tmp_path: Path) -> None:
    """A provider that has become slow for everybody must not double the load of the next."""
    first = Slow(answers("first"))
    async with two(tmp_path, first, replying(answers()), HEDGED + "retries: {of_traffic: 0}\n") as (g, _one, other):
        usually(g)
        asking = asyncio.create_task(g.ask(asks()))
        await until(lambda: g.worker.vitals.get("retries_denied"))
        first.go.set()
        assert b"first" in await asking and not other.requests


@pytest.mark.covers("C1")
async def test_a_client_that_leaves_ends_both(tmp_path: Path) -> None:
    """Neither is paid for any longer."""
    async with two(tmp_path, silent, silent, HEDGED) as (g, one, other):
        usually(g)
        _, writer = await g.connect()
        writer.write(asks())
        await until(lambda: other.requests)
        writer.close()
        await asyncio.wait_for(asyncio.gather(one.closed_by_peer.wait(), other.closed_by_peer.wait()), 60)
        await until(lambda: g.exchanges()[0][2] is not None)
        _, closed, phases = tried(g)
        assert (closed.outcome, closed.attempts) == ("caller_cancelled", 2)
        assert [(phase.provider, phase.result, phase.error_code) for phase in phases] == [("one", "caller_cancelled", "client_left"), ("two", "caller_cancelled", "hedge_lost")]


def test_a_quantile_is_of_what_was_seen_lately_and_of_enough() -> None:
    """Nineteen replies say nothing about one in twenty; yesterday's nothing about today."""
    known = Beginnings()
    for n in range(LEAST - 1):
        known.add("chat", float(n))
    assert known.quantile("chat", 0.95) is None and known.quantile("embeddings", 0.95) is None
    known.add("chat", 100.0)
    assert known.quantile("chat", 0.95) == 100.0 and known.quantile("chat", 0.5) == 10.0
    for _ in range(WINDOW):
        known.add("chat", 1.0)
    assert known.quantile("chat", 0.95) == 1.0
