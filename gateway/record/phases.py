"""The phases of an exchange, from its close frame: attempts at the provider and looks of guards, each with its own time.

Rules of this file: pure. What the data plane wrote down may be of another version: what is no phase is left out. The last attempt is not in the list of
the frame, which most exchanges leave out: it is made here of the frame's own times, under the outcome that the record gives the exchange. Frames of before there were
routes have seven elements and name no provider: their attempts were all made at the exchange's.
"""

from __future__ import annotations

import math
from typing import Any

from gateway.exchange import Closed, Exchange, Outcome, Phase

ATTEMPT, GUARD_REQUEST, GUARD_REPLY = "attempt", "guard_request", "guard_reply"
MAX_PHASES = 64  # of an exchange
_NAMES = frozenset((ATTEMPT, GUARD_REQUEST, GUARD_REPLY))
_VERDICTS = frozenset(("passed", "flagged", "masked", "blocked", "error"))
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_MAX_NAME_CHARS = 128  # of a provider


def phases_of(closed: Closed | None, outcome: Outcome, error_code: str, provider: str = "") -> tuple[Phase, ...]:
    """In the order of their starts. outcome, error_code, provider: the exchange's, which are the last attempt's. () if the worker died before the end.

    An attempt that does not say where it was made was made at `provider`.
    """
    if closed is None:
        return ()
    asked_s = _seconds(closed.asked_s)
    last = None
    if asked_s is not None:
        took_s = (_seconds(closed.connect_s) or 0.0) + (_seconds(closed.upstream_s) or 0.0)
        last = Phase(ATTEMPT, asked_s, took_s, outcome.value, error_code, closed.upstream_status, None, provider)
    if not isinstance(closed.phases, list):
        return () if last is None else (last,)
    found = [phase for raw in closed.phases[:MAX_PHASES] if (phase := _phase(raw, provider)) is not None]
    if last is not None:
        found.append(last)
    return tuple(sorted(found, key=lambda phase: phase.start_s))


def attempts_in(phases: tuple[Phase, ...]) -> int:
    """How often a provider was asked, or was to be: a connection that was refused is an attempt, too."""
    return sum([phase.name == ATTEMPT for phase in phases])


def made_anew(exchange: Exchange) -> bool:
    """Whether the tokens are those of more replies than the one that was given out: a rule had some made anew."""
    return any(phase.name == ATTEMPT and phase.result == Outcome.POLICY_BLOCKED for phase in exchange.phases)


def answering(exchange: Exchange) -> Phase | None:
    """The attempt that the exchange's own figures are of. Not always the one that was begun last: a hedge may have been, and lost."""
    attempts = [phase for phase in exchange.phases if phase.name == ATTEMPT]
    own = [phase for phase in attempts if phase.result == exchange.outcome and phase.provider in ("", exchange.provider)]
    return own[-1] if own else attempts[-1] if attempts else None


def _phase(raw: Any, provider: str) -> Phase | None:
    if not isinstance(raw, list) or len(raw) not in (7, 8):
        return None
    name, start, duration, result, code, status, spent, *at = raw
    start_s, duration_s, spent_s = _seconds(start), _seconds(duration), _seconds(spent)
    if not all(isinstance(word, str) for word in (name, result, code, *at)) or start_s is None or duration_s is None:
        return None
    if name not in _NAMES or result not in (_OUTCOMES if name == ATTEMPT else _VERDICTS):
        return None
    asked = ((at[0] if at else "")[:_MAX_NAME_CHARS] or provider) if name == ATTEMPT else ""
    known = status if isinstance(status, int) and 0 < status < 1000 else None
    if not code and known is not None and known >= 400:  # of an answer that was not the last one nobody reads what it said
        code = f"http_{known}"
    return Phase(name, start_s, duration_s, result, code[:128], known, spent_s, asked)


def _seconds(value: Any) -> float | None:
    """A duration: never negative, whatever a clock did."""
    if type(value) is float:
        return max(0.0, value) if math.isfinite(value) else None
    return max(0.0, float(value)) if type(value) is int else None
