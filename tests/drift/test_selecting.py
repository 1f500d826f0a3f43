"""What drift reads of an exchange: the same in every dialect, streamed or not, and something sensible of whatever else the record holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import judge_kinds
from detectors.drift.base import Row
from gateway.drift.selecting import MAX_CHARS, MAX_ROLES, Reads, pointed, row
from tests.dialects.corpus import CASES, STREAMS, Case

CHAT = "/v1/chat/completions"


def stored(request: Any = None, reply: Any = None, dialect: str = "openai", endpoint: str = CHAT, **changes: Any) -> dict[str, Any]:
    """An exchange as the store gives it."""
    texts = {name: body if isinstance(body, str) else "" if body is None else json.dumps(body) for name, body in (("request_body", request), ("reply_body", reply))}
    values: dict[str, Any] = {
        "id": "1", "session_id": "s", "dialect": dialect, "method": "POST", "endpoint": endpoint, "finish_reason": "stop", "input_tokens": 3, "output_tokens": None,
        "verdict": "not_checked", "findings.kind": [], "findings.direction": [], "findings.count": [], "prompt_text": "", "reply_text": "",
    }  # fmt: skip
    return values | texts | changes


def of_case(case: Case, reads: Reads | None = None) -> Row:
    request, reply = case.request.decode("utf-8", "replace"), case.reply.decode("utf-8", "replace")
    return row(stored(request, reply, case.dialect, case.route.endpoint), reads or Reads())


SYSTEM, ONE, TWO = "Be brief.", "Where is my parcel?", "It is late."
TALKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "chat": (
        "openai",
        CHAT,
        {"messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": ONE}, {"role": "assistant", "content": "On its way."}, {"role": "user", "content": [{"type": "text", "text": TWO}]}]},
    ),
    "responses": (
        "openai",
        "/v1/responses",
        {"instructions": SYSTEM, "input": [{"role": "user", "content": ONE}, {"role": "assistant", "content": "On its way."}, {"type": "message", "role": "user", "content": [{"type": "input_text", "text": TWO}]}]},
    ),
    "messages": (
        "anthropic",
        "/v1/messages",
        {"system": SYSTEM, "messages": [{"role": "user", "content": ONE}, {"role": "assistant", "content": "On its way."}, {"role": "user", "content": [{"type": "text", "text": TWO}]}]},
    ),
    "gemini": (
        "gemini",
        "/v1beta/models/{model}:generateContent",
        {
            "systemInstruction": {"parts": [{"text": SYSTEM}]},
            "contents": [{"role": "user", "parts": [{"text": ONE}]}, {"role": "model", "parts": [{"text": "On its way."}]}, {"role": "user", "parts": [{"text": TWO}]}],
        },
    ),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=list(TALKS))
def test_the_same_conversation_is_the_same_row_in_every_dialect(talk: tuple[str, str, dict[str, Any]]) -> None:
    """An app that moves from one provider to another has other bodies, and no other users."""
    dialect, endpoint, body = talk
    body = body | {"tools": [{"name": "lookup", "description": "Finds parcels"}]}
    found = row(stored(body, dialect=dialect, endpoint=endpoint), Reads())
    assert (found.input, found.turns, found.roles) == (TWO, 4, ("system", "user", "assistant", "user"))
    assert row(stored(body, dialect=dialect, endpoint=endpoint), Reads("prompt")).input == "\n".join((SYSTEM, ONE, "On its way.", TWO))


@pytest.mark.parametrize(
    ("body", "endpoint", "dialect", "said", "roles"),
    [
        ({"input": ONE}, "/v1/responses", "openai", ONE, ("user",)),
        ({"input": [{"role": "user", "content": ONE}, {"type": "function_call", "name": "f", "arguments": "{}"}, {"type": "function_call_output", "output": "late"}]}, "/v1/responses", "openai", ONE, ("user", "assistant", "tool")),
        ({"prompt": {"id": "p", "variables": {"question": ONE}}}, "/v1/responses", "openai", ONE, ()),
        ({"prompt": ONE, "suffix": "end"}, "/v1/completions", "openai", ONE, ("user",)),
        ({"prompt": [ONE, TWO]}, "/v1/completions", "openai", f"{ONE}\n{TWO}", ()),
        ({"contents": {"parts": {"text": ONE}}}, "/v1beta/models/{model}:generateContent", "gemini", ONE, ()),
        ({"messages": [{"role": "user", "content": ONE}, {"role": "assistant", "content": [{"type": "tool_use", "name": "f", "input": {"a": 1}}]}, {"role": "user", "content": [{"type": "tool_result", "content": "late"}]}]}, "/v1/messages", "anthropic", ONE, ("user", "assistant", "user")),
        ({"messages": [{"role": "user", "content": ONE}, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x.example/y.png"}}]}]}, CHAT, "openai", ONE, ("user", "user")),
        ({"messages": [{"role": "user", "content": ONE}], "prediction": {"type": "content", "content": "guess"}}, CHAT, "openai", ONE, ("user",)),
        ({"messages": [{"role": "system", "content": SYSTEM}]}, CHAT, "openai", None, ("system",)),
        ({"messages": [{"role": "developer", "content": SYSTEM}, {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]}, CHAT, "openai", "a\nb", ("system", "user")),
    ],
)  # fmt: skip
def test_the_last_message_of_the_user(body: dict[str, Any], endpoint: str, dialect: str, said: str | None, roles: tuple[str, ...]) -> None:
    """What people ask. What a tool gave back, pictures and predictions are not it, wherever they stand."""
    found = row(stored(body, endpoint=endpoint, dialect=dialect), Reads())
    assert (found.input, found.roles) == (said, roles)


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/metadata/question", ONE),
        ("/metadata/a~1b", "slash"),
        ("/metadata/m~0n", "tilde"),
        ("/list/1", "second"),
        ("/list/2", None),
        ("/list/-", None),
        ("/list/01x", None),
        ("/metadata/flags", '{"deep":[1,true]}'),
        ("/metadata/nothing", None),
        ("/metadata/empty", ""),
        ("/metadata/question/more", None),
        ("/metadata/number", "7"),
    ],
)
def test_a_pointer_reads_what_it_points_at(pointer: str, said: str | None) -> None:
    """For apps that wrap the question: RFC 6901, and a value that is no text as JSON."""
    body = {"metadata": {"question": ONE, "a/b": "slash", "m~n": "tilde", "flags": {"deep": [1, True]}, "nothing": None, "empty": "", "number": 7}, "list": ["first", "second"]}
    assert row(stored(body, prompt_text="not this"), Reads("pointer", pointer)).input == said
    assert row(stored("no JSON", prompt_text="nor this"), Reads("pointer", pointer)).input is None
    assert pointed({"": {"": "x"}}, "//") == "x"


CALL = {"id": "c", "type": "function", "function": {"name": "track", "arguments": "{}"}}
REPLIES: dict[str, tuple[str, str, dict[str, Any], str | None, tuple[str, ...]]] = {
    "an answer": ("openai", CHAT, {"choices": [{"message": {"content": "late"}}, {"message": {"content": "other"}}]}, "late", ()),
    "calls of tools": ("openai", CHAT, {"choices": [{"message": {"content": None, "tool_calls": [CALL, {"type": "custom", "custom": {"name": "own", "input": "x"}}]}}]}, None, ("track", "own")),
    "a function": ("openai", CHAT, {"choices": [{"message": {"function_call": {"name": "old", "arguments": "{}"}}}]}, None, ("old",)),
    "an empty answer": ("openai", CHAT, {"choices": [{"message": {"content": ""}}]}, "", ()),
    "a refusal": ("openai", CHAT, {"choices": [{"message": {"content": None, "refusal": "I cannot."}}]}, "I cannot.", ()),
    "an answer aloud": ("openai", CHAT, {"choices": [{"message": {"content": None, "audio": {"transcript": "Hello."}}}]}, "Hello.", ()),
    "responses": ("openai", "/v1/responses", {"output": [{"type": "message", "content": [{"type": "output_text", "text": "late"}]}, {"type": "function_call", "name": "track", "arguments": "{}"}, {"type": "web_search_call"}]}, "late", ("track", "web_search_call")),
    "messages": ("anthropic", "/v1/messages", {"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "late"}, {"type": "tool_use", "name": "track", "input": {}}]}, "late", ("track",)),
    "gemini": ("gemini", "/v1beta/models/{model}:generateContent", {"candidates": [{"content": {"parts": [{"text": "hm", "thought": True}, {"text": "late"}, {"functionCall": {"name": "track", "args": {}}}]}}]}, "late", ("track",)),
}  # fmt: skip


@pytest.mark.parametrize("reply", REPLIES.values(), ids=list(REPLIES))
def test_the_answer_and_the_tools_it_calls(reply: tuple[str, str, dict[str, Any], str | None, tuple[str, ...]]) -> None:
    """None where nothing is said because a tool is called; "" where an answer is empty, which is a thing to be seen."""
    dialect, endpoint, body, said, tools = reply
    found = row(stored({}, body, dialect, endpoint, reply_text="not this"), Reads())
    assert (found.output, found.tools) == (said, tools)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_recorded_exchange_gives_a_row(case: Case) -> None:
    """Streams of eight servers, cut ones among them; one that is another streamed is the same row (law 2)."""
    for reads in (Reads(), Reads("prompt"), Reads("pointer", "/model")):
        found = of_case(case, reads)
        for text in (found.input, found.output):
            assert text is None or len(text) <= MAX_CHARS
    same_as = case.expected.get("same_as")
    if same_as:
        other = next(each for each in CASES if each.id == f"{case.dialect}/{same_as}")
        here, there = of_case(case), of_case(other)
        assert (here.output, here.tools) == (there.output, there.tools) and (here.output is not None or here.tools)


@pytest.mark.parametrize("case", [case for case in STREAMS if case.expected["reply"]["complete"] and b'"error"' not in case.reply], ids=lambda case: case.id)
def test_the_records_own_text_of_a_stream_changes_nothing(case: Case) -> None:
    """Where it is taken for the answer it is the answer, as putting the stream together gives it: neither a thought, nor a call, nor a second choice."""
    request, reply = case.request.decode("utf-8", "replace"), case.reply.decode("utf-8", "replace")
    said = "\n".join(segment[2] for segment in case.expected["reply"]["segments"])
    found = row(stored(request, reply, case.dialect, case.route.endpoint, reply_text=said), Reads())
    assert found == of_case(case)


def test_without_a_body_the_records_own_text_counts() -> None:
    """Cut, dropped for want of room, or too long to be fetched: something is known of it. With content: none there is nothing, and no row is invented."""
    for request, reply in (("", ""), ('{"messages": [{"role": "us', '{"choices": [{"mess')):
        found = row(stored(request, reply, prompt_text="all that was said", reply_text="an answer"), Reads())
        assert (found.input, found.output, found.turns, found.roles, found.tools) == ("all that was said", "an answer", None, (), ())
    nothing = row(stored(), Reads("prompt"))
    assert (nothing.input, nothing.output) == (None, None)


def test_facts_come_from_the_record() -> None:
    """A violation is a broken assertion on the reply; where no guard looked nobody knows of any."""
    broken = min(judge_kinds.FORMAT)
    findings = {"findings.kind": [broken, "EMAIL_ADDRESS", broken], "findings.direction": ["reply", "reply", "request"], "findings.count": [2, 5, 9]}
    looked = row(stored({}, {}, **findings, verdict="flagged", output_tokens=8), Reads())
    assert (looked.violations, looked.input_tokens, looked.output_tokens, looked.finish_reason, looked.session, looked.id) == (2, 3, 8, "stop", "s", "1")
    assert row(stored({}, {}), Reads()).violations is None and row(stored({}, {}, verdict="passed"), Reads()).violations == 0


def test_a_text_is_never_longer_than_it_may_be() -> None:
    """Memory is rows times this; what people ask stands at the beginning or at the end."""
    long = "begin" + "x" * 3 * MAX_CHARS + "end"
    found = row(stored({"messages": [{"role": "user", "content": long}] * (2 * MAX_ROLES)}, {"choices": [{"message": {"content": long}}]}), Reads("prompt"))
    for text in (found.input, found.output):
        assert text is not None and len(text) == MAX_CHARS and text.startswith("begin") and text.endswith("end")
    assert found.turns == 2 * MAX_ROLES and len(found.roles) == MAX_ROLES


JSON = st.recursive(st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
    ("messages", "input", "contents", "content", "role", "parts", "text", "choices", "message", "tool_calls", "function", "name", "type", "output", "candidates", "prompt", "system")), inner, max_size=4), max_leaves=20)  # fmt: skip


@given(request=JSON, reply=JSON, place=st.sampled_from([(talk[0], talk[1]) for talk in TALKS.values()]), text=st.sampled_from(("last_user", "prompt", "pointer")))
@settings(deadline=None)
def test_whatever_a_body_holds_there_is_a_row(request: Any, reply: Any, place: tuple[str, str], text: Any) -> None:
    """Bodies are anybody's; one odd row must not end a run over 20,000."""
    found = row(stored(json.dumps(request), json.dumps(reply), *place), Reads(text, "/messages/0/content"))
    assert isinstance(found, Row) and (found.input is None or isinstance(found.input, str)) and all(isinstance(name, str) for name in (*found.roles, *found.tools))
