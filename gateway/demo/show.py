"""The demo: everything that a real installation has, on this machine, with a simulated provider in the place of the real ones.

It runs the commands that a user would: `tidegate serve` on a configuration file, traffic through the official SDKs with a changed base URL,
`tidegate sql` to look at what was recorded. Nothing in it is special to the demo but the provider. Its files are in `.tidegate-demo/` and are
made anew by each run, so that they can be looked at afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.errors import StartError

HOME = Path(".tidegate-demo")
READY_S, SETTLE_S, STOP_S, ASKED_S = 60.0, 30.0, 40.0, 300.0
WATCHED = "shop-assistant"  # users of it ask for refunds in Spanish, which its team never tested
BY_APP = """
SELECT app, env, provider, count() AS exchanges, countIf(outcome != 'ok') AS not_ok, sum(input_tokens) AS input, sum(output_tokens) AS output,
       sum(cost_usd) AS usd, round(quantile(0.5)(duration_s), 3) AS p50_s, round(quantile(0.9)(duration_s), 3) AS p90_s
FROM exchanges GROUP BY app, env, provider ORDER BY app, env, provider"""
LATEST = """
SELECT formatDateTime(started_at, '%H:%i:%S') AS at, app, request_model AS model, outcome, verdict, input_tokens AS input, output_tokens AS output, cost_usd AS usd,
       round(duration_s, 3) AS seconds, round(overhead_s * 1000, 2) AS overhead_ms, substring(replaceAll(prompt_text, '\\n', ' '), 1, 48) AS prompt
FROM exchanges ORDER BY started_at DESC LIMIT 8"""
FOUND = """
SELECT direction, detector, kind, action, sum(n) AS found, count() AS exchanges FROM exchanges
ARRAY JOIN findings.direction AS direction, findings.detector AS detector, findings.kind AS kind, findings.action AS action, findings.count AS n
GROUP BY direction, detector, kind, action ORDER BY found DESC LIMIT 8"""
TOTALS = "SELECT count() AS exchanges, countIf(outcome = 'ok') AS ok, sum(cost_usd) AS usd, countIf(cost_usd IS NULL AND outcome = 'ok' AND usage_source != '') AS without_price FROM exchanges"


class Demo:
    """One run."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.home = HOME.absolute()
        self.provider_port = _free(0)
        self.port, self.admin_port = _free(8080), _free(8081)
        self._config = self.home / "tidegate.yaml"

    def say(self, text: str) -> None:
        if not self._quiet:
            print(text, flush=True)

    def prepare(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(mode=0o700)
        upstream = f"http://127.0.0.1:{self.provider_port}"
        self._config.write_text(
            f"server: {{listen: 127.0.0.1:{self.port}, admin: 127.0.0.1:{self.admin_port}}}\n"
            "data_dir: data\n"
            "providers:  # one simulated provider speaks all three dialects; prices_as: what the real ones charge\n"
            f"  openai:    {{dialect: openai, base_url: {upstream}, allow_private: true, prices_as: openai}}\n"
            f"  anthropic: {{dialect: anthropic, base_url: {upstream}, allow_private: true, prices_as: anthropic}}\n"
            f"  gemini:    {{dialect: gemini, base_url: {upstream}, allow_private: true, prices_as: google}}\n"
            "guardrails:  # mail addresses leave as <EMAIL_ADDRESS_1>, keys and passwords do not leave at all\n"
            "  - {name: mail-in, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask}\n"
            "  - {name: secrets-in, detector: secrets, on: request, action: block}\n"
            "drift: {min_rows: 40}  # what a few seconds bring\n"
        )

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Provider and gate, until the end of the block."""
        with open(self.home / "log.txt", "wb") as log:
            provider = _spawn(["gateway.demo.provider", "--port", str(self.provider_port)], log)
            gate = _spawn(["gateway", "serve", "--config", str(self._config)], log)
            try:
                self._await_ready(gate)
                yield
            finally:
                for process in (gate, provider):
                    process.send_signal(signal.SIGTERM)
                for process in (gate, provider):
                    try:
                        process.wait(STOP_S)
                    except subprocess.TimeoutExpired:
                        process.kill()
                        process.wait()

    def _await_ready(self, gate: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if gate.poll() is not None:
                raise StartError(f"the gate ended at its start; {self.home / 'log.txt'} says why")
            if _answers(f"http://127.0.0.1:{self.port}/-/ready") and _answers(f"http://127.0.0.1:{self.admin_port}/-/ready") and self._records() is not None:
                return
            time.sleep(0.1)
        raise StartError(f"the gate was not ready within {READY_S:g} s; {self.home / 'log.txt'} says why")

    def _records(self) -> dict[str, float] | None:
        """tidegate_records_total by state, None while the recorder is not up or the store not reached."""
        try:
            with _open(f"http://127.0.0.1:{self.admin_port}/metrics") as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return None
        if "tidegate_store_up 1.0" not in lines:
            return None
        found: dict[str, float] = {}
        for line in lines:
            if line.startswith("tidegate_records_total{"):
                name, _, value = line.rpartition(" ")
                state = name.partition('state="')[2].partition('"')[0]
                found[state] = found.get(state, 0.0) + float(value)
        return found

    def settle(self) -> dict[str, float]:
        """Wait until everything accepted is stored; what was counted in the end, settled or not."""
        deadline = time.monotonic() + SETTLE_S
        while True:
            records = self._records() or {}
            if records.get("accepted", 0) > 0 and records.get("accepted") == records.get("stored", 0) + records.get("quarantined", 0) + records.get("dropped", 0):
                return records
            if time.monotonic() > deadline:
                return records
            time.sleep(0.1)

    def sql(self, query: str, form: str) -> str:
        """`tidegate sql`, as a user would call it."""
        return self._asked(["sql", "--format", form, query])

    def drift(self, *options: str) -> str:
        """`tidegate drift run`, as a user would call it; after a few seconds of traffic it may say that there was too little."""
        return self._asked(["drift", "run", "--app", WATCHED, *options], fine=(0, 1))

    def _asked(self, command: list[str], *, fine: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run([sys.executable, "-m", "gateway", *command, "--config", str(self._config)], capture_output=True, text=True, timeout=ASKED_S)
        if done.returncode not in fine:
            raise StartError(f"tidegate {command[0]} failed: {done.stderr.strip()}")
        return done.stdout.rstrip("\n")


def run(*, seconds: float, as_json: bool, exit_after: bool) -> int:
    """The demo. Returns the exit code: 0 if every exchange sent was recorded. Raises StartError."""
    try:
        from gateway.demo import traffic  # late: needs the SDKs
    except ImportError as e:
        raise StartError(f"the demo sends its traffic with the official SDKs, and {e.name} is not installed: pip install 'tidegate[demo,embedded]'") from e
    demo = Demo(quiet=as_json)
    demo.prepare()
    demo.say("Starting the gate, its ClickHouse and a simulated provider ...")
    with demo.running():
        base_url = f"http://127.0.0.1:{demo.port}"
        demo.say(f"Two apps send {seconds:g} s of traffic through {base_url} with the official OpenAI, Anthropic and Google SDKs ...")
        report = asyncio.run(traffic.run(base_url, seconds))
        records = demo.settle()
        totals: dict[str, Any] = json.loads(demo.sql(TOTALS, "JSONEachRow"))
        whole = records.get("accepted") == float(totals["exchanges"]) and int(totals["exchanges"]) > 0
        if as_json:
            apps = [json.loads(line) for line in demo.sql(BY_APP, "JSONEachRow").splitlines()]
            moved = json.loads(demo.drift("--json"))
            print(json.dumps({"sent": report.total, "records": records, "totals": totals, "by_app": apps, "drift": moved, "complete": whole}), flush=True)
        else:
            demo.say("\nWhat was recorded, by app, env and provider:\n" + demo.sql(BY_APP, "PrettyCompactMonoBlock"))
            demo.say("\nThe latest exchanges:\n" + demo.sql(LATEST, "PrettyCompactMonoBlock"))
            demo.say("\nWhat the guards found (log: what was masked in the record alone):\n" + (demo.sql(FOUND, "PrettyCompactMonoBlock") or "nothing"))
            demo.say(f"\nDoes {WATCHED} in production look like what its team tested?\n{demo.drift()}")
            verdict = "every exchange that was accepted is a row" if whole else "NOT every exchange that was accepted is a row"
            demo.say(f"\n{totals['exchanges']} rows for {records.get('accepted', 0):.0f} accepted exchanges: {verdict}.")
        if not exit_after:
            _stay(demo)
    return 0 if whole else 1


def _stay(demo: Demo) -> None:
    demo.say(
        f"\nThe gate stays up; Ctrl-C ends it.\n"
        f"  apps        http://127.0.0.1:{demo.port}      (/v1, /v1beta, /openai/v1 ...; any key will do)\n"
        f"  exchanges   http://127.0.0.1:{demo.admin_port}/api/exchanges\n"
        f"  metrics     http://127.0.0.1:{demo.admin_port}/metrics\n"
        f'  query       .venv/bin/tidegate sql --config {HOME}/tidegate.yaml "SELECT app, env, model, exchanges, duration_p50_s, duration_p90_s FROM latency_by_model ORDER BY ALL"\n'
        f'  guards      .venv/bin/tidegate guard try --config {HOME}/tidegate.yaml "Write to ana@example.com"\n'
        f"  drift       .venv/bin/tidegate drift run --config {HOME}/tidegate.yaml --app {WATCHED} --html drift.html\n"
        f"  health      .venv/bin/tidegate doctor --config {HOME}/tidegate.yaml"
    )
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))  # waited for, not interrupted by
    signal.sigwait((signal.SIGINT, signal.SIGTERM))
    demo.say("\nStopping ...")


def _spawn(arguments: list[str], log: Any) -> subprocess.Popen[bytes]:
    module, *rest = arguments
    return subprocess.Popen([sys.executable, "-m", module, *rest], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=os.environ.copy())


def _free(port: int) -> int:
    """`port` if nobody has it, else any free one."""
    for candidate in (port, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", candidate))
                return int(probe.getsockname()[1])
    raise StartError("no free port on 127.0.0.1")


def _open(url: str) -> Any:
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=3)


def _answers(url: str) -> bool:
    try:
        with _open(url) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
