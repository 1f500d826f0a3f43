"""A real browser without a screen, driven by its own protocol (Chrome DevTools), for what pages do there and nowhere else.

Every name that a page could name leads to one listener of ours, which counts; so a request that leaves the page is seen whatever it is for, and none
leaves the machine. What is deliberately absent: clicks, typing, pictures.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START_S = 60.0
SETTLE_MS = 250  # in the page, after it has loaded: for what it does late


@dataclass
class Visit:
    """dialogs: their words.  requests: URLs asked for, the page's own among them.  refused: what the page's policy kept from happening.  found: of the question that was asked of it."""

    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    found: Any = None


class Browser:
    """One browser; pages are visited one after the other."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._number = socket, 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: list[tuple[str, dict[str, Any]]] = []
        self._loaded = asyncio.Event()
        self._reading = asyncio.ensure_future(self._read())

    async def visit(self, url: str, question: str = "null") -> Visit:
        """Open a page, let it do what it does, ask it a question in JavaScript (JSON comes back), and close it."""
        target = (await self._call("Target.createTarget", {"url": "about:blank"}))["targetId"]
        session = (await self._call("Target.attachToTarget", {"targetId": target, "flatten": True}))["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self._call(f"{domain}.enable", {}, session)
        self._events.clear()
        self._loaded.clear()
        await self._call("Page.navigate", {"url": url}, session)
        await asyncio.wait_for(self._loaded.wait(), START_S)
        await self._ask(f"new Promise(done => setTimeout(done, {SETTLE_MS}))", session)
        found = await self._ask(question, session)
        await self._call("Target.closeTarget", {"targetId": target})
        visit = Visit(found=found)
        for method, told in self._events:
            if method == "Page.javascriptDialogOpening":
                visit.dialogs.append(told["message"])
            elif method == "Network.requestWillBeSent":
                visit.requests.append(told["request"]["url"])
            elif method == "Log.entryAdded" and told["entry"]["source"] == "security":
                visit.refused.append(told["entry"]["text"])
        return visit

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _ask(self, question: str, session: str) -> Any:
        answer = await self._call("Runtime.evaluate", {"expression": question, "awaitPromise": True, "returnByValue": True}, session)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def _call(self, method: str, parameters: dict[str, Any], session: str = "") -> dict[str, Any]:
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters} | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(answer, START_S)

    async def _read(self) -> None:
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                waiting = self._answers.pop(told["id"])
                if not waiting.done():
                    waiting.set_result(told.get("result", {"error": told.get("error")}))
                continue
            self._events.append((told["method"], told["params"]))
            if told["method"] == "Page.loadEventFired":
                self._loaded.set()
            elif told["method"] == "Page.javascriptDialogOpening":  # a page waits until somebody has
                self._number += 1
                self._answers[self._number] = asyncio.get_running_loop().create_future()
                await self._socket.send_json({"id": self._number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}, "sessionId": told["sessionId"]})


@contextlib.asynccontextmanager
async def browser(home: Path, *, elsewhere: int) -> AsyncIterator[Browser]:
    """Start one. home: an empty directory of its own.  elsewhere: the port on loopback that every name leads to but 127.0.0.1 itself."""
    assert PROGRAM is not None
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-default-apps", "--disable-sync", "--disable-extensions", "--no-proxy-server", "--remote-debugging-port=0", f"--user-data-dir={home}",
        f"--host-resolver-rules=MAP * 127.0.0.1:{elsewhere}, EXCLUDE 127.0.0.1", "about:blank",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    draining = None
    try:
        async with asyncio.timeout(START_S):
            while b"DevTools listening on " not in (line := await process.stderr.readline()):
                assert line, "the browser ended"
        draining = asyncio.ensure_future(process.stderr.read())
        async with aiohttp.ClientSession() as session, session.ws_connect(line.decode().split("listening on ")[1].strip(), max_msg_size=0) as socket:
            opened = Browser(socket)
            try:
                yield opened
            finally:
                await opened.close()
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
        if draining is not None:
            await draining
