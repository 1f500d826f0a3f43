"""`make soak`: does any process grow? Half an hour of traffic of which a third goes wrong, guards on, the store restarted, the collector failing.

    python -m tests.bench.soak [--minutes 30] [--share 0.6 | --rate 80] [--workers 1] [--spare-store] [--json soak.json] [--check]

Every process of the gate is looked at every five seconds: resident memory, files, threads. After a warm-up of a third of the time, a slope per hour is taken by
Theil-Sen over medians of half minutes, with its 95 % interval (tests/support/slopes.py); of files and threads, which come and go with the work, over the least of each half minute. A process grows if the interval lies above what is allowed (5 % of its
memory an hour, at least 4 MB; 20 files; 2 threads). The store is killed every few minutes: of it, the last minute of each life counts. With
--spare-store it is only frozen after the warm-up, and its last life is looked at as the other processes are.

What goes wrong, all the time: errors of providers (500, 429), resets, cut and broken streams, error events, pages of HTML, redirects, silence before and in
a reply (timeouts of 2 s), a closed port; clients that leave before the head and in the middle; requests that rules mask and block; bad JSON, too large bodies,
unknown paths, junk in the place of HTTP; models and apps that nobody has heard of. Now and then: kill -9 of the store; the provider away; the collector
refusing, or silent. At the end all records must be accounted for. Exit code 1 with --check if anything grows, 2 if the run is worth nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp

from tests.support.gate import RunningGate, free_port
from tests.support.slopes import Held, Point, Slope, blocks, children, held, slope

SAMPLE_S, BLOCK_S = 5.0, 30.0
WARM_UP = 1 / 3
ALLOWED: dict[str, Callable[[float], float]] = {"rss": lambda level: max(4.0, 0.05 * level), "fds": lambda level: 20.0, "threads": lambda level: 2.0}
MEASURED_S = 10.0  # of full load, to know what the machine bears
FULL_CLIENTS = 32
LEAVES_AFTER_S = 0.15
SETTLED_S = 900.0  # a machine that is busy with other things records late
KEY = "sk-simulated-" + "0123456789"
MORE = """guardrails:
  - {{name: mask, apps: masked, on: [request, reply], detector: pii, action: mask, tier: patterns}}
  - {{name: block, apps: blocked, on: [request, reply], detector: secrets, action: block}}
record: {{hold_s: 60, segment_bytes: 4194304}}
telemetry: {{otlp_endpoint: "{collector}"}}
drift: {{enabled: false}}
"""
FAULTS = ("sim-500", "sim-429", "sim-503", "sim-cut", "sim-truncate", "sim-error-event", "sim-html-200", "sim-empty", "sim-redirect", "sim-hang", "sim-stall")
# Shares of a hundred calls; "fault" is any of FAULTS in turn, the silent ones among them.
MIX = {"well": 62, "fault": 14, "leaves": 5, "masked": 5, "blocked": 3, "invented": 3, "json": 2, "large": 1, "lost": 1, "junk": 1, "closed": 3}
DIALECTS = ("openai", "anthropic", "gemini")


# ---------------------------------------------------------------------- what is around the gate


class Collector:
    """A collector by turns well, refusing and silent. It keeps nothing."""

    def __init__(self) -> None:
        self.mood = "well"
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                if collector.mood == "silent":
                    time.sleep(12.0)  # longer than an exporter waits
                self.send_response(503 if collector.mood == "refusing" else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Not on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, name="collector", daemon=True).start()


class Provider:
    """The simulated provider in a process that can be taken away."""

    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "gateway.demo.provider", "--port", str(self.port), "--speed", "0.02"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


# ---------------------------------------------------------------------- the load


@dataclass
class Load:
    """Calls at a steady rate, an open loop. came: statuses and exceptions by sort of call."""

    base_url: str
    rate: float
    came: Counter[str] = field(default_factory=Counter)
    late: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, seconds: float) -> None:
        chance, sorts = random.Random(7), self._sorts()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=30)) as session:
            due = time.monotonic()
            until = due + seconds
            for number in itertools.count():
                if due >= until:
                    break
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if len(self._tasks) < 2000:
                    task = asyncio.create_task(self._call(session, next(sorts), number, chance))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                else:
                    self.late += 1
                due += 1 / self.rate
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    @staticmethod
    def _sorts() -> Iterator[str]:
        sorts, order = [sort for sort, share in MIX.items() for _ in range(share)], random.Random(11)
        while True:
            order.shuffle(sorts)
            yield from sorts

    async def _call(self, session: aiohttp.ClientSession, sort: str, number: int, chance: random.Random) -> None:
        try:
            came = await (_junk(self.base_url) if sort == "junk" else self._post(session, sort, number, chance))
        except (aiohttp.ClientError, TimeoutError, OSError) as e:
            came = type(e).__name__
        self.came[f"{sort} {came}"] += 1

    async def _post(self, session: aiohttp.ClientSession, sort: str, number: int, chance: random.Random) -> str:
        dialect, streamed = DIALECTS[number % 3], chance.random() < 0.6
        path, body, headers = call(dialect, streamed, sort, number)
        if sort != "leaves":
            async with session.post(self.base_url + path, data=body, headers=headers) as answer:
                await answer.read()
                return str(answer.status)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVES_AFTER_S * chance.random() * 2), session.post(self.base_url + path, data=body, headers=headers) as answer:
                await answer.content.readany()
                answer.close()
        return "left"


def call(dialect: str, streamed: bool, sort: str, number: int) -> tuple[str, bytes, dict[str, str]]:
    """Path, body and headers of a call."""
    text = {
        "fault": f"{FAULTS[number % len(FAULTS)]} {number}", "leaves": f"sim-slow {number}", "masked": f"sim-echo mail to jo.vance{number % 97}@plumbago-works.net, twice",
        "blocked": "my key is " + "AKIA" + f"Q7ZP3M5KX2WN4T{number % 90 + 10}",
    }.get(sort, f"What is the way to return parcel {number}? " + "It came broken. " * (number % 40))  # fmt: skip
    invented = sort == "invented"
    model = f"made-up-{number}" if invented else {"openai": "gpt-4o-mini", "anthropic": "claude-sonnet-4-6", "gemini": "gemini-2.0-flash"}[dialect]
    headers = {
        "authorization": f"Bearer {KEY}", "x-api-key": KEY, "x-goog-api-key": KEY, "anthropic-version": "2023-06-01", "content-type": "application/json",
        "x-tidegate-app": f"app-{number}" if invented else sort if sort in ("masked", "blocked") else "shop", "x-tidegate-user": f"user-{number}",
    }  # fmt: skip
    fields: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": text}], "max_tokens": 300, "stream": streamed}
    path = "/v1/messages" if dialect == "anthropic" else "/v1/chat/completions"
    if dialect == "gemini":
        fields = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
        path = f"/v1beta/models/{model}:" + ("streamGenerateContent?alt=sse" if streamed else "generateContent")
    body = json.dumps(fields).encode()
    if sort == "json":
        body = body[: 5 + number % (len(body) - 5)]
    elif sort == "large":
        body += b" " * 300_000
    return {"lost": f"/nobody/{number}", "closed": "/closed/v1/chat/completions"}.get(sort, path), body, headers


async def _junk(base_url: str) -> str:
    host, _, port = base_url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\x16\x03\x01 junk")
    with contextlib.suppress(OSError):
        await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return "answered"


async def bears(base_url: str) -> float:
    """Calls a second in a closed loop of well-behaved ones."""
    done = 0
    until = time.monotonic() + MEASURED_S

    async def client(session: aiohttp.ClientSession, first: int) -> None:
        nonlocal done
        for number in itertools.count(first, FULL_CLIENTS):
            if time.monotonic() >= until:
                return
            path, body, headers = call(DIALECTS[number % 3], number % 5 < 3, "well", number)
            async with session.post(base_url + path, data=body, headers=headers) as answer:
                await answer.read()
            done += 1

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(client(session, first) for first in range(FULL_CLIENTS)))
    return done / MEASURED_S


# ---------------------------------------------------------------------- what happens now and then


def disturb(gate: RunningGate, provider: Provider, collector: Collector, seconds: float, over: threading.Event, *, kills_s: float) -> Counter[str]:
    """Until it is over: a dozen disturbances of each sort in a run, evenly. kills_s: after which the store is no longer killed, but frozen instead."""
    done: Counter[str] = Counter()
    ends_at = time.monotonic() + kills_s
    pause = max(5.0, seconds / 36)
    for kind in itertools.cycle(("store killed", "provider away", "collector refusing", "store frozen", "collector silent", "collector well")):
        if over.wait(pause):
            return done
        if kind == "store killed" and time.monotonic() > ends_at:
            kind = "store frozen"
        done[kind] += 1
        if kind.startswith("collector"):
            collector.mood = kind.split()[1]
        elif kind == "provider away":
            provider.stop()
            over.wait(min(pause, 3.0))
            provider.start()
        else:
            pid = gate.processes().get("store")
            with contextlib.suppress(ProcessLookupError, TypeError):
                os.kill(pid, signal.SIGKILL if kind == "store killed" else signal.SIGSTOP)  # type: ignore[arg-type]
                over.wait(min(pause, 10.0))
                os.kill(pid, signal.SIGCONT)  # type: ignore[arg-type]
    return done


# ---------------------------------------------------------------------- memory


class Watch:
    """Samples by process. A process is its name in the tree and, of children of those, their number; lives: pids in order."""

    def __init__(self, gate: RunningGate) -> None:
        self.samples: dict[str, dict[int, list[tuple[float, Held]]]] = {}
        self._gate, self._began = gate, time.monotonic()

    def look(self) -> None:
        at = time.monotonic() - self._began
        with contextlib.suppress(OSError, ValueError):
            named = self._gate.processes()
            known = set(named.values())
            for name, pid in named.items():
                below = [] if name == "supervisor" else [child for child in children(pid) if child not in known]
                for each, called in ((pid, name), *((child, f"{name}/{number}") for number, child in enumerate(below))):
                    if (found := held(each)) is not None:
                        self.samples.setdefault(called, {}).setdefault(each, []).append((at, found))

    def until(self, over: threading.Event) -> None:
        while not over.wait(SAMPLE_S):
            self.look()


def judged(lives: dict[int, list[tuple[float, Held]]], what: str, warm_up_s: float) -> Slope | None:
    """The slope of `what`; None: there is too little of it. Of several lives the last, if it has lasted since the warm-up; else the last minute of each is a point."""
    series: list[list[Point]] = [[(at, float(getattr(found, what))) for at, found in life] for life in lives.values()]
    if series[-1][0][0] <= warm_up_s:
        points = blocks([point for point in series[-1] if point[0] >= warm_up_s], BLOCK_S, median if what in ("rss", "anonymous") else min)
    else:
        ends = [[point for point in life if point[0] > life[-1][0] - 60.0] for life in series if life[-1][0] - life[0][0] >= 30.0]
        points = [found for life in ends for found in blocks(life, 1e9)]
    return slope(points) if len(points) >= 2 else None


def table(watch: Watch, warm_up_s: float) -> tuple[list[str], list[dict[str, Any]], bool]:
    """Lines to print, the same as values, and whether anything grows."""
    lines = [f"{'process':16} {'lives':>5} {'MB':>8} {'MB/h':>8} {'95 % interval':>20} {'allowed':>8}  memory   files  threads"]
    found: list[dict[str, Any]] = []
    for name, lives in watch.samples.items():
        slopes = {what: judged(lives, what, warm_up_s) for what in ("rss", "anonymous", "fds", "threads")}
        rss = slopes["rss"]
        if rss is None:
            lines.append(f"{name:16} {len(lives):5} too short to tell")
            continue
        said = {what: one.verdict(allowed(one.level)) if one is not None else "unsure" for what, allowed in ALLOWED.items() for one in (slopes[what],)}
        interval = f"{rss.low:+.1f} .. {rss.high:+.1f}"
        lines.append(f"{name:16} {len(lives):5} {rss.level:8.1f} {rss.value:+8.2f} {interval:>20} {ALLOWED['rss'](rss.level):8.1f}  {said['rss']:7}  {said['fds']:5}  {said['threads']}")
        found.append({"process": name, "lives": len(lives), "verdicts": said, "slopes": {what: asdict(one) for what, one in slopes.items() if one is not None}})
    return lines, found, any("grows" in each["verdicts"].values() for each in found)


# ---------------------------------------------------------------------- the run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description="Does any process of the gate grow?")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--share", type=float, default=0.6, help="of the load that the machine bears, as measured at the beginning")
    parser.add_argument("--rate", type=float, help="calls a second, in the place of a share")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--spare-store", action="store_true", help="do not kill the store after the warm-up: its growth can then be told")
    parser.add_argument("--json", type=Path, default=Path("soak.json"))
    parser.add_argument("--check", action="store_true", help="exit code 1 if anything grows")
    args = parser.parse_args()
    provider, collector = Provider(), Collector()
    try:
        with tempfile.TemporaryDirectory(prefix="tidegate-soak-") as directory:
            return _run(args, Path(directory), provider, collector)
    finally:
        provider.stop()


def _run(args: argparse.Namespace, directory: Path, provider: Provider, collector: Collector) -> int:
    seconds = args.minutes * 60
    at = f'base_url: "http://127.0.0.1:{provider.port}", allow_private: true, timeouts: {{connect_s: 2, first_byte_s: 2, idle_s: 2, total_s: 30}}'
    providers = [f"  {name}: {{dialect: {name}, {at}}}" for name in DIALECTS] + [f'  closed: {{dialect: openai, base_url: "http://127.0.0.1:{free_port()}", allow_private: true}}']
    server = f"workers: {args.workers}, max_body_bytes: 262144"
    with RunningGate(directory / "gate", "\n".join(providers), more=MORE.format(collector=collector.url), server=server) as gate:
        rate = args.rate or args.share * asyncio.run(bears(gate.base_url))
        print(f"{rate:.0f} calls a second for {args.minutes:g} minutes, {args.workers} workers", flush=True)
        watch, load, over = Watch(gate), Load(gate.base_url, rate), threading.Event()
        disturbed: list[Counter[str]] = []
        threads = [threading.Thread(target=watch.until, args=(over,)), threading.Thread(target=lambda: disturbed.append(disturb(gate, provider, collector, seconds, over, kills_s=seconds * (WARM_UP * 0.8 if args.spare_store else 1))))]
        for thread in threads:
            thread.start()
        try:
            asyncio.run(load.run(seconds))
        finally:
            over.set()
            for thread in threads:
                thread.join()
        collector.mood = "well"
        restarted = [name for name, lives in watch.samples.items() if len(lives) > 1 and not name.startswith("store")]
        lines, found, grows = table(watch, seconds * WARM_UP)
        print("\n".join(lines), flush=True)
        try:
            records = gate.settle(within_s=SETTLED_S)
        except AssertionError:
            records = gate.records()
    print(f"{sum(load.came.values())} calls, {load.late} not made; {dict(disturbed[0])}; records {records}; restarted besides the store: {restarted or 'none'}")
    samples = {name: {str(pid): [(round(at, 1), asdict(one)) for at, one in life] for pid, life in lives.items()} for name, lives in watch.samples.items()}
    result = {"rate": rate, "minutes": args.minutes, "workers": args.workers, "came": dict(load.came), "records": records, "disturbed": dict(disturbed[0]), "processes": found, "samples": samples}
    args.json.write_text(json.dumps(result) + "\n")
    if records.get("accepted") != sum(records.get(state, 0) for state in ("stored", "quarantined", "dropped")) or restarted:
        print("worth nothing: records are missing, or processes were started anew that nobody killed", file=sys.stderr)
        return 2
    return 1 if args.check and grows else 0


if __name__ == "__main__":
    sys.exit(main())
