"""What keeps the journal from being read by who has its files and not the key (FAILURES T24): the key, and the seal on each frame.

The key is 32 random bytes in `<data_dir>/journal.key`, made on first use, or derived from a configured value. Every segment is sealed under a key
of its own, derived (BLAKE2b, keyed) from that one, a random salt, and the segment's place: stream name and number. The frames of a segment are
sealed with AES-256-GCM; the nonce is a counter, and never used twice because every segment's salt is fresh and a frame that could not be written
takes its number with it. What is bound to a frame beside its content is its head and its offset. So a frame opens where it was written and nowhere else:
one that was moved, swapped, or brought back from an old copy is refused.

The salt stands in every frame, 16 bytes each, and not once at the segment's start: a bad sector must cost the frame that it hits, not all of them.
In the clear: kind, lengths, the exchange's id (its time and a random number), and which key it was. Not protected against: who can write to the
data directory as its owner, and so can read the key beside it; give `journal_key` as a value where the directory lies on a disk that is not trusted.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.durable import sync_directory
from gateway.errors import ConfigError, JournalError

MAGIC = b"TGJ1"
SEALED = 2  # the version of frames that are
HEAD = struct.Struct("<4sBBHII16s8s16sQ")  # magic, version, kind, flags, meta length, body length, exchange id, key id, salt, counter
_BOUND = struct.Struct(f"{HEAD.format}Q")  # what is bound to a frame's content: its head, and where that stands
_HEAD_SIZE = HEAD.size
KEY_BYTES = 32
TAG_BYTES = 16
MIN_SECRET_CHARS = 16
_SALT_BYTES = 16
_KEY_FILE = "journal.key"
_KEY_ID_AT = 32  # in the head
_SALTS = 8  # whose keys a reader keeps: a segment has one


def journal_key(data_dir: Path, secret: str | None = None) -> bytes:
    """The installation's journal key: from the configured value, else that of <data_dir>/journal.key, which is made on first use.

    Any number of processes may ask at once and get the same bytes. Raises ConfigError for a value that is too short; JournalError if the file cannot
    be made or read, is cut short, or is missing although the journal holds frames that were sealed with it.
    """
    if secret is not None:
        if len(secret) < MIN_SECRET_CHARS:
            raise ConfigError([f"journal_key: {len(secret)} characters; give it at least {MIN_SECRET_CHARS}, random ones, or leave it out"])
        return hashlib.blake2b(secret.encode(), digest_size=KEY_BYTES, person=b"tidegate jrn key").digest()
    path = data_dir / _KEY_FILE
    try:
        if not path.exists():
            sealed = _any_sealed(data_dir / "journal")
            if sealed is not None and not path.exists():  # looked at again: the file comes before the first frame
                raise JournalError(
                    f"{path}: missing, and {sealed} was sealed with it; put the file back from a copy, "
                    f"or move {data_dir / 'journal'} away to give up what is in it and not yet stored"
                )
            _make(path)
        found = path.read_bytes()
    except OSError as e:
        raise JournalError(f"{path}: {e.strerror}; the journal is sealed with this key; or give journal_key in the configuration") from e
    if len(found) != KEY_BYTES:
        raise JournalError(
            f"{path}: {len(found)} bytes long, expected {KEY_BYTES}; put it back from a copy, or delete it and move {data_dir / 'journal'} away, which gives up what is not yet stored"
        )
    return found


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(fd)
        os.link(fresh, path)  # fails where another was first; never shows half a file
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    sync_directory(path.parent)  # a key that a power cut takes away takes the journal with it


def _any_sealed(root: Path) -> Path | None:
    """A stream's first segment that begins with a sealed frame."""
    if not root.is_dir():
        return None
    return next((path for path in sorted(root.glob("*/*.seg")) if sealed_by(path) is not None), None)


def key_id(key: bytes) -> bytes:
    """8 bytes that tell keys apart and lead back to none."""
    return hashlib.blake2b(key=key, digest_size=8, person=b"tidegate key id").digest()


def sealed_by(segment: Path) -> bytes | None:
    """The id of the key that a segment's first frame was sealed with; None: no such frame there."""
    try:
        with open(segment, "rb") as file:
            head = file.read(_KEY_ID_AT + 8)
    except FileNotFoundError:
        return None
    return head[_KEY_ID_AT:] if len(head) == _KEY_ID_AT + 8 and head.startswith(MAGIC) and head[4] == SEALED else None


class Seal:
    """Of one segment: closes frames for the writer, opens them for a reader. One thread."""

    __slots__ = ("_aead", "_count", "_key", "_known", "_place", "_salt", "id")

    def __init__(self, key: bytes, stream: str, number: int) -> None:
        """stream, number: the segment's place, `<stream>/<number>.seg`."""
        if len(key) != KEY_BYTES:
            raise JournalError(f"the journal's key is {len(key)} bytes long, expected {KEY_BYTES}")
        self.id = key_id(key)
        self._key, self._place = key, f"{stream}/{number}".encode()
        self._known: dict[bytes, AESGCM] = {}
        self._salt = secrets.token_bytes(_SALT_BYTES)
        self._aead: AESGCM | None = None
        self._count = 0

    def close(self, kind: int, id: bytes, meta: bytes, body: bytes | memoryview, offset: int) -> tuple[bytes, bytes]:
        """A frame's head and its sealed content, meta and body together, TAG_BYTES longer than both. offset: where the head will stand."""
        aead, salt = self._aead, self._salt
        if aead is None:
            aead = self._aead = self._derive(salt)
        self._count = count = self._count + 1
        bound = _BOUND.pack(MAGIC, SEALED, kind, 0, len(meta), len(body), id, self.id, salt, count, offset)
        return bound[:_HEAD_SIZE], aead.encrypt(count.to_bytes(12, "little"), meta + body, bound)

    def open(self, head: bytes, content: bytes | memoryview, offset: int) -> bytes | None:
        """The content of a frame that `close` made. None: another key's, or not what was written at this place."""
        *_, by, salt, count = HEAD.unpack(head)
        if by != self.id:
            return None
        aead = self._known.get(salt)
        if aead is None:
            if len(self._known) >= _SALTS:
                self._known.clear()
            aead = self._known[salt] = self._derive(salt)
        try:
            return aead.decrypt(count.to_bytes(12, "little"), content, head + offset.to_bytes(8, "little"))
        except InvalidTag:
            return None

    def _derive(self, salt: bytes) -> AESGCM:
        return AESGCM(hashlib.blake2b(self._place, key=self._key, salt=salt, digest_size=KEY_BYTES, person=b"tidegate segment").digest())
