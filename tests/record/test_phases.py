"""The parts of an exchange that have a time of their own, from what a worker wrote down."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gateway.exchange import Closed, Outcome, Phase
from gateway.record.phases import MAX_PHASES, answering, phases_of
from tests.support.exchanges import exchange
from tests.support.recording import closed, new_id

ID = new_id(1)


def frame(**changes: Any) -> Closed:
    return closed(ID, **changes)


def test_a_plain_exchange_is_one_attempt() -> None:
    """Nothing is written for it but when it began; the rest of its times are in the frame anyway."""
    assert phases_of(frame(asked_s=0.002, upstream_s=0.25, connect_s=0.125), Outcome.OK, "") == (Phase("attempt", 0.002, 0.375, "ok", "", 200),)


def test_the_last_attempt_ends_as_the_exchange_does() -> None:
    """The worker sees a whole 200; that an error stood in it is known to the record alone."""
    (phase,) = phases_of(frame(asked_s=0.5, upstream_s=1.0), Outcome.PROVIDER_ERROR_EVENT, "overloaded_error")
    assert (phase.result, phase.error_code, phase.upstream_status) == ("provider_error_event", "overloaded_error", 200)


def test_a_provider_that_could_not_be_reached_was_tried() -> None:
    """`attempts` counts requests that were sent; a connection that never came is an attempt that failed all the same."""
    frame_ = frame(asked_s=0.001, connect_s=5.0, upstream_s=None, upstream_status=None, attempts=0)
    assert phases_of(frame_, Outcome.PROVIDER_UNREACHABLE, "connect_timeout") == (Phase("attempt", 0.001, 5.0, "provider_unreachable", "connect_timeout"),)


def test_guards_and_earlier_attempts_are_told_in_the_order_of_their_starts() -> None:
    """A trace is read from left to right."""
    written = [
        ["attempt", 0.2, 0.3, "policy_blocked", "policy_blocked", 200, None],
        ["guard_request", 0.1, 0.05, "masked", "", None, 0.05],
        ["guard_reply", 0.25, 0.2, "blocked", "", None, 0.01],
    ]
    assert phases_of(frame(asked_s=0.6, upstream_s=0.4, phases=written), Outcome.OK, "") == (
        Phase("guard_request", 0.1, 0.05, "masked", spent_s=0.05),
        Phase("attempt", 0.2, 0.3, "policy_blocked", "policy_blocked", 200),
        Phase("guard_reply", 0.25, 0.2, "blocked", spent_s=0.01),
        Phase("attempt", 0.6, 0.4, "ok", "", 200),
    )


def test_each_attempt_names_the_provider_it_was_made_at() -> None:
    """Of a route's exchange one provider failed and another answered: to blame the one that answered would be worse than to blame nobody."""
    written = [
        ["guard_request", 0.05, 0.05, "masked", "", None, 0.05, "ours"],
        ["attempt", 0.1, 0.3, "provider_overloaded", "", 529, None, "main"],
        ["attempt", 0.5, 0.1, "provider_error", "http_500", 500, None, ""],
    ]
    assert phases_of(frame(asked_s=0.7, upstream_s=0.4, phases=written, provider="spare"), Outcome.OK, "", "spare") == (
        Phase("guard_request", 0.05, 0.05, "masked", spent_s=0.05),
        Phase("attempt", 0.1, 0.3, "provider_overloaded", "http_529", 529, provider="main"),
        Phase("attempt", 0.5, 0.1, "provider_error", "http_500", 500, provider="spare"),
        Phase("attempt", 0.7, 0.4, "ok", "", 200, provider="spare"),
    )


def test_frames_of_before_there_were_routes_are_read() -> None:
    """An upgrade meets journals that the older version has written; all of their attempts were made at the exchange's provider."""
    written = [["attempt", 0.1, 0.3, "policy_blocked", "policy_blocked", 200, None], ["guard_reply", 0.2, 0.1, "blocked", "", None, 0.1]]
    found = phases_of(frame(asked_s=0.7, upstream_s=0.4, phases=written), Outcome.OK, "", "main")
    assert [(phase.name, phase.provider) for phase in found] == [("attempt", "main"), ("guard_reply", ""), ("attempt", "main")]


def test_figures_are_of_the_attempt_that_was_answered() -> None:
    """A hedge that was begun last and lost has a time, too, which is nobody's."""
    won, lost = Phase("attempt", 0.1, 0.9, "ok", "", 200, provider="main"), Phase("attempt", 0.5, 0.5, "caller_cancelled", provider="spare")
    assert answering(exchange(provider="main", phases=(won, lost))) == won
    assert answering(exchange(provider="main", phases=(lost,))) == lost
    assert answering(exchange(provider="main", phases=(Phase("guard_request", 0.1, 0.1, "passed"),))) is None


def test_what_was_never_sent_has_no_attempt() -> None:
    """A request that a rule blocked was nobody's failure but the rule's; frames of before this version say nothing of attempts."""
    assert phases_of(frame(), Outcome.POLICY_BLOCKED, "policy_blocked") == ()
    assert phases_of(None, Outcome.GATEWAY_CRASH, "worker_died") == ()


@pytest.mark.parametrize(
    "raw",
    [
        None, {}, [], ["attempt"], ["attempt", 0, 1, "ok", "", 200], ["lunch", 0, 1, "ok", "", None, None], [["attempt"], 0, 1, "ok", "", 200, None],
        ["attempt", "0", 1, "ok", "", 200, None], ["attempt", None, 1, "ok", "", 200, None], ["attempt", 0, math.nan, "ok", "", 200, None], ["attempt", True, 1, "ok", "", 200, None],
        ["attempt", 0, 1, "ok", "", 200, None, 7], ["attempt", 0, 1, "ok", "", 200, None, None], ["attempt", 0, 1, "ok", "", 200, None, "a", "b"],
        ["attempt", 0, 1, "masked", "", 200, None], ["guard_reply", 0, 1, "ok", "", None, None], ["attempt", 0, 1, "ok", 7, 200, None], ["attempt", 0, 1, ["ok"], "", 200, None],
    ],
)  # fmt: skip
def test_what_is_no_phase_is_left_out(raw: Any) -> None:
    """A journal of another version, or of a worker gone mad, must not cost the row."""
    good = ["guard_request", -1e-9, 0.5, "passed", "", 70_000, None]
    assert phases_of(frame(phases=[raw, good]), Outcome.OK, "") == (Phase("guard_request", 0.0, 0.5, "passed"),)


def test_their_number_is_bounded() -> None:
    """A row has a size."""
    many = [["attempt", float(n), 0.5, "provider_error", "", 500, None] for n in range(10_000)]
    assert len(phases_of(frame(phases=many), Outcome.OK, "")) == MAX_PHASES
