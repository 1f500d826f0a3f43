"""What the readers of streams say of every recorded event, as it was recorded, cut otherwise, or broken."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import orjson
import pytest

from gateway.dialects.base import Event
from gateway.dialects.pieces import EventReader, Shape
from gateway.dialects.sse import events
from tests.dialects.corpus import STREAMS, Case

Read = list[tuple[Any, Shape]]


def decoded(event: Event) -> Any:
    try:
        return orjson.loads(event.data)
    except orjson.JSONDecodeError:
        return None


def read(reader: EventReader, listed: list[Event]) -> Read:
    """Values and shapes, up to the event that ends the stream."""
    found: Read = []
    for event in listed:
        value = decoded(event)
        found.append((value, reader.read(event, value)))
        if found[-1][1].ends:
            break
    return found


def channels(found: Read) -> dict[str, str]:
    texts: dict[str, str] = {}
    for _, shape in found:
        for piece in shape.pieces:
            texts[piece.channel] = texts.get(piece.channel, "") + piece.text
    return texts


def at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def put(value: Any, pointer: str, text: str) -> None:
    parent, _, last = pointer.rpartition("/")
    holder = at(value, parent)
    holder[int(last) if isinstance(holder, list) else last.replace("~1", "/").replace("~0", "~")] = text


def parts_text(content: Any, kind: str) -> str:
    """The text of one kind in a chat message's content."""
    if isinstance(content, str):
        return content if kind == "text" else ""
    texts = [part.get(kind, "") for part in content]
    return "".join("".join(item["text"] for item in text) if isinstance(text, list) else text for text in texts)


def place(dialect: str, whole: Any, channel: str) -> str:
    """The text of the assembled reply that a channel must add up to."""
    top, number, *rest = channel.split("/")
    if dialect == "anthropic":
        block = whole["content"][int(number)]
        text = block["input"] if rest == ["partial_json"] else block[rest[0]]
        return text if isinstance(text, str) else json.dumps(text)
    if dialect == "gemini":
        candidate = next(each for each in whole["candidates"] if each.get("index", 0) == int(number))
        if rest in (["code"], ["output"]):
            return "".join(part[key][rest[0]] for part in candidate["content"]["parts"] for key in ("executableCode", "codeExecutionResult") if rest[0] in part.get(key, {}))
        return "".join(part["text"] for part in candidate["content"]["parts"] if "text" in part and bool(part.get("thought")) == (rest == ["thought"]))
    if top == "output":
        return at(whole["output"][int(number)], "/" + "/".join(rest))
    choice = next(each for each in whole["choices"] if each["index"] == int(number))
    if rest == ["text"]:
        return choice["text"]
    message = choice["message"]
    if rest[0] == "content":
        return parts_text(message["content"], rest[1] if len(rest) > 1 else "text")
    if rest[0] == "tool_calls":
        call = message["tool_calls"][int(rest[1])]
        return call[call["type"]][rest[2]]
    return at(message, "/" + "/".join(rest))


def same(channel: str, text: str, expected: str) -> bool:
    if channel.endswith("/partial_json") and text != expected:  # the assembler gives the parsed object
        return json.loads(text) == json.loads(expected)
    return text == expected


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in strings(each)]


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_the_pieces_of_a_stream_add_up_to_the_assembled_reply(case: Case):
    """What the guard checks is what the application puts together, in every recorded stream."""
    listed = list(events(case.reply))
    texts = channels(read(case.route.operation.reader(), listed))
    whole = case.route.operation.assemble(listed).whole
    for channel, text in texts.items():
        assert same(channel, text, place(case.dialect, whole, channel)), channel


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_every_text_of_a_streamed_reply_is_a_channel_or_stands_whole_in_one_event(case: Case):
    """No text may grow over events that the guard looks at one by one: a secret cut in two would pass."""
    listed = list(events(case.reply))
    found = read(case.route.operation.reader(), listed)
    texts = list(channels(found).values())
    alone = {text for value, _ in found for text in strings(value)}
    reply = case.route.operation.read_reply(case.route.operation.assemble(listed).whole)
    for segment in reply.segments:
        if any(segment.text in text for text in texts) or segment.text in alone:
            continue
        said = json.loads(segment.text)  # arguments: an object in one event, or JSON that was spelled otherwise
        assert any(text.startswith("{") and json.loads(text) == said for text in texts) or any(str(said) in str(value) for value, _ in found)


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
def test_a_shape_points_at_what_is_there(case: Case):
    """The guard edits by these pointers: a wrong one would rewrite another string, or none."""
    seen: dict[str, str] = {}
    for value, shape in read(case.route.operation.reader(), list(events(case.reply))):
        assert len({piece.pointer for piece in shape.pieces}) == len(shape.pieces)
        for piece in shape.pieces:
            assert piece.text and at(value, piece.pointer) == piece.text
            assert piece.channel.startswith(piece.lane + "/") and piece.lane in shape.lanes
            seen[piece.channel] = seen.get(piece.channel, "") + piece.text
        for whole in shape.wholes:
            assert at(value, whole.pointer) == seen.get(whole.channel, at(value, whole.pointer)), whole
        for echo in shape.echoes:
            assert isinstance(at(value, echo.pointer), list | dict | str)
        assert not (shape.free and (shape.pieces or shape.lanes or shape.closes or shape.wholes or shape.echoes or shape.barrier))
        assert shape.barrier or not shape.ends


@pytest.mark.parametrize("case", [case for case in STREAMS if case.expected["reply"]["complete"]], ids=lambda case: case.id)
def test_every_channel_of_a_whole_stream_is_closed(case: Case):
    """A text without an end would be held back until the connection closes."""
    still: dict[str, str] = {}
    for _, shape in read(case.route.operation.reader(), list(events(case.reply))):
        still |= {piece.channel: piece.lane for piece in shape.pieces}
        still = {channel: lane for channel, lane in still.items() if not shape.ends and channel not in shape.closes and lane not in shape.closes}
    assert not still


def drop_calls(value: dict[str, Any]) -> None:
    """A Gemini event says its calls and results once, whatever becomes of its text."""
    for entry in value.get("candidates", ()):
        entry["content"]["parts"] = [part for part in entry["content"]["parts"] if "text" in part]


def recut(op, listed: list[Event], cut: random.Random) -> list[Event]:
    """The same stream with every delta in fragments of one to three characters, each in an event of its own."""
    made: list[Event] = []
    reader = op.reader()
    for event in listed:
        value = decoded(event)
        shape = reader.read(event, value)
        if not shape.pieces or any(piece.pointer.endswith(("/executableCode/code", "/codeExecutionResult/output")) for piece in shape.pieces):
            made.append(event)  # code comes whole
            continue
        for piece in shape.pieces:
            start = 0
            while start < len(piece.text):
                end = start + cut.randint(1, 3)
                copied = copy.deepcopy(value)
                for other in shape.pieces:
                    put(copied, other.pointer, piece.text[start:end] if other is piece else "")
                start = end
                if piece is not shape.pieces[-1] or start < len(piece.text):
                    drop_calls(copied)
                made.append(Event(event.name, json.dumps(copied)))
    return made


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
@pytest.mark.covers("T16")
def test_channels_do_not_depend_on_how_a_provider_cuts_its_deltas(case: Case):
    """The same words in other pieces are the same texts under the same names."""
    op, listed = case.route.operation, list(events(case.reply))
    made = recut(op, listed, random.Random(case.id))
    expected = channels(read(op.reader(), listed))
    assert channels(read(op.reader(), made)) == expected
    assert op.read_reply(op.assemble(made).whole).segments == op.read_reply(op.assemble(listed).whole).segments


ODD: list[Any] = [None, True, 0, -1, 10**30, 1.5, "", "x", [], [None], [[1]], [300], {}, {"type": 3}, {"text": "t", "index": "i"}, [{"bytes": [10**30]}]]


def mutated(value: Any, luck: random.Random) -> Any:
    if luck.random() < 0.08:
        return luck.choice(ODD)
    if isinstance(value, dict):
        return {key: mutated(each, luck) for key, each in value.items()}
    return [mutated(each, luck) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case.id)
def test_odd_events_never_raise_and_still_point_at_strings(case: Case):
    """A provider's mistake must not end a stream that the application could have read."""
    luck = random.Random(case.id)
    for _ in range(40):
        reader = case.route.operation.reader()
        for event in events(case.reply):
            value = mutated(decoded(event), luck)
            shape = reader.read(event, value)
            for piece in shape.pieces:
                assert at(value, piece.pointer) == piece.text != ""
            for whole in shape.wholes:
                assert isinstance(at(value, whole.pointer), str)
