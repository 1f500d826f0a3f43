"""Gates of other sizes than the bench's own, and what starts them for one section."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

import sections
from sections import Bench
from targets import LOAD_CPU, PROXY_CPU, Direct, Gate, Mock

BOTH = frozenset({PROXY_CPU, LOAD_CPU})
MODELS = """\
guardrails:
  - {name: secrets, detector: secrets, on: [request, reply], action: block}
  - {name: pii, detector: pii, on: [request, reply], action: flag}
  - {name: abuse, detector: moderation, on: [request, reply], action: flag}
  - {name: takeover, detector: injection, on: request, action: flag}
  - {name: made-up, detector: grounding, on: reply, action: flag}
"""


class FullGate(Gate):
    """What holds five thousand streams is told that it may."""

    inflight = 12_000


class ModelGate(Gate):
    """With every kind of guard that has a model. They flag, so that a machine that is too slow for them refuses nothing."""

    name = "tidegate with models"
    content, guards = "redacted", MODELS


class TwoWorkers(Gate):
    name = "two workers"
    workers, cpus = 2, BOTH


class WideGate(Gate):
    """All of it on both processors, beside the load."""

    name = "tidegate on both"
    cpus = BOTH


@contextlib.contextmanager
def benched(args: argparse.Namespace, *kinds: type[Direct], warm: bool = True) -> Iterator[Bench]:
    """A mock, a load generator and targets, for one section."""
    with sections.begun(args.work_dir) as (bench, directory, stack):
        for number, kind in enumerate(kinds):
            target = _made(kind, bench.mock, directory / str(number))
            stack.callback(target.stop)
            bench.targets[target.name] = target
            if target.pids() and warm:
                sections.whole(bench, target, 1000)
                sections.streams(bench, target, 16, 16, 0)
        yield bench


def _made(kind: type[Direct], mock: Mock, directory: Path) -> Direct:
    if issubclass(kind, Gate):
        directory.mkdir()
        return kind(mock, directory)
    return kind(mock)
