"""What stands where in the events of streams, of every dialect: the protocol's own words are no text, by their names and wherever they stand.

One table for all, because what is in an event is decided by the reader of its stream (`pieces*.py`); what it does not name is walked by this.
"""

from __future__ import annotations

from gateway.dialects.fields import BASE64, BLOB, FILE, ID, MEDIA, MODEL, NOISE, NUMBER, URL, WORD, Field, Kind, has_shape

_WORDS = (
    "type", "object", "role", "status", "phase", "finish_reason", "finishReason", "native_finish_reason", "stop_reason", "blockReason", "service_tier", "reason",
    "effort", "truncation", "format", "category", "probability", "severity", "language", "outcome", "modality",
)  # fmt: skip
_IDS = (
    "id", "item_id", "response_id", "responseId", "call_id", "tool_call_id", "tool_use_id", "previous_response_id", "request_id", "system_fingerprint",
    "container_id", "prompt_cache_key", "safety_identifier", "conversation",
)  # fmt: skip
_BLOBS = ("signature", "thoughtSignature", "thought_signature", "encrypted_content")
_NUMBERS = ("created", "created_at", "createTime", "completed_at", "expires_at", "index", "sequence_number", "usage", "usageMetadata", "usage_metadata")

EVENT = Field()
EVENT.other = EVENT.each = EVENT
EVENT.members |= dict.fromkeys(_WORDS, WORD) | dict.fromkeys(_IDS, ID) | dict.fromkeys(_BLOBS, BLOB) | dict.fromkeys(_NUMBERS, NUMBER)
EVENT.members |= {"file_id": FILE, "obfuscation": NOISE} | dict.fromkeys(("model", "modelVersion"), MODEL) | dict.fromkeys(("mime_type", "mimeType", "media_type"), MEDIA)
_HELD = Field(members=EVENT.members | {"data": BASE64}, other=EVENT, each=EVENT)  # pictures and sound: no text, and no work for a detector of text
EVENT.members |= dict.fromkeys(("inlineData", "inline_data", "audio", "input_audio"), _HELD) | dict.fromkeys(("partial_image_b64", "b64_json"), BASE64)
EVENT.members |= {"image_url": Field(Kind.URL, EVENT.members | {"url": URL}, other=EVENT, each=EVENT)}


def says_nothing(key: str, text: str) -> bool:
    """Whether a string is declared as no text by its key, wherever it stands, and has that shape."""
    field = EVENT.members.get(key)
    return field is not None and has_shape(field.kind, text)
