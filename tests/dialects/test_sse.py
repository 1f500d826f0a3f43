"""The event stream grammar, and the filter that works on its bytes."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import sse
from gateway.dialects.base import Event
from gateway.dialects.sse import UsageFrameFilter, events
from tests.dialects.corpus import STREAMS

USAGE = '{"id":"c","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}'
AZURE = '{"id":"","choices":[],"prompt_filter_results":[]}'
CHUNK = '{"choices":[{"index":0,"delta":{"content":"é[] 🌊"}}],"usage":null}'


@pytest.mark.covers("U11")
@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("data: a\n\ndata:b\r\n\r\ndata:  c\r\r", [("", "a"), ("", "b"), ("", " c")]),
        ("\ufeffdata: a\n\n", [("", "a")]),
        ("data: a\n\n\ufeffdata: b\n\n", [("", "a")]),
        (": ping\n\nevent: x\ndata: 1\ndata:2\ndata\nid: 9\nretry: 5\nfoo: bar\n\n", [("x", "1\n2\n")]),
        ("event: nothing\n\ndata\n\n", [("", "")]),
        ("event: a\nevent: b\ndata: 1\n\ndata: 2\n\n", [("b", "1"), ("", "2")]),
        ("event: a\nevent\ndata: 1\n\n", [("", "1")]),
        ("dataset: no\n\ndata: 1\n\n\n\n\ndata: 2\n\n", [("", "1"), ("", "2")]),
        ("data: 1\n\ndata: unfinished\n", [("", "1")]),
        ("data: 1\n\r", [("", "1")]),
        ("", []),
    ],
)
def test_events_are_read_as_the_standard_says(stream, expected):
    """Every client reads the stream this way; a record that reads it otherwise tells of another conversation."""
    assert list(events(stream.encode())) == [Event(*each) for each in expected]


def test_invalid_utf8_is_replaced_and_spoils_nothing_else():
    """One broken byte must not lose an answer."""
    assert list(events(b"data: a\xff\xe2\x82b\n\ndata: ok\n\n")) == [Event("", "a\ufffd\ufffdb"), Event("", "ok")]


def filtered(chunks: list[bytes]) -> bytes:
    each = UsageFrameFilter()
    return b"".join([*(each.push(chunk) for chunk in chunks), each.finish()])


END = st.sampled_from(["\n", "\r\n", "\r"])
BLOCK = st.one_of(
    st.sampled_from([USAGE, AZURE, CHUNK, "[DONE]"]).map(lambda data: f"data: {data}"),
    st.just(USAGE.replace(":[]", ":\ndata: [\ndata: ]")).map(lambda data: f"event: x\ndata: {data}"),
    st.sampled_from(
        [": ping", "", "data:[]", 'data: {"choices": [ ], "usage": {}}', 'data: {"choices": [], "usage": 3}', "data: {", ': "choices":[]']
    ),
)


@st.composite
def spelled_streams(draw) -> tuple[bytes, bytes]:
    """A stream, and the same without its usage frames. Each event ends its lines in one way, and the next need not end them in the same."""
    whole, kept = "", ""
    for block in draw(st.lists(BLOCK, max_size=6)):
        end = draw(END)
        if end == "\n" and whole.endswith("\r"):
            end = "\r\n"  # or the LF of an empty block would belong to the CR before it
        text = block.replace("\n", end) + end + end
        whole += text
        kept += "" if is_usage(block) else text
    tail = draw(st.sampled_from(["", "data: " + USAGE, "data: x\n"]))
    return (whole + tail).encode(), (kept + tail).encode()


def is_usage(block: str) -> bool:
    read = list(events(f"{block}\n\n".encode()))
    try:
        frame = json.loads(read[0].data)
    except (IndexError, ValueError):
        return False
    return isinstance(frame, dict) and frame.get("choices") == [] and isinstance(frame.get("usage"), dict)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@settings(deadline=None, max_examples=400)
@given(spelled_streams(), st.lists(st.integers(0, 10**6), max_size=12))
@pytest.mark.covers("U11")
def test_the_filter_takes_out_the_usage_frame_and_nothing_else_however_the_stream_is_cut(stream, places):
    """Law 1: a client that did not ask for the frame fails on `choices[0]`; one byte more or less breaks another (LESSONS 23)."""
    whole, kept = stream
    assert filtered(cut(whole, places)) == kept


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet='\r\n:[]{}"datchoiesug, 0', max_size=60), st.lists(st.integers(0, 10**6), max_size=8))
def test_the_filter_does_not_depend_on_cuts_for_any_bytes(text, places):
    """Also a stream that is none, or one of the fields this grammar meets nowhere, must not be changed by the network's cuts."""
    data = text.encode() + f"\n\ndata: {USAGE}\r\r\n".encode() + text.encode()
    assert filtered(cut(data, places)) == filtered([data])


@pytest.mark.parametrize("case", [case for case in STREAMS if case.dialect == "openai"], ids=lambda case: case.id)
def test_recorded_streams_lose_only_their_usage_frame_at_every_cut(case):
    """The corpus has the shapes that servers really send."""
    whole = filtered([case.reply])
    for place in range(len(case.reply) + 1):
        assert filtered([case.reply[:place], case.reply[place:]]) == whole
    kept = [event for event in events(case.reply) if not is_usage("\n".join(f"data: {line}" for line in event.data.split("\n")))]
    assert list(events(whole)) == kept
    assert len(whole) < len(case.reply) if len(kept) < len(list(events(case.reply))) else whole == case.reply


def test_whole_events_pass_at_once_and_only_an_unfinished_one_waits():
    """Held bytes are added latency."""
    each = UsageFrameFilter()
    event = f"data: {CHUNK}\n\n".encode()
    assert each.push(event + event[:10]) == event
    assert each.push(event[10:] + event) == event + event
    assert each.push(event[:-1]) == b""
    assert each.push(b"\n") == event
    assert each.finish() == b""


@pytest.mark.covers("U12")
def test_an_event_beyond_the_limit_is_relayed_and_what_follows_is_filtered(monkeypatch):
    """A provider that never ends a line must not fill the worker's memory."""
    monkeypatch.setattr(sse, "MAX_HELD_BYTES", 100)
    usage = f"data: {USAGE}\r\n\r\n".encode()
    long = b"data: " + b"x" * 250 + b"\r\n\r\n"
    for size in (1, 7, 64, 400):
        each = UsageFrameFilter()
        stream = usage + long + usage + long
        out, held = b"", 0
        for at in range(0, len(stream), size):
            out += each.push(stream[at : at + size])
            held = max(held, at + size - len(out) - (len(usage) if at > len(usage) else 0))
        assert out + each.finish() == long + long
        assert held <= 100 + 2 * len(usage) + size


def test_a_usage_frame_beyond_the_limit_is_relayed_however_it_is_cut(monkeypatch):
    """What is too long to hold must not be taken out only when it happens to arrive in one piece."""
    monkeypatch.setattr(sse, "MAX_HELD_BYTES", 100)
    stream = f'data: {USAGE[:-1]}, "pad": "{"x" * 100}"}}\n\n'.encode()
    for place in range(len(stream)):
        assert filtered([stream[:place], stream[place:]]) == stream
