"""Expressions that are compiled when they are first used: a process that imports a detector does not pay for what it never meets."""

from __future__ import annotations

import re
from typing import Any, cast


def later(source: str, flags: int = 0) -> re.Pattern[str]:
    """What re.compile(source, flags) gives, but for the time. An error in the source is raised when it is first used."""
    return cast("re.Pattern[str]", _Later(source, flags))


def later_bytes(source: bytes) -> re.Pattern[bytes]:
    """The same for bytes."""
    return cast("re.Pattern[bytes]", _Later(source, 0))


class _Later:
    """Stands for a compiled expression, and has its methods as its own once one of them is asked for: from then on they cost no more."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._source, self._flags)
        for each in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)
