"""Put an Anthropic stream together: events in, the `message` object out.

Blocks are told apart by index and grow by deltas; a tool's input arrives as pieces of JSON and stays a string where they do not parse.
Events and deltas that this file does not know, and pings, change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.dialects.anthropic_usage import overlaid
from gateway.dialects.base import Assembly, Event, ReplyError
from gateway.dialects.lenient import index, load, obj, seq, word
from gateway.dialects.provider_error import read_error

# Type of a delta, to the type of its block and the field that grows.
_DELTAS = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "signature_delta": ("thinking", "signature"),
    "input_json_delta": ("tool_use", "partial_json"),
}

_GROWING = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}


def assemble_message(events: Iterable[Event]) -> Assembly:
    """The `assemble` of messages: complete when `message_stop` came."""
    message: dict[str, Any] = {}
    blocks: dict[int, _Block] = {}
    later: dict[str, Any] = {}
    error: ReplyError | None = None
    done = False
    for event in events:
        try:
            data = obj(load(event.data))
        except ValueError:
            data = {}
        kind = word(data.get("type")) or event.name
        at = index(data.get("index"))
        if kind == "message_start":
            message = obj(data.get("message"))
        elif kind == "content_block_start" and at is not None:
            blocks[at] = _Block(obj(data.get("content_block")))
        elif kind == "content_block_delta" and at is not None:
            blocks.setdefault(at, _Block({})).add(obj(data.get("delta")))
        elif kind == "message_delta":
            later |= {key: value for key, value in obj(data.get("delta")).items() if value is not None}
            later["usage"] = overlaid(later.get("usage"), data.get("usage"))
        elif kind == "error":
            error = error or read_error({"type": "error"} | data)
        elif kind == "message_stop":
            done = True
            break
    whole = message | later | {"usage": overlaid(message.get("usage"), later.get("usage"))}
    whole["content"] = [blocks[at].whole() for at in sorted(blocks)] or seq(message.get("content"))
    return Assembly(whole, complete=done and error is None, error=error)


def grown(data: Any) -> str:
    """See Operation.grows: of a delta with a known text and nothing else."""
    source = obj(data)
    delta = obj(source.get("delta"))
    if source.get("type") != "content_block_delta" or index(source.get("index")) is None or len(delta) != 2 or source.get("error"):
        return ""
    key = _GROWING.get(word(delta.get("type")), "")
    return f"/delta/{key}" if key and word(delta.get(key)) else ""


class _Block:
    """One content block while its deltas arrive."""

    def __init__(self, start: dict[str, Any]) -> None:
        self._start = start
        self._grown: dict[str, list[str]] = {}
        self._citations: list[Any] = []

    def add(self, delta: dict[str, Any]) -> None:
        kind = word(delta.get("type"))
        if kind == "citations_delta":
            self._citations.append(delta.get("citation"))
        elif kind in _DELTAS:
            block, key = _DELTAS[kind]
            if not self._start:
                self._start = {"type": block}
            self._grown.setdefault(key, []).append(word(delta.get(key)))

    def whole(self) -> dict[str, Any]:
        block = dict(self._start)
        for key, fragments in self._grown.items():
            text = "".join(fragments)
            if key != "partial_json":
                block[key] = word(block.get(key)) + text
            elif text:
                block["input"] = _parsed(text)
        if self._citations:
            block["citations"] = seq(block.get("citations")) + self._citations
        return block


def _parsed(text: str) -> Any:
    try:
        return load(text)
    except ValueError:
        return text
