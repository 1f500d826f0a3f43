"""What is asked of the targets. Each section returns plain numbers for one target and one round; nothing here judges or prints.

Rules of this file: a figure comes from one target at a time, all others held still; what the gate has left to record is recorded before the
section ends, and counted to the section that caused it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import traffic
from targets import Bare, BenchError, Direct, Gate, Load, Mock

Figures = dict[str, float]
RECORD_PLANE = ("worker", "recorder", "store")  # whose CPU is the system's: the console and the supervisor have no part in an exchange


@dataclass
class Bench:
    """Everything that is running."""

    mock: Mock
    load: Load
    targets: dict[str, Direct] = field(default_factory=dict)

    @property
    def gate(self) -> Gate:
        found = self.targets["tidegate"]
        assert isinstance(found, Gate)
        return found

    @property
    def bare(self) -> Bare:
        found = self.targets["bare aiohttp"]
        assert isinstance(found, Bare)
        return found

    def ask(self, target: Direct, **job: Any) -> dict[str, Any]:
        """Put load on a target (the fields of load.Job) and wait for the result."""
        result = self.load.do(port=target.port, key=target.key, **job)
        target.sent += result["requests"]
        return result

    @contextlib.contextmanager
    def alone(self, target: Direct) -> Iterator[None]:
        """Let only this target run; the others' processes are stopped meanwhile."""
        others = [other for other in self.targets.values() if other is not target]
        for other in others:
            other.hold()
        try:
            yield
        finally:
            for other in others:
                other.go()


@contextlib.contextmanager
def begun(work_dir: Path | None) -> Iterator[tuple[Bench, Path, contextlib.ExitStack]]:
    """A mock and a load generator, without targets yet; a directory for these; and who stops them in the end."""
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-", dir=work_dir) as directory, contextlib.ExitStack() as stack:
        mock = Mock()
        stack.callback(mock.stop)
        load = Load()
        stack.callback(load.stop)
        yield Bench(mock, load), Path(directory), stack


def _cpu_us(target: Direct, before: dict[str, int], per: float) -> Figures:
    return {f"cpu_{role}_us": (ns - before[role]) / 1e3 / per for role, ns in target.cpu().items()}


def _system_us(figures: Figures) -> float:
    return sum(figures.get(f"cpu_{role}_us", 0.0) for role in RECORD_PLANE)


def whole(bench: Bench, target: Direct, requests: int, connections: int = 64) -> Figures:
    """Replies in one piece, many open: requests/s, CPU per request until the last one is stored."""
    with bench.alone(target):
        before, began = target.cpu(), time.monotonic()
        result = bench.ask(target, connections=connections, requests=requests)
        figures = {"requests_per_s": result["requests"] / result["seconds"], "p50_us": result["latency_us"]["p50"], "p99_us": result["latency_us"]["p99"]}
        figures["drain_s"] = target.settle()
        figures["seconds"] = time.monotonic() - began
        figures |= _cpu_us(target, before, result["requests"])
    if figures.get("cpu_worker_us"):
        figures["cpu_system_us"] = _system_us(figures)
    return figures


def single(bench: Bench, target: Direct, requests: int) -> Figures:
    """One connection, one request at a time: latency."""
    with bench.alone(target):
        bench.ask(target, requests=20)  # connections made, caches warm
        result = bench.ask(target, requests=requests)
        target.settle()
    return {name: result["latency_us"][of] for name, of in (("p50_us", "p50"), ("p99_us", "p99"))}


def streams(bench: Bench, target: Direct, count: int, connections: int, pace_ms: int) -> Figures:
    """Streamed replies: CPU per content chunk, time to the first byte, what a chunk's way takes."""
    with bench.alone(target):
        before = target.cpu()
        result = bench.ask(target, connections=connections, requests=count, stream=True, pace_ms=pace_ms, spread_ms=pace_ms)
        chunks = result["requests"] * traffic.CHUNKS
        figures = {f"first_{name}_us": result["first_us"][name] for name in ("p50", "p99")}
        figures |= {f"delay_{name}_us": result["delay_us"][name] for name in ("p50", "p99")}
        figures |= {f"whole_{name}_us": result["latency_us"][name] for name in ("p50", "p99")}
        figures |= {"streams_per_s": result["requests"] / result["seconds"], "drain_s": target.settle()}
        figures |= _cpu_us(target, before, chunks)
    if figures.get("cpu_worker_us"):
        figures["cpu_system_us"] = _system_us(figures)
    return figures


def many_streams(bench: Bench, target: Direct, count: int, pace_ms: int) -> Figures:
    """`count` slow streams open at once: what a chunk's way takes, memory each. Every connection makes two, so that for the length of one all are open."""
    length_s = pace_ms * traffic.CHUNKS / 1000
    with bench.alone(target):
        before = target.rss()
        job = {"connections": count, "requests": 2 * count, "stream": True, "pace_ms": pace_ms, "spread_ms": length_s * 1000, "timeout_s": 4 * length_s + 60}
        wait = bench.load.begin(port=target.port, key=target.key, **job)
        peak = dict(before)
        until = time.monotonic() + 2 * length_s
        while time.monotonic() < until:
            time.sleep(0.2)
            peak = {role: max(mb, peak[role]) for role, mb in target.rss().items()}
        result = wait()
        target.sent += result["requests"]
        target.settle()
    figures = {f"delay_{name}_us": result["delay_us"][name] for name in ("p50", "p99", "max")} | {"streams": float(result["requests"])}
    if "worker" in peak:
        figures["rss_per_stream_kb"] = (peak["worker"] - before["worker"]) * 1e3 / count
    return figures


def large_bodies(bench: Bench, target: Direct, image_bytes: int, seconds: float) -> Figures:
    """p99 of small requests (8 connections, one every 20 ms each), alone and beside large ones (20/s from a second generator)."""
    small: dict[str, Any] = {"connections": 8, "gap_ms": 20, "spread_ms": 20, "seconds": seconds}
    other = Load()
    try:
        with bench.alone(target):
            before = target.cpu()
            alone = bench.ask(target, **small)
            wait = other.begin(port=target.port, key=target.key, connections=4, gap_ms=200, spread_ms=200, seconds=seconds + 0.5, image_bytes=image_bytes)
            time.sleep(0.3)
            beside = bench.ask(target, **small)
            large = wait()
            target.sent += large["requests"]
            target.settle()
            cpu = _cpu_us(target, before, large["requests"] * 1e3)
    finally:
        other.stop()
    figures = {"alone_p99_us": alone["latency_us"]["p99"], "beside_p99_us": beside["latency_us"]["p99"], "large_per_s": large["requests"] / large["seconds"]}
    return figures | {"ratio": figures["beside_p99_us"] / figures["alone_p99_us"], "large_p50_us": large["latency_us"]["p50"]} | {name.replace("_us", "_ms_per_large"): ms for name, ms in cpu.items()}


def store_stopped(bench: Bench, requests: int) -> Figures:
    """The gate with its store running and stopped (SIGSTOP): ratios of median latencies, one open and sixty-four open."""
    gate = bench.gate
    store = gate.pids().get("store")
    if store is None:
        raise BenchError("the gate has no process named store")

    def measure() -> tuple[float, float]:
        one = bench.ask(gate, requests=requests // 10)
        many = bench.ask(gate, connections=64, requests=requests)
        return one["latency_us"]["p50"], many["latency_us"]["p50"]

    with bench.alone(gate):
        running = measure()
        gate.settle()
        os.kill(store, signal.SIGSTOP)
        try:
            stopped = measure()
        finally:
            os.kill(store, signal.SIGCONT)
        drain_s = gate.settle()
    return {"ratio_one_open": stopped[0] / running[0], "ratio_64_open": stopped[1] / running[1], "drain_s": drain_s}


def memory(bench: Bench, target: Direct, requests: int, steps: int) -> list[dict[str, float]]:
    """Resident memory of each process before and after every part of a long load, MB. Keys: role; "requests": so far."""
    taken: list[dict[str, float]] = [{"requests": 0.0} | target.rss()]
    with bench.alone(target):
        for step in range(1, steps + 1):
            bench.ask(target, connections=32, requests=requests // steps)
            target.settle()
            taken.append({"requests": float(requests // steps * step)} | target.rss())
    return taken


class Awake:
    """Keeps idle processors from sleeping while it is open, where that is allowed: waking one up costs more than a proxy does."""

    def __init__(self) -> None:
        self.held = True
        try:
            self._file = os.open("/dev/cpu_dma_latency", os.O_WRONLY)
            os.write(self._file, bytes(4))
        except OSError:
            self.held = False


class Watchdog:
    """Ends the whole bench when it takes longer than it may: a bench that hangs is worse than one that fails."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT))
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()
