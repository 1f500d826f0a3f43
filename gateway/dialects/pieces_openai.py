"""The growing texts of OpenAI chat and completions streams, and of the servers that stretch them.

Channels, for choice 0: choices/0/content, /refusal, /reasoning_content, /reasoning, /tool_calls/1/arguments, /tool_calls/1/input,
/function_call/arguments, /audio/transcript; content as an array of parts: /content for its text, /content/thinking, /content/refusal;
/reasoning_details/0/text; any other string of a delta under its own key, of a choice under /beside; those of a `message` under /message; completions: choices/0/text. Tool calls are numbered as
`openai_chat_stream` numbers them. Lane: the choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.dialects.base import Event
from gateway.dialects.fields import is_plain
from gateway.dialects.fields_events import says_nothing
from gateway.dialects.lenient import index, obj, seq, word
from gateway.dialects.pieces import BARRIER, END, FREE, Echo, EventReader, Piece, Shape
from gateway.dialects.pieces_unknown import strings
from gateway.dialects.texts import escaped

_TEXTS = frozenset(("content", "refusal", "reasoning", "reasoning_content"))
_NO_TEXT = frozenset(("role", "name", "id", "type", "object", "index", "phase", "status", "tool_call_id", "finish_reason"))
_DETAILS = ("reasoning_details", "thinking_blocks")  # OpenRouter, LiteLLM: arrays of objects with an index
_DETAIL_TEXTS = ("text", "summary", "thinking")
MAX_CALLS = 4096  # of one choice
_TOO_MANY = "more tools are called in it than a guard can tell apart"
_READ = frozenset(("text", "logprobs", "finish_reason", "index"))  # of a choice, by themselves
# What a model says first, next and last. When a later one begins, the earlier ones are over, or they would hold back all that follows.
_THINKS, _SPEAKS, _CALLS = 0, 1, 2


class ChoicesReader(EventReader):
    """Of chat completions and of completions: their chunks differ in the choice only."""

    def __init__(self) -> None:
        self._choices: dict[int, _Choice] = {}

    def read(self, event: Event, value: Any) -> Shape:
        if not isinstance(value, dict):
            return END if event.data.startswith("[DONE]") else FREE
        if value.get("error") or value.get("object") == "error" or value.get("type") == "error":
            return END
        choices = value.get("choices")
        if not isinstance(choices, list):
            return BARRIER if choices is not None or isinstance(value.get("usage"), dict) else FREE
        if not choices:  # the usage; Azure: filter results
            return BARRIER
        pieces: list[Piece] = []
        echoes: list[Echo] = []
        lanes, closes, unreadable = set(), set(), ""
        for position, item in enumerate(choices):
            source = obj(item)
            given = index(source.get("index"))
            at = position if given is None else given
            choice = self._choices.get(at)
            if choice is None:
                choice = self._choices[at] = _Choice(f"choices/{at}")
            lanes.add(choice.lane)
            found = list(choice.pieces(f"/choices/{position}", source))
            if source.get("logprobs"):
                echoed = read_tokens(f"/choices/{position}/logprobs", choice.lane, source["logprobs"], [piece.text for piece in found])
                found += echoed[0]
                echoes += echoed[1]
            closes |= choice.over(found)
            unreadable = unreadable or (_TOO_MANY if choice.too_many else "")
            if word(source.get("finish_reason")):
                closes.add(choice.lane)
            pieces += found
        return Shape(tuple(pieces), frozenset(lanes), frozenset(closes), echoes=tuple(echoes), unreadable=unreadable)


class Order:
    """Sees in one lane that an earlier kind of text is over because a later kind has begun."""

    __slots__ = ("_mixed", "_open", "_over")

    def __init__(self) -> None:
        self._open: dict[str, int] = {}
        self._over: set[str] = set()
        self._mixed = False  # this server goes back to an earlier kind: nothing is over before it says so

    def over(self, ranks: dict[str, int], now: int = -1) -> set[str]:
        """The channels that are over with an event. ranks: of its channels, as above.  now: a rank that it has without a piece."""
        if self._mixed or ranks.keys() == self._open.keys():
            return set()
        if not self._over.isdisjoint(ranks):
            self._mixed = True
            return set()
        self._open |= ranks
        earliest = min(ranks.values(), default=now)
        done = {channel for channel, rank in self._open.items() if rank < earliest}
        for channel in done:
            del self._open[channel]
        self._over |= done
        return done


class _Choice:
    """One choice: which tool calls it has, and what it has begun to say."""

    __slots__ = ("_by_id", "_by_index", "_calls", "_order", "_ranks", "lane", "too_many")

    def __init__(self, lane: str) -> None:
        self.lane = lane
        self.too_many = False  # calls: nobody knows any more to which one a fragment belongs
        self._calls: list[str] = []  # their ids, "" while unknown
        self._by_id: dict[str, int] = {}
        self._by_index: dict[int, int] = {}
        self._order = Order()
        self._ranks: dict[str, int] = {}

    def over(self, pieces: list[Piece]) -> set[str]:
        return self._order.over({piece.channel: self._ranks[piece.channel] for piece in pieces if piece.channel in self._ranks})

    def pieces(self, place: str, source: dict[str, Any]) -> Iterator[Piece]:
        if word(source.get("text")):
            yield self._piece("text", f"{place}/text", source["text"], _SPEAKS)
        for key, value in source.items():
            if not value or key in _READ:
                continue
            if key == "delta" and isinstance(value, dict):
                yield from self._message(value, f"{place}/delta")
            elif key == "message" and isinstance(value, dict):  # what some send in its place, and a client may read beside it
                for piece in self._message(value, f"{place}/message"):
                    name = f"message/{piece.channel[len(self.lane) + 1 :]}"
                    yield self._piece(name, piece.pointer, piece.text, self._ranks[piece.channel], is_json=piece.is_json)
            else:
                rank = _THINKS if key.startswith(("reason", "think")) else _SPEAKS
                for pointer, name, inner, text in strings(value, f"{place}/{escaped(key)}", escaped(key)):
                    if not says_nothing(inner or key, text):
                        yield self._piece(f"beside/{name}", pointer, text, rank)

    def _message(self, delta: dict[str, Any], at: str) -> Iterator[Piece]:
        for key, value in delta.items():
            if isinstance(value, str):
                if value and (key in _TEXTS or key not in _NO_TEXT or (key == "name" and not is_plain(value))):
                    name = escaped(key)
                    yield self._piece(name, f"{at}/{name}", value, _THINKS if key.startswith(("reason", "think")) else _SPEAKS)
            elif not value:
                continue
            elif key == "content":
                yield from self._parts(f"{at}/content", value)
            elif key == "tool_calls":
                for number, fragment in enumerate(seq(value)):
                    yield from self._call(f"{at}/tool_calls/{number}", obj(fragment))
            elif key == "function_call":
                if word(obj(value).get("arguments")):
                    yield self._piece("function_call/arguments", f"{at}/function_call/arguments", value["arguments"], _CALLS, is_json=True)
            elif key == "audio":
                if word(obj(value).get("transcript")):
                    yield self._piece("audio/transcript", f"{at}/audio/transcript", value["transcript"], _SPEAKS)
            elif key in _DETAILS:
                yield from self._details(key, f"{at}/{key}", value)
            else:  # a key that was invented later
                for pointer, name, _, text in strings(value, f"{at}/{escaped(key)}", escaped(key)):
                    yield self._piece(name, pointer, text, _SPEAKS)

    def _piece(self, name: str, pointer: str, text: str, rank: int, *, is_json: bool = False) -> Piece:
        channel = f"{self.lane}/{name}"
        self._ranks[channel] = rank
        return Piece(channel, self.lane, pointer, text, is_json)

    def _parts(self, place: str, parts: Any) -> Iterator[Piece]:
        for number, part in enumerate(seq(parts)):
            at = f"{place}/{number}"
            if isinstance(part, str):
                if part:
                    yield self._piece("content", at, part, _SPEAKS)
                continue
            source = obj(part)
            thinking = source.get("thinking")
            if word(thinking):
                yield self._piece("content/thinking", f"{at}/thinking", word(thinking), _THINKS)
            for inner, item in enumerate(seq(thinking)):
                if word(obj(item).get("text")):
                    yield self._piece("content/thinking", f"{at}/thinking/{inner}/text", item["text"], _THINKS)
            if word(source.get("refusal")):
                yield self._piece("content/refusal", f"{at}/refusal", source["refusal"], _SPEAKS)
            if word(source.get("text")):
                yield self._piece("content", f"{at}/text", source["text"], _SPEAKS)

    def _details(self, key: str, place: str, details: Any) -> Iterator[Piece]:
        for number, item in enumerate(seq(details)):
            detail = obj(item)
            given = index(detail.get("index"))
            for name in _DETAIL_TEXTS:
                if word(detail.get(name)):
                    channel = f"{key}/{number if given is None else given}/{name}"
                    yield self._piece(channel, f"{place}/{number}/{name}", detail[name], _THINKS)

    def _call(self, place: str, fragment: dict[str, Any]) -> Iterator[Piece]:
        """A fragment belongs to the call of its index; without one to the call of its id, else to the last; a new id is a new call."""
        at, identity = index(fragment.get("index")), word(fragment.get("id"))
        call: int | None
        if at is not None:
            call = self._by_index.get(at)
        elif identity:
            call = self._by_id.get(identity)
        else:
            call = len(self._calls) - 1 if self._calls else None
        if call is None or (identity and self._calls[call] and self._calls[call] != identity):
            call = len(self._calls)
            if call >= MAX_CALLS:
                self.too_many = True
                return
            self._calls.append("")
        if at is not None:
            self._by_index[at] = call
        if identity and not self._calls[call]:
            self._calls[call] = identity
            self._by_id.setdefault(identity, call)
        for kind, key in (("custom", "name"), ("function", "name"), ("custom", "input"), ("function", "arguments")):
            text = word(obj(fragment.get(kind)).get(key))
            if key == "name" and is_plain(text):  # as all names of tools are: nothing grows
                continue
            if text:
                yield self._piece(f"tool_calls/{call}/{key}", f"{place}/{kind}/{key}", text, _CALLS, is_json=key == "arguments")


def read_tokens(pointer: str, lane: str, logprobs: Any, texts: list[str]) -> tuple[list[Piece], list[Echo]]:
    """The tokens of one event: an echo, where they spell one of its texts (or all of them); where they do not, also a text of their own.

    logprobs: an object with arrays, of tokens (completions) or of objects with `token` and `bytes` (chat, responses), or such an array.
    """
    said = {*texts, "".join(texts)}
    pieces: list[Piece] = []
    echoes: list[Echo] = []
    for key, values in logprobs.items() if isinstance(logprobs, dict) else (("", logprobs),):
        if not isinstance(values, list) or not values:
            continue
        place = f"{pointer}/{escaped(key)}" if key else pointer
        echoes.append(Echo(place, lane))
        tokens = [(number, "", item) for number, item in enumerate(values) if isinstance(item, str)]
        tokens += [(number, "/token", word(obj(item).get("token"))) for number, item in enumerate(values) if isinstance(item, dict)]
        if not tokens or "".join(token for _, _, token in tokens) in said or _spelled(values) in said:
            continue
        channel = f"{lane}/logprobs/{escaped(key)}" if key else f"{lane}/logprobs"
        pieces += (Piece(channel, lane, f"{place}/{number}{member}", token) for number, member, token in tokens if token)
    return pieces, echoes


def _spelled(values: list[Any]) -> str | None:
    """The text that the tokens' bytes make; None if they do not say. A token may be a part of a character."""
    data = bytearray()
    for item in values:
        numbers = obj(item).get("bytes")
        if not isinstance(numbers, list):
            return None
        try:
            data += bytes(numbers)
        except (TypeError, ValueError):
            return None
    return data.decode("utf-8", "replace")
