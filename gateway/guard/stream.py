"""A streamed reply under guard: events in, the same events out as soon as every text in them is decided (laws 1, 2 and 5).

An event waits until no text to come can change what becomes of the text in it. If nothing was found its bytes go out as they came;
otherwise the strings that hold a part of what was found are rewritten, the placeholder standing where it began, and nothing else of the event
changes. Events of one lane (a choice, a content block) keep their order; what the dialect calls free overtakes what waits.

Pure: what must wait for the detector pool is in `asks`; `answer` brings the reply and may release more. What the client has been given
when a rule blocks was decided before; of the text that made it block it has seen nothing, unless the rule judges windows of text, which are
judged as they pass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.dialects.base import Event, Operation
from gateway.dialects.fields import Kind, has_shape
from gateway.dialects.fields_events import EVENT
from gateway.dialects.json_rewrite import WalkedJson
from gateway.dialects.json_walk import JsonWalk
from gateway.dialects.leaves import Edit, Leaf, Unreadable, edited
from gateway.dialects.pieces import FREE, EventReader, Piece, Shape, Whole
from gateway.dialects.sse import parse_event
from gateway.guard.engines import Answer, Ask
from gateway.guard.guess import GuessingReader
from gateway.guard.runs import JsonRun, Run, TextRun
from gateway.guard.scan import Scan
from gateway.guard.windows import Windows

MAX_EVENT_BYTES = 8 << 20
MAX_WAITING_BYTES = 32 << 20
MAX_OUTLINES = 64
_DONE = "[DONE]"
_PLAIN_LINES = (b"event: content_block_", b"event: message_", b"event: ping", b"event: response.", b"event: error")  # of the protocols; what else is beside the data is looked at
_PLAIN_EVENT = re.compile(rb"event: ?[a-z_.]{1,64}")
_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n\r\n|\r\n\n")
_KIND = re.compile(r'"type"\s*:\s*"response\.[a-z_.]+"')
_COUNTING = re.compile(rb'(?<!\\)":\s*[0-9]{1,8}(?=[,}])|(?<=\{"obfuscation":")(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,32}(?=")|(?<=,"obfuscation":")(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,32}(?=")')
_LINES = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


class StreamUnreadable(ValueError):
    """A guard cannot say what this stream says. The message completes "it cannot be checked: ..."."""


@dataclass(slots=True)
class _Place:
    """A part of a run, and the leaf of the event's walk in which it stands; -1: the event is no JSON. start, end: characters of the run."""

    leaf: int
    run: Run
    start: int
    end: int


@dataclass(slots=True)
class _Entry:
    raw: bytes
    event: Event | None
    shape: Shape
    places: list[_Place] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        return all(place.run.decided >= place.end for place in self.places)


class _Held:
    """What waits, as far as it keeps others from going. entries: how many. all: a barrier waits, and nothing passes it."""

    __slots__ = ("all", "any", "entries", "lanes")

    def __init__(self) -> None:
        self.lanes: set[str] = set()
        self.clear()

    def clear(self) -> None:
        self.lanes.clear()
        self.entries, self.all, self.any = 0, False, False

    def add(self, shape: Shape) -> None:
        self.entries += 1
        self.lanes |= shape.lanes
        self.all = self.all or shape.barrier
        self.any = self.any or not shape.free


class GuardedStream:
    """One reply stream. asks: questions that have not been put to the pool yet, each with who takes the answer."""

    def __init__(self, operation: Operation, scan: Scan, *, windows: Windows | None = None, hold_all: bool = False, stopped: Callable[[], bool] = lambda: False) -> None:
        """windows: for detectors that judge whole texts.  hold_all: release nothing before the end (a rule may ask for another reply).
        stopped: a rule has blocked: from then on nothing comes out."""
        self._scan, self._windows, self._hold_all, self._stopped = scan, windows, hold_all, stopped
        reader = operation.reader()
        self._reader = GuessingReader() if type(reader) is EventReader else reader
        self._buffer = b""
        self._entries: list[_Entry] = []
        self._held = _Held()
        self._waiting_bytes = 0
        self._runs: dict[str, Run] = {}  # by channel
        self._open: dict[int, Run] = {}  # undecided, by identity
        self._rewritten: set[str] = set()  # lanes with an edit: their echoes are blanked
        self._clean: set[tuple[str, str]] = set()  # (pointer, text) of small strings that say the same in every event
        self._outlines: dict[bytes, int] = {}  # of events that hold nothing to look at but one fragment -> its leaf
        self._over = False
        self.asks: list[tuple[Ask, Callable[[Answer], None]]] = []
        self._unanswered = 0

    # ------------------------------------------------------------------ in and out

    def push(self, data: bytes) -> bytes:
        """Bytes from the provider; what may go to the client now. Raises StreamUnreadable."""
        buffer = self._buffer + data if self._buffer else data
        start = 0
        while (found := _EVENT_END.search(buffer, start)) is not None:
            end = found.end()
            if buffer[end - 1] == 0x0D and buffer[end : end + 1] == b"\n":
                end += 1
            self._take(buffer[start:end])
            start = end
        self._buffer = buffer[start:]
        if len(self._buffer) > MAX_EVENT_BYTES or self._waiting_bytes > MAX_WAITING_BYTES:
            raise StreamUnreadable("an event in it is longer than a guard can hold")
        return self._advance()

    def finish(self) -> bytes:
        """The provider has ended. An event that was cut off by that is left out: half an event cannot be judged (FAILURES U10)."""
        rest, self._buffer = self._buffer, b""
        if rest.strip():
            event = parse_event(rest)
            if event is None or _value(event) is not None or event.data.strip() == _DONE:
                self._take(rest)
        self._close_all()
        self._over = True
        return self._advance()

    @property
    def pending(self) -> bool:
        """Something still waits: for text, or for an answer."""
        return bool(self._entries) or self._unanswered > 0

    def answered(self, take: Callable[[Answer], None], answer: Answer) -> bytes:
        """The pool's answer to one of `asks`; what may go to the client now."""
        self._unanswered -= 1
        take(answer)
        return self._advance()

    # ------------------------------------------------------------------ events

    def _submit(self, ask: Ask, take: Callable[[Answer], None]) -> None:
        self._unanswered += 1
        self.asks.append((ask, take))

    def _take(self, raw: bytes) -> None:
        """One whole event."""
        self._waiting_bytes += len(raw)
        event = parse_event(raw)
        if event is None:  # comments, blank lines, fields without data
            entry = _Entry(raw, None, FREE)
            self._alone(entry, -1, Leaf("", "", "", raw.decode("utf-8", "replace")), None)
            self._entries.append(entry)
            return
        value = _value(event)
        shape = self._reader.read(event, value)
        entry = _Entry(raw, event, shape)
        outline = _outline(raw, shape)
        if outline is not None and outline in self._outlines:
            self._feed(entry, shape.pieces[0], self._outlines[outline])
            self._close(shape)
            self._entries.append(entry)
            return
        walked = _walked(event.data, value) if value is not None else None
        leaves = walked.leaves if walked is not None else ()
        at = {leaf.pointer: index for index, leaf in enumerate(leaves)}
        named: set[int] = set()
        for piece in shape.pieces:
            leaf_at = at.get(piece.pointer)
            if leaf_at is None:
                raise StreamUnreadable("a text in it stands where none is expected")
            self._feed(entry, piece, leaf_at)
            named.add(leaf_at)
        if walked is None:
            if event.data.strip() != _DONE:
                self._alone(entry, -1, Leaf("", "", "", event.data), None)
        else:
            wholes = {whole.pointer: whole for whole in shape.wholes}
            echoes = tuple(echo.pointer for echo in shape.echoes)
            for index, leaf in enumerate(leaves):
                if index in named:
                    continue
                echoed = bool(echoes) and leaf.pointer.startswith(echoes)
                if not (echoed and has_shape(Kind.ECHOED, leaf.text)):  # more than a token would be
                    self._alone(entry, index, leaf, wholes.get(leaf.pointer), echoed=echoed)
        lines = b"\n".join(line for line in raw.splitlines() if line and not line.startswith((b"data", *_PLAIN_LINES)))
        if lines:
            self._alone(entry, -2, Leaf("/:", "", "", lines.decode("utf-8", "replace")), None)
        if outline is not None and len(entry.places) == 1 and len(self._outlines) < MAX_OUTLINES:
            self._outlines[outline] = entry.places[0].leaf
        self._close(shape)
        self._entries.append(entry)

    def _feed(self, entry: _Entry, piece: Piece, leaf: int) -> None:
        """The next fragment of a growing text."""
        run = self._runs.get(piece.channel)
        if run is None:
            run = self._runs[piece.channel] = self._run(self._scan, is_json=piece.is_json)
        start = run.total
        run.feed(piece.text)
        self._open[id(run)] = run
        entry.places.append(_Place(leaf, run, start, run.total))
        if self._windows is not None:
            self._windows.feed(piece.channel, piece.text, self._submit)

    def _alone(self, entry: _Entry, index: int, leaf: Leaf, whole: Whole | None, *, echoed: bool = False) -> None:
        """A text that is whole in this event."""
        same = (leaf.pointer, leaf.text)
        small = whole is None and len(leaf.text) <= 256
        if small and same in self._clean:
            return
        told = echoed or (whole is not None and whole.channel) or leaf.pointer.startswith("/response/")  # a Responses stream says everything up to four times
        scan = self._scan.again(_kind(entry)) if told else self._scan
        run = self._run(scan, is_json=True) if whole is not None and whole.is_json else self._run(scan, is_json=False, before="" if whole is not None else leaf.before)
        run.feed(leaf.text)
        run.end()
        run.advance()
        if run.decided < run.total:
            self._open[id(run)] = run
        elif not run.replacements:
            if small and len(self._clean) < 1000:
                self._clean.add(same)
            return
        entry.places.append(_Place(index, run, 0, run.total))

    def _run(self, scan: Scan, *, is_json: bool, before: str = "") -> Run:
        return JsonRun(scan, self._submit, before) if is_json else TextRun(scan, self._submit, before)

    def _close(self, shape: Shape) -> None:
        if shape.ends:
            self._close_all()
        for name in shape.closes:
            for channel in [c for c in self._runs if c == name or c.startswith(name + "/")]:
                self._end(channel)

    def _close_all(self) -> None:
        for channel in list(self._runs):
            self._end(channel)

    def _end(self, channel: str) -> None:
        """What comes later under this name is a new text."""
        self._runs.pop(channel).end()
        if self._windows is not None:
            self._windows.end(channel, self._submit)

    # ------------------------------------------------------------------ release

    def _advance(self) -> bytes:
        """Decide what can be decided, and give what may go."""
        moved = self._over or self._windows is not None
        for key, run in list(self._open.items()):
            before = run.decided
            run.advance()
            moved = moved or run.decided != before
            if run.decided == run.total:
                del self._open[key]
        if self._stopped():
            self._entries.clear()
            return b""
        if self._hold_all and not (self._over and self._unanswered == 0):
            return b""
        if moved:
            self._held.clear()
        out: list[bytes] = []
        held = self._held
        entries, at = self._entries, held.entries  # those before have been found waiting, and nothing has moved since
        kept = entries[:at]
        for entry in entries[at:]:
            shape = entry.shape
            ready = entry.decided
            if self._windows is not None and self._unanswered and (shape.ends or shape.closes & shape.lanes):
                ready = False  # it says that a text is over, and a judgement of its last window is owed
            if ready and not shape.free:
                ready = not held.all and not (held.any if shape.barrier else held.lanes & shape.lanes)
            if ready:
                out.append(self._spelled(entry))
                self._waiting_bytes -= len(entry.raw)
            else:
                kept.append(entry)
                held.add(shape)
        if out:
            self._entries = kept
        return out[0] if len(out) == 1 else b"".join(out)

    def _spelled(self, entry: _Entry) -> bytes:
        """The event as it may be seen."""
        edits: dict[int, list[Edit]] = {}
        for place in entry.places:
            found = [_cut(r.start, r.end, r.by, place) for r in _within(place.run.replacements, place)]
            if found:
                edits[place.leaf] = found
        if edits:
            self._rewritten |= entry.shape.lanes
        blank = [echo.pointer for echo in entry.shape.echoes if echo.lane in self._rewritten]
        if not edits and not blank:
            return entry.raw
        if entry.event is None:
            return edited(entry.raw.decode("utf-8", "replace"), tuple(edits[-1])).encode()
        raw = entry.raw
        if edits.pop(-2, None):  # an id or a comment, which the event does without
            raw = b"".join(line for line in raw.splitlines(keepends=True) if line.startswith(b"data") or _PLAIN_EVENT.fullmatch(line.strip()) or not line.strip())
            if not edits and not blank:
                return raw
        data = edited(entry.event.data, tuple(edits[-1])) if -1 in edits else _rewritten(entry.event.data, edits, blank)
        return _with_data(raw, data)


def _kind(entry: _Entry) -> str:
    """What the event calls itself."""
    assert entry.event is not None
    return entry.event.name or (_KIND.search(entry.event.data) or [""])[0] or "again"


def _within(replacements: list[Edit], place: _Place) -> Iterator[Edit]:
    """Those that touch the place. They are in order and apart."""
    for index in range(bisect_right(replacements, place.start, key=lambda each: each.end), len(replacements)):
        if replacements[index].start >= place.end:
            return
        yield replacements[index]


def _cut(start: int, end: int, by: str, place: _Place) -> Edit:
    """The part of a replacement that falls into a place: the placeholder stands where the replaced text begins."""
    begins = start >= place.start
    return Edit(max(start, place.start) - place.start, min(end, place.end) - place.start, by if begins else "")


def _outline(raw: bytes, shape: Shape) -> bytes | None:
    """The event without its one fragment, and without what counts up from event to event; None if there is more to look at.

    Most events of a stream differ in nothing else. An event whose outline was found clean is the same JSON around another fragment: the literal
    that is cut out stands once, and what is left parses to the same state before it, so it stands in the same place.
    """
    if len(shape.pieces) != 1 or shape.wholes or shape.echoes:
        return None
    literal = orjson.dumps(shape.pieces[0].text)
    if raw.count(literal) != 1:
        return None
    before, _, after = raw.partition(literal)
    return _COUNTING.sub(b'":0', before + b"\0" + after)


def _walked(data: str, value: Any) -> WalkedJson:
    walk = JsonWalk(data.encode("utf-8", "surrogatepass"), EVENT)
    try:
        for _ in walk.steps(value):
            pass
    except Unreadable as e:
        raise StreamUnreadable(str(e)) from e
    return walk.done()


def _rewritten(data: str, edits: dict[int, list[Edit]], blank: list[str]) -> str:
    """The event's JSON with strings edited and echoes emptied; every other byte stays."""
    return _walked(data, _parsed(data)).rewrite({index: tuple(each) for index, each in edits.items()}, blank).decode()


def _value(event: Event) -> Any:
    """The event's data as a JSON object or array, None if it is none."""
    value = _parsed(event.data)
    return value if isinstance(value, dict | list) else None


def _parsed(data: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _with_data(raw: bytes, data: str) -> bytes:
    """The event with other data: its other lines stay, line ends included."""
    out: list[str] = []
    written = False
    for match in _LINES.finditer(raw.decode("utf-8", "replace")):
        line, ending = match[1], match[2]
        if line == "data" or line.startswith("data:"):
            if not written:
                out += [f"data: {part}{ending or chr(10)}" for part in data.split("\n")]
                written = True
        else:
            out.append(line + ending)
    return "".join(out).encode()

