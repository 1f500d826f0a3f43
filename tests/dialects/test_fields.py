"""Every declared field of every dialect: a text planted there is found there (T16), and what is declared as no text is left out only in its shape."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from gateway.dialects.fields import ANY, PLAIN_WORDS, Field, Kind, has_shape, is_plain
from gateway.dialects.json_walk import walk_value
from gateway.dialects.walk import REPLIES, REQUESTS

MARK = "find me, ann@example.org"
TABLES = {**{f"{name} request": table for name, table in REQUESTS.items()}, **{f"{name} reply": table for name, table in REPLIES.items()}}


def places(field: Field, path: tuple[str | int, ...] = (), above: tuple[Field, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Field]]:
    """Every place that a table declares, each kind of part inside itself once."""
    if above.count(field) > 0 or field is ANY:
        return
    yield path, field
    within = (*above, field)
    for name, below in field.members.items():
        yield from places(below, (*path, name), within)
    if field.each is not ANY:
        yield from places(field.each, (*path, 0), within)
    if field.other is not ANY and field.other is not field:
        yield from places(field.other, (*path, "any"), within)


def body(path: tuple[str | int, ...], value) -> bytes:
    """The smallest body with a value at a place."""
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return json.dumps(value).encode()


PLACES = [(name, path, field) for name, table in TABLES.items() for path, field in places(table)]


def test_the_tables_are_worth_testing():
    """A table that lost a branch would pass all that follows."""
    counts = {name: sum(1 for each, _, _ in PLACES if each == name) for name in TABLES}
    assert all(count > 50 for count in counts.values()), counts


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.covers("T16")
def test_a_text_in_any_declared_field_is_found_there(name):
    """Whatever the field is for: a sentence in it is text."""
    for _, path, field in (each for each in PLACES if each[0] == name):
        pointer = "".join(f"/{step}" for step in path)
        found = walk_value(body(path, MARK), TABLES[name])
        assert [(leaf.pointer, leaf.text) for leaf in found.leaves] == [(pointer, MARK)], pointer
        assert found.scanned_chars == found.text_chars
        if field.kind in (Kind.PROSE, Kind.JSON):
            assert found.leaves[0].before == "", pointer


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.covers("T16")
def test_a_number_key_or_unknown_member_in_any_declared_field_is_found(name):
    """A table must not make what it does not know invisible."""
    for _, path, field in (each for each in PLACES if each[0] == name):
        found = walk_value(body(path, {"ann@example.org": {"x": [MARK, 4111111111111111]}}), TABLES[name])
        texts = [leaf.text for leaf in found.leaves]
        assert MARK in texts, path
        if field.kind is not Kind.ECHOED:
            assert texts == ["ann@example.org", MARK, "4111111111111111"], path


@pytest.mark.parametrize(
    ("table", "pointer", "role"),
    [
        ("openai request", "messages.0.content", "user"),
        ("openai request", "messages.0.content.0.text", "user"),
        ("openai request", "messages.0.content.0.refusal", "user"),
        ("openai request", "messages.0.content.0.file.filename", "user"),
        ("openai request", "messages.0.name", "user"),
        ("openai request", "messages.0.refusal", "user"),
        ("openai request", "messages.0.tool_calls.0.function.arguments", "user"),
        ("openai request", "messages.0.tool_calls.0.custom.input", "user"),
        ("openai request", "messages.0.audio.transcript", "user"),
        ("openai request", "messages.0.reasoning_content", "user"),
        ("openai request", "prediction.content", "user"),
        ("openai request", "tools.0.function.name", "tool_definition"),
        ("openai request", "tools.0.function.description", "tool_definition"),
        ("openai request", "tools.0.function.parameters.properties.any.description", "tool_definition"),
        ("openai request", "tools.0.description", "tool_definition"),
        ("openai request", "functions.0.description", "tool_definition"),
        ("openai request", "instructions", "system"),
        ("openai request", "input", "user"),
        ("openai request", "input.0", "user"),
        ("openai request", "input.0.content.0.text", "user"),
        ("openai request", "input.0.content.0.filename", "user"),
        ("openai request", "input.0.text", "user"),
        ("openai request", "prompt", "user"),
        ("openai request", "prompt.0", "user"),
        ("openai request", "prompt.variables.any", "user"),
        ("openai request", "suffix", "user"),
        ("openai request", "body.messages.0.content", "user"),
        ("openai request", "response_format.json_schema.schema.properties.any.description", ""),
        ("openai reply", "choices.0.message.content", "assistant"),
        ("openai reply", "choices.0.message.refusal", "assistant"),
        ("openai reply", "choices.0.message.reasoning_content", "assistant"),
        ("openai reply", "choices.0.message.audio.transcript", "assistant"),
        ("openai reply", "choices.0.message.tool_calls.0.function.arguments", "assistant"),
        ("openai reply", "choices.0.message.annotations.0.url_citation.title", "assistant"),
        ("openai reply", "choices.0.text", "assistant"),
        ("openai reply", "choices.0.logprobs.content.0.token", "assistant"),
        ("openai reply", "choices.0.logprobs.tokens.0", "assistant"),
        ("openai reply", "output.0.content.0.text", "assistant"),
        ("openai reply", "output.0.summary.0.text", "assistant"),
        ("openai reply", "output.0.arguments", "assistant"),
        ("openai reply", "output.0.code", "assistant"),
        ("openai reply", "output.0.content.0.logprobs.0.token", "assistant"),
        ("openai reply", "instructions", "system"),
        ("openai reply", "error.message", ""),
        ("anthropic request", "system", "system"),
        ("anthropic request", "system.0.text", "system"),
        ("anthropic request", "messages.0.content", "user"),
        ("anthropic request", "messages.0.content.0.text", "user"),
        ("anthropic request", "messages.0.content.0.thinking", "user"),
        ("anthropic request", "messages.0.content.0.input", "user"),
        ("anthropic request", "messages.0.content.0.content", "user"),
        ("anthropic request", "messages.0.content.0.title", "user"),
        ("anthropic request", "messages.0.content.0.source.data", "user"),
        ("anthropic request", "tools.0.description", "tool_definition"),
        ("anthropic request", "tools.0.input_schema.properties.any.description", "tool_definition"),
        ("anthropic request", "requests.0.params.messages.0.content", "user"),
        ("anthropic request", "requests.0.params.system", "system"),
        ("anthropic reply", "content.0.text", "assistant"),
        ("anthropic reply", "content.0.thinking", "assistant"),
        ("anthropic reply", "content.0.input", "assistant"),
        ("anthropic reply", "content.0.citations.0.cited_text", "assistant"),
        ("anthropic reply", "error.message", ""),
        ("gemini request", "contents.0.parts.0.text", "user"),
        ("gemini request", "contents.parts.text", "user"),
        ("gemini request", "systemInstruction.parts.0.text", "system"),
        ("gemini request", "system_instruction", "system"),
        ("gemini request", "contents.0.parts.0.functionCall.args.any", "user"),
        ("gemini request", "contents.0.parts.0.function_response.response.any", "tool"),
        ("gemini request", "contents.0.parts.0.codeExecutionResult.output", "tool"),
        ("gemini request", "tools.0.functionDeclarations.0.description", "tool_definition"),
        ("gemini request", "tools.0.function_declarations.0.parameters.properties.any.description", "tool_definition"),
        ("gemini request", "generateContentRequest.contents.0.parts.0.text", "user"),
        ("gemini request", "requests.0.content.parts.0.text", "user"),
        ("gemini request", "title", "user"),
        ("gemini reply", "candidates.0.content.parts.0.text", "assistant"),
        ("gemini reply", "candidates.0.content.parts.0.functionCall.args.any", "assistant"),
        ("gemini reply", "candidates.0.content.parts.0.executableCode.code", "assistant"),
        ("gemini reply", "candidates.0.finishMessage", "assistant"),
        ("gemini reply", "candidates.0.logprobsResult.chosenCandidates.0.token", "assistant"),
        ("gemini reply", "0.candidates.0.content.parts.0.text", "assistant"),
        ("gemini reply", "error.message", ""),
    ],
)
@pytest.mark.covers("T16")
def test_the_texts_that_providers_document_have_their_speaker(table, pointer, role):
    """Rules and records name roles; the list is the issue's own, field by field."""
    path = tuple(0 if step == "0" else step for step in pointer.split("."))
    (leaf,) = walk_value(body(path, MARK), TABLES[table]).leaves
    assert (leaf.role, leaf.text) == (role, MARK)


def test_who_speaks_is_read_from_messages_items_and_blocks():
    """A tool's result stands in a user's message at Anthropic, and is an item of its own at OpenAI."""
    found = walk_value(json.dumps({"messages": [{"role": "user", "content": [{"type": "tool_result", "content": [{"text": "x"}]}]}]}).encode(), REQUESTS["anthropic"])
    assert found.leaves[0].role == "tool"
    items = [{"role": "developer", "content": "x"}, {"type": "function_call_output", "output": "x"}, {"type": "reasoning", "summary": [{"text": "x"}]}]
    found = walk_value(json.dumps({"input": items}).encode(), REQUESTS["openai"])
    assert [leaf.role for leaf in found.leaves] == ["developer", "tool", "assistant"]
    found = walk_value(json.dumps({"contents": [{"role": "model", "parts": [{"text": "x"}]}]}).encode(), REQUESTS["gemini"])
    assert found.leaves[0].role == "assistant"


@pytest.mark.parametrize(
    ("kind", "value", "left_out"),
    [
        (Kind.WORD, "tool_use", True),
        (Kind.WORD, "web_search_preview_2025_03_11", True),
        (Kind.WORD, "two words", False),
        (Kind.WORD, "call4155551234", False),
        (Kind.WORD, "x" * 65, False),
        (Kind.ID, "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", True),
        (Kind.ID, "claude-sonnet-4-20250514", True),
        (Kind.ID, "078-05-1120", False),
        (Kind.ID, "ann@example.org", False),
        (Kind.BLOB, "RXJ0aXN0aWMgbGljZW5zZQ==", True),
        (Kind.BLOB, "Ann Example, 12 High Street", False),
        (Kind.BLOB, "hunter2", False),
        (Kind.TEXT, "user", False),
    ],
)
def test_a_value_is_left_out_only_in_its_shape(kind, value, left_out):
    """The name of a field is the sender's choice; what stands in it decides."""
    assert has_shape(kind, value) is left_out


@pytest.mark.parametrize(("key", "plain"), [("max_tokens", True), ("a.b-c", True), ("ann@example.org", False), ("x4155551234", False), ("two words", False), ("é", False)])
def test_a_plain_key_is_no_text(key, plain):
    """Else every `content` would be a text to scan."""
    assert is_plain(key) is plain


def test_the_tables_own_names_are_plain():
    """What the walk takes for a key it must not have to scan."""
    assert all(is_plain(step) for _, path, _ in PLACES for step in path if isinstance(step, str))
    assert all(has_shape(Kind.WORD, word) for word in PLAIN_WORDS)
