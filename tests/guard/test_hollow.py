"""Bodies without content: enough for the record, and not a word that was said."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects.base import Reply
from gateway.dialects.reading import read_reply, read_request
from gateway.guard.hollow import MAX_JSON_BYTES, HollowReply, hollow
from tests.detectors.made_up_secrets import PREFIXED, Drawn
from tests.dialects.corpus import CASES, Case


def emptied(case: Case, step: int = 1 << 30) -> bytes:
    content_type = "text/event-stream" if case.is_sse else case.expected["content_type"]
    reply = HollowReply(content_type)
    pieces = [reply.push(case.reply[at : at + step]) for at in range(0, len(case.reply), step)]
    return b"".join(pieces) + reply.finish()


def read(case: Case, body: bytes) -> Reply:
    return read_reply(case.route.operation, case.expected["status"], case.expected["content_type"], body)


def words(texts: list[str]) -> set[str]:
    """Words that only content has: long enough not to be the protocol's."""
    return {word for text in texts for word in re.findall(r"[^\W_]{5,}", text)}


def whole_json(case: Case) -> bool:
    try:
        orjson.loads(case.reply)
    except orjson.JSONDecodeError:
        return False
    return True


@pytest.mark.parametrize("case", [case for case in CASES if case.is_sse or whole_json(case)], ids=lambda case: case.id)
@pytest.mark.covers("T24")
def test_what_the_record_needs_of_a_reply_is_still_in_it(case: Case) -> None:
    """`store.content: none` must not cost the figures: usage, model, how it ended and whose fault that was."""
    full, left = read(case, case.reply), read(case, emptied(case))
    said = None if full.error is None else replace(full.error, message="")
    assert (left.model, left.finish_reason, left.usage, left.complete, left.error and replace(left.error, message="")) == (
        full.model, full.finish_reason, full.usage, full.complete, said)  # fmt: skip
    assert [segment.text for segment in left.segments if segment.text] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.covers("T24")
def test_no_word_of_the_conversation_is_left(case: Case) -> None:
    """The promise is about what is on the disk, whatever fields a provider invents."""
    reply, request = read(case, case.reply), read_request(case.route.operation, case.request, "")
    said = words([segment.text for segment in (*request.segments, *reply.segments)])
    left = {word for body in (hollow(case.request, request=True), emptied(case)) for word in words([body.decode()])}
    assert not said & left - words([reply.model, reply.finish_reason, *_protocol(case)])


def _protocol(case: Case) -> list[str]:
    """Strings of the bodies that are the protocol's: types and names of events."""
    return [*re.findall(r'"(?:type|object|status|role|finish_reason|model|code)": ?"([^"]+)"', (case.request + case.reply).decode("utf-8", "replace")), "content message response output choices"]


@pytest.mark.parametrize("case", [case for case in CASES if case.is_sse], ids=lambda case: case.id)
@pytest.mark.parametrize("step", [1, 7, 100])
def test_a_stream_is_emptied_alike_however_it_is_cut(case: Case, step: int) -> None:
    """What is on disk is decided by what was said, not by the network."""
    assert emptied(case, step) == emptied(case)


@pytest.mark.parametrize(
    "body",
    [
        {"model": "m", "messages": [{"role": "user", "content": "word"}, {"role": "user", "content": [{"type": "text", "text": "word"}]}], "tools": [{"name": "word"}, {}]},
        {"model": "m", "metadata": {"word": 1}, "word": "word", "user": "word", "messages": ["word", 4111111111111111], "content": 41111},
        {"model": "two words", "role": "a word!", "type": "word-1", "messages": {"role": {"role": "user word"}}, "usage": {"note": "word"}},
    ],
)
def test_what_is_not_listed_is_left_out_keys_too(body: dict[str, Any]) -> None:
    """An unknown field, a key that is a name, a number where text belongs: none of it is the protocol's."""
    left = hollow(orjson.dumps(body), request=True)
    assert b"word" not in left and b"4111" not in left
    kept = orjson.loads(left)
    assert kept["model"] == ("m" if body["model"] == "m" else "")
    assert len(kept.get("tools", ())) == len(body.get("tools", ()))


def test_a_call_with_tools_keeps_its_counts() -> None:
    """How many messages, tools and calls there were is a figure, not content."""
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"city": "Ulm"}'}}
    reply = {"model": "m", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": None, "tool_calls": [call, call]}}], "usage": {"prompt_tokens": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1}]}}
    assert orjson.loads(hollow(orjson.dumps(reply), request=False)) == {
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": None, "tool_calls": [{"type": "function"}] * 2}}],
        "usage": {"prompt_tokens": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1}]},
    }


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        ({"model": "m", "messages": [{"role": "zebra", "content": "x"}], "tools": [{"type": "zebra", "name": "zebra"}, {"type": "tool_zebra"}]}, True),
        ({"model": "zebra@example.org"}, True),
        ({"model": "zebra-4111-1111-1111-1111"}, True),
        ({"model": "zebra411111111"}, True),
        ({"model": "pass-zebraQ7w9Xk2Lm4Pz8Rt1"}, True),
        ({"model": "zebra-415-555-0132"}, True),
        ({"model": "zebra.10.20.30.40"}, True),
        ({"object": "zebra", "status": "zebra", "reason": "zebra", "details": {"reason": "a_zebra"}, "data": [{"object": "zebra", "code": "zebra"}]}, False),
        ({"error": {"type": "zebra", "code": "zebra_error", "message": "zebra"}, "choices": [{"finish_reason": "zebra"}]}, False),
        ({"usage": {"zebra": 1, "x": "ZEBRA", "service_tier": "zebra", "promptTokensDetails": [{"modality": "ZEBRA", "zebra": 1}]}}, False),
    ],
)
@pytest.mark.covers("T24")
def test_a_place_for_a_word_holds_no_word_of_somebodys_own(body: dict[str, Any], request_: bool) -> None:
    """Roles, types, reasons, codes and keys of usage are closed lists; a model's name has the shape of one."""
    left = hollow(orjson.dumps(body), request=request_)
    assert b"zebra" not in left.lower() and b"4111" not in left
    assert set(orjson.loads(left)) == set(body)
    stream = HollowReply("text/event-stream")
    assert b"zebra" not in stream.push(b"event: zebra\ndata: %b\n\n" % orjson.dumps(body | {"model": "m"})).lower()


@pytest.mark.parametrize("kind", PREFIXED)
@pytest.mark.covers("T24")
def test_a_key_in_the_place_of_a_model_is_not_written(kind: str) -> None:
    """Nothing looks at the words that are kept under `none` any more: their shape must do."""
    drawn = Drawn(11)
    for make in PREFIXED[kind] * 20:
        key = make(drawn)
        for model in (key, f"openai/{key}", f"gpt-4o:{key}"):
            for body in ({"model": model}, {"modelVersion": model, "model": "m"}, {"response": {"model": model}, "model": model}):
                assert key.encode() not in hollow(orjson.dumps(body), request=False) + hollow(orjson.dumps(body), request=True), model


def test_numbers_that_are_too_large_for_what_they_count_are_not_kept() -> None:
    """A card's number in a count is a card's number; that the count was impossible is still told."""
    left = hollow(b'{"usage": {"prompt_tokens": 4111111111111111, "cost": 0.25, "completion_tokens": -4111111111111111}, "choices": [{"index": 415551234}]}', request=False)
    assert orjson.loads(left) == {"usage": {"prompt_tokens": 10**18, "cost": 0.25, "completion_tokens": -(10**18)}, "choices": [{"index": None}]}


def test_why_something_ended_is_at_least_other() -> None:
    """A reply that ended with a word nobody knows has ended all the same (law 7)."""
    assert orjson.loads(hollow(b'{"choices": [{"finish_reason": "zebra"}, {"finish_reason": ""}, {"finish_reason": null}]}', request=False))["choices"] == [
        {"finish_reason": "other"}, {"finish_reason": ""}, {"finish_reason": None}]  # fmt: skip


@pytest.mark.parametrize("model", ["gpt-4o-mini-2024-07-18", "claude-sonnet-4-5-20250929", "models/gemini-2.5-flash", "ft:gpt-4o-mini-2024-07-18:my-org:suffix:AbCdEfGh", "meta-llama/Llama-3.3-70B-Instruct", "anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet@20240620", "deepseek-r1:32b"])
def test_names_of_models_are_kept(model: str) -> None:
    """Prices are looked up by them."""
    assert orjson.loads(hollow(orjson.dumps({"model": model}), request=True)) == {"model": model}


@pytest.mark.parametrize("body", [b"", b"plain words", b'{"model": "m", "messa', b'"a string"', b"\xff\x00", b"[" * 5000, b'{"model": "' + b"x" * MAX_JSON_BYTES + b'"}'])
def test_what_cannot_be_read_leaves_nothing(body: bytes) -> None:
    """It may be all content."""
    assert hollow(body, request=True) == b"" == hollow(body, request=False)
    reply = HollowReply("application/json")
    assert reply.push(body) + reply.finish() == b""


def test_encoded_and_endless_replies_leave_nothing() -> None:
    """Compressed bytes are content too, and memory is bounded."""
    packed = HollowReply("text/event-stream", "gzip")
    assert packed.push(b"data: {}\n\n") + packed.finish() == b""
    endless = HollowReply("text/event-stream")
    assert endless.push(b"data: " + b"x" * MAX_JSON_BYTES) == b"" == endless.push(b'\n\ndata: {"type": "ping"}\n\n') == endless.finish()


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["choices", "content", "usage", "type", "x"]) | st.text(), x)), st.booleans())
def test_any_json_gives_json_that_is_its_own_hollow(value: Any, request_: bool) -> None:
    """Nothing raises, and nothing is left that a second look would take out."""
    once = hollow(orjson.dumps(value), request=request_)
    assert hollow(once, request=request_) == once
