"""The guard on one reply: bytes from the provider in, bytes that the client may have out.

An event stream goes through `GuardedStream`; any other text is held until it is whole and then checked in one piece; what is neither
(audio, images) is passed or refused, as `guard.unscannable` says. Answers of the detector pool come later: then `wake` is called, and the
relay asks again what may go. `error` says that nothing more may, and why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from time import perf_counter

from gateway.dialects.leaves import Unreadable
from gateway.dialects.text_body import WalkedText
from gateway.dialects.walk import walk_reply
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.guard.engines import Answer, Ask
from gateway.guard.frames import EVENTS, LINES, value_of
from gateway.guard.judge import GUARD
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.runs import TextRun
from gateway.guard.scan import Guarding, Restoring, Scan
from gateway.guard.stream import GuardedStream, StreamUnreadable
from gateway.guard.whole import Checking, breaks_off, check, without_open_end
from gateway.guard.windows import Windows
from gateway.proxy.guard import Guarded
from gateway.proxy.trouble import broken

_BINARY = ("audio/", "image/", "video/", "application/pdf", "application/zip", "font/")
_UNTYPED = "application/octet-stream"  # text as often as not: files, results of batches
_LINES = tuple(f"application/{name}" for name in "x-ndjson ndjson jsonl x-jsonl jsonlines x-jsonlines json-lines json-seq stream+json x-json-stream".split())  # noqa: SIM905
_LINE_BYTES = 64 * 1024
_FRAMED = (b"data:", b"event:", b"id:", b":")  # how an event stream begins, whatever its content type says


class ReplyGuard:
    """One reply under the reply rules. Made when its head has come."""

    def __init__(self, guarded: Guarded, *, stream: bool, content_type: str, encoded: bool, wake: Callable[[], None]) -> None:
        """encoded: it is compressed, although it was asked not to be."""
        self._guarded, self._content_type, self._wake = guarded, content_type, wake
        self._in_lines = not stream and content_type.startswith(_LINES)
        self._scan = Guarding(guarded.reply_rules, guarded.guard.engines, Direction.REPLY, guarded.tally, guarded.placeholders)
        self.error: RelayError | None = None
        self._stream: GuardedStream | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._passing = False  # unchecked from here on, by a rule's leave
        self._ready = b""  # checked, and not taken yet
        self._ended = False
        self._done = False
        self._checking: Checking | None = None
        if encoded:
            self._cannot_read("it is compressed")
        elif content_type.startswith(_BINARY):
            self._not_text()
        elif stream or self._in_lines:
            self._stream = self._guarded_stream()
        self.whole = self._stream is None and not self._passing  # its length is known when it is over

    def _guarded_stream(self) -> GuardedStream:
        scan, terms = self._scan, self._guarded.guard.terms
        windows = Windows(scan, size=terms.window_chars, overlap=terms.overlap_chars) if scan.judges else None
        hold = any(rule.action is Action.RETRY and rule.enforce for rule in scan.rules)
        speaks = any(rule.reply and rule.enforce for rule in scan.rules)  # its words are a whole reply, so nothing of another may have gone before
        framing = LINES if self._in_lines else EVENTS
        operation = self._guarded.destination.meaning.operation
        unread = partial(scan.unscannable, policy=self._guarded.guard.policy)
        return GuardedStream(operation, scan, windows=windows, hold_all=hold, hold_head=speaks, stopped=lambda: scan.stopped, unscannable=unread, framing=framing)

    def _not_text(self) -> None:
        self._scan.unscannable(1, self._guarded.guard.policy)
        self._passing = True
        self.error = self._guarded.refusal(self._scan, streamed=False)

    @property
    def blocked_by(self) -> Rule | None:
        return self._scan.blocked_by

    @property
    def cut(self) -> bool:
        """The reply ended in the middle of what may be a finding: what comes out is what stood before that, and then nothing more may."""
        return self._stream is not None and self._stream.cut

    @property
    def over(self) -> bool:
        """The reply has ended and everything of it has been given out."""
        return self._done

    def push(self, data: bytes) -> bytes:
        before = perf_counter()
        try:
            if self._passing or self.error is not None:
                return data if self.error is None else b""
            if self._stream is not None:
                return self._streamed(self._stream.push, data)
            if self._content_type.startswith(_UNTYPED) and not self._pieces and _is_binary(data):
                self._not_text()
                self.whole = False
                return data if self.error is None else b""
            self._pieces.append(data)
            self._size += len(data)
            if self._size > self._guarded.guard.terms.max_reply_bytes:
                self._cannot_read("it is longer than guard.max_reply_bytes")
                self.whole = False
                return b"" if self.error is not None else self._take_pieces()
            return b""
        finally:
            self._guarded.spent_s += perf_counter() - before

    def end(self) -> bytes:
        """The provider has ended its reply. If `over` is not True then, more comes after `wake`."""
        self._ended = True
        before = perf_counter()
        try:
            if self._passing or self.error is not None:
                self._done = True
                return b""
            if self._stream is not None:
                out = self._streamed(lambda _: self._stream.finish() if self._stream is not None else b"", b"")
                self._done = self._stream is None or not self._stream.pending
                return out
            return self._check()
        finally:
            self._guarded.spent_s += perf_counter() - before

    def broken(self) -> bytes:
        """The provider was cut off: what of its reply may still go."""
        return b"" if self._stream is None or self.error is not None or self._done else self._stream.broken()

    def take(self) -> bytes:
        """What has become free since `wake`."""
        out, self._ready = self._ready, b""
        return out

    # ------------------------------------------------------------------ streams

    def _streamed(self, step: Callable[[bytes], bytes], data: bytes) -> bytes:
        stream = self._stream
        assert stream is not None
        try:
            out = step(data)
        except StreamUnreadable as e:
            self._stream = None
            self._cannot_read(str(e))
            return b"" if self.error is not None else stream.unread()
        self._put()
        self.error = self._guarded.refusal(self._scan, streamed=not self._in_lines)
        if stream.cut and self.error is None:
            self.error = RelayError(502, "provider_reset", "the provider ended its reply before it was over", Outcome.PROVIDER_TRUNCATED, source="provider", retry=True)
        return out

    def _put(self) -> None:
        """Put new questions to the pool."""
        stream = self._stream
        assert stream is not None
        asks, stream.asks = stream.asks, []
        for ask, take in asks:
            self._guarded.guard.submit(ask, partial(self._answered, take))

    def _answered(self, take: Callable[[Answer], None], answer: Answer) -> None:
        if self._stream is None or self.error is not None or self._done:
            return
        try:
            self._ready += self._streamed(lambda _: self._stream.answered(take, answer) if self._stream is not None else b"", b"")
            self._done = self._ended and (self._stream is None or not self._stream.pending)
        except Exception as e:  # noqa: BLE001  as in _resume
            self._break(e)
        self._wake()

    # ------------------------------------------------------------------ whole replies

    def _take_pieces(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

    def _check(self) -> bytes:
        body = self._take_pieces()
        if not body.strip():
            self._done = True
            return body
        self._in_lines = _is_lines(body)
        if self._in_lines or body.lstrip().startswith(_FRAMED):
            stream = self._stream = self._guarded_stream()
            out = self._streamed(lambda data: stream.push(data) + stream.finish(), body)
            self._done = self._stream is None or not stream.pending
            return out
        operation = self._guarded.destination.meaning.operation
        try:
            walked = walk_reply(self._guarded.destination.provider.dialect.name, operation, body, self._content_type)
        except Unreadable:
            self._cannot_read("it is not what its endpoint says")
            self._done = True
            return b"" if self.error is not None else body
        self._scan.unscannable(len(walked.unscannable), self._guarded.guard.policy)
        checking = check(walked, self._scan)

        def done(edits: dict[int, tuple]) -> bytes:  # type: ignore[type-arg]
            self._done = True
            self.error = self._guarded.refusal(self._scan, streamed=False)
            if self.error is not None:
                return b""
            if isinstance(walked, WalkedText) and len(walked.leaves) == 1 and breaks_off(body):
                edits = {0: without_open_end(walked.leaves[0].text, edits.get(0, ()), self._scan)}
            return walked.rewrite(edits) if edits else body

        return self._drive(checking, None, done)

    def _drive(self, checking: Checking, answer: Answer | None, done: Callable[[dict], bytes]) -> bytes:  # type: ignore[type-arg]
        """Go on until a question has to wait, or others should have their turn."""
        try:
            ask = checking.send(answer)
        except StopIteration as end:
            return done(end.value)
        if isinstance(ask, Ask):
            self._guarded.guard.submit(ask, lambda said: self._resume(checking, said, done), whole=True)
        else:
            asyncio.get_running_loop().call_soon(self._resume, checking, None, done)
        return b""

    def _resume(self, checking: Checking, answer: Answer | None, done: Callable[[dict], bytes]) -> None:  # type: ignore[type-arg]
        before = perf_counter()
        try:
            self._ready += self._drive(checking, answer, done)
        except Exception as e:  # noqa: BLE001  nobody above waits for it; the client does
            self._break(e)
        self._guarded.spent_s += perf_counter() - before
        if self._done or self._ready or self.error is not None:
            self._wake()

    def _break(self, cause: Exception) -> None:
        """A failure of our own: nothing more may pass, for nobody knows what was seen."""
        self._guarded.tally.fail(GUARD)
        self.error, self._done = broken(cause), True

    # ------------------------------------------------------------------ what cannot be read

    def _cannot_read(self, why: str) -> None:
        self._scan.unreadable()
        self._passing = True
        if self._scan.failed is not None:
            message = f"this reply cannot be checked: {why}; the rule \"{self._scan.failed.name}\" lets nothing through unchecked"
            self.error = RelayError(502, "reply_unreadable", message, Outcome.PROVIDER_PROTOCOL, source="provider")


class Restorer:
    """Turns the pseudonyms of the request back, for the client alone: what is recorded keeps them. What it cannot read goes on as it is."""

    def __init__(self, guarded: Guarded, *, stream: bool, content_type: str) -> None:
        self._scan: Scan = Restoring(guarded.placeholders.restored)
        self._dialect, self._content_type = guarded.destination.provider.dialect.name, content_type
        self._operation = guarded.destination.meaning.operation
        lines = content_type.startswith(_LINES) and not stream
        self._stream = GuardedStream(self._operation, self._scan, framing=LINES if lines else EVENTS) if stream or lines else None
        self._pieces: list[bytes] = []
        self._left = guarded.guard.terms.max_reply_bytes
        self._passing = content_type.startswith((*_BINARY, _UNTYPED))
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

    def finish(self) -> bytes:
        if self._passing:
            return b""
        if self._stream is not None:
            return self._streamed(self._stream, None)
        body = self._taken()
        if b"<" not in body and b"\\u003" not in body:
            return body
        if body.lstrip().startswith(_FRAMED):
            stream = GuardedStream(self._operation, self._scan)
            out = self._streamed(stream, body)
            return out if self._passing else out + self._streamed(stream, None)
        try:
            walked = walk_reply(self._dialect, self._operation, body, self._content_type)
        except Unreadable:
            return body
        edits = {}
        for index, leaf in enumerate(walked.leaves):
            if "<" in leaf.text:
                run = TextRun(self._scan, _never)
                run.feed(leaf.text)
                run.end()
                run.advance()
                if run.replacements:
                    edits[index] = tuple(run.replacements)
        return walked.rewrite(edits) if edits else body

    def _streamed(self, stream: GuardedStream, data: bytes | None) -> bytes:
        """data None: the end."""
        try:
            return stream.finish() if data is None else stream.push(data)
        except StreamUnreadable:
            self._passing = True
            return stream.unread()

    def _taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _is_binary(data: bytes) -> bool:
    """Whether the beginning of an untyped body is no text."""
    try:
        data[:-3].decode()  # but for a character that may be cut
    except UnicodeDecodeError:
        return True
    return any(c < 9 or 13 < c < 27 for c in data[:4096])


def _is_lines(body: bytes) -> bool:
    """Whether a body that calls itself something else is JSON lines of a stream: its first two are objects, and no records of a batch."""
    lines = body.lstrip()[:_LINE_BYTES].split(b"\n", 2)
    if len(lines) < 3 or not all(line.startswith(b"{") for line in lines[:2]):
        return False
    values = [value_of(line.decode("utf-8", "replace")) for line in lines[:2]]
    return all(isinstance(value, dict) and "custom_id" not in value for value in values)


def _never(ask: Ask, take: Callable[[Answer], None]) -> None:
    raise AssertionError("restoring asks nobody")
