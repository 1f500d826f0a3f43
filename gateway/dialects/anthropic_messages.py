"""Anthropic messages: `POST /v1/messages`, and the count of its tokens.

Blocks that this file does not know (new server tools) are read by the fields that blocks have in common. Images, base64 documents, encrypted and
signed content are not text.
Source: Anthropic API reference, "Messages", "Streaming", "Token counting".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from gateway.dialects import sayings
from gateway.dialects.anthropic_stream import assemble_message, grown
from gateway.dialects.anthropic_usage import read_usage
from gateway.dialects.base import Assembly, Event, Operation, Reply, Request
from gateway.dialects.lenient import obj, seq, storable, word
from gateway.dialects.pieces import EventReader
from gateway.dialects.pieces_anthropic import MessageReader
from gateway.dialects.texts import TOOL_DEFINITION, Texts, role_of

_RESULT_TEXT = ("stdout", "stderr", "text", "title", "content")


class Messages(Operation):
    name = "chat"
    ends: ClassVar[tuple[bytes, ...]] = (b"event: message_stop", b"event:message_stop")
    parses = True
    bills = True

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        texts.add_parts("system", "/system", source.get("system"), ("text",))
        for at, item in enumerate(seq(source.get("messages"))):
            message = obj(item)
            _read_content(texts, role_of(message.get("role"), "user"), f"/messages/{at}/content", message.get("content"))
        for at, tool in enumerate(seq(source.get("tools"))):
            texts.add_fields(TOOL_DEFINITION, f"/tools/{at}", tool, ("name", "description"))
        return Request(word(source.get("model")), source.get("stream") is True, texts.done())

    def assemble(self, events: Iterable[Event]) -> Assembly:
        return assemble_message(events)

    def grows(self, value: Any) -> str:
        return grown(value)

    def reader(self) -> EventReader:
        return MessageReader()

    def say(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.message(text, model=model, request_id=request_id, created=created) if self.bills else b""

    def say_stream(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.message_stream(text, model=model, request_id=request_id, created=created) if self.bills else b""

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        texts = Texts()
        _read_content(texts, "assistant", "/content", source.get("content"))
        return Reply(
            model=word(source.get("model")),
            segments=texts.done(),
            finish_reason=word(source.get("stop_reason")),
            usage=read_usage(source.get("usage")),
            usage_raw=storable(source.get("usage")),
            complete=isinstance(source.get("content"), list),
        )


class CountTokens(Messages):
    name = "count_tokens"
    ends = ()
    bills = False

    def read_reply(self, body: Any) -> Reply:
        return Reply(complete="input_tokens" in obj(body))


def _read_content(texts: Texts, role: str, pointer: str, value: Any) -> None:
    """A string, or an array of blocks."""
    texts.add(role, pointer, value)
    for at, item in enumerate(seq(value)):
        _read_block(texts, role, f"{pointer}/{at}", obj(item))


def _read_block(texts: Texts, role: str, pointer: str, block: dict[str, Any]) -> None:
    kind = word(block.get("type"))
    if kind.endswith("tool_result"):
        _read_result(texts, f"{pointer}/content", block.get("content"))
        return
    texts.add_fields(role, pointer, block, ("thinking", "text", "title", "context"))
    texts.add_json(role, f"{pointer}/input", block.get("input"))
    if kind == "document":
        source = obj(block.get("source"))
        if source.get("type") == "text":
            texts.add(role, f"{pointer}/source/data", source.get("data"))
        elif source.get("type") == "content":
            texts.add_parts(role, f"{pointer}/source/content", source.get("content"), ("text",))
    elif kind == "search_result":
        texts.add_parts(role, f"{pointer}/content", block.get("content"), ("text",))


def _read_result(texts: Texts, pointer: str, content: Any) -> None:
    """What a tool gave back: a string, blocks, or one object (code execution, fetched pages)."""
    texts.add("tool", pointer, content)
    if isinstance(content, dict):
        texts.add_fields("tool", pointer, content, _RESULT_TEXT)
        source = obj(obj(content.get("content")).get("source"))
        if source.get("type") == "text":
            texts.add("tool", f"{pointer}/content/source/data", source.get("data"))
    for at, item in enumerate(seq(content)):
        block = obj(item)
        place = f"{pointer}/{at}"
        texts.add_fields("tool", place, block, ("text", "title"))
        texts.add_parts("tool", f"{place}/content", block.get("content"), ("text",))
        source = obj(block.get("source"))
        if source.get("type") == "text":
            texts.add("tool", f"{place}/source/data", source.get("data"))
