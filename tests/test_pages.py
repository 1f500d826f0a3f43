"""What only the start has touched of a program is let go of, and nothing else is."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import pages

MB = 1 << 20
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of Linux")


@pytest.fixture
def mapped(tmp_path: Path) -> Iterator[tuple[mmap.mmap, mmap.mmap]]:
    """A file of 4 MB twice: read alone, and written to in memory once before nobody could any more, as a loader does with addresses. All of both touched."""
    path = tmp_path / "library"
    path.write_bytes(b"code" * MB)
    with path.open("rb") as file:
        code = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
        own = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    own[MB : MB + 4] = b"mine"
    first = (ctypes.c_char * len(own)).from_buffer(own)
    assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(ctypes.addressof(first)), ctypes.c_size_t(len(own)), 1) == 0
    del first
    assert code[:] == b"code" * MB and len(own[:]) == 4 * MB
    yield code, own
    code.close()
    own.close()


def held(name: str) -> list[int]:
    """What is in memory of each mapping of a file, bytes, fewest first."""
    parts = [part for part in pages.MAPPINGS.read_text().split("VmFlags") if f"/{name}\n" in part]
    return sorted(pages._of(part, "Rss") for part in parts)


@linux
def test_what_is_the_files_is_let_go_of_and_comes_back_and_what_was_written_stays(mapped: tuple[mmap.mmap, mmap.mmap]) -> None:
    """Addresses that the loader has written into a library are in no file: to lose one of them would be the end of the process."""
    code, own = mapped
    assert held("library") == [4 * MB, 4 * MB]
    assert pages.let_go() >= 4 * MB
    assert held("library") == [0, 4 * MB]
    assert code[:] == b"code" * MB
    assert own[MB : MB + 4] == b"mine" and own[:MB] == b"code" * (MB // 4)


def test_where_it_cannot_look_nothing_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another system, or a process that has taken that right from itself: it starts all the same."""
    monkeypatch.setattr(pages, "MAPPINGS", tmp_path / "not there")
    assert pages.let_go() == 0
