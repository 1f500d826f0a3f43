"""What the readers of streams say of single events, also of those that no recording has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.dialects import DIALECTS
from gateway.dialects.base import Event
from gateway.dialects.pieces import Shape


def operation(dialect: str, path: str):
    return DIALECTS[dialect].route("POST", path).operation


CHAT = operation("openai", "/v1/chat/completions")
COMPLETIONS = operation("openai", "/v1/completions")
RESPONSES = operation("openai", "/v1/responses")
MESSAGES = operation("anthropic", "/v1/messages")
GEMINI = operation("gemini", "/v1beta/models/g:streamGenerateContent")


def one(op, value: Any, name: str = "") -> Shape:
    return op.reader().read(Event(name, json.dumps(value)), value)


def chunk(*choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": list(choices), **more}


def delta(fields: dict[str, Any], at: int = 0, **more: Any) -> dict[str, Any]:
    return {"index": at, "delta": fields, "finish_reason": None, **more}


@pytest.mark.parametrize(
    ("op", "value", "name", "kind"),
    [
        (CHAT, chunk(usage={"prompt_tokens": 1}), "", "barrier"),
        (CHAT, chunk(prompt_filter_results=[]), "", "barrier"),
        (CHAT, {"error": {"message": "no"}}, "", "ends"),
        (CHAT, {"type": "ping"}, "", "free"),
        (CHAT, ["what"], "", "free"),
        (MESSAGES, {"type": "ping"}, "ping", "free"),
        (MESSAGES, {"type": "model_dreams", "index": 0}, "model_dreams", "free"),
        (MESSAGES, {"type": "message_start", "message": {}}, "", "barrier"),
        (MESSAGES, {"type": "message_delta", "delta": {}}, "", "barrier"),
        (MESSAGES, {}, "message_stop", "ends"),
        (MESSAGES, {"type": "error", "error": {}}, "error", "ends"),
        (RESPONSES, {"type": "response.in_progress", "response": {}}, "", "barrier"),
        (RESPONSES, {"type": "response.cancelling", "response": {}}, "", "barrier"),
        (RESPONSES, {"type": "response.failed", "response": {}}, "", "ends"),
        (RESPONSES, {"type": "error", "message": "no"}, "", "ends"),
        (RESPONSES, {"type": "keepalive"}, "", "free"),
        (GEMINI, {"promptFeedback": {"blockReason": "SAFETY"}}, "", "ends"),
        (GEMINI, {"usageMetadata": {}}, "", "barrier"),
        (GEMINI, {"error": {"code": 503}}, "", "ends"),
        (GEMINI, {"x": 1}, "", "free"),
        (operation("openai", "/v1/embeddings"), chunk(delta({"content": "x"})), "", "free"),
    ],
)
def test_events_without_text_say_where_they_stand(op, value, name, kind):
    """Pings and news may pass what is held back; a start, an end and the usage may not."""
    shape = one(op, value, name)
    assert (shape.free, shape.barrier, shape.ends) == (kind == "free", kind in ("barrier", "ends"), kind == "ends")


def test_the_done_line_ends_a_stream():
    """It is no JSON."""
    assert CHAT.reader().read(Event("", "[DONE]"), None).ends
    assert CHAT.reader().read(Event("", "hello"), None).free


def test_a_chunk_with_several_choices_belongs_to_each():
    """A finished choice must not end its neighbour."""
    shape = one(CHAT, chunk(delta({"content": "a"}), delta({"content": "b"}, 1, finish_reason="stop")))
    assert [(piece.channel, piece.pointer) for piece in shape.pieces] == [
        ("choices/0/content", "/choices/0/delta/content"),
        ("choices/1/content", "/choices/1/delta/content"),
    ]
    assert (shape.lanes, shape.closes) == ({"choices/0", "choices/1"}, {"choices/1"})


def test_a_chat_delta_has_more_texts_than_its_content():
    """Fields of compatible servers, and fields invented later, grow as content does; names and ids do not."""
    fields = {
        "role": "assistant",
        "content": ["a", {"type": "text", "text": "b"}, {"type": "thinking", "thinking": "c"}, {"refusal": "d"}],
        "reasoning_details": [{"type": "reasoning.text", "text": "e", "index": 3, "format": "x"}],
        "function_call": {"name": "f", "arguments": "{"},
        "tool_calls": [{"index": 0, "id": "call_1", "type": "custom", "custom": {"name": "g", "input": "h"}}],
        "in/vented": "i",
    }
    shape = one(CHAT, chunk(delta(fields)))
    assert {piece.channel.removeprefix("choices/0/"): (piece.text, piece.is_json) for piece in shape.pieces} == {
        "content": ("b", False),  # the later of two
        "content/thinking": ("c", False),
        "content/refusal": ("d", False),
        "reasoning_details/3/text": ("e", False),
        "function_call/arguments": ("{", True),
        "tool_calls/0/input": ("h", False),
        "in~1vented": ("i", False),
    }
    assert shape.pieces[0].pointer == "/choices/0/delta/content/0"


def closed(op, *values: dict[str, Any]) -> list[frozenset[str]]:
    reader = op.reader()
    return [reader.read(Event("", ""), value).closes for value in values]


def test_thinking_is_over_when_the_answer_begins():
    """Else the last words of the reasoning, held for a match that never comes, would hold the whole answer."""
    assert closed(
        CHAT,
        chunk(delta({"reasoning_content": "hm"})),
        chunk(delta({"reasoning_content": "so", "content": "A"})),
        chunk(delta({"content": "B"})),
        chunk(delta({"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]})),
        chunk(delta({}, finish_reason="stop")),
    ) == [set(), set(), {"choices/0/reasoning_content"}, {"choices/0/content"}, {"choices/0"}]


def test_a_server_that_mixes_its_texts_has_none_ended_early_again():
    """After one return to the reasoning nobody can say that it is over."""
    think, speak = chunk(delta({"reasoning_content": "a"})), chunk(delta({"content": "b"}))
    assert closed(CHAT, think, speak, think, speak, think, speak) == [set(), {"choices/0/reasoning_content"}, set(), set(), set(), set()]


TOKENS = [{"token": "sec", "bytes": [115, 101, 99], "top_logprobs": []}, {"token": "ret", "bytes": [114, 101, 116], "top_logprobs": []}]


@pytest.mark.parametrize(("text", "channel"), [("secret", None), ("", "choices/0/logprobs/content")])
def test_tokens_are_an_echo_of_the_text_and_a_text_where_they_are_not(text, channel):
    """Servers spell tool calls or thoughts in the tokens too: what no channel says must be checked there."""
    shape = one(CHAT, chunk(delta({"content": text}, logprobs={"content": TOKENS, "refusal": None})))
    assert [(echo.pointer, echo.lane) for echo in shape.echoes] == [("/choices/0/logprobs/content", "choices/0")]
    spelled = [(piece.channel, piece.pointer, piece.text) for piece in shape.pieces if "logprobs" in piece.channel]
    places = [f"/choices/0/logprobs/content/{number}/token" for number in range(2)]
    assert spelled == ([] if channel is None else [(channel, places[0], "sec"), (channel, places[1], "ret")])


def test_tokens_that_split_a_character_still_spell_the_text():
    """OpenAI writes a part of a character as an escape; only the bytes add up."""
    tokens = [{"token": "bytes:\\xc3", "bytes": [195]}, {"token": "bytes:\\xa9", "bytes": [169]}]
    assert len(one(CHAT, chunk(delta({"content": "é"}, logprobs={"content": tokens}))).pieces) == 1


def test_the_tokens_of_a_completion_echo_too():
    """Legacy logprobs are arrays side by side."""
    logprobs = {"tokens": ["a", "b"], "token_logprobs": [-1, -2], "top_logprobs": [{"a": -1}, {"b": -2}], "text_offset": [0, 1]}
    shape = one(COMPLETIONS, {"choices": [{"index": 0, "text": "ab", "logprobs": logprobs}]})
    assert [piece.channel for piece in shape.pieces] == ["choices/0/text"]
    assert {echo.pointer.rpartition("/")[2] for echo in shape.echoes} == {"tokens", "token_logprobs", "top_logprobs", "text_offset"}


def test_an_anthropic_block_may_begin_with_text_and_grow_by_unknown_deltas():
    """A signature is no text; what a later API version streams is."""
    block = {"type": "text", "text": "Hel"}
    start = one(MESSAGES, {"type": "content_block_start", "index": 1, "content_block": block})
    assert [(piece.channel, piece.pointer) for piece in start.pieces] == [("content/1/text", "/content_block/text")]
    for fields, found in (
        ({"type": "text_delta", "text": "lo"}, ["content/1/text"]),
        ({"type": "compaction_delta", "content": "s", "encrypted_content": "q"}, ["content/1/content"]),
        ({"type": "signature_delta", "signature": "EqQB"}, []),
    ):
        shape = one(MESSAGES, {"type": "content_block_delta", "index": 1, "delta": fields})
        assert ([piece.channel for piece in shape.pieces], shape.lanes) == (found, {"content/1"})


@pytest.mark.parametrize(
    ("kind", "fields", "channel", "pointer"),
    [
        ("output_text", {"content_index": 2, "delta": "x"}, "output/4/content/2/text", "/delta"),
        ("refusal", {"content_index": 2, "delta": "x"}, "output/4/content/2/refusal", "/delta"),
        ("reasoning_text", {"content_index": 0, "delta": "x"}, "output/4/content/0/text", "/delta"),
        ("reasoning_summary_text", {"summary_index": 1, "delta": "x"}, "output/4/summary/1/text", "/delta"),
        ("mcp_call_arguments", {"delta": "x"}, "output/4/arguments", "/delta"),
        ("custom_tool_call_input", {"delta": "x"}, "output/4/input", "/delta"),
        ("code_interpreter_call_code", {"delta": "x"}, "output/4/code", "/delta"),
        ("shell_call_command", {"command_index": 1, "delta": "x"}, "output/4/shell_call_command/1", "/delta"),
        ("shell_call_output_content", {"command_index": 1, "delta": {"stdout": "x"}}, "output/4/shell_call_output_content/1/stdout", "/delta/stdout"),
        ("invented", {"delta": "x"}, "output/4/invented", "/delta"),
    ],
)
def test_every_delta_of_a_response_grows_somewhere(kind, fields, channel, pointer):
    """Also those of tools that this version does not know."""
    shape = one(RESPONSES, {"type": f"response.{kind}.delta", "output_index": 4, "item_id": "i", **fields})
    assert [(piece.channel, piece.pointer, piece.text) for piece in shape.pieces] == [(channel, pointer, "x")]
    assert shape.pieces[0].is_json == kind.endswith("_arguments")


def test_the_transcript_of_a_spoken_response_is_text_and_its_sound_is_not():
    """Their events name no item."""
    assert one(RESPONSES, {"type": "response.audio.transcript.delta", "delta": "hi"}).pieces[0].channel == "audio/transcript"
    assert not one(RESPONSES, {"type": "response.audio.delta", "delta": "UklGRg"}).pieces


def test_what_a_response_repeats_is_named_with_its_channel():
    """A text that was masked as it grew must be masked where it is said again."""
    part = {"type": "output_text", "text": "all", "logprobs": [{"token": "all"}]}
    items = [{"type": "message", "content": [part]}, {"type": "function_call", "arguments": "{}"}]
    shape = one(RESPONSES, {"type": "response.completed", "response": {"output": items}})
    assert [(whole.pointer, whole.channel, whole.is_json) for whole in shape.wholes] == [
        ("/response/output/0/content/0/text", "output/0/content/0/text", False),
        ("/response/output/1/arguments", "output/1/arguments", True),
    ]
    assert [echo.pointer for echo in shape.echoes] == ["/response/output/0/content/0/logprobs"]
    done = one(RESPONSES, {"type": "response.content_part.done", "output_index": 0, "content_index": 0, "part": part})
    assert (done.wholes[0].pointer, done.wholes[0].channel) == ("/part/text", "output/0/content/0/text")
    assert "output/0/content/0/text" in done.closes


def candidate(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **more}]}


def test_thoughts_and_text_of_a_candidate_are_apart():
    """Both may stand in one event; a call has its arguments whole."""
    call = {"functionCall": {"name": "f", "args": {"city": "Rome"}}}
    shape = one(GEMINI, candidate({"text": "a", "thought": True}, {"text": "b"}, call, {"text": "c"}, finishReason="STOP"))
    assert [(piece.channel, piece.text) for piece in shape.pieces] == [("candidates/0/thought", "a"), ("candidates/0/text", "b"), ("candidates/0/text", "c")]
    assert "candidates/0" in shape.closes
    assert closed(GEMINI, candidate({"text": "a", "thought": True}), candidate({"text": "b"}), candidate(call)) == [
        set(),
        {"candidates/0/thought"},
        {"candidates/0/text"},
    ]


def test_arguments_that_vertex_streams_in_pieces_grow():
    """A call is named in its first event only; each JSON path has a text of its own."""
    reader = GEMINI.reader()

    def args(value: str, more: bool, **named: str) -> dict[str, Any]:
        return candidate({"functionCall": {**named, "partialArgs": [{"jsonPath": "$.city", "stringValue": value, "willContinue": more}], "willContinue": True}})

    seen = [reader.read(Event("", ""), value) for value in (args("Ro", True, name="f"), args("me", False), args("Bo", True, name="f"))]
    assert [(shape.pieces[0].channel, shape.pieces[0].text) for shape in seen] == [
        ("candidates/0/functionCall/0/$.city", "Ro"),
        ("candidates/0/functionCall/0/$.city", "me"),
        ("candidates/0/functionCall/1/$.city", "Bo"),
    ]
    assert seen[1].closes == {"candidates/0/functionCall/0/$.city"}
