"""The client's side of one exchange: bytes go to its transport at once, or wait for the journal to be on disk (durability: strict)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Outlet:
    """gone: nothing that is written reaches anybody any more. committing: what is being written to disk before more goes out, if anything.

    bytes: of bodies, without their framing, that were written.  write: where bytes go now, to be looked up for each piece: the transport's own as long as nothing is in its way.
    """

    __slots__ = ("_held", "_settled", "_transport", "bytes", "committing", "gone", "write")

    def __init__(self, transport: asyncio.Transport | None) -> None:
        self._transport = transport
        self.gone, self.bytes = False, 0
        self.write: Callable[[bytes], None] = _nowhere if transport is None else transport.write
        self._held: list[bytes]  # while it waits
        self.committing: asyncio.Future[None] | None = None
        self._settled: Callable[[], None] | None = None

    def abort(self) -> None:
        """Cut the client's connection."""
        if self._transport is not None:
            self._transport.abort()

    def lost(self) -> None:
        """The client has left."""
        self.gone, self._transport, self.write = True, None, _nowhere

    def forsake(self) -> None:
        """What was promised cannot be kept: the client sees a cut connection."""
        self.gone, self.write = True, _nowhere
        self.abort()

    def hold(self, commit: asyncio.Future[None]) -> None:
        """What is written from here on goes out when `commit` is done, and never if that fails: the promise is not made then."""
        self.committing, self._held = commit, []
        if not self.gone:
            self.write = self._held.append
        commit.add_done_callback(self._committed)

    def when_settled(self, then: Callable[[], None]) -> None:
        """Call `then` when nothing is held any more: something is being committed."""
        self._settled = then

    def _committed(self, commit: asyncio.Future[None]) -> None:
        self.committing = None
        held, self._held = self._held, []
        if not self.gone and self._transport is not None:
            self.write = self._transport.write
        if not commit.cancelled() and commit.exception() is not None:
            self.abort()
        elif self._transport is not None and held:
            self._transport.write(b"".join(held))
        then, self._settled = self._settled, None
        if then is not None:
            then()


def _nowhere(data: bytes) -> None:
    """There is nobody to write to."""
