"""Replies that are not what they call themselves, and requests whose parts know of each other, under guard."""

from __future__ import annotations

import asyncio
import itertools
import json
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.dialects import DIALECTS
from gateway.dialects.target import walk_target
from gateway.guard.placeholders import Placeholders
from gateway.proxy import reply_guard
from gateway.proxy.guard import GuardTerms
from gateway.proxy.restorer import Restorer
from tests.guard.test_stream_seams import KEY
from tests.proxy.test_guard import CHAT, DONE, MAIL, STOP, chat, chunk, rules, said
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

MASKS = rules("name: s, detector: secrets, on: reply, action: mask")
BLOCKS = rules("name: s, detector: secrets, on: reply, action: block")
PSEUDONYMS = rules("name: ps, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: pseudonymise, tier: patterns")
GEMINI = "/v1beta/models/gemini-2.5-flash:streamGenerateContent"
ANSWER = json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": "key " + KEY}}]})
EVENTS = chunk(content="key " + KEY[:20]) + chunk(content=KEY[20:] + " ok") + STOP + DONE
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8


@pytest.mark.parametrize("first", [b"", b"retry: 3000\n\n", b"\xef\xbb\xbf", b"x: y\n", b"x: y\r", b"\xef\xbb\xbfretry: 3\r\n\r\n"])
@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/x-ndjson", "application/octet-stream", "image/png"])
async def test_events_by_another_name_are_events(tmp_path, first, content_type):
    """A key that is split over two of them is one key, whatever the reply calls itself and its first line says."""
    async with upstream(replying(ok(first + EVENTS, content_type=content_type))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
        status, _, body = split(await g.ask(post(CHAT, chat("hi"))))
        assert status == 200 and body.startswith(first) and KEY[20:] not in body.decode() and said(body.removeprefix(first)) == "key <ANTHROPIC_KEY> ok"
        assert g.exchanges()[0][2].verdict == "masked"


@pytest.mark.parametrize("path", [CHAT, "/v1/files/file-abc123/content"])
@pytest.mark.parametrize(("before", "content_type"), [(b"", "image/png"), (b"", "application/pdf"), (b"\x00", "application/octet-stream"), (b"\xff", "application/octet-stream")])
async def test_text_that_calls_itself_none_is_looked_at(tmp_path, path, before, content_type):
    """Readers do not ask what it calls itself, and a byte before it does not make a picture of it."""
    for more, expected in ((MASKS, 200), (BLOCKS, 400)):
        root = tmp_path / str(expected)
        root.mkdir()
        async with upstream(replying(ok(before + ANSWER.encode(), content_type=content_type))) as up, gate(root, provider(up.port), more=more) as g:
            status, _, body = split(await g.ask(post(path, chat("hi"))))
            assert status == expected and KEY.encode() not in body
            assert g.exchanges()[0][2].verdict == ("masked" if expected == 200 else "blocked")


@pytest.mark.covers("U9")
@pytest.mark.parametrize("path", [CHAT, "/v1/files/file-abc123/content"])
@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream", "image/png"])
@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
async def test_a_reply_in_wide_characters_cannot_be_read(tmp_path, path, content_type, codec):
    """Readers of JSON take UTF-16 and UTF-32; the guard does not, so it does not pass."""
    async with upstream(replying(ok(ANSWER.encode(codec), content_type=content_type))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
        status, _, body = split(await g.ask(post(path, chat("hi"))))
        assert (status, json.loads(body)["error"]["code"]) == (502, "reply_unreadable")


@pytest.mark.covers("U9")
async def test_where_json_is_due_bytes_do_not_pass(tmp_path):
    """A picture in the place of a completion is refused; in the place of a file it is a picture, and goes byte for byte."""
    async with upstream(replying(ok(PNG, content_type="image/png"))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
        assert split(await g.ask(post(CHAT, chat("hi"))))[0] == 502
        status, _, body = split(await g.ask(post("/v1/files/file-abc123/content", b"{}")))
        assert (status, body) == (200, PNG) and g.exchanges()[1][2].verdict == "flagged"


async def test_a_pseudonym_over_two_elements_of_an_array_is_turned_back(tmp_path):
    """Gemini's stream without alt=sse is an array, whose elements continue each other."""
    reply = json.dumps([{"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}]} for text in ("it is <EMAIL_ADD", "RESS_1> or <EMAIL_ADDRESS_1>", "!")]).encode()
    asked = json.dumps({"contents": [{"role": "user", "parts": [{"text": f"my mail is {MAIL}"}]}]}).encode()
    async with upstream(replying(ok(reply))) as up, gate(tmp_path, provider(up.port, dialect="gemini"), more=PSEUDONYMS) as g:
        _, _, body = split(await g.ask(post(GEMINI, asked)))
        texts = [element["candidates"][0]["content"]["parts"][0]["text"] for element in json.loads(body)]
        assert texts == [f"it is {MAIL}", f" or {MAIL}", "!"]


async def test_a_pseudonym_over_two_lines_is_turned_back(tmp_path):
    """JSON lines that call themselves JSON are a stream for the guard, so they are one for what it undoes."""
    reply = b"".join(json.dumps({"message": {"content": text}, "done": False}).encode() + b"\n" for text in ("it is <EMAIL_ADD", "RESS_1> ok"))
    async with upstream(replying(ok(reply))) as up, gate(tmp_path, provider(up.port, dialect="opaque"), more=PSEUDONYMS) as g:
        _, _, body = split(await g.ask(post("/up/api/chat", json.dumps({"p": f"mail {MAIL}"}).encode())))
        assert "".join(json.loads(line)["message"]["content"] for line in body.splitlines()) == f"it is {MAIL} ok"


async def test_a_reply_that_is_to_be_turned_back_is_asked_for_uncompressed(tmp_path):
    """Only then: what is not touched may be compressed as the client likes."""
    async with upstream(replying(ok(b'{"a":"<EMAIL_ADDRESS_1>"}'))) as up, gate(tmp_path, provider(up.port, dialect="opaque"), more=PSEUDONYMS) as g:
        for text in (f"mail {MAIL}", "nothing"):
            await g.ask(post("/up/api/chat", json.dumps({"p": text}).encode(), "Accept-Encoding: gzip, br"))
        assert b"Accept-Encoding: identity\r\n" in up.requests[0] and b"Accept-Encoding: gzip, br\r\n" in up.requests[1]


async def test_a_pseudonym_of_the_query_is_nothing_that_the_body_says(tmp_path):
    """What the caller wrote by itself is not turned into an address on its way back."""
    reply = ok(json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": "you wrote <EMAIL_ADDRESS_1>, not <EMAIL_ADDRESS_2>"}}]}).encode())
    async with upstream(replying(reply)) as up, gate(tmp_path, provider(up.port), more=PSEUDONYMS) as g:
        _, _, body = split(await g.ask(post(f"{CHAT}?u={MAIL}", chat("literal <EMAIL_ADDRESS_1>"))))
        assert b"?u=%3CEMAIL_ADDRESS_2%3E " in up.requests[0]
        assert json.loads(body)["choices"][0]["message"]["content"] == f"you wrote <EMAIL_ADDRESS_1>, not {MAIL}"


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "gemini", "opaque"])
def test_credentials_for_the_provider_are_no_text_in_any_dialect(dialect):
    """A masked signature is a refused request. What stands under such a name and has another shape is looked at all the same."""
    signed = "X-Amz-Credential=AKIA%2F20250101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0a1b&X-Amz-Security-Token=IQo%2Fb3&x-goog-signature=9f&X-Goog-Credential=me%2Fauto"
    assert walk_target(dialect, "/v1/files", f"subscription-key=0a1b2c&api-key=Zq7W&code=Zq7Wm2Xv9%2Bk%3D%3D&{signed}").leaves == ()
    assert [leaf.text for leaf in walk_target(dialect, "/v1/files", "code=a@b.example&api-key=4111+1111&X-Amz-Signature=4111111111111111&x-goog-note=c").leaves][-4:] == [
        "a@b.example", "4111 1111", "4111111111111111", "c",
    ]  # fmt: skip


def test_a_number_of_an_endpoint_or_project_is_an_id():
    """Vertex AI numbers them, and any number of sixteen digits may pass for a card's."""
    assert walk_target("gemini", "/v1/projects/4085551234/locations/us-central1/endpoints/4111111111111111:predict", "").leaves == ()
    assert [leaf.text for leaf in walk_target("gemini", "/v1/people/4111111111111111", "").leaves] == ["4111111111111111"]


async def test_others_have_their_turn_while_a_long_reply_is_looked_at(tmp_path, monkeypatch):
    """Events that came as one body, and long JSON, are taken in turns of the event loop; the bytes are those that came."""
    turn = itertools.count()
    now = [0]

    def tick() -> None:
        now[0] = next(turn)
        ticking[0] = loop.call_soon(tick)

    loop = asyncio.get_running_loop()
    ticking = [loop.call_soon(tick)]
    pushed: list[tuple[int, int]] = []
    paused: list[int] = []
    push, steps = reply_guard.GuardedStream.push, reply_guard.reply_steps

    def noted(stream, data):
        pushed.append((now[0], len(data)))
        return push(stream, data)

    def walking(*args):
        walk = steps(*args)
        while True:
            try:
                next(walk)
            except StopIteration as end:
                return end.value
            paused.append(now[0])
            yield

    monkeypatch.setattr(reply_guard.GuardedStream, "push", noted)
    monkeypatch.setattr(reply_guard, "reply_steps", walking)
    events = b"".join(chunk(content=f"word{'s' * (n % 5)} ") for n in range(600)) + STOP + DONE
    long = json.dumps({"choices": [{"index": n, "message": {"role": "assistant", "content": "all is well"}} for n in range(6000)]}).encode()
    try:
        async with upstream(replying(ok(events, content_type="text/plain"), ok(long))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
            assert split(await g.ask(post(CHAT, chat("hi"))))[2] == events
            assert split(await g.ask(post(CHAT, chat("hi"))))[2] == long
    finally:
        ticking[0].cancel()
    assert sum(size for _, size in pushed) == len(events) and max(size for _, size in pushed) <= 65536
    assert len({at for at, _ in pushed}) == len(pushed) > 4
    assert len(set(paused)) == len(paused) > 2


async def test_lines_that_call_themselves_events_are_lines(tmp_path):
    """No event begins with a brace: a client that reads such a stream reads lines."""
    told = b"".join(json.dumps({"w": text}).encode() + b"\n" for text in ("key ", KEY[:20], KEY[20:], " ok"))
    async with upstream(replying(ok(told, content_type="text/event-stream"))) as up, gate(tmp_path, provider(up.port, dialect="opaque"), more=MASKS) as g:
        _, _, body = split(await g.ask(post("/up/x", chat("hi"))))
        assert b"".join(json.loads(line)["w"].encode() for line in _plain(body).splitlines()) == b"key <ANTHROPIC_KEY> ok"


def _plain(body: bytes) -> bytes:
    """Without the framing of chunks."""
    out = b""
    while body and not body.startswith(b"{"):
        size, _, body = body.partition(b"\r\n")
        out, body = out + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return out + body


@pytest.mark.parametrize("path", [CHAT, "/v1/files/file-abc123/content"])
@pytest.mark.parametrize("text", ["{name}, it was delivered on 12", "[12] is not 34", "{x: it I 1} Shall 3]."])
async def test_text_that_begins_with_a_bracket_is_whole(tmp_path, path, text):
    """Only JSON can break off, and loses the end that nobody can judge."""
    broken = json.dumps({"a": "it is all well. " + KEY})[:-30].encode()
    async with upstream(replying(ok(text.encode(), content_type="text/plain"), ok(broken, content_type="text/plain"))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
        assert split(await g.ask(post(path, chat("hi"))))[2] == text.encode()
        _, _, body = split(await g.ask(post(path, chat("hi"))))
        assert b"all well" in body and KEY[:14].encode() not in body


@pytest.mark.parametrize("content_type", ["", "application/x-unknown"])
async def test_a_few_bytes_do_not_make_a_picture_of_text(tmp_path, content_type):
    """Of what calls itself nothing, or something that nobody knows, either."""
    head = f"HTTP/1.1 200 OK\r\n{f'Content-Type: {content_type}' if content_type else 'X-A: b'}\r\nContent-Length: {{}}\r\n\r\n"
    told = b"the key is " + KEY.encode() + b" \xff\xfe and so on"

    async def script(up, reader, writer):
        await up.read_request(reader)
        writer.write(head.format(len(told)).encode() + told)
        await writer.drain()

    async with upstream(script) as up, gate(tmp_path, provider(up.port, dialect="opaque"), more=MASKS) as g:
        _, _, body = split(await g.ask(post("/up/x", b"{}")))
        assert body == b"the key is <ANTHROPIC_KEY> \xff\xfe and so on" and g.exchanges()[0][2].verdict == "masked"


@pytest.mark.parametrize("kind", ["events", "json"])
async def test_a_long_reply_is_turned_back_in_turns(kind):
    """A pseudonym costs the others nothing: whatever is one body is gone through piece by piece, and costs what its length does."""
    if kind == "events":
        body = b"".join(chunk(content=text) for text in ("mail <EMAIL_", "ADDRESS_1> ok. ") * 3000) + STOP + DONE
    else:
        body = json.dumps({"choices": [{"index": n, "message": {"role": "assistant", "content": "mail <EMAIL_ADDRESS_1> ok. " * 4}} for n in range(3000)]}).encode()
    placeholders = Placeholders()
    placeholders.restored["<EMAIL_ADDRESS_1>"] = MAIL
    operation = DIALECTS["openai"].route("POST", CHAT).operation
    destination = SimpleNamespace(provider=SimpleNamespace(dialect=DIALECTS["openai"]), meaning=SimpleNamespace(operation=operation))
    guarded: Any = SimpleNamespace(placeholders=placeholders, destination=destination, guard=SimpleNamespace(terms=GuardTerms()))
    restorer = Restorer(guarded, stream=False, content_type="application/json")
    assert restorer.push(body) == b""
    done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    restorer.finish(done.set_result, done.set_exception)
    turns = 0
    while not done.done():
        turns += 1
        await asyncio.sleep(0)
    told = done.result()
    assert turns > 3 and b"EMAIL_ADDRESS" not in told and told.count(MAIL.encode()) == (3000 if kind == "events" else 12000)
