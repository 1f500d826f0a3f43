"""Which texts of an exchange drift compares, and what else it knows of it: one stored exchange in, one Row out.

Input: the last message of the user, all messages of the prompt, or what a JSON pointer into the request's body points at. Output: the answer, the first where
there are several choices; of a stream what the endpoint would have sent whole, so that `stream: true` changes nothing (law 2). The dialects read both,
so every dialect that has text is read, and none needs a line here but for where its messages and its tools stand.

Rules of this file: pure; never raises on what a body holds; a text is at most MAX_CHARS long. A body that is not stored, or cannot be read, gives the
text that the record has of it (`prompt_text`, `reply_text`: all that was said, in one), or none where a pointer is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from detectors import judge_kinds
from detectors.drift.base import Row
from gateway.dialects import operation_of
from gateway.dialects.answers import answers
from gateway.dialects.base import Operation
from gateway.dialects.gemini_content import merged
from gateway.dialects.lenient import compact, load, obj, seq, word
from gateway.dialects.openai_chat import ChatCompletions
from gateway.dialects.sse import events
from gateway.dialects.texts import REASONING, TOOL_DEFINITION, role_of
from gateway.exchange import Segment

OPERATIONS = ("chat", "generate_content", "text_completion")  # that answer in text, as the record names them
COLUMNS = (
    "id", "session_id", "dialect", "method", "endpoint", "finish_reason", "input_tokens", "output_tokens", "verdict",
    "findings.kind", "findings.direction", "findings.count", "prompt_text", "reply_text", "request_body", "reply_body",
)  # fmt: skip
MAX_CHARS = 20_000  # of a text: what is longer keeps its beginning and its end
MAX_ROLES = 200
_HEAD = 3 * MAX_CHARS // 4
_FORMAT = frozenset(judge_kinds.FORMAT)
_MESSAGE = re.compile(r"(?:/generateContentRequest|/generate_content_request)?/(?:(?:messages|input|contents)/\d+|input|contents|prompt)(?=/|\Z)")
_LISTS = ("messages", "contents", "input")  # of messages
_SYSTEM = ("system", "instructions", "systemInstruction", "system_instruction")
_THOUGHTS = ("/reasoning_content", "/reasoning", "/thinking")
_MORE = re.compile(  # what a stream of chat may hold beside one answer in plain text
    r'"(?:tool_calls|function_call|reasoning|reasoning_content|thinking|audio)"\s*:\s*[^n\s]|"refusal"\s*:\s*"|"content"\s*:\s*\[|"index"\s*:\s*[1-9]|"error"\s*:\s*[^n\s]'
)
_ELSEWHERE = re.compile(r"/(?:refusal|transcript)(?:/|\Z)")  # what is said where no answer stands: that there is none, or aloud


@dataclass(frozen=True, slots=True)
class Reads:
    """What is read of a request. pointer: for text "pointer", a JSON pointer (RFC 6901) into its body; a value that is no string counts as compact JSON."""

    text: Literal["last_user", "prompt", "pointer"] = "last_user"
    pointer: str = ""


def row(stored: Mapping[str, Any], reads: Reads) -> Row:
    """An exchange's COLUMNS, by name as the store gives them, as a row."""
    operation = operation_of(stored["dialect"], stored["method"], stored["endpoint"])
    request = _loaded(stored["request_body"])
    reply = None if _is_plain(operation, stored["reply_body"], stored["reply_text"]) else _reply(operation, stored["reply_body"])
    roles = tuple(_roles(request))
    kinds = zip(stored["findings.kind"], stored["findings.direction"], stored["findings.count"], strict=True)
    broken = sum(count for kind, direction, count in kinds if kind in _FORMAT and direction == "reply")
    return Row(
        input=_input(operation, request, stored["prompt_text"], reads),
        output=_output(operation, reply, stored["reply_text"]),
        session=stored["session_id"],
        id=stored["id"],
        turns=len(roles) or None,
        roles=roles[:MAX_ROLES],
        tools=tuple(_tools(reply)),
        finish_reason=stored["finish_reason"],
        violations=None if stored["verdict"] in ("", "not_checked") else broken,
        input_tokens=stored["input_tokens"],
        output_tokens=stored["output_tokens"],
    )


def capped(text: str) -> str:
    """At most MAX_CHARS of a text."""
    return text if len(text) <= MAX_CHARS else f"{text[:_HEAD]}\n{text[_HEAD + 1 - MAX_CHARS :]}"


# ------------------------------------------------------------------ what was asked


def _input(operation: Operation, request: Any, said: str, reads: Reads) -> str | None:
    """said: the record's own text of the request."""
    if reads.text == "pointer":
        value = pointed(request, reads.pointer)
        return None if value is None else capped(value if isinstance(value, str) else compact(value))
    segments = operation.read_request(request).segments if isinstance(request, dict) else ()
    if not segments:
        return capped(said) if said else None
    parts = _whole(segments) if reads.text == "prompt" else _last_user(segments)
    return capped("\n".join(parts)) if parts else None


def _whole(segments: Iterable[Segment]) -> list[str]:
    """Everything that was said, instructions too; not the tools that were offered."""
    return [segment.text for segment in segments if segment.role not in (TOOL_DEFINITION, REASONING) and not segment.pointer.endswith(_THOUGHTS)]


def _last_user(segments: Iterable[Segment]) -> list[str]:
    """The pieces of the last message of the user that has text. What a message of theirs brings back of a tool is not theirs."""
    place, found = "", list[str]()
    for segment in segments:
        message = _MESSAGE.match(segment.pointer)
        if segment.role != "user" or message is None:
            continue
        if message[0] != place:
            place, found = message[0], []
        found.append(segment.text)
    return found


def pointed(value: Any, pointer: str) -> Any:
    """What a JSON pointer points at; None: nothing, or null."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key[:9]) < len(value):
            value = value[int(key[:9])]
        else:
            return None
    return value


def _roles(request: Any) -> Iterator[str]:
    """Of the prompt's messages, in order, in one vocabulary: what stands apart as instructions is `system`, Gemini's `model` is `assistant`."""
    body = obj(request)
    if any(body.get(key) for key in _SYSTEM):
        yield "system"
    for key in _LISTS:
        for each in seq(body.get(key)):
            item = obj(each)
            kind = word(item.get("type"))
            if key == "input" and kind not in ("", "message"):
                yield "tool" if kind.endswith("_output") else "assistant"
            else:
                role = role_of(item.get("role"), "user")
                yield {"model": "assistant", "developer": "system"}.get(role, role)
    if isinstance(body.get("input"), str) or isinstance(body.get("prompt"), str):
        yield "user"


# ------------------------------------------------------------------ what was answered


def _is_plain(operation: Operation, body: str, said: str) -> bool:
    """Whether a reply is a stream that says one thing and does nothing else: the record's own text of it is the answer. Most are; to put one together takes 1 to 3 ms."""
    return bool(said) and isinstance(operation, ChatCompletions) and body.startswith("data:") and _MORE.search(body) is None


def _reply(operation: Operation, body: str) -> Any:
    """The reply's JSON object, of a stream put together; None: it cannot be read."""
    whole = _loaded(body)
    if isinstance(whole, list):  # a stream of Gemini's
        return dict(merged(whole).whole)
    if whole is not None or not body or not operation.parses:
        return whole
    found = list(events(body.encode("utf-8", "replace")))
    return dict(operation.assemble(found).whole) if found else None


def _output(operation: Operation, reply: Any, said: str) -> str | None:
    """said: the record's own text of the reply. None: it calls tools and says nothing, or is not known."""
    if reply is None:
        return capped(said) if said else None
    segments = operation.read_reply(reply).segments
    found = answers(segments, reply)
    if found and found[0]:
        return capped(found[0])
    elsewhere = [segment.text for segment in segments if _ELSEWHERE.search(segment.pointer)]
    return capped("\n".join(elsewhere)) if elsewhere else found[0] if found else None


def _tools(reply: Any) -> Iterator[str]:
    """The names of tools that a reply calls, in order."""
    body = obj(reply)
    for choice in seq(body.get("choices")):
        message = obj(obj(choice).get("message"))
        for call in (*seq(message.get("tool_calls")), {"function": message.get("function_call")}):
            yield from _named(obj(call).get("function"), obj(call).get("custom"))
    for item in (*seq(body.get("content")), *seq(body.get("output"))):
        kind = word(obj(item).get("type"))
        if kind.endswith(("_use", "_call")):
            yield word(obj(item).get("name")) or kind
    for candidate in seq(body.get("candidates")):
        for part in seq(obj(obj(candidate).get("content")).get("parts")):
            yield from _named(obj(part).get("functionCall"), obj(part).get("function_call"))


def _named(*calls: Any) -> Iterator[str]:
    for call in calls:
        if name := word(obj(call).get("name")):
            yield name


def _loaded(body: str) -> Any:
    """A JSON object or array; None: there is none."""
    if body.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return load(body)
    except ValueError:
        return None
