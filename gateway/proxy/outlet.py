"""The client's side of one exchange: bytes go to its transport at once, or wait for the journal to be on disk (durability: strict)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Outlet:
    """gone: nothing that is written reaches anybody any more. committing: what is being written to disk before more goes out, if anything."""

    __slots__ = ("_held", "_settled", "_transport", "committing", "gone")

    def __init__(self, transport: asyncio.Transport | None) -> None:
        self._transport = transport
        self.gone = False
        self._held: list[bytes]  # while it waits
        self.committing: asyncio.Future[None] | None = None
        self._settled: Callable[[], None] | None = None

    def write(self, data: bytes) -> None:
        if self.gone or not data:
            return
        if self.committing is not None:
            self._held.append(data)
        elif self._transport is not None:
            self._transport.write(data)

    def abort(self) -> None:
        """Cut the client's connection."""
        if self._transport is not None:
            self._transport.abort()

    def lost(self) -> None:
        """The client has left."""
        self.gone, self._transport = True, None

    def hold(self, commit: asyncio.Future[None]) -> None:
        """What is written from here on goes out when `commit` is done, and never if that fails: the promise is not made then."""
        self.committing, self._held = commit, []
        commit.add_done_callback(self._committed)

    def when_settled(self, then: Callable[[], None]) -> None:
        """Call `then` as soon as nothing is held: now, or when the journal is on disk."""
        if self.committing is None:
            then()
        else:
            self._settled = then

    def _committed(self, commit: asyncio.Future[None]) -> None:
        self.committing = None
        held, self._held = self._held, []
        if not commit.cancelled() and commit.exception() is not None:
            self.abort()
        elif self._transport is not None and held:
            self._transport.write(b"".join(held))
        then, self._settled = self._settled, None
        if then is not None:
            then()
