"""The record held against the ledger: which rows were altered, are missing, or were added, and what is wrong with the ledger itself (FAILURES T23).

How.  All rows are read back, partition by partition, sealed anew and put to their batches; a batch whose digest comes out as its line says is clean. What is not is looked at again by
itself: the lines are read once more, because the gate goes on recording meanwhile, and the seals of single rows, in the table `ledger`, tell which row it was.

Not missing: rows beyond retention ("expired"), in quarantine or dropped ("absent"), of the batch that was entered last ("under way"); nor are rows of the last minute added, where other gates' ledgers are
expected, whose lines come a moment after. Rows from before the ledger began, and those of
ledgers that another key wrote, are counted, and nobody vouches for them.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from gateway.commands import stored
from gateway.record import ledger_lines as lines
from gateway.record.ledger_chain import DAY_US, Chain, Entry, Fault, moment, of_files
from gateway.store.target import Target

LATE_US = 60_000_000  # a line may take so long to get from the file to the table
_AT_ONCE = 50  # batches that are looked at again in one query
_OPTIONS = {
    "default_format": "JSONEachRow",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "1",
    "output_format_decimal_trailing_zeros": "1",
    "output_format_json_quote_denormals": "0",
    "date_time_output_format": "simple",
}
_ROWS = "SELECT " + ", ".join(f"`{name}`" for name in lines.columns()) + " FROM exchanges"


@dataclass(slots=True)
class Report:
    """What was found. rows, batches: that were looked at and are as they were stored."""

    rows: int = 0
    batches: int = 0
    expired: int = 0
    absent: int = 0
    under_way: int = 0
    before: int = 0
    others: dict[str, int] = field(default_factory=dict)  # ledger -> rows
    ledgers: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Verification:
    """One look. journal_key: from which the ledger's keys come.  others: ids of ledgers that need no file here.  since: us."""

    def __init__(self, target: Target, directory: Path, journal_key: bytes, *, since: int = 0, others: Iterable[str] = ()) -> None:
        self._target, self._directory, self._key, self._since, self._others = target, directory, journal_key, since, frozenset(others)
        self._now = time.time_ns() // 1000
        self._chains: dict[str, Chain] = {}
        self._foreign: dict[str, str] = {}  # batch -> ledger, as lines say that nobody can prove
        self._known: dict[str, list[Entry]] = {}
        self._held: dict[str, bytearray] = {}  # batch -> packed pairs of the rows read so far
        self._done: set[str] = set()
        self._doubtful: set[str] = set()
        self._strays: dict[str, list[tuple[str, int]]] = {}  # batch that no line names -> ids of its rows, and their times
        self.report = Report()

    def run(self, *, head: tuple[int, str] | None = None, progress: Callable[[int, int], None] = lambda done, of: None) -> Report:
        """Look at everything. head: a line that must be there, from an earlier look.  progress: rows so far, and of all. Raises StoreError, OSError."""
        report = self.report
        self._read_ledger()
        self._sweep(progress)
        self._read_ledger()  # what was written meanwhile
        self._judge_all()
        if not self._chains and (rows := sum(map(len, self._strays.values()))):
            report.before, report.faults = rows, [Fault("ledger", f"there is no ledger, neither in {self._directory} nor in the store: nothing vouches for the {rows} rows")]
        report.faults[:0] = [fault for chain in self._chains.values() for fault in (*chain.faults, *(() if chain.foreign else chain.shut))]
        if head is not None and not any(chain.macs.get(head[0]) == head[1] for chain in self._chains.values()):
            report.faults.append(Fault("chain", f"line {head[0]} with the mac {head[1]} is in no ledger: it was there when that was noted"))
        report.absent = sum(len(ids) for chain in self._chains.values() for ids in chain.absent.values())
        for chain in self._chains.values():
            seq, mac = chain.head
            report.ledgers.append({"ledger": chain.keys.ledger, "file": chain.in_file, "opens": not chain.foreign, "lines": len(chain.macs), "head": f"{seq}:{mac}" if mac else "", "began": moment(chain.began) if chain.began else ""})
        return report

    # ------------------------------------------------------------------ the ledger

    def _read_ledger(self) -> None:
        read = ((path.name, lines.read(path)) for path in lines.parts(self._directory))
        self._chains = {chain.keys.ledger: chain for chain in of_files(read, self._key)}
        for chain in self._chains.values():
            chain.link("ledger", self._now)
            if chain.foreign and chain.keys.ledger not in self._others:
                chain.faults.append(Fault("ledger", f"the files of ledger {chain.keys.ledger} were not written with this journal key; if that is known: --other {chain.keys.ledger}"))
        self._foreign.clear()
        self._read_table()
        self._known = {}
        for chain in self._chains.values():
            for entry in chain.entries:
                self._known.setdefault(entry.batch, []).append(entry)

    def _read_table(self) -> None:
        seen: dict[str, set[int]] = {}
        tables: dict[str, Chain] = {}

        def one(raw: bytes) -> None:
            row = orjson.loads(raw)
            ledger, where = str(row["ledger"]), "table ledger"
            line = lines.parse(row["line"].encode())
            chain = self._chains.get(ledger) or tables.setdefault(ledger, Chain(lines.Keys(self._key, ledger)))
            if line is None or line.seq != row["seq"]:
                chain.faults.append(Fault("table", f"{where}: line {row['seq']} of ledger {ledger} cannot be read"))
                return
            if chain.add(line, where):
                if row["seals"] and not _fits(row["seals"], line.content.get("digest", "")):
                    chain.faults.append(Fault("table", f"{where}: the seals of line {line.seq} of ledger {ledger} were changed"))
            elif line.kind == "rows":
                self._foreign[str(line.content["batch"])] = ledger
            seen.setdefault(ledger, set()).add(line.seq)

        stored.stream(self._target, "SELECT ledger, seq, line, seals FROM ledger ORDER BY ledger, seq", _lines_to(one), _OPTIONS)
        for ledger, chain in self._chains.items():
            self._compare(chain, seen.get(ledger, set()))
        for ledger, chain in tables.items():
            chain.link("table ledger", self._now)
            if ledger not in self._others:
                why = "was not written with this journal key" if chain.foreign else "has no file here"
                chain.faults.append(Fault("ledger", f"ledger {ledger} in the store {why}; if it is another gate's, name it: --other {ledger}"))
            self._chains[ledger] = chain
        self._foreign = {batch: ledger for batch, ledger in self._foreign.items() if self._chains[ledger].foreign}

    def _compare(self, chain: Chain, present: set[int]) -> None:
        """What the table lacks of the lines in files, and the files of those in the table."""
        late = self._now - LATE_US
        absent = [seq for seq, last in chain.ends.items() if seq not in present and last < late and not chain.expired(last, self._now) and not self._younger(seq, chain)]
        if absent:
            chain.faults.append(Fault("table", f"table ledger: {len(absent)} lines of ledger {chain.keys.ledger} are not there, the first is {min(absent)}, the last {max(absent)}"))
        more = sorted(seq for seq in present - chain.ends.keys() if seq in chain.macs)
        first = min(chain.ends, default=0)
        if gone := [seq for seq in more if seq >= first or not chain.expired(chain.begun_at, self._now)]:
            chain.faults.append(Fault("chain", f"ledger: {len(gone)} lines that the store has are not in the files of ledger {chain.keys.ledger}, the first is {gone[0]}, the last {gone[-1]}"))

    def _younger(self, seq: int, chain: Chain) -> bool:
        """Whether a line may still be on its way: it stands at the end of a file that was written a moment ago."""
        parts = lines.parts(self._directory)
        return seq > chain.head[0] - 500 and bool(parts) and time.time() - parts[-1].stat().st_mtime < LATE_US / 1e6

    # ------------------------------------------------------------------ rows

    def _sweep(self, progress: Callable[[int, int], None]) -> None:
        since = min((e.first for entries in self._known.values() for e in entries if e.last >= self._since), default=self._since) if self._since else 0
        days = stored.ask(self._target, "SELECT toRelativeDayNum(started_at) AS day, count() AS rows FROM exchanges WHERE started_at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') GROUP BY day ORDER BY day", {"param_since": str(min(since, self._since))})
        total, done = sum(int(str(day["rows"])) for day in days), 0

        def one(raw: bytes) -> None:
            nonlocal done
            done += 1
            self._take(orjson.loads(raw))
            if done % 2000 == 0:
                progress(done, total)

        for day in days:
            begins = int(str(day["day"])) * DAY_US
            sql = _ROWS + " WHERE started_at >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND started_at < fromUnixTimestamp64Micro({to:Int64}, 'UTC')"
            stored.stream(self._target, sql, _lines_to(one), {**_OPTIONS, "param_from": str(max(begins, min(since, self._since))), "param_to": str(begins + DAY_US)})
        progress(total, total)

    def _take(self, row: Mapping[str, Any]) -> None:
        """A row as read: to its batch."""
        batch = row["batch_id"]
        entries = self._known.get(batch)
        if entries is None:
            self._stray(batch, row)
            return
        if batch in self._done or batch in self._doubtful:
            self._done.discard(batch)
            self._doubtful.add(batch)  # one more row than the line has
            return
        entry = entries[0]
        held = self._held.setdefault(batch, bytearray())
        held += lines.pack([(row["id"], self._chains[entry.ledger].keys.seal(lines.canonical(row, entry.form)))])
        if len(held) == entry.rows * lines.PAIR_BYTES:
            del self._held[batch]
            if lines.digest(lines.in_order(bytes(held))) == entry.digest:
                self._done.add(batch)
                self.report.rows += entry.rows
                self.report.batches += 1
            else:
                self._doubtful.add(batch)

    def _stray(self, batch: str, row: Mapping[str, Any]) -> None:
        at = _us(row["started_at"])
        chains = [chain for chain in self._chains.values() if chain.began]
        if at < self._since:
            return
        if any(chain.expired(at, self._now) for chain in chains):
            self.report.expired += 1
        elif chains and at < min(chain.began for chain in chains):
            self.report.before += 1
        else:
            self._strays.setdefault(batch, []).append((row["id"], at))

    # ------------------------------------------------------------------ the second look

    def _judge_all(self) -> None:
        last = {chain.entries[-1].batch for chain in self._chains.values() if chain.entries}
        doubtful = set(self._doubtful)
        for batch, entries in self._known.items():
            if batch in self._done or max(e.last for e in entries) < self._since or batch in doubtful:
                continue
            if self._chains[entries[0].ledger].expired(max(e.last for e in entries), self._now):
                self.report.expired += entries[0].rows
            else:
                doubtful.add(batch)
        now = time.time_ns() // 1000
        for batch, rows in self._strays.items():
            if batch in self._known:
                doubtful.add(batch)  # entered while the rows were read
            elif batch in self._foreign:
                ledger = self._foreign[batch]
                self.report.others[ledger] = self.report.others.get(ledger, 0) + len(rows)
            else:
                ids = sorted(id for id, at in rows if not self._others or abs(now - at) > LATE_US)  # of another gate the table alone has lines, and those a moment after the rows
                self.report.under_way += len(ids) < len(rows)
                if ids:
                    self.report.faults.append(Fault("added", f"{len(ids)} rows of batch {batch or '(none)'}, which no line names", batch, tuple(ids)))
        waiting = sorted(doubtful - self._done)
        for at in range(0, len(waiting), _AT_ONCE):
            self._judge(waiting[at : at + _AT_ONCE], last)

    def _judge(self, batches: Sequence[str], last: set[str]) -> None:
        found: dict[str, list[Mapping[str, Any]]] = {batch: [] for batch in batches}

        def one(raw: bytes) -> None:
            row = orjson.loads(raw)
            found[row["batch_id"]].append(row)

        names = "[" + ",".join(f"'{batch}'" for batch in batches) + "]"
        stored.stream(self._target, f"{_ROWS} WHERE batch_id IN {{batches:Array(String)}}", _lines_to(one), {**_OPTIONS, "param_batches": names})
        for batch in batches:
            self._judge_one(batch, found[batch], under_way=batch in last)

    def _judge_one(self, batch: str, rows: Sequence[Mapping[str, Any]], *, under_way: bool) -> None:
        entries, report = self._known[batch], self.report
        chain = self._chains[entries[0].ledger]
        absent = chain.absent.get(batch, set())
        stored_ids = [row["id"] for row in rows]
        sealed = {e.seq: lines.pack((row["id"], chain.keys.seal(lines.canonical(row, e.form))) for row in rows) for e in entries}
        if any(lines.digest(sealed[e.seq]) == e.digest for e in entries):
            report.rows += len(rows)
            report.batches += 1
            return
        told = [(e, pairs) for e in entries if (pairs := self._seals(e)) is not None]
        if len(told) < len(entries):
            self._judge_unnamed(batch, entries[-1], rows, absent, chain, under_way=under_way)
            return
        accepted: dict[str, set[bytes]] = {}
        for entry, pairs in told:
            mine = lines.unpack(sealed[entry.seq])
            for id, seal in pairs.items():
                accepted.setdefault(id, set()).update((seal,) if mine.get(id) == seal else ())
        extra = sorted(set(stored_ids) - accepted.keys()) + sorted({id for id in stored_ids if stored_ids.count(id) > 1})
        altered = sorted(id for id in set(stored_ids) & accepted.keys() if not accepted[id])
        missing = sorted(accepted.keys() - set(stored_ids) - absent)
        expired = [id for id in missing if chain.expired(_born(id), self._now)]
        missing = [] if under_way else sorted(set(missing) - set(expired))
        report.expired += len(expired)
        report.under_way += under_way
        report.rows += len(rows) - len(extra) - len(altered)
        report.batches += not (extra or altered or missing)
        for kind, ids in (("altered", altered), ("missing", missing), ("added", extra)):
            if ids:
                report.faults.append(Fault(kind, f"{len(ids)} of {entries[-1].rows} rows of batch {batch} ({moment(entries[-1].first)})", batch, tuple(ids)))

    def _judge_unnamed(self, batch: str, entry: Entry, rows: Sequence[object], absent: set[str], chain: Chain, *, under_way: bool) -> None:
        """Without seals of single rows: as much as the digest and the number tell."""
        report, short = self.report, entry.rows - len(absent) - len(rows)
        where = f"of batch {batch} ({moment(entry.first)}); the store does not have their seals, so they cannot be named"
        if short > 0 and (under_way or chain.expired(entry.first, self._now)):
            report.under_way += under_way
            report.expired += 0 if under_way else short
        elif short > 0:
            report.faults.append(Fault("missing", f"{short} of {entry.rows} rows {where}", batch))
        elif short < 0:
            report.faults.append(Fault("added", f"{-short} rows beside the {entry.rows} {where}", batch))
        elif not absent:
            report.faults.append(Fault("altered", f"at least one of {entry.rows} rows {where}", batch))

    def _seals(self, entry: Entry) -> dict[str, bytes] | None:
        """By id, as the table has them and the line's digest proves; None: not there."""
        rows = stored.ask(self._target, "SELECT seals FROM ledger WHERE ledger = {ledger:String} AND seq = {seq:UInt64}", {"param_ledger": entry.ledger, "param_seq": str(entry.seq)})
        texts = [str(row["seals"]) for row in rows]
        return next((lines.unpack(lines.from_text(text)) for text in texts if _fits(text, entry.digest)), None)


class _Lines:
    """Takes an answer's bytes, gives whole lines."""

    def __init__(self, one: Callable[[bytes], None]) -> None:
        self._one, self._rest = one, b""

    def write(self, piece: bytes) -> int:
        *whole, self._rest = (self._rest + piece).split(b"\n")
        for line in whole:
            self._one(line)
        return len(piece)


def _lines_to(one: Callable[[bytes], None]) -> BinaryIO:
    return cast(BinaryIO, _Lines(one))


def _fits(text: str, digest: str) -> bool:
    try:
        return lines.digest(lines.from_text(text)) == digest
    except ValueError:
        return False


def _born(id: str) -> int:
    """When a UUIDv7 was made, us."""
    return (int(id.replace("-", ""), 16) >> 80) * 1000


def _us(text: str) -> int:
    """Of a time as ClickHouse writes it."""
    return (dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
