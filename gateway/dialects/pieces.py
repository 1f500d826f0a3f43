"""What the guard must know of one event of a streamed reply: which texts grow in it, and what may overtake what.

A dialect gives a stateful `EventReader` per stream (`Operation.reader`): compatible servers send tool fragments without index or id, and only
what came before says which call they belong to. State is a few names per choice, never text.

A string of an event that no Piece, Whole or Echo names is a text of its own: the guard walks the event's leaves and checks each alone.
So an event that nobody understands is still checked, only not joined with its neighbours; `FREE` says just that.

Rules of the readers: no I/O, no clock, never raise on an odd value; a name of a channel never depends on how the provider cut its deltas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gateway.dialects.base import Event


@dataclass(frozen=True, slots=True)
class Piece:
    """The next fragment of a growing text. Pieces of one channel, in order of events and within `Shape.pieces`, join to the whole text.

    channel: "choices/0/content", "content/2/partial_json", "output/0/content/1/text"; begins with its lane and a slash.
    lane: events of one lane keep their order ("choices/0", "content/2", "output/0", "candidates/0").
    pointer: RFC 6901, the fragment's string in the event's JSON; several pieces of an event never share one.
    text: what stands there, decoded; never "".
    is_json: the joined text is JSON (tool arguments), so its words are inside strings with escapes.
    chain: channels that a reader sees as one text, one after the other (the text blocks of a message); "": only this one. A channel joins its
        chain if the one before it was closed when it began.
    apart: nobody knows whether the fragments are one text: each is looked at by itself, too.
    """

    channel: str
    lane: str
    pointer: str
    text: str
    is_json: bool = False
    chain: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A string that says a whole text at once, usually one that pieces have said before: judged from its first to its last character.

    channel: of the pieces it repeats, "" if none is known.  chain: theirs.
    """

    pointer: str
    channel: str
    is_json: bool = False
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Echo:
    """A value that spells a text again in a way that cannot be edited (tokens and their bytes, alternatives).

    pointer: an array, an object or a string of the event's JSON. To blank it is to put [], {} or "" there; that wins over any edit inside it.
    lane: blanked from the first rewrite of any text of this lane on, in that event and in all later ones: servers report tokens late.
    """

    pointer: str
    lane: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One event, as the guard sees it.

    lanes: which it belongs to, those of its pieces included.
    closes: lanes, or single channels, that seem to end with this event; its own pieces still belong to them.
        A provider may go on with a closed channel all the same (it thinks, begins to answer, and thinks again; some say in every chunk why they finish).
    seals: the protocol has no way to go on with what it closes: all of it can be decided now.
    barrier: it keeps its order with every other event that is not free: nothing passes it, and it passes nothing.
    ends: a barrier with which every channel ends ([DONE], message_stop, response.completed, an error).
    free: it may overtake whatever is held back (pings, unknown events); then there are no pieces, wholes, echoes and lanes.
    unreadable: why nobody can say what a client makes of it (it goes on with what the protocol has ended); "": it is clear.
    """

    pieces: tuple[Piece, ...] = ()
    lanes: frozenset[str] = frozenset()
    closes: frozenset[str] = frozenset()
    barrier: bool = False
    ends: bool = False
    free: bool = False
    wholes: tuple[Whole, ...] = ()
    echoes: tuple[Echo, ...] = ()
    seals: bool = False
    unreadable: str = ""


FREE = Shape(free=True)
BARRIER = Shape(barrier=True)
END = Shape(barrier=True, ends=True)


class EventReader:
    """Reads the events of one stream in their order. This base understands nothing: every event is free.

    steady: events that differ in one fragment alone have the same shape but for that.  retells: its Wholes say again what pieces have said.
    """

    steady = True
    retells = False

    def read(self, event: Event, value: Any) -> Shape:
        """value: the event's data as decoded JSON, None if it is none. Never raises."""
        return FREE
