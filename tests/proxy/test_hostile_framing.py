"""Requests inside requests: pipelines, framings that two parsers read in two ways, trailers, expectations."""

from __future__ import annotations

import asyncio
import re

import pytest

from gateway.proxy.connection import AHEAD_BYTES
from tests.support.lossy import FaultyTcp, Wire
from tests.support.proxy import Upstream, gate, ok, post, provider, replying, split, upstream
from tests.support.raw import RawClient

CHAT = "/v1/chat/completions"
CANARY = "canary" + "7f3a91"
READ_BYTES = 1 << 18  # what a loop brings at once, at most


@pytest.mark.covers("C11")
async def test_a_thousand_pipelined_requests_are_answered_in_order_and_never_wait_in_memory(tmp_path):
    """Each reply is its own request's; the provider sees one at a time, and of those that wait there is nothing but their bytes, a read's worth at most."""
    waiting, at_once, most = 0, 0, 0

    async def script(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most, waiting
        while request := await up.read_request(reader):
            at_once += 1
            most = max(most, at_once)
            waiting = max(waiting, *(len(connection._ahead) for connection in g.worker.server.connections))
            await asyncio.sleep(0)
            at_once -= 1
            writer.write(ok(request.partition(b"\r\n\r\n")[2]))

    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        client.send(b"".join(post(CHAT, b'{"n":%d}' % n, f"X-Padding: {'p' * 1000}", close=False) for n in range(1000)))
        for n in range(1000):
            reply = await client.reply()
            assert reply is not None and (reply.status, reply.body) == (200, b'{"n":%d}' % n)
        assert (len(up.requests), most) == (1000, 1) and 1 < waiting <= AHEAD_BYTES + READ_BYTES


def _smuggled() -> list[bytes]:
    """Heads that two parsers may frame in two ways; what follows each is read as a body by one of them and as a request by the other."""
    line, host = b"POST /v1/x HTTP/1.1\r\n", b"Host: g\r\n"
    lengths = [b"+5", b"-5", b"5 5", b"5,5", b"5, 6", b"0x5", b"5.0", b"", b" ", b"5a", b"\x0b5", b"5\x00", b"99999999999999999999", b"\xd9\xa5", b"05 ", b"0_5"]
    codings = [b"xchunked", b"chunked, identity", b"identity, chunked, identity", b"gzip", b"chunked\x0b", b"\x0bchunked", b"chunked, chunked", b"chunked;q=1", b'"chunked"', b"cHuNkEd\x00", b"identity", b"", b"chun ked", b",chunked,x"]  # fmt: skip
    names = [b"Transfer-Encoding ", b" Transfer-Encoding", b"Transfer-Encoding\t", b"Transfer\x00Encoding", b"Transfer-Encoding\x0b", b"Transfer-Encoding\r", b"Content-Length ", b"Content\rLength", b"Content-Length\x00", b"Content-Length\xff"]  # fmt: skip
    both = [b"Content-Length: 5\r\nTransfer-Encoding: %b\r\n" % each for each in (b"chunked", b"Chunked", b"identity", b"gzip, chunked", b"x")]
    both += [b"Transfer-Encoding: %b\r\nContent-Length: 5\r\n" % each for each in (b"chunked", b"Chunked", b"identity", b"gzip, chunked", b"x")]
    twice = [b"Content-Length: %b\r\nContent-Length: %b\r\n" % pair for pair in ((b"5", b"6"), (b"5", b"5"), (b"0", b"5"), (b"5", b"+5"), (b"5", b""))]
    twice += [b"Transfer-Encoding: chunked\r\nTransfer-Encoding: %b\r\n" % each for each in (b"identity", b"chunked", b"x", b"")]
    folded = [b"Transfer-Encoding:\r\n chunked\r\n", b"Content-Length:\r\n 5\r\n", b"X: a\r\n Transfer-Encoding: chunked\r\n", b"X: a\nTransfer-Encoding: chunked\r\n", b"X: a\rTransfer-Encoding: chunked\r\n"]
    heads = [line + host + b"Content-Length: " + each + b"\r\n" for each in lengths]
    heads += [line + host + b"Transfer-Encoding: " + each + b"\r\n" for each in codings]
    heads += [line + host + name + b": " + (b"5" if b"ength" in name else b"chunked") + b"\r\n" for name in names]
    heads += [line + host + each for each in (*both, *twice, *folded)]
    heads += [line.replace(b" HTTP", b"\tHTTP") + host, b"POST  /v1/x HTTP/1.1\r\n" + host, b"\x00POST /v1/x HTTP/1.1\r\n" + host, b"POST /v1/x HTTP/1.1 \r\n" + host, b"POST /v1/x HTTP/1.2\r\n" + host]
    heads += [b"POST /v1/x HTTP/9.9\r\n" + host, b"POST /v1/x http/1.1\r\n" + host, b"POST /v1/x\r\n" + host, b"P\xd6ST /v1/x HTTP/1.1\r\n" + host, b"POST /v1/x HTTP/1.1\n" + host, b"POST /v1/x HTTP/1.1\r" + host]
    heads += [line + b"Host: g\r\nHost: h\r\n", line + b"Host\r\n", line + b": g\r\n", line + b"Host g\r\n", line + b"Ho st: g\r\n", line + b"Host: g\x00\r\n", line + b"Host: g\r\nX: \x7f\x01\r\n", line + b"\r\nHost: g\r\n"]
    return [head + b"Authorization: Bearer " + CANARY.encode() + b"\r\n" for head in heads]


INSIDE = b"POST /v1/smuggled HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.covers("C12", "T12")
async def test_no_request_hides_in_another(tmp_path):
    """Whatever frames it in two ways gets one answer, a refusal, and the connection ends; or it is one request for both. The provider never sees what was hidden, and no answer repeats a key."""
    wrong: dict[bytes, object] = {}
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        for head in _smuggled():
            before = len(up.requests)
            async with RawClient(g.port) as client:
                client.send(head + b"\r\n5\r\nabcde\r\n0\r\n\r\n" + INSIDE)
                client.shut()
                answer = await client.rest()
            sent = up.requests[before:]
            statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)
            refused = len(statuses) == 1 and statuses[0] in (b"400", b"404", b"405", b"408", b"431", b"501", b"505") and not sent
            if CANARY.encode() in answer or any(b"smuggled" in each.partition(b"\r\n")[0] for each in sent) or not refused:
                wrong[head] = (answer, sent)
        assert {each[2].outcome for each in g.exchanges()} == {"caller_invalid"}
        assert split(await g.ask(post("/v1/x", b"{}")))[0] == 200
    assert wrong == {} and len(_smuggled()) >= 70


@pytest.mark.covers("C12")
@pytest.mark.parametrize("framing", ["length", "chunks"])
async def test_a_request_is_the_same_in_whatever_pieces_it_comes(tmp_path, framing):
    """One byte at a time, or in one packet with what follows: what is sent on is the same request, framed anew."""
    body = b'{"a":"GET /v1/smuggled HTTP/1.1\\r\\n\\r\\n"}'
    if framing == "length":
        raw = post("/v1/x", body, close=False) + post("/v1/y", body)
    else:
        pieces = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(piece), piece) for piece in (body[:7], body[7:8], body[8:])) + b"0\r\n\r\n"
        raw = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n" + pieces
    sent = 2 if framing == "length" else 1
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, FaultyTcp(g.port, up=Wire(slice=1)) as dripping:
        for port in (g.port, dripping.port):
            async with RawClient(port) as client:
                client.send(raw)
                for _ in range(sent):
                    reply = await client.reply()
                    assert reply is not None and reply.status == 200
        parted = [request.partition(b"\r\n\r\n") for request in up.requests]
        assert [head.split(b" ")[1] for head, _, _ in parted] == [b"/v1/x", b"/v1/y"][:sent] * 2 and all(found == body for _, _, found in parted)
        assert all(b"chunked" not in head and b"Content-Length: %d" % len(body) in head for head, _, _ in parted)


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_trailer_is_nobodys_header(tmp_path, at_once):
    """What stands behind a chunked body must not become a header of the request that follows on the connection: behind a proxy, that is somebody else's. So none follows."""
    first = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-tidegate-app: evil\r\nX-Evil: 1\r\nAuthorization: Bearer sk-evil\r\n\r\n"
    second = post("/v1/y", b"{}", "Authorization: Bearer sk-good", close=False)
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        client.send(first + second if at_once else first)
        reply = await client.reply()
        assert reply is not None and (reply.status, reply.header("connection")) == (200, "close")
        if not at_once:
            client.send(second)
        assert await client.rest() == b""
        assert [request.split(b" ")[1] for request in up.requests] == [b"/v1/x"] and b"evil" not in b"".join(up.requests).lower()
        assert [each[0].app for each in g.exchanges()] == ["default"]


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize("slice", [1, 3, 7, 1 << 16])
@pytest.mark.parametrize("body", [b"2\r\n{}\r\n0\r\n\r\n", b"0\r\n\r\n", b"7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"])
async def test_a_chunked_request_without_trailers_leaves_the_connection_for_others(tmp_path, slice, body):
    """Clients that stream their bodies (Java's and Go's by default) would make a connection for each request."""
    raw = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, FaultyTcp(g.port, up=Wire(slice=slice)) as port, RawClient(port.port) as client:
        for _ in range(2):
            client.send(raw)
            reply = await client.reply()
            assert reply is not None and (reply.status, reply.header("connection")) == (200, "")
        client.send(post("/v1/y", b"{}", close=False))
        reply = await client.reply()
        assert reply is not None and reply.status == 200
        assert [request.split(b" ")[1] for request in up.requests] == [b"/v1/x", b"/v1/x", b"/v1/y"]


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize("end", [b"0\r\nX-A: 0\r\n\r\n", b"0\r\nX-A: b\r\nX-tidegate-app: evil\r\n\r\n", b"0\r\nX-tidegate-app:\r\n 0\r\n\r\n", b"0;x=1\r\nx-tidegate-app: 0\r\n\r\n"])
@pytest.mark.parametrize("slice", [1, 5, 1 << 16])
async def test_no_trailer_looks_like_a_plain_end(tmp_path, end, slice):
    """Whatever stands there, and however it comes: the next request is not given it."""
    raw = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n" + end
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, FaultyTcp(g.port, up=Wire(slice=slice)) as port, RawClient(port.port) as client:
        client.send(raw)
        client.send(b"POST /v1/y HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        reply = await client.reply()
        assert reply is not None and reply.header("connection") == "close"
        await client.rest()
        assert len(up.requests) <= 1
        assert all(each[0].app == "default" for each in g.exchanges())


@pytest.mark.covers("C13")
async def test_http_1_0_is_not_invited(tmp_path):
    """It knows no answer before the answer, and would take the invitation for it."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        answer = await g.ask(b"POST /v1/x HTTP/1.0\r\nHost: g\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}")
        assert (split(answer)[0], answer.count(b"HTTP/1.1 "), len(up.requests)) == (200, 1, 1)


@pytest.mark.covers("C13")
@pytest.mark.parametrize(("expectation", "status", "invited"), [("100-continue", 200, True), ("100-Continue", 200, True), ("200-ok", 417, False), ("100-continue, x", 417, False), ("", 417, False)])
async def test_only_an_expectation_that_can_be_met_is_met(tmp_path, expectation, status, invited):
    """Anything else is a 417, and the body is not asked for."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g, RawClient(g.port) as client:
        client.send(f"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\nExpect: {expectation}\r\n\r\n".encode())
        if invited:
            assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.send(b"hello")
        reply = await client.reply()
        assert reply is not None and (reply.status, reply.informational, len(up.requests)) == (status, (), invited)
