"""The probes and the metrics page: what a load balancer and Prometheus are told."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

import gateway
from gateway.console.app import Listener, application
from gateway.console.exchanges import Reader
from gateway.detection.terms import Custom
from gateway.vitals import Vitals
from tests.detection.serving import running

RECORDED = b'# HELP tidegate_store_up 1 if the store took the last batch.\n# TYPE tidegate_store_up gauge\ntidegate_store_up 1.0\ntidegate_build_info{version="x"} 1.0\n'


class NoStore(Reader):
    """Health and metrics must not need the store: touching it fails the test."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path


def worker(run: Path, name: str, *, age_s: float = 0.0, **values: float) -> Vitals:
    page = Vitals(run / f"worker-{name}.vitals")
    page.set("beat_at", time.time() - age_s)
    for field, value in values.items():
        page.set(field, value)
    return page


async def get(run: Path, path: str, *, providers: Sequence[str] = ()) -> tuple[int, str, bytes]:
    import aiohttp

    listener = Listener(application(run=run, host="127.0.0.1", token=None, reader=NoStore(), providers=providers))  # type: ignore[abstract]
    port = await listener.open("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.headers["Content-Type"], await answer.read()
    finally:
        await listener.close()


def samples(page: bytes) -> dict[tuple[str, ...], float]:
    return {(s.name, *(f"{k}={v}" for k, v in sorted(s.labels.items()))): s.value for family in text_string_to_metric_families(page.decode()) for s in family.samples}


async def test_healthy_needs_nothing(run: Path):
    """Health asks whether this process answers; a restart because of somebody else's failure helps nobody."""
    status, _, body = await get(run, "/-/healthy")
    assert (status, orjson.loads(body)) == (200, {"healthy": True})


@pytest.mark.parametrize(
    ("pages", "status", "why"),
    [
        ([], 503, "no worker has started"),
        ([("0", 60.0, 0)], 503, "no worker has given a sign of life for 2 s"),
        ([("0", 0.0, 1)], 503, "every worker is draining or silent"),
        ([("0", 60.0, 0), ("1", 0.0, 1)], 503, "every worker is draining or silent"),
        ([("0", 60.0, 0), ("1", 0.0, 0)], 200, None),
        ([("0", -3600.0, 0)], 503, "no worker has given a sign of life for 2 s"),
    ],
)
async def test_ready_means_that_a_worker_takes_requests(run: Path, pages: list[tuple[str, float, int]], status: int, why: str | None):
    """A load balancer must stop sending at once when the gate drains, and not before."""
    for name, age_s, draining in pages:
        worker(run, name, age_s=age_s, draining=draining).close()
    found, _, body = await get(run, "/-/ready")
    answer = orjson.loads(body)
    assert (found, answer["ready"], answer.get("why"), [w["worker"] for w in answer["workers"]]) == (status, status == 200, why, [p[0] for p in pages])


GONE = 2**22 + 1  # more than the kernel gives out


@pytest.mark.parametrize(
    ("pages", "states", "why"),
    [
        ([{"pid": 1.0}], ["starting"], "every worker is being started"),
        ([{"pid": GONE}], ["dead"], "every worker has died, and none has come up again; the gate's log says why"),
        ([{"pid": GONE, "beat_at": time.time()}, {"pid": 1.0}], ["dead", "starting"], "every worker has died, and none has come up again; the gate's log says why"),
        ([{"pid": 1.0, "beat_at": -1.0, "waiting": 1.0}], ["waiting"], "waiting for the detector pool, which does not answer (unavailable)"),
        ([{"pid": 1.0, "beat_at": -1.0, "draining": 1.0}, {"pid": GONE}], ["draining", "dead"], "every worker is draining or silent"),
    ],
)
async def test_who_is_not_ready_is_told_apart(run: Path, pages: list[dict[str, float]], states: list[str], why: str):
    """At once, and with what is missing: a worker that died is not one that is stuck, and an age since no beat is no age."""
    for index, values in enumerate(pages):
        page = Vitals(run / f"worker-{index}.vitals")
        for field, value in values.items():
            page.set(field, time.time() if value == -1.0 else value)
        page.close()
    status, _, body = await get(run, "/-/ready")
    answer = orjson.loads(body)
    assert (status, [each["state"] for each in answer["workers"]], answer["why"]) == (503, states, why)
    assert all((each["beat_age_s"] is None) == ("beat_at" not in page) for each, page in zip(answer["workers"], pages, strict=True))


async def test_detectors_that_are_waited_for_are_named_with_their_reason(tmp_path: Path):
    """A gate that is not ready for want of a detector says which, and what is wrong with it."""
    own = Custom("own", frozenset({"ONE"}), entry="no_such_module_here:find")
    with running(tmp_path, customs=(own,), ready=False) as pool:
        page = Vitals(tmp_path / "run" / "worker-0.vitals")
        said: dict[str, str] = {}
        while "cannot be loaded" not in said.get("why", ""):
            assert pool.process is not None and pool.process.poll() is None
            for field, value in (("pid", 1.0), ("waiting", 1.0), ("beat_at", time.time())):
                page.set(field, value)
            said = orjson.loads((await get(tmp_path / "run", "/-/ready"))[2])
        page.close()
    assert said["why"] == "waiting for detectors that rules need; not well: own (cannot be loaded: ModuleNotFoundError: No module named 'no_such_module_here')"


async def test_a_torn_or_foreign_page_is_no_worker(run: Path):
    """The directory may hold leftovers of an older version."""
    (run / "worker-0.vitals").write_bytes(b"short")
    (run / "worker-$(x).vitals").write_bytes(bytes(1000))
    status, _, body = await get(run, "/-/ready")
    assert (status, orjson.loads(body)["workers"]) == (503, [])


async def test_metrics_tell_of_the_living_workers(run: Path):
    """In-flight requests of a dead worker are no requests; its counters end with it, each in its own series so that rate() sees the restart."""
    page = worker(run, "0", inflight=3, connections=5, accepted=17, loop_lag_s=0.25, upstream_opened=2, upstream_reused=40, upstream_poisoned=1, journal_lost=4)
    worker(run, "1", age_s=30.0, inflight=9, accepted=99).close()
    _, kind, body = await get(run, "/metrics")
    page.close()
    found = samples(body)
    assert kind == "text/plain; version=0.0.4; charset=utf-8"
    expected = {
        ("tidegate_recorder_up",): 0,
        ("tidegate_build_info", f"version={gateway.__version__}"): 1,
        ("tidegate_worker_up", "worker=0"): 1,
        ("tidegate_worker_up", "worker=1"): 0,
        ("tidegate_inflight_requests", "worker=0"): 3,
        ("tidegate_client_connections", "worker=0"): 5,
        ("tidegate_accepted_requests_total", "worker=0"): 17,
        ("tidegate_loop_lag_seconds", "worker=0"): 0.25,
        ("tidegate_journal_lost_total", "worker=0"): 4,
        ("tidegate_upstream_connections_total", "state=opened", "worker=0"): 2,
        ("tidegate_upstream_connections_total", "state=reused", "worker=0"): 40,
        ("tidegate_upstream_connections_total", "state=poisoned", "worker=0"): 1,
    }
    assert {name: found[name] for name in expected} == expected
    assert [name for name in found if "worker=1" in name] == [("tidegate_worker_up", "worker=1")]


async def test_metrics_tell_who_is_spared_and_who_is_shed(run: Path):
    """What the gate itself decides about retries, breakers and load is in no record of an exchange; open breakers are summed over the workers that live."""
    counts = {"retries": 5, "retries_denied": 2, "hedges": 4, "hedges_won": 1, "breaker_fast_fails": 7, "shed_queue": 10, "shed_wait": 11, "shed_memory": 12, "shed_files": 13, "queued": 6}
    pages = [worker(run, "0", rss_bytes=3e8, memory_limit_bytes=5e8, **counts), worker(run, "1", queued=1)]
    pages[0].set_breakers(1, 2)
    pages[1].set_breakers(1, 1)
    pages[1].set_breakers(64, 1)  # nobody is told of it, and nobody's page is torn by it
    dead = worker(run, "2", age_s=30.0)
    dead.set_breakers(0, 1)
    found = samples((await get(run, "/metrics", providers=("openai", "azure")))[2])
    for page in (*pages, dead):
        page.close()
    of_the_first = {name: value for name, value in found.items() if "worker=0" in name and name[0].partition("_")[2].startswith(("retries", "hedges", "breaker", "shed", "queued", "worker_memory"))}
    assert of_the_first == {
        ("tidegate_retries_total", "result=asked", "worker=0"): 5,
        ("tidegate_retries_total", "result=denied", "worker=0"): 2,
        ("tidegate_hedges_total", "result=asked", "worker=0"): 4,
        ("tidegate_hedges_total", "result=won", "worker=0"): 1,
        ("tidegate_breaker_fast_fails_total", "worker=0"): 7,
        **{("tidegate_shed_total", f"reason={reason}", "worker=0"): count for reason, count in (("queue", 10), ("wait", 11), ("memory", 12), ("files", 13))},
        ("tidegate_queued_requests", "worker=0"): 6,
        ("tidegate_worker_memory_bytes", "worker=0"): 3e8,
        ("tidegate_worker_memory_limit_bytes", "worker=0"): 5e8,
    }
    assert {name: value for name, value in found.items() if "breakers" in name[0]} == {
        ("tidegate_breakers_open", "provider=openai"): 0,
        ("tidegate_breakers_open", "provider=azure"): 3,
    }
    assert ("tidegate_worker_memory_bytes", "worker=1") not in found, "0 would say that it needs none"


async def recorder(run: Path, handler: object) -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/metrics", handler)  # type: ignore[arg-type]
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, str(run / "recorder.sock")).start()
    return runner


async def test_the_recorders_page_is_passed_on_as_it_stands(run: Path):
    """One place derives a metric; a second one beside it would disagree one day. The version is told once."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(body=RECORDED)

    runner = await recorder(run, page)
    _, _, body = await get(run, "/metrics")
    await runner.cleanup()
    found = samples(body)
    assert body.startswith(RECORDED)
    assert (found["tidegate_recorder_up",], [name for name in found if name[0] == "tidegate_build_info"]) == (1, [("tidegate_build_info", "version=x")])


@pytest.mark.parametrize("fault", ["error", "torn", "silent"])
async def test_a_sick_recorder_costs_only_its_part(run: Path, fault: str, monkeypatch: pytest.MonkeyPatch):
    """When something is wrong is when the page is needed most (law 4)."""
    import asyncio

    monkeypatch.setattr("gateway.console.metrics.DEADLINE_S", 0.05)

    async def page(_: web.Request) -> web.Response:
        if fault == "silent":
            await asyncio.sleep(5)
        return web.Response(body=RECORDED.rstrip() if fault == "torn" else b"broken\n", status=500 if fault == "error" else 200)

    runner = await recorder(run, page)
    status, _, body = await get(run, "/metrics")
    await runner.cleanup()
    assert (status, samples(body)["tidegate_recorder_up",]) == (200, 0)
