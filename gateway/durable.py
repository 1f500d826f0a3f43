"""What outlives a power cut: a file's own sync says nothing of its name, which stands in its directory."""

from __future__ import annotations

import os
from pathlib import Path


def sync_directory(path: Path) -> None:
    """Names that were made or replaced in it are on disk when this returns. Raises OSError."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
