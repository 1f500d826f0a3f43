"""Detectors of one's own in good health, in a real pool: spans that mask, judges that see windows, webhooks; and webhooks in bad health."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from aiohttp import web

from gateway.exchange import Outcome
from tests.detection.serving import RunningPool, running
from tests.support import faulty
from tests.support.proxy import chunked
from tests.support.staged import JUDGE, PATIENT, SPANS, TALKS, Rule, Talk, customs, error_event, fails, rules_of, stage, talk_name, works

each_talk = pytest.mark.parametrize("talk", TALKS, ids=talk_name)
each_channel = pytest.mark.parametrize("channel", [talk.channel for talk in TALKS if talk.streamed], ids=lambda channel: channel.name.split()[0])


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Iterator[RunningPool]:
    """One for all, made of the configuration as the supervisor would."""
    with running(tmp_path_factory.mktemp("pool"), customs=customs([*rules_of(SPANS), *rules_of(JUDGE)])) as started:
        yield started


LETTER = "Dear Ms Jones, your badge 1234 is here. Bring it along! Of your old ones, badge 5678 and badge 9012, nothing is left... Yours"


@pytest.mark.parametrize("size", [1, 3, 7, 50])
@each_channel
async def test_spans_are_masked_across_chunks_as_in_the_whole(tmp_path, pool, channel, size):
    """Law 2, with a detector in the pool: however a reply is cut, the app reads what it would have read unstreamed."""
    rule = Rule(SPANS, "mask", "reply")
    masked = LETTER.replace("badge 1234", "<BADGE>").replace("badge 5678", "<BADGE>").replace("badge 9012", "<BADGE>")
    async with stage(tmp_path, pool, rule) as on:
        for talk, pieces in ((Talk(channel, streamed=False), [LETTER]), (Talk(channel, streamed=True), [LETTER[at : at + size] for at in range(0, len(LETTER), size)])):
            on.reply = talk.wire(*pieces)
            status, _, body, raw = await on.ask(talk, "Hello.", rule.name)
            _, _, closed, given = on.last()
            assert status == 200 and talk.told(body) == masked and given == body
            assert b"1234" not in raw and (not talk.streamed or raw.endswith(b"0\r\n\r\n"))
            assert (closed.verdict, closed.outcome, closed.guard_errors) == ("masked", Outcome.OK, {})
            assert [each[:4] + each[5:] for each in closed.findings] == [[SPANS, faulty.KIND, "reply", "mask", 3]]


@each_talk
async def test_a_pseudonym_of_a_detector_of_ones_own_is_turned_back(tmp_path, pool, talk):
    """The provider never sees the badge, the app sees nothing else."""
    rule = Rule(SPANS, "pseudonymise", "request")
    async with stage(tmp_path, pool, rule) as on:
        on.reply = talk.wire("So you have <BAD", "GE_1>. ", "Bye.")
        status, _, body, _ = await on.ask(talk, "I have badge 1234.", rule.name)
        assert status == 200 and talk.told(body) == "So you have badge 1234. Bye."
        assert b"1234" not in on.up.requests[0] and b"<BADGE_1>" in on.up.requests[0]
        _, sent, closed, given = on.last()
        assert closed.verdict == "masked" and b"1234" not in sent + given


@each_talk
async def test_what_a_judge_has_nothing_against_passes_as_it_came(tmp_path, pool, talk):
    """Law 1: of several windows, and of none: byte for byte, to the end."""
    rule = Rule(JUDGE, "block", "reply")
    async with stage(tmp_path, pool, rule) as on:
        for pieces in (["All is well. "] * 60, ["Yes."], []):
            on.reply = talk.wire(*pieces)
            status, _, body, _ = await on.ask(talk, "Hello.", rule.name)
            closed = on.last()[2]
            assert (status, body) == (200, talk.reply(*pieces))
            assert (closed.verdict, closed.outcome, closed.guard_errors) == ("passed", Outcome.OK, {})


@pytest.mark.parametrize("at", [395, 350, 410, 590], ids=lambda at: f"at {at}")
@each_channel
async def test_a_judge_ends_a_long_stream_late(tmp_path, pool, channel, at):
    """Wherever in a window or across two the text stands: the stream ends with an error event, the provider is left, and what was released is on record."""
    talk, rule = Talk(channel, streamed=True), Rule(JUDGE, "block", "reply")
    text = "x" * (at - 1) + " badge 1234 " + "y" * 400
    events = talk.channel.events([text[start : start + 30] for start in range(0, len(text), 30)])
    async with stage(tmp_path, pool, rule) as on:
        on.reply, on.stays = chunked(*events[:-1], end=False), True
        status, _, body, raw = await on.ask(talk, "Hello.", rule.name)
        await on.up.closed_by_peer.wait()
        _, _, closed, given = on.last()
        assert status == 200 and error_event(channel, body) == "policy_blocked" and not raw.endswith(b"0\r\n\r\n")
        assert body.startswith(given) and b"".join(events).startswith(given) and closed.reply_bytes == len(body)
        assert (closed.verdict, closed.outcome, closed.error_code) == ("blocked", Outcome.POLICY_BLOCKED, "policy_blocked")
        assert [each[:4] for each in closed.findings] == [[JUDGE, faulty.KIND, "reply", "block"]]


@each_talk
async def test_a_judge_holds_the_end_until_it_has_seen_all(tmp_path, pool, talk):
    """A reply shorter than a window is judged when it is over, and does not end well before that."""
    rule = Rule(JUDGE, "block", "reply")
    async with stage(tmp_path, pool, rule) as on:
        on.reply = talk.wire("It is badge 1234. ", "Bye.")
        status, _, body, raw = await on.ask(talk, "Hello.", rule.name)
        _, _, closed, given = on.last()
        assert closed.verdict == "blocked" and body.startswith(given)
        if talk.streamed:
            assert status == 200 and error_event(talk.channel, body) == "policy_blocked" and talk.end not in body and not raw.endswith(b"0\r\n\r\n")
        else:
            assert status == 400 and talk.error_code(body) == "policy_blocked" and b"badge" not in body


async def _hook(request: web.Request) -> web.Response:
    """A detector as a service: the same one, but for what a service can do wrong."""
    texts = (await request.json())["texts"]
    if any("order-refuse" in text for text in texts):
        return web.Response(status=500, text="an error that quotes the text")
    if any("order-wait" in text for text in texts):
        await asyncio.Event().wait()
    return web.json_response({"findings": [faulty.find(text) for text in texts]})


@pytest.mark.covers("G6", "G7")
async def test_a_webhook_is_a_detector_like_any_other(tmp_path):
    """In good health it masks and blocks; a refusal and a delay are kept like any detector's failure; on every dialect."""
    app = web.Application()
    app.router.add_post("/", _hook)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
    own = f"    hook-spans: {{webhook: '{url}', kinds: [{faulty.KIND}], allow_private: true, deadline_ms: 30000, max_span: {faulty.MAX_SPAN}}}\n"
    own += f"    hook-judge: {{webhook: '{url}', kinds: [{faulty.KIND}], allow_private: true, deadline_ms: 30000}}\n"
    own += f"    hasty-spans: {{webhook: '{url}', kinds: [{faulty.KIND}], allow_private: true, deadline_ms: 100, max_span: {faulty.MAX_SPAN}}}\n"
    rules = tuple(rule for rule in (*rules_of("hook-spans"), *rules_of("hook-judge")) if not rule.on_error and rule.mode == "enforce")
    hasty = tuple(Rule("hasty-spans", action, on) for action, on in (("block", "request"), ("mask", "reply"), ("flag", "reply")))
    more = f"detectors:\n  custom:\n{own}"
    try:
        with running(tmp_path, customs=customs((*rules, *hasty), more)) as pool:
            async with stage(tmp_path / "gate", pool, *rules, *hasty, more=more + PATIENT) as on:
                for talk in TALKS:
                    await works(on, talk, "hook-spans")
                    on.reply = talk.wire("It is bad", "ge 1234. ", "Bye.")
                    status, _, body, _ = await on.ask(talk, "Hello.", Rule("hook-spans", "mask", "reply").name)
                    assert status == 200 and talk.told(body) == "It is <BADGE>. Bye."
                    status, _, body, _ = await on.ask(talk, "I have badge 1234.", Rule("hook-judge", "block", "request").name)
                    assert status == 400 and talk.error_code(body) == "policy_blocked"
                    await fails(on, talk, rules, "refuse")
                    await fails(on, talk, hasty, "wait")
                    await works(on, talk, "hook-judge")
    finally:
        await runner.cleanup()
