"""The guard on one reply: bytes from the provider in, bytes that the client may have out.

An event stream goes through `GuardedStream`; any other text is held until it is whole and then checked in one piece; what is neither
(audio, images) is passed or refused, as `guard.unscannable` says. Answers of the detector pool come later: then `wake` is called, and the
relay asks again what may go. `error` says that nothing more may, and why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter

from gateway.dialects.leaves import Unreadable
from gateway.dialects.walk import walk_reply
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.guard.engines import Answer, Ask
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.runs import TextRun
from gateway.guard.scan import Guarding, Restoring, Scan
from gateway.guard.stream import GuardedStream, StreamUnreadable
from gateway.guard.whole import Checking, check
from gateway.guard.windows import Windows
from gateway.proxy.guard import Guarded

_BINARY = ("audio/", "image/", "video/", "application/octet-stream", "application/pdf", "application/zip", "font/")


class ReplyGuard:
    """One reply under the reply rules. Made when its head has come."""

    def __init__(self, guarded: Guarded, *, stream: bool, content_type: str, encoded: bool, wake: Callable[[], None]) -> None:
        """encoded: it is compressed, although it was asked not to be."""
        self._guarded, self._content_type, self._wake = guarded, content_type, wake
        terms = guarded.guard.terms
        self._scan = scan = Guarding(guarded.reply_rules, guarded.guard.engines, Direction.REPLY, guarded.tally, guarded.placeholders)
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
            scan.unscannable(1, guarded.guard.policy)
            self._passing = True
            self.error = guarded.refusal(scan, streamed=False)
        elif stream:
            windows = Windows(scan, size=terms.window_chars, overlap=terms.overlap_chars) if scan.judges else None
            hold = any(rule.action is Action.RETRY and rule.enforce for rule in guarded.reply_rules)
            self._stream = GuardedStream(guarded.destination.meaning.operation, scan, windows=windows, hold_all=hold, stopped=lambda: scan.stopped)
        self.whole = self._stream is None and not self._passing  # its length is known when it is over

    @property
    def blocked_by(self) -> Rule | None:
        return self._scan.blocked_by

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
                self._done = not self._stream.pending
                return out
            return self._check()
        finally:
            self._guarded.spent_s += perf_counter() - before

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
            return b""  # what was held is not given out, whatever the rule: half of it may be judged
        self._put()
        self.error = self._guarded.refusal(self._scan, streamed=True)
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
        self._ready += self._streamed(lambda _: self._stream.answered(take, answer) if self._stream is not None else b"", b"")
        self._done = self._ended and self._stream is not None and not self._stream.pending
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
            return walked.rewrite(edits) if edits else body

        return self._drive(checking, None, done)

    def _drive(self, checking: Checking, answer: Answer | None, done: Callable[[dict], bytes]) -> bytes:  # type: ignore[type-arg]
        """Go on until a question has to wait. Texts of a reply are bounded (max_reply_bytes), so pauses are not taken."""
        while True:
            try:
                ask = checking.send(answer)
            except StopIteration as end:
                return done(end.value)
            answer = None
            if isinstance(ask, Ask):
                self._guarded.guard.submit(ask, lambda said: self._resume(checking, said, done), whole=True)
                return b""

    def _resume(self, checking: Checking, answer: Answer, done: Callable[[dict], bytes]) -> None:  # type: ignore[type-arg]
        self._ready += self._drive(checking, answer, done)
        self._wake()

    # ------------------------------------------------------------------ what cannot be read

    def _cannot_read(self, why: str) -> None:
        self._scan.unreadable()
        self._passing = True
        if self._scan.failed is not None:
            message = f"this reply cannot be checked: {why}; the rule \"{self._scan.failed.name}\" lets nothing through unchecked"
            self.error = RelayError(502, "reply_unreadable", message, Outcome.PROVIDER_PROTOCOL, source="provider")


class Restorer:
    """Turns the pseudonyms of the request back, for the client alone: what is recorded keeps them."""

    def __init__(self, guarded: Guarded, *, stream: bool, content_type: str) -> None:
        self._scan: Scan = Restoring(guarded.placeholders.restored)
        self._dialect, self._content_type = guarded.destination.provider.dialect.name, content_type
        self._operation = guarded.destination.meaning.operation
        self._stream = GuardedStream(self._operation, self._scan) if stream else None
        self._pieces: list[bytes] = []

    def push(self, data: bytes) -> bytes:
        if self._stream is not None:
            return self._stream.push(data)
        self._pieces.append(data)
        return b""

    def finish(self) -> bytes:
        if self._stream is not None:
            return self._stream.finish()
        body = b"".join(self._pieces)
        if b"<" not in body:
            return body
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


def _never(ask: Ask, take: Callable[[Answer], None]) -> None:
    raise AssertionError("restoring asks nobody")
