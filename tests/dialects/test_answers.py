"""What a reply says to whoever asked, in each dialect: streamed or not, the same; and nothing that is no answer."""

from __future__ import annotations

import json

import pytest

from gateway.dialects import operation_of
from gateway.dialects.answers import answers
from gateway.dialects.sse import events

CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CASES = {  # dialect, path, body, answers
    "chat": ("openai", "/v1/chat/completions", {"choices": [{"message": {"role": "assistant", "content": "one", "reasoning_content": "hm", "refusal": "no"}}, {"message": {"content": "two"}}]}, ("one", "two")),
    "parts": ("openai", "/v1/chat/completions", {"choices": [{"message": {"content": [{"type": "text", "text": "a"}, "b", {"type": "thinking", "thinking": "hm"}]}}]}, ("ab",)),
    "a tool alone": ("openai", "/v1/chat/completions", {"choices": [{"message": {"content": None, "tool_calls": [CALL]}}]}, ()),
    "nothing at all": ("openai", "/v1/chat/completions", {"choices": [{"message": {"content": ""}}]}, ("",)),
    "completions": ("openai", "/v1/completions", {"choices": [{"text": "x"}, {"text": "y"}]}, ("x", "y")),
    "responses": ("openai", "/v1/responses", {"output": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}, {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b"}]}, {"type": "function_call", "arguments": "{\"a\": 1}"}]}, ("ab",)),
    "messages": ("anthropic", "/v1/messages", {"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a"}, {"type": "tool_use", "input": {"b": "c"}}, {"type": "text", "text": "d"}]}, ("ad",)),
    "gemini": ("gemini", "/v1beta/models/gemini-2.5-flash:generateContent", {"candidates": [{"content": {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": "a"}, {"functionCall": {"name": "f", "args": {"q": "z"}}}]}}, {"content": {"parts": [{"text": "b"}]}}]}, ("a", "b")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_answers_of_a_body(case):
    """Each choice has one; reasoning, refusals and calls of tools are none."""
    dialect, path, body, said = case
    assert answers(operation_of(dialect, "POST", path).read_reply(body).segments) == said


def test_a_stream_says_what_a_body_says():
    """Put together, its answers are the same (law 2)."""
    chunks = [{"choices": [{"index": 0, "delta": {"reasoning_content": "hm"}}]}, {"choices": [{"index": 1, "delta": {"content": "two"}}]}, *({"choices": [{"index": 0, "delta": {"content": part}}]} for part in ("o", "n", "e"))]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    chat = operation_of("openai", "POST", "/v1/chat/completions")
    assert answers(chat.read_reply(dict(chat.assemble(events(body.encode())).whole)).segments) == ("one", "two")


SILENT = {  # whole replies, and their answers
    "a second choice that is empty": ("openai", "/v1/chat/completions", {"choices": [{"message": {"content": "one"}}, {"message": {"content": ""}}]}, ("one", "")),
    "a choice that calls a tool": ("openai", "/v1/chat/completions", {"choices": [{"message": {"content": "one"}}, {"message": {"tool_calls": [{"function": {"name": "f", "arguments": ""}}]}}]}, ("one",)),
    "a tool without arguments": ("anthropic", "/v1/messages", {"content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}], "stop_reason": "tool_use"}, ()),
    "a function without any": ("gemini", "/v1beta/models/g:generateContent", {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f"}}]}, "finishReason": "STOP"}]}, ()),
    "an item without any": ("openai", "/v1/responses", {"output": [{"type": "function_call", "name": "f", "arguments": ""}], "status": "completed"}, ()),
    "no part at all": ("gemini", "/v1beta/models/g:generateContent", {"candidates": [{"content": {"parts": [{"text": "a"}]}}, {"finishReason": "STOP"}]}, ("a", "")),
}


@pytest.mark.parametrize("case", SILENT.values(), ids=list(SILENT))
def test_a_choice_that_says_nothing_has_an_empty_answer(case):
    """Or an empty second choice would pass any assertion. One that calls a tool has none, even if the call says nothing."""
    dialect, path, body, said = case
    assert answers(operation_of(dialect, "POST", path).read_reply(body).segments, body) == said
