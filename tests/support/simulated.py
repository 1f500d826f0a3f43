"""The simulated provider in a thread of its own, so that blocking SDK clients and child processes can talk to it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from gateway.demo.provider import Provider


@contextlib.contextmanager
def simulated(*, speed: float = 0.0, keep: int = 5000) -> Iterator[Provider]:
    """A running Provider on a free loopback port; its loop runs in a thread until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated provider", daemon=True)
    thread.start()
    provider = Provider(speed=speed, keep=keep)
    asyncio.run_coroutine_threadsafe(provider.start(), loop).result(60)
    try:
        yield provider
    finally:
        asyncio.run_coroutine_threadsafe(provider.stop(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
