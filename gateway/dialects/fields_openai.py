"""Fields of OpenAI's bodies: chat, completions, responses, embeddings, moderations, and the lines of batch files.

One table serves all of them: what one endpoint calls `input` is no protocol word in another, and compatible servers mix them. A part, an item or a
tool is the union of its types for the same reason. Source: OpenAI API reference; what compatible servers add is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.dialects.fields import (
    ANY,
    BASE64,
    BLOB,
    ECHOED,
    FILE,
    FORMAT,
    ID,
    JSON,
    MODEL,
    NAME,
    NUMBER,
    PROSE,
    SAMPLING,
    SCHEMA,
    TEXT,
    TOKEN,
    TOKENS,
    URL,
    VECTOR,
    WORD,
    Field,
    Kind,
    by_role,
)
from gateway.dialects.lenient import word
from gateway.dialects.texts import TOOL_DEFINITION, role_of

_SPOKEN = frozenset(("message", "text", "image_url", "input_text", "input_image", "input_file", "input_audio"))  # also alone: moderations


def by_item(source: Mapping[str, Any], inherited: str) -> str:
    """An item of the Responses API is spoken by whom its type says."""
    kind = word(source.get("type")) or "message"
    if kind in _SPOKEN:
        return role_of(source.get("role"), inherited)
    if kind == "mcp_list_tools":
        return TOOL_DEFINITION
    return "tool" if kind.endswith("_output") else "assistant"


_CACHE = Field(members={"type": WORD, "ttl": WORD})
_TOKENS = Field(each=TOKEN, echo=True)
_LOGPROBS = Field(
    members={"content": _TOKENS, "refusal": _TOKENS, "tokens": _TOKENS}
    | dict.fromkeys(("top_logprobs", "token_logprobs", "text_offset"), Field(Kind.ECHOED, each=ECHOED, other=ECHOED, echo=True)),
    each=TOKEN,
)
_ANNOTATION = Field(
    members={"type": WORD, "url": TEXT, "title": PROSE, "filename": TEXT, "file_id": FILE, "container_id": ID, "text": PROSE}
    | {"start_index": NUMBER, "end_index": NUMBER, "index": NUMBER}
)
_ANNOTATION.members["url_citation"] = Field(members=_ANNOTATION.members)

# A part of a message, of any type, and of what tools give back.
PART = Field(
    members={
        "type": WORD,
        "text": PROSE,
        "refusal": PROSE,
        "transcript": PROSE,
        "logs": PROSE,
        "stdout": PROSE,
        "stderr": PROSE,
        "image_url": Field(Kind.URL, {"url": URL, "detail": WORD}),
        "video_url": Field(Kind.URL, {"url": URL}),  # vLLM and others
        "audio_url": Field(Kind.URL, {"url": URL}),
        "detail": WORD,
        "input_audio": Field(members={"data": BASE64, "format": WORD}),
        "file": Field(members={"file_data": BASE64, "file_id": FILE, "filename": TEXT}),
        "file_data": BASE64,
        "file_id": FILE,
        "file_url": URL,
        "filename": TEXT,
        "url": URL,
        "annotations": Field(members={}, each=_ANNOTATION),
        "logprobs": Field(members=_LOGPROBS.members, each=TOKEN, echo=True),
        "signature": BLOB,
        "cache_control": _CACHE,
    },
    lane=True,
)
PART.kind = Kind.PROSE  # an array of strings
PART.members["thinking"] = Field(Kind.PROSE, each=PART)  # Mistral
_CONTENT = Field(Kind.PROSE, PART.members, each=PART)

_CALL = Field(
    members={
        "id": ID,
        "type": WORD,
        "index": NUMBER,
        "function": Field(members={"name": TEXT, "arguments": JSON}),
        "custom": Field(members={"name": TEXT, "input": JSON}),
    }
)
_DETAIL = Field(members={"type": WORD, "id": ID, "format": WORD, "text": PROSE, "summary": PROSE, "thinking": PROSE, "data": BLOB, "signature": BLOB})
MESSAGE = Field(
    members={
        "role": WORD,
        "content": _CONTENT,
        "name": TEXT,
        "refusal": PROSE,
        "reasoning_content": PROSE,  # DeepSeek and others
        "reasoning": PROSE,
        "reasoning_details": Field(members={}, each=_DETAIL),  # OpenRouter
        "thinking_blocks": Field(members={}, each=_DETAIL),  # LiteLLM
        "tool_calls": Field(members={}, each=_CALL),
        "function_call": Field(members={"name": TEXT, "arguments": JSON}),
        "tool_call_id": ID,
        "audio": Field(members={"id": ID, "data": BASE64, "expires_at": NUMBER, "transcript": PROSE, "format": WORD}),
        "annotations": Field(members={}, each=_ANNOTATION),
    },
    speaker=by_role,
)

TOOL = Field(
    members={
        "type": WORD,
        "name": TEXT,
        "description": PROSE,
        "parameters": SCHEMA,
        "input_schema": SCHEMA,
        "server_label": TEXT,
        "server_url": TEXT,
        "server_description": PROSE,
        "authorization": TEXT,
        "headers": ANY,
        "vector_store_ids": ID,
        "search_context_size": WORD,
        "format": ANY,
    },
    role=TOOL_DEFINITION,
)
for _nested in ("function", "custom"):
    TOOL.members[_nested] = Field(members=TOOL.members)
_TOOLS = Field(members={}, each=TOOL)

# An item of the Responses API, of any type.
ITEM = Field(
    Kind.PROSE,
    PART.members
    | {
        "id": ID,
        "role": WORD,
        "status": WORD,
        "phase": WORD,
        "call_id": ID,
        "name": TEXT,
        "server_label": TEXT,
        "content": _CONTENT,
        "summary": _CONTENT,
        "arguments": JSON,
        "input": JSON,
        "output": Field(Kind.JSON, PART.members, each=PART),
        "error": PROSE,
        "code": PROSE,
        "container_id": ID,
        "outputs": Field(members={}, each=PART),
        "queries": PROSE,
        "results": Field(members={}, each=Field(members={"text": PROSE, "filename": TEXT, "file_id": FILE, "score": NUMBER})),
        "action": Field(members={"type": WORD, "text": PROSE, "query": PROSE, "url": TEXT, "command": TEXT}),
        "encrypted_content": BLOB,
        "result": BASE64,
        "tools": _TOOLS,
        "index": NUMBER,
        "created_by": TEXT,
    },
    speaker=by_item,
    apart=True,
    numbers=TOKENS,
)
_INPUT = Field(Kind.PROSE, ITEM.members, each=ITEM, role="user", chain="input", numbers=TOKENS)
_STRINGS = Field(Kind.PROSE, each=Field(Kind.PROSE, apart=True, numbers=TOKENS), role="user", numbers=TOKENS)
_CHOSEN = Field(Kind.WORD, {"type": WORD, "name": TEXT, "function": Field(members={"name": TEXT}), "mode": WORD})

_SETTINGS: dict[str, Field] = {  # what requests say and replies of the Responses API repeat
    "model": MODEL,
    "instructions": Field(Kind.PROSE, each=ITEM, role="system", chain="instructions"),
    "tools": _TOOLS,
    "tool_choice": _CHOSEN,
    "text": Field(Kind.PROSE, {"format": FORMAT, "verbosity": WORD}),
    "reasoning": Field(members={"effort": WORD, "summary": WORD}),
    "service_tier": WORD,
    "previous_response_id": ID,
    "conversation": Field(Kind.ID, {"id": ID}),
    "truncation": WORD,
    "metadata": ANY,
    "user": TEXT,
}
REQUEST = Field(
    members=SAMPLING
    | _SETTINGS
    | {
        "messages": Field(members={}, each=MESSAGE, role="user", chain="messages"),
        "prompt": Field(Kind.PROSE, {"id": ID, "version": WORD, "variables": Field(other=Field(Kind.PROSE, PART.members))}, each=_STRINGS.each),
        "suffix": Field(Kind.PROSE, role="user"),
        "input": _INPUT,
        "prediction": Field(members={"type": WORD, "content": _CONTENT}, role="user"),
        "functions": _TOOLS,
        "function_call": _CHOSEN,
        "response_format": Field(Kind.WORD, FORMAT.members),
        "stop": TEXT,
        "modalities": WORD,
        "audio": Field(members={"voice": WORD, "format": WORD}),
        "reasoning_effort": WORD,
        "include": WORD,
        "encoding_format": WORD,
        "custom_id": TEXT,  # a line of a batch file
        "method": WORD,
        "url": TEXT,
    }
)
REQUEST.members["prompt"].role, REQUEST.members["prompt"].numbers = "user", TOKENS
REQUEST.members["body"] = REQUEST

_FILTERED = Field(members={"severity": WORD})
_FILTERS = Field(other=_FILTERED)
ERROR = Field(Kind.PROSE, {"message": PROSE, "type": WORD, "code": WORD, "param": TEXT})
_CHOICE = Field(
    members={
        "message": MESSAGE,
        "delta": MESSAGE,
        "text": PROSE,
        "finish_reason": WORD,
        "native_finish_reason": WORD,
        "index": NUMBER,
        "logprobs": _LOGPROBS,
        "content_filter_results": _FILTERS,
    },
    role="assistant",
    chain="choices*",
    lane=True,
)
REPLY = Field(
    members=SAMPLING
    | _SETTINGS
    | {
        "id": ID,
        "object": WORD,
        "created": NUMBER,
        "created_at": NUMBER,
        "completed_at": NUMBER,
        "system_fingerprint": ID,
        "status": WORD,
        "provider": NAME,
        "choices": Field(members={}, each=_CHOICE),
        "output": Field(members={}, each=ITEM, role="assistant", chain="output"),
        "usage": NUMBER,
        "data": Field(
            members={},
            each=Field(
                members={"object": WORD, "index": NUMBER, "embedding": VECTOR, "id": ID, "created": NUMBER, "owned_by": NAME, "b64_json": BASE64}
            ),
        ),
        "results": ANY,
        "incomplete_details": Field(members={"reason": WORD}),
        "error": ERROR,
        "request_id": ID,
        "prompt_filter_results": Field(members={}, each=Field(members={"prompt_index": NUMBER, "content_filter_results": _FILTERS})),
    }
)
REPLY.members["data"].each.members["revised_prompt"] = PROSE
REPLY.members["body"] = REPLY.members["response"] = REPLY  # a line of a batch's result
REPLY.members["custom_id"] = TEXT
