"""The processes of a gate, found as the kernel knows them: by what their command lines name, whether anybody still watches them or not."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path


def alive(gate_root: Path) -> dict[int, str]:
    """Command lines by pid of the processes that work for the gate in this directory. A zombie is gone already."""
    found: dict[int, str] = {}
    for directory in Path("/proc").iterdir():
        if not directory.name.isdigit():
            continue
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            command = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(gate_root) in command and "gateway" in command:
                found[int(directory.name)] = command
    return found


def await_gone(gate_root: Path, within_s: float) -> dict[int, str]:
    """Wait until none is left; those that are after `within_s`."""
    until = time.monotonic() + within_s
    while (left := alive(gate_root)) and time.monotonic() < until:
        time.sleep(0.05)
    return left
