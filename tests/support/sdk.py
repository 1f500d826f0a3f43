"""Calls of the official SDKs as a table, and how to make them: synchronous or not, straight to a provider or through the gate.

A `Case` names a method of a client by its dotted path, so that one row serves both kinds of client. What a call gives is turned into a list of the SDK's own
objects (`Seen.items`): the frames of a stream, or the one reply; a page becomes its entries, binary content its bytes. Gemini's
objects carry the HTTP headers, which differ by date: they are taken out, nothing else is.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import anthropic
import httpx2
import openai
from google import genai
from google.genai import types

from gateway.demo.openai_media import png

KEY = "sk-simulated-0123456789"
PNG = base64.b64encode(png(7, side=64)).decode()
LONG = " ".join(f"Clause {n}: goods may be returned within {n + 10} days unless schedule {n % 7} says otherwise." for n in range(90))
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["C", "F"]}, "days": {"type": "integer"}}}
ORDER = {"type": "object", "properties": {"order_id": {"type": "string"}, "express": {"type": "boolean"}}, "required": ["order_id"]}
ANSWER = {"type": "object", "properties": {"answer": {"type": "string"}, "score": {"type": "number"}, "sources": {"type": "array", "items": {"type": "integer"}}}}
HELLO = "Where is my parcel?"
TRIP = "What is the weather in Lisbon and Rome?"


@dataclass(frozen=True)
class Case:
    """dialect: which client.  method: dotted path.  arguments: its keywords.  error: class name of what it raises, "" for nothing.

    whole: id of the case that makes the same call unstreamed, "" if this is it.
    """

    id: str
    dialect: str
    method: str
    arguments: dict[str, Any]
    error: str = ""
    status: int = 200
    whole: str = ""


@dataclass
class Seen:
    """items: what the call gave.  error: what it raised, None for nothing.  headers: of the last HTTP response, None if there was none."""

    items: list[Any] = field(default_factory=list)
    error: BaseException | None = None
    headers: httpx2.Headers | None = None

    @property
    def request_id(self) -> str:
        """The gate's, without dashes; "" if there is none."""
        return (self.headers or {}).get("x-tidegate-request-id", "").replace("-", "")


class Caller:
    """The three SDKs' clients for one base URL, kept open as an app would. No retries: a test that wants one says so."""

    def __init__(self, base: str, *, asynchronous: bool, headers: dict[str, str] | None = None, timeout: float = 30.0, prefixes: tuple[str, str, str] = ("", "", "")) -> None:
        """prefixes: path of the OpenAI, Anthropic and Gemini provider below `base`, as "/openai"."""
        self._headers: list[httpx2.Headers] = []
        self._runner = asyncio.Runner() if asynchronous else None
        common: dict[str, Any] = {"api_key": KEY, "default_headers": headers or {}, "max_retries": 0, "timeout": timeout}
        # Without TLS there is nothing to verify; a client that would verify takes 30 ms to load the certificates.
        plain = httpx2.Client(event_hooks={"response": [self._headers_seen]}, timeout=timeout, verify=False)
        later = httpx2.AsyncClient(event_hooks={"response": [self._headers_seen_later]}, timeout=timeout, verify=False)
        options = types.HttpOptions(base_url=base + prefixes[2], headers=headers or {}, timeout=int(timeout * 1000), httpx_client=plain, httpx_async_client=later)
        google = genai.Client(api_key=KEY, http_options=options)
        self._plain, self._later = plain, later
        self.openai: Any
        self.anthropic: Any
        self.gemini: Any
        if asynchronous:
            self.openai = openai.AsyncOpenAI(base_url=base + prefixes[0] + "/v1", http_client=later, **common)
            self.anthropic = anthropic.AsyncAnthropic(base_url=base + prefixes[1], http_client=later, **common)
            self.gemini = google.aio
        else:
            self.openai = openai.OpenAI(base_url=base + prefixes[0] + "/v1", http_client=plain, **common)
            self.anthropic = anthropic.Anthropic(base_url=base + prefixes[1], http_client=plain, **common)
            self.gemini = google

    def make(self, case: Case) -> Seen:
        """Make one call and read it to its end."""
        self._headers.clear()
        seen = self._runner.run(self._make_later(case)) if self._runner else self._make(case)
        seen.headers = self._headers[-1] if self._headers else None
        return seen

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine where the asynchronous clients live."""
        assert self._runner is not None
        return self._runner.run(work)

    def close(self) -> None:
        if self._runner:
            self._runner.run(self._later.aclose())
            self._runner.close()
        self._plain.close()

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def method(self, case: Case) -> Any:
        found = getattr(self, case.dialect)
        for name in case.method.split("."):
            found = getattr(found, name)
        return found

    def _make(self, case: Case) -> Seen:
        seen = Seen()
        try:
            result = self.method(case)(**case.arguments)
            for item in result if _streams(result) else _entries(result):
                seen.items.append(_clean(item))
        except Exception as e:
            seen.error = e
        return seen

    async def _make_later(self, case: Case) -> Seen:
        seen = Seen()
        try:
            result = await self.method(case)(**case.arguments)
            if _streams(result):
                async for item in result:
                    seen.items.append(_clean(item))
            else:
                seen.items += [_clean(item) for item in _entries(result)]
        except Exception as e:
            seen.error = e
        return seen

    def _headers_seen(self, response: httpx2.Response) -> None:
        self._headers.append(response.headers)

    async def _headers_seen_later(self, response: httpx2.Response) -> None:
        self._headers_seen(response)


def _streams(result: Any) -> bool:
    return isinstance(result, (openai.Stream, openai.AsyncStream, anthropic.Stream, anthropic.AsyncStream)) or type(result).__name__ in ("generator", "async_generator")


def _entries(result: Any) -> list[Any]:
    if isinstance(result, (str, bytes)):
        return [result]
    if hasattr(result, "page"):
        return list(result.page)
    if hasattr(result, "next_page_info"):
        return list(result.data)
    if type(result).__name__ == "HttpxBinaryResponseContent":
        return [result.content]
    return [result]


def _clean(item: Any) -> Any:
    if getattr(item, "sdk_http_response", None) is not None:
        item.sdk_http_response = None
    return item


def user(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text}]


def _chat(id: str, model: str = "gpt-4o-mini", text: str = HELLO, **more: Any) -> Case:
    return Case(id, "openai", "chat.completions.create", {"model": model, "messages": user(text), **more})


def _responses(id: str, given: Any = HELLO, model: str = "gpt-4.1-mini", **more: Any) -> Case:
    return Case(id, "openai", "responses.create", {"model": model, "input": given, **more})


def _messages(id: str, content: Any = HELLO, model: str = "claude-sonnet-4-6", **more: Any) -> Case:
    return Case(id, "anthropic", "messages.create", {"model": model, "max_tokens": 900, "messages": [{"role": "user", "content": content}], **more})


def _content(id: str, contents: Any = HELLO, model: str = "gemini-2.0-flash", **config: Any) -> Case:
    return Case(id, "gemini", "models.generate_content", {"model": model, "contents": contents, **({"config": types.GenerateContentConfig(**config)} if config else {})})


def _gemini_tool() -> types.Tool:
    return types.Tool(function_declarations=[types.FunctionDeclaration(name="get_weather", parameters_json_schema=WEATHER)])


_TOOL = {"type": "function", "function": {"name": "get_weather", "description": "The forecast", "parameters": WEATHER}}
_OPENAI_HISTORY = [
    *user("And the weather in Oslo?"),
    {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Oslo"}'}}]},
    {"role": "tool", "tool_call_id": "call_1", "content": "4 degrees, snow ❄"},
]
_ANTHROPIC_TOOL = {"name": "get_weather", "description": "The forecast", "input_schema": WEATHER}
_CACHE_SYSTEM = [
    {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
    {"type": "text", "text": "Answer in one paragraph, and quote the clause.", "cache_control": {"type": "ephemeral"}},
]

# Unstreamed calls that have a streamed twin, made from them below.
_TEXTS = [
    _chat("chat"),
    _chat("chat-choices", n=3),
    _chat("chat-tools", text=TRIP, tools=[_TOOL]),
    _chat("chat-tool-result", messages=_OPENAI_HISTORY, tools=[_TOOL]),
    _chat("chat-image", messages=[{"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}]}]),
    _chat("chat-json", response_format={"type": "json_schema", "json_schema": {"name": "answer", "schema": ANSWER}}),
    _chat("chat-reasoning", "o4-mini", "How many days do I have to return shoes?", max_completion_tokens=4000),
    _chat("chat-refusal", text="How do I hack into a till?"),
    _chat("chat-length", max_tokens=5),
    _chat("chat-cached", messages=[{"role": "system", "content": LONG}, *user("May I return a lamp after 14 days?")]),
    Case("completions", "openai", "completions.create", {"model": "gpt-3.5-turbo-instruct", "prompt": "Once upon a tide", "max_tokens": 60}),
    _responses("responses"),
    _responses("responses-tools", TRIP, tools=[{"type": "function", "name": "get_weather", "parameters": WEATHER, "strict": False}]),
    _responses("responses-reasoning", "Compare the two return policies", "gpt-5-mini", reasoning={"effort": "low", "summary": "auto"}),
    _responses("responses-image", [{"role": "user", "content": [{"type": "input_text", "text": "Read it"}, {"type": "input_image", "detail": "low", "image_url": f"data:image/png;base64,{PNG}"}]}]),
    _responses("responses-length", max_output_tokens=16),
    _responses("responses-refusal", "How do I hack into a till?"),
    _messages("messages"),
    _messages("messages-tools", TRIP, tools=[_ANTHROPIC_TOOL]),
    _messages("messages-thinking", thinking={"type": "adaptive"}),
    _messages("messages-image", [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}, {"type": "text", "text": "What is this?"}]),
    _messages("messages-cache-1", "May I return a lamp after 10 days?", system=_CACHE_SYSTEM),
    _messages("messages-cache-2", "May I return a sofa after 40 days?", system=_CACHE_SYSTEM),
    _messages("messages-refusal", "How do I hack into a till?"),
    _messages("messages-length", max_tokens=5),
    _content("content"),
    _content("content-tools", TRIP, tools=[_gemini_tool()], automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True)),
    _content("content-thoughts", model="gemini-2.5-flash", thinking_config=types.ThinkingConfig(include_thoughts=True)),
    _content("content-image", [types.Part.from_bytes(data=png(3), mime_type="image/png"), "What is this?"]),
    _content("content-json", response_mime_type="application/json", response_json_schema=ANSWER),
    _content("content-cached", f"{LONG}\nMay I return a lamp after 12 days?", model="gemini-2.5-flash"),
    _content("content-length", max_output_tokens=5),
]


def _streamed(case: Case) -> Case:
    if case.dialect == "gemini":
        return Case(f"{case.id}-stream", "gemini", "models.generate_content_stream", case.arguments, whole=case.id)
    return Case(f"{case.id}-stream", case.dialect, case.method, {**case.arguments, "stream": True}, whole=case.id)


STREAMS = [_streamed(case) for case in _TEXTS]
_ASKED = _chat("chat-stream-usage", stream=True, stream_options={"include_usage": True})

OTHERS = [
    Case(_ASKED.id, _ASKED.dialect, _ASKED.method, _ASKED.arguments, whole="chat"),
    Case("embeddings", "openai", "embeddings.create", {"model": "text-embedding-3-small", "input": ["one lamp", "two lamps", "früher"]}),
    Case("embeddings-floats", "openai", "embeddings.create", {"model": "text-embedding-3-small", "input": "lamp", "encoding_format": "float", "dimensions": 64}),
    Case("moderations", "openai", "moderations.create", {"model": "omni-moderation-latest", "input": "I will kill this lamp"}),
    Case("models", "openai", "models.list", {}),
    Case("model", "openai", "models.retrieve", {"model": "gpt-4o-mini"}),
    Case("image", "openai", "images.generate", {"model": "gpt-image-1", "prompt": "a lighthouse"}),
    Case("speech", "openai", "audio.speech.create", {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": "Your parcel is here."}),
    Case("transcription", "openai", "audio.transcriptions.create", {"model": "gpt-4o-transcribe", "file": ("a.wav", b"RIFF\x00\xff" * 500)}),
    Case("file", "openai", "files.create", {"file": ("notes.txt", b"caf\xc3\xa9\n" * 50), "purpose": "user_data"}),
    Case("files", "openai", "files.list", {}),
    Case("batch", "openai", "batches.create", {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "completion_window": "24h"}),
    Case("count-tokens", "anthropic", "messages.count_tokens", {"model": "claude-haiku-4-5", "messages": user(HELLO)}),
    Case("anthropic-models", "anthropic", "models.list", {}),
    Case("embed-content", "gemini", "models.embed_content", {"model": "gemini-embedding-001", "contents": ["one lamp", "two lamps"]}),
    Case("gemini-count", "gemini", "models.count_tokens", {"model": "gemini-2.5-flash", "contents": HELLO}),
    Case("gemini-models", "gemini", "models.list", {}),
    Case("gemini-model", "gemini", "models.get", {"model": "gemini-2.5-flash"}),
]
GOOD = [*_TEXTS, *STREAMS, *OTHERS]


def _failing() -> list[Case]:
    made = []
    for status, openai_error, anthropic_error, gemini_error in (
        (400, "BadRequestError", "BadRequestError", "ClientError"),
        (401, "AuthenticationError", "AuthenticationError", "ClientError"),
        (403, "PermissionDeniedError", "PermissionDeniedError", "ClientError"),
        (404, "NotFoundError", "NotFoundError", "ClientError"),
        (409, "ConflictError", "ConflictError", "ClientError"),
        (422, "UnprocessableEntityError", "UnprocessableEntityError", "ClientError"),
        (429, "RateLimitError", "RateLimitError", "ClientError"),
        (500, "InternalServerError", "InternalServerError", "ServerError"),
        (503, "InternalServerError", "ServiceUnavailableError", "ServerError"),
        (529, "InternalServerError", "OverloadedError", "ServerError"),
    ):
        text = f"{HELLO} sim-{status}"
        rows = [(_chat(f"chat-{status}", text=text), openai_error), (_messages(f"messages-{status}", text), anthropic_error), (_content(f"content-{status}", text), gemini_error)]
        made += [Case(c.id, c.dialect, c.method, c.arguments, error, status) for c, error in rows]
        if status in (429, 500):
            for row, error in rows:
                twin = _streamed(row)
                made.append(Case(twin.id, twin.dialect, twin.method, twin.arguments, error, status))
    quota = _chat("chat-quota", text="sim-quota")
    return [*made, Case(quota.id, quota.dialect, quota.method, quota.arguments, "RateLimitError", 429)]


FAILING = _failing()
BY_ID = {case.id: case for case in (*GOOD, *FAILING)}


def broken_stream(dialect: str, fault: str) -> Case:
    """A streamed call, one a dialect and API, whose reply goes wrong in the middle. dialect: openai, responses, anthropic or gemini."""
    text = f"{HELLO} sim-{fault}"
    plain = {"openai": _chat, "responses": _responses, "anthropic": _messages, "gemini": _content}[dialect]
    case = plain(f"{dialect}-{fault}", text=text) if dialect == "openai" else plain(f"{dialect}-{fault}", text)
    return Case(case.id, case.dialect, _streamed(case).method, _streamed(case).arguments)
