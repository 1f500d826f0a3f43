"""What a request is, and that it is the same one however the network cuts it: heads, bodies and what stands behind them, without a network."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import HttpRequestParser

from gateway.proxy.body import EMPTY, Body, Misframed
from gateway.proxy.chunks import DRY_BYTES, Chunks
from gateway.proxy.heads import LINE_BYTES, HeadReader, Unfit
from tests.support.wireless import Told, served

POST, HOST, END = b"POST /v1/x HTTP/1.1\r\n", b"Host: g\r\n", b"\r\n"
CHUNKED = POST + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET /v1/next?a=b HTTP/1.1\r\nhost: g\r\nX-B:  c \t\r\n\r\n"


def _length(value: bytes, body: bytes = b"hello") -> bytes:
    return POST + HOST + b"Content-Length: " + value + END + END + body


# What is served, and how many requests are in it; behind each stands another one.
GOOD: dict[str, tuple[bytes, int]] = {
    "no body": (POST + HOST + END, 2),
    "an empty body": (_length(b"0", b""), 2),
    "a body": (_length(b"5"), 2),
    "a body that looks like a request": (_length(b"%d" % len(NEXT), NEXT), 2),
    "a body of empty lines": (_length(b"8", b"\r\n\r\n\r\n\r\n"), 2),
    "chunks": (CHUNKED + b"2\r\n{}\r\n3;ext=1\r\nabc\r\n0\r\n\r\n", 2),
    "chunks that look like their end": (CHUNKED + b"7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", 2),
    "chunks of empty lines": (CHUNKED + b"4\r\n\r\n\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n", 2),
    "no chunk": (CHUNKED + b"0\r\n\r\n", 2),
    "zeros": (CHUNKED + b"002\r\n{}\r\n000\r\n\r\n", 2),
    "capitals": (CHUNKED.replace(b"chunked", b"ChunKed") + b"0\r\n\r\n", 2),
    "spaces around a value": (POST + b"Host: \t g\t \r\nX:\r\nY: \t\r\n\r\n", 2),
    "empty lines before it": (b"\r\n\r\n" + POST + HOST + END, 2),
    "an upgrade that is not done": (POST + HOST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Length: 5\r\n\r\nhello", 2),
    "an upgrade that is not done, in chunks": (POST + HOST + b"Connection: upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 2),
    "kept by HTTP/1.0": (b"POST /v1/x HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}", 2),
    "HTTP/1.0": (b"POST /v1/x HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", 1),
    "the last": (POST + HOST + b"Connection: x, Close\r\n\r\n", 1),
    "the last, twice": (POST + HOST + b"Connection: close\r\nConnection: keep-alive\r\n\r\n", 1),
    "a trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nX-Evil: 1\r\nHost: h\r\n\r\n", 1),
    "CONNECT": (b"CONNECT h:22 HTTP/1.1\r\nHost: h\r\n\r\n", 1),
    "any method that is one": (b"PROPFIND /v1/x HTTP/1.1\r\nHost: g\r\n\r\n", 2),
    "a target of odd characters": (b'GET /v1/x"<>{}|^`?a?b#c HTTP/1.1\r\nHost: g\r\n\r\n', 2),
    "a target with a host": (b"GET http://h:1/v1/x HTTP/1.1\r\nHost: g\r\n\r\n", 2),
}
# What is refused before a handler sees it.
BAD: dict[str, bytes] = {
    "no Host": POST + END,
    "two Hosts": POST + HOST + b"HOST: h\r\n\r\n",
    "two types": POST + HOST + b"Content-Type: a/b\r\ncontent-type: a/b\r\n\r\n",
    "two agents": POST + HOST + b"User-Agent: a\r\nUser-Agent: b\r\n\r\n",
    "two lengths": POST + HOST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "two codings": CHUNKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length and a coding": POST + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding and a length": CHUNKED[:-2] + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "HTTP/1.0 in chunks": b"POST /v1/x HTTP/1.0\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two codings in one": CHUNKED.replace(b"chunked", b"gzip, chunked") + b"0\r\n\r\n",
    "a list of one": CHUNKED.replace(b"chunked", b",chunked") + b"0\r\n\r\n",
    "HTTP/0.9": b"GET /v1/x\r\n\r\n",
    "HTTP/0.9 that says so": b"GET /v1/x HTTP/0.9\r\nHost: g\r\n\r\n",
    "HTTP/1.2": b"GET /v1/x HTTP/1.2\r\nHost: g\r\n\r\n",
    "HTTP/2.0": b"GET /v1/x HTTP/2.0\r\nHost: g\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "RTSP": b"GET /v1/x RTSP/1.0\r\nHost: g\r\n\r\n",
    "ICE": b"SOURCE /v1/x ICE/1.0\r\nHost: g\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no method": b"get /v1/x HTTP/1.1\r\nHost: g\r\n\r\n",
    "two spaces": b"GET  /v1/x HTTP/1.1\r\nHost: g\r\n\r\n",
    "two spaces behind": b"GET /v1/x  HTTP/1.1\r\nHost: g\r\n\r\n",
    "a space in a name": POST + b"Ho st: g\r\n\r\n",
    "a space behind a name": POST + b"Host : g\r\n\r\n",
    "a space before a name": POST + HOST + b" X: a\r\n\r\n",
    "a folded line": POST + HOST + b"X: a\r\n b\r\n\r\n",
    "a bare LF": POST + HOST + b"X: a\nY: b\r\n\r\n",
    "a bare CR": POST + HOST + b"X: a\rY: b\r\n\r\n",
    "LF alone": b"GET /v1/x HTTP/1.1\nHost: g\n\n",
    "a NUL": POST + HOST + b"X: a\x00b\r\n\r\n",
    "a NUL in a name": POST + HOST + b"X\x00: a\r\n\r\n",
    "DEL": POST + HOST + b"X: a\x7f\r\n\r\n",
    "a name that is none": POST + HOST + b": a\r\n\r\n",
    "no colon": POST + HOST + b"X\r\n\r\n",
    "bytes in a target": b"GET /v1/\xd6 HTTP/1.1\r\nHost: g\r\n\r\n",
    **{f"the length {value!r}": _length(value) for value in (b"+5", b"-5", b"5 5", b"5,5", b"0x5", b"5.0", b"", b"5a", b"05", b"0_5", b"\xd9\xa5", b"99999999999999999999", b"5\x0b")},
    **{f"the coding {value!r}": CHUNKED.replace(b"chunked", value) + b"0\r\n\r\n" for value in (b"xchunked", b"identity", b"", b"chunked;q=1", b"chunked, identity", b"\x0bchunked", b'"chunked"')},
}
# Whose head is well-formed and whose chunks are not: a handler sees the head, and a body that breaks.
BROKEN: dict[str, bytes] = {
    repr(chunks): CHUNKED + chunks
    for chunks in (b"zz\r\n", b"5\nhello\r\n0\r\n\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"2 \r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"2\r\n{}\r\n0\r\nX : a\r\n\r\n", b"2;\x01\r\n{}\r\n0\r\n\r\n", b"2;a\nb\r\n{}\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n", b"\r\n0\r\n\r\n", b"2\r\n{}\r\n0\r\nX: a\r\n b\r\n\r\n")
}  # fmt: skip


async def _same(raw: bytes) -> Told:
    """What becomes of it; the same wherever it is cut in two, and byte by byte."""
    whole = await served([raw])
    for at in range(1, len(raw)):
        assert await served([raw[:at], raw[at:]]) == whole, raw[:at]
    assert await served([raw[at : at + 1] for at in range(len(raw))]) == whole
    return whole


@pytest.mark.covers("C11", "C12", "T12")
@pytest.mark.parametrize("name", GOOD)
async def test_a_request_is_what_it_is_wherever_it_is_cut(name):
    """Nothing but the bytes decides where a request ends and the next one begins: a front proxy cuts them as it likes."""
    raw, count = GOOD[name]
    told = await _same(raw + NEXT)
    assert len(told.requests) == told.answers == count and told.refused == []
    assert (told.ended, all(body is not None for *_, body in told.requests)) == (count == 1, True)
    if count == 2:
        assert told.requests[1] == ("GET", "/v1/next?a=b", ((b"host", b"g"), (b"X-B", b"c")), b"")


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_request_gets_one_refusal_wherever_it_is_cut(name):
    """And what stands behind it gets nothing."""
    told = await _same(BAD[name] + NEXT)
    assert (told.requests, told.refused, told.answers, told.ended) == ([], [(400, "invalid_http")], 1, True)


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize("name", BROKEN)
async def test_chunks_that_break_end_the_connection_wherever_they_are_cut(name):
    """Whoever waits for the body is told; nobody guesses where it might end."""
    told = await _same(BROKEN[name] + NEXT)
    assert [(target, body) for _, target, _, body in told.requests] == [("/v1/x", None)]
    assert (told.refused, told.answers, told.ended) == ([], 1, True)


def mangled(chance: random.Random, request: bytes, times: int) -> bytes:
    """A request with bytes changed, lost, doubled, put in."""
    raw = bytearray(request)
    for _ in range(times):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.choice(b"\r\n \t:;,0159\x00\x7f\xffaZ")
            case 1:
                del raw[at : at + chance.choice((1, 1, 5))]
            case 2:
                raw[at:at] = raw[at : at + chance.choice((1, 2, 20))]
            case _:
                raw[at:at] = chance.choice((b"\r\n", b"\n", b"\r\n\r\n", b"Host: x\r\n", b"Content-Length: 1\r\n", b"0\r\n\r\n", b"0", b"5", b" "))
    return bytes(raw)


@pytest.mark.covers("C12", "T12")
async def test_a_thousand_mangled_requests_are_the_same_in_pieces():
    """What nobody thought of: bytes changed, doubled, lost, swapped."""
    chance, seeds = random.Random(16), [*(raw for raw, _ in GOOD.values()), *BAD.values(), *BROKEN.values()]
    for _ in range(1000):
        raw = mangled(chance, chance.choice(seeds) + NEXT, chance.choice((1, 1, 2, 4)))
        cuts = [0, *sorted(chance.randrange(len(raw) + 1) for _ in range(chance.randrange(1, 6))), len(raw)]
        assert await served([raw[a:b] for a, b in pairwise(cuts) if a < b]) == await served([raw]), raw


# Refused here, and read by aiohttp's parser: all of them on purpose.
STRICTER = {"HTTP/1.0 in chunks", "two codings in one", "a list of one", "HTTP/0.9", "HTTP/0.9 that says so", "HTTP/2.0", "RTSP", "ICE", "two spaces", "two spaces behind", "the length b'05'", "the coding b''"}


class _Nobody(BaseProtocol):
    """Whom aiohttp's parser tells to read on."""


async def test_another_parser_reads_no_request_that_we_refuse_but_those_we_know():
    """A second opinion, of a server with a history of advisories: what it reads and we do not is a list that somebody has looked at, and what both read is the same."""
    def theirs(raw: bytes) -> tuple[str, str, tuple[tuple[bytes, bytes], ...]] | None:
        parser = HttpRequestParser(_Nobody(asyncio.get_running_loop()), asyncio.get_running_loop(), 1 << 16, max_line_size=LINE_BYTES, max_field_size=LINE_BYTES)
        try:
            messages = parser.feed_data(raw)[0]
        except HttpProcessingError:
            return None
        return (messages[0][0].method, messages[0][0].path, tuple(messages[0][0].raw_headers)) if messages else None

    def ours(raw: bytes) -> tuple[str, str, tuple[tuple[bytes, bytes], ...]] | None:
        try:
            request = HeadReader().feed(raw.lstrip(b"\r\n"))  # as a connection does
        except Unfit:
            return None
        return (request.method, request.target, tuple(request.read.raw)) if request is not None else None

    assert {name: theirs(raw) for name, (raw, _) in GOOD.items()} == {name: ours(raw) for name, (raw, _) in GOOD.items()}
    assert {name for name, raw in BAD.items() if theirs(raw[: raw.find(b"\r\n\r\n") + 4] if b"\r\n\r\n" in raw else raw) is not None} == STRICTER


# ---------------------------------------------------------------------- sizes


def _read(raw: bytes, slice: int) -> str:
    """What a head of this size is told: "" is read, or the code."""
    reader = HeadReader()
    try:
        for at in range(0, len(raw), slice):
            if reader.feed(raw[at : at + slice]) is not None:
                return ""
    except Unfit as e:
        return "large" if e.large else "unfit"
    return "more"


@pytest.mark.covers("C5")
@pytest.mark.parametrize("slice", [1000, 16_000, 1 << 20])
@pytest.mark.parametrize(
    ("line", "fields", "told"),
    [
        (LINE_BYTES, [], ""),
        (LINE_BYTES + 1, [], "large"),
        (10, [b"X: " + b"a" * LINE_BYTES], ""),
        (10, [b"X: " + b"a" * (LINE_BYTES + 1)], "large"),
        (10, [b"X" * LINE_BYTES + b":"], ""),
        (10, [b"X" * (LINE_BYTES + 1) + b":"], "large"),
        (LINE_BYTES, [b"X: " + b"a" * LINE_BYTES] * 2 + [b"X: " + b"a" * (LINE_BYTES - 41)], ""),
        (LINE_BYTES, [b"X: " + b"a" * LINE_BYTES] * 2 + [b"X: " + b"a" * (LINE_BYTES - 40)], "large"),
        (10, [b"X: a"] * 127, ""),
        (10, [b"X: a"] * 128, "large"),
        (10, [b"X:" + b" " * LINE_BYTES + b"a"], ""),
        (10, [b"X: " + b"a" * 10_000_000], "large"),
        (10_000_000, [], "large"),
        (10, [b"X:" + b" " * 10_000_000], "large"),
    ],
)
def test_a_head_is_bounded_however_it_comes(line, fields, told, slice):
    """Of one that never ends no more is held than of the largest that is read."""
    raw = b"GET /" + b"q" * (line - 1) + b" HTTP/1.1\r\n" + b"".join(field + END for field in (b"Host: g", *fields)) + END
    assert _read(raw, slice) == told


@pytest.mark.covers("C5", "C12")
@pytest.mark.parametrize("endless", [b"2;" + b"a" * 100, b"0\r\n" + b"X: a\r\n" * 10, b"0\r\nX: " + b"a" * 100])
def test_what_stands_between_chunks_is_bounded(endless):
    """Sizes, extensions and trailers count for no body, and their parser keeps some of them."""
    chunks, start, more = Chunks(Body()), endless, endless[-60:]
    chunks.feed(start)
    with pytest.raises(Misframed):
        for _ in range(2 * DRY_BYTES // len(more)):
            assert not chunks.feed(more)


# ---------------------------------------------------------------------- bodies


@pytest.mark.covers("C4", "G2")
async def test_the_smallest_chunks_cost_what_they_say():
    """An object for each would be many times the bytes, and what a body may hold is counted in those."""
    body = Body()
    chunks = Chunks(body)
    assert not chunks.feed(b"2\r\nab\r\n" * 1000 + b"4\r\n\r\n\r\n\r\n")
    assert body._pieces == [b"ab" * 1000 + b"\r\n\r\n"]


class _Reads:
    """Who brings a body's pieces."""

    held = False

    def pause_reading(self) -> None:
        self.held = True

    def resume_reading(self) -> None:
        self.held = False


@pytest.mark.covers("C4", "G2")
async def test_a_body_that_nobody_reads_is_not_brought():
    """What one client holds of our memory is bounded, whatever its handler is waiting for."""
    reads = _Reads()
    body = Body(reads)
    for _ in range(2):
        body.feed(b"x" * (1 << 16))
    assert not reads.held
    body.feed(b"x")
    assert reads.held
    assert (len(await body.readany()), reads.held) == ((1 << 17) + 1, False)
    body.end()
    assert (await body.readany(), body.is_eof()) == (b"", True)


async def test_nothing_of_one_client_sticks_to_the_body_that_others_share():
    """Requests without a body have one object for it: an exception set for one must not be raised for all."""
    EMPTY.set_exception(ConnectionResetError("the client left"))
    assert (await EMPTY.readany(), EMPTY.read_nowait(), EMPTY.is_eof()) == (b"", b"", True)


async def test_who_waits_for_a_body_is_told_of_its_end():
    """By bytes, by the end, or by what went wrong; and what went wrong stays so."""
    for told, expected in ((lambda body: body.feed(b"a"), b"a"), (lambda body: body.end(), b""), (lambda body: body.set_exception(Misframed()), Misframed)):
        body = Body()
        waiting = asyncio.ensure_future(body.readany())
        await asyncio.sleep(0)  # until it waits
        told(body)
        if isinstance(expected, bytes):
            assert await waiting == expected
        else:
            for each in (waiting, body.readany()):
                with pytest.raises(expected):
                    await each
