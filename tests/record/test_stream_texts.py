"""The texts of a recorded stream: recognising an event by its frame must never change what is found in it."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects import DIALECTS
from gateway.dialects.base import Operation
from gateway.dialects.leaves import Leaf, Unreadable
from gateway.record import stream_texts
from gateway.record.stream_texts import StreamTexts
from tests.dialects.corpus import STREAMS, Case

CHAT = DIALECTS["openai"].route("POST", "/v1/chat/completions").operation
RESPONSES = DIALECTS["openai"].route("POST", "/v1/responses").operation
MESSAGES = DIALECTS["anthropic"].route("POST", "/v1/messages").operation


def sse(*values: Any, name: bool = False) -> bytes:
    return b"".join((b"event: %b\n" % value["type"].encode() if name else b"") + b"data: %b\n\n" % orjson.dumps(value) for value in values)


def delta(choice: int = 0, **fields: Any) -> dict[str, Any]:
    return {"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": choice, "delta": fields, "finish_reason": None}]}


def texts(operation: Operation, body: bytes) -> list[str]:
    return [leaf.text for leaf in StreamTexts(operation, body).leaves]


def slowly(operation: Operation, body: bytes, monkeypatch: pytest.MonkeyPatch) -> set[Leaf]:
    """The same without recognising anything."""
    with monkeypatch.context() as patched:
        patched.setattr(StreamTexts, "_recognise", lambda self, block: False)
        return set(StreamTexts(operation, body).leaves)


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
def test_recorded_streams_give_the_same_texts_either_way(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dialect's own streams, cut fragments and odd line ends among them."""
    assert set(StreamTexts(case.route.operation, case.reply).leaves) == slowly(case.route.operation, case.reply, monkeypatch)


_WORD = st.text(st.sampled_from('ab "\\\n{}é\U0001f600:,x'), min_size=0, max_size=4)
_CHUNK = st.one_of(
    st.builds(lambda text, choice: delta(choice, content=text), _WORD, st.integers(0, 1)),
    st.builds(lambda text, choice: delta(choice, reasoning_content=text), _WORD, st.integers(0, 1)),
    st.builds(lambda text, extra: delta(content=text) | {"obfuscation": extra, "x": extra}, _WORD, _WORD),
    st.builds(lambda text, call: delta(tool_calls=[{"index": call, "function": {"arguments": text}}]), _WORD, st.integers(0, 1)),
    st.builds(lambda text, call: delta(tool_calls=[{"id": call, "function": {"arguments": text}}]), _WORD, st.sampled_from(["", "k1", "k2"])),
    st.builds(lambda text: {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]}, _WORD),
    st.builds(lambda text: delta(content=text, role=text, refusal=text), _WORD),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(_CHUNK, max_size=25))
def test_any_stream_gives_the_same_texts_either_way(chunks: list[dict[str, Any]]) -> None:
    """Choices that take turns, calls without an index, fragments that look like JSON: a frame is never taken for another."""
    with pytest.MonkeyPatch.context() as patch:
        assert set(StreamTexts(CHAT, sse(*chunks)).leaves) == slowly(CHAT, sse(*chunks), patch)


@pytest.mark.parametrize(
    ("operation", "body", "whole"),
    [
        (CHAT, sse(*(delta(content=c) | {"obfuscation": "x" * n} for n, c in enumerate("it is anna@example")), delta()), "it is anna@example"),
        (MESSAGES, sse(*({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": c}} for c in 'quo"te\\s'), name=True), 'quo"te\\s'),
        (RESPONSES, sse(*({"type": "response.output_text.delta", "sequence_number": n, "item_id": "i", "output_index": 0, "content_index": 0, "delta": c, "obfuscation": "Zz9" * (n % 5)} for n, c in enumerate("a longer text")), name=True), "a longer text"),
        (CHAT, sse(*(delta(n % 2, content=c) for n, c in enumerate("aXbYcZdQ" * 5))), "abcd" * 5),
    ],
)  # fmt: skip
def test_fragments_are_joined_and_only_a_few_events_are_taken_apart(operation: Operation, body: bytes, whole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record must keep up with the data plane, which does not read its streams at all."""
    taken = []
    take = StreamTexts._take
    monkeypatch.setattr(StreamTexts, "_take", lambda self, block, still: (taken.append(block), take(self, block, still))[1])
    assert whole in texts(operation, body)
    assert len(taken) <= 5 < body.count(b"\n\n")


_NAME = st.sampled_from(["a", "x" * 16, "y" * 17, "sk-abcdefghijklmnopqrst", 'say "abcdefghijklmnopq', "q" * 17 + "\\", "Z9" * 12, "é" + "k" * 20, "1" * 20, "\n" + "n" * 18])
_NAMED = st.one_of(
    st.builds(lambda text: delta(content=text), _NAME),
    st.builds(lambda text, padding: delta(content=text) | {"obfuscation": padding}, _NAME, _NAME),
    st.builds(lambda text, number, padding: delta(content=text) | {"sequence_number": number, "obfuscation": padding}, _NAME, st.integers(0, 10**9), st.sampled_from(["a1", "b" * 16, "c" * 17, "d" * 32])),
    st.builds(lambda name: {"id": name, "choices": [], "system_fingerprint": name}, _NAME),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(_NAMED, max_size=25), st.booleans(), st.sampled_from([b"", b": a comment\n\n", b"id: 7\n"]))
def test_every_long_word_of_a_stream_is_among_what_is_spelled(chunks: list[dict[str, Any]], crlf: bool, lead: bytes) -> None:
    """In the same order: what is looked for in it is what would be looked for in the body itself."""
    body = lead + sse(*chunks)
    body = body.replace(b"\n", b"\r\n") if crlf else body
    long_words = re.compile(rb'"([A-Za-z0-9_.:/+=~-]{%d,512}+)(?=")' % (stream_texts.SHORT + 1))
    assert list(dict.fromkeys(long_words.findall(StreamTexts(CHAT, body).spelled))) == list(dict.fromkeys(long_words.findall(body)))


def test_what_is_spelled_of_many_like_events_is_little() -> None:
    """Also where each is padded: the padding of a real stream is short."""
    body = sse(*(delta(content=f"w{n} ") | {"obfuscation": "Ab3" * (n % 5)} for n in range(500)))
    assert len(StreamTexts(CHAT, body).spelled) < len(body) / 50


def test_what_stands_beside_the_fragments_is_there_too() -> None:
    """Comments, names of events, data that is no JSON, other strings: in the row they would be text like any other."""
    body = b": a comment\nid: seven\n\nevent: my event\ndata: no json\n\n" + sse(delta(content="x") | {"note": "aside"}, delta(content="y") | {"note": "another"})
    assert {"x" + "y", "aside", "another", "no json", "my event"} <= set(texts(CHAT, body))
    assert any("a comment" in text and "seven" in text for text in texts(CHAT, body))


def test_arguments_are_read_as_the_json_they_are() -> None:
    """A value in JSON in fragments has its key before it, and no escapes in it."""
    body = sse(*(delta(tool_calls=[{"index": 0, "function": {"arguments": c}}]) for c in '{"password":"a\\u0062c"}'))
    assert Leaf("", "", "password: ", "abc") in [Leaf("", "", leaf.before, leaf.text) for leaf in StreamTexts(CHAT, body).leaves]


def test_a_stream_that_can_be_read_in_two_ways_is_refused() -> None:
    """Of a key that stands twice, readers take different ones."""
    with pytest.raises(Unreadable):
        StreamTexts(CHAT, b'data: {"choices":[{"index":0,"delta":{"content":"a","content":"b"}}]}\n\n')


def test_frames_are_bounded() -> None:
    """A stream with a thousand choices in turn is read slowly, not ever more slowly."""
    known = StreamTexts(CHAT, sse(*(delta(n % 1000, content=f"t{n}") for n in range(2000))))
    assert len(known._frames) <= stream_texts.MAX_FRAMES
    assert "t0t1000" in [leaf.text for leaf in known.leaves]


@pytest.mark.parametrize("noise", ["4111" + "1111" * 3, "ab" + "4111" * 4 + "x"])
def test_noise_with_a_long_number_in_it_is_a_text(noise: str) -> None:
    """What a field is called does not make noise of a card's number; the rule is the one of the bodies that are not streamed."""
    events = [{"type": "response.output_text.delta", "item_id": "i", "output_index": 0, "content_index": 0, "delta": c, "obfuscation": o} for c, o in zip("word", ("a1", "b22", "c333", noise), strict=True)]
    assert {"word", noise} <= set(texts(RESPONSES, sse(*events, name=True))) and "b22" not in texts(RESPONSES, sse(*events, name=True))
