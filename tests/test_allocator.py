"""Memory that is free again is given back, whatever was there before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gateway import allocator

PROBE = """
import ctypes
from gateway import allocator

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Info
if {steady}:
    assert allocator.steady()
for size in (1 << 20, 4 << 20, 16 << 20):  # as bodies of a large batch come and go
    del bytearray(size)[:]
before = library.mallinfo2().hblks
held = [bytearray(1 << 20) for _ in range(8)]
print(library.mallinfo2().hblks - before)
del held
allocator.give_back()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc")
def test_after_large_bodies_others_are_still_mapped_by_themselves() -> None:
    """Else one large body would have all later ones stay in a heap that shrinks at its end alone, and a recorder would keep what its largest batches took."""
    counts = [int(subprocess.run([sys.executable, "-c", PROBE.format(steady=steady)], capture_output=True, text=True, check=True).stdout) for steady in (True, False)]
    assert counts == [8, 0]


@pytest.mark.parametrize("library", [OSError("dynamic loading is not supported"), object()])
def test_where_there_is_no_glibc_nothing_is_done(monkeypatch: pytest.MonkeyPatch, library: object) -> None:
    """musl knows neither call, and a static interpreter cannot look for one: the recorder starts all the same."""

    def load(_: None) -> object:
        if isinstance(library, OSError):
            raise library
        return library

    monkeypatch.setattr(allocator.ctypes, "CDLL", load)
    assert not allocator.steady()
    assert allocator.free() == 0
    allocator.give_back()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of glibc")
def test_what_is_free_is_known() -> None:
    """At least what a list of pieces took that is gone, but for one at its end that keeps the heap from shrinking."""
    program = "from gateway import allocator\nassert allocator.steady(1 << 20, 1 << 20)\nheld = [bytes(200_000) for _ in range(200)]\nlast = held[-1]\nbefore = allocator.free()\ndel held\nprint(allocator.free() - before)"
    assert int(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout) >= 199 * 200_000
