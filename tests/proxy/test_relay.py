"""The relay against a provider that does exactly what the test says."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.exchange import Closed, Outcome
from tests.support.asked_again import until
from tests.support.proxy import Gate, chunked, gate, ok, post, provider, replying, split, unchunk, upstream

CHAT = "/v1/chat/completions"
BODY = b'{ "model":"gpt-4o",  "messages":[{"role":"user","content":"h\\u00e9llo"}], "x_unknown": [1, 2.50, 1e400] }\n'
EVENT = b'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
USAGE = b'data: {"id":"c1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}\n\n'
DONE = b"data: [DONE]\n\n"


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def test_bodies_and_headers_pass_unchanged(tmp_path):
    """Law 1: the provider sees the caller's bytes, the caller the provider's; only hop-by-hop headers and our own are touched."""

    async def main():
        reply = b'{"weird" : "\\u0000", "big": 123456789012345678901234567890}'
        async with upstream(replying(ok(reply, extra=b"X-Odd: A, b\r\nSet-Cookie: s=1\r\nAlt-Svc: h3\r\n"))) as up, gate(tmp_path, provider(up.port)) as g:
            headers = ("X-Custom: KEPT  as is", "Authorization: Bearer sk-caller", "x-tidegate-app: shop", "Connection: close, X-Hop", "X-Hop: gone")
            answer = await g.ask(post(CHAT + "?a=%2F&b", BODY, *headers, close=False))
            status, seen, body = split(answer)
            assert (status, body) == (200, reply)
            assert seen["x-odd"] == "A, b" and "set-cookie" not in seen and "alt-svc" not in seen
            head, _, sent = up.requests[0].partition(b"\r\n\r\n")
            assert sent == BODY
            lines = head.split(b"\r\n")
            assert lines[0] == b"POST /v1/chat/completions?a=%2F&b HTTP/1.1"
            assert b"X-Custom: KEPT  as is" in lines and b"Authorization: Bearer sk-caller" in lines
            names = {line.partition(b":")[0].lower() for line in lines[1:]}
            assert names == {b"host", b"x-custom", b"authorization", b"content-type", b"accept-encoding", b"traceparent", b"content-length"}
            ((opened, kept, closed, kept_reply),) = g.exchanges()
            assert (kept, kept_reply, closed.outcome, opened.app) == (BODY, reply, "ok", "shop")

    run(main())


def test_query_and_credentials_are_not_on_record(tmp_path):
    """Law 8: a journal has no field for a header, a key or a query."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, dialect="gemini")) as g:
            await g.ask(post("/v1beta/models/gemini-2.5-flash:generateContent?key=AIza-canary", b"{}", "x-goog-api-key: canary-two", "X-Any: canary-three"))
            (segment,) = g.worker.journal.directory.glob("*.seg")
            assert b"canary" not in segment.read_bytes()
            assert b"?key=AIza-canary HTTP" in up.requests[0]

    run(main())


@pytest.mark.covers("U11")
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_streams_come_out_byte_for_byte_however_they_were_cut(tmp_path, data):
    """Law 1 for streams: odd line ends, comments and UTF-8 cut anywhere arrive as they were sent, as does the record."""
    stream = b"\xef\xbb\xbf: ping\r\n\r\n" + EVENT + 'data: {"choices":[{"index":0,"delta":{"content":"€🌊"}}]}\r\rid: 1\nevent: x\ndata\n\n'.encode() + DONE
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream) - 1), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    async def main():
        async def script(up, reader, writer):
            await up.read_request(reader)
            whole = chunked(*pieces)
            for at in range(0, len(whole), 97):
                writer.write(whole[at : at + 97])
                await writer.drain()

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            _, headers, body = split(await g.ask(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}')))
            assert headers["transfer-encoding"] == "chunked"
            assert body == stream
            ((_, _, closed, kept),) = g.exchanges()
            assert (kept, closed.outcome) == (stream, "ok")

    run(main())


def test_usage_is_asked_for_and_its_frame_taken_out_again(tmp_path):
    """A client that did not ask must not meet `choices: []` (LESSONS 23); the record has the usage all the same."""

    async def main():
        async with upstream(replying(chunked(EVENT, USAGE, DONE))) as up, gate(tmp_path, provider(up.port)) as g:
            _, _, body = split(await g.ask(post(CHAT, b'{"model": "m", "stream": true}')))
            assert body == EVENT + DONE
            assert up.requests[0].endswith(b'\r\n\r\n{"stream_options":{"include_usage":true},"model": "m", "stream": true}')
            ((_, kept_request, closed, kept),) = g.exchanges()
            assert (kept_request, kept) == (b'{"model": "m", "stream": true}', EVENT + USAGE + DONE)
            assert closed.reply_bytes == len(EVENT + DONE)

    run(main())


@pytest.mark.parametrize(
    "body",
    [b'{"stream":true,"stream_options":{"include_usage":true}}', b'{"stream":false}', b'{"messages":[{"content":"\\"stream\\":true"}]}', b"not json", b'["stream"]'],
)
def test_a_request_that_needs_no_usage_is_left_alone(tmp_path, body):
    """Law 1: only a streamed request that does not ask is edited."""

    async def main():
        async with upstream(replying(chunked(EVENT, USAGE, DONE))) as up, gate(tmp_path, provider(up.port)) as g:
            _, _, reply = split(await g.ask(post(CHAT, body)))
            assert up.requests[0].endswith(b"\r\n\r\n" + body)
            assert reply == EVENT + USAGE + DONE

    run(main())


def test_pieces_are_relayed_as_they_arrive(tmp_path):
    """A stream is not held: each event is with the client before the provider sends the next."""

    async def main():
        received: asyncio.Queue[bytes] = asyncio.Queue()

        async def script(up, reader, writer):
            await up.read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for i in range(5):
                event = b"data: %d\n\n" % i
                writer.write(b"%x\r\n%b\r\n" % (len(event), event))
                assert await asyncio.wait_for(received.get(), 60) == event
            writer.write(b"0\r\n\r\n")

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            reader, writer = await g.connect()
            writer.write(post(CHAT, b'{"stream":false}'))
            await reader.readuntil(b"\r\n\r\n")
            for _ in range(5):
                size = int(await reader.readline(), 16)
                received.put_nowait((await reader.readexactly(size + 2))[:-2])
            assert await reader.read() == b"0\r\n\r\n"
            writer.close()

    run(main())


def test_connections_are_reused_and_kept_apart_by_credential(tmp_path):
    """Losing keep-alive costs threefold (FACTS-speed); sharing a connection between credentials risks one caller's bytes for another's."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            for _ in range(20):
                await g.ask(post(CHAT, b"{}", "Authorization: Bearer a"))
            assert up.connections == 1
            await g.ask(post(CHAT, b"{}", "Authorization: Bearer b"))
            assert up.connections == 2
            assert (g.worker.vitals.get("upstream_opened"), g.worker.vitals.get("upstream_reused")) == (2, 19)

    run(main())


@pytest.mark.covers("U15")
def test_bytes_on_an_idle_connection_reach_nobody(tmp_path):
    """A provider that writes after its reply must not have that delivered as the next caller's reply."""

    async def main():
        poisoned = asyncio.Event()

        async def script(up, reader, writer):
            while await up.read_request(reader):
                writer.write(ok(b'{"mine":1}'))
                await writer.drain()
                if len(up.requests) == 1:
                    await asyncio.sleep(0.05)  # until the first reply has been relayed and the connection is idle
                    writer.write(ok(b'{"poison":1}'))
                    await writer.drain()
                    poisoned.set()

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            await g.ask(post(CHAT, b"{}"))
            await poisoned.wait()
            for _ in range(3):
                assert split(await g.ask(post(CHAT, b"{}")))[2] == b'{"mine":1}'
            assert g.worker.vitals.get("upstream_poisoned") == 1

    run(main())


@pytest.mark.covers("U8")
def test_a_stream_cut_by_the_provider_looks_cut_and_is_recorded_as_such(tmp_path):
    """Law 7: no `[DONE]` and no clean end is invented; the client's HTTP layer sees that the body is not whole."""

    async def main():
        async with upstream(replying(chunked(EVENT, end=False), close=True)) as up, gate(tmp_path, provider(up.port)) as g:
            answer = await g.ask(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}'))
            assert not answer.endswith(b"0\r\n\r\n") and b"[DONE]" not in answer
            pieces = unchunk(answer.partition(b"\r\n\r\n")[2])
            assert pieces[0] == EVENT
            assert json.loads(pieces[1].removeprefix(b"data: "))["error"]["code"] == "provider_reset"
            ((_, _, closed, kept),) = g.exchanges()
            assert (closed.outcome, closed.error_code, kept) == (Outcome.PROVIDER_TRUNCATED, "provider_reset", EVENT)

    run(main())


def test_a_stream_cut_inside_an_event_gets_no_error_event(tmp_path):
    """An error event glued to half an event would be read as part of it."""

    async def main():
        async with upstream(replying(chunked(EVENT[:20], end=False), close=True)) as up, gate(tmp_path, provider(up.port)) as g:
            answer = await g.ask(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}'))
            assert unchunk(answer.partition(b"\r\n\r\n")[2]) == [EVENT[:20]]

    run(main())


def test_the_record_is_closed_before_the_terminal_event_is_relayed(tmp_path):
    """D4: whoever sees `[DONE]` has a row, even if the worker dies before the connection ends."""

    async def main():
        checked = asyncio.Event()

        async def script(up, reader, writer):
            await up.read_request(reader)
            writer.write(chunked(EVENT, b"data: [DO", end=False))
            await writer.drain()
            await asyncio.sleep(0.02)
            writer.write(b"5\r\nNE]\n\n\r\n")
            await checked.wait()  # the HTTP body never ends by itself

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            reader, writer = await g.connect()
            writer.write(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}'))
            seen = b""
            while b"NE]\n\n" not in seen:
                seen += await asyncio.wait_for(reader.read(1000), 60)
            ((_, _, closed, kept),) = g.exchanges()
            assert (closed.outcome, kept) == ("ok", EVENT + DONE)
            writer.close()
            checked.set()

    run(main())


@pytest.mark.covers("C2")
def test_a_client_that_leaves_aborts_the_provider(tmp_path):
    """Tokens for nobody are money for nobody: the provider's connection is closed at once, the row says who left."""

    async def main():
        async def script(up, reader, writer):
            await up.read_request(reader)
            writer.write(chunked(EVENT, end=False))
            await writer.drain()
            assert await reader.read() == b""  # ends when the gate hangs up
            up.closed_by_peer.set()

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            reader, writer = await g.connect()
            writer.write(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}'))
            await reader.readuntil(EVENT)
            writer.transport.abort()
            await asyncio.wait_for(up.closed_by_peer.wait(), 60)
            ((_, _, closed, kept),) = g.exchanges()
            assert (closed.outcome, kept) == (Outcome.CALLER_CANCELLED, EVENT)

    run(main())


async def left(g: Gate, writer: asyncio.StreamWriter, go: asyncio.Event) -> Closed:
    """The client leaves, and only then does the provider go on: what is recorded of it."""
    writer.transport.abort()
    await until(lambda: not g.worker.server.connections)
    go.set()
    await until(lambda: g.exchanges()[0][2])
    closed = g.exchanges()[0][2]
    assert closed is not None
    return closed


@pytest.mark.covers("C2")
@pytest.mark.parametrize("more", ["", "on_disconnect: drain"])
@pytest.mark.parametrize("held", [False, True])
def test_who_left_before_a_reply_began_was_told_no_status(tmp_path, more, held):
    """`status` is what the client was told: 0 where it had left before that, whatever the provider had said by then."""
    masks = "guardrails: [{name: m, detector: pii, on: reply, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns}]"

    async def main():
        go = asyncio.Event()

        async def script(up, reader, writer):
            await up.read_request(reader)
            whole = ok(b'{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}')
            writer.write(whole[:150] if held else b"")
            await go.wait()
            writer.write(whole[150:] if held else whole)
            await writer.drain()
            await reader.read()

        async with upstream(script) as up, gate(tmp_path, provider(up.port, more=more), more=masks) as g:
            _, writer = await g.connect()
            writer.write(post(CHAT, b"{}"))
            await until(lambda: up.requests and (not held or all(relay._status for relay in g.worker.ingress.live)))
            closed = await left(g, writer, go)
            drained = bool(more)
            assert (closed.outcome, closed.error_code, closed.status) == (Outcome.CALLER_CANCELLED, "drained" if drained else "client_left", 0)
            assert closed.upstream_status == (200 if held or drained else None)

    run(main())


def test_drain_reads_on_for_the_bill(tmp_path):
    """`on_disconnect: drain`: a provider that bills anyway is read to the end, so that its usage is known."""

    async def main():
        go = asyncio.Event()

        async def script(up, reader, writer):
            await up.read_request(reader)
            whole = chunked(EVENT, USAGE, DONE)
            cut = whole.index(USAGE) - 4
            writer.write(whole[:cut])
            await go.wait()
            writer.write(whole[cut:])
            await writer.drain()
            await reader.read()

        async with upstream(script) as up, gate(tmp_path, provider(up.port, more="on_disconnect: drain")) as g:
            reader, writer = await g.connect()
            writer.write(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}'))
            await reader.readuntil(EVENT)
            closed = await left(g, writer, go)
            assert (closed.outcome, closed.error_code, g.exchanges()[0][3]) == (Outcome.CALLER_CANCELLED, "drained", EVENT + USAGE + DONE)

    run(main())


@pytest.mark.covers("U6", "U7")
@pytest.mark.parametrize(
    ("sent", "timeouts", "status", "code"),
    [
        (b"", "first_byte_s: 0.2", 504, "first_byte_s"),
        (chunked(EVENT, end=False), "idle_s: 0.2", 200, "idle_s"),
        (chunked(EVENT, end=False), "total_s: 3", 200, "total_s"),
    ],
)
def test_a_silent_provider_meets_its_deadline(tmp_path, sent, timeouts, status, code):
    """A hang is an answer within the configured time, names the setting, and never looks like success."""

    async def main():
        async def script(up, reader, writer):
            await up.read_request(reader)
            writer.write(sent)
            await reader.read()
            up.closed_by_peer.set()

        async with upstream(script) as up, gate(tmp_path, provider(up.port, more=f"timeouts: {{{timeouts}}}")) as g:
            answer = await g.ask(post(CHAT, b'{"stream":true,"stream_options":{"include_usage":true}}'))
            got, headers, body = split(answer)
            assert got == status
            assert code.encode() in body and b"[DONE]" not in body
            if status == 504:
                assert headers["x-tidegate-error-source"] == "provider" and headers["x-should-retry"] == "true"
            await asyncio.wait_for(up.closed_by_peer.wait(), 60)
            assert g.exchanges()[0][2].outcome == Outcome.PROVIDER_TIMEOUT

    run(main())


@pytest.mark.covers("U1")
def test_a_refused_connection_is_a_502_in_the_callers_dialect(tmp_path):
    """The caller's SDK understands the error and sees that it was not its own fault."""

    async def main():
        async with upstream(replying(b"")) as up:
            port = up.port
        async with gate(tmp_path, provider(port, dialect="anthropic")) as g:
            status, headers, body = split(await g.ask(post("/v1/messages", b"{}")))
            error = json.loads(body)
            assert (status, error["type"], headers["x-tidegate-error-source"]) == (502, "error", "provider")
            assert "provider_connect" in error["error"]["message"]
            assert error["request_id"] == headers["x-tidegate-request-id"]
            closed = g.exchanges()[0][2]
            assert closed.outcome == Outcome.PROVIDER_UNREACHABLE
            assert closed.connect_s is not None and closed.connect_s + closed.overhead_s <= closed.duration_s

    run(main())


@pytest.mark.covers("U18")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(tmp_path, status):
    """A redirect followed would carry the key to wherever it points (FAILURES trap 4)."""

    async def main():
        async with upstream(replying(ok(b"stolen"))) as target:
            moved = b"HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n" % (status, target.port)
            async with upstream(replying(moved)) as up, gate(tmp_path, provider(up.port)) as g:
                got, headers, body = split(await g.ask(post(CHAT, b"{}")))
                assert (got, json.loads(body)["error"]["code"], "location" in headers) == (502, "provider_redirect", False)
                assert target.connections == 0

    run(main())


@pytest.mark.covers("U14", "U17", "U19", "T11")
@pytest.mark.parametrize(
    "reply",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 40,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000,
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\rY: b\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_is_not_http_is_a_502_and_the_connection_is_gone(tmp_path, reply):
    """A reply that two parsers could read differently is not passed on, nor is its connection used again."""

    async def main():
        async with upstream(replying(reply, ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            status, _, body = split(await g.ask(post(CHAT, b"{}")))
            assert (status, json.loads(body)["error"]["code"]) == (502, "provider_protocol")
            assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
            assert up.connections == 2

    run(main())


def test_informational_replies_are_skipped(tmp_path):
    """U17: a provider may send 100 or 103 first."""

    async def main():
        async with upstream(replying(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            for _ in range(2):
                assert split(await g.ask(post(CHAT, b"{}")))[2] == b"{}"
            assert up.connections == 1

    run(main())


def test_head_and_bodiless_replies(tmp_path):
    """A HEAD has no body though it names a length; a 204 has neither; the next exchange is clean."""

    async def main():
        async with upstream(replying(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n", ok(b"{}"))) as up:
            async with gate(tmp_path, provider(up.port)) as g:
                answer = await g.ask(b"HEAD /v1/files/f1 HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
                assert split(answer)[0] == 200 and split(answer)[1]["content-length"] == "12" and answer.endswith(b"\r\n\r\n")
                answer = await g.ask(b"DELETE /v1/files/f1 HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
                assert split(answer)[0] == 204 and "content-length" not in split(answer)[1]
                assert split(await g.ask(post(CHAT, b"{}")))[2] == b"{}"

    run(main())


def test_a_body_without_length_ends_with_its_connection(tmp_path):
    """Close-framed replies exist; their end is the connection's."""

    async def main():
        reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + EVENT + DONE
        async with upstream(replying(reply, close=True)) as up, gate(tmp_path, provider(up.port)) as g:
            body = b'{"stream":true,"stream_options":{"include_usage":true}}'
            assert split(await g.ask(post(CHAT, body)))[2] == EVENT + DONE
            answer = await g.ask(post(CHAT, body, version="1.0", close=False))
            assert answer.partition(b"\r\n\r\n")[2] == EVENT + DONE and b"Transfer-Encoding" not in answer

    run(main())


def test_a_stale_connection_costs_nothing_where_repeating_is_safe(tmp_path):
    """A kept-alive connection may turn out closed; a GET is sent again on a new one, a POST is not (it may have been received)."""

    async def main():
        async def script(up, reader, writer):
            await up.read_request(reader)
            writer.write(ok(b"{}"))
            await writer.drain()
            await up.read_request(reader)  # swallowed: the connection dies without a reply

        get = b"GET /v1/models HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"
        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            assert split(await g.ask(get))[0] == 200
            assert split(await g.ask(get))[0] == 200
            assert len(up.requests) == 3
            status, headers, body = split(await g.ask(post(CHAT, b"{}")))
            assert (status, headers["x-should-retry"], json.loads(body)["error"]["code"]) == (502, "true", "provider_reset")
            assert [closed.attempts for _, _, closed, _ in g.exchanges()] == [1, 2, 1]

    run(main())


@pytest.mark.covers("C3")
def test_a_slow_reader_slows_the_provider_down(tmp_path):
    """Backpressure: what a client does not take is left with the provider, not piled up here."""

    async def main():
        piece = b"data: " + b"x" * 65536 + b"\n\n"
        sent = 0

        async def script(up, reader, writer):
            nonlocal sent
            await up.read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(1600):
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
                sent += 1
            writer.write(b"0\r\n\r\n")

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            reader, writer = await asyncio.open_connection("127.0.0.1", g.port, limit=4096)
            writer.write(post("/v1/files/f/content", b"{}"))
            await reader.readuntil(b"\r\n\r\n")
            before = -1
            while before != sent:  # until the provider no longer gets anything off
                before = sent
                await asyncio.sleep(0.3)
            assert sent < 800  # the kernel's socket buffers hold the rest of what was sent
            total = len(await reader.read())
            assert total > 1600 * 65536 and sent == 1600
            writer.close()

    run(main())


def test_long_bodies_are_recorded_in_parts(tmp_path):
    """Neither direction may hold the loop or the memory: frames are small, the record is whole."""

    async def main():
        request = b'{"x":"' + b"r" * 3_000_000 + b'"}'
        reply = b'{"y":"' + b"s" * 2_000_000 + b'"}'
        async with upstream(replying(ok(reply))) as up, gate(tmp_path, provider(up.port)) as g:
            assert split(await g.ask(post(CHAT, request)))[2] == reply
            ((_, kept, closed, kept_reply),) = g.exchanges()
            assert (kept, kept_reply, closed.outcome) == (request, reply, "ok")
            assert max(len(frame.body) for frame in g.frames()) <= 256 * 1024
            assert up.requests[0].endswith(request)

    run(main())


@pytest.mark.covers("U14", "U15")
@pytest.mark.parametrize("cut", [0, 70])
async def test_a_second_reply_in_one_read_reaches_nobody(tmp_path, cut):
    """What a provider sends behind its reply, in the same packet or not, is not part of it and not the next one."""
    first, second = ok(b'{"mine":1}'), ok(b'{"evil":1}', extra=b"X-Evil: 1\r\n")

    async def script(up, reader, writer):
        while await up.read_request(reader):
            if cut:
                writer.write(first[:cut])
                await writer.drain()
                await asyncio.sleep(0.02)
            writer.write(first[cut:] + (second if len(up.requests) == 1 else b""))

    async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
        for _ in range(2):
            status, headers, body = split(await g.ask(post(CHAT, b"{}")))
            assert (status, body, "x-evil" in headers) == (200, b'{"mine":1}', False)
        assert up.connections == 2


async def test_a_connection_with_an_unsent_request_is_not_used_again(tmp_path):
    """A provider may refuse a large body before it has read it; the next request must not queue behind the rest of it."""

    async def script(up, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        if up.connections == 1:
            writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
            await asyncio.sleep(20)  # does not read the rest; cancelled with the test
        writer.write(ok(b"{}"))

    async with upstream(script) as up, gate(tmp_path, provider(up.port, more="timeouts: {first_byte_s: 5}")) as g:
        assert split(await g.ask(post(CHAT, b"x" * 20_000_000)))[0] == 413
        assert split(await g.ask(post(CHAT, b"{}")))[0] == 200


async def test_an_encoded_stream_is_relayed_unseen(tmp_path):
    """A provider that compresses although it was asked not to: nothing is held back, nothing of ours is put in between."""
    import gzip

    piece = gzip.compress(EVENT + DONE)
    reply = chunked(piece[:20], end=False).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n", 1)
    async with upstream(replying(reply, close=True)) as up, gate(tmp_path, provider(up.port)) as g:
        answer = await g.ask(post(CHAT, b'{"stream":true}'))
        assert unchunk(answer.partition(b"\r\n\r\n")[2]) == [piece[:20]]


@pytest.mark.covers("C3", "C11")
async def test_a_pipelining_client_that_does_not_read_is_not_answered_further(tmp_path):
    """A hundred large replies must not pile up for a client that takes none of them."""
    reply = ok(b"x" * 4_000_000, content_type="application/octet-stream")
    async with upstream(replying(reply)) as up, gate(tmp_path, provider(up.port)) as g:
        reader, writer = await asyncio.open_connection("127.0.0.1", g.port, limit=4096)
        writer.write(b"".join(post("/v1/files/f/content", b"{}", close=False) for _ in range(30)))
        seen = -1
        while seen != len(up.requests):
            seen = len(up.requests)
            await asyncio.sleep(0.3)
        assert 1 <= seen <= 5
        taken = 0
        while taken < 30 * 4_000_000:
            taken += len(await reader.read(1 << 20))
        assert len(up.requests) == 30
        writer.close()
