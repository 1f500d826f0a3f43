"""Read JSON that may be anything: the one place where odd bytes and odd values are made harmless.

Rules of this file: nothing here raises except `load` (ValueError). An accessor gives the empty value of its type where it finds another
type, so that readers can walk a body without asking at every step. Nothing here recurses: depth is the sender's choice.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

MAX_BEGUN_BYTES = 1 << 20  # of JSON that broke off, from its beginning
_MAX_DEPTH = 1024  # orjson's
_NAMES = frozenset(f'"{name}"' for name in ("model", "modelVersion", "finish_reason", "finishReason", "stop_reason", "status", "role", "type"))  # whose value in half is another name: of a model with another price
_TOKEN = re.compile(r'"(?:[^"\\]|\\(?:u[0-9a-fA-F]{4}|[^u]))*+("?)|[\[\]{},]', re.DOTALL)
_MAX_INDEX = 4096  # choices, tool calls, content blocks: an index beyond is not one
# An escaped backslash or a whole surrogate pair is left as it is; a surrogate by itself (group 1) stands for no character.
_SURROGATE = re.compile(r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})")


def load(data: bytes | str) -> Any:
    """Decode JSON. A BOM, invalid UTF-8 and lone surrogates, which some clients send and providers accept, do not make it unreadable.

    Raises ValueError: not JSON, or nested deeper than orjson allows (1024).
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return orjson.loads(mended(data))


def begun(data: bytes) -> Any:
    """What JSON that broke off says as far as it goes: a text in it may be half, a number, a word or a name at the end is left out. None: it is no such thing."""
    text = mended(data[:MAX_BEGUN_BYTES])
    closers: list[str] = []
    end, last, key = 0, None, ""  # of what is whole; the token behind that, and the one before it
    for token in _TOKEN.finditer(text):
        key = last[0] if last is not None else ""
        last, first = token, text[token.start()]
        if first == '"':
            if not token[1]:
                break
            continue
        if first in "[{":
            closers.append("]" if first == "[" else "}")
        elif first != "," and (not closers or closers.pop() != first):
            return None
        if len(closers) > _MAX_DEPTH:
            return None
        end = token.start() if first == "," else token.end()
    if last is not None and text[last.start()] == '"' and (not last[1] or not text[last.end() :].strip()):
        before = text[: last.start()].rstrip()[-1:]
        if (before == ":" and (last[1] or key not in _NAMES)) or (before in ("[", ",") and closers[-1:] == ["]"]):
            return _loaded(f'{text[: last.start()]}{last[0]}{"" if last[1] else chr(34)}{"".join(reversed(closers))}')
    return _loaded(text[:end] + "".join(reversed(closers)))


def _loaded(text: str) -> Any:
    try:
        return load(text)
    except ValueError:
        return None


def mended(data: bytes | str) -> str:
    """JSON text without a BOM, invalid UTF-8 or lone surrogates; each becomes U+FFFD."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data.encode("utf-8", "replace").decode()
    return _SURROGATE.sub(lambda found: "\\ufffd" if found[1] else found[0], text.removeprefix("\ufeff"))


def obj(value: Any) -> dict[str, Any]:
    """The value if it is an object, else {}."""
    return value if isinstance(value, dict) else {}


def seq(value: Any) -> list[Any]:
    """The value if it is an array, else []."""
    return value if isinstance(value, list) else []


def word(value: Any) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


def index(value: Any) -> int | None:
    """The value if it is a sane array index, else None."""
    return value if type(value) is int and 0 <= value < _MAX_INDEX else None


def compact(value: Any) -> str:
    """A value as compact JSON, keys in the sender's order. Too deep for the serialiser: the strings in it, one a line, so that no text is lost."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return "\n".join(_strings(value))


def storable(value: Any) -> dict[str, Any] | None:
    """The value if it is an object that can be written as JSON again, else None."""
    try:
        orjson.dumps(value)
    except TypeError:
        return None
    return value if isinstance(value, dict) else None


def _strings(value: Any) -> list[str]:
    found: list[str] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            found.extend(item)
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
    return found
