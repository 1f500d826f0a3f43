"""Who was refused and rests: nothing is read from it, and what it does meanwhile is seen all the same."""

from __future__ import annotations

import asyncio
import socket

import pytest

from gateway.proxy.request import Answer, Request
from gateway.proxy.server import Server

GET = b"GET /v1/x HTTP/1.1\r\nHost: g\r\n\r\n"


@pytest.mark.covers("G11")
async def test_who_leaves_while_it_rests_keeps_no_file_open():
    """Most clients close a connection once they are refused; thousands of them would use up the files until their rests are over. Who stays is left alone."""
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def handle(_: Request) -> Answer:
        return Answer(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", keep_alive=True, status=503, rest_s=20.0)

    server = Server(handle, lambda *_: Answer(b"", keep_alive=False), rest=lambda _: asyncio.shield(over), header_timeout_s=9.0, keepalive_s=99.0)
    listener = socket.create_server(("127.0.0.1", 0))
    await server.listen(listener)
    clients = [await asyncio.open_connection(*listener.getsockname()) for _ in range(3)]
    for reader, writer in clients:
        writer.write(GET)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(GET)  # is not read
    for _, writer in clients[1:]:
        writer.close()
    async with asyncio.timeout(10):
        while len(server.connections) > 1:
            server.tick()
            await asyncio.sleep(0.001)
    for _ in range(20):
        server.tick()
        await asyncio.sleep(0)
    assert len(server.connections) == 1
    over.set_result(None)
    await clients[0][0].readuntil(b"\r\n\r\n")  # what it sent meanwhile is heard
    server.deafen()
    await server.shut(10)
    clients[0][1].close()
