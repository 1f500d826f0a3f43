"""The pool's process: `python -m gateway.detection.main --config FILE`. Builds the pool, runs it, ends it.

SIGTERM or SIGINT: its processes are killed, its callers are told by their sockets, exit code 0. Nothing is lost by that: the pool keeps nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import uvloop

from gateway import config, log
from gateway.detection.pool import Pool
from gateway.detection.terms import PoolTerms, following
from gateway.errors import ConfigError


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m gateway.detection.main", description="The detector pool; started by `tidegate serve`.")
    parser.add_argument("--config", type=Path, required=True, help="the gate's tidegate.yaml")
    parser.add_argument("--next-pool", action="store_true", help="listen where a pool does that is to take the place of the one that runs")
    arguments = parser.parse_args(argv)
    try:
        settings = config.load(arguments.config)
    except ConfigError as e:
        log.configure("detectors")
        log.event("start_refused", level=logging.ERROR, error=e)
        return 2
    base = Path(os.environ.get(config.BASE_VARIABLE) or arguments.config.resolve().parent)
    terms = beside(settings.detection_terms, base)
    return serve(replace(terms, socket=following(terms.socket)) if arguments.next_pool else terms)


def beside(terms: PoolTerms, base: Path) -> PoolTerms:
    """The same terms; entries that name no path are looked for beside the configuration first, then among what is installed."""
    return replace(terms, customs=tuple(replace(custom, path=custom.path or base) if custom.entry else custom for custom in terms.customs))


def serve(terms: PoolTerms) -> int:
    """Run a pool until SIGTERM. Returns the exit code."""
    log.configure("detectors")
    os.umask(0o077)
    try:
        uvloop.run(_run(Pool(terms)))
    except OSError as e:
        log.event("start_refused", level=logging.ERROR, error=f"{terms.socket}: {e.strerror}")
        return 1
    return 0


async def _run(pool: Pool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    await pool.run(stop)


if __name__ == "__main__":
    sys.exit(main())
