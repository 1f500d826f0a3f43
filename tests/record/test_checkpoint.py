"""The checkpoint: what was written is found again, and a broken one is never taken for a good one."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from gateway.errors import JournalError
from gateway.record.checkpoint import Announced, Checkpoint, CheckpointFile, Totals
from gateway.record.stream import Mark

FULL = Checkpoint(
    Totals(10, 7, 1, {"quarantine_disk": 2}, 1, 33, 4),
    {"w-1-2": Mark((0, 3, 512), 5, {1: {b"\x01" * 16, b"\x02" * 16}}), "w-2-3": Mark()},
    Announced("ab" * 16, {"w-1-2": (1, 2, 3)}, 9),
)


def save(directory: Path, *checkpoints: Checkpoint) -> CheckpointFile:
    file = CheckpointFile(directory)
    file.load()
    for checkpoint in checkpoints:
        asyncio.run(file.save(checkpoint))
    return file


def test_the_newest_checkpoint_is_read_back_whole(tmp_path: Path) -> None:
    """Every field decides whether a row is written once."""
    assert CheckpointFile(tmp_path / "none").load() == Checkpoint()
    for count in range(1, 5):
        save(tmp_path, Checkpoint(Totals(accepted=count)))
        assert CheckpointFile(tmp_path).load() == Checkpoint(Totals(accepted=count))
    save(tmp_path, FULL)
    assert CheckpointFile(tmp_path).load() == FULL
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("checkpoint.*")} == {0o600}


@pytest.mark.covers("D4", "D5")
def test_a_write_that_was_cut_off_leaves_the_one_before(tmp_path: Path) -> None:
    """A kill or a power cut in the middle of a write: the insert that it announced has not begun, so the older one is the truth."""
    file = save(tmp_path, Checkpoint(Totals(accepted=1)), FULL)
    newest = tmp_path / ("checkpoint.a" if file._sequence % 2 == 0 else "checkpoint.b")
    whole = newest.read_bytes().rstrip(b"\0")
    for cut in range(0, len(whole), 7):
        newest.write_bytes(whole[:cut])
        assert CheckpointFile(tmp_path).load() == Checkpoint(Totals(accepted=1)), cut
    newest.write_bytes(whole)
    assert CheckpointFile(tmp_path).load() == FULL


def test_two_broken_files_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """Starting from nothing would store everything that is retained a second time."""
    save(tmp_path, FULL, FULL)
    for path in tmp_path.glob("checkpoint.*"):
        path.write_bytes(b"TGC1 garbage")
    with pytest.raises(JournalError, match="restore them"):
        CheckpointFile(tmp_path).load()


@pytest.mark.covers("D1")
def test_later_writes_need_no_room(tmp_path: Path) -> None:
    """On a full disk the journal can only shrink if the recorder can still note what is stored."""
    save(tmp_path, FULL, FULL)
    blocks = [path.stat().st_blocks for path in sorted(tmp_path.glob("checkpoint.*"))]
    many = Checkpoint(marks={f"w-{n}": Mark((0, n, n), n) for n in range(200)})
    save(tmp_path, many, many)
    assert [path.stat().st_blocks for path in sorted(tmp_path.glob("checkpoint.*"))] == blocks
    assert CheckpointFile(tmp_path).load() == many


@pytest.mark.covers("D1")
def test_a_write_that_fails_again_and_again_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each half writes the file that is spare; tried in turns, the second would spoil the one that holds. And room that was not there is taken as soon as it is."""
    file = save(tmp_path, FULL)
    whole = Checkpoint(Totals(accepted=11))

    def half(fd: int, content: bytes, at: int) -> int:
        return real(fd, content[: len(content) // 2], at)

    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", half)
    for _ in range(3):
        with pytest.raises(OSError, match="No space"):
            asyncio.run(file.save(whole))
        assert CheckpointFile(tmp_path).load() == FULL
    monkeypatch.undo()
    asyncio.run(file.save(whole))
    assert CheckpointFile(tmp_path).load() == whole

    def no_room(fd: int, at: int, size: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    new = tmp_path / "new"
    monkeypatch.setattr(os, "posix_fallocate", no_room)
    with pytest.raises(OSError, match="No space"):
        save(new, FULL)
    monkeypatch.undo()
    save(new, FULL)
    assert {path.stat().st_size for path in new.glob("checkpoint.*")} == {64 << 10}
