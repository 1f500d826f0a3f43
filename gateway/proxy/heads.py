"""Read a request's head: bytes in, in any pieces; out comes a Head, or Unfit.

llhttp (strict, by httptools) judges every byte. Here stand the rules that it leaves to others: sizes, the protocol's name and version, exactly one Host,
no header twice that may stand once, no transfer encoding but chunked. It is given nothing but heads, each one a parser of its own, so nothing of one request can reach
the next; bodies are framed elsewhere, by what stands in the Head. No I/O, no clock; what is refused is never repeated.
"""

from __future__ import annotations

import httptools

LINE_BYTES = 16384  # of a request's target; of a header's name and value together
FIELDS = 128
END = b"\r\n\r\n"

# What stands once in a request (RFC 9110 section 5.3): of two, another reader may believe the other.
_ONCE = frozenset((b"content-length", b"content-location", b"content-range", b"content-type", b"etag", b"host", b"max-forwards", b"server", b"transfer-encoding", b"user-agent"))


class Unfit(Exception):
    """Not a request that is served. large: but for its size it might be one."""

    def __init__(self, *, large: bool = False) -> None:
        self.large = large


class Fields(list[tuple[bytes, bytes]]):
    """Names and values as sent, collected by the parser's callback."""

    def on_header(self, name: bytes, value: bytes) -> None:
        self.append((name, value))


class Head:
    """target: path and query exactly as sent. length: of the body in bytes; None: it comes in chunks."""

    __slots__ = ("fields", "http11", "keep_alive", "length", "method", "target")

    def __init__(self, method: str, target: str, fields: list[tuple[bytes, bytes]], *, http11: bool, keep_alive: bool, length: int | None) -> None:
        self.method, self.target, self.fields = method, target, fields
        self.http11, self.keep_alive, self.length = http11, keep_alive, length


class HeadReader:
    """Of one head. behind: once it is read, what came with it and is not of it."""

    __slots__ = ("_fields", "_parser", "_raw", "behind")

    def __init__(self) -> None:
        self._fields = Fields()
        self._parser = httptools.HttpRequestParser(self._fields)
        self._raw = bytearray()  # what has come, if not all came at once
        self.behind = b""

    def feed(self, data: bytes) -> Head | None:
        """None: there is more of it to come. Raises Unfit."""
        before = len(self._raw)
        if not before and data[:1] in b"\r\n":  # empty lines before a request are nothing
            data = data.lstrip(b"\r\n")
        if before:
            self._raw += data
        raw = self._raw if before else data
        end = raw.find(END, max(0, before - len(END) + 1)) + len(END)
        if end < len(END):
            self._judge(data)
            if not before:
                self._raw += data
            self._bound()
            return None
        self._judge(data[: end - before])
        self.behind = data[end - before :]
        return read(bytes(raw[: raw.find(b"\r\n")]), self._fields, end)

    def _judge(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # raised at the end of a head; what it asks for is not done here, and nothing but the head was given to this parser
            pass
        except httptools.HttpParserError:
            raise Unfit from None

    def _bound(self) -> None:
        """What has come could still become a head that is small enough."""
        fields = self._fields
        if len(self._raw) > LINE_BYTES and (len(fields) > FIELDS or len(self._raw) - _counted(fields) > 3 * LINE_BYTES):  # the target, a field that is not whole, spaces
            raise Unfit(large=True)


def read(line: bytes, fields: Fields, size: int) -> Head:
    """What a head says that llhttp has found well-formed. line: its first.  size: of all of it. Raises Unfit."""
    words = line.split(b" ")
    if len(words) != 3:
        raise Unfit
    method, target, version = words
    http11 = version == b"HTTP/1.1"
    if not http11 and version != b"HTTP/1.0":  # llhttp knows other versions, and takes RTSP and ICE for HTTP
        raise Unfit
    if len(fields) > FIELDS:
        raise Unfit(large=True)
    if size > LINE_BYTES:
        longest = max((len(name) + len(value) for name, value in fields), default=0)
        if max(len(target), longest, size - len(target) - _counted(fields)) > LINE_BYTES:
            raise Unfit(large=True)
    once: dict[bytes, bytes] = {}
    options = b""
    for at, (name, value) in enumerate(fields):
        if value[-1:] in b" \t":  # llhttp strips what stands before a value only
            value = value.rstrip(b" \t")
            fields[at] = (name, value)
        low = name.lower()
        if low in _ONCE:
            if low in once:
                raise Unfit
            once[low] = value
        elif low == b"connection":
            options += b"," + value.lower()
    if http11 and b"host" not in once:
        raise Unfit
    length: int | None = 0
    coding = once.get(b"transfer-encoding")
    if coding is not None:
        if coding.lower() != b"chunked" or not http11:  # nobody said that another would be understood; and HTTP/1.0 has none (RFC 9112 section 6.1)
            raise Unfit
        length = None
    elif b"content-length" in once:
        length = int(once[b"content-length"])
        if b"%d" % length != once[b"content-length"]:  # 05 is an octal to some
            raise Unfit
    keep_alive = http11
    if options:
        tokens = {token.strip() for token in options.split(b",")}
        keep_alive = b"close" not in tokens and (http11 or b"keep-alive" in tokens)
    if method == b"CONNECT":  # what is behind it need not be HTTP
        keep_alive = False
    return Head(method.decode("latin-1"), target.decode("latin-1"), fields, http11=http11, keep_alive=keep_alive, length=length)


def _counted(fields: Fields) -> int:
    return sum(len(name) + len(value) for name, value in fields)
