"""What a day's outage has left in the journal is recorded in the memory of a moment.

Short form: five thousand exchanges beside a thousand. TIDEGATE_CHAOS_BACKLOG: so many, with short bodies (10,000,000 take some 12 GB of disk).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MANY = int(os.environ.get("TIDEGATE_CHAOS_BACKLOG", "0"))
ROOM_KB = 30_000  # of batches, their rows, and what an allocator keeps

_DRAIN = """
import asyncio, resource, sys
from pathlib import Path
from tests.support.recording import Bench, FakeStore, closed, new_id, opened

class Sink(FakeStore):
    stored = 0
    async def insert(self, rows, *, token):
        self.stored += len(rows)

count, body = int(sys.argv[2]), b"x" * int(sys.argv[3])
bench = Bench(Path(sys.argv[1]), Sink(), max_batch_rows=1000, max_batch_bytes=2 << 20, hold_s=0.0, flush_s=1e9)
bench.recorder._observers = ()
journal = bench.journal(segment_bytes=8 << 20)
for n in range(count):
    id = new_id(n)
    journal.open(id, opened(id), body)
    if n >= 200:  # two hundred are under way at any time
        journal.close(new_id(n - 200), closed(new_id(n - 200)), b"y")
journal.shut()
bench.record()
state = bench.recorder.state
assert (bench.store.stored, state.accepted, state.in_journal) == (count, count, 0)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kb(directory: Path, count: int, body: int) -> int:
    """Of a process that writes such a backlog and records it."""
    command = [sys.executable, "-c", _DRAIN, str(directory), str(count), str(body)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=30 + (MANY or 60_000) / 500)
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


@pytest.mark.covers("D10")
def test_the_memory_that_a_backlog_takes_does_not_grow_with_it(tmp_path: Path) -> None:
    """A recorder that needs the day's bytes in memory is killed for it, starts, and is killed again: the outage would never end."""
    if MANY:
        few, many = peak_kb(tmp_path / "few", 100_000, 100), peak_kb(tmp_path / "many", MANY, 100)
    else:
        few, many = peak_kb(tmp_path / "few", 1_000, 16_000), peak_kb(tmp_path / "many", 5_000, 16_000)
    print(f"\npeak of {few} kB with the short backlog, {many} kB with the long one")
    assert many - few < ROOM_KB  # 64 MB more of bodies in the short form
