"""Gateway keys: made once, kept as digests, found fast, gone within a second of their revocation."""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import ConfigError
from gateway.keys import Identity, KeyRecord, KeyRing, KeysFile, digest, new_key, pepper

PEPPER = b"p" * 32
NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)


def record(id: str, key: str, **changes: object) -> KeyRecord:
    return KeyRecord(**{"id": id, "digest": digest(PEPPER, key), "app": None, "env": None, "providers": (), "created_at": NOW, **changes})  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> KeysFile:
    return KeysFile(tmp_path / "keys.yaml")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_has_256_bits_and_its_prefix():
    """A key that can be guessed is no key; the prefix lets scanners of leaked secrets find it."""
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {(key[:3], len(key)) for key in keys} == {("tg-", 46)}


def test_the_digest_is_hmac_sha_256():
    """Other tools must be able to make the digest that goes into a configuration (RFC 4231, test case 2)."""
    assert digest(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_processes_that_start_together_get_one_pepper(tmp_path: Path):
    """Two peppers would make every key wrong in half of the workers."""
    barrier = threading.Barrier(8)

    def ask(_: int) -> bytes:
        barrier.wait()
        return pepper(tmp_path / "new")

    with ThreadPoolExecutor(8) as pool:
        peppers = set(pool.map(ask, range(8)))
    assert peppers == {(tmp_path / "new/pepper").read_bytes()}
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["pepper"]
    assert (mode(tmp_path / "new/pepper"), len(peppers.pop())) == (0o600, 32)


def test_a_configured_pepper_wins(tmp_path: Path):
    """Several gates share their keys by sharing this."""
    assert (pepper(tmp_path, "shared between gates"), list(tmp_path.iterdir())) == (b"shared between gates", [])


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_pepper_is_named_not_replaced(tmp_path: Path, content: bytes):
    """A new one in its place would silently invalidate every key."""
    (tmp_path / "pepper").write_bytes(content)
    with pytest.raises(ConfigError, match="restore it from a backup"):
        pepper(tmp_path)
    assert (tmp_path / "pepper").read_bytes() == content


def test_what_is_added_is_read_back_whole(file: KeysFile):
    """The file is the only memory of who may enter."""
    records = (
        record("a", "k1"),
        record("b", "k2", app="checkout: \"é\" {x}", env="prod", providers=("openai", "anthropic")),
    )
    for each in records:
        file.add(each)
    assert file.list() == records


def test_the_file_is_private_and_leaves_nothing_beside_it(file: KeysFile):
    """Digests are not secret, but who has access is nobody else's business."""
    file.add(record("a", "k1"))
    file.revoke("a", NOW)
    assert {p.name: mode(p) for p in file.path.parent.iterdir()} == {"keys.yaml": 0o600, ".keys.yaml.lock": 0o600}


@pytest.mark.covers("T3")
def test_a_key_is_nowhere_on_disk(tmp_path: Path):
    """Whoever copies the disk must not be able to call a provider."""
    key, secret = new_key(), pepper(tmp_path)
    KeysFile(tmp_path / "keys.yaml").add(record("a", key, digest=digest(secret, key)))
    assert not [p for p in tmp_path.iterdir() if key[3:].encode() in p.read_bytes()]


def test_writers_at_the_same_time_lose_nothing(file: KeysFile):
    """Two people adding keys at once must both find theirs."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: file.add(record(f"k{i}", str(i))), range(24)))
    assert {r.id for r in file.list()} == {f"k{i}" for i in range(24)}


def test_an_id_is_never_given_out_twice(file: KeysFile):
    """Rows of a revoked key must not appear to be another key's."""
    file.add(record("a", "k1"))
    file.revoke("a", NOW)
    with pytest.raises(ValueError, match="never used twice"):
        file.add(record("a", "k2"))


@pytest.mark.parametrize("id", ["", "a b", "../x", "x" * 65, "-a", "a\n"])
def test_an_unusable_id_is_refused(file: KeysFile, id: str):
    """An id becomes a column, a label in logs and a word on a command line."""
    with pytest.raises(ValueError, match="not a usable id"):
        file.add(record(id, "k"))
    assert file.list() == ()


def test_revoking_twice_keeps_the_first_time(file: KeysFile):
    """An audit asks when access ended, not when somebody last made sure."""
    file.add(record("a", "k1"))
    assert [file.revoke("a", NOW + dt.timedelta(hours=h)).revoked_at for h in (1, 2)] == [NOW + dt.timedelta(hours=1)] * 2
    with pytest.raises(LookupError, match='no key "b"'):
        file.revoke("b", NOW)


@pytest.mark.covers("G13")
def test_a_ring_follows_the_file(file: KeysFile):
    """Adding and revoking must take effect without a restart: refresh is called twice a second."""
    ring = KeyRing(PEPPER, (), file.path)
    seen = [ring.find("k1")]
    file.add(record("a", "k1", app="checkout", providers=("openai",)))
    seen += [ring.find("k1"), ring.refresh(), ring.find("k1"), ring.refresh()]
    file.revoke("a", NOW)
    seen += [ring.refresh(), ring.find("k1")]
    assert seen == [None, None, True, Identity("a", "checkout", None, ("openai",)), False, True, None]


def test_a_removed_file_removes_its_keys(file: KeysFile):
    """Deleting the file is somebody's way of revoking everything; keys of the configuration stay."""
    file.add(record("a", "k1"))
    ring = KeyRing(PEPPER, [(digest(PEPPER, "k2"), Identity("fixed"))], file.path)
    file.path.unlink()
    assert (ring.refresh(), ring.find("k1"), ring.find("k2"), len(ring), ring.problem) == (True, None, Identity("fixed"), 1, "")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("- {id: a", "keys.yaml: line 2: not YAML; expected a list of keys"),
        ("id: a\n", "keys.yaml: expected a list of keys"),
        ("- a\n", "keys.yaml: key 1: expected id, digest, app, env, providers, created_at"),
        ("- {id: a, digest: abc, created_at: '2026-01-31T12:00:00+00:00'}\n", "keys.yaml: key 1: digest: expected 64 hex digits"),
        (f"- {{id: a, digest: {'a' * 64}, created_at: yesterday, role: x}}\n", "keys.yaml: key 1: unknown field role; keys.yaml: key 1: created_at: expected a time with its offset, as 2026-01-31T12:00:00+00:00"),
    ],
)
def test_a_broken_file_keeps_the_old_keys_and_says_so(file: KeysFile, content: str, problem: str):
    """A slip of an editor must not lock every app out, nor pass unseen."""
    file.add(record("a", "k1"))
    ring = KeyRing(PEPPER, (), file.path)
    good = file.path.read_bytes()
    file.path.write_text(content)
    assert (ring.refresh(), ring.find("k1"), ring.problem, ring.refresh()) == (True, Identity("a"), problem, False)
    file.path.write_bytes(good)
    assert (ring.refresh(), ring.problem) == (True, "")


@pytest.mark.parametrize("content", ["- {id: a", "!!python/object/apply:os.getpid []\n", "\xff\n"])
def test_a_command_refuses_to_overwrite_a_broken_file(file: KeysFile, content: str):
    """Writing over what could not be read would revoke everybody's keys."""
    file.path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigError):
        file.add(record("b", "k2"))
    assert file.path.read_bytes() == content.encode("latin-1")


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_seen(file: KeysFile):
    """Clocks of file systems are coarse; a revocation within one tick must not be missed."""
    file.add(record("a", "k1"))
    ring = KeyRing(PEPPER, (), file.path)
    before = file.path.stat()
    other = file.path.with_name("other")
    other.write_text(file.path.read_text().replace(digest(PEPPER, "k1"), digest(PEPPER, "k2")))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(other, file.path)
    assert (ring.refresh(), ring.find("k1"), ring.find("k2")) == (True, None, Identity("a"))


def test_a_file_that_may_be_read_again_is_read(file: KeysFile, monkeypatch: pytest.MonkeyPatch):
    """Rights are put right without a change of the content; what was not read meanwhile must not be missed for ever."""
    file.add(record("a", "k1"))
    ring = KeyRing(PEPPER, (), file.path)
    file.add(record("b", "k2"))

    def denied(*_of: object, **_more: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "read_text", denied)
    seen = [ring.refresh(), ring.find("k1"), ring.find("k2"), ring.problem, ring.refresh()]
    assert seen == [True, Identity("a"), None, f"{file.path}: Permission denied; expected a keys file", False]
    monkeypatch.undo()
    assert ring.refresh() is False  # whoever may not read it does not try again and again
    file.path.chmod(0o640)
    assert (ring.refresh(), ring.find("k2"), ring.problem) == (True, Identity("b"), "")
    monkeypatch.setattr(os, "stat", denied)  # nor may its directory be looked into
    assert (ring.refresh(), ring.problem) == (True, f"{file.path}: Permission denied")
    monkeypatch.undo()
    assert (ring.refresh(), ring.problem) == (True, "")


def test_a_ring_knows_what_was_revoked(file: KeysFile):
    """The record says who still uses it; as a key it is as good as one that never was."""
    file.add(record("a", "k1", app="shop"))
    ring = KeyRing(PEPPER, (), file.path)
    assert ring.revoked("k1") == {}
    file.revoke("a", NOW)
    ring.refresh()
    assert (ring.find("k1"), ring.revoked("k1"), ring.revoked("k2"), len(ring)) == (None, {"key_id": "a", "app": "shop"}, {}, 0)


def test_the_configuration_wins_over_the_file(file: KeysFile):
    """Whoever may write the configuration decides; the keys file is the lesser authority."""
    file.add(record("file", "k", app="other"))
    ring = KeyRing(PEPPER, [(digest(PEPPER, "k"), Identity("config", "checkout"))], file.path)
    assert ring.find("k") == Identity("config", "checkout")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_shown_as_a_key_is_only_not_found(shown: str):
    """A header decodes to anything, lone surrogates too; that must be a 401, never a 500."""
    assert KeyRing(PEPPER, [(digest(PEPPER, "k1"), Identity("a"))]).find(shown) == (Identity("a") if shown == "k1" else None)
