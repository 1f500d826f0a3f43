"""Gateway keys: what apps show instead of a provider's key, and how the gate knows them again.

A key is 256 random bits and is printed once. What is kept, in the configuration or in the keys file, is its digest: HMAC-SHA-256
under the *pepper*, a secret of the installation. A stolen keys file is worth nothing without the pepper, and neither
leads back to a key.

Rules of this file: no key is ever stored, logged or put into an error; the keys file is replaced whole (write beside, sync,
rename) by one writer at a time; a reader sees the old file or the new one. Finding a key is one HMAC and one dictionary look-up on
the digest: what a caller could time depends on the pepper, which the caller does not know, not on the key. A key that was found is remembered in memory
until the keys change; a wrong one never is.

The keys file is YAML, one key a line, readable and diffable: a list of {id, digest, app, env, providers, created_at} and,
once revoked, revoked_at. A revoked key stays in the file so that its id is not given out again and old rows keep their meaning.

Deliberately absent: expiry, scopes beyond providers.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from gateway.durable import sync_directory
from gateway.errors import ConfigError

PREFIX = "tg-"
PEPPER_BYTES = 32
KNOWN = 1024  # keys whose digest a ring remembers
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIELDS = {"id", "digest", "app", "env", "providers", "created_at", "revoked_at"}
_NOBODY: dict[str, str] = {}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is compiled in


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a key stands for. app, env None: the caller may say. providers empty: all of them."""

    key_id: str
    app: str | None = None
    env: str | None = None
    providers: tuple[str, ...] = ()

    def labels(self) -> dict[str, str]:
        """What a row says of its key: `key_id`, and app and env where the key decides them."""
        told = {"key_id": self.key_id}
        if self.app:
            told["app"] = self.app
        if self.env:
            told["env"] = self.env
        return told


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One line of the keys file. Times are aware UTC; revoked_at None: the key is good."""

    id: str
    digest: str
    app: str | None
    env: str | None
    providers: tuple[str, ...]
    created_at: dt.datetime
    revoked_at: dt.datetime | None = None

    @property
    def identity(self) -> Identity:
        return Identity(self.id, self.app, self.env, self.providers)


def pepper(data_dir: Path, configured: str | None = None) -> bytes:
    """The installation's secret: the configured one, else that of <data_dir>/pepper, which is made on first use.

    Any number of processes may ask at once and get the same bytes. Raises ConfigError if the file cannot be made, read, or is cut short.
    """
    if configured is not None:
        if not configured:
            raise ConfigError(["key_pepper: empty; give it at least 16 characters, or leave it out"])
        return configured.encode()
    path = data_dir / "pepper"
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = data_dir / f".pepper-{os.getpid()}-{secrets.token_hex(4)}"
            _write_private(fresh, secrets.token_bytes(PEPPER_BYTES))
            try:
                os.link(fresh, path)  # fails where another was first; never shows half a file
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        found = path.read_bytes()
    except OSError as e:
        raise ConfigError([f"{path}: {e.strerror}; gateway keys need this secret, or key_pepper in the configuration"]) from e
    if len(found) != PEPPER_BYTES:
        raise ConfigError([f"{path}: {len(found)} bytes long, expected {PEPPER_BYTES}; restore it from a backup, or delete it and issue every gateway key anew"])
    return found


def new_key() -> str:
    """A fresh key: "tg-" and 43 URL-safe characters (256 bits)."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(pepper: bytes, key: str) -> str:
    """What is kept of a key: HMAC-SHA-256 as 64 hex digits."""
    return _digest(pepper, key).hex()


def _digest(pepper: bytes, key: str) -> bytes:
    return hmac.digest(pepper, key.encode("utf-8", "surrogatepass"), "sha256")  # a header may decode to anything; this never raises


class KeysFile:
    """The keys file. A missing file is an empty one. Every method raises ConfigError if it is there and cannot be read whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def list(self) -> tuple[KeyRecord, ...]:
        """Every key, revoked ones too, in the order they were added."""
        try:
            text = self.path.read_text()
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as e:
            raise ConfigError([f"{self.path}: {getattr(e, 'strerror', None) or 'not UTF-8'}; expected a keys file"]) from e
        return _parse(text, self.path.name)

    def add(self, record: KeyRecord) -> None:
        """Append a key. Raises ValueError if the id is taken (a revoked key keeps its id) or not usable."""
        if not _ID.fullmatch(record.id):
            raise ValueError(f'"{record.id}" is not a usable id; expected up to 64 letters, digits, ".", "_", "@", "-", a letter or digit first')
        with self._locked():
            records = self.list()
            if any(r.id == record.id for r in records):
                raise ValueError(f'the id "{record.id}" is taken; ids are never used twice, not even after a revocation')
            self._write((*records, record))

    def revoke(self, id: str, at: dt.datetime) -> KeyRecord:
        """Mark a key as revoked; doing it twice keeps the first time. Raises LookupError if there is no such id."""
        with self._locked():
            records = self.list()
            found = next((r for r in records if r.id == id), None)
            if found is None:
                raise LookupError(f'no key "{id}" in {self.path}')
            if found.revoked_at is None:
                revoked = replace(found, revoked_at=at)
                self._write([revoked if r is found else r for r in records])
                return revoked
            return found

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)  # held for milliseconds; the kernel frees it if the holder dies
            yield
        finally:
            os.close(fd)

    def _write(self, records: Iterable[KeyRecord]) -> None:
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)  # left by a process of the same number that was killed; the lock is ours
        _write_private(fresh, "".join(_line(r) for r in records).encode())
        os.replace(fresh, self.path)
        sync_directory(self.path.parent)


class KeyRing:
    """The keys that hold now, for the data plane.

    fixed: (digest, identity) of the configuration's keys; they win over the file's.  file: the keys file, None: there is none.
    `version` is another one whenever the keys are. `problem` is "" or says why the file's present content is not in force; the keys of its last good content then stay.
    """

    def __init__(self, pepper: bytes, fixed: Iterable[tuple[str, Identity]] = (), file: Path | None = None) -> None:
        self._pepper = pepper
        self._fixed = {bytes.fromhex(hexed): identity for hexed, identity in fixed}
        self._file = KeysFile(file) if file else None
        self._seen: tuple[int, ...] | None = None  # the version of the file that was read last
        self._keys = self._fixed
        self._revoked: dict[bytes, dict[str, str]] = {}  # by digest the labels of keys that held once
        self._known: dict[str, Identity] = {}  # keys that were found since the last change, so that an app's key is digested once
        self.problem = ""
        self.version = 0
        self.refresh()

    def find(self, key: str) -> Identity | None:
        """Whose key this is; None: nobody's (unknown, removed and revoked are not told apart)."""
        identity = self._known.get(key)
        if identity is None:
            identity = self._keys.get(_digest(self._pepper, key))
            if identity is not None and len(self._known) < KNOWN:
                self._known[key] = identity
        return identity

    def revoked(self, key: str) -> dict[str, str]:
        """The labels of a key that `find` does not find, if it was revoked; none if not. For the record: a caller is told the same of both, and in the same time."""
        return self._revoked.get(_digest(self._pepper, key), _NOBODY)

    def refresh(self) -> bool:
        """Read the file again if it has changed; one stat otherwise. True: the keys or `problem` may be new, which is worth a log line.

        Never raises. Called every half second, so that adding and revoking take effect within one.
        """
        if self._file is None:
            return False
        try:
            stat = os.stat(self._file.path)
            version: tuple[int, ...] = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)  # ctime: who may read it
        except FileNotFoundError:
            version = ()
        except OSError as e:
            self._seen = None
            return self._report(f"{self._file.path}: {e.strerror}")
        if version == self._seen:
            return False
        self._seen = version  # taken before the reading, so that a change in between is seen the next time
        try:
            records = self._file.list()
        except ConfigError as e:
            return self._report("; ".join(e.problems))
        self._keys = {bytes.fromhex(r.digest): r.identity for r in records if r.revoked_at is None} | self._fixed
        self._revoked = {bytes.fromhex(r.digest): r.identity.labels() for r in records if r.revoked_at is not None}
        self._known = {}
        self.version += 1
        self.problem = ""
        return True

    def _report(self, problem: str) -> bool:
        changed, self.problem = problem != self.problem, problem
        return changed

    def __len__(self) -> int:
        return len(self._keys)


def _write_private(path: Path, content: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(fd)


def _line(record: KeyRecord) -> str:
    fields: dict[str, Any] = {"id": record.id, "digest": record.digest, "app": record.app, "env": record.env, "providers": list(record.providers)}
    fields["created_at"] = record.created_at.isoformat()
    if record.revoked_at:
        fields["revoked_at"] = record.revoked_at.isoformat()
    return "- " + yaml.safe_dump(fields, default_flow_style=True, sort_keys=False, width=10**6, allow_unicode=True)


def _parse(text: str, name: str) -> tuple[KeyRecord, ...]:
    try:
        raw = yaml.load(text, Loader=_LOADER)  # noqa: S506  a safe loader, see _LOADER
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        raise ConfigError([f"{name}: {f'line {mark.line + 1}: ' if mark else ''}not YAML; expected a list of keys"]) from None
    except ValueError as e:  # a date that is none
        raise ConfigError([f"{name}: {e}; expected a list of keys"]) from None
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise ConfigError([f"{name}: expected a list of keys"])
    problems: list[str] = []
    records = [r for i, entry in enumerate(raw) if (r := _record(entry, f"{name}: key {i + 1}", problems))]
    if len({r.id for r in records}) < len(records):
        problems.append(f"{name}: two keys have the same id")
    if problems:
        raise ConfigError(problems)
    return tuple(records)


def _record(entry: Any, where: str, problems: list[str]) -> KeyRecord | None:
    before = len(problems)
    if not isinstance(entry, dict):
        problems.append(f"{where}: expected id, digest, app, env, providers, created_at")
        return None
    problems += [f"{where}: unknown field {field}" for field in sorted(map(str, entry.keys() - _FIELDS))]
    id, hexed, providers = entry.get("id"), entry.get("digest"), entry.get("providers") or []
    if not isinstance(id, str) or not _ID.fullmatch(id):
        problems.append(f"{where}: id: expected up to 64 letters, digits and ._@-")
    if not isinstance(hexed, str) or not _DIGEST.fullmatch(hexed):
        problems.append(f"{where}: digest: expected 64 hex digits")
    problems += [f"{where}: {f}: expected text or null" for f in ("app", "env") if not isinstance(entry.get(f), str | None)]
    if not isinstance(providers, list) or not all(isinstance(p, str) for p in providers):
        problems.append(f"{where}: providers: expected a list of provider names")
    times = [_time(entry.get(f)) for f in ("created_at", "revoked_at")]
    if times[0] is None:
        problems.append(f"{where}: created_at: expected a time with its offset, as 2026-01-31T12:00:00+00:00")
    if times[1] is None and entry.get("revoked_at") is not None:
        problems.append(f"{where}: revoked_at: expected a time with its offset")
    if len(problems) > before or not isinstance(id, str) or not isinstance(hexed, str) or times[0] is None:
        return None
    return KeyRecord(id, hexed, entry.get("app"), entry.get("env"), tuple(providers), times[0], times[1])


def _time(value: Any) -> dt.datetime | None:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) and value.tzinfo else None
