"""The whole way of drift: apps' traffic through a real gate, a run that the console starts by itself, rows, series and pages."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.demo.prompts import SHOP, pick
from tests.support.gate import RunningGate
from tests.support.sdk import KEY
from tests.support.simulated import simulated

EACH = 160  # exchanges in dev, and in prod
PATIENCE_S = 240.0  # runs have the lowest priority, and the machine may be busy
SPANISH = "reembolso pedido dinero devolver tarjeta euros mi el de la quiero recibiré devolví cuándo por correo comprobante necesito".split()


async def ask(base_url: str) -> None:
    """Testers ask what they think of; users ask that, and for refunds in Spanish. All questions are distinct conversations."""
    rng = random.Random(5)
    client = openai.AsyncOpenAI(api_key=KEY, base_url=f"{base_url}/v1", max_retries=0)
    room = asyncio.Semaphore(8)

    async def one(number: int, env: str) -> None:
        topic = pick(SHOP, env, rng)
        headers = {"x-tidegate-app": "shop", "x-tidegate-env": env, "x-tidegate-session": f"{env}-{number}", "x-tidegate-prompt": "assistant@3"}
        messages: Any = [{"role": "system", "content": "You are the assistant of a shop."}, {"role": "user", "content": topic.question(rng)}]
        async with room:
            if number % 2:
                await client.chat.completions.create(model="gpt-4o-mini", messages=messages, extra_headers=headers)
            else:
                async with await client.chat.completions.create(model="gpt-4o-mini", messages=messages, extra_headers=headers, stream=True) as stream:
                    async for _ in stream:
                        pass

    await asyncio.gather(*(one(number, env) for number in range(EACH) for env in ("dev", "prod")))
    await client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "hello"}], extra_headers={"x-tidegate-app": "untested", "x-tidegate-env": "prod"})
    await client.close()


@dataclass(frozen=True)
class Watched:
    """A gate after its console has made a run by itself. log: of the gate."""

    gate: RunningGate
    run: dict[str, Any]

    def api(self, path: str) -> Any:
        return json.loads(self.gate.get(self.gate.admin_url + path) or b"null")


def until(look: Callable[[], Any], gate: RunningGate) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, gate.log.read_text()[-4000:]
        time.sleep(0.1)  # the gate is other processes: nothing here could be awaited
    return found


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Traffic, a restart, and what the console then does without being told."""
    with simulated() as provider:
        providers = f'  openai: {{dialect: openai, base_url: "{provider.url}", allow_private: true}}'
        gate = RunningGate(tmp_path_factory.mktemp("drift"), providers, more="drift: {every: 5m, min_rows: 60, nice: 0}\n")
        with gate:
            asyncio.run(ask(gate.base_url))
            gate.settle(at_least=2 * EACH + 1)
            gate.stop()
        with gate:
            runs = until(lambda: (json.loads(gate.get(f"{gate.admin_url}/api/drift?app=shop") or b"{}")).get("runs"), gate)
            yield Watched(gate, runs[0])


def samples(gate: RunningGate) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(gate.metrics())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples if s.name.startswith("tidegate_drift")}


def test_what_nobody_tested_is_found_and_named(watched: Watched):
    """The one thing that this is for: users ask what the dev set has never seen, and the team reads what it is."""
    run = watched.run
    assert (run["tested"], run["kind"], run["baseline"], run["rows_baseline"], run["rows_window"], run["prompt_name"]) == (True, "scheduled", "dev", EACH, EACH, "")
    assert run["pvalue"] <= 0.01
    assert {a["name"] for a in run["aspects"] if a["significant"]} >= {"topics"}
    new = [topic for topic in run["topics"] if topic["aspect"] == "topics" and topic["direction"] == "new"]
    assert any(set(" ".join(topic["keywords"]).split()) & set(SPANISH) for topic in new), run["topics"]
    assert all(len(topic["exemplars"]) <= 3 and topic["share_baseline"] <= 0.02 < topic["share_window"] for topic in new)
    assert "@example" not in json.dumps(run, ensure_ascii=False)


def test_rows_say_what_the_page_says(watched: Watched):
    """Dashboards are made of the tables: they must hold the run, and the exchanges behind a topic."""
    gate, run = watched.gate, watched.run
    [row] = gate.sql("SELECT toString(id) AS id, app, kind, tested, pvalue, alarm_alpha, rows_window, length(report) > 100 AS reported FROM drift_runs WHERE app = 'shop' AND kind = 'scheduled'")
    assert row == {"id": run["id"], "app": "shop", "kind": "scheduled", "tested": True, "pvalue": run["pvalue"], "alarm_alpha": run["alarm_alpha"], "rows_window": EACH, "reported": 1}
    joined = gate.sql(
        "SELECT countIf(e.env = 'prod') AS prod, count() AS n FROM (SELECT arrayJoin(exchange_ids) AS id FROM drift_topics WHERE direction = 'new') AS t JOIN exchanges AS e ON e.id = t.id"
    )
    assert joined[0]["prod"] == joined[0]["n"] > 0


def test_an_alert_has_its_series(watched: Watched):
    """What the operator's Prometheus sees, by the names that the interface states."""
    gate, run = watched.gate, watched.run
    until(lambda: ("tidegate_drift_pvalue", "shop", "topics") in samples(gate), gate)
    found = samples(gate)
    assert found["tidegate_drift_pvalue", "shop", "all"] == run["pvalue"]
    assert found["tidegate_drift_novel_share", "shop"] == run["novel_share"] > 0.1
    assert found["tidegate_drift_alarm", "shop"] == 1.0
    assert found["tidegate_drift_tested", "shop"] == 1.0
    assert found["tidegate_drift_last_run_timestamp_seconds", "shop"] == pytest.approx(time.time(), abs=600)
    assert found["tidegate_drift_run_failures_total",] == 0.0
    until(lambda: ("tidegate_drift_run_seconds",) in samples(gate), gate)


def test_one_run_can_be_read_whole(watched: Watched):
    """Who follows the alert sees examples and rows."""
    whole = watched.api(f"/api/drift/{watched.run['id']}")["run"]
    assert whole["topics"] == watched.run["topics"]
    assert all(topic["rows"] for topic in whole["report"]["topics"])


def test_an_app_without_a_baseline_says_so(watched: Watched):
    """Silence would read as "no drift"."""
    [run] = until(lambda: watched.api("/api/drift?app=untested")["runs"], watched.gate)
    assert (run["tested"], run["pvalue"], run["alarm"]) == (False, None, False)
    assert "fewer than 60" in run["notes"][0]


def test_the_next_run_knows_its_topics_again(watched: Watched):
    """A trend line is one topic over runs; and nothing is run again before its time."""
    gate = watched.gate
    start = [sys.executable, "-m", "gateway.drift.main", "--config", str(gate.config)]
    until(lambda: "drift_round_ended" in gate.log.read_text(), gate)
    early = subprocess.run(start, capture_output=True, text=True, timeout=PATIENCE_S)
    assert (early.returncode, "drift_round_started runs=0" in early.stderr) == (0, True), early.stderr
    forced = subprocess.run([*start, "--app", "shop"], capture_output=True, text=True, timeout=PATIENCE_S)
    assert (forced.returncode, "drift_run_ended app=shop" in forced.stderr) == (0, True), forced.stderr
    later, first = watched.api("/api/drift?app=shop")["runs"]
    assert first["id"] == watched.run["id"]
    assert {topic["id"] for topic in later["topics"]} & {topic["id"] for topic in first["topics"]}
    assert (first["alarm"], later["alarm"], later["alarm_alpha"]) == (True, False, 0.0)  # a minute later nothing has been saved for another look
    assert {topic["first_seen"] for topic in later["topics"] if topic["id"] in {t["id"] for t in first["topics"]}} == {first["started_at"]}


def test_nothing_of_it_is_left_behind(watched: Watched):
    """A run is an hour's guest: its processes are gone when it is over."""
    gate = watched.gate
    until(lambda: "drift_round_ended" in gate.log.read_text(), gate)
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert not [line for line in found.splitlines() if "gateway.drift.main" in line and str(gate.data_dir) in line]
