"""What could not go where it belongs, kept for a person to look at: rows that the store refused, journal bytes that are no frame.

`<data_dir>/quarantine/rows.jsonl`: one line a row, {"batch_id", "id", "at", "code", "error", "row"}; `row` is exactly what was refused, so that
once the cause is mended the rows can be inserted with `INSERT INTO exchanges FORMAT JSONEachRow`.
`<data_dir>/quarantine/<stream>-<segment>-<offset>.bin`: the damaged bytes of a segment, and where they were; sealed as they were in the journal.
Frames that the key does not open are kept in the same way, and those of an exchange of which no row could be made.
`<data_dir>/quarantine/parted`: the id of the batch that last went in piece by piece, under other tokens than its own (see writer.py).

Rows hold what the store would hold: redacted where `store.content` says so, in the clear where it says `full`. Readable by the owner alone. Nothing here is ever deleted by the gateway.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

import orjson

from gateway.errors import StoreError

_ID_IN_LINE = len(b'","id":"')


class Quarantine:
    """See the module. Methods raise OSError."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory, self.rows_file, self._parted_file = directory, directory / "rows.jsonl", directory / "parted"

    def keep_rows(self, batch_id: str, refused: Iterable[tuple[str, bytes, StoreError]]) -> None:
        """Append rows, on disk when this returns. refused: (exchange id, row as JSON, why)."""
        at = dt.datetime.now(dt.UTC).isoformat()
        lines = b"".join(
            orjson.dumps({"batch_id": batch_id, "id": id, "at": at, "code": error.code, "error": str(error)[:1000], "row": orjson.Fragment(row)}) + b"\n" for id, row, error in refused
        )
        fd = os.open(self.rows_file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with open(fd, "r+b", buffering=0) as file:
            size = os.fstat(fd).st_size
            if size and os.pread(fd, 1, size - 1) != b"\n":
                lines = b"\n" + lines  # a line that a kill cut off stays alone
            if file.write(lines) != len(lines):
                os.ftruncate(fd, size)
                raise OSError(28, "no room for the quarantined rows")
            os.fdatasync(fd)

    def ids(self, batch_id: str) -> set[str]:
        """The exchanges of a batch that are in the file already."""
        start = b'{"batch_id":"' + batch_id.encode()
        try:
            with open(self.rows_file, "rb") as file:
                return {line[len(start) + _ID_IN_LINE :].split(b'"', 1)[0].decode() for line in file if line.startswith(start) and line.endswith(b"}\n")}
        except FileNotFoundError:
            return set()

    def note_parted(self, batch_id: str) -> None:
        """Remember, on disk when this returns, that a batch goes in piece by piece. Batches come one after the other: the last one is enough."""
        if self.is_parted(batch_id):
            return
        fresh = self._parted_file.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(batch_id.encode())
            file.flush()
            os.fdatasync(file.fileno())
        os.replace(fresh, self._parted_file)

    def is_parted(self, batch_id: str) -> bool:
        """Whether some of a batch may be stored under another token than its own."""
        try:
            return self._parted_file.read_text() == batch_id
        except FileNotFoundError:
            return False

    def keep_damage(self, stream: str, segment: int, offset: int, data: bytes) -> None:
        """Keep bytes of a segment: those that the journal's reader stepped over, or that no row could be made of."""
        path = self._directory / f"{stream}-{segment:08d}-{offset}.bin"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(data)
