"""Many tenants at once through one gate, on connections that they share, with a provider that resets, cuts and poisons: does anybody see a byte of somebody else?

    python -m tests.chaos.tenants --calls 100000 --seed 7        the long form: one JSON line, exit code 1 if there was one

Every request, reply, header and poison names its tenant and call (`t07-000123`), so whatever reaches a client, a provider or the record says whose it is. Requests of
different tenants are pipelined on one client connection, as behind a proxy; half of the tenants use keys of their own (a pool of connections each), half a key of the
gate's (one pool for all: there the provider, which holds the key, is not made to write late, for that it could answer whom it likes is no matter of ours).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from gateway import journal
from gateway.journal_seal import journal_key
from gateway.keys import KeyRecord, KeysFile, digest, new_key, pepper
from tests.support.faults import OK, SSE, spelled
from tests.support.lossy import reset
from tests.support.owed import DIALECTS, Call, call_of
from tests.support.proxy import Gate, gate, post
from tests.support.raw import NotHttp, RawClient, Reply
from tests.support.unhurried import unhurried

TENANTS = 24
CLIENTS = 24  # connections at once
NAME = re.compile(rb"t\d\d-\d{6}")
KINDS = ("poison behind", "poison later", "reset in it", "closed in it", "closed before it", "reset before it", "garbage", "hints", "closes", "slices")
HELD = "TIDEGATE_TENANTS_KEY"
_HELD = tuple(f"t{tenant:02}" for tenant in range(0, TENANTS, 2))
_CODE = re.compile(rb"provider_[a-z_]+|gateway_[a-z_]+|[a-z]+_timeout|rate_limited|key_[a-z]+")
_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Tally:
    """foreign: bytes' owners that were not whoever received them, as (where, call, found).  crossed: of the same tenant, another call.  calls: by what became of them."""

    calls: Counter[str] = field(default_factory=Counter)
    foreign: list[tuple[str, str, str]] = field(default_factory=list)
    crossed: Counter[str] = field(default_factory=Counter)

    def look(self, where: str, id: str, data: bytes) -> None:
        """Whose names are in it."""
        for name in set(NAME.findall(data)):
            if name[:3] != id[:3].encode():
                self.foreign.append((where, id, name.decode()))
            elif name != id.encode():
                self.crossed[where] += 1


async def _provide(tally: Tally, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as each request's `x-do` says."""
    later: set[asyncio.Task[None]] = set()
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            call, done = call_of(head, body), re.search(rb"\r\nx-do: ([^\r]*)", head)
            assert call is not None and done is not None
            tally.look("provider", call.id, head + body)
            do, asks = done[1].decode(), b"include_usage" in body
            named = b"x-owed: %b\r\n" % call.id.encode()
            evil = OK + named + spelled(b"Content-Length: @\r\n\r\n@json", call)
            if do == "closed before it":
                return
            if do == "reset before it":
                reset(writer)
                return
            if do == "garbage":
                writer.write(b"%b: garbage\r\n\r\n" % call.id.encode())
                return
            if do == "hints":
                writer.write(b"HTTP/1.1 103 Early Hints\r\n%b\r\n" % named)
            if call.streamed:
                whole = SSE + named + b"Transfer-Encoding: chunked\r\n\r\n" + spelled(b"@events0\r\n\r\n", call, asks_usage=asks)
            else:
                whole = evil
            if do in ("reset in it", "closed in it"):
                writer.write(whole[: len(whole) // 2])
                await writer.drain()
                if do == "reset in it":
                    await asyncio.sleep(0)
                    reset(writer)
                return
            if do == "closes":
                writer.write(whole.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                return
            if do == "slices":
                for at in range(0, len(whole), 61):
                    writer.write(whole[at : at + 61])
                    await asyncio.sleep(0)
            else:
                writer.write(whole + (evil if do == "poison behind" else b""))
            await writer.drain()
            if do == "poison later":
                task = asyncio.create_task(_poison(writer, evil))
                later.add(task)
                task.add_done_callback(later.discard)
    except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
        pass
    finally:
        for task in later:
            task.cancel()
        writer.close()


async def _poison(writer: asyncio.StreamWriter, evil: bytes) -> None:
    await asyncio.sleep(0.001)  # so that it comes in a read of its own
    with contextlib.suppress(OSError):
        writer.write(evil)


@dataclass(frozen=True, slots=True)
class _Asked:
    call: Call
    do: str


class _Crowd:
    """The clients. Each has its own chance, so that the calls are the same in every run with the same seed; in which order they meet is the machine's."""

    def __init__(self, port: int, tally: Tally, keys: list[str], seed: int, calls: int) -> None:
        self._port, self._tally, self._keys, self._seed, self._left, self._next = port, tally, keys, seed, calls, 0

    async def run(self) -> None:
        await asyncio.gather(*(self._client(number) for number in range(CLIENTS)))

    def _ask(self, chance: random.Random, *, last: bool) -> tuple[_Asked, bytes]:
        tenant = chance.randrange(TENANTS)
        self._next += 1
        id = f"t{tenant:02}-{self._next:06}"
        dialect = DIALECTS[chance.randrange(3)]
        call = Call(id, dialect, chance.random() < 0.5, pieces=chance.randrange(1, 6))
        held = tenant % 2 == 0
        do = chance.choice(KINDS) if chance.random() < 0.2 else "well"
        if held and do == "poison later":
            do = "poison behind"
        key = {"openai": "Authorization: Bearer ", "anthropic": "x-api-key: ", "gemini": "x-goog-api-key: "}[dialect] + (self._keys[tenant] if held else f"sk-{tenant:02}")
        lines = [key, f"x-tidegate-session: {id}", f"x-tidegate-user: {id}", f"x-call: {id}", f"x-do: {do}"]
        return _Asked(call, do), post(f"/{dialect}{'-held' if held else ''}{call.path}", call.body, *lines, close=last)

    async def _client(self, number: int) -> None:
        chance = random.Random(self._seed * 1000 + number)
        while self._left > 0:
            requests = [min(chance.choice((1, 1, 1, 2, 4, 8)), self._left) for _ in range(chance.randrange(1, 5))]
            async with RawClient(self._port) as client:
                for many in requests:
                    many = min(many, self._left)
                    self._left -= many
                    asked = [self._ask(chance, last=False) for _ in range(many)]
                    client.send(b"".join(raw for _, raw in asked))
                    if not await self._read(client, [each for each, _ in asked], leaves=chance.random() < 0.02):
                        break

    async def _read(self, client: RawClient, asked: list[_Asked], *, leaves: bool) -> bool:
        """Take the replies; whether the connection may go on."""
        for number, each in enumerate(asked):
            if leaves:
                self._tally.calls["left"] += len(asked) - number
                client.reset()
                return False
            try:
                reply = await client.reply()
            except NotHttp as e:
                self._tally.calls[f"not HTTP: {e}"] += 1
                return False
            if reply is None:
                self._tally.calls["not served"] += len(asked) - number  # behind one whose connection had to end
                return False
            self._judge(each, reply)
            if not reply.whole or reply.header("connection") == "close":
                self._tally.calls["not served"] += len(asked) - number - 1
                return False
        return True

    def _judge(self, each: _Asked, reply: Reply) -> None:
        tally, call = self._tally, each.call
        tally.look("client", call.id, repr(reply.headers).encode() + reply.body)
        owed = reply.status == 200 and reply.whole and reply.body == call.seen()
        own = reply.header("x-tidegate-error-source") != "" or not reply.whole
        poison = f"{call.id[:3]}-".encode() in reply.body and call.id.encode() not in reply.body and not call.id.startswith(_HELD)
        code = _CODE.search(reply.body)
        tally.calls["as owed" if owed else f"error: {code[0].decode() if code else 'cut'}" if own else "its own tenant's poison" if poison else f"odd: {each.do}"] += 1


def record(g: Gate, root: Path, tally: Tally) -> int:
    """Look through the journal: an exchange's bodies name nobody but whose session it is. Returns how many there are."""
    sessions: dict[bytes, str] = {}
    count = 0
    for segment in journal.segments(g.worker.journal.directory):
        for frame in journal.read(segment, journal_key(root)):
            assert isinstance(frame, journal.Frame)
            if frame.kind is journal.Kind.OPEN:
                count += 1
                sessions[frame.id] = frame.opened().session_id
            if sessions.get(frame.id):
                tally.look("record", sessions[frame.id], frame.meta + frame.body)
            if frame.kind is journal.Kind.CLOSE:
                sessions.pop(frame.id, None)
    return count


@contextlib.asynccontextmanager
async def _gate(root: Path, port: int, guards: str) -> AsyncIterator[tuple[Gate, list[str]]]:
    keys = []
    for tenant in range(TENANTS):
        keys.append(new_key())
        KeysFile(root / "keys.yaml").add(KeyRecord(f"k{tenant:02}", digest(pepper(root), keys[-1]), None, None, (), _MOMENT))
    lines = "".join(
        f"  {dialect}{kind}: {{dialect: {dialect}, base_url: 'http://127.0.0.1:{port}', allow_private: true, default: false{', key: ' + chr(39) + '${' + HELD + '}' + chr(39) if kind else ''}}}\n"
        for dialect in DIALECTS
        for kind in ("", "-held")
    )
    os.environ[HELD] = "sk-held"
    with unhurried() as patient:
        async with gate(root, lines, more=patient + guards) as g:
            yield g, keys


async def crowd(root: Path, calls: int, seed: int, *, guards: str = "") -> Tally:
    """So many calls. guards: YAML of rules, if any."""
    tally = Tally()
    server = await asyncio.start_server(lambda reader, writer: _provide(tally, reader, writer), "127.0.0.1", 0)
    try:
        async with _gate(root, server.sockets[0].getsockname()[1], guards) as (g, keys):
            await _Crowd(g.port, tally, keys, seed, calls).run()
            tally.calls["on record"] = record(g, root, tally)
    finally:
        server.close()
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(crowd(Path(folder), options.calls, options.seed))
    found = {"seed": options.seed, "calls": dict(tally.calls), "foreign": len(tally.foreign), "crossed": dict(tally.crossed), "first": tally.foreign[:5]}
    print(json.dumps(found))
    return 1 if tally.foreign or any(name.startswith(("odd", "not HTTP")) for name in tally.calls) else 0


if __name__ == "__main__":
    sys.exit(main())
