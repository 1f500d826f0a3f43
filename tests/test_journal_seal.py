"""The journal at rest: what its files tell without the key, and what a frame that is not where it was written is worth."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import orjson
import pytest

from gateway.errors import ConfigError, JournalError
from gateway.journal import Damage, Frame, Journal, Kind, decode, encode, read, segments
from gateway.journal_seal import Seal, journal_key, key_id, sealed_by
from gateway.record.checkpoint import CheckpointFile
from tests.support.recording import KEY, Bench, closed, new_id, opened, text_id, write
from tests.test_journal import plain_frame

OTHER = bytes(32)
SECRET = b"a sentence that nobody else should read"


def frames(key: bytes = KEY, stream: str = "w", number: int = 1, count: int = 3) -> list[bytes]:
    """Frames of equal length, as they stand one after the other."""
    by, data = Seal(key, stream, number), b""
    found = []
    for n in range(count):
        found.append(b"".join(encode(by, Kind.OPEN, new_id(n), b'{"n":%d}' % n, SECRET, len(data))))
        data += found[-1]
    return found


def opened_of(data: bytes, seal: Seal | None) -> list[bytes | None]:
    """By place: the id of a frame that opens, None for what is locked."""
    return [piece.id if isinstance(piece, Frame) else None if piece.locked else b"damaged" for piece in decode(data, ended=True, seal=seal)]


@pytest.mark.covers("T24")
def test_no_file_of_a_data_directory_tells_what_was_said_and_all_are_the_owners_alone(tmp_path: Path) -> None:
    """Who copies the disk must not have the prompts of the last minutes with it, nor a user of the same machine."""
    bench = Bench(tmp_path)
    journal = bench.journal(segment_bytes=3000)
    for n in range(20):
        journal.open(new_id(n), opened(new_id(n), app="secret-app"), b'{"m": "%s"}' % SECRET)
        journal.part(Kind.REPLY_PART, new_id(n), SECRET)
        journal.close(new_id(n), closed(new_id(n)), SECRET)
    with open(segments(journal.directory)[0], "r+b") as file:  # a bad sector: its bytes go to the quarantine
        file.seek(200)
        file.write(b"\xff\xff")
    bench.record()
    journal.shut()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(segments(journal.directory)) > 2 and list((tmp_path / "quarantine").glob("*.bin"))
    for path in files:
        content = path.read_bytes()
        assert SECRET not in content and SECRET[:12] not in content and b"secret-app" not in content, path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    kept = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o700}
    assert sum(row["request"].endswith(SECRET.decode() + '"}') for row in bench.store.rows) >= 19


def test_a_frame_opens_at_its_place_and_nowhere_else() -> None:
    """An exchange put in another's place, or brought back from an old copy, must not become a row."""
    one, two, three = frames()
    assert opened_of(one + two + three, Seal(KEY, "w", 1)) == [new_id(0), new_id(1), new_id(2)]
    assert opened_of(two + one + three, Seal(KEY, "w", 1)) == [None, new_id(2)]  # one piece of damage: both are side by side
    assert opened_of(one + one + three, Seal(KEY, "w", 1)) == [new_id(0), None, new_id(2)]
    for stream, number in (("w", 2), ("x", 1)):
        assert opened_of(one + two + three, Seal(KEY, stream, number)) == [None]


def test_another_key_is_not_taken_for_damage_nor_damage_for_another_key() -> None:
    """The one is mended by putting a file back, the other never."""
    one, two, three = frames()
    assert opened_of(one + two, Seal(OTHER, "w", 1)) == [None] == opened_of(one + two, None)
    broken = bytearray(one + two + three)
    broken[len(one) + 90] ^= 1
    assert opened_of(bytes(broken), Seal(KEY, "w", 1)) == [new_id(0), b"damaged", new_id(2)]
    assert opened_of(bytes(broken), Seal(OTHER, "w", 1)) == [None, b"damaged", None]
    ends = [(p.start, p.end) for p in decode(bytes(broken), ended=True, seal=Seal(OTHER, "w", 1))]
    assert ends == [(0, len(one)), (len(one), 2 * len(one)), (2 * len(one), 3 * len(one))]


def test_locked_frames_are_read_past_while_the_file_grows() -> None:
    """A reader that follows a writer of another key goes on, byte for byte, however the file grows."""
    data = b"".join(frames())
    for cut in range(len(data)):
        at, found = 0, []
        for until in (cut, len(data)):
            for piece in decode(data[at:until], at, ended=False, seal=Seal(OTHER, "w", 1)):
                assert isinstance(piece, Damage) and piece.locked
                found.append((piece.start, piece.end))
                at = piece.end
        assert found[0][0] == 0 and found[-1][1] == len(data)


def test_every_head_field_is_bound_to_the_content() -> None:
    """The CRC protects from accidents and anyone can make one: what a head says must be believed for the seal's sake only."""
    (whole,) = frames(count=1)
    for at in range(5, 64):
        forged = bytearray(whole)
        forged[at] ^= 1
        forged[64:68] = struct.pack("<I", zlib.crc32(forged[68:], zlib.crc32(forged[:64])))
        assert not any(isinstance(piece, Frame) for piece in decode(bytes(forged), ended=True, seal=Seal(KEY, "w", 1))), at


def test_equal_contents_have_different_seals() -> None:
    """Of two equal prompts nobody without the key can tell that they are."""
    by = Seal(KEY, "w", 1)
    contents = {by.close(Kind.OPEN, new_id(1), b"{}", SECRET, 0)[1] for _ in range(100)} | {frames()[0][68:] for _ in range(100)}
    assert len(contents) == 200


def test_a_frame_that_could_not_be_written_takes_its_number_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A nonce that is used for two contents gives both away; half of the first may be on the disk."""
    journal = Journal(tmp_path, "w", key=KEY)
    heads: list[bytes] = []
    writev = os.writev

    def full(fd: int, buffers: list[bytes]) -> int:
        heads.append(bytes(buffers[0]))
        if len(heads) == 1:
            raise OSError(28, "no room")
        return writev(fd, buffers)

    monkeypatch.setattr("gateway.journal.os.writev", full)
    assert journal.open(new_id(1), opened(new_id(1)), SECRET)
    journal.shut()
    assert len(heads) == 2 and heads[0][56:64] != heads[1][56:64]
    (frame,) = read(segments(journal.directory)[0], KEY)
    assert isinstance(frame, Frame) and frame.opened().body_note == "dropped_disk"


# ---------------------------------------------------------------------- the key


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    """Workers and recorder start at the same time, and must not end up with two keys."""
    code = "import sys; from pathlib import Path; from gateway.journal_seal import journal_key; print(journal_key(Path(sys.argv[1])).hex())"
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "data")], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) for _ in range(4)]
    keys = {child.communicate()[0] for child in children}
    assert keys == {journal_key(tmp_path / "data").hex().encode() + b"\n"}
    path = tmp_path / "data" / "journal.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["journal.key"]


def test_a_configured_value_needs_no_file(tmp_path: Path) -> None:
    """A key that stands beside what it locks is no help where the disk is what is not trusted."""
    key = journal_key(tmp_path, "a value of some length")
    assert len(key) == 32 and key != journal_key(tmp_path, "a value of some lengtH") and not list(tmp_path.iterdir())
    with pytest.raises(ConfigError, match="journal_key"):
        journal_key(tmp_path, "short")


def test_a_key_that_is_gone_is_not_replaced_in_silence(tmp_path: Path) -> None:
    """A fresh one would open nothing of what is there, and nobody would learn of it."""
    key = journal_key(tmp_path)
    Journal(tmp_path / "journal", "w", key=key).shut()
    (tmp_path / "journal.key").unlink()
    assert journal_key(tmp_path) != key  # an empty journal needs no key
    journal = Journal(tmp_path / "journal", "w", key=journal_key(tmp_path))
    write(journal, new_id(1))
    journal.shut()
    (tmp_path / "journal.key").unlink()
    with pytest.raises(JournalError, match=r"journal\.key: missing, and .*put the file back"):
        journal_key(tmp_path)
    (tmp_path / "journal.key").write_bytes(b"short")
    with pytest.raises(JournalError, match="5 bytes long, expected 32"):
        journal_key(tmp_path)


def test_a_recorder_with_another_key_says_so_at_its_start_and_touches_nothing(tmp_path: Path) -> None:
    """Reading on would count every record as damaged; the key can still be put back."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    write(journal, new_id(1))
    journal.shut()
    before = {path: path.read_bytes() for path in (tmp_path / "journal").rglob("*.seg")}
    bench.key = OTHER
    with pytest.raises(JournalError, match=r"sealed with another key .* put the former .*journal\.key"):
        bench.restart()
    assert {path: path.read_bytes() for path in (tmp_path / "journal").rglob("*.seg")} == before
    bench.key = KEY
    bench.restart()
    bench.record()
    assert bench.store.ids() == {text_id(new_id(1)): 1}


def test_a_key_may_be_changed_once_everything_is_stored(tmp_path: Path) -> None:
    """Segments stay for a while after they are stored; that must not keep an operator from a new key."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    write(journal, new_id(1))
    journal.shut()
    bench.record()
    assert CheckpointFile(tmp_path / "recorder").load().totals.stored == 1
    bench.key = OTHER
    bench.restart()
    journal = bench.journal("worker-1")
    write(journal, new_id(2))
    journal.shut()
    bench.record()
    assert bench.store.ids() == {text_id(new_id(n)): 1 for n in (1, 2)}
    assert tuple(bench.recorder.damage) == (0, 0, 0, 0)


def test_frames_of_another_key_that_turn_up_later_are_kept_aside_and_counted(tmp_path: Path) -> None:
    """Never dropped in silence: the bytes are kept under their place, the place is counted, and everything else is recorded."""
    bench = Bench(tmp_path)
    journal = bench.journal()
    write(journal, new_id(1))
    stranger = Journal(tmp_path / "journal", "worker-9", key=OTHER)
    for n in range(2, 6):
        write(stranger, new_id(n))
    stranger.shut()
    journal.shut()
    (segment,) = segments(stranger.directory)
    bench.record()
    assert bench.store.ids() == {text_id(new_id(1)): 1}
    (kept,) = (tmp_path / "quarantine").glob("*.bin")
    assert kept.name == f"{stranger.directory.name}-00000001-0.bin" and kept.read_bytes() == segment.read_bytes()
    assert tuple(bench.recorder.damage) == (0, 1, segment.stat().st_size, 0)


@pytest.mark.parametrize(("key", "what"), [(b"short", "journal.key: 5 bytes long"), (bytes(32), "sealed with another key")])
def test_the_recorder_process_names_the_key_file_and_leaves(tmp_path: Path, key: bytes, what: str) -> None:
    """An operator reads one line and knows what to put back."""
    (tmp_path / "tidegate.yaml").write_text('providers: {a: {dialect: openai, base_url: "https://example.org"}}\nstore: {url: "http://nobody@127.0.0.1:9/db"}\ndata_dir: data\n')
    journal = Journal(tmp_path / "data" / "journal", "w", key=journal_key(tmp_path / "data"))
    write(journal, new_id(1))
    journal.shut()
    (tmp_path / "data" / "journal.key").write_bytes(key)
    done = subprocess.run(
        [sys.executable, "-m", "gateway.record.main", "--config", str(tmp_path / "tidegate.yaml")], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[1], check=False
    )
    assert (done.returncode, "start_refused" in done.stderr, what in done.stderr, "Traceback" in done.stderr) == (1, True, True, False), done.stderr


# ---------------------------------------------------------------------- what older gateways wrote


def test_a_journal_of_before_the_key_is_read_and_goes_on_sealed(tmp_path: Path) -> None:
    """An upgrade finds what the old version wrote last, open exchanges too."""
    bench = Bench(tmp_path)
    old = tmp_path / "journal" / "worker-0-1-1"
    old.mkdir(parents=True)
    (old / "00000001.seg").write_bytes(
        b"".join(plain_frame(kind, new_id(1), orjson.dumps(meta), body) for kind, meta, body in ((Kind.OPEN, opened(new_id(1)), b"asked"), (Kind.CLOSE, closed(new_id(1)), b"said")))
        + plain_frame(Kind.OPEN, new_id(2), orjson.dumps(opened(new_id(2))), b"cut")
    )
    assert sealed_by(old / "00000001.seg") is None
    bench.restart()
    journal = bench.journal("worker-1")
    write(journal, new_id(3))
    journal.shut()
    assert sealed_by(segments(journal.directory)[0]) == key_id(KEY)
    bench.record()
    assert {row["id"]: (row["request"], row["reply"], row["outcome"]) for row in bench.store.rows} == {
        text_id(new_id(1)): ("asked", "said", "ok"),
        text_id(new_id(2)): ("cut", "", "gateway_crash"),
        text_id(new_id(3)): ("{}", "{}", "ok"),
    }
