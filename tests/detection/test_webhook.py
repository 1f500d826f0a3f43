"""A detector that is an HTTP service: asked by a real pool, over a real socket, whatever it answers."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
import time

import orjson
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from detectors.base import Finding
from gateway.detection.terms import Custom
from tests.detection.asked import PLENTY_S, asker, served
from tests.detection.serving import KINDS, running


class Service:
    """What it is asked is kept in `asked`; what it answers is the text's word."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict]] = []
        self.now = self.most = 0
        self.release = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = orjson.loads((await request.read()).replace(b"\\ud800", b"?"))
        self.asked.append((dict(request.headers), body))
        order = body["texts"][0].partition(" ")[0]
        if order == "wait":
            self.now += 1
            self.most = max(self.most, self.now)
            await self.release.wait()
            self.now -= 1
        if order in ("500", "404", "204"):
            return web.Response(status=int(order), text="an error that quotes the text")
        if order == "moved":
            return web.Response(status=307, headers={"Location": "/elsewhere"})
        if order == "html":
            return web.Response(text="<html>")
        if order == "array":
            return web.json_response([])
        if order == "fewer":
            return web.json_response({"findings": []})
        if order == "beyond":
            return web.json_response({"findings": [[{"kind": "WORD", "start": 0, "end": 99, "score": 1}]]})
        if order == "nan":
            return web.Response(text='{"findings": [[{"kind": "WORD", "start": 0, "end": 1, "score": NaN}]]}')
        if order in ("huge", "endless", "cut"):
            return await self._at_length(request, order)
        return web.json_response({"findings": [[{"kind": "WORD", "start": 0, "end": len(text), "score": 0.5}] if text else [] for text in body["texts"]]})

    async def _at_length(self, request: web.Request, order: str) -> web.StreamResponse:
        reply = web.StreamResponse()
        if order == "cut":
            reply.content_length = 1000
        await reply.prepare(request)
        with contextlib.suppress(ConnectionError):
            await reply.write(b'{"findings": [[')
            for _ in range(40 if order == "huge" else 0):
                await reply.write(b" " * (1 << 20))
            if order == "endless":
                await self.release.wait()
            if order == "cut" and request.transport is not None:
                request.transport.abort()
        return reply


@contextlib.asynccontextmanager
async def asking(folder, *, tls=None, **terms):
    """(ask, service, pool): ask gives the findings of texts, or the reason and detail why there are none."""
    service = Service()
    async with served(service.answer, service.release.set, tls=tls) as port:
        wanted = {"webhook": f"http://127.0.0.1:{port}/detect", "allow_private": True, "deadline_s": PLENTY_S, "token": "for-the-" + "service", **terms}
        wanted["webhook"] = wanted["webhook"].replace("PORT", str(port))
        with running(folder, customs=(Custom("hook", KINDS, **wanted),)) as pool, asker(pool, "hook", "key: ") as ask:
            yield ask, service, pool


async def test_a_webhook_is_a_detector(tmp_path):
    """It gets the texts and its token, and nothing about who sent them."""
    async with asking(tmp_path) as (ask, service, _):
        found = [Finding("hook", "WORD", 0, 3, 0.5)]
        assert await ask("one", "", "\ud800\U0001f600!") == [found, [], found]
        assert await ask() == []
        ((headers, body),) = service.asked
        assert body == {"texts": ["one", "", "?\U0001f600!"]}
        assert headers["Authorization"] == "Bearer for-the-service"
        assert set(headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent", "Authorization", "Content-Length", "Content-Type"}


@pytest.mark.covers("G6")
async def test_what_is_no_answer_is_a_failure(tmp_path):
    """Errors, redirects, garbage and floods: each has its reason, none passes for "nothing found"."""
    wanted = {
        "500": ("failed", "HTTP 500"),
        "404": ("failed", "HTTP 404"),
        "204": ("failed", "HTTP 204"),
        "moved": ("failed", "HTTP 307"),
        "html": ("garbage", "not JSON"),
        "array": ("garbage", "not an object"),
        "fewer": ("garbage", "not one list for each text"),
        "beyond": ("garbage", "a span outside the text"),
        "nan": ("garbage", "not JSON"),
        "huge": ("garbage", "an answer too large"),
        "cut": ("failed", "ClientPayloadError"),
    }
    async with asking(tmp_path) as (ask, service, pool):
        assert {order: await ask(order) for order in wanted} == wanted
        assert len(service.asked) == len(wanted)  # nothing was followed, nothing asked twice
        assert pool.state()["used_bytes"] == 0


@pytest.mark.covers("G7")
@pytest.mark.parametrize("order", ["wait", "endless"])
async def test_a_slow_webhook_is_a_timeout_and_holds_nobody_else(tmp_path, order):
    """Before its head or in the middle of its body; by the caller's deadline or its own."""
    async with asking(tmp_path, deadline_s=0.3) as (ask, _, pool):
        assert await asyncio.gather(ask(order), ask(order, deadline_s=0.1)) == [("timeout", "")] * 2
        assert await ask("fine") == [[Finding("hook", "WORD", 0, 4, 0.5)]]
        while pool.state()["detectors"]["hook"]["calls_now"]:
            await asyncio.sleep(0.01)


async def test_calls_at_a_time_are_bounded(tmp_path):
    """A burst of exchanges must not be a burst on somebody's service."""
    async with asking(tmp_path) as (ask, service, _):
        calls = [asyncio.create_task(ask(f"wait {n}")) for n in range(30)]
        end = time.monotonic() + 60
        while service.now < 8 and time.monotonic() < end:
            await asyncio.sleep(0.01)
        service.release.set()
        answers = await asyncio.gather(*calls)
        assert all(isinstance(answer, list) for answer in answers)
        assert service.most == 8


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_an_address_that_is_not_public_is_not_called_unless_meant(tmp_path, host):
    """A URL in a configuration must not reach what only this machine can reach by accident."""
    async with asking(tmp_path, webhook=f"http://{host}:PORT/detect", allow_private=False) as (ask, service, _):
        assert (await ask("one"))[0] == "unavailable"
        assert service.asked == []


async def test_a_service_that_is_not_there_is_unavailable(tmp_path):
    """Refused connections are told at once."""
    async with asking(tmp_path, webhook="http://127.0.0.1:1/detect") as (ask, _, _pool):
        assert (await ask("one"))[0] == "unavailable"


@pytest.mark.parametrize(("names", "trusted", "expected"), [(["127.0.0.1"], True, ""), (["127.0.0.1"], False, "unavailable"), (["other.example"], True, "unavailable")])
async def test_a_service_without_the_right_certificate_gets_no_text(tmp_path, names, trusted, expected):
    """Texts go to who was meant, or nowhere."""
    cert, key = certificate(tmp_path, names)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(cert, key)
    async with asking(tmp_path, tls=tls, webhook="https://127.0.0.1:PORT/detect", ca_file=cert if trusted else None) as (ask, service, _):
        answer = await ask("one")
        assert (answer[0] if expected else "") == expected
        assert len(service.asked) == (0 if expected else 1)


def certificate(folder, names):
    """A self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")]), dt.datetime.now(dt.UTC)
    alternatives = [x509.IPAddress(ipaddress.ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - dt.timedelta(days=1), now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    built = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"
