"""Fields of Anthropic's bodies: messages, the count of their tokens, message batches and their results.

A block is the union of all types of blocks. Source: Anthropic API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.dialects.fields import ANY, BASE64, BLOB, FILE, ID, MEDIA, MODEL, NUMBER, PROSE, SAMPLING, SCHEMA, TEXT, URL, WORD, Field, Kind, by_role
from gateway.dialects.lenient import word
from gateway.dialects.texts import TOOL_DEFINITION


def by_block(source: Mapping[str, Any], inherited: str) -> str:
    """What a tool gave back stands in a message of the user (or, if the provider ran it, of the assistant)."""
    return "tool" if word(source.get("type")).endswith("_result") else inherited


_CACHE = Field(members={"type": WORD, "ttl": WORD})
_CITATION = Field(
    members={"type": WORD, "url": TEXT, "source": TEXT, "encrypted_index": BLOB, "file_id": FILE}
    | dict.fromkeys(("cited_text", "document_title", "title"), PROSE)
    | dict.fromkeys(("start_char_index", "end_char_index", "start_page_number", "end_page_number", "start_block_index", "end_block_index"), NUMBER)
)
BLOCK = Field(
    Kind.PROSE,
    {
        "type": WORD,
        "text": PROSE,
        "thinking": PROSE,
        "signature": BLOB,
        "data": BLOB,  # redacted_thinking
        "id": ID,
        "tool_use_id": ID,
        "name": TEXT,
        "server_name": TEXT,
        "input": Field(Kind.JSON),
        "title": PROSE,
        "context": PROSE,
        "citations": Field(members={}, each=_CITATION),
        "stdout": PROSE,
        "stderr": PROSE,
        "url": TEXT,
        "page_age": TEXT,
        "file_id": FILE,
        "encrypted_content": BLOB,
        "encrypted_index": BLOB,
        "error_code": WORD,
        "cache_control": _CACHE,
    },
    speaker=by_block,
)
CONTENT = Field(Kind.PROSE, BLOCK.members, each=BLOCK, speaker=by_block)
BLOCK.members["content"] = CONTENT
BLOCK.members["source"] = Field(
    Kind.TEXT, {"type": WORD, "media_type": MEDIA, "data": BASE64, "url": URL, "file_id": FILE, "content": CONTENT}
)
_TOOL = Field(members={"type": WORD, "name": TEXT, "description": PROSE, "input_schema": SCHEMA, "cache_control": _CACHE}, role=TOOL_DEFINITION)

REQUEST = Field(
    members=SAMPLING
    | {
        "model": MODEL,
        "system": Field(Kind.PROSE, each=BLOCK, role="system", chain="system"),
        "messages": Field(members={}, each=Field(members={"role": WORD, "content": CONTENT}, speaker=by_role), role="user", chain="messages"),
        "tools": Field(members={}, each=_TOOL),
        "tool_choice": Field(members={"type": WORD, "name": TEXT}),
        "metadata": ANY,
        "stop_sequences": TEXT,
        "thinking": Field(members={"type": WORD}),
        "service_tier": WORD,
        "container": Field(Kind.ID),
        "mcp_servers": Field(members={}, each=Field(members={"type": WORD, "url": TEXT, "name": TEXT, "authorization_token": TEXT})),
    }
)
REQUEST.members["requests"] = Field(members={}, each=Field(members={"custom_id": TEXT, "params": REQUEST}))  # a batch

_ERROR = Field(members={"type": WORD, "message": PROSE})
REPLY = Field(
    members={
        "id": ID,
        "type": WORD,
        "role": WORD,
        "model": MODEL,
        "content": Field(Kind.PROSE, BLOCK.members, each=BLOCK, role="assistant", chain="content"),
        "stop_reason": WORD,
        "stop_sequence": TEXT,
        "usage": NUMBER,
        "input_tokens": NUMBER,
        "container": Field(members={"id": ID}),
        "error": _ERROR,
        "request_id": ID,
        "processing_status": WORD,
        "custom_id": TEXT,
    }
)
REPLY.members["result"] = Field(members={"type": WORD, "message": REPLY, "error": REPLY})
