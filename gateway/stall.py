"""What a worker's loop was doing when it stood still: a stack, written as faulthandler writes it, read and told in one line.

A worker's watchdog (gateway/proxy/watchdog.py) writes the loop's stack into `<data_dir>/run/worker-N.stall` when a beat is late, and faulthandler when the process
crashes. There are functions and lines in it, never a value. Who reads it first tells of it: the worker itself at its next beat, the supervisor that kills it, or its successor.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import FrameType

FRAMES = 8  # innermost first, that are told
_THREAD = re.compile(r"^(?:(?:Current thread|Thread) 0x([0-9a-f]+)|Stack \()[^\n]*\n((?:  File [^\n]*\n?)*)", re.M)
_FRAME = re.compile(r'^  File "([^"\n]*)", line (\d+|\?\?\?) in ([^\n]*)$', re.M)


def path_of(run: Path, slot: int | str) -> Path:
    return run / f"worker-{slot}.stall"


def spelled(thread: int, frame: FrameType | None) -> bytes:
    """The stack that ends in this frame."""
    lines = [f"Thread 0x{thread:016x} (most recent call first):"]
    while frame is not None and len(lines) <= FRAMES:
        lines.append(f'  File "{frame.f_code.co_filename}", line {frame.f_lineno} in {frame.f_code.co_name}')
        frame = frame.f_back
    return "\n".join([*lines, ""]).encode("utf-8", "replace")


def where(text: str, thread: int | None = None) -> str:
    """A stack as `file.py:line function < caller ...`, of that thread, else of the last one told; "" if there is none."""
    stacks = {int(found[1] or "0", 16): found[2] for found in _THREAD.finditer(text)}
    if not stacks:
        return ""
    stack = stacks.get(thread, "") if thread is not None else stacks[list(stacks)[-1]]
    return " < ".join(f"{os.path.basename(name)}:{line} {function}" for name, line, function in _FRAME.findall(stack)[:FRAMES])


def taken(path: Path, thread: int | None = None) -> str:
    """As `where`, of a file that is emptied with it, so that nobody tells of it twice. "" if there is nothing to tell."""
    try:
        with open(path, "r+", encoding="utf-8", errors="replace") as file:
            text = file.read(1 << 16)
            if text:
                file.truncate(0)
    except OSError:
        return ""
    return where(text, thread)
