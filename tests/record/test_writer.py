"""How a batch gets into the store, whatever the store answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from gateway.errors import StoreRejected, StoreUnavailable
from gateway.record.batch import Batch
from gateway.record.quarantine import Quarantine
from gateway.record.ready_store import ReadyStore
from gateway.record.writer import FORGETS_S, Writer, Written
from tests.support.exchanges import exchange
from tests.support.recording import FakeStore


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def batch(rows: int, *, id: str = "b", resumed: bool = False) -> Batch:
    return Batch(id, {}, resumed=resumed, rows={f"id-{n}": orjson.dumps({"id": f"id-{n}", "batch_id": id, "n": str(n)}) for n in range(rows)})


def write(store: FakeStore, batch: Batch, directory: Path, clock: Clock | None = None, **options: float) -> Written:
    clock = clock or Clock()
    writer = Writer(store, Quarantine(directory), clock=clock, sleep=clock.sleep, **options)
    return asyncio.run(writer.write(batch))


def refusing(*numbers: int) -> FakeStore:
    store = FakeStore()
    store.refuses = lambda row: int(row["n"]) in numbers
    return store


@pytest.mark.covers("S1", "S2", "S4")
def test_an_outage_is_waited_out_with_the_same_rows_and_token(tmp_path: Path) -> None:
    """A new token would double what had been stored without an answer; hammering would keep a struggling store down."""
    store, clock = FakeStore(), Clock()
    fates = iter(["down"] * 20 + ["ok", "lost"])  # after a try without an answer, the store is asked before the next
    store.fate = lambda: next(fates, "ok")
    assert write(store, batch(3), tmp_path, clock) == Written(stored=3)
    assert store.inserts == [("b", 3)] * 3 and len(clock.pauses) == 21
    assert store.ids() == {"id-0": 1, "id-1": 1, "id-2": 1}
    assert 0.05 <= clock.pauses[0] <= 0.1 and all(15 <= pause <= 30 for pause in clock.pauses[10:])


@pytest.mark.covers("S3")
def test_a_late_retry_asks_first_what_is_there(tmp_path: Path) -> None:
    """After an hour the store may have forgotten the token, and the same insert would double every row. This one is many servers and cannot say."""
    store, clock = FakeStore(), Clock()
    store.memory = None

    def fate() -> str:
        if clock.now <= FORGETS_S:
            return "lost"
        store.tokens.clear()
        return "ok"

    store.fate = fate
    assert write(store, batch(3), tmp_path, clock) == Written(stored=3)
    assert store.ids() == {"id-0": 1, "id-1": 1, "id-2": 1}


@pytest.mark.covers("S3", "S10")
@pytest.mark.parametrize("lost", [1, 3])
def test_a_store_that_has_forgotten_the_token_is_not_sent_again_what_it_has(tmp_path: Path, lost: int) -> None:
    """Other gates write to the same table: a token can be pushed out between a lost answer and the next try, a moment later. Whether the rollup has the rows is then to be seen."""
    store = FakeStore()
    fates = iter(["lost"] * lost)

    def fate() -> str:
        store.tokens.clear()
        return next(fates, "ok")

    store.fate, store.memory = fate, False
    assert write(store, recent(3), tmp_path) == Written(stored=3)
    assert (store.ids(), len(store.inserts), len(store.mended)) == ({"id-0": 1, "id-1": 1, "id-2": 1}, 1, 1)


@pytest.mark.covers("S3")
def test_a_resumed_batch_inserts_only_what_is_missing(tmp_path: Path) -> None:
    """After a kill nobody knows how far an insert got, except the store."""
    store = FakeStore()
    whole = batch(5, resumed=True)
    store.rows = [orjson.loads(row) for row in list(whole.rows.values())[:2]]
    store.tokens["b"], store.memory = frozenset(("id-0", "id-1")), False  # what went in went in with the batch's own token
    assert write(store, whole, tmp_path) == Written(stored=5)
    assert store.ids() == {f"id-{n}": 1 for n in range(5)}


@pytest.mark.covers("S10")
def test_a_resumed_batch_is_sent_again_as_it_was_although_its_rows_are_there(tmp_path: Path) -> None:
    """A store that was killed between the rows and the rollup has the one without the other; the same token again brings what is missing."""
    store = FakeStore()
    assert write(store, recent(5), tmp_path) == Written(stored=5)
    assert write(store, recent(5, resumed=True), tmp_path) == Written(stored=5)
    assert store.inserts == [("b", 5)] * 2
    assert store.ids() == {f"id-{n}": 1 for n in range(5)}


@pytest.mark.covers("S3")
def test_a_resumed_batch_that_went_in_by_pieces_or_long_ago_is_not_sent_again(tmp_path: Path) -> None:
    """The store knows its rows by other tokens, or has forgotten the token: all of it would be there twice."""
    parted, old = FakeStore(), FakeStore()
    old.memory = None
    fates = iter(["whole is refused"])
    parted.refuses = lambda row: next(fates, "") != ""
    assert write(parted, recent(4), tmp_path) == Written(stored=4)
    assert len(parted.inserts) == 3
    assert write(parted, recent(4, resumed=True), tmp_path) == Written(stored=4)
    assert write(old, batch(4, id="c"), tmp_path) == Written(stored=4)
    assert write(old, batch(4, id="c", resumed=True), tmp_path) == Written(stored=4)
    assert (len(parted.inserts), len(old.inserts)) == (3, 1)


def recent(rows: int, *, resumed: bool = False) -> Batch:
    """A batch whose exchanges have just been."""
    made = batch(rows, resumed=resumed)
    made.exchanges = [exchange(started_at=dt.datetime.now(dt.UTC))]
    return made


@pytest.mark.covers("S5")
@pytest.mark.parametrize("bad", [(0,), (99,), (3, 4), (0, 50, 99), tuple(range(0, 100, 7))])
def test_rows_at_fault_are_found_and_the_others_stored(tmp_path: Path, bad: tuple[int, ...]) -> None:
    """One odd row must neither block the rest nor vanish."""
    store = refusing(*bad)
    assert write(store, batch(100), tmp_path) == Written(stored=100 - len(bad), quarantined=len(bad))
    assert store.ids() == {f"id-{n}": 1 for n in range(100) if n not in bad}
    lines = [orjson.loads(line) for line in (tmp_path / "rows.jsonl").read_bytes().splitlines()]
    assert sorted(line["row"]["n"] for line in lines) == sorted(str(n) for n in bad)
    assert {(line["batch_id"], line["code"], line["error"], line["id"] == line["row"]["id"]) for line in lines} == {("b", 117, "refused", True)}
    assert (tmp_path / "rows.jsonl").stat().st_mode & 0o777 == 0o600
    assert len(store.inserts) <= 2 + 2 * len(bad) * 7  # two halves for each of log2(100) steps


@pytest.mark.covers("S5")
def test_a_table_that_changed_does_not_send_every_row_to_quarantine(tmp_path: Path) -> None:
    """A dropped column gives the same code as a bad row; rows that wait can still be stored when it is back."""
    store, clock = FakeStore(), Clock()
    store.refuses = lambda row: clock.now < 200
    assert write(store, batch(500), tmp_path, clock, patience_s=300.0) == Written(stored=500)
    assert not (tmp_path / "rows.jsonl").exists()

@pytest.mark.covers("S5")
@pytest.mark.parametrize("mended", range(1, 10))
def test_a_table_that_is_mended_while_rows_are_tried_one_by_one_costs_none(tmp_path: Path, mended: int) -> None:
    """Whoever puts the column back does so at any moment; the halves that were refused just before are as good as those that were taken just after."""
    store = FakeStore()
    store.refuses = lambda row: len(store.inserts) < mended
    assert write(store, batch(5), tmp_path, patience_s=300.0) == Written(stored=5)
    assert len(store.rows) == 5 and not (tmp_path / "rows.jsonl").exists()



@pytest.mark.covers("S5")
def test_a_batch_that_can_never_go_in_does_not_hold_up_the_rest_for_ever(tmp_path: Path) -> None:
    """Head-of-line blocking would let the disk run full because of one bad batch."""
    store, clock = refusing(*range(70)), Clock()
    assert write(store, batch(70), tmp_path, clock, patience_s=300.0) == Written(quarantined=70)
    assert 300 <= clock.now <= 400
    assert store.rows == []


@pytest.mark.covers("S5")
def test_a_statement_that_is_wrong_is_no_rows_fault(tmp_path: Path) -> None:
    """An unknown column or table is mended by a migration, however long that takes."""
    store, clock = FakeStore(), Clock()
    store.refuses, store.code = lambda row: clock.now < 5000, 16
    assert write(store, batch(2), tmp_path, clock, patience_s=1.0) == Written(stored=2)


def test_a_resumed_batch_does_not_quarantine_a_row_twice(tmp_path: Path) -> None:
    """A kill between the quarantine file and the checkpoint must not count a row twice; a line cut off by it does not count."""
    store = refusing(1, 2)
    assert write(store, batch(4), tmp_path) == Written(stored=2, quarantined=2)
    with open(tmp_path / "rows.jsonl", "r+b") as file:
        file.truncate(file.seek(0, 2) - 10)
    assert write(store, batch(4, resumed=True), tmp_path) == Written(stored=2, quarantined=2)
    whole = [line for line in (tmp_path / "rows.jsonl").read_bytes().splitlines() if line.endswith(b"}")]
    assert [orjson.loads(line)["id"] for line in whole] == ["id-1", "id-2"]


def test_a_quarantine_without_room_drops_rows_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 3: what is dropped has a reason and a number."""
    quarantine, clock = Quarantine(tmp_path), Clock()
    store = refusing(1)
    writer = Writer(store, quarantine, clock=clock, sleep=clock.sleep)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Quarantine, "keep_rows", no_room)
    assert asyncio.run(writer.write(batch(3))) == Written(stored=2, dropped={"quarantine_disk": 1})


def test_the_schema_is_made_before_the_first_row_and_again_when_it_is_gone() -> None:
    """The store may come up after the recorder, or come back empty."""
    store, made = FakeStore(), []

    async def migrate() -> list[int]:
        made.append(len(store.inserts))
        if len(made) == 1:
            raise StoreUnavailable("starting", 0)
        if len(made) == 2:
            raise StoreRejected("newer than this gateway", 0)
        return [1]

    async def gone(rows: list[bytes], *, token: str) -> None:
        raise StoreUnavailable("no table", 60)

    async def scenario() -> None:
        ready = ReadyStore(store, migrate)
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await ready.insert([b'{"id":"1"}'], token="t")
        await ready.insert([b'{"id":"1"}'], token="t")
        await ready.insert([b'{"id":"2"}'], token="u")
        assert made == [0, 0, 0]
        insert, store.insert = store.insert, gone  # type: ignore[method-assign]
        with pytest.raises(StoreUnavailable):
            await ready.insert([b'{"id":"3"}'], token="v")
        store.insert = insert  # type: ignore[method-assign]
        await ready.insert([b'{"id":"3"}'], token="v")
        assert made == [0, 0, 0, 2]

    asyncio.run(scenario())


@pytest.mark.covers("S6")
def test_an_outage_whose_reason_changes_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A store that comes back with another password was first not reachable at all; the reason that somebody has to act upon must not wait for the tenth try."""
    store = FakeStore()
    reasons = iter([0, 0, 516, 516, 516])
    inner = store.insert

    async def insert(rows: Sequence[bytes], *, token: str) -> None:
        if (code := next(reasons, None)) is not None:
            raise StoreUnavailable("not now", code)
        await inner(rows, token=token)

    store.insert = insert  # type: ignore[method-assign]
    with caplog.at_level(logging.INFO):
        assert write(store, batch(2), tmp_path) == Written(stored=2)
    assert [caplog.text.count(f"code={code}") for code in (0, 516)] == [1, 1]
