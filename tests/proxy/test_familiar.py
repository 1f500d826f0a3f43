"""A head that was read before is not read again, and nobody can tell."""

from __future__ import annotations

import asyncio
import datetime as dt
import random

import pytest

from gateway.keys import KeyRecord, KeysFile, digest, new_key, pepper
from gateway.proxy import familiar
from gateway.proxy.familiar import Familiar
from gateway.proxy.heads import HeadReader
from tests.proxy.test_heads import BAD, BROKEN, GOOD, NEXT, mangled
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream
from tests.support.wireless import Served, Told, served

HEAD = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nX-Strengthen: 1\r\ncontent-length: %b\r\nX-B: c\r\n\r\n"
PLAIN = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: %b\r\nX-B: c\r\n\r\n"


def learned(*heads: bytes) -> Familiar:
    known = Familiar()
    for head in heads:
        request = HeadReader().feed(head)
        assert request is not None
        known.learn(head, request)
    return known


def told(found: Told) -> Told:
    """The digits of a length are those of the first head that was alike; the length itself is not theirs."""
    found.requests = [(method, target, tuple(pair for pair in fields if pair[0].lower() != b"content-length"), body) for method, target, fields, body in found.requests]
    return found


@pytest.mark.covers("C12", "T12")
async def test_whoever_has_served_much_serves_as_one_that_is_new():
    """Requests of all kinds, whole, broken and mangled, one behind the other at one server: each is told what a server tells that sees nothing else."""
    chance, serving = random.Random(23), Served()
    seeds = [*(raw for raw, _ in GOOD.values()), *BAD.values(), *BROKEN.values(), *(PLAIN % b"%d" % size + b"x" * size for size in (1, 5, 12, 100))]
    for _ in range(1500):
        raw = mangled(chance, chance.choice(seeds) + NEXT, chance.choice((0, 0, 1, 2)))
        cuts = [raw] if chance.random() < 0.7 else [raw[:at], raw[at:]] if (at := chance.randrange(1, len(raw))) else []
        assert told(await served(cuts, serving)) == told(await served([raw])), raw


def test_only_the_length_may_differ():
    """What is found says its own length, and what stands behind it is handed back."""
    known = learned(PLAIN % b"5")
    found = known.find(PLAIN % b"123" + b"rest")
    assert found is not None
    request, behind = found
    assert (request.method, request.target, request.length, request.keep_alive, behind) == ("POST", "/v1/x", 123, True, b"rest")
    assert known.find((PLAIN % b"123").replace(b"X-B: c", b"X-B: d")) is None
    assert known.find((PLAIN % b"123").replace(b"/v1/x", b"/v1/y")) is None
    assert known.find((PLAIN % b"123").replace(b"Content-L", b"content-L")) is None


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize("digits", [b"", b"0", b"05", b"+5", b"-5", b" 5", b"5 ", b"5\t", b"0x5", b"5_0", b"1e3", b"5,5", b"12345678901", b"\xb2"])
def test_a_length_that_is_none_is_for_the_parser(digits):
    """Which knows what to say of it, and of lengths that another reader may take for another number."""
    assert learned(PLAIN % b"5").find(PLAIN % digits) is None


@pytest.mark.covers("C12", "T12")
async def test_a_piece_of_a_head_is_not_learned_as_one():
    """A client cuts its head so that the last piece looks like a whole one: whoever sends that piece alone is still told that it is none."""
    serving = Served()
    tail = PLAIN % b"5"
    whole = b"POST /v1/z HTTP/1.1\r\nX: " + tail + b"hello"
    cut = len(whole) - len(tail[tail.find(b"Host") :]) - 5
    await served([whole[:cut], whole[cut:]], serving)
    piece = whole[cut:]
    assert await served([piece], serving) == await served([piece])
    assert (await served([piece], serving)).refused == [(400, "invalid_http")]


def test_a_header_that_only_ends_like_a_length_hides_none():
    """What looks like the length first is another header: such a head is read each time."""
    known = learned(HEAD.replace(b"X-Strengthen", b"X-Strength") % b"5")
    assert known.find(HEAD.replace(b"X-Strengthen", b"X-Strength") % b"6") is None
    assert learned(HEAD % b"5").find(HEAD % b"6") is not None


def test_little_is_remembered_and_not_for_long(monkeypatch):
    """Heads hold credentials, and whoever invents some must not fill the memory."""
    monkeypatch.setattr(familiar, "REMEMBERED", 3)
    heads = [(PLAIN % b"5").replace(b"X-B: c", b"X-B: %d" % n) for n in range(5)]
    known = learned(*heads, (PLAIN % b"5").replace(b"X-B: c", b"X-B: " + b"c" * 5000))
    assert [known.find(head) is not None for head in heads] == [True] * 3 + [False] * 2
    known.forget()
    assert known.find(heads[0]) is None
    long = (PLAIN % b"5").replace(b"X-B: c", b"X-B: " + b"c" * 5000)
    assert learned(long).find(long) is None


async def test_a_server_forgets_within_two_minutes():
    """A caller that is gone is gone from memory, too."""
    serving = Served()
    await served([PLAIN % b"1" + b"x"], serving)
    assert serving.server.familiar.find(PLAIN % b"1") is not None
    for _ in range(1200):  # beats
        serving.server.tick()
    assert serving.server.familiar.find(PLAIN % b"1") is None


@pytest.mark.covers("T3")
def test_a_revoked_key_opens_nothing_though_its_head_is_known(tmp_path, monkeypatch):
    """What was worked out of a head holds only as long as the keys do; and each request gets an id and a trace of its own, and is sent on with its own length."""
    monkeypatch.setenv("HELD", "sk-held-by-gate")
    key = new_key()
    file = KeysFile(tmp_path / "keys.yaml")
    file.add(KeyRecord("k1", digest(pepper(tmp_path), key), "shop", None, (), dt.datetime.now(dt.UTC)))

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, more="key: '${HELD}'")) as g:
            bodies = [b"{}", b"{%b}" % (b" " * 30), b"{ }"]
            answers = [split(await g.ask(post("/v1/chat/completions", body, f"authorization: Bearer {key}"))) for body in bodies]
            assert [status for status, _, _ in answers] == [200] * 3
            assert [request.partition(b"\r\n\r\n")[2] for request in up.requests] == bodies
            assert len({request.partition(b"traceparent: ")[2][:55] for request in up.requests}) == 3
            assert len({headers["x-tidegate-request-id"] for _, headers, _ in answers}) == 3
            assert [opened.app for opened, _, _, _ in g.exchanges()] == ["shop"] * 3
            file.revoke("k1", dt.datetime.now(dt.UTC))
            assert g.worker.keys.refresh()
            assert split(await g.ask(post("/v1/chat/completions", b"{}", f"authorization: Bearer {key}")))[0] == 401
            assert len(up.requests) == 3

    asyncio.run(asyncio.wait_for(main(), 60))
