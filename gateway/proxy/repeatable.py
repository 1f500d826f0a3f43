"""Which failures another attempt may cure, and which requests do no harm if they are made twice. Pure."""

from __future__ import annotations

from gateway.dialects.base import Operation
from gateway.proxy.long import Content

IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
DOWN = frozenset((502, 503, 504, 529))  # what a breaker counts of a provider's answers: a plain 500 may be this one request's
FAILURES = frozenset(("provider_connect", "provider_dns", "provider_tls", "provider_timeout", "provider_reset"))  # and of what is no answer
LASTING = frozenset(("provider_tls", "provider_address"))  # no second look at the same provider cures them
_ANSWERS = {429: "rate_limited", 500: "error", 502: "error", 503: "overloaded", 529: "overloaded"}
_UNSENT = frozenset(("provider_connect", "provider_dns", "provider_tls", "provider_address", "provider_timeout"))
_SENT = {"provider_timeout": "timeout", "provider_reset": "reset"}


def kind_of_answer(status: int) -> str:
    """The word of `retries.on` for a provider's answer; "": it stands."""
    return _ANSWERS.get(status, "")


def kind_of_failure(code: str, *, sent: bool) -> str:
    """The word of `retries.on` for what is no answer; "": nothing that another attempt may cure. sent: the provider may have got the request."""
    if sent:
        return _SENT.get(code, "")
    return "unreachable" if code in _UNSENT else ""


def harmless(method: str, operation: Operation, body: Content) -> bool:
    """Whether two providers may get the request, or one may get it twice: it only reads, sets what it sets again, or asks for inference.

    A response in the background, or a turn of a conversation that the provider keeps, goes on there whether its answer came back or not.
    """
    if method in IDEMPOTENT:
        return True
    return method == "POST" and operation.parses and b'"background"' not in body and b'"conversation"' not in body
