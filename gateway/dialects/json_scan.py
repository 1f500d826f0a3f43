"""Find the members of a JSON object without building a tree.

For one purpose: adding `stream_options.include_usage` to a request whose other bytes must stay as they are (law 1), even when it is
10 MB of base64 that nothing else needs parsed. Strings are skipped at the speed of `bytes.find`. The scan assumes a well-formed
object and gives up (ValueError) where it meets something else; it does not validate.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

_NESTED = re.compile(rb'["{}\[\]]')
_SCALAR_END = re.compile(rb"[,}\]\s]")
_CHARACTERS = re.compile(rb'[^"\\]*(?:\\.[^"\\]*){0,4096}', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*")
Edit = tuple[int, int, bytes]  # what stands from there to there is to be this
PAUSE = 2000  # tokens between two pauses
MAX_TOKENS = 200_000  # about a tenth of a second in all; who sends more of them has usage estimated


def members(body: bytes) -> Iterator[tuple[bytes, int, int] | None]:
    """Yield (key, start, end) for each top-level member: the key's raw bytes without quotes and the span of its value.

    Also yields None every PAUSE tokens, so that an event loop can do something else meanwhile. Raises ValueError.
    """
    at = _skip(body, 0)
    if body[at : at + 1] != b"{":
        raise ValueError("not a JSON object")
    at = _skip(body, at + 1)
    seen = 0
    while body[at : at + 1] != b"}":
        seen += 1
        if seen % PAUSE == 0:
            if seen > MAX_TOKENS:
                raise ValueError("too many tokens")
            yield None
        key_end = yield from _string_end(body, at)
        key = body[at + 1 : key_end - 1]
        at = _skip(body, key_end)
        if body[at : at + 1] != b":":
            raise ValueError("expected a colon")
        start = at = _skip(body, at + 1)
        first = body[at : at + 1]
        if first == b'"':
            at = yield from _string_end(body, at)
        elif first in (b"{", b"["):
            depth = 0
            while True:
                seen += 1
                if seen % PAUSE == 0:
                    if seen > MAX_TOKENS:
                        raise ValueError("too many tokens")
                    yield None
                found = _NESTED.search(body, at)
                if found is None:
                    raise ValueError("unbalanced")
                at = found.start()
                token = body[at]
                if token == 0x22:
                    at = yield from _string_end(body, at)
                    continue
                at += 1
                depth += 1 if token in b"{[" else -1
                if depth == 0:
                    break
        else:
            found = _SCALAR_END.search(body, at)
            if found is None or found.start() == at:
                raise ValueError("expected a value")
            at = found.start()
        yield key, start, at
        at = _skip(body, at)
        if body[at : at + 1] == b",":
            at = _skip(body, at + 1)
        elif body[at : at + 1] != b"}":
            raise ValueError("expected a comma")


def edited(body: bytes, edits: list[Edit]) -> bytes:
    """The body with all edits made, in their order; they do not overlap."""
    pieces, at = [], 0
    for start, end, new in edits:
        pieces += [body[at:start], new]
        at = end
    return b"".join((*pieces, body[at:]))


def _skip(body: bytes, at: int) -> int:
    match = _SPACE.match(body, at)
    assert match is not None
    return match.end()


def _string_end(body: bytes, at: int) -> Generator[None, None, int]:
    """Returns the index after the closing quote of the string that opens at `at`; yields None on the way through a string full of escapes."""
    if body[at : at + 1] != b'"':
        raise ValueError("expected a string")
    end = body.find(b'"', at + 1)
    if end < 0:
        raise ValueError("unterminated string")
    if body[end - 1] != 0x5C:  # most strings, and all images
        return end + 1
    at += 1
    while True:
        found = _CHARACTERS.match(body, at)
        assert found is not None
        at = found.end()
        if body[at : at + 1] == b'"':
            return at + 1
        if at + 1 >= len(body):
            raise ValueError("unterminated string")
        yield None
