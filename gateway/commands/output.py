"""Files that commands write: there under their name only when they are whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gateway.commands.base import OutputFailed


@contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, readable by this user alone, that takes its name (or another file's place) when the block ends well. A link stays one.

    What is there and is no file (/dev/null, a pipe) is written to as it is: root's `--output /dev/null` must not take the machine's. Raises OutputFailed.
    """
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            with open(path, "wb") as device:
                yield device
            return
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as e:
        raise OutputFailed(e) from e
