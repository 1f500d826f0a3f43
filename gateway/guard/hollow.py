"""A body without its content: what the journal holds under `store.content: none`.

What is kept is a closed list: the keys below, small numbers under them, the protocols' own words (gateway.dialects.protocol_words), and what may be a
model's name. Everything else is left out, keys too, so a field that nobody here knows cannot carry content to the disk; the price is that a new protocol
word is lost until it is listed, and why something ended is then "other".
It is enough for what the record makes of a body without its text: model, usage, finish reason, errors, the terminal event, and how many messages,
tools, choices and calls there were. Token counts cannot be estimated from it, and the row says so (BodyNote.WITHHELD).

Pure: runs in the workers, before anything is written. Never raises. What is no JSON, or longer than MAX_JSON_BYTES, leaves nothing.
"""

from __future__ import annotations

import math
import re
from typing import Any

import orjson

from gateway.dialects.protocol_words import is_word
from gateway.dialects.shapes import is_model
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
_ENDS = ("finish_reason", "stop_reason", "native_finish_reason", "finishReason", "blockReason")  # that they say something says that it ended
_OTHER = "other"
_MAX_NUMBER = 10_000_000  # of what is no usage: indices, codes, counts; fewer digits than identify anybody
_MAX_COUNT = 1 << 31
_TOO_MANY = 10**18  # in the place of a count beyond it, so that the record still says that it was
_COUNTS = frozenset(  # keys of usage
    """input_tokens output_tokens total_tokens prompt_tokens completion_tokens cached_tokens audio_tokens text_tokens image_tokens video_tokens reasoning_tokens
    thinking_tokens accepted_prediction_tokens rejected_prediction_tokens prompt_tokens_details completion_tokens_details input_tokens_details output_tokens_details
    input_token_details output_token_details cached_tokens_details prompt_cache_hit_tokens prompt_cache_miss_tokens cache_write_tokens cache_creation cache_read_input_tokens
    cache_creation_input_tokens ephemeral_5m_input_tokens ephemeral_1h_input_tokens server_tool_use web_search_requests web_fetch_requests service_tier
    promptTokenCount candidatesTokenCount totalTokenCount cachedContentTokenCount thoughtsTokenCount toolUsePromptTokenCount promptTokensDetails candidatesTokensDetails
    cacheTokensDetails toolUsePromptTokensDetails modality tokenCount trafficType total_characters num_sources_used num_search_queries prompt_audio_seconds seconds type
    queue_time prompt_time completion_time total_time cost cost_details upstream_inference_cost is_byok prompt_token_count candidates_token_count total_token_count
    cached_content_token_count thoughts_token_count tool_use_prompt_token_count prompt_eval_count eval_count""".split()  # noqa: SIM905  reads better than a row of quotes
)
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
            name = b"event: %b\n" % event.name.encode() if is_word(event.name) else b""
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
        if key in _TEXTS:
            return ""
        if key in _MODELS:
            return value if is_model(value) else ""
        return value if is_word(value) else _OTHER if value and key in _ENDS else ""
    return value if value is None or (isinstance(value, bool | int) and abs(value) < _MAX_NUMBER and key not in _TEXTS) else None


def _counts(value: Any, depth: int) -> Any:
    """Usage: numbers, and the words that say of what."""
    if isinstance(value, dict):
        return {name: _counts(item, depth - 1) for name, item in value.items() if depth and name in _COUNTS}
    if isinstance(value, list):
        return [_counts(item, depth - 1) for item in value if depth]
    if isinstance(value, str):
        return value if is_word(value) else ""
    if isinstance(value, int | float) and math.isfinite(value):
        return value if abs(value) < _MAX_COUNT else _TOO_MANY if value > 0 else -_TOO_MANY
    return None
