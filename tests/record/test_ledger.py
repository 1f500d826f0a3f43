"""The recorder's ledger: each batch entered once, before its insert, whatever dies; and nothing of it in the record's way."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import StoreUnavailable
from gateway.record import ledger as module
from gateway.record import ledger_lines as lines
from gateway.record.batch import Batch
from gateway.record.ledger import Ledger
from gateway.record.ledger_chain import Chain, of_files
from gateway.record.writer import Writer
from gateway.store.rows import encode
from tests.support.exchanges import exchange, numbered
from tests.support.growth import assert_within
from tests.support.recording import KEY, Bench, FakeStore, new_id, text_id, write


class Table:
    """The table `ledger`, as far as a recorder sees it. down: it gives no answer."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self.tokens: set[str] = set()
        self.down = False

    async def send(self, sent: list[bytes], token: str) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise StoreUnavailable("down", 0)
        if token not in self.tokens:
            self.tokens.add(token)
            self.rows += [orjson.loads(row) for row in sent]

    async def last(self, ledger: str) -> int:
        if self.down:
            raise StoreUnavailable("down", 0)
        return max((int(str(row["seq"])) for row in self.rows if row["ledger"] == ledger), default=-1)


def keeper(directory: Path, table: Table | None = None, *, days: int = 30, key: bytes = KEY, synced: bool = False) -> Ledger:
    sides = {"send": table.send, "last": table.last} if table else {}
    return Ledger(directory / "ledger", key=key, retention_days=days, synced=synced, **sides)  # type: ignore[arg-type]


def batch(number: int, count: int = 2) -> Batch:
    made = numbered(count, batch_id=f"{number:032x}")
    return Batch(made[0].batch_id, {}, rows={str(e.id): encode(e) for e in made}, exchanges=made)


def found(directory: Path) -> list[Chain]:
    chains = of_files(((path.name, lines.read(path)) for path in lines.parts(directory / "ledger")), KEY)
    for chain in chains:
        chain.link("ledger", time.time_ns() // 1000)
    return chains


def whole(directory: Path) -> Chain:
    """The only ledger there, without a fault."""
    (chain,) = found(directory)
    assert (chain.faults, chain.shut) == ([], [])
    return chain


@pytest.mark.covers("T23")
@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_every_row_is_in_the_ledger_once_and_as_it_was_stored_wherever_the_recorder_is_killed(seed: int) -> None:
    """Kills at random awaits, a store that loses answers and refuses rows, rows that come out otherwise when they are made anew: the chain has no gap, every stored row has its seal, and every row that
    the ledger names is stored or said to be absent. Else `verify` would call our own crash a crime."""
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_storm(random.Random(seed), Path(directory)))


async def _storm(chance: random.Random, directory: Path) -> None:
    bad = {text_id(new_id(n)) for n in chance.sample(range(60), 3)}
    store, table = FakeStore(), Table()
    store.refuses = lambda row: row["id"] in bad
    store.fate = lambda: chance.choices(("ok", "down", "lost"), (6, 1, 2))[0]
    bench, kept = Bench(directory, store, max_batch_rows=chance.choice((1, 3, 20))), [keeper(directory)]
    bench.dies = lambda: chance.random() < 0.02
    bench.ledger = lambda: kept.append(keeper(directory, table)) or kept[-1]  # type: ignore[func-returns-value]
    inner, fickle = bench.make, chance.random() < 0.3

    def make(captured, batch_id, room):  # type: ignore[no-untyped-def]
        made, row = inner(captured, batch_id, room)
        return made, row.replace(b'"outcome":"ok"', b'"outcome":"ok%d"' % chance.randrange(3)) if fickle else row

    bench.make = make
    journal = bench.journal()
    written = 0
    for _ in range(8):
        for _ in range(chance.randrange(8)):
            write(journal, new_id(written))
            written += 1
        table.down = chance.random() < 0.2
        recorder = bench.restart()
        running = asyncio.create_task(recorder.run(asyncio.Event()))
        for _ in range(chance.randrange(60)):
            if chance.random() < 0.1:
                await kept[-1].tend()
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait({running})
        if chance.random() < 0.3 and (parts := lines.parts(directory / "ledger")):
            with open(parts[-1], "ab") as file:
                file.write(b'{"seq":77,"kind":"ro')  # a kill in the middle of a write
    store.fate, bench.dies, table.down = lambda: "ok", lambda: False, False
    journal.shut()
    bench.restart()
    await bench.drain()
    if not written:
        return
    await keeper(directory, table).tend()
    chain = whole(directory)
    named: dict[str, set[str]] = {}
    for entry in chain.entries:
        named.setdefault(entry.batch, set()).add(entry.digest)
    if not fickle:
        assert len(named) == len(chain.entries), "a batch was entered twice"
    stored: dict[str, list[dict[str, str]]] = {}
    for row in store.rows:
        stored.setdefault(row["batch_id"], []).append(row)
    pairs: dict[str, list[dict[str, bytes]]] = {}
    for row in table.rows:
        line = lines.parse(str(row["line"]).encode())
        assert line is not None and chain.macs[line.seq] == line.mac
        if row["seals"]:
            pairs.setdefault(line.content["batch"], []).append(lines.unpack(lines.from_text(str(row["seals"]))))
    assert {int(str(row["seq"])) for row in table.rows} == set(chain.macs)
    for name in stored.keys() | named.keys():
        assert name in named, "rows were stored that nobody had entered"
        sealed = {row["id"]: chain.keys.seal(orjson.dumps(row)) for row in stored.get(name, [])}
        absent = chain.absent.get(name, set())
        accepted = pairs.get(name, [])
        if not accepted:  # a kill lost the seals: the digest tells
            assert absent or fickle or lines.digest(lines.pack(sealed.items())) in named[name]
        else:
            assert all(any(of.get(id) == seal for of in accepted) for id, seal in sealed.items()) or (fickle and len(accepted) < len(named[name]))
            assert set().union(*accepted) == sealed.keys() | absent


def test_a_batch_that_is_written_again_is_entered_once(tmp_path: Path) -> None:
    """After a crash the same batch comes again; other rows under its name, a line more."""
    one = batch(1)
    for _ in range(3):
        asyncio.run(keeper(tmp_path).enter(one))
    assert [e.batch for e in whole(tmp_path).entries] == [one.id]
    changed = batch(1)
    changed.rows[str(changed.exchanges[0].id)] = encode(exchange(0, batch_id=one.id, cost_usd=None))
    asyncio.run(keeper(tmp_path).enter(changed))
    assert [e.batch for e in whole(tmp_path).entries] == [one.id] * 2


def test_every_cut_of_the_last_line_is_mended(tmp_path: Path) -> None:
    """kill -9 can stop a write at any byte; the rest of a line must not swallow the next one."""
    asyncio.run(keeper(tmp_path).enter(batch(1)))
    path = lines.parts(tmp_path / "ledger")[0]
    before = path.read_bytes()
    asyncio.run(keeper(tmp_path).enter(batch(2)))
    after = path.read_bytes()
    for cut in range(len(before), len(after)):
        path.write_bytes(after[:cut])
        asyncio.run(keeper(tmp_path).enter(batch(2)))
        assert path.read_bytes() == after


def test_a_cut_of_the_very_first_line_begins_anew(tmp_path: Path) -> None:
    """Before the first whole line there is no ledger that could go on."""
    asyncio.run(keeper(tmp_path).enter(batch(1)))
    path = lines.parts(tmp_path / "ledger")[0]
    path.write_bytes(path.read_bytes()[:40])
    asyncio.run(keeper(tmp_path).enter(batch(2)))
    assert [e.batch for e in whole(tmp_path).entries] == [batch(2).id]


def test_a_file_that_cannot_be_written_holds_nothing_up_and_is_caught_up_with(tmp_path: Path) -> None:
    """A full disk must cost neither a row nor the chain."""
    store, table = FakeStore(), Table()
    ledger = keeper(tmp_path, table)
    asyncio.run(ledger.enter(batch(1)))
    full = OSError(28, "No space left on device")
    with patch.object(module.os, "write", side_effect=full):
        for number in (2, 3):
            asyncio.run(_written(store, ledger, batch(number)))
    assert len(store.rows) == 4
    assert (ledger.state["unwritten"], ledger.state["problem"]) == (2, "No space left on device")
    asyncio.run(_entered(ledger, batch(4)))
    assert (ledger.state["unwritten"], ledger.state["problem"], ledger.state["lost"]) == (0, "", 0)
    assert [int(e.batch, 16) for e in whole(tmp_path).entries] == [1, 2, 3, 4]
    assert [row["seq"] for row in table.rows] == [0, 1, 2, 3, 4]


async def _entered(ledger: Ledger, one: Batch) -> None:
    await ledger.enter(one)
    await ledger.tend()


async def _written(store: FakeStore, ledger: Ledger, one: Batch) -> None:
    from gateway.record.quarantine import Quarantine

    with tempfile.TemporaryDirectory() as directory:
        assert (await Writer(store, Quarantine(Path(directory)), ledger=ledger).write(one)).stored == len(one.rows)


def test_a_place_that_nobody_can_write_to_is_counted_and_the_rows_are_stored(tmp_path: Path) -> None:
    """The watcher never hurts the watched: not even a directory that is a file."""
    (tmp_path / "ledger").write_text("not a directory")
    store, ledger = FakeStore(), keeper(tmp_path)
    asyncio.run(_written(store, ledger, batch(1)))
    assert (len(store.rows), ledger.state["lost"]) == (2, 1)
    assert ledger.state["problem"]


def test_a_table_that_refuses_is_given_the_lines_later(tmp_path: Path) -> None:
    """The files are the ledger; the table may be late, after a restart too."""
    table = Table()
    table.down = True
    ledger = keeper(tmp_path, table)
    asyncio.run(_entered(ledger, batch(1)))
    assert (ledger.state["unsent"], ledger.state["problem"], table.rows) == (2, "table", [])
    table.down = False
    again = keeper(tmp_path, table)
    asyncio.run(_entered(again, batch(2)))
    assert [(row["seq"], bool(row["seals"])) for row in table.rows] == [(0, False), (1, False), (2, True)]


def test_no_batch_waits_for_the_table_and_lines_of_several_are_sent_together(tmp_path: Path) -> None:
    """An insert of one line costs the store as much as one of many, and that of the rows after it would begin later."""
    table = Table()
    ledger = keeper(tmp_path, table)
    for number in range(3):
        asyncio.run(ledger.enter(batch(number)))
    assert (table.tokens, ledger.state["unsent"], ledger.state["problem"]) == (set(), 4, "")
    asyncio.run(ledger.tend())
    assert len(table.tokens) == 1 and [(row["seq"], bool(row["seals"])) for row in table.rows] == [(0, False), (1, True), (2, True), (3, True)]


def test_lines_that_wait_for_the_table_are_bounded_and_none_is_missing_in_the_end(tmp_path: Path) -> None:
    """A table that nobody may write to for a day would cost the recorder gigabytes: seals of a thousand rows in every line. The files have the lines; who deletes rows is found without naming them."""
    table = Table()
    table.down = True
    with patch.object(module, "PART_BYTES", 2000), patch.object(module, "WAITING_BYTES", 4000), patch.object(module, "HEAL", 3), patch.object(module, "AGAIN_S", 0.0):
        ledger = keeper(tmp_path, table)
        for number in range(30):
            asyncio.run(_entered(ledger, batch(number, 5)))
        assert sum(map(len, ledger._unsent)) <= 4000 and len(lines.parts(tmp_path / "ledger")) > 2
        assert (ledger.state["problem"], ledger.state["lost"]) == ("table", 0)
        table.down, ledger._again = False, 0.0
        asyncio.run(ledger.tend())
        asyncio.run(_entered(ledger, batch(30, 5)))
    seqs = [row["seq"] for row in table.rows]
    assert seqs == sorted(whole(tmp_path).macs) and len(seqs) > 30
    assert (ledger.state["unsent"], ledger.state["problem"], bool(table.rows[-1]["seals"])) == (0, "", True)


def test_a_table_that_refuses_is_told_once_and_asked_less_and_less(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each try costs; and what is in the files all the same must not hide that the table has nothing."""
    table = Table()

    async def odd(sent: list[bytes], token: str) -> None:
        raise ValueError("half an answer")

    table.send = odd  # type: ignore[method-assign]
    ledger = keeper(tmp_path, table)
    pauses = []
    with caplog.at_level(logging.INFO):
        for number in range(5):
            ledger._again = 0.0
            with patch.object(module.time, "monotonic", return_value=1000.0):
                asyncio.run(_entered(ledger, batch(number)))
            pauses.append(ledger._again - 1000.0)
            assert ledger.state["problem"] == "table"
    assert pauses == [10, 20, 40, 60, 60] and caplog.text.count("ledger_not_sent") == 1


def test_seals_that_wait_for_a_file_are_bounded(tmp_path: Path) -> None:
    """A directory that nobody can write to must not fill the recorder's memory."""
    ledger = keeper(tmp_path)
    with patch.object(module, "WAITING_BYTES", 1000), patch.object(module.os, "write", side_effect=OSError(28, "No space left on device")):
        for number in range(20):
            asyncio.run(ledger.enter(batch(number, 10)))
    assert sum(len(packed) for _, packed in ledger._unwritten) <= 1000 and ledger.state["unwritten"] == 20
    asyncio.run(ledger.enter(batch(20)))
    assert len(whole(tmp_path).entries) == 21


def test_files_are_begun_anew_and_go_when_their_rows_are_beyond_retention(tmp_path: Path) -> None:
    """A file of gigabytes is read at each start; and what is kept for ever is a cost that nobody asked for."""
    with patch.object(module, "PART_BYTES", 600):
        ledger = keeper(tmp_path)
        for number in range(6):
            asyncio.run(ledger.enter(batch(number)))
        assert len(lines.parts(tmp_path / "ledger")) == 3 and len(whole(tmp_path).entries) == 6
        import os

        for path in lines.parts(tmp_path / "ledger"):
            os.utime(path, (0, 0))
        late = time.time_ns() + 400 * 86_400 * 10**9
        with patch.object(module.time, "time_ns", lambda: late):
            for number in range(6, 9):
                asyncio.run(ledger.enter(batch(number)))
            assert len(lines.parts(tmp_path / "ledger")) < 4
            chain = found(tmp_path)[0]
            assert min(chain.macs) > 0


def test_a_row_of_another_key_or_form_has_another_seal() -> None:
    """Who has the store has no key; the columns of a form are for ever, or rows of before would all look altered. A column that is added gets a number in ADDED."""
    row = encode(exchange(1))
    seals = {lines.Keys(key, ledger).seal(row) for key in (KEY, b"\0" * 32) for ledger in ("a" * 16, "b" * 16)}
    assert len(seals) == 4
    assert hashlib.sha256(",".join(lines.columns(1)).encode()).hexdigest()[:16] == FORM_1


FORM_1 = "98f418cd887cb18a"  # the columns when the ledger was begun


def test_whole_numbers_in_columns_of_fractions_are_sealed_as_they_will_be_read() -> None:
    """A detector of the operator's own may give 1 where 1.0 is meant."""
    whole_numbers, fractions = exchange(1, guard_s=0, duration_s=3), exchange(1, guard_s=0.0, duration_s=3.0)
    assert encode(whole_numbers) != encode(fractions)
    assert lines.as_stored(whole_numbers, encode(whole_numbers)) == lines.as_stored(fractions, encode(fractions)) == encode(fractions)


def test_sealing_costs_little_beside_making_the_row(tmp_path: Path) -> None:
    """The recorder's time is what bounds the traffic of a gate; a seal must be a fraction of what it takes to encode the row, let alone to read the exchange."""
    ledger, one = keeper(tmp_path), batch(1, 500)

    asyncio.run(ledger.enter(batch(0)))
    assert_within(3.0, lambda: ledger._enter(one), lambda: [encode(e) for e in one.exchanges])
