"""A provider that gives back, in every way in which providers have been seen to, the credential that it was shown; and services that do.

    with Mirror() as mirror: ...                       mirror.url; mirror.shown: credentials in order

The word `mirror-...` in a request's body or path says how: MISDEEDS, and `mirror-late`: not at all. Any other request is answered properly, in its dialect, with the prompt in the reply. `/hook` and
`/v1/moderations` answer 401 with the credential in the body where a text says `Note:`, `/v1/traces` and `/v1/metrics` 503; what those were sent is in `taken`, with whom.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
import threading

MISDEEDS = (
    "401", "429", "500", "503", "html", "pieces", "long", "gzip", "redirect", "header", "garbage", "status-line", "event", "cut", "length", "short",
)  # fmt: skip
_MARK = re.compile(rb"mirror-([a-z0-9-]+)")
_KEY = re.compile(rb"(?im)^(?:authorization|x-api-key|x-goog-api-key|api-key): *(?:bearer +)?(\S+)")
_QUERY = re.compile(rb"[?&]key=([^&\s]+)")
_SERVICES = (b"/hook", b"/v1/moderations")
_SIGNALS = (b"/v1/traces", b"/v1/metrics")


class Mirror:
    """Runs in a thread of its own while the block lasts. late: requests that were left without an answer."""

    def __init__(self) -> None:
        self.shown: list[bytes] = []
        self.taken: list[tuple[str, bytes]] = []
        self.late = 0
        self.url = ""

    def __enter__(self) -> Mirror:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mirror", daemon=True)
        self._thread.start()

        async def begin() -> asyncio.Server:
            return await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)

        self._server = asyncio.run_coroutine_threadsafe(begin(), self._loop).result(60)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *exc: object) -> None:
        async def end() -> None:
            self._server.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await _body(reader, head)
                target = head.split(b" ", 2)[1]
                keys = [*_KEY.findall(head), *_QUERY.findall(target)]
                key = keys[0] if keys else b"nothing"
                self.shown += keys
                if target.startswith(_SIGNALS):
                    self.taken.append(("a collector", gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body))
                    _whole(writer, b"503 Unavailable", b"no room for " + key)
                elif target.startswith(_SERVICES):
                    self.taken.append(("a detector", body))
                    if b"Note:" in body:
                        _whole(writer, b"401 Unauthorized", _error(key))
                    else:  # a look whether it is there
                        told = {"findings": [[] for _ in json.loads(body).get("texts", ())], "results": [{"flagged": False, "categories": {"hate": False}, "category_scores": {"hate": 0.0}}]}
                        _whole(writer, b"200 OK", json.dumps(told).encode())
                elif b"mirror-late" in body:
                    self.late += 1
                    await asyncio.Event().wait()
                elif not await _answer(writer, target, body, key):
                    break
                await writer.drain()
        writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if re.search(rb"(?i)transfer-encoding: *chunked", head):
        pieces = b""
        while size := int(await reader.readline(), 16):
            pieces += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return pieces
    found = re.search(rb"(?i)content-length: *(\d+)", head)
    return await reader.readexactly(int(found[1])) if found else b""


def _error(key: bytes) -> bytes:
    message = f"Incorrect API key provided: {key.decode('latin-1')}. You can find your key in your account."
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}}).encode()


def _whole(writer: asyncio.StreamWriter, status: bytes, body: bytes, *lines: bytes, content_type: bytes = b"application/json") -> None:
    head = b"".join(line + b"\r\n" for line in lines)
    writer.write(b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n%b" % (status, content_type, len(body), head, body))


async def _answer(writer: asyncio.StreamWriter, target: bytes, body: bytes, key: bytes) -> bool:
    """Whether the connection may go on."""
    found = _MARK.search(target) or _MARK.search(body)
    how = found[1].decode() if found else ""
    if how in ("401", "429", "500", "503"):
        _whole(writer, how.encode() + b" Failed", _error(key), *([b"Retry-After: 1"] if how == "429" else []))
    elif how == "html":
        _whole(writer, b"502 Bad Gateway", b"<html><body>upstream refused Authorization: Bearer " + key + b"</body></html>", content_type=b"text/html")
    elif how == "pieces":
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        said = _error(key)
        for at in range(0, len(said), 7):
            piece = said[at : at + 7]
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            await asyncio.sleep(0.001)  # so that pieces come in reads of their own
        writer.write(b"0\r\n\r\n")
    elif how == "long":  # the key lies where the copy of a long reply is cut into parts
        _whole(writer, b"400 Bad Request", b"x" * (262_144 - 20) + b" " + key + b" " + b"y" * 4096, content_type=b"text/plain")
    elif how == "gzip":
        _whole(writer, b"401 Unauthorized", gzip.compress(_error(key)), b"Content-Encoding: gzip")
    elif how == "redirect":
        _whole(writer, b"307 Temporary Redirect", key, b"Location: http://127.0.0.1:9/?key=" + key)
    elif how == "header":
        _whole(writer, b"403 Forbidden", b"{}", b"x-echo: Bearer " + key, b"set-cookie: k=" + key, b"www-authenticate: Bearer realm=" + key)
    elif how == "garbage":
        writer.write(b"Bearer " + key + b" is no HTTP\r\n\r\n")
        return False
    elif how == "status-line":
        writer.write(b"HTTP/1.1 999999 " + key + b"\r\nx: y\r\n\r\n")
        return False
    elif how == "event":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: " + _error(key) + b"\n\n")
        return False
    elif how == "cut":
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n" + _error(key)[:-9])
        await writer.drain()
        return False
    elif how == "length":
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: " + key + b"\r\n\r\n")
        return False
    elif how == "short":
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n" + key)
        return False
    else:
        _well(writer, target, body)
    return True


def _well(writer: asyncio.StreamWriter, target: bytes, body: bytes) -> None:
    """A proper reply: what was asked, said again."""
    text = body.decode("utf-8", "replace")[:4000]
    if target.startswith(b"/v1beta"):
        reply: object = {"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}], "modelVersion": "gemini-2.0-flash"}
    elif target.startswith(b"/v1/messages"):
        reply = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-6", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
    else:
        message = {"role": "assistant", "content": text}
        reply = {"id": "c", "object": "chat.completion", "model": "gpt-4o-mini", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    _whole(writer, b"200 OK", json.dumps(reply).encode())
