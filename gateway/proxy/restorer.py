"""Turning pseudonyms back in a reply, for the client alone: the last thing that happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator

from detectors.text import Text
from gateway.dialects.leaves import Edit, Unreadable, Walked
from gateway.dialects.sse import is_framed
from gateway.dialects.walk import reply_steps
from gateway.guard.frames import EVENTS, LINES, StreamUnreadable
from gateway.guard.scan import Restoring, Scan
from gateway.guard.stream import GuardedStream
from gateway.proxy.guard import Guarded
from gateway.proxy.sniffing import BINARY, JSON_LINES, TURN_BYTES, UNTYPED, is_lines

_TURN_CHARS = 128 * 1024  # of a reply that is turned back


class Restorer:
    """Turns the pseudonyms of the request back, for the client alone: what is recorded keeps them. What it cannot read goes on as it is."""

    def __init__(self, guarded: Guarded, *, stream: bool, content_type: str) -> None:
        self._scan: Scan = Restoring(guarded.placeholders.restored)
        self._dialect, self._content_type = guarded.destination.provider.dialect.name, content_type
        self._operation = guarded.destination.meaning.operation
        lines = content_type.startswith(JSON_LINES) and not stream
        self._stream = GuardedStream(self._operation, self._scan, framing=LINES if lines else EVENTS) if stream or lines else None
        self._pieces: list[bytes] = []
        self._left = guarded.guard.terms.max_reply_bytes
        self._passing = content_type.startswith((*BINARY, UNTYPED))
        self.whole = self._stream is None and not self._passing

    def push(self, data: bytes) -> bytes:
        if self._passing:
            return data
        if self._stream is not None:
            return self._streamed(self._stream, data)
        self._pieces.append(data)
        self._left -= len(data)
        if self._left >= 0:
            return b""
        self._passing = True
        return self._taken()

    def finish(self, then: Callable[[bytes], None], fails: Callable[[Exception], None]) -> None:
        """The reply has ended. then: gets the rest of it, now or after others have had their turns.  fails: is told why it never will."""
        if self._passing:
            then(b"")
        elif self._stream is not None:
            then(self._streamed(self._stream, None))
        else:
            self._go_on(self._whole(self._taken()), then, fails)

    def _go_on(self, steps: Generator[None, None, bytes], then: Callable[[bytes], None], fails: Callable[[Exception], None]) -> None:
        try:
            next(steps)
        except StopIteration as end:
            then(end.value)
        except Exception as e:  # noqa: BLE001  nobody above waits for it
            fails(e)
        else:
            asyncio.get_running_loop().call_soon(self._go_on, steps, then, fails)

    def _whole(self, body: bytes) -> Generator[None, None, bytes]:
        if b"<" not in body and b"\\u003" not in body:
            return body
        lines = is_lines(body)
        if lines or is_framed(body):
            stream = GuardedStream(self._operation, self._scan, framing=LINES if lines else EVENTS)
            out: list[bytes] = []
            at = 0
            while at < len(body) and not self._passing:
                out.append(self._streamed(stream, body[at : at + TURN_BYTES]))
                at += TURN_BYTES
                yield
            return b"".join((*out, body[at:] if self._passing else self._streamed(stream, None)))
        try:
            walked = yield from reply_steps(self._dialect, self._operation, body, self._content_type)
        except Unreadable:
            return body
        edits = yield from _restored(walked, self._scan)
        if edits:
            yield from walked.prepare(edits)
            yield
        return walked.rewrite(edits) if edits else body

    def _streamed(self, stream: GuardedStream, data: bytes | None) -> bytes:
        """data None: the end."""
        try:
            return stream.finish() if data is None else stream.push(data)
        except StreamUnreadable:
            self._passing = True
            return stream.unread()

    def withheld(self) -> bytes:
        """What of a body that is not streamed has come and was not given out."""
        return b"".join(self._pieces)

    def _taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _restored(walked: Walked, scan: Scan) -> Generator[None, None, dict[int, tuple[Edit, ...]]]:
    """The edits that turn back what stands in the leaves, or across some that a reader sees as one text. Pauses now and then."""
    chained = {index for chain in walked.chains for index in chain}
    edits: dict[int, list[Edit]] = {}
    left = _TURN_CHARS
    for group in (*walked.chains, *((index,) for index in range(len(walked.leaves)) if index not in chained)):
        joined = "".join(walked.leaves[index].text for index in group)
        left -= len(joined) + 64
        if left < 0:
            left = _TURN_CHARS
            yield
        changes = scan.replace(scan.find(Text(joined)), joined) if "<" in joined else []
        start, first = 0, 0
        for index in group if changes else ():
            end = start + len(walked.leaves[index].text)
            while first < len(changes) and changes[first].end <= start:
                first += 1
            for change in changes[first:]:
                if change.start >= end:
                    break
                left = max(change.start, start)
                edits.setdefault(index, []).append(Edit(left - start, min(change.end, end) - start, change.by if left == change.start else ""))
            start = end
    return {index: tuple(each) for index, each in edits.items()}
