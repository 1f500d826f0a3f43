"""Streams under guard on the wire: a rule that speaks in the model's place, one that stops a reply late, a provider that dies, and streams that are no event streams."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest

from gateway.dialects import DIALECTS
from gateway.dialects.reading import read_reply
from gateway.dialects.sse import events
from gateway.exchange import Outcome
from tests.guard.test_stream_seams import blocks, chunk, event, response
from tests.proxy.test_guard import CARD, CHAT, MAIL, chat, rules
from tests.support.proxy import chunked, gate, ok, post, provider, replying, split, upstream

WORDS = "I cannot say that."
SPEAKS = rules(f'name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block, tier: patterns, reply: "{WORDS}"')
MASKS = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: mask, tier: patterns")
BLOCKS = rules("name: out, detector: pii, on: reply, kinds: [CREDIT_CARD], action: block, tier: patterns")
STOP, DONE = chunk("stop"), b"data: [DONE]\n\n"
GEMINI = "/v1beta/models/gemini-2.5-flash:streamGenerateContent"


def gemini(text: str, **more: object) -> bytes:
    return event({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}], "modelVersion": "gemini-2.5-flash"}, b"\r\n\r\n")


def completion(text: str, finish: str | None = None) -> bytes:
    return event({"id": "cmpl", "object": "text_completion", "choices": [{"index": 0, "text": text, "finish_reason": finish}]})


def replies(*texts: str) -> dict[str, tuple[str, str, bytes, list[bytes]]]:
    """Of each endpoint that streams: the dialect, the path, the request, and a reply that says the texts one after the other."""
    asked = chat("hi", stream=True)
    return {
        "chat": ("openai", CHAT, asked, [chunk(role="assistant", content=""), *(chunk(content=text) for text in texts), STOP, DONE]),
        "completions": ("openai", "/v1/completions", b'{"model":"m","prompt":"hi","stream":true}', [*(completion(text) for text in texts), completion("", "stop"), DONE]),
        "responses": ("openai", "/v1/responses", b'{"model":"m","input":"hi","stream":true}', response([[("text", list(texts))]])[0]),
        "messages": ("anthropic", "/v1/messages", asked, _one_block(texts)),
        "gemini": ("gemini", GEMINI + "?alt=sse", b'{"contents":[{"parts":[{"text":"hi"}]}]}', [*(gemini(text) for text in texts), gemini("", finishReason="STOP")]),
    }


def _one_block(texts: tuple[str, ...]) -> list[bytes]:
    told, _ = blocks("@")
    delta = told[2].decode()
    return [*told[:2], b'event: ping\ndata: {"type": "ping"}\n\n', *(delta.replace('"@"', json.dumps(text)).encode() for text in texts), *told[3:]]


def in_two(first: list[bytes], rest: list[bytes], seen: asyncio.Event, content_type: str = "text/event-stream"):
    """A provider that says the rest when the app has seen the first."""

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(*first, end=False, content_type=content_type))
        await writer.drain()
        await seen.wait()
        writer.write(chunked(*rest).partition(b"\r\n\r\n")[2])
        await writer.drain()

    return script


async def read_in_two(g, request: bytes, until: bytes, seen: asyncio.Event) -> bytes:
    """The body of the reply. seen: is set when `until` has come."""
    reader, writer = await g.connect()
    writer.write(request)
    answer = await asyncio.wait_for(reader.readuntil(until), 60)
    seen.set()
    answer += await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return _unchunked(answer)


def of(port: int, dialect: str) -> str:
    return provider(port, dialect=dialect) if dialect != "openai" else provider(port, more="ask_usage: false")


@pytest.mark.covers("G6")
@pytest.mark.parametrize("kind", replies("x"))
async def test_a_rule_speaks_in_the_models_place_if_nothing_was_said(tmp_path, kind):
    """The head of the provider's stream must not have gone before: what the app gets is one whole stream, with the rule's words and an end."""
    dialect, path, body, told = replies(f"It is {CARD}", " ok")[kind]
    async with upstream(replying(chunked(*told))) as up, gate(tmp_path, of(up.port, dialect), more=SPEAKS) as g:
        status, headers, said = split(await g.ask(post(path, body)))
        assert status == 200 and headers["content-type"] == "text/event-stream", said
        operation = DIALECTS[dialect].route("POST", path.partition("?")[0]).operation
        assert operation.assemble(events(said)).complete
        assert [each.text for each in read_reply(operation, 200, "text/event-stream", said).segments] == [WORDS]
        assert b"4111 1" not in said and g.exchanges()[0][2].outcome == Outcome.POLICY_BLOCKED


@pytest.mark.covers("G6")
@pytest.mark.parametrize("kind", replies("x"))
async def test_a_rule_that_stops_a_reply_late_ends_it_with_the_dialects_error(tmp_path, kind):
    """Something has been said, so there is no room for other words: the error as this dialect's streams say it, and no end."""
    dialect, path, body, told = replies("All is well so far. ", f"It is {CARD}", " ok")[kind]
    seen = asyncio.Event()
    after = next(number for number, each in enumerate(told) if b"It is" in each)
    async with upstream(in_two(told[:after], told[after:], seen)) as up, gate(tmp_path, of(up.port, dialect), more=SPEAKS) as g:
        answer = await read_in_two(g, post(path, body), b"All is well", seen)
        assert b"4111 1" not in answer and WORDS.encode() not in answer
        last = json.loads(answer[answer.rindex(b"data: {") + 6 :].splitlines()[0])
        assert "policy_blocked" in json.dumps(last) and last.get("error")
        assert b"[DONE]" not in answer and b"message_stop" not in answer and b"response.completed" not in answer
        assert g.exchanges()[0][2].verdict == "blocked"


async def test_a_gemini_stream_that_is_an_array_gets_an_array(tmp_path):
    """Without alt=sse the app parses a JSON array."""
    body = json.dumps([{"candidates": [{"content": {"parts": [{"text": CARD}]}, "index": 0}]}]).encode()
    async with upstream(replying(ok(body))) as up, gate(tmp_path, of(up.port, "gemini"), more=SPEAKS) as g:
        status, _, said = split(await g.ask(post(GEMINI, b'{"contents":[{"parts":[{"text":"hi"}]}]}')))
        assert status == 200 and [each["candidates"][0]["content"]["parts"][0]["text"] for each in json.loads(said)] == [WORDS]


async def test_a_refused_gemini_request_gets_what_it_asked_for(tmp_path):
    """An array, or events, in the place of the stream; nobody is asked."""
    body = json.dumps({"contents": [{"parts": [{"text": CARD}]}]}).encode()
    async with gate(tmp_path, of(1, "gemini"), more=SPEAKS.replace("on: reply", "on: request")) as g:
        status, _, said = split(await g.ask(post(GEMINI, body)))
        assert status == 200 and [each["candidates"][0]["content"]["parts"][0]["text"] for each in json.loads(said)] == [WORDS]
        status, _, said = split(await g.ask(post(f"{GEMINI}?alt=sse", body)))
        assert status == 200 and said.startswith(b"data: {") and WORDS.encode() in said


async def test_words_flow_at_once_under_a_rule_that_may_speak(tmp_path):
    """Only the head waits, for the first word."""
    seen = asyncio.Event()
    first = [chunk(role="assistant", content=""), chunk(content="All is well. "), chunk(content="So ")]
    async with upstream(in_two(first, [chunk(content="it is."), STOP, DONE], seen)) as up, gate(tmp_path, of(up.port, "openai"), more=SPEAKS) as g:
        answer = await read_in_two(g, post(CHAT, chat("hi", stream=True)), b"All is well. ", seen)
        assert answer == b"".join([*first, chunk(content="it is."), STOP, DONE])


# ---------------------------------------------------------------------- a provider that dies


@pytest.mark.covers("U10")
@pytest.mark.parametrize("end", [False, True], ids=["reset", "without an end"])
@pytest.mark.parametrize("rule", [MASKS, BLOCKS], ids=["mask", "block"])
async def test_a_provider_that_dies_in_a_secret_gives_nothing_of_it_away(tmp_path, end, rule):
    """What was decided is given, then the error; the record holds what the app was given."""
    told = [chunk(role="assistant", content=""), chunk(content="All is well. "), chunk(content="Card 4111 1111 11")]

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(chunked(*told, end=end))
        await writer.drain()

    async with upstream(script) as up, gate(tmp_path, of(up.port, "openai"), more=rule) as g:
        reader, writer = await g.connect()
        writer.write(post(CHAT, chat("hi", stream=True)))
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        assert b"All is well. " in answer and b"4111 1" not in answer and b"provider_reset" in answer
        ((_, _, closed, kept),) = g.exchanges()
        assert closed.outcome == Outcome.PROVIDER_TRUNCATED and b"All is well" in kept and b"4111 1" not in kept
        assert _unchunked(answer).startswith(kept)


def _unchunked(answer: bytes) -> bytes:
    body, out = answer.partition(b"\r\n\r\n")[2], b""
    while body:
        size, _, body = body.partition(b"\r\n")
        out, body = out + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return out


# ---------------------------------------------------------------------- lines


def line(text: str, **more: object) -> bytes:
    return json.dumps({"model": "llama3", "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": text}, "done": False, **more}).encode() + b"\n"


@pytest.mark.covers("T16", "T17")
@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8"])
async def test_a_reply_in_lines_is_joined_and_flows(tmp_path, content_type):
    """As Ollama streams: what is split over two lines is found, and the first line does not wait for the last."""
    seen = asyncio.Event()
    told = in_two([line("All is well. "), line("Card 4111")], [line(" 1111 1111"), line(" 1111 ok"), line("", done=True)], seen, content_type=content_type)
    async with upstream(told) as up, gate(tmp_path, of(up.port, "openai"), more=MASKS) as g:
        answer = await read_in_two(g, post("/v1/api/chat", chat("hi")), b"All is well. ", seen)
        said = "".join(json.loads(each)["message"]["content"] for each in answer.splitlines())
        assert said == "All is well. Card <CREDIT_CARD> ok" and json.loads(answer.splitlines()[-1])["done"] is True
        assert g.exchanges()[0][2].verdict == "masked" and g.exchanges()[0][3] == answer


async def test_lines_without_findings_pass_byte_for_byte(tmp_path):
    """Law 1."""
    told = b"".join((line("All "), line("is well."), b"\n", line("", done=True)))
    async with upstream(replying(chunked(told[:50], told[50:], content_type="application/x-ndjson"))) as up, gate(tmp_path, of(up.port, "openai"), more=MASKS) as g:
        _, _, body = split(await g.ask(post("/v1/api/chat", chat("hi"))))
        assert body == told and g.exchanges()[0][2].verdict == "passed"


@pytest.mark.covers("T17")
async def test_lines_that_call_themselves_something_else_are_lines(tmp_path):
    """And a batch's results, each a record of its own, are looked at as the dialect knows them."""
    told = line("Card 4111 1111 ") + line("1111 1111 ok") + line("", done=True)
    results = b"".join(json.dumps({"custom_id": f"r{n}", "response": {"body": {"choices": [{"message": {"content": f"{CARD} is {n}"}}]}}}).encode() + b"\n" for n in range(2))
    async with upstream(replying(ok(told), ok(told, content_type="text/plain"), ok(results, content_type="application/octet-stream"))) as up:
        async with gate(tmp_path, of(up.port, "openai"), more=MASKS) as g:
            for _ in range(2):
                _, _, body = split(await g.ask(post("/v1/api/chat", chat("hi"))))
                assert "".join(json.loads(each)["message"]["content"] for each in body.splitlines()) == "Card <CREDIT_CARD> ok"
            _, _, body = split(await g.ask(post("/v1/files/f1/content", b"{}")))
            assert [json.loads(each)["response"]["body"]["choices"][0]["message"]["content"] for each in body.splitlines()] == ["<CREDIT_CARD> is 0", "<CREDIT_CARD> is 1"]


async def test_a_pseudonym_that_is_split_over_two_lines_is_turned_back(tmp_path):
    """For the app alone."""
    turns = rules("name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")
    told = [line("Hello <EMAIL_"), line("ADDRESS_1>!"), line("", done=True)]
    async with upstream(replying(chunked(*told, content_type="application/x-ndjson"))) as up, gate(tmp_path, of(up.port, "openai"), more=turns) as g:
        _, _, body = split(await g.ask(post("/v1/api/chat", chat(f"write {MAIL}"))))
        assert "".join(json.loads(each)["message"]["content"] for each in body.splitlines()) == f"Hello {MAIL}!"


# ---------------------------------------------------------------------- pictures


PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40).decode()
PICTURES = {
    "gemini": ("gemini", GEMINI + "?alt=sse", [event({"candidates": [{"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": PICTURE}}]}, "index": 0}]})]),
    "chat": ("openai", CHAT, [chunk(images=[{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE}"}}]), STOP, DONE]),
    "responses": ("openai", "/v1/responses", [
        event({"type": "response.output_item.done", "output_index": 0, "item": {"id": "i", "type": "image_generation_call", "status": "completed", "b64_json": PICTURE}}),
        event({"type": "response.completed", "response": {"output": [{"id": "i", "type": "image_generation_call", "status": "completed", "b64_json": PICTURE}]}}),
    ]),
}  # fmt: skip


@pytest.mark.covers("T16")
@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("blocks_it", [False, True], ids=["flag", "block"])
async def test_a_picture_in_a_stream_is_what_it_is_in_a_whole_reply(tmp_path, kind, blocks_it):
    """Counted, or refused where the policy says so, and never passed for clean; no detector of texts is given its bytes."""
    dialect, path, told = PICTURES[kind]
    more = MASKS + ("guard: {unscannable: block}\n" if blocks_it else "")
    async with upstream(replying(chunked(*told))) as up, gate(tmp_path, of(up.port, dialect), more=more) as g:
        status, _, body = split(await g.ask(post(path, chat("hi", stream=True))))
        closed = g.exchanges()[0][2]
        assert [(f[1], f[5]) for f in closed.findings] == [("unscannable", 1)]
        if blocks_it:
            assert status == 400 and PICTURE.encode() not in body and closed.verdict == "blocked"
        else:
            assert body == b"".join(told) and closed.verdict == "flagged"


# ---------------------------------------------------------------------- the pool


async def test_a_failure_is_counted_once_for_a_text_that_is_told_four_times(tmp_path):
    """Without a pool nobody answers for names; a Responses stream says its text four times, and the row counts one failure."""
    names = rules("name: n, detector: pii, kinds: [PERSON], on: reply, action: flag, on_error: allow")
    told, _ = response([[("text", ["I am Bob of Springfield."])]])
    async with upstream(replying(chunked(*told))) as up, gate(tmp_path, of(up.port, "openai"), more=names) as g:
        _, _, body = split(await g.ask(post("/v1/responses", b'{"model":"m","input":"hi","stream":true}')))
        assert body == b"".join(told)
        closed = g.exchanges()[0][2]
        assert closed.verdict == "error" and closed.guard_errors == {"pii": 1}
