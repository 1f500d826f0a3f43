"""What a worker writes down of the parts of an exchange: attempts at the provider, guards, and whether the caller samples its trace."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path

import pytest

from gateway.exchange import Closed, Outcome, Phase
from gateway.record.phases import phases_of
from tests.proxy.test_guard import CARD, CHAT, DONE, MAIL, STOP, chat, chunk, rules
from tests.support.enriched import rows
from tests.support.proxy import Gate, chunked, gate, ok, post, provider, replying, split, upstream

BOTH = rules(
    "name: mails, detector: pii, on: [request, reply], kinds: [EMAIL_ADDRESS], action: mask, tier: patterns",
    "name: again, detector: pii, on: reply, kinds: [CREDIT_CARD], action: retry, retries: 2, tier: patterns",
)
BLOCKS = rules("name: no, detector: pii, on: request, kinds: [CREDIT_CARD], action: block, tier: patterns")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"


def recorded(g: Gate, at: int = -1) -> tuple[Closed, tuple[Phase, ...]]:
    """The last close frame, and its phases as the row has them."""
    closed = g.exchanges()[at][2]
    assert closed is not None
    phases = phases_of(closed, Outcome(closed.outcome), closed.error_code)
    for phase in phases:
        assert phase.start_s >= 0 and phase.start_s + phase.duration_s <= closed.duration_s
    return closed, phases


def told(phases: tuple[Phase, ...]) -> list[tuple[str, str, str, int | None]]:
    return [(phase.name, phase.result, phase.error_code, phase.upstream_status) for phase in phases]


async def test_a_plain_exchange_writes_nothing_but_when_it_asked(tmp_path: Path) -> None:
    """The hot path: one number more, and no list."""
    async with upstream(replying(ok(b'{"choices":[]}'))) as up, gate(tmp_path, provider(up.port)) as g:
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
        closed, (attempt,) = recorded(g)
        assert closed.phases is None and closed.asked_s is not None and closed.connect_s is not None and closed.upstream_s is not None
        assert (attempt.start_s, attempt.duration_s) == (closed.asked_s, closed.connect_s + closed.upstream_s)
        assert (attempt.name, attempt.result, attempt.upstream_status) == ("attempt", "ok", 200)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_retried_exchange_under_guard_tells_each_part(tmp_path: Path, stream: bool) -> None:
    """Two replies refused, the third one masked: which attempt took how long, and what each guard made of it."""

    def reply(text: str) -> bytes:
        if stream:
            return chunked(chunk(content=text[:9]), chunk(content=text[9:]), STOP, DONE)
        return ok(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}).encode())

    async with upstream(replying(reply(f"Card {CARD}."), reply(f"Still {CARD}."), reply(f"Write to {MAIL} now."))) as up, gate(tmp_path, provider(up.port), more=BOTH) as g:
        status, _, body = split(await g.ask(post(CHAT, chat(f"I am {MAIL}", stream=stream))))
        assert status == 200 and b"<EMAIL_ADDRESS" in body and MAIL.encode() not in body
        closed, phases = recorded(g)
    assert told(phases) == [
        ("guard_request", "masked", "", None),
        ("attempt", "policy_blocked", "policy_blocked", 200), ("guard_reply", "blocked", "", None),
        ("attempt", "policy_blocked", "policy_blocked", 200), ("guard_reply", "blocked", "", None),
        ("attempt", "ok", "", 200), ("guard_reply", "masked", "", None),
    ]  # fmt: skip
    attempts = [phase for phase in phases if phase.name == "attempt"]
    assert closed.attempts == 3 and all(before.start_s + before.duration_s <= after.start_s for before, after in itertools.pairwise(attempts))
    spent = [phase.spent_s for phase in phases if phase.spent_s is not None]
    assert len(spent) == 4 and sum(spent) == pytest.approx(closed.guard_s)
    assert closed.overhead_s <= closed.duration_s - sum(phase.duration_s for phase in attempts) + 1e-9  # asking again is waiting for the provider
    if stream:
        assert closed.time_to_first_chunk_s >= attempts[2].start_s  # of the reply that was given out


async def test_a_reply_that_passes_is_not_judged_by_the_one_before(tmp_path: Path) -> None:
    """What was found in a reply that nobody got says nothing about the next one."""
    replies = [ok(json.dumps({"choices": [{"message": {"content": text}}]}).encode()) for text in (f"Card {CARD}.", "Clean as can be.")]
    async with upstream(replying(*replies)) as up, gate(tmp_path, provider(up.port), more=BOTH) as g:
        assert split(await g.ask(post(CHAT, chat("hi"))))[0] == 200
        assert [phase.result for phase in recorded(g)[1] if phase.name != "attempt"] == ["passed", "blocked", "passed"]


async def test_a_blocked_request_has_a_guard_and_no_attempt(tmp_path: Path) -> None:
    """No provider was asked, so no provider failed."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=BLOCKS) as g:
        assert split(await g.ask(post(CHAT, chat(CARD))))[0] == 400 and not up.requests
        closed, phases = recorded(g)
        assert told(phases) == [("guard_request", "blocked", "", None)] and closed.asked_s is None


async def test_a_request_that_was_sent_again_on_a_new_connection_is_two_attempts(tmp_path: Path) -> None:
    """A kept-alive connection that the provider had closed: the caller notices nothing, the trace tells."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(ok(b"{}"))
        await writer.drain()
        await up.read_request(reader)  # swallowed

    get = b"GET /v1/models HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"
    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        assert [split(await g.ask(get))[0] for _ in range(2)] == [200, 200]
        closed, phases = recorded(g)
        assert [(phase.name, phase.result, phase.error_code) for phase in phases] == [("attempt", phases[0].result, "provider_reset"), ("attempt", "ok", "")]
        assert phases[0].result.startswith("provider_") and closed.attempts == 2


async def test_a_provider_that_is_not_there_is_an_attempt(tmp_path: Path) -> None:
    """`tidegate_attempts_total` counts what failed before anything was sent."""
    async with upstream(replying(ok(b"{}"))) as up:
        port = up.port
    async with gate(tmp_path, provider(port), more="retries: {per_request: 0}\n") as g:
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 502
        closed, (attempt,) = recorded(g)
        assert (attempt.result, attempt.upstream_status, closed.attempts) == ("provider_unreachable", None, 0)
    async with gate(tmp_path / "again", provider(port)) as g:
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 502
        (row,) = rows(g.worker, g.root)
        assert row.attempts == len([phase for phase in row.phases if phase.name == "attempt"]) == 2  # what the metric counts, one by one


async def test_a_client_that_leaves_ends_the_attempt(tmp_path: Path) -> None:
    """Until then the provider was waited for."""
    asked = asyncio.Event()

    async def script(up, reader, writer):
        await up.read_request(reader)
        asked.set()
        await reader.read()

    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        _, writer = await g.connect()
        writer.write(post(CHAT, b"{}"))
        await asyncio.wait_for(asked.wait(), 60)
        writer.close()
        while g.exchanges()[-1][2] is None:
            await asyncio.sleep(0.01)
        assert told(recorded(g)[1]) == [("attempt", "caller_cancelled", "client_left", None)]


@pytest.mark.parametrize(("flags", "sampled"), [("01", True), ("00", False), ("03", True), ("02", False), (None, True)])
async def test_whether_the_caller_samples_is_on_record_and_goes_on(tmp_path: Path, flags: str | None, sampled: bool) -> None:
    """One decision for the whole trace: the gate exports no span of a trace that its caller drops, and the provider hears the same; tracestate goes on untouched."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        headers = () if flags is None else (f"traceparent: 00-{TRACE}-{flags}", "tracestate: vendor=opaque,other=1")
        await g.ask(post(CHAT, b"{}", *headers))
        ((opened, _, _, _),) = g.exchanges()
        assert opened.sampled is sampled
        assert f"traceparent: 00-{opened.trace_id}-{opened.span_id}-{flags or '01'}\r\n".encode() in up.requests[0]
        assert (b"tracestate: vendor=opaque,other=1\r\n" in up.requests[0]) is (flags is not None)
