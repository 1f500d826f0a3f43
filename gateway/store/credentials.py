"""The passwords of the embedded store: made once, kept readable by the owner alone.

They live above the server's own directories, so that the confined server process cannot read them back by SQL. In server mode the URL
in the configuration carries the credentials and this file is not used.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from gateway.errors import ConfigError
from gateway.store.embedded import READER, READER_PASSWORD, WRITER, WRITER_PASSWORD


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may write and who may only read. The passwords have no place in repr()."""

    writer_user: str
    writer_password: str = field(repr=False)
    reader_user: str
    reader_password: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """What the embedded server's process must find in its environment."""
        return {WRITER_PASSWORD: self.writer_password, READER_PASSWORD: self.reader_password}


def credentials(data_dir: Path) -> Credentials:
    """The credentials of the store under `data_dir`; made and written to `<data_dir>/clickhouse/credentials.json` when there are none.

    Safe to call from several processes at once: all of them get the same. Raises ConfigError if the file cannot be read or made.
    """
    path = data_dir / "clickhouse" / "credentials.json"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _create(path)
        raw = json.loads(path.read_text())
        return Credentials(WRITER, raw["writer_password"], READER, raw["reader_password"])
    except OSError as e:
        raise ConfigError([f"{path}: {e.strerror}; expected a place for the store's passwords"]) from e
    except (ValueError, KeyError, TypeError) as e:
        raise ConfigError([f"{path}: not what was written there; remove it and new passwords are made at the next start"]) from e


def _create(path: Path) -> None:
    """Write beside and link into place: whoever comes first wins and nobody sees half a file."""
    beside = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump({"writer_password": secrets.token_urlsafe(24), "reader_password": secrets.token_urlsafe(24)}, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        pass  # another process was first: its passwords hold
    finally:
        beside.unlink()
