"""The admin port's routes, put together, and the listener that serves them. To add a page: one handler, one line in `application`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from aiohttp import web

from gateway.console import drift, exchanges, gate, health, metrics
from gateway.console.drift_series import Series
from gateway.console.installation import Installation

KEEPALIVE_S = 75.0  # also how long a connection may take to send its first request's head
STOP_S = 5.0


class Reader(exchanges.Reader, drift.Reader, Protocol):
    """What all pages together need of the store."""


def application(
    *, run: Path, host: str, token: str | None, reader: Reader, series: Series | None = None, installation: Installation | None = None, providers: Sequence[str] = ()
) -> web.Application:
    """The routes. run: <data_dir>/run.  host: server.admin's.  token None: none is asked for.  reader: the store, read-only.  series: of drift, if it is watched.
    installation: what is told of it, if anything.  providers: their names in the order of the file, which workers count them in."""
    app = web.Application(middlewares=[gate.middleware(host, token)], client_max_size=1024)
    app.on_response_prepare.append(gate.dress)
    app.router.add_get("/-/healthy", health.healthy)
    app.router.add_get("/-/ready", health.ready(run))
    app.router.add_get("/metrics", metrics.metrics(run, series, installation, providers))
    app.router.add_get("/api/exchanges", exchanges.listing(reader))
    app.router.add_get("/api/exchanges/{id}", exchanges.detail(reader))
    app.router.add_get("/api/drift", drift.listing(reader))
    app.router.add_get("/api/drift/{id}", drift.detail(reader))
    return app


class Listener:
    """The admin port, open between `open` and `close`."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> int:
        """Listen. port 0: any free one. Returns the port. Raises OSError if it cannot be had."""
        await self._runner.setup()
        server = self._runner.server
        assert server is not None  # set up above
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: gate.Protocol(server, loop=loop, access_log=None, keepalive_timeout=KEEPALIVE_S, lingering_time=0),  # type: ignore[arg-type]  # None is how it is switched off
            host,
            port,
            reuse_address=True,
        )
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def close(self) -> None:
        """Take no more connections, let running answers finish for STOP_S, close the rest."""
        if self._server:
            self._server.close()
        if self._runner.server:
            self._runner.server.pre_shutdown()
            await self._runner.server.shutdown(STOP_S)
        await self._runner.cleanup()
