"""What a worker tells about itself while it lives: a page of memory that the console reads.

A worker may be killed at any instant and must never wait for a reader, so there is no socket and no lock: a file of 8-byte
doubles, mapped by both. Each value is written by one process; a reader may be a moment behind, never wrong by a torn value
(aligned 8-byte stores). Everything that can be derived from the journal is derived there, not here.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

FIELDS = (
    "pid",
    "started_at",  # seconds since the epoch
    "beat_at",  # seconds since the epoch, every 100 ms
    "draining",  # 1: no new requests, please
    "inflight",
    "accepted",  # requests that were given an id
    "connections",  # open client connections
    "connections_total",
    "upstream_opened",  # connections made to providers
    "upstream_reused",  # exchanges that found one open
    "upstream_poisoned",  # idle connections dropped because the provider wrote on them
    "journal_lost",  # frames that found no room
    "journal_bodies_lost",
    "loop_lag_s",  # the last beat's delay
    "loop_lag_max_s",
    "waiting",  # 1: not ready yet, for detectors that rules need have not answered
    "retries",  # attempts beyond an exchange's first, hedges not among them
    "retries_denied",  # those that the budget had nothing left for
    "hedges",  # second targets that were asked because the first was silent
    "hedges_won",  # and answered first
    "breaker_fast_fails",  # exchanges that no target was asked for, because every breaker was open
    "shed_queue",  # requests refused because too many waited; the next three: because they waited too long, for memory, for open files
    "shed_wait",
    "shed_memory",
    "shed_files",
    "queued",  # requests that wait to be let in
    "rss_bytes",  # of this process
    "memory_limit_bytes",  # its share; 0: not known
)
MAX_BREAKERS = 64  # providers, in the order of the file, whose open breakers a page tells of
BREAKERS = tuple(f"breakers_{i}" for i in range(MAX_BREAKERS))  # after FIELDS, by the provider's place: how many of its breakers are open
_NAMES = (*FIELDS, *BREAKERS)
INDEX = {name: i for i, name in enumerate(_NAMES)}
_SIZE = 8 * len(_NAMES)


class Vitals:
    """One process's page. Write attributes with `set`/`add`, read with `read`. cells: the page itself, by INDEX, for what every request counts."""

    def __init__(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_bytes(bytes(_SIZE))
        os.chmod(fresh, 0o600)
        os.replace(fresh, path)  # readers of the old page keep the old page
        with open(path, "r+b") as file:
            self._page = mmap.mmap(file.fileno(), _SIZE)
        self.cells = memoryview(self._page).cast("d")

    def set(self, name: str, value: float) -> None:
        self.cells[INDEX[name]] = value

    def get(self, name: str) -> float:
        return self.cells[INDEX[name]]

    def add(self, name: str, value: float = 1.0) -> None:
        self.cells[INDEX[name]] += value

    def set_breakers(self, provider: int, open: int) -> None:
        """How many breakers of a provider are open now. provider: its place in the file, from 0; beyond MAX_BREAKERS nothing is told."""
        if provider < MAX_BREAKERS:
            self.cells[len(FIELDS) + provider] = open

    def close(self) -> None:
        self.cells.release()
        self._page.close()


def read(path: Path) -> dict[str, float] | None:
    """The values of a page, by FIELDS and BREAKERS; None if there is none."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(raw) < _SIZE:
        return None
    return dict(zip(_NAMES, struct.unpack(f"={len(_NAMES)}d", raw[:_SIZE]), strict=True))
