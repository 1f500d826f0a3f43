"""Heads that a worker has read before: an app sends the same one with each of its requests, but for the length of the body.

A head that differs from one that was found fit in nothing but the digits of its Content-Length is not judged, cut up and sorted again: equal bytes get an equal verdict. What is
remembered holds its senders' credentials, so it is little and not kept for long; whether a credential is good is asked for each request.
"""

from __future__ import annotations

from typing import NamedTuple

from gateway.proxy.headers import Read
from gateway.proxy.heads import END
from gateway.proxy.request import Request

REMEMBERED = 512  # heads,
HEAD_BYTES = 4096  # none of them longer
DIGITS = 10  # of a length
_LENGTH = b"ength: "
_NAME = b"\r\ncontent-length: "


class _Head(NamedTuple):
    method: str
    target: str
    read: Read
    http11: bool
    keep_alive: bool


class Familiar:
    """Of one worker."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[bytes, _Head] = {}

    def find(self, data: bytes) -> tuple[Request, bytes] | None:
        """The request that these bytes begin with, and what stands behind its head; None: its head has to be read."""
        end = data.find(END)
        at = data.find(_LENGTH, 0, end) + len(_LENGTH)
        stop = data.find(b"\r", at, at + DIGITS + 1)
        if end < 0 or at < len(_LENGTH) or stop < 0:
            return None
        known = self._known.get(data[:at] + data[stop:end])
        if known is None:
            return None
        said = data[at:stop]
        if not said.isdigit() or said[0] == 48:
            return None  # whoever reads it will say what is wrong with it
        method, target, read, http11, keep_alive = known  # by name they would cost ten times as much
        return Request(method, target, read, http11, keep_alive, int(said)), data[end + len(END) :]

    def learn(self, head: bytes, request: Request) -> None:
        """A whole head was read, b"": it was not whole. It is remembered if what `find` takes for its length is that; there is no second one."""
        at = head.find(_LENGTH) + len(_LENGTH)
        if request.length and len(head) <= HEAD_BYTES and len(self._known) < REMEMBERED and head[max(0, at - len(_NAME)) : at].lower() == _NAME:
            stop = head.find(b"\r", at)
            self._known[head[:at] + head[stop : -len(END)]] = _Head(request.method, request.target, request.read, request.http11, request.keep_alive)

    def forget(self) -> None:
        """Remember nothing. To be called every minute or so."""
        self._known.clear()
