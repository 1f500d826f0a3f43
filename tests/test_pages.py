"""Which pages a process may let go of: what is dropped must be the file's, to the last byte."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gateway import pages

MAPPING = "7f00{at}000000-7f00{at}400000 {rights} 00000000 fd:00 {inode}     /usr/lib/libx.so\nSize: 4096 kB\nRss:                1024 kB\nAnonymous:   {own} kB\nSwap:     {swapped} kB\nVmFlags: rd mr\n"
ALONE = {"at": "00", "rights": "r-xp", "inode": "7", "own": "0", "swapped": "0"}


@pytest.mark.parametrize(("name", "value"), [("rights", "rw-p"), ("rights", "r--s"), ("inode", "0"), ("own", "4"), ("swapped", "4")])
def test_what_may_hold_something_of_the_process_is_kept(name: str, value: str):
    """The relocated part of a library is read-only by then and nobody else's; a page of it that is swapped out is no longer counted as the process's own, and MADV_DONTNEED drops it all the same."""
    own = MAPPING.format(**{**ALONE, name: value, "at": "11"})
    assert pages._untouched(own + MAPPING.format(**ALONE)) == [(0x7F0000000000, 0x7F0000400000, 1 << 20)]


@pytest.mark.skipif(not pages.MAPPINGS.exists(), reason="a Linux matter")
def test_a_process_works_as_before():
    """It has let go of what its libraries brought, and what they do is what they did."""
    work = "numpy.linalg.svd(numpy.arange(12.0).reshape(3, 4))[1].tolist()"
    check = f"import numpy; from gateway import pages; before = {work}; assert pages.let_go() > 1 << 20; assert {work} == before"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
