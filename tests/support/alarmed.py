"""A gate that has everything that can fail, with apps that use it, watched by a real Prometheus and a real Alertmanager with the rules and routes that are shipped.

    with alarmed(tmp_path) as scene:
        page = scene.pager.await_page("TidegateProviderDown", provider="doomed")

Rules run many times as fast as an operator's, from objectives that suit a test; receivers are webhooks to the pager (tests/support/prometheus.rewired). How many times
is a matter of their windows (PACES): an hour is to pass in a minute, and three minutes are to hold some scrapes, also where the machine is busy. Each fault
has a provider or an app of its own, so that several can be had at once; `steady` has none, and nobody must ever be told of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from dashboards.alerts import render
from dashboards.alerts.objectives import AppObjectives, Objectives, ProviderObjectives
from gateway.store.client import Store
from tests.support.ailing import Hospital, Patient, broken, often
from tests.support.certificates import Authority
from tests.support.clickhouse import ROOT, ClickHouseServer
from tests.support.gate import RunningGate
from tests.support.prometheus import ASK_AGAIN_S, AWAIT_S, Page, Pager, RunningAlertmanager, RunningPrometheus, rewired
from tests.support.trickle import App, Trickle

SCRAPE_S = 2
# Where an alert explains another one, both have the same pace, or the one that explains has the faster.
PACE = 20.0
PACES = {
    "NoTraffic": 50.0,
    **dict.fromkeys(("PriceUnknown", "CostBudgetBurn", "JournalLost", "RecordsDropped", "RecordsQuarantined"), 75.0),
    **dict.fromkeys(("CallerErrorsHigh", "GuardBlockingHigh", "ProviderRateLimited", "SpansDropped", "ConfigInvalid", "CertificateExpiring"), 60.0),
    **dict.fromkeys(("StoreDown", "IngestLag", "JournalGrowing"), 60.0),
    **dict.fromkeys(("LatencyHigh", "FirstChunkSlow", "WorkerDown", "RecorderDown"), 40.0),
    **dict.fromkeys(("GuardFailing", "DetectorDown"), 30.0),
}
OBJECTIVES = Objectives(
    availability=0.97,
    least_calls=5,
    ingest_lag_s=8.0,
    journal_bytes=1000,
    disk_free_bytes=1,
    providers={"slow": ProviderObjectives(latency_p90_s=1.0, first_chunk_p90_s=1.0)},
    apps={"spender": AppObjectives(cost_per_day_usd=0.5)},
)
PROVIDERS = ("steady", "doomed", "limited", "flaky", "picky", "slow", "private", "crowded")
AILING, SPARE = "ailing", "spare"  # the two providers of the route `spread`, which is one place with two faces: its patient's is the path
SECRET = "AKIA" + "Q7ZP3M5KX2WN4TLB"
_MORE = """
guardrails:
  - {{name: keys, detector: secrets, on: request, action: block, apps: [abused]}}
  - {{name: judged, detector: judge, on: request, action: block, apps: [guarded]}}
detectors: {{custom: {{judge: {{webhook: "{judge}/judge", allow_private: true, kinds: [RUDE], deadline_ms: 1000}}}}}}
prices: {{steady/golden: {{input: 1000, output: 1000}}}}
store: {{url: "{store}"}}
record: {{max_batch_s: 0.2}}
drift: {{enabled: false}}
telemetry: {{otlp_endpoint: "{collector}"}}
breaker: {{failures: 3, open_s: 0.25, open_max_s: 3}}
routes: {{spread: {{targets: [ailing, spare], retries: {{of_traffic: 1}}}}}}
"""
_SERVER = "workers: 2, max_inflight: 32, max_queue: 16, queue_s: 3"  # twice as much as the apps need, so that a small crowd is too many, and time for those who are not it
# A column that somebody has added by hand, whose value cannot be computed for some rows.
_REFUSE = "ALTER TABLE tidegate.exchanges ADD COLUMN IF NOT EXISTS added UInt8 MATERIALIZED toUInt8(if(app = 'refused', 'no number', '0'))"


@dataclass(slots=True)
class Scene:
    """What there is, and what can be done to it. patients: by the provider's name, and `judge` and `collector`.  apps: by name.

    mark: the last page before what concerns whoever has this copy; None: all of them concern them.
    """

    gate: RunningGate
    store: ClickHouseServer
    prometheus: RunningPrometheus
    alertmanager: RunningAlertmanager
    pager: Pager
    patients: dict[str, Patient]
    apps: dict[str, App]
    ca_file: Path
    known: Authority
    strange: Authority
    folder: Path
    mark: Page | None = None

    def now(self) -> Scene:
        """The same, for somebody who is not concerned by what has been told so far."""
        return replace(self, mark=(self.pager.pages() or [None])[-1])  # type: ignore[list-item]

    def await_held_back(self, name: str, **labels: str) -> None:
        """Until an alert fires and Alertmanager tells nobody, since another one that it tells of explains it."""

        def held() -> bool:
            alerts = self.alertmanager.alerts()
            return any(alert["labels"]["alertname"] == name and labels.items() <= alert["labels"].items() and alert["status"]["inhibitedBy"] for alert in alerts)

        deadline = time.monotonic() + AWAIT_S
        while not held():
            assert time.monotonic() < deadline, f"{name} {labels} is not held back within {AWAIT_S:.0f} s; alerts: {[alert['labels'] for alert in self.alertmanager.alerts()]}"
            time.sleep(ASK_AGAIN_S)

    def await_served(self, app: App) -> None:
        """Until a call of the app's that ended from now on was answered with 200."""
        app.seen = 0
        deadline = time.monotonic() + AWAIT_S
        while app.seen != 200:
            assert time.monotonic() < deadline, f"{app.name} is not served; its last call ended with {app.seen}"
            time.sleep(ASK_AGAIN_S)

    @contextlib.contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """A process of the gate's is killed as often as its supervisor starts it, until the end of the block."""
        over = threading.Event()

        def kill() -> None:
            last = 0
            while not over.wait(0.02):
                with contextlib.suppress(ProcessLookupError, ValueError, OSError):
                    pid = self.gate.processes().get(name)
                    if pid is not None and pid != last:
                        last = pid
                        os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill, name=f"killer of {name}", daemon=True)
        killer.start()
        try:
            yield
        finally:
            over.set()
            killer.join()

    @contextlib.contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """A process of the gate's stands still where it is, until the end of the block."""
        pid = self.gate.processes()[name]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextlib.contextmanager
    def no_room(self, name: str) -> Iterator[None]:
        """A process of the gate's can make no file longer, as on a full disk, until the end of the block."""
        pid = self.gate.processes()[name]
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))

    def refuse_rows(self) -> None:
        """From now on the store takes no row of the app `refused`."""

        async def alter() -> None:
            store = Store(self.store.target)
            await store.execute(_REFUSE)
            await store.close()

        asyncio.run(alter())


@contextlib.contextmanager
def alarmed(folder: Path) -> Iterator[Scene]:
    """Until the end of the block. To be entered in the main thread: the store ends with the thread that started it."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        hospital, pager = enter(Hospital()), enter(Pager())
        known, strange = Authority("known"), Authority("strange")
        ca_file = folder / "ca.pem"
        ca_file.write_bytes(known.pem(ends_in=dt.timedelta(days=300)))
        patients = {name: hospital.admit(tls=known.server(folder) if name == "private" else None) for name in (*PROVIDERS, "judge", "collector", "spread")}
        (folder / "store").mkdir()
        store = enter(ClickHouseServer(folder / "store"))
        more = _MORE.format(judge=patients["judge"].url, collector=patients["collector"].url, store=store.url)
        providers = [_provider(name, patients[name].url, ca_file) for name in PROVIDERS] + [_provider(name, f"{patients['spread'].url}/{name}", ca_file) for name in (AILING, SPARE)]
        gate = enter(RunningGate(folder / "gate", "\n".join(providers), more=more, server=_SERVER))
        alertmanager = enter(RunningAlertmanager(folder, rewired((ROOT / "deploy/alertmanager/alertmanager.yml").read_text(), pager)))
        prometheus = enter(RunningPrometheus(folder, [f"127.0.0.1:{gate.admin_port}"], rules=_rules(), alertmanager=alertmanager, interval=f"{SCRAPE_S}s"))
        patients["flaky"].mood = often(broken)
        trickle = enter(Trickle(gate.base_url))
        apps = {name: trickle.app(name, provider, **more) for name, (provider, more) in _APPS.items()}
        yield Scene(gate, store, prometheus, alertmanager, pager, patients, apps, ca_file, known, strange, folder)


_APPS: dict[str, tuple[str, dict[str, object]]] = {
    **{name: (name, {}) for name in ("steady", "doomed", "limited", "flaky", "picky", "private", "spread")},
    "crowd": ("crowded", {}),
    **{name: ("steady", {}) for name in ("abused", "guarded", "leaver", "spender", "curious")},
    "slow": ("slow", {}),
    "streaming": ("slow", {"model": "gpt-4o", "streamed": True}),
    "refused": ("steady", {"paused": True, "rate": 0.25}),  # each of them costs its batch a dozen inserts
}


def _rules() -> str:
    """The rules file: each alert at its pace."""
    groups = {pace: render.rules(OBJECTIVES, pace) for pace in {PACE, *PACES.values()}}
    chosen = []
    for number, group in enumerate(groups[PACE]):
        rules = [groups[PACES.get(rule.get("alert", "").removeprefix("Tidegate"), PACE)][number]["rules"][at] for at, rule in enumerate(group["rules"])]
        chosen.append({**group, "interval": f"{SCRAPE_S}s", "rules": rules})
    return yaml.safe_dump({"groups": chosen})


def _provider(name: str, url: str, ca_file: Path) -> str:
    trust = f', ca_file: "{ca_file}"' if name == "private" else ""
    return f'  {name}: {{dialect: openai, base_url: "{url}", allow_private: true, prices_as: openai{trust}}}'
