"""What is measured: the provider itself, the bare proxy, the gate; started, pinned, held still, and asked for CPU time and memory.

Rules of this file: proxies, with every process they start, run on PROXY_CPU; mock and load generators on LOAD_CPU. While one target is measured
the others are stopped (SIGSTOP), so nobody pays for a neighbour's housekeeping. Only processes started here are signalled.

CPU time is the kernel's per-process clock (`clock_getcpuclockid(3)`): the nanoseconds that /proc/PID/task/*/schedstat show, summed by
the kernel over all threads, those that have ended included, which a sum over the directory would miss.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_CPUS = sorted(os.sched_getaffinity(0))
PROXY_CPU, LOAD_CPU = _CPUS[0], _CPUS[min(1, len(_CPUS) - 1)]
PR_SET_PDEATHSIG = 1
CONFIGURATION = """\
server: {{listen: "127.0.0.1:{port}", admin: "127.0.0.1:{admin}", workers: {workers}, max_inflight: {inflight}, max_body_bytes: 67108864}}
data_dir: {data_dir}
providers:
  openai: {{dialect: openai, base_url: "http://127.0.0.1:{mock}", key: sk-provider, allow_private: true}}
store: {{url: embedded, content: {content}}}
"""
GUARDS = """\
guardrails:
  - {name: secrets, detector: secrets, on: [request, reply], action: block}
  - {name: pii, detector: pii, on: [request, reply], kinds: [EMAIL_ADDRESS, IBAN_CODE, US_SSN, IP_ADDRESS], action: mask, tier: patterns}
"""


class BenchError(Exception):
    """The bench cannot go on, or what it measured is worth nothing."""


def cpu_ns(pid: int) -> int:
    """CPU time of a process and all its threads so far. Raises ProcessLookupError."""
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)  # CPUCLOCK_SCHED, as clock_getcpuclockid composes it
    except OSError as e:
        raise ProcessLookupError(pid) from e


def rss_mb(pid: int) -> float:
    """Resident memory, MB of 10^6 bytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def start(command: list[str], cpus: set[int], **options: Any) -> subprocess.Popen[str]:
    """Start a program on these CPUs, in a session of its own. It gets SIGTERM if this process dies, however it dies."""
    library = ctypes.CDLL(None)

    def place() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        os.sched_setaffinity(0, cpus)

    return subprocess.Popen(command, text=True, start_new_session=True, preexec_fn=place, **options)


def python(script: str, *arguments: str) -> list[str]:
    return [sys.executable, str(HERE / script), *arguments]


def end(process: subprocess.Popen[str], within_s: float = 10.0) -> None:
    """SIGTERM, then SIGKILL."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.terminate()
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Mock:
    """The mock provider."""

    def __init__(self) -> None:
        self._process = start(python("mock.py"), {LOAD_CPU}, stdout=subprocess.PIPE)
        self.port = _port_of(self._process)

    def counts(self) -> dict[str, int]:
        """Its own counters, see mock.py."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as reply:
            counts: dict[str, int] = json.load(reply)
        return counts

    def stop(self) -> None:
        end(self._process)


class Load:
    """A load generator that waits for jobs."""

    def __init__(self) -> None:
        self._process = start(python("load.py"), {LOAD_CPU}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def begin(self, **job: Any) -> Callable[[], dict[str, Any]]:
        """Start a job (the fields of load.Job). What comes back waits for its result, and raises BenchError if a reply was not whole."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        output = self._process.stdout

        def wait() -> dict[str, Any]:
            line = output.readline()
            if not line:
                raise BenchError(f"the load generator died on {job}; its error stands above")
            result: dict[str, Any] = json.loads(line)
            if result["failures"]:
                raise BenchError(f"{result['failures']} failures: {result['reasons']} in {job}")
            return result

        return wait

    def do(self, **job: Any) -> dict[str, Any]:
        """Do a job and wait for its result."""
        return self.begin(**job)()

    def stop(self) -> None:
        end(self._process)


class Direct:
    """No proxy at all: what the harness itself takes."""

    name = "direct"
    key = "sk-bench"
    sent = 0  # exchanges, by whoever loads it

    def __init__(self, mock: Mock) -> None:
        self.port = mock.port

    def pids(self) -> dict[str, int]:
        """Processes by role."""
        return {}

    def hold(self) -> None:
        """Stop all its processes until `go`."""
        for pid in self.pids().values():
            os.kill(pid, signal.SIGSTOP)

    def go(self) -> None:
        for pid in self.pids().values():
            os.kill(pid, signal.SIGCONT)

    def cpu(self) -> dict[str, int]:
        """CPU time by role, ns."""
        return {role: cpu_ns(pid) for role, pid in self.pids().items()}

    def rss(self) -> dict[str, float]:
        """Resident memory by role, MB."""
        return {role: rss_mb(pid) for role, pid in self.pids().items()}

    def settle(self) -> float:
        """Wait until nothing is left to do in the background. Returns how long that took, s."""
        return 0.0

    def stop(self) -> None:
        pass


class Bare(Direct):
    """bare.py."""

    name = "bare aiohttp"

    def __init__(self, mock: Mock) -> None:
        self._process = start(python("bare.py", "--upstream", f"http://127.0.0.1:{mock.port}"), {PROXY_CPU}, stdout=subprocess.PIPE)
        self.port = _port_of(self._process)

    def pids(self) -> dict[str, int]:
        return {"worker": self._process.pid}

    def stop(self) -> None:
        end(self._process)


class Gate(Direct):
    """Tidegate as `tidegate serve` runs it: one worker, recorder, console, embedded store; a gateway key shown with every request."""

    name = "tidegate"
    START_S, SETTLE_S = 60.0, 600.0  # given up: recorder and store are nicer than everything else on a machine
    content, guards = "full", ""
    workers, inflight = 1, 4096
    cpus = frozenset({PROXY_CPU})

    def __init__(self, mock: Mock, directory: Path) -> None:
        self.port = _free_port()
        self.data_dir = directory / "data"
        config = directory / "tidegate.yaml"
        of = {"content": self.content, "workers": self.workers, "inflight": self.inflight}
        config.write_text(CONFIGURATION.format(port=self.port, admin=_free_port(), data_dir=self.data_dir, mock=mock.port, **of) + self.guards)
        command = [sys.executable, "-m", "gateway"]
        made = subprocess.run([*command, "keys", "add", f"bench-{os.urandom(3).hex()}", "--app", "bench", "--json", "--config", str(config)], cwd=ROOT, capture_output=True, text=True, check=False)
        if made.returncode:
            raise BenchError(f"no gateway key: {made.stderr}")
        self.key = json.loads(made.stdout)["key"]
        self.log = str(directory / "gate.log")
        began = time.monotonic()
        with open(self.log, "w") as log:
            self._process = start([*command, "serve", "--config", str(config)], set(self.cpus), cwd=ROOT, stdout=log, stderr=log)
        self._pids: dict[str, int] = {}
        try:
            self._until(self._serves, self.START_S, "does not serve")
            self.ready_s = time.monotonic() - began
            self._until(self._records, self.START_S, "does not record")
        except BaseException:
            self.stop()
            raise
        self._pids = self._living()

    def pids(self) -> dict[str, int]:
        return self._pids

    def check(self) -> None:
        """Raise BenchError if a process was restarted: its figures are those of two."""
        if self._living() != self._pids:
            raise BenchError(f"a process of the gate was restarted: {self._pids} became {self._living()}; see {self.log}")

    def state(self) -> dict[str, Any]:
        """The recorder's own account; empty while it cannot be asked."""
        try:
            with contextlib.closing(_Local(self.data_dir / "run" / "recorder.sock")) as recorder:
                recorder.request("GET", "/state")
                state: dict[str, Any] = json.loads(recorder.getresponse().read())
            return state
        except OSError:
            return {}

    def settle(self) -> float:
        """Wait until every exchange that was sent is stored, once. Raises BenchError if one is lost, doubled, or it takes for ever."""
        began = time.monotonic()
        self._until(self._stored, self.SETTLE_S, "did not store what it relayed")
        return time.monotonic() - began

    def idle_cpu(self, seconds: float) -> dict[str, float]:
        """Share of a CPU that each process takes when nothing is asked of it."""
        before = self.cpu()
        time.sleep(seconds)
        return {role: (ns - before[role]) / 1e9 / seconds for role, ns in self.cpu().items()}

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.go()
        end(self._process, 30.0)

    def _serves(self) -> bool:
        return self._get(self.port, "/-/ready") != ""

    def _records(self) -> bool:
        state = self.state()
        return bool(state and state["caught_up"] and state["store_up"])

    def _stored(self) -> bool:
        state = self.state()
        if state and (state["quarantined"] or any(state["dropped"].values()) or state["stored"] > self.sent):
            raise BenchError(f"{self.sent} exchanges were sent, the recorder says {state}; see {self.log}")
        return bool(state) and state["stored"] == self.sent

    def _until(self, so: Callable[[], bool], within_s: float, what: str) -> None:
        deadline = time.monotonic() + within_s
        while not so():
            if self._process.poll() is not None:
                raise BenchError(f"the gate ended with code {self._process.returncode}:\n{Path(self.log).read_text()[-3000:]}")
            if time.monotonic() > deadline:
                raise BenchError(f"the gate {what} within {within_s:g} s (recorder: {self.state()}):\n{Path(self.log).read_text()[-3000:]}")
            time.sleep(0.2)  # asking costs the recorder CPU time that is counted

    def _living(self) -> dict[str, int]:
        state = json.loads((self.data_dir / "run" / "supervisor.json").read_text())
        named = {p["name"].removesuffix("-0"): p["pid"] for p in state["processes"] if p["pid"]}
        return {"supervisor": self._process.pid} | named

    @staticmethod
    def _get(port: int, path: str) -> str:
        """The body of a 200; "" otherwise."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
                return str(reply.read().decode())
        except OSError:
            return ""


class GuardedGate(Gate):
    """The same with pattern guards enforced on requests and replies, and the record redacted. What it relays holds nothing to find."""

    name = "tidegate guarded"
    content, guards = "redacted", GUARDS


class _Local(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=5)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise BenchError(f"{process.args!r} did not start; its error stands above")
    return int(json.loads(line)["port"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
