"""A provider whose every reply follows from its request, so that whoever made the request knows what it is owed to the byte.

    call = Call("kill-17", "anthropic", streamed=True, pieces=8, pace_ms=40)
    with Ower() as provider: ...                                       provider.url, provider.received()
    python -m tests.support.owed --port N                              the process behind it

A prompt says it all: `owe kill-17 8 40` is answered with eight words that have the id in them, 40 ms before each. Three dialects, whole and
streamed. No faults, no errors: what goes wrong between a client of a gate and this provider is the gate's doing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.support.clickhouse import ROOT, free_port

DIALECTS = ("openai", "anthropic", "gemini")
MODELS = {"openai": "gpt-4o-mini", "anthropic": "claude-sonnet-4-6", "gemini": "gemini-2.0-flash"}
_PROMPT = re.compile(rb"owe ([\w-]+) (\d+) (\d+)")
_TOKENS_IN = 40


@dataclass(frozen=True, slots=True)
class Call:
    """One request. asks_usage: an OpenAI stream whose client asks for the usage frame itself."""

    id: str
    dialect: str
    streamed: bool
    pieces: int = 4
    pace_ms: int = 0
    asks_usage: bool = False

    @property
    def path(self) -> str:
        if self.dialect == "openai":
            return "/v1/chat/completions"
        if self.dialect == "anthropic":
            return "/v1/messages"
        return f"/v1beta/models/{MODELS['gemini']}:" + ("streamGenerateContent?alt=sse" if self.streamed else "generateContent")

    @property
    def headers(self) -> dict[str, str]:
        key = {"openai": "authorization", "anthropic": "x-api-key", "gemini": "x-goog-api-key"}[self.dialect]
        return {key: "Bearer sk-owed" if key == "authorization" else "sk-owed", "content-type": "application/json", "x-tidegate-session": self.id}

    @property
    def body(self) -> bytes:
        prompt = f"owe {self.id} {self.pieces} {self.pace_ms}"
        if self.dialect == "gemini":
            return json.dumps({"contents": [{"role": "user", "parts": [{"text": prompt}]}]}).encode()
        fields: dict[str, Any] = {"model": MODELS[self.dialect], "messages": [{"role": "user", "content": prompt}]}
        if self.dialect == "anthropic":
            fields["max_tokens"] = 900
        if self.streamed:
            fields["stream"] = True
        if self.asks_usage:
            fields["stream_options"] = {"include_usage": True}
        return json.dumps(fields).encode()

    @property
    def words(self) -> list[str]:
        return [f"{self.id}❄{number} " for number in range(self.pieces)]

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def tokens(self) -> tuple[int, int]:
        """Input and output, as the provider counts them."""
        return _TOKENS_IN + len(self.id), 3 * self.pieces

    def sent(self) -> list[bytes]:
        """The reply's body in the pieces that the provider sends, given that it is asked for usage (by the client or by the gate)."""
        return {"openai": _openai, "anthropic": _anthropic, "gemini": _gemini}[self.dialect](self)

    def seen(self) -> bytes:
        """The reply's body as the client of a gate is owed it."""
        pieces = self.sent()
        if self.dialect == "openai" and self.streamed and not self.asks_usage:
            pieces = [piece for piece in pieces if b'"choices":[]' not in piece]
        return b"".join(pieces)


def call_of(head: bytes, body: bytes) -> Call | None:
    """What a request asks for, whichever dialect it is in; None: it is none of these."""
    target = head.split(b" ", 2)[1]
    asked = _PROMPT.search(body)
    if asked is None:
        return None
    dialect = "gemini" if target.startswith(b"/v1beta/") else "anthropic" if target.startswith(b"/v1/messages") else "openai"
    streamed = b":streamGenerateContent" in target or b'"stream": true' in body or b'"stream":true' in body
    return Call(asked[1].decode(), dialect, streamed, int(asked[2]), int(asked[3]))


def _event(value: dict[str, Any], name: str = "") -> bytes:
    return (f"event: {name}\n" if name else "").encode() + b"data: " + _json(value) + b"\n\n"


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _openai(call: Call) -> list[bytes]:
    tokens_in, tokens_out = call.tokens
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    base = {"id": f"chatcmpl-{call.id}", "created": 1790000000, "model": MODELS["openai"]}
    if not call.streamed:
        message = {"role": "assistant", "content": call.text}
        return [_json({**base, "object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})]
    base["object"] = "chat.completion.chunk"
    deltas: list[tuple[dict[str, str], str | None]] = [({"role": "assistant", "content": ""}, None), *(({"content": word}, None) for word in call.words), ({}, "stop")]
    events = [_event({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": None}) for delta, finish in deltas]
    return [*events, _event({**base, "choices": [], "usage": usage}), b"data: [DONE]\n\n"]


def _anthropic(call: Call) -> list[bytes]:
    tokens_in, tokens_out = call.tokens
    message = {"id": f"msg_{call.id}", "type": "message", "role": "assistant", "model": MODELS["anthropic"]}
    if not call.streamed:
        content = [{"type": "text", "text": call.text}]
        return [_json({**message, "content": content, "stop_reason": "end_turn", "usage": {"input_tokens": tokens_in, "output_tokens": tokens_out}})]
    start = {**message, "content": [], "stop_reason": None, "usage": {"input_tokens": tokens_in, "output_tokens": 1}}
    return [
        _event({"type": "message_start", "message": start}, "message_start"),
        _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, "content_block_start"),
        *(_event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}, "content_block_delta") for word in call.words),
        _event({"type": "content_block_stop", "index": 0}, "content_block_stop"),
        _event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": tokens_out}}, "message_delta"),
        _event({"type": "message_stop"}, "message_stop"),
    ]


def _gemini(call: Call) -> list[bytes]:
    tokens_in, tokens_out = call.tokens
    usage = {"promptTokenCount": tokens_in, "candidatesTokenCount": tokens_out, "totalTokenCount": tokens_in + tokens_out}

    def part(text: str, last: bool) -> dict[str, Any]:
        candidate: dict[str, Any] = {"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}
        if last:
            candidate["finishReason"] = "STOP"
        return {"candidates": [candidate], "modelVersion": MODELS["gemini"], "responseId": call.id, "usageMetadata": usage}

    if not call.streamed:
        return [_json(part(call.text, True))]
    return [_event(part(word, number == call.pieces - 1)) for number, word in enumerate(call.words)]


# ---------------------------------------------------------------------- the server


class _Server:
    def __init__(self) -> None:
        self.received: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                found = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(found[1])) if found else b""
                if head.startswith(b"GET /received "):
                    listing = json.dumps(self.received).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(listing), listing))
                else:
                    await self._reply(writer, head, body)
                await writer.drain()
        writer.close()

    async def _reply(self, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        call = call_of(head, body)
        assert call is not None
        self.received.append(call.id)
        pieces = call.sent()
        if not call.streamed:
            await asyncio.sleep(call.pace_ms * call.pieces / 1000)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(pieces[0]), pieces[0]))
            return
        if call.dialect == "openai" and b"include_usage" not in body:
            pieces = [piece for piece in pieces if b'"choices":[]' not in piece]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in pieces:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            await asyncio.sleep(call.pace_ms / 1000)
        writer.write(b"0\r\n\r\n")


class Ower:
    """The provider in a process of its own, while the block lasts."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def providers(self) -> str:
        """The gate's configuration of it, for RunningGate."""
        return "\n".join(f"  {dialect}: {{dialect: {dialect}, base_url: '{self.url}', allow_private: true}}" for dialect in DIALECTS)

    def received(self) -> list[str]:
        """The ids of the calls that have reached it, in order."""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.url}/received", timeout=30) as answer:
            found: list[str] = json.loads(answer.read())
        return found

    def __enter__(self) -> Ower:
        command = [sys.executable, "-m", "tests.support.owed", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


async def _main(port: int) -> None:
    server = await asyncio.start_server(_Server().serve, "127.0.0.1", port, backlog=1024)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, os._exit, 0)  # whoever is still served has gone, or will see
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_main(parser.parse_args().port))
