"""A provider that does wrong on request, in all three dialects: `FAULTS` is the table of raw replies, and what becomes of each.

    async with faulty() as up: ...         up.port, up.plays (names, in order)

A request with the header `x-fault: NAME` gets that fault; any other one gets what its prompt owes it (tests/support/owed.py), so a clean call can follow each.
`play` is written to the wire as it stands, but for a few words:

    @json  @error  @usage         the dialect's whole reply; its error body; its reply with the usage that follows in {braces}, JSON
    @gzip  @zlib  @zstd           the whole reply, compressed
    @events  @begin  @half        the dialect's stream in chunks, without the last chunk; without its last three events; its first event and half of the second
    @plain                        the whole stream without chunks
    @failed                       an error event of the dialect, in a chunk
    Content-Length: @             the length of what follows the head

`off` is what is seen without guards, `on` under a rule that masks what providers say; None: the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from tests.support.lossy import reset
from tests.support.owed import Call, call_of
from tests.support.proxy import Upstream, upstream

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FIN, RESET, HANG = "fin", "reset", "hang"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = SSE + b"Transfer-Encoding: chunked\r\n\r\n"
_ERRORS = {
    "openai": b'{"error":{"message":"no","type":"server_error","param":null,"code":"server_error"}}',
    "anthropic": b'{"type":"error","error":{"type":"api_error","message":"no"},"request_id":"req_1"}',
    "gemini": b'{"error":{"code":500,"message":"no","status":"INTERNAL"}}',
}
_FAILED = {"openai": b"data: %b\n\n", "anthropic": b"event: error\ndata: %b\n\n", "gemini": b"data: %b\n\n"}
_USAGE = {"openai": "usage", "anthropic": "usage", "gemini": "usageMetadata"}
_COUNTED = {"openai": "completion_tokens", "anthropic": "output_tokens", "gemini": "candidatesTokenCount"}


@dataclass(frozen=True, slots=True)
class Seen:
    """outcome: of the row.  code: the gate's own error, "" for none.  body: what the client has of the reply, spelled as in `play`; None: not compared.  whole: it looks complete."""

    status: int
    outcome: str
    code: str = ""
    body: bytes | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """rows: of the failure table.  play: bytes, seconds to wait, or FIN, RESET, HANG.  asks: json | stream | head.  brief: its provider is configured with short deadlines."""

    rows: str
    asks: str
    play: tuple[bytes | float | str, ...]
    off: Seen
    on: Seen | None = None
    brief: bool = False

    @property
    def spoken(self) -> bool:
        """Whether it differs by dialect."""
        return not self.brief and any(isinstance(step, bytes) and any(word in step for word in (b"@error", b"@usage", b"@begin", b"@half", b"@plain", b"@failed")) for step in self.play)


_SAME = Seen(200, "ok", body=b"@json")
_PROTOCOL = Seen(502, "provider_protocol", "provider_protocol")
_CUT = Seen(200, "provider_truncated", "provider_reset", whole=False)
_UNREAD = Seen(502, "provider_protocol", "reply_unreadable")
_CUT_HEAD = Seen(502, "provider_unreachable", "provider_reset")
_TIMEOUT = Seen(504, "provider_timeout", "provider_timeout")
_JSON = OK + b"Content-Length: @\r\n\r\n@json"

FAULTS: dict[str, Fault] = {
    # refusals of the provider's own
    "429 after a moment": Fault("U4", "json", (b"HTTP/1.1 429 Slow\r\nContent-Type: application/json\r\nretry-after-ms: 1\r\nContent-Length: @\r\n\r\n@error",), Seen(429, "provider_rate_limited", body=b"@error")),
    "429 for good": Fault("U4", "json", (b"HTTP/1.1 429 Slow\r\nContent-Type: application/json\r\nContent-Length: @\r\n\r\n@error",), Seen(429, "provider_rate_limited", body=b"@error")),
    "429 of a page": Fault("U4", "json", (b"HTTP/1.1 429 Slow\r\nContent-Type: text/html\r\nContent-Length: @\r\n\r\n<h1>slow down</h1>",), Seen(429, "provider_rate_limited", body=b"<h1>slow down</h1>")),
    "500": Fault("U5", "json", (b"HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: @\r\n\r\n@error",), Seen(500, "provider_error", body=b"@error")),
    "502 of a page": Fault("U5", "stream", (b"HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nContent-Length: @\r\n\r\n<h1>no</h1>",), Seen(502, "provider_error", body=b"<h1>no</h1>")),
    "503 of nothing": Fault("U5", "json", (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",), Seen(503, "provider_overloaded", body=b"")),
    "529": Fault("U5", "stream", (b"HTTP/1.1 529 Over\r\nContent-Type: application/json\r\nContent-Length: @\r\n\r\n@error",), Seen(529, "provider_overloaded", body=b"@error")),
    # silence
    "silent": Fault("U6", "json", (HANG,), _TIMEOUT, brief=True),
    "silent in its head": Fault("U6", "json", (OK, HANG), _TIMEOUT, brief=True),
    "silent in a stream": Fault("U7", "stream", (CHUNKED + b"@begin", HANG), Seen(200, "provider_timeout", "provider_timeout", whole=False), brief=True),
    "silent in a whole reply": Fault("U7", "json", (OK + b"Content-Length: 5000\r\n\r\n@json", HANG), Seen(200, "provider_timeout", whole=False), Seen(504, "provider_timeout", "provider_timeout"), brief=True),
    # ends before the end
    "closed without a word": Fault("U8", "json", (FIN,), _CUT_HEAD),
    "reset without a word": Fault("U8", "json", (RESET,), _CUT_HEAD),
    "closed in its head": Fault("U8", "json", (OK, FIN), _CUT_HEAD),
    "closed in a stream": Fault("U8", "stream", (CHUNKED + b"@begin", FIN), _CUT),
    "reset in a stream": Fault("U8", "stream", (CHUNKED + b"@begin", 0.02, RESET), _CUT),
    "a stream without its last events": Fault("U8", "stream", (CHUNKED + b"@begin0\r\n\r\n",), Seen(200, "provider_truncated")),
    "a stream closed for its end": Fault("U8", "stream", (SSE + b"\r\n@plain", FIN), Seen(200, "ok", body=b"@plain")),
    "closed in a whole reply": Fault("U8", "json", (OK + b"Content-Length: 5000\r\n\r\n@json", FIN), Seen(200, "provider_truncated", whole=False), Seen(502, "provider_truncated", "provider_reset")),
    "closed inside an event": Fault("U8 U10", "stream", (CHUNKED + b"@half", FIN), Seen(200, "provider_truncated", whole=False)),
    "reset inside an event": Fault("U8 U10", "stream", (CHUNKED + b"@half", 0.02, RESET), Seen(200, "provider_truncated", whole=False)),
    # what it says is not what is due
    "a page for a reply": Fault("U9", "json", (OK + b"Content-Length: @\r\n\r\n<html>login</html>",), Seen(200, "provider_protocol", body=b"<html>login</html>")),
    "half of a JSON": Fault("U9", "json", (OK + b"Content-Length: @\r\n\r\n" + b'{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"abc',), Seen(200, "provider_truncated")),
    "nothing for a reply": Fault("U9", "json", (OK + b"Content-Length: 0\r\n\r\n",), Seen(200, "provider_truncated", body=b"")),
    "bytes for a reply": Fault("U9", "json", (OK + b"Content-Length: @\r\n\r\n\x00\x01\x02\xff\xfe\x80\x81\x82" * 1,), Seen(200, "provider_truncated"), _UNREAD),
    "an odd stream": Fault("U11", "stream", (SSE + b"\r\n\xef\xbb\xbf: hi\r\n\r\nretry: 5\rid: 1\r\rx: y\n\ndata\n\n@plain", FIN), Seen(200, "ok", body=b"\xef\xbb\xbf: hi\r\n\r\nretry: 5\rid: 1\r\rx: y\n\ndata\n\n@plain")),
    # encodings, although identity was asked for
    "gzip": Fault("U13", "json", (OK + b"Content-Encoding: gzip\r\nContent-Length: @\r\n\r\n@gzip",), Seen(200, "ok", body=b"@gzip"), _UNREAD),
    "gzip in capitals": Fault("U13", "json", (OK + b"Content-Encoding: GZIP\r\nContent-Length: @\r\n\r\n@gzip",), Seen(200, "ok", body=b"@gzip"), _UNREAD),
    "deflate": Fault("U13", "json", (OK + b"Content-Encoding: deflate\r\nContent-Length: @\r\n\r\n@zlib",), Seen(200, "ok", body=b"@zlib"), _UNREAD),
    "zstd": Fault("U13", "json", (OK + b"Content-Encoding: zstd\r\nContent-Length: @\r\n\r\n@zstd",), Seen(200, "ok", body=b"@zstd"), _UNREAD),
    "br": Fault("U13", "json", (OK + b"Content-Encoding: br\r\nContent-Length: @\r\n\r\n\x0b\x02\x80{}\x03",), Seen(200, "ok", body=b"\x0b\x02\x80{}\x03"), _UNREAD),
    "an unknown encoding": Fault("U13", "json", (OK + b"Content-Encoding: x-rot13\r\nContent-Length: @\r\n\r\n@json",), _SAME, _UNREAD),
    "an encoding twice": Fault("U13", "json", (OK + b"Content-Encoding: gzip\r\nContent-Encoding: identity\r\nContent-Length: @\r\n\r\n@gzip",), Seen(200, "ok", body=b"@gzip"), _UNREAD),
    "identity in capitals": Fault("U13", "json", (OK + b"Content-Encoding: Identity\r\nContent-Length: @\r\n\r\n@json",), _SAME),
    "a stream in gzip": Fault("U13", "stream", (SSE + b"Content-Encoding: gzip\r\nContent-Length: @\r\n\r\n@gzipped",), Seen(200, "ok", body=b"@gzipped"), _UNREAD),
    "gzip that is cut": Fault("U13", "json", (OK + b"Content-Encoding: gzip\r\nContent-Length: @\r\n\r\n@gzi-",), Seen(200, "provider_truncated", body=b"@gzi-"), _UNREAD),
    "gzip that is cut by the connection": Fault("U13 U8", "json", (OK + b"Content-Encoding: gzip\r\n\r\n@gzi-", FIN), Seen(200, "provider_truncated", body=b"@gzi-"), _UNREAD),
    "a stream in gzip that is cut": Fault("U13", "stream", (SSE + b"Content-Encoding: gzip\r\n\r\n@gzippe-", FIN), Seen(200, "provider_truncated", body=b"@gzippe-"), _UNREAD),
    "a bomb": Fault("U13", "json", (OK + b"Content-Encoding: gzip\r\nContent-Length: @\r\n\r\n@bomb",), Seen(200, "provider_truncated", body=b"@bomb"), _UNREAD),
    "gzip that is none": Fault("U13", "json", (OK + b"Content-Encoding: gzip\r\nContent-Length: @\r\n\r\n@json",), Seen(200, "provider_truncated", body=b"@json"), _UNREAD),
    # framing
    "garbage": Fault("U14", "json", (b"garbage\r\n\r\n",), _PROTOCOL),
    "a status line of another protocol": Fault("U14", "json", (b"RTSP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a version that is none": Fault("U14", "json", (b"HTTP/4.2 200 OK\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a status of two digits": Fault("U14", "json", (b"HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a status that is none": Fault("U14", "json", (b"HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "length beside chunks": Fault("U14", "json", (OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",), _PROTOCOL),
    "two lengths": Fault("U14", "json", (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",), _PROTOCOL),
    "the same length twice": Fault("U14", "json", (OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a negative length": Fault("U14", "json", (OK + b"Content-Length: -2\r\n\r\n{}",), _PROTOCOL),
    "a length with a sign": Fault("U14", "json", (OK + b"Content-Length: +2\r\n\r\n{}",), _PROTOCOL),
    "a length of many digits": Fault("U14", "json", (OK + b"Content-Length: 99999999999999999999999\r\n\r\n{}",), _PROTOCOL),
    "a length that is too short": Fault("U14", "json", (OK + b"Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",), Seen(200, "provider_truncated", body=b"{}"), Seen(200, "provider_truncated", body=b"{}")),
    "chunks that are none": Fault("U14", "json", (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",), _PROTOCOL),
    "a chunk longer than it says": Fault("U14", "stream", (CHUNKED + b"@begin", 0.02, b"3\r\nabcdef\r\n0\r\n\r\n"), Seen(200, "provider_protocol", whole=False), Seen(200, "provider_protocol", whole=False)),
    "a chunk of many digits": Fault("U14", "json", (OK + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nab",), _PROTOCOL),
    "trailers": Fault("U14 T11", "json", (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Encoding: gzip\r\nX-Evil: 1\r\n\r\n",), Seen(200, "provider_truncated", body=b"{}")),
    "two transfer encodings": Fault("U14", "json", (OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", FIN), _PROTOCOL),
    "chunks of gzip": Fault("U13 U14", "json", (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",), _PROTOCOL),
    "a head without an end": Fault("U14", "json", (OK + b"X-A: " + b"a" * 70_000,), _PROTOCOL),
    "a thousand headers": Fault("U14", "json", (OK + b"".join(b"X-%d: %b\r\n" % (n, b"v" * 60) for n in range(1200)) + b"Content-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a header without a name": Fault("U14 T11", "json", (OK + b": a\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a header with a space in its name": Fault("U14 T11", "json", (OK + b"X Y: a\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a header over two lines": Fault("U14 T11", "json", (OK + b"X-Y: a\r\n b: c\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a NUL in a header": Fault("U14 T11", "json", (OK + b"X-Y: a\0b\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "a CR in a header": Fault("U14 T11", "json", (OK + b"X-Y: a\rX-Evil: b\r\nContent-Length: 2\r\n\r\n{}",), _PROTOCOL),
    "lines that end in LF": Fault("U14 T11", "json", (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",), _PROTOCOL),
    "another reply behind it": Fault("U14 U15", "json", (_JSON, OK + b"Content-Length: 4\r\n\r\nevil"), _SAME),
    "a drip": Fault("U16", "stream", (CHUNKED, *(piece for byte in range(40) for piece in (b"1\r\n%c\r\n" % (58 if byte == 0 else 97), 0.02))), Seen(200, "provider_timeout", whole=False), _TIMEOUT, brief=True),
    # informational, redirects, upgrades, replies without a body
    "early hints": Fault("U17", "json", (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 32, _JSON), _SAME),
    "too many early hints": Fault("U17", "json", (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1000,), _PROTOCOL),
    "continue, processing, then a reply": Fault("U17", "json", (b"HTTP/1.1 100 Continue\r\n\r\n", 0.01, b"HTTP/1.1 102 Processing\r\n\r\n", 0.01, _JSON), _SAME),
    **{f"moved by {status}": Fault("U18", "json", (b"HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n" % status,), Seen(502, "provider_protocol", "provider_redirect")) for status in (301, 302, 303, 307, 308)},
    "an upgrade": Fault("U19", "json", (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x05hello",), _PROTOCOL),
    "204 with a body": Fault("U19", "json", (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",), Seen(204, "ok", body=b"")),
    "304 with a body": Fault("U19", "json", (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",), Seen(304, "ok", body=b"")),
    "a HEAD with a body": Fault("U19", "head", (OK + b"Content-Length: 5\r\n\r\nhello",), Seen(200, "ok", body=b"")),
    # errors inside a 200, headers that are not the caller's, usage
    "an error event": Fault("U20", "stream", (CHUNKED + b"@begin@failed0\r\n\r\n",), Seen(200, "provider_error_event")),
    "cookies": Fault("U21", "json", (OK + b"Set-Cookie: a=b\r\nAlt-Svc: h3\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: @\r\n\r\n@json",), _SAME),
    "hop by hop in two lines": Fault("U14 U21", "json", (OK + b"Connection: X-Hop\r\nConnection: keep-alive\r\nX-Hop: 1\r\nContent-Length: @\r\n\r\n@json",), _SAME),
    **{
        f"usage {text}": Fault("U22", "json", (OK + b"Content-Length: @\r\n\r\n@usage%b" % text.encode(),), Seen(200, "ok"))
        for text in ("{null}", "{[]}", '{"many"}', "{-5}", "{1e18}", "{9223372036854775808}", "{1.5}", '{"12"}', "{{}}", "{true}")
    },
}  # fmt: skip
GONE = ("set-cookie", "alt-svc", "x-hop", "x-evil", "location", "upgrade", "trailer")  # headers of theirs that no client may see


def spelled(play: bytes, call: Call, *, asks_usage: bool = True) -> bytes:
    """The bytes that `play` stands for, in the call's dialect."""
    pieces = Call(call.id, call.dialect, True, call.pieces).sent()
    whole = Call(call.id, call.dialect, False, call.pieces).sent()[0]
    if not asks_usage:
        pieces = [piece for piece in pieces if b'"choices":[]' not in piece]
    plain, error = b"".join(pieces), _ERRORS[call.dialect]
    words: dict[bytes, Callable[[], bytes]] = {
        b"@json": lambda: whole,
        b"@error": lambda: error,
        b"@gzipped": lambda: _gzip(plain),
        b"@gzippe-": lambda: _gzip(plain)[:-12],
        b"@gzip": lambda: _gzip(whole),
        b"@gzi-": lambda: _gzip(whole)[:-12],
        b"@bomb": lambda: _gzip(b'{"x":"' + b"a" * 4_000_000),
        b"@zlib": lambda: zlib.compress(whole),
        b"@zstd": lambda: zstd.compress(whole),
        b"@plain": lambda: plain,
        b"@events": lambda: b"".join(map(_chunk, pieces)),
        b"@begin": lambda: b"".join(map(_chunk, pieces[:-3])),
        b"@half": lambda: _chunk(pieces[0]) + _chunk(pieces[1][: len(pieces[1]) // 2]),
        b"@failed": lambda: _chunk(_FAILED[call.dialect] % error),
    }
    found = re.search(rb"@usage\{(.*)\}$", play, re.DOTALL)
    if found:
        said = json.loads(whole)
        said[_USAGE[call.dialect]] = {**said[_USAGE[call.dialect]], _COUNTED[call.dialect]: json.loads(found[1] or b"null")}
        play = play[: found.start()] + json.dumps(said).encode()
    for word, data in words.items():
        if word in play:
            play = play.replace(word, data())
    head, blank, body = play.partition(b"\r\n\r\n")
    return head.replace(b"Content-Length: @", b"Content-Length: %d" % len(body)) + blank + body


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


@dataclass(slots=True)
class Faulty:
    """plays: names of faults, in the order in which they were asked for.  clean: ids of calls that were answered well.  connections: so far."""

    port: int = 0
    plays: list[str] = field(default_factory=list)
    clean: list[str] = field(default_factory=list)
    connections: int = 0


@contextlib.asynccontextmanager
async def faulty() -> AsyncIterator[Faulty]:
    """The provider, on loopback."""
    told = Faulty()

    async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.connections = up.connections
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while await _answer(told, reader, writer):
                pass

    async with upstream(script) as up:
        told.port = up.port
        yield told


async def _answer(up: Faulty, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """One request; whether another may follow on its connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    named = re.search(rb"(?i)\r\nx-fault: ([^\r]*)", head)
    call = call_of(head, body)
    if named is None:
        assert call is not None
        up.clean.append(call.id)
        writer.write(CHUNKED + spelled(b"@events0\r\n\r\n", call) if call.streamed else spelled(_JSON, call))
        await writer.drain()
        return True
    name = named[1].decode("latin-1")
    up.plays.append(name)
    call = call or Call("head", "openai", False)
    for step in FAULTS[name].play:
        if isinstance(step, bytes):
            writer.write(spelled(step, call, asks_usage=b"include_usage" in body))
            await writer.drain()
        elif isinstance(step, float):
            await asyncio.sleep(step)  # the play says so
        elif step == HANG:
            await reader.read()
        else:
            if step == RESET:
                reset(writer)
            return False
    return True
