"""Clients that never come to an end: `count` sockets, each of which sends the beginning of a request and then a byte every five seconds, of its head or of its body by turns.

    python tests/bench/crowd.py PORT COUNT

In a process of its own, so that what keeps them going is nobody's delay but theirs. Says "all" when all are there. Whoever is cut off comes again. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from functools import partial
from typing import cast

import uvloop

HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer sk-drip\r\n"
EVERY_S, A_SECOND = 5.0, 500  # so many come in a second that those who are ended for their heads (after ten) end one after the other, and not all in one second of ten


class Dripping(asyncio.Protocol):
    def __init__(self, start: bytes, ended: asyncio.Event) -> None:
        self.start, self.ended = start, ended
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self.transport.write(self.start)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self.ended.set()

    def drip(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(b"x")


async def one(port: int, number: int, all_: list[Dripping | None]) -> None:
    start = HEAD if number % 2 else HEAD + b"Content-Length: 1000\r\n\r\n"
    await asyncio.sleep(number / A_SECOND)  # one after the other, as they come in life
    while True:
        try:
            _, dripping = await asyncio.get_running_loop().create_connection(partial(Dripping, start, asyncio.Event()), "127.0.0.1", port)
            all_[number] = dripping
            await dripping.ended.wait()
        except OSError:
            await asyncio.sleep(0.5)  # the machine has no port for it just now


async def main(port: int, count: int) -> None:
    all_: list[Dripping | None] = [None] * count
    tasks = [asyncio.ensure_future(one(port, number, all_)) for number in range(count)]
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, sys.stdin.read)
    parts, part = 100, 0  # of a round
    told = False
    while not ended.done():
        if not told and None not in all_:
            told = True
            print("all", flush=True)
        await asyncio.sleep(EVERY_S / parts)  # what dripping is
        for dripping in all_[part::parts]:
            if dripping is not None:
                dripping.drip()
        part = (part + 1) % parts
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.nice(10)
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
