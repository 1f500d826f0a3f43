"""Apps that send a few calls a second each, whatever comes back: the background that alerts are told apart from. Each has a key of its own, which the gate passes on.

    with Trickle(gate.base_url) as trickle:
        shop = trickle.app("shop", "openai")
        shop.text = "..."; shop.paused = True       from now on
"""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass
from typing import Self

import aiohttp

RATE = 1.5  # calls a second of an app, unless it says otherwise
_PATIENCE_S = 10.0


@dataclass(slots=True)
class App:
    """What it sends, of which anything may be changed from any thread. calls: sent so far.  seen: the last status, 0 for none."""

    name: str
    provider: str
    model: str = "gpt-4o-mini"
    text: str = "Is all well?"
    env: str = "prod"
    streamed: bool = False
    rate: float = RATE
    paused: bool = False
    calls: int = 0
    seen: int = 0


class Trickle:
    """Sends until the block ends, from a thread of its own. base_url: of a gate."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="trickle", daemon=True)
        self._session: aiohttp.ClientSession | None = None
        self._senders: list[asyncio.Task[None]] = []
        self._calls: set[asyncio.Task[None]] = set()

    def app(self, name: str, provider: str, **more: object) -> App:
        """Begin to send."""
        app = App(name, provider, **more)  # type: ignore[arg-type]

        async def begin() -> None:
            self._senders.append(asyncio.create_task(self._send(app)))

        asyncio.run_coroutine_threadsafe(begin(), self._loop).result(60)
        return app

    async def _send(self, app: App) -> None:
        while True:
            if not app.paused:
                app.calls += 1
                call = asyncio.create_task(self._call(app))
                self._calls.add(call)
                call.add_done_callback(self._calls.discard)
            await asyncio.sleep(1 / app.rate)

    async def _call(self, app: App) -> None:
        body = {"model": app.model, "messages": [{"role": "user", "content": app.text}], **({"stream": True} if app.streamed else {})}
        headers = {"authorization": f"Bearer sk-{app.name}", "content-type": "application/json", "x-tidegate-app": app.name, "x-tidegate-env": app.env}
        assert self._session is not None
        try:
            async with self._session.post(f"{self._base_url}/{app.provider}/v1/chat/completions", data=json.dumps(body), headers=headers) as answer:
                await answer.read()
                app.seen = answer.status
        except (aiohttp.ClientError, TimeoutError):
            app.seen = 0

    def __enter__(self) -> Self:
        self._thread.start()

        async def begin() -> None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_S), connector=aiohttp.TCPConnector(limit=0), trust_env=False)

        asyncio.run_coroutine_threadsafe(begin(), self._loop).result(60)
        return self

    def __exit__(self, *exc: object) -> None:
        async def end() -> None:
            for task in (*self._senders, *self._calls):
                task.cancel()
            await asyncio.gather(*self._senders, *self._calls, return_exceptions=True)
            assert self._session is not None
            await self._session.close()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
