"""`/metrics`: the recorder's exposition, followed by what only the living can tell: the workers' gauges, what drift found last (drift_series.py),
and the state of the installation (installation.py).

Everything derived from records is the recorder's and is passed on as it stands. What is added here has the label `worker` where it
is a worker's own, counters too: a worker that restarts begins at zero, and only a series of its own lets `rate()` see that.
A recorder that is down or slow costs its part of the page and sets tidegate_recorder_up to 0; the rest is served.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

import gateway
from gateway import workers
from gateway.console.drift_series import Series
from gateway.console.installation import Installation
from gateway.detection.frames import reachable
from gateway.vitals import BREAKERS
from gateway.workers import Worker

DEADLINE_S = 1.0
_GAUGES = {
    "tidegate_inflight_requests": ("inflight", "Exchanges that have begun and not ended."),
    "tidegate_client_connections": ("connections", "Open connections of clients."),
    "tidegate_loop_lag_seconds": ("loop_lag_s", "How late the event loop's last beat was."),
    "tidegate_loop_lag_max_seconds": ("loop_lag_max_s", "How late the event loop's latest beat ever was."),
    "tidegate_worker_start_time_seconds": ("started_at", "When the worker started, seconds since the epoch."),
    "tidegate_queued_requests": ("queued", "Requests that wait to be let in."),
    "tidegate_worker_memory_bytes": ("rss_bytes", "Memory that the worker holds."),
    "tidegate_worker_memory_limit_bytes": ("memory_limit_bytes", "Memory that the worker may hold before it refuses what it would need more for."),
}
_COUNTERS = {
    "tidegate_accepted_requests": ("accepted", "Requests that were given an id."),
    "tidegate_client_connections_opened": ("connections_total", "Connections accepted from clients."),
    "tidegate_journal_lost": ("journal_lost", "Journal frames that found no room when they were due: of these exchanges the record lacks the bodies, or all if there was none later either."),
    "tidegate_journal_bodies_lost": ("journal_bodies_lost", "Bodies left out of the journal so that their rows could stay."),
    "tidegate_breaker_fast_fails": ("breaker_fast_fails", "Exchanges that no provider was asked for, because the breakers of all their targets were open."),
}
_TOLD_APART: Mapping[str, tuple[str, str, Mapping[str, str]]] = {  # name: text, label, field by the label's values
    "tidegate_upstream_connections": (
        "Connections to providers: opened, found open by an exchange, dropped because bytes came in while idle.",
        "state",
        {"opened": "upstream_opened", "reused": "upstream_reused", "poisoned": "upstream_poisoned"},
    ),
    "tidegate_retries": ("Attempts beyond an exchange's first that were made (asked), or for which the budget had nothing left (denied).", "result", {"asked": "retries", "denied": "retries_denied"}),
    "tidegate_hedges": ("Second targets that were asked because the first was silent; won, a part of asked: those that answered first.", "result", {"asked": "hedges", "won": "hedges_won"}),
    "tidegate_shed": (
        "Requests and connections refused because the gate has too much to do: too many waited, they waited too long, no memory, no files.",
        "reason",
        {"queue": "shed_queue", "wait": "shed_wait", "memory": "shed_memory", "files": "shed_files"},
    ),
}
_WHERE_KNOWN = ("rss_bytes", "memory_limit_bytes")  # 0 says nothing


def metrics(run: Path, drift: Series | None = None, installation: Installation | None = None, providers: Sequence[str] = ()) -> Handler:
    """The page. run: the directory of the recorder's socket and the workers' vitals.  drift, installation: their series, if there are any.  providers: as in the file."""
    one_at_a_time = asyncio.Lock()

    async def installed() -> list[Metric]:
        if installation is None:
            return []
        async with one_at_a_time:
            return await asyncio.to_thread(installation.families)

    async def handle(_request: web.Request) -> web.StreamResponse:
        recorded, found, drifted, more = await asyncio.gather(
            _recorded(run / "recorder.sock"), asyncio.to_thread(workers.look, run), _nothing() if drift is None else drift.families(), installed()
        )
        own = exposition(found, recorder_up=recorded is not None, providers=providers, more=[*drifted, *more])
        return web.Response(body=(recorded or b"") + own, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return handle


async def _nothing() -> list[Metric]:
    return []


def exposition(found: Iterable[Worker], *, recorder_up: bool, providers: Sequence[str] = (), more: Iterable[Metric] = ()) -> bytes:
    """The console's own part, in Prometheus' text format. The build's version is the recorder's to tell, if it is there. providers: in the order that workers count them in."""
    return generate_latest(_Families([*_families(list(found), recorder_up, providers), *more]))


def _families(found: list[Worker], recorder_up: bool, providers: Sequence[str]) -> Iterator[Metric]:
    yield GaugeMetricFamily("tidegate_recorder_up", "1 if the recorder answered, and its metrics are on this page.", value=recorder_up)
    if not recorder_up:
        build = GaugeMetricFamily("tidegate_build_info", "The running version.", labels=["version"])
        build.add_metric([gateway.__version__], 1)
        yield build
    up = GaugeMetricFamily("tidegate_worker_up", "1 if the worker gave a sign of life within 2 s.", labels=["worker"])
    draining = GaugeMetricFamily("tidegate_worker_draining", "1 if the worker takes no new requests.", labels=["worker"])
    living = [w for w in found if w.lives]
    for worker in found:
        up.add_metric([worker.name], worker.lives)
    for worker in living:
        draining.add_metric([worker.name], worker.page["draining"])
    yield from (up, draining)
    for name, (field, help) in _GAUGES.items():
        gauge = GaugeMetricFamily(name, help, labels=["worker"])
        for worker in living:
            if worker.page[field] or field not in _WHERE_KNOWN:
                gauge.add_metric([worker.name], worker.page[field])
        yield gauge
    for name, (field, help) in _COUNTERS.items():
        counter = CounterMetricFamily(name, help, labels=["worker"])
        for worker in living:
            counter.add_metric([worker.name], worker.page[field])
        yield counter
    for name, (help, label, fields) in _TOLD_APART.items():
        counter = CounterMetricFamily(name, help, labels=["worker", label])
        for worker in living:
            for value, field in fields.items():
                counter.add_metric([worker.name, value], worker.page[field])
        yield counter
    breakers = GaugeMetricFamily("tidegate_breakers_open", "Breakers towards a provider that are open now: of each worker, one for each credential.", labels=["provider"])
    for provider, field in zip(providers, BREAKERS, strict=False):  # beyond that many nobody counts
        breakers.add_metric([provider], sum(worker.page[field] for worker in living))
    yield breakers


class _Families(Collector):
    """What `generate_latest` asks for: something to collect once. No registry, so no state between two requests."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


async def _recorded(socket: Path) -> bytes | None:
    """The recorder's page; None if it is down, slow or talks nonsense."""
    try:
        with reachable(socket) as name:
            async with (
                asyncio.timeout(DEADLINE_S),
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=name), trust_env=False) as session,
                session.get("http://recorder/metrics", allow_redirects=False) as response,
            ):
                if response.status != 200:
                    return None
                page = await response.read()
                return page if page.endswith(b"\n") else None
    except (OSError, aiohttp.ClientError, TimeoutError):
        return None
