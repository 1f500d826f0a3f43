"""Server-sent events: read a stream into events, and take one frame out of a stream that is being relayed.

Two readers of one grammar, the event stream of the WHATWG HTML standard (section 9.2.6): lines end in CR LF, LF or CR; a blank line
dispatches; an event without a `data` field is none; what follows the last blank line was never dispatched.

`events` works on a whole recorded body, in the record plane. `UsageFrameFilter` works on the wire, in the data plane: it never decodes
what it lets pass, so those bytes stay as they came, invalid UTF-8 included (law 1), and its output does not depend on how they were cut.

Deliberately absent: `id` and `retry`, which only matter to a client that reconnects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from gateway.dialects.base import Event

MAX_HELD_BYTES = 8 << 20  # an event longer than this is relayed unseen

BLANK = b"\xef\xbb\xbf \t\r\n\f\v"
_HEAD_BYTES = 64 * 1024
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")  # how an event stream begins, whatever its content type says
_DATA_LINE = re.compile(rb"(?:^|[\r\n])(?:\xef\xbb\xbf)?data:")
_EVENT_END = re.compile(rb"(?>\r\n|\r|\n)[\r\n]")  # up to the first byte of the blank line's own ending
# `"choices": []`, also when it is spread over data lines. Nobody writes the key with escapes or a comment between, so that is not looked for.
_NO_CHOICES = re.compile(rb'"choices"[\s:dat]*\[[\s:dat]*\]')
_LINE_ENDS = b"\r\n"


def is_framed(body: bytes) -> bool:
    """Whether a body is made of events, whatever it calls itself: it begins like one, or has data among its first lines. The one rule, on the wire and at rest."""
    head = body[:_HEAD_BYTES]
    return head.lstrip(BLANK).startswith(_FIELDS) or (b"data:" in head and _DATA_LINE.search(head) is not None)


def events(data: bytes) -> Iterator[Event]:
    """Yield the events of a stream, whole or cut off anywhere. Never raises; invalid UTF-8 becomes U+FFFD in the events."""
    text = lines_of(data)
    start = 0
    while (end := text.find("\n\n", start)) >= 0:
        event = event_of(text[start:end])
        if event is not None:
            yield event
        start = end + 2


def parse_event(raw: bytes) -> Event | None:
    """One event from its bytes, its blank line included or not; None if it has no data field."""
    return event_of(lines_of(raw))


def lines_of(data: bytes) -> str:
    """A stream as text whose lines end in LF: a byte that is no UTF-8 is one U+FFFD, a BOM at its beginning is left out."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def event_of(block: str) -> Event | None:
    """One event from its lines, separated by LF; None if there is no data field among them."""
    if block.startswith("data: ") and "\n" not in block:  # as nearly all are
        return Event("", block[6:])
    name, data = "", []
    for line in block.split("\n"):
        if line.startswith("data:"):
            data.append(line[6:] if line.startswith(" ", 5) else line[5:])
        elif line.startswith("event:"):
            name = line[7:] if line.startswith(" ", 6) else line[6:]
        elif line == "data":
            data.append("")
        elif line == "event":
            name = ""
    return Event(name, "\n".join(data)) if data else None


class UsageFrameFilter:
    """Takes the usage-only frame out of an OpenAI stream whose client did not ask for it.

    That frame is an event whose JSON has `choices: []` and an object as `usage`. Every other byte comes out as it went in: an event that
    is complete in what was pushed at once, an incomplete one when its end arrives, when it outgrows MAX_HELD_BYTES, or at `finish`.
    """

    __slots__ = ("_after_cr", "_held", "_kept", "_passing")

    def __init__(self) -> None:
        self._held = bytearray()  # the start of an event whose end has not arrived
        self._passing = False  # inside an event that outgrew the limit
        self._after_cr = False  # the last event ended in CR: an LF that comes next is part of it
        self._kept = True  # whether that event was passed on

    def push(self, chunk: bytes) -> bytes:
        """Take bytes from the provider, give back those that may go to the client now."""
        held = self._held
        if not chunk:
            return b""
        if not self._after_cr and not self._passing:
            if held and b"\r" not in chunk and b"\n\n" not in held[-1:] + chunk:  # nothing of it can go: it costs its own length, not that of what is held
                held += chunk
                return self._overflow() if len(held) > MAX_HELD_BYTES else b""
            if b"\r" not in chunk and b"\r" not in held:
                return self._push_plain(bytes(held) + chunk)
        return self._push_any(chunk)

    def _push_plain(self, data: bytes) -> bytes:
        """Where lines end in LF only, as nearly all do, whole events are found with `find`."""
        last = data.rfind(b"\n\n")
        cut = 0 if last < 0 else last + 2
        self._held[:] = data[cut:]
        out: list[bytes] = []
        start = look = 0
        while found := _NO_CHOICES.search(data, look, cut):
            before = data.rfind(b"\n\n", start, found.start())
            begin = start if before < 0 else before + 2
            look = data.index(b"\n\n", found.end() - 1, cut) + 2
            event = data[begin:look]
            if len(event) <= MAX_HELD_BYTES and _is_usage_only(event):
                out.append(data[start : look - len(event.lstrip(b"\n"))])
                start = look
        out.append(data[start:cut])
        if len(self._held) > MAX_HELD_BYTES:
            out.append(self._overflow())
        return out[0] if len(out) == 1 else b"".join(out)

    def _push_any(self, chunk: bytes) -> bytes:
        """Any mixture of line ends, and what follows an event that was too long to hold."""
        held = self._held
        at = max(0, len(held) - 2)  # the end of an event may straddle the cut
        held += chunk
        out: list[bytes] = []
        start = 0
        if self._after_cr:
            self._after_cr = False
            if held[0] == 0x0A:
                start = at = 1
                if self._kept:
                    out.append(b"\n")
        while found := _EVENT_END.search(held, at):
            end = found.end()
            event = bytes(held[start:end])
            self._kept = self._passing or len(event) > MAX_HELD_BYTES or not _is_usage_only(event)
            self._passing = False
            out.append(event if self._kept else event[: len(event) - len(event.lstrip(_LINE_ENDS))])
            if event.endswith(b"\r"):
                if end == len(held):
                    self._after_cr = True
                elif held[end] == 0x0A:
                    end += 1
                    if self._kept:
                        out.append(b"\n")
            start = at = end
        del held[:start]
        if self._passing or len(held) > MAX_HELD_BYTES:
            out.append(self._overflow())
        return b"".join(out)

    def _overflow(self) -> bytes:
        """Give up holding this event: what of it can go. Line ends stay, or the blank line that ends it could not be seen."""
        held, self._passing = self._held, True
        body = len(held.rstrip(_LINE_ENDS))
        going = bytes(held[:body])
        del held[:body]
        return going

    @property
    def idle(self) -> bool:
        """Whether nothing is held, and nothing of what has passed bears on what follows."""
        return not (self._held or self._after_cr or self._passing)

    def finish(self) -> bytes:
        """The provider's stream has ended: give back what was held."""
        rest = bytes(self._held)
        self._held.clear()
        return rest


def _is_usage_only(event: bytes) -> bool:
    if _NO_CHOICES.search(event) is None:
        return False
    read = parse_event(event)
    if read is None:
        return False
    try:
        frame = orjson.loads(read.data)
    except orjson.JSONDecodeError:
        return False
    return isinstance(frame, dict) and frame.get("choices") == [] and isinstance(frame.get("usage"), dict)
