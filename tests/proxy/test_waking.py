"""A worker asks for short turns, and gets no other priority by it."""

import ctypes
import os
import platform
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.proxy.waking import ATTRIBUTES, TURN_NS, wake_soon

SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}
pytestmark = pytest.mark.skipif(platform.machine() not in SCHED_GETATTR, reason="the call's number is not known here")


def attributes() -> tuple[int, ...]:
    """Of the calling thread, as the kernel says."""
    said = ctypes.create_string_buffer(ATTRIBUTES.size)
    assert ctypes.CDLL(None).syscall(SCHED_GETATTR[platform.machine()], 0, said, len(said), 0) == 0
    return ATTRIBUTES.unpack(said.raw)


def test_turns_are_short_and_nothing_else_changes() -> None:
    """What the kernel says before and after, in a thread of its own: turns of 0.1 ms where it has such a thing, policy and niceness as they were."""

    def asked() -> tuple[tuple[int, ...], bool, tuple[int, ...]]:
        os.setpriority(os.PRIO_PROCESS, 0, 3)  # of this thread alone, on Linux
        return attributes(), wake_soon(), attributes()

    with ThreadPoolExecutor(1) as thread:
        before, done, after = thread.submit(asked).result()
    assert done and (after[1], after[3]) == (before[1], before[3]) == (os.SCHED_OTHER, 3)
    kernel = tuple(int(part) for part in os.uname().release.split(".")[:2])
    assert after[5] == (TURN_NS if kernel >= (6, 12) else before[5])
