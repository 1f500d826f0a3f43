"""Detectors that judge an answer when all of it is there: its form, its sources. Streamed or not, they see the same texts (law 2).

A stream is kept here as it comes, and put together at its end, before the event that says so is let go; what stands before that has gone to the client by
then, unless a rule holds the stream back (`retry`). Pure: the questions are for whoever drives the stream.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import orjson

from detectors.text import Text
from gateway.dialects.answers import answers
from gateway.dialects.base import Operation
from gateway.dialects.sse import events
from gateway.guard.engines import Answer, Ask, Engine, Unanswered
from gateway.guard.scan import Guarding

Take = Callable[[Answer], None]
_EMPTY = " "  # an answer of no character: nothing could be found at a place in it


def asked_of(operation: Operation, body: bytes) -> str:
    """What a request says, as JSON: [{"id", "text"}, ...], a piece of the conversation each, instructions and materials among them."""
    try:
        segments = operation.read_request(orjson.loads(body)).segments
    except orjson.JSONDecodeError:
        segments = ()
    return about([segment.text for segment in segments])


def about(texts: Iterable[str]) -> str:
    """The same of texts at hand."""
    return json.dumps([{"id": "", "text": text} for text in texts], ensure_ascii=False)


class WholeReply:
    """One reply's. context: what was asked, for detectors that compare, as JSON; called once, if at all.  limit: bytes of a stream that are kept; more cannot be judged."""

    def __init__(self, operation: Operation, scan: Guarding, context: Callable[[], str], limit: int) -> None:
        self._operation, self._scan, self._context, self._left = operation, scan, context, limit
        self._kept: list[bytes] = []

    def keep(self, raw: bytes) -> None:
        """An event of the stream."""
        self._left -= len(raw)
        if self._left >= 0:
            self._kept.append(raw)

    def ended(self, *, over: bool) -> Iterator[tuple[Ask, Take]]:
        """The questions about a stream that has ended. Nothing the second time. over False: without having said so."""
        if not over:
            self.cut()
        kept, self._kept = self._kept, []
        if self._left < 0:
            self._fail("too long")
        elif kept:
            whole = self._operation.assemble(events(b"".join(kept))).whole
            yield from self._about(whole)

    def cut(self) -> None:
        """The stream has broken off: nobody can judge it, and the row does not say that somebody did."""
        for engine in self._scan.reply_judges if self._kept else ():
            self._scan.tally.fail(engine.detector)
        self._kept = []

    def body(self, body: bytes) -> Iterator[tuple[Ask, Take]]:
        """The questions about a reply that came whole."""
        try:
            yield from self._about(orjson.loads(body))
        except orjson.JSONDecodeError:
            self._fail("no JSON")

    def _about(self, whole: object) -> Iterator[tuple[Ask, Take]]:
        reply = self._operation.read_reply(whole)
        if reply.error is not None:
            return
        yield from self.texts(answers(reply.segments) if reply.segments or reply.finish_reason else ())  # embeddings and lists of models say nothing

    def texts(self, said: tuple[str, ...]) -> Iterator[tuple[Ask, Take]]:
        """The questions about answers at hand."""
        for engine in self._scan.reply_judges if said else ():
            before = self._context() if engine.compares else engine.before
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
