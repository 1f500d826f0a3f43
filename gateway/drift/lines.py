"""Samples in files: one JSON object a line, in one of the forms that people have at hand, as rows of drift.

{"text"} or {"input", "output"}; a line of `tidegate export` ({"prompt_text", "reply_text", ...}); {"messages": [...]}, of which the last message of the user
is the input, and what the assistant says after it the output; {"prompt", "completion" | "response" | "output"}. Each with "session" or "session_id", and "id".
A line that cannot be used ends the reading and is named: half a sample would be another sample.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from detectors.drift.base import Row
from gateway.drift import selecting

LONGEST = 64 << 20  # bytes of a line
FORMS = '{"text"}, {"input", "output"}, {"prompt", "completion" | "response" | "output"}, {"messages": [...]}, or a line of tidegate export; with "session" and "id" if there are any'
_EXPECTED = f"expected an object: {FORMS}"
_ANSWERS = ("output", "completion", "response")
_EXPORTED = ("dialect", "method", "endpoint", "request_body", "reply_body")
_SHOWN = 60


class UnusableLine(ValueError):
    """A line of a sample that is no row. line: its number, from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line


def rows(file: BinaryIO) -> list[Row]:
    """The rows of an open file, in order; position 0 is the first. Blank lines are no rows. A row without an id gets its line's number.

    Raises UnusableLine, and OSError as reading does.
    """
    found = []
    number = 0
    while raw := file.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST:
            raise UnusableLine(number, f"it is longer than {LONGEST >> 20} MB")
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.strip():
            found.append(_row(number, raw))
    return found


def _row(number: int, raw: bytes) -> Row:
    try:
        said = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnusableLine(number, "it is not UTF-8; expected JSON lines") from None
    except (ValueError, RecursionError) as e:
        raise UnusableLine(number, f"it is not JSON ({e.msg} at column {e.colno})" if isinstance(e, json.JSONDecodeError) else "it is not JSON that can be read") from None
    if not isinstance(said, dict):
        raise UnusableLine(number, _EXPECTED)
    if "text" in said and "input" in said:
        raise UnusableLine(number, "it has both text and input, which mean the same")
    given, output = _said(number, said)
    if given is None and output is None:
        keys = ", ".join(said)
        raise UnusableLine(number, f"there is no text in it (it has {_cut(keys)}); {_EXPECTED}" if keys else f"there is no text in it; {_EXPECTED}")
    return Row(given, output, session=_name(number, said, "session") or _name(number, said, "session_id"), id=_name(number, said, "id") or str(number))


def _said(number: int, said: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Input and output, by the form of the line; what is named as ours comes before what others call it."""
    if "text" in said or "input" in said:
        return _text(number, said, "text" if "text" in said else "input"), _text(number, said, "output")
    if "prompt_text" in said or "reply_text" in said:
        return _exported(number, said)
    answer = next((text for key in _ANSWERS if (text := _text(number, said, key)) is not None), None)
    if "messages" in said:
        asked, answered = _of_messages(number, said["messages"])
        return asked, answer if answered is None else answered
    if answer is not None or len(said.keys() & set(_ANSWERS)):
        return _text(number, said, "prompt"), answer
    return None, None  # a prompt alone may be anybody's template


def _exported(number: int, said: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """What `drift run` would compare of the exchange, if its bodies are there; or the record's texts of it. An empty text is none."""
    prompt, reply = (_text(number, said, key) or "" for key in ("prompt_text", "reply_text"))
    if not all(isinstance(said.get(key), str) for key in _EXPORTED):
        return prompt or None, reply or None
    facts = {"id": "", "session_id": "", "finish_reason": "", "verdict": "", "input_tokens": None, "output_tokens": None, "findings.kind": (), "findings.direction": (), "findings.count": ()}
    row = selecting.row({**facts, **{key: said[key] for key in _EXPORTED}, "prompt_text": prompt, "reply_text": reply}, selecting.Reads())
    return _encoded(row.input), _encoded(row.output)


def _of_messages(number: int, messages: object) -> tuple[str | None, str | None]:
    """The last message of the user that has text; what the assistant says after it, or nothing."""
    if not isinstance(messages, list):
        raise UnusableLine(number, f"messages is {_kind(messages)}; expected a list")
    asked = answered = None
    for message in messages:
        if not isinstance(message, dict):
            raise UnusableLine(number, f"one of its messages is {_kind(message)}; expected an object with role and content")
        text = _content(message.get("content"))
        if text is None:
            continue
        if message.get("role") == "user":
            asked, answered = text, None
        elif message.get("role") == "assistant":
            answered = text
    return _encoded(asked), _encoded(answered)


def _content(content: object) -> str | None:
    """A string, or the texts of a list of parts; None: there is no text in it."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    texts = [part if isinstance(part, str) else part.get("text") for part in parts if isinstance(part, str | dict)]
    return "\n".join(text for text in texts if isinstance(text, str)) if any(isinstance(text, str) for text in texts) else None


def _text(number: int, said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise UnusableLine(number, f"{key} is {_kind(value)}; expected text")
    return None if value is None else _encodable(value)


def _name(number: int, said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnusableLine(number, f"{key} is {_kind(value)}; expected text")
    return _encodable(str(value))


def _encodable(text: str) -> str:
    """JSON can name halves of characters (`\\ud83d`), which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoded(text: str | None) -> str | None:
    return None if text is None else _encodable(text)


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}.get(type(value), "no text")


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "..."
