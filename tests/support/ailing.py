"""Services that fall ill when they are told to: providers, a detector's webhook, a trace collector. In a thread of their own, each on a port that it keeps.

    with Hospital() as hospital:
        openai = hospital.admit()                   openai.url
        openai.mood = limited                       every answer is a 429 from now on
        openai.die(); openai.rise()                 nobody listens any more; and again, on the same port

What is well depends on the path: a chat completion (whole or streamed, with usage) under /v1/chat/completions, no findings under /judge, nothing under /v1/traces.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import ssl
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.support.gate import free_port

Mood = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
T = TypeVar("T")
_USAGE = {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60}


async def well(_request: web.Request) -> web.StreamResponse | None:
    """As it should be."""
    return None


async def limited(_request: web.Request) -> web.StreamResponse:
    """A quota is used up."""
    return _error(429, "rate_limit_exceeded")


async def broken(_request: web.Request) -> web.StreamResponse:
    """A fault of the service's own."""
    return _error(500, "server_error")


async def refusing(_request: web.Request) -> web.StreamResponse:
    """It does not like what it is sent."""
    return _error(400, "invalid_request_error")


def overloaded_at(prefix: str) -> Mood:
    """It has too much to do, but only under one path."""

    async def some(request: web.Request) -> web.StreamResponse | None:
        return _error(503, "overloaded_error") if request.path.startswith(prefix) else None

    return some


def often(mood: Mood, *, well_of: int = 4) -> Mood:
    """One call in so many is well."""
    calls = itertools.count()

    async def sometimes(request: web.Request) -> web.StreamResponse | None:
        return None if next(calls) % well_of == 0 else await mood(request)

    return sometimes


def late(seconds: float) -> Mood:
    """So long before it begins to answer."""

    async def wait(_request: web.Request) -> web.StreamResponse | None:
        await asyncio.sleep(seconds)
        return None

    return wait


class Patient:
    """One service. mood: how it answers from now on; may be set from any thread.  tls: what it shows of itself, when it rises next."""

    def __init__(self, hospital: Hospital, *, tls: ssl.SSLContext | None = None) -> None:
        self._hospital, self.tls = hospital, tls
        self.mood: Mood = well
        self.port = free_port()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._runner: web.ServerRunner | None = None

    def rise(self) -> None:
        """Listen."""
        self._hospital.run(self._rise())

    def die(self) -> None:
        """Close the port and every connection."""
        self._hospital.run(self._die())

    def turn(self, tls: ssl.SSLContext) -> None:
        """Show another certificate, and at no time none: the port is open throughout, every connection is closed."""
        self.tls = tls
        self._hospital.run(self._turn())

    async def _rise(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None, handler_cancellation=True), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self.tls, reuse_port=True).start()

    async def _turn(self) -> None:
        before = self._runner
        await self._rise()
        if before is not None:
            await before.cleanup()

    async def _die(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        ill = await self.mood(request)  # type: ignore[arg-type]
        if ill is not None:
            return ill
        if request.path.endswith("/judge"):
            return web.json_response({"findings": [[] for _ in json.loads(body)["texts"]]})
        if request.path.endswith("/chat/completions"):
            return await _completion(request, json.loads(body))
        return web.Response(content_type="application/x-protobuf")


class Hospital:
    """Where they run, until the block ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hospital", daemon=True)
        self._patients: list[Patient] = []

    def admit(self, *, tls: ssl.SSLContext | None = None) -> Patient:
        """A service that is well."""
        patient = Patient(self, tls=tls)
        patient.rise()
        self._patients.append(patient)
        return patient

    def run(self, doing: Awaitable[T]) -> T:
        """Its result."""

        async def do() -> T:
            return await doing

        return asyncio.run_coroutine_threadsafe(do(), self._loop).result(60)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for patient in self._patients:
            patient.die()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


def _error(status: int, kind: str) -> web.StreamResponse:
    return web.json_response({"error": {"message": "simulated", "type": kind, "param": None, "code": kind}}, status=status)


async def _completion(request: web.BaseRequest, asked: dict[str, Any]) -> web.StreamResponse:
    head = {"id": "chatcmpl-1", "created": 1_700_000_000, "model": asked["model"]}
    if not asked.get("stream"):
        choice = {"index": 0, "message": {"role": "assistant", "content": "All is well."}, "finish_reason": "stop"}
        return web.json_response({**head, "object": "chat.completion", "choices": [choice], "usage": _USAGE})
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    deltas: list[tuple[dict[str, str], str | None]] = [({"role": "assistant", "content": "All is"}, None), ({"content": " well."}, None), ({}, "stop")]
    events = [{"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]} for delta, finish in deltas]
    usage: dict[str, Any] = {"choices": [], "usage": _USAGE}
    for event in (*events, usage):
        await response.write(b"data: " + json.dumps({**head, "object": "chat.completion.chunk", **event}).encode() + b"\n\n")
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response
