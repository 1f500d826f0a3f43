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


class _Said:
    """What the parser has found: pieces of the body, trailers, the end. Its parser holds it, and it holds nothing: they go with their Chunks."""

    __slots__ = ("ended", "pieces", "trailers")

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.ended = self.trailers = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.trailers = True

    def on_body(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def on_message_complete(self) -> None:
        self.ended = True


class Chunks:
    """Of one body. behind: once it has ended, what came with its end and is not of it."""

    __slots__ = ("_body", "_dry", "_parser", "_said", "_seam", "behind")

    def __init__(self, body: Body) -> None:
        self._body = body
        self._dry = 0
        self._seam = b""  # the last bytes before those that come
        self.behind = b""
        self._said = _Said()
        self._parser = httptools.HttpRequestParser(self._said)
        self._parser.feed_data(_HEAD)
        self._said.trailers = False

    @property
    def trailers(self) -> bool:
        """It had some."""
        return self._said.trailers

    def feed(self, data: bytes) -> bool:
        """Whether that was its end. What it says goes on in one piece, however small its chunks are: each would cost its object. Raises Misframed."""
        parser, said, at = self._parser, self._said, 0
        found = (self._seam + data[: len(END) - 1]).find(END)
        cut = found + len(END) - len(self._seam) if found >= 0 else -1
        try:
            while at < len(data) and not said.ended:
                if cut < 0:
                    found = data.find(END, at)
                    cut = found + len(END) if found >= 0 else len(data)
                parser.feed_data(data[at:cut])
                at, cut = cut, -1
        except httptools.HttpParserError as e:
            raise Misframed from e
        pieces = said.pieces
        self._dry = 0 if pieces else self._dry + len(data)
        if pieces:
            self._body.feed(pieces[0] if len(pieces) == 1 else b"".join(pieces))
            pieces.clear()
        if said.ended:
            self.behind = data[at:]
        elif self._dry > DRY_BYTES:
            raise Misframed
        self._seam = (self._seam + data[-len(END) + 1 :])[-len(END) + 1 :]
        return said.ended
