"""Have the kernel let a worker go on soon after it wakes, where it shares a processor with what is in no hurry.

Since Linux 6.12 a thread may say how long its turns are; one with short turns goes before who is in the middle of a long one, and does not wait for the timer's next tick (4 ms at 250 Hz). It gets no more of the
processor for it. Older kernels take no notice, and where the call is forbidden nothing else is lost.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

TURN_NS = 100_000  # the shortest that the kernel takes
ATTRIBUTES = struct.Struct("=IIQiIQQQII")  # of sched_setattr(2): size, policy, flags, nice, priority, runtime, deadline, period, clamps
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}


def wake_soon() -> bool:
    """For the calling thread. False: not on this system."""
    call = _SCHED_SETATTR.get(platform.machine())
    if call is None:
        return False
    asked = ATTRIBUTES.pack(ATTRIBUTES.size, os.SCHED_OTHER, 0, os.getpriority(os.PRIO_PROCESS, 0), 0, TURN_NS, 0, 0, 0, 0)
    return bool(ctypes.CDLL(None).syscall(call, 0, asked, 0) == 0)
