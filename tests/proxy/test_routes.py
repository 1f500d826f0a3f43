"""Routes: several providers behind one name, each asked in its own way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.dialects.json_scan import edited
from gateway.keys import digest, pepper
from gateway.proxy import tries
from gateway.proxy.asked_model import in_body, in_path
from tests.proxy.test_guard import CARD, MAIL, chat, rules
from tests.support.asked_again import ASKS, CHAT, answers, fails, said, silent, tried
from tests.support.proxy import Gate, Upstream, chunked, gate, post, provider, replying, split, upstream

TWO = "routes:\n  chat: {targets: [one, two]}\n"
ROUTE = "/chat" + CHAT
OWN = "tg-" + "x" * 43


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests wait for is said by a provider, not by chance."""
    monkeypatch.setattr(tries, "BACKOFF_S", 0.001)


def held(port: int, name: str, more: str = "") -> str:
    """A provider whose key the gate holds."""
    return provider(port, name=name, more=f"key: provider-key-of-{name}{more}")


def dead_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keyed(root: Path, *providers: str) -> str:
    """YAML of one gateway key, OWN, for these providers."""
    root.mkdir(parents=True, exist_ok=True)
    return f"keys: [{{id: app, digest: {digest(pepper(root), OWN)}, providers: [{', '.join(providers)}]}}]\n"


@contextlib.asynccontextmanager
async def two(root: Path, first: object, second: object, more: str = TWO, *, terms: str = "", of_second: str = "") -> AsyncIterator[tuple[Gate, Upstream, Upstream]]:
    """A gate with the route chat, and its two providers. first, second: their scripts."""
    async with upstream(first) as one, upstream(second) as other:  # type: ignore[arg-type]
        providers = held(one.port, "one", terms) + held(other.port, "two", terms + of_second)
        async with gate(root, providers, more=more + keyed(root)) as g:
            yield g, one, other


def asks(body: bytes = ASKS, *headers: str, path: str = ROUTE) -> bytes:
    return post(path, body, f"Authorization: Bearer {OWN}", *headers)


async def test_the_next_target_is_asked_in_its_own_way(tmp_path: Path) -> None:
    """Its host, its base path, its key, its model; and nothing of the caller's or the first provider's credentials."""
    async with upstream(replying(fails(503))) as one, upstream(replying(answers())) as other:
        base = f"  two: {{dialect: openai, base_url: 'http://127.0.0.1:{other.port}/deep/er', allow_private: true, key: provider-key-of-two}}\n"
        more = "routes:\n  chat: {targets: [one, {provider: two, model: 'big \u00e9'}]}\n" + keyed(tmp_path)
        async with gate(tmp_path, held(one.port, "one") + base, more=more) as g:
            body = b'{ "n" : 1, "model"\n: "gpt-4o" ,"messages":[{"role":"user","content":"\\"model\\": \\u0041","model":"inner"}]}'
            status, _, _ = split(await g.ask(asks(body, "X-Api-Key: callers-own", "OpenAI-Organization: org", "Cookie: id=callers-own", "Ocp-Apim-Subscription-Key: callers-own", "Idempotency-Key: once", path=f"{ROUTE}?subscription-key=callers-own&api-version=3")))
            assert status == 200
            (first,), (second,) = one.requests, other.requests
            assert first.startswith(b"POST /v1/chat/completions?api-version=3 HTTP/1.1\r\n") and second.startswith(b"POST /deep/er/v1/chat/completions?api-version=3 HTTP/1.1\r\n")
            assert f"Host: 127.0.0.1:{other.port}\r\n".encode() in second and b"authorization: Bearer provider-key-of-two\r\n" in second
            assert first.endswith(body) and second.endswith(body.replace(b'"gpt-4o"', json.dumps("big \u00e9", ensure_ascii=False).encode()))
            for request in (first, second):
                assert OWN.encode() not in request and b"callers-own" not in request and b"OpenAI-Organization: org" in request and b"Idempotency-Key: once" in request
            assert b"of-one" not in second and b"of-two" not in first
            opened, closed, phases = tried(g)
            assert (opened.route, opened.provider, closed.provider, closed.attempts) == ("chat", "one", "two", 2)
            assert said(phases) == [("one", "provider_overloaded", 503), ("two", "ok", 200)]
            assert g.exchanges()[0][1] == body, "the record has what the app asked for"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b'{"model":"a"}', b'{"model":"b\\"x"}'),
        (b'{"x":{"model":"a"},"mod\\u0065l" : null , "model":1}', b'{"x":{"model":"a"},"mod\\u0065l" : "b\\"x" , "model":"b\\"x"}'),
        (b'{"x":1}', b'{"x":1}'),
        (b'[{"model":"a"}]', b'[{"model":"a"}]'),
        (b'{"model":"a"', b'{"model":"a"'),
        (b"", b""),
    ],
)
def test_only_the_model_of_a_body_is_changed(body: bytes, sent: bytes) -> None:
    """Law 1: every other byte is the caller's, also where a body names its model twice, or not at all."""
    edits = [each for each in in_body(body, 'b"x') if each is not None]
    assert edited(body, edits) == sent and (sent != body or not edits)


@pytest.mark.parametrize(
    ("path", "model", "sent"),
    [
        ("/v1beta/models/gemini-2:generateContent", "flash", "/v1beta/models/flash:generateContent"),
        ("/v1beta/tunedModels/mine-1:streamGenerateContent", "flash", "/v1beta/models/flash:streamGenerateContent"),
        ("/v1beta/models/gemini-2:countTokens", "tunedModels/a b", "/v1beta/tunedModels/a%20b:countTokens"),
        ("/v1beta/models", "flash", "/v1beta/models"),
        ("/v1beta/models/gemini-2", "flash", "/v1beta/models/gemini-2"),
    ],
)
def test_a_path_of_geminis_names_the_model(path: str, model: str, sent: str) -> None:
    """Its bodies do not."""
    assert in_path(path, model) == sent


async def test_gemini_asks_for_the_targets_model_in_its_path(tmp_path: Path) -> None:
    """The record says what the app asked for."""
    async with upstream(replying(fails(500))) as one, upstream(replying(answers())) as other:
        providers = "".join(provider(up.port, name=name, dialect="gemini", more="key: k") for name, up in (("one", one), ("two", other)))
        async with gate(tmp_path, providers, more="routes:\n  g: {targets: [one, {provider: two, model: flash}], default: true}\n" + keyed(tmp_path)) as g:
            assert split(await g.ask(post("/v1beta/models/pro:generateContent?alt=json", b'{"contents":[]}', f"x-goog-api-key: {OWN}")))[0] == 200
            assert one.requests[0].startswith(b"POST /v1beta/models/pro:generateContent?alt=json ")
            assert other.requests[0].startswith(b"POST /v1beta/models/flash:generateContent?alt=json ")
            assert (tried(g)[0].request_model, tried(g)[0].route) == ("pro", "g"), "a default route takes the paths without a name"


@pytest.mark.covers("U1")
async def test_who_is_not_there_is_passed_over_and_costs_nothing(tmp_path: Path) -> None:
    """Nobody got the request, so nobody gets it twice: a dead first target must not spend what others need, whatever may be asked again."""
    async with upstream(replying(answers())) as up:
        more = TWO + "retries: {of_traffic: 0}\nbreaker: {failures: 0}\n" + keyed(tmp_path)
        async with gate(tmp_path, held(dead_port(), "one") + held(up.port, "two"), more=more) as g:
            for path in (ROUTE, "/chat/v1/files"):
                assert split(await g.ask(asks(path=path)))[0] == 200
            _opened, closed, phases = tried(g)
            assert said(phases) == [("one", "provider_unreachable", None), ("two", "ok", 200)] and (closed.provider, closed.attempts) == ("two", 1)
            assert g.worker.vitals.get("retries_denied") == 0


async def test_a_certificate_that_is_wrong_leads_to_the_next_target_only(tmp_path: Path) -> None:
    """No second look cures it; another provider may."""

    async def no_tls(up, reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with upstream(no_tls) as plain, upstream(replying(answers())) as up:
        bad = f"  one: {{dialect: openai, base_url: 'https://127.0.0.1:{plain.port}', allow_private: true, key: k}}\n"
        more = TWO + "  alone: {targets: one, retries: {per_request: 3}}\n" + keyed(tmp_path)
        async with gate(tmp_path, bad + held(up.port, "two"), more=more) as g:
            assert split(await g.ask(asks()))[0] == 200
            before = plain.connections
            status, headers, body = split(await g.ask(asks(path="/alone" + CHAT)))
            assert (status, headers["x-should-retry"], json.loads(body)["error"]["code"], plain.connections) == (502, "false", "provider_tls", before + 1)


async def test_an_answer_is_worth_more_than_none(tmp_path: Path) -> None:
    """The second target is not there: the caller sees what the first one said, to the byte, not what the gate makes of the silence after it."""
    async with upstream(replying(fails(503, b'{"said":"once"}', "x-turn: 1"))) as up:
        async with gate(tmp_path, held(up.port, "one") + held(dead_port(), "two"), more=TWO + keyed(tmp_path)) as g:
            status, headers, body = split(await g.ask(asks()))
            assert (status, headers["x-turn"], body) == (503, "1", b'{"said":"once"}')
            _opened, closed, phases = tried(g)
            assert (closed.status, closed.upstream_status, closed.attempts, closed.error_code, closed.provider) == (503, 503, 1, "", "")
            assert [(phase.provider, phase.upstream_status, phase.error_code) for phase in phases] == [("one", 503, ""), ("two", None, "provider_connect")]


async def test_an_answer_that_is_still_coming_when_it_is_needed_comes_whole(tmp_path: Path) -> None:
    """What was put by in the middle is not cut in the middle."""
    late = asyncio.Event()

    async def slow(up, reader, writer):
        await up.read_request(reader)
        writer.write(fails(503, b"x" * 1000)[:-900])
        await late.wait()
        writer.write(b"x" * 900)
        await reader.read()

    async def breaks(up, reader, writer):
        await up.read_request(reader)
        late.set()

    async with two(tmp_path, slow, breaks) as (g, _one, other):
        status, _, body = split(await g.ask(asks()))
        assert (status, body, len(other.requests)) == (503, b"x" * 1000, 1)


async def test_a_limit_that_is_spent_leads_to_another_and_is_remembered(tmp_path: Path) -> None:
    """Without Retry-After too, for another target is not hammered; with it, who wants a pause is asked last until it is over."""
    async with two(tmp_path, replying(fails(429), fails(429, b"{}", "retry-after: 60")), replying(answers())) as (g, one, other):
        assert [split(await g.ask(asks()))[0] for _ in range(4)] == [200] * 4
        assert (len(one.requests), len(other.requests)) == (2, 4)
        assert [tried(g, at)[0].provider for at in range(4)] == ["one", "one", "two", "two"]


async def test_who_cools_down_is_still_asked_if_there_is_nobody_else(tmp_path: Path) -> None:
    """A pause that one exchange was asked for does not close the door."""
    async with two(tmp_path, replying(fails(429, b"{}", "retry-after: 60")), replying(fails(429, b"{}", "retry-after: 60"))) as (g, one, other):
        assert [split(await g.ask(asks()))[0] for _ in range(2)] == [429, 429]
        assert (len(one.requests), len(other.requests)) == (2, 2)


async def test_targets_are_drawn_by_their_weights(tmp_path: Path) -> None:
    """And who was not drawn first is asked if who was fails."""
    more = "routes:\n  chat: {targets: [{provider: one, weight: 3}, {provider: two, weight: 1}], pick: weighted}\n"
    async with two(tmp_path, replying(answers()), replying(answers()), more) as (g, _one, _other):
        reader, writer = await g.connect()
        for _ in range(200):
            writer.write(asks().replace(b"Connection: close\r\n", b""))
            await reader.readuntil(b'"stop"}]}')
        counted = Counter(opened.provider for opened, *_ in g.exchanges())
        assert counted["one"] + counted["two"] == 200 and 115 < counted["one"] < 185  # 150 on the average; so far off in one run of a hundred million
        writer.close()
    async with two(tmp_path / "b", replying(fails(503)), replying(answers()), more) as (g, _one, _other):
        assert {split(await g.ask(asks()))[0] for _ in range(10)} == {200}


async def test_a_key_reaches_what_it_has_a_right_to_and_nothing_else(tmp_path: Path) -> None:
    """A route is no way around a key's rights."""
    async with upstream(replying(fails(503))) as one, upstream(replying(answers())) as other:
        providers = held(one.port, "one") + held(other.port, "two")
        for allowed, status, hits in (("one", 503, (2, 0)), ("two", 200, (2, 1))):
            async with gate(tmp_path / allowed, providers, more=TWO + keyed(tmp_path / allowed, allowed)) as g:
                got, _, _ = split(await g.ask(asks()))
                assert got == status and (len(one.requests), len(other.requests)) == hits
                assert tried(g)[0].provider == allowed and tried(g)[0].key_id == "app"
        async with gate(tmp_path / "none", providers + held(1, "three"), more=TWO + keyed(tmp_path / "none", "three")) as g:
            status, _, body = split(await g.ask(asks()))
            assert (status, json.loads(body)["error"]["code"]) == (403, "provider_not_allowed")
            assert split(await g.ask(post(ROUTE, ASKS)))[0] == 401
        assert (len(one.requests), len(other.requests)) == (2, 1)


async def test_a_callers_own_key_stays_at_one_origin(tmp_path: Path) -> None:
    """Two names of one origin may share it; that is what two time limits or two models of one provider are."""
    async with upstream(replying(fails(503), answers())) as up:
        providers = provider(up.port, name="one") + provider(up.port, name="two")
        async with gate(tmp_path, providers, more="routes:\n  chat: {targets: [one, {provider: two, model: small}]}\n") as g:
            assert split(await g.ask(post(ROUTE, ASKS, "Authorization: Bearer callers-own")))[0] == 200
            assert all(b"Authorization: Bearer callers-own\r\n" in request for request in up.requests) and b'"small"' in up.requests[1]


async def test_usage_is_asked_for_as_each_target_has_it(tmp_path: Path) -> None:
    """The first was asked for a usage frame and the second was not: then nothing may be taken out of its stream."""
    usage = b'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\n\n'
    stream = chunked(b'data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\n\n', usage, b"data: [DONE]\n\n")
    for second, kept in (("ask_usage: false", True), ("ask_usage: true", False)):
        async with two(tmp_path / second[-4:], replying(fails(503)), replying(stream), of_second=f", {second}") as (g, one, other):
            _, _, body = split(await g.ask(asks(b'{"stream":true,"messages":[]}')))
            assert b"include_usage" in one.requests[0] and (b"include_usage" not in other.requests[0]) is kept
            assert (usage in body) is kept and body.endswith(b"data: [DONE]\n\n")


async def test_a_guard_holds_whoever_answers(tmp_path: Path) -> None:
    """Masking is done once for all targets, and the reply that is looked at is the one that goes on."""
    more = TWO + rules("name: mails, detector: pii, on: request, kinds: [EMAIL_ADDRESS], action: mask, tier: patterns", "name: cards, detector: pii, on: reply, kinds: [CREDIT_CARD], action: mask, tier: patterns")
    async with two(tmp_path, replying(fails(503)), replying(answers(f"Card {CARD}.")), more) as (g, one, other):
        status, _, body = split(await g.ask(asks(chat(f"I am {MAIL}"))))
        assert status == 200 and CARD.encode() not in body and MAIL.encode() not in one.requests[0] + other.requests[0]
        assert b"EMAIL_ADDRESS" in other.requests[0]


async def test_a_compressed_body_cannot_be_given_another_model(tmp_path: Path) -> None:
    """Better refused than answered, and billed, by a model that nobody chose."""
    more = "routes:\n  chat: {targets: {provider: one, model: small}}\n"
    async with two(tmp_path, replying(answers()), replying(answers()), more) as (g, one, _other):
        status, _, body = split(await g.ask(asks(b"\x1f\x8b", "Content-Encoding: gzip")))
        assert (status, json.loads(body)["error"]["code"], len(one.requests)) == (415, "body_encoded", 0)


async def test_times_are_those_of_who_is_asked(tmp_path: Path) -> None:
    """A patient second target behind an impatient first one."""

    async def slow(up, reader, writer):
        await up.read_request(reader)
        await asyncio.sleep(0.3)  # longer than its own limit
        writer.write(answers())
        await reader.read()

    async with upstream(silent) as one, upstream(slow) as other:
        providers = held(one.port, "one", ", timeouts: {first_byte_s: 0.1}") + held(other.port, "two")
        more = "routes:\n  chat: {targets: [one, two], retries: {on: timeout}}\n" + keyed(tmp_path)
        async with gate(tmp_path, providers, more=more) as g:
            assert split(await g.ask(asks()))[0] == 200
            assert said(tried(g)[2]) == [("one", "provider_timeout", None), ("two", "ok", 200)]
