"""See the end of a stream in its bytes, without parsing it.

A stream is over when the event that one of `Operation.ends` begins a line of is whole: its blank line has come. Pieces may be cut
anywhere, also inside the line or between the two line ends. JSON escapes line ends, so no text of a model can look like the line.
"""

from __future__ import annotations

_BLANK = (b"\n\n", b"\r\n\r\n", b"\r\r")
_LONGEST = 64  # more than any of `Operation.ends`


class Terminal:
    """Watches one stream. ends: see `Operation.ends`; empty: only the HTTP body's end is an end."""

    __slots__ = ("_ends", "_seen", "_tail")

    def __init__(self, ends: tuple[bytes, ...]) -> None:
        self._ends = tuple(before + end for end in ends for before in (b"\n", b"\r"))
        self._seen = False  # the line has begun
        self._tail = b"\n\n"

    def push(self, data: bytes) -> bool:
        """Look at the next piece. True: with it the terminal event is whole."""
        window = self._tail + data
        if not self._seen:
            found = [at for end in self._ends if (at := window.find(end)) >= 0]
            if not found:
                self._tail = window[-_LONGEST:]
                return False
            self._seen = True
            window = window[min(found) + 1 :]  # the first, or it would depend on the cut which one it is
        self._tail = window[-4:]
        return b"\n\n" in window or b"\r\n\r\n" in window or b"\r\r" in window

    @property
    def seen(self) -> bool:
        """Whether the stream has come to its terminal event."""
        return self._seen

    @property
    def between_events(self) -> bool:
        """Whether another event could follow what has been seen so far."""
        return self._tail.endswith(_BLANK)
