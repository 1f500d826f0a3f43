"""The guard on one reply: bytes from the provider in, bytes that the client may have out.

An event stream goes through `GuardedStream`; any other text is held until it is whole and then checked in one piece, or as the stream that it
is after all; what is neither (audio, images) is passed or refused, as `guard.unscannable` says. What a reply calls itself does not decide that:
its first bytes do. Where JSON is due, what cannot be decoded is not passed. Answers of the detector pool come later: then `wake` is called, and the
relay asks again what may go. `error` says that nothing more may, and why.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Generator
from functools import partial
from time import perf_counter

from gateway.dialects.answers import is_resource
from gateway.dialects.leaves import Unreadable
from gateway.dialects.sse import BLANK, is_framed
from gateway.dialects.text_body import WalkedText
from gateway.dialects.walk import reply_steps
from gateway.errors import RelayError
from gateway.exchange import Outcome
from gateway.guard.engines import Answer, Ask, Unanswered, Work
from gateway.guard.frames import EVENTS, LINES, Framing, StreamUnreadable
from gateway.guard.judge import GUARD
from gateway.guard.policy import Action, Direction, Rule
from gateway.guard.scan import Guarding
from gateway.guard.stream import GuardedStream
from gateway.guard.whole import breaks_off, check, without_open_end
from gateway.guard.whole_reply import WholeReply
from gateway.guard.windows import Windows
from gateway.proxy.guard import Guarded
from gateway.proxy.sniffing import BINARY, JSON_LINES, TURN_BYTES, UNTYPED, is_binary, is_lines, is_wide
from gateway.proxy.trouble import broken

_COMPOSED = ("multipart/", "application/x-www-form-urlencoded")
_BY_NAME = re.compile(rb"(?:\xef\xbb\xbf)?\s*[A-Za-z:]")
_LARGE_BYTES = 1 << 20  # are seen through in more than one turn
_SNIFF_BYTES = 512  # are enough to tell text from what is none
_WIDE = "it is text in UTF-16 or UTF-32"

_Whole = Generator[Ask | Work | None, Answer | None, bytes]  # as gateway.guard.whole.Checking; returns what may go


class ReplyGuard:
    """One reply under the reply rules. Made when its head has come."""

    def __init__(self, guarded: Guarded, *, stream: bool, content_type: str, encoded: bool, wake: Callable[[], None], status: int = 200) -> None:
        """encoded: it is compressed, although it was asked not to be.  status: the provider's; from 400 on no answer stands in it."""
        self._guarded, self._content_type, self._wake = guarded, content_type, wake
        self._answers = status < 400
        self._in_lines = not stream and content_type.startswith(JSON_LINES)
        self._scan = Guarding(guarded.reply_rules, guarded.guard.engines, Direction.REPLY, guarded.tally, guarded.placeholders)
        self.error: RelayError | None = None
        self._stream: GuardedStream | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._passing = False  # unchecked from here on, by a rule's leave
        self._ready = b""  # checked, and not taken yet
        self._ended = False
        self._done = False
        self._held = False  # nothing goes before all has been judged
        self._feeding = False  # a body of events that has come is looked at in turns
        self._json = guarded.destination.meaning.operation.parses
        self._untyped = not content_type or content_type.startswith((*BINARY, UNTYPED))
        self._sniffs = self._untyped and not self._json  # its first bytes say whether it is text
        if encoded:
            self._cannot_read("it is compressed")
        elif stream or self._in_lines:
            self._stream = self._guarded_stream()
        self.whole = self._stream is None and not self._passing  # its length is known when it is over

    def _guarded_stream(self) -> GuardedStream:
        scan, terms = self._scan, self._guarded.guard.terms
        windows = Windows(scan, size=terms.window_chars, overlap=terms.overlap_chars) if scan.judges else None
        judging = {engine.detector for engine in (*scan.judges, *scan.reply_judges)}
        speaking = [rule.detector for rule in scan.rules if rule.reply and rule.enforce]  # their words are a whole reply, so nothing of another may have gone before
        speaks, hold = bool(speaking), any(rule.action is Action.RETRY and rule.enforce for rule in scan.rules) or not judging.isdisjoint(speaking)
        framing = LINES if self._in_lines else EVENTS
        operation = self._guarded.destination.meaning.operation
        unread = partial(scan.unscannable, policy=self._guarded.guard.policy)
        stream = GuardedStream(
            operation, scan, windows=windows, hold_all=hold, hold_head=speaks, stopped=lambda: scan.stopped, unscannable=unread, framing=framing, whole_reply=self._whole_reply(framing)
        )
        self._guarded.unjudged = stream.unjudged
        return stream

    def _whole_reply(self, framing: Framing = EVENTS) -> WholeReply | None:
        guarded = self._guarded
        operation = guarded.destination.meaning.operation
        asked = operation.parses or (guarded.is_post and not is_resource(guarded.destination.path))  # what is fetched or put away is no answer
        if not self._scan.reply_judges or not self._answers or not asked:
            return None
        limit = guarded.guard.terms.max_reply_bytes
        return WholeReply(operation, self._scan, guarded.asked, limit, context_bytes=guarded.asked_bytes, framing=framing)

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
            if self._in_lines and self._stream is not None and not self._size and _BY_NAME.match(data):
                self._pieces.append(self._stream.unread())
                self._stream, self._in_lines = None, False  # no JSON lines: what it is will be seen when it is whole
            if self._stream is not None:
                if not self._in_lines and not self._size and data.lstrip(BLANK).startswith(b"{"):  # no event begins so: it is JSON lines
                    held, self._in_lines = self._stream.unread(), True
                    self._stream = self._guarded_stream()
                    data = held + data
                self._size += len(data.strip())
                return self._streamed(self._stream.push, data)
            self._pieces.append(data)
            self._size += len(data)
            if self._sniffs and self._size >= _SNIFF_BYTES and self._sniffed():
                return b"" if self.error is not None else self._take_pieces()
            if self._size > self._guarded.guard.terms.max_reply_bytes:
                self._cannot_read("it is longer than guard.max_reply_bytes")
                self.whole = False
                return b"" if self.error is not None else self._take_pieces()
            return b""
        finally:
            self._guarded.looked(before)

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
            self._guarded.looked(before)

    def broken(self) -> bytes:
        """The provider was cut off: what of its reply may still go."""
        return b"" if self._stream is None or self.error is not None or self._done else self._stream.broken()

    def withheld(self) -> bytes:
        """What has come and was not given out, as it came. To be asked once nothing more of it will be."""
        pieces = b"" if self._done and self.error is None else b"".join(self._pieces)
        return pieces if self._stream is None or self._held else pieces + self._stream.withheld()

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
            out = b"" if self.error is not None else stream.unread()  # a rule may block for what was read
            self.error = self.error or self._guarded.refusal(self._scan, streamed=not self._in_lines)
            if self.error is not None and not self._held:
                self._pieces = [stream.withheld()]
            return out
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
        before = perf_counter()
        try:
            self._ready += self._streamed(lambda _: self._stream.answered(take, answer) if self._stream is not None else b"", b"")
            self._done = self._ended and not self._feeding and (self._stream is None or not self._stream.pending)
            if self._held and not self._done and self.error is None:
                return
        except Exception as e:  # noqa: BLE001  as in _resume
            self._break(e)
        finally:
            self._guarded.looked(before)
        if not self._feeding or self.error is not None:
            self._wake()

    # ------------------------------------------------------------------ whole replies

    def _take_pieces(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

    def _sniffed(self) -> bool:
        """Look at the first bytes of what calls itself no text; whether nothing of it is looked at further."""
        self._sniffs = False
        data = b"".join(self._pieces)
        if is_wide(data):
            self._cannot_read(_WIDE)
        elif is_binary(data):
            self._not_text()
        else:
            return False
        self.whole = False
        return True

    def _check(self) -> bytes:
        if self._sniffs and self._pieces and self._sniffed():
            self._done = True
            return b"" if self.error is not None else self._take_pieces()
        self._pieces = [body := b"".join(self._pieces)]  # until all of it may go
        if not body.strip() and not (self._json and self._scan.reply_judges and self._answers):
            self._done = True
            return body
        self._in_lines = is_lines(body)
        return self._drive(self._as_events(body) if self._in_lines or is_framed(body) else self._at_once(body), None)

    def _as_events(self, body: bytes) -> _Whole:
        """A stream that calls itself something else. Nothing of it goes before all has been looked at: the status can still say that it was refused."""
        stream = self._stream = self._guarded_stream()
        self._feeding = self._held = True
        at = 0
        while at < len(body) and self._stream is not None and self.error is None:
            piece, at = body[at : at + TURN_BYTES], at + TURN_BYTES
            out = self._streamed(stream.push, piece)
            self._ready += out
            if at < len(body):
                yield None
        self._feeding = False
        if self._stream is not None and self.error is None:
            self._ready += self._streamed(lambda _: stream.finish(), b"")
        elif self.error is None:  # it cannot be read, and may pass
            self._ready += body[at:]
        self._done = self._stream is None or not stream.pending
        return self.take() if self._done or self.error is not None else b""

    def _at_once(self, body: bytes) -> _Whole:
        """A body that is no stream."""
        destination = self._guarded.destination
        if is_wide(body) and (self._json or "charset" not in self._content_type):
            return self._unread(body, _WIDE)
        content_type = self._content_type
        if not content_type.startswith(_COMPOSED) and (self._untyped or "charset" not in content_type) and not (is_binary(body) or is_binary(body[-4096:])):
            content_type = "text/plain"  # though a few bytes of it are none
        try:
            walked = yield from reply_steps(destination.provider.dialect.name, destination.meaning.operation, body, content_type)
        except Unreadable:
            return self._unread(body, "it is not what its endpoint says")
        if self._json and not walked.leaves and "" in walked.unscannable:
            return self._unread(body, "it is not what its endpoint says")
        self._scan.unscannable(len(walked.unscannable), self._guarded.guard.policy)
        edits = yield from check(walked, self._scan)
        whole_reply = self._whole_reply()
        judged = whole_reply is not None and (self._json or len(walked.leaves) > 0)
        for ask, take in whole_reply.body(body) if whole_reply is not None and judged else ():
            answer = yield ask
            take(answer if answer is not None else Unanswered("unavailable"))
        self.error = self._guarded.refusal(self._scan, streamed=False)
        if self.error is not None:
            self._done = True
            return b""
        if isinstance(walked, WalkedText) and len(walked.leaves) == 1 and breaks_off(body):
            edits = {0: without_open_end(walked.leaves[0].text, edits.get(0, ()), self._scan)}
        if edits:
            for _ in walked.prepare(edits):
                yield None
            yield None
            body = walked.rewrite(edits)
        if len(body) > _LARGE_BYTES:
            yield None  # what comes of it, its record and its way out, is a turn's work
        self._done = True
        return body

    def _unread(self, body: bytes, why: str) -> bytes:
        self._cannot_read(why)
        self._done = True
        return b"" if self.error is not None else body

    def _drive(self, whole: _Whole, answer: Answer | None) -> bytes:
        """Go on until a question has to wait, or others should have their turn."""
        try:
            ask = whole.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if ask is not None:
            self._guarded.guard.submit(ask, lambda said: self._resume(whole, said), whole=True)
        else:
            asyncio.get_running_loop().call_soon(self._resume, whole, None)
        return b""

    def _resume(self, whole: _Whole, answer: Answer | None) -> None:
        before = perf_counter()
        try:
            out = self._drive(whole, answer)
            self._ready += out
        except Exception as e:  # noqa: BLE001  nobody above waits for it; the client does
            self._break(e)
        self._guarded.looked(before)
        if self._done or self.error is not None or (self._ready and not self._feeding and not self._held):
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
