"""What a string of base64 or a data: URL holds: text, which is read, or something that no detector can read.

The media type decides: what calls itself an image, sound, film or PDF is not looked into. Anything else is text if its bytes are. Pure.
Sources: RFC 4648, RFC 2397.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, NamedTuple

from gateway.dialects.fields import is_base64
from gateway.dialects.lenient import word

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+-]+=[^;,]{0,64})*)(;base64)?,", re.ASCII)
_BINARY = re.compile(r"(?:image|audio|video|font)/(?!svg\+xml)|application/(?:pdf|zip|gzip|vnd\.openxmlformats|msword)", re.ASCII)
_SOUNDS = frozenset(("wav", "mp3", "flac", "opus", "pcm16", "aac", "m4a", "ogg", "webm"))
_CONTROL = bytes(sorted({*range(32), 127} - {*b"\t\n\r\f\x0b\x1b"}))


class Held(NamedTuple):
    """text: None if it is none.  before: what precedes the base64 in the string.  altchars: the last two of its alphabet."""

    text: str | None
    before: str
    altchars: bytes


def read(value: str, owner: Any, *, is_base64_field: bool) -> Held | None:
    """value: a string.  owner: the object it is a member of, which may name the media type.

    is_base64_field: base64 without a data: URL counts too.  None: the string holds nothing but itself, so it is text as it stands.
    """
    url = _DATA_URL.match(value)
    if url is None and (not is_base64_field or is_plain_source(owner)):
        return None
    if url is not None and not url[3]:
        return None  # percent-encoded
    start = 0 if url is None else url.end()
    coded = value[start:]
    if not coded or not is_base64(coded):
        return None
    named = _media_type(owner) if url is None else (url[1] or "text/plain").lower()
    altchars = b"-_" if "-" in coded or "_" in coded else b"+/"
    return Held(None if _BINARY.match(named) else _decoded(coded, altchars), value[:start], altchars)


def _media_type(owner: Any) -> str:
    """What the object that holds base64 says about it."""
    if not isinstance(owner, dict):
        return ""
    named = word(owner.get("media_type")) or word(owner.get("mimeType")) or word(owner.get("mime_type"))
    return named.lower() or ("audio/" if owner.get("format") in _SOUNDS else "")


def is_plain_source(owner: Any) -> bool:
    """Anthropic's source of type text holds the text itself."""
    return isinstance(owner, dict) and owner.get("type") == "text"


def _decoded(coded: str, altchars: bytes) -> str | None:
    """The text in base64, None if it is none or what it holds is no text."""
    try:
        compact = "".join(coded.split())
        data = base64.b64decode(compact + "=" * (-len(compact) % 4), altchars, validate=True)
    except (binascii.Error, ValueError):
        return None
    return text_of(data)


def text_of(data: bytes) -> str | None:
    """Bytes as text, None if they are not UTF-8 or hold control characters that text has not."""
    if data.translate(None, _CONTROL) != data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
