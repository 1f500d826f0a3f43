"""Four times what one worker can serve, by an open loop: what is left of it? With a generator and a provider in C (open_loop.c): in Python they offer hardly twice of it.

    python tests/bench/flood.py [--guards] [--connections 17000] [--times 4] [--seconds 8] [--obey] [--urgent]

One worker without recorder and store on one processor, all else on the other. Its capacity is what it serves while 32 requests are always under way, by its processor time; then so many
times of it are due, over so many connections, which stand beforehand; what is due while each of them has one under way is not sent (`without_socket`). A connection that was refused is asked on again at once, or, with --obey, when Retry-After is over. --urgent: worker and provider before all other processes (SCHED_FIFO; needs the right to), for a
machine that others use. Prints one JSON object: goodput_share is of capacity, by the processor time that the worker got in `seconds`, the first second included; goodput_share_of_hot is of what the same generator gets
over as few connections (`hot_per_s`), which is more, for it is never late, and whose sockets never leave the processor's caches. Needs a C compiler (cc).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from overload import _CPUS, WHOLE, Load, LoneWorker, all_files

HERE = Path(__file__).parent
PATIENCE_S = 30.0
WARM_UP_S, CAPACITY_S, AT_ONCE = 1.0, 4.0, 32
PROVIDER, WORKER, SELF = 3, 3, 4  # who goes first, if --urgent
GENERATOR = -20  # how nice it is then: the kernel's own threads have work for it, which must not wait for it


@contextmanager
def provider(tool: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Its first line is its port."""
    with tempfile.TemporaryFile() as reply:
        reply.write(WHOLE)
        reply.seek(0)
        process = subprocess.Popen([tool, "answer"], stdin=reply, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def urgent(pid: int, priority: int) -> None:
    for thread in os.listdir(f"/proc/{pid}/task"):
        os.sched_setscheduler(int(thread), os.SCHED_FIFO, os.sched_param(priority))


async def capacity(worker: LoneWorker) -> float:
    """Requests for each second of the worker's processor."""
    load = Load(worker.port, "sk-a")
    load.clock = worker.cpu_s
    await load.full(AT_ONCE, WARM_UP_S)
    began = worker.cpu_s()
    return await load.full(AT_ONCE, CAPACITY_S) / (worker.cpu_s() - began)


def ask(tool: Path, worker: LoneWorker, rate: float, seconds: float, connections: int, *, obey: bool, urgent: bool) -> tuple[dict[str, Any], float]:
    """What the generator says of so many requests a second, and the worker's processor time in it."""
    with tempfile.TemporaryFile() as request:
        request.write(Load(worker.port, "sk-a").request)
        request.seek(0)
        said = [tool, "ask", worker.port, rate, seconds, connections, PATIENCE_S, int(obey)]
        generator = subprocess.Popen([str(each) for each in said], stdin=request, stdout=subprocess.PIPE)
    if urgent:
        os.sched_setscheduler(generator.pid, os.SCHED_OTHER, os.sched_param(0))  # it has ours
        os.setpriority(os.PRIO_PROCESS, generator.pid, GENERATOR)
    assert generator.stdout is not None and generator.stdout.readline() == b"go\n"
    before = worker.cpu_s()
    with suppress(subprocess.TimeoutExpired):  # it waits for answers after that
        generator.wait(seconds)
    spent = worker.cpu_s() - before
    found = json.loads(generator.stdout.read())
    generator.wait()
    return found, spent


def flood(tool: Path, worker: LoneWorker, args: argparse.Namespace, able: float) -> dict[str, Any]:
    """What came of it."""
    few, spent = ask(tool, worker, args.times * able, CAPACITY_S, AT_ONCE, obey=False, urgent=args.urgent)
    hot, before = few["ok_in_time"] / spent, worker.page()
    found, spent = ask(tool, worker, args.times * able, args.seconds, args.connections, obey=args.obey, urgent=args.urgent)
    page, served = worker.page(), found["ok_in_time"] / spent
    shed = {name: page[f"shed_{name}"] - before[f"shed_{name}"] for name in ("queue", "wait", "memory", "files")}
    return {
        "hot_per_s": round(hot),
        "goodput_share": round(served / able, 3),
        "goodput_share_of_hot": round(served / hot, 3),
        "times": round(found["offered"] / args.seconds / able, 2),
        "processor": round(spent / args.seconds, 2),
        "shed": shed,
        "rss_mb": round(page["rss_bytes"] / 1e6),
        **found,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--guards", action="store_true", help="under rules with patterns both ways, and redaction")
    parser.add_argument("--connections", type=int, default=17_000)
    parser.add_argument("--times", type=float, default=4.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--obey", action="store_true")
    parser.add_argument("--urgent", action="store_true")
    args = parser.parse_args()
    all_files()
    os.sched_setaffinity(0, {_CPUS[-1]})
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        tool = Path(directory) / "open_loop"
        subprocess.run(["cc", "-O2", "-o", tool, HERE / "open_loop.c", "-lm"], check=True)
        with provider(tool) as answering:
            assert answering.stdout is not None
            port = int(answering.stdout.readline())
            more = "store: {content: redacted}\n" + (HERE / "guards.yaml").read_text() if args.guards else "store: {content: full}\n"
            named = f"  up: {{dialect: openai, base_url: 'http://127.0.0.1:{port}', allow_private: true, retries: {{per_request: 0}}}}\n"
            with LoneWorker(Path(directory) / "gate", named, more=more) as worker:
                assert worker.process is not None
                os.sched_setaffinity(worker.process.pid, {_CPUS[0]})
                if args.urgent:
                    for pid, priority in ((answering.pid, PROVIDER), (worker.process.pid, WORKER), (os.getpid(), SELF)):
                        urgent(pid, priority)
                able = asyncio.run(capacity(worker))
                print(json.dumps({"capacity_per_s": round(able), **flood(tool, worker, args, able)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
