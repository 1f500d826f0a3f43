"""Secrets that stand in a configuration's file itself, where every copy of it has them. They are named, and never shown."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from gateway import config_yaml
from gateway.config import text_of
from gateway.errors import ConfigError

_SECRETS = frozenset({"key", "token", "admin_token", "key_pepper", "journal_key"})  # names of settings whose values are


class Written(NamedTuple):
    """what: which settings, and who can read them.  act: what to do about it."""

    what: str
    act: str
    open_to_others: bool


def written(file: Path) -> Written | None:
    """None: there are none, or the file cannot be read, which others say."""
    try:
        names = sorted(_literals(config_yaml.read(text_of(file)).value, ""))
        mode = stat.S_IMODE(os.stat(file).st_mode)
    except (ConfigError, OSError):
        return None
    if not names:
        return None
    others = bool(mode & 0o077)
    what = f"{', '.join(names)}: written in the file" + (f", which others on this machine can read (mode {mode:04o})" if others else ", and so in every copy of it")
    return Written(what, "write ${NAME} there; the value comes from the environment variable NAME, or from the file that NAME_FILE names", others)


def _literals(value: Any, path: str) -> Iterator[str]:
    """Places of secrets whose values are not taken from the environment."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        place = f"{path}.{name}" if path else str(name)
        if isinstance(inner, str) and (name in _SECRETS or (place == "store.url" and "@" in inner)):
            if "${" not in inner:
                yield place
        else:
            yield from _literals(inner, place)
