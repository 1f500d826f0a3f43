"""A JSON body taken apart, as `json_walk` leaves it: where each leaf stands, and how the body reads with some of them edited.

Only here are literals looked for in the bytes, by their order (json_text). Pure.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from gateway.dialects import json_text
from gateway.dialects.fields import is_plain
from gateway.dialects.json_text import Span
from gateway.dialects.leaves import Echo, Edit, Walked, edited
from gateway.dialects.texts import escaped

NUMBER, KEY, INNER, CODED = range(4)
_PAUSE_CHARS = 1 << 18  # spelled between two pauses


class Place(NamedTuple):
    """Where a leaf stands: which literal (or number) in the order of the text; in which body inside it, whose leaves begin at `first` of ours."""

    what: int
    at: int
    inner: Walked | None = None
    first: int = 0
    before: str = ""  # of base64: what precedes it in the literal
    altchars: bytes = b"+/"


class Repeat(NamedTuple):
    """An echo, the ordinal of its key's literal, its value."""

    echo: Echo
    key: int
    value: Any


class WalkedJson(Walked):
    """A JSON body taken apart."""

    __slots__ = ("_data", "_declared", "_places", "_repeats", "_spelled", "_tables", "_within")

    def remember(
        self, data: bytes, places: list[int | Place], repeats: list[Repeat], within: list[tuple[Walked, int]], declared: int, tables: tuple[list[Span], list[Span]] | None = None
    ) -> None:
        """What the walk knows. places: of each leaf; a number is the whole of that literal.

        within: what was handed out through a walk of its own, and the characters of its string.  declared: characters of strings that are no text.  tables: where the literals are, if that is known.
        """
        self._data, self._places, self._repeats, self._within, self._declared, self._tables = data, places, repeats, within, declared, tables
        self._spelled: dict[int, tuple[tuple[Edit, ...], bytes]] = {}  # leaves' literals as edited, by what is edited

    def prepare(self, edits: Mapping[int, tuple[Edit, ...]]) -> Iterator[None]:
        data = self._data
        if len(data) <= json_text.LIGHT_BYTES:
            return
        if self._tables is None:
            self._tables = yield from json_text.located(data)
        left = _PAUSE_CHARS
        for index, changes in edits.items():
            place = self._places[index]
            if changes and isinstance(place, int):
                start, end = self._tables[0][place]
                text = edited(self.leaves[index].text, changes)
                self._spelled[index] = changes, (yield from json_text.literal_steps(text, data[start:end]))
                left -= len(text) + 64
                if left < 0:
                    left = _PAUSE_CHARS
                    yield

    @property
    def text_chars(self) -> int:
        """Numbers are not counted: they are found by another rule, and tested by it."""
        total = 0
        for start, end in json_text.locate(self._data)[0]:
            text = orjson.loads(self._data[start:end])
            if not (json_text.is_key(self._data, end) and is_plain(text)):
                total += len(text)
        return total - self._declared

    @property
    def scanned_chars(self) -> int:
        plain = sum(len(leaf.text) for leaf, place in zip(self.leaves, self._places, strict=True) if isinstance(place, int) or place.what == KEY)
        return plain + sum(chars for inner, chars in self._within if inner.scanned_chars == inner.text_chars)

    def rewrite(self, edits: Mapping[int, tuple[Edit, ...]], blank: Iterable[str] = ()) -> bytes:
        """blank: pointers of members that are emptied too, to [], {} or "", whatever is edited in them; where no such value stands, nothing is done."""
        wanted = {index: changes for index, changes in edits.items() if changes}
        data, pointers = self._data, frozenset(blank)
        if not wanted and not pointers:
            return data
        strings, numbers = self._tables or json_text.locate(data)
        emptied: list[tuple[int, int, bytes]] = []
        touched = self._touched(wanted)
        for echo, key, value in self._repeats:
            if echo.pointer not in pointers and echo.of in touched:
                emptied.append((*json_text.value_after(data, strings[key][1]), b"[]" if isinstance(value, list) else b"{}"))
        if pointers:
            for key, empty in _members(orjson.loads(data), pointers):
                emptied.append((*json_text.value_after(data, strings[key][1]), empty))
        cuts: list[tuple[int, int, bytes]] = []
        for each in sorted(emptied):
            if not cuts or each[0] >= cuts[-1][1]:  # else it is inside the one before
                cuts.append(each)
        starts, ends = [cut[0] for cut in cuts], [cut[1] for cut in cuts]
        for span, replaced in self._replaced(wanted, strings, numbers):
            before = bisect_right(starts, span[0]) - 1
            if before < 0 or span[0] >= ends[before]:
                cuts.append((*span, replaced))
        out: list[bytes] = []
        at = 0
        for start, end, by in sorted(cuts):
            out += (data[at:start], by)
            at = end
        out.append(data[at:])
        return b"".join(out)

    def _touched(self, wanted: Iterable[int]) -> set[str]:
        """The lanes in which something is edited."""
        lanes = {repeat.echo.of for repeat in self._repeats}
        touched: set[str] = set()
        for index in wanted if lanes else ():
            pointer = self.leaves[index].pointer
            at = pointer.find("/")
            while at >= 0:
                if pointer[:at] in lanes:
                    touched.add(pointer[:at])
                at = pointer.find("/", at + 1)
        return touched

    def _replaced(self, wanted: Mapping[int, tuple[Edit, ...]], strings: list[Span], numbers: list[Span]) -> Iterator[tuple[Span, bytes]]:
        """The literals to replace, in no order."""
        data = self._data
        inner: dict[int, tuple[Walked, dict[int, tuple[Edit, ...]]]] = {}
        keys: dict[tuple[str, str], int] = {}  # parent and key: how many were called so
        for index, changes in wanted.items():
            leaf, place = self.leaves[index], self._places[index]
            if isinstance(place, int):
                start, end = strings[place]
                known = self._spelled.get(index)
                yield (start, end), known[1] if known is not None and known[0] == changes else json_text.literal(edited(leaf.text, changes), data[start:end])
                continue
            if place.inner is not None:
                inner.setdefault(place.at, (place.inner, {}))[1][index - place.first] = changes
                continue
            text = edited(leaf.text, changes)
            if place.what == NUMBER:
                yield numbers[place.at], json_text.literal(text, b"")
                continue
            if place.what == KEY:  # two keys with one placeholder would be a duplicate key
                text = _apart(leaf.pointer.rpartition("/")[0], text, keys)
            elif place.what == CODED:
                text = place.before + base64.b64encode(text.encode("utf-8", "replace"), place.altchars).decode()
            start, end = strings[place.at]
            yield (start, end), json_text.literal(text, data[start:end])
        for at, (walked, changes_within) in inner.items():
            start, end = strings[at]
            yield (start, end), json_text.literal(walked.rewrite(changes_within).decode(), data[start:end])


def _apart(parent: str, text: str, keys: dict[tuple[str, str], int]) -> str:
    """A key as no other of its parent in `keys` is called: `<X>`, `<X>_`, `<X>__`, `<X>_3`; there may be a hundred thousand. It is added to them."""
    key, again = text, keys.get((parent, text), 0)
    while (parent, key) in keys:
        key = f"{text}_{again}" if again > _STROKES else text + "_" * again
        again += 1
    if again:
        keys[parent, text] = again
    keys[parent, key] = 1
    return key


_STROKES = 2  # keys that are told apart by these alone
_EMPTY: dict[type, bytes] = {str: b'""', list: b"[]", dict: b"{}"}


def _members(value: Any, pointers: frozenset[str]) -> Iterator[tuple[int, bytes]]:
    """Of the members at these pointers, the ordinal of the key's literal and what empties the value."""
    at = 0
    waiting = [(value, "")]
    while waiting:
        item, pointer = waiting.pop()
        if isinstance(item, tuple):  # a key, before its value
            at += 1
            if pointer in pointers and type(item[1]) in _EMPTY:
                yield at - 1, _EMPTY[type(item[1])]
        elif isinstance(item, str):
            at += 1
        elif isinstance(item, list):
            waiting += ((child, f"{pointer}/{place}") for place, child in reversed(list(enumerate(item))))
        elif isinstance(item, dict):
            for key, child in reversed(item.items()):
                below = f"{pointer}/{escaped(key)}"
                waiting += ((child, below), ((key, child), below))
