"""A request's body as its handler reads it: whole already, or in pieces as they come, no more of them ahead of the reader than HELD_BYTES and one read."""

from __future__ import annotations

import asyncio
from typing import Protocol

HELD_BYTES = 1 << 17  # not yet taken; from there on nothing more is read from the client


class Misframed(Exception):
    """The body is not framed as its head says."""


class Reading(Protocol):
    """Who brings the pieces, and can be told to wait."""

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class Body:
    """One body. Whoever reads gets what has come so far, b"" behind the end; once an exception is set, that. came: bytes, whether they were read or not."""

    __slots__ = ("_ended", "_exception", "_pieces", "_reading", "_size", "_waiter", "came")

    def __init__(self, reading: Reading | None = None, whole: bytes | None = None) -> None:
        """whole: all of it; None: it will be fed."""
        self._reading = reading
        self._pieces = [whole] if whole else []
        self._size = 0
        self.came = len(whole) if whole else 0
        self._ended = whole is not None
        self._exception: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None

    # ------------------------------------------------------------------ who reads

    def is_eof(self) -> bool:
        """Nothing more will come. What has come may still be unread."""
        return self._ended

    def read_nowait(self) -> bytes:
        """What is here."""
        if self._exception is not None:
            raise self._exception
        pieces, self._pieces = self._pieces, []
        if self._size:
            self._size = 0
            if self._reading is not None:
                self._reading.resume_reading()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def readany(self) -> bytes:
        """What is here, or the next that comes; b"": the end."""
        while not (self._pieces or self._ended or self._exception is not None):
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self.read_nowait()

    def forget(self) -> None:
        """What is here is not wanted any more. What went wrong neither: it leads to its frames, and those lead back here."""
        self._pieces.clear()
        self._exception = None

    # ------------------------------------------------------------------ who brings

    def feed(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        self.came += len(piece)
        if self._size > HELD_BYTES and self._reading is not None:
            self._reading.pause_reading()
        self._wake()

    def end(self) -> None:
        self._ended = True
        self._wake()

    def set_exception(self, exception: BaseException) -> None:
        """For whoever reads, from now on."""
        self._exception = exception
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class _None(Body):
    """Of requests that have none: one for all, so nothing of one may stick to it."""

    __slots__ = ()

    def set_exception(self, exception: BaseException) -> None:
        pass


EMPTY = _None(whole=b"")
