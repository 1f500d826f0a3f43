"""Bodies that are too long for one turn of the loop: what is sent and written down is what came, in pieces, and others get their turns."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from unittest import mock

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects.json_scan import edited
from gateway.journal import PART_BYTES, Kind
from gateway.proxy import long
from gateway.proxy.long import Content, Gathering, Long, changed, holds, parts
from gateway.proxy.upstream import Connection
from tests.proxy.test_guard import MAIL, rules
from tests.support.proxy import Upstream, gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"
SMALL = 8  # in the place of PART_BYTES
PIECES = st.lists(st.text(alphabet='"ab', min_size=1, max_size=3 * SMALL).map(str.encode), max_size=12)


def gathered(pieces: list[bytes]) -> Content:
    """What comes of a body that comes so."""
    made = Gathering()
    for piece in pieces:
        made.add(piece)
    return made.take()


@settings(deadline=None)
@given(PIECES)
def test_a_body_is_what_came_however_it_was_cut(pieces):
    """Law 1; and nothing is longer than a frame of the journal may be."""
    with mock.patch.object(long, "PART_BYTES", SMALL):
        body, whole = gathered(pieces), b"".join(pieces)
        assert isinstance(body, Long) == (len(whole) > SMALL)
        assert len(body) == len(whole) and b"".join(parts(body)) == whole == b"".join(parts(whole))
        assert all(0 < len(part) <= SMALL for part in (*parts(body), *parts(whole)))
        if isinstance(body, Long):
            assert asyncio.run(body.whole()) == whole


@settings(deadline=None)
@given(PIECES, st.text(alphabet='"ab', min_size=1, max_size=2 * SMALL).map(str.encode), st.integers(0, 2))
def test_a_text_is_found_wherever_the_body_is_cut(pieces, text, hops):
    """A text that stands over the end of a piece, or of two, stands in the body."""
    with mock.patch.object(long, "PART_BYTES", SMALL), mock.patch.object(long, "_HOPS", hops):
        body, whole = gathered(pieces), b"".join(pieces)
        assert asyncio.run(holds(body, text)) == asyncio.run(holds(whole, text)) == (text in body) == (text in whole)


@settings(deadline=None)
@given(PIECES, st.data())
def test_what_is_changed_is_changed_wherever_the_body_is_cut(pieces, data):
    """Law 1: every other byte stays."""
    with mock.patch.object(long, "PART_BYTES", SMALL):
        body, whole = gathered(pieces), b"".join(pieces)
        places = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6, unique=True)))
        edits = [(start, end, b"<%d>" % start) for start, end in zip(places[::2], places[1::2], strict=False)]
        now = changed(body, edits)
        assert b"".join(parts(now)) == edited(whole, edits)
        assert len(now) > SMALL or not isinstance(now, Long)


async def test_a_text_is_looked_for_a_piece_in_a_turn():
    """Ten megabytes of anything take milliseconds."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.ensure_future(count())
    for body in (b'"streams' * PART_BYTES, gathered([b'"streams' * 30_000] * 10)):
        turns = 0
        assert not await holds(body, b'"stream"')
        assert turns > 6
    counting.cancel()


def asked(size: int, **more: object) -> bytes:
    """A chat request that is so long."""
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": ""}], **more})
    at = body.index('""') + 1
    return (body[:at] + "A" * (size - len(body)) + body[at:]).encode()


async def sent_in(up_port: int, raw: bytes, root: Path, cut: int, more: str = "") -> tuple[bytes, list[tuple[Kind, int]], bytes]:
    """The gate's answer to raw bytes that come in pieces of `cut`; kind and turn of each frame written; the body as it is recorded."""
    async with gate(root, provider(up_port), more=more) as g:
        frames: list[tuple[Kind, int]] = []
        turn, append, loop = 0, g.worker.journal._append, asyncio.get_running_loop()

        def count() -> None:
            nonlocal turn, counting
            turn += 1
            counting = loop.call_soon(count)

        def noted(id: bytes, *written: tuple[Kind, bytes, bytes]) -> int:
            frames.extend((kind, turn) for kind, _, _ in written)
            return append(id, *written)

        counting = loop.call_soon(count)
        g.worker.journal._append = noted  # type: ignore[method-assign]
        reader, writer = await g.connect()
        for at in range(0, len(raw), cut):
            writer.write(raw[at : at + cut])
            await writer.drain()
        answer = await reader.read()
        writer.close()
        counting.cancel()
        return answer, frames, g.exchanges()[0][1]


@pytest.mark.parametrize("cut", [1 << 20, 100_000, 7_777])
def test_a_long_body_is_written_and_sent_as_it_came(tmp_path, cut):
    """Laws 1 and 4: no byte is another, and no turn of the loop writes more than a piece."""
    body = asked(3_000_000)

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up:
            answer, frames, recorded = await sent_in(up.port, post(CHAT, body), tmp_path, cut)
            assert split(answer)[0] == 200
            assert up.requests[0].endswith(b"\r\n\r\n" + body) and recorded == body
            parts_at = [turn for kind, turn in frames if kind in (Kind.OPEN, Kind.REQUEST_PART)]
            assert len(parts_at) >= len(body) // PART_BYTES and len(set(parts_at)) == len(parts_at)

    uvloop.run(main())


@pytest.mark.parametrize("options", [{}, {"stream_options": {"x": 1}}])
def test_usage_is_asked_for_in_a_long_body(tmp_path, options):
    """A picture and a stream go together; the record has what the app sent."""
    body = asked(2_000_000, stream=True, **options)
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n"

    async def main() -> None:
        async with upstream(replying(reply)) as up:
            answer, _, recorded = await sent_in(up.port, post(CHAT, body), tmp_path, 1 << 20)
            assert split(answer)[0] == 200 and recorded == body
            sent = up.requests[0].partition(b"\r\n\r\n")[2]
            assert json.loads(sent) == {**json.loads(body), "stream_options": {**options.get("stream_options", {}), "include_usage": True}}
            assert sent[sent.index(b'"messages"') :].startswith(body[body.index(b'"messages"') :][:1_000_000])

    uvloop.run(main())


def test_a_long_body_that_a_route_makes_short_is_sent(tmp_path):
    """A model's name that is longer than all else: with the route's in its place the body is not long any more."""
    body = json.dumps({"model": "m" * 2 * PART_BYTES, "messages": []}).encode()

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up:
            more = "routes: {chat: {targets: [{provider: up, model: short}]}}"
            answer, _, recorded = await sent_in(up.port, post("/chat" + CHAT, body), tmp_path, 1 << 20, more)
            assert split(answer)[0] == 200 and recorded == body
            assert up.requests[0].endswith(b'\r\n\r\n{"model": "short", "messages": []}')

    uvloop.run(main())


def test_a_long_body_is_looked_at_whole(tmp_path):
    """What stands over the end of two pieces is found, and what was masked is sent and recorded in its place."""
    body = asked(2 * PART_BYTES)
    at = body.index(b"AAAA") + 256_000 - 10
    body = body[:at] + b" " + MAIL.encode() + b" " + body[at + len(MAIL) + 2 :]

    async def main() -> None:
        async with upstream(replying(ok(b"{}"))) as up:
            answer, _, recorded = await sent_in(up.port, post(CHAT, body), tmp_path, 256_000, rules("name: in, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns"))
            assert split(answer)[0] == 200
            sent = up.requests[0].partition(b"\r\n\r\n")[2]
            assert MAIL.encode() not in sent and recorded == sent == body.replace(MAIL.encode(), b"<EMAIL_ADDRESS_1>")

    uvloop.run(main())


async def stubborn(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A provider that reads a head and no more, and says no."""
    up.requests.append(await reader.readuntil(b"\r\n\r\n"))
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    if len(up.requests) == 1:
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
    else:
        writer.write(ok(b"{}"))
    await asyncio.Event().wait()


def test_a_reply_before_the_end_of_a_long_body_ends_its_sending(tmp_path):
    """The rest of it must not go before the next request on that connection."""
    body = asked(64_000_000)

    async def main() -> None:
        async with upstream(stubborn) as up, gate(tmp_path, provider(up.port), more="server: {max_body_bytes: 100000000}") as g:
            assert split(await g.ask(post(CHAT, body)))[0] == 413
            assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
            assert up.connections == 2 and up.requests[1].startswith(b"POST ")

    uvloop.run(main())


def test_a_provider_that_reads_slowly_is_not_sent_more_than_it_takes(tmp_path, monkeypatch):
    """What it does not take waits in its pieces, and not in the transport's memory once more."""
    body = asked(48_000_000)
    waits, made, send = asyncio.Event(), [], Connection.send

    def noted(connection: Connection, *what: object, **more: object) -> None:
        made.append(connection)
        send(connection, *what, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Connection, "send", noted)

    async def slow(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await waits.wait()
        reader._transport.resume_reading()  # type: ignore[attr-defined]
        await replying(ok(b"{}"))(up, reader, writer)

    async def main() -> None:
        async with upstream(slow) as up, gate(tmp_path, provider(up.port), more="server: {max_body_bytes: 100000000}") as g:
            asking = asyncio.ensure_future(g.ask(post(CHAT, body)))
            while not (made and made[0]._full):
                await asyncio.sleep(0.001)  # what the kernels take is theirs to say
            assert made[0].transport is not None
            assert made[0].transport.get_write_buffer_size() <= PART_BYTES and len(made[0]._unsent) > 1
            waits.set()
            assert split(await asking)[0] == 200
            assert up.requests[0].endswith(body[-1_000_000:]) and len(up.requests[0]) > len(body)

    uvloop.run(main())
