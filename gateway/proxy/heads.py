"""Read a request's head: bytes in, in any pieces; out comes a Request, or Unfit.

llhttp (strict, by httptools) judges every byte. Here stand the rules that it leaves to others: sizes, the protocol's name and version, exactly one Host,
no header twice that may stand once, no transfer encoding but chunked. It is given nothing but heads, each one a parser of its own, so nothing of one request can reach
the next; bodies are framed elsewhere, by what stands there. No I/O, no clock; what is refused is never repeated.
"""

from __future__ import annotations

import httptools

from gateway.proxy.headers import Read
from gateway.proxy.request import Request

HEAD_BYTES = 65536
LINE_BYTES = 16384  # of a request's target, a header's name, its value
FIELDS = 128
END = b"\r\n\r\n"

# What stands once in a request (RFC 9110 section 5.3): of two, another reader may believe the other.
ONCE = frozenset((b"content-length", b"content-location", b"content-range", b"content-type", b"etag", b"host", b"max-forwards", b"server", b"transfer-encoding", b"user-agent"))


class Unfit(Exception):
    """Not a request that is served. large: but for its size it might be one."""

    def __init__(self, *, large: bool = False) -> None:
        self.large = large


class Fields(list[tuple[bytes, bytes]]):
    """Names and values as sent, collected by the parser's callback."""

    def on_header(self, name: bytes, value: bytes) -> None:
        self.append((name, value))


class HeadReader:
    """Of one head. Once it is read: behind, what came with it and is not of it; whole, its bytes, b"" if they came in pieces."""

    __slots__ = ("_fields", "_held", "_parser", "behind", "whole")

    def __init__(self) -> None:
        self._fields = Fields()
        self._parser = httptools.HttpRequestParser(self._fields)
        self._held = bytearray()  # what has come, if not all came at once
        self.behind = self.whole = b""

    def feed(self, data: bytes) -> Request | None:
        """data: not empty, and its first line is not. None: there is more of it to come. Raises Unfit."""
        if not self._held:
            end = data.find(END) + len(END)
            if end >= len(END):
                head = self.whole = data[:end]
                self._judge(head)
                self.behind = data[end:]
                return read(head, self._fields)
        return self._feed_part(data)

    def _feed_part(self, data: bytes) -> Request | None:
        held, before = self._held, len(self._held)
        held += data
        end = held.find(END, max(0, before - len(END) + 1)) + len(END)
        if end >= len(END):
            self._judge(data[: end - before])
            self.behind = data[end - before :]
            return read(bytes(held[:end]), self._fields)
        self._judge(data)
        if len(held) > HEAD_BYTES:
            raise Unfit(large=True)
        return None

    def _judge(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # raised at the end of a head; what it asks for is not done here, and nothing but the head was given to this parser
            pass
        except httptools.HttpParserError:
            raise Unfit from None


def read(head: bytes, fields: Fields) -> Request:
    """What a head says that llhttp has found well-formed. Raises Unfit."""
    words = head[: head.find(b"\r\n")].split(b" ")
    if len(words) != 3:
        raise Unfit
    method, target, version = words
    http11 = version == b"HTTP/1.1"
    if not http11 and version != b"HTTP/1.0":  # llhttp knows other versions, and takes RTSP and ICE for HTTP
        raise Unfit
    if len(fields) > FIELDS or len(head) > HEAD_BYTES or (len(head) > LINE_BYTES and max(len(target), *(len(each) for pair in fields for each in pair)) > LINE_BYTES):
        raise Unfit(large=True)
    if b" \r\n" in head or b"\t\r\n" in head:  # llhttp strips what stands before a value only
        fields[:] = [(name, value.rstrip(b" \t")) for name, value in fields]
    named = {name.lower(): value for name, value in fields}
    options = named.get(b"connection", b"")
    if len(named) < len(fields):
        names = [name.lower() for name, _ in fields]
        if any(names.count(name) > 1 for name in ONCE):
            raise Unfit
        options = b",".join(value for name, (_, value) in zip(names, fields, strict=True) if name == b"connection")
    if http11 and b"host" not in named:
        raise Unfit
    length: int | None = 0
    said, coding = named.get(b"content-length"), named.get(b"transfer-encoding")
    if coding is not None:
        if coding.lower() != b"chunked" or not http11:  # nobody said that another would be understood; and HTTP/1.0 has none (RFC 9112 section 6.1)
            raise Unfit
        length = None
    elif said is not None:
        length = int(said)
        if b"%d" % length != said:  # 05 is an octal to some
            raise Unfit
    keep_alive = http11 and method != b"CONNECT"  # what is behind that need not be HTTP
    if options:
        tokens = {token.strip() for token in options.lower().split(b",")}
        keep_alive = b"close" not in tokens and (keep_alive or (not http11 and b"keep-alive" in tokens))
    return Request(method.decode("latin-1"), target.decode("latin-1"), Read(fields), http11, keep_alive, length)
