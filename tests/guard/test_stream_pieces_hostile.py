"""Streams that split a text where no protocol says that one grows, and shapes that a secret must not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from gateway.dialects.base import Event
from gateway.dialects.fields import Kind, has_shape
from gateway.dialects.pieces_openai import MAX_CALLS, ChoicesReader
from gateway.guard.frames import StreamUnreadable
from gateway.guard.policy import Direction
from gateway.guard.stream import GuardedStream
from tests.guard.test_stream_seams import CHAT, DONE, GEMINI, KEY, MESSAGES, OPAQUE, RESPONSES, chunk, event
from tests.support.planting import MASKS, guarding, leaks, streamed

AWS = "AKIA" + "QWERTYUIOPASDFG2"
HALVES = "key " + KEY[:20], KEY[20:] + " ok"


def _choice(**more: Any) -> bytes:
    return event({"choices": [{"index": 0, **more}]})


def _text_delta(text: str) -> bytes:
    return event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a", "more": text}})


def _code(text: str) -> bytes:
    return event({"candidates": [{"content": {"parts": [{"executableCode": {"language": "PYTHON", "code": text}}]}, "index": 0}]})


PLACES: dict[str, tuple[Any, Callable[[str], bytes]]] = {
    "a key of a choice": (CHAT, lambda text: _choice(delta={}, reasoning=text)),
    "an object of a choice": (CHAT, lambda text: _choice(delta={"content": "x"}, thoughts={"said": text})),
    "a key of a chunk": (CHAT, lambda text: event({"choices": [{"index": 0, "delta": {"content": "x"}}], "thought": text})),
    "choices that are no list": (CHAT, lambda text: event({"choices": {"0": {"delta": {"content": text}}}})),
    "a message beside a delta": (CHAT, lambda text: _choice(delta={"role": "assistant"}, message={"content": text})),
    "a key of a text_delta": (MESSAGES, _text_delta),
    "code": (GEMINI, _code),
    "an item's key": (RESPONSES, lambda text: event({"type": "response.output_item.added", "output_index": 0, "item": {"type": "x", "thought": text}})),
    "a reason": (OPAQUE, lambda text: event({"reason": text})),
    "a hash": (OPAQUE, lambda text: event({"hash": text.removeprefix("key ").removesuffix(" ok")})),
}


@pytest.mark.covers("T16")
@pytest.mark.parametrize("place", PLACES)
def test_a_text_that_grows_where_nobody_knows_it_is_joined(place):
    """A key split once shows no part of itself, wherever the two halves stand."""
    operation, made = PLACES[place]
    got = streamed(operation, [*map(made, HALVES), *([DONE] if operation is CHAT else [])])
    assert got.tally.verdict == "masked"
    assert not leaks(got.out.decode(), KEY, made("").decode())


def test_texts_of_two_choices_that_take_turns_are_told_apart():
    """Keys of a choice belong to that choice, though all stand at one place of their events."""
    told = [event({"choices": [{"index": at, "delta": {}, "reasoning": text}]}) for text, other in zip(HALVES, ("so it is ", "and on "), strict=True) for at, text in enumerate((text, other))]
    got = streamed(CHAT, [*told, DONE])
    assert got.tally.verdict == "masked" and not leaks(got.out.decode(), KEY, "")


def test_what_no_protocol_names_delays_nothing_for_long():
    """A provider's name in every chunk, and a word that comes once, hold back two events at most; the bytes stay."""
    told = [event({"choices": [{"index": 0, "delta": {"content": "so it is. "}}], "provider": "Z.AI-2", "x": "other" if n == 3 else "same"}) for n in range(8)]
    stream = GuardedStream(CHAT, guarding(MASKS, Direction.REPLY))
    out = b""
    for number, each in enumerate(told):
        out += stream.push(each)
        assert out.startswith(b"".join(told[: max(0, number - 1)])), number
    assert out + stream.push(DONE) + stream.finish() == b"".join(told) + DONE


def test_a_block_that_goes_on_after_its_end_cannot_be_read():
    """Clients add a delta to its block, whatever was stopped: the arguments were taken for whole, so nobody can say what is in them."""
    told = [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '{"a": "key ' + AWS[:10]}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": AWS[10:] + '"}'}},
    ]
    stream = GuardedStream(MESSAGES, guarding(MASKS, Direction.REPLY))
    for each in told[:3]:
        stream.push(event(each))
    with pytest.raises(StreamUnreadable, match="goes on after its end"):
        stream.push(event(told[3]))


def test_more_calls_than_can_be_told_apart_cannot_be_read():
    """Up to the limit each new id is a call of its own, found again by it; one more and the stream is unreadable."""
    reader = ChoicesReader()

    def read(names: list[str]) -> Any:
        value = {"choices": [{"index": 0, "delta": {"tool_calls": [{"id": name, "function": {"arguments": "{"}} for name in names]}}]}
        return reader.read(Event("", json.dumps(value)), value)

    names = [f"call_{number}" for number in range(MAX_CALLS)]
    assert read(names).unreadable == ""
    assert [piece.channel for piece in read(names[-1:]).pieces] == [f"choices/0/tool_calls/{MAX_CALLS - 1}/arguments"]
    assert read(["one more"]).unreadable


@pytest.mark.parametrize("text", ["alice.smith@example.com", "4111111111111111", "4111-1111-1111-1111", AWS, " " + AWS, "@example.com"])
def test_a_secret_is_no_token_that_may_be_passed_over(text):
    """What stands among alternatives is looked at if it could be an address, a number of somebody's or a key."""
    assert not has_shape(Kind.ECHOED, text)
    told = {"choices": [{"index": 0, "delta": {"content": "x"}, "logprobs": {"content": [{"token": "x", "top_logprobs": [{"token": text, "logprob": -1}]}]}}]}
    got = streamed(CHAT, [event(told), DONE])
    assert text == "@example.com" or text not in got.out.decode()


@pytest.mark.parametrize("text", [" the", "don't", "2026", "ization", "\n\n", "12345678", " internationalization", "--------"])
def test_a_token_is_one(text):
    """What models say word by word is no text of its own among the alternatives."""
    assert has_shape(Kind.ECHOED, text)


@pytest.mark.parametrize("text", [AWS, "x" + AWS, "4111111111111111", "x123456789"])
def test_padding_that_could_be_a_secret_is_looked_at(text):
    """Also in an event that differs from an earlier one in nothing but its fragment and its padding."""
    assert not has_shape(Kind.NOISE, text)
    told = [{"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "so. ", "obfuscation": padding} for padding in ("aB3", "c", "dE4f", text)]
    got = streamed(RESPONSES, [*map(event, told)])
    assert text.startswith("x") or (got.tally.verdict == "masked" and text not in got.out.decode())


def test_chunks_of_a_known_protocol_without_anything_odd_are_given_at_once():
    """The watch on other places costs an ordinary stream no event of delay."""
    stream = GuardedStream(CHAT, guarding(MASKS, Direction.REPLY))
    told = [chunk(content="It is so. ") for _ in range(5)]
    assert [stream.push(each) for each in told] == told
