"""What happens to a request before a provider is contacted: routes, keys, bodies, refusals."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import socket
import time
from email.utils import parsedate_to_datetime

import pytest

from gateway.journal import Kind
from gateway.keys import KeyRecord, KeysFile, digest, new_key, pepper
from tests.support.lone import LoneWorker
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/v1/chat/completions", (), "oai /v1/chat/completions"),
        ("/v1/anything/else?x=1", (), "oai /v1/anything/else?x=1"),
        ("/v1/messages", (), "ant /v1/messages"),
        ("/v1/messages/count_tokens", (), "ant /v1/messages/count_tokens"),
        ("/v1/models", ("anthropic-version: 2023-06-01",), "ant /v1/models"),
        ("/v1beta/models/g:generateContent", (), "gem /v1beta/models/g:generateContent"),
        ("/v1/models/g:generateContent", (), "gem /v1/models/g:generateContent"),
        ("/v1/models", ("x-goog-api-key: k",), "gem /v1/models"),
        ("/upload/v1beta/files", (), "gem /upload/v1beta/files"),
        ("/second/v1/chat/completions", (), "second /base/v1/chat/completions"),
        ("/second/any/thing", (), "second /base/any/thing"),
        ("/second", (), "second /base/"),
        ("/ant/v1/messages", (), "ant /v1/messages"),
    ],
)
def test_paths_name_their_provider(tmp_path, path, headers, expected):
    """An app changes its base URL and nothing else (INTERFACE, URLs)."""

    async def main():
        async def script(up, reader, writer):
            while request := await up.read_request(reader):
                host = next(line for line in request.split(b"\r\n") if line.startswith(b"Host:"))
                writer.write(ok(host[6:] + b" " + request.split(b" ")[1]))

        async with upstream(script) as up:
            names = {"oai": "openai", "second": "openai", "ant": "anthropic", "gem": "gemini"}
            lines = "".join(
                f"  {name}: {{dialect: {dialect}, base_url: 'http://{name}.localhost:{up.port}{'/base' if name == 'second' else ''}', allow_private: true}}\n"
                for name, dialect in names.items()
            )
            async with gate(tmp_path, lines) as g:
                for pool in g.worker.pools:
                    pool._addresses, pool._resolved_until = ["127.0.0.1"], float("inf")  # names under localhost need no resolver here
                status, _, body = split(await g.ask(post(path, b"{}", *headers)))
                name, _, rest = body.decode().partition(" ")
                assert (status, f"{name.partition('.')[0]} {rest}") == (200, expected)
                assert g.exchanges()[0][0].provider == expected.partition(" ")[0]

    run(main())


@pytest.mark.covers("C15", "T1")
@pytest.mark.parametrize(
    "line",
    [
        "POST /v1/../admin HTTP/1.1",
        "POST /up/%2e%2e/x HTTP/1.1",
        "POST /up/..%2fx HTTP/1.1",
        "POST //up/v1 HTTP/1.1",
        "POST /up//v1 HTTP/1.1",
        "POST /up%2fv1/chat HTTP/1.1",
        "POST /up/v1/..\\x HTTP/1.1",
        "POST http://169.254.169.254/v1/x HTTP/1.1",
        "CONNECT 127.0.0.1:22 HTTP/1.1",
        "TRACE /v1/x HTTP/1.1",
        "POST /nowhere HTTP/1.1",
        "POST /v1/%63hat/completions HTTP/1.1",
        "POST /v1/chat/completions#x HTTP/1.1",
    ],
)
def test_ambiguous_targets_reach_no_provider(tmp_path, line):
    """A path that two parsers read differently is refused before it is matched; no client names a host."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            answer = await g.ask(f"{line}\r\nHost: g\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
            assert split(answer)[0] in (400, 404, 405)
            assert up.connections == 0
            assert [closed.outcome for _, _, closed, _ in g.exchanges()] == ["caller_invalid"]

    run(main())


def _with_key(root, **rights):
    key = new_key()
    root.mkdir(exist_ok=True)
    KeysFile(root / "keys.yaml").add(
        KeyRecord("k1", digest(pepper(root), key), rights.get("app"), rights.get("env"), rights.get("providers", ()), dt.datetime.now(dt.UTC))
    )
    return key


@pytest.mark.covers("C16")
def test_a_held_key_needs_a_gateway_key(tmp_path, monkeypatch):
    """Whoever shows a gateway key gets the gate's own provider key; nobody else does; no key crosses the gate in the wrong direction."""
    monkeypatch.setenv("HELD", "sk-held-by-gate")
    key = _with_key(tmp_path, app="checkout", env="prod")

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, more="key: '${HELD}'")) as g:
            refused = [await g.ask(post(CHAT, b"{}", *headers)) for headers in ((), ("Authorization: Bearer sk-other",), ("Authorization: Bearer tg-wrong",), ("x-tidegate-key: tg-wrong",))]
            assert [split(a)[0] for a in refused] == [401] * 4
            errors = [json.loads(split(a)[2])["error"] for a in refused[2:]]
            assert {(e["code"], e["message"].partition(" (request")[0]) for e in errors} == {("invalid_key", "this gateway key is not known here")}
            assert up.connections == 0
            for headers in ((f"x-tidegate-key: {key}",), (f"Authorization: Bearer {key}", "x-tidegate-app: liar")):
                assert split(await g.ask(post(CHAT, b"{}", *headers)))[0] == 200
            for request in up.requests:
                assert b"Bearer sk-held-by-gate" in request and key.encode() not in request and b"sk-other" not in request
            opened = [o for o, _, _, _ in g.exchanges()]
            assert [(o.key_id, o.app, o.env) for o in opened[-2:]] == [("k1", "checkout", "prod")] * 2
            everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*.seg"))
            assert b"sk-held-by-gate" not in everything and key.encode() not in everything

    run(main())


def test_a_gateway_key_is_never_sent_to_a_provider(tmp_path):
    """A provider that takes the caller's own key must not be shown ours, in whatever place the caller put it."""
    key = _with_key(tmp_path)

    async def main():
        async with upstream(replying(ok(b"{}"))) as up:
            lines = provider(up.port) + provider(up.port, name="gem", dialect="gemini")
            async with gate(tmp_path, lines) as g:
                await g.ask(post(CHAT, b"{}", f"Authorization: Bearer {key}"))
                await g.ask(post(CHAT, b"{}", f"x-tidegate-key: {key}", "Authorization: Bearer sk-mine"))
                await g.ask(post(f"/v1beta/models/m:generateContent?alt=sse&key={key}", b"{}"))
                for header in (f"x-api-key: {key}", f"x-goog-api-key: {key}", f"Authorization: {key}", f"Authorization: Token {key}", f"api-key: {key}"):
                    await g.ask(post("/up/v1/chat/completions", b"{}", header))
                await g.ask(post(f"/up/v1/chat/completions?key={key.replace('-', '%2D', 1)}&a=b", b"{}"))
                assert all(key.encode() not in request and key[3:].encode() not in request for request in up.requests)
                assert b"Bearer sk-mine" in up.requests[1] and b"generateContent?alt=sse HTTP" in up.requests[2]
                assert b"/v1/chat/completions?a=b HTTP" in up.requests[-1]
                assert [o.key_id for o, _, _, _ in g.exchanges()] == ["k1"] * 9

    run(main())


async def test_keys_that_cannot_be_read_are_told_once_and_those_of_before_hold(tmp_path, caplog):
    """A slip of an editor locks nobody out, and whoever made it sees it in the log, not only when he asks doctor."""
    caplog.set_level("INFO", "tidegate")
    key = _with_key(tmp_path)
    good = (tmp_path / "keys.yaml").read_bytes()
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, more="key: held-by-the-gate")) as g:
        for content, told in ((b"- {id: k1, digest: of-a-secret", "keys_refused"), (good, "keys_taken")):
            (tmp_path / "keys.yaml").write_bytes(content)
            async with asyncio.timeout(60):
                while told not in caplog.text:
                    await asyncio.sleep(0.005)
            assert g.worker.keys.refresh() is False
            g.worker._upkeep(5, 0.0)  # and again, when it is looked at the next time
            assert caplog.text.count(told) == 1 and split(await g.ask(post(CHAT, b"{}", f"x-tidegate-key: {key}")))[0] == 200
    assert 'keys_refused reason="keys.yaml: line 2: not YAML; expected a list of keys" keys=1' in caplog.text and "of-a-secret" not in caplog.text


async def test_keys_that_cannot_be_read_at_the_start_are_told(tmp_path):
    """No key holds then, and every app gets a 401: the log says why."""
    (tmp_path / "keys.yaml").write_text("keys: none\n")
    with LoneWorker(tmp_path, provider(1)) as worker:
        while "worker_started" not in worker.log():
            await asyncio.sleep(0.02)  # another process's file
        async with asyncio.timeout(60):
            while "keys_refused" not in worker.log():
                await asyncio.sleep(0.02)  # as above
    assert worker.log().count("keys_refused") == 1


@pytest.mark.covers("C16")
def test_who_still_uses_a_revoked_key_is_on_record_and_is_not_told(tmp_path):
    """Its row names it; its caller hears what anybody with a wrong key hears. So does who looks for the key anywhere."""
    key, unknown = _with_key(tmp_path), new_key()

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            KeysFile(tmp_path / "keys.yaml").revoke("k1", dt.datetime.now(dt.UTC))
            assert g.worker.keys.refresh()
            ids = set()
            answers = []
            for shown in (key, unknown):
                answer = await g.ask(post(CHAT, b"{}", f"Authorization: Bearer {shown}"))
                ids.add(split(answer)[1]["x-tidegate-request-id"])
                answers.append(answer)
            for id in ids:
                answers = [answer.replace(id.encode(), b"") for answer in answers]
            assert len({re.sub(rb"(?i)date: [^\r]*", b"", answer) for answer in answers}) == 1 and split(answers[0])[0] == 401
            assert [o.key_id for o, _, _, _ in g.exchanges()] == ["k1", ""]
            assert key.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    run(main())


BARE_401 = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"who\":\"are\"}"


@pytest.mark.parametrize(("dialect", "path", "status"), [("openai", CHAT, 401), ("anthropic", "/v1/messages", 401), ("gemini", "/v1beta/models/g:generateContent?alt=sse", 403)])
def test_a_gateway_key_for_a_provider_whose_key_nobody_has_is_told_what_is_missing(tmp_path, dialect, path, status):
    """The provider's own words are about a key that was never sent; one that needs none is asked all the same."""
    key = _with_key(tmp_path)
    refused = BARE_401.replace(b"401 Unauthorized", b"%d No" % status)

    async def main():
        async with upstream(replying(refused, ok(b"{}"), refused, refused)) as up, gate(tmp_path, provider(up.port, dialect=dialect)) as g:
            own = {"openai": "Authorization: Bearer {}", "anthropic": "x-api-key: {}", "gemini": "x-goog-api-key: {}"}[dialect]
            told, _, body = split(await g.ask(post(path, b"{}", own.format(key))))
            assert told == 401 and b"providers.up.key" in body and b"gateway key" in body and "error" in json.loads(body) and key.encode() not in body
            assert split(await g.ask(post(path, b"{}", own.format(key))))[0] == 200
            for headers in ((own.format("callers-own"), f"x-tidegate-key: {key}"), ()):  # with a key of its own, and with none at all: the provider's own words
                assert split(await g.ask(post(path, b"{}", *headers)))[::2] == (status, b'{"who":"are"}')
            _, _, closed, said = g.exchanges()[0]
            assert (closed.status, closed.upstream_status, closed.outcome, closed.error_code) == (401, status, "caller_unauthorized", "provider_key_missing") and said == body
            assert g.exchanges()[0][0].key_id == "k1"

    run(main())


def test_a_key_with_rights_to_other_providers_is_refused(tmp_path):
    """A key's list of providers is a limit."""
    key = _with_key(tmp_path, providers=("other",))

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            status, headers, body = split(await g.ask(post(CHAT, b"{}", f"x-tidegate-key: {key}")))
            assert (status, json.loads(body)["error"]["code"], headers["x-should-retry"]) == (403, "provider_not_allowed", "false")
            assert [o.key_id for o, _, _, _ in g.exchanges()] == ["k1"]

    run(main())


@pytest.mark.covers("C5")
def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(tmp_path):
    """Bodies are capped, whether their length is declared or not, before anything is sent on."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more="server: {max_body_bytes: 2048}") as g:
            assert split(await g.ask(post(CHAT, b"x" * 2048)))[0] == 200
            status, headers, _ = split(await g.ask(post(CHAT, b"x" * 2049)))
            assert (status, headers["x-tidegate-error-source"]) == (413, "caller")
            chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
            raw = b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk * 3 + b"0\r\n\r\n"
            assert split(await g.ask(raw))[0] == 413
            assert len(up.requests) == 1
            assert [c.outcome for _, _, c, _ in g.exchanges()] == ["ok", "caller_too_large", "caller_too_large"]

    run(main())


@pytest.mark.covers("C13")
def test_expect_continue_is_met_after_the_checks(tmp_path):
    """curl asks before it sends a large body; the invitation comes only to those who may send."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more="server: {max_body_bytes: 2048}") as g:
            reader, writer = await g.connect()
            writer.write(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"hello")
            assert split(await reader.read())[0] == 200
            assert up.requests[0].endswith(b"\r\n\r\nhello") and b"xpect" not in up.requests[0]
            answer = await g.ask(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 5000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
            assert split(answer)[0] == 413

    run(main())


@pytest.mark.covers("C4")
def test_heads_and_bodies_that_drip_are_ended(tmp_path):
    """Nobody else has a deadline for either (FAILURES trap 1)."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more="server: {header_timeout_s: 0.2, body_timeout_s: 0.2}") as g:
            assert (await g.ask(b"POST /v1/x HTTP/1.1\r\nHos")).startswith(b"HTTP/1.1 408 ")
            status, headers, _ = split(await g.ask(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 50\r\n\r\nabc"))
            assert (status, headers["connection"]) == (408, "close")
            assert [c.outcome for _, _, c, _ in g.exchanges()] == ["caller_timeout"]
            assert up.connections == 0

    run(main())


@pytest.mark.covers("C12", "T12")
@pytest.mark.parametrize(
    "head",
    [
        "POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: xchunked\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: +5\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: g\r\nContent Length: 5\r\n",
        "POST /v1/x HTTP/1.1\r\nAuthorization sk-canary\r\n",
    ],
)
def test_smuggled_requests_get_one_answer_that_repeats_nothing(tmp_path, head):
    """One 400, the connection closed, nothing sent on; a parser's own words would show the offending line, keys included (trap 5)."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            answer = await g.ask(head.encode() + b"\r\n0\r\n\r\nPOST /v1/admin HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1 4") == 1
            assert b"canary" not in answer and b"Python" not in answer
            assert up.connections == 0

    run(main())


@pytest.mark.covers("C11")
def test_pipelined_requests_are_answered_in_order(tmp_path):
    """Replies on one connection must never cross."""

    async def main():
        async def script(up, reader, writer):
            while request := await up.read_request(reader):
                writer.write(ok(request.partition(b"\r\n\r\n")[2]))

        async with upstream(script) as up, gate(tmp_path, provider(up.port)) as g:
            raw = b"".join(post(CHAT, b'{"n":%d}' % i, close=i == 99) for i in range(100))
            answer = await g.ask(raw)
            bodies = [part.rpartition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
            assert bodies == [b'{"n":%d}' % i for i in range(100)]

    run(main())


@pytest.mark.covers("T1")
def test_a_private_address_needs_to_be_allowed(tmp_path):
    """A provider's name that resolves to this network is refused unless its configuration says that it is meant."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up:
            line = f"  up: {{dialect: openai, base_url: 'http://localhost:{up.port}'}}\n"
            async with gate(tmp_path, line) as g:
                status, _, body = split(await g.ask(post(CHAT, b"{}")))
                assert (status, json.loads(body)["error"]["code"], up.connections) == (502, "provider_address", 0)

    run(main())


def test_labels_and_trace_are_recorded(tmp_path):
    """What the app says of itself is in the record, cleaned; its trace goes on to the provider with our span as the parent."""

    async def main():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            headers = ("x-tidegate-app: shop", "x-tidegate-env: dev", "x-tidegate-user: u1", "x-tidegate-session: s1", "x-tidegate-prompt: greet@v3", "x-tidegate-tags: a=1, b=2,c")
            answer = await g.ask(post(CHAT, b"{}", *headers, f"traceparent: {trace}"))
            ((o, _, _, _),) = g.exchanges()
            assert (o.app, o.env, o.user_id, o.session_id, o.prompt_name, o.prompt_version) == ("shop", "dev", "u1", "s1", "greet", "v3")
            assert o.tags == {"a": "1", "b": "2", "c": ""}
            assert (o.trace_id, o.parent_span_id) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
            assert f"traceparent: 00-{o.trace_id}-{o.span_id}-01".encode() in up.requests[0]
            assert split(answer)[1]["x-tidegate-request-id"].replace("-", "") == o.id
            assert b"x-tidegate" not in up.requests[0].lower()

    run(main())


def test_health_is_not_an_exchange(tmp_path):
    """Probes come every second and are nobody's traffic."""

    async def main():
        async with gate(tmp_path, provider(1)) as g:
            assert split(await g.ask(b"GET /-/ready HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"))[0] == 200
            g.worker.ingress.awaited = lambda: ["names", "tone"]
            assert split(await g.ask(b"GET /-/ready HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"))[::2] == (503, b"waiting for detectors: names, tone\n")
            g.worker.ingress.draining = True
            assert split(await g.ask(b"GET /-/ready HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"))[0] == 503
            assert split(await g.ask(b"GET /-/healthy HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"))[0] == 200
            assert g.frames() == []

    run(main())


@pytest.mark.covers("C12")
async def test_a_body_whose_framing_breaks_is_a_400_at_once(tmp_path):
    """Whoever waits for the body is told; otherwise it would wait until its deadline."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        reader, writer = await g.connect()
        writer.write(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        while g.worker.vitals.get("inflight") < 1:
            await asyncio.sleep(0.005)
        writer.write(b"zz\r\n")
        status, _, body = split(await asyncio.wait_for(reader.read(), 60))
        assert (status, json.loads(body)["error"]["code"], up.connections) == (400, "invalid_body", 0)
        assert [c.outcome for _, _, c, _ in g.exchanges()] == ["caller_invalid"]
        writer.close()


@pytest.mark.covers("G3")
async def test_a_request_that_is_being_sent_is_still_read_while_draining(tmp_path):
    """Draining takes no new requests; one whose first half is here is not new."""
    async with upstream(replying(ok(b'{"served":1}'))) as up, gate(tmp_path, provider(up.port)) as g:
        reader, writer = await g.connect()
        idle_reader, idle_writer = await g.connect()
        raw = post(CHAT, b'{"x":"' + b"y" * 1000 + b'"}', close=False)
        writer.write(raw[:-500])
        while g.worker.vitals.get("inflight") < 1:
            await asyncio.sleep(0.005)
        for connection in g.worker.server.connections:
            connection.leave()
        assert await asyncio.wait_for(idle_reader.read(), 60) == b""
        writer.write(raw[-500:])
        assert split(await asyncio.wait_for(reader.read(), 60))[2] == b'{"served":1}'
        writer.close()
        idle_writer.close()


@pytest.mark.covers("G3", "C1")
async def test_a_request_cut_off_while_it_is_sent_is_on_record(tmp_path):
    """What was accepted has a row, also when it was never whole: by the end of the drain time, or by the client leaving."""
    async with gate(tmp_path, provider(1)) as g:
        for leaves in (True, False):
            _, writer = await g.connect()
            writer.write(b"POST /v1/x HTTP/1.1\r\nHost: g\r\nContent-Length: 100\r\n\r\nabc")
            while g.worker.vitals.get("inflight") < 1:
                await asyncio.sleep(0.005)
            if leaves:
                writer.transport.abort()
            else:
                await g.worker._cut_off()
            while g.worker.vitals.get("inflight") > 0:
                await asyncio.sleep(0.005)
        assert [(c.outcome, c.status) for _, _, c, _ in g.exchanges()] == [("caller_cancelled", 0), ("gateway_shutdown", 503)]


def test_frames_hold_what_is_and_no_defaults(tmp_path):
    """What an exchange does not have costs no bytes in the journal and no time of its reader, who sees it as before."""

    async def go():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
            await g.ask(post("/v1/chat/completions", b"{}"))
            await g.ask(post("/nowhere", b"{}"))
            metas = [(json.loads(frame.meta), frame.opened() if frame.kind is Kind.OPEN else frame.closed()) for frame in g.frames()]
        assert len(metas) == 4
        for told, read in metas:
            assert {"tags", "findings", "guard_errors", "verdict", "body_note", "body_parts", "content_encoding"}.isdisjoint(told)
            assert (read.body_note, read.body_parts, read.findings, read.guard_errors, read.content_encoding) == ("", 0, [], {}, "")

    run(go())


@pytest.mark.parametrize("path", ["/nowhere", "/ant/v1/messages", "/v1/chat/completions"])
def test_each_refusal_names_its_own_request(tmp_path, path):
    """An error's words are made once for all; the id in them, with which a caller asks for help, is that of each."""

    async def go():
        async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port) + provider(up.port, name="ant", dialect="anthropic"), more="server: {max_body_bytes: 1024}") as g:
            answers = [split(await g.ask(post(path, b"x" * 2000))) for _ in range(3)]
            ids = [headers["x-tidegate-request-id"] for _, headers, _ in answers]
            assert [body.count(id.encode()) for id, (_, _, body) in zip(ids, answers, strict=True)] == [1, 1, 1]
            assert len(set(ids)) == 3 and [reply for *_, reply in g.exchanges()] == [body for _, _, body in answers]

    run(go())


async def test_what_the_gate_answers_itself_is_dated(tmp_path):
    """RFC 9110 asks for it, and caches and clients reckon ages from it; a provider's answer keeps the provider's own."""
    theirs = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n{}"
    async with upstream(replying(theirs)) as up, gate(tmp_path, provider(up.port)) as g:
        before = int(time.time())
        for request in (post("/nowhere", b"{}"), b"GET /-/healthy HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"):
            _, headers, _ = split(await g.ask(request))
            assert headers["date"].endswith(" GMT") and before <= parsedate_to_datetime(headers["date"]).timestamp() <= time.time()
        assert (await g.ask(post(CHAT, b"{}"))).count(b"Date: ") == 1


@pytest.mark.covers("U19")
@pytest.mark.parametrize(("path", "shape"), [("/v1/realtime?model=gpt-realtime", {"param", "code"}), ("/ant/v1/messages", {"type"}), ("/v1beta/models/g:bidiGenerateContent", {"status"})])
async def test_a_websocket_is_refused_in_words(tmp_path, path, shape):
    """Sent on without its upgrade it would be another request, and what the provider says to that tells nobody what is wrong."""
    shake = "Connection: close, Upgrade\r\nUpgrade: {}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    lines = provider(1) + provider(1, name="ant", dialect="anthropic") + provider(1, name="gem", dialect="gemini")
    async with gate(tmp_path, lines) as g:
        head = f"GET {path} HTTP/1.1\r\nHost: g\r\n{shake.format('WebSocket')}\r\n\r\n"
        status, headers, body = split(await g.ask(head.encode()))
        assert status == 501 and headers["x-should-retry"] == "false"
        error = json.loads(body)["error"]
        assert "WebSocket" in error["message"] and shape <= error.keys()
        [(opened, _, closed, _)] = g.exchanges()
        assert (opened.method, closed.outcome, closed.error_code) == ("GET", "caller_invalid", "websocket_unsupported")


async def test_other_upgrades_are_ignored(tmp_path):
    """A server may: what it does not speak is no reason to refuse what it does."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        assert split(await g.ask(b"GET /v1/models HTTP/1.1\r\nHost: g\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n"))[0] == 200
        assert b"h2c" not in up.requests[0]


@pytest.mark.parametrize("breaks", ["error_head", "Journal.close", "Tries.over", "error"])
async def test_a_refusal_that_fails_itself_ends_the_connection(tmp_path, monkeypatch, caplog, breaks):
    """Whatever breaks while the client is told that something broke: it is not left waiting, its place is given back, the log says where, and the row is there if it can be."""

    def broken(*_args, **_kwargs):
        raise RuntimeError("no value of this is told")

    place = {"error_head": "gateway.proxy.relay.error_head", "Journal.close": "gateway.journal.Journal.close", "Tries.over": "gateway.proxy.tries.Tries.over", "error": "gateway.dialects.openai.OpenAI.error"}
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with gate(tmp_path, provider(closed.getsockname()[1])) as g:
            monkeypatch.setattr(place[breaks], broken)
            try:
                answer = await g.ask(post(CHAT, b"{}", close=False))
            except ConnectionError:
                answer = b""
            assert answer == b"" or breaks == "Tries.over"
            while g.worker.vitals.get("inflight") > 0:
                await asyncio.sleep(0.005)
            assert [closed and (closed.outcome, closed.error_code) for _, _, closed, _ in g.exchanges()] == [None if breaks == "Journal.close" else ("provider_unreachable", "provider_connect")]
            monkeypatch.undo()
    assert "refusal_failed" in caplog.text and "error=RuntimeError" in caplog.text and "no value" not in caplog.text
