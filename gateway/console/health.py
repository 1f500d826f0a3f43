"""The two probes of the admin port: is the console up, and can apps be served.

Readiness speaks of the workers alone. The store, the recorder and the collector may be down without an app noticing (law 4), so a
load balancer must not take the gate out because of them; `tidegate_store_up` and `tidegate_recorder_up` are for that.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.console import workers
from gateway.console.gate import answer


async def healthy(_request: web.Request) -> web.StreamResponse:
    """200 as long as this process answers."""
    return answer({"healthy": True})


def ready(run: Path) -> Handler:
    """200 if at least one worker takes requests, else 503 with each worker's state."""

    async def handle(_request: web.Request) -> web.StreamResponse:
        found = await asyncio.to_thread(workers.look, run)
        states = [{"worker": w.name, "state": w.state, "beat_age_s": round(w.beat_age_s, 3)} for w in found]
        if any(w.state == "ready" for w in found):
            return answer({"ready": True, "workers": states})
        if not found:
            why = "no worker has started"
        elif any(w.state == "draining" for w in found):
            why = "every worker is draining or silent"
        else:
            why = f"no worker has given a sign of life for {workers.FRESH_S:g} s"
        return answer({"ready": False, "why": why, "workers": states}, 503)

    return handle
