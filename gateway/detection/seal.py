"""Take from a detector's process what no detector needs: files, network, other processes, privileges (T21). Linux only.

Three layers, each of which says so when the kernel refuses it, and none of which is undone by the process:

- limits: address space, core dumps, open files, file growth; first to go when memory is short.
- Landlock (gateway/store/confine.py): reads the interpreter, its packages and the detector's own modules; writes nothing; binds and
  connects no TCP port; signals nobody outside.
- seccomp: no sockets of any family, no new process, no program, nothing written, no look at or signal to another process. Threads are allowed.

What is left: the processor until the deadline, memory up to the limit, whether a file exists (stat), and its own socket to the pool, on
which it can say only what the pool checks: kinds that are declared, and numbers. Texts leave by no other way.

Source of truth: linux/seccomp.h, linux/bpf_common.h, the kernel's tables of system calls for x86-64 and for the generic ABI (arm64).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from gateway import pages
from gateway.store.confine import confine

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _EACCES, _ENOSYS = 1, 13, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF: ld [k]; jeq; jge; jset; ret
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; arguments are 8 bytes, low half first
_CLONE_THREAD = 0x10000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
NICENESS = 3  # below the relay, above what only watches: a detector is waited for

# name: (x86-64, arm64); None: not there. What is refused whatever its arguments.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242),
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "unshare": (272, 97), "setns": (308, 268),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272), "process_madvise": (440, 440),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "setpriority": (141, 140), "ioprio_set": (251, 30), "migrate_pages": (256, 238),
    "move_pages": (279, 239), "sched_setaffinity": (203, 122), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "sched_setattr": (314, 274),
    "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104), "open_by_handle_at": (304, 265),
    "creat": (85, None), "truncate": (76, 45), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34),
    "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35), "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
    "mknod": (133, None), "mknodat": (259, 33), "chmod": (90, None), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "lchown": (94, None),
    "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6), "removexattr": (197, 14), "lremovexattr": (198, 15), "utimensat": (280, 88),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "memfd_secret": (447, 447),
}  # fmt: skip
_UNKNOWN = {"clone3": (435, 435), "openat2": (437, 437)}  # "no such call": the C library falls back to the ones below, whose arguments can be looked at
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above; the kernel's name


def limit(*, memory_bytes: int) -> None:
    """Resource limits, and the first place in the queue when memory is short. Part of every detector's process."""
    for what, most in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 128), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    _tell("/proc/self/oom_score_adj", 800)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    _tell("/proc/self/autogroup", NICENESS)


def die_with(parent: int) -> None:
    """SIGKILL when the pool dies, however it does: a detector in an endless loop would never notice."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def seal(read: Iterable[Path]) -> list[str]:
    """Confine this process; call before a line of the detector is imported. read: what it may read beside the interpreter and its libraries.

    Returns what could not be taken from it, one line each; [] when all of it was. Raises nothing.
    """
    if sys.platform != "linux":
        return [f"{sys.platform} has neither Landlock nor seccomp"]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    missing = []
    system = [Path(sys.prefix), Path(sys.base_prefix), *(Path(p) for p in ("/usr", "/lib", "/lib64", "/sys/devices/system/cpu"))]
    system += [Path("/etc/ld.so.cache"), Path("/etc/localtime"), Path("/proc/cpuinfo"), Path("/proc/meminfo"), pages.MAPPINGS, Path("/dev/urandom"), Path("/dev/null")]
    if unconfined := confine(read=[*system, *read], write=[], ports=()):
        missing.append(f"files and ports: {unconfined}")
    if error := _drop_capabilities(libc):
        missing.append(f"capabilities: {error}")
    if error := _filter(libc):
        missing.append(f"system calls: {error}")
    return missing


def _tell(path: str, value: int) -> None:
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_WRONLY)
        try:
            os.write(fd, b"%d" % value)
        finally:
            os.close(fd)


def _drop_capabilities(libc: ctypes.CDLL) -> str:
    """Root without capabilities is a user who happens to own much. (capset, version 3 of its header: two words of 32 capabilities.)"""
    column, _ = _ARCHITECTURES.get(platform.machine(), (None, 0))
    if column is None:
        return f"unknown processor {platform.machine()}"
    header, nothing = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    if libc.syscall((126, 91)[column], header, nothing) != 0:
        return os.strerror(ctypes.get_errno())
    return ""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _filter(libc: ctypes.CDLL) -> str:
    if platform.machine() not in _ARCHITECTURES or sys.byteorder != "little":
        return f"no table for {platform.machine()}"
    code = _program(*_ARCHITECTURES[platform.machine()], os.getpid())
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(code) // 8, code)), 0, 0) != 0:
        return os.strerror(ctypes.get_errno())
    return ""


def _program(column: int, architecture: int, pid: int) -> bytes:
    """The filter: a run of tests on the call's number, each with its answer; what meets none is allowed."""
    steps: list[tuple[int, int, int, int]] = []

    def answer(value: int) -> tuple[int, int, int, int]:
        return (_RETURN, 0, 0, value)

    def when(number: int, *then: tuple[int, int, int, int]) -> None:
        steps.append((_EQUAL, 0, len(then), number))
        steps.extend(then)

    refused = answer(_ERRNO | _EPERM)
    allowed = answer(_ALLOW)

    def low(argument: int) -> tuple[int, int, int, int]:
        return (_LOAD, 0, 0, _ARGUMENT + 8 * argument)

    steps += [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, architecture), answer(_KILL), (_LOAD, 0, 0, _NUMBER)]
    if column == 0:
        steps += [(_AT_LEAST, 0, 1, 0x40000000), answer(_ERRNO | _ENOSYS)]  # the x32 ABI has numbers of its own
    for numbers in _REFUSED.values():
        if (number := numbers[column]) is not None:
            when(number, refused)
    for pair in _UNKNOWN.values():
        when(pair[column], answer(_ERRNO | _ENOSYS))
    when((56, 220)[column], low(0), (_ANY_BIT, 0, 1, _CLONE_THREAD), allowed, refused)  # clone: threads only
    for number in ((62, 129)[column], (234, 131)[column]):  # kill, tgkill: itself, as abort() does
        when(number, low(0), (_EQUAL, 0, 1, pid), allowed, refused)
    when((302, 261)[column], low(0), (_EQUAL, 1, 0, 0), (_EQUAL, 0, 1, pid), allowed, refused)  # prlimit64
    write_refused = answer(_ERRNO | _EACCES)
    when((257, 56)[column], low(2), (_ANY_BIT, 0, 1, _WRITES), write_refused, allowed)  # openat
    if column == 0:
        when(2, low(1), (_ANY_BIT, 0, 1, _WRITES), write_refused, allowed)  # open
    steps.append(allowed)
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
