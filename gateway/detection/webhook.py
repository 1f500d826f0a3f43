"""A custom detector that is somebody's HTTP service.

    POST <url>      {"texts": ["...", ...]}
    200             {"findings": [[{"kind": "BADGE", "start": 6, "end": 10, "score": 0.9}], ...]}      one list for each text

Offsets are code points of the text, not bytes and not UTF-16 units. Any other status, shape or delay is a failure like that of any other detector:
same deadline, same reasons. The service is asked by the pool's own process, never by a worker.

Bounds: CALLS_AT_A_TIME calls, answers of MAX_ANSWER bytes, certificates are verified, redirects are not followed, cookies are not kept, proxies are
not taken from the environment, and a name that resolves to an address that is not public is not called unless `allow_private` says so.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import ssl
import time
from collections import Counter
from urllib.parse import urlsplit

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from detectors.base import Finding
from gateway.detection.job import Job
from gateway.detection.terms import Custom
from gateway.detection.verify import Garbage, checked

CALLS_AT_A_TIME = 8
MAX_ANSWER = 8 << 20  # bytes
_NOT_PUBLIC = "an address that is not public, and allow_private is off"


class Webhook:
    """One of them. `submit` never waits; start and stop are for its pool."""

    def __init__(self, custom: Custom) -> None:
        self._custom = custom
        self.counts: Counter[str] = Counter()  # calls
        self.settled = asyncio.Event()
        self.settled.set()
        self._room = asyncio.Semaphore(CALLS_AT_A_TIME)
        self._session: aiohttp.ClientSession | None = None
        self._calls: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        custom = self._custom
        tls = ssl.create_default_context(cafile=str(custom.ca_file) if custom.ca_file else None)
        resolver = ThreadedResolver() if custom.allow_private else PublicOnly()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, ssl=tls, limit=CALLS_AT_A_TIME, ttl_dns_cache=5),
            headers={"Accept-Encoding": "identity", "User-Agent": "tidegate", **({"Authorization": f"Bearer {custom.token}"} if custom.token else {})},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
        )

    async def stop(self) -> None:
        for call in list(self._calls):
            call.cancel()
        if self._calls:
            await asyncio.wait(self._calls)
        if self._session is not None:
            await self._session.close()

    @property
    def ready(self) -> bool:
        return True

    def state(self) -> dict[str, object]:
        return {"ready": True, "calls_now": len(self._calls), **self.counts}

    def submit(self, job: Job) -> None:
        """Ask for a job's findings; the job is answered here, or by its deadline."""
        if not job.texts:
            job.end(job.found)
            return
        call = asyncio.create_task(self._answer(job))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    def _end(self, job: Job, outcome: list[list[Finding]] | tuple[str, str]) -> None:
        """What came of a call."""
        job.end(outcome)

    async def _answer(self, job: Job) -> None:
        outcome: list[list[Finding]] | tuple[str, str]
        try:
            async with asyncio.timeout(max(0.0, self._until(job) - time.monotonic())), self._room:
                if job.over:
                    return
                self.counts["calls"] += 1
                outcome = await self._ask([raw for raw, _ in job.texts])
        except TimeoutError:
            outcome = ("timeout", "")
        except Garbage as e:
            outcome = ("garbage", str(e))
        except _Refused as e:
            outcome = ("failed", f"HTTP {e.status}")
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as e:
            outcome = ("unavailable", _unreached(e))
        except (aiohttp.ClientError, OSError, ValueError) as e:  # broken replies, certificates, sockets
            outcome = ("failed", type(e).__name__)
        self._end(job, outcome)

    def _until(self, job: Job) -> float:
        """time.monotonic() until which the service is waited for."""
        return job.deadline

    def _question(self, texts: list[str]) -> object:
        return {"texts": texts}

    def _found(self, answer: dict[str, object], texts: list[str]) -> list[list[Finding]]:
        """What an answer says. Raises Garbage."""
        spec = self._custom
        return checked(answer.get("findings"), [len(text) for text in texts], detector=spec.name, kinds=spec.kinds, max_span=spec.max_span)

    async def _ask(self, texts: list[str]) -> list[list[Finding]]:
        """What the service finds. Raises Garbage, _Refused, aiohttp's errors, and what makes a timeout of it."""
        assert self._session is not None
        if not self._custom.allow_private and not public(urlsplit(self._custom.webhook).hostname or "", names=True):
            raise aiohttp.InvalidURL(self._custom.webhook)
        body = json.dumps(self._question(texts)).encode()  # not orjson: lone surrogates are sent as the escapes they came as
        async with self._session.post(self._custom.webhook, data=body, headers={"Content-Type": "application/json"}, allow_redirects=False) as reply:
            if reply.status != 200:
                raise _Refused(reply.status)
            content = bytearray()
            async for chunk in reply.content.iter_chunked(1 << 16):
                content += chunk
                if len(content) > MAX_ANSWER:
                    reply.close()
                    raise Garbage("an answer too large")
        try:
            answer = orjson.loads(bytes(content))
        except orjson.JSONDecodeError as e:
            raise Garbage("not JSON") from e
        if not isinstance(answer, dict):
            raise Garbage("not an object")
        return self._found(answer, texts)


def _unreached(error: aiohttp.ClientConnectorError | aiohttp.InvalidURL) -> str:
    """Why nobody was asked, in words that hold neither the URL nor what it resolved to."""
    if isinstance(error, aiohttp.InvalidURL):
        return _NOT_PUBLIC
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return f"no TLS: {type(error).__name__}"
    cause: OSError | None = error.os_error
    if str(cause) == _NOT_PUBLIC:
        return _NOT_PUBLIC
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(cause, socket.gaierror):
        return "its name does not resolve"
    return "connection refused" if isinstance(cause, ConnectionRefusedError) else type(cause or error).__name__


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class PublicOnly(AbstractResolver):
    """Names, as long as every address of theirs is public."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(public(each["host"]) for each in found):
            raise OSError(_NOT_PUBLIC)
        return found

    async def close(self) -> None:
        await self._inner.close()


def public(host: str, *, names: bool = False) -> bool:
    """Whether an address is anybody's on the internet. names: what a name stands for is asked of its addresses, later."""
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return names
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in ipaddress.ip_network("64:ff9b::/96") else None)
        if inner is not None:
            return public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
