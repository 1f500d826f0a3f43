"""Request bodies that are on their way, and how much more of them may come.

Memory is looked at ten times a second, and in a tenth of a second a fast client can send a hundred megabytes. So each look leaves an allowance: when what
came since is more, the largest are refused at once, until the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.errors import RelayError
from gateway.proxy.body import Body
from gateway.proxy.long import Long

FREED = 0.5  # of what a refused body held, that is taken for free before the next look finds out


class Upload:
    """One body. size: bytes so far."""

    __slots__ = ("payload", "size")

    def __init__(self, payload: Body) -> None:
        self.payload, self.size = payload, 0


class Uploads:
    """Of one worker. allowance: bytes that may come until it is set anew.  shed: makes the answer for one that is refused."""

    def __init__(self, shed: Callable[[], RelayError]) -> None:
        self._shed = shed
        self.allowance = float("inf")
        self._all: set[Upload] = set()

    def begin(self, payload: Body) -> Upload:
        upload = Upload(payload)
        self._all.add(upload)
        return upload

    def came(self, upload: Upload, size: int) -> None:
        """More of it is here. It may be refused by that: then its payload raises `RelayError`."""
        upload.size += size
        self.allowance -= size
        if self.allowance < 0:
            self.refuse(size)

    async def join(self, upload: Upload, body: Long) -> bytes:
        """The whole body, which for a moment is held twice: others are refused for that if need be, and have let go of theirs before."""
        self._all.discard(upload)
        self.allowance -= upload.size
        if self.allowance < 0:
            self.refuse(-self.allowance)
            await asyncio.sleep(0)
        return await body.whole()

    def end(self, upload: Upload) -> None:
        self._all.discard(upload)

    def refuse(self, size: float) -> None:
        """Refuse the largest, until they are together as much as this."""
        for upload in sorted(self._all, key=lambda each: each.size, reverse=True):
            if size <= 0:
                return
            size -= max(1, upload.size)
            self.allowance += FREED * upload.size
            self._all.discard(upload)
            upload.payload.set_exception(self._shed())
