"""Connections to providers: names, addresses, TLS."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.proxy.pool import public
from tests.support.proxy import gate, ok, post, provider, replying, split, upstream

CHAT = "/v1/chat/completions"


@pytest.mark.covers("T1")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.31.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
    ],
)
def test_addresses_that_anybody_may_have(address, expected):
    """The cloud's metadata service and the machines of this network are not providers, in whatever notation."""
    assert public(address) is expected


def certificate(directory, names, *, days=1):
    """A self-signed certificate and its key as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    alternatives = [x509.IPAddress(ipaddress.ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = directory / "cert.pem", directory / "key.pem"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert_file, key_file


@pytest.mark.covers("U3")
@pytest.mark.parametrize(
    ("names", "days", "trusted", "expected"),
    [
        (["127.0.0.1"], 1, True, 200),
        (["127.0.0.1"], 1, False, 502),  # signed by nobody we know
        (["other.example"], 1, True, 502),  # somebody else's
        (["127.0.0.1"], -1, True, 502),  # expired
    ],
)
async def test_certificates_are_verified(tmp_path, names, days, trusted, expected):
    """A provider that cannot prove who it is gets no prompt and no key; there is no unverified fallback."""
    cert, key = certificate(tmp_path, names, days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    async with upstream(replying(ok(b"{}")), tls=context) as up:
        ca = f", ca_file: {cert}" if trusted else ""
        line = f"  up: {{dialect: openai, base_url: 'https://127.0.0.1:{up.port}', allow_private: true{ca}}}\n"
        async with gate(tmp_path / "data", line) as g:
            for _ in range(2):
                status, headers, body = split(await g.ask(post(CHAT, b"{}", "Authorization: Bearer sk-secret")))
                assert status == expected
                if expected == 502:
                    said = json.loads(body)["error"]
                    assert said["code"] == "provider_tls" and headers["x-should-retry"] == "false"
                    assert trusted or "providers.up.ca_file" in said["message"]
            assert (len(up.requests), g.worker.vitals.get("upstream_opened")) == ((2, 1) if expected == 200 else (0, 0))


@pytest.mark.covers("U3")
async def test_plain_text_where_tls_is_expected(tmp_path):
    """A provider that does not speak TLS is an error, not a downgrade."""
    async with upstream(replying(ok(b"{}"))) as up:
        line = f"  up: {{dialect: openai, base_url: 'https://127.0.0.1:{up.port}', allow_private: true, timeouts: {{connect_s: 1}}}}\n"
        async with gate(tmp_path, line) as g:
            status, _, body = split(await g.ask(post(CHAT, b"{}")))
            said = json.loads(body)["error"]
            assert (status, said["code"]) in ((502, "provider_tls"), (502, "provider_connect"), (504, "provider_timeout"))
            assert said["code"] != "provider_tls" or "speaks no TLS, and base_url says https" in said["message"]
            assert all(b"POST" not in request for request in up.requests)


@pytest.mark.covers("U2")
async def test_dead_names_are_asked_for_once_and_hurt_nobody_else(tmp_path, monkeypatch):
    """A hundred callers of a name that does not resolve share one question; other providers answer meanwhile."""
    asked = 0
    release = asyncio.Event()
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def getaddrinfo(host, *args, **kwargs):
        nonlocal asked
        if host != "dead.invalid":
            return await real(host, *args, **kwargs)
        asked += 1
        await release.wait()
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
    async with upstream(replying(ok(b"{}"))) as up:
        lines = provider(up.port) + "  dead: {dialect: openai, base_url: 'http://dead.invalid'}\n"
        async with gate(tmp_path, lines) as g:
            waiting = [asyncio.create_task(g.ask(post("/dead/v1/x", b"{}"))) for _ in range(100)]
            while g.worker.vitals.get("inflight") < 100:
                await asyncio.sleep(0.01)
            assert split(await g.ask(post(CHAT, b"{}")))[0] == 200
            release.set()
            answers = [split(answer) for answer in await asyncio.gather(*waiting)]
            assert {(status, json.loads(body)["error"]["code"]) for status, _, body in answers} == {(502, "provider_dns")}
            assert asked == 1


async def test_idle_connections_are_given_up(tmp_path):
    """A connection that nobody needs is closed after `keepalive_s`, and its credential forgotten."""
    async with upstream(replying(ok(b"{}"))) as up, gate(tmp_path, provider(up.port, more="keepalive_s: 0")) as g:
        assert split(await g.ask(post(CHAT, b"{}", "Authorization: Bearer a")))[0] == 200
        (pool,) = g.worker.pools
        pool.sweep()
        await asyncio.wait_for(up.closed_by_peer.wait(), 60)
        while pool._owners or pool._idle:
            await asyncio.sleep(0.01)
