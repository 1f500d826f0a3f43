"""What the ledger says, line by line, and what makes it hold (FAILURES T23): seals of rows, chained and keyed lines.

    seal of a row       HMAC-SHA256 over the row's line as gateway/store/rows.py encodes it, cut to 8 bytes
    digest of a batch   SHA-256 over id and seal of each row, in the order of ids, cut to 16 bytes
    line                JSON whose last member is `mac`, HMAC-SHA256 over all before it, cut to 16 bytes; `prev` is the mac of the line before

Kinds of line, each with `seq`, `kind`, `prev`:

    part     begins a file: ledger (id), began (us, of the whole ledger), at (us), retention: [[since us, days], ...]: how long rows were kept, from when on
    rows     a batch that is about to be inserted: batch, rows, first, last (us, of started_at), form, digest
    absent   rows of a batch that did not go into the store: batch, ids; they are in quarantine, or dropped and counted

Both keys come from the journal's (BLAKE2b, keyed, with the ledger's id), so that who has the store alone, or the files without the key, can neither seal a row nor
write a line. Seals are short because nobody without the key can try one out but by asking `tidegate verify`.

Rules of this file: pure but for `parts` and `read`. A row is recomputed from what is stored by encoding what was read back (`canonical`), so every column counts. Forms: a
column that is added later goes into ADDED under the next number, and FORM becomes that number; lines of before are read with the columns of then.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson

from gateway.exchange import Exchange, Finding, Phase

FORM = 1
ADDED: dict[int, tuple[str, ...]] = {}  # form -> the columns that came with it
SEAL_BYTES = 8
_ID_BYTES = 16
PAIR_BYTES = _ID_BYTES + SEAL_BYTES
_MAC = b',"mac":"'
_MAC_CHARS = 32
_TAIL = len(_MAC) + _MAC_CHARS + 2  # and the closing quote and brace
_PART = re.compile(r"\d{8}\.jsonl")


def _flat() -> Iterator[tuple[str, bool]]:
    nested: dict[str, type] = {"findings": Finding, "phases": Phase}
    for of in fields(Exchange):
        if of.name in nested:
            yield from ((f"{of.name}.{part.name}", "float" in str(part.type)) for part in fields(nested[of.name]))
        else:
            yield of.name, "float" in str(of.type)


_COLUMNS = dict(_flat())  # name -> whether it holds fractions
_SPANS = attrgetter(*(of.name for of in fields(Exchange) if "float" in str(of.type)))


def columns(form: int = FORM) -> tuple[str, ...]:
    """Names of the columns that a form seals, in the order of the row."""
    later = {name for number, names in ADDED.items() if number > form for name in names}
    return tuple(name for name in _COLUMNS if name not in later)


def canonical(row: Mapping[str, Any], form: int = FORM) -> bytes:
    """The line that a row was inserted as. row: by column, as orjson reads ClickHouse's JSON (times "YYYY-MM-DD hh:mm:ss.ffffff", decimals as strings with nine places)."""
    return orjson.dumps({name: _fraction(row[name]) if _COLUMNS[name] else row[name] for name in columns(form)})


def _fraction(value: Any) -> Any:
    if isinstance(value, list):
        return [_fraction(one) for one in value]
    return float(value) if isinstance(value, int) else value


def as_stored(exchange: Exchange, line: bytes) -> bytes:
    """The line that reading back will give: the row's own, but where a whole number stands in a column of fractions."""
    bent = int in map(type, _SPANS(exchange))
    bent = bent or int in [type(f.score) for f in exchange.findings] or int in [type(seconds) for p in exchange.phases for seconds in (p.start_s, p.duration_s, p.spent_s)]
    return canonical(orjson.loads(line)) if bent else line


class Keys:
    """The two keys of one ledger."""

    __slots__ = ("_lines", "_rows", "ledger")

    def __init__(self, journal_key: bytes, ledger: str) -> None:
        """ledger: its id, 16 characters."""
        self.ledger = ledger
        self._rows, self._lines = (hashlib.blake2b(ledger.encode(), key=journal_key, digest_size=32, person=person).digest() for person in (b"tidegate rowseal", b"tidegate ledger "))

    def seal(self, line: bytes) -> bytes:
        """Of a row."""
        return hmac.digest(self._rows, line, "sha256")[:SEAL_BYTES]

    def close(self, content: Mapping[str, Any]) -> tuple[bytes, str]:
        """A line without its newline, and its mac."""
        body = orjson.dumps(content)[:-1]
        mac = self._mac(body)
        return b"%b%b%b\"}" % (body, _MAC, mac.encode()), mac

    def opens(self, line: bytes) -> bool:
        """Whether the line was written with this key."""
        return hmac.compare_digest(line[-_TAIL:], b"%b%b\"}" % (_MAC, self._mac(line[:-_TAIL]).encode()))

    def _mac(self, body: bytes) -> str:
        return hmac.digest(self._lines, body, "sha256")[: _MAC_CHARS // 2].hex()


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read. content: with prev and mac.  mac: what the line after must name as prev."""

    raw: bytes
    content: Mapping[str, Any]

    @property
    def seq(self) -> int:
        return int(self.content["seq"])

    @property
    def kind(self) -> str:
        return str(self.content["kind"])

    @property
    def mac(self) -> str:
        return str(self.content["mac"])


def parse(raw: bytes) -> Line | None:
    """A line without its newline; None: it is none, or half of one."""
    try:
        content = orjson.loads(raw)
        line = Line(raw, content)
        return line if raw[-_TAIL:].startswith(_MAC) and line.seq >= 0 and isinstance(content["prev"], str) and line.kind in ("part", "rows", "absent") else None
    except (ValueError, KeyError, TypeError):
        return None


def pack(seals: Iterable[tuple[str, bytes]]) -> bytes:
    """(id, seal) of a batch's rows as bytes, in the order of ids."""
    return b"".join([bytes.fromhex(id.replace("-", "")) + seal for id, seal in sorted(seals)])


def unpack(packed: bytes) -> dict[str, bytes]:
    """The seals by id. Raises ValueError."""
    if len(packed) % PAIR_BYTES:
        raise ValueError("not whole pairs of id and seal")
    return {str(uuid.UUID(bytes=packed[at : at + _ID_BYTES])): packed[at + _ID_BYTES : at + PAIR_BYTES] for at in range(0, len(packed), PAIR_BYTES)}


def in_order(packed: bytes) -> bytes:
    """Pairs that were put together in any order, as `pack` orders them."""
    return b"".join(sorted(packed[at : at + PAIR_BYTES] for at in range(0, len(packed), PAIR_BYTES)))


def digest(packed: bytes) -> str:
    """Of a batch's rows, from `pack`."""
    return hashlib.sha256(packed).hexdigest()[:32]


def to_text(packed: bytes) -> str:
    return base64.b64encode(packed).decode()


def from_text(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text, validate=True)


def parts(directory: Path) -> list[Path]:
    """The ledger's files, oldest first."""
    try:
        return sorted(path for path in directory.iterdir() if _PART.fullmatch(path.name))
    except FileNotFoundError:
        return []


def read(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The lines of a file, without newlines, and whether each was ended by one: the last may be torn. Raises OSError."""
    with open(path, "rb") as file:
        for raw in file:
            yield raw.rstrip(b"\n"), raw.endswith(b"\n")
