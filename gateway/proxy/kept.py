"""The copy of a reply that goes into the journal: bounded in memory, bounded in all.

What is longer than a frame goes to the journal in parts while the reply is still arriving; what is left goes with the close frame.
"""

from __future__ import annotations

from gateway.exchange import BodyNote
from gateway.guard.hollow import HollowReply
from gateway.journal import PART_BYTES, Journal, Kind
from gateway.proxy.reply_head import ReplyHead
from gateway.proxy.veil import keys_in, starred, unpacked

MAX_BYTES = 32 << 20  # of one reply


class Kept:
    """One reply's copy. note: why it is not whole, see BodyNote. parts: frames written so far. since: `Journal.written` before the first frame of the reply; -1: there was none yet. replaced: what is not in the journal of a reply that the client gets something else for; None: it gets this. hides: keys that are starred in it (gateway/proxy/veil.py)."""

    __slots__ = ("_hollow", "_id", "_journal", "_pieces", "_room", "hides", "note", "parts", "replaced", "since")

    def __init__(self, journal: Journal, id: bytes) -> None:
        self._journal, self._id = journal, id
        self._pieces: list[bytes] = []  # what is not in the journal yet
        self._room = PART_BYTES  # so many bytes more fill a part
        self._hollow: HollowReply | None = None
        self.hides: tuple[bytes, ...] = ()
        self.parts = 0
        self.replaced: bytes | None = None
        self.since = -1
        self.note = ""

    def begin(self, head: ReplyHead, credential: bytes, *, withholds: bool) -> None:
        """The reply's head has come. credential: the caller's. withholds: it is kept without its content (`store.content: none`)."""
        self.hides = keys_in(credential) if head.status >= 400 else ()
        if head.is_binary:
            self._skip(BodyNote.BINARY)
        elif withholds:
            self._hollow = HollowReply(head.content_type, head.content_encoding)

    def _skip(self, note: BodyNote) -> None:
        """Keep nothing more."""
        self.note, self._room = note.value, 0

    def replace(self, body: bytes) -> None:
        """The client gets something else than the provider's reply: that is the copy then."""
        self.replaced = b"".join(self._pieces)
        self._pieces, self._room, self.parts, self.note, self._hollow = [body], PART_BYTES - len(body), 0, "", None

    def forget(self) -> None:
        """Another reply takes the place of this one."""
        self.replace(b"")
        self.replaced = None

    def push(self, data: bytes) -> None:
        if self._hollow is not None:
            data = self._hollow.push(data)
        left = self._room - len(data)
        if left > 0:
            self._room = left
            self._pieces.append(data)
        elif not self.note:
            self._fill(data)

    def _fill(self, data: bytes) -> None:
        """With this a part is full."""
        if self.parts * PART_BYTES + PART_BYTES - self._room + len(data) > MAX_BYTES:
            self._skip(BodyNote.TRUNCATED)
        else:
            self._pieces.append(data)
            self._spill()

    def rest(self, credential: bytes = b"") -> bytes:
        """What is not in the journal yet; forgotten here. To be asked for before `note` and `parts`. credential: of a stream that came to no end, which may be an error: the caller's."""
        if self.since < 0:
            self.since = self._journal.written
        hollow, self._hollow = self._hollow, None
        if hollow is not None:
            self.push(hollow.finish())
            self.note = self.note or BodyNote.WITHHELD.value
        pieces, self._pieces = self._pieces, []
        whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.hides = self.hides or (keys_in(credential) if credential else ())
        return self._veiled(whole) if self.hides else whole

    def _veiled(self, whole: bytes) -> bytes:
        """Without the keys to hide; nothing, if it is compressed and has one."""
        plain = unpacked(whole) if not self.parts else None
        if plain is not None and any(key in plain for key in self.hides):
            self.note = BodyNote.WITHHELD.value
            return b""
        return starred(whole, self.hides)

    def _spill(self) -> None:
        whole = b"".join(self._pieces)
        open_end = 0
        if self.hides:
            whole, open_end = starred(whole, self.hides), max(map(len, self.hides))
        cut = max(0, len(whole) - open_end) // PART_BYTES * PART_BYTES
        if self.since < 0:
            self.since = self._journal.written
        for at in range(0, cut, PART_BYTES):
            if self._journal.part(Kind.REPLY_PART, self._id, whole[at : at + PART_BYTES]):
                self.parts += 1
            else:
                self.note = BodyNote.DISK.value
        self._pieces = [whole[cut:]] if cut < len(whole) else []
        self._room = 0 if self.note or self.parts * PART_BYTES >= MAX_BYTES else PART_BYTES - (len(whole) - cut)
