"""A TCP proxy that can lose an answer: the server carries the insert out, and the client hears nothing but a reset."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct


class LossyProxy:
    """Forwards to a port on loopback. `lose`: how many answers to inserts are still to be dropped; `lost`: how many were."""

    def __init__(self, upstream_port: int) -> None:
        self.upstream_port, self.port = upstream_port, 0
        self.lose = self.lost = 0

    async def __aenter__(self) -> LossyProxy:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._server.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        inserting = False

        async def ask() -> None:
            nonlocal inserting
            while data := await reader.read(1 << 16):
                if data.startswith(b"POST "):
                    inserting = b"INSERT" in data.split(b"\r\n", 1)[0]
                upstream_writer.write(data)
                await upstream_writer.drain()

        async def answer() -> None:
            while data := await upstream_reader.read(1 << 16):
                if inserting and self.lose > 0:
                    self.lose -= 1
                    self.lost += 1
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                    return
                writer.write(data)
                await writer.drain()

        tasks = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            with contextlib.suppress(OSError):
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            upstream_writer.close()
            writer.close()
