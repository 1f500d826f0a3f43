"""Detectors that fail, at every rule: what a rule that fails closed lets through (nothing), and what one that fails open says of it."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Iterator

import pytest

from gateway.exchange import Outcome
from tests.detection.serving import RunningPool, running
from tests.support import faulty
from tests.support.staged import DETECTORS, JUDGE, NUMBER, RULES, SPANS, TALKS, Rule, customs, fails, stage, talk_name, works

each_talk = pytest.mark.parametrize("talk", TALKS, ids=talk_name)


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Iterator[RunningPool]:
    """One for all, made of the configuration as the supervisor would. Its circuit is out of the way: here processes die all the time."""
    with running(tmp_path_factory.mktemp("pool"), customs=customs(itertools.chain(*RULES.values())), deaths_to_open=1000) as started:
        yield started


@each_talk
@pytest.mark.covers("G6")
@pytest.mark.parametrize("faults", [tuple(faulty.RAISES), tuple(faulty.GARBAGE)], ids=["raises", "garbage"])
async def test_a_detector_that_raises_or_returns_garbage_has_not_looked(tmp_path, pool, talk, faults):
    """G6: every rule, each in its own way; the same process answers the next call."""
    started = pool.state()["detectors"]
    async with stage(tmp_path, pool, *RULES[SPANS], *RULES[JUDGE]) as on:
        for detector in (SPANS, JUDGE):
            for first in range(len(faults)):
                await fails(on, talk, RULES[detector][first :: len(faults)], *faults[first:], *faults[:first])
            await works(on, talk, detector)
            assert pool.state()["detectors"][detector].get("restarts", 0) == started[detector].get("restarts", 0)


@each_talk
@pytest.mark.covers("G7")
async def test_a_detector_that_hangs_is_not_waited_for(tmp_path, pool, talk):
    """G7: its deadline is short, and over it every rule is kept; its process is killed and replaced."""
    for detector in ("quick-spans", "quick-judge"):
        kills = pool.state()["detectors"][detector].get("kills", 0)
        async with stage(tmp_path / detector, pool, *RULES[detector]) as on:
            await fails(on, talk, RULES[detector], *faulty.HANGS)
            await works(on, talk, detector, soon=True)
        assert pool.state()["detectors"][detector]["kills"] > kills


@each_talk
@pytest.mark.covers("G8")
async def test_a_detector_whose_process_dies_is_replaced(tmp_path, pool, talk):
    """G8: a segmentation fault, an exit, no memory left, in turn: every rule is kept, and the next call is answered by a new process."""
    deaths = tuple(faulty.DEATHS)
    async with stage(tmp_path, pool, *RULES[SPANS], *RULES[JUDGE]) as on:
        for turn, detector in enumerate((SPANS, JUDGE), TALKS.index(talk)):
            restarts = pool.state()["detectors"][detector].get("restarts", 0)
            await fails(on, talk, RULES[detector], deaths[turn % len(deaths)])
            await works(on, talk, detector)
            assert pool.state()["detectors"][detector]["restarts"] > restarts


@each_talk
@pytest.mark.covers("G8")
async def test_without_a_pool_no_detector_answers(tmp_path, talk):
    """Nobody listens where the pool should: as if every detector in it had died."""
    async with stage(tmp_path, None, *RULES[SPANS], *RULES[JUDGE]) as on:
        await fails(on, talk, (*RULES[SPANS], *RULES[JUDGE]), "raise")


STRICT = tuple(Rule(detector, action, on) for detector in (SPANS, JUDGE) for action, on in (("block", "request"), ("block", "reply"), ("flag", "reply")))


@pytest.mark.covers("G7")
@pytest.mark.parametrize("talk", TALKS[:2], ids=["whole", "streamed"])
async def test_the_gates_own_deadline_holds_where_a_detector_would_have_more_time(tmp_path, pool, talk):
    """guard.request_deadline_ms and guard.window_deadline_ms: of whole bodies and of streams; an operator's detector cannot make the app wait longer."""
    other = "request" if talk.streamed else "window"
    mine = "window" if talk.streamed else "request"
    terms = f"guard: {{{mine}_deadline_ms: 100, {other}_deadline_ms: 30000}}\n"
    rules = [rule for rule in STRICT if rule.on == "reply"] if talk.streamed else STRICT
    async with stage(tmp_path, pool, *rules, more=DETECTORS + terms) as on:
        await fails(on, talk, rules, "hang")


@pytest.mark.covers("G7", "G8")
async def test_a_pool_that_hangs_or_is_killed_is_one_that_does_not_answer(tmp_path):
    """A stopped pool is not waited for beyond the deadline; a killed one is known at once; one that comes again is used again, by the same gate."""
    talk = TALKS[1]
    rules = Rule(SPANS, "block", "request"), Rule(JUDGE, "flag", "reply"), Rule(SPANS, "mask", "reply")
    deadlines = "guard: {request_deadline_ms: 300, window_deadline_ms: 300}\n"
    with running(tmp_path, customs=customs(rules)) as own:
        async with stage(tmp_path / "gate", own, *rules, Rule(SPANS, "flag", "request"), more=DETECTORS + deadlines) as on:
            assert own.process is not None
            own.process.send_signal(signal.SIGSTOP)
            await fails(on, talk, rules, "raise")
            own.kill()
            await fails(on, talk, rules, "raise")
            own.start()
            own.wait()
            await works(on, talk, SPANS, soon=True)


@pytest.mark.covers("G6")
@pytest.mark.parametrize("talk", [talk for talk in TALKS if talk.channel.name == "chat content"], ids=["whole", "streamed"])
async def test_a_second_try_that_cannot_be_checked_is_no_way_around_the_rule(tmp_path, pool, talk):
    """retry: the first reply is refused by the rule, the detector fails on the second: the app gets neither."""
    rule = Rule(SPANS, "retry", "reply")
    async with stage(tmp_path, pool, rule) as on:
        on.reply, on.then = talk.wire("It is badge 1234. ", "Bye."), [talk.wire(f"Now order-raise {next(NUMBER)}. ", "Bye.")]
        status, _, body, _ = await on.ask(talk, "Hello.", rule.name)
        _, _, closed, given = on.last()
        assert status == 503 and talk.error_code(body) == "guard_unavailable" and given == body
        assert len(on.up.requests) == closed.attempts == 2
        assert (closed.verdict, closed.outcome) == ("error", Outcome.GATEWAY_GUARD)
