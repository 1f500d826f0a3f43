"""What may grow in events that nobody knows: the strings at one place in successive events are looked at as one text, and each by itself.

Nobody knows either whether events with different `index` belong to one text, so each place is read twice, once by its index and once without.
A string that is the same in every event, or looks like an id or a time, grows in nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gateway.dialects.base import Event
from gateway.dialects.fields import Kind, has_shape
from gateway.dialects.fields_events import says_nothing
from gateway.dialects.lenient import index, obj
from gateway.dialects.pieces import END, FREE, EventReader, Piece, Shape
from gateway.dialects.shapes import is_id, is_name
from gateway.dialects.texts import escaped

LANE, BESIDE = "?", "?beside"
MAX_PLACES = 200  # strings that are followed at once
MAX_INDICES = 64  # of one place
COUNTED = 6  # events with an index of their own each, after which it is taken for a number of the event
MISSED, MISSED_INDEX = 8, 64  # events with other text after which a place, or a place of one index, has ended
_CONSTANT = 12  # characters: a shorter fragment may be said twice
_NO_TEXT = re.compile(r"(?i)(?:.*[_.-])?(?:id|uuid|guid|ts|time|timestamp|date|hash|etag|nonce|seq|cursor|created|updated|created_at|updated_at|total_duration)|.*(?:Id|At|Time)")
_TIME = re.compile(r"(?=[^:]*+[T: -])[0-9T][0-9TZ:.,+ -]{3,39}|[0-9.]{1,19}")
_CALLED = ("type", "event", "object")  # what an event is called
_PING = re.compile(r"(?i)ping|heart.?beat|keep.?alive")
_INDICES = ("index", "choice", "choice_index", "candidate", "candidate_index", "output_index", "content_index", "block", "block_index", "stream")


def is_mark(key: str, text: str) -> bool:
    """Whether a string is the id or the time that its key says it is."""
    return _NO_TEXT.fullmatch(key) is not None and (_TIME.fullmatch(text) is not None or is_id(text))


def strings(value: Any, pointer: str, name: str = "") -> Iterator[tuple[str, str, str, str]]:
    """The strings of a value: pointer, the same with an array's elements named by their own index, key, text. Never recurses."""
    waiting = [(value, pointer, name, "")]
    while waiting:
        item, at, called, key = waiting.pop()
        if isinstance(item, str):
            if item:
                yield at, called, key, item
        elif isinstance(item, dict):
            waiting += [(child, f"{at}/{escaped(name)}", f"{called}/{escaped(name)}", name) for name, child in reversed(item.items())]
        elif isinstance(item, list):
            for number in range(len(item) - 1, -1, -1):
                given = index(obj(item[number]).get("index"))
                waiting.append((item[number], f"{at}/{number}", f"{called}/{number if given is None else given}", key))


class UnknownReader(EventReader):
    """Of events that are none of a known protocol's. alone: the stream has no others, so these keep their order; else what has no text is free."""

    steady = False

    def __init__(self, *, alone: bool = True) -> None:
        self._alone = alone
        self._first: dict[str, str | None] = {}  # by place: its text, while it has been the same in every event
        self._indices: dict[str, set[str]] = {}  # by place
        self._turning: set[str] = set()  # places of which an index came back: texts that take turns
        self._over: set[str] = set()  # channels that were given up
        self._missed: dict[str, int] = {}  # by channel: events with text since it had some

    def read(self, event: Event, value: Any) -> Shape:
        if value is None:
            if not event.data:  # a space is a part of a text: what stands around it is two words
                return FREE
            if event.data.startswith("[DONE]"):
                return END
            said = [("", "", "", event.data)]
        else:
            said = list(strings(value, ""))
        pieces = list(self._pieces(event, value, said))
        if not pieces:
            kind = obj(value).get("type") or obj(value).get("event") or event.name
            return Shape(lanes=frozenset((LANE,))) if self._alone and not (isinstance(kind, str) and _PING.search(kind)) else FREE
        closes, self._over = self._over, set()
        for channel, missed in list(self._missed.items()):
            self._missed[channel] = missed + 1
            if missed >= (MISSED_INDEX if "#" in channel else MISSED):
                closes.add(channel)
                del self._missed[channel]
        self._missed |= {piece.channel: 0 for piece in pieces}
        return Shape(tuple(pieces), frozenset((LANE,)), frozenset(closes - self._missed.keys()), seals=True)

    def _pieces(self, event: Event, value: Any, said: list[tuple[str, str, str, str]]) -> Iterator[Piece]:
        numbers = "/".join(str(given) for given in (index(obj(value).get(name)) for name in _INDICES) if given is not None)
        for pointer, name, key, text in said:
            if says_nothing(key, text) or is_mark(key, text) or (key in _CALLED and is_name(text)):
                continue
            first = self._first.get(name, text if len(self._first) < MAX_PLACES else None)
            if name not in self._first:
                if len(self._first) >= MAX_PLACES:
                    continue
                self._first[name] = text
            elif first != text:
                self._first[name] = None
            elif len(text) >= _CONSTANT or (text.isalpha() and len(text) > 1):
                continue
            channel = f"{LANE}{event.name}{name}"
            yield Piece(channel, LANE, pointer, text, apart=True)
            if numbers and self._takes_turns(name, channel, numbers):
                yield Piece(f"{channel}#{numbers}", LANE, pointer, text, apart=True)

    def _takes_turns(self, name: str, channel: str, numbers: str) -> bool:
        """Whether the index may say to which text a string belongs, and not only count."""
        known = self._indices.setdefault(name, set())
        if numbers in known:
            self._turning.add(name)
            return True
        if len(known) > MAX_INDICES or (name not in self._turning and len(known) >= COUNTED):
            if name not in self._turning:
                self._over |= {f"{channel}#{number}" for number in known}
                for gone in self._over:
                    self._missed.pop(gone, None)
            return False
        known.add(numbers)
        return True


class Beside:
    """Strings of a known protocol's events that no Piece names: what differs from event to event at one place may grow there.

    Such a text is held no longer than until an event comes that does not go on with it, or a server that says something odd would be slowed down.
    """

    def __init__(self) -> None:
        self._last: dict[str, str] = {}  # by place: its text
        self._varied: set[str] = set()  # places where it was not always the same
        self._spoke: set[str] = set()  # channels, in the last event
        self._speaks: set[str] = set()  # in this one

    def piece(self, pointer: str, text: str) -> Piece | None:
        """The next fragment of what grows at this place, if anything does."""
        if pointer.endswith("~") or "#" in pointer or pointer.startswith("/response/"):  # keys, JSON in strings; what was told before
            return None
        key = pointer.rpartition("/")[2]
        if is_mark(key, text) or (len(text) >= _CONSTANT and is_id(text)) or (key == "name" and is_name(text)):
            return None
        if pointer == "/p" and has_shape(Kind.NOISE, text):  # Mistral's padding
            return None
        if pointer not in self._last:
            if len(self._last) >= MAX_PLACES:
                return None
        elif self._last[pointer] != text:
            self._varied.add(pointer)
        elif pointer not in self._varied or (len(text) > 2 and not any(map(str.isdigit, text))):
            return None  # a number may be said in equal parts, words hardly are
        self._last[pointer] = text
        channel = f"{BESIDE}{pointer}"
        self._speaks.add(channel)
        return Piece(channel, BESIDE, pointer, text, apart=True)

    def over(self) -> set[str]:
        """After each event: the channels with which it did not go on."""
        if not (self._spoke or self._speaks):
            return self._spoke
        over, self._spoke, self._speaks = self._spoke - self._speaks, self._speaks, set()
        return over
