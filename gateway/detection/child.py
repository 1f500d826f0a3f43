"""One detector process: `python -m gateway.detection.child --fd N --parent PID`. Started by the pool, killed by it without asking.

It reads its SPEC, limits and seals itself, loads its detector, says READY (or UNLOADED, and leaves), then answers one TASK after the other. A
detector that raises is answered by the exception's class alone: its words may hold the text. One that runs out of memory leaves: what is
left of its heap is not to be relied on.
"""

from __future__ import annotations

import argparse
import importlib
import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from detectors.base import Finding
from detectors.text import Text
from gateway import allocator, pages
from gateway.detection import custom, frames, seal
from gateway.detection.frames import Kind

OUT_OF_MEMORY = 77  # exit code
_READ = 1 << 16
Answer = Callable[[list[tuple[str, str]]], object]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gateway.detection.child", description="A detector's process; started by the pool.")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    arguments = parser.parse_args()
    seal.die_with(arguments.parent)
    with socket.socket(fileno=arguments.fd) as pool:
        pool.setblocking(True)
        try:
            _serve(pool)
        except (BrokenPipeError, ConnectionResetError):
            return 0  # the pool has gone, and so does this
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
    return 0


def _serve(pool: socket.socket) -> None:
    reader = frames.Reader()
    answer: Answer | None = None
    while data := pool.recv(_READ):
        for kind, id, body in reader.feed(data):
            if kind == Kind.SPEC:
                answer = _ready(pool, orjson.loads(body))
                if answer is None:
                    return
            elif kind == Kind.TASK and answer is not None:
                pool.sendall(_answered(id, answer, frames.unpack_texts(body)))


def _ready(pool: socket.socket, spec: dict[str, object]) -> Answer | None:
    try:
        answer, name, unsealed = _load(spec)
    except MemoryError:
        raise
    except BaseException as e:  # noqa: BLE001  an import can raise anything, SystemExit too, and the pool must hear of it
        pool.sendall(frames.frame(Kind.UNLOADED, 0, f"{type(e).__name__}: {e}"[:300].encode("utf-8", "replace")))
        return None
    allocator.give_back()  # what loading took: a third of a sentence model's process
    pages.let_go()
    pool.sendall(frames.frame(Kind.READY, 0, orjson.dumps({"unsealed": unsealed, "detector": name})))
    return answer


def _load(spec: dict[str, object]) -> tuple[Answer, str | None, list[str]]:
    """The detector of a spec (see gateway.detection.crew.Spec), what its findings call it, and what could not be taken from the process."""
    path = [str(p) for p in _list(spec["path"])]
    sys.path[:] = path
    sys.dont_write_bytecode = True
    os.chdir("/")
    os.environ.clear()
    seal.limit(memory_bytes=int(str(spec["memory_bytes"])))
    entry = str(spec["entry"])
    custom.list_now()
    read = [file for each in path for file in custom.readable(each)]
    unsealed = seal.seal([*read, *(Path(sys.modules[name].__file__ or "").parent for name in ("gateway", "detectors.base"))])
    if spec["options"] is None:
        function = custom.load(entry)
        return lambda texts: [custom.rows(function(raw)) for raw, _ in texts], None, unsealed
    module, _, name = entry.partition(":")
    detector = getattr(importlib.import_module(module), name)(**_mapping(spec["options"]))

    def find(texts: list[tuple[str, str]]) -> object:
        found: Sequence[Sequence[Finding]] = detector.find_all([Text(raw, before) for raw, before in texts])
        return [[[f.kind, f.start, f.end, float(f.score)] for f in each] for each in found]

    find([("warm up", "")])  # what a model does once, it does before it is waited for
    return find, getattr(detector, "name", None), unsealed


def _answered(id: int, answer: Answer, texts: list[tuple[str, str]]) -> bytes:
    try:
        rows = answer(texts)
    except MemoryError:
        raise
    except BaseException as e:  # noqa: BLE001  also what is no Exception: sys.exit() in a detector is a failure, not an order
        return frames.frame(Kind.RAISED, id, type(e).__name__.encode("utf-8", "replace")[:100])
    try:
        return frames.frame(Kind.FOUND, id, orjson.dumps(rows))
    except (TypeError, ValueError):  # orjson's own error is one
        return frames.frame(Kind.GARBAGE, id)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
