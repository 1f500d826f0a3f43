"""A whole gate as its users run it: `tidegate serve` in processes of its own, with its embedded ClickHouse, on free ports of loopback.

    with RunningGate(tmp_path, providers_yaml) as gate:
        httpx.post(gate.base_url + "/v1/...")
        row = gate.row(request_id)

For tests that live in one event loop and need no store, tests/support/proxy.py is quicker.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from gateway.commands import stored
from gateway.config import load

START_S, ROW_S = 60.0, 60.0
CALM_S = 0.5  # the recorder looks for frames many times in that


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningGate:
    """providers: YAML of the providers mapping's content, indented by two. more: further top-level YAML. server: items of the server mapping."""

    def __init__(self, root: Path, providers: str, *, more: str = "", server: str = "workers: 1", environment: dict[str, str] | None = None) -> None:
        self.root, self.data_dir = root, root / "data"
        self.port, self.admin_port = free_port(), free_port()
        self.config = root / "tidegate.yaml"
        root.mkdir(parents=True, exist_ok=True)
        self.config.write_text(
            f"server: {{listen: 127.0.0.1:{self.port}, admin: 127.0.0.1:{self.admin_port}, {server}}}\ndata_dir: data\nproviders:\n{providers}\n{more}"
        )
        self.log = root / "log.txt"
        self._environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin_url(self) -> str:
        return f"http://127.0.0.1:{self.admin_port}"

    # ------------------------------------------------------------------ life

    def launch(self) -> None:
        """Start the processes; do not wait."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "serve", "--config", str(self.config)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, start_new_session=True,
            )

    def start(self) -> RunningGate:
        self.launch()
        try:
            self.await_up()
        except BaseException:
            self.__exit__()  # nobody else will: a block whose beginning fails has no end
            raise
        return self

    def await_up(self, *, store: bool = True) -> None:
        """Until apps are served and, if asked, the recorder has reached the store."""
        assert self.process is not None
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            if self.get(f"{self.base_url}/-/ready") is not None and (not store or "tidegate_store_up 1.0" in self.metrics()):
                return
            time.sleep(0.1)  # a look costs the gate some 5 ms, while it needs its time to start
        raise AssertionError(f"not up within {START_S} s:\n{self.log.read_text()[-4000:]}")

    def stop(self, *, within_s: float = 60.0) -> int:
        """SIGTERM and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within_s)

    def __enter__(self) -> RunningGate:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        if self.process is not None and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()  # its children get SIGTERM from the kernel
                self.process.wait()

    def processes(self) -> dict[str, int]:
        """Pids by name of the processes that run now: supervisor, store, worker-0, recorder, console."""
        state = json.loads((self.data_dir / "run" / "supervisor.json").read_text())
        found = {p["name"]: p["pid"] for p in state["processes"] if p["pid"] is not None}
        return {"supervisor": state["pid"], **found}

    # ------------------------------------------------------------------ what it says

    def get(self, url: str, timeout: float = 5.0) -> bytes | None:
        """The body of a 200, else None."""
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=timeout) as answer:
                return answer.read() if answer.status == 200 else None
        except OSError:
            return None

    def metrics(self) -> str:
        return (self.get(f"{self.admin_url}/metrics") or b"").decode()

    def metrics_with(self, line: str, *, within_s: float = ROW_S) -> str:
        """The same, once that line is there: what another thread counts when it is done is there a little later than what it did."""
        deadline = time.monotonic() + within_s
        while line not in (page := self.metrics()).splitlines():
            assert time.monotonic() < deadline, f"no {line} in\n{page}"
            time.sleep(0.05)
        return page

    def records(self) -> dict[str, int]:
        """tidegate_records_total by state; empty while the recorder is away."""
        found: dict[str, int] = {}
        for line in self.metrics().splitlines():
            if line.startswith("tidegate_records_total{"):
                state = line.partition('state="')[2].partition('"')[0]
                found[state] = found.get(state, 0) + int(float(line.rpartition(" ")[2]))
        return found

    def settle(self, *, at_least: int = 0, within_s: float = 60.0) -> dict[str, int]:
        """Wait until everything accepted is stored, quarantined or dropped, and that at least `at_least` were. 0: of an unknown number, so nothing more may have come for CALM_S."""
        deadline, before, since = time.monotonic() + within_s, -1, 0.0
        while True:
            records = self.records()
            done = sum(records.get(state, 0) for state in ("stored", "quarantined", "dropped"))
            if done != before:
                before, since = done, time.monotonic()
            if records and records["accepted"] == done >= max(1, at_least) and (at_least or time.monotonic() - since > CALM_S):
                return records
            assert time.monotonic() < deadline, f"not settled: {records}\n{self.log.read_text()[-4000:]}"
            time.sleep(0.05)

    def answer(self, query: str) -> bytes:
        """What `tidegate sql --format JSONEachRow` prints, by the same way but without a process for each question."""
        out = io.BytesIO()
        stored.stream(stored.target(load(self.config, needs_secrets=False)).reader(), query, out, {"default_format": "JSONEachRow"})
        return out.getvalue()

    def sql(self, query: str) -> list[dict[str, Any]]:
        """`tidegate sql`'s rows."""
        return [json.loads(line) for line in self.answer(query).splitlines()]

    def row(self, request_id: str, *, within_s: float = ROW_S) -> dict[str, Any]:
        """The whole row of an exchange, by its x-tidegate-request-id, once it is there."""
        deadline = time.monotonic() + within_s
        while True:
            found = self.get(f"{self.admin_url}/api/exchanges/{request_id}")
            if found is not None:
                return json.loads(found)
            assert time.monotonic() < deadline, f"no row for {request_id}\n{self.log.read_text()[-4000:]}"
            time.sleep(0.05)
