"""Take a whole body apart, whatever it is: the one way in for guards, in both directions.

Requests of known endpoints are JSON objects or are refused (C6, C7): what the gate cannot read for certain, a provider may read in another
way. Everything else is read as what it looks like: JSON, JSON lines, a form, text; and what is none of them is unscannable, never silently clean.
Replies are never refused here: one that is no JSON is text.

Each walk is there twice: `..._steps` is a generator that pauses every few milliseconds of work and returns the Walked, for an event loop;
the plain function runs it through. Bodies are content-decoded (gateway.record.bodies.decode), and whole.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from itertools import count
from typing import TypeVar

from gateway.dialects import fields_anthropic, fields_gemini, fields_openai, json_text
from gateway.dialects.base import Operation
from gateway.dialects.fields import ANY, Field
from gateway.dialects.json_text import MAX_NODES
from gateway.dialects.json_walk import JsonWalk
from gateway.dialects.leaves import Unreadable, Walked
from gateway.dialects.media import text_of
from gateway.dialects.multipart import multipart_steps
from gateway.dialects.text_body import MAX_PAIRS, Composite, Marked, Part, WalkedText, binary, charset_text, form_steps

Steps = Generator[None, None, Walked]
_T = TypeVar("_T")

REQUESTS = {"openai": fields_openai.REQUEST, "anthropic": fields_anthropic.REQUEST, "gemini": fields_gemini.REQUEST}
REPLIES = {"openai": fields_openai.REPLY, "anthropic": fields_anthropic.REPLY, "gemini": fields_gemini.REPLY}

LINE_NODES = 4  # what a line costs, beside the texts in it, in values (json_text.MAX_NODES)
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_BINARY = re.compile(r"(?:image|audio|video|font)/(?!.*xml)|application/(?:pdf|zip|gzip|x-tar|wasm)\b")
_TEXT = re.compile(r"text/|application/(?:json|x-ndjson|jsonl|xml|javascript|yaml|x-yaml|graphql)\b|.*\+(?:json|xml)\b")
_JSON = re.compile(r"application/json\b|application/[^;]*\+json\b|text/json\b")
_SPACED_FIELD = re.compile(rb"&[^&=]++=[^&+]*+\+")  # of a form: a field whose value has a blank
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([\w.:-]+)', re.IGNORECASE)


def request_steps(dialect: str, operation: Operation, body: bytes, content_type: str) -> Steps:
    """Raises Unreadable: a known endpoint's body, or one that calls itself JSON, that cannot be read for certain."""
    fields = REQUESTS.get(dialect, ANY)
    if not body:
        return Walked()
    if operation.parses:
        walk = JsonWalk(body, fields)
        yield from walk.steps()
        if not walk.is_object:
            raise Unreadable("invalid_json", "the body is JSON but no object")
        return walk.done()
    return (yield from text_steps(body, content_type, fields, strict=True))


def reply_steps(dialect: str, operation: Operation, body: bytes, content_type: str) -> Steps:
    """A reply that is no stream, refusals (status >= 400) too. Never raises."""
    fields = REPLIES.get(dialect, ANY)
    if not operation.parses:
        return (yield from text_steps(body, content_type, fields))
    return (yield from _json_or_text(body, "", "", fields, "", declared=True))


def text_steps(body: bytes, content_type: str, fields: Field = ANY, *, strict: bool = False) -> Steps:
    """Any body, by its content type and by what it looks like. strict: raises Unreadable if it calls itself JSON and cannot be read, or is too much to take apart."""
    media = content_type.strip().lower()
    if not body:
        return Walked()
    if media.startswith("multipart/"):
        return (yield from multipart_steps(body, content_type, lambda data, of, pointer, before: _content(data, of, pointer, before, fields)))
    if strict and _JSON.match(media):
        walk = JsonWalk(body, fields)
        yield from walk.steps()
        return walk.done()
    return (yield from _content(body, content_type, "", "", fields, strict=strict))


def walk_request(dialect: str, operation: Operation, body: bytes, content_type: str) -> Walked:
    """See request_steps. dialect: its name."""
    return _drained(request_steps(dialect, operation, body, content_type))


def walk_reply(dialect: str, operation: Operation, body: bytes, content_type: str) -> Walked:
    """See reply_steps."""
    return _drained(reply_steps(dialect, operation, body, content_type))


def walk_text(body: bytes, content_type: str) -> Walked:
    """See text_steps."""
    return _drained(text_steps(body, content_type))


def _drained(steps: Generator[None, None, _T]) -> _T:
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]


def _content(data: bytes, content_type: str, pointer: str, before: str, fields: Field, *, strict: bool = False) -> Steps:
    """A body or a form's part that is not multipart. strict: raises Unreadable if it has more lines or values than are taken apart."""
    media = content_type.strip().lower()
    if media.startswith("application/x-www-form-urlencoded"):
        walked = None
        if _SPACED_FIELD.search(data) is None:  # else it may be one, to who reads forms, and blanks in it are blanks
            walked = yield from _json(data, pointer, before, fields, "", strict=strict)  # curl says so of whatever it is not told the type of
        if walked is None:
            walked = yield from form_steps(data)
        if walked is not None:
            return walked
        return _beyond(data, pointer, before, f"a form of more than {MAX_PAIRS} values", strict=strict)
    if _BINARY.match(media):
        return binary(data, pointer)
    found = _CHARSET.search(media)
    if found and found[1] not in ("utf-8", "utf8"):
        return charset_text(data, found[1], pointer=pointer, before=before)
    return (yield from _json_or_text(data, pointer, before, fields, "", declared=_TEXT.match(media) is not None, strict=strict))


def _json_or_text(data: bytes, pointer: str, before: str, fields: Field, role: str, *, declared: bool, strict: bool = False) -> Steps:
    """declared: it calls itself text, so bytes that are no UTF-8 do not make it binary."""
    walked = yield from _json(data, pointer, before, fields, role, strict=strict)
    if walked is not None:
        return walked
    if not declared and text_of(data) is None:
        return binary(data, pointer)
    if b"\x00" in data:  # UTF-16 that does not say so, or no text at all: a detector would see letters with gaps
        return binary(data, pointer)
    return WalkedText(data, pointer=pointer, role=role, before=before)


def _json(data: bytes, pointer: str, before: str, fields: Field, role: str, *, strict: bool) -> Generator[None, None, Walked | None]:
    """JSON or lines of it, by its first byte; None if it is neither."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    if data[start : start + 1024].lstrip(_SPACE)[:1] not in (b"{", b"["):
        return None
    walk = JsonWalk(data[start:] if start else data, fields, role=role, pointer=pointer)
    try:
        if _is_lines(data[start:] if start else data):
            raise Unreadable("invalid_json", "several values")
        yield from walk.steps()
        walked = walk.done()
        return Composite(data, [Part(start, len(data), walked)]) if start else walked
    except Unreadable as wrong:
        try:
            return (yield from _lines(data, pointer, fields, role)) if wrong.code == "invalid_json" else None
        except _TooMany:
            return _beyond(data, pointer, before, f"more than {MAX_NODES // LINE_NODES} lines, or {MAX_NODES} texts in them", strict=strict)


def _is_lines(data: bytes) -> bool:
    """Whether a large body cannot be one value, because its first line is one: together they may weigh too much (json_text.weigh), but they are read one by one."""
    end = data.find(b"\n")
    if len(data) <= json_text.LIGHT_BYTES or not 0 < end <= json_text.LIGHT_BYTES or data[end:].isspace():
        return False
    try:
        json_text.parse(data[:end])
    except Unreadable:
        return False
    return True


class _TooMany(Exception):
    """Lines."""


def _beyond(data: bytes, pointer: str, before: str, what: str, *, strict: bool) -> Walked:
    """What is too much to take apart: looked at as it stands, and unscannable, for a reader finds more in it."""
    if strict:
        raise json_text.too_complex(what)
    whole = WalkedText(data, pointer=pointer, before=before) if text_of(data) is not None else binary(data, pointer, before)
    return Marked(whole, data, pointer)


def _lines(data: bytes, pointer: str, fields: Field, role: str) -> Generator[None, None, Walked | None]:
    """JSON lines (batch files); None if the first line is no JSON. A line that is none is text. Raises _TooMany."""
    parts: list[Part] = []
    at = nodes = 0
    too_many = (data.count(b"\n") + 1) * LINE_NODES > MAX_NODES
    for number in count():
        if at > len(data):
            break
        stop = data.find(b"\n", at)
        line = data[at : stop if stop >= 0 else len(data)]
        if line.strip(_SPACE):
            walk = JsonWalk(line, fields, role=role, pointer=f"{pointer}/{number}")
            try:
                yield from walk.steps()
                parts.append(Part(at, at + len(line), walk.done()))
            except Unreadable:
                if not parts:
                    return None
                parts.append(Part(at, at + len(line), WalkedText(line, pointer=f"{pointer}/{number}", role=role)))
            nodes += LINE_NODES + len(parts[-1].walked.leaves)
            if too_many or nodes > MAX_NODES:
                raise _TooMany
            yield
        elif number % 1000 == 999:
            yield
        at += len(line) + 1
    return Composite(data, parts)
