"""Replies and refusals made by the gate, as the official SDKs see them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
import openai
import orjson
import pytest
from google import genai
from google.genai import errors, types

from gateway.dialects import DIALECTS
from gateway.dialects.base import Operation
from gateway.dialects.lenient import load
from gateway.dialects.opaque import OPAQUE
from gateway.dialects.sse import events
from gateway.dialects.terminal import Terminal
from gateway.exchange import Segment, Usage

TEXT = 'I may not say that.\n\nAsk "the desk"; 海\u2028\u00a0🌊 data: [DONE]'
MADE: dict[str, Any] = {"model": "m-1", "request_id": "0190-ab/cd", "created": 1700000000}
OPERATIONS = {
    "chat": ("openai", "/v1/chat/completions"),
    "completions": ("openai", "/v1/completions"),
    "responses": ("openai", "/v1/responses"),
    "messages": ("anthropic", "/v1/messages"),
    "gemini": ("gemini", "/v1beta/models/m-1:streamGenerateContent"),
}


def operation(name: str) -> Operation:
    dialect, path = OPERATIONS[name]
    return DIALECTS[dialect].route("POST", path).operation


def body(name: str, streamed: bool) -> bytes:
    return operation(name).say_stream(TEXT, **MADE) if streamed else operation(name).say(TEXT, **MADE)


class Server:
    """Answers every request with the same bytes, and counts them."""

    def __init__(self, content: bytes, *, status: int = 200, streamed: bool = False, headers: dict[str, str] | None = None) -> None:
        self.calls = 0
        self._answer = {"content": content, "status_code": status}
        self._headers = {"content-type": "text/event-stream" if streamed else "application/json", **(headers or {})}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        return httpx2.Response(headers=self._headers, **self._answer)

    @property
    def client(self) -> httpx2.Client:
        return httpx2.Client(transport=httpx2.MockTransport(self))

    def openai(self, **more: Any) -> openai.OpenAI:
        return openai.OpenAI(api_key="x", base_url="http://gate/v1", http_client=self.client, **more)

    def anthropic(self, **more: Any) -> anthropic.Anthropic:
        return anthropic.Anthropic(api_key="x", base_url="http://gate", http_client=self.client, **more)

    def gemini(self, **more: Any) -> genai.Client:
        return genai.Client(api_key="x", http_options=types.HttpOptions(base_url="http://gate", httpx_client=self.client, **more))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_reply_of_the_gate_reads_like_a_models_whole_and_streamed(name):
    """Law 2 holds for what we say ourselves; a record of it costs nothing."""
    op = operation(name)
    whole = op.read_reply(load(op.say(TEXT, **MADE)))
    assembly = op.assemble(events(op.say_stream(TEXT, **MADE)))
    streamed = op.read_reply(assembly.whole)
    assert [(each.role, each.text) for each in whole.segments] == [("assistant", TEXT)]
    assert isinstance(whole.segments[0], Segment) and isinstance(whole.usage, Usage)
    assert (whole.model, whole.complete, assembly.complete, assembly.error) == ("m-1", True, True, None)
    assert whole.usage.input_tokens == whole.usage.output_tokens == 0
    assert (streamed.segments, streamed.finish_reason, streamed.usage) == (whole.segments, whole.finish_reason, whole.usage)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_stream_of_the_gate_has_one_text_and_an_end(name):
    """The data plane and the guard's own reader see in it what they see in a provider's."""
    op, data = operation(name), body(name, True)
    reader, texts, open_ = op.reader(), [], set()
    for event in events(data):
        value = None if event.data == "[DONE]" else orjson.loads(event.data)
        shape = reader.read(event, value)
        texts += [piece.text for piece in shape.pieces]
        open_ |= {piece.lane for piece in shape.pieces}
        open_ = set() if shape.ends else open_ - shape.closes
    assert (texts, open_) == ([TEXT], set())
    assert Terminal(op.ends).push(data) == (name != "gemini")


@pytest.mark.parametrize(
    ("dialect", "path"),
    [
        ("openai", "/v1/embeddings"),
        ("openai", "/v1/moderations"),
        ("openai", "/v1/responses/input_tokens"),
        ("anthropic", "/v1/messages/count_tokens"),
        ("gemini", "/v1beta/models/m:countTokens"),
        ("gemini", "/v1beta/models/m:embedContent"),
        ("openai", "/v1/files"),
    ],
)
def test_what_cannot_speak_says_nothing(dialect, path):
    """The guard then answers with the dialect's error: a vector of words would be worse."""
    op = DIALECTS[dialect].route("POST", path).operation
    assert (op.say(TEXT, **MADE), op.say_stream(TEXT, **MADE)) == (b"", b"")
    assert (OPAQUE.say(TEXT, **MADE), OPAQUE.say_stream(TEXT, **MADE)) == (b"", b"")


USER: list[Any] = [{"role": "user", "content": "x"}]


def chat_helper(server: Server) -> str:
    with server.openai().chat.completions.stream(model="m", messages=USER) as stream:
        return stream.until_done().get_final_completion().choices[0].message.content or ""


def responses_helper(server: Server) -> str:
    with server.openai().responses.stream(model="m", input="x") as stream:
        return stream.until_done().get_final_response().output_text


def messages_helper(server: Server) -> str:
    with server.anthropic().messages.stream(model="m", max_tokens=9, messages=USER) as stream:
        final = stream.get_final_message()
        assert (final.stop_reason, final.usage.output_tokens) == ("end_turn", 0)
        return stream.get_final_text()


def gemini_chat(server: Server) -> str:
    chat = server.gemini().chats.create(model="m")
    said = "".join(chunk.text or "" for chunk in chat.send_message_stream("x"))
    assert [content.role for content in chat.get_history(curated=True)] == ["user", "model"]
    return said


CALLS: dict[str, tuple[str, bool, Callable[[Server], str | None]]] = {
    "chat": ("chat", False, lambda s: s.openai().chat.completions.create(model="m", messages=USER).choices[0].message.content),
    "chat parse": ("chat", False, lambda s: s.openai().chat.completions.parse(model="m", messages=USER).choices[0].message.content),
    "chat stream": (
        "chat",
        True,
        lambda s: "".join(c.choices[0].delta.content or "" for c in s.openai().chat.completions.create(model="m", messages=USER, stream=True)),
    ),
    "chat helper": ("chat", True, chat_helper),
    "completions": ("completions", False, lambda s: s.openai().completions.create(model="m", prompt="x").choices[0].text),
    "completions stream": (
        "completions",
        True,
        lambda s: "".join(c.choices[0].text for c in s.openai().completions.create(model="m", prompt="x", stream=True)),
    ),
    "responses": ("responses", False, lambda s: s.openai().responses.create(model="m", input="x").output_text),
    "responses stream": (
        "responses",
        True,
        lambda s: "".join(e.delta for e in s.openai().responses.create(model="m", input="x", stream=True) if e.type == "response.output_text.delta"),
    ),
    "responses helper": ("responses", True, responses_helper),
    "messages": ("messages", False, lambda s: s.anthropic().messages.create(model="m", max_tokens=9, messages=USER).content[0].text),
    "messages stream": (
        "messages",
        True,
        lambda s: "".join(
            e.delta.text for e in s.anthropic().messages.create(model="m", max_tokens=9, messages=USER, stream=True) if e.type == "content_block_delta"
        ),
    ),
    "messages helper": ("messages", True, messages_helper),
    "gemini": ("gemini", False, lambda s: s.gemini().models.generate_content(model="m", contents="x").text),
    "gemini stream": ("gemini", True, lambda s: "".join(c.text or "" for c in s.gemini().models.generate_content_stream(model="m", contents="x"))),
    "gemini chat": ("gemini", True, gemini_chat),
}


@pytest.mark.parametrize("call", CALLS)
def test_the_official_sdks_take_a_reply_of_the_gate_for_a_models(call):
    """An application shows the configured sentence through the code it has."""
    name, streamed, make = CALLS[call]
    server = Server(body(name, streamed), streamed=streamed)
    assert make(server) == TEXT
    assert server.calls == 1


@pytest.mark.parametrize("finish_reason", ["stop", "content_filter"])
def test_why_a_reply_of_the_gate_ends_with_stop(finish_reason):
    """The SDK's helpers that parse raise on content_filter, and the sentence is lost."""
    server = Server(body("chat", False).replace(b'"finish_reason":"stop"', f'"finish_reason":"{finish_reason}"'.encode()))

    def parsed() -> str | None:
        return server.openai().chat.completions.parse(model="m", messages=USER).choices[0].message.content

    if finish_reason == "stop":
        assert parsed() == TEXT
    else:
        with pytest.raises(openai.ContentFilterFinishReasonError):
            parsed()


@pytest.mark.parametrize("streamed", [False, True])
def test_the_asynchronous_sdks_take_it_too(streamed):
    """They have parsers of streams of their own."""

    async def said(name: str) -> str:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(Server(body(name, streamed), streamed=streamed))) as http:
            if name == "chat":
                made = await openai.AsyncOpenAI(api_key="x", base_url="http://g/v1", http_client=http).chat.completions.create(
                    model="m", messages=USER, stream=streamed
                )
                return "".join([c.choices[0].delta.content or "" async for c in made]) if streamed else made.choices[0].message.content
            if name == "messages":
                client = anthropic.AsyncAnthropic(api_key="x", base_url="http://g", http_client=http)
                given = await client.messages.create(model="m", max_tokens=9, messages=USER, stream=streamed)
                return "".join([e.delta.text async for e in given if e.type == "content_block_delta"]) if streamed else given.content[0].text
            models = genai.Client(api_key="x", http_options=types.HttpOptions(base_url="http://g", httpx_async_client=http)).aio.models
            if streamed:
                return "".join([c.text or "" async for c in await models.generate_content_stream(model="m", contents="x")])
            return (await models.generate_content(model="m", contents="x")).text or ""

    for name in ("chat", "messages", "gemini"):
        assert asyncio.run(said(name)) == TEXT


REFUSALS = {
    "openai": (openai.BadRequestError, openai.InternalServerError, lambda s: s.openai().chat.completions.create(model="m", messages=USER)),
    "anthropic": (anthropic.BadRequestError, anthropic.InternalServerError, lambda s: s.anthropic().messages.create(model="m", max_tokens=9, messages=USER)),
    "gemini": (errors.ClientError, errors.ServerError, lambda s: s.gemini().models.generate_content(model="m", contents="x")),
}


@pytest.mark.parametrize("dialect", REFUSALS)
@pytest.mark.parametrize(("status", "code"), [(400, "policy_blocked"), (503, "guard_unavailable")])
@pytest.mark.covers("G6")
def test_a_refusal_of_the_guard_is_raised_once_as_the_right_class(dialect, status, code):
    """With x-should-retry: false no SDK asks again, although two of them would on a 503; the message says why."""
    refused, unavailable, make = REFUSALS[dialect]
    server = Server(DIALECTS[dialect].error(status, code, "rule pii: mail addresses", "req-7"), status=status, headers={"x-should-retry": "false"})
    with pytest.raises(refused if status == 400 else unavailable) as caught:
        make(server)
    assert server.calls == 1
    assert "rule pii: mail addresses" in str(caught.value)
    assert code in str(caught.value) or code == caught.value.code


def test_the_google_sdk_knows_no_retry_header_and_repeats_only_what_it_was_told_to():
    """Its 4xx are final; a 503 is repeated by callers that set retry_options, whatever the gate says."""
    retrying = types.HttpRetryOptions(attempts=2, initial_delay=0.0, jitter=0.0)
    for status, code, calls in ((400, "policy_blocked", 1), (503, "guard_unavailable", 2)):
        server = Server(DIALECTS["gemini"].error(status, code, "m", "req-7"), status=status, headers={"x-should-retry": "false"})
        with pytest.raises(errors.APIError):
            server.gemini(retry_options=retrying).models.generate_content(model="m", contents="x")
        assert server.calls == calls


def begun(name: str) -> bytes:
    """A stream of the gate's, cut after its text."""
    data = body(name, True)
    if name == "gemini":
        return data.replace(b'"finishReason":"STOP",', b"")
    frames = data.split(b"\n\n")
    last = next(number for number, frame in enumerate(frames) if b"the desk" in frame)
    return b"\n\n".join(frames[: last + 1]) + b"\n\n"


STREAMED: dict[str, tuple[type[Exception], type[Exception], Callable[[Server], Any]]] = {
    "chat": (openai.APIError, openai.APIError, lambda s: s.openai().chat.completions.create(model="m", messages=USER, stream=True)),
    "completions": (openai.APIError, openai.APIError, lambda s: s.openai().completions.create(model="m", prompt="x", stream=True)),
    "responses": (openai.APIError, openai.APIError, lambda s: s.openai().responses.create(model="m", input="x", stream=True)),
    "messages": (
        anthropic.APIStatusError,
        anthropic.APIStatusError,
        lambda s: s.anthropic().messages.create(model="m", max_tokens=9, messages=USER, stream=True),
    ),
    "gemini": (errors.ClientError, errors.ServerError, lambda s: s.gemini().models.generate_content_stream(model="m", contents="x")),
}


@pytest.mark.parametrize("name", STREAMED)
@pytest.mark.parametrize("code", ["policy_blocked", "guard_unavailable"])
@pytest.mark.covers("G6")
def test_a_late_refusal_is_raised_from_the_running_stream(name, code):
    """What was released stays; the end is an error with the rule's words, not a short answer. Nothing is asked again."""
    refused, unavailable, make = STREAMED[name]
    op = operation(name)
    server = Server(begun(name) + DIALECTS[OPERATIONS[name][0]].stream_error(op, code, "rule pii: mail addresses", "req-7"), streamed=True)
    seen = []
    with pytest.raises(refused if code == "policy_blocked" else unavailable) as caught:
        for item in make(server):
            seen.append(item)
    assert seen and server.calls == 1
    assert "rule pii: mail addresses" in str(caught.value)
    assert code in str(caught.value) or code == caught.value.code


def test_a_policys_refusal_in_a_stream_does_not_look_like_an_outage():
    """An application that repeats a call on a server error would repeat what can never pass."""
    for name, word in (("chat", b'"invalid_request_error"'), ("messages", b'"invalid_request_error"'), ("gemini", b'"code":400')):
        assert word in DIALECTS[OPERATIONS[name][0]].stream_error(operation(name), "policy_blocked", "m", "r")
    for name, word in (("chat", b'"server_error"'), ("messages", b'"api_error"'), ("gemini", b'"code":503')):
        assert word in DIALECTS[OPERATIONS[name][0]].stream_error(operation(name), "guard_unavailable", "m", "r")
