"""Those who wait for a place or a turn: for how long, and how many may."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gateway.proxy import admission as rules
from gateway.proxy.admission import Admission
from gateway.proxy.turns import REST_S, Turns
from gateway.proxy.waiting import Patience, Waiter
from gateway.vitals import Vitals


class Clock:
    """A loop's clock and timers, as far as Patience asks for them. timers: when, what, with what."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Any, tuple[Any, ...]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, what: Any, *rest: Any) -> None:
        self.timers.append((self.now + delay, what, rest))

    def until(self, at: float) -> None:
        while due := [each for each in self.timers if each[0] <= at]:
            first = min(due, key=lambda each: each[0])
            self.timers.remove(first)
            self.now = first[0]
            first[1](*first[2])
        self.now = at


def waiters(*seconds: float) -> list[Waiter]:
    return [Waiter(cast(Any, None), asyncio.get_running_loop().create_future(), each) for each in seconds]


@pytest.mark.covers("G10")
async def test_each_is_told_when_its_patience_is_over_by_one_timer_for_all():
    """A timer each would cost more than the rest of a wait, and who came later with less patience must not wait for who came before."""
    clock = Clock()
    patience = Patience(cast(Any, clock))
    first, second, hasty, left = waiters(10.0, 10.0, 0.01, 10.0)
    patience.begin(first)
    clock.until(101.0)
    for waiter in (left, second, hasty):
        patience.begin(waiter)
    assert len(clock.timers) == 2  # by patience
    patience.end(left)
    clock.until(101.02)
    assert hasty.turn.done() and hasty.turn.result() == "wait" and not first.turn.done()
    clock.until(110.01)
    assert first.turn.done() and not second.turn.done()
    clock.until(111.01)
    assert second.turn.done() and not left.turn.done() and not clock.timers  # nobody waits: nothing wakes the loop
    [again] = waiters(10.0)
    patience.begin(again)
    clock.until(122.0)
    assert again.turn.done()


@pytest.mark.covers("G10")
async def test_a_first_flood_finds_the_speed_known_that_the_calm_has_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever could be served before it might come again is not refused because there was no queue yet from which to learn how fast it moves."""
    now, spent = 100.0, 5.0
    monkeypatch.setattr(rules, "perf_counter", lambda: now)
    monkeypatch.setattr(rules, "thread_time", lambda: spent)
    loop, vitals = asyncio.get_running_loop(), Vitals(tmp_path / "page")
    turns = Turns(loop)
    admission = Admission(loop, vitals, turns, room=80, queue=4, patience_s=0.5)
    turns.starts = lambda most: 0  # nobody gets a turn

    def intake() -> Any:
        return SimpleNamespace(key="one", placed=False, uploaded=False, request=SimpleNamespace(waiter=None))

    for _ in range(3):
        for _ in range(20):
            admission._place(one := intake())
            admission.leave(one)
        now, spent = now + 0.1, spent + 0.02  # a fifth of the processor: a thousand a second is what it could do
        admission.tick()
    may_wait = int(REST_S[1] * 1000)
    joined = [admission.join(intake()) for _ in range(may_wait + 10)]
    refused = [each for each in joined if isinstance(each, str)]
    assert len(refused) == pytest.approx(10, abs=1) and set(refused) == {"queue"}
    vitals.close()
