"""Detectors that judge an answer when all of it is there: its form, its sources. Streamed or not, they see the same texts (law 2).

A stream is kept here as it comes, and put together at its end, before the event that says so is let go; what stands before that has gone to the client by
then, unless a rule holds the stream back (`retry`). One that ends without a word of it is judged as it stands: clients take it for whole. Pure: the questions
are for whoever drives the stream, and so is what takes longer than a turn (`Work`): 1 MB of events takes 0.1 s.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import orjson

from detectors.text import Text
from gateway.dialects.answers import answers
from gateway.dialects.base import Operation
from gateway.dialects.sse import events
from gateway.guard.engines import Answer, Ask, Engine, Unanswered, Work
from gateway.guard.frames import EVENTS, Framing
from gateway.guard.scan import Guarding

Take = Callable[[Answer], None]
Steps = Iterator[tuple[Ask | Work, Take]]  # each with who takes its answer; after Work nothing may be asked for until that has been taken
MAX_TURN = 1 << 16  # bytes that are read in one turn
MAX_ASKED = 8 << 20  # characters in one question
_EMPTY = " "  # an answer of no character: nothing could be found at a place in it


def asked_of(operation: Operation, body: bytes) -> str:
    """What a request says, as JSON: [{"id", "text"}, ...], a piece of the conversation each, instructions and materials among them. Raises ValueError: it is no JSON."""
    return about([segment.text for segment in operation.read_request(orjson.loads(body)).segments])


def about(texts: Iterable[str]) -> str:
    """The same of texts at hand."""
    return json.dumps([{"id": "", "text": text} for text in texts], ensure_ascii=False)


class WholeReply:
    """One reply's. context: what was asked, for detectors that compare, as JSON; called once, if at all, and may raise ValueError: nothing is known of it.

    limit: bytes of a stream that are kept; more cannot be judged.  context_bytes: how much `context` reads.
    """

    def __init__(self, operation: Operation, scan: Guarding, context: Callable[[], str], limit: int, *, context_bytes: int = 0, framing: Framing = EVENTS) -> None:
        self._operation, self._scan, self._context, self._left = operation, scan, context, limit
        self._context_bytes, self._framing = context_bytes if any(engine.compares for engine in scan.reply_judges) else 0, framing
        self._speaks = bool(operation.say("", model="", request_id="", created=0))  # else no reply of its is an answer for being empty
        self._asked: str | None = None
        self._kept: list[bytes] = []
        self._over = False

    def keep(self, raw: bytes) -> None:
        """An event of the stream. What comes behind its end is none."""
        self._left -= len(raw)
        if self._left >= 0 and not self._over:
            self._kept.append(raw)

    def ended(self) -> Steps:
        """The questions about a stream that has ended. Nothing the second time."""
        if self._over:
            return
        kept, self._kept, self._over = self._kept, [], True
        if self._left < 0:
            self._fail("too long")
        elif self._operation.parses:
            yield from self._read(lambda: self._assembled(kept), sum(map(len, kept)))
        elif kept:
            self._fail("nobody knows where its answer is")

    def _assembled(self, kept: list[bytes]) -> tuple[str, ...]:
        parsed = (self._framing.parse(raw) for raw in kept)
        assembly = self._operation.assemble(events(b"".join(kept)) if self._framing is EVENTS else (event for event in parsed if event is not None))
        reply = self._operation.read_reply(assembly.whole)
        if assembly.error is not None or reply.error is not None:  # it broke off, and says so
            for engine in self._scan.reply_judges if reply.segments else ():
                self._scan.tally.fail(engine.detector)
            return ()
        return answers(reply.segments, assembly.whole) if reply.segments or reply.finish_reason or self._speaks else ()

    def _loaded(self, body: bytes) -> tuple[str, ...]:
        whole = orjson.loads(body)
        reply = self._operation.read_reply(whole)
        says = reply.segments or reply.finish_reason or (self._speaks and not whole)  # embeddings and lists of models say nothing
        return answers(reply.segments, whole) if says and reply.error is None else ()

    def cut(self) -> None:
        """The stream has broken off: nobody can judge it, and the row does not say that somebody did. Nothing the second time."""
        for engine in self._scan.reply_judges if self._kept else ():
            self._scan.tally.fail(engine.detector)
        self._kept = []

    def body(self, body: bytes) -> Steps:
        """The questions about a reply that came whole."""
        if not self._operation.parses:
            self._fail("nobody knows where its answer is")
        else:
            yield from self._read(lambda: self._loaded(body), len(body))

    def _read(self, load: Callable[[], tuple[str, ...]], size: int) -> Steps:
        """load: gives the answers; may raise ValueError."""
        found: list[tuple[str, ...]] = []

        def read() -> None:
            try:
                found.append(load())
            except ValueError:
                return
            if found[0] and self._context_bytes:
                self._ask_for()

        if size + self._context_bytes > MAX_TURN:
            yield Work(read), lambda answer: found.clear() if isinstance(answer, Unanswered) else None
        else:
            read()
        if found:
            yield from self.texts(found[0])
        else:
            self._fail("no JSON")

    def _ask_for(self) -> None:
        try:
            self._asked = self._context()
        except ValueError:
            self._asked = ""

    def texts(self, said: tuple[str, ...]) -> Steps:
        """The questions about answers at hand."""
        for engine in self._scan.reply_judges if said else ():
            if engine.compares and self._asked is None:
                self._ask_for()
            before = (self._asked or "") if engine.compares else engine.before
            if engine.compares and before in ("", about(())):
                self._scan.unanswered(engine, Unanswered("nothing to compare with"))
            elif sum(len(text) + len(before) for text in said) > MAX_ASKED:
                self._scan.unanswered(engine, Unanswered("too long"))
            else:
                yield Ask(engine, tuple(Text(text or _EMPTY, before) for text in said)), self._taker(engine, said)

    def _taker(self, engine: Engine, said: tuple[str, ...]) -> Take:
        def take(answer: Answer) -> None:
            if isinstance(answer, Unanswered):
                self._scan.unanswered(engine, answer)
                return
            for findings, text in zip(answer, said, strict=True):
                self._scan.replace((finding._replace(detector=engine.detector) for finding in findings), text)

        return take

    def _fail(self, reason: str) -> None:
        for engine in self._scan.reply_judges:
            self._scan.unanswered(engine, Unanswered(reason))
        self._left = 0
