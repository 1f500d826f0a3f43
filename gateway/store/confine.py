"""Take this process's right to files and ports that it has no business with (Linux Landlock).

Why.  clickhouse-local does not confine files: SQL's scalar function `file('/etc/passwd')` reads any file of the user, needs no grant, and
works for a `readonly` user. No ClickHouse setting stops it, so the kernel must. A confined process sees its own data, the
interpreter and its libraries; not `/proc/self/environ`, not credentials, not journals. It connects to no port but its own.

Rules of this file: it holds for the calling thread and all threads and children made afterwards, so it is called before the engine is
imported; it cannot be undone; it never raises because the kernel is too old (Landlock came with 5.13, ports with 6.7) but says so.

Source of truth: the kernel's userspace-api/landlock documentation and linux/landlock.h; the system call numbers are the same on
every architecture.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_QUESTION = 1
_PATH_BENEATH, _NET_PORT = 1, 2
_PR_SET_NO_NEW_PRIVS = 38

_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_BITS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # how many file rights each version of the interface knows; 16 since version 5
_EXECUTE = 1 << 0
_OF_FILES = _WRITE_FILE | _READ_FILE | _TRUNCATE  # the rights that a rule on a single file may name
_BIND, _CONNECT = 1 << 0, 1 << 1
_SCOPE_SIGNAL = 1 << 1  # since version 6; SYSTEM SHUTDOWN is kill(0), which must not reach the processes beside this one


def confine(*, read: Iterable[Path], write: Iterable[Path], ports: Iterable[int] | None) -> str:
    """Restrict this process.

    read, write: directories or files, with all below them; those that do not exist are left out.  ports: the only TCP ports that may
    be bound or connected to; None: any.
    Returns "" when done, else why not: the process then runs unconfined.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    abi = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_QUESTION))
    if abi < 1:
        return f"this kernel has no Landlock ({os.strerror(ctypes.get_errno())})"
    rights = (1 << _BITS_BY_ABI.get(abi, 16)) - 1
    network = _BIND | _CONNECT if ports is not None and abi >= 4 else 0
    attributes = struct.pack("=QQQ", rights, network, _SCOPE_SIGNAL if abi >= 6 else 0)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return f"Landlock refused a ruleset ({os.strerror(ctypes.get_errno())})"
    try:
        for paths, allowed in ((read, _READ_FILE | _READ_DIR), (write, rights & ~_EXECUTE)):
            for path in paths:
                _allow(libc, ruleset, path, allowed & rights)
        for port in ports if ports is not None and network else ():
            libc.syscall(_ADD_RULE, ruleset, _NET_PORT, struct.pack("=QQ", network, port), ctypes.c_uint32(0))
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)) != 0:
            return f"Landlock refused the restriction ({os.strerror(ctypes.get_errno())})"
    finally:
        os.close(ruleset)
    return ""


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, allowed: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            allowed &= _OF_FILES
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", allowed, descriptor), ctypes.c_uint32(0))
    finally:
        os.close(descriptor)
