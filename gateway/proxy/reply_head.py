"""The head of a reply: what the provider's says, and how the client's is spelled. Also the head of an answer made by the gate."""

from __future__ import annotations

import math
import time
from functools import lru_cache
from http import HTTPStatus

from gateway.errors import RelayError
from gateway.proxy.headers import reply_lines
from gateway.proxy.upstream import Headers

_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}
_TEXTUAL = (b"application/json", b"text/", b"application/x-ndjson", b"application/problem+json")


class ReplyHead:
    """A provider's head, to be framed (`declare`, `chunk` or neither) and spelled once.

    length: of the body as the provider declared it, None: not at all.  encoded: compressed, although it was asked not to be.
    is_binary: neither text nor a stream of events.
    """

    __slots__ = ("_lines", "bodiless", "content_encoding", "content_type", "encoded", "framed", "is_binary", "is_stream", "length", "status")

    def __init__(self, status: int, headers: Headers, bodiless: bool) -> None:
        self._lines, known = reply_lines(headers)
        self.status, self.bodiless, self.framed = status, bodiless, bodiless
        self.content_type, self.is_stream, self.is_binary = _kind(known.get(b"content-type", b"")[:128])
        encoding = known.get(b"content-encoding")
        self.content_encoding = encoding.decode("latin-1")[:64] if encoding else ""
        self.encoded = bool(encoding) and self.content_encoding.lower() != "identity"
        declared = known.get(b"content-length")
        self.length = int(declared) if declared is not None and declared.isdigit() and b"transfer-encoding" not in known else None

    def declare(self, length: int | None) -> None:
        """The body will be this long; None: there is none, and none is declared."""
        self.framed = True
        if length is not None:
            self._lines.append(b"Content-Length: %d\r\n" % length)

    def chunk(self) -> None:
        """The body's length is not known."""
        self.framed = True
        self._lines.append(b"Transfer-Encoding: chunked\r\n")

    def spell(self, request_id: bytes, own_s: float, *, http11: bool, keep_alive: bool) -> bytes:
        """own_s: the gate's share of the time so far."""
        lines = self._lines
        if self.status >= 400:
            lines.append(b"x-tidegate-error-source: provider\r\n")
        if self.is_stream:
            lines.append(b"X-Accel-Buffering: no\r\n")
        if not keep_alive:
            lines.append(b"Connection: close\r\n")
        elif not http11:
            lines.append(b"Connection: keep-alive\r\n")
        lines += (b"x-tidegate-request-id: ", request_id, b"\r\nserver-timing: tidegate;dur=", b"%.3f\r\n\r\n" % (own_s * 1000))
        return _first_line(self.status) + b"".join(lines)


@lru_cache(maxsize=256)
def _first_line(status: int) -> bytes:
    return b"HTTP/1.1 %d %b\r\n" % (status, _REASONS.get(status, b""))


@lru_cache(maxsize=256)
def _kind(content_type: bytes) -> tuple[str, bool, bool]:
    """A content type, its first 128 bytes, as it is recorded; and whether it is a stream of events or neither that nor text."""
    lowered = content_type.lower()
    is_stream = lowered.startswith(b"text/event-stream")
    return content_type.decode("latin-1"), is_stream, not is_stream and bool(content_type) and not lowered.startswith(_TEXTUAL)


def error_head(error: RelayError, request_id: bytes, length: int, keep_alive: bool) -> bytes:
    """The head of an answer made by the gate; its body has `length` bytes."""
    after_s = error.after_s if error.after_s is not None else 1.0 if error.status == 503 else None
    after = 0 if after_s is None else max(1, math.ceil(after_s))
    first, between, last = _around(error.status, error.content_type, error.source, error.retry, after, length, keep_alive)
    return b"".join((first, date_line(), between, request_id, last))


@lru_cache(maxsize=256)
def _around(status: int, content_type: str, source: str, retry: bool | None, after: int, length: int, keep_alive: bool) -> tuple[bytes, bytes, bytes]:
    """What stands before the date in such a head, between it and the request's id, and behind that: under a flood the same is said again and again."""
    kind, said = content_type.encode(), source.encode()
    again = b"" if retry is None else b"x-should-retry: %b\r\n" % (b"true" if retry else b"false")
    later = b"Retry-After: %d\r\n" % after if after else b""
    return (
        b"HTTP/1.1 %d %b\r\n" % (status, _REASONS.get(status, b"Error")),
        b"Content-Type: %b\r\nContent-Length: %d\r\nCache-Control: no-store\r\nx-tidegate-request-id: " % (kind, length),
        b"\r\nx-tidegate-error-source: %b\r\n%b%b%b\r\n" % (said, again, later, b"" if keep_alive else b"Connection: close\r\n"),
    )


def date_line() -> bytes:
    """When an answer was made (RFC 9110 section 6.6.1)."""
    return _dated(int(time.time()))


@lru_cache(maxsize=1)
def _dated(second: int) -> bytes:
    return time.strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n", time.gmtime(second)).encode()
