"""Fields of Gemini's bodies: generateContent, its stream as an array, countTokens, embedContent, batches of them.

Protocol buffers' JSON allows camelCase and snake_case, so every member is known under both names. Source: Gemini API reference; Vertex AI reference.
"""

from __future__ import annotations

import re

from gateway.dialects.fields import (
    ANY,
    BASE64,
    BLOB,
    ECHOED,
    ID,
    MEDIA,
    MODEL,
    NUMBER,
    PROSE,
    SCHEMA,
    TEXT,
    TOKEN,
    URL,
    VECTOR,
    WORD,
    Field,
    Kind,
    by_role,
)
from gateway.dialects.texts import TOOL_DEFINITION

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _both(members: dict[str, Field]) -> dict[str, Field]:
    """The members under both of their names."""
    return members | {_HUMP.sub("_", name).lower(): field for name, field in members.items()}


_MEDIA = Field(members=_both({"mimeType": MEDIA, "data": BASE64, "fileUri": URL, "displayName": TEXT}))
_CALL = Field(members={"id": ID, "name": TEXT, "args": ANY})
_RESULT = Field(members={"id": ID, "name": TEXT, "response": ANY, "output": PROSE, "outcome": WORD, "scheduling": WORD}, role="tool")
PART = Field(
    Kind.PROSE,
    _both(
        {
            "text": PROSE,
            "thoughtSignature": BLOB,
            "inlineData": _MEDIA,
            "fileData": _MEDIA,
            "functionCall": _CALL,
            "functionResponse": _RESULT,
            "toolCall": Field(members={"id": ID, "toolType": WORD, "args": ANY}),
            "toolResponse": _RESULT,
            "executableCode": Field(members={"id": ID, "language": WORD, "code": PROSE}),
            "codeExecutionResult": _RESULT,
        }
    ),
)
_RESULT.members["parts"] = Field(members={}, each=PART)
CONTENT = Field(Kind.PROSE, {"role": WORD, "parts": Field(Kind.PROSE, PART.members, each=PART)}, speaker=by_role)
# Who gives a system instruction is the system, whatever role the object names.
_SYSTEM = Field(Kind.PROSE, CONTENT.members, role="system", chain="system")
_FUNCTION = Field(
    members=_both({"name": TEXT, "description": PROSE, "parameters": SCHEMA, "response": SCHEMA, "parametersJsonSchema": SCHEMA})
    | {"behavior": WORD},
)
_FUNCTIONS = Field(members={}, each=_FUNCTION)
_CONFIG = Field(
    members=_both({"responseMimeType": MEDIA, "responseSchema": SCHEMA, "responseJsonSchema": SCHEMA, "responseModalities": WORD, "stopSequences": TEXT})
)
REQUEST = Field(
    members=_both(
        {
            "model": MODEL,
            "systemInstruction": _SYSTEM,
            "contents": Field(Kind.PROSE, CONTENT.members, each=CONTENT, speaker=by_role, role="user", chain="contents"),
            "content": Field(Kind.PROSE, CONTENT.members, speaker=by_role, role="user", chain="content"),
            "title": Field(Kind.PROSE, role="user"),
            "taskType": WORD,
            "tools": Field(members={}, each=Field(members=_both({"functionDeclarations": _FUNCTIONS}), role=TOOL_DEFINITION)),
            "toolConfig": Field(members=_both({"functionCallingConfig": Field(members={"mode": WORD})})),
            "generationConfig": _CONFIG,
            "safetySettings": Field(members={}, each=Field(members={"category": WORD, "threshold": WORD})),
            "cachedContent": ID,
        }
    )
)
REQUEST.members["requests"] = Field(members={}, each=REQUEST)
REQUEST.members["generateContentRequest"] = REQUEST.members["generate_content_request"] = REQUEST

_RATINGS = Field(members={}, each=Field(members={"category": WORD, "probability": WORD, "severity": WORD}))
_LOGPROBS = Field(
    members=_both(
        {
            "chosenCandidates": Field(members={}, each=TOKEN, echo=True),
            "topCandidates": Field(Kind.ECHOED, each=ECHOED, other=ECHOED, echo=True),
        }
    )
)
_CANDIDATE = Field(
    members=_both(
        {
            "content": CONTENT,
            "finishReason": WORD,
            "finishMessage": PROSE,
            "index": NUMBER,
            "safetyRatings": _RATINGS,
            "logprobsResult": _LOGPROBS,
            "tokenCount": NUMBER,
        }
    ),
    role="assistant",
    chain="candidates*",
    lane=True,
)
_EMBEDDING = Field(members={"values": VECTOR})
_ERROR = Field(members={"message": PROSE, "status": WORD})
REPLY = Field(
    members=_both(
        {
            "candidates": Field(members={}, each=_CANDIDATE),
            "promptFeedback": Field(members=_both({"blockReason": WORD, "blockReasonMessage": PROSE, "safetyRatings": _RATINGS})),
            "usageMetadata": NUMBER,
            "totalTokens": NUMBER,
            "modelVersion": MODEL,
            "responseId": ID,
            "embedding": _EMBEDDING,
            "embeddings": Field(members={}, each=_EMBEDDING),
            "error": _ERROR,
        }
    )
)
REPLY.each = REPLY  # a stream without alt=sse is an array
