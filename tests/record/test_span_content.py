"""What was said, in spans: only where it was asked for, in the conventions' shape, bounded."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from gateway.record.span_content import MAX_CONTENT_CHARS, MAX_PARTS
from tests.support.otlp import Receiver
from tests.support.spans import chat, sent

CANARIES = {name: f"canary-{name}" for name in ("prompt_text", "reply_text", "request_body", "reply_body", "usage_raw", "user_id", "key_id", "endpoint")}
BODIES = {
    "endpoint": "/v1/chat/completions", "method": "POST", "dialect": "openai",
    "request_body": '{"stop":["canary"],"messages":[{"role":"user","content":"canary"}],"tools":[{"function":{"name":"canary"}}]}',
    "reply_body": '{"choices":[{"message":{"content":"canary"}}]}',
}  # fmt: skip


@pytest.mark.parametrize("secret", [CANARIES, BODIES])
def test_content_never_leaves_by_a_span(receiver: Receiver, secret: dict[str, str]) -> None:
    """A trace backend has other readers than the record; texts, bodies and users have no place in it unless somebody asked for them."""
    sent(receiver, chat(**secret, tags={"canary-tag": "canary-value"}))
    assert b"canary" not in receiver.raw and receiver.spans


PART: dict[str, Any] = {"oneOf": [
    {"properties": {"type": {"enum": ["text", "reasoning"]}, "content": {"type": "string"}}, "required": ["type", "content"], "additionalProperties": False},
    {"properties": {"type": {"const": "tool_call"}, "id": {"type": ["string", "null"]}, "name": {"type": "string"}, "arguments": {}}, "required": ["type", "name"], "additionalProperties": False},
    {"properties": {"type": {"const": "tool_call_response"}, "id": {"type": ["string", "null"]}, "response": {}}, "required": ["type", "response"], "additionalProperties": False},
]}  # fmt: skip
MESSAGE = {"type": "object", "properties": {"role": {"enum": ["system", "user", "assistant", "tool"]}, "parts": {"type": "array", "items": PART}}, "required": ["role", "parts"]}
SCHEMAS = {
    "gen_ai.input.messages": {"type": "array", "items": MESSAGE},
    "gen_ai.output.messages": {"type": "array", "items": MESSAGE | {"required": ["role", "parts", "finish_reason"]}},
    "gen_ai.system_instructions": {"type": "array", "items": PART},
}


def messages(receiver: Receiver, **fields: Any) -> tuple[Any, Any, Any]:
    """Instructions, what went in and what came out, None where there is none, each held against what the conventions' schema asks for."""
    (got,) = sent(receiver, chat(**{"method": "POST", **fields}), content=True)
    found = []
    for name, schema in SCHEMAS.items():
        text = got.attributes.get(name)
        found.append(None if text is None else json.loads(text))
        if text is not None:
            jsonschema_rs.validate(schema, found[-1])
    return found[2], found[0], found[1]


def text(content: str) -> dict[str, str]:
    return {"type": "text", "content": content}


def test_content_that_was_asked_for_is_in_the_conventions_shape(receiver: Receiver) -> None:
    """A backend that shows conversations reads roles, tool calls and their results from one schema, whatever the provider's is."""
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Rome"}'}}
    asked = {"messages": [
        {"role": "developer", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Weather"}, {"type": "text", "text": "in Rome?"}]},
        {"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    ], "tools": [{"type": "function", "function": {"name": "get_weather", "description": "The forecast"}}]}  # fmt: skip
    said = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Rain.", "reasoning_content": "So it rains."}}]}
    system, history, answers = messages(receiver, dialect="openai", endpoint="/v1/chat/completions", request_body=json.dumps(asked), reply_body=json.dumps(said))
    assert system is None
    assert history == [
        {"role": "system", "parts": [text("Be brief.")]},
        {"role": "user", "parts": [text("Weather"), text("in Rome?")]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": {"city": "Rome"}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_1", "response": "rain"}]},
    ]
    assert answers == [{"role": "assistant", "parts": [{"type": "reasoning", "content": "So it rains."}, text("Rain.")], "finish_reason": "stop"}]


def test_other_dialects_and_streams_say_the_same(receiver: Receiver) -> None:
    """Law 2 for traces: that a reply was streamed, or came from another provider, changes nothing of what was said."""
    asked = {"system": "Be brief.", "messages": [
        {"role": "user", "content": "Weather?"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "tu_1", "name": "get_weather", "input": {"city": "Rome"}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "tu_1", "content": "rain"}]},
    ]}  # fmt: skip
    stream = "".join(f"event: {name}\ndata: {json.dumps({'type': name} | data)}\n\n" for name, data in (
        ("message_start", {"message": {"id": "m", "role": "assistant", "content": [], "usage": {"input_tokens": 3}}}),
        ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "Ra"}}), ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "in."}}),
        ("content_block_stop", {"index": 0}), ("message_delta", {"delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}), ("message_stop", {}),
    ))  # fmt: skip
    system, history, answers = messages(receiver, endpoint="/v1/messages", request_body=json.dumps(asked), reply_body=stream, finish_reason="end_turn")
    assert system == [text("Be brief.")]
    assert history == [
        {"role": "user", "parts": [text("Weather?")]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "tu_1", "name": "get_weather", "arguments": {"city": "Rome"}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "tu_1", "response": "rain"}]},
    ]
    assert answers == [{"role": "assistant", "parts": [text("Rain.")], "finish_reason": "end_turn"}]


def test_where_the_record_withheld_a_body_its_text_stands_in(receiver: Receiver) -> None:
    """Only what the record shows is shown; a body that was not stored is nowhere else to be had."""
    _, history, answers = messages(receiver, dialect="openai", endpoint="/v1/chat/completions", prompt_text="<EMAIL_ADDRESS> \ud800", reply_text="Fine.", body_note="request:withheld")
    assert history == [{"role": "user", "parts": [text("<EMAIL_ADDRESS> ?")]}]
    assert answers == [{"role": "assistant", "parts": [text("Fine.")], "finish_reason": "error"}]


def test_an_exchange_without_any_text_has_no_messages(receiver: Receiver) -> None:
    """`store.content: none`: there is nothing to tell, and nothing is told."""
    assert messages(receiver, body_note="request:withheld,reply:withheld") == (None, None, None)


def test_content_is_bounded_and_says_that_it_was_cut(receiver: Receiver) -> None:
    """A book in a prompt must not make a span that no backend takes; the end of a conversation is what its answer belongs to."""
    turns = [{"role": "user", "content": f"{n} " + "x" * 9_000} for n in range(12)]
    (got,) = sent(receiver, chat(dialect="openai", method="POST", endpoint="/v1/chat/completions", request_body=json.dumps({"messages": turns})), content=True)
    kept = json.loads(got.attributes["gen_ai.input.messages"])
    assert got.attributes["tidegate.content.truncated"] is True
    assert [message["parts"][0]["content"].split()[0] for message in kept] == ["8", "9", "10", "11"]
    assert sum(len(message["parts"][0]["content"]) for message in kept) == MAX_CONTENT_CHARS


@pytest.mark.parametrize(
    "turns",
    [
        [{"role": "assistant", "tool_calls": [{"id": "x", "type": "function", "function": {"name": "n" * 1_000_000, "arguments": "{}"}}]}],
        [{"role": "tool", "tool_call_id": "n" * 1_000_000, "content": "rain"}],
        [{"role": "user", "content": "a"}] * 20_000,
        [{"role": "assistant", "tool_calls": [{"id": "x", "type": "function", "function": {"name": "n" * 99, "arguments": "1"}}]}] * 5_000,
    ],
    ids=["name", "id", "turns", "calls"],
)
def test_what_stands_around_the_texts_is_bounded_too(receiver: Receiver, turns: list[Any]) -> None:
    """Names and ids are of the sender's choice, and a letter a message is sixty of JSON: a collector would refuse the whole batch."""
    (got,) = sent(receiver, chat(dialect="openai", method="POST", endpoint="/v1/chat/completions", request_body=json.dumps({"messages": turns})), content=True)
    assert 0 < len(json.loads(got.attributes["gen_ai.input.messages"])) <= MAX_PARTS
    assert len(got.attributes["gen_ai.input.messages"]) < 400_000


def test_arguments_too_deep_to_be_written_are_told_as_text(receiver: Receiver) -> None:
    """What a model or a caller nests must not cost the exchange its spans."""
    deep = "[" * 252 + "]" * 252
    call = {"id": "x", "type": "function", "function": {"name": "n", "arguments": deep}}
    _, history, _ = messages(receiver, dialect="openai", endpoint="/v1/chat/completions", request_body=json.dumps({"messages": [{"role": "assistant", "tool_calls": [call]}]}))
    assert history[0]["parts"][0]["arguments"] == deep


def test_a_finish_reason_that_is_no_unicode_costs_no_span(receiver: Receiver) -> None:
    """It is in the messages, too, where half a surrogate cannot be written."""
    _, _, answers = messages(receiver, reply_text="Hello", finish_reason="\ud800")
    assert answers == [{"role": "assistant", "parts": [text("Hello")], "finish_reason": "?"}]
