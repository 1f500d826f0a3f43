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
from gateway.dialects.pieces import BARRIER, FREE, EventReader, Piece, Shape, Whole
from gateway.dialects.sse import parse_event
from gateway.guard.engines import Answer, Ask
from gateway.guard.frames import DONE, EVENT_END, leniently, looks_like_json, odd_lines, value_of, with_data, without_odd_lines
from gateway.guard.guess import GuessingReader
from gateway.guard.runs import JsonRun, Run, TextRun
from gateway.guard.scan import Scan
from gateway.guard.windows import Windows

MAX_EVENT_BYTES = 8 << 20
MAX_WAITING_BYTES = 32 << 20
MAX_OUTLINES = 64
MAX_CHANNELS = 2000  # open at once
MAX_SEAMS = 2000
_KIND = re.compile(r'"type"\s*:\s*"response\.[a-z_.]+"')
_COUNTING = re.compile(rb'(?<!\\)":\s*[0-9]{1,8}(?=[,}])|(?<=\{"obfuscation":")(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,32}(?=")|(?<=,"obfuscation":")(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,32}(?=")')


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
        self._channels: dict[str, str] = {}  # of each of them, the channel that spoke last
        self._seams: dict[str, tuple[str, str]] = {}  # of texts that were taken for ended: what stood before their open end, and that end
        self._open: dict[int, Run] = {}  # undecided, by identity
        self._stirred: dict[int, Run] = {}  # of those: fed, ended or answered since they were looked at
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
        try:
            while (found := EVENT_END.search(buffer, start)) is not None:
                self._take(buffer[start : found.end()])
                start = found.end()
        finally:
            self._buffer = buffer[start:]  # with the event that could not be read, see `unread`
        if len(self._buffer) > MAX_EVENT_BYTES or self._waiting_bytes > MAX_WAITING_BYTES:
            raise StreamUnreadable("an event in it is longer than a guard can hold")
        return self._advance()

    def finish(self) -> bytes:
        """The provider has ended. An event that was cut off by that is left out: half an event cannot be judged (FAILURES U10)."""
        rest = self._buffer
        event = parse_event(rest) if rest.strip() else None
        if rest and not rest.strip():
            self._entries.append(_Entry(rest, None, BARRIER))
        elif rest and (event is None or not looks_like_json(event.data) or value_of(event.data) is not None or leniently(event) is not None):
            self._take(rest)
        self._buffer = b""
        self._close_all()
        self._over = True
        return self._advance()

    def unread(self) -> bytes:
        """After StreamUnreadable, for whose rules let it pass: all that has come and not been given out, in its order and as it came. It is then gone from here."""
        held = [entry.raw for entry in self._entries]
        held.append(self._buffer)
        self._entries, self._buffer = [], b""
        return b"".join(held)

    @property
    def pending(self) -> bool:
        """Something still waits: for text, or for an answer."""
        return bool(self._entries) or self._unanswered > 0

    def answered(self, take: Callable[[Answer], None], answer: Answer) -> bytes:
        """The pool's answer to one of `asks`; what may go to the client now."""
        self._unanswered -= 1
        take(answer)
        self._stirred.update(self._open)
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
        value = value_of(event.data)
        if value is None and looks_like_json(event.data):
            event = leniently(event) or event
            value = value_of(event.data)
            if value is None and getattr(self._scan, "strict", False):
                raise StreamUnreadable("an event in it is no JSON")
        shape = self._reader.read(event, value)
        if shape.free and value is None:  # nobody knows what it says, so it keeps its place
            shape = BARRIER
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
            if leaf_at is not None:  # else its field is declared as no text, and it has that shape
                self._feed(entry, piece, leaf_at)
                named.add(leaf_at)
        if walked is None:
            if event.data.strip() != DONE:
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
        lines = odd_lines(raw)
        if lines:
            self._alone(entry, -2, Leaf("/:", "", "", lines), None)
        if outline is not None and len(entry.places) == 1 and len(self._outlines) < MAX_OUTLINES:
            self._outlines[outline] = entry.places[0].leaf
        self._close(shape)
        self._entries.append(entry)

    def _feed(self, entry: _Entry, piece: Piece, leaf: int) -> None:
        """The next fragment of a growing text."""
        name = piece.chain or piece.channel
        run = self._runs.get(name)
        if run is None:
            if len(self._runs) >= MAX_CHANNELS:
                raise StreamUnreadable("more texts grow in it at once than a guard can hold")
            before, given = self._seams.pop(name, ("", ""))
            run = self._runs[name] = JsonRun(self._scan, self._submit) if piece.is_json else TextRun(self._scan, self._submit, before, given=given)
        self._channels[name] = piece.channel
        start = run.total
        run.feed(piece.text)
        self._open[id(run)] = self._stirred[id(run)] = run
        entry.places.append(_Place(leaf, run, start, run.total))
        if self._windows is not None:
            self._windows.feed(name, piece.text, self._submit)

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
        """What is said to be over is, if the protocol has no way back to it, or if nothing that can be split stands at its end: else it is held."""
        if shape.ends:
            self._close_all()
        for closed in shape.closes:
            for name in [each for each, channel in self._channels.items() if channel == closed or channel.startswith(closed + "/")]:
                run = self._runs[name]
                if not shape.seals:
                    run.advance()
                if shape.seals or run.harmless():
                    self._end(name)

    def _close_all(self) -> None:
        for name in list(self._runs):
            self._end(name)

    def _end(self, name: str) -> None:
        """What comes later under this name is a new text, but one that is checked together with the end of this."""
        run = self._runs.pop(name)
        del self._channels[name]
        seam = run.seam()
        if seam[1] and not self._over:
            if len(self._seams) >= MAX_SEAMS:
                del self._seams[next(iter(self._seams))]
            self._seams[name] = seam
        run.end()
        if run.decided < run.total:
            self._open[id(run)] = self._stirred[id(run)] = run
        if self._windows is not None:
            self._windows.end(name, self._submit)

    # ------------------------------------------------------------------ release

    def _advance(self) -> bytes:
        """Decide what can be decided, and give what may go."""
        moved = self._over or self._windows is not None
        stirred, self._stirred = self._stirred, {}
        for key, run in stirred.items():
            before = run.decided
            run.advance()
            moved = moved or run.decided != before
            if run.decided == run.total:
                self._open.pop(key, None)
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
            raw = without_odd_lines(raw)
            if not edits and not blank:
                return raw
        data = edited(entry.event.data, tuple(edits[-1])) if -1 in edits else _rewritten(entry.event.data, edits, blank)
        return with_data(raw, data)


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
    return _walked(data, value_of(data)).rewrite({index: tuple(each) for index, each in edits.items()}, blank).decode()
