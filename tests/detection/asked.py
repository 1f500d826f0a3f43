"""A service on loopback and a pool that asks it, for tests of detectors that are somebody's HTTP service."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import web

from gateway.detection.client import DetectorFailed, PoolClient
from tests.detection.serving import RunningPool

PLENTY_S = 60.0


@contextlib.asynccontextmanager
async def served(answer: Callable[[web.Request], Awaitable[web.StreamResponse]], release: Callable[[], None], *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port on which `answer` answers everything, until the end of the block. release: lets go of answers that wait."""
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        yield site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    finally:
        release()
        await runner.cleanup()


@contextlib.contextmanager
def asker(pool: RunningPool, name: str, before: str):
    """A function that gives the findings of texts, or the reason and detail why there are none."""
    client = PoolClient(pool.path)

    async def ask(*texts: str, deadline_s: float = PLENTY_S) -> Any:
        try:
            return await client.find(name, [(text, before) for text in texts], deadline_s=deadline_s)
        except DetectorFailed as e:
            return e.reason, e.detail

    try:
        yield ask
    finally:
        client.close()
