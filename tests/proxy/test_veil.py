"""A key that a provider repeats in an error: the gate's own is given to nobody, a caller's to that caller alone."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from gateway.keys import KeyRecord, KeysFile, digest, new_key, pepper
from gateway.proxy.veil import Veil, keys_in, starred
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

OWN = "sk-" + "own-0f9e8d7c6b5a4938271605f4e3d2c1b0"
THEIRS = "sk-" + "theirs-1a2b3c4d5e6f708192a3b4c5d6e7f809"
BODY = b'{"model": "m", "messages": []}'


def refusal(body: bytes, *lines: bytes) -> bytes:
    return ok(body, extra=b"".join(line + b"\r\n" for line in lines)).replace(b"200 OK", b"401 Unauthorized")


@pytest.mark.covers("T2")
@pytest.mark.parametrize("how", ["whole", "chunks", "gzip", "gzip and no length", "to the end", "head"])
async def test_the_gates_own_key_is_given_to_nobody(tmp_path, how):
    """An app that may use a provider may not have its key: whoever leaves the company would take it along."""
    said = b'{"error": {"message": "Incorrect API key provided: ' + OWN.encode() + b'. See your account."}}'
    starred_ = said.replace(OWN.encode(), b"*" * len(OWN))
    replies = {
        "whole": refusal(said),
        "chunks": b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(b"%x\r\n%b\r\n" % (len(said[at : at + 5]), said[at : at + 5]) for at in range(0, len(said), 5)) + b"0\r\n\r\n",
        "gzip": refusal(gzip.compress(said), b"Content-Encoding: gzip"),
        "gzip and no length": b"HTTP/1.1 401 No\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(said),
        "to the end": b"HTTP/1.1 401 No\r\n\r\n" + said,
        "head": refusal(said, b"x-seen: Bearer " + OWN.encode()),
    }
    async with upstream(replying(replies[how], close="end" in how or "no length" in how)) as up:
        key = new_key()
        KeysFile(tmp_path / "keys.yaml").add(KeyRecord("app", digest(pepper(tmp_path, None), key), None, None, (), dt.datetime.now(dt.UTC)))
        async with gate(tmp_path, provider(up.port, more=f"key: {OWN}")) as g:
            answer = await g.ask(post("/up/v1/chat/completions", BODY, f"x-tidegate-key: {key}"))
            status, headers, body = split(answer)
            assert (status, body) == (401, starred_) and OWN.encode() not in answer
            assert OWN.encode() in up.requests[0]
            assert "x-seen" not in headers or headers["x-seen"] == "Bearer " + "*" * len(OWN)
            [(_, _, closed, recorded)] = g.exchanges()
            assert closed is not None and closed.outcome == "ok" and recorded == starred_


@pytest.mark.covers("T2")
async def test_a_callers_key_reaches_the_caller_and_not_the_record(tmp_path):
    """Replies are relayed byte for byte; who reads the record is somebody else. A part of a long one ends in the middle of a key."""
    key = THEIRS.encode()
    said = [
        b"no: " + key, b"x" * (262_144 - 20) + key + b"y" * 999, gzip.compress(b"no: " + key), b"data: {\"error\": {\"message\": \"" + key + b"\"}}\n\n",
    ]  # fmt: skip
    replies = [refusal(said[0]), refusal(said[1]), refusal(said[2], b"Content-Encoding: gzip"), ok(said[3], content_type="text/event-stream")]
    async with upstream(replying(*replies)) as up, gate(tmp_path, provider(up.port)) as g:
        for each in said:
            _, _, body = split(await g.ask(post("/up/v1/chat/completions", BODY, f"Authorization: Bearer {THEIRS}")))
            assert body == each
        hidden = [starred(each, (key,)) for each in said]
        assert [recorded for *_, recorded in g.exchanges()] == [hidden[0], hidden[1], b"", hidden[3]]
        assert [closed.body_note for _, _, closed, _ in g.exchanges() if closed is not None] == ["", "", "withheld", ""]


def test_a_veil_changes_nothing_but_the_key_however_it_is_cut() -> None:
    """Every cut of an error in three; what may be a key's beginning is held back until it is known, and nothing of it is lost."""
    key = b"key-" + b"a1b2c3d4" * 2
    said = b"you sent " + key[:9] + b" and " + key + key + key[:7]
    owed = said.replace(key, b"*" * len(key))
    for first in range(len(said)):
        for second in range(first, len(said), 3):
            veil = Veil(key)
            told = [veil.push((401, []), said[:first], False), veil.push(None, said[first:second], False), veil.push(None, said[second:], True)]
            assert b"".join(data for _, data in told) == owed


def test_keys_are_found_in_what_tells_callers_apart() -> None:
    """Headers of every dialect, the query; what is too short to be a secret protects nothing, and would star words of the error."""
    key = THEIRS.encode()
    for credential in (b"Bearer " + key, key, b"Bearer x\n" + key, b"alt=sse&key=" + key, b"key=" + key):
        assert keys_in(credential) == (key,)
    assert keys_in(b"Bearer EMPTY") == keys_in(b"") == keys_in(b"alt=sse") == ()
