"""How long the pool is waited for."""

from __future__ import annotations

from typing import Any, cast

import pytest

from detectors.text import Text
from gateway.detection.blocking import BlockingPool
from gateway.detection.client import PoolClient
from gateway.detection.terms import Model, PoolTerms, time_for
from gateway.guard.engines import Ask, Engine, Engines
from gateway.guard.policy import Policy
from gateway.proxy.guard import Guard, GuardTerms
from gateway.record.redaction import asking

COST_S_PER_CHAR = 0.015 / 1000  # of the names model, for a text of nothing but names
SLOWER = 3


class Noting:
    """A pool that notes how long it may take."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def find(self, detector: str, texts: list[tuple[str, str]], *, deadline_s: float) -> Any:
        """As BlockingPool's."""
        self.seconds.append(deadline_s)
        return [[] for _ in texts]

    def submit(self, detector: str, texts: list[tuple[str, str]], *, deadline_s: float, done: Any) -> None:
        """As PoolClient's."""
        self.seconds.append(deadline_s)


@pytest.mark.parametrize("chars", [2_000, 6_000, 100_000, 1_000_000])
def test_a_long_text_can_be_answered_on_a_slow_machine(chars):
    """A prompt of names, read at a third of the usual speed by a process that another prompt shares."""
    assert time_for(0.3, chars) > 2 * SLOWER * COST_S_PER_CHAR * chars
    assert time_for(0.3, 0) == 0.3


def test_a_slice_may_take_as_long_as_on_a_machine_that_stands_still():
    """A process that is killed for a slow slice costs seconds of loading and the text a minute: that is for what hangs."""
    model = Model("names", "a:b", frozenset())
    slice_chars = PoolTerms(socket=cast(Any, None)).slice_chars
    assert model.slice_limit_s > 100 * COST_S_PER_CHAR * slice_chars


def test_the_wire_and_the_record_wait_alike():
    """One text is asked about on its way and again for the record: it must not be answered once and given up once."""
    engine = Engine("names", "pii", frozenset({"PERSON"}), None, lambda text: 0)
    ask = Ask(engine, (Text("x" * 60_000), Text("y" * 40_000)))
    recorder, worker = Noting(), Noting()
    asking(cast(BlockingPool, recorder), 0.3)(ask)
    guard = Guard(Policy([]), Engines({}), cast(PoolClient, worker), GuardTerms(request_deadline_s=0.3, window_deadline_s=0.15))
    guard.submit(ask, lambda answer: None, whole=True)
    guard.submit(ask, lambda answer: None)
    assert recorder.seconds == [time_for(0.3, 100_000)]
    assert worker.seconds == [time_for(0.3, 100_000), time_for(0.15, 100_000)]

