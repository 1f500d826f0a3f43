"""Paths and queries under request rules: what stands there reaches the provider and its logs like any text."""

from __future__ import annotations

import json

import pytest

from gateway.exchange import Outcome
from tests.detectors.made_up_secrets import PREFIXED, Drawn
from tests.proxy.test_guard import chat, rules
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

KEY = PREFIXED["GITHUB_TOKEN"][0](Drawn(5))
MAIL = "alice.smith@example.com"
MASKS = rules("name: s, detector: secrets, on: request, action: mask", "name: p, detector: pii, on: request, kinds: [EMAIL_ADDRESS, CREDIT_CARD], action: mask, tier: patterns")
BLOCKS = rules("name: no-keys, detector: secrets, on: request, action: block")


def get(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()


def line(request: bytes) -> str:
    return request.partition(b"\r\n")[0].decode()


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (f"/v1/files?after={KEY}&limit=20", "/v1/files?after=%3CGITHUB_TOKEN_1%3E&limit=20"),
        (f"/v1/files?note=mail%20to+{MAIL.replace('@', '%40')}%2C%20now&limit=20", "/v1/files?note=mail+to+%3CEMAIL_ADDRESS_1%3E%2C+now&limit=20"),
        (f"/v1/files/{KEY}/content", "/v1/files/%3CGITHUB_TOKEN_1%3E/content"),
        (f"/v1/files?{KEY}=1&x={KEY}", "/v1/files?%3CGITHUB_TOKEN_1%3E=1&x=%3CGITHUB_TOKEN_1%3E"),
        ("/v1/files?metadata[x]=4111+1111+1111+1111", "/v1/files?metadata[x]=%3CCREDIT_CARD_1%3E"),
    ],
)
async def test_what_is_found_in_path_or_query_is_masked(tmp_path, asked, sent):
    """Percent-encoded again, the rest byte for byte, and the row counts it."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
        assert split(await g.ask(get(asked)))[0] == 200
        assert line(up.requests[0]) == f"GET {sent} HTTP/1.1"
        ((_, _, closed, _),) = g.exchanges()
        assert closed.verdict == "masked" and {f[3] for f in closed.findings} == {"mask"}


@pytest.mark.parametrize(
    "asked",
    [
        "/v1/files?after=file-AbCdEfGh12345678AbCdEf&limit=20&order=desc&x=%7e%41%2B+b",
        "/v1/files/file-AbCdEfGh12345678AbCdEf/content",
        "/v1/responses/resp_68af4030592c81938ec0a5fbab4a3e9f05438e46b5f69a3b?include[]=message.output_text.logprobs&&=&a",
        "/v1/files?api-version=2024-10-21&beta=true",
    ],
)
async def test_a_target_without_findings_is_sent_as_it_came(tmp_path, asked):
    """Law 1: however oddly it is spelled."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=MASKS) as g:
        assert split(await g.ask(get(asked)))[0] == 200
        assert line(up.requests[0]) == f"GET {asked} HTTP/1.1"


async def test_a_key_in_a_query_is_refused_under_a_rule_that_blocks(tmp_path):
    """The provider is not contacted, whatever is in the body, and nothing repeats it."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more=BLOCKS) as g:
        for asked in (get(f"/v1/files?after={KEY}"), get(f"/v1/files?after={KEY.replace('_', '%5F')}"), get(f"/v1/files/{KEY}"), post(f"/v1/chat/completions?x={KEY}", chat("hi"))):
            answer = await g.ask(asked)
            assert split(answer)[0] == 400 and b"policy_blocked" in answer and KEY.encode() not in answer
        assert not up.requests
        for opened, _, closed, _ in g.exchanges():
            assert (closed.outcome, closed.verdict) == (Outcome.POLICY_BLOCKED, "blocked") and KEY not in repr(opened) + repr(closed)


async def test_a_credential_for_the_provider_is_no_text(tmp_path):
    """Gemini's `key` is what a header is elsewhere: it goes where it is meant to go, and nowhere else."""
    key = PREFIXED["GOOGLE_API_KEY"][0](Drawn(6))
    for action in ("mask", "block"):
        root = tmp_path / action
        root.mkdir()
        more = rules(f"name: s, detector: secrets, on: request, action: {action}")
        async with upstream(replying(ok(b"{}"))) as up, gate(root, provider(up.port, dialect="gemini"), more=more) as g:
            asked = f"/v1beta/models/gemini-2.0-flash:generateContent?alt=json&key={key}"
            assert split(await g.ask(post(asked, json.dumps({"contents": [{"parts": [{"text": "hi"}]}]}).encode())))[0] == 200
            assert line(up.requests[0]) == f"POST {asked} HTTP/1.1"
            assert key not in repr(g.exchanges()) and g.exchanges()[0][2].verdict == "passed"


async def test_nothing_to_look_at_is_no_pass(tmp_path):
    """Law 5: `passed` says that somebody looked. A body, a query or a rule for replies makes that true."""
    both = MASKS + "  - {name: back, apps: back, detector: secrets, on: reply, action: mask}\n"
    async with upstream(replying(ok(b'{"data":[]}'))) as up, gate(tmp_path, provider(up.port), more=both) as g:
        for asked in (get("/v1/models"), get("/v1/models?limit=3"), get("/v1/files?q=word"), get("/v1/models").replace(b"Host: x", b"Host: x\r\nx-tidegate-app: back")):
            await g.ask(asked)
        assert [closed.verdict for _, _, closed, _ in g.exchanges()] == ["not_checked", "not_checked", "passed", "passed"]


async def test_a_model_in_a_path_is_masked_in_the_record_too(tmp_path):
    """What the provider is asked for is what is written down."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, dialect="gemini"), more=MASKS) as g:
        await g.ask(post(f"/v1beta/models/{KEY}:generateContent", b'{"contents":[]}'))
        assert "models/%3CGITHUB_TOKEN_1%3E:generateContent" in line(up.requests[0])
        assert g.exchanges()[0][0].request_model == "<GITHUB_TOKEN_1>"


async def test_a_whole_reply_that_breaks_off_keeps_what_was_decided(tmp_path):
    """Half of a key is no key to a detector: of a body that ends in the middle of a text, what is still open is not given out."""
    whole = json.dumps({"choices": [{"message": {"role": "assistant", "content": f"the words before and {KEY}"}}]}).encode()
    cut = whole[: whole.index(KEY.encode()) + 20]
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + cut
    masks = rules("name: back, detector: secrets, on: reply, action: mask")
    async with upstream(replying(reply, close=True)) as up, gate(tmp_path, provider(up.port), more=masks) as g:
        status, _, body = split(await g.ask(post("/v1/chat/completions", chat("hi"))))
        assert status == 200 and body == whole[: whole.index(KEY.encode())]
        assert KEY[:20].encode() not in g.exchanges()[0][3]
