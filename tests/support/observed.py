"""A gate that everything happens to, with a real Prometheus watching: what boards are drawn of.

    with observed(tmp_path) as scene:
        scene.prometheus, scene.reader, scene.span

What happens: several apps in dev and prod, three dialects, streams and whole replies, cached tokens, prices and a model without one; errors by the fault of callers (routes, bodies,
clients that leave), of policy (secrets), of the provider (429, 5xx, cut streams, a dead address, whose breaker opens) and of the gate (a rule that fails closed while its
detector does not answer); a route with two targets; findings that are masked, flagged, blocked, retried and only observed; two weeks' history; users who ask in prod what
dev never saw, and the run of drift that finds it, which the console starts by itself. The provider, the detector's service and the collector are this process's.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
import json
import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.demo import traffic
from gateway.demo.prompts import SHOP, pick
from gateway.store.place import find
from tests.support.gate import RunningGate, free_port
from tests.support.panels import Reader, Span
from tests.support.prometheus import RunningPrometheus
from tests.support.simulated import simulated

KEY = "sk-simulated-0123456789"
WATCHED = "shop-assistant"
ODD = "o'brien & co. (beta)"  # apps name themselves: what a query makes of such a name is part of the test
EACH = 120  # exchanges of the watched app in dev, and in prod, before drift looks
SCRAPE_S = 2.0
PATIENCE_S = 240.0  # drift has the lowest priority, and the machine may be busy
_TURN_S = 4.0  # traffic comes in turns of this length
_QUIET = "drift: {enabled: false}\n"  # the gate's configuration while there is nothing to look at yet
# Drift has been scraped, and with the recorder there in each of the last scrapes, streams too: where the processor is scarce, a scrape may have to do without the recorder.
_WELL_WATCHED = """count(count_over_time(tidegate_drift_pvalue[1m]) > 3) > 0 and on () count_over_time(tidegate_drift_run_seconds[1m]) > 3
and on () tidegate_store_up and on () count_over_time(tidegate_store_up[12s]) >= 4 and on () sum(increase(tidegate_time_per_output_token_seconds_count[8s])) > 0"""
_SECRET = "AKIA" + "Q7ZP3M5KX2WN4TLB"
_GUARDS = """guardrails:
  - {name: secrets-in, detector: secrets, on: request, action: block}
  - {name: mail-in, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}
  - {name: cards-out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: mask, tier: patterns}
  - {name: phones-seen, detector: pii, on: request, kinds: [PHONE_NUMBER], action: mask, tier: patterns, mode: observe}
  - {name: tone-seen, detector: tone, on: request, action: flag, apps: [support]}
  - {name: tone-kept, detector: tone, on: request, action: block, on_error: block, apps: [checkout]}
  - {name: shape, detector: answer, on: reply, action: retry, apps: [forms]}
"""


class Services:
    """A detector's web service and an OTLP collector on one port. failing: the detector answers 500, to everything that is not told apart by its text."""

    def __init__(self) -> None:
        services = self
        self.failing = False

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, answer = services._detect(json.loads(body)["texts"]) if self.path == "/tone" else (200, b"")
                self.send_response(status)
                self.send_header("content-type", "application/json" if answer else "application/x-protobuf")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Not on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def _detect(self, texts: list[str]) -> tuple[int, bytes]:
        if self.failing or any("nonsense" in text for text in texts):
            return 500, b""
        found = [[{"kind": "RUDE", "start": text.index("terrible"), "end": text.index("terrible") + 8, "score": 0.9}] if "terrible" in text else [] for text in texts]
        return 200, json.dumps({"findings": found}).encode()

    @contextlib.contextmanager
    def running(self) -> Iterator[Services]:
        thread = threading.Thread(target=self._server.serve_forever, name="services", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


@dataclass
class Scene:
    """The gate after all that, still running. span: from before the first exchange to while the last ones went on. watched: when drift had been looked at, Unix seconds."""

    gate: RunningGate
    prometheus: RunningPrometheus
    reader: Reader
    span: Span
    watched: float


@contextlib.contextmanager
def observed(root: Path, *, seconds: float = 20.0, rate: float = 6.0, calm: bool = False) -> Iterator[Scene]:
    """seconds: of traffic at full rate, which then goes on until drift has been looked at. rate: exchanges a second, beside those that go wrong.

    calm: for curves to look at. Providers and the detector fail now and then, and not all the time; the seconds begin when drift has been looked at.
    """
    with simulated(speed=0.2) as provider, Services().running() as services:
        gate = RunningGate(root, _providers(root, provider.url), more=_QUIET, server="workers: 2")
        prometheus = RunningPrometheus(root, [f"127.0.0.1:{gate.admin_port}"], interval=f"{SCRAPE_S:.0f}s")
        began = time.time()
        with gate:
            asyncio.run(_asked_before(gate.base_url))
            gate.settle(at_least=2 * EACH, within_s=PATIENCE_S)
            _remember(gate)
            prometheus.remember(_last_week(gate.metrics(), f"127.0.0.1:{gate.admin_port}", began))
            gate.stop()
        gate.config.write_text(gate.config.read_text().replace(_QUIET, _more(services.url)))
        with prometheus, gate:
            with _traffic(gate, services, rate, seconds, calm) as ended:
                if not calm:
                    ended.wait(seconds)
                _until(lambda: _looked(gate), gate)
                watched = time.time()
                if calm:
                    ended.wait(seconds)
                end = _well_watched(prometheus)
            gate.settle(within_s=PATIENCE_S)
            yield Scene(gate, prometheus, Reader(find(gate.data_dir, None, None)), Span(began - 300.0, end, SCRAPE_S), watched)


def _looked(gate: RunningGate) -> bool:
    return "drift_round_ended" in gate.log.read_text()


def _well_watched(prometheus: RunningPrometheus) -> float:
    """A moment at which everything is there to be seen, Unix seconds. No scrape that is still under way can change it: one that began later has been stored."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        prometheus.await_samples(_WELL_WATCHED, within_s=PATIENCE_S)
        moment = time.time()
        prometheus.await_samples(f"min(timestamp(up)) > {moment:.3f}", within_s=PATIENCE_S)
        if prometheus.query(_WELL_WATCHED, at=moment):
            return moment
        assert time.monotonic() < deadline, "the recorder is never there in so many scrapes"


def _until(look: Callable[[], bool], gate: RunningGate) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < deadline, gate.log.read_text()[-4000:]
        time.sleep(0.1)  # the gate is other processes: nothing here could be awaited


def _providers(root: Path, url: str) -> str:
    same = f'base_url: "{url}", allow_private: true'
    return "\n".join((
        f"  openai: {{dialect: openai, {same}, prices_as: openai}}",
        f"  anthropic: {{dialect: anthropic, {same}, prices_as: anthropic}}",
        f"  gemini: {{dialect: gemini, {same}, prices_as: google}}",
        f"  vllm: {{dialect: openai, {same}}}",  # nobody has said what it costs
        f'  dead: {{dialect: openai, base_url: "https://127.0.0.1:{free_port()}", allow_private: true, ca_file: "{_certificate(root).name}"}}',
    ))  # fmt: skip


def _more(url: str) -> str:
    others = json.dumps({app: {"enabled": False} for app in ("checkout", "default", "doc-search", "forms", "research", "support", ODD)})
    tone = f'tone: {{webhook: "{url}/tone", allow_private: true, kinds: [RUDE], deadline_ms: 5000}}'
    return (
        f"{_GUARDS}detectors:\n  formats: {{answer: {{is_json: true}}}}\n  custom: {{{tone}}}\n"
        f"drift: {{baseline: {{env: dev, since: 1h}}, window_hours: 1, every: 5m, min_rows: 60, nice: 0, watch: {{window: 1h, before: 1d, rows: 200}}, apps: {others}}}\n"
        f"telemetry: {{otlp_endpoint: {url}}}\n"
        "breaker: {failures: 3}\nroutes: {either: {targets: [openai, vllm], hedge: {quantile: 0.5, min_s: 0.05}}}\n"
    )


def _certificate(root: Path) -> Path:
    """A certificate of one's own, for a month."""
    root.mkdir(parents=True, exist_ok=True)
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "own")]), dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(now).not_valid_after(now + dt.timedelta(days=30)).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    path = root / "own-ca.pem"
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


# ------------------------------------------------------------------ what was


async def _asked_before(base_url: str) -> None:
    """Testers ask what they think of, briefly; users ask that, for refunds in Spanish, and at more length."""
    rng, room = random.Random(5), asyncio.Semaphore(8)
    async with _session(base_url) as session:

        async def one(number: int, env: str) -> None:
            question = pick(SHOP, env, rng).question(rng)
            body: dict[str, Any] = {"model": "gpt-4o-mini", "stream": bool(number % 2), "temperature": 0.0 if env == "dev" else 0.9}
            body["messages"] = [{"role": "system", "content": "You are the assistant of a shop."}, {"role": "user", "content": question}]
            async with room:
                await _post(session, "/v1/chat/completions", body, WATCHED, env, session=f"{env}-{number}", prompt="shop-answer@7")

        await asyncio.gather(*(one(number, env) for number in range(EACH) for env in ("dev", "prod")))


def _remember(gate: RunningGate) -> None:
    """History: what was just recorded, of hours, days and a week ago, so that forecasts, comparisons and the model watch have something behind them."""
    columns = "generateUUIDv4() AS id, started_at - INTERVAL {} HOUR AS started_at, concat(session_id, '-{}') AS session_id"
    target = find(gate.data_dir, None, None)
    for number, hours in enumerate((3, 24, 48, 96, 168, 169)):
        replaced = columns.format(hours, hours)
        some = f"SELECT * FROM {target.database}.exchanges WHERE started_at > now() - INTERVAL 1 HOUR AND cityHash64(id) % 6 != {number}"
        sql = f"INSERT INTO {target.database}.exchanges SELECT * REPLACE ({replaced}) FROM ({some})"
        request = urllib.request.Request(f"http://{target.place}/", data=sql.encode(), headers={"X-ClickHouse-User": target.user, "X-ClickHouse-Key": target.password})
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).close()


def _last_week(metrics: str, instance: str, now: float) -> str:
    """What Prometheus would know of the same hours a week ago, had the apps spent then by the minute what they have spent now."""
    found = [line for line in metrics.splitlines() if line.startswith("tidegate_cost_usd_total{")]
    lines = ["# TYPE tidegate_cost_usd counter"]
    for line in found:
        labels, _, value = line.rpartition("} ")
        lines += [f'{labels},instance="{instance}",job="tidegate"}} {float(value) * minute:.9f} {now - 7 * 86400 + 60 * (minute - 90):.0f}' for minute in range(120)]
    return "\n".join([*lines, "# EOF", ""])


# ------------------------------------------------------------------ what is


@contextlib.contextmanager
def _traffic(gate: RunningGate, services: Services, rate: float, seconds: float, calm: bool) -> Iterator[threading.Event]:
    """Exchanges of every kind until the block ends, fewer after so many seconds. Yields an event that is set if they end before, by an error."""
    stop, ended, failures, began = threading.Event(), threading.Event(), [], time.monotonic()

    async def flow() -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            trouble = turn % 9 in (5, 6) if calm else True
            services.failing = trouble and turn % 5 == 3
            sparing = not _looked(gate) if calm else time.monotonic() > began + seconds  # drift needs the processor, too
            level = 1.0 if sparing else rate * (1.0, 1.4, 0.8, 1.1, 0.6)[turn % 5]
            await asyncio.gather(traffic.run(gate.base_url, _TURN_S, rate=level, seed=turn, api_key=KEY), _incidents(gate.base_url, turn, trouble))

    def run() -> None:
        try:
            asyncio.run(flow())
        except Exception as e:
            failures.append(e)
        finally:
            ended.set()

    thread = threading.Thread(target=run, name="traffic")
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]


async def _incidents(base_url: str, turn: int, trouble: bool) -> None:
    """One turn of what guards see and what callers do wrong, and if there is trouble of what else goes wrong. The order is the same in every turn."""
    rng = random.Random(turn)
    async with _session(base_url) as session:

        async def chat(app: str, words: str, *, provider: str = "", model: str = "gpt-4o-mini", stream: bool = False, env: str = "prod", leave: float | None = None) -> None:
            body = {"model": model, "stream": stream, "messages": [{"role": "user", "content": f"{words} ({turn}-{rng.randrange(1000)})"}]}
            await _post(session, f"{provider}/v1/chat/completions", body, app, env, session=f"{app}-{turn}", leave=leave)

        await chat("support", "Write to mara.k@example.net or call +49 30 901820, please.")
        await chat("support", "What a terrible day.", stream=True)
        await chat("support", "sim-echo My card is 4111 1111 1111 1111.", stream=turn % 2 == 0)
        await chat("support", f"Why does {_SECRET} not work with AWS_ACCESS_KEY_ID?")
        await chat("checkout", "Is my parcel on its way?")
        await chat("forms", "sim-echo-once This is no JSON.")
        for app in ("research", ODD):
            await chat(app, "Summarise this paper.", provider="/vllm", model="llama-3.3-70b", env="staging", stream=app == ODD)
        await chat("research", "Say sim-400.")
        await chat("research", "Why is the sky blue?", provider="/either")
        await chat("research", "Tell me all. sim-slow", stream=True, leave=0.4)
        for path in ("/nowhere", "/v1/chat/completions"):
            with contextlib.suppress(aiohttp.ClientError):
                async with session.post(path, data=b"{", headers=_who("research", "prod")) as reply:
                    await reply.read()
        if not trouble:
            return
        await chat("support", "This is nonsense.")
        await chat("checkout", "This is nonsense, too.", stream=True)
        await chat("research", "Why is the sky blue?", provider="/dead")
        await chat("research", "Say sim-503.", provider="/either")
        for fault in ("sim-429", "sim-429", "sim-500", "sim-503"):
            await chat("research", f"Say {fault}.", stream=turn % 2 == 1)
        for fault in ("sim-cut", "sim-error-event", "sim-truncate"):
            await chat("research", f"Say {fault}.", stream=True)


def _session(base_url: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(base_url, timeout=aiohttp.ClientTimeout(total=60.0))


def _who(app: str, env: str) -> dict[str, str]:
    return {"authorization": f"Bearer {KEY}", "content-type": "application/json", "x-tidegate-app": app, "x-tidegate-env": env}


async def _post(
    to: aiohttp.ClientSession, path: str, body: dict[str, Any], app: str, env: str, *, session: str, prompt: str = "", leave: float | None = None
) -> None:
    """One call to its end, however it ends. leave: the client goes after so many seconds."""
    headers = _who(app, env) | {"x-tidegate-session": session} | ({"x-tidegate-prompt": prompt} if prompt else {})
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with asyncio.timeout(leave), to.post(path, json=body, headers=headers) as reply:
            await reply.read()
