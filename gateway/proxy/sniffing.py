"""What a reply is, by its first bytes: what it calls itself decides nothing."""

from __future__ import annotations

import codecs
import re

from gateway.dialects.media import text_of
from gateway.guard.frames import value_of

BINARY = ("audio/", "image/", "video/", "application/pdf", "application/zip", "font/")
UNTYPED = "application/octet-stream"  # text as often as not: files, results of batches
JSON_LINES = tuple(f"application/{name}" for name in "x-ndjson ndjson jsonl x-jsonl jsonlines x-jsonlines json-lines json-seq stream+json x-json-stream".split())  # noqa: SIM905
TURN_BYTES = 16 * 1024  # of a body of events, between two turns of others
_LINE_BYTES = 64 * 1024
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"RIFF", b"OggS", b"ID3", b"fLaC")  # there may be much text in these
_CONTROLS = bytes(sorted({*range(32), 127} - {*b"\t\n\r\f\x0b\x1b"}))
_UNDECODED = re.compile("[\udc80-\udcff]")
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NULS = {(True, True, True, False): "utf-32-be", (False, True, True, True): "utf-32-le", (True, False): "utf-16-be", (False, True): "utf-16-le"}  # where the first character's are


def is_binary(data: bytes) -> bool:
    """Whether what begins like this is no text, though a few bytes of it may be none."""
    head = data[:4096]
    if head.startswith(_MAGIC):
        return True
    odd = len(head) - len(head.translate(None, _CONTROLS)) + len(_UNDECODED.findall(head.decode("utf-8", "surrogateescape")))
    return odd * 10 > max(len(head), 60)  # some bytes of the end may be a character that was cut


def is_wide(data: bytes) -> bool:
    """Whether it is text in UTF-16 or UTF-32, by its mark or by where its NULs are: readers of JSON take that."""
    nuls = tuple(not byte for byte in data[:4])
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), None) or _NULS.get(nuls) or _NULS.get(nuls[:2])
    if codec is None or (nuls.count(True) < 2 and not data.startswith((b"\xff\xfe", b"\xfe\xff")) and data[:64].count(0) * 8 < len(data[:64])):
        return False
    try:
        text = codecs.getincrementaldecoder(codec)().decode(data[:4096])
    except UnicodeDecodeError:
        return False
    return text_of(text.encode("utf-8", "replace")) is not None


def is_lines(body: bytes) -> bool:
    """Whether a body that calls itself something else is JSON lines of a stream: its first two are objects, and no records of a batch."""
    lines = body.lstrip()[:_LINE_BYTES].split(b"\n", 2)
    if len(lines) < 3 or not all(line.startswith(b"{") for line in lines[:2]):
        return False
    values = [value_of(line.decode("utf-8", "replace")) for line in lines[:2]]
    return all(isinstance(value, dict) and "custom_id" not in value for value in values)
