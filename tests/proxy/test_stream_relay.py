"""A stream on its way through the relay: its copy in parts, and failures of our own in the middle of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.exchange import Closed
from gateway.journal import PART_BYTES, Kind
from gateway.proxy.race import Race
from gateway.proxy.relay import Relay
from gateway.proxy.upstream import Connection
from tests.support.asked_again import silent, until
from tests.support.proxy import Gate, gate, post, provider, unchunk, upstream

CHAT = "/v1/chat/completions"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENT = b'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
DONE = b"data: [DONE]\n\n"
ASKED = b'{"stream":true,"stream_options":{"include_usage":true}}'


def framed(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


async def asking(g: Gate, body: bytes) -> tuple[asyncio.Task[bytes], Relay, Connection]:
    """A stream is asked for, and the provider has said nothing yet."""
    ask = asyncio.create_task(g.ask(post(CHAT, body)))
    await until(lambda: [relay for relay in g.worker.ingress.live if relay._attempt.connection is not None])
    (relay,) = g.worker.ingress.live
    connection = relay._attempt.connection
    assert connection is not None
    return ask, relay, connection


async def streamed(g: Gate, body: bytes, pieces: Sequence[bytes]) -> tuple[list[bytes], bytes, Closed]:
    """What a client gets of a stream whose pieces are read one by one, and what is recorded of it."""
    ask, _, connection = await asking(g, body)
    for piece in (HEAD, *map(framed, pieces), b"0\r\n\r\n"):
        connection.data_received(piece)
    answer = await ask
    _, _, closed, kept = g.exchanges()[-1]
    assert closed is not None
    return unchunk(answer.partition(b"\r\n\r\n")[2]), kept, closed


async def test_a_long_stream_is_kept_in_parts_and_nothing_of_a_withheld_one(tmp_path: Path) -> None:
    """What fills a part goes to the journal while the stream goes on."""
    pieces = [EVENT.replace(b"Hi", b"x" * 5000 + b"%d" % n) for n in range(2 * PART_BYTES // 5000)]
    async with upstream(silent) as up, gate(tmp_path / "full", provider(up.port)) as g:
        got, kept, closed = await streamed(g, ASKED, [*pieces, DONE])
        assert got == [*pieces, DONE] and kept == b"".join((*pieces, DONE)) and closed.body_parts == 2
        ask, relay, connection = await asking(g, ASKED)
        for piece in (HEAD, *map(framed, pieces)):
            connection.data_received(piece)
        assert sum(frame.kind is Kind.REPLY_PART and frame.id == relay._id for frame in g.frames()) == 2
        connection.data_received(framed(DONE) + b"0\r\n\r\n")
        await ask
    async with upstream(silent) as up, gate(tmp_path / "none", provider(up.port), more="store: {content: none}\n") as g:
        got, kept, closed = await streamed(g, ASKED, [*pieces, DONE])
        assert got == [*pieces, DONE] and b"xxx" not in kept and closed.body_note == "withheld"


async def test_a_write_that_fails_ends_the_exchange(tmp_path: Path) -> None:
    """A failure of our own is not the provider's, and leaves no exchange open."""
    async with upstream(silent) as up, gate(tmp_path, provider(up.port)) as g:
        ask, relay, connection = await asking(g, ASKED)
        connection.data_received(HEAD + framed(EVENT))

        def fail(data: bytes) -> None:
            relay.out.write = relay.out._transport.write  # type: ignore[union-attr]
            raise OSError("no")

        relay.out.write = fail
        connection.data_received(framed(EVENT))
        assert relay.over and connection._sink is None
        await ask
        ((_, _, closed, _),) = g.exchanges()
        assert closed is not None and (closed.outcome, closed.error_code) == ("gateway_error", "gateway_error")


async def test_a_rival_that_cannot_be_dropped_costs_no_close_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has become of the others is told before the record is written, and whatever that does, it is written."""

    def fail(race: Race) -> None:
        raise RuntimeError("no")

    async with upstream(silent) as up, gate(tmp_path, provider(up.port)) as g:
        ask, relay, connection = await asking(g, ASKED)
        relay.tries._race = race = Race(g.worker.ingress.desk.loop, relay.tries, 3600.0)
        relay.tries._final = True
        with monkeypatch.context() as patch:
            patch.setattr(Race, "stop", fail)
            connection.data_received(HEAD + framed(EVENT) + framed(DONE) + b"0\r\n\r\n")
        race.stop()
        assert DONE in await ask
        ((_, _, closed, kept),) = g.exchanges()
        assert closed is not None and (closed.outcome, kept) == ("ok", EVENT + DONE)
