"""The rows that a recorder makes of what a gate in the test's own process has written, with the recorder's own readers, prices and redaction."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gateway import journal
from gateway.exchange import Exchange
from gateway.journal_seal import journal_key
from gateway.proxy.worker import Worker
from gateway.record.capture import capture
from gateway.record.enrich import Enricher
from gateway.record.pricing import PriceBook
from gateway.record.tokens import TokenCounter


@cache
def enricher() -> Enricher:
    """One for all: its tables are large."""
    return Enricher(counter=TokenCounter(), prices=PriceBook({}), prices_as={}, max_body_bytes=1 << 20, keep_content=True)


def rows(worker: Worker, root: Path) -> list[Exchange]:
    """One for each exchange that has ended, in the order of their ends."""
    frames: dict[bytes, list[journal.Frame]] = {}
    found = []
    for segment in journal.segments(worker.journal.directory):
        for frame in journal.read(segment, journal_key(root)):
            assert isinstance(frame, journal.Frame), frame
            frames.setdefault(frame.id, []).append(frame)
            if frame.kind is journal.Kind.CLOSE:
                found.append(enricher().exchange(capture(frame.id, "w", frames.pop(frame.id)), "batch"))
    return found
