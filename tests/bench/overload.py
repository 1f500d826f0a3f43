"""`make overload`: more work than one worker may take on. Goodput, time to shed, streams cut; healthy clients beside thousands that drip; a noisy neighbour.

    python tests/bench/overload.py [--seconds 20] [--takes 0.2] [--drips 5000] [--only goodput,processor,processor-guarded,drips,neighbour] [--urgent] [--json FILE] [--check]

One worker without recorder and store on one processor, the provider and the clients on the other. Clients are open loops: a request is due at its time
whether others have been answered or not, each on a connection that is free, or a new one; times count from when it was due. Compared are rounds of one run,
taken in turns, so that a slow minute of the machine is everybody's. Where the processor is short, clients each ask again when they are answered, and all times are the worker's processor time; what an open loop leaves of it then is asked by
tests/bench/flood.py alone, for clients in Python are too slow for that. Prints a line per round and one JSON object at the end. --check: exit 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import uvloop

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.lone import LoneWorker  # noqa: E402

_CPUS = sorted(os.sched_getaffinity(0))
AT_ONCE = 64  # requests, before answers are read
CROWD = 5000  # clients that each ask again as soon as they have an answer: more than one worker has places for
PATH = "/v1/chat/completions"
BODY = orjson.dumps({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Is order 88-2041 one parcel or two? The stand is rather long. " * 12}]})
REPLY = orjson.dumps({"id": "c", "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": "One. " * 60}, "finish_reason": "stop"}]})
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(REPLY), REPLY)
SSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENT, DONE = b'data: {"choices": [{"index": 0, "delta": {"content": "word "}}]}\n\n', b"data: [DONE]\n\n"


class Provider(asyncio.Protocol):
    """Answers after `takes_s`; a body that says so gets a stream of an event every 0.1 s for that many seconds."""

    takes_s = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport, self.buffer, self.gone = transport, b"", False

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(rest) < length:
            return
        self.buffer = b""
        loop = asyncio.get_running_loop()
        if b'"stream_s"' in rest:
            self.transport.write(SSE)
            self._event(loop, int(rest.partition(b'"stream_s":')[2].partition(b"}")[0]) * 10)
        elif self.takes_s:
            loop.call_later(self.takes_s, self._answer)
        else:
            self.transport.write(WHOLE)

    def _answer(self) -> None:
        if not self.gone:
            self.transport.write(WHOLE)

    def _event(self, loop: Any, left: int) -> None:
        if self.gone:
            return
        data = EVENT if left else DONE
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data) + (b"" if left else b"0\r\n\r\n"))
        if left:
            loop.call_later(0.1, self._event, loop, left - 1)


class Client(asyncio.Protocol):
    """A connection: one request at a time. due: when that was; 0.0: there is none."""

    def __init__(self, load: Load, due: float) -> None:
        self.load, self.due, self.data, self.transport = load, due, b"", None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.due:
            self.load.over(self, 0)

    def ask(self, due: float) -> None:
        self.due, self.data = due, b""
        self.transport.write(self.load.request)  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        self.data += data
        head, found, rest = self.data.partition(b"\r\n\r\n")
        if found and len(rest) >= int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0):
            self.load.over(self, int(head[9:12]), close=b"onnection: close" in head)


class Load:
    """An open loop of one credential. times: by status, seconds of `clock` from when a request was due until its answer was there."""

    def __init__(self, port: int, key: str) -> None:
        self.port = port
        self.clock: Callable[[], float] = time.perf_counter
        head = f"POST {PATH} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
        self.request = head.encode() + BODY
        self.free: deque[Client] = deque()
        self.times: dict[int, list[float]] = {}
        self.early: list[float] = []  # of refusals of the first second, in which a burst is still taken for one
        self.steady_at = 0.0
        self.open = 0
        self.until = 0.0  # the clock's: who has an answer asks again at once before then

    def over(self, client: Client, status: int, *, close: bool = False) -> None:
        took = self.clock() - client.due
        self.times.setdefault(status, []).append(took)
        if status == 503 and client.due < self.steady_at:
            self.early.append(took)
        client.due = 0.0
        self.open -= 1
        if status and not close and client.transport is not None:
            if self.clock() < self.until:
                self.open += 1
                client.ask(self.clock())
            else:
                self.free.append(client)
        elif client.transport is not None:
            client.transport.close()

    async def run(self, rate: float, seconds: float) -> dict[str, Any]:
        """rate: requests a second, at times of chance."""
        self.times, self.early = {}, []
        sent = 0
        loop, began = asyncio.get_running_loop(), self.clock()
        self.steady_at = began + 1.0
        due, pending = began, set()
        while max(due, self.clock() - 1.0) < began + seconds:  # if we are a second behind, that is what was offered
            due += random.expovariate(rate)
            while (wait := due - self.clock()) > 0:
                await asyncio.sleep(wait - 0.0015 if wait > 0.003 else 0)  # the loop's timers are a millisecond late
            client = None
            while self.free and client is None:
                client = self.free.popleft()
                client = client if client.transport is not None and not client.transport.is_closing() else None
            sent += 1
            self.open += 1
            if sent % AT_ONCE == 0:
                await asyncio.sleep(0)  # however late we are: what is not read is not answered
            if client is not None:
                client.ask(due)
            else:
                task = loop.create_task(self._connect(due))
                pending.add(task)
                task.add_done_callback(pending.discard)
        sent_s, in_time = self.clock() - began, len(self.times.get(200, ()))
        deadline = time.perf_counter() + 15
        while self.open and time.perf_counter() < deadline:
            await asyncio.sleep(0.01)  # callers end when they end
        ok, shed = self.times.get(200, []), self.times.get(503, [])
        steady = list((Counter(shed) - Counter(self.early)).elements())
        others = {status: len(times) for status, times in self.times.items() if status not in (200, 503)}
        return {
            "offered_per_s": round(sent / sent_s, 1),
            "ok_per_s": round(in_time / sent_s, 1),  # served while more was offered
            "ok_p50_ms": ms(ok, 0.5),
            "ok_p99_ms": ms(ok, 0.99),
            "shed": len(shed),
            "shed_p50_ms": ms(steady, 0.5),
            "shed_p99_ms": ms(steady, 0.99),
            "shed_p99_ms_of_the_first_second": ms(self.early, 0.99),
            "other": others,
            "unanswered": self.open,
        }

    async def full(self, at_once: int, seconds: float, *, refused: bool = False) -> int:
        """A closed loop: so many at a time, each with the next request when it has its answer, a refusal (which is none unless `refused`) too. Returns how many were served."""
        self.times = {}
        self.until = self.clock() + seconds
        self.open += at_once
        await asyncio.gather(*(self._connect(self.clock()) for _ in range(at_once)))
        while self.open:
            await asyncio.sleep(0.01)  # callers end when they end
        assert self.times.keys() == {200} or (refused and self.times.keys() == {200, 503}), {status: len(times) for status, times in self.times.items()}
        return len(self.times[200])

    async def _connect(self, due: float) -> None:
        try:
            _, client = await asyncio.get_running_loop().create_connection(lambda: Client(self, due), "127.0.0.1", self.port)
        except OSError:
            self.open -= 1
            self.times.setdefault(0, []).append(self.clock() - due)
            return
        if client.due and client.transport is not None:  # else it was turned away before it asked
            client.ask(due)


def ms(times: list[float], share: float) -> float | None:
    """Nearest rank, milliseconds."""
    return round(sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1000, 2) if times else None


class Streams:
    """Streams that are open all the time; those that do not come to their end were cut."""

    def __init__(self, port: int, count: int, seconds: int, key: str) -> None:
        body = b'{"stream": true, "x": {"stream_s":%d}}' % seconds
        self.request = f"POST {PATH} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        self.tasks = [asyncio.ensure_future(self._one(port)) for _ in range(count)]

    async def _one(self, port: int) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(self.request)
        data = await reader.read()
        writer.close()
        return data.endswith(b"0\r\n\r\n") and DONE in data

    async def cut(self) -> int:
        return (await asyncio.gather(*self.tasks)).count(False)


async def provide(takes_s: float) -> asyncio.Server:
    maker: Any = type("P", (Provider,), {"takes_s": takes_s})
    return await asyncio.get_running_loop().create_server(maker, "127.0.0.1", 0, backlog=4096)


async def provide_apart() -> None:
    """A provider that takes no time, in this process: where thousands of clients use up the files of theirs, it needs some. Says its port on a line, ends with its standard input."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    servers = [await asyncio.get_running_loop().create_server(Provider, sock=each) for each in (listener, *(listener.dup() for _ in range(15)))]  # uvloop takes one connection in a turn for each
    print(listener.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    del servers


class Apart:
    """A provider in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, __file__, "--provide"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(b"")


async def gate(stack: list[Any], takes_s: float, *, guards: bool = False, root: Path | None = None, apart: bool = False, **server: Any) -> LoneWorker:
    """A provider, and a worker before it on a processor of its own. apart: the provider has a process of its own, too."""
    listening: Apart | asyncio.Server
    if apart:
        listening = Apart()
        port = listening.port
    else:
        listening = await provide(takes_s)
        port = listening.sockets[0].getsockname()[1]
    more = "store: {content: redacted}\n" if guards else "store: {content: full}\n"
    rules = (Path(__file__).parent / "guards.yaml").read_text() if guards else ""
    lone = LoneWorker(Path(tempfile.mkdtemp(dir=root)), f"  up: {{dialect: openai, base_url: 'http://127.0.0.1:{port}', allow_private: true, retries: {{per_request: 0}}}}\n", server=server, more=more + rules)
    worker = await asyncio.to_thread(lone.__enter__)
    stack.append((lone, listening))
    assert worker.process is not None
    os.sched_setaffinity(worker.process.pid, {_CPUS[0]})
    return worker


async def end(stack: list[Any]) -> None:
    while stack:
        lone, listening = stack.pop()
        await asyncio.to_thread(lone.__exit__)
        listening.close()


async def goodput(seconds: float, takes_s: float) -> dict[str, Any]:
    """64 at once, the provider takes its time: capacity is known beforehand, and measured at 1.2 times of it; then four times of it are offered."""
    stack: list[Any] = []
    worker = await gate(stack, takes_s, max_inflight=64, max_queue=512)
    load = Load(worker.port, "sk-a")
    places = 64 - 64 // 8 - 8  # the last eighth is kept for others; eight streams
    streams = Streams(worker.port, 8, int(2 * seconds) + 12, "sk-a")
    await load.run(50, 1.0)
    at_capacity = await load.run(1.2 * places / takes_s, seconds)
    told("1.2 x", at_capacity)
    began_ns = time.time_ns()
    over = await load.run(4 * places / takes_s, seconds)
    told("4 x", over)
    page, cut = worker.page(), await streams.cut()
    own = [closed.duration_s for opened, closed in worker.exchanges() if closed.outcome == "gateway_overloaded" and opened.started_at_ns > began_ns + 1_000_000_000]
    result = {
        "goodput_share": round(over["ok_per_s"] / at_capacity["ok_per_s"], 3),
        "goodput_share_of_ideal": round(over["ok_per_s"] / (places / takes_s), 3),
        "shed_p99_ms": over["shed_p99_ms"],
        "shed_p99_ms_in_the_gate": ms(own, 0.99),
        "streams_cut": cut,
        "at_capacity": at_capacity,
        "over": over,
        "shed": {name: page[f"shed_{name}"] for name in ("queue", "wait", "memory", "files")},
    }
    await end(stack)
    return result


async def processor(seconds: float, *, guards: bool, urgent: bool, at_once: int = 32) -> dict[str, Any]:
    """The worker's processor is what is short. Its capacity is what it serves while so many are always under way; then four times as many clients each ask again when they are answered, and thousands
    (CROWD), while streams are open. All times are processor time of the worker: that is what its capacity is of, and what others on the machine take is nobody's."""
    stack: list[Any] = []
    worker = await gate(stack, 0.0, guards=guards, apart=True)
    load = Load(worker.port, "sk-a")
    load.clock = worker.cpu_s
    if urgent:
        assert worker.process is not None
        hurry(worker.process.pid, stack[0][1].process.pid)
        hurry(os.getpid(), priority=1)  # it is never done
    await load.full(at_once, seconds / 4)
    began = worker.cpu_s()
    capacity = await load.full(at_once, seconds) / (worker.cpu_s() - began)
    told("capacity", {"ok_per_s": round(capacity, 1)})
    streams = Streams(worker.port, 8, int(2 * seconds) + 12, "sk-a")
    crowds = {}
    for many in (4 * at_once, CROWD):
        began = worker.cpu_s()
        served = await load.full(many, seconds, refused=True)
        crowds[many] = {"goodput_share": round(served / (worker.cpu_s() - began) / capacity, 3), "refused_for_one": round(len(load.times.get(503, ())) / served, 2)}
        told(f"{many} at once", crowds[many])
    load.clock = time.perf_counter  # the worker's ends with it
    result = {"exchange_us": round(1e6 / capacity, 1), "crowds": crowds, "streams_cut": await streams.cut()}
    await end(stack)
    return result


async def drips(seconds: float, count: int, takes_s: float, *, urgent: bool, rounds: int = 6, rate: int = 300) -> dict[str, Any]:
    """A healthy client alone; beside sockets that send a byte every five seconds of a head or a body, with new ones in the place of those that were ended; and beside the same sockets at a
    server that is not the gate and has the worker's processor, too (tests/bench/bystander.py): what comes of those is the machine's, the rest is the gate's.

    The journal is in memory: what a disk makes of a p99 it makes with and without drips.
    """
    stack: list[Any] = []
    worker = await gate(stack, takes_s, root=Path("/dev/shm"))
    load = Load(worker.port, "sk-healthy")
    bystander = await asyncio.create_subprocess_exec(sys.executable, str(Path(__file__).with_name("bystander.py")), stdout=asyncio.subprocess.PIPE)
    assert bystander.stdout is not None and worker.process is not None
    elsewhere = int(await bystander.stdout.readline())
    os.sched_setaffinity(bystander.pid, {_CPUS[0]})
    await load.run(rate, 2.0)
    if urgent:
        hurry(os.getpid(), worker.process.pid, bystander.pid)
    told_of: dict[str, list[dict[str, Any]]] = {"alone": [], "beside": [], "control": []}
    for _ in range(rounds):
        for name, port in (("alone", 0), ("beside", worker.port), ("control", elsewhere)):
            async with crowd(port, count, urgent=urgent):
                before, began = worker.cpu_s(), time.perf_counter()
                said = await load.run(rate, seconds / rounds)
                said["worker_cpu"] = round((worker.cpu_s() - before) / (time.perf_counter() - began), 4)
                said["connections"] = int(worker.page()["connections"])
            told(name, said)
            told_of[name].append(said)
        while worker.page()["connections"] > 50:
            await asyncio.sleep(0.1)  # another process's page: there is nothing to await
    bystander.kill()
    await bystander.wait()

    def ratio(name: str, figure: str) -> float:
        return round(median(said[figure] for said in told_of[name]) / median(said[figure] for said in told_of["alone"]), 3)

    result = {
        "drips": count,
        "connections": min(each["connections"] for each in told_of["beside"]),
        "p99_ratio": ratio("beside", "ok_p99_ms"),
        "p50_ratio": ratio("beside", "ok_p50_ms"),
        "p99_ratio_of_control": ratio("control", "ok_p99_ms"),
        "p99_ratio_to_control": round(ratio("beside", "ok_p99_ms") / ratio("control", "ok_p99_ms"), 3),
        "worker_cpu": {name: median(each["worker_cpu"] for each in said) for name, said in told_of.items()},
        "failed": sum(each["shed"] + sum(each["other"].values()) + each["unanswered"] for each in told_of["beside"]),
        **told_of,
    }
    await end(stack)
    return result


@contextlib.asynccontextmanager
async def crowd(port: int, count: int, *, urgent: bool) -> AsyncIterator[None]:
    """Those who drip, once all of them do. port 0: nobody."""
    if not port:
        yield
        return
    script = str(Path(__file__).with_name("crowd.py"))
    dripping = await asyncio.create_subprocess_exec(sys.executable, script, str(port), str(count), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    assert dripping.stdin is not None and dripping.stdout is not None
    if urgent:
        os.sched_setscheduler(dripping.pid, os.SCHED_FIFO, os.sched_param(1))
    try:
        assert await dripping.stdout.readline() == b"all\n"
        yield
    finally:
        dripping.stdin.close()
        await dripping.wait()


async def neighbour(seconds: float, takes_s: float, rounds: int = 4) -> dict[str, Any]:
    """Room for 64; one credential asks for a fifth of it, alone and while another asks for ten times as much."""
    stack: list[Any] = []
    rate = 13 / takes_s
    worker = await gate(stack, takes_s, max_inflight=64, max_queue=512)
    victim, noisy = Load(worker.port, "sk-victim"), Load(worker.port, "sk-noisy")
    alone, beside = [], []
    await victim.run(50, 1.0)
    for _ in range(rounds):
        alone.append(await victim.run(rate, seconds / rounds))
        told("alone", alone[-1])
        said, other = await asyncio.gather(victim.run(rate, seconds / rounds), noisy.run(10 * rate, seconds / rounds))
        beside.append(said)
        told("beside", said)
        told("  the other", other)
    result = {
        "p99_ratio": round(median(b["ok_p99_ms"] / a["ok_p99_ms"] for a, b in zip(alone, beside, strict=True)), 3),
        "victims_shed": sum(each["shed"] for each in beside),
        "alone": alone,
        "beside": beside,
    }
    await end(stack)
    return result


def hurry(*processes: int, priority: int = 2) -> None:
    for process in processes:
        for thread in os.listdir(f"/proc/{process}/task"):
            os.sched_setscheduler(int(thread), os.SCHED_FIFO, os.sched_param(priority))


def told(name: str, said: dict[str, Any]) -> None:
    print(f"{name:>14}", {key: value for key, value in said.items() if value not in ({}, None)}, file=sys.stderr, flush=True)


def all_files() -> None:
    """Clients take a file each."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of load for each part")
    parser.add_argument("--takes", type=float, default=0.2, help="seconds, the provider where places are what is short")
    parser.add_argument("--drips", type=int, default=5000)
    parser.add_argument("--urgent", action="store_true", help="drips, processor: worker, clients and crowd before all other processes (SCHED_FIFO; needs the right to), for a machine that others use")
    parser.add_argument("--only", default="goodput,processor,processor-guarded,drips,neighbour")
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--provide", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    all_files()
    os.sched_setaffinity(0, {_CPUS[-1]})
    if args.provide:
        await provide_apart()
        return 0
    parts = {
        "goodput": lambda: goodput(args.seconds, args.takes),
        "processor": lambda: processor(args.seconds, guards=False, urgent=args.urgent),
        "processor-guarded": lambda: processor(args.seconds, guards=True, urgent=args.urgent),
        "drips": lambda: drips(args.seconds, args.drips, 0.0, urgent=args.urgent),
        "neighbour": lambda: neighbour(args.seconds, args.takes),
    }
    found: dict[str, Any] = {"load_average": os.getloadavg()}
    for name in args.only.split(","):
        print(name, file=sys.stderr, flush=True)
        found[name] = await parts[name]()
    print(json.dumps(found))
    if args.json is not None:
        args.json.write_text(json.dumps(found, indent=1))
    missed = [name for name, held in bars(found).items() if not held]
    print("missed:", missed, file=sys.stderr)
    return 1 if args.check and missed else 0


def bars(found: dict[str, Any]) -> dict[str, bool]:
    """What the figures are held against."""
    held: dict[str, bool] = {}
    if said := found.get("goodput"):
        held |= {"goodput": said["goodput_share"] >= 0.9, "time to shed": said["shed_p99_ms"] <= 20, "streams cut": said["streams_cut"] == 0}
    for name in ("processor", "processor-guarded"):
        if said := found.get(name):
            held |= {f"{name}: goodput, {many} at once": each["goodput_share"] >= 0.9 for many, each in said["crowds"].items()}
            held[f"{name}: streams cut"] = said["streams_cut"] == 0
    if said := found.get("drips"):
        held["beside drips"] = said["p99_ratio"] <= 1.2
    if said := found.get("neighbour"):
        held["noisy neighbour"] = said["p99_ratio"] <= 1.2
    return held


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
