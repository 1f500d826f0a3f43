"""Providers that fail in ways a test chooses, and what a gate wrote down of asking them again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable

from gateway.exchange import Closed, Opened, Outcome, Phase
from gateway.record.phases import ATTEMPT, phases_of
from tests.support.proxy import Gate, Upstream, ok

Script = Callable[[Upstream, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CHAT = "/v1/chat/completions"
ASKS = b'{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}'
QUICK = "retries: {of_traffic: 1}\n"  # where a test is not about the budget


def fails(status: int, body: bytes = b'{"error":{"message":"not now"}}', *headers: str) -> bytes:
    """A whole reply with a status that is no success."""
    lines = [f"HTTP/1.1 {status} Trouble", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def answers(text: str = "hello") -> bytes:
    """A chat completion that says `text`."""
    return ok(json.dumps({"model": "gpt-4o", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}).encode())


async def silent(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A provider that takes requests and says nothing; it notices who leaves."""
    while await up.read_request(reader):
        pass
    up.closed_by_peer.set()


async def closing(up: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A provider that takes a request and closes the connection without a word."""
    await up.read_request(reader)


def tried(gate: Gate, index: int = -1) -> tuple[Opened, Closed, list[Phase]]:
    """What was written down of an exchange; its attempts alone, in the order of their starts, each with its provider."""

    opened, _, closed, _ = gate.exchanges()[index]
    assert closed is not None
    phases = phases_of(closed, Outcome(closed.outcome), closed.error_code, closed.provider or opened.provider)
    return opened, closed, [phase for phase in phases if phase.name == ATTEMPT]


def said(phases: Iterable[Phase]) -> list[tuple[str, str, int | None]]:
    """Provider, result and status of each."""
    return [(phase.provider, phase.result, phase.upstream_status) for phase in phases]


async def until(happens: Callable[[], object]) -> None:
    """Wait for what another task of this loop brings about."""
    async with asyncio.timeout(60):
        while not happens():
            await asyncio.sleep(0.005)  # nobody calls
