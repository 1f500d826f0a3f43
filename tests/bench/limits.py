"""`make bench-limits`: what the gate stands, each figure beside its bar: full load, thousands of streams, large bodies, memory, start, two workers.

    python tests/bench/limits.py [--only guards,recorder,streams,bodies,memory,start,workers,lag] [--rounds 5] [--streams 5000] [--requests 100000] [--json FILE] [--check]

The targets, the traffic and the rules are those of run.py: proxies on the first processor, mock and clients on the second, one target at a time, every reply checked, every exchange
counted. Sections that put the gate elsewhere say so. Ratios are formed within a round; a figure is the median of its rounds, with their range. What a section does, and why its bar reads as it
does, stands in its docstring. --check: exit 1 if a bar is missed. 2: nothing was measured.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sections
import traffic
from figure import Figure
from limits_targets import BOTH, FullGate, ModelGate, TwoWorkers, WideGate, benched
from sections import Awake, Bench
from targets import LOAD_CPU, PROXY_CPU, Bare, BenchError, Direct, Gate, GuardedGate, Mock, cpu_ns, rss_mb

REST_S, REST_MOST_S = 60.0, 240.0
SLICES, SLICE = 5, 2000  # of the requests to one worker and to two, in turns: a slow second hits both

@contextlib.contextmanager
def _stopped(target: Direct) -> Iterator[None]:
    """All of a gate but its workers held still: what is relayed meanwhile is backlog."""
    behind = [target.pids()[role] for role in ("recorder", "store", "console")]
    for pid in behind:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in behind:
            os.kill(pid, signal.SIGCONT)


def guards(args: argparse.Namespace) -> list[Figure]:
    """1 KB asked and 1 KB answered, one open, rules with patterns enforced on both: what is added to the mock alone. And the time to a stream's first chunk, where the next comes
    5 ms later. One whose chunks come as fast as they go is told beside it, without a bar: its client, on the mock's processor, reads nothing before the mock has written all, whatever is between them."""
    added: dict[str, list[float]] = {}
    workers: dict[str, list[float]] = {}
    with benched(args, Direct, Bare, Gate, GuardedGate) as bench:
        for _ in range(args.rounds):
            found = {}
            for name, target in bench.targets.items():
                with bench.alone(target):
                    bench.ask(target, requests=50, kilobyte=True)
                    before = target.cpu()
                    whole = bench.ask(target, requests=1500, kilobyte=True)
                    if "worker" in before:
                        workers.setdefault(f"{name}: worker, us a request of 1 KB", []).append((target.cpu()["worker"] - before["worker"]) / 1e3 / 1500)
                    target.settle()
                paced, burst = sections.streams(bench, target, 20, 1, 5), sections.streams(bench, target, 100, 1, 0)
                found[name] = {
                    "1 KB p50": whole["latency_us"]["p50"],
                    "1 KB p99": whole["latency_us"]["p99"],
                    "first chunk p50": paced["first_p50_us"],
                    "first chunk of a burst p50": burst["first_p50_us"],
                    "last chunk of a burst p50": burst["whole_p50_us"],
                }
            for name, figures in found.items():
                for figure, value in figures.items():
                    added.setdefault(f"{name}: added, {figure}, ms", []).append((value - found["direct"][figure]) / 1e3)
    bars = {"tidegate guarded: added, 1 KB p50, ms": 1.0, "tidegate: added, first chunk p50, ms": 0.3}
    return [Figure(name, values, bars.get(name)) for name, values in (added | workers).items() if not name.startswith("direct")]


def recorder(args: argparse.Namespace) -> list[Figure]:
    """Streams of 64 chunks: how many a worker makes while recorder and store are stopped, and how long the recorder takes for what is left behind.

    The bar is on processor time, since each is to have a core: a worker's for a stream whose chunks come as fast as they go, which is when it makes most of them, over the recorder's for one. Beside it
    the same for chunks that come as from a model, and by the clock. `full` stores bodies as they are; redacted is the default.
    """
    found: dict[str, list[float]] = {}
    for kind, content in ((Gate, "full"), (GuardedGate, "redacted, guarded")):
        with benched(args, kind) as bench:
            target = next(iter(bench.targets.values()))
            assert isinstance(target, Gate)
            for _ in range(args.rounds):
                before = target.cpu()
                with _stopped(target):
                    paced = bench.ask(target, connections=64, requests=128, stream=True, pace_ms=20, spread_ms=20)
                    between = target.cpu()["worker"]
                    result = bench.ask(target, connections=64, requests=1500, stream=True)
                    ended = target.cpu()["worker"]
                began = time.monotonic()
                target.settle()
                drain = time.monotonic() - began
                after, count = target.cpu(), paced["requests"] + result["requests"]
                us = {role: (after[role] - before[role]) / 1e3 / count for role in ("recorder", "store")}
                burst, slow = ((to - since) / 1e3 / of["requests"] for to, since, of in ((ended, between, result), (between, before["worker"], paced)))
                made, stored = result["requests"] / result["seconds"], count / drain
                for name, value in (
                    ("recorder's rate over a worker's, by processor time", burst / us["recorder"]),
                    ("the same where a chunk comes every 20 ms", slow / us["recorder"]),
                    ("the same as the first, with the store's time added to the recorder's", burst / (us["recorder"] + us["store"])),
                    ("worker, us a stream", burst),
                    ("worker, us a stream with a chunk every 20 ms", slow),
                    ("recorder, us a stream", us["recorder"]),
                    ("store, us a stream", us["store"]),
                    ("streams made a second, by the clock", made),
                    ("streams stored a second with backlog, by the clock, recorder and store on one processor", stored),
                ):
                    found.setdefault(f"{content}: {name}", []).append(value)
    return [Figure(name, values, 2.0 if name.startswith("full: recorder's rate") else None, least=True) for name, values in found.items()]


def streams(args: argparse.Namespace) -> list[Figure]:
    """Slow streams, all open at once, a chunk a second: what a chunk's way takes, memory of the worker for each. Once; the mock alone and bare aiohttp beside it."""
    figures = []
    with benched(args, Direct, Bare, FullGate) as bench:
        for name, target in bench.targets.items():
            found = sections.many_streams(bench, target, args.streams, 1000)
            judged = target is bench.gate
            figures += [
                Figure(f"{name}: streams served", [found["streams"]], 2.0 * args.streams if judged else None, least=True, digits=0),
                Figure(f"{name}: a chunk's way, p50, ms", [found["delay_p50_us"] / 1e3]),
                Figure(f"{name}: a chunk's way, p99, ms", [found["delay_p99_us"] / 1e3], 5.0 if judged else None),
            ]
            if "rss_per_stream_kb" in found:
                figures.append(Figure(f"{name}: memory a stream, KB", [found["rss_per_stream_kb"]], 32.0 if judged else None, digits=1))
    return figures


def bodies(args: argparse.Namespace) -> list[Figure]:
    """Small requests every 20 ms from 8 clients, alone and beside 20 bodies a second of 1 MB, and of 10 MB: ratio of their p99. Bare aiohttp's and the mock's own beside."""
    figures = []
    with benched(args, Direct, Bare, Gate) as bench:
        for size, image in (("1 MB", 750_000), ("10 MB", 7_500_000)):
            found: dict[str, list[float]] = {}
            for _ in range(min(3, args.rounds)):
                for name, target in bench.targets.items():
                    got = sections.large_bodies(bench, target, image, 4.0)
                    for figure in ("ratio", "large_per_s", "cpu_worker_ms_per_large", "cpu_recorder_ms_per_large", "cpu_store_ms_per_large"):
                        if figure in got:
                            found.setdefault(f"{name}: {size}: {figure}", []).append(got[figure])
            figures += [Figure(name, values, 1.3 if name.startswith("tidegate") and name.endswith("ratio") else None) for name, values in found.items()]
    return figures


def memory(args: argparse.Namespace) -> list[Figure]:
    """Resident memory of the worker over many requests, and of the whole stack, every process with its descendants: under load, and at rest, which is judged; then of a stack with all guards' models.

    Shared pages count in each process that has them, as in what `top` shows; the proportional share (PSS) is beside it. Flat: what the worker gains from a fifth of the way to its end.
    """
    figures = []
    for kind, name, bar in ((Gate, "without models", 650.0), (ModelGate, "with all guards' models", 900.0)):
        with benched(args, kind, warm=False) as bench:
            target = next(iter(bench.targets.values()))
            if kind is Gate:
                steps = sections.memory(bench, target, args.requests, 10)
                figures += [
                    Figure(f"worker after {args.requests:,} requests, MB", [steps[-1]["worker"]], 70.0, digits=1),
                    Figure("worker, gained since a fifth of them, MB", [steps[-1]["worker"] - steps[2]["worker"]], 1.0),
                ]
            else:
                sections.whole(bench, target, 200, 1)
            figures.append(Figure(f"whole stack {name}, under load, MB", [sum(_tree_mb(target.pids()["supervisor"]).values())], digits=0))
            tree = _at_rest(target)
            figures += [
                Figure(f"whole stack {name}, at rest, MB", [sum(tree.values())], bar, digits=0),
                Figure(f"whole stack {name}, at rest, MB by proportional share", [_pss_mb(tree)], digits=0),
                *(Figure(f"  {module.rpartition(' ')[0]}, MB", [mb], digits=0) for module, mb in tree.items()),
            ]
    return figures


def _at_rest(target: Direct) -> dict[str, float]:
    """Memory when nothing has been asked for a minute, and no run of drift's is under way, for which a process is made that ends with it."""
    until = time.monotonic() + REST_MOST_S
    time.sleep(REST_S)  # what is measured
    while "drift" in " ".join(tree := _tree_mb(target.pids()["supervisor"])) and time.monotonic() < until:
        time.sleep(2.0)  # other processes: nothing here could be awaited
    return tree


def start(args: argparse.Namespace) -> list[Figure]:
    """From `tidegate serve` to the first answer of the provider's through it, in a new data directory and in one that has been used; and processor time by then. On both processors."""
    found: dict[str, list[float]] = {}
    mock = Mock()
    try:
        for _ in range(args.rounds):
            with tempfile.TemporaryDirectory(prefix="tidegate-limits-", dir=args.work_dir) as directory:
                for name in ("new", "used"):
                    for figure, value in _first_answer(mock, Path(directory)).items():
                        found.setdefault(f"{name} directory: {figure}", []).append(value)
    finally:
        mock.stop()
    return [Figure(name, values, 1.5 if name.endswith("first answer, s") else None) for name, values in found.items()]


def _first_answer(mock: Mock, directory: Path) -> dict[str, float]:
    began, gate = time.monotonic(), _Started(mock, directory)
    try:
        took = gate.answered - gate.began
        cpu = {re.sub(r"-\d+$", "", name): ns for name, ns in gate.cpu_then.items()}
        return {
            "first answer, s": took,
            "processor time of all by then, s": sum(cpu.values()) / 1e9,
            **{f"of it {role}, s": ns / 1e9 for role, ns in cpu.items()},
            "recording, s": time.monotonic() - began,
        }
    finally:
        gate.stop()


class _Started(Gate):
    """Asks until it is answered, before it asks for anything else."""

    cpus = BOTH

    def _serves(self) -> bool:
        if not hasattr(self, "began"):
            self.began = float(self._process_began())
        body = traffic.request_body()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{traffic.PATH}", data=body, headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                answered = bool(reply.read() == traffic.reply_body())
        except OSError:
            return False
        self.answered = time.monotonic()
        self.cpu_then = {name: cpu_ns(pid) for name, pid in self._living().items()}
        return answered

    def _process_began(self) -> float:
        """By the clock of time.monotonic, to a hundredth of a second."""
        ticks = int(Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[19])
        return ticks / os.sysconf("SC_CLK_TCK")


def workers(args: argparse.Namespace) -> list[Figure]:
    """Two workers on two processors against one on one, recorder and store stopped meanwhile: what they could answer a second, had they these processors to themselves.

    Mock and clients need a processor, too: on two, they share them with the workers. So a worker's time is its processor time, and two are as fast as the busier of them, which holds the kernel's
    spreading of connections against them as well as what they cost each other in caches and locks. 256 connections.
    """
    found: dict[str, list[float]] = {}
    with benched(args, Gate, TwoWorkers) as bench:
        for target in bench.targets.values():
            _spread(target)
        for _ in range(args.rounds):
            spent: dict[str, dict[str, float]] = {name: {} for name in bench.targets}
            for _ in range(SLICES):
                for name, target in bench.targets.items():
                    for worker, s in _worked(bench, target).items():
                        spent[name][worker] = spent[name].get(worker, 0.0) + s
            for target in bench.targets.values():
                with bench.alone(target):
                    target.settle()
            (one,), two = spent["tidegate"].values(), spent["two workers"].values()
            found.setdefault("two workers over one", []).append(one / max(two))
            found.setdefault("one worker, us a request", []).append(one / SLICES / SLICE * 1e6)
            found.setdefault("two workers, us a request", []).append(sum(two) / SLICES / SLICE * 1e6)
            found.setdefault("share of the busier one", []).append(max(two) / sum(two))
    return [Figure(name, values, 1.7 if name == "two workers over one" else None, least=True) for name, values in found.items()]


def _spread(target: Direct) -> None:
    """A processor for each worker."""
    ours = [pid for name, pid in target.pids().items() if name.startswith("worker")]
    for pid, cpu in zip(ours, (PROXY_CPU, LOAD_CPU), strict=False):
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {cpu})


def _worked(bench: Bench, target: Direct) -> dict[str, float]:
    """Processor time of each worker for a slice of requests, s."""
    with bench.alone(target), _stopped(target):
        before = target.cpu()
        bench.ask(target, connections=256, requests=SLICE)
        return {name: (ns - before[name]) / 1e9 for name, ns in target.cpu().items() if name.startswith("worker")}


def lag(args: argparse.Namespace) -> list[Figure]:
    """From an exchange's end to its row, at full load: 64 clients that ask again at once, for fifteen seconds. Of each batch the exchange that waited longest counts for all of it.

    Judged where the gate has both processors, which mock and clients share with it; beside it all of the gate on one.
    """
    found: dict[str, list[float]] = {}
    for kind, where in ((WideGate, "on two processors, beside the load"), (Gate, "all on one processor")):
        with benched(args, kind) as bench:
            target = next(iter(bench.targets.values()))
            assert isinstance(target, Gate)
            for streamed in (False, True):
                for _ in range(min(3, args.rounds)):
                    at = len(Path(target.log).read_text())
                    with bench.alone(target):
                        result = bench.ask(target, connections=64, seconds=15.0, stream=streamed)
                        target.settle()
                    lags = _lags(Path(target.log).read_text()[at:])
                    name = f"{'streams' if streamed else 'replies in one piece'}, {where}"
                    found.setdefault(f"{name}: lag p99, s", []).append(_quantile(lags, 0.99))
                    found.setdefault(f"{name}: lag p50, s", []).append(_quantile(lags, 0.5))
                    found.setdefault(f"{name}: a second", []).append(result["requests"] / result["seconds"])
    return [Figure(name, values, 2.0 if "two processors" in name and "p99" in name else None) for name, values in found.items()]


def _lags(log: str) -> list[tuple[float, int]]:
    """(lag in seconds, rows) of each batch that the recorder's lines tell of."""
    found = []
    for line in log.splitlines():
        if "batch_inserted" in line:
            rows, seconds = re.search(r'\brows"?[=:]\s*(\d+)', line), re.search(r'\blag_s"?[=:]\s*([\d.e-]+)', line)
            if rows and seconds:
                found.append((float(seconds[1]), int(rows[1])))
    if not found:
        raise BenchError("the recorder told of no batch")
    return found


def _quantile(lags: list[tuple[float, int]], share: float) -> float:
    """Of rows."""
    left = share * sum(rows for _, rows in lags)
    for seconds, rows in sorted(lags):
        left -= rows
        if left <= 0:
            return seconds
    return max(lags)[0]


def _tree_mb(pid: int) -> dict[str, float]:
    """Resident memory of a process and its descendants, MB, by what they run."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parents.setdefault(int((entry / "stat").read_text().rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, waiting = {}, [pid]
    while waiting:
        at = waiting.pop()
        waiting += parents.get(at, [])
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{at}/cmdline").read_bytes().decode(errors="replace").split("\0")
            module = words[words.index("-m") + 1] if "-m" in words else Path(words[0]).name
            found[f"{module} {at}"] = rss_mb(at)
    return found


def _pss_mb(tree: dict[str, float]) -> float:
    """The proportional share of these processes (as `_tree_mb` names them)."""
    pages = (Path(f"/proc/{name.rpartition(' ')[2]}/smaps_rollup").read_text() for name in tree)
    return sum(int(found[1]) * 1024 / 1e6 for text in pages if (found := re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)))


SECTIONS: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "guards": guards,
    "recorder": recorder,
    "streams": streams,
    "bodies": bodies,
    "memory": memory,
    "start": start,
    "workers": workers,
    "lag": lag,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="What the gate stands, each figure beside its bar.")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, by comma")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--streams", type=int, default=5000, help="slow streams open at once (default 5000)")
    parser.add_argument("--requests", type=int, default=100_000, help="of the memory section (default 100000)")
    parser.add_argument("--work-dir", type=Path, help="for the gate's data (default: the system's temporary directory)")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true", help="exit 1 if a bar is missed")
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing running behind
    os.sched_setaffinity(0, {LOAD_CPU})
    awake = Awake()
    if not awake.held:
        print("note: idle processors may sleep here (/dev/cpu_dma_latency is not ours to hold): latencies include waking them up")
    found: dict[str, Any] = {}
    missed = []
    try:
        for name in args.only.split(","):
            print(f"{name} (load average {os.getloadavg()[0]:.1f})", flush=True)
            figures = SECTIONS[name](args)
            print("\n".join(figure.line() for figure in figures), flush=True)
            found[name] = [asdict(figure) | {"met": figure.met} for figure in figures]
            missed += [f"{name}: {figure.name}" for figure in figures if figure.met is False]
    except BenchError as e:
        print(f"the bench failed: {e}", file=sys.stderr)
        return 2
    finally:
        if args.json is not None:
            args.json.write_text(json.dumps(found, indent=1) + "\n")
    print("missed: " + ("; ".join(missed) or "nothing"))
    return 1 if args.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
