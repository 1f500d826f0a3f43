"""A body without its content: what the journal holds under `store.content: none`.

What is kept is a closed list: the keys below, the numbers under them, and strings that look like a protocol's own word. Everything else is left out,
keys too, so a field that nobody here knows cannot carry content to the disk; the price is that a new protocol word is lost until it is listed.
It is enough for what the record makes of a body without its text: model, usage, finish reason, errors, the terminal event, and how many messages,
tools, choices and calls there were. Token counts cannot be estimated from it, and the row says so (BodyNote.WITHHELD).

Pure: runs in the workers, before anything is written. Never raises. What is no JSON, or longer than MAX_JSON_BYTES, leaves nothing.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from gateway.dialects.sse import events

MAX_JSON_BYTES = 8 << 20  # of a body or of one event
_MAX_DEPTH = 12  # protocols nest less
_SHARED = frozenset(("content", "parts", "role", "type", "tool_calls", "functionCall", "model"))
# Keys whose arrays and objects are looked into, and whose scalars are kept if they are plain.
_REQUEST = _SHARED | {"messages", "contents", "input", "requests", "tools", "functions", "functionDeclarations", "stream", "stream_options", "include_usage", "n"}
_REPLY = _SHARED | {
    "object", "choices", "delta", "message", "index", "finish_reason", "stop_reason", "native_finish_reason", "response", "output", "item", "part", "content_block",
    "output_index", "content_index", "sequence_number", "status", "incomplete_details", "reason", "data", "candidates", "finishReason", "promptFeedback", "blockReason",
    "modelVersion", "service_tier", "error", "code", "details", "results", "input_tokens", "totalTokens", "embedding", "embeddings", "values",
}  # fmt: skip
_USAGE = frozenset(("usage", "usageMetadata", "usage_metadata", "prompt_eval_count", "eval_count"))
# Of these, those that hold text where they hold no object.
_TEXTS = frozenset(("content", "parts", "delta", "message", "input", "output", "response", "data", "item", "part", "contents", "messages", "requests", "candidates", "choices", "results"))
_MODELS = ("model", "modelVersion")
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}")
_WORD = re.compile(r"[A-Za-z][A-Za-z_.]{0,63}")
_COUNT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_UNIT = re.compile(r"[A-Z_]{1,32}")  # what Gemini calls a modality
_END = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")


def hollow(body: bytes, *, request: bool) -> bytes:
    """A JSON body without its content; b"" if it is none."""
    if len(body) > MAX_JSON_BYTES:
        return b""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return b""
    if not isinstance(value, dict | list):
        return b""
    return orjson.dumps(_emptied(value, "", _REQUEST if request else _REPLY, _MAX_DEPTH))


class HollowReply:
    """The same for a reply as it arrives: a stream event by event, anything else at its end."""

    __slots__ = ("_buffer", "_over", "_streamed")

    def __init__(self, content_type: str, content_encoding: str = "") -> None:
        """The reply's headers, as sent."""
        self._streamed = "event-stream" in content_type.lower()
        self._over = content_encoding.lower() not in ("", "identity")  # nothing more is kept
        self._buffer = bytearray()

    def push(self, data: bytes) -> bytes:
        """What may be written of these bytes now."""
        if self._over:
            return b""
        buffer = self._buffer
        seen = max(0, len(buffer) - 3)  # an event's end may straddle the cut
        buffer += data
        out = b""
        if self._streamed:
            cut = max((found.end() for found in _END.finditer(buffer, seen)), default=0)
            if cut:
                out = _events(bytes(buffer[:cut]))
                if cut == len(buffer) and buffer.endswith(b"\r"):  # an LF that comes next belongs to it
                    cut -= 1
                del buffer[:cut]
        if len(buffer) > MAX_JSON_BYTES:
            self._over = True
            buffer.clear()
        return out

    def finish(self) -> bytes:
        """What is left to write. An event that was cut off is left out."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        if self._over or not rest:
            return b""
        return _events(rest) if self._streamed else hollow(rest, request=False)


def _events(data: bytes) -> bytes:
    out = []
    for event in events(data):
        if event.data.startswith("[DONE]"):
            out.append(b"data: [DONE]\n\n")
            continue
        content = hollow(event.data.encode(), request=False)
        if content:
            name = b"event: %b\n" % event.name.encode() if _WORD.fullmatch(event.name) else b""
            out.append(b"%bdata: %b\n\n" % (name, content))
    return b"".join(out)


def _emptied(value: Any, key: str, known: frozenset[str], depth: int) -> Any:
    if isinstance(value, dict):
        if not depth:
            return {}
        kept: dict[str, Any] = {}
        for name, item in value.items():
            if name in known:
                kept[name] = _emptied(item, name, known, depth - 1)
            elif name in _USAGE and known is _REPLY:
                kept[name] = _counts(item, depth - 1)
        return kept
    if isinstance(value, list):
        return [_emptied(item, key, known, depth - 1) for item in value if isinstance(item, dict)] if depth else []
    if isinstance(value, str):
        pattern = _MODEL if key in _MODELS else _WORD
        return value if pattern.fullmatch(value) and key not in _TEXTS else ""
    return value if value is None or (isinstance(value, bool | int) and abs(value) < 1 << 31 and key not in _TEXTS) else None


def _counts(value: Any, depth: int) -> Any:
    """Usage: numbers, whatever their names, and the words that say of what."""
    if isinstance(value, dict):
        return {name: _counts(item, depth - 1) for name, item in value.items() if depth and _COUNT.fullmatch(name)}
    if isinstance(value, list):
        return [_counts(item, depth - 1) for item in value if depth]
    if isinstance(value, str):
        return value if _UNIT.fullmatch(value) else ""
    return value
