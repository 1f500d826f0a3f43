"""The console process: `python -m gateway.console.main --config FILE`, started by the supervisor.

Composition root: reads the configuration, builds the application, listens on server.admin, has drift looked at when it is due, and ends in order with exit code 0 on SIGTERM or
SIGINT. Exit code 1: the admin address cannot be had; 2: the configuration is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from gateway import log
from gateway.config import SOURCE_VARIABLE, Settings, load
from gateway.console.app import Listener, application
from gateway.console.drift_series import Rounds, Series
from gateway.console.installation import Installation
from gateway.console.reading import Readings
from gateway.console.schedule import Schedule
from gateway.detection.terms import SOCKET
from gateway.drift.due import ROUND_S, RUN_S
from gateway.drift.main import command, provider_plan, watching
from gateway.errors import ConfigError
from gateway.store.place import find

DAY_S = 86400.0


def main(argv: list[str] | None = None) -> int:
    """Run until told to stop. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gateway.console.main", description="the admin port")
    parser.add_argument("--config", type=Path, required=True)
    args = parser.parse_args(argv)
    log.configure("console")
    try:
        return asyncio.run(serve(load(args.config), args.config))
    except ConfigError as e:
        log.event("console_not_started", level=logging.ERROR, problem=e)
        return 2
    except OSError as e:
        log.event("console_not_started", level=logging.ERROR, problem=f"{e.strerror}; is server.admin free?")
        return 1


async def serve(settings: Settings, config: Path) -> int:
    """Serve the admin port until SIGTERM or SIGINT. config: where the settings came from. Raises OSError if the port cannot be had."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server, store = settings.server, settings.store
    readings = Readings(lambda: find(settings.data_dir, None if store.embedded else store.url, store.cluster, store.port))
    token = server.admin_token.get_secret_value() if server.admin_token else None
    rounds = Rounds()
    series = _series(settings, readings, rounds)
    more = _installation(settings, config)
    listener = Listener(
        application(run=settings.data_dir / "run", host=server.admin.host, token=token, reader=readings, series=series, installation=more, providers=tuple(settings.providers))
    )
    scheduled: asyncio.Task[None] | None = None
    try:
        port = await listener.open(server.admin.host, server.admin.port)
        log.event("console_started", host=server.admin.host, port=port)
        apps = watching(settings.drift)
        if any(apps(app) for app in ("", *settings.drift.apps)):
            scheduled = asyncio.create_task(_schedule(settings, config, readings, rounds).run())
        await stop.wait()
    finally:
        if scheduled is not None:
            scheduled.cancel()
            await asyncio.wait({scheduled})
        await listener.close()
        await series.close()
        await readings.close()
    log.event("console_stopped")
    return 0


def _series(settings: Settings, readings: Readings, rounds: Rounds) -> Series:
    apps = {key.app for key in settings.keys if key.app} | {settings.server.default_app, *settings.drift.apps}
    slowest = max(settings.drift.of(app).every for app in apps)
    return Series(readings.drift_newest, apps=apps, keep_s=max(DAY_S, 3 * slowest), rounds=rounds)


def _installation(settings: Settings, config: Path) -> Installation:
    source, run = os.environ.get(SOURCE_VARIABLE), settings.data_dir / "run"
    terms = settings.detection_terms
    detectors = {each.name for each in terms.models} | {each.name for each in terms.customs} | {each.service.name for each in terms.endpoints}
    ca_files = {name: each.ca_file for name, each in settings.providers.items() if each.ca_file}
    return Installation(settings.data_dir, source=Path(source) if source else None, running=config, loads=_loads, ca_files=ca_files, pool=run / SOCKET, detectors=detectors)


def _loads(path: Path) -> bool:
    try:
        load(path)
    except ConfigError as e:
        log.event("configuration_on_disk_wrong", level=logging.WARNING, problem=e.problems[0], problems=len(e.problems))
        return False
    return True


def _schedule(settings: Settings, config: Path, readings: Readings, rounds: Rounds) -> Schedule:
    apps, plan, days = watching(settings.drift), provider_plan(settings), settings.store.retention_days
    every_s = min([settings.drift.of(app).every for app in ("", *settings.drift.apps)] + [canary.every_s for canary in plan.canaries])
    return Schedule(lambda: readings.drift_wanted(apps, plan, days), command(config), every_s=every_s, deadline_s=ROUND_S + 2 * RUN_S, rounds=rounds)


if __name__ == "__main__":
    sys.exit(main())
