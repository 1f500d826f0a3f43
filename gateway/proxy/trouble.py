"""What a failure of our own becomes: an answer for the client, and a line in the log with its kind and place and none of its values."""

from __future__ import annotations

import logging
import os

from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.log import event


def report(name: str, cause: BaseException, **fields: object) -> None:
    """Log a failure of our own: its kind and its place."""
    trace = cause.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
    event(name, level=logging.ERROR, error=type(cause).__name__, where=where, **fields)


def broken(cause: BaseException) -> RelayError:
    """The answer to a failure of our own."""
    report("request_failed", cause)
    return RelayError(500, "gateway_error", "the gate failed on this request; its log says where", Outcome.GATEWAY_ERROR, source="gateway")


def redirected(provider: str, status: int) -> RelayError:
    """The answer to a provider's redirect."""
    message = f'"{provider}" answered with a redirect ({status}), which is never followed: it would carry the key elsewhere'
    return RelayError(502, "provider_redirect", message, Outcome.PROVIDER_PROTOCOL, source="provider")


def closed_door(provider: str, seconds: float) -> RelayError:
    """The answer where nobody is asked, because each who could be has failed again and again. seconds: until the first may be asked."""
    message = f'"{provider}" has failed too often in a row, so it is left alone for a moment (breaker)'
    error = RelayError(503, "provider_breaker_open", message, Outcome.PROVIDER_UNREACHABLE, source="provider", retry=True)
    error.after_s = seconds
    return error


def stalled(seconds: float) -> RelayError:
    """The end of a reply that its client does not read."""
    return RelayError(408, "client_stalled", f"the client took nothing for {seconds:g} s", Outcome.CALLER_TIMEOUT, source="caller")


def late(provider: str, how: str) -> RelayError:
    """The answer when a provider's time is over. how: gateway.proxy.route.Limits.late."""
    message = f'"{provider}" {how}; the provider may still bill this call'
    return RelayError(504, "provider_timeout", message, Outcome.PROVIDER_TIMEOUT, source="provider", retry=True)
