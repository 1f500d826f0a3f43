"""Take a JSON body apart by a table of fields, and put it together again with some literals rewritten.

The tree (orjson) says what the strings are, the order of the walk says which literal each one is, and only a rewrite looks for the literals
in the bytes. So a body without findings, which is nearly every one, costs a parse and a walk. Laws: 1 (transparency), 5 (nothing unscanned
passes for scanned).

Text inside text: JSON in a string and text in base64 are walked as bodies of their own, and rewritten into the literal that holds them. JSON in
a string that cannot be read for certain (malformed, a duplicate key) is one text as it stands, so nothing in it is lost.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import accumulate, compress
from typing import Any

from gateway.dialects import json_text, media
from gateway.dialects.fields import ANY, NUMBER_LIMIT, PLAIN_WORDS, Field, Kind, has_shape, is_plain
from gateway.dialects.json_rewrite import CODED, INNER, KEY, NUMBER, Place, Repeat, WalkedJson
from gateway.dialects.json_text import MAX_DEPTH, MAX_NODES, MIN_DIGITS
from gateway.dialects.leaves import Echo, Leaf, Unreadable, Walked, chained
from gateway.dialects.lenient import word
from gateway.dialects.shapes import begins_like_key
from gateway.dialects.texts import escaped

PAUSE = 4000  # values between two pauses: some milliseconds
_LONG = 10 ** (MIN_DIGITS - 1)
_DIGITS = 4 * MIN_DIGITS  # characters of a number that hold MIN_DIGITS of them if any of it does: the others are a sign, a point and an exponent
_NESTED_PAUSE = 1 << 16  # characters of JSON in a string from which its walk has pauses of its own


_TEXT, _PROSE, _ECHOED, _WORDS, _FILE, _NUMBER = Kind.TEXT, Kind.PROSE, Kind.ECHOED, Kind.WORD, Kind.FILE, Kind.NUMBER  # a look-up in an enum is slow
_TURNED = bytes([1]) + bytes(255)  # 0 and not 0, the other way round
_make = tuple.__new__  # a NamedTuple's own constructor takes twice as long


class JsonWalk:
    """One walk. `steps` pauses every PAUSE values, so that an event loop can do something else; then `done` has the result."""

    __slots__ = (
        "_chains",
        "_data",
        "_declared",
        "_ends",
        "_fields",
        "_leaves",
        "_places",
        "_pointer",
        "_repeats",
        "_role",
        "_starts",
        "_tables",
        "_unscannable",
        "_within",
        "is_object",
    )

    def __init__(self, data: bytes, fields: Field = ANY, *, role: str = "", pointer: str = "") -> None:
        """role: of who says what the table knows no speaker for.  pointer: what all pointers begin with."""
        self._data, self._fields, self._role, self._pointer = data, fields, role, pointer
        self._leaves: list[Leaf] = []
        self._places: list[int | Place] = []  # a number: the whole of that literal, as nearly all are
        self._unscannable: list[str] = []
        self._chains: dict[str, list[int]] = {}
        self._repeats: list[Repeat] = []
        self._starts: dict[str, int] = {"": 0}  # of lanes and echoes, by pointer: their first leaf, and
        self._ends: dict[str, int] = {}  # the first after them
        self.is_object = False
        self._declared = 0  # characters of strings that are no text
        self._within: list[tuple[Walked, int]] = []  # what was handed out through a walk of its own, and the characters of its string
        self._tables: tuple[list[json_text.Span], list[json_text.Span]] | None = None

    def steps(self, value: Any = None) -> Iterator[None]:
        """value: the decoded body, if the caller has it. Raises Unreadable."""
        data, leaves, places, chains, repeats = self._data, self._leaves, self._places, self._chains, self._repeats
        if value is None:
            yield from json_text.weigh(data)
            value = json_text.parse(data)
            if len(data) > json_text.LIGHT_BYTES:
                yield
        self.is_object = isinstance(value, dict)
        strings = numbers = seen = declared = 0  # met so far: the ordinals of literals
        left = PAUSE
        floats_may_be_long: bool | None = None
        # One frame an open object or array: what is left of it, its field, role, pointer, key, chain, the object itself (None: an array) and its lane.
        frames: list[Any] = []
        if isinstance(value, dict | list):
            frames.append(self._root(value))
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            strings = self._scalar(value)
        while frames:
            entries, field, role, pointer, label, chain, owner, lane = frames[-1]
            members, each, other = field.members, field.each, field.other
            for key, child in entries:
                left -= 1
                if not left:
                    left, seen = PAUSE, seen + PAUSE
                    if seen > MAX_NODES:
                        raise json_text.too_complex(f"more than {MAX_NODES} values")
                    yield
                below = each
                if owner is not None:
                    strings += 1
                    label = key
                    found = members.get(key)
                    if found is not None:
                        below = found
                    else:
                        below = other
                        if key and not is_plain(key):
                            key = escaped(key)
                            if other.kind is _ECHOED and has_shape(_ECHOED, label):
                                declared += len(label)
                            else:
                                leaves.append(Leaf(f"{pointer}/{key}~", role, "", label))
                                places.append(Place(KEY, strings - 1))
                sort = type(child)
                if sort is str:
                    strings += 1
                    if not child:
                        continue
                    kind = below.kind
                    if kind is _PROSE:
                        joins = False
                        if chain and not below.apart:
                            run = chains.get(chain)
                            if run is None:
                                run = chains[chain] = []
                            else:
                                joins = True
                            run.append(len(leaves))
                        leaves.append(_make(Leaf, (f"{pointer}/{key}", below.role or role, "", child, joins)))
                        places.append(strings - 1)
                    elif kind is _TEXT and not (below is ANY and len(child) > 64 and child.startswith("data:")):
                        leaves.append(_make(Leaf, (f"{pointer}/{key}", below.role or role, f"{label}: " if label else "", child, False)))
                        places.append(strings - 1)
                    elif (kind >= _WORDS and child in PLAIN_WORDS) or has_shape(kind, child):
                        declared += len(child)
                        if kind is _FILE:
                            self._unscannable.append(f"{pointer}/{key}")
                    else:
                        yield from self._special(below, child, f"{pointer}/{key}", below.role or role, label, owner, strings - 1)
                elif sort is dict or sort is list:
                    if len(frames) >= MAX_DEPTH:
                        raise json_text.too_complex(f"nested deeper than {MAX_DEPTH}")
                    if not child:
                        continue
                    if sort is list and below.numbers and set(map(type, child)) <= below.numbers:
                        numbers += len(child)
                        if float not in below.numbers:
                            self._unscannable.append(f"{pointer}/{key}")
                        continue
                    path = f"{pointer}/{key}"
                    said_by = role if below.role is None else below.role
                    inner_chain = below.chain or chain
                    if inner_chain.endswith("*"):
                        inner_chain = f"{inner_chain[:-1]}{key}"
                    if below.echo:
                        repeats.append(Repeat(Echo(path, lane), strings - 1, child))
                        inner_chain = path
                    inner_lane = path if below.lane else lane
                    if below.lane or below.echo:
                        self._starts[path] = len(leaves)
                    if sort is dict:
                        if below.speaker is not None:
                            said_by = below.speaker(child, said_by)
                        frames.append((iter(child.items()), below, said_by, path, label, inner_chain, child, inner_lane))
                    else:
                        frames.append((iter(enumerate(child)), below, said_by, path, label, inner_chain, None, inner_lane))
                    break
                elif sort is int:
                    numbers += 1
                    if -_LONG < child < _LONG or _is_count(below.kind, child):
                        continue
                    path = f"{pointer}/{key}"
                    leaves.append(Leaf(path, below.role or role, f"{label}: " if label else "", str(child)))
                    places.append(Place(NUMBER, numbers - 1))
                elif sort is float:
                    numbers += 1
                    if floats_may_be_long is None:
                        floats_may_be_long = yield from json_text.may_hold_long_numbers(data)
                    if not floats_may_be_long or _is_count(below.kind, child):
                        continue
                    if self._tables is None:
                        self._tables = yield from json_text.located(data)
                    start, end = self._tables[1][numbers - 1]
                    if end - start > json_text.MAX_DIGITS:
                        raise json_text.too_complex(f"a number of more than {json_text.MAX_DIGITS} digits")
                    digits = data[start:end].decode()
                    if sum(map(str.isdigit, digits[:_DIGITS])) >= MIN_DIGITS:
                        path = f"{pointer}/{key}"
                        leaves.append(Leaf(path, below.role or role, f"{label}: " if label else "", digits))
                        places.append(Place(NUMBER, numbers - 1))
            else:
                frames.pop()
                if field.lane or field.echo:
                    self._ends[pointer] = len(leaves)
        self._declared += declared
        if len(data) > json_text.LIGHT_BYTES:
            yield
        if strings != json_text.literals(data):
            raise json_text.duplicate_key()
        if repeats:
            yield from self._drop_repeats()

    def _root(self, value: Any) -> tuple[Any, ...]:
        """The frame of the whole body."""
        field = self._fields
        is_object = isinstance(value, dict)
        role = self._role if field.role is None else field.role
        if is_object and field.speaker is not None:
            role = field.speaker(value, role)
        return iter(value.items() if is_object else enumerate(value)), field, role, self._pointer, "", field.chain, value if is_object else None, ""

    def _scalar(self, value: str | float) -> int:
        """A body that is a string or a number. Returns the number of strings."""
        text = value if isinstance(value, str) else self._data.decode().strip(" \t\r\n")
        is_text = isinstance(value, str)
        if text and (is_text or sum(map(str.isdigit, text[:_DIGITS])) >= MIN_DIGITS):
            self._leaves.append(Leaf(self._pointer, self._role, "", text))
            self._places.append(0 if is_text else Place(NUMBER, 0))
        return int(is_text)

    def _special(self, field: Field, text: str, path: str, role: str, label: str, owner: Any, at: int) -> Iterator[None]:
        """A string that is not simply text: it holds something, or it has not the shape that its field declares."""
        kind = field.kind
        if kind is Kind.JSON:
            inner = yield from _walk_inner(text, path, role)
            if inner is not None:
                self._add_inner(inner, at, len(text))
            else:
                self._leaves.append(Leaf(path, role, "", text))
                self._places.append(at)
            return
        if kind in (Kind.TEXT, Kind.URL, Kind.BASE64) and self._take_media(kind, text, path, role, owner, at):
            return
        if kind is Kind.URL or (kind is Kind.FILE and " " not in text):
            self._unscannable.append(path)
        # an id is judged alike wherever it stands (`id`, `tool_call_id`), or it would be masked here and not there
        is_prose = kind in (Kind.ID, Kind.FILE, Kind.MODEL) or (kind is Kind.BASE64 and media.is_plain_source(owner))
        self._leaves.append(Leaf(path, role, f"{label}: " if label and not is_prose else "", text))
        self._places.append(at)

    def _add_inner(self, inner: Walked, at: int, chars: int) -> None:
        self._within.append((inner, chars))
        self._leaves += inner.leaves
        self._places += [Place(INNER, at, inner, len(self._places))] * len(inner.leaves)
        self._unscannable += inner.unscannable

    def _take_media(self, kind: Kind, text: str, path: str, role: str, owner: Any, at: int) -> bool:
        """A data: URL or base64: text in it is a leaf, anything else is unscannable. False: it is neither."""
        held = media.read(text, owner, is_base64_field=kind is Kind.BASE64)
        if held is None:
            return False
        if held.text is None:
            if begins_like_key(text):
                return False
            self._unscannable.append(path)
            self._declared += len(text)
            return True
        self._leaves.append(Leaf(f"{path}#", role, "", held.text))
        self._places.append(Place(CODED, at, None, 0, held.before, held.altchars))
        self._within.append((Walked(), len(text)))
        return True

    def done(self) -> WalkedJson:
        """The result, after `steps` came to its end."""
        runs = chained(list(self._chains.values()))
        spoken = WalkedJson(tuple(self._leaves), tuple(self._unscannable), runs, tuple(repeat.echo for repeat in self._repeats))
        spoken.remember(self._data, self._places, self._repeats, self._within, self._declared, self._tables)
        return spoken

    def _drop_repeats(self) -> Iterator[None]:
        """Tokens that spell what their lane says are no text of their own: what is found in that text blanks them. Others stay leaves."""
        leaves, by_lane = self._leaves, dict[str, list[Repeat]]()
        for repeat in self._repeats:
            by_lane.setdefault(repeat.echo.of, []).append(repeat)
        dropped = bytearray(len(leaves))
        spent = 0
        for lane, repeats in by_lane.items():
            said = yield from self._said(lane, repeats)
            for echo, _, value in repeats:
                spent += 20
                run = self._chains.get(echo.pointer)
                if run is None or not said:
                    continue
                spelled = "".join([leaves[index].text for index in run])
                spent += len(run)
                if spelled in said or (yield from _spelled(value)) in said:
                    for index in run:
                        dropped[index] = 1
                    self._declared += len(spelled)
                    del self._chains[echo.pointer]
                if spent > PAUSE:
                    spent = 0
                    yield
        if any(dropped):
            yield from self._without(dropped)

    def _said(self, lane: str, repeats: list[Repeat]) -> Generator[None, None, set[str]]:
        """The texts of a lane outside its repeats, and all of them as one."""
        said: set[str] = set()
        texts: list[str] = []
        at = self._starts[lane]
        for start, end in (*((self._starts[r.echo.pointer], self._ends[r.echo.pointer]) for r in repeats), (self._ends.get(lane, len(self._leaves)),) * 2):
            for first in range(at, start, PAUSE):
                some = [leaf.text for leaf in self._leaves[first : min(start, first + PAUSE)]]
                texts += some
                said.update(some)
                if len(some) == PAUSE:
                    yield
            at = max(at, end)
        if texts:
            said.add("".join(texts))
        return said

    def _without(self, dropped: bytearray) -> Iterator[None]:
        """Leave these leaves out; what is known of the others moves with them."""
        before = list(accumulate(dropped, initial=0))
        leaves: list[Leaf] = []
        places: list[int | Place] = []
        for first in range(0, len(dropped), PAUSE):
            some = slice(first, first + PAUSE)
            kept = dropped[some].translate(_TURNED)
            leaves += compress(self._leaves[some], kept)
            for place in compress(self._places[some], kept):
                places.append(place if isinstance(place, int) or place.inner is None else place._replace(first=place.first - before[place.first]))
            yield
        self._leaves, self._places = leaves, places
        self._chains = {chain: [index - before[index] for index in run] for chain, run in self._chains.items()}


def walk_value(data: bytes, fields: Field = ANY, *, role: str = "", pointer: str = "", value: Any = None) -> Walked:
    """Take apart JSON bytes, whole. value: what they decode to, if the caller knows. Raises Unreadable."""
    walk = JsonWalk(data, fields, role=role, pointer=pointer)
    for _ in walk.steps(value):
        pass
    return walk.done()


def _is_count(kind: Kind, value: float) -> bool:
    return kind is _ECHOED or (kind is _NUMBER and -NUMBER_LIMIT < value < NUMBER_LIMIT)


def _walk_inner(text: str, path: str, role: str) -> Iterator[None] | Any:
    """JSON in a string, walked; None if it is no object or array that can be read for certain. A generator that returns a Walked."""
    if not text.lstrip(" \t\r\n").startswith(("{", "[")):
        return None
    walk = JsonWalk(text.encode(), role=role, pointer=f"{path}#")
    try:
        if len(text) >= _NESTED_PAUSE:
            yield from walk.steps()
        else:
            for _ in walk.steps():
                pass
    except Unreadable:
        return None
    return walk.done()


def _spelled(value: Any) -> Generator[None, None, str | None]:
    """The text that the bytes of tokens make; None if they do not say, or say something else than the tokens, which may be parts of characters."""
    out = bytearray()
    for at, item in enumerate(value if isinstance(value, list) else (), 1):
        numbers = item.get("bytes") if isinstance(item, dict) else None
        if not isinstance(numbers, list) or not all(type(number) is int and 0 <= number < 256 for number in numbers):
            return None
        token = word(item.get("token"))
        if token != bytes(numbers).decode("utf-8", "replace") and not (token.isascii() and "\\x" in token):
            return None
        out += bytes(numbers)
        if at % PAUSE == 0:
            yield
    return out.decode("utf-8", "replace") if out else None
