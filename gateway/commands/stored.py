"""Ask the running gate's store from the command line, and stream the answer out as it comes.

The answer may be larger than memory and in any of ClickHouse's formats, so it is passed on as bytes over plain HTTP. An error in the middle
of an answer comes behind a 200, as a block at its end with a tag that the head announced; the last bytes are therefore held
back until the end is seen, and the block becomes a StoreError in the place of output.

Source: ClickHouse's documentation of its HTTP interface ("Handling errors"), checked against the pinned server.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

from gateway.commands.base import OutputFailed
from gateway.config import Settings
from gateway.errors import StoreError, StoreRejected, StoreStarting, StoreUnavailable
from gateway.store.place import find
from gateway.store.target import Target

_HOLD = 32 << 10  # longer than any error block
_PIECE = 1 << 18
CONNECT_S, ANSWER_S = 5.0, 600.0
STARTING_S = 60.0  # after which a store that is not there is not on its way
SOON_S = 5.0  # for who asks whether the store is well


def place(settings: Settings) -> Target:
    """Where the configured store is, as the gate itself, with or without its tables. Raises StoreUnavailable if the embedded one is not running."""
    store = settings.store
    return find(settings.data_dir, None if store.embedded else store.url, store.cluster, store.port)


def target(settings: Settings) -> Target:
    """Where the configured store is, for who asks it. Raises as `place`; StoreStarting as long as the embedded one of a gate that has just been started has not all its tables."""
    age_s = starting_s(settings.data_dir, "store") if settings.store.embedded else None
    if age_s is None:
        return place(settings)
    from gateway.store.migrate import migrations  # late: brings the store's client, and is nearly never needed

    try:
        found = place(settings)
        (row,) = ask(found, "SELECT max(version) AS version FROM schema_migrations", answer_s=SOON_S)
        if int(str(row["version"])) >= migrations()[-1].version:
            return found
    except StoreError:
        pass
    raise StoreStarting(f"the embedded store is starting (for {age_s:.0f} s); ask again in a moment")


def starting_s(data_dir: Path, name: str) -> float | None:
    """Seconds since a running gate started one of its processes for the first time, as long as that may not be ready yet; None: if it does not answer, something is wrong."""
    try:
        written = json.loads((data_dir / "run" / "supervisor.json").read_text())
        (process,) = (process for process in written["processes"] if process["name"] == name)
        age_s = time.time() - (process["since"] or written["started_at"])
        return age_s if 0 <= age_s < STARTING_S and not process["restarts"] and os.path.exists(f"/proc/{written['pid']}") else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stream(target: Target, sql: str, out: BinaryIO, options: Mapping[str, str] | None = None, *, progress: Callable[[int], None] = lambda _: None, answer_s: float = ANSWER_S) -> int:
    """Run a query as the target's user, held to reading, and write its answer to `out`. Returns the number of bytes.

    options: ClickHouse settings and `param_` values.  progress: called with the bytes so far.  answer_s: the longest silence.
    Raises StoreUnavailable if the store cannot be reached or the answer breaks off, StoreRejected with ClickHouse's words if it refuses the query, OutputFailed if
    `out` cannot be written.
    """
    make = http.client.HTTPSConnection if target.secure else http.client.HTTPConnection
    connection = make(target.host, target.port, timeout=CONNECT_S)
    try:
        connection.connect()
        connection.sock.settimeout(answer_s)
        connection.request("POST", "/?" + urlencode({"database": target.database, "readonly": "2", **(options or {})}), sql.encode(), _headers(target))
        answer = connection.getresponse()
        if answer.status != 200:
            raise _refused(answer.read(1 << 20).decode(errors="replace"))
        return _copy(answer, answer.getheader("X-ClickHouse-Exception-Tag", ""), out, progress)
    except (OSError, http.client.HTTPException) as e:
        raise StoreUnavailable(f"the store at {target.place} did not answer to the end ({type(e).__name__}); is the gate running? tidegate doctor tells") from e
    finally:
        connection.close()


def ask(target: Target, sql: str, options: Mapping[str, str] | None = None, *, answer_s: float = ANSWER_S) -> list[dict[str, object]]:
    """The rows of a small answer. Raises as `stream` does."""
    out = io.BytesIO()
    stream(target, sql, out, {**(options or {}), "default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": "0"}, answer_s=answer_s)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _headers(target: Target) -> dict[str, str]:
    login = base64.b64encode(f"{target.user}:{target.password}".encode()).decode()
    return {"Authorization": f"Basic {login}", "Content-Type": "text/plain; charset=utf-8"}


def _copy(answer: http.client.HTTPResponse, tag: str, out: BinaryIO, progress: Callable[[int], None]) -> int:
    held, written = b"", 0
    broken: http.client.IncompleteRead | None = None
    while broken is None:
        try:
            piece = answer.read1(_PIECE)
        except http.client.IncompleteRead as e:  # after an error block the server cuts the answer off
            piece, broken = e.partial, e
        if not piece:
            break
        held += piece
        if len(held) > _HOLD:
            written += _write(out, held[:-_HOLD])
            held = held[-_HOLD:]
            progress(written)
    mark = f"__exception__\r\n{tag}\r\n".encode()
    at = held.rfind(mark) if tag else -1
    if at >= 0:
        raise _refused(held[at + len(mark) :].decode(errors="replace").rpartition(f" {tag}")[0].rpartition("\n")[0])
    if broken is not None:
        raise broken
    written += _write(out, held)
    progress(written)
    return written


def _write(out: BinaryIO, piece: bytes) -> int:
    try:
        out.write(piece)
    except OSError as e:  # told apart from the connection's own errors
        raise OutputFailed(e) from e
    return len(piece)


def _refused(words: str) -> StoreRejected:
    code = re.match(r"Code: (\d+)\.", words)
    return StoreRejected(re.sub(r" \(version [^)]*\)\s*$", "", words.strip()), int(code[1]) if code else 0)
