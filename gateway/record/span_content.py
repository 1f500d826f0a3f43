"""The messages of an exchange as attributes of its span, for who has asked for them (`telemetry.content`): JSON as the conventions' schemas have it.

Rules of this file: pure. Everything comes from the record's texts and bodies, which have been redacted; what the record does not hold is not here either. What is said by
whom is read by the same dialects that read it for the row. Length is bounded: of a long conversation its end is kept, and `tidegate.content.truncated` says so.
Source: the schemas gen-ai-input-messages, -output-messages and -system-instructions of https://github.com/open-telemetry/semantic-conventions-genai.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from opentelemetry.util.types import AttributeValue

from gateway.dialects import operation_of
from gateway.dialects.base import Operation
from gateway.dialects.lenient import load, obj, word
from gateway.dialects.sse import events, is_framed
from gateway.dialects.texts import TOOL_DEFINITION
from gateway.exchange import Exchange, Segment
from gateway.record.span_attributes import safe

MAX_CONTENT_CHARS = 32_768  # of the texts in one attribute
MAX_PARTS = 512  # texts in one attribute
MAX_NAME_CHARS = 256  # of a tool's name, of an id
_LISTS = ("messages", "contents", "choices", "candidates", "input")  # what holds one message an entry
_SYSTEM = ("system", "instructions", "systemInstruction", "system_instruction")
_CALLS = ("arguments", "input", "args")
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "summary")
_IDS = ("tool_call_id", "tool_use_id", "call_id", "id")
_Message = dict[str, Any]


def content_of(exchange: Exchange) -> dict[str, AttributeValue]:
    """gen_ai.input.messages, gen_ai.output.messages and gen_ai.system_instructions, as far as the record has them."""
    operation = operation_of(exchange.dialect, exchange.method, exchange.endpoint)
    asked, segments = _request(operation, exchange.request_body)
    said = [segment for segment in segments if segment.role != TOOL_DEFINITION]
    rules = [segment for segment in said if _steps(segment)[0] in _SYSTEM]
    turns = [segment for segment in said if _steps(segment)[0] not in _SYSTEM]
    system = [_part(asked, segment) for segment in rules[-MAX_PARTS:]]
    history = _messages(asked, turns[-MAX_PARTS:])
    if not said and exchange.prompt_text:
        history = [{"role": "user", "parts": [_text(exchange.prompt_text)]}]
    answered, segments = _reply(operation, exchange.reply_body)
    answers = _messages(answered, segments[-MAX_PARTS:])
    if not answers and exchange.reply_text:
        answers = [{"role": "assistant", "parts": [_text(exchange.reply_text)]}]
    for message in answers:
        message["finish_reason"] = message.pop("ended", "") or safe(exchange.finish_reason) or "error"
    for message in history:
        message.pop("ended", None)
    found: dict[str, AttributeValue] = {}
    cut = max(len(rules), len(turns), len(segments)) > MAX_PARTS
    for name, whole in (("gen_ai.system_instructions", system), ("gen_ai.input.messages", history), ("gen_ai.output.messages", answers)):
        kept, shorter = _bounded(whole)
        cut |= shorter
        if kept:
            found[name] = orjson.dumps(kept).decode()
    if cut:
        found["tidegate.content.truncated"] = True
    return found


def _request(operation: Operation, body: str) -> tuple[Any, Sequence[Segment]]:
    try:
        value = load(body) if body and operation.parses else None
    except ValueError:
        value = None
    return value, operation.read_request(value).segments if value is not None else ()


def _reply(operation: Operation, body: str) -> tuple[Any, Sequence[Segment]]:
    if not body or not operation.parses:
        return None, ()
    if is_framed(body.encode(errors="replace")):
        value: Any = operation.assemble(events(body.encode(errors="replace"))).whole
    else:
        try:
            value = load(body)
        except ValueError:
            return None, ()
    return value, operation.read_reply(value).segments


def _messages(body: Any, segments: Iterable[Segment]) -> list[_Message]:
    """Texts put together again to who said them, in order."""
    found: dict[tuple[str, ...], _Message] = {}
    for segment in segments:
        steps = _steps(segment)
        place = tuple(steps[:2]) if steps[0] in _LISTS and len(steps) > 1 else (steps[0],)
        role = {"developer": "system", "model": "assistant", "function": "tool"}.get(segment.role, segment.role)
        message = found.setdefault((*place, role), {"role": role, "parts": []})
        message["parts"].append(_part(body, segment))
        whole = obj(_at(body, place))
        message["ended"] = word(whole.get("finish_reason") or whole.get("finishReason"))[:MAX_NAME_CHARS]
    return list(found.values())


def _part(body: Any, segment: Segment) -> dict[str, Any]:
    steps = _steps(segment)
    for at in range(len(steps) - 1, 0, -1):
        if steps[at] in _CALLS and (call := obj(_at(body, steps[:at]))).get("name"):
            about = call if "id" in call or "call_id" in call else obj(_at(body, steps[: at - 1]))
            return {"type": "tool_call", "id": _id(about), "name": word(call["name"])[:MAX_NAME_CHARS], "arguments": _value(segment.text)}
    if segment.role in ("tool", "function"):
        around = (obj(_at(body, steps[:at])) for at in range(len(steps) - 1, 0, -1))
        return {"type": "tool_call_response", "id": next((found for each in around if (found := _id(each))), None), "response": segment.text}
    if any(step in _THOUGHTS for step in steps[1:]) or segment.role == "reasoning":
        return {"type": "reasoning", "content": segment.text}
    return _text(segment.text)


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "content": text}


def _value(text: str) -> Any:
    """Arguments as what they are, if they are JSON that can be written again inside of the messages."""
    try:
        value = orjson.loads(text)
        orjson.dumps([[[[[[value]]]]]])
    except (ValueError, TypeError):  # the second: nested more deeply than is ever written
        return text
    return value


def _id(source: dict[str, Any]) -> str | None:
    return next((found[:MAX_NAME_CHARS] for name in _IDS if (found := word(source.get(name)))), None)


def _steps(segment: Segment) -> list[str]:
    return segment.pointer.split("/")[1:] or [""]


def _at(body: Any, steps: Iterable[str]) -> Any:
    """The value at a pointer; None if there is none."""
    for step in steps:
        if isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, dict):
            body = body.get(step.replace("~1", "/").replace("~0", "~"))
        else:
            return None
    return body


def _bounded(messages: list[Any]) -> tuple[list[Any], bool]:
    """What fits into an attribute, the end first; and whether that is less than all. messages: messages, or parts of one."""
    left, kept = MAX_CONTENT_CHARS, list[Any]()
    for message in reversed(messages):
        parts = message.get("parts")
        fitting, left, whole = _fitting([message] if parts is None else parts, left)
        if fitting:
            kept.append(fitting[0] if parts is None else message | {"parts": fitting})
        if not whole:
            return kept[::-1], True
    return kept[::-1], False


def _fitting(parts: list[Any], left: int) -> tuple[list[Any], int, bool]:
    """The parts that fit, what room is left after them, and whether they are all."""
    kept: list[Any] = []
    for part in parts:
        name = next(key for key in ("content", "response", "arguments") if key in part)
        text = part[name] if isinstance(part[name], str) else orjson.dumps(part[name]).decode()
        if len(text) > left:
            if left > 0:
                kept.append(part | {name: text[:left].encode(errors="replace").decode()})
            return kept, 0, False
        left -= len(text)
        kept.append(part | {name: text.encode(errors="replace").decode()} if isinstance(part[name], str) else part)
    return kept, left, True
