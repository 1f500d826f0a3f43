"""Texts planted in replies: every channel of every dialect, streamed in any pieces and whole, and the rules at work on them without a network.

A `Channel` writes the same reply twice, as a stream whose text comes in given pieces and as one body, and reads what a client is told in each. It knows the
protocols from their documentation and asks nothing of the gate's own readers, so a mistake of theirs cannot hide itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.config_engines import engines
from gateway.config_guard import Detectors
from gateway.dialects import DIALECTS
from gateway.dialects.base import Operation
from gateway.dialects.walk import walk_reply, walk_request
from gateway.exchange import Finding
from gateway.guard.engines import Answer, Ask
from gateway.guard.judge import Tally
from gateway.guard.placeholders import Placeholders
from gateway.guard.policy import Action, Direction, Policy, Rule
from gateway.guard.scan import Guarding
from gateway.guard.stream import GuardedStream
from gateway.guard.whole import Checking, check

ENGINES = engines(Detectors())
BOTH = frozenset((Direction.REQUEST, Direction.REPLY))
KINDS = {"pii": frozenset(kind for engine in ENGINES.of([Rule("", "pii", BOTH, Action.MASK, local_only=True)]) for kind in engine.kinds) - {"URL", "DATE_TIME"}}


def rules(action: Action = Action.MASK, *, on: frozenset[Direction] = BOTH) -> tuple[Rule, ...]:
    """Secrets first, then personal data that has a form; nothing that needs the pool. URLs and dates stand in every text and are left out."""
    return Rule("secrets", "secrets", on, action), Rule("pii", "pii", on, action, kinds=KINDS["pii"], local_only=True)


MASKS, BLOCKS, FLAGS = rules(), rules(Action.BLOCK), rules(Action.FLAG)


@dataclass
class Outcome:
    """out: what may be seen.  tally: what the row is made of.  pieces: what came out after each push, and at the end."""

    out: bytes
    tally: Tally
    pieces: list[bytes] = field(default_factory=list)

    @property
    def row(self) -> tuple[str, set[Finding]]:
        """Verdict and counts."""
        return self.tally.verdict, set(self.tally.findings())


def guarding(with_rules: Sequence[Rule], on: Direction) -> Guarding:
    return Guarding(with_rules, ENGINES, on, Tally(), Placeholders())


def streamed(operation: Operation, chunks: Iterable[bytes], with_rules: Sequence[Rule] = MASKS) -> Outcome:
    """A reply stream under guard, in these chunks."""
    scan = guarding(with_rules, Direction.REPLY)
    stream = GuardedStream(operation, scan, stopped=lambda: scan.stopped)
    pieces = [stream.push(chunk) for chunk in chunks]
    pieces.append(stream.finish())
    assert not stream.asks
    assert scan.stopped or not stream.pending
    return Outcome(b"".join(pieces), scan.tally, pieces)


def whole(dialect: str, operation: Operation, body: bytes, with_rules: Sequence[Rule] = MASKS, content_type: str = "application/json") -> Outcome:
    """A whole reply under guard; b"" if a rule blocks it."""
    scan = guarding(with_rules, Direction.REPLY)
    walked = walk_reply(dialect, operation, body, content_type)
    scan.unscannable(len(walked.unscannable), Policy(with_rules))
    edits = run(check(walked, scan))
    return Outcome(b"" if scan.stopped else walked.rewrite(edits) if edits else body, scan.tally)


def request(
    dialect: str, operation: Operation, body: bytes, with_rules: Sequence[Rule] = MASKS, content_type: str = "application/json", *, unscannable_blocks: bool = False
) -> Outcome:
    """A request under guard; b"" if a rule blocks it."""
    scan = guarding(with_rules, Direction.REQUEST)
    walked = walk_request(dialect, operation, body, content_type)
    scan.unscannable(len(walked.unscannable), Policy(with_rules, unscannable_blocks=unscannable_blocks))
    edits = run(check(walked, scan))
    return Outcome(b"" if scan.stopped else walked.rewrite(edits) if edits else body, scan.tally)


def run(checking: Checking) -> dict[int, tuple]:
    """A check to its end; nothing in it may ask the pool."""
    answer: Answer | None = None
    while True:
        try:
            asked = checking.send(answer)
        except StopIteration as end:
            return end.value
        assert not isinstance(asked, Ask)


# ---------------------------------------------------------------------- channels


@dataclass(frozen=True)
class Channel:
    """One place where text grows in a reply stream.

    before, after: what stands in an event around the string that grows.  head, tail: events before and after, the tail knowing the whole text.
    body: the same reply unstreamed.  read, read_whole: what an app puts together, from one event and from the body.
    wrap, unwrap: the text as the channel carries it and back; tool arguments are JSON.
    """

    name: str
    dialect: str
    path: str
    before: bytes
    after: bytes
    body: Callable[[str], bytes]
    read: Callable[[Any], str]
    read_whole: Callable[[Any], str]
    head: bytes = b""
    tail: Callable[[str], bytes] = lambda text: b""
    wrap: Callable[[str], str] = str
    unwrap: Callable[[str], str] = str
    other: bytes = b""  # an event that comes after each piece

    @property
    def operation(self) -> Operation:
        return DIALECTS[self.dialect].route("POST", self.path).operation

    def events(self, pieces: Sequence[str]) -> list[bytes]:
        """The stream, the pieces being of the text as the channel carries it."""
        between = [self.before + json.dumps(piece).encode() + self.after + self.other for piece in pieces]
        return [self.head, *between, self.tail("".join(pieces))]

    def told(self, stream: bytes) -> str:
        """What the app is told by a stream."""
        said = [self.read(json.loads(line[6:])) for line in stream.split(b"\n") if line.startswith(b"data: {")]
        return self.unwrap("".join(said))

    def told_whole(self, body: bytes) -> str:
        return self.unwrap(self.read_whole(json.loads(body)))


def _plain(value: Any, after: bytes = b"\n\n") -> tuple[bytes, bytes]:
    """An event around "@", without a name."""
    begin, end = json.dumps(value, separators=(",", ":")).encode().split(b'"@"')
    return b"data: " + begin, end + after


def _named(kind: str, value: Any) -> tuple[bytes, bytes]:
    begin, end = _plain({"type": kind, **value})
    return b"event: " + kind.encode() + b"\n" + begin, end


def _event(value: Any) -> bytes:
    name = b"event: " + value["type"].encode() + b"\n" if "type" in value else b""
    return name + b"data: " + json.dumps(value).encode() + b"\n\n"


def _dig(value: Any, *path: str | int) -> str:
    """The string at a path, "" if there is none."""
    for step in path:
        if isinstance(step, int) and isinstance(value, list) and len(value) > step:
            value = value[step]
        elif isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        else:
            return ""
    return value if isinstance(value, str) else ""


def _json(text: str) -> str:
    return json.dumps({"city": "Lisbon", "days": 3, "note": text, "all": True})


def _from_json(said: str) -> str:
    return json.loads(said)["note"]


def _nested(text: str) -> str:
    """Not in ASCII: a provider that writes its characters as they are."""
    return json.dumps({"q": [{"deep": {"er": [1, text, None]}}], "n": -4.5}, ensure_ascii=False)


def _from_nested(said: str) -> str:
    return json.loads(said)["q"][0]["deep"]["er"][1]


_CHAT, _DONE = "/v1/chat/completions", b"data: [DONE]\n\n"
_TOP = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-4o"}
_TEXTUAL = {"wrap": str, "unwrap": str}
_JSON = {"wrap": _json, "unwrap": _from_json}
_NESTED = {"wrap": _nested, "unwrap": _from_nested}


def _chat(name: str, delta: Any, path: tuple[str | int, ...], message: Callable[[str], Any], *, first: Any = None, other: Any = None, index: int = 0, **more: Any) -> Channel:
    """delta: with "@" where the text grows.  message: the whole one."""

    def choice(value: Any, at: int = index, finish: str | None = None) -> Any:
        return {**_TOP, "choices": [{"index": at, "delta": value, "logprobs": None, "finish_reason": finish}]}

    before, after = _plain(choice(delta))
    head = _event(choice({"role": "assistant", "content": ""})) + (_event(choice(first)) if first else b"")
    both = b"".join(_event(choice({}, at, "stop")) for at in range(index + 1 + bool(other)))

    def body(text: str) -> bytes:
        choices = [{"index": index, "message": {"role": "assistant", **message(text)}, "finish_reason": "stop"}]
        return json.dumps({**_TOP, "object": "chat.completion", "choices": choices}).encode()

    return Channel(
        name, "openai", _CHAT, before, after, body,
        lambda event: _dig(event, "choices", 0, "delta", *path) if event.get("choices") and event["choices"][0]["index"] == index else "",
        lambda value: _dig(value, "choices", 0, "message", *path), head, lambda text: both + _DONE,
        other=_event(choice(other, index + 1)) if other else b"", **more,
    )  # fmt: skip


def _call(text: str, key: str = "function") -> Any:
    kind = {"function": {"name": "note", "arguments": text}} if key == "function" else {"custom": {"name": "note", "input": text}}
    return {"tool_calls": [{"id": "call_1", "type": key, **kind}]}


_FIRST = {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "note", "arguments": ""}}]}
_MORE = {"tool_calls": [{"index": 0, "function": {"arguments": "@"}}]}
_ARGUMENTS: tuple[str | int, ...] = ("tool_calls", 0, "function", "arguments")
_CUSTOM = {"tool_calls": [{"index": 0, "id": "call_1", "type": "custom", "custom": {"name": "note", "input": ""}}]}
_OPENAI = [
    _chat("chat content", {"content": "@"}, ("content",), lambda t: {"content": t}),
    _chat("chat content, choices interleaved", {"content": "@"}, ("content",), lambda t: {"content": t}, other={"content": "another 12 "}),
    _chat("chat content, second choice", {"content": "@"}, ("content",), lambda t: {"content": t}, index=1),
    _chat("chat content in parts", {"content": [{"type": "text", "text": "@"}]}, ("content", 0, "text"), lambda t: {"content": [{"type": "text", "text": t}]}),
    _chat("chat refusal", {"refusal": "@"}, ("refusal",), lambda t: {"content": None, "refusal": t}),
    _chat("chat reasoning_content", {"reasoning_content": "@"}, ("reasoning_content",), lambda t: {"reasoning_content": t}),
    _chat("chat tool arguments", _MORE, _ARGUMENTS, _call, first=_FIRST, **_JSON),
    _chat("chat tool arguments, nested", _MORE, _ARGUMENTS, _call, first=_FIRST, **_NESTED),
    _chat("chat tool arguments, calls interleaved", _MORE, _ARGUMENTS, _call, first=_FIRST, other={"tool_calls": [{"index": 1, "id": "call_2", "function": {"arguments": "[4] "}}]}, **_JSON),
    _chat("chat custom tool input", {"tool_calls": [{"index": 0, "custom": {"input": "@"}}]}, ("tool_calls", 0, "custom", "input"), lambda t: _call(t, "custom"), first=_CUSTOM),
    _chat("chat function_call", {"function_call": {"arguments": "@"}}, ("function_call", "arguments"), lambda t: {"function_call": {"name": "f", "arguments": t}}, **_JSON),
    _chat("chat audio transcript", {"audio": {"transcript": "@"}}, ("audio", "transcript"), lambda t: {"audio": {"id": "audio_1", "transcript": t}}),
]  # fmt: skip


def _completion() -> Channel:
    top = {"id": "cmpl-1", "object": "text_completion", "created": 1700000000, "model": "gpt-3.5-turbo-instruct"}
    before, after = _plain({**top, "choices": [{"index": 0, "text": "@", "logprobs": None, "finish_reason": None}]})
    last = _event({**top, "choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}]})
    return Channel(
        "completions text", "openai", "/v1/completions", before, after,
        lambda text: json.dumps({**top, "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}]}).encode(),
        lambda event: _dig(event, "choices", 0, "text"), lambda value: _dig(value, "choices", 0, "text"), tail=lambda text: last + _DONE,
    )  # fmt: skip


def _response(name: str, base: str, key: str, item: Callable[[str], Any], path: tuple[str | int, ...], *, at: str = "", done_key: str = "", **more: Any) -> Channel:
    """base: the event's type without its last word.  key: under which `.done` says the whole.  path: of the text in the item."""
    place = {"item_id": "item_1", "output_index": 0, **({at: 0} if at else {})}
    before, after = _named(f"{base}.delta", {**place, "delta": "@"})
    top = {"id": "resp_1", "object": "response", "created_at": 1700000000, "model": "gpt-4.1", "status": "in_progress", "output": []}
    head = _event({"type": "response.created", "sequence_number": 0, "response": top})
    head += _event({"type": "response.output_item.added", "output_index": 0, "item": {**item(""), "status": "in_progress"}})

    def whole_value(text: str) -> Any:
        return {**top, "status": "completed", "output": [item(text)]}

    def tail(text: str) -> bytes:
        events = [
            {"type": f"{base}.done", **place, key: text},
            {"type": "response.output_item.done", "output_index": 0, "item": item(text)},
            {"type": "response.completed", "response": whole_value(text)},
        ]
        return b"".join(map(_event, events))

    def read(event: Any) -> str:
        return event["delta"] if event["type"] == f"{base}.delta" else ""

    return Channel(
        name, "openai", "/v1/responses", before, after, lambda text: json.dumps(whole_value(text)).encode(), read,
        lambda value: _dig(value, "output", 0, *path), head, tail, **more,
    )  # fmt: skip


def _message(kind: str, key: str) -> Callable[[str], Any]:
    return lambda text: {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": kind, key: text}]}


_RESPONSES = [
    _response("responses output_text", "response.output_text", "text", _message("output_text", "text"), ("content", 0, "text"), at="content_index"),
    _response("responses refusal", "response.refusal", "refusal", _message("refusal", "refusal"), ("content", 0, "refusal"), at="content_index"),
    _response("responses arguments", "response.function_call_arguments", "arguments", lambda t: {"id": "fc_1", "type": "function_call", "call_id": "c1", "name": "f", "arguments": t}, ("arguments",), **_JSON),
    _response("responses arguments, nested", "response.function_call_arguments", "arguments", lambda t: {"id": "fc_1", "type": "function_call", "call_id": "c1", "name": "f", "arguments": t}, ("arguments",), **_NESTED),
    _response("responses custom input", "response.custom_tool_call_input", "input", lambda t: {"id": "ct_1", "type": "custom_tool_call", "call_id": "c1", "name": "f", "input": t}, ("input",)),
    _response("responses code", "response.code_interpreter_call_code", "code", lambda t: {"id": "ci_1", "type": "code_interpreter_call", "container_id": "cntr_1", "code": t}, ("code",)),
    _response("responses summary", "response.reasoning_summary_text", "text", lambda t: {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": t}]}, ("summary", 0, "text"), at="summary_index"),
    _response("responses reasoning", "response.reasoning_text", "text", lambda t: {"id": "rs_1", "type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": t}]}, ("content", 0, "text"), at="content_index"),
]  # fmt: skip


def _block(name: str, block: Any, delta: Any, key: str, content: Callable[[str], Any], read_whole: Callable[[Any], str], **more: Any) -> Channel:
    before, after = _named("content_block_delta", {"index": 0, "delta": delta})
    top = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-6", "content": [], "stop_reason": None, "usage": {"input_tokens": 3, "output_tokens": 1}}
    head = _event({"type": "message_start", "message": top}) + _event({"type": "content_block_start", "index": 0, "content_block": block})
    head += _event({"type": "ping"})
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}
    last = b"".join(map(_event, ({"type": "content_block_stop", "index": 0}, end, {"type": "message_stop"})))

    def read(event: Any) -> str:
        return _dig(event, "delta", key) if event["type"] == "content_block_delta" and event["index"] == 0 else ""

    return Channel(
        name, "anthropic", "/v1/messages", before, after, lambda text: json.dumps({**top, "content": [content(text)], "stop_reason": "end_turn"}).encode(),
        read, read_whole, head, lambda text: last, **more,
    )  # fmt: skip


def _input(value: Any) -> str:
    return json.dumps(value["content"][0]["input"])


_ANTHROPIC = [
    _block("messages text", {"type": "text", "text": ""}, {"type": "text_delta", "text": "@"}, "text", lambda t: {"type": "text", "text": t}, lambda v: _dig(v, "content", 0, "text")),
    _block("messages thinking", {"type": "thinking", "thinking": ""}, {"type": "thinking_delta", "thinking": "@"}, "thinking", lambda t: {"type": "thinking", "thinking": t}, lambda v: _dig(v, "content", 0, "thinking")),
    _block("messages input_json", {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}, {"type": "input_json_delta", "partial_json": "@"}, "partial_json", lambda t: {"type": "tool_use", "id": "toolu_1", "name": "f", "input": json.loads(t)}, _input, **_JSON),
    _block("messages input_json, nested", {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}, {"type": "input_json_delta", "partial_json": "@"}, "partial_json", lambda t: {"type": "tool_use", "id": "toolu_1", "name": "f", "input": json.loads(t)}, _input, **_NESTED),
]  # fmt: skip


def _candidate(name: str, part: Callable[[str], Any], *, other: bool = False) -> Channel:
    def value(of: Any, index: int = 0, **more: Any) -> Any:
        return {"candidates": [{"content": {"role": "model", "parts": [of]}, "index": index, **more}], "modelVersion": "gemini-2.5-flash", "responseId": "r1"}

    begin, end = _plain(value(part("@")), b"\r\n\r\n")

    def read(event: Any) -> str:
        candidate = event["candidates"][0]
        return _dig(candidate, "content", "parts", 0, "text") if candidate["index"] == 0 and "finishReason" not in candidate else ""

    last = value({"text": ""}, finishReason="STOP") | {"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 7}}
    ends = _event(last) + (_event(value({"text": ""}, 1, finishReason="STOP")) if other else b"")
    return Channel(
        name, "gemini", "/v1beta/models/gemini-2.5-flash:streamGenerateContent", begin, end, lambda text: json.dumps(value(part(text), finishReason="STOP")).encode(),
        read, lambda v: _dig(v, "candidates", 0, "content", "parts", 0, "text"), tail=lambda text: ends, other=_event(value({"text": "and 12 "}, 1)) if other else b"",
    )  # fmt: skip


_GEMINI = [
    _candidate("gemini text", lambda t: {"text": t}),
    _candidate("gemini thought", lambda t: {"text": t, "thought": True}),
    _candidate("gemini text, candidates interleaved", lambda t: {"text": t}, other=True),
]
CHANNELS = [*_OPENAI, _completion(), *_RESPONSES, *_ANTHROPIC, *_GEMINI]


def leaks(told: str, secret: str, without: str, *, at_most: int = 3) -> str:
    """The first run of more than `at_most` characters of a secret that is in a told text and not in the frame it stood in; "" if there is none."""
    size = at_most + 1
    for at in range(len(secret) - at_most):
        piece = secret[at : at + size]
        if piece in told and piece not in without:
            return piece
    return ""
