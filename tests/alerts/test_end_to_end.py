"""Faults are injected into a running gate, a real Prometheus and a real Alertmanager tell the pager of them, the faults are lifted, and it is told of that.

Everything happens at once where it can (tests/support/alarmed.py gives each fault a provider or an app of its own): `LIST` is a story for each fault, told in a thread of its
own; a test waits for the end of one. What would blind the others (the store, the recorder, the console) comes after them, in this order. Nobody sleeps: a story
waits for a page, for an alert that is held back, or for Prometheus to see something.

Deliberately absent: alerts that need hours of history even at this pace (the slow burns, CostSpike), drift, which has to be computed, DiskFilling, as a test has no
disk to fill, and LoopLagHigh. All of them have unit tests (deploy/prometheus/tests).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from dashboards.alerts.promql import duration
from tests.support.ailing import late, limited, overloaded_at, refusing, well
from tests.support.alarmed import AILING, PACES, SECRET, Scene, alarmed
from tests.support.prometheus import Page

LONG_S = 120.0  # the machine may be busy
# Healthy calls of every app behind it, as an app in production has: the first failures are a small share of them.
WARM = "count(sum by (app) (tidegate_requests_total offset 15s) > 10) >= 12"
Story = Callable[[Scene], None]
STORIES: dict[str, Story] = {}
LAST = ("TidegateStoreDown", "TidegateRecorderDown")


def story(name: str) -> Callable[[Story], Story]:
    """Of which alert."""

    def keep(told: Story) -> Story:
        STORIES[name] = told
        return told

    return keep


def told(scene: Scene, name: str, receiver: str, **labels: str) -> Page:
    """The first page of an alert since the scene's mark; it says in a sentence what is wrong, and where to read on."""
    page = scene.pager.await_page(name, after=scene.mark, within_s=LONG_S, **labels)
    assert page.receiver == receiver and page.labels["severity"] == {"pager": "page", "tickets": "ticket"}[receiver]
    assert page.annotations["runbook_url"].endswith(f"{name}.md") and page.annotations["board"].startswith("tidegate-")
    summary = page.annotations["summary"]
    assert summary.endswith(".") and "<no value>" not in summary and "%!" not in summary
    assert all(value in summary for label, value in labels.items() if label != "model")
    return page


def resolved(scene: Scene, page: Page) -> None:
    """That it is over is told, too."""
    labels = {label: value for label, value in page.labels.items() if label != "alertname"}
    scene.pager.await_page(page.name, status="resolved", after=page, within_s=LONG_S, **labels)


# ------------------------------------------------------------------ providers


@story("TidegateProviderDown")
def provider_killed(scene: Scene) -> None:
    """Nobody listens there any more."""
    doomed = scene.patients["doomed"]
    doomed.die()
    page = told(scene, "TidegateProviderDown", "pager", provider="doomed")
    scene.await_held_back("TidegateProviderBudgetBurnFast", provider="doomed")
    doomed.rise()
    resolved(scene, page)


@story("TidegateProviderRateLimited")
def provider_limits(scene: Scene) -> None:
    """It answers 429."""
    scene.patients["limited"].mood = limited
    page = told(scene, "TidegateProviderRateLimited", "pager", provider="limited")
    scene.patients["limited"].mood = well
    resolved(scene, page)


@story("TidegateProviderBudgetBurnFast")
def provider_stumbles(scene: Scene) -> None:
    """Most calls end in a 500, from the beginning."""
    page = told(scene, "TidegateProviderBudgetBurnFast", "pager", provider="flaky", app="flaky")
    scene.patients["flaky"].mood = well
    resolved(scene, page)


@story("TidegateProviderCertificate")
def provider_is_somebody_else(scene: Scene) -> None:
    """Its certificate is signed by nobody that the gate trusts. Why it fails holds back that it fails."""
    private = scene.patients["private"]
    good = private.tls
    private.turn(scene.strange.server(scene.folder))
    page = told(scene, "TidegateProviderCertificate", "pager", provider="private")
    scene.await_held_back("TidegateProviderDown", provider="private")
    private.turn(good)
    resolved(scene, page)


@story("TidegateCertificateExpiring")
def certificate_expires(scene: Scene) -> None:
    """The ca_file on disk ends within the hour; then somebody renews it."""
    scene.ca_file.write_bytes(scene.known.pem(ends_in=dt.timedelta(hours=1)))
    page = told(scene, "TidegateCertificateExpiring", "tickets", provider="private")
    scene.ca_file.write_bytes(scene.known.pem(ends_in=dt.timedelta(days=400)))
    resolved(scene, page)


@story("TidegateFirstChunkSlow")
def provider_is_slow(scene: Scene) -> None:
    """It takes its time before it answers: streams begin late, whole replies take long. That a stream takes long is no news once it is known to begin late."""
    scene.patients["slow"].mood = late(3.0)
    chunk = told(scene, "TidegateFirstChunkSlow", "tickets", provider="slow", model="gpt-4o")
    whole = told(scene, "TidegateLatencyHigh", "tickets", provider="slow", model="gpt-4o-mini")
    scene.await_held_back("TidegateLatencyHigh", provider="slow", model="gpt-4o")
    scene.patients["slow"].mood = well
    resolved(scene, chunk)
    resolved(scene, whole)
    scene.apps["slow"].provider = scene.apps["streaming"].provider = "steady"  # a worker that stands still later would make it slow again


@story("TidegateBreakerOpen")
def provider_is_spared(scene: Scene) -> None:
    """One of a route's two providers has too much to do: the other answers in its place, its app notices nothing, and whoever reads tickets learns which one is left alone."""
    spread = scene.apps["spread"]
    scene.patients["spread"].mood = overloaded_at(f"/{AILING}")
    page = told(scene, "TidegateBreakerOpen", "tickets", provider=AILING)
    scene.await_served(spread)
    scene.patients["spread"].mood = well
    resolved(scene, page)


# ------------------------------------------------------------------ apps


@story("TidegateCallerErrorsHigh")
def app_is_refused(scene: Scene) -> None:
    """The provider does not like what it sends."""
    scene.patients["picky"].mood = refusing
    page = told(scene, "TidegateCallerErrorsHigh", "tickets", app="picky")
    scene.patients["picky"].mood = well
    resolved(scene, page)


@story("TidegateNoTraffic")
def app_falls_silent(scene: Scene) -> None:
    """It stops in the middle of the day, and comes back."""
    pace = PACES["NoTraffic"]
    scene.prometheus.await_samples(f'sum(tidegate_requests_total{{app="leaver"}} offset {duration(3600 / pace)}) > 0', within_s=LONG_S)
    scene.apps["leaver"].paused = True
    page = told(scene, "TidegateNoTraffic", "pager", app="leaver")
    scene.apps["leaver"].paused = False
    resolved(scene, page)


@story("TidegateCostBudgetBurn")
def app_spends(scene: Scene) -> None:
    """A model that costs six cents a call, against half a dollar a day."""
    spender = scene.apps["spender"]
    before, spender.model = spender.model, "golden"
    page = told(scene, "TidegateCostBudgetBurn", "pager", app="spender")
    spender.model = before
    resolved(scene, page)


@story("TidegatePriceUnknown")
def model_without_a_price(scene: Scene) -> None:
    """Somebody tries a model that is in no list."""
    curious = scene.apps["curious"]
    before, curious.model = curious.model, "brand-new-1"
    page = told(scene, "TidegatePriceUnknown", "tickets", provider="steady")
    curious.model = before
    resolved(scene, page)


@story("TidegateGuardBlockingHigh")
def app_is_abused(scene: Scene) -> None:
    """All that it sends holds a secret."""
    scene.apps["abused"].text = f"My key is {SECRET}."
    page = told(scene, "TidegateGuardBlockingHigh", "tickets", app="abused")
    scene.apps["abused"].text = "Is all well?"
    resolved(scene, page)


@story("TidegateGuardFailing")
def detectors(scene: Scene) -> None:
    """A service that a rule needs is gone; when it is back, the whole pool dies as often as it is started. Both times the app gets 503s, which are no page of their own."""
    judge = scene.patients["judge"]
    judge.die()
    failing = told(scene, "TidegateGuardFailing", "pager", detector="judge")
    scene.await_held_back("TidegateGatewayBudgetBurnFast", app="guarded")
    judge.rise()
    resolved(scene, failing)
    with scene.killed("detectors"):
        down = told(scene, "TidegateDetectorDown", "pager", detector="judge")
        scene.await_held_back("TidegateGuardFailing", detector="judge")
    resolved(scene, down)


# ------------------------------------------------------------------ the gate


@story("TidegateConfigInvalid")
def configuration_is_broken(scene: Scene) -> None:
    """Somebody saves the file in the middle of a word."""
    before = scene.gate.config.read_text()
    scene.gate.config.write_text(before + "\nprovi")
    page = told(scene, "TidegateConfigInvalid", "tickets")
    scene.gate.config.write_text(before)
    resolved(scene, page)


@story("TidegateShedding")
def one_app_asks_for_too_much(scene: Scene) -> None:
    """Its calls take long and are many: what there is no room for is refused, which is no page of its own, and the other apps are served."""
    crowd, steady = scene.apps["crowd"], scene.apps["steady"]
    scene.patients["crowded"].mood = late(8.0)
    crowd.rate = 10.0
    page = told(scene, "TidegateShedding", "pager")
    scene.await_held_back("TidegateGatewayBudgetBurnFast", app="crowd")
    scene.await_served(steady)
    crowd.paused, scene.patients["crowded"].mood = True, well
    resolved(scene, page)


@story("TidegateSpansDropped")
def collector_dies(scene: Scene) -> None:
    """Spans have nowhere to go."""
    scene.patients["collector"].die()
    page = told(scene, "TidegateSpansDropped", "tickets")
    scene.patients["collector"].rise()
    resolved(scene, page)


@story("TidegateJournalLost")
def journal_has_no_room(scene: Scene) -> None:
    """A worker's files can grow no more."""
    with scene.no_room("worker-0"):
        page = told(scene, "TidegateJournalLost", "pager", worker="0")
    resolved(scene, page)


@story("TidegateRecordsQuarantined")
def rows_are_refused(scene: Scene) -> None:
    """The store does not take some rows; a while later there is no room either where they are kept."""
    scene.refuse_rows()
    refused, kept = scene.apps["refused"], scene.gate.data_dir / "quarantine" / "rows.jsonl"
    refused.paused = False
    quarantined = told(scene, "TidegateRecordsQuarantined", "tickets")
    kept.rename(kept.with_suffix(".away"))
    kept.mkdir()
    dropped = told(scene, "TidegateRecordsDropped", "pager")
    refused.paused = True
    kept.rmdir()
    resolved(scene, quarantined)
    resolved(scene, dropped)


# ------------------------------------------------------------------ what blinds the others, one after the other, in the main thread


@story("TidegateStoreDown")
def store_is_killed(scene: Scene) -> None:
    """Somebody's ClickHouse is gone for a while, and beside it a worker stands still: two causes, two pages."""
    with scene.stopped("worker-1"):
        scene.store.kill()
        worker = told(scene, "TidegateWorkerDown", "pager", worker="1")
    page = told(scene, "TidegateStoreDown", "pager")
    resolved(scene, worker)
    scene.await_held_back("TidegateIngestLag")
    scene.await_held_back("TidegateJournalGrowing")
    scene.store.start()
    resolved(scene, page)


@story("TidegateRecorderDown")
def recorder_and_console_are_killed(scene: Scene) -> None:
    """As often as they are started: first the console, without which nothing of the gate can be asked, and when it is let go, the recorder. The other way round, the end
    of the recorder's trouble may come while the console's holds it back, and nobody is ever told of that.
    """
    with scene.killed("console"):
        console = told(scene, "TidegateDown", "pager")
    scene.prometheus.await_samples("max(tidegate_journal_oldest_age_seconds) < 2", within_s=LONG_S)  # what waited for the store is stored: the journal's age is the recorder's alone
    with scene.killed("recorder"):
        recorder = told(scene, "TidegateRecorderDown", "pager")
    resolved(scene, console)
    resolved(scene, recorder)


# ------------------------------------------------------------------ the tests

LIST = tuple(STORIES)


class Told:
    """The stories, each as what will have come of it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ends: dict[str, Future[None]] = {}


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """All of it, from beginning to end."""
    with alarmed(tmp_path_factory.mktemp("alarmed")) as scene, ThreadPoolExecutor(len(LIST)) as pool:
        scene.prometheus.await_samples(WARM, within_s=LONG_S)
        tale = Told(scene)
        # Of flaky, which was ill from the start, it may have been told already.
        tale.ends = {name: pool.submit(STORIES[name], scene if name == "TidegateProviderBudgetBurnFast" else scene.now()) for name in LIST if name not in LAST}
        for name, end in tale.ends.items():
            if name != "TidegatePriceUnknown":  # it looks an hour back, and does not mind
                with contextlib.suppress(Exception):
                    end.exception()
        for name in LAST:  # here, since the store ends with the thread that started it
            tale.ends[name] = Future()
            try:
                STORIES[name](scene.now())
                tale.ends[name].set_result(None)
            except BaseException as e:
                tale.ends[name].set_exception(e)
        for end in tale.ends.values():
            end.exception()
        yield tale


@pytest.mark.slow
@pytest.mark.parametrize("name", LIST)
def test_a_fault_is_told_of_and_so_is_its_end(tale: Told, name: str):
    """What the alert is for: a real fault wakes somebody with the right words, and lifting it lets them sleep."""
    tale.ends[name].result()


@pytest.mark.slow
def test_one_cause_pages_once(tale: Told):
    """An outage that rings ten times is read by nobody. Of a provider and of the store it is counted: one notification that it fires, one that it is over."""
    pages = [page for page in tale.scene.pager.pages() if page.receiver == "pager"]
    for name, labels in (("TidegateProviderDown", {"provider": "doomed"}), ("TidegateStoreDown", {})):
        counted = Counter(page.status for page in pages if page.name == name and labels.items() <= page.labels.items())
        assert counted == {"firing": 1, "resolved": 1}, name
    assert [page for page in pages if page.name != "TidegateProviderDown" and page.labels.get("provider") == "doomed"] == []
    down, up = (page.number for page in pages if page.name == "TidegateStoreDown")
    assert [page for page in pages if page.name in ("TidegateJournalGrowing", "TidegateIngestLag") and page.status == "firing" and down < page.number < up] == []
    assert [page for page in pages if page.labels.get("provider") == "private" and page.name != "TidegateProviderCertificate"] == []
    assert [page for page in pages if page.name.startswith("TidegateGatewayBudgetBurn")] == []


@pytest.mark.slow
def test_nobody_is_woken_for_nothing(tale: Told):
    """Pages are those of the stories, and of the app and the provider that nothing happened to there is none. Where the machine has many times as much to do as it can, records do wait."""
    scene = tale.scene
    assert scene.apps["steady"].calls > 50
    pages = {page.name for page in scene.pager.pages() if page.receiver == "pager" and page.status == "firing"}
    assert pages <= {*LIST, "TidegateRecordsDropped", "TidegateDetectorDown", "TidegateWorkerDown", "TidegateDown", "TidegateJournalGrowing"}
    assert [page.labels for page in scene.pager.pages() if page.labels.get("app") == "steady"] == []
