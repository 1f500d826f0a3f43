"""What the row and the answer say of a request that goes no further."""

from __future__ import annotations

import asyncio
import datetime as dt
import json

import pytest

from gateway.keys import KeyRecord, KeysFile, digest, new_key, pepper
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"


async def _until(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.covers("C4")
@pytest.mark.parametrize("sent", [50, 200_000])
@pytest.mark.parametrize(("framing", "before"), [("Content-Length: 9000000", b""), ("Transfer-Encoding: chunked", b"800000\r\n")], ids=["length", "chunked"])
async def test_an_upload_that_its_client_leaves_has_the_bytes_that_came(tmp_path, framing, before, sent):
    """Who looks for what a broken client costs must not read that nothing came; nor is there an answer that anybody was given."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        _, writer = await g.connect()
        writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\n{framing}\r\n\r\n".encode() + before + b"x" * sent)
        await writer.drain()
        writer.close()
        await _until(g.exchanges)
        ((opened, request, closed, _),) = g.exchanges()
        assert (opened.request_bytes, request, closed.outcome, closed.status, closed.reply_bytes) == (sent, b"", "caller_cancelled", 0, 0)


@pytest.mark.covers("C4")
@pytest.mark.parametrize("more", [0, 60, 3000])
async def test_an_upload_that_is_cut_for_slowness_has_the_bytes_that_came(tmp_path, more):
    """Also those that lie with the kernel, which tells of drops by portions."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        reader, writer = await g.connect()
        writer.write(f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nContent-Length: 90000\r\n\r\n".encode())
        await _until(lambda: any(connection.request is not None for connection in g.worker.server.connections))
        (connection,) = g.worker.server.connections
        writer.write(b"x" * 50)
        await _until(lambda: connection.request.payload.came == 50)
        if more:
            writer.write(b"x" * more)
            for _ in range(20):
                await asyncio.sleep(0)
            assert connection.request.payload.came == 50  # it has come, and has not been heard
        connection.request.body_is_late()  # as after server.body_timeout_s
        status, _, _ = split(await asyncio.wait_for(reader.read(), 60))
        writer.close()
        ((opened, _, closed, _),) = g.exchanges()
        assert (status, opened.request_bytes, closed.error_code) == (408, 50 + more, "body_timeout")


@pytest.mark.covers("C5")
async def test_an_upload_that_grew_too_large_has_the_bytes_that_came(tmp_path):
    """One byte too many is what the row says, not none."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port), more="server: {max_body_bytes: 2048}") as g:
        raw = f"POST {CHAT} HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode() + b"801\r\n" + b"x" * 2049 + b"\r\n0\r\n\r\n"
        assert split(await g.ask(raw))[0] == 413
        assert g.exchanges()[0][0].request_bytes == 2049


@pytest.mark.covers("C16")
@pytest.mark.parametrize(("app", "env", "expected"), [("shop", "prod", ("shop", "prod")), (None, "prod", ("said", "prod")), (None, None, ("said", "dev"))])
async def test_what_a_key_without_rights_asked_stands_under_its_own_app(tmp_path, app, env, expected):
    """An owner looks for who still uses a revoked key, or the wrong provider, where the key's traffic was: under its app. Where the key leaves that open, the caller says it, as ever."""
    keys = {id: new_key() for id in ("gone", "other")}
    for id, key in keys.items():
        record = KeyRecord(id, digest(pepper(tmp_path), key), app, env, ("other",) if id == "other" else (), dt.datetime.now(dt.UTC))
        KeysFile(tmp_path / "keys.yaml").add(record)
    KeysFile(tmp_path / "keys.yaml").revoke("gone", dt.datetime.now(dt.UTC))
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        for id, status in (("gone", 401), ("other", 403)):
            assert split(await g.ask(post(CHAT, b"{}", f"x-tidegate-key: {keys[id]}", "x-tidegate-app: said", "x-tidegate-env: dev")))[0] == status
            opened = g.exchanges()[-1][0]
            assert (opened.key_id, opened.app, opened.env) == (id, *expected)


@pytest.mark.covers("C15")
@pytest.mark.parametrize(
    ("target", "headers", "shape"),
    [
        ("/nowhere", (), "openai"),
        ("/v1/chat/completions", (), "openai"),
        ("/other/v1/chat/completions", ("x-api-key: k",), "openai"),
        ("/anthropic/v1/messages", (), "anthropic"),
        ("/anthropic/anything", (), "anthropic"),
        ("/v1/messages", (), "anthropic"),
        ("/other/v1/messages", (), "anthropic"),
        ("/v1/models", ("anthropic-version: 2023-06-01",), "anthropic"),
        ("/gemini/v1beta/models/g:generateContent", (), "gemini"),
        ("/other/v1beta/models/g:generateContent?key=k", (), "gemini"),
        ("/v1/models", ("x-goog-api-key: k",), "gemini"),
        ("/up//v1/chat", (), "opaque"),
        ("/v1beta/../x", (), "gemini"),
    ],
)
async def test_an_error_about_the_path_is_spelled_in_the_dialect_that_the_path_shows(tmp_path, target, headers, shape):
    """An SDK whose base URL is wrong must raise its own exception with our words in it, not stumble over another's JSON."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, dialect="opaque")) as g:
        status, told, body = split(await g.ask(post(target, b"{}", *headers)))
        said = json.loads(body)
        assert status in (400, 404) and told["x-tidegate-error-source"] == "caller" and up.connections == 0
        found = "anthropic" if said.get("type") == "error" else "gemini" if isinstance(said["error"]["code"], int) else "openai"
        assert found == {"opaque": "openai"}.get(shape, shape)


@pytest.mark.parametrize(("target", "told"), [("/chat/completions", True), ("/models", True), ("/opneai/v1/chat/completions", False), ("/", False)])
async def test_a_base_url_that_ends_before_v1_is_told(tmp_path, target, told):
    """The mistake of the first minute: OpenAI's SDK wants /v1 in its base_url, Anthropic's does not."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port)) as g:
        status, _, body = split(await g.ask(post(target, b"{}")))
        assert status == 404 and ("is /v1 missing at the end of the SDK's base_url?" in json.loads(body)["error"]["message"]) == told
