"""Pieces for tests of the record plane: journals as a worker writes them, a store that fails in every way, a recorder around both."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from gateway.errors import StoreRejected, StoreUnavailable
from gateway.exchange import Closed, Exchange, Opened, Outcome
from gateway.journal import Journal
from gateway.record.capture import Captured
from gateway.record.checkpoint import Checkpoint, CheckpointFile
from gateway.record.ledger import Ledger
from gateway.record.quarantine import Quarantine
from gateway.record.recorder import Limits, Recorder
from gateway.record.writer import Writer

KEY = bytes(range(32))  # of journals in tests
STARTED_NS = 1_790_000_000_000_000_000
BARE = Exchange(
    **{
        name: () if kind.startswith("tuple") else {} if name == "tags" else None if kind.endswith("None") else {"int": 0, "bool": False}.get(kind, "")
        for name, kind in Exchange.__annotations__.items()
        if name not in ("id", "started_at", "outcome", "trace_sampled")
    },
    id=uuid.UUID(int=0),
    started_at=dt.datetime(2026, 9, 21, tzinfo=dt.UTC),
    outcome=Outcome.OK,
)


def new_id(number: int) -> bytes:
    """A UUIDv7 whose random part is the number."""
    return (STARTED_NS // 1_000_000).to_bytes(6, "big") + b"\x70\x00\x80\x00" + number.to_bytes(6, "big")


def opened(id: bytes, **changes: object) -> Opened:
    meta = Opened(id.hex(), STARTED_NS, "worker-0", "openai", "openai", "chat", "POST", "/v1/chat/completions", content_type="application/json")
    for name, value in changes.items():
        setattr(meta, name, value)
    return meta


def closed(id: bytes, **changes: object) -> Closed:
    meta = Closed(id.hex(), 200, 200, "ok", attempts=1, duration_s=0.5, content_type="application/json")
    for name, value in changes.items():
        setattr(meta, name, value)
    return meta


def write(journal: Journal, id: bytes, request: bytes = b"{}", reply: bytes = b"{}") -> None:
    """A whole exchange."""
    assert journal.open(id, opened(id), request)
    assert journal.close(id, closed(id), reply)


def make_row(captured: Captured, batch_id: str, room: int) -> tuple[Exchange, bytes]:
    """A row that says who it is, what became of it, and nothing else; cheap, for tests that make thousands."""
    outcome = captured.closed.outcome if captured.closed else "gateway_crash"
    row = {"id": str(captured.id), "batch_id": batch_id, "outcome": outcome, "request": captured.request_body.decode(), "reply": captured.reply_body.decode()}
    return replace(BARE, id=captured.id), orjson.dumps(row)


def each(make: Callable[[Captured, str, int], tuple[Exchange, bytes]]) -> Callable[[Sequence[Captured], str, int], list[tuple[Exchange, bytes]]]:
    """What makes a row, as what makes a few."""
    return lambda captured, batch_id, room: [make(one, batch_id, room) for one in captured]


class FakeStore:
    """A store with ClickHouse's manners: a token that was seen hides rows, and an insert can fail after it has been committed.

    fate: asked before each insert: "ok", "down" (nothing stored), "lost" (stored, but the answer does not arrive).
    refuses: which rows are at fault; a batch with one of them is refused as a whole.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.tokens: dict[str, frozenset[str]] = {}
        self.inserts: list[tuple[str, int]] = []
        self.fate: Callable[[], str] = lambda: "ok"
        self.refuses: Callable[[dict[str, str]], bool] = lambda row: False
        self.code = 117
        self.memory: bool | None = True  # whether it is certain to know tokens
        self.mended: list[list[int]] = []

    async def insert(self, rows: Sequence[bytes], *, token: str) -> None:
        await asyncio.sleep(0)
        fate = self.fate()
        self.inserts.append((token, len(rows)))
        if fate == "down":
            raise StoreUnavailable("down", 0)
        decoded = [orjson.loads(row) for row in rows]
        if any(self.refuses(row) for row in decoded):
            raise StoreRejected("refused", self.code)
        content = frozenset(row["id"] for row in decoded)
        if token in self.tokens:
            assert self.tokens[token] == content, "a token met other rows: they would be lost in silence"
        else:
            self.tokens[token] = content
            self.rows += decoded
        await asyncio.sleep(0)
        if fate == "lost":
            raise StoreUnavailable("no answer", 0)

    async def stored_ids(self, batch_id: str) -> set[str]:
        await self._asked()
        return {row["id"] for row in self.rows if row["batch_id"] == batch_id}

    async def remembers(self, batch_id: str) -> bool | None:
        await self._asked()
        return self.memory

    async def counts(self, batch_ids: Sequence[str], since: float) -> dict[str, int] | None:
        await self._asked()
        return dict(Counter(row["batch_id"] for row in self.rows if row["batch_id"] in batch_ids))

    async def mend(self, minutes: Collection[int]) -> list[int] | None:
        await self._asked()
        self.mended.append(sorted(minutes))
        return []

    async def _asked(self) -> None:
        await asyncio.sleep(0)
        if self.fate() == "down":
            raise StoreUnavailable("down", 0)

    def ids(self) -> Counter[str]:
        return Counter(row["id"] for row in self.rows)


class MortalCheckpoints(CheckpointFile):
    """A checkpoint file at whose writes the process may die, just before or just after."""

    def __init__(self, directory: Path, dies: Callable[[], bool]) -> None:
        super().__init__(directory, synced=False)
        self._dies = dies

    async def save(self, checkpoint: Checkpoint) -> None:
        if self._dies():
            raise asyncio.CancelledError
        await super().save(checkpoint)
        if self._dies():
            raise asyncio.CancelledError


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


class Bench:
    """A data directory with a recorder on it that can be thrown away and made again."""

    def __init__(self, directory: Path, store: FakeStore | None = None, **limits: object) -> None:
        self.directory, self.store, self.key = directory, store or FakeStore(), KEY
        self.limits = Limits(**{"poll_s": 0.0, "max_batch_s": 0.0, "flush_s": 60.0, **limits})  # type: ignore[arg-type]
        self.patience_s = 0.0
        self.dies: Callable[[], bool] = lambda: False
        self.observed: list[Exchange] = []
        self.make = make_row
        self.ledger: Callable[[], Ledger] | None = None  # makes one, at each start
        self.place = ""  # which store it is
        self.recorder = self.restart()

    def journal(self, name: str = "worker-0", **options: object) -> Journal:
        return Journal(self.directory / "journal", name, key=self.key, **options)  # type: ignore[arg-type]

    def restart(self) -> Recorder:
        quarantine = Quarantine(self.directory / "quarantine")
        self.recorder = Recorder(
            self.directory / "journal",
            key=self.key,
            checkpoints=MortalCheckpoints(self.directory / "recorder", lambda: self.dies()),
            quarantine=quarantine,
            writer=Writer(self.store, quarantine, sleep=no_sleep, patience_s=self.patience_s, ledger=self.ledger() if self.ledger else None),
            make=each(self.make),
            observers=(self.observed.append,),
            limits=self.limits,
            store=self.place,
        )
        return self.recorder

    async def drain(self) -> None:
        """Record everything that is there, as on SIGTERM."""
        stop = asyncio.Event()
        stop.set()
        await self.recorder.run(stop)

    def record(self) -> None:
        asyncio.run(self.drain())

    def quarantined(self) -> list[str]:
        path = self.directory / "quarantine" / "rows.jsonl"
        return [orjson.loads(line)["id"] for line in path.read_bytes().splitlines() if line] if path.exists() else []


def text_id(id: bytes) -> str:
    return str(uuid.UUID(bytes=id))
