"""Where the store is now, for whoever did not start it.

The embedded server's port is told to the gate's own children in TIDEGATE_STORE_PORT; anybody else finds it in <data_dir>/run/store.json,
which the running gate keeps.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from gateway.errors import StoreUnavailable
from gateway.store.credentials import credentials
from gateway.store.target import Target


def find(data_dir: Path, url: str | None, cluster: str | None, port: int = 0) -> Target:
    """Where the store is. url None: embedded.  port: the embedded server's, if it is a fixed one.

    Raises StoreUnavailable if the embedded store is not running, ConfigError if the URL or the credentials are unusable.
    """
    if url is not None:
        return Target.from_url(url, cluster=cluster)
    return Target.embedded(_port(data_dir, port), credentials(data_dir))


def _port(data_dir: Path, fixed: int) -> int:
    told = os.environ.get("TIDEGATE_STORE_PORT", "")
    if told.isdigit():
        return int(told)
    file = data_dir / "run" / "store.json"
    try:
        return int(json.loads(file.read_text())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        if fixed:
            return fixed
        raise StoreUnavailable("the embedded store is not running; start the gate with: tidegate serve") from None
