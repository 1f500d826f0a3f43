"""Sends the spans of exchanges to a collector, by OTLP.

Rules of this file: nothing here waits and nothing raises: a full queue drops and counts, and so does a collector that refuses, hangs or is not there. The thread is the only one that
talks to the collector. What the queue holds is bounded in exchanges and in bytes of memory, and a batch in those too, because collectors refuse messages over 4 MB.

Why not the SDK's BatchSpanProcessor: it tells nobody how much it dropped, and its end cannot be given a deadline. A span is sent at most once: what was under way when
the collector stopped answering may be there or not, and counts as dropped. Exchanges of a trace that the caller does not sample are not sent, and count as neither.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import sys
import threading
import time

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from gateway.exchange import Exchange
from gateway.log import event
from gateway.record.span_tree import SpanTree

MAX_QUEUE = 4096  # exchanges; some 4 KB each without content
MAX_QUEUE_BYTES = 32 << 20  # of their content
BATCH = 512  # spans
BATCH_BYTES = 1 << 20  # of content; on the wire up to twice as many
_CONTENT = ("gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions")


class _Told:
    """One exchange in the queue. size: bytes that its content takes, which depend on the alphabet: a character has one to four."""

    __slots__ = ("size", "spans")

    def __init__(self, spans: list[ReadableSpan]) -> None:
        self.spans = spans
        about = spans[0].attributes or {}
        self.size = sum(sys.getsizeof(about[name]) for name in _CONTENT if name in about)


class Spans:
    """`dropped`: spans that never reached the collector; `exported`: those it took."""

    def __init__(self, exporter: SpanExporter, tree: SpanTree, *, max_queue: int = MAX_QUEUE, max_bytes: int = MAX_QUEUE_BYTES) -> None:
        self.dropped = 0
        self.exported = 0
        self._exporter, self._tree, self._max_bytes = exporter, tree, max_bytes
        self._queue: queue.Queue[_Told | None] = queue.Queue(max_queue)
        self._bytes = 0  # of what is in the queue
        self._counting = threading.Lock()
        self._closing = False
        self._well = True  # the last batch was taken
        self._thread = threading.Thread(target=self._run, name="tidegate-spans", daemon=True)
        self._thread.start()

    def observe(self, exchange: Exchange) -> None:
        """Queue the exchange's spans; drops and counts if there is no room or after `close`. Never blocks, never raises."""
        if not exchange.trace_sampled:
            return
        try:
            told = _Told(self._tree.of(exchange))
        except Exception as e:  # noqa: BLE001  a record that no span can be made of is a record all the same
            event("span_not_made", level=logging.WARNING, id=exchange.id, error=type(e).__name__)
            return self._count(dropped=1 + len(exchange.phases))
        with self._counting:
            fits = not self._closing and self._bytes + told.size <= self._max_bytes
            self._bytes += told.size if fits else 0
        try:
            if fits:
                self._queue.put_nowait(told)
        except queue.Full:
            fits = False
            self._gone(told)
        if not fits:
            self._count(dropped=len(told.spans))

    def close(self, deadline_s: float = 5.0) -> None:
        """Send what is queued, for at most `deadline_s`; what is left then is dropped and counted."""
        end = time.monotonic() + deadline_s
        self._closing = True
        with contextlib.suppress(queue.Full):  # a thread with a full queue needs no waking
            self._queue.put_nowait(None)
        self._thread.join(max(0.0, end - time.monotonic()))
        left = self._take_all()
        with contextlib.suppress(Exception):  # what an exporter has to say at its end changes nothing
            self._exporter.shutdown()  # also ends the waits between its tries
        self._count(dropped=left)

    def _run(self) -> None:
        held: _Told | None = None  # did not fit into the batch before
        while True:
            first = held if held is not None else self._queue.get()
            batch, size, held = list(first.spans) if first is not None else [], first.size if first is not None else 0, None
            while len(batch) < BATCH:
                try:
                    told = self._queue.get_nowait()
                except queue.Empty:
                    break
                if told is not None and size + told.size > BATCH_BYTES and batch:
                    held = told
                    break
                if told is not None:
                    batch += told.spans
                    size += told.size
            if batch:
                self._export(batch)
            with self._counting:
                self._bytes -= size
            if self._closing and self._queue.empty() and held is None:
                return

    def _export(self, batch: list[ReadableSpan]) -> None:
        problem = ""
        try:
            taken = self._exporter.export(batch) is SpanExportResult.SUCCESS
        except Exception as e:  # noqa: BLE001  whatever a collector or its client does must not end this thread; the spans are counted as lost
            taken, problem = False, type(e).__name__
        self._count(exported=len(batch)) if taken else self._count(dropped=len(batch))
        if taken is not self._well:
            self._well = taken
            event("spans_flow" if taken else "spans_refused", level=logging.INFO if taken else logging.WARNING, spans=len(batch), dropped=self.dropped, error=problem or None)

    def _take_all(self) -> int:
        taken = 0
        while True:
            try:
                told = self._queue.get_nowait()
            except queue.Empty:
                return taken
            if told is not None:
                taken += len(told.spans)
                self._gone(told)

    def _gone(self, told: _Told) -> None:
        with self._counting:
            self._bytes -= told.size

    def _count(self, *, exported: int = 0, dropped: int = 0) -> None:
        with self._counting:
            self.exported += exported
            self.dropped += dropped
