"""The admin port's door: who is let in, and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from gateway.console.app import Listener, application
from gateway.console.gate import HEADERS, ours

TOKEN = "correct-horse-battery-staple"


class Broken:
    """A store that fails in an unforeseen way."""

    async def page(self, *_: Any) -> Any:
        raise RuntimeError("password=hunter2")

    one = page


@asynccontextmanager
async def console(run: Path, *, token: str | None = None, host: str = "127.0.0.1", reader: Any = None) -> AsyncIterator[Callable[..., Any]]:
    """A listening console, as a function that sends one raw request and returns (status, headers, body)."""
    listener = Listener(application(run=run, host=host, token=token, reader=reader or Broken()))
    port = await listener.open("127.0.0.1", 0)

    async def ask(path: str = "/-/healthy", *lines: str, method: str = "GET", host: str = "localhost", raw: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
        stream, out = await asyncio.open_connection("127.0.0.1", port)
        head = [f"{method} {path} HTTP/1.1", *([f"Host: {host}"] if host else []), "Connection: close", *lines, "", ""]
        out.write(raw or "\r\n".join(head).encode())
        answer = await asyncio.wait_for(stream.read(), 60)
        out.close()
        top, _, body = answer.partition(b"\r\n\r\n")
        first, *rest = top.decode().split("\r\n")
        return int(first.split()[1]), dict(line.split(": ", 1) for line in rest), body

    try:
        yield ask
    finally:
        await listener.close()


@pytest.mark.covers("T9")
@pytest.mark.parametrize(
    ("header", "host", "expected"),
    [
        ("localhost:8081", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("127.0.0.1:1", "127.0.0.1", True),
        ("[::1]:8081", "127.0.0.1", True),
        ("gate.internal:8081", "gate.internal", True),
        ("10.1.2.3:8081", "0.0.0.0", True),
        ("[fd00::1]:8081", "::", True),
        ("evil.example:8081", "127.0.0.1", False),
        ("evil.example:8081", "0.0.0.0", False),
        ("10.1.2.3:8081", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "0.0.0.0", False),
        ("evil@localhost", "127.0.0.1", False),
        ("localhost:evil", "127.0.0.1", False),
        ("[::1]evil", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        (":8081", "127.0.0.1", False),
    ],
)
def test_only_names_of_ours_are_answered(header: str, host: str, expected: bool):
    """A web page that rebinds its own name to 127.0.0.1 must not read the records (DNS rebinding)."""
    assert ours(header, host) is expected


@pytest.mark.covers("T9")
async def test_a_foreign_host_gets_nothing(tmp_path: Path):
    """Not even a health check: its answer would tell a page that the gate is there."""
    async with console(tmp_path) as ask:
        answers = [await ask(path, host=host) for path in ("/-/healthy", "/metrics", "/api/exchanges") for host in ("evil.example", "")]
    assert {status for status, _, _ in answers} <= {421, 400}
    assert orjson.loads(answers[0][2])["error"]["code"] == "misdirected_request"


@pytest.mark.covers("T4")
@pytest.mark.parametrize("path", ["/metrics", "/api/exchanges", "/api/exchanges/x", "/no-such-page", "/-/healthy/../../metrics", "//-/healthy"])
@pytest.mark.parametrize("header", ["", "Authorization: Bearer wrong", f"Authorization: Basic {TOKEN}", f"Authorization: Bearer {TOKEN}x", "Authorization: Bearer", f"X-Token: {TOKEN}"])
async def test_without_the_token_every_page_is_shut(tmp_path: Path, path: str, header: str):
    """Prompts are the most private thing the gate holds; unknown pages are shut too, so nobody can map them."""
    async with console(tmp_path, token=TOKEN) as ask:
        status, headers, body = await ask(path, *([header] if header else []))
    assert (status, headers["WWW-Authenticate"], orjson.loads(body)["error"]["code"]) == (401, "Bearer", "unauthorized")


async def test_the_token_opens_and_the_probes_need_none(tmp_path: Path):
    """A load balancer holds no secrets; a scraper with the token may come by a service name."""
    async with console(tmp_path, token=TOKEN) as ask:
        found = [
            (await ask("/metrics", f"Authorization: Bearer {TOKEN}"))[0],
            (await ask("/metrics", f"authorization: bearer {TOKEN}", host="tidegate.svc.cluster.local:8081"))[0],
            (await ask("/-/healthy"))[0],
            (await ask("/-/ready"))[0],
        ]
    assert found == [200, 200, 200, 503]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_reading_is_answered(tmp_path: Path, method: str):
    """The admin port changes nothing, so a forged form has nothing to do."""
    async with console(tmp_path) as ask:
        status, headers, body = await ask("/api/exchanges", method=method)
    assert status == 405
    assert orjson.loads(body)["error"]["code"] == "method_not_allowed"
    assert headers["Allow"] == "GET, HEAD"


async def test_every_answer_carries_the_security_headers(tmp_path: Path):
    """One answer without them is enough: an error page can be cached or framed as well as a record."""
    async with console(tmp_path) as ask:
        answers = [
            await ask(),
            await ask("/nothing"),
            await ask("/api/exchanges"),
            await ask(host="evil.example"),
            await ask(method="POST"),
            await ask(raw=b"NONSENSE\r\n\r\n"),
        ]
    assert [status for status, _, _ in answers] == [200, 404, 500, 421, 405, 400]
    for _, headers, body in answers:
        assert {name: headers.get(name) for name in HEADERS} == HEADERS
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert isinstance(orjson.loads(body), dict)


async def test_who_finds_nothing_is_told_what_there_is(tmp_path: Path):
    """The first thing that anybody does with the admin port is to open it in a browser."""
    async with console(tmp_path) as ask:
        _, _, body = await ask("/")
    said = orjson.loads(body)["error"]
    assert said["code"] == "not_found" and all(page in said["message"] for page in ("/metrics", "/api/exchanges, /api/exchanges/{id}", "/-/ready"))


async def test_no_error_tells_what_was_sent_or_what_broke(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """aiohttp's own error page echoes a malformed line, with the key on it; a traceback holds passwords."""
    async with console(tmp_path) as ask:
        answers = [
            await ask("/api/exchanges"),
            await ask(raw=b"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hunter2\x00\r\n\r\n"),
            await ask(raw=b"GET / HTTP/1.1\r\nHost: localhost\r\nhunter2 hunter2\r\n\r\n"),
            await ask("/hunter2?hunter2"),
            await ask("/" + "hunter2" * 2000),
        ]
    assert [status for status, _, _ in answers] == [500, 400, 400, 404, 400]
    assert "hunter2" not in repr(answers)
    assert "hunter2" not in caplog.text
    assert "console_request_failed error=RuntimeError" in caplog.text


async def test_head_is_get_without_a_body(tmp_path: Path):
    """Probes use HEAD."""
    async with console(tmp_path) as ask:
        status, headers, body = await ask(method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "16", b"")
