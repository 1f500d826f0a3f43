"""How connections come in: several in a turn of the loop, none after the worker has turned deaf."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import Any, cast

import pytest
import uvloop

from gateway.listeners import listen
from gateway.proxy.request import Answer
from gateway.proxy.server import ACCEPTS, Server
from gateway.proxy.turns import Turns

CLIENTS = 8 * ACCEPTS


class _Counting(Server):
    """Notes in which turn of the loop a connection was made."""

    turn = 0
    made: list[int]

    def __call__(self) -> Any:
        self.made.append(self.turn)
        return super().__call__()


async def _served() -> tuple[_Counting, socket.socket]:
    async def handle(_: object) -> Answer:
        return Answer(b"", keep_alive=True)

    server = _Counting(cast(Any, handle), cast(Any, SimpleNamespace()), rest=Turns(asyncio.get_running_loop()).rest, header_timeout_s=30.0, keepalive_s=30.0)
    server.made = []
    return server, listen("127.0.0.1", 0)


@pytest.mark.covers("G10")
def test_a_turn_takes_several_connections() -> None:
    """Where turns are full of work, one for each would leave a crowd outside for seconds. In the loop that workers have."""

    async def main() -> None:
        server, listener = await _served()
        clients = [socket.create_connection(listener.getsockname()) for _ in range(CLIENTS)]
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def count() -> None:
            server.turn += 1
            if len(server.made) == CLIENTS:
                done.set_result(None)
            else:
                loop.call_soon(count)

        count()
        await server.listen(listener)
        await asyncio.wait_for(done, 60)
        assert max(server.made.count(turn) for turn in set(server.made)) == ACCEPTS
        assert all(connection.transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) for connection in server.connections)
        server.deafen()
        for client in clients:
            client.close()

    uvloop.run(main())


@pytest.mark.covers("G3")
def test_nobody_is_let_in_after_the_last_file_is_closed() -> None:
    """None of them stays open, or a successor's clients would come here."""

    async def main() -> None:
        server, listener = await _served()
        address = listener.getsockname()
        await server.listen(listener)
        server.deafen()
        for _ in range(2):
            await asyncio.sleep(0)  # the loop closes them in its next turn
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)
        assert server.made == []

    uvloop.run(main())
