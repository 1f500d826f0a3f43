"""multipart/form-data: text parts, names and filenames are leaves; so is what stands outside the parts.

A body that cannot be taken apart for certain is read as one text if it is one, and is unscannable if it is not: a provider may find parts
in it that this reader does not. Source: RFC 7578, RFC 2046 section 5.1; the WHATWG encoding of filenames.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.dialects.fields import is_plain
from gateway.dialects.leaves import Walked
from gateway.dialects.text_body import Composite, Part, WalkedText
from gateway.dialects.texts import escaped

MAX_PARTS = 1000
MAX_HEAD_BYTES = 16 * 1024

_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"\\\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_HEADER = re.compile(rb"^([!-9;-~]+):[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_PARAMETER = re.compile(rb';[ \t]*(name|filename\*?)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))', re.IGNORECASE)
_DULL = frozenset((b"content-disposition", b"content-type", b"content-length", b"content-transfer-encoding"))

Reader = Callable[[bytes, str, str, str], Walked]  # data, content type, pointer, before


def walk_multipart(data: bytes, content_type: str, read: Reader) -> Walked:
    """read: takes a part's content apart. Pointers begin with the part's name."""
    found = _BOUNDARY.search(content_type)
    spans = None if found is None else _split(data, b"--" + (found[1] or found[2]).encode("latin-1", "replace"))
    if spans is None:
        return read(data, "", "", "")
    parts: list[Part] = []
    outside = 0
    for start, end in spans:
        _outside(parts, data, outside, start)
        _walk_part(parts, data, start, end, read)
        outside = end
    _outside(parts, data, outside, len(data))
    return Composite(data, parts)


def _split(data: bytes, mark: bytes) -> list[tuple[int, int]] | None:
    """The spans of the parts, heads included; None if the body is not cleanly made of them."""
    line = re.compile(rb"(?:^|\r\n)" + re.escape(mark) + rb"(--)?[ \t]*(?:\r\n|$)")
    spans: list[tuple[int, int]] = []
    start, at = -1, 0
    while found := line.search(data, at):
        if start >= 0:
            spans.append((start, found.start()))
        if found[1]:
            return spans if data.count(mark) == len(spans) + 1 else None  # the mark again within a part: another reader may split there
        if len(spans) > MAX_PARTS:
            return None
        start = found.end()
        at = start - 2  # an empty part's head may share the line end
    return None


def _outside(parts: list[Part], data: bytes, start: int, end: int) -> None:
    """What stands between parts is boundaries; anything else there (preamble, epilogue) is text."""
    rest = data[start:end]
    for found in re.finditer(rb"(?m)^(?!--)[^\r\n]+", rest):
        parts.append(Part(start + found.start(), start + found.end(), WalkedText(found[0])))


def _walk_part(parts: list[Part], data: bytes, start: int, end: int, read: Reader) -> None:
    head_end = data.find(b"\r\n\r\n", start - 2, end)
    if head_end < 0 or head_end - start > MAX_HEAD_BYTES:
        parts.append(Part(start, end, read(data[start:end], "", "", "")))
        return
    name, media, content_start = "", "", head_end + 4
    heads: list[Part] = []
    for header in _HEADER.finditer(data, start, max(start, head_end)):
        key = header[1].lower()
        if key == b"content-type":
            media = header[2].decode("latin-1")
        elif key == b"content-disposition":
            name, said = _disposition(data, *header.span(2))
            heads += said
        if key not in _DULL:
            heads.append(Part(*header.span(2), WalkedText(header[2], pointer="", before=f"{key.decode()}: ")))
    pointer = f"/{escaped(name)}"
    parts += heads
    content = data[content_start:end]
    if content:
        parts.append(Part(content_start, end, read(content, media, pointer, f"{name}: " if name else "")))


def _disposition(data: bytes, start: int, end: int) -> tuple[str, list[Part]]:
    """A part's name, and its filename and any name that is no identifier as leaves, as they are spelled."""
    name, found = "", []
    for parameter in _PARAMETER.finditer(data, start, end):
        group = 2 if parameter[2] is not None else 3
        value, key = parameter[group].decode("utf-8", "replace"), parameter[1].lower()
        if key == b"name":
            name = value
            if is_plain(value) or not value:
                continue
        before = "" if key == b"name" else "filename: "
        found.append(Part(*parameter.span(group), WalkedText(parameter[group], pointer=f"/{escaped(name)}", before=before)))
    return name, [part for part in found if part.end > part.start]


