"""Asking for usage changes one thing in a request and nothing else; seeing the end of a stream depends on no cut."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import include_usage
from gateway.dialects.include_usage import ask
from gateway.dialects.json_scan import edited, members
from gateway.dialects.terminal import Terminal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def asked(body: bytes) -> bytes:
    """The body as it is sent: the same object, if nothing is to be changed."""
    steps = list(ask(body))
    edits = [step for step in steps if step is not None]
    assert len(edits) <= 1 and edits == steps[len(steps) - len(edits) :]
    return edited(body, edits) if edits else body


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=6), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_members_are_what_a_parser_sees(value, indent, escaped):
    """The scan must agree with a real parser about keys and the bytes of their values, however the object is written."""
    body = (" " + json.dumps(value, indent=indent, ensure_ascii=escaped) + "\n").encode()
    found = {json.loads(b'"' + m[0] + b'"'): json.loads(body[m[1] : m[2]]) for m in members(body) if m is not None}
    assert found == value


@settings(deadline=None)
@given(
    st.dictionaries(st.text(max_size=8).filter(lambda k: k not in ("stream", "stream_options")), JSON, max_size=5),
    st.sampled_from([True, False, None, "true", 1]),
    st.sampled_from(["absent", None, {}, {"include_usage": True}, {"include_usage": False}, {"include_obfuscation": False}, [], "x"]),
    st.booleans(),
)
def test_only_a_streamed_request_that_does_not_ask_is_changed(rest, stream, options, large):
    """Law 1: one member is added or one value changed; a parser sees everything else as it was, and bytes that need no change are not."""
    request = {**rest, "stream": stream}
    if options != "absent":
        request["stream_options"] = options
    body = json.dumps(request).encode()
    small, include_usage.SMALL_BYTES = include_usage.SMALL_BYTES, 0 if large else include_usage.SMALL_BYTES
    try:
        sent = asked(body)
    finally:
        include_usage.SMALL_BYTES = small
    needs = stream is True and (options in ("absent", None) or (isinstance(options, dict) and options.get("include_usage") is not True))
    if not needs:
        assert sent is body
    else:
        expected = {**request, "stream_options": {**(options if isinstance(options, dict) else {}), "include_usage": True}}
        assert json.loads(sent) == expected


@pytest.mark.parametrize("body", [b"", b"{", b'{"stream":true', b'{"stream":true,}', b'{"stream" true}', b'[{"stream":true}]', b'"stream"', b'{"a":"\\', b'{"stream":tru'])
def test_what_is_not_a_json_object_is_left_alone(body):
    """A provider's own error about a broken body is the caller's to see."""
    assert asked(body) is body


def test_a_large_body_lets_others_have_their_turn():
    """10 MB must not be one long step: the search pauses, and an image costs next to nothing."""
    many = json.dumps({"messages": [{"role": "user", "content": str(i)} for i in range(40_000)], "stream": True}).encode()
    assert len(many) > include_usage.SMALL_BYTES
    assert sum(step is None for step in ask(many)) > 10
    image = json.dumps({"messages": [{"image": "A" * 10_000_000}], "stream": True}).encode()
    assert len(list(ask(image))) == 1
    assert json.loads(asked(image))["stream_options"] == {"include_usage": True}


@settings(deadline=None)
@given(st.data(), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_the_end_of_a_stream_is_seen_with_the_piece_that_completes_it(data, eol):
    """Law 7 in the data plane: not a byte early (the record would lack it), not a piece late (the client would have it first)."""
    text = eol.join([b'data: {"t":"event: done\\n"}', b"", b"event: done", b'data: {"whole":1}', b"", b""])
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    watch = Terminal((b"event: done",))
    seen = [watch.push(piece) for piece in pieces]
    assert seen == [False] * (len(pieces) - 1) + [True]


@pytest.mark.parametrize("cut", range(1, 24))
def test_the_first_end_is_the_end_however_it_is_spelled(cut):
    """What follows a stream's end, and is not whole, does not undo it where both come in one piece."""
    text = b"data:[DONE]\n\ndata: [DONE]"
    for ends in ((b"data: [DONE]", b"data:[DONE]"), (b"data:[DONE]", b"data: [DONE]")):
        watch = Terminal(ends)
        assert any([watch.push(text[:cut]), watch.push(text[cut:])]) and Terminal(ends).push(text)


def test_text_that_looks_like_the_end_is_not_the_end():
    """A model may write any text; only a line of its own ends a stream."""
    watch = Terminal((b"data: [DONE]",))
    assert not watch.push(b'data: {"content":"\\ndata: [DONE]\\n\\n"}\n\n')
    assert watch.push(b"data: [DONE]\n\n")


def test_where_an_event_may_be_added():
    """An error event inside another event would corrupt both."""
    watch = Terminal(())
    assert watch.between_events
    watch.push(b"data: half")
    assert not watch.between_events
    watch.push(b"\n\n")
    assert watch.between_events


@pytest.mark.covers("C8")
@pytest.mark.parametrize(
    "body",
    [
        b'{"stream":true,"m":"' + b'\\"' * 5_000_000 + b'"}',
        b'{"stream":true' + b"".join(b',"k%d":1' % i for i in range(600_000)) + b"}",
        b'{"stream":true,"m":' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}",
    ],
    ids=["escapes", "members", "nesting"],
)
def test_no_body_is_one_long_step(body):
    """A hostile body is worked on in short turns, and given up on when there are too many of them."""
    steps = list(ask(body))
    assert len(steps) > 50
    last = steps[-1]
    assert last is None or json.loads(edited(body, [last]))["stream_options"] == {"include_usage": True}
