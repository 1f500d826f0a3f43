"""The simulated provider, asked by the official SDKs: what it says is what the e2e tests and the demo stand on."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

import pytest

from gateway.demo.ask import count
from gateway.demo.provider import Provider
from tests.support import sdk
from tests.support.sdk import BY_ID, FAILING, GOOD, STREAMS, Caller, Case


@pytest.mark.parametrize("case", GOOD, ids=lambda c: c.id)
def test_the_sdks_read_every_reply_alike_sync_and_async(plain: Caller, later: Caller, case: Case) -> None:
    """A reply that an SDK cannot read would blame the gate for the provider's fault; one that varies could not be compared."""
    first, second = plain.make(case), later.make(case)
    assert (first.error, second.error) == (None, None)
    assert first.items
    assert first.items == second.items


@pytest.mark.parametrize("case", STREAMS, ids=lambda c: c.id)
def test_a_stream_says_what_the_whole_reply_says(plain: Caller, case: Case) -> None:
    """Stream = whole (law 2) can only be tested against an upstream of which it is true."""
    streamed = plain.make(case)
    whole = plain.make(BY_ID[case.whole])
    assert said(case.dialect, streamed.items) == said(case.dialect, whole.items)


@pytest.mark.parametrize("case", FAILING, ids=lambda c: c.id)
def test_errors_raise_the_sdks_own_class(plain: Caller, later: Caller, case: Case) -> None:
    """An error in another shape than the provider's would be raised as something else by the app."""
    first, second = plain.make(case), later.make(case)
    assert (type(first.error).__name__, type(second.error).__name__) == (case.error, case.error)
    assert getattr(first.error, "status_code", None) or getattr(first.error, "code", None) == case.status
    assert str(first.error) == str(second.error)


@pytest.mark.parametrize(
    ("dialect", "fault", "error", "is_cut"),
    [
        ("openai", "error-event", "APIError", True),
        ("responses", "error-event", None, True),
        ("anthropic", "error-event", "APIStatusError", True),
        ("gemini", "error-event", "ServerError", True),
        ("openai", "truncate", None, True),
        ("anthropic", "truncate", None, True),
        ("gemini", "truncate", None, True),
        ("openai", "cut", "APIConnectionError", True),
        ("anthropic", "cut", "RemoteProtocolError", True),
        ("openai", "html-200", None, False),
        ("openai", "redirect", "APIStatusError", False),
    ],
)
def test_a_stream_breaks_the_way_that_was_asked_for(plain: Caller, dialect: str, fault: str, error: str | None, is_cut: bool) -> None:
    """Each way of breaking has its own outcome in the record, so each must be had on demand."""
    seen = plain.make(sdk.broken_stream(dialect, fault))
    assert (type(seen.error).__name__ if seen.error else None) == error
    assert bool(seen.items) == is_cut


def test_usage_comes_in_a_stream_only_when_asked_for(plain: Caller) -> None:
    """OpenAI's rule, which the gate must hide that it bends: without the option there is no usage and no frame without choices."""
    asked, unasked = plain.make(BY_ID["chat-stream-usage"]).items, plain.make(BY_ID["chat-stream"]).items
    assert [(len(f.choices), f.usage is None) for f in asked] == [(1, True)] * (len(asked) - 1) + [(0, False)]
    assert [(len(f.choices), "usage" in f.model_fields_set) for f in unasked] == [(1, False)] * len(unasked)
    assert asked[-1].usage == plain.make(BY_ID["chat"]).items[0].usage


def test_cache_writes_and_reads_are_told_apart(plain: Caller) -> None:
    """The 5-minute and the 1-hour part are priced differently; both must be in the figures, and never a read and a write of the same tokens."""
    used = [plain.make(_lamp(n)).items[0].usage for n in range(12)]
    parts = [(u.cache_creation.ephemeral_5m_input_tokens, u.cache_creation.ephemeral_1h_input_tokens, u.cache_read_input_tokens) for u in used]
    long, short = (count(block["text"]) for block in BY_ID["messages-cache-1"].arguments["system"])
    assert set(parts) == {(short, long, 0), (0, 0, short + long)}
    assert all(u.cache_creation_input_tokens == p[0] + p[1] for u, p in zip(used, parts, strict=True))


def _lamp(days: int) -> Case:
    base = BY_ID["messages-cache-1"]
    return Case("", base.dialect, base.method, {**base.arguments, "messages": sdk.user(f"May I return a lamp after {days} days?")})


@pytest.mark.parametrize(("case", "names"), [("chat-tools", ["Lisbon", "Rome"]), ("messages-tools", ["Lisbon", "Rome"])])
def test_tools_are_called_in_parallel(plain: Caller, case: str, names: list[str]) -> None:
    """Several calls in one reply are where assembling fragments goes wrong."""
    reply = plain.make(BY_ID[case]).items[0]
    if case == "chat-tools":
        found = [json.loads(c.function.arguments)["city"] for c in reply.choices[0].message.tool_calls]
    else:
        found = [b.input["city"] for b in reply.content if b.type == "tool_use"]
    assert found == names


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1beta/models/gemini-2.5-flash:generateContent"])
def test_a_call_without_credential_is_refused(provider: Provider, path: str) -> None:
    """Otherwise a gate that loses the caller's key would go unnoticed."""
    assert _raw(provider, "POST", path, b"{}")[0] == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"model":3}', b'{"model":"m","messages":[3]}', b'{"model":"m","messages":[{"content":[{"type":"image_url"}]}]}'])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1beta/models/m:generateContent", "/v1/responses", "/v1/embeddings", "/v1/nothing"])
def test_a_bad_body_is_the_callers_fault(provider: Provider, path: str, body: bytes) -> None:
    """A 500 from the simulation would be recorded as the provider's fault."""
    status, _ = _raw(provider, "POST", path, body, {"x-api-key": "k", "authorization": "Bearer k", "x-goog-api-key": "k"})
    assert status in (400, 404)


def test_gemini_streams_an_array_without_alt_sse(provider: Provider) -> None:
    """REST clients that do not ask for events get one JSON array, in pieces."""
    body = json.dumps({"contents": [{"parts": [{"text": sdk.HELLO}]}]}).encode()
    status, raw = _raw(provider, "POST", "/v1beta/models/gemini-2.0-flash:streamGenerateContent?key=k", body)
    frames = json.loads(raw)
    assert status == 200
    assert frames[-1]["candidates"][0]["finishReason"] == "STOP"
    assert len(frames) > 2


def test_uploaded_files_can_be_read_again(plain: Caller) -> None:
    """The one state of the provider: without it there is no binary download to relay."""
    card = plain.make(BY_ID["file"]).items[0]
    content = plain.make(Case("", "openai", "files.content", {"file_id": card.id}))
    assert content.items == [b"caf\xc3\xa9\n" * 50]
    assert card.bytes == len(content.items[0])


def test_a_client_that_leaves_early_is_noticed_and_one_that_is_done_is_not(provider: Provider, plain: Caller) -> None:
    """The tests of cancellation ask this list."""
    before = len(provider.aborted)
    plain.make(BY_ID["chat-stream"])  # the OpenAI SDK hangs up after [DONE], before the end of the body
    with plain.openai.chat.completions.create(model="sim-slow", messages=sdk.user(sdk.HELLO), stream=True) as stream:
        next(iter(stream))
    deadline = time.monotonic() + 60
    while len(provider.aborted) == before and time.monotonic() < deadline:
        time.sleep(0.01)
    left = list(provider.aborted)[before:]
    assert [a.target for a in left] == ["/v1/chat/completions"]
    assert left[0].number == provider.received[-1].number


def test_connections_are_counted_and_reused(provider: Provider, plain: Caller) -> None:
    """Keep-alive towards providers is asserted with these numbers."""
    plain.make(BY_ID["chat"])
    connections, requests = provider.connections, provider.requests
    for _ in range(3):
        plain.make(BY_ID["chat"])
    assert (provider.connections, provider.requests) == (connections, requests + 3)


def _raw(provider: Provider, method: str, target: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(provider.url.removeprefix("http://"), timeout=60)
    connection.request(method, target, body, headers or {})
    answer = connection.getresponse()
    status, raw = answer.status, answer.read()
    connection.close()
    return status, raw


def said(dialect: str, items: list[Any]) -> tuple[Any, ...]:
    """(texts by choice, tool calls, reasoning or refusal, end, usage where the stream has it) of a stream or a whole reply."""
    first = items[0]
    if dialect == "openai" and type(first).__name__ == "ChatCompletion":
        return tuple(
            (c.message.content or "", c.message.refusal or "", [(t.id, t.function.name, t.function.arguments) for t in c.message.tool_calls or ()], c.finish_reason) for c in first.choices
        )
    if dialect == "openai" and type(first).__name__ == "ChatCompletionChunk":
        return _chunks(items)
    if type(first).__name__ == "Completion":
        ends = [c.finish_reason for f in items for c in f.choices if c.finish_reason]
        return "".join(c.text for f in items for c in f.choices), ends
    if type(first).__name__ in ("Response", "ResponseCreatedEvent"):
        return (items[-1].response if len(items) > 1 else first,)
    if dialect == "anthropic":
        return _message(items)
    used = items[-1].usage_metadata
    parts = [p for f in items for p in f.candidates[0].content.parts or ()]
    texts = "".join(p.text or "" for p in parts if not p.thought), "".join(p.text or "" for p in parts if p.thought)
    return *texts, [p.function_call for p in parts if p.function_call], items[-1].candidates[0].finish_reason, used


def _chunks(items: list[Any]) -> tuple[Any, ...]:
    choices: dict[int, Any] = {}
    for choice in (c for f in items for c in f.choices):
        text, refusal, calls, end = choices.get(choice.index, ("", "", [], None))
        for piece in choice.delta.tool_calls or ():
            if piece.id:
                calls = [*calls, (piece.id, piece.function.name, "")]
            calls = [*calls[:-1], (*calls[-1][:2], calls[-1][2] + piece.function.arguments)]
        choices[choice.index] = (text + (choice.delta.content or ""), refusal + (choice.delta.refusal or ""), calls, choice.finish_reason or end)
    return tuple(choices[i] for i in sorted(choices))


def _message(items: list[Any]) -> tuple[Any, ...]:
    if items[0].type == "message":
        message = items[0]
        blocks = [b.text if b.type == "text" else b.thinking + b.signature if b.type == "thinking" else (b.id, b.name, b.input) for b in message.content]
        return blocks, message.stop_reason, message.usage.input_tokens, message.usage.output_tokens
    blocks = []
    for event in items:
        if event.type == "content_block_start":
            block = event.content_block
            blocks.append((block.id, block.name, "") if block.type == "tool_use" else "")
        elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
            blocks[-1] = (*blocks[-1][:2], blocks[-1][2] + event.delta.partial_json)
        elif event.type == "content_block_delta":
            blocks[-1] += getattr(event.delta, "text", "") or getattr(event.delta, "thinking", "") or getattr(event.delta, "signature", "")
    shown = [(*b[:2], json.loads(b[2])) if isinstance(b, tuple) else b for b in blocks]
    end = next(e for e in items if e.type == "message_delta")
    return shown, end.delta.stop_reason, items[0].message.usage.input_tokens, end.usage.output_tokens
