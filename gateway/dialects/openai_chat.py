"""OpenAI chat completions: `POST /v1/chat/completions`.

Compatible servers stretch the format, and their streams are read too: tool-call fragments without an index or an id, or with the same index
for different ids; content as an array of parts (Mistral); reasoning beside the content, under two names; Azure's chunks that hold nothing but filter results.
Source: OpenAI API reference, "Chat"; Azure OpenAI reference; the servers' own documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from gateway.dialects import sayings
from gateway.dialects.base import Assembly, Event, Operation, Reply, Request
from gateway.dialects.lenient import obj, seq, storable, word
from gateway.dialects.openai_chat_stream import assemble_chat, grown
from gateway.dialects.openai_usage import read_usage
from gateway.dialects.pieces import EventReader
from gateway.dialects.pieces_openai import ChoicesReader
from gateway.dialects.texts import MAX_ROLE_CHARS, TOOL_DEFINITION, Texts, role_of

PART_TEXT = ("text", "refusal")
_PLAIN = frozenset(("role", "content"))
DONE = (b"data: [DONE]", b"data:[DONE]")
PADDING = '"obfuscation":"', re.compile(r',"obfuscation":"[A-Za-z0-9]{0,32}"(?=\}\n\n)')


class ChatCompletions(Operation):
    name = "chat"
    ends = DONE
    asks_usage = True
    parses = True
    bills = True
    noise = PADDING

    def read_request(self, body: Any) -> Request:
        source = obj(body)
        texts = Texts()
        for at, item in enumerate(seq(source.get("messages"))):
            message = item if type(item) is dict else {}
            content, role = message.get("content"), message.get("role")
            if len(message) == 2 and type(content) is str and type(role) is str and 0 < len(role) <= MAX_ROLE_CHARS:  # as nearly all are: a request has dozens
                texts.add(role, f"/messages/{at}/content", content)
            else:
                read_message(texts, role_of(role, "user"), f"/messages/{at}", message)
        texts.add_parts("user", "/prediction/content", obj(source.get("prediction")).get("content"), PART_TEXT)
        for at, item in enumerate(seq(source.get("tools"))):
            for kind in ("function", "custom"):
                texts.add_fields(TOOL_DEFINITION, f"/tools/{at}/{kind}", obj(item).get(kind), ("name", "description"))
        for at, item in enumerate(seq(source.get("functions"))):
            texts.add_fields(TOOL_DEFINITION, f"/functions/{at}", item, ("name", "description"))
        return Request(word(source.get("model")), source.get("stream") is True, texts.done())

    def assemble(self, events: Iterable[Event]) -> Assembly:
        return assemble_chat(events)

    def grows(self, value: Any) -> str:
        return grown(value)

    def reader(self) -> EventReader:
        return ChoicesReader()

    def say(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.chat(text, model=model, request_id=request_id, created=created)

    def say_stream(self, text: str, *, model: str, request_id: str, created: int) -> bytes:
        return sayings.chat_stream(text, model=model, request_id=request_id, created=created)

    def read_reply(self, body: Any) -> Reply:
        source = obj(body)
        texts = Texts()
        finish_reason = ""
        for at, item in enumerate(seq(source.get("choices"))):
            choice = obj(item)
            message = obj(choice.get("message"))
            read_message(texts, role_of(message.get("role"), "assistant"), f"/choices/{at}/message", message)
            if at == 0:
                finish_reason = word(choice.get("finish_reason"))
        return Reply(
            model=word(source.get("model")),
            segments=texts.done(),
            finish_reason=finish_reason,
            usage=read_usage(source.get("usage")),
            usage_raw=storable(source.get("usage")),
            complete=isinstance(source.get("choices"), list),
        )


def read_message(texts: Texts, role: str, pointer: str, message: dict[str, Any]) -> None:
    """The texts of one message, sent or received."""
    content = message.get("content")
    if isinstance(content, str) and not any([value for key, value in message.items() if key not in _PLAIN]):  # as nearly all are: there is nowhere else to look
        texts.add(role, f"{pointer}/content", content)
        return
    reasoning = word(message.get("reasoning_content"))
    texts.add(role, f"{pointer}/reasoning_content", reasoning)
    if word(message.get("reasoning")) != reasoning:  # some servers say it twice, for clients of either name
        texts.add(role, f"{pointer}/reasoning", message.get("reasoning"))
    if isinstance(content, str):
        texts.add(role, f"{pointer}/content", content)
    for at, item in enumerate(seq(content)):
        _read_part(texts, role, f"{pointer}/content/{at}", item)
    texts.add(role, f"{pointer}/refusal", message.get("refusal"))
    for at, item in enumerate(seq(message.get("tool_calls"))):
        call = obj(item)
        texts.add_json(role, f"{pointer}/tool_calls/{at}/function/arguments", obj(call.get("function")).get("arguments"))
        texts.add_json(role, f"{pointer}/tool_calls/{at}/custom/input", obj(call.get("custom")).get("input"))
    texts.add_json(role, f"{pointer}/function_call/arguments", obj(message.get("function_call")).get("arguments"))
    texts.add(role, f"{pointer}/audio/transcript", obj(message.get("audio")).get("transcript"))


def _read_part(texts: Texts, role: str, pointer: str, part: Any) -> None:
    """One part of an array content: a string, or an object with text, a refusal, thinking (Mistral) or a named file."""
    if isinstance(part, str):
        texts.add(role, pointer, part)
        return
    source = obj(part)
    texts.add_fields(role, pointer, source, PART_TEXT)
    texts.add_parts(role, f"{pointer}/thinking", source.get("thinking"), ("text",))
    texts.add(role, f"{pointer}/file/filename", obj(source.get("file")).get("filename"))
