"""JSON as text: what stands where in the bytes, so that one literal can be rewritten and the rest stays (law 1).

`parse` decides what is JSON and builds the tree (orjson, strict, C speed); `literals` and `locate` find the same strings and numbers in the
bytes. Both go in the order of the text, so the n-th string of a tree without duplicate keys is the n-th literal, and a tree that has fewer
strings than the bytes have literals lost some to a duplicate key: two parsers may keep different copies, so that is not read at all (C7).

Rules of this file: pure; `literals`, `locate` and `value_end` assume bytes that `parse` has taken. Sources: RFC 8259, RFC 6901.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from typing import Any

import orjson

from gateway.dialects.leaves import Unreadable

MAX_DEPTH = 100
MAX_NODES = 1_000_000  # values in one body: what is walked in about half a second, in turns
MAX_WEIGHT = 1_000_000  # of what decoding has to make: some 50 ms of a processor, in one go, because orjson knows no pauses
LIGHT_BYTES = 300_000  # a body up to here weighs less
MAX_DIGITS = 4096  # of one number
MIN_DIGITS = 9  # a number with fewer is no text: cards, phones and accounts have more
Span = tuple[int, int]

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(_STRING + rb"|-?[0-9][0-9.eE+-]*+", re.DOTALL)
_CUT_TOKEN = re.compile(_TOKEN.pattern + rb'|["-]', re.DOTALL)  # where what is looked at may end inside of one
_INSIDE = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_NESTED = re.compile(_STRING + rb"|[\[{]|[\]}]", re.DOTALL)
_LONG_NUMBER = re.compile(rb"[0-9][0-9.eE+-]{8}")
_OF_NUMBERS = bytes(0x30 if chr(byte) in "0123456789.eE+-" else 0x20 for byte in range(256))  # what a number is made of, and what it is not
_KEYS = re.compile(rb'"([^"\\]{0,64}+)[^"\\]*+"[ \t\r\n]*+:')
_BONES = bytes(sorted(set(range(256)) - set(b'",:[{')))  # all that is not counted
_SLICE = 1 << 18  # bytes looked at between two pauses
_TOKENS = 8000  # the same
_KEY_WEIGHT = 8  # of one that has not been met
_SPACE = re.compile(rb"[ \t\r\n]*")
_SCALAR = re.compile(rb"[^,\]}\s]*")


def parse(data: bytes) -> Any:
    """Decode JSON, strictly: UTF-8 without a BOM, no NaN, no lone surrogates, no number beyond a double, nothing after the value.

    Raises Unreadable.  Deeper nesting than MAX_DEPTH is found by who walks the tree.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if "depth" in error.msg:
            raise too_complex(f"nested deeper than {MAX_DEPTH}") from None
        raise Unreadable("invalid_json", f"not JSON: {_where(data, error)}") from None


def weigh(data: bytes) -> Iterator[None]:
    """Find out what decoding would cost before it is done. Pauses now and then. Raises Unreadable: more than MAX_WEIGHT.

    A comma weighs 1, a string or the beginning of an object or array 2, a key that is new _KEY_WEIGHT more: orjson's own proportions.
    """
    if len(data) <= LIGHT_BYTES:
        return
    bones: list[bytes] = []
    for piece in _pieces(data):
        if b"\\" in piece:
            piece = piece.replace(b"\\\\", b"").replace(b'\\"', b"")
        bones.append(piece.translate(None, _BONES))
        yield
    shape = b"".join(bones)
    if _weight(shape) + _KEY_WEIGHT * shape.count(b":") <= MAX_WEIGHT:  # what stands in strings counted, and all keys taken for new
        return
    strings = shape.count(b'"')
    if strings > MAX_WEIGHT:
        raise too_complex(f"more than {MAX_WEIGHT // 2} strings")
    yield
    shape = b'""'.join(shape.split(b'"')[::2])
    yield
    weight, new = _weight(shape), set[bytes]()
    if weight <= MAX_WEIGHT < weight + _KEY_WEIGHT * shape.count(b":"):
        for piece in _pieces(data):
            new.update(_KEYS.findall(piece))
            yield
    if weight + _KEY_WEIGHT * len(new) > MAX_WEIGHT:
        raise too_complex("too many values, or different keys")


def _weight(shape: bytes) -> int:
    return shape.count(b",") + shape.count(b'"') + 2 * (shape.count(b"[") + shape.count(b"{"))


def _pieces(data: bytes) -> Iterator[bytes]:
    """The body in slices, none of which ends inside an escape."""
    at = 0
    while at < len(data):
        end = at + _SLICE
        piece = data[at:end]
        odd = (len(piece) - len(piece.rstrip(b"\\"))) % 2
        yield data[at : end + odd] if odd else piece
        at = end + odd


def too_complex(what: str) -> Unreadable:
    return Unreadable("json_too_complex", f"JSON is too complex: {what}")


def duplicate_key() -> Unreadable:
    return Unreadable("duplicate_key", "a key stands twice in one object; two readers may take different values for it")


def _where(data: bytes, error: orjson.JSONDecodeError) -> str:
    """What is wrong at which byte, in words that hold nothing of the body."""
    try:
        text = data.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8 at byte {wrong.start}"
    if text.startswith("\ufeff"):
        return "a byte order mark at byte 0"
    at = len(text[: error.pos].encode())
    return f"cannot be read at byte {at} of {len(data)}"


def literals(data: bytes) -> int:
    """How many string literals there are, keys included: quotes that are not escaped, two each. In C, a nanosecond a byte."""
    quotes = data.count(b'"')
    if b"\\" in data:
        quotes -= data.replace(b"\\\\", b"").count(b'\\"')
    return quotes // 2


def locate(data: bytes) -> tuple[list[Span], list[Span]]:
    """The spans of all string literals, quotes included, and of all numbers, each in the order of the text."""
    strings: list[Span] = []
    numbers: list[Span] = []
    for found in _TOKEN.finditer(data):
        span = found.span()
        (strings if data[span[0]] == 0x22 else numbers).append(span)
    return strings, numbers


def may_hold_long_numbers(data: bytes) -> Generator[None, None, bool]:
    """Whether MIN_DIGITS characters of a number stand together anywhere, strings included. Pauses between slices."""
    for at in range(0, len(data), _SLICE):
        if at:
            yield
        piece = data[at : at + _SLICE + MIN_DIGITS - 1]
        if b"0" * MIN_DIGITS in piece.translate(_OF_NUMBERS) and _LONG_NUMBER.search(piece) is not None:
            return True
    return False


def located(data: bytes) -> Generator[None, None, tuple[list[Span], list[Span]]]:
    """As `locate`, with pauses, within a long literal too."""
    strings: list[Span] = []
    numbers: list[Span] = []
    at, count, size = 0, 0, len(data)
    while at < size:
        stop = min(size, at + _SLICE)
        for found in _CUT_TOKEN.finditer(data, at, stop):
            at, end = found.span()
            if data[at] != 0x22:
                if end == stop:  # it may go on
                    whole = _TOKEN.match(data, at)
                    assert whole is not None
                    end = whole.end()
                numbers.append((at, end))
            else:
                if end == at + 1:  # its end is not in this slice
                    end = yield from _string_end(data, end)
                strings.append((at, end))
            at, count = end, count + 1
            if count % _TOKENS == 0:
                yield
            if end >= stop:
                break
        else:
            at = stop
        yield
    return strings, numbers


def _string_end(data: bytes, at: int) -> Generator[None, None, int]:
    """Where the string ends that goes on at `at`."""
    while True:
        found = _INSIDE.match(data, at, at + _SLICE)
        assert found is not None
        at = found.end()
        if data[at] == 0x22:
            return at + 1
        yield


def is_key(data: bytes, end: int) -> bool:
    """Whether the literal that ends at `end` is a key."""
    at = _skip(data, end)
    return data[at : at + 1] == b":"


def value_after(data: bytes, end: int) -> Span:
    """The span of the value whose key ends at `end`."""
    start = _skip(data, _skip(data, end) + 1)
    first = data[start : start + 1]
    if first not in (b"[", b"{"):
        found = (_STRINGS if first == b'"' else _SCALAR).match(data, start)
        assert found is not None
        return found.span()
    depth = 0
    for found in _NESTED.finditer(data, start):
        token = found[0]
        depth += (token in (b"[", b"{")) - (token in (b"]", b"}"))
        if depth == 0:
            return start, found.end()
    raise AssertionError("unbalanced")


def _skip(data: bytes, at: int) -> int:
    found = _SPACE.match(data, at)
    assert found is not None
    return found.end()


def literal(text: str, like: bytes) -> bytes:
    """A string as a literal, in ASCII if `like`, what it replaces, is."""
    return json.dumps(text, ensure_ascii=like.isascii()).encode("utf-8", "replace")


def literal_steps(text: str, like: bytes) -> Generator[None, None, bytes]:
    """As `literal`, with pauses in a long text."""
    if len(text) <= _SLICE:
        return literal(text, like)
    pieces: list[bytes] = []
    for at in range(0, len(text), _SLICE):
        pieces.append(json.dumps(text[at : at + _SLICE], ensure_ascii=like.isascii())[1:-1].encode("utf-8", "replace"))
        yield
    return b'"%b"' % b"".join(pieces)
