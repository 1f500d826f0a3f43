"""Whole replies of every dialect with secrets in random fields, streamed in every way that a provider or a network might: told as the whole is, and nothing leaks.

Deltas are cut anywhere; choices, blocks and calls take turns; pings, comments and events that nobody knows come between; lines end in LF, CR LF or CR; an event's
JSON may stand in several `data:` lines, and the bytes may arrive in pieces of any size. Some hundred replies in short form; TIDEGATE_CHAOS=long tries thousands.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.dialects import DIALECTS
from gateway.dialects.base import Operation
from gateway.dialects.sse import events
from gateway.guard.frames import LINES
from gateway.guard.policy import Direction
from gateway.guard.stream import GuardedStream
from tests.detectors.made_up_secrets import Made
from tests.guard.test_splits import ALL
from tests.support.planting import MASKS, guarding, leaks, streamed, whole

ROUNDS = 2000 if os.environ.get("TIDEGATE_CHAOS") == "long" else 40
PLANTS = [made for made in ALL if made.end - made.start < 300]
WORDS = "The parcel left our warehouse at noon, é ❄ 😀 \n and 3 of 12 \"boxes\" are \\ here; see <b> {x: 1} [2, 3]. Shall I write it down? ".split(" ")
Said = dict[str, str]


@dataclass
class Reply:
    """fields: what each says, by its name.  turns: for each lane its events in order, each a value and the line ends after it.  head, tail: around them.  body: unstreamed."""

    dialect: str
    path: str
    body: Any
    turns: list[list[Any]]
    head: list[Any]
    tail: list[Any]
    done: bool = False

    @property
    def operation(self) -> Operation:
        return DIALECTS[self.dialect].route("POST", self.path).operation


class Luck(random.Random):
    """What a reply says, and how it is cut."""

    planted: list[Made]

    def prose(self, end: str = " so.") -> str:
        said = [self.choice(WORDS) for _ in range(self.randrange(1, 6))]
        for _ in range(self.choice((0, 1, 1, 2))):
            made = self.choice(PLANTS)
            self.planted.append(made)
            said.insert(self.randrange(len(said) + 1), f"\n{made.text}\n")
        return " ".join(said) + end

    def arguments(self) -> str:
        return json.dumps({"note": self.prose(), "list": [1, self.prose(), None], "all": True}, ensure_ascii=self.random() < 0.5)

    def cut(self, text: str) -> list[str]:
        size = self.choice((1, 3, 8, 30, 400))
        pieces, at = [], 0
        while at < len(text):
            step = self.randrange(1, size + 1)
            pieces.append(text[at : at + step])
            at += step
        return pieces


def chat(luck: Luck) -> Reply:
    turns, choices = [], []
    for index in range(luck.choice((1, 1, 2, 3))):
        message: dict[str, Any] = {"role": "assistant"}
        told: list[Any] = []

        def say(delta: dict[str, Any], told: list[Any] = told, index: int = index, finish: str | None = None) -> None:
            told.append({"id": "c", "object": "chat.completion.chunk", "choices": [{"index": index, "delta": delta, "finish_reason": finish}]})

        say({"role": "assistant", "content": ""})
        for key in ("reasoning_content", "content", "refusal"):
            if luck.random() < 0.6:
                message[key] = luck.prose()
                for piece in luck.cut(message[key]):
                    say({key: piece})
        for call in range(luck.choice((0, 0, 1, 2))):
            arguments = luck.arguments()
            message.setdefault("tool_calls", []).append({"id": f"call_{call}", "type": "function", "function": {"name": "f", "arguments": arguments}})
            say({"tool_calls": [{"index": call, "id": f"call_{call}", "type": "function", "function": {"name": "f", "arguments": ""}}]})
            for piece in luck.cut(arguments):
                say({"tool_calls": [{"index": call, "function": {"arguments": piece}}]})
        say({}, finish="stop")
        turns.append(told)
        choices.append({"index": index, "message": message, "finish_reason": "stop"})
    body = {"id": "c", "object": "chat.completion", "choices": choices}
    return Reply("openai", "/v1/chat/completions", body, turns, [], [{"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": {"total_tokens": 9}}], done=True)


def read_chat(values: Iterator[Any]) -> Said:
    said: Said = {}
    for value in values:
        for choice in value.get("choices", ()):
            delta = choice.get("delta") or choice.get("message") or {}
            for key in ("reasoning_content", "content", "refusal"):
                if delta.get(key):
                    _add(said, f"{choice['index']}/{key}", delta[key])
            for number, call in enumerate(delta.get("tool_calls", ())):
                _add(said, f"{choice['index']}/call/{call.get('index', number)}", call["function"].get("arguments", ""))
    return said


def messages(luck: Luck) -> Reply:
    told: list[Any] = []
    content: list[Any] = []
    for index in range(luck.randrange(1, 5)):
        kind = luck.choice(("text", "text", "thinking", "tool_use"))
        if kind == "tool_use":
            arguments = luck.arguments()
            content.append({"type": kind, "id": f"t{index}", "name": "f", "input": json.loads(arguments)})
            block, deltas = {**content[-1], "input": {}}, [{"type": "input_json_delta", "partial_json": piece} for piece in luck.cut(arguments)]
        else:
            text = luck.prose(luck.choice((" so.", " so", " 12", "")))
            content.append({"type": kind, kind: text})
            block, deltas = {**content[-1], kind: ""}, [{"type": f"{kind}_delta", kind: piece} for piece in luck.cut(text)]
        told.append({"type": "content_block_start", "index": index, "content_block": block})
        told += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        told.append({"type": "content_block_stop", "index": index})
    top = {"id": "m", "type": "message", "role": "assistant", "model": "claude-x", "content": [], "stop_reason": None}
    end = [{"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}, {"type": "message_stop"}]
    return Reply("anthropic", "/v1/messages", {**top, "content": content, "stop_reason": "end_turn"}, [told], [{"type": "message_start", "message": top}], end)


def read_messages(values: Iterator[Any]) -> Said:
    said: Said = {}
    for value in values:
        if value["type"] == "content_block_delta":
            delta = value["delta"]
            _add(said, str(value["index"]), delta.get("text") or delta.get("thinking") or delta.get("partial_json") or "")
        for index, block in enumerate(value.get("content", ())):
            _add(said, str(index), block.get("text") or block.get("thinking") or json.dumps(block["input"]) if block["type"] == "tool_use" else block[block["type"]])
    return said


def responses(luck: Luck) -> Reply:
    told: list[Any] = []
    output: list[Any] = []
    for at in range(luck.randrange(1, 4)):
        place = {"item_id": f"i{at}", "output_index": at}
        if luck.random() < 0.3:
            arguments = luck.arguments()
            item = {"id": f"i{at}", "type": "function_call", "call_id": "c1", "name": "f", "arguments": arguments, "status": "completed"}
            told.append({"type": "response.output_item.added", "output_index": at, "item": {**item, "arguments": ""}})
            told += [{"type": "response.function_call_arguments.delta", **place, "delta": piece} for piece in luck.cut(arguments)]
            told.append({"type": "response.function_call_arguments.done", **place, "arguments": arguments})
        else:
            parts: list[Any] = []
            item = {"id": f"i{at}", "type": "message", "role": "assistant", "status": "completed", "content": parts}
            told.append({"type": "response.output_item.added", "output_index": at, "item": {**item, "content": []}})
            for number in range(luck.randrange(1, 3)):
                kind, key = luck.choice((("output_text", "text"), ("output_text", "text"), ("refusal", "refusal")))
                text = luck.prose(luck.choice((" so.", " so", " 12", "")))
                here = {**place, "content_index": number}
                told.append({"type": "response.content_part.added", **here, "part": {"type": kind, key: ""}})
                told += [{"type": f"response.{kind}.delta", **here, "delta": piece} for piece in luck.cut(text)]
                told.append({"type": f"response.{kind}.done", **here, key: text})
                parts.append({"type": kind, key: text})
                told.append({"type": "response.content_part.done", **here, "part": parts[-1]})
        output.append(item)
        told.append({"type": "response.output_item.done", "output_index": at, "item": item})
    top = {"id": "r", "object": "response", "model": "gpt-x", "status": "in_progress", "output": []}
    body = {**top, "status": "completed", "output": output}
    return Reply("openai", "/v1/responses", body, [told], [{"type": "response.created", "response": top}], [{"type": "response.completed", "response": body}])


def read_responses(values: Iterator[Any]) -> Said:
    said: Said = {}
    for value in values:
        if str(value.get("type")).endswith(".delta"):
            _add(said, f"{value['output_index']}/{value.get('content_index', '')}", value["delta"])
        for at, item in enumerate(value.get("output", ())):
            if "arguments" in item:
                _add(said, f"{at}/", item["arguments"])
            for number, part in enumerate(item.get("content", ())):
                _add(said, f"{at}/{number}", part["text"] if "text" in part else part["refusal"])
    return said


def gemini(luck: Luck) -> Reply:
    turns, candidates = [], []
    for index in range(luck.choice((1, 1, 2))):
        parts: list[Any] = []
        told: list[Any] = []

        def say(part: Any, told: list[Any] = told, index: int = index, **more: Any) -> None:
            told.append({"candidates": [{"content": {"role": "model", "parts": [part]}, "index": index, **more}], "modelVersion": "gemini-x"})

        if luck.random() < 0.4:
            parts.append({"text": luck.prose(), "thought": True})
        parts.append({"text": luck.prose()})
        for part in parts:
            for piece in luck.cut(part["text"]):
                say({**part, "text": piece})
        if luck.random() < 0.4:
            parts.append({"functionCall": {"name": "f", "args": json.loads(luck.arguments())}})
            say(parts[-1])
        say({"text": ""}, finishReason="STOP")
        turns.append(told)
        candidates.append({"content": {"role": "model", "parts": parts}, "index": index, "finishReason": "STOP"})
    return Reply("gemini", "/v1beta/models/gemini-x:streamGenerateContent", {"candidates": candidates, "modelVersion": "gemini-x"}, turns, [], [])


def read_gemini(values: Iterator[Any]) -> Said:
    said: Said = {}
    for value in values:
        for candidate in value.get("candidates", ()):
            for part in candidate["content"]["parts"]:
                kind = "call" if "functionCall" in part else "thought" if part.get("thought") else "text"
                _add(said, f"{candidate['index']}/{kind}", json.dumps(part["functionCall"]["args"]) if kind == "call" else part["text"])
    return said


KINDS = {"chat": (chat, read_chat), "messages": (messages, read_messages), "responses": (responses, read_responses), "gemini": (gemini, read_gemini)}


def _add(said: Said, name: str, text: str) -> None:
    said[name] = said.get(name, "") + text


def _meant(said: Said) -> dict[str, Any]:
    """JSON by what it says: a string that is rewritten may be spelled otherwise."""
    meant: dict[str, Any] = {}
    for name, text in said.items():
        try:
            meant[name] = json.loads(text) if text.startswith(("{", "[")) else text
        except ValueError:
            meant[name] = text
    return {name: text for name, text in meant.items() if text}


def _taking_turns(luck: Luck, turns: list[list[Any]]) -> Iterator[Any]:
    left = [list(reversed(turn)) for turn in turns]
    while left := [turn for turn in left if turn]:
        yield luck.choice(left).pop()


def _spelled(luck: Luck, values: list[Any], *, done: bool) -> bytes:
    end = luck.choice((b"\n", b"\n", b"\r\n", b"\r"))
    noise = [b": ping" + end + end, b'event: ping' + end + b'data: {"type": "ping"}' + end + end, b'data: {"type": "new", "n": 3}' + end + end]
    out: list[bytes] = []
    for value in values:
        if luck.random() < 0.1:
            out.append(luck.choice(noise))
        name = b"event: " + value["type"].encode() + end if "type" in value else b""
        data = json.dumps(value, indent=1 if luck.random() < 0.1 else None, ensure_ascii=luck.random() < 0.5)
        out.append(name + b"".join(b"data: " + line.encode() + end for line in data.split("\n")) + end)
    if done:
        out.append(b"data: [DONE]" + end + end)
    return b"".join(out)


def _pieces(luck: Luck, data: bytes) -> list[bytes]:
    size = luck.choice((1, 17, 300, 5000, len(data)))
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.slow
@pytest.mark.covers("T17", "U11")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_stream_says_what_the_whole_says_and_nothing_of_any_secret(kind: str, seed: int):
    """However it comes: each field joined is the masked whole's field, and no four characters of a secret stand in anything that the client is sent."""
    make, read = KINDS[kind]
    luck = Luck(f"{kind} {seed}")
    luck.planted = []
    reply = make(luck)
    expected = whole(reply.dialect, reply.operation, json.dumps(reply.body).encode())
    data = _spelled(luck, [*reply.head, *_taking_turns(luck, reply.turns), *reply.tail], done=reply.done)
    got = streamed(reply.operation, _pieces(luck, data))
    told = [json.loads(each.data) for each in events(got.out) if each.data.startswith("{")]
    want = _meant(read(iter([json.loads(expected.out)])))
    assert _meant(read(iter(told))) == want
    if kind == "responses":
        last = next(value["response"] for value in told if value["type"] == "response.completed")
        assert _meant(read_responses(iter([last]))) == want
    assert got.tally.verdict == expected.tally.verdict
    seen = json.dumps(told, ensure_ascii=False) + json.dumps(_meant(read(iter(told))), ensure_ascii=False)
    for made in luck.planted:
        if made.secret not in str(want):
            around = json.dumps([want, read(iter([json.loads(expected.out)]))], ensure_ascii=False) + made.text[: made.start] + " " + made.text[made.end :]
            assert not leaks(seen, made.secret, around + _frame(reply)), made.kind


def _frame(reply: Reply) -> str:
    """What the protocol says by itself."""
    return json.dumps([reply.head, reply.tail[:-1], [value.get("type") for value in reply.tail]]) + " ".join(sorted({key for turn in reply.turns for value in turn for key in _words(value)}))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from _words(child) if isinstance(child, dict | list) else [str(child)] if key in ("type", "object", "id", "item_id", "role", "model", "modelVersion", "status") else []
    elif isinstance(value, list):
        for child in value:
            yield from _words(child)


@pytest.mark.slow
@pytest.mark.covers("T17")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_stream_that_nobody_knows_leaks_nothing(seed: int):
    """Events of a shape that was made up, over lines or as server-sent events: each place joined holds no secret."""
    luck = Luck(f"unknown {seed}")
    luck.planted = []
    index, lines = luck.random() < 0.5, luck.random() < 0.5
    texts = [luck.prose() for _ in range(luck.choice((1, 2)) if index else 1)]
    turns = [[{**({"index": number} if index else {}), "out": {"words": [{"w": piece}]}} for piece in luck.cut(text)] for number, text in enumerate(texts)]
    values = list(_taking_turns(luck, turns))
    operation = DIALECTS["opaque"].route("POST", "/somewhere").operation
    scan = guarding(MASKS, Direction.REPLY)
    stream = GuardedStream(operation, scan, stopped=lambda: scan.stopped, **({"framing": LINES} if lines else {}))
    data = b"".join(json.dumps(value).encode() + b"\n" for value in values) if lines else _spelled(luck, values, done=False)
    out = b"".join([*map(stream.push, _pieces(luck, data)), stream.finish()])
    told = [json.loads(line) for line in out.splitlines()] if lines else [json.loads(each.data) for each in events(out) if "words" in each.data]
    said: Said = {}
    for value in told:
        _add(said, str(value.get("index")), value["out"]["words"][0]["w"])
    bare = " ".join(WORDS)
    known = {made.secret for made in luck.planted if made.secret not in streamed_alone(made.text)}
    for made in luck.planted:
        if made.secret in known:
            assert not leaks("\n".join(said.values()), made.secret, bare + streamed_alone(made.text)), (made.kind, made.secret)


def streamed_alone(text: str) -> str:
    """What is said of a text that comes in one event."""
    operation = DIALECTS["opaque"].route("POST", "/somewhere").operation
    return json.loads(streamed(operation, [b"data: " + json.dumps({"w": text}).encode() + b"\n\n"]).out[6:])["w"]
