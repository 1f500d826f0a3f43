"""Read Anthropic's usage object, streamed or not.

Anthropic's `input_tokens` leaves out what was read from or written to the cache; the internal convention includes both, so they are added.
`message_delta` repeats the totals at the end of a stream, but not the 5-minute and 1-hour split of cache writes: where both are there and differ,
the total counts (a server tool may write more after `message_start`) and a note says so.
Source: Anthropic API reference, "Messages", objects Usage and MessageDeltaUsage.
"""

from __future__ import annotations

from typing import Any

from gateway.dialects.counts import Counts
from gateway.exchange import Usage


def read_usage(raw: Any) -> Usage | None:
    """raw: the `usage` member, in a stream message_start's overlaid with message_delta's. None if nothing can be read in it."""
    if not isinstance(raw, dict):
        return None
    counts = Counts(raw)
    fresh = counts.take("input_tokens")
    read = counts.take("cache_read_input_tokens")
    written = counts.take("cache_creation_input_tokens")
    short = counts.take("cache_creation", "ephemeral_5m_input_tokens")
    long = counts.take("cache_creation", "ephemeral_1h_input_tokens")
    split = counts.sum("cache_creation", short, long)
    if written is None:
        written = split
    elif split is not None and split != written:
        counts.notes.append("cache_creation does not add up to cache_creation_input_tokens")
    output = counts.take("output_tokens")
    usage = Usage(
        input_tokens=None if fresh is None else counts.sum("input", fresh, read, written),
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=counts.part("ephemeral_1h_input_tokens", long, written),
        reasoning_tokens=counts.part("thinking_tokens", counts.take("output_tokens_details", "thinking_tokens"), output),
        note=counts.note(),
    )
    return None if usage == Usage() else usage


def overlaid(start: Any, delta: Any) -> dict[str, Any] | None:
    """message_start's usage with every figure that message_delta names; None if neither is an object."""
    if not isinstance(start, dict) and not isinstance(delta, dict):
        return None
    later = {key: value for key, value in delta.items() if value is not None} if isinstance(delta, dict) else {}
    return (start if isinstance(start, dict) else {}) | later
