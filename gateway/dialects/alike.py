"""Events of a recorded stream that are alike but for one text: told by their characters, and read as one.

A reply of a thousand chunks says the same a thousand times, but for a word each. Whoever has read one event, and knows where its text stands, finds
those that go on with it by comparing characters, at a fiftieth of what taking each apart costs.

Rules of this file: pure; what is told is certain. An event that goes on with another has its very characters on both sides of a JSON string, and what stands between
them is the inside of one by itself: so it is read as that one is, and the insides joined are the texts joined. All else is left to be read event by event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import orjson

from gateway.dialects.base import Event, Operation
from gateway.dialects.sse import event_of, lines_of

MAX_PASSED = 64  # events, between two tries to find some that are alike where there are none
_WINDOW = 4096  # characters looked through at first; a text of one event is no longer than the window that it is looked for in
_MARK = "\x7fmark\x7f"
_INSIDE = orjson.dumps(_MARK).decode()[1:-1]
_ODD = re.compile(r'["\\\x00-\x1f]')
_CUT = 16  # characters of what ends an event that are looked for
_HEAD = 24  # characters that the next event must begin with, to be worth a try


def merged(data: bytes, operation: Operation) -> Iterator[Event]:
    """The events of a stream as `sse.events` yields them, but that successive ones which differ in nothing but the text that grows (`Operation.grows`) are one, with all of it."""
    text = lines_of(data)
    sign, noise = operation.noise
    if sign and sign in text[:_WINDOW]:
        text = noise.sub("", text)
    at, passed, wait = 0, 0, 0
    while (end := text.find("\n\n", at)) >= 0:
        block, at = text[at:end], end + 2
        event = event_of(block)
        if event is None:
            continue
        if passed < wait:
            passed += 1
        elif text.startswith(block[:_HEAD], at):
            parts: list[str] = []
            if (sides := _sides(block, event, operation)) is not None:
                before, after = sides
                parts, at = run(text, at, before, after)
                if parts:
                    event = event_of("".join((block[: len(block) - len(after)], *parts, after))) or event
            passed, wait = 0, 0 if parts else min(2 * wait + 1, MAX_PASSED)
        yield event


def _sides(block: str, event: Event, operation: Operation) -> tuple[str, str] | None:
    """What stands before and after the text that grows in an event; None: none does, or it is not clear which."""
    try:
        value = orjson.loads(event.data)
    except orjson.JSONDecodeError:
        return None
    pointer = operation.grows(value)
    return around(block, pointer, str(at_pointer(value, pointer))) if pointer else None


def around(block: str, pointer: str, text: str) -> tuple[str, str] | None:
    """What stands in an event before and after the inside of a string, which is `text`; None if it is not clear which of its strings that is. block: its lines; their data is JSON."""
    literal = orjson.dumps(text).decode()
    if block.count(literal) != 1 or block.count("data:") != 1:
        return None
    at = block.index(literal) + 1
    before, after = block[:at], block[at + len(literal) - 2 :]
    marked = event_of(f"{before}{_INSIDE}{after}")
    try:
        found = marked is not None and at_pointer(orjson.loads(marked.data), pointer)
    except orjson.JSONDecodeError:  # what looks like it stands between two strings: `","` in `"a","b"`, beside a comma that is spelled `\u002c`
        return None
    return (before, after) if found == _MARK else None


def run(text: str, at: int, before: str, after: str) -> tuple[list[str], int]:
    """The insides of strings in the events that follow one another from `at` on and are `before`, an inside, `after`; and where the last of them ends."""
    found: list[str] = []
    end, begin, size = f"{after}\n\n", len(before), len(before) + len(after) + _WINDOW
    seam, cut, skip = end + before, end[:_CUT], len(end) - _CUT + begin
    while text.startswith(before, at):
        start = at + begin
        whole = text[start : at + size].split(cut)  # a long needle would be prepared anew for each hit
        del whole[-1]  # what follows the last of them is no event's inside
        whole[1:] = [other[skip:] for other in whole[1:]]
        if not (whole and _are_inside(whole) and text.startswith(joined := f"{seam.join(whole)}{end}", start)):
            whole = list(takewhile(is_inside, text[start : at + size].split(seam)[:-1])) if whole else whole
            if not whole:
                stop = text.find(end, start, at + size)
                if stop < 0 or not is_inside(text[start:stop]):
                    break
                whole = [text[start:stop]]
            joined = f"{seam.join(whole)}{end}"
        found += whole
        at = start + len(joined)
        size *= 4
    return found, at


def _are_inside(parts: list[str]) -> bool:
    joined = "".join(parts)
    if not joined.isprintable():
        return all(map(is_inside, parts))
    return ('"' not in joined and "\\" not in joined) or all([is_inside(part) for part in parts if '"' in part or "\\" in part])


def is_inside(part: str) -> bool:
    """Whether it is the inside of a JSON string, whole escapes and pairs of surrogates among it."""
    if _ODD.search(part) is None:
        return True
    try:
        return isinstance(orjson.loads(f'"{part}"'), str)
    except orjson.JSONDecodeError:
        return False


def at_pointer(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer; None: nothing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value
