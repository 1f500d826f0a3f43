"""An answer that is not relayed yet, because another target may do better; and that is relayed byte for byte, if none does."""

from __future__ import annotations

from gateway.errors import RelayError
from gateway.proxy.attempt import Attempt
from gateway.proxy.upstream import Headers, Sink

MAX_BYTES = 256 * 1024  # of an error's body; a longer one is not kept


class Spare:
    """The sink of its connection meanwhile. phase: as it was told. lost: it broke off, or is too long to be kept."""

    __slots__ = ("_size", "attempt", "ended", "head", "lost", "phase", "pieces")

    def __init__(self, attempt: Attempt, head: tuple[int, Headers], data: bytes, ended: bool) -> None:
        self.attempt, self.head, self.pieces, self.ended = attempt, head, [data], ended
        self._size = len(data)
        self.lost = False
        self.phase: list[object] = []
        if attempt.connection is not None:
            attempt.connection.hand(self)

    def received(self, head: tuple[int, Headers] | None, data: bytes, ended: bool) -> None:
        """See upstream.Sink."""
        self.pieces.append(data)
        self._size += len(data)
        if ended:
            self.ended, self.attempt.connection = True, None
        elif self._size > MAX_BYTES:
            self.lost = True
            self.attempt.drop()

    def failed(self, error: RelayError) -> None:
        """See upstream.Sink."""
        self.lost, self.attempt.connection = True, None

    def hand(self, sink: Sink) -> None:
        """What is still to come of it goes there."""
        if self.attempt.connection is not None:
            self.attempt.connection.hand(sink)

    def drop(self) -> None:
        """It is not needed. What is on its way of it is not waited for."""
        self.attempt.drop()
