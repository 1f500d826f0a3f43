"""Detectors that judge an answer when all of it is there: its form, its sources. Streamed or not, they see the same texts (law 2).

A stream is kept here as it comes, and put together at its end, before the event that says so is let go; what stands before that has gone to the client by
then, unless a rule holds the stream back (`retry`). Pure: the questions are for whoever drives the stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import orjson

from detectors.text import Text
from gateway.dialects.answers import answers
from gateway.dialects.base import Operation
from gateway.dialects.sse import events
from gateway.guard.engines import Answer, Ask, Engine, Unanswered
from gateway.guard.scan import Guarding

Take = Callable[[Answer], None]


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

    def ended(self) -> Iterator[tuple[Ask, Take]]:
        """The questions about a stream that has ended. Nothing the second time."""
        kept, self._kept = self._kept, []
        if self._left < 0:
            self._fail("too long")
        elif kept:
            whole = self._operation.assemble(events(b"".join(kept))).whole
            yield from self._about(whole)

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
        said = answers(reply.segments) if reply.segments or reply.finish_reason else ()  # embeddings and lists of models say nothing
        for engine in self._scan.reply_judges if said else ():
            before = self._context() if engine.compares else ""
            yield Ask(engine, tuple(Text(text, before) for text in said), in_stream=False), self._taker(engine, said)

    def _taker(self, engine: Engine, said: tuple[str, ...]) -> Take:
        def take(answer: Answer) -> None:
            if isinstance(answer, Unanswered):
                self._scan.unanswered(engine, answer)
                return
            for findings, text in zip(answer, said, strict=True):
                self._scan.replace(findings, text)

        return take

    def _fail(self, reason: str) -> None:
        for engine in self._scan.reply_judges:
            self._scan.unanswered(engine, Unanswered(reason))
        self._left = 0
