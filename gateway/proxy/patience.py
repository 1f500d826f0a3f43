"""How long a provider asks to be left alone, and how long a caller waits: what their headers say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from email.utils import parsedate_to_datetime

Pairs = Iterable[tuple[bytes, bytes]]
_OWN_TIME = (b"x-stainless-timeout", b"x-stainless-read-timeout")  # what the providers' SDKs say of themselves, seconds


def pause_asked(headers: Pairs) -> float | None:
    """Retry-After-Ms, else Retry-After (RFC 9110 section 10.2.3: seconds or a date), in seconds from now; None: absent, or not to be understood."""
    found: float | None = None
    for name, value in headers:
        low = name.lower()
        if low == b"retry-after-ms":
            millis = _number(value)
            if millis is not None:
                return millis / 1000
        elif low == b"retry-after":
            found = _number(value)
            if found is None:
                found = _until(value)
    return found


def declined(headers: Pairs) -> bool:
    """Whether a provider says that asking again is of no use (x-should-retry: false)."""
    return any(name.lower() == b"x-should-retry" and value.strip().lower() == b"false" for name, value in headers)


def callers_patience(headers: Pairs) -> float | None:
    """Seconds after which a caller gives up, if it says so."""
    said = [seconds for name, value in headers if name.lower() in _OWN_TIME and (seconds := _number(value))]
    return min(said) if said else None


def _number(value: bytes) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(value: bytes) -> float | None:
    try:
        when = parsedate_to_datetime(value.decode("latin-1"))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds())
