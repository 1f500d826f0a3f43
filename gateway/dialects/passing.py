"""A stream on its way: what of it may go on, and whether it is over.

Nearly every piece of a stream is whole events in lines that end in LF, none of which ends it or might be a usage frame. Such a piece goes on as it is, and leaves nothing behind that the next one depends on;
what does is asked of `Terminal`, and of `UsageFrameFilter` where the gate has asked for that frame. The result does not depend on how the stream was cut.
"""

from __future__ import annotations

from gateway.dialects.sse import UsageFrameFilter
from gateway.dialects.terminal import Terminal


class Passing:
    """One stream. ends: see `Operation.ends`. over: its terminal event is whole. strips: a usage frame is taken out."""

    __slots__ = ("_aligned", "_ends", "_filter", "_terminal", "over", "strips")

    def __init__(self, ends: tuple[bytes, ...], *, strips: bool) -> None:
        self._ends, self.strips = ends, strips
        self._terminal = Terminal(ends)
        self._filter = UsageFrameFilter() if strips else None
        self._aligned = True  # it stands between two events, none is held, and it goes on
        self.over = False

    def push(self, data: bytes) -> bytes:
        """Take the next piece, give back what may go to the client now. What follows the terminal event may, too."""
        if self._aligned and data.endswith(b"\n\n") and (not self.strips or (told := data.count(b'"choices"')) == data.count(b'"choices":[{') or told == data.count(b'"choices": [{')):
            for end in self._ends:
                if data.find(end) >= 0:
                    break
            else:
                return data
        if not self.over:
            self.over = self._terminal.push(data)
        out = data if self._filter is None else self._filter.push(data)
        self._aligned = data.endswith(b"\n\n") and not self._terminal.seen and (self._filter is None or self._filter.idle)
        return out

    def finish(self) -> bytes:
        """The provider's stream has ended, or something else follows: give back what was held."""
        return b"" if self._filter is None else self._filter.finish()

    @property
    def ending(self) -> bool:
        """Whether the stream has come to its terminal event."""
        return self._terminal.seen

    @property
    def between_events(self) -> bool:
        """Whether another event could follow what has been seen so far."""
        return self._terminal.between_events
