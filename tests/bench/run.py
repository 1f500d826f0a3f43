"""`make bench`: what Tidegate costs, against the upstream alone and against a bare aiohttp pass-through, in one interleaved run.

    python tests/bench/run.py               all sections, some fifteen minutes on a quiet machine; --rounds-only: five
    python tests/bench/run.py --short       the figures that bars are set on, under 50 s; the last line is one JSON object
    python tests/bench/run.py --check       exit 1 if a bar is missed

Prints a table and writes bench.json (every figure of every round). Any reply that is not whole, and any exchange that is not recorded exactly
once, fails the run with exit code 2: a fast wrong answer is no figure. See README.md beside this file for the method.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sections
import table
from sections import Awake, Bench, Figures, Watchdog
from targets import LOAD_CPU, PROXY_CPU, Bare, BenchError, Direct, Gate, GuardedGate, rss_mb

BARS = {
    "worker_cpu_vs_bare_aiohttp": 0.5,
    "stream_cpu_vs_bare_aiohttp": 0.6,
    "system_cpu_vs_bare_aiohttp": 1.5,
    "added_p50_ms": 0.15,
    "added_p99_ms": 1.0,
    "added_first_byte_ms": 0.3,
    "guarded_added_p50_ms": 1.0,
}
SHORT_LINE = ("worker_cpu_vs_bare_aiohttp", "stream_cpu_vs_bare_aiohttp", "system_cpu_vs_bare_aiohttp", "added_p50_ms")
SHORT_ROUNDS_S, SHORT_LIMIT_S, FULL_LIMIT_S = 40.0, 49.0, 1800.0  # since the start: last round done; given up
Section = Callable[[Bench, Direct], Figures]


def main() -> int:
    args = _parser().parse_args()
    args.started = time.monotonic()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # 1,000 streams need 2,000 files in a proxy; children inherit it
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing running behind
    watchdog = Watchdog(SHORT_LIMIT_S if args.short else FULL_LIMIT_S)
    os.sched_setaffinity(0, {LOAD_CPU})  # what this process does must not land on the proxies' processor
    try:
        result = _run(args, watchdog)
    except BenchError as e:
        print(f"the bench failed: {e}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("the bench was ended before it was done (its time limit, or Ctrl-C)", file=sys.stderr)
        return 2
    finally:
        watchdog.stop()
    result["machine"] = {"processors": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version(), "model": _model(), "files": soft}
    args.json.write_text(json.dumps(result, indent=1) + "\n")
    print(table.render(result))
    headline = result["headline"]
    missed = [f"{name} is {headline[name]['median']:.3f}, its bar {bar:g}" for name, bar in BARS.items() if name in headline and headline[name]["median"] > bar]
    if args.check:
        print("\n".join(f"missed: {m}" for m in missed), file=sys.stderr, end="\n" if missed else "")
    if args.short:
        print(json.dumps({name: round(headline[name]["median"], 4) for name in SHORT_LINE} | {"worker_rss_mb": round(result["worker_rss_mb"], 1)}))
    return 1 if args.check and missed else 0


def _run(args: argparse.Namespace, watchdog: Watchdog) -> dict[str, Any]:
    """Start everything, measure, stop everything."""
    notes = []
    awake = Awake()
    if not awake.held:
        notes.append("idle processors may sleep here (/dev/cpu_dma_latency is not ours to hold): latencies include waking them up")
    if PROXY_CPU == LOAD_CPU:
        notes.append("one processor for proxy and load: requests/s and latencies mean little, CPU per request still does")
    with sections.begun(args.work_dir) as (bench, directory, stack):
        mock = bench.mock
        makers: list[Callable[[], Direct]] = [lambda: Direct(mock), lambda: Bare(mock), lambda: Gate(mock, directory)]
        if not args.short:
            guarded = directory / "guarded"
            guarded.mkdir()
            makers.append(lambda: GuardedGate(mock, guarded))
        for make in makers:
            target = make()
            stack.callback(target.stop)
            bench.targets[target.name] = target
        stack.callback(watchdog.stop)  # what is measured is not lost because the gate takes its time to stop
        result = _measure(bench, args)
    result["notes"] += notes
    return result


def _measure(bench: Bench, args: argparse.Namespace) -> dict[str, Any]:
    gate = bench.gate
    after_start = {target.name: target.rss() for target in (bench.bare, gate)}
    processors, own = _processors(), _own_ns(bench)
    for target in bench.targets.values():
        _progress(f"warming up {target.name}")
        sections.whole(bench, target, 500 if args.short else 2000)
        sections.streams(bench, target, 16, 16, 0)
    plan = _short_plan() if args.short else _plan()
    measured: dict[str, table.Rounds] = {name: [] for name in plan}
    rounds, began = 0, time.monotonic()
    while rounds < args.rounds:
        _round(bench, plan, measured, rounds, args.rounds)
        rounds += 1
        now = time.monotonic()
        if args.short and now + (now - began) / rounds > args.started + SHORT_ROUNDS_S:
            break  # one more would not fit
    result: dict[str, Any] = {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "rounds": rounds, "sections": measured, "bars": BARS, "rss_after_start_mb": after_start}
    if not args.short and not args.rounds_only:
        result |= _once(bench, measured, args)
    gate.check()
    result["worker_rss_mb"] = rss_mb(gate.pids()["worker"])
    result["gate_serves_after_s"] = gate.ready_s
    result["mock"] = bench.mock.counts()
    result["headline"] = table.headline(measured)
    result["notes"] = _disturbed(processors, _processors(), (_own_ns(bench) - own) / 1e9)
    if rounds < 3:
        result["notes"].append(f"only {rounds} rounds: too few for a median")
    return result


def _short_plan() -> dict[str, Section]:
    return {
        "whole": lambda b, t: sections.whole(b, t, 2000),
        "single": lambda b, t: sections.single(b, t, 400),
        "paced": lambda b, t: sections.streams(b, t, 64, 64, 20),
    }


def _plan() -> dict[str, Section]:
    return {
        "whole": lambda b, t: sections.whole(b, t, 10_000),
        "single": lambda b, t: sections.single(b, t, 3000),
        "paced": lambda b, t: sections.streams(b, t, 128, 64, 20),
        "burst": lambda b, t: sections.streams(b, t, 800, 16, 0),
        "one_stream": lambda b, t: sections.streams(b, t, 20, 1, 5),
    }


def _round(bench: Bench, plan: dict[str, Section], measured: dict[str, table.Rounds], number: int, of: int) -> None:
    """Every section once for every target, in an order that moves on by one each round."""
    names = list(bench.targets)
    order = names[number % len(names) :] + names[: number % len(names)]
    for name, section in plan.items():
        found: dict[str, Figures] = {}
        for target in order:
            _progress(f"round {number + 1} of {of}: {name}, {target}")
            found[target] = section(bench, bench.targets[target])
        measured[name].append(found)
    bench.gate.check()


def _once(bench: Bench, measured: dict[str, table.Rounds], args: argparse.Namespace) -> dict[str, Any]:
    """The sections that take long or disturb: fewer rounds of them."""
    gate = bench.gate
    for name, image_bytes in (("large_1mb", 750_000), ("large_10mb", 7_500_000)):
        plan: dict[str, Section] = {name: lambda b, t, size=image_bytes: sections.large_bodies(b, t, size, 4.0)}  # type: ignore[misc]
        measured[name] = []
        for number in range(min(3, args.rounds)):
            _round(bench, plan, measured, number, 3)
    measured["store_stopped"] = []
    for number in range(min(5, args.rounds)):
        _progress(f"round {number + 1}: store running and stopped")
        measured["store_stopped"].append({"tidegate": sections.store_stopped(bench, 5000)})
    gate.check()
    found = {}
    for name, target in bench.targets.items():
        _progress(f"{args.streams} slow streams: {name}")
        # guards cost a stream's event several times what relaying it does: a thousand streams of ten events a second are more than a processor has
        found[name] = sections.many_streams(bench, target, args.streams // 4 if isinstance(target, GuardedGate) else args.streams, 100)
    measured["many"] = [found]
    memory = {}
    for target in (bench.bare, gate):
        _progress(f"memory over {args.memory_requests:,} requests: {target.name}")
        memory[target.name] = sections.memory(bench, target, args.memory_requests, 5)
    _progress("idle")
    return {"memory": memory, "idle_cpu": gate.idle_cpu(5.0)}


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _own_ns(bench: Bench) -> int:
    """CPU time of everything that is measured."""
    return sum(ns for target in bench.targets.values() for ns in target.cpu().values())


def _processors() -> dict[int, tuple[float, float, float]]:
    """Seconds in all, busy, and stolen by the host so far, of the processors used."""
    found, tick = {}, os.sysconf("SC_CLK_TCK")
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name in (f"cpu{PROXY_CPU}", f"cpu{LOAD_CPU}"):
            user, nice, system, idle, iowait, irq, softirq, steal = (int(t) / tick for t in ticks[:8])
            busy = user + nice + system + irq + softirq
            found[int(name[3:])] = (busy + idle + iowait + steal, busy, steal)
    return found


def _disturbed(before: dict[int, tuple[float, float, float]], after: dict[int, tuple[float, float, float]], own_s: float) -> list[str]:
    """What others took of the processors meanwhile, where it was enough to spoil the figures."""
    spent = {cpu: tuple(b - a for a, b in zip(before[cpu], after[cpu], strict=True)) for cpu in before}
    notes = [f"the host took {steal / total:.0%} of processor {cpu}: repeat the run on a quieter one" for cpu, (total, _, steal) in spent.items() if steal > 0.05 * total]
    total, busy, _ = spent[PROXY_CPU]
    if PROXY_CPU != LOAD_CPU and busy - own_s > 0.05 * total:
        notes.append(f"other programs took {(busy - own_s) / total:.0%} of the proxies' processor: repeat the run on a quiet machine")
    return notes


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="What Tidegate costs, against the upstream alone and a bare aiohttp pass-through.")
    parser.add_argument("--short", action="store_true", help="the main figures only, under 50 s; the last line is JSON")
    parser.add_argument("--check", action="store_true", help="exit 1 if a bar is missed")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5; --short makes as many as fit)")
    parser.add_argument("--rounds-only", action="store_true", help="without the sections that take long: bodies of megabytes, a stopped store, a thousand streams, memory")
    parser.add_argument("--streams", type=int, default=1000, help="how many slow streams to hold open (default 1000)")
    parser.add_argument("--memory-requests", type=int, default=50_000, help="length of the memory section (default 50000)")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where to write every figure (default bench.json)")
    parser.add_argument("--work-dir", type=Path, help="a directory for the gate's data, on the disk to measure (default: the system's temporary one)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
