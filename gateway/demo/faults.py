"""Misbehaviour on demand.

A marker `sim-...` anywhere in a request's body or path (so: in the model's name or in the prompt) asks for one of these. What the
body or the events look like is each dialect's own.

    sim-400 ... sim-599   that HTTP status as an error; 429 and 503 say retry-after: 1
    sim-quota             429 that no retry cures: no retry-after, x-should-retry: false
    sim-hang              not a byte, until the client leaves
    sim-stall             half of the reply, then not a byte more
    sim-slow              0.1 s before each piece, whatever the speed; prose is made long
    sim-cut               half of the reply, then the connection is reset
    sim-truncate          half of the stream, then a clean end of the HTTP body; without a stream: half of the JSON
    sim-error-event       half of the stream, then the dialect's error event; without a stream: 200 with an error body
    sim-html-200          200 with a page of HTML
    sim-empty             200 without a body
    sim-redirect          307 to another path of this server, which would serve the same
    sim-refuse            the model refuses (ask.py)
    sim-echo TEXT         the model says TEXT, or passes it to a tool that it calls (ask.py)
    sim-echo-once TEXT    the same, but only when it is asked for the first time

Half of a stream is at most a dozen pieces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKER = re.compile(rb"sim-(slow|hang|stall|cut|truncate|error-event|html-200|empty|redirect|quota|[45]\d\d)(?![\w-])")

HTML = b"<!DOCTYPE html>\n<html><head><title>Network error</title></head><body><h1>Network connection lost</h1></body></html>\n"
SLOW_PIECE_S = 0.1


@dataclass(frozen=True, slots=True)
class Fault:
    """name: as above, without `sim-`; "status" for all statuses."""

    name: str
    status: int = 200
    message: str = ""


def asked_for(path: str, body: bytes) -> Fault | None:
    """The first fault that a request asks for, None for good behaviour."""
    found = _MARKER.search(path.encode()) or _MARKER.search(body)
    if found is None:
        return None
    name = found[1].decode()
    if name == "quota":
        return Fault("quota", 429, "You exceeded your current quota, please check your plan and billing details.")
    if name.isdigit():
        return Fault("status", int(name), f"Simulated error {name}.")
    return Fault(name)
