"""Bodies that are no JSON, as leaves: plain text in any charset, forms, and bodies made of several.

Rules of this file: pure; offsets are bytes of the body. What is between the leaves of a form or a composite is structure and stays as it is.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote_plus, unquote_to_bytes

from gateway.dialects.fields import is_plain
from gateway.dialects.json_text import MAX_NODES
from gateway.dialects.leaves import Edit, Leaf, Walked, chained, edited
from gateway.dialects.media import text_of
from gateway.dialects.texts import escaped

MAX_PAIRS = MAX_NODES // 10  # in a form: one costs about as much as ten values of JSON
_PAUSE = 500  # pairs between two pauses
_CONTROLS = bytes(sorted({*range(32), 127} - {*b"\t\n\r\f\x0b\x1b"}))
_UNDECODED = re.compile("[\udc80-\udcff]")
_CHARSETS = {
    name: codec
    for codec, names in (
        ("utf-8", "utf-8 utf8 us-ascii ascii"),
        ("latin-1", "iso-8859-1 latin-1 latin1"),
        ("cp1252", "windows-1252 cp1252"),
        ("utf-16-le", "utf-16le"),
        ("utf-16-be", "utf-16be"),
        ("utf-16", "utf-16"),
        ("shift_jis", "shift_jis shift-jis"),
        ("gb18030", "gb18030 gbk gb2312"),
        ("euc_kr", "euc-kr"),
    )
    for name in names.split()
}


class WalkedText(Walked):
    """Bytes that are one text. charset utf-8: a byte that is none is one U+FFFD in the leaf, and stays what it is in a rewrite."""

    __slots__ = ("_codec", "_data", "_text")

    def __init__(self, data: bytes, *, pointer: str = "", role: str = "", before: str = "", codec: str = "utf-8") -> None:
        self._data, self._codec = data, codec
        try:
            self._text = shown = data.decode(codec)
        except UnicodeDecodeError:
            self._text = data.decode("utf-8", "surrogateescape")
            shown = _UNDECODED.sub("\ufffd", self._text)
        super().__init__((Leaf(pointer, role, before, shown),) if data else ())

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        if not any(edits.values()):
            return self._data
        text = edited(self._text, edits[0])
        return text.encode("utf-8", "surrogateescape") if self._codec == "utf-8" else text.encode(self._codec, "replace")


def charset_text(data: bytes, charset: str, *, pointer: str = "", role: str = "", before: str = "") -> Walked:
    """A text in the charset that its sender names. Unscannable if the charset is not known here or the bytes are not in it.

    Bytes that are text as they stand are looked at as that, too: not every reader cares what a charset says.
    """
    codec = _CHARSETS.get(charset.strip().lower() or "utf-8")
    if codec == "utf-16":  # the mark says which; without one it is big endian (RFC 2781)
        codec = "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    if codec is None or (codec.startswith("utf-16") and text_of(data) is not None):
        return Marked(binary(data, pointer, before), data, pointer)
    if codec == "utf-8":
        return WalkedText(data, pointer=pointer, role=role, before=before)
    try:
        if data.decode(codec).encode(codec) != data:
            return binary(data, pointer, before)
    except UnicodeError:
        return binary(data, pointer, before)
    return WalkedText(data, pointer=pointer, role=role, before=before, codec=codec)


class _Untouched(Walked):
    """Bytes without a leaf."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes, pointer: str | None) -> None:
        super().__init__(unscannable=() if pointer is None or not data else (pointer,))
        self._data = data

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        super().rewrite(edits)
        return self._data


class Marked(Walked):
    """What a reader may find more in than is looked at here: unscannable, whatever its leaves."""

    __slots__ = ("_data", "_walked")

    def __init__(self, walked: Walked, data: bytes, pointer: str) -> None:
        super().__init__(walked.leaves, walked.unscannable or ((pointer,) if data else ()), walked.chains, walked.echoes)
        self._walked, self._data = walked, data

    def prepare(self, edits: Mapping[int, tuple[Edit, ...]]) -> Iterator[None]:
        return self._walked.prepare(edits)

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        return self._walked.rewrite(edits)


def binary(data: bytes, pointer: str = "", before: str = "") -> Walked:
    """Bytes that are called no text, or look like none. They are a text if they are: what they are called does not make a picture of them.

    NULs at the end are padding. Text with some control characters in it is looked at and unscannable, anything else is unscannable.
    """
    text = data.rstrip(b"\x00")
    if not data or text_of(text) is not None:
        whole: Walked = WalkedText(text, pointer=pointer, before=before)
        return whole if len(text) == len(data) else Composite(data, [Part(0, len(text), whole)] if text else [])
    odd = len(data) - len(data.translate(None, _CONTROLS))
    if odd * 10 <= len(data):
        try:
            data.decode()
            return Marked(WalkedText(data, pointer=pointer, before=before), data, pointer)
        except UnicodeDecodeError:
            pass
    return _Untouched(data, pointer)


class Transferred(Walked):
    """Bytes in a transfer encoding: as they stand, for many readers take no notice of it, and decoded. encoding: quoted-printable | base64."""

    __slots__ = ("_encoding", "_raw")

    def __init__(self, raw: Walked, data: bytes, encoding: str, *, pointer: str = "", before: str = "") -> None:
        self._raw, self._encoding = raw, encoding
        held = _untransferred(data, encoding)
        text = None if held is None else text_of(held)
        unread = (pointer,) if text is None and not raw.unscannable else ()
        super().__init__((*raw.leaves, *(() if not text else (Leaf(pointer, "", before, text),))), (*raw.unscannable, *unread), raw.chains, raw.echoes)

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        own = len(self._raw.leaves)
        data = self._raw.rewrite({index: changes for index, changes in edits.items() if index < own})
        changes = edits.get(own, ())
        if not changes:
            return data
        text = self.leaves[own].text
        held = _untransferred(data, self._encoding)
        shown = None if held is None else text_of(held)
        if shown == text:
            shown = edited(text, changes)
        elif shown is not None:  # what stands there was edited before it was decoded
            for change in changes:
                shown = shown.replace(text[change.start : change.end], change.by) if change.start < change.end else shown
        coded = (shown or "").encode("utf-8", "replace")
        return quopri.encodestring(coded).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if self._encoding == "quoted-printable" else base64.b64encode(coded)


def _untransferred(data: bytes, encoding: str) -> bytes | None:
    if encoding == "quoted-printable":
        return quopri.decodestring(data)
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


class Part(NamedTuple):
    """body[start:end], taken apart."""

    start: int
    end: int
    walked: Walked


class Composite(Walked):
    """A body of several that are taken apart each by itself: form parts, JSON lines. parts: in order and apart from each other."""

    __slots__ = ("_data", "_firsts", "_parts")

    def __init__(self, data: bytes, parts: list[Part]) -> None:
        self._data, self._parts = data, parts
        self._firsts: list[int] = []
        leaves: list[Leaf] = []
        chains: list[list[int]] = []
        for part in parts:
            self._firsts.append(len(leaves))
            chains += ([len(leaves) + index for index in run] for run in part.walked.chains)
            leaves += part.walked.leaves
        super().__init__(
            tuple(leaves),
            tuple(pointer for part in parts for pointer in part.walked.unscannable),
            chained(chains),
            tuple(echo for part in parts for echo in part.walked.echoes),
        )

    def prepare(self, edits: Mapping[int, tuple[Edit, ...]]) -> Iterator[None]:
        for part, own in self._by_part(edits).items():
            yield from self._parts[part].walked.prepare(own)

    def _by_part(self, edits: Mapping[int, tuple[Edit, ...]]) -> dict[int, dict[int, tuple[Edit, ...]]]:
        """The edits of each part, in order."""
        by_part: dict[int, dict[int, tuple[Edit, ...]]] = {}
        for index in sorted(edits):
            if edits[index] and 0 <= index < len(self.leaves):
                part = bisect_right(self._firsts, index) - 1  # of several that begin there the last: those before it have no leaf
                by_part.setdefault(part, {})[index - self._firsts[part]] = edits[index]
        return by_part

    @property
    def text_chars(self) -> int:
        return sum(part.walked.text_chars for part in self._parts)

    @property
    def scanned_chars(self) -> int:
        return sum(part.walked.scanned_chars for part in self._parts)

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        out: list[bytes] = []
        at = 0
        for part, own in self._by_part(edits).items():
            start, end, walked = self._parts[part]
            out += (self._data[at:start], walked.rewrite(own))
            at = end
        return self._data if not out else b"".join((*out, self._data[at:]))


class Encoded(Walked):
    """A key or value of a form, percent-encoded; or another piece of an address. quote: how it is encoded again."""

    __slots__ = ("_data", "_quote")

    def __init__(self, data: bytes, text: str, pointer: str, before: str, quote: Callable[[bytes], str] = quote_plus) -> None:
        super().__init__((Leaf(pointer, "", before, text),))
        self._data, self._quote = data, quote

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]]) -> bytes:
        if not any(edits.values()):
            return self._data
        return self._quote(edited(self.leaves[0].text, edits[0]).encode("utf-8", "replace")).encode()


def form_steps(data: bytes) -> Generator[None, None, Walked | None]:
    """application/x-www-form-urlencoded: each value is a leaf with its name as context, each name that is no identifier another.

    Pauses now and then. Returns None if there are more than MAX_PAIRS.
    """
    if data.count(b"&") >= MAX_PAIRS:
        return None
    parts: list[Part] = []
    at = 0
    for number, pair in enumerate(data.split(b"&"), 1):
        if number % _PAUSE == 0:
            yield
        name, _, value = pair.partition(b"=")
        label = unquoted(name)
        pointer = f"/{escaped(label)}"
        if label and not is_plain(label):
            parts.append(Part(at, at + len(name), Encoded(name, label, f"{pointer}~", "")))
        if value:
            start = at + len(name) + 1
            parts.append(Part(start, at + len(pair), Encoded(value, unquoted(value), pointer, f"{label}: " if label else "")))
        at += len(pair) + 1
    return Composite(data, parts)


def unquoted(data: bytes) -> str:
    """A key or value of a form, decoded."""
    return unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8", "replace")
