"""A simulated provider: OpenAI, Anthropic and Gemini on one port, good enough for their official SDKs.

    python -m gateway.demo.provider --port 9100 [--speed 1]        the demo's upstream
    provider = await start("127.0.0.1", 0, speed=0)                in a test; ask it what it saw, then `await provider.stop()`

What it says depends on the question alone (ask.py), so the same call gives the same reply, ids and token counts, whole or streamed. `speed`
multiplies its delays: 1 takes its time as a model does, 0 none at all. Any credential will do, but there must be one. It misbehaves when a request has
one of the `sim-...` markers that faults.py lists.

    paths                          dialect
    /v1beta/, /v1alpha/            Gemini
    /v1/models/{model}:{verb}      Gemini (the SDK's stable paths)
    /v1/messages                   Anthropic
    /v1/models                     Anthropic if the request has anthropic-version, Gemini if it has x-goog-api-key, else OpenAI
    anything else                  OpenAI

For tests it remembers, bounded: requests as received, credentials included (`received`), clients that left before the end (`aborted`), connections
accepted (`connections`). Deliberately absent: TLS, compression, limits of any kind.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
import time
from collections import deque
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from gateway.demo import faults
from gateway.demo.anthropic import Anthropic
from gateway.demo.faults import Fault
from gateway.demo.gemini import Gemini
from gateway.demo.openai import OpenAI
from gateway.demo.wire import JSON, BadCall, Call, Served, Speaker

_GEMINI = re.compile(r"/v1(beta|alpha)/|/v1/models/[^/]+:")
LANDING = "/sim-landing"  # where sim-redirect points
_ONCE = b"sim-echo-once"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came. number: counts from 1.  target: raw path with query.  headers: in order, as spelled."""

    number: int
    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Aborted:
    """A client that left before the end of its reply. number: of the request.  pieces: sent until then.  at_s: monotonic clock."""

    number: int
    target: str
    pieces: int
    at_s: float


class Provider:
    """The running server. `received`, `aborted` and `connections` are for reading from any thread."""

    def __init__(self, *, speed: float = 1.0, keep: int = 1000) -> None:
        """keep: how many requests `received` and `aborted` hold; 0 remembers nothing."""
        self.received: deque[Received] = deque(maxlen=keep)
        self.aborted: deque[Aborted] = deque(maxlen=keep)
        self.connections = 0
        self.requests = 0
        self.url = ""
        self._speed = speed
        self._openai, self._anthropic, self._gemini = OpenAI(), Anthropic(), Gemini()
        self._echoed: set[tuple[str, bytes]] = set()  # targets and bodies with sim-echo-once that have been answered
        self._runner: web.ServerRunner | None = None
        self._stopping = False

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. port 0: any free one; `url` says which."""
        server = _Counting(self, self._handle, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the socket and every connection."""
        self._stopping = True
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests += 1
        number, target = self.requests, request.raw_path
        body = await request.content.read()
        self.received.append(Received(number, request.method, target, tuple(request.raw_headers), body))
        raw, _, query = target.partition("?")
        path, fault = unquote(raw), faults.asked_for(unquote(raw), body)
        if path.startswith(LANDING):
            path, fault = path.removeprefix(LANDING), None
        if _ONCE in body:
            again = (target, body) in self._echoed
            self._echoed.add((target, body))
            body = body.replace(_ONCE, b"sim-echoed") if again else body
        call = Call(request.method, path, dict(parse_qsl(query)), {k.lower(): v for k, v in request.headers.items()}, body)
        speaker = self._speaker(call)
        try:
            served, status = self._served(speaker, call, fault)
        except BadCall as bad:
            fault = fault or Fault("status", bad.status, bad.message)
            served, status = Served((speaker.error(bad.status, bad.message, bad.kind),)), bad.status
        headers = {"server": "simulated", "content-type": served.content_type, **dict(speaker.headers(served.seed, status)), **_advice(fault, status, call.path)}
        sent = [0]
        try:
            return await self._send(request, served, status, headers, fault, sent)
        except (asyncio.CancelledError, ConnectionError) as e:
            # A client that hangs up once it has everything (the OpenAI SDK does, after [DONE]) has not left early.
            if not self._stopping and sent[0] < len(served.pieces) and (fault is None or fault.name != "cut"):
                self.aborted.append(Aborted(number, target, sent[0], time.monotonic()))
            if isinstance(e, asyncio.CancelledError):
                raise
            return web.Response(status=500)  # nobody is there to read it

    def _speaker(self, call: Call) -> Speaker:
        if _GEMINI.match(call.path) or (call.path.startswith("/v1/models") and "x-goog-api-key" in call.headers):
            return self._gemini
        if call.path.startswith("/v1/messages") or (call.path.startswith("/v1/models") and "anthropic-version" in call.headers):
            return self._anthropic
        return self._openai

    def _served(self, speaker: Speaker, call: Call, fault: Fault | None) -> tuple[Served, int]:
        """The reply and its status, faults of the content included. Raises BadCall."""
        if not speaker.authorised(call):
            raise BadCall(401, "You didn't provide an API key.")
        name = fault.name if fault else ""
        if fault and name in ("status", "quota"):
            raise BadCall(fault.status, fault.message, "insufficient_quota" if name == "quota" else "")
        if name == "redirect":
            return Served((b"",), "text/html"), 307
        if name == "html-200":
            return Served((faults.HTML,), "text/html; charset=utf-8"), 200
        if name == "empty":
            return Served((b"",), JSON), 200
        try:
            served = speaker.serve(call)
        except (KeyError, TypeError, AttributeError, ValueError) as e:  # a body of another shape than the readers expect
            raise BadCall(400, f"Invalid request body: {type(e).__name__}") from e
        if name == "error-event":
            if not served.streamed:
                return replace(served, pieces=(speaker.error(500, "Simulated error inside a success."),)), 200
            return replace(served, pieces=(*_begun(served), speaker.error_event(call))), 200
        return (replace(served, pieces=_begun(served)), 200) if name == "truncate" else (served, 200)

    async def _send(
        self, request: web.BaseRequest, served: Served, status: int, headers: dict[str, str], fault: Fault | None, sent: list[int]
    ) -> web.StreamResponse:
        """Write the reply as fast as the model makes it. sent[0]: pieces so far."""
        name = fault.name if fault else ""
        if name == "hang":
            await asyncio.Event().wait()
        first_s, piece_s = self._delays(served)
        await asyncio.sleep(first_s)
        response = web.StreamResponse(status=status, headers=headers)
        pieces = served.pieces
        if served.streamed:
            response.enable_chunked_encoding()
        else:
            response.content_length = sum(map(len, pieces))
        if name in ("stall", "cut"):
            pieces = _begun(served)
        await response.prepare(request)
        for piece in pieces:
            await asyncio.sleep(faults.SLOW_PIECE_S if name == "slow" else piece_s)
            await response.write(piece)
            sent[0] += 1
        if name == "stall":
            await asyncio.Event().wait()
        if name == "cut" and request.transport is not None:
            request.transport.abort()
            return response
        await response.write_eof()
        return response

    def _delays(self, served: Served) -> tuple[float, float]:
        """Seconds before the head and before each piece. A whole reply waits for all its tokens at once."""
        think, token = 0.12 + served.seed % 1000 / 2000, 0.006 + served.seed % 13 / 1000
        if served.streamed:
            return self._speed * think, self._speed * token
        return self._speed * (think + token * min(served.tokens, 400) / 2), 0.0


class _Counting(web.Server):
    """Counts accepted connections."""

    def __init__(self, provider: Provider, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._provider = provider

    def connection_made(self, handler: object, transport: asyncio.Transport) -> None:
        self._provider.connections += 1
        super().connection_made(handler, transport)  # type: ignore[arg-type]


def _begun(served: Served) -> tuple[bytes, ...]:
    """The first half: at most a dozen pieces of a stream, so that a frame more at its end (usage) does not move the cut."""
    if served.streamed:
        return served.pieces[: min(12, len(served.pieces) // 2)]
    return (served.pieces[0][: len(served.pieces[0]) // 2],)


def _advice(fault: Fault | None, status: int, path: str) -> dict[str, str]:
    """What a client is told to do next."""
    if fault is None:
        return {}
    if fault.name == "quota":
        return {"x-should-retry": "false"}
    if fault.name == "redirect":
        return {"location": LANDING + path}
    return {"retry-after": "1"} if status in (429, 503) else {}


async def start(host: str = "127.0.0.1", port: int = 0, *, speed: float = 1.0, keep: int = 1000) -> Provider:
    """A running Provider."""
    provider = Provider(speed=speed, keep=keep)
    await provider.start(host, port)
    return provider


async def _serve(host: str, port: int, speed: float) -> None:
    provider = await start(host, port, speed=speed, keep=0)
    print(f"simulated provider on {provider.url}", flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await provider.stop()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.provider", description="A simulated LLM provider: OpenAI, Anthropic and Gemini on one port.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--speed", type=float, default=1.0, help="multiplies all delays; 0: none")
    given = parser.parse_args()
    asyncio.run(_serve(given.host, given.port, given.speed))


if __name__ == "__main__":
    main()
