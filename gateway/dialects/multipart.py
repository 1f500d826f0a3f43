"""multipart/form-data: text parts, names and filenames are leaves; so is what stands outside the parts.

A body that cannot be taken apart for certain is read as one text if it is one, and is unscannable if it is not: a provider may find parts
in it that this reader does not. Source: RFC 7578, RFC 2046 section 5.1; the WHATWG encoding of filenames.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import NamedTuple

from gateway.dialects.fields import is_plain
from gateway.dialects.leaves import Walked
from gateway.dialects.media import text_of
from gateway.dialects.text_body import Composite, Marked, Part, Transferred, WalkedText
from gateway.dialects.texts import escaped

MAX_PARTS = 1000
MAX_HEAD_BYTES = 16 * 1024
_PAUSE = 50  # parts between two pauses

_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"\\\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_HEADER = re.compile(rb"([!-9;-~]++):[ \t]*+([^\r\n]*+)(?:\r\n|\Z)")  # possessive: nothing in it is tried twice
_PARAMETER = re.compile(rb'[ \t]*;[ \t]*([!#-+\-.0-9A-Za-z^_`|~*]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))[ \t]*')
_FIRST = re.compile(rb"[ \t]*(?:form-data|attachment|file|inline|[A-Za-z]{1,20}/[A-Za-z][A-Za-z.+\-]*[0-9]{0,4}[A-Za-z.+\-]*|)", re.IGNORECASE)
_PLAIN_VALUES = {
    b"content-length": re.compile(rb"[0-9]{1,8}"),
    b"content-transfer-encoding": re.compile(rb"(?i)7bit|8bit|binary|quoted-printable|base64"),
}
_CHARSET = re.compile(rb"[A-Za-z][A-Za-z0-9_-]{0,11}(?:-[0-9]{1,2})?")
_KEPT = (b"multipart/", b"application/x-www-form-urlencoded")

Steps = Generator[None, None, Walked]
Reader = Callable[[bytes, str, str, str], Steps]  # data, content type, pointer, before


def multipart_steps(data: bytes, content_type: str, read: Reader) -> Steps:
    """read: takes a part's content apart. Pointers begin with the part's name. Pauses within parts as `read` does, and now and then between them."""
    found = _BOUNDARY.findall(content_type)
    mark = b"--" + (found[0][0] or found[0][1]).encode("latin-1", "replace") if len(found) == 1 else b""
    spans = _split(data, mark) if mark else None
    if spans is None:
        return (yield from read(data, "", "", ""))
    parts: list[Part] = []
    outside = 0
    for number, (start, end) in enumerate(spans):
        _outside(parts, data, outside, start, mark)
        yield from _part_steps(parts, data, start, end, read)
        outside = end
        if number % _PAUSE == 0:
            yield
    _outside(parts, data, outside, len(data), mark)
    return Composite(data, parts)


_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?:\r\n|$)")


class _Boundary(NamedTuple):
    """A line that is one, with the line end before it. last: it closes the body."""

    start: int
    end: int
    last: bool


def _boundary(data: bytes, mark: bytes, at: int) -> _Boundary | None:
    """The next from `at` on."""
    found = data.find(mark, at)
    while found >= 0:
        begins = not found or (found - 2 >= at and data.startswith(b"\r\n", found - 2))
        after = _AFTER_MARK.match(data, found + len(mark)) if begins else None
        if after is not None:
            return _Boundary(max(0, found - 2), after.end(), after[1] is not None)
        found = data.find(mark, found + 1)
    return None


def _split(data: bytes, mark: bytes) -> list[tuple[int, int]] | None:
    """The spans of the parts, heads included; None if the body is not cleanly made of them."""
    spans: list[tuple[int, int]] = []
    start, at = -1, 0
    while found := _boundary(data, mark, at):
        if start >= 0:
            spans.append((start, found.start))
        if found.last:
            return spans if data.count(mark) == len(spans) + 1 else None  # the mark again within a part: another reader may split there
        if len(spans) > MAX_PARTS:
            return None
        start = found.end
        at = start - 2  # an empty part's head may share the line end
    return None


def _outside(parts: list[Part], data: bytes, start: int, end: int, mark: bytes) -> None:
    """What stands between parts is a boundary; anything else there (preamble, epilogue) is text."""
    rest = data[start:end]
    at = 0
    while True:
        boundary = _boundary(rest, mark, at)
        stop = len(rest) if boundary is None else boundary.start
        between = rest[at:stop].strip(b"\r\n")
        if between:
            first = start + rest.index(between, at)
            parts.append(Part(first, first + len(between), WalkedText(between)))
        if boundary is None:
            return
        at = boundary.end


def _part_steps(parts: list[Part], data: bytes, start: int, end: int, read: Reader) -> Generator[None, None, None]:
    head_end = data.find(b"\r\n\r\n", start - 2, end)
    if head_end < 0 or head_end - start > MAX_HEAD_BYTES:
        parts.append(Part(start, end, (yield from read(data[start:end], "", "", ""))))
        return
    name, media, encoding, content_start = "", "", b"", head_end + 4
    heads: list[Part] = []
    head_end, at = max(start, head_end), start
    while at < head_end and (header := _HEADER.match(data, at, head_end)):
        at = header.end()
        key, value = header[1].lower(), header[2].rstrip(b" \t")
        said_in = header.start(2), header.start(2) + len(value)
        if key == b"content-disposition":
            name, said = _parameters(data, *said_in, name)
            heads += said
        elif key == b"content-type":
            media = value.decode("latin-1")
            heads += _parameters(data, *said_in, name)[1]
        else:
            if not is_plain(key.decode()):
                heads.append(Part(*header.span(1), WalkedText(header[1])))
            if value and (key not in _PLAIN_VALUES or not _PLAIN_VALUES[key].fullmatch(value)):
                heads.append(Part(*said_in, WalkedText(value, pointer="", before=f"{key.decode()}: ")))
        if key == b"content-transfer-encoding":
            encoding = b"?" if encoding else value.lower()
    clean = at >= head_end
    if not clean:  # folded, or no headers at all: read as they stand, and nothing that they say is believed
        heads, name, media, encoding = [Part(start, head_end, WalkedText(data[start:head_end]))], "", "", b"?"
    parts += heads
    content = data[content_start:end]
    if content:
        walked = yield from _content(content, media, encoding, f"/{escaped(name)}" if clean else "", f"{name}: " if name else "", read)
        parts.append(Part(content_start, end, walked))


def _content(content: bytes, media: str, encoding: bytes, pointer: str, before: str, read: Reader) -> Steps:
    """A part's content by what its head says, as far as the content bears it out: a picture that is plain text is text."""
    if text_of(content) is not None and "charset" not in media.lower() and not media.strip().lower().encode("latin-1", "replace").startswith(_KEPT):
        media = ""
    walked = yield from read(content, media, pointer, before)
    if encoding in (b"quoted-printable", b"base64"):
        return Transferred(walked, content, encoding.decode(), pointer=pointer, before=before)
    return walked if encoding in (b"", b"7bit", b"8bit", b"binary") else Marked(walked, content, pointer)


def _parameters(data: bytes, start: int, end: int, name: str) -> tuple[str, list[Part]]:
    """A part's name, and as leaves, as they are spelled: its filename, a name that is no identifier, every parameter that is not known.

    A header that is not cleanly made of parameters is one leaf.
    """
    found: list[Part] = []
    first = _FIRST.match(data, start, end)
    at = start if first is None else first.end()
    while at < end and (parameter := _PARAMETER.match(data, at, end)):
        at = parameter.end()
        group = 2 if parameter[2] is not None else 3
        value, key = parameter[group].decode("utf-8", "replace"), parameter[1].lower()
        before = f"{key.decode('latin-1')}: "
        if key == b"name":
            name, before = value, ""
            if is_plain(value):
                continue
        elif key == b"charset" and _CHARSET.fullmatch(parameter[group]):
            continue
        elif key == b"filename*":
            before = "filename: "
        if not is_plain(parameter[1].decode("latin-1").rstrip("*")):
            found.append(Part(*parameter.span(1), WalkedText(parameter[1])))
        if value:
            found.append(Part(*parameter.span(group), WalkedText(parameter[group], pointer=f"/{escaped(name)}", before=before)))
    if at < end and data[at:end].strip(b" \t;"):
        return name, [Part(start, end, WalkedText(data[start:end], pointer=f"/{escaped(name)}"))]
    return name, found
