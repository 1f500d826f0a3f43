"""Read a body that comes in chunks: bytes in, in any pieces; what is said goes to its Body, chunk by chunk.

The chunks are llhttp's to judge. It is never given a byte behind the body: that always ends with an empty line, so it is fed from one to the next. Then what follows is the next
request's wherever the network cut it, and trailers are nobody's headers.
"""

from __future__ import annotations

import httptools

from gateway.proxy.body import Body, Misframed
from gateway.proxy.heads import END

_HEAD = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
DRY_BYTES = 65536  # of sizes, extensions and trailers, without a byte of the body


class Chunks:
    """Of one body. trailers: it had some.  behind: once it has ended, what came with its end and is not of it."""

    __slots__ = ("_body", "_dry", "_ended", "_parser", "_seam", "behind", "trailers")

    def __init__(self, body: Body) -> None:
        self._body = body
        self._dry = 0
        self._seam = b""  # the last bytes before those that come
        self._ended = self.trailers = False
        self.behind = b""
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._parser.feed_data(_HEAD)
        self.trailers = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.trailers = True

    def on_body(self, piece: bytes) -> None:
        self._dry = 0
        self._body.feed(piece)

    def on_message_complete(self) -> None:
        self._ended = True

    def feed(self, data: bytes) -> bool:
        """Whether that was its end. Raises Misframed."""
        parser, at = self._parser, 0
        assert parser is not None
        self._dry += len(data)
        found = (self._seam + data[: len(END) - 1]).find(END)
        cut = found + len(END) - len(self._seam) if found >= 0 else -1
        try:
            while at < len(data):
                if cut < 0:
                    found = data.find(END, at)
                    cut = found + len(END) if found >= 0 else len(data)
                parser.feed_data(data[at:cut])
                at, cut = cut, -1
                if self._ended:
                    self.behind, self._parser = data[at:], None  # it holds us
                    return True
        except httptools.HttpParserError as e:
            self._parser = None
            raise Misframed from e
        if self._dry > DRY_BYTES:
            raise Misframed
        self._seam = (self._seam + data[-len(END) + 1 :])[-len(END) + 1 :]
        return False
