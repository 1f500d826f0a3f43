"""A ledger as it is found, in files and in the store's table: which lines hold, where the chain breaks, and what the lines say of the rows.

Rules of this file: pure. A line counts wherever it was found if it opens under the key, for nobody else could have written it; what is wrong with the place where it was
found, or is not there, is a fault. So rows can be judged even where a file was cut, and the cut is told.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.record.ledger_lines import Keys, Line, parse

DAY_US = 86_400_000_000
SLACK_US = 5_000_000  # between an exchange's id and its time


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: altered, missing, added (rows); chain, table, ledger.  ids: of rows, as far as they can be named."""

    kind: str
    what: str
    batch: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch as a line has it. first, last: us."""

    ledger: str
    seq: int
    batch: str
    rows: int
    first: int
    last: int
    form: int
    digest: str


@dataclass(slots=True)
class Chain:
    """One ledger. in_file: it has files here.  shut: faults of lines that did not open under this key."""

    keys: Keys
    in_file: bool = False
    began: int = 0
    begun_at: int = 0  # of the first part that is there
    retention: list[list[int]] = field(default_factory=list)
    macs: dict[int, str] = field(default_factory=dict)
    prevs: dict[int, str] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)  # seq -> the time up to which the table has to have it, us: only of lines from files
    entries: list[Entry] = field(default_factory=list)
    absent: dict[str, set[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    shut: list[Fault] = field(default_factory=list)

    @property
    def foreign(self) -> bool:
        """Whether another key wrote it: not one line opens."""
        return bool(self.shut) and not self.macs

    @property
    def head(self) -> tuple[int, str]:
        """The last line's number and mac; (-1, ""): there is none."""
        last = max(self.macs, default=-1)
        return last, self.macs.get(last, "")

    def add(self, line: Line, where: str, *, held: bool = False) -> bool:
        """A line that was found somewhere. held: in a file. False: it does not hold, and a fault says so."""
        seq, known = line.seq, self.macs.get(line.seq)
        if not self.keys.opens(line.raw):
            self.shut.append(Fault("chain" if held else "table", f"{where}: line {seq} of ledger {self.keys.ledger} was changed, or not written by the recorder"))
            return False
        if known is not None:
            if known != line.mac:
                self.faults.append(Fault("chain" if held else "table", f"{where}: two lines {seq} of ledger {self.keys.ledger} differ; the ledger was cut there and went on"))
                self._take(line)
            elif held:
                self.faults.append(Fault("chain", f"{where}: line {seq} of ledger {self.keys.ledger} stands there twice"))
            return known == line.mac
        self.macs[seq], self.prevs[seq] = line.mac, str(line.content["prev"])
        self._take(line)
        return True

    def _take(self, line: Line) -> None:
        said = line.content
        if line.kind == "part":
            self.began, self.retention = int(said["began"]), [list(of) for of in said["retention"]]
            self.begun_at = self.begun_at or int(said["at"])
        elif line.kind == "rows":
            self.entries.append(Entry(self.keys.ledger, line.seq, said["batch"], said["rows"], said["first"], said["last"], said["form"], said["digest"]))
        else:
            self.absent.setdefault(said["batch"], set()).update(said["ids"])

    def link(self, where: str, now: int) -> None:
        """Say where lines are missing between the first and the last, or before the first. now: us."""
        order = sorted(self.macs)
        if not order:
            return
        if order[0] > 0 and not self.expired(self.begun_at, now):
            self.faults.append(Fault("chain", f"{where}: the lines before {order[0]} of ledger {self.keys.ledger} are gone, and not beyond retention"))
        for before, seq in itertools.pairwise(order):
            if seq != before + 1:
                gone = f"line {before + 1}" if seq == before + 2 else f"lines {before + 1} to {seq - 1}"
                self.faults.append(Fault("chain", f"{where}: {gone} of ledger {self.keys.ledger} missing"))
            elif self.prevs[seq] != self.macs[before]:
                self.faults.append(Fault("chain", f"{where}: line {seq} of ledger {self.keys.ledger} does not follow from the one before"))

    def expired(self, us: int, now: int) -> bool:
        """Whether rows of that moment have ever been beyond the retention of their time."""
        day = (us - SLACK_US) // DAY_US
        for index, (_, days) in enumerate(self.retention):
            until = self.retention[index + 1][0] if index + 1 < len(self.retention) else now
            if (day + days) * DAY_US <= until:
                return True
        return False


def of_files(parts: Iterable[tuple[str, Iterable[tuple[bytes, bool]]]], journal_key: bytes) -> list[Chain]:
    """The ledgers in files, by their names and lines (see ledger_lines.read)."""
    chains: dict[str, Chain] = {}
    for name, read in parts:
        chain: Chain | None = None
        for number, (raw, ended) in enumerate(read, 1):
            line = parse(raw)
            if line is None:
                if ended:
                    owner = chain or next(reversed(chains.values()), None) or _none(journal_key, chains)
                    owner.faults.append(Fault("chain", f"{name}, line {number}: cannot be read"))
                continue  # else torn by a kill: its batch is entered again
            if line.kind == "part":
                ledger = str(line.content["ledger"])
                chain = chains.setdefault(ledger, Chain(Keys(journal_key, ledger), in_file=True))
            elif chain is None:  # its file's first line is gone
                chain = next(reversed(chains.values()), None) or _none(journal_key, chains)
                chain.faults.append(Fault("chain", f"{name}: does not begin as it was written"))
            if chain.add(line, name, held=True):
                chain.ends[line.seq] = int(line.content.get("last", line.content.get("at", 0)))
    return list(chains.values())


def _none(journal_key: bytes, chains: dict[str, Chain]) -> Chain:
    return chains.setdefault("", Chain(Keys(journal_key, ""), in_file=True))


def moment(us: int) -> str:
    """A time for people."""
    return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=us)).isoformat(sep=" ", timespec="seconds") + " UTC"
