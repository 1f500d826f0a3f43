"""The memory that a worker may have, and what it does before it has used it up: better to answer some with 503 than to be ended with all of them.

    80 %   answers end the connections that they are sent on, so that idle clients give back what they hold
    90 %   new requests are turned away
    95 %   bodies on their way are refused, the largest first

A worker that holds so much with nothing under way would turn everybody away for ever: it leaves, and its successor begins with little.

Exchanges that are under way go on. The share is looked at with every beat, and in between by what bodies bring (gateway/proxy/uploads.py).
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable
from pathlib import Path

from gateway import allocator, log
from gateway.proxy.admission import Admission
from gateway.vitals import Vitals

AUTO = 0.4  # of what there is, for all workers together
SAVE, SHUT, REFUSE = 0.8, 0.9, 0.95
RELIEF = 0.05  # of the limit, by which a stage has to be left behind before it is over
PER_BYTE = 2.0  # held for each byte of a body that comes: what lies in buffers, and what no longer fits together
LEAST = 1.6  # times what the worker has at its start: with less it would serve nobody
TRIM_BEATS = 10  # between two times that freed memory is given back
MAP_BYTES, TOP_BYTES = 1 << 20, 32 << 20  # for gateway.allocator: pieces of bodies are not mapped one by one, and so much may stay free for the next ones,
SPARE_BYTES, SPARE_BEATS = 8 << 20, 100  # but once in so many beats what is free is given back (see QUICK_BYTES), if the worker holds that much more than the least that it has held;
SPARE_SELDOM = 16  # times as seldom, at the least, while that gives nothing back: what is held is in use, and to look through it takes milliseconds
QUICK_BYTES = 256 << 20  # more that lies free is given back only while nothing is under way or new requests are turned away: this much holds the loop for some 35 ms, gigabytes for .1 to .4 s
MUCH_LOOKS = 100  # of those that would give back, after which it is asked again whether it is so much: each question takes milliseconds where it lies in many pieces
WORN_BEATS = 30  # in a row with nothing under way and new requests turned away
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    """Bytes that this process holds; 0 where that cannot be known."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def available(root: Path = Path("/")) -> int:
    """Bytes of memory that the machine has, or the control group if that has less."""
    found = [os.sysconf("SC_PHYS_PAGES") * _PAGE]
    groups = root / "sys/fs/cgroup"
    files = [groups / "memory.max", groups / "memory.high", groups / "memory/memory.limit_in_bytes"]  # above "high" nobody is ended, but all stand still
    try:
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, kinds, path = line.split(":", 2)
            if kinds == "" or "memory" in kinds.split(","):
                own = Path(path.lstrip("/"))
                base, names = (groups, ("memory.max", "memory.high")) if kinds == "" else (groups / "memory", ("memory.limit_in_bytes",))
                files += [base / each / name for each in (own, *own.parents) for name in names]
    except (OSError, ValueError):
        pass
    for file in files:
        try:
            found.append(int(file.read_text()))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return min(each for each in found if each > 0)


class Ceiling:
    """Of one worker. limit: bytes.  saves: told when connections should end with their next answer, and when they need not any more.  worn: called once if only a new process can help."""

    def __init__(
        self, limit: int, admission: Admission, vitals: Vitals, saves: Callable[[bool], None], *, held: Callable[[], int] = resident, worn: Callable[[], None] = lambda: None
    ) -> None:
        least = int(LEAST * held())
        if limit < least:
            log.event("memory_limit_raised", level=logging.WARNING, limit_bytes=limit, to_bytes=least, hint="a worker needs more than server.memory_bytes gives it before its first request")
        self.limit = max(limit, least)
        self._admission, self._uploads, self._vitals, self._saves, self._held = admission, admission.uploads, vitals, saves, held
        self._worn = worn
        self._stage = self._beats = self._idle = self._last = self._since_spare = self._much = 0
        self._least, self._pause = limit, SPARE_BEATS
        vitals.set("memory_limit_bytes", self.limit)

    def look(self) -> None:
        """To be called with every beat."""
        held, limit = self._held() or self._last, self.limit  # what cannot be read just now is not nothing
        self._last = held
        self._vitals.set("rss_bytes", held)
        stage = self._stage
        while stage < 3 and held > (SAVE, SHUT, REFUSE)[stage] * limit:
            stage += 1
        while stage > 0 and held < ((SAVE, SHUT, REFUSE)[stage - 1] - RELIEF) * limit:
            stage -= 1
        if stage != self._stage:
            self._change(stage, held)
        self._uploads.allowance = max(0.0, SHUT * limit - held) / PER_BYTE
        if held > REFUSE * limit:
            self._uploads.refuse(held - SHUT * limit)
        self._beats = self._beats + 1 if stage else 0
        if self._beats % TRIM_BEATS == 1 and self._may(held):
            allocator.give_back()
        self._spare(held)
        self._idle = self._idle + 1 if stage > 1 and not self._vitals.get("inflight") else 0
        if self._idle == 1:
            gc.collect()  # bodies that hang in a circle with the error that was made of them
        elif self._idle == WORN_BEATS:
            log.event("memory_worn", level=logging.WARNING, held_bytes=held, limit_bytes=limit, hint="nothing is under way and most of the memory is in use all the same: another worker takes this one's place")
            self._worn()

    def _spare(self, held: int) -> None:
        """Give back what bodies have left, now and then."""
        self._least = min(self._least, held)
        self._since_spare += 1
        if held > self._least + SPARE_BYTES and self._since_spare >= self._pause and self._may(held):
            self._since_spare = 0
            allocator.give_back()
            gave = held - self._held() > SPARE_BYTES // 8
            self._pause = SPARE_BEATS if gave else min(2 * self._pause, SPARE_SELDOM * SPARE_BEATS)

    def _may(self, held: int) -> bool:
        """Whether now is the time to give back what is free: it is done before anybody misses the loop, or nobody is there to."""
        if self._stage > 1 or not self._vitals.get("inflight") or held - self._least <= QUICK_BYTES:
            return True
        self._much -= 1
        if self._much > 0:
            return False
        quick = allocator.free() <= QUICK_BYTES
        self._much = 0 if quick else MUCH_LOOKS
        return quick

    def _change(self, stage: int, held: int) -> None:
        before, self._stage = self._stage, stage
        log.event("memory_short" if stage > before else "memory_eased", level=logging.WARNING, stage=stage, held_bytes=held, limit_bytes=self.limit)
        if (stage > 0) != (before > 0):
            self._saves(stage > 0)
        self._admission.shut("memory" if stage > 1 else "")
