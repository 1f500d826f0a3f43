"""A segment of 200 frames, mutilated at every byte: what is lost is the record that was hit, and nothing beside it (FAILURES D2, D3).

Short form: a byte here and there. TIDEGATE_CHAOS=long: every byte, flipped and cut, as the journal's reader sees it; every 101st as the recorder does, to the rows.
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.journal import Damage, Frame, Journal, Kind, decode, encode, segments
from gateway.journal_seal import Seal
from tests.support.recording import KEY, Bench, closed, new_id, opened, text_id
from tests.test_journal import plain_frame

LONG = os.environ.get("TIDEGATE_CHAOS") == "long"
EVERY = 1 if LONG else 113
EVERY_RECORDED = 101 if LONG else 4001
EXCHANGES = 50  # of four frames each
ALONE = 3  # exchanges that are under way at once


def written(directory: Path) -> Path:
    """Exchanges with parts in both directions, frames of several under way among each other, in one segment."""
    journal = Journal(directory, "w", key=KEY)
    steps = [
        lambda id: journal.open(id, opened(id, body_parts=1), b"request of %b TGJ1" % id.hex().encode()),
        lambda id: journal.part(Kind.REQUEST_PART, id, b" goes on" * 3),
        lambda id: journal.part(Kind.REPLY_PART, id, b"reply of %b" % id.hex().encode()),
        lambda id: journal.close(id, closed(id, body_parts=1), b" ends\n\n" * 2),
    ]
    for turn in range(EXCHANGES + ALONE * 3):
        for step in reversed(range(4)):
            if 0 <= turn - ALONE * step < EXCHANGES:
                assert steps[step](new_id(turn - ALONE * step))
    journal.shut()
    (segment,) = segments(journal.directory)
    return segment


def short(sealed: bool) -> bytes:
    """200 frames of all kinds, as short as they come, so that every byte of them can be had; not sealed: as gateways before the key wrote them."""
    by, data = Seal(KEY, "w", 1), b""
    for n in range(4 * EXCHANGES):
        kind, meta, body = Kind(n % 4 + 1), b'{"n":%d}' % n, b" TGJ1" * (n % 3)
        data += b"".join(encode(by, kind, new_id(n // 4), meta, body, len(data))) if sealed else plain_frame(kind, new_id(n // 4), meta, body)
    return data


def flips(whole: bytes) -> Iterator[tuple[int, bytes]]:
    """Each byte with a bit or with all of them turned."""
    for at in range(0, len(whole), EVERY):
        yield at, whole[:at] + bytes([whole[at] ^ (0xFF if at % 2 else 1 << at % 8)]) + whole[at + 1 :]


def told(pieces: list[Frame | Damage]) -> list[tuple[int, bytes, bytes, bytes]]:
    return [(piece.kind, piece.id, piece.meta, piece.body) for piece in pieces if isinstance(piece, Frame)]


@pytest.mark.covers("D2", "D3")
@pytest.mark.parametrize("sealed", [True, False])
def test_a_byte_that_is_flipped_or_the_last_costs_the_record_that_it_is_in(sealed: bool) -> None:
    """One bad sector, or a kill in the middle of a write, must not hide the rest of the day."""
    whole, by = short(sealed), Seal(KEY, "w", 1)
    pieces = list(decode(whole, ended=True, seal=by))
    records, ends = told(pieces), [piece.end for piece in pieces]
    assert len(records) == len(pieces) == 4 * EXCHANGES
    for at, broken in flips(whole):
        hit = bisect_right(ends, at)
        found = list(decode(broken, ended=True, seal=by))
        assert told(found) == records[:hit] + records[hit + 1 :], at
        assert [(piece.start, piece.end) for piece in found if isinstance(piece, Damage)] == [(ends[hit - 1] if hit else 0, ends[hit])], at
    for cut in range(0, len(whole), EVERY):
        kept = bisect_right(ends, cut)
        assert told(list(decode(whole[:cut], ended=True, seal=by))) == records[:kept], cut


@pytest.mark.covers("D2", "D3")
def test_every_other_exchange_is_stored_as_it_was(tmp_path: Path) -> None:
    """From the mutilated file to the rows: exactly one each, the hit one with what is left of it, the others as they were; the damage told and kept once."""
    segment = written(tmp_path / "whole" / "journal")
    whole, by = segment.read_bytes(), Seal(KEY, segment.parent.name, 1)
    frames = [piece for piece in decode(whole, ended=True, seal=by) if isinstance(piece, Frame)]
    ends = [frame.end for frame in frames]
    owed = _rows(tmp_path / "whole", segment.parent.name, whole, damaged=0)
    assert len(owed) == EXCHANGES
    for at in range(7, len(whole), EVERY_RECORDED):
        hit = bisect_right(ends, at)
        flipped = _rows(tmp_path / "broken", segment.parent.name, whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :], damaged=1)
        victim = text_id(frames[hit].id)
        assert flipped.keys() == owed.keys(), at
        assert {id for id in owed if flipped[id] != owed[id]} == {victim}, at
        assert (flipped[victim]["outcome"] == "gateway_crash") == (frames[hit].kind is Kind.CLOSE), at
        cut = _rows(tmp_path / "broken", segment.parent.name, whole[:at], damaged=None)
        assert cut.keys() == {text_id(frame.id) for frame in frames[:hit]}, at
        assert {id for id, row in cut.items() if row == owed[id]} == {text_id(frame.id) for frame in frames[:hit] if frame.kind is Kind.CLOSE}, at


def _rows(directory: Path, stream: str, content: bytes, *, damaged: int | None) -> dict[str, dict[str, str]]:
    """What a recorder makes of a segment, by id, but for the batch that it is in."""
    shutil.rmtree(directory, ignore_errors=True)
    place = directory / "journal" / stream
    place.mkdir(parents=True)
    (place / "00000001.seg").write_bytes(content)
    (place / "lock").touch()
    bench = Bench(directory)
    bench.record()
    state = bench.recorder.state
    assert (state.accepted, state.in_journal, state.dropped) == (state.stored, 0, {})
    kept = sum(path.stat().st_size for path in (directory / "quarantine").glob("*.bin"))  # of one place there may be several: a stream is read as it grows
    assert kept == bench.recorder.damage.damaged_bytes
    if damaged is not None:
        assert bench.recorder.damage.damaged == damaged
    assert len(bench.store.rows) == len(bench.store.ids())
    return {row["id"]: {name: value for name, value in row.items() if name != "batch_id"} for row in bench.store.rows}
