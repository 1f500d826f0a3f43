"""Samples in files: one JSON object a line, {"text"} or {"input", "output", "session", "id"}, as rows of drift.

A line that cannot be used ends the reading and is named: half a sample would be another sample.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from detectors.drift.base import Row

LONGEST = 64 << 20  # bytes of a line
_EXPECTED = 'expected an object such as {"text": "..."} or {"input": "...", "output": "...", "session": "..."}'
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
    given = _text(number, said, "text") if "text" in said else _text(number, said, "input")
    output = _text(number, said, "output")
    if given is None and output is None:
        keys = ", ".join(said)
        raise UnusableLine(number, f"there is no text in it (it has {_cut(keys)}); {_EXPECTED}" if keys else f"there is no text in it; {_EXPECTED}")
    return Row(given, output, session=_name(number, said, "session"), id=_name(number, said, "id") or str(number))


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


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}.get(type(value), "no text")


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "..."
