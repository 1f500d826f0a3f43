"""The console process: `python -m gateway.console.main --config FILE`, started by the supervisor.

Composition root: reads the configuration, builds the application, listens on server.admin, and ends in order with exit code 0 on SIGTERM or
SIGINT. Exit code 1: the admin address cannot be had; 2: the configuration is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from gateway import log
from gateway.config import Settings, load
from gateway.console.app import Listener, application
from gateway.console.reading import Readings, find
from gateway.errors import ConfigError


def main(argv: list[str] | None = None) -> int:
    """Run until told to stop. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gateway.console.main", description="the admin port")
    parser.add_argument("--config", type=Path, required=True)
    args = parser.parse_args(argv)
    log.configure("console")
    try:
        return asyncio.run(serve(load(args.config)))
    except ConfigError as e:
        log.event("console_not_started", level=logging.ERROR, problem=e)
        return 2
    except OSError as e:
        log.event("console_not_started", level=logging.ERROR, problem=f"{e.strerror}; is server.admin free?")
        return 1


async def serve(settings: Settings) -> int:
    """Serve the admin port until SIGTERM or SIGINT. Raises OSError if it cannot be had."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server, store = settings.server, settings.store
    readings = Readings(lambda: find(settings.data_dir, None if store.embedded else store.url, store.cluster, store.port))
    token = server.admin_token.get_secret_value() if server.admin_token else None
    listener = Listener(application(run=settings.data_dir / "run", host=server.admin.host, token=token, reader=readings))
    try:
        port = await listener.open(server.admin.host, server.admin.port)
        log.event("console_started", host=server.admin.host, port=port)
        await stop.wait()
    finally:
        await listener.close()
        await readings.close()
    log.event("console_stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
