"""What a full disk leaves of a table that ClickHouse was making: a description of no bytes, on which the server ends at every start, and nothing under it.

An empty description says nothing, so nothing is lost with it, and the migration that made the table makes it again. But where rows lie about whose description is missing, it may have
been theirs (a full disk in the middle of an ALTER): then nothing is touched, and it is said what a person has to look at.

Rules of this file: the standard library alone; only files of no bytes are ever removed.
"""

from __future__ import annotations

import re
from pathlib import Path

_UUID = re.compile(r"UUID '([0-9a-f-]{36})'")
_PART = re.compile(r".+_\d+_\d+_\d+(?:_\d+)?")  # a directory that holds rows


def clear(data: Path) -> tuple[list[Path], str]:
    """Remove descriptions that are empty. data: the server's directory, while it does not run. Returns what was removed, and "" or why nothing was."""
    described = [*data.glob("metadata/*.sql"), *data.glob("store/*/*/*.sql")]
    empty = [path for path in described if not path.stat().st_size]
    if not empty:
        return [], ""
    known = {found for path in (*described, *data.glob("metadata_dropped/*.sql")) for found in _UUID.findall(path.read_text(errors="replace"))}
    ownerless = [table for table in data.glob("store/*/*") if table.is_dir() and table.name not in known and any(_PART.fullmatch(part.name) for part in table.iterdir())]
    if ownerless:
        names = ", ".join(str(path) for path in empty)
        return [], f"{names}: empty, as a full disk leaves it, and rows lie in {ownerless[0]} that it may have described: put it back from a copy, or remove it to begin that table anew"
    for path in empty:
        path.unlink()
    return empty, ""
