"""The reference: a pass-through proxy on aiohttp as an ordinary engineer would write it, with every limit off and nothing recorded.

    python tests/bench/bare.py --upstream http://127.0.0.1:9001 [--port 0]        prints {"port": N} once it listens

Rules of this file: it must be an honest opponent. uvloop, keep-alive without a cap on connections, no access log, no cookies, no decompression,
only the headers that matter passed on, a whole reply read at once and a streamed one written as it comes. Nothing in it may be slower than
plain aiohttp has to be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import traffic
import uvloop
from aiohttp import web
from yarl import URL

SESSION: web.AppKey[aiohttp.ClientSession] = web.AppKey("session", aiohttp.ClientSession)
TARGET: web.AppKey[URL] = web.AppKey("target", URL)


async def relay(request: web.Request) -> web.StreamResponse:
    """Send the request on, give the reply back."""
    body = await request.read()
    headers = {"Authorization": request.headers["Authorization"], "Content-Type": request.headers["Content-Type"]}
    async with request.app[SESSION].post(request.app[TARGET], data=body, headers=headers) as reply:
        kind = reply.headers.get("Content-Type", "")
        if not kind.startswith("text/event-stream"):
            return web.Response(body=await reply.read(), status=reply.status, headers={"Content-Type": kind})
        response = web.StreamResponse(status=reply.status, headers={"Content-Type": kind})
        await response.prepare(request)
        async for chunk in reply.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
        return response


async def session(app: web.Application) -> AsyncIterator[None]:
    """The one session of the process."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as made:
        app[SESSION] = made
        yield


async def serve(upstream: str, port: int) -> None:
    """Listen on loopback until killed."""
    app = web.Application(client_max_size=1 << 30)
    app[TARGET] = URL(upstream + traffic.PATH)
    app.cleanup_ctx.append(session)
    app.router.add_post(traffic.PATH, relay)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=4096).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The bench's reference: a bare aiohttp pass-through.")
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args()
    uvloop.run(serve(args.upstream, args.port))
