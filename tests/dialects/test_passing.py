"""A stream on its way: whatever it is cut into, what goes on and what is told of it are what its two readers say of every byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import passing
from gateway.dialects.passing import Passing
from gateway.dialects.sse import UsageFrameFilter
from gateway.dialects.terminal import Terminal
from tests.dialects.test_sse import CHUNK, USAGE, cut, spelled_streams

ENDS = (b"data: [DONE]", b"event: x")


def at_events(data: bytes) -> list[bytes]:
    """Cut where a blank line ends, as nearly all streams come."""
    return [piece + b"\n\n" for piece in data.split(b"\n\n")]


@settings(deadline=None, max_examples=400)
@given(st.lists(spelled_streams(), min_size=1, max_size=4), st.lists(st.integers(0, 10**6), max_size=12), st.booleans(), st.booleans())
@pytest.mark.covers("U11")
def test_it_says_what_its_readers_say_of_every_byte(streams, places, strips, whole_events):
    """Laws 1 and 7: a piece that is let through at a glance must leave both readers where looking at it would have left them."""
    data = b"\n\n".join(whole for whole, _ in streams)
    pieces = at_events(data) if whole_events else cut(data, places)
    each, terminal, frames = Passing(ENDS, strips=strips), Terminal(ENDS), UsageFrameFilter()
    over, got, wanted = False, b"", b""
    for piece in pieces:
        got += each.push(piece)
        over = over or terminal.push(piece)
        wanted += frames.push(piece) if strips else piece
        assert got.startswith(wanted) and not got[len(wanted) :].strip(b"\r\n")  # an empty line more may have gone on: nothing hangs on it
        assert (each.over, each.ending) == (over, terminal.seen)
        if not over:
            assert each.between_events == terminal.between_events
    assert got + each.finish() == wanted + (frames.finish() if strips else b"")


@pytest.mark.parametrize("choices", ['"choices":[{', '"choices": [{'])
def test_a_piece_of_whole_events_is_not_shown_to_the_readers(monkeypatch, choices):
    """What a chunk costs a worker is what is looked at for it: both spellings of JSON that servers have go through at a glance, between events that do not."""
    each, shown = Passing(ENDS, strips=True), []
    monkeypatch.setattr(passing.Terminal, "push", lambda self, data: shown.append(data) or False)
    chunk = f"data: {CHUNK}\n\n".replace('"choices":[{', choices).encode()
    assert each.push(chunk) == chunk and each.push(chunk + chunk) == chunk + chunk and not shown
    usage = f"data: {USAGE}\n\n".encode()
    assert each.push(usage) == b"" and shown == [usage]
