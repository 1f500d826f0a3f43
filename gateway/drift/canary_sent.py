"""Which canaries this gate has sent lately, in a file of its own: `<data_dir>/run/canaries.json`, [[name, seconds since the epoch, calls], ...].

When one is due, and what is left of the day's calls, the record says. But the record may be late (a recorder that is down, a long journal) or lose rows, and
calls cost money: a batch counts from the moment before it is sent, whatever comes of it. A file that cannot be read says nothing; one that cannot be written ends the round.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import orjson

_MOST = 10_000  # batches that are kept
_KEPT_S = 29 * 86_400.0  # the longest time between two batches, and a day


@dataclass(frozen=True, slots=True)
class Batch:
    name: str
    at: dt.datetime
    calls: int


def sent(file: Path | None, now: dt.datetime) -> list[Batch]:
    """What was sent until now, oldest first. What is said to be of the future is not believed: a clock went back."""
    try:
        said = orjson.loads(file.read_bytes()) if file is not None else []
        found = [Batch(str(name), dt.datetime.fromtimestamp(float(at), dt.UTC), int(calls)) for name, at, calls in said]
    except (OSError, ValueError, TypeError, OverflowError):
        return []
    return [each for each in found if each.at <= now]


def note(file: Path | None, batch: Batch) -> None:
    """Add a batch. Raises OSError."""
    if file is None:
        return
    kept = [each for each in sent(file, batch.at) if (batch.at - each.at).total_seconds() < _KEPT_S][-_MOST:]
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    partial.write_bytes(orjson.dumps([[each.name, each.at.timestamp(), each.calls] for each in (*kept, batch)]))
    os.replace(partial, file)
