"""Asking again: what is repeated and what is not, how often, after how long, and what the caller and the record see of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from email.utils import format_datetime
from pathlib import Path

import pytest

from gateway.proxy import tries
from tests.proxy.test_guard import CARD, MAIL, chat, rules
from tests.support.asked_again import ASKS, CHAT, QUICK, answers, closing, fails, said, silent, tried, until
from tests.support.proxy import chunked, gate, post, provider, replying, split, upstream

EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\n\n'


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests wait for is said by a provider, not by chance."""
    monkeypatch.setattr(tries, "BACKOFF_S", 0.001)


@pytest.mark.covers("U5")
@pytest.mark.parametrize("status", [500, 502, 503, 529])
async def test_a_bad_moment_costs_the_caller_nothing(tmp_path: Path, status: int) -> None:
    """Most such answers are gone a moment later; the app sees a 200, the row both attempts."""
    async with upstream(replying(fails(status), answers())) as up, gate(tmp_path, provider(up.port)) as g:
        got, _, body = split(await g.ask(post(CHAT, ASKS)))
        assert (got, json.loads(body)["choices"][0]["message"]["content"]) == (200, "hello")
        assert len(up.requests) == 2 and up.connections == 1, "the failing answer was read to its end, so its connection was good for the next"
        opened, closed, phases = tried(g)
        first = "provider_overloaded" if status in (503, 529) else "provider_error"
        assert said(phases) == [("up", first, status), ("up", "ok", 200)]
        assert (opened.route, closed.provider, closed.attempts, closed.upstream_status) == ("", "", 2, 200)
        assert phases[0].start_s + phases[0].duration_s <= phases[1].start_s
        assert (g.worker.vitals.get("retries"), g.worker.vitals.get("retries_denied")) == (1, 0)


@pytest.mark.covers("U5")
async def test_the_last_answer_goes_on_byte_for_byte(tmp_path: Path) -> None:
    """529 stays 529, and its body and headers are the provider's: SDKs decide by them."""
    bodies = [b'{"type":"error","error":{"type":"overloaded_error","message":"%d"}}' % n for n in range(2)]
    async with upstream(replying(*(fails(529, body, f"x-turn: {n}") for n, body in enumerate(bodies)))) as up, gate(tmp_path, provider(up.port)) as g:
        status, headers, body = split(await g.ask(post(CHAT, ASKS)))
        assert (status, body, headers["x-turn"], headers["x-tidegate-error-source"]) == (529, bodies[1], "1", "provider")
        assert len(up.requests) == 2 and "x-should-retry" not in headers


IN_TWO_HOURS = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2), usegmt=True)
LONG_AGO = "Wed, 21 Oct 2015 07:28:00 GMT"
# What providers say with a 429, and how often one is asked: 2 where a pause is asked for that the caller can wait for.
LIMITED = [
    ("openai", {"error": {"message": "Rate limit reached for requests", "type": "requests", "code": "rate_limit_exceeded"}}, ("retry-after: 0",), 2),
    ("openai", {"error": {"message": "Rate limit reached for tokens", "type": "tokens", "code": "rate_limit_exceeded"}}, ("retry-after-ms: 20", "retry-after: 1"), 2),
    ("openai", {"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}}, (), 1),
    ("openai", {"error": {"message": "Please slow down", "type": "requests", "code": None}}, ("retry-after: 86400",), 1),
    ("openai", {"error": {"message": "limit", "type": "requests", "code": "429"}}, ("retry-after: 0", "x-should-retry: false"), 1),
    ("openai", {"error": {"message": "Requests have exceeded call rate limit", "code": "429"}}, ("Retry-After: 0.02", "x-ms-region: West"), 2),
    ("anthropic", {"type": "error", "error": {"type": "rate_limit_error", "message": "This request would exceed your rate limit"}}, ("retry-after: 0", "x-should-retry: true"), 2),
    ("anthropic", {"type": "error", "error": {"type": "rate_limit_error", "message": "You have reached your specified API usage limits"}}, ("x-should-retry: true",), 1),
    ("anthropic", {"type": "error", "error": {"type": "rate_limit_error", "message": "Number of request tokens"}}, (f"retry-after: {IN_TWO_HOURS}",), 1),
    ("anthropic", {"type": "error", "error": {"type": "rate_limit_error", "message": "Concurrent connections"}}, (f"Retry-After: {LONG_AGO}",), 2),
    ("gemini", {"error": {"code": 429, "message": "Resource has been exhausted", "status": "RESOURCE_EXHAUSTED", "details": [{"retryDelay": "0s"}]}}, (), 1),
    ("gemini", {"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}}, ("retry-after: soon",), 1),
]
PATHS = {"openai": CHAT, "anthropic": "/v1/messages", "gemini": "/v1beta/models/g:generateContent"}


@pytest.mark.covers("U4")
@pytest.mark.parametrize(("dialect", "body", "headers", "asked"), LIMITED)
async def test_a_spent_limit_is_waited_for_as_the_provider_says_or_not_at_all(tmp_path: Path, dialect: str, body: object, headers: tuple[str, ...], asked: int) -> None:
    """Anthropic's spent budget has no Retry-After: hammering it helps nobody. A pause beyond the caller's patience is the caller's to take."""
    raw = json.dumps(body).encode()
    async with upstream(replying(fails(429, raw, *headers))) as up, gate(tmp_path, provider(up.port, dialect=dialect), more=QUICK) as g:
        status, got, given = split(await g.ask(post(PATHS[dialect], ASKS)))
        assert (status, given, len(up.requests)) == (429, raw, asked)
        for line in headers:
            name, _, value = line.partition(": ")
            assert got[name.lower()] == value
        assert tried(g)[1].attempts == asked


@pytest.mark.covers("U4")
async def test_a_pause_is_waited_for_and_longer_patience_is_a_setting(tmp_path: Path) -> None:
    """The caller gets its answer instead of an error, and not before the provider wants to be asked."""
    async with upstream(replying(fails(429, b"{}", "retry-after-ms: 300"), answers())) as up, gate(tmp_path, provider(up.port, more="retries: {patience_s: 0.29}")) as g:
        assert split(await g.ask(post(CHAT, ASKS)))[0] == 429
        up.requests.clear()
        g.worker.breakers[0].troubles.clear()
    async with upstream(replying(fails(429, b"{}", "retry-after-ms: 300"), answers())) as up, gate(tmp_path / "b", provider(up.port)) as g:
        assert split(await g.ask(post(CHAT, ASKS)))[0] == 200
        first, second = tried(g)[2]
        assert second.start_s - (first.start_s + first.duration_s) >= 0.29
        assert g.exchanges()[-1][2].overhead_s < 0.2, "the pause is the provider's, not the gate's"  # type: ignore[union-attr]


@pytest.mark.covers("U4")
@pytest.mark.parametrize("said_by_caller", ["x-stainless-timeout: 1", "X-Stainless-Read-Timeout: 1.5"])
async def test_nobody_is_kept_waiting_beyond_their_own_time(tmp_path: Path, said_by_caller: str) -> None:
    """An SDK that gives up in a second is better served with the provider's answer than with silence."""
    async with upstream(replying(fails(429, b"{}", "retry-after: 2"))) as up, gate(tmp_path, provider(up.port)) as g:
        status, headers, _ = split(await g.ask(post(CHAT, ASKS, said_by_caller)))
        assert (status, headers["retry-after"], len(up.requests)) == (429, "2", 1)


@pytest.mark.parametrize(
    ("method", "path", "body", "asked"),
    [
        ("GET", "/v1/models", b"", 2),
        ("DELETE", "/v1/files/file-1", b"", 2),
        ("POST", "/v1/responses", b'{"model":"m","input":"hi"}', 2),
        ("POST", "/v1/responses", b'{"model":"m","input":"hi","background":true}', 1),
        ("POST", "/v1/responses", b'{"model":"m","input":"hi","conversation":"conv_1"}', 1),
        ("POST", "/v1/files", b"{}", 1),
        ("POST", "/v1/batches", b"{}", 1),
        ("POST", "/v1/fine_tuning/jobs", b"{}", 1),
        ("PATCH", "/v1/anything", b"{}", 1),
    ],
)
async def test_only_what_does_no_harm_twice_is_sent_twice(tmp_path: Path, method: str, path: str, body: bytes, asked: int) -> None:
    """Two batches or two files for one request would be the gate's doing."""
    async with upstream(replying(fails(503))) as up, gate(tmp_path, provider(up.port), more=QUICK) as g:
        raw = post(path, body).replace(b"POST", method.encode(), 1)
        assert split(await g.ask(raw))[0] == 503 and len(up.requests) == asked


@pytest.mark.covers("U1")
@pytest.mark.parametrize(("on", "asked"), [("", 1), (", on: [reset]", 2)])
async def test_what_may_have_been_received_is_repeated_only_where_that_is_asked_for(tmp_path: Path, on: str, asked: int) -> None:
    """A connection that closes without a word says nothing about what was done, or billed."""
    async with upstream(closing) as up, gate(tmp_path, provider(up.port, more=f"retries: {{of_traffic: 1{on}}}")) as g:
        status, headers, body = split(await g.ask(post(CHAT, ASKS)))
        assert (status, headers["x-should-retry"], json.loads(body)["error"]["code"]) == (502, "true", "provider_reset")
        assert len(up.requests) == tried(g)[1].attempts == asked


@pytest.mark.parametrize(("on", "asked"), [("", 1), (", on: timeout", 2)])
async def test_silence_is_repeated_only_where_that_is_asked_for(tmp_path: Path, on: str, asked: int) -> None:
    """A provider that is silent may still be at work; it may bill both."""
    async with upstream(silent) as up, gate(tmp_path, provider(up.port, more=f"timeouts: {{first_byte_s: 0.1}}, retries: {{of_traffic: 1{on}}}")) as g:
        status, _, body = split(await g.ask(post(CHAT, ASKS)))
        assert (status, json.loads(body)["error"]["code"], len(up.requests)) == (504, "provider_timeout", asked)
        assert said(tried(g)[2]) == [("up", "provider_timeout", None)] * asked


async def test_a_reply_that_has_begun_is_never_asked_for_again(tmp_path: Path) -> None:
    """The caller has half of one answer; half of another is no cure."""
    async with upstream(replying(chunked(EVENT, end=False), close=True)) as up, gate(tmp_path, provider(up.port), more="retries: {of_traffic: 1, on: [reset, timeout, error]}\n") as g:
        answer = await g.ask(post(CHAT, b'{"stream":true}'))
        assert answer.startswith(b"HTTP/1.1 200") and b"provider_reset" in answer and len(up.requests) == 1


@pytest.mark.covers("U5")
async def test_an_outage_does_not_double_its_own_load(tmp_path: Path) -> None:
    """A provider that fails everybody must not get twice the traffic for it: ten in a hundred more, and what a worker begins with."""
    total, apps = 1000, 5
    async with upstream(replying(fails(500))) as up, gate(tmp_path, provider(up.port)) as g:

        async def app() -> None:
            reader, writer = await g.connect()
            served = 0
            while served < total // apps:
                writer.write(post(CHAT, ASKS, close=False))
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
                shed = b"gateway_overloaded" in body  # this loop is also the provider's and all the clients'
                assert shed or head.startswith(b"HTTP/1.1 500")
                served += not shed
            writer.close()

        await asyncio.gather(*(app() for _ in range(apps)))
        hits, vitals = len(up.requests), g.worker.vitals
        assert total < hits <= 1.1 * total + 10
        assert vitals.get("retries") == hits - total and vitals.get("retries") + vitals.get("retries_denied") == total


@pytest.mark.covers("C1")
async def test_a_client_that_leaves_while_it_is_made_to_wait_is_asked_for_no_more(tmp_path: Path) -> None:
    """Nobody would read the second answer, and somebody would pay for it."""
    async with upstream(replying(fails(429, b"{}", "retry-after: 1"), answers())) as up, gate(tmp_path, provider(up.port)) as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, ASKS))
        await until(lambda: g.worker.ingress.desk.waiting)
        (waiting,) = g.worker.ingress.desk.waiting
        writer.close()
        await until(lambda: g.exchanges()[0][2] is not None)
        _opened, closed, phases = tried(g)
        assert (closed.outcome, closed.status, said(phases)) == ("caller_cancelled", 0, [("up", "provider_rate_limited", 429)])
        await until(lambda: waiting._task is not None and waiting._task.done())
        assert not g.worker.ingress.desk.waiting and len(up.requests) == 1


@pytest.mark.covers("C1")
async def test_nobody_is_asked_while_the_end_is_on_its_way_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """durability: strict, a slow disk, and the client has left during the pause: its row is written, so what is asked after it would be on nobody's bill."""
    async with upstream(replying(fails(429, b"{}", "retry-after-ms: 600"), answers())) as up, gate(tmp_path, provider(up.port), more="durability: strict\n") as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, ASKS))
        await until(lambda: g.worker.ingress.desk.waiting)
        (waiting,) = g.worker.ingress.desk.waiting
        synced = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(g.worker.journal, "commit", lambda *_: asyncio.shield(synced))
        writer.close()
        await until(lambda: waiting.relay.closed)
        assert not waiting.relay.over
        await until(lambda: waiting._task is not None and waiting._task.done())
        assert not waiting._task.cancelled() and up.connections == 1
        synced.set_result(None)
        await until(lambda: g.worker.vitals.get("inflight") == 0)
        assert len(up.requests) == tried(g)[1].attempts == 1


@pytest.mark.covers("C1")
async def test_a_rule_asks_nobody_again_for_a_client_that_has_left(tmp_path: Path) -> None:
    """on_disconnect: drain reads one reply to its end for its usage; another would be bought for nobody."""
    go = asyncio.Event()

    async def script(up, reader, writer):
        while await up.read_request(reader):
            await go.wait()
            writer.write(answers(f"Card {CARD}."))

    more = rules("name: cards, detector: pii, on: reply, kinds: [CREDIT_CARD], action: retry, tier: patterns")
    async with upstream(script) as up, gate(tmp_path, provider(up.port, more="on_disconnect: drain"), more=more) as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, ASKS))
        await until(lambda: up.requests)
        (relay,) = g.worker.ingress.live
        writer.close()
        await until(lambda: relay.out.gone)
        go.set()
        await until(lambda: g.worker.vitals.get("inflight") == 0)
        assert len(up.requests) == 1 and tried(g)[1].outcome == "policy_blocked"


async def test_a_fault_of_our_own_between_two_attempts_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock looks after an exchange that nobody has been asked for: without an answer it would never end."""
    async with upstream(replying(fails(503), answers())) as up, gate(tmp_path, provider(up.port)) as g:
        monkeypatch.setattr(tries.Tries, "_take", lambda self, index: 1 // 0)
        answer = await g.ask(post(CHAT, ASKS))
        assert split(answer)[0] == 500 and b"gateway_error" in answer and len(up.requests) == 1


async def test_the_records_copy_is_of_the_reply_that_was_relayed(tmp_path: Path) -> None:
    """A second reply, held back for its pseudonyms, breaks off; what the app gets, and the row has, is the first one alone."""
    more = rules("name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")
    cut = answers("To <EMAIL_ADDRESS_1>.")[:-5]

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(fails(503, b'{"said":"once"}'))
        await up.read_request(reader)
        writer.write(cut)

    async with upstream(script) as up, gate(tmp_path, provider(up.port), more=more) as g:
        status, _, body = split(await g.ask(post(CHAT, chat(f"write {MAIL}"))))
        assert (status, body, len(up.requests)) == (503, b'{"said":"once"}', 2)
        assert g.exchanges()[0][3] == body


@pytest.mark.covers("C1")
async def test_a_client_that_leaves_during_the_second_attempt_ends_it(tmp_path: Path) -> None:
    """The provider learns at once that nobody waits any more."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(fails(503))
        await up.read_request(reader)
        await reader.read()
        up.closed_by_peer.set()

    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, ASKS))
        await until(lambda: len(up.requests) == 2)
        writer.close()
        await asyncio.wait_for(up.closed_by_peer.wait(), 60)
        await until(lambda: g.exchanges()[0][2] is not None)
        assert said(tried(g)[2]) == [("up", "provider_overloaded", 503), ("up", "caller_cancelled", None)]


async def test_a_worker_that_leaves_gives_the_answer_that_there_is(tmp_path: Path) -> None:
    """A stop must not wait for a provider's better moment."""
    async with upstream(replying(fails(429, b'{"n":1}', "retry-after: 4"), answers())) as up, gate(tmp_path, provider(up.port)) as g:
        asking = asyncio.create_task(g.ask(post(CHAT, ASKS)))
        await until(lambda: g.worker.ingress.desk.waiting)
        g.worker.ingress.desk.end_waits()
        status, headers, body = split(await asking)
        assert (status, headers["retry-after"], body, len(up.requests)) == (429, "4", b'{"n":1}', 1)
        assert split(await g.ask(post(CHAT, ASKS)))[0] == 200  # short pauses are still made
        _opened, closed, phases = tried(g, 0)
        assert (closed.attempts, closed.upstream_status, len(phases)) == (1, 429, 1), "the answer that was put by is the exchange's own, not one before it"


async def test_guards_hold_for_every_attempt(tmp_path: Path) -> None:
    """What was masked is masked the second time, and the second reply is looked at like a first one."""
    more = rules("name: mails, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns", "name: cards, detector: pii, on: reply, kinds: [CREDIT_CARD], action: mask, tier: patterns")
    async with upstream(replying(fails(503, b'{"error":"not %b"}' % CARD.encode()), answers(f"Card {CARD}."))) as up, gate(tmp_path, provider(up.port), more=more) as g:
        status, _, body = split(await g.ask(post(CHAT, chat(f"I am {MAIL}"))))
        assert status == 200 and CARD.encode() not in body and b"CREDIT_CARD" in body
        assert len(up.requests) == 2 and not any(MAIL.encode() in request for request in up.requests)
        assert up.requests[0].partition(b"\r\n\r\n")[2] == up.requests[1].partition(b"\r\n\r\n")[2]


async def test_what_is_promised_to_be_on_disk_is_so_after_a_second_attempt(tmp_path: Path) -> None:
    """durability: strict holds for the exchange, however often somebody was asked for it."""
    async with upstream(replying(fails(503), answers())) as up, gate(tmp_path, provider(up.port), more="durability: strict\n") as g:
        assert split(await g.ask(post(CHAT, ASKS)))[0] == 200
        _opened, closed, _ = tried(g)
        assert (len(g.exchanges()), closed.attempts, closed.outcome) == (1, 2, "ok")


async def test_a_kept_alive_connection_that_turns_out_closed_is_no_retry(tmp_path: Path) -> None:
    """It is nobody's failure: no budget, no breaker, and the exchange's own number is untouched."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(answers() if up.connections == 1 else fails(503))
        await writer.drain()
        await up.read_request(reader)
        if up.connections > 1:
            writer.write(answers())

    get = b"GET /v1/models HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"
    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        assert [split(await g.ask(get))[0] for _ in range(2)] == [200, 200]
        assert said(tried(g)[2]) == [("up", "provider_unreachable", None), ("up", "provider_overloaded", 503), ("up", "ok", 200)]
        assert g.worker.vitals.get("retries") == 1 and not g.worker.breakers[0].troubles


async def test_the_gates_own_share_of_the_time_leaves_the_others_out(tmp_path: Path) -> None:
    """`server-timing` and overhead_s are the gate's: neither attempts nor pauses belong to it."""
    async with upstream(replying(fails(503, b"{}", "retry-after-ms: 400"), answers())) as up, gate(tmp_path, provider(up.port)) as g:
        began = time.perf_counter()
        status, headers, _ = split(await g.ask(post(CHAT, ASKS)))
        took_ms = (time.perf_counter() - began) * 1000
        assert status == 200 and float(headers["server-timing"].partition("dur=")[2]) < took_ms - 380
