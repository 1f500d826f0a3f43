"""Log lines: one event, one line, whatever is in it."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.log import MAX_VALUE, event, line


def test_an_event_reads_as_a_name_and_fields() -> None:
    """The example of the style guide."""
    fields: dict[str, object] = {"rows": 812, "bytes": 401233, "duration_s": 0.0410000001, "reason": None, "what": "two words"}
    assert line("batch_inserted", fields) == 'batch_inserted rows=812 bytes=401233 duration_s=0.041 reason=- what="two words"'


@pytest.mark.covers("T10")
@given(st.text())
def test_no_value_can_forge_a_line_or_move_a_cursor(text: str) -> None:
    """Names and messages come from clients and servers; a log is read in terminals and by machines."""
    shown = line("event", {"value": text + "\x1b[2J\r\n\x7f\u202e"})
    assert shown.isascii() and shown.isprintable()
    assert len(shown) <= len('event value=""') + 12 * MAX_VALUE


def test_events_go_to_the_logger(caplog: pytest.LogCaptureFixture) -> None:
    """A percent sign in a value is not a format."""
    with caplog.at_level(logging.INFO, logger="tidegate"):
        event("done", share="100%", level=logging.WARNING)
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [("WARNING", 'done share="100%"')]
