"""A custom detector: a Python function of the operator's.

    # badges.py, beside tidegate.yaml; its entry is "badges:find"
    import re

    BADGE = re.compile(r"badge[- ]?(\\d{4})")

    def find(text: str):
        for hit in BADGE.finditer(text):
            yield {"kind": "BADGE", "start": hit.start(1), "end": hit.end(1), "score": 0.9}

The contract.  `function(text)` gives an iterable of mappings: kind, one of those that the configuration declares; start and end, code points of
`text`, start < end; score, 0 to 1. Order and overlaps do not matter. A text is given whole if the configuration states no max_span, else
as it comes: a whole text, or a stream's window. Anything else it gives is garbage, and a failure like an exception: what that means is
the rule's word.

Where it runs.  In a process of its own, one text at a time, with no environment, no network, no files but the interpreter's and those of its own
directory's modules, no child processes, and an address space that ends (gateway/detection/seal.py). What it needs at run time (a list, a model) goes into
its package's directory and is read at import or later. What it prints is thrown away. It is killed when it is too slow, and started again.

A webhook is the way out for what cannot live like that (gateway/detection/webhook.py).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path


def load(entry: str) -> Callable[[str], object]:
    """The callable that "package.module:function" names. Raises whatever its import raises; ValueError if there is none."""
    module, _, name = entry.partition(":")
    found: object = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise ValueError("not a function")
    return found


def rows(answer: object) -> list[object]:
    """What a function gave, as it goes to the pool, which checks it. Raises TypeError for what is no iterable; what iterating raises."""
    if isinstance(answer, str | bytes | dict) or answer is None:
        raise TypeError("not an iterable of findings")
    return [{key: each[key] for key in ("kind", "start", "end", "score")} if isinstance(each, dict) else None for each in answer]  # type: ignore[attr-defined]


def readable(path: str) -> Iterator[Path]:
    """What a sealed process may read of one directory on its import path: modules and packages, not what else lies beside them.

    Directories of the interpreter and of installed packages are given whole by the seal.
    """
    root = Path(path)
    if any(root.is_relative_to(prefix) for prefix in (sys.prefix, sys.base_prefix)):
        return
    if root.name in ("site-packages", "dist-packages"):
        yield root
        return
    try:
        inside = list(root.iterdir())
    except OSError:
        return
    for each in inside:
        if each.suffix in (".py", ".so") or any(each.glob("*.py")):
            yield each


def list_now() -> None:
    """Have the import system read its directories' listings: once sealed, it may open modules there, but not list what is beside them."""
    importlib.invalidate_caches()
    importlib.util.find_spec("no_module_has_this_name")
