"""Whether detectors of the operator's own can be loaded: by a pool of a moment's life, in processes as sealed as they will be, and not in ours.

Nothing is said to them and no webhook is called. For `tidegate check`, before there is a gate.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from gateway.detection.crew import Crew
from gateway.detection.pool import Pool
from gateway.detection.terms import SOCKET, Custom, PoolTerms

LOAD_S = 30.0  # a function that takes longer to import keeps its callers waiting after every restart


def unloadable(customs: Sequence[Custom]) -> dict[str, str]:
    """By name, why an entry cannot be loaded: its module's own error, by class and words. Webhooks are left alone."""
    entries = [replace(custom, children=1) for custom in customs if custom.entry]
    if not entries:
        return {}
    logger = logging.getLogger("tidegate")
    was, logger.disabled = logger.disabled, True  # what the pool would tell its log, we return
    try:
        with tempfile.TemporaryDirectory(prefix="tidegate-check-") as folder:
            return uvloop.run(_tried(PoolTerms(Path(folder) / SOCKET, customs=tuple(entries))))  # as the pool itself: asyncio's own loop may collect a process twice, and then does not know how it ended
    finally:
        logger.disabled = was


async def _tried(terms: PoolTerms) -> dict[str, str]:
    pool, stop = Pool(terms), asyncio.Event()
    umask = os.umask(0o077)
    running = asyncio.create_task(pool.run(stop))
    try:
        await asyncio.wait([asyncio.ensure_future(engine.settled.wait()) for engine in pool.engines.values()], timeout=LOAD_S)
        crews = {name: engine for name, engine in pool.engines.items() if isinstance(engine, Crew)}
        return {name: crew.why or f"cannot be loaded: it took more than {LOAD_S:g} s" for name, crew in crews.items() if not crew.ready}
    finally:
        stop.set()
        await running
        os.umask(umask)
