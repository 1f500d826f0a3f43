"""Clients that send what no SDK would: sizes at the limit, JSON that is none, bombs, odd types and encodings, walls of marks."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import zlib
from functools import cache

import pytest

from tests.support.growth import assert_linear
from tests.support.proxy import Upstream, chunked, gate, ok, post, provider, replying, split, upstream
from tests.support.raw import RawClient
from tests.support.stalls import Apart, assert_calm

CHAT = "/v1/chat/completions"
PATHS = {"openai": CHAT, "anthropic": "/v1/messages", "gemini": "/v1beta/models/gemini-2.5-flash:generateContent"}
MASKS = "guardrails:\n  - {name: s, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}\n"
MAIL = "alice.smith@example.com"
CANARY = "canary" + "7f3a91"


def code_of(answer: bytes) -> str:
    """The gate's own error code in an answer of any dialect."""
    found = re.search(rb"(invalid_json|duplicate_key|json_too_complex|body_encoded|request_too_large)", split(answer)[2])
    return found[1].decode() if found else ""


# ---------------------------------------------------------------------- sizes


@pytest.mark.covers("C5")
@pytest.mark.parametrize(
    ("line", "fields", "status"),
    [
        (16384, (), 200),
        (16385, (), 431),
        (0, ("X-A: " + "a" * 16384,), 200),
        (0, ("X-A: " + "a" * 16385,), 431),
        (0, tuple(f"X-{n}: a" for n in range(125)), 200),
        (0, tuple(f"X-{n}: a" for n in range(126)), 431),
    ],
)
async def test_heads_are_bounded_to_the_byte(tmp_path, line, fields, status):
    """At the limit a request is served, one beyond it is refused, closed, and nothing of it is repeated."""
    target = f"/v1/x?{CANARY}" + "q" * (line - 6 - len(CANARY)) if line else f"/v1/x?{CANARY}"
    raw = "\r\n".join((f"GET {target} HTTP/1.1", "Host: g", f"X-Key: {CANARY}", "Accept: a", *fields)) + "\r\n\r\n"
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        client.send(raw.encode())
        reply = await client.reply()
        assert reply is not None and reply.status == status and CANARY.encode() not in reply.body
        assert len(up.requests) == (status == 200)
        if status != 200:
            assert await client.rest() == b""


# ---------------------------------------------------------------------- JSON

_QUOTED = json.dumps({"a": CANARY})
NOT_QUITE_JSON: dict[str, tuple[bytes, str]] = {
    "nothing like it": (b"%s" % CANARY.encode(), "invalid_json"),
    "half": (b'{"model":"%s"' % CANARY.encode(), "invalid_json"),
    "more behind it": (b'{"a":"%s"} {}' % CANARY.encode(), "invalid_json"),
    "a comma too many": (b'{"a":[1,2,]}', "invalid_json"),
    "single quotes": (b"{'a':1}", "invalid_json"),
    "a comment": (b'{"a":1} // %s' % CANARY.encode(), "invalid_json"),
    "NaN": (b'{"a":NaN}', "invalid_json"),
    "Infinity": (b'{"a":-Infinity}', "invalid_json"),
    "a number beyond a double": (b'{"a":1e999}', "invalid_json"),
    "a leading zero": (b'{"a":012}', "invalid_json"),
    "a lone surrogate": (b'{"a":"\\ud800"}', "invalid_json"),
    "a surrogate in UTF-8": (b'{"a":"\xed\xa0\x80"}', "invalid_json"),
    "overlong UTF-8": (b'{"a":"\xc0\xaf"}', "invalid_json"),
    "a bare control character": (b'{"a":"x\x01"}', "invalid_json"),
    "UTF-16": (_QUOTED.encode("utf-16"), "invalid_json"),
    "UTF-16 without a mark": (_QUOTED.encode("utf-16-le"), "invalid_json"),
    "UTF-32": (_QUOTED.encode("utf-32"), "invalid_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "invalid_json"),
    "a NUL behind it": (b"{}\x00", "invalid_json"),
    "an array": (b'["%s"]' % CANARY.encode(), "invalid_json"),
    "a string": (b'"%s"' % CANARY.encode(), "invalid_json"),
    "a number": (b"12", "invalid_json"),
    "null": (b"null", "invalid_json"),
    "a key twice": (b'{"model":"a","model":"%s"}' % CANARY.encode(), "duplicate_key"),
    "a key twice below": (b'{"messages":[{"content":"a","content":"%s"}]}' % CANARY.encode(), "duplicate_key"),
    "a key twice, once escaped": (b'{"content":"a","c\\u006fntent":"%s"}' % CANARY.encode(), "duplicate_key"),
    "a key twice with the same value": (b'{"a":"1","a":"1"}', "duplicate_key"),
    "a key twice, both empty": (b'{"":1,"":2}', "duplicate_key"),
}


@pytest.mark.covers("C6", "C7")
@pytest.mark.parametrize("dialect", PATHS)
async def test_what_is_not_quite_json_goes_on_as_it_came_or_not_at_all(tmp_path, dialect):
    """Without a rule the provider judges, byte for byte; under one that fails closed it is a 400 that repeats nothing. Never a 500, never one reading checked and another sent."""
    wrong: dict[str, object] = {}
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path / "open", provider(up.port, dialect=dialect)) as free, gate(tmp_path / "guarded", provider(up.port, dialect=dialect), more=MASKS) as g:
        for name, (body, code) in NOT_QUITE_JSON.items():
            before = len(up.requests)
            raw = post(PATHS[dialect], body)
            answer = await free.ask(raw)
            if split(answer)[0] != 200 or not up.requests[-1].endswith(b"\r\n\r\n" + body) or len(up.requests) != before + 1:
                wrong[name] = answer
            answer = await g.ask(raw)
            if (split(answer)[0], code_of(answer)) != (400, code) or len(up.requests) != before + 1 or CANARY.encode() in answer:
                wrong[f"{name}, guarded"] = answer
    assert wrong == {}


@cache
def bombs() -> dict[str, bytes]:
    """Bodies that are cheap to send and dear to read."""
    return {
        "deep arrays": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "deep arrays without an end": b'{"a":' + b"[" * 1_000_000,
        "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "a million keys": b"{" + b",".join(b'"k%d":1' % n for n in range(1_000_000)) + b"}",
        "a million keys of one name": b"{" + b",".join([b'"k":1'] * 1_000_000) + b"}",
        "two million values": b'{"a":[' + b"1," * 2_000_000 + b"1]}",
        "a million empty arrays": b'{"a":[' + b"[]," * 1_000_000 + b"[]]}",
        "ten million digits": b'{"a":' + b"1" * 10_000_000 + b"}",
        "ten million digits behind a point": b'{"a":0.' + b"1" * 10_000_000 + b"}",
        "a long exponent": b'{"a":1e' + b"0" * 5_000_000 + b"1}",
        "a long string": b'{"a":"' + b"x" * 10_000_000 + b'"}',
        "a string of escapes": b'{"a":"' + b"\\u0041" * 1_000_000 + b'"}',
        "a string of backslashes": b'{"a":"' + b"\\\\" * 3_000_000 + b'"}',
        "a string without an end": b'{"a":"' + b'\\"' * 3_000_000,
        "a long key": b'{"' + b"k" * 5_000_000 + b'":1}',
        "spaces": b'{"a":' + b" " * 10_000_000 + b"1}",
        "JSON in a string, many times over": json.dumps({"messages": [{"role": "tool", "content": _nested(9)}]}).encode(),
    }


def _nested(depth: int) -> str:
    text = "[" * 2000
    for _ in range(depth):
        text = json.dumps({"a": text})
    return text


@pytest.mark.covers("C8", "T13")
@pytest.mark.parametrize("guarded", [False, True], ids=["plain", "guarded"])
def test_json_bombs_cost_no_turn_of_the_loop(tmp_path, guarded):
    """No RecursionError, no 500, and nobody else waits: what a body costs is spread over many turns, or refused at a bound."""

    async def ask(port: int, body: bytes) -> None:
        async with RawClient(port) as client:
            client.send(post(CHAT, body))
            reply = await client.reply()
            assert reply is not None and reply.status in ((200, 400) if guarded else (200,)) and b"gateway_error" not in reply.body

    with Apart(lambda: upstream(_swallowing)) as providing, Apart(lambda: gate(tmp_path, provider(providing.value.port), more=MASKS if guarded else "")) as apart:
        for name, body in bombs().items():
            assert_calm(apart, lambda body=body: asyncio.run(ask(apart.value.port, body)), name)
        closed = [each[2] for each in apart.value.exchanges()]
        assert all(each is not None and each.outcome in ("ok", "caller_invalid") for each in closed), [each and each.outcome for each in closed]


async def _swallowing(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        length = re.search(rb"(?i)content-length: (\d+)", head)
        assert length is not None
        left = int(length[1])
        while left:
            left -= len(await reader.read(min(left, 1 << 20)))
        writer.write(ok(b"{}"))


# ---------------------------------------------------------------------- content types and encodings

TEXT = f"write to {MAIL}"
FORM = f'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n{TEXT}\r\n--b--\r\n'.encode()
ASKED = json.dumps({"model": "m", "messages": [{"role": "user", "content": TEXT}]}).encode()
# content type (None: none), body, path; what becomes of it under a rule that masks: "masked", a code of refusal, or "as it is", flagged as unscannable or clean
TYPES: dict[str, tuple[str | None, bytes, str, str]] = {
    "none": (None, ASKED, CHAT, "masked"),
    "JSON": ("application/json", ASKED, CHAT, "masked"),
    "JSON in capitals": ("APPLICATION/JSON", ASKED, CHAT, "masked"),
    "JSON with a charset": ("application/json; charset=utf-8", ASKED, CHAT, "masked"),
    "JSON with a charset that is none": ("application/json; charset=x-nope", ASKED, CHAT, "masked"),
    "JSON in UTF-16": ("application/json; charset=utf-16", ASKED.decode().encode("utf-16"), CHAT, "invalid_json"),
    "text, and JSON in it": ("text/plain", ASKED, CHAT, "masked"),
    "a form, and JSON in it": ("application/x-www-form-urlencoded", ASKED, CHAT, "masked"),
    "a picture, and JSON in it": ("image/png", ASKED, CHAT, "masked"),
    "multipart, and JSON in it": ("multipart/form-data; boundary=b", ASKED, CHAT, "masked"),
    "two types": ("application/json\r\nContent-Type: multipart/form-data; boundary=b", ASKED, CHAT, "refused"),
    "nonsense": ("/;;;=,", ASKED, CHAT, "masked"),
    "JSON, and a form in it": ("application/json", FORM, CHAT, "invalid_json"),
    "a form with parts": ("multipart/form-data; boundary=b", FORM, "/v1/files", "masked"),
    "a form with parts, boundary in quotes": ('multipart/form-data; boundary="b"', FORM, "/v1/files", "masked"),
    "a form with parts of another boundary": ("multipart/form-data; boundary=c", FORM, "/v1/files", "masked"),
    "a form with parts and two boundaries": ("multipart/form-data; boundary=c; boundary=b", FORM, "/v1/files", "masked"),
    "a form without a boundary": ("multipart/form-data", FORM, "/v1/files", "masked"),
    "parts that call themselves text": ("text/plain", FORM, "/v1/files", "masked"),
    "a form": ("application/x-www-form-urlencoded", b"q=write+to+alice.smith%40example.com", "/v1/files", "masked"),
    "bytes that are text": ("application/octet-stream", TEXT.encode(), "/v1/files", "masked"),
    "a picture that is text": ("image/png", TEXT.encode(), "/v1/files", "masked"),
    "text in Latin-1": ("text/plain; charset=latin-1", f"gr\xfc\xdfe {MAIL}".encode("latin-1"), "/v1/files", "masked"),
    "a picture": ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "/v1/files", "as it is"),
    "sound": ("audio/wav", b"RIFF" + bytes(range(256)) * 4, "/v1/files", "as it is"),
}  # fmt: skip


@pytest.mark.covers("C9")
async def test_a_body_is_read_by_what_it_is_not_by_what_it_is_called(tmp_path):
    """A transparent gate does not refuse a type it does not know: without rules every body goes on as it came. Under one, endpoint and first bytes say how it is read; what cannot be read is refused or flagged, never passed as clean."""
    wrong: dict[str, object] = {}
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path / "open", provider(up.port)) as free, gate(tmp_path / "guarded", provider(up.port), more=MASKS) as g:
        for name, (content_type, body, path, expected) in TYPES.items():
            raw = post(path, body)
            raw = raw.replace(b"Content-Type: application/json\r\n", f"Content-Type: {content_type}\r\n".encode() if content_type else b"")
            if expected != "refused":
                answer = await free.ask(raw)
                head, _, sent = up.requests[-1].partition(b"\r\n\r\n") if up.requests else (b"", b"", b"")
                if split(answer)[0] != 200 or sent != body or (content_type or "").encode() not in head:
                    wrong[name] = (answer, sent)
            before = len(up.requests)
            answer = await g.ask(raw)
            sent = up.requests[-1].partition(b"\r\n\r\n")[2] if len(up.requests) > before else None
            verdict = g.exchanges()[-1][2].verdict
            if expected == "masked":
                fine = sent is not None and MAIL.encode() not in sent and b"%40example" not in sent and verdict == "masked"
            elif expected == "as it is":
                fine = sent == body and verdict == "flagged"
            else:
                fine = sent is None and split(answer)[0] == 400 and (code_of(answer) == expected or expected == "refused")
            if not fine:
                wrong[f"{name}, guarded"] = (answer, sent, verdict)
    assert wrong == {}


@cache
def _encoded() -> dict[str, tuple[str, bytes]]:
    return {
        "gzip": ("gzip", gzip.compress(ASKED)),
        "deflate": ("deflate", zlib.compress(ASKED)),
        "nested": ("gzip, gzip", gzip.compress(gzip.compress(ASKED))),
        "many times over": (", ".join(["gzip"] * 20), gzip.compress(ASKED)),
        "in two lines": ("identity\r\nContent-Encoding: gzip", gzip.compress(ASKED)),
        "in two lines, the other way round": ("gzip\r\nContent-Encoding: identity", gzip.compress(ASKED)),
        "in capitals": ("GZIP", gzip.compress(ASKED)),
        "unknown": ("x-none", ASKED),
        "said and not done": ("gzip", ASKED),
        "a bomb": ("gzip", gzip.compress(bytes(16 << 20))),
        "a bomb in a bomb": ("gzip, gzip", gzip.compress(gzip.compress(bytes(16 << 20)), 9)),
        "cut": ("gzip", gzip.compress(ASKED)[:-10]),
    }


@pytest.mark.covers("C10", "T13")
def test_a_compressed_request_is_never_unpacked_on_its_way(tmp_path):
    """Without a rule it goes on as it came and is unpacked by nobody; under one that must read it, it is refused before it costs anything. A thousandfold bomb costs what its bytes do."""
    wrong: dict[str, object] = {}

    async def main(free: int, guarded: int) -> None:
        for name, (encoding, body) in _encoded().items():
            raw = post(CHAT, body, f"Content-Encoding: {encoding}")
            for port in (free, guarded):
                async with RawClient(port) as client:
                    client.send(raw)
                    reply = await client.reply()
                    assert reply is not None
                    sent = up.requests[-1] if up.requests else b""
                    if port == free and (reply.status != 200 or not sent.endswith(b"\r\n\r\n" + body) or b"ontent-Encoding: " not in sent):
                        wrong[name] = (reply, sent[:500])
                    if port == guarded and (reply.status, b"body_encoded" in reply.body) not in ((415, True), (400, False)):
                        wrong[f"{name}, guarded"] = reply

    with Apart(lambda: upstream(replying(ok(b"{}")))) as providing:
        up = providing.value
        with Apart(lambda: gate(tmp_path / "open", provider(up.port))) as apart, Apart(lambda: gate(tmp_path / "guarded", provider(up.port), more=MASKS)) as closed:
            for each in (apart, closed):
                assert_calm(each, lambda: asyncio.run(main(apart.value.port, closed.value.port)))
    assert wrong == {} and len(up.requests) % len(_encoded()) == 0


# ---------------------------------------------------------------------- what is said

WALLS = {
    "marks": "e" + "\u0301\u0323\u20dd" * 20_000,
    "invisible": "\u200b\u2060\u00ad" * 20_000,
    "tags": "".join(chr(0xE0000 + 32 + n % 95) for n in range(60_000)),
    "directions": "\u202e\u2066\u2069\u200f" * 15_000,
    "variation": "x\ufe0f\U000e0101" * 20_000,
    "ligatures": "\ufdfa\ufb03\u3384" * 20_000,  # one character becomes eighteen
    "hangul": "\u1100\u1161\u11a8" * 20_000,
    "astral": "\U0001d4d0\U0001d7ce" * 30_000,
}


@pytest.mark.covers("C14")
@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_of_marks_costs_its_length_and_hides_nothing(tmp_path, wall):
    """An address behind it, and one in its midst, are masked where they stand; every other character stays; the work grows with the wall and no faster."""

    async def ask(port: int, text: str) -> None:
        said = f"{text} {MAIL} {text[::-1]} bob@example.org !"
        async with RawClient(port) as client:
            client.send(post(CHAT, json.dumps({"messages": [{"role": "user", "content": said}]}, ensure_ascii=False).encode()))
            reply = await client.reply()
            assert reply is not None and reply.status == 200
        sent = json.loads(up.requests[-1].partition(b"\r\n\r\n")[2])["messages"][0]["content"]
        assert re.sub(r"<EMAIL_ADDRESS_\d>", "<>", sent) == f"{text} <> {text[::-1]} <> !"

    with Apart(lambda: upstream(replying(ok(b"{}")))) as providing:
        up = providing.value
        with Apart(lambda: gate(tmp_path, provider(up.port), more=MASKS)) as apart:
            assert_calm(apart, lambda: asyncio.run(ask(apart.value.port, WALLS[wall])))
            assert_linear(lambda size: lambda: asyncio.run(ask(apart.value.port, WALLS[wall][:size])), 60_000, clock=apart.cpu)


@pytest.mark.covers("C17", "T18")
async def test_an_idempotency_key_goes_on_and_gives_nobody_anothers_reply(tmp_path):
    """Two tenants with the same key and body are two calls with two replies; so is one tenant who asks twice. The provider decides what is the same."""

    async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await up.read_request(reader):
            who = re.search(rb"Bearer sk-(\w+)", request)
            assert who is not None
            writer.write(ok(b'{"for":"%b","call":%d}' % (who[1], len(up.requests))))

    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        seen = [split(await g.ask(post(CHAT, b"{}", f"Authorization: Bearer sk-{who}", "Idempotency-Key: k-1"))) for who in ("a", "b", "a")]
        assert [body for _, _, body in seen] == [b'{"for":"a","call":1}', b'{"for":"b","call":2}', b'{"for":"a","call":3}']
        assert all(b"\r\nIdempotency-Key: k-1\r\n" in request for request in up.requests)
        assert len({headers["x-tidegate-request-id"] for _, headers, _ in seen}) == 3


@pytest.mark.covers("T11")
@pytest.mark.parametrize("byte", [b"\r", b"\n", b"\x00", b"\r\n", b"\x0b", b"\x1b"])
async def test_no_value_of_a_client_begins_a_line_anywhere(tmp_path, byte):
    """In a header it is refused, or stays inside its value; percent-encoded in a path or query, in a model or a key of a body it is text: no reply and no request of ours has a line of its making."""
    evil = b"a" + byte + b"X-Evil: 1"
    coded = b"".join(b"%%%02X" % each for each in evil)
    told = json.dumps({"model": evil.decode("latin-1"), evil.decode("latin-1"): 1, "messages": [{"role": "user", "content": MAIL}]}).encode()
    requests = [
        b"POST /v1/x HTTP/1.1\r\nHost: g\r\nX-A: " + evil + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"POST /v1/x HTTP/1.1\r\nHost: g\r\nx-tidegate-app: " + evil + b"\r\nx-tidegate-session: " + evil + b"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"POST /v1/" + evil.replace(b" ", b"") + b" HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"POST /v1/files/" + coded + b"?q=" + coded + b" HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"POST /v1beta/models/" + coded + b":generateContent HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        post(CHAT, told),
        post(CHAT, told[:-1] + b', "stream":true}'),
    ]
    sse = chunked(b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": evil.decode("latin-1")}}]}).encode() + b"\n\n", end=False)
    async with upstream(replying(sse, close=True)) as up, gate(tmp_path, provider(up.port) + provider(up.port, name="gem", dialect="gemini"), more=MASKS) as g:
        for raw in requests:
            answer = await g.ask(raw)
            head = answer.partition(b"\r\n\r\n")[0]
            assert b"evil" not in head.lower() and b"\r" not in head.replace(b"\r\n", b"") and b"\n" not in head.replace(b"\r\n", b"")
            assert not any(line.startswith((b"X-Evil", b"X-evil", b"x-evil")) for line in re.split(rb"[\r\n]", answer))
        for request in up.requests:
            lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")
            assert not any(line.lower().startswith(b"x-evil") or b"\r" in line or b"\n" in line or b"\x00" in line for line in lines) or byte in (b"\r\n", b"\n")  # these end a line by the book: what follows is a header of the client's own
        for opened, _, _, _ in g.exchanges():
            assert not any(ord(each) < 32 for each in opened.app + opened.session_id)
