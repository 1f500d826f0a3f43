"""What goes wrong in the middle: broken replies, timeouts on either side, clients that leave. The app sees what it would see without the gate, or an
error in its dialect's own words; the row says whose fault it was and what was really said."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from typing import Any

import pytest

from gateway.demo.provider import Aborted, Provider
from tests.e2e.conftest import HEADERS, MODES
from tests.support.gate import ROW_S, RunningGate
from tests.support.sdk import BY_ID, HELLO, Caller, Case, Seen, broken_stream, user

APIS = ("openai", "responses", "anthropic", "gemini")
_IMPATIENT = ("/impatient-openai", "/impatient-anthropic", "/impatient-gemini")
_OVERLOADED = {"openai": "server_error", "responses": "server_error", "anthropic": "overloaded_error", "gemini": "unavailable"}


@pytest.mark.covers("U20")
@pytest.mark.parametrize("api", APIS)
def test_an_error_inside_a_stream_is_passed_on_and_recorded(gate: RunningGate, callers: dict[str, Caller], direct: dict[str, Caller], api: str) -> None:
    """Status 200 with an error in it is where other gateways record an empty success."""
    case = broken_stream(api, "error-event")
    for mode in MODES:
        straight, gated = direct[mode].make(case), callers[mode].make(case)
        assert (gated.items, str(gated.error)) == (straight.items, str(straight.error))
        row = _row(gate, gated)
        assert (row["status"], row["outcome"], row["error_code"]) == (200, "provider_error_event", _OVERLOADED[api])
        assert row["reply_text"].strip() == _text(gated.items)


@pytest.mark.covers("U8", "U10")
@pytest.mark.parametrize("api", APIS)
def test_a_stream_that_ends_too_early_is_no_success(gate: RunningGate, callers: dict[str, Caller], direct: dict[str, Caller], api: str) -> None:
    """HTTP says that all is well; only the missing terminal event tells (law 7)."""
    case = broken_stream(api, "truncate")
    for mode in MODES:
        straight, gated = direct[mode].make(case), callers[mode].make(case)
        assert (gated.items, gated.error) == (straight.items, None)
        row = _row(gate, gated)
        assert (row["status"], row["outcome"], row["error_code"]) == (200, "provider_truncated", "no_terminal_event")
        assert row["reply_text"].strip() == _text(gated.items)


@pytest.mark.covers("U8")
@pytest.mark.parametrize("api", APIS)
def test_a_connection_cut_in_a_stream_is_an_error_for_the_app(gate: RunningGate, callers: dict[str, Caller], api: str) -> None:
    """The app must not take half an answer for a whole one, and must learn whose connection it was."""
    for mode in MODES:
        seen = callers[mode].make(broken_stream(api, "cut"))
        assert "the provider closed the connection" in str(seen.error)
        row = _row(gate, seen)
        assert (row["status"], row["outcome"]) == (200, "provider_truncated")
        assert row["reply_text"].strip() == _text(seen.items)


@pytest.mark.covers("U18")
@pytest.mark.parametrize("api", APIS)
def test_a_redirect_is_not_followed(gate: RunningGate, provider: Provider, callers: dict[str, Caller], api: str) -> None:
    """Following it would hand the app's key to whoever the provider names."""
    seen = callers["sync"].make(broken_stream(api, "redirect"))
    assert getattr(seen.error, "status_code", None) or getattr(seen.error, "code", None) == 502
    assert seen.headers is not None
    assert (seen.headers["x-tidegate-error-source"], seen.headers["x-should-retry"]) == ("provider", "false")
    row = _row(gate, seen)
    assert (row["status"], row["outcome"], row["cost_usd"]) == (502, "provider_protocol", None)
    assert [r.target for r in provider.received if r.target.startswith("/sim-landing")] == []


@pytest.mark.covers("U6")
@pytest.mark.parametrize("api", APIS)
def test_a_provider_without_an_answer_is_a_504_in_the_dialects_shape(gate: RunningGate, provider: Provider, api: str) -> None:
    """The SDKs must be able to tell the gate's limit from their own, and the hanging call must not be left running."""
    before = len(provider.aborted)
    with Caller(gate.base_url, asynchronous=False, headers=HEADERS, prefixes=_IMPATIENT) as caller:
        seen = caller.make(broken_stream(api, "hang"))
    expected = {"anthropic": "GatewayTimeoutError", "gemini": "ServerError"}.get(api, "InternalServerError")
    assert type(seen.error).__name__ == expected
    assert "timeouts.first_byte_s" in str(seen.error)
    row = _row(gate, seen)
    assert (row["status"], row["outcome"], row["provider"]) == (504, "provider_timeout", f"impatient-{_dialect(api)}")
    _left(provider, before)


@pytest.mark.covers("U7")
@pytest.mark.parametrize("api", APIS)
def test_a_stream_that_stalls_ends_in_an_error(gate: RunningGate, provider: Provider, api: str) -> None:
    """Half an answer and then silence: an error event in the dialect, never its terminal event."""
    before = len(provider.aborted)
    with Caller(gate.base_url, asynchronous=False, headers=HEADERS, prefixes=_IMPATIENT) as caller:
        seen = caller.make(broken_stream(api, "stall"))
    assert "timeouts.idle_s" in str(seen.error)
    row = _row(gate, seen)
    assert (row["status"], row["outcome"]) == (200, "provider_timeout")
    assert row["reply_text"].strip() == _text(seen.items) != ""
    _left(provider, before)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("api", APIS)
def test_an_sdks_own_timeout_reaches_the_provider(gate: RunningGate, provider: Provider, direct: dict[str, Caller], api: str, mode: str) -> None:
    """The app gave up; tokens for nobody must not be paid for."""
    case, session, later = broken_stream(api, "hang"), f"impatient-{api}-{mode}", mode == "async"
    before = len(provider.aborted)
    labelled = {**HEADERS, "x-tidegate-session": session}
    with Caller(provider.url, asynchronous=later, timeout=0.4) as straight, Caller(gate.base_url, asynchronous=later, headers=labelled, timeout=0.4) as gated:
        expected, seen = straight.make(case), gated.make(case)
    assert (type(seen.error), str(seen.error)) == (type(expected.error), str(expected.error))
    _left(provider, before + 1)  # the first is the direct one's
    row = _only(gate, session)
    assert (row["status"], row["upstream_status"], row["outcome"], row["reply_text"]) == (0, None, "caller_cancelled", "")


@pytest.mark.parametrize("api", APIS)
def test_a_stream_that_its_reader_leaves_is_aborted_upstream(gate: RunningGate, provider: Provider, api: str) -> None:
    """A user closes the tab; the provider must stop, and what was said until then is on record."""
    case = broken_stream(api, "slow")
    before = len(provider.aborted)
    with Caller(gate.base_url, asynchronous=False, headers={**HEADERS, "x-tidegate-session": f"left-{api}"}) as caller:
        stream = caller.method(case)(**case.arguments)
        read = [item for item, _ in zip(stream, range(4), strict=False)]
        stream.close()
    assert len(read) == 4
    left = _left(provider, before)
    assert left.pieces >= 4
    row = _only(gate, f"left-{api}")
    assert (row["status"], row["outcome"], row["is_stream"]) == (200, "caller_cancelled", True)
    assert row["finish_reason"] not in ("stop", "completed", "end_turn", "STOP")


@pytest.mark.parametrize("api", APIS)
def test_a_cancelled_task_is_aborted_upstream(gate: RunningGate, provider: Provider, api: str) -> None:
    """The same for asyncio apps, and before the first byte."""
    case = broken_stream(api, "hang")
    before = len(provider.aborted)
    requests = provider.requests
    caller = Caller(gate.base_url, asynchronous=True, headers={**HEADERS, "x-tidegate-session": f"cancelled-{api}"})

    async def read() -> None:
        async for _ in await caller.method(case)(**case.arguments):
            raise AssertionError("a hanging provider said something")

    async def cancelled() -> None:
        task = asyncio.create_task(read())
        async with asyncio.timeout(60):
            while provider.requests == requests:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    caller.run(cancelled())
    _left(provider, before)
    caller.close()
    row = _only(gate, f"cancelled-{api}")
    assert (row["status"], row["outcome"], row["reply_text"]) == (0, "caller_cancelled", "")


@pytest.mark.parametrize("case", ["chat-tools-stream", "responses", "messages-stream", "content", "gemini-models", "anthropic-models"])
def test_a_provider_may_be_named_in_the_path(gate: RunningGate, direct: dict[str, Caller], case: str) -> None:
    """`/<provider>/...` is how an app picks one of several of the same dialect."""
    with Caller(gate.base_url, asynchronous=False, headers=HEADERS, prefixes=("/openai", "/anthropic", "/gemini")) as caller:
        named = caller.make(BY_ID[case])
    assert (named.items, named.error) == (direct["sync"].make(BY_ID[case]).items, None)


def test_an_unknown_provider_is_the_callers_error(gate: RunningGate) -> None:
    """A typo in a base URL must not look like the provider's fault."""
    with Caller(gate.base_url, asynchronous=False, prefixes=("/opneai", "", "")) as caller:
        seen = caller.make(BY_ID["chat"])
    assert (type(seen.error).__name__, getattr(seen.error, "code", None)) == ("NotFoundError", "route_unknown")
    assert seen.headers is not None
    assert (seen.headers["x-tidegate-error-source"], seen.headers["x-should-retry"]) == ("caller", "false")


@pytest.mark.parametrize("mode", MODES)
def test_a_large_image_passes_unchanged(gate: RunningGate, provider: Provider, callers: dict[str, Caller], direct: dict[str, Caller], mode: str) -> None:
    """Base64 images of some megabytes are everyday input, and where gateways that parse on the event loop fall over."""
    image = base64.b64encode(bytes(range(256)) * 12_000).decode()
    content: list[dict[str, Any]] = [{"type": "text", "text": HELLO}, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}}]
    case = Case("", "openai", "chat.completions.create", {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": content}], "stream": True})
    straight, sent = direct[mode].make(case), provider.received[-1].body
    gated = callers[mode].make(case)
    assert (gated.items, gated.error) == (straight.items, None)
    assert provider.received[-1].body.replace(b'"stream_options":{"include_usage":true},', b"") == sent
    row = _row(gate, gated)
    assert (row["outcome"], row["request_bytes"], HELLO in row["prompt_text"]) == ("ok", len(sent), True)


def test_connections_to_the_provider_are_kept(provider: Provider, callers: dict[str, Caller]) -> None:
    """A new connection a call is a TLS handshake a call."""
    callers["sync"].make(BY_ID["chat"])
    connections, requests = provider.connections, provider.requests
    for name in ("chat", "chat-stream", "embeddings", "chat-429", "responses-stream") * 3:
        callers["sync"].make(BY_ID[name])
    assert (provider.connections - connections, provider.requests - requests) == (0, 15)


def test_calls_of_many_threads_of_control_are_kept_apart(gate: RunningGate, provider: Provider) -> None:
    """Answers that get crossed under load would be one tenant's text in another's hands."""
    caller = Caller(gate.base_url, asynchronous=True, headers=HEADERS)
    questions = [f"Where is parcel number {n}?" for n in range(60)]

    async def ask(question: str) -> list[Any]:
        stream = await caller.openai.chat.completions.create(model="gpt-4o-mini", messages=user(question), stream=True)
        return [chunk async for chunk in stream]

    async def all_at_once() -> list[list[Any]]:
        return await asyncio.gather(*(ask(q) for q in questions))

    try:
        crowded = caller.run(all_at_once())
    finally:
        caller.close()
    with Caller(provider.url, asynchronous=False) as straight:
        alone = [straight.make(Case("", "openai", "chat.completions.create", {"model": "gpt-4o-mini", "messages": user(q), "stream": True})).items for q in questions]
    assert crowded == alone


def _dialect(api: str) -> str:
    return "openai" if api == "responses" else api


def _row(gate: RunningGate, seen: Seen) -> dict[str, Any]:
    return dict(gate.row(seen.request_id)["exchange"])


def _only(gate: RunningGate, session: str) -> dict[str, Any]:
    """The one row of a session, once it is there; for calls whose reply had no head to read an id from."""
    deadline = time.monotonic() + ROW_S
    while True:
        page = json.loads(gate.get(f"{gate.admin_url}/api/exchanges?session_id={session}") or b'{"exchanges": []}')["exchanges"]
        if page:
            assert len(page) == 1
            return dict(gate.row(page[0]["id"])["exchange"])
        assert time.monotonic() < deadline, f"no row of session {session}"
        time.sleep(0.05)


def _left(provider: Provider, before: int) -> Aborted:
    """The abort that the provider noticed after it had noticed `before`. Aborts are due within a second; a busy machine is given more."""
    deadline = time.monotonic() + 60
    while len(provider.aborted) <= before:
        assert time.monotonic() < deadline, "the provider was left to talk to nobody"
        time.sleep(0.01)
    return provider.aborted[before]


def _text(items: list[Any]) -> str:
    """What a stream of any of the APIs said, as the app read it."""
    said = []
    for item in items:
        if hasattr(item, "choices"):
            said += [choice.delta.content or "" for choice in item.choices]
        elif hasattr(item, "candidates"):
            said += [part.text or "" for part in item.candidates[0].content.parts or ()]
        elif item.type == "response.output_text.delta":
            said.append(item.delta)
        elif item.type == "content_block_delta":
            said.append(item.delta.text)
    return "".join(said).strip()
