"""The two probes of the admin port: is the console up, and can apps be served.

Readiness speaks of the workers alone. The store, the recorder and the collector may be down without an app noticing (law 4), so a
load balancer must not take the gate out because of them; `tidegate_store_up` and `tidegate_recorder_up` are for that.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway import workers
from gateway.console.gate import answer
from gateway.detection.blocking import BlockingPool
from gateway.detection.frames import DetectorFailed
from gateway.detection.terms import SOCKET

POOL_S = 0.5


async def healthy(_request: web.Request) -> web.StreamResponse:
    """200 as long as this process answers."""
    return answer({"healthy": True})


def ready(run: Path) -> Handler:
    """200 if at least one worker takes requests, else 503 with what is missing and each worker's state. At once: nothing is waited for but the pool, for POOL_S."""

    async def handle(_request: web.Request) -> web.StreamResponse:
        found = await asyncio.to_thread(workers.look, run)
        states = [{"worker": w.name, "state": w.state, "beat_age_s": None if w.beat_age_s is None else round(w.beat_age_s, 3)} for w in found]
        if any(w.state == "ready" for w in found):
            return answer({"ready": True, "workers": states})
        why = await asyncio.to_thread(_detectors, run / SOCKET) if any(w.state == "waiting" for w in found) else missing(found)
        return answer({"ready": False, "why": why, "workers": states}, 503)

    return handle


def missing(found: Sequence[workers.Worker]) -> str:
    """Why no app can be served."""
    states = Counter(w.state for w in found)
    if not found:
        return "no worker has started"
    if states["starting"] == len(found):
        return "every worker is being started"
    if states["draining"]:
        return "every worker is draining or silent"
    if states["dead"] + states["starting"] == len(found):
        return "every worker has died, and none has come up again; the gate's log says why"
    return f"no worker has given a sign of life for {workers.FRESH_S:g} s"


def _detectors(socket: Path) -> str:
    """Which detectors the workers are waiting for."""
    pool = BlockingPool(socket)
    try:
        detectors = pool.state(deadline_s=POOL_S)["detectors"]
    except DetectorFailed as e:
        return f"waiting for the detector pool, which does not answer ({e.reason})"
    finally:
        pool.close()
    owed = [f"{name} ({trouble(one)})" for name, one in detectors.items() if not one["ready"] or one.get("failed")]
    return f"waiting for detectors that rules need; not well: {', '.join(owed)}" if owed else "waiting for detectors that rules need; they are being asked"


def trouble(detector: Mapping[str, Any]) -> str:
    """What is wrong with a detector, of its part of the pool's state; "" if nothing is. Holds no text of anybody's."""
    if not detector["ready"]:
        return str(detector.get("why") or "is being loaded")
    failed = detector.get("failed") or {}
    return f"{failed['reason']}{': ' if failed['detail'] else ''}{failed['detail']}" if failed else ""
