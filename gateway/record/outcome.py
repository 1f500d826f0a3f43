"""Whose fault it was: the one place where an exchange's outcome is decided.

The data plane says what the transport saw; `ok` there means no more than a whole HTTP exchange. Here the provider's status, the dialect's
terminal event and errors inside a 200 have their say (law 7). Rules of this file: pure; from the transport's word the outcome moves in two directions only:
an `ok` may turn out not to be one, and a cancelled exchange whose terminal event was relayed was ok after all, the client just hung up
before our last byte.

Of an exchange whose open frame was destroyed nobody knows what it asked for, and so not whether its reply was one: what the transport calls ok is no success then.

A reply whose bytes are not on record as a whole (too long, no room, not readable) cannot be looked through: the transport's word stands.
"""

from __future__ import annotations

import re

from gateway.dialects.base import Operation, Reply, ReplyError
from gateway.exchange import Closed, Outcome

MAX_CODE_CHARS = 128
DRAINED = "drained"  # the reply was read on for its usage after the client had left: it did not get the end
_BODILESS = (204, 304)
_UNSAFE = re.compile(r"[^a-z0-9_.:-]+")


def decide(closed: Closed | None, operation: Operation, method: str, reply: Reply, *, body_is_whole: bool, has_body: bool, asked: bool = True) -> tuple[Outcome, str]:
    """The outcome and its error code ("" for ok).

    closed: None if the worker died before the end.  reply: what was read of the recorded body, a default Reply if it is not the provider's.
    body_is_whole: the recorded body is all that was relayed.  has_body: it is not empty.  asked: what was asked for is on record.
    """
    if closed is None:
        return Outcome.GATEWAY_CRASH, "worker_died"
    transport = _transport(closed.outcome)
    status = closed.upstream_status or closed.status
    looked_through = operation.parses and body_is_whole and status < 400
    if transport is Outcome.CALLER_CANCELLED and closed.error_code != DRAINED and looked_through and has_body:
        if reply.error is not None:
            return Outcome.PROVIDER_ERROR_EVENT, error_code(reply.error, "error_event")
        if reply.complete:
            return Outcome.OK, ""
    if transport is not Outcome.OK:
        return transport, _word(closed.error_code)
    if status >= 400:
        return _of_status(status), error_code(reply.error, f"http_{status}")
    if reply.error is not None:
        return Outcome.PROVIDER_ERROR_EVENT, error_code(reply.error, "error_event")
    if not asked:
        return Outcome.GATEWAY_ERROR, "record_damaged"
    if looked_through and not reply.complete and method != "HEAD" and status not in _BODILESS:
        return (Outcome.PROVIDER_PROTOCOL, "not_json") if reply.foreign else (Outcome.PROVIDER_TRUNCATED, "no_terminal_event")
    return Outcome.OK, ""


def error_code(error: ReplyError | None, otherwise: str) -> str:
    """The provider's own word for an error, safe to group by: lower case, [a-z0-9_.:-], at most 128 characters.

    Its code, unless that is only the HTTP status again (Gemini); else its type.
    """
    if error is None:
        return otherwise
    return _word("" if error.code.isdigit() else error.code) or _word(error.type) or otherwise


def _word(text: str) -> str:
    return _UNSAFE.sub("_", text.lower()).strip("_")[:MAX_CODE_CHARS]


def _transport(outcome: str) -> Outcome:
    try:
        return Outcome(outcome)
    except ValueError:
        return Outcome.GATEWAY_ERROR  # a newer worker's word, or an older one's


def _of_status(status: int) -> Outcome:
    if status == 429:
        return Outcome.PROVIDER_RATE_LIMITED
    if status in (503, 529):
        return Outcome.PROVIDER_OVERLOADED
    return Outcome.PROVIDER_ERROR if status >= 500 else Outcome.CALLER_REJECTED
