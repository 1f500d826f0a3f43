"""The phases of an exchange, from its close frame: attempts at the provider and looks of guards, each with its own time.

Rules of this file: pure. What the data plane wrote down may be of another version: what is no phase is left out. The last attempt is not in the list of
the frame, which most exchanges leave out: it is made here of the frame's own times, under the outcome that the record gives the exchange.
"""

from __future__ import annotations

import math
from typing import Any

from gateway.exchange import Closed, Outcome, Phase

ATTEMPT, GUARD_REQUEST, GUARD_REPLY = "attempt", "guard_request", "guard_reply"
MAX_PHASES = 64  # of an exchange
_NAMES = frozenset((ATTEMPT, GUARD_REQUEST, GUARD_REPLY))
_VERDICTS = frozenset(("passed", "flagged", "masked", "blocked", "error"))
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)


def phases_of(closed: Closed | None, outcome: Outcome, error_code: str) -> tuple[Phase, ...]:
    """In the order of their starts. outcome, error_code: the exchange's, which are the last attempt's. () if the worker died before the end."""
    if closed is None:
        return ()
    asked_s = _seconds(closed.asked_s)
    last = None
    if asked_s is not None:
        took_s = (_seconds(closed.connect_s) or 0.0) + (_seconds(closed.upstream_s) or 0.0)
        last = Phase(ATTEMPT, asked_s, took_s, outcome.value, error_code, closed.upstream_status)
    if not isinstance(closed.phases, list):
        return () if last is None else (last,)
    found = [phase for raw in closed.phases[:MAX_PHASES] if (phase := _phase(raw)) is not None]
    if last is not None:
        found.append(last)
    return tuple(sorted(found, key=lambda phase: phase.start_s))


def _phase(raw: Any) -> Phase | None:
    if not isinstance(raw, list) or len(raw) != 7:
        return None
    name, start, duration, result, code, status, spent = raw
    start_s, duration_s, spent_s = _seconds(start), _seconds(duration), _seconds(spent)
    if not (isinstance(name, str) and isinstance(result, str) and isinstance(code, str)) or start_s is None or duration_s is None:
        return None
    if name not in _NAMES or result not in (_OUTCOMES if name == ATTEMPT else _VERDICTS):
        return None
    return Phase(name, start_s, duration_s, result, code[:128], status if isinstance(status, int) and 0 < status < 1000 else None, spent_s)


def _seconds(value: Any) -> float | None:
    """A duration: never negative, whatever a clock did."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return max(0.0, float(value))
