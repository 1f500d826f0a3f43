"""What is held of a stream: its events, where in each of them parts of texts stand, and how such an event is spelled once they are decided.

An event in which nothing was found is spelled as it came, byte for byte.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.dialects.base import Event
from gateway.dialects.fields_events import EVENT
from gateway.dialects.json_rewrite import WalkedJson
from gateway.dialects.json_walk import JsonWalk
from gateway.dialects.leaves import Edit, edited
from gateway.dialects.pieces import Shape
from gateway.guard.frames import Framing, value_of, without_odd_lines
from gateway.guard.runs import Run

_KIND = re.compile(r'"type"\s*:\s*"response\.[a-z_.]+"')
DATA, ODD = -1, -2  # leaves of what is no JSON: the event's data, and its lines that are no data


@dataclass(slots=True)
class Place:
    """A part of a run, start to end in characters of the run, and the leaf of the event's walk in which it stands, from `at` on."""

    leaf: int
    run: Run
    start: int
    end: int
    at: int = 0


@dataclass(slots=True)
class Entry:
    """One event. waits: how many of its places are not decided.  order: its number in the stream; -1: it is not held."""

    raw: bytes
    event: Event | None
    shape: Shape
    places: list[Place] = field(default_factory=list)
    waits: int = 0
    order: int = -1

    @property
    def kind(self) -> str:
        """What it calls itself; it has been read."""
        assert self.event is not None
        return self.event.name or (_KIND.search(self.event.data) or [""])[0] or "again"

    @property
    def undecided(self) -> bool:
        return any(place.run.decided < place.end for place in self.places)


def spelled(entry: Entry, framing: Framing, rewritten: set[str], *, cut: bool = False) -> bytes:
    """The event as it may be seen. rewritten: lanes with an edit, whose echoes are blanked; grows.  cut: what is not decided is left out."""
    if not cut and not entry.shape.echoes:
        for place in entry.places:
            if place.run.replacements:
                break
        else:
            return entry.raw
    edits: dict[int, list[Edit]] = {}
    for place in entry.places:
        found = [_cut(each, place) for each in _within(place.run.replacements, place)]
        if cut and place.run.decided < place.end:
            found.append(Edit(max(place.run.decided, place.start) - place.start + place.at, place.end - place.start + place.at, ""))
        if found:
            edits[place.leaf] = _merged(edits[place.leaf] + found) if place.leaf in edits else found
    if edits:
        rewritten |= entry.shape.lanes
    blank = [echo.pointer for echo in entry.shape.echoes if echo.lane in rewritten]
    if not edits and not blank:
        return entry.raw
    event = entry.event or framing.parse(entry.raw)  # one that was recognised has not been read
    if event is None:
        return edited(entry.raw.decode("utf-8", "replace"), tuple(edits[DATA])).encode()
    raw = entry.raw
    if edits.pop(ODD, None):  # an id or a comment, which the event does without
        raw = without_odd_lines(raw)
        if not edits and not blank:
            return raw
    data = edited(event.data, tuple(edits[DATA])) if DATA in edits else _rewritten(event.data, edits, blank)
    return framing.with_data(raw, data)


def walked(data: str, value: object) -> WalkedJson:
    """The event's JSON taken apart. Raises Unreadable."""
    walk = JsonWalk(data.encode("utf-8", "surrogatepass"), EVENT)
    for _ in walk.steps(value):
        pass
    return walk.done()


def untold(pointers: tuple[str, ...], told: int) -> int:
    """How many of an event's pictures and the like have not come before: the last event of a Responses stream holds again what its items held. told: so many have."""
    again = sum(pointer.startswith("/response/") for pointer in pointers)
    return len(pointers) - again + max(0, again - told)


def _rewritten(data: str, edits: dict[int, list[Edit]], blank: list[str]) -> str:
    """The event's JSON with strings edited and echoes emptied; every other byte stays."""
    return walked(data, value_of(data)).rewrite({index: tuple(each) for index, each in edits.items()}, blank).decode()


def _within(replacements: list[Edit], place: Place) -> Iterator[Edit]:
    """Those that touch the place. They are in order and apart."""
    for index in range(bisect_right(replacements, place.start, key=lambda each: each.end), len(replacements)):
        if replacements[index].start >= place.end:
            return
        yield replacements[index]


def _cut(edit: Edit, place: Place) -> Edit:
    """The part of a replacement that falls into a place, in characters of its leaf: the placeholder stands where the replaced text begins."""
    moved = place.at - place.start
    return Edit(max(edit.start, place.start) + moved, min(edit.end, place.end) + moved, edit.by if edit.start >= place.start else "")


def _merged(edits: list[Edit]) -> list[Edit]:
    """Edits of one leaf that may overlap, because it was looked at as a part of several texts: in order and apart, the first word of each heap wins."""
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
        if merged and edit.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Edit(last.start, max(last.end, edit.end), last.by or edit.by)
        else:
            merged.append(edit)
    return merged
